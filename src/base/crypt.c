#include "src/base/crypt.h"

#include "src/base/alloc.h"
#include "src/base/seal.h"
#include "src/base/text.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <string.h>

#define GCM_TAG 16

/* What every libcrypto has can only fail for want of memory. */
static void must(bool done)
{
	if (!done)
		zg_out_of_memory();
}

/* -- base64 */

void zg_base64_add(struct zg_buffer *out, const void *bytes, size_t length)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *b = bytes;

	for (size_t i = 0; i < length; i += 3) {
		size_t left = length - i;
		unsigned three = (unsigned)b[i] << 16 | (left > 1 ? (unsigned)b[i + 1] << 8 : 0) | (left > 2 ? b[i + 2] : 0);
		char four[4] = { letters[three >> 18], letters[three >> 12 & 63], left > 1 ? letters[three >> 6 & 63] : '=', left > 2 ? letters[three & 63] : '=' };

		zg_buffer_add(out, four, sizeof(four));
	}
}

static int six_bits(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

bool zg_base64_read(struct zg_buffer *out, const char *text, size_t length)
{
	size_t padding = 0, before = out->length;
	bool is_good = length % 4 == 0;

	if (length > 0 && is_good && text[length - 1] == '=')
		padding = text[length - 2] == '=' ? 2 : 1;
	for (size_t i = 0; is_good && i < length; i += 4) {
		size_t used = i + 4 == length ? 4 - padding : 4;
		unsigned three = 0;
		char bytes[3];

		for (size_t k = 0; k < 4; k++) {
			int bits = k < used ? six_bits(text[i + k]) : 0;

			is_good = is_good && bits >= 0;
			three = three << 6 | (unsigned)(bits & 63);
		}
		/* bits behind the last byte */
		is_good = is_good && (used == 4 || (three & (used == 3 ? 0xFFu : 0xFFFFu)) == 0);
		bytes[0] = (char)(three >> 16);
		bytes[1] = (char)(three >> 8);
		bytes[2] = (char)three;
		zg_buffer_add(out, bytes, used - 1);
	}
	if (!is_good && out->length > before) {
		out->length = before;
		out->bytes[before] = '\0';
	}
	return is_good;
}

/* -- digests */

static void digest(unsigned char *sum, const EVP_MD *md, const void *bytes, size_t length)
{
	must(EVP_Digest(bytes, length, sum, NULL, md, NULL) == 1);
}

const char *zg_sha256_hex(char text[65], const void *bytes, size_t length)
{
	unsigned char sum[32];

	digest(sum, EVP_sha256(), bytes, length);
	return zg_hex(text, sum, sizeof(sum));
}

const char *zg_sha1_hex(char text[41], const void *bytes, size_t length)
{
	unsigned char sum[20];

	digest(sum, EVP_sha1(), bytes, length);
	return zg_hex(text, sum, sizeof(sum));
}

const char *zg_md5_hex_upper(char text[33], const void *bytes, size_t length)
{
	unsigned char sum[16];

	digest(sum, EVP_md5(), bytes, length);
	zg_hex(text, sum, sizeof(sum));
	zg_text_upper(text);
	return text;
}

const char *zg_hmac_sha256_hex_upper(char text[65], const void *key, size_t key_length, const void *bytes, size_t length)
{
	unsigned char sum[32];
	size_t size = 0;

	must(EVP_Q_mac(NULL, "HMAC", NULL, "SHA256", NULL, key, key_length, bytes, length, sum, sizeof(sum), &size) && size == sizeof(sum));
	zg_hex(text, sum, sizeof(sum));
	zg_text_upper(text);
	return text;
}

/* -- AES-256-GCM */

bool zg_gcm_open(const char key[32], const char *nonce, const char *aad, const char *cipher, struct zg_buffer *out)
{
	struct zg_buffer sealed = { 0 }, plain = { 0 };
	EVP_CIPHER_CTX *ctx = NULL;
	bool is_good = false;
	size_t length, nonce_length = strlen(nonce), aad_length = strlen(aad);
	int some = 0;

	/* The limits are those of an int; a channel's certificate is 2 kB. */
	if (nonce_length == 0 || nonce_length > 64 || aad_length > 65536 || !zg_base64_read(&sealed, cipher, strlen(cipher)) ||
	    sealed.length < GCM_TAG || sealed.length > 1 << 24)
		goto out;
	length = sealed.length - GCM_TAG;
	zg_buffer_add(&plain, sealed.bytes, length);
	ctx = EVP_CIPHER_CTX_new();
	must(ctx && EVP_DecryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, NULL, NULL));
	must(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_IVLEN, (int)nonce_length, NULL) > 0);
	must(EVP_DecryptInit_ex(ctx, NULL, NULL, (const unsigned char *)key, (const unsigned char *)nonce));
	must(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, GCM_TAG, sealed.bytes + length) > 0);
	must(aad_length == 0 || EVP_DecryptUpdate(ctx, NULL, &some, (const unsigned char *)aad, (int)aad_length));
	must(length == 0 || EVP_DecryptUpdate(ctx, (unsigned char *)plain.bytes, &some, (const unsigned char *)sealed.bytes, (int)length));
	/* Only now it is known whether these are the bytes that were sealed. */
	is_good = EVP_DecryptFinal_ex(ctx, NULL, &some) == 1;
	ERR_clear_error();
	if (is_good)
		zg_buffer_add(out, plain.bytes, plain.length);
out:
	EVP_CIPHER_CTX_free(ctx);
	zg_buffer_clear(&sealed);
	zg_buffer_clear(&plain);
	return is_good;
}
