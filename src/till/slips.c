#include "src/till/slips.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/till/private.h"
#include "src/till/slip_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

json_t *zg_slip_start(const struct zg_till *till, const char *cashier, int64_t at_ms)
{
	json_t *document = zg_json_object(), *shop = zg_json_object();
	char id[8];

	zg_json_set_string(shop, "name", till->config.name);
	zg_json_set_string(shop, "address", till->config.address);
	zg_json_set_string(shop, "phone", till->config.phone);
	zg_json_set_string(shop, "tax_number", till->config.tax_number);
	zg_json_set(document, "shop", shop);
	snprintf(id, sizeof(id), "%02d", till->config.till_id);
	zg_json_set_string(document, "till", id);
	zg_json_set_string(document, "cashier", cashier);
	zg_json_set_integer(document, "at_ms", at_ms);
	zg_json_set_boolean(document, "training", false);
	zg_json_set_boolean(document, "copy", false);
	zg_json_set_integer(document, "copies", 0);
	return document;
}

enum zg_result zg_slip_person(const struct zg_till *till, const char *login, char name[ZG_NAME_MAX + 1], struct zg_error *err)
{
	struct zg_person person;
	enum zg_result result = zg_people_find(till->store, login, &person, err);

	snprintf(name, ZG_NAME_MAX + 1, "%s", result == ZG_OK ? person.name : login);
	return result == ZG_NOT_FOUND ? ZG_OK : result;
}

static json_t *tender_row(const struct zg_tender *tender, int64_t sign)
{
	json_t *row = zg_json_object();
	char label[ZG_REFERENCE + 64];

	zg_json_set_string(row, "kind", zg_tender_kind_name(tender->kind));
	if (tender->reference[0])
		snprintf(label, sizeof(label), "%s %s", _(zg_tender_kind_title(tender->kind)), tender->reference);
	zg_json_set_string(row, "label", tender->reference[0] ? label : _(zg_tender_kind_title(tender->kind)));
	zg_json_set_integer(row, "tendered_fen", sign * tender->tendered_fen);
	zg_json_set_integer(row, "kept_fen", sign * tender->kept_fen);
	return row;
}

json_t *zg_slip_taxes(const struct zg_tax_total *taxes, size_t count)
{
	json_t *rows = zg_json_array();

	for (size_t i = 0; i < count; i++) {
		json_t *row = zg_json_object();

		zg_json_set_integer(row, "rate_bp", taxes[i].rate_bp);
		zg_json_set_integer(row, "net_fen", taxes[i].net_fen);
		zg_json_set_integer(row, "tax_fen", taxes[i].tax_fen);
		zg_json_append(rows, row);
	}
	return rows;
}

/* sign: -1 for a refund, whose rows are negative and whose slip is not. */
static json_t *line_row(const struct zg_line *line, int64_t sign)
{
	json_t *row = zg_json_object();

	zg_json_set_string(row, "name", line->name);
	zg_json_set_string(row, "unit", line->unit);
	zg_json_set_integer(row, "quantity_milli", sign * line->quantity);
	zg_json_set_integer(row, "price_fen", line->price_fen);
	zg_json_set_integer(row, "discount_fen", sign * line->discount_fen);
	zg_json_set_integer(row, "amount_fen", sign * (line->gross_fen - line->discount_fen));
	return row;
}

struct figures {
	zg_fen subtotal, discount, rounding, total, change;
	int64_t items;
};

static void set_figures(json_t *document, const struct figures *f, json_t *lines, json_t *tenders, json_t *taxes)
{
	zg_json_set(document, "lines", lines);
	zg_json_set_integer(document, "items", f->items);
	zg_json_set_integer(document, "subtotal_fen", f->subtotal);
	zg_json_set_integer(document, "discount_fen", f->discount);
	zg_json_set_integer(document, "rounding_fen", f->rounding);
	zg_json_set_integer(document, "total_fen", f->total);
	zg_json_set(document, "tenders", tenders);
	zg_json_set_integer(document, "change_fen", f->change);
	zg_json_set(document, "taxes", taxes);
	zg_json_set_integer(document, "invoiceable_fen", f->total);
}

json_t *zg_slip_sale(const struct zg_till *till, const struct zg_sale *sale, const char *cashier, const char *number,
		     const char *anchor)
{
	const struct zg_sale_totals *t = zg_sale_totals(sale);
	json_t *document = zg_slip_start(till, cashier, zg_clock_now(till->parts.clock));
	json_t *lines = zg_json_array(), *tenders = zg_json_array();
	struct zg_tax_total taxes[ZG_TAX_RATES];
	size_t tax_count = zg_sale_taxes(sale, taxes);
	struct figures f = { .subtotal = t->gross_fen - t->line_discount_fen, .discount = t->sale_discount_fen,
		.rounding = t->rounding_fen, .total = t->payable_fen, .change = t->change_fen, .items = t->lines };

	for (size_t i = 0; i < zg_sale_line_count(sale); i++)
		if (zg_line_is_live(zg_sale_line(sale, i)))
			zg_json_append(lines, line_row(zg_sale_line(sale, i), 1));
	for (size_t i = 0; i < zg_sale_tender_count(sale); i++)
		zg_json_append(tenders, tender_row(zg_sale_tender_at(sale, i), 1));
	zg_json_set_string(document, "number", number);
	zg_json_set_string(document, "anchor", anchor);
	set_figures(document, &f, lines, tenders, zg_slip_taxes(taxes, tax_count));
	return document;
}

static void set_refund_words(const struct zg_sale_record *record, const struct zg_sale_record *origin, const char *approver, json_t *document)
{
	zg_json_set_string(document, "origin", origin->number);
	zg_json_set_string(document, "reason", record->reason);
	zg_json_set_string(document, "approver", approver);
}

json_t *zg_slip_closed(const struct zg_till *till, int64_t sale_id, const char *approver, struct zg_error *err)
{
	struct zg_sale_record record, origin = { 0 };
	struct zg_line *rows = NULL;
	struct zg_tender tenders[ZG_SALE_TENDERS];
	struct zg_tax_total taxes[ZG_TAX_RATES];
	size_t count = 0, tender_count = 0, tax_count = 0;
	struct figures f = { 0 };
	char name[ZG_NAME_MAX + 1];

	if (zg_sales_find(till->store, sale_id, &record, err) != ZG_OK ||
	    (record.is_refund && zg_sales_find(till->store, record.origin_id, &origin, err) != ZG_OK) ||
	    zg_slip_person(till, record.closed_by, name, err) != ZG_OK ||
	    zg_sales_lines(till->store, sale_id, &rows, &count, err) != ZG_OK ||
	    zg_sales_tenders(till->store, sale_id, tenders, &tender_count, err) != ZG_OK) {
		free(rows);
		return NULL;
	}
	int64_t sign = record.is_refund ? -1 : 1;
	json_t *lines = zg_json_array(), *paid = zg_json_array();

	json_t *document = zg_slip_start(till, name, record.closed_at);

	for (size_t i = 0; i < count; i++) {
		const struct zg_line *line = &rows[i];
		struct zg_tax_total tax = { .rate_bp = line->tax_bp, .gross_fen = sign * (line->net_fen + line->tax_fen),
			.net_fen = sign * line->net_fen, .tax_fen = sign * line->tax_fen };

		if (line->quantity == 0)
			continue;
		f.items++;
		f.subtotal += sign * (line->gross_fen - line->discount_fen);
		f.discount += sign * line->share_fen;
		(void)zg_tax_add(taxes, &tax_count, &tax);    /* it fitted when the sale was closed */
		zg_json_append(lines, line_row(line, sign));
	}
	for (size_t i = 0; i < tender_count; i++) {
		f.change += sign * tenders[i].change_fen;
		zg_json_append(paid, tender_row(&tenders[i], sign));
	}
	f.rounding = sign * record.rounding_fen;
	f.total = sign * (record.total_fen - record.rounding_fen);
	zg_json_set_string(document, "number", record.number);
	zg_json_set_string(document, "anchor", record.anchor);
	set_figures(document, &f, lines, paid, zg_slip_taxes(taxes, tax_count));
	if (record.is_refund)
		set_refund_words(&record, &origin, approver, document);
	free(rows);
	return document;
}

json_t *zg_slip_cash(const struct zg_till *till, bool is_in, zg_fen amount, const char *reason, int64_t id,
		     const char *cashier, const char *approver, const char *anchor)
{
	json_t *document = zg_slip_start(till, cashier, zg_clock_now(till->parts.clock));

	zg_json_set_string(document, "direction", is_in ? "in" : "out");
	zg_json_set_integer(document, "amount_fen", amount);
	zg_json_set_string(document, "reason", reason);
	zg_json_set_integer(document, "number", id);
	zg_json_set_integer(document, "shift", till->shift.id);
	zg_json_set_string(document, "approver", approver);
	zg_json_set_string(document, "anchor", anchor);
	return document;
}
