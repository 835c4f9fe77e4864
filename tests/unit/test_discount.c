#include "src/shop/discount.h"
#include "tests/unit/chance.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* Decisions 22: 9 is 90 %, 85 is 85 %. */
Test(discount, digits_are_read_as_the_counter_says_them)
{
	static const struct { const char *text; zg_bp kept; } cases[] = {
		{ "9", 9000 }, { "85", 8500 }, { "8.5", 8500 }, { "5", 5000 }, { "1", 1000 }, { "95", 9500 },
		{ "99", 9900 }, { "9.9", 9900 }, { "9.95", 9950 }, { "88.8", 8880 }, { "88.88", 8888 }, { "10", 1000 },
		{ "9.99", 9990 }, { "99.99", 9999 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		zg_bp kept = -1;

		cr_expect(zg_discount_parse(cases[i].text, &kept), "%s", cases[i].text);
		cr_expect(eq(int, kept, cases[i].kept), "%s", cases[i].text);
	}
}

Test(discount, what_is_no_discount_is_refused)
{
	static const char *const cases[] = {
		"", "0", "00", "05", "0.5", "100", "850", "-9", "+9", "9%", "9.", ".9", "8.555", "8,5", "8.5.1", " 9", "9 ",
		"九", "9折", "1e1", "99999999999999999999",
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		zg_bp kept = 42;

		cr_expect(not(zg_discount_parse(cases[i], &kept)), "%s", cases[i]);
		cr_expect(eq(int, kept, 42), "%s", cases[i]);
	}
}

Test(discount, what_comes_off_follows_the_rule)
{
	static const struct { zg_bp kept; zg_fen off, amount, discount; } cases[] = {
		{ 9000, 0, 1000, 100 }, { 8500, 0, 350, 52 },    /* keeps 297.5, rounded to 298 */
		{ 9000, 0, 5, 0 },                               /* keeps 4.5, rounded to 5 */
		{ 5000, 0, 1, 0 }, { 4999, 0, 1, 1 }, { 0, 0, 990, 990 }, { 9999, 0, 100, 0 }, { 9000, 0, 0, 0 },
		{ -1, 500, 1000, 500 }, { -1, 500, 500, 500 }, { -1, 500, 499, 499 }, { -1, 500, 0, 0 }, { -1, 1, 2, 1 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct zg_discount rule = cases[i].kept >= 0 ? zg_discount_kept(cases[i].kept) : zg_discount_off(cases[i].off);

		cr_expect(eq(int, zg_discount_check(&rule, NULL), ZG_OK));
		cr_expect(eq(long, zg_discount_amount(&rule, cases[i].amount), cases[i].discount), "%zu", i);
	}
	struct zg_discount none = { 0 };

	cr_expect(eq(long, zg_discount_amount(&none, 1000), 0));
	cr_expect(eq(str, (char *)zg_discount_kind_name((enum zg_discount_kind)3), "none"));
	cr_expect(eq(str, zg_discount_kept(9000).funder, "shop"));
	cr_expect(eq(str, zg_discount_off(1).coupon, ""));
}

Test(discount, never_gives_more_than_there_is)
{
	struct chance chance = chance_begin();

	for (long round = chance_rounds(100000); round > 0; round--) {
		struct zg_discount rule = chance_between(&chance, 0, 1) ? zg_discount_off(1 + chance_amount(&chance, ZG_FEN_MAX - 1)) :
			zg_discount_kept((zg_bp)chance_between(&chance, 0, 9999));
		zg_fen amount = chance_amount(&chance, ZG_FEN_MAX), off = zg_discount_amount(&rule, amount);

		cr_assert(off >= 0 && off <= amount, "ZG_SEED=%lu", chance.seed);
		if (rule.kind == ZG_DISCOUNT_KEPT)    /* within half a fen of the exact share, counted in 128 bits */
			cr_assert(abs((int)((__int128)amount * (10000 - rule.kept_bp) - (__int128)off * 10000)) <= 5000,
				  "ZG_SEED=%lu", chance.seed);
	}
}

Test(discount, rules_outside_their_limits_are_refused)
{
	struct zg_discount cases[] = {
		zg_discount_kept(-1), zg_discount_kept(10000), zg_discount_kept(INT32_MAX), zg_discount_off(0), zg_discount_off(-5),
		zg_discount_off(ZG_FEN_MAX + 1), { .kind = (enum zg_discount_kind)3 }, zg_discount_kept(9000), zg_discount_kept(9000),
	};

	strcpy(cases[7].label, "a\x1b[0m");
	memset(cases[8].coupon, 'c', sizeof(cases[8].coupon));
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct zg_error err = { 0 };

		cr_expect(eq(int, zg_discount_check(&cases[i], &err), ZG_INVALID), "%zu", i);
		cr_expect(gt(sz, strlen(err.text), 10));
	}
}

Test(discount, a_rule_reads_back_from_the_store)
{
	struct zg_discount cases[] = { { 0 }, zg_discount_kept(8500), zg_discount_kept(0), zg_discount_off(1250) };

	strcpy(cases[1].label, "会员日");
	strcpy(cases[1].funder, "alipay");
	strcpy(cases[3].coupon, "C-2026-1");
	for (size_t i = 0; i < COUNT(cases); i++) {
		json_t *object = zg_discount_json(&cases[i]);
		struct zg_discount back = zg_discount_off(1);

		cr_expect(eq(int, zg_discount_read(&back, object, NULL), ZG_OK), "%zu", i);
		cr_expect(eq(int, back.kind, cases[i].kind));
		cr_expect(eq(int, back.kept_bp, cases[i].kept_bp));
		cr_expect(eq(long, back.off_fen, cases[i].off_fen));
		cr_expect(eq(str, back.label, cases[i].label));
		cr_expect(eq(str, back.funder, cases[i].funder));
		cr_expect(eq(str, back.coupon, cases[i].coupon));
		json_decref(object);
	}
}

Test(discount, a_damaged_rule_is_refused_and_changes_nothing)
{
	static const char *const cases[] = {
		"{}", "{\"kind\":\"half\"}", "{\"kind\":\"percent\"}", "{\"kind\":\"percent\",\"kept_bp\":10000}",
		"{\"kind\":\"percent\",\"kept_bp\":4294967296}", "{\"kind\":\"percent\",\"kept_bp\":\"9000\"}",
		"{\"kind\":\"amount\"}", "{\"kind\":\"amount\",\"off_fen\":0}", "{\"kind\":\"amount\",\"off_fen\":-1}",
		"{\"kind\":\"amount\",\"off_fen\":1,\"label\":\"a\\u001b\"}",
		"{\"kind\":\"amount\",\"off_fen\":1,\"funder\":\"a funder with a name that is far too long\"}",
		"[]",
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		json_t *object = zg_json_parse(cases[i], strlen(cases[i]));
		struct zg_discount rule = zg_discount_kept(7000);

		cr_assert(object != NULL, "%zu", i);
		cr_expect(eq(int, zg_discount_read(&rule, object, NULL), ZG_INVALID), "%s", cases[i]);
		cr_expect(eq(int, rule.kept_bp, 7000));
		json_decref(object);
	}
}

Test(discount, kinds_read_back_by_name)
{
	for (int i = 0; i < 3; i++) {
		enum zg_discount_kind kind = (enum zg_discount_kind)9;

		cr_expect(zg_discount_kind_parse(zg_discount_kind_name((enum zg_discount_kind)i), &kind));
		cr_expect(eq(int, kind, i));
	}
	enum zg_discount_kind kind = ZG_DISCOUNT_OFF;

	cr_expect(not(zg_discount_kind_parse("kept", &kind)));
	cr_expect(eq(int, kind, ZG_DISCOUNT_OFF));
}

Test(discount, the_largest_amount_and_the_longest_text_are_taken)
{
	char text[200];
	struct zg_discount rule = zg_discount_off(ZG_FEN_MAX);

	cr_expect(eq(int, zg_discount_check(&rule, NULL), ZG_OK));
	for (int extra = 0; extra < 2; extra++) {
		snprintf(text, sizeof(text), "{\"kind\":\"amount\",\"off_fen\":1,\"funder\":\"%.*s\"}", ZG_DISCOUNT_FUNDER_MAX + extra,
			 "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz");
		json_t *object = zg_json_parse(text, strlen(text));

		cr_expect(eq(int, zg_discount_read(&rule, object, NULL), extra ? ZG_INVALID : ZG_OK), "%d", extra);
		cr_expect(eq(sz, strlen(rule.funder), ZG_DISCOUNT_FUNDER_MAX));
		json_decref(object);
	}
}

/* The words of a rule, each by itself: too long to be kept, or not to be shown. */
Test(discount, words_that_do_not_fit_or_cannot_be_shown_are_refused)
{
	static const char *const keys[] = { "label", "funder", "coupon" };

	for (size_t i = 0; i < COUNT(keys); i++) {
		char longest[200];
		struct zg_discount rule;

		memset(longest, 'a', sizeof(longest) - 1);
		longest[sizeof(longest) - 1] = '\0';
		json_t *longer = json_pack("{s:s, s:i, s:s}", "kind", "percent", "kept_bp", 9000, keys[i], longest);
		json_t *hidden = json_pack("{s:s, s:i, s:s}", "kind", "percent", "kept_bp", 9000, keys[i], "a\x1b[2J");
		json_t *good = json_pack("{s:s, s:i, s:s}", "kind", "percent", "kept_bp", 9000, keys[i], "abc");

		cr_expect(eq(int, zg_discount_read(&rule, longer, NULL), ZG_INVALID), "%s", keys[i]);
		cr_expect(eq(int, zg_discount_read(&rule, hidden, NULL), ZG_INVALID), "%s", keys[i]);
		cr_expect(eq(int, zg_discount_read(&rule, good, NULL), ZG_OK), "%s", keys[i]);
		json_decref(longer);
		json_decref(hidden);
		json_decref(good);
	}
}
