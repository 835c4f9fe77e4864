/*
 * A clock that jumps does no harm: days of a shop in which the wall clock is set back and ahead, to 1970, by small steps and
 * by years, the zone changes, a second is counted twice; between acts, in the middle of them, and while no till runs.
 *
 * Beside it stands somebody who knows only what was answered, in which order. In the end numbers and rows stand in that
 * order whatever the clock said, each backward step is in the journal before what was done after it, nothing else about the
 * clock is, no shift of an older day was opened without an admin, and the figures of shifts and days are those of the order.
 * P27. ZG_COUNT schedules (8), ZG_SEED.
 */
#include "tests/fault/rules.h"
#include "tests/fault/tally.h"
#include "tests/unit/chance.h"
#include "tests/unit/shop.h"

#include "src/store/journal.h"
#include "src/store/sales.h"
#include "src/store/shifts.h"

#include <inttypes.h>
#include <locale.h>
#include <string.h>
#include <time.h>

#define SECOND   1000LL
#define MINUTE   (60 * SECOND)
#define HOUR     (60 * MINUTE)
#define DAY      (24 * HOUR)
#define JUMP     (2 * SECOND)    /* a step back above this is told */
#define DAY_ENDS 4               /* o'clock, as an unset day_ends_at has it */
#define SLOWEST  (31 * SECOND)   /* the longest wait of a till that was given wrong PINs */
#define FAR      7               /* days ahead of the last shift that need an admin */
#define RECEIPTS 400
#define SHIFTS   100
#define STEPS    40

struct receipt {
	char number[32];
	int64_t fen;              /* a refund's is negative */
	int shift;
	bool is_given_back;
};

struct trial {
	struct tally tally;
	struct chance chance;
	struct shop *shop;
	struct receipt receipts[RECEIPTS];
	int count;
	char days[SHIFTS][ZG_DAY_TEXT];
	int64_t takings[SHIFTS];
	int shifts;
	bool is_open, changes_midway;
	int overrides;
	int64_t founded_ms;
	int64_t lead_ms;          /* the greatest lead of the wall clock that a look has seen */
	int backs;                /* rows about it that must be there */
	enum zg_result guessed;
	long schedules, changes, midway, closed, refused;
};

#define CHECK(holds, ...) tally_check(&t->tally, holds, __VA_ARGS__)

static int64_t now(const struct trial *t)
{
	return zg_clock_now(&t->shop->clock);
}

static struct sqlite3 *books(const struct trial *t)
{
	return zg_store_raw(zg_till_store(t->shop->till));
}

/* ---- what the clock does ---- */

/* The till looks at the clock now: what must it have seen? */
static void look(struct trial *t)
{
	int64_t lead = t->shop->now_ms - t->shop->running_ms;

	if (t->lead_ms - lead > JUMP)
		t->backs++;
	if (t->lead_ms - lead > JUMP || lead > t->lead_ms)
		t->lead_ms = lead;
}

static void pass(struct trial *t, int64_t ms)
{
	t->shop->now_ms += ms;
	t->shop->running_ms += ms;
}

/* The loop goes round, and what is due is done. */
static void rest(struct trial *t)
{
	pass(t, 2100);
	for (int i = 0; i < 3; i++)
		zg_loop_step(t->shop->loop, 0);
	look(t);
}

static void set(struct trial *t, int64_t at_ms)
{
	t->shop->now_ms += at_ms - now(t);
}

static void change_zone(struct trial *t)
{
	static const char *const zones[] = { "Asia/Shanghai", "UTC", "America/New_York", "Pacific/Kiritimati", "Australia/Lord_Howe" };

	setenv("TZ", zones[chance_between(&t->chance, 0, 4)], 1);
	tzset();
}

static void change_clock(struct trial *t)
{
	int64_t real = zg_clock_now(&zg_real_clock);

	t->changes++;
	switch (chance_between(&t->chance, 0, 11)) {
	case 0:  t->shop->now_ms -= DAY; break;
	case 1:  set(t, real + 3653 * DAY); break;
	case 2:  set(t, chance_between(&t->chance, MINUTE, HOUR)); break;    /* a computer without a clock, just started */
	case 3:  t->shop->now_ms -= SECOND; break;                           /* the leap second is counted twice */
	case 4:  t->shop->now_ms -= chance_between(&t->chance, 1, 20) * 90; break;
	case 5:  t->shop->now_ms += chance_between(&t->chance, 1, 20) * 90; break;
	case 6:  t->shop->now_ms -= chance_between(&t->chance, 1, 300) * MINUTE; break;
	case 7:  t->shop->now_ms += chance_between(&t->chance, 1, 300) * MINUTE; break;
	case 8:  t->shop->now_ms += DAY; break;
	case 9:  change_zone(t); break;
	default: set(t, real + t->shop->running_ms); break;                  /* somebody sets it right */
	}
	if (now(t) < MINUTE)
		set(t, MINUTE);    /* the kernel knows no time before 1970 */
	/* neither the till's reading nor ours is exact to the millisecond: nothing lies on the edge itself */
	int64_t behind = t->lead_ms - (t->shop->now_ms - t->shop->running_ms);

	if (behind > JUMP - 100 && behind < JUMP + 100)
		t->shop->now_ms -= 300;
}

static void change_midway(void *self)
{
	struct trial *t = self;

	t->changes_midway = false;
	t->midway++;
	change_clock(t);
}

/* ---- what is done ---- */

/* Rows that an act wrote must stand behind the row about the clock, when there was something to tell. */
static void check_order(struct trial *t, int64_t before, int backs)
{
	if (t->backs > backs)
		CHECK(books_number(books(t), "SELECT seq FROM journal WHERE kind = 'clock.back' ORDER BY seq DESC LIMIT 1") == before + 1,
		      "schedule %ld: the step back is not the first row after it", t->schedules);
}

/* An act in one go, by somebody whose PIN takes its time (who): then the clock may change in between. */
static enum zg_result act(struct trial *t, const char *who, const char *name, json_t *args)
{
	bool is_midway = who && chance_between(&t->chance, 0, 1);
	enum zg_result result;

	if (is_midway)
		rest(t);    /* what the clock did before was seen by then */
	int64_t before = books_number(books(t), "SELECT max(seq) FROM journal");
	int backs = t->backs;

	args = args ? args : json_object();
	if (is_midway) {
		t->changes_midway = true;
		zg_timer_add(t->shop->loop, 5, change_midway, t);
		result = shop_do_as(t->shop, who, NULL, name, "O", args);
		look(t);
		/* the hash was quicker than 5 ms: the change comes after the act */
		while (t->changes_midway)
			zg_loop_step(t->shop->loop, 10);
	} else {
		result = who ? shop_do_as(t->shop, who, NULL, name, "O", args) : shop_do(t->shop, name, "O", args);
		look(t);
	}
	check_order(t, before, backs);
	json_decref(args);
	return result;
}

/* One that no clock may hinder. */
static bool must(struct trial *t, const char *who, const char *name, json_t *args)
{
	return CHECK(act(t, who, name, args) == ZG_OK, "schedule %ld: %s at %" PRId64 ": %s", t->schedules, name, now(t), t->shop->err.text);
}

static void keep(struct trial *t, int64_t fen)
{
	struct receipt *receipt = &t->receipts[t->count++];

	*receipt = (struct receipt){ .fen = fen, .shift = t->shifts - 1 };
	snprintf(receipt->number, sizeof(receipt->number), "%s", shop_text(t->shop, "number"));
	t->takings[t->shifts - 1] += fen;
}

static void sell(struct trial *t)
{
	static const struct { const char *code; int64_t fen; } goods[] = { { "1001", 200 }, { "1002", 550 }, { "1003", 3990 } };
	int64_t fen = 0;

	for (int64_t lines = chance_between(&t->chance, 1, 3); lines > 0; lines--) {
		int64_t which = chance_between(&t->chance, 0, 2), pieces = chance_between(&t->chance, 1, 4);

		if (!must(t, NULL, "sale.add", json_pack("{s:s, s:I}", "code", goods[which].code, "quantity_milli", (json_int_t)pieces * 1000)))
			return;
		fen += pieces * goods[which].fen;
		if (chance_between(&t->chance, 0, 5) == 0)
			change_clock(t);
	}
	if (chance_between(&t->chance, 0, 5) == 0) {
		must(t, NULL, "sale.hang", NULL);
		int64_t id = shop_integer(t->shop, "sale_id");

		change_clock(t);
		must(t, NULL, "sale.take", json_pack("{s:I}", "sale", (json_int_t)id));
	}
	if (must(t, chance_between(&t->chance, 0, 3) ? NULL : "lin", "sale.pay", NULL))
		keep(t, fen);
}

static void give_back(struct trial *t)
{
	struct receipt *origin = &t->receipts[chance_between(&t->chance, 0, t->count - 1)];

	if (origin->fen < 0 || origin->is_given_back)
		return;
	if (!must(t, NULL, "sale.refund", json_pack("{s:s, s:b, s:s}", "number", origin->number, "all", 1, "reason", "stale")))
		return;
	origin->is_given_back = true;
	keep(t, -origin->fen);
}

/* Worked out apart from the till. */
static void business_day(char day[ZG_DAY_TEXT], int64_t at_ms)
{
	time_t at = at_ms / 1000;
	struct tm local = *localtime(&at), noon = { .tm_year = local.tm_year, .tm_mon = local.tm_mon, .tm_mday = local.tm_mday, .tm_hour = 12 };
	time_t utc = timegm(&noon) - (local.tm_hour < DAY_ENDS ? 86400 : 0);

	strftime(day, ZG_DAY_TEXT, "%Y-%m-%d", gmtime(&utc));
}

static int64_t days_of(const char *day)
{
	struct tm noon = { .tm_year = atoi(day) - 1900, .tm_mon = atoi(day + 5) - 1, .tm_mday = atoi(day + 8), .tm_hour = 12 };

	return (int64_t)timegm(&noon) / 86400;
}

/* Nobody but an admin opens a shift of an older day, nor one far ahead. */
static void open_shift(struct trial *t)
{
	static const char *const people[] = { NULL, "lin", "boss" };
	const char *who = people[chance_between(&t->chance, 0, 2)];
	char before[ZG_DAY_TEXT], day[ZG_DAY_TEXT], last[ZG_DAY_TEXT];
	enum zg_result result;

	business_day(before, now(t));
	result = act(t, who, "shift.open", json_pack("{s:i}", "float_fen", 0));
	business_day(day, now(t));
	/* changed in the middle of it, or midnight: which of the two days it was is then the books' to say */
	if (result == ZG_OK && strcmp(shop_text(t->shop, "day"), before) == 0)
		memcpy(day, before, sizeof(day));
	if (t->shifts > 0)
		memcpy(last, t->days[t->shifts - 1], sizeof(last));
	else
		business_day(last, t->founded_ms);
	bool is_odd = strcmp(day, last) < 0 || (t->shifts > 0 && days_of(day) - days_of(last) > FAR);
	bool is_admin = who && strcmp(who, "boss") == 0;

	if (result != ZG_OK) {
		bool was_odd = strcmp(before, last) < 0 || (t->shifts > 0 && days_of(before) - days_of(last) > FAR);

		CHECK(!is_admin && (is_odd || was_odd) && strstr(t->shop->err.text, "clock") && result == ZG_REFUSED,
		      "schedule %ld: a shift of %s after %s by %s: %s", t->schedules, day, last, who ? who : "ding", t->shop->err.text);
		t->refused++;
		return;
	}
	CHECK(!is_odd || is_admin, "schedule %ld: %s opened a shift of %s after %s", t->schedules, who ? who : "ding", day, last);
	CHECK(strcmp(shop_text(t->shop, "day"), day) == 0, "schedule %ld: the shift is of %s, the clock says %s", t->schedules,
	      shop_text(t->shop, "day"), day);
	memcpy(t->days[t->shifts++], day, ZG_DAY_TEXT);
	t->overrides += is_odd;
	t->is_open = true;
}

static void close_shift(struct trial *t)
{
	int64_t mine = t->takings[t->shifts - 1];

	/* what was given back of other shifts' sales may be more than what came in: the float makes up for it */
	if (!must(t, NULL, "shift.count", json_pack("{s:I}", "total_fen", (json_int_t)(mine > 0 ? mine : 0))) ||
	    !must(t, chance_between(&t->chance, 0, 1) ? "ding" : NULL, "shift.close", NULL))
		return;
	CHECK(shop_integer(t->shop, "takings_fen") == mine, "schedule %ld: the Z says %" PRId64 ", the sales were %" PRId64, t->schedules,
	      shop_integer(t->shop, "takings_fen"), mine);
	CHECK(shop_integer(t->shop, "z") == t->shifts, "schedule %ld: Z %" PRId64 " of shift %d", t->schedules, shop_integer(t->shop, "z"), t->shifts);
	t->is_open = false;
	t->closed++;
}

static void sign_in(struct trial *t)
{
	must(t, "ding", "session.start", NULL);
}

/* The clock may change while nobody watches: then the journal's last row tells. */
static void restart(struct trial *t)
{
	struct shop *shop = t->shop;
	int64_t last = books_number(books(t), "SELECT at FROM journal ORDER BY seq DESC LIMIT 1");
	int backs = t->backs;

	look(t);
	if (t->backs > backs)
		last = now(t);
	zg_till_close(shop->till);
	shop->till = NULL;
	if (chance_between(&t->chance, 0, 1))
		change_clock(t);
	if (last - now(t) > JUMP - SECOND && last - now(t) < JUMP + SECOND)
		shop->now_ms -= 5 * SECOND;
	t->backs += last - now(t) > JUMP;
	shop_restart(shop);
	t->lead_ms = shop->now_ms - shop->running_ms;
	pass(t, SLOWEST);
	sign_in(t);
}

/* ---- waits that the wall clock cannot shorten ---- */

static void guessed(void *self, enum zg_result result, const json_t *answer, const struct zg_error *err)
{
	(void)answer, (void)err;
	((struct trial *)self)->guessed = result;
}

/* A wrong PIN of lin's. */
static enum zg_result guess(struct trial *t)
{
	t->guessed = ZG_UNKNOWN;
	zg_till_call(t->shop->till, &(struct zg_call){ .act = "session.start", .as = "lin", .pin = "1111", .done = guessed, .self = t });
	while (t->guessed == ZG_UNKNOWN)
		zg_loop_step(t->shop->loop, 10);
	look(t);
	return t->guessed;
}

static void check_lock(struct trial *t)
{
	struct shop *shop = t->shop;

	for (int i = 0; i < 10; i++) {
		pass(t, SLOWEST);
		enum zg_result result = guess(t);

		CHECK(result == (i < 9 ? ZG_INVALID : ZG_REFUSED), "schedule %ld: wrong try %d: %s", t->schedules, i, zg_result_name(result));
	}
	int64_t shut = shop->running_ms;

	while (shop->running_ms - shut < 27 * MINUTE) {
		change_clock(t);
		if (chance_between(&t->chance, 0, 2) == 0)
			restart(t);
		pass(t, SLOWEST + chance_between(&t->chance, 1, 9 * 60) * SECOND);
		rest(t);
		if (shop->running_ms - shut > 29 * MINUTE)
			break;
		CHECK(shop_do_as(shop, "lin", NULL, "session.start", NULL) == ZG_REFUSED, "schedule %ld: %" PRId64 " s after the tenth wrong PIN, "
		      "a changed clock has opened the login", t->schedules, (shop->running_ms - shut) / 1000);
		look(t);
	}
	pass(t, 31 * MINUTE);
	rest(t);
	CHECK(shop_do_as(shop, "lin", NULL, "session.start", NULL) == ZG_OK, "schedule %ld: half an hour later the login is shut: %s", t->schedules,
	      shop->err.text);
	look(t);
	sign_in(t);
}

/* ---- what the books say ---- */

static void check_numbers(struct trial *t)
{
	struct zg_sale_filter filter = { .state = ZG_SALE_PAID, .most = RECEIPTS };
	struct zg_sale_row *rows = NULL;
	size_t count = 0;
	char number[32];

	if (!CHECK(zg_sales_list(zg_till_store(t->shop->till), &filter, &rows, &count, NULL) == ZG_OK && (int)count == t->count,
		   "schedule %ld: %zu receipts, %d were answered", t->schedules, count, t->count)) {
		free(rows);
		return;
	}
	for (int i = 0; i < t->count; i++) {
		const struct zg_sale_record *record = &rows[t->count - 1 - i].record;

		snprintf(number, sizeof(number), "R01%07d", i + 1);
		CHECK(strcmp(record->number, number) == 0 && strcmp(t->receipts[i].number, number) == 0 &&
		      strcmp(record->day, t->days[t->receipts[i].shift]) == 0 && record->shift_id == t->receipts[i].shift + 1,
		      "schedule %ld: receipt %d is %s of %s, answered as %s of %s", t->schedules, i + 1, record->number, record->day,
		      t->receipts[i].number, t->days[t->receipts[i].shift]);
	}
	free(rows);
	CHECK(books_number(books(t), "SELECT count(*) FROM sale a JOIN sale b ON b.receipt_no = a.receipt_no + 1 "
			   "WHERE b.journal_seq <= a.journal_seq") == 0, "schedule %ld: the journal has receipts in another order", t->schedules);
}

static void check_days(struct trial *t)
{
	struct zg_error err;

	for (int i = 0; i < t->shifts; i++) {
		int64_t sum = 0;
		bool is_seen = false;

		for (int j = 0; j < t->shifts; j++) {
			if (strcmp(t->days[i], t->days[j]) == 0) {
				sum += t->takings[j];
				is_seen = is_seen || j < i;
			}
		}
		if (is_seen)
			continue;
		json_t *day = zg_till_day_report(t->shop->till, t->days[i], &err);

		CHECK(day && zg_json_integer(day, "takings_fen", INT64_MIN) == sum, "schedule %ld: the day %s is %" PRId64 ", its shifts are %" PRId64,
		      t->schedules, t->days[i], zg_json_integer(day, "takings_fen", INT64_MIN), sum);
		json_decref(day);
	}
}

static void check(struct trial *t)
{
	struct zg_journal_check verified;
	struct zg_error err = { 0 };
	int64_t backs = books_number(books(t), "SELECT count(*) FROM journal WHERE kind = 'clock.back'");
	int64_t overrides = books_number(books(t), "SELECT count(*) FROM journal WHERE kind = 'clock.override'");
	const char *fault = books_fault(books(t));

	CHECK(backs == t->backs, "schedule %ld: the clock went back %d times, the journal says %" PRId64, t->schedules, t->backs, backs);
	CHECK(overrides == t->overrides, "schedule %ld: %d odd days were opened by an admin, the journal says %" PRId64, t->schedules,
	      t->overrides, overrides);
	CHECK(!*fault, "schedule %ld: %s", t->schedules, fault);
	CHECK(zg_journal_verify(zg_till_store(t->shop->till), &verified, &err) == ZG_OK, "schedule %ld: %s", t->schedules, err.text);
	check_numbers(t);
	check_days(t);
}

/* ---- one schedule ---- */

static void step(struct trial *t)
{
	int64_t roll = chance_between(&t->chance, 0, 19);

	if (roll < 6)
		change_clock(t);
	else if (roll < 8)
		rest(t);
	else if (roll == 8)
		pass(t, chance_between(&t->chance, 1, 180) * MINUTE);
	else if (roll == 9)
		restart(t);
	else if (!t->is_open)
		open_shift(t);
	else if (roll < 16)
		sell(t);
	else if (roll < 18 && t->count > 0)
		give_back(t);
	else
		close_shift(t);
}

static void schedule(struct trial *t)
{
	setenv("TZ", "Asia/Shanghai", 1);
	tzset();
	shop_pin_cost = 0;    /* the clock changes while it is being checked */
	t->shop = shop_begin(NULL);
	t->count = t->shifts = t->backs = t->overrides = 0;
	t->is_open = false;
	t->lead_ms = 0;
	memset(t->takings, 0, sizeof(t->takings));
	t->founded_ms = books_number(books(t), "SELECT at FROM journal WHERE seq = 1");
	sign_in(t);
	for (int i = 0; i < STEPS && t->count < RECEIPTS - 8 && t->shifts < SHIFTS - 1; i++)
		step(t);
	if (t->schedules % 8 == 0)
		check_lock(t);
	if (t->is_open)
		close_shift(t);
	check(t);
	shop_end(t->shop);
	t->schedules++;
}

int main(void)
{
	static struct trial t;
	long count;

	setvbuf(stdout, NULL, _IOLBF, 0);
	setlocale(LC_ALL, "C.UTF-8");
	zg_json_start();
	t.chance = chance_begin();
	count = chance_rounds(8);
	printf("clock: ZG_SEED=%" PRIu64 " ZG_COUNT=%ld\n", t.chance.seed, count);
	while (t.schedules < count && t.tally.failed < 10)
		schedule(&t);
	printf("figure: %ld schedules, %ld changes of the clock (%ld in the middle of an act), %ld shifts closed, %ld refused for their day\n",
	       t.schedules, t.changes, t.midway, t.closed, t.refused);
	return tally_end(&t.tally);
}
