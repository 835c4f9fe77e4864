/*
 * The till's drivers at the simulator's doors, without sockets: two readings of one manual, which must agree when all is well; and when
 * something is wrong, no driver may say "paid" of what no phone was charged.
 */
#include "drivers/drivers.h"
#include "tests/sim/gate_bench.h"

#include "src/base/alloc.h"
#include "src/io/pay.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS 100

static struct gate_bench bench;

struct shop {
	const struct zg_pay_driver *driver;
	struct zg_pay_keys *keys;
	struct zg_pay_answer answer;    /* of the last call */
	int base;                       /* base: where its order numbers begin */
};

static void open_bench(void)
{
	gate_bench_open(&bench, GATE_BEGIN);
}

static void close_bench(void)
{
	gate_bench_close(&bench);
}

TestSuite(gate_drivers, .init = open_bench, .fini = close_bench);

static char *fixture_text(const char *name)
{
	char *path = zg_print("%s/%s", GATE_FIXTURES, name), *text = zg_alloc(8192, 1);
	FILE *file = fopen(path, "re");

	cr_assert(file != NULL, "%s", path);
	text[fread(text, 1, 8191, file)] = '\0';
	fclose(file);
	free(path);
	return text;
}

/* codepay: payment codes by v3, which only WeChat has a switch for. */
static void open_shop(struct shop *shop, const struct zg_pay_driver *driver, bool codepay)
{
	char *key = fixture_text("TEST_ONLY_merchant_private_pkcs8.der.b64"), *public_key = fixture_text("TEST_ONLY_platform_public.pem");
	char *platform = fixture_text("TEST_ONLY_platform_certificate.pem");
	struct zg_error err = { .text = "" };
	struct zg_pay_account account = { .url = { "http://127.0.0.1:1" }, .key_pem = key, .public_key_pem = public_key, .platform_pem = platform,
					  .serial = bench.shop->serial, .notify_url = "https://www.example.com/notify", .request_ip = "192.0.2.10",
					  .api2_key = bench.shop->apiv2_key, .api3_key = bench.shop->apiv3_key, .public_key_id = bench.shop->public_key_id, .codepay = codepay };

	*shop = (struct shop){ .driver = driver, .base = codepay ? 50000 : 0 };
	switch (driver->channel) {
	case ZG_CHANNEL_WECHAT:
		account.appid = bench.shop->wechat_appid;
		account.merchant = bench.shop->mchid;
		break;
	case ZG_CHANNEL_ALIPAY:
		account.url[0] = "http://127.0.0.1:1/gateway.do";
		account.appid = bench.shop->alipay_app_id;
		break;
	case ZG_CHANNEL_LAKALA:
		account.appid = bench.shop->lakala_appid;
		account.merchant = bench.shop->merchant_no;
		account.terminal = bench.shop->term_no;
		break;
	}
	cr_assert(driver->open(&account, &shop->keys, &err) == ZG_OK, "%s: %s", driver->name, err.text);
	free(key);
	free(public_key);
	free(platform);
}

static void close_shop(struct shop *shop)
{
	shop->driver->close(shop->keys);
}

/* ---- one call ---- */

static void answer_to(struct gate_reply *reply, struct zg_http_reply *heard)
{
	*heard = (struct zg_http_reply){ .end = reply->wire == GATE_WHOLE && reply->hold_ms == 0 ? ZG_HTTP_WHOLE : ZG_HTTP_LOST };
	if (heard->end != ZG_HTTP_WHOLE)
		return;
	heard->status = reply->status;
	zg_buffer_add(&heard->head, zg_buffer_text(&reply->head), reply->head.length);
	zg_buffer_add(&heard->body, zg_buffer_text(&reply->body), reply->body.length);
	heard->date_ms = bench.now_ms;
}

static enum zg_pay_says call(struct shop *shop, enum zg_pay_call what, const struct zg_pay_order *order)
{
	char nonce[ZG_PAY_NONCE];
	struct zg_pay_moment moment = { .now_ms = bench.now_ms, .nonce = nonce };
	struct zg_http_request request = { 0 };
	struct zg_http_reply heard;
	struct zg_error err = { .text = "" };
	struct zg_buffer head = { 0 };

	snprintf(nonce, sizeof(nonce), "%032d", ++bench.nonces);
	cr_assert(shop->driver->build(shop->keys, what, order, &moment, &request, &err) == ZG_OK, "%s: %s", shop->driver->name, err.text);
	for (size_t i = 0; i < request.header_count; i++)
		zg_buffer_print(&head, "%s\n", request.headers[i]);
	gate_bench_send(&bench, &(struct gate_request){ .method = request.method, .target = strchr(request.url + 8, '/'), .head = zg_buffer_text(&head),
							.body = zg_buffer_text(&request.body), .length = request.body.length });
	answer_to(&bench.reply, &heard);
	memset(&shop->answer, 0, sizeof(shop->answer));
	shop->driver->read(shop->keys, what, order, bench.now_ms, &heard, &shop->answer);
	zg_buffer_clear(&head);
	zg_http_request_clear(&request);
	zg_http_reply_clear(&heard);
	return shop->answer.says;
}

/* "Paid", as the till means it. */
static bool is_paid(const struct zg_pay_answer *answer, const struct zg_pay_order *order)
{
	return answer->says == ZG_SAYS_PAID && answer->proof == ZG_PROVED_VERIFIED && answer->is_ours && answer->amount_fen == order->amount_fen &&
	       strcmp(answer->number, order->number) == 0;
}

/* The texts live in `names`. */
struct names { char number[33], code[32], refund[33], cancel[33]; };

static struct zg_pay_order order_of(const struct shop *shop, int i, enum zg_pay_way way, struct names *names)
{
	struct zg_buffer code = { 0 };

	snprintf(names->number, sizeof(names->number), "POS01_2026%d_%07d", shop->driver->channel, shop->base + i);
	snprintf(names->refund, sizeof(names->refund), "POS01_2026%d_R%06d", shop->driver->channel, shop->base + i);
	snprintf(names->cancel, sizeof(names->cancel), "POS01_2026%d_V%06d", shop->driver->channel, shop->base + i);
	cr_assert(gate_obey(bench.gate, shop->driver->channel == ZG_CHANNEL_ALIPAY || way == ZG_WAY_SHOWN ? "code alipay" : "code wechat", &code));
	snprintf(names->code, sizeof(names->code), "%.*s", (int)code.length - 1, code.bytes);
	zg_buffer_clear(&code);
	return (struct zg_pay_order){
		.way = way, .wallet = shop->driver->channel == ZG_CHANNEL_ALIPAY || way == ZG_WAY_SHOWN ? ZG_WALLET_ALIPAY : ZG_WALLET_WECHAT,
		.number = names->number, .channel_no = "", .amount_fen = 1000 + i, .code = names->code, .title = "小满便利店", .cancel_no = names->cancel,
		.refund_no = names->refund, .refund_fen = 300, .reason = "顾客退货", .begun_at = bench.now_ms, .expires_at = bench.now_ms + 300000,
	};
}

/* ---- when all is well ---- */

static void try_paid(struct shop *shop, int i)
{
	struct names names;
	struct zg_pay_order order = order_of(shop, i, ZG_WAY_CODE, &names);
	const char *name = shop->driver->name;

	gate_bench_obey(&bench, "phone next pays");
	call(shop, ZG_CALL_CODE, &order);
	cr_expect(is_paid(&shop->answer, &order), "%s: %s", name, bench.reply.why);
	order.channel_no = names.number[0] ? zg_copy(shop->answer.channel_no) : NULL;
	call(shop, ZG_CALL_QUERY, &order);
	cr_expect(is_paid(&shop->answer, &order), "%s: %s", name, bench.reply.why);
	gate_bench_pass(&bench, 20000);
	enum zg_pay_says says = call(shop, ZG_CALL_REFUND, &order);
	bool is_refunding = says == ZG_SAYS_REFUNDED || says == ZG_SAYS_REFUNDING;

	cr_expect(is_refunding, "%s: %s %s", name, zg_pay_says_name(says), bench.reply.why);
	gate_bench_pass(&bench, 5000);
	cr_expect(eq(int, call(shop, ZG_CALL_REFUND_QUERY, &order), ZG_SAYS_REFUNDED), "%s: %s", name, bench.reply.why);
	cr_expect(eq(long, (long)shop->answer.refund_fen, 300), "%s", name);
	cr_expect(eq(long, gate_charged(&bench, order.number), 1000 + i - 300), "%s", name);
	free((char *)(uintptr_t)order.channel_no);
}

static void try_cancelled(struct shop *shop, int i, const char *plan, bool pays)
{
	struct names names;
	struct zg_pay_order order = order_of(shop, i, ZG_WAY_CODE, &names);
	const char *name = shop->driver->name;

	gate_bench_obey(&bench, plan);
	call(shop, ZG_CALL_CODE, &order);
	cr_expect(not(is_paid(&shop->answer, &order)), "%s", name);
	gate_bench_pass(&bench, 20000);
	enum zg_pay_says says = call(shop, ZG_CALL_CANCEL, &order);

	/* Lakala's answer says that it was done; how the payment stands is the query's to say */
	bool is_cancelled = says == ZG_SAYS_CANCELLED || says == ZG_SAYS_CLOSED || (says == ZG_SAYS_DONE && shop->driver->channel == ZG_CHANNEL_LAKALA);

	cr_expect(is_cancelled, "%s: %s %s", name, zg_pay_says_name(says), bench.reply.why);
	says = call(shop, ZG_CALL_QUERY, &order);
	bool is_open = says == ZG_SAYS_WAITING || says == ZG_SAYS_NOT_PAID;

	cr_expect(not(is_open), "%s: %s", name, zg_pay_says_name(says));
	cr_expect(eq(int, gate_charges(&bench, order.number), pays), "%s", name);
	cr_expect(eq(long, gate_charged(&bench, order.number), 0), "%s", name);
}

static void try_shown(struct shop *shop, int i)
{
	struct names names;
	struct zg_pay_order order = order_of(shop, i, ZG_WAY_SHOWN, &names);

	gate_bench_obey(&bench, "phone next pays-after 4000");
	cr_expect(eq(int, call(shop, ZG_CALL_SHOW, &order), ZG_SAYS_SHOWN), "%s: %s", shop->driver->name, bench.reply.why);
	cr_expect(strstr(shop->answer.url, "://") != NULL);
	call(shop, ZG_CALL_QUERY, &order);
	cr_expect(not(is_paid(&shop->answer, &order)));
	gate_bench_pass(&bench, 4000);
	call(shop, ZG_CALL_QUERY, &order);
	cr_expect(is_paid(&shop->answer, &order), "%s: %s", shop->driver->name, bench.reply.why);
}

static void try_all(struct shop *shop)
{
	try_paid(shop, 1);
	try_cancelled(shop, 2, "phone next vanishes", false);
	try_cancelled(shop, 3, "phone next pays-at-cancel", true);
	try_shown(shop, 4);
}

/* Each driver; WeChat's once more with payment codes by v3. */
static int each_shop(void (*try)(struct shop *shop))
{
	size_t count;
	const struct zg_pay_driver *const *drivers = zg_pay_drivers(&count);
	int tried = 0;

	for (size_t d = 0; d < count * 2; d++) {
		const struct zg_pay_driver *driver = drivers[d % count];
		struct shop shop;

		if (d >= count && driver->channel != ZG_CHANNEL_WECHAT)
			continue;
		open_shop(&shop, driver, d >= count);
		try(&shop);
		close_shop(&shop);
		tried++;
	}
	return tried;
}

Test(gate_drivers, agree_with_the_gateways_when_all_is_well)
{
	cr_expect(each_shop(try_all) >= 2);
}

/* ---- when it is not ---- */

/* By lot: a customer, and a fault for the payment and for each query. What the driver then believes is held against the ledger. */
static int wrong_rounds(struct shop *shop)
{
	static const char *const faults[] = {
		"drop-before", "drop-after", "truncate", "error-before", "error-after", "busy-before", "busy-after", "rate", "duplicate", "replay", "unsigned",
		"bad-signature", "probe", "wrong-serial", "stale", "altered", "wrong-amount", "wrong-merchant", "wrong-number", "hostile-text", "broken-utf8",
		"text-numbers", "html", "redirect",
	};
	int believed = 0;

	gate_bench_obey(&bench, "phone random");
	for (int i = 0; i < ROUNDS; i++) {
		struct names names;
		struct zg_pay_order order = order_of(shop, 1000 + i, ZG_WAY_CODE, &names);
		bool paid = false;

		for (int step = 0; step < 4; step++) {
			char *line = zg_print("fault any any %s", faults[gate_lot(bench.gate, sizeof(faults) / sizeof(faults[0]))]);

			gate_bench_obey(&bench, "fault off");
			if (gate_lot(bench.gate, 2))
				gate_bench_obey(&bench, line);
			call(shop, step == 0 ? ZG_CALL_CODE : ZG_CALL_QUERY, &order);
			paid = paid || is_paid(&shop->answer, &order);
			bool wrong = is_paid(&shop->answer, &order) && gate_charges(&bench, order.number) != 1;

			cr_expect(not(wrong), "%s, round %d: %s", shop->driver->name, i, line);
			gate_bench_pass(&bench, 5000);
			free(line);
		}
		believed += paid;
		cr_expect(gate_charges(&bench, order.number) <= 1);
	}
	return believed;
}

static void try_wrong(struct shop *shop)
{
	int believed = wrong_rounds(shop);

	cr_expect(believed > ROUNDS / 3, "%s: most are paid all the same, and that is believed: %d", shop->driver->name, believed);
}

Test(gate_drivers, believe_no_payment_that_no_phone_was_charged)
{
	cr_expect(each_shop(try_wrong) >= 2);
}
