/*
 * PINs and passwords as yescrypt hashes (libxcrypt). One costs some 20 ms and 17 MB here and far more on a small
 * computer, so it is done in a forked child; the copies made here are wiped as soon as the child has its own.
 */
#ifndef ZG_IO_HASH_H
#define ZG_IO_HASH_H

#include "src/base/result.h"
#include "src/io/loop.h"

#include <stdbool.h>

#define ZG_PIN_MAX       64     /* bytes; a longer PIN is never right, and is not hashed */
#define ZG_PIN_HASH_TEXT 128    /* bytes that hold any hash, the NUL included */

struct zg_pin_job;

/* ZG_OK: hash is the text to store, borrowed for the call. ZG_BROKEN: it could not be made; hash is "". */
typedef void zg_pin_hash_done(void *self, enum zg_result result, const char *hash);
/* ZG_OK: the PIN is right. ZG_REFUSED: it is wrong. ZG_BROKEN: it could not be tried (no memory, no process, too slow). */
typedef void zg_pin_check_done(void *self, enum zg_result result);

/* `done` runs in the loop, never before this returns; the job ends with it. */
struct zg_pin_job *zg_pin_hash(struct zg_loop *loop, const char *pin, zg_pin_hash_done *done, void *self);
/* stored NULL, "" or not a hash: nobody has that name; it costs the same and is never right. */
struct zg_pin_job *zg_pin_check(struct zg_loop *loop, const char *pin, const char *stored, zg_pin_check_done *done,
				void *self);
void zg_pin_cancel(struct zg_pin_job *job);    /* done is not called; NULL is allowed */

/* The same, waiting for it here: for commands that have no screen to hold up. */
enum zg_result zg_pin_hash_now(const char *pin, char hash[ZG_PIN_HASH_TEXT]);
enum zg_result zg_pin_check_now(const char *pin, const char *stored);
#endif
