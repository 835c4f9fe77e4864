/*
 * Whether the tables still say what the journal says.
 *
 * The journal's seals show every change of the journal, and triggers refuse a change of closed rows; but whoever may write the
 * file can take a trigger away, change a row, and put the trigger back as it was. What was sold, given back, cancelled,
 * counted and moved stands in the journal a second time, under seals that need its key.
 */
#ifndef ZG_STORE_AGREE_H
#define ZG_STORE_AGREE_H

#include "src/store/store.h"

/* ZG_INVALID names the first receipt, Z or movement of cash that differs. Reads every closed sale, and takes about as long again as the seals do. */
enum zg_result zg_books_agree(const struct zg_store *store, struct zg_error *err);
/* The same of the receipts of one day alone, for who tells of their lines. */
enum zg_result zg_books_agree_day(const struct zg_store *store, const char *day, struct zg_error *err);
#endif
