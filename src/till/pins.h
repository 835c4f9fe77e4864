/*
 * Who may sign in: PINs against the hashes in the books, so that they cannot be guessed at the keyboard.
 *
 * A try is written, with a sync, before the PIN is compared, and taken back when it was right: pulling the
 * plug gains nothing. 10 wrong tries within ZG_PINS_WAIT_MS shut a login for that long, counted in running
 * time and kept in the books, so that neither a restart nor a changed clock shortens it; an admin may open
 * it sooner. The till itself only grows slower, so ten slips cannot close the shop. A login that nobody has
 * costs the same, is shut the same, and gets the same sentences. One PIN is compared at a time; the others wait.
 */
#ifndef ZG_TILL_PINS_H
#define ZG_TILL_PINS_H

#include "src/base/clock.h"
#include "src/base/log.h"
#include "src/base/result.h"
#include "src/io/loop.h"
#include "src/store/people.h"
#include "src/store/store.h"
#include "src/till/tries.h"

#include <stdbool.h>

#define ZG_PINS_TRIES   10
#define ZG_PINS_FREE    5        /* wrong tries at this till before it grows slower */
#define ZG_PINS_SLOWEST 30000    /* ms between two tries at most */
#define ZG_PINS_WAITING 16       /* PINs that may wait for their turn; one more is refused */
#define ZG_PIN_SHORTEST 4
#define ZG_PIN_LONGEST  12       /* digits */

struct zg_pins;

/*
 * Called once, in the loop, never before zg_pins_check returns. ZG_OK: person is who it is, borrowed for the call.
 * Else person is NULL and err says why: ZG_INVALID: login or PIN is wrong, or the user is locked; ZG_REFUSED: shut
 * after too many tries, with the minutes left; ZG_BROKEN: it could not be tried; ZG_OFFLINE: the till closes.
 */
typedef void zg_pins_checked(void *self, enum zg_result result, const struct zg_person *person, const struct zg_error *err);
/* ZG_OK: hash is what to store, borrowed for the call. ZG_BROKEN or ZG_OFFLINE: hash is "". Never before zg_pins_hash returns. */
typedef void zg_pins_hashed(void *self, enum zg_result result, const char *hash, const struct zg_error *err);

/* store must be the writer; no transaction may be open when these are called. All is borrowed; log may be NULL. */
struct zg_pins *zg_pins_new(struct zg_store *store, struct zg_loop *loop, const struct zg_clock *clock, struct zg_log *log);
/* Ends what is under way with ZG_OFFLINE, and writes down the time that has run. NULL is allowed. */
void zg_pins_free(struct zg_pins *pins);

/* Both copy what they are given, and wipe the copy. */
void zg_pins_check(struct zg_pins *pins, const char *login, const char *pin, zg_pins_checked *done, void *self);
void zg_pins_hash(struct zg_pins *pins, const char *pin, zg_pins_hashed *done, void *self);

/* 4 to 12 digits that are not the first ones a thief would try. ZG_INVALID with a sentence, without the PIN in it. */
enum zg_result zg_pin_is_valid(const char *pin, struct zg_error *err);
#endif
