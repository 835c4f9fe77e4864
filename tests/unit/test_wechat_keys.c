#include "drivers/pay/wechat.h"

#include "drivers/pay/wechat_private.h"
#include "src/base/alloc.h"
#include "tests/unit/vectors.h"
#include "tests/unit/wechat_bench.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>

static struct pay_bench bench;

/* What the account has is the key to fetch certificates with. */
static void only_a_key(struct zg_pay_account *account)
{
	account->public_key_id = account->public_key_pem = account->platform_pem = NULL;
}

static void set_up(void)
{
	wechat_open(&bench, true, only_a_key);
}

static void tear_down(void)
{
	bench_close(&bench);
}

TestSuite(wechat_keys, .init = set_up, .fini = tear_down);

static const char paid[] = "{\"amount\":{\"total\":1234,\"currency\":\"CNY\"},\"mchid\":\"1900009191\",\"out_trade_no\":\"POS01_20260401_000018\",\"trade_state\":\"SUCCESS\"}";

/* One item of the list, with a certificate of the vector's, sealed under its key or spoilt. */
static char *list(const char *serial, const char *nonce)
{
	json_t *all = vector_json("wechat_v3_aes_gcm.json"), *vector = json_array_get(json_object_get(all, "vectors"), 0);
	char *text = zg_print("{\"data\":[{\"serial_no\":\"%s\",\"effective_time\":\"2026-11-24T00:31:25+08:00\",\"expire_time\":\"2126-10-31T00:31:25+08:00\","
			      "\"encrypt_certificate\":{\"algorithm\":\"AEAD_AES_256_GCM\",\"nonce\":\"%s\",\"associated_data\":\"certificate\",\"ciphertext\":\"%s\"}}]}",
			      serial, nonce, zg_json_string(vector, "ciphertext", ""));

	json_decref(all);
	return text;
}

static struct zg_pay_answer read_list(const char *body)
{
	char *head = wechat_head(&bench, WECHAT_CERTIFICATE, WECHAT_AT, body);
	struct zg_http_reply reply = bench_reply(head, body);
	struct zg_pay_order order = { .way = ZG_WAY_SHOWN };
	struct zg_pay_answer answer;

	bench.driver->read(bench.keys, ZG_CALL_KEYS, &order, BENCH_NOW, &reply, &answer);
	zg_http_reply_clear(&reply);
	free(head);
	return answer;
}

static enum zg_pay_proof proof_by_certificate(void)
{
	char *head = wechat_head(&bench, WECHAT_CERTIFICATE, WECHAT_AT, paid);
	struct zg_http_reply reply = bench_reply(head, paid);
	struct zg_pay_answer answer = bench_read(&bench, ZG_CALL_QUERY, &reply);

	zg_http_reply_clear(&reply);
	free(head);
	return answer.proof;
}

/* The first list brings the very certificate that signed it. */
Test(wechat_keys, certificates_are_fetched_and_used)
{
	char *body = list(WECHAT_CERTIFICATE, "61f9c719728a");

	cr_expect(eq(int, proof_by_certificate(), ZG_PROVED_OTHER_KEY));
	cr_expect(eq(long, (long)bench.driver->ends(bench.keys), 0));    /* none is there */
	for (int again = 0; again < 3; again++) {
		struct zg_pay_answer answer = read_list(body);

		cr_expect(eq(int, answer.says, ZG_SAYS_DONE));
		cr_expect(eq(int, answer.proof, ZG_PROVED_VERIFIED));
		cr_expect(eq(int, proof_by_certificate(), ZG_PROVED_VERIFIED));
		cr_expect(gt(long, (long)bench.driver->ends(bench.keys), (long)BENCH_NOW));
	}
	free(body);
}

/* Sealed under another key, called by another serial, changed, not signed, stale: nothing is learnt. */
Test(wechat_keys, certificates_that_do_not_hold_are_not_kept)
{
	char *good = list(WECHAT_CERTIFICATE, "61f9c719728a"), *other_seal = list(WECHAT_CERTIFICATE, "61f9c719728b");
	char *other_name = list("00000000000000000000000000000000DEADBEEF", "61f9c719728a"), *head, *spoilt;
	const char *const lists[] = { other_seal, other_name, "{\"data\":[]}", "{\"data\":{}}", "{}", "[]", "", "{\"data\":[1,null,{}]}" };
	struct zg_http_reply reply;
	struct zg_pay_order order = { .way = ZG_WAY_SHOWN };
	struct zg_pay_answer answer;

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		answer = read_list(lists[i]);
		cr_expect(eq(int, answer.says, ZG_SAYS_UNKNOWN), "%s", lists[i]);
		cr_expect(eq(int, answer.proof, ZG_PROVED_OTHER_KEY), "%s", lists[i]);
		cr_expect(eq(str, answer.text, "no certificate opens with the APIv3 key"), "%s", lists[i]);
		cr_expect(eq(int, proof_by_certificate(), ZG_PROVED_OTHER_KEY), "%s", lists[i]);
	}
	/* signed over another text; then not at all; then an hour ago */
	head = wechat_head(&bench, WECHAT_CERTIFICATE, WECHAT_AT, "{}");
	for (int i = 0; i < 3; i++) {
		reply = bench_reply(i == 1 ? "" : head, good);
		bench.driver->read(bench.keys, ZG_CALL_KEYS, &order, BENCH_NOW + (i == 2 ? 3600000 : 0), &reply, &answer);
		cr_expect(eq(int, answer.says, ZG_SAYS_UNKNOWN));
		cr_expect(eq(int, answer.proof, i == 2 ? ZG_PROVED_STALE : ZG_PROVED_FORGED));
		cr_expect(eq(int, proof_by_certificate(), ZG_PROVED_OTHER_KEY));
		zg_http_reply_clear(&reply);
	}
	free(head);
	spoilt = zg_print("%s ", good);
	reply = bench_reply("", spoilt);
	reply.status = 401;
	bench.driver->read(bench.keys, ZG_CALL_KEYS, &order, BENCH_NOW, &reply, &answer);
	cr_expect(eq(int, answer.says, ZG_SAYS_UNKNOWN));
	cr_expect(eq(int, proof_by_certificate(), ZG_PROVED_OTHER_KEY));
	zg_http_reply_clear(&reply);
	free(spoilt);
	free(good);
	free(other_seal);
	free(other_name);
}

/* When there is no room, the certificate that ends first goes; the public key stays. */
Test(wechat_keys, old_certificates_make_room)
{
	struct zg_wechat_known known[ZG_WECHAT_KNOWN];
	char *public_pem = vector_pem("platform_public"), *certificate = vector_pem("platform_certificate");
	struct zg_rsa *key = NULL;
	size_t count = 0;

	cr_assert(zg_rsa_read_public(public_pem, &key, NULL) == ZG_OK);
	zg_wechat_know(known, &count, WECHAT_PUBLIC_KEY, key);
	for (int i = 1; i < 40; i++) {
		char *serial = zg_print("00A%d", i);

		cr_assert(zg_rsa_read_public(certificate, &key, NULL) == ZG_OK);
		zg_wechat_know(known, &count, serial, key);
		free(serial);
	}
	cr_expect(eq(sz, count, ZG_WECHAT_KNOWN));
	cr_expect(eq(str, known[0].serial, WECHAT_PUBLIC_KEY));
	cr_expect(eq(str, known[1].serial, "A39"));    /* of equal ones the first */
	cr_assert(zg_rsa_read_public(certificate, &key, NULL) == ZG_OK);
	zg_wechat_know(known, &count, "A15", key);
	cr_expect(eq(str, known[1].serial, "A39"), "what is known is not noted again");
	while (count > 0)
		zg_rsa_free(known[--count].key);
	free(public_pem);
	free(certificate);
}
