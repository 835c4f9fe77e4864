/*
 * The shop's books: one SQLite file, one writer.
 *
 * The process that holds the lock writes; every other opener reads a snapshot. A commit of
 * money costs exactly one sync (ZG_SYNC_FULL); lines being rung and states of jobs are written
 * without one (ZG_SYNC_NORMAL: they survive a kill, not a power cut). Checkpoints are the loop's
 * idle work. After a sync that failed the store refuses everything: what the disk holds is not known.
 * Screens and commands get a const pointer, with which one can only read.
 */
#ifndef ZG_STORE_STORE_H
#define ZG_STORE_STORE_H

#include "src/base/clock.h"
#include "src/base/result.h"

#include <stdbool.h>
#include <stdint.h>

struct zg_store;
struct sqlite3;

enum zg_store_mode {
	ZG_STORE_READ,      /* a snapshot reader; never writes, needs no lock */
	ZG_STORE_WRITE,     /* the one writer; takes the lock, migrates */
	ZG_STORE_CREATE,    /* like WRITE, and makes the books where there are none */
	ZG_STORE_ACCEPT,    /* like WRITE, and opens an old copy too: for an admin to accept it, and nothing else */
};

enum zg_sync { ZG_SYNC_NORMAL, ZG_SYNC_FULL };

#define ZG_STORE_RESERVE (16 * 1024 * 1024)    /* bytes kept free, so that the day can be closed on a full disk */

/*
 * Opens home/zhanggui.db. clock is borrowed.
 * ZG_NOT_FOUND: no shop there. ZG_REFUSED: another till holds the lock. ZG_USAGE: made by a newer version.
 * ZG_INVALID: the shop belongs to another user of the operating system; for writers also: the books are an old copy, or
 * their structure was changed from outside.
 * ZG_BROKEN: damaged, or unreadable, or without their key; nothing was changed. On failure *store is NULL.
 */
enum zg_result zg_store_open(const char *home, enum zg_store_mode mode, const struct zg_clock *clock,
			     struct zg_store **store, struct zg_error *err);
/* Checkpoints and lets the lock go. NULL is allowed. */
void zg_store_close(struct zg_store *store);

/* Whether there is a shop: ZG_OK, ZG_NOT_FOUND, or ZG_INVALID when another user's directory does not tell. */
enum zg_result zg_store_find(const char *home, struct zg_error *err);
/* ZG_INVALID: the shop is another user's. What root writes there in passing, its own user could not write again. */
enum zg_result zg_store_check_owner(const char *home, struct zg_error *err);
/* True when a process holds the shop's lock now. Leaves nothing behind. */
bool zg_store_is_taken(const char *home);

/* Borrowed for as long as the store. */
const char *zg_store_home(const struct zg_store *store);
const struct zg_clock *zg_store_clock(const struct zg_store *store);

/*
 * One use case, one transaction. Between begin and commit every failed statement must lead to
 * a rollback. A commit that failed has changed nothing, except when the store is broken afterwards.
 */
enum zg_result zg_store_begin(struct zg_store *store, enum zg_sync sync, struct zg_error *err);
enum zg_result zg_store_commit(struct zg_store *store, struct zg_error *err);
void zg_store_rollback(struct zg_store *store);
/* How many there were since the start: who shows what stands in the books looks again when it is another number. */
uint64_t zg_store_commits(const struct zg_store *store);
bool zg_store_is_open(const struct zg_store *store);      /* inside a transaction */
/*
 * For long work that keeps a transaction open between its slices: whoever begins meanwhile first has
 * give_way(self) called, which must commit it. NULL takes it away.
 */
void zg_store_on_begin(struct zg_store *store, void (*give_way)(void *self), void *self);

/* True of an old copy that was opened to be accepted (ZG_STORE_ACCEPT). */
bool zg_store_is_old(const struct zg_store *store);

/* True after a failed sync: nothing more is written or believed until the program starts again. */
bool zg_store_is_broken(const struct zg_store *store);
/* True when the last writer ended without closing: its pages deserve an integrity check. */
bool zg_store_was_unclean(const struct zg_store *store);

/* True when less than ZG_STORE_RESERVE is free on the books' disk: no new sales. */
bool zg_store_is_low(const struct zg_store *store);
/* False once the reserve was given back, or never had room: the disk is full or was a moment ago. */
bool zg_store_has_reserve(const struct zg_store *store);
/* Gives the reserve file's room back to the disk, so that a day can still be closed. */
void zg_store_use_reserve(struct zg_store *store);
/* Makes the reserve file again where there is room. Called when idle. */
void zg_store_keep_reserve(struct zg_store *store);

/*
 * Idle work: moves the log into the file, then makes one small write so that the next sale does
 * not pay for the log's new beginning. Cheap when there is nothing to do. Never inside a transaction.
 */
void zg_store_checkpoint(struct zg_store *store);
#define ZG_STORE_LONG    4000     /* pages of the log that make a checkpoint due between two sales even while nobody rests */
#define ZG_STORE_LONGEST 40000    /* and at any moment */
/* Pages of the log since it was last brought to rest. */
int zg_store_log_pages(const struct zg_store *store);

/* A reader's snapshot: everything between the two sees one state. Fetch, end, then print. */
void zg_store_snapshot(const struct zg_store *store);
void zg_store_snapshot_end(const struct zg_store *store);

/* A setting, or the fallback. The text is owned by the caller. */
char *zg_store_setting(const struct zg_store *store, const char *name, const char *fallback);
enum zg_result zg_store_set(struct zg_store *store, const char *name, const char *value, struct zg_error *err);

/* The number of 'receipt' or 'z' that was given last. */
enum zg_result zg_store_last(const struct zg_store *store, const char *counter, int64_t *number, struct zg_error *err);
/*
 * Leaves out the numbers up to `last`, which lost books gave: the next one is above it. seq: the journal's newest row,
 * 'journal.accept', which tells of it. Inside a transaction; nothing is done when that number was reached already.
 */
enum zg_result zg_store_skip(struct zg_store *store, const char *counter, int64_t last, int64_t seq, struct zg_error *err);
/* The next number of 'receipt' or 'z', inside a transaction. It is given once the sale or the shift that carries it is closed. */
enum zg_result zg_store_next(const struct zg_store *store, const char *counter, int64_t *number, struct zg_error *err);

/* Compares tables, indexes and triggers with what the migrations make; ZG_INVALID names the first that differs. */
enum zg_result zg_store_check_schema(const struct zg_store *store, struct zg_error *err);
/*
 * The same for every start and every reader: making the whole structure afresh to compare with takes 3 ms, so what a writer found
 * right is sealed with the journal's key in keys/schema.seal, and the same structure is not compared again.
 */
enum zg_result zg_store_check_sealed(const struct zg_store *store, struct zg_error *err);
/* SQLite's own check of every page; slow on big books. ZG_BROKEN with its first finding. */
enum zg_result zg_store_check_pages(const struct zg_store *store, struct zg_error *err);

/* The newest schema this program knows. */
int zg_store_version(void);

/* For tests that attack the books: the connection with all its settings. */
struct sqlite3 *zg_store_raw(const struct zg_store *store);
#endif
