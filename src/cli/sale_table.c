#include "src/cli/sale_table.h"

#include "src/base/clock.h"
#include "src/base/i18n.h"
#include "src/base/money.h"
#include "src/cli/cli.h"

#include <stdio.h>

#define ROWS_MAX 1000000    /* transactions of one day */

const char *zg_sale_state_word(enum zg_sale_state state)
{
	static const char *const words[] = { "open", "hung", "paid", "void" };

	return words[state];
}

static void set_instant(json_t *object, const char *key, int64_t at_ms)
{
	zg_json_set(object, key, at_ms ? json_integer(at_ms) : json_null());
}

json_t *zg_sale_record_json(const struct zg_sale_record *r)
{
	json_t *row = zg_json_object();

	zg_json_set_string(row, "kind", r->is_refund ? "refund" : "sale");
	zg_json_set_string(row, "state", zg_sale_state_word(r->state));
	zg_json_set_string(row, "number", r->number);
	zg_json_set_string(row, "day", r->day);
	set_instant(row, "opened_at", r->opened_at);
	set_instant(row, "hung_at", r->hung_at);
	set_instant(row, "closed_at", r->closed_at);
	zg_json_set_string(row, "cashier", r->cashier);
	zg_json_set_string(row, "closed_by", r->closed_by);
	zg_json_set_integer(row, "shift", r->shift_id);
	zg_json_set_integer(row, "total_fen", r->total_fen);
	zg_json_set_integer(row, "rounding_fen", r->rounding_fen);
	zg_json_set_integer(row, "paid_fen", r->state == ZG_SALE_PAID ? r->total_fen - r->rounding_fen : 0);
	zg_json_set_string(row, "reason", r->reason);
	zg_json_set_string(row, "anchor", r->anchor);
	return row;
}

json_t *zg_sale_rows_json(const struct zg_sale_row *rows, size_t count)
{
	json_t *array = zg_json_array();

	for (size_t i = 0; i < count; i++) {
		json_t *row = zg_sale_record_json(&rows[i].record);

		zg_json_set_integer(row, "lines", rows[i].lines);
		zg_json_set_string(row, "first", rows[i].first);
		zg_json_append(array, row);
	}
	return array;
}

static const char *state_title(const struct zg_sale_record *record)
{
	static const char *const titles[] = { N_("open"), N_("hung"), N_("paid"), N_("cancelled") };

	return record->state == ZG_SALE_PAID && record->is_refund ? _("refund") : _(titles[record->state]);
}

void zg_sale_rows_print(const struct zg_sale_row *rows, size_t count)
{
	struct zg_table table = { .align = "<<<<><" };
	const char *const titles[] = { _("Number"), _("Time"), "", _("Cashier"), _("Amount"), _("Goods") };

	for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
		zg_table_add(&table, titles[i]);
	for (size_t i = 0; i < count; i++) {
		const struct zg_sale_record *r = &rows[i].record;
		char time[ZG_TIME_TEXT], amount[ZG_AMOUNT_TEXT], goods[ZG_NAME_MAX + 40];

		zg_table_add(&table, r->number[0] ? r->number : "-");
		zg_table_add(&table, zg_time_format(time, r->closed_at ? r->closed_at : r->opened_at));
		zg_table_add(&table, state_title(r));
		zg_table_add(&table, r->cashier);
		zg_table_add(&table, zg_fen_format(amount, r->total_fen - r->rounding_fen));
		if (rows[i].lines > 1)
			snprintf(goods, sizeof(goods), "%s +%d", rows[i].first, rows[i].lines - 1);
		else
			snprintf(goods, sizeof(goods), "%s", rows[i].first);
		zg_table_add(&table, goods);
	}
	zg_table_print(&table);
}

enum zg_result zg_sale_rows_of_day(const struct zg_store *store, const char *day, struct zg_sale_row **rows, size_t *count,
				   struct zg_error *err)
{
	struct zg_sale_filter filter = { .day = day, .state = ZG_SALE_PAID, .most = ROWS_MAX };

	return zg_sales_list(store, &filter, rows, count, err);
}
