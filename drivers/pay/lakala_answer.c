#include "drivers/pay/lakala_private.h"

#include "src/base/alloc.h"
#include "src/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define ON(call) (1u << (call))

enum {
	PAY = ON(ZG_CALL_CODE) | ON(ZG_CALL_SHOW),
	ASK = ON(ZG_CALL_QUERY),
	OFF = ON(ZG_CALL_CANCEL),
	BACK = ON(ZG_CALL_REFUND) | ON(ZG_CALL_REFUND_QUERY),
	ALL = PAY | ASK | OFF | BACK,
};

/*
 * The codes of answers, but success. The rows that say unknown stand here for readers, and because other codes of a payment are refusals:
 * "query once before showing failed", which is what DECLINED means.
 */
static const struct {
	const char *code;
	unsigned calls;
	enum zg_pay_says says;
} codes[] = {
	{ "BBS10000", PAY | ASK, ZG_SAYS_WAITING },     /* the customer has to confirm */
	{ "DCP10000", PAY | ASK, ZG_SAYS_WAITING },     /* the same with e-CNY */
	{ "BBS10000", OFF | BACK, ZG_SAYS_UNKNOWN },
	{ "DCP10000", OFF | BACK, ZG_SAYS_UNKNOWN },
	{ "BBS11112", ALL, ZG_SAYS_UNKNOWN },
	{ "BBS11105", ALL, ZG_SAYS_UNKNOWN },
	{ "BPS10034", ALL, ZG_SAYS_UNKNOWN },
	{ "BBS00100", ALL, ZG_SAYS_UNKNOWN },
	{ "BBS00101", ALL, ZG_SAYS_UNKNOWN },
	{ "RFD11105", ALL, ZG_SAYS_UNKNOWN },
	{ "RFD11112", ALL, ZG_SAYS_UNKNOWN },
	{ "E710038", BACK, ZG_SAYS_REFUNDING },         /* by the acquirer */
	{ "E710039", BACK, ZG_SAYS_REFUNDING },         /* by the channel */
};

/* trade_state of a payment. Given back whole is not paid: the money is not with the shop, whoever gave it back, our revocation included. */
static const struct {
	const char *state;
	enum zg_pay_says says;
} states[] = {
	{ "INIT", ZG_SAYS_WAITING },
	{ "CREATE", ZG_SAYS_WAITING },
	{ "DEAL", ZG_SAYS_WAITING },
	{ "UNKNOWN", ZG_SAYS_UNKNOWN },
	{ "SUCCESS", ZG_SAYS_PAID },
	{ "PART_REFUND", ZG_SAYS_PAID },
	{ "FAIL", ZG_SAYS_CLOSED },
	{ "CLOSE", ZG_SAYS_CLOSED },
	{ "REFUND", ZG_SAYS_CANCELLED },
	{ "REVOKED", ZG_SAYS_CANCELLED },
}, refund_states[] = {
	{ "SUCCESS", ZG_SAYS_REFUNDED },
	{ "FAIL", ZG_SAYS_NOT_REFUNDED },
	{ "EXCEPTION", ZG_SAYS_NOT_REFUNDED },
	{ "INIT", ZG_SAYS_REFUNDING },
	{ "DEAL", ZG_SAYS_REFUNDING },
	{ "PROCESSING", ZG_SAYS_REFUNDING },
	{ "TIMEOUT", ZG_SAYS_REFUNDING },
};

static enum zg_pay_says says_of_state(const char *state)
{
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (strcmp(states[i].state, state) == 0)
			return states[i].says;
	return ZG_SAYS_UNKNOWN;
}

static enum zg_pay_says says_of_refund(const char *state)
{
	for (size_t i = 0; i < sizeof(refund_states) / sizeof(refund_states[0]); i++)
		if (strcmp(refund_states[i].state, state) == 0)
			return refund_states[i].says;
	return ZG_SAYS_UNKNOWN;
}

/*
 * No list tells the code of "no such order"; its words do. That alone ends nothing: a query says it again after half a minute; what cannot be
 * taken back because it is not there was taken, and a query has to agree; a refund is sent again under its number, which counts once.
 */
static enum zg_pay_says says_of_missing(enum zg_pay_call call, const char *message)
{
	static const char *const what[] = { "交易", "订单", "退款", "退货" };

	for (size_t i = 0; strstr(message, "不存在") && i < sizeof(what) / sizeof(what[0]); i++) {
		if (!strstr(message, what[i]))
			continue;
		if (call == ZG_CALL_QUERY && i < 2)
			return ZG_SAYS_NOT_FOUND;
		if (call == ZG_CALL_CANCEL && i < 2)
			return ZG_SAYS_DONE;
		if (call == ZG_CALL_REFUND_QUERY)
			return ZG_SAYS_NO_REFUND;
	}
	return ZG_SAYS_UNKNOWN;
}

static enum zg_pay_says says_of_code(enum zg_pay_call call, const char *code, const char *message)
{
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (codes[i].calls & ON(call) && strcmp(codes[i].code, code) == 0)
			return codes[i].says;
	/* a number that was used before: its payment may have succeeded */
	if (PAY & ON(call) && strstr(message, "重复"))
		return ZG_SAYS_NUMBER_USED;
	if (PAY & ON(call))
		return code[0] && strcmp(code, "000000") != 0 ? ZG_SAYS_DECLINED : ZG_SAYS_UNKNOWN;
	return says_of_missing(call, message);    /* other codes of a refund prove nothing */
}

/* Done only if it says so in every way that it has: need_query is described in one document, trade_state in others, the time is always there. */
static enum zg_pay_says says_of_payment(const json_t *data, const struct zg_pay_answer *answer)
{
	const json_t *need = json_object_get(data, "need_query"), *state = json_object_get(data, "trade_state");
	const char *query = json_is_string(need) ? json_string_value(need) : need ? "?" : "0";
	enum zg_pay_says says = state ? says_of_state(zg_json_string(data, "trade_state", "")) : ZG_SAYS_PAID;

	if (says != ZG_SAYS_PAID)
		return says;
	if (strcmp(query, "1") == 0)
		return ZG_SAYS_WAITING;
	return strcmp(query, "0") == 0 && answer->paid_at > 0 ? ZG_SAYS_PAID : ZG_SAYS_UNKNOWN;
}

/* A number that belongs to a refund or a revocation is found too. */
static enum zg_pay_says says_of_query(const json_t *data)
{
	const char *type = zg_json_string(data, "trade_main_type", "");

	if (strcmp(type, "REFUND") == 0 || strcmp(type, "CANCEL") == 0)
		return ZG_SAYS_UNKNOWN;
	return says_of_state(zg_json_string(data, "trade_state", ""));
}

/* Taken. Whose state the answer tells, the payment's or the revocation's, no document says: a query does. */
static enum zg_pay_says says_of_cancel(const json_t *data)
{
	const json_t *state = json_object_get(data, "trade_state");
	enum zg_pay_says says = says_of_state(zg_json_string(data, "trade_state", ""));

	if (!state || says == ZG_SAYS_PAID)
		return ZG_SAYS_DONE;
	return says == ZG_SAYS_CANCELLED || strcmp(zg_json_string(data, "trade_state", ""), "CLOSE") == 0 ? ZG_SAYS_CANCELLED : ZG_SAYS_UNKNOWN;
}

static enum zg_pay_says says_of_success(enum zg_pay_call call, const json_t *data, struct zg_pay_answer *answer)
{
	switch (call) {
	case ZG_CALL_CODE:
		return says_of_payment(data, answer);
	case ZG_CALL_SHOW:
		return zg_pay_take_url(answer->url, sizeof(answer->url), json_object_get(data, "acc_resp_fields"), "code") ? ZG_SAYS_SHOWN : ZG_SAYS_UNKNOWN;
	case ZG_CALL_QUERY:
		return says_of_query(data);
	case ZG_CALL_CANCEL:
		return says_of_cancel(data);
	case ZG_CALL_REFUND:
	case ZG_CALL_REFUND_QUERY:
		return says_of_refund(zg_json_string(data, "trade_state", ""));
	default:
		return ZG_SAYS_UNKNOWN;
	}
}

static enum zg_pay_says judge(enum zg_pay_call call, const json_t *root, struct zg_pay_answer *answer)
{
	const char *code = zg_json_string(root, "code", "");
	bool is_refund = call == ZG_CALL_REFUND || call == ZG_CALL_REFUND_QUERY;

	/* whatever it says of that order: it knew us and could be verified */
	if (call == ZG_CALL_CHECK)
		return ZG_SAYS_DONE;
	if (strcmp(code, is_refund ? "000000" : "BBS00000") == 0)
		return says_of_success(call, json_object_get(root, "resp_data"), answer);
	return says_of_code(call, code, zg_json_string(root, "msg", ""));
}

static void take_members(const struct zg_pay_keys *keys, enum zg_pay_call call, const json_t *data, struct zg_pay_answer *answer)
{
	bool is_refund = call == ZG_CALL_REFUND || call == ZG_CALL_REFUND_QUERY, has_origin = is_refund || call == ZG_CALL_CANCEL;
	const char *merchant = zg_json_string(data, "merchant_no", "");

	/* in answers about something done to a payment, the plain names are that something's */
	zg_pay_take_number(answer->number, sizeof(answer->number), data, has_origin ? "origin_out_trade_no" : "out_trade_no");
	zg_pay_take(answer->channel_no, sizeof(answer->channel_no), data, has_origin ? "origin_trade_no" : "trade_no");
	zg_pay_take(answer->statement_no, sizeof(answer->statement_no), data, "log_no");
	if (is_refund) {
		zg_pay_take_number(answer->refund_no, sizeof(answer->refund_no), data, "out_trade_no");
		zg_pay_take(answer->refund_channel_no, sizeof(answer->refund_channel_no), data, "trade_no");
		answer->refund_fen = zg_pay_take_amount(data, "refund_amount", zg_pay_fen_read);
	} else if (call != ZG_CALL_CANCEL) {
		answer->amount_fen = zg_pay_take_amount(data, "total_amount", zg_pay_fen_read);
		answer->paid_at = zg_pay_time_read(zg_json_string(data, "trade_time", ""));
	}
	if (merchant[0] && strcmp(merchant, keys->merchant) != 0)
		answer->is_ours = false;
	zg_pay_take(answer->payer, sizeof(answer->payer), json_object_get(data, "acc_resp_fields"), "user_id");
	zg_pay_mask(answer->payer);
}

/* -- the signature */

enum { APPID, SERIAL, TIMESTAMP, NONCE, SIGNATURE, PARTS };

/* The values that are signed, without the quotes that they may come in. Returns how many are there. */
static size_t take_head(const struct zg_http_reply *reply, char part[PARTS][1024])
{
	static const char *const names[PARTS] = { "Lklapi-Appid", "Lklapi-Serial", "Lklapi-Timestamp", "Lklapi-Nonce", "Lklapi-Signature" };
	size_t found = 0;

	for (size_t i = 0; i < PARTS; i++) {
		size_t length;

		found += zg_http_reply_header(reply, names[i], part[i], 1024);
		length = strlen(part[i]);
		if (length >= 2 && part[i][0] == '"' && part[i][length - 1] == '"') {
			memmove(part[i], part[i] + 1, length - 2);
			part[i][length - 2] = '\0';
		}
	}
	return found;
}

/* Serial numbers are compared as numbers. */
static const struct zg_rsa *key_of(const struct zg_pay_keys *keys, const char *serial)
{
	while (*serial == '0' && serial[1])
		serial++;
	for (size_t i = 0; i < keys->platforms; i++) {
		const char *ours = zg_rsa_serial(keys->platform[i]);

		if (ours[0] == '\0' || strcasecmp(ours, serial) == 0)
			return keys->platform[i];
	}
	return NULL;
}

static enum zg_pay_proof prove(const struct zg_pay_keys *keys, const struct zg_http_reply *reply, struct zg_pay_answer *answer)
{
	char part[PARTS][1024];
	size_t found = take_head(reply, part);
	struct zg_buffer message = { 0 };
	const struct zg_rsa *key;
	bool is_good;

	zg_text_clean(answer->serial, sizeof(answer->serial), part[SERIAL], strlen(part[SERIAL]));
	if (found < PARTS)
		return found ? ZG_PROVED_FORGED : ZG_PROVED_NOT_SIGNED;
	key = key_of(keys, part[SERIAL]);
	if (!key)
		return ZG_PROVED_OTHER_KEY;
	zg_buffer_print(&message, "%s\n%s\n%s\n%s\n", part[APPID], part[SERIAL], part[TIMESTAMP], part[NONCE]);
	zg_buffer_add(&message, reply->body.bytes, reply->body.length);
	zg_buffer_add_byte(&message, '\n');
	is_good = zg_rsa_verify(key, message.bytes, message.length, part[SIGNATURE]);
	zg_buffer_clear(&message);
	answer->is_ours = strcmp(part[APPID], keys->appid) == 0;
	return is_good ? ZG_PROVED_VERIFIED : ZG_PROVED_FORGED;
}

void zg_lakala_read(struct zg_pay_keys *keys, enum zg_pay_call call, const struct zg_pay_order *order, int64_t now_ms, const struct zg_http_reply *reply,
		    struct zg_pay_answer *answer)
{
	char trace[sizeof(answer->request_id)];
	json_t *root = NULL;

	(void)order;
	(void)now_ms;    /* Lakala's own software does not look at the time of an answer; the till watches the clock by its Date */
	*answer = (struct zg_pay_answer){ .says = ZG_SAYS_UNKNOWN, .proof = ZG_PROVED_NOT_SIGNED, .is_ours = true, .amount_fen = -1, .refund_fen = -1 };
	if (reply->end != ZG_HTTP_WHOLE)
		return;
	/* what its service asks for, users say; no document of ours names it */
	(void)zg_http_reply_header(reply, "Lklapi-Traceid", trace, sizeof(trace));
	zg_text_clean(answer->request_id, sizeof(answer->request_id), trace, strlen(trace));
	if (reply->body.length > 0)
		root = zg_json_parse(reply->body.bytes, reply->body.length);
	/* for the log, signed or not */
	zg_pay_take(answer->code, sizeof(answer->code), root, "code");
	zg_pay_take(answer->text, sizeof(answer->text), root, "msg");
	if (reply->status != 200) {
		char code[40];

		zg_pay_take(code, sizeof(code), root, "code");
		snprintf(answer->code, sizeof(answer->code), "HTTP %d%s%s", reply->status, code[0] ? " " : "", code);
	} else {
		answer->proof = prove(keys, reply, answer);
		/* a success that nobody signed is no harmless error */
		if (answer->proof == ZG_PROVED_NOT_SIGNED && (strcmp(answer->code, "BBS00000") == 0 || strcmp(answer->code, "000000") == 0))
			answer->proof = ZG_PROVED_FORGED;
		if (answer->proof == ZG_PROVED_VERIFIED && json_is_object(root)) {
			take_members(keys, call, json_object_get(root, "resp_data"), answer);
			answer->says = judge(call, root, answer);
		}
	}
	json_decref(root);
}
