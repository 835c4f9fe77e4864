#include "src/base/json.h"
#include "src/shop/cash.h"
#include "src/store/jobs.h"
#include "tests/unit/shop.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

static struct shop *shop;

static void open_shop(void)
{
	shop = shop_begin(NULL);
	cr_assert(eq(int, shop_sign_in(shop, "lin"), ZG_OK), "%s", shop->err.text);
	cr_assert(eq(int, shop_do(shop, "shift.open", "{s:i}", "float_fen", 20000), ZG_OK), "%s", shop->err.text);
}

static void close_shop(void)
{
	shop_end(shop);
}

#define DO(...) cr_assert(eq(int, shop_do(shop, __VA_ARGS__), ZG_OK), "%s", shop->err.text)
#define REFUSED(result, ...) cr_expect(eq(int, shop_do(shop, __VA_ARGS__), result), "%s", shop->err.text)

static void ring_three(void)
{
	DO("sale.add", "{s:s, s:i}", "code", "1001", "quantity_milli", 2000);
	DO("sale.add", "{s:s}", "code", "1002");
	DO("sale.add", "{s:s}", "code", "6901028075831");
}

static int64_t rows(const char *kind)
{
	struct zg_sale_filter filter = { .state = ZG_SALE_PAID };
	struct zg_sale_row *list;
	size_t count, found = 0;

	(void)kind;
	cr_assert(eq(int, zg_sales_list(zg_till_store(shop->till), &filter, &list, &count, NULL), ZG_OK));
	found = count;
	free(list);
	return (int64_t)found;
}

TestSuite(till, .init = open_shop, .fini = close_shop);

Test(till, three_goods_paid_in_cash_give_a_number_change_and_an_anchor)
{
	ring_three();
	DO("sale.pay", "{s:s, s:i}", "tender", "cash", "tendered_fen", 10000);

	cr_expect(eq(str, (char *)shop_text(shop, "number"), "R010000001"));
	cr_expect(eq(long, shop_integer(shop, "total_fen"), 4940));
	cr_expect(eq(long, shop_integer(shop, "change_fen"), 5060));
	cr_expect(eq(sz, strlen(shop_text(shop, "anchor")), 8));
	cr_expect(zg_sale_is_empty(zg_till_sale(shop->till)));
	cr_expect(eq(long, rows("sale"), 1));
}

Test(till, cash_below_what_is_due_is_refused_and_nothing_is_lost)
{
	ring_three();
	REFUSED(ZG_INVALID, "sale.pay", "{s:i}", "tendered_fen", 4939);

	cr_expect(eq(int, zg_sale_totals(zg_till_sale(shop->till))->lines, 3));
	cr_expect(eq(sz, zg_sale_tender_count(zg_till_sale(shop->till)), 0));
	DO("sale.pay", "{s:i}", "tendered_fen", 4940);
}

Test(till, the_rounding_off_is_taken_when_cash_completes_the_sale)
{
	DO("sale.add", "{s:s, s:i}", "code", "201", "quantity_milli", 856);    /* 11.11 */
	DO("sale.pay", "{s:i}", "tendered_fen", 1110);

	cr_expect(eq(long, shop_integer(shop, "rounding_fen"), 1));
	cr_expect(eq(long, shop_integer(shop, "total_fen"), 1110));
}

Test(till, an_unknown_code_says_so_and_changes_nothing)
{
	REFUSED(ZG_NOT_FOUND, "sale.add", "{s:s}", "code", "6900000000000");
	cr_expect(ne(ptr, strstr(shop->err.text, "6900000000000"), NULL));
	cr_expect(eq(long, zg_till_sale_id(shop->till), 0));
}

Test(till, mad_quantities_and_prices_are_refused)
{
	DO("sale.add", "{s:s}", "code", "1001");
	REFUSED(ZG_INVALID, "sale.quantity", "{s:i, s:i}", "line", 1, "quantity_milli", 0);
	REFUSED(ZG_INVALID, "sale.quantity", "{s:i, s:I}", "line", 1, "quantity_milli", (json_int_t)1000000000000LL);
	REFUSED(ZG_INVALID, "sale.quantity", "{s:i, s:i}", "line", 1, "quantity_milli", 1500);
	REFUSED(ZG_NOT_FOUND, "sale.quantity", "{s:i, s:i}", "line", 7, "quantity_milli", 1000);
	REFUSED(ZG_INVALID, "sale.add", "{s:s}", "code", "901");
	REFUSED(ZG_INVALID, "sale.add", "{s:s, s:I}", "code", "901", "price_fen", (json_int_t)99999999999999LL);
	REFUSED(ZG_USAGE, "sale.add", "{s:s, s:i}", "code", "1001", "colour", 1);
	REFUSED(ZG_USAGE, "sale.add", "{s:i}", "code", 1001);
	REFUSED(ZG_USAGE, "sale.nothing", NULL);

	cr_expect(eq(long, zg_sale_totals(zg_till_sale(shop->till))->total_fen, 200));
}

Test(till, a_sale_under_way_comes_back_after_a_restart)
{
	ring_three();
	DO("sale.discount", "{s:i, s:i}", "line", 2, "kept_bp", 9000);
	DO("sale.remove", "{s:i, s:i}", "line", 1, "quantity_milli", 1000);
	struct zg_sale_totals before = *zg_sale_totals(zg_till_sale(shop->till));

	shop_restart(shop);

	cr_expect(eq(int, memcmp(zg_sale_totals(zg_till_sale(shop->till)), &before, sizeof(before)), 0));
	cr_expect(eq(int, zg_sale_totals(zg_till_sale(shop->till))->removed_lines, 1));
}

Test(till, hung_sales_survive_and_are_taken_again)
{
	ring_three();
	DO("sale.hang", NULL);
	int64_t first = shop_integer(shop, "sale_id");

	DO("sale.add", "{s:s}", "code", "1002");
	REFUSED(ZG_INVALID, "sale.take", "{s:I}", "sale", (json_int_t)first);
	DO("sale.hang", NULL);
	shop_restart(shop);
	cr_assert(eq(int, shop_sign_in(shop, "lin"), ZG_OK));

	cr_expect(eq(sz, zg_till_hung(shop->till), 2));
	DO("sale.take", "{s:I}", "sale", (json_int_t)first);
	cr_expect(eq(int, zg_sale_totals(zg_till_sale(shop->till))->lines, 3));
	REFUSED(ZG_INVALID, "sale.take", "{s:I}", "sale", (json_int_t)first);
}

/* Two open sales would leave one of them behind, unseen, at the next start. */
Test(till, a_sale_whose_lines_were_all_taken_off_ends_when_another_is_taken)
{
	struct zg_sale_filter open = { .state = ZG_SALE_OPEN }, given_up = { .state = ZG_SALE_VOID };
	struct zg_sale_row *rows;
	size_t count;

	ring_three();
	DO("sale.hang", NULL);
	int64_t hung = shop_integer(shop, "sale_id");

	DO("sale.add", "{s:s}", "code", "1002");
	int64_t emptied = zg_till_sale_id(shop->till);

	DO("sale.remove", "{s:i}", "line", 1);
	DO("sale.take", "{s:I}", "sale", (json_int_t)hung);

	cr_expect(eq(long, zg_till_sale_id(shop->till), hung));
	cr_expect(eq(int, zg_sale_totals(zg_till_sale(shop->till))->lines, 3));
	cr_assert(eq(int, zg_sales_list(zg_till_store(shop->till), &open, &rows, &count, NULL), ZG_OK));
	cr_expect(eq(sz, count, 1));
	free(rows);
	cr_assert(eq(int, zg_sales_list(zg_till_store(shop->till), &given_up, &rows, &count, NULL), ZG_OK));
	cr_assert(eq(sz, count, 1));
	cr_expect(eq(long, rows[0].record.id, emptied));
	free(rows);
}

Test(till, a_cashier_needs_a_lent_right_to_change_a_price_and_the_journal_keeps_both)
{
	ring_three();
	REFUSED(ZG_REFUSED, "sale.price", "{s:i, s:i}", "line", 1, "price_fen", 100);
	cr_expect(eq(int, shop_do_as(shop, "lin", "ding", "sale.price", "{s:i, s:i}", "line", 1, "price_fen", 100), ZG_OK), "%s", shop->err.text);

	cr_expect(eq(long, zg_sale_find_line(zg_till_sale(shop->till), 1)->price_fen, 100));
	cr_expect(eq(str, (char *)zg_till_person(shop->till)->login, "lin"));
}

Test(till, another_cashier_cannot_lend_what_she_does_not_have)
{
	ring_three();
	cr_expect(eq(int, shop_do_as(shop, "lin", "lin", "sale.price", "{s:i, s:i}", "line", 1, "price_fen", 100), ZG_REFUSED));
}

Test(till, a_refund_gives_back_by_line_never_twice)
{
	ring_three();
	DO("sale.pay", "{s:i}", "tendered_fen", 4940);
	char number[32];

	snprintf(number, sizeof(number), "%s", shop_text(shop, "number"));
	REFUSED(ZG_REFUSED, "sale.refund", "{s:s, s:b, s:s}", "number", number, "all", 1, "reason", "坏了");
	cr_assert(eq(int, shop_sign_in(shop, "ding"), ZG_OK));
	REFUSED(ZG_INVALID, "sale.refund", "{s:s, s:b, s:s}", "number", number, "all", 1, "reason", "  ");
	DO("sale.refund", "{s:s, s:[{s:i, s:i}], s:s}", "number", number, "lines", "line", 1, "quantity_milli", 1000, "reason", "坏了");
	cr_expect(eq(long, shop_integer(shop, "refunded_fen"), 200));
	REFUSED(ZG_INVALID, "sale.refund", "{s:s, s:[{s:i, s:i}], s:s}", "number", number, "lines", "line", 1, "quantity_milli", 2000, "reason", "x");
	DO("sale.refund", "{s:s, s:b, s:s}", "number", number, "all", 1, "reason", "全退");
	cr_expect(eq(long, shop_integer(shop, "refunded_fen"), 4740));
	REFUSED(ZG_INVALID, "sale.refund", "{s:s, s:b, s:s}", "number", number, "all", 1, "reason", "再退");
	REFUSED(ZG_NOT_FOUND, "sale.refund", "{s:s, s:b, s:s}", "number", "R010099999", "all", 1, "reason", "x");
}

static void take_back(const char *number, zg_milli apples, zg_fen rounding, zg_fen money)
{
	char *text = NULL;

	DO("sale.refund", "{s:s, s:[{s:i, s:I}], s:s}", "number", number, "lines", "line", 1, "quantity_milli", (json_int_t)apples, "reason", "x");
	cr_expect(eq(long, shop_integer(shop, "rounding_fen"), rounding));
	cr_expect(eq(long, shop_integer(shop, "refunded_fen"), money));
	cr_assert(eq(int, zg_jobs_document(zg_till_store(shop->till), "refund", shop_integer(shop, "sale_id"), &text, NULL), ZG_OK));
	json_t *slip = zg_json_parse(text, strlen(text));

	cr_expect(eq(long, zg_json_integer(slip, "rounding_fen", -99), rounding));
	cr_expect(eq(long, zg_json_integer(slip, "subtotal_fen", -99), money + rounding));
	cr_expect(eq(long, zg_json_integer(slip, "total_fen", -99), money));
	json_decref(slip);
	free(text);
}

/* 856 g for 11.11, paid 11.10: half of it is 5.55, rounded off to 5.50, and the other half brings the 0.05. */
Test(till, a_cash_refund_is_rounded_off_and_all_of_them_are_what_was_paid)
{
	struct zg_totals totals;
	char number[32];

	DO("sale.add", "{s:s, s:i}", "code", "201", "quantity_milli", 856);
	DO("sale.pay", NULL);
	snprintf(number, sizeof(number), "%s", shop_text(shop, "number"));
	cr_assert(eq(int, shop_sign_in(shop, "ding"), ZG_OK));
	take_back(number, 428, 6, 550);
	take_back(number, 428, -5, 560);

	cr_assert(eq(int, zg_shifts_totals(zg_till_store(shop->till), zg_till_shift(shop->till), &totals, NULL), ZG_OK));
	cr_expect(eq(long, totals.rounding_fen, 1));
	cr_expect(eq(long, totals.refund_rounding_fen, 1));
	cr_expect(eq(long, zg_totals_rounding(&totals), 0));
	cr_expect(eq(long, zg_totals_net(&totals), 0));
	cr_expect(eq(long, zg_totals_expected(&totals), 20000));
}

static int64_t count_of(const char *sql)
{
	sqlite3_stmt *stmt;

	cr_assert(eq(int, sqlite3_prepare_v2(zg_store_raw(zg_till_store(shop->till)), sql, -1, &stmt, NULL), SQLITE_OK));
	int64_t count = sqlite3_step(stmt) == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : -1;

	sqlite3_finalize(stmt);
	return count;
}

/* Five of 0.01 are paid with 0.00 after rounding off: no money came, so none goes back, and the drawer stays shut both times. */
Test(till, the_drawer_stays_shut_when_no_money_moves)
{
	char number[32];

	DO("sale.add", "{s:s, s:i, s:i}", "code", "901", "quantity_milli", 5000, "price_fen", 1);
	DO("sale.pay", NULL);
	cr_expect(eq(long, shop_integer(shop, "total_fen"), 0));
	snprintf(number, sizeof(number), "%s", shop_text(shop, "number"));
	cr_assert(eq(int, shop_sign_in(shop, "ding"), ZG_OK));
	DO("sale.refund", "{s:s, s:b, s:s}", "number", number, "all", true, "reason", "不想要");

	cr_expect(eq(long, shop_integer(shop, "refunded_fen"), 0));
	cr_expect(eq(long, count_of("SELECT count(*) FROM drawer_opening"), 0));
	cr_expect(eq(long, count_of("SELECT count(*) FROM print_job WHERE kind = 'drawer'"), 0));
	cr_expect(eq(long, count_of("SELECT count(*) FROM print_job WHERE kind IN ('sale', 'refund')"), 2));
}

/* Ten yuan for a gift are not swallowed: they used to be taken into the drawer without a word of change. */
Test(till, money_for_a_gift_is_not_taken)
{
	cr_assert(eq(int, shop_sign_in(shop, "ding"), ZG_OK));
	DO("sale.add", "{s:s}", "code", "1001");
	DO("sale.price", "{s:i, s:i}", "line", 1, "price_fen", 0);

	cr_expect(eq(int, shop_do(shop, "sale.pay", "{s:i}", "tendered_fen", 1000), ZG_INVALID));
	cr_expect(eq(str, shop->err.text, "Nothing is due any more. The sale is paid."));
	DO("sale.pay", NULL);
	cr_expect(eq(long, count_of("SELECT count(*) FROM drawer_opening"), 0));
}

Test(till, the_shift_closes_blind_with_a_gapless_z_and_the_change_in_no_figure)
{
	ring_three();
	DO("sale.pay", "{s:i}", "tendered_fen", 10000);
	DO("cash.in", "{s:i, s:s}", "amount_fen", 500, "reason", "零钱");
	DO("cash.out", "{s:i, s:s}", "amount_fen", 1000, "reason", "买水");
	REFUSED(ZG_INVALID, "shift.close", NULL);
	DO("shift.count", "{s:{s:i, s:i, s:i}}", "pieces", "10000", 2, "2000", 2, "100", 3);
	DO("shift.close", NULL);

	cr_expect(eq(long, shop_integer(shop, "z"), 1));
	cr_expect(eq(long, shop_integer(shop, "expected_fen"), 20000 + 4940 + 500 - 1000));
	cr_expect(eq(long, shop_integer(shop, "counted_fen"), 24300));
	cr_expect(eq(long, shop_integer(shop, "over_fen"), 24300 - 24440));
	REFUSED(ZG_INVALID, "shift.close", NULL);
	DO("shift.open", "{s:i}", "float_fen", 24300);
	DO("shift.count", "{s:i}", "total_fen", 24300);
	DO("shift.close", NULL);
	cr_expect(eq(long, shop_integer(shop, "z"), 2));
	cr_expect(eq(long, shop_integer(shop, "over_fen"), 0));
}

Test(till, no_money_is_taken_without_a_shift)
{
	DO("shift.count", "{s:i}", "total_fen", 20000);
	DO("shift.close", NULL);
	ring_three();

	REFUSED(ZG_INVALID, "sale.pay", "{s:i}", "tendered_fen", 4940);
	cr_expect(eq(int, zg_sale_totals(zg_till_sale(shop->till))->lines, 3));
}

Test(till, a_locked_till_asks_for_a_pin_before_every_act)
{
	DO("session.lock", NULL);

	REFUSED(ZG_REFUSED, "sale.add", "{s:s}", "code", "1001");
	cr_expect(eq(int, shop_sign_in(shop, "lin"), ZG_OK), "%s", shop->err.text);
	DO("sale.add", "{s:s}", "code", "1001");
}

Test(till, a_shift_cannot_open_before_the_last_one)
{
	DO("shift.count", "{s:i}", "total_fen", 20000);
	DO("shift.close", NULL);
	shop->now_ms = -3 * 24 * 3600 * 1000LL;

	REFUSED(ZG_REFUSED, "shift.open", "{s:i}", "float_fen", 0);
}

static bool has_row(const struct zg_journal_row *row, void *self)
{
	int *count = self;

	(void)row;
	(*count)++;
	return true;
}

/* Every change is an act with its journal row; the table names the right of each. */
Test(till, every_act_that_changes_something_leaves_a_journal_row)
{
	static const struct { const char *act, *format, *key; int value; } steps[] = {
		{ "sale.add", "{s:i}", "item_id", 1 }, { "sale.remove", "{s:i}", "line", 1 }, { "sale.restore", "{s:i}", "line", 1 },
		{ "sale.hang", NULL, "", 0 }, { "sale.take", "{s:i}", "sale", 1 }, { "sale.pay", NULL, "", 0 },
		{ "shift.count", "{s:i}", "total_fen", 100 }, { "shift.close", NULL, "", 0 }, { "session.end", NULL, "", 0 },
	};
	int before = 0, after = 0;

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		before = after = 0;
		cr_assert(eq(int, zg_journal_read(zg_till_store(shop->till), 1, 0, has_row, &before, NULL), ZG_OK));
		if (steps[i].format)
			DO(steps[i].act, steps[i].format, steps[i].key, steps[i].value);
		else
			DO(steps[i].act, NULL);
		cr_assert(eq(int, zg_journal_read(zg_till_store(shop->till), 1, 0, has_row, &after, NULL), ZG_OK));
		cr_expect(gt(int, after, before), "%s left no row", steps[i].act);
	}
	struct zg_journal_check check;

	cr_expect(eq(int, zg_journal_verify(zg_till_store(shop->till), &check, &shop->err), ZG_OK), "%s", shop->err.text);
}

Test(till, the_table_of_acts_is_sorted_whole_and_every_act_names_a_right)
{
	const char *last = "";

	for (const struct zg_act *const *act = zg_acts(); *act; act++) {
		cr_expect(gt(int, strcmp((*act)->name, last), 0), "%s after %s", (*act)->name, last);
		bool does = (*act)->run || (*act)->start, has_title = (*act)->title && *(*act)->title;
		/* These ask for a right that depends on their arguments, or are for everybody. */
		bool is_session = strncmp((*act)->name, "session.", 8) == 0 || strcmp((*act)->name, "user.pin") == 0 ||
			strcmp((*act)->name, "print.report") == 0;

		cr_expect(does, "%s does nothing", (*act)->name);
		cr_expect(has_title, "%s has no title", (*act)->name);
		bool guarded = (*act)->right != ZG_RIGHT_NONE || is_session;

		cr_expect(guarded, "%s needs no right", (*act)->name);
		last = (*act)->name;
	}
}

Test(till, a_count_is_stale_once_money_has_moved)
{
	DO("shift.count", "{s:i}", "total_fen", 20000);
	ring_three();
	REFUSED(ZG_INVALID, "shift.close", NULL);
	DO("sale.pay", NULL);
	REFUSED(ZG_INVALID, "shift.close", NULL);
	DO("shift.count", "{s:i}", "total_fen", 24940);
	DO("shift.close", NULL);
	cr_expect(eq(long, shop_integer(shop, "over_fen"), 0));
}

static struct zg_totals figures(int64_t shift_id)
{
	struct zg_shift shift;
	struct zg_totals totals;

	cr_assert(eq(int, zg_shifts_find(zg_till_store(shop->till), shift_id, &shift, NULL), ZG_OK));
	cr_assert(eq(int, zg_shifts_totals(zg_till_store(shop->till), &shift, &totals, NULL), ZG_OK));
	return totals;
}

Test(till, what_happens_between_shifts_is_counted_in_the_next)
{
	DO("shift.count", "{s:i}", "total_fen", 20000);
	DO("shift.close", NULL);
	ring_three();
	cr_assert(eq(int, shop_do_as(shop, "ding", NULL, "sale.void", "{s:s}", "reason", "走了"), ZG_OK), "%s", shop->err.text);
	cr_assert(eq(int, shop_do_as(shop, "ding", NULL, "drawer.open", "{s:s}", "reason", "换钱"), ZG_OK), "%s", shop->err.text);
	DO("shift.open", "{s:i}", "float_fen", 20000);

	struct zg_totals totals = figures(2);

	cr_expect(eq(long, totals.voids, 1));
	cr_expect(eq(long, totals.void_fen, 4940));
	cr_expect(eq(long, totals.no_sales, 1));
	cr_expect(eq(long, figures(1).voids, 0));
}

Test(till, a_cashier_cannot_give_goods_away_by_discounts)
{
	ring_three();
	REFUSED(ZG_INVALID, "sale.discount", "{s:i, s:i}", "line", 1, "off_fen", 401);
	REFUSED(ZG_REFUSED, "sale.discount", "{s:i, s:i}", "line", 1, "off_fen", 400);
	REFUSED(ZG_REFUSED, "sale.discount", "{s:i, s:i}", "line", 1, "kept_bp", 0);
	DO("sale.discount", "{s:i, s:i}", "line", 1, "off_fen", 200);
	cr_expect(eq(int, shop_do_as(shop, "lin", "ding", "sale.discount", "{s:i, s:i}", "line", 1, "kept_bp", 0), ZG_OK), "%s", shop->err.text);
	zg_fen whole = zg_sale_totals(zg_till_sale(shop->till))->total_fen;

	cr_expect(eq(int, shop_do_as(shop, "lin", "ding", "sale.discount", "{s:I}", "off_fen", (json_int_t)whole + 1), ZG_INVALID));
	cr_expect(eq(long, zg_sale_totals(zg_till_sale(shop->till))->total_fen, whole), "nothing was given away");
	cr_expect(eq(int, shop_do_as(shop, "lin", "ding", "sale.discount", "{s:I}", "off_fen", (json_int_t)whole), ZG_OK), "%s", shop->err.text);
}

/* Five yuan off ten pieces are a little; off the one that is left they are the whole. */
Test(till, a_discount_does_not_grow_by_taking_pieces_off)
{
	DO("sale.add", "{s:s, s:i}", "code", "1001", "quantity_milli", 10000);
	zg_fen whole = zg_sale_totals(zg_till_sale(shop->till))->total_fen;

	DO("sale.discount", "{s:i, s:I}", "line", 1, "off_fen", (json_int_t)(whole / 2));
	REFUSED(ZG_REFUSED, "sale.remove", "{s:i, s:i}", "line", 1, "quantity_milli", 9000);
	REFUSED(ZG_REFUSED, "sale.quantity", "{s:i, s:i}", "line", 1, "quantity_milli", 9000);
	cr_expect(eq(long, zg_sale_line(zg_till_sale(shop->till), 0)->quantity, 10000));
	DO("sale.quantity", "{s:i, s:i}", "line", 1, "quantity_milli", 11000);
	DO("sale.remove", "{s:i, s:i}", "line", 1, "quantity_milli", 1000);
	cr_expect(eq(int, shop_do_as(shop, "lin", "ding", "sale.remove", "{s:i, s:i}", "line", 1, "quantity_milli", 9000), ZG_OK), "%s", shop->err.text);
	cr_expect(eq(long, zg_sale_totals(zg_till_sale(shop->till))->total_fen, 0));
	DO("sale.remove", "{s:i}", "line", 1);
}

/* The Z counts what was taken off a sale that was then given up: the journal's row of its end says how much that was. */
Test(till, the_journal_alone_tells_what_was_taken_off_a_cancelled_sale)
{
	cr_assert(eq(int, shop_sign_in(shop, "ding"), ZG_OK));
	DO("sale.add", "{s:s, s:i}", "code", "1001", "quantity_milli", 3000);
	DO("sale.remove", "{s:i, s:i}", "line", 1, "quantity_milli", 2000);
	DO("sale.void", "{s:s}", "reason", "走了");

	cr_expect(eq(long, count_of("SELECT json_extract(body, '$.removed_lines') FROM journal WHERE kind = 'sale.void'"), 1));
	cr_expect(eq(long, count_of("SELECT json_extract(body, '$.removed_fen') FROM journal WHERE kind = 'sale.void'"), 400));
}

Test(till, a_smaller_quantity_leaves_the_same_trace_as_taking_off)
{
	DO("sale.add", "{s:s, s:i}", "code", "1001", "quantity_milli", 10000);
	DO("sale.quantity", "{s:i, s:i}", "line", 1, "quantity_milli", 1000);
	DO("sale.pay", NULL);

	struct zg_totals totals = figures(1);

	cr_expect(eq(long, totals.removed_lines, 1));
	cr_expect(eq(long, totals.removed_fen, 1800));
}

/* A lent PIN takes a moment to check; meanwhile the sale may be another. */
Test(till, what_was_ordered_for_one_sale_does_not_land_on_the_next)
{
	ring_three();
	int64_t first = zg_till_sale_id(shop->till);

	DO("sale.pay", NULL);
	DO("sale.add", "{s:s}", "code", "1001");
	cr_expect(eq(int, shop_do_as(shop, "lin", "ding", "sale.discount", "{s:I, s:i}", "sale", (json_int_t)first, "off_fen", 100), ZG_INVALID));
	cr_expect(eq(long, zg_sale_totals(zg_till_sale(shop->till))->total_fen, 200));
	cr_expect(eq(int, shop_do_as(shop, "lin", "ding", "sale.discount", "{s:I, s:i}", "sale", (json_int_t)zg_till_sale_id(shop->till),
				     "off_fen", 100), ZG_OK), "%s", shop->err.text);
}

Test(till, more_cash_than_there_is_needs_a_supervisor)
{
	REFUSED(ZG_REFUSED, "cash.out", "{s:i, s:s}", "amount_fen", 20001, "reason", "买水");
	DO("cash.out", "{s:i, s:s}", "amount_fen", 20000, "reason", "买水");
}

/* The idle work comes every 2 s of the running clock. */
static int log_after_rest(void)
{
	shop->running_ms += 2100;
	zg_loop_step(shop->loop, 0);
	DO("sale.add", "{s:s}", "code", "1001");    /* what the log is, the next commit tells */
	return zg_store_log_pages(zg_till_store(shop->till));
}

/* Its syncs would come on top of the one that a customer waits for. */
Test(till, in_a_queue_without_a_rest_the_log_is_cleared_between_two_sales_only)
{
	ring_three();
	for (int i = 0; i < 20000 && zg_store_log_pages(zg_till_store(shop->till)) <= ZG_STORE_LONG; i++)
		DO("sale.quantity", "{s:i, s:i}", "line", 1, "quantity_milli", 1000 + i % 2 * 1000);
	cr_assert(gt(int, zg_store_log_pages(zg_till_store(shop->till)), ZG_STORE_LONG));

	cr_expect(gt(int, log_after_rest(), ZG_STORE_LONG));
	DO("sale.pay", NULL);
	shop->running_ms += 50;         /* the machine was busy with others */
	zg_loop_step(shop->loop, 0);    /* the idle work is due, and the screen has not yet said that it is paid */
	cr_expect(gt(int, zg_store_log_pages(zg_till_store(shop->till)), ZG_STORE_LONG));
	cr_expect(lt(int, log_after_rest(), ZG_STORE_LONG));
}
