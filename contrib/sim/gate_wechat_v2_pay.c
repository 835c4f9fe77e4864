/* WeChat Pay V2: the calls (W3 to W9). */
#include "contrib/sim/gate_fields.h"
#include "contrib/sim/gate_time.h"
#include "contrib/sim/gate_wechat_v2.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what is said ---- */

void gate_v2_fail(struct gate_v2 *call, const char *text, const char *rule)
{
	gate_pairs_clear(&call->told);
	gate_pairs_set(&call->told, "return_code", "FAIL");
	gate_pairs_set(&call->told, "return_msg", text);
	if (*rule)
		gate_refuse(call->reply, rule, text);
}

void gate_v2_begin(struct gate_v2 *call)
{
	gate_pairs_set(&call->told, "return_code", "SUCCESS");
	gate_pairs_set(&call->told, "return_msg", "OK");
	gate_pairs_set(&call->told, "appid", call->gate->shop->wechat_appid);
	gate_pairs_set(&call->told, "mch_id", gate_told_merchant(call->gate, call->gate->shop->mchid));
	gate_pairs_set(&call->told, "result_code", "SUCCESS");
}

void gate_v2_refuse(struct gate_v2 *call, const char *code, const char *text, const char *rule)
{
	gate_pairs_clear(&call->told);
	gate_v2_begin(call);
	gate_pairs_set(&call->told, "result_code", "FAIL");
	gate_pairs_set(&call->told, "err_code", code);
	gate_pairs_set(&call->told, "err_code_des", gate_told_text(call->gate, text));
	if (*rule)
		gate_refuse(call->reply, rule, text);
}

static void set_fen(struct gate_v2 *call, const char *name, int64_t fen)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", (long long)fen);
	gate_pairs_set(&call->told, name, text);
}

static void tell_order(struct gate_v2 *call, const struct gate_order *order)
{
	char time[GATE_TIME];

	gate_pairs_set(&call->told, "out_trade_no", gate_told_number(call->gate, order->number));
	gate_pairs_set(&call->told, "attach", order->attach);
	if (!order->was_paid)
		return;
	gate_pairs_set(&call->told, "openid", order->payer);
	gate_pairs_set(&call->told, "is_subscribe", "N");
	gate_pairs_set(&call->told, "trade_type", order->way == GATE_SCANNED ? "MICROPAY" : "NATIVE");
	gate_pairs_set(&call->told, "bank_type", "OTHERS");
	set_fen(call, "total_fee", gate_told_fen(call->gate, order->fen));
	set_fen(call, "cash_fee", gate_told_fen(call->gate, order->fen));
	gate_pairs_set(&call->told, "fee_type", "CNY");
	gate_pairs_set(&call->told, "transaction_id", order->no);
	gate_pairs_set(&call->told, "time_end", gate_time(time, GATE_DIGITS, order->paid_at));
}

/* ---- calls ---- */

static int64_t number_of(const char *text)
{
	size_t length = strlen(text);

	return length > 0 && length < 12 && strspn(text, GATE_DIGITS_ONLY) == length && text[0] != '0' ? strtoll(text, NULL, 10) : -1;
}

static const char *print_of(const struct gate_v2 *call, char print[GATE_DIGEST])
{
	struct zg_buffer joined = { 0 };

	gate_pairs_join(&call->asked, "nonce_str", &joined);
	gate_digest(print, "sha256", joined.bytes, joined.length);
	zg_buffer_clear(&joined);
	return print;
}

/* W3 for a payment; false: it failed. */
static bool check_payment(struct gate_v2 *call)
{
	const char *number = gate_pair(&call->asked, "out_trade_no"), *until = gate_pair(&call->asked, "time_expire");
	int64_t at;
	static const struct { const char *name; size_t most; } lengths[] = {
		{ "body", 128 }, { "detail", 6000 }, { "attach", 127 }, { "device_info", 32 }, { "goods_tag", 32 }, { "spbill_create_ip", 64 },
		{ "scene_info", 256 }, { "receipt", 8 },
	};

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		if (strlen(gate_pair(&call->asked, lengths[i].name)) > lengths[i].most) {
			gate_v2_refuse(call, "PARAM_ERROR", lengths[i].name, "W3");
			return false;
		}
	}
	if (strlen(number) < 6 || strlen(number) > 32 || strspn(number, GATE_ORDER_SIGNS) != strlen(number)) {
		gate_v2_refuse(call, "PARAM_ERROR", "商户订单号有误", "W3");
		return false;
	}
	if (number_of(gate_pair(&call->asked, "total_fee")) < 1) {
		gate_v2_refuse(call, "PARAM_ERROR", "total_fee", "W3");
		return false;
	}
	if (*until && (!gate_time_read(until, GATE_DIGITS, &at) || at < gate_now(call->gate) + 60000)) {
		gate_v2_refuse(call, "PARAM_ERROR", "time_expire时间过短", "W3");
		return false;
	}
	return true;
}

static struct gate_order *new_order(struct gate_v2 *call, const char *print)
{
	const char *code = gate_pair(&call->asked, "auth_code"), *wallet = gate_code_wallet(code), *until = gate_pair(&call->asked, "time_expire");
	int64_t at = 0;

	if (!wallet || strcmp(wallet, "wechat") != 0) {
		gate_v2_refuse(call, "AUTH_CODE_INVALID", "请扫描微信支付被扫条码/二维码", "W6");
		return NULL;
	}
	switch (gate_phone_scanned(call->gate, code)) {
	case GATE_CODE_USED:
		gate_v2_refuse(call, "AUTHCODEEXPIRE", "101 付款码已使用,请用户刷新后重新扫码", "W6");
		return NULL;
	case GATE_CODE_OLD:
		gate_v2_refuse(call, "AUTHCODEEXPIRE", "101 二维码已过期,请用户在微信上刷新后再试", "W6");
		return NULL;
	case GATE_CODE_FRESH:
		break;
	}
	int64_t lives = gate_time_read(until, GATE_DIGITS, &at) ? at - gate_now(call->gate) : GATE_WECHAT_DROPS_MS;

	return gate_order_add(call->gate, &(struct gate_wish){
		.channel = GATE_WECHAT, .way = GATE_SCANNED, .number = gate_pair(&call->asked, "out_trade_no"), .print = print, .wallet = "wechat",
		.title = gate_pair(&call->asked, "body"), .attach = gate_pair(&call->asked, "attach"), .device = gate_pair(&call->asked, "device_info"),
		.fen = number_of(gate_pair(&call->asked, "total_fee")), .lives_ms = lives < GATE_WECHAT_DROPS_MS ? lives : GATE_WECHAT_DROPS_MS });
}

void gate_v2_micropay(struct gate_v2 *call)
{
	char print[GATE_DIGEST];
	struct gate_order *order = gate_order_find(call->gate, GATE_WECHAT, gate_pair(&call->asked, "out_trade_no"));

	if (!check_payment(call))
		return;
	print_of(call, print);
	if (order && strcmp(order->print, print) != 0)
		gate_v2_refuse(call, "OUT_TRADE_NO_USED", "商户订单号重复", "W4");
	else if (order && order->was_paid)
		gate_v2_refuse(call, "ORDERPAID", "该订单已支付", "W4");
	else if (order && order->state == GATE_REVERSED)
		gate_v2_refuse(call, "ORDERREVERSED", "该订单已撤销", "W4");
	else if (order && order->state == GATE_CLOSED)
		gate_v2_refuse(call, "ORDERCLOSED", "该订单已关闭", "W4");
	else if (order || (order = new_order(call, print))) {
		if (order->state == GATE_FAILED)
			gate_v2_refuse(call, "NOTENOUGH", "用户余额不足", "");
		else if (!order->was_paid)
			gate_v2_refuse(call, "USERPAYING", "需要用户输入支付密码", "");
		else
			tell_order(call, order);
	}
}

/* By either number. NULL: it failed. */
static struct gate_order *find_order(struct gate_v2 *call)
{
	const char *number = gate_pair(&call->asked, "out_trade_no"), *no = gate_pair(&call->asked, "transaction_id");
	struct gate_order *order = *no ? gate_order_find_no(call->gate, GATE_WECHAT, no) : gate_order_find(call->gate, GATE_WECHAT, number);

	if (!*number && !*no)
		gate_v2_refuse(call, "PARAM_ERROR", "缺少商户订单号", "W3");
	else if (!order)
		gate_v2_refuse(call, "ORDERNOTEXIST", "此交易订单号不存在", "");
	return order;
}

void gate_v2_query(struct gate_v2 *call)
{
	struct gate_order *order = find_order(call);

	if (!order)
		return;
	if (gate_wechat_lags(call->gate, order)) {
		gate_v2_refuse(call, "ORDERNOTEXIST", "此交易订单号不存在", "");
		return;
	}
	tell_order(call, order);
	gate_pairs_set(&call->told, "trade_state", gate_wechat_state(order));
	gate_pairs_set(&call->told, "trade_state_desc", gate_told_text(call->gate, gate_wechat_state_text(order)));
}

void gate_v2_reverse(struct gate_v2 *call)
{
	struct gate_order *order = find_order(call);
	enum gate_took took;

	if (!order)
		return;
	const struct gate_no *no = gate_wechat_reverse(call->gate, order, &took);

	if (!no && order->cancels <= call->gate->set.recall)
		no = &(const struct gate_no){ "SYSTEMERROR", "请重新调用撤销", "" };
	if (no)
		gate_v2_refuse(call, no->code, no->text, no->rule);
	gate_pairs_set(&call->told, "recall", no && (strcmp(no->code, "USERPAYING") == 0 || strcmp(no->code, "SYSTEMERROR") == 0) ? "Y" : "N");
}

void gate_v2_refund(struct gate_v2 *call)
{
	const char *number = gate_pair(&call->asked, "out_refund_no");
	int64_t total = number_of(gate_pair(&call->asked, "total_fee")), fen = number_of(gate_pair(&call->asked, "refund_fee"));
	struct gate_order *order = find_order(call);
	struct gate_refund *done = NULL;
	char print[GATE_DIGEST];

	if (!order)
		return;
	if (total < 1 || fen < 1 || strlen(number) > 64 || strspn(number, GATE_ORDER_SIGNS "@") != strlen(number)) {
		gate_v2_refuse(call, "PARAM_ERROR", "参数错误", "W3");
		return;
	}
	const struct gate_no *no = gate_wechat_refund(call->gate, order, number, fen, total, print_of(call, print), gate_pair(&call->asked, "refund_desc"), &done);

	if (no) {
		gate_v2_refuse(call, strcmp(no->code, "NOT_ENOUGH") == 0 ? "NOTENOUGH" : strcmp(no->code, "SYSTEM_ERROR") == 0 ? "SYSTEMERROR" : no->code, no->text, no->rule);
		return;
	}
	gate_pairs_set(&call->told, "transaction_id", order->no);
	gate_pairs_set(&call->told, "out_trade_no", order->number);
	gate_pairs_set(&call->told, "out_refund_no", gate_told_number(call->gate, done->number));
	gate_pairs_set(&call->told, "refund_id", done->no);
	set_fen(call, "refund_fee", gate_told_fen(call->gate, done->fen));
	set_fen(call, "total_fee", order->fen);
	set_fen(call, "cash_fee", order->fen);
	set_fen(call, "cash_refund_fee", gate_told_fen(call->gate, done->fen));
}

static void tell_refund(struct gate_v2 *call, const struct gate_refund *one, int i)
{
	static const char *const states[] = { "PROCESSING", "SUCCESS", "CHANGE" };
	char name[32], time[GATE_TIME];
	const struct { const char *name, *value; } texts[] = {
		{ "out_refund_no", gate_told_number(call->gate, one->number) }, { "refund_id", one->no }, { "refund_channel", "ORIGINAL" },
		{ "refund_status", states[one->state] }, { "refund_recv_accout", "支付用户零钱" },
	};

	for (size_t t = 0; t < sizeof(texts) / sizeof(texts[0]); t++) {
		snprintf(name, sizeof(name), "%s_%d", texts[t].name, i);
		gate_pairs_set(&call->told, name, texts[t].value);
	}
	snprintf(name, sizeof(name), "refund_fee_%d", i);
	set_fen(call, name, gate_told_fen(call->gate, one->fen));
	if (one->state == GATE_REFUNDED) {
		snprintf(name, sizeof(name), "refund_success_time_%d", i);
		gate_pairs_set(&call->told, name, gate_time(time, GATE_PLAIN, one->done_at));
	}
}

/* By the refund's number, one; by the order's, at most the first four of them. */
void gate_v2_refund_query(struct gate_v2 *call)
{
	const char *number = gate_pair(&call->asked, "out_refund_no");
	struct gate_refund *one = *number ? gate_refund_find(call->gate, GATE_WECHAT, number) : NULL;
	struct gate_order *order = one ? one->order : *number ? NULL : find_order(call);
	int count = 0;

	if (*number && !one)
		gate_v2_refuse(call, "REFUNDNOTEXIST", "退款单不存在", "");
	if (!order)
		return;
	gate_pairs_set(&call->told, "transaction_id", order->no);
	gate_pairs_set(&call->told, "out_trade_no", order->number);
	set_fen(call, "total_fee", order->fen);
	set_fen(call, "cash_fee", order->fen);
	if (one)
		tell_refund(call, one, count++);
	for (size_t i = 0; !one && i < order->refund_count && i < 4; i++)
		tell_refund(call, order->refunds[i], count++);
	set_fen(call, "refund_count", count);
}

void gate_v2_close(struct gate_v2 *call)
{
	struct gate_order *order = find_order(call);

	if (order && order->way == GATE_SCANNED)
		gate_v2_refuse(call, "INVALID_REQUEST", "付款码订单不支持关单,请撤销", "W5");
	else if (order && !gate_order_close(call->gate, order))
		gate_v2_refuse(call, "ORDERPAID", "该订单已支付", "");
}
