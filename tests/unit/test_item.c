#include "src/shop/item.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static struct zg_item cola(void)
{
	return (struct zg_item){
		.id = 7, .code = "1001", .name = "可口可乐 500ml", .unit = "瓶", .price_fen = 350, .tax_bp = 1300,
		.tax_code = "1030307000000000000", .kind = ZG_ITEM_PIECE, .initials = "kkkl500ml", .category = "饮料", .active = true,
	};
}

Test(item, a_proper_item_is_taken)
{
	struct zg_item item = cola(), bare = { .code = "1", .name = "a" };

	cr_expect(eq(int, zg_item_check(&item, NULL), ZG_OK));
	cr_expect(eq(int, zg_item_check(&bare, NULL), ZG_OK));
	item.price_fen = ZG_ITEM_PRICE_MAX;
	item.tax_bp = ZG_BP_WHOLE;
	cr_expect(eq(int, zg_item_check(&item, NULL), ZG_OK));
}

Test(item, a_bad_text_is_refused_with_a_sentence)
{
	static const struct { size_t offset; const char *text; } cases[] = {
#define AT(field, text) { offsetof(struct zg_item, field), text }
		AT(code, ""), AT(code, "12 3"), AT(code, "可乐"), AT(code, "R010000187"), AT(code, "130061098828009406"),
		AT(code, "a,b"), AT(code, "a|b"),
		AT(name, ""), AT(name, "   "), AT(name, "\x1b[2J"), AT(name, "a\nb"), AT(name, "\xe2\x80\xae" "abc"),
		AT(name, "a\xe2\x80\x8b" "b"), AT(name, "\xff"),
		AT(unit, "\t"), AT(tax_code, "12a"), AT(tax_code, "-1"), AT(initials, "KKKL"), AT(initials, "k l"),
		AT(category, "\x7f"),
#undef AT
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct zg_item item = cola();
		struct zg_error err = { 0 };

		strcpy((char *)&item + cases[i].offset, cases[i].text);
		cr_expect(eq(int, zg_item_check(&item, &err), ZG_INVALID), "%zu", i);
		cr_expect(eq(int, err.result, ZG_INVALID), "%zu", i);
		cr_expect(gt(sz, strlen(err.text), 10), "%zu", i);
	}
}

Test(item, a_text_without_an_end_is_refused)
{
	struct zg_item item = cola();

	memset(item.name, 'a', sizeof(item.name));
	cr_expect(eq(int, zg_item_check(&item, NULL), ZG_INVALID));
	item = cola();
	memset(item.unit, 'a', sizeof(item.unit));
	cr_expect(eq(int, zg_item_check(&item, NULL), ZG_INVALID));
	item = cola();
	memset(item.code, 'a', sizeof(item.code));
	cr_expect(eq(int, zg_item_check(&item, NULL), ZG_INVALID));
}

Test(item, numbers_outside_their_limits_are_refused)
{
	struct zg_item item = cola();

	item.price_fen = -1;
	cr_expect(eq(int, zg_item_check(&item, NULL), ZG_INVALID));
	item.price_fen = ZG_ITEM_PRICE_MAX + 1;
	cr_expect(eq(int, zg_item_check(&item, NULL), ZG_INVALID));
	item = cola();
	item.tax_bp = -1;
	cr_expect(eq(int, zg_item_check(&item, NULL), ZG_INVALID));
	item.tax_bp = ZG_BP_WHOLE + 1;
	cr_expect(eq(int, zg_item_check(&item, NULL), ZG_INVALID));
	item = cola();
	item.kind = (enum zg_item_kind)3;
	cr_expect(eq(int, zg_item_check(&item, NULL), ZG_INVALID));
	item.kind = (enum zg_item_kind)-1;
	cr_expect(eq(int, zg_item_check(&item, NULL), ZG_INVALID));
}

Test(item, kinds_read_back_by_name)
{
	static const char *const names[] = { "piece", "weighed", "open-price" };

	for (int i = 0; i < 3; i++) {
		enum zg_item_kind kind = (enum zg_item_kind)9;

		cr_expect(eq(str, (char *)zg_item_kind_name((enum zg_item_kind)i), (char *)names[i]));
		cr_expect(zg_item_kind_parse(names[i], &kind));
		cr_expect(eq(int, kind, i));
	}
	enum zg_item_kind kind = ZG_ITEM_WEIGHED;

	cr_expect(not(zg_item_kind_parse("Piece", &kind)));
	cr_expect(not(zg_item_kind_parse("", &kind)));
	cr_expect(eq(int, kind, ZG_ITEM_WEIGHED));
	cr_expect(eq(str, (char *)zg_item_kind_name((enum zg_item_kind)77), "?"));
}

Test(item, only_weighed_goods_are_sold_in_parts)
{
	static const struct { zg_milli quantity; bool piece, weighed; } cases[] = {
		{ 1000, true, true }, { 3000, true, true }, { 1, false, true }, { 1500, false, true }, { 999, false, true },
		{ 0, false, false }, { -1000, false, false }, { 9999000, true, true },
		{ ZG_MILLI_MAX, false, true }, { ZG_MILLI_MAX + 1, false, false }, { 1000000000000LL, false, false },
		{ INT64_MAX, false, false }, { INT64_MIN, false, false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		zg_milli q = cases[i].quantity;

		cr_expect(eq(int, zg_item_check_quantity(ZG_ITEM_PIECE, q, NULL) == ZG_OK, cases[i].piece), "%zu", i);
		cr_expect(eq(int, zg_item_check_quantity(ZG_ITEM_OPEN_PRICE, q, NULL) == ZG_OK, cases[i].piece), "%zu", i);
		cr_expect(eq(int, zg_item_check_quantity(ZG_ITEM_WEIGHED, q, NULL) == ZG_OK, cases[i].weighed), "%zu", i);
	}
}
