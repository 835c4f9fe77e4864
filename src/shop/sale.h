/*
 * What one customer is buying, from the first scan to the last tender.
 *
 * Pure: no clock, no store, no screen. The same calls always make the same sale, and the same
 * lines, discount and tenders fed back after a power cut make the same sale too.
 * Prices include tax. A sale owns its lines and copies every text it is given.
 *
 * Every call that can fail leaves the sale as it was when it does not return ZG_OK:
 * ZG_INVALID: a rule of the shop or a limit below; ZG_NOT_FOUND: no line with that number.
 * Once something was tendered the lines stand still; take the tenders back first.
 * Borrowed pointers last until the sale next changes.
 */
#ifndef ZG_SHOP_SALE_H
#define ZG_SHOP_SALE_H

#include "src/shop/line.h"
#include "src/shop/tax.h"
#include "src/shop/tender.h"

#include <stddef.h>

#define ZG_SALE_LINES   500           /* removed ones included */
#define ZG_SALE_TENDERS 20
#define ZG_SALE_MAX_FEN 999999999LL   /* 9,999,999.99 yuan: gross of the whole sale, and the most one tender may be */

struct zg_sale;

struct zg_sale_totals {
	int lines;                  /* live ones */
	int removed_lines;          /* lines with something taken off, whole or in part */
	zg_milli pieces;            /* pieces of what is counted; each weighed line is one piece (1000) */
	zg_fen gross_fen;
	zg_fen line_discount_fen;   /* all of these >= 0 */
	zg_fen sale_discount_fen;
	zg_fen total_fen;           /* gross − both discounts = the amounts of the lines */
	zg_fen rounding_fen;        /* 抹零, once cash has completed the sale */
	zg_fen payable_fen;         /* total − rounding = what all tenders keep in the end */
	zg_fen kept_fen;            /* by the tenders so far */
	zg_fen due_fen;             /* payable − kept, >= 0 */
	zg_fen change_fen;
	zg_fen removed_fen;
};

struct zg_sale *zg_sale_new(void);
void zg_sale_free(struct zg_sale *sale);

/*
 * Rings an item up. When the last line sells the same item at the same price, without a discount
 * and with nothing taken off, its quantity is raised; weighed and open-price items always get their own
 * line. An open-price item is rung at `price_fen`, which is ignored for the others. *no (or NULL)
 * gets the line's number.
 */
enum zg_result zg_sale_add(struct zg_sale *sale, const struct zg_item *item, zg_milli quantity,
			   zg_fen price_fen, int *no, struct zg_error *err);
enum zg_result zg_sale_set_quantity(struct zg_sale *sale, int no, zg_milli quantity, struct zg_error *err);
/* Takes `quantity` of the line off; at most what it has. The whole line: pass its quantity. */
enum zg_result zg_sale_remove(struct zg_sale *sale, int no, zg_milli quantity, struct zg_error *err);
/* Puts back all that was taken off the line. */
enum zg_result zg_sale_restore(struct zg_sale *sale, int no, struct zg_error *err);
/* Another price, 0 allowed. The list price takes the mark "changed" away again. */
enum zg_result zg_sale_set_price(struct zg_sale *sale, int no, zg_fen price_fen, struct zg_error *err);
/* Replaces the line's discount; kind NONE takes it away. */
enum zg_result zg_sale_discount_line(struct zg_sale *sale, int no, const struct zg_discount *discount,
				     struct zg_error *err);
/* Replaces the discount of the whole sale, which is spread over its lines by largest remainder. */
enum zg_result zg_sale_discount(struct zg_sale *sale, const struct zg_discount *discount, struct zg_error *err);

/*
 * Takes money. Cash: when `tendered` covers what is due after rounding off, the sale is complete, the
 * rounding is taken and the rest is change; less is a part. Other kinds: no rounding, no change, at most what
 * is due. Zero is taken only as cash, for a sale that comes or rounds off to nothing, and once.
 */
enum zg_result zg_sale_tender(struct zg_sale *sale, enum zg_tender_kind kind, zg_fen tendered,
			      enum zg_rounding rounding, struct zg_error *err);
/* The reference of the tender that was taken last, cut to what a tender holds. */
void zg_sale_set_reference(struct zg_sale *sale, const char *reference);
/* Takes a tender back (index from 0), and the rounding with it. */
enum zg_result zg_sale_remove_tender(struct zg_sale *sale, size_t index, struct zg_error *err);

/* No live line. */
bool zg_sale_is_empty(const struct zg_sale *sale);
/* It has live lines and nothing is due. A sale that comes to 0.00 needs no tender. */
bool zg_sale_is_paid(const struct zg_sale *sale);
/* What is still owed before any rounding; never below zero. */
zg_fen zg_sale_due(const struct zg_sale *sale);
/* What is still owed if it is now paid in cash. */
zg_fen zg_sale_cash_due(const struct zg_sale *sale, enum zg_rounding rounding);

const struct zg_sale_totals *zg_sale_totals(const struct zg_sale *sale);
/* Lines in the order they were rung, removed ones included; index from 0. NULL past the end. */
size_t zg_sale_line_count(const struct zg_sale *sale);
const struct zg_line *zg_sale_line(const struct zg_sale *sale, size_t index);
const struct zg_line *zg_sale_find_line(const struct zg_sale *sale, int no);    /* NULL: none */
const struct zg_discount *zg_sale_discount_rule(const struct zg_sale *sale);    /* kind NONE: none */
size_t zg_sale_tender_count(const struct zg_sale *sale);
const struct zg_tender *zg_sale_tender_at(const struct zg_sale *sale, size_t index);
/* Tax by rate of what is paid, ascending by rate. Returns how many. */
size_t zg_sale_taxes(const struct zg_sale *sale, struct zg_tax_total taxes[ZG_TAX_RATES]);

/*
 * Feeding back what was stored, into a new sale: lines in ascending order of no, at once or in parts, then the discount with
 * zg_sale_discount, then the tenders with the rounding that came with them (0 for all but the last).
 * Only the first block of a line is read; the rest is worked out again and so cannot disagree.
 */
enum zg_result zg_sale_restore_lines(struct zg_sale *sale, const struct zg_line *lines, size_t count, struct zg_error *err);
enum zg_result zg_sale_restore_tender(struct zg_sale *sale, const struct zg_tender *tender,
				      zg_fen rounding_fen, struct zg_error *err);
#endif
