#include "tests/lab/day.h"

#include "tests/lab/oracle.h"

#include <inttypes.h>
#include <stdio.h>

const struct day_habits day_usual = {
	.sales = 600, .shifts_most = 2, .weighed = 120, .open_price = 40, .change_quantity = 60, .remove = 60, .restore = 10, .price = 15, .discount = 50,
	.sale_discount = 15, .hang = 30, .void_sale = 10, .cash = 8, .drawer = 4, .refund = 15, .reprint = 10, .x = 4,
};
const struct day_habits day_wild = {
	.sales = 300, .shifts_most = 2, .nonsense = 120, .lending = 4, .weighed = 300, .open_price = 150, .change_quantity = 300, .remove = 300,
	.restore = 150, .price = 120, .discount = 300, .sale_discount = 150, .hang = 120, .void_sale = 60, .cash = 80, .drawer = 40, .refund = 200,
	.reprint = 60, .x = 6,
};

static int64_t roll(struct day *d, int64_t low, int64_t high)
{
	return chance_between(d->chance, low, high);
}

/* So many of a thousand. */
static bool happens(struct day *d, int of_thousand)
{
	return roll(d, 0, 999) < of_thousand;
}

/* What most customers do, and now and then something large. */
static int64_t some(struct day *d, int64_t usual, int64_t most)
{
	return happens(d, 30) ? roll(d, 1, most) : roll(d, 1, usual);
}

static struct day_step make(enum day_what what)
{
	return (struct day_step){ .what = what, .fen = DAY_TILL, .kept_bp = DAY_TILL };
}

void day_begin(struct day *d)
{
	d->left = d->habits->sales;
	d->shifts_left = (int)roll(d, 1, d->habits->shifts_most) - 1;
	d->phase = DAY_MORNING;
	d->in_shift = d->scans = d->extras = d->counts = d->between = 0;
}

/* ---- at the counter ---- */

static bool is_live(const struct oracle_line *line)
{
	return line->r.quantity > 0;
}

/* A line that can be changed, or put back; 0: there is none. */
static int pick_line(struct day *d, const struct oracle *o, bool removed)
{
	size_t count = o->open.count, from = count ? (size_t)roll(d, 0, (int64_t)count - 1) : 0;

	for (size_t i = 0; i < count; i++) {
		size_t at = (from + i) % count;

		if (removed ? o->open.lines[at].r.removed > 0 : is_live(&o->open.lines[at]))
			return (int)at + 1;
	}
	return 0;
}

static int64_t pick_quantity(struct day *d, enum oracle_kind kind)
{
	if (kind == ORACLE_WEIGHED)
		return some(d, 3000, 40000);
	return 1000 * (happens(d, 700) ? 1 : some(d, 6, 60));
}

static struct day_step ring(struct day *d, const struct oracle *o)
{
	struct day_step step = make(DAY_RING);
	enum oracle_kind wanted = happens(d, d->habits->weighed) ? ORACLE_WEIGHED : happens(d, d->habits->open_price) ? ORACLE_OPEN_PRICE : ORACLE_PIECE;

	step.good = (int)roll(d, 0, o->good_count - 1);
	for (int i = 0; i < o->good_count && o->goods[step.good].kind != wanted; i++)
		step.good = (step.good + 1) % o->good_count;
	if (o->open.count > 0 && happens(d, 100))
		step.good = o->open.lines[o->open.count - 1].good;    /* the same again raises its line */
	step.quantity = pick_quantity(d, o->goods[step.good].kind);
	if (o->goods[step.good].kind == ORACLE_OPEN_PRICE)
		step.fen = some(d, 9999, 200000);
	return step;
}

static struct day_step change_quantity(struct day *d, const struct oracle *o)
{
	struct day_step step = make(DAY_QUANTITY);

	step.line = pick_line(d, o, false);
	step.quantity = pick_quantity(d, o->goods[o->open.lines[step.line - 1].good].kind);
	return step;
}

static struct day_step take_off(struct day *d, const struct oracle *o)
{
	struct day_step step = make(DAY_REMOVE);
	int64_t unit, has;

	step.line = pick_line(d, o, false);
	has = o->open.lines[step.line - 1].r.quantity;
	unit = o->goods[o->open.lines[step.line - 1].good].kind == ORACLE_WEIGHED ? 1 : 1000;
	if (has > unit && happens(d, 400))
		step.quantity = unit * roll(d, 1, has / unit);
	return step;
}

static struct day_step discount(struct day *d, const struct oracle *o, bool whole)
{
	struct day_step step = make(DAY_DISCOUNT);
	int64_t of = o->open.totals.total;

	if (!whole) {
		step.line = pick_line(d, o, false);
		of = o->open.lines[step.line - 1].r.gross;
	}
	if (happens(d, 50))
		return step;    /* it is taken away again */
	if (happens(d, 600) || of < 2)
		step.kept_bp = happens(d, 900) ? 100 * roll(d, 50, 99) : roll(d, 0, 9999);
	else
		step.fen = happens(d, 900) ? roll(d, 1, of / 2) : roll(d, 1, of);
	return step;
}

static struct day_step price(struct day *d, const struct oracle *o)
{
	struct day_step step = make(DAY_PRICE);

	step.line = pick_line(d, o, false);
	step.fen = happens(d, 30) ? 0 : some(d, 5000, 99999);
	return step;
}

/* What people hand over: the sum, a note, or far too much. */
static struct day_step pay(struct day *d, const struct oracle *o)
{
	static const int64_t notes[] = { 500, 1000, 2000, 5000, 10000 };
	struct day_step step = make(DAY_PAY);
	int64_t due = oracle_due(o), note = notes[roll(d, 0, 4)];

	if (o->open.totals.total > 0 && !happens(d, 400)) {
		step.fen = (due / note + (due % note > 0)) * note;
		if (step.fen > REF_SALE_MAX)
			step.fen = DAY_TILL;
	}
	return step;
}

static struct day_step leave(struct day *d, const struct oracle *o)
{
	if (o->hung_count < ORACLE_HUNG / 2 && happens(d, d->habits->hang))
		return make(DAY_HANG);
	return happens(d, d->habits->void_sale) ? make(DAY_VOID) : pay(d, o);
}

/* The customer at the counter: scans, second thoughts, and the end of it. */
static struct day_step serve(struct day *d, const struct oracle *o)
{
	const struct day_habits *h = d->habits;

	if (d->scans > 0 || oracle_is_empty(o)) {
		d->scans -= d->scans > 0;
		return ring(d, o);
	}
	if (d->extras-- > 0) {
		if (happens(d, h->change_quantity))
			return change_quantity(d, o);
		if (happens(d, h->remove))
			return take_off(d, o);
		if (pick_line(d, o, true) && happens(d, h->restore)) {
			struct day_step step = make(DAY_RESTORE);

			step.line = pick_line(d, o, true);
			return step;
		}
		if (happens(d, h->price))
			return price(d, o);
		if (happens(d, h->discount))
			return discount(d, o, false);
		if (happens(d, h->sale_discount))
			return discount(d, o, true);
	}
	if (oracle_is_empty(o))
		return ring(d, o);
	struct day_step step = leave(d, o);

	d->left -= step.what == DAY_PAY;
	d->in_shift -= step.what == DAY_PAY;
	d->between = step.what == DAY_PAY;
	return step;
}

/* ---- between two customers ---- */

static const struct oracle_past *pick_past(struct day *d, const struct oracle *o)
{
	return o->past_count ? &o->past[roll(d, 0, (int64_t)o->past_count - 1)] : NULL;
}

static struct day_step bring_back(struct day *d, const struct oracle_past *past)
{
	struct day_step step = make(DAY_REFUND);

	step.sale = past->no;
	step.all = happens(d, 300);
	for (size_t i = 0; !step.all && i < past->count && step.lines < DAY_LINES; i++) {
		int64_t left = past->sold[i].sold - past->sold[i].back, unit = past->is_whole[i] ? 1000 : 1;

		if (left == 0 || happens(d, 400))
			continue;
		step.line_of[step.lines] = past->line_of[i];
		step.quantity_of[step.lines++] = happens(d, 500) ? left : unit * roll(d, 1, left / unit);
	}
	if (step.lines == 0)
		step.all = true;
	return step;
}

static bool has_left(const struct oracle_past *past)
{
	for (size_t i = 0; i < past->count; i++)
		if (past->sold[i].back < past->sold[i].sold)
			return true;
	return false;
}

static bool errand(struct day *d, const struct oracle *o, struct day_step *step)
{
	const struct day_habits *h = d->habits;
	const struct oracle_past *past = pick_past(d, o);

	if (happens(d, h->cash)) {
		*step = make(happens(d, 500) ? DAY_CASH_IN : DAY_CASH_OUT);
		step->fen = some(d, 20000, 500000);
	} else if (happens(d, h->drawer)) {
		*step = make(DAY_DRAWER);
	} else if (past && has_left(past) && happens(d, h->refund)) {
		*step = bring_back(d, past);
	} else if (past && happens(d, h->reprint)) {
		*step = make(DAY_REPRINT);
		step->sale = past->no;
	} else if (happens(d, h->x)) {
		*step = make(DAY_X);
	} else if (o->hung_count > 0 && happens(d, h->hang)) {
		*step = make(DAY_TAKE);
		step->sale = o->hung[roll(d, 0, (int64_t)o->hung_count - 1)].id;
	} else {
		return false;
	}
	return true;
}

static struct day_step sell(struct day *d, const struct oracle *o)
{
	struct day_step step;

	if (oracle_is_empty(o) && d->scans == 0) {
		if (d->between > 0 && errand(d, o, &step)) {
			d->between = roll(d, 0, 3) > 0;
			return step;
		}
		d->between = 0;
		if (d->left <= 0 || d->in_shift <= 0) {
			d->phase = DAY_COUNTING;
			return day_next(d, o);
		}
		d->scans = (int)some(d, 6, 25);
		d->extras = (int)roll(d, 0, 4);
	}
	return serve(d, o);
}

/* ---- the shift ---- */

static struct day_step sign_in(struct day *d, const struct oracle *o)
{
	static const char *const people[] = { "boss", "ding", "ding", "lin" };
	struct day_step step = make(DAY_SIGN_IN);

	step.who = d->habits->only_boss ? "boss" : people[roll(d, 0, 3)];
	d->in_shift = d->shifts_left > 0 ? (int)roll(d, 1, 1 + 2 * d->left / (d->shifts_left + 1)) : d->left;
	d->phase = o->shift.is_open ? DAY_SELLING : DAY_OPENING;
	d->counts = 0;
	return step;
}

static struct day_step open_shift(struct day *d)
{
	struct day_step step = make(DAY_OPEN);

	step.fen = roll(d, 0, 10) * 10000;
	d->phase = DAY_SELLING;
	return step;
}

/* Mostly right, now and then a little over or short. */
static struct day_step count(struct day *d, const struct oracle *o)
{
	struct day_step step = make(DAY_COUNT);
	int64_t expected = sums_expected(&o->shift.sums);

	step.fen = expected + (happens(d, 300) ? roll(d, -2000, 2000) : 0);
	step.fen = step.fen < 0 ? 0 : step.fen;
	if (happens(d, 900) || ++d->counts > 3)
		d->phase = DAY_CLOSING;
	return step;
}

static struct day_step close_shift(struct day *d, const struct oracle *o)
{
	if (!o->shift.is_counted) {
		d->phase = DAY_COUNTING;
		return count(d, o);
	}
	d->phase = DAY_MORNING;
	if (d->left <= 0)
		d->shifts_left = -1;
	else if (d->shifts_left > 0)
		d->shifts_left--;
	return make(DAY_CLOSE);
}

/* ---- what nobody should do ---- */

static int64_t any(struct day *d)
{
	static const int64_t odd[] = { -1, 0, 1, 5, 999, 1000, 1001, 9999000, 9999999, 10000000, 999999999, 1000000000, REF_FEN_MAX, REF_FEN_MAX + 1,
		INT64_MAX, INT64_MIN };

	return happens(d, 500) ? odd[roll(d, 0, (int64_t)(sizeof(odd) / sizeof(odd[0])) - 1)] : roll(d, -5, 100000);
}

static struct day_step nonsense(struct day *d, const struct oracle *o)
{
	struct day_step step = make((enum day_what)roll(d, DAY_OPEN, DAY_CLOSE));

	step.good = (int)roll(d, -1, o->good_count);
	step.line = happens(d, 800) ? (int)roll(d, 0, (int64_t)o->open.count + 1) : (int)roll(d, -3, ORACLE_LINES + 3);
	step.quantity = any(d);
	step.fen = any(d);
	step.kept_bp = happens(d, 500) ? DAY_TILL : any(d);
	step.sale = happens(d, 500) ? roll(d, 0, o->receipts + 2) : roll(d, 0, o->sale_rows + 2);
	if (step.what == DAY_REFUND && !oracle_find(o, step.sale))
		step.sale = o->receipts + 1;    /* of one that the oracle has forgotten it knows nothing */
	if (step.what == DAY_REPRINT && !oracle_find(o, step.sale))
		step.sale = 0;
	step.all = happens(d, 100);
	step.lines = step.what == DAY_REFUND ? (int)roll(d, 0, 4) : 0;
	for (int i = 0; i < step.lines; i++) {
		step.line_of[i] = (int)roll(d, -1, 6);
		step.quantity_of[i] = any(d);
	}
	if (step.what == DAY_HANG && o->hung_count >= ORACLE_HUNG)
		step.what = DAY_VOID;
	return step;
}

/* ---- */

static const char *lender(struct day *d, const struct oracle *o, const struct day_step *step)
{
	bool asks = step->what == DAY_PRICE || step->what == DAY_DISCOUNT || step->what == DAY_VOID || step->what == DAY_REFUND ||
		    step->what == DAY_DRAWER || step->what == DAY_CASH_OUT;

	return asks && o->role == ORACLE_CASHIER && happens(d, d->habits->lending) ? (happens(d, 500) ? "ding" : "boss") : NULL;
}

struct day_step day_next(struct day *d, const struct oracle *o)
{
	struct day_step step;

	if (d->phase != DAY_MORNING && d->phase != DAY_OPENING && happens(d, d->habits->nonsense))
		return nonsense(d, o);
	if (d->phase == DAY_MORNING && d->shifts_left < 0)
		return make(DAY_OVER);
	switch (d->phase) {
	case DAY_MORNING:  return sign_in(d, o);
	case DAY_OPENING:  return open_shift(d);
	case DAY_COUNTING:
		if (!oracle_is_empty(o)) {    /* somebody took one up again */
			d->phase = DAY_SELLING;
			break;
		}
		return count(d, o);
	case DAY_CLOSING:
		if (!oracle_is_empty(o))
			break;
		return close_shift(d, o);
	case DAY_SELLING:  break;
	}
	step = oracle_is_empty(o) || d->phase == DAY_SELLING ? sell(d, o) : pay(d, o);
	step.with = lender(d, o, &step);
	return step;
}

const char *day_word(enum day_what what)
{
	static const char *const words[DAY_WHATS] = { "sign in", "open", "ring", "quantity", "remove", "restore", "price", "discount", "hang", "take", "void",
		"pay", "refund", "cash in", "cash out", "drawer", "reprint", "x", "count", "close", "over" };

	return words[what];
}

const char *day_words(const struct day_step *s)
{
	static char words[400];
	int used = snprintf(words, sizeof(words), "%s good %d line %d quantity %" PRId64 " fen %" PRId64 " kept %" PRId64 " sale %" PRId64 "%s%s%s%s%s",
			    day_word(s->what), s->good, s->line, s->quantity, s->fen, s->kept_bp, s->sale, s->all ? " all" : "", s->who ? " who " : "",
			    s->who ? s->who : "", s->with ? " with " : "", s->with ? s->with : "");

	for (int i = 0; i < s->lines && used < (int)sizeof(words); i++)
		used += snprintf(words + used, sizeof(words) - (size_t)used, " %d:%" PRId64, s->line_of[i], s->quantity_of[i]);
	return words;
}
