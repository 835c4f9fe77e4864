/*
 * A disk that fails, and whose power can be cut.
 *
 * Whatever the till writes below one directory is done for real and also written down, operation by operation: SQLite's files by
 * an SQLite VFS that stands before the system's own, the till's other files by the system calls that the link wraps. From the
 * record the directory can be put back as a cut at any operation may have left it (power_disk): what was synced is there, of what
 * was not, each sector is as it was, as it became, anything in between, torn, or rubbish; a later write may be there without an
 * earlier one, and a new name without its file's contents, or, in the strict model, not at all until its directory was synced.
 * The same places can refuse: the k-th operation, once or from then on, with the errors of dying and of full cards.
 *
 * What it grants the disk: a write changes no byte outside of its range (SQLite's "powersafe overwrite"), a file's size is
 * what it was after one of its operations (a file that was cut short is so as a whole or not at all), and what a sync
 * answered for stays. Files that promise nothing are left out: log/, *-shm (SQLite makes it anew), sockets.
 * One record at a time in a process. A program that uses it is linked with power_ldflags (Makefile.am).
 */
#ifndef ZG_TESTS_LAB_POWER_H
#define ZG_TESTS_LAB_POWER_H

#include "tests/unit/chance.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum power_kind {
	POWER_WRITE, POWER_TRUNCATE, POWER_SYNC, POWER_CREATE, POWER_RENAME, POWER_UNLINK, POWER_MKDIR, POWER_SYNC_DIRECTORY,
	POWER_READ,    /* never in a record; a place where a disk can fail */
};
const char *power_kind_name(enum power_kind kind);

struct power_op {
	enum power_kind kind;
	bool has_failed;           /* a sync: what it should have kept may be there or not */
	int file;                  /* which; -1 for names and directories */
	int64_t at;                /* first byte of a write; new size */
	size_t pool, length;       /* what was written, in the record's pool */
	char *name, *new_name;     /* below the directory; of a new file, a rename, a directory ("" is the directory itself) */
};

struct power_name {
	char *name;
	int file;
	bool is_directory;
};

struct power_record {
	char *home;
	struct power_op *ops;
	size_t count, room;
	unsigned char *pool;
	size_t used, pool_room;
	struct power_name *base;       /* what was there at the beginning, all of it durable */
	size_t base_count, base_room;
	size_t *base_pool;             /* of each file of the base: where its bytes are in the pool */
	int64_t *base_size;            /* and its size; bytes behind those in the pool are zeros */
	size_t *base_length;
	int files;                     /* numbers given so far */
};

/* From here on, everything below home is written down. The record is the caller's, to be ended before it is freed. */
struct power_record *power_begin(const char *home);
void power_end(void);
void power_free(struct power_record *record);
/* Operations so far in the record that is running. */
size_t power_count(void);
/* Nothing fails between the two, and reads are not counted: somebody only looks. */
void power_look(void);
void power_look_end(void);

/* ---- faults ---- */

enum power_how {
	POWER_EIO,          /* any operation that changes something */
	POWER_ENOSPC,       /* whatever needs room; the till's reserve, given back, makes some */
	POWER_SHORT,        /* half of a write, then no room */
	POWER_BAD_SYNC,     /* a sync: what was written before may never get there, whatever later syncs say */
	POWER_BAD_READ,     /* the k-th read */
	POWER_HOWS
};
const char *power_how_name(enum power_how how);
/* Can an operation of that kind fail so? */
bool power_may_fail(enum power_how how, enum power_kind kind);

struct power_fault {
	long at;            /* the operation of the record that fails, or the first after it that can fail so; -1: none */
	enum power_how how;
	bool is_forever;
	long fired;         /* how often it has failed */
	bool has_lost_sync; /* a sync of books or log has failed */
	long after;         /* writes to books or log since then */
};
void power_set_fault(long at, enum power_how how, bool is_forever);
const struct power_fault *power_fault(void);
long power_reads(void);

/* ---- the disk after a cut ---- */

struct power_disk;

struct power_disk *power_disk_new(const struct power_record *record);
void power_disk_free(struct power_disk *disk);
/* Forward to the cut at operation k: all before it are done, it itself is under way. k = record->count: all are done. */
void power_disk_to(struct power_disk *disk, size_t k);

struct power_loss {
	int sector;          /* 512 or 4096 */
	bool is_strict;      /* names last only once their directory was synced */
	bool keeps_all;      /* the process ended, the power stayed: all that was written is there */
};
/* Empties home and puts there what the cut left. */
void power_disk_survive(const struct power_disk *disk, struct power_loss loss, struct chance *chance, const char *home);
/* The loss of one cut, by chance: sector and model; described in words that last until the next call. */
struct power_loss power_loss_choose(struct chance *chance);
const char *power_loss_words(struct power_loss loss);
#endif
