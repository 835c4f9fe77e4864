#include "src/store/shifts.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/base/json.h"
#include "src/store/query.h"
#include "src/store/store.h"

#include <stdlib.h>
#include <string.h>

#define SHIFT_COLUMNS \
	"id, state, day, opened_at, closed_at, opened_by, closed_by, float_fen, z_no, expected_fen, counted_fen"

static void read_shift(struct zg_query *q, struct zg_shift *shift)
{
	*shift = (struct zg_shift){ .id = zg_column_integer(q, 0) };
	shift->is_closed = strcmp(zg_column_text(q, 1), "closed") == 0;
	zg_column_copy(q, 2, shift->day, sizeof(shift->day));
	shift->opened_at = zg_column_integer(q, 3);
	shift->closed_at = zg_column_integer(q, 4);
	zg_column_copy(q, 5, shift->opened_by, sizeof(shift->opened_by));
	zg_column_copy(q, 6, shift->closed_by, sizeof(shift->closed_by));
	shift->float_fen = zg_column_integer(q, 7);
	shift->z_no = zg_column_integer(q, 8);
	shift->expected_fen = zg_column_integer(q, 9);
	shift->counted_fen = zg_column_integer(q, 10);
}

static enum zg_result read_one(struct zg_query *q, struct zg_shift *shift, const char *none, struct zg_error *err)
{
	bool found = zg_query_row(q);

	if (found)
		read_shift(q, shift);
	zg_query_run(q);
	enum zg_result result = zg_query_end(q, err);

	return result == ZG_OK && !found ? zg_fail(err, ZG_NOT_FOUND, "%s", none) : result;
}

enum zg_result zg_shifts_open(struct zg_store *store, const char *who, const char *day, zg_fen float_fen,
			      struct zg_shift *shift, struct zg_error *err)
{
	struct zg_query q = zg_query(store,
		"INSERT INTO shift (id, state, day, opened_at, opened_by, float_fen)"
		" SELECT coalesce(max(id), 0) + 1, 'open', :day, :at, :who, :float FROM shift RETURNING " SHIFT_COLUMNS);

	zg_bind_text(&q, ":day", day);
	zg_bind_integer(&q, ":at", zg_clock_now(zg_store_clock(store)));
	zg_bind_text(&q, ":who", who);
	zg_bind_integer(&q, ":float", float_fen);
	return read_one(&q, shift, _("The shift could not be opened. Try again."), err);
}

enum zg_result zg_shifts_current(const struct zg_store *store, struct zg_shift *shift, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "SELECT " SHIFT_COLUMNS " FROM shift WHERE state = 'open'");

	return read_one(&q, shift, _("No shift is open. Open one first."), err);
}

enum zg_result zg_shifts_counting(const struct zg_store *store, int64_t *id, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "SELECT coalesce((SELECT id FROM shift WHERE state = 'open'),"
				     " (SELECT coalesce(max(id), 0) + 1 FROM shift))");

	if (zg_query_row(&q))
		*id = zg_column_integer(&q, 0);
	return zg_query_end(&q, err);
}

enum zg_result zg_shifts_find(const struct zg_store *store, int64_t id, struct zg_shift *shift, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "SELECT " SHIFT_COLUMNS " FROM shift WHERE id = :id");

	zg_bind_integer(&q, ":id", id);
	return read_one(&q, shift, _("There is no such shift."), err);
}

enum zg_result zg_shifts_find_z(const struct zg_store *store, int64_t z_no, struct zg_shift *shift, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "SELECT " SHIFT_COLUMNS " FROM shift WHERE z_no = :no");

	zg_bind_integer(&q, ":no", z_no);
	return read_one(&q, shift, _("There is no Z report with that number."), err);
}

enum zg_result zg_shifts_list(const struct zg_store *store, const char *day, struct zg_shift **shifts, size_t *count,
			      struct zg_error *err)
{
	struct zg_query q = zg_query(store, "SELECT " SHIFT_COLUMNS " FROM shift WHERE :day IS NULL OR day = :day ORDER BY id");
	size_t room = 0;

	*shifts = NULL;
	*count = 0;
	zg_bind_text(&q, ":day", day);
	while (zg_query_row(&q)) {
		*shifts = zg_grow(*shifts, *count, &room, sizeof(**shifts));
		read_shift(&q, &(*shifts)[(*count)++]);
	}
	return zg_query_end(&q, err);
}

enum zg_result zg_shifts_close(struct zg_store *store, struct zg_shift *shift, const char *who,
			       const struct zg_totals *totals, int64_t journal_seq, struct zg_error *err)
{
	struct zg_query q = zg_query(store,
		"UPDATE shift SET state = 'closed', closed_at = :at, closed_by = :who, z_no = (SELECT value + 1 FROM counter WHERE name = 'z'),"
		" expected_fen = :expected, counted_fen = :counted, totals = :totals, journal_seq = :seq WHERE id = :id"
		" RETURNING " SHIFT_COLUMNS);
	json_t *object = zg_totals_json(totals);
	char *text = zg_json_text(object);

	json_decref(object);
	zg_bind_integer(&q, ":at", zg_clock_now(zg_store_clock(store)));
	zg_bind_text(&q, ":who", who);
	zg_bind_integer(&q, ":expected", zg_totals_expected(totals));
	zg_bind_integer(&q, ":counted", totals->counted_fen);
	zg_bind_text(&q, ":totals", text);
	zg_bind_integer(&q, ":seq", journal_seq);
	zg_bind_integer(&q, ":id", shift->id);
	free(text);
	return read_one(&q, shift, _("The shift could not be closed. Try again."), err);
}

/* ---- figures ---- */

static enum zg_result read_frozen(const struct zg_store *store, int64_t id, struct zg_totals *totals, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "SELECT totals FROM shift WHERE id = :id");

	zg_bind_integer(&q, ":id", id);
	char *text = zg_query_row(&q) ? zg_copy(zg_column_text(&q, 0)) : zg_copy("");
	enum zg_result result = zg_query_end(&q, err);
	json_t *object = zg_json_parse(text, strlen(text));

	if (result == ZG_OK)
		result = zg_totals_read(totals, object, err);
	json_decref(object);
	free(text);
	return result;
}

/* One closed sale or refund: its taxes and tenders gathered from its rows. */
static enum zg_result add_closed(const struct zg_store *store, int64_t id, bool is_refund, zg_fen gross, zg_fen line_discount,
				 zg_fen share, zg_fen rounding, struct zg_totals *totals, struct zg_error *err)
{
	struct zg_tax_total taxes[ZG_TAX_RATES];
	struct zg_tender tenders[ZG_TENDER_KINDS];
	size_t tax_count = 0, tender_count = 0;
	int64_t sign = is_refund ? -1 : 1;
	bool fits = true;
	struct zg_query q = zg_query(store, "SELECT tax_bp, sum(net_fen), sum(tax_fen) FROM sale_line"
				     " WHERE sale_id = :id AND quantity_milli <> 0 GROUP BY tax_bp ORDER BY tax_bp");

	zg_bind_integer(&q, ":id", id);
	while (zg_query_row(&q)) {
		struct zg_tax_total tax = { .rate_bp = (zg_bp)zg_column_integer(&q, 0), .net_fen = sign * zg_column_integer(&q, 1),
			.tax_fen = sign * zg_column_integer(&q, 2) };

		tax.gross_fen = tax.net_fen + tax.tax_fen;
		fits = fits && zg_tax_add(taxes, &tax_count, &tax);
	}
	enum zg_result result = zg_query_end(&q, err);
	struct zg_query t = zg_query(store, "SELECT kind, sum(kept_fen) FROM tender WHERE sale_id = :id GROUP BY kind");

	zg_bind_integer(&t, ":id", id);
	while (tender_count < ZG_TENDER_KINDS && zg_query_row(&t)) {
		struct zg_tender *tender = &tenders[tender_count++];

		*tender = (struct zg_tender){ .kind = ZG_TENDER_OTHER, .kept_fen = sign * zg_column_integer(&t, 1) };
		(void)zg_tender_kind_parse(zg_column_text(&t, 0), &tender->kind);    /* an unknown word stays OTHER */
	}
	zg_query_run(&t);
	enum zg_result second = zg_query_end(&t, err);

	if (result == ZG_OK)
		result = second;
	if (result != ZG_OK)
		return result;
	if (!fits)
		return zg_fail(err, ZG_INVALID, _("The shift has too many tax rates to add up."));
	if (is_refund) {
		struct zg_closed_refund refund = { -gross, -rounding, taxes, tax_count, tenders, tender_count };

		return zg_totals_add_refund(totals, &refund, err);
	}
	struct zg_closed_sale sale = { gross, line_discount, share, rounding, taxes, tax_count, tenders, tender_count };

	return zg_totals_add_sale(totals, &sale, err);
}

static enum zg_result add_sales(const struct zg_store *store, int64_t shift_id, struct zg_totals *totals, struct zg_error *err)
{
	struct zg_query q = zg_query(store,
		"SELECT s.id, s.kind, sum(l.amount_fen + l.discount_fen + l.share_fen), sum(l.discount_fen), sum(l.share_fen), s.rounding_fen"
		" FROM sale AS s JOIN sale_line AS l ON l.sale_id = s.id AND l.quantity_milli <> 0"
		" WHERE s.shift_id = :shift AND s.state = 'paid' GROUP BY s.id ORDER BY s.id");
	enum zg_result result = ZG_OK;

	zg_bind_integer(&q, ":shift", shift_id);
	while (result == ZG_OK && zg_query_row(&q))
		result = add_closed(store, zg_column_integer(&q, 0), strcmp(zg_column_text(&q, 1), "refund") == 0,
				    zg_column_integer(&q, 2), zg_column_integer(&q, 3), zg_column_integer(&q, 4),
				    zg_column_integer(&q, 5), totals, err);
	enum zg_result end = zg_query_end(&q, err);

	return result == ZG_OK ? end : result;
}

/* price × removed, each line rounded by itself as it was shown. */
static enum zg_result add_removed(const struct zg_store *store, int64_t shift_id, struct zg_totals *totals, struct zg_error *err)
{
	struct zg_query q = zg_query(store,
		"SELECT l.price_fen, l.removed_milli FROM sale AS s JOIN sale_line AS l ON l.sale_id = s.id AND l.removed_milli > 0"
		" WHERE s.shift_id = :shift AND s.state IN ('paid', 'void')");
	enum zg_result result = ZG_OK;

	zg_bind_integer(&q, ":shift", shift_id);
	while (result == ZG_OK && zg_query_row(&q)) {
		zg_fen amount = ZG_FEN_MAX;

		(void)zg_fen_times(zg_column_integer(&q, 0), zg_column_integer(&q, 1), &amount);    /* past the limit it stays the limit */
		result = zg_totals_add_removed(totals, 1, amount, err);
	}
	enum zg_result end = zg_query_end(&q, err);

	return result == ZG_OK ? end : result;
}

enum kind { VOID, NO_SALE, CASH_IN, CASH_OUT };

static enum zg_result add_others(const struct zg_store *store, int64_t shift_id, struct zg_totals *totals, struct zg_error *err)
{
	struct zg_query q = zg_query(store,
		"SELECT 0, total_fen FROM sale WHERE shift_id = :shift AND state = 'void'"
		" UNION ALL SELECT 1, 0 FROM drawer_opening WHERE shift_id = :shift AND sale_id IS NULL"
		" UNION ALL SELECT CASE kind WHEN 'in' THEN 2 ELSE 3 END, amount_fen FROM cash_move WHERE shift_id = :shift");
	enum zg_result result = ZG_OK;

	zg_bind_integer(&q, ":shift", shift_id);
	while (result == ZG_OK && zg_query_row(&q)) {
		zg_fen amount = zg_column_integer(&q, 1);

		switch ((enum kind)zg_column_integer(&q, 0)) {
		case VOID:     result = zg_totals_add_void(totals, amount, err); break;
		case NO_SALE:  result = zg_totals_add_no_sale(totals, err); break;
		case CASH_IN:  result = zg_totals_add_cash_in(totals, amount, err); break;
		case CASH_OUT: result = zg_totals_add_cash_out(totals, amount, err); break;
		}
	}
	enum zg_result end = zg_query_end(&q, err);

	return result == ZG_OK ? end : result;
}

enum zg_result zg_shifts_totals(const struct zg_store *store, const struct zg_shift *shift, struct zg_totals *totals,
				struct zg_error *err)
{
	if (shift->is_closed)
		return read_frozen(store, shift->id, totals, err);
	*totals = zg_totals_start(shift->float_fen);
	enum zg_result result = add_sales(store, shift->id, totals, err);

	if (result == ZG_OK)
		result = add_removed(store, shift->id, totals, err);
	if (result == ZG_OK)
		result = add_others(store, shift->id, totals, err);
	return result;
}

enum zg_result zg_shifts_span(const struct zg_store *store, int64_t shift_id, struct zg_shift_span *span, struct zg_error *err)
{
	/* CROSS JOIN: from the shift's sales to their slips; the other way round SQLite would go through the slips of years */
	struct zg_query q = zg_query(store,
		"SELECT coalesce((SELECT number FROM sale WHERE shift_id = :shift AND state = 'paid' ORDER BY receipt_no LIMIT 1), ''),"
		" coalesce((SELECT number FROM sale WHERE shift_id = :shift AND state = 'paid' ORDER BY receipt_no DESC LIMIT 1), ''),"
		" (SELECT count(*) FROM sale AS s JOIN sale_discount AS d ON d.sale_id = s.id WHERE s.shift_id = :shift AND s.state = 'paid'),"
		" (SELECT count(*) FROM sale AS s JOIN sale_line AS l ON l.sale_id = s.id"
		"  WHERE s.shift_id = :shift AND s.state = 'paid' AND l.price_is_set AND l.quantity_milli > 0),"
		" (SELECT count(*) FROM sale AS s CROSS JOIN print_job AS j ON j.ref = s.id"
		"  WHERE s.shift_id = :shift AND j.kind IN ('sale', 'refund') AND j.copy > 0),"
		" (SELECT coalesce(sum(d.amount_fen), 0) FROM sale AS s JOIN sale_discount AS d ON d.sale_id = s.id"
		"  WHERE s.shift_id = :shift AND s.state = 'paid')"
		" - (SELECT coalesce(sum(l.discount_fen + l.share_fen), 0) FROM sale AS s JOIN sale_line AS l ON l.sale_id = s.id"
		"  WHERE s.shift_id = :shift AND s.state = 'paid' AND s.kind = 'sale' AND l.quantity_milli > 0)");
	bool agrees = true;

	*span = (struct zg_shift_span){ 0 };
	zg_bind_integer(&q, ":shift", shift_id);
	if (zg_query_row(&q)) {
		zg_column_copy(&q, 0, span->first_number, sizeof(span->first_number));
		zg_column_copy(&q, 1, span->last_number, sizeof(span->last_number));
		span->discounts = zg_column_integer(&q, 2);
		span->overrides = zg_column_integer(&q, 3);
		span->reprints = zg_column_integer(&q, 4);
		agrees = zg_column_integer(&q, 5) == 0;    /* else rows of discounts are missing, and would not be counted */
	}
	enum zg_result result = zg_query_end(&q, err);

	if (result == ZG_OK && !agrees)
		result = zg_fail(err, ZG_INVALID, _("The figures of a shift and what the journal tells of it do not agree. "
						    "Run the check of the shop's books."));
	return result;
}
