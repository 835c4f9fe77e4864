/* The database itself refuses wrong books: sales through the store's own functions, then raw SQL against a closed day. */
#include "src/shop/cash.h"
#include "tests/unit/ledger.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct zg_sale *ring(void)
{
	struct zg_sale *sale = zg_sale_new();
	struct zg_item water = { .id = 1, .code = "1001", .name = "农夫山泉", .unit = "瓶", .price_fen = 200, .tax_bp = 1300, .active = true };
	struct zg_item apple = { .id = 2, .code = "2001", .name = "苹果", .unit = "kg", .price_fen = 1298, .tax_bp = 900,
		.kind = ZG_ITEM_WEIGHED, .active = true };
	struct zg_discount nine = zg_discount_kept(9000);

	OK(zg_sale_add(sale, &water, 3000, 0, NULL, &ledger.err));
	OK(zg_sale_add(sale, &apple, 856, 0, NULL, &ledger.err));
	OK(zg_sale_discount_line(sale, 1, &nine, &ledger.err));
	return sale;
}

static int64_t close_sale(struct zg_sale *sale, zg_fen tendered)
{
	OK(zg_sale_tender(sale, ZG_TENDER_CASH, tendered, ZG_ROUND_JIAO, &ledger.err));
	return ledger_close_sale(sale);
}

TestSuite(books, .init = ledger_open, .fini = ledger_close);

Test(books, a_closed_sale_reads_back_as_it_was)
{
	struct zg_sale *sale = ring(), *again = NULL;
	int64_t id = close_sale(sale, 5000);
	struct zg_sale_record record;

	OK(zg_sales_load(ledger.store, id, &again, &ledger.err));
	OK(zg_sales_find_number(ledger.store, "R010000001", &record, &ledger.err));

	cr_expect(eq(int, memcmp(zg_sale_totals(sale), zg_sale_totals(again), sizeof(struct zg_sale_totals)), 0));
	cr_expect(eq(long, record.total_fen - record.rounding_fen, zg_sale_totals(sale)->payable_fen));
	cr_expect(eq(long, record.receipt_no, 1));
	zg_sale_free(sale);
	zg_sale_free(again);
}

Test(books, a_refund_gives_back_what_was_paid_and_never_more)
{
	struct zg_sale *sale = ring();
	int64_t id = close_sale(sale, 5000);
	struct zg_refundable *sold;
	size_t count;
	zg_fen back = 0;

	for (int round = 0; round < 3; round++) {    /* one bottle at a time */
		static const zg_milli one[] = { 1000, 0 };
		struct zg_refund_line lines[2];
		struct zg_refund_sum sum;

		OK(zg_sales_refundable(ledger.store, id, &sold, &count, &ledger.err));
		cr_assert(eq(sz, count, 2));
		OK(zg_refund_work_out(sold, count, one, ZG_ROUND_NONE, lines, &sum, &ledger.err));
		cr_expect(eq(int, ledger_refund(id, lines, &sum), ZG_OK), "%s", ledger.err.text);
		back += sum.money_fen;
		free(sold);
	}
	OK(zg_sales_refundable(ledger.store, id, &sold, &count, &ledger.err));

	cr_expect(eq(long, zg_refund_left(&sold[0]), 0));
	cr_expect(eq(long, back, zg_sale_line(sale, 0)->paid_fen));
	free(sold);
	zg_sale_free(sale);
}

/* Everything back, 5 of 16.51 rounded off it: what the program works out, and what wrong hands would make of it. */
Test(books, the_database_refuses_a_refund_above_or_below_what_was_paid)
{
	struct zg_sale *sale = ring();
	int64_t id = close_sale(sale, 5000);
	const struct zg_line *water = zg_sale_line(sale, 0);
	const struct { zg_milli quantity; zg_fen value, rounding; bool is_good; } tries[] = {
		{ 3000, water->amount_fen + 1, water->rounding_fen, false },         /* above the value */
		{ 3000, water->amount_fen, water->rounding_fen - 1, false },         /* above the money */
		{ 3000, water->amount_fen, -500, false },                            /* the apples' money for the water */
		{ 3000, 0, -water->paid_fen - 1, false },
		{ 1000, water->amount_fen / 3, -10, false },                         /* more than a third was paid with */
		{ 4000, water->amount_fen, water->rounding_fen, false },             /* more goods than were sold */
		{ 1000, 100, 101, false },                                           /* the customer pays */
		{ 3000, water->amount_fen, water->rounding_fen, true },
		{ 3000, 0, 0, false },                                               /* twice */
	};

	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		zg_fen money = tries[i].value - tries[i].rounding;
		struct zg_refund_line line = { .line_no = 1, .quantity = tries[i].quantity, .value_fen = tries[i].value,
			.rounding_fen = tries[i].rounding, .net_fen = money };
		struct zg_refund_sum sum = { 1, tries[i].value, tries[i].rounding, money };

		cr_expect(eq(int, ledger_refund(id, &line, &sum), tries[i].is_good ? ZG_OK : ZG_INVALID), "try %zu: %s", i, ledger.err.text);
	}
	/* The last one: neither more nor less than the rest. */
	for (zg_fen off = -1; off <= 1; off++) {
		const struct zg_line *apples = zg_sale_line(sale, 1);
		zg_fen rounding = apples->rounding_fen + (off == 0 ? 1 : off == 1 ? 0 : -1);
		struct zg_refund_line line = { .line_no = 2, .quantity = apples->quantity, .value_fen = apples->amount_fen,
			.rounding_fen = rounding, .net_fen = apples->amount_fen - rounding };
		struct zg_refund_sum sum = { 1, line.value_fen, rounding, line.net_fen };

		cr_expect(eq(int, ledger_refund(id, &line, &sum), off == 1 ? ZG_OK : ZG_INVALID), "%lld: %s", (long long)off, ledger.err.text);
	}
	zg_sale_free(sale);
}

Test(books, the_shift_adds_up_to_its_sales_and_never_counts_change)
{
	struct zg_sale *first = ring(), *second = ring();
	struct zg_totals totals;

	close_sale(first, 10000);
	close_sale(second, 2000);
	OK(zg_shifts_totals(ledger.store, &ledger.shift, &totals, &ledger.err));

	zg_fen paid = zg_sale_totals(first)->payable_fen + zg_sale_totals(second)->payable_fen;

	cr_expect(eq(long, totals.sales, 2));
	cr_expect(eq(long, zg_totals_net(&totals), paid));
	cr_expect(eq(long, zg_totals_tender(&totals, ZG_TENDER_CASH), paid));
	cr_expect(eq(long, zg_totals_expected(&totals), 20000 + paid));
	zg_sale_free(first);
	zg_sale_free(second);
}

/* What someone with the program's own connection and SQL might try on a closed day. */
static const char *const hostile[] = {
	"UPDATE sale SET total_fen = total_fen - 100 WHERE id = 1",
	"UPDATE sale SET rounding_fen = 1 WHERE id = 1",
	"UPDATE sale SET state = 'void' WHERE id = 1",
	"UPDATE sale SET state = 'open' WHERE id = 1",
	"UPDATE sale SET number = 'R010000009' WHERE id = 1",
	"UPDATE sale SET receipt_no = 9 WHERE id = 1",
	"UPDATE sale SET cashier = 'lin' WHERE id = 1",
	"UPDATE sale SET closed_at = 0 WHERE id = 1",
	"UPDATE sale SET day = '2020-01-01' WHERE id = 1",
	"UPDATE sale SET shift_id = NULL WHERE id = 1",
	"UPDATE sale SET anchor = '' WHERE id = 1",
	"UPDATE sale SET id = 77 WHERE id = 1",
	"UPDATE sale SET kind = 'refund', origin_id = 2 WHERE id = 1",
	"UPDATE OR REPLACE sale SET id = 2 WHERE id = 1",
	"UPDATE OR IGNORE sale SET total_fen = 0",
	"DELETE FROM sale WHERE id = 1",
	"DELETE FROM sale",
	"INSERT OR REPLACE INTO sale (id, kind, state, opened_at, cashier) VALUES (1, 'sale', 'open', 0, 'lin')",
	"REPLACE INTO sale (id, kind, state, opened_at, cashier, number, receipt_no) VALUES (9, 'sale', 'open', 0, 'lin', 'R010000001', 1)",
	"INSERT INTO sale (kind, state, opened_at, cashier, receipt_no, number) VALUES ('sale', 'paid', 0, 'lin', 3, 'R010000003')",
	"INSERT INTO sale (id, kind, state, opened_at, cashier) VALUES (1, 'sale', 'open', 0, 'lin') ON CONFLICT (id) DO UPDATE SET total_fen = 0",
	"UPDATE sale_line SET amount_fen = 1 WHERE sale_id = 1",
	"UPDATE sale_line SET quantity_milli = 1000 WHERE sale_id = 1",
	"UPDATE sale_line SET name = 'x' WHERE sale_id = 1",
	"UPDATE sale_line SET tax_fen = 0, net_fen = net_fen + tax_fen WHERE sale_id = 1",
	"UPDATE sale_line SET sale_id = 2 WHERE sale_id = 1",
	"DELETE FROM sale_line WHERE sale_id = 1",
	"INSERT OR REPLACE INTO sale_line SELECT * FROM sale_line WHERE sale_id = 1",
	("INSERT INTO sale_line SELECT 1, 9, item_id, code, name, unit, kind, tax_bp, tax_code, list_price_fen, price_fen, price_is_set,"
	 " quantity_milli, removed_milli, discount, discount_fen, share_fen, amount_fen, rounding_fen, net_fen, tax_fen, origin_no,"
	 " added_at FROM sale_line WHERE sale_id = 1 AND no = 1"),
	"UPDATE sale_discount SET amount_fen = 0",
	"DELETE FROM sale_discount",
	"INSERT INTO sale_discount VALUES (1, 9, NULL, 'sale', '', 100, 'shop', '')",
	"UPDATE tender SET kept_fen = 0",
	"UPDATE tender SET tendered_fen = 1",
	"DELETE FROM tender",
	"INSERT INTO tender (sale_id, no, kind, tendered_fen, kept_fen, at) VALUES (1, 9, 'cash', 100, 100, 0)",
	"INSERT OR REPLACE INTO tender (sale_id, no, kind, tendered_fen, kept_fen, at) VALUES (1, 1, 'cash', 100, 100, 0)",
	"UPDATE journal SET body = '{}' WHERE seq = 1",
	"DELETE FROM journal WHERE seq = (SELECT max(seq) FROM journal)",
	"DELETE FROM journal",
	"INSERT OR REPLACE INTO journal SELECT * FROM journal WHERE seq = 1",
	"INSERT INTO journal VALUES (1000, 0, 'x', 0, 'x', '{}', zeroblob(32), zeroblob(32))",
	"INSERT INTO journal SELECT seq + 1, at, who, uid, kind, body, prev, mac FROM journal ORDER BY seq DESC LIMIT 1",
	"UPDATE journal_shift SET shift_id = 2",
	"DELETE FROM journal_shift",
	"INSERT INTO journal_shift VALUES (2, 1)",
	"INSERT OR REPLACE INTO journal_shift SELECT shift_id, seq FROM journal_shift",
	"UPDATE shift SET counted_fen = expected_fen",
	"UPDATE shift SET totals = '{}'",
	("UPDATE shift SET state = 'open', z_no = NULL, closed_at = NULL, closed_by = NULL, expected_fen = NULL, counted_fen = NULL,"
	 " totals = NULL, journal_seq = NULL"),
	"UPDATE shift SET float_fen = 0",
	"DELETE FROM shift",
	"INSERT INTO shift (id, state, day, opened_at, opened_by, float_fen) VALUES (7, 'open', '2026-11-23', 0, 'lin', 0)",
	"INSERT OR REPLACE INTO shift (id, state, day, opened_at, opened_by, float_fen) VALUES (1, 'open', '2026-11-23', 0, 'lin', 0)",
	"INSERT INTO cash_move (shift_id, kind, amount_fen, reason, at, who) VALUES (1, 'out', 100, 'x', 0, 'lin')",
	"UPDATE cash_move SET amount_fen = 1",
	"DELETE FROM cash_move",
	"INSERT OR REPLACE INTO cash_move (id, shift_id, kind, amount_fen, reason, at, who) VALUES (1, 1, 'in', 1, 'x', 0, 'lin')",
	"INSERT INTO cash_count (shift_id, pieces, total_fen, events, at, who) VALUES (1, '{}', 1, 0, 0, 'lin')",
	"UPDATE cash_count SET total_fen = 0",
	"DELETE FROM cash_count",
	"DELETE FROM drawer_opening",
	"UPDATE drawer_opening SET reason = ''",
	"INSERT INTO drawer_opening (shift_id, reason, at, who) VALUES (1, 'x', 0, 'lin')",
	"UPDATE counter SET value = 0",
	"INSERT INTO lost_numbers SELECT name, value + 1, value + 9, 1 FROM counter",
	"INSERT INTO lost_numbers SELECT name, value + 1, value + 9, (SELECT max(seq) FROM journal) FROM counter",
	"UPDATE counter SET value = value + 2",
	"UPDATE counter SET value = value + 1 WHERE name = 'receipt'",
	"UPDATE counter SET value = value + 1 WHERE name = 'z'",
	"DELETE FROM counter",
	"INSERT OR REPLACE INTO counter VALUES ('receipt', 0)",
	"DELETE FROM person",
	"PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = 'sale_fixed'",
	"UPDATE sqlite_schema SET sql = '' WHERE name = 'sale_fixed'",
};

/* The price list is none of the closed records, but it changes by an import alone. */
Test(books, a_price_is_not_changed_by_hand)
{
	static const char *const tries[] = {
		"UPDATE item SET price_fen = 1", "UPDATE OR REPLACE item SET price_fen = 1", "UPDATE item SET code = 'x'", "UPDATE item SET until_import = 1",
		"UPDATE item SET from_import = 2", "UPDATE import SET item_count = 9", "UPDATE import SET state = 'writing'", "DELETE FROM import",
		"INSERT INTO import (state, started_at) VALUES ('live', 1)", "INSERT OR REPLACE INTO import VALUES (1, 'writing', 1, 1)",
	};
	sqlite3 *db = zg_store_raw(ledger.store);

	cr_assert(eq(int, sqlite3_exec(db, "INSERT INTO import (state, started_at) VALUES ('writing', 1); INSERT INTO item VALUES (1, '1001', '水', '瓶', 200, 1300, '',"
				       " 'piece', '', '', 1, '', 1, NULL); UPDATE import SET state = 'live', item_count = 1", NULL, NULL, NULL), SQLITE_OK));
	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++)
		cr_expect(eq(int, sqlite3_exec(db, tries[i], NULL, NULL, NULL), SQLITE_CONSTRAINT_TRIGGER), "%s", tries[i]);
}

static void finish_day(void)
{
	struct zg_sale *sale = ring();
	struct zg_totals totals;
	struct zg_journal_mark mark;
	int64_t id, z;
	json_t *none = zg_json_object();

	close_sale(sale, 5000);
	zg_sale_free(sale);
	sale = ring();
	close_sale(sale, 3000);
	zg_sale_free(sale);
	OK(zg_store_begin(ledger.store, ZG_SYNC_FULL, &ledger.err));
	OK(zg_cash_move_add(ledger.store, ledger.shift.id, true, 500, "零钱", "lin", &id, &ledger.err));
	OK(zg_drawer_opening_add(ledger.store, ledger.shift.id, 0, "换钱", "lin", &ledger.err));
	OK(zg_cash_count_add(ledger.store, ledger.shift.id, none, 25000, "lin", &ledger.err));
	OK(zg_shifts_totals(ledger.store, &ledger.shift, &totals, &ledger.err));
	OK(zg_totals_count(&totals, 25000, &ledger.err));
	OK(zg_store_next(ledger.store, "z", &z, &ledger.err));
	ledger_note("shift.close", &mark);
	OK(zg_shifts_close(ledger.store, &ledger.shift, "lin", &totals, mark.seq, &ledger.err));
	OK(zg_store_commit(ledger.store, &ledger.err));
	json_decref(none);
}

static char *fingerprint(void)
{
	static const char sql[] =
		"SELECT group_concat(x, '|') FROM (SELECT quote(id) || quote(state) || quote(total_fen) || quote(number) AS x FROM sale"
		" UNION ALL SELECT quote(sale_id) || quote(no) || quote(amount_fen) || quote(name) FROM sale_line"
		" UNION ALL SELECT quote(sale_id) || quote(kept_fen) FROM tender UNION ALL SELECT quote(amount_fen) FROM sale_discount"
		" UNION ALL SELECT quote(seq) || quote(mac) FROM journal UNION ALL SELECT quote(id) || quote(totals) FROM shift"
		" UNION ALL SELECT quote(amount_fen) FROM cash_move UNION ALL SELECT quote(total_fen) FROM cash_count"
		" UNION ALL SELECT quote(reason) FROM drawer_opening UNION ALL SELECT quote(name) || quote(value) FROM counter"
		" UNION ALL SELECT quote(login) FROM person UNION ALL SELECT quote(sql) FROM sqlite_schema)";
	sqlite3_stmt *stmt;

	cr_assert(eq(int, sqlite3_prepare_v2(zg_store_raw(ledger.store), sql, -1, &stmt, NULL), SQLITE_OK));
	cr_assert(eq(int, sqlite3_step(stmt), SQLITE_ROW));
	char *text = strdup((const char *)sqlite3_column_text(stmt, 0));

	sqlite3_finalize(stmt);
	return text;
}

Test(books, fifty_hostile_statements_against_a_closed_day_change_nothing)
{
	finish_day();
	char *before = fingerprint();
	size_t count = sizeof(hostile) / sizeof(hostile[0]);

	cr_assert(ge(sz, count, 50));
	for (size_t i = 0; i < count; i++) {
		char *why = NULL;
		int code = sqlite3_exec(zg_store_raw(ledger.store), hostile[i], NULL, NULL, &why);
		char *after = fingerprint();

		cr_expect(ne(int, code, SQLITE_OK), "was not refused: %s", hostile[i]);
		cr_expect(eq(str, after, before), "changed the books: %s", hostile[i]);
		free(after);
		sqlite3_free(why);
	}
	free(before);
}

Test(books, a_sale_whose_lines_and_tenders_differ_is_refused)
{
	static const char *const tries[] = {
		"SELECT 1",    /* the same close untouched: it must pass, or the others are refused for another reason */
		"UPDATE sale_line SET amount_fen = amount_fen + 1 WHERE sale_id = 1 AND no = 1",
		"DELETE FROM sale_discount WHERE sale_id = 1",
		"UPDATE sale_line SET net_fen = net_fen + 1 WHERE sale_id = 1 AND no = 1",
		"INSERT INTO tender (sale_id, no, kind, tendered_fen, kept_fen, at) VALUES (1, 9, 'cash', 100, 100, 0)",
	};

	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		struct zg_sale *sale = ring();
		int64_t id, no;

		OK(zg_store_begin(ledger.store, ZG_SYNC_FULL, &ledger.err));
		OK(zg_sales_begin(ledger.store, "lin", &id, &ledger.err));
		OK(zg_sale_tender(sale, ZG_TENDER_CASH, 5000, ZG_ROUND_NONE, &ledger.err));
		OK(zg_sales_save(ledger.store, id, sale, &ledger.err));
		OK(zg_store_next(ledger.store, "receipt", &no, &ledger.err));
		char *close = sqlite3_mprintf(
			"%s; INSERT INTO tender (sale_id, no, kind, tendered_fen, kept_fen, at) VALUES (1, 1, 'cash', 5000, %lld, 0); INSERT INTO journal VALUES (1, 0, 'x', 0, 'x', '{}',"
			" zeroblob(32), zeroblob(32)); UPDATE sale SET state = 'paid', closed_at = 1, closed_by = 'lin', day = '2026-11-23',"
			" shift_id = 1, receipt_no = 1, number = 'R010000001', journal_seq = 1, total_fen = %lld WHERE id = 1",
			tries[i], (long long)zg_sale_totals(sale)->payable_fen, (long long)zg_sale_totals(sale)->total_fen);

		cr_expect(eq(int, sqlite3_exec(zg_store_raw(ledger.store), close, NULL, NULL, NULL), i == 0 ? SQLITE_OK : SQLITE_CONSTRAINT_TRIGGER),
			  "%s: %s", tries[i], sqlite3_errmsg(zg_store_raw(ledger.store)));
		sqlite3_free(close);
		zg_store_rollback(ledger.store);
		zg_sale_free(sale);
	}
}
