/* The day's list of transactions, for checking. */
#include "src/cli/report.h"

#include "src/base/i18n.h"
#include "src/base/money.h"
#include "src/store/transactions.h"

#include <stdio.h>
#include <stdlib.h>

static json_t *transaction_json(const struct zg_transaction *t)
{
	json_t *row = zg_json_object(), *tenders = zg_json_object();

	zg_json_set_integer(row, "seq", t->seq);
	zg_json_set_integer(row, "at", t->at);
	zg_json_set_integer(row, "shift", t->shift_id);
	zg_json_set_string(row, "kind", zg_transaction_name(t->kind));
	zg_json_set_string(row, "number", t->number);
	zg_json_set_string(row, "origin", t->origin);
	zg_json_set_string(row, "who", t->who);
	zg_json_set_string(row, "with", t->with);
	zg_json_set_string(row, "reason", t->reason);
	zg_json_set_integer(row, "amount_fen", t->amount_fen);
	zg_json_set_integer(row, "discount_fen", t->discount_fen);
	zg_json_set_integer(row, "rounding_fen", t->rounding_fen);
	for (int kind = 0; kind < ZG_TENDER_KINDS; kind++)
		if (t->is_tender[kind])
			zg_json_set_integer(tenders, zg_tender_kind_name((enum zg_tender_kind)kind), t->tender_fen[kind]);
	zg_json_set(row, "tenders", tenders);
	return row;
}

static int transactions_json(const char *day, const struct zg_transaction *list, size_t count, const struct zg_totals *sum)
{
	json_t *document = zg_json_object(), *rows = zg_json_array();

	for (size_t i = 0; i < count; i++)
		zg_json_append(rows, transaction_json(&list[i]));
	zg_json_set_string(document, "day", day);
	zg_json_set(document, "transactions", rows);
	zg_json_set_integer(document, "takings_fen", zg_totals_net(sum));
	zg_json_set(document, "figures", zg_totals_json(sum));
	return zg_cli_document(document, 0);
}

static void print_transactions(const struct zg_transaction *list, size_t count)
{
	static const char *const words[ZG_TRANSACTION_KINDS] = {
		[ZG_TRANSACTION_FLOAT] = N_("Float"), [ZG_TRANSACTION_SALE] = N_("Sale"), [ZG_TRANSACTION_REFUND] = N_("Refund"),
		[ZG_TRANSACTION_VOID] = N_("Cancelled, not counted"), [ZG_TRANSACTION_IN] = N_("Cash in"),
		[ZG_TRANSACTION_OUT] = N_("Cash out"), [ZG_TRANSACTION_DRAWER] = N_("Drawer opened without a sale"),
	};
	struct zg_table table = { .align = "<<<<><" };
	const char *const titles[] = { _("Time"), "", _("Number"), _("Cashier"), _("Amount"), _("Reason") };

	for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
		zg_table_add(&table, titles[i]);
	for (size_t i = 0; i < count; i++) {
		const struct zg_transaction *t = &list[i];
		char time[ZG_TIME_TEXT], amount[ZG_AMOUNT_TEXT], who[2 * ZG_LOGIN_MAX + 4], reason[ZG_REASON_MAX + ZG_CODE_MAX + 4];

		snprintf(who, sizeof(who), "%s%s%s", t->who, t->with[0] ? " + " : "", t->with);
		snprintf(reason, sizeof(reason), "%s%s%s", t->origin, t->origin[0] ? ": " : "", t->reason);
		zg_table_add(&table, zg_time_format(time, t->at));
		zg_table_add(&table, _(words[t->kind]));
		zg_table_add(&table, t->number[0] ? t->number : "-");
		zg_table_add(&table, who);
		zg_table_add(&table, t->kind == ZG_TRANSACTION_DRAWER ? "-" : zg_fen_format(amount, t->amount_fen));
		zg_table_add(&table, reason);
	}
	zg_table_print(&table);
}

/* Every shift of the day, the open one so far among them. */
static enum zg_result sum_day(const struct zg_store *store, const char *day, struct zg_totals *sum, struct zg_error *err)
{
	struct zg_shift *shifts = NULL;
	struct zg_totals totals;
	size_t count = 0;
	enum zg_result result = zg_shifts_list(store, day, &shifts, &count, err);

	*sum = zg_totals_start(0);
	for (size_t i = 0; i < count && result == ZG_OK; i++) {
		result = zg_shifts_totals(store, &shifts[i], &totals, err);
		if (result == ZG_OK)
			result = zg_transactions_agree(store, &shifts[i], &totals, err);
		if (result == ZG_OK)
			result = zg_totals_add(sum, &totals, err);
	}
	free(shifts);
	return result;
}

int zg_report_transactions_command(struct zg_cli *cli)
{
	struct zg_transaction *list = NULL;
	struct zg_totals sum;
	struct zg_error err = { .text = "" };
	size_t count = 0;
	char day[ZG_DAY_TEXT];
	int code = 2;

	if (!zg_cli_day(cli, day, &code))
		return code;
	const struct zg_store *store = zg_cli_open(cli, &code);

	if (!store)
		return code;
	enum zg_result result = zg_transactions_of_day(store, day, &list, &count, &err);

	if (result == ZG_OK)
		result = sum_day(store, day, &sum, &err);
	if (result == ZG_OK)
		result = zg_transactions_come_to(list, count, &sum, &err);
	zg_cli_close(store);
	if (result != ZG_OK) {
		free(list);
		return zg_cli_fail(cli, &err);
	}
	json_t *args = zg_json_object();

	zg_json_set_string(args, "day", day);
	code = zg_report_slip(cli, "transactions", args);
	if (code == 0 && cli->json) {
		code = transactions_json(day, list, count, &sum);
	} else if (code == 0) {
		struct zg_buffer text = { 0 };

		print_transactions(list, count);
		zg_report_put_sales(&text, &sum);
		zg_cli_print(zg_buffer_text(&text));
		zg_buffer_clear(&text);
	}
	free(list);
	return code;
}
