/* The documents of X and Z: a shift so far, a shift that is closed, a day. */
#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/shop/cash.h"
#include "src/store/pay_refunds.h"
#include "src/store/transactions.h"
#include "src/till/private.h"
#include "src/till/slip_parts.h"
#include "src/till/slips.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

void zg_slip_set_totals(json_t *document, const struct zg_totals *t)
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
	zg_json_set(document, "taxes", zg_slip_taxes(t->taxes, t->tax_count));
	zg_json_set_integer(document, "invoiceable_fen", zg_totals_net(t));
	zg_json_set_integer(document, "voids_count", t->voids);
	zg_json_set_integer(document, "voids_fen", t->void_fen);
	zg_json_set_integer(document, "removed_count", t->removed_lines);
	zg_json_set_integer(document, "removed_fen", t->removed_fen);
	zg_json_set_integer(document, "no_sale_count", t->no_sales);
}

/* What every report has, empty where it does not apply. */
static json_t *report(const struct zg_till *till, const char *day, const char *cashier, int64_t number)
{
	json_t *document = zg_slip_start(till, cashier, zg_clock_now(till->parts.clock));

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
static enum zg_result set_hung(const struct zg_till *till, json_t *document, struct zg_error *err)
{
	struct zg_sale_filter filter = { .state = ZG_SALE_HUNG, .most = SIZE_MAX / 4 };    /* any number */
	struct zg_sale_row *rows = NULL;
	size_t count = 0;
	zg_fen sum = 0;

	enum zg_result result = zg_sales_list(till->store, &filter, &rows, &count, err);

	for (size_t i = 0; result == ZG_OK && i < count; i++)
		sum += rows[i].record.total_fen;
	free(rows);
	zg_json_set_integer(document, "hung_count", (int64_t)count);
	zg_json_set_integer(document, "hung_fen", sum);
	return result;
}

static void add_open(json_t *rows, const char *number, const char *by, const char *state, zg_fen amount)
{
	json_t *row = zg_json_object();
	char *label = zg_print(_("%s, %s"), by, _(state));

	zg_json_set_string(row, "number", number);
	zg_json_set_string(row, "label", label);
	zg_json_set_integer(row, "amount_fen", amount);
	zg_json_append(rows, row);
	free(label);
}

/* What was taken already for sales that are set aside: it is in nobody's takings yet. */
static enum zg_result add_waiting(const struct zg_till *till, json_t *rows, struct zg_error *err)
{
	struct zg_sale_filter filter = { .state = ZG_SALE_HUNG, .most = SIZE_MAX / 4 };
	struct zg_payment *payments = NULL;
	struct zg_sale_row *sales = NULL;
	size_t count = 0, sale_count = 0;
	enum zg_result result = zg_payments_waiting(till->store, &payments, &count, err);

	for (size_t i = 0; i < count && result == ZG_OK; i++)
		add_open(rows, payments[i].number, _(zg_channel_title(payments[i].channel)), N_("paid for a sale that hangs"), payments[i].amount_fen);
	free(payments);
	if (result == ZG_OK)
		result = zg_sales_list(till->store, &filter, &sales, &sale_count, err);
	for (size_t i = 0; i < sale_count && result == ZG_OK; i++) {
		struct zg_tender tenders[ZG_SALE_TENDERS];

		result = zg_sales_tenders(till->store, sales[i].record.id, tenders, &count, err);
		for (size_t k = 0; k < count && result == ZG_OK; k++)
			add_open(rows, tenders[k].reference, _(zg_tender_kind_title(tenders[k].kind)), N_("paid for a sale that hangs"), tenders[k].kept_fen);
	}
	free(sales);
	return result;
}

/* Money by phone that nobody knows the end of yet, by name: payments, and what is to go back and has not (below zero). */
static enum zg_result set_open(const struct zg_till *till, json_t *document, struct zg_error *err)
{
	struct zg_payment *payments = NULL, paid;
	struct zg_pay_refund *refunds = NULL;
	size_t count = 0, backs = 0;
	json_t *rows = zg_json_array();
	enum zg_result result = zg_payments_in_doubt(till->store, &payments, &count, err);

	if (result == ZG_OK)
		result = zg_pay_refunds_in_doubt(till->store, &refunds, &backs, err);
	for (size_t i = 0; i < count && result == ZG_OK; i++)
		add_open(rows, payments[i].number, _(zg_channel_title(payments[i].channel)), zg_pay_state_title(payments[i].attempt.state), payments[i].amount_fen);
	for (size_t i = 0; i < backs && result == ZG_OK; i++) {
		result = zg_payments_find(till->store, refunds[i].payment_id, &paid, err);
		if (result == ZG_OK)
			add_open(rows, refunds[i].number, _(zg_channel_title(paid.channel)), zg_pay_refund_state_title(refunds[i].state), -refunds[i].amount_fen);
	}
	free(payments);
	free(refunds);
	if (result == ZG_OK)
		result = add_waiting(till, rows, err);
	zg_json_set(document, "open", rows);
	return result;
}

static void set_span(json_t *document, const struct zg_shift_span *span)
{
	zg_json_set_string(document, "first_number", span->first_number);
	zg_json_set_string(document, "last_number", span->last_number);
	zg_json_set_integer(document, "discounts_count", span->discounts);
	zg_json_set_integer(document, "overrides_count", span->overrides);
	zg_json_set_integer(document, "reprints_count", span->reprints);
}

/* The pieces counted, largest first; of a count that money has moved since, none. */
static enum zg_result set_denominations(const struct zg_till *till, int64_t shift_id, json_t *document, struct zg_error *err)
{
	json_t *rows = zg_json_array(), *pieces = NULL;
	zg_fen total;
	enum zg_result result = zg_cash_count_last(till->store, shift_id, &total, &pieces, err);

	zg_json_set(document, "denominations", rows);
	if (result != ZG_OK) {
		json_decref(pieces);
		return result == ZG_INVALID || result == ZG_NOT_FOUND ? ZG_OK : result;
	}
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
	return ZG_OK;
}

json_t *zg_slip_shift(const struct zg_till *till, const struct zg_shift *shift, const struct zg_totals *totals,
		      const char *anchor, struct zg_error *err)
{
	struct zg_shift_span span;
	char name[ZG_NAME_MAX + 1];

	if (zg_shifts_span(till->store, shift->id, &span, err) != ZG_OK ||
	    zg_slip_person(till, shift->is_closed ? shift->closed_by : shift->opened_by, name, err) != ZG_OK)
		return NULL;
	json_t *document = report(till, shift->day, name, shift->z_no);

	zg_json_set_integer(document, "shift", shift->id);
	zg_json_set_integer(document, "opened_ms", shift->opened_at);
	zg_json_set_integer(document, "closed_ms", shift->is_closed ? shift->closed_at : zg_clock_now(till->parts.clock));
	zg_json_set_string(document, "anchor", anchor);
	zg_slip_set_totals(document, totals);
	zg_json_set(document, "cash", cash_totals(totals));
	set_span(document, &span);
	if (set_hung(till, document, err) != ZG_OK || set_open(till, document, err) != ZG_OK ||
	    (totals->counts > 0 && set_denominations(till, shift->id, document, err) != ZG_OK)) {
		json_decref(document);    /* a Z that leaves something out is worse than none */
		return NULL;
	}
	/* Who will count the drawer is not told what it should hold. */
	zg_json_set_boolean(document, "blind", !shift->is_closed && till->has_person &&
			    !zg_role_has(till->person.role, ZG_RIGHT_REPORT_Z));
	return document;
}

static json_t *shift_row(const struct zg_shift *shift, const char *name, const struct zg_totals *totals)
{
	json_t *row = zg_json_object();

	zg_json_set_integer(row, "number", shift->z_no);
	zg_json_set_integer(row, "shift", shift->id);
	zg_json_set_string(row, "cashier", name);
	zg_json_set_integer(row, "takings_fen", zg_totals_net(totals));
	zg_json_set_integer(row, "difference_fen", totals->over_fen);
	return row;
}

static enum zg_result add_shift(const struct zg_till *till, const struct zg_shift *shift, struct zg_slip_day *day, struct zg_error *err)
{
	struct zg_totals totals;
	struct zg_shift_span span;
	char name[ZG_NAME_MAX + 1];
	enum zg_result result = zg_shifts_totals(till->store, shift, &totals, err);

	if (result == ZG_OK)
		result = zg_transactions_agree(till->store, shift, &totals, err);
	if (result == ZG_OK)
		result = zg_totals_add(&day->totals, &totals, err);
	if (result == ZG_OK)
		result = zg_shifts_span(till->store, shift->id, &span, err);
	if (result == ZG_OK)
		result = zg_slip_person(till, shift->opened_by, name, err);
	if (result != ZG_OK)
		return result;
	zg_json_append(day->shifts, shift_row(shift, name, &totals));
	if (!day->span.first_number[0])
		memcpy(day->span.first_number, span.first_number, sizeof(span.first_number));
	if (span.last_number[0])
		memcpy(day->span.last_number, span.last_number, sizeof(span.last_number));
	day->span.discounts += span.discounts;
	day->span.overrides += span.overrides;
	day->span.reprints += span.reprints;
	if (day->count++ == 0)
		day->opened_ms = shift->opened_at;
	day->closed_ms = shift->closed_at;
	return ZG_OK;
}

enum zg_result zg_slip_sum_day(const struct zg_till *till, const char *day, bool with_open, struct zg_slip_day *sum, struct zg_error *err)
{
	struct zg_shift *shifts = NULL;
	size_t count = 0;
	enum zg_result result = zg_shifts_list(till->store, day, &shifts, &count, err);

	*sum = (struct zg_slip_day){ .totals = zg_totals_start(0), .shifts = zg_json_array() };
	for (size_t i = 0; result == ZG_OK && i < count; i++) {
		sum->open += !shifts[i].is_closed;
		if (shifts[i].is_closed || with_open)
			result = add_shift(till, &shifts[i], sum, err);
	}
	free(shifts);
	return result;
}

/* The day is the sum of its Zs: a shift that is still open has none, and is only told of. */
json_t *zg_slip_day(const struct zg_till *till, const char *day, struct zg_error *err)
{
	struct zg_slip_day whole;
	enum zg_result result = zg_slip_sum_day(till, day, false, &whole, err);

	if (result == ZG_OK && whole.count == 0)
		result = zg_fail(err, ZG_NOT_FOUND, _("No shift of %s was closed."), day);
	if (result != ZG_OK) {
		json_decref(whole.shifts);
		return NULL;
	}
	json_t *document = report(till, day, till->has_person ? till->person.name : "", 0);

	if (set_open(till, document, err) != ZG_OK) {
		json_decref(whole.shifts);
		json_decref(document);
		return NULL;
	}
	zg_slip_set_totals(document, &whole.totals);
	zg_json_set(document, "cash", cash_totals(&whole.totals));
	set_span(document, &whole.span);
	zg_json_set(document, "shifts", whole.shifts);
	zg_json_set_integer(document, "open_shifts", whole.open);
	zg_json_set_integer(document, "opened_ms", whole.opened_ms);
	zg_json_set_integer(document, "closed_ms", whole.closed_ms);
	return document;
}
