#include "src/base/csv.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

/* Each cell in brackets, each record on a line; a broken one as its sentence and place. */
static void read_all(const char *text, struct zg_buffer *out)
{
	struct zg_csv csv;
	int got;

	zg_csv_init(&csv, text, strlen(text));
	while ((got = zg_csv_read(&csv)) != 0) {
		for (size_t i = 0; got > 0 && i < csv.count; i++)
			zg_buffer_print(out, "[%s]", csv.cells[i].text);
		if (got < 0)
			zg_buffer_print(out, "%s at %zu:%zu", csv.fault, csv.fault_line, csv.fault_column);
		zg_buffer_add_byte(out, '\n');
	}
	zg_csv_clear(&csv);
}

Test(csv, every_end_of_a_line_is_one_and_a_cr_elsewhere_is_a_character)
{
	static const struct { const char *text, *cells; } cases[] = {
		{ "", "" },
		{ "\n\r\n\n", "" },
		{ "a,b\nc", "[a][b]\n[c]\n" },
		{ "a,b\r\nc\r\n", "[a][b]\n[c]\n" },
		{ "a\r", "[a]\n" },
		{ "a\rb\n", "[a\rb]\n" },
		{ "\ra\n", "[\ra]\n" },
		{ "\r", "[]\n" },
		{ "a,\n,b\n", "[a][]\n[][b]\n" },
		{ "a,", "[a][]\n" },
		{ "\"a\r\n\"\"b\"\"\"\r", "[a\r\n\"b\"]\n" },
		{ "\"a\",\"\"\nb", "[a][]\n[b]\n" },
		{ "\"\"\r", "[]\n" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct zg_buffer out = { 0 };

		read_all(cases[i].text, &out);
		cr_expect(eq(str, (char *)zg_buffer_text(&out), (char *)cases[i].cells), "%zu", i);
		zg_buffer_clear(&out);
	}
}

Test(csv, a_broken_record_is_named_by_its_place_and_the_next_line_is_read)
{
	struct zg_buffer many = { 0 }, out = { 0 };

	read_all("a,\"b\"c\nd\n", &out);
	read_all("可,\"b\nd\n", &out);
	read_all("\"b\"\rc\nd", &out);
	for (int i = 0; i < ZG_CSV_CELLS; i++)
		zg_buffer_add_text(&many, "x,");
	zg_buffer_add_text(&many, "x\nd\n");
	read_all(zg_buffer_text(&many), &out);

	cr_expect(eq(str, (char *)zg_buffer_text(&out), "text after a closing quote at 1:6\n[d]\n"
		     "a quote that is never closed at 1:3\n[d]\n"
		     "text after a closing quote at 1:4\n[d]\n"
		     "too many columns at 1:129\n[d]\n"));
	zg_buffer_clear(&out);
	zg_buffer_clear(&many);
}

Test(csv, what_is_written_is_read_back)
{
	static const char *const cells[] = { "", "a", "", "b,\"c\"\r\n", "" };
	struct zg_buffer out = { 0 }, back = { 0 };

	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++)
		zg_csv_add(&out, cells[i]);
	zg_csv_end(&out);
	zg_csv_add(&out, "");
	zg_csv_end(&out);
	read_all(zg_buffer_text(&out), &back);

	cr_expect(eq(str, (char *)zg_buffer_text(&out), "\"\",a,,\"b,\"\"c\"\"\r\n\",\n\"\"\n"));
	cr_expect(eq(str, (char *)zg_buffer_text(&back), "[][a][][b,\"c\"\r\n][]\n[]\n"));
	zg_buffer_clear(&back);
	zg_buffer_clear(&out);
}

/* A name that a spreadsheet would run. */
Test(csv, no_cell_of_a_report_begins_a_formula)
{
	static const char *const cells[] = { "", "可乐", "=1+1", "+1", "-1", "@a", "\t=1", "\r=1", "1-1" };
	struct zg_buffer out = { 0 };

	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++)
		zg_csv_add_report(&out, cells[i]);

	cr_expect(eq(str, (char *)zg_buffer_text(&out), "\"\",可乐,'=1+1,'+1,'-1,'@a,'\t=1,\"'\r=1\",1-1"));
	zg_buffer_clear(&out);
}
