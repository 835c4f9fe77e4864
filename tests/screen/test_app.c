/* The app with the demo screen: keys, scans, boxes, messages, sizes. */
#include "tests/screen/demo.h"

#include "src/base/text.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

static const struct { int rows, columns; } sizes[] = { { 12, 40 }, { 24, 80 }, { 40, 120 }, { 60, 200 } };

#define SIZES (sizeof(sizes) / sizeof(sizes[0]))

Test(app, a_scan_is_added_and_leaves_the_line_as_it_was)
{
	struct harness *h = demo_open(24, 80);

	harness_type(h, "12");
	harness_scan(h, "6901028075831");

	cr_expect(eq(int, demo_state()->count, 1));
	cr_expect(eq(str, demo_state()->lines[0], "6901028075831"));
	cr_expect(eq(str, demo_state()->input.text, "12"));
	cr_expect(harness_has(h, "▏12"));
	harness_close(h);
}

Test(app, twenty_scans_in_one_write_come_out_in_order)
{
	struct harness *h = demo_open(24, 80);
	char bytes[1024] = "", code[32];

	for (int i = 0; i < 20; i++) {
		snprintf(code, sizeof(code), "R01%07d\r", i);
		strcat(bytes, code);
	}
	harness_write(h, bytes);

	cr_assert(eq(int, demo_state()->count, 20));
	for (int i = 0; i < 20; i++) {
		snprintf(code, sizeof(code), "R01%07d", i);
		cr_expect(eq(str, demo_state()->lines[i], code));
	}
	cr_expect(eq(str, demo_state()->input.text, ""));
	cr_expect(eq(str, demo_state()->acts, ""));
	harness_close(h);
}

Test(app, a_scan_under_an_open_box_waits_and_is_then_applied)
{
	struct harness *h = demo_open(24, 80);

	harness_type(h, "\033OQ");
	cr_assert(zg_app_has_box(harness_app(h)));
	harness_scan(h, "6901028075831");
	harness_scan(h, "R010000187");

	cr_expect(zg_app_has_box(harness_app(h)));
	cr_expect(eq(str, demo_state()->answer, ""));
	cr_expect(eq(int, demo_state()->count, 0));
	cr_expect(harness_has(h, "2 scans wait"));
	harness_type(h, "2");
	cr_expect(eq(str, demo_state()->answer, "chose 1"));
	cr_assert(eq(int, demo_state()->count, 2));
	cr_expect(eq(str, demo_state()->lines[0], "6901028075831"));
	cr_expect(eq(str, demo_state()->lines[1], "R010000187"));
	harness_close(h);
}

Test(app, a_scan_is_never_typed_into_a_pin)
{
	struct harness *h = demo_open(24, 80);

	harness_type(h, "\033OS林晓\r12");
	harness_scan(h, "6901028075831");
	harness_type(h, "34\r");

	cr_expect(eq(str, demo_state()->answer, "林晓/1234"));
	cr_expect(eq(int, demo_state()->count, 1));
	harness_close(h);
}

Test(app, a_box_that_asks_for_a_code_takes_the_scan)
{
	struct harness *h = demo_open(24, 80);

	harness_type(h, "\033[15~");
	harness_scan(h, "R010000187");
	harness_type(h, "坏了\r");

	cr_expect(eq(str, demo_state()->answer, "R010000187/坏了"));
	cr_expect(eq(int, demo_state()->count, 0));
	harness_close(h);
}

Test(app, more_scans_than_can_wait_are_refused_aloud)
{
	struct harness *h = demo_open(24, 80);

	harness_type(h, "\033OQ");
	for (int i = 0; i < ZG_APP_SCANS + 1; i++)
		zg_app_scan(harness_app(h), "R010000187");
	zg_app_frame(harness_app(h));

	cr_expect(harness_has(h, "Too many scans wait"));
	harness_type(h, "\033");
	cr_expect(eq(int, demo_state()->count, ZG_APP_SCANS));
	harness_close(h);
}

Test(app, a_script_may_pay_in_one_write)
{
	struct harness *h = demo_open(24, 80);

	harness_write(h, "100+");

	cr_expect(eq(str, demo_state()->acts, "+"));
	cr_expect(eq(str, demo_state()->answer, "100"));
	cr_expect(harness_has(h, "✓ Settled."));
	harness_write(h, "3*6901028075831\r+\r");
	cr_expect(eq(str, demo_state()->acts, "+*+E"));
	cr_expect(eq(int, demo_state()->count, 1));
	harness_close(h);
}

Test(app, a_cut_function_key_types_nothing)
{
	struct harness *h = demo_open(24, 80);

	harness_bytes(h, "\033", 1);
	harness_pass(h, 60);
	harness_bytes(h, "[24~", 4);
	harness_pass(h, 60);

	cr_expect(eq(str, demo_state()->input.text, ""));
	cr_expect(eq(str, demo_state()->acts, ""));
	harness_close(h);
}

Test(app, esc_clears_the_line_and_never_leaves_the_first_screen)
{
	struct harness *h = demo_open(24, 80);

	harness_type(h, "苹果\033");
	cr_expect(eq(str, demo_state()->input.text, ""));
	harness_type(h, "\033\033\177\177");

	cr_expect(zg_app_top(harness_app(h)) == &demo_screen);
	cr_expect(not(zg_app_is_done(harness_app(h))));
	harness_close(h);
}

Test(app, letters_search_and_signs_act_while_one_types)
{
	struct harness *h = demo_open(24, 80);

	harness_type(h, "nfsq");
	cr_expect(eq(str, demo_state()->input.text, "nfsq"));
	harness_type(h, "\177\177*");

	cr_expect(eq(str, demo_state()->acts, "*"));
	harness_close(h);
}

Test(app, a_dangerous_question_takes_enter_for_no)
{
	struct harness *h = demo_open(24, 80);

	harness_type(h, "\030\r");
	cr_expect(eq(str, demo_state()->answer, "no"));
	harness_type(h, "\030y");

	cr_expect(eq(str, demo_state()->answer, "yes"));
	harness_close(h);
}

Test(app, a_form_that_is_refused_stays_and_says_why)
{
	struct harness *h = demo_open(24, 80);

	harness_type(h, "\033OS林晓\r0000\r");
	cr_expect(harness_has(h, "✗ That PIN is too easy."));
	cr_expect(not(harness_has(h, "0000")));
	harness_type(h, "4711\r");

	cr_expect(eq(str, demo_state()->answer, "林晓/4711"));
	cr_expect(not(zg_app_has_box(harness_app(h))));
	harness_close(h);
}

Test(app, a_secret_is_never_on_the_screen)
{
	struct harness *h = demo_open(24, 80);

	harness_type(h, "\033OS林晓\r4711");

	cr_expect(harness_has(h, "****"));
	cr_expect(not(harness_has(h, "4711")));
	harness_close(h);
}

Test(app, every_key_is_listed_from_the_table)
{
	struct harness *h = demo_open(24, 80);

	harness_type(h, "?");

	cr_expect(harness_has(h, "Ctrl-X"));
	cr_expect(harness_has(h, "F5"));
	cr_expect(harness_has(h, "取消"));
	harness_type(h, "?\033");
	cr_expect(not(zg_app_has_box(harness_app(h))));
	harness_close(h);
}

Test(app, a_rebound_key_acts_and_is_printed)
{
	struct zg_keymap *map = zg_keymap_new();
	struct zg_app_parts parts;

	zg_keymap_bind(map, "demo.settle", ZG_KEY_F(8));
	zg_keymap_bind(map, "demo.settle", '=');
	harness_parts(&parts, 24, 80);
	parts.keymap = map;
	struct harness *h = harness_open(&parts, &demo_screen, NULL);

	harness_type(h, "+");
	cr_expect(eq(str, demo_state()->acts, ""));
	harness_type(h, "\177\033[19~=");
	cr_expect(eq(str, demo_state()->acts, "++"));
	cr_expect(harness_find(h, "F8 结算", NULL) == 23);
	harness_close(h);
	zg_keymap_free(map);
}

Test(app, a_long_refusal_is_shown_whole_at_every_size)
{
	for (size_t i = 0; i < SIZES; i++) {
		struct harness *h = demo_open(sizes[i].rows, sizes[i].columns);

		harness_type(h, "\033OR");

		cr_expect(harness_has(h, "✗ Not done:"), "%d", sizes[i].columns);
		cr_expect(harness_has(h, "silent"), "%d", sizes[i].columns);
		cr_expect(harness_has(h, "the weight.") || sizes[i].columns == 40, "%d", sizes[i].columns);
		harness_type(h, "5");
		cr_expect(not(harness_has(h, "✗ Not done:")));
		harness_close(h);
	}
}

/* What a cashier relies on at every size: the top line, the total, the money column, the keys. */
Test(app, every_size_keeps_its_columns)
{
	for (size_t i = 0; i < SIZES; i++) {
		struct harness *h = demo_open(sizes[i].rows, sizes[i].columns);
		int edge = -1, column;

		for (int k = 0; k < 4; k++)
			zg_app_scan(harness_app(h), "R010000187");
		zg_app_frame(harness_app(h));

		cr_expect(harness_has(h, "1号台"), "%d", sizes[i].columns);
		cr_expect(harness_has(h, "林晓"));
		cr_expect(harness_has(h, "▀▄▀    █▀▀ █▀█   █▀█ ▀█"), "%d", sizes[i].columns);
		cr_expect(harness_row(h, sizes[i].rows - 1)[1] == '+');
		cr_expect(strchr(harness_row(h, sizes[i].rows - 1), '?') != NULL);
		for (int row = 3; row < 6; row++) {
			int end = harness_width(h, row);

			cr_expect(edge < 0 || end == edge, "%d: row %d ends at %d, not %d", sizes[i].columns, row, end, edge);
			edge = end;
			cr_expect(end <= sizes[i].columns);
		}
		cr_expect(eq(int, edge, sizes[i].columns - 1));
		cr_expect(harness_find(h, "▏", &column) == sizes[i].rows - (sizes[i].rows < 16 ? 2 : 3));
		cr_expect(eq(int, column, 1));
		harness_close(h);
	}
}

Test(app, the_home_size_looks_like_this)
{
	static const char *const rows[] = {
		" 小满便利店 1号台 │ 林晓 早班 │ 11-23 16:42              网● 打印● 纸● 箱○ 待决0",
		"────────────────────────────────────────────────────────────────────────────────",
		"    # 品名                               数量      单价     优惠        小计",
		"    1 农夫山泉 550ml                        1      2.00                 4.00",
		"    2 康师傅红烧牛肉面 桶装                 1      5.50    -0.50        5.00",
		"    3 三只松鼠 每日坚果 25g×7               1     39.90                39.90",
		"▸   4 散装红富士苹果                  0.856kg     12.98                11.11",
	};
	struct harness *h = demo_open(24, 80);

	for (int k = 0; k < 4; k++)
		zg_app_scan(harness_app(h), "R010000187");
	zg_app_frame(harness_app(h));

	/* compared by cells, since blanks at the ends differ by the lamps' words only */
	for (int row = 2; row < 7; row++) {
		char *want = (char *)rows[row], *seen = (char *)harness_row(h, row);

		cr_expect(strncmp(seen, want, 20) == 0, "row %d is\n%s, not\n%s", row, seen, want);
	}
	cr_expect(eq(str, (char *)harness_row(h, 1), (char *)rows[1]));
	cr_expect(harness_find(h, "网● 打印● 纸● 箱○ 待决0", NULL) == 0);
	harness_close(h);
}

Test(app, a_resize_lays_everything_out_again)
{
	struct harness *h = demo_open(24, 80);

	for (size_t i = 0; i < SIZES; i++) {
		harness_resize(h, sizes[i].rows, sizes[i].columns);
		cr_expect(harness_find(h, "结算", NULL) == sizes[i].rows - 1, "%d", sizes[i].columns);
		cr_expect(harness_has(h, "▀▄▀"));
	}
	harness_resize(h, 5, 20);
	cr_expect(harness_has(h, "This window"));
	harness_scan(h, "6901028075831");
	cr_expect(eq(int, demo_state()->count, 1));
	harness_resize(h, 24, 80);
	cr_expect(harness_has(h, "农夫山泉"));
	harness_close(h);
}

Test(app, a_box_is_drawn_inside_every_size)
{
	for (size_t i = 0; i < SIZES; i++) {
		struct harness *h = demo_open(sizes[i].rows, sizes[i].columns);
		int column;

		harness_type(h, "\033OQ");
		cr_expect(harness_has(h, "付款方式"), "%d", sizes[i].columns);
		cr_expect(harness_has(h, "支付宝"), "%d", sizes[i].columns);
		cr_expect(harness_find(h, "┘", &column) > 0 && column < sizes[i].columns);
		harness_type(h, "\033\033OS");
		cr_expect(harness_has(h, "姓名"));
		cr_expect(harness_has(h, "Esc"));
		harness_close(h);
	}
}

Test(app, the_list_keeps_its_bar_in_sight)
{
	struct harness *h = demo_open(24, 80);

	for (int k = 0; k < 60; k++)
		zg_app_scan(harness_app(h), "R010000187");
	zg_app_frame(harness_app(h));
	cr_expect(harness_has(h, "▸  60"));
	harness_type(h, "\033[5~");
	cr_expect(harness_has(h, "▸  47"));
	harness_type(h, "\033[H");
	cr_expect(harness_has(h, "▸   1"));
	harness_type(h, "\033[B\033[B");
	cr_expect(harness_has(h, "▸   3"));
	harness_close(h);
}

static void draw_side(const struct zg_pane *pane, void *context)
{
	(void)context;
	zg_draw_text(pane, 0, 0, pane->columns, ZG_INK_TEXT, "the paper");
}

Test(app, what_stands_beside_leaves_the_screen_its_room)
{
	struct harness *h = demo_open(24, 120);
	int column;

	zg_app_set_side(harness_app(h), draw_side, 40);
	zg_app_frame(harness_app(h));
	cr_expect(eq(int, harness_find(h, "the paper", &column), 0));
	cr_expect(eq(int, column, 80));
	cr_expect(harness_find(h, "待决0", &column) == 0 && column < 80);

	/* too narrow for both: the sale matters more */
	harness_resize(h, 24, 80);
	cr_expect(harness_has(h, "the paper"));
	harness_resize(h, 24, 79);
	cr_expect(not(harness_has(h, "the paper")));
	harness_close(h);
}

Test(app, an_answer_that_comes_late_finds_its_screen_or_nothing)
{
	struct harness *h = demo_open(24, 80);

	harness_type(h, "\033OQ");
	cr_expect(zg_app_self(harness_app(h), &demo_screen) == demo_state());
	zg_app_back_to(harness_app(h), &demo_screen);
	cr_expect(not(zg_app_has_box(harness_app(h))));
	zg_app_back(harness_app(h));

	cr_expect(zg_app_self(harness_app(h), &demo_screen) == NULL);
	cr_expect(zg_app_is_done(harness_app(h)));
	harness_close(h);
}

/* The auto-lock counts from the last key or scan, not from what time brings. */
Test(app, only_keys_and_scans_count_as_somebody_there)
{
	struct harness *h = demo_open(24, 80);
	int64_t before = zg_app_pressed_ms(harness_app(h));

	harness_pass(h, 5000);
	cr_expect(eq(i64, zg_app_pressed_ms(harness_app(h)), before));
	harness_type(h, "5");
	cr_expect(eq(i64, zg_app_pressed_ms(harness_app(h)), before + 5000));
	zg_app_scan(harness_app(h), "R010000187");
	cr_expect(gt(i64, zg_app_pressed_ms(harness_app(h)), before + 5000));
	harness_close(h);
}
