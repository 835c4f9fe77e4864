#include "src/base/alloc.h"
#include "src/base/json.h"
#include "src/base/money.h"
#include "src/io/data.h"
#include "tests/unit/slips.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *read_fixture(const char *folder, const char *name)
{
	char *path = zg_print("%s/%s/%s", ZG_FIXTURES, folder, name);
	struct zg_buffer out = { 0 };
	FILE *file = fopen(path, "rb");
	char piece[4096];
	size_t got;

	cr_assert(file != NULL, "%s is missing: see tests/fixtures/slips/README.md", path);
	while ((got = fread(piece, 1, sizeof(piece), file)) > 0)
		zg_buffer_add(&out, piece, got);
	fclose(file);
	free(path);
	return zg_buffer_take(&out);
}

/* Says the first line that differs; whole slips are too long to read in a log. */
static void expect_same(const char *golden, const char *now, const char *name)
{
	size_t line = 1, at = 0;

	for (; golden[at] && golden[at] == now[at]; at++)
		line += golden[at] == '\n';
	cr_expect(golden[at] == now[at], "%s differs from line %zu: now\n%.120s", name, line, now + at);
}

Test(receipt, every_slip_looks_as_it_did)
{
	for (unsigned slip = 0; slip < ZG_SLIPS; slip++) {
		json_t *document = zg_slip_sample(slip);

		for (size_t l = 0; l < SLIP_LANGUAGES; l++) {
			for (size_t w = 0; w < SLIP_WIDTHS; w++) {
				struct zg_paper paper;
				struct zg_buffer grid = { 0 }, bytes = { 0 };

				slip_layout(slip, slip_languages[l], document, w ? 48 : 32, &paper);
				slip_grid(&paper, &grid);
				slip_bytes(&paper, slip_profiles[w], &bytes);

				char *name = zg_print("%s.%s.%s.txt", zg_slip_name(slip), slip_languages[l], w ? "80" : "58");
				char *golden = read_fixture("slips", name);

				expect_same(golden, zg_buffer_text(&grid), name);
				free(name);
				free(golden);
				name = zg_print("%s.%s.%s.hex", zg_slip_name(slip), slip_languages[l], slip_profiles[w]);
				golden = read_fixture("escpos", name);
				expect_same(golden, zg_buffer_text(&bytes), name);
				free(name);
				free(golden);
				zg_paper_clear(&paper);
				zg_buffer_clear(&grid);
				zg_buffer_clear(&bytes);
			}
		}
		json_decref(document);
	}
}

static void expect_fits(const struct zg_paper *paper, const char *what)
{
	struct zg_gbk *gbk = zg_gbk_new();

	for (size_t i = 0; i < paper->count; i++) {
		const struct zg_paper_row *row = &paper->rows[i];

		if (row->kind > ZG_ROW_RULE)
			continue;
		int cells = zg_paper_width(gbk, row->text);

		cr_expect(eq(int, cells, zg_paper_cells(row->text)), "%s", row->text);
		cr_expect(le(int, row->style & ZG_STYLE_WIDE ? cells * 2 : cells, paper->columns), "%s, %d columns: %s", what,
			  paper->columns, row->text);
		for (const char *at = row->text; *at; at++) {
			bool visible = (unsigned char)*at >= 0x20 && *at != 0x7F;

			cr_expect(visible, "%s", row->text);
		}
	}
	zg_gbk_free(gbk);
}

Test(receipt, no_row_is_wider_than_the_paper)
{
	for (unsigned slip = 0; slip < ZG_SLIPS; slip++) {
		json_t *document = zg_slip_sample(slip);

		for (int columns = ZG_PAPER_COLUMNS_MIN; columns <= ZG_PAPER_COLUMNS_MAX; columns++) {
			for (size_t l = 0; l < SLIP_LANGUAGES; l++) {
				struct zg_paper paper;

				slip_layout(slip, slip_languages[l], document, columns, &paper);
				expect_fits(&paper, zg_slip_name(slip));
				zg_paper_clear(&paper);
			}
		}
		json_decref(document);
	}
}

/* True when a row ends in `text` at the right edge. */
static bool ends_at_edge(const struct zg_paper *paper, const char *text)
{
	size_t length = strlen(text);

	for (size_t i = 0; i < paper->count; i++) {
		const struct zg_paper_row *row = &paper->rows[i];
		size_t have = row->kind == ZG_ROW_TEXT ? strlen(row->text) : 0;

		if (have > length && row->text[have - length - 1] == ' ' && strcmp(row->text + have - length, text) == 0
		    && zg_paper_cells(row->text) == paper->columns)
			return true;
	}
	return false;
}

Test(receipt, every_amount_of_a_sale_stands_at_the_right_edge)
{
	json_t *document = zg_slip_sample(ZG_SLIP_SALE);

	for (size_t l = 0; l < SLIP_LANGUAGES; l++) {
		for (int columns = 32; columns <= 48; columns++) {
			struct zg_paper paper;
			const json_t *line;
			size_t at;
			char amount[ZG_AMOUNT_TEXT];

			slip_layout(ZG_SLIP_SALE, slip_languages[l], document, columns, &paper);

			json_array_foreach(json_object_get(document, "lines"), at, line)
				cr_expect(ends_at_edge(&paper, zg_fen_format(amount, zg_json_integer(line, "amount_fen", -1))),
					  "%s", amount);
			cr_expect(ends_at_edge(&paper, "￥133.40"));
			cr_expect(ends_at_edge(&paper, "200.00"));
			cr_expect(ends_at_edge(&paper, "66.60"));
			cr_expect(ends_at_edge(&paper, "-1.85"));
			cr_expect(ends_at_edge(&paper, "-5.00"));
			cr_expect(ends_at_edge(&paper, "-0.01"));
			zg_paper_clear(&paper);
		}
	}
	json_decref(document);
}

static bool has_text(const struct zg_paper *paper, const char *text)
{
	for (size_t i = 0; i < paper->count; i++)
		if (paper->rows[i].text && strstr(paper->rows[i].text, text))
			return true;
	return false;
}

Test(receipt, a_reprint_says_so)
{
	for (size_t l = 0; l < SLIP_LANGUAGES; l++) {
		static const enum zg_slip reprinted[] = { ZG_SLIP_SALE, ZG_SLIP_REFUND, ZG_SLIP_Z, ZG_SLIP_X, ZG_SLIP_CASH };
		const char *word = l == 0 ? "重印 第 2 次" : "REPRINT No. 2";

		for (size_t i = 0; i < sizeof(reprinted) / sizeof(reprinted[0]); i++) {
			json_t *document = zg_slip_sample(reprinted[i]);
			struct zg_paper paper;

			slip_layout(reprinted[i], slip_languages[l], document, 32, &paper);
			cr_expect(not(has_text(&paper, l == 0 ? "重印 第" : "REPRINT")));
			zg_paper_clear(&paper);
			zg_json_set_boolean(document, "copy", true);
			zg_json_set_integer(document, "copies", 2);
			slip_layout(reprinted[i], slip_languages[l], document, 32, &paper);
			cr_expect(has_text(&paper, word), "%s", zg_slip_name(reprinted[i]));
			zg_paper_clear(&paper);
			json_decref(document);
		}
	}
}

Test(receipt, the_count_is_named_by_its_sign)
{
	static const struct { int64_t fen; const char *zh, *en; } cases[] = {
		{ 0, "对上", "EXACT" }, { 5, "长款", "OVER" }, { -5, "短款", "SHORT" },
	};

	for (size_t i = 0; i < 3; i++) {
		for (size_t l = 0; l < SLIP_LANGUAGES; l++) {
			json_t *document = zg_slip_sample(ZG_SLIP_Z);
			struct zg_paper paper;

			zg_json_set_integer(json_object_get(document, "cash"), "difference_fen", cases[i].fen);
			zg_json_set(document, "shifts", json_array());
			slip_layout(ZG_SLIP_Z, slip_languages[l], document, 48, &paper);
			for (size_t k = 0; k < 3; k++)
				cr_expect(eq(int, has_text(&paper, l ? cases[k].en : cases[k].zh), k == i));
			zg_paper_clear(&paper);
			json_decref(document);
		}
	}
}

/* The day has no number of its own: it sums its Zs. */
Test(receipt, the_report_of_a_day_lists_its_shifts)
{
	json_t *document = zg_slip_sample(ZG_SLIP_Z);

	zg_json_set_integer(document, "number", 0);
	zg_json_set_integer(document, "shift", 0);
	for (size_t l = 0; l < SLIP_LANGUAGES; l++) {
		struct zg_paper paper;

		slip_layout(ZG_SLIP_Z, slip_languages[l], document, 32, &paper);
		cr_expect(has_text(&paper, l == 0 ? "日结报表" : "DAY REPORT"));
		cr_expect(not(has_text(&paper, l == 0 ? "Z 报表" : "Z REPORT")));
		cr_expect(has_text(&paper, l == 0 ? "Z42 班3 王芳" : "Z42 shift 3 王芳"));
		cr_expect(not(has_text(&paper, l == 0 ? "未结，不在合计内" : "not counted: 1")));
		zg_paper_clear(&paper);
		zg_json_set_integer(document, "open_shifts", 1);
		slip_layout(ZG_SLIP_Z, slip_languages[l], document, 32, &paper);
		cr_expect(has_text(&paper, l == 0 ? "还有 1 班未结，不在合计内" : "Still open, not counted: 1"));
		zg_paper_clear(&paper);
		zg_json_set_integer(document, "open_shifts", 0);
	}
	json_decref(document);
}

Test(receipt, a_blind_count_prints_no_cash)
{
	json_t *document = zg_slip_sample(ZG_SLIP_X);

	for (size_t l = 0; l < SLIP_LANGUAGES; l++) {
		struct zg_paper paper;

		slip_layout(ZG_SLIP_X, slip_languages[l], document, 48, &paper);
		cr_expect(has_text(&paper, "1887.00"));
		zg_paper_clear(&paper);
		zg_json_set_boolean(document, "blind", true);
		slip_layout(ZG_SLIP_X, slip_languages[l], document, 48, &paper);
		cr_expect(not(has_text(&paper, "1887.00")));
		zg_paper_clear(&paper);
		zg_json_set_boolean(document, "blind", false);
	}
	json_decref(document);
}

/* Puts `text` into every string of a document but the enum-like ones. */
static void spoil(json_t *value, const char *text)
{
	const char *key;
	json_t *member;
	size_t at;
	void *next;

	if (json_is_object(value)) {
		json_object_foreach_safe(value, next, key, member) {
			if (json_is_string(member))
				json_object_set_new(value, key, json_string_nocheck(text));
			else
				spoil(member, text);
		}
	}
	json_array_foreach(value, at, member)
		spoil(member, text);
}

/* What a hostile product file, scan or gateway might put into a name: no byte of it may be a command. */
Test(receipt, hostile_text_reaches_no_slip_as_a_command)
{
	char *long_name = zg_alloc(10241, 1);
	const char *const hostile[] = {
		"\x1b@\x1bp", "a\x1bp\x01\x19\xfa", "\x10\x14\x01\x01\x01", "\u202Egnp.exe", "\u200B\u200D\uFEFF", "\x1dV\x01", "\x7f\x80\x9b",
		"\xff\xfe\xed\xa0\x80", "{cut}|{total_fen}", "\n\r\t\x0c", "👨‍👩‍👧 e\u0301\u0302\u0303\u0304", long_name,
	};

	memset(long_name, 'W', 10240);
	memcpy(long_name + 5000, "\x1bp\x00", 2);
	for (size_t h = 0; h < sizeof(hostile) / sizeof(hostile[0]); h++) {
		for (unsigned slip = 0; slip < ZG_SLIPS; slip++) {
			json_t *document = zg_slip_sample(slip);
			struct zg_paper paper;

			spoil(document, hostile[h]);
			for (int columns = 32; columns <= 48; columns += 16) {
				slip_layout(slip, "zh", document, columns, &paper);
				expect_fits(&paper, hostile[h]);
				cr_expect(lt(sz, paper.count, 700u));
				zg_paper_clear(&paper);
			}
			json_decref(document);
		}
	}
	free(long_name);
}

static void write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	cr_assert(file != NULL);
	fputs(text, file);
	fclose(file);
}

Test(receipt, a_shops_own_template_is_used_unless_it_has_a_fault)
{
	char directory[] = "/tmp/zg-slips-XXXXXX";
	struct zg_buffer text = { 0 };
	struct zg_error err;

	cr_assert(mkdtemp(directory) != NULL);
	char *folder = zg_print("%s/receipts", directory), *path = zg_print("%s/sale.zh.txt", folder);
	const char *directories[] = { directory, ZG_SOURCE "/data" };
	char *command = zg_print("mkdir %s", folder);

	cr_assert(eq(int, system(command), 0));
	write_text(path, "{centre}我的店\n");
	cr_expect(eq(int, zg_data_template(directories, 2, ZG_SLIP_SALE, "zh_CN.UTF-8", &text, &err), ZG_OK));
	cr_expect(eq(str, (char *)zg_buffer_text(&text), "{centre}我的店\n"));
	cr_expect(eq(str, err.text, ""));

	write_text(path, "{centre}我的店\n合计|{totl_fen}\n");
	cr_expect(eq(int, zg_data_template(directories, 2, ZG_SLIP_SALE, "zh", &text, &err), ZG_OK));
	cr_expect(strstr(zg_buffer_text(&text), "{total_fen:yuan}") != NULL);
	cr_expect(strstr(err.text, "sale.zh.txt, line 2: this slip has no field \"totl_fen\"") != NULL, "%s", err.text);

	cr_expect(eq(int, zg_data_template(directories, 2, ZG_SLIP_SALE, "de", &text, &err), ZG_OK));
	cr_expect(strstr(zg_buffer_text(&text), "TOTAL|") != NULL);
	cr_expect(eq(int, zg_data_template(directories, 1, ZG_SLIP_Z, "../../etc", &text, &err), ZG_NOT_FOUND));
	remove(path);
	remove(folder);
	remove(directory);
	zg_buffer_clear(&text);
	free(folder);
	free(path);
	free(command);
}

/* What the slip's template begins with when the shop has these files, in this language. */
static void expect_template(const char *directory, const char *language, const char *begins, bool tells)
{
	const char *directories[] = { directory, ZG_SOURCE "/data" };
	struct zg_buffer text = { 0 };
	struct zg_error err;

	cr_assert(eq(int, zg_data_template(directories, 2, ZG_SLIP_SALE, language, &text, &err), ZG_OK));
	cr_expect(strncmp(zg_buffer_text(&text), begins, strlen(begins)) == 0, "%s: %.60s", language, zg_buffer_text(&text));
	cr_expect(eq(int, err.text[0] != '\0', tells), "%s: %s", language, err.text);
	zg_buffer_clear(&text);
}

Test(receipt, the_language_comes_before_whose_template_it_is)
{
	char directory[] = "/tmp/zg-slips-XXXXXX";

	cr_assert(mkdtemp(directory) != NULL);
	char *folder = zg_print("%s/receipts", directory), *english = zg_print("%s/sale.en.txt", folder), *chinese = zg_print("%s/sale.zh.txt", folder);
	char *command = zg_print("mkdir %s", folder);

	cr_assert(eq(int, system(command), 0));
	write_text(english, "{centre}My shop\n");
	expect_template(directory, "zh", "# 销售小票", false);    /* ours in the wanted language, not the shop's in another */
	expect_template(directory, "en", "{centre}My shop", false);
	expect_template(directory, "de", "{centre}My shop", false);    /* nobody has a German one */
	write_text(chinese, "{centre}我的店\n");
	expect_template(directory, "zh", "{centre}我的店", false);
	write_text(chinese, "{centre}{shop.nmae}\n");
	expect_template(directory, "zh", "# 销售小票", true);    /* a fault in it changes no customer's language */
	remove(english);
	expect_template(directory, "de", "# ", false);
	remove(chinese);
	remove(folder);
	remove(directory);
	free(folder);
	free(english);
	free(chinese);
	free(command);
}

/* Only a sample's document knows which fields exist; the two languages must say the same things. */
Test(receipt, both_languages_print_the_same_fields)
{
	for (unsigned slip = 0; slip < ZG_SLIPS; slip++) {
		struct zg_buffer texts[SLIP_LANGUAGES] = { { 0 } };
		const char *directories[] = { ZG_SOURCE "/data" };

		for (size_t l = 0; l < SLIP_LANGUAGES; l++)
			cr_assert(eq(int, zg_data_template(directories, 1, slip, slip_languages[l], &texts[l], NULL), ZG_OK));
		for (const char *at = zg_buffer_text(&texts[0]); (at = strchr(at, '{')); at++) {
			char *field = zg_copy_bytes(at, strcspn(at, "}") + 1);

			cr_expect(strstr(zg_buffer_text(&texts[1]), field) != NULL, "%s: %s", zg_slip_name(slip), field);
			free(field);
		}
		for (size_t l = 0; l < SLIP_LANGUAGES; l++)
			zg_buffer_clear(&texts[l]);
	}
}
