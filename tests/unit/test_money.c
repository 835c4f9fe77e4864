#include "src/base/money.h"
#include "tests/unit/chance.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

Test(money, an_amount_is_read_and_written_back)
{
	static const struct { const char *text; zg_fen fen; const char *back; } cases[] = {
		{ "0", 0, "0.00" }, { "12.5", 1250, "12.50" }, { "-0.05", -5, "-0.05" },
		{ ".5", 50, "0.50" }, { "5.", 500, "5.00" }, { "999999999.99", ZG_FEN_MAX, "999999999.99" },
		{ "+0.01", 1, "0.01" }, { "-999999999.99", -ZG_FEN_MAX, "-999999999.99" }, { "-0", 0, "0.00" }, { "90.09", 9009, "90.09" },
		{ "0000000000000000.10", 10, "0.10" }, { "999999999.9", 99999999990, "999999999.90" }, { "999999999", 99999999900, "999999999.00" },
		{ "-1", -100, "-1.00" }, { "-0.01", -1, "-0.01" }, { "1.99", 199, "1.99" },
	};
	char text[ZG_AMOUNT_TEXT];

	for (size_t i = 0; i < COUNT(cases); i++) {
		zg_fen fen = -1;

		cr_expect(zg_fen_parse(cases[i].text, &fen), "%s", cases[i].text);
		cr_expect(eq(long, fen, cases[i].fen));
		cr_expect(eq(str, (char *)zg_fen_format(text, fen), (char *)cases[i].back));
	}
}

Test(money, what_is_not_an_amount_is_refused)
{
	static const char *const cases[] = {
		"", ".", "-", "+", "-.", "1.234", "1e3", "1,5", " 1", "1 ", "1000000000.00", "9999999999999999999", "1.2.3", "--1", "1/2", "1:2", "1..",
		"1000000000", "99999999999", "100000000000", "1000000000.0", "9223372036854775808", "18446744073709551617", "-1000000000", "1.-", "1-",
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		zg_fen fen = 42;

		cr_expect(not(zg_fen_parse(cases[i], &fen)), "%s", cases[i]);
		cr_expect(eq(long, fen, 42));
	}
}

/* The discount of a sale is spread over its lines; the parts must add up. */
Test(money, spread_parts_add_up_to_the_whole)
{
	zg_fen weights[] = { 333, 333, 334 }, parts[3];

	cr_assert(zg_fen_spread(100, weights, 3, parts));

	cr_expect(eq(long, parts[0] + parts[1] + parts[2], 100));
	cr_expect(eq(long, parts[0], 33));
	cr_expect(eq(long, parts[2], 34));
}

/* Rounded half up at the third decimal of a fen, away from zero on both sides. */
Test(money, a_price_times_a_quantity_is_rounded_at_the_half)
{
	static const struct { zg_fen price; zg_milli quantity; zg_fen amount; } cases[] = {
		{ 1298, 856, 1111 }, { 1, 500, 1 }, { 1, 499, 0 }, { 1, 1500, 2 }, { 1, 1499, 1 }, { -1, 500, -1 }, { -1, 499, 0 }, { -3, 500, -2 },
		{ 0, 9999999, 0 }, { 999, 0, 0 }, { 5, 100, 1 }, { 5, 99, 0 }, { ZG_FEN_MAX, 1000, ZG_FEN_MAX }, { -ZG_FEN_MAX, 1000, -ZG_FEN_MAX },
		{ 1, -500, -1 }, { 2, 1000, 2 }, { 3, 1000, 3 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		zg_fen amount = 42;

		cr_expect(zg_fen_times(cases[i].price, cases[i].quantity, &amount), "%zu", i);
		cr_expect(eq(long, amount, cases[i].amount), "%zu", i);
	}
}

Test(money, what_passes_the_largest_amount_is_refused_and_writes_nothing)
{
	zg_fen amount = 42;

	cr_expect(zg_fen_add(ZG_FEN_MAX - 1, 1, &amount));
	cr_expect(eq(long, amount, ZG_FEN_MAX));
	cr_expect(zg_fen_add(1 - ZG_FEN_MAX, -1, &amount));
	cr_expect(eq(long, amount, -ZG_FEN_MAX));
	cr_expect(zg_fen_add(-300, 100, &amount));
	cr_expect(eq(long, amount, -200));

	amount = 42;
	cr_expect(not(zg_fen_add(ZG_FEN_MAX, 1, &amount)));
	cr_expect(not(zg_fen_add(-ZG_FEN_MAX, -1, &amount)));
	cr_expect(not(zg_fen_add(INT64_MAX, INT64_MAX, &amount)));
	cr_expect(not(zg_fen_times(ZG_FEN_MAX, 1001, &amount)));
	cr_expect(not(zg_fen_times(-ZG_FEN_MAX, 1001, &amount)));
	cr_expect(not(zg_fen_times(INT64_MAX, INT64_MAX, &amount)));
	cr_expect(eq(long, amount, 42));
}

Test(money, a_part_and_the_net_are_rounded_half_up)
{
	cr_expect(eq(long, zg_fen_part(100, 1, 3), 33));
	cr_expect(eq(long, zg_fen_part(100, 2, 3), 67));
	cr_expect(eq(long, zg_fen_part(5, 9000, 10000), 5));    /* 4.5 */
	cr_expect(eq(long, zg_fen_part(-5, 9000, 10000), -5));
	cr_expect(eq(long, zg_fen_part(1, 1, 2), 1));
	cr_expect(eq(long, zg_fen_part(-1, 1, 2), -1));
	cr_expect(eq(long, zg_fen_part(7, 0, 1), 0));
	cr_expect(eq(long, zg_fen_part(7, 1, 1), 7));
	cr_expect(eq(long, zg_fen_part(ZG_FEN_MAX, ZG_FEN_MAX, ZG_FEN_MAX), ZG_FEN_MAX));

	cr_expect(eq(long, zg_tax_net(11300, 1300), 10000));
	cr_expect(eq(long, zg_tax_net(1000, 1300), 885));    /* 884.96 */
	cr_expect(eq(long, zg_tax_net(3, 10000), 2));        /* 1.5 */
	cr_expect(eq(long, zg_tax_net(-3, 10000), -2));
	cr_expect(eq(long, zg_tax_net(990, 0), 990));
}

Test(money, small_change_is_rounded_off_in_the_customers_favour)
{
	cr_expect(eq(long, zg_round_off(1239, ZG_ROUND_NONE), 1239));
	cr_expect(eq(long, zg_round_off(1239, ZG_ROUND_JIAO), 1230));
	cr_expect(eq(long, zg_round_off(1230, ZG_ROUND_JIAO), 1230));
	cr_expect(eq(long, zg_round_off(1299, ZG_ROUND_YUAN), 1200));
	cr_expect(eq(long, zg_round_off(99, ZG_ROUND_YUAN), 0));
	cr_expect(eq(long, zg_round_off(9, ZG_ROUND_JIAO), 0));
	cr_expect(eq(long, zg_round_off(0, ZG_ROUND_YUAN), 0));
}

/* Largest remainder; of equal ones, the earlier part's. */
Test(money, a_spread_gives_the_odd_fen_to_the_largest_remainder)
{
	static const struct { zg_fen whole, weights[5], parts[5]; size_t count; } cases[] = {
		{ 100, { 1, 1, 1 }, { 34, 33, 33 }, 3 }, { 101, { 1, 1, 1 }, { 34, 34, 33 }, 3 }, { -101, { 1, 1, 1 }, { -34, -34, -33 }, 3 },
		{ 10, { 1, 2, 4 }, { 1, 3, 6 }, 3 }, { 1, { 0, 0, 3 }, { 0, 0, 1 }, 3 }, { 3, { 0, 5, 0, 5 }, { 0, 2, 0, 1 }, 4 },
		{ 7, { 0, 0 }, { 7, 0 }, 2 }, { -7, { 0, 0, 0 }, { -7, 0, 0 }, 3 }, { 0, { 4, 5 }, { 0, 0 }, 2 }, { 5, { 9 }, { 5 }, 1 }, { 1, { 1 }, { 1 }, 1 },
		{ 2, { 3, 3, 4 }, { 1, 0, 1 }, 3 }, { 9, { 10, 20, 30, 40 }, { 1, 2, 3, 3 }, 4 }, { -1, { 1, 2 }, { 0, -1 }, 2 }, { 1, { 2, 1 }, { 1, 0 }, 2 },
		{ 3, { 1, 1, 1, 1, 1 }, { 1, 1, 1, 0, 0 }, 5 }, { 4, { 1, 1, 1, 1, 1 }, { 1, 1, 1, 1, 0 }, 5 },
		{ ZG_FEN_MAX, { ZG_FEN_MAX, ZG_FEN_MAX }, { 50000000000, 49999999999 }, 2 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		zg_fen parts[5] = { 11, 12, 13, 14, 15 };

		cr_expect(zg_fen_spread(cases[i].whole, cases[i].weights, cases[i].count, parts), "%zu", i);
		for (size_t k = 0; k < 5; k++)
			cr_expect(eq(long, parts[k], k < cases[i].count ? cases[i].parts[k] : (zg_fen)(11 + k)), "%zu: part %zu", i, k);
	}
	cr_expect(zg_fen_spread(0, NULL, 0, NULL));
	cr_expect(not(zg_fen_spread(1, NULL, 0, NULL)));
	cr_expect(not(zg_fen_spread(-1, NULL, 0, NULL)));
}

Test(money, a_spread_keeps_to_its_rule_for_any_number_of_parts)
{
	struct chance chance = chance_begin();

	for (long round = chance_rounds(2000); round > 0; round--) {
		zg_fen weights[40], parts[40], whole = chance_amount(&chance, ZG_FEN_MAX), total = 0, given = 0;
		size_t count = (size_t)chance_between(&chance, 1, 40);

		for (size_t i = 0; i < count; i++)
			total += weights[i] = chance_between(&chance, 0, 20);
		cr_assert(zg_fen_spread(whole, weights, count, parts));
		for (size_t i = 0; i < count; i++) {
			given += parts[i];
			for (size_t k = 0; total > 0 && k < count; k++) {
				__extension__ __int128 mine = (__int128)whole * weights[i] % total, other = (__int128)whole * weights[k] % total;
				bool mine_up = parts[i] > (zg_fen)((__int128)whole * weights[i] / total);
				bool other_up = parts[k] > (zg_fen)((__int128)whole * weights[k] / total);

				cr_assert(mine_up || !other_up || mine < other || (mine == other && k < i), "ZG_SEED=%lu", chance.seed);
			}
		}
		cr_assert(eq(long, given, whole), "ZG_SEED=%lu", chance.seed);
	}
}

Test(money, quantities_and_rates_are_read_and_written_back)
{
	static const struct { const char *text; zg_milli milli; const char *back; } quantities[] = {
		{ "2", 2000, "2" }, { "0.856", 856, "0.856" }, { "1.5", 1500, "1.5" }, { "10", 10000, "10" }, { "-0.05", -50, "-0.05" },
		{ "100.100", 100100, "100.1" }, { "0", 0, "0" }, { ".007", 7, "0.007" },
	};
	static const struct { const char *text; zg_bp bp; const char *back; } rates[] = {
		{ "13%", 1300, "13%" }, { "13", 1300, "13%" }, { "0.5%", 50, "0.5%" }, { "0", 0, "0%" }, { "100%", 10000, "100%" }, { "1.05", 105, "1.05%" },
	};
	static const char *const bad[] = { "", "%", "-1", "100.01", "101%", "13%%", "% 13", "1.234%", "-0.01%", "000000000000000000000013%", "1%3" };
	char text[ZG_AMOUNT_TEXT];

	for (size_t i = 0; i < COUNT(quantities); i++) {
		zg_milli milli = -1;

		cr_expect(zg_milli_parse(quantities[i].text, &milli), "%s", quantities[i].text);
		cr_expect(eq(long, milli, quantities[i].milli));
		cr_expect(eq(str, (char *)zg_milli_format(text, milli), (char *)quantities[i].back));
	}
	cr_expect(not(zg_milli_parse("1.2345", &(zg_milli){ 0 })));
	cr_expect(not(zg_milli_parse("100000000", &(zg_milli){ 0 })));
	for (size_t i = 0; i < COUNT(rates); i++) {
		zg_bp bp = -1;

		cr_expect(zg_bp_parse(rates[i].text, &bp), "%s", rates[i].text);
		cr_expect(eq(int, bp, rates[i].bp));
		cr_expect(eq(str, (char *)zg_bp_format(text, bp), (char *)rates[i].back));
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		zg_bp bp = 42;

		cr_expect(not(zg_bp_parse(bad[i], &bp)), "%s", bad[i]);
		cr_expect(eq(int, bp, 42));
	}
	cr_expect(zg_bp_parse("00000000000000000000013%", &(zg_bp){ 0 }));    /* as long as fits */
	cr_expect(eq(str, (char *)zg_fen_format(text, INT64_MIN), "-92233720368547758.08"));
	cr_expect(eq(str, (char *)zg_milli_format(text, INT64_MIN), "-9223372036854775.808"));
}
