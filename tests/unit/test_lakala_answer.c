#include "drivers/pay/lakala.h"

#include "drivers/pay/common.h"
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
	bench_open(&bench, &zg_pay_lakala);
}

static void tear_down(void)
{
	bench_close(&bench);
}

TestSuite(lakala_answer, .init = set_up, .fini = tear_down);

static const char paid[] = "{\"code\":\"BBS00000\",\"msg\":\"成功\",\"resp_time\":\"20260401100003\",\"resp_data\":{\"merchant_no\":\"822290070111135\","
	"\"out_trade_no\":\"POS01_20260401_000018\",\"trade_no\":\"20260401110113130266215098123456\",\"log_no\":\"66215098123456\",\"total_amount\":\"1234\","
	"\"need_query\":\"0\",\"trade_time\":\"20260401100002\",\"acc_resp_fields\":{\"user_id\":\"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o\"}}}";

static const struct {
	const char *name;
	enum zg_pay_proof proof;
	enum zg_pay_says says;
} verdicts[] = {
	{ "ok_success", ZG_PROVED_VERIFIED, ZG_SAYS_PAID },
	{ "ok_paying", ZG_PROVED_VERIFIED, ZG_SAYS_WAITING },
	{ "bad_tampered_amount", ZG_PROVED_FORGED, ZG_SAYS_UNKNOWN },
	{ "bad_reordered", ZG_PROVED_FORGED, ZG_SAYS_UNKNOWN },
	{ "bad_missing_nonce", ZG_PROVED_FORGED, ZG_SAYS_UNKNOWN },
	{ "ok_serial_lower_case", ZG_PROVED_VERIFIED, ZG_SAYS_PAID },
};
#define VERDICTS (sizeof(verdicts) / sizeof(verdicts[0]))

/* With an answer that nobody signed too: it is what its service asks for. */
Test(lakala_answer, the_number_of_the_request_is_kept)
{
	struct zg_http_reply reply = bench_reply("lklapi-traceid: 0af7651916cd43dd\n", "{\"code\":\"GWS10401\"}");

	reply.status = 401;
	struct zg_pay_answer answer = bench_read(&bench, ZG_CALL_CODE, &reply);

	cr_expect(eq(str, answer.request_id, "0af7651916cd43dd"));
	cr_expect(eq(int, answer.says, ZG_SAYS_UNKNOWN));
	zg_http_reply_clear(&reply);
	reply = bench_reply("Lklapi-Traceid: a\x1b[2Jb\n", "{}");
	cr_expect(eq(str, bench_read(&bench, ZG_CALL_CODE, &reply).request_id, "a?[2Jb"));
	zg_http_reply_clear(&reply);
}

Test(lakala_answer, the_platforms_certificate_ends)
{
	cr_expect(gt(long, (long)bench.driver->ends(bench.keys), (long)BENCH_NOW));
}

/* The vectors as they came, and once more with the values in quotes and the names in lower case. */
Test(lakala_answer, every_vector_has_its_verdict)
{
	json_t *all = vector_json("lakala_responses.json"), *vector, *value;
	size_t i, seen = 0;
	const char *name;

	json_array_foreach(json_object_get(all, "responses"), i, vector)
		for (int quoted = 0; quoted < 2; quoted++) {
			struct zg_buffer head = { 0 };
			struct zg_http_reply reply;
			struct zg_pay_answer answer;

			json_object_foreach(json_object_get(vector, "headers"), name, value) {
				char *lower = zg_copy(name);

				for (char *c = lower; quoted && *c; c++)
					*c = *c >= 'A' && *c <= 'Z' ? *c + 32 : *c;
				zg_buffer_print(&head, quoted ? "%s: \"%s\"\n" : "%s: %s\n", lower, json_string_value(value));
				free(lower);
			}
			reply = bench_reply(zg_buffer_text(&head), zg_json_string(vector, "body", ""));
			reply.status = (int)zg_json_integer(vector, "http_status", 0);
			answer = bench_read(&bench, ZG_CALL_CODE, &reply);
			for (size_t k = 0; k < VERDICTS; k++) {
				if (strcmp(verdicts[k].name, zg_json_string(vector, "name", "")) != 0)
					continue;
				cr_expect(eq(int, answer.proof, verdicts[k].proof), "%s", verdicts[k].name);
				cr_expect(eq(int, answer.says, verdicts[k].says), "%s", verdicts[k].name);
				seen++;
			}
			zg_http_reply_clear(&reply);
			zg_buffer_clear(&head);
		}
	cr_expect(eq(sz, seen, 2 * VERDICTS));
	json_decref(all);
}

Test(lakala_answer, a_payment_is_told_with_everything_to_compare)
{
	struct zg_pay_answer answer = bench_read_lakala(&bench, ZG_CALL_CODE, paid);

	cr_expect(eq(int, answer.says, ZG_SAYS_PAID));
	cr_expect(eq(str, answer.number, "POS01_20260401_000018"));
	cr_expect(eq(str, answer.channel_no, "20260401110113130266215098123456"));
	cr_expect(eq(str, answer.statement_no, "66215098123456"));
	cr_expect(eq(i64, answer.amount_fen, 1234));
	cr_expect(eq(i64, answer.refund_fen, -1));
	cr_expect(eq(i64, answer.paid_at, 1775008802000));
	cr_expect(eq(str, answer.payer, "oUp***eS6o"));
	cr_expect(eq(str, answer.code, "BBS00000"));
	cr_expect(eq(str, answer.text, "成功"));
	cr_expect(eq(str, answer.serial, "5157F09EFDC096DE15EBE81A47057A7200000002"));
	cr_expect(answer.is_ours);
}

/* Each row: call, code, the members of resp_data, what it says. */
static const struct {
	enum zg_pay_call call;
	const char *code, *data;
	enum zg_pay_says says;
} meanings[] = {
	{ ZG_CALL_CODE, "BBS00000", "\"trade_time\":\"20260401100002\"", ZG_SAYS_PAID },
	{ ZG_CALL_CODE, "BBS00000", "\"trade_time\":\"20260401100002\",\"need_query\":\"0\",\"trade_state\":\"SUCCESS\"", ZG_SAYS_PAID },
	{ ZG_CALL_CODE, "BBS00000", "\"trade_time\":\"20260401100002\",\"need_query\":\"1\"", ZG_SAYS_WAITING },
	{ ZG_CALL_CODE, "BBS00000", "\"trade_time\":\"20260401100002\",\"need_query\":0", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_CODE, "BBS00000", "\"trade_time\":\"20260401100002\",\"need_query\":\"2\"", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_CODE, "BBS00000", "\"need_query\":\"0\"", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_CODE, "BBS00000", "\"trade_time\":\"2026\"", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_CODE, "BBS00000", "", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_CODE, "BBS00000", "\"trade_time\":\"20260401100002\",\"trade_state\":\"DEAL\"", ZG_SAYS_WAITING },
	{ ZG_CALL_CODE, "BBS00000", "\"trade_time\":\"20260401100002\",\"trade_state\":\"FAIL\"", ZG_SAYS_CLOSED },
	{ ZG_CALL_CODE, "BBS00000", "\"trade_time\":\"20260401100002\",\"trade_state\":7", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_CODE, "000000", "\"trade_time\":\"20260401100002\"", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_SHOW, "BBS00000", "\"acc_resp_fields\":{\"code\":\"https://qr.alipay.com/bavh4wjlxf12tper3a\"}", ZG_SAYS_SHOWN },
	{ ZG_CALL_SHOW, "BBS00000", "\"acc_resp_fields\":{\"code\":\"\"}", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_SHOW, "BBS00000", "\"acc_resp_fields\":\"https://qr.alipay.com/\"", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_SHOW, "BBS00000", "", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_QUERY, "BBS00000", "\"trade_state\":\"INIT\"", ZG_SAYS_WAITING },
	{ ZG_CALL_QUERY, "BBS00000", "\"trade_state\":\"CREATE\"", ZG_SAYS_WAITING },
	{ ZG_CALL_QUERY, "BBS00000", "\"trade_state\":\"DEAL\"", ZG_SAYS_WAITING },
	{ ZG_CALL_QUERY, "BBS00000", "\"trade_state\":\"UNKNOWN\"", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_QUERY, "BBS00000", "\"trade_state\":\"SUCCESS\",\"trade_main_type\":\"MICROPAY\"", ZG_SAYS_PAID },
	{ ZG_CALL_QUERY, "BBS00000", "\"trade_state\":\"SUCCESS\",\"trade_main_type\":\"REFUND\"", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_QUERY, "BBS00000", "\"trade_state\":\"SUCCESS\",\"trade_main_type\":\"CANCEL\"", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_QUERY, "BBS00000", "\"trade_state\":\"PART_REFUND\"", ZG_SAYS_PAID },
	{ ZG_CALL_QUERY, "BBS00000", "\"trade_state\":\"REFUND\"", ZG_SAYS_CANCELLED },
	{ ZG_CALL_QUERY, "BBS00000", "\"trade_state\":\"REVOKED\"", ZG_SAYS_CANCELLED },
	{ ZG_CALL_QUERY, "BBS00000", "\"trade_state\":\"FAIL\"", ZG_SAYS_CLOSED },
	{ ZG_CALL_QUERY, "BBS00000", "\"trade_state\":\"CLOSE\"", ZG_SAYS_CLOSED },
	{ ZG_CALL_QUERY, "BBS00000", "\"trade_state\":\"INVENTED\"", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_QUERY, "BBS00000", "", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_QUERY, "BBS99999", "", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_CANCEL, "BBS00000", "", ZG_SAYS_DONE },
	{ ZG_CALL_CANCEL, "BBS00000", "\"trade_state\":\"SUCCESS\"", ZG_SAYS_DONE },
	{ ZG_CALL_CANCEL, "BBS00000", "\"trade_state\":\"CLOSE\"", ZG_SAYS_CANCELLED },
	{ ZG_CALL_CANCEL, "BBS00000", "\"trade_state\":\"REVOKED\"", ZG_SAYS_CANCELLED },
	{ ZG_CALL_CANCEL, "BBS00000", "\"trade_state\":\"REFUND\"", ZG_SAYS_CANCELLED },
	{ ZG_CALL_CANCEL, "BBS00000", "\"trade_state\":\"DEAL\"", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_CANCEL, "BBS00000", "\"trade_state\":\"FAIL\"", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_CANCEL, "BBS99999", "", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_CANCEL, "BBS10000", "", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_REFUND, "000000", "\"trade_state\":\"SUCCESS\"", ZG_SAYS_REFUNDED },
	{ ZG_CALL_REFUND, "000000", "\"trade_state\":\"FAIL\"", ZG_SAYS_NOT_REFUNDED },
	{ ZG_CALL_REFUND, "000000", "\"trade_state\":\"EXCEPTION\"", ZG_SAYS_NOT_REFUNDED },
	{ ZG_CALL_REFUND, "000000", "\"trade_state\":\"INIT\"", ZG_SAYS_REFUNDING },
	{ ZG_CALL_REFUND, "000000", "\"trade_state\":\"DEAL\"", ZG_SAYS_REFUNDING },
	{ ZG_CALL_REFUND, "000000", "\"trade_state\":\"PROCESSING\"", ZG_SAYS_REFUNDING },
	{ ZG_CALL_REFUND, "000000", "\"trade_state\":\"TIMEOUT\"", ZG_SAYS_REFUNDING },
	{ ZG_CALL_REFUND, "000000", "", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_REFUND, "BBS00000", "\"trade_state\":\"SUCCESS\"", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_REFUND, "RFD99999", "", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_REFUND, "E710038", "", ZG_SAYS_REFUNDING },
	{ ZG_CALL_REFUND, "E710039", "", ZG_SAYS_REFUNDING },
	{ ZG_CALL_REFUND, "BBS10000", "", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_REFUND_QUERY, "000000", "\"trade_state\":\"SUCCESS\"", ZG_SAYS_REFUNDED },
	{ ZG_CALL_REFUND_QUERY, "000000", "\"trade_state\":\"INVENTED\"", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_REFUND_QUERY, "RFD99999", "", ZG_SAYS_UNKNOWN },
	{ ZG_CALL_CHECK, "BBS99999", "", ZG_SAYS_DONE },
	{ ZG_CALL_CODE, "", "", ZG_SAYS_UNKNOWN },
};

Test(lakala_answer, answers_mean_what_the_documents_say)
{
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++) {
		char *body = zg_print("{\"code\":\"%s\",\"msg\":\"话\",\"resp_time\":\"20260401100003\",\"resp_data\":{%s}}", meanings[i].code, meanings[i].data);
		struct zg_pay_answer answer = bench_read_lakala(&bench, meanings[i].call, body);

		cr_expect(eq(int, answer.proof, ZG_PROVED_VERIFIED), "%s", body);
		cr_expect(eq(str, (char *)zg_pay_says_name(answer.says), (char *)zg_pay_says_name(meanings[i].says)), "call %d: %s", meanings[i].call, body);
		free(body);
	}
}

/* The codes that mean "we do not know yet" mean it for every call; what the list does not have is a refusal of a payment that a query must confirm. */
Test(lakala_answer, codes_mean_what_the_documents_say)
{
	static const char *const unknown[] = { "BBS11112", "BBS11105", "BPS10034", "BBS00100", "BBS00101", "RFD11105", "RFD11112" };
	static const char *const waiting[] = { "BBS10000", "DCP10000" }, *const invented[] = { "BBS99999", "X", "E710033", "bbs00000", "BBS000000" };
	static const enum zg_pay_call calls[] = { ZG_CALL_CODE, ZG_CALL_SHOW, ZG_CALL_QUERY, ZG_CALL_CANCEL, ZG_CALL_REFUND, ZG_CALL_REFUND_QUERY };

	for (size_t i = 0; i < 14; i++)
		for (size_t c = 0; c < sizeof(calls) / sizeof(calls[0]); c++) {
			const char *code = i < 7 ? unknown[i] : i < 9 ? waiting[i - 7] : invented[i - 9];
			char *body = zg_print("{\"code\":\"%s\",\"msg\":\"话\"}", code);
			enum zg_pay_says says = bench_read_lakala(&bench, calls[c], body).says, wanted = ZG_SAYS_UNKNOWN;
			bool is_paying = calls[c] == ZG_CALL_CODE || calls[c] == ZG_CALL_SHOW;

			if (i >= 7 && i < 9 && (is_paying || calls[c] == ZG_CALL_QUERY))
				wanted = ZG_SAYS_WAITING;
			if (i >= 9 && is_paying)
				wanted = ZG_SAYS_DECLINED;
			cr_expect(eq(str, (char *)zg_pay_says_name(says), (char *)zg_pay_says_name(wanted)), "%s to call %d", code, calls[c]);
			free(body);
		}
}

Test(lakala_answer, an_order_that_it_does_not_know_is_told_by_its_words)
{
	static const struct {
		enum zg_pay_call call;
		const char *message;
		enum zg_pay_says says;
	} rows[] = { { ZG_CALL_QUERY, "原交易不存在", ZG_SAYS_NOT_FOUND }, { ZG_CALL_QUERY, "订单不存在", ZG_SAYS_NOT_FOUND }, { ZG_CALL_QUERY, "商户不存在", ZG_SAYS_UNKNOWN },
		{ ZG_CALL_QUERY, "交易失败", ZG_SAYS_UNKNOWN }, { ZG_CALL_REFUND_QUERY, "退款不存在", ZG_SAYS_NO_REFUND },
		{ ZG_CALL_REFUND_QUERY, "原交易不存在", ZG_SAYS_NO_REFUND }, { ZG_CALL_REFUND_QUERY, "退款失败", ZG_SAYS_UNKNOWN }, { ZG_CALL_REFUND, "退款不存在", ZG_SAYS_UNKNOWN },
		{ ZG_CALL_QUERY, "退款不存在", ZG_SAYS_UNKNOWN }, { ZG_CALL_CANCEL, "原交易不存在", ZG_SAYS_DONE }, { ZG_CALL_CANCEL, "终端不存在", ZG_SAYS_UNKNOWN },
		{ ZG_CALL_CODE, "商户交易流水号重复", ZG_SAYS_NUMBER_USED }, { ZG_CALL_CODE, "订单不存在", ZG_SAYS_DECLINED } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *body = zg_print("{\"code\":\"BBS11114\",\"msg\":\"%s\"}", rows[i].message);

		cr_expect(eq(int, bench_read_lakala(&bench, rows[i].call, body).says, rows[i].says), "%s", body);
		free(body);
	}
}

/* In a refund's answer the plain names are the refund's. */
Test(lakala_answer, a_refund_and_its_payment_are_told_apart)
{
	struct zg_pay_answer answer = bench_read_lakala(&bench, ZG_CALL_REFUND_QUERY,
		"{\"code\":\"000000\",\"msg\":\"成功\",\"resp_data\":{\"trade_state\":\"SUCCESS\",\"merchant_no\":\"822290070111135\",\"out_trade_no\":\"POS01_20260401_R00001\","
		"\"trade_no\":\"R1\",\"log_no\":\"66215098123457\",\"refund_amount\":\"500\",\"total_amount\":\"1234\",\"origin_out_trade_no\":\"POS01_20260401_000018\","
		"\"origin_trade_no\":\"T1\"}}");

	cr_expect(eq(int, answer.says, ZG_SAYS_REFUNDED));
	cr_expect(eq(str, answer.refund_no, "POS01_20260401_R00001"));
	cr_expect(eq(str, answer.number, "POS01_20260401_000018"));
	cr_expect(eq(str, answer.refund_channel_no, "R1"));
	cr_expect(eq(str, answer.channel_no, "T1"));
	cr_expect(eq(i64, answer.refund_fen, 500));
	cr_expect(eq(i64, answer.amount_fen, -1));
}

Test(lakala_answer, another_merchants_answer_is_not_ours)
{
	struct zg_pay_account account = bench_account(ZG_CHANNEL_LAKALA);
	struct zg_pay_keys *keys = NULL, *before = bench.keys;

	cr_expect(not(bench_read_lakala(&bench, ZG_CALL_CODE, "{\"code\":\"BBS00000\",\"resp_data\":{\"merchant_no\":\"822290070111136\"}}").is_ours));
	cr_expect(bench_read_lakala(&bench, ZG_CALL_CODE, "{\"code\":\"BBS00000\",\"resp_data\":{\"merchant_no\":\"822290070111135\"}}").is_ours);
	account.appid = "OP00000004";
	cr_assert(eq(int, zg_pay_lakala.open(&account, &keys, NULL), ZG_OK));
	bench.keys = keys;
	cr_expect(not(bench_read_lakala(&bench, ZG_CALL_CODE, "{\"code\":\"BBS00000\"}").is_ours));
	bench.keys = before;
	zg_pay_lakala.close(keys);
	bench_account_clear(&account);
}

Test(lakala_answer, what_nobody_we_know_has_signed_proves_nothing)
{
	char *head = bench_lakala_head(&bench, paid), *other = zg_copy(head), *serial = strstr(other, "5157");
	struct zg_http_reply bare = bench_reply("", paid), refused = bench_reply("", "{\"code\":\"ERR1\",\"msg\":\"签名错误\\u001b\"}"), strange, whole = bench_reply(head, paid);
	struct zg_pay_answer answer;

	serial[0] = '6';
	strange = bench_reply(other, paid);
	answer = bench_read(&bench, ZG_CALL_CODE, &bare);
	cr_expect(eq(int, answer.proof, ZG_PROVED_FORGED));
	cr_expect(eq(int, answer.says, ZG_SAYS_UNKNOWN));
	answer = bench_read(&bench, ZG_CALL_CODE, &refused);
	cr_expect(eq(int, answer.proof, ZG_PROVED_NOT_SIGNED));
	cr_expect(eq(int, answer.says, ZG_SAYS_UNKNOWN));
	cr_expect(eq(str, answer.text, "签名错误?"));
	answer = bench_read(&bench, ZG_CALL_CODE, &strange);
	cr_expect(eq(int, answer.proof, ZG_PROVED_OTHER_KEY));
	cr_expect(eq(str, answer.serial, "6157F09EFDC096DE15EBE81A47057A7200000002"));
	for (int status = 100; status < 600; status++) {
		whole.status = status;
		answer = bench_read(&bench, ZG_CALL_CODE, &whole);
		cr_expect(eq(int, answer.says == ZG_SAYS_PAID, status == 200), "%d", status);
	}
	whole.status = 401;
	cr_expect(eq(str, bench_read(&bench, ZG_CALL_CODE, &whole).code, "HTTP 401 BBS00000"));
	whole.status = 200;
	for (enum zg_http_end end = ZG_HTTP_NOT_SENT; end <= ZG_HTTP_TOO_LONG; end++) {
		whole.end = end;
		cr_expect(eq(int, bench_read(&bench, ZG_CALL_CODE, &whole).says, ZG_SAYS_UNKNOWN));
	}
	zg_http_reply_clear(&bare);
	zg_http_reply_clear(&refused);
	zg_http_reply_clear(&strange);
	zg_http_reply_clear(&whole);
	free(head);
	free(other);
}

/* Head and body as one text, cut or spoilt anywhere. */
static struct zg_pay_answer read_spoilt(const char *head, size_t head_length, const char *body, size_t body_length)
{
	struct zg_http_reply reply = { .end = ZG_HTTP_WHOLE, .status = 200 };
	struct zg_pay_answer answer;

	zg_buffer_add(&reply.head, head, head_length);
	zg_buffer_add(&reply.body, body, body_length);
	answer = bench_read(&bench, ZG_CALL_CODE, &reply);
	zg_http_reply_clear(&reply);
	return answer;
}

Test(lakala_answer, cut_at_any_byte_it_is_never_paid)
{
	char *head = bench_lakala_head(&bench, paid);

	for (size_t length = 0; length < strlen(paid); length++)
		cr_expect(eq(int, read_spoilt(head, strlen(head), paid, length).says, ZG_SAYS_UNKNOWN), "%zu bytes of the body", length);
	for (size_t length = 0; length < strlen(head); length++)
		cr_expect(eq(int, read_spoilt(head, length, paid, strlen(paid)).says, ZG_SAYS_UNKNOWN), "%zu bytes of the head", length);
	free(head);
}

/* Header names may be written in either case, and blanks and quotes around values mean nothing: those bits alone may flip. */
Test(lakala_answer, with_any_bit_flipped_it_is_never_verified)
{
	char *head = bench_lakala_head(&bench, paid), *body = zg_copy(paid);
	size_t length = strlen(paid);

	for (size_t i = 0; i < length; i++)
		for (int bit = 0; bit < 8; bit++) {
			body[i] ^= (char)(1 << bit);
			cr_expect(ne(int, read_spoilt(head, strlen(head), body, length).proof, ZG_PROVED_VERIFIED), "byte %zu bit %d", i, bit);
			body[i] ^= (char)(1 << bit);
		}
	length = strlen(head);
	for (size_t i = 0; i < length; i++)
		for (int bit = 0; bit < 8; bit++) {
			char was = head[i];
			const char *line = head + i, *colon;

			while (line > head && line[-1] != '\n')
				line--;
			colon = strchr(line, ':');
			head[i] ^= (char)(1 << bit);
			if (head + i < colon ? bit == 5 : was == ' ')
				;
			else
				cr_expect(ne(int, read_spoilt(head, length, paid, strlen(paid)).proof, ZG_PROVED_VERIFIED), "head byte %zu bit %d", i, bit);
			head[i] = was;
		}
	free(head);
	free(body);
}

Test(lakala_answer, amounts_round_trip)
{
	struct chance chance = chance_begin_at(20261125);

	for (long i = 0; i < chance_rounds(20000); i++) {
		zg_fen amount = i < 1000 ? i + 1 : chance_amount(&chance, ZG_FEN_MAX), back = -1;
		char text[24];

		snprintf(text, sizeof(text), "%lld", (long long)amount);
		cr_assert(zg_pay_fen_read(text, &back), "%s", text);
		cr_assert(eq(i64, back, amount));
	}
}

Test(lakala_answer, what_is_no_amount_or_time_is_not_read)
{
	static const char *const amounts[] = { "", "-1", "+1", "1.00", " 1", "1 ", "1e3", "999999999999", "1000000000000", "０" };
	static const char *const times[] = { "", "2026040110000", "202604011000022", "2026-04-01T10:00:02", "20261301100002", "20260001100002", "20260400100002", "20260432100002",
					     "20260401240002", "20260401106002", "20260401100061", "19700101000000", "2026040110000x", "2026-04-01 10:00:0" };
	zg_fen amount = 77;

	for (size_t i = 0; i < sizeof(amounts) / sizeof(amounts[0]); i++)
		cr_expect(not(zg_pay_fen_read(amounts[i], &amount)), "%s", amounts[i]);
	cr_expect(eq(i64, amount, 77));
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
		cr_expect(eq(i64, zg_pay_time_read(times[i]), 0), "%s", times[i]);
}

/* Written and read back over 130 years, leap days among them. */
Test(lakala_answer, channel_times_are_chinas)
{
	char text[ZG_PAY_TIME];

	for (int64_t at = 31536000000LL * 2; at < 4133894400000LL; at += 86400000LL * 3 + 3661000) {
		cr_assert(eq(i64, zg_pay_time_read(zg_pay_time(text, at, ZG_FORM_PLAIN)), at), "%s", text);
		cr_assert(eq(i64, zg_pay_time_read(zg_pay_time(text, at, ZG_FORM_DASHED)), at), "%s", text);
	}
	cr_expect(eq(str, (char *)zg_pay_time(text, 1775008805000, ZG_FORM_RFC3339), "2026-04-01T10:00:05+08:00"));
	cr_expect(eq(str, (char *)zg_pay_time(text, 1709193600000, ZG_FORM_PLAIN), "20240229160000"));
	cr_expect(eq(i64, zg_pay_time_read("20240229160000"), 1709193600000));
}

Test(lakala_answer, payers_are_masked)
{
	static const char *const rows[][2] = { { "", "" }, { "1", "*" }, { "12", "**" }, { "123", "***" }, { "12345678901", "***" }, { "123456789012", "123***9012" },
					       { "159****5620", "159****5620" } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *text = zg_copy(rows[i][0]);

		zg_pay_mask(text);
		cr_expect(eq(str, text, (char *)rows[i][1]));
		free(text);
	}
}
