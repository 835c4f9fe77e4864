#include "src/base/csv.h"

#include "src/base/i18n.h"
#include "src/base/text.h"

#include <string.h>

void zg_csv_init(struct zg_csv *csv, const char *text, size_t length)
{
	memset(csv, 0, sizeof(*csv));
	csv->at = text;
	csv->end = text + length;
	csv->line = 1;
}

void zg_csv_clear(struct zg_csv *csv)
{
	zg_buffer_clear(&csv->store);
}

static size_t characters(const char *from, const char *to)
{
	size_t count = 0;

	for (; from < to; from++)
		count += ((unsigned char)*from & 0xC0) != 0x80;
	return count;
}

static const char *line_end(const char *at, const char *end)
{
	const char *found = memchr(at, '\n', (size_t)(end - at));

	return found ? found : end;
}

static int broken(struct zg_csv *csv, const char *fault, size_t line, size_t column)
{
	csv->fault = fault;
	csv->fault_line = line;
	csv->fault_column = column;
	const char *end = line_end(csv->at, csv->end);

	csv->at = end < csv->end ? end + 1 : end;
	csv->line++;
	return -1;
}

/* LF or CR LF; a CR alone only where the text ends: anywhere else it is a character like others. */
static bool is_line_end(const struct zg_csv *csv, const char *at)
{
	return *at == '\n' || (*at == '\r' && (at + 1 == csv->end || at[1] == '\n'));
}

/* Reads a quoted cell from the character after its first quote; false when the quote never closes. */
static bool read_quoted(struct zg_csv *csv, const char **at, size_t *line, const char **line_start)
{
	const char *p = *at;

	for (;; p++) {
		if (p == csv->end)
			return false;
		if (*p == '"') {
			if (p + 1 < csv->end && p[1] == '"')
				p++;
			else
				break;
		}
		if (*p == '\n') {
			++*line;
			*line_start = p + 1;
		}
		zg_buffer_add_byte(&csv->store, (unsigned char)*p);
	}
	*at = p + 1;
	return true;
}

/* Cells hold offsets until the record is whole, because the store may move while it grows. */
static int read_record(struct zg_csv *csv, size_t offsets[ZG_CSV_CELLS])
{
	const char *at = csv->at, *start = csv->at;
	size_t line = csv->line;

	csv->count = 0;
	zg_buffer_empty(&csv->store);
	for (;;) {
		if (csv->count == ZG_CSV_CELLS)
			return broken(csv, N_("too many columns"), line, characters(start, at) + 1);
		struct zg_csv_cell *cell = &csv->cells[csv->count];

		offsets[csv->count++] = csv->store.length;
		cell->line = line;
		cell->column = characters(start, at) + 1;
		cell->is_quoted = at < csv->end && *at == '"';
		if (cell->is_quoted) {
			at++;
			if (!read_quoted(csv, &at, &line, &start))
				return broken(csv, N_("a quote that is never closed"), cell->line, cell->column);
			if (at < csv->end && *at != ',' && !is_line_end(csv, at))
				return broken(csv, N_("text after a closing quote"), line, characters(start, at) + 1);
		} else {
			const char *stop = at;

			while (stop < csv->end && *stop != ',' && !is_line_end(csv, stop))
				stop++;
			zg_buffer_add(&csv->store, at, (size_t)(stop - at));
			at = stop;
		}
		cell->length = csv->store.length - offsets[csv->count - 1];
		zg_buffer_add_byte(&csv->store, '\0');
		if (at < csv->end && *at == ',') {
			at++;
			continue;
		}
		if (at < csv->end && *at == '\r')
			at++;
		if (at < csv->end && *at == '\n')
			at++;
		csv->at = at;
		csv->line = line + 1;
		return 1;
	}
}

int zg_csv_read(struct zg_csv *csv)
{
	size_t offsets[ZG_CSV_CELLS];

	while (csv->at < csv->end && (*csv->at == '\n' || (*csv->at == '\r' && csv->at + 1 < csv->end && csv->at[1] == '\n'))) {
		csv->at += *csv->at == '\r' ? 2 : 1;
		csv->line++;
	}
	if (csv->at == csv->end)
		return 0;
	int result = read_record(csv, offsets);

	for (size_t i = 0; result > 0 && i < csv->count; i++)
		csv->cells[i].text = csv->store.bytes + offsets[i];
	return result;
}

static void separate(struct zg_buffer *out)
{
	if (out->length && out->bytes[out->length - 1] != '\n')
		zg_buffer_add_byte(out, ',');
}

void zg_csv_add(struct zg_buffer *out, const char *text)
{
	separate(out);
	if (*text && !strpbrk(text, ",\"\r\n")) {
		zg_buffer_add_text(out, text);
		return;
	}
	/* An empty cell at the start of a line is written quoted, so that the next comma still separates. */
	if (!*text && out->length && out->bytes[out->length - 1] == ',')
		return;
	zg_buffer_add_byte(out, '"');
	for (; *text; text++) {
		if (*text == '"')
			zg_buffer_add_byte(out, '"');
		zg_buffer_add_byte(out, (unsigned char)*text);
	}
	zg_buffer_add_byte(out, '"');
}

void zg_csv_add_report(struct zg_buffer *out, const char *text)
{
	if (*text && strchr("=+-@\t\r", *text)) {
		struct zg_buffer safe = { 0 };

		zg_buffer_print(&safe, "'%s", text);
		zg_csv_add(out, zg_buffer_text(&safe));
		zg_buffer_clear(&safe);
		return;
	}
	zg_csv_add(out, text);
}

void zg_csv_end(struct zg_buffer *out)
{
	zg_buffer_add_byte(out, '\n');
}
