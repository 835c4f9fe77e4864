/* What must hold of any shop's books, whoever wrote them; for experiments that run the till in their own process too. */
#ifndef ZG_TESTS_FAULT_RULES_H
#define ZG_TESTS_FAULT_RULES_H

#include <stdint.h>

struct sqlite3;

int64_t books_number(struct sqlite3 *books, const char *sql);      /* the first cell; -1: no row */
/* The first cell as text, "" for none. The caller frees it. */
char *books_text(struct sqlite3 *books, const char *sql);
/*
 * What does not balance, as a sentence, "" when all is right: lines against tenders and totals of every closed sale,
 * tax, discounts, receipt numbers without gaps, one drawer opening a cash sale, at most one open sale.
 */
const char *books_fault(struct sqlite3 *books);
#endif
