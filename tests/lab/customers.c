#include "tests/lab/customers.h"

#include "drivers/drivers.h"
#include "src/base/alloc.h"
#include "src/store/pay_refunds.h"

#include <stdio.h>
#include <stdlib.h>

#define LIMIT_MS (3 * 3600000LL)    /* of the clock, for one payment to end */
#define WAY_MS   40

#define CHECK(holds, ...) tally_check(c->tally, holds, __VA_ARGS__)

static void must(bool holds, const char *what)
{
	if (holds)
		return;
	printf("customers: %s\n0 passed, 1 failed\n", what);
	exit(1);
}

static void obey(void *self, const char *line)
{
	must(courier_obey(&((struct customers *)self)->courier, line, NULL, 0), line);
}

/* ---- a shop ---- */

void customers_begin(struct customers *c, const char *dir, struct tally *tally)
{
	char *keys = zg_print("%s/gate", dir);

	*c = (struct customers){ .tally = tally };
	courier_open(&c->courier, keys, 1);
	c->courier.up_ms = c->courier.down_ms = WAY_MS;
	c->settings = courier_settings(keys);
	free(keys);
}

void customers_end(struct customers *c)
{
	CHECK(c->courier.broken == 0, "%ld requests broke a rule of their channel's: %s", c->courier.broken, c->courier.rule);
	courier_close(&c->courier);
	free(c->settings);
}

void customers_found(struct customers *c, uint64_t seed)
{
	size_t count;

	c->chance = (struct chance){ seed, seed };
	courier_again(&c->courier, seed);
	c->shop = shop_begin(c->settings);
	shop_close(c->shop);
	c->shop->clock = c->courier.clock;
	c->shop->payers = zg_pay_drivers(&count);
}

void customers_open(struct customers *c)
{
	must(shop_open(c->shop) == ZG_OK, c->shop->err.text);
	must(shop_sign_in(c->shop, "lin") == ZG_OK && shop_do(c->shop, "shift.open", "{s:i}", "float_fen", 0) == ZG_OK, c->shop->err.text);
	c->courier.loops[0] = c->shop->loop;
	c->courier.loop_count = 1;
	courier_go(&c->courier, c->courier.now_ms + 2000);    /* the start's own checkpoint */
	phones_spoil(obey, c);
	c->from = c->courier.gate->ledger.lines.length;
}

void customers_close(struct customers *c)
{
	const struct zg_buffer *lines = &c->courier.gate->ledger.lines;
	struct phones phones = { 0 };

	phones_read(&phones, zg_buffer_text(lines) + c->from, lines->length - c->from);
	phones_compare(&phones, zg_till_store(c->shop->till), false, c->tally, &c->sum);
	phones_compare_rest(&phones, c->tally);
	phones_clear(&phones);
	c->courier.loop_count = 0;
	shop_end(c->shop);
}

/* ---- one of them ---- */

static struct zg_payment payment_of(const struct customers *c, int64_t id)
{
	struct zg_payment payment = { .id = 0 };

	must(zg_payments_find(zg_till_store(c->shop->till), id, &payment, NULL) == ZG_OK, "a payment is not in the books");
	return payment;
}

static bool is_over(const struct customers *c, int64_t id)
{
	struct zg_pay_refund *refunds = NULL;
	size_t count = 0;

	must(zg_pay_refunds_open(zg_till_store(c->shop->till), &refunds, &count, NULL) == ZG_OK, "the books cannot be read");
	free(refunds);
	return count == 0 && zg_pay_state_is_final(payment_of(c, id).attempt.state);
}

static void wait_until_over(struct customers *c, int64_t id)
{
	int64_t until = c->courier.now_ms + LIMIT_MS;

	while (!is_over(c, id) && c->courier.now_ms < until)
		courier_next(&c->courier, until);
	struct zg_payment payment = payment_of(c, id);

	CHECK(is_over(c, id), "%s, %s, %s, has no end: %s", payment.number, payment.way == ZG_WAY_SHOWN ? "shown" : "by code", zg_channel_name(payment.channel),
	      zg_pay_state_name(payment.attempt.state));
}

/* Nothing else is taken for the sale while it may still be paid. */
static void try_cash(struct customers *c, int64_t id)
{
	struct zg_attempt attempt = payment_of(c, id).attempt;

	if (!zg_pay_state_is_final(attempt.state) && !attempt.is_free)
		CHECK(shop_do(c->shop, "sale.pay", "{s:i}", "tendered_fen", 10000) == ZG_INVALID || zg_pay_state_is_final(payment_of(c, id).attempt.state) ||
		      payment_of(c, id).attempt.is_free, "cash was taken beside a payment under way");
}

/* Two people go on while nobody knows, in cash or not at all: what comes then goes back. */
static void go_on_without(struct customers *c, int64_t id)
{
	courier_go(&c->courier, c->courier.now_ms + chance_between(&c->chance, 10, 20000));
	if (zg_till_sale_id(c->shop->till) == 0)
		return;
	if (!zg_pay_state_is_final(payment_of(c, id).attempt.state))
		CHECK(shop_do_as(c->shop, "lin", "ding", "pay.let_go", "{s:I}", "payment", (json_int_t)id) == ZG_OK, "let go: %s", c->shop->err.text);
	if (chance_between(&c->chance, 0, 1))
		CHECK(shop_do_as(c->shop, "ding", NULL, "sale.void", "{s:s}", "reason", "gone") == ZG_OK, "void: %s", c->shop->err.text);
	else
		CHECK(shop_do(c->shop, "sale.pay", "{s:i}", "tendered_fen", 10000) == ZG_OK, "cash: %s", c->shop->err.text);
}

static enum zg_result begin(struct customers *c)
{
	char code[64];
	bool is_shown = chance_between(&c->chance, 0, 3) == 0;

	obey(c, phones_plan(&c->chance));
	must(courier_obey(&c->courier, phones_code(&c->chance), code, sizeof(code)), "no code");
	must(shop_do(c->shop, "sale.add", "{s:s}", "code", chance_between(&c->chance, 0, 1) ? "1001" : "1003") == ZG_OK, c->shop->err.text);
	c->payments++;
	return is_shown ? shop_do(c->shop, "pay.show", "{s:s}", "wallet", chance_between(&c->chance, 0, 1) ? "wechat" : "alipay")
			: shop_do(c->shop, "pay.code", "{s:s}", "code", code);
}

void customers_serve(struct customers *c)
{
	if (!CHECK(begin(c) == ZG_OK, "a payment does not begin: %s", c->shop->err.text))
		return;
	int64_t id = shop_integer(c->shop, "payment");

	try_cash(c, id);
	if (chance_between(&c->chance, 0, 9) == 0)
		CHECK(shop_do(c->shop, "pay.cancel", "{s:I}", "payment", (json_int_t)id) == ZG_OK || zg_pay_state_is_final(payment_of(c, id).attempt.state),
		      "cancel: %s", c->shop->err.text);
	if (chance_between(&c->chance, 0, 9) == 0)
		go_on_without(c, id);
	wait_until_over(c, id);
	if (zg_till_sale_id(c->shop->till) != 0)
		CHECK(shop_do(c->shop, "sale.pay", "{s:i}", "tendered_fen", 10000) == ZG_OK, "cash: %s", c->shop->err.text);
}
