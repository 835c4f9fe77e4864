#include "src/cli/cli.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/base/money.h"
#include "src/cli/sale_table.h"
#include "src/store/shifts.h"
#include "src/till/config.h"

#include <stdlib.h>
#include <string.h>

#define ROWS_MAX 1000000    /* transactions of one day */

/* ---- figures ---- */

static void put_amount(struct zg_buffer *text, const char *label, zg_fen fen)
{
	char amount[ZG_AMOUNT_TEXT];

	zg_buffer_print(text, "%s: %s\n", label, zg_fen_format(amount, fen));
}

static void put_counted(struct zg_buffer *text, const char *label, int64_t count, zg_fen fen)
{
	char amount[ZG_AMOUNT_TEXT];

	zg_buffer_print(text, "%s: %lld, %s\n", label, (long long)count, zg_fen_format(amount, fen));
}

static void put_figures(struct zg_buffer *text, const struct zg_totals *t)
{
	char amount[ZG_AMOUNT_TEXT], rate[ZG_AMOUNT_TEXT], tax[ZG_AMOUNT_TEXT];

	put_counted(text, _("Sales"), t->sales, t->sold_fen);
	put_counted(text, _("Refunds"), t->refunds, t->refunded_fen);
	put_amount(text, _("Takings"), zg_totals_net(t));
	put_amount(text, _("Before discounts"), t->gross_fen);
	put_amount(text, _("Discounts"), t->line_discount_fen + t->sale_discount_fen);
	put_amount(text, _("Rounded off"), t->rounding_fen);
	for (int kind = 0; kind < ZG_TENDER_KINDS; kind++)
		if (t->kept_fen[kind] || t->given_fen[kind])
			put_amount(text, _(zg_tender_kind_title((enum zg_tender_kind)kind)), zg_totals_tender(t, (enum zg_tender_kind)kind));
	for (size_t i = 0; i < t->tax_count; i++)
		zg_buffer_print(text, _("Tax %s: %s on %s\n"), zg_bp_format(rate, t->taxes[i].rate_bp),
				zg_fen_format(tax, t->taxes[i].tax_fen), zg_fen_format(amount, t->taxes[i].net_fen));
	put_counted(text, _("Cancelled sales"), t->voids, t->void_fen);
	put_counted(text, _("Lines taken off"), t->removed_lines, t->removed_fen);
	zg_buffer_print(text, "%s: %lld\n", _("Drawer opened without a sale"), (long long)t->no_sales);
	put_amount(text, _("Float"), t->float_fen);
	put_counted(text, _("Cash in"), t->cash_ins, t->cash_in_fen);
	put_counted(text, _("Cash out"), t->cash_outs, t->cash_out_fen);
	put_amount(text, _("Expected in the drawer"), zg_totals_expected(t));
	if (t->counts) {
		put_amount(text, _("Counted"), t->counted_fen);
		put_amount(text, t->over_fen < 0 ? _("Short") : _("Over"), t->over_fen);
	}
}

static json_t *shift_json(const struct zg_shift *shift)
{
	json_t *object = zg_json_object();

	zg_json_set_integer(object, "shift", shift->id);
	zg_json_set_string(object, "day", shift->day);
	zg_json_set(object, "z", shift->is_closed ? json_integer(shift->z_no) : json_null());
	zg_json_set_integer(object, "opened_at", shift->opened_at);
	zg_json_set_string(object, "opened_by", shift->opened_by);
	zg_json_set(object, "closed_at", shift->is_closed ? json_integer(shift->closed_at) : json_null());
	zg_json_set_string(object, "closed_by", shift->closed_by);
	return object;
}

static void put_shift(struct zg_buffer *text, const struct zg_shift *shift)
{
	char time[ZG_TIME_TEXT];

	if (shift->is_closed)
		zg_buffer_print(text, "Z %lld  ", (long long)shift->z_no);
	zg_buffer_print(text, _("shift %lld of %s, opened %s by %s"), (long long)shift->id, shift->day,
			zg_time_format(time, shift->opened_at), shift->opened_by);
	if (shift->is_closed)
		zg_buffer_print(text, _(", closed %s by %s"), zg_time_format(time, shift->closed_at), shift->closed_by);
	zg_buffer_add_byte(text, '\n');
}

static int print_shift(const struct zg_cli *cli, const struct zg_shift *shift, const struct zg_totals *totals)
{
	struct zg_buffer text = { 0 };

	if (cli->json) {
		json_t *document = zg_json_object();

		zg_json_set(document, "shift", shift_json(shift));
		zg_json_set(document, "figures", zg_totals_json(totals));
		return zg_cli_document(document, 0);
	}
	put_shift(&text, shift);
	put_figures(&text, totals);
	zg_cli_print(zg_buffer_text(&text));
	zg_buffer_clear(&text);
	return 0;
}

/* With --print: the slip too. args is taken over. */
static int print_slip(struct zg_cli *cli, const char *kind, json_t *args)
{
	if (!zg_cli_option(cli, "print")) {
		json_decref(args);
		return 0;
	}
	zg_json_set_string(args, "kind", kind);
	return zg_cli_act(cli, "print.report", args, NULL);
}

/* ---- X and Z of a shift ---- */

static int report_shift(struct zg_cli *cli, const char *kind, int64_t z_no)
{
	struct zg_shift shift = { .id = 0 };
	struct zg_shift *all = NULL;
	struct zg_totals totals;
	struct zg_error err = { .text = "" };
	size_t count = 0;
	int code;
	const struct zg_store *store = zg_cli_open(cli, &code);

	if (!store)
		return code;
	enum zg_result result;

	if (kind[0] == 'x') {
		result = zg_shifts_current(store, &shift, &err);
		if (result == ZG_NOT_FOUND)
			zg_fail(&err, ZG_NOT_FOUND, _("No shift is open. Closed ones are shown by: zhanggui report z"));
	} else if (z_no > 0) {
		result = zg_shifts_find_z(store, z_no, &shift, &err);
		if (result == ZG_NOT_FOUND)
			zg_fail(&err, ZG_NOT_FOUND, _("There is no Z report number %lld."), (long long)z_no);
	} else {
		result = zg_shifts_list(store, NULL, &all, &count, &err);
		for (size_t i = 0; i < count; i++)
			if (all[i].is_closed)
				shift = all[i];
		free(all);
		if (result == ZG_OK && !shift.id)
			result = zg_fail(&err, ZG_NOT_FOUND, _("No shift was closed yet."));
	}
	if (result == ZG_OK)
		result = zg_shifts_totals(store, &shift, &totals, &err);
	zg_cli_close(store);
	if (result != ZG_OK)
		return zg_cli_fail(cli, &err);
	json_t *args = zg_json_object();

	if (kind[0] == 'z')
		zg_json_set_integer(args, "z", shift.z_no);
	code = print_slip(cli, kind, args);
	return code ? code : print_shift(cli, &shift, &totals);
}

int zg_report_x_command(struct zg_cli *cli)
{
	return report_shift(cli, "x", 0);
}

/* ---- the day: the sum of its Zs ---- */

static int print_day(const struct zg_cli *cli, const char *day, const struct zg_shift *shifts, size_t count, size_t open,
		     const struct zg_totals *sum)
{
	struct zg_buffer text = { 0 };

	if (cli->json) {
		json_t *document = zg_json_object(), *rows = zg_json_array();

		for (size_t i = 0; i < count; i++)
			if (shifts[i].is_closed)
				zg_json_append(rows, shift_json(&shifts[i]));
		zg_json_set_string(document, "day", day);
		zg_json_set(document, "shifts", rows);
		zg_json_set_integer(document, "open_shifts", (int64_t)open);
		zg_json_set(document, "figures", zg_totals_json(sum));
		return zg_cli_document(document, 0);
	}
	for (size_t i = 0; i < count; i++)
		if (shifts[i].is_closed)
			put_shift(&text, &shifts[i]);
	if (open)
		zg_buffer_print(&text, "%s\n", _("A shift of this day is still open; its figures are not in the sum."));
	put_figures(&text, sum);
	zg_cli_print(zg_buffer_text(&text));
	zg_buffer_clear(&text);
	return 0;
}

static int report_day(struct zg_cli *cli, const char *day)
{
	struct zg_totals sum = zg_totals_start(0), totals;
	struct zg_shift *shifts = NULL;
	struct zg_error err = { .text = "" };
	size_t count = 0, open = 0;
	int code;
	const struct zg_store *store = zg_cli_open(cli, &code);

	if (!store)
		return code;
	enum zg_result result = zg_shifts_list(store, day, &shifts, &count, &err);

	for (size_t i = 0; i < count && result == ZG_OK; i++) {
		if (!shifts[i].is_closed) {
			open++;
			continue;
		}
		result = zg_shifts_totals(store, &shifts[i], &totals, &err);
		if (result == ZG_OK)
			result = zg_totals_add(&sum, &totals, &err);
	}
	zg_cli_close(store);
	if (result == ZG_OK && count == open)
		result = zg_fail(&err, ZG_NOT_FOUND, _("No shift of %s was closed."), day);
	if (result == ZG_OK) {
		json_t *args = zg_json_object();

		zg_json_set_string(args, "day", day);
		code = print_slip(cli, "z", args);
		if (code == 0)
			code = print_day(cli, day, shifts, count, open, &sum);
	} else {
		code = zg_cli_fail(cli, &err);
	}
	free(shifts);
	return code;
}

/* The day asked for, or today's. False: it is none, and it was said. */
static bool find_day(const struct zg_cli *cli, char day[ZG_DAY_TEXT], int *code)
{
	const char *given = zg_cli_option(cli, "day");
	struct zg_config config;
	struct zg_error err = { .text = "" };

	if (given && !zg_day_is_valid(given)) {
		*code = zg_cli_usage(cli, _("'%s' is not a day. Write it as 2026-11-23."), given);
		return false;
	}
	if (given) {
		memcpy(day, given, ZG_DAY_TEXT);
		return true;
	}
	if (zg_config_read(cli->home, &config, &err) != ZG_OK) {
		*code = zg_cli_fail(cli, &err);
		return false;
	}
	zg_business_day(day, zg_clock_now(cli->parts->clock), config.day_ends_min);
	return true;
}

int zg_report_z_command(struct zg_cli *cli)
{
	char day[ZG_DAY_TEXT];
	int64_t number = 0;
	int code = 2;

	if (zg_cli_option(cli, "day")) {
		if (cli->argument_count)
			return zg_cli_usage(cli, _("Ask for a number or for a day, not both."));
		return find_day(cli, day, &code) ? report_day(cli, day) : code;
	}
	if (cli->argument_count && !zg_cli_number(cli, _("A Z report's number"), cli->arguments[0], 1, 999999999, &number))
		return 2;
	return report_shift(cli, "z", number);
}

/* ---- the day's sales ---- */

static enum zg_result fetch_day(const struct zg_store *store, const char *day, struct zg_sale_row **rows, size_t *count,
				struct zg_error *err)
{
	struct zg_sale_filter filter = { .day = day, .state = ZG_SALE_PAID, .most = ROWS_MAX };

	return zg_sales_list(store, &filter, rows, count, err);
}

int zg_report_transactions_command(struct zg_cli *cli)
{
	struct zg_sale_row *rows = NULL;
	struct zg_error err = { .text = "" };
	size_t count = 0;
	char day[ZG_DAY_TEXT];
	int code = 2;

	if (!find_day(cli, day, &code))
		return code;
	const struct zg_store *store = zg_cli_open(cli, &code);

	if (!store)
		return code;
	enum zg_result result = fetch_day(store, day, &rows, &count, &err);

	zg_cli_close(store);
	if (result != ZG_OK)
		return zg_cli_fail(cli, &err);
	json_t *args = zg_json_object();
	zg_fen takings = 0;

	zg_json_set_string(args, "day", day);
	code = print_slip(cli, "transactions", args);
	for (size_t i = 0; i < count; i++)
		takings += rows[i].record.total_fen - rows[i].record.rounding_fen;
	if (code == 0 && cli->json) {
		json_t *document = zg_json_object();

		zg_json_set_string(document, "day", day);
		zg_json_set(document, "transactions", zg_sale_rows_json(rows, count));
		zg_json_set_integer(document, "takings_fen", takings);
		code = zg_cli_document(document, 0);
	} else if (code == 0) {
		struct zg_buffer text = { 0 };

		zg_sale_rows_print(rows, count);
		put_counted(&text, _("Takings"), (int64_t)count, takings);
		zg_cli_print(zg_buffer_text(&text));
		zg_buffer_clear(&text);
	}
	free(rows);
	return code;
}

/* What was sold of one item. */
struct sold {
	char code[ZG_CODE_MAX + 1];
	char name[ZG_NAME_MAX + 1];
	zg_milli quantity;
	zg_fen paid_fen;
};

struct goods {
	struct sold *rows;
	size_t count;
};

static int compare_codes(const void *a, const void *b)
{
	return strcmp(((const struct sold *)a)->code, ((const struct sold *)b)->code);
}

static int compare_amounts(const void *a, const void *b)
{
	const struct sold *x = a, *y = b;

	return x->paid_fen != y->paid_fen ? (x->paid_fen < y->paid_fen ? 1 : -1) : strcmp(x->code, y->code);
}

static void add_lines(struct goods *goods, const struct zg_line *lines, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (lines[i].quantity == 0)
			continue;
		if (goods->count % 1024 == 0)
			goods->rows = zg_resize(goods->rows, goods->count + 1024, sizeof(*goods->rows));
		struct sold *row = &goods->rows[goods->count++];

		strcpy(row->code, lines[i].code);
		strcpy(row->name, lines[i].name);
		row->quantity = lines[i].quantity;
		row->paid_fen = lines[i].amount_fen - lines[i].rounding_fen;
	}
}

/* One row an item, the most money first. */
static void sum_up(struct goods *goods)
{
	size_t kept = 0;

	if (goods->count == 0)
		return;
	qsort(goods->rows, goods->count, sizeof(*goods->rows), compare_codes);
	for (size_t i = 1; i < goods->count; i++) {
		if (strcmp(goods->rows[kept].code, goods->rows[i].code) == 0) {
			goods->rows[kept].quantity += goods->rows[i].quantity;
			goods->rows[kept].paid_fen += goods->rows[i].paid_fen;
		} else {
			goods->rows[++kept] = goods->rows[i];
		}
	}
	goods->count = kept + 1;
	qsort(goods->rows, goods->count, sizeof(*goods->rows), compare_amounts);
}

static int print_goods(const struct zg_cli *cli, const char *day, const struct goods *goods)
{
	struct zg_table table = { .columns = 4 };
	char text[ZG_AMOUNT_TEXT];

	if (cli->json) {
		json_t *document = zg_json_object(), *rows = zg_json_array();

		for (size_t i = 0; i < goods->count; i++) {
			json_t *row = zg_json_object();

			zg_json_set_string(row, "code", goods->rows[i].code);
			zg_json_set_string(row, "name", goods->rows[i].name);
			zg_json_set_integer(row, "quantity_milli", goods->rows[i].quantity);
			zg_json_set_integer(row, "paid_fen", goods->rows[i].paid_fen);
			zg_json_append(rows, row);
		}
		zg_json_set_string(document, "day", day);
		zg_json_set(document, "goods", rows);
		return zg_cli_document(document, 0);
	}
	zg_table_add(&table, _("Code"));
	zg_table_add(&table, _("Name"));
	zg_table_add(&table, _(">Quantity"));
	zg_table_add(&table, _(">Amount"));
	for (size_t i = 0; i < goods->count; i++) {
		zg_table_add(&table, goods->rows[i].code);
		zg_table_add(&table, goods->rows[i].name);
		zg_table_add(&table, zg_milli_format(text, goods->rows[i].quantity));
		zg_table_add(&table, zg_fen_format(text, goods->rows[i].paid_fen));
	}
	zg_table_print(&table);
	return 0;
}

int zg_report_sales_command(struct zg_cli *cli)
{
	struct zg_sale_row *rows = NULL;
	struct zg_error err = { .text = "" };
	struct goods goods = { 0 };
	size_t count = 0;
	char day[ZG_DAY_TEXT];
	int code = 2;

	if (!find_day(cli, day, &code))
		return code;
	const struct zg_store *store = zg_cli_open(cli, &code);

	if (!store)
		return code;
	enum zg_result result = fetch_day(store, day, &rows, &count, &err);

	for (size_t i = 0; i < count && result == ZG_OK; i++) {
		struct zg_line *lines = NULL;
		size_t line_count = 0;

		result = zg_sales_lines(store, rows[i].record.id, &lines, &line_count, &err);
		if (result == ZG_OK)
			add_lines(&goods, lines, line_count);
		free(lines);
	}
	zg_cli_close(store);
	sum_up(&goods);
	code = result == ZG_OK ? print_goods(cli, day, &goods) : zg_cli_fail(cli, &err);
	free(rows);
	free(goods.rows);
	return code;
}
