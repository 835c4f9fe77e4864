/*
 * Lakala's answers with their header lines: only what is signed speaks of money. Input: a byte for the call (low four bits), one for what is
 * done with the rest: 1 the status is not 200; 2 the rest is a body that is signed; 4 header values come in quotes; 8 another serial. Without 2
 * the rest is header lines, an empty line, and the body.
 */
#include "tests/fuzz/pay_answer.h"
#include "tests/fuzz/pay_keys.h"

#include "drivers/pay/lakala.h"
#include "src/base/alloc.h"
#include "src/base/crypt.h"

#include <stdlib.h>

const struct fuzz_limits fuzz_limits = { 400000, 700 };

#define SERIAL "5157f09efdc096de15ebe81a47057a7200000002"

static struct zg_pay_keys *keys;
static struct zg_rsa *platform;

static void begin(void)
{
	static const struct zg_pay_account account = { .url = { "https://s2.lakala.com" }, .appid = "OP00000003", .serial = "1DDE", .merchant = "822290070111135",
		.terminal = "29034705", .key_pem = FUZZ_MERCHANT_KEY, .platform_pem = FUZZ_PLATFORM_CERTIFICATE };

	if (keys)
		return;
	fuzz_check(zg_pay_lakala.open(&account, &keys, NULL) == ZG_OK && zg_rsa_read_private(FUZZ_PLATFORM_KEY, &platform, NULL) == ZG_OK, "the keys");
}

static void sign(unsigned how, struct zg_http_reply *reply)
{
	const char *quote = how & 4 ? "\"" : "", *serial = how & 8 ? "61" SERIAL : "00" SERIAL;
	struct zg_buffer message = { 0 }, signature = { 0 };

	zg_buffer_print(&message, "OP00000003\n%s\n1775008803\nXb7k2QpLm0Za\n", serial);
	zg_buffer_add(&message, reply->body.bytes, reply->body.length);
	zg_buffer_add_text(&message, "\n");
	zg_rsa_sign(platform, message.bytes, message.length, &signature);
	zg_buffer_print(&reply->head, "lklapi-appid: %sOP00000003%s\nLklapi-Serial:%s%s%s\nLklapi-Timestamp: %s1775008803%s\nLklapi-Nonce: %sXb7k2QpLm0Za%s \n"
			"Lklapi-Signature: %s%s%s\n", quote, quote, quote, serial, quote, quote, quote, quote, quote, quote, signature.bytes, quote);
	zg_buffer_clear(&message);
	zg_buffer_clear(&signature);
}

void fuzz_one(const char *bytes, size_t length)
{
	struct fuzz_input input = { bytes, bytes + length };
	enum zg_pay_call call = (enum zg_pay_call)((fuzz_byte(&input) & 15) % ZG_PAY_CALLS);
	unsigned how = fuzz_byte(&input);
	struct zg_pay_order order = { .number = "POS01_20260401_000018" };
	struct zg_http_reply reply = { .end = how & 32 ? ZG_HTTP_LOST : ZG_HTTP_WHOLE, .status = how & 1 ? 502 : 200 };
	struct zg_pay_answer answer, again;
	const char *body = input.at;

	begin();
	if (!(how & 2)) {
		while (body < input.end && (body[0] != '\n' || (body > input.at && body[-1] != '\n')))
			body++;
		zg_buffer_add(&reply.head, input.at, (size_t)(body - input.at));
		body += body < input.end;
	}
	zg_buffer_add(&reply.body, body, (size_t)(input.end - body));
	if (how & 2)
		sign(how, &reply);
	zg_pay_lakala.read(keys, call, &order, 1775008800000, &reply, &answer);
	check_answer(call, &answer);
	fuzz_check((how & 2 && !(how & 8)) || answer.proof != ZG_PROVED_VERIFIED, "a proof that nobody made");
	zg_pay_lakala.read(keys, call, &order, 1775008800000, &reply, &again);
	fuzz_check(answer.says == again.says && answer.proof == again.proof && strcmp(answer.number, again.number) == 0, "read twice, it says two things");
	zg_http_reply_clear(&reply);
}
