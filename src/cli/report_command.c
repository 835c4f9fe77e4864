#include "src/cli/report.h"

#include "src/base/i18n.h"
#include "src/base/money.h"
#include "src/store/shifts.h"
#include "src/store/transactions.h"

#include <stdlib.h>
#include <string.h>

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

void zg_report_put_sales(struct zg_buffer *text, const struct zg_totals *t)
{
	char amount[ZG_AMOUNT_TEXT], rate[ZG_AMOUNT_TEXT], tax[ZG_AMOUNT_TEXT];

	put_counted(text, _("Sales"), t->sales, t->sold_fen);
	put_counted(text, _("Refunds"), t->refunds, t->refunded_fen);
	put_amount(text, _("Takings"), zg_totals_net(t));
	put_amount(text, _("Before discounts"), t->gross_fen);
	put_amount(text, _("Discounts"), t->line_discount_fen + t->sale_discount_fen);
	put_amount(text, _("Rounded off"), t->rounding_fen);
	if (t->refund_rounding_fen)
		put_amount(text, _("Rounded off refunds"), t->refund_rounding_fen);
	for (int kind = 0; kind < ZG_TENDER_KINDS; kind++)
		if (t->kept_fen[kind] || t->given_fen[kind])
			put_amount(text, _(zg_tender_kind_title((enum zg_tender_kind)kind)), zg_totals_tender(t, (enum zg_tender_kind)kind));
	for (size_t i = 0; i < t->tax_count; i++)
		zg_buffer_print(text, _("Tax %s: %s on %s\n"), t->taxes[i].rate_bp == ZG_TAX_OTHER ? _("at other rates") : zg_bp_format(rate, t->taxes[i].rate_bp),
				zg_fen_format(tax, t->taxes[i].tax_fen), zg_fen_format(amount, t->taxes[i].net_fen));
	put_counted(text, _("Cancelled sales"), t->voids, t->void_fen);
	put_counted(text, _("Lines taken off"), t->removed_lines, t->removed_fen);
	zg_buffer_print(text, "%s: %lld\n", _("Drawer opened without a sale"), (long long)t->no_sales);
	put_counted(text, _("Cash in"), t->cash_ins, t->cash_in_fen);
	put_counted(text, _("Cash out"), t->cash_outs, t->cash_out_fen);
}

static void put_figures(struct zg_buffer *text, const struct zg_totals *t)
{
	zg_report_put_sales(text, t);
	put_amount(text, _("Float"), t->float_fen);
	if (t->counts) {    /* before the count it is nobody's to see: the drawer is counted blind */
		put_amount(text, _("Expected in the drawer"), zg_totals_expected(t));
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

int zg_report_slip(struct zg_cli *cli, const char *kind, json_t *args)
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
	if (result == ZG_OK)
		result = zg_transactions_agree(store, &shift, &totals, &err);
	zg_cli_close(store);
	if (result != ZG_OK)
		return zg_cli_fail(cli, &err);
	json_t *args = zg_json_object();

	if (kind[0] == 'z')
		zg_json_set_integer(args, "z", shift.z_no);
	code = zg_report_slip(cli, kind, args);
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
			result = zg_transactions_agree(store, &shifts[i], &totals, &err);
		if (result == ZG_OK)
			result = zg_totals_add(&sum, &totals, &err);
	}
	zg_cli_close(store);
	if (result == ZG_OK && count == open)
		result = zg_fail(&err, ZG_NOT_FOUND, _("No shift of %s was closed."), day);
	if (result == ZG_OK) {
		json_t *args = zg_json_object();

		zg_json_set_string(args, "day", day);
		code = zg_report_slip(cli, "z", args);
		if (code == 0)
			code = print_day(cli, day, shifts, count, open, &sum);
	} else {
		code = zg_cli_fail(cli, &err);
	}
	free(shifts);
	return code;
}

int zg_report_z_command(struct zg_cli *cli)
{
	char day[ZG_DAY_TEXT];
	int64_t number = 0;
	int code = 2;

	if (zg_cli_option(cli, "day")) {
		if (cli->argument_count)
			return zg_cli_usage(cli, _("Ask for a number or for a day, not both."));
		return zg_cli_day(cli, day, &code) ? report_day(cli, day) : code;
	}
	if (cli->argument_count && !zg_cli_number(cli, _("A Z report's number"), cli->arguments[0], 1, 999999999, &number))
		return 2;
	return report_shift(cli, "z", number);
}
