#include "src/cli/cli.h"

#include "src/base/i18n.h"
#include "src/base/seal.h"
#include "src/store/agree.h"
#include "src/store/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TAIL 20

/* ---- verify ---- */

int zg_journal_verify_command(struct zg_cli *cli)
{
	struct zg_journal_check check = { .rows = 0 };
	struct zg_error err = { .text = "" };
	struct zg_buffer text = { 0 };
	int code;
	const struct zg_store *store = zg_cli_open_any(cli, &code);

	if (!store)
		return code;
	enum zg_result result = zg_store_check_schema(store, &err);

	if (result == ZG_OK)
		result = zg_journal_verify(store, &check, &err);
	if (result == ZG_OK)
		result = zg_books_agree(store, &err);
	zg_cli_close(store);
	if (result == ZG_BROKEN)
		return zg_cli_fail(cli, &err);
	code = result == ZG_OK ? 0 : 1;
	if (cli->json) {
		json_t *document = zg_json_object();

		zg_json_set_boolean(document, "whole", result == ZG_OK);
		zg_json_set_integer(document, "rows", check.rows);
		zg_json_set(document, "bad_seq", check.bad_seq ? json_integer(check.bad_seq) : json_null());
		zg_json_set_string(document, "anchor", check.anchor);
		zg_json_set_string(document, "message", result == ZG_OK ? "" : err.text);
		return zg_cli_document(document, code);
	}
	if (result == ZG_OK)
		zg_buffer_print(&text, _("The journal is whole: %lld rows, the last one sealed %s.\n"), (long long)check.rows,
				check.anchor);
	else
		zg_buffer_print(&text, "%s\n", err.text);
	zg_cli_print(zg_buffer_text(&text));
	zg_buffer_clear(&text);
	return code;
}

/* ---- rows ---- */

static json_t *row_json(const struct zg_journal_row *row)
{
	json_t *object = zg_json_object(), *body = zg_json_parse(row->body, strlen(row->body));
	char hex[2 * ZG_MAC_SIZE + 1];

	zg_json_set_integer(object, "seq", row->seq);
	zg_json_set_integer(object, "at", row->at_ms);
	zg_json_set_string(object, "who", row->who);
	zg_json_set_integer(object, "uid", row->uid);
	zg_json_set_string(object, "kind", row->kind);
	zg_json_set(object, "body", body ? body : zg_json_object());
	zg_json_set_string(object, "prev", zg_hex(hex, row->prev, ZG_MAC_SIZE));
	zg_json_set_string(object, "mac", zg_hex(hex, row->mac, ZG_MAC_SIZE));
	return object;
}

static bool take_json(const struct zg_journal_row *row, void *self)
{
	zg_json_append(self, row_json(row));
	return true;
}

static bool take_text(const struct zg_journal_row *row, void *self)
{
	char time[ZG_TIME_TEXT];

	zg_buffer_print(self, "%lld  %s  %s  %s  %s\n", (long long)row->seq, zg_time_format(time, row->at_ms), row->who, row->kind,
			row->body);
	return true;
}

int zg_journal_tail_command(struct zg_cli *cli)
{
	const char *given = zg_cli_option(cli, "most");
	struct zg_journal_mark head;
	struct zg_error err = { .text = "" };
	struct zg_buffer text = { 0 };
	json_t *rows = zg_json_array();
	int64_t most = TAIL;
	int code;

	if (given && !zg_cli_number(cli, "--most", given, 1, 1000000, &most))
		return 2;
	const struct zg_store *store = zg_cli_open(cli, &code);

	if (!store)
		return code;
	enum zg_result result = zg_journal_head(store, &head, &err);

	if (result == ZG_OK && head.seq > 0)
		result = zg_journal_read(store, head.seq > most ? head.seq - most + 1 : 1, most, cli->json ? take_json : take_text,
					 cli->json ? (void *)rows : (void *)&text, &err);
	zg_cli_close(store);
	if (result != ZG_OK) {
		code = zg_cli_fail(cli, &err);
	} else if (cli->json) {
		json_t *document = zg_json_object();

		zg_json_set(document, "rows", json_incref(rows));
		code = zg_cli_document(document, 0);
	} else {
		zg_cli_print(zg_buffer_text(&text));
	}
	zg_buffer_clear(&text);
	json_decref(rows);
	return code;
}

/* ---- export ---- */

struct out {
	FILE *file;
	int64_t rows;
};

static bool write_row(const struct zg_journal_row *row, void *self)
{
	struct out *out = self;
	json_t *object = row_json(row);
	char *text = zg_json_text(object);

	fprintf(out->file, "%s\n", text);
	out->rows++;
	free(text);
	json_decref(object);
	return !ferror(out->file);
}

/* A file that is there is left alone. */
static FILE *make_file(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	return fd < 0 ? NULL : fdopen(fd, "w");
}

static int end_export(const struct zg_cli *cli, enum zg_result result, struct zg_error *err, const struct out *out,
		      const char *path)
{
	bool bad = ferror(out->file) != 0;

	if (path && (fflush(out->file) != 0 || fsync(fileno(out->file)) != 0))
		bad = true;
	if (path && fclose(out->file) != 0)
		bad = true;
	if (result == ZG_OK && bad)
		result = zg_fail(err, ZG_BROKEN, _("%s could not be written whole. Check the disk."), path ? path : "-");
	if (result != ZG_OK)
		return zg_cli_fail(cli, err);
	if (!path || !cli->json)
		return 0;
	json_t *document = zg_json_object();

	zg_json_set_string(document, "file", path);
	zg_json_set_integer(document, "rows", out->rows);
	return zg_cli_document(document, 0);
}

int zg_journal_export_command(struct zg_cli *cli)
{
	const char *path = cli->argument_count && strcmp(cli->arguments[0], "-") != 0 ? cli->arguments[0] : NULL;
	struct out out = { .file = stdout };
	struct zg_error err = { .text = "" };
	int code;
	const struct zg_store *store = zg_cli_open(cli, &code);

	if (!store)
		return code;
	if (path && !(out.file = make_file(path))) {
		zg_fail(&err, ZG_INVALID, _("%s cannot be made (%s). Give a name that is free, in a directory you may write."), path,
			strerror(errno));
		zg_cli_close(store);
		return zg_cli_fail(cli, &err);
	}
	if (cli->json && !path) {
		json_t *document = zg_json_object(), *rows = zg_json_array();
		enum zg_result result = zg_journal_read(store, 1, 0, take_json, rows, &err);

		zg_cli_close(store);
		zg_json_set(document, "rows", rows);
		return result == ZG_OK ? zg_cli_document(document, 0) : zg_cli_fail_with(cli, &err, document);
	}
	/* read in batches, each its own snapshot: a slow reader of our output holds nothing up */
	zg_store_snapshot_end(store);
	enum zg_result result = zg_journal_read(store, 1, 0, write_row, &out, &err);

	zg_cli_close(store);
	return end_export(cli, result, &err, &out, path);
}
