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
	wechat_open(&bench, true, NULL);    /* by v3 all of it; V2 is in test_wechat_v2.c */
}

static void tear_down(void)
{
	bench_close(&bench);
}

TestSuite(wechat_answer, .init = set_up, .fini = tear_down);

/* -- the vectors */

static struct zg_pay_answer read_vector(const json_t *vector, int64_t now_s)
{
	struct zg_pay_order order = { .way = ZG_WAY_SHOWN, .number = "POS01_20260401_000017", .amount_fen = 1 };
	struct zg_http_reply reply = bench_reply("", zg_json_string(vector, "body", ""));
	struct zg_pay_answer answer;
	const char *name;
	json_t *value;

	json_object_foreach(json_object_get(vector, "headers"), name, value)
		zg_buffer_print(&reply.head, "%s: %s\n", name, json_string_value(value));
	reply.status = (int)zg_json_integer(vector, "http_status", 0);
	bench.driver->read(bench.keys, reply.status == 204 ? ZG_CALL_CANCEL : ZG_CALL_QUERY, &order, now_s * 1000, &reply, &answer);
	zg_http_reply_clear(&reply);
	return answer;
}

static const struct {
	const char *name;
	enum zg_pay_proof proof;
	enum zg_pay_says says;
} verdicts[] = {
	{ "ok_platform_certificate", ZG_PROVED_VERIFIED, ZG_SAYS_PAID },
	{ "ok_public_key_mode", ZG_PROVED_VERIFIED, ZG_SAYS_PAID },
	{ "ok_204_empty_body", ZG_PROVED_VERIFIED, ZG_SAYS_DONE },
	{ "ok_clock_minus_300", ZG_PROVED_STALE, ZG_SAYS_UNKNOWN },    /* the SDK takes 300 s; WeChat's own refuse it */
	{ "bad_clock_301", ZG_PROVED_STALE, ZG_SAYS_UNKNOWN },
	{ "bad_body_tampered", ZG_PROVED_FORGED, ZG_SAYS_UNKNOWN },
	{ "bad_body_reserialised", ZG_PROVED_FORGED, ZG_SAYS_UNKNOWN },
	{ "bad_unknown_serial", ZG_PROVED_OTHER_KEY, ZG_SAYS_UNKNOWN },
	{ "bad_missing_signature", ZG_PROVED_FORGED, ZG_SAYS_UNKNOWN },
	{ "bad_signature_probe", ZG_PROVED_FORGED, ZG_SAYS_UNKNOWN },
	{ "error_404_unsigned", ZG_PROVED_NOT_SIGNED, ZG_SAYS_NOT_FOUND },
};
#define VERDICTS (sizeof(verdicts) / sizeof(verdicts[0]))

Test(wechat_answer, every_vector_has_its_verdict)
{
	json_t *all = vector_json("wechat_v3_responses.json"), *vector;
	size_t i, seen = 0;

	json_array_foreach(json_object_get(all, "responses"), i, vector) {
		const char *name = zg_json_string(vector, "name", ""), *serial = zg_json_string(json_object_get(vector, "headers"), "Wechatpay-Serial", "");
		struct zg_pay_answer answer = read_vector(vector, zg_json_integer(vector, "local_clock", 0));

		for (size_t k = 0; k < VERDICTS; k++) {
			if (strcmp(verdicts[k].name, name) != 0)
				continue;
			cr_expect(eq(str, (char *)zg_pay_proof_name(answer.proof), (char *)zg_pay_proof_name(verdicts[k].proof)), "%s", name);
			cr_expect(eq(str, (char *)zg_pay_says_name(answer.says), (char *)zg_pay_says_name(verdicts[k].says)), "%s", name);
			cr_expect(eq(str, answer.serial, (char *)serial), "%s", name);
			seen++;
		}
	}
	cr_expect(eq(sz, seen, VERDICTS));
	cr_expect(eq(sz, i, VERDICTS));
	json_decref(all);
}

Test(wechat_answer, a_clock_five_minutes_off_proves_nothing)
{
	static const struct {
		int64_t off_s;
		enum zg_pay_proof proof;
	} rows[] = { { -300, ZG_PROVED_STALE }, { -299, ZG_PROVED_VERIFIED }, { 0, ZG_PROVED_VERIFIED }, { 299, ZG_PROVED_VERIFIED }, { 300, ZG_PROVED_STALE },
		     { 3600 * 8, ZG_PROVED_STALE } };
	json_t *all = vector_json("wechat_v3_responses.json"), *vector = json_array_get(json_object_get(all, "responses"), 0);

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		cr_expect(eq(int, read_vector(vector, 1554208460 + rows[i].off_s).proof, rows[i].proof), "%lld s", (long long)rows[i].off_s);
	json_decref(all);
}

/* The order of the checks, so that each trouble is called by its name: status, headers, clock, serial, signature. */
Test(wechat_answer, each_trouble_has_its_own_name)
{
	static const struct {
		int status;
		const char *head;
		enum zg_pay_proof proof;
	} rows[] = {
		{ 401, "", ZG_PROVED_NOT_SIGNED },
		{ 401, "Wechatpay-Timestamp: 1\nWechatpay-Serial: 00\n", ZG_PROVED_NOT_SIGNED },
		{ 200, "", ZG_PROVED_FORGED },
		{ 204, "", ZG_PROVED_FORGED },
		{ 200, "Wechatpay-Timestamp: 1\nWechatpay-Serial: 00\nWechatpay-Nonce: n\n", ZG_PROVED_FORGED },
		{ 200, "Wechatpay-Timestamp: 1\nWechatpay-Serial: 00\nWechatpay-Signature: AAAA\n", ZG_PROVED_FORGED },
		{ 200, "Wechatpay-Timestamp: 1\nWechatpay-Nonce: n\nWechatpay-Signature: AAAA\n", ZG_PROVED_FORGED },
		{ 200, "Wechatpay-Serial: 00\nWechatpay-Nonce: n\nWechatpay-Signature: AAAA\n", ZG_PROVED_FORGED },
		{ 200, "Wechatpay-Timestamp: x\nWechatpay-Serial: 00\nWechatpay-Nonce: n\nWechatpay-Signature: AAAA\n", ZG_PROVED_FORGED },
		{ 200, "Wechatpay-Timestamp: -5\nWechatpay-Serial: 00\nWechatpay-Nonce: n\nWechatpay-Signature: AAAA\n", ZG_PROVED_FORGED },
		{ 200, "Wechatpay-Timestamp: 1775008800000\nWechatpay-Serial: 00\nWechatpay-Nonce: n\nWechatpay-Signature: AAAA\n", ZG_PROVED_FORGED },
		{ 200, "Wechatpay-Timestamp: 1\nWechatpay-Serial: 00\nWechatpay-Nonce: n\nWechatpay-Signature: AAAA\n", ZG_PROVED_STALE },
		{ 401, "Wechatpay-Timestamp: 1\nWechatpay-Serial: 00\nWechatpay-Nonce: n\nWechatpay-Signature: AAAA\n", ZG_PROVED_STALE },
		{ 200, "Wechatpay-Timestamp: 1775008800\nWechatpay-Serial: 00\nWechatpay-Nonce: n\nWechatpay-Signature: AAAA\n", ZG_PROVED_OTHER_KEY },
		{ 200, "wechatpay-timestamp: 1775008800\nwechatpay-serial: 5157F09EFDC096DE15EBE81A47057A7200000002\nwechatpay-nonce: n\nwechatpay-signature: AAAA\n",
		  ZG_PROVED_FORGED },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct zg_http_reply reply = bench_reply(rows[i].head, "{\"code\":\"PARAM_ERROR\"}");
		struct zg_pay_order order = bench_order(ZG_WAY_SHOWN);
		struct zg_pay_answer answer;

		reply.status = rows[i].status;
		bench.driver->read(bench.keys, ZG_CALL_QUERY, &order, BENCH_NOW, &reply, &answer);
		cr_expect(eq(str, (char *)zg_pay_proof_name(answer.proof), (char *)zg_pay_proof_name(rows[i].proof)), "row %zu", i);
		cr_expect(eq(int, answer.says, rows[i].proof == ZG_PROVED_NOT_SIGNED ? ZG_SAYS_WRONG : ZG_SAYS_UNKNOWN), "row %zu", i);
		zg_http_reply_clear(&reply);
	}
}

/* -- payments */

#define NUMBER   "\"out_trade_no\":\"POS01_20260401_000018\""
#define MERCHANT "\"appid\":\"wxd678efh567hg6787\",\"mchid\":\"1900009191\""
#define AMOUNT   "\"amount\":{\"total\":1234,\"payer_total\":1234,\"currency\":\"CNY\"}"
#define ALL      MERCHANT "," NUMBER "," AMOUNT

static const char paid[] = "{" ALL ",\"transaction_id\":\"4200002301202604011234567890\",\"trade_state\":\"SUCCESS\",\"trade_state_desc\":\"支付\\u001b[2J成功\","
	"\"success_time\":\"2026-04-01T10:00:05+08:00\",\"payer\":{\"openid\":\"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o\"}}";

Test(wechat_answer, a_payment_is_told_with_everything_to_compare)
{
	struct zg_pay_answer answer = wechat_read(&bench, ZG_CALL_QUERY, ZG_WAY_SHOWN, 200, paid);

	cr_expect(eq(int, answer.says, ZG_SAYS_PAID));
	cr_expect(eq(int, answer.proof, ZG_PROVED_VERIFIED));
	cr_expect(eq(str, answer.number, "POS01_20260401_000018"));
	cr_expect(eq(str, answer.channel_no, "4200002301202604011234567890"));
	cr_expect(eq(str, answer.statement_no, "4200002301202604011234567890"));
	cr_expect(eq(i64, answer.amount_fen, 1234));
	cr_expect(eq(i64, answer.refund_fen, -1));
	cr_expect(eq(i64, answer.paid_at, 1775008805000));
	cr_expect(eq(str, answer.payer, "oUp***eS6o"));
	cr_expect(eq(str, answer.code, "SUCCESS"));
	cr_expect(eq(str, answer.text, "支付?[2J成功"));
	cr_expect(eq(str, answer.request_id, "08F7D3-268512771"));
	cr_expect(eq(str, answer.serial, WECHAT_PUBLIC_KEY));
	cr_expect(answer.is_ours);
}

/* The till compares; what is not whole is not a payment. */
Test(wechat_answer, another_payment_is_told_as_it_is)
{
	static const struct {
		const char *body;
		enum zg_pay_says says;
		const char *number;
		int64_t amount;
		bool is_ours;
	} rows[] = {
		{ MERCHANT "," AMOUNT ",\"out_trade_no\":\"POS01_20260401_000019\"", ZG_SAYS_PAID, "POS01_20260401_000019", 1234, true },
		{ MERCHANT "," NUMBER ",\"amount\":{\"total\":1}", ZG_SAYS_PAID, "POS01_20260401_000018", 1, true },
		{ "\"mchid\":\"1900009192\"," NUMBER "," AMOUNT, ZG_SAYS_PAID, "POS01_20260401_000018", 1234, false },
		{ "\"mchid\":1900009191," NUMBER "," AMOUNT, ZG_SAYS_UNKNOWN, "POS01_20260401_000018", 1234, false },
		{ NUMBER "," AMOUNT, ZG_SAYS_UNKNOWN, "POS01_20260401_000018", 1234, true },
		{ MERCHANT "," AMOUNT, ZG_SAYS_UNKNOWN, "", 1234, true },
		{ MERCHANT "," NUMBER, ZG_SAYS_UNKNOWN, "POS01_20260401_000018", -1, true },
		{ MERCHANT "," NUMBER ",\"amount\":{\"total\":\"1234\"}", ZG_SAYS_UNKNOWN, "POS01_20260401_000018", -1, true },
		{ MERCHANT "," NUMBER ",\"amount\":{\"total\":12.34}", ZG_SAYS_UNKNOWN, "POS01_20260401_000018", -1, true },
		{ MERCHANT "," NUMBER ",\"amount\":{\"total\":0}", ZG_SAYS_UNKNOWN, "POS01_20260401_000018", -1, true },
		{ MERCHANT "," NUMBER ",\"amount\":{\"total\":-1234}", ZG_SAYS_UNKNOWN, "POS01_20260401_000018", -1, true },
		{ MERCHANT "," NUMBER ",\"amount\":{\"total\":1234,\"currency\":\"USD\"}", ZG_SAYS_UNKNOWN, "POS01_20260401_000018", -1, true },
		{ MERCHANT "," NUMBER ",\"amount\":1234", ZG_SAYS_UNKNOWN, "POS01_20260401_000018", -1, true },
		{ MERCHANT "," AMOUNT ",\"out_trade_no\":\"POS01_20260401_000018\\u200b\"", ZG_SAYS_PAID, "?", 1234, true },
		{ MERCHANT "," AMOUNT ",\"out_trade_no\":\"POS01_20260401_000018_and_far_too_long\"", ZG_SAYS_PAID, "?", 1234, true },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *body = zg_print("{%s,\"trade_state\":\"SUCCESS\"}", rows[i].body);
		struct zg_pay_answer answer = wechat_read(&bench, ZG_CALL_QUERY, ZG_WAY_SHOWN, 200, body);

		cr_expect(eq(int, answer.says, rows[i].says), "%s", body);
		cr_expect(eq(str, answer.number, (char *)rows[i].number), "%s", body);
		cr_expect(eq(i64, answer.amount_fen, rows[i].amount), "%s", body);
		cr_expect(eq(int, answer.is_ours, rows[i].is_ours), "%s", body);
		free(body);
	}
}

/* Call, way, status, body of a verified answer, what it says. */
static const struct {
	enum zg_pay_call call;
	enum zg_pay_way way;
	int status;
	const char *body;
	enum zg_pay_says says;
} meanings[] = {
#define QUERY ZG_CALL_QUERY, ZG_WAY_SHOWN, 200
	{ QUERY, "{" ALL ",\"trade_state\":\"SUCCESS\"}", ZG_SAYS_PAID },
	{ QUERY, "{" ALL ",\"trade_state\":\"REFUND\"}", ZG_SAYS_PAID },
	{ QUERY, "{" ALL ",\"trade_state\":\"NOTPAY\"}", ZG_SAYS_NOT_PAID },
	{ QUERY, "{" ALL ",\"trade_state\":\"USERPAYING\"}", ZG_SAYS_WAITING },
	{ QUERY, "{" ALL ",\"trade_state\":\"ACCEPT\"}", ZG_SAYS_WAITING },
	{ QUERY, "{" ALL ",\"trade_state\":\"CLOSED\"}", ZG_SAYS_CLOSED },
	{ QUERY, "{" ALL ",\"trade_state\":\"REVOKED\"}", ZG_SAYS_CANCELLED },
	{ QUERY, "{" ALL ",\"trade_state\":\"PAYERROR\"}", ZG_SAYS_DECLINED },
	{ QUERY, "{" ALL ",\"trade_state\":\"FAIL\"}", ZG_SAYS_UNKNOWN },
	{ QUERY, "{" ALL ",\"trade_state\":\"success\"}", ZG_SAYS_UNKNOWN },
	{ QUERY, "{" ALL ",\"trade_state\":1}", ZG_SAYS_UNKNOWN },
	{ QUERY, "{" ALL "}", ZG_SAYS_UNKNOWN },
	{ QUERY, "{}", ZG_SAYS_UNKNOWN },
	{ QUERY, "[]", ZG_SAYS_UNKNOWN },
	{ QUERY, "", ZG_SAYS_UNKNOWN },
	{ QUERY, "{\"code_url\":\"weixin://wxpay/bizpayurl?pr=abc\"}", ZG_SAYS_UNKNOWN },
	/* of another order or merchant nothing follows for ours */
	{ QUERY, "{" MERCHANT "," AMOUNT ",\"out_trade_no\":\"POS01_20260401_000019\",\"trade_state\":\"CLOSED\"}", ZG_SAYS_UNKNOWN },
	{ QUERY, "{\"mchid\":\"1900009192\"," NUMBER ",\"trade_state\":\"REVOKED\"}", ZG_SAYS_UNKNOWN },
	{ QUERY, "{" MERCHANT ",\"trade_state\":\"NOTPAY\"}", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_QUERY, ZG_WAY_SHOWN, 202, "{" ALL ",\"trade_state\":\"SUCCESS\"}", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_QUERY, ZG_WAY_SHOWN, 204, "", ZG_SAYS_UNKNOWN },
#define CODE ZG_CALL_CODE, ZG_WAY_CODE
	{ CODE, 200, "{" ALL ",\"trade_type\":\"MICROPAY\",\"trade_state\":\"SUCCESS\"}", ZG_SAYS_PAID },
	{ CODE, 200, "{" ALL ",\"trade_type\":\"MICROPAY\"}", ZG_SAYS_UNKNOWN },
	{ CODE, 200, "{" ALL ",\"trade_state\":\"USERPAYING\"}", ZG_SAYS_WAITING },
	{ CODE, 202, "{\"code\":\"USERPAYING\",\"message\":\"需要用户输入支付密码\"}", ZG_SAYS_WAITING },
	{ CODE, 202, "", ZG_SAYS_WAITING },
	{ CODE, 202, "{\"code\":\"SYSTEM_ERROR\"}", ZG_SAYS_UNKNOWN },
	{ CODE, 202, "{\"code\":\"NOTENOUGH\"}", ZG_SAYS_UNKNOWN },
	{ CODE, 204, "", ZG_SAYS_UNKNOWN },
	{ CODE, 302, "{" ALL ",\"trade_state\":\"SUCCESS\"}", ZG_SAYS_UNKNOWN },
#define SHOW ZG_CALL_SHOW, ZG_WAY_SHOWN, 200
	{ SHOW, "{\"code_url\":\"weixin://wxpay/bizpayurl/up?pr=NwY5Mz9&groupid=00\"}", ZG_SAYS_SHOWN },
	{ SHOW, "{\"code_url\":\"\"}", ZG_SAYS_UNKNOWN },
	{ SHOW, "{\"code_url\":\"weixin://a b\"}", ZG_SAYS_UNKNOWN },
	{ SHOW, "{\"code_url\":\"weixin://\\u001b[2J\"}", ZG_SAYS_UNKNOWN },
	{ SHOW, "{\"code_url\":7}", ZG_SAYS_UNKNOWN },
	{ SHOW, "{" ALL ",\"trade_state\":\"SUCCESS\"}", ZG_SAYS_UNKNOWN },
	/* closing says that it was accepted, reversing that it was done */
	{ ZG_CALL_CANCEL, ZG_WAY_SHOWN, 204, "", ZG_SAYS_DONE },
	{ ZG_CALL_CANCEL, ZG_WAY_SHOWN, 200, "{}", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_CANCEL, ZG_WAY_CODE, 204, "", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_CANCEL, ZG_WAY_CODE, 200, "{" MERCHANT "," NUMBER "}", ZG_SAYS_CANCELLED },
	{ ZG_CALL_CANCEL, ZG_WAY_CODE, 200, "{" MERCHANT ",\"out_trade_no\":\"POS01_20260401_000019\"}", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_CANCEL, ZG_WAY_CODE, 200, "{\"mchid\":\"1900009192\"," NUMBER "}", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_CANCEL, ZG_WAY_CODE, 200, "{" NUMBER "}", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_CANCEL, ZG_WAY_CODE, 200, "{}", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_CANCEL, ZG_WAY_CODE, 200, "{" ALL ",\"trade_state\":\"SUCCESS\"}", ZG_SAYS_PAID },
	{ ZG_CALL_CANCEL, ZG_WAY_CODE, 200, "{" ALL ",\"trade_state\":\"USERPAYING\"}", ZG_SAYS_WAITING },
	{ ZG_CALL_CANCEL, ZG_WAY_CODE, 202, "{\"code\":\"USERPAYING\"}", ZG_SAYS_UNKNOWN },
#define REFUND "\"out_refund_no\":\"POS01_20260401_R00001\"," NUMBER ",\"amount\":{\"total\":1234,\"refund\":500,\"currency\":\"CNY\"}"
#define BACK ZG_CALL_REFUND, ZG_WAY_CODE, 200
#define BACK_ASK ZG_CALL_REFUND_QUERY, ZG_WAY_SHOWN, 200
	{ BACK, "{" REFUND ",\"status\":\"PROCESSING\"}", ZG_SAYS_REFUNDING },
	{ BACK, "{" REFUND ",\"status\":\"SUCCESS\"}", ZG_SAYS_REFUNDED },
	{ BACK_ASK, "{" REFUND ",\"status\":\"SUCCESS\"}", ZG_SAYS_REFUNDED },
	{ BACK_ASK, "{" REFUND ",\"status\":\"PROCESSING\"}", ZG_SAYS_REFUNDING },
	{ BACK_ASK, "{" REFUND ",\"status\":\"ABNORMAL\"}", ZG_SAYS_REFUND_STUCK },
	{ BACK_ASK, "{" REFUND ",\"status\":\"CLOSED\"}", ZG_SAYS_NOT_REFUNDED },
	{ BACK_ASK, "{" REFUND ",\"status\":\"CHANGE\"}", ZG_SAYS_UNKNOWN },
	{ BACK_ASK, "{" REFUND "}", ZG_SAYS_UNKNOWN },
	{ BACK_ASK, "{" NUMBER ",\"status\":\"SUCCESS\",\"amount\":{\"refund\":500}}", ZG_SAYS_UNKNOWN },
	{ BACK_ASK, "{\"out_refund_no\":\"POS01_20260401_R00002\"," NUMBER ",\"status\":\"CLOSED\"}", ZG_SAYS_UNKNOWN },
	{ BACK_ASK, "{\"out_refund_no\":\"POS01_20260401_R00001\",\"status\":\"CLOSED\"}", ZG_SAYS_UNKNOWN },
	{ BACK_ASK, "{\"out_refund_no\":\"POS01_20260401_R00001\"," NUMBER ",\"status\":\"SUCCESS\"}", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_REFUND, ZG_WAY_CODE, 202, "{" REFUND ",\"status\":\"SUCCESS\"}", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_CHECK, ZG_WAY_SHOWN, 404, "{\"code\":\"ORDER_NOT_EXIST\"}", ZG_SAYS_DONE },
	{ ZG_CALL_CHECK, ZG_WAY_SHOWN, 200, "{" ALL ",\"trade_state\":\"NOTPAY\"}", ZG_SAYS_DONE },
	{ ZG_CALL_CHECK, ZG_WAY_SHOWN, 401, "{\"code\":\"SIGN_ERROR\"}", ZG_SAYS_WRONG },
	{ ZG_CALL_CHECK, ZG_WAY_SHOWN, 404, "{\"code\":\"NO_AUTH\"}", ZG_SAYS_WRONG },
};

Test(wechat_answer, verified_answers_mean_what_the_documents_say)
{
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++) {
		struct zg_pay_answer answer = wechat_read(&bench, meanings[i].call, meanings[i].way, meanings[i].status, meanings[i].body);

		cr_expect(eq(int, answer.proof, ZG_PROVED_VERIFIED), "row %zu", i);
		cr_expect(eq(str, (char *)zg_pay_says_name(answer.says), (char *)zg_pay_says_name(meanings[i].says)), "row %zu: %s", i, meanings[i].body);
	}
}

/* The same without a signature, or with one by another: nothing but that the check's order is not found, and that a request was wrong. */
Test(wechat_answer, without_a_signature_they_mean_nothing)
{
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++) {
		struct zg_pay_answer bare = wechat_read_bare(&bench, meanings[i].call, meanings[i].way, meanings[i].status, meanings[i].body);
		bool is_believed = meanings[i].status >= 400;

		cr_expect(eq(int, bare.says, is_believed ? meanings[i].says : ZG_SAYS_UNKNOWN), "row %zu: %s", i, meanings[i].body);
		cr_expect(eq(int, bare.proof, meanings[i].status >= 300 ? ZG_PROVED_NOT_SIGNED : ZG_PROVED_FORGED), "row %zu", i);
		cr_expect(bare.amount_fen == -1 && bare.refund_fen == -1 && bare.number[0] == '\0' && bare.url[0] == '\0', "row %zu", i);
	}
}

Test(wechat_answer, a_refund_is_told_with_everything_to_compare)
{
	struct zg_pay_answer answer = wechat_read(&bench, ZG_CALL_REFUND_QUERY, ZG_WAY_CODE, 200, "{\"refund_id\":\"50000000382019052709732678859\","
		"\"transaction_id\":\"4200002301202604011234567890\"," REFUND ",\"status\":\"SUCCESS\",\"user_received_account\":\"支付用户零钱\"}");

	cr_expect(eq(int, answer.says, ZG_SAYS_REFUNDED));
	cr_expect(eq(str, answer.refund_no, "POS01_20260401_R00001"));
	cr_expect(eq(str, answer.refund_channel_no, "50000000382019052709732678859"));
	cr_expect(eq(str, answer.statement_no, "50000000382019052709732678859"));
	cr_expect(eq(str, answer.channel_no, "4200002301202604011234567890"));
	cr_expect(eq(i64, answer.refund_fen, 500));
	cr_expect(eq(i64, answer.amount_fen, 1234));
	cr_expect(eq(i64, answer.paid_at, 0));
	cr_expect(eq(str, answer.code, "SUCCESS"));
}

/* -- bills */

#define HASH "79BB0F45FC4C42234A918000B2668D689E2BDE04"

Test(wechat_answer, a_bill_has_an_address_and_a_hash)
{
	static const char good[] = "{\"hash_type\":\"SHA1\",\"hash_value\":\"" HASH "\",\"download_url\":\"https://api.mch.weixin.qq.com/v3/billdownload/file?token=xxx\"}";
	static const char *const bad[] = {
		"{\"hash_type\":\"MD5\",\"hash_value\":\"" HASH "\",\"download_url\":\"https://x/\"}",
		"{\"hash_type\":\"SHA1\",\"hash_value\":\"79bb0f45\",\"download_url\":\"https://x/\"}",
		"{\"hash_type\":\"SHA1\",\"hash_value\":\"79BB0F45FC4C42234A918000B2668D689E2BDE0G\",\"download_url\":\"https://x/\"}",
		"{\"hash_type\":\"SHA1\",\"hash_value\":\"" HASH "\"}",
		"{\"hash_type\":\"SHA1\",\"hash_value\":\"" HASH "\",\"download_url\":\"https://x/\\n\"}",
	};
	struct zg_pay_answer answer = wechat_read(&bench, ZG_CALL_BILL, ZG_WAY_SHOWN, 200, good);

	cr_expect(eq(int, answer.says, ZG_SAYS_DONE));
	cr_expect(eq(str, answer.url, "https://api.mch.weixin.qq.com/v3/billdownload/file?token=xxx"));
	cr_expect(eq(str, answer.hash, "79bb0f45fc4c42234a918000b2668d689e2bde04"));
	cr_expect(eq(int, wechat_read_bare(&bench, ZG_CALL_BILL, ZG_WAY_SHOWN, 200, good).says, ZG_SAYS_UNKNOWN));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect(eq(int, wechat_read(&bench, ZG_CALL_BILL, ZG_WAY_SHOWN, 200, bad[i]).says, ZG_SAYS_UNKNOWN), "%s", bad[i]);
}

/* Not signed by design; packed or not it is left as it came. */
Test(wechat_answer, a_bill_itself_is_no_error_in_disguise)
{
	static const struct {
		int status;
		const char *body;
		enum zg_pay_says says;
		const char *code;
	} rows[] = {
		{ 200, "\x1F\x8B\x08", ZG_SAYS_DONE, "" },
		{ 200, "\xEF\xBB\xBF交易时间,公众账号ID\r\n", ZG_SAYS_DONE, "" },
		{ 200, "交易时间,公众账号ID", ZG_SAYS_DONE, "" },
		{ 200, "", ZG_SAYS_UNKNOWN, "HTTP 200" },
		{ 200, "<html>", ZG_SAYS_UNKNOWN, "HTTP 200" },
		{ 200, "{\"code\":\"SYSTEM_ERROR\"}", ZG_SAYS_UNKNOWN, "SYSTEM_ERROR" },
		{ 403, "\x1F\x8B\x08", ZG_SAYS_UNKNOWN, "HTTP 403" },
		{ 400, "{\"code\":\"PARAM_ERROR\",\"message\":\"token\"}", ZG_SAYS_WRONG, "PARAM_ERROR" },
		{ 400, "{\"code\":\"NO_STATEMENT_EXIST\"}", ZG_SAYS_NO_BILL, "NO_STATEMENT_EXIST" },
		{ 500, "{\"code\":\"PARAM_ERROR\"}", ZG_SAYS_UNKNOWN, "PARAM_ERROR" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct zg_pay_answer answer = wechat_read_bare(&bench, ZG_CALL_BILL_FILE, ZG_WAY_SHOWN, rows[i].status, rows[i].body);

		cr_expect(eq(int, answer.says, rows[i].says), "row %zu", i);
		cr_expect(eq(int, answer.proof, ZG_PROVED_NOT_SIGNED), "row %zu", i);
		cr_expect(eq(str, answer.code, (char *)rows[i].code), "row %zu", i);
	}
}
