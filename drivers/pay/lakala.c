#include "drivers/pay/lakala.h"

#include "drivers/pay/lakala_private.h"
#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/base/text.h"

#include <stdlib.h>
#include <string.h>

#define SUBJECT 43    /* bytes of the title and its NUL: Lakala takes 42 */
#define REASON  33    /* of a refund's reason: 32 */

/* The call's path; a cancelling has two: codes are revoked, what we show is closed. NULL: no such call. Bills come from the merchants' website alone. */
static const char *const paths[ZG_PAY_CALLS] = {
	[ZG_CALL_CODE] = "/api/v3/labs/trans/micropay",
	[ZG_CALL_SHOW] = "/api/v3/labs/trans/preorder",
	[ZG_CALL_QUERY] = "/api/v3/labs/query/tradequery",
	[ZG_CALL_CANCEL] = "/api/v3/labs/relation/revoked",
	[ZG_CALL_REFUND] = "/api/v3/rfd/refund_front/refund",
	[ZG_CALL_REFUND_QUERY] = "/api/v3/rfd/refund_front/refund_query",
	[ZG_CALL_CHECK] = "/api/v3/labs/query/tradequery",
};
#define CLOSE_PATH "/api/v3/labs/relation/close"

/* Wallets whose codes Lakala lets a till show (trans_type 41). WeChat is not among them; of the others it is not known. */
static const struct {
	enum zg_wallet wallet;
	const char *account_type;
} shows[] = {
	{ ZG_WALLET_ALIPAY, "ALIPAY" },
	{ ZG_WALLET_UNIONPAY, "UQRCODEPAY" },
};

/* Seconds. Lakala's advice: 5, 5, 5, 5, 10, 10, 20 from one query to the next, then leave it to people; we revoke after a minute. */
static const struct zg_pay_times by_code = {
	.connect_s = 5, .total_s = 15,
	.queries_s = { 5, 10, 15, 20, 30, 40, 60 }, .every_s = 20,
	.cancel_from_s = 15, .cancel_s = 60, .cancel_again_s = { 5, 10, 20, 40, 60 },
};
static const struct zg_pay_times shown = {
	ZG_PAY_SHOWN,
};

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
	free(keys->serial);
	free(keys->merchant);
	free(keys->terminal);
	free(keys->request_ip);
	zg_rsa_free(keys->secret);
	for (size_t i = 0; i < keys->platforms; i++)
		zg_rsa_free(keys->platform[i]);
	free(keys);
}

static enum zg_result need_all(const struct zg_pay_account *account, struct zg_error *err)
{
	const struct {
		const char *value, *name;
	} needed[] = {
		{ account->url[0], "url" }, { account->appid, "appid" }, { account->serial, "serial" }, { account->merchant, "merchant_no" },
		{ account->terminal, "term_no" }, { account->key_pem, "key" }, { account->platform_pem, "platform_cert" },
	};
	enum zg_result result = ZG_OK;

	for (size_t i = 0; result == ZG_OK && i < sizeof(needed) / sizeof(needed[0]); i++)
		result = zg_pay_need(needed[i].value, "lakala", needed[i].name, err);
	if (result == ZG_OK && account->serial[strspn(account->serial, "0123456789abcdefABCDEF")])
		result = zg_fail(err, ZG_USAGE, _("The setting serial of [pay.lakala] is the certificate's number in hexadecimal, without colons."));
	return result;
}

static enum zg_result read_platforms(const char *pem, struct zg_pay_keys *keys, struct zg_error *err)
{
	enum zg_result result = ZG_OK;

	for (const char *at = pem; result == ZG_OK && at && keys->platforms < ZG_LAKALA_PLATFORMS; at = zg_pem_next(at)) {
		struct zg_rsa *key = NULL;

		result = zg_pay_read_key(zg_rsa_read_public, at, "lakala", "platform_cert", &key, err);
		if (result != ZG_OK)
			break;
		keys->platform[keys->platforms++] = key;
		if (zg_rsa_is_same(key, keys->secret))
			result = zg_fail(err, ZG_USAGE, "[pay.lakala] platform_cert: %s", _("This is the shop's own certificate. Lakala's is needed here."));
	}
	return result;
}

static enum zg_result open_keys(const struct zg_pay_account *account, struct zg_pay_keys **out, struct zg_error *err)
{
	struct zg_pay_keys *keys = zg_alloc(1, sizeof(*keys));
	enum zg_result result = need_all(account, err);

	*out = NULL;
	if (result == ZG_OK)
		result = zg_pay_read_key(zg_rsa_read_private, account->key_pem, "lakala", "key", &keys->secret, err);
	if (result == ZG_OK)
		result = read_platforms(account->platform_pem, keys, err);
	if (result != ZG_OK) {
		close_keys(keys);
		return result;
	}
	keys->url[0] = zg_copy(account->url[0]);
	keys->url[1] = zg_copy(account->url[1]);
	keys->appid = zg_copy(account->appid);
	keys->serial = zg_copy(account->serial);
	keys->merchant = zg_copy(account->merchant);
	keys->terminal = zg_copy(account->terminal);
	keys->request_ip = zg_copy(account->request_ip && account->request_ip[0] ? account->request_ip : "127.0.0.1");
	*out = keys;
	return ZG_OK;
}

static int64_t ends(const struct zg_pay_keys *keys)
{
	int64_t last = 0;

	for (size_t i = 0; i < keys->platforms; i++) {
		if (zg_rsa_ends(keys->platform[i]) == 0)
			return 0;
		if (zg_rsa_ends(keys->platform[i]) > last)
			last = zg_rsa_ends(keys->platform[i]);
	}
	return last;
}

/* -- the request */

static void set_fen(json_t *data, const char *key, zg_fen amount)
{
	char *text = zg_print("%lld", (long long)amount);

	zg_json_set_string(data, key, text);
	free(text);
}

static void set_cut(json_t *data, const char *key, const char *text, size_t size)
{
	char cut[SUBJECT];

	zg_text_clean(cut, size, text, strlen(text));
	zg_json_set_string(data, key, cut);
}

static void set_place(json_t *data, const struct zg_pay_keys *keys)
{
	json_t *place = zg_json_object();

	zg_json_set_string(place, "request_ip", keys->request_ip);
	zg_json_set(data, "location_info", place);
}

static const char *account_type(enum zg_wallet wallet)
{
	for (size_t i = 0; i < sizeof(shows) / sizeof(shows[0]); i++)
		if (shows[i].wallet == wallet)
			return shows[i].account_type;
	return NULL;
}

static void add_preorder(json_t *data, const struct zg_pay_keys *keys, const struct zg_pay_order *order, const struct zg_pay_moment *moment)
{
	json_t *busi = zg_json_object();
	char *minutes = zg_print("%d", zg_pay_minutes(order, moment, 1, 15));

	zg_json_set_string(data, "account_type", account_type(order->wallet));
	zg_json_set_string(data, "trans_type", "41");
	set_fen(data, "total_amount", order->amount_fen);
	set_place(data, keys);
	set_cut(data, "subject", order->title, SUBJECT);
	zg_json_set_string(busi, "timeout_express", minutes);
	zg_json_set(data, "acc_busi_fields", busi);
	free(minutes);
}

static void add_refund(json_t *data, const struct zg_pay_keys *keys, const struct zg_pay_order *order)
{
	set_fen(data, "refund_amount", order->refund_fen);
	if (order->reason && order->reason[0])
		set_cut(data, "refund_reason", order->reason, REASON);
	zg_json_set_string(data, "origin_out_trade_no", order->number);
	/* two names of the payment are better than one */
	if (order->channel_no && order->channel_no[0])
		zg_json_set_string(data, "origin_trade_no", order->channel_no);
	set_place(data, keys);
}

static json_t *data_of(const struct zg_pay_keys *keys, enum zg_pay_call call, const struct zg_pay_order *order, const struct zg_pay_moment *moment)
{
	json_t *data = zg_json_object();
	bool is_refund = call == ZG_CALL_REFUND || call == ZG_CALL_REFUND_QUERY, is_cancel = call == ZG_CALL_CANCEL;

	zg_json_set_string(data, "merchant_no", keys->merchant);
	zg_json_set_string(data, "term_no", keys->terminal);
	if (!is_cancel || order->way == ZG_WAY_CODE)
		zg_json_set_string(data, "out_trade_no", call == ZG_CALL_CHECK ? ZG_PAY_NO_ORDER : is_refund ? order->refund_no : is_cancel ? order->cancel_no : order->number);
	switch (call) {
	case ZG_CALL_CODE:
		zg_json_set_string(data, "auth_code", order->code);
		set_fen(data, "total_amount", order->amount_fen);
		set_place(data, keys);
		set_cut(data, "subject", order->title, SUBJECT);
		zg_json_set_string(data, "busi_mode", "ACQ");
		break;
	case ZG_CALL_SHOW:
		add_preorder(data, keys, order, moment);
		break;
	case ZG_CALL_CANCEL:
		zg_json_set_string(data, "origin_out_trade_no", order->number);
		set_place(data, keys);
		break;
	case ZG_CALL_REFUND:
		add_refund(data, keys, order);
		break;
	default:
		break;
	}
	return data;
}

static enum zg_result check(enum zg_pay_call call, const struct zg_pay_order *order, struct zg_error *err)
{
	enum zg_result result = zg_pay_check_order(call, order, err);

	if (result == ZG_OK && !paths[call])
		result = zg_fail(err, ZG_USAGE, _("%s has no such request."), _("Lakala"));
	if (result == ZG_OK && call == ZG_CALL_SHOW && !account_type(order->wallet))
		result = zg_fail(err, ZG_USAGE, _("Lakala gives the till no code of %s to show. Scan the code on the customer's phone instead."),
				 _(zg_wallet_title(order->wallet)));
	if (result == ZG_OK && call == ZG_CALL_CANCEL && order->way == ZG_WAY_CODE && (!order->cancel_no || !order->cancel_no[0]))
		result = zg_fail(err, ZG_USAGE, _("Lakala wants a new number for each time a payment is taken back."));
	return result;
}

/* Signed is what identifies us, the time, the random text and the body: no method, no path. */
static void authorize(const struct zg_pay_keys *keys, const struct zg_pay_moment *moment, struct zg_http_request *request)
{
	struct zg_buffer message = { 0 }, signature = { 0 };
	long long seconds = (long long)(moment->now_ms / 1000);
	char *value;

	zg_buffer_print(&message, "%s\n%s\n%lld\n%s\n%s\n", keys->appid, keys->serial, seconds, moment->nonce, request->body.bytes);
	zg_rsa_sign(keys->secret, message.bytes, message.length, &signature);
	value = zg_print("LKLAPI-SHA256withRSA appid=\"%s\",nonce_str=\"%s\",timestamp=\"%lld\",serial_no=\"%s\",signature=\"%s\"", keys->appid, moment->nonce,
			 seconds, keys->serial, zg_buffer_text(&signature));
	zg_http_request_add(request, "Authorization", value);
	free(value);
	zg_buffer_clear(&message);
	zg_buffer_clear(&signature);
}

static enum zg_result build(const struct zg_pay_keys *keys, enum zg_pay_call call, const struct zg_pay_order *order, const struct zg_pay_moment *moment,
			    struct zg_http_request *request, struct zg_error *err)
{
	enum zg_result result = check(call, order, err);
	char time[ZG_PAY_TIME], *text;
	json_t *envelope;

	if (result != ZG_OK)
		return result;
	envelope = zg_json_object();
	zg_json_set_string(envelope, "req_time", zg_pay_time(time, moment->now_ms, ZG_FORM_PLAIN));
	zg_json_set_string(envelope, "version", "3.0");
	zg_json_set_string(envelope, "out_org_code", keys->appid);
	zg_json_set(envelope, "req_data", data_of(keys, call, order, moment));
	text = zg_pay_json_text(envelope);
	request->method = "POST";
	request->url = zg_print("%s%s", zg_pay_url((const char *const *)keys->url, moment),
				call == ZG_CALL_CANCEL && order->way == ZG_WAY_SHOWN ? CLOSE_PATH : paths[call]);
	zg_http_request_add(request, "Content-Type", "application/json;charset=UTF-8");
	zg_http_request_add(request, "Accept", "application/json");
	zg_buffer_add_text(&request->body, text);
	authorize(keys, moment, request);
	free(text);
	json_decref(envelope);
	return ZG_OK;
}

const struct zg_pay_driver zg_pay_lakala = {
	.name = "lakala",
	.title = N_("Lakala"),
	.source = "Lakala's Java SDK 1.0.6 (V3 labs, header signature); o.lakala.com documents 1004, 1826, 1827 as quoted in public code",
	.proof = ZG_PROOF_MANUAL,
	.channel = ZG_CHANNEL_LAKALA,
	.times = times,
	.open = open_keys,
	.close = close_keys,
	.build = build,
	.read = zg_lakala_read,
	.ends = ends,
};
