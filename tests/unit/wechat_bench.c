#include "tests/unit/wechat_bench.h"

#include "drivers/pay/wechat.h"
#include "src/base/alloc.h"
#include "tests/unit/vectors.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

void wechat_open(struct pay_bench *bench, bool codepay, void (*change)(struct zg_pay_account *account))
{
	struct zg_pay_account account = bench_account(ZG_CHANNEL_WECHAT), own = account;
	struct zg_error err = { .text = "" };

	bench_open(bench, &zg_pay_wechat);
	zg_pay_wechat.close(bench->keys);
	account.codepay = codepay;
	if (change)
		change(&account);
	cr_assert(zg_pay_wechat.open(&account, &bench->keys, &err) == ZG_OK, "%s", err.text);
	bench_account_clear(&own);
}

char *wechat_head(const struct pay_bench *bench, const char *serial, int64_t at_s, const char *body)
{
	char *message = zg_print("%lld\nc5ac7061fccab6bf3e254dcf98995b8c\n%s\n", (long long)at_s, body), *head;
	struct zg_buffer signature = { 0 };

	zg_rsa_sign(bench->platform, message, strlen(message), &signature);
	head = zg_print("Request-ID: 08F7D3-268512771\nWechatpay-Timestamp: %lld\nWechatpay-Nonce: c5ac7061fccab6bf3e254dcf98995b8c\nWechatpay-Signature: %s\n"
			"Wechatpay-Serial: %s\nWechatpay-Signature-Type: WECHATPAY2-SHA256-RSA2048\n",
			(long long)at_s, zg_buffer_text(&signature), serial);
	zg_buffer_clear(&signature);
	free(message);
	return head;
}

static struct zg_pay_answer read_reply(const struct pay_bench *bench, enum zg_pay_call call, enum zg_pay_way way, int status, const char *head, const char *body)
{
	struct zg_http_reply reply = bench_reply(head, body);
	struct zg_pay_order order = bench_order(way);
	struct zg_pay_answer answer;

	reply.status = status;
	memset(&answer, 0x55, sizeof(answer));    /* whoever forgets a member is found out */
	bench->driver->read(bench->keys, call, &order, BENCH_NOW, &reply, &answer);
	zg_http_reply_clear(&reply);
	return answer;
}

struct zg_pay_answer wechat_read(const struct pay_bench *bench, enum zg_pay_call call, enum zg_pay_way way, int status, const char *body)
{
	char *head = wechat_head(bench, WECHAT_PUBLIC_KEY, WECHAT_AT, body);
	struct zg_pay_answer answer = read_reply(bench, call, way, status, head, body);

	free(head);
	return answer;
}

struct zg_pay_answer wechat_read_bare(const struct pay_bench *bench, enum zg_pay_call call, enum zg_pay_way way, int status, const char *body)
{
	return read_reply(bench, call, way, status, "Content-Type: application/json; charset=utf-8\n", body);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

char *wechat_v2_document(const char *fields)
{
	static const char key[] = "192006250b4c09247ec02edce69f6a2d";
	struct zg_buffer text = { 0 };
	char *pairs[40], sign[65];
	size_t count = 0;

	/* plain fields alone: no entities, no attributes */
	for (const char *at = fields; *at == '<';) {
		const char *name = at + 1, *value = strchr(name, '>') + 1, *end = strchr(value, '<');

		if (end > value)
			pairs[count++] = zg_print("%.*s=%.*s", (int)(value - 1 - name), name, (int)(end - value), value);
		at = strchr(end, '>') + 1;
	}
	qsort(pairs, count, sizeof(*pairs), by_text);
	for (size_t i = 0; i < count; i++) {
		zg_buffer_print(&text, "%s&", pairs[i]);
		free(pairs[i]);
	}
	zg_buffer_print(&text, "key=%s", key);
	zg_hmac_sha256_hex_upper(sign, key, strlen(key), text.bytes, text.length);
	zg_buffer_clear(&text);
	return zg_print("<xml>%s<sign>%s</sign></xml>", fields, sign);
}

struct zg_pay_answer wechat_read_v2(const struct pay_bench *bench, enum zg_pay_call call, const char *fields)
{
	char *body = wechat_v2_document(fields);
	struct zg_pay_answer answer = read_reply(bench, call, ZG_WAY_CODE, 200, "", body);

	free(body);
	return answer;
}
