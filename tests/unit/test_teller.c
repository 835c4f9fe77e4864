/* The teller by itself: what lets a payment begin, and what a restart finds. Its payments are tried at the simulator (tests/fault/payments.c). */
#include "src/till/teller_private.h"
#include "tests/unit/by_phone.h"
#include "tests/unit/ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int64_t wall_ms, running_ms;

static int64_t wall(void *self)
{
	(void)self;
	return wall_ms;
}

static int64_t running(void *self)
{
	(void)self;
	return running_ms;
}

static const struct zg_clock held = { .now_ms = wall, .running_ms = running };

static enum zg_result not_paid(void *self, const struct zg_payment *payment, struct zg_error *err)
{
	(void)self;
	(void)payment;
	return zg_fail(err, ZG_BROKEN, "nothing was paid");
}

static void changed(void *self, const struct zg_payment *payment)
{
	(void)payment;
	(*(int *)self)++;
}

static int changes;

static struct zg_teller *begin(struct zg_loop *loop)
{
	struct zg_teller_parts parts = { .store = ledger.store, .loop = loop, .clock = &held, .title = "店", .till_id = 1, .paid = not_paid,
		.changed = changed, .self = &changes };

	return zg_teller_new(&parts);
}

TestSuite(teller, .init = ledger_open, .fini = ledger_close);

Test(teller, a_clock_that_is_off_begins_no_payment_until_it_is_set_right)
{
	static const struct { int64_t ahead_ms; bool may; } cases[] = {
		{ 0, true }, { 60000, true }, { -60000, true }, { ZG_TELLER_SKEW_MS, true }, { -ZG_TELLER_SKEW_MS, true },
		{ ZG_TELLER_SKEW_MS + 1, false }, { -ZG_TELLER_SKEW_MS - 1, false }, { 600000, false },
	};
	struct zg_loop *loop = zg_loop_new(&held);
	struct zg_teller *teller = begin(loop);
	struct zg_error err;

	cr_expect(eq(long, zg_teller_skew(teller), 0));
	cr_expect(eq(int, zg_teller_may_begin(teller, &err), ZG_OK));    /* nobody has said anything yet */
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct zg_http_reply reply = { .date_ms = 1795000000000 };

		wall_ms = reply.date_ms + cases[i].ahead_ms;
		running_ms = 500 + (int64_t)i;
		zg_teller_note_date(teller, &reply);
		zg_teller_note_date(teller, &(struct zg_http_reply){ .date_ms = 0 });    /* an answer without a date changes nothing */
		cr_expect(eq(int, zg_teller_may_begin(teller, &err) == ZG_OK, cases[i].may), "%lld", (long long)cases[i].ahead_ms);
		cr_expect(eq(long, zg_teller_skew(teller), cases[i].ahead_ms));
		/* an hour passes on both clocks: as far off as before */
		wall_ms += 3600000;
		running_ms += 3600000;
		cr_expect(eq(long, zg_teller_skew(teller), cases[i].ahead_ms));
		/* somebody sets it */
		wall_ms -= cases[i].ahead_ms;
		cr_expect(eq(int, zg_teller_may_begin(teller, &err), ZG_OK));
	}
	zg_teller_free(teller);
	zg_loop_free(loop);
}

/* What was sent when the till was killed is in doubt; what was not is off; what is over stays as it is. */
Test(teller, a_restart_takes_up_what_was_under_way_and_asks_before_anything_else)
{
	struct zg_sale *sale = ledger_ring();
	struct zg_loop *loop = zg_loop_new(&held);
	struct zg_payment fresh, sent, declined;
	struct zg_paying paying;
	int64_t id = 0;

	OK(zg_store_begin(ledger.store, ZG_SYNC_NORMAL, &ledger.err));
	OK(zg_sales_begin(ledger.store, "lin", &id, &ledger.err));
	OK(zg_sales_save(ledger.store, id, sale, &ledger.err));
	declined = ledger_phone(id, 1036);
	ledger_prove(&declined, ZG_EVENT_SEND);
	ledger_prove(&declined, ZG_EVENT_DECLINED);
	ledger_prove(&declined, ZG_EVENT_UNPAID);
	sent = ledger_phone(id, 1036);
	ledger_prove(&sent, ZG_EVENT_SEND);
	snprintf(sent.let_go_by, sizeof(sent.let_go_by), "lin+zhao");
	OK(zg_payments_set(ledger.store, &sent, &ledger.err));
	fresh = ledger_phone(id, 1036);
	OK(zg_store_commit(ledger.store, &ledger.err));
	wall_ms = sent.sent_at + 7000;
	changes = 0;
	struct zg_teller *teller = begin(loop);

	OK(zg_payments_find(ledger.store, fresh.id, &fresh, &ledger.err));
	cr_expect(eq(int, (int)fresh.attempt.state, ZG_PAY_CANCELLED));
	cr_expect(eq(int, zg_teller_look(teller, fresh.id, &paying), ZG_NOT_FOUND));
	OK(zg_teller_look(teller, sent.id, &paying));
	cr_expect(eq(int, (int)paying.payment.attempt.state, ZG_PAY_UNKNOWN));
	cr_expect(eq(long, paying.gone_ms, 7000));
	cr_expect(ne(str, paying.words, ""));
	OK(zg_teller_look(teller, declined.id, &paying));
	cr_expect(paying.payment.attempt.is_free && paying.payment.attempt.state == ZG_PAY_UNKNOWN);
	cr_expect(eq(sz, zg_teller_count(teller), 2));
	cr_expect(eq(int, changes, 3));
	cr_expect(zg_teller_cancel(teller, sent.id) && !zg_teller_cancel(teller, fresh.id) && !zg_teller_ask(teller, fresh.id));
	zg_teller_free(teller);
	zg_loop_free(loop);
	zg_sale_free(sale);
}

static enum zg_result was_paid(void *self, const struct zg_payment *payment, struct zg_error *err)
{
	(void)self;
	(void)payment;
	(void)err;
	return ZG_OK;
}

/* Its answer was lost, and the gateway may carry it out yet: a sale closed on "paid" would be a sale for nothing. */
Test(teller, paid_is_not_believed_while_a_cancelling_that_nobody_answered_may_take_it_back)
{
	static const struct zg_pay_answer proof = { .says = ZG_SAYS_PAID, .proof = ZG_PROVED_VERIFIED, .amount_fen = 1036, .is_ours = true };
	static const struct zg_news paid = { .call = "query", .event = ZG_EVENT_PAID, .answer = &proof }, lost = { .call = "query", .event = ZG_EVENT_DOUBT };
	struct zg_sale *sale = ledger_ring();
	struct zg_loop *loop = zg_loop_new(&held);
	struct zg_payment payment;
	int64_t id = 0;

	OK(zg_store_begin(ledger.store, ZG_SYNC_NORMAL, &ledger.err));
	OK(zg_sales_begin(ledger.store, "lin", &id, &ledger.err));
	OK(zg_sales_save(ledger.store, id, sale, &ledger.err));
	payment = ledger_phone(id, 1036);
	ledger_prove(&payment, ZG_EVENT_SEND);
	ledger_prove(&payment, ZG_EVENT_DOUBT);
	ledger_prove(&payment, ZG_EVENT_CANCEL);
	OK(zg_store_commit(ledger.store, &ledger.err));
	wall_ms = payment.sent_at + 50000;
	struct zg_teller *teller = begin(loop);

	/* found in the books as being cancelled: whether that was answered is not known */
	teller->parts.paid = was_paid;
	running_ms += ZG_CANCEL_LASTS_MS - 1;
	zg_affair_news(teller->affairs, &paid);
	OK(zg_payments_find(ledger.store, payment.id, &payment, &ledger.err));
	cr_expect(eq(int, (int)payment.attempt.state, ZG_PAY_CANCELLING));
	cr_expect(ne(str, teller->affairs->words, ""));
	cr_expect(teller->affairs->is_paid_seen);
	zg_affair_news(teller->affairs, &lost);
	cr_expect(teller->affairs->is_paid_seen);
	running_ms += 1;
	zg_affair_news(teller->affairs, &paid);

	OK(zg_payments_find(ledger.store, payment.id, &payment, &ledger.err));
	cr_expect(eq(int, (int)payment.attempt.state, ZG_PAY_PAID));
	zg_teller_free(teller);
	zg_loop_free(loop);
	zg_sale_free(sale);
}

/* ---- certificates that end ---- */

#define DAY 86400000LL

static int64_t ends_at;
static int warnings;
static char warned[ZG_ERROR_TEXT];

static int64_t ends(const struct zg_pay_keys *keys)
{
	(void)keys;
	return ends_at;
}

static void warn(void *self, const char *sentence)
{
	(void)self;
	warnings++;
	snprintf(warned, sizeof(warned), "%s", sentence);
}

/* The last month of a certificate is told at the start and once a day, and so is one that has ended; a key without an end is not. */
Test(teller, a_channels_certificate_is_told_a_month_before_it_ends)
{
	struct zg_pay_driver driver = by_phone_driver;
	const struct zg_pay_driver *const drivers[] = { &driver, NULL };
	static const struct { int64_t left_ms; int times; } cases[] = {
		{ 0, 0 }, { 30 * DAY + 1, 0 }, { 30 * DAY, 1 }, { 29 * DAY, 1 }, { 1, 1 }, { -DAY, 1 }, { 400 * DAY, 0 },
	};
	struct zg_config config = { .name = "x" };
	struct zg_accounts *accounts = NULL;

	driver.channel = ZG_CHANNEL_LAKALA;
	driver.ends = ends;
	snprintf(config.pay[ZG_CHANNEL_LAKALA].url, 32, "https://a.example");
	OK(zg_accounts_read(&config, ledger.home, drivers, &accounts, &ledger.err));
	wall_ms = 1795424527000;    /* 2026-11-23 17:02:07 */
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct zg_loop *loop = zg_loop_new(&held);
		struct zg_teller_parts parts = { .store = ledger.store, .loop = loop, .clock = &held, .accounts = accounts, .title = "店", .till_id = 1,
			.paid = not_paid, .changed = changed, .warn = warn, .self = &changes };

		warnings = 0;
		ends_at = cases[i].left_ms ? wall_ms + cases[i].left_ms : 0;
		struct zg_teller *teller = zg_teller_new(&parts);

		cr_expect(eq(int, warnings, cases[i].times), "%lld", (long long)cases[i].left_ms);
		running_ms += DAY - 1;
		zg_loop_step(loop, 0);
		cr_expect(eq(int, warnings, cases[i].times));
		running_ms += 1;
		zg_loop_step(loop, 0);
		cr_expect(eq(int, warnings, 2 * cases[i].times));
		if (cases[i].left_ms == 29 * DAY)
			cr_expect(strstr(warned, "2026-12-22") && strstr(warned, "Lakala"), "%s", warned);
		zg_teller_free(teller);
		zg_loop_free(loop);
	}
	zg_accounts_free(accounts);
}
