/* The shift on the screen: float, cash that moves, the blind count, the Z, the hand-over. Keys on a real till. */
#include "tests/screen/counter.h"
#include "tui/screens.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

static struct counter *c;

#define HAS(text)  cr_expect(harness_has(c->h, text), "\"%s\" is not in\n%s", text, harness_screen(c->h))
#define LACKS(text) cr_expect(not(harness_has(c->h, text)), "\"%s\" is in\n%s", text, harness_screen(c->h))

/* A shift with 200.00 and a sale of 15.00 in cash: the drawer holds 215.00. */
static void begin(int rows, int columns, const char *login)
{
	c = counter_open(rows, columns, login, "[shop]\nname = 小满便利店\n\n[till]\nid = 1\n\n[drawer]\ndrawer = printer\n");
	counter_shift(c);
	counter_sell(c, NULL, "1001", 2000, "1002", 2000, NULL);
	counter_show(c, &zg_sale_screen, NULL);
	counter_show(c, &zg_shift_screen, NULL);
}

static void end(void)
{
	counter_close(c);
}

TestSuite(shift, .fini = end);

Test(shift, it_opens_with_a_float)
{
	c = counter_open(24, 80, "lin", NULL);
	counter_show(c, &zg_shift_screen, NULL);
	HAS("No shift is open.");

	harness_type(c->h, "\r300.5\r");

	HAS("✓ Shift 1 is open with 300.50 in the drawer.");
	LACKS("✓ ✓");
	cr_expect(eq(long, zg_till_shift(c->shop->till)->float_fen, 30050));
}

Test(shift, cash_that_a_command_puts_in_is_listed)
{
	begin(24, 80, "lin");
	zg_desk_look(&c->desk);
	LACKS("small change");
	cr_assert(eq(int, shop_do_as(c->shop, "boss", NULL, "cash.in", "{s:i, s:s}", "amount_fen", 5000, "reason", "small change"), ZG_OK), "%s",
	          c->shop->err.text);

	zg_desk_look(&c->desk);
	harness_pass(c->h, 100);

	HAS("small change");
}

/* What one is typing into a box is not disturbed; the sheet under it follows when the box closes. */
Test(shift, under_a_box_the_sheet_follows_when_it_closes)
{
	begin(24, 80, "lin");
	harness_type(c->h, "o12");
	cr_assert(eq(int, shop_do_as(c->shop, "boss", NULL, "cash.in", "{s:i, s:s}", "amount_fen", 5000, "reason", "small change"), ZG_OK), "%s",
	          c->shop->err.text);
	zg_desk_look(&c->desk);
	harness_pass(c->h, 100);
	HAS("▏12");

	harness_type(c->h, "\033");
	harness_pass(c->h, 1000);

	HAS("small change");
}

Test(shift, a_float_that_is_no_amount_is_asked_again)
{
	c = counter_open(24, 80, "lin", NULL);
	counter_show(c, &zg_shift_screen, NULL);

	harness_type(c->h, "\r3x\r");

	HAS("That is not an amount.");
	cr_expect(eq(ptr, (void *)zg_till_shift(c->shop->till), NULL));
}

Test(shift, cash_goes_out_with_a_reason_and_is_listed)
{
	begin(24, 80, "lin");

	harness_type(c->h, "o50\r1");

	HAS("50.00 was taken out and written down.");
	HAS("林晓  To the safe");
	HAS("-50.00");
}

Test(shift, cash_comes_in)
{
	begin(24, 80, "lin");

	harness_type(c->h, "i20\r1");

	HAS("20.00 was put in and written down.");
	HAS("Small change");
}

Test(shift, nothing_that_is_expected_is_shown_before_the_count)
{
	begin(40, 120, "lin");
	LACKS("215.00");

	harness_type(c->h, "x");
	HAS("CASH (not shown before the count)");
	LACKS("215.00");
	harness_type(c->h, "\r");
	harness_type(c->h, "c");

	LACKS("215.00");
	LACKS("15.00");
}

Test(shift, the_sum_grows_as_one_types)
{
	begin(24, 80, "lin");

	harness_type(c->h, "c2\r\r\r1\r1\r");

	HAS("200.00");
	HAS("10.00");
	HAS(" 5.00");
	harness_resize(c->h, 12, 40);
	HAS("215.00");
}

Test(shift, only_digits_count_pieces)
{
	begin(24, 80, "lin");

	harness_type(c->h, "c1a");
	HAS("Type how many pieces there are, in digits.");
	harness_type(c->h, "2");

	HAS("▏12 ");
}

Test(shift, an_even_drawer_is_called_even)
{
	begin(24, 80, "lin");

	harness_type(c->h, "c2\r\r\r1\r1\r+\r");

	HAS("Z report 1");
	HAS("✓ Even: the drawer is exact.");
	LACKS("Short");
	LACKS("-0.00");
	cr_expect(eq(ptr, (void *)zg_till_shift(c->shop->till), NULL));
}

/* 215.00 and 11.11 in a shop that does not round cash off: the last fen is counted too. */
Test(shift, a_drawer_with_fen_in_it_is_counted_to_the_fen)
{
	begin(24, 80, "lin");
	counter_sell(c, NULL, "201", 856, NULL);

	harness_type(c->h, "c2\r\r1\r\r1\r1\r\r1\r\r\r1\r+\r");

	HAS("✓ Even: the drawer is exact.");
	harness_type(c->h, TYPE_PAGE_DOWN TYPE_PAGE_DOWN TYPE_PAGE_DOWN);
	HAS("0.01 ×  1");
}

/* Nobody passes three fields of coins that cannot be there. */
Test(shift, fen_coins_are_asked_for_where_there_may_be_any)
{
	c = counter_open(24, 80, "lin", NULL);
	counter_shift(c);
	counter_show(c, &zg_sale_screen, NULL);
	counter_show(c, &zg_shift_screen, NULL);
	harness_type(c->h, "c");
	HAS("0.10 ×");
	LACKS("0.05 ×");
	LACKS("0.01 ×");

	harness_type(c->h, TYPE_ESC);
	harness_pass(c->h, 50);
	cr_assert(eq(int, shop_do_as(c->shop, "ding", NULL, "cash.in", "{s:i, s:s}", "amount_fen", 7, "reason", "x"), ZG_OK));
	harness_type(c->h, "c");
	HAS("0.05 ×");
	HAS("0.01 ×");
}

Test(shift, a_short_drawer_is_told_in_words)
{
	begin(24, 80, "lin");

	harness_type(c->h, "c2\r\r\r1\r+\r");

	HAS("▲ Short: 5.00 missing.");
}

Test(shift, too_much_is_told_in_words)
{
	begin(24, 80, "lin");

	harness_type(c->h, "c3\r+\r");

	HAS("▲ Over: 85.00 too much.");
}

Test(shift, a_count_is_not_final_before_it_is_confirmed)
{
	begin(24, 80, "lin");

	harness_type(c->h, "c2\r+\033");
	harness_pass(c->h, 50);

	HAS("Count the drawer");
	HAS("200.00");
	cr_expect(ne(ptr, (void *)zg_till_shift(c->shop->till), NULL));
}

Test(shift, enter_after_the_close_opens_no_other)
{
	begin(24, 80, "lin");

	harness_type(c->h, "c2\r\r\r1\r1\r+\r");
	HAS("Z report 1");
	harness_type(c->h, "\r\r\r\r\r\r");
	cr_expect(eq(ptr, (void *)zg_till_shift(c->shop->till), NULL));
	HAS("The last shift was closed just now.");

	harness_type(c->h, "y\r");
	cr_expect(ne(ptr, (void *)zg_till_shift(c->shop->till), NULL));
}

Test(shift, a_hand_over_signs_out_and_proposes_what_was_counted)
{
	begin(24, 80, "lin");

	harness_type(c->h, "h2\r\r\r1\r1\r+\r");
	HAS("Even");
	harness_type(c->h, "\r");

	cr_expect(eq(ptr, (void *)zg_app_top(harness_app(c->h)), (void *)&zg_login_screen));
	HAS("The shift is handed over.");
	cr_assert(eq(int, shop_sign_in(c->shop, "ding"), ZG_OK));
	counter_show(c, &zg_shift_screen, NULL);
	harness_type(c->h, "\r");
	HAS("▏215.00");
}

Test(shift, anothers_shift_is_closed_with_a_lent_right)
{
	begin(24, 80, "lin");
	cr_assert(eq(int, shop_do_as(c->shop, "ding", NULL, "session.start", NULL), ZG_OK));

	harness_type(c->h, "c2\r\r\r1\r1\r+\r");

	HAS("Even");
}

Test(shift, the_drawer_opens_with_a_reason_from_any_screen)
{
	begin(24, 80, "ding");

	zg_shift_open_drawer(harness_app(c->h), NULL);
	harness_type(c->h, "2");

	HAS("The drawer opens. It is written down.");
	harness_type(c->h, "k");
	cr_expect(ge(int, harness_find(c->h, "Drawer opened without a sale", NULL), 0));
}

Test(shift, it_fits_every_size)
{
	static const int sizes[][2] = { { 12, 40 }, { 24, 80 }, { 40, 120 }, { 60, 200 } };

	begin(12, 40, "lin");
	for (size_t i = 0; i < 4; i++) {
		int float_edge, sales_edge;

		harness_resize(c->h, sizes[i][0], sizes[i][1]);
		cr_assert(ge(int, harness_find(c->h, "200.00", &float_edge), 0));
		cr_assert(ge(int, harness_find_below(c->h, 1, "林晓", &sales_edge), 0));    /* the top line names her too */
		cr_expect(eq(int, float_edge + 6, sales_edge + 4), "%d columns", sizes[i][1]);
	}
}
