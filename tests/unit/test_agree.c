/* Books that were changed with the triggers away: what the tables tell otherwise than the journal is named. */
#include "src/base/alloc.h"
#include "src/base/json.h"
#include "src/shop/sale.h"
#include "src/store/agree.h"
#include "src/store/journal.h"
#include "src/store/private.h"
#include "src/store/sale_rows.h"
#include "src/store/sales.h"
#include "src/store/shifts.h"
#include "src/store/story.h"
#include "src/store/transactions.h"
#include "tests/unit/busy_books.h"
#include "tests/unit/scratch.h"
#include "tests/unit/shop.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

static char *home;
static struct zg_store *store;
static struct zg_error err;

#define OK(call) cr_assert(eq(int, (call), ZG_OK), "%s", err.text)

static void open_books(void)
{
	home = busy_books_make();
	OK(zg_store_open(home, ZG_STORE_WRITE, &zg_real_clock, &store, &err));
}

static void close_books(void)
{
	zg_store_close(store);
	scratch_end(home);
}

static void attack(const char *sql)
{
	OK(zg_store_begin(store, ZG_SYNC_NORMAL, &err));
	busy_books_attack(store, sql);
}

TestSuite(agree, .init = open_books, .fini = close_books, .timeout = 60);

Test(agree, books_that_nobody_touched_agree)
{
	OK(zg_books_agree(store, &err));
}

Test(agree, the_first_that_differs_is_named)
{
	static const struct { const char *sql, *named; } changes[] = {
		/* a sale's head */
		{ "UPDATE sale SET day = '2000-01-01' WHERE id = 2", "R010000002" },
		{ "UPDATE sale SET shift_id = 1 WHERE id = 2", "R010000002" },
		{ "UPDATE sale SET rounding_fen = rounding_fen + 1 WHERE id = 2", "R010000002" },
		{ "UPDATE sale SET total_fen = total_fen + 1 WHERE id = 2", "R010000002" },
		{ "UPDATE sale SET number = 'R019999999' WHERE id = 2", "R019999999" },
		{ "UPDATE sale SET closed_by = 'lin' WHERE id = 2", "R010000002" },
		{ "UPDATE sale SET journal_seq = 1 WHERE id = 2", "R010000002" },       /* a row of another kind */
		{ "UPDATE sale SET journal_seq = NULL WHERE id = 2", "R010000002" },    /* or none */
		/* its lines and tenders */
		{ "UPDATE sale_line SET price_fen = price_fen - 1 WHERE sale_id = 2 AND no = 2", "R010000002" },
		{ "UPDATE sale_line SET name = 'x' WHERE sale_id = 2 AND no = 1", "R010000002" },
		{ "DELETE FROM sale_line WHERE sale_id = 2 AND no = 2", "R010000002" },
		{ "INSERT INTO sale_line (sale_id, no, item_id, code, name, unit, kind, tax_bp, tax_code, list_price_fen, price_fen, quantity_milli,"
		  " amount_fen, added_at) VALUES (2, 3, 1, '1', 'x', '', 'piece', 0, '', 0, 0, 1000, 0, 0)", "R010000002" },
		{ "UPDATE tender SET tendered_fen = tendered_fen + 1 WHERE sale_id = 2", "R010000002" },
		{ "UPDATE tender SET kind = 'card' WHERE sale_id = 2", "R010000002" },
		/* a refund */
		{ "UPDATE sale SET reason = 'x' WHERE id = 3", "R010000003" },
		{ "UPDATE sale SET origin_id = 1 WHERE id = 3", "R010000003" },
		{ "UPDATE sale_line SET tax_fen = tax_fen - 1 WHERE sale_id = 3", "R010000003" },
		{ "UPDATE tender SET kept_fen = kept_fen - 1 WHERE sale_id = 3", "R010000003" },
		{ "UPDATE sale SET journal_seq = (SELECT journal_seq FROM sale WHERE id = 2) WHERE id = 3", "R010000003" },
		/* the rest */
		{ "UPDATE sale SET reason = 'x' WHERE id = 4", "sale.void 4" },
		{ "UPDATE shift SET counted_fen = counted_fen + 1 WHERE id = 1", "Z 1" },
		{ "UPDATE cash_move SET amount_fen = 1 WHERE id = 1", "cash.in 1" },
		{ "UPDATE cash_move SET reason = 'x' WHERE id = 2", "cash.out 2" },
		{ "DELETE FROM cash_move WHERE id = 2", "cash.out 2" },
		{ "INSERT INTO cash_move (shift_id, kind, amount_fen, reason, at, who) VALUES (2, 'in', 1, 'x', 0, 'lin')", "cash" },
		{ "PRAGMA foreign_keys = OFF; UPDATE sale SET state = 'void' WHERE id = 2", "sale.void 2" },
		{ "UPDATE journal SET body = '{' WHERE kind = 'sale.paid' AND seq = (SELECT journal_seq FROM sale WHERE id = 2)", "R010000002" },
	};

	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		char *named = zg_print("The books tell %s otherwise than the journal.", changes[i].named);

		attack(changes[i].sql);
		cr_expect(eq(int, zg_books_agree(store, &err), ZG_INVALID), "%s", changes[i].sql);
		cr_expect(eq(int, strncmp(err.text, named, strlen(named)), 0), "%s: %s", changes[i].sql, err.text);
		zg_store_rollback(store);
		free(named);
	}
	OK(zg_books_agree(store, &err));
}

/* The rows of the sale under way, each column by itself: it is not closed over any that is not its own. */
Test(agree, each_column_of_a_line_counts)
{
	static const char *const columns[] = {
		"item_id = 77", "code = 'x'", "name = 'x'", "unit = 'x'", "kind = 'open-price'", "tax_bp = 1", "tax_code = 'x'", "list_price_fen = 1",
		"price_fen = 1", "price_is_set = 1", "quantity_milli = 731", "removed_milli = 1", "discount_fen = 1", "share_fen = 999", "amount_fen = 1",
		"rounding_fen = 1", "net_fen = 1", "tax_fen = 1", "no = 9",
		"discount = '{\"kind\":\"percent\",\"kept_bp\":8000,\"funder\":\"shop\"}'", "discount = '{\"kind\":\"amount\",\"off_fen\":8,\"funder\":\"shop\"}'",
	};
	struct zg_sale *sale;

	OK(zg_sales_load(store, BUSY_OPEN, &sale, &err));
	OK(zg_sale_rows_check(store, BUSY_OPEN, sale, &err));
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		char *sql = zg_print("UPDATE sale_line SET %s WHERE sale_id = %d AND no = 1", columns[i], BUSY_OPEN);

		attack(sql);
		cr_expect(eq(int, zg_sale_rows_check(store, BUSY_OPEN, sale, &err), ZG_BROKEN), "%s", columns[i]);
		zg_store_rollback(store);
		free(sql);
	}
	attack("DELETE FROM sale_line WHERE sale_id = 6 AND no = 2");
	cr_expect(eq(int, zg_sale_rows_check(store, BUSY_OPEN, sale, &err), ZG_BROKEN));
	zg_store_rollback(store);
	zg_sale_free(sale);
}

/* A rule of each kind, with a label, a coupon and somebody else who bears it; each of them counts. */
Test(agree, each_part_of_a_lines_discount_counts)
{
	struct zg_discount full = zg_discount_kept(9000), changed[6];
	struct zg_sale *sale;

	strcpy(full.label, "会员");
	strcpy(full.coupon, "C1");
	for (size_t i = 0; i < 6; i++)
		changed[i] = full;
	changed[0] = zg_discount_off(10);
	changed[1].kept_bp = 8000;
	strcpy(changed[2].label, "x");
	strcpy(changed[3].funder, "maker");
	strcpy(changed[4].coupon, "C2");
	changed[5] = zg_discount_off(20);
	OK(zg_sales_load(store, BUSY_OPEN, &sale, &err));
	OK(zg_sale_discount_line(sale, 1, &full, &err));
	OK(zg_store_begin(store, ZG_SYNC_NORMAL, &err));
	OK(zg_sales_save(store, BUSY_OPEN, sale, &err));
	OK(zg_sale_rows_check(store, BUSY_OPEN, sale, &err));
	for (size_t i = 0; i < 6; i++) {
		OK(zg_sale_discount_line(sale, 1, &changed[i], &err));
		cr_expect(eq(int, zg_sale_rows_check(store, BUSY_OPEN, sale, &err), ZG_BROKEN), "%zu", i);
		if (i == 0) {    /* the two that take an amount off are told apart too */
			OK(zg_sales_save(store, BUSY_OPEN, sale, &err));
			OK(zg_sale_discount_line(sale, 1, &changed[5], &err));
			cr_expect(eq(int, zg_sale_rows_check(store, BUSY_OPEN, sale, &err), ZG_BROKEN));
			OK(zg_sale_discount_line(sale, 1, &full, &err));
			OK(zg_sales_save(store, BUSY_OPEN, sale, &err));
		}
	}
	zg_store_rollback(store);
	zg_sale_free(sale);
}

static char *text_of(const char *sql)
{
	sqlite3_stmt *stmt;
	char *text = NULL;

	cr_assert(eq(int, sqlite3_prepare_v2(zg_store_raw(store), sql, -1, &stmt, NULL), SQLITE_OK), "%s", sqlite3_errmsg(zg_store_raw(store)));
	cr_assert(eq(int, sqlite3_step(stmt), SQLITE_ROW));
	text = zg_copy((const char *)sqlite3_column_text(stmt, 0));
	sqlite3_finalize(stmt);
	return text;
}

/* What was taken off, and a row that is left over, are put right with the next save. */
Test(agree, rows_of_discounts_are_put_right)
{
	static const char rows[] = "SELECT group_concat(no || ' ' || coalesce(line_no, '-') || kind || label || amount_fen || funder || coupon, ';')"
				   " FROM sale_discount WHERE sale_id = 6";
	static const char *const columns[] = {
		"UPDATE sale_discount SET line_no = 7 WHERE sale_id = 6 AND no = 1", "UPDATE sale_discount SET kind = 'sale' WHERE sale_id = 6 AND no = 1",
		"UPDATE sale_discount SET label = 'x' WHERE sale_id = 6 AND no = 1", "UPDATE sale_discount SET amount_fen = 1 WHERE sale_id = 6 AND no = 1",
		"UPDATE sale_discount SET funder = 'x' WHERE sale_id = 6 AND no = 1", "UPDATE sale_discount SET coupon = 'x' WHERE sale_id = 6 AND no = 1",
		"DELETE FROM sale_discount WHERE sale_id = 6 AND no = 2",
		"INSERT INTO sale_discount (sale_id, no, line_no, kind, label, amount_fen, funder) VALUES (6, 3, 1, 'line', '', 1, 'shop')",
	};
	struct zg_discount coupon = zg_discount_off(10);
	struct zg_sale *sale;

	strcpy(coupon.coupon, "C1");
	OK(zg_sales_load(store, BUSY_OPEN, &sale, &err));
	OK(zg_sale_discount_line(sale, 1, &coupon, &err));
	OK(zg_store_begin(store, ZG_SYNC_NORMAL, &err));
	OK(zg_sales_save(store, BUSY_OPEN, sale, &err));
	OK(zg_store_commit(store, &err));
	char *right = text_of(rows);

	cr_expect(ne(ptr, strstr(right, "1 1coupon10shopC1"), NULL), "%s", right);
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		attack(columns[i]);
		OK(zg_sales_save(store, BUSY_OPEN, sale, &err));
		char *now = text_of(rows);

		cr_expect(eq(str, now, right), "%s", columns[i]);
		free(now);
		zg_store_rollback(store);
	}
	free(right);
	zg_sale_free(sale);
}

/* ---- rows that only somebody from outside can have made are shown for what they are, and stop nothing ---- */

Test(agree, a_row_without_sense_is_read_as_the_least_it_can_be)
{
	struct zg_sale_record record;
	struct zg_story story;
	struct zg_tender tenders[ZG_SALE_TENDERS];
	struct zg_transaction *list;
	struct zg_journal_mark mark;
	size_t count;
	char day[ZG_DAY_TEXT];

	strcpy(day, busy_books_day(store));
	attack("UPDATE journal SET body = 'no JSON' WHERE seq = (SELECT journal_seq FROM sale WHERE id = 2);"
	       "UPDATE tender SET kind = 'gold' WHERE sale_id = 2; UPDATE journal SET mac = x'00' WHERE seq = (SELECT max(seq) FROM journal)");
	OK(zg_sales_find(store, BUSY_SETTLED, &record, &err));
	OK(zg_story_read(store, &record, &story, &err));
	for (size_t i = 0; i < story.count; i++)
		if (strcmp(story.rows[i].kind, "sale.paid") == 0)
			cr_expect(eq(sz, json_object_size(story.rows[i].body), 0));
	zg_story_clear(&story);
	OK(zg_sales_tenders(store, BUSY_SETTLED, tenders, &count, &err));
	cr_expect(eq(int, tenders[0].kind, ZG_TENDER_OTHER));
	/* a list of money is another thing: it is not told */
	cr_expect(eq(int, zg_transactions_of_day(store, day, &list, &count, &err), ZG_INVALID));
	cr_expect(eq(ptr, list, NULL));
	cr_expect(eq(sz, count, 0));
	zg_store_rollback(store);    /* the seal is read afresh behind one */
	attack("UPDATE journal SET mac = x'00' WHERE seq = (SELECT max(seq) FROM journal)");
	OK(zg_journal_head(store, &mark, &err));
	cr_expect(eq(str, mark.anchor, "00000000"));
	zg_store_rollback(store);
	cr_expect(eq(str, (char *)zg_transaction_name((enum zg_transaction_kind)99), "?"));
}

/* A row sealed with the shop's own key, but in another life of its books. */
Test(agree, the_row_that_was_sealed_last_is_known_by_its_seal)
{
	char *path = zg_print("%s/keys/journal.head", home), text[400];
	struct zg_journal_check check;
	FILE *file = fopen(path, "r+");

	cr_assert(ne(ptr, file, NULL));
	cr_assert(ne(ptr, fgets(text, sizeof(text), file), NULL));
	char *seal = strchr(text, ' ') + 1;

	*seal = *seal == '0' ? '1' : '0';
	rewind(file);
	fputs(text, file);
	fclose(file);

	cr_expect(eq(int, zg_journal_verify(store, &check, &err), ZG_INVALID));
	cr_expect(ne(ptr, strstr(err.text, "it is not the row that was last sealed"), NULL), "%s", err.text);
	cr_expect(eq(long, (long)check.bad_seq, strtol(text, NULL, 10)));
	free(path);
}

Test(agree, a_receipt_is_found_by_its_number_whole_or_bare)
{
	static const struct { const char *typed; int64_t id; } cases[] = {
		{ "R010000002", BUSY_SETTLED }, { "r010000002", BUSY_SETTLED }, { "2", BUSY_SETTLED }, { "000000000002", BUSY_SETTLED },
		{ "0000000000002", 0 }, { "", 0 }, { "2x", 0 }, { "R01", 0 }, { "99", 0 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct zg_sale_record record = { 0 };
		enum zg_result result = zg_sales_find_number(store, cases[i].typed, &record, &err);

		cr_expect(eq(int, result, cases[i].id ? ZG_OK : ZG_NOT_FOUND), "%s", cases[i].typed);
		cr_expect(eq(long, (long)record.id, (long)cases[i].id), "%s", cases[i].typed);
	}
}

/* More different rates than a report has rows for: refused, not left out. */
Test(agree, a_shift_of_too_many_tax_rates_has_no_totals)
{
	struct zg_shift shift;
	struct zg_totals totals;

	attack("WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 40)"
	       " INSERT INTO sale_line (sale_id, no, item_id, code, name, unit, kind, tax_bp, tax_code, list_price_fen, price_fen, quantity_milli,"
	       "  amount_fen, added_at) SELECT 2, i, 1, '1', 'x', '', 'piece', i, '', 0, 0, 1000, 0, 0 FROM n");
	OK(zg_shifts_find(store, BUSY_SHIFT, &shift, &err));
	cr_expect(eq(int, zg_shifts_totals(store, &shift, &totals, &err), ZG_INVALID));
	cr_expect(ne(ptr, strstr(err.text, "too many tax rates"), NULL), "%s", err.text);
	zg_store_rollback(store);
}

/* A gift: nothing to pay, nobody gave anything, and a row that says so. */
Test(gift, a_sale_of_nothing_agrees_and_is_read_back_paid)
{
	struct shop *shop = shop_begin(NULL);
	struct zg_sale *sale;
	const struct zg_store *books;

	cr_assert(eq(int, shop_sign_in(shop, "ding"), ZG_OK));
	cr_assert(eq(int, shop_do(shop, "shift.open", "{s:i}", "float_fen", 20000), ZG_OK), "%s", shop->err.text);
	cr_assert(eq(int, shop_do(shop, "sale.add", "{s:s}", "code", "1001"), ZG_OK), "%s", shop->err.text);
	cr_assert(eq(int, shop_do(shop, "sale.discount", "{s:i, s:i}", "line", 1, "kept_bp", 0), ZG_OK), "%s", shop->err.text);
	cr_assert(eq(int, shop_do(shop, "sale.pay", "{s:s}", "tender", "cash"), ZG_OK), "%s", shop->err.text);
	books = zg_till_store(shop->till);

	OK(zg_books_agree(books, &err));
	OK(zg_sales_load(books, 1, &sale, &err));
	cr_expect(eq(long, (long)zg_sale_totals(sale)->payable_fen, 0));
	cr_expect(eq(sz, zg_sale_tender_count(sale), 0));
	zg_sale_free(sale);
	shop_end(shop);
}
