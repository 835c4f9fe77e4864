#include "src/shop/cash.h"
#include "src/shop/sale.h"
#include "tests/unit/chance.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

Test(cash, suggests_what_people_hand_over)
{
	static const struct { zg_fen due; size_t count; zg_fen amounts[4]; } cases[] = {
		{ 6001, 4, { 6500, 7000, 8000, 10000 } },
		{ 350, 4, { 500, 1000, 2000, 10000 } },
		{ 1200, 4, { 1500, 2000, 5000, 10000 } },
		{ 6000, 1, { 10000 } },
		{ 13600, 3, { 14000, 15000, 20000 } },
		{ 9950, 1, { 10000 } },
		{ 10000, 0, { 0 } }, { 0, 0, { 0 } }, { -5, 0, { 0 } },
		{ 1, 4, { 500, 1000, 2000, 10000 } },
		{ 23450, 4, { 23500, 24000, 25000, 30000 } },
		{ 999999400, 1, { 999999500 } },    /* the next 10 yuan would be more than a tender may be */
		{ ZG_SALE_MAX_FEN, 0, { 0 } }, { ZG_SALE_MAX_FEN + 1, 0, { 0 } }, { INT64_MAX, 0, { 0 } },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		zg_fen amounts[ZG_CASH_SUGGESTIONS] = { 0 };

		cr_expect(eq(sz, zg_cash_suggest(cases[i].due, amounts), cases[i].count), "%ld", cases[i].due);
		for (size_t k = 0; k < cases[i].count; k++)
			cr_expect(eq(long, amounts[k], cases[i].amounts[k]), "%ld", cases[i].due);
	}
}

Test(cash, suggestions_rise_and_always_pay)
{
	struct chance chance = chance_begin();

	for (long round = chance_rounds(100000); round > 0; round--) {
		zg_fen amounts[ZG_CASH_SUGGESTIONS], due = chance_amount(&chance, ZG_SALE_MAX_FEN);
		size_t count = zg_cash_suggest(due, amounts);

		cr_assert(le(sz, count, ZG_CASH_SUGGESTIONS), "ZG_SEED=%lu", chance.seed);
		for (size_t i = 0; i < count; i++) {
			cr_assert(amounts[i] > (i ? amounts[i - 1] : due), "ZG_SEED=%lu", chance.seed);
			cr_assert(amounts[i] % 500 == 0 && amounts[i] <= due + 10000, "ZG_SEED=%lu", chance.seed);
		}
	}
}

Test(cash, change_is_what_is_too_much)
{
	zg_fen change = -1;

	cr_expect(eq(int, zg_cash_change(6000, 10000, &change, NULL), ZG_OK));
	cr_expect(eq(long, change, 4000));
	cr_expect(eq(int, zg_cash_change(6000, 6000, &change, NULL), ZG_OK));
	cr_expect(eq(long, change, 0));
	cr_expect(eq(int, zg_cash_change(6000, ZG_SALE_MAX_FEN, &change, NULL), ZG_OK));
	cr_expect(eq(long, change, ZG_SALE_MAX_FEN - 6000));
	change = 77;
	cr_expect(eq(int, zg_cash_change(6000, 5999, &change, NULL), ZG_INVALID));
	cr_expect(eq(int, zg_cash_change(6000, ZG_SALE_MAX_FEN + 1, &change, NULL), ZG_INVALID));
	cr_expect(eq(int, zg_cash_change(6000, INT64_MIN, &change, NULL), ZG_INVALID));
	cr_expect(eq(long, change, 77));
}

Test(cash, more_than_ten_times_the_total_is_asked_about)
{
	static const struct { zg_fen tendered, due; bool is_odd; } cases[] = {
		{ 1000, 100, false }, { 1001, 100, true }, { 100, 100, false }, { 0, 0, false }, { 1, 0, true },
		{ 690123456789LL, 350, true }, { INT64_MAX, 1, true }, { 10000, 1000, false }, { 10000, 999, true },
		{ 5000, INT64_MAX, false }, { 10, 1, false }, { 11, 1, true }, { 1, 1, false },
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		cr_expect(eq(int, zg_cash_is_odd(cases[i].tendered, cases[i].due), cases[i].is_odd), "%zu", i);
}

Test(cash, the_drawer_is_counted_piece_by_piece)
{
	const int64_t pieces[ZG_CASH_NOTES] = { 3, 1, 2, 4, 5, 17, 9, 23, 3, 2, 4 };
	zg_fen total = -1;

	cr_expect(eq(int, zg_cash_count(pieces, &total, NULL), ZG_OK));

	cr_expect(eq(long, total, 30000 + 5000 + 4000 + 4000 + 2500 + 1700 + 450 + 230 + 15 + 4 + 4));
}

Test(cash, each_denomination_counts_by_itself)
{
	static const zg_fen notes[] = { 10000, 5000, 2000, 1000, 500, 100, 50, 10, 5, 2, 1 };

	for (size_t i = 0; i < ZG_CASH_NOTES; i++) {
		int64_t pieces[ZG_CASH_NOTES] = { 0 };
		zg_fen total = -1;

		cr_expect(eq(long, zg_cash_notes[i], notes[i]));
		cr_expect(eq(int, zg_cash_count(pieces, &total, NULL), ZG_OK));
		cr_expect(eq(long, total, 0));
		pieces[i] = ZG_CASH_PIECES_MAX;
		cr_expect(eq(int, zg_cash_count(pieces, &total, NULL), ZG_OK));
		cr_expect(eq(long, total, ZG_CASH_PIECES_MAX * notes[i]));
	}
}

Test(cash, fen_coins_are_asked_for_where_there_may_be_any)
{
	cr_expect(eq(sz, zg_cash_kinds(ZG_ROUND_NONE, 20000), 11));
	cr_expect(eq(sz, zg_cash_kinds(ZG_ROUND_JIAO, 20010), 8));
	cr_expect(eq(sz, zg_cash_kinds(ZG_ROUND_YUAN, 20000), 8));
	cr_expect(eq(sz, zg_cash_kinds(ZG_ROUND_JIAO, 20001), 11));
	cr_expect(eq(sz, zg_cash_kinds(ZG_ROUND_JIAO, -5), 11));
	cr_expect(eq(sz, zg_cash_kinds(ZG_ROUND_JIAO, -50), 8));
}

Test(cash, a_count_that_cannot_be_is_refused)
{
	zg_fen total = 5;

	for (size_t i = 0; i < ZG_CASH_NOTES; i++) {
		int64_t pieces[ZG_CASH_NOTES] = { 0 };

		pieces[i] = -1;
		cr_expect(eq(int, zg_cash_count(pieces, &total, NULL), ZG_INVALID));
		pieces[i] = ZG_CASH_PIECES_MAX + 1;
		cr_expect(eq(int, zg_cash_count(pieces, &total, NULL), ZG_INVALID));
		pieces[i] = INT64_MAX;
		cr_expect(eq(int, zg_cash_count(pieces, &total, NULL), ZG_INVALID));
		pieces[i] = INT64_MIN;
		cr_expect(eq(int, zg_cash_count(pieces, &total, NULL), ZG_INVALID));
	}
	cr_expect(eq(long, total, 5));
}
