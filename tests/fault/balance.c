/*
 * The books balance after every commit: random acts of a lively shop, a good part of them nonsense, through the till itself.
 *
 * After every act: the answer is what the oracle said; the touched sale's rows are its lines to the fen, and keep every rule of
 * tests/lab/balance.c; every table has exactly the rows it should have; a refused act has changed nothing. At the end of a
 * shop, after 20,000 acts, all sales and the rules of the whole. Each shop has its own goods, rule of rounding and seed.
 * P16. ZG_COUNT acts (40,000), ZG_SEED. The shops are shared out among the processors; a shop that fails says how to repeat it.
 */
#include "tests/lab/inside.h"
#include "tests/lab/workers.h"

#include "tests/unit/chance.h"

#include <inttypes.h>
#include <time.h>

#define SHOP_ACTS 20000    /* then another shop */

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct run {
	uint64_t seed;
	long count;
};
static struct run run;

struct result {
	struct tally tally;
	int64_t acts, shops, done[DAY_WHATS], refused[DAY_WHATS];
};

/* One shop, for so many acts at most. */
static void trade(struct result *r, struct chance *chance, long most)
{
	static struct inside in;
	struct day day = { .chance = chance, .habits = &day_wild };
	bool good = true;

	inside_begin(&in, &r->tally, chance, true);
	day_begin(&day);
	while (good && in.steps < most) {
		struct day_step step = day_next(&day, &in.oracle);

		if (step.what == DAY_OVER) {
			inside_pass(&in, 12 * 3600 * 1000);
			oracle_new_day(&in.oracle);
			day_begin(&day);
			continue;
		}
		good = inside_step(&in, &step);
		inside_pass(&in, chance_between(chance, 10, 900));
	}
	if (good)
		inside_look(&in);
	for (int i = 0; i < DAY_WHATS; i++) {
		r->done[i] += in.done[i];
		r->refused[i] += in.refused[i];
	}
	r->acts += in.steps;
	r->shops++;
	inside_end(&in);
}

/* Shops with seeds of their own: the first one's is the experiment's. */
static void work(int index, int of, void *result)
{
	struct result *r = result;

	for (long shop = index; shop * SHOP_ACTS < run.count && r->tally.failed == 0; shop += of) {
		uint64_t seed = chance_part(run.seed, shop);
		struct chance chance = { seed, seed };
		long left = run.count - shop * SHOP_ACTS;

		trade(r, &chance, left < SHOP_ACTS ? left : SHOP_ACTS);
		if (r->tally.failed)
			printf("    repeat it: ZG_SEED=%" PRIu64 " ZG_COUNT=%ld\n", seed, left < SHOP_ACTS ? left : SHOP_ACTS);
	}
}

static void add(const void *result, void *self)
{
	const struct result *r = result;
	struct result *all = self;

	for (int i = 0; i < DAY_WHATS; i++) {
		all->done[i] += r->done[i];
		all->refused[i] += r->refused[i];
	}
	all->acts += r->acts;
	all->shops += r->shops;
	all->tally.passed += r->tally.passed;
	all->tally.failed += r->tally.failed;
}

int main(void)
{
	static struct result all;
	int64_t refused = 0, begun = now_ms();

	inside_start();
	run = (struct run){ chance_begin().seed, chance_rounds(40000) };
	printf("balance: ZG_SEED=%" PRIu64 " ZG_COUNT=%ld\n", run.seed, run.count);
	tally_check(&all.tally, workers_run(workers_count(), sizeof(all), work, add, &all), "a worker did not come to its end");
	for (int i = 0; i < DAY_OVER; i++) {
		printf("  %-10s %9" PRId64 " done %9" PRId64 " refused\n", day_word((enum day_what)i), all.done[i], all.refused[i]);
		refused += all.refused[i];
		tally_check(&all.tally, all.done[i] > 0 || run.count < SHOP_ACTS, "\"%s\" was never done: the day does not try it", day_word((enum day_what)i));
	}
	double seconds = (double)(now_ms() - begun) / 1000;

	printf("figure: %" PRId64 " acts in %" PRId64 " shops, %" PRId64 " of them refused, %d rules, %d imbalances; %.0f s, %.0f acts/s on %d processors\n",
	       all.acts, all.shops, refused, balance_rules(), all.tally.failed, seconds, (double)all.acts / (seconds > 0 ? seconds : 1), workers_count());
	return tally_end(&all.tally);
}
