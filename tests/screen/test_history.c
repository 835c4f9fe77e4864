/* Looking back: the list of sales, one sale, its refund. Keys on a real till. */
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

static void begin(int rows, int columns, const char *login)
{
	c = counter_open(rows, columns, login, NULL);
	counter_shift(c);
	counter_sell(c, NULL, "1001", 2000, "1002", 1000, "201", 856, NULL);
	counter_sell(c, NULL, "1003", 1000, NULL);
}

static void end(void)
{
	counter_close(c);
}

/* The cell behind the text, in the row that also has `with`; -1: not there. */
static int edge_of(const char *with, const char *text)
{
	int row = harness_find(c->h, with, NULL);
	const char *line = row < 0 ? "" : harness_row(c->h, row), *at = strstr(line, text);
	char before[HARNESS_ROW];

	if (!at)
		return -1;
	memcpy(before, line, (size_t)(at - line));
	before[at - line] = '\0';
	return zg_screen_width(before) + zg_screen_width(text);
}

static const int sizes[][2] = { { 12, 40 }, { 24, 80 }, { 40, 120 }, { 60, 200 } };
#define SIZES (sizeof(sizes) / sizeof(sizes[0]))

TestSuite(history, .fini = end);

Test(history, the_newest_sale_comes_first)
{
	begin(24, 80, "lin");

	counter_show(c, &zg_history_screen, NULL);

	HAS("2026-11-25: 2 receipts");
	cr_expect(lt(int, harness_find(c->h, "R010000002", NULL), harness_find(c->h, "R010000001", NULL)));
}

/* Somebody may sell, refund or hand over by a command while one looks. */
Test(history, a_sale_from_elsewhere_comes_into_the_list_under_the_bar)
{
	begin(24, 80, "lin");
	counter_show(c, &zg_history_screen, NULL);
	zg_desk_look(&c->desk);
	harness_type(c->h, "j");
	counter_sell(c, NULL, "1002", 3000, NULL);
	harness_pass(c->h, 1000);
	LACKS("R010000003");

	zg_desk_look(&c->desk);
	harness_pass(c->h, 100);

	HAS("2026-11-25: 3 receipts");
	HAS("R010000003");
	harness_type(c->h, "\r");    /* the bar is where it was: on the first sale */
	HAS("R010000001");
	LACKS("R010000002");
}

Test(history, amounts_end_on_one_column_at_every_size)
{
	begin(12, 40, "lin");
	counter_show(c, &zg_history_screen, NULL);

	for (size_t i = 0; i < SIZES; i++) {
		harness_resize(c->h, sizes[i][0], sizes[i][1]);
		cr_expect(gt(int, edge_of("R010000001", "20.60"), 0), "%d columns", sizes[i][1]);
		cr_expect(eq(int, edge_of("R010000001", "20.60"), edge_of("R010000002", "39.90")), "%d columns", sizes[i][1]);
		cr_expect(le(int, edge_of("R010000001", "20.60"), sizes[i][1]));
	}
}

Test(history, a_sale_is_found_by_number_amount_and_goods)
{
	static const struct { const char *typed, *found, *hidden; } cases[] = {
		{ "R010000002", "R010000002", "R010000001" }, { "20.6", "R010000001", "R010000002" }, { "苹果", "R010000001", "R010000002" },
	};

	begin(24, 80, "lin");
	counter_show(c, &zg_history_screen, NULL);

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		harness_type(c->h, "/");
		harness_type(c->h, cases[i].typed);
		cr_expect(ge(int, harness_find(c->h, cases[i].found, NULL), 2), "%s", cases[i].typed);
		cr_expect(eq(int, edge_of(cases[i].hidden, "11-25"), -1));
		LACKS(cases[i].hidden);
		harness_type(c->h, "\033");
		harness_pass(c->h, 50);
		HAS("2 receipts");
	}
	cr_expect(eq(ptr, (void *)zg_app_top(harness_app(c->h)), (void *)&zg_history_screen));
}

Test(history, a_scanned_receipt_opens_its_sale)
{
	begin(24, 80, "lin");
	counter_show(c, &zg_history_screen, NULL);

	harness_scan(c->h, "R010000001");

	HAS("✓ Paid");
	HAS("0.856kg × 12.98");
}

Test(history, it_opens_at_the_receipt_that_was_scanned_before)
{
	begin(24, 80, "lin");
	strcpy(c->desk.opening.number, "R010000002");

	counter_show(c, &zg_history_screen, NULL);

	HAS("三只松鼠 每日坚果");
	HAS("林晓 took 39.90: paid");
	cr_expect(eq(str, c->desk.opening.number, ""));
}

Test(history, a_day_before_the_books_began_is_not_shown)
{
	begin(24, 80, "lin");
	counter_show(c, &zg_history_screen, NULL);

	harness_type(c->h, TYPE_LEFT);

	HAS("This is the first day in the books.");
	HAS("2026-11-25");
}

Test(history, the_story_names_who_did_what)
{
	begin(24, 80, "lin");
	cr_assert(eq(int, shop_do(c->shop, "print.receipt", "{s:s}", "number", "R010000002"), ZG_OK));
	counter_show(c, &zg_history_screen, NULL);

	harness_type(c->h, "\r");

	HAS("林晓 began the sale");
	HAS("林晓 printed it again, copy 1");
}

Test(history, money_ends_on_one_column_in_one_sale_at_every_size)
{
	begin(12, 40, "lin");
	counter_show(c, &zg_history_screen, NULL);
	harness_type(c->h, TYPE_DOWN "\r");

	for (size_t i = 0; i < SIZES; i++) {
		harness_resize(c->h, sizes[i][0], sizes[i][1]);
		cr_expect(gt(int, edge_of(" 1 农夫山泉", "4.00"), 0), "%d columns", sizes[i][1]);
		cr_expect(eq(int, edge_of(" 1 农夫山泉", "4.00"), edge_of(" 3 散装红富士苹果", "11.11")), "%d columns", sizes[i][1]);
		cr_expect(eq(int, edge_of(" 1 农夫山泉", "4.00"), edge_of("Rounded off", "-0.01")), "%d columns", sizes[i][1]);
	}
}

Test(history, the_slip_on_the_screen_keeps_the_papers_columns)
{
	begin(40, 120, "lin");
	counter_show(c, &zg_history_screen, NULL);
	harness_type(c->h, TYPE_DOWN "\r\r");

	/* 48 columns in the middle: text ends where the rules end */
	int edge = edge_of("Subtotal", "20.61");

	cr_expect(eq(int, edge, (120 - 48) / 2 + 48));
	cr_expect(eq(int, edge_of("TOTAL", "20.60"), edge));
	cr_expect(eq(int, edge_of("0.856 kg", "12.98"), (120 - 48) / 2 + 19));    /* × takes two cells on paper */
	HAS("R010000001");
}

/* ---- refunds ---- */

Test(history, a_scanned_receipt_is_refunded_whole_with_four_keys)
{
	begin(24, 80, "ding");
	counter_show(c, &zg_history_screen, NULL);
	harness_scan(c->h, "R010000001");

	harness_type(c->h, "ta\r1");

	HAS("Give the customer 20.60. The refund has the number R010000003.");
	HAS("Bad or damaged goods");
}

/* 428 g of 856 were 5.56 of 11.11; the customer gets 5.50 now, and the rest with the rest. */
Test(history, what_is_rounded_off_a_refund_has_a_line_of_its_own)
{
	begin(24, 80, "ding");
	counter_show(c, &zg_history_screen, NULL);
	harness_scan(c->h, "R010000001");

	harness_type(c->h, "t" TYPE_DOWN TYPE_DOWN "0.428");
	HAS("Rounded off  -0.06");
	harness_type(c->h, "\r2");
	HAS("Give the customer 5.50.");
	harness_type(c->h, "ta");
	cr_expect(gt(int, edge_of("散装红富士苹果", "5.55"), 0));
	HAS("Rounded off  0.05");
	harness_type(c->h, "\r2");
	HAS("Give the customer 15.10.");    /* 20.60 in all */
}

Test(history, a_refund_takes_lines_and_quantities)
{
	begin(24, 80, "ding");
	counter_show(c, &zg_history_screen, NULL);
	harness_scan(c->h, "R010000001");

	harness_type(c->h, "t1" TYPE_DOWN " ");
	HAS("5.50");
	harness_type(c->h, "\r2");

	HAS("Give the customer 7.50.");
}

Test(history, more_than_was_bought_is_refused_where_it_is_typed)
{
	begin(24, 80, "ding");
	counter_show(c, &zg_history_screen, NULL);
	harness_scan(c->h, "R010000001");

	harness_type(c->h, "t3\r");

	HAS("▲ Look: Choose what comes back first");
}

Test(history, what_went_back_before_cannot_go_back_again)
{
	begin(24, 80, "ding");
	counter_show(c, &zg_history_screen, NULL);
	harness_scan(c->h, "R010000001");
	harness_type(c->h, "ta\r1");

	harness_type(c->h, "ta");

	HAS("All of this sale was refunded before.");
}

Test(history, a_reason_of_ones_own_is_typed)
{
	begin(24, 80, "ding");
	counter_show(c, &zg_history_screen, NULL);
	harness_scan(c->h, "R010000001");

	harness_type(c->h, "ta\r5\r");
	HAS("A reason is needed.");
	harness_type(c->h, "味道不对\r");

	HAS("味道不对");
	HAS("Give the customer 20.60");
}

Test(history, a_cashier_borrows_the_right_to_refund)
{
	begin(24, 80, "lin");
	counter_show(c, &zg_history_screen, NULL);
	harness_scan(c->h, "R010000001");

	harness_type(c->h, "ta\r1");
	HAS("A supervisor's right is needed");
	harness_type(c->h, "ding\r" SHOP_PIN "\r");
	counter_wait(c);

	HAS("Give the customer 20.60");
	harness_type(c->h, TYPE_PAGE_DOWN);
	HAS("by the right of 丁主管");
}

Test(history, a_refund_fits_the_smallest_screen)
{
	begin(12, 40, "ding");
	counter_show(c, &zg_history_screen, NULL);
	harness_scan(c->h, "R010000001");

	harness_type(c->h, "ta");

	cr_expect(eq(int, edge_of("农夫山泉", "4.00"), edge_of("散装红富士苹果", "11.11")));
	cr_expect(gt(int, edge_of("To give back", "20.60"), 0));
}
