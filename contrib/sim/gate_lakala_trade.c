/* Lakala: payments, and how they stand (L4 to L6, L9). */
#include "contrib/sim/gate_fields.h"
#include "contrib/sim/gate_lakala.h"
#include "contrib/sim/gate_time.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MINUTE_MS   60000

#define TRADE \
	GATE_LAKALA_WHO, \
	{ "out_trade_no",    GATE_TEXT,   true,  1, 32,  GATE_ORDER_SIGNS, NULL }, \
	{ "total_amount",    GATE_TEXT,   true,  1, GATE_LAKALA_AMOUNT, GATE_DIGITS_ONLY, NULL }, \
	{ "location_info",   GATE_OBJECT, true,  0, 0,   NULL, gate_lakala_location }, \
	{ "busi_mode",       GATE_TEXT,   false, 0, 8,   NULL, NULL }, \
	{ "subject",         GATE_TEXT,   false, 0, 42,  NULL, NULL }, \
	{ "pay_order_no",    GATE_TEXT,   false, 0, 64,  NULL, NULL }, \
	{ "notify_url",      GATE_TEXT,   false, 0, 128, NULL, NULL }, \
	{ "settle_type",     GATE_TEXT,   false, 1, 1,   "01", NULL }, \
	{ "remark",          GATE_TEXT,   false, 0, 128, NULL, NULL }, \
	{ "identity_info",   GATE_TEXT,   false, 0, 1024, NULL, NULL }, \
	{ "acc_busi_fields", GATE_OBJECT, false, 0, 0,   NULL, NULL }
static const struct gate_field micropay_fields[] = {
	TRADE,
	{ "auth_code", GATE_TEXT, true,  1, 32, NULL, NULL },
	{ "scan_type", GATE_TEXT, false, 1, 1,  "012", NULL },
	{ 0 }
};
static const struct gate_field preorder_fields[] = {
	TRADE,
	{ "account_type", GATE_TEXT, true, 1, 32, NULL, NULL },
	{ "trans_type",   GATE_TEXT, true, 2, 2,  GATE_DIGITS_ONLY, NULL },
	{ 0 }
};
static const struct gate_field query_fields[] = {
	GATE_LAKALA_WHO,
	{ "out_trade_no",   GATE_TEXT, false, 1, 32, NULL, NULL },
	{ "trade_no",       GATE_TEXT, false, 1, 32, NULL, NULL },
	{ "trade_req_date", GATE_TEXT, false, 8, 8,  GATE_DIGITS_ONLY, NULL },
	{ 0 }
};

int64_t gate_lakala_fen(const json_t *asked, const char *name)
{
	const char *text = gate_text_of(asked, name);

	return *text && *text != '0' && strspn(text, GATE_DIGITS_ONLY) == strlen(text) ? strtoll(text, NULL, 10) : -1;
}

bool gate_lakala_check(struct gate_lakala_call *call, const struct gate_field *fields)
{
	char why[160];

	if (gate_fields_check(call->asked, fields, why, sizeof(why)))
		return true;
	gate_lakala_say(call, GATE_LAKALA_WRONG, "参数错误", "");
	return gate_refuse(call->reply, "L3", why);
}

bool gate_lakala_take_number(struct gate_lakala_call *call)
{
	const char *number = gate_text_of(call->asked, "out_trade_no");

	if (gate_map_get(&call->gate->numbers, number)) {
		gate_lakala_say(call, GATE_LAKALA_USED, "商户交易流水号重复", "L4");
		return false;
	}
	gate_map_put(&call->gate->numbers, number, call->gate);
	return true;
}

static void set_fen(json_t *told, const char *name, int64_t fen)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", (long long)fen);
	zg_json_set_string(told, name, text);
}

static const char *log_no(const char *trade_no)
{
	size_t length = strlen(trade_no);

	return length > 14 ? trade_no + length - 14 : trade_no;
}

static const char *account_type(const struct gate_order *order)
{
	static const struct { const char *wallet, *type; } types[] = {
		{ "wechat", "WECHAT" }, { "alipay", "ALIPAY" }, { "unionpay", "UQRCODEPAY" }, { "ecny", "DCPAY" }, { "bestpay", "BESTPAY" }, { "suning", "SUNING" },
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(types[i].wallet, order->wallet) == 0)
			return types[i].type;
	return "";
}

void gate_lakala_tell_order(struct gate_lakala_call *call, const struct gate_order *order)
{
	char time[GATE_TIME];

	gate_lakala_say(call, call->done, "成功", "");
	call->told = zg_json_object();
	zg_json_set_string(call->told, "merchant_no", gate_told_merchant(call->gate, call->gate->shop->merchant_no));
	zg_json_set_string(call->told, "out_trade_no", gate_told_number(call->gate, order->number));
	zg_json_set_string(call->told, "trade_no", order->no);
	zg_json_set_string(call->told, "log_no", log_no(order->no));
	zg_json_set_string(call->told, "account_type", account_type(order));
	set_fen(call->told, "total_amount", gate_told_fen(call->gate, order->fen));
	if (!order->was_paid)
		return;
	zg_json_set_string(call->told, "acc_trade_no", order->wallet_no);
	set_fen(call->told, "payer_amount", gate_told_fen(call->gate, order->fen));
	zg_json_set_string(call->told, "trade_time", gate_time(time, GATE_DIGITS, order->paid_at));
}

/* ---- payments ---- */

/* L5 */
static void tell_payment(struct gate_lakala_call *call, const struct gate_order *order)
{
	if (order->state == GATE_FAILED) {
		gate_lakala_say(call, GATE_LAKALA_NO, "余额不足", "");
	} else if (order->was_paid) {
		gate_lakala_tell_order(call, order);
		zg_json_set_string(call->told, "need_query", "0");
	} else if (call->gate->set.lakala_pending == 1) {
		gate_lakala_tell_order(call, order);
		zg_json_set_string(call->told, "need_query", "1");
	} else if (call->gate->set.lakala_pending == 2) {
		gate_lakala_say(call, "BBS11112", "交易超时,请查询", "");
	} else {
		gate_lakala_say(call, "BBS10000", "支付处理中", "");
	}
}

void gate_lakala_micropay(struct gate_lakala_call *call)
{
	const char *code = gate_text_of(call->asked, "auth_code"), *wallet = gate_code_wallet(code);
	int64_t fen = gate_lakala_fen(call->asked, "total_amount");

	if (!gate_lakala_check(call, micropay_fields))
		return;
	if (fen < 1) {
		gate_lakala_say(call, GATE_LAKALA_WRONG, "total_amount", "L3");
		return;
	}
	if (!gate_lakala_take_number(call))
		return;
	if (!wallet || gate_phone_scanned(call->gate, code) != GATE_CODE_FRESH) {
		gate_lakala_say(call, GATE_LAKALA_NO, "付款码无效,请刷新后重试", "L5");
		return;
	}
	tell_payment(call, gate_order_add(call->gate, &(struct gate_wish){
		.channel = GATE_LAKALA, .way = GATE_SCANNED, .number = gate_text_of(call->asked, "out_trade_no"), .print = "", .wallet = wallet,
		.title = gate_text_of(call->asked, "subject"), .attach = gate_text_of(call->asked, "remark"), .fen = fen }));
}

/* L6: what the wallet lets be shown. NULL: nothing. */
static const char *shown_wallet(const struct gate_lakala_call *call)
{
	const char *type = gate_text_of(call->asked, "account_type");

	if (strcmp(gate_text_of(call->asked, "trans_type"), "41") != 0)
		return NULL;
	return strcmp(type, "ALIPAY") == 0 ? "alipay" : strcmp(type, "UQRCODEPAY") == 0 ? "unionpay" : NULL;
}

void gate_lakala_preorder(struct gate_lakala_call *call)
{
	const char *wallet = shown_wallet(call), *minutes = gate_text_of(call->asked, "acc_busi_fields.timeout_express");
	int64_t fen = gate_lakala_fen(call->asked, "total_amount"), lives = *minutes ? strtoll(minutes, NULL, 10) : 5;
	char tail[40];

	if (!gate_lakala_check(call, preorder_fields))
		return;
	if (fen < 1 || lives < 1 || lives > 15) {
		gate_lakala_say(call, GATE_LAKALA_WRONG, "total_amount or timeout_express", "L3");
		return;
	}
	if (!wallet) {
		gate_lakala_say(call, GATE_LAKALA_NO, "该钱包不支持此交易类型", "L6");
		return;
	}
	if (!gate_lakala_take_number(call))
		return;
	struct gate_order *order = gate_order_add(call->gate, &(struct gate_wish){
		.channel = GATE_LAKALA, .way = GATE_SHOWN, .number = gate_text_of(call->asked, "out_trade_no"), .print = "", .wallet = wallet,
		.title = gate_text_of(call->asked, "subject"), .attach = gate_text_of(call->asked, "remark"), .fen = fen, .lives_ms = lives * MINUTE_MS });
	json_t *fields = zg_json_object();

	if (strcmp(wallet, "alipay") == 0) {
		gate_nonce(call->gate, tail, 18);
		snprintf(order->url, sizeof(order->url), "https://qr.alipay.com/%s", tail);
	} else {
		snprintf(order->url, sizeof(order->url), "https://qr.95516.com/00010000/%016llu%016llu",
			 (unsigned long long)gate_lot(call->gate, 10000000000000000u), (unsigned long long)gate_lot(call->gate, 10000000000000000u));
	}
	gate_lakala_tell_order(call, order);
	zg_json_set_string(fields, "code", order->url);
	zg_json_set(call->told, "acc_resp_fields", fields);
}

/* ---- how it stands ---- */

static const char *state_of(const struct gate_order *order)
{
	switch (order->state) {
	case GATE_OPEN:     return "CREATE";
	case GATE_WAITING:
	case GATE_TYPING:   return "DEAL";
	case GATE_PAID:     return order->refunded_fen == 0 ? "SUCCESS" : order->refunded_fen < order->fen ? "PART_REFUND" : "REFUND";
	case GATE_FAILED:   return "FAIL";
	case GATE_CLOSED:   return "CLOSE";
	case GATE_REVERSED: return order->was_paid ? "REFUND" : "CLOSE";
	}
	return "UNKNOWN";
}

const char *gate_lakala_refund_state(const struct gate_refund *refund)
{
	return refund->state == GATE_REFUNDED ? "SUCCESS" : refund->state == GATE_NOT_REFUNDED ? "FAIL" : "PROCESSING";
}

void gate_lakala_tell_refund(struct gate_lakala_call *call, const struct gate_refund *refund, const char *state)
{
	char time[GATE_TIME];

	gate_lakala_say(call, call->done, "成功", "");
	call->told = zg_json_object();
	zg_json_set_string(call->told, "merchant_no", gate_told_merchant(call->gate, call->gate->shop->merchant_no));
	zg_json_set_string(call->told, "out_trade_no", gate_told_number(call->gate, refund->number));
	zg_json_set_string(call->told, "origin_out_trade_no", refund->order->number);
	zg_json_set_string(call->told, "origin_trade_no", refund->order->no);
	zg_json_set_string(call->told, "trade_no", refund->no);
	zg_json_set_string(call->told, "log_no", log_no(refund->no));
	zg_json_set_string(call->told, "account_type", account_type(refund->order));
	zg_json_set_string(call->told, "trade_state", state);
	set_fen(call->told, "total_amount", refund->order->fen);
	set_fen(call->told, "refund_amount", gate_told_fen(call->gate, refund->fen));
	set_fen(call->told, "payer_amount", gate_told_fen(call->gate, refund->fen));
	if (refund->state == GATE_REFUNDED)
		zg_json_set_string(call->told, "trade_time", gate_time(time, GATE_DIGITS, refund->done_at));
}

void gate_lakala_query(struct gate_lakala_call *call)
{
	const char *number = gate_text_of(call->asked, "out_trade_no"), *no = gate_text_of(call->asked, "trade_no");

	if (!gate_lakala_check(call, query_fields))
		return;
	struct gate_refund *refund = gate_refund_find(call->gate, GATE_LAKALA, number);
	struct gate_order *order = *no ? gate_order_find_no(call->gate, GATE_LAKALA, no) : gate_order_find(call->gate, GATE_LAKALA, number);

	if (refund) {
		gate_lakala_tell_refund(call, refund, refund->state == GATE_REFUNDING ? "DEAL" : gate_lakala_refund_state(refund));
		zg_json_set_string(call->told, "trade_main_type", "REFUND");
	} else if (!order || (order->asked++ == 0 && call->gate->set.read_lag)) {
		gate_lakala_say(call, GATE_LAKALA_NONE, "交易不存在", "");
	} else {
		gate_lakala_tell_order(call, order);
		zg_json_set_string(call->told, "trade_state", state_of(order));
		zg_json_set_string(call->told, "trade_main_type", order->way == GATE_SCANNED ? "MICROPAY" : "PREORDER");
	}
}
