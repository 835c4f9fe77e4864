/*
 * The power cut, and cut again while the till sets right what the first cut left: at every operation of the recovery, of the
 * sale after it and of its end. Two cuts do not add up to more than one.
 * P4. ZG_COUNT pairs of cuts (400), ZG_SEED; ZG_CUT=n does the n-th first cut of the first life alone.
 */
#include "src/base/alloc.h"
#include "src/base/json.h"
#include "tests/lab/crew.h"
#include "tests/lab/life.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define EVERY 20000    /* from so many pairs on, every operation of a recovery; else one in STEP */
#define STEP  9

enum figure { PAIRS, FOUNDING, OPERATIONS };

struct trial {
	struct life *life;
	struct power_record *record;
	uint64_t seed;
	long at;             /* ZG_CUT */
	size_t step;
};

static bool say(const struct trial *t, long number, size_t first, const char *second, const char *why)
{
	printf("FAILED: life %llu, ZG_CUT=%ld: first cut %zu of %zu, %s: %s\n", (unsigned long long)t->seed, number, first, t->record->count,
	       second, why);
	return false;
}

/* What the second cuts leave of a recovery, one after the other. */
static bool cut_again(const struct trial *t, long number, size_t first, const struct life *next, const struct power_record *record,
		      const char *home, struct chance *chance)
{
	struct power_disk *disk = power_disk_new(record);
	char why[600] = "", second[160];
	bool held = true;

	for (size_t k = (size_t)chance_between(chance, 0, (int64_t)t->step - 1); k <= record->count && held; k += t->step) {
		struct power_loss loss = power_loss_choose(chance);

		power_disk_to(disk, k);
		power_disk_survive(disk, loss, chance, home);
		struct life *last = life_resume(next, k, home, why, sizeof(why));

		if (last)
			life_compare(next, k, last, why, sizeof(why));
		life_free(last);
		crew_add(PAIRS, 1);
		snprintf(second, sizeof(second), "second cut %zu of %zu (%s), %s", k, record->count,
			 k < record->count ? power_kind_name(record->ops[k].kind) : "the end", power_loss_words(loss));
		held = !why[0] || say(t, number, first, second, why);
	}
	power_disk_free(disk);
	return held;
}

static bool cut(void *self, long number, const char *place)
{
	const struct trial *t = self;
	struct chance chance = { t->seed, t->seed * 37 + (uint64_t)(t->at >= 0 ? t->at : number) };
	size_t k = (size_t)chance_between(&chance, 0, (int64_t)t->record->count);
	struct power_disk *disk = power_disk_new(t->record);
	char *home = zg_print("%s/once", place), *again = zg_print("%s/twice", place), why[600] = "";
	bool held;

	mkdir(home, 0700);
	mkdir(again, 0700);
	power_disk_to(disk, k);
	power_disk_survive(disk, power_loss_choose(&chance), &chance, home);
	power_disk_free(disk);
	struct power_record *record = power_begin(home);
	struct life *next = life_resume(t->life, k, home, why, sizeof(why));

	if (next) {
		life_compare(t->life, k, next, why, sizeof(why));
		if (!why[0])
			life_go_on(next, why, sizeof(why));
	}
	power_end();
	held = !why[0] ? cut_again(t, number, k, next, record, again, &chance) : say(t, number, k, "alone", why);
	crew_add(FOUNDING, k < t->life->founded);
	crew_add(OPERATIONS, (long)record->count);
	life_free(next);
	power_free(record);
	free(home);
	free(again);
	return held;
}

int main(void)
{
	static struct tally tally;
	struct chance chance = chance_begin();
	long count = chance_rounds(400), figures[CREW_FIGURES] = { 0 }, lives = 0, firsts = 0;

	setlocale(LC_ALL, "C.UTF-8");
	zg_json_start();
	printf("seed %llu\n", (unsigned long long)chance.seed);
	while (figures[PAIRS] < count && tally.failed < 20) {
		struct trial t = { .seed = chance.seed + (uint64_t)lives++, .at = tally_setting("ZG_CUT", -1), .step = count >= EVERY ? 1 : STEP };
		long jobs = t.at >= 0 ? 1 : count >= EVERY ? 40 : 10;

		t.life = life_recorded(t.seed, &t.record);
		crew_run(&tally, jobs, cut, &t, figures);
		firsts += jobs;
		life_free(t.life);
		power_free(t.record);
		if (t.at >= 0)
			break;
	}
	printf("figure: %ld pairs of cuts, %ld first cuts in %ld lives (%ld in the founding), recoveries of about %ld operations: %d failed\n",
	       figures[PAIRS], firsts, lives, figures[FOUNDING], firsts ? figures[OPERATIONS] / firsts : 0, tally.failed);
	return tally_end(&tally);
}
