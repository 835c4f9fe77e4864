/*
 * The sale being rung, kept row by row: a scan writes the rows that it changed and no others.
 *
 * Which those are is found out by reading the rows, in the transaction that writes them. No mark of what was saved
 * is kept anywhere, so none can be wrong after a rollback, a restart or a sale that was hung and taken again.
 */
#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/store/query.h"
#include "src/store/sale_rows.h"
#include "src/store/sales.h"
#include "src/store/store.h"

#include <stdlib.h>
#include <string.h>

/* ---- lines ---- */

static bool is_same_rule(const struct zg_discount *a, const struct zg_discount *b)
{
	return a->kind == b->kind && a->kept_bp == b->kept_bp && a->off_fen == b->off_fen && strcmp(a->label, b->label) == 0 &&
	       strcmp(a->funder, b->funder) == 0 && strcmp(a->coupon, b->coupon) == 0;
}

/* Every column of the row. */
static bool is_same_line(const struct zg_line *a, const struct zg_line *b)
{
	return a->quantity == b->quantity && a->removed == b->removed && a->price_fen == b->price_fen &&
	       a->price_is_set == b->price_is_set && a->discount_fen == b->discount_fen && a->share_fen == b->share_fen &&
	       a->amount_fen == b->amount_fen && a->rounding_fen == b->rounding_fen && a->net_fen == b->net_fen &&
	       a->tax_fen == b->tax_fen && is_same_rule(&a->discount, &b->discount) && a->no == b->no &&
	       a->item_id == b->item_id && a->kind == b->kind && a->tax_bp == b->tax_bp && a->list_fen == b->list_fen &&
	       strcmp(a->code, b->code) == 0 && strcmp(a->name, b->name) == 0 && strcmp(a->unit, b->unit) == 0 &&
	       strcmp(a->tax_code, b->tax_code) == 0;
}

enum row { ROW_MISSING, ROW_DIFFERS, ROW_SAME };

/* What the books hold of each line. *strange: rows of lines that the sale does not have. */
static enum zg_result compare_lines(const struct zg_store *store, int64_t id, const struct zg_sale *sale,
				    enum row found[ZG_SALE_LINES], size_t *strange, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "SELECT " ZG_LINE_COLUMNS " FROM sale_line WHERE sale_id = :sale");
	struct zg_line row;

	for (size_t i = 0; i < ZG_SALE_LINES; i++)
		found[i] = ROW_MISSING;
	*strange = 0;
	zg_bind_integer(&q, ":sale", id);
	while (zg_query_row(&q)) {
		zg_column_line(&q, &row);
		const struct zg_line *line = zg_sale_find_line(sale, row.no);

		if (line)
			found[line->no - 1] = is_same_line(line, &row) ? ROW_SAME : ROW_DIFFERS;
		else
			(*strange)++;
	}
	return zg_query_end(&q, err);
}

/* What may change in a line as long as its sale is open. */
static void bind_changing(struct zg_query *q, int64_t id, const struct zg_line *line)
{
	char *rule = zg_rule_text(&line->discount);

	zg_bind_integer(q, ":sale", id);
	zg_bind_integer(q, ":no", line->no);
	zg_bind_integer(q, ":price", line->price_fen);
	zg_bind_integer(q, ":is_set", line->price_is_set);
	zg_bind_integer(q, ":quantity", line->quantity);
	zg_bind_integer(q, ":removed", line->removed);
	zg_bind_text(q, ":rule", rule);
	zg_bind_integer(q, ":discount", line->discount_fen);
	zg_bind_integer(q, ":share", line->share_fen);
	zg_bind_integer(q, ":amount", line->amount_fen);
	zg_bind_integer(q, ":rounding", line->rounding_fen);
	zg_bind_integer(q, ":net", line->net_fen);
	zg_bind_integer(q, ":tax", line->tax_fen);
	free(rule);
}

static enum zg_result add_line(struct zg_store *store, int64_t id, const struct zg_line *line, struct zg_error *err)
{
	struct zg_query q = zg_query(store,
		"INSERT INTO sale_line (sale_id, no, item_id, code, name, unit, kind, tax_bp, tax_code, list_price_fen,"
		"  price_fen, price_is_set, quantity_milli, removed_milli, discount, discount_fen, share_fen, amount_fen,"
		"  rounding_fen, net_fen, tax_fen, added_at)"
		" VALUES (:sale, :no, :item, :code, :name, :unit, :kind, :tax_bp, :tax_code, :list, :price, :is_set, :quantity,"
		"  :removed, :rule, :discount, :share, :amount, :rounding, :net, :tax, :at)");

	bind_changing(&q, id, line);
	zg_bind_integer(&q, ":item", line->item_id);
	zg_bind_text(&q, ":code", line->code);
	zg_bind_text(&q, ":name", line->name);
	zg_bind_text(&q, ":unit", line->unit);
	zg_bind_text(&q, ":kind", zg_item_kind_name(line->kind));
	zg_bind_integer(&q, ":tax_bp", line->tax_bp);
	zg_bind_text(&q, ":tax_code", line->tax_code);
	zg_bind_integer(&q, ":list", line->list_fen);
	zg_bind_integer(&q, ":at", zg_clock_now(zg_store_clock(store)));
	zg_query_run(&q);
	return zg_query_end(&q, err);
}

static enum zg_result change_line(struct zg_store *store, int64_t id, const struct zg_line *line, struct zg_error *err)
{
	struct zg_query q = zg_query(store,
		"UPDATE sale_line SET price_fen = :price, price_is_set = :is_set, quantity_milli = :quantity, removed_milli = :removed,"
		"  discount = :rule, discount_fen = :discount, share_fen = :share, amount_fen = :amount, rounding_fen = :rounding,"
		"  net_fen = :net, tax_fen = :tax"
		" WHERE sale_id = :sale AND no = :no");

	bind_changing(&q, id, line);
	zg_query_run(&q);
	return zg_query_end(&q, err);
}

static enum zg_result save_lines(struct zg_store *store, int64_t id, const struct zg_sale *sale, struct zg_error *err)
{
	enum row found[ZG_SALE_LINES];
	size_t strange;
	enum zg_result result = compare_lines(store, id, sale, found, &strange, err);

	for (size_t i = 0; result == ZG_OK && i < zg_sale_line_count(sale); i++) {
		const struct zg_line *line = zg_sale_line(sale, i);

		if (found[i] != ROW_SAME)
			result = found[i] == ROW_MISSING ? add_line(store, id, line, err) : change_line(store, id, line, err);
	}
	return result;
}

/* ---- discounts ---- */

/* What was taken off, one row each rule. */
struct taken_off {
	int line_no;                        /* 0: the whole sale */
	const struct zg_discount *rule;
	zg_fen amount_fen;
	bool differs;                       /* its row is not there or not as it should be */
};

#define TAKEN_OFF (ZG_SALE_LINES + 1)

static const char *kind_of(const struct taken_off *row)
{
	return row->rule->coupon[0] ? "coupon" : row->line_no ? "line" : "sale";
}

/* Returns how many; the place in the list is the row's number less one. */
static size_t list_discounts(const struct zg_sale *sale, struct taken_off rows[TAKEN_OFF])
{
	zg_fen whole = zg_sale_totals(sale)->sale_discount_fen;
	size_t count = 0;

	for (size_t i = 0; i < zg_sale_line_count(sale); i++) {
		const struct zg_line *line = zg_sale_line(sale, i);

		if (line->discount_fen > 0)
			rows[count++] = (struct taken_off){ line->no, &line->discount, line->discount_fen, true };
	}
	if (whole > 0)
		rows[count++] = (struct taken_off){ 0, zg_sale_discount_rule(sale), whole, true };
	return count;
}

/* Marks those whose row differs. *stored: the highest number among the rows. */
static enum zg_result compare_discounts(const struct zg_store *store, int64_t id, struct taken_off *rows, size_t count,
					size_t *stored, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "SELECT no, coalesce(line_no, 0), kind, label, amount_fen, funder, coupon"
				     " FROM sale_discount WHERE sale_id = :sale ORDER BY no");

	*stored = 0;
	zg_bind_integer(&q, ":sale", id);
	while (zg_query_row(&q)) {
		*stored = (size_t)zg_column_integer(&q, 0);
		struct taken_off *row = *stored <= count ? &rows[*stored - 1] : NULL;

		if (row)
			row->differs = row->line_no != zg_column_integer(&q, 1) || strcmp(kind_of(row), zg_column_text(&q, 2)) != 0 ||
				       strcmp(row->rule->label, zg_column_text(&q, 3)) != 0 || row->amount_fen != zg_column_integer(&q, 4) ||
				       strcmp(row->rule->funder, zg_column_text(&q, 5)) != 0 || strcmp(row->rule->coupon, zg_column_text(&q, 6)) != 0;
	}
	return zg_query_end(&q, err);
}

static enum zg_result save_discount(struct zg_store *store, int64_t id, size_t no, const struct taken_off *row, struct zg_error *err)
{
	struct zg_query q = zg_query(store,
		"INSERT INTO sale_discount (sale_id, no, line_no, kind, label, amount_fen, funder, coupon)"
		" VALUES (:sale, :no, :line, :kind, :label, :amount, :funder, :coupon)"
		" ON CONFLICT (sale_id, no) DO UPDATE SET line_no = excluded.line_no, kind = excluded.kind, label = excluded.label,"
		"  amount_fen = excluded.amount_fen, funder = excluded.funder, coupon = excluded.coupon");

	zg_bind_integer(&q, ":sale", id);
	zg_bind_integer(&q, ":no", (int64_t)no);
	if (row->line_no)
		zg_bind_integer(&q, ":line", row->line_no);
	zg_bind_text(&q, ":kind", kind_of(row));
	zg_bind_text(&q, ":label", row->rule->label);
	zg_bind_integer(&q, ":amount", row->amount_fen);
	zg_bind_text(&q, ":funder", row->rule->funder);
	zg_bind_text(&q, ":coupon", row->rule->coupon);
	zg_query_run(&q);
	return zg_query_end(&q, err);
}

static enum zg_result drop_discounts(struct zg_store *store, int64_t id, size_t above, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "DELETE FROM sale_discount WHERE sale_id = :sale AND no > :above");

	zg_bind_integer(&q, ":sale", id);
	zg_bind_integer(&q, ":above", (int64_t)above);
	zg_query_run(&q);
	return zg_query_end(&q, err);
}

static enum zg_result save_discounts(struct zg_store *store, int64_t id, const struct zg_sale *sale, struct zg_error *err)
{
	struct taken_off rows[TAKEN_OFF];
	size_t count = list_discounts(sale, rows), stored;
	enum zg_result result = compare_discounts(store, id, rows, count, &stored, err);

	for (size_t i = 0; result == ZG_OK && i < count; i++)
		if (rows[i].differs)
			result = save_discount(store, id, i + 1, &rows[i], err);
	if (result == ZG_OK && stored > count)
		result = drop_discounts(store, id, count, err);
	return result;
}

/* ---- the sale ---- */

enum zg_result zg_sales_save(struct zg_store *store, int64_t id, const struct zg_sale *sale, struct zg_error *err)
{
	enum zg_result result = save_lines(store, id, sale, err);

	if (result == ZG_OK)
		result = save_discounts(store, id, sale, err);
	if (result != ZG_OK)
		return result;
	struct zg_query q = zg_query(store, "UPDATE sale SET discount = :rule, total_fen = :total WHERE id = :id"
				     " AND (discount IS NOT :rule OR total_fen IS NOT :total)");
	char *rule = zg_rule_text(zg_sale_discount_rule(sale));

	zg_bind_text(&q, ":rule", rule);
	zg_bind_integer(&q, ":total", zg_sale_totals(sale)->total_fen);
	zg_bind_integer(&q, ":id", id);
	zg_query_run(&q);
	free(rule);
	return zg_query_end(&q, err);
}

enum zg_result zg_sale_rows_check(const struct zg_store *store, int64_t id, const struct zg_sale *sale, struct zg_error *err)
{
	enum row found[ZG_SALE_LINES];
	size_t wrong;
	enum zg_result result = compare_lines(store, id, sale, found, &wrong, err);

	for (size_t i = 0; i < zg_sale_line_count(sale); i++)
		wrong += found[i] != ROW_SAME;
	if (result == ZG_OK && wrong > 0)
		return zg_fail(err, ZG_BROKEN, _("The books hold another sale than the one on the screen. It is now shown as "
						 "they have it: look at its lines, then settle it again."));
	return result;
}
