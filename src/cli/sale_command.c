#include "src/cli/cli.h"

#include "src/base/i18n.h"
#include "src/base/money.h"
#include "src/cli/sale_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_MAX 1000000

static bool take_state(const char *word, enum zg_sale_state *state)
{
	for (int i = ZG_SALE_OPEN; i <= ZG_SALE_VOID; i++)
		if (strcmp(word, zg_sale_state_word((enum zg_sale_state)i)) == 0) {
			*state = (enum zg_sale_state)i;
			return true;
		}
	return false;
}

int zg_sale_list_command(struct zg_cli *cli)
{
	const char *state = zg_cli_option(cli, "state"), *most = zg_cli_option(cli, "most");
	struct zg_sale_filter filter = { .day = zg_cli_option(cli, "day"), .text = zg_cli_option(cli, "find"), .state = ZG_SALE_PAID };
	struct zg_sale_row *rows = NULL;
	struct zg_error err = { .text = "" };
	size_t count = 0;
	int64_t limit = 1000;
	int code;

	if (filter.day && !zg_day_is_valid(filter.day))
		return zg_cli_usage(cli, _("'%s' is not a day. Write it as 2026-11-23."), filter.day);
	if (state && !take_state(state, &filter.state))
		return zg_cli_usage(cli, _("There is no state '%s'. Write paid, hung, open or void."), state);
	if (most && !zg_cli_number(cli, "--most", most, 1, ROWS_MAX, &limit))
		return 2;
	filter.most = (size_t)limit;
	const struct zg_store *store = zg_cli_open(cli, &code);

	if (!store)
		return code;
	enum zg_result result = zg_sales_list(store, &filter, &rows, &count, &err);

	zg_cli_close(store);
	if (result != ZG_OK) {
		code = zg_cli_fail(cli, &err);
	} else if (cli->json) {
		json_t *document = zg_json_object();

		zg_json_set(document, "sales", zg_sale_rows_json(rows, count));
		code = zg_cli_document(document, count ? 0 : 1);
	} else if (count == 0) {
		zg_cli_print(_("No sale fits."));
		zg_cli_print("\n");
		code = 1;
	} else {
		zg_sale_rows_print(rows, count);
	}
	free(rows);
	return code;
}

/* ---- one sale ---- */

struct sale {
	struct zg_sale_record record, origin;    /* origin.id 0: not a refund */
	struct zg_line *lines;
	size_t line_count;
	struct zg_tender tenders[ZG_SALE_TENDERS];
	size_t tender_count;
	struct zg_sale_row *refunds;
	size_t refund_count;
};

static enum zg_result fetch(const struct zg_store *store, const char *number, struct sale *sale, struct zg_error *err)
{
	enum zg_result result = zg_sales_find_number(store, number, &sale->record, err);
	int64_t id = sale->record.id;

	if (result == ZG_OK)
		result = zg_sales_lines(store, id, &sale->lines, &sale->line_count, err);
	if (result == ZG_OK)
		result = zg_sales_tenders(store, id, sale->tenders, &sale->tender_count, err);
	if (result == ZG_OK && sale->record.is_refund)
		result = zg_sales_find(store, sale->record.origin_id, &sale->origin, err);
	if (result == ZG_OK && !sale->record.is_refund) {
		struct zg_sale_filter filter = { .origin_id = id, .state = ZG_SALE_PAID };

		result = zg_sales_list(store, &filter, &sale->refunds, &sale->refund_count, err);
	}
	return result;
}

static json_t *line_json(const struct zg_line *line)
{
	json_t *row = zg_json_object();

	zg_json_set_integer(row, "line", line->no);
	zg_json_set_string(row, "code", line->code);
	zg_json_set_string(row, "name", line->name);
	zg_json_set_string(row, "unit", line->unit);
	zg_json_set_integer(row, "quantity_milli", line->quantity);
	zg_json_set_integer(row, "removed_milli", line->removed);
	zg_json_set_integer(row, "list_price_fen", line->list_fen);
	zg_json_set_integer(row, "price_fen", line->price_fen);
	zg_json_set_integer(row, "discount_fen", line->discount_fen + line->share_fen);
	zg_json_set_integer(row, "amount_fen", line->amount_fen);
	zg_json_set_integer(row, "rounding_fen", line->rounding_fen);
	zg_json_set_integer(row, "tax_bp", line->tax_bp);
	zg_json_set_integer(row, "net_fen", line->net_fen);
	zg_json_set_integer(row, "tax_fen", line->tax_fen);
	return row;
}

static int print_json(const struct sale *sale)
{
	json_t *document = zg_json_object(), *object = zg_sale_record_json(&sale->record);
	json_t *lines = zg_json_array(), *tenders = zg_json_array();

	for (size_t i = 0; i < sale->line_count; i++)
		zg_json_append(lines, line_json(&sale->lines[i]));
	for (size_t i = 0; i < sale->tender_count; i++) {
		json_t *row = zg_json_object();

		zg_json_set_string(row, "kind", zg_tender_kind_name(sale->tenders[i].kind));
		zg_json_set_integer(row, "tendered_fen", sale->tenders[i].tendered_fen);
		zg_json_set_integer(row, "kept_fen", sale->tenders[i].kept_fen);
		zg_json_set_string(row, "reference", sale->tenders[i].reference);
		zg_json_append(tenders, row);
	}
	zg_json_set(object, "lines", lines);
	zg_json_set(object, "tenders", tenders);
	zg_json_set_string(object, "origin", sale->origin.number);
	zg_json_set(object, "refunds", zg_sale_rows_json(sale->refunds, sale->refund_count));
	zg_json_set(document, "sale", object);
	return zg_cli_document(document, 0);
}

static void print_lines(const struct sale *sale)
{
	struct zg_table table = { .align = "><>>>>" };
	char text[ZG_AMOUNT_TEXT];

	zg_table_add(&table, "#");
	zg_table_add(&table, _("Name"));
	zg_table_add(&table, _("Quantity"));
	zg_table_add(&table, _("Price"));
	zg_table_add(&table, _("Discount"));
	zg_table_add(&table, _("Amount"));
	for (size_t i = 0; i < sale->line_count; i++) {
		const struct zg_line *line = &sale->lines[i];
		char number[16];

		snprintf(number, sizeof(number), "%d", line->no);
		zg_table_add(&table, number);
		zg_table_add(&table, line->name);
		zg_table_add(&table, zg_line_is_live(line) || sale->record.is_refund ? zg_milli_format(text, line->quantity) : _("taken off"));
		zg_table_add(&table, zg_fen_format(text, line->price_fen));
		zg_table_add(&table, line->discount_fen + line->share_fen ? zg_fen_format(text, line->discount_fen + line->share_fen) : "");
		zg_table_add(&table, zg_fen_format(text, line->amount_fen));
	}
	zg_table_print(&table);
}

/* What happened to it, in order. */
static void print_story(const struct sale *sale)
{
	const struct zg_sale_record *r = &sale->record;
	struct zg_buffer text = { 0 };
	char time[ZG_TIME_TEXT], amount[ZG_AMOUNT_TEXT];

	if (r->rounding_fen)
		zg_buffer_print(&text, "%s: %s\n", _("Rounded off"), zg_fen_format(amount, r->rounding_fen));
	zg_buffer_print(&text, "%s: %s\n", _("Total"), zg_fen_format(amount, r->total_fen - r->rounding_fen));
	for (size_t i = 0; i < sale->tender_count; i++) {
		const struct zg_tender *tender = &sale->tenders[i];

		zg_buffer_print(&text, "%s: %s", _(zg_tender_kind_title(tender->kind)), zg_fen_format(amount, tender->kept_fen));
		if (tender->reference[0])
			zg_buffer_print(&text, " (%s)", tender->reference);
		if (!r->is_refund)
			zg_buffer_print(&text, _(", the customer gave %s"), zg_fen_format(amount, tender->tendered_fen));
		zg_buffer_add_byte(&text, '\n');
	}
	zg_buffer_print(&text, "%s: %s, %s\n", _("Begun"), zg_time_format(time, r->opened_at), r->cashier);
	if (r->hung_at)
		zg_buffer_print(&text, "%s: %s\n", _("Hung"), zg_time_format(time, r->hung_at));
	if (r->closed_at)
		zg_buffer_print(&text, "%s: %s, %s\n", _("Closed"), zg_time_format(time, r->closed_at), r->closed_by);
	if (r->reason[0])
		zg_buffer_print(&text, "%s: %s\n", _("Reason"), r->reason);
	if (sale->origin.id)
		zg_buffer_print(&text, "%s: %s\n", _("Gives back"), sale->origin.number);
	for (size_t i = 0; i < sale->refund_count; i++)
		zg_buffer_print(&text, "%s: %s, %s, %s\n", _("Refund"), sale->refunds[i].record.number,
				zg_time_format(time, sale->refunds[i].record.closed_at),
				zg_fen_format(amount, sale->refunds[i].record.total_fen - sale->refunds[i].record.rounding_fen));
	zg_buffer_print(&text, "%s: %s\n", _("Seal"), r->anchor);
	zg_cli_print(zg_buffer_text(&text));
	zg_buffer_clear(&text);
}

static void print_text(const struct sale *sale)
{
	struct zg_buffer text = { 0 };

	zg_buffer_print(&text, "%s %s  %s\n\n", sale->record.is_refund ? _("Refund") : _("Sale"), sale->record.number, sale->record.day);
	zg_cli_print(zg_buffer_text(&text));
	zg_buffer_clear(&text);
	print_lines(sale);
	zg_cli_print("\n");
	print_story(sale);
}

int zg_sale_show_command(struct zg_cli *cli)
{
	struct sale sale = { .record = { .id = 0 } };
	struct zg_error err = { .text = "" };
	int code;
	const struct zg_store *store = zg_cli_open(cli, &code);

	if (!store)
		return code;
	enum zg_result result = fetch(store, cli->arguments[0], &sale, &err);

	zg_cli_close(store);
	if (result != ZG_OK)
		code = zg_cli_fail(cli, &err);
	else if (cli->json)
		code = print_json(&sale);
	else
		print_text(&sale);
	free(sale.lines);
	free(sale.refunds);
	return code;
}
