/* Refunds in the books: any parts of any sale, and the triggers that hold whoever writes. Then books of before rounded refunds. */
#include "tests/unit/ledger.h"
#include "tests/unit/returns.h"
#include "tests/unit/scratch.h"

#include "src/store/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(refunded, .init = ledger_open, .fini = ledger_close);

/* The same refund with `more` added to its money, as wrong hands would write it. */
static enum zg_result give_more(int64_t sale, const struct zg_refund_line *lines, const struct zg_refund_sum *sum, zg_fen more)
{
	struct zg_refund_line changed[RETURNS_LINES];
	struct zg_refund_sum altered = *sum;

	memcpy(changed, lines, sum->lines * sizeof(*lines));
	for (size_t i = 0; i < sum->lines; i++) {
		zg_fen money = changed[i].value_fen - changed[i].rounding_fen, here = i + 1 < sum->lines && money + more < 0 ? -money : more;

		changed[i].rounding_fen -= here;
		changed[i].net_fen += here;
		more -= here;
		altered.rounding_fen -= here;
		altered.money_fen += here;
	}
	return ledger_refund(sale, changed, &altered);
}

/* What the goods that are back, with these, were paid with, less what was given: the refund may be that, and no more. */
static zg_fen most(const struct zg_refundable *sold, size_t count, const zg_milli *quantities)
{
	zg_fen due = 0;

	for (size_t i = 0; i < count; i++)
		due += zg_fen_part(sold[i].paid_fen, sold[i].refunded + quantities[i], sold[i].sold) - sold[i].refunded_fen;
	return due;
}

struct given {
	zg_fen money, value;
	int64_t refunds;
};

static void take_back(struct chance *chance, const struct zg_sale *sale, int64_t id, enum zg_rounding rule, struct given *given)
{
	struct zg_refund_line lines[RETURNS_LINES];
	struct zg_refund_sum sum;
	zg_milli quantities[RETURNS_LINES];
	zg_fen before = given->money;
	bool is_last = false;

	for (int part = 0; !is_last; part++) {
		struct zg_refundable *sold;
		size_t count;

		OK(zg_sales_refundable(ledger.store, id, &sold, &count, &ledger.err));
		returns_choose(chance, sold, count, part > 3 || chance_between(chance, 0, 3) == 0, quantities);
		OK(zg_refund_work_out(sold, count, quantities, rule, lines, &sum, &ledger.err));
		is_last = true;
		for (size_t i = 0; i < count; i++)
			is_last &= quantities[i] == zg_refund_left(&sold[i]);
		HOLDS(give_more(id, lines, &sum, most(sold, count, quantities) - sum.money_fen + 1) == ZG_INVALID);
		HOLDS(!is_last || sum.money_fen == 0 || give_more(id, lines, &sum, -1) == ZG_INVALID);
		cr_assert(eq(int, ledger_refund(id, lines, &sum), ZG_OK), "%s ZG_SEED=%lu", ledger.err.text, chance->seed);
		HOLDS(!is_last || ledger_refund(id, lines, &sum) == ZG_INVALID);
		given->money += sum.money_fen;
		given->value += sum.value_fen;
		given->refunds++;
		free(sold);
	}
	HOLDS(given->money - before == zg_sale_totals(sale)->payable_fen);
}

Test(refunded, the_books_take_any_parts_of_any_sale_and_not_a_fen_more)
{
	struct chance chance_ = chance_begin(), *chance = &chance_;
	struct given given = { 0 };
	struct zg_totals totals;
	zg_fen sold = 0, rounding = 0, rounded_back = 0;

	for (long round = chance_rounds(40); round > 0; round--) {
		struct zg_sale *sale = zg_sale_new();
		enum zg_rounding rule = (enum zg_rounding)chance_between(chance, ZG_ROUND_NONE, ZG_ROUND_YUAN);

		returns_ring(chance, sale, rule);
		int64_t id = ledger_close_sale(sale);

		sold += zg_sale_totals(sale)->payable_fen;
		rounding += zg_sale_totals(sale)->rounding_fen;
		if (chance_between(chance, 0, 3) != 0) {
			take_back(chance, sale, id, rule, &given);
			rounded_back += zg_sale_totals(sale)->rounding_fen;
		}
		zg_sale_free(sale);
	}
	OK(zg_shifts_totals(ledger.store, &ledger.shift, &totals, &ledger.err));
	HOLDS(totals.refunds == given.refunds && totals.refunded_fen == given.money && totals.returned_fen == given.value);
	HOLDS(totals.sold_fen == sold && totals.rounding_fen == rounding);
	HOLDS(totals.refund_rounding_fen == rounded_back);
	HOLDS(zg_totals_rounding(&totals) == rounding - rounded_back);
	HOLDS(zg_totals_expected(&totals) == 20000 + sold - given.money);
}

/* ---- a shop of schema 1 */

/* Makes the books of the test as the first schema left them: 3 waters of 8.97 for 8.00, one of them refunded to the fen. */
static void make_old(void)
{
	sqlite3 *db;
	char path[512], *why = NULL;
	static const char *const rows =
		"PRAGMA application_id = 1514621530; PRAGMA user_version = 1;"
		"INSERT INTO person (login, name, role, pin_hash) VALUES ('lin', '林晓', 'cashier', '$y$none');"
		"INSERT INTO shift (id, state, day, opened_at, opened_by, float_fen) VALUES (1, 'open', '2026-11-23', 0, 'lin', 20000);"
		"INSERT INTO journal VALUES (1, 0, 'lin', 0, 'x', '{}', zeroblob(32), randomblob(32));"
		"INSERT INTO sale (kind, state, opened_at, cashier) VALUES ('sale', 'open', 0, 'lin');"
		"INSERT INTO sale_line (sale_id, no, item_id, code, name, unit, kind, tax_bp, tax_code, list_price_fen, price_fen,"
		" quantity_milli, amount_fen, rounding_fen, net_fen, added_at) VALUES"
		" (1, 1, 1, '1001', '水', '瓶', 'piece', 0, '', 299, 299, 3000, 897, 97, 800, 0);"
		"INSERT INTO tender VALUES (1, 1, 'cash', 800, 800, 0);"
		"UPDATE counter SET value = 1 WHERE name = 'receipt';"
		"UPDATE sale SET state = 'paid', closed_at = 1, closed_by = 'lin', day = '2026-11-23', shift_id = 1, receipt_no = 1,"
		" number = 'R010000001', journal_seq = 1, total_fen = 897, rounding_fen = 97 WHERE id = 1;"
		"INSERT INTO sale (kind, state, opened_at, cashier, origin_id) VALUES ('refund', 'open', 0, 'lin', 1);"
		"INSERT INTO sale_line (sale_id, no, item_id, code, name, unit, kind, tax_bp, tax_code, list_price_fen, price_fen,"
		" quantity_milli, amount_fen, net_fen, origin_no, added_at) VALUES"
		" (2, 1, 1, '1001', '水', '瓶', 'piece', 0, '', 299, 299, -1000, -267, -267, 1, 0);"
		"INSERT INTO tender VALUES (2, 1, 'cash', -267, -267, 0);"
		"UPDATE counter SET value = 2 WHERE name = 'receipt';"
		"UPDATE sale SET state = 'paid', closed_at = 1, closed_by = 'lin', day = '2026-11-23', shift_id = 1, receipt_no = 2,"
		" number = 'R010000002', journal_seq = 1, total_fen = -267 WHERE id = 2;";

	zg_store_close(ledger.store);
	snprintf(path, sizeof(path), "%s/zhanggui.db", ledger.home);
	cr_assert(eq(int, remove(path), 0));
	snprintf(path, sizeof(path), "%s/keys/journal.head", ledger.home);
	(void)remove(path);
	snprintf(path, sizeof(path), "%s/zhanggui.db", ledger.home);
	cr_assert(eq(int, sqlite3_open(path, &db), SQLITE_OK));
	cr_assert(eq(int, sqlite3_exec(db, zg_schema[0], NULL, NULL, &why), SQLITE_OK), "%s", why);
	cr_assert(eq(int, sqlite3_exec(db, rows, NULL, NULL, &why), SQLITE_OK), "%s", why);
	sqlite3_close(db);
}

Test(refunded, a_shop_of_the_first_schema_goes_on_with_what_it_gave_back)
{
	static const enum zg_rounding rule = ZG_ROUND_YUAN;
	static const zg_fen expected[] = { 200, 333 };    /* of 5.33 less 2.67; of 8.00 less what was given */
	zg_fen given = 267, returned = 267;

	make_old();
	OK(zg_store_open(ledger.home, ZG_STORE_WRITE, &zg_real_clock, &ledger.store, &ledger.err));
	OK(zg_store_check_schema(ledger.store, &ledger.err));
	OK(zg_shifts_current(ledger.store, &ledger.shift, &ledger.err));
	for (int i = 0; i < 2; i++) {
		static const zg_milli one[] = { 1000 };
		struct zg_refundable *sold;
		struct zg_refund_line line;
		struct zg_refund_sum sum;
		size_t count;

		OK(zg_sales_refundable(ledger.store, 1, &sold, &count, &ledger.err));
		OK(zg_refund_work_out(sold, count, one, rule, &line, &sum, &ledger.err));
		cr_expect(eq(long, sum.money_fen, expected[i]));
		cr_expect(eq(int, ledger_refund(1, &line, &sum), ZG_OK), "%s", ledger.err.text);
		given += sum.money_fen;
		returned += sum.value_fen;
		free(sold);
	}

	cr_expect(eq(long, given, 800));
	cr_expect(eq(long, returned, 897));
}
