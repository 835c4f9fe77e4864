/* A line that is taken off stays on the screen, can be chosen, and put back by one key: nothing is lost by a slip. */
#include "src/base/locale.h"
#include "tests/screen/counter.h"
#include "tui/screens.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

static struct counter *c;

#define HAS(text)  cr_expect(harness_has(c->h, text), "\"%s\" is not in\n%s", text, harness_screen(c->h))
#define LACKS(text) cr_expect(not(harness_has(c->h, text)), "\"%s\" is in\n%s", text, harness_screen(c->h))

#define PUT_BACK "\031"    /* Ctrl-Y */

/* Water 2.00, noodles 5.50 and nuts 39.90 are rung. */
static void begin(void)
{
	c = counter_open(24, 80, "lin", "[shop]\nname = 小满便利店\nrounding = jiao\n\n[till]\nid = 1\n");
	counter_shift(c);
	counter_keep_up(c);
	counter_show(c, &zg_sale_screen, NULL);
	counter_play(c, "<1001><1002><1003>");
}

static void end(void)
{
	counter_close(c);
}

static int play(const char *keys)
{
	return counter_play(c, keys);
}

static zg_fen total(void)
{
	return zg_sale_totals(zg_till_sale(c->shop->till))->total_fen;
}

static zg_milli quantity(int no)
{
	return zg_sale_find_line(zg_till_sale(c->shop->till), no)->quantity;
}

static const char *row_of(const char *name)
{
	int row = harness_find_below(c->h, 2, name, NULL);

	return row < 0 ? "" : harness_row(c->h, row);
}

TestSuite(sale_line, .fini = end, .timeout = 60);

Test(sale_line, what_was_taken_off_stays_in_its_place_and_says_so)
{
	static const char *const themes[] = { "dark", "light", "high-contrast", "mono" };

	begin();
	play(TYPE_UP "-");

	for (size_t i = 0; i < sizeof(themes) / sizeof(themes[0]); i++) {
		zg_app_set_look(harness_app(c->h), themes[i], i == 3);
		zg_app_frame(harness_app(c->h));
		cr_expect(eq(str, (char *)row_of("康师傅"), "  2 康师傅红烧牛肉面 桶装                   1       5.50              taken off"));
		cr_expect(strstr(row_of("三只松鼠"), i == 3 ? "> 3" : "▸ 3") != NULL, "%s", row_of("三只松鼠"));
	}
	cr_expect(eq(i64, total(), 4190));
	HAS("2 lines  2 pieces");
	harness_resize(c->h, 12, 40);
	cr_expect(eq(str, (char *)row_of("康师傅"), " 康师傅红烧牛肉面 .        1  taken off"));
}

Test(sale_line, one_key_puts_back_what_was_just_taken_off)
{
	begin();

	play(TYPE_UP TYPE_UP "-");
	cr_expect(eq(i64, total(), 4540));
	HAS("Ctrl-Y Put back");
	int keys = play(PUT_BACK);

	cr_expect(eq(int, keys, 1));
	cr_expect(eq(i64, total(), 4740));
	HAS("Put back: 农夫山泉 550ml");
	LACKS("taken off");
	LACKS("Ctrl-Y");
	HAS("▸ 1 农夫山泉");
}

Test(sale_line, the_line_taken_off_last_comes_back_first_then_the_others)
{
	begin();

	play("-" TYPE_UP TYPE_UP "-");
	cr_expect(eq(i64, total(), 550));
	play(PUT_BACK);
	cr_expect(eq(i64, total(), 750), "the water, which was taken off after the nuts");
	play(PUT_BACK);

	cr_expect(eq(i64, total(), 4740));
	play(PUT_BACK);
	cr_expect(eq(i64, total(), 4740));
}

Test(sale_line, minus_again_takes_the_next_line_off)
{
	begin();

	play("--");
	cr_expect(eq(i64, total(), 200));
	play("-");

	cr_expect(zg_sale_is_empty(zg_till_sale(c->shop->till)));
	cr_expect(eq(i64, total(), 0));
	HAS("0 lines");
	play(PUT_BACK PUT_BACK PUT_BACK);
	cr_expect(eq(i64, total(), 4740));
}

Test(sale_line, a_line_taken_off_is_chosen_with_the_arrows_and_put_back)
{
	begin();
	play("--");
	cr_expect(eq(i64, total(), 200));

	play(TYPE_DOWN TYPE_DOWN TYPE_DOWN);
	HAS("▸ 3 三只松鼠");
	play(PUT_BACK);
	cr_expect(eq(i64, quantity(3), 1000), "the chosen one, though another was taken off after it");
	cr_expect(eq(i64, quantity(2), 0));

	play(TYPE_UP "\r");
	HAS("5.50 × 1 桶, taken off");
	HAS("u Put back");
	play("u");
	cr_expect(eq(i64, total(), 4740));
}

Test(sale_line, nothing_else_is_done_to_a_line_that_was_taken_off)
{
	static const char *const typed[] = { "-", "1-", "*", "/", ".", "9/" };

	begin();
	play("-" TYPE_DOWN);

	for (size_t i = 0; i < sizeof(typed) / sizeof(typed[0]); i++) {
		play(typed[i]);
		cr_expect(harness_has(c->h, "This line was taken off. Put it back first."), "%s", typed[i]);
		play(TYPE_ESC);
		cr_expect(eq(i64, total(), 750), "%s", typed[i]);
	}
	play("\r");
	LACKS("Another price");
	play(TYPE_ESC "<1003>");
	cr_expect(eq(i64, total(), 4740));
	cr_expect(eq(i64, quantity(3), 0), "a scan makes a line of its own");
	HAS("▸ 4 三只松鼠");
}

Test(sale_line, a_part_that_was_taken_off_is_put_back_by_the_same_keys)
{
	begin();

	play("5*<1001>2-");
	cr_expect(eq(i64, quantity(4), 3000));
	LACKS("taken off");
	play(PUT_BACK);
	cr_expect(eq(i64, quantity(4), 5000));

	play("3-\r");
	HAS("Put back what was taken off");
	play("u");
	cr_expect(eq(i64, quantity(4), 5000));
	play("4-\r5");
	cr_expect(eq(i64, quantity(4), 5000), "by its number too");
}

Test(sale_line, the_key_is_not_there_while_one_types_or_nothing_was_taken_off)
{
	begin();

	play(PUT_BACK "\r");
	LACKS("Put back");
	play("u");
	LACKS("Put back");
	play(TYPE_ESC "-/" PUT_BACK);
	cr_expect(eq(i64, quantity(3), 0), "a discount is being typed");
	play(TYPE_ESC "n" PUT_BACK);
	cr_expect(eq(i64, quantity(3), 0), "a name is being typed");
	play(TYPE_ESC "12" PUT_BACK);

	cr_expect(eq(i64, quantity(3), 1000));
	HAS("▏12");
}

Test(sale_line, what_was_chosen_in_one_sale_is_not_chosen_in_the_next)
{
	begin();

	play(TYPE_UP TYPE_UP "-" TYPE_UP TYPE_UP TYPE_F7 "<1003><1002>" TYPE_UP TYPE_F7);
	cr_expect(eq(sz, zg_till_hung(c->shop->till), 2));
	play(TYPE_F7 "\r");

	HAS("▸ 2 康师傅");
	play(TYPE_F7 TYPE_F7 TYPE_DOWN "\r");
	HAS("▸ 3 三只松鼠");
	HAS("taken off");
	play(PUT_BACK);
	cr_expect(eq(i64, total(), 4740));
}

Test(sale_line, it_is_there_again_after_a_restart)
{
	begin();
	play("-");

	counter_restart(c, 24, 80);
	play("lin\r2468\r");
	cr_expect(strstr(row_of("三只松鼠"), "taken off") != NULL);
	play(PUT_BACK);

	cr_expect(eq(i64, total(), 4740));
}

Test(sale_line, a_long_sale_scrolls_to_what_was_taken_off)
{
	begin();
	harness_resize(c->h, 12, 40);
	for (int i = 0; i < 5; i++)
		play(i % 2 ? "<1001>" : "<1002>");

	play("------");
	cr_expect(eq(i64, total(), 750));
	cr_expect(strstr(harness_row(c->h, 2), "康师傅") && !strstr(harness_row(c->h, 2), "taken off"), "the line that counts is in sight");
	for (int no = 2; no <= 8; no++) {
		HAS("▸");
		play(TYPE_DOWN);
	}
	play(PUT_BACK);

	cr_expect(eq(i64, quantity(8), 1000));
	HAS("▸康师傅");
}

/* F4 and F7 are wanted more often, once the slip is over. */
Test(sale_line, its_hint_gives_way_when_something_else_is_rung_but_the_key_stays)
{
	begin();

	play("-");
	HAS("- Take off  / Discount  Ctrl-Y Put back");
	play("<1001>");
	LACKS("Ctrl-Y");
	HAS("/ Discount  F3 Find");
	harness_resize(c->h, 24, 160);
	HAS("F7 Hang  Ctrl-Y Put back  F9 Shift");
	harness_resize(c->h, 24, 80);
	play(TYPE_UP);
	HAS("▸ 3 三只松鼠");
	HAS("Ctrl-Y Put back");
	play(TYPE_DOWN PUT_BACK);

	cr_expect(eq(i64, total(), 4940));
}

Test(sale_line, the_page_of_keys_has_it_once)
{
	begin();

	harness_resize(c->h, 60, 80);
	play("?");
	int row = harness_find(c->h, "Ctrl-Y", NULL);

	cr_assert(gt(int, row, 0), "%s", harness_screen(c->h));
	cr_expect(strstr(harness_row(c->h, row), "Ctrl-Y        Put back") != NULL, "%s", harness_row(c->h, row));
	cr_expect(lt(int, harness_find_below(c->h, row + 1, "Put back", NULL), 0));
}
