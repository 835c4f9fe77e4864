/* WeChat Pay APIv3 at the simulator's door: rules W1 to W9 of the reference, a test a rule or more. */
#include "tests/sim/gate_bench.h"

#include "src/base/alloc.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CODE   "130061098828009406"
#define NUMBER "POS01_20260401_000001"
#define BYE(bench, number) gate_v3(bench, "POST", "/v3/pay/transactions/out-trade-no/" number "/reverse", \
				   "{\"appid\":\"wxd678efh567hg6787\",\"mchid\":\"1900009191\"}")
#define CLOSE(bench, number) gate_v3(bench, "POST", "/v3/pay/transactions/out-trade-no/" number "/close", "{\"mchid\":\"1900009191\"}")

static struct gate_bench bench;

static void open_bench(void)
{
	gate_bench_open(&bench, GATE_BEGIN);
}

static void close_bench(void)
{
	gate_bench_close(&bench);
}

TestSuite(gate_wechat, .init = open_bench, .fini = close_bench);

/* ---- W1 ---- */

/* A vector as it stands, with one thing about it changed: the headers, the body's or the path's last character, the method. */
static void send_vector(const json_t *vector, int64_t now_ms, const char *extra, char what)
{
	char *target = zg_copy(zg_json_string(vector, "path_and_query", "")), *body = zg_copy(zg_json_string(vector, "body", ""));
	const char *method = zg_json_string(vector, "method", "");
	char *head = zg_print("%sAuthorization: %s\n", extra, zg_json_string(vector, "authorization", ""));

	if (what == 'b' && *body)
		body[strlen(body) / 2]++;
	if (what == 's')
		strstr(head, "signature=\"")[14] ^= 1;
	if (what == 'n')
		strstr(head, "serial_no=\"")[14] ^= 1;
	if (what == 'm')
		strstr(head, "mchid=\"")[9] ^= 1;
	if (what == 'x')
		memcpy(strstr(head, "nonce_str"), "nonze_str", 9);
	bench.now_ms = now_ms;
	gate_bench_send(&bench, &(struct gate_request){ .method = method, .target = target, .head = head, .body = body, .length = strlen(body) });
	free(head);
	free(target);
	free(body);
}

#define GOOD "Accept: application/json\nUser-Agent: till\n"

Test(gate_wechat, w1_lets_in_what_the_vendors_code_signed)
{
	json_t *all = gate_fixture("wechat_v3_requests.json"), *list = json_object_get(all, "requests");
	int count = 0;

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *vector = json_array_get(list, i);

		gate_bench_close(&bench);
		gate_bench_open(&bench, GATE_BEGIN);
		send_vector(vector, 1554208460000, GOOD, 0);
		cr_expect(ne(int, bench.reply.status, 401), "%s: %s", zg_json_string(vector, "name", ""), bench.reply.why);
		cr_expect(ne(str, bench.reply.rule, "W1"));
		cr_expect(ne(str, bench.reply.rule, "path"), "%s", zg_json_string(vector, "path_and_query", ""));
		count++;
	}
	cr_expect(eq(int, count, 12));
	json_decref(all);
}

Test(gate_wechat, w1_refuses_anything_changed_and_does_not_sign_that)
{
	static const struct { const char *head; char what; int64_t skew_s; } cases[] = {
		{ GOOD, 's', 0 }, { GOOD, 'n', 0 }, { GOOD, 'm', 0 }, { GOOD, 'b', 0 }, { GOOD, 'x', 0 },
		{ GOOD, 0, 300 }, { GOOD, 0, -300 }, { "User-Agent: till\n", 0, 0 }, { "Accept: application/json\n", 0, 0 },
	};
	json_t *all = gate_fixture("wechat_v3_requests.json"), *vector = json_array_get(json_object_get(all, "requests"), 0);
	char serial[80];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		send_vector(vector, (1554208460 + cases[i].skew_s) * 1000, cases[i].head, cases[i].what);
		cr_expect(eq(int, bench.reply.status, 401), "case %zu", i);
		cr_expect(eq(str, bench.reply.rule, "W1"));
		cr_expect(eq(str, (char *)gate_code_of(&bench), "SIGN_ERROR"));
		cr_expect(not(gate_head_value(bench.reply.head.bytes, "Wechatpay-Signature", serial, sizeof(serial))));
	}
	send_vector(vector, (1554208460 + 299) * 1000LL, GOOD, 0);
	cr_expect(eq(int, bench.reply.status, 200));
	send_vector(vector, 1554208460000, GOOD, 0);
	cr_expect(eq(int, bench.reply.status, 401), "the nonce was used");
	json_decref(all);
}

/* ---- W2 ---- */

Test(gate_wechat, w2_signs_each_2xx_also_an_empty_one)
{
	cr_expect(eq(int, gate_native(&bench, NUMBER, 100), 200));
	cr_expect(bench.is_signed);
	cr_expect(eq(int, CLOSE(&bench, NUMBER), 204));
	cr_expect(bench.is_signed);
	cr_expect(eq(sz, bench.reply.body.length, 0));
}

Test(gate_wechat, w2_names_the_key_that_it_was_set_to)
{
	char serial[80];

	gate_native(&bench, NUMBER, 100);
	gate_head_value(bench.reply.head.bytes, "wechatpay-serial", serial, sizeof(serial));
	cr_expect(eq(str, serial, "PUB_KEY_ID_0119000091912024120200000000000001"));
	gate_bench_obey(&bench, "set certificate-mode 1");
	gate_query(&bench, NUMBER);
	gate_head_value(bench.reply.head.bytes, "Wechatpay-Serial", serial, sizeof(serial));
	cr_expect(eq(str, serial, "5157F09EFDC096DE15EBE81A47057A7200000002"));
}

Test(gate_wechat, w2_spoils_an_answer_when_told_to)
{
	static const char *const faults[] = { "unsigned", "bad-signature", "probe", "altered" };
	char text[80];

	gate_native(&bench, NUMBER, 100);
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		char *line = zg_print("fault wechat query %s", faults[i]);

		gate_bench_obey(&bench, line);
		free(line);
		cr_expect(eq(int, gate_query(&bench, NUMBER), 200));
		cr_expect(not(bench.is_signed), "%s", faults[i]);
		gate_query(&bench, NUMBER);
		cr_expect(bench.is_signed, "one fault is one fault");
	}
	gate_bench_obey(&bench, "fault wechat query wrong-serial");
	gate_query(&bench, NUMBER);
	gate_head_value(bench.reply.head.bytes, "Wechatpay-Serial", text, sizeof(text));
	cr_expect(eq(str, text, "00000000000000000000000000000000DEADBEEF"));
	gate_bench_obey(&bench, "fault wechat query stale");
	gate_query(&bench, NUMBER);
	gate_head_value(bench.reply.head.bytes, "Wechatpay-Timestamp", text, sizeof(text));
	cr_expect(eq(long, atol(text), (long)(GATE_BEGIN / 1000 - 301)));
	cr_expect(bench.is_signed);
}

/* ---- W3 ---- */

Test(gate_wechat, w3_refuses_what_the_manual_does_not_allow)
{
	static const char *const cases[] = {
		"\"attach\":null,", "\"store\":\"1\",", "\"time_expire\":\"2026-04-01T10:00:59+08:00\",", "\"time_expire\":\"soon, in a minute or so\",",
		"\"goods_tag\":\"123456789012345678901234567890123\",", "\"support_fapiao\":\"yes\",", "\"scene_info\":{\"device_id\":\"1\"},",
	};
	char *body;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		body = zg_print("{%s\"appid\":\"wxd678efh567hg6787\",\"mchid\":\"1900009191\",\"description\":\"x\",\"out_trade_no\":\"" NUMBER "\","
				"\"notify_url\":\"https://a.example/n\",\"amount\":{\"total\":1}}", cases[i]);
		cr_expect(eq(int, gate_v3(&bench, "POST", "/v3/pay/transactions/native", body), 400), "%s", cases[i]);
		cr_expect(eq(str, bench.reply.rule, "W3"));
		free(body);
	}
	cr_expect(eq(int, gate_native(&bench, NUMBER, 0), 400));
	cr_expect(eq(int, gate_native(&bench, "SHORT", 1), 400));
	cr_expect(eq(int, gate_native(&bench, "POS01#20260401#000001", 1), 400));
	cr_expect(eq(int, gate_native(&bench, "POS01_20260401_0000000000000000001", 1), 400));
	cr_expect(eq(int, gate_v3(&bench, "POST", "/v3/pay/transactions/native", "appid=1"), 400));
	static const char *const urls[] = { "http://a.example/n", "https://a.example/n?x=1" };

	for (size_t i = 0; i < 2; i++) {
		body = zg_print("{\"appid\":\"wxd678efh567hg6787\",\"mchid\":\"1900009191\",\"description\":\"x\",\"out_trade_no\":\"" NUMBER "\","
				"\"notify_url\":\"%s\",\"amount\":{\"total\":1}}", urls[i]);
		cr_expect(eq(int, gate_v3(&bench, "POST", "/v3/pay/transactions/native", body), 400), "%s", urls[i]);
		free(body);
	}
	cr_expect(eq(int, gate_query(&bench, NUMBER), 404), "nothing of all that made an order");
}

/* ---- W4, W5 ---- */

Test(gate_wechat, w4_takes_a_number_twice_only_for_the_same)
{
	char first[128];

	gate_native(&bench, NUMBER, 100);
	snprintf(first, sizeof(first), "%s", gate_says(&bench, "code_url"));
	cr_expect(eq(int, gate_native(&bench, NUMBER, 100), 200));
	cr_expect(ne(str, (char *)gate_says(&bench, "code_url"), first));
	cr_expect(eq(int, gate_native(&bench, NUMBER, 101), 403));
	cr_expect(eq(str, (char *)gate_code_of(&bench), "OUT_TRADE_NO_USED"));
	cr_expect(eq(int, gate_codepay(&bench, NUMBER, CODE, 100), 403), "nor for another way of paying");
	cr_expect(eq(str, bench.reply.rule, "W4"));
}

Test(gate_wechat, w5_a_shown_code_waits_for_its_customer)
{
	gate_bench_obey(&bench, "phone pays-after 8000");
	gate_native(&bench, NUMBER, 1234);
	cr_expect(eq(int, strncmp(gate_says(&bench, "code_url"), "weixin://wxpay/bizpayurl/up?pr=", 31), 0));
	gate_bench_pass(&bench, 7999);
	gate_query(&bench, NUMBER);
	cr_expect(eq(str, (char *)gate_says(&bench, "trade_state"), "NOTPAY"));
	cr_expect(gate_says(&bench, "transaction_id")[0] == '\0');
	cr_expect(eq(long, gate_charged(&bench, NUMBER), 0));
	gate_bench_pass(&bench, 1);
	gate_query(&bench, NUMBER);
	cr_expect(eq(str, (char *)gate_says(&bench, "trade_state"), "SUCCESS"));
	cr_expect(eq(str, (char *)gate_says(&bench, "success_time"), "2026-04-01T10:00:08+08:00"));
	cr_expect(eq(long, gate_says_number(&bench, "amount.total"), 1234));
	cr_expect(eq(long, gate_charged(&bench, NUMBER), 1234));
}

Test(gate_wechat, w5_closes_what_is_open_and_nothing_else)
{
	gate_bench_obey(&bench, "phone vanishes");
	gate_native(&bench, NUMBER, 100);
	cr_expect(eq(int, CLOSE(&bench, NUMBER), 204));
	cr_expect(eq(int, CLOSE(&bench, NUMBER), 204));
	gate_query(&bench, NUMBER);
	cr_expect(eq(str, (char *)gate_says(&bench, "trade_state"), "CLOSED"));
	gate_bench_obey(&bench, "phone pays");
	gate_native(&bench, "POS01_PAID", 100);
	gate_bench_pass(&bench, 2000);
	cr_expect(eq(int, CLOSE(&bench, "POS01_PAID"), 400));
	cr_expect(eq(str, (char *)gate_code_of(&bench), "ORDERPAID"));
	gate_codepay(&bench, "POS01_CODE", CODE, 100);
	cr_expect(eq(int, CLOSE(&bench, "POS01_CODE"), 400));
	cr_expect(eq(str, bench.reply.rule, "W5"));
	cr_expect(eq(int, CLOSE(&bench, "POS01_NEVER"), 404));
}

Test(gate_wechat, w5_a_code_is_dead_after_two_hours_though_the_order_lives)
{
	gate_bench_obey(&bench, "phone pays-after 7300000");
	gate_native(&bench, NUMBER, 100);
	gate_bench_pass(&bench, 7400000);
	gate_query(&bench, NUMBER);
	cr_expect(eq(str, (char *)gate_says(&bench, "trade_state"), "NOTPAY"));
	gate_bench_pass(&bench, 7 * 86400000LL);
	gate_query(&bench, NUMBER);
	cr_expect(eq(str, (char *)gate_says(&bench, "trade_state"), "CLOSED"));
	cr_expect(eq(long, gate_charged(&bench, NUMBER), 0));
}

/* ---- W6 ---- */

Test(gate_wechat, w6_a_code_pays_once_and_only_while_it_is_fresh)
{
	struct zg_buffer code = { 0 };

	cr_expect(eq(int, gate_codepay(&bench, NUMBER, CODE, 100), 200));
	cr_expect(eq(str, (char *)gate_says(&bench, "trade_state"), "SUCCESS"));
	cr_expect(eq(str, (char *)gate_says(&bench, "trade_type"), "MICROPAY"));
	cr_expect(eq(int, gate_codepay(&bench, "POS01_SECOND", CODE, 100), 400));
	cr_expect(eq(str, (char *)gate_code_of(&bench), "AUTHCODEEXPIRE"));
	cr_expect(eq(int, gate_codepay(&bench, "POS01_ALIPAY", "281234567890123456", 100), 400));
	cr_expect(eq(str, (char *)gate_code_of(&bench), "AUTH_CODE_INVALID"));
	cr_assert(gate_obey(bench.gate, "code wechat", &code));
	code.bytes[code.length - 1] = '\0';
	gate_bench_pass(&bench, 60001);
	cr_expect(eq(int, gate_codepay(&bench, "POS01_OLD", code.bytes, 100), 400));
	cr_expect(eq(str, (char *)gate_code_of(&bench), "AUTHCODEEXPIRE"));
	cr_expect(eq(str, bench.reply.rule, "W6"));
	cr_expect(eq(int, gate_query(&bench, "POS01_OLD"), 404));
	zg_buffer_clear(&code);
}

Test(gate_wechat, w6_a_large_amount_wants_the_password_and_then_is_paid)
{
	cr_expect(eq(int, gate_codepay(&bench, NUMBER, CODE, 100001), 202));
	cr_expect(eq(str, (char *)gate_code_of(&bench), "USERPAYING"));
	cr_expect(bench.is_signed);
	gate_query(&bench, NUMBER);
	cr_expect(eq(str, (char *)gate_says(&bench, "trade_state"), "USERPAYING"));
	gate_bench_pass(&bench, 5000);
	gate_query(&bench, NUMBER);
	cr_expect(eq(str, (char *)gate_says(&bench, "trade_state"), "SUCCESS"));
	cr_expect(eq(int, gate_charges(&bench, NUMBER), 1));
}

Test(gate_wechat, w6_what_nobody_confirms_is_dropped_after_45_s)
{
	gate_bench_obey(&bench, "phone vanishes");
	cr_expect(eq(int, gate_codepay(&bench, NUMBER, CODE, 100), 202));
	gate_bench_pass(&bench, 44999);
	gate_query(&bench, NUMBER);
	cr_expect(eq(str, (char *)gate_says(&bench, "trade_state"), "USERPAYING"));
	gate_bench_pass(&bench, 1);
	gate_query(&bench, NUMBER);
	cr_expect(eq(str, (char *)gate_says(&bench, "trade_state"), "CLOSED"));
	gate_bench_obey(&bench, "phone pays-late 50000");
	gate_codepay(&bench, "POS01_LATE", "130061098828009407", 100);
	gate_bench_pass(&bench, 50000);
	gate_query(&bench, "POS01_LATE");
	cr_expect(eq(str, (char *)gate_says(&bench, "trade_state"), "SUCCESS"), "unless the phone pays late");
}

Test(gate_wechat, w6_a_refusing_wallet_charges_nothing)
{
	gate_bench_obey(&bench, "phone next refuses");
	cr_expect(eq(int, gate_codepay(&bench, NUMBER, CODE, 100), 403));
	cr_expect(eq(str, (char *)gate_code_of(&bench), "NOTENOUGH"));
	gate_query(&bench, NUMBER);
	cr_expect(eq(str, (char *)gate_says(&bench, "trade_state"), "PAYERROR"));
	cr_expect(eq(long, gate_charged(&bench, NUMBER), 0));
}

/* ---- W7 ---- */

Test(gate_wechat, w7_takes_back_paid_and_unpaid_but_not_too_early)
{
	gate_codepay(&bench, NUMBER, CODE, 100);
	gate_bench_pass(&bench, 14999);
	cr_expect(eq(int, BYE(&bench, NUMBER), 400));
	cr_expect(eq(str, bench.reply.rule, "W7"));
	gate_bench_pass(&bench, 1);
	cr_expect(eq(long, gate_charged(&bench, NUMBER), 100));
	cr_expect(eq(int, BYE(&bench, NUMBER), 200));
	cr_expect(eq(int, BYE(&bench, NUMBER), 200));
	cr_expect(eq(long, gate_charged(&bench, NUMBER), 0), "once, not twice");
	gate_query(&bench, NUMBER);
	cr_expect(eq(str, (char *)gate_says(&bench, "trade_state"), "REVOKED"));
	gate_bench_obey(&bench, "phone pays-late 60000");
	gate_codepay(&bench, "POS01_OPEN", "130061098828009407", 100);
	gate_bench_pass(&bench, 20000);
	cr_expect(eq(int, BYE(&bench, "POS01_OPEN"), 200));
	gate_bench_pass(&bench, 60000);
	cr_expect(eq(int, gate_charges(&bench, "POS01_OPEN"), 0), "what was taken back is not paid later");
}

Test(gate_wechat, w7_gives_back_what_is_left_after_a_refund)
{
	gate_codepay(&bench, NUMBER, CODE, 1000);
	gate_refund(&bench, NUMBER, "R1", 400, 1000);
	gate_bench_pass(&bench, 20000);
	cr_expect(eq(long, gate_charged(&bench, NUMBER), 600));
	cr_expect(eq(int, BYE(&bench, NUMBER), 200));
	cr_expect(eq(long, gate_charged(&bench, NUMBER), 0));
}

Test(gate_wechat, w7_refuses_while_the_password_is_typed_and_after_seven_days)
{
	gate_bench_obey(&bench, "phone next password 30000");
	gate_codepay(&bench, NUMBER, CODE, 100);
	gate_bench_pass(&bench, 20000);
	cr_expect(eq(int, BYE(&bench, NUMBER), 400));
	cr_expect(eq(str, (char *)gate_code_of(&bench), "USERPAYING"));
	gate_bench_pass(&bench, 10000);
	cr_expect(eq(int, gate_charges(&bench, NUMBER), 1));
	gate_bench_pass(&bench, 7 * 86400000LL);
	cr_expect(eq(int, BYE(&bench, NUMBER), 400));
	cr_expect(eq(str, (char *)gate_code_of(&bench), "REVERSE_EXPIRE"));
	gate_native(&bench, "POS01_SHOWN", 100);
	gate_bench_pass(&bench, 20000);
	cr_expect(eq(int, BYE(&bench, "POS01_SHOWN"), 400), "a shown code is closed");
}

Test(gate_wechat, w7_a_customer_pays_between_the_last_query_and_the_reverse)
{
	gate_bench_obey(&bench, "phone pays-at-cancel");
	gate_codepay(&bench, NUMBER, CODE, 100);
	gate_bench_pass(&bench, 20000);
	gate_query(&bench, NUMBER);
	cr_expect(eq(str, (char *)gate_says(&bench, "trade_state"), "USERPAYING"));
	cr_expect(eq(int, BYE(&bench, NUMBER), 200));
	cr_expect(eq(int, gate_charges(&bench, NUMBER), 1));
	cr_expect(eq(long, gate_charged(&bench, NUMBER), 0));
	gate_native(&bench, "POS01_SHOWN", 100);
	cr_expect(eq(int, CLOSE(&bench, "POS01_SHOWN"), 400));
	cr_expect(eq(str, (char *)gate_code_of(&bench), "ORDERPAID"));
	cr_expect(eq(long, gate_charged(&bench, "POS01_SHOWN"), 100));
}

/* ---- W8, W9 ---- */

Test(gate_wechat, w8_refunds_what_was_paid_and_no_more)
{
	gate_bench_obey(&bench, "phone vanishes");
	gate_codepay(&bench, NUMBER, CODE, 1000);
	cr_expect(eq(int, gate_refund(&bench, NUMBER, "R1", 100, 1000), 400), "not before it is paid");
	gate_bench_obey(&bench, "phone now pays");
	cr_expect(eq(int, gate_refund(&bench, NUMBER, "R1", 100, 999), 400), "another total");
	cr_expect(eq(int, gate_refund(&bench, NUMBER, "R1", 1001, 1000), 400), "too much");
	cr_expect(eq(int, gate_refund(&bench, NUMBER, "R1", 400, 1000), 200));
	cr_expect(eq(str, (char *)gate_says(&bench, "status"), "PROCESSING"));
	cr_expect(eq(int, gate_refund(&bench, NUMBER, "R1", 400, 1000), 200), "the same again is the same");
	cr_expect(eq(int, gate_refund(&bench, NUMBER, "R1", 401, 1000), 400), "the same number, other data");
	cr_expect(eq(int, gate_refund(&bench, NUMBER, "R2", 1, 1000), 429), "within a minute");
	cr_expect(eq(str, (char *)gate_code_of(&bench), "FREQUENCY_LIMITED"));
	gate_bench_pass(&bench, 60000);
	cr_expect(eq(long, gate_charged(&bench, NUMBER), 600));
	cr_expect(eq(int, gate_refund(&bench, NUMBER, "R2", 601, 1000), 400));
	cr_expect(eq(int, gate_refund(&bench, NUMBER, "R2", 600, 1000), 200));
	gate_bench_pass(&bench, 3000);
	cr_expect(eq(int, gate_v3(&bench, "GET", "/v3/refund/domestic/refunds/R2", ""), 200));
	cr_expect(eq(str, (char *)gate_says(&bench, "status"), "SUCCESS"));
	cr_expect(eq(long, gate_charged(&bench, NUMBER), 0));
	gate_query(&bench, NUMBER);
	cr_expect(eq(str, (char *)gate_says(&bench, "trade_state"), "REFUND"));
	cr_expect(eq(int, gate_v3(&bench, "GET", "/v3/refund/domestic/refunds/R3", ""), 404));
}

Test(gate_wechat, w8_fifty_refunds_an_order)
{
	gate_codepay(&bench, NUMBER, CODE, 1000);
	for (int i = 1; i <= 51; i++) {
		char refund[16];

		gate_bench_pass(&bench, 60000);
		snprintf(refund, sizeof(refund), "R%d", i);
		cr_expect(eq(int, gate_refund(&bench, NUMBER, refund, 1, 1000), i <= 50 ? 200 : 400), "the %d.", i);
	}
	gate_bench_pass(&bench, 5000);
	cr_expect(eq(long, gate_charged(&bench, NUMBER), 950));
}

Test(gate_wechat, w9_the_first_look_may_find_nothing)
{
	gate_bench_obey(&bench, "set read-lag 1");
	gate_codepay(&bench, NUMBER, CODE, 100);
	cr_expect(eq(int, gate_query(&bench, NUMBER), 404));
	cr_expect(eq(int, gate_query(&bench, NUMBER), 200));
}

Test(gate_wechat, certificates_open_with_the_apiv3_key_alone)
{
	cr_expect(eq(int, gate_v3(&bench, "GET", "/v3/certificates", ""), 200));
	const json_t *one = json_array_get(json_object_get(bench.json, "data"), 0);

	cr_expect(eq(str, (char *)zg_json_string(one, "serial_no", ""), "5157F09EFDC096DE15EBE81A47057A7200000002"));
	struct zg_buffer sealed = { 0 };
	const json_t *inside = json_object_get(one, "encrypt_certificate");
	const char *pem = strstr(gate_key_text(bench.shop->platform_certificate), "-----BEGIN");

	gate_seal(bench.shop->apiv3_key, zg_json_string(inside, "nonce", "            "), "certificate", pem, &sealed);
	cr_expect(eq(str, (char *)zg_json_string(inside, "ciphertext", ""), sealed.bytes));
	zg_buffer_clear(&sealed);
}
