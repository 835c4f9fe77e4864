/*
 * The money of a sale, by chance: thousands of made-up sales, each worked out a second time in 128
 * bits by plain rules that share no code with src/shop.
 */
#include "src/shop/sale.h"
#include "tests/unit/chance.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

__extension__ typedef __int128 wide;

#define SAY "repeat with ZG_SEED=%lu ZG_COUNT=%ld", chance->seed, chance_rounds(3000)

static wide half_up(wide value, wide of)
{
	return (2 * value + of) / (2 * of);
}

static struct zg_item some_item(struct chance *chance)
{
	static const zg_bp rates[] = { 0, 100, 300, 600, 900, 1300 };
	int id = (int)chance_between(chance, 1, 12);
	struct zg_item item = { .id = id, .active = true, .name = "货", .kind = (enum zg_item_kind)(id % 3) };

	snprintf(item.code, sizeof(item.code), "C%d", id);
	item.price_fen = chance_amount(chance, 200000);
	item.tax_bp = rates[id % 6];
	return item;
}

static zg_milli some_quantity(struct chance *chance, enum zg_item_kind kind)
{
	if (chance_between(chance, 0, 30) == 0)
		return chance_between(chance, -2, ZG_MILLI_MAX + 2);    /* most of these are refused */
	return kind == ZG_ITEM_WEIGHED ? chance_between(chance, 1, 5000) : 1000 * chance_between(chance, 1, 12);
}

static struct zg_discount some_discount(struct chance *chance)
{
	switch (chance_between(chance, 0, 4)) {
	case 0: return (struct zg_discount){ 0 };
	case 1: return zg_discount_off(chance_amount(chance, 100000));    /* 0 is refused */
	default: return zg_discount_kept((zg_bp)chance_between(chance, 0, 10000));
	}
}

/* One random call. Some are refused: then nothing may have changed. */
static enum zg_result do_something(struct zg_sale *sale, struct chance *chance)
{
	struct zg_item item = some_item(chance);
	struct zg_discount discount = some_discount(chance);
	int no = (int)chance_between(chance, 0, (int64_t)zg_sale_line_count(sale) + 1);
	const struct zg_line *line = zg_sale_find_line(sale, no);
	zg_milli quantity = some_quantity(chance, line ? line->kind : item.kind);

	switch (chance_between(chance, 0, 11)) {
	case 0: return zg_sale_set_quantity(sale, no, quantity, NULL);
	case 1: return zg_sale_remove(sale, no, line && chance_between(chance, 0, 1) ? line->quantity : quantity, NULL);
	case 2: return zg_sale_restore(sale, no, NULL);
	case 3: return zg_sale_set_price(sale, no, chance_amount(chance, ZG_ITEM_PRICE_MAX), NULL);
	case 4: return zg_sale_discount_line(sale, no, &discount, NULL);
	case 5: return zg_sale_discount(sale, &discount, NULL);
	default:
		quantity = some_quantity(chance, item.kind);
		return zg_sale_add(sale, &item, quantity, chance_amount(chance, 5000), NULL, NULL);
	}
}

/* Pays in parts, the last one in cash; some tries are refused. */
static void pay(struct zg_sale *sale, struct chance *chance)
{
	enum zg_rounding rounding = (enum zg_rounding)chance_between(chance, 0, 2);

	for (int i = 0; i < 5 && zg_sale_due(sale) > 0; i++) {
		enum zg_tender_kind kind = (enum zg_tender_kind)chance_between(chance, 0, ZG_TENDER_KINDS);

		(void)zg_sale_tender(sale, kind, chance_between(chance, -1, zg_sale_due(sale) + 50), rounding, NULL);
		if (chance_between(chance, 0, 9) == 0)
			(void)zg_sale_remove_tender(sale, (size_t)chance_between(chance, 0, 3), NULL);
	}
	if (chance_between(chance, 0, 3) > 0 && zg_sale_due(sale) > 0)
		(void)zg_sale_tender(sale, ZG_TENDER_CASH, zg_sale_cash_due(sale, rounding) + chance_between(chance, 0, 99),
				     rounding, NULL);
}

/* Everything that can be read of a sale, so that two sales can be compared. */
struct picture {
	struct zg_sale_totals totals;
	struct zg_discount discount;
	size_t lines, tenders, taxes;
	struct zg_line line[64];
	struct zg_tender tender[ZG_SALE_TENDERS];
	struct zg_tax_total tax[ZG_TAX_RATES];
};

static void look(const struct zg_sale *sale, struct picture *picture)
{
	memset(picture, 0, sizeof(*picture));
	picture->totals = *zg_sale_totals(sale);
	picture->discount = *zg_sale_discount_rule(sale);
	picture->lines = zg_sale_line_count(sale);
	picture->tenders = zg_sale_tender_count(sale);
	for (size_t i = 0; i < picture->lines && i < 64; i++)
		picture->line[i] = *zg_sale_line(sale, i);
	for (size_t i = 0; i < picture->tenders; i++)
		picture->tender[i] = *zg_sale_tender_at(sale, i);
	picture->taxes = zg_sale_taxes(sale, picture->tax);
}

#define SAME(field) (a->field == b->field)

static bool is_same_discount(const struct zg_discount *a, const struct zg_discount *b)
{
	return SAME(kind) && SAME(kept_bp) && SAME(off_fen) && strcmp(a->label, b->label) == 0 &&
	       strcmp(a->funder, b->funder) == 0 && strcmp(a->coupon, b->coupon) == 0;
}

static bool is_same_line(const struct zg_line *a, const struct zg_line *b)
{
	return SAME(no) && SAME(item_id) && SAME(kind) && SAME(tax_bp) && SAME(list_fen) && SAME(price_fen) &&
	       SAME(price_is_set) && SAME(quantity) && SAME(removed) && SAME(gross_fen) && SAME(discount_fen) &&
	       SAME(share_fen) && SAME(amount_fen) && SAME(rounding_fen) && SAME(paid_fen) && SAME(net_fen) &&
	       SAME(tax_fen) && SAME(removed_fen) && strcmp(a->code, b->code) == 0 && strcmp(a->name, b->name) == 0 &&
	       strcmp(a->unit, b->unit) == 0 && strcmp(a->tax_code, b->tax_code) == 0 &&
	       is_same_discount(&a->discount, &b->discount);
}

static bool is_same(const struct picture *a, const struct picture *b)
{
	bool same = SAME(lines) && SAME(tenders) && SAME(taxes) && is_same_discount(&a->discount, &b->discount) &&
		    SAME(totals.lines) && SAME(totals.removed_lines) && SAME(totals.pieces) && SAME(totals.gross_fen) &&
		    SAME(totals.line_discount_fen) && SAME(totals.sale_discount_fen) && SAME(totals.total_fen) &&
		    SAME(totals.rounding_fen) && SAME(totals.payable_fen) && SAME(totals.kept_fen) &&
		    SAME(totals.due_fen) && SAME(totals.change_fen) && SAME(totals.removed_fen);

	for (size_t i = 0; same && i < a->lines && i < 64; i++)
		same = is_same_line(&a->line[i], &b->line[i]);
	for (size_t i = 0; same && i < a->tenders; i++)
		same = SAME(tender[i].kind) && SAME(tender[i].tendered_fen) && SAME(tender[i].kept_fen) &&
		       SAME(tender[i].change_fen);
	for (size_t i = 0; same && i < a->taxes; i++)
		same = SAME(tax[i].rate_bp) && SAME(tax[i].gross_fen) && SAME(tax[i].net_fen) && SAME(tax[i].tax_fen);
	return same;
}

static wide reference_discount(const struct zg_discount *rule, wide amount)
{
	if (rule->kind == ZG_DISCOUNT_KEPT)
		return amount - half_up(amount * rule->kept_bp, 10000);
	if (rule->kind == ZG_DISCOUNT_OFF)
		return rule->off_fen < amount ? rule->off_fen : amount;
	return 0;
}

/* Largest remainder, checked by its definition: whole parts first, then one more each by the size of the rest. */
static void check_spread(wide whole, const wide *weights, const zg_fen *parts, size_t count, struct chance *chance)
{
	wide total = 0, sum = 0;
	wide least_raised = -1, most_not_raised = -1;

	for (size_t i = 0; i < count; i++) {
		total += weights[i];
		sum += parts[i];
	}
	cr_assert(sum == whole, SAY);
	for (size_t i = 0; i < count && total > 0; i++) {
		wide floor = whole * weights[i] / total, rest = whole * weights[i] % total;

		cr_assert(parts[i] == floor || parts[i] == floor + 1, SAY);
		cr_assert(parts[i] <= weights[i], SAY);    /* no line falls below zero */
		if (parts[i] == floor + 1)
			least_raised = least_raised < 0 || rest < least_raised ? rest : least_raised;
		else
			most_not_raised = rest > most_not_raised ? rest : most_not_raised;
	}
	cr_assert(least_raised < 0 || least_raised >= most_not_raised, SAY);
}

static void check_money(const struct zg_sale *sale, struct chance *chance)
{
	const struct zg_sale_totals *t = zg_sale_totals(sale);
	size_t count = zg_sale_line_count(sale);
	wide gross = 0, line_discount = 0, total = 0, paid = 0, tax = 0, net = 0, kept = 0, change = 0;
	wide before[64], after[64];
	zg_fen shares[64], roundings[64];

	for (size_t i = 0; i < count; i++) {
		const struct zg_line *l = zg_sale_line(sale, i);
		wide line_gross = half_up((wide)l->price_fen * l->quantity, 1000);
		wide off = reference_discount(&l->discount, line_gross);

		cr_assert(l->no == (int)i + 1, SAY);
		cr_assert(l->gross_fen == line_gross && l->discount_fen == off, SAY);
		cr_assert(l->amount_fen == line_gross - off - l->share_fen && l->amount_fen >= 0, SAY);
		cr_assert(l->paid_fen == l->amount_fen - l->rounding_fen && l->paid_fen >= 0, SAY);
		cr_assert(l->net_fen == half_up((wide)l->paid_fen * 10000, 10000 + l->tax_bp), SAY);
		cr_assert(l->net_fen + l->tax_fen == l->paid_fen && l->tax_fen >= 0, SAY);
		before[i] = line_gross - off;
		after[i] = l->amount_fen;
		shares[i] = l->share_fen;
		roundings[i] = l->rounding_fen;
		gross += line_gross;
		line_discount += off;
		total += l->amount_fen;
		paid += l->paid_fen;
		net += l->net_fen;
		tax += l->tax_fen;
	}
	cr_assert(gross <= ZG_SALE_MAX_FEN, SAY);
	cr_assert(t->gross_fen == gross && t->line_discount_fen == line_discount, SAY);
	cr_assert(t->sale_discount_fen == reference_discount(zg_sale_discount_rule(sale), gross - line_discount), SAY);
	cr_assert(t->total_fen == gross - line_discount - t->sale_discount_fen && t->total_fen == total, SAY);
	cr_assert(t->payable_fen == paid && t->payable_fen == total - t->rounding_fen, SAY);
	check_spread(t->sale_discount_fen, before, shares, count, chance);
	check_spread(t->rounding_fen, after, roundings, count, chance);

	for (size_t i = 0; i < zg_sale_tender_count(sale); i++) {
		const struct zg_tender *tender = zg_sale_tender_at(sale, i);

		cr_assert(tender->kept_fen + tender->change_fen == tender->tendered_fen && tender->kept_fen >= 0, SAY);
		cr_assert(tender->change_fen == 0 || tender->kind == ZG_TENDER_CASH, SAY);
		kept += tender->kept_fen;
		change += tender->change_fen;
	}
	cr_assert(t->kept_fen == kept && t->change_fen == change && t->due_fen == paid - kept && t->due_fen >= 0, SAY);
	cr_assert(t->rounding_fen < 100 && (t->rounding_fen == 0 || t->due_fen == 0), SAY);

	struct zg_tax_total rows[ZG_TAX_RATES];
	wide row_net = 0, row_tax = 0, row_gross = 0;

	for (size_t i = 0, n = zg_sale_taxes(sale, rows); i < n; i++) {
		row_gross += rows[i].gross_fen;
		row_net += rows[i].net_fen;
		row_tax += rows[i].tax_fen;
	}
	cr_assert(row_gross == paid && row_net == net && row_tax == tax, SAY);
}

Test(sale_money, any_sale_adds_up_and_a_refusal_changes_nothing)
{
	struct chance start = chance_begin(), *chance = &start;
	struct picture *before = malloc(sizeof(*before)), *after = malloc(sizeof(*after));
	long refused = 0, done = 0;

	for (long round = chance_rounds(3000); round > 0; round--) {
		struct zg_sale *sale = zg_sale_new();
		int steps = (int)chance_between(chance, 1, 30);

		for (int i = 0; i < steps; i++) {
			look(sale, before);
			enum zg_result result = do_something(sale, chance);

			if (result != ZG_OK) {
				look(sale, after);
				cr_assert(is_same(before, after), SAY);
				refused++;
			} else {
				check_money(sale, chance);
				done++;
			}
		}
		pay(sale, chance);
		check_money(sale, chance);
		zg_sale_free(sale);
	}
	/* The test would prove little if nearly all calls were of one kind. */
	cr_expect(refused > done / 50 && done > refused, "%ld done, %ld refused; " "ZG_SEED=%lu", done, refused, start.seed);
	free(before);
	free(after);
}

/* After a power cut the rows are fed back: the same sale must come of it. */
Test(sale_money, a_sale_fed_back_is_the_same_sale)
{
	struct chance start = chance_begin(), *chance = &start;
	struct picture *before = malloc(sizeof(*before)), *after = malloc(sizeof(*after));
	struct zg_line *rows = malloc(sizeof(before->line));

	for (long round = chance_rounds(3000); round > 0; round--) {
		struct zg_sale *sale = zg_sale_new(), *back = zg_sale_new();

		for (int64_t i = chance_between(chance, 1, 30); i > 0; i--)
			(void)do_something(sale, chance);
		pay(sale, chance);
		look(sale, before);

		for (size_t i = 0; i < before->lines; i++) {
			rows[i] = before->line[i];
			/* What is worked out is not read: rubbish there does no harm. */
			rows[i].gross_fen = rows[i].share_fen = rows[i].paid_fen = rows[i].tax_fen = rows[i].removed_fen = 12345;
			rows[i].price_is_set = !rows[i].price_is_set;
		}
		size_t part = (size_t)chance_between(chance, 0, (int64_t)before->lines);

		cr_assert(eq(int, zg_sale_restore_lines(back, rows, part, NULL), ZG_OK), SAY);
		cr_assert(eq(int, zg_sale_restore_lines(back, rows + part, before->lines - part, NULL), ZG_OK), SAY);
		if (before->lines > 0)
			cr_assert(eq(int, zg_sale_discount(back, &before->discount, NULL), ZG_OK), SAY);
		for (size_t i = 0; i < before->tenders; i++) {
			zg_fen rounding = i + 1 == before->tenders ? before->totals.rounding_fen : 0;

			cr_assert(eq(int, zg_sale_restore_tender(back, &before->tender[i], rounding, NULL), ZG_OK), SAY);
		}
		look(back, after);
		cr_assert(is_same(before, after), SAY);
		zg_sale_free(sale);
		zg_sale_free(back);
	}
	free(rows);
	free(before);
	free(after);
}

/* The same calls always make the same sale. */
Test(sale_money, a_sale_can_be_played_again)
{
	struct chance start = chance_begin(), *chance = &start;
	struct picture *first = malloc(sizeof(*first)), *second = malloc(sizeof(*second));

	for (long round = chance_rounds(500); round > 0; round--) {
		struct chance again = *chance;
		struct zg_sale *a = zg_sale_new(), *b = zg_sale_new();

		for (int i = 0; i < 25; i++)
			(void)do_something(a, chance);
		pay(a, chance);
		for (int i = 0; i < 25; i++)
			(void)do_something(b, &again);
		pay(b, &again);
		look(a, first);
		look(b, second);
		cr_assert(is_same(first, second), SAY);
		zg_sale_free(a);
		zg_sale_free(b);
	}
	free(first);
	free(second);
}
