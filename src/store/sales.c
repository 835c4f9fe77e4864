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

static enum zg_result save_line(struct zg_store *store, int64_t id, const struct zg_line *line, struct zg_error *err)
{
	struct zg_query q = zg_query(store,
		"INSERT INTO sale_line (sale_id, no, item_id, code, name, unit, kind, tax_bp, tax_code, list_price_fen,"
		"  price_fen, price_is_set, quantity_milli, removed_milli, discount, discount_fen, share_fen, amount_fen,"
		"  rounding_fen, net_fen, tax_fen, added_at)"
		" VALUES (:sale, :no, :item, :code, :name, :unit, :kind, :tax_bp, :tax_code, :list, :price, :is_set, :quantity,"
		"  :removed, :rule, :discount, :share, :amount, :rounding, :net, :tax, :at)"
		" ON CONFLICT (sale_id, no) DO UPDATE SET price_fen = excluded.price_fen, price_is_set = excluded.price_is_set,"
		"  quantity_milli = excluded.quantity_milli, removed_milli = excluded.removed_milli, discount = excluded.discount,"
		"  discount_fen = excluded.discount_fen, share_fen = excluded.share_fen, amount_fen = excluded.amount_fen,"
		"  rounding_fen = excluded.rounding_fen, net_fen = excluded.net_fen, tax_fen = excluded.tax_fen");

	zg_bind_line(&q, id, line);
	zg_bind_integer(&q, ":item", line->item_id);
	zg_bind_integer(&q, ":is_set", line->price_is_set);
	zg_bind_integer(&q, ":removed", line->removed);
	char *rule = zg_rule_text(&line->discount);

	zg_bind_text(&q, ":rule", rule);
	zg_bind_integer(&q, ":at", now(store));
	zg_query_run(&q);
	free(rule);
	return zg_query_end(&q, err);
}

static enum zg_result save_discount(struct zg_store *store, int64_t id, int no, int line_no,
				    const struct zg_discount *discount, zg_fen amount, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "INSERT INTO sale_discount (sale_id, no, line_no, kind, label, amount_fen, funder, coupon)"
				     " VALUES (:sale, :no, :line, :kind, :label, :amount, :funder, :coupon)");

	zg_bind_integer(&q, ":sale", id);
	zg_bind_integer(&q, ":no", no);
	if (line_no)
		zg_bind_integer(&q, ":line", line_no);
	zg_bind_text(&q, ":kind", discount->coupon[0] ? "coupon" : line_no ? "line" : "sale");
	zg_bind_text(&q, ":label", discount->label);
	zg_bind_integer(&q, ":amount", amount);
	zg_bind_text(&q, ":funder", discount->funder);
	zg_bind_text(&q, ":coupon", discount->coupon);
	zg_query_run(&q);
	return zg_query_end(&q, err);
}

/* What was taken off, one row each rule, and who bears it. */
static enum zg_result save_discounts(struct zg_store *store, int64_t id, const struct zg_sale *sale, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "DELETE FROM sale_discount WHERE sale_id = :sale");
	int no = 0;

	zg_bind_integer(&q, ":sale", id);
	zg_query_run(&q);
	enum zg_result result = zg_query_end(&q, err);

	for (size_t i = 0; result == ZG_OK && i < zg_sale_line_count(sale); i++) {
		const struct zg_line *line = zg_sale_line(sale, i);

		if (line->discount_fen > 0)
			result = save_discount(store, id, ++no, line->no, &line->discount, line->discount_fen, err);
	}
	zg_fen whole = zg_sale_totals(sale)->sale_discount_fen;

	if (result == ZG_OK && whole > 0)
		result = save_discount(store, id, ++no, 0, zg_sale_discount_rule(sale), whole, err);
	return result;
}

enum zg_result zg_sales_save(struct zg_store *store, int64_t id, const struct zg_sale *sale, struct zg_error *err)
{
	enum zg_result result = ZG_OK;

	for (size_t i = 0; result == ZG_OK && i < zg_sale_line_count(sale); i++)
		result = save_line(store, id, zg_sale_line(sale, i), err);
	if (result == ZG_OK)
		result = save_discounts(store, id, sale, err);
	if (result != ZG_OK)
		return result;
	struct zg_query q = zg_query(store, "UPDATE sale SET discount = :rule, total_fen = :total WHERE id = :id");
	char *rule = zg_rule_text(zg_sale_discount_rule(sale));

	zg_bind_text(&q, ":rule", rule);
	zg_bind_integer(&q, ":total", zg_sale_totals(sale)->total_fen);
	zg_bind_integer(&q, ":id", id);
	zg_query_run(&q);
	free(rule);
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
	struct zg_query q = zg_query(store, "INSERT INTO tender (sale_id, no, kind, tendered_fen, kept_fen, at)"
				     " VALUES (:sale, :no, :kind, :tendered, :kept, :at)");

	zg_bind_integer(&q, ":sale", id);
	zg_bind_integer(&q, ":no", no);
	zg_bind_text(&q, ":kind", zg_tender_kind_name(tender->kind));
	zg_bind_integer(&q, ":tendered", tender->tendered_fen);
	zg_bind_integer(&q, ":kept", tender->kept_fen);
	zg_bind_integer(&q, ":at", now(store));
	zg_query_run(&q);
	return zg_query_end(&q, err);
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

	for (size_t i = 0; result == ZG_OK && i < zg_sale_tender_count(sale); i++)
		result = save_tender(store, close->id, (int)i + 1, zg_sale_tender_at(sale, i), err);
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
		"  quantity_milli, amount_fen, net_fen, tax_fen, origin_no, added_at)"
		" SELECT :sale, :no, item_id, code, name, unit, kind, tax_bp, tax_code, list_price_fen, price_fen,"
		"  :quantity, :amount, :net, :tax, :origin_no, :at FROM sale_line WHERE sale_id = :origin AND no = :origin_no");

	zg_bind_integer(&q, ":sale", id);
	zg_bind_integer(&q, ":no", no);
	zg_bind_integer(&q, ":quantity", -line->quantity);
	zg_bind_integer(&q, ":amount", -line->amount_fen);
	zg_bind_integer(&q, ":net", -line->net_fen);
	zg_bind_integer(&q, ":tax", -line->tax_fen);
	zg_bind_integer(&q, ":origin", origin_id);
	zg_bind_integer(&q, ":origin_no", line->line_no);
	zg_bind_integer(&q, ":at", now(store));
	zg_query_run(&q);
	return zg_query_end(&q, err);
}

enum zg_result zg_sales_refund(struct zg_store *store, const struct zg_sale_close *close, int64_t origin_id,
			       const struct zg_refund_line *lines, size_t count, enum zg_tender_kind kind,
			       int64_t *id, struct zg_error *err)
{
	struct zg_sale_close own = *close;
	zg_fen total = 0;
	struct zg_query q = zg_query(store, "INSERT INTO sale (kind, state, opened_at, cashier, origin_id)"
				     " VALUES ('refund', 'open', :at, :who, :origin) RETURNING id");

	zg_bind_integer(&q, ":at", now(store));
	zg_bind_text(&q, ":who", close->who);
	zg_bind_integer(&q, ":origin", origin_id);
	if (zg_query_row(&q))
		own.id = zg_column_integer(&q, 0);
	zg_query_run(&q);
	enum zg_result result = zg_query_end(&q, err);

	for (size_t i = 0; result == ZG_OK && i < count; i++) {
		result = save_refund_line(store, own.id, (int)i + 1, origin_id, &lines[i], err);
		total -= lines[i].amount_fen;
	}
	if (result == ZG_OK)
		result = save_tender(store, own.id, 1, &(struct zg_tender){ .kind = kind, .tendered_fen = total, .kept_fen = total }, err);
	if (result == ZG_OK)
		result = close_row(store, &own, total, 0, err);
	*id = own.id;
	return result;
}
