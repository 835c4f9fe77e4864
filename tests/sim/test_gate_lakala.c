/* Lakala at the simulator's door: rules L1 to L9 of the reference, a test a rule or more. */
#include "tests/sim/gate_bench.h"

#include "src/base/alloc.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CODE    "130061098828009406"
#define AT      "\"location_info\":{\"request_ip\":\"192.0.2.10\"}"
#define TRADE(number, fen) "\"out_trade_no\":\"" number "\",\"total_amount\":\"" fen "\"," AT ",\"subject\":\"小满便利店\""
#define PAY(number, code, fen) ask("labs/trans/micropay", TRADE(number, fen) ",\"auth_code\":\"" code "\",\"busi_mode\":\"ACQ\"")
#define SHOW(number, wallet, kind) ask("labs/trans/preorder", TRADE(number, "100") ",\"account_type\":\"" wallet "\",\"trans_type\":\"" kind "\"")
#define QUERY(number) ask("labs/query/tradequery", "\"out_trade_no\":\"" number "\"")
#define REVOKE(number, origin) ask("labs/relation/revoked", "\"out_trade_no\":\"" number "\",\"origin_out_trade_no\":\"" origin "\"," AT)
#define CLOSE(origin) ask("labs/relation/close", "\"origin_out_trade_no\":\"" origin "\"," AT)
#define REFUND(number, origin, fen) ask("rfd/refund_front/refund", "\"out_trade_no\":\"" number "\",\"origin_out_trade_no\":\"" origin "\",\"refund_amount\":\"" fen "\"," AT)
#define ask(path, data) ((char *)gate_lakala_ask(&bench, "/api/v3/" path, data))
#define SAYS(name) ((char *)gate_says(&bench, "resp_data." name))

static struct gate_bench bench;

static void open_bench(void)
{
	gate_bench_open(&bench, GATE_BEGIN);
}

static void close_bench(void)
{
	gate_bench_close(&bench);
}

TestSuite(gate_lakala, .init = open_bench, .fini = close_bench);

/* ---- L1 ---- */

static void send_vector(const json_t *vector, char what)
{
	char *body = zg_copy(zg_json_string(vector, "body", "")), *head = zg_print("Authorization: %s\n", zg_json_string(vector, "authorization", ""));
	const char *url = zg_json_string(vector, "url", "");

	if (what == 'b')
		body[strlen(body) / 2]++;
	if (what == 's')
		strstr(head, "signature=\"")[14] ^= 1;
	if (what == 'n')
		strstr(head, "serial_no=\"")[14] ^= 1;
	if (what == 'a')
		strstr(head, "appid=\"")[9] ^= 1;
	if (what == 'w')
		memcpy(strstr(head, "LKLAPI"), "LKLBPI", 6);
	gate_bench_send(&bench, &(struct gate_request){ .method = "POST", .target = strstr(url, "/sit/"), .head = head, .body = body, .length = strlen(body) });
	free(body);
	free(head);
}

Test(gate_lakala, l1_lets_in_what_the_vendors_code_signed)
{
	json_t *all = gate_fixture("lakala_requests.json"), *list = json_object_get(all, "requests");

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *vector = json_array_get(list, i);

		send_vector(vector, 0);
		cr_expect(eq(int, bench.reply.status, 200), "%s: %s", zg_json_string(vector, "name", ""), bench.reply.why);
		cr_expect(strncmp(bench.reply.rule, "L1", 3) != 0 && strncmp(bench.reply.rule, "L3", 3) != 0, "%s: %s", zg_json_string(vector, "name", ""), bench.reply.why);
	}
	cr_expect(eq(sz, json_array_size(list), 6));
	cr_expect(eq(int, gate_charges(&bench, "POS01_20260401_000018"), 1));
	cr_expect(eq(long, gate_charged(&bench, "POS01_20260401_000018"), 0), "the vectors revoke it");
	json_decref(all);
}

Test(gate_lakala, l1_refuses_anything_changed_and_does_not_sign_that)
{
	json_t *all = gate_fixture("lakala_requests.json");
	char serial[80];

	for (const char *what = "bsnaw"; *what; what++) {
		send_vector(json_array_get(json_object_get(all, "requests"), 0), *what);
		cr_expect(eq(int, bench.reply.status, 401), "%c", *what);
		cr_expect(eq(str, bench.reply.rule, "L1"));
		cr_expect(not(gate_head_value(bench.reply.head.bytes, "Lklapi-Signature", serial, sizeof(serial))));
	}
	gate_bench_pass(&bench, 600000);
	send_vector(json_array_get(json_object_get(all, "requests"), 0), 0);
	cr_expect(eq(int, bench.reply.status, 401), "ten minutes old");
	cr_expect(eq(int, gate_charges(&bench, "POS01_20260401_000018"), 0));
	json_decref(all);
}

/* ---- L2 ---- */

Test(gate_lakala, l2_signs_its_answers_in_every_dress)
{
	char serial[80];

	PAY("POS01_1", CODE, "100");
	cr_expect(bench.is_signed);
	gate_bench_obey(&bench, "set lakala-quotes 1");
	gate_bench_obey(&bench, "set lakala-lower 1");
	QUERY("POS01_1");
	cr_expect(bench.is_signed);
	gate_head_value(bench.reply.head.bytes, "Lklapi-Serial", serial, sizeof(serial));
	cr_expect(eq(str, serial, "\"5157f09efdc096de15ebe81a47057a7200000002\""));
	static const char *const faults[] = { "unsigned", "bad-signature", "probe", "altered" };

	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		char *line = zg_print("fault lakala query %s", faults[i]);

		gate_bench_obey(&bench, line);
		QUERY("POS01_1");
		cr_expect(not(bench.is_signed), "%s", faults[i]);
		free(line);
	}
	gate_bench_obey(&bench, "fault lakala query wrong-amount");
	QUERY("POS01_1");
	cr_expect(bench.is_signed);
	cr_expect(eq(str, SAYS("total_amount"), "101"));
	gate_bench_obey(&bench, "fault lakala query error-after");
	QUERY("POS01_1");
	cr_expect(eq(int, bench.reply.status, 500));
}

/* ---- L3, L4 ---- */

Test(gate_lakala, l3_refuses_what_the_tables_do_not_have)
{
	static const char *const cases[] = {
		TRADE("POS01_1", "1") , TRADE("POS01_1", "0") ",\"auth_code\":\"" CODE "\"", TRADE("POS01_1", "01") ",\"auth_code\":\"" CODE "\"",
		TRADE("POS01_1", "1.00") ",\"auth_code\":\"" CODE "\"", TRADE("POS01_1", "1234567890123") ",\"auth_code\":\"" CODE "\"",
		TRADE("POS01_1", "1") ",\"auth_code\":\"" CODE "\",\"colour\":\"red\"", "\"out_trade_no\":\"POS01_1\",\"total_amount\":\"1\",\"auth_code\":\"" CODE "\"",
		TRADE("POS01_0123456789012345678901234567", "1") ",\"auth_code\":\"" CODE "\"", TRADE("POS01_1", "1") ",\"auth_code\":130061098828009406",
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cr_expect(eq(str, ask("labs/trans/micropay", cases[i]), "BBS00003"), "%s", cases[i]);
		cr_expect(eq(str, bench.reply.rule, "L3"));
		cr_expect(bench.is_signed);
	}
	cr_expect(eq(str, QUERY("POS01_1"), "BBS11114"));
}

Test(gate_lakala, l4_a_number_is_used_once_for_whatever)
{
	cr_expect(eq(str, PAY("POS01_1", CODE, "100"), "BBS00000"));
	cr_expect(eq(str, PAY("POS01_1", CODE, "100"), "BBS11108"));
	cr_expect(eq(str, SHOW("POS01_1", "ALIPAY", "41"), "BBS11108"));
	cr_expect(eq(str, REVOKE("POS01_1", "POS01_1"), "BBS11108"));
	cr_expect(eq(str, REFUND("POS01_1", "POS01_1", "1"), "BBS11108"));
	cr_expect(eq(str, bench.reply.rule, "L4"));
	cr_expect(eq(int, gate_charges(&bench, "POS01_1"), 1));
	cr_expect(eq(long, gate_charged(&bench, "POS01_1"), 100));
}

/* ---- L5, L6 ---- */

Test(gate_lakala, l5_the_code_says_which_wallet_pays)
{
	cr_expect(eq(str, PAY("POS01_1", CODE, "100"), "BBS00000"));
	cr_expect(eq(str, SAYS("account_type"), "WECHAT"));
	cr_expect(eq(str, SAYS("need_query"), "0"));
	cr_expect(eq(int, (int)strlen(SAYS("log_no")), 14));
	cr_expect(eq(str, SAYS("log_no"), SAYS("trade_no") + strlen(SAYS("trade_no")) - 14));
	PAY("POS01_2", "281234567890123456", "100");
	cr_expect(eq(str, SAYS("account_type"), "ALIPAY"));
	PAY("POS01_3", "6212345678901234567", "100");
	cr_expect(eq(str, SAYS("account_type"), "UQRCODEPAY"));
	PAY("POS01_4", "0112345678901234567", "100");
	cr_expect(eq(str, SAYS("account_type"), "DCPAY"));
	cr_expect(eq(str, PAY("POS01_5", "6901234567892", "100"), "BBS12105"));
	cr_expect(eq(str, PAY("POS01_6", CODE, "100"), "BBS12105"), "the code was used");
	cr_expect(eq(str, bench.reply.rule, "L5"));
}

Test(gate_lakala, l5_pending_has_three_words)
{
	static const struct { const char *set, *code, *need; } cases[] = {
		{ "set lakala-pending 0", "BBS10000", "" }, { "set lakala-pending 1", "BBS00000", "1" }, { "set lakala-pending 2", "BBS11112", "" },
	};

	gate_bench_obey(&bench, "phone pays-after 7000");
	for (size_t i = 0; i < 3; i++) {
		char *data = zg_print(TRADE("POS01_%zu", "100") ",\"auth_code\":\"1300610988280094%zu\"", i, i + 10), *query = zg_print("\"out_trade_no\":\"POS01_%zu\"", i);

		gate_bench_obey(&bench, cases[i].set);
		cr_expect(eq(str, ask("labs/trans/micropay", data), (char *)cases[i].code));
		cr_expect(eq(str, SAYS("need_query"), (char *)cases[i].need));
		cr_expect(eq(str, SAYS("trade_time"), ""));
		ask("labs/query/tradequery", query);
		cr_expect(eq(str, SAYS("trade_state"), "DEAL"));
		gate_bench_pass(&bench, 7000);
		ask("labs/query/tradequery", query);
		cr_expect(eq(str, SAYS("trade_state"), "SUCCESS"));
		free(data);
		free(query);
	}
	gate_bench_obey(&bench, "phone refuses");
	cr_expect(eq(str, PAY("POS01_NO", "130061098828009499", "100"), "BBS12105"));
	QUERY("POS01_NO");
	cr_expect(eq(str, SAYS("trade_state"), "FAIL"));
}

Test(gate_lakala, l6_wechat_is_not_shown)
{
	cr_expect(eq(str, SHOW("POS01_1", "WECHAT", "41"), "BBS12105"));
	cr_expect(eq(str, bench.reply.rule, "L6"));
	cr_expect(eq(str, SHOW("POS01_1", "ALIPAY", "41"), "BBS00000"), "the number is free again");
	cr_expect(eq(int, strncmp(SAYS("acc_resp_fields.code"), "https://qr.alipay.com/", 22), 0));
	SHOW("POS01_2", "UQRCODEPAY", "41");
	cr_expect(eq(int, strncmp(SAYS("acc_resp_fields.code"), "https://qr.95516.com/00010000/", 30), 0));
	cr_expect(eq(int, (int)strlen(SAYS("acc_resp_fields.code")), 62));
	gate_bench_pass(&bench, 2000);
	QUERY("POS01_2");
	cr_expect(eq(str, SAYS("trade_state"), "SUCCESS"));
	cr_expect(eq(str, SAYS("trade_main_type"), "PREORDER"));
}

Test(gate_lakala, a_shown_code_closes_after_five_minutes)
{
	gate_bench_obey(&bench, "phone vanishes");
	SHOW("POS01_1", "ALIPAY", "41");
	gate_bench_pass(&bench, 299999);
	QUERY("POS01_1");
	cr_expect(eq(str, SAYS("trade_state"), "CREATE"));
	gate_bench_pass(&bench, 1);
	QUERY("POS01_1");
	cr_expect(eq(str, SAYS("trade_state"), "CLOSE"));
}

/* ---- L7 ---- */

Test(gate_lakala, l7_revokes_scanned_payments_and_closes_shown_ones)
{
	PAY("POS01_1", CODE, "100");
	cr_expect(eq(str, CLOSE("POS01_1"), "BBS11116"));
	cr_expect(eq(str, bench.reply.rule, "L7"));
	cr_expect(eq(str, REVOKE("POS01_V1", "POS01_1"), "BBS00000"));
	cr_expect(eq(long, gate_charged(&bench, "POS01_1"), 0));
	QUERY("POS01_1");
	cr_expect(eq(str, SAYS("trade_state"), "REFUND"));
	cr_expect(eq(str, REVOKE("POS01_V2", "POS01_1"), "BBS11116"), "once");
	gate_bench_obey(&bench, "phone vanishes");
	SHOW("POS01_2", "ALIPAY", "41");
	cr_expect(eq(str, REVOKE("POS01_V3", "POS01_2"), "BBS11116"));
	cr_expect(eq(str, bench.reply.rule, "L7"));
	cr_expect(eq(str, CLOSE("POS01_2"), "BBS00000"));
	QUERY("POS01_2");
	cr_expect(eq(str, SAYS("trade_state"), "CLOSE"));
	cr_expect(eq(str, REVOKE("POS01_V4", "POS01_NEVER"), "BBS11114"));
	gate_bench_obey(&bench, "phone pays-at-cancel");
	SHOW("POS01_3", "ALIPAY", "41");
	cr_expect(eq(str, CLOSE("POS01_3"), "BBS11116"), "he paid just before");
	cr_expect(eq(long, gate_charged(&bench, "POS01_3"), 100));
}

Test(gate_lakala, l7_not_while_the_password_is_typed_and_not_on_another_day)
{
	gate_bench_obey(&bench, "phone password 30000");
	PAY("POS01_1", CODE, "100");
	cr_expect(eq(str, REVOKE("POS01_V1", "POS01_1"), "BBS11105"));
	gate_bench_pass(&bench, 30000);
	cr_expect(eq(int, gate_charges(&bench, "POS01_1"), 1));
	gate_bench_pass(&bench, 14 * 3600000);
	cr_expect(eq(str, REVOKE("POS01_V2", "POS01_1"), "BBS11116"));
	cr_expect(eq(long, gate_charged(&bench, "POS01_1"), 100));
}

/* ---- L8, L9 ---- */

Test(gate_lakala, l8_refunds_take_their_time_and_end)
{
	PAY("POS01_1", CODE, "1000");
	cr_expect(eq(str, REFUND("POS01_R1", "POS01_1", "1001"), "BBS11116"));
	cr_expect(eq(str, bench.reply.rule, "L8"));
	cr_expect(eq(str, REFUND("POS01_R2", "POS01_1", "400"), "000000"));
	cr_expect(eq(str, SAYS("trade_state"), "PROCESSING"));
	cr_expect(eq(long, gate_charged(&bench, "POS01_1"), 1000));
	QUERY("POS01_R2");
	cr_expect(eq(str, SAYS("trade_state"), "DEAL"));
	gate_bench_pass(&bench, 3000);
	cr_expect(eq(str, ask("rfd/refund_front/refund_query", "\"out_trade_no\":\"POS01_R2\""), "000000"));
	cr_expect(eq(str, SAYS("trade_state"), "SUCCESS"));
	cr_expect(eq(str, SAYS("refund_amount"), "400"));
	cr_expect(eq(long, gate_charged(&bench, "POS01_1"), 600));
	QUERY("POS01_1");
	cr_expect(eq(str, SAYS("trade_state"), "PART_REFUND"));
	gate_bench_obey(&bench, "set refund-fails 1");
	REFUND("POS01_R3", "POS01_1", "600");
	gate_bench_pass(&bench, 3000);
	QUERY("POS01_R3");
	cr_expect(eq(str, SAYS("trade_state"), "FAIL"));
	cr_expect(eq(long, gate_charged(&bench, "POS01_1"), 600));
	gate_bench_obey(&bench, "set refund-fails 0");
	cr_expect(eq(str, ask("labs/relation/refund", "\"out_trade_no\":\"POS01_R4\",\"origin_out_trade_no\":\"POS01_1\",\"refund_amount\":\"600\"," AT), "BBS00000"));
	gate_bench_pass(&bench, 3000);
	cr_expect(eq(long, gate_charged(&bench, "POS01_1"), 0));
	cr_expect(eq(str, ask("rfd/refund_front/refund_query", "\"out_trade_no\":\"POS01_R9\""), "RFD11114"));
}

Test(gate_lakala, l9_what_nobody_ends_stays_as_it_is)
{
	gate_bench_obey(&bench, "phone vanishes");
	PAY("POS01_1", CODE, "1000");
	gate_bench_pass(&bench, 3 * 3600000);
	QUERY("POS01_1");
	cr_expect(eq(str, SAYS("trade_state"), "DEAL"));
}
