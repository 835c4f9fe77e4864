/* How the money of a closed sale came, and how much of it may still go back the same way. */
#ifndef ZG_STORE_REFUND_WAYS_H
#define ZG_STORE_REFUND_WAYS_H

#include "src/shop/refund.h"

struct zg_store;

/*
 * Every way but cash: the payments by phone that count for the sale, oldest first, then what was taken outside the till (card, other). A
 * refund by phone that has failed keeps its part: it is tried again. *cash_left: the cash that the sale took, less what refunds of it gave;
 * not below 0. *ways is the caller's, freed with free(); back_fen is 0.
 */
enum zg_result zg_refund_ways(const struct zg_store *store, int64_t sale_id, struct zg_refund_way **ways, size_t *count, zg_fen *cash_left,
			      struct zg_error *err);
#endif
