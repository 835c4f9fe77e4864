#include "src/shop/refund.h"
#include "tests/unit/chance.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static void give_back(struct zg_refundable *line, const struct zg_refund_line *refund)
{
	line->refunded += refund->quantity;
	line->refunded_fen += refund->amount_fen;
}

/* Three for 10.00: 3.33, then 3.34, then 3.33; never 9.99 and never 10.02. */
Test(refund, thirds_add_up_to_what_was_paid)
{
	static const zg_fen expected[] = { 333, 334, 333 };
	struct zg_refundable line = { .line_no = 4, .tax_bp = 1300, .sold = 3000, .paid_fen = 1000 };

	for (int i = 0; i < 3; i++) {
		struct zg_refund_line refund;

		cr_assert(eq(int, zg_refund_work_out(&line, 1000, &refund, NULL), ZG_OK));
		cr_expect(eq(long, refund.amount_fen, expected[i]));
		cr_expect(eq(int, refund.line_no, 4));
		give_back(&line, &refund);
	}
	cr_expect(eq(long, line.refunded_fen, 1000));
	cr_expect(eq(long, zg_refund_left(&line), 0));
	cr_expect(eq(long, zg_refund_left_fen(&line), 0));
}

Test(refund, nothing_is_refunded_twice_or_above_what_was_sold)
{
	struct zg_refundable line = { .sold = 3000, .paid_fen = 1000, .refunded = 2000, .refunded_fen = 667 };
	static const zg_milli cases[] = { 0, -1000, 2000, 1001, 500, ZG_MILLI_MAX + 1, INT64_MAX, INT64_MIN };
	struct zg_refund_line refund = { .amount_fen = 77 };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct zg_error err = { 0 };

		cr_expect(eq(int, zg_refund_work_out(&line, cases[i], &refund, &err), ZG_INVALID), "%zu", i);
		cr_expect(gt(sz, strlen(err.text), 10));
	}
	line.refunded = 3000;
	line.refunded_fen = 1000;
	cr_expect(eq(int, zg_refund_work_out(&line, 1000, &refund, NULL), ZG_INVALID));
	cr_expect(eq(long, refund.amount_fen, 77));
}

Test(refund, weighed_goods_go_back_in_parts)
{
	struct zg_refundable line = { .kind = ZG_ITEM_WEIGHED, .sold = 856, .paid_fen = 1711 };
	struct zg_refund_line refund;

	cr_assert(eq(int, zg_refund_work_out(&line, 428, &refund, NULL), ZG_OK));
	cr_expect(eq(long, refund.amount_fen, 856));
	give_back(&line, &refund);
	cr_assert(eq(int, zg_refund_work_out(&line, 428, &refund, NULL), ZG_OK));
	cr_expect(eq(long, refund.amount_fen, 855));
}

Test(refund, a_gift_goes_back_for_nothing)
{
	struct zg_refundable line = { .sold = 2000, .paid_fen = 0, .tax_bp = 1300 };
	struct zg_refund_line refund;

	cr_assert(eq(int, zg_refund_work_out(&line, 2000, &refund, NULL), ZG_OK));
	cr_expect(eq(long, refund.amount_fen, 0));
	cr_expect(eq(long, refund.tax_fen, 0));
}

Test(refund, a_goodwill_too_large_is_not_taken_back)
{
	struct zg_refundable line = { .sold = 4000, .paid_fen = 1000, .refunded = 1000, .refunded_fen = 900 };
	struct zg_refund_line refund;

	cr_assert(eq(int, zg_refund_work_out(&line, 1000, &refund, NULL), ZG_OK));
	cr_expect(eq(long, refund.amount_fen, 0));
	give_back(&line, &refund);
	cr_assert(eq(int, zg_refund_work_out(&line, 2000, &refund, NULL), ZG_OK));
	cr_expect(eq(long, refund.amount_fen, 100));
}

Test(refund, any_sequence_gives_back_exactly_what_was_paid)
{
	struct chance chance = chance_begin();

	for (long round = chance_rounds(20000); round > 0; round--) {
		bool is_weighed = chance_between(&chance, 0, 1);
		struct zg_refundable line = {
			.kind = is_weighed ? ZG_ITEM_WEIGHED : ZG_ITEM_PIECE, .tax_bp = (zg_bp)chance_between(&chance, 0, 1700),
			.sold = is_weighed ? 1 + chance_amount(&chance, ZG_MILLI_MAX - 1) : 1000 * chance_between(&chance, 1, 9999),
			.paid_fen = chance_amount(&chance, 999999999),
		};
		zg_fen net = 0, tax = 0;
		int steps = 0;

		while (zg_refund_left(&line) > 0) {
			zg_milli left = zg_refund_left(&line), quantity = left;
			struct zg_refund_line refund;

			if (++steps < 12)
				quantity = is_weighed ? chance_between(&chance, 1, left) : 1000 * chance_between(&chance, 1, left / 1000);
			cr_assert(eq(int, zg_refund_work_out(&line, quantity, &refund, NULL), ZG_OK), "ZG_SEED=%lu", chance.seed);
			cr_assert(refund.amount_fen >= 0 && refund.net_fen >= 0 && refund.tax_fen >= 0, "ZG_SEED=%lu", chance.seed);
			cr_assert(eq(long, refund.net_fen + refund.tax_fen, refund.amount_fen), "ZG_SEED=%lu", chance.seed);
			give_back(&line, &refund);
			net += refund.net_fen;
			tax += refund.tax_fen;
			/* The customer has, at every moment, what the goods brought back were worth, to half a fen. */
			__int128 off = (__int128)line.refunded_fen * line.sold * 2 - (__int128)line.paid_fen * line.refunded * 2;

			cr_assert(off <= line.sold && off >= -line.sold, "ZG_SEED=%lu", chance.seed);
			cr_assert(line.refunded_fen <= line.paid_fen, "ZG_SEED=%lu", chance.seed);
		}
		cr_assert(eq(long, line.refunded_fen, line.paid_fen), "ZG_SEED=%lu", chance.seed);
		cr_assert(eq(long, net, zg_tax_net(line.paid_fen, line.tax_bp)), "ZG_SEED=%lu", chance.seed);
		cr_assert(eq(long, net + tax, line.paid_fen), "ZG_SEED=%lu", chance.seed);
	}
}
