/* Alipay: how trades are cancelled, closed and refunded (A7, A8). */
#include "contrib/sim/gate_alipay.h"
#include "contrib/sim/gate_fields.h"
#include "contrib/sim/gate_time.h"

#include <string.h>

#define DAY_MS 86400000LL

static const struct gate_field refund_fields[] = {
	{ "out_trade_no",   GATE_TEXT, false, 1, 64,  GATE_ALIPAY_SIGNS, NULL },
	{ "trade_no",       GATE_TEXT, false, 1, 64,  NULL, NULL },
	{ "refund_amount",  GATE_TEXT, true,  1, 12,  "0123456789.", NULL },
	{ "refund_reason",  GATE_TEXT, false, 0, 256, NULL, NULL },
	{ "out_request_no", GATE_TEXT, false, 1, 64,  NULL, NULL },
	{ "operator_id",    GATE_TEXT, false, 0, 30,  NULL, NULL },
	{ "store_id",       GATE_TEXT, false, 0, 32,  NULL, NULL },
	{ "terminal_id",    GATE_TEXT, false, 0, 32,  NULL, NULL },
	{ 0 }
};
static const struct gate_field refund_query_fields[] = {
	{ "out_trade_no",   GATE_TEXT, false, 1, 64, GATE_ALIPAY_SIGNS, NULL },
	{ "trade_no",       GATE_TEXT, false, 1, 64, NULL, NULL },
	{ "out_request_no", GATE_TEXT, true,  1, 64, NULL, NULL },
	{ "query_options",  GATE_LIST, false, 0, 0,  NULL, NULL },
	{ 0 }
};

/* A7. What nobody scanned is withdrawn without a word about it. */
void gate_alipay_cancel(struct gate_alipay_call *call)
{
	struct gate_order *order, *any;
	enum gate_took took;

	if (!gate_alipay_check(call, gate_alipay_which))
		return;
	any = gate_order_find(call->gate, GATE_ALIPAY, gate_text_of(call->asked, "out_trade_no"));
	order = gate_alipay_trade(call, true);
	if (any && any->plan.act == GATE_SNEAKS)
		order = any;
	if (any)
		any->cancels++;
	gate_alipay_done(call, "10000", "Success");
	zg_json_set_string(call->told, "retry_flag", "N");
	if (!order) {
		zg_json_set_string(call->told, "out_trade_no", gate_told_number(call->gate, gate_text_of(call->asked, "out_trade_no")));
		if (any)
			gate_order_close(call->gate, any);
		return;
	}
	if (order->state != GATE_REVERSED && gate_running(call->gate) - order->made > DAY_MS) {
		gate_alipay_fail(call, "CANCEL_NOT_ALLOWED", "撤销超时", "A7");
		return;
	}
	took = order->cancels <= call->gate->set.alipay_again ? GATE_IS_TYPING : gate_order_cancel(call->gate, order);
	gate_alipay_tell_trade(call, order);
	if (took == GATE_IS_TYPING)
		zg_json_set_string(call->told, "retry_flag", "Y");
	else
		zg_json_set_string(call->told, "action", order->was_paid ? "refund" : "close");
}

void gate_alipay_close(struct gate_alipay_call *call)
{
	struct gate_order *order = gate_alipay_check(call, gate_alipay_which) ? gate_alipay_trade(call, false) : NULL;

	if (!order)
		return;
	order->cancels++;
	if (order->state == GATE_TYPING || !gate_order_close(call->gate, order)) {
		gate_alipay_fail(call, "REASON_TRADE_STATUS_INVALID", "交易状态不合法", "");
		return;
	}
	gate_alipay_done(call, "10000", "Success");
	gate_alipay_tell_trade(call, order);
}

static struct gate_refund *refund_of(const struct gate_order *order, const char *number)
{
	for (size_t i = 0; i < order->refund_count; i++)
		if (strcmp(order->refunds[i]->number, number) == 0)
			return order->refunds[i];
	return NULL;
}

static void tell_refund(struct gate_alipay_call *call, const struct gate_order *order, const struct gate_refund *refund, bool is_new_one)
{
	char time[GATE_TIME];

	gate_alipay_done(call, "10000", "Success");
	gate_alipay_tell_trade(call, order);
	zg_json_set_string(call->told, "fund_change", is_new_one ? "Y" : "N");
	gate_alipay_set_yuan(call, "refund_fee", gate_told_fen(call->gate, order->refunded_fen));
	zg_json_set_string(call->told, "gmt_refund_pay", gate_time(time, GATE_PLAIN, refund->asked_at));
	zg_json_set_string(call->told, "buyer_logon_id", "159****5620");
	zg_json_set_string(call->told, "buyer_user_id", order->payer);
}

/* A8 */
void gate_alipay_refund(struct gate_alipay_call *call)
{
	int64_t fen = gate_yuan_read(gate_text_of(call->asked, "refund_amount"));
	struct gate_order *order = gate_alipay_check(call, refund_fields) ? gate_alipay_trade(call, false) : NULL;
	const char *number = gate_text_of(call->asked, "out_request_no");
	struct gate_refund *refund;
	char print[GATE_DIGEST];

	if (!order)
		return;
	if (!*number && fen == order->fen)
		number = order->number;
	refund = *number ? refund_of(order, number) : NULL;
	if (call->gate->fault.wrong == GATE_NO_BALANCE)
		gate_alipay_fail(call, "SELLER_BALANCE_NOT_ENOUGH", "卖家余额不足", "");
	else if (refund && refund->fen != fen)
		gate_alipay_fail(call, "DISCORDANT_REPEAT_REQUEST", "不一致的请求", "A8");
	else if (refund)
		tell_refund(call, order, refund, false);
	else if (!*number || fen < 1)
		gate_alipay_fail(call, "INVALID_PARAMETER", "out_request_no is needed for a part", "A8");
	else if (order->state == GATE_PAID && call->gate->set.alipay_finished)
		gate_alipay_fail(call, "TRADE_HAS_FINISHED", "交易已结束", "A8");
	else if (order->state != GATE_PAID)
		gate_alipay_fail(call, "TRADE_STATUS_ERROR", "交易状态不合法", "A8");
	else if (fen + order->refunded_fen > order->fen)
		gate_alipay_fail(call, "REFUND_AMT_NOT_EQUAL_TOTAL", "退款金额超限", "A8");
	else
		tell_refund(call, order, gate_refund_add(call->gate, order, number, fen, gate_alipay_print(print, call->asked), gate_text_of(call->asked, "refund_reason")), true);
}

void gate_alipay_refund_query(struct gate_alipay_call *call)
{
	struct gate_order *order = gate_alipay_check(call, refund_query_fields) ? gate_alipay_trade(call, false) : NULL;
	struct gate_refund *refund = order ? refund_of(order, gate_text_of(call->asked, "out_request_no")) : NULL;

	if (!order)
		return;
	gate_alipay_done(call, "10000", "Success");
	if (!refund)
		return;    /* no amount: no such refund */
	gate_alipay_tell_trade(call, order);
	zg_json_set_string(call->told, "out_request_no", refund->number);
	gate_alipay_set_yuan(call, "total_amount", order->fen);
	gate_alipay_set_yuan(call, "refund_amount", gate_told_fen(call->gate, refund->fen));
	zg_json_set_string(call->told, "refund_status", "REFUND_SUCCESS");
}
