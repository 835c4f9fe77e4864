/* The document of a day's list of transactions: every one in order, then what they come to. */
#include "src/base/alloc.h"
#include "src/base/buffer.h"
#include "src/base/i18n.h"
#include "src/store/transactions.h"
#include "src/till/private.h"
#include "src/till/slip_parts.h"
#include "src/till/slips.h"

#include <stdlib.h>
#include <string.h>

/* "Cash", "Cash+WeChat". The caller frees it. */
static char *tender_words(const struct zg_transaction *t)
{
	struct zg_buffer words = { 0 };

	for (int kind = 0; kind < ZG_TENDER_KINDS; kind++)
		if (t->is_tender[kind])
			zg_buffer_print(&words, "%s%s", words.length > 0 ? "+" : "", _(zg_tender_kind_title((enum zg_tender_kind)kind)));
	return zg_buffer_take(&words);
}

static enum zg_result add_row(const struct zg_till *till, const struct zg_transaction *t, json_t *rows, struct zg_error *err)
{
	char name[ZG_NAME_MAX + 1], with[ZG_NAME_MAX + 1] = "";
	enum zg_result result = zg_slip_person(till, t->who, name, err);

	if (result == ZG_OK && t->with[0])
		result = zg_slip_person(till, t->with, with, err);
	if (result != ZG_OK)
		return result;
	json_t *row = zg_json_object();
	char *label = tender_words(t);

	zg_json_set_string(row, "kind", zg_transaction_name(t->kind));
	zg_json_set_string(row, "number", t->number);
	zg_json_set_string(row, "origin", t->origin);
	zg_json_set_integer(row, "shift", t->shift_id);
	zg_json_set_integer(row, "at_ms", t->at);
	zg_json_set_string(row, "cashier", name);
	zg_json_set_string(row, "approver", with);
	zg_json_set_string(row, "reason", strcmp(t->reason, ZG_REASON_EMPTIED) == 0 ? _(ZG_REASON_EMPTIED) : t->reason);
	zg_json_set_string(row, "label", label);
	zg_json_set_integer(row, "total_fen", t->amount_fen);
	zg_json_set_integer(row, "discount_fen", t->discount_fen);
	free(label);
	zg_json_append(rows, row);
	return ZG_OK;
}

json_t *zg_slip_transactions(const struct zg_till *till, const char *day, struct zg_error *err)
{
	struct zg_transaction *list = NULL;
	struct zg_slip_day sum;
	size_t count = 0;
	enum zg_result result = zg_slip_sum_day(till, day, true, &sum, err);

	if (result == ZG_OK)
		result = zg_transactions_of_day(till->store, day, &list, &count, err);
	if (result == ZG_OK)
		result = zg_transactions_come_to(list, count, &sum.totals, err);
	json_decref(sum.shifts);
	json_t *rows = zg_json_array();

	for (size_t i = 0; i < count && result == ZG_OK; i++)
		result = add_row(till, &list[i], rows, err);
	free(list);
	if (result != ZG_OK) {
		json_decref(rows);
		return NULL;
	}
	json_t *document = zg_slip_start(till, till->has_person ? till->person.name : "", zg_clock_now(till->parts.clock));

	zg_json_set_string(document, "day", day);
	zg_json_set_integer(document, "count", (int64_t)count);
	zg_json_set(document, "rows", rows);
	zg_slip_set_totals(document, &sum.totals);
	zg_json_set_integer(document, "discounts_count", sum.span.discounts);
	zg_json_set_integer(document, "cash_in_count", sum.totals.cash_ins);
	zg_json_set_integer(document, "cash_in_fen", sum.totals.cash_in_fen);
	zg_json_set_integer(document, "cash_out_count", sum.totals.cash_outs);
	zg_json_set_integer(document, "cash_out_fen", sum.totals.cash_out_fen);
	return document;
}
