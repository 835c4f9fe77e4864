/* The day, the slips that are not on paper, the shop's own data, the demo's paper. Keys on a real till. */
#include "src/base/alloc.h"
#include "src/base/buffer.h"
#include "src/base/text.h"
#include "tests/screen/counter.h"
#include "tui/hours.h"
#include "tui/paper.h"
#include "tui/preview.h"
#include "tui/screens.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct counter *c;

#define HAS(text)  cr_expect(harness_has(c->h, text), "\"%s\" is not in\n%s", text, harness_screen(c->h))
#define LACKS(text) cr_expect(not(harness_has(c->h, text)), "\"%s\" is in\n%s", text, harness_screen(c->h))
#define DO(...) cr_assert(eq(int, shop_do(c->shop, __VA_ARGS__), ZG_OK), "%s", c->shop->err.text)

/* One closed shift, five yuan short, and one that is open. */
static void begin(int rows, int columns, const char *login)
{
	c = counter_open(rows, columns, login, NULL);
	counter_shift(c);
	counter_sell(c, NULL, "1001", 2000, "1002", 2000, NULL);
	DO("shift.count", "{s:i}", "total_fen", 21000);
	DO("shift.close", NULL);
	counter_shift(c);
	counter_sell(c, NULL, "1003", 1000, NULL);
}

static void end(void)
{
	if (c)    /* the bars of the hours need no till */
		counter_close(c);
}

TestSuite(day, .fini = end);

Test(day, it_sums_its_shifts)
{
	begin(24, 80, "ding");

	counter_show(c, &zg_day_screen, NULL);

	HAS("Sales: 2, refunds: 0");
	HAS("▲ -5.00");
	HAS("15.00");
	HAS("39.90");
	HAS("Takings by the hour, 54.90 at most");
	harness_resize(c->h, 12, 40);
	HAS("54.90");
}

Test(day, a_sale_from_elsewhere_comes_into_its_sum)
{
	begin(24, 80, "ding");
	counter_show(c, &zg_day_screen, NULL);
	zg_desk_look(&c->desk);
	counter_sell(c, NULL, "1003", 1000, NULL);
	harness_pass(c->h, 1000);
	HAS("Sales: 2, refunds: 0");

	zg_desk_look(&c->desk);
	harness_pass(c->h, 100);

	HAS("Sales: 3, refunds: 0");
}

Test(day, takings_end_on_one_column_at_every_size)
{
	static const int sizes[][2] = { { 12, 40 }, { 24, 80 }, { 40, 120 }, { 60, 200 } };

	begin(12, 40, "ding");
	counter_show(c, &zg_day_screen, NULL);
	for (size_t i = 0; i < 4; i++) {
		int one, two;

		harness_resize(c->h, sizes[i][0], sizes[i][1]);
		cr_assert(ge(int, harness_find(c->h, "15.00", &one), 0));
		cr_assert(ge(int, harness_find(c->h, "39.90", &two), 0));
		cr_expect(eq(int, one, two), "%d columns", sizes[i][1]);
	}
}

Test(day, a_z_opens_and_goes_to_the_printer_again)
{
	begin(24, 80, "ding");
	counter_show(c, &zg_day_screen, NULL);

	harness_type(c->h, TYPE_UP "\r");
	HAS("Z REPORT No. 1");
	harness_type(c->h, "p");

	HAS("It goes to the printer.");
}

Test(day, the_open_shift_has_an_x)
{
	begin(24, 80, "ding");
	counter_show(c, &zg_day_screen, NULL);

	harness_type(c->h, "\r");

	HAS("X report of shift 2");
}

Test(day, the_whole_day_and_its_sales_are_shown_as_paper)
{
	begin(60, 120, "ding");
	counter_show(c, &zg_day_screen, NULL);

	harness_type(c->h, "d");
	HAS("￥15.00");
	HAS("Still open, not counted: 1");
	LACKS("39.90");
	harness_type(c->h, "\rt");

	HAS("Transactions of 2026-11-25");
	HAS("R010000001");
	HAS("R010000002");
}

Test(day, a_cashier_sees_the_list_of_sales_but_no_figures)
{
	begin(24, 80, "lin");

	counter_show(c, &zg_day_screen, NULL);
	LACKS("54.90");
	LACKS("-5.00");
	harness_type(c->h, "t");

	HAS("R010000002");
}

Test(day, hours_stand_in_the_order_in_which_they_passed)
{
	struct zg_day_hours hours = { .taken_fen = { [23] = 1000, [1] = 500 }, .sales = { [23] = 1, [1] = 1 } };
	struct zg_look look = { .theme = zg_themes };

	c = counter_open(24, 80, NULL, NULL);
	struct zg_pane pane = { stdscr, &look, NULL, 5, 0, 6, 80 };

	zg_hours_draw(&pane, &hours, 4);
	wnoutrefresh(stdscr);
	doupdate();

	int late, early, row = harness_find(c->h, "23", &late);

	harness_find(c->h, "01", &early);
	cr_assert(eq(int, row, 10));
	cr_expect(lt(int, late, early));
	cr_expect(ne(ptr, strstr(harness_row(c->h, 6), "█"), NULL));     /* the most fills the height */
	cr_expect(ne(ptr, strstr(harness_row(c->h, 8), "████  "), NULL));
}

/* ---- slips ---- */

Test(day, unprinted_slips_say_what_they_are)
{
	begin(24, 80, "lin");

	counter_show(c, &zg_jobs_screen, NULL);

	HAS("Z report");
	HAS("R010000001");
	HAS("R010000002");
	HAS("Waiting");
}

Test(day, a_slip_is_set_aside)
{
	begin(24, 80, "lin");
	counter_show(c, &zg_jobs_screen, NULL);
	HAS("3 slips are not known to be on paper");

	harness_type(c->h, "x");

	HAS("2 slips are not known to be on paper");
	HAS("The slip is set aside.");
}

Test(day, a_slip_leads_to_its_sale)
{
	begin(24, 80, "lin");
	counter_show(c, &zg_jobs_screen, NULL);

	harness_type(c->h, "\r");

	HAS("✓ Paid");
}

/* ---- the shop's data ---- */

Test(day, the_shops_phone_is_changed_and_kept)
{
	begin(24, 80, "boss");
	counter_show(c, &zg_setup_screen, NULL);

	harness_type(c->h, TYPE_DOWN TYPE_DOWN TYPE_DOWN "\r");
	harness_type(c->h, "0571-88886666\r");

	HAS("Written to the settings.");
	cr_expect(eq(str, (char *)zg_till_config(c->shop->till)->phone, "0571-88886666"));
	HAS("0571-88886666");
}

Test(day, rounding_is_chosen)
{
	begin(24, 80, "boss");
	counter_show(c, &zg_setup_screen, NULL);

	harness_type(c->h, "jjjjjjj\r3");

	cr_expect(eq(int, zg_till_config(c->shop->till)->rounding, ZG_ROUND_YUAN));
	HAS("Down to 1.00");
}

Test(day, a_cashier_cannot_change_the_settings_alone)
{
	begin(24, 80, "lin");
	counter_show(c, &zg_setup_screen, NULL);

	harness_type(c->h, "jjjjjjj\r3");

	HAS("A supervisor's right is needed");
	harness_type(c->h, "\033");
	harness_pass(c->h, 50);
	cr_expect(eq(int, zg_till_config(c->shop->till)->rounding, ZG_ROUND_JIAO));
}

/* ---- the demo's paper ---- */

static void write_paper(const char *name, const char *text)
{
	FILE *file = fopen(name, "w");

	cr_assert(ne(ptr, file, NULL));
	fputs(text, file);
	fclose(file);
}

Test(day, the_demos_paper_stands_beside_the_screen_newest_at_the_bottom)
{
	char name[] = "/tmp/zg-paper-XXXXXX";

	close(mkstemp(name));
	char *config = zg_print("[shop]\nname = 小满便利店\n\n[till]\nid = 1\n\n[demo]\npaper = %s\n", name);

	c = counter_open(24, 120, "lin", config);
	counter_show(c, &zg_setup_screen, NULL);
	zg_app_set_side(harness_app(c->h), zg_paper_side, 40);
	zg_app_frame(harness_app(c->h));
	HAS("No paper came out of the printer yet.");

	write_paper(name, "第一行\n\033[31mred\n合计                                      88.80\n最后一行 20.60\n");
	zg_app_frame(harness_app(c->h));

	cr_expect(lt(int, harness_find(c->h, "第一行", NULL), harness_find(c->h, "最后一行 20.60", NULL)));
	HAS("?[31mred");
	HAS("88.80");    /* 47 columns of paper in 40 */
	remove(name);
	free(config);
}

/* ---- the preview ---- */

/* A row of the grid as a terminal has to show it: what is narrower there than on paper is followed by spaces. */
static char *as_shown(const struct zg_paper_row *row)
{
	struct zg_buffer out = { 0 };
	int scale = row->style & ZG_STYLE_WIDE ? 2 : 1;
	size_t left = strlen(row->text), step;
	uint32_t character;

	for (const char *at = row->text; (step = zg_text_next(at, left, &character, NULL)) > 0; at += step, left -= step) {
		char one[5] = "";

		zg_buffer_add(&out, at, step);
		memcpy(one, at, step);
		for (int cells = zg_screen_width(one); cells < (character < 0x80 ? 1 : 2) * scale; cells++)
			zg_buffer_add_byte(&out, ' ');
	}
	while (out.length > 0 && out.bytes[out.length - 1] == ' ')
		out.length--;
	char *text = zg_copy_bytes(zg_buffer_text(&out), out.length);

	zg_buffer_clear(&out);
	return text;
}

/* What the cashier looks at before printing is the grid that the printer gets, cell by cell, on both papers. */
Test(day, the_preview_shows_the_grid_of_the_paper)
{
	static const struct { const char *config; int columns; } papers[] = {
		{ "[printer]\nprofile = generic-58\n", 32 }, { "[printer]\nprofile = generic-80\n", 48 } };
	struct zg_error err;

	for (size_t i = 0; i < 2; i++) {
		c = counter_open(100, 120, "ding", papers[i].config);
		for (int slip = 0; slip < ZG_SLIPS; slip++) {
			json_t *document = zg_slip_sample((enum zg_slip)slip);
			struct zg_preview preview = { .slip = (enum zg_slip)slip, .document = document, .title = "preview" };
			struct zg_paper paper;

			cr_assert(eq(int, zg_preview_layout(harness_app(c->h), (enum zg_slip)slip, document, &paper, &err), ZG_OK), "%s", err.text);
			cr_assert(eq(int, paper.columns, papers[i].columns));
			zg_preview_show(harness_app(c->h), &preview);
			zg_app_frame(harness_app(c->h));
			for (size_t row = 0; row < paper.count && row < 90; row++) {
				if (paper.rows[row].kind != ZG_ROW_TEXT && paper.rows[row].kind != ZG_ROW_RULE)
					continue;
				char *expected = as_shown(&paper.rows[row]);
				const char *shown = harness_row(c->h, 3 + (int)row);

				shown += zg_screen_cut(shown, (120 - paper.columns) / 2, NULL);
				cr_expect(eq(str, (char *)(uintptr_t)shown, expected), "%s, row %zu", zg_slip_name((enum zg_slip)slip), row);
				free(expected);
			}
			zg_paper_clear(&paper);
			json_decref(document);
			zg_app_back(harness_app(c->h));
		}
		if (i == 0)
			counter_close(c);
	}
}
