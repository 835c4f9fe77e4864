#include "src/cli/cli.h"

#include "src/base/alloc.h"
#include "src/base/charset.h"
#include "src/base/i18n.h"
#include "src/io/data.h"
#include "src/shop/receipt.h"
#include "src/store/jobs.h"
#include "src/store/sales.h"
#include "src/till/config.h"

#include <stdlib.h>
#include <string.h>

/* The document that the slip was printed from. */
static enum zg_result fetch(const struct zg_store *store, const char *number, enum zg_slip *slip, char **document,
			    struct zg_error *err)
{
	struct zg_sale_record record;
	enum zg_result result = zg_sales_find_number(store, number, &record, err);

	if (result != ZG_OK)
		return result;
	*slip = record.is_refund ? ZG_SLIP_REFUND : ZG_SLIP_SALE;
	return zg_jobs_document(store, zg_slip_name(*slip), record.id, document, err);
}

/* Lays the document out on the shop's paper. */
static enum zg_result lay_out(const struct zg_cli *cli, enum zg_slip slip, const char *text, int columns, struct zg_paper *paper,
			      struct zg_error *err)
{
	const char *directories[] = { cli->home, zg_data_directory() };
	struct zg_printer_profile profile;
	struct zg_buffer template = { 0 };
	struct zg_config config;
	struct zg_gbk *gbk = zg_gbk_new();
	json_t *document = zg_json_parse(text, strlen(text));
	enum zg_result result = document ? zg_config_read(cli->home, &config, err)
		: zg_fail(err, ZG_BROKEN, _("The slip's document is damaged. Check the books with: zhanggui doctor"));

	if (result == ZG_OK && columns == 0) {
		result = zg_data_profile(directories, 2, config.profile, &profile, err);
		columns = profile.columns;
	}
	if (result == ZG_OK)
		result = zg_data_template(directories, 2, slip, zg_config_slip_language(&config), &template, err);
	if (result == ZG_OK)
		result = zg_receipt_layout(zg_buffer_text(&template), template.length, zg_slip_name(slip), document, columns, gbk,
					   paper, err);
	zg_buffer_clear(&template);
	json_decref(document);
	zg_gbk_free(gbk);
	return result;
}

static json_t *row_json(const struct zg_paper_row *row)
{
	static const char *const kinds[] = { "text", "rule", "barcode", "qr", "feed", "cut" };
	json_t *object = zg_json_object();

	zg_json_set_string(object, "kind", kinds[row->kind]);
	zg_json_set_string(object, "text", row->text ? row->text : "");
	zg_json_set_boolean(object, "bold", (row->style & ZG_STYLE_BOLD) != 0);
	zg_json_set_boolean(object, "wide", (row->style & ZG_STYLE_WIDE) != 0);
	zg_json_set_boolean(object, "tall", (row->style & ZG_STYLE_TALL) != 0);
	zg_json_set_boolean(object, "inverse", (row->style & ZG_STYLE_INVERSE) != 0);
	return object;
}

static int show(const struct zg_cli *cli, const struct zg_paper *paper)
{
	if (cli->json) {
		json_t *document = zg_json_object(), *rows = zg_json_array();

		for (size_t i = 0; i < paper->count; i++)
			zg_json_append(rows, row_json(&paper->rows[i]));
		zg_json_set_string(document, "number", cli->arguments[0]);
		zg_json_set_integer(document, "columns", paper->columns);
		zg_json_set(document, "rows", rows);
		return zg_cli_document(document, 0);
	}
	char *text = zg_paper_text(paper);

	zg_cli_print(text);
	free(text);
	return 0;
}

int zg_receipt_show_command(struct zg_cli *cli)
{
	const char *given = zg_cli_option(cli, "columns");
	struct zg_error err = { .text = "" };
	struct zg_paper paper = { 0 };
	enum zg_slip slip = ZG_SLIP_SALE;
	char *document = NULL;
	int64_t columns = 0;
	int code;

	if (given && !zg_cli_number(cli, "--columns", given, ZG_PAPER_COLUMNS_MIN, ZG_PAPER_COLUMNS_MAX, &columns))
		return 2;
	const struct zg_store *store = zg_cli_open(cli, &code);

	if (!store)
		return code;
	enum zg_result result = fetch(store, cli->arguments[0], &slip, &document, &err);

	zg_cli_close(store);
	if (result == ZG_OK)
		result = lay_out(cli, slip, document, (int)columns, &paper, &err);
	code = result == ZG_OK ? show(cli, &paper) : zg_cli_fail(cli, &err);
	zg_paper_clear(&paper);
	free(document);
	return code;
}

int zg_receipt_reprint_command(struct zg_cli *cli)
{
	json_t *args = zg_json_object(), *answer = NULL;
	struct zg_buffer text = { 0 };

	zg_json_set_string(args, "number", cli->arguments[0]);
	int code = zg_cli_act(cli, "print.receipt", args, &answer);

	if (code != 0)
		return code;
	if (cli->json)
		return zg_cli_document(answer, 0);
	zg_buffer_print(&text, _("Copy %lld of %s is on its way to the printer.\n"), (long long)zg_json_integer(answer, "copy", 1),
			cli->arguments[0]);
	zg_cli_print(zg_buffer_text(&text));
	zg_buffer_clear(&text);
	json_decref(answer);
	return 0;
}
