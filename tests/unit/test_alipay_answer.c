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

TestSuite(alipay_answer, .init = set_up, .fini = tear_down);

static struct zg_pay_answer read_body(enum zg_pay_call call, const char *body)
{
	struct zg_http_reply reply = bench_reply("", body);
	struct zg_pay_answer answer = bench_read(&bench, call, &reply);

	zg_http_reply_clear(&reply);
	return answer;
}

static enum zg_pay_call call_of(const char *method)
{
	for (enum zg_pay_call call = 0; call < ZG_PAY_CALLS; call++)
		if (zg_alipay_method(call) && strcmp(zg_alipay_method(call), method) == 0)
			return call;
	cr_assert(false, "%s", method);
	return ZG_CALL_CHECK;
}

/* What each of the SDK's answers means to us. Two that its own Node SDK refuses are good. */
static const struct {
	const char *name;
	enum zg_pay_proof proof;
	enum zg_pay_says says;
	const char *code;
} verdicts[] = {
	{ "ok_pay", ZG_PROVED_VERIFIED, ZG_SAYS_PAID, "10000" },
	{ "paying_10003", ZG_PROVED_VERIFIED, ZG_SAYS_WAITING, "10003" },
	{ "ok_precreate_escaped_slash", ZG_PROVED_VERIFIED, ZG_SAYS_SHOWN, "10000" },
	{ "escaped_slash_signed_unescaped", ZG_PROVED_VERIFIED, ZG_SAYS_SHOWN, "10000" },
	{ "fail_40004", ZG_PROVED_VERIFIED, ZG_SAYS_NOT_FOUND, "40004 ACQ.TRADE_NOT_EXIST" },
	{ "unknown_20000", ZG_PROVED_VERIFIED, ZG_SAYS_UNKNOWN, "20000 aop.unknow-error" },
	{ "tricky_braces_in_string", ZG_PROVED_VERIFIED, ZG_SAYS_PAID, "10000" },
	{ "sign_before_response", ZG_PROVED_VERIFIED, ZG_SAYS_PAID, "10000" },
	{ "certificate_mode", ZG_PROVED_VERIFIED, ZG_SAYS_PAID, "10000" },
	{ "bad_amount_tampered", ZG_PROVED_FORGED, ZG_SAYS_UNKNOWN, "10000" },
	{ "bad_reserialised", ZG_PROVED_FORGED, ZG_SAYS_UNKNOWN, "10000" },
	{ "bad_no_sign", ZG_PROVED_FORGED, ZG_SAYS_UNKNOWN, "10000" },
	{ "error_response_unsigned", ZG_PROVED_NOT_SIGNED, ZG_SAYS_WRONG, "40002 isv.invalid-signature" },
};
#define VERDICTS (sizeof(verdicts) / sizeof(verdicts[0]))

Test(alipay_answer, a_public_key_does_not_end)
{
	cr_expect(eq(long, (long)bench.driver->ends(bench.keys), 0));
}

Test(alipay_answer, every_vector_has_its_verdict)
{
	json_t *all = vector_json("alipay_responses.json"), *vector;
	size_t i, seen = 0;

	json_array_foreach(json_object_get(all, "responses"), i, vector) {
		const char *name = zg_json_string(vector, "name", "");
		struct zg_pay_answer answer = read_body(call_of(zg_json_string(vector, "method", "")), zg_json_string(vector, "raw_body", ""));

		for (size_t k = 0; k < VERDICTS; k++) {
			if (strcmp(verdicts[k].name, name) != 0)
				continue;
			cr_expect(eq(int, answer.proof, verdicts[k].proof), "%s", name);
			cr_expect(eq(int, answer.says, verdicts[k].says), "%s", name);
			cr_expect(eq(str, answer.code, (char *)verdicts[k].code), "%s", name);
			seen++;
		}
		/* the signed text is just the SDK's */
		const char *text = zg_json_string(vector, "signed_text", NULL), *raw = zg_json_string(vector, "raw_body", "");
		struct zg_alipay_piece piece;
		char *member = zg_print("%s_response", zg_json_string(vector, "method", ""));

		for (char *c = member; *c; c++)
			*c = *c == '.' ? '_' : *c;
		if (text && !strstr(name, "signed_unescaped")) {
			cr_assert(zg_alipay_cut(raw, strlen(raw), member, &piece) && piece.at);
			cr_expect(eq(sz, piece.length, strlen(text)), "%s", name);
			cr_expect(memcmp(piece.at, text, piece.length) == 0, "%s", name);
		}
		free(member);
	}
	cr_expect(eq(sz, seen, VERDICTS));
	cr_expect(eq(sz, json_array_size(json_object_get(all, "responses")), VERDICTS));
	json_decref(all);
}

static const char paid[] = "{\"code\":\"10000\",\"msg\":\"Success\",\"buyer_logon_id\":\"159****5620\",\"buyer_user_id\":\"2088101117955611\",\"gmt_payment\":\"2026-04-01 10:00:05\","
	"\"out_trade_no\":\"POS01_20260401_000018\",\"total_amount\":\"12.34\",\"trade_no\":\"2026040122001400001234567890\"}";

Test(alipay_answer, a_payment_is_told_with_everything_to_compare)
{
	struct zg_pay_answer answer = bench_read_alipay(&bench, ZG_CALL_CODE, paid);

	cr_expect(eq(int, answer.says, ZG_SAYS_PAID));
	cr_expect(eq(str, answer.number, "POS01_20260401_000018"));
	cr_expect(eq(str, answer.channel_no, "2026040122001400001234567890"));
	cr_expect(eq(str, answer.statement_no, "2026040122001400001234567890"));
	cr_expect(eq(i64, answer.amount_fen, 1234));
	cr_expect(eq(i64, answer.refund_fen, -1));
	cr_expect(eq(i64, answer.paid_at, 1775008805000));
	cr_expect(eq(str, answer.payer, "159****5620"));
	cr_expect(eq(str, answer.text, "Success"));
	cr_expect(eq(str, answer.refund_no, ""));
	cr_expect(answer.is_ours);
}

/* Each row: call, the members of a verified answer, what it says. */
static const struct {
	enum zg_pay_call call;
	const char *body;
	enum zg_pay_says says;
} meanings[] = {
	{ ZG_CALL_QUERY, "\"code\":\"10000\",\"trade_status\":\"WAIT_BUYER_PAY\"", ZG_SAYS_NOT_PAID },
	{ ZG_CALL_QUERY, "\"code\":\"10000\",\"trade_status\":\"TRADE_SUCCESS\"", ZG_SAYS_PAID },
	{ ZG_CALL_QUERY, "\"code\":\"10000\",\"trade_status\":\"TRADE_FINISHED\"", ZG_SAYS_PAID },
	{ ZG_CALL_QUERY, "\"code\":\"10000\",\"trade_status\":\"TRADE_CLOSED\"", ZG_SAYS_CLOSED },
	{ ZG_CALL_QUERY, "\"code\":\"10000\",\"trade_status\":\"TRADE_PENDING\"", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_QUERY, "\"code\":\"10000\",\"trade_status\":1", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_QUERY, "\"code\":\"10000\"", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_QUERY, "\"code\":10000,\"trade_status\":\"TRADE_SUCCESS\"", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_QUERY, "\"code\":\"10003\",\"trade_status\":\"TRADE_SUCCESS\"", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_QUERY, "\"code\":\"40004\",\"sub_code\":\"ACQ.SYSTEM_ERROR\"", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_QUERY, "\"code\":\"40004\"", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_SHOW, "\"code\":\"10000\",\"qr_code\":\"https://qr.alipay.com/bavh4wjlxf12tper3a\"", ZG_SAYS_SHOWN },
	{ ZG_CALL_SHOW, "\"code\":\"10000\"", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_SHOW, "\"code\":\"10000\",\"qr_code\":\"\"", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_SHOW, "\"code\":\"10000\",\"qr_code\":\"https://qr.alipay.com/\\u001b[2J\"", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_SHOW, "\"code\":\"10003\"", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_CANCEL, "\"code\":\"10000\",\"retry_flag\":\"N\",\"action\":\"close\"", ZG_SAYS_CANCELLED },
	{ ZG_CALL_CANCEL, "\"code\":\"10000\",\"retry_flag\":\"N\",\"action\":\"refund\"", ZG_SAYS_CANCELLED },
	{ ZG_CALL_CANCEL, "\"code\":\"10000\",\"retry_flag\":\"Y\",\"action\":\"close\"", ZG_SAYS_CANCEL_AGAIN },
	{ ZG_CALL_CANCEL, "\"code\":\"10000\",\"retry_flag\":\"N\"", ZG_SAYS_DONE },
	{ ZG_CALL_CANCEL, "\"code\":\"10000\"", ZG_SAYS_DONE },
	{ ZG_CALL_CANCEL, "\"code\":\"10000\",\"retry_flag\":\"?\",\"action\":\"close\"", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_CANCEL, "\"code\":\"10000\",\"retry_flag\":\"N\",\"action\":\"invented\"", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_REFUND, "\"code\":\"10000\",\"fund_change\":\"Y\",\"refund_fee\":\"5.00\"", ZG_SAYS_REFUNDED },
	{ ZG_CALL_REFUND, "\"code\":\"10000\",\"fund_change\":\"N\",\"refund_fee\":\"5.00\"", ZG_SAYS_REFUNDING },
	{ ZG_CALL_REFUND, "\"code\":\"10000\"", ZG_SAYS_REFUNDING },
	{ ZG_CALL_REFUND_QUERY, "\"code\":\"10000\",\"refund_amount\":\"5.00\",\"refund_status\":\"REFUND_SUCCESS\"", ZG_SAYS_REFUNDED },
	{ ZG_CALL_REFUND_QUERY, "\"code\":\"10000\",\"refund_amount\":\"5.00\"", ZG_SAYS_REFUNDED },
	{ ZG_CALL_REFUND_QUERY, "\"code\":\"10000\",\"refund_amount\":\"5.00\",\"refund_status\":\"REFUND_PROCESSING\"", ZG_SAYS_REFUNDING },
	{ ZG_CALL_REFUND_QUERY, "\"code\":\"10000\",\"refund_amount\":\"5.00\",\"refund_status\":\"REFUND_FAIL\"", ZG_SAYS_NOT_REFUNDED },
	{ ZG_CALL_REFUND_QUERY, "\"code\":\"10000\",\"refund_amount\":\"5.00\",\"refund_status\":\"invented\"", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_REFUND_QUERY, "\"code\":\"10000\",\"refund_amount\":5", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_REFUND_QUERY, "\"code\":\"10000\"", ZG_SAYS_NO_REFUND },
	{ ZG_CALL_REFUND_QUERY, "\"code\":\"10000\",\"refund_status\":\"REFUND_SUCCESS\"", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_REFUND_QUERY, "\"code\":\"40004\",\"sub_code\":\"ACQ.TRADE_NOT_EXIST\"", ZG_SAYS_NO_REFUND },
	{ ZG_CALL_REFUND_QUERY, "\"code\":\"40004\",\"sub_code\":\"ACQ.SYSTEM_ERROR\"", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_BILL, "\"code\":\"10000\",\"bill_download_url\":\"https://dwbillcenter.alipay.com/x\"", ZG_SAYS_DONE },
	{ ZG_CALL_BILL, "\"code\":\"10000\"", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_BILL, "\"code\":\"40004\",\"sub_code\":\"isp.bill_not_exist\"", ZG_SAYS_NO_BILL },
	{ ZG_CALL_BILL, "\"code\":\"40004\",\"sub_code\":\"BILL_NOT_EXIST\"", ZG_SAYS_NO_BILL },
	{ ZG_CALL_BILL, "\"code\":\"40004\",\"sub_code\":\"INVALID_ARGUMENTS\"", ZG_SAYS_WRONG },
	{ ZG_CALL_BILL, "\"code\":\"20000\",\"sub_code\":\"isp.unknow-error\"", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_CHECK, "\"code\":\"10000\"", ZG_SAYS_DONE },
	{ ZG_CALL_CHECK, "\"code\":\"40004\",\"sub_code\":\"ACQ.TRADE_NOT_EXIST\"", ZG_SAYS_DONE },
	{ ZG_CALL_CHECK, "\"code\":\"40004\",\"sub_code\":\"ACQ.SYSTEM_ERROR\"", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_CHECK, "\"code\":\"40006\",\"sub_code\":\"isv.insufficient-isv-permissions\"", ZG_SAYS_WRONG },
};

Test(alipay_answer, answers_mean_what_the_documents_say)
{
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++) {
		char *body = zg_print("{%s}", meanings[i].body);
		struct zg_pay_answer answer = bench_read_alipay(&bench, meanings[i].call, body);

		cr_expect(eq(int, answer.proof, ZG_PROVED_VERIFIED), "%s", body);
		cr_expect(eq(str, (char *)zg_pay_says_name(answer.says), (char *)zg_pay_says_name(meanings[i].says)), "%s: %s", zg_alipay_method(meanings[i].call), body);
		free(body);
	}
}

/* The refusals of paying and of giving back, as Alipay lists them; invented ones are unknown. */
static const struct {
	enum zg_pay_call call;
	enum zg_pay_says says;
	const char *words;
} refusals[] = {
	{ ZG_CALL_CODE, ZG_SAYS_UNKNOWN, "SYSTEM_ERROR TRADE_HAS_SUCCESS INVENTED TRADE_NOT_EXIST" },
	{ ZG_CALL_CODE, ZG_SAYS_BAD_CODE, "PAYMENT_AUTH_CODE_INVALID" },
	{ ZG_CALL_CODE, ZG_SAYS_NUMBER_USED, "CONTEXT_INCONSISTENT" },
	{ ZG_CALL_CODE, ZG_SAYS_CLOSED, "TRADE_HAS_CLOSE" },
	{ ZG_CALL_CODE, ZG_SAYS_DECLINED, "TOTAL_FEE_EXCEED BUYER_BALANCE_NOT_ENOUGH BUYER_BANKCARD_BALANCE_NOT_ENOUGH ERROR_BALANCE_PAYMENT_DISABLE BUYER_SELLER_EQUAL "
	  "TRADE_BUYER_NOT_MATCH BUYER_ENABLE_STATUS_FORBID PULL_MOBILE_CASHIER_FAIL MOBILE_PAYMENT_SWITCH_OFF PAYMENT_FAIL BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR "
	  "BUYER_PAYMENT_AMOUNT_MONTH_LIMIT_ERROR BEYOND_PAY_RESTRICTION BEYOND_PER_RECEIPT_RESTRICTION ERROR_BUYER_CERTIFY_LEVEL_LIMIT PAYMENT_REQUEST_HAS_RISK "
	  "NO_PAYMENT_INSTRUMENTS_AVAILABLE USER_FACE_PAYMENT_SWITCH_OFF" },
	{ ZG_CALL_CODE, ZG_SAYS_WRONG, "INVALID_PARAMETER ACCESS_FORBIDDEN EXIST_FORBIDDEN_WORD PARTNER_ERROR SELLER_BEEN_BLOCKED INVALID_STORE_ID "
	  "MERCHANT_AGREEMENT_NOT_EXIST MERCHANT_AGREEMENT_INVALID MERCHANT_STATUS_NOT_NORMAL UN_SUPPORT_TRADE_SCENE" },
	{ ZG_CALL_SHOW, ZG_SAYS_WRONG, "ACCESS_FORBIDDEN EXIST_FORBIDDEN_WORD" },
	{ ZG_CALL_CANCEL, ZG_SAYS_TOO_LATE, "CANCEL_NOT_ALLOWED REASON_TRADE_STATUS_INVALID" },
	{ ZG_CALL_CANCEL, ZG_SAYS_UNKNOWN, "SYSTEM_ERROR INVENTED" },
	{ ZG_CALL_CANCEL, ZG_SAYS_NOT_FOUND, "TRADE_NOT_EXIST" },
	{ ZG_CALL_REFUND, ZG_SAYS_UNKNOWN, "SYSTEM_ERROR REFUND_CHARGE_ERROR INVENTED" },
	{ ZG_CALL_REFUND, ZG_SAYS_LATER, "SELLER_BALANCE_NOT_ENOUGH REASON_TRADE_BEEN_FREEZEN" },
	{ ZG_CALL_REFUND, ZG_SAYS_NUMBER_USED, "DISCORDANT_REPEAT_REQUEST" },
	{ ZG_CALL_REFUND, ZG_SAYS_NOT_REFUNDED, "REFUND_AMT_NOT_EQUAL_TOTAL TRADE_NOT_EXIST TRADE_HAS_FINISHED TRADE_STATUS_ERROR REASON_TRADE_REFUND_FEE_ERR "
	  "TRADE_NOT_ALLOW_REFUND REFUND_FEE_ERROR TRADE_HAS_CLOSE" },
};

Test(alipay_answer, refusals_mean_what_the_documents_say)
{
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		char *list = zg_copy(refusals[i].words), *rest = NULL;

		for (char *word = strtok_r(list, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
			char *body = zg_print("{\"code\":\"40004\",\"msg\":\"Business Failed\",\"sub_code\":\"ACQ.%s\",\"sub_msg\":\"话\"}", word);
			struct zg_pay_answer answer = bench_read_alipay(&bench, refusals[i].call, body);

			cr_expect(eq(str, (char *)zg_pay_says_name(answer.says), (char *)zg_pay_says_name(refusals[i].says)), "%d %s", refusals[i].call, word);
			cr_expect(eq(str, answer.text, "话"));
			cr_expect(strncmp(answer.code, "40004 ACQ.", 10) == 0 && strcmp(answer.code + 10, word) == 0, "%s", answer.code);
			free(body);
		}
		free(list);
	}
}

Test(alipay_answer, every_call_has_the_gateways_own_refusals)
{
	static const char *const wrong[] = { "20001", "40001", "40002", "40003", "40006" }, *const unknown[] = { "20000", "10003", "30000", "", "1000", "40004" };

	for (enum zg_pay_call call = 0; call < ZG_PAY_CALLS; call++) {
		if (!zg_alipay_method(call))
			continue;
		for (size_t i = 0; i < 11; i++) {
			const char *code = i < 5 ? wrong[i] : unknown[i - 5];
			char *body = zg_print("{\"code\":\"%s\",\"msg\":\"m\"}", code), *refusal = zg_print("{\"error_response\":%s}", body);
			char *signed_refusal = bench_alipay_body(&bench, "error_response", body);
			char *forged = zg_print("{\"error_response\":%s,\"sign\":\"Zm9v\"}", body);
			struct zg_pay_answer answer = bench_read_alipay(&bench, call, body);
			enum zg_pay_says wanted = i < 5 ? ZG_SAYS_WRONG : ZG_SAYS_UNKNOWN;

			if (call == ZG_CALL_CODE && strcmp(code, "10003") == 0)
				cr_expect(eq(int, answer.says, ZG_SAYS_WAITING));
			else
				cr_expect(eq(int, answer.says, wanted), "%s", code);
			answer = read_body(call, refusal);
			cr_expect(eq(int, answer.says, wanted), "%s", code);
			cr_expect(eq(int, answer.proof, ZG_PROVED_NOT_SIGNED));
			answer = read_body(call, signed_refusal);
			cr_expect(eq(int, answer.says, wanted), "%s", code);
			cr_expect(eq(int, answer.proof, ZG_PROVED_VERIFIED));
			answer = read_body(call, forged);
			cr_expect(eq(int, answer.says, ZG_SAYS_UNKNOWN));
			cr_expect(eq(int, answer.proof, ZG_PROVED_FORGED));
			free(body);
			free(refusal);
			free(signed_refusal);
			free(forged);
		}
	}
}

/* An answer to something else proves nothing here, however well it is signed. */
Test(alipay_answer, the_answer_to_another_call_is_none)
{
	char *body = bench_alipay_body(&bench, "alipay_trade_pay_response", paid);

	for (enum zg_pay_call call = 0; call < ZG_PAY_CALLS; call++) {
		struct zg_pay_answer answer = read_body(call, body);

		cr_expect(eq(int, answer.says == ZG_SAYS_PAID, call == ZG_CALL_CODE), "%d", call);
		cr_expect(eq(int, answer.proof == ZG_PROVED_VERIFIED, call == ZG_CALL_CODE), "%d", call);
	}
	free(body);
}

Test(alipay_answer, what_did_not_come_whole_proves_nothing)
{
	char *body = bench_alipay_body(&bench, "alipay_trade_pay_response", paid);
	struct zg_http_reply reply = bench_reply("trace_id: 0b1234\n", body);

	cr_expect(eq(str, bench_read(&bench, ZG_CALL_CODE, &reply).request_id, "0b1234"));
	for (int status = 100; status < 600; status++) {
		reply.status = status;
		if (status != 200)
			cr_expect(eq(int, bench_read(&bench, ZG_CALL_CODE, &reply).says, ZG_SAYS_UNKNOWN), "%d", status);
	}
	reply.status = 200;
	for (enum zg_http_end end = ZG_HTTP_NOT_SENT; end <= ZG_HTTP_TOO_LONG; end++) {
		reply.end = end;
		cr_expect(eq(int, bench_read(&bench, ZG_CALL_CODE, &reply).says, ZG_SAYS_UNKNOWN), "%d", end);
	}
	zg_http_reply_clear(&reply);
	free(body);
}

Test(alipay_answer, cut_at_any_byte_it_is_never_paid)
{
	char *body = bench_alipay_body(&bench, "alipay_trade_pay_response", paid);

	for (size_t length = 0; length < strlen(body); length++) {
		struct zg_http_reply reply = { .end = ZG_HTTP_WHOLE, .status = 200 };
		struct zg_pay_answer answer;

		zg_buffer_add(&reply.body, body, length);
		answer = bench_read(&bench, ZG_CALL_CODE, &reply);
		cr_expect(eq(int, answer.says, ZG_SAYS_UNKNOWN), "%zu bytes", length);
		cr_expect(ne(int, answer.proof, ZG_PROVED_VERIFIED), "%zu bytes", length);
		zg_http_reply_clear(&reply);
	}
	free(body);
}

Test(alipay_answer, with_any_bit_flipped_it_is_never_verified)
{
	char *body = bench_alipay_body(&bench, "alipay_trade_pay_response", paid);
	size_t length = strlen(body);

	for (size_t i = 0; i < length; i++)
		for (int bit = 0; bit < 8; bit++) {
			struct zg_pay_answer answer;

			body[i] ^= (char)(1 << bit);
			answer = read_body(ZG_CALL_CODE, body);
			cr_expect(ne(int, answer.proof, ZG_PROVED_VERIFIED), "byte %zu bit %d", i, bit);
			cr_expect(ne(int, answer.says, ZG_SAYS_PAID), "byte %zu bit %d", i, bit);
			body[i] ^= (char)(1 << bit);
		}
	free(body);
}

/* Two of a kind, what stands behind the end, other types: no such answer is used. */
Test(alipay_answer, strange_shapes_prove_nothing)
{
	char *good = bench_alipay_body(&bench, "alipay_trade_pay_response", paid), *texts[8];
	const char *sign = strstr(good, ",\"sign\"");

	texts[0] = zg_print("%s{}", good);
	texts[1] = zg_print("{\"alipay_trade_pay_response\":{\"code\":\"40004\"},%s", good + 1);
	texts[2] = zg_print("[%s]", good);
	texts[3] = zg_print("{\"alipay_trade_pay_response\":\"x\"%s", sign);
	texts[4] = zg_print("{\"alipay_trade_pay_response\":[%s]%s", paid, sign);
	texts[5] = zg_print("{\"alipay_trade_pay\\u005fresponse\":%s%s", paid, sign);
	texts[6] = zg_print("{\"outer\":%s}", good);
	texts[7] = zg_print("{\"alipay_trade_pay_response\":%s,\"sign\":[\"%s\"]}", paid, "Zm9v");
	for (size_t i = 0; i < 8; i++) {
		struct zg_pay_answer answer = read_body(ZG_CALL_CODE, texts[i]);

		cr_expect(eq(int, answer.says, ZG_SAYS_UNKNOWN), "%s", texts[i]);
		cr_expect(ne(int, answer.proof, ZG_PROVED_VERIFIED), "%s", texts[i]);
		free(texts[i]);
	}
	free(good);
}

/* Blanks between the members are no part of what is signed, and deep nests no danger. */
Test(alipay_answer, the_signed_text_is_found_among_blanks_and_nests)
{
	char *good = bench_alipay_body(&bench, "alipay_trade_pay_response", paid);
	const char *sign = strstr(good, "\"sign\"");
	char *text = zg_print(" {\n\t\"a\" : [ { \"}\" : \"]\\\"\" }, null ] ,\r\n \"b\":-1.5e3 , \"alipay_trade_pay_response\" : %s , %.*s , \"c\" : true } \n", paid,
			      (int)(strlen(sign) - 1), sign);
	struct zg_alipay_piece piece;
	struct zg_pay_answer answer = read_body(ZG_CALL_CODE, text);
	char deep[400];

	cr_expect(eq(int, answer.proof, ZG_PROVED_VERIFIED));
	cr_expect(eq(int, answer.says, ZG_SAYS_PAID));
	memset(deep, '[', sizeof(deep));
	memcpy(deep, "{\"a\":", 5);
	cr_expect(not(zg_alipay_cut(deep, sizeof(deep), "a", &piece)));
	cr_expect(piece.at == NULL);
	free(text);
	free(good);
}

Test(alipay_answer, texts_from_outside_can_harm_nobody)
{
	struct zg_pay_answer answer = bench_read_alipay(&bench, ZG_CALL_CODE,
		"{\"code\":\"10000\",\"msg\":\"\\u001b[31mred\\u0007\\u202e\",\"out_trade_no\":\"POS01_20260401_000018\\u001b\",\"trade_no\":\"\\u001b[2J1\","
		"\"total_amount\":\"12.34\",\"buyer_user_id\":\"2088101117955611\",\"seller_id\":\"2088\"}");

	cr_expect(eq(int, answer.says, ZG_SAYS_PAID));
	cr_expect(eq(str, answer.text, "?[31mred??"));
	cr_expect(eq(str, answer.number, "?"));
	cr_expect(eq(str, answer.channel_no, "?[2J1"));
	cr_expect(eq(str, answer.payer, "208***5611"));
	answer = bench_read_alipay(&bench, ZG_CALL_CODE, "{\"code\":\"10000\",\"out_trade_no\":\"POS01_20260401_000018_and_some_more\",\"total_amount\":12.34}");
	cr_expect(eq(str, answer.number, "?"));
	cr_expect(eq(i64, answer.amount_fen, -1));
	answer = bench_read_alipay(&bench, ZG_CALL_CODE, "{\"code\":\"10000\",\"out_trade_no\":18,\"total_amount\":\"12.340\"}");
	cr_expect(eq(str, answer.number, "?"));
	cr_expect(eq(i64, answer.amount_fen, -1));
}

Test(alipay_answer, another_merchants_answer_is_not_ours)
{
	struct zg_pay_account account = bench_account(ZG_CHANNEL_ALIPAY);
	struct zg_pay_keys *keys = NULL, *before = bench.keys;

	account.merchant = "2088123456789012";
	cr_assert(eq(int, zg_pay_alipay.open(&account, &keys, NULL), ZG_OK));
	bench.keys = keys;
	cr_expect(not(bench_read_alipay(&bench, ZG_CALL_CODE, "{\"code\":\"10000\",\"seller_id\":\"2088000000000000\"}").is_ours));
	cr_expect(bench_read_alipay(&bench, ZG_CALL_CODE, "{\"code\":\"10000\",\"seller_id\":\"2088123456789012\"}").is_ours);
	cr_expect(bench_read_alipay(&bench, ZG_CALL_CODE, "{\"code\":\"10000\"}").is_ours);
	bench.keys = before;
	zg_pay_alipay.close(keys);
	bench_account_clear(&account);
}

Test(alipay_answer, a_bill_is_an_archive_or_nothing)
{
	static const struct {
		int status;
		const char *body;
		enum zg_pay_says says;
	} files[] = { { 200, "PK\003\004zip", ZG_SAYS_DONE }, { 403, "PK\003\004zip", ZG_SAYS_UNKNOWN }, { 200, "<html>expired</html>", ZG_SAYS_UNKNOWN }, { 200, "", ZG_SAYS_UNKNOWN } };

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct zg_http_reply reply = bench_reply("", files[i].body);
		struct zg_pay_answer answer;

		reply.status = files[i].status;
		answer = bench_read(&bench, ZG_CALL_BILL_FILE, &reply);
		cr_expect(eq(int, answer.says, files[i].says), "%zu", i);
		cr_expect(eq(int, answer.proof, ZG_PROVED_NOT_SIGNED));
		zg_http_reply_clear(&reply);
	}
}

/* Every amount goes out as yuan and comes back as the same fen; seeds repeat. */
Test(alipay_answer, amounts_round_trip)
{
	struct chance chance = chance_begin_at(20261125);

	for (long i = 0; i < chance_rounds(20000); i++) {
		zg_fen amount = i < 1000 ? i + 1 : chance_amount(&chance, ZG_FEN_MAX), back = -1;
		char text[ZG_AMOUNT_TEXT];

		cr_assert(zg_pay_yuan_read(zg_fen_format(text, amount), &back), "%s", text);
		cr_assert(eq(i64, back, amount));
	}
}

Test(alipay_answer, what_is_no_amount_is_not_read)
{
	static const char *const bad[] = { "", ".", "1.", ".5", "+1", "-1", " 1", "1 ", "1.234", "1,00", "1e2", "0x1", "12.3.4", "1000000000.00", "99999999999999999999", "一" };
	zg_fen amount = 77;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect(not(zg_pay_yuan_read(bad[i], &amount)), "%s", bad[i]);
	cr_expect(eq(i64, amount, 77));
	cr_expect(zg_pay_yuan_read("1.5", &amount) && amount == 150);
	cr_expect(zg_pay_yuan_read("0", &amount) && amount == 0);
}
