#include "tests/lab/typed.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WAIT_MS   10000
#define APART_MS  32      /* longer than between the characters of a scanner */
#define SCAN      6       /* characters of the shortest scan */
#define UP        "\033[A"
#define DOWN      "\033[B"
#define HANG_KEY  "\033[18~"
#define SHIFT_KEY "\033[20~"

static const int notes[] = { 10000, 5000, 2000, 1000, 500, 100, 50, 10, 5, 2, 1 };
#define NOTES (int)(sizeof(notes) / sizeof(notes[0]))

const char *typed_yuan(int64_t fen)
{
	static char text[4][32];
	static int next;

	next = (next + 1) % 4;
	snprintf(text[next], sizeof(text[next]), "%" PRId64 ".%02d", fen / 100, (int)(fen % 100));
	return text[next];
}

static const char *quantity_of(int64_t milli)
{
	static char text[32];

	if (milli % 1000 == 0)
		snprintf(text, sizeof(text), "%" PRId64, milli / 1000);
	else
		snprintf(text, sizeof(text), "%" PRId64 ".%03d", milli / 1000, (int)(milli % 1000));
	return text;
}

/* ---- keys and looks ---- */

__attribute__((format(printf, 2, 3))) static bool sees(struct typed *t, const char *format, ...)
{
	char words[200];
	va_list list;

	va_start(list, format);
	vsnprintf(words, sizeof(words), format, list);
	va_end(list);
	if (tally_check(t->tally, counter_wait(t->counter, words, WAIT_MS), "step %" PRId64 ": the screen does not show '%s'", t->steps, words))
		return true;
	vt_print(t->counter->vt);
	return false;
}

/* The sum of the sale as it is now; nothing of it when there is none. */
static bool sees_sale(struct typed *t)
{
	if (!oracle_is_empty(t->oracle))
		return sees(t, "Invoiceable  %s", typed_yuan(t->oracle->open.totals.total));
	if (tally_check(t->tally, counter_gone(t->counter, "Invoiceable", WAIT_MS), "step %" PRId64 ": the empty sale still has a sum", t->steps))
		return true;
	vt_print(t->counter->vt);
	return false;
}

static void press(struct typed *t, const char *keys)
{
	counter_write(t->counter, keys);
}

/* Typed by a hand: what follows is a key of its own, also where the till was late to read these, for by now it has answered them. */
static void press_apart(struct typed *t, const char *keys)
{
	uint64_t bytes = t->counter->vt->bytes;
	int64_t until = run_now_us() + WAIT_MS * 1000;

	counter_write(t->counter, keys);
	while (t->counter->vt->bytes == bytes && run_now_us() < until && counter_look(t->counter, 20))
		continue;
	counter_rest(t->counter, APART_MS);
}

/* A key, what is typed behind it, and Enter: in one go where that is too short for a scan. */
static void press_and_enter(struct typed *t, const char *key, const char *text)
{
	char keys[64];

	snprintf(keys, sizeof(keys), "%s%s\r", key, text);
	if (strlen(keys) <= SCAN) {
		press(t, keys);
		return;
	}
	if (*key)
		press_apart(t, key);
	press_apart(t, text);
	press(t, "\r");
}

static void enter(struct typed *t, const char *text)
{
	press_and_enter(t, "", text);
}

static void press_often(struct typed *t, const char *key, int times)
{
	for (char keys[300]; times > 0;) {
		size_t used = 0;

		for (; times > 0 && used + strlen(key) < sizeof(keys); times--)
			used += (size_t)snprintf(keys + used, sizeof(keys) - used, "%s", key);
		press(t, keys);
	}
}

/* The bar on that line, wherever it was. */
static void choose_line(struct typed *t, int line)
{
	press_often(t, UP, (int)t->oracle->open.count);
	press_often(t, DOWN, line - 1);
}

static bool go_home(struct typed *t)
{
	for (int tries = 0; tries < 10; tries++) {
		if (vt_has(t->counter->vt, "Settle") && !vt_has(t->counter->vt, "┌─"))
			return true;
		press_apart(t, "\033");
		counter_rest(t->counter, 13);    /* a lone Esc acts after 25 ms */
	}
	return sees(t, "Settle");
}

/* ---- goods ---- */

static bool flush(struct typed *t)
{
	if (!t->keys[0])
		return true;
	press(t, t->keys);
	t->keys[0] = '\0';
	return sees_sale(t);
}

static bool ring(struct typed *t, const struct day_step *s)
{
	const struct oracle_good *good = &t->oracle->goods[s->good];
	size_t used = strlen(t->keys);

	if (good->kind == ORACLE_WEIGHED) {
		counter_scan(t->counter, good->code);
		if (!sees(t, "Weight, kg"))
			return false;
		enter(t, quantity_of(s->quantity));
		return true;
	}
	if (s->quantity != 1000)
		used += (size_t)snprintf(t->keys + used, sizeof(t->keys) - used, "%s*", quantity_of(s->quantity));
	snprintf(t->keys + used, sizeof(t->keys) - used, "%s\r", good->code);
	if (good->kind == ORACLE_PIECE)
		return true;
	press(t, t->keys);
	t->keys[0] = '\0';
	if (!sees(t, "Price, yuan"))
		return false;
	enter(t, typed_yuan(s->fen));
	return true;
}

static int live_line(const struct oracle *o)
{
	int line = 1;

	while (line < (int)o->open.count && o->open.lines[line - 1].r.quantity == 0)
		line++;
	return line;
}

static void discount(struct typed *t, const struct day_step *s)
{
	char digits[8];

	choose_line(t, s->line ? s->line : live_line(t->oracle));
	if (!s->line) {
		press_apart(t, "/");
		press_apart(t, "/");
	}
	if (s->kept_bp != DAY_TILL) {
		snprintf(digits, sizeof(digits), "%d", (int)(s->kept_bp / 100));
		press_apart(t, digits);
		press(t, "/");
		return;
	}
	press_and_enter(t, s->line ? "/" : "", s->fen == DAY_TILL ? "0" : typed_yuan(s->fen));
}

static void change_line(struct typed *t, const struct day_step *s)
{
	if (s->what == DAY_DISCOUNT) {
		discount(t, s);
		return;
	}
	choose_line(t, s->line);
	switch (s->what) {
	case DAY_QUANTITY:
		press_and_enter(t, "*", quantity_of(s->quantity));
		break;
	case DAY_PRICE:
		press_and_enter(t, ".", typed_yuan(s->fen));
		break;
	case DAY_REMOVE:
		if (s->quantity)
			press_apart(t, quantity_of(s->quantity));
		press(t, "-");
		break;
	default:
		press(t, "\031");    /* puts back */
		break;
	}
}

/* ---- hung sales, payment ---- */

static bool take(struct typed *t, const struct day_step *s)
{
	int row = 0;

	for (size_t i = 0; i < t->oracle->hung_count; i++)
		row += t->oracle->hung[i].id > s->sale;    /* the newest stands first */
	press(t, HANG_KEY);
	if (!sees(t, "Hung sales"))
		return false;
	press_often(t, DOWN, row);
	press(t, "\r");
	return true;
}

static bool pay(struct typed *t, const struct day_step *s, const struct oracle_answer *a)
{
	char text[32];

	if (s->fen == DAY_TILL || a->tendered_fen == a->total_fen) {
		press(t, "+\r");
		return true;
	}
	if (s->fen % 100)
		snprintf(text, sizeof(text), "%s+", typed_yuan(s->fen));
	else
		snprintf(text, sizeof(text), "%" PRId64 "+", s->fen / 100);
	press(t, text);
	if (a->tendered_fen > 10 * a->total_fen) {
		if (!sees(t, "That is a lot of money"))
			return false;
		press(t, "y");
	}
	return true;
}

static bool cancel(struct typed *t)
{
	press(t, "\030");
	if (!sees(t, "Reason"))
		return false;
	enter(t, "changed their mind");
	return true;
}

/* ---- past sales ---- */

static bool scan_receipt(struct typed *t, int64_t no)
{
	char code[32];

	snprintf(code, sizeof(code), "R01%07" PRId64, no);
	counter_scan(t->counter, code);
	return sees(t, "Print again");
}

static void choose_back(struct typed *t, const struct day_step *s, const struct oracle_past *past)
{
	if (s->all)
		press_apart(t, "a");
	for (int i = 0; !s->all && i < s->lines; i++) {
		int row = 0;

		while (past->line_of[row] != s->line_of[i])
			row++;
		press_often(t, UP, (int)past->count);
		press_often(t, DOWN, row);
		press_apart(t, quantity_of(s->quantity_of[i]));
	}
}

static bool bring_back(struct typed *t, const struct day_step *s)
{
	if (!scan_receipt(t, s->sale))
		return false;
	press(t, "t");
	if (!sees(t, "Refund of R01%07" PRId64, s->sale))
		return false;
	choose_back(t, s, oracle_find(t->oracle, s->sale));
	press(t, "\r");
	if (!sees(t, "Why is it given back?"))
		return false;
	press(t, "\r");
	return true;
}

/* ---- the drawer and the shift ---- */

static bool open_shift_screen(struct typed *t)
{
	press(t, SHIFT_KEY);
	return t->oracle->shift.is_open ? sees(t, "Shift %" PRId64 " of", t->oracle->shift.id) : sees(t, "No shift is open.");
}

static bool move_cash(struct typed *t, const struct day_step *s)
{
	bool is_in = s->what == DAY_CASH_IN;

	if (!open_shift_screen(t))
		return false;
	press(t, is_in ? "i" : "o");
	if (!sees(t, "%s", is_in ? "Put cash in" : "Take cash out"))
		return false;
	enter(t, typed_yuan(s->fen));
	if (!sees(t, "Why is cash"))
		return false;
	press(t, "\r");
	return true;
}

static bool open_drawer(struct typed *t)
{
	press(t, "\017");
	if (!sees(t, "Why is the drawer opened?"))
		return false;
	press(t, "\r");
	return true;
}

static bool print_x(struct typed *t)
{
	if (!open_shift_screen(t))
		return false;
	press(t, "x");
	if (!sees(t, "X report: the shift so far"))
		return false;
	press(t, "p");
	return true;
}

static bool sign_in(struct typed *t, const struct day_step *s)
{
	if (t->oracle->person[0])
		press(t, "\021");
	return tally_check(t->tally, counter_sign_in(t->counter, s->who, t->pin), "step %" PRId64 ": %s cannot sign in", t->steps, s->who);
}

static bool open_shift(struct typed *t, const struct day_step *s)
{
	if (!open_shift_screen(t))
		return false;
	press(t, "\r");
	if (!sees(t, "How much cash is in the drawer now?"))
		return false;
	if (t->oracle->shifts > 0)
		press_apart(t, "\025");    /* what was counted last stands there */
	enter(t, typed_yuan(s->fen));
	return true;
}

/* In notes and coins, by a command, as a manager at the office would. */
static void count(struct typed *t, const struct day_step *s)
{
	char pin[RUN_PATH], words[NOTES][24], total[32];
	const char *args[NOTES + 10] = { "shift", "count" };
	int used = 2;
	int64_t left = s->fen;

	snprintf(pin, sizeof(pin), "%s/%s.pin", t->shop->home, t->oracle->person);
	for (int i = 0; i < NOTES; left %= notes[i], i++) {
		if (left / notes[i] == 0)
			continue;
		snprintf(words[i], sizeof(words[i]), "%sx%" PRId64, typed_yuan(notes[i]), left / notes[i]);
		args[used++] = words[i];
	}
	if (used == 2) {
		snprintf(total, sizeof(total), "%s", typed_yuan(s->fen));
		args[used++] = "--total";
		args[used++] = total;
	}
	args[used++] = "--as";
	args[used++] = t->oracle->person;
	args[used++] = "--pin-file";
	args[used] = pin;
	free(shop_must(t->shop, args));
}

/* The drawer counted at the counter, field by field; then the shift is closed. */
static bool close_shift(struct typed *t, struct day_step *s)
{
	struct day_step again = { .what = DAY_COUNT, .fen = t->oracle->shift.counted_fen, .kept_bp = DAY_TILL };
	static struct oracle_answer answer;
	char keys[NOTES * 24] = "";
	size_t used = 0;
	int64_t left = again.fen;

	if (!open_shift_screen(t))
		return false;
	press(t, "c");
	if (!sees(t, "Count the drawer to close the shift"))
		return false;
	for (int i = 0; left > 0; left %= notes[i], i++)    /* there may be no fields of fen coins */
		used += (size_t)snprintf(keys + used, sizeof(keys) - used, "%" PRId64 "%s", left / notes[i], left % notes[i] ? DOWN : "");
	press_apart(t, keys);
	press(t, "+");
	if (!sees(t, "You counted %s.", typed_yuan(again.fen)))
		return false;
	press(t, "\r");
	oracle_try(t->oracle, &again, &answer);
	oracle_do(t->oracle, &again, &answer);
	oracle_forget(&answer);
	s->fen = again.fen;
	return true;
}

/* ---- a step ---- */

/* As it can be typed. */
static void make_typable(const struct oracle *o, struct day_step *s)
{
	if (s->what == DAY_DISCOUNT && s->kept_bp != DAY_TILL)
		s->kept_bp = 100 * (10 + s->kept_bp / 100 % 90);
	/* the counter asks for fen coins only where there must be some */
	if (s->what == DAY_COUNT && sums_expected(&o->shift.sums) % 10 == 0)
		s->fen -= s->fen % 10;
}

static bool type(struct typed *t, struct day_step *s, const struct oracle_answer *a)
{
	switch (s->what) {
	case DAY_SIGN_IN:  return sign_in(t, s);
	case DAY_OPEN:     return open_shift(t, s);
	case DAY_RING:     return ring(t, s);
	case DAY_HANG:     press(t, HANG_KEY); return true;
	case DAY_TAKE:     return take(t, s);
	case DAY_VOID:     return cancel(t);
	case DAY_PAY:      return pay(t, s, a);
	case DAY_REFUND:   return bring_back(t, s);
	case DAY_CASH_IN: case DAY_CASH_OUT:
		return move_cash(t, s);
	case DAY_DRAWER:   return open_drawer(t);
	case DAY_X:        return print_x(t);
	case DAY_COUNT:    count(t, s); return true;
	case DAY_CLOSE:    return close_shift(t, s);
	case DAY_REPRINT:
		if (!scan_receipt(t, s->sale))
			return false;
		press(t, "p");
		return true;
	default:
		change_line(t, s);
		return true;
	}
}

static void remember(struct typed *t, const struct day_step *s, const struct oracle_answer *a)
{
	if (s->what == DAY_REPRINT)
		t->receipts[s->sale - 1].copies++;
	if (s->what != DAY_PAY && s->what != DAY_REFUND)
		return;
	if (t->count == t->room) {
		t->room = 2 * t->room + 100;
		t->receipts = realloc(t->receipts, (size_t)t->room * sizeof(*t->receipts));
	}
	t->receipts[t->count++] = (struct typed_receipt){ .fen = a->total_fen, .is_refund = s->what == DAY_REFUND };
}

/* What the screen says of it. The oracle has remembered the step by now. */
static bool shows(struct typed *t, const struct day_step *s, const struct oracle_answer *a)
{
	switch (s->what) {
	case DAY_RING:
		return t->keys[0] || sees_sale(t);
	case DAY_HANG:
		return sees(t, "Hung%zu", t->oracle->hung_count);
	case DAY_PAY:
		return sees(t, "R01%07" PRId64, a->no) && (a->total_fen == 0 || sees(t, "%s received", typed_yuan(a->tendered_fen)));
	case DAY_OPEN:
		return sees(t, "Shift %" PRId64 " is open with %s", t->oracle->shift.id, typed_yuan(s->fen)) && go_home(t);
	case DAY_REFUND:
		return sees(t, "Give the customer %s.", typed_yuan(a->total_fen)) && sees(t, "number R01%07" PRId64, a->no) && go_home(t);
	case DAY_CASH_IN: case DAY_CASH_OUT:
		return sees(t, "%s was %s and written down.", typed_yuan(s->fen), s->what == DAY_CASH_IN ? "put in" : "taken out") && go_home(t);
	case DAY_DRAWER:   return sees(t, "The drawer opens. It is written down.");
	case DAY_REPRINT:  return sees(t, "Copy %d goes to the printer", t->receipts[s->sale - 1].copies) && go_home(t);
	case DAY_X:        return sees(t, "It goes to the printer.") && go_home(t);
	case DAY_CLOSE:    return sees(t, "Z report %" PRId64, a->no) && go_home(t);
	case DAY_SIGN_IN: case DAY_COUNT:
		return true;
	default:
		return sees_sale(t);
	}
}

bool typed_step(struct typed *t, struct day_step *s)
{
	static struct oracle_answer a;
	bool is_scan = s->what == DAY_RING && t->oracle->goods[s->good].kind == ORACLE_PIECE && strlen(t->keys) < 200;

	t->steps++;
	make_typable(t->oracle, s);
	oracle_try(t->oracle, s, &a);
	if (!a.is_done) {
		t->left_out++;
		oracle_forget(&a);
		return true;
	}
	bool good = (is_scan || flush(t)) && type(t, s, &a);

	oracle_do(t->oracle, s, &a);
	t->done[s->what]++;
	remember(t, s, &a);
	good = good && shows(t, s, &a);
	if (!good)
		printf("    that was: %s\n", day_words(s));
	oracle_forget(&a);
	return good;
}

void typed_end(struct typed *t)
{
	free(t->receipts);
}
