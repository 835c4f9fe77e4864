/* The largest cases of the experiment "amounts": whole sales, and sales that go back in parts. */
#include "tests/fault/amounts.h"

#include "src/shop/refund.h"

#include <inttypes.h>

static const struct { enum zg_rounding how; int64_t step; } steps[] = { { ZG_ROUND_NONE, 1 }, { ZG_ROUND_JIAO, 10 }, { ZG_ROUND_YUAN, 100 } };

/* ---- a whole sale ---- */

struct both {
	struct zg_sale *sale;
	struct ref_line lines[AMOUNTS_LINES];
	enum zg_item_kind kinds[AMOUNTS_LINES];
	size_t count;
	struct ref_rule rule;
	struct ref_totals totals;
};

/* The sale took the change exactly when the reference can; what was refused has left both as they were. */
static bool same_answer(struct trial *t, struct both *b, enum zg_result result, const struct both *before)
{
	bool fits = ref_sale(b->lines, b->count, &b->rule, 0, &b->totals);
	bool is_right = amounts_check(t, (result == ZG_OK) == fits, "the sale of %zu lines answers %d, the reference %d", b->count, (int)result, fits);

	if (!fits) {
		t->refused++;
		*b = *before;
		(void)ref_sale(b->lines, b->count, &b->rule, 0, &b->totals);
	}
	return is_right;
}

static bool ring(struct trial *t, struct both *b)
{
	static const zg_bp rates[] = { 1300, 900, 600, 300, 100, 0, 10000, 1, 50, 1600, 1700, 333, 9999 };
	struct both before = *b;
	enum zg_item_kind kind = (enum zg_item_kind)chance_between(&t->chance, 0, 2);
	struct zg_item item = { .id = (int64_t)b->count + 1, .name = "x", .active = true, .kind = kind, .price_fen = amounts_pick(t, REF_SALE_MAX),
		.tax_bp = rates[chance_between(&t->chance, 0, (int64_t)(sizeof(rates) / sizeof(rates[0])) - 1)] };
	int64_t quantity = kind == ZG_ITEM_WEIGHED ? 1 + amounts_pick(t, REF_MILLI_MAX - 1) : 1000 * (1 + chance_amount(&t->chance, 9998));
	int64_t open = 1 + amounts_pick(t, REF_SALE_MAX - 1);
	struct ref_line *line = &b->lines[b->count];

	if (chance_between(&t->chance, 0, 3)) {    /* mostly what a shop sells, so that sales grow */
		item.price_fen = chance_amount(&t->chance, 99999);
		quantity = kind == ZG_ITEM_WEIGHED ? 1 + chance_amount(&t->chance, 5000) : 1000;
	} else if (chance_between(&t->chance, 0, 3) == 0 && b->totals.gross > 0 && b->totals.gross < REF_SALE_MAX) {    /* to the limit of a sale, and one fen past it */
		item.price_fen = open = REF_SALE_MAX - b->totals.gross + chance_between(&t->chance, 0, 1);
		quantity = 1000;
	}
	snprintf(item.code, sizeof(item.code), "%zu", b->count + 1);
	*line = (struct ref_line){ .price_fen = kind == ZG_ITEM_OPEN_PRICE ? open : item.price_fen, .quantity = quantity, .tax_bp = item.tax_bp,
		.rule = REF_NO_RULE };
	b->kinds[b->count++] = kind;
	return same_answer(t, b, zg_sale_add(b->sale, &item, quantity, open, NULL, NULL), &before);
}

static bool change(struct trial *t, struct both *b)
{
	struct both before = *b;
	int no = (int)chance_between(&t->chance, 1, (int64_t)b->count);
	struct ref_line *line = &b->lines[no - 1];
	int64_t unit = b->kinds[no - 1] == ZG_ITEM_WEIGHED ? 1 : 1000, off;
	struct zg_discount own;

	if (line->quantity == 0)
		return true;
	switch (chance_between(&t->chance, 0, 4)) {
	case 0:
		line->price_fen = chance_amount(&t->chance, REF_SALE_MAX);
		return same_answer(t, b, zg_sale_set_price(b->sale, no, line->price_fen, NULL), &before);
	case 1:
		off = unit * chance_between(&t->chance, 1, line->quantity / unit);
		line->quantity -= off;
		line->removed = ref_removed(line->removed + off, unit);
		return same_answer(t, b, zg_sale_remove(b->sale, no, off, NULL), &before);
	case 2:
		line->quantity = unit * chance_between(&t->chance, 1, REF_MILLI_MAX / unit);
		return same_answer(t, b, zg_sale_set_quantity(b->sale, no, line->quantity, NULL), &before);
	case 3:
		own = amounts_pick_rule(t, &line->rule);
		return same_answer(t, b, zg_sale_discount_line(b->sale, no, &own, NULL), &before);
	default:
		own = amounts_pick_rule(t, &b->rule);
		return same_answer(t, b, zg_sale_discount(b->sale, &own, NULL), &before);
	}
}

static bool same_line(const struct zg_line *l, const struct ref_line *r)
{
	return l->quantity == r->quantity && l->removed == r->removed && l->gross_fen == r->gross && l->discount_fen == r->discount &&
	       l->share_fen == r->share && l->amount_fen == r->amount && l->rounding_fen == r->rounding && l->paid_fen == r->paid &&
	       l->net_fen == r->net && l->tax_fen == r->tax && l->removed_fen == r->removed_fen;
}

static void compare(struct trial *t, const struct both *b)
{
	const struct zg_sale_totals *s = zg_sale_totals(b->sale);
	struct zg_tax_total taxes[ZG_TAX_RATES];
	int64_t amounts = 0, paid = 0, parts = 0, taxed = 0;

	for (size_t i = 0; i < b->count; i++) {
		const struct zg_line *l = zg_sale_line(b->sale, i);

		amounts_check(t, same_line(l, &b->lines[i]), "line %zu: paid %" PRId64 ", net %" PRId64 ", taken off %" PRId64 "; the reference %" PRId64 ", %"
		      PRId64 ", %" PRId64, i + 1, (int64_t)l->paid_fen, (int64_t)l->net_fen, (int64_t)l->removed_fen, b->lines[i].paid,
		      b->lines[i].net, b->lines[i].removed_fen);
		amounts += l->amount_fen;
		paid += l->paid_fen;
		parts += l->net_fen + l->tax_fen;
	}
	for (size_t i = 0, n = zg_sale_taxes(b->sale, taxes); i < n; i++)
		taxed += taxes[i].net_fen + taxes[i].tax_fen;
	amounts_check(t, s->gross_fen == b->totals.gross && s->line_discount_fen == b->totals.line_discount && s->sale_discount_fen == b->totals.sale_discount &&
	      s->total_fen == b->totals.total && s->rounding_fen == b->totals.rounding && s->payable_fen == b->totals.payable &&
	      s->removed_fen == b->totals.removed_fen && s->lines == b->totals.live, "a sale comes to %" PRId64 ", the reference to %" PRId64,
	      (int64_t)s->payable_fen, b->totals.payable);
	amounts_check(t, amounts == s->total_fen && paid == s->payable_fen && parts == s->payable_fen && taxed == s->payable_fen,
	      "the lines of a sale of %" PRId64 " add up to %" PRId64 ", net and tax to %" PRId64, (int64_t)s->payable_fen, paid, parts);
}

static void pay(struct trial *t, struct both *b)
{
	int64_t at = chance_between(&t->chance, 0, 2), total = b->totals.total, split = total > 1 ? chance_between(&t->chance, 0, total - 1) : 0;
	int64_t asked = ref_round_off(total - split, steps[at].step), given = asked + amounts_pick(t, 20000);
	const struct zg_sale_totals *s = zg_sale_totals(b->sale);

	if (b->totals.live == 0 || total == 0 || given > REF_SALE_MAX)
		return;
	if (split && !amounts_check(t, zg_sale_tender(b->sale, ZG_TENDER_WECHAT, split, steps[at].how, NULL) == ZG_OK, "%" PRId64 " of %" PRId64 " was refused",
			    split, total))
		return;
	if (!amounts_check(t, zg_sale_tender(b->sale, ZG_TENDER_CASH, given, steps[at].how, NULL) == ZG_OK, "cash was refused"))
		return;
	(void)ref_sale(b->lines, b->count, &b->rule, total - split - asked, &b->totals);
	amounts_check(t, s->kept_fen == split + asked && s->change_fen == given - asked && s->due_fen == 0, "%" PRId64 " and %" PRId64 " for %" PRId64
	      ": kept %" PRId64 ", change %" PRId64, split, given, total, (int64_t)s->kept_fen, (int64_t)s->change_fen);
	compare(t, b);
	t->paid++;
}

void amounts_sale(struct trial *t)
{
	struct both b = { .sale = zg_sale_new(), .rule = REF_NO_RULE };
	bool good = true;

	for (int64_t n = chance_between(&t->chance, 1, AMOUNTS_LINES); good && n > 0; n--) {
		good = ring(t, &b);
		if (good && b.count > 0 && chance_between(&t->chance, 0, 2) == 0)
			good = change(t, &b);
	}
	if (good) {
		compare(t, &b);
		pay(t, &b);
	}
	zg_sale_free(b.sale);
}

/* ---- what was paid goes back in parts ---- */

static int64_t sum_of(const struct ref_sold *sold, size_t count, bool is_paid)
{
	int64_t sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += is_paid ? sold[i].paid : sold[i].refunded;
	return sum;
}

static struct zg_refundable refundable(int no, const struct ref_sold *line)
{
	return (struct zg_refundable){ .line_no = no, .kind = ZG_ITEM_WEIGHED, .tax_bp = (zg_bp)line->tax_bp, .sold = line->sold,
		.value_fen = line->value, .paid_fen = line->paid, .refunded = line->back, .returned_fen = line->returned,
		.refunded_fen = line->refunded };
}

/* One refund of some lines; false: the till and the reference differ. */
static bool refund(struct trial *t, struct ref_sold *sold, size_t count, const int64_t *quantities)
{
	int64_t at = chance_between(&t->chance, 0, 2), net = 0, money, spread = 0;
	struct zg_refundable own[AMOUNTS_LINES];
	struct zg_refund_line lines[AMOUNTS_LINES];
	struct zg_refund_sum got = { 0 };
	struct ref_back want[AMOUNTS_LINES];
	bool is_same = true;
	size_t used = 0;

	for (size_t i = 0; i < count; i++)
		own[i] = refundable((int)i + 1, &sold[i]);
	money = ref_refund(sold, count, quantities, steps[at].step, want);
	if (!amounts_check(t, zg_refund_work_out(own, count, quantities, steps[at].how, lines, &got, NULL) == ZG_OK, "a refund was refused"))
		return false;
	for (size_t i = 0; i < count && is_same; i++) {
		const struct zg_refund_line *l = &lines[used];

		if (quantities[i] == 0)
			continue;
		used++;
		is_same = l->line_no == (int)i + 1 && l->quantity == quantities[i] && l->value_fen == want[i].value && l->rounding_fen == want[i].rounding &&
			  l->net_fen == want[i].net && l->tax_fen == want[i].tax && l->value_fen - l->rounding_fen >= 0;
		spread += l->value_fen - l->rounding_fen;
		net += l->net_fen + l->tax_fen;
	}
	ref_give_back(sold, count, quantities, want);
	t->refunds++;
	return amounts_check(t, is_same && got.lines == used && got.money_fen == money && spread == money && net == money && money >= 0 &&
			     sum_of(sold, count, false) <= sum_of(sold, count, true), "a refund of %zu lines gives %" PRId64 ", its lines %" PRId64
			     ", the reference %" PRId64, used, (int64_t)got.money_fen, spread, money);
}

/*
 * Some lines, sold and paid with any rounding, go back in random parts and by changing rules until nothing is left: all of the
 * money, all of the value, and never more on the way.
 */
void amounts_refunds(struct trial *t)
{
	struct ref_sold sold[AMOUNTS_LINES];
	size_t count = (size_t)chance_between(&t->chance, 1, chance_between(&t->chance, 0, 3) ? 3 : AMOUNTS_LINES);
	bool is_left = true;

	for (size_t i = 0; i < count; i++) {
		sold[i] = (struct ref_sold){ .value = amounts_pick(t, REF_SALE_MAX / AMOUNTS_LINES), .sold = 1 + amounts_pick(t, REF_MILLI_MAX - 1),
			.tax_bp = amounts_pick(t, 10000) };
		sold[i].paid = sold[i].value - chance_between(&t->chance, 0, sold[i].value < 99 ? sold[i].value : 99);
	}
	for (int turn = 0; is_left; turn++) {
		int64_t quantities[AMOUNTS_LINES], all = 0;

		is_left = false;
		for (size_t i = 0; i < count; i++) {
			int64_t left = sold[i].sold - sold[i].back;

			quantities[i] = turn == 5 ? left : chance_between(&t->chance, 0, 2) ? 0 : chance_between(&t->chance, 0, left);
			all += quantities[i];
			is_left = is_left || quantities[i] < left;
		}
		if (all > 0 && !refund(t, sold, count, quantities))
			return;
	}
	for (size_t i = 0; i < count; i++)
		amounts_check(t, sold[i].returned == sold[i].value, "of a value of %" PRId64 " %" PRId64 " went back", sold[i].value, sold[i].returned);
	amounts_check(t, sum_of(sold, count, true) == sum_of(sold, count, false), "of %" PRId64 " %" PRId64 " went back",
		      sum_of(sold, count, true), sum_of(sold, count, false));
}
