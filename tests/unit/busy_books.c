#include "tests/unit/busy_books.h"

#include "src/base/alloc.h"
#include "src/base/buffer.h"
#include "src/store/shifts.h"
#include "tests/unit/shop.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <sqlite3.h>
#include <stdlib.h>

#define DO(...) cr_assert(eq(int, shop_do(shop, __VA_ARGS__), ZG_OK), "%s", shop->err.text)

char *busy_books_make(void)
{
	struct shop *shop = shop_begin(NULL);

	cr_assert(eq(int, shop_sign_in(shop, "ding"), ZG_OK), "%s", shop->err.text);
	DO("shift.open", "{s:i}", "float_fen", 20000);
	DO("sale.add", "{s:s}", "code", "1001");
	DO("sale.pay", "{s:s}", "tender", "cash");
	DO("shift.count", "{s:{s:i}}", "pieces", "10000", 2);
	DO("shift.close", NULL);
	DO("shift.open", "{s:i}", "float_fen", 20000);
	DO("sale.add", "{s:s, s:i}", "code", "1001", "quantity_milli", 3000);
	DO("sale.add", "{s:s}", "code", "1002");
	DO("sale.discount", "{s:i, s:i}", "line", 1, "kept_bp", 9000);
	DO("sale.discount", "{s:i}", "off_fen", 100);
	DO("sale.pay", "{s:s}", "tender", "cash");
	DO("sale.refund", "{s:s, s:[{s:i, s:i}], s:s}", "number", "R010000002", "lines", "line", 1, "quantity_milli", 1000, "reason", "坏了");
	DO("cash.in", "{s:i, s:s}", "amount_fen", 5000, "reason", "零钱");
	DO("cash.out", "{s:i, s:s}", "amount_fen", 500, "reason", "牛奶");
	DO("drawer.open", "{s:s}", "reason", "换钱");
	DO("sale.add", "{s:s}", "code", "1003");
	DO("sale.void", "{s:s}", "reason", "走了");
	DO("sale.add", "{s:s}", "code", "1003");
	DO("sale.hang", NULL);
	DO("sale.add", "{s:s, s:i}", "code", "201", "quantity_milli", 730);
	DO("sale.add", "{s:s}", "code", "1001");
	DO("sale.remove", "{s:i}", "line", 2);
	DO("sale.discount", "{s:i}", "kept_bp", 9500);
	char *home = zg_copy(shop->home);

	shop_leave(shop);
	return home;
}

const char *busy_books_day(const struct zg_store *store)
{
	static struct zg_shift shift;

	cr_assert(eq(int, zg_shifts_find(store, BUSY_SHIFT, &shift, NULL), ZG_OK));
	return shift.day;
}

static int add(void *self, int columns, char **values, char **names)
{
	(void)columns, (void)names;
	zg_buffer_print(self, "DROP TRIGGER %s;", values[0]);
	return 0;
}

void busy_books_attack(const struct zg_store *store, const char *sql)
{
	struct zg_buffer text = { 0 };
	char *why = NULL;

	cr_assert(eq(int, sqlite3_exec(zg_store_raw(store), "SELECT name FROM sqlite_schema WHERE type = 'trigger'", add, &text, &why), SQLITE_OK), "%s", why);
	zg_buffer_print(&text, "PRAGMA ignore_check_constraints = ON; %s; PRAGMA ignore_check_constraints = OFF", sql);
	cr_assert(eq(int, sqlite3_exec(zg_store_raw(store), zg_buffer_text(&text), NULL, NULL, &why), SQLITE_OK), "%s: %s", sql, why);
	zg_buffer_clear(&text);
}
