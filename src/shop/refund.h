/*
 * What may still be given back of a sold line, and how much money that is.
 *
 * The amount is worked out cumulatively: all that was refunded with this call is the rounded share
 * of what was paid, so any sequence of refunds adds up to what was paid, to the fen, and never above.
 */
#ifndef ZG_SHOP_REFUND_H
#define ZG_SHOP_REFUND_H

#include "src/shop/item.h"

/* A line of a closed sale, with everything that was refunded of it before. */
struct zg_refundable {
	int line_no;
	enum zg_item_kind kind;
	zg_bp tax_bp;
	zg_milli sold;            /* > 0 */
	zg_fen paid_fen;          /* after discounts and rounding */
	zg_milli refunded;        /* by earlier refunds */
	zg_fen refunded_fen;
};

struct zg_refund_line {
	int line_no;
	zg_milli quantity;
	zg_fen amount_fen;        /* >= 0 */
	zg_fen net_fen, tax_fen;  /* net + tax = amount; all refunds of a line take back exactly its tax */
};

/* What is left to refund. */
zg_milli zg_refund_left(const struct zg_refundable *line);
zg_fen zg_refund_left_fen(const struct zg_refundable *line);
/* ZG_INVALID: not above 0, above what is left, or part of a piece; *refund is then untouched. */
enum zg_result zg_refund_work_out(const struct zg_refundable *line, zg_milli quantity,
				  struct zg_refund_line *refund, struct zg_error *err);
#endif
