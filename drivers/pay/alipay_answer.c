#include "drivers/pay/alipay_private.h"

#include "src/base/alloc.h"
#include "src/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define ON(call) (1u << (call))

enum {
	PAY = ON(ZG_CALL_CODE) | ON(ZG_CALL_SHOW),
	ASK = ON(ZG_CALL_QUERY) | ON(ZG_CALL_CHECK),
	OFF = ON(ZG_CALL_CANCEL),
	BACK = ON(ZG_CALL_REFUND),
	BACK_ASK = ON(ZG_CALL_REFUND_QUERY),
	BILL = ON(ZG_CALL_BILL),
	MONEY = PAY | ASK | OFF | BACK | BACK_ASK,
	ALL = MONEY | BILL,
};

/* The gateway's codes, but 10000 (done) and 40004 (see sub_code). What is not here is unknown. */
static const struct {
	const char *code;
	unsigned calls;
	enum zg_pay_says says;
} codes[] = {
	{ "10003", ON(ZG_CALL_CODE), ZG_SAYS_WAITING },
	{ "20000", ALL, ZG_SAYS_UNKNOWN },    /* the service was not there: it may have happened */
	{ "20001", ALL, ZG_SAYS_WRONG },
	{ "40001", ALL, ZG_SAYS_WRONG },
	{ "40002", ALL, ZG_SAYS_WRONG },
	{ "40003", ALL, ZG_SAYS_WRONG },
	{ "40006", ALL, ZG_SAYS_WRONG },
};

/*
 * The sub_codes of 40004, without their "ACQ.". A word may mean something else for another call. What is not here is unknown, and so is
 * SYSTEM_ERROR, which stands here for readers.
 */
static const struct {
	const char *word;
	unsigned calls;
	enum zg_pay_says says;
} words[] = {
	{ "SYSTEM_ERROR", ALL, ZG_SAYS_UNKNOWN },
	{ "INVALID_PARAMETER", MONEY, ZG_SAYS_WRONG },
	/* paying */
	{ "ACCESS_FORBIDDEN", PAY, ZG_SAYS_WRONG },
	{ "EXIST_FORBIDDEN_WORD", PAY, ZG_SAYS_WRONG },
	{ "PARTNER_ERROR", PAY, ZG_SAYS_WRONG },
	{ "TOTAL_FEE_EXCEED", PAY, ZG_SAYS_DECLINED },
	{ "PAYMENT_AUTH_CODE_INVALID", PAY, ZG_SAYS_BAD_CODE },
	{ "CONTEXT_INCONSISTENT", PAY, ZG_SAYS_NUMBER_USED },
	{ "TRADE_HAS_SUCCESS", PAY, ZG_SAYS_UNKNOWN },    /* paid before, under this number: only a query says how much */
	{ "TRADE_HAS_CLOSE", PAY, ZG_SAYS_CLOSED },
	{ "BUYER_BALANCE_NOT_ENOUGH", PAY, ZG_SAYS_DECLINED },
	{ "BUYER_BANKCARD_BALANCE_NOT_ENOUGH", PAY, ZG_SAYS_DECLINED },
	{ "ERROR_BALANCE_PAYMENT_DISABLE", PAY, ZG_SAYS_DECLINED },
	{ "BUYER_SELLER_EQUAL", PAY, ZG_SAYS_DECLINED },
	{ "TRADE_BUYER_NOT_MATCH", PAY, ZG_SAYS_DECLINED },
	{ "BUYER_ENABLE_STATUS_FORBID", PAY, ZG_SAYS_DECLINED },
	{ "PULL_MOBILE_CASHIER_FAIL", PAY, ZG_SAYS_DECLINED },
	{ "MOBILE_PAYMENT_SWITCH_OFF", PAY, ZG_SAYS_DECLINED },
	{ "PAYMENT_FAIL", PAY, ZG_SAYS_DECLINED },
	{ "BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR", PAY, ZG_SAYS_DECLINED },
	{ "BUYER_PAYMENT_AMOUNT_MONTH_LIMIT_ERROR", PAY, ZG_SAYS_DECLINED },
	{ "BEYOND_PAY_RESTRICTION", PAY, ZG_SAYS_DECLINED },
	{ "BEYOND_PER_RECEIPT_RESTRICTION", PAY, ZG_SAYS_DECLINED },
	{ "SELLER_BEEN_BLOCKED", PAY, ZG_SAYS_WRONG },
	{ "ERROR_BUYER_CERTIFY_LEVEL_LIMIT", PAY, ZG_SAYS_DECLINED },
	{ "PAYMENT_REQUEST_HAS_RISK", PAY, ZG_SAYS_DECLINED },
	{ "NO_PAYMENT_INSTRUMENTS_AVAILABLE", PAY, ZG_SAYS_DECLINED },
	{ "USER_FACE_PAYMENT_SWITCH_OFF", PAY, ZG_SAYS_DECLINED },
	{ "INVALID_STORE_ID", PAY, ZG_SAYS_WRONG },
	{ "MERCHANT_AGREEMENT_NOT_EXIST", PAY, ZG_SAYS_WRONG },
	{ "MERCHANT_AGREEMENT_INVALID", PAY, ZG_SAYS_WRONG },
	{ "MERCHANT_STATUS_NOT_NORMAL", PAY, ZG_SAYS_WRONG },
	{ "UN_SUPPORT_TRADE_SCENE", PAY, ZG_SAYS_WRONG },
	/* asking: of a code that we show there is no trade until somebody scans it */
	{ "TRADE_NOT_EXIST", ASK | OFF, ZG_SAYS_NOT_FOUND },
	/* cancelling */
	{ "CANCEL_NOT_ALLOWED", OFF, ZG_SAYS_TOO_LATE },
	{ "REASON_TRADE_STATUS_INVALID", OFF, ZG_SAYS_TOO_LATE },
	/* giving back: what may change is tried again under the same number */
	{ "SELLER_BALANCE_NOT_ENOUGH", BACK, ZG_SAYS_LATER },
	{ "REASON_TRADE_BEEN_FREEZEN", BACK, ZG_SAYS_LATER },
	{ "REFUND_CHARGE_ERROR", BACK, ZG_SAYS_UNKNOWN },
	{ "DISCORDANT_REPEAT_REQUEST", BACK, ZG_SAYS_NUMBER_USED },
	{ "REFUND_AMT_NOT_EQUAL_TOTAL", BACK, ZG_SAYS_NOT_REFUNDED },
	{ "TRADE_NOT_EXIST", BACK, ZG_SAYS_NOT_REFUNDED },
	{ "TRADE_HAS_FINISHED", BACK, ZG_SAYS_NOT_REFUNDED },
	{ "TRADE_STATUS_ERROR", BACK, ZG_SAYS_NOT_REFUNDED },
	{ "REASON_TRADE_REFUND_FEE_ERR", BACK, ZG_SAYS_NOT_REFUNDED },
	{ "TRADE_NOT_ALLOW_REFUND", BACK, ZG_SAYS_NOT_REFUNDED },
	{ "REFUND_FEE_ERROR", BACK, ZG_SAYS_NOT_REFUNDED },
	{ "TRADE_HAS_CLOSE", BACK, ZG_SAYS_NOT_REFUNDED },
	{ "TRADE_NOT_EXIST", BACK_ASK, ZG_SAYS_NO_REFUND },
	/* bills */
	{ "INVALID_ARGUMENTS", BILL, ZG_SAYS_WRONG },
};

/* trade_status of a query. Closed is closed: whether it had been paid and was given back, our own books know. */
static const struct {
	const char *word;
	enum zg_pay_says says;
} statuses[] = {
	{ "WAIT_BUYER_PAY", ZG_SAYS_NOT_PAID },
	{ "TRADE_SUCCESS", ZG_SAYS_PAID },
	{ "TRADE_FINISHED", ZG_SAYS_PAID },
	{ "TRADE_CLOSED", ZG_SAYS_CLOSED },
};

static enum zg_pay_says says_of_code(enum zg_pay_call call, const char *code)
{
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (codes[i].calls & ON(call) && strcmp(codes[i].code, code) == 0)
			return codes[i].says;
	return ZG_SAYS_UNKNOWN;
}

/* "ACQ.X", "isp.x" and "X" are one word; how the bill's absence is spelt differs from document to document. */
static enum zg_pay_says says_of_word(enum zg_pay_call call, const char *sub_code)
{
	const char *dot = strrchr(sub_code, '.'), *word = dot ? dot + 1 : sub_code;

	if (call == ZG_CALL_BILL && strcasecmp(word, "bill_not_exist") == 0)
		return ZG_SAYS_NO_BILL;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (words[i].calls & ON(call) && strcasecmp(words[i].word, word) == 0)
			return words[i].says;
	return ZG_SAYS_UNKNOWN;
}

static enum zg_pay_says says_of_cancel(const json_t *body)
{
	const char *again = zg_json_string(body, "retry_flag", "N"), *action = zg_json_string(body, "action", "");

	if (strcmp(again, "Y") == 0)
		return ZG_SAYS_CANCEL_AGAIN;
	if (strcmp(again, "N") != 0)
		return ZG_SAYS_UNKNOWN;
	if (strcmp(action, "close") == 0 || strcmp(action, "refund") == 0)
		return ZG_SAYS_CANCELLED;
	return action[0] ? ZG_SAYS_UNKNOWN : ZG_SAYS_DONE;    /* taken; there was no trade to do anything to */
}

/* No amount: there is no such refund. No state: documents disagree whether one comes; with an amount it was done. */
static enum zg_pay_says says_of_refund(const json_t *body, const struct zg_pay_answer *answer)
{
	const char *status = zg_json_string(body, "refund_status", "REFUND_SUCCESS");

	if (!json_object_get(body, "refund_amount"))
		return json_object_get(body, "refund_status") ? ZG_SAYS_UNKNOWN : ZG_SAYS_NO_REFUND;
	if (answer->refund_fen < 0)
		return ZG_SAYS_UNKNOWN;
	if (strcmp(status, "REFUND_SUCCESS") == 0)
		return ZG_SAYS_REFUNDED;
	if (strcmp(status, "REFUND_PROCESSING") == 0)
		return ZG_SAYS_REFUNDING;
	return strcmp(status, "REFUND_FAIL") == 0 ? ZG_SAYS_NOT_REFUNDED : ZG_SAYS_UNKNOWN;
}

static enum zg_pay_says says_of_status(const json_t *body)
{
	const char *status = zg_json_string(body, "trade_status", "");

	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		if (strcmp(statuses[i].word, status) == 0)
			return statuses[i].says;
	return ZG_SAYS_UNKNOWN;
}

/* Code 10000, and verified. */
static enum zg_pay_says says_of_success(enum zg_pay_call call, const json_t *body, struct zg_pay_answer *answer)
{
	switch (call) {
	case ZG_CALL_CODE:
		return ZG_SAYS_PAID;
	case ZG_CALL_SHOW:
		return zg_pay_take_url(answer->url, sizeof(answer->url), body, "qr_code") ? ZG_SAYS_SHOWN : ZG_SAYS_UNKNOWN;
	case ZG_CALL_QUERY:
		return says_of_status(body);
	case ZG_CALL_CANCEL:
		return says_of_cancel(body);
	case ZG_CALL_REFUND:
		/* N: the money did not move by this request, perhaps by the one before it */
		return strcmp(zg_json_string(body, "fund_change", ""), "Y") == 0 ? ZG_SAYS_REFUNDED : ZG_SAYS_REFUNDING;
	case ZG_CALL_REFUND_QUERY:
		return says_of_refund(body, answer);
	case ZG_CALL_BILL:
		return zg_pay_take_url(answer->url, sizeof(answer->url), body, "bill_download_url") ? ZG_SAYS_DONE : ZG_SAYS_UNKNOWN;
	case ZG_CALL_CHECK:
		return ZG_SAYS_DONE;
	default:
		return ZG_SAYS_UNKNOWN;
	}
}

static void take_words(const json_t *body, struct zg_pay_answer *answer)
{
	char code[8], sub_code[56];

	zg_pay_take(code, sizeof(code), body, "code");
	zg_pay_take(sub_code, sizeof(sub_code), body, "sub_code");
	snprintf(answer->code, sizeof(answer->code), "%s%s%s", code, sub_code[0] ? " " : "", sub_code);
	zg_pay_take(answer->text, sizeof(answer->text), body, "sub_msg");
	if (!answer->text[0])
		zg_pay_take(answer->text, sizeof(answer->text), body, "msg");
}

static void take_members(const struct zg_pay_keys *keys, enum zg_pay_call call, const json_t *body, struct zg_pay_answer *answer)
{
	const char *seller = zg_json_string(body, "seller_id", "");

	zg_pay_take_number(answer->number, sizeof(answer->number), body, "out_trade_no");
	zg_pay_take_number(answer->refund_no, sizeof(answer->refund_no), body, "out_request_no");
	zg_pay_take(answer->channel_no, sizeof(answer->channel_no), body, "trade_no");
	memcpy(answer->statement_no, answer->channel_no, sizeof(answer->channel_no));
	answer->is_ours = !seller[0] || !keys->seller || !keys->seller[0] || strcmp(seller, keys->seller) == 0;
	answer->amount_fen = zg_pay_take_amount(body, "total_amount", zg_pay_yuan_read);
	/* a refund's answer has only the sum of all refunds of its payment */
	if (call == ZG_CALL_REFUND_QUERY)
		answer->refund_fen = zg_pay_take_amount(body, "refund_amount", zg_pay_yuan_read);
	answer->paid_at = zg_pay_time_read(zg_json_string(body, call == ZG_CALL_QUERY ? "send_pay_date" : "gmt_payment", ""));
	zg_pay_take(answer->payer, sizeof(answer->payer), body, "buyer_logon_id");
	if (!answer->payer[0])
		zg_pay_take(answer->payer, sizeof(answer->payer), body, "buyer_user_id");
	if (!answer->payer[0])
		zg_pay_take(answer->payer, sizeof(answer->payer), body, "buyer_open_id");
	zg_pay_mask(answer->payer);
}

static enum zg_pay_says judge(enum zg_pay_call call, const json_t *body, struct zg_pay_answer *answer)
{
	const char *code = zg_json_string(body, "code", "");
	enum zg_pay_says says;

	if (strcmp(code, "10000") == 0)
		return says_of_success(call, body, answer);
	says = strcmp(code, "40004") == 0 ? says_of_word(call, zg_json_string(body, "sub_code", "")) : says_of_code(call, code);
	/* that there is no such trade is all that a check wants to hear */
	return call == ZG_CALL_CHECK && says == ZG_SAYS_NOT_FOUND ? ZG_SAYS_DONE : says;
}

/* The text whose signature holds, as JSON: the bytes as they came, or with \/ written as /, over which some of Alipay's servers sign. */
static json_t *verified(const struct zg_rsa *key, const struct zg_alipay_piece *piece, const char *signature)
{
	struct zg_buffer plain = { 0 };
	json_t *body = NULL;

	if (zg_rsa_verify(key, piece->at, piece->length, signature))
		return zg_json_parse(piece->at, piece->length);
	for (size_t i = 0; i < piece->length; i++)
		if (piece->at[i] != '\\' || i + 1 == piece->length || piece->at[i + 1] != '/')
			zg_buffer_add_byte(&plain, (unsigned char)piece->at[i]);
	if (plain.length < piece->length && zg_rsa_verify(key, plain.bytes, plain.length, signature))
		body = zg_json_parse(plain.bytes, plain.length);
	zg_buffer_clear(&plain);
	return body;
}

/* The body, when its bytes are signed by Alipay; says so in the answer. The caller lets go of it. */
static json_t *prove(const struct zg_pay_keys *keys, const struct zg_buffer *raw, const json_t *root, const char *name, struct zg_pay_answer *answer)
{
	struct zg_alipay_piece piece;
	json_t *body = NULL;

	if (zg_alipay_cut(raw->bytes, raw->length, name, &piece) && piece.at && piece.at[0] == '{')
		body = verified(keys->alipay, &piece, zg_json_string(root, "sign", ""));
	answer->proof = body ? ZG_PROVED_VERIFIED : ZG_PROVED_FORGED;
	zg_pay_take(answer->serial, sizeof(answer->serial), root, "alipay_cert_sn");
	return body;
}

/* What the gateway itself refused is mostly not signed: it says that nothing was done, and never anything about money. */
static void read_refusal(const struct zg_pay_keys *keys, enum zg_pay_call call, const struct zg_buffer *raw, const json_t *root, struct zg_pay_answer *answer)
{
	const json_t *body = json_object_get(root, "error_response");
	enum zg_pay_says says = says_of_code(call, zg_json_string(body, "code", ""));

	if (json_object_get(root, "sign"))
		json_decref(prove(keys, raw, root, "error_response", answer));
	take_words(body, answer);
	answer->says = says == ZG_SAYS_WRONG && answer->proof != ZG_PROVED_FORGED ? says : ZG_SAYS_UNKNOWN;
}

static void read_signed(const struct zg_pay_keys *keys, enum zg_pay_call call, const struct zg_buffer *raw, const json_t *root, const char *name,
			struct zg_pay_answer *answer)
{
	json_t *body = prove(keys, raw, root, name, answer);

	take_words(body ? body : json_object_get(root, name), answer);
	if (body) {
		take_members(keys, call, body, answer);
		answer->says = judge(call, body, answer);
	}
	json_decref(body);
}

/* An archive, or it is no bill: an address that has died answers too. */
static void read_file(const struct zg_http_reply *reply, struct zg_pay_answer *answer)
{
	if (reply->status == 200 && reply->body.length > 4 && memcmp(reply->body.bytes, "PK", 2) == 0)
		answer->says = ZG_SAYS_DONE;
	else
		snprintf(answer->code, sizeof(answer->code), "HTTP %d", reply->status);
}

void zg_alipay_read(struct zg_pay_keys *keys, enum zg_pay_call call, const struct zg_pay_order *order, int64_t now_ms, const struct zg_http_reply *reply,
		    struct zg_pay_answer *answer)
{
	char trace[sizeof(answer->request_id)];
	json_t *root = NULL;
	char *name = NULL;

	(void)order;
	(void)now_ms;    /* answers carry no time of their own */
	*answer = (struct zg_pay_answer){ .says = ZG_SAYS_UNKNOWN, .proof = ZG_PROVED_NOT_SIGNED, .is_ours = true, .amount_fen = -1, .refund_fen = -1 };
	if (reply->end != ZG_HTTP_WHOLE)
		return;
	(void)zg_http_reply_header(reply, "trace_id", trace, sizeof(trace));
	zg_text_clean(answer->request_id, sizeof(answer->request_id), trace, strlen(trace));
	if (call == ZG_CALL_BILL_FILE) {
		read_file(reply, answer);
		return;
	}
	if (reply->status != 200)
		snprintf(answer->code, sizeof(answer->code), "HTTP %d", reply->status);
	else if (zg_alipay_method(call) && reply->body.length > 0)
		root = zg_json_parse(reply->body.bytes, reply->body.length);
	if (root) {
		name = zg_print("%s_response", zg_alipay_method(call));
		for (char *c = name; *c; c++)
			if (*c == '.')
				*c = '_';
		if (json_object_get(root, name))
			read_signed(keys, call, &reply->body, root, name, answer);
		else if (json_is_object(json_object_get(root, "error_response")))
			read_refusal(keys, call, &reply->body, root, answer);
	}
	free(name);
	json_decref(root);
}
