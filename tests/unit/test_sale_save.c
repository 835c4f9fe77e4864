/* What the books hold of a sale under way: every column is looked at, and only what differs is written. */
#include "src/base/alloc.h"
#include "src/store/sale_rows.h"
#include "tests/unit/ledger.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

static struct zg_sale *sale;
static int64_t id;

static void begin(void)
{
	ledger_open_held();
	sale = ledger_ring();
	OK(zg_sale_tender(sale, ZG_TENDER_CASH, 2000, ZG_ROUND_JIAO, &ledger.err));
	OK(zg_sales_begin(ledger.store, "lin", &id, &ledger.err));
	OK(zg_sales_save(ledger.store, id, sale, &ledger.err));
}

static void end(void)
{
	zg_sale_free(sale);
	ledger_close();
}

/* Rows that are written by saving the sale now. */
static int64_t writes(void)
{
	sqlite3 *db = zg_store_raw(ledger.store);
	int64_t before = sqlite3_total_changes64(db);

	OK(zg_sales_save(ledger.store, id, sale, &ledger.err));
	return sqlite3_total_changes64(db) - before;
}

#define LINES "SELECT no, item_id, code, name, unit, kind, tax_bp, tax_code, list_price_fen, price_fen, price_is_set, quantity_milli," \
	" removed_milli, discount, discount_fen, share_fen, amount_fen, rounding_fen, net_fen, tax_fen, added_at FROM sale_line"
#define FIRST "1|41|201|苹果|千克|weighed|900|1010115|1298|1100|1|700|156|{\"coupon\":\"7\",\"funder\":\"maker\"," \
	"\"kept_bp\":9000,\"kind\":\"percent\",\"label\":\"会员\"}|77|36|657|4|599|54|1763860000123\n"
#define SECOND "2|12|1001|水|瓶|piece|1300|1030307|200|200|0|2000|0||0|21|379|2|334|43|1763860000123\n"
#define DISCOUNTS "SELECT no, line_no, kind, label, amount_fen, funder, coupon FROM sale_discount"
#define COUPON "1|1|coupon|会员|77|maker|7\n"
#define OFF "2|-|sale||57|shop|\n"

TestSuite(sale_save, .init = begin, .fini = end);

Test(sale_save, what_is_there_is_not_written_again)
{
	ledger_expect(LINES, FIRST SECOND);
	ledger_expect(DISCOUNTS, COUPON OFF);
	ledger_expect("SELECT discount, total_fen FROM sale", "{\"coupon\":\"\",\"funder\":\"shop\",\"kind\":\"amount\",\"label\":\"\",\"off_fen\":57}|1036\n");
	OK(zg_sale_rows_check(ledger.store, id, sale, &ledger.err));
	cr_expect(eq(long, writes(), 0));
}

#define RULE(words) "discount = '{" words "}'"

Test(sale_save, a_column_that_changes_is_written_again_and_no_other_line)
{
	static const char *const changes[] = {
		"price_fen = price_fen + 1", "price_is_set = 1 - price_is_set", "quantity_milli = quantity_milli + 1000",
		"removed_milli = removed_milli + 1", "discount_fen = discount_fen + 1", "share_fen = share_fen + 1",
		"amount_fen = amount_fen + 1", "rounding_fen = rounding_fen + 1", "net_fen = net_fen + 1", "tax_fen = tax_fen + 1",
		RULE("\"kind\":\"amount\",\"off_fen\":9000,\"label\":\"会员\",\"funder\":\"maker\",\"coupon\":\"7\""),
		RULE("\"kind\":\"percent\",\"kept_bp\":8999,\"label\":\"会员\",\"funder\":\"maker\",\"coupon\":\"7\""),
		RULE("\"kind\":\"percent\",\"kept_bp\":9000,\"label\":\"\",\"funder\":\"maker\",\"coupon\":\"7\""),
		RULE("\"kind\":\"percent\",\"kept_bp\":9000,\"label\":\"会员\",\"funder\":\"shop\",\"coupon\":\"7\""),
		RULE("\"kind\":\"percent\",\"kept_bp\":9000,\"label\":\"会员\",\"funder\":\"maker\",\"coupon\":\"\""),
		RULE(""), "discount = ''", "discount = 'no rule'",
	};

	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++)
		for (int no = 1; no <= 2; no++) {
			char sql[300];

			if (no == 2 && strncmp(changes[i], "discount = ", 11) == 0)
				continue;
			snprintf(sql, sizeof(sql), "UPDATE sale_line SET %s WHERE no = %d", changes[i], no);
			ledger_run(sql);
			cr_expect(eq(int, zg_sale_rows_check(ledger.store, id, sale, &ledger.err), ZG_BROKEN), "%s", sql);
			cr_expect(eq(long, writes(), 1), "%s", sql);
			ledger_expect(LINES, FIRST SECOND);
		}
}

/* An amount off has the one member of a rule that a percentage leaves empty. */
Test(sale_save, another_amount_off_is_another_rule)
{
	const struct zg_discount off = zg_discount_off(77);

	OK(zg_sale_remove_tender(sale, 0, &ledger.err));
	OK(zg_sale_discount_line(sale, 1, &off, &ledger.err));
	(void)writes();
	ledger_run("UPDATE sale_line SET discount = replace(discount, '77', '78') WHERE no = 1");
	cr_expect(eq(int, zg_sale_rows_check(ledger.store, id, sale, &ledger.err), ZG_BROKEN));
	cr_expect(eq(long, writes(), 1));
	OK(zg_sale_rows_check(ledger.store, id, sale, &ledger.err));
}

/* What was sold, and at what rate, is written once: a row that says something else is somebody else's. */
Test(sale_save, a_column_that_never_changes_is_compared_all_the_same)
{
	static const char *const changes[] = {
		"item_id = item_id + 1", "code = '1003'", "name = '金条'", "unit = ''", "kind = 'open-price'", "tax_bp = tax_bp + 1", "tax_code = ''",
		"list_price_fen = list_price_fen + 1",
	};

	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++)
		for (int no = 1; no <= 2; no++) {
			char sql[300];

			snprintf(sql, sizeof(sql), "SAVEPOINT one; UPDATE sale_line SET %s WHERE no = %d", changes[i], no);
			ledger_run(sql);
			cr_expect(eq(int, zg_sale_rows_check(ledger.store, id, sale, &ledger.err), ZG_BROKEN), "%s", sql);
			OK(zg_sales_save(ledger.store, id, sale, &ledger.err));
			cr_expect(eq(int, zg_sale_rows_check(ledger.store, id, sale, &ledger.err), ZG_BROKEN), "%s", sql);
			ledger_run("ROLLBACK TO one; RELEASE one");
		}
	OK(zg_sale_rows_check(ledger.store, id, sale, &ledger.err));
}

static void add_strange(int no)
{
	char sql[500];

	snprintf(sql, sizeof(sql), "INSERT INTO sale_line SELECT sale_id, %d, item_id, code, name, unit, kind, tax_bp, tax_code, list_price_fen,"
		 " price_fen, price_is_set, 0, removed_milli, discount, 0, 0, 0, 0, 0, 0, origin_no, added_at FROM sale_line WHERE no = 1", no);
	ledger_run(sql);
}

Test(sale_save, rows_too_many_or_too_few_are_another_sale)
{
	struct zg_sale *more = zg_sale_new(), *fewer = zg_sale_new();

	for (size_t i = 0; i < 3; i++) {
		struct zg_line line = *zg_sale_line(sale, i % 2);

		line.no = (int)i + 1;
		OK(zg_sale_restore_lines(more, &line, 1, &ledger.err));
		if (i == 0)
			OK(zg_sale_restore_lines(fewer, &line, 1, &ledger.err));
	}
	cr_expect(eq(int, zg_sale_rows_check(ledger.store, id, more, &ledger.err), ZG_BROKEN));
	cr_expect(eq(int, zg_sale_rows_check(ledger.store, id, fewer, &ledger.err), ZG_BROKEN));
	add_strange(3);
	cr_expect(eq(int, zg_sale_rows_check(ledger.store, id, sale, &ledger.err), ZG_BROKEN));
	cr_expect(ne(ptr, strstr(ledger.err.text, "another sale"), NULL));
	zg_sale_free(more);
	zg_sale_free(fewer);
}

/* As many lines as there may be, with a discount on each and one on it all. */
Test(sale_save, a_full_sale_has_a_row_for_each_line_and_each_discount)
{
	const struct zg_discount fen = zg_discount_off(1);
	const struct zg_line line = *zg_sale_line(sale, 1);
	struct zg_sale *full = zg_sale_new();

	OK(zg_sales_hang(ledger.store, id, &ledger.err));
	OK(zg_sales_begin(ledger.store, "lin", &id, &ledger.err));
	for (int no = 1; no <= ZG_SALE_LINES; no++) {
		struct zg_line next = line;

		next.no = no;
		next.discount = fen;
		OK(zg_sale_restore_lines(full, &next, 1, &ledger.err));
	}
	OK(zg_sale_discount(full, &fen, &ledger.err));
	OK(zg_sales_save(ledger.store, id, full, &ledger.err));
	OK(zg_sale_rows_check(ledger.store, id, full, &ledger.err));
	ledger_expect("SELECT count(*), min(no), max(no) FROM sale_line WHERE sale_id = 2", "500|1|500\n");
	ledger_expect("SELECT count(*), sum(amount_fen), max(no), max(line_no) FROM sale_discount WHERE sale_id = 2", "501|501|501|500\n");
	ledger_expect("SELECT count(*) FROM sale_line WHERE sale_id = 1", "2\n");
	zg_sale_free(full);
}

/* ---- discounts */

Test(sale_save, a_discount_that_changes_is_written_again_and_no_other)
{
	static const char *const changes[] = {
		"line_no = 2", "line_no = NULL", "kind = 'sale'", "kind = 'coupon'", "kind = 'line'", "label = 'x'", "amount_fen = amount_fen + 1",
		"funder = 'x'", "coupon = 'x'",
	};

	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++)
		for (int no = 1; no <= 2; no++) {
			char sql[300];
			bool is_so_already = (no == 1 && i == 3) || (no == 2 && (i == 1 || i == 2));

			snprintf(sql, sizeof(sql), "UPDATE sale_discount SET %s WHERE no = %d", changes[i], no);
			ledger_run(sql);
			cr_expect(eq(long, writes(), is_so_already ? 0 : 1), "%s", sql);
			ledger_expect(DISCOUNTS, COUPON OFF);
		}
}

Test(sale_save, discounts_too_many_or_too_few_are_put_right)
{
	ledger_run("INSERT INTO sale_discount (sale_id, no, kind, label, amount_fen, funder) VALUES (1, 3, 'sale', '', 9, 'shop')");
	cr_expect(eq(long, writes(), 1));
	ledger_expect(DISCOUNTS, COUPON OFF);
	ledger_run("INSERT INTO sale_discount (sale_id, no, kind, label, amount_fen, funder) VALUES (1, 7, 'sale', '', 9, 'shop'), (1, 9, 'line', '', 9, 'x')");
	cr_expect(eq(long, writes(), 2));
	ledger_expect(DISCOUNTS, COUPON OFF);
	ledger_run("DELETE FROM sale_discount WHERE no = 1");
	cr_expect(eq(long, writes(), 1));
	ledger_expect(DISCOUNTS " ORDER BY no", COUPON OFF);
	ledger_run("DELETE FROM sale_discount");
	cr_expect(eq(long, writes(), 2));
	ledger_expect(DISCOUNTS " ORDER BY no", COUPON OFF);
}

Test(sale_save, behind_a_discount_that_is_refused_none_is_taken_away)
{
	ledger_run("INSERT INTO sale_discount (sale_id, no, kind, label, amount_fen, funder) VALUES (1, 3, 'sale', '', 9, 'shop');"
		   "UPDATE sale_discount SET label = 'x' WHERE no = 2;"
		   "CREATE TEMP TRIGGER refused BEFORE INSERT ON main.sale_discount BEGIN SELECT RAISE(ABORT, 'refused'); END");
	cr_expect(eq(int, zg_sales_save(ledger.store, id, sale, &ledger.err), ZG_INVALID));
	ledger_expect("SELECT no, label FROM sale_discount", "1|会员\n2|x\n3|\n");
}

Test(sale_save, a_discount_of_one_fen_is_one_and_one_of_nothing_is_none)
{
	const struct zg_discount fen = zg_discount_off(1), none = { .kind = ZG_DISCOUNT_NONE }, whole = zg_discount_kept(9999);

	OK(zg_sale_remove_tender(sale, 0, &ledger.err));
	OK(zg_sale_discount_line(sale, 1, &none, &ledger.err));
	OK(zg_sale_discount_line(sale, 2, &fen, &ledger.err));
	OK(zg_sale_discount(sale, &fen, &ledger.err));
	(void)writes();
	ledger_expect(DISCOUNTS, "1|2|line||1|shop|\n2|-|sale||1|shop|\n");
	OK(zg_sale_set_price(sale, 2, 1, &ledger.err));
	OK(zg_sale_discount_line(sale, 2, &whole, &ledger.err));    /* a ten-thousandth of 0.02 */
	OK(zg_sale_discount(sale, &none, &ledger.err));
	(void)writes();
	ledger_expect(DISCOUNTS, "");
	ledger_expect("SELECT discount FROM sale", "\n");
	ledger_expect("SELECT discount FROM sale_line WHERE no = 1", "\n");
}

/* The rows of another sale, hung with discounts of its own, stay as they are. */
Test(sale_save, no_other_sale_is_touched)
{
	struct zg_sale *plain = zg_sale_new();

	OK(zg_sales_hang(ledger.store, id, &ledger.err));
	OK(zg_sales_begin(ledger.store, "lin", &id, &ledger.err));
	OK(zg_sale_restore_lines(plain, zg_sale_line(sale, 0), 1, &ledger.err));
	OK(zg_sales_save(ledger.store, id, plain, &ledger.err));
	OK(zg_sale_rows_check(ledger.store, id, plain, &ledger.err));
	ledger_expect(LINES " WHERE sale_id = 1", FIRST SECOND);
	ledger_expect(DISCOUNTS " WHERE sale_id = 1", COUPON OFF);
	ledger_expect(DISCOUNTS " WHERE sale_id = 2", "1|1|coupon|会员|77|maker|7\n");
	zg_sale_free(plain);
}

/* ---- the sale's own row */

Test(sale_save, its_sum_and_its_rule_are_put_right)
{
	static const char *const changes[] = { "total_fen = 7", "discount = ''" };

	for (size_t i = 0; i < 2; i++) {
		char sql[100];

		snprintf(sql, sizeof(sql), "UPDATE sale SET %s", changes[i]);
		ledger_run(sql);
		cr_expect(eq(long, writes(), 1), "%s", sql);
		ledger_expect("SELECT discount, total_fen FROM sale",
			      "{\"coupon\":\"\",\"funder\":\"shop\",\"kind\":\"amount\",\"label\":\"\",\"off_fen\":57}|1036\n");
	}
}

/* ---- when the books answer nothing any more */

Test(sale_save, what_could_not_be_read_is_not_called_another_sale)
{
	ledger_run("ROLLBACK");    /* as SQLite does by itself on a full disk */
	ledger.err.text[0] = '\0';
	cr_expect(eq(int, zg_sale_rows_check(ledger.store, id, sale, &ledger.err), ZG_BROKEN));
	cr_expect(eq(ptr, strstr(ledger.err.text, "another sale"), NULL));
	cr_expect(eq(int, zg_sales_save(ledger.store, id, sale, &ledger.err), ZG_BROKEN));
}
