/* Refunds in the books: any parts of any sale, and the triggers that hold whoever writes. Then books of before rounded refunds. */
#include "tests/unit/ledger.h"
#include "tests/unit/returns.h"

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

Test(refunded_before, a_shop_of_the_first_schema_goes_on_with_what_it_gave_back, .init = ledger_open_old, .fini = ledger_close)
{
	static const enum zg_rounding rule = ZG_ROUND_YUAN;
	static const zg_fen expected[] = { 200, 333 };    /* of 5.33 less 2.67; of 8.00 less what was given */
	zg_fen given = 267, returned = 267;

	OK(zg_store_check_schema(ledger.store, &ledger.err));
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
