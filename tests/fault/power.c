/*
 * The power cut at every operation of a shop's life: what survives by chance of what was not synced is opened by the real till and
 * compared with what had been answered. Nothing answered is lost, nothing is half, the journal verifies, the books balance,
 * the numbers have no gap, selling goes on.
 * P2. ZG_COUNT cuts (1000), ZG_SEED; ZG_CUT=n of a life does that one alone.
 */
#include "src/base/alloc.h"
#include "src/base/json.h"
#include "tests/lab/crew.h"
#include "tests/lab/life.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#define SELLS_ON 16    /* one cut in so many also sells and starts again */

enum figure { STRICT, UNANSWERED, SOLD_ON, REFOUNDED };

struct trial {
	struct life *life;
	struct power_record *record;
	struct power_disk *disk;
	uint64_t seed;         /* of this life */
	long first, of;        /* which of its cuts: spread evenly over the operations */
	long at;               /* ZG_CUT */
};

static size_t cut_of(const struct trial *t, long number)
{
	size_t count = t->record->count + 1;

	if (t->at >= 0)
		return (size_t)t->at;
	return t->of >= (long)count ? (size_t)number % count : (size_t)((double)number * (double)count / (double)t->of);
}

/* The day goes on, and the next start finds nothing to say. */
static void sell_on(struct life *next, char *why, size_t size)
{
	life_go_on(next, why, size);
	struct life *again = why[0] ? NULL : life_resume(next, SIZE_MAX - 1, next->shop->home, why, size);

	if (!again)
		return;
	life_compare(next, SIZE_MAX - 1, again, why, size);
	if (!why[0] && zg_till_newest_alarm(again->shop->till)[0])
		snprintf(why, size, "after a clean end it starts with an alarm: %s", zg_till_newest_alarm(again->shop->till));
	life_free(again);
	crew_add(SOLD_ON, 1);
}

static bool cut(void *self, long number, const char *place)
{
	struct trial *t = self;
	size_t k = cut_of(t, number);
	struct chance chance = { t->seed, t->seed * 31 + (uint64_t)k };
	char why[600] = "";

	if (!t->disk)
		t->disk = power_disk_new(t->record);
	struct power_loss loss = power_loss_choose(&chance);

	power_disk_to(t->disk, k);
	power_disk_survive(t->disk, loss, &chance, place);
	struct life *next = life_resume(t->life, k, place, why, sizeof(why));

	if (next) {
		life_compare(t->life, k, next, why, sizeof(why));
		crew_add(UNANSWERED, zg_till_newest_alarm(next->shop->till)[0] != '\0');
		if (!why[0] && (number % SELLS_ON == 0 || t->at >= 0))
			sell_on(next, why, sizeof(why));
		life_free(next);
	}
	crew_add(STRICT, loss.is_strict);
	crew_add(REFOUNDED, k < t->life->founded);
	if (!why[0])
		return true;
	const struct power_op *op = k < t->record->count ? &t->record->ops[k] : NULL;

	printf("FAILED: life %llu, cut %zu of %zu (%s %s), %s: %s\n", (unsigned long long)t->seed, k, t->record->count,
	       op ? power_kind_name(op->kind) : "the end", op && op->name ? op->name : "", power_loss_words(loss), why);
	return false;
}

static bool has(const struct power_record *record, enum power_kind kind, const char *name)
{
	for (size_t i = 0; i < record->count; i++)
		if (record->ops[i].kind == kind && record->ops[i].name && strcmp(record->ops[i].name, name) == 0)
			return true;
	return false;
}

/* A record that missed a file would prove nothing about it. */
static void check_record(struct tally *tally, const struct trial *t)
{
	static const char *const files[] = { "zhanggui.db", "zhanggui.db-wal", "keys/journal.head.new", "zhanggui.conf.new", "zhanggui.running", "reserve" };

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		tally_check(tally, has(t->record, POWER_CREATE, files[i]), "%s is not in the record", files[i]);
	tally_check(tally, has(t->record, POWER_SYNC_DIRECTORY, "keys") && has(t->record, POWER_SYNC_DIRECTORY, ""), "no directory is synced in the record");
	for (size_t i = 0; i < t->life->sentence_count; i++)
		tally_check(tally, false, "the life itself was refused: %s", t->life->sentences[i]);
}

int main(void)
{
	static struct tally tally;
	struct chance chance = chance_begin();
	long count = chance_rounds(1000), done = 0, figures[CREW_FIGURES] = { 0 }, lives = 0, ops = 0;

	setlocale(LC_ALL, "C.UTF-8");
	zg_json_start();
	printf("seed %llu\n", (unsigned long long)chance.seed);
	for (; done < count && tally.failed < 20; lives++) {
		struct trial t = { .seed = chance.seed + (uint64_t)lives, .at = tally_setting("ZG_CUT", -1) };

		t.life = life_recorded(t.seed, &t.record);
		check_record(&tally, &t);
		ops = (long)t.record->count + 1;
		t.of = t.at >= 0 ? 1 : count - done < ops ? count - done : ops;
		done += t.at >= 0 ? count : t.of;
		crew_run(&tally, t.of, cut, &t, figures);
		life_free(t.life);
		power_free(t.record);
	}
	printf("figure: %ld cuts in %ld lives of about %ld operations: %d failed; %ld with names lost too, %ld in the founding, after %ld the till "
	       "told of the last sale, after %ld selling went on\n", done, lives, ops, tally.failed, figures[STRICT], figures[REFOUNDED],
	       figures[UNANSWERED], figures[SOLD_ON]);
	return tally_end(&tally);
}
