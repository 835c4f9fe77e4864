#include "tests/unit/by_phone.h"

#include "src/base/alloc.h"
#include "src/store/journal.h"
#include "src/till/phone.h"
#include "src/till/teller_private.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define OK(call) cr_assert(eq(int, (call), ZG_OK), "%s", shop->err.text)

struct zg_store *by_phone_store(const struct shop *shop)
{
	return (struct zg_store *)(uintptr_t)zg_till_store(shop->till);
}

/* ---- a channel that is set up and cannot be reached ---- */

static const struct zg_pay_times *times(enum zg_pay_way way)
{
	static const struct zg_pay_times same = { .connect_s = 1, .total_s = 1, .queries_s = { 3 }, .every_s = 5, .cancel_s = 45, .cancel_again_s = { 5 },
		.refund_until_s = 86400 };

	(void)way;
	return &same;
}

static enum zg_result open_keys(const struct zg_pay_account *account, struct zg_pay_keys **keys, struct zg_error *err)
{
	(void)account;
	(void)err;
	*keys = NULL;
	return ZG_OK;
}

static void close_keys(struct zg_pay_keys *keys)
{
	(void)keys;
}

bool by_phone_builds;

static enum zg_result build(const struct zg_pay_keys *keys, enum zg_pay_call call, const struct zg_pay_order *order, const struct zg_pay_moment *moment,
			    struct zg_http_request *request, struct zg_error *err)
{
	(void)keys;
	(void)call;
	(void)order;
	(void)moment;
	if (!by_phone_builds)
		return zg_fail(err, ZG_USAGE, "The network is down.");
	request->method = "POST";
	request->url = zg_copy("http://127.0.0.1:9/");
	return ZG_OK;
}

const struct zg_pay_driver by_phone_driver = { .name = "wechat", .title = "WeChat", .source = "a test", .channel = ZG_CHANNEL_WECHAT, .times = times,
	.open = open_keys, .close = close_keys, .build = build };
const struct zg_pay_driver *const by_phone_channels[] = { &by_phone_driver, NULL };
const char by_phone_config[] = "[shop]\nname = 店\nrounding = jiao\n\n[till]\nid = 1\n\n[pay.wechat]\nurl = http://127.0.0.1:9\n";

void by_phone_send(struct shop *shop, struct zg_payment *payment)
{
	json_t *body = zg_json_object();

	OK(zg_store_begin(by_phone_store(shop), ZG_SYNC_FULL, &shop->err));
	OK(zg_payments_add(by_phone_store(shop), 1, payment, &shop->err));
	zg_attempt_step(&payment->attempt, ZG_EVENT_SEND);
	payment->sent_at = payment->begun_at;
	OK(zg_payments_set(by_phone_store(shop), payment, &shop->err));
	zg_json_set_integer(body, "sale", payment->sale_id);
	zg_json_set_string(body, "payment", payment->number);
	zg_json_set_string(body, "channel", zg_channel_name(payment->channel));
	zg_json_set_string(body, "wallet", zg_wallet_name(payment->wallet));
	zg_json_set_string(body, "way", payment->way == ZG_WAY_SHOWN ? "shown" : "code");
	zg_json_set_integer(body, "amount_fen", payment->amount_fen);
	OK(zg_journal_add(by_phone_store(shop), payment->begun_by, "pay.begin", body, NULL, &shop->err));
	OK(zg_store_commit(by_phone_store(shop), &shop->err));
	json_decref(body);
}

int64_t by_phone_begin(struct shop **made, bool has_channel, zg_fen amount)
{
	struct shop *shop;
	struct zg_payment payment = { .channel = ZG_CHANNEL_WECHAT, .wallet = ZG_WALLET_WECHAT, .amount_fen = amount, .begun_by = "lin" };

	*made = shop = shop_begin(has_channel ? by_phone_config : NULL);
	if (has_channel)
		shop->payers = by_phone_channels;
	OK(shop_sign_in(shop, "lin"));
	OK(shop_do(shop, "shift.open", "{s:i}", "float_fen", 0));
	OK(shop_do(shop, "sale.add", "{s:s}", "code", "1003"));
	payment.sale_id = zg_till_sale_id(shop->till);
	by_phone_send(shop, &payment);
	shop_restart(shop);
	OK(shop_sign_in(shop, "lin"));
	return payment.id;
}

struct zg_payment by_phone_payment(struct shop *shop, int64_t id)
{
	struct zg_payment payment = { .id = 0 };

	OK(zg_payments_find(by_phone_store(shop), id, &payment, &shop->err));
	return payment;
}

void by_phone_prove(struct shop *shop, int64_t id)
{
	struct zg_affair *affair = shop->till->teller->affairs;

	cr_assert(affair && affair->payment.id == id);
	struct zg_pay_answer answer = { .says = ZG_SAYS_PAID, .proof = ZG_PROVED_VERIFIED, .amount_fen = affair->payment.amount_fen, .is_ours = true,
		.channel_no = "4200001" };

	zg_affair_news(affair, &(struct zg_news){ .call = "query", .event = ZG_EVENT_PAID, .answer = &answer });
}

size_t by_phone_refunds(struct shop *shop, int64_t payment, struct zg_pay_refund *last)
{
	struct zg_pay_refund *refunds = NULL;
	size_t count = 0;

	OK(zg_pay_refunds_of(by_phone_store(shop), payment, &refunds, &count, &shop->err));
	if (count)
		*last = refunds[count - 1];
	free(refunds);
	return count;
}

void by_phone_refund_is(struct shop *shop, struct zg_pay_refund *refund, enum zg_pay_refund_state state)
{
	json_t *body = zg_json_object();
	char kind[32];

	refund->state = state;
	refund->ended_at = state == ZG_PAY_REFUND_DONE || state == ZG_PAY_REFUND_FAILED ? 1 : 0;
	snprintf(kind, sizeof(kind), "pay.refund.%s", zg_pay_refund_state_name(state));
	zg_json_set_string(body, "payment", by_phone_payment(shop, refund->payment_id).number);
	zg_json_set_string(body, "refund", refund->number);
	zg_json_set_integer(body, "refund_fen", refund->amount_fen);
	OK(zg_store_begin(by_phone_store(shop), ZG_SYNC_FULL, &shop->err));
	OK(zg_pay_refunds_set(by_phone_store(shop), refund, &shop->err));
	OK(zg_journal_add(by_phone_store(shop), refund->begun_by, kind, body, NULL, &shop->err));
	OK(zg_store_commit(by_phone_store(shop), &shop->err));
	json_decref(body);
}
