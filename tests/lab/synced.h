/*
 * What of a shop's books is on the disk for certain: the file and its log as each was when it was last synced. The program that this is linked into
 * has its fsync and fdatasync watched (SQLite's too); reading is from a copy, so nothing that is only in memory, uncommitted or unsynced is seen.
 *
 * One shop at a time in a process.
 */
#ifndef ZG_TESTS_LAB_SYNCED_H
#define ZG_TESTS_LAB_SYNCED_H

#include <stdint.h>

/* The books of that directory from now on; copies are made in `place`. */
void synced_begin(const char *home, const char *place);
void synced_end(void);
/* The number that an SQL text gives of what is on the disk, with :number bound; -1: none. It counts how often it was asked. */
int64_t synced_number(const char *sql, const char *number);
/* How many syncs of the books were seen. */
long synced_count(void);
#endif
