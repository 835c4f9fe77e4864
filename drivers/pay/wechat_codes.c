#include "drivers/pay/wechat_private.h"

#include <string.h>

/* Short, so that the table can be read as one. */
enum {
	DUNNO = ZG_SAYS_UNKNOWN, WAIT = ZG_SAYS_WAITING, MISSING = ZG_SAYS_NOT_FOUND, DECLINED = ZG_SAYS_DECLINED, BADCODE = ZG_SAYS_BAD_CODE,
	CLOSED = ZG_SAYS_CLOSED, CANCELLED = ZG_SAYS_CANCELLED, AGAIN = ZG_SAYS_CANCEL_AGAIN, TOO_LATE = ZG_SAYS_TOO_LATE, USED = ZG_SAYS_NUMBER_USED,
	NEVER = ZG_SAYS_NOT_REFUNDED, NONE = ZG_SAYS_NO_REFUND, LATER = ZG_SAYS_LATER, WRONG = ZG_SAYS_WRONG, NO_BILL = ZG_SAYS_NO_BILL,
	BILL_LATER = ZG_SAYS_BILL_LATER,
};

/* Columns of the table: what the code says to which calls. */
enum { PAY, ASK, OFF, BACK, BACK_ASK, REST, COLUMNS };

static const unsigned char columns[ZG_PAY_CALLS] = {
	[ZG_CALL_CODE] = PAY, [ZG_CALL_SHOW] = PAY, [ZG_CALL_QUERY] = ASK, [ZG_CALL_CHECK] = ASK, [ZG_CALL_CANCEL] = OFF, [ZG_CALL_REFUND] = BACK,
	[ZG_CALL_REFUND_QUERY] = BACK_ASK, [ZG_CALL_BILL] = REST, [ZG_CALL_BILL_FILE] = REST, [ZG_CALL_KEYS] = REST,
};

/*
 * Every code of both interfaces, whose spellings differ between WeChat's own documents; some were read in others' programs alone. What is not here
 * is unknown; rows that are unknown all along stand here for readers.
 */
static const struct {
	const char *code;
	unsigned char says[COLUMNS];
} codes[] = {
	/*                            pay       ask      off        back   back_ask rest */
	/* the request was wrong */
	{ "PARAM_ERROR",           { WRONG,    WRONG,   WRONG,     WRONG, WRONG, WRONG } },
	{ "LACK_PARAMS",           { WRONG,    WRONG,   WRONG,     WRONG, WRONG, WRONG } },
	{ "XML_FORMAT_ERROR",      { WRONG,    WRONG,   WRONG,     WRONG, WRONG, WRONG } },
	{ "NOT_UTF8",              { WRONG,    WRONG,   WRONG,     WRONG, WRONG, WRONG } },
	{ "POST_DATA_EMPTY",       { WRONG,    WRONG,   WRONG,     WRONG, WRONG, WRONG } },
	{ "REQUIRE_POST_METHOD",   { WRONG,    WRONG,   WRONG,     WRONG, WRONG, WRONG } },
	{ "SIGN_ERROR",            { WRONG,    WRONG,   WRONG,     WRONG, WRONG, WRONG } },
	{ "SIGNERROR",             { WRONG,    WRONG,   WRONG,     WRONG, WRONG, WRONG } },
	{ "签名错误",              { WRONG,    WRONG,   WRONG,     WRONG, WRONG, WRONG } },    /* V2 puts it into return_msg, without a code */
	{ "NO_AUTH",               { WRONG,    WRONG,   WRONG,     WRONG, WRONG, WRONG } },
	{ "NOAUTH",                { WRONG,    WRONG,   WRONG,     WRONG, WRONG, WRONG } },
	{ "MCH_NOT_EXISTS",        { WRONG,    WRONG,   WRONG,     WRONG, WRONG, WRONG } },
	{ "MCHID_NOT_EXIST",       { WRONG,    WRONG,   WRONG,     WRONG, WRONG, WRONG } },
	{ "APPID_NOT_EXIST",       { WRONG,    WRONG,   WRONG,     WRONG, WRONG, WRONG } },
	{ "APPID_MCHID_NOT_MATCH", { WRONG,    WRONG,   WRONG,     WRONG, WRONG, WRONG } },
	/* a wrong parameter, but also a number used before, or an order that is paid: only a query tells which */
	{ "INVALID_REQUEST",       { DUNNO,    DUNNO,   DUNNO,     DUNNO, DUNNO, WRONG } },
	/* the order is not as the call needs it */
	{ "ORDER_NOT_EXIST",       { DUNNO,    MISSING, MISSING,   DUNNO, NONE,  DUNNO } },
	{ "ORDERNOTEXIST",         { DUNNO,    MISSING, MISSING,   DUNNO, NONE,  DUNNO } },
	{ "RESOURCE_NOT_EXISTS",   { DUNNO,    MISSING, MISSING,   DUNNO, NONE,  DUNNO } },
	{ "ORDER_CLOSED",          { USED,     DUNNO,   CLOSED,    DUNNO, DUNNO, DUNNO } },
	{ "ORDERCLOSED",           { USED,     DUNNO,   CLOSED,    DUNNO, DUNNO, DUNNO } },
	{ "ORDERREVERSED",         { USED,     DUNNO,   CANCELLED, DUNNO, DUNNO, DUNNO } },
	{ "OUT_TRADE_NO_USED",     { USED,     DUNNO,   DUNNO,     DUNNO, DUNNO, DUNNO } },
	/* paid, it says, but not how much: a query does */
	{ "ORDERPAID",             { DUNNO,    DUNNO,   DUNNO,     DUNNO, DUNNO, DUNNO } },
	{ "ORDER_PAID",            { DUNNO,    DUNNO,   DUNNO,     DUNNO, DUNNO, DUNNO } },
	{ "REVERSE_EXPIRE",        { DUNNO,    DUNNO,   TOO_LATE,  DUNNO, DUNNO, DUNNO } },
	/* the customer */
	{ "USERPAYING",            { WAIT,     WAIT,    AGAIN,     DUNNO, DUNNO, DUNNO } },
	{ "AUTHCODEEXPIRE",        { BADCODE,  DUNNO,   DUNNO,     DUNNO, DUNNO, DUNNO } },
	{ "AUTH_CODE_ERROR",       { BADCODE,  DUNNO,   DUNNO,     DUNNO, DUNNO, DUNNO } },
	{ "AUTH_CODE_INVALID",     { BADCODE,  DUNNO,   DUNNO,     DUNNO, DUNNO, DUNNO } },
	{ "NOTENOUGH",             { DECLINED, DUNNO,   DUNNO,     LATER, DUNNO, DUNNO } },    /* to a refund: the merchant's own balance */
	{ "NOT_ENOUGH",            { DECLINED, DUNNO,   DUNNO,     LATER, DUNNO, DUNNO } },
	{ "NOTSUPORTCARD",         { DECLINED, DUNNO,   DUNNO,     DUNNO, DUNNO, DUNNO } },
	{ "TRADE_ERROR",           { DECLINED, DUNNO,   DUNNO,     DUNNO, DUNNO, DUNNO } },
	{ "RULE_LIMIT",            { DECLINED, DUNNO,   DUNNO,     DUNNO, DUNNO, DUNNO } },
	{ "RULELIMIT",             { DECLINED, DUNNO,   DUNNO,     DUNNO, DUNNO, DUNNO } },
	{ "BUYER_MISMATCH",        { DECLINED, DUNNO,   DUNNO,     DUNNO, DUNNO, DUNNO } },
	{ "ACCOUNT_ERROR",         { DECLINED, DUNNO,   DUNNO,     DUNNO, DUNNO, DUNNO } },
	/* WeChat itself; of a refund that came too often it is not known whether it was accepted */
	{ "SYSTEM_ERROR",          { DUNNO,    DUNNO,   AGAIN,     DUNNO, DUNNO, DUNNO } },
	{ "SYSTEMERROR",           { DUNNO,    DUNNO,   AGAIN,     DUNNO, DUNNO, DUNNO } },
	{ "BANK_ERROR",            { DUNNO,    DUNNO,   AGAIN,     DUNNO, DUNNO, DUNNO } },
	{ "BANKERROR",             { DUNNO,    DUNNO,   AGAIN,     DUNNO, DUNNO, DUNNO } },
	{ "SERVICE_UNAVAILABLE",   { DUNNO,    DUNNO,   AGAIN,     DUNNO, DUNNO, DUNNO } },
	{ "RATELIMIT_EXCEEDED",    { DUNNO,    DUNNO,   AGAIN,     DUNNO, DUNNO, DUNNO } },
	{ "FREQUENCY_LIMITED",     { DUNNO,    DUNNO,   AGAIN,     DUNNO, DUNNO, DUNNO } },
	/* giving back */
	{ "BIZERR_NEED_RETRY",     { DUNNO,    DUNNO,   DUNNO,     LATER, DUNNO, DUNNO } },
	{ "INVALID_REQ_TOO_MUCH",  { DUNNO,    DUNNO,   DUNNO,     LATER, DUNNO, DUNNO } },
	{ "INVALID_TRANSACTIONID", { DUNNO,    DUNNO,   DUNNO,     WRONG, DUNNO, DUNNO } },
	{ "TRADE_OVERDUE",         { DUNNO,    DUNNO,   DUNNO,     NEVER, DUNNO, DUNNO } },
	{ "USER_ACCOUNT_ABNORMAL", { DUNNO,    DUNNO,   DUNNO,     NEVER, DUNNO, DUNNO } },
	/* bills */
	{ "NO_STATEMENT_EXIST",    { DUNNO,    DUNNO,   DUNNO,     DUNNO, DUNNO, NO_BILL } },
	{ "NO_BILL_EXIST",         { DUNNO,    DUNNO,   DUNNO,     DUNNO, DUNNO, NO_BILL } },
	{ "BILL_CREATING",         { DUNNO,    DUNNO,   DUNNO,     DUNNO, DUNNO, BILL_LATER } },
};

enum zg_pay_says zg_wechat_says(enum zg_pay_call call, const char *code)
{
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (strcmp(codes[i].code, code) == 0)
			return (enum zg_pay_says)codes[i].says[columns[call]];
	return ZG_SAYS_UNKNOWN;
}

enum zg_pay_says zg_wechat_state(const char *state)
{
	static const struct {
		const char *state;
		enum zg_pay_says says;
	} states[] = {
		{ "SUCCESS", ZG_SAYS_PAID },
		{ "REFUND", ZG_SAYS_PAID },        /* was paid; at least one refund of it was accepted */
		{ "NOTPAY", ZG_SAYS_NOT_PAID },
		{ "USERPAYING", ZG_SAYS_WAITING },
		{ "ACCEPT", ZG_SAYS_WAITING },     /* V2: the debit is under way */
		{ "CLOSED", ZG_SAYS_CLOSED },
		{ "REVOKED", ZG_SAYS_CANCELLED },
		{ "PAYERROR", ZG_SAYS_DECLINED },  /* no end of it: WeChat's own words ask to reverse it */
	};

	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (strcmp(states[i].state, state) == 0)
			return states[i].says;
	return ZG_SAYS_UNKNOWN;
}

/* What may be believed without a signature: that the request was wrong, or is to be made again; that nothing was found. Never anything about money. */
static bool needs_no_signature(enum zg_pay_says says)
{
	return says == ZG_SAYS_WRONG || says == ZG_SAYS_LATER || says == ZG_SAYS_NOT_FOUND || says == ZG_SAYS_NO_REFUND || says == ZG_SAYS_NO_BILL ||
	       says == ZG_SAYS_BILL_LATER;
}

enum zg_pay_says zg_wechat_weigh(enum zg_pay_says says, enum zg_pay_proof proof)
{
	if (proof == ZG_PROVED_VERIFIED || (proof == ZG_PROVED_NOT_SIGNED && needs_no_signature(says)))
		return says;
	return ZG_SAYS_UNKNOWN;
}

enum zg_pay_says zg_wechat_about(enum zg_pay_says says, bool has_merchant, const struct zg_pay_order *order, const struct zg_pay_answer *answer)
{
	if (says == ZG_SAYS_PAID)
		return has_merchant && answer->number[0] && answer->amount_fen >= 0 ? says : ZG_SAYS_UNKNOWN;
	return answer->is_ours && strcmp(answer->number, order->number) == 0 ? says : ZG_SAYS_UNKNOWN;
}
