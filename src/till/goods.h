/*
 * The product list as an act: product.import {path} replaces and adds goods from a file.
 *
 * A long act: it reads, checks and writes in slices of the loop's idle time, and the till sells from the old list
 * until the last commit. path must be absolute. Its answer is {added, changed, same, rows, sha256};
 * for a file with faults ZG_INVALID with {faults: [{line, column, text}], fault_count}, and nothing has changed.
 */
#ifndef ZG_TILL_GOODS_H
#define ZG_TILL_GOODS_H

#include "src/till/act.h"

extern const struct zg_act zg_act_product_import;

/* Starts idle work that removes the rows of superseded or unfinished product lists, a few at a time. */
void zg_goods_tidy(struct zg_till *till);
/* Ends an import under way without changing the list, and idle work, when the till closes. */
void zg_goods_stop(struct zg_till *till);
#endif
