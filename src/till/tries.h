/*
 * Wrong tries at a PIN that wait to be forgotten: those of the till, and those at logins that nobody has.
 * The tries at a person's login stand beside the person.
 *
 * Logins that nobody has are counted in buckets picked by a keyed hash: what was typed there may be
 * somebody's PIN, so it is not kept, and no flood of names can grow it. The wait is running time.
 */
#ifndef ZG_TILL_TRIES_H
#define ZG_TILL_TRIES_H

#include "src/base/seal.h"
#include "src/store/store.h"

#include <stdint.h>

#define ZG_PINS_WAIT_MS (30LL * 60 * 1000)
#define ZG_STRANGERS    256

struct zg_tally {
	int tries;
	int64_t wait_ms;    /* at most ZG_PINS_WAIT_MS; at 0 the tries are forgotten */
};

struct zg_tries {
	unsigned char salt[ZG_MAC_SIZE];
	struct zg_tally till;
	struct zg_tally strangers[ZG_STRANGERS];
};

/* One wrong try more: the wait begins anew. */
void zg_tally_add(struct zg_tally *tally);
void zg_tally_pass(struct zg_tally *tally, int64_t elapsed_ms);

/* Writes them to the books, inside the caller's transaction. */
enum zg_result zg_tries_write(struct zg_store *store, const struct zg_tries *tries, struct zg_error *err);
/* What cannot be read counts as no try; a salt is made where there is none. */
void zg_tries_read(const struct zg_store *store, struct zg_tries *tries);
/* The bucket of a login that nobody has. */
unsigned zg_tries_bucket(const struct zg_tries *tries, const char *login);
#endif
