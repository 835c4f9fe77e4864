/* Lakala: how payments are taken back, closed and refunded (L7, L8). */
#include "contrib/sim/gate_fields.h"
#include "contrib/sim/gate_lakala.h"
#include "contrib/sim/gate_time.h"

#include <string.h>

#define ORIGIN \
	{ "origin_out_trade_no", GATE_TEXT,   false, 1, 32, NULL, NULL }, \
	{ "origin_trade_no",     GATE_TEXT,   false, 1, 32, NULL, NULL }, \
	{ "location_info",       GATE_OBJECT, true,  0, 0,  NULL, gate_lakala_location }
static const struct gate_field revoke_fields[] = {
	GATE_LAKALA_WHO, ORIGIN,
	{ "out_trade_no", GATE_TEXT, true, 1, 32, GATE_ORDER_SIGNS, NULL },
	{ 0 }
};
static const struct gate_field close_fields[] = { GATE_LAKALA_WHO, ORIGIN, { 0 } };
static const struct gate_field refund_fields[] = {
	GATE_LAKALA_WHO, ORIGIN,
	{ "out_trade_no",    GATE_TEXT, true,  1, 32,  GATE_ORDER_SIGNS, NULL },
	{ "refund_amount",   GATE_TEXT, true,  1, GATE_LAKALA_AMOUNT, GATE_DIGITS_ONLY, NULL },
	{ "refund_reason",   GATE_TEXT, false, 0, 32,  NULL, NULL },
	{ "origin_log_no",   GATE_TEXT, false, 14, 14, GATE_DIGITS_ONLY, NULL },
	{ "notify_url",      GATE_TEXT, false, 0, 128, NULL, NULL },
	{ "refund_acc_mode", GATE_TEXT, false, 2, 2,   GATE_DIGITS_ONLY, NULL },
	{ 0 }
};

/* NULL: none, which was said. */
static struct gate_order *origin_of(struct gate_lakala_call *call)
{
	const char *number = gate_text_of(call->asked, "origin_out_trade_no"), *no = gate_text_of(call->asked, "origin_trade_no");
	struct gate_order *order = *no ? gate_order_find_no(call->gate, GATE_LAKALA, no) : gate_order_find(call->gate, GATE_LAKALA, number);

	if (!order || (*number && strcmp(order->number, number) != 0)) {
		gate_lakala_say(call, GATE_LAKALA_NONE, "原交易不存在", "");
		return NULL;
	}
	return order;
}

/* L7. A revocation has a number of its own, taken also when it fails. */
void gate_lakala_revoke(struct gate_lakala_call *call)
{
	struct gate_order *order = gate_lakala_check(call, revoke_fields) && gate_lakala_take_number(call) ? origin_of(call) : NULL;
	char today[GATE_TIME], day[GATE_TIME];

	if (!order)
		return;
	order->cancels++;
	if (order->way != GATE_SCANNED) {
		gate_lakala_say(call, GATE_LAKALA_STATE, "只有被扫交易可以撤销", "L7");
		return;
	}
	if (strcmp(gate_time(today, GATE_DAY, gate_now(call->gate)), gate_time(day, GATE_DAY, order->made_at)) != 0) {
		gate_lakala_say(call, GATE_LAKALA_STATE, "隔日交易请退货", "");
		return;
	}
	switch (gate_order_cancel(call->gate, order)) {
	case GATE_IS_TYPING:
		gate_lakala_say(call, "BBS11105", "原交易处理中", "");
		break;
	case GATE_TOOK_BACK_BEFORE:
		gate_lakala_say(call, GATE_LAKALA_STATE, "原交易已撤销", "");
		break;
	case GATE_TOOK_BACK_PAID:
	case GATE_TOOK_BACK_UNPAID:
		gate_lakala_tell_order(call, order);
		zg_json_set_string(call->told, "out_trade_no", gate_text_of(call->asked, "out_trade_no"));
		zg_json_set_string(call->told, "origin_out_trade_no", gate_told_number(call->gate, order->number));
		zg_json_set_string(call->told, "origin_trade_no", order->no);
		break;
	}
}

void gate_lakala_close(struct gate_lakala_call *call)
{
	struct gate_order *order = gate_lakala_check(call, close_fields) ? origin_of(call) : NULL;

	if (!order)
		return;
	order->cancels++;
	if (order->way != GATE_SHOWN) {
		gate_lakala_say(call, GATE_LAKALA_STATE, "只有主扫未支付交易可以关单", "L7");
	} else if (!gate_order_close(call->gate, order)) {
		gate_lakala_say(call, GATE_LAKALA_STATE, "原交易已支付", "");
	} else {
		gate_lakala_tell_order(call, order);
		zg_json_set_string(call->told, "origin_out_trade_no", gate_told_number(call->gate, order->number));
		zg_json_set_string(call->told, "origin_trade_no", order->no);
	}
}

/* L8. NULL: it failed, which was said. */
static struct gate_refund *refund_now(struct gate_lakala_call *call)
{
	int64_t fen = gate_lakala_fen(call->asked, "refund_amount");

	if (!gate_lakala_check(call, refund_fields))
		return NULL;
	if (call->gate->fault.wrong == GATE_NO_BALANCE) {
		gate_lakala_say(call, "RFD20001", "商户余额不足", "");
		return NULL;
	}
	struct gate_order *order = gate_lakala_take_number(call) ? origin_of(call) : NULL;

	if (!order)
		return NULL;
	if (fen < 1 || order->state != GATE_PAID || fen + order->refunded_fen > order->fen) {
		gate_lakala_say(call, GATE_LAKALA_STATE, order->state == GATE_PAID ? "退款金额超限" : "原交易未支付", "L8");
		return NULL;
	}
	return gate_refund_add(call->gate, order, gate_text_of(call->asked, "out_trade_no"), fen, "", gate_text_of(call->asked, "refund_reason"));
}

void gate_lakala_refund(struct gate_lakala_call *call)
{
	struct gate_refund *refund = refund_now(call);

	if (refund) {
		gate_lakala_tell_refund(call, refund, "");
		json_object_del(call->told, "trade_state");
	}
}

void gate_lakala_unified(struct gate_lakala_call *call)
{
	struct gate_refund *refund = refund_now(call);

	if (refund)
		gate_lakala_tell_refund(call, refund, gate_lakala_refund_state(refund));
}

void gate_lakala_unified_query(struct gate_lakala_call *call)
{
	struct gate_refund *refund = gate_refund_find(call->gate, GATE_LAKALA, gate_text_of(call->asked, "out_trade_no"));

	if (refund)
		gate_lakala_tell_refund(call, refund, gate_lakala_refund_state(refund));
	else
		gate_lakala_say(call, "RFD11114", "退款不存在", "");
}
