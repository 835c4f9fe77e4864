/* Alipay at the simulator's door: rules A1 to A9 of the reference, a test a rule or more. */
#include "tests/sim/gate_bench.h"

#include "contrib/sim/gate_alipay.h"

#include "src/base/alloc.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CODE "281234567890123456"
#define PAY(number, code, yuan) "{\"out_trade_no\":\"" number "\",\"scene\":\"bar_code\",\"auth_code\":\"" code "\",\"subject\":\"小满便利店\",\"total_amount\":\"" yuan "\"}"
#define SHOW(number, yuan) "{\"out_trade_no\":\"" number "\",\"subject\":\"小满便利店\",\"total_amount\":\"" yuan "\"}"
#define WHICH(number) "{\"out_trade_no\":\"" number "\"}"
#define ask(method, biz) ((char *)gate_alipay_ask(&bench, "alipay.trade." method, biz))
#define SAYS(name) ((char *)gate_says(&bench, name))

static struct gate_bench bench;

static void open_bench(void)
{
	gate_bench_open(&bench, GATE_BEGIN);
}

static void close_bench(void)
{
	gate_bench_close(&bench);
}

TestSuite(gate_alipay, .init = open_bench, .fini = close_bench);

/* ---- A1, A2 ---- */

static void send_vector(const json_t *vector, const char *target, const char *body)
{
	const char *query = zg_json_string(vector, "query_string", "");
	char *whole = target ? zg_copy(target) : zg_print("/gateway.do?%s", query);

	if (!body)
		body = zg_json_string(vector, "form_body", "");
	gate_bench_send(&bench, &(struct gate_request){ .method = "POST", .target = whole, .head = "", .body = body, .length = strlen(body) });
	free(whole);
}

static char *sub_code(void)
{
	return (char *)gate_says(&bench, "error_response.sub_code");
}

Test(gate_alipay, a1_lets_in_what_the_vendors_code_signed)
{
	json_t *all = gate_fixture("alipay_requests.json"), *list = json_object_get(all, "requests");

	for (size_t i = 0; i < json_array_size(list); i++) {
		send_vector(json_array_get(list, i), NULL, NULL);
		const char *name = zg_json_string(json_array_get(list, i), "name", "");
		/* the vectors refund what the vectors cancelled before */
		const char *rule = strcmp(name, "trade_refund") == 0 ? "A8" : "";

		cr_expect(bench.json && !json_object_get(bench.json, "error_response"), "%s: %s", name, bench.reply.why);
		cr_expect(eq(str, bench.reply.rule, (char *)rule), "%s: %s", name, bench.reply.why);
	}
	cr_expect(eq(sz, json_array_size(list), 9));
	cr_expect(eq(long, gate_charged(&bench, "POS01_20260401_000018"), 0), "paid, cancelled: the vectors in their order");
	cr_expect(eq(int, gate_charges(&bench, "POS01_20260401_000018"), 1));
	json_decref(all);
}

Test(gate_alipay, a1_refuses_anything_changed_and_does_not_sign_that)
{
	json_t *all = gate_fixture("alipay_requests.json");
	const json_t *vector = json_array_get(json_object_get(all, "requests"), 0);
	char *body = zg_copy(zg_json_string(vector, "form_body", "")), *target = zg_print("/gateway.do?%s", zg_json_string(vector, "query_string", ""));
	char *amount = strstr(body, "12.34");

	amount[0] = '2';
	send_vector(vector, NULL, body);
	cr_expect(eq(str, sub_code(), "isv.invalid-signature"));
	cr_expect(eq(str, bench.reply.rule, "A1"));
	cr_expect(json_object_get(bench.json, "sign") == NULL);
	strstr(target, "app_id=2")[7] = '3';
	send_vector(vector, target, NULL);
	cr_expect(eq(str, sub_code(), "isv.invalid-app-id"));
	free(body);
	body = zg_print("%s&charset=utf-8", zg_json_string(vector, "form_body", ""));
	send_vector(vector, NULL, body);
	cr_expect(eq(str, sub_code(), "isv.invalid-parameter"), "a parameter twice");
	cr_expect(eq(int, gate_charges(&bench, "POS01_20260401_000018"), 0));
	free(body);
	free(target);
	json_decref(all);
}

Test(gate_alipay, a2_refuses_a_clock_that_is_a_quarter_off)
{
	json_t *all = gate_fixture("alipay_requests.json");
	static const int64_t off[] = { 900001, -900001 };

	for (size_t i = 0; i < 2; i++) {
		bench.now_ms = GATE_BEGIN + off[i];
		send_vector(json_array_get(json_object_get(all, "requests"), 0), NULL, NULL);
		cr_expect(eq(str, sub_code(), "isv.invalid-timestamp"));
		cr_expect(eq(str, bench.reply.rule, "A2"));
	}
	bench.now_ms = GATE_BEGIN + 900000;
	send_vector(json_array_get(json_object_get(all, "requests"), 0), NULL, NULL);
	cr_expect(eq(str, bench.reply.rule, ""));
	json_decref(all);
}

Test(gate_alipay, refuses_fields_that_it_does_not_know_and_odd_amounts)
{
	static const char *const cases[] = {
		"{}", "[]", PAY("POS01_1", CODE, "0.00"), PAY("POS01_1", CODE, "1.234"), PAY("POS01_1", CODE, "1."), PAY("POS01_1", CODE, ".5"),
		PAY("POS01-1", CODE, "1.00"), "{\"out_trade_no\":\"POS01_1\",\"scene\":\"bar_code\",\"auth_code\":\"" CODE "\",\"total_amount\":\"1.00\"}",
		"{\"out_trade_no\":\"POS01_1\",\"scene\":\"bar_code\",\"auth_code\":\"" CODE "\",\"subject\":\"x\",\"total_amount\":\"1.00\",\"timeout_express\":\"90s\"}",
		"{\"out_trade_no\":\"POS01_1\",\"scene\":\"bar_code\",\"auth_code\":\"" CODE "\",\"subject\":\"x\",\"total_amount\":\"1.00\",\"colour\":\"red\"}",
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cr_expect(eq(str, ask("pay", cases[i]), "ACQ.INVALID_PARAMETER"), "%s", cases[i]);
		cr_expect(bench.is_signed, "a refusal of business is signed");
	}
	cr_expect(eq(str, ask("query", WHICH("POS01_1")), "ACQ.TRADE_NOT_EXIST"));
}

Test(gate_alipay, reads_yuan_exactly)
{
	static const struct { const char *text; long fen; } cases[] = {
		{ "0.01", 1 }, { "0.1", 10 }, { "12", 1200 }, { "12.34", 1234 }, { "999999999.99", 99999999999 }, { "1000000000", -1 }, { "", -1 }, { "1,2", -1 }, { "-1", -1 },
	};
	char text[32];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		cr_expect(eq(long, (long)gate_yuan_read(cases[i].text), cases[i].fen), "%s", cases[i].text);
	cr_expect(eq(str, (char *)gate_yuan(text, -5), "-0.05"));
}

/* ---- A3, A4, A5 ---- */

Test(gate_alipay, a3_the_same_again_is_the_same_trade)
{
	cr_expect(eq(str, ask("pay", PAY("POS01_1", CODE, "12.34")), "10000"));
	cr_expect(eq(str, SAYS("total_amount"), "12.34"));
	cr_expect(eq(str, ask("pay", PAY("POS01_1", CODE, "12.34")), "10000"));
	cr_expect(eq(str, ask("pay", PAY("POS01_1", CODE, "12.35")), "ACQ.CONTEXT_INCONSISTENT"));
	cr_expect(eq(str, bench.reply.rule, "A3"));
	cr_expect(eq(int, gate_charges(&bench, "POS01_1"), 1));
	ask("cancel", WHICH("POS01_1"));
	cr_expect(eq(str, ask("pay", PAY("POS01_1", CODE, "12.34")), "ACQ.TRADE_HAS_CLOSE"));
}

Test(gate_alipay, a4_a_code_pays_once)
{
	ask("pay", PAY("POS01_1", CODE, "1.00"));
	cr_expect(eq(str, ask("pay", PAY("POS01_2", CODE, "1.00")), "ACQ.PAYMENT_AUTH_CODE_INVALID"));
	cr_expect(eq(str, ask("pay", PAY("POS01_3", "130061098828009406", "1.00")), "ACQ.PAYMENT_AUTH_CODE_INVALID"));
	cr_expect(eq(str, bench.reply.rule, "A4"));
	cr_expect(eq(str, ask("query", WHICH("POS01_2")), "ACQ.TRADE_NOT_EXIST"));
}

Test(gate_alipay, a5_waits_for_the_customer_above_a_limit)
{
	cr_expect(eq(str, ask("pay", PAY("POS01_1", CODE, "1000.01")), "10003"));
	ask("query", WHICH("POS01_1"));
	cr_expect(eq(str, SAYS("trade_status"), "WAIT_BUYER_PAY"));
	gate_bench_pass(&bench, 5000);
	ask("query", WHICH("POS01_1"));
	cr_expect(eq(str, SAYS("trade_status"), "TRADE_SUCCESS"));
	cr_expect(eq(str, SAYS("send_pay_date"), "2026-04-01 10:00:05"));
	gate_bench_obey(&bench, "phone refuses");
	cr_expect(eq(str, ask("pay", PAY("POS01_2", "281234567890123457", "1.00")), "ACQ.BUYER_BALANCE_NOT_ENOUGH"));
	ask("query", WHICH("POS01_2"));
	cr_expect(eq(str, SAYS("trade_status"), "TRADE_CLOSED"));
	cr_expect(eq(int, gate_charges(&bench, "POS01_2"), 0));
}

Test(gate_alipay, an_open_trade_closes_at_its_own_time_out)
{
	gate_bench_obey(&bench, "phone vanishes");
	ask("pay", "{\"out_trade_no\":\"POS01_1\",\"scene\":\"bar_code\",\"auth_code\":\"" CODE "\",\"subject\":\"x\",\"total_amount\":\"1.00\",\"timeout_express\":\"2m\"}");
	gate_bench_pass(&bench, 119999);
	ask("query", WHICH("POS01_1"));
	cr_expect(eq(str, SAYS("trade_status"), "WAIT_BUYER_PAY"));
	gate_bench_pass(&bench, 1);
	ask("query", WHICH("POS01_1"));
	cr_expect(eq(str, SAYS("trade_status"), "TRADE_CLOSED"));
}

/* ---- A6 ---- */

Test(gate_alipay, a6_a_shown_code_is_no_trade_before_it_is_scanned)
{
	gate_bench_obey(&bench, "phone pays-after 10000");
	cr_expect(eq(str, ask("precreate", SHOW("POS01_1", "0.05")), "10000"));
	cr_expect(eq(int, strncmp(SAYS("qr_code"), "https://qr.alipay.com/", 22), 0));
	cr_expect(eq(str, ask("query", WHICH("POS01_1")), "ACQ.TRADE_NOT_EXIST"));
	cr_expect(eq(str, ask("close", WHICH("POS01_1")), "ACQ.TRADE_NOT_EXIST"));
	gate_bench_pass(&bench, 5000);
	ask("query", WHICH("POS01_1"));
	cr_expect(eq(str, SAYS("trade_status"), "WAIT_BUYER_PAY"));
	gate_bench_pass(&bench, 5000);
	ask("query", WHICH("POS01_1"));
	cr_expect(eq(str, SAYS("trade_status"), "TRADE_SUCCESS"));
	cr_expect(eq(long, gate_charged(&bench, "POS01_1"), 5));
}

Test(gate_alipay, a6_an_unscanned_code_is_withdrawn_without_a_word)
{
	gate_bench_obey(&bench, "phone pays-after 60000");
	ask("precreate", SHOW("POS01_1", "0.05"));
	cr_expect(eq(str, ask("cancel", WHICH("POS01_1")), "10000"));
	cr_expect(eq(str, SAYS("action"), ""));
	cr_expect(eq(str, SAYS("retry_flag"), "N"));
	gate_bench_pass(&bench, 120000);
	cr_expect(eq(int, gate_charges(&bench, "POS01_1"), 0), "nobody can pay it any more");
}

/* ---- A7 ---- */

Test(gate_alipay, a7_cancels_what_is_open_and_gives_back_what_was_paid)
{
	ask("pay", PAY("POS01_1", CODE, "1.00"));
	cr_expect(eq(str, ask("cancel", WHICH("POS01_1")), "10000"));
	cr_expect(eq(str, SAYS("action"), "refund"));
	ask("cancel", WHICH("POS01_1"));
	cr_expect(eq(long, gate_charged(&bench, "POS01_1"), 0), "once");
	gate_bench_obey(&bench, "phone vanishes");
	ask("pay", PAY("POS01_2", "281234567890123457", "1.00"));
	ask("cancel", WHICH("POS01_2"));
	cr_expect(eq(str, SAYS("action"), "close"));
	ask("cancel", WHICH("POS01_NEVER"));
	cr_expect(eq(str, SAYS("action"), ""));
	gate_bench_obey(&bench, "phone pays-at-cancel");
	ask("pay", PAY("POS01_3", "281234567890123458", "1.00"));
	ask("cancel", WHICH("POS01_3"));
	cr_expect(eq(str, SAYS("action"), "refund"));
	cr_expect(eq(int, gate_charges(&bench, "POS01_3"), 1));
}

Test(gate_alipay, a7_may_want_the_cancel_again_and_not_after_a_day)
{
	gate_bench_obey(&bench, "set alipay-again 2");
	ask("pay", PAY("POS01_1", CODE, "1.00"));
	for (int i = 0; i < 3; i++) {
		ask("cancel", WHICH("POS01_1"));
		cr_expect(eq(str, SAYS("retry_flag"), i < 2 ? "Y" : "N"));
	}
	cr_expect(eq(long, gate_charged(&bench, "POS01_1"), 0));
	ask("pay", PAY("POS01_2", "281234567890123457", "1.00"));
	gate_bench_pass(&bench, 86400001);
	cr_expect(eq(str, ask("cancel", WHICH("POS01_2")), "ACQ.CANCEL_NOT_ALLOWED"));
	cr_expect(eq(str, bench.reply.rule, "A7"));
	cr_expect(eq(long, gate_charged(&bench, "POS01_2"), 100));
}

/* ---- A8 ---- */

#define REFUND(number, request, yuan) "{\"out_trade_no\":\"" number "\",\"out_request_no\":\"" request "\",\"refund_amount\":\"" yuan "\"}"

Test(gate_alipay, a8_refunds_once_a_request_number)
{
	gate_bench_obey(&bench, "phone vanishes");
	ask("pay", PAY("POS01_1", CODE, "10.00"));
	cr_expect(eq(str, ask("refund", REFUND("POS01_1", "R1", "4.00")), "ACQ.TRADE_STATUS_ERROR"));
	gate_bench_obey(&bench, "phone now pays");
	cr_expect(eq(str, ask("refund", REFUND("POS01_1", "R1", "4.00")), "10000"));
	cr_expect(eq(str, SAYS("fund_change"), "Y"));
	cr_expect(eq(str, ask("refund", REFUND("POS01_1", "R1", "4.00")), "10000"));
	cr_expect(eq(str, SAYS("fund_change"), "N"));
	cr_expect(eq(str, ask("refund", REFUND("POS01_1", "R1", "4.01")), "ACQ.DISCORDANT_REPEAT_REQUEST"));
	cr_expect(eq(str, ask("refund", REFUND("POS01_1", "R2", "6.01")), "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL"));
	cr_expect(eq(str, ask("refund", "{\"out_trade_no\":\"POS01_1\",\"refund_amount\":\"1.00\"}"), "ACQ.INVALID_PARAMETER"));
	cr_expect(eq(long, gate_charged(&bench, "POS01_1"), 600));
	ask("fastpay.refund.query", "{\"out_trade_no\":\"POS01_1\",\"out_request_no\":\"R1\"}");
	cr_expect(eq(str, SAYS("refund_amount"), "4.00"));
	cr_expect(eq(str, ask("fastpay.refund.query", "{\"out_trade_no\":\"POS01_1\",\"out_request_no\":\"R9\"}"), "10000"));
	cr_expect(eq(str, SAYS("refund_amount"), ""), "no amount: no such refund");
	ask("refund", REFUND("POS01_1", "R2", "6.00"));
	cr_expect(eq(long, gate_charged(&bench, "POS01_1"), 0));
	ask("query", WHICH("POS01_1"));
	cr_expect(eq(str, SAYS("trade_status"), "TRADE_CLOSED"), "refunded whole");
}

Test(gate_alipay, a8_a_finished_trade_is_not_refunded)
{
	ask("pay", PAY("POS01_1", CODE, "10.00"));
	gate_bench_obey(&bench, "set alipay-finished 1");
	ask("query", WHICH("POS01_1"));
	cr_expect(eq(str, SAYS("trade_status"), "TRADE_FINISHED"));
	cr_expect(eq(str, ask("refund", REFUND("POS01_1", "R1", "4.00")), "ACQ.TRADE_HAS_FINISHED"));
}

/* ---- A9 ---- */

Test(gate_alipay, a9_writes_its_answers_in_every_way)
{
	ask("precreate", SHOW("POS01_1", "0.05"));
	cr_expect(bench.is_signed);
	gate_bench_obey(&bench, "set alipay-slashes 1");
	ask("precreate", SHOW("POS01_1", "0.05"));
	cr_expect(bench.is_signed);
	cr_expect(strstr(bench.reply.body.bytes, "https:\\/\\/qr.alipay.com\\/") != NULL);
	gate_bench_obey(&bench, "set alipay-slashes 2");
	ask("precreate", SHOW("POS01_1", "0.05"));
	cr_expect(not(bench.is_signed), "signed as it was before the slashes were escaped");
	gate_bench_obey(&bench, "set alipay-slashes 0");
	gate_bench_obey(&bench, "set alipay-sign-first 1");
	gate_bench_obey(&bench, "set alipay-certificate 1");
	ask("precreate", SHOW("POS01_1", "0.05"));
	cr_expect(bench.is_signed);
	cr_expect(eq(int, strncmp(bench.reply.body.bytes, "{\"sign\":\"", 9), 0));
	cr_expect(strstr(bench.reply.body.bytes, "\"alipay_cert_sn\":") != NULL);
}

Test(gate_alipay, a9_spoils_its_answers_when_told)
{
	static const struct { const char *fault; bool is_signed; const char *code; } cases[] = {
		{ "unsigned", false, "10000" },     { "bad-signature", false, "10000" },   { "probe", false, "10000" }, { "wrong-serial", false, "10000" },
		{ "altered", false, NULL },         { "busy-before", true, "isp.unknow-error" }, { "busy-after", true, "isp.unknow-error" },
		{ "wrong-amount", true, "10000" },  { "wrong-number", true, "10000" },     { "wrong-merchant", true, "10000" }, { "hostile-text", true, "10000" },
	};

	ask("pay", PAY("POS01_1", CODE, "1.00"));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *line = zg_print("fault alipay query %s", cases[i].fault), *code;

		gate_bench_obey(&bench, line);
		code = ask("query", WHICH("POS01_1"));
		cr_expect(eq(int, bench.is_signed, cases[i].is_signed), "%s", cases[i].fault);
		if (cases[i].code)
			cr_expect(eq(str, code, (char *)cases[i].code), "%s", cases[i].fault);
		free(line);
	}
	gate_bench_obey(&bench, "fault alipay query text-numbers");
	ask("query", WHICH("POS01_1"));
	int numbers = json_typeof(json_object_get(bench.json, "code")) == JSON_INTEGER && json_typeof(json_object_get(bench.json, "total_amount")) == JSON_REAL;

	cr_expect(numbers);
}
