/*
 * Alipay's answers: only what is signed speaks of money, whatever the bytes. Input: a byte for the call (low four bits), one for what is done
 * with the rest: 1 the status is not 200; 2 the rest is a body that is signed; 4 it is signed with \/ as /; 8 it is a refusal; 16 sign first.
 * Without 2 the rest is the whole answer, and the scanner must find in it what jansson finds.
 */
#include "tests/fuzz/pay_answer.h"
#include "tests/fuzz/pay_keys.h"

#include "drivers/pay/alipay.h"
#include "drivers/pay/alipay_private.h"
#include "src/base/alloc.h"

#include <stdlib.h>

const struct fuzz_limits fuzz_limits = { 400000, 700 };

static struct zg_pay_keys *keys;
static struct zg_rsa *platform;

static void begin(void)
{
	static const struct zg_pay_account account = { .url = { "https://openapi.alipay.com/gateway.do" }, .appid = "2014072300007148", .merchant = "2088",
		.key_pem = FUZZ_MERCHANT_KEY, .public_key_pem = FUZZ_PLATFORM_PUBLIC };

	if (keys)
		return;
	fuzz_check(zg_pay_alipay.open(&account, &keys, NULL) == ZG_OK && zg_rsa_read_private(FUZZ_PLATFORM_KEY, &platform, NULL) == ZG_OK, "the keys");
}

/* A member that jansson finds under a plain name, the scanner finds too, and it is the same. */
static void compare_readers(const struct zg_buffer *raw)
{
	/* jansson loses a NUL that stands behind a number; the scanner refuses it */
	bool is_odd = raw->length == 0 || memchr(raw->bytes, '\0', raw->length);
	json_t *root = is_odd ? NULL : zg_json_parse(raw->bytes, raw->length), *value;
	struct zg_alipay_piece any;
	const char *name;

	/* bytes that are no JSON at all too */
	if (raw->length && zg_alipay_cut(raw->bytes, raw->length, "sign", &any) && any.at)
		fuzz_check(any.at > raw->bytes && any.length > 0 && any.length < raw->length - (size_t)(any.at - raw->bytes), "a piece from outside");

	json_object_foreach(root, name, value) {
		struct zg_alipay_piece piece;
		char *quoted = zg_print("\"%s\"", name), *text;
		json_t *same;

		fuzz_check(zg_alipay_cut(raw->bytes, raw->length, name, &piece), "JSON, and no members");
		if (piece.at) {
			/* in brackets: jansson reads no bare value without being told to */
			text = zg_print("[%.*s]", (int)piece.length, piece.at);
			same = zg_json_parse(text, strlen(text));
			fuzz_check(same && json_equal(json_array_get(same, 0), value), "two values of %s", name);
			json_decref(same);
			free(text);
		} else {
			fuzz_check(!strstr(zg_buffer_text(raw), quoted), "%s is there", name);
		}
		free(quoted);
	}
	json_decref(root);
}

static void sign(unsigned how, enum zg_pay_call call, const char *bytes, size_t length, struct zg_buffer *whole)
{
	const char *method = zg_alipay_method(call);
	char *name = how & 8 || !method ? zg_copy("error_response") : zg_print("%s_response", method);
	struct zg_buffer text = { 0 }, signature = { 0 };

	for (char *c = name; *c; c++)
		if (*c == '.')
			*c = '_';
	for (size_t i = 0; i < length; i++)
		if (!(how & 4) || bytes[i] != '\\' || i + 1 == length || bytes[i + 1] != '/')
			zg_buffer_add_byte(&text, (unsigned char)bytes[i]);
	zg_rsa_sign(platform, zg_buffer_text(&text), text.length, &signature);
	if (how & 16)
		zg_buffer_print(whole, "{\"sign\":\"%s\",\"%s\":", signature.bytes, name);
	else
		zg_buffer_print(whole, "{\"%s\":", name);
	zg_buffer_add(whole, bytes, length);
	if (!(how & 16))
		zg_buffer_print(whole, ",\"alipay_cert_sn\":\"f5a9\",\"sign\":\"%s\"", signature.bytes);
	zg_buffer_add_text(whole, "}");
	zg_buffer_clear(&text);
	zg_buffer_clear(&signature);
	free(name);
}

void fuzz_one(const char *bytes, size_t length)
{
	struct fuzz_input input = { bytes, bytes + length };
	enum zg_pay_call call = (enum zg_pay_call)((fuzz_byte(&input) & 15) % ZG_PAY_CALLS);
	unsigned how = fuzz_byte(&input);
	struct zg_pay_order order = { .number = "POS01_20260401_000018" };
	struct zg_http_reply reply = { .end = how & 32 ? ZG_HTTP_LOST : ZG_HTTP_WHOLE, .status = how & 1 ? 502 : 200 };
	struct zg_pay_answer answer, again;

	begin();
	zg_buffer_add_text(&reply.head, "trace_id: \t0b1\n");
	if (how & 2)
		sign(how, call, input.at, (size_t)(input.end - input.at), &reply.body);
	else
		zg_buffer_add(&reply.body, input.at, (size_t)(input.end - input.at));
	zg_pay_alipay.read(keys, call, &order, 1775008800000, &reply, &answer);
	check_answer(call, &answer);
	fuzz_check(how & 2 || answer.proof != ZG_PROVED_VERIFIED, "a proof that nobody made");
	zg_pay_alipay.read(keys, call, &order, 1775008800000, &reply, &again);
	fuzz_check(answer.says == again.says && answer.proof == again.proof && strcmp(answer.number, again.number) == 0, "read twice, it says two things");
	compare_readers(&reply.body);
	zg_http_reply_clear(&reply);
}
