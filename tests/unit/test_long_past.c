/* A till that has sold for years works as one that began today: what it asks of the books costs the same, counted in SQLite's own steps. */
#include "src/base/json.h"
#include "src/store/sales.h"
#include "src/till/private.h"
#include "tests/unit/shop.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <sqlite3.h>
#include <stdlib.h>

static struct shop *shop;

static void open_shop(void)
{
	shop = shop_begin(NULL);
	cr_assert(eq(int, shop_sign_in(shop, "lin"), ZG_OK), "%s", shop->err.text);
}

static void close_shop(void)
{
	shop_end(shop);
}

TestSuite(long_past, .init = open_shop, .fini = close_shop);

#define DO(...) cr_assert(eq(int, shop_do(shop, __VA_ARGS__), ZG_OK), "%s", shop->err.text)

static void sell(int sales)
{
	for (int i = 0; i < sales; i++) {
		DO("sale.add", "{s:s}", "code", "1001");
		DO("sale.pay", "{s:i}", "tendered_fen", 200);
	}
}

static void close_shift(void)
{
	DO("shift.count", "{s:i}", "total_fen", 20000);
	DO("shift.close", NULL);
}

/* A shift with so many sales, closed. */
static void pass(int sales)
{
	DO("shift.open", "{s:i}", "float_fen", 20000);
	sell(sales);
	close_shift();
}

/* Steps of all statements since the last look; each stays prepared. */
static long steps(void)
{
	sqlite3 *db = zg_store_raw(zg_till_store(shop->till));
	long sum = 0;

	for (sqlite3_stmt *statement = sqlite3_next_stmt(db, NULL); statement; statement = sqlite3_next_stmt(db, statement))
		sum += sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 1);
	return sum;
}

static int64_t first;    /* of the last list */

static size_t list(struct zg_sale_filter filter)
{
	struct zg_sale_row *rows;
	size_t count = 0;

	cr_assert(eq(int, zg_sales_list(zg_till_store(shop->till), &filter, &rows, &count, NULL), ZG_OK));
	first = count ? rows[0].record.id : 0;
	free(rows);
	return count;
}

enum { RELOAD, NEWEST, OF_SHIFT, OF_DAY, OF_ORIGIN, HUNG, PAY, REFUND, REPORT, CLOSE, ASKED };
static const char *const names[ASKED] = { "a start", "the newest sale", "a shift's sales", "a day's sales", "a sale's refunds", "hung sales",
	"paying", "a refund", "an X", "a shift's close" };

/* The same short shift each time; what each question of it cost. */
static void ask(long cost[ASKED])
{
	char number[32];

	DO("shift.open", "{s:i}", "float_fen", 20000);
	DO("sale.add", "{s:s}", "code", "1002");
	DO("sale.hang", NULL);
	struct zg_shift shift = *zg_till_shift(shop->till);

	sell(3);
	snprintf(number, sizeof(number), "%s", shop_text(shop, "number"));
	(void)steps();
	cr_assert(eq(int, zg_till_reload(shop->till, NULL), ZG_OK));
	cost[RELOAD] = steps();
	cr_expect(eq(sz, list((struct zg_sale_filter){ .state = ZG_SALE_PAID, .most = 1 }), 1));
	cost[NEWEST] = steps();
	cr_expect(eq(sz, list((struct zg_sale_filter){ .state = ZG_SALE_PAID, .shift_id = shift.id }), 3));
	cost[OF_SHIFT] = steps();
	cr_expect(eq(sz, list((struct zg_sale_filter){ .state = ZG_SALE_PAID, .day = "2001-01-01" }), 0));
	cost[OF_DAY] = steps();
	cr_expect(eq(sz, list((struct zg_sale_filter){ .state = ZG_SALE_PAID, .origin_id = 1000000 }), 0));
	cost[OF_ORIGIN] = steps();
	cr_expect(eq(sz, list((struct zg_sale_filter){ .state = ZG_SALE_HUNG }), 1));
	cost[HUNG] = steps();
	int64_t hung = first;

	sell(1);
	cost[PAY] = steps();
	DO("sale.refund", "{s:s, s:b, s:s}", "number", number, "all", 1, "reason", "stale");
	cost[REFUND] = steps();
	json_t *report = zg_till_report(shop->till, &shift, NULL);

	cr_assert(report != NULL);
	json_decref(report);
	cost[REPORT] = steps();
	DO("sale.take", "{s:I}", "sale", (json_int_t)hung);
	DO("sale.void", "{s:s}", "reason", "left");
	(void)steps();
	close_shift();
	cost[CLOSE] = steps();
}

Test(long_past, makes_no_question_at_the_counter_dearer)
{
	long young[ASKED], old[ASKED];

	if (shop_sign_in(shop, "boss") != ZG_OK)
		cr_fatal("%s", shop->err.text);
	pass(20);
	ask(young);
	pass(200);
	ask(old);

	for (int i = 0; i < ASKED; i++)
		cr_expect(old[i] <= young[i] + young[i] / 5 + 20, "%s: %ld steps after 24 sales, %ld after 228", names[i], young[i], old[i]);
}
