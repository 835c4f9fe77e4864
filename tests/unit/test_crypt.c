#include "src/base/crypt.h"

#include "src/base/alloc.h"
#include "src/base/seal.h"
#include "tests/unit/vectors.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>

#define TEXT "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"    /* FIPS 180-2, appendix B.2 */

Test(crypt, digests_are_those_of_the_standards)
{
	char sha256[65], sha1[41], md5[33], mac[65];

	cr_expect(eq(str, (char *)zg_sha256_hex(sha256, TEXT, 56), "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"));
	cr_expect(eq(str, (char *)zg_sha256_hex(sha256, "", 0), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
	cr_expect(eq(str, (char *)zg_sha1_hex(sha1, TEXT, 56), "84983e441c3bd26ebaae4aa1f95129e5e54670f1"));
	cr_expect(eq(str, (char *)zg_md5_hex_upper(md5, "message digest", 14), "F96B697D7CB7938D525A2F31AAF161D0"));    /* RFC 1321 */
	/* RFC 4231, case 2 */
	cr_expect(eq(str, (char *)zg_hmac_sha256_hex_upper(mac, "Jefe", 4, "what do ya want for nothing?", 28),
		     "5BDCC146BF60754E6A042426089575C75A003F089D2739839DEC58B964EC3843"));
	cr_expect(eq(str, (char *)zg_hmac_sha256_hex_upper(mac, "", 0, "", 0), "B613679A0814D9EC772F95D778C35FC5FF1697C493715653C6C712144292C5AD"));
}

static const struct {
	const char *plain, *text;
} written[] = {
	{ "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" }, { "foo", "Zm9v" }, { "foob", "Zm9vYg==" }, { "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" },
	{ "\xFB\xEF\xFF", "++//" },
};

Test(crypt, base64_is_written_and_read_back)
{
	for (size_t i = 0; i < sizeof(written) / sizeof(written[0]); i++) {
		struct zg_buffer text = { 0 }, back = { 0 };

		zg_base64_add(&text, written[i].plain, strlen(written[i].plain));
		cr_expect(eq(str, (char *)zg_buffer_text(&text), (char *)written[i].text));
		cr_expect(zg_base64_read(&back, written[i].text, strlen(written[i].text)));
		cr_expect(eq(str, (char *)zg_buffer_text(&back), (char *)written[i].plain));
		zg_buffer_clear(&text);
		zg_buffer_clear(&back);
	}
}

Test(crypt, what_is_not_base64_adds_nothing)
{
	static const char *const texts[] = { "Z", "Zg", "Zg=", "Zm8", "Zg==Zg==", "Zg= =", "=", "==", "===", "====", "Z===", "Zm9v\n", "Zm 9v", "Zm9v====", "Zm9vZg=v",
					     "Zh==", "Zm9=", "Zm-v", "Zm_v", "Zm9vZm9\x80", "Zm.v", "Zm9vYmF[", "\xE4\xB8\xAD=" };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct zg_buffer out = { 0 };

		zg_buffer_add_text(&out, "before");
		cr_expect(not(zg_base64_read(&out, texts[i], strlen(texts[i]))), "%s", texts[i]);
		cr_expect(eq(str, (char *)zg_buffer_text(&out), "before"));
		zg_buffer_clear(&out);
	}
}

/* Every byte of every length up to 70, there and back. */
Test(crypt, base64_keeps_every_byte)
{
	unsigned char bytes[70];

	for (size_t length = 0; length <= sizeof(bytes); length++) {
		struct zg_buffer text = { 0 }, back = { 0 };

		for (size_t i = 0; i < length; i++)
			bytes[i] = (unsigned char)(length * 37 + i * 101);
		zg_base64_add(&text, bytes, length);
		cr_assert(zg_base64_read(&back, zg_buffer_text(&text), text.length));
		cr_assert(eq(sz, back.length, length));
		cr_expect(length == 0 || memcmp(back.bytes, bytes, length) == 0);
		zg_buffer_clear(&text);
		zg_buffer_clear(&back);
	}
}

static struct zg_rsa *private_of(const char *pem)
{
	struct zg_rsa *key = NULL;
	struct zg_error err = { 0 };

	cr_assert(eq(int, zg_rsa_read_private(pem, &key, &err), ZG_OK), "%s", err.text);
	return key;
}

static struct zg_rsa *public_of(const char *pem)
{
	struct zg_rsa *key = NULL;
	struct zg_error err = { 0 };

	cr_assert(eq(int, zg_rsa_read_public(pem, &key, &err), ZG_OK), "%s", err.text);
	return key;
}

/* The official SDKs' signatures: PKCS#1 v1.5 gives the same one each time. */
Test(crypt, signs_as_the_channels_own_software_does)
{
	json_t *all = vector_json("lakala_requests.json"), *request;
	char *pem = vector_private_pem("merchant"), *public_pem = vector_pem("merchant_public");
	struct zg_rsa *key = private_of(pem), *public_key = public_of(public_pem);
	size_t i;

	cr_assert(json_array_size(json_object_get(all, "requests")) > 0);
	json_array_foreach(json_object_get(all, "requests"), i, request) {
		const char *message = zg_json_string(request, "message_to_sign", ""), *wanted = zg_json_string(request, "signature_base64", "");
		struct zg_buffer signature = { 0 };

		zg_rsa_sign(key, message, strlen(message), &signature);
		cr_expect(eq(str, (char *)zg_buffer_text(&signature), (char *)wanted));
		cr_expect(zg_rsa_verify(public_key, message, strlen(message), wanted));
		cr_expect(not(zg_rsa_verify(public_key, message, strlen(message) - 1, wanted)));
		zg_buffer_clear(&signature);
	}
	zg_rsa_free(key);
	zg_rsa_free(public_key);
	free(pem);
	free(public_pem);
	json_decref(all);
}

Test(crypt, a_spoilt_signature_or_another_key_verifies_nothing)
{
	char *pem = vector_private_pem("merchant"), *public_pem = vector_pem("merchant_public"), *other_pem = vector_pem("platform_public");
	struct zg_rsa *key = private_of(pem), *public_key = public_of(public_pem), *other = public_of(other_pem);
	struct zg_buffer signature = { 0 };

	zg_rsa_sign(key, TEXT, 56, &signature);
	cr_assert(eq(sz, signature.length, 344));
	cr_assert(zg_rsa_verify(public_key, TEXT, 56, signature.bytes));
	cr_expect(zg_rsa_verify(key, TEXT, 56, signature.bytes));
	cr_expect(not(zg_rsa_verify(other, TEXT, 56, signature.bytes)));
	cr_expect(not(zg_rsa_verify(public_key, TEXT, 56, "")));
	cr_expect(not(zg_rsa_verify(public_key, TEXT, 56, "Zm9v")));
	cr_expect(not(zg_rsa_verify(public_key, TEXT, 56, "no signature")));
	/* Every bit of the text, those of the last letter too that carry no byte. */
	for (size_t i = 0; i < signature.length; i++)
		for (int bit = 0; bit < 8; bit++) {
			char was = signature.bytes[i];

			signature.bytes[i] = (char)(was ^ 1 << bit);
			cr_expect(not(zg_rsa_verify(public_key, TEXT, 56, signature.bytes)), "byte %zu bit %d", i, bit);
			signature.bytes[i] = was;
		}
	zg_buffer_clear(&signature);
	zg_rsa_free(key);
	zg_rsa_free(public_key);
	zg_rsa_free(other);
	free(pem);
	free(public_pem);
	free(other_pem);
}

Test(crypt, a_certificate_tells_its_serial_and_its_time)
{
	char *pem = vector_pem("platform_certificate"), *public_pem = vector_pem("platform_public"), *private_pem = vector_private_pem("platform");
	struct zg_rsa *certificate = public_of(pem), *bare = public_of(public_pem), *secret = private_of(private_pem);

	cr_expect(eq(str, (char *)zg_rsa_serial(certificate), "5157F09EFDC096DE15EBE81A47057A7200000002"));
	/* notBefore=Nov 23 16:31:25 2026 GMT, notAfter=Oct 30 16:31:25 2126 GMT, by openssl x509 */
	cr_expect(eq(i64, zg_rsa_begins(certificate), 1795451485000));
	cr_expect(eq(i64, zg_rsa_ends(certificate), 4949051485000));
	cr_expect(eq(str, (char *)zg_rsa_serial(bare), ""));
	cr_expect(eq(i64, zg_rsa_begins(bare), 0));
	cr_expect(eq(i64, zg_rsa_ends(bare), 0));
	cr_expect(zg_rsa_is_same(certificate, bare));
	cr_expect(zg_rsa_is_same(certificate, secret));
	zg_rsa_free(certificate);
	zg_rsa_free(bare);
	zg_rsa_free(secret);
	free(pem);
	free(public_pem);
	free(private_pem);
}

Test(crypt, keys_of_two_pairs_are_not_the_same)
{
	char *a_pem = vector_private_pem("merchant"), *b_pem = vector_pem("platform_public");
	struct zg_rsa *a = private_of(a_pem), *b = public_of(b_pem);

	cr_expect(not(zg_rsa_is_same(a, b)));
	zg_rsa_free(a);
	zg_rsa_free(b);
	zg_rsa_free(NULL);
	free(a_pem);
	free(b_pem);
}

/* Windows line ends, a mark at the front, a comment, a key among other blocks, and bare base64 on one line or on many. */
Test(crypt, keys_are_read_however_they_were_saved)
{
	char *base64 = vector_text("TEST_ONLY_merchant_private_pkcs8.der.b64"), *pem = vector_private_pem("merchant");
	char *certificate = vector_pem("merchant_certificate"), *public_pem = vector_pem("merchant_public");
	struct zg_rsa *wanted = public_of(public_pem);
	struct zg_buffer crlf = { 0 }, line = { 0 };
	char *texts[6];

	for (const char *c = pem; *c; c++)
		*c == '\n' ? zg_buffer_add_text(&crlf, "\r\n") : zg_buffer_add_byte(&crlf, (unsigned char)*c);
	for (const char *c = base64; *c; c++)
		if (*c != '\n')
			zg_buffer_add_byte(&line, (unsigned char)*c);
	texts[0] = zg_copy(pem);
	texts[1] = zg_copy(crlf.bytes);
	texts[2] = zg_copy(base64);
	texts[3] = zg_copy(line.bytes);
	texts[4] = zg_print("\xEF\xBB\xBF%s", strstr(pem, "-----BEGIN"));
	texts[5] = zg_print("-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n%s%s", certificate, pem);
	for (size_t i = 0; i < 6; i++) {
		struct zg_rsa *key = private_of(texts[i]);

		cr_expect(zg_rsa_is_same(key, wanted), "%zu", i);
		zg_rsa_free(key);
		free(texts[i]);
	}
	texts[0] = zg_print("%s%s", pem, certificate);
	struct zg_rsa *key = public_of(texts[0]);

	cr_expect(zg_rsa_is_same(key, wanted));
	cr_expect(eq(str, (char *)zg_rsa_serial(key), "1DDE55AD98ED71D6EDD4A4A16996DE7B00000001"));
	zg_rsa_free(key);
	free(texts[0]);
	zg_buffer_clear(&crlf);
	zg_buffer_clear(&line);
	zg_rsa_free(wanted);
	free(base64);
	free(pem);
	free(certificate);
	free(public_pem);
}

static char *text_of(BIO *bio)
{
	char *bytes;
	long length = BIO_get_mem_data(bio, &bytes);
	char *text = zg_copy_bytes(bytes, (size_t)length);

	BIO_free(bio);
	return text;
}

/* A fresh key as PEM (der 0) or bare base64: locked with a password, or PKCS#1, or as it is. */
enum way { PLAIN, LOCKED, LOCKED_PKCS1, PKCS1, LOCKED_BARE, PUBLIC, PUBLIC_PKCS1 };

static char *fresh(EVP_PKEY *key, enum way way)
{
	BIO *bio = BIO_new(BIO_s_mem());

	switch (way) {
	case PLAIN:        cr_assert(PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL)); break;
	case LOCKED:       cr_assert(PEM_write_bio_PKCS8PrivateKey(bio, key, EVP_aes_128_cbc(), "word", 4, NULL, NULL)); break;
	case LOCKED_PKCS1: cr_assert(PEM_write_bio_PrivateKey_traditional(bio, key, EVP_aes_128_cbc(), (unsigned char *)"word", 4, NULL, NULL)); break;
	case PKCS1:        cr_assert(PEM_write_bio_PrivateKey_traditional(bio, key, NULL, NULL, 0, NULL, NULL)); break;
	case LOCKED_BARE:  cr_assert(i2d_PKCS8PrivateKey_bio(bio, key, EVP_aes_128_cbc(), "word", 4, NULL, NULL)); break;
	case PUBLIC:       cr_assert(PEM_write_bio_PUBKEY(bio, key)); break;
	case PUBLIC_PKCS1: {
		unsigned char *der = NULL;
		int length = i2d_PublicKey(key, &der);

		cr_assert(length > 0 && PEM_write_bio(bio, "RSA PUBLIC KEY", "", der, length) > 0);
		OPENSSL_free(der);
		break;
	}
	}
	if (way != LOCKED_BARE)
		return text_of(bio);
	struct zg_buffer text = { 0 };
	char *bytes;
	long length = BIO_get_mem_data(bio, &bytes);

	zg_base64_add(&text, bytes, (size_t)length);
	BIO_free(bio);
	return zg_buffer_take(&text);
}

static char *says(enum zg_result (*read)(const char *, struct zg_rsa **, struct zg_error *), char *pem)
{
	struct zg_rsa *key = NULL;
	struct zg_error err = { 0 };

	cr_expect(eq(int, read(pem, &key, &err), ZG_USAGE), "%.60s", pem);
	cr_expect(key == NULL);
	free(pem);
	return zg_copy(err.text);
}

static void expect_word(char *sentence, const char *word)
{
	cr_expect(strstr(sentence, word) != NULL, "\"%s\" does not say \"%s\"", sentence, word);
	free(sentence);
}

Test(crypt, pkcs1_keys_are_read_too)
{
	EVP_PKEY *made = EVP_RSA_gen(2048);
	char *secret_pem = fresh(made, PKCS1), *public_pem = fresh(made, PUBLIC), *old_pem = fresh(made, PUBLIC_PKCS1);
	struct zg_rsa *secret = private_of(secret_pem), *open = public_of(public_pem), *old = public_of(old_pem);

	cr_expect(zg_rsa_is_same(secret, open));
	cr_expect(zg_rsa_is_same(secret, old));
	zg_rsa_free(secret);
	zg_rsa_free(open);
	zg_rsa_free(old);
	free(secret_pem);
	free(public_pem);
	free(old_pem);
	EVP_PKEY_free(made);
}

Test(crypt, a_key_that_cannot_be_used_says_why)
{
	EVP_PKEY *good = EVP_RSA_gen(2048), *small = EVP_RSA_gen(1024), *ec = EVP_EC_gen("P-256");

	expect_word(says(zg_rsa_read_private, fresh(good, LOCKED)), "password");
	expect_word(says(zg_rsa_read_private, fresh(good, LOCKED_PKCS1)), "password");
	expect_word(says(zg_rsa_read_private, fresh(good, LOCKED_BARE)), "password");
	expect_word(says(zg_rsa_read_private, fresh(good, PUBLIC)), "private key is needed");
	expect_word(says(zg_rsa_read_private, vector_pem("merchant_certificate")), "private key is needed");
	expect_word(says(zg_rsa_read_private, fresh(small, PLAIN)), "1024 bits");
	expect_word(says(zg_rsa_read_private, fresh(ec, PLAIN)), "no RSA key");
	expect_word(says(zg_rsa_read_public, fresh(good, PLAIN)), "public key or the certificate");
	expect_word(says(zg_rsa_read_public, fresh(good, LOCKED)), "public key or the certificate");
	expect_word(says(zg_rsa_read_public, fresh(good, LOCKED_BARE)), "public key or the certificate");
	expect_word(says(zg_rsa_read_public, vector_text("TEST_ONLY_merchant_private_pkcs8.der.b64")), "public key or the certificate");
	expect_word(says(zg_rsa_read_public, fresh(small, PUBLIC)), "1024 bits");
	expect_word(says(zg_rsa_read_public, fresh(ec, PUBLIC)), "no RSA key");
	EVP_PKEY_free(good);
	EVP_PKEY_free(small);
	EVP_PKEY_free(ec);
}

Test(crypt, what_is_no_key_says_so)
{
	static const char *const texts[] = { "", "\n", "hello", "Zm9v", "-----BEGIN PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----\nMIIE\n",
					     "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----\n*\n-----END PRIVATE KEY-----\n",
					     "-----BEGIN \n-----\n-----END ", "-----BEGIN CERTIFICATE REQUEST-----\nMIIE\n-----END CERTIFICATE REQUEST-----\n" };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		expect_word(says(zg_rsa_read_private, zg_copy(texts[i])), "no private key");
		if (!strstr(texts[i], "PRIVATE") || !strstr(texts[i], "MIIE\n-----END"))
			expect_word(says(zg_rsa_read_public, zg_copy(texts[i])), "no public key");
	}
	cr_expect(eq(int, zg_rsa_read_private("", &(struct zg_rsa *){ NULL }, NULL), ZG_USAGE));
}

/* Cut anywhere, a key is refused or, when only the line end is missing, still itself. */
Test(crypt, a_key_cut_short_is_refused)
{
	char *pem = vector_private_pem("merchant");
	size_t whole = strlen(pem) - 1;

	for (size_t length = 0; length < whole; length += 13) {
		char *cut = zg_copy_bytes(pem, length);
		struct zg_rsa *key = NULL;

		cr_expect(eq(int, zg_rsa_read_private(cut, &key, NULL), ZG_USAGE), "%zu bytes", length);
		free(cut);
	}
	free(pem);
}

/* Half of one key and half of another: it loads, and everything it signs would be refused. */
Test(crypt, a_private_key_that_cannot_sign_is_found_out)
{
	char *base64 = vector_text("TEST_ONLY_merchant_private_pkcs8.der.b64"), *pem = NULL;
	struct zg_buffer tight = { 0 }, der = { 0 }, spoilt = { 0 };

	for (const char *c = base64; *c; c++)
		if (*c != '\n')
			zg_buffer_add_byte(&tight, (unsigned char)*c);
	cr_assert(zg_base64_read(&der, tight.bytes, tight.length));
	der.bytes[100] ^= 1;    /* within the modulus */
	zg_base64_add(&spoilt, der.bytes, der.length);
	pem = zg_copy(spoilt.bytes);
	expect_word(says(zg_rsa_read_private, pem), "damaged");
	zg_buffer_clear(&tight);
	zg_buffer_clear(&der);
	zg_buffer_clear(&spoilt);
	free(base64);
}

Test(crypt, certificates_in_one_file_are_found_one_after_another)
{
	char *a = vector_pem("merchant_certificate"), *b = vector_pem("platform_certificate"), *both = zg_print("%s\nnext\n%s\n", a, b);
	const char *second = zg_pem_next(both);
	struct zg_rsa *key;

	cr_assert(second != NULL);
	key = public_of(second);
	cr_expect(eq(str, (char *)zg_rsa_serial(key), "5157F09EFDC096DE15EBE81A47057A7200000002"));
	cr_expect(zg_pem_next(second) == NULL);
	cr_expect(zg_pem_next("") == NULL);
	zg_rsa_free(key);
	free(a);
	free(b);
	free(both);
}

Test(crypt, sealed_bytes_open_with_their_key_alone)
{
	json_t *all = vector_json("wechat_v3_aes_gcm.json"), *vector;
	size_t i, opened = 0;

	json_array_foreach(json_object_get(all, "vectors"), i, vector) {
		const char *key = zg_json_string(vector, "api_v3_key", ""), *nonce = zg_json_string(vector, "nonce", ""), *aad = zg_json_string(vector, "associated_data", "");
		const char *cipher = zg_json_string(vector, "ciphertext", ""), *plain = zg_json_string(vector, "plaintext", NULL);
		struct zg_buffer out = { 0 };

		cr_assert(eq(sz, strlen(key), 32));
		if (plain) {
			cr_expect(zg_gcm_open(key, nonce, aad, cipher, &out));
			cr_expect(eq(str, (char *)zg_buffer_text(&out), (char *)plain));
			zg_buffer_empty(&out);
			cr_expect(not(zg_gcm_open("another key with thirty-two byte", nonce, aad, cipher, &out)));
			cr_expect(not(zg_gcm_open(key, "000000000000", aad, cipher, &out)));
			cr_expect(not(zg_gcm_open(key, nonce, "other", cipher, &out)));
			opened++;
		} else {
			cr_expect(not(zg_gcm_open(key, nonce, aad, cipher, &out)));
		}
		cr_expect(eq(sz, out.length, 0));
		zg_buffer_clear(&out);
	}
	cr_expect(opened >= 3);
	json_decref(all);
}

/* No bit of nothing, tag and cipher may be touched; and nothing of what could be read is given out. */
Test(crypt, spoilt_sealed_bytes_open_never)
{
	static const char key[33] = "0123456789abcdefghijklmnopqrstuv";
	json_t *all = vector_json("wechat_v3_aes_gcm.json"), *vector = json_array_get(json_object_get(all, "vectors"), 1);
	const char *nonce = zg_json_string(vector, "nonce", ""), *aad = zg_json_string(vector, "associated_data", "");
	char *cipher = zg_copy(zg_json_string(vector, "ciphertext", ""));
	struct zg_buffer out = { 0 };

	cr_assert(zg_gcm_open(key, nonce, aad, cipher, &out));
	zg_buffer_empty(&out);
	for (size_t i = 0; cipher[i]; i++) {
		char was = cipher[i];

		cipher[i] = was == 'A' ? 'B' : 'A';
		cr_expect(not(zg_gcm_open(key, nonce, aad, cipher, &out)), "letter %zu", i);
		cipher[i] = '\0';
		cr_expect(not(zg_gcm_open(key, nonce, aad, cipher, &out)), "cut at %zu", i);
		cipher[i] = was;
	}
	cr_expect(not(zg_gcm_open(key, "", aad, cipher, &out)));
	cr_expect(eq(sz, out.length, 0));
	zg_buffer_clear(&out);
	free(cipher);
	json_decref(all);
}

/* McGrew and Viega's case 14 has no text alone: NIST's vectors have zeros, which a nonce as text cannot hold. This is empty text under our own key. */
Test(crypt, nothing_can_be_sealed_too)
{
	static const char key[33] = "0123456789abcdefghijklmnopqrstuv";
	unsigned char tag[16];
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int some;
	struct zg_buffer text = { 0 }, out = { 0 };

	cr_assert(EVP_EncryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, (const unsigned char *)key, (const unsigned char *)"twelve bytes"));
	cr_assert(EVP_EncryptFinal_ex(ctx, tag, &some));
	cr_assert(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, 16, tag));
	EVP_CIPHER_CTX_free(ctx);
	zg_base64_add(&text, tag, 16);
	cr_expect(zg_gcm_open(key, "twelve bytes", "", text.bytes, &out));
	cr_expect(eq(sz, out.length, 0));
	zg_buffer_clear(&text);
	zg_buffer_clear(&out);
}
