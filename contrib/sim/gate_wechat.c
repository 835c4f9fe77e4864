#include "contrib/sim/gate_wechat.h"

#include <string.h>

#define MINUTE_MS  60000
#define DAY_MS     86400000LL
#define REFUNDS_MOST 50

const char *gate_wechat_state(const struct gate_order *order)
{
	switch (order->state) {
	case GATE_OPEN:     return "NOTPAY";
	case GATE_WAITING:
	case GATE_TYPING:   return order->way == GATE_SCANNED ? "USERPAYING" : "NOTPAY";
	case GATE_PAID:     return order->refund_count > 0 ? "REFUND" : "SUCCESS";
	case GATE_FAILED:   return "PAYERROR";
	case GATE_CLOSED:   return "CLOSED";
	case GATE_REVERSED: return "REVOKED";
	}
	return "";
}

const char *gate_wechat_state_text(const struct gate_order *order)
{
	static const char *const words[] = { "订单未支付", "需要用户输入支付密码", "需要用户输入支付密码", "支付成功", "支付失败,请撤销订单", "订单已关闭", "订单已撤销" };

	return order->state == GATE_PAID && order->refund_count > 0 ? "订单发生过退款" : words[order->state];
}

const struct gate_no *gate_wechat_reverse(struct gate *gate, struct gate_order *order, enum gate_took *took)
{
	static const struct gate_no shown = { "INVALID_REQUEST", "该订单不支持撤销,请关单", "W7" };
	static const struct gate_no early = { "INVALID_REQUEST", "支付未满15秒,请稍后再撤销", "W7" };
	static const struct gate_no late = { "REVERSE_EXPIRE", "订单无法撤销", "" };
	static const struct gate_no typing = { "USERPAYING", "正在支付中不能发起撤销", "" };
	int64_t age = gate_running(gate) - order->made;

	order->cancels++;
	if (order->way != GATE_SCANNED)
		return &shown;
	if (order->state != GATE_REVERSED && age < 15000)
		return &early;
	if (order->state != GATE_REVERSED && age > 7 * DAY_MS)
		return &late;
	*took = gate_order_cancel(gate, order);
	return *took == GATE_IS_TYPING ? &typing : NULL;
}

/* The same number again: the same refund, or an error. */
static const struct gate_no *repeated(const struct gate_refund *refund, const struct gate_order *order, const char *print)
{
	static const struct gate_no other = { "INVALID_REQUEST", "退款单号重复,参数不一致", "W8" };

	return refund->order == order && strcmp(refund->print, print) == 0 ? NULL : &other;
}

static int64_t last_refund(const struct gate_order *order)
{
	return order->refund_count > 0 ? order->refunds[order->refund_count - 1]->asked_at : 0;
}

const struct gate_no *gate_wechat_refund(struct gate *gate, struct gate_order *order, const char *number, int64_t fen, int64_t total_fen,
					 const char *print, const char *reason, struct gate_refund **refund)
{
	static const struct gate_no unpaid = { "INVALID_REQUEST", "订单未支付,不能退款", "W8" };
	static const struct gate_no total = { "INVALID_REQUEST", "订单金额不一致", "W8" };
	static const struct gate_no much = { "INVALID_REQUEST", "退款金额大于支付金额", "W8" };
	static const struct gate_no many = { "INVALID_REQUEST", "退款次数超过50次", "W8" };
	static const struct gate_no often = { "FREQUENCY_LIMITED", "频率限制,请1分钟后重试", "W8" };
	static const struct gate_no old = { "TRADE_OVERDUE", "订单已超过退款期限", "" };
	static const struct gate_no poor = { "NOT_ENOUGH", "基本账户余额不足,请充值后重新发起", "" };
	static const struct gate_no again = { "SYSTEM_ERROR", "系统超时,请用原退款单号重试", "" };

	if (gate->fault.wrong == GATE_NO_BALANCE)
		return &poor;
	if (gate->fault.wrong == GATE_BUSY_BEFORE)
		return &again;
	*refund = gate_refund_find(gate, GATE_WECHAT, number);
	if (*refund)
		return repeated(*refund, order, print);
	if (!order->was_paid)
		return &unpaid;
	if (total_fen != order->fen)
		return &total;
	if (fen + order->refunded_fen > order->fen)
		return &much;
	if (order->refund_count >= REFUNDS_MOST)
		return &many;
	if (order->refund_count > 0 && gate_now(gate) - last_refund(order) < MINUTE_MS)
		return &often;
	if (gate_now(gate) - order->paid_at > 365 * DAY_MS)
		return &old;
	*refund = gate_refund_add(gate, order, number, fen, print, reason);
	return NULL;
}

bool gate_wechat_lags(struct gate *gate, struct gate_order *order)
{
	return order->asked++ == 0 && gate->set.read_lag;
}
