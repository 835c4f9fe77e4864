#include "src/shop/refund.h"
#include "tests/unit/chance.h"
#include "tests/unit/returns.h"

#include <string.h>

/* What the books would hold after the refund. */
static void give_back(struct zg_refundable *sold, size_t count, const struct zg_refund_line *lines, const struct zg_refund_sum *sum)
{
	for (size_t i = 0; i < sum->lines; i++)
		for (size_t j = 0; j < count; j++)
			if (sold[j].line_no == lines[i].line_no) {
				sold[j].refunded += lines[i].quantity;
				sold[j].returned_fen += lines[i].value_fen;
				sold[j].refunded_fen += lines[i].value_fen - lines[i].rounding_fen;
			}
}

/* One line alone. */
static struct zg_refund_line back(struct zg_refundable *line, zg_milli quantity, enum zg_rounding rounding)
{
	struct zg_refund_line refund;
	struct zg_refund_sum sum;
	struct zg_error err = { .text = "" };

	cr_assert(eq(int, zg_refund_work_out(line, 1, &quantity, rounding, &refund, &sum, &err), ZG_OK), "%s", err.text);
	cr_assert(eq(long, sum.money_fen, refund.net_fen + refund.tax_fen));
	give_back(line, 1, &refund, &sum);
	return refund;
}

static zg_fen money(const struct zg_refund_line *line)
{
	return line->value_fen - line->rounding_fen;
}

/* Three for 10.00: 3.33, then 3.34, then 3.33; never 9.99 and never 10.02. */
Test(refund, thirds_add_up_to_what_was_paid)
{
	static const zg_fen expected[] = { 333, 334, 333 };
	struct zg_refundable line = { .line_no = 4, .tax_bp = 1300, .sold = 3000, .value_fen = 1000, .paid_fen = 1000 };

	for (int i = 0; i < 3; i++) {
		struct zg_refund_line refund = back(&line, 1000, ZG_ROUND_NONE);

		cr_expect(eq(long, money(&refund), expected[i]));
		cr_expect(eq(long, refund.rounding_fen, 0));
		cr_expect(eq(int, refund.line_no, 4));
	}
	cr_expect(eq(long, line.refunded_fen, 1000));
	cr_expect(eq(long, zg_refund_left(&line), 0));
}

/* 3 × 2.99 = 8.97, to whole yuan 8.00: back in one, it is 8.97 less 0.97, as on the receipt. */
Test(refund, a_whole_sale_goes_back_with_the_rounding_it_had)
{
	struct zg_refundable line = { .line_no = 1, .tax_bp = 1300, .sold = 3000, .value_fen = 897, .paid_fen = 800 };
	struct zg_refund_line refund = back(&line, 3000, ZG_ROUND_YUAN);

	cr_expect(eq(long, refund.value_fen, 897));
	cr_expect(eq(long, refund.rounding_fen, 97));
}

/* One by one: of 2.67, 5.33 and 8.00 the customer has 2.00, 5.00 and 8.00. */
Test(refund, what_is_rounded_off_a_part_goes_back_with_a_later_one)
{
	static const zg_fen expected[] = { 200, 300, 300 };
	struct zg_refundable line = { .line_no = 1, .tax_bp = 1300, .sold = 3000, .value_fen = 897, .paid_fen = 800 };

	for (int i = 0; i < 3; i++) {
		struct zg_refund_line refund = back(&line, 1000, ZG_ROUND_YUAN);

		cr_expect(eq(long, refund.value_fen, 299));
		cr_expect(eq(long, money(&refund), expected[i]));
	}
	cr_expect(eq(long, line.returned_fen, 897));
}

/* 1.05 and 1.05 for 2.10: the first alone is 1.00, and its 0.05 goes back with the second. */
Test(refund, what_is_rounded_off_one_line_goes_back_with_another)
{
	struct zg_refundable sold[] = {
		{ .line_no = 1, .tax_bp = 1300, .sold = 1000, .value_fen = 105, .paid_fen = 105 },
		{ .line_no = 2, .tax_bp = 900, .sold = 1000, .value_fen = 105, .paid_fen = 105 },
	};
	static const zg_milli first[] = { 1000, 0 }, second[] = { 0, 1000 };
	struct zg_refund_line lines[2];
	struct zg_refund_sum sum;

	cr_assert(eq(int, zg_refund_work_out(sold, 2, first, ZG_ROUND_JIAO, lines, &sum, NULL), ZG_OK));
	cr_expect(eq(long, sum.money_fen, 100));
	cr_expect(eq(long, sum.rounding_fen, 5));
	give_back(sold, 2, lines, &sum);
	cr_assert(eq(int, zg_refund_work_out(sold, 2, second, ZG_ROUND_JIAO, lines, &sum, NULL), ZG_OK));
	cr_expect(eq(long, sum.value_fen, 105));
	cr_expect(eq(long, sum.rounding_fen, -5));
	cr_expect(eq(long, sum.money_fen, 110));
	cr_expect(eq(int, lines[0].line_no, 2));
	cr_expect(eq(long, lines[0].rounding_fen, -5));
	cr_expect(eq(long, lines[0].net_fen, 101));
	cr_expect(eq(long, lines[0].tax_fen, 9));
}

/* Bought when the shop did not round: all of it is all of it. */
Test(refund, a_rule_that_came_after_the_sale_keeps_nothing_of_it)
{
	struct zg_refundable line = { .line_no = 1, .sold = 3000, .value_fen = 1007, .paid_fen = 1007 };
	struct zg_refund_line refund = back(&line, 1000, ZG_ROUND_YUAN);

	cr_expect(eq(long, money(&refund), 300));
	refund = back(&line, 2000, ZG_ROUND_YUAN);
	cr_expect(eq(long, money(&refund), 707));
}

/* The shop does not round any more: what it kept of the first goes back at once. */
Test(refund, a_rule_that_went_gives_what_it_kept_back)
{
	struct zg_refundable line = { .line_no = 1, .sold = 3000, .value_fen = 897, .paid_fen = 897 };
	struct zg_refund_line refund = back(&line, 1000, ZG_ROUND_YUAN);

	cr_expect(eq(long, money(&refund), 200));
	refund = back(&line, 1000, ZG_ROUND_NONE);
	cr_expect(eq(long, money(&refund), 398));
	refund = back(&line, 1000, ZG_ROUND_JIAO);
	cr_expect(eq(long, money(&refund), 299));
}

Test(refund, nothing_is_refunded_twice_or_above_what_was_sold)
{
	struct zg_refundable line = { .sold = 3000, .value_fen = 1000, .paid_fen = 1000, .refunded = 2000, .returned_fen = 667, .refunded_fen = 667 };
	static const zg_milli cases[] = { -1000, 2000, 1001, 500, ZG_MILLI_MAX + 1, INT64_MAX, INT64_MIN };
	struct zg_refund_line refund = { .value_fen = 77 };
	struct zg_refund_sum sum;
	zg_milli none = 0;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct zg_error err = { 0 };

		cr_expect(eq(int, zg_refund_work_out(&line, 1, &cases[i], ZG_ROUND_NONE, &refund, &sum, &err), ZG_INVALID), "%zu", i);
		cr_expect(gt(sz, strlen(err.text), 10));
		cr_expect(eq(int, zg_refund_check(&line, cases[i], NULL), ZG_INVALID), "%zu", i);
	}
	cr_expect(eq(int, zg_refund_check(&line, 0, NULL), ZG_INVALID));
	cr_expect(eq(int, zg_refund_work_out(&line, 1, &none, ZG_ROUND_NONE, &refund, &sum, NULL), ZG_INVALID), "a refund of nothing");
	cr_expect(eq(int, zg_refund_work_out(&line, 0, NULL, ZG_ROUND_NONE, &refund, &sum, NULL), ZG_INVALID));
	line.refunded = 3000;
	line.refunded_fen = line.returned_fen = 1000;
	struct zg_error err = { .text = "" };

	cr_expect(eq(int, zg_refund_check(&line, 1000, &err), ZG_INVALID));
	cr_expect(ne(ptr, strstr(err.text, "was refunded before"), NULL), "not: only 0 is left, type at most that");
	cr_expect(eq(long, refund.value_fen, 77));
}

Test(refund, weighed_goods_go_back_in_parts)
{
	struct zg_refundable line = { .kind = ZG_ITEM_WEIGHED, .sold = 856, .value_fen = 1711, .paid_fen = 1711 };
	struct zg_refund_line refund = back(&line, 428, ZG_ROUND_NONE);

	cr_expect(eq(long, money(&refund), 856));
	refund = back(&line, 428, ZG_ROUND_NONE);
	cr_expect(eq(long, money(&refund), 855));
}

Test(refund, a_gift_goes_back_for_nothing)
{
	struct zg_refundable line = { .sold = 2000, .paid_fen = 0, .tax_bp = 1300 };
	struct zg_refund_line refund = back(&line, 2000, ZG_ROUND_JIAO);

	cr_expect(eq(long, money(&refund), 0));
	cr_expect(eq(long, refund.tax_fen, 0));
}

/* The gift is what comes last, and brings what was rounded off the rest. */
Test(refund, a_gift_brings_what_was_rounded_off_before)
{
	struct zg_refundable sold[] = {
		{ .line_no = 1, .sold = 1000, .value_fen = 107, .paid_fen = 107, .refunded = 1000, .returned_fen = 107, .refunded_fen = 100 },
		{ .line_no = 2, .sold = 1000 },
	};
	static const zg_milli gift[] = { 0, 1000 };
	struct zg_refund_line line;
	struct zg_refund_sum sum;

	cr_assert(eq(int, zg_refund_work_out(sold, 2, gift, ZG_ROUND_JIAO, &line, &sum, NULL), ZG_OK));
	cr_expect(eq(long, sum.value_fen, 0));
	cr_expect(eq(long, sum.money_fen, 7));
	cr_expect(eq(long, line.rounding_fen, -7));
}

Test(refund, a_goodwill_too_large_is_not_taken_back)
{
	struct zg_refundable line = { .sold = 4000, .value_fen = 1000, .paid_fen = 1000, .refunded = 1000, .returned_fen = 900, .refunded_fen = 900 };
	struct zg_refund_line refund = back(&line, 1000, ZG_ROUND_JIAO);

	cr_expect(eq(long, money(&refund), 0));
	refund = back(&line, 2000, ZG_ROUND_JIAO);
	cr_expect(eq(long, money(&refund), 100));
}

/* ---- any sale, taken back in any parts */

static size_t refundable(const struct zg_sale *sale, struct zg_refundable *sold)
{
	size_t count = zg_sale_line_count(sale);

	for (size_t i = 0; i < count; i++) {
		const struct zg_line *line = zg_sale_line(sale, i);

		sold[i] = (struct zg_refundable){ .line_no = line->no, .kind = line->kind, .tax_bp = line->tax_bp, .sold = line->quantity,
			.value_fen = line->amount_fen, .paid_fen = line->paid_fen };
	}
	return count;
}

/* Every refund is whole in itself. */
static void check_one(const struct chance *chance, const struct zg_refund_line *lines, const struct zg_refund_sum *sum)
{
	zg_fen value = 0, rounding = 0, taxed = 0;

	for (size_t i = 0; i < sum->lines; i++) {
		HOLDS(lines[i].value_fen >= 0 && lines[i].net_fen >= 0 && lines[i].tax_fen >= 0);
		HOLDS(lines[i].net_fen + lines[i].tax_fen == money(&lines[i]));
		value += lines[i].value_fen;
		rounding += lines[i].rounding_fen;
		taxed += lines[i].net_fen + lines[i].tax_fen;
	}
	HOLDS(value == sum->value_fen && rounding == sum->rounding_fen && taxed == sum->money_fen);
	HOLDS(sum->money_fen == sum->value_fen - sum->rounding_fen && sum->money_fen >= 0);
}

static void check_so_far(const struct chance *chance, const struct zg_refundable *sold, size_t count, zg_fen given, zg_fen step)
{
	zg_fen due = 0, kept;

	for (size_t i = 0; i < count; i++)
		due += zg_fen_part(sold[i].paid_fen, sold[i].refunded, sold[i].sold);
	kept = due - given;
	HOLDS(kept >= 0);       /* never above what was paid for the goods that are back */
	HOLDS(kept < step);     /* and never a whole step below it */
}

/* The whole life of a sale; with one rule from beginning to end each part but the last is a multiple of its step. */
static void take_back(struct chance *chance, const struct zg_sale *sale, enum zg_rounding rule, bool is_fixed)
{
	static const zg_fen steps[] = { [ZG_ROUND_NONE] = 1, [ZG_ROUND_JIAO] = 10, [ZG_ROUND_YUAN] = 100 };
	struct zg_refundable sold[RETURNS_LINES];
	struct zg_refund_line lines[RETURNS_LINES];
	struct zg_refund_sum sum;
	zg_milli quantities[RETURNS_LINES];
	size_t count = refundable(sale, sold);
	const struct zg_sale_totals *totals = zg_sale_totals(sale);
	zg_fen given = 0, returned = 0;
	bool is_over = false, is_first = true;

	for (int part = 0; !is_over; part++) {
		enum zg_rounding now = is_fixed ? rule : (enum zg_rounding)chance_between(chance, ZG_ROUND_NONE, ZG_ROUND_YUAN);

		returns_choose(chance, sold, count, part > 5 || chance_between(chance, 0, 4) == 0, quantities);
		cr_assert(eq(int, zg_refund_work_out(sold, count, quantities, now, lines, &sum, NULL), ZG_OK), "ZG_SEED=%lu", chance->seed);
		check_one(chance, lines, &sum);
		give_back(sold, count, lines, &sum);
		given += sum.money_fen;
		returned += sum.value_fen;
		is_over = returns_is_over(sold, count);
		HOLDS(is_over || sum.money_fen % steps[now] == 0);
		check_so_far(chance, sold, count, given, is_fixed ? steps[rule] : 100);
		if (is_first && is_over)
			HOLDS(sum.rounding_fen == totals->rounding_fen);
		is_first = false;
	}
	HOLDS(given == totals->payable_fen);
	HOLDS(returned == totals->total_fen);
	for (size_t i = 0; rule == ZG_ROUND_NONE && is_fixed && i < count; i++)
		HOLDS(sold[i].refunded_fen == sold[i].paid_fen);
}

Test(refund, any_parts_of_any_sale_give_back_exactly_what_was_paid)
{
	struct chance chance = chance_begin();

	for (long round = chance_rounds(20000); round > 0; round--) {
		struct zg_sale *sale = zg_sale_new();
		enum zg_rounding rule = (enum zg_rounding)chance_between(&chance, ZG_ROUND_NONE, ZG_ROUND_YUAN);

		returns_ring(&chance, sale, rule);
		take_back(&chance, sale, rule, chance_between(&chance, 0, 3) != 0);
		zg_sale_free(sale);
	}
}

Test(refund, any_sequence_of_one_line_takes_back_exactly_its_tax)
{
	struct chance chance_ = chance_begin(), *chance = &chance_;

	for (long round = chance_rounds(20000); round > 0; round--) {
		bool is_weighed = chance_between(chance, 0, 1);
		struct zg_refundable line = {
			.kind = is_weighed ? ZG_ITEM_WEIGHED : ZG_ITEM_PIECE, .tax_bp = (zg_bp)chance_between(chance, 0, 1700),
			.sold = is_weighed ? 1 + chance_amount(chance, ZG_MILLI_MAX - 1) : 1000 * chance_between(chance, 1, 9999),
			.paid_fen = chance_amount(chance, 999999999),
		};
		enum zg_rounding rule = (enum zg_rounding)chance_between(chance, ZG_ROUND_NONE, ZG_ROUND_YUAN);
		zg_fen net = 0, tax = 0;
		int steps = 0;

		line.value_fen = line.paid_fen + chance_between(chance, 0, 99);
		while (zg_refund_left(&line) > 0) {
			zg_milli left = zg_refund_left(&line), quantity = left;

			if (++steps < 12)
				quantity = is_weighed ? chance_between(chance, 1, left) : 1000 * chance_between(chance, 1, left / 1000);
			struct zg_refund_line refund = back(&line, quantity, rule);

			HOLDS(refund.value_fen >= 0 && refund.net_fen >= 0 && refund.tax_fen >= 0);
			net += refund.net_fen;
			tax += refund.tax_fen;
		}
		HOLDS(line.refunded_fen == line.paid_fen && line.returned_fen == line.value_fen);
		HOLDS(net == zg_tax_net(line.paid_fen, line.tax_bp));
		HOLDS(net + tax == line.paid_fen);
	}
}

/* ---- which way it goes */

Test(refund, money_goes_back_the_way_it_came)
{
	static const struct {
		zg_fen money;
		enum zg_rounding rounding;
		zg_fen cash_left, left[3], back[3], cash;
	} cases[] = {
		{ 1000, ZG_ROUND_NONE, 0,    { 1000, 0, 0 },     { 1000, 0, 0 },   0 },       /* all by one */
		{ 300,  ZG_ROUND_NONE, 700,  { 500, 0, 0 },      { 300, 0, 0 },    0 },       /* a part: not in cash while it can go back */
		{ 900,  ZG_ROUND_NONE, 700,  { 500, 0, 0 },      { 500, 0, 0 },    400 },     /* the rest */
		{ 300,  ZG_ROUND_NONE, 0,    { 200, 400, 0 },    { 0, 300, 0 },    0 },       /* the first that can take all of it */
		{ 700,  ZG_ROUND_NONE, 0,    { 200, 400, 300 },  { 200, 400, 100 }, 0 },
		{ 600,  ZG_ROUND_JIAO, 500,  { 502, 0, 0 },      { 500, 0, 0 },    100 },     /* the drawer has no fen: less goes by phone */
		{ 402,  ZG_ROUND_JIAO, 400,  { 2, 0, 0 },        { 2, 0, 0 },      400 },     /* and the last fen go with the last refund */
		{ 650,  ZG_ROUND_YUAN, 500,  { 320, 0, 0 },      { 250, 0, 0 },    400 },
		{ 5,    ZG_ROUND_JIAO, 5,    { 2, 0, 0 },        { 2, 0, 0 },      3 },       /* nothing to make it up with */
		{ 500,  ZG_ROUND_JIAO, 500,  { 0, 0, 0 },        { 0, 0, 0 },      500 },
		{ 0,    ZG_ROUND_NONE, 0,    { 100, 0, 0 },      { 0, 0, 0 },      0 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct zg_refund_way ways[3] = { 0 };

		for (int j = 0; j < 3; j++)
			ways[j] = (struct zg_refund_way){ .left_fen = cases[i].left[j], .back_fen = 77 };
		cr_expect(eq(long, zg_refund_share(cases[i].money, cases[i].rounding, cases[i].cash_left, ways, 3), cases[i].cash), "case %zu", i);
		for (int j = 0; j < 3; j++)
			cr_expect(eq(long, ways[j].back_fen, cases[i].back[j]), "case %zu, way %d", i, j);
	}
	cr_expect(eq(long, zg_refund_share(120, ZG_ROUND_JIAO, 120, NULL, 0), 120));
}

/* A sale paid by phones and cash, given back in parts of any size: each way gets at most what came by it, and in the end exactly that. */
Test(refund, in_any_parts_each_way_gets_back_what_came_by_it)
{
	struct chance chance = chance_begin();

	for (long round = 0; round < chance_rounds(20000); round++) {
		enum zg_rounding rounding = (enum zg_rounding)chance_between(&chance, 0, 2);
		zg_fen unit = rounding == ZG_ROUND_YUAN ? 100 : rounding == ZG_ROUND_JIAO ? 10 : 1;
		struct zg_refund_way ways[3] = { 0 };
		zg_fen cash = chance_between(&chance, 0, 40) * unit, left = cash;

		for (int i = 0; i < 3; i++) {
			ways[i].left_fen = chance_between(&chance, 0, 1) ? chance_amount(&chance, 5000) : 0;
			left += ways[i].left_fen;
		}
		while (left > 0) {
			/* as the money of a refund is worked out: to the fen while it all goes by phone, rounded off where cash is needed, the last as it is */
			zg_fen room = ways[0].left_fen + ways[1].left_fen + ways[2].left_fen, money = chance_between(&chance, 1, left), back = 0;

			if (money > room && money < left)
				money = zg_round_off(money, rounding);
			zg_fen given = zg_refund_share(money, rounding, cash, ways, 3);

			for (int i = 0; i < 3; i++) {
				cr_assert(ways[i].back_fen >= 0 && ways[i].back_fen <= ways[i].left_fen, "ZG_SEED=%llu", (unsigned long long)chance.seed);
				back += ways[i].back_fen;
				ways[i].left_fen -= ways[i].back_fen;
			}
			cr_assert(eq(long, back + given, money), "ZG_SEED=%llu", (unsigned long long)chance.seed);
			cr_assert(given <= cash && given % unit == 0, "ZG_SEED=%llu: %lld in cash of %lld", (unsigned long long)chance.seed, (long long)given,
				  (long long)cash);
			cash -= given;
			left -= money;
			if (money == 0)
				break;
		}
	}
}
