/*
 * V2: payments by code as XML, signed with HMAC-SHA256 both ways.
 *
 * An answer has three levels: return_code FAIL, not understood and not signed; result_code FAIL with an err_code, which is no proof that no money
 * moved; and success. Nothing in it tells when it was made: that it is not an old one rests on TLS and on number and amount.
 */
#include "drivers/pay/wechat_private.h"

#include "src/base/alloc.h"
#include "src/base/seal.h"
#include "src/base/text.h"
#include "src/base/xml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIELDS 12

/* -- requests */

void zg_wechat_v2_body(const struct zg_wechat_field *fields, size_t count, const char *key, struct zg_buffer *out)
{
	char sign[65];

	zg_buffer_add_text(out, "<xml>");
	for (size_t i = 0; i < count; i++)
		zg_xml_add(out, fields[i].name, fields[i].value);
	zg_xml_add(out, "sign", zg_wechat_v2_sign(sign, fields, count, key));
	zg_buffer_add_text(out, "</xml>");
}

enum zg_result zg_wechat_v2_build(const struct zg_pay_keys *keys, enum zg_pay_call call, const struct zg_pay_order *order, const struct zg_pay_moment *moment,
				  struct zg_http_request *request, struct zg_error *err)
{
	const char *path = call == ZG_CALL_CODE ? "/pay/micropay" : call == ZG_CALL_CANCEL ? "/secapi/pay/reverse" : "/pay/orderquery";
	enum zg_result result = zg_pay_need(keys->api2_key, "wechat", "apiv2_key_file", err);
	char title[ZG_WECHAT_TEXT], amount[24];
	size_t count = 4;
	struct zg_wechat_field fields[FIELDS] = {
		{ "appid", keys->appid }, { "mch_id", keys->merchant }, { "nonce_str", moment->nonce }, { "sign_type", "HMAC-SHA256" },
	};

	if (result != ZG_OK)
		return result;
	if (call == ZG_CALL_CODE) {
		zg_text_clean(title, sizeof(title), order->title, strlen(order->title));
		fields[count++] = (struct zg_wechat_field){ "body", title };
	}
	fields[count++] = (struct zg_wechat_field){ "out_trade_no", call == ZG_CALL_CHECK ? ZG_WECHAT_CHECK : order->number };
	if (call == ZG_CALL_CODE) {
		snprintf(amount, sizeof(amount), "%lld", (long long)order->amount_fen);
		fields[count++] = (struct zg_wechat_field){ "total_fee", amount };
		fields[count++] = (struct zg_wechat_field){ "spbill_create_ip", keys->request_ip && keys->request_ip[0] ? keys->request_ip : "127.0.0.1" };
		fields[count++] = (struct zg_wechat_field){ "auth_code", order->code };
	}
	request->method = "POST";
	request->url = zg_print("%s%s", zg_pay_url((const char *const *)keys->url, moment), path);
	request->has_certificate = call == ZG_CALL_CANCEL;
	zg_wechat_v2_body(fields, count, keys->api2_key, &request->body);
	zg_http_request_add(request, "Content-Type", "text/xml; charset=utf-8");
	zg_http_request_add(request, "User-Agent", "zhanggui/" PACKAGE_VERSION);
	return ZG_OK;
}

/* -- answers */

/* The members of the answer are cleaned as those of v3 are, by way of the same helpers. */
static void take(char *out, size_t size, const struct zg_xml *xml, const char *name)
{
	const char *text = zg_xml_value(xml, name, "");

	zg_text_clean(out, size, text, strlen(text));
	zg_text_trim(out);
}

/* What is compared: one that is too long or unclean is nobody's. */
static void take_number(char *out, size_t size, const struct zg_xml *xml, const char *name)
{
	const char *text = zg_xml_value(xml, name, "");

	if (zg_text_clean(out, size, text, strlen(text)) > 0)
		memcpy(out, "?", 2);
}

static enum zg_pay_proof verify(const struct zg_pay_keys *keys, const struct zg_xml *xml)
{
	struct zg_wechat_field *fields = zg_alloc(xml->count, sizeof(*fields));
	const char *given = zg_xml_value(xml, "sign", "");
	char sign[65];
	bool is_good;

	for (size_t i = 0; i < xml->count; i++)
		fields[i] = (struct zg_wechat_field){ xml->fields[i].name, xml->fields[i].value };
	zg_wechat_v2_sign(sign, fields, xml->count, keys->api2_key);
	is_good = strlen(given) == 64 && zg_seal_is_same((const unsigned char *)given, (const unsigned char *)sign, 64);
	free(fields);
	return is_good ? ZG_PROVED_VERIFIED : ZG_PROVED_FORGED;
}

static void take_members(const struct zg_pay_keys *keys, const struct zg_xml *xml, struct zg_pay_answer *answer)
{
	const char *merchant = zg_xml_value(xml, "mch_id", "");
	zg_fen total = -1;

	take_number(answer->number, sizeof(answer->number), xml, "out_trade_no");
	take_number(answer->channel_no, sizeof(answer->channel_no), xml, "transaction_id");
	memcpy(answer->statement_no, answer->channel_no, sizeof(answer->channel_no));
	answer->is_ours = !merchant[0] || strcmp(merchant, keys->merchant) == 0;
	if (strcmp(zg_xml_value(xml, "fee_type", "CNY"), "CNY") == 0 && zg_pay_fen_read(zg_xml_value(xml, "total_fee", ""), &total) && total > 0)
		answer->amount_fen = total;
	answer->paid_at = zg_pay_time_read(zg_xml_value(xml, "time_end", ""));
	take(answer->payer, sizeof(answer->payer), xml, "openid");
	zg_pay_mask(answer->payer);
}

/* A payment that succeeded has no trade_state of its own; where one comes, it counts. */
static enum zg_pay_says read_payment(enum zg_pay_call call, const struct zg_pay_order *order, const struct zg_xml *xml, struct zg_pay_answer *answer)
{
	const char *state = zg_xml_value(xml, "trade_state", call == ZG_CALL_CODE ? "SUCCESS" : "");

	take(answer->code, sizeof(answer->code), xml, "trade_state");
	take(answer->text, sizeof(answer->text), xml, "trade_state_desc");
	return zg_wechat_about(zg_wechat_state(state), zg_xml_value(xml, "mch_id", "")[0] != '\0', order, answer);
}

/* recall: whether the same reversal is to be asked for again. Done only says who says N; it names no order. */
static enum zg_pay_says read_reversal(const struct zg_pay_order *order, const struct zg_xml *xml, const struct zg_pay_answer *answer)
{
	bool is_other = answer->number[0] && strcmp(answer->number, order->number) != 0;

	if (is_other || !answer->is_ours)
		return ZG_SAYS_UNKNOWN;
	return strcmp(zg_xml_value(xml, "recall", ""), "N") == 0 ? ZG_SAYS_CANCELLED : ZG_SAYS_CANCEL_AGAIN;
}

static enum zg_pay_says read_failure(enum zg_pay_call call, const struct zg_xml *xml, const struct zg_pay_answer *answer)
{
	enum zg_pay_says says = zg_wechat_says(call, zg_xml_value(xml, "err_code", ""));

	if (!answer->is_ours)
		return ZG_SAYS_UNKNOWN;
	if (call == ZG_CALL_CANCEL && says == ZG_SAYS_UNKNOWN && strcmp(zg_xml_value(xml, "recall", ""), "Y") == 0)
		return ZG_SAYS_CANCEL_AGAIN;
	return call == ZG_CALL_CHECK && says == ZG_SAYS_NOT_FOUND ? ZG_SAYS_DONE : says;
}

static void read_signed(const struct zg_pay_keys *keys, enum zg_pay_call call, const struct zg_pay_order *order, const struct zg_xml *xml,
			struct zg_pay_answer *answer)
{
	const char *result = zg_xml_value(xml, "result_code", "");

	answer->proof = verify(keys, xml);
	take(answer->code, sizeof(answer->code), xml, "err_code");
	take(answer->text, sizeof(answer->text), xml, "err_code_des");
	if (answer->proof != ZG_PROVED_VERIFIED)
		return;
	take_members(keys, xml, answer);
	if (strcmp(result, "FAIL") == 0)
		answer->says = read_failure(call, xml, answer);
	else if (strcmp(result, "SUCCESS") == 0 && call == ZG_CALL_CANCEL)
		answer->says = read_reversal(order, xml, answer);
	else if (strcmp(result, "SUCCESS") == 0 && call == ZG_CALL_CHECK)
		answer->says = ZG_SAYS_DONE;
	else if (strcmp(result, "SUCCESS") == 0)
		answer->says = read_payment(call, order, xml, answer);
}

/* Not understood, so nothing was done: said without a signature, and believed only where the words are known. */
static void read_refusal(enum zg_pay_call call, const struct zg_xml *xml, struct zg_pay_answer *answer)
{
	const char *code = zg_xml_value(xml, "err_code", "");
	enum zg_pay_says says;

	if (!code[0])
		code = zg_xml_value(xml, "return_msg", "");
	says = zg_wechat_says(call, code);
	zg_text_clean(answer->code, sizeof(answer->code), code, strlen(code));
	take(answer->text, sizeof(answer->text), xml, "return_msg");
	answer->says = says == ZG_SAYS_WRONG ? says : ZG_SAYS_UNKNOWN;
}

void zg_wechat_v2_read(const struct zg_pay_keys *keys, enum zg_pay_call call, const struct zg_pay_order *order, const struct zg_http_reply *reply,
		       struct zg_pay_answer *answer)
{
	struct zg_xml xml = { 0 };

	if (reply->status != 200) {
		snprintf(answer->code, sizeof(answer->code), "HTTP %d", reply->status);
		return;
	}
	if (!zg_xml_parse(zg_buffer_text(&reply->body), reply->body.length, &xml))
		return;
	if (strcmp(zg_xml_value(&xml, "return_code", ""), "SUCCESS") == 0)
		read_signed(keys, call, order, &xml, answer);
	else if (strcmp(zg_xml_value(&xml, "return_code", ""), "FAIL") == 0)
		read_refusal(call, &xml, answer);
	zg_xml_clear(&xml);
}
