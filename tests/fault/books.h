/*
 * Looks into a shop's books from outside, read-only, while its till runs or after it; and writes product files.
 * It does its own sums from the rows: nothing of the till's arithmetic is used.
 */
#ifndef ZG_TESTS_FAULT_BOOKS_H
#define ZG_TESTS_FAULT_BOOKS_H

#include "tests/fault/run.h"

#include <sqlite3.h>

/* Opened read-only; never NULL (ends the program). */
sqlite3 *books_open(const struct shop *shop);
int64_t books_number(sqlite3 *books, const char *sql);      /* the first cell; -1: no row */
/* The first cell as text, "" for none. The caller frees it. */
char *books_text(sqlite3 *books, const char *sql);
/*
 * What does not balance, as a sentence, "" when all is right: lines against tenders and totals of every closed sale,
 * tax, discounts, receipt numbers without gaps, one drawer opening a cash sale, at most one open sale.
 */
const char *books_fault(sqlite3 *books);

/* A 13-digit code with its check digit, of a number below 10^9. */
void books_barcode(char code[14], int64_t number);
#endif
