/*
 * Amounts are exact: the till's arithmetic against a reference with 128 bits, on random amounts of every size and on the edges
 * of every limit. Price × quantity, parts, tax, rounding off, spreading by largest remainder, discounts, whole sales and
 * chains of refunds; what was split always adds up to the whole again, to the fen.
 * P17. ZG_COUNT cases (1,000,000), ZG_SEED. Cases come in blocks of 1,000, each with a seed of its own: that of a block that
 * fails is printed, and repeats it with ZG_COUNT=1000. The blocks are shared out among the processors.
 */
#include "tests/fault/amounts.h"

#include "tests/lab/workers.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#define BLOCK      1000
#define PARTS_MOST 500

static const char *const names[AMOUNTS_KINDS] = { "sums", "price x quantity", "parts", "tax", "rounding off", "spreads", "discounts", "refund chains",
	"whole sales", "texts" };

bool amounts_check(struct trial *t, bool is_right, const char *format, ...)
{
	char words[400];
	va_list args;

	if (is_right) {    /* most often, and millions of times */
		t->tally.passed++;
		return true;
	}
	va_start(args, format);
	vsnprintf(words, sizeof(words), format, args);
	va_end(args);
	return tally_check(&t->tally, false, "%s (ZG_SEED=%" PRIu64 " ZG_COUNT=%d)", words, t->block_seed, BLOCK);
}

/* ---- amounts of every size, and those at the edges ---- */

int64_t amounts_pick(struct trial *t, int64_t high)
{
	static const int64_t edges[] = { 0, 1, 2, 4, 5, 9, 10, 49, 50, 51, 99, 100, 499, 500, 501, 999, 1000, 1001, 4999, 5000, 10000 };
	int64_t roll = chance_between(&t->chance, 0, 15);

	if (roll == 0) {
		int64_t edge = edges[chance_between(&t->chance, 0, (int64_t)(sizeof(edges) / sizeof(edges[0])) - 1)];

		return edge < high ? edge : high;
	}
	if (roll == 1)
		return high - chance_amount(&t->chance, high < 3 ? high : 3);
	return chance_amount(&t->chance, high);
}

int64_t amounts_pick_signed(struct trial *t, int64_t high)
{
	int64_t amount = amounts_pick(t, high);

	return chance_between(&t->chance, 0, 1) ? amount : -amount;
}

/* Any number that fits, the largest and the smallest among them. */
static int64_t pick_any(struct trial *t)
{
	switch (chance_between(&t->chance, 0, 7)) {
	case 0: return INT64_MAX - chance_between(&t->chance, 0, 2);
	case 1: return INT64_MIN + chance_between(&t->chance, 0, 2);
	case 2: return (int64_t)chance_next(&t->chance);
	default: return amounts_pick_signed(t, 2 * REF_FEN_MAX);
	}
}

/* ---- one function each ---- */

/* The limit of an amount, either sign, and its two neighbours. */
static int64_t pick_limit(struct trial *t)
{
	int64_t at = REF_FEN_MAX + chance_between(&t->chance, -1, 1);

	return chance_between(&t->chance, 0, 1) ? at : -at;
}

static void sum(struct trial *t)
{
	int64_t a = pick_any(t), b = pick_any(t), got = 77;

	if (chance_between(&t->chance, 0, 3) == 0)
		b = pick_limit(t) - (a = amounts_pick_signed(t, REF_FEN_MAX));
	ref_wide want = (ref_wide)a + b;
	bool fits = zg_fen_add(a, b, &got);

	amounts_check(t, fits == ref_fits(want) && got == (fits ? (int64_t)want : 77), "%" PRId64 " + %" PRId64 " gave %d, %" PRId64, a, b, fits, got);
}

static void times(struct trial *t)
{
	int64_t price = pick_any(t), quantity = chance_between(&t->chance, 0, 7) ? amounts_pick(t, REF_MILLI_MAX) : pick_any(t), got = 77;

	if (chance_between(&t->chance, 0, 3) == 0) {    /* a product at the limit, to the fen where the quantity is whole */
		quantity = chance_between(&t->chance, 0, 1) ? 1000 : 1 + amounts_pick(t, REF_MILLI_MAX - 1);
		price = (int64_t)((ref_wide)pick_limit(t) * 1000 / quantity) + chance_between(&t->chance, -1, 1);
	}
	ref_wide want = ref_times(price, quantity);
	bool fits = zg_fen_times(price, quantity, &got);

	amounts_check(t, fits == ref_fits(want) && got == (fits ? (int64_t)want : 77), "%" PRId64 " fen x %" PRId64 " gave %d, %" PRId64, price, quantity,
	      fits, got);
}

static void part(struct trial *t)
{
	int64_t of = 1 + amounts_pick(t, REF_FEN_MAX), share = chance_between(&t->chance, 0, of), whole = pick_any(t);
	int64_t got = whole == INT64_MIN ? 0 : zg_fen_part(whole, share, of), want = whole == INT64_MIN ? 0 : (int64_t)ref_half_up((ref_wide)whole * share, of);

	amounts_check(t, got == want, "%" PRId64 " of %" PRId64 " parts of %" PRId64 " gave %" PRId64 ", not %" PRId64, share, of, whole, got, want);
}

static void tax(struct trial *t)
{
	int64_t gross = chance_between(&t->chance, 0, 3) ? amounts_pick_signed(t, REF_FEN_MAX) : pick_any(t), rate = amounts_pick(t, 10000);
	int64_t net = zg_tax_net(gross, (zg_bp)rate), want = ref_net(gross, rate);

	amounts_check(t, net == want, "net of %" PRId64 " at %" PRId64 " bp gave %" PRId64 ", not %" PRId64, gross, rate, net, want);
}

static void round_off(struct trial *t)
{
	static const struct { enum zg_rounding how; int64_t step; } rows[] = { { ZG_ROUND_NONE, 1 }, { ZG_ROUND_JIAO, 10 }, { ZG_ROUND_YUAN, 100 } };
	int64_t at = chance_between(&t->chance, 0, 2), amount = chance_between(&t->chance, 0, 7) ? amounts_pick(t, REF_FEN_MAX) : INT64_MAX - amounts_pick(t, 1000);
	int64_t got = zg_round_off(amount, rows[at].how), want = ref_round_off(amount, rows[at].step);

	amounts_check(t, got == want, "%" PRId64 " rounded off to %" PRId64 " gave %" PRId64, amount, rows[at].step, got);
}

static void spread(struct trial *t)
{
	int64_t weights[PARTS_MOST] = { 0 }, got[PARTS_MOST], want[PARTS_MOST], whole = amounts_pick_signed(t, REF_FEN_MAX);
	size_t count = chance_between(&t->chance, 0, 499) ? (size_t)chance_between(&t->chance, 0, AMOUNTS_LINES) : PARTS_MOST;
	int64_t high = amounts_pick(t, REF_FEN_MAX), same = chance_between(&t->chance, 0, 3);
	ref_wide sum = 0;
	bool is_same = true;

	for (size_t i = 0; i < count; i++)
		weights[i] = same == 0 ? high : amounts_pick(t, high);    /* equal lines: equal remainders */
	bool done = zg_fen_spread(whole, weights, count, got);

	if (!amounts_check(t, done == (count > 0 || whole == 0), "%" PRId64 " over %zu parts gave %d", whole, count, done) || count == 0)
		return;
	ref_spread(whole, weights, count, want);
	for (size_t i = 0; i < count; i++) {
		is_same = is_same && got[i] == want[i];
		sum += got[i];
	}
	amounts_check(t, sum == whole, "%" PRId64 " spread over %zu parts adds up to %" PRId64, whole, count, (int64_t)sum);
	amounts_check(t, is_same, "%" PRId64 " over %zu parts up to %" PRId64 ": the parts are others, the first %" PRId64 " and not %" PRId64, whole, count,
	      high, got[0], want[0]);
}

struct zg_discount amounts_pick_rule(struct trial *t, struct ref_rule *rule)
{
	*rule = REF_NO_RULE;
	switch (chance_between(&t->chance, 0, 2)) {
	case 0:
		rule->kept_bp = chance_between(&t->chance, 0, 9999);
		return zg_discount_kept((zg_bp)rule->kept_bp);
	case 1:
		rule->off_fen = 1 + amounts_pick(t, REF_FEN_MAX - 1);
		return zg_discount_off(rule->off_fen);
	default:
		return (struct zg_discount){ .kind = ZG_DISCOUNT_NONE };
	}
}

static void discount(struct trial *t)
{
	struct ref_rule rule;
	struct zg_discount own = amounts_pick_rule(t, &rule);
	int64_t amount = amounts_pick(t, REF_FEN_MAX), got = zg_discount_amount(&own, amount), want = ref_discount(&rule, amount);

	amounts_check(t, got == want && got >= 0 && got <= amount, "%" PRId64 " kept, %" PRId64 " off of %" PRId64 " gave %" PRId64 ", not %" PRId64, rule.kept_bp,
	      rule.off_fen, amount, got, want);
}

static void words(struct trial *t)
{
	int64_t fen = amounts_pick_signed(t, REF_FEN_MAX), milli = amounts_pick(t, REF_MILLI_MAX), read = 0;
	char text[ZG_AMOUNT_TEXT], want[ZG_AMOUNT_TEXT];

	snprintf(want, sizeof(want), "%s%" PRId64 ".%02d", fen < 0 ? "-" : "", (fen < 0 ? -fen : fen) / 100, (int)((fen < 0 ? -fen : fen) % 100));
	amounts_check(t, strcmp(zg_fen_format(text, fen), want) == 0 && zg_fen_parse(want, &read) && read == fen, "%" PRId64 " fen is written %s and read %" PRId64,
	      fen, text, read);
	snprintf(want, sizeof(want), "%" PRId64 ".%03d", milli / 1000, (int)(milli % 1000));
	amounts_check(t, zg_milli_parse(want, &read) && read == milli && zg_milli_parse(zg_milli_format(text, milli), &read) && read == milli,
	      "%" PRId64 " milli is written %s and read %" PRId64, milli, text, read);
}

/* ---- blocks ---- */

static void one_case(struct trial *t)
{
	static void (*const tries[AMOUNTS_KINDS])(struct trial *) = { sum, times, part, tax, round_off, spread, discount, amounts_refunds,
		amounts_sale, words };
	/* of 64 cases; the dear ones are fewer */
	static const int shares[AMOUNTS_KINDS] = { 6, 10, 8, 10, 6, 8, 8, 2, 2, 4 };
	int64_t roll = chance_between(&t->chance, 0, 63);
	int kind = 0;

	for (; roll >= shares[kind]; kind++)
		roll -= shares[kind];
	t->cases[kind]++;
	tries[kind](t);
}

static void play(struct trial *t, uint64_t seed, long from, long step, long count)
{
	for (long block = from; block * BLOCK < count && t->tally.failed < 10; block += step) {
		t->block_seed = chance_part(seed, block);
		t->chance = (struct chance){ t->block_seed, t->block_seed };
		for (long i = 0; i < BLOCK && block * BLOCK + i < count && t->tally.failed < 10; i++)
			one_case(t);
	}
}

struct run {
	uint64_t seed;
	long count;
};
static struct run run;

static void work(int index, int of, void *result)
{
	play(result, run.seed, index, of, run.count);
}

static void add(const void *result, void *self)
{
	const struct trial *t = result;
	struct trial *all = self;

	for (int k = 0; k < AMOUNTS_KINDS; k++)
		all->cases[k] += t->cases[k];
	all->refused += t->refused;
	all->paid += t->paid;
	all->refunds += t->refunds;
	all->tally.passed += t->tally.passed;
	all->tally.failed += t->tally.failed;
}

int main(void)
{
	static struct trial all;
	struct timespec begun, ended;
	int64_t cases = 0;
	int workers = workers_count();

	run = (struct run){ chance_begin().seed, chance_rounds(1000000) };
	printf("amounts: ZG_SEED=%" PRIu64 " ZG_COUNT=%ld\n", run.seed, run.count);
	clock_gettime(CLOCK_MONOTONIC, &begun);
	tally_check(&all.tally, workers_run(workers, sizeof(struct trial), work, add, &all), "a worker did not come to its end");
	clock_gettime(CLOCK_MONOTONIC, &ended);
	for (int k = 0; k < AMOUNTS_KINDS; k++) {
		printf("  %-18s %12" PRId64 "\n", names[k], all.cases[k]);
		cases += all.cases[k];
	}
	tally_check(&all.tally, cases == run.count || all.tally.failed, "only %" PRId64 " of %ld cases were tried", cases, run.count);
	printf("  of the sales %" PRId64 " were paid; %" PRId64 " changes were refused as too large; %" PRId64 " refunds\n", all.paid, all.refused,
	       all.refunds);
	printf("figure: %" PRId64 " cases on %d processors in %.0f s, %d differences\n", cases, workers,
	       (double)(ended.tv_sec - begun.tv_sec) + (double)(ended.tv_nsec - begun.tv_nsec) / 1e9, all.tally.failed);
	return tally_end(&all.tally);
}
