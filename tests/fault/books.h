/*
 * Looks into a shop's books from outside, read-only, while its till runs or after it; and writes product files.
 * It does its own sums from the rows: nothing of the till's arithmetic is used.
 */
#ifndef ZG_TESTS_FAULT_BOOKS_H
#define ZG_TESTS_FAULT_BOOKS_H

#include "tests/fault/rules.h"
#include "tests/fault/run.h"

#include <sqlite3.h>

/* Opened read-only; never NULL (ends the program). */
sqlite3 *books_open(const struct shop *shop);
/* A 13-digit code with its check digit, of a number below 10^9. */
void books_barcode(char code[14], int64_t number);
#endif
