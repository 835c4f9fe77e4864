/* Tax by rate: sums of lines that were rounded one by one, never worked out again from a total. */
#ifndef ZG_SHOP_TAX_H
#define ZG_SHOP_TAX_H

#include "src/base/money.h"

#include <stdbool.h>
#include <stddef.h>

#define ZG_TAX_RATES 16       /* different rates in one sale, or one report */
#define ZG_TAX_OTHER 10001    /* as a rate, in reports alone: all rates for which there was no row of their own */

struct zg_tax_total {
	zg_bp rate_bp;
	zg_fen gross_fen;      /* net + tax; refunds make all three go down */
	zg_fen net_fen;
	zg_fen tax_fen;
};

/*
 * Adds to the row of that rate, or puts a new row in its place: rows stay ascending by rate.
 * False, with nothing changed, when there is no room for another rate or a sum would pass its limit.
 */
bool zg_tax_add(struct zg_tax_total rows[ZG_TAX_RATES], size_t *count, const struct zg_tax_total *more);
#endif
