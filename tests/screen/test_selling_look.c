/* How the selling side looks: goldens at three sizes in both languages, and what must be so at every size. */
#include "src/base/alloc.h"
#include "src/base/buffer.h"
#include "src/base/locale.h"
#include "src/base/text.h"
#include "tests/screen/counter.h"
#include "tests/screen/golden.h"
#include "tui/screens.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>
#include <stdlib.h>
#include <string.h>

static struct counter *c;

#define NUTS "<6901028075831>"    /* 39.90 */
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char config[] = "[shop]\nname = 小满便利店\nrounding = jiao\n\n[till]\nid = 1\n";

/* 40 wide characters, which is all a name may have; a narrow one; what costs most. */
static const char more[] =
	"120120,,一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十,盒,8.80,13%,,piece\n"
	"300003,,USB cable 1 m,,19.00,13%,,piece\n"
	"300004,,Ring,,999.99,13%,,piece\n"
	"202,,虫草,kg,0.10,9%,,weighed\n";

static void language(const char *name)
{
	setenv("ZHANGGUI_LOCALEDIR", ZG_BUILD "/po/locale", 0);
	zg_locale_choose(name);
}

static void begin(int rows, int columns, const char *login)
{
	c = counter_open(rows, columns, login, config);
	if (login) {
		counter_goods(c, more);
		counter_shift(c);
	}
	counter_keep_up(c);
	counter_show(c, login ? &zg_sale_screen : &zg_login_screen, NULL);
}

static void end(void)
{
	if (c)
		counter_close(c);
}

/* ---- goldens ---- */

static const struct scene {
	const char *name, *login, *keys;
} scenes[] = {
	{ "sign-in",   NULL,   "lin\r24" },
	{ "wrong-pin", NULL,   "lin\r1111\r" },
	{ "empty",     "lin",  "" },
	{ "sale",      "lin",  "2*1001\r1002\r/0.5\r" NUTS "201\r0.856\r12" },
	{ "names",     "lin",  "<120120><300003>9999*<300004>202\r9999.999\r" },
	{ "quantity",  "lin",  NUTS "*3" },
	{ "searching", "lin",  NUTS "n" },
	{ "settle",    "lin",  "201\r0.856\r+" TYPE_DOWN },
	{ "amount",    "lin",  "201\r0.856\r+100" },
	{ "odd",       "lin",  "1001\r100+" },
	{ "paid",      "lin",  NUTS "100+" },
	{ "lend",      "lin",  NUTS ".30\rding\r24" },
	{ "find",      "lin",  TYPE_F3 "n" },
	{ "hung",      "lin",  NUTS TYPE_F7 "1001\r1002\r" TYPE_F7 TYPE_F7 },
	{ "locked",    "lin",  NUTS "\014" },
	{ "line",      "lin",  "3*1001\r1-\r" },
	{ "removed",   "lin",  NUTS "1001\r1002\r-" TYPE_UP "-" TYPE_DOWN },
	{ "cancel",    "lin",  NUTS "\030" },
	{ "waiting",   "lin",  "901\r" NUTS NUTS },
	{ "unknown",   "lin",  "<999999>" },
};

static const char *const languages[] = { "en", "zh_CN" };
static const int sizes[][2] = { { 12, 40 }, { 24, 80 }, { 40, 120 }, { 60, 200 } };

ParameterizedTestParameters(golden, screens)
{
	static size_t all[COUNT(scenes) * COUNT(languages)];

	for (size_t i = 0; i < COUNT(all); i++)
		all[i] = i;
	return cr_make_param_array(size_t, all, COUNT(all));
}

ParameterizedTest(size_t *which, golden, screens, .fini = end, .timeout = 60)
{
	const struct scene *scene = &scenes[*which / COUNT(languages)];
	const char *tongue = languages[*which % COUNT(languages)];

	language(tongue);
	begin(24, 80, scene->login);
	counter_play(c, scene->keys);
	golden_sizes(c->h, scene->name, tongue, NULL);
}

/* ---- what is so at every size ---- */

TestSuite(selling_look, .fini = end, .timeout = 60);

/* The cell behind the text in the row; -1: it is not there. */
static int edge_of(int row, const char *text)
{
	const char *line = harness_row(c->h, row), *at = NULL;

	for (const char *next = line; (next = strstr(next, text)); next++)
		at = next;
	if (!at)
		return -1;
	char *before = zg_copy_bytes(line, (size_t)(at - line));
	int edge = zg_screen_width(before) + zg_screen_width(text);

	free(before);
	return edge;
}

/* A row of the large digits of an amount, as tui/widget/bigdigits.c draws them. */
static char *large(const char *amount, int row)
{
	static const char *const digits[10][3] = {
		{ "█▀█", "█ █", "▀▀▀" }, { "▀█ ", " █ ", "▀▀▀" }, { "▀▀█", "█▀▀", "▀▀▀" }, { "▀▀█", " ▀█", "▀▀▀" }, { "█ █", "▀▀█", "  ▀" },
		{ "█▀▀", "▀▀█", "▀▀▀" }, { "█▀▀", "█▀█", "▀▀▀" }, { "▀▀█", "  █", "  ▀" }, { "█▀█", "█▀█", "▀▀▀" }, { "█▀█", "▀▀█", "▀▀▀" },
	};
	struct zg_buffer out = { 0 };

	for (; *amount; amount++)
		zg_buffer_print(&out, "%s%s", *amount == '.' ? (row == 2 ? "▀" : " ") : digits[*amount - '0'][row], amount[1] ? " " : "");
	while (out.length > 0 && out.bytes[out.length - 1] == ' ')
		out.bytes[--out.length] = '\0';
	return zg_buffer_take(&out);
}

/* The sale's total is on the screen: in large digits, or in one row where they have no room. */
static bool shows_total(void)
{
	char amount[ZG_AMOUNT_TEXT];
	bool all = true;

	zg_fen_format(amount, zg_sale_totals(zg_till_sale(c->shop->till))->total_fen);
	for (int row = 0; row < 3; row++) {
		char *part = large(amount, row);

		all = all && harness_has(c->h, part);
		free(part);
	}
	char *plain = zg_print("￥%s", amount);

	all = all || harness_has(c->h, plain);
	free(plain);
	return all;
}

Test(selling_look, money_stands_on_one_column_and_nothing_is_cut)
{
	begin(24, 80, "lin");
	counter_play(c, "<120120><300003>" NUTS "201\r0.856\r1002\r/0.5\r9999*<300004>");
	const struct zg_sale *sale = zg_till_sale(c->shop->till);

	for (size_t i = 0; i < COUNT(sizes); i++) {
		int columns = sizes[i][1], price_edge = -1, seen = 0;

		harness_resize(c->h, sizes[i][0], columns);
		cr_expect(shows_total(), "%d columns:\n%s", columns, harness_screen(c->h));
		for (size_t k = 0; k < zg_sale_line_count(sale); k++) {
			const struct zg_line *line = zg_sale_line(sale, k);
			char amount[ZG_AMOUNT_TEXT], price[ZG_AMOUNT_TEXT], start[10] = "";

			/* as much of the name as is in sight anywhere: three hanzi, or as many letters */
			snprintf(start, sizeof(start), "%.*s", line->name[0] & 0x80 ? 9 : 4, line->name);
			int row = harness_find_below(c->h, 2, start, NULL);

			if (row < 0 || row >= sizes[i][0] - 7)
				continue;    /* scrolled away on a low screen */
			seen++;
			cr_expect(eq(int, edge_of(row, zg_fen_format(amount, line->amount_fen)), columns - 1), "%d columns, %s\n%s", columns, line->name,
				  harness_screen(c->h));
			cr_expect(le(int, harness_width(c->h, row), columns - 1));
			if (columns < 60)
				continue;
			int edge = edge_of(row, zg_fen_format(price, line->price_fen));

			/* a single piece's price is its amount too: the last one found is that one */
			if (line->price_fen == line->amount_fen)
				continue;
			cr_expect(price_edge < 0 || edge == price_edge, "%d columns: the price of %s ends at %d, not %d", columns, line->name, edge,
				  price_edge);
			price_edge = edge;
		}
		cr_expect(eq(int, seen, columns == 40 ? 3 : 6), "%d lines are in sight at %d columns\n%s", seen, columns, harness_screen(c->h));
	}
}

Test(selling_look, a_discount_of_the_whole_sale_is_in_each_row_as_in_the_total)
{
	begin(24, 80, "ding");
	counter_play(c, NUTS "//9/");
	int row = harness_find_below(c->h, 2, "三只松鼠", NULL);

	cr_expect(strstr(harness_row(c->h, row), " -3.99 ") != NULL, "%s", harness_row(c->h, row));
	cr_expect(eq(int, edge_of(row, " 35.91"), 79), "%s", harness_row(c->h, row));
	cr_expect(shows_total());
}

Test(selling_look, the_largest_amounts_touch_nothing)
{
	begin(24, 80, "lin");
	counter_play(c, "9999*<300004>202\r9999.999\r");

	for (size_t i = 0; i < COUNT(sizes); i++) {
		harness_resize(c->h, sizes[i][0], sizes[i][1]);
		int row = harness_find_below(c->h, 2, "Ring", NULL), weighed = harness_find_below(c->h, 2, "虫草", NULL);

		cr_expect(strstr(harness_row(c->h, row), " 9999 ") && strstr(harness_row(c->h, row), " 9998900.01"), "%s", harness_row(c->h, row));
		cr_expect(shows_total());
		/* never half a number */
		cr_expect(strstr(harness_row(c->h, weighed), " 9999.999") != NULL, "%s", harness_row(c->h, weighed));
		cr_expect(harness_has(c->h, "9998900.01"));
	}
}

Test(selling_look, a_resize_while_one_types_loses_nothing)
{
	begin(24, 80, "lin");
	counter_play(c, NUTS "*1");

	for (size_t i = 0; i < COUNT(sizes); i++) {
		harness_resize(c->h, sizes[i][0], sizes[i][1]);
		cr_expect(harness_has(c->h, "Quantity * ▏1"), "%d columns", sizes[i][1]);
	}
	harness_resize(c->h, 5, 20);
	harness_resize(c->h, 24, 80);
	counter_play(c, "2\r");

	cr_expect(eq(i64, zg_sale_totals(zg_till_sale(c->shop->till))->total_fen, 12 * 3990));
}

/* The bar is seen wherever the sale scrolled to. */
Test(selling_look, a_long_sale_keeps_its_line_in_sight)
{
	static const char *const moves[] = { TYPE_UP, TYPE_UP, TYPE_UP, "\033[5~", "\033[5~", TYPE_DOWN, TYPE_PAGE_DOWN, TYPE_PAGE_DOWN };

	begin(12, 40, "lin");
	for (int i = 0; i < 12; i++)
		counter_play(c, i % 2 ? "1001\r" : "1002\r");
	for (size_t i = 0; i < COUNT(moves); i++) {
		counter_play(c, moves[i]);
		cr_expect(harness_has(c->h, "▸"), "after move %zu\n%s", i, harness_screen(c->h));
	}
}

Test(selling_look, every_theme_shows_the_same_text)
{
	static const char *const themes[] = { "dark", "light", "high-contrast", "mono", "NO_COLOR" };
	char *first = NULL;

	begin(24, 80, "lin");
	counter_play(c, "2*1001\r1002\r/0.5\r" NUTS "<999999>");
	for (size_t i = 0; i < COUNT(themes); i++) {
		if (i == 4)
			setenv("NO_COLOR", "1", 1);
		zg_app_set_look(harness_app(c->h), i == 4 ? "dark" : themes[i], false);
		zg_app_frame(harness_app(c->h));
		char *screen = harness_screen(c->h);
		short pair = -1;
		int column, row = harness_find(c->h, "✗", &column);

		cr_expect(first == NULL || strcmp(screen, first) == 0, "%s:\n%s", themes[i], screen);
		harness_attributes(c->h, row, column, &pair);
		cr_expect(i < 3 ? pair > 0 : pair == 0, "%s: pair %d", themes[i], pair);
		if (first)
			free(screen);
		else
			first = screen;
	}
	cr_expect(strstr(first, "✗ Not done:") && strstr(first, "▸"));
	free(first);
}

/* No word of the till's own is left in English: what is Latin is a key, a code, a unit or the goods' own name. */
Test(selling_look, the_chinese_screens_leave_no_gap_in_the_columns)
{
	language("zh_CN");
	begin(24, 80, "lin");
	counter_play(c, "<120120><300003>" NUTS "201\r0.856\r");

	for (size_t i = 0; i < COUNT(sizes); i++) {
		harness_resize(c->h, sizes[i][0], sizes[i][1]);
		cr_expect(shows_total(), "%d columns", sizes[i][1]);
		for (int row = sizes[i][1] < 60 ? 2 : 3; row < (sizes[i][1] < 60 ? 5 : 7); row++)
			cr_expect(eq(int, harness_width(c->h, row), sizes[i][1] - 1), "%d columns, row %d", sizes[i][1], row);
	}
}
