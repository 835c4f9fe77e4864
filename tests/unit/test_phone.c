/* What a payment by phone does to its sale, with the books failing at every statement of it: all of it, or nothing, and nothing is said before. */
#include "src/store/agree.h"
#include "src/store/jobs.h"
#include "src/store/pay_refunds.h"
#include "src/till/accounts.h"
#include "src/till/phone.h"
#include "src/till/teller_private.h"
#include "tests/unit/by_phone.h"
#include "tests/unit/fault.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static struct shop *shop;

#define OK(call) cr_assert(eq(int, (call), ZG_OK), "%s", shop->err.text)

static bool has_channel;    /* from the next begin_payment on */

static int64_t begin_payment(zg_fen amount)
{
	return by_phone_begin(&shop, has_channel, amount);
}

/* Breaks the n-th statement of it, for every n, until none is left to break. Returns how many there were. */
static int prove_with_faults(int64_t id, int64_t sale)
{
	for (int n = 0; n < 400; n++) {
		struct zg_sale_record record;

		fault_at(n, SQLITE_FULL, false);
		by_phone_prove(shop, id);
		bool broke = fault_is_met();

		fault_off();
		if (by_phone_payment(shop, id).attempt.state == ZG_PAY_PAID)
			return n;    /* what broke after the commit takes nothing back */
		cr_expect(broke, "statement %d: %s", n, shop->till->teller->affairs->words);
		OK(zg_sales_find(by_phone_store(shop), sale, &record, &shop->err));
		cr_expect(ne(int, (int)record.state, ZG_SALE_PAID), "statement %d: the sale is paid and its payment is not", n);
		cr_expect(eq(long, zg_till_last(shop->till)->id, 0), "statement %d: the screen says what the books do not", n);
		cr_expect(eq(str, (char *)zg_till_newest_alarm(shop->till), ""), "statement %d", n);
	}
	cr_assert(false, "it never ends");
	return -1;
}

Test(phone, a_payment_closes_its_sale_whole_or_not_at_all)
{
	int64_t id = begin_payment(3990), sale = zg_till_sale_id(shop->till);
	struct zg_sale_record record;

	cr_expect(gt(int, prove_with_faults(id, sale), 10));
	OK(zg_sales_find(by_phone_store(shop), sale, &record, &shop->err));
	cr_expect(eq(int, (int)record.state, ZG_SALE_PAID));
	cr_expect(eq(str, record.number, "R010000001"));    /* no number was used up */
	shop_restart(shop);
	cr_expect(eq(sz, zg_teller_count(zg_till_teller(shop->till)), 0));
	shop_end(shop);
}

Test(phone, what_is_paid_by_phone_is_said_with_its_receipt)
{
	int64_t id = begin_payment(3990);

	by_phone_prove(shop, id);
	cr_expect(eq(str, (char *)zg_till_last(shop->till)->number, "R010000001"));
	cr_expect(eq(long, zg_till_last(shop->till)->total_fen, 3990));
	cr_expect(eq(long, zg_till_sale_id(shop->till), 0));
	shop_end(shop);
}

Test(phone, a_part_by_phone_is_a_tender_that_outlives_a_restart_and_the_rest_is_cash)
{
	int64_t id = begin_payment(1000);

	by_phone_prove(shop, id);
	cr_expect(eq(long, zg_sale_due(zg_till_sale(shop->till)), 2990));
	shop_restart(shop);
	OK(shop_sign_in(shop, "lin"));
	cr_expect(eq(long, zg_sale_due(zg_till_sale(shop->till)), 2990));
	cr_expect(eq(int, shop_do_as(shop, "ding", NULL, "sale.void", "{s:s}", "reason", "x"), ZG_INVALID));    /* money lies in it */
	cr_expect(eq(int, shop_do(shop, "sale.add", "{s:s}", "code", "1001"), ZG_INVALID));
	OK(shop_do(shop, "sale.pay", "{s:i}", "tendered_fen", 5000));
	cr_expect(eq(long, shop_integer(shop, "change_fen"), 2010));
	shop_end(shop);
}

Test(phone, nothing_else_is_taken_while_one_may_still_come_unless_two_say_so)
{
	int64_t id = begin_payment(3990);

	cr_expect(eq(int, shop_do(shop, "sale.pay", "{s:i}", "tendered_fen", 5000), ZG_INVALID));
	cr_expect(eq(int, shop_do(shop, "sale.add", "{s:s}", "code", "1001"), ZG_INVALID));
	cr_expect(eq(int, shop_do_as(shop, "ding", NULL, "sale.void", "{s:s}", "reason", "x"), ZG_INVALID));
	cr_expect(eq(int, shop_do(shop, "pay.let_go", "{s:I}", "payment", (json_int_t)id), ZG_REFUSED));
	cr_expect(eq(int, shop_do_as(shop, "ding", NULL, "pay.let_go", "{s:I}", "payment", (json_int_t)id), ZG_REFUSED));
	OK(shop_do_as(shop, "lin", "ding", "pay.let_go", "{s:I}", "payment", (json_int_t)id));
	cr_expect(eq(str, by_phone_payment(shop, id).let_go_by, "lin+ding"));
	OK(shop_do(shop, "sale.pay", "{s:i}", "tendered_fen", 5000));
	shop_end(shop);
}

/* Paid in cash, and by phone all the same: the phone's money goes back, with an alarm, and once. */
Test(phone, what_comes_too_late_goes_back_with_an_alarm_whatever_breaks)
{
	int64_t id = begin_payment(3990), sale = zg_till_sale_id(shop->till);
	struct zg_pay_refund *refunds = NULL;
	size_t count = 0;

	OK(shop_do_as(shop, "lin", "ding", "pay.let_go", "{s:I}", "payment", (json_int_t)id));
	OK(shop_do_as(shop, "ding", NULL, "sale.void", "{s:s}", "reason", "x"));
	cr_expect(gt(int, prove_with_faults(id, sale), 5));
	OK(zg_pay_refunds_of(by_phone_store(shop), id, &refunds, &count, &shop->err));
	cr_expect(eq(sz, count, 1));
	cr_expect(count == 1 && refunds[0].amount_fen == 3990 && refunds[0].sale_id == 0);
	free(refunds);
	shop_end(shop);
}

Test(phone, the_alarm_of_what_came_too_late_names_it)
{
	int64_t id = begin_payment(3990);

	OK(shop_do_as(shop, "lin", "ding", "pay.let_go", "{s:I}", "payment", (json_int_t)id));
	OK(shop_do(shop, "sale.pay", "{s:i}", "tendered_fen", 5000));
	by_phone_prove(shop, id);
	cr_expect(strstr(zg_till_newest_alarm(shop->till), by_phone_payment(shop, id).number) != NULL, "%s", zg_till_newest_alarm(shop->till));
	shop_end(shop);
}

/* It was parked, and the next sale is on the screen: which one was paid is said by its hour, its goods and its receipt. */
Test(phone, a_hung_sale_that_is_paid_is_news_and_names_itself)
{
	int64_t id = begin_payment(3990);

	OK(shop_do(shop, "sale.hang", NULL));
	OK(shop_do(shop, "sale.add", "{s:s}", "code", "1001"));
	cr_expect(eq(int, (int)zg_till_state(shop->till)->came, 0));
	by_phone_prove(shop, id);
	const char *news = zg_till_state(shop->till)->news;

	cr_expect(eq(int, (int)zg_till_state(shop->till)->came, 1));
	cr_expect(strstr(news, "39.90") && strstr(news, "R010000001"), "%s", news);
	cr_expect(eq(long, zg_sale_due(zg_till_sale(shop->till)), 200));
	cr_expect(eq(str, (char *)zg_till_newest_alarm(shop->till), ""));
	shop_end(shop);
}

Test(phone, a_part_for_a_hung_sale_is_news_and_what_came_for_the_sale_on_the_screen_is_none)
{
	int64_t id = begin_payment(1000);

	OK(shop_do(shop, "sale.hang", NULL));
	by_phone_prove(shop, id);
	cr_expect(strstr(zg_till_state(shop->till)->news, "10.00") && strstr(zg_till_state(shop->till)->news, "29.90"), "%s",
		  zg_till_state(shop->till)->news);
	shop_end(shop);

	id = begin_payment(3990);
	by_phone_prove(shop, id);
	cr_expect(eq(int, (int)zg_till_state(shop->till)->came, 1));
	cr_expect(eq(str, (char *)zg_till_state(shop->till)->news, ""));
	shop_end(shop);
}

/* The day was closed while it was under way: the sale waits, paid, for a shift that can take it. */
Test(phone, a_hung_sale_that_is_paid_after_the_close_closes_in_the_next_shift)
{
	int64_t id = begin_payment(3990), sale = zg_till_sale_id(shop->till);

	OK(shop_do(shop, "sale.hang", NULL));
	OK(shop_do(shop, "shift.count", "{s:i}", "total_fen", 0));
	OK(shop_do(shop, "shift.close", NULL));
	by_phone_prove(shop, id);
	cr_expect(strstr(zg_till_state(shop->till)->news, "when a shift is opened") != NULL, "%s", zg_till_state(shop->till)->news);
	OK(shop_do(shop, "shift.open", "{s:i}", "float_fen", 0));
	struct zg_sale_record record;

	OK(zg_sales_find(by_phone_store(shop), sale, &record, &shop->err));
	cr_expect(eq(int, (int)record.state, ZG_SALE_PAID));
	cr_expect(eq(str, record.number, "R010000001"));
	cr_expect(eq(long, record.shift_id, 2));
	cr_expect(eq(sz, zg_till_hung(shop->till), 0));
	OK(zg_books_agree(by_phone_store(shop), &shop->err));
	shop_end(shop);
}

static struct zg_affair *affair_of(int64_t id)
{
	struct zg_affair *affair = shop->till->teller->affairs;

	while (affair && affair->payment.id != id)
		affair = affair->next;
	cr_assert(affair != NULL);
	return affair;
}

static void tell(int64_t id, enum zg_pay_event event)
{
	struct zg_affair *affair = affair_of(id);
	struct zg_pay_answer answer = { .says = ZG_SAYS_PAID, .proof = ZG_PROVED_VERIFIED, .amount_fen = affair->payment.amount_fen, .is_ours = true };

	zg_affair_news(affair, &(struct zg_news){ .call = "query", .event = event, .answer = &answer });
}

/* Two attempts for the whole sale: the first was let go, the second was sent. Both are under way. */
static int64_t begin_two(int64_t *first)
{
	has_channel = true;    /* one that is let go without it would be people's to settle */
	*first = begin_payment(3990);
	OK(shop_do_as(shop, "lin", "ding", "pay.let_go", "{s:I}", "payment", (json_int_t)*first));
	struct zg_payment second = { .channel = ZG_CHANNEL_ALIPAY, .wallet = ZG_WALLET_ALIPAY, .amount_fen = 3990, .begun_by = "lin",
		.sale_id = zg_till_sale_id(shop->till) };

	by_phone_send(shop, &second);
	shop_restart(shop);
	OK(shop_sign_in(shop, "lin"));
	return second.id;
}

/* The first comes after all: it is booked at once, the second is taken back, and the sale closes when that is certain. */
Test(phone, what_comes_while_another_attempt_is_under_way_is_booked_and_the_other_cancelled)
{
	int64_t first, second = begin_two(&first), sale = zg_till_sale_id(shop->till);
	struct zg_sale_record record;

	tell(first, ZG_EVENT_PAID);
	cr_expect(eq(int, (int)by_phone_payment(shop, first).attempt.state, ZG_PAY_PAID));
	OK(zg_sales_find(by_phone_store(shop), sale, &record, &shop->err));
	cr_expect(eq(int, (int)record.state, ZG_SALE_OPEN));
	cr_expect(affair_of(second)->is_cancel_wanted);
	cr_expect(eq(int, shop_do(shop, "sale.hang", NULL), ZG_OK), "%s", shop->err.text);    /* nothing in memory is of before */
	tell(second, ZG_EVENT_CANCEL);
	tell(second, ZG_EVENT_CANCELLED);
	OK(zg_sales_find(by_phone_store(shop), sale, &record, &shop->err));
	cr_expect(eq(int, (int)by_phone_payment(shop, second).attempt.state, ZG_PAY_CANCELLED));
	cr_expect(eq(int, (int)record.state, ZG_SALE_PAID));
	cr_expect(eq(str, record.number, "R010000001"));
	OK(zg_books_agree(by_phone_store(shop), &shop->err));
	shop_end(shop);
}

/* And when the second comes too, it goes back, and the sale is closed once. */
Test(phone, when_both_attempts_come_one_goes_back)
{
	int64_t first, second = begin_two(&first), sale = zg_till_sale_id(shop->till);
	struct zg_sale_record record;
	zg_fen left = -1;

	tell(first, ZG_EVENT_PAID);
	tell(second, ZG_EVENT_PAID);
	OK(zg_sales_find(by_phone_store(shop), sale, &record, &shop->err));
	cr_expect(eq(int, (int)record.state, ZG_SALE_PAID));
	OK(zg_pay_refunds_left(by_phone_store(shop), first, &left, &shop->err));
	cr_expect(eq(long, left, 3990));
	OK(zg_pay_refunds_left(by_phone_store(shop), second, &left, &shop->err));
	cr_expect(eq(long, left, 0));
	cr_expect(strstr(zg_till_newest_alarm(shop->till), "39.90") != NULL);
	OK(zg_books_agree(by_phone_store(shop), &shop->err));
	shop_end(shop);
}

/* ---- money back ---- */

Test(phone, a_refund_goes_back_by_the_payment_and_the_rest_in_cash)
{
	has_channel = true;

	int64_t id = begin_payment(1000);
	struct zg_pay_refund back;

	by_phone_prove(shop, id);
	OK(shop_do(shop, "sale.pay", "{s:i}", "tendered_fen", 5000));    /* 28.90 of it */
	OK(shop_do_as(shop, "ding", NULL, "sale.refund", "{s:s, s:b, s:s}", "number", "R010000001", "all", 1, "reason", "坏了"));
	cr_expect(eq(long, shop_integer(shop, "refunded_fen"), 3990));
	cr_expect(eq(long, shop_integer(shop, "cash_fen"), 2990));
	cr_assert(eq(sz, by_phone_refunds(shop, id, &back), 1));
	cr_expect(eq(long, back.amount_fen, 1000));
	cr_expect(eq(str, back.begun_by, "ding"));
	cr_expect(eq(str, back.reason, "坏了"));
	cr_expect(ne(long, back.sale_id, 0));
	OK(zg_books_agree(by_phone_store(shop), &shop->err));
	cr_expect(eq(int, shop_do_as(shop, "ding", NULL, "sale.refund", "{s:s, s:b, s:s}", "number", "R010000001", "all", 1, "reason", "x"), ZG_INVALID));
	cr_expect(eq(sz, by_phone_refunds(shop, id, &back), 1));
	shop_end(shop);
}

Test(phone, a_refund_is_given_in_cash_when_people_say_so)
{
	int64_t id = begin_payment(3990);
	struct zg_pay_refund back;

	by_phone_prove(shop, id);
	OK(shop_do_as(shop, "ding", NULL, "sale.refund", "{s:s, s:b, s:b, s:s}", "number", "R010000001", "all", 1, "in_cash", 1, "reason", "x"));
	cr_expect(eq(long, shop_integer(shop, "cash_fen"), 3990));
	cr_expect(eq(sz, by_phone_refunds(shop, id, &back), 0));
	OK(zg_books_agree(by_phone_store(shop), &shop->err));
	shop_end(shop);
}

Test(phone, a_refund_that_the_channel_would_not_make_is_tried_again_once)
{
	has_channel = true;

	int64_t id = begin_payment(3990);
	struct zg_pay_refund back, more;

	by_phone_prove(shop, id);
	OK(shop_do_as(shop, "ding", NULL, "sale.refund", "{s:s, s:b, s:s}", "number", "R010000001", "all", 1, "reason", "x"));
	cr_assert(eq(sz, by_phone_refunds(shop, id, &back), 1));
	cr_expect(eq(int, shop_do_as(shop, "ding", NULL, "pay.refund", "{s:s, s:s}", "number", back.number, "reason", "x"), ZG_INVALID));    /* not yet */
	by_phone_refund_is(shop, &back, ZG_PAY_REFUND_FAILED);
	OK(shop_do_as(shop, "ding", NULL, "pay.refund", "{s:s, s:s}", "number", back.number, "reason", "again"));
	cr_assert(eq(sz, by_phone_refunds(shop, id, &more), 2));
	cr_expect(more.amount_fen == 3990 && more.sale_id == back.sale_id && strcmp(more.number, back.number) != 0);
	cr_expect(eq(int, shop_do_as(shop, "ding", NULL, "pay.refund", "{s:s, s:s}", "number", back.number, "reason", "x"), ZG_INVALID));    /* it is under way */
	cr_expect(eq(int, shop_do(shop, "pay.refund", "{s:s, s:s}", "number", back.number, "reason", "x"), ZG_REFUSED));    /* a cashier alone */
	cr_expect(eq(int, shop_do_as(shop, "ding", NULL, "pay.refund", "{s:s, s:s}", "number", "R1", "reason", "x"), ZG_NOT_FOUND));
	shop_end(shop);
}

/* Half was paid by phone, and the customer goes away: it goes back, and then the sale can be cancelled. */
Test(phone, what_was_paid_for_a_sale_that_is_given_up_goes_back)
{
	has_channel = true;

	int64_t id = begin_payment(1000);
	char number[ZG_PAYMENT_NUMBER];
	struct zg_pay_refund back;

	snprintf(number, sizeof(number), "%s", by_phone_payment(shop, id).number);
	cr_expect(eq(int, shop_do_as(shop, "ding", NULL, "pay.refund", "{s:s, s:s}", "number", number, "reason", "x"), ZG_INVALID));    /* not paid */
	by_phone_prove(shop, id);
	cr_expect(eq(int, shop_do_as(shop, "ding", NULL, "sale.void", "{s:s}", "reason", "x"), ZG_INVALID));
	OK(shop_do_as(shop, "ding", NULL, "pay.refund", "{s:s, s:s}", "number", number, "reason", "left"));
	cr_assert(eq(sz, by_phone_refunds(shop, id, &back), 1));
	cr_expect(back.amount_fen == 1000 && back.sale_id == 0);
	cr_expect(eq(long, zg_sale_due(zg_till_sale(shop->till)), 3990));
	cr_expect(eq(int, shop_do_as(shop, "ding", NULL, "pay.refund", "{s:s, s:s}", "number", number, "reason", "x"), ZG_INVALID));    /* once */
	OK(shop_do_as(shop, "ding", NULL, "sale.void", "{s:s}", "reason", "left"));
	OK(zg_books_agree(by_phone_store(shop), &shop->err));
	shop_end(shop);
}

/* Nobody could be asked for it: it is said before anything is booked, and cash is the other way. */
Test(phone, a_refund_by_a_channel_that_is_not_set_up_is_refused_at_once)
{
	int64_t id = begin_payment(3990);
	struct zg_pay_refund back;

	by_phone_prove(shop, id);
	cr_expect(eq(int, shop_do_as(shop, "ding", NULL, "sale.refund", "{s:s, s:b, s:s}", "number", "R010000001", "all", 1, "reason", "x"), ZG_INVALID));
	cr_expect(strstr(shop->err.text, "not set up") != NULL, "%s", shop->err.text);
	cr_expect(eq(sz, by_phone_refunds(shop, id, &back), 0));
	OK(shop_do_as(shop, "ding", NULL, "sale.refund", "{s:s, s:b, s:b, s:s}", "number", "R010000001", "all", 1, "in_cash", 1, "reason", "x"));
	shop_end(shop);
}

/* It came too late and goes back by itself: nobody refunds it a second time by its number, nor its sale. */
Test(phone, what_came_too_late_is_not_refunded_again_by_its_number)
{
	has_channel = true;

	int64_t id = begin_payment(3990);
	struct zg_pay_refund back;

	OK(shop_do_as(shop, "lin", "ding", "pay.let_go", "{s:I}", "payment", (json_int_t)id));
	OK(shop_do(shop, "sale.pay", "{s:i}", "tendered_fen", 5000));
	by_phone_prove(shop, id);
	cr_assert(eq(sz, by_phone_refunds(shop, id, &back), 1));
	cr_expect(eq(int, shop_do_as(shop, "ding", NULL, "pay.refund", "{s:s, s:s}", "number", by_phone_payment(shop, id).number, "reason", "x"), ZG_INVALID));
	cr_expect(strstr(shop->err.text, back.number) != NULL, "%s", shop->err.text);
	by_phone_refund_is(shop, &back, ZG_PAY_REFUND_FAILED);
	OK(shop_do_as(shop, "ding", NULL, "pay.refund", "{s:s, s:s}", "number", by_phone_payment(shop, id).number, "reason", "again"));
	cr_expect(eq(sz, by_phone_refunds(shop, id, &back), 2));
	cr_expect(back.amount_fen == 3990 && back.sale_id == 0);
	shop_end(shop);
}

Test(phone, a_payment_of_a_closed_sale_goes_back_by_its_receipt_alone)
{
	int64_t id = begin_payment(3990);

	by_phone_prove(shop, id);
	cr_expect(eq(int, shop_do_as(shop, "ding", NULL, "pay.refund", "{s:s, s:s}", "number", by_phone_payment(shop, id).number, "reason", "x"), ZG_INVALID));
	cr_expect(strstr(shop->err.text, "R010000001") != NULL, "%s", shop->err.text);
	shop_end(shop);
}

/* ---- at the end of the day ---- */

static json_t *newest_slip(const char *kind)
{
	struct zg_job job;
	char *text = NULL;
	int64_t id = 0;

	while (zg_jobs_find(by_phone_store(shop), id + 1, &job, NULL, NULL) == ZG_OK)
		id++;
	do
		OK(zg_jobs_find(by_phone_store(shop), id, &job, NULL, &shop->err));
	while (strcmp(job.kind, kind) != 0 && --id > 0);
	OK(zg_jobs_find(by_phone_store(shop), id, &job, &text, &shop->err));
	json_t *document = zg_json_parse(text, strlen(text));

	free(text);
	cr_assert(document != NULL);
	return document;
}

/* The number and amount of a row under "open" of the slip; "" without. */
static const char *open_row(const json_t *slip, size_t i, zg_fen *amount)
{
	const json_t *row = json_array_get(json_object_get(slip, "open"), i);

	*amount = zg_json_integer(row, "amount_fen", 0);
	return zg_json_string(row, "number", "");
}

Test(phone, what_nobody_knows_the_end_of_stands_by_name_on_x_and_z)
{
	has_channel = true;

	int64_t id = begin_payment(3990);
	struct zg_pay_refund back, more;
	zg_fen amount;
	json_t *slip;

	OK(shop_do(shop, "print.report", "{s:s}", "kind", "x"));
	slip = newest_slip("x");
	cr_expect(eq(str, (char *)open_row(slip, 0, &amount), by_phone_payment(shop, id).number));
	cr_expect(eq(long, amount, 3990));
	json_decref(slip);
	by_phone_prove(shop, id);
	OK(shop_do_as(shop, "ding", NULL, "sale.refund", "{s:s, s:b, s:s}", "number", "R010000001", "all", 1, "reason", "x"));
	cr_assert(eq(sz, by_phone_refunds(shop, id, &back), 1));
	by_phone_refund_is(shop, &back, ZG_PAY_REFUND_FAILED);
	OK(shop_do(shop, "shift.count", "{s:i}", "total_fen", 0));
	OK(shop_do(shop, "shift.close", NULL));
	slip = newest_slip("z");
	cr_expect(eq(sz, json_array_size(json_object_get(slip, "open")), 1));
	cr_expect(eq(str, (char *)open_row(slip, 0, &amount), back.number));
	cr_expect(eq(long, amount, -3990));
	json_decref(slip);
	OK(shop_do_as(shop, "ding", NULL, "pay.refund", "{s:s, s:s}", "number", back.number, "reason", "again"));    /* the new number stands for it */
	cr_assert(eq(sz, by_phone_refunds(shop, id, &more), 2));
	OK(shop_do(shop, "shift.open", "{s:i}", "float_fen", 0));
	OK(shop_do(shop, "print.report", "{s:s}", "kind", "x"));
	slip = newest_slip("x");
	cr_expect(eq(sz, json_array_size(json_object_get(slip, "open")), 1));
	cr_expect(eq(str, (char *)open_row(slip, 0, &amount), more.number));
	json_decref(slip);
	shop_end(shop);
}
