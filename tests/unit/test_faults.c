/* Selling and cash while the books fail. */
#include "tests/unit/fault.h"
#include "tests/unit/whole.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(faults, .init = whole_begin, .fini = whole_end, .timeout = 240);

static void ring_and_remove(void)
{
	have_sale();
	DO("sale.remove", "{s:i}", "line", 1);
}

/* A row is open whose lines were all taken off, and another sale is to be taken. */
static void hang_and_empty(void)
{
	int64_t hung;

	have_hung();
	hung = had_sale;
	DO("sale.add", "{s:s}", "code", "1002");
	DO("sale.remove", "{s:i}", "line", 1);
	had_sale = hung;
}

/* ---- acts ---- */

static enum zg_result add(void)
{
	return shop_do(shop, "sale.add", "{s:s}", "code", "1002");
}

static enum zg_result change_quantity(void)
{
	return shop_do(shop, "sale.quantity", "{s:i, s:i}", "line", 1, "quantity_milli", 2000);
}

static enum zg_result take_off(void)
{
	return shop_do(shop, "sale.remove", "{s:i}", "line", 1);
}

static enum zg_result put_back(void)
{
	return shop_do(shop, "sale.restore", "{s:i}", "line", 1);
}

static enum zg_result change_price(void)
{
	return shop_do(shop, "sale.price", "{s:i, s:i}", "line", 1, "price_fen", 150);
}

static enum zg_result discount_line(void)
{
	return shop_do(shop, "sale.discount", "{s:i, s:i}", "line", 1, "kept_bp", 9000);
}

static enum zg_result discount_sale(void)
{
	return shop_do(shop, "sale.discount", "{s:i}", "off_fen", 100);
}

static enum zg_result hang_it(void)
{
	return shop_do(shop, "sale.hang", NULL);
}

static enum zg_result take_it(void)
{
	return shop_do(shop, "sale.take", "{s:I}", "sale", (json_int_t)had_sale);
}

static enum zg_result cancel(void)
{
	return shop_do(shop, "sale.void", "{s:s}", "reason", "走了");
}

static enum zg_result pay(void)
{
	return shop_do(shop, "sale.pay", "{s:i}", "tendered_fen", 5000);
}

static enum zg_result refund_all(void)
{
	return shop_do(shop, "sale.refund", "{s:s, s:b, s:s}", "number", had_number, "all", 1, "reason", "坏了");
}

static enum zg_result refund_line(void)
{
	return shop_do(shop, "sale.refund", "{s:s, s:[{s:i, s:i}], s:s}", "number", had_number, "lines", "line", 1, "quantity_milli", 1000,
		       "reason", "坏了");
}

Test(faults, ringing_up_is_done_or_refused_whole)
{
	static const struct scene scenes[] = {
		{ "sale.add, the first line", have_no_sale, add },
		{ "sale.add, one line more", have_sale, add },
		{ "sale.quantity", have_sale, change_quantity },
		{ "sale.remove", have_sale, take_off },
		{ "sale.restore", ring_and_remove, put_back },
		{ "sale.price", have_sale, change_price },
		{ "sale.discount of a line", have_sale, discount_line },
		{ "sale.discount of the sale", have_sale, discount_sale },
	};

	whole_try(scenes, sizeof(scenes) / sizeof(scenes[0]));
}

Test(faults, a_sale_is_hung_taken_and_cancelled_whole_or_not)
{
	static const struct scene scenes[] = {
		{ "sale.hang", have_sale, hang_it },
		{ "sale.take", have_hung, take_it },
		{ "sale.take over an emptied sale", hang_and_empty, take_it },
		{ "sale.void", have_sale, cancel },
	};

	whole_try(scenes, sizeof(scenes) / sizeof(scenes[0]));
}

Test(faults, money_is_taken_and_given_back_whole_or_not)
{
	static const struct scene scenes[] = {
		{ "sale.pay", have_sale, pay },
		{ "sale.refund of all", have_paid, refund_all },
		{ "sale.refund of a piece", have_paid, refund_line },
	};

	whole_try(scenes, sizeof(scenes) / sizeof(scenes[0]));
}

/* ---- cash and shifts ---- */

static enum zg_result put_in(void)
{
	return shop_do(shop, "cash.in", "{s:i, s:s}", "amount_fen", 500, "reason", "零钱");
}

static enum zg_result take_out(void)
{
	return shop_do(shop, "cash.out", "{s:i, s:s}", "amount_fen", 500, "reason", "买水");
}

static enum zg_result open_drawer(void)
{
	return shop_do(shop, "drawer.open", "{s:s}", "reason", "换钱");
}

static enum zg_result count_pieces(void)
{
	return shop_do(shop, "shift.count", "{s:{s:i}}", "pieces", "10000", 2);
}

static enum zg_result close_shift(void)
{
	return shop_do(shop, "shift.close", NULL);
}

static enum zg_result open_shift(void)
{
	return shop_do(shop, "shift.open", "{s:i}", "float_fen", 20000);
}

/* Whoever opens by a clock that is far ahead leaves a row of that too. */
static void close_and_wait(void)
{
	have_no_shift();
	shop->now_ms += 40 * 86400000LL;
}

Test(faults, cash_and_shifts_move_whole_or_not)
{
	static const struct scene scenes[] = {
		{ "cash.in", have_shift, put_in },
		{ "cash.out", have_shift, take_out },
		{ "drawer.open", have_shift, open_drawer },
		{ "shift.count", have_shift, count_pieces },
		{ "shift.close", have_count, close_shift },
		{ "shift.open", have_no_shift, open_shift },
		{ "shift.open by a clock far ahead", close_and_wait, open_shift },
	};

	whole_try(scenes, sizeof(scenes) / sizeof(scenes[0]));
}


/* ---- when it does not stop at one statement ---- */

/* What is on the screen may then be older than the books: the first act afterwards is not done on it, the second is. */
Test(faults, after_a_stretch_of_failures_the_screen_is_read_again_before_anything_is_done)
{
	int told = 0, n = 0;
	bool is_over = false;

	have_sale();
	for (; n < 100 && !is_over; n++) {
		whole_settle();
		uint64_t before = whole_books();
		char *shown = whole_screen(), *now;

		fault_at(n, SQLITE_NOMEM, true);
		enum zg_result first = pay();

		fault_off();
		is_over = first == ZG_OK;
		if (!is_over) {
			cr_expect(eq(u64, whole_books(), before), "at %d (%s)", n, fault_where());
			enum zg_result second = add();

			now = whole_screen();
			if (second == ZG_OFFLINE) {
				cr_expect(eq(u64, whole_books(), before), "at %d (%s)", n, fault_where());
				cr_expect(eq(str, now, shown), "at %d (%s)", n, fault_where());
				cr_expect(eq(int, add(), ZG_OK), "at %d (%s): %s", n, fault_where(), shop->err.text);
				told++;
			} else {
				cr_expect(eq(int, second, ZG_OK), "at %d (%s): %s", n, fault_where(), shop->err.text);
			}
			free(now);
			have_sale();
		}
		free(shown);
	}
	cr_expect(is_over);
	cr_expect(gt(int, told, 5), "of %d hardly any was told", n);
}

/* Left alone, the till reads again by itself. */
Test(faults, what_could_not_be_read_is_read_again_at_rest)
{
	have_sale();
	char *shown = whole_screen(), *now;

	fault_at(3, SQLITE_NOMEM, true);
	cr_expect(eq(int, pay(), ZG_BROKEN));
	fault_off();
	whole_settle();
	now = whole_screen();
	cr_expect(eq(str, now, shown));
	cr_expect(eq(int, pay(), ZG_OK), "%s", shop->err.text);
	free(now);
	free(shown);
}

/* A disk that fails cannot be believed again: nothing more is taken, at whichever statement it was, until the till starts anew. */
Test(faults, after_a_failing_disk_nothing_is_done_until_the_next_start)
{
	static const char *const acts[] = { "sale.hang", "shift.close", "session.lock" };

	for (int n = 0; n < 6; n++) {
		have_sale();
		whole_settle();
		uint64_t before = whole_books();
		char *shown = whole_screen(), *now;

		fault_at(n, SQLITE_IOERR_WRITE, false);
		cr_expect(eq(int, pay(), ZG_BROKEN), "at %d (%s)", n, fault_where());
		fault_off();
		cr_expect(ne(ptr, strstr(shop->err.text, "copy the shop to another disk"), NULL), "%s", shop->err.text);
		cr_expect(zg_till_state(shop->till)->is_broken);
		for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++)
			cr_expect(eq(int, shop_do(shop, acts[i], NULL), ZG_BROKEN), "%s: %s", acts[i], shop->err.text);
		shop_restart(shop);
		cr_expect(eq(u64, whole_books(), before), "at %d (%s)", n, fault_where());
		cr_assert(eq(int, shop_sign_in(shop, "boss"), ZG_OK), "%s", shop->err.text);
		now = whole_screen();
		cr_expect(eq(str, now, shown));
		free(now);
		free(shown);
		cr_expect(eq(int, pay(), ZG_OK), "%s", shop->err.text);
	}
}
