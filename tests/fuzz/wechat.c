/*
 * WeChat Pay's answers, by both interfaces: only what is signed speaks of money. Input: a byte for the call (low four bits) and way (16: shown); one
 * for what is done with the rest: 1 by V2; 2 the rest is what was signed; 4 another serial; 8 the status is an error's, 16 a 202, 32 a 204. Without 2
 * the rest is header lines, an empty line, and the body. By V2 with 2 the rest is fields, name=value a line, that are written and signed.
 */
#include "tests/fuzz/pay_answer.h"
#include "tests/fuzz/pay_keys.h"

#include "drivers/pay/wechat.h"
#include "drivers/pay/wechat_private.h"
#include "src/base/alloc.h"
#include "src/base/crypt.h"

#include <stdlib.h>

const struct fuzz_limits fuzz_limits = { 400000, 700 };

#define CERTIFICATE "5157F09EFDC096DE15EBE81A47057A7200000002"
#define API2_KEY    "192006250b4c09247ec02edce69f6a2d"
#define FIELDS      40

static struct zg_pay_keys *v2, *v3;
static struct zg_rsa *platform;

static void begin(void)
{
	struct zg_pay_account account = { .url = { "https://api.mch.weixin.qq.com" }, .appid = "wxd678efh567hg6787", .merchant = "1900009191", .serial = "1DDE",
		.key_pem = FUZZ_MERCHANT_KEY, .platform_pem = FUZZ_PLATFORM_CERTIFICATE, .api2_key = API2_KEY, .api3_key = "0123456789abcdefghijklmnopqrstuv",
		.notify_url = "https://www.example.com/notify" };

	if (v2)
		return;
	fuzz_check(zg_pay_wechat.open(&account, &v2, NULL) == ZG_OK, "the account");
	account.codepay = true;
	fuzz_check(zg_pay_wechat.open(&account, &v3, NULL) == ZG_OK && zg_rsa_read_private(FUZZ_PLATFORM_KEY, &platform, NULL) == ZG_OK, "the keys");
}

static void sign_v3(unsigned how, struct zg_http_reply *reply)
{
	struct zg_buffer message = { 0 }, signature = { 0 };

	zg_buffer_add_text(&message, "1775008803\nXb7k2QpLm0Za\n");
	zg_buffer_add(&message, reply->body.bytes, reply->body.length);
	zg_buffer_add_text(&message, "\n");
	zg_rsa_sign(platform, message.bytes, message.length, &signature);
	zg_buffer_print(&reply->head, "wechatpay-timestamp: 1775008803\nWechatpay-Nonce:Xb7k2QpLm0Za\nWechatpay-Serial: %s\nWechatpay-Signature: %s\nRequest-ID: 08\n",
			how & 4 ? "DEADBEEF" : CERTIFICATE, signature.bytes);
	zg_buffer_clear(&message);
	zg_buffer_clear(&signature);
}

/* Whether the names can be names, the reader of it shall say. */
static void sign_v2(struct fuzz_input *input, struct zg_http_reply *reply)
{
	struct zg_wechat_field fields[FIELDS];
	char *lines[FIELDS];
	size_t count = 0;

	while (count < FIELDS && input->at < input->end) {
		char *line = fuzz_text(input, '\n'), *value = strchr(line, '=');

		lines[count] = line;
		if (value)
			*value++ = '\0';
		fields[count++] = (struct zg_wechat_field){ line, value ? value : "" };
	}
	zg_wechat_v2_body(fields, count, API2_KEY, &reply->body);
	while (count > 0)
		free(lines[--count]);
}

/* Some things need no proof here, which other channels do not have: that nothing was found, and what is to be tried later. */
static void check(enum zg_pay_call call, const struct zg_pay_answer *answer)
{
	struct zg_pay_answer rest = *answer;

	if (answer->proof == ZG_PROVED_NOT_SIGNED && (answer->says == ZG_SAYS_NOT_FOUND || answer->says == ZG_SAYS_NO_REFUND || answer->says == ZG_SAYS_LATER ||
	    answer->says == ZG_SAYS_NO_BILL || answer->says == ZG_SAYS_BILL_LATER || (call == ZG_CALL_CHECK && answer->says == ZG_SAYS_DONE)))
		rest.says = ZG_SAYS_UNKNOWN;
	check_answer(call, &rest);
	fuzz_check(answer->says != ZG_SAYS_PAID || (answer->number[0] && answer->amount_fen > 0), "paid, but not what or how much");
	fuzz_check(answer->says != ZG_SAYS_REFUNDED || (answer->refund_no[0] && answer->refund_fen > 0), "refunded, but not what or how much");
	fuzz_check(answer->proof == ZG_PROVED_VERIFIED || (!answer->number[0] && answer->amount_fen == -1 && !answer->url[0]), "an unproved member");
}

void fuzz_one(const char *bytes, size_t length)
{
	struct fuzz_input input = { bytes, bytes + length };
	unsigned what = fuzz_byte(&input), how = fuzz_byte(&input);
	enum zg_pay_call call = (enum zg_pay_call)((what & 15) % ZG_PAY_CALLS);
	struct zg_pay_order order = { .way = what & 16 ? ZG_WAY_SHOWN : ZG_WAY_CODE, .number = "POS01_20260401_000018", .refund_no = "POS01_20260401_R00001" };
	struct zg_pay_keys *keys;
	struct zg_http_reply reply = { .end = how & 128 ? ZG_HTTP_LOST : ZG_HTTP_WHOLE };
	struct zg_pay_answer answer, again;
	const char *body = input.at;
	bool is_v2;

	begin();
	keys = how & 1 ? v2 : v3;
	is_v2 = zg_wechat_is_v2(keys, call, order.way);
	reply.status = how & 8 ? 404 : how & 16 ? 202 : how & 32 ? 204 : 200;
	if (!(how & 2)) {
		while (body < input.end && (body[0] != '\n' || (body > input.at && body[-1] != '\n')))
			body++;
		zg_buffer_add(&reply.head, input.at, (size_t)(body - input.at));
		body += body < input.end;
	}
	if (is_v2 && how & 2)
		sign_v2(&input, &reply);
	else
		zg_buffer_add(&reply.body, body, (size_t)(input.end - body));
	if (!is_v2 && how & 2)
		sign_v3(how, &reply);
	zg_pay_wechat.read(keys, call, &order, 1775008800000, &reply, &answer);
	check(call, &answer);
	/* the first list of certificates may be signed by one that it brings, and none can be made here */
	fuzz_check((how & 2 && (is_v2 || !(how & 4))) || answer.proof != ZG_PROVED_VERIFIED, "a proof that nobody made");
	zg_pay_wechat.read(keys, call, &order, 1775008800000, &reply, &again);
	fuzz_check(memcmp(&answer, &again, sizeof(answer)) == 0, "read twice, it says two things");
	zg_http_reply_clear(&reply);
}
