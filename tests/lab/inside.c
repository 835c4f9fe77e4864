#include "tests/lab/inside.h"

#include "src/base/json.h"

#include <inttypes.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

void inside_start(void)
{
	setenv("TZ", "Asia/Shanghai", 1);
	setlocale(LC_ALL, "C.UTF-8");
	zg_json_start();
	if (access("/dev/shm", W_OK) == 0)
		setenv("TMPDIR", "/dev/shm", 0);
}

/* ---- the shop ---- */

static void make_goods(struct inside *in, struct chance *chance, bool many_rates, char *csv, size_t size)
{
	static const int64_t rates[] = { 1300, 900, 600, 300, 100, 0, 50, 1600 };
	static const char *const kinds[] = { "piece", "weighed", "open-price" };
	size_t used = (size_t)snprintf(csv, size, "code,barcodes,name,unit,price,tax_rate,tax_code,kind\n");

	for (int i = 0; i < INSIDE_GOODS; i++) {
		struct oracle_good *g = &in->goods[i];
		int64_t roll = chance_between(chance, 0, 9);

		g->kind = roll < 7 ? ORACLE_PIECE : roll < 9 ? ORACLE_WEIGHED : ORACLE_OPEN_PRICE;
		/* a shop's few rates; the last goods have one each, so that one sale can meet too many */
		g->tax_bp = i < INSIDE_GOODS - 20 || !many_rates ? rates[chance_between(chance, 0, 7)] : 2000 + i;
		g->price_fen = chance_between(chance, 0, 19) ? chance_between(chance, 1, 19999) : chance_amount(chance, 999999999);
		snprintf(g->code, sizeof(g->code), "D%03d", i);
		used += (size_t)snprintf(csv + used, size - used, "%s,,Goods %d,u,%" PRId64 ".%02d,%" PRId64 ".%02d%%,,%s\n", g->code, i, g->price_fen / 100,
					 (int)(g->price_fen % 100), g->tax_bp / 100, (int)(g->tax_bp % 100), kinds[g->kind]);
	}
}

static void import(struct inside *in, struct chance *chance, bool many_rates)
{
	static char csv[INSIDE_GOODS * 100];
	char path[600];

	make_goods(in, chance, many_rates, csv, sizeof(csv));
	snprintf(path, sizeof(path), "%s/day.csv", in->shop->home);
	FILE *file = fopen(path, "w");

	if (file) {
		fputs(csv, file);
		fclose(file);
	}
	tally_check(in->tally, file && shop_do_as(in->shop, "boss", NULL, "product.import", "{s:s}", "path", path) == ZG_OK, "the goods: %s",
		    in->shop->err.text);
}

static sqlite3_stmt *prepare(sqlite3 *books, const char *sql)
{
	sqlite3_stmt *statement = NULL;

	if (sqlite3_prepare_v3(books, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK) {
		printf("%s: %s\n0 passed, 1 failed\n", sql, sqlite3_errmsg(books));
		exit(1);
	}
	return statement;
}

void inside_open_books(struct inside *in)
{
	char path[600];

	snprintf(path, sizeof(path), "%s/zhanggui.db", in->shop->home);
	if (sqlite3_open_v2(path, &in->books, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
	    sqlite3_exec(in->books, "PRAGMA query_only = ON", NULL, NULL, NULL) != SQLITE_OK) {
		printf("the books cannot be opened: %s\n0 passed, 1 failed\n", sqlite3_errmsg(in->books));
		exit(1);
	}
	in->balance = balance_open(in->books);
	in->own = zg_store_raw(zg_till_store(in->shop->till));
	in->touched = balance_open(in->own);
	in->counters = prepare(in->own, "SELECT (SELECT max(seq) FROM journal), (SELECT value FROM counter WHERE name = 'receipt'), (SELECT value FROM counter "
			       "WHERE name = 'z'), (SELECT coalesce(max(id), 0) FROM sale), (SELECT coalesce(max(id), 0) FROM shift), (SELECT "
			       "coalesce(max(id), 0) FROM cash_move), (SELECT coalesce(max(id), 0) FROM drawer_opening), (SELECT coalesce(max(id), 0) "
			       "FROM cash_count), (SELECT coalesce(max(id), 0) FROM print_job)");
	in->lines = prepare(in->own, "SELECT l.no, l.code, l.price_fen, l.quantity_milli, l.removed_milli, l.discount_fen, l.share_fen, l.amount_fen, "
			    "l.rounding_fen, l.net_fen, l.tax_fen, s.state, s.kind FROM sale_line l JOIN sale s ON s.id = l.sale_id WHERE l.sale_id = ? "
			    "ORDER BY l.no");
}

void inside_close_books(struct inside *in)
{
	balance_close(in->balance);
	balance_close(in->touched);
	sqlite3_finalize(in->counters);
	sqlite3_finalize(in->lines);
	sqlite3_close(in->books);
	in->books = NULL;
}

int64_t inside_number(struct inside *in, const char *sql)
{
	sqlite3_stmt *statement = prepare(in->books, sql);
	int64_t number = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : -1;

	sqlite3_finalize(statement);
	return number;
}

void inside_begin(struct inside *in, struct tally *tally, struct chance *chance, bool many_rates)
{
	static const struct { const char *word; int64_t step; } roundings[] = { { "none", 1 }, { "jiao", 10 }, { "yuan", 100 } };
	int64_t at = chance_between(chance, 0, 2);
	char config[200];

	*in = (struct inside){ .tally = tally };
	snprintf(config, sizeof(config), "[shop]\nname = 试验\nlanguage = en\nrounding = %s\n\n[till]\nid = %d\n", roundings[at].word,
		 (int)chance_between(chance, 1, 99));
	in->shop = shop_begin(config);
	import(in, chance, many_rates);
	oracle_begin(&in->oracle, in->goods, INSIDE_GOODS, roundings[at].step);
	inside_open_books(in);
	in->rows_before = inside_number(in, "SELECT max(seq) FROM journal");
}

void inside_end(struct inside *in)
{
	inside_close_books(in);
	oracle_end(&in->oracle);
	shop_end(in->shop);
}

void inside_restart(struct inside *in)
{
	inside_close_books(in);    /* its statements are the till's connection's */
	shop_restart(in->shop);
	inside_open_books(in);
}

void inside_pass(struct inside *in, int64_t ms)
{
	in->shop->now_ms += ms;
	in->shop->running_ms += ms;
	for (int i = 0; i < 2; i++)    /* the slips that nobody prints are put aside, the log is moved into the file */
		zg_loop_step(in->shop->loop, 0);
}

/* ---- a step as an act ---- */

static json_t *set(json_t *args, const char *name, int64_t value)
{
	json_object_set_new(args, name, json_integer(value));
	return args;
}

static json_t *set_number(const struct inside *in, json_t *args, int64_t no)
{
	char number[40];

	snprintf(number, sizeof(number), "R%02d%07" PRId64, zg_till_config(in->shop->till)->till_id, no);
	json_object_set_new(args, "number", json_string(number));
	return args;
}

static json_t *because(json_t *args, const char *why)
{
	json_object_set_new(args, "reason", json_string(why));
	return args;
}

static json_t *refund_args(const struct inside *in, const struct day_step *s)
{
	json_t *args = because(set_number(in, json_object(), s->sale), "brought back"), *lines = json_array();

	if (s->all) {
		json_object_set_new(args, "all", json_true());
		json_decref(lines);
		return args;
	}
	for (int i = 0; i < s->lines; i++)
		json_array_append_new(lines, set(set(json_object(), "line", s->line_of[i]), "quantity_milli", s->quantity_of[i]));
	json_object_set_new(args, "lines", lines);
	return args;
}

static json_t *ring_args(const struct inside *in, const struct day_step *s)
{
	json_t *args = set(json_object(), "quantity_milli", s->quantity);
	bool is_there = s->good >= 0 && s->good < INSIDE_GOODS;

	json_object_set_new(args, "code", json_string(is_there ? in->goods[s->good].code : "nothing"));
	return s->fen == DAY_TILL ? args : set(args, "price_fen", s->fen);
}

static json_t *discount_args(const struct day_step *s)
{
	json_t *args = s->line ? set(json_object(), "line", s->line) : json_object();

	if (s->kept_bp != DAY_TILL)
		return set(args, "kept_bp", s->kept_bp);
	return s->fen == DAY_TILL ? args : set(args, "off_fen", s->fen);
}

static const char *act_of(const struct inside *in, const struct day_step *s, json_t **args)
{
	json_t *none = json_object();

	*args = none;
	switch (s->what) {
	case DAY_SIGN_IN:  return "session.start";
	case DAY_OPEN:     set(none, "float_fen", s->fen); return "shift.open";
	case DAY_QUANTITY: set(set(none, "line", s->line), "quantity_milli", s->quantity); return "sale.quantity";
	case DAY_RESTORE:  set(none, "line", s->line); return "sale.restore";
	case DAY_PRICE:    set(set(none, "line", s->line), "price_fen", s->fen); return "sale.price";
	case DAY_HANG:     return "sale.hang";
	case DAY_TAKE:     set(none, "sale", s->sale); return "sale.take";
	case DAY_VOID:     because(none, "changed their mind"); return "sale.void";
	case DAY_CASH_IN:  because(set(none, "amount_fen", s->fen), "change"); return "cash.in";
	case DAY_CASH_OUT: because(set(none, "amount_fen", s->fen), "to the bank"); return "cash.out";
	case DAY_DRAWER:   because(none, "to change a note"); return "drawer.open";
	case DAY_REPRINT:  set_number(in, none, s->sale); return "print.receipt";
	case DAY_X:        json_object_set_new(none, "kind", json_string("x")); return "print.report";
	case DAY_COUNT:    set(none, "total_fen", s->fen); return "shift.count";
	case DAY_CLOSE:    return "shift.close";
	case DAY_PAY:
		if (s->fen != DAY_TILL)
			set(none, "tendered_fen", s->fen);
		return "sale.pay";
	case DAY_REMOVE:
		set(none, "line", s->line);
		if (s->quantity)
			set(none, "quantity_milli", s->quantity);
		return "sale.remove";
	default: break;
	}
	json_decref(none);
	*args = s->what == DAY_RING ? ring_args(in, s) : s->what == DAY_DISCOUNT ? discount_args(s) : refund_args(in, s);
	return s->what == DAY_RING ? "sale.add" : s->what == DAY_DISCOUNT ? "sale.discount" : "sale.refund";
}

static int64_t spent_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static enum zg_result perform(struct inside *in, const struct day_step *s)
{
	json_t *args;
	const char *act = act_of(in, s, &args);
	int64_t begun = spent_ns();
	enum zg_result result = s->what == DAY_SIGN_IN ? shop_do_as(in->shop, s->who, NULL, act, "o", args)
		: s->with ? shop_do_as(in->shop, in->oracle.person, s->with, act, "o", args) : shop_do(in->shop, act, "o", args);

	in->act_ns = spent_ns() - begun;
	return result;
}

/* ---- what it must have led to ---- */

static bool same(struct inside *in, const char *what, int64_t is, int64_t should)
{
	return tally_check(in->tally, is == should, "step %" PRId64 " (%s): %s is %" PRId64 " and should be %" PRId64, in->steps, in->trail, what, is, should);
}

static bool compare_answer(struct inside *in, const struct day_step *s, const struct oracle_answer *a)
{
	const struct shop *shop = in->shop;
	char number[40];

	switch (s->what) {
	case DAY_RING: case DAY_QUANTITY: case DAY_REMOVE: case DAY_RESTORE: case DAY_PRICE: case DAY_DISCOUNT:
		return same(in, "the total", shop_integer(shop, "total_fen"), a->total_fen);
	case DAY_PAY: case DAY_REFUND:
		snprintf(number, sizeof(number), "R%02d%07" PRId64, zg_till_config(shop->till)->till_id, a->no);
		if (!tally_check(in->tally, strcmp(shop_text(shop, "number"), number) == 0, "step %" PRId64 " (%s): it is %s and should be %s", in->steps, in->trail,
				 shop_text(shop, "number"), number))
			return false;
		if (s->what == DAY_REFUND)
			return same(in, "what goes back", shop_integer(shop, "refunded_fen"), a->total_fen) &&
			       same(in, "its rounding", shop_integer(shop, "rounding_fen"), a->rounding_fen);
		return same(in, "the total", shop_integer(shop, "total_fen"), a->total_fen) &&
		       same(in, "the rounding", shop_integer(shop, "rounding_fen"), a->rounding_fen) &&
		       same(in, "what was given", shop_integer(shop, "tendered_fen"), a->tendered_fen) &&
		       same(in, "the change", shop_integer(shop, "change_fen"), a->change_fen);
	case DAY_CLOSE:
		return same(in, "the Z's number", shop_integer(shop, "z"), a->no) && same(in, "takings", shop_integer(shop, "takings_fen"), a->total_fen) &&
		       same(in, "what should be there", shop_integer(shop, "expected_fen"), sums_expected(&in->oracle.shift.sums));
	default:
		return true;
	}
}

/* The sale's rows in the books are these lines, in every figure. */
static bool compare_lines(struct inside *in, int64_t id, const struct oracle_sale *sale)
{
	sqlite3_stmt *q = in->lines;
	size_t count = 0;
	bool is_same = true;

	sqlite3_bind_int64(q, 1, id);
	while (is_same && sqlite3_step(q) == SQLITE_ROW) {
		const struct oracle_line *l = count < sale->count ? &sale->lines[count] : NULL;

		count++;
		is_same = l && sqlite3_column_int64(q, 0) == (int64_t)count && strcmp((const char *)sqlite3_column_text(q, 1), in->goods[l->good].code) == 0 &&
			  sqlite3_column_int64(q, 2) == l->r.price_fen && sqlite3_column_int64(q, 3) == l->r.quantity &&
			  sqlite3_column_int64(q, 4) == l->r.removed && sqlite3_column_int64(q, 5) == l->r.discount &&
			  sqlite3_column_int64(q, 6) == l->r.share && sqlite3_column_int64(q, 7) == l->r.amount &&
			  sqlite3_column_int64(q, 8) == l->r.rounding && sqlite3_column_int64(q, 9) == l->r.net && sqlite3_column_int64(q, 10) == l->r.tax;
	}
	sqlite3_reset(q);
	return tally_check(in->tally, is_same && count == sale->count, "step %" PRId64 " (%s): line %zu of sale %" PRId64 " is not what was rung", in->steps,
			   in->trail, count, id);
}

static bool compare_refund(struct inside *in, int64_t id, const struct oracle_answer *a)
{
	sqlite3_stmt *q = in->lines;
	size_t at = 0, count = 0;
	bool is_same = true;

	sqlite3_bind_int64(q, 1, id);
	for (; at < a->origin->count && is_same; at++) {
		const struct ref_back *b = &a->back[at];

		if (a->quantities[at] == 0)
			continue;
		count++;
		is_same = sqlite3_step(q) == SQLITE_ROW && sqlite3_column_int64(q, 0) == (int64_t)count && sqlite3_column_int64(q, 3) == -a->quantities[at] &&
			  sqlite3_column_int64(q, 7) == -b->value && sqlite3_column_int64(q, 8) == -b->rounding && sqlite3_column_int64(q, 9) == -b->net &&
			  sqlite3_column_int64(q, 10) == -b->tax;
	}
	is_same = is_same && sqlite3_step(q) != SQLITE_ROW;
	sqlite3_reset(q);
	return tally_check(in->tally, is_same, "step %" PRId64 " (%s): line %zu of refund %" PRId64 " is not what was brought back", in->steps, in->trail,
			   count, id);
}

/* Each table has the rows that it should have, and no more. */
static bool compare_counters(struct inside *in)
{
	static const char *const names[] = { "the journal's last row", "the last receipt", "the last Z", "the last sale", "the last shift", "the last movement",
		"the last opening", "the last count", "the last slip" };
	const struct oracle *o = &in->oracle;
	const int64_t should[] = { in->rows_before + o->acts, o->receipts, o->zs, o->sale_rows, o->shifts, o->moves, o->openings, o->counts, o->slips + o->pulses };
	bool is_same = sqlite3_step(in->counters) == SQLITE_ROW;

	for (int i = 0; i < 9 && is_same; i++)
		is_same = same(in, names[i], sqlite3_column_int64(in->counters, i), should[i]);
	sqlite3_reset(in->counters);
	return is_same;
}

static bool compare_books(struct inside *in, int64_t touched)
{
	const char *fault = touched ? balance_sales(in->touched, touched, touched) : "";

	return tally_check(in->tally, !*fault, "step %" PRId64 " (%s): sale %" PRId64 ": %s", in->steps, in->trail, touched, fault) && compare_counters(in);
}

/* Answer and rows of a step that is done; then the oracle remembers it. */
static bool acknowledged(struct inside *in, const struct day_step *s, struct oracle_answer *a)
{
	struct oracle *o = &in->oracle;
	bool is_line = s->what >= DAY_RING && s->what <= DAY_DISCOUNT, good = compare_answer(in, s, a);
	int64_t touched = is_line || s->what == DAY_PAY ? (o->open.id ? o->open.id : o->sale_rows + 1) : s->what == DAY_REFUND ? o->sale_rows + 1 :
			  s->what == DAY_HANG || s->what == DAY_VOID ? o->open.id : s->what == DAY_TAKE ? s->sale : 0;

	if (good && (is_line || s->what == DAY_PAY))
		good = compare_lines(in, touched, &a->sale);
	if (good && s->what == DAY_REFUND)
		good = compare_refund(in, touched, a);
	oracle_do(o, s, a);
	/* a changed line was compared to the fen: its sale's rules are asked every fourth time */
	return good && compare_books(in, is_line && in->steps % 4 ? 0 : touched);
}

bool inside_step(struct inside *in, const struct day_step *s)
{
	static struct oracle_answer a;
	struct oracle *o = &in->oracle;

	in->steps++;
	snprintf(in->trail, sizeof(in->trail), "%s", day_words(s));
	bool looks = in->look_every == 0 || in->steps % in->look_every == 0;

	oracle_try(o, s, &a);
	enum zg_result result = perform(in, s);
	bool good = tally_check(in->tally, (result == ZG_OK) == a.is_done, "step %" PRId64 " (%s) by %s: the till says %s (%s), the oracle %s", in->steps,
				in->trail, o->person, zg_result_name(result), in->shop->err.text, a.is_done ? "done" : a.why);

	good = tally_check(in->tally, sqlite3_get_autocommit(in->own), "step %" PRId64 " (%s): it left a transaction open", in->steps, in->trail) && good;
	if (result == ZG_OK)
		in->done[s->what]++;
	else
		in->refused[s->what]++;
	if (good && a.is_done && !looks) {
		good = compare_answer(in, s, &a);
		oracle_do(o, s, &a);
	} else if (good && a.is_done)
		good = acknowledged(in, s, &a);
	else if (good && looks)
		good = (o->open.id == 0 || compare_lines(in, o->open.id, &o->open)) && compare_counters(in);
	oracle_forget(&a);
	return good;
}

bool inside_look(struct inside *in)
{
	const char *fault = balance_sales(in->balance, 0, INT64_MAX);

	if (!*fault)
		fault = balance_whole(in->balance);
	return tally_check(in->tally, !*fault, "step %" PRId64 ": %s", in->steps, fault);
}
