/* Signatures, certificates, ciphers and digests as the payment channels use them, from OpenSSL's libcrypto. See also seal.h. */
#ifndef ZG_BASE_CRYPT_H
#define ZG_BASE_CRYPT_H

#include "src/base/buffer.h"
#include "src/base/result.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct zg_rsa;    /* one RSA key: a private one, a public one, or a certificate's */

/*
 * Reads PEM text. A private key (PKCS#8 or PKCS#1, without a password), a public key, or a certificate: the first of these in the text. Lines
 * around it are passed over, and `pem` may be bare base64 of the DER, as Alipay's own tool writes it. ZG_USAGE: it is none of these, or an RSA key
 * under 2048 bits; err says what it is and what was wanted. The caller frees with zg_rsa_free.
 */
enum zg_result zg_rsa_read_private(const char *pem, struct zg_rsa **key, struct zg_error *err);
enum zg_result zg_rsa_read_public(const char *pem, struct zg_rsa **key, struct zg_error *err);
void zg_rsa_free(struct zg_rsa *key);    /* NULL is allowed */
/* Where the text goes on behind its first PEM block, when another begins there; else NULL. For several certificates in one file. */
const char *zg_pem_next(const char *pem);

/* PKCS#1 v1.5 over SHA-256, as base64 on one line: appended to out. */
void zg_rsa_sign(const struct zg_rsa *private_key, const void *bytes, size_t length, struct zg_buffer *out);
/* signature: base64. False: another text, another key, or no signature at all. */
bool zg_rsa_verify(const struct zg_rsa *public_key, const void *bytes, size_t length, const char *signature);
/* Both belong to one pair, or are the same public key. */
bool zg_rsa_is_same(const struct zg_rsa *a, const struct zg_rsa *b);
/* Of a certificate: its serial number in upper-case hex without leading zeros; "" of a bare key. Borrowed. */
const char *zg_rsa_serial(const struct zg_rsa *key);
/* Of a certificate: from when and until when it holds, ms; 0 of a bare key. */
int64_t zg_rsa_begins(const struct zg_rsa *key);
int64_t zg_rsa_ends(const struct zg_rsa *key);

/* AES-256-GCM: the cipher is base64 of the encrypted bytes and the 16-byte tag behind them; nonce and aad are texts. False: it was not made so;
 * nothing was added to out. */
bool zg_gcm_open(const char key[32], const char *nonce, const char *aad, const char *cipher, struct zg_buffer *out);

/* Hexadecimal: lower case, or upper where the name says so. text has room for 2 × size + 1. Returns text. */
const char *zg_sha256_hex(char text[65], const void *bytes, size_t length);
const char *zg_sha1_hex(char text[41], const void *bytes, size_t length);
const char *zg_md5_hex_upper(char text[33], const void *bytes, size_t length);
const char *zg_hmac_sha256_hex_upper(char text[65], const void *key, size_t key_length, const void *bytes, size_t length);

void zg_base64_add(struct zg_buffer *out, const void *bytes, size_t length);
/*
 * One line with its padding, no blanks, no bit set that means nothing: what zg_base64_add writes, and nothing else. So a text has one spelling, and
 * a spoilt signature cannot decode to the good one. False: it is not; nothing was added.
 */
bool zg_base64_read(struct zg_buffer *out, const char *text, size_t length);
#endif
