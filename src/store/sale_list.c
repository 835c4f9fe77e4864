/* Reading sales back: records, lists, lines. The writing half is sales.c. */
#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/shop/barcode.h"
#include "src/store/query.h"
#include "src/store/sale_rows.h"
#include "src/store/sales.h"
#include "src/store/store.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RECORD_COLUMNS \
	"s.id, s.kind, s.state, s.opened_at, s.hung_at, s.closed_at, s.cashier, s.closed_by, s.shift_id, s.day, s.receipt_no," \
	" s.number, s.origin_id, s.total_fen, s.rounding_fen, s.reason, s.journal_seq, s.anchor"
#define RECORD_WIDTH 18
#define DEFAULT_ROWS 1000

static const char *const states[] = { [ZG_SALE_OPEN] = "open", [ZG_SALE_HUNG] = "hung", [ZG_SALE_PAID] = "paid", [ZG_SALE_VOID] = "void" };

static void read_record(struct zg_query *q, struct zg_sale_record *r)
{
	*r = (struct zg_sale_record){ .id = zg_column_integer(q, 0) };
	r->is_refund = strcmp(zg_column_text(q, 1), "refund") == 0;
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (strcmp(zg_column_text(q, 2), states[i]) == 0)
			r->state = (enum zg_sale_state)i;
	r->opened_at = zg_column_integer(q, 3);
	r->hung_at = zg_column_integer(q, 4);
	r->closed_at = zg_column_integer(q, 5);
	zg_column_copy(q, 6, r->cashier, sizeof(r->cashier));
	zg_column_copy(q, 7, r->closed_by, sizeof(r->closed_by));
	r->shift_id = zg_column_integer(q, 8);
	zg_column_copy(q, 9, r->day, sizeof(r->day));
	r->receipt_no = zg_column_integer(q, 10);
	zg_column_copy(q, 11, r->number, sizeof(r->number));
	r->origin_id = zg_column_integer(q, 12);
	r->total_fen = zg_column_integer(q, 13);
	r->rounding_fen = zg_column_integer(q, 14);
	zg_column_copy(q, 15, r->reason, sizeof(r->reason));
	r->journal_seq = zg_column_integer(q, 16);
	zg_column_copy(q, 17, r->anchor, sizeof(r->anchor));
}

static enum zg_result read_one(struct zg_query *q, struct zg_sale_record *record, struct zg_error *err)
{
	bool found = zg_query_row(q);

	if (found)
		read_record(q, record);
	enum zg_result result = zg_query_end(q, err);

	if (result == ZG_OK && !found)
		return zg_fail(err, ZG_NOT_FOUND, _("There is no such sale. Check the number."));
	return result;
}

enum zg_result zg_sales_find(const struct zg_store *store, int64_t id, struct zg_sale_record *record, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "SELECT " RECORD_COLUMNS " FROM sale AS s WHERE s.id = :id");

	zg_bind_integer(&q, ":id", id);
	return read_one(&q, record, err);
}

enum zg_result zg_sales_find_number(const struct zg_store *store, const char *number, struct zg_sale_record *record, struct zg_error *err)
{
	char upper[ZG_CODE_MAX + 1];

	snprintf(upper, sizeof(upper), "%s", number);
	zg_text_upper(upper);
	bool digits = *upper && strspn(upper, "0123456789") == strlen(upper) && strlen(upper) <= 12;
	struct zg_query q = zg_query(store, "SELECT " RECORD_COLUMNS " FROM sale AS s WHERE s.number = :number OR s.receipt_no = :no");

	zg_bind_text(&q, ":number", upper);
	if (digits)
		zg_bind_integer(&q, ":no", strtoll(upper, NULL, 10));
	return read_one(&q, record, err);
}

enum zg_result zg_sales_open_id(const struct zg_store *store, int64_t *id, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "SELECT id FROM sale WHERE state = 'open' AND kind = 'sale' ORDER BY id DESC LIMIT 1");

	*id = zg_query_row(&q) ? zg_column_integer(&q, 0) : 0;
	return zg_query_end(&q, err);
}

enum zg_result zg_sales_count_hung(const struct zg_store *store, size_t *count, struct zg_error *err)
{
	/* the list says the same twice: without it SQLite does not see that the index of the few that wait has them all */
	struct zg_query q = zg_query(store, "SELECT count(*) FROM sale WHERE state IN ('open', 'hung') AND state = 'hung'");

	*count = zg_query_row(&q) ? (size_t)zg_column_integer(&q, 0) : 0;
	return zg_query_end(&q, err);
}

enum zg_result zg_sales_lines(const struct zg_store *store, int64_t id, struct zg_line **lines, size_t *count, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "SELECT " ZG_LINE_COLUMNS " FROM sale_line WHERE sale_id = :id ORDER BY no");
	size_t room = 0;

	*lines = NULL;
	*count = 0;
	zg_bind_integer(&q, ":id", id);
	while (zg_query_row(&q)) {
		*lines = zg_grow(*lines, *count, &room, sizeof(**lines));
		zg_column_line(&q, &(*lines)[(*count)++]);
	}
	enum zg_result result = zg_query_end(&q, err);

	if (result != ZG_OK) {
		free(*lines);
		*lines = NULL;
		*count = 0;
	}
	return result;
}

enum zg_result zg_sales_tenders(const struct zg_store *store, int64_t id, struct zg_tender tenders[ZG_SALE_TENDERS],
				size_t *count, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "SELECT kind, tendered_fen, kept_fen, reference FROM tender WHERE sale_id = :id ORDER BY no");

	*count = 0;
	zg_bind_integer(&q, ":id", id);
	while (*count < ZG_SALE_TENDERS && zg_query_row(&q)) {
		struct zg_tender *tender = &tenders[(*count)++];

		*tender = (struct zg_tender){ .tendered_fen = zg_column_integer(&q, 1), .kept_fen = zg_column_integer(&q, 2) };
		if (!zg_tender_kind_parse(zg_column_text(&q, 0), &tender->kind))
			tender->kind = ZG_TENDER_OTHER;
		tender->change_fen = tender->tendered_fen - tender->kept_fen;
		zg_column_copy(&q, 3, tender->reference, sizeof(tender->reference));
	}
	return zg_query_end(&q, err);
}

static enum zg_result feed_back(const struct zg_store *store, int64_t id, const struct zg_sale_record *record,
				const struct zg_line *lines, size_t count, struct zg_sale *sale, struct zg_error *err)
{
	struct zg_tender tenders[ZG_SALE_TENDERS];
	size_t tender_count;
	struct zg_query q = zg_query(store, "SELECT discount FROM sale WHERE id = :id");
	enum zg_result result = ZG_OK;

	zg_bind_integer(&q, ":id", id);
	struct zg_discount rule = zg_rule_read(zg_query_row(&q) ? zg_column_text(&q, 0) : "");

	result = zg_query_end(&q, err);
	if (result == ZG_OK)
		result = zg_sale_restore_lines(sale, lines, count, err);
	if (result == ZG_OK && rule.kind != ZG_DISCOUNT_NONE)
		result = zg_sale_discount(sale, &rule, err);
	if (result == ZG_OK)
		result = zg_sales_tenders(store, id, tenders, &tender_count, err);
	for (size_t i = 0; result == ZG_OK && i < tender_count; i++) {
		bool nothing = tenders[i].tendered_fen == 0 && record->total_fen == 0;    /* a sale of 0.00 takes no tender */

		if (!nothing)
			result = zg_sale_restore_tender(sale, &tenders[i], i + 1 == tender_count ? record->rounding_fen : 0, err);
	}
	return result;
}

enum zg_result zg_sales_load(const struct zg_store *store, int64_t id, struct zg_sale **sale, struct zg_error *err)
{
	struct zg_sale_record record;
	struct zg_line *lines = NULL;
	size_t count = 0;

	*sale = zg_sale_new();
	enum zg_result result = zg_sales_find(store, id, &record, err);

	if (result == ZG_OK)
		result = zg_sales_lines(store, id, &lines, &count, err);
	if (result == ZG_OK)
		result = feed_back(store, id, &record, lines, count, *sale, err);
	free(lines);
	if (result != ZG_OK) {
		zg_sale_free(*sale);
		*sale = NULL;
	}
	return result;
}

/*
 * The same list by each of the ways in that an index leads: of a million sales none is looked at that is not wanted.
 * A piece of text as people type it: of a number, an amount, a local time, a name; a whole code, or a barcode scanned.
 */
#define LIST(which, order) \
	"SELECT " RECORD_COLUMNS "," \
	" (SELECT count(*) FROM sale_line AS l WHERE l.sale_id = s.id AND l.quantity_milli <> 0)," \
	" coalesce((SELECT name FROM sale_line AS l WHERE l.sale_id = s.id AND l.quantity_milli <> 0 ORDER BY no LIMIT 1), '')" \
	" FROM sale AS s WHERE " which " AND s.state = :state AND (:day IS NULL OR +s.day = :day) AND (:shift IS NULL OR +s.shift_id = :shift)" \
	" AND (:origin IS NULL OR +s.origin_id = :origin)" \
	" AND (:text IS NULL OR instr(s.number, upper(:text)) > 0" \
	"  OR instr(printf('%d.%02d', abs(s.total_fen - s.rounding_fen) / 100, abs(s.total_fen - s.rounding_fen) % 100), :text) > 0" \
	"  OR instr(strftime('%H:%M', coalesce(s.closed_at, s.opened_at) / 1000, 'unixepoch', 'localtime'), :text) = 1" \
	"  OR EXISTS (SELECT 1 FROM sale_line AS l WHERE l.sale_id = s.id AND (instr(lower(l.name), lower(:text)) > 0 OR l.code = :text" \
	"   OR l.code IN (SELECT i.code FROM barcode AS b JOIN item AS i ON i.id = b.item_id WHERE b.code = :barcode))))" \
	" ORDER BY " order " LIMIT :most"
#define NEWEST "coalesce(s.receipt_no, 0) DESC, s.id DESC"

static const char waiting_sql[] = LIST("s.state IN ('open', 'hung')", "s.id DESC");
static const char refunds_sql[] = LIST("s.origin_id = :origin", NEWEST);
static const char shift_sql[] = LIST("s.shift_id = :shift", NEWEST);
static const char day_sql[] = LIST("s.day = :day", NEWEST);
static const char paid_sql[] = LIST("s.receipt_no > 0", "s.receipt_no DESC");
static const char any_sql[] = LIST("1", NEWEST);

static struct zg_query begin_list(const struct zg_store *store, const struct zg_sale_filter *filter)
{
	if (filter->state == ZG_SALE_OPEN || filter->state == ZG_SALE_HUNG)
		return zg_query(store, waiting_sql);
	if (filter->origin_id)
		return zg_query(store, refunds_sql);
	if (filter->shift_id)
		return zg_query(store, shift_sql);
	if (filter->day)
		return zg_query(store, day_sql);
	return filter->state == ZG_SALE_PAID ? zg_query(store, paid_sql) : zg_query(store, any_sql);
}

enum zg_result zg_sales_list(const struct zg_store *store, const struct zg_sale_filter *filter,
			     struct zg_sale_row **rows, size_t *count, struct zg_error *err)
{
	struct zg_query q = begin_list(store, filter);
	char barcode[ZG_CODE_MAX + 1];
	size_t room = 0;

	*rows = NULL;
	*count = 0;
	zg_bind_text(&q, ":state", states[filter->state]);
	zg_bind_text(&q, ":day", filter->day);
	if (filter->shift_id)
		zg_bind_integer(&q, ":shift", filter->shift_id);
	if (filter->origin_id)
		zg_bind_integer(&q, ":origin", filter->origin_id);
	zg_bind_text(&q, ":text", filter->text && *filter->text ? filter->text : NULL);
	zg_bind_text(&q, ":barcode", filter->text ? zg_barcode_normal(barcode, filter->text) : "");
	zg_bind_integer(&q, ":most", (int64_t)(filter->most ? filter->most : DEFAULT_ROWS));
	while (zg_query_row(&q)) {
		*rows = zg_grow(*rows, *count, &room, sizeof(**rows));
		struct zg_sale_row *row = &(*rows)[(*count)++];

		read_record(&q, &row->record);
		row->lines = (int)zg_column_integer(&q, RECORD_WIDTH);
		zg_column_copy(&q, RECORD_WIDTH + 1, row->first, sizeof(row->first));
	}
	enum zg_result result = zg_query_end(&q, err);

	if (result != ZG_OK) {
		free(*rows);
		*rows = NULL;
		*count = 0;
	}
	return result;
}

enum zg_result zg_sales_refundable(const struct zg_store *store, int64_t id, struct zg_refundable **lines, size_t *count,
				   struct zg_error *err)
{
	struct zg_query q = zg_query(store,
		"SELECT l.no, l.kind, l.tax_bp, l.quantity_milli, l.amount_fen, l.amount_fen - l.rounding_fen,"
		" coalesce((SELECT -sum(b.quantity_milli) FROM sale AS r JOIN sale_line AS b ON b.sale_id = r.id"
		"  WHERE r.origin_id = :id AND r.state = 'paid' AND b.origin_no = l.no), 0),"
		" coalesce((SELECT -sum(b.amount_fen) FROM sale AS r JOIN sale_line AS b ON b.sale_id = r.id"
		"  WHERE r.origin_id = :id AND r.state = 'paid' AND b.origin_no = l.no), 0),"
		" coalesce((SELECT -sum(b.amount_fen - b.rounding_fen) FROM sale AS r JOIN sale_line AS b ON b.sale_id = r.id"
		"  WHERE r.origin_id = :id AND r.state = 'paid' AND b.origin_no = l.no), 0)"
		" FROM sale_line AS l WHERE l.sale_id = :id AND l.quantity_milli > 0 ORDER BY l.no");
	size_t room = 0;

	*lines = NULL;
	*count = 0;
	zg_bind_integer(&q, ":id", id);
	while (zg_query_row(&q)) {
		*lines = zg_grow(*lines, *count, &room, sizeof(**lines));
		struct zg_refundable *line = &(*lines)[(*count)++];

		*line = (struct zg_refundable){ .line_no = (int)zg_column_integer(&q, 0) };
		(void)zg_item_kind_parse(zg_column_text(&q, 1), &line->kind);    /* the table's CHECK allows no other word */
		line->tax_bp = (zg_bp)zg_column_integer(&q, 2);
		line->sold = zg_column_integer(&q, 3);
		line->value_fen = zg_column_integer(&q, 4);
		line->paid_fen = zg_column_integer(&q, 5);
		line->refunded = zg_column_integer(&q, 6);
		line->returned_fen = zg_column_integer(&q, 7);
		line->refunded_fen = zg_column_integer(&q, 8);
	}
	return zg_query_end(&q, err);
}
