/*
 * Day, shift and Z are the sum of the lines, to the fen, recomputed from the journal alone.
 *
 * Simulated days of a corner shop through the till itself. After every shift: what the journal's rows add up to (each line worked
 * out again from price and quantity) against the Z in the journal, the Z's row, the Z's slip, the day's report and the oracle's
 * memory of what was acknowledged; on the way, each X. At the end of a shop all shifts that ever were together, which is the perpetual
 * total, against the lines in the books; and every seal of the journal.
 * P23. ZG_COUNT days (4), ZG_SALES a day (600), ZG_SEED. The shops are shared out among the processors.
 */
#include "tests/lab/inside.h"
#include "tests/lab/ledger.h"
#include "tests/lab/workers.h"

#include "tests/unit/chance.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

struct run {
	uint64_t seed;
	long count, shop_days;
	int sales;
};
static struct run run;

struct result {
	struct tally tally;
	int64_t days, shifts, reports, sales, refunds, acts, rows, takings_fen;
};

static bool agree(struct inside *in, const char *what, const char *difference)
{
	return tally_check(in->tally, !difference, "step %" PRId64 ", day %s: %s", in->steps, what, difference ? difference : "");
}

static bool read_on(struct inside *in, struct ledger *ledger)
{
	bool was_read = ledger_read(ledger, in->books);

	return tally_check(in->tally, was_read && ledger->faults == 0, "step %" PRId64 ": %s (%" PRId64 " faults)", in->steps, ledger->fault,
			   ledger->faults);
}

/* The figures that the till keeps or shows as JSON. */
static json_t *text_of(struct inside *in, const char *sql, int64_t id)
{
	sqlite3_stmt *statement = NULL;
	json_t *object = NULL;

	if (sqlite3_prepare_v2(in->books, sql, -1, &statement, NULL) == SQLITE_OK) {
		sqlite3_bind_int64(statement, 1, id);
		if (sqlite3_step(statement) == SQLITE_ROW)
			object = json_loads((const char *)sqlite3_column_text(statement, 0), 0, NULL);
	}
	sqlite3_finalize(statement);
	return object;
}

/* The shift that was just closed, wherever the till tells of it. */
static bool closed(struct inside *in, struct ledger *ledger, struct result *r)
{
	char words[200];
	int64_t id = in->oracle.shifts;

	if (!read_on(in, ledger))
		return false;
	const struct ledger_shift *shift = &ledger->shifts[id - 1];
	json_t *row = text_of(in, "SELECT totals FROM shift WHERE id = ?", id);
	json_t *slip = text_of(in, "SELECT body FROM print_job WHERE kind = 'z' AND ref = ? AND copy = 0", id);
	json_t *report = zg_till_day_report(in->shop->till, shift->day, NULL);
	struct sums theirs, day = ledger_day(ledger, shift->day);
	bool good = tally_check(in->tally, row && slip && report && sums_read(&theirs, row), "shift %" PRId64 ": its figures cannot be read", id) &&
		    agree(in, "by the Z's row", sums_difference(&shift->sums, &theirs, words)) &&
		    agree(in, "by the Z's slip", sums_document(&shift->sums, slip, words)) &&
		    agree(in, "by the day's report", sums_document(&day, report, words)) &&
		    agree(in, "by what was acknowledged", sums_difference(&day, &in->oracle.day, words));

	json_decref(row);
	json_decref(slip);
	json_decref(report);
	r->shifts++;
	r->reports += 3;
	return good;
}

/* The shift under way. */
static bool shown(struct inside *in, struct ledger *ledger, struct result *r)
{
	char words[200];
	json_t *slip;

	if (!read_on(in, ledger))
		return false;
	slip = text_of(in, "SELECT body FROM print_job WHERE kind = 'x' AND ref = ? ORDER BY id DESC LIMIT 1", in->oracle.shift.id);
	bool good = agree(in, "by an X", sums_document(&ledger->shifts[in->oracle.shift.id - 1].sums, slip, words));

	json_decref(slip);
	r->reports++;
	return good;
}

/* All of it, from the first sale on. */
static void look_back(struct inside *in, struct ledger *ledger)
{
	struct zg_journal_check check;
	struct zg_error err = { .text = "" };
	struct sums all = ledger_all(ledger);
	char words[200];

	inside_look(in);
	agree(in, "all together", sums_difference(&all, &in->oracle.all, words));
	int64_t kept = inside_number(in, "SELECT coalesce(sum(l.amount_fen - l.rounding_fen), 0) FROM sale s JOIN sale_line l ON l.sale_id = s.id "
				     "WHERE s.state = 'paid' AND l.quantity_milli <> 0");
	int64_t zs = inside_number(in, "SELECT coalesce(sum(json_extract(totals, '$.sold_fen') - json_extract(totals, '$.refunded_fen')), 0) FROM shift "
				   "WHERE state = 'closed'");

	tally_check(in->tally, kept == sums_takings(&all) && zs == kept, "the lines that were paid come to %" PRId64 ", the Zs to %" PRId64 ", the journal to %"
		    PRId64, kept, zs, sums_takings(&all));
	tally_check(in->tally, zg_journal_verify(zg_till_store(in->shop->till), &check, &err) == ZG_OK && check.rows == ledger->rows, "%s", err.text);
}

/* The shop opens at eight. */
static void sleep_until_morning(struct inside *in)
{
	time_t now = (time_t)(zg_clock_now(&in->shop->clock) / 1000);
	struct tm tm;

	localtime_r(&now, &tm);
	inside_pass(in, (int64_t)((24 + 8 - tm.tm_hour) * 3600 - tm.tm_min * 60) * 1000);
}

static bool one_day(struct inside *in, struct day *day, struct ledger *ledger, struct result *r)
{
	bool good = true;

	sleep_until_morning(in);
	day_begin(day);
	oracle_new_day(&in->oracle);
	while (good) {
		struct day_step step = day_next(day, &in->oracle);

		if (step.what == DAY_OVER)
			break;
		good = inside_step(in, &step);
		inside_pass(in, chance_between(day->chance, 500, 6000));
		if (good && step.what == DAY_CLOSE && !in->oracle.shift.is_open)
			good = closed(in, ledger, r);
		else if (good && step.what == DAY_X)
			good = shown(in, ledger, r);
	}
	r->days++;
	return good;
}

static void work(int index, int of, void *result)
{
	static struct inside in;
	struct result *r = result;

	for (long shop = index; shop * run.shop_days < run.count && r->tally.failed == 0; shop += of) {
		uint64_t seed = chance_part(run.seed, shop);
		struct chance chance = { seed, seed };
		struct day_habits habits = day_usual;
		struct day day = { .chance = &chance, .habits = &habits };
		struct ledger ledger = { .rows = 0 };
		bool good = true;

		habits.sales = run.sales;
		inside_begin(&in, &r->tally, &chance, false);
		for (long i = 0; good && i < run.shop_days && shop * run.shop_days + i < run.count; i++)
			good = one_day(&in, &day, &ledger, r);
		if (good)
			look_back(&in, &ledger);
		r->sales += in.oracle.all.figure[SUM_SALES];
		r->refunds += in.oracle.all.figure[SUM_REFUNDS];
		r->takings_fen += sums_takings(&in.oracle.all);
		r->acts += in.steps;
		r->rows += ledger.rows;
		ledger_clear(&ledger);
		inside_end(&in);
		if (r->tally.failed)
			printf("    repeat it: ZG_SEED=%" PRIu64 " ZG_COUNT=%ld\n", seed, run.shop_days);
	}
}

static void add(const void *result, void *self)
{
	const struct result *r = result;
	struct result *all = self;

	all->tally.passed += r->tally.passed;
	all->tally.failed += r->tally.failed;
	all->days += r->days;
	all->shifts += r->shifts;
	all->reports += r->reports;
	all->sales += r->sales;
	all->refunds += r->refunds;
	all->acts += r->acts;
	all->rows += r->rows;
	all->takings_fen += r->takings_fen;
}

int main(void)
{
	static struct result all;
	time_t begun = time(NULL);

	inside_start();
	run = (struct run){ .seed = chance_begin().seed, .count = chance_rounds(4), .sales = (int)tally_setting("ZG_SALES", 600) };
	run.shop_days = run.count < 40 ? 2 : 10;
	printf("days: ZG_SEED=%" PRIu64 " ZG_COUNT=%ld ZG_SALES=%d\n", run.seed, run.count, run.sales);
	tally_check(&all.tally, workers_run(workers_count(), sizeof(all), work, add, &all), "a worker did not come to its end");
	tally_check(&all.tally, all.days == run.count || all.tally.failed, "only %" PRId64 " of %ld days were lived", all.days, run.count);
	printf("figure: %" PRId64 " days, %" PRId64 " shifts, %" PRId64 " sales, %" PRId64 " refunds, %" PRId64 " acts, %" PRId64 " reports compared with %" PRId64
	       " journal rows, takings of %" PRId64 ".%02d; %d fen off; %ld s\n", all.days, all.shifts, all.sales, all.refunds, all.acts, all.reports, all.rows,
	       all.takings_fen / 100, (int)(all.takings_fen % 100), all.tally.failed, (long)(time(NULL) - begun));
	return tally_end(&all.tally);
}
