/* What was sold on a day, by goods. */
#include "src/cli/cli.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/base/money.h"
#include "src/cli/sale_table.h"
#include "src/store/agree.h"
#include "src/store/transactions.h"

#include <stdlib.h>
#include <string.h>

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
	struct zg_table table = { .align = "<<>>" };
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
	zg_table_add(&table, _("Quantity"));
	zg_table_add(&table, _("Amount"));
	for (size_t i = 0; i < goods->count; i++) {
		zg_table_add(&table, goods->rows[i].code);
		zg_table_add(&table, goods->rows[i].name);
		zg_table_add(&table, zg_milli_format(text, goods->rows[i].quantity));
		zg_table_add(&table, zg_fen_format(text, goods->rows[i].paid_fen));
	}
	zg_table_print(&table);
	return 0;
}

/* What is added up here is what the journal tells of the same day: every receipt, and no other. */
static enum zg_result agree(const struct zg_store *store, const char *day, size_t receipts, struct zg_error *err)
{
	struct zg_transaction *list = NULL;
	size_t count = 0, told = 0;
	enum zg_result result = zg_books_agree_day(store, day, err);

	if (result == ZG_OK)
		result = zg_transactions_of_day(store, day, &list, &count, err);
	for (size_t i = 0; i < count; i++)
		told += list[i].kind == ZG_TRANSACTION_SALE || list[i].kind == ZG_TRANSACTION_REFUND;
	free(list);
	if (result == ZG_OK && told != receipts)
		result = zg_fail(err, ZG_INVALID, _("The figures of a shift and what the journal tells of it do not agree. "
						    "Run the check of the shop's books."));
	return result;
}

int zg_report_sales_command(struct zg_cli *cli)
{
	struct zg_sale_row *rows = NULL;
	struct zg_error err = { .text = "" };
	struct goods goods = { 0 };
	size_t count = 0;
	char day[ZG_DAY_TEXT];
	int code = 2;

	if (!zg_cli_day(cli, day, &code))
		return code;
	const struct zg_store *store = zg_cli_open(cli, &code);

	if (!store)
		return code;
	enum zg_result result = zg_sale_rows_of_day(store, day, &rows, &count, &err);

	if (result == ZG_OK)
		result = agree(store, day, count, &err);
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
