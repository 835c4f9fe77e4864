#include "src/cli/cli.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/base/money.h"
#include "src/store/items.h"
#include "src/store/search.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE 1000    /* goods fetched at a time */

/* ---- import ---- */

int zg_product_import_command(struct zg_cli *cli)
{
	char path[PATH_MAX];
	struct zg_buffer text = { 0 };
	json_t *args, *answer = NULL;

	/* the till that does it may stand in another directory */
	if (!realpath(cli->arguments[0], path) || access(path, R_OK) != 0) {
		struct zg_error err;

		zg_fail(&err, ZG_INVALID, _("The file %s cannot be read (%s)."), cli->arguments[0], strerror(errno));
		return zg_cli_fail(cli, &err);
	}
	args = zg_json_object();
	zg_json_set_string(args, "path", path);
	int code = zg_cli_act(cli, "product.import", args, &answer);

	if (code != 0)
		return code;
	if (cli->json)
		return zg_cli_document(answer, 0);
	zg_buffer_print(&text, _("%lld rows: %lld added, %lld changed, %lld as before.\n"), (long long)zg_json_integer(answer, "rows", 0),
			(long long)zg_json_integer(answer, "added", 0), (long long)zg_json_integer(answer, "changed", 0),
			(long long)zg_json_integer(answer, "same", 0));
	zg_cli_print(zg_buffer_text(&text));
	zg_buffer_clear(&text);
	json_decref(answer);
	return 0;
}

/* ---- export ---- */

static enum zg_result fetch_file(const struct zg_store *store, struct zg_buffer *text, int64_t *rows, struct zg_error *err)
{
	char after[ZG_CODE_MAX + 1] = "";
	enum zg_result result;
	size_t count;

	do {
		result = zg_items_export(store, after, PAGE, text, &count, err);
		*rows += (int64_t)count;
	} while (result == ZG_OK && count > 0);
	return result;
}

static bool write_all(int fd, const struct zg_buffer *text)
{
	for (size_t done = 0; done < text->length;) {
		ssize_t wrote = write(fd, text->bytes + done, text->length - done);

		if (wrote < 0 && errno != EINTR)
			return false;
		done += wrote > 0 ? (size_t)wrote : 0;
	}
	return true;
}

/* Beside the file, then under its name; mode 0: a new one. */
static bool replace_file(const char *path, mode_t mode, const struct zg_buffer *text)
{
	char *fresh = zg_print("%s.XXXXXX", path);
	int fd = mkostemp(fresh, O_CLOEXEC);
	bool ok = fd >= 0 && (!mode || fchmod(fd, mode) == 0) && write_all(fd, text) && fsync(fd) == 0;
	int why = errno;

	if (fd >= 0)
		close(fd);
	if (ok && rename(fresh, path) != 0) {
		why = errno;
		ok = false;
	}
	if (!ok && fd >= 0)
		unlink(fresh);
	free(fresh);
	errno = why;
	return ok;
}

/* A file that is there is replaced whole, or stays, also behind a link. A device or a pipe is written to as it is. */
static enum zg_result write_file(const char *path, const struct zg_buffer *text, struct zg_error *err)
{
	char real[PATH_MAX];
	struct stat about;
	bool there = stat(path, &about) == 0, ok;

	if (there && !S_ISREG(about.st_mode)) {
		int fd = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);

		ok = fd >= 0 && write_all(fd, text);
		if (fd >= 0)
			close(fd);
	} else {
		ok = replace_file(there && realpath(path, real) ? real : path, there ? about.st_mode & 0777 : 0, text);
	}
	return ok ? ZG_OK : zg_fail(err, ZG_INVALID, _("%s cannot be written (%s). Choose another name or directory."), path, strerror(errno));
}

int zg_product_export_command(struct zg_cli *cli)
{
	const char *path = cli->argument_count && strcmp(cli->arguments[0], "-") != 0 ? cli->arguments[0] : NULL;
	struct zg_buffer text = { 0 };
	struct zg_error err = { .text = "" };
	int64_t rows = 0;
	int code;

	if (cli->json && !path)
		return zg_cli_usage(cli, _("With --json, name a file to export to: standard output is for the JSON document."));
	const struct zg_store *store = zg_cli_open(cli, &code);

	if (!store)
		return code;
	enum zg_result result = fetch_file(store, &text, &rows, &err);

	zg_cli_close(store);
	if (result == ZG_OK && path)
		result = write_file(path, &text, &err);
	if (result != ZG_OK) {
		code = zg_cli_fail(cli, &err);
	} else if (!path) {
		fwrite(zg_buffer_text(&text), 1, text.length, stdout);
	} else if (cli->json) {
		json_t *document = zg_json_object();

		zg_json_set_string(document, "file", path);
		zg_json_set_integer(document, "rows", rows);
		code = zg_cli_document(document, 0);
	}
	zg_buffer_clear(&text);
	return code;
}

/* ---- list and find ---- */

static enum zg_result item_json(const struct zg_store *store, const struct zg_item *item, json_t *rows, struct zg_error *err)
{
	json_t *row = zg_json_object(), *codes = zg_json_array();
	char **barcodes = NULL;
	size_t count = 0;
	enum zg_result result = zg_items_barcodes(store, item->id, &barcodes, &count, err);

	for (size_t i = 0; i < count; i++)
		zg_json_append(codes, json_string(barcodes[i]));
	free(barcodes);
	zg_json_set_string(row, "code", item->code);
	zg_json_set(row, "barcodes", codes);
	zg_json_set_string(row, "name", item->name);
	zg_json_set_string(row, "unit", item->unit);
	zg_json_set_integer(row, "price_fen", item->price_fen);
	zg_json_set_integer(row, "tax_bp", item->tax_bp);
	zg_json_set_string(row, "tax_code", item->tax_code);
	zg_json_set_string(row, "kind", zg_item_kind_name(item->kind));
	zg_json_set_string(row, "initials", item->initials);
	zg_json_set_string(row, "category", item->category);
	zg_json_set_boolean(row, "active", item->active);
	zg_json_append(rows, row);
	return result;
}

/* Where a list goes: JSON rows or lines of text. */
struct list {
	const struct zg_cli *cli;
	const struct zg_store *store;
	json_t *rows;
	struct zg_table table;
	size_t count;
};

static void begin_list(struct list *list, const struct zg_cli *cli, const struct zg_store *store)
{
	*list = (struct list){ .cli = cli, .store = store, .rows = zg_json_array(), .table = { .align = "<<<><" } };
	zg_table_add(&list->table, _("Code"));
	zg_table_add(&list->table, _("Name"));
	zg_table_add(&list->table, _("Unit"));
	zg_table_add(&list->table, _("Price"));
	zg_table_add(&list->table, _("Category"));
}

static enum zg_result add_item(struct list *list, const struct zg_item *item, struct zg_error *err)
{
	char price[ZG_AMOUNT_TEXT];

	list->count++;
	if (list->cli->json)
		return item_json(list->store, item, list->rows, err);
	zg_table_add(&list->table, item->code);
	zg_table_add(&list->table, item->name);
	zg_table_add(&list->table, item->unit);
	zg_table_add(&list->table, zg_fen_format(price, item->price_fen));
	zg_table_add(&list->table, item->category);
	return ZG_OK;
}

/* Called once the store is let go. */
static int end_list(struct list *list, enum zg_result result, const struct zg_error *err)
{
	json_t *document = zg_json_object();
	int code = 0;

	zg_json_set(document, "products", list->rows);
	if (result != ZG_OK && result != ZG_NOT_FOUND) {
		zg_table_drop(&list->table);
		json_decref(document);
		return zg_cli_fail(list->cli, err);
	}
	if (list->cli->json) {
		zg_table_drop(&list->table);
		return zg_cli_document(document, list->count ? 0 : 1);
	}
	json_decref(document);
	if (list->count == 0) {
		zg_table_drop(&list->table);
		zg_cli_print(_("No goods fit."));
		zg_cli_print("\n");
		code = 1;
	} else {
		zg_table_print(&list->table);
	}
	return code;
}

int zg_product_list_command(struct zg_cli *cli)
{
	char after[ZG_CODE_MAX + 1] = "";
	struct zg_error err = { .text = "" };
	enum zg_result result;
	struct list list;
	size_t count;
	int code;
	const struct zg_store *store = zg_cli_open(cli, &code);

	if (!store)
		return code;
	begin_list(&list, cli, store);
	do {
		struct zg_item *items = NULL;

		result = zg_items_list(store, after, false, PAGE, &items, &count, &err);
		for (size_t i = 0; i < count && result == ZG_OK; i++)
			result = add_item(&list, &items[i], &err);
		if (count > 0)
			memcpy(after, items[count - 1].code, sizeof(after));
		free(items);
	} while (result == ZG_OK && count > 0);
	zg_cli_close(store);
	return end_list(&list, result, &err);
}

int zg_product_find_command(struct zg_cli *cli)
{
	const char *given = zg_cli_option(cli, "most");
	struct zg_item *items = NULL;
	struct zg_error err = { .text = "" };
	int64_t most = ZG_SEARCH_MOST;
	struct list list;
	size_t count = 0;
	int code;

	if (given && !zg_cli_number(cli, "--most", given, 1, 100000, &most))
		return 2;
	const struct zg_store *store = zg_cli_open(cli, &code);

	if (!store)
		return code;
	begin_list(&list, cli, store);
	enum zg_result result = zg_items_search(store, cli->arguments[0], false, (size_t)most, &items, &count, &err);

	for (size_t i = 0; i < count && result == ZG_OK; i++)
		result = add_item(&list, &items[i], &err);
	zg_cli_close(store);
	free(items);
	return end_list(&list, result, &err);
}
