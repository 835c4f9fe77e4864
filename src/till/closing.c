/* The end of a sale in the books: its number, its journal row, its closed rows, the pulse and the slip. See closing.h. */
#include "src/till/closing.h"

#include "src/base/alloc.h"
#include "src/shop/barcode.h"
#include "src/store/jobs.h"
#include "src/till/slips.h"

#include <stdlib.h>

/* The lines as the journal keeps them: from it alone every figure of a Z can be worked out again. */
static json_t *journal_lines(const struct zg_sale *sale)
{
	json_t *rows = zg_json_array();

	for (size_t i = 0; i < zg_sale_line_count(sale); i++) {
		const struct zg_line *line = zg_sale_line(sale, i);
		json_t *row = zg_json_object();

		zg_json_set_integer(row, "no", line->no);
		zg_json_set_string(row, "code", line->code);
		zg_json_set_string(row, "name", line->name);
		zg_json_set_integer(row, "price_fen", line->price_fen);
		zg_json_set_integer(row, "quantity_milli", line->quantity);
		zg_json_set_integer(row, "gross_fen", line->gross_fen);
		zg_json_set_integer(row, "discount_fen", line->discount_fen);
		zg_json_set_integer(row, "share_fen", line->share_fen);
		zg_json_set_integer(row, "rounding_fen", line->rounding_fen);
		zg_json_set_integer(row, "paid_fen", line->paid_fen);
		zg_json_set_integer(row, "tax_bp", line->tax_bp);
		zg_json_set_integer(row, "net_fen", line->net_fen);
		zg_json_set_integer(row, "tax_fen", line->tax_fen);
		if (line->removed > 0) {
			zg_json_set_integer(row, "removed_milli", line->removed);
			zg_json_set_integer(row, "removed_fen", line->removed_fen);
		}
		if (line->price_is_set)
			zg_json_set_integer(row, "list_fen", line->list_fen);
		zg_json_append(rows, row);
	}
	return rows;
}

json_t *zg_closing_tender(const struct zg_tender *tender)
{
	json_t *row = zg_json_object();

	zg_json_set_string(row, "kind", zg_tender_kind_name(tender->kind));
	zg_json_set_integer(row, "tendered_fen", tender->tendered_fen);
	zg_json_set_integer(row, "kept_fen", tender->kept_fen);
	if (tender->reference[0])
		zg_json_set_string(row, "reference", tender->reference);
	return row;
}

/* As the books have them: what was taken outside first. */
static json_t *journal_tenders(const struct zg_sale *sale)
{
	json_t *rows = zg_json_array();

	for (int outside = 1; outside >= 0; outside--)
		for (size_t i = 0; i < zg_sale_tender_count(sale); i++)
			if (zg_tender_is_outside(zg_sale_tender_at(sale, i)->kind) == outside)
				zg_json_append(rows, zg_closing_tender(zg_sale_tender_at(sale, i)));
	return rows;
}

static json_t *journal_sale(const struct zg_sale *sale, const struct zg_sale_close *close)
{
	const struct zg_sale_totals *t = zg_sale_totals(sale);
	json_t *body = zg_json_object();

	zg_json_set_integer(body, "sale", close->id);
	zg_json_set_string(body, "number", close->number);
	zg_json_set_integer(body, "shift", close->shift_id);
	zg_json_set_string(body, "day", close->day);
	zg_json_set(body, "lines", journal_lines(sale));
	zg_json_set(body, "tenders", journal_tenders(sale));
	zg_json_set_integer(body, "gross_fen", t->gross_fen);
	zg_json_set_integer(body, "line_discount_fen", t->line_discount_fen);
	zg_json_set_integer(body, "sale_discount_fen", t->sale_discount_fen);
	zg_json_set_integer(body, "rounding_fen", t->rounding_fen);
	zg_json_set_integer(body, "paid_fen", t->payable_fen);
	return body;
}

enum zg_result zg_closing_number(const struct zg_till *till, struct zg_sale_close *close, char number[ZG_CODE_MAX + 1], struct zg_error *err)
{
	enum zg_result result = zg_store_next(till->store, "receipt", &close->receipt_no, err);

	if (result == ZG_OK)
		close->number = zg_receipt_number_format(number, till->config.till_id, close->receipt_no);
	close->shift_id = till->shift.id;
	close->day = till->shift.day;
	close->reason = "";
	return result;
}

enum zg_result zg_closing_slip(struct zg_till *till, const char *kind, int64_t sale_id, bool has_cash, const char *reason,
			       const char *who, json_t *document, struct zg_error *err)
{
	int64_t job;
	char *text = zg_json_text(document);
	enum zg_result result = ZG_OK;

	json_decref(document);
	if (has_cash && till->config.has_drawer) {
		result = zg_drawer_opening_add(till->store, till->shift.id, sale_id, reason, who, err);
		if (result == ZG_OK)
			result = zg_jobs_add(till->store, "drawer", sale_id, 0, "", &job, err);
	}
	if (result == ZG_OK)
		result = zg_jobs_add(till->store, kind, sale_id, 0, text, &job, err);
	free(text);
	return result;
}

enum zg_result zg_closing_run(struct zg_till *till, struct zg_closing *closing, struct zg_error *err)
{
	struct zg_sale_close close = { .id = closing->sale_id, .who = closing->who, .mark = &closing->mark };
	enum zg_result result = zg_closing_number(till, &close, closing->number, err);
	json_t *body = result == ZG_OK ? journal_sale(closing->sale, &close) : NULL;

	if (result == ZG_OK && closing->deed) {
		result = zg_deed_note(closing->deed, "sale.paid", body, &closing->mark, err);
	} else if (result == ZG_OK) {
		result = zg_journal_add(till->store, closing->who, "sale.paid", body, &closing->mark, err);
		json_decref(body);
	}
	if (result == ZG_OK)
		result = zg_sales_close(till->store, &close, closing->sale, err);
	if (result == ZG_OK)
		result = zg_closing_slip(till, "sale", closing->sale_id, closing->has_cash, "sale", closing->who,
					 zg_slip_sale(till, closing->sale, closing->cashier, closing->number, closing->mark.anchor), err);
	return result;
}
