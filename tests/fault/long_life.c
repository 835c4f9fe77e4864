/*
 * One till that sells for months without being started again: sale after sale, refund, shift and day in one process.
 *
 * After the first hundredth (at least 1,000 sales) its memory does not grow by 1 MB any more, not one file stays open, and an act
 * takes as long at the end as at the beginning: its 99th percentile of the process's own time, beside a yardstick of the same
 * moment (an SQLite commit of one row of 400 bytes with its seal, in memory), which tells a machine that has become slower from a till that has.
 * Every answer is compared with the oracle's; at the end day, Zs and journal with what it remembers.
 * P35. ZG_COUNT sales (3,000), ZG_SEED; ZG_MINUTES: what did not fit is said and counted as not done. Times are judged from 100,000 sales on.
 */
#include "tests/lab/inside.h"

#include "src/base/seal.h"
#include "src/store/journal.h"
#include "tests/unit/chance.h"

#include <dirent.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MB           (1024 * 1024)
#define TIMES_FROM   100000    /* sales, from which on times are judged */
#define SLOWER_LIMIT 1.20

/* Microseconds, one cell each; what is longer stands in the last one. */
#define CELLS 20000
struct times {
	int64_t count;
	int32_t cells[CELLS];
};

struct body {
	int64_t resident, written, files, sales;    /* bytes, bytes, how many, how many */
};

struct yard {
	sqlite3 *books;
	sqlite3_stmt *add;
	int64_t rows;
};

struct span {
	struct times acts, pays, yard;
};
#define SPANS 10    /* of the sales after it is warm */

static int64_t spent_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void times_add(struct times *times, int64_t ns)
{
	int64_t us = ns / 1000;

	times->cells[us < CELLS ? us : CELLS - 1]++;
	times->count++;
}

static int64_t times_part(const struct times *times, int part)
{
	int64_t left = times->count * part / 100;
	int at = 0;

	while (at < CELLS - 1 && (left -= times->cells[at]) >= 0)
		at++;
	return at;
}

/* ---- what the process holds ---- */

static int64_t word_of(const char *path, const char *word)
{
	FILE *file = fopen(path, "r");
	char line[200];
	int64_t found = -1;

	while (file && fgets(line, sizeof(line), file))
		if (strncmp(line, word, strlen(word)) == 0)
			found = strtoll(line + strlen(word), NULL, 10);
	if (file)
		fclose(file);
	return found;
}

static int64_t open_files(void)
{
	DIR *folder = opendir("/proc/self/fd");
	int64_t count = -1;    /* the folder itself */

	while (folder && readdir(folder))
		count++;
	if (folder)
		closedir(folder);
	return count - 2;
}

static struct body look(const struct inside *in)
{
	return (struct body){ word_of("/proc/self/status", "VmRSS:") * 1024, word_of("/proc/self/io", "wchar:"), open_files(),
		in->oracle.all.figure[SUM_SALES] + in->oracle.shift.sums.figure[SUM_SALES] };
}

/* ---- the yardstick ---- */

static void yard_begin(struct yard *yard, struct tally *tally)
{
	bool is_there = sqlite3_open(":memory:", &yard->books) == SQLITE_OK &&
		sqlite3_exec(yard->books, "CREATE TABLE row (id INTEGER PRIMARY KEY, body TEXT, mac BLOB)", NULL, NULL, NULL) == SQLITE_OK &&
		sqlite3_prepare_v2(yard->books, "INSERT OR REPLACE INTO row VALUES (?, ?, ?)", -1, &yard->add, NULL) == SQLITE_OK;

	tally_check(tally, is_there, "no yardstick: %s", sqlite3_errmsg(yard->books));
}

/* Always the same work: a thousand rows, over and over. */
static int64_t yard_once(struct yard *yard)
{
	static const unsigned char key[ZG_MAC_SIZE] = "the yardstick's key, TEST ONLY";
	static char body[400];
	unsigned char mac[ZG_MAC_SIZE];
	int64_t begun = spent_ns();

	memset(body, '0' + (int)(yard->rows % 10), sizeof(body));
	for (int i = 0; i < 8; i++) {
		struct zg_piece piece = { body, sizeof(body) };

		zg_seal(mac, key, &piece, 1);
		sqlite3_bind_int64(yard->add, 1, yard->rows++ % 1000);
		sqlite3_bind_text(yard->add, 2, body, sizeof(body), SQLITE_STATIC);
		sqlite3_bind_blob(yard->add, 3, mac, sizeof(mac), SQLITE_STATIC);
		sqlite3_step(yard->add);
		sqlite3_reset(yard->add);
	}
	return spent_ns() - begun;
}

static void yard_end(struct yard *yard)
{
	sqlite3_finalize(yard->add);
	sqlite3_close(yard->books);
}

/* ---- the months ---- */

struct months {
	struct inside in;
	struct day day;
	struct chance chance;
	struct yard yard;
	struct body first;             /* when it is warm */
	struct span *spans;            /* each a tenth of what comes after that */
	long count, warm;
	int64_t most;                  /* resident, after it was warm */
	time_t end;                    /* 0: none */
};

/* The shop opens at eight. */
static void sleep_until_morning(struct inside *in)
{
	time_t now = (time_t)(zg_clock_now(&in->shop->clock) / 1000);
	struct tm tm;

	localtime_r(&now, &tm);
	inside_pass(in, (int64_t)((24 + 8 - tm.tm_hour) * 3600 - tm.tm_min * 60) * 1000);
}

static struct span *span_of(struct months *m, int64_t sales)
{
	int64_t at = sales < m->warm ? -1 : (sales - m->warm) * SPANS / (m->count - m->warm);

	return at >= 0 && at < SPANS ? &m->spans[at] : NULL;
}

static void note(struct months *m, const struct day_step *step, int64_t sales)
{
	struct span *span = span_of(m, sales);

	if (!span || step->what == DAY_SIGN_IN || step->with)
		return;    /* a PIN's hash is made to take long */
	times_add(step->what == DAY_PAY ? &span->pays : &span->acts, m->in.act_ns);
	if (step->what == DAY_PAY)
		times_add(&span->yard, yard_once(&m->yard));
}

/* Now and then: how much memory there is. */
static void watch(struct months *m, struct body *now)
{
	*now = look(&m->in);
	if (now->sales >= m->warm && m->first.sales == 0) {
		m->first = *now;
		m->most = now->resident;
	}
	if (m->first.sales > 0 && now->resident > m->most)
		m->most = now->resident;
}

static bool one_day(struct months *m)
{
	struct inside *in = &m->in;
	bool good = true;
	struct body now;

	sleep_until_morning(in);
	day_begin(&m->day);
	oracle_new_day(&in->oracle);
	watch(m, &now);
	int64_t sales = now.sales;

	while (good) {
		struct day_step step = day_next(&m->day, &in->oracle);

		if (step.what == DAY_OVER)
			break;
		good = inside_step(in, &step);
		inside_pass(in, chance_between(&m->chance, 500, 6000));
		note(m, &step, sales);
	}
	return good;
}

static double ratio(const struct times *a, const struct times *b, int part)
{
	int64_t other = times_part(b, part);

	return other > 0 ? (double)times_part(a, part) / (double)other : 0;
}

static void judge_times(struct months *m, struct tally *tally, int64_t sales)
{
	int last = (int)((sales - m->warm) * SPANS / (m->count - m->warm)) - 1;    /* the last whole one */
	const struct span *a = &m->spans[0], *b = &m->spans[last < 0 ? 0 : last < SPANS ? last : SPANS - 1];
	double yard = ratio(&b->yard, &a->yard, 50), acts = ratio(&b->acts, &a->acts, 99), pays = ratio(&b->pays, &a->pays, 99);

	for (int i = 0; i <= last && i < SPANS; i++)
		printf("  span %2d: act p50 %5" PRId64 " p99 %5" PRId64 " us, payment p50 %5" PRId64 " p99 %5" PRId64 " us, yardstick p50 %3" PRId64 " us\n", i + 1,
		       times_part(&m->spans[i].acts, 50), times_part(&m->spans[i].acts, 99), times_part(&m->spans[i].pays, 50), times_part(&m->spans[i].pays, 99),
		       times_part(&m->spans[i].yard, 50));
	printf("figure: p99 of an act %" PRId64 " us at first, %" PRId64 " us at last; of a payment %" PRId64 " and %" PRId64 " us; the yardstick %" PRId64 " and %" PRId64
	       " us; by the yardstick %.2f and %.2f times as long at last\n", times_part(&a->acts, 99), times_part(&b->acts, 99), times_part(&a->pays, 99),
	       times_part(&b->pays, 99), times_part(&a->yard, 50), times_part(&b->yard, 50), acts / yard, pays / yard);
	if (m->count < TIMES_FROM)
		return;
	tally_check(tally, yard > 0 && acts / yard <= SLOWER_LIMIT, "acts have become slower: %.2f times", acts / yard);
	tally_check(tally, yard > 0 && pays / yard <= SLOWER_LIMIT, "payments have become slower: %.2f times", pays / yard);
}

static void look_back(struct months *m, struct tally *tally, const struct body *last)
{
	struct inside *in = &m->in;
	struct zg_journal_check check = { 0 };
	struct zg_error err = { .text = "" };
	struct timespec begun, ended;
	int64_t sold = last->sales - m->first.sales;
	int64_t kept = inside_number(in, "SELECT coalesce(sum(json_extract(totals, '$.sold_fen') - json_extract(totals, '$.refunded_fen')), 0) FROM shift "
				     "WHERE state = 'closed'");

	tally_check(tally, kept == sums_takings(&in->oracle.all), "the Zs come to %" PRId64 " and should to %" PRId64, kept, sums_takings(&in->oracle.all));
	tally_check(tally, m->most - m->first.resident < MB, "memory grew by %" PRId64 " kB after %" PRId64 " sales (from %" PRId64 " kB)",
		    (m->most - m->first.resident) / 1024, m->first.sales, m->first.resident / 1024);
	tally_check(tally, last->files == m->first.files, "%" PRId64 " files were open, %" PRId64 " are now", m->first.files, last->files);
	clock_gettime(CLOCK_MONOTONIC, &begun);
	tally_check(tally, zg_journal_verify(zg_till_store(in->shop->till), &check, &err) == ZG_OK, "%s", err.text);
	clock_gettime(CLOCK_MONOTONIC, &ended);
	printf("figure: memory %.1f MB after %" PRId64 " sales, at most %+.0f kB from there on; %" PRId64 " files open, then %" PRId64 "; %" PRId64
	       " bytes written a sale, %" PRId64 " of them kept; %" PRId64 " journal rows verified in %.1f s\n", (double)m->first.resident / MB, m->first.sales,
	       (double)(m->most - m->first.resident) / 1024, m->first.files, last->files, sold ? (last->written - m->first.written) / sold : 0,
	       inside_number(in, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size") / last->sales, check.rows,
	       (double)(ended.tv_sec - begun.tv_sec) + (double)(ended.tv_nsec - begun.tv_nsec) / 1e9);
}

int main(void)
{
	static struct months m;
	static struct tally tally;
	struct day_habits habits = day_usual;
	struct body last = { 0 };
	time_t begun = time(NULL);
	bool good = true;

	inside_start();
	m.chance = chance_begin();
	m.count = chance_rounds(3000);
	m.warm = m.count / 100 > 1000 ? m.count / 100 : 1000;
	m.spans = calloc(SPANS, sizeof(*m.spans));
	memset(m.spans, 1, SPANS * sizeof(*m.spans));    /* so that their pages are there before memory is looked at */
	memset(m.spans, 0, SPANS * sizeof(*m.spans));
	if (tally_setting("ZG_MINUTES", 0) > 0)
		m.end = begun + tally_setting("ZG_MINUTES", 0) * 60;
	printf("long_life: ZG_SEED=%" PRIu64 " ZG_COUNT=%ld\n", m.chance.seed, m.count);
	yard_begin(&m.yard, &tally);
	for (int i = 0; i < 2000; i++)
		(void)yard_once(&m.yard);
	habits.sales = m.count < 20000 ? 200 : 600;
	m.day = (struct day){ .chance = &m.chance, .habits = &habits };
	inside_begin(&m.in, &tally, &m.chance, false);
	m.in.look_every = 64;
	while (good && last.sales < m.count && (m.end == 0 || time(NULL) < m.end)) {
		good = one_day(&m);
		watch(&m, &last);
		if (last.sales / 20000 != (last.sales - habits.sales) / 20000) {
			printf("%ld s: %" PRId64 " sales, %" PRId64 " kB\n", (long)(time(NULL) - begun), last.sales, last.resident / 1024);
			fflush(stdout);
		}
	}
	tally_check(&tally, last.sales >= m.count || !good, "only %" PRId64 " of %ld sales were made in the time given", last.sales, m.count);
	if (good && m.first.sales > 0) {
		look_back(&m, &tally, &last);
		judge_times(&m, &tally, last.sales);
	}
	printf("figure: %" PRId64 " sales in one process, %" PRId64 " acts, %ld s\n", last.sales, m.in.steps, (long)(time(NULL) - begun));
	inside_end(&m.in);
	yard_end(&m.yard);
	free(m.spans);
	return tally_end(&tally);
}
