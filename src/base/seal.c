#include "src/base/seal.h"

#include "src/base/alloc.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/core_names.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static void must(bool done)
{
	if (!done)
		zg_out_of_memory();
}

struct zg_sealer {
	EVP_MAC_CTX *ctx;
};

/* HMAC and SHA-256 are in every libcrypto: what it can lack is memory. A row without its seal is never written. */
static EVP_MAC_CTX *keyed(const unsigned char key[ZG_MAC_SIZE])
{
	char digest[] = "SHA256";
	OSSL_PARAM params[] = { OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0), OSSL_PARAM_construct_end() };
	EVP_MAC *kind = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX *ctx = kind ? EVP_MAC_CTX_new(kind) : NULL;

	must(ctx && EVP_MAC_init(ctx, key, ZG_MAC_SIZE, params));
	EVP_MAC_free(kind);    /* the context has its own hold on it */
	return ctx;
}

struct zg_sealer *zg_sealer_new(const unsigned char key[ZG_MAC_SIZE])
{
	struct zg_sealer *sealer = zg_alloc(1, sizeof(*sealer));

	sealer->ctx = keyed(key);
	return sealer;
}

void zg_sealer_free(struct zg_sealer *sealer)
{
	if (!sealer)
		return;
	EVP_MAC_CTX_free(sealer->ctx);
	free(sealer);
}

static void seal(EVP_MAC_CTX *ctx, unsigned char mac[ZG_MAC_SIZE], const struct zg_piece *pieces, size_t count)
{
	size_t size = 0;

	for (size_t i = 0; i < count; i++) {
		unsigned char length[8];

		for (int b = 0; b < 8; b++)
			length[b] = (unsigned char)((uint64_t)pieces[i].length >> (56 - 8 * b));
		must(EVP_MAC_update(ctx, length, sizeof(length)) && EVP_MAC_update(ctx, pieces[i].bytes, pieces[i].length));
	}
	must(EVP_MAC_final(ctx, mac, &size, ZG_MAC_SIZE) && size == ZG_MAC_SIZE);
}

void zg_sealer_seal(struct zg_sealer *sealer, unsigned char mac[ZG_MAC_SIZE], const struct zg_piece *pieces, size_t count)
{
	seal(sealer->ctx, mac, pieces, count);
	must(EVP_MAC_init(sealer->ctx, NULL, 0, NULL));    /* without a key: from the beginning again under the same one */
}

void zg_seal(unsigned char mac[ZG_MAC_SIZE], const unsigned char key[ZG_MAC_SIZE],
	     const struct zg_piece *pieces, size_t count)
{
	EVP_MAC_CTX *ctx = keyed(key);

	seal(ctx, mac, pieces, count);
	EVP_MAC_CTX_free(ctx);
}

bool zg_seal_is_same(const unsigned char *a, const unsigned char *b, size_t length)
{
	return CRYPTO_memcmp(a, b, length) == 0;
}

void zg_random(void *bytes, size_t length)
{
	unsigned char *at = bytes;

	while (length > 0) {
		ssize_t got = getrandom(at, length, 0);

		zg_assert(got > 0);    /* without randomness there is no key worth having */
		at += got;
		length -= (size_t)got;
	}
}

const char *zg_random_text(char *text, size_t length, const char *letters)
{
	size_t count = strlen(letters);

	zg_random(text, length);
	for (size_t i = 0; i < length; i++)
		text[i] = letters[(unsigned char)text[i] % count];
	text[length] = '\0';
	return text;
}

const char *zg_hex(char *text, const void *bytes, size_t length)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *b = bytes;

	for (size_t i = 0; i < length; i++) {
		text[2 * i] = digits[b[i] >> 4];
		text[2 * i + 1] = digits[b[i] & 15];
	}
	text[2 * length] = '\0';
	return text;
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool zg_unhex(void *bytes, size_t length, const char *text)
{
	unsigned char *b = bytes;

	if (strlen(text) != 2 * length)
		return false;
	for (size_t i = 0; i < length; i++) {
		int high = digit(text[2 * i]), low = digit(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		b[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}
