/*
 * The books of a shop with a bit of everything, made by a till through its acts and left behind by it: a closed shift; an open one with
 * a sale with both discounts, a refund of a part of it, cash in and out, a drawer opened, a cancelled sale and a hung one; and a sale under way.
 */
#ifndef ZG_TEST_BUSY_BOOKS_H
#define ZG_TEST_BUSY_BOOKS_H

#include "src/store/store.h"

/* Rows, in the order in which they came. */
#define BUSY_CLOSED_SHIFT 1
#define BUSY_SHIFT        2
#define BUSY_SETTLED      2    /* R010000002 */
#define BUSY_REFUND       3    /* R010000003 */
#define BUSY_HUNG         5
#define BUSY_OPEN         6

/* The shop's directory, for scratch_end. */
char *busy_books_make(void);
/* The business day of its last shift; borrowed until the next call. */
const char *busy_books_day(const struct zg_store *store);
/* Somebody with the file and SQLite's shell: no trigger and no CHECK is in the way, until the transaction that is open ends. */
void busy_books_attack(const struct zg_store *store, const char *sql);
#endif
