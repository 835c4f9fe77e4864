#include "src/base/alloc.h"
#include "src/base/buffer.h"
#include "src/shop/paper.h"
#include "tests/unit/chance.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

/* The rows of a paper, joined by '/'. */
static char *rows_of(const struct zg_paper *paper)
{
	struct zg_buffer out = { 0 };

	for (size_t i = 0; i < paper->count; i++)
		zg_buffer_print(&out, "%s%s", i ? "/" : "", paper->rows[i].text ? paper->rows[i].text : "");
	return zg_buffer_take(&out);
}

static char *lay_text(const char *text, int columns, enum zg_align align, unsigned style)
{
	struct zg_gbk *gbk = zg_gbk_new();
	struct zg_paper paper;

	zg_paper_init(&paper, columns);
	zg_paper_add_text(&paper, gbk, text, align, style);
	char *rows = rows_of(&paper);

	zg_paper_clear(&paper);
	zg_gbk_free(gbk);
	return rows;
}

Test(paper, text_wraps_between_characters_and_words)
{
	static const struct { const char *text; int columns; enum zg_align align; unsigned style; const char *rows; } cases[] = {
		{ "", 24, ZG_ALIGN_LEFT, 0, "" },
		{ "农夫山泉", 24, ZG_ALIGN_CENTRE, 0, "        农夫山泉" },
		{ "农夫山泉", 24, ZG_ALIGN_RIGHT, 0, "                农夫山泉" },
		{ "农夫山泉", 24, ZG_ALIGN_CENTRE, ZG_STYLE_BIG, "  农夫山泉" },
		{ "一二三四五六七八九十甲乙丙", 25, ZG_ALIGN_LEFT, 0, "一二三四五六七八九十甲乙/丙" },
		{ "a一二三四五六七八九十甲乙", 24, ZG_ALIGN_LEFT, 0, "a一二三四五六七八九十甲/乙" },
		{ "one two three four five six", 24, ZG_ALIGN_LEFT, 0, "one two three four five/six" },
		{ "abcdefghijklmnopqrstuvwxyz0123", 24, ZG_ALIGN_LEFT, 0, "abcdefghijklmnopqrstuvwx/yz0123" },
		{ "a abcdefghijklmnopqrstuvwxyz", 24, ZG_ALIGN_LEFT, 0, "a abcdefghijklmnopqrstuv/wxyz" },
		{ "一二三四五六七八九十甲乙，丙", 24, ZG_ALIGN_LEFT, 0, "一二三四五六七八九十甲/乙，丙" },
		{ "  indented", 24, ZG_ALIGN_LEFT, 0, "  indented" },
		{ "trailing   ", 24, ZG_ALIGN_RIGHT, 0, "                trailing" },
		{ "¥5 é \u00A0x", 24, ZG_ALIGN_LEFT, 0, "￥5 é  x" },
		{ "👍\x1b[2J\u202E", 24, ZG_ALIGN_LEFT, 0, "??[2J?" },
		{ "on", 24, ZG_ALIGN_LEFT, ZG_STYLE_INVERSE, "on                      " },
		{ "on", 24, ZG_ALIGN_CENTRE, ZG_STYLE_INVERSE | ZG_STYLE_WIDE, "     on     " },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *rows = lay_text(cases[i].text, cases[i].columns, cases[i].align, cases[i].style);

		cr_expect(eq(str, rows, (char *)cases[i].rows));
		free(rows);
	}
}

/* · — “ ” × ° are one cell on the screen and two on paper. */
Test(paper, cells_are_those_of_the_printer)
{
	struct zg_gbk *gbk = zg_gbk_new();

	cr_expect(eq(int, zg_paper_cells("2 × 3°"), 8));
	cr_expect(eq(int, zg_paper_cells("掌柜"), 4));
	cr_expect(eq(int, zg_paper_width(gbk, "2 × 3°"), 8));
	zg_gbk_free(gbk);
}

static char *lay_parts(const char *const *parts, size_t count, int columns, unsigned style)
{
	struct zg_gbk *gbk = zg_gbk_new();
	struct zg_paper paper;

	zg_paper_init(&paper, columns);
	zg_paper_add_parts(&paper, gbk, parts, count, style);
	char *rows = rows_of(&paper);

	zg_paper_clear(&paper);
	zg_gbk_free(gbk);
	return rows;
}

Test(paper, a_long_name_never_pushes_the_price)
{
	static const struct { const char *parts[4]; size_t count; unsigned style; const char *rows; } cases[] = {
		{ { "合计", "12.50" }, 2, 0, "合计               12.50" },
		{ { "合计", "12.50" }, 2, ZG_STYLE_BIG, "合计   12.50" },
		{ { "", "12.50" }, 2, 0, "                   12.50" },
		{ { "农夫山泉天然水大桶装五升", "12.50" }, 2, 0, "农夫山泉天然水大桶 12.50/装五升" },
		{ { "农夫山泉天然水", "123456789012345678901" }, 2, 0, "农夫山泉天然水/   123456789012345678901" },
		{ { "a", "一二三四五六七八九十甲乙丙" }, 2, 0, "a/一二三四五六七八九十甲乙/                      丙" },
		{ { "税率", "净额", "税额" }, 3, 0, "税率        净额    税额" },
		{ { "13%", "108.36", "14.08" }, 3, 0, "13%       108.36   14.08" },
		{ { "13%", "123456789.00", "14.08" }, 3, 0, "13%   123456789.00 14.08" },
		{ { "税率 13%", "不含税 108.36", "税额 14.08" }, 3, 0, "税率 13%/不含税 108.36 税额 14.08" },
		{ { "a", "b", "c", "d" }, 4, 0, "a          b     c     d" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *rows = lay_parts(cases[i].parts, cases[i].count, 24, cases[i].style);

		cr_expect(eq(str, rows, (char *)cases[i].rows));
		free(rows);
	}
}

Test(paper, a_text_without_end_is_cut_with_a_sign)
{
	char *text = zg_alloc(10001, 1);
	struct zg_gbk *gbk = zg_gbk_new();
	struct zg_paper paper;

	memset(text, 'W', 10000);
	zg_paper_init(&paper, 32);
	zg_paper_add_text(&paper, gbk, text, ZG_ALIGN_LEFT, 0);

	cr_assert(eq(sz, paper.count, ZG_PAPER_WRAP_MAX));
	const char *last = paper.rows[paper.count - 1].text;

	cr_expect(eq(str, (char *)last + strlen(last) - strlen("…"), "…"));
	cr_expect(eq(int, zg_paper_cells(last), 32));
	zg_paper_clear(&paper);
	zg_gbk_free(gbk);
	free(text);
}

Test(paper, codes_carry_only_what_they_can)
{
	struct zg_paper paper;

	zg_paper_init(&paper, 32);
	zg_paper_add_code(&paper, ZG_ROW_BARCODE, "");
	zg_paper_add_code(&paper, ZG_ROW_BARCODE, "R1\x1b\xe6\x8e\x8c");
	zg_paper_add_code(&paper, ZG_ROW_QR, "掌\x10\x04");
	zg_paper_add_feed(&paper, 2);
	zg_paper_add_cut(&paper);
	zg_paper_add_rule(&paper, '=');
	char *text = zg_paper_text(&paper);

	cr_expect(eq(str, text, "[CODE128 R1????]\n[QR 掌??]\n\n\n- - - cut - - -\n================================\n"));
	free(text);
	zg_paper_clear(&paper);
}

/* Whatever the text: rows fit, and together they say what was given, in order. */
Test(paper, wrapping_loses_nothing)
{
	static const char *const pieces[] = { "a", "Z", "9", " ", "一", "柜", "，", "×", "-", "word", "  ", "。" };
	struct zg_gbk *gbk = zg_gbk_new();
	struct chance chance = chance_begin();

	for (int round = 0; round < chance_rounds(20000); round++) {
		struct zg_buffer given = { 0 }, shown = { 0 };
		int columns = 24 + (int)(chance_next(&chance) % 41);
		unsigned style = chance_next(&chance) % 2 ? ZG_STYLE_WIDE : 0;
		struct zg_paper paper;

		for (uint64_t n = chance_next(&chance) % 60; n > 0; n--)
			zg_buffer_add_text(&given, pieces[chance_next(&chance) % (sizeof(pieces) / sizeof(pieces[0]))]);
		zg_paper_init(&paper, columns);
		if (chance_next(&chance) % 2) {
			const char *parts[] = { zg_buffer_text(&given), "1.00" };

			zg_paper_add_parts(&paper, gbk, parts, 2, style);
		} else {
			zg_paper_add_text(&paper, gbk, zg_buffer_text(&given), ZG_ALIGN_LEFT, style);
		}
		for (size_t i = 0; i < paper.count; i++) {
			const char *row = paper.rows[i].text;
			size_t length = strlen(row);

			cr_assert(le(int, zg_paper_cells(row), style ? columns / 2 : columns), "ZG_SEED=%llu round %d", (unsigned long long)chance.seed, round);
			if (length > 4 && strcmp(row + length - 4, "1.00") == 0)
				length -= 4;
			for (size_t k = 0; k < length; k++)
				if (row[k] != ' ')
					zg_buffer_add_byte(&shown, (unsigned char)row[k]);
		}
		size_t kept = 0;

		for (size_t k = 0; k < given.length; k++)
			if (given.bytes[k] != ' ')
				given.bytes[kept++] = given.bytes[k];
		if (paper.count < ZG_PAPER_WRAP_MAX)
			cr_assert(kept == shown.length && memcmp(zg_buffer_text(&given), zg_buffer_text(&shown), kept) == 0,
				  "ZG_SEED=%llu round %d", (unsigned long long)chance.seed, round);
		zg_paper_clear(&paper);
		zg_buffer_clear(&given);
		zg_buffer_clear(&shown);
	}
	zg_gbk_free(gbk);
}

/* The bytes of the last character that does not fit whole are left out with it. */
Test(paper, a_code_that_is_too_long_is_cut_between_two_characters)
{
	struct zg_paper paper;
	char longest[1203] = "";

	for (size_t i = 0; i < 400; i++)
		memcpy(longest + 3 * i, "掌", 4);
	zg_paper_init(&paper, 32);
	zg_paper_add_code(&paper, ZG_ROW_QR, longest);
	char *text = zg_paper_text(&paper);

	cr_expect(eq(sz, strlen(text), strlen("[QR ]\n") + 999));
	cr_expect(eq(str, text + strlen(text) - 5, "掌]\n"));
	free(text);
	zg_paper_clear(&paper);
}
