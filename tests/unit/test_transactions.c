/* The day's list: everything that touched money or the drawer, in the order in which it happened, and what it comes to. */
#include "src/store/transactions.h"
#include "tests/unit/ledger.h"
#include "tests/unit/shop.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct shop *shop;

#define DO(...) cr_assert(eq(int, shop_do(shop, __VA_ARGS__), ZG_OK), "%s", shop->err.text)
#define LENT(...) cr_assert(eq(int, shop_do_as(shop, "lin", "ding", __VA_ARGS__), ZG_OK), "%s", shop->err.text)

static void close_shop(void)
{
	shop_end(shop);
}

TestSuite(transactions, .fini = close_shop);

/* One of each, the first two while no shift is open: they are the next shift's. */
static void work_a_day(char day[ZG_DAY_TEXT])
{
	char number[32];

	shop = shop_begin("[shop]\nname = 小满便利店\nrounding = jiao\n\n[till]\nid = 1\n\n[drawer]\ndrawer = printer\n");
	cr_assert(eq(int, shop_sign_in(shop, "lin"), ZG_OK), "%s", shop->err.text);
	LENT("drawer.open", "{s:s}", "reason", "找钥匙");
	DO("sale.add", "{s:s}", "code", "1002");
	LENT("sale.void", "{s:s}", "reason", "顾客走了");
	DO("shift.open", "{s:i}", "float_fen", 20000);
	snprintf(day, ZG_DAY_TEXT, "%s", shop_text(shop, "day"));
	DO("sale.add", "{s:s, s:i}", "code", "201", "quantity_milli", 856);    /* 11.11 */
	LENT("sale.discount", "{s:i, s:i}", "line", 1, "off_fen", 101);
	DO("sale.pay", "{s:i}", "tendered_fen", 2000);                        /* 10.10 */
	snprintf(number, sizeof(number), "%s", shop_text(shop, "number"));
	LENT("cash.in", "{s:i, s:s}", "amount_fen", 5000, "reason", "零钱");
	LENT("cash.out", "{s:i, s:s}", "amount_fen", 700, "reason", "水费");
	LENT("sale.refund", "{s:s, s:[{s:i, s:i}], s:s}", "number", number, "lines", "line", 1, "quantity_milli", 428, "reason", "坏了");
}

struct expected {
	enum zg_transaction_kind kind;
	zg_fen amount, discount, rounding;
	const char *number, *origin, *with, *reason;
};

static const struct expected expected[] = {
	{ ZG_TRANSACTION_DRAWER, 0, 0, 0, "", "", "ding", "找钥匙" },
	{ ZG_TRANSACTION_VOID, 550, 0, 0, "", "", "ding", "顾客走了" },
	{ ZG_TRANSACTION_FLOAT, 20000, 0, 0, "", "", "", "" },
	{ ZG_TRANSACTION_SALE, 1010, 101, 0, "R010000001", "", "", "" },
	{ ZG_TRANSACTION_IN, 5000, 0, 0, "1", "", "ding", "零钱" },
	{ ZG_TRANSACTION_OUT, -700, 0, 0, "2", "", "ding", "水费" },
	{ ZG_TRANSACTION_REFUND, -500, 0, 5, "R010000002", "R010000001", "ding", "坏了" },
};
#define ROWS (sizeof(expected) / sizeof(expected[0]))

Test(transactions, everything_is_in_the_list_in_order_with_who_and_why)
{
	char day[ZG_DAY_TEXT];
	struct zg_transaction *list;
	struct zg_error err = { .text = "" };
	size_t count;

	work_a_day(day);
	cr_assert(eq(int, zg_transactions_of_day(zg_till_store(shop->till), day, &list, &count, &err), ZG_OK), "%s", err.text);

	cr_assert(eq(sz, count, ROWS));
	for (size_t i = 0; i < ROWS; i++) {
		const struct expected *e = &expected[i];

		cr_expect(eq(int, list[i].kind, e->kind), "row %zu", i);
		cr_expect(eq(long, list[i].amount_fen, e->amount), "row %zu", i);
		cr_expect(eq(long, list[i].discount_fen, e->discount), "row %zu", i);
		cr_expect(eq(long, list[i].rounding_fen, e->rounding), "row %zu", i);
		cr_expect(eq(str, list[i].number, (char *)e->number), "row %zu", i);
		cr_expect(eq(str, list[i].origin, (char *)e->origin), "row %zu", i);
		cr_expect(eq(str, list[i].who, "lin"), "row %zu", i);
		cr_expect(eq(str, list[i].with, (char *)e->with), "row %zu", i);
		cr_expect(eq(str, list[i].reason, (char *)e->reason), "row %zu", i);
		cr_expect(eq(long, list[i].shift_id, 1), "row %zu", i);
		cr_expect(i == 0 || list[i].seq > list[i - 1].seq, "row %zu", i);
	}
	cr_expect(eq(long, list[3].tender_fen[ZG_TENDER_CASH], 1010));
	cr_expect(eq(long, list[6].tender_fen[ZG_TENDER_CASH], -500));
	free(list);
}

/* The list and the figures of the shift are worked out from different rows: they must say the same. */
Test(transactions, the_list_adds_up_to_the_figures_of_the_day)
{
	char day[ZG_DAY_TEXT];
	struct zg_transaction *list;
	struct zg_totals totals;
	size_t count;
	zg_fen sum[ZG_TRANSACTION_KINDS] = { 0 }, drawer = 0;

	work_a_day(day);
	cr_assert(eq(int, zg_transactions_of_day(zg_till_store(shop->till), day, &list, &count, NULL), ZG_OK));
	cr_assert(eq(int, zg_shifts_totals(zg_till_store(shop->till), zg_till_shift(shop->till), &totals, NULL), ZG_OK));
	for (size_t i = 0; i < count; i++) {
		sum[list[i].kind] += list[i].amount_fen;
		if (list[i].kind != ZG_TRANSACTION_VOID)
			drawer += list[i].amount_fen;
	}

	cr_expect(eq(long, sum[ZG_TRANSACTION_SALE] + sum[ZG_TRANSACTION_REFUND], zg_totals_net(&totals)));
	cr_expect(eq(long, sum[ZG_TRANSACTION_REFUND], -totals.refunded_fen));
	cr_expect(eq(long, sum[ZG_TRANSACTION_VOID], totals.void_fen));
	cr_expect(eq(long, sum[ZG_TRANSACTION_IN], totals.cash_in_fen));
	cr_expect(eq(long, sum[ZG_TRANSACTION_OUT], -totals.cash_out_fen));
	cr_expect(eq(long, drawer, zg_totals_expected(&totals)));
	free(list);
}

Test(transactions, the_slip_tells_names_and_what_all_of_it_comes_to)
{
	char day[ZG_DAY_TEXT];
	struct zg_error err = { .text = "" };

	work_a_day(day);
	json_t *slip = zg_till_transactions(shop->till, day, &err);

	cr_assert(ne(ptr, slip, NULL), "%s", err.text);
	const json_t *refund = json_array_get(json_object_get(slip, "rows"), 6);

	cr_expect(eq(long, zg_json_integer(slip, "count", 0), ROWS));
	cr_expect(eq(str, (char *)zg_json_string(refund, "kind", ""), "refund"));
	cr_expect(eq(str, (char *)zg_json_string(refund, "cashier", ""), "林晓"));
	cr_expect(eq(str, (char *)zg_json_string(refund, "approver", ""), "丁主管"));
	cr_expect(eq(str, (char *)zg_json_string(refund, "origin", ""), "R010000001"));
	cr_expect(eq(long, zg_json_integer(refund, "total_fen", 0), -500));
	cr_expect(eq(long, zg_json_integer(slip, "takings_fen", 0), 510));
	cr_expect(eq(long, zg_json_integer(slip, "discounts_count", 0), 1));
	cr_expect(eq(long, zg_json_integer(slip, "discount_fen", 0), 101));
	cr_expect(eq(long, zg_json_integer(slip, "voids_count", 0), 1));
	cr_expect(eq(long, zg_json_integer(slip, "no_sale_count", 0), 1));
	cr_expect(eq(long, zg_json_integer(slip, "cash_in_fen", 0), 5000));
	cr_expect(eq(long, zg_json_integer(slip, "cash_out_fen", 0), 700));
	cr_expect(eq(sz, json_array_size(json_object_get(slip, "taxes")), 1));
	cr_expect(eq(ptr, json_object_get(slip, "cash"), NULL), "who counts blind is not told what should be there");
	json_decref(slip);
}

/* What somebody with the file and SQL, or a damaged page, makes of the books. */
static void tamper(const char *sql)
{
	char *why = NULL;

	cr_assert(eq(int, sqlite3_exec(zg_store_raw(zg_till_store(shop->till)), sql, NULL, NULL, &why), SQLITE_OK), "%s", why ? why : "");
}

Test(transactions, a_row_whose_seal_does_not_fit_is_not_told)
{
	char day[ZG_DAY_TEXT];
	struct zg_transaction *list;
	struct zg_error err = { .text = "" };
	size_t count;

	work_a_day(day);
	tamper("DROP TRIGGER journal_fixed; UPDATE journal SET body = replace(body, '5000', '4000') WHERE kind = 'cash.in'");

	cr_expect(eq(int, zg_transactions_of_day(zg_till_store(shop->till), day, &list, &count, &err), ZG_INVALID));
	cr_expect(ne(ptr, strstr(err.text, "seal"), NULL), "%s", err.text);
	cr_expect(eq(ptr, zg_till_transactions(shop->till, day, &err), NULL));
	cr_expect(eq(ptr, zg_till_report(shop->till, zg_till_shift(shop->till), &err), NULL));
}

Test(transactions, figures_that_the_journal_does_not_bear_out_are_not_told)
{
	char day[ZG_DAY_TEXT];
	struct zg_error err = { .text = "" };

	work_a_day(day);
	json_t *report = zg_till_report(shop->till, zg_till_shift(shop->till), &err);

	cr_assert(ne(ptr, report, NULL), "%s", err.text);
	json_decref(report);
	tamper("DROP TRIGGER cash_move_fixed; UPDATE cash_move SET amount_fen = amount_fen + 100");

	cr_expect(eq(ptr, zg_till_report(shop->till, zg_till_shift(shop->till), &err), NULL));
	cr_expect(ne(ptr, strstr(err.text, "do not agree"), NULL), "%s", err.text);
	cr_expect(eq(ptr, zg_till_day_report(shop->till, day, &err), NULL));
	cr_expect(eq(ptr, zg_till_transactions(shop->till, day, &err), NULL));
}

Test(transactions, a_day_without_a_shift_has_none)
{
	char day[ZG_DAY_TEXT];
	struct zg_transaction *list;
	size_t count = 7;

	work_a_day(day);
	cr_assert(eq(int, zg_transactions_of_day(zg_till_store(shop->till), "2001-01-01", &list, &count, NULL), ZG_OK));
	cr_expect(eq(sz, count, 0));
	json_t *slip = zg_till_transactions(shop->till, "2001-01-01", NULL);

	cr_assert(ne(ptr, slip, NULL));
	cr_expect(eq(long, zg_json_integer(slip, "takings_fen", -1), 0));
	json_decref(slip);
}

/* Books from before the list: what their journal tells of is joined to its shift once, when they are brought up to date. */
Test(transactions_before, a_shop_of_the_first_schema_gets_its_list, .init = ledger_open_old, .fini = ledger_close)
{
	struct zg_transaction *list;
	size_t count;

	OK(zg_transactions_of_day(ledger.store, "2026-11-23", &list, &count, &ledger.err));

	cr_assert(eq(sz, count, 2));
	cr_expect(eq(int, list[0].kind, ZG_TRANSACTION_FLOAT));
	cr_expect(eq(int, list[1].kind, ZG_TRANSACTION_DRAWER));
	cr_expect(eq(str, list[1].reason, "换钱"));
	free(list);
}
