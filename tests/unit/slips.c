#include "tests/unit/slips.h"

#include "drivers/drivers.h"
#include "src/base/alloc.h"
#include "src/io/data.h"

#include <stdio.h>
#include <stdlib.h>

const char *const slip_languages[SLIP_LANGUAGES] = { "zh", "en" };
const char *const slip_profiles[SLIP_WIDTHS] = { "generic-58", "xprinter-80" };

static const char *const directories[] = { ZG_SOURCE "/data" };

void slip_layout(enum zg_slip slip, const char *language, const json_t *document, int columns, struct zg_paper *paper)
{
	struct zg_buffer text = { 0 };
	struct zg_error err = { .text = "" };
	struct zg_gbk *gbk = zg_gbk_new();
	enum zg_result result = zg_data_template(directories, 1, slip, language, &text, &err);

	if (result == ZG_OK && !err.text[0])
		result = zg_receipt_layout(zg_buffer_text(&text), text.length, "template", document, columns, gbk, paper, &err);
	if (err.text[0])
		fprintf(stderr, "%s\n", err.text);
	zg_assert(result == ZG_OK && !err.text[0]);
	zg_buffer_clear(&text);
	zg_gbk_free(gbk);
}

void slip_grid(const struct zg_paper *paper, struct zg_buffer *out)
{
	static const char *const kinds[] = { "", "rule", "bar ", "qr  ", "feed", "cut " };

	for (size_t i = 0; i < paper->count; i++) {
		const struct zg_paper_row *row = &paper->rows[i];

		if (row->kind == ZG_ROW_TEXT)
			zg_buffer_print(out, "%c%c%c%c|%s\n", row->style & ZG_STYLE_BOLD ? 'B' : ' ',
					row->style & ZG_STYLE_INVERSE ? 'I' : ' ', row->style & ZG_STYLE_WIDE ? 'W' : ' ',
					row->style & ZG_STYLE_TALL ? 'T' : ' ', row->text);
		else if (row->kind == ZG_ROW_FEED)
			zg_buffer_print(out, "feed|%d\n", row->lines);
		else
			zg_buffer_print(out, "%s|%s\n", kinds[row->kind], row->text ? row->text : "");
	}
}

void slip_bytes(const struct zg_paper *paper, const char *name, struct zg_buffer *out)
{
	struct zg_printer_profile profile;
	struct zg_error err = { .text = "" };
	struct zg_buffer bytes = { 0 };
	struct zg_gbk *gbk = zg_gbk_new();

	if (zg_data_profile(directories, 1, name, &profile, &err) != ZG_OK)
		fprintf(stderr, "%s\n", err.text);
	zg_assert(!err.text[0]);
	zg_printer_driver_find(profile.driver)->build(&profile, paper, gbk, 7, &bytes);
	for (size_t i = 0; i < bytes.length; i++)
		zg_buffer_print(out, "%02X%s", (unsigned char)bytes.bytes[i], i % 32 == 31 || i + 1 == bytes.length ? "\n" : "");
	zg_buffer_clear(&bytes);
	zg_gbk_free(gbk);
}
