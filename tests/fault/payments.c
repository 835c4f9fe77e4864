/*
 * Payments by phone with every fifth request spoilt, in shop after shop (tests/lab/customers.h): customers who pay, wait, refuse, vanish, pay late or
 * at the last moment, people who cancel or go on without knowing. The till's books are held against the ledger of the phones: nobody is
 * charged twice, nothing is charged that the books do not have, and nothing is called paid that was not charged. P9, P10. (The same over real
 * HTTP, each fault at each call: pay_matrix; with the real program: pay_kill.)
 * ZG_COUNT payments (100), ZG_SEED. The shops are shared out among the processors; one that fails says how to repeat it.
 */
#include "tests/lab/crew.h"
#include "tests/lab/customers.h"

#include <inttypes.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

#define A_SHOP 50     /* payments */

enum { PAYMENTS, REQUESTS, CHECKED, PAID, UNPAID, LATE, MANUAL };

struct run {
	uint64_t seed;
	long count;
};

/* One shop, with a seed of its own: the first one's is the experiment's. */
static bool live(void *self, long number, const char *place)
{
	static struct customers c;    /* of this process: its keys are made once */
	static struct tally tally;
	const struct run *run = self;
	long left = run->count - number * A_SHOP, most = left < A_SHOP ? left : A_SHOP;
	uint64_t seed = chance_part(run->seed, number);

	if (!c.tally) {
		setenv("TMPDIR", place, 1);
		customers_begin(&c, place, &tally);
	}
	struct customers before = c;

	tally = (struct tally){ 0 };
	customers_found(&c, seed);
	customers_open(&c);
	for (long i = 0; i < most && tally.failed < 20; i++)
		customers_serve(&c);
	customers_close(&c);
	tally_check(&tally, c.courier.broken == before.courier.broken, "a request broke a rule of its channel's: %s", c.courier.rule);
	crew_add(PAYMENTS, c.payments - before.payments);
	crew_add(REQUESTS, c.courier.requests - before.courier.requests);
	crew_add(CHECKED, tally.passed);
	crew_add(PAID, c.sum.paid - before.sum.paid);
	crew_add(UNPAID, c.sum.unpaid - before.sum.unpaid);
	crew_add(LATE, c.sum.late - before.sum.late);
	crew_add(MANUAL, c.sum.manual - before.sum.manual);
	if (tally.failed)
		printf("    repeat it: ZG_SEED=%" PRIu64 " ZG_COUNT=%ld\n", seed, most);
	return tally.failed == 0;
}

int main(void)
{
	struct tally tally = { 0 };
	struct run run = { chance_begin_at(9).seed, chance_rounds(100) };
	long sums[CREW_FIGURES] = { 0 };

	setlocale(LC_ALL, "C.UTF-8");
	zg_json_start();
	printf("payments: ZG_SEED=%" PRIu64 ", %ld payments\n", run.seed, run.count);
	crew_run(&tally, (run.count + A_SHOP - 1) / A_SHOP, live, &run, sums);
	printf("figure: %ld payments, %ld requests, %ld checks: %ld paid, %ld not, %ld given back because they came too late, %ld to be settled by hand\n",
	       sums[PAYMENTS], sums[REQUESTS], sums[CHECKED], sums[PAID], sums[UNPAID], sums[LATE], sums[MANUAL]);
	tally_check(&tally, sums[PAYMENTS] == run.count, "%ld of %ld payments were tried", sums[PAYMENTS], run.count);
	tally_check(&tally, sums[MANUAL] * 20 <= run.count, "%ld of %ld are left to people", sums[MANUAL], run.count);
	tally_check(&tally, run.count < 200 || (sums[PAID] > 0 && sums[UNPAID] > 0 && sums[LATE] > 0), "not every kind of end was met");
	return tally_end(&tally);
}
