#include "contrib/sim/gate_sign.h"

#include "src/base/alloc.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MOST 65536    /* bytes of a key file */

struct gate_key {
	EVP_PKEY *pkey;
	char *text;
	char serial[80];
	char print[GATE_DIGEST];
};

/* ---- files ---- */

static char *file_text(const char *path)
{
	struct zg_buffer text = { 0 };
	char part[4096];
	size_t count;
	FILE *file = fopen(path, "re");

	if (!file)
		return NULL;
	while (text.length <= FILE_MOST && (count = fread(part, 1, sizeof(part), file)) > 0)
		zg_buffer_add(&text, part, count);
	fclose(file);
	if (text.length > FILE_MOST) {
		zg_buffer_clear(&text);
		return NULL;
	}
	return zg_buffer_take(&text);
}

static BIO *bio_of(const char *text)
{
	return BIO_new_mem_buf(text, -1);
}

/* What the test vectors hold: base64 lines of a PKCS#8 DER. */
static EVP_PKEY *bare_private(const char *text)
{
	BIO *lines = bio_of(text), *decode = BIO_new(BIO_f_base64());
	unsigned char der[4096];
	const unsigned char *at = der;

	BIO_push(decode, lines);
	int length = BIO_read(decode, der, sizeof(der));

	BIO_free_all(decode);
	return length > 0 ? d2i_AutoPrivateKey(NULL, &at, length) : NULL;
}

static struct gate_key *key_of(EVP_PKEY *pkey, char *text)
{
	if (!pkey) {
		free(text);
		return NULL;
	}
	struct gate_key *key = zg_alloc(1, sizeof(*key));

	key->pkey = pkey;
	key->text = text;
	return key;
}

struct gate_key *gate_key_private(const char *path)
{
	char *text = file_text(path);

	if (!text)
		return NULL;
	BIO *bio = bio_of(text);
	EVP_PKEY *pkey = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);

	BIO_free(bio);
	return key_of(pkey ? pkey : bare_private(text), text);
}

static void describe(struct gate_key *key, X509 *certificate)
{
	BIGNUM *number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), NULL);
	char *serial = BN_bn2hex(number);
	unsigned char *der = NULL;
	int length = i2d_X509(certificate, &der);

	snprintf(key->serial, sizeof(key->serial), "%s", serial);
	gate_digest(key->print, "sha256", der, (size_t)length);
	OPENSSL_free(der);
	OPENSSL_free(serial);
	BN_free(number);
}

struct gate_key *gate_key_public(const char *path)
{
	char *text = file_text(path);

	if (!text)
		return NULL;
	BIO *bio = bio_of(text);
	X509 *certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);

	if (certificate) {
		struct gate_key *key = key_of(X509_get_pubkey(certificate), text);

		if (key)
			describe(key, certificate);
		X509_free(certificate);
		BIO_free(bio);
		return key;
	}
	BIO_free(bio);
	bio = bio_of(text);
	EVP_PKEY *pkey = PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL);

	BIO_free(bio);
	return key_of(pkey, text);
}

void gate_key_free(struct gate_key *key)
{
	if (!key)
		return;
	EVP_PKEY_free(key->pkey);
	free(key->text);
	free(key);
}

const char *gate_key_serial(const struct gate_key *key)
{
	return key->serial;
}

const char *gate_key_print(const struct gate_key *key)
{
	return key->print;
}

const char *gate_key_text(const struct gate_key *key)
{
	return key->text;
}

/* ---- signatures ---- */

void gate_sign(const struct gate_key *key, const char *bytes, size_t length, struct zg_buffer *signature)
{
	unsigned char raw[1024];
	size_t size = sizeof(raw);
	EVP_MD_CTX *context = EVP_MD_CTX_new();

	zg_assert(context && EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key->pkey) == 1);
	zg_assert(EVP_DigestSign(context, raw, &size, (const unsigned char *)bytes, length) == 1);
	EVP_MD_CTX_free(context);
	gate_base64(signature, raw, size);
}

/* Strict: no white space, no missing padding. */
static int base64_bytes(unsigned char *raw, size_t room, const char *text)
{
	size_t length = strlen(text);

	if (length == 0 || length % 4 != 0 || length / 4 * 3 > room ||
	    strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=") != length)
		return -1;
	int size = EVP_DecodeBlock(raw, (const unsigned char *)text, (int)length);

	for (size_t i = length; size > 0 && i > 0 && text[i - 1] == '='; i--)
		size--;
	return size;
}

bool gate_signed(const struct gate_key *key, const char *bytes, size_t length, const char *signature)
{
	unsigned char raw[1024];
	int size = base64_bytes(raw, sizeof(raw), signature);

	if (size <= 0)
		return false;
	EVP_MD_CTX *context = EVP_MD_CTX_new();

	zg_assert(context && EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key->pkey) == 1);
	bool good = EVP_DigestVerify(context, raw, (size_t)size, (const unsigned char *)bytes, length) == 1;

	EVP_MD_CTX_free(context);
	return good;
}

void gate_seal(const char *key32, const char *nonce12, const char *aad, const char *text, struct zg_buffer *sealed)
{
	size_t length = strlen(text);
	unsigned char *out = zg_alloc(length + 16, 1);
	int count = 0, last = 0;
	EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();

	zg_assert(context && EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), NULL, (const unsigned char *)key32, (const unsigned char *)nonce12) == 1);
	zg_assert(EVP_EncryptUpdate(context, NULL, &count, (const unsigned char *)aad, (int)strlen(aad)) == 1);
	zg_assert(EVP_EncryptUpdate(context, out, &count, (const unsigned char *)text, (int)length) == 1);
	zg_assert(EVP_EncryptFinal_ex(context, out + count, &last) == 1);
	zg_assert(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, 16, out + count + last) == 1);
	EVP_CIPHER_CTX_free(context);
	gate_base64(sealed, out, length + 16);
	free(out);
}

/* ---- digests ---- */

static const char *hex(char text[GATE_DIGEST], const unsigned char *bytes, unsigned count)
{
	for (unsigned i = 0; i < count && i < 32; i++)
		snprintf(text + i * 2, 3, "%02x", bytes[i]);
	return text;
}

const char *gate_digest(char text[GATE_DIGEST], const char *kind, const void *bytes, size_t length)
{
	unsigned char raw[EVP_MAX_MD_SIZE];
	unsigned size = 0;

	zg_assert(EVP_Digest(bytes, length, raw, &size, EVP_get_digestbyname(kind), NULL) == 1);
	return hex(text, raw, size);
}

const char *gate_hmac(char text[GATE_DIGEST], const char *key, const char *bytes, size_t length)
{
	unsigned char raw[EVP_MAX_MD_SIZE];
	size_t size = sizeof(raw);

	zg_assert(EVP_Q_mac(NULL, "HMAC", NULL, "SHA256", NULL, key, strlen(key), (const unsigned char *)bytes, length, raw, sizeof(raw), &size) != NULL);
	return hex(text, raw, (unsigned)size);
}

void gate_base64(struct zg_buffer *text, const void *bytes, size_t length)
{
	unsigned char *out = zg_alloc(length / 3 * 4 + 8, 1);
	int size = EVP_EncodeBlock(out, bytes, (int)length);

	zg_buffer_add(text, out, (size_t)size);
	free(out);
}
