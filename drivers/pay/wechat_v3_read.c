/* APIv3: answers. */
#include "drivers/pay/wechat_private.h"

#include "src/base/alloc.h"
#include "src/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST 1048576    /* bytes of an answer that is no bill; the longest are those of certificates, some 20,000 */

/* "2026-04-01T10:02:11+08:00": WeChat knows no other zone. */
static int64_t read_time(const char *text)
{
	char plain[20];

	if (strlen(text) != 25 || text[10] != 'T' || strcmp(text + 19, "+08:00") != 0)
		return 0;
	memcpy(plain, text, 19);
	plain[10] = ' ';
	plain[19] = '\0';
	return zg_pay_time_read(plain);
}

/* An integer above zero; -1: it is none, or a number as text. */
static zg_fen take_fen(const json_t *object, const char *key)
{
	int64_t fen = zg_json_integer(object, key, -1);

	return fen > 0 && fen <= ZG_FEN_MAX ? fen : -1;
}

/* Ours are paid in yuan. */
static bool is_cny(const json_t *amount)
{
	return strcmp(zg_json_string(amount, "currency", "CNY"), "CNY") == 0;
}

static enum zg_pay_says read_payment(const struct zg_pay_keys *keys, const struct zg_pay_order *order, const json_t *body, struct zg_pay_answer *answer)
{
	const json_t *amount = json_object_get(body, "amount");
	const char *merchant = zg_json_string(body, "mchid", "");

	zg_pay_take(answer->code, sizeof(answer->code), body, "trade_state");
	zg_pay_take(answer->text, sizeof(answer->text), body, "trade_state_desc");
	zg_pay_take_number(answer->number, sizeof(answer->number), body, "out_trade_no");
	zg_pay_take_number(answer->channel_no, sizeof(answer->channel_no), body, "transaction_id");
	memcpy(answer->statement_no, answer->channel_no, sizeof(answer->channel_no));
	answer->is_ours = !json_object_get(body, "mchid") || strcmp(merchant, keys->merchant) == 0;
	answer->amount_fen = is_cny(amount) ? take_fen(amount, "total") : -1;
	answer->paid_at = read_time(zg_json_string(body, "success_time", ""));
	zg_pay_take(answer->payer, sizeof(answer->payer), json_object_get(body, "payer"), "openid");
	zg_pay_mask(answer->payer);
	return zg_wechat_about(zg_wechat_state(zg_json_string(body, "trade_state", "")), merchant[0] != '\0', order, answer);
}

/* A reversal names its order and no more. If it ever tells the order's state, that counts. */
static enum zg_pay_says read_reversal(const struct zg_pay_keys *keys, const struct zg_pay_order *order, const json_t *body, struct zg_pay_answer *answer)
{
	if (json_object_get(body, "trade_state"))
		return read_payment(keys, order, body, answer);
	zg_pay_take_number(answer->number, sizeof(answer->number), body, "out_trade_no");
	answer->is_ours = strcmp(zg_json_string(body, "mchid", ""), keys->merchant) == 0;
	return zg_wechat_about(ZG_SAYS_CANCELLED, true, order, answer);
}

/* ABNORMAL: the money lies with WeChat, and the merchant's portal says where it shall go. */
static enum zg_pay_says read_refund(const struct zg_pay_order *order, const json_t *body, struct zg_pay_answer *answer)
{
	const char *status = zg_json_string(body, "status", "");
	const json_t *amount = json_object_get(body, "amount");

	zg_pay_take(answer->code, sizeof(answer->code), body, "status");
	zg_pay_take_number(answer->number, sizeof(answer->number), body, "out_trade_no");
	zg_pay_take_number(answer->refund_no, sizeof(answer->refund_no), body, "out_refund_no");
	zg_pay_take_number(answer->channel_no, sizeof(answer->channel_no), body, "transaction_id");
	zg_pay_take_number(answer->refund_channel_no, sizeof(answer->refund_channel_no), body, "refund_id");
	memcpy(answer->statement_no, answer->refund_channel_no, sizeof(answer->statement_no));
	answer->amount_fen = is_cny(amount) ? take_fen(amount, "total") : -1;
	answer->refund_fen = is_cny(amount) ? take_fen(amount, "refund") : -1;
	if (strcmp(answer->number, order->number) != 0 || strcmp(answer->refund_no, order->refund_no) != 0)
		return ZG_SAYS_UNKNOWN;
	if (strcmp(status, "SUCCESS") == 0)
		return answer->refund_fen > 0 ? ZG_SAYS_REFUNDED : ZG_SAYS_UNKNOWN;
	if (strcmp(status, "PROCESSING") == 0)
		return ZG_SAYS_REFUNDING;
	if (strcmp(status, "ABNORMAL") == 0)
		return ZG_SAYS_REFUND_STUCK;
	return strcmp(status, "CLOSED") == 0 ? ZG_SAYS_NOT_REFUNDED : ZG_SAYS_UNKNOWN;
}

/* The hash is over the bill as it is unpacked. */
static enum zg_pay_says read_bill(const json_t *body, struct zg_pay_answer *answer)
{
	const char *hash = zg_json_string(body, "hash_value", "");
	bool is_sha1 = strcmp(zg_json_string(body, "hash_type", ""), "SHA1") == 0 && strlen(hash) == 40 && strspn(hash, "0123456789abcdefABCDEF") == 40;

	if (!is_sha1 || !zg_pay_take_url(answer->url, sizeof(answer->url), body, "download_url"))
		return ZG_SAYS_UNKNOWN;
	for (size_t i = 0; i <= 40; i++)
		answer->hash[i] = (char)(hash[i] >= 'A' && hash[i] <= 'F' ? hash[i] + ('a' - 'A') : hash[i]);
	return ZG_SAYS_DONE;
}

/* Status 200, and verified. */
static enum zg_pay_says read_success(const struct zg_pay_keys *keys, enum zg_pay_call call, const struct zg_pay_order *order, const json_t *body,
				     struct zg_pay_answer *answer)
{
	switch (call) {
	case ZG_CALL_CODE:
	case ZG_CALL_QUERY:
		return read_payment(keys, order, body, answer);
	case ZG_CALL_SHOW:
		return zg_pay_take_url(answer->url, sizeof(answer->url), body, "code_url") ? ZG_SAYS_SHOWN : ZG_SAYS_UNKNOWN;
	case ZG_CALL_CANCEL:
		return order->way == ZG_WAY_CODE ? read_reversal(keys, order, body, answer) : ZG_SAYS_UNKNOWN;
	case ZG_CALL_REFUND:
	case ZG_CALL_REFUND_QUERY:
		return read_refund(order, body, answer);
	case ZG_CALL_BILL:
		return read_bill(body, answer);
	case ZG_CALL_CHECK:
		return ZG_SAYS_DONE;
	default:
		return ZG_SAYS_UNKNOWN;
	}
}

/* What the code of an error says, under its status. Of a 429 and a 5xx nobody knows whether it was carried out; who is not found, is so by a 404. */
static enum zg_pay_says read_error(enum zg_pay_call call, int status, const char *code, enum zg_pay_proof proof)
{
	enum zg_pay_says says = zg_wechat_says(call, code);

	if (status < 400 || status == 429 || status > 499 || ((says == ZG_SAYS_NOT_FOUND || says == ZG_SAYS_NO_REFUND) && status != 404))
		says = ZG_SAYS_UNKNOWN;
	says = zg_wechat_weigh(says, proof);
	/* that there is no such order is all that a check wants to hear */
	return call == ZG_CALL_CHECK && says == ZG_SAYS_NOT_FOUND ? ZG_SAYS_DONE : says;
}

void zg_wechat_v3_understand(const struct zg_pay_keys *keys, enum zg_pay_call call, const struct zg_pay_order *order, int status, const json_t *body,
			     struct zg_pay_answer *answer)
{
	const char *code = zg_json_string(body, "code", "");

	zg_pay_take(answer->code, sizeof(answer->code), body, "code");
	zg_pay_take(answer->text, sizeof(answer->text), body, "message");
	if (!answer->code[0] && status != 200)
		snprintf(answer->code, sizeof(answer->code), "HTTP %d", status);
	if (status < 200 || status > 299) {
		answer->says = read_error(call, status, code, answer->proof);
		return;
	}
	if (answer->proof != ZG_PROVED_VERIFIED)
		return;
	if (status == 200 && json_is_object(body))
		answer->says = read_success(keys, call, order, body, answer);
	/* accepted, not finished: for a payment by code, that the customer types the password */
	else if (status == 202 && call == ZG_CALL_CODE && (!code[0] || zg_wechat_says(call, code) == ZG_SAYS_WAITING))
		answer->says = ZG_SAYS_WAITING;
	/* closing says no more than that it was accepted; a query has to agree */
	else if (status == 204 && call == ZG_CALL_CANCEL && order->way == ZG_WAY_SHOWN)
		answer->says = ZG_SAYS_DONE;
}

/* One certificate of the list, opened with the APIv3 key; none when it is not under that key, or not the one it is called. */
static void open_certificate(const struct zg_pay_keys *keys, const json_t *item, struct zg_wechat_known *known, size_t *count)
{
	const json_t *sealed = json_object_get(item, "encrypt_certificate");
	const char *serial = zg_json_string(item, "serial_no", "");
	struct zg_buffer pem = { 0 };
	struct zg_rsa *key = NULL;

	while (*serial == '0' && serial[1])
		serial++;
	if (zg_gcm_open(keys->api3_key, zg_json_string(sealed, "nonce", ""), zg_json_string(sealed, "associated_data", ""),
			zg_json_string(sealed, "ciphertext", ""), &pem) &&
	    zg_rsa_read_public(zg_buffer_text(&pem), &key, NULL) == ZG_OK) {
		if (zg_rsa_serial(key)[0] && strcmp(zg_rsa_serial(key), serial) == 0)
			zg_wechat_know(known, count, serial, key);
		else
			zg_rsa_free(key);
	}
	zg_buffer_clear(&pem);
}

/*
 * The first time, the answer brings the very certificate that signed it: what opens under our APIv3 key may verify it, and is kept only when it did,
 * or when a key that we had did.
 */
static void read_keys(struct zg_pay_keys *keys, const struct zg_pay_order *order, const json_t *body, int64_t now_ms, const struct zg_http_reply *reply,
		      struct zg_pay_answer *answer)
{
	struct zg_wechat_known found[ZG_WECHAT_KNOWN];
	size_t count = 0, i;
	const json_t *item;

	if (keys->api3_key)
		json_array_foreach(json_object_get(body, "data"), i, item)
			if (count < ZG_WECHAT_KNOWN)
				open_certificate(keys, item, found, &count);
	answer->proof = zg_wechat_verify(keys->known, keys->known_count, now_ms, reply, answer->serial);
	if (answer->proof == ZG_PROVED_OTHER_KEY)
		answer->proof = zg_wechat_verify(found, count, now_ms, reply, answer->serial);
	zg_wechat_v3_understand(keys, ZG_CALL_KEYS, order, reply->status, body, answer);
	if (reply->status == 200 && count == 0)
		snprintf(answer->text, sizeof(answer->text), "no certificate opens with the APIv3 key");
	else if (reply->status == 200 && answer->proof == ZG_PROVED_VERIFIED)
		answer->says = ZG_SAYS_DONE;
	for (i = 0; i < count; i++) {
		if (answer->says == ZG_SAYS_DONE)
			zg_wechat_know(keys->known, &keys->known_count, found[i].serial, found[i].key);
		else
			zg_rsa_free(found[i].key);
	}
}

/* Bills are not signed: their hash came with their address. WeChat's errors are JSON, those of what lies between are pages. */
static void read_file(const struct zg_http_reply *reply, struct zg_pay_answer *answer)
{
	char first = reply->body.length > 0 ? reply->body.bytes[0] : '{';
	json_t *body;

	if (reply->status == 200 && first != '{' && first != '<') {
		answer->says = ZG_SAYS_DONE;
		return;
	}
	body = first == '{' && reply->body.length <= MOST ? zg_json_parse(zg_buffer_text(&reply->body), reply->body.length) : NULL;
	snprintf(answer->code, sizeof(answer->code), "HTTP %d", reply->status);
	if (json_object_get(body, "code"))
		zg_pay_take(answer->code, sizeof(answer->code), body, "code");
	zg_pay_take(answer->text, sizeof(answer->text), body, "message");
	if (reply->status != 200)
		answer->says = read_error(ZG_CALL_BILL_FILE, reply->status, zg_json_string(body, "code", ""), ZG_PROVED_NOT_SIGNED);
	json_decref(body);
}

void zg_wechat_v3_read(struct zg_pay_keys *keys, enum zg_pay_call call, const struct zg_pay_order *order, int64_t now_ms, const struct zg_http_reply *reply,
		       struct zg_pay_answer *answer)
{
	json_t *body;

	if (call == ZG_CALL_BILL_FILE) {
		read_file(reply, answer);
		return;
	}
	body = reply->body.length > 0 && reply->body.length <= MOST ? zg_json_parse(reply->body.bytes, reply->body.length) : NULL;
	if (call == ZG_CALL_KEYS) {
		read_keys(keys, order, body, now_ms, reply, answer);
	} else {
		answer->proof = zg_wechat_verify(keys->known, keys->known_count, now_ms, reply, answer->serial);
		zg_wechat_v3_understand(keys, call, order, reply->status, body, answer);
	}
	json_decref(body);
}
