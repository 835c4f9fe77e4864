#include "src/shop/refund.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"

#include <stdlib.h>

zg_milli zg_refund_left(const struct zg_refundable *line)
{
	return line->refunded < line->sold ? line->sold - line->refunded : 0;
}

enum zg_result zg_refund_check(const struct zg_refundable *line, zg_milli quantity, struct zg_error *err)
{
	enum zg_result result = zg_item_check_quantity(line->kind, quantity, err);

	if (result != ZG_OK)
		return result;
	if (zg_refund_left(line) == 0)
		return zg_fail(err, ZG_INVALID, _("This line was refunded before. Nothing is left "
			       "of it."));
	if (quantity > zg_refund_left(line)) {
		char left[ZG_AMOUNT_TEXT];

		return zg_fail(err, ZG_INVALID, _("Only %s is left to refund. Type at most that."),
			       zg_milli_format(left, zg_refund_left(line)));
	}
	return ZG_OK;
}

/* The share of an amount that is back once `quantity` is. */
static zg_fen share_of(const struct zg_refundable *line, zg_fen amount, zg_milli quantity)
{
	return zg_fen_part(amount, quantity, line->sold);
}

/* More than the share went back before: nothing is taken from the customer. */
static zg_fen not_below_zero(zg_fen amount)
{
	return amount > 0 ? amount : 0;
}

static enum zg_result check_all(const struct zg_refundable *sold, size_t count, const zg_milli *quantities, struct zg_error *err)
{
	bool any = false;

	for (size_t i = 0; i < count; i++) {
		if (quantities[i] == 0)
			continue;
		enum zg_result result = zg_refund_check(&sold[i], quantities[i], err);

		if (result != ZG_OK)
			return result;
		any = true;
	}
	return any ? ZG_OK : zg_fail(err, ZG_INVALID, _("Choose at least one line to refund."));
}

/*
 * The money of the whole refund: what all goods that are back by then were paid with, less what was given
 * before, rounded off. The last refund is not rounded: whatever the rule is by now, the sum is what was paid.
 */
static zg_fen work_out_money(const struct zg_refundable *sold, size_t count, const zg_milli *quantities, enum zg_rounding rounding)
{
	zg_fen due = 0;
	bool is_last = true;

	for (size_t i = 0; i < count; i++) {
		due += share_of(&sold[i], sold[i].paid_fen, sold[i].refunded + quantities[i]) - sold[i].refunded_fen;
		is_last &= sold[i].refunded + quantities[i] >= sold[i].sold;
	}
	due = not_below_zero(due);
	return is_last ? due : zg_round_off(due, rounding);
}

/* Each line by itself: its value, and the money it would get without rounding (for now in net_fen). */
static void work_out_lines(const struct zg_refundable *sold, size_t count, const zg_milli *quantities,
			   struct zg_refund_line *lines, struct zg_refund_sum *sum, zg_fen *unrounded)
{
	*unrounded = 0;
	for (size_t i = 0; i < count; i++) {
		const struct zg_refundable *s = &sold[i];
		zg_milli by_then = s->refunded + quantities[i];

		if (quantities[i] == 0)
			continue;
		struct zg_refund_line *line = &lines[sum->lines++];

		*line = (struct zg_refund_line){ .line_no = s->line_no, .quantity = quantities[i],
			.value_fen = not_below_zero(share_of(s, s->value_fen, by_then) - s->returned_fen),
			.net_fen = share_of(s, s->paid_fen, by_then) - share_of(s, s->paid_fen, s->refunded) };
		sum->value_fen += line->value_fen;
		*unrounded += line->net_fen;
	}
}

/* Spreads what was rounded off over the lines, so that none falls below zero, and takes each line's tax back with its money. */
static void spread(const struct zg_refundable *sold, const zg_milli *quantities, struct zg_refund_line *lines,
		   const struct zg_refund_sum *sum, zg_fen unrounded)
{
	zg_fen *weights = zg_alloc(sum->lines, sizeof(*weights)), *parts = zg_alloc(sum->lines, sizeof(*parts));
	size_t at = 0;

	for (size_t i = 0; i < sum->lines; i++)
		weights[i] = lines[i].net_fen;
	zg_assert(zg_fen_spread(unrounded - sum->money_fen, weights, sum->lines, parts));
	for (size_t i = 0; i < sum->lines; i++) {
		while (quantities[at] == 0)
			at++;
		const struct zg_refundable *s = &sold[at++];
		zg_fen money = weights[i] - parts[i];

		zg_assert(money >= 0);
		lines[i].rounding_fen = lines[i].value_fen - money;
		lines[i].net_fen = zg_tax_net(s->refunded_fen + money, s->tax_bp) - zg_tax_net(s->refunded_fen, s->tax_bp);
		lines[i].tax_fen = money - lines[i].net_fen;
	}
	free(weights);
	free(parts);
}

enum zg_result zg_refund_work_out(const struct zg_refundable *sold, size_t count, const zg_milli *quantities,
				  enum zg_rounding rounding, struct zg_refund_line *lines, struct zg_refund_sum *sum,
				  struct zg_error *err)
{
	zg_fen unrounded;
	enum zg_result result = check_all(sold, count, quantities, err);

	if (result != ZG_OK)
		return result;
	*sum = (struct zg_refund_sum){ .money_fen = work_out_money(sold, count, quantities, rounding) };
	work_out_lines(sold, count, quantities, lines, sum, &unrounded);
	spread(sold, quantities, lines, sum, unrounded);
	sum->rounding_fen = sum->value_fen - sum->money_fen;
	return ZG_OK;
}

/* The least that the rule can pay and that is not below `amount`. */
static zg_fen round_up(zg_fen amount, enum zg_rounding rounding)
{
	zg_fen paid = zg_round_off(amount, rounding), step = 1;

	while (zg_round_off(step, rounding) != step)
		step *= 10;
	return paid == amount ? amount : paid + step;
}

zg_fen zg_refund_share(zg_fen money, enum zg_rounding rounding, zg_fen cash_left, struct zg_refund_way *ways, size_t count)
{
	zg_fen room = 0;
	struct zg_refund_way *alone = NULL;

	zg_assert(money >= 0);
	for (size_t i = 0; i < count; i++) {
		zg_assert(ways[i].left_fen >= 0);
		ways[i].back_fen = 0;
		room += ways[i].left_fen;
	}
	zg_fen rest = money > room ? money - room : 0, cash = round_up(rest, rounding);

	if (cash > money || cash > cash_left)
		cash = rest;
	zg_fen back = money - cash;

	for (size_t i = 0; i < count && !alone; i++)
		if (ways[i].left_fen >= back)
			alone = &ways[i];
	if (alone)
		alone->back_fen = back;
	for (size_t i = 0; i < count && !alone; i++) {
		ways[i].back_fen = ways[i].left_fen < back ? ways[i].left_fen : back;
		back -= ways[i].back_fen;
	}
	return cash;
}
