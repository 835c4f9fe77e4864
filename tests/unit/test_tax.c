#include "src/shop/tax.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

Test(tax, rates_stand_in_order_and_each_once)
{
	static const zg_bp rates[] = { 1300, 0, 900, 1300, 600, 0 };
	struct zg_tax_total rows[ZG_TAX_RATES];
	size_t count = 0;

	for (size_t i = 0; i < 6; i++) {
		struct zg_tax_total more = { rates[i], 113, 100, 13 };

		cr_assert(zg_tax_add(rows, &count, &more));
	}
	cr_assert(eq(sz, count, 4));
	cr_expect(eq(int, rows[0].rate_bp, 0));
	cr_expect(eq(long, rows[0].gross_fen, 226));
	cr_expect(eq(int, rows[1].rate_bp, 600));
	cr_expect(eq(int, rows[2].rate_bp, 900));
	cr_expect(eq(int, rows[3].rate_bp, 1300));
	cr_expect(eq(long, rows[3].tax_fen, 26));
	cr_expect(eq(long, rows[3].net_fen, 200));
}

Test(tax, a_sum_past_its_limit_changes_nothing)
{
	struct zg_tax_total rows[ZG_TAX_RATES] = { { 900, 10, 10, 0 } };
	static const struct zg_tax_total cases[] = {
		{ 900, INT64_MAX, 0, 0 }, { 900, 0, INT64_MIN, 0 }, { 900, 0, 0, 900000000000001LL },
		{ 300, INT64_MAX, 0, 0 }, { 1300, -900000000000001LL, 0, 0 },
	};
	size_t count = 1;

	for (size_t i = 0; i < 5; i++)
		cr_expect(not(zg_tax_add(rows, &count, &cases[i])), "%zu", i);
	cr_expect(eq(sz, count, 1));
	cr_expect(eq(long, rows[0].gross_fen, 10));
}

Test(tax, there_is_room_for_so_many_rates)
{
	struct zg_tax_total rows[ZG_TAX_RATES];
	size_t count = 0;

	for (int i = 0; i < ZG_TAX_RATES; i++) {
		struct zg_tax_total more = { 100 * (ZG_TAX_RATES - i), 1, 1, 0 };

		cr_assert(zg_tax_add(rows, &count, &more));
	}
	struct zg_tax_total known = { 500, 1, 1, 0 }, unknown = { 550, 1, 1, 0 };

	cr_expect(zg_tax_add(rows, &count, &known));
	cr_expect(not(zg_tax_add(rows, &count, &unknown)));
	cr_expect(eq(sz, count, ZG_TAX_RATES));
	cr_expect(eq(long, rows[4].gross_fen, 2));
}

/* Summed over months, an amount may reach a limit that every reader of the report can still hold. */
Test(tax, a_sum_up_to_its_limit_is_taken)
{
	struct zg_tax_total rows[ZG_TAX_RATES];
	struct zg_tax_total most = { 900, 900000000000000LL, -900000000000000LL, 900000000000000LL - 1 }, one = { 900, 0, 0, 1 }, more = { 900, 1, 0, 0 };
	size_t count = 0;

	cr_expect(zg_tax_add(rows, &count, &most));
	cr_expect(zg_tax_add(rows, &count, &one));
	cr_expect(not(zg_tax_add(rows, &count, &more)));
	cr_expect(eq(long, rows[0].gross_fen, 900000000000000LL));
	cr_expect(eq(long, rows[0].net_fen, -900000000000000LL));
	cr_expect(eq(long, rows[0].tax_fen, 900000000000000LL));
}

/* A row that was there before, of an older report, is not taken for the newest one. */
Test(tax, rows_behind_the_last_are_not_looked_at)
{
	struct zg_tax_total rows[ZG_TAX_RATES + 1] = { { 300, 1, 1, 0 }, { 900, 500, 500, 0 }, { 1300, 77, 77, 0 } };
	struct zg_tax_total more = { 900, 10, 9, 1 };
	size_t count = 1;

	cr_expect(zg_tax_add(rows, &count, &more));
	cr_expect(eq(sz, count, 2));
	cr_expect(eq(long, rows[1].gross_fen, 10));
	cr_expect(eq(long, rows[2].gross_fen, 77));    /* nor moved */
}
