#include "src/shop/totals.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"

#include <stddef.h>

enum { SIGNED = 1, LATE = 2 };    /* may be below zero; the first Zs do not have it */

/* Every plain figure: its name on the Z row and where it is. */
static const struct figure {
	const char *name;
	size_t offset;
	unsigned flags;
} figures[] = {
	{ "sales",               offsetof(struct zg_totals, sales),               0 },
	{ "refunds",             offsetof(struct zg_totals, refunds),             0 },
	{ "gross_fen",           offsetof(struct zg_totals, gross_fen),           0 },
	{ "line_discount_fen",   offsetof(struct zg_totals, line_discount_fen),   0 },
	{ "sale_discount_fen",   offsetof(struct zg_totals, sale_discount_fen),   0 },
	{ "rounding_fen",        offsetof(struct zg_totals, rounding_fen),        0 },
	{ "sold_fen",            offsetof(struct zg_totals, sold_fen),            0 },
	{ "refunded_fen",        offsetof(struct zg_totals, refunded_fen),        0 },
	{ "returned_fen",        offsetof(struct zg_totals, returned_fen),        LATE },
	{ "refund_rounding_fen", offsetof(struct zg_totals, refund_rounding_fen), SIGNED | LATE },
	{ "voids",               offsetof(struct zg_totals, voids),               0 },
	{ "void_fen",            offsetof(struct zg_totals, void_fen),            0 },
	{ "removed_lines",       offsetof(struct zg_totals, removed_lines),       0 },
	{ "removed_fen",         offsetof(struct zg_totals, removed_fen),         0 },
	{ "no_sales",            offsetof(struct zg_totals, no_sales),            0 },
	{ "cash_ins",            offsetof(struct zg_totals, cash_ins),            0 },
	{ "cash_outs",           offsetof(struct zg_totals, cash_outs),           0 },
	{ "cash_in_fen",         offsetof(struct zg_totals, cash_in_fen),         0 },
	{ "cash_out_fen",        offsetof(struct zg_totals, cash_out_fen),        0 },
	{ "float_fen",           offsetof(struct zg_totals, float_fen),           0 },
	{ "counts",              offsetof(struct zg_totals, counts),              0 },
	{ "counted_fen",         offsetof(struct zg_totals, counted_fen),         0 },
	{ "over_fen",            offsetof(struct zg_totals, over_fen),            SIGNED },
};

#define FIGURES (sizeof(figures) / sizeof(figures[0]))

static int64_t *figure_in(struct zg_totals *totals, size_t i)
{
	return (int64_t *)(void *)((char *)totals + figures[i].offset);
}

static int64_t figure_of(const struct zg_totals *totals, size_t i)
{
	return *(const int64_t *)(const void *)((const char *)totals + figures[i].offset);
}

static bool in_range(int64_t value, bool is_signed)
{
	return value <= ZG_TOTALS_MAX && value >= (is_signed ? -ZG_TOTALS_MAX : 0);
}

static bool add(int64_t *sum, int64_t more)
{
	int64_t total;

	if (__builtin_add_overflow(*sum, more, &total) || !in_range(total, true))
		return false;
	*sum = total;
	return true;
}

static enum zg_result too_large(struct zg_error *err)
{
	return zg_fail(err, ZG_INVALID, _("The totals pass what the till can add up. Close the "
		       "shift and tell the admin."));
}

static enum zg_result disagree(struct zg_error *err)
{
	return zg_fail(err, ZG_INVALID, _("Lines, payments and tax of a sale do not agree. "
		       "Run the check of the shop's books."));
}

/* The day must close whatever the rates: the last row takes all that find no room. */
static bool add_tax(struct zg_totals *totals, const struct zg_tax_total *more, int sign)
{
	struct zg_tax_total row = { more->rate_bp, sign * more->gross_fen, sign * more->net_fen, sign * more->tax_fen };
	bool is_there = false;

	for (size_t i = 0; i < totals->tax_count; i++)
		is_there |= totals->taxes[i].rate_bp == row.rate_bp;
	if (!is_there && totals->tax_count >= ZG_TAX_RATES - 1)
		row.rate_bp = ZG_TAX_OTHER;
	return zg_tax_add(totals->taxes, &totals->tax_count, &row);
}

/* Sums what came in or went back; every row is checked on the way. False: one cannot be. */
static bool sum_taxes(const struct zg_tax_total *taxes, size_t count, zg_fen *sum)
{
	*sum = 0;
	for (size_t i = 0; i < count; i++) {
		const struct zg_tax_total *t = &taxes[i];

		if (!in_range(t->gross_fen, false) || !in_range(t->net_fen, false) || !in_range(t->tax_fen, false) ||
		    t->net_fen + t->tax_fen != t->gross_fen || !add(sum, t->gross_fen))
			return false;
	}
	return true;
}

static bool sum_tenders(const struct zg_tender *tenders, size_t count, zg_fen *sum)
{
	*sum = 0;
	for (size_t i = 0; i < count; i++)
		if ((unsigned)tenders[i].kind >= ZG_TENDER_KINDS || !in_range(tenders[i].kept_fen, false) ||
		    !add(sum, tenders[i].kept_fen))
			return false;
	return true;
}

struct zg_totals zg_totals_start(zg_fen float_fen)
{
	zg_assert(in_range(float_fen, false));
	return (struct zg_totals){ .float_fen = float_fen };
}

enum zg_result zg_totals_add_sale(struct zg_totals *totals, const struct zg_closed_sale *sale, struct zg_error *err)
{
	struct zg_totals sum = *totals;
	zg_fen taxed, kept;

	if (!sum_taxes(sale->taxes, sale->tax_count, &taxed) || !sum_tenders(sale->tenders, sale->tender_count, &kept) ||
	    !in_range(sale->gross_fen, false) || !in_range(sale->line_discount_fen, false) ||
	    !in_range(sale->sale_discount_fen, false) || !in_range(sale->rounding_fen, false))
		return disagree(err);
	zg_fen sold = sale->gross_fen - sale->line_discount_fen - sale->sale_discount_fen - sale->rounding_fen;

	if (sold < 0 || taxed != sold || kept != sold)
		return disagree(err);
	bool fits = add(&sum.sales, 1) && add(&sum.gross_fen, sale->gross_fen) &&
		    add(&sum.line_discount_fen, sale->line_discount_fen) &&
		    add(&sum.sale_discount_fen, sale->sale_discount_fen) &&
		    add(&sum.rounding_fen, sale->rounding_fen) && add(&sum.sold_fen, sold);

	for (size_t i = 0; fits && i < sale->tax_count; i++)
		fits = add_tax(&sum, &sale->taxes[i], 1);
	for (size_t i = 0; fits && i < sale->tender_count; i++)
		fits = add(&sum.kept_fen[sale->tenders[i].kind], sale->tenders[i].kept_fen);
	if (!fits)
		return too_large(err);
	*totals = sum;
	return ZG_OK;
}

enum zg_result zg_totals_add_refund(struct zg_totals *totals, const struct zg_closed_refund *refund,
				    struct zg_error *err)
{
	struct zg_totals sum = *totals;
	zg_fen taxed, given;

	if (!sum_taxes(refund->taxes, refund->tax_count, &taxed) ||
	    !sum_tenders(refund->tenders, refund->tender_count, &given) || taxed != given ||
	    !in_range(refund->value_fen, false) || !in_range(refund->rounding_fen, true) ||
	    refund->value_fen - refund->rounding_fen != given)
		return disagree(err);
	bool fits = add(&sum.refunds, 1) && add(&sum.refunded_fen, given) && add(&sum.returned_fen, refund->value_fen) &&
		    add(&sum.refund_rounding_fen, refund->rounding_fen);

	for (size_t i = 0; fits && i < refund->tax_count; i++)
		fits = add_tax(&sum, &refund->taxes[i], -1);
	for (size_t i = 0; fits && i < refund->tender_count; i++)
		fits = add(&sum.given_fen[refund->tenders[i].kind], refund->tenders[i].kept_fen);
	if (!fits)
		return too_large(err);
	*totals = sum;
	return ZG_OK;
}

/* A number and an amount that go up together, or neither. */
static enum zg_result add_pair(int64_t *count, int64_t times, zg_fen *sum, zg_fen amount, struct zg_error *err)
{
	int64_t more = *count;

	if (!in_range(times, false) || !in_range(amount, false))
		return zg_fail(err, ZG_INVALID, _("The amount is below zero or too large. Type it "
			       "again."));
	if (!add(&more, times) || !add(sum, amount))
		return too_large(err);
	*count = more;
	return ZG_OK;
}

enum zg_result zg_totals_add_removed(struct zg_totals *totals, int64_t lines, zg_fen amount, struct zg_error *err)
{
	return add_pair(&totals->removed_lines, lines, &totals->removed_fen, amount, err);
}

enum zg_result zg_totals_add_void(struct zg_totals *totals, zg_fen amount, struct zg_error *err)
{
	return add_pair(&totals->voids, 1, &totals->void_fen, amount, err);
}

enum zg_result zg_totals_add_no_sale(struct zg_totals *totals, struct zg_error *err)
{
	return add(&totals->no_sales, 1) ? ZG_OK : too_large(err);
}

enum zg_result zg_totals_add_cash_in(struct zg_totals *totals, zg_fen amount, struct zg_error *err)
{
	return add_pair(&totals->cash_ins, 1, &totals->cash_in_fen, amount, err);
}

enum zg_result zg_totals_add_cash_out(struct zg_totals *totals, zg_fen amount, struct zg_error *err)
{
	return add_pair(&totals->cash_outs, 1, &totals->cash_out_fen, amount, err);
}

enum zg_result zg_totals_add(struct zg_totals *totals, const struct zg_totals *more, struct zg_error *err)
{
	struct zg_totals sum = *totals;
	bool fits = true;

	for (size_t i = 0; fits && i < FIGURES; i++)
		fits = add(figure_in(&sum, i), figure_of(more, i));
	for (size_t i = 0; fits && i < ZG_TENDER_KINDS; i++)
		fits = add(&sum.kept_fen[i], more->kept_fen[i]) && add(&sum.given_fen[i], more->given_fen[i]);
	for (size_t i = 0; fits && i < more->tax_count; i++)
		fits = add_tax(&sum, &more->taxes[i], 1);
	if (!fits)
		return too_large(err);
	*totals = sum;
	return ZG_OK;
}

zg_fen zg_totals_net(const struct zg_totals *totals)
{
	return totals->sold_fen - totals->refunded_fen;
}

zg_fen zg_totals_rounding(const struct zg_totals *totals)
{
	return totals->rounding_fen - totals->refund_rounding_fen;
}

zg_fen zg_totals_tender(const struct zg_totals *totals, enum zg_tender_kind kind)
{
	return totals->kept_fen[kind] - totals->given_fen[kind];
}

zg_fen zg_totals_expected(const struct zg_totals *totals)
{
	return totals->float_fen + zg_totals_tender(totals, ZG_TENDER_CASH) + totals->cash_in_fen - totals->cash_out_fen;
}

enum zg_result zg_totals_count(struct zg_totals *totals, zg_fen counted, struct zg_error *err)
{
	if (totals->counts > 0)
		return zg_fail(err, ZG_INVALID, _("This drawer was counted before. Its count "
			       "stands."));
	if (!in_range(counted, false))
		return zg_fail(err, ZG_INVALID, _("The amount is below zero or too large. Type it "
			       "again."));
	zg_fen over = counted - zg_totals_expected(totals);

	if (!in_range(over, true))
		return too_large(err);
	totals->counts = 1;
	totals->counted_fen = counted;
	totals->over_fen = over;
	return ZG_OK;
}

/* -- the Z row */

static json_t *tenders_json(const zg_fen amounts[ZG_TENDER_KINDS])
{
	json_t *object = zg_json_object();

	for (int i = 0; i < ZG_TENDER_KINDS; i++)
		zg_json_set_integer(object, zg_tender_kind_name((enum zg_tender_kind)i), amounts[i]);
	return object;
}

json_t *zg_totals_json(const struct zg_totals *totals)
{
	json_t *object = zg_json_object(), *taxes = zg_json_array();

	for (size_t i = 0; i < FIGURES; i++)
		zg_json_set_integer(object, figures[i].name, figure_of(totals, i));
	zg_json_set(object, "kept_fen", tenders_json(totals->kept_fen));
	zg_json_set(object, "given_fen", tenders_json(totals->given_fen));
	for (size_t i = 0; i < totals->tax_count; i++) {
		json_t *row = zg_json_object();

		zg_json_set_integer(row, "rate_bp", totals->taxes[i].rate_bp);
		zg_json_set_integer(row, "gross_fen", totals->taxes[i].gross_fen);
		zg_json_set_integer(row, "net_fen", totals->taxes[i].net_fen);
		zg_json_set_integer(row, "tax_fen", totals->taxes[i].tax_fen);
		zg_json_append(taxes, row);
	}
	zg_json_set(object, "taxes", taxes);
	return object;
}

static bool read_figure(const json_t *object, const char *name, bool is_signed, int64_t *value)
{
	/* No figure may be the smallest number, so it stands for "missing". */
	*value = zg_json_integer(object, name, INT64_MIN);
	return in_range(*value, is_signed);
}

static bool read_tenders(const json_t *object, zg_fen amounts[ZG_TENDER_KINDS])
{
	/* A Z of an older version knows fewer kinds: what it does not name was not taken. */
	size_t known = 0;

	for (int i = 0; i < ZG_TENDER_KINDS; i++) {
		const char *name = zg_tender_kind_name((enum zg_tender_kind)i);

		amounts[i] = 0;
		if (!json_object_get(object, name))
			continue;
		known++;
		if (!read_figure(object, name, false, &amounts[i]))
			return false;
	}
	return json_is_object(object) && json_object_size(object) == known;
}

static bool read_taxes(const json_t *array, struct zg_totals *totals)
{
	if (!json_is_array(array) || json_array_size(array) > ZG_TAX_RATES)
		return false;
	for (size_t i = 0; i < json_array_size(array); i++) {
		const json_t *row = json_array_get(array, i);
		struct zg_tax_total *tax = &totals->taxes[i];
		int64_t rate;

		if (!read_figure(row, "rate_bp", false, &rate) || rate > ZG_TAX_OTHER ||
		    (i > 0 && rate <= totals->taxes[i - 1].rate_bp))
			return false;
		tax->rate_bp = (zg_bp)rate;
		if (!read_figure(row, "gross_fen", true, &tax->gross_fen) ||
		    !read_figure(row, "net_fen", true, &tax->net_fen) ||
		    !read_figure(row, "tax_fen", true, &tax->tax_fen) || tax->net_fen + tax->tax_fen != tax->gross_fen)
			return false;
		totals->tax_count++;
	}
	return true;
}

/* The figures of a Z say the same thing more than once; all of them must say it. */
static bool agree(const struct zg_totals *totals)
{
	zg_fen kept = 0, given = 0, taxed = 0;

	for (size_t i = 0; i < ZG_TENDER_KINDS; i++)
		if (!add(&kept, totals->kept_fen[i]) || !add(&given, totals->given_fen[i]))
			return false;
	for (size_t i = 0; i < totals->tax_count; i++)
		if (!add(&taxed, totals->taxes[i].gross_fen))
			return false;
	return totals->sold_fen == totals->gross_fen - totals->line_discount_fen - totals->sale_discount_fen -
				   totals->rounding_fen &&
	       totals->refunded_fen == totals->returned_fen - totals->refund_rounding_fen &&
	       kept == totals->sold_fen && given == totals->refunded_fen && taxed == zg_totals_net(totals) &&
	       (totals->counts > 0 || (totals->counted_fen == 0 && totals->over_fen == 0));
}

enum zg_result zg_totals_read(struct zg_totals *totals, const json_t *object, struct zg_error *err)
{
	struct zg_totals read = { 0 };
	bool whole = json_is_object(object);
	/* A Z from before refunds were rounded off: what they took back is what they gave. */
	bool is_old = !json_object_get(object, "returned_fen") && !json_object_get(object, "refund_rounding_fen");

	for (size_t i = 0; whole && i < FIGURES; i++)
		if (!is_old || !(figures[i].flags & LATE))
			whole = read_figure(object, figures[i].name, figures[i].flags & SIGNED, figure_in(&read, i));
	if (is_old)
		read.returned_fen = read.refunded_fen;
	if (!whole || !read_tenders(json_object_get(object, "kept_fen"), read.kept_fen) ||
	    !read_tenders(json_object_get(object, "given_fen"), read.given_fen) ||
	    !read_taxes(json_object_get(object, "taxes"), &read) || !agree(&read))
		return zg_fail(err, ZG_BROKEN, _("The figures of a stored Z report are damaged. "
			       "Run the check of the shop's books."));
	*totals = read;
	return ZG_OK;
}
