/* From what was rung to what is owed: the one place where the money of a sale is worked out. */
#include "src/shop/sale_private.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"

static enum zg_result too_large(struct zg_error *err)
{
	return zg_fail(err, ZG_INVALID, _("The sale would come to more than 9999999.99. "
		       "Check the quantity and the price."));
}

static enum zg_result work_out_lines(struct zg_sale *sale, struct zg_error *err)
{
	struct zg_sale_totals totals = { 0 };

	for (size_t i = 0; i < sale->count; i++) {
		struct zg_line *line = &sale->lines[i];

		if (!zg_line_work_out(line) || line->gross_fen > ZG_SALE_MAX_FEN - totals.gross_fen)
			return too_large(err);
		totals.gross_fen += line->gross_fen;
		totals.line_discount_fen += line->discount_fen;
		totals.removed_fen += line->removed_fen;
		totals.removed_lines += line->removed > 0;
		if (zg_line_is_live(line)) {
			totals.lines++;
			totals.pieces += line->kind == ZG_ITEM_WEIGHED ? 1000 : line->quantity;
		}
	}
	sale->totals = totals;
	return ZG_OK;
}

/* The whole-sale discount, then 抹零, each over what the lines still come to: no line can fall below zero. */
static void spread(struct zg_sale *sale)
{
	struct zg_sale_totals *totals = &sale->totals;
	zg_fen weights[ZG_SALE_LINES], parts[ZG_SALE_LINES];
	zg_fen before = totals->gross_fen - totals->line_discount_fen;

	totals->sale_discount_fen = zg_discount_amount(&sale->discount, before);
	for (size_t i = 0; i < sale->count; i++)
		weights[i] = sale->lines[i].gross_fen - sale->lines[i].discount_fen;
	zg_assert(zg_fen_spread(totals->sale_discount_fen, weights, sale->count, parts));
	for (size_t i = 0; i < sale->count; i++) {
		sale->lines[i].share_fen = parts[i];
		weights[i] -= parts[i];
	}
	zg_assert(zg_fen_spread(sale->rounding_fen, weights, sale->count, parts));
	for (size_t i = 0; i < sale->count; i++) {
		sale->lines[i].rounding_fen = parts[i];
		zg_line_settle(&sale->lines[i]);
		zg_assert(sale->lines[i].paid_fen >= 0);
		zg_assert(sale->lines[i].net_fen >= 0 && sale->lines[i].tax_fen >= 0);
	}
	totals->total_fen = before - totals->sale_discount_fen;
	totals->rounding_fen = sale->rounding_fen;
	totals->payable_fen = totals->total_fen - totals->rounding_fen;
	zg_assert(totals->total_fen >= 0 && totals->payable_fen >= 0);
}

static bool sum_taxes(const struct zg_sale *sale, struct zg_tax_total rows[ZG_TAX_RATES], size_t *count)
{
	*count = 0;
	for (size_t i = 0; i < sale->count; i++) {
		const struct zg_line *line = &sale->lines[i];
		struct zg_tax_total row = { line->tax_bp, line->paid_fen, line->net_fen, line->tax_fen };

		if (zg_line_is_live(line) && !zg_tax_add(rows, count, &row))
			return false;
	}
	return true;
}

enum zg_result zg_sale_work_out(struct zg_sale *sale, struct zg_error *err)
{
	struct zg_tax_total taxes[ZG_TAX_RATES];
	size_t tax_count;
	enum zg_result result = work_out_lines(sale, err);

	if (result != ZG_OK)
		return result;
	spread(sale);
	if (!sum_taxes(sale, taxes, &tax_count))
		return zg_fail(err, ZG_INVALID, _("The sale has too many different tax rates. "
			       "Settle it, then ring up this item in a new sale."));
	for (size_t i = 0; i < sale->tender_count; i++) {
		sale->totals.kept_fen += sale->tenders[i].kept_fen;
		sale->totals.change_fen += sale->tenders[i].change_fen;
	}
	zg_assert(sale->totals.kept_fen <= sale->totals.payable_fen);
	sale->totals.due_fen = sale->totals.payable_fen - sale->totals.kept_fen;
	return ZG_OK;
}

size_t zg_sale_taxes(const struct zg_sale *sale, struct zg_tax_total taxes[ZG_TAX_RATES])
{
	size_t count;

	zg_assert(sum_taxes(sale, taxes, &count));
	return count;
}
