#include "src/till/slips.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/shop/cash.h"
#include "src/till/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *start(const struct zg_till *till, const char *cashier, int64_t at_ms)
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

/* The name a login stands for, as paper shows it. */
static void name_of(const struct zg_till *till, const char *login, char name[ZG_NAME_MAX + 1])
{
	struct zg_person person;

	if (zg_people_find(till->store, login, &person, NULL) == ZG_OK)
		snprintf(name, ZG_NAME_MAX + 1, "%s", person.name);
	else
		snprintf(name, ZG_NAME_MAX + 1, "%s", login);
}

static json_t *tender_row(const struct zg_tender *tender, int64_t sign)
{
	json_t *row = zg_json_object();

	zg_json_set_string(row, "kind", zg_tender_kind_name(tender->kind));
	zg_json_set_string(row, "label", _(zg_tender_kind_title(tender->kind)));
	zg_json_set_integer(row, "tendered_fen", sign * tender->tendered_fen);
	zg_json_set_integer(row, "kept_fen", sign * tender->kept_fen);
	return row;
}

static json_t *tax_rows(const struct zg_tax_total *taxes, size_t count)
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
	json_t *document = start(till, cashier, zg_clock_now(till->parts.clock));
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
	set_figures(document, &f, lines, tenders, tax_rows(taxes, tax_count));
	return document;
}

static void set_refund_words(const struct zg_till *till, const struct zg_sale_record *record, const char *approver, json_t *document)
{
	struct zg_sale_record origin;

	if (zg_sales_find(till->store, record->origin_id, &origin, NULL) != ZG_OK)
		origin.number[0] = '\0';
	zg_json_set_string(document, "origin", origin.number);
	zg_json_set_string(document, "reason", record->reason);
	zg_json_set_string(document, "approver", approver);
}

json_t *zg_slip_closed(const struct zg_till *till, int64_t sale_id, const char *approver, struct zg_error *err)
{
	struct zg_sale_record record;
	struct zg_line *rows = NULL;
	struct zg_tender tenders[ZG_SALE_TENDERS];
	struct zg_tax_total taxes[ZG_TAX_RATES];
	size_t count = 0, tender_count = 0, tax_count = 0;
	struct figures f = { 0 };
	char name[ZG_NAME_MAX + 1];

	if (zg_sales_find(till->store, sale_id, &record, err) != ZG_OK ||
	    zg_sales_lines(till->store, sale_id, &rows, &count, err) != ZG_OK ||
	    zg_sales_tenders(till->store, sale_id, tenders, &tender_count, err) != ZG_OK) {
		free(rows);
		return NULL;
	}
	int64_t sign = record.is_refund ? -1 : 1;
	json_t *lines = zg_json_array(), *paid = zg_json_array();

	name_of(till, record.closed_by, name);
	json_t *document = start(till, name, record.closed_at);

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
	set_figures(document, &f, lines, paid, tax_rows(taxes, tax_count));
	if (record.is_refund)
		set_refund_words(till, &record, approver, document);
	free(rows);
	return document;
}

json_t *zg_slip_cash(const struct zg_till *till, bool is_in, zg_fen amount, const char *reason, int64_t id,
		     const char *cashier, const char *approver, const char *anchor)
{
	json_t *document = start(till, cashier, zg_clock_now(till->parts.clock));

	zg_json_set_string(document, "direction", is_in ? "in" : "out");
	zg_json_set_integer(document, "amount_fen", amount);
	zg_json_set_string(document, "reason", reason);
	zg_json_set_integer(document, "number", id);
	zg_json_set_integer(document, "shift", till->shift.id);
	zg_json_set_string(document, "approver", approver);
	zg_json_set_string(document, "anchor", anchor);
	return document;
}

/* ---- X, Z, the day ---- */

static json_t *tender_totals(const struct zg_totals *t)
{
	json_t *rows = zg_json_array();

	for (int kind = 0; kind < ZG_TENDER_KINDS; kind++) {
		if (t->kept_fen[kind] == 0 && t->given_fen[kind] == 0 && kind != ZG_TENDER_CASH)
			continue;
		json_t *row = zg_json_object();

		zg_json_set_string(row, "kind", zg_tender_kind_name((enum zg_tender_kind)kind));
		zg_json_set_string(row, "label", _(zg_tender_kind_title((enum zg_tender_kind)kind)));
		zg_json_set_integer(row, "in_fen", t->kept_fen[kind]);
		zg_json_set_integer(row, "out_fen", t->given_fen[kind]);
		zg_json_set_integer(row, "net_fen", zg_totals_tender(t, (enum zg_tender_kind)kind));
		zg_json_append(rows, row);
	}
	return rows;
}

static json_t *cash_totals(const struct zg_totals *t)
{
	json_t *cash = zg_json_object();

	zg_json_set_boolean(cash, "counted", t->counts > 0);
	zg_json_set_integer(cash, "float_fen", t->float_fen);
	zg_json_set_integer(cash, "sales_fen", t->kept_fen[ZG_TENDER_CASH]);
	zg_json_set_integer(cash, "refunds_fen", t->given_fen[ZG_TENDER_CASH]);
	zg_json_set_integer(cash, "in_fen", t->cash_in_fen);
	zg_json_set_integer(cash, "out_fen", t->cash_out_fen);
	zg_json_set_integer(cash, "expected_fen", zg_totals_expected(t));
	zg_json_set_integer(cash, "counted_fen", t->counted_fen);
	zg_json_set_integer(cash, "difference_fen", t->over_fen);
	return cash;
}

static void set_totals(json_t *document, const struct zg_totals *t)
{
	zg_json_set_integer(document, "sales_count", t->sales);
	zg_json_set_integer(document, "sales_fen", t->sold_fen);
	zg_json_set_integer(document, "refunds_count", t->refunds);
	zg_json_set_integer(document, "refunds_fen", t->refunded_fen);
	zg_json_set_integer(document, "gross_fen", t->gross_fen);
	zg_json_set_integer(document, "discount_fen", t->line_discount_fen + t->sale_discount_fen);
	zg_json_set_integer(document, "rounding_fen", t->rounding_fen);
	zg_json_set_integer(document, "refund_rounding_fen", t->refund_rounding_fen);
	zg_json_set_integer(document, "rounding_total_fen", zg_totals_rounding(t));
	zg_json_set_integer(document, "takings_fen", zg_totals_net(t));
	zg_json_set(document, "tenders", tender_totals(t));
	zg_json_set(document, "taxes", tax_rows(t->taxes, t->tax_count));
	zg_json_set_integer(document, "invoiceable_fen", zg_totals_net(t));
	zg_json_set_integer(document, "voids_count", t->voids);
	zg_json_set_integer(document, "voids_fen", t->void_fen);
	zg_json_set_integer(document, "removed_count", t->removed_lines);
	zg_json_set_integer(document, "removed_fen", t->removed_fen);
	zg_json_set_integer(document, "no_sale_count", t->no_sales);
	zg_json_set(document, "cash", cash_totals(t));
}

/* What every report has, empty where it does not apply. */
static json_t *report(const struct zg_till *till, const char *day, const char *cashier, int64_t number)
{
	json_t *document = start(till, cashier, zg_clock_now(till->parts.clock));

	zg_json_set_integer(document, "number", number);
	zg_json_set_string(document, "day", day);
	zg_json_set_integer(document, "shift", 0);
	zg_json_set_integer(document, "opened_ms", 0);
	zg_json_set_integer(document, "closed_ms", 0);
	zg_json_set_string(document, "anchor", "");
	zg_json_set_string(document, "first_number", "");
	zg_json_set_string(document, "last_number", "");
	zg_json_set_integer(document, "discounts_count", 0);
	zg_json_set_integer(document, "overrides_count", 0);
	zg_json_set_integer(document, "reprints_count", 0);
	zg_json_set_integer(document, "hung_count", 0);
	zg_json_set_integer(document, "hung_fen", 0);
	zg_json_set(document, "denominations", zg_json_array());
	zg_json_set(document, "open", zg_json_array());
	zg_json_set(document, "shifts", zg_json_array());
	zg_json_set_integer(document, "open_shifts", 0);
	return document;
}

/* Sales that are set aside: money that is still to come, or goods that were given without it. */
static void set_hung(const struct zg_till *till, json_t *document)
{
	struct zg_sale_filter filter = { .state = ZG_SALE_HUNG };
	struct zg_sale_row *rows = NULL;
	size_t count = 0;
	zg_fen sum = 0;

	if (zg_sales_list(till->store, &filter, &rows, &count, NULL) == ZG_OK)
		for (size_t i = 0; i < count; i++)
			sum += rows[i].record.total_fen;
	free(rows);
	zg_json_set_integer(document, "hung_count", (int64_t)count);
	zg_json_set_integer(document, "hung_fen", sum);
}

static void set_span(json_t *document, const struct zg_shift_span *span)
{
	zg_json_set_string(document, "first_number", span->first_number);
	zg_json_set_string(document, "last_number", span->last_number);
	zg_json_set_integer(document, "discounts_count", span->discounts);
	zg_json_set_integer(document, "overrides_count", span->overrides);
	zg_json_set_integer(document, "reprints_count", span->reprints);
}

/* The pieces counted, largest first. */
static json_t *denominations(const struct zg_till *till, int64_t shift_id)
{
	json_t *rows = zg_json_array(), *pieces = NULL;
	zg_fen total;

	if (zg_cash_count_last(till->store, shift_id, &total, &pieces, NULL) != ZG_OK)
		return rows;
	for (size_t i = 0; i < ZG_CASH_NOTES; i++) {
		char key[ZG_AMOUNT_TEXT];

		snprintf(key, sizeof(key), "%lld", (long long)zg_cash_notes[i]);
		int64_t count = zg_json_integer(pieces, key, 0);

		if (count == 0)
			continue;
		json_t *row = zg_json_object();

		zg_json_set_integer(row, "value_fen", zg_cash_notes[i]);
		zg_json_set_integer(row, "count", count);
		zg_json_set_integer(row, "amount_fen", zg_cash_notes[i] * count);
		zg_json_append(rows, row);
	}
	json_decref(pieces);
	return rows;
}

json_t *zg_slip_shift(const struct zg_till *till, const struct zg_shift *shift, const struct zg_totals *totals,
		      const char *anchor, struct zg_error *err)
{
	struct zg_shift_span span;
	char name[ZG_NAME_MAX + 1];

	if (zg_shifts_span(till->store, shift->id, &span, err) != ZG_OK)
		return NULL;
	name_of(till, shift->is_closed ? shift->closed_by : shift->opened_by, name);
	json_t *document = report(till, shift->day, name, shift->z_no);

	zg_json_set_integer(document, "shift", shift->id);
	zg_json_set_integer(document, "opened_ms", shift->opened_at);
	zg_json_set_integer(document, "closed_ms", shift->is_closed ? shift->closed_at : zg_clock_now(till->parts.clock));
	zg_json_set_string(document, "anchor", anchor);
	/* A cashier counts blind: what should be in the drawer is not for her eyes before that. */
	zg_json_set_boolean(document, "blind", !shift->is_closed && !(till->has_person && zg_role_has(till->person.role, ZG_RIGHT_REPORT_Z)));
	set_totals(document, totals);
	set_span(document, &span);
	set_hung(till, document);
	if (totals->counts > 0)
		zg_json_set(document, "denominations", denominations(till, shift->id));
	/* Who will count the drawer is not told what it should hold. */
	zg_json_set_boolean(document, "blind", !shift->is_closed && totals->counts == 0 && till->has_person &&
			    !zg_role_has(till->person.role, ZG_RIGHT_REPORT_Z));
	return document;
}

static json_t *shift_row(const struct zg_till *till, const struct zg_shift *shift, const struct zg_totals *totals)
{
	json_t *row = zg_json_object();
	char name[ZG_NAME_MAX + 1];

	name_of(till, shift->opened_by, name);
	zg_json_set_integer(row, "number", shift->z_no);
	zg_json_set_integer(row, "shift", shift->id);
	zg_json_set_string(row, "cashier", name);
	zg_json_set_integer(row, "takings_fen", zg_totals_net(totals));
	zg_json_set_integer(row, "difference_fen", totals->over_fen);
	return row;
}

/* What the closed shifts of a day come to together. */
struct whole_day {
	struct zg_totals sum;
	struct zg_shift_span span;
	json_t *rows;
	int64_t closed, open, opened_ms, closed_ms;
};

static enum zg_result add_shift(const struct zg_till *till, const struct zg_shift *shift, struct whole_day *day, struct zg_error *err)
{
	struct zg_totals totals;
	struct zg_shift_span span;
	enum zg_result result = zg_shifts_totals(till->store, shift, &totals, err);

	if (result == ZG_OK)
		result = zg_totals_add(&day->sum, &totals, err);
	if (result == ZG_OK)
		result = zg_shifts_span(till->store, shift->id, &span, err);
	if (result != ZG_OK)
		return result;
	zg_json_append(day->rows, shift_row(till, shift, &totals));
	if (!day->span.first_number[0])
		memcpy(day->span.first_number, span.first_number, sizeof(span.first_number));
	if (span.last_number[0])
		memcpy(day->span.last_number, span.last_number, sizeof(span.last_number));
	day->span.discounts += span.discounts;
	day->span.overrides += span.overrides;
	day->span.reprints += span.reprints;
	if (day->closed++ == 0)
		day->opened_ms = shift->opened_at;
	day->closed_ms = shift->closed_at;
	return ZG_OK;
}

/* The day is the sum of its Zs: a shift that is still open has none, and is only told of. */
json_t *zg_slip_day(const struct zg_till *till, const char *day, struct zg_error *err)
{
	struct zg_shift *shifts = NULL;
	size_t count = 0;
	struct whole_day whole = { .sum = zg_totals_start(0), .rows = zg_json_array() };
	enum zg_result result = zg_shifts_list(till->store, day, &shifts, &count, err);

	for (size_t i = 0; result == ZG_OK && i < count; i++) {
		if (shifts[i].is_closed)
			result = add_shift(till, &shifts[i], &whole, err);
		else
			whole.open++;
	}
	free(shifts);
	if (result == ZG_OK && whole.closed == 0)
		result = zg_fail(err, ZG_NOT_FOUND, _("No shift of %s was closed."), day);
	if (result != ZG_OK) {
		json_decref(whole.rows);
		return NULL;
	}
	json_t *document = report(till, day, till->has_person ? till->person.name : "", 0);

	set_totals(document, &whole.sum);
	set_span(document, &whole.span);
	zg_json_set(document, "shifts", whole.rows);
	zg_json_set_integer(document, "open_shifts", whole.open);
	zg_json_set_integer(document, "opened_ms", whole.opened_ms);
	zg_json_set_integer(document, "closed_ms", whole.closed_ms);
	return document;
}

json_t *zg_slip_transactions(const struct zg_till *till, const char *day, struct zg_error *err)
{
	struct zg_sale_filter filter = { .day = day, .state = ZG_SALE_PAID, .most = 100000 };
	struct zg_sale_row *rows = NULL;
	size_t count = 0;
	int64_t sold = 0, given = 0;
	zg_fen sold_fen = 0, given_fen = 0;
	char name[ZG_NAME_MAX + 1];

	if (zg_sales_list(till->store, &filter, &rows, &count, err) != ZG_OK)
		return NULL;
	json_t *document = start(till, till->has_person ? till->person.name : "", zg_clock_now(till->parts.clock));
	json_t *list = zg_json_array();

	for (size_t i = count; i-- > 0;) {    /* the list is newest first, the paper oldest first */
		const struct zg_sale_record *r = &rows[i].record;
		struct zg_tender tenders[ZG_SALE_TENDERS];
		size_t tender_count = 0;
		zg_fen paid = r->total_fen - r->rounding_fen;
		json_t *row = zg_json_object();

		(void)zg_sales_tenders(till->store, r->id, tenders, &tender_count, NULL);    /* without it the label is empty */
		zg_json_set_string(row, "number", r->number);
		zg_json_set_integer(row, "at_ms", r->closed_at);
		name_of(till, r->closed_by, name);
		zg_json_set_string(row, "cashier", name);
		zg_json_set_string(row, "kind", r->is_refund ? "refund" : "sale");
		zg_json_set_string(row, "label", tender_count ? _(zg_tender_kind_title(tenders[0].kind)) : "");
		zg_json_set_integer(row, "total_fen", paid);
		zg_json_append(list, row);
		*(r->is_refund ? &given : &sold) += 1;
		*(r->is_refund ? &given_fen : &sold_fen) += r->is_refund ? -paid : paid;
	}
	free(rows);
	zg_json_set_string(document, "day", day);
	zg_json_set_integer(document, "count", (int64_t)count);
	zg_json_set(document, "rows", list);
	zg_json_set_integer(document, "sales_count", sold);
	zg_json_set_integer(document, "sales_fen", sold_fen);
	zg_json_set_integer(document, "refunds_count", given);
	zg_json_set_integer(document, "refunds_fen", given_fen);
	zg_json_set_integer(document, "takings_fen", sold_fen - given_fen);
	return document;
}
