/*
 * Tables: every cell stands where the reader says that it stands, and what is read, written and read again is the same.
 * Reports differ from that in one thing: no cell starts a formula.
 */
#include "tests/fuzz/fuzz.h"

#include "src/base/csv.h"

#include <string.h>

const struct fuzz_limits fuzz_limits = { 16384, 8 };    /* the reader's 4 ×, and what is written here */

/* Walks through the text by lines and characters. */
struct place {
	const char *at, *end;
	size_t line, column;
};

/* A column more with each byte that begins a character; a cell begins right behind such a byte, or its line. */
static void walk_to(struct place *p, size_t line, size_t column)
{
	while (p->at < p->end && (p->line < line || (p->line == line && p->column < column))) {
		bool is_end = *p->at == '\n';

		p->column = is_end ? 1 : p->column + (((unsigned char)*p->at & 0xC0) != 0x80);
		p->line += is_end;
		p->at++;
	}
	fuzz_check(p->line == line && p->column == column, "a cell at line %zu, column %zu, which the text has not", line, column);
}

/* The cell is the bytes that stand there; a quoted one from its quote on. */
static void check_place(struct place *p, const struct zg_csv_cell *cell)
{
	walk_to(p, cell->line, cell->column);
	size_t left = (size_t)(p->end - p->at);

	if (cell->is_quoted)
		fuzz_check(left > 1 && *p->at == '"', "no quote where a quoted cell begins");
	else if (cell->length)
		fuzz_check(left >= cell->length && memcmp(p->at, cell->text, cell->length) == 0, "another text where the cell begins");
}

static void rewrite(const char *bytes, size_t length, bool is_report, struct zg_buffer *out)
{
	struct place place = { bytes, bytes + length, 1, 1 };
	struct zg_csv csv;
	int got;

	zg_csv_init(&csv, bytes, length);
	while ((got = zg_csv_read(&csv)) != 0) {
		if (got < 0) {
			fuzz_check(csv.fault && *csv.fault && csv.fault_line > 0 && csv.fault_column > 0, "a fault without its place");
			continue;
		}
		fuzz_check(csv.count > 0 && csv.count <= ZG_CSV_CELLS, "a record of %zu cells", csv.count);
		for (size_t i = 0; i < csv.count; i++) {
			const struct zg_csv_cell *cell = &csv.cells[i];

			fuzz_check(cell->text[cell->length] == '\0', "a cell that is not ended");
			check_place(&place, cell);
			(is_report ? zg_csv_add_report : zg_csv_add)(out, cell->text);
		}
		zg_csv_end(out);
	}
	fuzz_check(csv.at == csv.end, "the reader ended before the text");
	zg_csv_clear(&csv);
}

static void check_report(const struct zg_buffer *report)
{
	struct zg_csv csv;

	zg_csv_init(&csv, zg_buffer_text(report), report->length);
	while (zg_csv_read(&csv) > 0)
		for (size_t i = 0; i < csv.count; i++)
			fuzz_check(!csv.cells[i].length || !strchr("=+-@\t\r", csv.cells[i].text[0]), "a report's cell starts a formula");
	zg_csv_clear(&csv);
}

void fuzz_one(const char *bytes, size_t length)
{
	struct zg_buffer once = { 0 }, twice = { 0 }, report = { 0 };

	rewrite(bytes, length, false, &once);
	rewrite(zg_buffer_text(&once), once.length, false, &twice);
	fuzz_check(once.length == twice.length && memcmp(zg_buffer_text(&once), zg_buffer_text(&twice), once.length) == 0,
		   "read again, it is another table");
	zg_buffer_clear(&twice);
	rewrite(zg_buffer_text(&once), once.length, true, &report);
	check_report(&report);
	zg_buffer_clear(&report);
	zg_buffer_clear(&once);
}
