#include "drivers/pay/lakala.h"

#include "drivers/drivers.h"
#include "src/base/alloc.h"
#include "tests/unit/pay_bench.h"
#include "tests/unit/vectors.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

static struct pay_bench bench;

static void set_up(void)
{
	bench_open(&bench, &zg_pay_lakala);
}

static void tear_down(void)
{
	bench_close(&bench);
}

TestSuite(lakala, .init = set_up, .fini = tear_down);

/* What the vectors ask for, in our words. */
static bool order_for(const char *name, struct zg_pay_order *order, enum zg_pay_call *call)
{
	*order = bench_order(ZG_WAY_CODE);
	if (strcmp(name, "micropay") == 0) {
		*call = ZG_CALL_CODE;
		order->code = "130061098828009406";
		order->title = "门店-拿铁";
	} else if (strcmp(name, "preorder_alipay_native") == 0) {
		*call = ZG_CALL_SHOW;
		order->way = ZG_WAY_SHOWN;
		order->number = "POS01_20260401_000019";
		order->amount_fen = 1;
		order->title = "收银台 A&B";
	} else if (strcmp(name, "tradequery") == 0) {
		*call = ZG_CALL_QUERY;
	} else if (strcmp(name, "revoked") == 0) {
		*call = ZG_CALL_CANCEL;
	} else if (strcmp(name, "close") == 0) {
		*call = ZG_CALL_CANCEL;
		order->way = ZG_WAY_SHOWN;
		order->number = "POS01_20260401_000019";
	} else if (strcmp(name, "refund") == 0) {
		*call = ZG_CALL_REFUND;
		order->refund_fen = 1;
	} else {
		return false;
	}
	return true;
}

/* Byte for byte. The vector of the refund was made for the older path, whose fields and signature are the same. */
Test(lakala, requests_are_those_of_lakalas_own_software)
{
	json_t *all = vector_json("lakala_requests.json"), *vector;
	size_t i, seen = 0;

	json_array_foreach(json_object_get(all, "requests"), i, vector) {
		const char *name = zg_json_string(vector, "name", ""), *url = zg_json_string(vector, "url", "");
		char *authorization = zg_print("Authorization: %s", zg_json_string(vector, "authorization", ""));
		struct zg_pay_order order;
		enum zg_pay_call call;
		struct zg_http_request request;
		struct zg_error err = { .text = "" };

		cr_assert(order_for(name, &order, &call), "%s", name);
		cr_assert(eq(int, bench_build(&bench, call, &order, &request, &err), ZG_OK), "%s: %s", name, err.text);
		cr_expect(eq(str, (char *)request.method, (char *)zg_json_string(vector, "method", "")));
		cr_expect(eq(str, request.url, (char *)(call == ZG_CALL_REFUND ? "https://test.wsmsd.cn/sit/api/v3/rfd/refund_front/refund" : url)));
		cr_expect(eq(str, (char *)zg_buffer_text(&request.body), (char *)zg_json_string(vector, "body", "")));
		cr_assert(eq(sz, request.header_count, 3));
		cr_expect(eq(str, request.headers[0], "Content-Type: application/json;charset=UTF-8"));
		cr_expect(eq(str, request.headers[2], authorization));
		zg_http_request_clear(&request);
		free(authorization);
		seen++;
	}
	cr_expect(eq(sz, seen, 6));
	json_decref(all);
}

static json_t *data_of(enum zg_pay_call call, const struct zg_pay_order *order)
{
	struct zg_http_request request;
	struct zg_error err = { .text = "" };
	json_t *whole, *data;

	cr_assert(eq(int, bench_build(&bench, call, order, &request, &err), ZG_OK), "%s", err.text);
	whole = zg_json_parse(request.body.bytes, request.body.length);
	data = json_incref(json_object_get(whole, "req_data"));
	cr_assert(data != NULL);
	json_decref(whole);
	zg_http_request_clear(&request);
	return data;
}

static void expect_member(const json_t *object, const char *key, const char *wanted)
{
	cr_expect(eq(str, (char *)zg_json_string(object, key, "(none)"), (char *)wanted), "%s", key);
}

Test(lakala, a_refund_names_its_payment_twice_when_it_can)
{
	struct zg_pay_order order = bench_order(ZG_WAY_CODE);
	json_t *data;

	order.channel_no = "20260401110113130266215098123456";
	data = data_of(ZG_CALL_REFUND, &order);
	expect_member(data, "out_trade_no", "POS01_20260401_R00001");
	expect_member(data, "refund_amount", "500");
	expect_member(data, "origin_out_trade_no", "POS01_20260401_000018");
	expect_member(data, "origin_trade_no", "20260401110113130266215098123456");
	json_decref(data);
	data = data_of(ZG_CALL_REFUND_QUERY, &order);
	expect_member(data, "out_trade_no", "POS01_20260401_R00001");
	cr_expect(eq(sz, json_object_size(data), 3));
	json_decref(data);
	data = data_of(ZG_CALL_CHECK, &(struct zg_pay_order){ 0 });
	expect_member(data, "out_trade_no", "ZHANGGUI_CHECK");
	json_decref(data);
}

/* Long texts are cut at a whole character, an order's life at what Lakala allows. */
Test(lakala, fields_keep_to_lakalas_limits)
{
	struct zg_pay_order order = bench_order(ZG_WAY_SHOWN);
	json_t *data;

	order.title = "很长很长很长很长很长很长很长很长很长的店名";
	order.reason = "很长很长很长很长很长很长的理由";
	order.wallet = ZG_WALLET_UNIONPAY;
	order.expires_at = order.begun_at + 3600000;
	data = data_of(ZG_CALL_SHOW, &order);
	cr_expect(eq(sz, strlen(zg_json_string(data, "subject", "")), 42));
	expect_member(data, "account_type", "UQRCODEPAY");
	expect_member(json_object_get(data, "acc_busi_fields"), "timeout_express", "15");
	json_decref(data);
	data = data_of(ZG_CALL_REFUND, &order);
	cr_expect(eq(sz, strlen(zg_json_string(data, "refund_reason", "")), 30));
	json_decref(data);
}

Test(lakala, only_some_wallets_have_a_code_to_show)
{
	for (enum zg_wallet wallet = ZG_WALLET_NONE; wallet < ZG_WALLETS; wallet++) {
		struct zg_pay_order order = bench_order(ZG_WAY_SHOWN);
		struct zg_http_request request;
		struct zg_error err = { .text = "" };
		bool is_shown = wallet == ZG_WALLET_ALIPAY || wallet == ZG_WALLET_UNIONPAY;

		order.wallet = wallet;
		cr_expect(eq(int, bench_build(&bench, ZG_CALL_SHOW, &order, &request, &err), is_shown ? ZG_OK : ZG_USAGE), "%d", wallet);
		cr_expect(eq(int, err.text[0] != '\0', !is_shown));
		if (wallet == ZG_WALLET_WECHAT)
			cr_expect(strstr(err.text, "WeChat") && strstr(err.text, "Scan the code on the customer's phone"), "%s", err.text);
		zg_http_request_clear(&request);
	}
}

Test(lakala, what_it_cannot_take_is_refused_before_it_leaves)
{
	struct zg_pay_order good = bench_order(ZG_WAY_CODE), bad[12];
	enum zg_pay_call calls[12];
	size_t count = 0;
	struct zg_http_request request;
	struct zg_error err = { .text = "" };

#define BAD(which, member, value) do { bad[count] = good; bad[count].member = value; calls[count++] = which; } while (0)
	BAD(ZG_CALL_CODE, number, NULL);
	BAD(ZG_CALL_CODE, amount_fen, -5);
	BAD(ZG_CALL_CODE, code, "");
	BAD(ZG_CALL_CODE, title, NULL);
	BAD(ZG_CALL_CANCEL, cancel_no, "");
	BAD(ZG_CALL_CANCEL, cancel_no, NULL);
	BAD(ZG_CALL_REFUND, refund_fen, 0);
	BAD(ZG_CALL_BILL, day, "2026-03-31");
	BAD(ZG_CALL_BILL_FILE, bill_url, "https://example.com");
	BAD(ZG_CALL_KEYS, day, "");
	for (size_t i = 0; i < count; i++) {
		cr_expect(eq(int, bench_build(&bench, calls[i], &bad[i], &request, &err), ZG_USAGE), "%zu", i);
		cr_expect(request.url == NULL && request.body.length == 0);
	}
}

Test(lakala, an_account_that_cannot_work_says_what_is_wrong)
{
	struct zg_pay_account good = bench_account(ZG_CHANNEL_LAKALA), bad;
	char *own = vector_pem("merchant_certificate"), *both;
	struct zg_pay_keys *keys = NULL;
	struct zg_error err = { .text = "" };

#define REFUSED(member, value, word) do { bad = good; bad.member = value; \
	cr_expect(eq(int, zg_pay_lakala.open(&bad, &keys, &err), ZG_USAGE)); cr_expect(keys == NULL); \
	cr_expect(strstr(err.text, word) != NULL, "\"%s\" does not say \"%s\"", err.text, word); } while (0)
	REFUSED(url[0], "", "url");
	REFUSED(appid, NULL, "appid");
	REFUSED(serial, NULL, "serial");
	REFUSED(serial, "1D:DE", "without colons");
	REFUSED(merchant, NULL, "merchant_no");
	REFUSED(terminal, NULL, "term_no");
	REFUSED(key_pem, "hello", "[pay.lakala] key");
	REFUSED(platform_pem, NULL, "platform_cert");
	REFUSED(platform_pem, "hello", "[pay.lakala] platform_cert");
	REFUSED(platform_pem, own, "own certificate");
	both = zg_print("%s%s", good.platform_pem, own);
	REFUSED(platform_pem, both, "own certificate");
	zg_pay_lakala.close(NULL);
	free(both);
	free(own);
	bench_account_clear(&good);
}

Test(lakala, without_an_address_of_its_own_the_till_tells_loopback)
{
	struct zg_pay_account account = bench_account(ZG_CHANNEL_LAKALA);
	struct zg_pay_keys *keys = NULL, *before = bench.keys;
	struct zg_pay_order order = bench_order(ZG_WAY_CODE);
	json_t *data;

	account.request_ip = NULL;
	account.url[1] = "https://other.example.com";
	cr_assert(eq(int, zg_pay_lakala.open(&account, &keys, NULL), ZG_OK));
	bench.keys = keys;
	data = data_of(ZG_CALL_CODE, &order);
	expect_member(json_object_get(data, "location_info"), "request_ip", "127.0.0.1");
	json_decref(data);
	bench.keys = before;
	zg_pay_lakala.close(keys);
	bench_account_clear(&account);
}

Test(lakala, times_are_those_of_its_documents)
{
	const struct zg_pay_times *code = zg_pay_lakala.times(ZG_WAY_CODE), *shown = zg_pay_lakala.times(ZG_WAY_SHOWN);

	cr_expect(eq(int, code->queries_s[0], 5));
	cr_expect(eq(int, code->queries_s[6], 60));
	cr_expect(eq(int, code->queries_s[7], 0));
	cr_expect(eq(int, code->cancel_from_s, 15));
	cr_expect(eq(int, code->cancel_s, 60));
	cr_expect(eq(int, code->total_s, 15));
	cr_expect(eq(int, shown->total_s, 10));
	cr_expect(eq(i64, code->cancel_until_s, 0));
}

Test(lakala, drivers_are_found_by_their_channel)
{
	size_t count = 0;
	const struct zg_pay_driver *const *drivers = zg_pay_drivers(&count);

	cr_expect(zg_pay_driver_find(ZG_CHANNEL_ALIPAY)->channel == ZG_CHANNEL_ALIPAY);
	cr_expect(zg_pay_driver_find(ZG_CHANNEL_LAKALA) == &zg_pay_lakala);
	cr_expect(zg_pay_driver_find((enum zg_channel)99) == NULL);
	cr_expect(drivers[count] == NULL);
	for (size_t i = 0; i < count; i++)
		cr_expect(eq(str, (char *)drivers[i]->name, (char *)zg_channel_name(drivers[i]->channel)));
}
