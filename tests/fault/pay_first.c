/*
 * Remember, then act: before the first byte of a request to a payment channel leaves, what it is about is on the disk. A shop and the gateways at work
 * in this process, every fifth answer spoilt, customers of all kinds; each request is held at the door while the books are read as a power cut
 * would leave them at that moment (tests/lab/synced.h). Its order number must stand there as sent, one that is being taken back as being
 * taken back, a refund as under way. P8. ZG_COUNT requests (400).
 */
#include "drivers/drivers.h"
#include "src/base/alloc.h"
#include "src/store/pay_refunds.h"
#include "tests/fault/tally.h"
#include "tests/lab/courier.h"
#include "tests/lab/crew.h"
#include "tests/lab/phones.h"
#include "tests/lab/synced.h"
#include "tests/unit/shop.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIMIT_MS (3 * 3600000LL)    /* of the clock, for one payment to end */
#define A_SHOP   200                /* payments; then another shop is founded, so that the books to be read stay small */

struct trial {
	struct tally tally;
	struct courier courier;
	struct shop *shop;
	struct chance chance;
	char *place, *settings;
	long payments, looked, cancels, refunds;
	struct phones_sum sum;
};

#define CHECK(holds, ...) tally_check(&t->tally, holds, __VA_ARGS__)

static void must(bool holds, const char *what)
{
	if (holds)
		return;
	printf("pay_first: %s\n0 passed, 1 failed\n", what);
	exit(1);
}

static void obey(void *self, const char *line)
{
	must(courier_obey(&((struct trial *)self)->courier, line, NULL, 0), line);
}

/* ---- at the door ---- */

/* A number of ours as src/store/payment_number.h makes them: P, R or C, till, day, row, six signs; or NULL. */
static const char *next_number(const char *text, const char *end, char number[40])
{
	static const char signs[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

	for (; text < end; text++) {
		if (*text == '%' && end - text > 2)
			text += 3;    /* a quote mark in Alipay's form */
		size_t length = strspn(text, signs);

		if (length >= 21 && length < 33 && strchr("PRC", *text) && strspn(text + 1, "0123456789") >= 14) {
			snprintf(number, 40, "%.*s", (int)length, text);
			return text + length;
		}
		if (length > 0)
			text += length - 1;
	}
	return NULL;
}

static void look_up(struct trial *t, const char *number)
{
	int64_t row = 0;

	switch (number[0]) {
	case 'P':
		CHECK(synced_number("SELECT count(*) FROM payment WHERE number = :number AND state <> 'new' AND sent_at <> 0", number) == 1,
		      "request %ld is about %s, which is not on the disk as sent", t->looked, number);
		break;
	case 'R':
		t->refunds++;
		CHECK(synced_number("SELECT count(*) FROM pay_refund WHERE number = :number AND state <> 'new'", number) == 1,
		      "request %ld is about refund %s, which is not on the disk as under way", t->looked, number);
		break;
	default:
		/* of a revocation: its payment's row is in it */
		t->cancels++;
		must(sscanf(number + 9, "%6lld", (long long *)&row) == 1, "a revocation's number has no row");
		CHECK(synced_number("SELECT count(*) FROM payment WHERE id = CAST(substr(:number, 10, 6) AS INTEGER) AND state IN ('cancelling', 'paid')", number) == 1,
		      "request %ld revokes the payment of row %lld, which is not on the disk as being taken back", t->looked, (long long)row);
	}
}

/* Whether it takes money back: then its payment stands as being taken back. */
static bool is_taking_back(const struct zg_http_request *request, const char *body)
{
	return strstr(request->url, "/reverse") || strstr(request->url, "/close") || strstr(body, "alipay.trade.cancel");
}

static void leaving(void *self, const struct zg_http_request *request)
{
	struct trial *t = self;
	const char *texts[] = { request->url, zg_buffer_text(&request->body) };
	char number[40], payment[40] = "";
	int found = 0;

	t->looked++;
	for (int i = 0; i < 2; i++) {
		const char *at = texts[i], *end = at + strlen(at);

		while ((at = next_number(at, end, number)) != NULL) {
			found++;
			if (number[0] == 'P')
				snprintf(payment, sizeof(payment), "%s", number);
			look_up(t, number);
		}
	}
	CHECK(found > 0, "request %ld names no order: %s", t->looked, request->url);
	if (!is_taking_back(request, texts[1]))
		return;
	t->cancels++;
	CHECK(synced_number("SELECT count(*) FROM payment WHERE number = :number AND state = 'cancelling'", payment) == 1,
	      "request %ld takes %s back, which is not on the disk as being taken back", t->looked, payment);
}

/* ---- the shop ---- */

static void open_shop(struct trial *t)
{
	size_t count;

	t->shop = shop_begin(t->settings);
	shop_close(t->shop);
	t->shop->clock = t->courier.clock;
	t->shop->payers = zg_pay_drivers(&count);
	synced_begin(t->shop->home, t->place);
	must(shop_open(t->shop) == ZG_OK, t->shop->err.text);
	must(shop_sign_in(t->shop, "lin") == ZG_OK && shop_do(t->shop, "shift.open", "{s:i}", "float_fen", 0) == ZG_OK, t->shop->err.text);
	t->courier.loops[0] = t->shop->loop;
	t->courier.loop_count = 1;
	courier_go(&t->courier, t->courier.now_ms + 2000);    /* the start's own checkpoint */
}

static void close_shop(struct trial *t, size_t from)
{
	const struct zg_buffer *lines = &t->courier.gate->ledger.lines;
	struct phones phones = { 0 };

	phones_read(&phones, zg_buffer_text(lines) + from, lines->length - from);
	phones_compare(&phones, zg_till_store(t->shop->till), false, &t->tally, &t->sum);
	phones_compare_rest(&phones, &t->tally);
	phones_clear(&phones);
	shop_end(t->shop);
	synced_end();
}

static struct zg_payment payment_of(struct trial *t, int64_t id)
{
	struct zg_payment payment = { .id = 0 };

	must(zg_payments_find(zg_till_store(t->shop->till), id, &payment, NULL) == ZG_OK, "a payment is not in the books");
	return payment;
}

static bool is_over(struct trial *t, int64_t id)
{
	struct zg_pay_refund *refunds = NULL;
	size_t count = 0;

	must(zg_pay_refunds_open(zg_till_store(t->shop->till), &refunds, &count, NULL) == ZG_OK, "the books cannot be read");
	free(refunds);
	return count == 0 && zg_pay_state_is_final(payment_of(t, id).attempt.state);
}

static void wait_until_over(struct trial *t, int64_t id)
{
	int64_t until = t->courier.now_ms + LIMIT_MS;

	while (!is_over(t, id) && t->courier.now_ms < until)
		courier_next(&t->courier, until);
	struct zg_payment payment = payment_of(t, id);

	CHECK(is_over(t, id), "%s, %s, %s, has no end: %s", payment.number, payment.way == ZG_WAY_SHOWN ? "shown" : "by code", zg_channel_name(payment.channel),
	      zg_pay_state_name(payment.attempt.state));
}

/* Two people give the sale up while nobody knows: what comes then goes back. */
static void give_up(struct trial *t, int64_t id)
{
	courier_go(&t->courier, t->courier.now_ms + chance_between(&t->chance, 10, 20000));
	if (zg_till_sale_id(t->shop->till) == 0)
		return;
	if (!zg_pay_state_is_final(payment_of(t, id).attempt.state))
		CHECK(shop_do_as(t->shop, "lin", "ding", "pay.let_go", "{s:I}", "payment", (json_int_t)id) == ZG_OK, "let go: %s", t->shop->err.text);
	CHECK(shop_do_as(t->shop, "ding", NULL, "sale.void", "{s:s}", "reason", "gone") == ZG_OK, "void: %s", t->shop->err.text);
}

static void one(struct trial *t)
{
	char code[64];
	bool is_shown = chance_between(&t->chance, 0, 3) == 0;

	obey(t, phones_plan(&t->chance));
	must(courier_obey(&t->courier, phones_code(&t->chance), code, sizeof(code)), "no code");
	must(shop_do(t->shop, "sale.add", "{s:s}", "code", chance_between(&t->chance, 0, 1) ? "1001" : "1003") == ZG_OK, t->shop->err.text);
	enum zg_result result = is_shown ? shop_do(t->shop, "pay.show", "{s:s}", "wallet", chance_between(&t->chance, 0, 1) ? "wechat" : "alipay")
					 : shop_do(t->shop, "pay.code", "{s:s}", "code", code);

	t->payments++;
	if (!CHECK(result == ZG_OK, "a payment does not begin: %s", t->shop->err.text))
		return;
	int64_t id = shop_integer(t->shop, "payment");

	if (chance_between(&t->chance, 0, 9) == 0)
		CHECK(shop_do(t->shop, "pay.cancel", "{s:I}", "payment", (json_int_t)id) == ZG_OK || zg_pay_state_is_final(payment_of(t, id).attempt.state),
		      "cancel: %s", t->shop->err.text);
	if (chance_between(&t->chance, 0, 9) == 0)
		give_up(t, id);
	wait_until_over(t, id);
	if (zg_till_sale_id(t->shop->till) != 0)
		CHECK(shop_do(t->shop, "sale.pay", "{s:i}", "tendered_fen", 10000) == ZG_OK, "cash: %s", t->shop->err.text);
}

int main(void)
{
	struct trial trial = { .chance = chance_begin_at(8) }, *t = &trial;
	long count = chance_rounds(400);

	setlocale(LC_ALL, "C.UTF-8");
	zg_json_start();
	printf("pay_first: ZG_SEED=%llu, %ld requests\n", (unsigned long long)t->chance.seed, count);
	t->place = crew_place();
	setenv("TMPDIR", t->place, 1);
	char *keys = zg_print("%s/gate", t->place);

	courier_open(&t->courier, keys, t->chance.seed);
	t->courier.up_ms = t->courier.down_ms = 40;
	t->courier.leaving = leaving;
	t->courier.self = t;
	t->settings = courier_settings(keys);
	phones_spoil(obey, t);
	while (t->looked < count && t->tally.failed < 20) {
		size_t from = t->courier.gate->ledger.lines.length;

		open_shop(t);
		for (int i = 0; i < A_SHOP && t->looked < count && t->tally.failed < 20; i++)
			one(t);
		close_shop(t, from);
	}
	printf("figure: %ld requests of %ld payments, each on the disk first; %ld that take back, %ld about refunds; %ld syncs\n", t->looked, t->payments,
	       t->cancels, t->refunds, synced_count());
	printf("figure: %ld paid, %ld not, %ld given back because they came too late, %ld to be settled by hand\n", t->sum.paid, t->sum.unpaid, t->sum.late,
	       t->sum.manual);
	CHECK(t->looked == t->courier.requests && (count < 5000 || (t->cancels > 0 && t->refunds > 0)), "not every kind of request was met");
	courier_close(&t->courier);
	crew_leave(t->place);
	free(keys);
	free(t->settings);
	return tally_end(&t->tally);
}
