#include "src/base/seal.h"

#include "src/base/alloc.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/core_names.h>
#include <stdint.h>
#include <string.h>
#include <sys/random.h>

static void must(bool done)
{
	if (!done)
		zg_out_of_memory();
}

void zg_seal(unsigned char mac[ZG_MAC_SIZE], const unsigned char key[ZG_MAC_SIZE],
	     const struct zg_piece *pieces, size_t count)
{
	char digest[] = "SHA256";
	OSSL_PARAM params[] = { OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0), OSSL_PARAM_construct_end() };
	EVP_MAC *kind = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX *ctx = kind ? EVP_MAC_CTX_new(kind) : NULL;
	size_t size = 0;

	/* HMAC and SHA-256 are in every libcrypto: what it can lack is memory. A row without its seal is never written. */
	must(ctx && EVP_MAC_init(ctx, key, ZG_MAC_SIZE, params));
	for (size_t i = 0; i < count; i++) {
		unsigned char length[8];

		for (int b = 0; b < 8; b++)
			length[b] = (unsigned char)((uint64_t)pieces[i].length >> (56 - 8 * b));
		must(EVP_MAC_update(ctx, length, sizeof(length)) && EVP_MAC_update(ctx, pieces[i].bytes, pieces[i].length));
	}
	must(EVP_MAC_final(ctx, mac, &size, ZG_MAC_SIZE) && size == ZG_MAC_SIZE);
	EVP_MAC_CTX_free(ctx);
	EVP_MAC_free(kind);
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
