#include "src/shop/sale.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

static struct zg_sale *sale;

static void open_sale(void)
{
	sale = zg_sale_new();
}

static void close_sale(void)
{
	zg_sale_free(sale);
}

TestSuite(sale, .init = open_sale, .fini = close_sale);

static struct zg_item make(int id, const char *name, zg_fen price, enum zg_item_kind kind)
{
	struct zg_item item = { .id = id, .price_fen = price, .tax_bp = 1300, .kind = kind, .unit = "瓶", .active = true };

	snprintf(item.code, sizeof(item.code), "%d", 1000 + id);
	snprintf(item.name, sizeof(item.name), "%s", name);
	return item;
}

static struct zg_item cola(void) { return make(1, "可口可乐", 350, ZG_ITEM_PIECE); }
static struct zg_item bread(void) { return make(2, "面包", 899, ZG_ITEM_PIECE); }
static struct zg_item apples(void) { return make(3, "苹果", 1298, ZG_ITEM_WEIGHED); }
static struct zg_item sundry(void) { return make(4, "杂项", 0, ZG_ITEM_OPEN_PRICE); }

static int ring(struct zg_item item, zg_milli quantity, zg_fen price)
{
	int no = -1;

	cr_assert(eq(int, zg_sale_add(sale, &item, quantity, price, &no, NULL), ZG_OK));
	return no;
}

static const struct zg_line *line(int no)
{
	return zg_sale_find_line(sale, no);
}

static const struct zg_sale_totals *totals(void)
{
	return zg_sale_totals(sale);
}

Test(sale, starts_with_nothing)
{
	cr_expect(zg_sale_is_empty(sale));
	cr_expect(not(zg_sale_is_paid(sale)));
	cr_expect(eq(long, zg_sale_due(sale), 0));
	cr_expect(eq(sz, zg_sale_line_count(sale), 0));
	cr_expect(zg_sale_line(sale, 0) == NULL);
	cr_expect(zg_sale_find_line(sale, 1) == NULL);
	cr_expect(zg_sale_tender_at(sale, 0) == NULL);
	zg_sale_free(NULL);
}

Test(sale, the_same_item_again_raises_the_last_line)
{
	cr_expect(eq(int, ring(cola(), 1000, 0), 1));
	cr_expect(eq(int, ring(cola(), 2000, 0), 1));
	cr_expect(eq(int, ring(bread(), 1000, 0), 2));
	cr_expect(eq(int, ring(cola(), 1000, 0), 3));

	cr_expect(eq(long, line(1)->quantity, 3000));
	cr_expect(eq(long, line(1)->gross_fen, 1050));
	cr_expect(eq(int, totals()->lines, 3));
	cr_expect(eq(long, totals()->pieces, 5000));
	cr_expect(eq(long, totals()->total_fen, 1050 + 899 + 350));
	cr_expect(eq(str, (char *)line(2)->name, "面包"));
	cr_expect(eq(str, (char *)line(2)->code, "1002"));
}

Test(sale, weighed_and_open_price_goods_get_their_own_lines)
{
	ring(apples(), 856, 0);
	ring(apples(), 856, 0);
	ring(sundry(), 1000, 500);
	ring(sundry(), 1000, 500);

	cr_expect(eq(int, totals()->lines, 4));
	cr_expect(zg_sale_line(sale, 3) == line(4));
	cr_expect(zg_sale_line(sale, 4) == NULL);
	cr_expect(eq(long, line(1)->gross_fen, 1111));     /* 11.11088 */
	cr_expect(eq(long, line(3)->price_fen, 500));
	cr_expect(not(line(3)->price_is_set));
	cr_expect(eq(long, totals()->pieces, 4000));
}

Test(sale, a_line_with_a_story_is_not_raised)
{
	struct zg_discount ninety = zg_discount_kept(9000);
	struct zg_item dearer = cola();

	ring(cola(), 1000, 0);
	cr_assert(eq(int, zg_sale_discount_line(sale, 1, &ninety, NULL), ZG_OK));
	cr_expect(eq(int, ring(cola(), 1000, 0), 2));
	cr_assert(eq(int, zg_sale_set_price(sale, 2, 300, NULL), ZG_OK));
	cr_expect(eq(int, ring(cola(), 2000, 0), 3));
	cr_assert(eq(int, zg_sale_remove(sale, 3, 1000, NULL), ZG_OK));
	cr_expect(eq(int, ring(cola(), 1000, 0), 4));
	dearer.price_fen = 400;
	cr_expect(eq(int, ring(dearer, 1000, 0), 5));
	dearer.tax_bp = 900;
	cr_expect(eq(int, ring(dearer, 1000, 0), 6));
}

Test(sale, a_line_that_would_overflow_its_quantity_starts_another)
{
	struct zg_item sweet = make(9, "糖", 1, ZG_ITEM_PIECE);

	ring(sweet, 9999000, 0);
	cr_expect(eq(int, ring(sweet, 1000, 0), 2));
}

Test(sale, the_smallest_and_the_largest_amounts_are_taken)
{
	ring(sundry(), 1000, 1);
	ring(make(9, "金", ZG_SALE_MAX_FEN - 1, ZG_ITEM_PIECE), 1000, 0);
	cr_assert(eq(int, zg_sale_tender(sale, ZG_TENDER_CASH, ZG_SALE_MAX_FEN, ZG_ROUND_NONE, NULL), ZG_OK));
	cr_expect(zg_sale_is_paid(sale));
	cr_expect(eq(long, totals()->change_fen, 0));

	close_sale();
	open_sale();
	ring(sundry(), 1000, ZG_ITEM_PRICE_MAX);
	cr_assert(eq(int, zg_sale_tender(sale, ZG_TENDER_CASH, ZG_SALE_MAX_FEN - 1, ZG_ROUND_NONE, NULL), ZG_OK));
	cr_expect(eq(long, zg_sale_due(sale), 1));
}

Test(sale, what_cannot_be_sold_is_refused)
{
	struct zg_item old = cola(), bad = cola(), open = sundry(), piece = cola();
	struct zg_error err = { 0 };

	old.active = false;
	bad.price_fen = -1;
	cr_expect(eq(int, zg_sale_add(sale, &old, 1000, 0, NULL, &err), ZG_INVALID));
	cr_expect(gt(sz, strlen(err.text), 10));
	cr_expect(eq(int, zg_sale_add(sale, &bad, 1000, 0, NULL, NULL), ZG_INVALID));
	cr_expect(eq(int, zg_sale_add(sale, &open, 1000, 0, NULL, NULL), ZG_INVALID));
	cr_expect(eq(int, zg_sale_add(sale, &open, 1000, -5, NULL, NULL), ZG_INVALID));
	cr_expect(eq(int, zg_sale_add(sale, &open, 1000, ZG_ITEM_PRICE_MAX + 1, NULL, NULL), ZG_INVALID));
	cr_expect(eq(int, zg_sale_add(sale, &piece, 0, 0, NULL, NULL), ZG_INVALID));
	cr_expect(eq(int, zg_sale_add(sale, &piece, 1500, 0, NULL, NULL), ZG_INVALID));
	cr_expect(eq(int, zg_sale_add(sale, &piece, 1000000000000LL, 0, NULL, NULL), ZG_INVALID));
	cr_expect(eq(sz, zg_sale_line_count(sale), 0));
}

Test(sale, too_much_money_is_refused_and_changes_nothing)
{
	struct zg_item gold = make(5, "金条", ZG_ITEM_PRICE_MAX, ZG_ITEM_PIECE);
	int no = -1;

	ring(cola(), 1000, 0);
	cr_expect(eq(int, zg_sale_add(sale, &gold, 1000, 0, &no, NULL), ZG_INVALID));
	cr_expect(eq(int, zg_sale_add(sale, &gold, 9999000, 0, &no, NULL), ZG_INVALID));
	cr_expect(eq(int, zg_sale_set_price(sale, 1, ZG_ITEM_PRICE_MAX + 1, NULL), ZG_INVALID));
	cr_expect(eq(int, no, -1));
	cr_assert(eq(int, zg_sale_set_price(sale, 1, ZG_ITEM_PRICE_MAX, NULL), ZG_OK));
	cr_expect(eq(int, zg_sale_set_quantity(sale, 1, 2000, NULL), ZG_INVALID));
	cr_expect(eq(int, zg_sale_set_quantity(sale, 1, 9999000, NULL), ZG_INVALID));

	cr_expect(eq(sz, zg_sale_line_count(sale), 1));
	cr_expect(eq(long, line(1)->quantity, 1000));
	cr_expect(eq(long, totals()->total_fen, ZG_SALE_MAX_FEN));
	cr_expect(eq(long, zg_sale_due(sale), ZG_SALE_MAX_FEN));
}

Test(sale, the_longest_sale_takes_no_further_line)
{
	for (int i = 0; i < ZG_SALE_LINES; i++)
		ring(i % 2 ? cola() : bread(), 1000, 0);
	struct zg_item apple = apples();

	cr_expect(eq(int, zg_sale_add(sale, &apple, 500, 0, NULL, NULL), ZG_INVALID));
	cr_expect(eq(sz, zg_sale_line_count(sale), ZG_SALE_LINES));
	cr_expect(eq(int, ring(cola(), 1000, 0), ZG_SALE_LINES));    /* the last line may still grow */
}

Test(sale, removed_lines_leave_a_trace_and_come_back)
{
	ring(cola(), 3000, 0);
	ring(bread(), 1000, 0);

	cr_assert(eq(int, zg_sale_remove(sale, 1, 1000, NULL), ZG_OK));
	cr_expect(eq(long, line(1)->quantity, 2000));
	cr_expect(eq(long, line(1)->removed, 1000));
	cr_expect(eq(long, totals()->removed_fen, 350));
	cr_assert(eq(int, zg_sale_remove(sale, 1, 2000, NULL), ZG_OK));
	cr_expect(not(zg_line_is_live(line(1))));
	cr_expect(eq(long, line(1)->removed_fen, 1050));
	cr_expect(eq(long, line(1)->paid_fen, 0));
	cr_expect(eq(int, totals()->removed_lines, 1));
	cr_expect(eq(int, totals()->lines, 1));
	cr_expect(eq(long, totals()->total_fen, 899));
	cr_expect(eq(sz, zg_sale_line_count(sale), 2));

	cr_assert(eq(int, zg_sale_restore(sale, 1, NULL), ZG_OK));
	cr_expect(eq(long, line(1)->quantity, 3000));
	cr_expect(eq(long, line(1)->removed, 0));
	cr_expect(eq(long, totals()->total_fen, 1050 + 899));
	cr_expect(eq(int, totals()->removed_lines, 0));
	cr_expect(eq(int, zg_sale_restore(sale, 1, NULL), ZG_INVALID));
}

Test(sale, removal_is_held_to_what_is_there)
{
	ring(cola(), 2000, 0);
	ring(apples(), 500, 0);

	cr_expect(eq(int, zg_sale_remove(sale, 1, 3000, NULL), ZG_INVALID));
	cr_expect(eq(int, zg_sale_remove(sale, 1, 500, NULL), ZG_INVALID));
	cr_expect(eq(int, zg_sale_remove(sale, 1, 0, NULL), ZG_INVALID));
	cr_expect(eq(int, zg_sale_remove(sale, 1, -1000, NULL), ZG_INVALID));
	cr_expect(eq(int, zg_sale_remove(sale, 2, 200, NULL), ZG_OK));
	cr_expect(eq(int, zg_sale_remove(sale, 3, 1000, NULL), ZG_NOT_FOUND));
	cr_expect(eq(int, zg_sale_remove(sale, 0, 1000, NULL), ZG_NOT_FOUND));
	cr_expect(eq(int, zg_sale_remove(sale, -1, 1000, NULL), ZG_NOT_FOUND));
	cr_expect(eq(long, totals()->total_fen, 700 + 389));
}

Test(sale, a_removed_line_is_left_alone_until_it_is_restored)
{
	struct zg_discount ninety = zg_discount_kept(9000);

	ring(cola(), 1000, 0);
	cr_assert(eq(int, zg_sale_remove(sale, 1, 1000, NULL), ZG_OK));

	cr_expect(zg_sale_is_empty(sale));
	cr_expect(eq(int, zg_sale_remove(sale, 1, 1000, NULL), ZG_INVALID));
	cr_expect(eq(int, zg_sale_set_quantity(sale, 1, 1000, NULL), ZG_INVALID));
	cr_expect(eq(int, zg_sale_set_price(sale, 1, 100, NULL), ZG_INVALID));
	cr_expect(eq(int, zg_sale_discount_line(sale, 1, &ninety, NULL), ZG_INVALID));
	cr_expect(eq(int, zg_sale_tender(sale, ZG_TENDER_CASH, 1000, ZG_ROUND_NONE, NULL), ZG_INVALID));
	cr_expect(eq(int, ring(cola(), 1000, 0), 2));
}

Test(sale, what_was_restored_must_still_fit)
{
	struct zg_item sweet = make(9, "糖", 1, ZG_ITEM_PIECE);

	ring(sweet, 9999000, 0);
	cr_assert(eq(int, zg_sale_remove(sale, 1, 5000000, NULL), ZG_OK));
	cr_assert(eq(int, zg_sale_set_quantity(sale, 1, 9999000, NULL), ZG_OK));
	cr_expect(eq(int, zg_sale_restore(sale, 1, NULL), ZG_INVALID));
	cr_assert(eq(int, zg_sale_remove(sale, 1, 9999000, NULL), ZG_OK));
	cr_expect(eq(long, line(1)->removed, 9999000));    /* the trace has a limit of its own, in whole pieces */
	cr_expect(eq(int, zg_line_check(line(1), NULL), ZG_OK));
	cr_expect(eq(int, zg_sale_restore(sale, 1, NULL), ZG_OK));
	cr_expect(eq(long, line(1)->quantity, 9999000));
}

Test(sale, another_price_is_marked_and_the_list_price_unmarks_it)
{
	ring(cola(), 2000, 0);

	cr_assert(eq(int, zg_sale_set_price(sale, 1, 300, NULL), ZG_OK));
	cr_expect(line(1)->price_is_set);
	cr_expect(eq(long, line(1)->list_fen, 350));
	cr_expect(eq(long, totals()->total_fen, 600));
	cr_assert(eq(int, zg_sale_set_price(sale, 1, 0, NULL), ZG_OK));
	cr_expect(eq(long, totals()->total_fen, 0));
	cr_expect(zg_sale_is_paid(sale));
	cr_assert(eq(int, zg_sale_set_price(sale, 1, 350, NULL), ZG_OK));
	cr_expect(not(line(1)->price_is_set));
	cr_expect(eq(int, zg_sale_set_price(sale, 1, -1, NULL), ZG_INVALID));
}

Test(sale, a_line_discount_follows_quantity_and_price)
{
	struct zg_discount rule = zg_discount_kept(8500);

	ring(cola(), 1000, 0);
	cr_assert(eq(int, zg_sale_discount_line(sale, 1, &rule, NULL), ZG_OK));
	cr_expect(eq(long, line(1)->discount_fen, 52));
	cr_assert(eq(int, zg_sale_set_quantity(sale, 1, 10000, NULL), ZG_OK));
	cr_expect(eq(long, line(1)->discount_fen, 525));
	cr_assert(eq(int, zg_sale_set_price(sale, 1, 100, NULL), ZG_OK));
	cr_expect(eq(long, line(1)->discount_fen, 150));

	rule = zg_discount_off(500);
	cr_assert(eq(int, zg_sale_discount_line(sale, 1, &rule, NULL), ZG_OK));
	cr_expect(eq(long, totals()->total_fen, 500));
	cr_assert(eq(int, zg_sale_set_quantity(sale, 1, 2000, NULL), ZG_OK));
	cr_expect(eq(long, totals()->line_discount_fen, 200));    /* never below zero */
	cr_expect(eq(long, totals()->total_fen, 0));
	cr_assert(eq(int, zg_sale_set_quantity(sale, 1, 10000, NULL), ZG_OK));
	cr_expect(eq(long, totals()->line_discount_fen, 500));

	rule = (struct zg_discount){ 0 };
	cr_assert(eq(int, zg_sale_discount_line(sale, 1, &rule, NULL), ZG_OK));
	cr_expect(eq(long, totals()->line_discount_fen, 0));
}

Test(sale, the_whole_discount_is_spread_over_the_lines_to_the_fen)
{
	struct zg_discount rule = zg_discount_off(100);

	ring(make(11, "甲", 333, ZG_ITEM_PIECE), 1000, 0);
	ring(make(12, "乙", 333, ZG_ITEM_PIECE), 1000, 0);
	ring(make(13, "丙", 334, ZG_ITEM_PIECE), 1000, 0);
	cr_assert(eq(int, zg_sale_discount(sale, &rule, NULL), ZG_OK));

	cr_expect(eq(long, line(1)->share_fen, 33));
	cr_expect(eq(long, line(2)->share_fen, 33));
	cr_expect(eq(long, line(3)->share_fen, 34));
	cr_expect(eq(long, totals()->total_fen, 900));
	cr_expect(eq(long, totals()->sale_discount_fen, 100));
}

Test(sale, the_whole_discount_is_taken_after_the_line_discounts)
{
	struct zg_discount half = zg_discount_kept(5000), ninety = zg_discount_kept(9000), none = { 0 };

	ring(cola(), 2000, 0);
	ring(bread(), 1000, 0);
	cr_assert(eq(int, zg_sale_discount_line(sale, 1, &half, NULL), ZG_OK));
	cr_assert(eq(int, zg_sale_discount(sale, &ninety, NULL), ZG_OK));
	cr_expect(eq(long, totals()->gross_fen, 1599));
	cr_expect(eq(long, totals()->line_discount_fen, 350));
	cr_expect(eq(long, totals()->sale_discount_fen, 125));    /* 1249 keeps 1124.1 */
	cr_expect(eq(long, totals()->total_fen, 1124));
	cr_expect(eq(int, zg_sale_discount_rule(sale)->kept_bp, 9000));

	ring(bread(), 1000, 0);    /* goods scanned later fall under it too */
	cr_expect(eq(long, totals()->total_fen, 1933));
	cr_assert(eq(int, zg_sale_discount(sale, &none, NULL), ZG_OK));
	cr_expect(eq(long, totals()->sale_discount_fen, 0));
}

Test(sale, a_wrong_discount_is_refused)
{
	struct zg_discount bad = zg_discount_kept(10000), ninety = zg_discount_kept(9000);

	cr_expect(eq(int, zg_sale_discount(sale, &ninety, NULL), ZG_INVALID));    /* nothing to discount yet */
	ring(cola(), 1000, 0);
	cr_expect(eq(int, zg_sale_discount(sale, &bad, NULL), ZG_INVALID));
	cr_expect(eq(int, zg_sale_discount_line(sale, 1, &bad, NULL), ZG_INVALID));
	cr_expect(eq(int, zg_sale_discount_line(sale, 2, &ninety, NULL), ZG_NOT_FOUND));
	cr_expect(eq(long, zg_sale_due(sale), 350));
}

Test(sale, tax_is_summed_by_rate_from_rounded_lines)
{
	struct zg_item book = make(6, "书", 1090, ZG_ITEM_PIECE);
	struct zg_tax_total taxes[ZG_TAX_RATES];

	book.tax_bp = 900;
	ring(cola(), 1000, 0);
	ring(book, 1000, 0);
	ring(make(7, "茶", 990, ZG_ITEM_PIECE), 7000, 0);

	cr_assert(eq(sz, zg_sale_taxes(sale, taxes), 2));
	cr_expect(eq(int, taxes[0].rate_bp, 900));
	cr_expect(eq(long, taxes[0].net_fen, 1000));
	cr_expect(eq(long, taxes[0].tax_fen, 90));
	cr_expect(eq(long, taxes[1].gross_fen, 350 + 6930));
	cr_expect(eq(long, taxes[1].net_fen, 310 + 6133));
	cr_expect(eq(long, taxes[1].tax_fen, 40 + 797));
}

Test(sale, too_many_tax_rates_are_refused)
{
	for (int i = 0; i < ZG_TAX_RATES; i++) {
		struct zg_item item = make(20 + i, "物", 100, ZG_ITEM_PIECE);

		item.tax_bp = 100 * i;
		ring(item, 1000, 0);
	}
	struct zg_item more = make(99, "物", 100, ZG_ITEM_PIECE);

	more.tax_bp = 9999;
	cr_expect(eq(int, zg_sale_add(sale, &more, 1000, 0, NULL, NULL), ZG_INVALID));
	cr_expect(eq(long, zg_sale_due(sale), 1600));
	cr_assert(eq(int, zg_sale_remove(sale, 3, 1000, NULL), ZG_OK));
	ring(more, 1000, 0);
	cr_expect(eq(int, zg_sale_restore(sale, 3, NULL), ZG_INVALID));
	cr_expect(eq(long, line(3)->quantity, 0));
	cr_expect(eq(long, line(3)->removed, 1000));
}

Test(sale, cash_gives_change_and_only_the_kept_part_is_takings)
{
	ring(bread(), 1000, 0);
	cr_assert(eq(int, zg_sale_tender(sale, ZG_TENDER_CASH, 1000, ZG_ROUND_NONE, NULL), ZG_OK));

	const struct zg_tender *tender = zg_sale_tender_at(sale, 0);

	cr_expect(eq(long, tender->tendered_fen, 1000));
	cr_expect(eq(long, tender->kept_fen, 899));
	cr_expect(eq(long, tender->change_fen, 101));
	cr_expect(zg_sale_is_paid(sale));
	cr_expect(eq(long, totals()->kept_fen, 899));
	cr_expect(eq(long, totals()->change_fen, 101));
	cr_expect(eq(int, zg_sale_tender(sale, ZG_TENDER_CASH, 1000, ZG_ROUND_NONE, NULL), ZG_INVALID));
	cr_expect(eq(int, zg_sale_tender(sale, ZG_TENDER_CASH, 0, ZG_ROUND_NONE, NULL), ZG_INVALID));
}

/* Decisions 26: 抹零 applies only to the cash remainder, at the tender that completes the sale. */
Test(sale, only_the_cash_that_completes_the_sale_is_rounded_off)
{
	static const struct {
		enum zg_rounding rounding;
		zg_fen wechat, cash, kept, change, taken_off, due;
	} cases[] = {
		{ ZG_ROUND_NONE, 0,   1000, 899, 101, 0,  0   },
		{ ZG_ROUND_JIAO, 0,   1000, 890, 110, 9,  0   },
		{ ZG_ROUND_YUAN, 0,   1000, 800, 200, 99, 0   },
		{ ZG_ROUND_YUAN, 0,   800,  800, 0,   99, 0   },
		{ ZG_ROUND_YUAN, 0,   799,  799, 0,   0,  100 },    /* a part: nothing is rounded */
		{ ZG_ROUND_JIAO, 450, 500,  440, 60,  9,  0   },
		{ ZG_ROUND_YUAN, 450, 400,  400, 0,   49, 0   },
		{ ZG_ROUND_JIAO, 895, 0,    0,   0,   4,  0   },    /* rounds off to nothing */
		{ ZG_ROUND_JIAO, 895, 100,  0,   100, 4,  0   },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		close_sale();
		open_sale();
		ring(bread(), 1000, 0);
		if (cases[i].wechat > 0)
			cr_assert(eq(int, zg_sale_tender(sale, ZG_TENDER_WECHAT, cases[i].wechat, cases[i].rounding, NULL), ZG_OK));
		cr_expect(eq(long, totals()->rounding_fen, 0));
		cr_assert(eq(int, zg_sale_tender(sale, ZG_TENDER_CASH, cases[i].cash, cases[i].rounding, NULL), ZG_OK), "%zu", i);
		const struct zg_tender *tender = zg_sale_tender_at(sale, zg_sale_tender_count(sale) - 1);

		cr_expect(eq(long, tender->kept_fen, cases[i].kept), "%zu", i);
		cr_expect(eq(long, tender->change_fen, cases[i].change), "%zu", i);
		cr_expect(eq(long, totals()->rounding_fen, cases[i].taken_off), "%zu", i);
		cr_expect(eq(long, zg_sale_due(sale), cases[i].due), "%zu", i);
		cr_expect(eq(long, line(1)->paid_fen, 899 - cases[i].taken_off), "%zu", i);
		cr_expect(eq(long, line(1)->net_fen, zg_tax_net(899 - cases[i].taken_off, 1300)), "%zu", i);
	}
}

Test(sale, cash_due_shows_the_rounding_before_it_is_taken)
{
	ring(bread(), 1000, 0);

	cr_expect(eq(long, zg_sale_due(sale), 899));
	cr_expect(eq(long, zg_sale_cash_due(sale, ZG_ROUND_JIAO), 890));
	cr_expect(eq(long, zg_sale_cash_due(sale, ZG_ROUND_YUAN), 800));
	cr_expect(eq(long, totals()->rounding_fen, 0));
}

Test(sale, other_tenders_neither_round_nor_give_change)
{
	ring(bread(), 1000, 0);

	cr_expect(eq(int, zg_sale_tender(sale, ZG_TENDER_ALIPAY, 900, ZG_ROUND_YUAN, NULL), ZG_INVALID));
	cr_expect(eq(int, zg_sale_tender(sale, ZG_TENDER_ALIPAY, 0, ZG_ROUND_YUAN, NULL), ZG_INVALID));
	cr_expect(eq(int, zg_sale_tender(sale, (enum zg_tender_kind)ZG_TENDER_KINDS, 100, ZG_ROUND_YUAN, NULL), ZG_INVALID));
	cr_expect(eq(int, zg_sale_tender(sale, (enum zg_tender_kind)-1, 100, ZG_ROUND_YUAN, NULL), ZG_INVALID));
	cr_assert(eq(int, zg_sale_tender(sale, ZG_TENDER_ALIPAY, 899, ZG_ROUND_YUAN, NULL), ZG_OK));
	cr_expect(zg_sale_is_paid(sale));
	cr_expect(eq(long, totals()->rounding_fen, 0));
}

Test(sale, impossible_amounts_of_cash_are_refused)
{
	static const zg_fen cases[] = { 0, -1, ZG_SALE_MAX_FEN + 1, INT64_MAX, INT64_MIN };

	cr_expect(eq(int, zg_sale_tender(sale, ZG_TENDER_CASH, 100, ZG_ROUND_NONE, NULL), ZG_INVALID));
	ring(bread(), 1000, 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		cr_expect(eq(int, zg_sale_tender(sale, ZG_TENDER_CASH, cases[i], ZG_ROUND_NONE, NULL), ZG_INVALID), "%zu", i);
	for (int i = 0; i < ZG_SALE_TENDERS; i++)
		cr_assert(eq(int, zg_sale_tender(sale, ZG_TENDER_CASH, 1, ZG_ROUND_NONE, NULL), ZG_OK));
	cr_expect(eq(int, zg_sale_tender(sale, ZG_TENDER_CASH, 1, ZG_ROUND_NONE, NULL), ZG_INVALID));
	cr_expect(eq(long, zg_sale_due(sale), 899 - ZG_SALE_TENDERS));
}

Test(sale, lines_stand_still_once_something_was_paid)
{
	struct zg_discount ninety = zg_discount_kept(9000);
	struct zg_item item = cola();

	ring(bread(), 2000, 0);
	cr_assert(eq(int, zg_sale_tender(sale, ZG_TENDER_CASH, 100, ZG_ROUND_NONE, NULL), ZG_OK));

	cr_expect(eq(int, zg_sale_add(sale, &item, 1000, 0, NULL, NULL), ZG_INVALID));
	cr_expect(eq(int, zg_sale_set_quantity(sale, 1, 1000, NULL), ZG_INVALID));
	cr_expect(eq(int, zg_sale_remove(sale, 1, 1000, NULL), ZG_INVALID));
	cr_expect(eq(int, zg_sale_restore(sale, 1, NULL), ZG_INVALID));
	cr_expect(eq(int, zg_sale_set_price(sale, 1, 1, NULL), ZG_INVALID));
	cr_expect(eq(int, zg_sale_discount_line(sale, 1, &ninety, NULL), ZG_INVALID));
	cr_expect(eq(int, zg_sale_discount(sale, &ninety, NULL), ZG_INVALID));
	cr_expect(eq(long, zg_sale_due(sale), 1798 - 100));
}

Test(sale, a_tender_taken_back_takes_its_rounding_along)
{
	ring(bread(), 1000, 0);
	cr_assert(eq(int, zg_sale_tender(sale, ZG_TENDER_WECHAT, 100, ZG_ROUND_JIAO, NULL), ZG_OK));
	cr_assert(eq(int, zg_sale_tender(sale, ZG_TENDER_CASH, 1000, ZG_ROUND_JIAO, NULL), ZG_OK));
	cr_expect(eq(long, totals()->rounding_fen, 9));

	cr_expect(eq(int, zg_sale_remove_tender(sale, 2, NULL), ZG_NOT_FOUND));
	cr_assert(eq(int, zg_sale_remove_tender(sale, 0, NULL), ZG_OK));
	cr_expect(eq(long, totals()->rounding_fen, 0));
	cr_expect(eq(long, zg_sale_due(sale), 109));
	cr_expect(eq(int, zg_sale_tender_at(sale, 0)->kind, ZG_TENDER_CASH));
	cr_assert(eq(int, zg_sale_remove_tender(sale, 0, NULL), ZG_OK));
	cr_expect(eq(long, zg_sale_due(sale), 899));
	cr_expect(eq(long, line(1)->rounding_fen, 0));
	cr_assert(eq(int, zg_sale_set_quantity(sale, 1, 2000, NULL), ZG_OK));
}

Test(sale, any_of_the_most_tenders_can_be_taken_back)
{
	for (size_t taken = 0; taken < ZG_SALE_TENDERS; taken++) {
		zg_fen expected = 899;

		close_sale();
		open_sale();
		ring(bread(), 1000, 0);
		for (int i = 0; i < ZG_SALE_TENDERS; i++)
			cr_assert(eq(int, zg_sale_tender(sale, ZG_TENDER_CASH, 10 + i, ZG_ROUND_NONE, NULL), ZG_OK));
		cr_assert(eq(int, zg_sale_remove_tender(sale, taken, NULL), ZG_OK));

		cr_assert(eq(sz, zg_sale_tender_count(sale), ZG_SALE_TENDERS - 1));
		for (size_t i = 0; i < ZG_SALE_TENDERS - 1; i++) {
			zg_fen kept = 10 + (zg_fen)i + (i >= taken);

			cr_expect(eq(long, zg_sale_tender_at(sale, i)->kept_fen, kept));
			expected -= kept;
		}
		cr_expect(eq(long, zg_sale_due(sale), expected));
	}
}

Test(sale, a_sale_that_comes_to_nothing_may_have_one_row_of_no_cash)
{
	ring(cola(), 1000, 0);
	cr_assert(eq(int, zg_sale_set_price(sale, 1, 0, NULL), ZG_OK));

	cr_expect(zg_sale_is_paid(sale));
	cr_expect(eq(int, zg_sale_tender(sale, ZG_TENDER_CASH, 100, ZG_ROUND_NONE, NULL), ZG_INVALID));
	cr_expect(eq(int, zg_sale_tender(sale, ZG_TENDER_WECHAT, 0, ZG_ROUND_NONE, NULL), ZG_INVALID));
	cr_expect(eq(int, zg_sale_tender(sale, ZG_TENDER_CASH, 0, ZG_ROUND_NONE, NULL), ZG_OK));
	cr_expect(eq(int, zg_sale_tender(sale, ZG_TENDER_CASH, 0, ZG_ROUND_NONE, NULL), ZG_INVALID));
	cr_expect(zg_sale_is_paid(sale));
}

Test(sale, a_damaged_row_is_not_fed_back)
{
	ring(cola(), 2000, 0);
	struct zg_line good = *line(1);
	struct zg_sale *back = zg_sale_new();

	for (int i = 0; i < 12; i++) {
		struct zg_line bad = good;

		switch (i) {
		case 0: bad.no = 2; break;
		case 1: bad.no = 0; break;
		case 2: bad.quantity = -1000; break;
		case 3: bad.quantity = 0; break;             /* nothing sold and nothing taken off */
		case 4: bad.quantity = 1500; break;
		case 5: bad.removed = -1000; break;
		case 6: bad.removed = ZG_MILLI_MAX + 1; break;
		case 7: bad.price_fen = -1; break;
		case 8: bad.tax_bp = -1; break;
		case 9: memset(bad.name, 'x', sizeof(bad.name)); break;
		case 10: bad.discount = zg_discount_kept(-1); break;
		case 11: bad.kind = (enum zg_item_kind)5; break;
		}
		struct zg_error err = { 0 };

		cr_expect(eq(int, zg_sale_restore_lines(back, &bad, 1, &err), ZG_INVALID), "%d", i);
		cr_expect(eq(int, strstr(err.text, "Line 1 ") != NULL, i < 2), "%s", err.text);
	}
	cr_expect(eq(sz, zg_sale_line_count(back), 0));
	cr_expect(eq(int, zg_sale_restore_lines(back, &good, 1, NULL), ZG_OK));
	cr_expect(eq(int, zg_sale_restore_lines(back, &good, 1, NULL), ZG_INVALID));    /* twice */
	zg_sale_free(back);
}

Test(sale, lines_are_fed_back_all_or_none)
{
	ring(cola(), 2000, 0);
	struct zg_line lines[3] = { *line(1), *line(1), *line(1) };
	struct zg_sale *back = zg_sale_new();

	lines[1].no = 2;
	lines[2].no = 3;
	lines[2].quantity = -1000;
	cr_expect(eq(int, zg_sale_restore_lines(back, lines, 3, NULL), ZG_INVALID));
	cr_expect(eq(sz, zg_sale_line_count(back), 0));
	cr_expect(eq(long, zg_sale_totals(back)->total_fen, 0));

	cr_expect(eq(int, zg_sale_restore_lines(back, lines, 1, NULL), ZG_OK));
	struct zg_sale_totals one = *zg_sale_totals(back);

	lines[2].quantity = ZG_MILLI_MAX / 1000 * 1000;    /* each may be, all together come to too much */
	lines[2].price_fen = ZG_ITEM_PRICE_MAX;
	cr_expect(eq(int, zg_sale_restore_lines(back, lines + 1, 2, NULL), ZG_INVALID));
	cr_expect(eq(sz, zg_sale_line_count(back), 1));
	cr_expect(eq(int, memcmp(zg_sale_totals(back), &one, sizeof(one)), 0));
	cr_expect(eq(int, zg_sale_restore_lines(back, lines + 1, 1, NULL), ZG_OK));
	cr_expect(eq(long, zg_sale_totals(back)->total_fen, 2 * one.total_fen));
	zg_sale_free(back);
}

Test(sale, a_damaged_tender_is_not_fed_back)
{
	static const struct { struct zg_tender tender; zg_fen rounding; } cases[] = {
		{ { ZG_TENDER_CASH, 1000, 1000, 0, "" }, 0 },       /* keeps more than is due */
		{ { ZG_TENDER_CASH, 1000, 899, 100, "" }, 0 },      /* does not add up */
		{ { ZG_TENDER_CASH, 500, 899, -399, "" }, 0 },
		{ { ZG_TENDER_CASH, 898, 899, -1, "" }, 0 },
		{ { ZG_TENDER_WECHAT, 898, 898, 0, "" }, 1 },
		{ { ZG_TENDER_CASH, 1000, -1, 1001, "" }, 0 },
		{ { ZG_TENDER_WECHAT, 1000, 899, 101, "" }, 0 },    /* change from WeChat */
		{ { ZG_TENDER_WECHAT, 890, 890, 0, "" }, 9 },       /* rounding for WeChat */
		{ { ZG_TENDER_WECHAT, 0, 0, 0, "" }, 0 },
		{ { ZG_TENDER_CASH, 880, 880, 0, "" }, 9 },         /* rounded, but not complete */
		{ { ZG_TENDER_CASH, 880, 880, 0, "" }, 1 },
		{ { ZG_TENDER_CASH, 1000, 899, 101, "" }, 1 },      /* rounded, and kept as if not */
		{ { ZG_TENDER_CASH, 1000, 899, 101, "" }, -1 },
		{ { ZG_TENDER_CASH, 0, 0, 0, "" }, 900 },
		{ { ZG_TENDER_CASH, INT64_MAX, 899, INT64_MAX - 899, "" }, 0 },
		{ { (enum zg_tender_kind)ZG_TENDER_KINDS, 899, 899, 0, "" }, 0 },
	};

	ring(bread(), 1000, 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		cr_expect(eq(int, zg_sale_restore_tender(sale, &cases[i].tender, cases[i].rounding, NULL), ZG_INVALID), "%zu", i);
	cr_expect(eq(sz, zg_sale_tender_count(sale), 0));
	cr_expect(eq(long, zg_sale_due(sale), 899));
}

Test(sale, tenders_read_back_by_name)
{
	static const char *const names[] = { "cash", "wechat", "alipay", "unionpay", "card", "other", "ecny", "bestpay", "suning" };
	enum zg_tender_kind kind;

	for (int i = 0; i < ZG_TENDER_KINDS; i++) {
		cr_expect(eq(str, (char *)zg_tender_kind_name((enum zg_tender_kind)i), (char *)names[i]));
		cr_expect(zg_tender_kind_parse(names[i], &kind));
		cr_expect(eq(int, kind, i));
		cr_expect(gt(sz, strlen(zg_tender_kind_title(kind)), 3));
	}
	cr_expect(not(zg_tender_kind_parse("Cash", &kind)));
	cr_expect(eq(str, (char *)zg_tender_kind_name((enum zg_tender_kind)ZG_TENDER_KINDS), "?"));
	cr_expect(eq(str, (char *)zg_tender_kind_title((enum zg_tender_kind)ZG_TENDER_KINDS), "?"));
}

/* A code may have passed to other goods, and goods may have changed their kind, since the line was rung. */
Test(sale, other_goods_under_the_same_code_get_their_own_line)
{
	struct zg_item other = cola(), loose = cola();

	other.id = 77;
	loose.kind = ZG_ITEM_WEIGHED;
	ring(cola(), 1000, 0);

	cr_expect(eq(int, ring(other, 1000, 0), 2));
	cr_expect(eq(int, ring(loose, 1000, 0), 3));
	cr_expect(eq(int, ring(cola(), 1000, 0), 4));
}

Test(sale, a_refused_change_leaves_every_sum_as_it_was)
{
	struct zg_item gold = make(9, "金", ZG_ITEM_PRICE_MAX, ZG_ITEM_PIECE);

	ring(cola(), 2000, 0);
	ring(bread(), 1000, 0);
	struct zg_sale_totals before = *totals();

	cr_expect(eq(int, zg_sale_set_quantity(sale, 2, 9999000, NULL), ZG_OK));
	cr_expect(eq(int, zg_sale_set_quantity(sale, 2, 1000, NULL), ZG_OK));
	cr_expect(eq(int, zg_sale_add(sale, &gold, 2000, 0, NULL, NULL), ZG_INVALID));
	cr_expect(eq(int, memcmp(totals(), &before, sizeof(before)), 0));
	cr_expect(eq(int, zg_sale_set_price(sale, 1, ZG_ITEM_PRICE_MAX, NULL), ZG_INVALID));
	cr_expect(eq(int, memcmp(totals(), &before, sizeof(before)), 0));
	cr_expect(eq(long, line(1)->gross_fen, 700));
	cr_expect(eq(long, line(1)->paid_fen, 700));
	cr_expect(eq(long, line(2)->paid_fen, 899));
}

/* Of 3, 3 and 4 fen 8 come off; the two that are left are rounded off where they are left, not where most was rung. */
Test(sale, no_line_falls_below_zero_by_what_is_rounded_off)
{
	struct zg_discount off = zg_discount_off(8);

	ring(make(1, "甲", 3, ZG_ITEM_PIECE), 1000, 0);
	ring(make(2, "乙", 3, ZG_ITEM_PIECE), 1000, 0);
	ring(make(3, "丙", 4, ZG_ITEM_PIECE), 1000, 0);
	cr_assert(eq(int, zg_sale_discount(sale, &off, NULL), ZG_OK));
	cr_assert(eq(int, zg_sale_tender(sale, ZG_TENDER_CASH, 0, ZG_ROUND_JIAO, NULL), ZG_OK));

	cr_expect(eq(long, totals()->rounding_fen, 2));
	for (int no = 1; no <= 3; no++)
		cr_expect(eq(long, line(no)->paid_fen, 0), "%d", no);
	cr_expect(eq(long, line(1)->share_fen, 3));
	cr_expect(eq(long, line(1)->rounding_fen, 0));
}

Test(sale, one_fen_is_still_owed)
{
	ring(make(1, "甲", 1, ZG_ITEM_PIECE), 1000, 0);

	cr_expect(eq(int, zg_sale_tender(sale, ZG_TENDER_CASH, 0, ZG_ROUND_NONE, NULL), ZG_INVALID));
	cr_expect(eq(int, zg_sale_tender(sale, ZG_TENDER_CASH, 1, ZG_ROUND_NONE, NULL), ZG_OK));
	cr_expect(zg_sale_is_paid(sale));
}

Test(sale, a_gram_that_was_taken_off_counts)
{
	ring(apples(), 2, 0);
	cr_assert(eq(int, zg_sale_remove(sale, 1, 1, NULL), ZG_OK));

	cr_expect(eq(int, totals()->removed_lines, 1));
}

Test(sale, a_stored_line_without_a_discount_has_nothing_left_of_one)
{
	ring(cola(), 1000, 0);
	struct zg_line stored = *line(1);
	struct zg_sale *back = zg_sale_new();

	stored.discount = (struct zg_discount){ .kind = ZG_DISCOUNT_NONE, .kept_bp = 9000, .label = "旧" };
	cr_assert(eq(int, zg_sale_restore_lines(back, &stored, 1, NULL), ZG_OK));
	cr_expect(eq(int, zg_sale_line(back, 0)->discount.kept_bp, 0));
	cr_expect(eq(str, (char *)zg_sale_line(back, 0)->discount.label, ""));
	zg_sale_free(back);
}

/* The list of goods was imported anew under the counter: another code or another tax is another line. */
Test(sale, an_item_that_changed_its_code_or_tax_gets_a_line_of_its_own)
{
	struct zg_item item = cola(), recoded = cola(), retaxed = cola();

	strcpy(recoded.code, "2001");
	retaxed.tax_bp = 900;
	cr_expect(eq(int, ring(item, 1000, 0), 1));
	cr_expect(eq(int, ring(item, 1000, 0), 1));
	cr_expect(eq(int, ring(recoded, 1000, 0), 2));
	cr_expect(eq(int, ring(item, 1000, 0), 3));
	cr_expect(eq(int, ring(retaxed, 1000, 0), 4));
	cr_expect(eq(int, totals()->total_fen, 5 * 350));
}

/* Taken off and put back, over and over: the trace stays at the most that a line can have. */
Test(sale, the_trace_of_what_was_taken_off_never_grows_beyond_a_quantity)
{
	int piece = ring(cola(), 1000, 0), weighed = ring(apples(), 1, 0);

	for (int i = 0; i < 2; i++) {
		cr_assert(eq(int, zg_sale_set_quantity(sale, piece, ZG_MILLI_MAX / 1000 * 1000, NULL), ZG_OK));
		cr_assert(eq(int, zg_sale_remove(sale, piece, ZG_MILLI_MAX / 1000 * 1000 - 1000, NULL), ZG_OK));
		cr_assert(eq(int, zg_sale_set_quantity(sale, weighed, ZG_MILLI_MAX, NULL), ZG_OK));
		cr_assert(eq(int, zg_sale_remove(sale, weighed, ZG_MILLI_MAX - 1, NULL), ZG_OK));
	}
	cr_expect(eq(long, (long)line(piece)->removed, ZG_MILLI_MAX / 1000 * 1000));
	cr_expect(eq(long, (long)line(weighed)->removed, ZG_MILLI_MAX));
}

Test(sale, a_sale_of_nothing_may_have_one_row_that_says_so_and_no_money)
{
	ring(sundry(), 1000, 100);
	struct zg_discount gift = zg_discount_kept(0);

	cr_assert(eq(int, zg_sale_discount_line(sale, 1, &gift, NULL), ZG_OK));
	cr_expect(eq(int, zg_sale_tender(sale, ZG_TENDER_CASH, 100, ZG_ROUND_JIAO, NULL), ZG_INVALID));
	cr_expect(eq(int, zg_sale_tender(sale, ZG_TENDER_CASH, 0, ZG_ROUND_JIAO, NULL), ZG_OK));
	cr_expect(eq(int, zg_sale_tender(sale, ZG_TENDER_CASH, 0, ZG_ROUND_JIAO, NULL), ZG_INVALID));
}
