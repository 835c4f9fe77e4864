/* The text that goes to a channel's service when a record is missing or wrong: what happened, by its numbers. Nothing secret, no whole code. */
#include "src/cli/cli.h"

#include "src/base/i18n.h"
#include "src/base/money.h"
#include "src/cli/pay_record.h"
#include "src/till/config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void put_heading(struct zg_buffer *text, const char *title)
{
	zg_buffer_print(text, "\n== %s ==\n", title);
}

/* "+08:00", of the times in the text. */
static void put_zone(struct zg_buffer *text, int64_t now_ms)
{
	time_t seconds = (time_t)(now_ms / 1000);
	struct tm parts;
	char zone[16] = "";

	localtime_r(&seconds, &parts);
	strftime(zone, sizeof(zone), "%z", &parts);
	zg_buffer_print(text, "%s: UTC%.3s:%s\n", _("All times"), zone, strlen(zone) == 5 ? zone + 3 : "00");
}

static void put_head(struct zg_buffer *text, const struct zg_payment *p, const struct zg_config *config, int64_t now_ms)
{
	const struct zg_channel_config *c = &config->pay[p->channel];

	zg_buffer_print(text, "%s\n\n", _("A payment to be looked into"));
	zg_buffer_print(text, "%s: %s%s%s\n", _("Channel"), _(zg_channel_title(p->channel)), c->contact[0] ? ", " : "", c->contact);
	zg_buffer_print(text, "%s: %s%s%s\n", _("Shop"), config->name, config->phone[0] ? ", " : "", config->phone);
	zg_pay_put(text, _("Merchant number"), c->merchant);
	zg_pay_put(text, _("Terminal number"), c->terminal);
	zg_pay_put(text, _("Application"), c->appid);
	zg_pay_put_time(text, _("Written"), now_ms);
	put_zone(text, now_ms);
}

static bool has_open_refund(const struct zg_pay_record *record)
{
	for (size_t i = 0; i < record->refund_count; i++)
		if (record->refunds[i].state != ZG_PAY_REFUND_DONE)
			return true;
	return false;
}

static void put_wish(struct zg_buffer *text, const struct zg_pay_record *record)
{
	enum zg_pay_state state = record->payment.attempt.state;

	put_heading(text, _("What we ask"));
	if (state == ZG_PAY_PAID)
		zg_buffer_add_text(text, _("Our till has this payment as paid, proved by your signature. Please tell us how it stands with you, "
					   "and in which day's statement it is."));
	else if (state == ZG_PAY_REFUSED || state == ZG_PAY_CANCELLED)
		zg_buffer_add_text(text, _("Our till has this payment as not paid. Please tell us whether the customer was charged, and if so, "
					   "whether it was given back."));
	else
		zg_buffer_add_text(text, _("Our till does not know how this payment ended. Please tell us whether the customer was charged, how "
					   "much and when, and whether it was given back."));
	if (has_open_refund(record))
		zg_buffer_print(text, " %s", _("Please tell us too what became of the refunds below."));
	zg_buffer_add_byte(text, '\n');
}

static void put_payment(struct zg_buffer *text, const struct zg_pay_record *record)
{
	const struct zg_payment *p = &record->payment;
	char amount[ZG_AMOUNT_TEXT], code[32] = "";

	if (p->code_end[0])
		snprintf(code, sizeof(code), "…%s", p->code_end);
	put_heading(text, _("The payment"));
	zg_pay_put(text, _("Our order number"), p->number);
	zg_pay_put(text, _("Your number"), p->channel_no);
	zg_pay_put(text, _("In the statement"), strcmp(p->statement_no, p->channel_no) != 0 ? p->statement_no : "");
	zg_pay_put(text, _("Amount"), zg_fen_format(amount, p->amount_fen));
	zg_pay_put(text, _("Wallet"), _(zg_wallet_title(p->wallet)));
	zg_pay_put(text, _("Way"), p->way == ZG_WAY_SHOWN ? _("our code, shown to the customer") : _("the customer's code"));
	zg_pay_put(text, _("Customer's code"), code);
	zg_pay_put(text, _("Payer"), p->payer);
	zg_pay_put_time(text, _("Payment begun"), p->begun_at);
	zg_pay_put_time(text, _("Sent"), p->sent_at);
	zg_pay_put_time(text, _("Paid at the channel"), p->paid_at);
	zg_pay_put_time(text, _("Ended"), p->ended_at);
	zg_pay_put(text, _("With us"), _(zg_pay_state_title(p->attempt.state)));
	zg_pay_put(text, _("Note"), p->attempt.state == ZG_PAY_PAID ? "" : p->note);    /* a doubt that is over */
}

static void put_event(struct zg_buffer *text, const struct zg_pay_record *record, const struct zg_payment_event *e, size_t no)
{
	const char *refund = zg_pay_record_refund_no(record, e);
	char time[ZG_TIME_TEXT], amount[ZG_AMOUNT_TEXT];

	zg_buffer_print(text, "%zu. %s  %s → %s\n", no, zg_time_format(time, e->at), zg_pay_call_title(e->call), zg_pay_event_title(e->event));
	if (strcmp(e->call, "till") == 0)
		return;
	zg_buffer_print(text, "   HTTP %d, %lld ms, %s: %s\n", e->status, (long long)e->took_ms, _("Signature"), zg_pay_proof_title(e->proof));
	if (e->code[0] || e->words[0])
		zg_buffer_print(text, "   %s%s%s\n", e->code, e->code[0] && e->words[0] ? ": " : "", e->words);
	if (e->amount_fen >= 0)
		zg_buffer_print(text, "   %s: %s\n", _("Amount"), zg_fen_format(amount, e->amount_fen));
	if (refund[0])
		zg_buffer_print(text, "   %s: %s\n", _("Refund"), refund);
	if (e->request_id[0])
		zg_buffer_print(text, "   Request-ID: %s\n", e->request_id);
	if (e->serial[0])
		zg_buffer_print(text, "   %s: %s\n", _("Signed with"), e->serial);
	if (e->body_hash[0])
		zg_buffer_print(text, "   SHA-256: %s\n", e->body_hash);
}

static void put_refund(struct zg_buffer *text, const struct zg_pay_refund *r)
{
	char amount[ZG_AMOUNT_TEXT];

	zg_pay_put(text, _("Our refund number"), r->number);
	zg_pay_put(text, _("Your number"), r->channel_no);
	zg_pay_put(text, _("Amount"), zg_fen_format(amount, r->amount_fen));
	zg_pay_put_time(text, _("Refund begun"), r->begun_at);
	zg_pay_put_time(text, _("Ended"), r->ended_at);
	zg_pay_put(text, _("With us"), _(zg_pay_refund_end_title(r)));
	zg_pay_put(text, _("Reason"), r->reason);
	zg_pay_put(text, _("Note"), r->note);
}

static void write_case(struct zg_buffer *text, const struct zg_pay_record *record, const struct zg_config *config, int64_t now_ms)
{
	put_head(text, &record->payment, config, now_ms);
	put_wish(text, record);
	put_payment(text, record);
	if (record->refund_count)
		put_heading(text, _("Refunds"));
	for (size_t i = 0; i < record->refund_count; i++) {
		zg_buffer_add_text(text, i ? "\n" : "");
		put_refund(text, &record->refunds[i]);
	}
	put_heading(text, _("What was asked and answered"));
	for (size_t i = 0; i < record->event_count; i++)
		put_event(text, record, &record->events[i], i + 1);
}

/* A file that is there is left alone. */
static enum zg_result put_file(const char *path, const struct zg_buffer *text, struct zg_error *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	size_t done = 0;

	if (fd < 0)
		return zg_fail(err, ZG_INVALID, _("%s cannot be made (%s). Give a name that is free, in a directory you may write."), path, strerror(errno));
	while (done < text->length) {
		ssize_t put = write(fd, text->bytes + done, text->length - done);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			break;
		done += (size_t)put;
	}
	bool is_whole = done == text->length && fsync(fd) == 0;

	return close(fd) == 0 && is_whole ? ZG_OK : zg_fail(err, ZG_BROKEN, _("%s could not be written whole. Check the disk."), path);
}

static int answer(const struct zg_cli *cli, const struct zg_pay_record *record, const struct zg_buffer *text, const char *path)
{
	struct zg_error err = { .text = "" };
	json_t *document;

	if (path && put_file(path, text, &err) != ZG_OK)
		return zg_cli_fail(cli, &err);
	if (!cli->json) {
		zg_cli_print(path ? "" : zg_buffer_text(text));
		return 0;
	}
	document = zg_json_object();
	zg_json_set_string(document, "number", record->payment.number);
	zg_json_set_string(document, "file", path ? path : "");
	zg_json_set_string(document, "text", path ? "" : zg_buffer_text(text));
	return zg_cli_document(document, 0);
}

int zg_pay_case_command(struct zg_cli *cli)
{
	const char *path = cli->argument_count > 1 && strcmp(cli->arguments[1], "-") != 0 ? cli->arguments[1] : NULL;
	struct zg_pay_record record = { .event_count = 0 };
	struct zg_buffer text = { 0 };
	struct zg_error err = { .text = "" };
	struct zg_config config;
	int code;
	const struct zg_store *store = zg_cli_open(cli, &code);

	if (!store)
		return code;
	enum zg_result result = zg_pay_record_fetch(store, cli->arguments[0], &record, &err);

	zg_cli_close(store);
	if (result == ZG_OK)
		result = zg_config_read(cli->home, &config, &err);
	if (result == ZG_OK) {
		write_case(&text, &record, &config, zg_clock_now(cli->parts->clock));
		code = answer(cli, &record, &text, path);
	} else {
		code = zg_cli_fail(cli, &err);
	}
	zg_buffer_clear(&text);
	zg_pay_record_clear(&record);
	return code;
}
