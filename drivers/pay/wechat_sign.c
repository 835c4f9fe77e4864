#include "drivers/pay/wechat_private.h"

#include "src/base/alloc.h"
#include "src/base/text.h"

#include <stdlib.h>
#include <string.h>

#define SCHEME    "WECHATPAY2-SHA256-RSA2048"
#define STALE_S   300      /* WeChat's own Java and Go software refuses at 300, its JavaScript above it */
#define SIGNATURE 2049

/* What is signed of an address: everything behind the host, as it goes over the wire. */
static const char *path_of(const char *url)
{
	const char *host = strstr(url, "://"), *path = host ? strchr(host + 3, '/') : NULL;

	return path ? path : "/";
}

void zg_wechat_authorize(const struct zg_pay_keys *keys, const struct zg_pay_moment *moment, struct zg_http_request *request)
{
	long long now_s = (long long)(moment->now_ms / 1000);    /* milliseconds are refused */
	struct zg_buffer message = { 0 }, signature = { 0 };
	char *value;

	zg_buffer_print(&message, "%s\n%s\n%lld\n%s\n", request->method, path_of(request->url), now_s, moment->nonce);
	zg_buffer_add(&message, zg_buffer_text(&request->body), request->body.length);
	zg_buffer_add_byte(&message, '\n');
	zg_rsa_sign(keys->secret, message.bytes, message.length, &signature);
	value = zg_print(SCHEME " mchid=\"%s\",serial_no=\"%s\",timestamp=\"%lld\",nonce_str=\"%s\",signature=\"%s\"", keys->merchant, keys->serial, now_s,
			 moment->nonce, zg_buffer_text(&signature));
	zg_http_request_add(request, "Authorization", value);
	free(value);
	zg_buffer_clear(&message);
	zg_buffer_clear(&signature);
}

/* Serials are compared as numbers written by one hand: without leading zeros, and letter by letter. */
static const char *without_zeros(const char *serial)
{
	while (*serial == '0' && serial[1])
		serial++;
	return serial;
}

static const struct zg_rsa *find(const struct zg_wechat_known *known, size_t count, const char *serial)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(known[i].serial, without_zeros(serial)) == 0)
			return known[i].key;
	return NULL;
}

/* The certificate that ends first; a public key does not end. */
static struct zg_wechat_known *oldest(struct zg_wechat_known *known, size_t count)
{
	struct zg_wechat_known *found = &known[0];

	for (size_t i = 1; i < count; i++)
		if (zg_rsa_ends(known[i].key) > 0 && (zg_rsa_ends(found->key) == 0 || zg_rsa_ends(known[i].key) < zg_rsa_ends(found->key)))
			found = &known[i];
	return found;
}

void zg_wechat_know(struct zg_wechat_known *known, size_t *count, const char *serial, struct zg_rsa *key)
{
	struct zg_wechat_known *place = &known[*count];

	serial = without_zeros(serial);
	if (strlen(serial) >= sizeof(known->serial) || find(known, *count, serial)) {
		zg_rsa_free(key);
		return;
	}
	if (*count == ZG_WECHAT_KNOWN) {
		place = oldest(known, *count);
		zg_rsa_free(place->key);
	} else {
		(*count)++;
	}
	memcpy(place->serial, serial, strlen(serial) + 1);
	place->key = key;
}

/* Unix seconds; -1: it is none. */
static int64_t read_seconds(const char *text)
{
	size_t length = strspn(text, "0123456789");

	return length > 0 && length <= 12 && text[length] == '\0' ? strtoll(text, NULL, 10) : -1;
}

static bool verify_message(const struct zg_rsa *key, const char *time, const char *nonce, const struct zg_buffer *body, const char *signature)
{
	struct zg_buffer message = { 0 };
	bool is_good;

	zg_buffer_print(&message, "%s\n%s\n", time, nonce);
	zg_buffer_add(&message, zg_buffer_text(body), body->length);
	zg_buffer_add_byte(&message, '\n');
	is_good = zg_rsa_verify(key, message.bytes, message.length, signature);
	zg_buffer_clear(&message);
	return is_good;
}

enum zg_pay_proof zg_wechat_verify(const struct zg_wechat_known *known, size_t count, int64_t now_ms, const struct zg_http_reply *reply, char serial[80])
{
	char time[16], nonce[129], signature[SIGNATURE], name[80];
	bool has_signature = zg_http_reply_header(reply, "Wechatpay-Signature", signature, sizeof(signature));
	bool has_serial = zg_http_reply_header(reply, "Wechatpay-Serial", name, sizeof(name));
	bool has_rest = zg_http_reply_header(reply, "Wechatpay-Timestamp", time, sizeof(time)) &&
			zg_http_reply_header(reply, "Wechatpay-Nonce", nonce, sizeof(nonce));
	int64_t at_s, apart_s;
	const struct zg_rsa *key;

	zg_text_clean(serial, 80, name, strlen(name));
	if ((reply->status < 200 || reply->status > 299) && !has_signature)
		return ZG_PROVED_NOT_SIGNED;
	if (!has_signature || !has_serial || !has_rest || (at_s = read_seconds(time)) < 0)
		return ZG_PROVED_FORGED;
	apart_s = now_ms / 1000 - at_s;
	if (apart_s >= STALE_S || apart_s <= -STALE_S)
		return ZG_PROVED_STALE;
	key = find(known, count, name);
	if (!key)
		return ZG_PROVED_OTHER_KEY;
	return verify_message(key, time, nonce, &reply->body, signature) ? ZG_PROVED_VERIFIED : ZG_PROVED_FORGED;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct zg_wechat_field *)a)->name, ((const struct zg_wechat_field *)b)->name);
}

void zg_wechat_v2_text(const struct zg_wechat_field *fields, size_t count, const char *key, struct zg_buffer *out)
{
	struct zg_wechat_field *sorted = zg_alloc(count, sizeof(*sorted));
	size_t used = 0;

	for (size_t i = 0; i < count; i++)
		if (fields[i].value[0] && strcmp(fields[i].name, "sign") != 0)
			sorted[used++] = fields[i];
	qsort(sorted, used, sizeof(*sorted), by_name);
	for (size_t i = 0; i < used; i++)
		zg_buffer_print(out, "%s=%s&", sorted[i].name, sorted[i].value);
	zg_buffer_print(out, "key=%s", key);
	free(sorted);
}

const char *zg_wechat_v2_sign(char sign[65], const struct zg_wechat_field *fields, size_t count, const char *key)
{
	struct zg_buffer text = { 0 };

	zg_wechat_v2_text(fields, count, key, &text);
	zg_hmac_sha256_hex_upper(sign, key, strlen(key), text.bytes, text.length);
	explicit_bzero(text.bytes, text.room);
	zg_buffer_clear(&text);
	return sign;
}
