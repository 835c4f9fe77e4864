/*
 * What may still be given back of a sale, and how much money that is.
 *
 * Two amounts go with the goods. Their value, after discounts, goes back line by line; the money is the
 * same share of what was paid, in cash rounded off by the shop's rule (抹零), and the difference is the
 * refund's own rounding. Both are worked out cumulatively: what is rounded off one refund goes back with
 * the next of the same sale, never more money goes back than the goods that came back were paid with, and
 * once everything is back the customer has exactly what was paid.
 */
#ifndef ZG_SHOP_REFUND_H
#define ZG_SHOP_REFUND_H

#include "src/shop/item.h"
#include "src/shop/tender.h"

/* A line of a closed sale, with everything that was refunded of it before. */
struct zg_refundable {
	int line_no;
	enum zg_item_kind kind;
	zg_bp tax_bp;
	zg_milli sold;            /* > 0 */
	zg_fen value_fen;         /* after discounts, before rounding */
	zg_fen paid_fen;          /* after both */
	zg_milli refunded;        /* by earlier refunds */
	zg_fen returned_fen;      /* of the value */
	zg_fen refunded_fen;      /* of the money; above paid_fen when it took what was rounded off another line's refund */
};

struct zg_refund_line {
	int line_no;
	zg_milli quantity;
	zg_fen value_fen;         /* >= 0 */
	zg_fen rounding_fen;      /* taken off the value; below zero when earlier refunds' rounding goes back with this one */
	zg_fen net_fen, tax_fen;  /* net + tax = value - rounding: the money, >= 0 */
};

struct zg_refund_sum {
	size_t lines;
	zg_fen value_fen, rounding_fen;
	zg_fen money_fen;         /* value - rounding, >= 0: what the customer gets */
};

/* What is left to refund of a line. */
zg_milli zg_refund_left(const struct zg_refundable *line);
/* ZG_INVALID: not above 0, above what is left, or part of a piece. */
enum zg_result zg_refund_check(const struct zg_refundable *line, zg_milli quantity, struct zg_error *err);
/*
 * sold: every line of the sale; quantities: how much of each goes back, 0 for none; rounding: the rule of the
 * tender that gives it back, ZG_ROUND_NONE for all but cash. Fills lines (as many as there are sold) and sum.
 * ZG_INVALID: a quantity cannot be, or all are 0.
 */
enum zg_result zg_refund_work_out(const struct zg_refundable *sold, size_t count, const zg_milli *quantities,
				  enum zg_rounding rounding, struct zg_refund_line *lines, struct zg_refund_sum *sum,
				  struct zg_error *err);

/* One way other than cash by which the sale was paid, and money can go back by. */
struct zg_refund_way {
	enum zg_tender_kind kind;
	int64_t payment_id;       /* of money by phone; 0: by people, at the card terminal */
	zg_fen left_fen;          /* what may still go back by it */
	zg_fen back_fen;          /* what goes back by it now: worked out */
};

/*
 * Shares out what a refund gives back: it goes the way it came, the first that can take all of it or else one after the other, and only the
 * rest is cash. A rest that the rule cannot pay is made up to what it can as long as the sale has cash left to give (cash_left).
 * Fills back_fen of each; returns the cash. All of them together are `money`.
 */
zg_fen zg_refund_share(zg_fen money, enum zg_rounding rounding, zg_fen cash_left, struct zg_refund_way *ways, size_t count);
#endif
