/* Sales by chance, and what comes back of them. A fault prints the seed. */
#ifndef ZG_TEST_RETURNS_H
#define ZG_TEST_RETURNS_H

#include "src/shop/refund.h"
#include "src/shop/sale.h"
#include "tests/unit/chance.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#define RETURNS_LINES 8    /* the most a sale has here */

#define HOLDS(what) do { \
		bool holds_ = what; \
		cr_assert(holds_, "%s: ZG_SEED=%lu", #what, chance->seed); \
	} while (0)

/* Pieces and weighed goods at many rates, discounts here and there, paid in cash (a sale of 0.00 is not). */
void returns_ring(struct chance *chance, struct zg_sale *sale, enum zg_rounding rounding);
/* Something of what is left, at least one line; with `all` everything. */
void returns_choose(struct chance *chance, const struct zg_refundable *sold, size_t count, bool all, zg_milli *quantities);
bool returns_is_over(const struct zg_refundable *sold, size_t count);
#endif
