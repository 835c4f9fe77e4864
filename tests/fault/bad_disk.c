/*
 * A disk that fails under a shop: the k-th operation of a day, or of a founding, refused once or from then on, with the errors of
 * a dying card and of a full one, for every k. Nothing that was answered is lost, nothing is half; the cashier reads what to do;
 * after a failed sync the till writes nothing more and sells no more; a full disk still lets the day be closed.
 * Afterwards the shop is opened twice on a sound disk: as the files are, and as a power cut would have left them.
 * P3. ZG_COUNT faults (150), ZG_SEED; ZG_CUT=n does the n-th of the first pass alone, and tells about it.
 */
#include "src/base/alloc.h"
#include "src/base/json.h"
#include "tests/lab/crew.h"
#include "tests/lab/life.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum figure { FIRED, SAID, QUIET, LOST_SYNC, CLOSED_FULL, REFUSED_FULL };

struct fault_case {
	bool in_founding;
	enum power_how how;
	bool is_forever;
	long at;
};

struct trial {
	struct life *shop;                   /* as it is before the day */
	struct power_record *start;          /* its directory */
	struct power_record *day, *founding; /* without faults */
	struct fault_case *cases;
	size_t count, room;
	uint64_t seed;
	char *goods;
	long first, of;
	bool tells;
};

/* ---- what may be read ---- */

/* Of a disk that fails; each says what happened and what to do. */
static const char *const disk_sentences[] = {
	"The disk does not answer as it should. Stop selling, copy the shop to another disk, then start again.",
	"The disk is full. Free some space, then try again; nothing was booked.",
	"The disk is almost full: no new sales. Free some space; the day can still be closed.",
	"The books cannot be written. Check who owns the shop's directory.",
	"cannot be written (",              /* the settings, with the cause: Check the disk and who owns the directory. */
	"The journal's head cannot be written in",
	"The journal's key cannot be made in",
	"The journal's key",
	"The directory ",
	"The shop's directory ",
	"Nothing was changed. Check the disk, then try again.",    /* the books cannot be read, or not be brought up to date */
};

/* The till's usual rules, met by a cashier who goes on after the first refusal. */
static const char *const rule_sentences[] = {
	"Nobody is signed in.", "No shift is open.", "othing to pay yet.", "othing to hang yet.", "othing to discount yet.", "A sale is under way.",
	"No sale is under way.", "The till ended suddenly.", "There is no line", "No goods have", "Count the drawer",
	"The drawer was not counted", "There is no hung sale", "That sale is not under way any more.", "This line was taken off.",
};

static bool starts(const char *text, const char *const *table, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strstr(text, table[i]))
			return true;
	return false;
}

static bool is_of_disk(const char *text)
{
	return starts(text, disk_sentences, sizeof(disk_sentences) / sizeof(disk_sentences[0]));
}

static bool is_known(const char *text)
{
	return is_of_disk(text) || starts(text, rule_sentences, sizeof(rule_sentences) / sizeof(rule_sentences[0]));
}

/* ---- a day ---- */

/* false: on a full disk the day could not be closed. */
static bool live_day(struct life *life)
{
	bool closed = false;

	if (!life_open(life))
		return true;
	bool is_in = life_sign_in(life) && zg_till_shift(life->shop->till);

	life_work(life);
	life_rest(life);
	(void)life_sell(life);
	closed = life_close_day(life) || life_close_day(life);    /* on a disk that just got full the first try says so */
	(void)shop_do(life->shop, "session.end", NULL);
	if (power_fault()->has_lost_sync && !zg_till_state(life->shop->till)->is_broken)
		life_hear(life, "(a failed sync was not taken notice of)");
	life_close(life);
	return closed || !is_in;
}

static struct life *set_stage(const struct trial *t, const char *home, bool in_founding)
{
	struct power_disk *disk = power_disk_new(t->start);
	struct chance none = { 0, 0 };

	if (in_founding) {
		power_disk_free(disk);
		return life_new(home, t->goods, t->seed);
	}
	power_disk_to(disk, t->start->count);
	power_disk_survive(disk, (struct power_loss){ .sector = 512, .keeps_all = true }, &none, home);
	power_disk_free(disk);
	return life_remember(t->shop, SIZE_MAX - 1, home);
}

/* ---- one fault ---- */

static void check_words(const struct life *life, const struct power_fault *fault, bool closes, const struct fault_case *c, char *why, size_t size)
{
	bool is_full = c->is_forever && (c->how == POWER_ENOSPC || c->how == POWER_SHORT);

	for (size_t i = 0; i < life->sentence_count && !why[0]; i++)
		if (!is_known(life->sentences[i]))
			snprintf(why, size, "the cashier reads: '%s'", life->sentences[i]);
	/* while the books are being made SQLite has no log yet, and takes its own first steps back by writing */
	if (!why[0] && fault->after > 0 && !c->in_founding)
		snprintf(why, size, "%ld writes to the books after a sync had failed", fault->after);
	if (!why[0] && fault->fired > 0 && life->told && !is_of_disk(life->told))
		snprintf(why, size, "the first that is read is not of the disk: '%s'", life->told);
	if (!why[0] && !closes && is_full)
		snprintf(why, size, "the day cannot be closed on a full disk: '%s'", life->sentences[life->sentence_count - 1]);
}

/* Opened again as the disk is, or as a cut would have left it. */
static void check_books(const struct life *life, const char *home, char *why, size_t size)
{
	struct life *next = life_resume(life, SIZE_MAX - 1, home, why, size);

	if (next)
		life_compare(life, SIZE_MAX - 1, next, why, size);
	life_free(next);
}

static void tell(const struct trial *t, const struct life *life, const struct power_record *record, const struct power_fault *fault)
{
	if (!t->tells)
		return;
	for (size_t i = 0; i < life->sentence_count; i++)
		printf("read: %s\n", life->sentences[i]);
	printf("fired %ld, told '%s', operations %zu\n", fault->fired, life->told ? life->told : "", record->count);
}

static bool one(void *self, long number, const char *place)
{
	const struct trial *t = self;
	const struct fault_case *c = &t->cases[(size_t)((double)(number + t->first) * (double)t->count / (double)t->of) % t->count];
	struct chance chance = { t->seed, t->seed * 41 + (uint64_t)(c - t->cases) };
	char *home = zg_print("%s/shop", place), *cut = zg_print("%s/cut", place), why[600] = "";
	bool is_cut = false;

	mkdir(cut, 0700);
	if (c->in_founding)
		crew_empty(home);
	else
		mkdir(home, 0700);
	struct life *life = set_stage(t, home, c->in_founding);
	struct power_record *record = power_begin(home);

	power_set_fault(c->at, c->how, c->is_forever);
	bool closes = c->in_founding ? (life_found(life), true) : live_day(life);
	struct power_fault fault = *power_fault();

	tell(t, life, record, &fault);
	power_end();
	check_words(life, &fault, closes, c, why, sizeof(why));
	struct power_disk *disk = power_disk_new(record);

	power_disk_to(disk, record->count);
	mkdir(home, 0700);
	power_disk_survive(disk, power_loss_choose(&chance), &chance, cut);
	if (!why[0])
		check_books(life, home, why, sizeof(why));
	if (!why[0]) {
		check_books(life, cut, why, sizeof(why));
		is_cut = why[0] != '\0';
	}
	crew_add(FIRED, fault.fired > 0);
	crew_add(SAID, fault.fired > 0 && life->told);
	crew_add(LOST_SYNC, fault.has_lost_sync);
	crew_add(CLOSED_FULL, closes && c->is_forever && (c->how == POWER_ENOSPC || c->how == POWER_SHORT) && !c->in_founding);
	power_disk_free(disk);
	life_free(life);
	power_free(record);
	free(home);
	free(cut);
	if (why[0])
		printf("FAILED: life %llu, ZG_CUT=%ld: %s at operation %ld of the %s, %s%s: %s\n", (unsigned long long)t->seed, (long)(c - t->cases),
		       power_how_name(c->how), c->at, c->in_founding ? "founding" : "day", c->is_forever ? "from then on" : "once",
		       is_cut ? ", and a power cut" : "", why);
	return !why[0];
}

/* ---- which faults there are ---- */

static void add_cases(struct trial *t, const struct power_record *record, long reads, bool in_founding)
{
	for (enum power_how how = 0; how < POWER_HOWS; how++)
		for (int forever = 0; forever < 2; forever++)
			for (long at = 0; at < (how == POWER_BAD_READ ? reads : (long)record->count); at++) {
				if (how != POWER_BAD_READ && !power_may_fail(how, record->ops[at].kind))
					continue;
				t->cases = zg_grow(t->cases, t->count, &t->room, sizeof(*t->cases));
				t->cases[t->count++] = (struct fault_case){ in_founding, how, forever != 0, at };
			}
}

/* The shop before the day; then a founding and a day without faults, to learn their operations. */
static void prepare(struct trial *t, const char *place)
{
	char *home = zg_print("%s/shop", place), *other = zg_print("%s/other", place);
	struct life *life;
	long reads;

	t->goods = life_goods(place);
	t->shop = life_new(home, t->goods, t->seed);
	zg_assert(life_found(t->shop) && life_open(t->shop) && life_sign_in(t->shop) && life_set_up(t->shop) && life_sell(t->shop));
	life_close(t->shop);
	t->start = power_begin(home);
	power_end();
	life = set_stage(t, home, false);
	t->day = power_begin(home);
	zg_assert(live_day(life) && life->sentence_count == 0);
	reads = power_reads();
	power_end();
	life_free(life);
	life = life_new(other, t->goods, t->seed);
	t->founding = power_begin(other);
	zg_assert(life_found(life));
	add_cases(t, t->founding, power_reads(), true);
	power_end();
	add_cases(t, t->day, reads, false);
	life_free(life);
	free(home);
	free(other);
}

int main(void)
{
	static struct tally tally;
	struct chance chance = chance_begin();
	long count = chance_rounds(150), done = 0, figures[CREW_FIGURES] = { 0 }, lives = 0, all = 0, at = tally_setting("ZG_CUT", -1);

	setlocale(LC_ALL, "C.UTF-8");
	zg_json_start();
	printf("seed %llu\n", (unsigned long long)chance.seed);
	for (; done < count && tally.failed < 20; lives++) {
		struct trial t = { .seed = chance.seed + (uint64_t)lives, .tells = at >= 0 };
		char *place = crew_place();

		prepare(&t, place);
		all = (long)t.count;
		t.of = at < 0 && count - done < all ? count - done : all;
		t.first = at < 0 ? 0 : at;
		done += t.of;
		crew_run(&tally, at < 0 ? t.of : 1, one, &t, figures);
		free(t.cases);
		free(t.goods);
		power_free(t.start);
		power_free(t.day);
		power_free(t.founding);
		life_free(t.shop);
		crew_leave(place);
		if (at >= 0)
			break;
	}
	printf("figure: %ld faults in %ld lives of %ld each: %d failed; %ld fired, of %ld the cashier read; %ld lost a sync, %ld times the day was "
	       "closed on a full disk\n", done, lives, all, tally.failed, figures[FIRED], figures[SAID], figures[LOST_SYNC], figures[CLOSED_FULL]);
	return tally_end(&tally);
}
