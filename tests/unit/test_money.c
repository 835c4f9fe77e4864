#include "src/base/money.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>

Test(money, an_amount_is_read_and_written_back)
{
	static const struct { const char *text; zg_fen fen; const char *back; } cases[] = {
		{ "0", 0, "0.00" }, { "12.5", 1250, "12.50" }, { "-0.05", -5, "-0.05" },
		{ ".5", 50, "0.50" }, { "5.", 500, "5.00" }, { "999999999.99", ZG_FEN_MAX, "999999999.99" },
	};
	char text[ZG_AMOUNT_TEXT];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		zg_fen fen = -1;

		cr_expect(zg_fen_parse(cases[i].text, &fen), "%s", cases[i].text);
		cr_expect(eq(long, fen, cases[i].fen));
		cr_expect(eq(str, (char *)zg_fen_format(text, fen), (char *)cases[i].back));
	}
}

Test(money, what_is_not_an_amount_is_refused)
{
	static const char *const cases[] = { "", ".", "-", "1.234", "1e3", "1,5", " 1", "1 ", "1000000000.00", "9999999999999999999", "1.2.3", "--1" };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
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
