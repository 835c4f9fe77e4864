/* What a channel left to people is ended by them, once, and neither sent nor asked about again. */
#include "src/store/agree.h"
#include "src/store/shifts.h"
#include "src/till/accounts.h"
#include "src/till/phone.h"
#include "src/till/teller_private.h"
#include "tests/unit/busy_books.h"
#include "tests/unit/by_phone.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

static struct shop *shop;

#define OK(call) cr_assert(eq(int, (call), ZG_OK), "%s", shop->err.text)
#define REFUND_ALL "{s:s, s:b, s:s}", "number", "R010000001", "all", 1, "reason", "x"

static enum zg_result settle(const char *number, bool in_cash)
{
	return shop_do_as(shop, "ding", NULL, "pay.settle", "{s:s, s:b, s:s}", "number", number, "in_cash", (int)in_cash, "reason", "给了现金");
}

/* A sale of 39.90 by phone that went back, and the channel's no. */
static struct zg_pay_refund failed_refund(int64_t *payment)
{
	struct zg_pay_refund back = { .id = 0 };

	*payment = by_phone_begin(&shop, true, 3990);
	by_phone_prove(shop, *payment);
	OK(shop_do_as(shop, "ding", NULL, "sale.refund", REFUND_ALL));
	cr_assert(eq(sz, by_phone_refunds(shop, *payment, &back), 1));
	by_phone_refund_is(shop, &back, ZG_PAY_REFUND_FAILED);
	zg_phone_count(shop->till);
	return back;
}

static zg_fen cash_in_drawer(void)
{
	struct zg_totals totals;

	OK(zg_shifts_totals(by_phone_store(shop), zg_till_shift(shop->till), &totals, &shop->err));
	return zg_totals_expected(&totals);
}

static size_t in_doubt(void)
{
	struct zg_pay_refund *refunds = NULL;
	size_t count = 0;

	OK(zg_pay_refunds_in_doubt(by_phone_store(shop), &refunds, &count, &shop->err));
	free(refunds);
	return count;
}

static zg_fen left_of(int64_t payment)
{
	zg_fen left = -1;

	OK(zg_pay_refunds_left(by_phone_store(shop), payment, &left, &shop->err));
	return left;
}

Test(settled, a_refund_that_failed_is_given_in_cash_once_and_never_sent_again)
{
	int64_t payment;
	struct zg_pay_refund back = failed_refund(&payment), now;

	cr_expect(eq(sz, zg_till_state(shop->till)->in_doubt, 1));
	cr_expect(eq(long, left_of(payment), 3990));
	OK(shop_do_as(shop, "ding", NULL, "cash.in", "{s:i, s:s}", "amount_fen", 10000, "reason", "change"));
	OK(settle(back.number, true));
	OK(zg_pay_refunds_find(by_phone_store(shop), back.id, &now, &shop->err));
	cr_expect(now.settled_at > 0 && now.state == ZG_PAY_REFUND_FAILED);
	cr_expect(eq(str, now.settled_by, "ding"));
	cr_expect(eq(long, cash_in_drawer(), 6010));
	cr_expect(eq(long, left_of(payment), 0));
	cr_expect(eq(sz, in_doubt(), 0));
	cr_expect(eq(sz, zg_till_state(shop->till)->in_doubt, 0));
	cr_expect(eq(int, settle(back.number, true), ZG_INVALID));
	cr_expect(strstr(shop->err.text, "ding") != NULL, "%s", shop->err.text);
	cr_expect(eq(int, shop_do_as(shop, "ding", NULL, "pay.refund", "{s:s, s:s}", "number", back.number, "reason", "again"), ZG_INVALID));
	cr_expect(eq(long, cash_in_drawer(), 6010));
	OK(zg_books_agree(by_phone_store(shop), &shop->err));
	shop_end(shop);
}

/* By the channel's own pages, or by a transfer: nothing leaves the drawer. */
Test(settled, a_refund_that_went_back_another_way_leaves_the_drawer_alone)
{
	int64_t payment;
	struct zg_pay_refund back = failed_refund(&payment);
	zg_fen before = cash_in_drawer();

	OK(settle(back.number, false));
	cr_expect(eq(long, cash_in_drawer(), before));
	cr_expect(eq(sz, in_doubt(), 0));
	shop_restart(shop);
	cr_expect(eq(sz, zg_till_state(shop->till)->in_doubt, 0));
	cr_expect(shop->till->teller->returns == NULL);
	shop_end(shop);
}

Test(settled, what_is_not_left_to_people_is_not_theirs_to_end)
{
	int64_t payment;
	struct zg_pay_refund back = failed_refund(&payment), again;

	cr_expect(eq(int, shop_do(shop, "pay.settle", "{s:s, s:s}", "number", back.number, "reason", "x"), ZG_REFUSED));    /* a cashier alone */
	cr_expect(eq(int, settle("P1", false), ZG_NOT_FOUND));
	cr_expect(eq(int, settle(by_phone_payment(shop, payment).number, false), ZG_INVALID));    /* paid */
	OK(shop_do_as(shop, "ding", NULL, "pay.refund", "{s:s, s:s}", "number", back.number, "reason", "again"));
	cr_assert(eq(sz, by_phone_refunds(shop, payment, &again), 2));
	cr_expect(eq(int, settle(again.number, false), ZG_INVALID));    /* under way */
	cr_expect(eq(int, settle(back.number, false), ZG_INVALID));     /* the newer one decides */
	by_phone_refund_is(shop, &again, ZG_PAY_REFUND_FAILED);
	cr_expect(eq(int, settle(back.number, false), ZG_INVALID));
	OK(settle(again.number, false));
	OK(zg_books_agree(by_phone_store(shop), &shop->err));
	shop_end(shop);
}

/* The channel's pages go on with it: until people say how it ended, it is asked about; then no more. */
Test(settled, what_does_not_reach_the_customer_is_asked_about_until_people_have_ended_it)
{
	int64_t payment = by_phone_begin(&shop, true, 3990);
	struct zg_pay_refund back = { .id = 0 };

	by_phone_prove(shop, payment);
	OK(shop_do_as(shop, "ding", NULL, "sale.refund", REFUND_ALL));
	cr_assert(eq(sz, by_phone_refunds(shop, payment, &back), 1));
	by_phone_refund_is(shop, &back, ZG_PAY_REFUND_MANUAL);
	shop_restart(shop);
	OK(shop_sign_in(shop, "lin"));
	cr_assert(shop->till->teller->returns != NULL);
	cr_expect(eq(sz, zg_till_state(shop->till)->in_doubt, 1));
	OK(settle(back.number, false));
	cr_expect(shop->till->teller->returns == NULL);
	cr_expect(eq(long, left_of(payment), 0));
	shop_restart(shop);
	cr_expect(shop->till->teller->returns == NULL);
	shop_end(shop);
}

Test(settled, a_payment_in_doubt_ends_by_people_when_its_sale_waits_for_it_no_more)
{
	int64_t id = by_phone_begin(&shop, true, 3990);
	struct zg_affair *affair = shop->till->teller->affairs;
	const char *number;

	zg_affair_news(affair, &(struct zg_news){ .call = "till", .event = ZG_EVENT_LIMIT });
	struct zg_payment payment = by_phone_payment(shop, id);

	number = payment.number;
	cr_assert(eq(int, (int)payment.attempt.state, (int)ZG_PAY_MANUAL));
	cr_expect(eq(int, settle(number, true), ZG_INVALID));     /* no refund: nobody gives cash for it */
	cr_expect(eq(int, settle(number, false), ZG_INVALID));    /* its sale is on the screen */
	cr_expect(strstr(shop->err.text, "let it go") != NULL, "%s", shop->err.text);
	OK(shop_do_as(shop, "lin", "ding", "pay.let_go", "{s:I}", "payment", (json_int_t)id));
	OK(shop_do(shop, "sale.pay", "{s:i}", "tendered_fen", 5000));
	cr_expect(eq(sz, zg_till_state(shop->till)->in_doubt, 1));
	OK(shop_do(shop, "pay.ask", "{s:s}", "number", number));    /* nobody can be reached: it ends at once */
	OK(settle(number, false));
	cr_expect(eq(sz, zg_till_state(shop->till)->in_doubt, 0));
	cr_expect(shop->till->teller->affairs == NULL);
	cr_expect(zg_teller_ask(shop->till->teller, id) == false);
	payment = by_phone_payment(shop, id);
	cr_expect(payment.settled_at > 0 && payment.attempt.state == ZG_PAY_MANUAL);
	cr_expect(eq(int, settle(number, false), ZG_INVALID));
	OK(zg_books_agree(by_phone_store(shop), &shop->err));
	shop_end(shop);
}

/* As whoever holds the file may try it. */
static const char *const hostile[] = {
	"UPDATE pay_refund SET settled_at = 0, settled_by = '' WHERE id = 1",
	"UPDATE pay_refund SET settled_by = 'lin' WHERE id = 1",
	"UPDATE pay_refund SET state = 'done' WHERE id = 1",
	"UPDATE pay_refund SET note = 'x' WHERE id = 1",
	"INSERT INTO pay_refund (id, payment_id, sale_id, number, amount_fen, state, begun_at, begun_by)"
	" SELECT 2, payment_id, sale_id, 'R01261125000042K7Q2XX', amount_fen, 'new', 0, '-' FROM pay_refund WHERE id = 1",
	"INSERT INTO pay_refund (id, payment_id, sale_id, number, amount_fen, state, begun_at, begun_by, settled_at, settled_by)"
	" SELECT 2, payment_id, sale_id, 'R01261125000042K7Q2XX', 1, 'new', 0, '-', 1, 'lin' FROM pay_refund WHERE id = 1",
	"UPDATE payment SET settled_at = 1, settled_by = 'ding' WHERE id = 1",
	"UPDATE payment SET settled_by = 'ding' WHERE id = 1",
	"UPDATE payment SET merchant = 'another' WHERE id = 1",
	"UPDATE OR REPLACE payment SET settled_at = NULL, settled_by = 'boss' WHERE id = 1",
};

Test(settled, the_books_refuse_every_edit_of_it)
{
	int64_t payment;
	struct zg_pay_refund back = failed_refund(&payment);
	sqlite3 *db = zg_store_raw(by_phone_store(shop));

	cr_expect(ne(int, sqlite3_exec(db, "UPDATE pay_refund SET settled_at = 1 WHERE id = 1", NULL, NULL, NULL), SQLITE_OK));    /* by nobody */
	cr_expect(ne(int, sqlite3_exec(db, "UPDATE pay_refund SET settled_at = 1, settled_by = 'x', state = 'done' WHERE id = 1", NULL, NULL, NULL), SQLITE_OK));
	cr_expect(ne(int, sqlite3_exec(db, "UPDATE OR REPLACE pay_refund SET settled_at = NULL, settled_by = 'boss' WHERE id = 1", NULL, NULL, NULL), SQLITE_OK));
	OK(settle(back.number, false));
	for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++)
		cr_expect(ne(int, sqlite3_exec(db, hostile[i], NULL, NULL, NULL), SQLITE_OK), "%s", hostile[i]);
	shop_end(shop);
}

/* Another merchant's contract: the channel would say that there is no such order, and that proves nothing. */
Test(settled, a_payment_of_another_merchant_is_asked_about_by_nobody)
{
	int64_t id = by_phone_begin(&shop, true, 3990);
	struct zg_affair *affair = shop->till->teller->affairs;
	struct zg_accounts *accounts = shop->till->accounts;
	struct zg_payment payment = by_phone_payment(shop, id);

	cr_expect(zg_accounts_for(accounts, &payment) != NULL);    /* begun before it was kept */
	snprintf(payment.merchant, sizeof(payment.merchant), "1900000109");
	cr_expect(zg_accounts_for(accounts, &payment) == NULL);
	snprintf(affair->payment.merchant, sizeof(affair->payment.merchant), "1900000109");
	zg_affair_go_on(affair);
	cr_expect(strstr(affair->words, "merchant") != NULL, "%s", affair->words);
	cr_expect(affair->call == NULL);
	cr_expect(eq(int, (int)by_phone_payment(shop, id).attempt.state, (int)ZG_PAY_UNKNOWN));
	OK(shop_do_as(shop, "lin", "ding", "pay.let_go", "{s:I}", "payment", (json_int_t)id));
	zg_affair_go_on(affair);
	cr_assert(shop->till->teller->affairs == affair);    /* the settings may come back */
	/* after a week no channel would take it back: it is theirs to settle, and stands on no Z for ever */
	affair->sent_ms -= 8 * 86400000LL;
	zg_affair_go_on(affair);
	cr_expect(shop->till->teller->affairs == NULL);
	cr_expect(eq(int, (int)by_phone_payment(shop, id).attempt.state, (int)ZG_PAY_MANUAL));
	OK(settle(by_phone_payment(shop, id).number, false));
	shop_end(shop);
}

/* Half an hour of tries: people should know; it stays the channel's to end. */
Test(settled, a_refund_that_does_not_get_through_is_said_and_goes_on)
{
	int64_t payment = by_phone_begin(&shop, true, 3990);
	struct zg_pay_refund back = { .id = 0 };
	uint64_t before;

	by_phone_builds = true;
	by_phone_prove(shop, payment);
	OK(shop_do_as(shop, "ding", NULL, "sale.refund", REFUND_ALL));
	cr_assert(eq(sz, by_phone_refunds(shop, payment, &back), 1));
	before = zg_till_state(shop->till)->alarmed;
	struct zg_return *r = shop->till->teller->returns;

	cr_assert(ne(ptr, r, NULL));
	r->since_ms -= 1800000;
	for (int i = 0; i < 500 && r->tries < 1; i++)
		zg_loop_step(shop->loop, 10);
	cr_assert(eq(int, r->tries, 1));
	cr_expect(eq(u64, zg_till_state(shop->till)->alarmed, before + 1));
	cr_expect(strstr(zg_till_newest_alarm(shop->till), "has not got there yet") != NULL, "%s", zg_till_newest_alarm(shop->till));
	cr_expect(eq(int, settle(back.number, false), ZG_INVALID));    /* it may be under way */
	/* people take it over: it is asked about and not sent, and can be settled */
	cr_expect(eq(int, shop_do(shop, "pay.stop", "{s:s}", "number", back.number), ZG_REFUSED));
	OK(shop_do_as(shop, "ding", NULL, "pay.stop", "{s:s}", "number", back.number));
	OK(zg_pay_refunds_find(by_phone_store(shop), back.id, &back, &shop->err));
	cr_expect(eq(int, (int)back.state, (int)ZG_PAY_REFUND_MANUAL));
	cr_expect(eq(sz, zg_till_state(shop->till)->in_doubt, 1));
	cr_expect(eq(int, shop_do_as(shop, "ding", NULL, "pay.stop", "{s:s}", "number", back.number), ZG_INVALID));
	OK(zg_books_agree(by_phone_store(shop), &shop->err));
	OK(settle(back.number, false));
	OK(zg_books_agree(by_phone_store(shop), &shop->err));
	shop_end(shop);
}

/* Its settings are gone: nothing was sent, people are told, and it is theirs to settle; it is not tried again in vain. */
Test(settled, a_refund_that_nobody_can_be_asked_for_is_said_and_settled)
{
	int64_t payment;
	struct zg_pay_refund back = failed_refund(&payment), again;

	OK(shop_do_as(shop, "ding", NULL, "pay.refund", "{s:s, s:s}", "number", back.number, "reason", "again"));
	cr_assert(eq(sz, by_phone_refunds(shop, payment, &again), 2));
	shop->payers = NULL;
	shop_restart(shop);
	OK(shop_sign_in(shop, "lin"));
	for (int i = 0; i < 20; i++)
		zg_loop_step(shop->loop, 10);
	cr_expect(strstr(zg_till_newest_alarm(shop->till), "not set up") != NULL, "%s", zg_till_newest_alarm(shop->till));
	OK(zg_pay_refunds_find(by_phone_store(shop), again.id, &again, &shop->err));
	cr_expect(eq(int, (int)again.state, (int)ZG_PAY_REFUND_NEW));
	OK(settle(again.number, false));
	cr_expect(shop->till->teller->returns == NULL);
	OK(zg_books_agree(by_phone_store(shop), &shop->err));
	shop_end(shop);
}

Test(settled, a_refund_is_not_tried_again_at_a_merchant_that_is_gone)
{
	int64_t payment;
	struct zg_pay_refund back = failed_refund(&payment), last;

	busy_books_attack(by_phone_store(shop), "UPDATE payment SET merchant = '1900000109'");
	cr_expect(eq(int, shop_do_as(shop, "ding", NULL, "pay.refund", "{s:s, s:s}", "number", back.number, "reason", "again"), ZG_INVALID));
	cr_expect(eq(sz, by_phone_refunds(shop, payment, &last), 1));
	OK(settle(back.number, false));
	shop_end(shop);
}

Test(settled, what_is_too_old_for_its_channel_goes_back_in_cash)
{
	int64_t payment = by_phone_begin(&shop, true, 3990);
	struct zg_pay_refund back = { .id = 0 };

	by_phone_prove(shop, payment);
	busy_books_attack(by_phone_store(shop), "UPDATE payment SET begun_at = begun_at - 86401000");
	cr_expect(eq(int, shop_do_as(shop, "ding", NULL, "sale.refund", REFUND_ALL), ZG_INVALID));
	cr_expect(strstr(shop->err.text, "so old") != NULL, "%s", shop->err.text);
	cr_expect(eq(sz, by_phone_refunds(shop, payment, &back), 0));
	OK(shop_do_as(shop, "ding", NULL, "sale.refund", "{s:s, s:b, s:b, s:s}", "number", "R010000001", "all", 1, "in_cash", 1, "reason", "x"));
	shop_end(shop);
}
