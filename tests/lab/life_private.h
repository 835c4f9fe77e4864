/* What the parts of a life share. */
#ifndef ZG_TESTS_LAB_LIFE_PRIVATE_H
#define ZG_TESTS_LAB_LIFE_PRIVATE_H

struct sqlite3;

/* Facts that stand for a receipt number each. */
#define FACT_SALE   "a paid sale"
#define FACT_REFUND "a refund"

/* tests/fault/books.h has a shop of its own. */
const char *life_books_fault(struct sqlite3 *books);
#endif
