/* Ringing up and taking the money: keys played to the screens above a real till. How they look: test_selling_look.c. */
#include "src/base/alloc.h"
#include "src/base/text.h"
#include "tests/screen/counter.h"
#include "tui/screens.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

static struct counter *c;

#define HAS(text)  cr_expect(harness_has(c->h, text), "\"%s\" is not in\n%s", text, harness_screen(c->h))
#define LACKS(text) cr_expect(not(harness_has(c->h, text)), "\"%s\" is in\n%s", text, harness_screen(c->h))

#define NUTS "<6901028075831>"    /* 39.90 */

static const char config[] = "[shop]\nname = 小满便利店\nrounding = jiao\n\n[till]\nid = 1\nlock_after = 5\n";

/* A shift is open and the person signed in sells. 100001 to 100020 are 商品01 to 商品20 for 1 to 20 yuan. */
static void begin(const char *login)
{
	char rows[2048] = "";

	c = counter_open(24, 80, login, config);
	for (int i = 1; i <= 20; i++)
		sprintf(rows + strlen(rows), "1000%02d,,商品%02d,个,%d.00,13%%,,piece\n", i, i, i);
	counter_goods(c, rows);
	counter_shift(c);
	counter_keep_up(c);
	counter_show(c, &zg_sale_screen, NULL);
}

static void end(void)
{
	counter_close(c);
}

static int play(const char *keys)
{
	return counter_play(c, keys);
}

static const struct zg_sale_totals *totals(void)
{
	return zg_sale_totals(zg_till_sale(c->shop->till));
}

/* The line rung last. */
static const struct zg_line *line(void)
{
	const struct zg_sale *sale = zg_till_sale(c->shop->till);

	cr_assert(gt(sz, zg_sale_line_count(sale), 0));
	return zg_sale_line(sale, zg_sale_line_count(sale) - 1);
}

static const struct zg_screen *top(void)
{
	return zg_app_top(harness_app(c->h));
}

static const char *who(void)
{
	const struct zg_person *person = zg_till_person(c->shop->till);

	return person ? person->login : "";
}

TestSuite(selling, .fini = end, .timeout = 60);

/* ---- signing in ---- */

static void begin_signed_out(void)
{
	c = counter_open(24, 80, NULL, config);
	counter_keep_up(c);
	counter_show(c, &zg_login_screen, NULL);
}

Test(selling, a_cashier_signs_in_with_login_and_pin)
{
	begin_signed_out();

	play("lin\r2468");
	LACKS("2468");
	play("\r");

	cr_expect(top() == &zg_sale_screen);
	cr_expect(eq(str, (char *)who(), "lin"));
	HAS("林晓");
	HAS("▲ Look: No shift is open. Open one");
}

Test(selling, a_wrong_pin_is_said_and_another_may_be_typed)
{
	begin_signed_out();

	play("lin\r1111\r");
	cr_expect(top() == &zg_login_screen);
	cr_expect(eq(str, (char *)who(), ""));
	HAS("Not done:");
	LACKS("1111");
	play("2468\r");

	cr_expect(top() == &zg_sale_screen);
}

Test(selling, an_unknown_login_is_told_from_a_wrong_pin_by_nobody)
{
	begin_signed_out();

	play("lin\r1111\r");
	char *wrong = zg_copy(zg_app_message(harness_app(c->h))->text);
	play("\t");
	for (int i = 0; i < 3; i++)
		play("\177");
	play("nobody\r1111\r");

	cr_expect(eq(str, (char *)zg_app_message(harness_app(c->h))->text, wrong));
	free(wrong);
}

Test(selling, a_scan_while_one_signs_in_waits_for_the_sale)
{
	begin_signed_out();

	play(NUTS);
	HAS("1 scan waits");
	play("lin\r24" NUTS "68\r");

	cr_expect(top() == &zg_sale_screen);
	cr_expect(eq(i64, line()->quantity, 2000));
	cr_expect(eq(i64, totals()->total_fen, 7980));
}

/* ---- the keys an ordinary sale costs ---- */

Test(selling, three_goods_are_sold_with_five_keys)
{
	begin("lin");

	int keys = play("<100001><100002><100003>+\r");

	cr_expect(le(int, keys, 5));
	cr_expect(eq(i64, zg_till_last(c->shop->till)->total_fen, 600));
	cr_expect(eq(i64, zg_till_last(c->shop->till)->change_fen, 0));
	cr_expect(top() == &zg_sale_screen);
	HAS("Paid");
	HAS("R010000001");
}

Test(selling, a_sale_is_hung_and_taken_with_three_keys)
{
	begin("lin");
	play("<100001><100002>");

	int keys = play(TYPE_F7);
	cr_expect(eq(sz, zg_till_hung(c->shop->till), 1));
	HAS("F7 Take  + Settle");
	cr_expect(zg_sale_is_empty(zg_till_sale(c->shop->till)));
	keys += play(TYPE_F7 TYPE_F7);

	cr_expect(le(int, keys, 3));
	cr_expect(top() == &zg_sale_screen);
	cr_expect(eq(i64, totals()->total_fen, 300));
	cr_expect(eq(sz, zg_till_hung(c->shop->till), 0));
}

Test(selling, hanging_nothing_with_nothing_hung_says_so)
{
	begin("lin");

	play(TYPE_F7);

	cr_expect(top() == &zg_sale_screen);
	HAS("No sale is hung.");
}

/* ---- cash ---- */

Test(selling, an_amount_and_plus_pay_and_show_the_change)
{
	begin("lin");

	play(NUTS "100+");

	cr_expect(eq(i64, zg_till_last(c->shop->till)->change_fen, 6010));
	HAS("Change");
	HAS("100.00 received");
	/* 60.10 in large digits */
	HAS("█▀▀ █▀█   ▀█  █▀█");
}

Test(selling, ten_times_the_amount_is_taken_unasked)
{
	begin("lin");

	play("<100010>100+");

	cr_expect(eq(i64, zg_till_last(c->shop->till)->change_fen, 9000));
}

Test(selling, more_than_ten_times_the_amount_is_asked_and_enter_means_no)
{
	begin("lin");

	play("<100009>100+");
	HAS("That is a lot of money");
	play("\r");
	cr_expect(eq(i64, zg_till_last(c->shop->till)->id, 0));
	cr_expect(eq(i64, totals()->total_fen, 900));
	play("100+y");

	cr_expect(eq(i64, zg_till_last(c->shop->till)->change_fen, 9100));
}

Test(selling, the_same_is_asked_on_the_settle_screen)
{
	begin("lin");

	play("<100009>+100\r");
	HAS("That is a lot of money");
	play(TYPE_ESC);
	cr_expect(eq(i64, zg_till_last(c->shop->till)->id, 0));
	cr_expect(top() == &zg_settle_screen);
	play("100\ry");

	cr_expect(eq(i64, zg_till_last(c->shop->till)->change_fen, 9100));
	cr_expect(top() == &zg_sale_screen);
}

Test(selling, too_little_cash_is_refused_and_the_sale_stays)
{
	begin("lin");

	play("<100009>5+");

	HAS("That is less than what is due.");
	cr_expect(eq(i64, totals()->total_fen, 900));
}

Test(selling, the_notes_suggested_are_chosen_by_arrows)
{
	begin("lin");
	play(NUTS "+");
	HAS("40.00");
	HAS("100.00");

	play(TYPE_DOWN "\r");

	cr_expect(eq(i64, zg_till_last(c->shop->till)->tendered_fen, 4000));
	cr_expect(eq(i64, zg_till_last(c->shop->till)->change_fen, 10));
}

Test(selling, every_note_suggested_is_seen_before_it_is_chosen)
{
	static const int sizes[][2] = { { 12, 40 }, { 24, 80 } };

	begin("lin");
	play("201\r0.856\r");    /* 11.11, rounded off: the settle screen at its fullest */
	for (size_t i = 0; i < 2; i++) {
		harness_resize(c->h, sizes[i][0], sizes[i][1]);
		play("+");
		for (int k = 0; k < 4; k++) {
			play(TYPE_DOWN);
			HAS("▸");
		}
		HAS("100.00");
		play(TYPE_ESC);
	}
}

/* "10 *" on the settle screen: ten yuan by card, by its reference; "-" takes it back; "*" takes all that is due. */
Test(selling, what_a_card_terminal_took_is_booked_by_its_reference)
{
	begin("lin");
	counter_play(c, NUTS "+10*");
	HAS("Taken outside this till");
	counter_play(c, "1\r");
	HAS("Card  10.00");
	counter_play(c, "\r");
	HAS("by it the money is found again");
	counter_play(c, "T0042\r");
	HAS("Received  10.00");
	cr_expect(eq(long, zg_sale_due(zg_till_sale(c->shop->till)), 2990));
	counter_play(c, "-");
	HAS("10.00 that was taken outside is not counted any more");
	cr_expect(eq(long, zg_sale_due(zg_till_sale(c->shop->till)), 3990));
	counter_play(c, "*2\rV7\r");
	HAS("Paid");
	cr_expect(eq(long, zg_till_sale_id(c->shop->till), 0));
}

Test(selling, rounding_off_has_a_line_of_its_own)
{
	begin("lin");
	play("201\r0.856\r");
	cr_expect(eq(i64, totals()->total_fen, 1111));

	play("+");
	HAS("Rounded off  -0.01");
	play("\r");

	cr_expect(eq(i64, zg_till_last(c->shop->till)->tendered_fen, 1110));
}

Test(selling, nothing_is_settled_in_an_empty_sale)
{
	begin("lin");

	play("+");
	HAS("Nothing to pay yet.");
	play("100+");

	HAS("Nothing to pay yet.");
	cr_expect(top() == &zg_sale_screen);
}

Test(selling, without_a_shift_no_money_is_taken_and_the_sale_stays)
{
	c = counter_open(24, 80, "lin", config);
	counter_keep_up(c);
	counter_show(c, &zg_sale_screen, NULL);

	static const char *const typed[] = { NUTS "+", "100+" };

	for (size_t i = 0; i < sizeof(typed) / sizeof(typed[0]); i++) {
		play(typed[i]);
		HAS("Not done: No shift is open. Open one before you take money.");
		HAS("F9 Shift  + Settle");
		play(TYPE_ESC);
	}
	cr_expect(eq(i64, totals()->total_fen, 3990));
	cr_expect(eq(i64, zg_till_last(c->shop->till)->id, 0));
}

/* ---- a box over the lines ---- */

Test(selling, a_box_over_chinese_names_shifts_no_row)
{
	begin("lin");
	counter_goods(c, "300001,,怡宝 纯净水,瓶,2.00,13%,,piece\n300002,,农夫山泉,瓶,3.00,13%,,piece\n");
	for (int i = 0; i < 6; i++)
		play("<300001><300002>");
	char *before = harness_screen(c->h);

	play("\030");
	HAS("All lines are taken off.");
	for (int row = 0; row < 24; row++)
		cr_expect(le(int, zg_screen_width(harness_row(c->h, row)), 80), "%s", harness_row(c->h, row));
	LACKS("22.00");
	LACKS("33.00");
	play(TYPE_ESC);
	harness_pass(c->h, 100);
	char *after = harness_screen(c->h);

	cr_expect(eq(str, after, before));
	free(before);
	free(after);
}

/* ---- narrow ---- */

Test(selling, at_40_columns_name_bar_amount_and_change_have_their_place)
{
	begin("lin");
	play("<100001><100012>" TYPE_UP);
	harness_resize(c->h, 12, 40);

	short bar, plain;
	cr_expect(eq(str, (char *)harness_row(c->h, 2), "▸商品01                    1       1.00"));
	cr_expect(eq(str, (char *)harness_row(c->h, 3), " 商品12                    1      12.00"));
	harness_attributes(c->h, 2, 39, &bar);
	harness_attributes(c->h, 3, 39, &plain);
	cr_expect(ne(int, bar, plain), "the bar goes to the right edge");
	play("100+");

	cr_expect(eq(int, harness_find_below(c->h, 6, "Change", NULL), 8));    /* below the number, beside the digits */
	HAS("✓ Paid");
	HAS("█▀█ ▀▀█   █▀█ █▀█");
}

Test(selling, off_and_amount_add_up_with_a_discount_of_the_whole_sale)
{
	begin("ding");
	play("<100010><100005>//3\r");

	HAS("10.00      -2.00        8.00");
	HAS("5.00      -1.00        4.00");
	HAS("Off  -3.00");
	cr_expect(eq(i64, totals()->total_fen, 1200));
}

/* ---- quantity ---- */

Test(selling, one_line_is_not_called_lines)
{
	begin("lin");

	play(NUTS);
	HAS("1 line  1 piece ");
	play("2*<100001>");
	HAS("2 lines  3 pieces");
}

/* As the book writes them: "3 *", "* 3", "100 +". */
Test(selling, blanks_around_a_number_are_no_part_of_it)
{
	begin("ding");

	play("3 *" NUTS);
	cr_expect(eq(i64, line()->quantity, 3000));
	play("* 2 \r");
	cr_expect(eq(i64, line()->quantity, 2000));
	play("1 -");
	cr_expect(eq(i64, line()->quantity, 1000));
	play("9 /");
	cr_expect(eq(i64, totals()->total_fen, 3591));
	play("/ 5\r");
	cr_expect(eq(i64, totals()->total_fen, 3490));
	play(". 30 \r");
	cr_expect(eq(i64, line()->price_fen, 3000));
	play("  \r");
	HAS("Another price");
	play(TYPE_ESC " 100001 \r");
	cr_expect(eq(int, totals()->lines, 2));
	play("100 +");
	cr_expect(eq(i64, zg_till_last(c->shop->till)->tendered_fen, 10000));
	/* within words a blank is one */
	play("901\r 12.5 \r");
	cr_expect(eq(i64, line()->price_fen, 1250));
	play("7 up");
	HAS("Nothing is called so.");
}

Test(selling, a_quantity_goes_before_the_scan)
{
	begin("lin");

	play("3*");
	HAS("3 × ");
	play(NUTS);
	cr_expect(eq(i64, line()->quantity, 3000));
	play(NUTS);

	cr_expect(eq(i64, line()->quantity, 4000), "the quantity is for one scan");
}

Test(selling, a_quantity_waits_for_the_right_scan_after_an_unknown_one)
{
	begin("lin");

	play("3*<6900000000007>");
	HAS("No goods have the code");
	HAS("3 × ");
	play(NUTS);
	cr_expect(eq(i64, line()->quantity, 3000));

	play("2*nosuch\r");
	HAS("No goods are called nosuch, or have it as their code.");
	play("<100001><100002>");
	cr_expect(eq(i64, totals()->total_fen, 3 * 3990 + 200 + 200));
}

Test(selling, minus_while_a_number_is_typed_for_the_line_takes_nothing_off)
{
	static const char *const typed[] = { "/-5\r", "*-3\r", ".-1\r", "//-5\r" };

	begin("lin");
	play(NUTS);
	for (size_t i = 0; i < sizeof(typed) / sizeof(typed[0]); i++) {
		play(typed[i]);
		HAS("Not done:");
		play(TYPE_ESC);
		cr_expect(eq(i64, line()->quantity, 1000));
		cr_expect(eq(i64, totals()->total_fen, 3990), "%s", typed[i]);
	}
}

Test(selling, a_quantity_goes_after_the_line)
{
	begin("lin");

	play(NUTS "*");
	HAS("Quantity *");
	play("3\r");

	cr_expect(eq(i64, line()->quantity, 3000));
	LACKS("Quantity *");
}

Test(selling, minus_takes_the_line_off_or_some_of_it)
{
	begin("lin");

	play("5*" NUTS "2-");
	cr_expect(eq(i64, line()->quantity, 3000));
	play("-");

	cr_expect(zg_sale_is_empty(zg_till_sale(c->shop->till)));
}

Test(selling, a_quantity_that_cannot_be_is_refused_in_words)
{
	static const char *const typed[] = { "0*", "1000000000*", NUTS "*0\r", "*1000000000\r", "*0.5\r", "0-", "9-" };

	begin("lin");
	for (size_t i = 0; i < sizeof(typed) / sizeof(typed[0]); i++) {
		play(typed[i]);

		cr_expect(eq(int, zg_app_message(harness_app(c->h))->kind, ZG_SAY_REFUSED), "%s: %s", typed[i],
			  zg_app_message(harness_app(c->h))->text);
		play(TYPE_ESC);
		cr_expect(not(harness_has(c->h, "Quantity *")), "%s", typed[i]);
	}
	cr_expect(eq(i64, line()->quantity, 1000));
}

/* ---- discounts ---- */

Test(selling, discounts_are_typed_as_the_counter_says_them)
{
	static const struct { const char *keys; zg_fen total; } cases[] = {
		{ "9/", 3591 }, { "85/", 3392 }, { "/5\r", 3490 }, { "/0\r", 3990 }, { "//5\r", 3490 }, { "//9/", 3591 }, { "//0\r", 3990 },
	};

	begin("ding");
	play(NUTS);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		play(cases[i].keys);

		cr_expect(eq(i64, totals()->total_fen, cases[i].total), "%s gives %lld; %s", cases[i].keys, (long long)totals()->total_fen,
			  zg_app_message(harness_app(c->h))->text);
	}
}

Test(selling, a_discount_says_what_it_is_typed_for)
{
	begin("ding");

	play(NUTS "/");
	HAS("Off the line /");
	play("/");
	HAS("Off the sale //");
	play(TYPE_ESC);

	LACKS("Off the");
	cr_expect(eq(i64, totals()->total_fen, 3990));
}

Test(selling, a_discount_of_nothing_is_refused_in_words)
{
	begin("ding");

	play("/");
	HAS("There is nothing to discount yet.");
	play(NUTS "0/");

	HAS("That is no discount.");
	cr_expect(eq(i64, totals()->total_fen, 3990));
}

/* ---- rights that are lent ---- */

Test(selling, a_price_is_changed_by_a_supervisor_who_lends_the_right)
{
	begin("lin");

	play(NUTS ".");
	HAS("Price .");
	play("30\r");
	HAS("A supervisor's right is needed");
	cr_expect(eq(i64, line()->price_fen, 3990));
	play("ding\r2468");
	LACKS("2468");
	play("\r");

	cr_expect(eq(i64, line()->price_fen, 3000));
	cr_expect(eq(str, (char *)who(), "lin"));
	HAS("林晓");
	/* for this once */
	play(".20\r");
	HAS("A supervisor's right is needed");
}

Test(selling, a_right_that_is_not_lent_changes_nothing)
{
	static const char *const answers[] = { TYPE_ESC, "ding\r1111\r", "lin\r2468\r", "nobody\r2468\r" };

	begin("lin");
	play(NUTS);
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		play(".30\r");
		play(answers[i]);
		play(TYPE_ESC);

		cr_expect(eq(i64, line()->price_fen, 3990), "%s", answers[i]);
		cr_expect(eq(str, (char *)who(), "lin"));
	}
}

Test(selling, a_scan_while_a_right_is_lent_is_rung_after_it)
{
	begin("lin");

	play(NUTS ".30\rding\r24" NUTS "68\r");

	cr_expect(eq(i64, totals()->total_fen, 3000 + 3990));
	cr_expect(eq(int, totals()->lines, 2));
}

/* ---- goods that ask ---- */

Test(selling, weighed_goods_ask_for_their_weight)
{
	begin("lin");

	play("201\r");
	HAS("Weight, kg");
	play("x\r");
	HAS("That is no weight.");
	play("\1770.856\r");

	cr_expect(eq(i64, totals()->total_fen, 1111));
	HAS("0.856kg");
}

Test(selling, a_weight_may_be_typed_first)
{
	begin("lin");

	play("0.856*201\r");

	cr_expect(eq(i64, totals()->total_fen, 1111));
}

Test(selling, goods_without_a_price_ask_for_it)
{
	begin("lin");

	play("2*901\r");
	HAS("Price, yuan");
	play("12.5\r");

	cr_expect(eq(i64, line()->price_fen, 1250));
	cr_expect(eq(i64, totals()->total_fen, 2500));
}

/* ---- scans ---- */

static void scan_all(char bytes[1024])
{
	bytes[0] = '\0';
	for (int i = 1; i <= 20; i++)
		sprintf(bytes + strlen(bytes), "1000%02d\r", i);
}

Test(selling, twenty_scans_in_one_write_are_all_rung)
{
	char bytes[1024];

	begin("lin");
	scan_all(bytes);

	harness_write(c->h, bytes);

	cr_expect(eq(int, totals()->lines, 20));
	cr_expect(eq(i64, totals()->total_fen, 21000));
	for (int i = 0; i < 20; i++)
		cr_expect(eq(i64, zg_sale_line(zg_till_sale(c->shop->till), (size_t)i)->price_fen, (i + 1) * 100));
}

Test(selling, scans_wait_while_a_box_is_open_and_are_then_rung)
{
	char bytes[1024];

	begin("lin");
	scan_all(bytes);
	play("901\r");

	harness_write(c->h, bytes);
	HAS("20 scans wait");
	cr_expect(eq(int, totals()->lines, 0));
	play("12.5\r");

	cr_expect(eq(int, totals()->lines, 21));
	cr_expect(eq(i64, totals()->total_fen, 21000 + 1250));
}

Test(selling, a_box_that_a_waiting_scan_opens_keeps_the_others_waiting)
{
	begin("lin");
	counter_goods(c, "888888,,凭价,个,0.00,13%,,open-price\n");

	harness_write(c->h, "888888\r100001\r888888\r100002\r");
	HAS("Price, yuan");
	HAS("3 scans wait");
	play("5\r");
	HAS("Price, yuan");
	cr_expect(eq(i64, totals()->total_fen, 600));
	play("6\r");

	cr_expect(eq(i64, totals()->total_fen, 1400));
	cr_expect(not(zg_app_has_box(harness_app(c->h))));
}

Test(selling, a_scan_lands_in_no_amount)
{
	begin("lin");

	play("<100009>+10" NUTS);
	cr_expect(top() == &zg_sale_screen);
	cr_expect(eq(i64, totals()->total_fen, 4890));
	cr_expect(eq(i64, zg_till_last(c->shop->till)->id, 0));
	play(".30<100001>");
	HAS("▏30");
	play("\rding\r24" NUTS "68\r");

	cr_expect(eq(i64, totals()->total_fen, 900 + 3000 + 100 + 3990), "the price is that of the line it was typed for");
}

Test(selling, a_payment_code_is_no_amount_and_is_not_shown)
{
	begin("lin");

	play(NUTS "<134567890123456789>");
	HAS("That is a payment code.");
	LACKS("134567890123456789");
	play("+<134567890123456789>");

	HAS("That is a payment code.");
	LACKS("134567890123456789");
	cr_expect(top() == &zg_settle_screen);
}

Test(selling, an_unknown_code_is_said_with_its_digits)
{
	begin("lin");

	play("<999999>");
	HAS("No goods have the code 999999.");
	play("77\r");

	HAS("No goods have the code 77.");
	cr_expect(eq(int, totals()->lines, 0));
}

/* ---- searching ---- */

Test(selling, goods_are_found_by_one_hanzi)
{
	begin("lin");

	play("农");
	HAS("农夫山泉 550ml");
	play("\r");

	cr_expect(eq(str, (char *)line()->name, "农夫山泉 550ml"));
	LACKS("Nothing is called so.");
}

Test(selling, goods_are_found_by_their_first_letters_and_rung_so_often)
{
	begin("lin");

	play("3*nfsq\r");

	cr_expect(eq(str, (char *)line()->name, "农夫山泉 550ml"));
	cr_expect(eq(i64, line()->quantity, 3000));
}

Test(selling, the_finds_are_chosen_by_arrows)
{
	begin("lin");

	play("商" TYPE_DOWN TYPE_DOWN "\r");

	cr_expect(eq(str, (char *)line()->name, "商品03"));
}

Test(selling, a_word_that_nothing_is_called_says_so_and_leaves_no_trace)
{
	begin("lin");

	play("xyzzy");
	HAS("Nothing is called so.");
	play("\r");
	HAS("No goods are called xyzzy, or have it as their code.");
	LACKS("Nothing is called so.");
	play("1001\r");

	cr_expect(eq(str, (char *)line()->name, "农夫山泉 550ml"));
	HAS("农夫山泉 550ml");
}

Test(selling, a_scan_while_one_searches_is_rung)
{
	begin("lin");

	play("农" NUTS);

	cr_expect(eq(i64, totals()->total_fen, 3990));
	HAS("▏农");
	HAS("农夫山泉 550ml");
	play(TYPE_ESC);
	HAS("三只松鼠");
}

Test(selling, plus_settles_also_after_a_search_was_left)
{
	begin("lin");

	play(NUTS "农" TYPE_ESC "+");

	cr_expect(top() == &zg_settle_screen);
}

Test(selling, the_whole_screen_finds_goods_and_rings_them)
{
	begin("lin");

	play("2*" TYPE_F3 "泉");
	HAS("农夫山泉 550ml");
	play("\r");

	cr_expect(top() == &zg_sale_screen);
	cr_expect(eq(str, (char *)line()->name, "农夫山泉 550ml"));
	cr_expect(eq(i64, line()->quantity, 2000));
}

Test(selling, a_scan_on_the_finding_screen_is_a_price_check)
{
	begin("lin");

	play(TYPE_F3 NUTS);

	HAS("39.90");
	cr_expect(eq(int, totals()->lines, 0));
}

/* ---- nothing is lost ---- */

Test(selling, esc_and_backspace_never_take_a_sale_away)
{
	begin("lin");

	play("<100001><100002>12" TYPE_ESC TYPE_ESC TYPE_ESC "\177\177\177" "*" TYPE_ESC "/" TYPE_ESC "." TYPE_ESC "+" TYPE_ESC TYPE_ESC
	     "+\177\177");

	cr_expect(eq(int, totals()->lines, 2));
	cr_expect(eq(i64, totals()->total_fen, 300));
	cr_expect(top() == &zg_sale_screen);
	cr_expect(not(zg_app_is_done(harness_app(c->h))));
}

Test(selling, cancelling_a_sale_needs_a_reason_and_a_right)
{
	begin("lin");
	play("<100001><100002>");

	play("\030");
	HAS("Cancel the whole sale");
	play("\r");
	HAS("Say why");
	play("   \r");
	HAS("Say why");
	play("\177\177\177顾客走了\r");
	HAS("A supervisor's right is needed");
	cr_expect(eq(i64, totals()->total_fen, 300));
	play("ding\r2468\r");

	cr_expect(zg_sale_is_empty(zg_till_sale(c->shop->till)));
	cr_expect(eq(str, (char *)who(), "lin"));
	cr_expect(eq(i64, zg_till_last(c->shop->till)->id, 0));
}

Test(selling, a_cancel_that_is_thought_better_of_keeps_the_sale)
{
	begin("ding");

	play("<100001>\030顾客" TYPE_ESC);

	cr_expect(eq(i64, totals()->total_fen, 100));
}

Test(selling, a_locked_till_keeps_the_sale)
{
	begin("lin");
	play(NUTS "12\014");
	HAS("Locked");
	HAS("林晓");
	cr_expect(zg_till_is_locked(c->shop->till));

	play(NUTS);
	play(TYPE_ESC "\021");
	cr_expect(top() == &zg_login_screen);
	cr_expect(eq(i64, totals()->total_fen, 3990));
	play("1111\r");
	cr_expect(zg_till_is_locked(c->shop->till));
	play("2468\r");

	cr_expect(not(zg_till_is_locked(c->shop->till)));
	cr_expect(top() == &zg_sale_screen);
	cr_expect(eq(i64, totals()->total_fen, 7980));
	HAS("▏12");
}

Test(selling, a_till_left_alone_locks_itself)
{
	begin("lin");
	play(NUTS);

	harness_pass(c->h, 299 * 1000);
	zg_desk_look(&c->desk);
	cr_expect(not(zg_till_is_locked(c->shop->till)));
	harness_pass(c->h, 2 * 1000);
	zg_desk_look(&c->desk);
	zg_desk_look(&c->desk);
	harness_pass(c->h, 100);

	cr_expect(zg_till_is_locked(c->shop->till));
	HAS("Locked");
	play("2468\r");
	cr_expect(top() == &zg_sale_screen);
	cr_expect(eq(i64, totals()->total_fen, 3990));
}

/* A command may lock out whoever sells just now: nothing may be left that only she could end. */
Test(selling, who_is_locked_out_makes_way_for_the_next)
{
	begin("lin");
	play(NUTS "\r");
	cr_expect(zg_app_has_box(harness_app(c->h)));
	cr_assert(eq(int, shop_do_as(c->shop, "boss", NULL, "user.lock", "{s:s}", "login", "lin"), ZG_OK), "%s", c->shop->err.text);
	zg_desk_look(&c->desk);
	zg_desk_look(&c->desk);
	harness_pass(c->h, 100);

	cr_expect(top() == &zg_login_screen);
	HAS("locked out");
	play("ding\r2468\r");
	cr_expect(top() == &zg_sale_screen);
	cr_expect(eq(i64, totals()->total_fen, 3990));
	play("+\r");
	cr_expect(eq(i64, zg_till_last(c->shop->till)->total_fen, 3990));
}

Test(selling, the_list_of_keys_above_a_lock_hides_no_second_one)
{
	begin("lin");

	play("\014?");
	cr_expect(zg_app_has_box(harness_app(c->h)));
	harness_pass(c->h, 301 * 1000);
	zg_desk_look(&c->desk);
	play(TYPE_ESC "2468\r");

	cr_expect(top() == &zg_sale_screen);
}

Test(selling, a_sale_under_way_is_there_again_after_a_restart)
{
	begin("lin");
	play("2*" NUTS "<100001>");

	counter_restart(c, 24, 80);
	play("lin\r2468\r");

	HAS("三只松鼠");
	HAS("商品01");
	cr_expect(eq(i64, totals()->total_fen, 8080));
	play("+\r");
	cr_expect(eq(i64, zg_till_last(c->shop->till)->total_fen, 8080));
}

Test(selling, signing_out_waits_for_the_sale)
{
	begin("lin");

	play(NUTS "\021");
	HAS("A sale is under way.");
	play(TYPE_F7 "\021");

	cr_expect(top() == &zg_login_screen);
	cr_expect(eq(str, (char *)who(), ""));
}

/* A slow line cuts the key in two: its second half must be no amount, and no day's end. */
Test(selling, a_function_key_in_two_halves_does_nothing)
{
	begin("lin");
	play(NUTS);
	harness_pass(c->h, 1);
	char *before = harness_screen(c->h);

	harness_bytes(c->h, "\033", 1);
	harness_pass(c->h, 60);
	harness_bytes(c->h, "[24~", 4);
	harness_pass(c->h, 60);
	char *after = harness_screen(c->h);

	cr_expect(eq(str, after, before));
	cr_expect(eq(i64, totals()->total_fen, 3990));
	free(before);
	free(after);
}

Test(selling, a_line_is_chosen_and_put_back)
{
	begin("lin");
	play("<100001>3*<100002>" TYPE_UP);
	HAS("▸ 1 商品01");

	play(TYPE_DOWN "2-\r");
	HAS("Put back what was taken off");
	play("5");

	cr_expect(eq(i64, line()->quantity, 3000));
}

/* The number would only flicker at each sale; what stays is said. */
Test(selling, a_slip_is_counted_as_waiting_only_when_it_stays)
{
	c = counter_open(24, 80, "lin", "[shop]\nname = 小满便利店\n\n[till]\nid = 1\n\n[printer]\nlink = file:/no/such/printer\n");
	counter_shift(c);
	counter_show(c, &zg_sale_screen, NULL);

	harness_scan(c->h, "1001");
	play("+\r");
	for (int i = 0; i < 1000 && zg_till_state(c->shop->till)->queued == 0; i++)
		zg_loop_step(c->shop->loop, 1);
	cr_expect(eq(sz, zg_till_state(c->shop->till)->queued, 1));
	zg_app_frame(harness_app(c->h));
	HAS("Slips0");
	for (int i = 0; i < 10 && !harness_has(c->h, "Slips1"); i++)
		counter_wait(c);

	HAS("Slips1");
}
