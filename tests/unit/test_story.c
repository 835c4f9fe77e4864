/* A sale's story from the journal, and days as one leafs through them. */
#include "src/store/days.h"
#include "src/store/story.h"
#include "tests/unit/shop.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

static struct shop *shop;

#define DO(...) cr_assert(eq(int, shop_do(shop, __VA_ARGS__), ZG_OK), "%s", shop->err.text)

static void open_shop(void)
{
	shop = shop_begin(NULL);
	cr_assert(eq(int, shop_sign_in(shop, "ding"), ZG_OK), "%s", shop->err.text);
	DO("shift.open", "{s:i}", "float_fen", 20000);
}

static void close_shop(void)
{
	shop_end(shop);
}

TestSuite(story, .init = open_shop, .fini = close_shop);

static void sell(const char *code)
{
	DO("sale.add", "{s:s}", "code", code);
	DO("sale.pay", "{s:s}", "tender", "cash");
}

/* The kinds of a sale's story, each followed by a blank. */
static void kinds_of(const char *number, char *text, size_t size)
{
	struct zg_sale_record record;
	struct zg_story story;

	cr_assert(eq(int, zg_sales_find_number(zg_till_store(shop->till), number, &record, NULL), ZG_OK));
	cr_assert(eq(int, zg_story_read(zg_till_store(shop->till), &record, &story, NULL), ZG_OK));
	text[0] = '\0';
	for (size_t i = 0; i < story.count; i++)
		snprintf(text + strlen(text), size - strlen(text), "%s ", story.rows[i].kind);
	zg_story_clear(&story);
}

Test(story, a_sale_tells_how_it_was_rung_hung_paid_reprinted_and_refunded)
{
	char kinds[400];

	sell("1002");
	DO("sale.add", "{s:s, s:i}", "code", "1001", "quantity_milli", 2000);
	DO("sale.discount", "{s:i, s:i}", "line", 1, "kept_bp", 9000);
	int64_t id = shop_integer(shop, "sale_id");

	DO("sale.hang", NULL);
	sell("1003");
	DO("sale.take", "{s:I}", "sale", id);
	DO("sale.pay", "{s:s}", "tender", "cash");
	DO("print.receipt", "{s:s}", "number", "R010000003");
	DO("sale.refund", "{s:s, s:b, s:s}", "number", "R010000003", "all", 1, "reason", "不想要");

	kinds_of("R010000003", kinds, sizeof(kinds));
	cr_expect(eq(str, kinds, "sale.line sale.discount sale.hang sale.take sale.paid print.receipt sale.refund "));
}

Test(story, a_refund_tells_its_own_story_alone)
{
	char kinds[400];

	sell("1001");
	DO("sale.refund", "{s:s, s:b, s:s}", "number", "R010000001", "all", 1, "reason", "坏了");
	DO("print.receipt", "{s:s}", "number", "R010000002");

	kinds_of("R010000002", kinds, sizeof(kinds));
	cr_expect(eq(str, kinds, "sale.refund print.receipt "));
}

Test(story, what_the_journal_tells_of_cannot_be_changed)
{
	static const char *const attacks[] = {
		"DELETE FROM journal_sale", "UPDATE journal_sale SET sale_id = 2", "INSERT INTO journal_sale (sale_id, seq) VALUES (1, 1)",
		"INSERT OR REPLACE INTO journal_sale (sale_id, seq) SELECT sale_id, seq FROM journal_sale",
	};

	sell("1001");

	for (size_t i = 0; i < sizeof(attacks) / sizeof(attacks[0]); i++)
		cr_expect(eq(int, sqlite3_exec(zg_store_raw(zg_till_store(shop->till)), attacks[i], NULL, NULL, NULL), SQLITE_CONSTRAINT_TRIGGER), "%s", attacks[i]);
}

Test(story, the_days_beside_are_those_that_have_a_shift)
{
	const struct zg_store *store = zg_till_store(shop->till);
	char today[ZG_DAY_TEXT], found[ZG_DAY_TEXT] = "";

	strcpy(today, zg_till_shift(shop->till)->day);

	cr_expect(eq(int, zg_days_beside(store, today, false, found, NULL), ZG_NOT_FOUND));
	cr_expect(eq(int, zg_days_beside(store, "2999-01-01", false, found, NULL), ZG_OK));
	cr_expect(eq(str, found, today));
	cr_expect(eq(int, zg_days_beside(store, "1999-01-01", true, found, NULL), ZG_OK));
	cr_expect(eq(str, found, today));
}

Test(story, the_hours_add_up_to_the_day_and_refunds_come_off)
{
	struct zg_day_hours hours;
	zg_fen sum = 0;
	int64_t sales = 0;

	sell("1001");
	sell("1002");
	DO("sale.refund", "{s:s, s:b, s:s}", "number", "R010000001", "all", 1, "reason", "坏了");

	cr_assert(eq(int, zg_days_hours(zg_till_store(shop->till), zg_till_shift(shop->till)->day, &hours, NULL), ZG_OK));
	for (int i = 0; i < 24; i++) {
		sum += hours.taken_fen[i];
		sales += hours.sales[i];
	}
	cr_expect(eq(long, sum, 550));
	cr_expect(eq(long, sales, 2));
}

Test(story, cash_that_moved_is_listed_as_it_came)
{
	struct zg_cash_move *moves;
	size_t count;

	DO("cash.in", "{s:i, s:s}", "amount_fen", 5000, "reason", "零钱");
	DO("cash.out", "{s:i, s:s}", "amount_fen", 2000, "reason", "买水");
	cr_assert(eq(int, zg_cash_moves(zg_till_store(shop->till), zg_till_shift(shop->till)->id, &moves, &count, NULL), ZG_OK));

	cr_assert(eq(sz, count, 2));
	cr_expect(moves[0].is_in);
	cr_expect(eq(long, moves[0].amount_fen, 5000));
	cr_expect(not(moves[1].is_in));
	cr_expect(eq(long, moves[1].amount_fen, 2000));
	cr_expect(eq(str, moves[1].reason, "买水"));
	free(moves);
}
