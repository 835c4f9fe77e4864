/* What the oracle knows of ringing up: which lines there then are, and what is refused. */
#include "tests/lab/oracle.h"

#include <stdlib.h>
#include <string.h>

#define PRICE_MAX REF_SALE_MAX

static int64_t unit_of(const struct oracle *o, const struct oracle_line *line)
{
	return o->goods[line->good].kind == ORACLE_WEIGHED ? 1 : 1000;
}

/* What may be sold of something. */
static bool is_quantity(int64_t quantity, int64_t unit)
{
	return quantity > 0 && quantity <= REF_MILLI_MAX && quantity % unit == 0;
}

static struct oracle_line *find(struct oracle_sale *sale, int no)
{
	return no >= 1 && (size_t)no <= sale->count ? &sale->lines[no - 1] : NULL;
}

static struct oracle_line *find_live(struct oracle_sale *sale, int no)
{
	struct oracle_line *line = find(sale, no);

	return line && line->r.quantity > 0 ? line : NULL;
}

/* Works the sale out anew. */
static const char *work_out(struct oracle_sale *sale)
{
	struct ref_line *lines = malloc((sale->count + 1) * sizeof(*lines));
	int64_t rates[ORACLE_RATES + 1];
	size_t rate_count = 0;

	for (size_t i = 0; i < sale->count; i++) {
		size_t at = 0;

		lines[i] = sale->lines[i].r;
		while (at < rate_count && rates[at] != lines[i].tax_bp)
			at++;
		if (lines[i].quantity > 0 && at == rate_count && rate_count <= ORACLE_RATES)
			rates[rate_count++] = lines[i].tax_bp;
	}
	bool fits = ref_sale(lines, sale->count, &sale->rule, 0, &sale->totals);

	for (size_t i = 0; fits && i < sale->count; i++)
		sale->lines[i].r = lines[i];
	free(lines);
	return !fits ? "the sale is too large" : rate_count > ORACLE_RATES ? "too many rates" : NULL;
}

/* Raises the last line or adds one. */
static const char *ring(const struct oracle *o, const struct day_step *step, struct oracle_sale *sale)
{
	if (step->good < 0 || step->good >= o->good_count)
		return "no such goods";
	const struct oracle_good *good = &o->goods[step->good];
	bool is_open = good->kind == ORACLE_OPEN_PRICE;
	struct oracle_line *last = find(sale, (int)sale->count);

	if (!is_quantity(step->quantity, good->kind == ORACLE_WEIGHED ? 1 : 1000))
		return "no quantity";
	if (is_open ? step->fen <= 0 || step->fen > PRICE_MAX : step->fen != DAY_TILL && (step->fen < 0 || step->fen > REF_FEN_MAX))
		return "no price";
	if (last && last->good == step->good && good->kind == ORACLE_PIECE && last->r.price_fen == good->price_fen && last->r.removed == 0 &&
	    last->r.rule.kept_bp < 0 && last->r.rule.off_fen < 0 && last->r.quantity + step->quantity <= REF_MILLI_MAX) {
		last->r.quantity += step->quantity;
		return work_out(sale);
	}
	if (sale->count == ORACLE_LINES)
		return "too many lines";
	if (sale->count == sale->room) {
		sale->room = sale->room ? 2 * sale->room : 8;
		sale->lines = realloc(sale->lines, sale->room * sizeof(*sale->lines));
	}
	sale->lines[sale->count++] = (struct oracle_line){ .good = step->good, .r = { .price_fen = is_open ? step->fen : good->price_fen,
		.quantity = step->quantity, .tax_bp = good->tax_bp, .rule = REF_NO_RULE } };
	return work_out(sale);
}

/* More than a half off is another price, and needs that right. */
static bool is_large(const struct oracle_line *line)
{
	return line->r.discount > line->r.gross / 2;
}

static const char *take_off(const struct oracle *o, const struct day_step *step, struct oracle_sale *sale, int64_t quantity)
{
	struct oracle_line *line = find_live(sale, step->line);
	int64_t unit = unit_of(o, line);

	if (!is_quantity(quantity, unit) || quantity > line->r.quantity)
		return "the line has not so much";
	struct oracle_line before = *line;

	line->r.quantity -= quantity;
	line->r.removed = ref_removed(line->r.removed + quantity, unit);
	const char *why = work_out(sale);
	bool is_larger = (ref_wide)line->r.discount * before.r.gross > (ref_wide)before.r.discount * line->r.gross;

	if (!why && is_large(line) && is_larger && !oracle_may(o, step, ORACLE_SUPERVISOR))
		return "the discount grows past a half";
	return why;
}

static const char *set_quantity(const struct oracle *o, const struct day_step *step, struct oracle_sale *sale)
{
	struct oracle_line *line = find_live(sale, step->line);

	if (!line)
		return "no such line";
	if (!is_quantity(step->quantity, unit_of(o, line)))
		return "no quantity";
	if (step->quantity < line->r.quantity)    /* less is taking off, and leaves its trace */
		return take_off(o, step, sale, line->r.quantity - step->quantity);
	line->r.quantity = step->quantity;
	return work_out(sale);
}

static const char *restore(const struct oracle *o, const struct day_step *step, struct oracle_sale *sale)
{
	struct oracle_line *line = find(sale, step->line);

	if (!line || line->r.removed == 0 || !is_quantity(line->r.quantity + line->r.removed, unit_of(o, line)))
		return "nothing to put back";
	line->r.quantity += line->r.removed;
	line->r.removed = 0;
	return work_out(sale);
}

static const char *set_price(const struct oracle *o, const struct day_step *step, struct oracle_sale *sale)
{
	struct oracle_line *line = find_live(sale, step->line);

	if (!line || step->fen < 0 || step->fen > PRICE_MAX)
		return "no such line, or no price";
	if (!oracle_may(o, step, ORACLE_SUPERVISOR))
		return "no right";
	line->r.price_fen = step->fen;
	return work_out(sale);
}

static const char *discount(const struct oracle *o, const struct day_step *step, struct oracle_sale *sale)
{
	struct oracle_line *line = find_live(sale, step->line);
	struct ref_rule rule = REF_NO_RULE;

	if (step->kept_bp != DAY_TILL)
		rule.kept_bp = step->kept_bp;
	else if (step->fen != DAY_TILL)
		rule.off_fen = step->fen;
	if (rule.kept_bp < -1 || rule.kept_bp > 9999 || (rule.off_fen != -1 && (rule.off_fen < 1 || rule.off_fen > REF_FEN_MAX)))
		return "no discount";
	if (oracle_is_empty(o))
		return "nothing to discount";
	if (step->line == 0 && !oracle_may(o, step, ORACLE_SUPERVISOR))
		return "no right";
	if (step->line == 0) {
		sale->rule = rule;
		const char *why = work_out(sale);

		return !why && rule.off_fen > sale->totals.gross - sale->totals.line_discount ? "more than the sale comes to" : why;
	}
	if (!line)
		return "no such line";
	line->r.rule = rule;
	const char *why = work_out(sale);

	if (!why && rule.off_fen > line->r.gross)
		return "more than the line comes to";
	return !why && is_large(line) && !oracle_may(o, step, ORACLE_SUPERVISOR) ? "no right to so much" : why;
}

const char *oracle_try_line(const struct oracle *o, const struct day_step *step, struct oracle_answer *answer)
{
	struct oracle_sale *sale = &answer->sale;
	const struct oracle_line *line = find_live(sale, step->line);

	switch (step->what) {
	case DAY_RING:     return ring(o, step, sale);
	case DAY_QUANTITY: return set_quantity(o, step, sale);
	case DAY_REMOVE:   return line ? take_off(o, step, sale, step->quantity ? step->quantity : line->r.quantity) : "no such line";
	case DAY_RESTORE:  return restore(o, step, sale);
	case DAY_PRICE:    return set_price(o, step, sale);
	case DAY_DISCOUNT: return discount(o, step, sale);
	default:           return "that changes no line";
	}
}
