/* The parts that screens are made of, drawn alone. */
#include "tests/screen/harness.h"

#include "src/base/text.h"
#include "tui/widget/bigdigits.h"
#include "tui/widget/list.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

static struct zg_input shared;    /* what the bare screen draws; the test sets it */

static void draw_input(const struct zg_pane *pane, const void *self)
{
	(void)self;
	zg_input_draw(pane, 0, 0, 12, &shared, true);
	zg_draw_text(pane, 2, 0, 9, ZG_INK_TEXT, "农夫山泉550");
	zg_draw_text(pane, 3, 0, 8, ZG_INK_TEXT, "农夫山泉");
	zg_draw_right(pane, 4, 0, 10, ZG_INK_TEXT, "39.90");
	zg_draw_centre(pane, 5, 0, 10, ZG_INK_TEXT, "中文");
	zg_draw_text(pane, 6, 0, 20, ZG_INK_TEXT, "a\tb\033[31m\x80z");
	zg_draw_wrap(pane, 7, 0, 10, 3, ZG_INK_TEXT, "one two three 农夫山泉矿泉水 and more than fits");
	zg_draw_text(pane, 11, 78, 20, ZG_INK_TEXT, "over the edge");
}

static const struct zg_screen bare = { .title = "bare", .size = 1, .draw = draw_input };

static struct harness *open_bare(void)
{
	struct zg_app_parts parts;

	harness_parts(&parts, 24, 80);
	return harness_open(&parts, &bare, NULL);
}

Test(widget, texts_are_cut_by_cells)
{
	struct harness *h = open_bare();

	cr_expect(eq(str, (char *)harness_row(h, 4), "农夫山泉…"));
	cr_expect(eq(str, (char *)harness_row(h, 5), "农夫山泉"));
	cr_expect(eq(str, (char *)harness_row(h, 6), "     39.90"));
	cr_expect(eq(str, (char *)harness_row(h, 7), "   中文"));
	cr_expect(eq(str, (char *)harness_row(h, 8), "a?b?[31m\xEF\xBF\xBDz"));
	cr_expect(eq(str, (char *)harness_row(h, 9), "one two"));
	cr_expect(eq(str, (char *)harness_row(h, 10), "three 农夫"));
	cr_expect(zg_screen_width(harness_row(h, 11)) <= 10 && strstr(harness_row(h, 11), "…"));
	cr_expect(zg_screen_width(harness_row(h, 13)) <= 80);
	harness_close(h);
}

Test(widget, an_input_edits_by_characters)
{
	struct zg_input input = { .room = 20 };

	for (const char *key = "ab"; *key; key++)
		zg_input_press(&input, (uint32_t)*key);
	zg_input_press(&input, 0x4E2D);
	zg_input_press(&input, 0x6587);
	zg_input_press(&input, ZG_KEY_LEFT);
	zg_input_press(&input, ZG_KEY_BACKSPACE);
	cr_expect(eq(str, input.text, "ab文"));
	zg_input_press(&input, ZG_KEY_HOME);
	zg_input_press(&input, ZG_KEY_DELETE);
	zg_input_press(&input, 'x');
	cr_expect(eq(str, input.text, "xb文"));
	zg_input_press(&input, ZG_KEY_END);
	zg_input_press(&input, 0x0301);    /* an accent belongs to the character before it */
	zg_input_press(&input, ZG_KEY_BACKSPACE);
	cr_expect(eq(str, input.text, "xb"));
	cr_expect(not(zg_input_add(&input, "123456789012345678901")));
	cr_expect(not(zg_input_add(&input, "\033")));
	cr_expect(eq(str, input.text, "xb"));
	cr_expect(not(zg_input_press(&input, ZG_KEY_UP)));
}

Test(widget, a_long_input_scrolls_to_its_cursor)
{
	zg_input_set(&shared, "农夫山泉矿泉水550ml");
	struct harness *h = open_bare();

	cr_expect(eq(str, (char *)harness_row(h, 2), "▏泉水550ml ▕"));
	zg_input_press(&shared, ZG_KEY_HOME);
	zg_app_frame(harness_app(h));
	cr_expect(eq(str, (char *)harness_row(h, 2), "▏农夫山泉矿▕"));
	harness_close(h);
}

static void many_lamps(void *context, struct zg_status *status)
{
	(void)context;
	*status = (struct zg_status){ .till = "1号台", .cashier = "林晓", .shift = "3班", .day = "11-25", .clock = "16:42", .lamp_count = 6,
		.lamps = { { "打印机", NULL, ZG_LIGHT_WELL, -1 }, { "纸", NULL, ZG_LIGHT_LOOK, -1 }, { "钱箱", NULL, ZG_LIGHT_WELL, -1 },
			   { "单据", NULL, ZG_LIGHT_LOOK, 3 }, { "挂单", NULL, ZG_LIGHT_WELL, 2 }, { "磁盘", NULL, ZG_LIGHT_LOOK, -1 } } };
}

Test(widget, lamps_that_are_well_give_way_to_the_cashiers_name)
{
	struct zg_app_parts parts;

	harness_parts(&parts, 12, 40);
	parts.status = many_lamps;
	struct harness *h = harness_open(&parts, &bare, NULL);

	cr_expect(eq(str, (char *)harness_row(h, 0), " 1号台 林晓       纸▲ 单据3 挂单2 磁盘▲"));
	harness_close(h);
}

static bool has_letter(const void *self, int row, const char *filter)
{
	(void)self;
	return "banana"[row] == filter[0];
}

Test(widget, a_filter_hides_rows_and_keeps_the_bar)
{
	struct zg_list list = { 0 };

	zg_list_update(&list, 6, has_letter, NULL);
	zg_list_select(&list, 3);
	zg_list_press(&list, '/');
	zg_list_press(&list, 'a');
	zg_list_update(&list, 6, has_letter, NULL);
	cr_expect(eq(int, list.count, 3));
	cr_expect(eq(int, zg_list_row(&list), 3));
	zg_list_press(&list, ZG_KEY_ENTER);
	cr_expect(not(list.filtering));
	zg_list_press(&list, 'j');
	cr_expect(eq(int, zg_list_row(&list), 5));
	zg_list_press(&list, '/');
	zg_list_press(&list, ZG_KEY_ESC);
	zg_list_update(&list, 6, has_letter, NULL);
	cr_expect(eq(int, list.count, 6));
	cr_expect(eq(int, zg_list_row(&list), 5));
	zg_list_clear(&list);
}

Test(widget, an_empty_list_has_no_row)
{
	struct zg_list list = { 0 };

	zg_list_update(&list, 0, NULL, NULL);
	zg_list_fit(&list, 5);
	zg_list_press(&list, ZG_KEY_DOWN);
	zg_list_press(&list, ZG_KEY_END);

	cr_expect(eq(int, zg_list_row(&list), -1));
	zg_list_update(&list, 2, NULL, NULL);
	cr_expect(eq(int, zg_list_row(&list), 0));
	zg_list_clear(&list);
}
