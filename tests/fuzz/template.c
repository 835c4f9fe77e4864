/*
 * Receipt templates with documents: what parses lays out on any width, no row is wider than the paper, and nothing but
 * printable characters stands in a row. Input: two bytes for width and kind of slip, the template, a NUL, the document.
 */
#include "tests/fuzz/fuzz.h"

#include "src/base/json.h"
#include "src/base/text.h"
#include "src/shop/receipt.h"
#include "src/shop/template.h"

#include <stdlib.h>
#include <string.h>

/* Lists within lists multiply: up to ZG_PAPER_ROWS_MAX rows, each with its text, whatever the template's length. */
const struct fuzz_limits fuzz_limits = { 6000000, 200 };

static void check_row(const struct zg_paper *paper, const struct zg_paper_row *row)
{
	int width = row->style & ZG_STYLE_WIDE ? paper->columns / 2 : paper->columns;

	if (row->kind == ZG_ROW_TEXT || row->kind == ZG_ROW_RULE) {
		fuzz_check(zg_paper_cells(row->text) <= width, "a row of %d cells on %d", zg_paper_cells(row->text), width);
		fuzz_check(zg_text_is_clean(row->text, strlen(row->text), NULL, NULL), "a row is not clean");
	}
	if (row->kind == ZG_ROW_FEED)
		fuzz_check(row->lines >= 1 && row->lines <= 15, "%d lines are fed", row->lines);
	if (row->kind == ZG_ROW_BARCODE || row->kind == ZG_ROW_QR)
		fuzz_check(*row->text, "an empty code");
	for (const char *at = row->kind == ZG_ROW_BARCODE ? row->text : ""; *at; at++)
		fuzz_check(*at >= 0x20 && *at < 0x7F, "a barcode says %02X", (unsigned char)*at);
}

static void lay_out(const struct zg_template *parsed, const json_t *document, int columns)
{
	static struct zg_gbk *gbk;
	struct zg_error err = { .text = "" };
	struct zg_paper paper;

	if (!gbk)
		gbk = zg_gbk_new();
	zg_paper_init(&paper, columns);
	enum zg_result result = zg_template_layout(parsed, document, gbk, &paper, &err);

	fuzz_check(result == ZG_OK || (result == ZG_INVALID && *err.text), "laying out ended with %d", result);
	for (size_t i = 0; i < paper.count; i++)
		check_row(&paper, &paper.rows[i]);
	free(zg_paper_text(&paper));
	zg_paper_clear(&paper);
}

/* What a slip's text holds was cleaned when it came into the shop: only such documents are real. */
static void clean(json_t *value)
{
	const char *key;
	json_t *member;
	size_t at;

	json_object_foreach(value, key, member) {
		if (json_is_string(member)) {
			char *out = calloc(1, json_string_length(member) + 1);

			zg_text_clean(out, json_string_length(member) + 1, json_string_value(member), strlen(json_string_value(member)));
			json_string_set(member, out);
			free(out);
		}
		clean(member);
	}
	json_array_foreach(value, at, member)
		clean(member);
}

void fuzz_one(const char *bytes, size_t length)
{
	struct fuzz_input input = { bytes, bytes + length };
	int columns = ZG_PAPER_COLUMNS_MIN + (int)fuzz_byte(&input) % (ZG_PAPER_COLUMNS_MAX - ZG_PAPER_COLUMNS_MIN + 1);
	enum zg_slip slip = (enum zg_slip)(fuzz_byte(&input) % ZG_SLIPS);
	const char *start = input.at, *stop = memchr(input.at, '\0', (size_t)(input.end - input.at));
	size_t size = (size_t)((stop ? stop : input.end) - start);
	struct zg_template *parsed = NULL;
	struct zg_error err = { .text = "" };
	enum zg_result result = zg_template_parse(start, size, "a.txt", &parsed, &err);

	fuzz_check(result == ZG_OK ? parsed != NULL : !parsed && strncmp(err.text, "a.txt, line ", 12) == 0, "parsing: %s", err.text);
	if (parsed) {
		json_t *sample = zg_slip_sample(slip), *document = stop ? zg_json_parse(stop + 1, (size_t)(input.end - stop - 1)) : NULL;

		clean(document);
		if (zg_template_check(parsed, sample, &err) != ZG_OK)
			fuzz_check(strncmp(err.text, "a.txt, line ", 12) == 0, "checking: %s", err.text);
		lay_out(parsed, sample, columns);
		if (document)
			lay_out(parsed, document, columns);
		json_decref(document);
		json_decref(sample);
	}
	zg_template_free(parsed);
}
