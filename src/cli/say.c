/* What commands print: clean text, tables, JSON documents, failures. */
#include "src/cli/cli.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* No byte outside the allowed set leaves, whatever an argument or a file's name held. */
static void put_clean(FILE *file, const char *text)
{
	for (const char *end; *text; text = *end ? end + 1 : end) {
		end = strchr(text, '\n');
		if (!end)
			end = text + strlen(text);
		size_t length = (size_t)(end - text);

		if (zg_text_is_clean(text, length, NULL, NULL)) {
			fwrite(text, 1, length, file);
		} else {
			char *line = zg_alloc(length * 3 + 1, 1);

			zg_text_clean(line, length * 3 + 1, text, length);
			fputs(line, file);
			free(line);
		}
		if (*end)
			fputc('\n', file);
	}
}

void zg_cli_print(const char *text)
{
	put_clean(stdout, text);
}

int zg_cli_document(json_t *document, int code)
{
	if (!json_object_get(document, "result"))
		zg_json_set_string(document, "result", zg_result_name(ZG_OK));
	char *text = zg_json_pretty(document);

	zg_cli_print(text);
	free(text);
	json_decref(document);
	return code;
}

/* What is wrong with a file, place by place. */
static void put_faults(const json_t *faults)
{
	struct zg_buffer text = { 0 };

	for (size_t i = 0; i < json_array_size(faults); i++) {
		const json_t *fault = json_array_get(faults, i);

		zg_buffer_print(&text, _("line %lld, column %lld: %s"), (long long)zg_json_integer(fault, "line", 0),
				(long long)zg_json_integer(fault, "column", 0), zg_json_string(fault, "text", ""));
		zg_buffer_add_byte(&text, '\n');
	}
	put_clean(stderr, zg_buffer_text(&text));
	zg_buffer_clear(&text);
}

int zg_cli_fail_with(const struct zg_cli *cli, const struct zg_error *err, json_t *document)
{
	char clean[ZG_ERROR_TEXT];

	zg_text_clean(clean, sizeof(clean), err->text, strlen(err->text));
	if (cli->json) {
		zg_json_set_string(document, "result", zg_result_name(err->result));
		zg_json_set_string(document, "message", clean);
		return zg_cli_document(document, zg_result_exit(err->result));
	}
	fprintf(stderr, "zhanggui: %s\n", clean);
	put_faults(json_object_get(document, "faults"));
	json_decref(document);
	return zg_result_exit(err->result);
}

int zg_cli_fail(const struct zg_cli *cli, const struct zg_error *err)
{
	return zg_cli_fail_with(cli, err, zg_json_object());
}

/* ---- tables ---- */

void zg_table_add(struct zg_table *table, const char *cell)
{
	if (table->count % 256 == 0)
		table->cells = zg_resize(table->cells, table->count + 256, sizeof(*table->cells));
	table->cells[table->count++] = zg_copy(cell);
}

static void put_spaces(struct zg_buffer *out, int count)
{
	for (int i = 0; i < count; i++)
		zg_buffer_add_byte(out, ' ');
}

static void put_row(struct zg_buffer *out, const struct zg_table *table, size_t row, const int *widths)
{
	size_t columns = strlen(table->align);

	for (size_t i = 0; i < columns; i++) {
		const char *cell = table->cells[row * columns + i];
		bool right = table->align[i] == '>';
		int gap = widths[i] - zg_screen_width(cell);

		if (right)
			put_spaces(out, gap);
		zg_buffer_add_text(out, cell);
		if (i + 1 < columns)
			put_spaces(out, (right ? 0 : gap) + 2);
	}
	while (out->length && out->bytes[out->length - 1] == ' ')
		out->length--;
	zg_buffer_add_byte(out, '\n');
}

void zg_table_drop(struct zg_table *table)
{
	for (size_t i = 0; i < table->count; i++)
		free(table->cells[i]);
	free(table->cells);
	table->cells = NULL;
	table->count = 0;
}

void zg_table_print(struct zg_table *table)
{
	size_t columns = strlen(table->align);
	int *widths = zg_alloc(columns, sizeof(*widths));
	struct zg_buffer out = { 0 };

	for (size_t i = 0; i < table->count; i++) {
		int width = zg_screen_width(table->cells[i]);

		if (width > widths[i % columns])
			widths[i % columns] = width;
	}
	for (size_t row = 0; row < table->count / columns; row++)
		put_row(&out, table, row, widths);
	zg_cli_print(zg_buffer_text(&out));
	zg_table_drop(table);
	zg_buffer_clear(&out);
	free(widths);
}
