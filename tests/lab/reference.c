#include "tests/lab/reference.h"

#include <stdlib.h>

ref_wide ref_half_up(ref_wide value, ref_wide of)
{
	ref_wide size = value < 0 ? -value : value, whole = (2 * size + of) / (2 * of);

	return value < 0 ? -whole : whole;
}

bool ref_fits(ref_wide value)
{
	return value >= -(ref_wide)REF_FEN_MAX && value <= (ref_wide)REF_FEN_MAX;
}

ref_wide ref_times(int64_t price, int64_t milli)
{
	return ref_half_up((ref_wide)price * milli, 1000);
}

int64_t ref_net(int64_t gross, int64_t rate_bp)
{
	return (int64_t)ref_half_up((ref_wide)gross * 10000, 10000 + (ref_wide)rate_bp);
}

int64_t ref_round_off(int64_t amount, int64_t step)
{
	return amount / step * step;
}

void ref_spread(int64_t whole, const int64_t *weights, size_t count, int64_t *parts)
{
	ref_wide all = 0, size = whole < 0 ? -(ref_wide)whole : whole, left = size;
	ref_wide *rests = malloc((count ? count : 1) * sizeof(*rests));

	for (size_t i = 0; i < count; i++)
		all += weights[i];
	for (size_t i = 0; i < count; i++) {
		parts[i] = all ? (int64_t)(size * weights[i] / all) : 0;
		rests[i] = all ? size * weights[i] % all : count - i;    /* nothing to go by: the first takes it all */
		left -= parts[i];
	}
	if (all == 0 && count > 0)
		parts[0] = (int64_t)size;
	/* each fen that is left to the line that lost the most; rests are below `all`, so -1 marks one that had its fen */
	for (; all > 0 && left > 0; left--) {
		size_t best = 0;

		for (size_t i = 1; i < count; i++)
			if (rests[i] > rests[best])
				best = i;
		parts[best]++;
		rests[best] = -1;
	}
	for (size_t i = 0; whole < 0 && i < count; i++)
		parts[i] = -parts[i];
	free(rests);
}

int64_t ref_discount(const struct ref_rule *rule, int64_t amount)
{
	if (rule->kept_bp >= 0)
		return amount - (int64_t)ref_half_up((ref_wide)amount * rule->kept_bp, 10000);
	if (rule->off_fen > 0)
		return rule->off_fen > amount ? amount : rule->off_fen;
	return 0;
}

int64_t ref_removed(int64_t removed, int64_t unit)
{
	int64_t most = REF_MILLI_MAX - REF_MILLI_MAX % unit;

	return removed > most ? most : removed;
}

static bool work_out_lines(struct ref_line *lines, size_t count, struct ref_totals *totals)
{
	ref_wide all = 0;

	*totals = (struct ref_totals){ 0 };
	for (size_t i = 0; i < count; i++) {
		struct ref_line *l = &lines[i];
		ref_wide gross = ref_times(l->price_fen, l->quantity), removed = ref_times(l->price_fen, l->removed);

		all += gross;
		if (all > REF_SALE_MAX)
			return false;
		l->gross = (int64_t)gross;
		l->removed_fen = removed > REF_FEN_MAX ? REF_FEN_MAX : (int64_t)removed;
		l->discount = ref_discount(&l->rule, l->gross);
		totals->line_discount += l->discount;
		totals->removed_fen += l->removed_fen;
		totals->removed_lines += l->removed != 0;
		totals->live += l->quantity != 0;
	}
	totals->gross = (int64_t)all;
	return true;
}

bool ref_sale(struct ref_line *lines, size_t count, const struct ref_rule *rule, int64_t rounding, struct ref_totals *totals)
{
	int64_t *weights = malloc((count ? count : 1) * sizeof(*weights)), *parts = malloc((count ? count : 1) * sizeof(*parts));
	bool fits = work_out_lines(lines, count, totals);

	if (fits) {
		totals->sale_discount = ref_discount(rule, totals->gross - totals->line_discount);
		totals->total = totals->gross - totals->line_discount - totals->sale_discount;
		totals->rounding = rounding;
		totals->payable = totals->total - rounding;
		for (size_t i = 0; i < count; i++)
			weights[i] = lines[i].gross - lines[i].discount;
		ref_spread(totals->sale_discount, weights, count, parts);
		for (size_t i = 0; i < count; i++) {
			lines[i].share = parts[i];
			lines[i].amount = weights[i] -= parts[i];
		}
		ref_spread(rounding, weights, count, parts);
		for (size_t i = 0; i < count; i++) {
			lines[i].rounding = parts[i];
			lines[i].paid = lines[i].amount - parts[i];
			lines[i].net = ref_net(lines[i].paid, lines[i].tax_bp);
			lines[i].tax = lines[i].paid - lines[i].net;
		}
	}
	free(weights);
	free(parts);
	return fits;
}

/* The part of an amount that belongs to so much of the line. */
static int64_t part_of(const struct ref_sold *line, int64_t amount, int64_t quantity)
{
	return (int64_t)ref_half_up((ref_wide)amount * quantity, line->sold);
}

int64_t ref_refund(const struct ref_sold *sold, size_t count, const int64_t *quantities, int64_t step, struct ref_back *back)
{
	int64_t *fair = calloc(count + 1, sizeof(*fair)), *off = calloc(count + 1, sizeof(*off));
	int64_t owed = 0, given = 0, all = 0, money;
	bool is_whole = true;

	for (size_t i = 0; i < count; i++) {
		int64_t by_then = sold[i].back + quantities[i];

		is_whole = is_whole && by_then == sold[i].sold;
		owed += part_of(&sold[i], sold[i].paid, by_then);
		given += sold[i].refunded;
		fair[i] = part_of(&sold[i], sold[i].paid, by_then) - part_of(&sold[i], sold[i].paid, sold[i].back);
		all += fair[i];
	}
	money = owed > given ? owed - given : 0;
	if (!is_whole)    /* the last one is exact */
		money = ref_round_off(money, step);
	/* only over the lines that take part: squeeze them together, spread, put them back in their places */
	size_t used = 0;

	for (size_t i = 0; i < count; i++)
		if (quantities[i])
			fair[used++] = fair[i];
	ref_spread(all - money, fair, used, off);
	for (size_t i = 0, at = 0; i < count; i++) {
		back[i] = (struct ref_back){ 0 };
		if (!quantities[i])
			continue;
		back[i].value = part_of(&sold[i], sold[i].value, sold[i].back + quantities[i]) - sold[i].returned;
		back[i].money = fair[at] - off[at];
		back[i].rounding = back[i].value - back[i].money;
		back[i].net = ref_net(sold[i].refunded + back[i].money, sold[i].tax_bp) - ref_net(sold[i].refunded, sold[i].tax_bp);
		back[i].tax = back[i].money - back[i].net;
		at++;
	}
	free(fair);
	free(off);
	return money;
}

void ref_give_back(struct ref_sold *sold, size_t count, const int64_t *quantities, const struct ref_back *back)
{
	for (size_t i = 0; i < count; i++) {
		sold[i].back += quantities[i];
		sold[i].returned += back[i].value;
		sold[i].refunded += back[i].money;
	}
}
