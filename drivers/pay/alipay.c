#include "drivers/pay/alipay.h"

#include "drivers/pay/alipay_private.h"
#include "src/base/alloc.h"
#include "src/base/clock.h"
#include "src/base/i18n.h"
#include "src/base/text.h"

#include <stdlib.h>
#include <string.h>

#define PARAMS    12
#define MOST_FEN  10000000000LL    /* 100,000,000.00: trade.pay's limit */
#define SUBJECT   121              /* bytes of the title, of 256 characters that Alipay takes */
#define CODE_LIFE "5m"             /* an order by code that the till forgets closes itself */

static const char *const methods[ZG_PAY_CALLS] = {
	[ZG_CALL_CODE] = "alipay.trade.pay",
	[ZG_CALL_SHOW] = "alipay.trade.precreate",
	[ZG_CALL_QUERY] = "alipay.trade.query",
	/* both ways: close knows no order before somebody has scanned, cancel withdraws the code itself */
	[ZG_CALL_CANCEL] = "alipay.trade.cancel",
	[ZG_CALL_REFUND] = "alipay.trade.refund",
	[ZG_CALL_REFUND_QUERY] = "alipay.trade.fastpay.refund.query",
	[ZG_CALL_BILL] = "alipay.data.dataservice.bill.downloadurl.query",
	[ZG_CALL_CHECK] = "alipay.trade.query",
};

/* Seconds, from Alipay's advice for payments by code: ask for about a minute, then cancel at once; within 24 h, later refund. */
static const struct zg_pay_times by_code = {
	.connect_s = 5, .total_s = 15,
	.queries_s = { 2, 4, 7, 10 }, .every_s = 5,
	.cancel_from_s = 5, .cancel_s = 60, .cancel_again_s = { 5, 10, 20, 40, 60 },
	.cancel_until_s = 86400, .refund_until_s = 365 * 86400LL,
};
static const struct zg_pay_times shown = {
	ZG_PAY_SHOWN,
	.cancel_until_s = 86400, .refund_until_s = 365 * 86400LL,
};

const char *zg_alipay_method(enum zg_pay_call call)
{
	return methods[call];
}

static const struct zg_pay_times *times(enum zg_pay_way way)
{
	return way == ZG_WAY_CODE ? &by_code : &shown;
}

/* -- the account */

static void close_keys(struct zg_pay_keys *keys)
{
	if (!keys)
		return;
	free(keys->url[0]);
	free(keys->url[1]);
	free(keys->appid);
	free(keys->seller);
	free(keys->notify_url);
	zg_rsa_free(keys->secret);
	zg_rsa_free(keys->alipay);
	free(keys);
}

static enum zg_result open_keys(const struct zg_pay_account *account, struct zg_pay_keys **out, struct zg_error *err)
{
	struct zg_pay_keys *keys = zg_alloc(1, sizeof(*keys));
	enum zg_result result = zg_pay_need(account->url[0], "alipay", "url", err);

	*out = NULL;
	if (result == ZG_OK)
		result = zg_pay_need(account->appid, "alipay", "app_id", err);
	if (result == ZG_OK)
		result = zg_pay_read_key(zg_rsa_read_private, account->key_pem, "alipay", "key", &keys->secret, err);
	if (result == ZG_OK)
		result = zg_pay_read_key(zg_rsa_read_public, account->public_key_pem, "alipay", "alipay_public_key", &keys->alipay, err);
	/* the commonest mistake: the page shows both, one under the other */
	if (result == ZG_OK && zg_rsa_is_same(keys->secret, keys->alipay))
		result = zg_fail(err, ZG_USAGE, "[pay.alipay] alipay_public_key: %s",
				 _("This is the shop's own public key. Copy the one called Alipay public key (支付宝公钥) from Alipay's website."));
	if (result != ZG_OK) {
		close_keys(keys);
		return result;
	}
	keys->url[0] = zg_copy(account->url[0]);
	keys->url[1] = zg_copy(account->url[1]);
	keys->appid = zg_copy(account->appid);
	keys->seller = zg_copy(account->merchant);
	keys->notify_url = zg_copy(account->notify_url);
	*out = keys;
	return ZG_OK;
}

static int64_t ends(const struct zg_pay_keys *keys)
{
	return zg_rsa_ends(keys->alipay);
}

/* -- the request */

/* As forms are: a space is a plus. */
static void add_encoded(struct zg_buffer *out, const char *text)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789*-._";

	for (; *text; text++) {
		if (*text == ' ')
			zg_buffer_add_byte(out, '+');
		else if (strchr(plain, *text))
			zg_buffer_add_byte(out, (unsigned char)*text);
		else
			zg_buffer_print(out, "%%%02X", (unsigned char)*text);
	}
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct zg_alipay_param *)a)->name, ((const struct zg_alipay_param *)b)->name);
}

static void sign(const struct zg_rsa *secret, const struct zg_alipay_param *params, size_t count, const char *biz_content, struct zg_buffer *signature)
{
	struct zg_alipay_param sorted[PARAMS + 1];
	struct zg_buffer text = { 0 };

	memcpy(sorted, params, count * sizeof(*params));
	sorted[count++] = (struct zg_alipay_param){ "biz_content", biz_content };
	qsort(sorted, count, sizeof(*sorted), by_name);
	for (size_t i = 0; i < count; i++)
		zg_buffer_print(&text, "%s%s=%s", i ? "&" : "", sorted[i].name, sorted[i].value);
	zg_rsa_sign(secret, text.bytes, text.length, signature);
	zg_buffer_clear(&text);
}

void zg_alipay_request(const struct zg_rsa *secret, const char *url, const struct zg_alipay_param *params, size_t count, const char *biz_content,
		       struct zg_http_request *request)
{
	struct zg_buffer whole = { 0 }, signature = { 0 };

	zg_assert(count <= PARAMS);
	zg_buffer_add_text(&whole, url);
	for (size_t i = 0; i < count; i++) {
		zg_buffer_print(&whole, "%c%s=", i ? '&' : '?', params[i].name);
		add_encoded(&whole, params[i].value);
	}
	sign(secret, params, count, biz_content, &signature);
	zg_buffer_add_text(&whole, "&sign=");
	add_encoded(&whole, zg_buffer_text(&signature));
	request->method = "POST";
	request->url = zg_buffer_take(&whole);
	zg_http_request_add(request, "Content-Type", "application/x-www-form-urlencoded;charset=UTF-8");
	zg_buffer_add_text(&request->body, "biz_content=");
	add_encoded(&request->body, biz_content);
	zg_buffer_clear(&signature);
}

static void set_yuan(json_t *biz, const char *key, zg_fen amount)
{
	char text[ZG_AMOUNT_TEXT];

	zg_json_set_string(biz, key, zg_fen_format(text, amount));
}

/* Alipay advises against / = & in the subject, and a comma would shift the columns of its bills. */
static void set_subject(json_t *biz, const char *title)
{
	char text[SUBJECT];

	zg_text_clean(text, sizeof(text), title, strlen(title));
	for (char *c = text; *c; c++)
		if (strchr("/=&,", *c))
			*c = ' ';
	zg_json_set_string(biz, "subject", text);
}

static void set_minutes(json_t *biz, const char *key, const struct zg_pay_order *order, const struct zg_pay_moment *moment)
{
	char *text = zg_print("%dm", zg_pay_minutes(order, moment, 1, 120));    /* a shown code lives 2 h at most */

	zg_json_set_string(biz, key, text);
	free(text);
}

static json_t *business(enum zg_pay_call call, const struct zg_pay_order *order, const struct zg_pay_moment *moment)
{
	json_t *biz = zg_json_object();

	if (call == ZG_CALL_BILL) {
		zg_json_set_string(biz, "bill_type", order->bill_type && order->bill_type[0] ? order->bill_type : "trade");
		zg_json_set_string(biz, "bill_date", order->day);
		return biz;
	}
	zg_json_set_string(biz, "out_trade_no", call == ZG_CALL_CHECK ? ZG_PAY_NO_ORDER : order->number);
	switch (call) {
	case ZG_CALL_CODE:
		zg_json_set_string(biz, "scene", "bar_code");
		zg_json_set_string(biz, "auth_code", order->code);
		set_subject(biz, order->title);
		set_yuan(biz, "total_amount", order->amount_fen);
		zg_json_set_string(biz, "product_code", "FACE_TO_FACE_PAYMENT");
		zg_json_set_string(biz, "timeout_express", CODE_LIFE);
		break;
	case ZG_CALL_SHOW:
		set_yuan(biz, "total_amount", order->amount_fen);
		set_subject(biz, order->title);
		set_minutes(biz, "qr_code_timeout_express", order, moment);
		set_minutes(biz, "timeout_express", order, moment);    /* for one that was scanned and not paid */
		break;
	case ZG_CALL_REFUND:
		set_yuan(biz, "refund_amount", order->refund_fen);
		zg_json_set_string(biz, "out_request_no", order->refund_no);
		if (order->reason && order->reason[0]) {
			char reason[ZG_REASON_MAX + 1];

			zg_text_clean(reason, sizeof(reason), order->reason, strlen(order->reason));
			zg_json_set_string(biz, "refund_reason", reason);
		}
		break;
	case ZG_CALL_REFUND_QUERY:
		zg_json_set_string(biz, "out_request_no", order->refund_no);
		break;
	default:
		break;
	}
	return biz;
}

/* Bills lie on another host, behind an address that holds their right to be fetched. It may come as http: nothing of ours goes that way. */
static enum zg_result build_file(const struct zg_pay_order *order, struct zg_http_request *request, struct zg_error *err)
{
	const char *url = order->bill_url ? order->bill_url : "", *host = url + 7;
	bool is_plain = strncmp(url, "http://", 7) == 0;
	bool is_near = is_plain && (strncmp(host, "127.", 4) == 0 || strncmp(host, "localhost", 9) == 0 || strncmp(host, "[::1]", 5) == 0);

	if (!is_plain && strncmp(url, "https://", 8) != 0)
		return zg_fail(err, ZG_USAGE, _("The address of the bill is no web address."));
	request->method = "GET";
	request->url = is_plain && !is_near ? zg_print("https://%s", host) : zg_copy(url);
	return ZG_OK;
}

static enum zg_result check(enum zg_pay_call call, const struct zg_pay_order *order, struct zg_error *err)
{
	enum zg_result result = zg_pay_check_order(call, order, err);

	if (result == ZG_OK && !methods[call])
		result = zg_fail(err, ZG_USAGE, _("%s has no such request."), _("Alipay"));
	if (result == ZG_OK && (call == ZG_CALL_CODE || call == ZG_CALL_SHOW) && order->amount_fen > MOST_FEN)
		result = zg_fail(err, ZG_USAGE, _("Alipay takes at most 100,000,000.00 at once."));
	if (result == ZG_OK && call == ZG_CALL_BILL && (!order->day || !zg_day_is_valid(order->day)))
		result = zg_fail(err, ZG_USAGE, _("The day of a bill is written 2026-11-23."));
	return result;
}

static enum zg_result build(const struct zg_pay_keys *keys, enum zg_pay_call call, const struct zg_pay_order *order, const struct zg_pay_moment *moment,
			    struct zg_http_request *request, struct zg_error *err)
{
	char time[ZG_PAY_TIME];
	enum zg_result result;

	if (call == ZG_CALL_BILL_FILE)
		return build_file(order, request, err);
	result = check(call, order, err);
	if (result != ZG_OK)
		return result;
	struct zg_alipay_param params[PARAMS] = {
		{ "method", methods[call] }, { "app_id", keys->appid }, { "charset", "utf-8" }, { "version", "1.0" }, { "sign_type", "RSA2" },
		{ "timestamp", zg_pay_time(time, moment->now_ms, ZG_FORM_DASHED) },
	};
	size_t count = 6;
	json_t *biz = business(call, order, moment);
	char *text = zg_pay_json_text(biz);

	/* an empty parameter is signed by some and left out by others: there is none */
	if (keys->notify_url && keys->notify_url[0] && (call == ZG_CALL_CODE || call == ZG_CALL_SHOW))
		params[count++] = (struct zg_alipay_param){ "notify_url", keys->notify_url };
	zg_alipay_request(keys->secret, zg_pay_url((const char *const *)keys->url, moment), params, count, text, request);
	free(text);
	json_decref(biz);
	return ZG_OK;
}

const struct zg_pay_driver zg_pay_alipay = {
	.name = "alipay",
	.title = N_("Alipay"),
	.source = "Alipay's open documents and SDKs (alipay-sdk 4.14.0 for Node); alipay.trade.*, version 1.0, RSA2",
	.proof = ZG_PROOF_MANUAL,
	.channel = ZG_CHANNEL_ALIPAY,
	.times = times,
	.open = open_keys,
	.close = close_keys,
	.build = build,
	.read = zg_alipay_read,
	.ends = ends,
};
