/*
 * The till's drivers before the simulated gateways, without sockets: two readings of the channels' documents, made apart from each other,
 * have to agree, and whatever goes wrong with an answer, a driver that says something about money says what the phones' ledger says.
 */
#include "drivers/pay/alipay.h"
#include "drivers/pay/lakala.h"
#include "src/base/alloc.h"
#include "tests/sim/gate_bench.h"
#include "tests/unit/pay_bench.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct gate_bench gate;
static struct pay_bench till;
static struct zg_pay_order order;
static struct zg_pay_answer answer;
static const char *channel;

static void set_up(const struct zg_pay_driver *driver)
{
	gate_bench_open(&gate, GATE_BEGIN);
	bench_open(&till, driver);
	channel = driver->name;
	order = bench_order(ZG_WAY_CODE);
}

static void tear_down(void)
{
	bench_close(&till);
	gate_bench_close(&gate);
}

/* ---- the line between them ---- */

static struct zg_http_reply carry(const struct zg_http_request *request)
{
	const char *host = strstr(request->url, "://"), *target = host ? strchr(host + 3, '/') : NULL;
	struct zg_buffer head = { 0 };
	struct zg_http_reply reply = { .end = ZG_HTTP_WHOLE };

	for (size_t i = 0; i < request->header_count; i++)
		zg_buffer_print(&head, "%s\n", request->headers[i]);
	cr_assert(target != NULL, "%s", request->url);
	for (;;) {
		gate_bench_send(&gate, &(struct gate_request){ .method = request->method, .target = target, .head = zg_buffer_text(&head),
			.body = zg_buffer_text(&request->body), .length = request->body.length, .is_tls = true, .has_certificate = request->has_certificate });
		if (gate.reply.hold_ms <= 0)
			break;
		gate_bench_pass(&gate, gate.reply.hold_ms);    /* it is done later */
	}
	gate_bench_pass(&gate, gate.reply.delay_ms);
	reply.status = gate.reply.status;
	zg_buffer_add_text(&reply.head, zg_buffer_text(&gate.reply.head));
	zg_buffer_add(&reply.body, zg_buffer_text(&gate.reply.body), gate.reply.body.length);
	if (gate.reply.wire == GATE_DROPPED || gate.reply.wire == GATE_DRIPS)
		reply.end = ZG_HTTP_LOST;
	if (gate.reply.wire == GATE_CUT)    /* handed on as if it were whole: the driver has to see it */
		reply.body.length /= 2;
	zg_buffer_clear(&head);
	return reply;
}

static enum zg_pay_says ask(enum zg_pay_call call)
{
	struct zg_pay_moment moment = { .now_ms = gate.now_ms, .nonce = zg_print("%032d", ++gate.nonces) };
	char cancel_no[ZG_PAY_NUMBER];
	struct zg_http_request request = { 0 };
	struct zg_error err = { .text = "" };
	struct zg_http_reply reply;

	snprintf(cancel_no, sizeof(cancel_no), "POS01_20260401_V%05d", gate.nonces);
	order.cancel_no = cancel_no;
	cr_assert(eq(int, till.driver->build(till.keys, call, &order, &moment, &request, &err), ZG_OK), "%s", err.text);
	reply = carry(&request);
	till.driver->read(till.keys, call, &order, gate.now_ms, &reply, &answer);
	zg_http_reply_clear(&reply);
	zg_http_request_clear(&request);
	free((char *)moment.nonce);
	return answer.says;
}

#define expect_says(call, wanted) \
	cr_expect(eq(str, (char *)zg_pay_says_name(ask(call)), (char *)zg_pay_says_name(wanted)), "%s %s; %s %s", answer.code, answer.text, gate.reply.rule, gate.reply.why)

/* ---- Alipay ---- */

static void set_up_alipay(void)
{
	set_up(&zg_pay_alipay);
}

TestSuite(alipay_at_the_gate, .init = set_up_alipay, .fini = tear_down);

Test(alipay_at_the_gate, a_code_pays_and_money_goes_back)
{
	expect_says(ZG_CALL_CODE, ZG_SAYS_PAID);
	cr_expect(eq(str, answer.number, (char *)order.number));
	cr_expect(eq(i64, answer.amount_fen, 1234));
	cr_expect(eq(i64, answer.paid_at, GATE_BEGIN));
	expect_says(ZG_CALL_QUERY, ZG_SAYS_PAID);
	cr_expect(eq(i64, answer.amount_fen, 1234));
	expect_says(ZG_CALL_REFUND_QUERY, ZG_SAYS_NO_REFUND);
	expect_says(ZG_CALL_REFUND, ZG_SAYS_REFUNDED);
	expect_says(ZG_CALL_REFUND, ZG_SAYS_REFUNDING);
	expect_says(ZG_CALL_REFUND_QUERY, ZG_SAYS_REFUNDED);
	cr_expect(eq(i64, answer.refund_fen, 500));
	cr_expect(eq(str, answer.refund_no, (char *)order.refund_no));
	cr_expect(eq(long, gate_charged(&gate, order.number), 734));
	order.refund_fen = 501;
	expect_says(ZG_CALL_REFUND, ZG_SAYS_NUMBER_USED);
	order.refund_no = "POS01_20260401_R00002";
	order.refund_fen = 735;
	expect_says(ZG_CALL_REFUND, ZG_SAYS_NOT_REFUNDED);
	cr_expect(eq(long, gate_charged(&gate, order.number), 734));
	expect_says(ZG_CALL_QUERY, ZG_SAYS_PAID);
}

Test(alipay_at_the_gate, a_customer_who_types_is_waited_for)
{
	order.amount_fen = 100001;
	expect_says(ZG_CALL_CODE, ZG_SAYS_WAITING);
	expect_says(ZG_CALL_QUERY, ZG_SAYS_NOT_PAID);
	gate_bench_pass(&gate, 5000);
	expect_says(ZG_CALL_QUERY, ZG_SAYS_PAID);
	expect_says(ZG_CALL_CANCEL, ZG_SAYS_CANCELLED);
	expect_says(ZG_CALL_QUERY, ZG_SAYS_CLOSED);
	cr_expect(eq(long, gate_charged(&gate, order.number), 0));
}

Test(alipay_at_the_gate, refusals_are_told)
{
	gate_bench_obey(&gate, "phone refuses");
	expect_says(ZG_CALL_CODE, ZG_SAYS_DECLINED);
	expect_says(ZG_CALL_QUERY, ZG_SAYS_CLOSED);
	gate_bench_obey(&gate, "phone pays");
	order.number = "POS01_20260401_000020";
	order.code = "281234567890123457";
	expect_says(ZG_CALL_CODE, ZG_SAYS_PAID);
	order.amount_fen = 1235;
	expect_says(ZG_CALL_CODE, ZG_SAYS_NUMBER_USED);
	order.number = "POS01_20260401_000021";
	expect_says(ZG_CALL_CODE, ZG_SAYS_BAD_CODE);
	expect_says(ZG_CALL_QUERY, ZG_SAYS_NOT_FOUND);
	gate_bench_pass(&gate, 0);
	expect_says(ZG_CALL_CHECK, ZG_SAYS_DONE);
}

/* A clock that is off is the owner's matter, and the gateway says so without a signature. */
Test(alipay_at_the_gate, a_wrong_clock_is_told)
{
	struct zg_pay_moment moment = { .now_ms = GATE_BEGIN + 1000000, .nonce = BENCH_NONCE };
	struct zg_http_request request = { 0 };
	struct zg_http_reply reply;

	cr_assert(eq(int, till.driver->build(till.keys, ZG_CALL_CHECK, &order, &moment, &request, NULL), ZG_OK));
	reply = carry(&request);
	till.driver->read(till.keys, ZG_CALL_CHECK, &order, gate.now_ms, &reply, &answer);
	cr_expect(eq(int, answer.says, ZG_SAYS_WRONG));
	cr_expect(eq(int, answer.proof, ZG_PROVED_NOT_SIGNED));
	cr_expect(eq(str, answer.code, "40002 isv.invalid-timestamp"));
	zg_http_reply_clear(&reply);
	zg_http_request_clear(&request);
}

Test(alipay_at_the_gate, a_shown_code_is_shown_scanned_and_paid)
{
	order.way = ZG_WAY_SHOWN;
	gate_bench_obey(&gate, "phone pays-after 10000");
	expect_says(ZG_CALL_SHOW, ZG_SAYS_SHOWN);
	cr_expect(eq(int, strncmp(answer.url, "https://qr.alipay.com/", 22), 0));
	expect_says(ZG_CALL_QUERY, ZG_SAYS_NOT_FOUND);
	gate_bench_pass(&gate, 5000);
	expect_says(ZG_CALL_QUERY, ZG_SAYS_NOT_PAID);
	gate_bench_pass(&gate, 5000);
	expect_says(ZG_CALL_QUERY, ZG_SAYS_PAID);
	cr_expect(eq(long, gate_charged(&gate, order.number), 1234));
}

Test(alipay_at_the_gate, a_shown_code_is_withdrawn_before_anybody_scans)
{
	order.way = ZG_WAY_SHOWN;
	gate_bench_obey(&gate, "phone pays-after 60000");
	expect_says(ZG_CALL_SHOW, ZG_SAYS_SHOWN);
	expect_says(ZG_CALL_CANCEL, ZG_SAYS_DONE);
	expect_says(ZG_CALL_QUERY, ZG_SAYS_NOT_FOUND);
	gate_bench_pass(&gate, 120000);
	cr_expect(ask(ZG_CALL_QUERY) == ZG_SAYS_NOT_FOUND || answer.says == ZG_SAYS_CLOSED);    /* scanned, too late */
	cr_expect(eq(int, gate_charges(&gate, order.number), 0));
}

Test(alipay_at_the_gate, every_dress_of_its_answers_is_known)
{
	static const char *const dresses[] = { "set alipay-slashes 1", "set alipay-slashes 2", "set alipay-sign-first 1", "set alipay-certificate 1" };

	order.way = ZG_WAY_SHOWN;
	for (size_t i = 0; i < sizeof(dresses) / sizeof(dresses[0]); i++) {
		gate_bench_obey(&gate, dresses[i]);
		expect_says(ZG_CALL_SHOW, ZG_SAYS_SHOWN);
		cr_expect(eq(int, answer.proof, ZG_PROVED_VERIFIED));
		cr_expect(strchr(answer.url, '\\') == NULL, "%s", answer.url);
	}
}

Test(alipay_at_the_gate, a_cancel_may_be_wanted_again_and_is_too_late_after_a_day)
{
	gate_bench_obey(&gate, "set alipay-again 1");
	expect_says(ZG_CALL_CODE, ZG_SAYS_PAID);
	expect_says(ZG_CALL_CANCEL, ZG_SAYS_CANCEL_AGAIN);
	expect_says(ZG_CALL_CANCEL, ZG_SAYS_CANCELLED);
	order.number = "POS01_20260401_000020";
	order.code = "281234567890123457";
	expect_says(ZG_CALL_CODE, ZG_SAYS_PAID);
	gate_bench_pass(&gate, 86400001);
	expect_says(ZG_CALL_CANCEL, ZG_SAYS_TOO_LATE);
}

/* ---- Lakala ---- */

static void set_up_lakala(void)
{
	set_up(&zg_pay_lakala);
}

TestSuite(lakala_at_the_gate, .init = set_up_lakala, .fini = tear_down);

Test(lakala_at_the_gate, a_code_pays_and_money_goes_back)
{
	order.code = "130061098828009406";
	expect_says(ZG_CALL_CODE, ZG_SAYS_PAID);
	cr_expect(eq(str, answer.number, (char *)order.number));
	cr_expect(eq(i64, answer.amount_fen, 1234));
	cr_expect(eq(i64, answer.paid_at, GATE_BEGIN));
	cr_expect(eq(sz, strlen(answer.statement_no), 14));
	char *no = zg_copy(answer.channel_no);

	order.channel_no = no;
	expect_says(ZG_CALL_QUERY, ZG_SAYS_PAID);
	expect_says(ZG_CALL_REFUND_QUERY, ZG_SAYS_NO_REFUND);
	expect_says(ZG_CALL_REFUND, ZG_SAYS_REFUNDING);
	gate_bench_pass(&gate, 600000);
	expect_says(ZG_CALL_REFUND_QUERY, ZG_SAYS_REFUNDED);
	cr_expect(eq(i64, answer.refund_fen, 500));
	cr_expect(eq(str, answer.refund_no, (char *)order.refund_no));
	cr_expect(eq(str, answer.number, (char *)order.number));
	expect_says(ZG_CALL_REFUND, ZG_SAYS_UNKNOWN);    /* the number again: ask */
	cr_expect(eq(long, gate_charged(&gate, order.number), 734));
	expect_says(ZG_CALL_QUERY, ZG_SAYS_PAID);
	free(no);
}

Test(lakala_at_the_gate, a_customer_who_types_is_waited_for)
{
	for (int pending = 0; pending < 3; pending++) {
		char line[32], number[] = "POS01_20260401_000020", code[] = "281234567890123450";

		number[20] += pending;
		code[17] += pending;
		order.number = number;
		order.code = code;
		order.amount_fen = 100001;
		snprintf(line, sizeof(line), "set lakala-pending %d", pending);
		gate_bench_obey(&gate, line);
		expect_says(ZG_CALL_CODE, pending == 2 ? ZG_SAYS_UNKNOWN : ZG_SAYS_WAITING);
		expect_says(ZG_CALL_QUERY, ZG_SAYS_WAITING);
		gate_bench_pass(&gate, 60000);
		expect_says(ZG_CALL_QUERY, ZG_SAYS_PAID);
	}
}

/* After the revocation the query says that it was given back: that is no payment. */
Test(lakala_at_the_gate, a_revoked_payment_is_not_paid)
{
	expect_says(ZG_CALL_CODE, ZG_SAYS_PAID);
	expect_says(ZG_CALL_CANCEL, ZG_SAYS_DONE);
	cr_expect(eq(str, answer.number, (char *)order.number));
	expect_says(ZG_CALL_QUERY, ZG_SAYS_CANCELLED);
	cr_expect(eq(long, gate_charged(&gate, order.number), 0));
	order.number = "POS01_20260401_000020";
	expect_says(ZG_CALL_CANCEL, ZG_SAYS_DONE);    /* of nothing */
	expect_says(ZG_CALL_QUERY, ZG_SAYS_NOT_FOUND);
}

Test(lakala_at_the_gate, refusals_are_told)
{
	gate_bench_obey(&gate, "phone refuses");
	expect_says(ZG_CALL_CODE, ZG_SAYS_DECLINED);
	expect_says(ZG_CALL_QUERY, ZG_SAYS_CLOSED);
	order.number = "POS01_20260401_000020";
	expect_says(ZG_CALL_CODE, ZG_SAYS_DECLINED);    /* the code again */
	expect_says(ZG_CALL_QUERY, ZG_SAYS_NOT_FOUND);
	expect_says(ZG_CALL_CHECK, ZG_SAYS_DONE);
}

Test(lakala_at_the_gate, a_shown_code_is_shown_and_closed)
{
	order.way = ZG_WAY_SHOWN;
	order.wallet = ZG_WALLET_UNIONPAY;
	gate_bench_obey(&gate, "phone pays-after 60000");
	gate_bench_obey(&gate, "set lakala-quotes 1");
	gate_bench_obey(&gate, "set lakala-lower 1");
	expect_says(ZG_CALL_SHOW, ZG_SAYS_SHOWN);
	cr_expect(eq(int, strncmp(answer.url, "https://qr.95516.com/", 21), 0));
	expect_says(ZG_CALL_QUERY, ZG_SAYS_WAITING);
	expect_says(ZG_CALL_CANCEL, ZG_SAYS_DONE);
	gate_bench_pass(&gate, 120000);
	expect_says(ZG_CALL_QUERY, ZG_SAYS_CLOSED);
	cr_expect(eq(int, gate_charges(&gate, order.number), 0));
}

/* ---- everything that can go wrong ---- */

static bool is_about_us(void)
{
	return answer.proof == ZG_PROVED_VERIFIED && answer.is_ours && (answer.number[0] == '\0' || strcmp(answer.number, order.number) == 0);
}

/* As the till takes it: what is said and proved about this order must be so by the phones' ledger. */
static void compare_with_ledger(enum zg_pay_call call, const char *what)
{
	long charged = gate_charged(&gate, order.number);

	if (call == ZG_CALL_CODE && answer.says == ZG_SAYS_WRONG && answer.proof != ZG_PROVED_FORGED)
		cr_expect(eq(long, charged, 0), "%s: wrong, and charged", what);
	if (!is_about_us())
		return;
	switch (answer.says) {
	case ZG_SAYS_PAID:
		if (answer.amount_fen == order.amount_fen && answer.number[0])
			cr_expect(gt(long, charged, 0), "%s: paid, and not charged", what);
		break;
	case ZG_SAYS_DECLINED:
	case ZG_SAYS_BAD_CODE:
	case ZG_SAYS_CLOSED:
	case ZG_SAYS_CANCELLED:
		cr_expect(eq(long, charged, 0), "%s: %s, and charged", what, zg_pay_says_name(answer.says));
		break;
	case ZG_SAYS_REFUNDED:
		if (answer.refund_fen < 0 || answer.refund_fen == order.refund_fen)
			cr_expect(eq(long, charged, (long)(order.amount_fen - order.refund_fen)), "%s: refunded, and not", what);
		break;
	default:
		break;
	}
}

/* Old answers are not among them: neither channel's answers have a time that their own software looks at. */
static bool is_of_signatures(enum gate_wrong wrong)
{
	return wrong == GATE_UNSIGNED || wrong == GATE_BAD_SIGNATURE || wrong == GATE_PROBE || wrong == GATE_WRONG_SERIAL || wrong == GATE_ALTERED;
}

/* One fault at one call of an order, and a query after it. */
static void run_fault(enum gate_wrong wrong, enum zg_pay_call call, const char *call_name, const char *plan, int number)
{
	char *name = zg_print("POS01_20260401_%06d", number), *refund = zg_print("POS01_20260401_R%05d", number), *code = zg_print("28123456789%07d", number);
	char *line = zg_print("fault %s %s %s", channel, call_name, gate_fault_name(wrong)), *what = zg_print("%s, %s", line, plan);
	const enum zg_pay_call calls[] = { ZG_CALL_CODE, call == ZG_CALL_REFUND_QUERY ? ZG_CALL_REFUND : call, call, ZG_CALL_QUERY };

	order.number = name;
	order.refund_no = refund;
	order.code = code;
	gate_bench_obey(&gate, line);
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		bool is_refund = calls[i] == ZG_CALL_REFUND || calls[i] == ZG_CALL_REFUND_QUERY;

		/* nothing twice, a payment least of all; nothing is given back that was not paid */
		if ((i > 0 && calls[i] == calls[i - 1]) || (i > 0 && calls[i] == ZG_CALL_CODE) || (is_refund && gate_charged(&gate, name) == 0))
			continue;
		(void)ask(calls[i]);
		if (gate.reply.fault && is_of_signatures(wrong))
			cr_expect(ne(int, answer.proof, ZG_PROVED_VERIFIED), "%s: proved", what);
		compare_with_ledger(calls[i], what);
	}
	gate_bench_obey(&gate, "fault off");
	cr_expect(le(int, gate_charges(&gate, name), 1), "%s", what);
	free(name);
	free(refund);
	free(code);
	free(line);
	free(what);
	gate_bench_pass(&gate, 120000);
}

static void run_faults(const char *plan, bool with_refunds)
{
	static const struct {
		enum zg_pay_call call;
		const char *name;
	} calls[] = { { ZG_CALL_CODE, "pay" }, { ZG_CALL_QUERY, "query" }, { ZG_CALL_REFUND, "refund" }, { ZG_CALL_REFUND_QUERY, "refund-query" }, { ZG_CALL_CANCEL, "cancel" } };

	gate_bench_obey(&gate, plan);
	for (enum gate_wrong wrong = GATE_DROP_BEFORE; wrong < GATE_WRONGS; wrong++)
		for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
			if (with_refunds || calls[i].call == ZG_CALL_CODE || calls[i].call == ZG_CALL_CANCEL)
				run_fault(wrong, calls[i].call, calls[i].name, plan, gate.nonces);    /* no number twice */
}

Test(alipay_at_the_gate, nothing_that_goes_wrong_makes_it_lie)
{
	run_faults("phone pays", true);
	run_faults("phone vanishes", false);
}

Test(lakala_at_the_gate, nothing_that_goes_wrong_makes_it_lie)
{
	run_faults("phone pays", true);
	run_faults("phone vanishes", false);
}
