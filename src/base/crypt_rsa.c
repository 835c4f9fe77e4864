#include "src/base/crypt.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"

#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

#define LEAST_BITS 2048
/* Bytes that libcrypto's decoders may take. They are asked for beforehand: a failure inside looks like a bad key. */
#define NEED 1048576

struct zg_rsa {
	EVP_PKEY *key;
	char *serial;
	int64_t begins, ends;
};

enum kind { NOTHING, PRIVATE, PUBLIC, CERTIFICATE, LOCKED, OTHER };

/* What a file brought: its DER, and what its BEGIN line calls it (OTHER: it has none). */
struct block {
	enum kind kind;
	struct zg_buffer der;
};

/* What every libcrypto has can only fail for want of memory. */
static void must(bool done)
{
	if (!done)
		zg_out_of_memory();
}

static void clear_block(struct block *block)
{
	if (block->der.bytes)
		OPENSSL_cleanse(block->der.bytes, block->der.room);
	zg_buffer_clear(&block->der);
}

/* Base64 without the blanks and line ends in it. */
static bool read_loose(struct zg_buffer *out, const char *text, size_t length)
{
	struct zg_buffer tight = { 0 };
	bool is_good;

	for (size_t i = 0; i < length; i++)
		if (!strchr(" \t\r\n", text[i]))
			zg_buffer_add_byte(&tight, (unsigned char)text[i]);
	is_good = tight.length > 0 && zg_base64_read(out, tight.bytes, tight.length);
	if (tight.bytes)
		OPENSSL_cleanse(tight.bytes, tight.room);
	zg_buffer_clear(&tight);
	return is_good;
}

/* Behind the line `-----BEGIN …-----` or `-----END …-----` that starts at `line`; NULL: it does not end so. */
static const char *behind(const char *line)
{
	const char *dashes = strstr(line + 5, "-----"), *end = strchr(line, '\n');

	return dashes && (!end || dashes < end) ? dashes + 5 : NULL;
}

static enum kind kind_of(const char *name, size_t length, const char *inside, const char *end)
{
	static const struct {
		const char *name;
		enum kind kind;
	} kinds[] = {
		{ "PRIVATE KEY", PRIVATE }, { "RSA PRIVATE KEY", PRIVATE }, { "EC PRIVATE KEY", PRIVATE }, { "ENCRYPTED PRIVATE KEY", LOCKED },
		{ "PUBLIC KEY", PUBLIC }, { "RSA PUBLIC KEY", PUBLIC }, { "CERTIFICATE", CERTIFICATE }, { "X509 CERTIFICATE", CERTIFICATE },
		{ "TRUSTED CERTIFICATE", CERTIFICATE },
	};
	const char *locked = strstr(inside, "Proc-Type:");    /* PKCS#1's way of being locked */

	if (locked && locked < end)
		return LOCKED;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strlen(kinds[i].name) == length && memcmp(kinds[i].name, name, length) == 0)
			return kinds[i].kind;
	return NOTHING;
}

/* The next block of a kind that we know, at or behind `pem`. Returns where the text goes on behind it, NULL when there is none. */
static const char *next_block(const char *pem, struct block *block)
{
	for (const char *at = pem; (at = strstr(at, "-----BEGIN ")) != NULL;) {
		const char *inside = behind(at), *end = inside ? strstr(inside, "-----END ") : NULL, *after = end ? behind(end) : NULL;

		block->kind = NOTHING;
		if (after) {
			block->kind = kind_of(at + 11, (size_t)(inside - 5 - (at + 11)), inside, end);
			if (block->kind == LOCKED || (block->kind != NOTHING && read_loose(&block->der, inside, (size_t)(end - inside))))
				return after;
		}
		at = after ? after : at + 11;
	}
	block->kind = NOTHING;
	return NULL;
}

const char *zg_pem_next(const char *pem)
{
	struct block block = { NOTHING, { 0 } };
	const char *after = next_block(pem, &block);

	clear_block(&block);
	return after && strstr(after, "-----BEGIN ") ? after : NULL;
}

/* A key from DER: PKCS#8, then PKCS#1. */
static EVP_PKEY *private_from(const struct zg_buffer *der, bool *is_locked)
{
	const unsigned char *at = (const unsigned char *)der->bytes;
	PKCS8_PRIV_KEY_INFO *info = d2i_PKCS8_PRIV_KEY_INFO(NULL, &at, (long)der->length);
	EVP_PKEY *key = info ? EVP_PKCS82PKEY(info) : NULL;
	X509_SIG *sealed;

	PKCS8_PRIV_KEY_INFO_free(info);
	if (!key) {
		at = (const unsigned char *)der->bytes;
		key = d2i_PrivateKey(EVP_PKEY_RSA, NULL, &at, (long)der->length);
	}
	at = (const unsigned char *)der->bytes;
	sealed = key ? NULL : d2i_X509_SIG(NULL, &at, (long)der->length);
	*is_locked = sealed != NULL;
	X509_SIG_free(sealed);
	ERR_clear_error();
	return key;
}

static int64_t instant(const ASN1_TIME *time)
{
	ASN1_TIME *zero = ASN1_TIME_set(NULL, 0);
	int days = 0, seconds = 0;
	bool is_good;

	must(zero != NULL);
	is_good = ASN1_TIME_diff(&days, &seconds, zero, time);
	ASN1_TIME_free(zero);
	return is_good ? ((int64_t)days * 86400 + seconds) * 1000 : 0;
}

static void read_certificate(struct zg_rsa *rsa, const X509 *certificate)
{
	BIGNUM *number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), NULL);
	char *hex = number ? BN_bn2hex(number) : NULL;
	const char *first = hex;

	must(hex != NULL);
	while (*first == '0' && first[1])
		first++;
	rsa->serial = zg_copy(first);
	rsa->begins = instant(X509_get0_notBefore(certificate));
	rsa->ends = instant(X509_get0_notAfter(certificate));
	OPENSSL_free(hex);
	BN_free(number);
}

/* A public key from DER: a certificate's, one with its algorithm, or PKCS#1. */
static void public_from(const struct zg_buffer *der, struct zg_rsa *rsa)
{
	const unsigned char *at = (const unsigned char *)der->bytes;
	X509 *certificate = d2i_X509(NULL, &at, (long)der->length);

	if (certificate) {
		rsa->key = X509_get_pubkey(certificate);
		read_certificate(rsa, certificate);
		X509_free(certificate);
	}
	if (!rsa->key) {
		at = (const unsigned char *)der->bytes;
		rsa->key = d2i_PUBKEY(NULL, &at, (long)der->length);
	}
	if (!rsa->key) {
		at = (const unsigned char *)der->bytes;
		rsa->key = d2i_PublicKey(EVP_PKEY_RSA, NULL, &at, (long)der->length);
	}
	ERR_clear_error();
}

/* The block to read: the first of the wanted kinds, else the first of any, else the bare base64. */
static void choose_block(const char *pem, bool wants_private, struct block *block)
{
	struct block other = { NOTHING, { 0 } };

	for (const char *at = pem; (at = next_block(at, &other)) != NULL;) {
		if ((other.kind == PRIVATE || other.kind == LOCKED) == wants_private || block->kind == NOTHING) {
			bool is_wanted = (other.kind == PRIVATE || other.kind == LOCKED) == wants_private;

			clear_block(block);
			*block = other;
			if (is_wanted)
				return;
		} else {
			clear_block(&other);
		}
		other = (struct block){ NOTHING, { 0 } };
	}
	if (block->kind == NOTHING && read_loose(&block->der, pem, strlen(pem)))
		block->kind = OTHER;
}

static enum zg_result check_key(const struct zg_rsa *rsa, struct zg_error *err)
{
	if (!EVP_PKEY_is_a(rsa->key, "RSA"))
		return zg_fail(err, ZG_USAGE, _("This is no RSA key. Payment channels need one of RSA with at least %d bits."), LEAST_BITS);
	if (EVP_PKEY_get_bits(rsa->key) < LEAST_BITS)
		return zg_fail(err, ZG_USAGE, _("This RSA key has %d bits; at least %d are needed. Make a new one and give its public half to the channel."),
			       EVP_PKEY_get_bits(rsa->key), LEAST_BITS);
	return ZG_OK;
}

/* libcrypto loads halves that do not belong together; what such a key signs nobody accepts. */
static bool signs(const struct zg_rsa *rsa)
{
	static const char probe[] = "probe";
	unsigned char signature[2048];
	size_t length = sizeof(signature);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool is_good;

	must(ctx != NULL);
	is_good = (size_t)EVP_PKEY_get_size(rsa->key) <= sizeof(signature) && EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, rsa->key) == 1 &&
		  EVP_DigestSign(ctx, signature, &length, (const unsigned char *)probe, sizeof(probe)) == 1;
	EVP_MD_CTX_free(ctx);
	ctx = EVP_MD_CTX_new();
	must(ctx != NULL);
	is_good = is_good && EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, rsa->key) == 1 &&
		  EVP_DigestVerify(ctx, signature, length, (const unsigned char *)probe, sizeof(probe)) == 1;
	EVP_MD_CTX_free(ctx);
	ERR_clear_error();
	return is_good;
}

enum zg_result zg_rsa_read_private(const char *pem, struct zg_rsa **key, struct zg_error *err)
{
	struct zg_rsa *rsa = zg_alloc(1, sizeof(*rsa));
	struct block block = { NOTHING, { 0 } };
	struct zg_rsa open = { 0 };
	bool is_locked = false;
	enum zg_result result;

	*key = NULL;
	zg_need(NEED);
	choose_block(pem, true, &block);
	if (block.kind == PRIVATE || block.kind == OTHER)
		rsa->key = private_from(&block.der, &is_locked);
	if (block.kind == OTHER && !rsa->key && !is_locked)
		public_from(&block.der, &open);
	if (block.kind == LOCKED || is_locked)
		result = zg_fail(err, ZG_USAGE, _("The private key is locked with a password. Save it without one, readable by this user alone."));
	else if (block.kind == PUBLIC || block.kind == CERTIFICATE || open.key)
		result = zg_fail(err, ZG_USAGE, _("This is a public key or a certificate. Here the private key is needed."));
	else if (!rsa->key)
		result = zg_fail(err, ZG_USAGE, _("This is no private key, or a damaged one. Copy the file again from where the key was made."));
	else if ((result = check_key(rsa, err)) == ZG_OK && !signs(rsa))
		result = zg_fail(err, ZG_USAGE, _("This private key is damaged: nobody could verify what it signs. Copy the file again from where the key was made."));
	EVP_PKEY_free(open.key);
	free(open.serial);
	clear_block(&block);
	if (result == ZG_OK)
		*key = rsa;
	else
		zg_rsa_free(rsa);
	return result;
}

enum zg_result zg_rsa_read_public(const char *pem, struct zg_rsa **key, struct zg_error *err)
{
	struct zg_rsa *rsa = zg_alloc(1, sizeof(*rsa));
	struct block block = { NOTHING, { 0 } };
	EVP_PKEY *secret = NULL;
	bool is_locked = false;
	enum zg_result result;

	*key = NULL;
	zg_need(NEED);
	choose_block(pem, false, &block);
	if (block.kind == PUBLIC || block.kind == CERTIFICATE || block.kind == OTHER)
		public_from(&block.der, rsa);
	if (block.kind == OTHER && !rsa->key)
		secret = private_from(&block.der, &is_locked);
	if (block.kind == PRIVATE || block.kind == LOCKED || secret || is_locked)
		result = zg_fail(err, ZG_USAGE, _("This is a private key. Here the public key or the certificate is needed."));
	else if (!rsa->key)
		result = zg_fail(err, ZG_USAGE, _("This is no public key and no certificate, or a damaged one. Fetch it again from the channel's website."));
	else
		result = check_key(rsa, err);
	EVP_PKEY_free(secret);
	clear_block(&block);
	if (result == ZG_OK)
		*key = rsa;
	else
		zg_rsa_free(rsa);
	return result;
}

void zg_rsa_free(struct zg_rsa *key)
{
	if (!key)
		return;
	EVP_PKEY_free(key->key);
	free(key->serial);
	free(key);
}

void zg_rsa_sign(const struct zg_rsa *private_key, const void *bytes, size_t length, struct zg_buffer *out)
{
	unsigned char signature[2048];
	size_t size = sizeof(signature);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	/* The key has signed before (see signs), so it can. */
	must(ctx && EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, private_key->key) == 1 &&
	     EVP_DigestSign(ctx, signature, &size, bytes, length) == 1);
	EVP_MD_CTX_free(ctx);
	zg_base64_add(out, signature, size);
}

bool zg_rsa_verify(const struct zg_rsa *public_key, const void *bytes, size_t length, const char *signature)
{
	struct zg_buffer raw = { 0 };
	EVP_MD_CTX *ctx = NULL;
	bool is_good = false;

	if (zg_base64_read(&raw, signature, strlen(signature)) && raw.length > 0) {
		ctx = EVP_MD_CTX_new();
		must(ctx && EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, public_key->key) == 1);
		is_good = EVP_DigestVerify(ctx, (const unsigned char *)raw.bytes, raw.length, bytes, length) == 1;
		ERR_clear_error();
	}
	EVP_MD_CTX_free(ctx);
	zg_buffer_clear(&raw);
	return is_good;
}

bool zg_rsa_is_same(const struct zg_rsa *a, const struct zg_rsa *b)
{
	return EVP_PKEY_eq(a->key, b->key) == 1;
}

const char *zg_rsa_serial(const struct zg_rsa *key)
{
	return key->serial ? key->serial : "";
}

int64_t zg_rsa_begins(const struct zg_rsa *key)
{
	return key->begins;
}

int64_t zg_rsa_ends(const struct zg_rsa *key)
{
	return key->ends;
}
