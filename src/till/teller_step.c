/* The teller's steps: what happened is written with the state that follows from it, and then the next thing is due. */
#include "src/till/teller_private.h"

#include "src/base/alloc.h"
#include "src/base/crypt.h"
#include "src/base/i18n.h"
#include "src/store/journal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AGAIN_MS 3000     /* after books that could not be written */
#define DAY_S    86400

/* ---- writing ---- */

/* Channels say "success" of every question that they answered: only what went wrong is worth keeping for people. */
static bool is_worth_saying(const struct zg_payment *payment, const struct zg_news *news)
{
	if (!news->words || !news->words[0])
		return false;
	if (news->event == ZG_EVENT_DOUBT)
		return !payment->attempt.is_declined;    /* why it was declined is not lost over a query that failed */
	return news->event == ZG_EVENT_DECLINED || news->event == ZG_EVENT_WRONG || news->event == ZG_EVENT_NOT_SENT ||
		news->event == ZG_EVENT_MISMATCH || news->event == ZG_EVENT_LIMIT || news->event == ZG_EVENT_START;
}

static void take_facts(struct zg_payment *payment, const struct zg_news *news)
{
	const struct zg_pay_answer *answer = news->answer;

	if (is_worth_saying(payment, news))
		zg_text_clean(payment->note, sizeof(payment->note), news->words, strlen(news->words));
	/* only what is proved is believed, numbers too */
	if (!answer || answer->proof != ZG_PROVED_VERIFIED || news->event == ZG_EVENT_DOUBT)
		return;
	if (answer->channel_no[0])
		snprintf(payment->channel_no, sizeof(payment->channel_no), "%s", answer->channel_no);
	if (answer->statement_no[0])
		snprintf(payment->statement_no, sizeof(payment->statement_no), "%s", answer->statement_no);
	if (answer->payer[0])
		snprintf(payment->payer, sizeof(payment->payer), "%s", answer->payer);
	if (answer->paid_at)
		payment->paid_at = answer->paid_at;
}

static enum zg_result write_event(struct zg_store *store, const struct zg_payment *payment, const struct zg_news *news, struct zg_error *err)
{
	const struct zg_pay_answer *answer = news->answer;
	const struct zg_http_reply *reply = news->reply;
	char hash[ZG_PAYMENT_HASH] = "";
	struct zg_payment_event event = { .payment_id = payment->id, .call = news->call, .event = zg_pay_event_name(news->event), .amount_fen = -1,
		.words = news->words, .body_hash = hash };

	if (answer) {
		event.says = zg_pay_says_name(answer->says);
		event.proof = zg_pay_proof_name(answer->proof);
		event.amount_fen = answer->amount_fen;
		event.code = answer->code;
		event.request_id = answer->request_id;
		event.serial = answer->serial;
	}
	if (reply) {
		event.status = reply->status;
		event.took_ms = reply->took_ms;
		if (reply->body.length)
			zg_sha256_hex(hash, reply->body.bytes, reply->body.length);
	}
	return zg_payment_events_add(store, &event, err);
}

static enum zg_result write_journal(struct zg_store *store, const struct zg_payment *payment, const struct zg_news *news, struct zg_error *err)
{
	json_t *body = zg_json_object();
	char *kind = zg_print("pay.%s", zg_pay_state_name(payment->attempt.state));

	zg_json_set_integer(body, "sale", payment->sale_id);
	zg_json_set_string(body, "payment", payment->number);
	zg_json_set_string(body, "channel", zg_channel_name(payment->channel));
	zg_json_set_string(body, "wallet", zg_wallet_name(payment->wallet));
	zg_json_set_integer(body, "amount_fen", payment->amount_fen);
	zg_json_set_string(body, "event", zg_pay_event_name(news->event));
	if (payment->channel_no[0])
		zg_json_set_string(body, "channel_no", payment->channel_no);
	enum zg_result result = zg_journal_add(store, payment->begun_by, kind, body, NULL, err);

	free(kind);
	json_decref(body);
	return result;
}

/*
 * One transaction: what was said, the state that follows, its journal row, and the sale that is paid by it. *payment is read anew: an act may have
 * changed its row (two people let it go), and what this memory had before would take that back.
 */
static enum zg_result write_down(struct zg_teller *teller, struct zg_payment *payment, const struct zg_news *news, struct zg_error *err)
{
	struct zg_store *store = teller->parts.store;
	enum zg_result result = zg_payments_find(store, payment->id, payment, err);

	if (result != ZG_OK)
		return result;
	enum zg_pay_state before = payment->attempt.state;
	bool changed = zg_attempt_step(&payment->attempt, news->event);
	bool has_moved = payment->attempt.state != before;

	payment->ended_at = !zg_pay_state_is_final(payment->attempt.state) ? 0 : has_moved ? zg_clock_now(teller->parts.clock) : payment->ended_at;
	take_facts(payment, news);
	result = zg_store_begin(store, has_moved ? ZG_SYNC_FULL : ZG_SYNC_NORMAL, err);
	if (result != ZG_OK)
		return result;
	result = write_event(store, payment, news, err);
	if (result == ZG_OK && (changed || !zg_pay_state_is_final(before)))
		result = zg_payments_set(store, payment, err);
	if (result == ZG_OK && has_moved)
		result = write_journal(store, payment, news, err);
	if (result == ZG_OK && has_moved && payment->attempt.state == ZG_PAY_PAID)
		result = teller->parts.paid(teller->parts.self, payment, err);
	if (result == ZG_OK)
		return zg_store_commit(store, err);
	zg_store_rollback(store);
	return result;
}

static void log_news(const struct zg_teller *teller, const struct zg_payment *payment, const struct zg_news *news)
{
	zg_log_say(teller->parts.log, "payment %s, %s: %s, now %s%s%s%s%s", payment->number, news->call, zg_pay_event_name(news->event),
		   zg_pay_state_name(payment->attempt.state), news->answer && news->answer->code[0] ? ", code " : "",
		   news->answer ? news->answer->code : "", news->words && news->words[0] ? ": " : "", news->words ? news->words : "");
}

/* ---- what is due ---- */

static void ring(void *self);

static void wait_for(struct zg_affair *affair, int64_t ms)
{
	struct zg_loop *loop = affair->teller->parts.loop;

	zg_timer_remove(loop, affair->timer);
	affair->due_ms = zg_clock_running(affair->teller->parts.clock) + (ms > 0 ? ms : 0);
	affair->timer = zg_timer_add(loop, ms > 0 ? ms : 0, ring, affair);
}

/* Paid, but a cancelling of ours that was not answered may still take it back: what is asked when it cannot any more is believed. */
static bool is_too_early(const struct zg_affair *affair, enum zg_pay_event event)
{
	return event == ZG_EVENT_PAID && affair->payment.attempt.state == ZG_PAY_CANCELLING &&
		zg_clock_running(affair->teller->parts.clock) < affair->cancel_lasts_ms;
}

void zg_affair_news(struct zg_affair *affair, const struct zg_news *told)
{
	struct zg_teller *teller = affair->teller;
	struct zg_payment fresh = affair->payment;
	struct zg_error err = { .text = "" };
	struct zg_news changed = *told, *news = &changed;

	if (is_too_early(affair, told->event)) {
		affair->is_paid_seen = true;
		changed.event = ZG_EVENT_DOUBT;
		changed.words = _("The channel says paid, but our cancelling may still be under way. It is asked once more.");
	} else if (told->event != ZG_EVENT_DOUBT) {
		affair->is_paid_seen = false;
	}
	snprintf(affair->words, sizeof(affair->words), "%s", is_worth_saying(&affair->payment, news) ? news->words : "");
	affair->was_asked = strcmp(news->call, "query") == 0;
	affair->is_new_start = affair->is_new_start && !affair->was_asked;
	if (write_down(teller, &fresh, news, &err) != ZG_OK) {
		/* the books still have it as it was: it is asked about again */
		zg_log_say(teller->parts.log, "payment %s: %s could not be written: %s", fresh.number, zg_pay_event_name(news->event), err.text);
		snprintf(affair->words, sizeof(affair->words), "%s", err.text);
		affair->was_asked_last = false;
		wait_for(affair, AGAIN_MS);
		return;
	}
	affair->payment = fresh;
	log_news(teller, &fresh, news);
	zg_affair_go_on(affair);
	teller->parts.changed(teller->parts.self, &fresh);
}

static int64_t gone_ms(const struct zg_affair *affair)
{
	return zg_clock_running(affair->teller->parts.clock) - affair->sent_ms;
}

/* When it is taken back by itself, or as people or a decline want it, ms after the send. */
static int64_t cancel_due(const struct zg_affair *affair, const struct zg_pay_times *times)
{
	const struct zg_payment *p = &affair->payment;
	int64_t from = times->cancel_from_s * 1000LL;

	if (affair->is_cancel_wanted || p->attempt.is_free)
		return from;
	if (p->way == ZG_WAY_SHOWN)
		return p->expires_at > p->sent_at ? p->expires_at - p->sent_at : from;
	return times->cancel_s * 1000LL;
}

/* The next query of the table, ms after the send. */
static int64_t query_due(int64_t gone, const struct zg_pay_times *times)
{
	int64_t last = 0;

	for (int i = 0; i < ZG_PAY_QUERIES && times->queries_s[i]; i++) {
		last = times->queries_s[i] * 1000LL;
		if (last > gone)
			return last;
	}
	int64_t every = times->every_s * 1000LL;

	return last + ((gone - last) / every + 1) * every;
}

static void step(struct zg_affair *affair, enum zg_pay_event event, const char *words)
{
	zg_affair_news(affair, &(struct zg_news){ .call = "till", .event = event, .words = words });
}

static int64_t again_ms(const struct zg_affair *affair, const struct zg_pay_times *times)
{
	int i = 0;

	while (i + 1 < affair->cancels && i + 1 < ZG_PAY_QUERIES && times->cancel_again_s[i + 1])
		i++;
	return (times->cancel_again_s[i] ? times->cancel_again_s[i] : 60) * 1000LL;
}

/* The first cancelling now, each followed by a query, and the next one a while later. */
static void go_on_cancelling(struct zg_affair *affair, const struct zg_pay_times *times, bool is_due)
{
	int64_t limit_s = times->cancel_until_s ? times->cancel_until_s : 7 * DAY_S;

	int64_t lasts = affair->cancel_lasts_ms - zg_clock_running(affair->teller->parts.clock);

	if (gone_ms(affair) > limit_s * 1000)
		step(affair, ZG_EVENT_LIMIT, _("The channel has not said for too long how this payment ended. Ask its service, by the number of the payment."));
	else if (affair->is_paid_seen && is_due && lasts <= 0)
		zg_affair_ask(affair, ZG_CALL_QUERY);
	else if (affair->is_paid_seen)
		wait_for(affair, lasts > AGAIN_MS ? lasts : AGAIN_MS);
	else if (affair->cancels == 0)
		zg_affair_ask(affair, ZG_CALL_CANCEL);
	else if (!affair->was_asked)
		zg_affair_ask(affair, ZG_CALL_QUERY);
	else if (is_due)
		zg_affair_ask(affair, ZG_CALL_CANCEL);
	else
		wait_for(affair, again_ms(affair, times));
}

static void go_on_waiting(struct zg_affair *affair, const struct zg_pay_times *times, bool is_due)
{
	int64_t gone = gone_ms(affair), cancel = cancel_due(affair, times), query;
	const struct zg_attempt *attempt = &affair->payment.attempt;

	if (attempt->is_declined && !attempt->is_free && !affair->was_asked) {
		zg_affair_ask(affair, ZG_CALL_QUERY);
		return;
	}
	if (gone >= cancel) {
		/* without a gap behind the last query: the customer could pay in it */
		if (affair->was_asked_last && affair->was_asked)
			step(affair, ZG_EVENT_CANCEL, NULL);
		else {
			affair->was_asked_last = true;
			zg_affair_ask(affair, ZG_CALL_QUERY);
		}
		return;
	}
	if (is_due) {
		zg_affair_ask(affair, ZG_CALL_QUERY);
		return;
	}
	query = query_due(gone, times);
	wait_for(affair, (query < cancel ? query : cancel) - gone);
}

int64_t zg_affair_cancel_ms(const struct zg_affair *affair)
{
	const struct zg_account *account = zg_accounts_for(affair->teller->parts.accounts, &affair->payment);
	enum zg_pay_state state = affair->payment.attempt.state;

	if (!account || state == ZG_PAY_CANCELLING || zg_pay_state_is_final(state))
		return 0;
	int64_t left = cancel_due(affair, account->driver->times(affair->payment.way)) - gone_ms(affair);

	return left > 0 ? left : 1;
}

/* The settings may come back with the next start, so it stays in doubt, by name; when no channel would take it back any more, it is left to people. */
static void without_account(struct zg_affair *affair)
{
	char words[ZG_TELLER_WORDS];

	snprintf(words, sizeof(words), _("The merchant of this payment is not set up for %s in this till any more, so nobody can be asked how it ended. An admin "
					 "sets it up again and starts the till; or two people let it go."), _(zg_channel_title(affair->payment.channel)));
	if (gone_ms(affair) > 7 * DAY_S * 1000LL) {
		step(affair, ZG_EVENT_LIMIT, words);
		return;
	}
	snprintf(affair->words, sizeof(affair->words), "%s", words);
	wait_for(affair, 60000);
}

static void go_on(struct zg_affair *affair, bool is_due)
{
	const struct zg_account *account = zg_accounts_for(affair->teller->parts.accounts, &affair->payment);

	if (affair->call)
		return;
	if (zg_pay_state_is_final(affair->payment.attempt.state)) {
		zg_affair_end(affair);
		return;
	}
	if (!account) {
		without_account(affair);
		return;
	}
	if (affair->is_new_start) {
		zg_affair_ask(affair, ZG_CALL_QUERY);
		return;
	}
	const struct zg_pay_times *times = account->driver->times(affair->payment.way);

	if (affair->payment.attempt.state == ZG_PAY_CANCELLING)
		go_on_cancelling(affair, times, is_due);
	else
		go_on_waiting(affair, times, is_due);
}

void zg_affair_go_on(struct zg_affair *affair)
{
	go_on(affair, false);
}

static void ring(void *self)
{
	struct zg_affair *affair = self;

	affair->timer = 0;
	affair->due_ms = 0;
	go_on(affair, true);
}
