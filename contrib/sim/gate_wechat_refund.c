/* WeChat Pay APIv3: refunds (W8), and the certificates that it hands out. */
#include "contrib/sim/gate_fields.h"
#include "contrib/sim/gate_time.h"
#include "contrib/sim/gate_wechat.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct gate_field amount_members[] = {
	{ "refund",   GATE_INTEGER, true,  1, 100000000000, NULL, NULL },
	{ "total",    GATE_INTEGER, true,  1, 100000000000, NULL, NULL },
	{ "currency", GATE_TEXT,    true,  3, 3, "CNY", NULL },
	{ "from",     GATE_LIST,    false, 0, 0, NULL, NULL },
	{ 0 }
};
static const struct gate_field refund_fields[] = {
	{ "transaction_id", GATE_TEXT,   false, 1, 32, NULL, NULL },
	{ "out_trade_no",   GATE_TEXT,   false, 6, 32, GATE_ORDER_SIGNS, NULL },
	{ "out_refund_no",  GATE_TEXT,   true,  1, 64, GATE_ORDER_SIGNS "@", NULL },
	{ "reason",         GATE_TEXT,   false, 0, 80, NULL, NULL },
	{ "notify_url",     GATE_TEXT,   false, 9, 256, NULL, NULL },
	{ "funds_account",  GATE_TEXT,   false, 1, 32, NULL, NULL },
	{ "amount",         GATE_OBJECT, true,  0, 0, NULL, amount_members },
	{ "goods_detail",   GATE_LIST,   false, 0, 0, NULL, NULL },
	{ 0 }
};

static json_t *describe(struct gate *gate, const struct gate_refund *refund)
{
	json_t *all = zg_json_object(), *amount = zg_json_object();
	char time[GATE_TIME];
	int64_t fen = gate_told_fen(gate, refund->fen), total = refund->order->fen;
	static const char *const states[] = { "PROCESSING", "SUCCESS", "ABNORMAL" };

	zg_json_set_string(all, "refund_id", refund->no);
	zg_json_set_string(all, "out_refund_no", gate_told_number(gate, refund->number));
	zg_json_set_string(all, "transaction_id", refund->order->no);
	zg_json_set_string(all, "out_trade_no", refund->order->number);
	zg_json_set_string(all, "channel", "ORIGINAL");
	zg_json_set_string(all, "user_received_account", gate_told_text(gate, "支付用户零钱"));
	zg_json_set_string(all, "create_time", gate_time(time, GATE_RFC3339, refund->asked_at));
	if (refund->state == GATE_REFUNDED)
		zg_json_set_string(all, "success_time", gate_time(time, GATE_RFC3339, refund->done_at));
	zg_json_set_string(all, "status", states[refund->state]);
	zg_json_set_string(all, "funds_account", "AVAILABLE");
	zg_json_set_integer(amount, "total", total);
	zg_json_set_integer(amount, "refund", fen);
	zg_json_set_integer(amount, "payer_total", total);
	zg_json_set_integer(amount, "payer_refund", fen);
	zg_json_set_integer(amount, "settlement_total", total);
	zg_json_set_integer(amount, "settlement_refund", fen);
	zg_json_set_integer(amount, "discount_refund", 0);
	zg_json_set_string(amount, "currency", "CNY");
	zg_json_set(all, "amount", amount);
	zg_json_set(all, "promotion_detail", zg_json_array());
	return all;
}

static int status_of(const struct gate_no *no)
{
	if (strcmp(no->code, "FREQUENCY_LIMITED") == 0)
		return 429;
	if (strcmp(no->code, "SYSTEM_ERROR") == 0)
		return 500;
	return strcmp(no->code, "NOT_ENOUGH") == 0 ? 403 : 400;
}

/* By either number; both must then name the same order. */
static struct gate_order *order_of(struct gate_v3 *call)
{
	const char *number = gate_text_of(call->body, "out_trade_no"), *no = gate_text_of(call->body, "transaction_id");
	struct gate_order *order = *no ? gate_order_find_no(call->gate, GATE_WECHAT, no) : gate_order_find(call->gate, GATE_WECHAT, number);

	return order && *number && strcmp(order->number, number) != 0 ? NULL : order;
}

void gate_v3_refund(struct gate_v3 *call)
{
	char why[160], print[GATE_DIGEST];
	struct gate_refund *refund = NULL;
	const char *number = gate_text_of(call->body, "out_refund_no");

	if (!gate_fields_check(call->body, refund_fields, why, sizeof(why))) {
		gate_v3_fail(call, 400, "PARAM_ERROR", why, "W3");
		return;
	}
	if (!json_object_get(call->body, "out_trade_no") && !json_object_get(call->body, "transaction_id")) {
		gate_v3_fail(call, 400, "PARAM_ERROR", "one of transaction_id and out_trade_no is needed", "W3");
		return;
	}
	struct gate_order *order = order_of(call);

	snprintf(call->reply->number, sizeof(call->reply->number), "%s", number);
	if (!order) {
		gate_v3_fail(call, 404, "RESOURCE_NOT_EXISTS", "订单不存在", "");
		return;
	}
	char *text = zg_json_text(call->body);

	gate_digest(print, "sha256", text, strlen(text));
	free(text);
	const struct gate_no *no = gate_wechat_refund(call->gate, order, number, json_integer_value(gate_member(call->body, "amount.refund")),
						      json_integer_value(gate_member(call->body, "amount.total")), print, gate_text_of(call->body, "reason"), &refund);

	if (no) {
		gate_v3_fail(call, status_of(no), no->code, no->text, no->rule);
		return;
	}
	call->reply->status = 200;
	call->answer = describe(call->gate, refund);
}

void gate_v3_refund_query(struct gate_v3 *call)
{
	struct gate_refund *refund = gate_refund_find(call->gate, GATE_WECHAT, call->number);

	snprintf(call->reply->number, sizeof(call->reply->number), "%s", call->number);
	if (!refund) {
		gate_v3_fail(call, 404, "RESOURCE_NOT_EXISTS", "退款单不存在", "");
		return;
	}
	call->reply->status = 200;
	call->answer = describe(call->gate, refund);
}

void gate_v3_certificates(struct gate_v3 *call)
{
	struct gate *gate = call->gate;
	json_t *list = zg_json_array(), *one = zg_json_object(), *sealed = zg_json_object();
	struct zg_buffer cipher = { 0 };
	const char *pem = strstr(gate_key_text(gate->shop->platform_certificate), "-----BEGIN CERTIFICATE-----");
	char nonce[16], time[GATE_TIME];

	gate_nonce(gate, nonce, 12);
	gate_seal(gate->shop->apiv3_key, nonce, "certificate", pem ? pem : "", &cipher);
	zg_json_set_string(sealed, "algorithm", "AEAD_AES_256_GCM");
	zg_json_set_string(sealed, "nonce", nonce);
	zg_json_set_string(sealed, "associated_data", "certificate");
	zg_json_set_string(sealed, "ciphertext", zg_buffer_text(&cipher));
	zg_json_set_string(one, "serial_no", gate_key_serial(gate->shop->platform_certificate));
	zg_json_set_string(one, "effective_time", gate_time(time, GATE_RFC3339, gate_now(gate) - 86400000LL * 30));
	zg_json_set_string(one, "expire_time", gate_time(time, GATE_RFC3339, gate_now(gate) + 86400000LL * 1800));
	zg_json_set(one, "encrypt_certificate", sealed);
	zg_json_append(list, one);
	call->reply->status = 200;
	call->answer = zg_json_object();
	zg_json_set(call->answer, "data", list);
	zg_buffer_clear(&cipher);
}
