/* Payments by phone: lists of them, and everything about one. */
#include "src/cli/cli.h"

#include "src/base/i18n.h"
#include "src/base/money.h"
#include "src/cli/pay_record.h"
#include "src/till/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- list ---- */

static enum zg_result read_day(const struct zg_cli *cli, const struct zg_store *store, const char *day, struct zg_payment **list, size_t *count,
			       struct zg_error *err)
{
	struct zg_config config;
	enum zg_result result = zg_config_read(cli->home, &config, err);

	if (result != ZG_OK)
		return result;
	return zg_payments_between(store, zg_business_day_begins(day, 0, config.day_ends_min), zg_business_day_begins(day, 1, config.day_ends_min), list,
				   count, err);
}

/* "WeChat Pay", or "UnionPay (Lakala)" by another channel than its own. */
static void wallet_title(char *out, size_t size, const struct zg_payment *p)
{
	if (strcmp(zg_wallet_name(p->wallet), zg_channel_name(p->channel)) == 0)
		snprintf(out, size, "%s", _(zg_wallet_title(p->wallet)));
	else
		snprintf(out, size, "%s (%s)", _(zg_wallet_title(p->wallet)), _(zg_channel_title(p->channel)));
}

static void print_list(const struct zg_payment *list, size_t count)
{
	struct zg_table table = { .align = "<<<><<<" };
	const char *const titles[] = { _("Time"), _("Number"), _("Wallet"), _("Amount"), "", _("Cashier"), _("Note") };

	for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
		zg_table_add(&table, titles[i]);
	for (size_t i = 0; i < count; i++) {
		char time[ZG_TIME_TEXT], amount[ZG_AMOUNT_TEXT], wallet[120];

		wallet_title(wallet, sizeof(wallet), &list[i]);
		zg_table_add(&table, zg_time_format(time, list[i].begun_at));
		zg_table_add(&table, list[i].number);
		zg_table_add(&table, wallet);
		zg_table_add(&table, zg_fen_format(amount, list[i].amount_fen));
		zg_table_add(&table, _(zg_pay_state_title(list[i].attempt.state)));
		zg_table_add(&table, list[i].begun_by);
		zg_table_add(&table, list[i].attempt.state == ZG_PAY_PAID ? "" : list[i].note);
	}
	zg_table_print(&table);
}

static void print_refunds(const struct zg_pay_refund *refunds, size_t count)
{
	struct zg_table table = { .align = "<<><<" };
	const char *const titles[] = { _("Time"), _("Refund"), _("Amount"), "", _("Reason") };

	for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
		zg_table_add(&table, titles[i]);
	for (size_t i = 0; i < count; i++) {
		const struct zg_pay_refund *r = &refunds[i];
		char time[ZG_TIME_TEXT], amount[ZG_AMOUNT_TEXT];

		zg_table_add(&table, zg_time_format(time, r->begun_at));
		zg_table_add(&table, r->number);
		zg_table_add(&table, zg_fen_format(amount, r->amount_fen));
		zg_table_add(&table, _(zg_pay_refund_end_title(r)));
		zg_table_add(&table, r->reason);
	}
	if (count)
		zg_table_print(&table);
	zg_table_drop(&table);
}

/* What a list has: payments, and with --open refunds that have not arrived. Owned. */
struct found {
	struct zg_payment *list;
	struct zg_pay_refund *refunds;
	size_t count, refund_count;
};

static int list_json(const struct found *found, bool is_open)
{
	json_t *document = zg_json_object(), *rows = zg_json_array(), *refunds = is_open ? zg_json_array() : NULL;

	for (size_t i = 0; i < found->count; i++)
		zg_json_append(rows, zg_payment_json(&found->list[i]));
	zg_json_set(document, "payments", rows);
	for (size_t i = 0; i < found->refund_count; i++)
		zg_json_append(refunds, zg_pay_refund_json(&found->refunds[i]));
	if (refunds)
		zg_json_set(document, "refunds", refunds);
	return zg_cli_document(document, found->count + found->refund_count ? 0 : 1);
}

static int list_text(const struct found *found, bool is_open)
{
	if (found->count + found->refund_count == 0) {
		zg_cli_print(is_open ? _("No payment by phone is under way or waits for people.") : _("No payment by phone fits."));
		zg_cli_print("\n");
		return 1;
	}
	if (found->count)
		print_list(found->list, found->count);
	if (found->count && found->refund_count)
		zg_cli_print("\n");
	print_refunds(found->refunds, found->refund_count);
	return 0;
}

int zg_pay_list_command(struct zg_cli *cli)
{
	bool is_open = zg_cli_option(cli, "open") != NULL;
	struct found found = { .list = NULL };
	struct zg_error err = { .text = "" };
	char day[ZG_DAY_TEXT];
	int code = 2;

	if (is_open && zg_cli_option(cli, "day"))
		return zg_cli_usage(cli, _("Give --day, or --open for those of any day that are not over, not both."));
	if (!is_open && !zg_cli_day(cli, day, &code))
		return code;
	const struct zg_store *store = zg_cli_open(cli, &code);

	if (!store)
		return code;
	enum zg_result result = is_open ? zg_payments_in_doubt(store, &found.list, &found.count, &err)
					: read_day(cli, store, day, &found.list, &found.count, &err);

	if (result == ZG_OK && is_open)
		result = zg_pay_refunds_in_doubt(store, &found.refunds, &found.refund_count, &err);
	zg_cli_close(store);
	if (result != ZG_OK)
		code = zg_cli_fail(cli, &err);
	else
		code = cli->json ? list_json(&found, is_open) : list_text(&found, is_open);
	free(found.list);
	free(found.refunds);
	return code;
}

/* ---- one payment ---- */

static void print_payment(const struct zg_pay_record *record)
{
	const struct zg_payment *p = &record->payment;
	struct zg_buffer text = { 0 };
	char amount[ZG_AMOUNT_TEXT], time[ZG_TIME_TEXT], wallet[120], code[32] = "";

	wallet_title(wallet, sizeof(wallet), p);
	if (p->code_end[0])
		snprintf(code, sizeof(code), "…%s", p->code_end);
	zg_buffer_print(&text, "%s %s  %s\n\n", _("Payment"), p->number, _(zg_pay_state_title(p->attempt.state)));
	zg_pay_put(&text, _("Wallet"), wallet);
	zg_pay_put(&text, _("Way"), p->way == ZG_WAY_SHOWN ? _("our code, shown to the customer") : _("the customer's code"));
	zg_pay_put(&text, _("Amount"), zg_fen_format(amount, p->amount_fen));
	zg_pay_put(&text, _("Sale"), record->sale.number);
	zg_buffer_print(&text, "%s: %s, %s\n", _("Payment begun"), zg_time_format(time, p->begun_at), p->begun_by);
	zg_pay_put_time(&text, _("Sent"), p->sent_at);
	zg_pay_put_time(&text, _("Good until"), p->expires_at);
	zg_pay_put_time(&text, _("Paid at the channel"), p->paid_at);
	zg_pay_put_time(&text, _("Ended"), p->ended_at);
	zg_pay_put(&text, _("Customer's code"), code);
	zg_pay_put(&text, _("Payer"), p->payer);
	zg_pay_put(&text, _("The channel's number"), p->channel_no);
	zg_pay_put(&text, _("In the statement"), strcmp(p->statement_no, p->channel_no) != 0 ? p->statement_no : "");
	zg_pay_put(&text, _("Let go by"), p->let_go_by);
	zg_pay_put(&text, _("Settled by"), p->settled_by);
	zg_pay_put(&text, _("Note"), p->attempt.state == ZG_PAY_PAID ? "" : p->note);    /* a doubt that is over */
	zg_cli_print(zg_buffer_text(&text));
	zg_buffer_clear(&text);
}

static void print_events(const struct zg_pay_record *record)
{
	struct zg_table table = { .align = "<<<<<" };
	const char *const titles[] = { _("Time"), _("Request"), _("Answer"), _("Signature"), _("Words") };

	for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
		zg_table_add(&table, titles[i]);
	for (size_t i = 0; i < record->event_count; i++) {
		const struct zg_payment_event *e = &record->events[i];
		char time[ZG_TIME_TEXT], words[ZG_PAYMENT_TEXT + 100];

		snprintf(words, sizeof(words), "%s%s%s", e->code, e->code[0] && e->words[0] ? ": " : "", e->words);
		zg_table_add(&table, zg_time_format(time, e->at));
		zg_table_add(&table, zg_pay_call_title(e->call));
		zg_table_add(&table, zg_pay_event_title(e->event));
		zg_table_add(&table, zg_pay_proof_title(e->proof));
		zg_table_add(&table, words);
	}
	if (record->event_count)
		zg_cli_print("\n");
	if (record->event_count)
		zg_table_print(&table);
	zg_table_drop(&table);
}

int zg_pay_show_command(struct zg_cli *cli)
{
	struct zg_pay_record record = { .event_count = 0 };
	struct zg_error err = { .text = "" };
	int code;
	const struct zg_store *store = zg_cli_open(cli, &code);

	if (!store)
		return code;
	enum zg_result result = zg_pay_record_fetch(store, cli->arguments[0], &record, &err);

	zg_cli_close(store);
	if (result != ZG_OK) {
		code = zg_cli_fail(cli, &err);
	} else if (cli->json) {
		json_t *document = zg_json_object();

		zg_json_set(document, "payment", zg_pay_record_json(&record));
		code = zg_cli_document(document, 0);
	} else {
		print_payment(&record);
		print_events(&record);
		if (record.refund_count)
			zg_cli_print("\n");
		print_refunds(record.refunds, record.refund_count);
	}
	zg_pay_record_clear(&record);
	return code;
}
