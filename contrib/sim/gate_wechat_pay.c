/* WeChat Pay APIv3: orders, payments by code, queries, and how they are ended (W3 to W5, W7, W9). */
#include "contrib/sim/gate_fields.h"
#include "contrib/sim/gate_time.h"
#include "contrib/sim/gate_wechat.h"

#include "src/base/alloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CODE_URL_MS 7200000    /* a code_url lives two hours */
#define ORDER_MS    604800000  /* an unpaid order seven days */

/* ---- W3: what may stand in a request ---- */

static const struct gate_field amount_members[] = {
	{ "total",    GATE_INTEGER, true,  1, 100000000000, NULL, NULL },
	{ "currency", GATE_TEXT,    false, 3, 3, "CNY", NULL },
	{ 0 }
};
static const struct gate_field store_members[] = {
	{ "id",     GATE_TEXT, false, 1, 32, NULL, NULL },
	{ "out_id", GATE_TEXT, false, 1, 32, NULL, NULL },
	{ 0 }
};
static const struct gate_field native_scene[] = {
	{ "payer_client_ip", GATE_TEXT,   true,  1, 45, NULL, NULL },
	{ "device_id",       GATE_TEXT,   false, 1, 32, NULL, NULL },
	{ "store_info",      GATE_OBJECT, false, 0, 0, NULL, store_members },
	{ 0 }
};
static const struct gate_field code_scene[] = {
	{ "device_id",  GATE_TEXT,   false, 1, 32, NULL, NULL },
	{ "device_ip",  GATE_TEXT,   false, 1, 45, NULL, NULL },
	{ "store_info", GATE_OBJECT, true,  0, 0, NULL, store_members },
	{ 0 }
};
static const struct gate_field payer_members[] = {
	{ "auth_code", GATE_TEXT, true, 18, 18, GATE_DIGITS_ONLY, NULL },
	{ 0 }
};
#define ORDER_FIELDS \
	{ "appid",           GATE_TEXT,   true,  1, 32,  NULL, NULL }, \
	{ "mchid",           GATE_TEXT,   true,  1, 32,  NULL, NULL }, \
	{ "description",     GATE_TEXT,   true,  1, 127, NULL, NULL }, \
	{ "out_trade_no",    GATE_TEXT,   true,  6, 32,  GATE_ORDER_SIGNS, NULL }, \
	{ "attach",          GATE_TEXT,   false, 0, 128, NULL, NULL }, \
	{ "goods_tag",       GATE_TEXT,   false, 0, 32,  NULL, NULL }, \
	{ "support_fapiao",  GATE_SWITCH, false, 0, 0,   NULL, NULL }, \
	{ "detail",          GATE_OBJECT, false, 0, 0,   NULL, NULL }, \
	{ "settle_info",     GATE_OBJECT, false, 0, 0,   NULL, NULL }, \
	{ "amount",          GATE_OBJECT, true,  0, 0,   NULL, amount_members }
static const struct gate_field native_fields[] = {
	ORDER_FIELDS,
	{ "time_expire",     GATE_TEXT,   false, 25, 25, NULL, NULL },
	{ "notify_url",      GATE_TEXT,   true,  9, 255, NULL, NULL },
	{ "scene_info",      GATE_OBJECT, false, 0, 0,   NULL, native_scene },
	{ 0 }
};
static const struct gate_field code_fields[] = {
	ORDER_FIELDS,
	{ "payer",           GATE_OBJECT, true,  0, 0,   NULL, payer_members },
	{ "scene_info",      GATE_OBJECT, true,  0, 0,   NULL, code_scene },
	{ 0 }
};
static const struct gate_field close_fields[] = { { "mchid", GATE_TEXT, true, 1, 32, NULL, NULL }, { 0 } };
static const struct gate_field reverse_fields[] = { { "appid", GATE_TEXT, true, 1, 32, NULL, NULL }, { "mchid", GATE_TEXT, true, 1, 32, NULL, NULL }, { 0 } };

static bool check(struct gate_v3 *call, const struct gate_field *fields)
{
	char why[160];

	if (!gate_fields_check(call->body, fields, why, sizeof(why))) {
		gate_v3_fail(call, 400, "PARAM_ERROR", why, "W3");
		return false;
	}
	const char *appid = zg_json_string(call->body, "appid", call->gate->shop->wechat_appid);

	if (strcmp(zg_json_string(call->body, "mchid", ""), call->gate->shop->mchid) != 0 || strcmp(appid, call->gate->shop->wechat_appid) != 0) {
		gate_v3_fail(call, 400, "APPID_MCHID_NOT_MATCH", "appid and mchid do not match", "W3");
		return false;
	}
	return true;
}

/* What two requests with one order number must have in common: everything. */
static const char *print_of(char print[GATE_DIGEST], const json_t *body)
{
	char *text = zg_json_text(body);

	gate_digest(print, "sha256", text, strlen(text));
	free(text);
	return print;
}

/* W4. True: the order is there and the same; false: there is none, or it failed. */
static struct gate_order *same_order(struct gate_v3 *call, const char *number, const char *print)
{
	struct gate_order *order = gate_order_find(call->gate, GATE_WECHAT, number);

	if (order && strcmp(order->print, print) != 0)
		gate_v3_fail(call, 403, "OUT_TRADE_NO_USED", "商户订单号重复", "W4");
	else if (order && order->was_paid)
		gate_v3_fail(call, 400, "ORDERPAID", "该订单已支付", "W4");
	else if (order && (order->state == GATE_CLOSED || order->state == GATE_REVERSED || order->state == GATE_FAILED))
		gate_v3_fail(call, 400, "ORDER_CLOSED", "该订单已关闭", "W4");
	return order;
}

/* ---- calls ---- */

static bool is_fit(const char *url)
{
	return strncmp(url, "https://", 8) == 0 && !strchr(url, '?');
}

void gate_v3_native(struct gate_v3 *call)
{
	struct gate *gate = call->gate;
	char print[GATE_DIGEST], tail[16];
	int64_t expires = gate_now(gate) + ORDER_MS;
	const char *until = gate_text_of(call->body, "time_expire");

	if (!check(call, native_fields))
		return;
	if (*until && (!gate_time_read(until, GATE_RFC3339, &expires) || expires < gate_now(gate) + 60000)) {
		gate_v3_fail(call, 400, "PARAM_ERROR", "time_expire is no time at least a minute ahead", "W3");
		return;
	}
	if (!is_fit(gate_text_of(call->body, "notify_url"))) {
		gate_v3_fail(call, 400, "PARAM_ERROR", "notify_url must be https and without a query", "W3");
		return;
	}
	const char *number = gate_text_of(call->body, "out_trade_no");
	struct gate_order *order = same_order(call, number, print_of(print, call->body));

	snprintf(call->reply->number, sizeof(call->reply->number), "%s", number);
	if (call->reply->status)
		return;
	if (order) {
		order->code_dies = gate_running(gate) + CODE_URL_MS;
	} else {
		order = gate_order_add(gate, &(struct gate_wish){
			.channel = GATE_WECHAT, .way = GATE_SHOWN, .number = number, .print = print, .wallet = "wechat",
			.title = gate_text_of(call->body, "description"), .attach = gate_text_of(call->body, "attach"),
			.device = gate_text_of(call->body, "scene_info.device_id"), .fen = json_integer_value(gate_member(call->body, "amount.total")),
			.lives_ms = expires - gate_now(gate), .code_lives_ms = CODE_URL_MS });
	}
	call->reply->status = 200;
	call->answer = zg_json_object();
	gate_nonce(gate, tail, 7);
	snprintf(order->url, sizeof(order->url), "weixin://wxpay/bizpayurl/up?pr=%s&groupid=00", tail);
	zg_json_set_string(call->answer, "code_url", order->url);
}

/* The answer to a query, and to a payment by code. */
static json_t *describe(struct gate *gate, const struct gate_order *order)
{
	json_t *all = zg_json_object(), *amount = zg_json_object();
	char time[GATE_TIME];
	int64_t fen = gate_told_fen(gate, order->fen);

	zg_json_set_string(all, "appid", gate->shop->wechat_appid);
	zg_json_set_string(all, "mchid", gate_told_merchant(gate, gate->shop->mchid));
	zg_json_set_string(all, "out_trade_no", gate_told_number(gate, order->number));
	zg_json_set_string(all, "trade_type", order->way == GATE_SCANNED ? "MICROPAY" : "NATIVE");
	zg_json_set_string(all, "trade_state", gate_wechat_state(order));
	zg_json_set_string(all, "trade_state_desc", gate_told_text(gate, gate_wechat_state_text(order)));
	zg_json_set_string(all, "attach", order->attach);
	zg_json_set_integer(amount, "total", fen);
	zg_json_set_string(amount, "currency", "CNY");
	if (order->was_paid) {
		json_t *payer = zg_json_object();

		zg_json_set_string(payer, "openid", order->payer);
		zg_json_set(all, "payer", payer);
		zg_json_set_integer(amount, "payer_total", fen);
		zg_json_set_string(amount, "payer_currency", "CNY");
		zg_json_set_string(all, "transaction_id", order->no);
		zg_json_set_string(all, "bank_type", "OTHERS");
		zg_json_set_string(all, "success_time", gate_time(time, GATE_RFC3339, order->paid_at));
		zg_json_set(all, "promotion_detail", zg_json_array());
	}
	zg_json_set(all, "amount", amount);
	return all;
}

/* W6. How a payment by code stands right after it was asked for. */
static void tell_payment(struct gate_v3 *call, const struct gate_order *order)
{
	if (order->state == GATE_FAILED) {
		gate_v3_fail(call, 403, "NOTENOUGH", "用户余额不足", "");
	} else if (order->was_paid) {
		call->reply->status = 200;
		call->answer = describe(call->gate, order);
	} else {
		gate_v3_fail(call, 202, "USERPAYING", "需要用户输入支付密码", "");
	}
}

void gate_v3_codepay(struct gate_v3 *call)
{
	char print[GATE_DIGEST];
	const char *number = gate_text_of(call->body, "out_trade_no"), *code = gate_text_of(call->body, "payer.auth_code");
	const char *wallet = gate_code_wallet(code);

	if (!check(call, code_fields))
		return;
	struct gate_order *order = same_order(call, number, print_of(print, call->body));

	snprintf(call->reply->number, sizeof(call->reply->number), "%s", number);
	if (call->reply->status)
		return;
	if (!order) {
		if (!wallet || strcmp(wallet, "wechat") != 0) {
			gate_v3_fail(call, 400, "AUTH_CODE_INVALID", "请扫描微信支付被扫条码/二维码", "W6");
			return;
		}
		if (gate_phone_scanned(call->gate, code) != GATE_CODE_FRESH) {
			gate_v3_fail(call, 400, "AUTHCODEEXPIRE", "101 二维码已过期,请用户在微信上刷新后再试", "W6");
			return;
		}
		order = gate_order_add(call->gate, &(struct gate_wish){
			.channel = GATE_WECHAT, .way = GATE_SCANNED, .number = number, .print = print, .wallet = "wechat",
			.title = gate_text_of(call->body, "description"), .attach = gate_text_of(call->body, "attach"),
			.device = gate_text_of(call->body, "scene_info.device_id"), .fen = json_integer_value(gate_member(call->body, "amount.total")),
			.lives_ms = GATE_WECHAT_DROPS_MS });
	}
	tell_payment(call, order);
}

static void tell_order(struct gate_v3 *call, struct gate_order *order)
{
	char mchid[40] = "";
	const char *query = gate_request_query(call->request);

	if (!gate_form_value(query, strlen(query), "mchid", mchid, sizeof(mchid)) || strcmp(mchid, call->gate->shop->mchid) != 0) {
		gate_v3_fail(call, 400, "PARAM_ERROR", "mchid is missing from the query, or not yours", "W3");
		return;
	}
	if (!order || gate_wechat_lags(call->gate, order)) {
		gate_v3_fail(call, 404, "ORDER_NOT_EXIST", "订单不存在", "");
		return;
	}
	call->reply->status = 200;
	call->answer = describe(call->gate, order);
}

void gate_v3_query(struct gate_v3 *call)
{
	snprintf(call->reply->number, sizeof(call->reply->number), "%s", call->number);
	tell_order(call, gate_order_find(call->gate, GATE_WECHAT, call->number));
}

void gate_v3_query_no(struct gate_v3 *call)
{
	struct gate_order *order = gate_order_find_no(call->gate, GATE_WECHAT, call->number);

	tell_order(call, order && order->was_paid ? order : NULL);
}

void gate_v3_close(struct gate_v3 *call)
{
	struct gate_order *order = gate_order_find(call->gate, GATE_WECHAT, call->number);

	snprintf(call->reply->number, sizeof(call->reply->number), "%s", call->number);
	if (!check(call, close_fields))
		return;
	if (order)
		order->cancels++;
	if (!order)
		gate_v3_fail(call, 404, "ORDER_NOT_EXIST", "订单不存在", "");
	else if (order->way == GATE_SCANNED)
		gate_v3_fail(call, 400, "INVALID_REQUEST", "付款码订单不支持关单,请撤销", "W5");
	else if (!gate_order_close(call->gate, order))
		gate_v3_fail(call, 400, "ORDERPAID", "该订单已支付", "");
	else
		call->reply->status = 204;
}

void gate_v3_reverse(struct gate_v3 *call)
{
	struct gate_order *order = gate_order_find(call->gate, GATE_WECHAT, call->number);
	enum gate_took took;

	snprintf(call->reply->number, sizeof(call->reply->number), "%s", call->number);
	if (!check(call, reverse_fields))
		return;
	const struct gate_no *no = order ? gate_wechat_reverse(call->gate, order, &took) : NULL;

	if (!order) {
		gate_v3_fail(call, 404, "ORDER_NOT_EXIST", "订单不存在", "");
	} else if (no) {
		gate_v3_fail(call, 400, no->code, no->text, no->rule);
	} else {
		call->reply->status = 200;
		call->answer = zg_json_object();
		zg_json_set_string(call->answer, "appid", call->gate->shop->wechat_appid);
		zg_json_set_string(call->answer, "mchid", gate_told_merchant(call->gate, call->gate->shop->mchid));
		zg_json_set_string(call->answer, "out_trade_no", gate_told_number(call->gate, order->number));
	}
}
