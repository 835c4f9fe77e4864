/*
 * The figures of a shift or a day: what X and Z reports print and the Z row keeps.
 *
 * Pure adding up. Takings are what tenders kept; what was handed over and given back as change is in
 * no figure. Every amount is >= 0 unless its comment says otherwise. Each zg_totals_add_… either
 * adds everything or returns ZG_INVALID (a sum passed ZG_TOTALS_MAX, too many rates) and adds nothing.
 */
#ifndef ZG_SHOP_TOTALS_H
#define ZG_SHOP_TOTALS_H

#include "src/base/json.h"
#include "src/shop/tax.h"
#include "src/shop/tender.h"

#include <stdint.h>

#define ZG_TOTALS_MAX 900000000000000LL    /* 9 × 10^12 yuan; exact in every JSON reader */

struct zg_totals {
	int64_t sales, refunds;                      /* how many */
	zg_fen gross_fen;                            /* of sales, before discounts */
	zg_fen line_discount_fen, sale_discount_fen;
	zg_fen rounding_fen;                         /* 抹零 */
	zg_fen sold_fen;                             /* gross − discounts − rounding = what sales kept */
	zg_fen returned_fen;                         /* value of the goods that refunds took back */
	zg_fen refund_rounding_fen;                  /* taken off it; below zero when rounding of earlier refunds went back */
	zg_fen refunded_fen;                         /* returned − its rounding = what refunds gave */
	zg_fen kept_fen[ZG_TENDER_KINDS];            /* by sales, per tender */
	zg_fen given_fen[ZG_TENDER_KINDS];           /* back by refunds, per tender */
	struct zg_tax_total taxes[ZG_TAX_RATES];     /* sales − refunds: may be below zero */
	size_t tax_count;
	int64_t voids;                               /* whole sales cancelled before they were paid */
	zg_fen void_fen;
	int64_t removed_lines;                       /* lines taken off, whole or in part */
	zg_fen removed_fen;
	int64_t no_sales;                            /* drawer opened without a sale */
	int64_t cash_ins, cash_outs;
	zg_fen cash_in_fen, cash_out_fen;
	zg_fen float_fen;                            /* in the drawer at the start */
	int64_t counts;                              /* drawers counted: 0 or 1 in a shift */
	zg_fen counted_fen;
	zg_fen over_fen;                             /* counted − expected, frozen when counted; below zero: short */
};

/* A sale as it was closed. Taxes and tenders are borrowed for the call. */
struct zg_closed_sale {
	zg_fen gross_fen, line_discount_fen, sale_discount_fen, rounding_fen;
	const struct zg_tax_total *taxes;
	size_t tax_count;
	const struct zg_tender *tenders;    /* only kind and kept_fen are read */
	size_t tender_count;
};

/* A refund: every amount is what went back, >= 0, but for the rounding. */
struct zg_closed_refund {
	zg_fen value_fen, rounding_fen;
	const struct zg_tax_total *taxes;
	size_t tax_count;
	const struct zg_tender *tenders;
	size_t tender_count;
};

struct zg_totals zg_totals_start(zg_fen float_fen);

/* Also ZG_INVALID: gross − discounts − rounding (value − rounding), the taxes and the tenders do not agree with each other. */
enum zg_result zg_totals_add_sale(struct zg_totals *totals, const struct zg_closed_sale *sale, struct zg_error *err);
enum zg_result zg_totals_add_refund(struct zg_totals *totals, const struct zg_closed_refund *refund,
				    struct zg_error *err);
/* Lines taken off in sales of any end. */
enum zg_result zg_totals_add_removed(struct zg_totals *totals, int64_t lines, zg_fen amount, struct zg_error *err);
enum zg_result zg_totals_add_void(struct zg_totals *totals, zg_fen amount, struct zg_error *err);
enum zg_result zg_totals_add_no_sale(struct zg_totals *totals, struct zg_error *err);
enum zg_result zg_totals_add_cash_in(struct zg_totals *totals, zg_fen amount, struct zg_error *err);
enum zg_result zg_totals_add_cash_out(struct zg_totals *totals, zg_fen amount, struct zg_error *err);
/* Adds another's figures, so that the day sums its Zs. Floats and counts add up too: over and short stay exact. */
enum zg_result zg_totals_add(struct zg_totals *totals, const struct zg_totals *more, struct zg_error *err);

/* Sales − refunds; may be below zero. Equals the sum over the tenders. */
zg_fen zg_totals_net(const struct zg_totals *totals);
/* What rounding cost the shop: of sales, less of refunds. May be below zero. */
zg_fen zg_totals_rounding(const struct zg_totals *totals);
zg_fen zg_totals_tender(const struct zg_totals *totals, enum zg_tender_kind kind);    /* kept − given back */
/* float + cash kept − cash refunds + in − out; may be below zero. */
zg_fen zg_totals_expected(const struct zg_totals *totals);
/* The blind count is in: sets counted and over. The last figure of a shift; ZG_INVALID when it was counted before. */
enum zg_result zg_totals_count(struct zg_totals *totals, zg_fen counted, struct zg_error *err);

/* All figures, for the Z row. The caller owns it. */
json_t *zg_totals_json(const struct zg_totals *totals);
/* Reads them back. ZG_BROKEN: a figure is missing, past its limit, or disagrees with the others; totals untouched. */
enum zg_result zg_totals_read(struct zg_totals *totals, const json_t *object, struct zg_error *err);
#endif
