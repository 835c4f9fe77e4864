/*
 * The channels' own certificates, where they come over the network (WeChat Pay without its public key): fetched at the start, twice a day, and at
 * once when an answer is signed with one that we do not have. They are kept in memory alone: without the network that brings them no payment is
 * taken either. And whoever's they are and wherever they come from: before the last one ends, people are told.
 */
#include "src/till/teller_private.h"

#define EVERY_MS (12 * 3600000LL)    /* a new one is noticed by its first answer, too */
#define AGAIN_MS 60000               /* not oftener for the sake of single answers */
#define DAY_MS   86400000LL

/* ---- what ends ---- */

static void look_at_end(struct zg_teller *teller, enum zg_channel channel)
{
	const struct zg_account *account = zg_accounts_of(teller->parts.accounts, channel);
	char words[ZG_ERROR_TEXT];

	if (!account || !zg_account_is_ending(account, zg_clock_now(teller->parts.clock), words))
		return;
	zg_log_say(teller->parts.log, "%s: %s", zg_channel_name(channel), words);
	if (teller->parts.warn)
		teller->parts.warn(teller->parts.self, words);
}

static void look_daily(void *self)
{
	struct zg_teller *teller = self;

	for (int i = 0; i < ZG_CHANNELS; i++)
		look_at_end(teller, (enum zg_channel)i);
	teller->daily = zg_timer_add(teller->parts.loop, DAY_MS, look_daily, teller);
}

/* ---- what is fetched ---- */

static void fetch(void *self);

static void again(struct zg_fetch *f, int64_t ms)
{
	zg_timer_remove(f->teller->parts.loop, f->timer);
	f->due_ms = zg_clock_running(f->teller->parts.clock) + ms;
	f->timer = zg_timer_add(f->teller->parts.loop, ms, fetch, f);
}

/* 5 s, 10 s, 20 s, ... up to five minutes. */
static void failed(struct zg_fetch *f, const char *why)
{
	int64_t ms = 5000LL << (f->tries < 6 ? f->tries : 6);

	f->tries++;
	zg_log_say(f->teller->parts.log, "%s: its certificates could not be fetched: %s", zg_channel_name(f->channel), why);
	again(f, ms < 300000 ? ms : 300000);
}

static void answered(void *self, struct zg_http_reply *reply)
{
	struct zg_fetch *f = self;
	struct zg_teller *teller = f->teller;
	const struct zg_account *account = zg_accounts_of(teller->parts.accounts, f->channel);
	struct zg_pay_order order = { .way = ZG_WAY_SHOWN };
	struct zg_pay_answer answer = { .amount_fen = -1, .refund_fen = -1 };

	f->call = NULL;
	zg_teller_note_date(teller, reply);
	if (reply->end == ZG_HTTP_NOT_SENT)
		f->host = account->has_other_host ? !f->host : 0;
	account->driver->read(account->keys, ZG_CALL_KEYS, &order, zg_clock_now(teller->parts.clock), reply, &answer);
	if (answer.says != ZG_SAYS_DONE) {
		failed(f, reply->end != ZG_HTTP_WHOLE ? reply->why : answer.text[0] ? answer.text : zg_pay_proof_name(answer.proof));
		return;
	}
	f->tries = 0;
	zg_log_say(teller->parts.log, "%s: its certificates are here", zg_channel_name(f->channel));
	look_at_end(teller, f->channel);
	again(f, EVERY_MS);
}

static void fetch(void *self)
{
	struct zg_fetch *f = self;
	struct zg_teller *teller = f->teller;
	const struct zg_account *account = zg_accounts_of(teller->parts.accounts, f->channel);
	struct zg_pay_order order = { .way = ZG_WAY_SHOWN };
	struct zg_http_request request = { 0 };
	struct zg_error err = { .text = "" };
	char nonce[ZG_PAY_NONCE];

	f->timer = 0;
	f->asked_ms = zg_clock_running(teller->parts.clock);
	zg_pay_nonce(nonce);
	struct zg_pay_moment moment = { .now_ms = zg_clock_now(teller->parts.clock), .nonce = nonce, .host = f->host };

	if (account->driver->build(account->keys, ZG_CALL_KEYS, &order, &moment, &request, &err) == ZG_OK) {
		struct zg_http_options options = zg_account_options(account, ZG_WAY_SHOWN, ZG_CALL_KEYS);

		f->call = zg_http_send(teller->parts.loop, &request, &options, answered, f);
	} else {
		failed(f, err.text);
	}
	zg_http_request_clear(&request);
}

void zg_fetches_begin(struct zg_teller *teller)
{
	for (int i = 0; i < ZG_CHANNELS; i++) {
		const struct zg_account *account = zg_accounts_of(teller->parts.accounts, (enum zg_channel)i);

		teller->fetches[i] = (struct zg_fetch){ .teller = teller, .channel = (enum zg_channel)i };
		if (account && account->fetches_keys)
			fetch(&teller->fetches[i]);
	}
	look_daily(teller);
}

void zg_fetches_end(struct zg_teller *teller)
{
	zg_timer_remove(teller->parts.loop, teller->daily);
	for (int i = 0; i < ZG_CHANNELS; i++) {
		zg_timer_remove(teller->parts.loop, teller->fetches[i].timer);
		zg_http_cancel(teller->fetches[i].call);
	}
}

void zg_fetch_soon(struct zg_teller *teller, enum zg_channel channel)
{
	struct zg_fetch *f = &teller->fetches[channel];
	const struct zg_account *account = zg_accounts_of(teller->parts.accounts, channel);
	int64_t now = zg_clock_running(teller->parts.clock), soonest = f->asked_ms + AGAIN_MS;

	/* one that is due before that is not put off: it is a try after one that failed */
	if (account && account->fetches_keys && !f->call && f->due_ms > soonest)
		again(f, soonest > now ? soonest - now : 0);
}
