#include "drivers/pay/wechat.h"

#include "drivers/drivers.h"
#include "drivers/pay/wechat_private.h"
#include "src/base/alloc.h"
#include "src/base/xml.h"
#include "tests/unit/vectors.h"
#include "tests/unit/wechat_bench.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#define VECTOR_AT    1554208460000LL
#define VECTOR_NONCE "593BEC0C930BF1AFEB40B4A08C8FB242"

static struct pay_bench bench;

static void set_up(void)
{
	wechat_open(&bench, false, NULL);
}

static void tear_down(void)
{
	bench_close(&bench);
}

TestSuite(wechat, .init = set_up, .fini = tear_down);

Test(wechat, the_driver_is_found_by_its_channel)
{
	cr_expect(zg_pay_driver_find(ZG_CHANNEL_WECHAT) == &zg_pay_wechat);
	cr_expect(eq(str, (char *)zg_pay_wechat.name, (char *)zg_channel_name(ZG_CHANNEL_WECHAT)));
}

static const char *header(const struct zg_http_request *request, const char *name)
{
	for (size_t i = 0; i < request->header_count; i++)
		if (strncmp(request->headers[i], name, strlen(name)) == 0 && request->headers[i][strlen(name)] == ':')
			return request->headers[i] + strlen(name) + 2;
	return "(none)";
}

static void expect_header(const struct zg_http_request *request, const char *name, const char *wanted)
{
	cr_expect(eq(str, (char *)header(request, name), (char *)wanted), "%s", name);
}

/* -- v3 requests */

/* Every vector, byte for byte: what is signed is method, path, time, nonce and body as they go over the wire. */
Test(wechat, authorizations_are_those_of_wechats_software)
{
	json_t *all = vector_json("wechat_v3_requests.json"), *vector;
	size_t i;

	json_array_foreach(json_object_get(all, "requests"), i, vector) {
		struct zg_http_request request = { .method = zg_json_string(vector, "method", ""), .url = zg_copy(zg_json_string(vector, "url", "")) };
		struct zg_pay_moment moment = { .now_ms = VECTOR_AT + 999, .nonce = VECTOR_NONCE };

		zg_buffer_add_text(&request.body, zg_json_string(vector, "body", ""));
		zg_wechat_authorize(bench.keys, &moment, &request);
		expect_header(&request, "Authorization", zg_json_string(vector, "authorization", ""));
		zg_http_request_clear(&request);
	}
	cr_expect(eq(sz, json_array_size(json_object_get(all, "requests")), 12));
	json_decref(all);
}

static json_t *find_vector(const json_t *all, const char *name)
{
	json_t *vector;
	size_t i;

	json_array_foreach(json_object_get(all, "requests"), i, vector)
		if (strcmp(zg_json_string(vector, "name", ""), name) == 0)
			return vector;
	cr_assert(false, "%s", name);
	return NULL;
}

static struct zg_http_request build_vector(enum zg_pay_call call, struct zg_pay_order *order)
{
	struct zg_pay_moment moment = { .now_ms = VECTOR_AT, .nonce = VECTOR_NONCE };
	struct zg_http_request request = { 0 };
	struct zg_error err = { .text = "" };

	cr_assert(eq(int, zg_pay_wechat.build(bench.keys, call, order, &moment, &request, &err), ZG_OK), "%s", err.text);
	return request;
}

/* The driver's own requests for those orders: address, body and signature. */
Test(wechat, orders_become_those_requests)
{
	static const struct {
		const char *name;
		enum zg_pay_call call;
		enum zg_pay_way way;
		const char *number;
		const char *bill_type;
	} rows[] = {
		{ "query_by_out_trade_no", ZG_CALL_QUERY, ZG_WAY_SHOWN, "POS01_20260401_000017", NULL },
		{ "close_order", ZG_CALL_CANCEL, ZG_WAY_SHOWN, "POS01_20260401_000017", NULL },
		{ "reverse", ZG_CALL_CANCEL, ZG_WAY_CODE, "POS01_20260401_000018", NULL },
		{ "refund", ZG_CALL_REFUND, ZG_WAY_CODE, "POS01_20260401_000017", NULL },
		{ "refund_query", ZG_CALL_REFUND_QUERY, ZG_WAY_SHOWN, "POS01_20260401_000017", NULL },
		{ "trade_bill", ZG_CALL_BILL, ZG_WAY_SHOWN, "", "ALL" },
		{ "trade_bill", ZG_CALL_BILL, ZG_WAY_CODE, "", NULL },
		{ "fundflow_bill", ZG_CALL_BILL, ZG_WAY_SHOWN, "", "BASIC" },
		{ "bill_download", ZG_CALL_BILL_FILE, ZG_WAY_SHOWN, "", NULL },
		{ "certificates", ZG_CALL_KEYS, ZG_WAY_SHOWN, "", NULL },
	};
	json_t *all = vector_json("wechat_v3_requests.json");

	tear_down();
	wechat_open(&bench, true, NULL);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *vector = find_vector(all, rows[i].name);
		struct zg_pay_order order = { .way = rows[i].way, .number = rows[i].number, .amount_fen = 1, .refund_fen = 1, .refund_no = "POS01_20260401_R00001",
			.reason = "顾客退货", .day = "2026-03-31", .bill_type = rows[i].bill_type, .bill_url = zg_json_string(vector, "url", "") };
		struct zg_http_request request = build_vector(rows[i].call, &order);

		cr_expect(eq(str, (char *)request.method, (char *)zg_json_string(vector, "method", "")), "%s", rows[i].name);
		cr_expect(eq(str, request.url, (char *)zg_json_string(vector, "url", "")), "%s", rows[i].name);
		cr_expect(eq(str, (char *)zg_buffer_text(&request.body), (char *)zg_json_string(vector, "body", "")), "%s", rows[i].name);
		expect_header(&request, "Authorization", zg_json_string(vector, "authorization", ""));
		expect_header(&request, "Accept", "application/json");
		expect_header(&request, "Content-Type", request.body.length ? "application/json" : "(none)");
		expect_header(&request, "Wechatpay-Serial", WECHAT_PUBLIC_KEY);
		cr_expect(strncmp(header(&request, "User-Agent"), "zhanggui/", 9) == 0);
		cr_expect(not(request.has_certificate));
		zg_http_request_clear(&request);
	}
	json_decref(all);
}

/* The vector's body with what the till does not know (the customer's address) taken out: members, their order and their writing are the same. */
Test(wechat, a_shown_code_is_ordered_as_in_the_vector)
{
	json_t *all = vector_json("wechat_v3_requests.json");
	char *wanted = zg_copy(zg_json_string(find_vector(all, "native_order"), "body", "")), *scene = strstr(wanted, ",\"scene_info\"");
	struct zg_pay_order order = { .way = ZG_WAY_SHOWN, .number = "POS01_20260401_000017", .amount_fen = 1, .title = "收银台 A&B 拿铁+1/2 \"大杯\"",
				      .begun_at = 1775009400000LL, .expires_at = 1775009700000LL };
	struct zg_http_request request = build_vector(ZG_CALL_SHOW, &order);

	cr_assert(scene != NULL);
	memcpy(scene, "}", 2);
	cr_expect(eq(str, (char *)zg_buffer_text(&request.body), wanted));
	cr_expect(eq(str, request.url, "https://api.mch.weixin.qq.com/v3/pay/transactions/native"));
	zg_http_request_clear(&request);
	free(wanted);
	json_decref(all);
}

static void at_the_counter(struct zg_pay_account *account)
{
	account->terminal = "POS01";
	account->request_ip = "192.0.2.10";
}

Test(wechat, a_payment_code_by_v3_is_sent_as_in_the_vector)
{
	json_t *all = vector_json("wechat_v3_requests.json");
	const char *wanted = zg_json_string(find_vector(all, "codepay"), "body", "");
	struct zg_pay_order order = { .way = ZG_WAY_CODE, .number = "POS01_20260401_000018", .amount_fen = 1234, .title = "门店消费", .code = "130061098828009406" };
	struct zg_http_request request;
	char *ours;

	tear_down();
	wechat_open(&bench, true, at_the_counter);
	request = build_vector(ZG_CALL_CODE, &order);
	ours = zg_copy(zg_buffer_text(&request.body));
	/* the vector's shop and its till have two names, our account has one */
	char *out_id = strstr(ours, "\"out_id\":\"POS01\""), *whole = zg_print("%.*s\"out_id\":\"STORE01\"%s", (int)(out_id - ours), ours, out_id + 16);

	cr_expect(eq(str, whole, (char *)wanted));
	cr_expect(eq(str, request.url, "https://api.mch.weixin.qq.com/v3/pay/transactions/codepay"));
	zg_http_request_clear(&request);
	free(whole);
	free(ours);
	tear_down();
	wechat_open(&bench, true, NULL);
	request = build_vector(ZG_CALL_CODE, &order);
	cr_expect(strstr(zg_buffer_text(&request.body), "\"scene_info\":{\"store_info\":{\"out_id\":\"1900009191\"}}}") != NULL);
	zg_http_request_clear(&request);
	json_decref(all);
}

/* A second host is for what did not leave for the first; a host behind a path signs its whole path. */
Test(wechat, the_other_host_gets_the_same_request)
{
	struct zg_pay_order order = bench_order(ZG_WAY_SHOWN);
	struct zg_pay_moment moment = { .now_ms = VECTOR_AT, .nonce = VECTOR_NONCE, .host = 1 };
	struct zg_http_request first = build_vector(ZG_CALL_QUERY, &order), other = { 0 };

	cr_assert(eq(int, zg_pay_wechat.build(bench.keys, ZG_CALL_QUERY, &order, &moment, &other, NULL), ZG_OK));
	cr_expect(strncmp(other.url, "https://api2.mch.weixin.qq.com/v3/", 34) == 0);
	cr_expect(eq(str, (char *)header(&other, "Authorization"), (char *)header(&first, "Authorization")));
	zg_http_request_clear(&first);
	zg_http_request_clear(&other);
}

/* -- V2 requests */

Test(wechat, v2_signatures_are_those_of_the_vectors)
{
	json_t *all = vector_json("wechat_v2_sign.json"), *vector, *value;
	const char *name;
	size_t i;

	json_array_foreach(json_object_get(all, "vectors"), i, vector) {
		struct zg_wechat_field fields[32];
		const char *key = zg_json_string(vector, "key", ""), *title = zg_json_string(vector, "name", "");
		char *wanted = zg_print("%s&key=%s", zg_json_string(vector, "string_before_key", ""), key), sign[65], md5[33];
		struct zg_buffer text = { 0 };
		size_t count = 0;

		json_object_foreach(json_object_get(vector, "fields"), name, value)
			fields[count++] = (struct zg_wechat_field){ name, json_string_value(value) };
		fields[count++] = (struct zg_wechat_field){ "sign", "IS_NOT_SIGNED" };
		zg_wechat_v2_text(fields, count, key, &text);
		cr_expect(eq(str, (char *)zg_buffer_text(&text), wanted), "%s", title);
		cr_expect(eq(str, (char *)zg_md5_hex_upper(md5, text.bytes, text.length), (char *)zg_json_string(vector, "MD5", "")), "%s", title);
		cr_expect(eq(str, (char *)zg_wechat_v2_sign(sign, fields, count, key), (char *)zg_json_string(vector, "HMAC-SHA256", "")), "%s", title);
		zg_buffer_clear(&text);
		free(wanted);
	}
	cr_expect(eq(sz, i, 5));
	json_decref(all);
}

Test(wechat, v2_documents_are_those_of_the_vector)
{
	json_t *all = vector_json("wechat_v2_sign.json"), *vector = json_array_get(json_object_get(all, "vectors"), 1), *value;
	struct zg_wechat_field fields[32];
	struct zg_buffer body = { 0 };
	size_t count = 0;
	const char *name;

	json_object_foreach(json_object_get(vector, "fields"), name, value)
		fields[count++] = (struct zg_wechat_field){ name, json_string_value(value) };
	zg_wechat_v2_body(fields, count, zg_json_string(vector, "key", ""), &body);
	cr_expect(eq(str, (char *)zg_buffer_text(&body), (char *)zg_json_string(all, "micropay_request_xml", "")));
	zg_buffer_clear(&body);
	json_decref(all);
}

static struct zg_xml parse_body(const struct zg_http_request *request)
{
	struct zg_xml xml = { 0 };

	cr_assert(zg_xml_parse(zg_buffer_text(&request->body), request->body.length, &xml));
	return xml;
}

static void expect_field(const struct zg_xml *xml, const char *name, const char *wanted)
{
	cr_expect(eq(str, (char *)zg_xml_value(xml, name, "(none)"), (char *)wanted), "%s", name);
}

/* The rest of the vector's fields need not be sent: the till reverses what is not paid in time. */
Test(wechat, a_payment_code_goes_by_v2)
{
	struct zg_pay_order order = bench_order(ZG_WAY_CODE);
	struct zg_http_request request;
	struct zg_xml xml;

	order.title = "门店-拿铁 & <大杯>";
	order.code = "130061098828009406";
	request = build_vector(ZG_CALL_CODE, &order);
	xml = parse_body(&request);
	cr_expect(eq(str, request.url, "https://api.mch.weixin.qq.com/pay/micropay"));
	cr_expect(eq(str, (char *)request.method, "POST"));
	expect_header(&request, "Content-Type", "text/xml; charset=utf-8");
	expect_header(&request, "Authorization", "(none)");
	cr_expect(not(request.has_certificate));
	cr_expect(eq(sz, xml.count, 10));
	expect_field(&xml, "appid", "wxd678efh567hg6787");
	expect_field(&xml, "mch_id", "1900009191");
	expect_field(&xml, "nonce_str", VECTOR_NONCE);
	expect_field(&xml, "sign_type", "HMAC-SHA256");
	expect_field(&xml, "body", "门店-拿铁 & <大杯>");
	expect_field(&xml, "out_trade_no", "POS01_20260401_000018");
	expect_field(&xml, "total_fee", "1234");
	expect_field(&xml, "spbill_create_ip", "127.0.0.1");
	expect_field(&xml, "auth_code", "130061098828009406");
	cr_expect(eq(sz, strlen(zg_xml_value(&xml, "sign", "")), 64));
	zg_xml_clear(&xml);
	zg_http_request_clear(&request);
}

/* Query and reversal are the vectors': same fields, same signature. Only the reversal needs the client certificate. */
Test(wechat, its_query_and_reversal_go_the_same_way)
{
	struct zg_pay_order order = bench_order(ZG_WAY_CODE);
	struct zg_http_request query = build_vector(ZG_CALL_QUERY, &order), reverse = build_vector(ZG_CALL_CANCEL, &order);
	struct zg_xml xml = parse_body(&query);

	cr_expect(eq(str, query.url, "https://api.mch.weixin.qq.com/pay/orderquery"));
	cr_expect(eq(str, reverse.url, "https://api.mch.weixin.qq.com/secapi/pay/reverse"));
	cr_expect(eq(str, (char *)zg_buffer_text(&query.body), (char *)zg_buffer_text(&reverse.body)));
	cr_expect(eq(sz, xml.count, 6));
	expect_field(&xml, "sign", "17A8066A3F04A94DCE39A0D75E5C0BE840510870F6D9F76C884DB2C2A2141D4F");
	cr_expect(not(query.has_certificate));
	cr_expect(reverse.has_certificate);
	zg_xml_clear(&xml);
	zg_http_request_clear(&query);
	zg_http_request_clear(&reverse);
}

/* Each call goes by one interface, whatever became of the code. */
Test(wechat, each_call_goes_its_way)
{
	for (int codepay = 0; codepay < 2; codepay++)
		for (enum zg_pay_call call = 0; call < ZG_PAY_CALLS; call++)
			for (enum zg_pay_way way = ZG_WAY_CODE; way <= ZG_WAY_SHOWN; way++) {
				bool is_paying = call == ZG_CALL_CODE || ((call == ZG_CALL_QUERY || call == ZG_CALL_CANCEL || call == ZG_CALL_CHECK) && way == ZG_WAY_CODE);
				struct zg_pay_order order = bench_order(way);
				struct zg_http_request request;

				order.bill_type = "SUCCESS";
				tear_down();
				wechat_open(&bench, codepay, NULL);
				request = build_vector(call, &order);
				cr_expect(eq(int, strstr(request.url, "/v3/") == NULL && call != ZG_CALL_BILL_FILE, is_paying && !codepay), "%s", request.url);
				zg_http_request_clear(&request);
			}
}

Test(wechat, a_check_asks_for_an_order_that_nobody_made)
{
	struct zg_pay_order order = { .way = ZG_WAY_SHOWN };
	struct zg_http_request request = build_vector(ZG_CALL_CHECK, &order);

	cr_expect(eq(str, request.url, "https://api.mch.weixin.qq.com/v3/pay/transactions/out-trade-no/ZHANGGUI_CHECK?mchid=1900009191"));
	zg_http_request_clear(&request);
	order.way = ZG_WAY_CODE;
	request = build_vector(ZG_CALL_CHECK, &order);
	cr_expect(strstr(zg_buffer_text(&request.body), "<out_trade_no>ZHANGGUI_CHECK</out_trade_no>") != NULL);
	zg_http_request_clear(&request);
}

Test(wechat, long_titles_and_reasons_are_cut_at_a_character)
{
	struct zg_pay_order order = bench_order(ZG_WAY_SHOWN);
	struct zg_buffer text = { 0 };
	struct zg_http_request request;
	json_t *body;

	for (int i = 0; i < 60; i++)
		zg_buffer_add_text(&text, "中");
	order.title = order.reason = zg_buffer_text(&text);
	request = build_vector(ZG_CALL_SHOW, &order);
	body = zg_json_parse(request.body.bytes, request.body.length);
	cr_expect(eq(sz, strlen(zg_json_string(body, "description", "")), 126));
	json_decref(body);
	zg_http_request_clear(&request);
	request = build_vector(ZG_CALL_REFUND, &order);
	body = zg_json_parse(request.body.bytes, request.body.length);
	cr_expect(eq(sz, strlen(zg_json_string(body, "reason", "")), 78));
	json_decref(body);
	zg_http_request_clear(&request);
	zg_buffer_clear(&text);
}

/* -- what is not built */

static void expect_refused(enum zg_pay_call call, const struct zg_pay_order *order, const char *why)
{
	struct zg_http_request request;
	struct zg_error err = { .text = "" };

	cr_expect(eq(int, bench_build(&bench, call, order, &request, &err), ZG_USAGE), "%s", why);
	cr_expect(strstr(err.text, why) != NULL, "\"%s\" does not say \"%s\"", err.text, why);
	cr_expect(request.url == NULL && request.header_count == 0);
}

Test(wechat, orders_that_break_its_rules_are_not_sent)
{
	struct zg_pay_order order = bench_order(ZG_WAY_SHOWN);

#define REFUSED(call, member, value, why) do { \
		struct zg_pay_order bad = order; \
		bad.member = value; \
		expect_refused(call, &bad, why); \
	} while (0)
	REFUSED(ZG_CALL_SHOW, number, "A1234", "6 characters");
	REFUSED(ZG_CALL_QUERY, number, "A/../../pay", "letters");
	REFUSED(ZG_CALL_QUERY, number, "", "letters");
	REFUSED(ZG_CALL_SHOW, amount_fen, 0, "amount");
	REFUSED(ZG_CALL_SHOW, expires_at, order.begun_at + 59999, "minute");
	REFUSED(ZG_CALL_CODE, code, "13006", "payment code");
	REFUSED(ZG_CALL_CODE, code, "13006109882800940X", "payment code");
	REFUSED(ZG_CALL_REFUND, refund_fen, order.amount_fen + 1, "more than was paid");
	REFUSED(ZG_CALL_REFUND, refund_fen, 0, "amount");
	REFUSED(ZG_CALL_REFUND_QUERY, refund_no, "R?x=1", "letters");
	REFUSED(ZG_CALL_BILL, day, "2026-02-30", "day");
	REFUSED(ZG_CALL_BILL, day, NULL, "day");
	REFUSED(ZG_CALL_BILL, bill_type, "ALL&x=1", "no such bill");
	REFUSED(ZG_CALL_BILL_FILE, bill_url, NULL, "web address");
	REFUSED(ZG_CALL_BILL_FILE, bill_url, "", "web address");
	REFUSED(ZG_CALL_BILL_FILE, bill_url, "http://192.0.2.1/v3/billdownload/file?token=x", "web address");
	REFUSED(ZG_CALL_BILL_FILE, bill_url, "https:///v3", "web address");
	REFUSED(ZG_CALL_BILL_FILE, bill_url, "https://x/\r\nA: b", "web address");
#undef REFUSED
}

/* A gateway of the shop's own on loopback gives out bills there too. */
static void nearby(struct zg_pay_account *account)
{
	account->url[0] = "http://127.0.0.1:8080/wx";
	account->url[1] = NULL;
	account->public_key_id = account->public_key_pem = NULL;
	account->api3_key = NULL;
}

Test(wechat, an_account_elsewhere_signs_its_whole_path)
{
	struct zg_pay_order order = bench_order(ZG_WAY_SHOWN);
	struct zg_http_request request, wanted = { .method = "GET" };
	struct zg_pay_moment moment = { .now_ms = VECTOR_AT, .nonce = VECTOR_NONCE };

	tear_down();
	wechat_open(&bench, false, nearby);
	order.bill_url = "http://127.0.0.1:8080/wx/v3/billdownload/file?token=x";
	request = build_vector(ZG_CALL_BILL_FILE, &order);
	cr_expect(eq(str, request.url, (char *)order.bill_url));
	expect_header(&request, "Wechatpay-Serial", "(none)");
	wanted.url = zg_copy("https://any.example/wx/v3/billdownload/file?token=x");
	zg_wechat_authorize(bench.keys, &moment, &wanted);
	cr_expect(eq(str, (char *)header(&request, "Authorization"), (char *)header(&wanted, "Authorization")));
	zg_http_request_clear(&request);
	zg_http_request_clear(&wanted);
	expect_refused(ZG_CALL_KEYS, &order, "apiv3_key_file");
}

/* -- times */

Test(wechat, times_are_wechats)
{
	static const int code_queries[] = { 3, 6, 9, 12, 0 }, again[] = { 5, 10, 20, 40, 60, 0 };
	const struct zg_pay_times *code = zg_pay_wechat.times(ZG_WAY_CODE), *shown = zg_pay_wechat.times(ZG_WAY_SHOWN);

	cr_expect(memcmp(code->queries_s, code_queries, sizeof(code_queries)) == 0);
	cr_expect(memcmp(code->cancel_again_s, again, sizeof(again)) == 0);
	cr_expect(eq(int, code->every_s, 5));
	cr_expect(eq(int, code->cancel_from_s, 15));
	cr_expect(eq(int, code->cancel_s, 45));
	cr_expect(eq(int, code->total_s, 15));
	cr_expect(eq(i64, code->cancel_until_s, 604800));
	cr_expect(eq(i64, code->refund_until_s, 31536000));
	for (int i = 0; i < 20; i++)
		cr_expect(eq(int, shown->queries_s[i], 3 * (i + 1)));
	cr_expect(eq(int, shown->queries_s[20], 0));
	cr_expect(eq(int, shown->total_s, 10));
	cr_expect(eq(int, shown->cancel_s, 300));
}
