#include "src/till/teller_private.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"

#include <inttypes.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOAD_MS 500

static struct zg_affair *find_affair(const struct zg_teller *teller, int64_t payment_id)
{
	struct zg_affair *affair = teller->affairs;

	while (affair && affair->payment.id != payment_id)
		affair = affair->next;
	return affair;
}

static struct zg_affair *add_affair(struct zg_teller *teller, const struct zg_payment *payment)
{
	struct zg_affair *affair = zg_alloc(1, sizeof(*affair));
	int64_t gone = payment->sent_at ? zg_clock_now(teller->parts.clock) - payment->sent_at : 0;

	*affair = (struct zg_affair){ .teller = teller, .payment = *payment, .next = teller->affairs };
	/* a wall clock that was set back makes it young, never older than it can be */
	affair->sent_ms = zg_clock_running(teller->parts.clock) - (gone > 0 ? gone : 0);
	if (payment->attempt.state == ZG_PAY_CANCELLING)
		affair->cancel_lasts_ms = zg_clock_running(teller->parts.clock) + ZG_CANCEL_LASTS_MS;
	teller->affairs = affair;
	return affair;
}

void zg_affair_end(struct zg_affair *affair)
{
	struct zg_affair **at = &affair->teller->affairs;

	while (*at != affair)
		at = &(*at)->next;
	*at = affair->next;
	zg_timer_remove(affair->teller->parts.loop, affair->timer);
	zg_http_cancel(affair->call);
	OPENSSL_cleanse(affair->code, sizeof(affair->code));
	free(affair);
}

/* What the last run left: it is asked about before anything else happens to its sale. */
static void take_up(struct zg_teller *teller)
{
	struct zg_payment *payments = NULL;
	struct zg_error err = { .text = "" };
	size_t count = 0;

	if (zg_payments_open(teller->parts.store, &payments, &count, &err) != ZG_OK)
		zg_log_say(teller->parts.log, "payments under way cannot be read: %s", err.text);
	for (size_t i = 0; i < count; i++) {
		struct zg_affair *affair = add_affair(teller, &payments[i]);

		affair->is_new_start = true;
		zg_affair_news(affair, &(struct zg_news){ .call = "till", .event = ZG_EVENT_START,
							    .words = _("The till was started again. The channel is asked how this payment ended.") });
	}
	free(payments);
}

/* After the first frame, and before the first customer: or his request's time would run while libcurl is loaded. Without it that is told then. */
static void load_curl(void *self)
{
	struct zg_teller *teller = self;

	teller->load = 0;
	(void)zg_loop_curl(teller->parts.loop, NULL);
}

static bool has_account(const struct zg_teller *teller)
{
	for (int i = 0; i < ZG_CHANNELS; i++)
		if (zg_accounts_of(teller->parts.accounts, (enum zg_channel)i))
			return true;
	return false;
}

struct zg_teller *zg_teller_new(const struct zg_teller_parts *parts)
{
	struct zg_teller *teller = zg_alloc(1, sizeof(*teller));

	teller->parts = *parts;
	zg_fetches_begin(teller);    /* before anything is asked: its answers may need them */
	take_up(teller);
	zg_returns_load(teller);
	if (has_account(teller))
		teller->load = zg_timer_add(parts->loop, LOAD_MS, load_curl, teller);
	return teller;
}

void zg_teller_free(struct zg_teller *teller)
{
	if (!teller)
		return;
	while (teller->affairs)
		zg_affair_end(teller->affairs);
	zg_returns_free(teller);
	zg_fetches_end(teller);
	zg_timer_remove(teller->parts.loop, teller->load);
	free(teller);
}

enum zg_result zg_teller_may_begin(const struct zg_teller *teller, struct zg_error *err)
{
	int64_t skew = zg_teller_skew(teller), off = llabs(skew);

	if (off <= ZG_TELLER_SKEW_MS)
		return ZG_OK;
	return zg_fail(err, ZG_INVALID, skew > 0
			? _("This computer's clock is %lld minutes fast, so payments by phone would fail. Take cash; an admin sets the clock.")
			: _("This computer's clock is %lld minutes slow, so payments by phone would fail. Take cash; an admin sets the clock."),
		       (long long)((off + 30000) / 60000));
}

void zg_teller_begin(struct zg_teller *teller, const struct zg_payment *payment, const char *code)
{
	struct zg_affair *affair = add_affair(teller, payment);

	zg_assert(payment->attempt.state == ZG_PAY_SENT && strlen(code) < sizeof(affair->code));
	affair->sent_ms = zg_clock_running(teller->parts.clock);
	snprintf(affair->code, sizeof(affair->code), "%s", code);
	zg_affair_ask(affair, payment->way == ZG_WAY_SHOWN ? ZG_CALL_SHOW : ZG_CALL_CODE);
}

bool zg_teller_cancel(struct zg_teller *teller, int64_t payment_id)
{
	struct zg_affair *affair = find_affair(teller, payment_id);

	if (!affair)
		return false;
	affair->is_cancel_wanted = true;
	zg_affair_go_on(affair);
	return true;
}

bool zg_teller_ask(struct zg_teller *teller, int64_t payment_id)
{
	struct zg_affair *affair = find_affair(teller, payment_id);
	struct zg_payment payment;

	if (!affair) {
		if (zg_payments_find(teller->parts.store, payment_id, &payment, NULL) != ZG_OK || payment.attempt.state != ZG_PAY_MANUAL ||
		    !zg_accounts_for(teller->parts.accounts, &payment) || payment.settled_at)
			return false;
		affair = add_affair(teller, &payment);
	}
	zg_affair_ask(affair, ZG_CALL_QUERY);
	return true;
}

void zg_teller_leave(struct zg_teller *teller, int64_t payment_id, int64_t refund_id)
{
	struct zg_affair *affair = find_affair(teller, payment_id);

	if (affair)
		zg_affair_end(affair);
	zg_return_leave(teller, refund_id);
}

bool zg_paying_is_shown(const struct zg_paying *paying)
{
	const struct zg_attempt *attempt = &paying->payment.attempt;

	return paying->url[0] && !attempt->is_free && !paying->is_cancel_wanted && attempt->state != ZG_PAY_CANCELLING &&
		!zg_pay_state_is_final(attempt->state);
}

bool zg_paying_may_be_let_go(const struct zg_paying *paying)
{
	const struct zg_attempt *attempt = &paying->payment.attempt;

	return !attempt->is_free && (attempt->state == ZG_PAY_UNKNOWN || attempt->state == ZG_PAY_CANCELLING || attempt->state == ZG_PAY_MANUAL ||
		(attempt->state == ZG_PAY_WAITING && paying->cancel_ms == 0));
}

enum zg_result zg_teller_look(const struct zg_teller *teller, int64_t payment_id, struct zg_paying *paying)
{
	const struct zg_affair *affair = find_affair(teller, payment_id);
	int64_t now = zg_clock_running(teller->parts.clock);

	if (!affair)
		return ZG_NOT_FOUND;
	*paying = (struct zg_paying){ .payment = affair->payment, .gone_ms = now - affair->sent_ms, .is_cancel_wanted = affair->is_cancel_wanted };
	if (!affair->call && affair->due_ms)
		paying->next_ms = affair->due_ms > now ? affair->due_ms - now : 1;
	paying->cancel_ms = zg_affair_cancel_ms(affair);
	memcpy(paying->words, affair->words, sizeof(paying->words));
	memcpy(paying->url, affair->url, sizeof(paying->url));
	return ZG_OK;
}

enum zg_result zg_teller_look_sale(const struct zg_teller *teller, int64_t sale_id, struct zg_paying *paying)
{
	const struct zg_affair *newest = NULL;

	for (const struct zg_affair *affair = teller->affairs; affair; affair = affair->next)
		if (affair->payment.sale_id == sale_id && !affair->payment.attempt.is_free && (!newest || affair->payment.id > newest->payment.id))
			newest = affair;
	return newest ? zg_teller_look(teller, newest->payment.id, paying) : ZG_NOT_FOUND;
}

size_t zg_teller_count(const struct zg_teller *teller)
{
	size_t count = 0;

	for (const struct zg_affair *affair = teller->affairs; affair; affair = affair->next)
		count++;
	return count;
}

int64_t zg_teller_skew(const struct zg_teller *teller)
{
	if (!teller->date_ms)
		return 0;
	/* what the channel's clock shows by now: one of ours that was set right meanwhile is right at once */
	return zg_clock_now(teller->parts.clock) - (teller->date_ms + zg_clock_running(teller->parts.clock) - teller->dated_ms);
}
