/* Asks the running till about one payment, or to take it back, and waits a while for what comes of it. */
#include "src/cli/cli.h"

#include "src/base/i18n.h"
#include "src/base/money.h"
#include "src/cli/pay_record.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define WAIT_MS 20000    /* of the running clock: a request takes 15 s at most, and WeChat takes nothing back in the first 15 s */
#define LOOK_MS 200

static enum zg_result look(const struct zg_cli *cli, struct zg_pay_record *record, int *code)
{
	struct zg_error err = { .text = "" };
	const struct zg_store *store = zg_cli_open(cli, code);

	zg_pay_record_clear(record);
	if (!store)
		return ZG_BROKEN;
	enum zg_result result = zg_pay_record_fetch(store, cli->arguments[0], record, &err);

	zg_cli_close(store);
	if (result != ZG_OK)
		*code = zg_cli_fail(cli, &err);
	return result;
}

/* The last thing that the channel said, or did not say, since then; NULL: nothing yet. */
static const struct zg_payment_event *news(const struct zg_pay_record *record, size_t before)
{
	for (size_t i = record->event_count; i > before; i--)
		if (strcmp(record->events[i - 1].call, "till") != 0 && record->events[i - 1].refund_id == 0)
			return &record->events[i - 1];
	return NULL;
}

/* Over for whoever waits: a query that was answered, or a payment that has its end. */
static bool is_told(const struct zg_pay_record *record, size_t before, bool is_cancel)
{
	enum zg_pay_state state = record->payment.attempt.state;
	bool is_over = zg_pay_state_is_final(state) && state != ZG_PAY_MANUAL;

	return is_over || (news(record, before) && (!is_cancel || state == ZG_PAY_MANUAL));
}

static enum zg_result wait_for(const struct zg_cli *cli, struct zg_pay_record *record, bool is_cancel, int *code)
{
	const struct zg_clock *clock = cli->parts->clock;
	int64_t until = zg_clock_running(clock) + WAIT_MS, pause = zg_clock_wait(clock, LOOK_MS);
	size_t before = record->event_count;
	enum zg_result result = ZG_OK;

	while (result == ZG_OK && !is_told(record, before, is_cancel) && zg_clock_running(clock) < until) {
		nanosleep(&(struct timespec){ .tv_sec = pause / 1000, .tv_nsec = pause % 1000 * 1000000 }, NULL);
		result = look(cli, record, code);
	}
	return result;
}

/* ---- what came of it ---- */

static int say(const struct zg_cli *cli, const struct zg_payment *p, const char *more, int code)
{
	struct zg_buffer text = { 0 };
	char amount[ZG_AMOUNT_TEXT];

	if (cli->json) {
		json_t *document = zg_json_object();

		zg_json_set(document, "payment", zg_payment_json(p));
		return zg_cli_document(document, code);
	}
	zg_buffer_print(&text, _("Payment %s of %s: %s."), p->number, zg_fen_format(amount, p->amount_fen), _(zg_pay_state_title(p->attempt.state)));
	zg_buffer_print(&text, "%s%s\n", more[0] ? " " : "", more);
	zg_cli_print(zg_buffer_text(&text));
	zg_buffer_clear(&text);
	return code;
}

/* Nobody knows yet: exit 4, with the payment beside the sentence. */
static int say_unknown(const struct zg_cli *cli, const struct zg_payment *p, const char *sentence)
{
	struct zg_error err = { .text = "" };
	json_t *document = zg_json_object();

	zg_json_set(document, "payment", zg_payment_json(p));
	zg_fail(&err, ZG_UNKNOWN, "%s", sentence);
	return zg_cli_fail_with(cli, &err, document);
}

static int say_open(const struct zg_cli *cli, const struct zg_payment *p, const struct zg_payment_event *said, bool is_cancel)
{
	bool is_manual = p->attempt.state == ZG_PAY_MANUAL;
	struct zg_buffer text = { 0 };

	if (said && !is_cancel && strcmp(said->proof, "verified") == 0 && strcmp(said->event, "doubt") != 0)
		return say(cli, p, is_manual ? _("The channel's number and its statement decide; 'zhanggui pay case' writes to its service.") : "", is_manual);
	if (is_cancel)
		zg_buffer_print(&text, _("It is not certain yet that it is taken back. The till goes on until it is; 'zhanggui pay show %s' tells "
					 "what came of it."), p->number);
	else if (said)
		zg_buffer_print(&text, _("The channel's answer proves nothing (%s). The till goes on asking; 'zhanggui pay show %s' tells what "
					 "came of it."), said->words[0] ? said->words : zg_pay_proof_title(said->proof), p->number);
	else
		zg_buffer_print(&text, _("The channel has not answered yet. The till goes on asking; 'zhanggui pay show %s' tells what came of it."),
				p->number);
	int code = say_unknown(cli, p, zg_buffer_text(&text));

	zg_buffer_clear(&text);
	return code;
}

static int tell(const struct zg_cli *cli, const struct zg_pay_record *record, size_t before, bool is_cancel)
{
	const struct zg_payment *p = &record->payment;

	if (!zg_pay_state_is_final(p->attempt.state) || p->attempt.state == ZG_PAY_MANUAL)
		return say_open(cli, p, news(record, before), is_cancel);
	if (is_cancel && p->attempt.state == ZG_PAY_PAID)
		return say(cli, p, _("The customer had paid before it could be taken back. If its sale was settled otherwise, the money goes back "
				     "by itself."), 1);
	return say(cli, p, "", 0);
}

static int run(struct zg_cli *cli, const char *act, bool is_cancel)
{
	struct zg_pay_record record = { .event_count = 0 };
	json_t *args, *said = NULL;
	int code = 0;

	if (look(cli, &record, &code) == ZG_OK) {
		size_t before = record.event_count;
		bool is_over = zg_pay_state_is_final(record.payment.attempt.state) && record.payment.attempt.state != ZG_PAY_MANUAL;

		if (!is_cancel && is_over) {    /* nothing could change it: nobody is asked */
			code = say(cli, &record.payment, "", 0);
		} else {
			args = zg_json_object();
			zg_json_set_string(args, "number", cli->arguments[0]);
			code = zg_cli_act(cli, act, args, &said);
			if (code == 0 && wait_for(cli, &record, is_cancel, &code) == ZG_OK)
				code = tell(cli, &record, before, is_cancel);
			json_decref(said);
		}
	}
	zg_pay_record_clear(&record);
	return code;
}

int zg_pay_query_command(struct zg_cli *cli)
{
	return run(cli, "pay.ask", false);
}

int zg_pay_cancel_command(struct zg_cli *cli)
{
	return run(cli, "pay.cancel", true);
}
