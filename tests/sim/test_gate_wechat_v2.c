/* WeChat Pay V2 at the simulator's door: its signature, its XML, and the rules that it shares with v3. */
#include "tests/sim/gate_bench.h"

#include "src/base/alloc.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CODE "130061098828009406"
#define PAY(number, code, fen) "body=小满便利店&out_trade_no=" number "&total_fee=" fen "&spbill_create_ip=192.0.2.10&auth_code=" code
#define SAYS(name) ((char *)gate_pair(&bench.pairs, name))

static struct gate_bench bench;

static void open_bench(void)
{
	gate_bench_open(&bench, GATE_BEGIN);
}

static void close_bench(void)
{
	gate_bench_close(&bench);
}

TestSuite(gate_wechat_v2, .init = open_bench, .fini = close_bench);

static void send_xml(const char *path, const char *xml, bool is_tls, bool has_certificate)
{
	gate_bench_send(&bench, &(struct gate_request){ .method = "POST", .target = path, .head = "", .body = xml, .length = strlen(xml),
							.is_tls = is_tls, .has_certificate = has_certificate });
	cr_assert(gate_xml_read(bench.reply.body.bytes, bench.reply.body.length, &bench.pairs));
}

/* ---- W1: the signature ---- */

Test(gate_wechat_v2, joins_fields_as_the_published_examples_do)
{
	json_t *all = gate_fixture("wechat_v2_sign.json"), *list = json_object_get(all, "vectors");

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *vector = json_array_get(list, i);
		const char *name, *key = zg_json_string(vector, "key", "");
		json_t *value;
		struct gate_pairs pairs = { 0 };
		struct zg_buffer text = { 0 };
		char digest[GATE_DIGEST];

		json_object_foreach(json_object_get(vector, "fields"), name, value)
			gate_pairs_set(&pairs, name, json_string_value(value));
		gate_pairs_join(&pairs, NULL, &text);
		cr_expect(eq(str, text.bytes, (char *)zg_json_string(vector, "string_before_key", "")));
		zg_buffer_print(&text, "&key=%s", key);
		cr_expect(eq(int, strcasecmp(gate_hmac(digest, key, text.bytes, text.length), zg_json_string(vector, "HMAC-SHA256", "")), 0));
		cr_expect(eq(int, strcasecmp(gate_digest(digest, "md5", text.bytes, text.length), zg_json_string(vector, "MD5", "")), 0));
		zg_buffer_clear(&text);
		gate_pairs_clear(&pairs);
	}
	cr_expect(eq(sz, json_array_size(list), 5));
	json_decref(all);
}

Test(gate_wechat_v2, w1_takes_the_vendors_request_and_none_that_was_changed)
{
	json_t *all = gate_fixture("wechat_v2_sign.json");
	char *xml = zg_copy(zg_json_string(all, "micropay_request_xml", "")), *found;

	send_xml("/pay/micropay", xml, false, false);
	cr_expect(eq(str, SAYS("result_code"), "SUCCESS"));
	cr_expect(eq(str, SAYS("total_fee"), "1234"));
	found = strstr(xml, "<total_fee>1234");
	found[11] = '9';
	send_xml("/pay/micropay", xml, false, false);
	cr_expect(eq(str, SAYS("return_code"), "FAIL"));
	cr_expect(eq(str, SAYS("sign"), ""), "what was not understood is not signed");
	cr_expect(eq(str, bench.reply.rule, "W1"));
	cr_expect(eq(int, gate_charges(&bench, "POS01_20260401_000018"), 1));
	free(xml);
	json_decref(all);
}

Test(gate_wechat_v2, w2_signs_what_it_says_and_spoils_it_when_told)
{
	cr_expect(eq(str, (char *)gate_v2(&bench, "/pay/micropay", PAY("POS01_20260401_000001", CODE, "100")), ""));
	cr_expect(bench.is_signed);
	gate_bench_obey(&bench, "fault wechat query unsigned");
	gate_v2(&bench, "/pay/orderquery", "out_trade_no=POS01_20260401_000001");
	cr_expect(not(bench.is_signed));
	gate_bench_obey(&bench, "fault wechat query bad-signature");
	gate_v2(&bench, "/pay/orderquery", "out_trade_no=POS01_20260401_000001");
	cr_expect(not(bench.is_signed));
	gate_bench_obey(&bench, "fault wechat query wrong-amount");
	gate_v2(&bench, "/pay/orderquery", "out_trade_no=POS01_20260401_000001");
	cr_expect(bench.is_signed, "a lie is rightly signed");
	cr_expect(eq(str, SAYS("total_fee"), "101"));
}

/* ---- W3: the form ---- */

Test(gate_wechat_v2, w3_reads_only_flat_xml)
{
	static const char *const cases[] = {
		"", "{}", "<xml>", "<xml><a>1</a>", "<xml><a>1</b></xml>", "<xml><a>1</a><a>2</a></xml>", "<xml><a b=\"1\">1</a></xml>",
		"<xml><a><b>1</b></a></xml>", "<!DOCTYPE x [<!ENTITY e \"1\">]><xml><a>&e;</a></xml>", "<xml><a>&e;</a></xml>", "<xml><a>&#0;</a></xml>",
		"<xml><a>&#xD800;</a></xml>", "<xml><a><![CDATA[1</a></xml>", "<xml><a>1</a></xml><xml/>", "<?xml version=\"1.0\"?><?php ?><xml></xml>",
	};
	struct gate_pairs pairs;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cr_expect(not(gate_xml_read(cases[i], strlen(cases[i]), &pairs)), "%s", cases[i]);
		gate_pairs_clear(&pairs);
	}
	static const char good[] = "<?xml version=\"1.0\"?>\n<xml>\n <a>1&amp;2</a><b/><c><![CDATA[<&>]]></c><d>&#x62FF;&#38081;</d>\n</xml>\n";

	cr_assert(gate_xml_read(good, strlen(good), &pairs));
	cr_expect(eq(str, (char *)gate_pair(&pairs, "a"), "1&2"));
	cr_expect(eq(str, (char *)gate_pair(&pairs, "c"), "<&>"));
	cr_expect(eq(str, (char *)gate_pair(&pairs, "d"), "拿铁"));
	gate_pairs_clear(&pairs);
}

Test(gate_wechat_v2, w3_refuses_fields_that_the_manual_does_not_allow)
{
	static const struct { const char *fields, *code; } cases[] = {
		{ PAY("POS01_1", CODE, "0"), "PARAM_ERROR" },          { PAY("POS01_1", CODE, "1.00"), "PARAM_ERROR" },
		{ PAY("P1", CODE, "1"), "PARAM_ERROR" },               { PAY("POS01/0001", CODE, "1"), "PARAM_ERROR" },
		{ "out_trade_no=POS01_1&total_fee=1", "LACK_PARAMS" }, { PAY("POS01_1", CODE, "1") "&colour=red", "FAIL" },
		{ PAY("POS01_1", CODE, "1") "&time_expire=20260401100059", "PARAM_ERROR" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cr_expect(eq(str, (char *)gate_v2(&bench, "/pay/micropay", cases[i].fields), (char *)cases[i].code), "%s", cases[i].fields);
		cr_expect(eq(str, bench.reply.rule, "W3"));
	}
	cr_expect(eq(str, (char *)gate_v2(&bench, "/pay/orderquery", "out_trade_no=POS01_1"), "ORDERNOTEXIST"));
}

/* ---- W4, W6 ---- */

Test(gate_wechat_v2, w4_one_number_is_one_payment)
{
	gate_v2(&bench, "/pay/micropay", PAY("POS01_1", CODE, "100"));
	cr_expect(eq(str, (char *)gate_v2(&bench, "/pay/micropay", PAY("POS01_1", CODE, "100")), "ORDERPAID"));
	cr_expect(eq(str, (char *)gate_v2(&bench, "/pay/micropay", PAY("POS01_1", "130061098828009407", "100")), "OUT_TRADE_NO_USED"));
	cr_expect(eq(int, gate_charges(&bench, "POS01_1"), 1));
	cr_expect(eq(int, gate_native(&bench, "POS01_1", 100), 403), "also for v3");
}

Test(gate_wechat_v2, w6_codes_are_fresh_and_used_once)
{
	gate_v2(&bench, "/pay/micropay", PAY("POS01_1", CODE, "100"));
	cr_expect(eq(str, (char *)gate_v2(&bench, "/pay/micropay", PAY("POS01_2", CODE, "100")), "AUTHCODEEXPIRE"));
	cr_expect(eq(int, strncmp(SAYS("err_code_des"), "101", 3), 0));
	cr_expect(eq(str, (char *)gate_v2(&bench, "/pay/micropay", PAY("POS01_3", "281234567890123456", "100")), "AUTH_CODE_INVALID"));
}

Test(gate_wechat_v2, w6_waits_for_a_password_and_says_so)
{
	cr_expect(eq(str, (char *)gate_v2(&bench, "/pay/micropay", PAY("POS01_1", CODE, "100001")), "USERPAYING"));
	cr_expect(bench.is_signed);
	gate_v2(&bench, "/pay/orderquery", "out_trade_no=POS01_1");
	cr_expect(eq(str, SAYS("trade_state"), "USERPAYING"));
	gate_bench_pass(&bench, 5000);
	gate_v2(&bench, "/pay/orderquery", "out_trade_no=POS01_1");
	cr_expect(eq(str, SAYS("trade_state"), "SUCCESS"));
	cr_expect(eq(str, SAYS("time_end"), "20260401100005"));
}

/* ---- W7, W8 ---- */

Test(gate_wechat_v2, w7_wants_the_certificate_when_there_can_be_one)
{
	json_t *all = gate_fixture("wechat_v2_sign.json");
	struct gate_pairs pairs = { 0 };
	struct zg_buffer xml = { 0 };
	const json_t *vector = json_array_get(json_object_get(all, "vectors"), 3);
	const char *name;
	json_t *value;

	json_object_foreach(json_object_get(vector, "fields"), name, value)
		gate_pairs_set(&pairs, name, json_string_value(value));
	gate_pairs_set(&pairs, "sign", zg_json_string(vector, "HMAC-SHA256", ""));
	gate_xml_write(&pairs, &xml);
	send_xml("/secapi/pay/reverse", xml.bytes, true, false);
	cr_expect(eq(str, bench.reply.rule, "W7"));
	cr_expect(eq(str, SAYS("return_code"), "FAIL"));
	send_xml("/secapi/pay/reverse", xml.bytes, true, true);
	cr_expect(eq(str, SAYS("err_code"), "ORDERNOTEXIST"));
	gate_pairs_clear(&pairs);
	zg_buffer_clear(&xml);
	json_decref(all);
}

Test(gate_wechat_v2, w7_asks_to_be_called_again_while_the_customer_types)
{
	gate_bench_obey(&bench, "phone password 20000");
	gate_v2(&bench, "/pay/micropay", PAY("POS01_1", CODE, "100"));
	cr_expect(eq(str, (char *)gate_v2(&bench, "/secapi/pay/reverse", "out_trade_no=POS01_1"), "INVALID_REQUEST"), "too early");
	cr_expect(eq(str, SAYS("recall"), "N"));
	gate_bench_pass(&bench, 16000);
	cr_expect(eq(str, (char *)gate_v2(&bench, "/secapi/pay/reverse", "out_trade_no=POS01_1"), "USERPAYING"));
	cr_expect(eq(str, SAYS("recall"), "Y"));
	gate_bench_pass(&bench, 4000);
	cr_expect(eq(str, (char *)gate_v2(&bench, "/secapi/pay/reverse", "out_trade_no=POS01_1"), ""));
	cr_expect(eq(str, SAYS("recall"), "N"));
	cr_expect(eq(int, gate_charges(&bench, "POS01_1"), 1));
	cr_expect(eq(long, gate_charged(&bench, "POS01_1"), 0));
}

Test(gate_wechat_v2, w8_refunds_and_tells_how_they_stand)
{
	gate_v2(&bench, "/pay/micropay", PAY("POS01_1", CODE, "1000"));
	cr_expect(eq(str, (char *)gate_v2(&bench, "/secapi/pay/refund", "out_trade_no=POS01_1&out_refund_no=R1&total_fee=1000&refund_fee=300"), ""));
	cr_expect(eq(str, (char *)gate_v2(&bench, "/secapi/pay/refund", "out_trade_no=POS01_1&out_refund_no=R1&total_fee=1000&refund_fee=300"), ""));
	cr_expect(eq(str, (char *)gate_v2(&bench, "/secapi/pay/refund", "out_trade_no=POS01_1&out_refund_no=R1&total_fee=1000&refund_fee=301"), "INVALID_REQUEST"));
	gate_v2(&bench, "/pay/refundquery", "out_refund_no=R1");
	cr_expect(eq(str, SAYS("refund_status_0"), "PROCESSING"));
	gate_bench_pass(&bench, 3000);
	gate_v2(&bench, "/pay/refundquery", "out_trade_no=POS01_1");
	cr_expect(eq(str, SAYS("refund_status_0"), "SUCCESS"));
	cr_expect(eq(str, SAYS("refund_fee_0"), "300"));
	cr_expect(eq(long, gate_charged(&bench, "POS01_1"), 700));
	gate_bench_obey(&bench, "fault wechat refund no-balance");
	gate_bench_pass(&bench, 60000);
	cr_expect(eq(str, (char *)gate_v2(&bench, "/secapi/pay/refund", "out_trade_no=POS01_1&out_refund_no=R2&total_fee=1000&refund_fee=1"), "NOTENOUGH"));
}
