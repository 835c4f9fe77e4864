/* Money that a card terminal or a voucher took: booked by its reference, in parts, taken back, refunded the way it came. */
#include "src/store/agree.h"
#include "tests/unit/shop.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static struct shop *shop;

#define OK(call) cr_assert(eq(int, (call), ZG_OK), "%s", shop->err.text)

/* Nuts for 39.90 are rung up. */
static void begin(void)
{
	shop = shop_begin(NULL);
	OK(shop_sign_in(shop, "lin"));
	OK(shop_do(shop, "shift.open", "{s:i}", "float_fen", 0));
	OK(shop_do(shop, "sale.add", "{s:s}", "code", "1003"));
}

static void end(void)
{
	shop_end(shop);
}

TestSuite(outside, .init = begin, .fini = end);

static const struct zg_store *store(void)
{
	return zg_till_store(shop->till);
}

static size_t tenders_of(int64_t sale, struct zg_tender tenders[ZG_SALE_TENDERS])
{
	size_t count = 0;

	OK(zg_sales_tenders(store(), sale, tenders, &count, &shop->err));
	return count;
}

Test(outside, a_card_pays_all_that_is_due_and_its_reference_is_kept)
{
	struct zg_tender tenders[ZG_SALE_TENDERS];

	OK(shop_do(shop, "sale.pay", "{s:s, s:s}", "tender", "card", "reference", "000123 456"));
	cr_expect(eq(str, (char *)shop_text(shop, "number"), "R010000001"));
	cr_expect(eq(long, shop_integer(shop, "tendered_fen"), 3990));
	int64_t sale = shop_integer(shop, "sale_id");

	cr_assert(eq(sz, tenders_of(sale, tenders), 1));
	cr_expect(tenders[0].kind == ZG_TENDER_CARD && tenders[0].kept_fen == 3990);
	cr_expect(eq(str, tenders[0].reference, "000123 456"));
	OK(zg_books_agree(store(), &shop->err));
	OK(shop_do_as(shop, "ding", NULL, "sale.refund", "{s:s, s:b, s:s}", "number", "R010000001", "all", 1, "reason", "x"));
	cr_expect(eq(long, shop_integer(shop, "cash_fen"), 0));
	cr_assert(eq(sz, tenders_of(shop_integer(shop, "sale_id"), tenders), 1));
	cr_expect(tenders[0].kind == ZG_TENDER_CARD && tenders[0].kept_fen == -3990);
	OK(zg_books_agree(store(), &shop->err));
}

Test(outside, parts_outlive_a_restart_and_the_rest_is_cash)
{
	struct zg_tender tenders[ZG_SALE_TENDERS];

	OK(shop_do(shop, "sale.pay", "{s:s, s:s, s:i}", "tender", "card", "reference", "A1", "tendered_fen", 1000));
	cr_expect(eq(long, shop_integer(shop, "due_fen"), 2990));
	OK(shop_do(shop, "sale.pay", "{s:s, s:s, s:i}", "tender", "other", "reference", "B2", "tendered_fen", 500));
	cr_expect(eq(int, shop_do(shop, "sale.add", "{s:s}", "code", "1001"), ZG_INVALID));    /* the lines stand still */
	cr_expect(eq(int, shop_do_as(shop, "ding", NULL, "sale.void", "{s:s}", "reason", "x"), ZG_INVALID));
	shop_restart(shop);
	OK(shop_sign_in(shop, "lin"));
	cr_expect(eq(long, zg_sale_due(zg_till_sale(shop->till)), 2490));
	int64_t sale = zg_till_sale_id(shop->till);

	OK(shop_do(shop, "sale.hang", NULL));
	OK(shop_do(shop, "sale.take", "{s:I}", "sale", (json_int_t)sale));
	OK(shop_do(shop, "sale.pay", "{s:i}", "tendered_fen", 3000));
	cr_expect(eq(long, shop_integer(shop, "change_fen"), 510));
	cr_assert(eq(sz, tenders_of(shop_integer(shop, "sale_id"), tenders), 3));
	cr_expect(tenders[0].kind == ZG_TENDER_CARD && tenders[0].kept_fen == 1000 && strcmp(tenders[0].reference, "A1") == 0);
	cr_expect(tenders[1].kind == ZG_TENDER_OTHER && tenders[1].kept_fen == 500 && strcmp(tenders[1].reference, "B2") == 0);
	cr_expect(tenders[2].kind == ZG_TENDER_CASH && tenders[2].kept_fen == 2490 && tenders[2].reference[0] == '\0');
	OK(zg_books_agree(store(), &shop->err));
}

Test(outside, what_was_typed_wrong_is_taken_back_and_no_more)
{
	cr_expect(eq(int, shop_do(shop, "sale.outside_back", NULL), ZG_NOT_FOUND));
	OK(shop_do(shop, "sale.pay", "{s:s, s:s, s:i}", "tender", "card", "reference", "A1", "tendered_fen", 1000));
	OK(shop_do(shop, "sale.pay", "{s:s, s:s, s:i}", "tender", "card", "reference", "A2", "tendered_fen", 700));
	OK(shop_do(shop, "sale.outside_back", NULL));
	cr_expect(eq(long, shop_integer(shop, "amount_fen"), 700));
	cr_expect(eq(long, zg_sale_due(zg_till_sale(shop->till)), 2990));
	OK(shop_do(shop, "sale.outside_back", NULL));
	cr_expect(eq(long, zg_sale_due(zg_till_sale(shop->till)), 3990));
	OK(shop_do_as(shop, "ding", NULL, "sale.void", "{s:s}", "reason", "x"));
	cr_expect(eq(int, shop_do(shop, "sale.outside_back", NULL), ZG_NOT_FOUND));
	OK(zg_books_agree(store(), &shop->err));
}

Test(outside, what_cannot_be_is_refused_and_nothing_is_booked)
{
	static const struct { const char *tender, *reference; int amount; } cases[] = {
		{ "card", "", 1000 }, { "card", "  ", 1000 }, { "card", "A1", 0 }, { "card", "A1", 3991 }, { "wechat", "A1", 1000 }, { "gold", "A1", 1000 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		cr_expect(eq(int, shop_do(shop, "sale.pay", "{s:s, s:s, s:i}", "tender", cases[i].tender, "reference", cases[i].reference,
					  "tendered_fen", cases[i].amount), ZG_INVALID), "case %zu", i);
	cr_expect(eq(long, zg_sale_due(zg_till_sale(shop->till)), 3990));
	cr_expect(eq(sz, zg_sale_tender_count(zg_till_sale(shop->till)), 0));
}
