#include "drivers/pay/alipay.h"

#include "drivers/pay/alipay_private.h"
#include "src/base/alloc.h"
#include "tests/unit/chance.h"
#include "tests/unit/pay_bench.h"
#include "tests/unit/vectors.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

static struct pay_bench bench;

static void set_up(void)
{
	bench_open(&bench, &zg_pay_alipay);
}

static void tear_down(void)
{
	bench_close(&bench);
}

TestSuite(alipay, .init = set_up, .fini = tear_down);

/* -- requests */

static void expect_request(const json_t *vector, const struct zg_http_request *request)
{
	char *url = zg_print("https://openapi.alipay.com/gateway.do?%s", zg_json_string(vector, "query_string", ""));
	char *type = zg_print("Content-Type: %s", zg_json_string(vector, "content_type", ""));

	cr_expect(eq(str, (char *)request->method, "POST"));
	cr_expect(eq(str, request->url, url));
	cr_expect(eq(str, (char *)zg_buffer_text(&request->body), (char *)zg_json_string(vector, "form_body", "")));
	cr_assert(eq(sz, request->header_count, 1));
	cr_expect(eq(str, request->headers[0], type));
	free(url);
	free(type);
}

/* Every vector, byte for byte: what is signed, its signature, and what goes over the wire. */
Test(alipay, requests_are_those_of_alipays_own_software)
{
	json_t *all = vector_json("alipay_requests.json"), *vector, *value;
	size_t i, seen = 0;
	const char *key;

	json_array_foreach(json_object_get(all, "requests"), i, vector) {
		struct zg_alipay_param params[12];
		struct zg_http_request request = { 0 };
		size_t count = 0;

		json_object_foreach(json_object_get(vector, "params"), key, value)
			if (strcmp(key, "biz_content") != 0)
				params[count++] = (struct zg_alipay_param){ key, json_string_value(value) };
		zg_alipay_request(bench.merchant, "https://openapi.alipay.com/gateway.do", params, count,
				  zg_json_string(json_object_get(vector, "params"), "biz_content", ""), &request);
		expect_request(vector, &request);
		zg_http_request_clear(&request);
		seen++;
	}
	cr_expect(eq(sz, seen, 9));
	json_decref(all);
}

/* The calls whose fields are ours alone are those of the vectors as the driver itself builds them. */
Test(alipay, orders_become_those_requests)
{
	static const struct {
		const char *name;
		enum zg_pay_call call;
	} calls[] = {
		{ "trade_query", ZG_CALL_QUERY }, { "trade_cancel", ZG_CALL_CANCEL }, { "trade_refund", ZG_CALL_REFUND },
		{ "refund_query", ZG_CALL_REFUND_QUERY }, { "bill_url", ZG_CALL_BILL },
	};
	json_t *all = vector_json("alipay_requests.json"), *vector;
	size_t i, seen = 0;

	json_array_foreach(json_object_get(all, "requests"), i, vector) {
		for (size_t k = 0; k < sizeof(calls) / sizeof(calls[0]); k++) {
			struct zg_pay_order order = bench_order(ZG_WAY_CODE);
			struct zg_http_request request;

			if (strcmp(calls[k].name, zg_json_string(vector, "name", "")) != 0)
				continue;
			cr_assert(eq(int, bench_build(&bench, calls[k].call, &order, &request, NULL), ZG_OK));
			expect_request(vector, &request);
			zg_http_request_clear(&request);
			seen++;
		}
	}
	cr_expect(eq(sz, seen, 5));
	json_decref(all);
}

/* The business fields of a request, from its form. */
static json_t *fields(enum zg_pay_call call, const struct zg_pay_order *order)
{
	struct zg_http_request request;
	struct zg_buffer plain = { 0 };
	struct zg_error err = { .text = "" };
	json_t *value;

	cr_assert(eq(int, bench_build(&bench, call, order, &request, &err), ZG_OK), "%s", err.text);
	cr_assert(strncmp(zg_buffer_text(&request.body), "biz_content=", 12) == 0);
	for (const char *c = request.body.bytes + 12; *c; c++) {
		char hex[3] = { c[1], c[1] ? c[2] : 0, 0 };

		zg_buffer_add_byte(&plain, *c == '+' ? ' ' : *c == '%' ? (unsigned char)strtoul(hex, NULL, 16) : (unsigned char)*c);
		c += *c == '%' ? 2 : 0;
	}
	value = zg_json_parse(plain.bytes, plain.length);
	cr_assert(value != NULL);
	zg_buffer_clear(&plain);
	zg_http_request_clear(&request);
	return value;
}

static void expect_member(const json_t *object, const char *key, const char *wanted)
{
	cr_expect(eq(str, (char *)zg_json_string(object, key, "(none)"), (char *)wanted), "%s", key);
}

Test(alipay, a_payment_by_code_names_amount_code_and_shop)
{
	struct zg_pay_order order = bench_order(ZG_WAY_CODE);
	json_t *biz;

	order.title = "好邻居/便利店 A&B=C, 二店";
	order.amount_fen = 10000000000LL;
	biz = fields(ZG_CALL_CODE, &order);
	expect_member(biz, "out_trade_no", "POS01_20260401_000018");
	expect_member(biz, "scene", "bar_code");
	expect_member(biz, "auth_code", "281234567890123456");
	expect_member(biz, "total_amount", "100000000.00");
	expect_member(biz, "subject", "好邻居 便利店 A B C  二店");
	expect_member(biz, "product_code", "FACE_TO_FACE_PAYMENT");
	expect_member(biz, "timeout_express", "5m");
	cr_expect(eq(sz, json_object_size(biz), 7));
	json_decref(biz);
}

/* The same order sent again, later, has the same fields: other ones would be refused, or be another payment. */
Test(alipay, a_shown_code_lives_as_long_as_the_order)
{
	static const struct {
		int64_t life_ms;
		const char *minutes;
	} lives[] = { { 1, "1m" }, { 60000, "1m" }, { 60001, "2m" }, { 300000, "5m" }, { 86400000, "120m" }, { -1, "1m" } };

	for (size_t i = 0; i < sizeof(lives) / sizeof(lives[0]); i++) {
		struct zg_pay_order order = bench_order(ZG_WAY_SHOWN);
		json_t *biz;

		order.begun_at = BENCH_NOW - 40000;
		order.expires_at = order.begun_at + lives[i].life_ms;
		biz = fields(ZG_CALL_SHOW, &order);
		expect_member(biz, "qr_code_timeout_express", lives[i].minutes);
		expect_member(biz, "timeout_express", lives[i].minutes);
		expect_member(biz, "total_amount", "12.34");
		expect_member(biz, "subject", "门店");
		cr_expect(json_object_get(biz, "auth_code") == NULL);
		json_decref(biz);
	}
}

Test(alipay, a_check_asks_for_an_order_of_nobody)
{
	json_t *biz = fields(ZG_CALL_CHECK, &(struct zg_pay_order){ 0 });

	expect_member(biz, "out_trade_no", "ZHANGGUI_CHECK");
	json_decref(biz);
}

Test(alipay, the_payment_code_is_in_the_body_alone)
{
	struct zg_pay_order order = bench_order(ZG_WAY_CODE);
	struct zg_http_request request;

	cr_assert(eq(int, bench_build(&bench, ZG_CALL_CODE, &order, &request, NULL), ZG_OK));
	cr_expect(strstr(request.url, order.code) == NULL);
	zg_http_request_clear(&request);
}

/* A bill's address holds the right to fetch it: no signature, no header of ours, and no plain http but to this machine. */
Test(alipay, a_bill_is_fetched_without_a_signature)
{
	static const char *const urls[][2] = {
		{ "https://dwbillcenter.alipay.com/f?t=1", "https://dwbillcenter.alipay.com/f?t=1" },
		{ "http://dwbillcenter.alipay.com/f?t=1", "https://dwbillcenter.alipay.com/f?t=1" },
		{ "http://127.0.0.1:8080/f?t=1", "http://127.0.0.1:8080/f?t=1" }, { "http://localhost:1/f", "http://localhost:1/f" },
		{ "http://[::1]:1/f", "http://[::1]:1/f" },
	};

	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		struct zg_pay_order order = { .bill_url = urls[i][0] };
		struct zg_http_request request;

		cr_assert(eq(int, bench_build(&bench, ZG_CALL_BILL_FILE, &order, &request, NULL), ZG_OK));
		cr_expect(eq(str, (char *)request.method, "GET"));
		cr_expect(eq(str, request.url, (char *)urls[i][1]));
		cr_expect(eq(sz, request.header_count, 0));
		cr_expect(eq(sz, request.body.length, 0));
		zg_http_request_clear(&request);
	}
}

Test(alipay, what_it_cannot_take_is_refused_before_it_leaves)
{
	struct zg_pay_order good = bench_order(ZG_WAY_CODE), bad[12];
	enum zg_pay_call calls[12];
	size_t count = 0;
	struct zg_http_request request;
	struct zg_error err = { .text = "" };

#define BAD(which, member, value) do { bad[count] = good; bad[count].member = value; calls[count++] = which; } while (0)
	BAD(ZG_CALL_CODE, number, "");
	BAD(ZG_CALL_QUERY, number, "no number");
	BAD(ZG_CALL_QUERY, number, "123456789012345678901234567890123");
	BAD(ZG_CALL_REFUND, refund_no, NULL);
	BAD(ZG_CALL_CODE, amount_fen, 0);
	BAD(ZG_CALL_CODE, amount_fen, 10000000001LL);
	BAD(ZG_CALL_REFUND, refund_fen, -1);
	BAD(ZG_CALL_CODE, code, "28123456789012345x");
	BAD(ZG_CALL_SHOW, title, "");
	BAD(ZG_CALL_BILL, day, "2026-02-30");
	BAD(ZG_CALL_BILL_FILE, bill_url, "ftp://dwbillcenter.alipay.com/");
	BAD(ZG_CALL_KEYS, day, "");
	for (size_t i = 0; i < count; i++) {
		cr_expect(eq(int, bench_build(&bench, calls[i], &bad[i], &request, &err), ZG_USAGE), "%zu", i);
		cr_expect(request.url == NULL && request.body.length == 0);
		cr_expect(err.text[0] != '\0');
	}
}

Test(alipay, an_account_that_cannot_work_says_what_is_wrong)
{
	struct zg_pay_account good = bench_account(ZG_CHANNEL_ALIPAY), bad;
	char *own = vector_pem("merchant_public");
	struct zg_pay_keys *keys = NULL;
	struct zg_error err = { .text = "" };

#define REFUSED(member, value, word) do { bad = good; bad.member = value; \
	cr_expect(eq(int, zg_pay_alipay.open(&bad, &keys, &err), ZG_USAGE)); cr_expect(keys == NULL); \
	cr_expect(strstr(err.text, word) != NULL, "\"%s\" does not say \"%s\"", err.text, word); } while (0)
	REFUSED(url[0], NULL, "url");
	REFUSED(appid, "", "app_id");
	REFUSED(key_pem, NULL, "key");
	REFUSED(key_pem, "hello", "[pay.alipay] key");
	REFUSED(public_key_pem, NULL, "alipay_public_key");
	REFUSED(public_key_pem, good.key_pem, "[pay.alipay] alipay_public_key");
	REFUSED(public_key_pem, own, "own public key");
	zg_pay_alipay.close(NULL);
	free(own);
	bench_account_clear(&good);
}

Test(alipay, the_second_address_is_used_when_it_is_asked_for)
{
	struct zg_pay_account account = bench_account(ZG_CHANNEL_ALIPAY);
	struct zg_pay_order order = bench_order(ZG_WAY_SHOWN);
	struct zg_pay_moment moment = bench_moment();

	moment.host = 1;
	account.notify_url = "https://www.example.com/notify/alipay";
	for (int i = 0; i < 2; i++) {
		struct zg_pay_keys *keys = NULL;
		struct zg_http_request request = { 0 };

		account.url[1] = i ? "https://other.example.com/gateway.do" : NULL;
		cr_assert(eq(int, zg_pay_alipay.open(&account, &keys, NULL), ZG_OK));
		cr_assert(eq(int, zg_pay_alipay.build(keys, ZG_CALL_SHOW, &order, &moment, &request, NULL), ZG_OK));
		cr_expect(strncmp(request.url, i ? "https://other." : "https://openapi.", 14) == 0);
		cr_expect(strstr(request.url, "&notify_url=https%3A%2F%2Fwww.example.com%2Fnotify%2Falipay&sign=") != NULL);
		zg_http_request_clear(&request);
		zg_pay_alipay.close(keys);
	}
	bench_account_clear(&account);
}

Test(alipay, times_are_those_of_its_documents)
{
	const struct zg_pay_times *code = zg_pay_alipay.times(ZG_WAY_CODE), *shown = zg_pay_alipay.times(ZG_WAY_SHOWN);

	cr_expect(eq(int, code->connect_s, 5));
	cr_expect(eq(int, code->total_s, 15));
	cr_expect(eq(int, shown->total_s, 10));
	cr_expect(eq(int, code->queries_s[3], 10));
	cr_expect(eq(int, code->queries_s[4], 0));
	cr_expect(eq(int, shown->queries_s[19], 60));
	cr_expect(eq(int, shown->queries_s[ZG_PAY_QUERIES - 1], 0));
	cr_expect(eq(int, code->cancel_from_s, 5));
	cr_expect(eq(int, code->cancel_s, 60));
	cr_expect(eq(i64, code->cancel_until_s, 86400));
}
