#include "drivers/pay/wechat.h"

#include "src/base/alloc.h"
#include "tests/unit/vectors.h"
#include "tests/unit/wechat_bench.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

static struct pay_bench bench;

static void set_up(void)
{
	wechat_open(&bench, false, NULL);
}

static void tear_down(void)
{
	bench_close(&bench);
}

TestSuite(wechat_v2, .init = set_up, .fini = tear_down);

static struct zg_pay_answer read_body(enum zg_pay_call call, int status, const char *body)
{
	struct zg_http_reply reply = bench_reply("Request-ID: 08F7D3\n", body);
	struct zg_pay_answer answer;

	reply.status = status;
	answer = bench_read(&bench, call, &reply);
	zg_http_reply_clear(&reply);
	return answer;
}

Test(wechat_v2, the_vector_is_a_payment)
{
	json_t *all = vector_json("wechat_v2_sign.json");
	const char *body = zg_json_string(all, "orderquery_answer_xml", "");
	struct zg_pay_answer answer = read_body(ZG_CALL_QUERY, 200, body);

	cr_expect(eq(int, answer.says, ZG_SAYS_PAID));
	cr_expect(eq(int, answer.proof, ZG_PROVED_VERIFIED));
	cr_expect(eq(str, answer.number, "POS01_20260401_000018"));
	cr_expect(eq(str, answer.channel_no, "4200002301202604011234567891"));
	cr_expect(eq(str, answer.statement_no, "4200002301202604011234567891"));
	cr_expect(eq(i64, answer.amount_fen, 1234));
	cr_expect(eq(i64, answer.refund_fen, -1));
	cr_expect(eq(i64, answer.paid_at, 1775008805000));
	cr_expect(eq(str, answer.payer, "oUp***eS6o"));
	cr_expect(eq(str, answer.code, "SUCCESS"));
	cr_expect(eq(str, answer.text, "支付成功"));
	cr_expect(eq(str, answer.request_id, "08F7D3"));
	cr_expect(eq(str, answer.serial, ""));
	cr_expect(answer.is_ours);
	cr_expect(eq(int, read_body(ZG_CALL_QUERY, 500, body).says, ZG_SAYS_UNKNOWN));
	cr_expect(eq(int, read_body(ZG_CALL_QUERY, 202, body).says, ZG_SAYS_UNKNOWN));
	json_decref(all);
}

#define OK       "<return_code>SUCCESS</return_code>"
#define OURS     "<mch_id>1900009191</mch_id>"
#define NUMBER   "<out_trade_no>POS01_20260401_000018</out_trade_no>"
#define GOOD     OK "<result_code>SUCCESS</result_code>" OURS
#define BAD      OK "<result_code>FAIL</result_code>" OURS
#define PAID     GOOD NUMBER "<total_fee>1234</total_fee>"

/* Call, fields of a signed answer, what it says. */
static const struct {
	enum zg_pay_call call;
	const char *fields;
	enum zg_pay_says says;
} meanings[] = {
	{ ZG_CALL_CODE, PAID, ZG_SAYS_PAID },
	{ ZG_CALL_CODE, PAID "<trade_type>MICROPAY</trade_type><attach></attach><new_field>7</new_field>", ZG_SAYS_PAID },
	{ ZG_CALL_CODE, PAID "<trade_state>USERPAYING</trade_state>", ZG_SAYS_WAITING },
	{ ZG_CALL_CODE, GOOD NUMBER, ZG_SAYS_UNKNOWN },
	{ ZG_CALL_CODE, GOOD "<total_fee>1234</total_fee>", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_CODE, OK "<result_code>SUCCESS</result_code>" NUMBER "<total_fee>1234</total_fee>", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_CODE, GOOD NUMBER "<total_fee>12.34</total_fee>", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_CODE, GOOD NUMBER "<total_fee>0</total_fee>", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_CODE, GOOD NUMBER "<total_fee>-1</total_fee>", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_CODE, GOOD NUMBER "<total_fee>99999999999999999999</total_fee>", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_CODE, PAID "<fee_type>USD</fee_type>", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_CODE, PAID "<fee_type>CNY</fee_type>", ZG_SAYS_PAID },
	{ ZG_CALL_CODE, OK OURS NUMBER "<total_fee>1234</total_fee>", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_CODE, OK OURS NUMBER "<total_fee>1234</total_fee><result_code>success</result_code>", ZG_SAYS_UNKNOWN },
	/* a failure proves nothing, whatever else it says */
	{ ZG_CALL_CODE, BAD "<err_code>USERPAYING</err_code>", ZG_SAYS_WAITING },
	{ ZG_CALL_CODE, BAD "<err_code>SYSTEMERROR</err_code>", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_CODE, BAD "<err_code>AUTHCODEEXPIRE</err_code><err_code_des>101 付款码已过期</err_code_des>", ZG_SAYS_BAD_CODE },
	{ ZG_CALL_CODE, BAD, ZG_SAYS_UNKNOWN },
	{ ZG_CALL_CODE, BAD NUMBER "<total_fee>1234</total_fee><trade_state>SUCCESS</trade_state>", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_CODE, OK "<result_code>FAIL</result_code><mch_id>1900009192</mch_id><err_code>NOTENOUGH</err_code>", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_QUERY, PAID "<trade_state>SUCCESS</trade_state>", ZG_SAYS_PAID },
	{ ZG_CALL_QUERY, PAID "<trade_state>REFUND</trade_state>", ZG_SAYS_PAID },
	{ ZG_CALL_QUERY, PAID, ZG_SAYS_UNKNOWN },
	{ ZG_CALL_QUERY, GOOD NUMBER "<trade_state>NOTPAY</trade_state>", ZG_SAYS_NOT_PAID },
	{ ZG_CALL_QUERY, GOOD NUMBER "<trade_state>USERPAYING</trade_state>", ZG_SAYS_WAITING },
	{ ZG_CALL_QUERY, GOOD NUMBER "<trade_state>ACCEPT</trade_state>", ZG_SAYS_WAITING },
	{ ZG_CALL_QUERY, GOOD NUMBER "<trade_state>REVOKED</trade_state>", ZG_SAYS_CANCELLED },
	{ ZG_CALL_QUERY, GOOD NUMBER "<trade_state>CLOSED</trade_state>", ZG_SAYS_CLOSED },
	{ ZG_CALL_QUERY, GOOD NUMBER "<trade_state>PAYERROR</trade_state>", ZG_SAYS_DECLINED },
	{ ZG_CALL_QUERY, GOOD NUMBER "<trade_state>PAID</trade_state>", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_QUERY, GOOD "<out_trade_no>POS01_20260401_000019</out_trade_no><trade_state>REVOKED</trade_state>", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_QUERY, GOOD "<trade_state>CLOSED</trade_state>", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_QUERY, BAD "<err_code>ORDERNOTEXIST</err_code>", ZG_SAYS_NOT_FOUND },
	{ ZG_CALL_CANCEL, GOOD "<recall>N</recall>", ZG_SAYS_CANCELLED },
	{ ZG_CALL_CANCEL, GOOD "<recall>Y</recall>", ZG_SAYS_CANCEL_AGAIN },
	{ ZG_CALL_CANCEL, GOOD, ZG_SAYS_CANCEL_AGAIN },
	{ ZG_CALL_CANCEL, GOOD "<recall>N</recall><out_trade_no>POS01_20260401_000019</out_trade_no>", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_CANCEL, OK "<result_code>SUCCESS</result_code><mch_id>1900009192</mch_id><recall>N</recall>", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_CANCEL, BAD "<recall>Y</recall><err_code>SYSTEMERROR</err_code>", ZG_SAYS_CANCEL_AGAIN },
	{ ZG_CALL_CANCEL, BAD "<recall>Y</recall><err_code>NEW_CODE</err_code>", ZG_SAYS_CANCEL_AGAIN },
	{ ZG_CALL_CANCEL, BAD "<recall>N</recall><err_code>NEW_CODE</err_code>", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_CANCEL, BAD "<recall>N</recall><err_code>REVERSE_EXPIRE</err_code>", ZG_SAYS_TOO_LATE },
	{ ZG_CALL_CANCEL, BAD "<err_code>USERPAYING</err_code>", ZG_SAYS_CANCEL_AGAIN },
	{ ZG_CALL_CHECK, BAD "<err_code>ORDERNOTEXIST</err_code>", ZG_SAYS_DONE },
	{ ZG_CALL_CHECK, GOOD NUMBER "<trade_state>NOTPAY</trade_state>", ZG_SAYS_DONE },
	{ ZG_CALL_CHECK, BAD "<err_code>NOAUTH</err_code>", ZG_SAYS_WRONG },
};

Test(wechat_v2, signed_answers_mean_what_the_documents_say)
{
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++) {
		struct zg_pay_answer answer = wechat_read_v2(&bench, meanings[i].call, meanings[i].fields);

		cr_expect(eq(int, answer.proof, ZG_PROVED_VERIFIED), "row %zu", i);
		cr_expect(eq(str, (char *)zg_pay_says_name(answer.says), (char *)zg_pay_says_name(meanings[i].says)), "row %zu: %s", i, meanings[i].fields);
	}
}

/* Without its signature, with a short one, in lower case, or over other fields: nothing. */
Test(wechat_v2, without_their_signature_they_mean_nothing)
{
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++) {
		char *whole = wechat_v2_document(meanings[i].fields), *sign = strstr(whole, "<sign>") + 6;
		char *bodies[] = { zg_print("<xml>%s</xml>", meanings[i].fields), zg_print("<xml>%s<sign/></xml>", meanings[i].fields),
				   zg_print("<xml>%s<sign>%.32s</sign></xml>", meanings[i].fields, sign),
				   zg_print("<xml>%s<total_fe>1</total_fe><sign>%.64s</sign></xml>", meanings[i].fields, sign),
				   zg_print("<xml>%s<sign>%.64s0</sign></xml>", meanings[i].fields, sign) };

		for (size_t k = 0; k < sizeof(bodies) / sizeof(bodies[0]); k++) {
			struct zg_pay_answer answer = read_body(meanings[i].call, 200, bodies[k]);

			cr_expect(eq(int, answer.proof, ZG_PROVED_FORGED), "row %zu, %zu", i, k);
			cr_expect(eq(int, answer.says, ZG_SAYS_UNKNOWN), "row %zu, %zu", i, k);
			cr_expect(answer.number[0] == '\0' && answer.amount_fen == -1);
			free(bodies[k]);
		}
		free(whole);
	}
}

Test(wechat_v2, amounts_and_numbers_are_told_as_they_are)
{
	struct zg_pay_answer answer = wechat_read_v2(&bench, ZG_CALL_CODE, GOOD "<out_trade_no>POS01_20260401_000019</out_trade_no><total_fee>1</total_fee>");

	cr_expect(eq(int, answer.says, ZG_SAYS_PAID));
	cr_expect(eq(str, answer.number, "POS01_20260401_000019"));
	cr_expect(eq(i64, answer.amount_fen, 1));
	answer = wechat_read_v2(&bench, ZG_CALL_CODE, OK "<result_code>SUCCESS</result_code><mch_id>1900009192</mch_id>" NUMBER "<total_fee>1234</total_fee>");
	cr_expect(eq(int, answer.says, ZG_SAYS_PAID));
	cr_expect(not(answer.is_ours));
	answer = wechat_read_v2(&bench, ZG_CALL_CODE, GOOD "<out_trade_no>POS01_20260401_000018_and_far_too_long</out_trade_no><total_fee>1234</total_fee>");
	cr_expect(eq(str, answer.number, "?"));
}

/* return_code FAIL carries no signature. */
Test(wechat_v2, what_was_not_understood_is_unsigned)
{
	static const struct {
		const char *fields;
		enum zg_pay_says says;
		const char *code;
	} rows[] = {
		{ "<return_code>FAIL</return_code><return_msg><![CDATA[签名错误]]></return_msg>", ZG_SAYS_WRONG, "签名错误" },
		{ "<return_code>FAIL</return_code><return_msg>XML_FORMAT_ERROR</return_msg>", ZG_SAYS_WRONG, "XML_FORMAT_ERROR" },
		{ "<return_code>FAIL</return_code><return_msg>x</return_msg><err_code>SIGNERROR</err_code>", ZG_SAYS_WRONG, "SIGNERROR" },
		{ "<return_code>FAIL</return_code><return_msg>SYSTEMERROR</return_msg>", ZG_SAYS_UNKNOWN, "SYSTEMERROR" },
		{ "<return_code>FAIL</return_code><return_msg>NOTENOUGH</return_msg>", ZG_SAYS_UNKNOWN, "NOTENOUGH" },
		{ "<return_code>FAIL</return_code><return_msg>AUTHCODEEXPIRE</return_msg>", ZG_SAYS_UNKNOWN, "AUTHCODEEXPIRE" },
		{ "<return_code>FAIL</return_code><return_msg>ORDERREVERSED</return_msg>", ZG_SAYS_UNKNOWN, "ORDERREVERSED" },
		{ "<return_code>FAIL</return_code>", ZG_SAYS_UNKNOWN, "" },
		{ "<return_code>FAIL</return_code><result_code>SUCCESS</result_code>" OURS NUMBER "<total_fee>1234</total_fee>", ZG_SAYS_UNKNOWN, "" },
		{ "<return_code>OK</return_code><err_code>SIGNERROR</err_code>", ZG_SAYS_UNKNOWN, "" },
		{ "", ZG_SAYS_UNKNOWN, "" },
	};

	for (enum zg_pay_call call = ZG_CALL_CODE; call <= ZG_CALL_CANCEL; call++)
		for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) && call != ZG_CALL_SHOW; i++) {
			char *body = zg_print("<xml>%s</xml>", rows[i].fields);
			struct zg_pay_answer answer = read_body(call, 200, body);

			cr_expect(eq(int, answer.says, rows[i].says), "%s", rows[i].fields);
			cr_expect(eq(int, answer.proof, ZG_PROVED_NOT_SIGNED), "%s", rows[i].fields);
			cr_expect(eq(str, answer.code, (char *)rows[i].code), "%s", rows[i].fields);
			free(body);
		}
}

Test(wechat_v2, what_is_no_such_document_means_nothing)
{
	static const char *const bodies[] = { "", "{\"code\":\"PARAM_ERROR\"}", "<html></html>", "<xml>", "<!DOCTYPE xml [<!ENTITY a \"SUCCESS\">]><xml><return_code>&a;</return_code></xml>" };

	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		struct zg_pay_answer answer = read_body(ZG_CALL_CODE, 200, bodies[i]);

		cr_expect(eq(int, answer.says, ZG_SAYS_UNKNOWN), "%s", bodies[i]);
		cr_expect(eq(int, answer.proof, ZG_PROVED_NOT_SIGNED), "%s", bodies[i]);
	}
}
