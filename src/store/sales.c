#include "src/store/sales.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/store/query.h"
#include "src/store/sale_rows.h"
#include "src/store/store.h"

#include <stdlib.h>
#include <string.h>

static int64_t now(const struct zg_store *store)
{
	return zg_clock_now(zg_store_clock(store));
}

enum zg_result zg_sales_begin(struct zg_store *store, const char *cashier, int64_t *id, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "INSERT INTO sale (kind, state, opened_at, cashier)"
				     " VALUES ('sale', 'open', :at, :cashier) RETURNING id");

	zg_bind_integer(&q, ":at", now(store));
	zg_bind_text(&q, ":cashier", cashier);
	if (zg_query_row(&q))
		*id = zg_column_integer(&q, 0);
	zg_query_run(&q);
	return zg_query_end(&q, err);
}

enum zg_result zg_sales_hang(struct zg_store *store, int64_t id, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "UPDATE sale SET state = 'hung', hung_at = :at WHERE id = :id AND state = 'open'");

	zg_bind_integer(&q, ":at", now(store));
	zg_bind_integer(&q, ":id", id);
	zg_query_run(&q);
	return zg_query_end(&q, err);
}

enum zg_result zg_sales_take(struct zg_store *store, int64_t id, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "UPDATE sale SET state = 'open', hung_at = NULL WHERE id = :id AND state = 'hung'"
				     " RETURNING id");

	zg_bind_integer(&q, ":id", id);
	bool found = zg_query_row(&q);

	zg_query_run(&q);
	enum zg_result result = zg_query_end(&q, err);

	if (result == ZG_OK && !found)
		return zg_fail(err, ZG_NOT_FOUND, _("That sale is not hung any more. Look at the list again."));
	return result;
}

enum zg_result zg_sales_void(struct zg_store *store, int64_t id, const char *who, const char *reason, int64_t shift_id,
			     int64_t journal_seq, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "UPDATE sale SET state = 'void', closed_at = :at, closed_by = :who, reason = :reason,"
				     " shift_id = :shift, day = (SELECT day FROM shift WHERE id = :shift), journal_seq = :seq WHERE id = :id");

	zg_bind_integer(&q, ":at", now(store));
	zg_bind_text(&q, ":who", who);
	zg_bind_text(&q, ":reason", reason);
	zg_bind_integer(&q, ":shift", shift_id);
	zg_bind_integer(&q, ":seq", journal_seq);
	zg_bind_integer(&q, ":id", id);
	zg_query_run(&q);
	return zg_query_end(&q, err);
}

static enum zg_result save_tender(struct zg_store *store, int64_t id, int no, const struct zg_tender *tender, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "INSERT INTO tender (sale_id, no, kind, tendered_fen, kept_fen, at, reference)"
				     " VALUES (:sale, :no, :kind, :tendered, :kept, :at, :reference)");

	zg_bind_integer(&q, ":sale", id);
	zg_bind_integer(&q, ":no", no);
	zg_bind_text(&q, ":kind", zg_tender_kind_name(tender->kind));
	zg_bind_integer(&q, ":tendered", tender->tendered_fen);
	zg_bind_integer(&q, ":kept", tender->kept_fen);
	zg_bind_text(&q, ":reference", tender->reference);
	zg_bind_integer(&q, ":at", now(store));
	zg_query_run(&q);
	return zg_query_end(&q, err);
}

static enum zg_result count_tenders(const struct zg_store *store, int64_t id, int64_t *count, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "SELECT coalesce(max(no), 0) FROM tender WHERE sale_id = :sale");

	*count = 0;
	zg_bind_integer(&q, ":sale", id);
	if (zg_query_row(&q))
		*count = zg_column_integer(&q, 0);
	return zg_query_end(&q, err);
}

enum zg_result zg_sales_add_outside(struct zg_store *store, int64_t id, const struct zg_tender *tender, struct zg_error *err)
{
	int64_t count;
	enum zg_result result = count_tenders(store, id, &count, err);

	zg_assert(zg_tender_is_outside(tender->kind));
	return result == ZG_OK ? save_tender(store, id, (int)count + 1, tender, err) : result;
}

enum zg_result zg_sales_drop_outside(struct zg_store *store, int64_t id, struct zg_tender *tender, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "DELETE FROM tender WHERE sale_id = :sale AND no = (SELECT max(no) FROM tender WHERE sale_id = :sale)"
				     " RETURNING kind, kept_fen, reference");

	zg_bind_integer(&q, ":sale", id);
	bool found = zg_query_row(&q);

	if (found) {
		*tender = (struct zg_tender){ .kept_fen = zg_column_integer(&q, 1), .tendered_fen = zg_column_integer(&q, 1) };
		(void)zg_tender_kind_parse(zg_column_text(&q, 0), &tender->kind);
		zg_column_copy(&q, 2, tender->reference, sizeof(tender->reference));
	}
	zg_query_run(&q);
	enum zg_result result = zg_query_end(&q, err);

	return result == ZG_OK && !found ? zg_fail(err, ZG_NOT_FOUND, _("Nothing was taken by card or otherwise for this sale.")) : result;
}

/* What was taken outside stands there already, in the order in which it came; then come the others. */
static enum zg_result save_tenders(struct zg_store *store, int64_t id, const struct zg_sale *sale, struct zg_error *err)
{
	int64_t stored, outside = 0;
	enum zg_result result = count_tenders(store, id, &stored, err);
	int no = (int)stored;

	for (size_t i = 0; result == ZG_OK && i < zg_sale_tender_count(sale); i++) {
		const struct zg_tender *tender = zg_sale_tender_at(sale, i);

		if (!zg_tender_is_outside(tender->kind) || ++outside > stored)
			result = save_tender(store, id, ++no, tender, err);
	}
	return result;
}

/* The last write of a sale: from here on the triggers keep it as it is. */
static enum zg_result close_row(struct zg_store *store, const struct zg_sale_close *close, zg_fen total, zg_fen rounding,
				struct zg_error *err)
{
	struct zg_query q = zg_query(store,
		"UPDATE sale SET state = 'paid', closed_at = :at, closed_by = :who, day = :day, shift_id = :shift,"
		" receipt_no = :no, number = :number, total_fen = :total, rounding_fen = :rounding, reason = :reason,"
		" journal_seq = :seq, anchor = :anchor WHERE id = :id");

	zg_bind_integer(&q, ":at", now(store));
	zg_bind_text(&q, ":who", close->who);
	zg_bind_text(&q, ":day", close->day);
	zg_bind_integer(&q, ":shift", close->shift_id);
	zg_bind_integer(&q, ":no", close->receipt_no);
	zg_bind_text(&q, ":number", close->number);
	zg_bind_integer(&q, ":total", total);
	zg_bind_integer(&q, ":rounding", rounding);
	zg_bind_text(&q, ":reason", close->reason);
	zg_bind_integer(&q, ":seq", close->mark->seq);
	zg_bind_text(&q, ":anchor", close->mark->anchor);
	zg_bind_integer(&q, ":id", close->id);
	zg_query_run(&q);
	return zg_query_end(&q, err);
}

enum zg_result zg_sales_close(struct zg_store *store, const struct zg_sale_close *close, const struct zg_sale *sale,
			      struct zg_error *err)
{
	const struct zg_sale_totals *totals = zg_sale_totals(sale);
	enum zg_result result = zg_sales_save(store, close->id, sale, err);

	if (result == ZG_OK)
		result = zg_sale_rows_check(store, close->id, sale, err);
	if (result == ZG_OK)
		result = save_tenders(store, close->id, sale, err);
	if (result == ZG_OK && zg_sale_tender_count(sale) == 0)
		result = save_tender(store, close->id, 1, &(struct zg_tender){ .kind = ZG_TENDER_CASH }, err);
	if (result == ZG_OK)
		result = close_row(store, close, totals->total_fen, totals->rounding_fen, err);
	return result;
}

/* A refund's line: the sold line's words, with what goes back as negative figures. */
static enum zg_result save_refund_line(struct zg_store *store, int64_t id, int no, int64_t origin_id,
				       const struct zg_refund_line *line, struct zg_error *err)
{
	struct zg_query q = zg_query(store,
		"INSERT INTO sale_line (sale_id, no, item_id, code, name, unit, kind, tax_bp, tax_code, list_price_fen, price_fen,"
		"  quantity_milli, amount_fen, rounding_fen, net_fen, tax_fen, origin_no, added_at)"
		" SELECT :sale, :no, item_id, code, name, unit, kind, tax_bp, tax_code, list_price_fen, price_fen,"
		"  :quantity, :amount, :rounding, :net, :tax, :origin_no, :at FROM sale_line WHERE sale_id = :origin AND no = :origin_no");

	zg_bind_integer(&q, ":sale", id);
	zg_bind_integer(&q, ":no", no);
	zg_bind_integer(&q, ":quantity", -line->quantity);
	zg_bind_integer(&q, ":amount", -line->value_fen);
	zg_bind_integer(&q, ":rounding", -line->rounding_fen);
	zg_bind_integer(&q, ":net", -line->net_fen);
	zg_bind_integer(&q, ":tax", -line->tax_fen);
	zg_bind_integer(&q, ":origin", origin_id);
	zg_bind_integer(&q, ":origin_no", line->line_no);
	zg_bind_integer(&q, ":at", now(store));
	zg_query_run(&q);
	return zg_query_end(&q, err);
}

enum zg_result zg_sales_refund(struct zg_store *store, const char *who, int64_t origin_id, const struct zg_refund_line *lines,
			       const struct zg_refund_sum *sum, const struct zg_tender *tenders, size_t count, int64_t *id, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "INSERT INTO sale (kind, state, opened_at, cashier, origin_id)"
				     " VALUES ('refund', 'open', :at, :who, :origin) RETURNING id");

	zg_bind_integer(&q, ":at", now(store));
	zg_bind_text(&q, ":who", who);
	zg_bind_integer(&q, ":origin", origin_id);
	*id = zg_query_row(&q) ? zg_column_integer(&q, 0) : 0;
	zg_query_run(&q);
	enum zg_result result = zg_query_end(&q, err);

	for (size_t i = 0; result == ZG_OK && i < sum->lines; i++)
		result = save_refund_line(store, *id, (int)i + 1, origin_id, &lines[i], err);
	for (size_t i = 0; result == ZG_OK && i < count; i++) {
		struct zg_tender given = tenders[i];

		given.tendered_fen = given.kept_fen = -tenders[i].kept_fen;
		result = save_tender(store, *id, (int)i + 1, &given, err);
	}
	return result;
}

enum zg_result zg_sales_refund_close(struct zg_store *store, const struct zg_sale_close *close, const struct zg_refund_sum *sum,
				     struct zg_error *err)
{
	return close_row(store, close, -sum->value_fen, -sum->rounding_fen, err);
}
