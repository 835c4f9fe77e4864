/*
 * Signatures, seals and digests as the gateways make and check them, straight from OpenSSL. The till's drivers have code of their
 * own for this, and must: only so can the two disagree.
 */
#ifndef SIM_GATE_SIGN_H
#define SIM_GATE_SIGN_H

#include "src/base/buffer.h"

#include <stdbool.h>
#include <stddef.h>

struct gate_key;    /* one RSA key, or a certificate's */

/* A private key: PEM, or base64 of PKCS#8 DER. A public one: PEM of a key or of a certificate. NULL: `path` holds no such thing. */
struct gate_key *gate_key_private(const char *path);
struct gate_key *gate_key_public(const char *path);
void gate_key_free(struct gate_key *key);    /* NULL is allowed */
/* Of a certificate: its serial in upper-case hex, and its SHA-256 in hex; "" of a bare key. Borrowed. */
const char *gate_key_serial(const struct gate_key *key);
const char *gate_key_print(const struct gate_key *key);
/* The file's own text, for certificates that are handed out. */
const char *gate_key_text(const struct gate_key *key);

/* RSA PKCS#1 v1.5 over SHA-256, in base64. */
void gate_sign(const struct gate_key *key, const char *bytes, size_t length, struct zg_buffer *signature);
bool gate_signed(const struct gate_key *key, const char *bytes, size_t length, const char *signature);

/* AES-256-GCM: base64 of what was encrypted, its tag behind it. */
void gate_seal(const char *key32, const char *nonce12, const char *aad, const char *text, struct zg_buffer *sealed);

#define GATE_DIGEST 65    /* the longest digest in hex, and its NUL */

/* kind: "md5", "sha1", "sha256". Lower-case hex. Returns text. */
const char *gate_digest(char text[GATE_DIGEST], const char *kind, const void *bytes, size_t length);
/* HMAC-SHA256, lower-case hex. Returns text. */
const char *gate_hmac(char text[GATE_DIGEST], const char *key, const char *bytes, size_t length);

void gate_base64(struct zg_buffer *text, const void *bytes, size_t length);
#endif
