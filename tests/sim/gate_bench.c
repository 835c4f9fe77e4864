#include "tests/sim/gate_bench.h"

#include "contrib/sim/gate_fields.h"
#include "contrib/sim/gate_time.h"

#include "src/base/alloc.h"
#include "src/base/text.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int64_t now(void *self)
{
	return ((struct gate_bench *)self)->now_ms;
}

void gate_bench_open(struct gate_bench *bench, int64_t now_ms)
{
	char why[256] = "";

	*bench = (struct gate_bench){ .now_ms = now_ms };
	bench->clock = (struct zg_clock){ .now_ms = now, .running_ms = now, .self = bench };
	bench->shop = gate_shop_read(GATE_FIXTURES, why, sizeof(why));
	cr_assert(bench->shop != NULL, "%s", why);
	bench->key = gate_key_private(GATE_FIXTURES "/TEST_ONLY_merchant_private_pkcs8.der.b64");
	cr_assert(bench->key != NULL);
	bench->gate = gate_new(&bench->clock, bench->shop, 7);
}

static void forget(struct gate_bench *bench)
{
	gate_reply_clear(&bench->reply);
	json_decref(bench->json);
	bench->json = NULL;
	gate_pairs_clear(&bench->pairs);
	bench->is_signed = false;
}

void gate_bench_close(struct gate_bench *bench)
{
	forget(bench);
	gate_free(bench->gate);
	gate_key_free(bench->key);
	gate_shop_free(bench->shop);
}

void gate_bench_pass(struct gate_bench *bench, int64_t ms)
{
	bench->now_ms += ms;
}

void gate_bench_obey(struct gate_bench *bench, const char *line)
{
	struct zg_buffer answer = { 0 };

	cr_assert(gate_obey(bench->gate, line, &answer), "%s", zg_buffer_text(&answer));
	zg_buffer_clear(&answer);
}

json_t *gate_fixture(const char *name)
{
	char *path = zg_print("%s/%s", GATE_FIXTURES, name), *text = zg_alloc(1 << 20, 1);
	FILE *file = fopen(path, "re");

	cr_assert(file != NULL, "%s", path);
	size_t count = fread(text, 1, 1 << 20, file);
	json_t *all = zg_json_parse(text, count);

	fclose(file);
	free(text);
	free(path);
	cr_assert(all != NULL);
	return all;
}

/* ---- v3 ---- */

static bool check_v3(const struct gate_bench *bench)
{
	char stamp[32], nonce[64], signature[1024];
	struct zg_buffer message = { 0 };

	if (!gate_head_value(bench->reply.head.bytes, "Wechatpay-Timestamp", stamp, sizeof(stamp)) ||
	    !gate_head_value(bench->reply.head.bytes, "Wechatpay-Nonce", nonce, sizeof(nonce)) ||
	    !gate_head_value(bench->reply.head.bytes, "Wechatpay-Signature", signature, sizeof(signature)))
		return false;
	zg_buffer_print(&message, "%s\n%s\n", stamp, nonce);
	zg_buffer_add(&message, bench->reply.body.bytes, bench->reply.body.length);
	zg_buffer_add_byte(&message, '\n');
	bool good = gate_signed(bench->shop->platform_certificate, message.bytes, message.length, signature);

	zg_buffer_clear(&message);
	return good;
}

void gate_bench_send(struct gate_bench *bench, const struct gate_request *request)
{
	forget(bench);
	gate_answer(bench->gate, request, &bench->reply);
	bench->json = zg_json_parse(bench->reply.body.bytes, bench->reply.body.length);
}

int gate_v3(struct gate_bench *bench, const char *method, const char *target, const char *body)
{
	char nonce[40];
	struct zg_buffer message = { 0 }, signature = { 0 };
	long long at = bench->now_ms / 1000;

	snprintf(nonce, sizeof(nonce), "%032d", ++bench->nonces);
	zg_buffer_print(&message, "%s\n%s\n%lld\n%s\n%s\n", method, target, at, nonce, body);
	gate_sign(bench->key, message.bytes, message.length, &signature);
	char *head = zg_print("Accept: application/json\nUser-Agent: test\nAuthorization: WECHATPAY2-SHA256-RSA2048 mchid=\"%s\",nonce_str=\"%s\","
			      "timestamp=\"%lld\",serial_no=\"%s\",signature=\"%s\"\n", bench->shop->mchid, nonce, at, bench->shop->serial, signature.bytes);

	gate_bench_send(bench, &(struct gate_request){ .method = method, .target = target, .head = head, .body = body, .length = strlen(body) });
	bench->is_signed = check_v3(bench);
	free(head);
	zg_buffer_clear(&message);
	zg_buffer_clear(&signature);
	return bench->reply.status;
}

const char *gate_code_of(const struct gate_bench *bench)
{
	return gate_text_of(bench->json, "code");
}

const char *gate_says(const struct gate_bench *bench, const char *path)
{
	return gate_text_of(bench->json, path);
}

long gate_says_number(const struct gate_bench *bench, const char *path)
{
	return (long)json_integer_value(gate_member(bench->json, path));
}

int gate_codepay(struct gate_bench *bench, const char *number, const char *code, long fen)
{
	char *body = zg_print("{\"appid\":\"%s\",\"mchid\":\"%s\",\"description\":\"小满便利店\",\"out_trade_no\":\"%s\",\"payer\":{\"auth_code\":\"%s\"},"
			      "\"amount\":{\"total\":%ld},\"scene_info\":{\"store_info\":{\"out_id\":\"1\"}}}",
			      bench->shop->wechat_appid, bench->shop->mchid, number, code, fen);
	int status = gate_v3(bench, "POST", "/v3/pay/transactions/codepay", body);

	free(body);
	return status;
}

int gate_native(struct gate_bench *bench, const char *number, long fen)
{
	char *body = zg_print("{\"appid\":\"%s\",\"mchid\":\"%s\",\"description\":\"小满便利店\",\"out_trade_no\":\"%s\",\"notify_url\":\"https://a.example/n\","
			      "\"amount\":{\"total\":%ld,\"currency\":\"CNY\"}}", bench->shop->wechat_appid, bench->shop->mchid, number, fen);
	int status = gate_v3(bench, "POST", "/v3/pay/transactions/native", body);

	free(body);
	return status;
}

int gate_query(struct gate_bench *bench, const char *number)
{
	char *target = zg_print("/v3/pay/transactions/out-trade-no/%s?mchid=%s", number, bench->shop->mchid);
	int status = gate_v3(bench, "GET", target, "");

	free(target);
	return status;
}

int gate_refund(struct gate_bench *bench, const char *number, const char *refund, long fen, long total)
{
	char *body = zg_print("{\"out_trade_no\":\"%s\",\"out_refund_no\":\"%s\",\"amount\":{\"refund\":%ld,\"total\":%ld,\"currency\":\"CNY\"}}",
			      number, refund, fen, total);
	int status = gate_v3(bench, "POST", "/v3/refund/domestic/refunds", body);

	free(body);
	return status;
}

/* ---- V2 ---- */

static char *v2_sign(const struct gate_bench *bench, const struct gate_pairs *pairs)
{
	struct zg_buffer text = { 0 };
	char digest[GATE_DIGEST];

	gate_pairs_join(pairs, NULL, &text);
	zg_buffer_print(&text, "&key=%s", bench->shop->apiv2_key);
	gate_hmac(digest, bench->shop->apiv2_key, text.bytes, text.length);
	zg_text_upper(digest);
	zg_buffer_clear(&text);
	return zg_copy(digest);
}

const char *gate_v2(struct gate_bench *bench, const char *path, const char *fields)
{
	struct gate_pairs asked = { 0 };
	struct zg_buffer body = { 0 };
	char nonce[40], *all = zg_copy(fields), *rest = NULL;

	snprintf(nonce, sizeof(nonce), "%032d", ++bench->nonces);
	gate_pairs_set(&asked, "appid", bench->shop->wechat_appid);
	gate_pairs_set(&asked, "mch_id", bench->shop->mchid);
	gate_pairs_set(&asked, "nonce_str", nonce);
	gate_pairs_set(&asked, "sign_type", "HMAC-SHA256");
	for (char *one = strtok_r(all, "&", &rest); one; one = strtok_r(NULL, "&", &rest)) {
		char *value = strchr(one, '=');

		*value = '\0';
		gate_pairs_set(&asked, one, value + 1);
	}
	char *sign = v2_sign(bench, &asked);

	gate_pairs_set(&asked, "sign", sign);
	free(sign);
	gate_xml_write(&asked, &body);
	forget(bench);
	gate_answer(bench->gate, &(struct gate_request){ .method = "POST", .target = path, .head = "", .body = body.bytes, .length = body.length }, &bench->reply);
	cr_assert(gate_xml_read(bench->reply.body.bytes, bench->reply.body.length, &bench->pairs));
	sign = v2_sign(bench, &bench->pairs);
	bench->is_signed = strcmp(sign, gate_pair(&bench->pairs, "sign")) == 0;
	free(sign);
	free(all);
	zg_buffer_clear(&body);
	gate_pairs_clear(&asked);
	return strcmp(gate_pair(&bench->pairs, "return_code"), "SUCCESS") != 0 ? "FAIL" : gate_pair(&bench->pairs, "err_code");
}

/* ---- Alipay ---- */

static void escape(struct zg_buffer *out, const char *text)
{
	for (; *text; text++)
		zg_buffer_print(out, "%%%02X", (unsigned char)*text);
}

/* From '{' to its '}', texts skipped. */
static size_t object_length(const char *text)
{
	int depth = 0;

	for (const char *at = text; *at; at++) {
		if (*at == '"')
			for (at++; *at && *at != '"'; at++)
				at += *at == '\\';
		depth += (*at == '{') - (*at == '}');
		if (depth == 0)
			return (size_t)(at - text) + 1;
	}
	return 0;
}

static bool check_alipay(struct gate_bench *bench)
{
	const char *body = zg_buffer_text(&bench->reply.body), *inside = strstr(body, "_response\":{");
	char *sign = zg_copy(zg_json_string(bench->json, "sign", ""));
	size_t length = inside ? object_length(inside + 11) : 0;
	bool good = length > 0 && gate_signed(bench->shop->platform_certificate, inside + 11, length, sign);

	free(sign);
	json_decref(bench->json);
	bench->json = inside ? zg_json_parse(inside + 11, length) : NULL;
	return good;
}

const char *gate_alipay_ask(struct gate_bench *bench, const char *method, const char *biz)
{
	char time[GATE_TIME];
	struct gate_pairs asked = { 0 };
	struct zg_buffer text = { 0 }, sign = { 0 }, body = { 0 };

	gate_pairs_set(&asked, "app_id", bench->shop->alipay_app_id);
	gate_pairs_set(&asked, "method", method);
	gate_pairs_set(&asked, "format", "JSON");
	gate_pairs_set(&asked, "charset", "utf-8");
	gate_pairs_set(&asked, "sign_type", "RSA2");
	gate_pairs_set(&asked, "version", "1.0");
	gate_pairs_set(&asked, "timestamp", gate_time(time, GATE_PLAIN, bench->now_ms));
	gate_pairs_set(&asked, "biz_content", biz);
	gate_pairs_join(&asked, NULL, &text);
	gate_sign(bench->key, text.bytes, text.length, &sign);
	gate_pairs_set(&asked, "sign", sign.bytes);
	for (int i = 0; i < asked.count; i++) {
		zg_buffer_print(&body, "%s%s=", i ? "&" : "", asked.pair[i].name);
		escape(&body, asked.pair[i].value);
	}
	gate_bench_send(bench, &(struct gate_request){ .method = "POST", .target = "/gateway.do", .head = "", .body = body.bytes, .length = body.length });
	bench->is_signed = check_alipay(bench);
	gate_pairs_clear(&asked);
	zg_buffer_clear(&text);
	zg_buffer_clear(&sign);
	zg_buffer_clear(&body);
	return zg_json_string(bench->json, "sub_code", zg_json_string(bench->json, "code", ""));
}

/* ---- Lakala ---- */

static void unquote(char *text)
{
	size_t length = strlen(text);

	if (length >= 2 && text[0] == '"' && text[length - 1] == '"') {
		memmove(text, text + 1, length - 2);
		text[length - 2] = '\0';
	}
}

static bool check_lakala(const struct gate_bench *bench)
{
	static const char *const names[] = { "Lklapi-Appid", "Lklapi-Serial", "Lklapi-Timestamp", "Lklapi-Nonce" };
	char value[1024];
	struct zg_buffer message = { 0 };
	bool good = true;

	for (size_t i = 0; i < 4 && good; i++) {
		good = gate_head_value(bench->reply.head.bytes, names[i], value, sizeof(value));
		unquote(value);
		if (good)
			zg_buffer_print(&message, "%s\n", value);
	}
	zg_buffer_add(&message, bench->reply.body.bytes, bench->reply.body.length);
	zg_buffer_add_byte(&message, '\n');
	good = good && gate_head_value(bench->reply.head.bytes, "Lklapi-Signature", value, sizeof(value));
	unquote(value);
	good = good && gate_signed(bench->shop->platform_certificate, message.bytes, message.length, value);
	zg_buffer_clear(&message);
	return good;
}

const char *gate_lakala_ask(struct gate_bench *bench, const char *path, const char *data)
{
	char time[GATE_TIME];
	struct zg_buffer message = { 0 }, signature = { 0 };
	long long at = bench->now_ms / 1000;
	char *body = zg_print("{\"req_time\":\"%s\",\"version\":\"3.0\",\"out_org_code\":\"%s\",\"req_data\":{\"merchant_no\":\"%s\",\"term_no\":\"%s\",%s}}",
			      gate_time(time, GATE_DIGITS, bench->now_ms), bench->shop->lakala_appid, bench->shop->merchant_no, bench->shop->term_no, data);

	zg_buffer_print(&message, "%s\n%s\n%lld\nabcdefghijkl\n%s\n", bench->shop->lakala_appid, bench->shop->serial, at, body);
	gate_sign(bench->key, message.bytes, message.length, &signature);
	char *head = zg_print("Authorization: LKLAPI-SHA256withRSA appid=\"%s\",nonce_str=\"abcdefghijkl\",timestamp=\"%lld\",serial_no=\"%s\",signature=\"%s\"\n",
			      bench->shop->lakala_appid, at, bench->shop->serial, signature.bytes);

	gate_bench_send(bench, &(struct gate_request){ .method = "POST", .target = path, .head = head, .body = body, .length = strlen(body) });
	bench->is_signed = check_lakala(bench);
	free(head);
	free(body);
	zg_buffer_clear(&message);
	zg_buffer_clear(&signature);
	return gate_code_of(bench);
}

/* ---- the ledger ---- */

static long sum(struct gate_bench *bench, const char *number, int *charges)
{
	long left = 0;
	char *all, *rest = NULL;

	gate_run(bench->gate);
	all = zg_copy(zg_buffer_text(&bench->gate->ledger.lines));
	for (char *line = strtok_r(all, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		if (!strstr(line, number))
			continue;
		json_t *row = zg_json_parse(line, strlen(line));
		bool is_charge = strcmp(zg_json_string(row, "kind", ""), "charge") == 0;
		long fen = (long)zg_json_integer(row, "fen", 0);

		if (strcmp(zg_json_string(row, "number", ""), number) == 0) {
			left += is_charge ? fen : -fen;
			*charges += is_charge;
		}
		json_decref(row);
	}
	free(all);
	return left;
}

long gate_charged(struct gate_bench *bench, const char *number)
{
	int charges = 0;

	return sum(bench, number, &charges);
}

int gate_charges(struct gate_bench *bench, const char *number)
{
	int charges = 0;

	sum(bench, number, &charges);
	return charges;
}
