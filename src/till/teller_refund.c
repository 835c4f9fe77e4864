/*
 * Money on its way back. A refund keeps its number through every try, so that the channel gives it back once; what is not certain is
 * asked about before it is sent again.
 */
#include "src/till/teller_private.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/store/journal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LAST_WAIT_MS 600000
#define MINUTE_TRIES 34
#define SLOW_MS      1800000
#define WRONG_TRIES  3    /* what the settings are to blame for does not heal by itself */
#define GAP_MORE_MS  1000 /* on the channel's clock it begins when our request comes */

static void ring(void *self);

static int64_t running_ms(const struct zg_return *r)
{
	return zg_clock_running(r->teller->parts.clock);
}

static void wait_for(struct zg_return *r, int64_t ms)
{
	zg_timer_remove(r->teller->parts.loop, r->timer);
	r->timer = zg_timer_add(r->teller->parts.loop, ms, ring, r);
}

/* 3, 5, 10, 20, 60 s, then each minute for half an hour, then every ten. */
static int64_t wait_ms(int tries)
{
	static const int first_s[] = { 3, 5, 10, 20 };

	if (tries < 4)
		return first_s[tries] * 1000LL;
	return tries < MINUTE_TRIES ? 60000 : LAST_WAIT_MS;
}

static void end(struct zg_return *r)
{
	struct zg_return **at = &r->teller->returns;

	while (*at != r)
		at = &(*at)->next;
	*at = r->next;
	zg_timer_remove(r->teller->parts.loop, r->timer);
	zg_http_cancel(r->call);
	free(r);
}

static bool is_over(enum zg_pay_refund_state state)
{
	return state == ZG_PAY_REFUND_DONE || state == ZG_PAY_REFUND_FAILED;
}

static enum zg_result write_journal(struct zg_store *store, const struct zg_return *r, const struct zg_pay_refund *refund, struct zg_error *err)
{
	json_t *body = zg_json_object();
	char *kind = zg_print("pay.refund.%s", zg_pay_refund_state_name(refund->state));

	zg_json_set_integer(body, "sale", r->payment.sale_id);
	zg_json_set_string(body, "payment", r->payment.number);
	zg_json_set_string(body, "refund", refund->number);
	zg_json_set_string(body, "channel", zg_channel_name(r->payment.channel));
	zg_json_set_integer(body, "refund_fen", refund->amount_fen);
	enum zg_result result = zg_journal_add(store, refund->begun_by, kind, body, NULL, err);

	free(kind);
	json_decref(body);
	return result;
}

/* Why it does not get through is not lost over a query that was only answered. */
static bool is_worth_keeping(const struct zg_pay_answer *answer, const char *words)
{
	return words && words[0] && (!answer || (answer->says != ZG_SAYS_NO_REFUND && answer->says != ZG_SAYS_REFUNDING));
}

/* The state, with what was said; false: the books could not take it, and have it as it was. */
static bool write_down(struct zg_return *r, enum zg_pay_refund_state state, const struct zg_pay_answer *answer, const struct zg_http_reply *reply,
		       const char *words)
{
	struct zg_store *store = r->teller->parts.store;
	struct zg_pay_refund fresh = r->refund;
	struct zg_error err = { .text = "" };
	struct zg_payment_event event = { .payment_id = r->payment.id, .refund_id = r->refund.id, .call = zg_pay_call_name(r->asking),
		.event = zg_pay_refund_state_name(state), .amount_fen = answer ? answer->refund_fen : -1, .words = words };

	if (answer) {
		event.says = zg_pay_says_name(answer->says);
		event.proof = zg_pay_proof_name(answer->proof);
		event.code = answer->code;
		event.request_id = answer->request_id;
		event.serial = answer->serial;
	}
	if (reply) {
		event.status = reply->status;
		event.took_ms = reply->took_ms;
	}
	fresh.state = state;
	fresh.ended_at = is_over(state) ? zg_clock_now(r->teller->parts.clock) : 0;
	if (is_worth_keeping(answer, words))
		zg_text_clean(fresh.note, sizeof(fresh.note), words, strlen(words));
	if (answer && answer->proof == ZG_PROVED_VERIFIED && answer->refund_channel_no[0])
		snprintf(fresh.channel_no, sizeof(fresh.channel_no), "%s", answer->refund_channel_no);
	enum zg_result result = zg_store_begin(store, state != r->refund.state ? ZG_SYNC_FULL : ZG_SYNC_NORMAL, &err);

	if (result == ZG_OK) {
		result = zg_payment_events_add(store, &event, &err);
		if (result == ZG_OK)
			result = zg_pay_refunds_set(store, &fresh, &err);
		if (result == ZG_OK && state != r->refund.state)
			result = write_journal(store, r, &fresh, &err);
		result = result == ZG_OK ? zg_store_commit(store, &err) : (zg_store_rollback(store), result);
	}
	zg_log_say(r->teller->parts.log, "refund %s, %s: %s%s%s%s%s", fresh.number, event.call, event.event, words && words[0] ? ": " : "",
		   words ? words : "", result == ZG_OK ? "" : "; could not be written: ", err.text);
	if (result == ZG_OK)
		r->refund = fresh;
	return result == ZG_OK;
}

/* Proved, and about this refund. */
static bool is_proved(const struct zg_return *r, const struct zg_pay_answer *answer)
{
	return answer->proof == ZG_PROVED_VERIFIED && answer->is_ours &&
		(answer->number[0] == '\0' || strcmp(answer->number, r->payment.number) == 0) &&
		(answer->refund_no[0] == '\0' || strcmp(answer->refund_no, r->refund.number) == 0) &&
		(answer->refund_fen < 0 || answer->refund_fen == r->refund.amount_fen);
}

static void ask(struct zg_return *r, enum zg_pay_call call);

static void go_on(struct zg_return *r, enum zg_pay_says says, const struct zg_pay_answer *answer, const struct zg_http_reply *reply, const char *words)
{
	struct zg_teller *teller = r->teller;
	struct zg_payment payment = r->payment;
	struct zg_pay_refund refund;
	enum zg_pay_refund_state next = ZG_PAY_REFUND_RUNNING;

	if (says == ZG_SAYS_REFUNDED)
		next = ZG_PAY_REFUND_DONE;
	else if (says == ZG_SAYS_NOT_REFUNDED)
		next = ZG_PAY_REFUND_FAILED;
	else if (says == ZG_SAYS_REFUND_STUCK || r->refund.state == ZG_PAY_REFUND_MANUAL)
		next = ZG_PAY_REFUND_MANUAL;
	bool has_moved = next != r->refund.state, is_written = write_down(r, next, answer, reply, words);

	bool is_slow = next == ZG_PAY_REFUND_RUNNING && !r->is_told && (r->wrongs >= WRONG_TRIES || running_ms(r) - r->since_ms >= SLOW_MS);

	r->tries++;
	r->is_told = r->is_told || (is_slow && is_written);
	refund = r->refund;
	if (is_written && is_over(next))
		end(r);
	else if (is_written && says == ZG_SAYS_NO_REFUND && r->asking == ZG_CALL_REFUND_QUERY && next != ZG_PAY_REFUND_MANUAL)
		ask(r, ZG_CALL_REFUND);    /* it has never heard of it: the same once more, unless people have taken it over */
	else
		wait_for(r, next == ZG_PAY_REFUND_MANUAL ? LAST_WAIT_MS : wait_ms(r->tries));
	teller->parts.returned(teller->parts.self, &payment, &refund, !is_written ? ZG_RETURN_SAME : has_moved ? ZG_RETURN_MOVED : is_slow ? ZG_RETURN_SLOW : ZG_RETURN_SAME);
}

static struct zg_pay_order order_of(const struct zg_return *r)
{
	return (struct zg_pay_order){ .way = r->payment.way, .wallet = r->payment.wallet, .number = r->payment.number, .channel_no = r->payment.channel_no,
		.amount_fen = r->payment.amount_fen, .title = r->teller->parts.title, .refund_no = r->refund.number, .refund_fen = r->refund.amount_fen,
		.reason = r->refund.reason, .begun_at = r->payment.begun_at };
}

static void answered(void *self, struct zg_http_reply *reply)
{
	struct zg_return *r = self;
	const struct zg_account *account = zg_accounts_for(r->teller->parts.accounts, &r->payment);
	struct zg_pay_order order = order_of(r);
	struct zg_pay_answer answer = { .amount_fen = -1, .refund_fen = -1 };

	r->call = NULL;
	zg_teller_note_date(r->teller, reply);
	if (reply->end == ZG_HTTP_NOT_SENT)
		r->host = account && account->has_other_host ? !r->host : 0;
	if (reply->end != ZG_HTTP_WHOLE) {
		go_on(r, ZG_SAYS_UNKNOWN, NULL, reply, reply->why);
		return;
	}
	zg_assert(account != NULL);
	account->driver->read(account->keys, r->asking, &order, zg_clock_now(r->teller->parts.clock), reply, &answer);
	if (answer.proof == ZG_PROVED_OTHER_KEY)
		zg_fetch_soon(r->teller, r->payment.channel);
	/* the refusal of a wrong key is mostly not signed: it proves nothing about the money, but people should know */
	r->wrongs += answer.says == ZG_SAYS_WRONG && (answer.proof == ZG_PROVED_VERIFIED || answer.proof == ZG_PROVED_NOT_SIGNED);
	zg_pay_hide_code(answer.text, r->payment.code_hash);
	zg_pay_hide_code(answer.code, r->payment.code_hash);
	go_on(r, is_proved(r, &answer) ? answer.says : ZG_SAYS_UNKNOWN, &answer, reply, answer.text);
}

struct last_sent {
	int64_t refund_id, at;
};

static bool take_sent(const struct zg_payment_event *event, void *self)
{
	struct last_sent *last = self;

	if (event->refund_id != 0 && event->refund_id != last->refund_id && strcmp(event->call, zg_pay_call_name(ZG_CALL_REFUND)) == 0 && event->at > last->at)
		last->at = event->at;
	return true;
}

/* How long until this one may be sent: a channel wants so much time between two refunds of an order. A clock that jumps makes it no longer than that. */
static int64_t gap_ms(const struct zg_return *r, const struct zg_account *account)
{
	struct last_sent last = { .refund_id = r->refund.id, .at = 0 };
	int64_t gap = account->driver->times(r->payment.way)->refund_gap_s * 1000LL;

	if (gap == 0 || zg_payment_events_read(r->teller->parts.store, r->payment.id, take_sent, &last, NULL) != ZG_OK || last.at == 0)
		return 0;
	int64_t passed = zg_clock_now(r->teller->parts.clock) - last.at;

	gap += GAP_MORE_MS;
	if (passed < 0)
		return r->has_waited ? 0 : gap;
	return passed < gap ? gap - passed : 0;
}

/* Nobody can be asked: people are told once, and it is tried again later, for the settings may come back. */
static void cannot_ask(struct zg_return *r, const char *why)
{
	struct zg_teller *teller = r->teller;
	bool is_news = !r->is_told && write_down(r, r->refund.state, NULL, NULL, why);

	r->is_told = r->is_told || is_news;
	wait_for(r, LAST_WAIT_MS);
	if (is_news)
		teller->parts.returned(teller->parts.self, &r->payment, &r->refund, ZG_RETURN_SLOW);
}

static void ask(struct zg_return *r, enum zg_pay_call call)
{
	const struct zg_account *account = zg_accounts_for(r->teller->parts.accounts, &r->payment);
	struct zg_http_request request = { 0 };
	struct zg_error err = { .text = "" };
	char nonce[ZG_PAY_NONCE];

	if (r->call)
		return;
	r->asking = call;
	int64_t gap = account && call == ZG_CALL_REFUND ? gap_ms(r, account) : 0;

	if (gap > 0) {
		r->has_waited = true;
		wait_for(r, gap);
		return;
	}
	if (!account) {
		cannot_ask(r, _("its merchant is not set up any more"));
		return;
	}
	struct zg_pay_order order = order_of(r);
	struct zg_pay_moment moment = { .now_ms = zg_clock_now(r->teller->parts.clock), .nonce = nonce, .host = r->host };

	zg_pay_nonce(nonce);
	if (account->driver->build(account->keys, call, &order, &moment, &request, &err) != ZG_OK) {
		cannot_ask(r, err.text);
	} else if (r->refund.state == ZG_PAY_REFUND_NEW && !write_down(r, ZG_PAY_REFUND_RUNNING, NULL, NULL, "")) {
		wait_for(r, wait_ms(++r->tries));    /* the books say that it is under way before its first byte leaves */
	} else {
		struct zg_http_options options = zg_account_options(account, r->payment.way, call);

		r->call = zg_http_send(r->teller->parts.loop, &request, &options, answered, r);
	}
	zg_http_request_clear(&request);
}

/* What the channel may have had is asked about first. */
static void ring(void *self)
{
	struct zg_return *r = self;

	r->timer = 0;
	ask(r, r->refund.state == ZG_PAY_REFUND_NEW ? ZG_CALL_REFUND : ZG_CALL_REFUND_QUERY);
}

static struct zg_return *find(const struct zg_teller *teller, int64_t refund_id)
{
	struct zg_return *r = teller->returns;

	while (r && r->refund.id != refund_id)
		r = r->next;
	return r;
}

void zg_returns_load(struct zg_teller *teller)
{
	struct zg_pay_refund *refunds = NULL;
	struct zg_error err = { .text = "" };
	size_t count = 0;

	if (zg_pay_refunds_open(teller->parts.store, &refunds, &count, &err) != ZG_OK)
		zg_log_say(teller->parts.log, "refunds under way cannot be read: %s", err.text);
	for (size_t i = 0; i < count; i++) {
		struct zg_payment payment;

		if (find(teller, refunds[i].id) ||
		    zg_payments_find(teller->parts.store, refunds[i].payment_id, &payment, NULL) != ZG_OK)
			continue;
		struct zg_return *r = zg_alloc(1, sizeof(*r));

		*r = (struct zg_return){ .teller = teller, .payment = payment, .refund = refunds[i], .next = teller->returns,
			.since_ms = zg_clock_running(teller->parts.clock) };
		teller->returns = r;
		wait_for(r, 0);
	}
	free(refunds);
}

void zg_teller_stop(struct zg_teller *teller, int64_t refund_id)
{
	struct zg_return *r = find(teller, refund_id);

	if (r)
		r->refund.state = ZG_PAY_REFUND_MANUAL;    /* as its row */
}

void zg_return_leave(struct zg_teller *teller, int64_t refund_id)
{
	struct zg_return *r = find(teller, refund_id);

	if (r)
		end(r);
}

void zg_teller_refund(struct zg_teller *teller)
{
	zg_returns_load(teller);
}

void zg_returns_free(struct zg_teller *teller)
{
	while (teller->returns)
		end(teller->returns);
}
