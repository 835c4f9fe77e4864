#include "drivers/pay/wechat.h"

#include "drivers/pay/wechat_private.h"
#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/base/text.h"

#include <stdlib.h>
#include <string.h>

#define WORD        32     /* characters of merchant and appid at most */
#define SERIAL      40     /* hex digits of a certificate's serial */
#define SECRET      32     /* characters of both API keys */
#define NOTIFY      255
#define LEAST_ORDER 6      /* characters of an order number */

/*
 * Seconds, from WeChat's advice for payments by code: ask for about 45 s, never reverse in the first 15 s; a reversal is possible for
 * 7 days, a refund for a year. The wallet itself drops an unpaid code after some 45 s.
 */
static const struct zg_pay_times by_code = {
	.connect_s = 5, .total_s = 15,
	.queries_s = { 3, 6, 9, 12 }, .every_s = 5,
	.cancel_from_s = 15, .cancel_s = 45, .cancel_again_s = { 5, 10, 20, 40, 60 },
	.cancel_until_s = 7 * 86400, .refund_until_s = 365 * 86400LL, .refund_gap_s = 60,
};
/* Closing an unpaid order has no last day; it may be repeated, which it is beside the queries until one says CLOSED. */
static const struct zg_pay_times shown = {
	ZG_PAY_SHOWN,
	.cancel_until_s = 0, .refund_until_s = 365 * 86400LL, .refund_gap_s = 60,
};

static const struct zg_pay_times *times(enum zg_pay_way way)
{
	return way == ZG_WAY_CODE ? &by_code : &shown;
}

/* -- the account */

static void free_secret(char *text)
{
	if (text)
		explicit_bzero(text, strlen(text));
	free(text);
}

static void close_keys(struct zg_pay_keys *keys)
{
	if (!keys)
		return;
	free(keys->url[0]);
	free(keys->url[1]);
	free(keys->appid);
	free(keys->merchant);
	free(keys->terminal);
	free(keys->serial);
	free(keys->notify_url);
	free(keys->request_ip);
	free_secret(keys->api2_key);
	free_secret(keys->api3_key);
	free(keys->public_key_id);
	zg_rsa_free(keys->secret);
	for (size_t i = 0; i < keys->known_count; i++)
		zg_rsa_free(keys->known[i].key);
	free(keys);
}

static bool has(const char *text)
{
	return text && text[0];
}

static char *copy(const char *text)
{
	return has(text) ? zg_copy(text) : NULL;
}

static bool is_made_of(const char *text, const char *letters, size_t most)
{
	return strlen(text) <= most && text[strspn(text, letters)] == '\0';
}

static enum zg_result wrong(struct zg_error *err, const char *name, const char *why)
{
	return zg_fail(err, ZG_USAGE, "[pay.wechat] %s: %s", name, why);
}

static enum zg_result check_words(const struct zg_pay_account *account, struct zg_error *err)
{
	static const char digits[] = "0123456789", letters[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	const char *notify = account->notify_url;

	if (!is_made_of(account->merchant, digits, WORD))
		return wrong(err, "mchid", _("This is no merchant number. It has digits alone; the merchant platform shows it."));
	if (!is_made_of(account->appid, letters, WORD))
		return wrong(err, "appid", _("This is no app id. It has letters and digits alone; the merchant platform shows it."));
	if (!is_made_of(account->serial, "0123456789abcdefABCDEF", SERIAL))
		return wrong(err, "serial", _("This is no certificate's serial number. It has up to 40 digits and letters from A to F; the merchant platform shows it."));
	if (strncmp(notify, "https://", 8) != 0 || strlen(notify) > NOTIFY || strchr(notify, '?'))
		return wrong(err, "notify_url", _("Write an address of your own that begins with https:// and has no question mark. Nothing needs to answer there."));
	if (has(account->api2_key) && strlen(account->api2_key) != SECRET)
		return wrong(err, "apiv2_key_file", _("The key in this file must have 32 characters. Set it on the merchant platform and copy it again."));
	if (has(account->api3_key) && strlen(account->api3_key) != SECRET)
		return wrong(err, "apiv3_key_file", _("The key in this file must have 32 characters. Set it on the merchant platform and copy it again."));
	return ZG_OK;
}

static enum zg_result check_account(const struct zg_pay_account *account, struct zg_error *err)
{
	const struct {
		const char *value, *name;
	} needs[] = {
		{ account->url[0], "url" }, { account->merchant, "mchid" }, { account->appid, "appid" }, { account->serial, "serial" },
		{ account->notify_url, "notify_url" }, { account->codepay ? "-" : account->api2_key, "apiv2_key_file" },
		{ has(account->public_key_id) ? account->public_key_pem : "-", "public_key" },
		{ has(account->public_key_pem) ? account->public_key_id : "-", "public_key_id" },
	};
	enum zg_result result = ZG_OK;

	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]) && result == ZG_OK; i++)
		result = zg_pay_need(needs[i].value, "wechat", needs[i].name, err);
	if (result == ZG_OK && !has(account->public_key_pem) && !has(account->platform_pem) && !has(account->api3_key))
		result = wrong(err, "public_key",
			       _("Without it no answer can be verified. Download WeChat Pay's public key from the merchant platform, or set apiv3_key_file."));
	return result == ZG_OK ? check_words(account, err) : result;
}

/* The merchant's own certificate has to belong to key and serial: a wrong one gives bare refusals that do not say why. */
static enum zg_result check_certificate(const struct zg_pay_account *account, const struct zg_pay_keys *keys, struct zg_error *err)
{
	struct zg_rsa *own = NULL;
	enum zg_result result;

	if (!has(account->certificate_pem))
		return ZG_OK;
	result = zg_pay_read_key(zg_rsa_read_public, account->certificate_pem, "wechat", "cert", &own, err);
	if (result == ZG_OK && !zg_rsa_is_same(own, keys->secret))
		result = wrong(err, "cert", _("This certificate does not belong to the private key. Take both from one download."));
	else if (result == ZG_OK && zg_rsa_serial(own)[0] && strcmp(zg_rsa_serial(own), keys->serial + strspn(keys->serial, "0")) != 0)
		result = wrong(err, "serial", _("This is not the serial number of the certificate in cert. The merchant platform shows the right one."));
	zg_rsa_free(own);
	return result;
}

/* A key that WeChat is said to sign with must not be our own: the commonest mistake, and nothing would verify. */
static enum zg_result add_known(struct zg_pay_keys *keys, const char *name, const char *pem, const char *serial, struct zg_error *err)
{
	struct zg_rsa *key = NULL;
	enum zg_result result = zg_pay_read_key(zg_rsa_read_public, pem, "wechat", name, &key, err);

	if (result == ZG_OK && zg_rsa_is_same(key, keys->secret))
		result = wrong(err, name, _("This is the shop's own key. WeChat Pay's own is needed here; download it from the merchant platform."));
	if (result == ZG_OK && !serial && !zg_rsa_serial(key)[0])
		result = wrong(err, name, _("This is a bare key. A platform certificate is needed here; WeChat Pay's public key belongs to public_key."));
	if (result == ZG_OK)
		zg_wechat_know(keys->known, &keys->known_count, serial ? serial : zg_rsa_serial(key), key);
	else
		zg_rsa_free(key);
	return result;
}

static enum zg_result read_keys(const struct zg_pay_account *account, struct zg_pay_keys *keys, struct zg_error *err)
{
	enum zg_result result = zg_pay_read_key(zg_rsa_read_private, account->key_pem, "wechat", "key", &keys->secret, err);

	if (result == ZG_OK)
		result = check_certificate(account, keys, err);
	if (result == ZG_OK && has(account->public_key_pem))
		result = add_known(keys, "public_key", account->public_key_pem, account->public_key_id, err);
	for (const char *pem = has(account->platform_pem) ? account->platform_pem : NULL; pem && result == ZG_OK; pem = zg_pem_next(pem))
		result = add_known(keys, "platform_cert", pem, NULL, err);
	return result;
}

static enum zg_result open_keys(const struct zg_pay_account *account, struct zg_pay_keys **out, struct zg_error *err)
{
	struct zg_pay_keys *keys;
	enum zg_result result = check_account(account, err);

	*out = NULL;
	if (result != ZG_OK)
		return result;
	keys = zg_alloc(1, sizeof(*keys));
	keys->url[0] = zg_copy(account->url[0]);
	keys->url[1] = copy(account->url[1]);
	keys->appid = zg_copy(account->appid);
	keys->merchant = zg_copy(account->merchant);
	keys->terminal = copy(account->terminal);
	keys->serial = zg_copy(account->serial);
	zg_text_upper(keys->serial);
	keys->notify_url = zg_copy(account->notify_url);
	keys->request_ip = copy(account->request_ip);
	keys->api2_key = copy(account->api2_key);
	keys->api3_key = copy(account->api3_key);
	keys->public_key_id = copy(account->public_key_id);
	keys->codepay = account->codepay;
	result = read_keys(account, keys, err);
	if (result == ZG_OK)
		*out = keys;
	else
		close_keys(keys);
	return result;
}

/* A public key does not end, and then neither does what can be verified. */
static int64_t ends(const struct zg_pay_keys *keys)
{
	int64_t last = 0;

	for (size_t i = 0; i < keys->known_count; i++) {
		if (zg_rsa_ends(keys->known[i].key) == 0)
			return 0;
		if (zg_rsa_ends(keys->known[i].key) > last)
			last = zg_rsa_ends(keys->known[i].key);
	}
	return last;
}

/* -- which way */

bool zg_wechat_is_v2(const struct zg_pay_keys *keys, enum zg_pay_call call, enum zg_pay_way way)
{
	if (keys->codepay)
		return false;
	return call == ZG_CALL_CODE || (way == ZG_WAY_CODE && (call == ZG_CALL_QUERY || call == ZG_CALL_CANCEL || call == ZG_CALL_CHECK));
}

static enum zg_result build(const struct zg_pay_keys *keys, enum zg_pay_call call, const struct zg_pay_order *order, const struct zg_pay_moment *moment,
			    struct zg_http_request *request, struct zg_error *err)
{
	enum zg_result result = zg_pay_check_order(call, order, err);
	bool has_number = call == ZG_CALL_CODE || call == ZG_CALL_SHOW || call == ZG_CALL_QUERY || call == ZG_CALL_CANCEL || call == ZG_CALL_REFUND;

	if (result != ZG_OK)
		return result;
	if (has_number && strlen(order->number) < LEAST_ORDER)
		return zg_fail(err, ZG_USAGE, _("WeChat Pay takes order numbers of 6 characters at least."));
	return zg_wechat_is_v2(keys, call, order->way) ? zg_wechat_v2_build(keys, call, order, moment, request, err)
						       : zg_wechat_v3_build(keys, call, order, moment, request, err);
}

static void read_answer(struct zg_pay_keys *keys, enum zg_pay_call call, const struct zg_pay_order *order, int64_t now_ms, const struct zg_http_reply *reply,
			struct zg_pay_answer *answer)
{
	char id[sizeof(answer->request_id)];

	*answer = (struct zg_pay_answer){ .says = ZG_SAYS_UNKNOWN, .proof = ZG_PROVED_NOT_SIGNED, .is_ours = true, .amount_fen = -1, .refund_fen = -1 };
	if (reply->end != ZG_HTTP_WHOLE)
		return;
	(void)zg_http_reply_header(reply, "Request-ID", id, sizeof(id));
	zg_text_clean(answer->request_id, sizeof(answer->request_id), id, strlen(id));
	if (zg_wechat_is_v2(keys, call, order->way))
		zg_wechat_v2_read(keys, call, order, reply, answer);
	else
		zg_wechat_v3_read(keys, call, order, now_ms, reply, answer);
}

const struct zg_pay_driver zg_pay_wechat = {
	.name = "wechat",
	.title = N_("WeChat Pay"),
	.source = "WeChat Pay's documents and SDKs (APIv3, and V2 for payment codes); wechatpay-axios-plugin 0.9.6",
	.proof = ZG_PROOF_MANUAL,
	.channel = ZG_CHANNEL_WECHAT,
	.times = times,
	.open = open_keys,
	.close = close_keys,
	.build = build,
	.read = read_answer,
	.ends = ends,
};
