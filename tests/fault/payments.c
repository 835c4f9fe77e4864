/*
 * Payments by phone, each answer spoiled by lot: a shop in this process, the three gateways and their customers in another, one clock for both.
 * The till's books are held against the ledger of the phones: nobody is charged twice, nothing is charged that the books do not have, and
 * nothing is called paid that was not charged. P9, P10. ZG_COUNT payments (20).
 */
#include "drivers/drivers.h"
#include "src/base/alloc.h"
#include "src/store/pay_refunds.h"
#include "src/store/payments.h"
#include "tests/fault/tally.h"
#include "tests/lab/clock.h"
#include "tests/lab/gateway.h"
#include "tests/lab/phones.h"
#include "tests/unit/shop.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

#define PACE      60
#define LIMIT_MS  (40 * 60000LL)    /* of the clock: an open payment older than that is a failure; the last cancellings come each minute */

struct trial {
	struct tally tally;
	struct shop *shop;
	struct lab_clock *clock;
	struct gateway gateway;
	char place[256];
	struct phones_sum sum;
};

#define CHECK(holds, ...) tally_check(&t->tally, holds, __VA_ARGS__)

static void must(bool holds, const char *what)
{
	if (holds)
		return;
	printf("payments: %s\n0 passed, 1 failed\n", what);
	exit(1);
}

/* ---- the shop ---- */

static void open_shop(struct trial *t, const char *settings)
{
	size_t count;

	t->shop = shop_begin(settings);
	shop_close(t->shop);
	t->shop->clock = *lab_clock_of(t->clock);
	t->shop->payers = zg_pay_drivers(&count);
	must(shop_open(t->shop) == ZG_OK, t->shop->err.text);
	must(!zg_till_state(t->shop->till)->alarm[0], zg_till_state(t->shop->till)->alarm);
	must(shop_sign_in(t->shop, "lin") == ZG_OK && shop_do(t->shop, "shift.open", "{s:i}", "float_fen", 0) == ZG_OK, t->shop->err.text);
}

static struct zg_payment payment_of(struct trial *t, int64_t id)
{
	struct zg_payment payment = { .id = 0 };

	must(zg_payments_find(zg_till_store(t->shop->till), id, &payment, NULL) == ZG_OK, "a payment is not in the books");
	return payment;
}

/* Until it is over, or may be tried again. */
static struct zg_payment wait_for(struct trial *t, int64_t id)
{
	int64_t until = zg_clock_running(&t->shop->clock) + LIMIT_MS;
	struct zg_payment payment = payment_of(t, id);

	while (!zg_pay_state_is_final(payment.attempt.state) && !payment.attempt.is_free && zg_clock_running(&t->shop->clock) < until) {
		zg_loop_step(t->shop->loop, 20);
		payment = payment_of(t, id);
	}
	return payment;
}

/* The sale is given up, or paid in cash: what comes now comes too late. */
static void settle_otherwise(struct trial *t, struct chance *chance, const struct zg_payment *payment)
{
	if (!payment->attempt.is_free)
		CHECK(shop_do_as(t->shop, "lin", "ding", "pay.let_go", "{s:I}", "payment", (json_int_t)payment->id) == ZG_OK, "let go: %s", t->shop->err.text);
	if (chance_between(chance, 0, 1))
		CHECK(shop_do_as(t->shop, "ding", NULL, "sale.void", "{s:s}", "reason", "gone") == ZG_OK, "void: %s", t->shop->err.text);
	else
		CHECK(shop_do(t->shop, "sale.pay", "{s:i}", "tendered_fen", 10000) == ZG_OK, "cash: %s", t->shop->err.text);
}

static void one(struct trial *t, struct chance *chance)
{
	char code[64];

	gateway_tell(&t->gateway, phones_plan(chance));
	gateway_ask(&t->gateway, phones_code(chance), code, sizeof(code));
	must(shop_do(t->shop, "sale.add", "{s:s}", "code", chance_between(chance, 0, 1) ? "1001" : "1003") == ZG_OK, t->shop->err.text);
	if (!CHECK(shop_do(t->shop, "pay.code", "{s:s}", "code", code) == ZG_OK, "a payment does not begin: %s", t->shop->err.text))
		return;
	int64_t id = shop_integer(t->shop, "payment");

	/* nothing else is taken for the sale while it may still be paid */
	if (!zg_pay_state_is_final(payment_of(t, id).attempt.state) && !payment_of(t, id).attempt.is_free && payment_of(t, id).attempt.state != ZG_PAY_PAID)
		CHECK(shop_do(t->shop, "sale.pay", "{s:i}", "tendered_fen", 10000) == ZG_INVALID || payment_of(t, id).attempt.state == ZG_PAY_PAID ||
		      payment_of(t, id).attempt.is_free, "cash was taken beside a payment under way");
	struct zg_payment payment = wait_for(t, id);

	CHECK(zg_pay_state_is_final(payment.attempt.state) || payment.attempt.is_free, "%s is %s after %lld minutes", payment.number,
	      zg_pay_state_name(payment.attempt.state), LIMIT_MS / 60000);
	if (zg_till_sale_id(t->shop->till) != 0)
		settle_otherwise(t, chance, &payment);
}

/* What is declined and free is watched on to its end; refunds too. */
static void wait_for_all(struct trial *t)
{
	int64_t until = zg_clock_running(&t->shop->clock) + LIMIT_MS;

	for (bool more = true; more && zg_clock_running(&t->shop->clock) < until;) {
		struct zg_payment *payments = NULL;
		struct zg_pay_refund *refunds = NULL;
		size_t count = 0, backs = 0;

		for (int i = 0; i < 5; i++)
			zg_loop_step(t->shop->loop, 20);
		must(zg_payments_open(zg_till_store(t->shop->till), &payments, &count, NULL) == ZG_OK &&
		     zg_pay_refunds_open(zg_till_store(t->shop->till), &refunds, &backs, NULL) == ZG_OK, "the books cannot be read");
		more = count + backs > 0;
		free(payments);
		free(refunds);
	}
}

/* ---- the books against the phones ---- */

static void compare(struct trial *t)
{
	struct phones phones = { 0 };

	phones_read_file(&phones, t->gateway.ledger);
	phones_compare(&phones, zg_till_store(t->shop->till), false, &t->tally, &t->sum);
	phones_compare_rest(&phones, &t->tally);
	phones_clear(&phones);
}

int main(void)
{
	struct trial trial = { .shop = NULL }, *t = &trial;
	struct chance chance = chance_begin_at(9);
	long count = chance_rounds(20);
	char status[512];

	setlocale(LC_ALL, "C.UTF-8");
	zg_json_start();
	printf("payments: ZG_SEED=%llu, %ld payments\n", (unsigned long long)chance.seed, count);
	const char *temporary = getenv("TMPDIR");

	snprintf(t->place, sizeof(t->place), "%s/zg-payments-XXXXXX", temporary ? temporary : "/tmp");
	must(mkdtemp(t->place) != NULL, "no directory");
	char *path = zg_print("%s/clock", t->place);

	t->clock = lab_clock_make(path, PACE);
	setenv(LAB_CLOCK_NAME, path, 1);
	gateway_open(&t->gateway, t->place, chance.seed);
	open_shop(t, t->gateway.settings);
	phones_spoil(gateway_tell, &t->gateway);
	for (long i = 0; i < count; i++)
		one(t, &chance);
	gateway_tell(&t->gateway, "fault off");
	wait_for_all(t);
	compare(t);
	gateway_ask(&t->gateway, "status", status, sizeof(status));
	printf("figure: %ld payments: %ld paid, %ld not, %ld given back because they came too late, %ld to be settled by hand; the gateways: %s\n", count, t->sum.paid,
	       t->sum.unpaid, t->sum.late, t->sum.manual, status);
	CHECK(t->sum.manual * 20 <= count, "%ld of %ld are left to people", t->sum.manual, count);
	shop_end(t->shop);
	gateway_close(&t->gateway);
	lab_clock_drop(t->clock);
	char *clean = zg_print("rm -rf '%s'", t->place);

	must(system(clean) == 0, "the directory cannot be removed");
	free(clean);
	free(path);
	return tally_end(&t->tally);
}
