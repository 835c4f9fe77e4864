#include "tests/lab/oracle.h"

#include <stdlib.h>
#include <string.h>

#define FLOAT_MAX (REF_FEN_MAX / 100)
#define MOVE_MAX  (REF_FEN_MAX / 100)

/* ---- sales ---- */

static void drop_sale(struct oracle_sale *sale)
{
	free(sale->lines);
	*sale = (struct oracle_sale){ .rule = REF_NO_RULE };
}

static struct oracle_sale copy_sale(const struct oracle_sale *sale)
{
	struct oracle_sale copy = *sale;

	copy.room = sale->count;
	copy.lines = malloc((sale->count + 1) * sizeof(*copy.lines));
	if (sale->count > 0)
		memcpy(copy.lines, sale->lines, sale->count * sizeof(*copy.lines));
	return copy;
}

static void drop_past(struct oracle_past *past)
{
	free(past->sold);
	free(past->line_of);
	free(past->is_whole);
	*past = (struct oracle_past){ .no = 0 };
}

void oracle_begin(struct oracle *o, const struct oracle_good *goods, int good_count, int64_t step)
{
	*o = (struct oracle){ .goods = goods, .good_count = good_count, .step = step, .has_drawer = true };
	o->open.rule = REF_NO_RULE;
}

void oracle_end(struct oracle *o)
{
	drop_sale(&o->open);
	for (size_t i = 0; i < o->hung_count; i++)
		drop_sale(&o->hung[i]);
	for (size_t i = 0; i < ORACLE_PAST; i++)
		drop_past(&o->past[i]);
}

void oracle_forget(struct oracle_answer *answer)
{
	drop_sale(&answer->sale);
}

bool oracle_is_empty(const struct oracle *o)
{
	return o->open.totals.live == 0;
}

int64_t oracle_due(const struct oracle *o)
{
	return ref_round_off(o->open.totals.total, o->step);
}

const struct oracle_past *oracle_find(const struct oracle *o, int64_t no)
{
	for (size_t i = 0; i < ORACLE_PAST; i++)
		if (no > 0 && o->past[i].no == no)
			return &o->past[i];
	return NULL;
}

static int find_hung(const struct oracle *o, int64_t id)
{
	for (size_t i = 0; i < o->hung_count; i++)
		if (o->hung[i].id == id)
			return (int)i;
	return -1;
}

/* ---- rights ---- */

static const struct { const char *login; enum oracle_role role; } people[] = {
	{ "boss", ORACLE_ADMIN }, { "ding", ORACLE_SUPERVISOR }, { "lin", ORACLE_CASHIER },
};

static enum oracle_role role_of(const char *login)
{
	for (size_t i = 0; i < sizeof(people) / sizeof(people[0]); i++)
		if (strcmp(people[i].login, login) == 0)
			return people[i].role;
	return ORACLE_CASHIER;
}

bool oracle_may(const struct oracle *o, const struct day_step *step, enum oracle_role least)
{
	return o->role >= least || (step->with && role_of(step->with) >= least && role_of(step->with) >= ORACLE_SUPERVISOR);
}

/* ---- what a step must lead to ---- */

static const char *pay(const struct oracle *o, const struct day_step *step, struct oracle_answer *a)
{
	int64_t total = a->sale.totals.total, asked = ref_round_off(total, o->step), given = step->fen == DAY_TILL ? asked : step->fen;

	if (oracle_is_empty(o) || !o->shift.is_open)
		return "nothing to pay, or no shift";
	if (given < asked || given > REF_SALE_MAX || (total == 0 && given != 0))
		return "not enough, or too much";
	struct ref_line *lines = malloc(a->sale.count * sizeof(*lines));

	for (size_t i = 0; i < a->sale.count; i++)
		lines[i] = a->sale.lines[i].r;
	(void)ref_sale(lines, a->sale.count, &a->sale.rule, total - asked, &a->sale.totals);
	for (size_t i = 0; i < a->sale.count; i++)
		a->sale.lines[i].r = lines[i];
	free(lines);
	a->total_fen = asked;
	a->rounding_fen = total - asked;
	a->tendered_fen = given;
	a->change_fen = given - asked;
	a->no = o->receipts + 1;
	a->pulses = given > 0 && o->has_drawer;
	a->slips = 1;
	return NULL;
}

static const char *refund(const struct oracle *o, const struct day_step *step, struct oracle_answer *a)
{
	const struct oracle_past *past = a->origin = oracle_find(o, step->sale);
	int64_t any = 0;

	if (!oracle_may(o, step, ORACLE_SUPERVISOR) || !o->shift.is_open || !past || past->is_refund)
		return "no right, no shift or no such sale";
	memset(a->quantities, 0, past->count * sizeof(a->quantities[0]));
	for (size_t i = 0; i < past->count; i++)
		any += a->quantities[i] = step->all ? past->sold[i].sold - past->sold[i].back : 0;
	for (int i = 0; !step->all && i < step->lines; i++) {
		int64_t quantity = step->quantity_of[i];
		size_t at = 0;

		while (at < past->count && past->line_of[at] != step->line_of[i])
			at++;
		if (at == past->count || a->quantities[at] != 0)
			return "no such line, or named twice";
		if (quantity <= 0 || quantity > REF_MILLI_MAX || quantity > past->sold[at].sold - past->sold[at].back ||
		    (past->is_whole[at] && quantity % 1000 != 0))
			return "not so much";
		any += a->quantities[at] = quantity;
	}
	if (any == 0)
		return "nothing to bring back";
	a->total_fen = ref_refund(past->sold, past->count, a->quantities, o->step, a->back);
	for (size_t i = 0; i < past->count; i++)
		a->rounding_fen += a->back[i].rounding;
	a->no = o->receipts + 1;
	a->pulses = a->total_fen > 0 && o->has_drawer;
	a->slips = 1;
	return NULL;
}

static const char *take(const struct oracle *o, const struct day_step *step, struct oracle_answer *a)
{
	if (!oracle_is_empty(o) || find_hung(o, step->sale) < 0)
		return "a sale is under way, or it does not hang";
	a->rows = o->open.id ? 2 : 1;    /* one that lost all its lines is cancelled with it */
	return NULL;
}

static const char *cash(const struct oracle *o, const struct day_step *step, struct oracle_answer *a)
{
	bool is_out = step->what == DAY_CASH_OUT;

	if (!o->shift.is_open || step->fen < 1 || step->fen > MOVE_MAX)
		return "no shift, or no amount";
	if (is_out && step->fen > sums_expected(&o->shift.sums) && !oracle_may(o, step, ORACLE_SUPERVISOR))
		return "there is not so much in the drawer";
	a->no = o->moves + 1;
	a->pulses = o->has_drawer;
	a->slips = 1;
	return NULL;
}

static bool is_own(const struct oracle *o, const struct day_step *step)
{
	return strcmp(o->shift.owner, o->person) == 0 || oracle_may(o, step, ORACLE_SUPERVISOR);
}

static const char *close_shift(const struct oracle *o, const struct day_step *step, struct oracle_answer *a)
{
	if (!o->shift.is_open || !is_own(o, step) || !oracle_is_empty(o) || !o->shift.is_counted)
		return "no shift, another's, a sale under way, or the drawer is not counted";
	a->no = o->zs + 1;
	a->slips = 1;
	a->total_fen = sums_takings(&o->shift.sums);
	return NULL;
}

static const char *attempt(const struct oracle *o, const struct day_step *step, struct oracle_answer *a)
{
	switch (step->what) {
	case DAY_SIGN_IN: return NULL;
	case DAY_OPEN:    return o->shift.is_open || step->fen < 0 || step->fen > FLOAT_MAX ? "one is open, or no float" : NULL;
	case DAY_RING: case DAY_QUANTITY: case DAY_REMOVE: case DAY_RESTORE: case DAY_PRICE: case DAY_DISCOUNT:
		return oracle_try_line(o, step, a);
	case DAY_HANG:    return oracle_is_empty(o) ? "nothing to hang" : NULL;
	case DAY_TAKE:    return take(o, step, a);
	case DAY_VOID:    return !o->open.id || !oracle_may(o, step, ORACLE_SUPERVISOR) ? "nothing to cancel, or no right" : NULL;
	case DAY_PAY:     return pay(o, step, a);
	case DAY_REFUND:  return refund(o, step, a);
	case DAY_CASH_IN: case DAY_CASH_OUT:
		return cash(o, step, a);
	case DAY_DRAWER:
		a->pulses = 1;
		return !o->has_drawer || !oracle_may(o, step, ORACLE_SUPERVISOR) ? "no drawer, or no right" : NULL;
	case DAY_REPRINT:
		a->slips = 1;
		return oracle_find(o, step->sale) ? NULL : "no such receipt";
	case DAY_X:
		a->slips = 1;
		return o->shift.is_open ? NULL : "no shift";
	case DAY_COUNT:   return !o->shift.is_open || !is_own(o, step) || step->fen < 0 || step->fen > REF_FEN_MAX ? "no shift, or no sum" : NULL;
	case DAY_CLOSE:   return close_shift(o, step, a);
	case DAY_OVER: case DAY_WHATS: break;
	}
	return "that is no step";
}

void oracle_try(const struct oracle *o, const struct day_step *step, struct oracle_answer *answer)
{
	answer->sale = copy_sale(&o->open);
	answer->total_fen = answer->rounding_fen = answer->change_fen = answer->tendered_fen = answer->no = 0;
	answer->pulses = answer->slips = 0;
	answer->rows = 1;
	answer->origin = NULL;
	answer->why = attempt(o, step, answer);
	answer->is_done = !answer->why;
	if (answer->why)
		answer->pulses = answer->slips = answer->rows = 0;
	else if (step->what >= DAY_RING && step->what <= DAY_DISCOUNT)
		answer->total_fen = answer->sale.totals.total;
}

/* ---- what is remembered of it ---- */

static void count_removed(struct oracle *o, const struct oracle_sale *sale)
{
	o->shift.sums.figure[SUM_REMOVED_LINES] += sale->totals.removed_lines;
	o->shift.sums.figure[SUM_REMOVED] += sale->totals.removed_fen;
}

static struct oracle_past *next_past(struct oracle *o)
{
	struct oracle_past *past = &o->past[o->past_next];

	o->past_next = (o->past_next + 1) % ORACLE_PAST;
	if (o->past_count < ORACLE_PAST)
		o->past_count++;
	drop_past(past);
	return past;
}

static void keep_past(struct oracle *o, const struct oracle_sale *sale, int64_t total)
{
	struct oracle_past *past = next_past(o);

	*past = (struct oracle_past){ .no = o->receipts, .id = sale->id, .total_fen = total, .shift = o->shift.id };
	past->sold = calloc(sale->count, sizeof(*past->sold));
	past->line_of = calloc(sale->count, sizeof(*past->line_of));
	past->is_whole = calloc(sale->count, sizeof(*past->is_whole));
	for (size_t i = 0; i < sale->count; i++) {
		const struct ref_line *r = &sale->lines[i].r;

		if (r->quantity == 0)
			continue;
		past->sold[past->count] = (struct ref_sold){ .value = r->amount, .paid = r->paid, .sold = r->quantity, .tax_bp = r->tax_bp };
		past->line_of[past->count] = (int)i + 1;
		past->is_whole[past->count++] = o->goods[sale->lines[i].good].kind != ORACLE_WEIGHED;
	}
}

static void do_pay(struct oracle *o, struct oracle_answer *a)
{
	struct sums *sums = &o->shift.sums;
	const struct ref_totals *t = &a->sale.totals;

	o->receipts++;
	sums->figure[SUM_SALES]++;
	sums->figure[SUM_GROSS] += t->gross;
	sums->figure[SUM_LINE_DISCOUNT] += t->line_discount;
	sums->figure[SUM_SALE_DISCOUNT] += t->sale_discount;
	sums->figure[SUM_ROUNDING] += t->rounding;
	sums->figure[SUM_SOLD] += t->payable;
	sums->kept[SUMS_CASH] += a->total_fen;
	sums->discounts += t->sale_discount > 0;
	for (size_t i = 0; i < a->sale.count; i++) {
		const struct oracle_line *line = &a->sale.lines[i];
		const struct oracle_good *good = &o->goods[line->good];

		sums->discounts += line->r.discount > 0;
		sums->overrides += line->r.quantity > 0 && good->kind != ORACLE_OPEN_PRICE && line->r.price_fen != good->price_fen;
		if (line->r.quantity > 0)
			sums_tax(sums, line->r.tax_bp, line->r.net, line->r.tax);
	}
	count_removed(o, &a->sale);
	keep_past(o, &a->sale, a->total_fen);
	o->shift.is_counted = false;
	drop_sale(&o->open);
}

static void do_refund(struct oracle *o, const struct oracle_answer *a)
{
	struct oracle_past *origin = &o->past[a->origin - o->past];
	struct sums *sums = &o->shift.sums;

	ref_give_back(origin->sold, origin->count, a->quantities, a->back);
	for (size_t i = 0; i < origin->count; i++)
		if (a->quantities[i]) {
			sums->figure[SUM_RETURNED] += a->back[i].value;
			sums_tax(sums, origin->sold[i].tax_bp, -a->back[i].net, -a->back[i].tax);
		}
	sums->figure[SUM_REFUNDS]++;
	sums->figure[SUM_REFUND_ROUNDING] += a->rounding_fen;
	sums->figure[SUM_REFUNDED] += a->total_fen;
	sums->given[SUMS_CASH] += a->total_fen;
	o->receipts++;
	o->sale_rows++;
	*next_past(o) = (struct oracle_past){ .no = o->receipts, .id = o->sale_rows, .total_fen = a->total_fen, .shift = o->shift.id, .is_refund = true };
	o->shift.is_counted = false;
}

static void do_void(struct oracle *o)
{
	o->shift.sums.figure[SUM_VOIDS]++;
	o->shift.sums.figure[SUM_VOID] += o->open.totals.total;
	count_removed(o, &o->open);
	drop_sale(&o->open);
}

static void do_take(struct oracle *o, int64_t id)
{
	int at = find_hung(o, id);

	if (o->open.id)
		do_void(o);
	drop_sale(&o->open);
	o->open = o->hung[at];
	o->hung[at] = o->hung[--o->hung_count];
}

static void do_reprint(struct oracle *o, int64_t no)
{
	struct oracle_past *past = &o->past[oracle_find(o, no) - o->past];

	past->copies++;
	o->shift.sums.reprints += o->shift.is_open && past->shift == o->shift.id;
}

static void do_close(struct oracle *o)
{
	struct sums *sums = &o->shift.sums;

	sums->figure[SUM_COUNTS] = 1;
	sums->figure[SUM_COUNTED] = o->shift.counted_fen;
	sums->figure[SUM_OVER] = o->shift.counted_fen - sums_expected(sums);
	sums_add(&o->day, sums);
	sums_add(&o->all, sums);
	o->zs++;
	o->shift = (struct oracle_shift){ .id = o->shift.id };
}

static void do_open(struct oracle *o, int64_t fen)
{
	o->shift.id = ++o->shifts;
	o->shift.is_open = true;
	o->shift.sums.figure[SUM_FLOAT] = fen;    /* what came before it is counted in it */
	strcpy(o->shift.owner, o->person);
}

static void do_cash(struct oracle *o, const struct day_step *step)
{
	bool is_in = step->what == DAY_CASH_IN;

	o->moves++;
	o->shift.sums.figure[is_in ? SUM_CASH_INS : SUM_CASH_OUTS]++;
	o->shift.sums.figure[is_in ? SUM_CASH_IN : SUM_CASH_OUT] += step->fen;
	o->shift.is_counted = false;
}

static void take_lines(struct oracle *o, struct oracle_answer *a)
{
	drop_sale(&o->open);
	o->open = a->sale;
	a->sale = (struct oracle_sale){ .rule = REF_NO_RULE };
	if (o->open.id == 0)
		o->open.id = ++o->sale_rows;
}

void oracle_do(struct oracle *o, const struct day_step *step, struct oracle_answer *a)
{
	bool opens_drawer = step->what == DAY_PAY || step->what == DAY_REFUND || step->what == DAY_DRAWER;

	o->acts += a->rows;
	o->slips += a->slips;
	o->pulses += a->pulses;
	o->openings += opens_drawer ? a->pulses : 0;
	switch (step->what) {
	case DAY_SIGN_IN:
		strcpy(o->person, step->who);
		o->role = role_of(step->who);
		break;
	case DAY_OPEN:     do_open(o, step->fen); break;
	case DAY_RING: case DAY_QUANTITY: case DAY_REMOVE: case DAY_RESTORE: case DAY_PRICE: case DAY_DISCOUNT:
		take_lines(o, a);
		break;
	case DAY_HANG:
		o->hung[o->hung_count++] = o->open;
		o->open = (struct oracle_sale){ .rule = REF_NO_RULE };
		break;
	case DAY_TAKE:     do_take(o, step->sale); break;
	case DAY_VOID:     do_void(o); break;
	case DAY_PAY:      do_pay(o, a); break;
	case DAY_REFUND:   do_refund(o, a); break;
	case DAY_CASH_IN: case DAY_CASH_OUT:
		do_cash(o, step);
		break;
	case DAY_DRAWER:   o->shift.sums.figure[SUM_NO_SALES]++; break;
	case DAY_REPRINT:  do_reprint(o, step->sale); break;
	case DAY_COUNT:
		o->counts++;
		o->shift.is_counted = true;
		o->shift.counted_fen = step->fen;
		break;
	case DAY_CLOSE:    do_close(o); break;
	case DAY_X: case DAY_OVER: case DAY_WHATS: break;
	}
}

void oracle_new_day(struct oracle *o)
{
	o->day = (struct sums){ .rates = 0 };
}
