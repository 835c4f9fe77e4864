/* The inside of a sale, for src/shop/sale*.c alone. */
#ifndef ZG_SHOP_SALE_PRIVATE_H
#define ZG_SHOP_SALE_PRIVATE_H

#include "src/shop/sale.h"

struct zg_sale {
	struct zg_line *lines;    /* owned */
	size_t count, room;
	struct zg_discount discount;
	struct zg_tender tenders[ZG_SALE_TENDERS];
	size_t tender_count;
	zg_fen rounding_fen;      /* above zero only while the last tender is the cash that completed the sale */
	struct zg_sale_totals totals;
};

/*
 * Works out lines and totals from what was rung and tendered. ZG_INVALID: it comes to too much, or to
 * too many tax rates; lines and totals are then half done, and the caller puts back what it changed and
 * works out again.
 */
enum zg_result zg_sale_work_out(struct zg_sale *sale, struct zg_error *err);
#endif
