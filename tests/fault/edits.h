/* The two halves of the experiment on silent edits: edits_acts.c tries the till's own acts, edits.c the database. */
#ifndef ZG_TESTS_FAULT_EDITS_H
#define ZG_TESTS_FAULT_EDITS_H

#include "tests/lab/inside.h"
#include "tests/unit/chance.h"

/* What was closed once stays as it is: acts in any order, with arguments that point at it, may only add. Returns how many were done. */
long edits_by_acts(struct inside *in, struct chance *chance, long count);
/* All that the books hold but lines, discounts and tenders of sales that are still being rung or hang. False: it cannot be read. */
bool edits_digest(sqlite3 *books, uint64_t *digest);
/* Reprints are marked as such and counted from 1, on paper and in the journal. */
void edits_check_copies(struct inside *in);
#endif
