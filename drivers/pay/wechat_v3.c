/* APIv3: requests. Answers are in wechat_v3_read.c. */
#include "drivers/pay/wechat_private.h"

#include "src/base/alloc.h"
#include "src/base/clock.h"
#include "src/base/i18n.h"
#include "src/base/text.h"

#include <stdlib.h>
#include <string.h>

#define LEAST_LIFE_MS 60000    /* WeChat refuses a code that expires sooner */
#define REASON        81       /* bytes of a refund's reason, with its NUL */

static void set_clean(json_t *object, const char *key, const char *text, size_t size)
{
	char clean[ZG_WECHAT_TEXT];

	zg_text_clean(clean, size, text, strlen(text));
	zg_json_set_string(object, key, clean);
}

static void set_amount(json_t *body, zg_fen total)
{
	json_t *amount = zg_json_object();

	zg_json_set_integer(amount, "total", total);
	zg_json_set_string(amount, "currency", "CNY");
	zg_json_set(body, "amount", amount);
}

static json_t *payment(const struct zg_pay_keys *keys, const struct zg_pay_order *order)
{
	json_t *body = zg_json_object();

	zg_json_set_string(body, "appid", keys->appid);
	zg_json_set_string(body, "mchid", keys->merchant);
	set_clean(body, "description", order->title, ZG_WECHAT_TEXT);
	zg_json_set_string(body, "out_trade_no", order->number);
	return body;
}

static json_t *shown(const struct zg_pay_keys *keys, const struct zg_pay_order *order)
{
	json_t *body = payment(keys, order);
	char time[ZG_PAY_TIME];

	if (order->expires_at > 0)
		zg_json_set_string(body, "time_expire", zg_pay_time(time, order->expires_at, ZG_FORM_RFC3339));
	zg_json_set_string(body, "notify_url", keys->notify_url);
	set_amount(body, order->amount_fen);
	return body;
}

/* The shop has to be named; an account without a terminal names its merchant. */
static json_t *scanned(const struct zg_pay_keys *keys, const struct zg_pay_order *order)
{
	json_t *body = payment(keys, order), *payer = zg_json_object(), *scene = zg_json_object(), *store = zg_json_object();
	bool has_terminal = keys->terminal && keys->terminal[0];

	zg_json_set_string(payer, "auth_code", order->code);
	zg_json_set(body, "payer", payer);
	set_amount(body, order->amount_fen);
	zg_json_set_string(store, "out_id", has_terminal ? keys->terminal : keys->merchant);
	zg_json_set(scene, "store_info", store);
	if (has_terminal)
		zg_json_set_string(scene, "device_id", keys->terminal);
	if (keys->request_ip && keys->request_ip[0])
		zg_json_set_string(scene, "device_ip", keys->request_ip);
	zg_json_set(body, "scene_info", scene);
	return body;
}

static json_t *cancelling(const struct zg_pay_keys *keys, bool is_reversal)
{
	json_t *body = zg_json_object();

	if (is_reversal)
		zg_json_set_string(body, "appid", keys->appid);
	zg_json_set_string(body, "mchid", keys->merchant);
	return body;
}

static json_t *refund(const struct zg_pay_order *order)
{
	json_t *body = zg_json_object(), *amount = zg_json_object();

	zg_json_set_string(body, "out_trade_no", order->number);
	zg_json_set_string(body, "out_refund_no", order->refund_no);
	if (order->reason && order->reason[0])
		set_clean(body, "reason", order->reason, REASON);
	zg_json_set_integer(amount, "refund", order->refund_fen);
	zg_json_set_integer(amount, "total", order->amount_fen);
	zg_json_set_string(amount, "currency", "CNY");
	zg_json_set(body, "amount", amount);
	return body;
}

/* One call's method, path and body (NULL: a GET). */
struct what {
	char *path;    /* owned */
	json_t *body;  /* owned */
};

static char *bill_path(const struct zg_pay_order *order)
{
	const char *type = order->bill_type && order->bill_type[0] ? order->bill_type : "ALL";

	if (strcmp(type, "BASIC") == 0 || strcmp(type, "OPERATION") == 0 || strcmp(type, "FEES") == 0)
		return zg_print("/v3/bill/fundflowbill?bill_date=%s&account_type=%s", order->day, type);
	return zg_print("/v3/bill/tradebill?bill_date=%s&bill_type=%s&tar_type=GZIP", order->day, type);
}

static struct what describe(const struct zg_pay_keys *keys, enum zg_pay_call call, const struct zg_pay_order *order)
{
	bool is_reversal = order->way == ZG_WAY_CODE;

	switch (call) {
	case ZG_CALL_CODE:
		return (struct what){ zg_copy("/v3/pay/transactions/codepay"), scanned(keys, order) };
	case ZG_CALL_SHOW:
		return (struct what){ zg_copy("/v3/pay/transactions/native"), shown(keys, order) };
	case ZG_CALL_QUERY:
	case ZG_CALL_CHECK:
		return (struct what){ zg_print("/v3/pay/transactions/out-trade-no/%s?mchid=%s", call == ZG_CALL_CHECK ? ZG_WECHAT_CHECK : order->number,
					       keys->merchant), NULL };
	case ZG_CALL_CANCEL:
		return (struct what){ zg_print("/v3/pay/transactions/out-trade-no/%s/%s", order->number, is_reversal ? "reverse" : "close"),
				      cancelling(keys, is_reversal) };
	case ZG_CALL_REFUND:
		return (struct what){ zg_copy("/v3/refund/domestic/refunds"), refund(order) };
	case ZG_CALL_REFUND_QUERY:
		return (struct what){ zg_print("/v3/refund/domestic/refunds/%s", order->refund_no), NULL };
	case ZG_CALL_BILL:
		return (struct what){ bill_path(order), NULL };
	default:
		return (struct what){ zg_copy("/v3/certificates"), NULL };
	}
}

/* A bill lies where the answer said; the whole of that address is signed. */
static bool is_bill_url(const struct zg_pay_keys *keys, const char *url)
{
	if (!url)
		return false;
	for (const char *c = url; *c; c++)
		if (*c <= ' ' || *c > '~')
			return false;
	if (strncmp(url, "https://", 8) == 0)
		return url[8] != '\0' && url[8] != '/';
	for (size_t i = 0; i < 2; i++) {
		size_t length = keys->url[i] ? strlen(keys->url[i]) : 0;

		if (length > 0 && strncmp(url, keys->url[i], length) == 0 && url[length] == '/')
			return true;
	}
	return false;
}

static bool is_word(const char *text)
{
	return text[strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_")] == '\0';
}

static enum zg_result check(const struct zg_pay_keys *keys, enum zg_pay_call call, const struct zg_pay_order *order, struct zg_error *err)
{
	if (call == ZG_CALL_SHOW && order->expires_at > 0 && order->expires_at < order->begun_at + LEAST_LIFE_MS)
		return zg_fail(err, ZG_USAGE, _("A code that is shown must be valid for a minute at least."));
	if (call == ZG_CALL_REFUND && order->refund_fen > order->amount_fen)
		return zg_fail(err, ZG_USAGE, _("A refund cannot be more than was paid."));
	if (call == ZG_CALL_BILL && (!order->day || !zg_day_is_valid(order->day)))
		return zg_fail(err, ZG_USAGE, _("The day of a bill is written 2026-11-23."));
	if (call == ZG_CALL_BILL && order->bill_type && !is_word(order->bill_type))
		return zg_fail(err, ZG_USAGE, _("%s has no such bill."), _("WeChat Pay"));
	if (call == ZG_CALL_BILL_FILE && !is_bill_url(keys, order->bill_url))
		return zg_fail(err, ZG_USAGE, _("The address of the bill is no web address."));
	if (call == ZG_CALL_KEYS)
		return zg_pay_need(keys->api3_key, "wechat", "apiv3_key_file", err);
	return ZG_OK;
}

enum zg_result zg_wechat_v3_build(const struct zg_pay_keys *keys, enum zg_pay_call call, const struct zg_pay_order *order, const struct zg_pay_moment *moment,
				  struct zg_http_request *request, struct zg_error *err)
{
	enum zg_result result = check(keys, call, order, err);

	if (result != ZG_OK)
		return result;
	request->method = "GET";
	if (call == ZG_CALL_BILL_FILE) {
		request->url = zg_copy(order->bill_url);
	} else {
		struct what what = describe(keys, call, order);

		request->url = zg_print("%s%s", zg_pay_url((const char *const *)keys->url, moment), what.path);
		if (what.body) {
			char *text = zg_pay_json_text(what.body);

			/* signed and sent from the same bytes */
			request->method = "POST";
			zg_buffer_add_text(&request->body, text);
			free(text);
			json_decref(what.body);
		}
		free(what.path);
	}
	zg_wechat_authorize(keys, moment, request);
	zg_http_request_add(request, "Accept", "application/json");
	zg_http_request_add(request, "User-Agent", "zhanggui/" PACKAGE_VERSION);
	if (request->body.length > 0)
		zg_http_request_add(request, "Content-Type", "application/json");
	/* asks for answers signed with the key that stays; without it, a merchant in the middle of the change gets those of certificates */
	if (keys->public_key_id)
		zg_http_request_add(request, "Wechatpay-Serial", keys->public_key_id);
	return ZG_OK;
}
