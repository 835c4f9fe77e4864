/* HMAC-SHA-256, random bytes and hexadecimal, from OpenSSL's libcrypto. */
#ifndef ZG_BASE_SEAL_H
#define ZG_BASE_SEAL_H

#include <stdbool.h>
#include <stddef.h>

#define ZG_MAC_SIZE 32    /* bytes of a MAC, and of a key */

struct zg_piece {
	const void *bytes;
	size_t length;
};

/* The MAC over the pieces, each led by its length, so that no two lists of pieces look alike. */
void zg_seal(unsigned char mac[ZG_MAC_SIZE], const unsigned char key[ZG_MAC_SIZE],
	     const struct zg_piece *pieces, size_t count);
/*
 * The same for many lists under one key, which it is made ready for once: sealing a row takes a third of the time then.
 * It keeps the key's state; freeing wipes it.
 */
struct zg_sealer;

struct zg_sealer *zg_sealer_new(const unsigned char key[ZG_MAC_SIZE]);
void zg_sealer_free(struct zg_sealer *sealer);
void zg_sealer_seal(struct zg_sealer *sealer, unsigned char mac[ZG_MAC_SIZE], const struct zg_piece *pieces, size_t count);
/* Compares in a time that does not depend on where they differ. */
bool zg_seal_is_same(const unsigned char *a, const unsigned char *b, size_t length);
void zg_random(void *bytes, size_t length);
/* So many random characters out of `letters` (at most 256) and a NUL. Returns text. */
const char *zg_random_text(char *text, size_t length, const char *letters);
/* 2 × length lower-case digits and a NUL into text. Returns text. */
const char *zg_hex(char *text, const void *bytes, size_t length);
/* Exactly 2 × length digits of either case. */
bool zg_unhex(void *bytes, size_t length, const char *text);
#endif
