#include "src/shop/totals.h"
#include "tests/unit/chance.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* 10.00 at 13 % and 5.00 at 9 %, 0.50 off, rounded down to 14.00: paid with 4.00 WeChat and a 100 note. */
static enum zg_result sell(struct zg_totals *totals)
{
	static const struct zg_tax_total taxes[] = { { 900, 460, 422, 38 }, { 1300, 940, 832, 108 } };
	static const struct zg_tender tenders[] = { { ZG_TENDER_WECHAT, 400, 400, 0, "" }, { ZG_TENDER_CASH, 10000, 1000, 9000, "" } };
	struct zg_closed_sale sale = {
		.gross_fen = 1500, .line_discount_fen = 20, .sale_discount_fen = 30, .rounding_fen = 50,
		.taxes = taxes, .tax_count = 2, .tenders = tenders, .tender_count = 2,
	};

	return zg_totals_add_sale(totals, &sale, NULL);
}

static enum zg_result take_back(struct zg_totals *totals)
{
	static const struct zg_tax_total taxes[] = { { 1300, 940, 832, 108 } };
	static const struct zg_tender tenders[] = { { ZG_TENDER_CASH, 940, 940, 0, "" } };
	struct zg_closed_refund refund = { .value_fen = 985, .rounding_fen = 45, .taxes = taxes, .tax_count = 1, .tenders = tenders, .tender_count = 1 };

	return zg_totals_add_refund(totals, &refund, NULL);
}

static bool is_same(const struct zg_totals *a, const struct zg_totals *b)
{
	json_t *x = zg_totals_json(a), *y = zg_totals_json(b);
	bool same = json_equal(x, y);

	json_decref(x);
	json_decref(y);
	return same;
}

/* The oldest fault of tills: 100.00 handed over for 10.00 is 10.00 taken. */
Test(totals, change_given_is_never_counted)
{
	struct zg_totals totals = zg_totals_start(0);

	cr_assert(eq(int, sell(&totals), ZG_OK));

	cr_expect(eq(long, zg_totals_tender(&totals, ZG_TENDER_CASH), 1000));
	cr_expect(eq(long, zg_totals_tender(&totals, ZG_TENDER_WECHAT), 400));
	cr_expect(eq(long, zg_totals_net(&totals), 1400));
	cr_expect(eq(long, zg_totals_expected(&totals), 1000));
}

Test(totals, a_sale_goes_into_every_figure_it_has)
{
	struct zg_totals totals = zg_totals_start(5000);

	cr_assert(eq(int, sell(&totals), ZG_OK));
	cr_assert(eq(int, sell(&totals), ZG_OK));

	cr_expect(eq(long, totals.sales, 2));
	cr_expect(eq(long, totals.gross_fen, 3000));
	cr_expect(eq(long, totals.line_discount_fen, 40));
	cr_expect(eq(long, totals.sale_discount_fen, 60));
	cr_expect(eq(long, totals.rounding_fen, 100));
	cr_expect(eq(long, totals.sold_fen, 2800));
	cr_assert(eq(sz, totals.tax_count, 2));
	cr_expect(eq(int, totals.taxes[0].rate_bp, 900));
	cr_expect(eq(long, totals.taxes[0].net_fen, 844));
	cr_expect(eq(long, totals.taxes[1].gross_fen, 1880));
	cr_expect(eq(long, totals.taxes[1].tax_fen, 216));
	cr_expect(eq(long, zg_totals_expected(&totals), 7000));
}

Test(totals, a_refund_takes_its_tax_and_its_cash_back)
{
	struct zg_totals totals = zg_totals_start(5000);

	cr_assert(eq(int, sell(&totals), ZG_OK));
	cr_assert(eq(int, take_back(&totals), ZG_OK));

	cr_expect(eq(long, totals.sales, 1));
	cr_expect(eq(long, totals.refunds, 1));
	cr_expect(eq(long, totals.refunded_fen, 940));
	cr_expect(eq(long, totals.returned_fen, 985));
	cr_expect(eq(long, totals.refund_rounding_fen, 45));
	cr_expect(eq(long, zg_totals_rounding(&totals), 5));
	cr_expect(eq(long, zg_totals_net(&totals), 460));
	cr_expect(eq(long, zg_totals_tender(&totals, ZG_TENDER_CASH), 60));
	cr_expect(eq(long, totals.kept_fen[ZG_TENDER_CASH], 1000));
	cr_expect(eq(long, totals.given_fen[ZG_TENDER_CASH], 940));
	cr_expect(eq(long, totals.taxes[1].tax_fen, 0));
	cr_expect(eq(long, zg_totals_expected(&totals), 5060));
}

/* A refund of yesterday's sale: today is below zero, and says so. */
Test(totals, a_shift_of_refunds_alone_is_below_zero)
{
	struct zg_totals totals = zg_totals_start(0);

	cr_assert(eq(int, take_back(&totals), ZG_OK));

	cr_expect(eq(long, zg_totals_net(&totals), -940));
	cr_expect(eq(long, zg_totals_expected(&totals), -940));
	cr_expect(eq(long, totals.taxes[0].tax_fen, -108));
}

Test(totals, what_is_not_a_sale_is_counted_by_itself)
{
	struct zg_totals totals = zg_totals_start(10000);

	cr_assert(eq(int, zg_totals_add_cash_in(&totals, 2000, NULL), ZG_OK));
	cr_assert(eq(int, zg_totals_add_cash_out(&totals, 500, NULL), ZG_OK));
	cr_assert(eq(int, zg_totals_add_cash_out(&totals, 600, NULL), ZG_OK));
	cr_assert(eq(int, zg_totals_add_void(&totals, 999, NULL), ZG_OK));
	cr_assert(eq(int, zg_totals_add_removed(&totals, 3, 1200, NULL), ZG_OK));
	cr_assert(eq(int, zg_totals_add_no_sale(&totals, NULL), ZG_OK));

	cr_expect(eq(long, zg_totals_expected(&totals), 10900));
	cr_expect(eq(long, zg_totals_net(&totals), 0));
	cr_expect(eq(long, totals.cash_ins, 1));
	cr_expect(eq(long, totals.cash_outs, 2));
	cr_expect(eq(long, totals.voids, 1));
	cr_expect(eq(long, totals.void_fen, 999));
	cr_expect(eq(long, totals.removed_lines, 3));
	cr_expect(eq(long, totals.removed_fen, 1200));
	cr_expect(eq(long, totals.no_sales, 1));
}

Test(totals, the_count_tells_over_from_short)
{
	static const struct { zg_fen counted, over; } cases[] = { { 6000, 0 }, { 6100, 100 }, { 5950, -50 }, { 0, -6000 } };

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct zg_totals totals = zg_totals_start(5000);

		cr_assert(eq(int, sell(&totals), ZG_OK));
		cr_assert(eq(int, zg_totals_count(&totals, cases[i].counted, NULL), ZG_OK));
		cr_expect(eq(long, totals.counted_fen, cases[i].counted));
		cr_expect(eq(long, totals.over_fen, cases[i].over));
		cr_expect(eq(int, zg_totals_count(&totals, 6000, NULL), ZG_INVALID));    /* the count stands */
		cr_expect(eq(long, totals.over_fen, cases[i].over));
	}
	struct zg_totals totals = zg_totals_start(5000);

	cr_expect(eq(int, zg_totals_count(&totals, -1, NULL), ZG_INVALID));
	cr_expect(eq(int, zg_totals_count(&totals, INT64_MAX, NULL), ZG_INVALID));
	cr_expect(eq(long, totals.counts, 0));
}

Test(totals, the_day_sums_its_zs)
{
	struct zg_totals morning = zg_totals_start(5000), evening = zg_totals_start(6000), day = zg_totals_start(0);

	cr_assert(eq(int, sell(&morning), ZG_OK));
	cr_assert(eq(int, zg_totals_count(&morning, 5900, NULL), ZG_OK));
	cr_assert(eq(int, sell(&evening), ZG_OK));
	cr_assert(eq(int, take_back(&evening), ZG_OK));
	cr_assert(eq(int, zg_totals_count(&evening, 6090, NULL), ZG_OK));
	cr_assert(eq(int, zg_totals_add(&day, &morning, NULL), ZG_OK));
	cr_assert(eq(int, zg_totals_add(&day, &evening, NULL), ZG_OK));

	cr_expect(eq(long, day.sales, 2));
	cr_expect(eq(long, day.refunds, 1));
	cr_expect(eq(long, zg_totals_net(&day), 1860));
	cr_expect(eq(long, day.over_fen, -100 + 30));
	cr_expect(eq(long, day.counted_fen - zg_totals_expected(&day), day.over_fen));
	cr_expect(eq(long, day.counts, 2));
	cr_expect(eq(sz, day.tax_count, 2));
	cr_expect(eq(long, day.taxes[1].gross_fen, 940));
}

Test(totals, a_sale_that_does_not_balance_is_refused)
{
	struct zg_tax_total tax = { 1300, 1000, 885, 115 };
	struct zg_tender tender = { ZG_TENDER_CASH, 1000, 1000, 0, "" };
	const struct zg_closed_sale good = {
		.gross_fen = 1000, .taxes = &tax, .tax_count = 1, .tenders = &tender, .tender_count = 1,
	};
	struct zg_totals totals = zg_totals_start(0), empty = totals;

	for (int i = 0; i < 15; i++) {
		struct zg_closed_sale bad = good;
		struct zg_tax_total bad_tax = tax;
		struct zg_tender bad_tender = tender;

		bad.taxes = &bad_tax;
		bad.tenders = &bad_tender;
		switch (i) {
		case 0: bad.gross_fen++; break;
		case 1: bad.line_discount_fen = 1; break;
		case 2: bad.sale_discount_fen = 1; break;
		case 3: bad.rounding_fen = 1; break;
		case 4: bad_tax.net_fen++; break;
		case 5: bad_tax.gross_fen++; bad_tax.net_fen++; break;
		case 6: bad_tender.kept_fen++; break;
		case 7: bad.tender_count = 0; break;
		case 8: bad.tax_count = 0; break;
		case 9: bad_tender.kind = (enum zg_tender_kind)ZG_TENDER_KINDS; break;
		case 10: bad.gross_fen = 0; bad.line_discount_fen = -1000; break;
		case 11: bad_tax.net_fen = 1100; bad_tax.tax_fen = -100; break;
		case 12: bad_tax.net_fen = -100; bad_tax.tax_fen = 1100; break;
		case 13: bad.gross_fen = 0; bad.sale_discount_fen = -1000; break;
		case 14: bad.gross_fen = 0; bad.rounding_fen = -1000; break;
		}
		cr_expect(eq(int, zg_totals_add_sale(&totals, &bad, NULL), ZG_INVALID), "%d", i);
	}
	struct zg_closed_refund refund = { .value_fen = tax.gross_fen, .taxes = &tax, .tax_count = 1, .tenders = &tender, .tender_count = 0 };

	cr_expect(eq(int, zg_totals_add_refund(&totals, &refund, NULL), ZG_INVALID));
	refund.tender_count = 1;
	refund.rounding_fen = 1;    /* the goods less the rounding are not the money */
	cr_expect(eq(int, zg_totals_add_refund(&totals, &refund, NULL), ZG_INVALID));
	refund.value_fen = -1;
	refund.rounding_fen = -1 - tax.gross_fen;
	cr_expect(eq(int, zg_totals_add_refund(&totals, &refund, NULL), ZG_INVALID));
	refund = (struct zg_closed_refund){ .taxes = &tax, .tax_count = 1, .tenders = &tender, .tender_count = 0 };
	struct zg_tax_total wrong[] = { { 900, 0, 1, -1 }, { 1300, 0, 0, 1 } };

	for (int i = 0; i < 2; i++) {    /* nothing went back, yet its tax does not add up */
		refund.taxes = &wrong[i];
		cr_expect(eq(int, zg_totals_add_refund(&totals, &refund, NULL), ZG_INVALID));
	}
	cr_expect(is_same(&totals, &empty));
	cr_expect(eq(int, zg_totals_add_sale(&totals, &good, NULL), ZG_OK));
}

/* All the money is in the first one, and still the second is none. */
Test(totals, a_tender_of_no_kind_is_refused_even_for_nothing)
{
	struct zg_tax_total tax = { 1300, 1000, 885, 115 };
	struct zg_tender tenders[] = { { ZG_TENDER_CASH, 1000, 1000, 0, "" }, { (enum zg_tender_kind)ZG_TENDER_KINDS, 0, 0, 0, "" } };
	struct zg_closed_sale sale = { .gross_fen = 1000, .taxes = &tax, .tax_count = 1, .tenders = tenders, .tender_count = 2 };
	struct zg_closed_refund refund = { .value_fen = 1000, .taxes = &tax, .tax_count = 1, .tenders = tenders, .tender_count = 2 };
	struct zg_totals totals = zg_totals_start(0);

	cr_expect(eq(int, zg_totals_add_sale(&totals, &sale, NULL), ZG_INVALID));
	cr_expect(eq(int, zg_totals_add_refund(&totals, &refund, NULL), ZG_INVALID));
	tenders[1].kind = ZG_TENDER_OTHER;
	cr_expect(eq(int, zg_totals_add_sale(&totals, &sale, NULL), ZG_OK));
	cr_expect(eq(int, zg_totals_add_refund(&totals, &refund, NULL), ZG_OK));
}

Test(totals, sums_past_their_limit_are_refused_and_change_nothing)
{
	struct zg_totals full = zg_totals_start(ZG_TOTALS_MAX), other = zg_totals_start(0), before;
	struct zg_tax_total tax = { 1300, 1, 1, 0 };
	struct zg_tender tender = { ZG_TENDER_CASH, 1, 1, 0, "" };
	struct zg_closed_sale sale = { .gross_fen = 1, .taxes = &tax, .tax_count = 1, .tenders = &tender, .tender_count = 1 };
	struct zg_closed_refund refund = { .value_fen = 1, .taxes = &tax, .tax_count = 1, .tenders = &tender, .tender_count = 1 };

	full.gross_fen = full.cash_in_fen = full.removed_fen = full.void_fen = full.no_sales = full.refunded_fen = ZG_TOTALS_MAX;
	full.given_fen[ZG_TENDER_CARD] = ZG_TOTALS_MAX;
	other.given_fen[ZG_TENDER_CARD] = 1;
	before = full;
	cr_expect(eq(int, zg_totals_add_sale(&full, &sale, NULL), ZG_INVALID));
	cr_expect(eq(int, zg_totals_add_refund(&full, &refund, NULL), ZG_INVALID));
	cr_expect(eq(int, zg_totals_add_cash_in(&full, 1, NULL), ZG_INVALID));
	cr_expect(eq(int, zg_totals_add_removed(&full, 1, 1, NULL), ZG_INVALID));
	cr_expect(eq(int, zg_totals_add_void(&full, 1, NULL), ZG_INVALID));
	cr_expect(eq(int, zg_totals_add_no_sale(&full, NULL), ZG_INVALID));
	cr_expect(eq(int, zg_totals_add(&full, &other, NULL), ZG_INVALID));
	cr_expect(eq(int, zg_totals_count(&full, 0, NULL), ZG_INVALID));    /* short by more than can be said */
	cr_expect(is_same(&full, &before));
	cr_expect(eq(int, zg_totals_add_cash_out(&other, -1, NULL), ZG_INVALID));
	cr_expect(eq(int, zg_totals_add_cash_out(&other, INT64_MAX, NULL), ZG_INVALID));
	cr_expect(eq(int, zg_totals_add_void(&other, INT64_MIN, NULL), ZG_INVALID));
	cr_expect(eq(int, zg_totals_add_removed(&other, -1, 0, NULL), ZG_INVALID));
	cr_expect(eq(long, other.voids + other.cash_outs + other.removed_lines, 0));
}

/* The day must close, however many rates the shop has used. */
Test(totals, rates_without_a_row_share_the_last_one)
{
	struct zg_totals totals = zg_totals_start(0), day = zg_totals_start(0);
	struct zg_tender tender = { ZG_TENDER_CASH, 100, 100, 0, "" };

	for (int i = 0; i < 40; i++) {
		struct zg_tax_total tax = { 10000 - 100 * i, 100, 90, 10 };
		struct zg_closed_sale sale = { .gross_fen = 100, .taxes = &tax, .tax_count = 1, .tenders = &tender, .tender_count = 1 };

		cr_assert(eq(int, zg_totals_add_sale(&totals, &sale, NULL), ZG_OK));
	}
	cr_assert(eq(int, zg_totals_add(&day, &totals, NULL), ZG_OK));
	cr_assert(eq(int, zg_totals_add(&day, &totals, NULL), ZG_OK));

	cr_assert(eq(sz, day.tax_count, ZG_TAX_RATES));
	cr_expect(eq(int, day.taxes[ZG_TAX_RATES - 1].rate_bp, ZG_TAX_OTHER));
	cr_expect(eq(long, day.taxes[ZG_TAX_RATES - 1].tax_fen, 2 * 10 * (40 - 15)));
	json_t *object = zg_totals_json(&day);
	struct zg_totals back;

	cr_expect(eq(int, zg_totals_read(&back, object, NULL), ZG_OK));
	cr_expect(is_same(&back, &day));
	json_decref(object);
}

/* With one row left, which is for all the others, an empty row is not taken for the rate of 0 %. */
Test(totals, the_last_row_is_kept_for_all_other_rates)
{
	struct zg_totals totals = zg_totals_start(0);
	struct zg_tender tender = { ZG_TENDER_CASH, 100, 100, 0, "" };

	for (int i = 1; i <= ZG_TAX_RATES; i++) {
		struct zg_tax_total tax = { i < ZG_TAX_RATES ? 100 * i : 0, 100, 90, 10 };
		struct zg_closed_sale sale = { .gross_fen = 100, .taxes = &tax, .tax_count = 1, .tenders = &tender, .tender_count = 1 };

		cr_assert(eq(int, zg_totals_add_sale(&totals, &sale, NULL), ZG_OK));
	}
	cr_assert(eq(sz, totals.tax_count, ZG_TAX_RATES));
	cr_expect(eq(int, totals.taxes[0].rate_bp, 100));
	cr_expect(eq(int, totals.taxes[ZG_TAX_RATES - 1].rate_bp, ZG_TAX_OTHER));
}

/* A made-up shift, and the same sums kept beside it. */
static struct zg_totals some_shift(struct chance *chance)
{
	struct zg_totals totals = zg_totals_start(chance_amount(chance, 100000));
	zg_fen drawer = totals.float_fen, taxed = 0, net = 0;

	for (int64_t i = chance_between(chance, 0, 60); i > 0; i--) {
		zg_fen amount = chance_amount(chance, 1000000), cash = chance_between(chance, 0, amount);
		zg_fen off = chance_amount(chance, 500), round = chance_between(chance, 0, 99);
		struct zg_tax_total taxes[2] = { { 900, amount / 3, 0, 0 }, { 1300, amount - amount / 3, 0, 0 } };
		struct zg_tender tenders[2] = {
			{ ZG_TENDER_CASH, cash + 5000, cash, 5000, "" },
			{ (enum zg_tender_kind)chance_between(chance, 1, 5), amount - cash, amount - cash, 0, "" },
		};
		struct zg_closed_sale sale = { amount + off + round, off, 0, round, taxes, 2, tenders, 2 };
		zg_fen kept = chance_between(chance, -99, 99);    /* rounded off this refund, or of one before it */

		if (kept < -amount)
			kept = -amount;
		struct zg_closed_refund refund = { amount + kept, kept, taxes, 2, tenders, 2 };

		for (int k = 0; k < 2; k++) {
			taxes[k].net_fen = zg_tax_net(taxes[k].gross_fen, taxes[k].rate_bp);
			taxes[k].tax_fen = taxes[k].gross_fen - taxes[k].net_fen;
		}
		switch (chance_between(chance, 0, 5)) {
		case 0:
			cr_assert(eq(int, zg_totals_add_refund(&totals, &refund, NULL), ZG_OK), "ZG_SEED=%lu", chance->seed);
			drawer -= cash;
			net -= amount;
			taxed -= taxes[0].tax_fen + taxes[1].tax_fen;
			break;
		case 1:
			cr_assert(eq(int, zg_totals_add_cash_in(&totals, amount, NULL), ZG_OK));
			drawer += amount;
			break;
		case 2:
			cr_assert(eq(int, zg_totals_add_cash_out(&totals, amount, NULL), ZG_OK));
			drawer -= amount;
			break;
		default:
			cr_assert(eq(int, zg_totals_add_sale(&totals, &sale, NULL), ZG_OK), "ZG_SEED=%lu", chance->seed);
			drawer += cash;
			net += amount;
			taxed += taxes[0].tax_fen + taxes[1].tax_fen;
		}
	}
	zg_fen tenders = 0, taxes = 0;

	for (int k = 0; k < ZG_TENDER_KINDS; k++)
		tenders += zg_totals_tender(&totals, (enum zg_tender_kind)k);
	for (size_t k = 0; k < totals.tax_count; k++)
		taxes += totals.taxes[k].tax_fen;
	cr_assert(eq(long, zg_totals_expected(&totals), drawer), "ZG_SEED=%lu", chance->seed);
	cr_assert(eq(long, zg_totals_net(&totals), net), "ZG_SEED=%lu", chance->seed);
	cr_assert(eq(long, tenders, net), "ZG_SEED=%lu", chance->seed);
	cr_assert(eq(long, taxes, taxed), "ZG_SEED=%lu", chance->seed);
	if (chance_between(chance, 0, 1))
		cr_assert(eq(int, zg_totals_count(&totals, chance_amount(chance, 10000000), NULL), ZG_OK));
	return totals;
}

Test(totals, any_shift_agrees_with_its_drawer_and_reads_back)
{
	struct chance chance = chance_begin();

	for (long round = chance_rounds(1000); round > 0; round--) {
		struct zg_totals a = some_shift(&chance), b = some_shift(&chance), ab = a, ba = b, back;

		/* The order in which Zs are summed does not matter. */
		cr_assert(eq(int, zg_totals_add(&ab, &b, NULL), ZG_OK));
		cr_assert(eq(int, zg_totals_add(&ba, &a, NULL), ZG_OK));
		cr_assert(is_same(&ab, &ba), "ZG_SEED=%lu", chance.seed);

		json_t *object = zg_totals_json(&ab);
		char *text = zg_json_text(object);
		json_t *parsed = zg_json_parse(text, strlen(text));

		cr_assert(eq(int, zg_totals_read(&back, parsed, NULL), ZG_OK), "ZG_SEED=%lu", chance.seed);
		cr_assert(is_same(&back, &ab), "ZG_SEED=%lu", chance.seed);
		json_decref(object);
		json_decref(parsed);
		free(text);
	}
}

Test(totals, a_damaged_z_is_not_read)
{
	struct zg_totals totals = zg_totals_start(5000), read = zg_totals_start(77), before = read;

	cr_assert(eq(int, sell(&totals), ZG_OK));
	cr_assert(eq(int, take_back(&totals), ZG_OK));
	json_t *whole = zg_totals_json(&totals);
	const char *key;
	json_t *value;

	cr_assert(eq(int, zg_totals_read(&read, whole, NULL), ZG_OK));
	read = before;
	json_object_foreach(whole, key, value) {
		json_t *bad = json_deep_copy(whole);

		json_object_del(bad, key);
		cr_expect(eq(int, zg_totals_read(&read, bad, NULL), ZG_BROKEN), "without %s", key);
		zg_json_set_string(bad, key, "12");
		cr_expect(eq(int, zg_totals_read(&read, bad, NULL), ZG_BROKEN), "text in %s", key);
		zg_json_set_integer(bad, key, INT64_MAX);
		cr_expect(eq(int, zg_totals_read(&read, bad, NULL), ZG_BROKEN), "too much in %s", key);
		zg_json_set_integer(bad, key, INT64_MIN);
		cr_expect(eq(int, zg_totals_read(&read, bad, NULL), ZG_BROKEN), "too little in %s", key);
		json_decref(bad);
	}
	cr_expect(eq(int, zg_totals_read(&read, NULL, NULL), ZG_BROKEN));
	cr_expect(is_same(&read, &before));
	json_decref(whole);
}

/* Figures that say the same thing twice must agree: one changed fen is found out. */
Test(totals, one_changed_fen_in_a_z_is_found_out)
{
	static const char *const keys[] = {
		"gross_fen", "line_discount_fen", "sale_discount_fen", "rounding_fen", "sold_fen", "refunded_fen", "over_fen", "counted_fen",
		"returned_fen", "refund_rounding_fen",
	};
	struct zg_totals totals = zg_totals_start(5000), read;

	cr_assert(eq(int, sell(&totals), ZG_OK));
	cr_assert(eq(int, take_back(&totals), ZG_OK));
	json_t *whole = zg_totals_json(&totals);

	for (size_t i = 0; i < COUNT(keys); i++) {
		json_t *bad = json_deep_copy(whole);

		zg_json_set_integer(bad, keys[i], zg_json_integer(whole, keys[i], 0) + 1);
		cr_expect(eq(int, zg_totals_read(&read, bad, NULL), ZG_BROKEN), "%s", keys[i]);
		json_decref(bad);
	}
	static const char *const groups[] = { "kept_fen", "given_fen" };

	for (size_t i = 0; i < COUNT(groups); i++) {
		json_t *bad = json_deep_copy(whole), *group = json_object_get(bad, groups[i]);

		zg_json_set_integer(group, "cash", zg_json_integer(group, "cash", 0) + 1);
		cr_expect(eq(int, zg_totals_read(&read, bad, NULL), ZG_BROKEN), "%s", groups[i]);
		zg_json_set_integer(group, "cash", zg_json_integer(group, "cash", 0) - 1);
		cr_expect(eq(int, zg_totals_read(&read, bad, NULL), ZG_OK));
		zg_json_set_integer(group, "pebbles", 0);
		cr_expect(eq(int, zg_totals_read(&read, bad, NULL), ZG_BROKEN), "an unknown tender");
		json_decref(bad);
	}
	static const char *const parts[] = { "gross_fen", "net_fen", "tax_fen" };

	for (size_t i = 0; i < COUNT(parts); i++) {
		json_t *bad = json_deep_copy(whole), *row = json_array_get(json_object_get(bad, "taxes"), 0);

		zg_json_set_integer(row, parts[i], zg_json_integer(row, parts[i], 0) + 1);
		cr_expect(eq(int, zg_totals_read(&read, bad, NULL), ZG_BROKEN), "%s", parts[i]);
		json_decref(bad);
	}
	json_t *bad = json_deep_copy(whole), *taxes = json_object_get(bad, "taxes");

	zg_json_set_integer(json_array_get(taxes, 1), "rate_bp", 900);    /* the same rate twice */
	cr_expect(eq(int, zg_totals_read(&read, bad, NULL), ZG_BROKEN));
	zg_json_set_integer(json_array_get(taxes, 1), "rate_bp", 10002);
	cr_expect(eq(int, zg_totals_read(&read, bad, NULL), ZG_BROKEN));
	zg_json_set_integer(json_array_get(taxes, 1), "rate_bp", -1);
	cr_expect(eq(int, zg_totals_read(&read, bad, NULL), ZG_BROKEN));
	json_decref(bad);
	json_decref(whole);
}
