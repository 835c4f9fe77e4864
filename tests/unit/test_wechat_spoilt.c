/* Every code that WeChat has, codes that it has not, and answers that were changed or cut on their way. */
#include "drivers/pay/wechat.h"

#include "drivers/pay/wechat_private.h"
#include "src/base/alloc.h"
#include "tests/unit/chance.h"
#include "tests/unit/wechat_bench.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

static struct pay_bench v3, v2;

static void set_up(void)
{
	wechat_open(&v3, true, NULL);
	wechat_open(&v2, false, NULL);
}

static void tear_down(void)
{
	bench_close(&v3);
	bench_close(&v2);
}

TestSuite(wechat_spoilt, .init = set_up, .fini = tear_down);

/* -- codes */

/* By the document's classes, apart from the driver's table: what each code says to a payment, a query, a cancelling, a refund, its query, a bill. */
enum class { WRONG, STATE, MISSING, UNSURE, DECLINE, BAD, DEAD, REVERSED, USED, TYPING, BROKEN, EXPIRED, POOR, RETRY, NEVER, NO_BILL, MAKING, REFERENCE };

static const struct {
	const char *code;
	enum class class;
} codes[] = {
	{ "PARAM_ERROR", WRONG }, { "LACK_PARAMS", WRONG }, { "XML_FORMAT_ERROR", WRONG }, { "NOT_UTF8", WRONG }, { "POST_DATA_EMPTY", WRONG },
	{ "REQUIRE_POST_METHOD", WRONG }, { "SIGN_ERROR", WRONG }, { "SIGNERROR", WRONG }, { "NO_AUTH", WRONG }, { "NOAUTH", WRONG },
	{ "MCH_NOT_EXISTS", WRONG }, { "MCHID_NOT_EXIST", WRONG }, { "APPID_NOT_EXIST", WRONG }, { "APPID_MCHID_NOT_MATCH", WRONG },
	{ "INVALID_REQUEST", STATE }, { "ORDERPAID", UNSURE }, { "ORDER_PAID", UNSURE }, { "ORDER_CLOSED", DEAD }, { "ORDERCLOSED", DEAD },
	{ "ORDERREVERSED", REVERSED }, { "OUT_TRADE_NO_USED", USED }, { "ORDER_NOT_EXIST", MISSING }, { "ORDERNOTEXIST", MISSING },
	{ "RESOURCE_NOT_EXISTS", MISSING }, { "USERPAYING", TYPING }, { "AUTHCODEEXPIRE", BAD }, { "AUTH_CODE_ERROR", BAD }, { "AUTH_CODE_INVALID", BAD },
	{ "NOTSUPORTCARD", DECLINE }, { "TRADE_ERROR", DECLINE }, { "RULE_LIMIT", DECLINE }, { "RULELIMIT", DECLINE }, { "BUYER_MISMATCH", DECLINE },
	{ "ACCOUNT_ERROR", DECLINE }, { "NOTENOUGH", POOR }, { "NOT_ENOUGH", POOR }, { "SYSTEM_ERROR", BROKEN }, { "SYSTEMERROR", BROKEN },
	{ "BANK_ERROR", BROKEN }, { "BANKERROR", BROKEN }, { "SERVICE_UNAVAILABLE", BROKEN }, { "RATELIMIT_EXCEEDED", BROKEN }, { "FREQUENCY_LIMITED", BROKEN },
	{ "REVERSE_EXPIRE", EXPIRED }, { "BIZERR_NEED_RETRY", RETRY }, { "INVALID_REQ_TOO_MUCH", RETRY }, { "TRADE_OVERDUE", NEVER },
	{ "USER_ACCOUNT_ABNORMAL", NEVER }, { "INVALID_TRANSACTIONID", REFERENCE }, { "NO_STATEMENT_EXIST", NO_BILL }, { "NO_BILL_EXIST", NO_BILL },
	{ "BILL_CREATING", MAKING },
};
#define CODES (sizeof(codes) / sizeof(codes[0]))

static const enum zg_pay_call calls[6] = { ZG_CALL_CODE, ZG_CALL_QUERY, ZG_CALL_CANCEL, ZG_CALL_REFUND, ZG_CALL_REFUND_QUERY, ZG_CALL_BILL };

static const enum zg_pay_says wanted[][6] = {
	[WRONG] = { ZG_SAYS_WRONG, ZG_SAYS_WRONG, ZG_SAYS_WRONG, ZG_SAYS_WRONG, ZG_SAYS_WRONG, ZG_SAYS_WRONG },
	[STATE] = { [5] = ZG_SAYS_WRONG },
	[MISSING] = { [1] = ZG_SAYS_NOT_FOUND, [2] = ZG_SAYS_NOT_FOUND, [4] = ZG_SAYS_NO_REFUND },
	[UNSURE] = { ZG_SAYS_UNKNOWN },
	[DECLINE] = { ZG_SAYS_DECLINED },
	[BAD] = { ZG_SAYS_BAD_CODE },
	[DEAD] = { ZG_SAYS_NUMBER_USED, [2] = ZG_SAYS_CLOSED },
	[REVERSED] = { ZG_SAYS_NUMBER_USED, [2] = ZG_SAYS_CANCELLED },
	[USED] = { ZG_SAYS_NUMBER_USED },
	[TYPING] = { ZG_SAYS_WAITING, ZG_SAYS_WAITING, ZG_SAYS_CANCEL_AGAIN },
	[BROKEN] = { [2] = ZG_SAYS_CANCEL_AGAIN },
	[EXPIRED] = { [2] = ZG_SAYS_TOO_LATE },
	[POOR] = { ZG_SAYS_DECLINED, [3] = ZG_SAYS_LATER },
	[RETRY] = { [3] = ZG_SAYS_LATER },
	[NEVER] = { [3] = ZG_SAYS_NOT_REFUNDED },
	[REFERENCE] = { [3] = ZG_SAYS_WRONG },
	[NO_BILL] = { [5] = ZG_SAYS_NO_BILL },
	[MAKING] = { [5] = ZG_SAYS_BILL_LATER },
};

static bool is_about_money(enum zg_pay_says says)
{
	return says != ZG_SAYS_UNKNOWN && says != ZG_SAYS_WRONG && says != ZG_SAYS_NOT_FOUND && says != ZG_SAYS_NO_REFUND && says != ZG_SAYS_LATER &&
	       says != ZG_SAYS_NO_BILL && says != ZG_SAYS_BILL_LATER;
}

static void expect_code(const char *code, enum zg_pay_call call, int status, enum zg_pay_says says)
{
	char *body = zg_print("{\"code\":\"%s\",\"message\":\"...\"}", code);
	enum zg_pay_way way = call == ZG_CALL_BILL ? ZG_WAY_SHOWN : ZG_WAY_CODE;
	struct zg_pay_answer answer = wechat_read(&v3, call, way, status, body), bare = wechat_read_bare(&v3, call, way, status, body);

	cr_expect(eq(str, (char *)zg_pay_says_name(answer.says), (char *)zg_pay_says_name(says)), "%s to call %d under %d", code, call, status);
	cr_expect(eq(str, (char *)zg_pay_says_name(bare.says), (char *)zg_pay_says_name(is_about_money(says) ? ZG_SAYS_UNKNOWN : says)), "%s to call %d, unsigned", code, call);
	cr_expect(eq(str, answer.code, (char *)code));
	free(body);
}

/* Under its status, signed and not; and the same code under a status that says that nobody knows. */
Test(wechat_spoilt, every_code_of_v3_has_its_meaning)
{
	for (size_t i = 0; i < CODES; i++)
		for (size_t k = 0; k < 6; k++) {
			enum zg_pay_says says = wanted[codes[i].class][k];
			bool is_missing = codes[i].class == MISSING;

			expect_code(codes[i].code, calls[k], is_missing ? 404 : 403, says);
			expect_code(codes[i].code, calls[k], is_missing ? 400 : 404, is_missing ? ZG_SAYS_UNKNOWN : says);
			expect_code(codes[i].code, calls[k], 429, ZG_SAYS_UNKNOWN);
			expect_code(codes[i].code, calls[k], 500, ZG_SAYS_UNKNOWN);
		}
}

Test(wechat_spoilt, every_code_of_v2_has_its_meaning)
{
	for (size_t i = 0; i < CODES; i++)
		for (size_t k = 0; k < 3; k++) {
			char *fields = zg_print("<return_code>SUCCESS</return_code><result_code>FAIL</result_code><mch_id>1900009191</mch_id><err_code>%s</err_code>", codes[i].code);
			struct zg_pay_answer answer = wechat_read_v2(&v2, calls[k], fields);

			cr_expect(eq(str, (char *)zg_pay_says_name(answer.says), (char *)zg_pay_says_name(wanted[codes[i].class][k])), "%s to call %d", codes[i].code, calls[k]);
			cr_expect(eq(str, answer.code, (char *)codes[i].code));
			free(fields);
		}
}

/* What WeChat will invent tomorrow, and what looks like a code of today. */
Test(wechat_spoilt, an_unlisted_code_is_unknown)
{
	static const char *const invented[] = { "", "NEW_ERROR", "param_error", "PARAM_ERROR ", "PARAM_ERRO", "SUCCESS", "OK", "PAID", "DECLINED", "ORDER_NOT_EXISTS", "0", "268512771" };
	struct chance chance = chance_begin_at(20261125);

	for (size_t k = 0; k < ZG_PAY_CALLS; k++) {
		for (size_t i = 0; i < sizeof(invented) / sizeof(invented[0]); i++)
			cr_expect(eq(int, zg_wechat_says((enum zg_pay_call)k, invented[i]), ZG_SAYS_UNKNOWN), "%s", invented[i]);
		for (int i = 0; i < 2000; i++) {
			char code[24] = { 0 };

			for (int64_t c = chance_between(&chance, 1, 20); c-- > 0;)
				code[c] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_"[chance_between(&chance, 0, 26)];
			for (size_t j = 0; j < CODES; j++)
				if (strcmp(codes[j].code, code) == 0)
					code[0] = '\0';
			cr_expect(eq(int, zg_wechat_says((enum zg_pay_call)k, code), ZG_SAYS_UNKNOWN), "%s", code);
		}
	}
}

/* An error page of something between us, and bodies that are no JSON. */
Test(wechat_spoilt, what_is_no_json_means_nothing)
{
	static const char *const bodies[] = { "", "<html>404</html>", "[]", "\"ORDER_NOT_EXIST\"", "{\"code\":404}", "{\"code\":null}", "{\"code\":\"PARAM_ERROR\"",
					      "{\"code\":\"PARAM_ERROR\",\"code\":\"PARAM_ERROR\"}", "\xFF\xFE" };
	static const int statuses[] = { 400, 401, 403, 404, 429, 500, 502, 503 };

	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
		for (size_t k = 0; k < sizeof(statuses) / sizeof(statuses[0]); k++)
			for (enum zg_pay_call call = 0; call < ZG_PAY_CALLS; call++)
				cr_expect(eq(int, wechat_read_bare(&v3, call, ZG_WAY_SHOWN, statuses[k], bodies[i]).says, ZG_SAYS_UNKNOWN), "%d %s", statuses[k], bodies[i]);
}

Test(wechat_spoilt, no_answer_is_unknown)
{
	static const enum zg_http_end ends[] = { ZG_HTTP_NOT_SENT, ZG_HTTP_LOST, ZG_HTTP_TOO_LONG };

	for (size_t i = 0; i < 3; i++)
		for (enum zg_pay_call call = 0; call < ZG_PAY_CALLS; call++) {
			struct zg_http_reply reply = { .end = ends[i], .status = 200 };
			struct zg_pay_answer answer;

			zg_buffer_add_text(&reply.body, "\x1F\x8B");
			answer = bench_read(i ? &v3 : &v2, call, &reply);
			cr_expect(answer.says == ZG_SAYS_UNKNOWN && answer.proof == ZG_PROVED_NOT_SIGNED && answer.is_ours && answer.amount_fen == -1);
			zg_http_reply_clear(&reply);
		}
}

/* -- changed on the way */

static const char paid[] = "{\"amount\":{\"total\":1234,\"currency\":\"CNY\"},\"mchid\":\"1900009191\",\"out_trade_no\":\"POS01_20260401_000018\",\"trade_state\":\"SUCCESS\"}";

/* No bit of a v3 answer can be changed, in its body or in what its headers say. */
Test(wechat_spoilt, no_bit_of_a_signed_answer_can_be_changed)
{
	char *head = wechat_head(&v3, WECHAT_PUBLIC_KEY, WECHAT_AT, paid);
	struct zg_http_reply reply = bench_reply(head, paid);
	size_t tried = 0;

	cr_assert(eq(int, bench_read(&v3, ZG_CALL_QUERY, &reply).says, ZG_SAYS_PAID));
	for (size_t i = 0; i < reply.body.length; i++)
		for (int bit = 0; bit < 8; bit++, tried++) {
			reply.body.bytes[i] ^= (char)(1 << bit);
			struct zg_pay_answer answer = bench_read(&v3, ZG_CALL_QUERY, &reply);

			cr_expect(answer.proof != ZG_PROVED_VERIFIED && answer.says == ZG_SAYS_UNKNOWN, "body, byte %zu bit %d", i, bit);
			reply.body.bytes[i] ^= (char)(1 << bit);
		}
	/* the values of the four headers; names may change their case, and the rest is not signed */
	for (char *line = strstr(reply.head.bytes, "Wechatpay-Timestamp"), *end; strncmp(line, "Wechatpay-Signature-Type", 24) != 0; line = end + 1) {
		end = strchr(line, '\n');
		for (char *c = strchr(line, ':') + 2; c < end; c++)
			for (int bit = 0; bit < 8; bit++, tried++) {
				*c ^= (char)(1 << bit);
				struct zg_pay_answer answer = bench_read(&v3, ZG_CALL_QUERY, &reply);

				cr_expect(answer.proof != ZG_PROVED_VERIFIED && answer.says == ZG_SAYS_UNKNOWN, "%.24s: bit %d", line, bit);
				*c ^= (char)(1 << bit);
			}
	}
	cr_expect(tried > 4000);
	cr_expect(eq(int, bench_read(&v3, ZG_CALL_QUERY, &reply).says, ZG_SAYS_PAID));
	zg_http_reply_clear(&reply);
	free(head);
}

/* Of V2 the values are signed and not the bytes: what can be changed unnoticed changes nothing that is told. */
Test(wechat_spoilt, no_bit_of_a_v2_answer_changes_what_it_says)
{
	static const char fields[] = "<return_code>SUCCESS</return_code><result_code>SUCCESS</result_code><mch_id>1900009191</mch_id><out_trade_no>POS01_20260401_000018</out_trade_no>"
		"<total_fee>1234</total_fee><attach></attach><trade_state>SUCCESS</trade_state><time_end>20260401100005</time_end>";
	char *body = wechat_v2_document(fields);
	struct zg_http_reply reply = bench_reply("", body);
	struct zg_pay_answer good = bench_read(&v2, ZG_CALL_QUERY, &reply);
	size_t unnoticed = 0;

	cr_assert(eq(int, good.says, ZG_SAYS_PAID));
	for (size_t i = 0; i < reply.body.length; i++)
		for (int bit = 0; bit < 8; bit++) {
			reply.body.bytes[i] ^= (char)(1 << bit);
			struct zg_pay_answer answer = bench_read(&v2, ZG_CALL_QUERY, &reply);

			if (answer.proof == ZG_PROVED_VERIFIED) {
				unnoticed++;
				cr_expect(memcmp(&answer, &good, sizeof(good)) == 0, "byte %zu bit %d", i, bit);
			} else {
				cr_expect(eq(int, answer.says, ZG_SAYS_UNKNOWN), "byte %zu bit %d", i, bit);
			}
			reply.body.bytes[i] ^= (char)(1 << bit);
		}
	/* all in the name of the empty field, whose two ends must agree: none */
	cr_expect(eq(sz, unnoticed, 0));
	zg_http_reply_clear(&reply);
	free(body);
}

Test(wechat_spoilt, cut_anywhere_an_answer_means_nothing)
{
	static const char fields[] = "<return_code>SUCCESS</return_code><result_code>SUCCESS</result_code><mch_id>1900009191</mch_id><out_trade_no>POS01_20260401_000018</out_trade_no>"
		"<total_fee>1234</total_fee>";
	char *document = wechat_v2_document(fields), *head = wechat_head(&v3, WECHAT_PUBLIC_KEY, WECHAT_AT, paid);

	for (size_t length = 0; length < strlen(document); length++) {
		char *cut = zg_copy_bytes(document, length);
		struct zg_http_reply reply = bench_reply("", cut);

		cr_expect(eq(int, bench_read(&v2, ZG_CALL_CODE, &reply).says, ZG_SAYS_UNKNOWN), "V2, %zu bytes", length);
		zg_http_reply_clear(&reply);
		free(cut);
	}
	for (size_t length = 0; length < strlen(paid); length++) {
		char *cut = zg_copy_bytes(paid, length);
		struct zg_http_reply reply = bench_reply(head, cut);
		struct zg_pay_answer answer = bench_read(&v3, ZG_CALL_QUERY, &reply);

		cr_expect(answer.says == ZG_SAYS_UNKNOWN && answer.proof == ZG_PROVED_FORGED, "v3, %zu bytes", length);
		zg_http_reply_clear(&reply);
		free(cut);
	}
	/* headers too: their last line is whole or not there */
	for (size_t length = 0; length < strlen(head); length++) {
		char *cut = zg_copy_bytes(head, length);
		struct zg_http_reply reply = bench_reply(cut, paid);
		struct zg_pay_answer answer = bench_read(&v3, ZG_CALL_QUERY, &reply);

		cr_expect(answer.proof != ZG_PROVED_VERIFIED || strstr(cut, "Wechatpay-Serial: " WECHAT_PUBLIC_KEY "\n"), "head, %zu bytes", length);
		zg_http_reply_clear(&reply);
		free(cut);
	}
	free(document);
	free(head);
}

/* A signed answer to another question is not an answer to this one. */
Test(wechat_spoilt, answers_to_other_questions_mean_nothing)
{
	static const char *const bodies[] = { paid, "{\"code_url\":\"weixin://wxpay/bizpayurl?pr=a\"}",
		"{\"out_refund_no\":\"POS01_20260401_R00001\",\"out_trade_no\":\"POS01_20260401_000018\",\"status\":\"SUCCESS\",\"amount\":{\"total\":1234,\"refund\":500}}",
		"{\"hash_type\":\"SHA1\",\"hash_value\":\"79bb0f45fc4c42234a918000b2668d689e2bde04\",\"download_url\":\"https://x/\"}", "{\"data\":[]}" };
	static const unsigned good[ZG_PAY_CALLS] = { [ZG_CALL_CODE] = 1, [ZG_CALL_QUERY] = 1, [ZG_CALL_SHOW] = 2, [ZG_CALL_REFUND] = 4, [ZG_CALL_REFUND_QUERY] = 4,
						     [ZG_CALL_BILL] = 8, [ZG_CALL_CHECK] = 31,
						     /* a payment, told of an order that was to be cancelled, is a payment */
						     [ZG_CALL_CANCEL] = 1 };

	for (enum zg_pay_call call = 0; call < ZG_PAY_CALLS; call++)
		for (size_t i = 0; i < 5; i++)
			if (call != ZG_CALL_BILL_FILE)
				cr_expect(eq(int, wechat_read(&v3, call, ZG_WAY_CODE, 200, bodies[i]).says != ZG_SAYS_UNKNOWN, (good[call] >> i & 1) != 0), "call %d: %s", call, bodies[i]);
}
