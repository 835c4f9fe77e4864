/* What the files of src/store share about a store. Nobody else includes this. */
#ifndef ZG_STORE_PRIVATE_H
#define ZG_STORE_PRIVATE_H

#include "src/base/seal.h"
#include "src/store/store.h"

#include <sqlite3.h>
#include <stddef.h>

#define ZG_STORE_STATEMENTS 256    /* slots of the cache; a full cache prepares afresh */

struct zg_statement {
	const char *sql;           /* the literal's address is the key */
	sqlite3_stmt *stmt;
};

/*
 * What is known outside the books: the row that was sealed last, in keys/journal.head or, when that is newer, noted in
 * keys/journal.last; and the numbers given by then. seq 0: there is none, or it is damaged.
 */
struct zg_journal_seal {
	int64_t seq;
	unsigned char mac[ZG_MAC_SIZE];
	int64_t receipt_no, z_no;
};

struct zg_store {
	char *home;
	const struct zg_clock *clock;
	sqlite3 *db;
	int lock;                  /* fd of the lock file; -1 for a reader */
	bool is_broken, was_unclean, has_key;
	bool is_old;               /* an older copy, opened to be accepted */
	int log_pages, rested_pages;   /* of the write-ahead log: now, and when it was last brought to rest */
	enum zg_sync sync;         /* the connection's setting now */
	bool is_begun;             /* a transaction of zg_store_begin, also when SQLite has rolled it back by itself */
	int lost_code;             /* why it did; SQLITE_OK: it did not */
	bool is_stuck;             /* a transaction could not be rolled back yet: the next statement tries again, before anything else */
	uint64_t commits;
	bool has_unsynced;         /* the last commit did not wait for the disk */
	unsigned char key[ZG_MAC_SIZE];
	struct zg_sealer *sealer;  /* of the journal's rows, under that key; NULL: no row was sealed or checked yet */
	int64_t noted_seq;         /* the row that keys/journal.last names; 0: not written yet */
	int64_t last_seq;          /* of the journal; -1: not read yet, or a rollback came between */
	unsigned char last_mac[ZG_MAC_SIZE];
	bool has_snapshot;
	struct zg_journal_seal seen;    /* the head when a reader's snapshot began: the snapshot has that row, and perhaps none of a later one */
	struct zg_statement *statements;
	void (*give_way)(void *self);    /* NULL: nobody keeps a transaction open */
	void *give_way_self;
};

/* One migration: the whole text of a file in src/store/schema, NUL-terminated. */
extern const char *const zg_schema[];
extern const int zg_schema_count;

/* Says that memory ran out; ZG_BROKEN. */
enum zg_result zg_store_fail_memory(struct zg_error *err);

/* Applies what is missing, each file in its own transaction. */
enum zg_result zg_schema_migrate(sqlite3 *db, struct zg_error *err);
struct zg_journal_row;

/* Whether the row's own seal fits its words and the seal before it, as it says that that was. */
bool zg_journal_is_sealed(const struct zg_store *store, const struct zg_journal_row *row);

/* One small write that waits for the disk, and with it everything before; without `always` only when that is not there yet. */
enum zg_result zg_store_settle(struct zg_store *store, bool always, struct zg_error *err);

/* keys/journal.key: made with a new shop, read with an old one, refused when others may read it. */
enum zg_result zg_journal_make_key(const char *home, struct zg_error *err);
enum zg_result zg_journal_read_key(struct zg_store *store, struct zg_error *err);

void zg_journal_read_head(const struct zg_store *store, struct zg_journal_seal *head);
/* The note alone; and writing it, after a commit that waited for the disk. See journal_note.c. */
void zg_journal_read_note(const struct zg_store *store, struct zg_journal_seal *note);
void zg_journal_note(struct zg_store *store);

#define ZG_APPLICATION_ID 0x5A474A5A    /* "ZGJZ" */
#endif
