/*
 * One clock for till and simulator: the real programs, built with the lab's clock, where time passes fifty times as fast and
 * jumps. What a printer prints for a minute is waited for by both for a minute of that clock, in little more than a second;
 * half hours and nights pass at once; and the shipped program, told of the same clock, knows nothing of it.
 * P27. ZG_COUNT sales (10).
 */
#include "tests/fault/books.h"
#include "tests/fault/tally.h"
#include "tests/lab/clock.h"
#include "tests/unit/chance.h"

#include "src/base/json.h"
#include "src/io/loop.h"

#include <inttypes.h>
#include <string.h>

#define PACE   50
#define SPEED  "20"                   /* mm of paper a second */
#define MINUTE 60000LL
#define DAY    (24 * 60 * MINUTE)
#define GOODS  "code,barcodes,name,unit,price,tax_rate,tax_code,kind\nT1,6901234567892,Tea,cup,12.98,13%,,piece\n"

struct trial {
	struct tally tally;
	struct shop shop;
	struct counter counter;
	struct printer printer;
	struct lab_clock *clock;
	char pin[RUN_PATH], events[RUN_PATH];
};

#define CHECK(holds, ...) tally_check(&t->tally, holds, __VA_ARGS__)

static bool sees(struct trial *t, const char *words, const char *when)
{
	if (CHECK(counter_wait(&t->counter, words, 10000), "%s: the screen does not show '%s'", when, words))
		return true;
	vt_print(t->counter.vt);
	return false;
}

static int64_t ask(const struct trial *t, const char *sql)
{
	sqlite3 *books = books_open(&t->shop);
	int64_t number = books_number(books, sql);

	sqlite3_close(books);
	return number;
}

static int64_t wait_for(const struct trial *t, const char *sql, int64_t wanted)
{
	int64_t until = run_now_us() + 10000000, found;

	while ((found = ask(t, sql)) != wanted && run_now_us() < until)
		run_sleep_us(5000);
	return found;
}

/* ---- a payment's wait, in this process ---- */

static void ring(void *self)
{
	*(bool *)self = true;
}

static void fifteen_seconds(struct trial *t)
{
	char path[RUN_PATH];

	snprintf(path, sizeof(path), "%s/fast", t->shop.home);
	struct lab_clock *fast = lab_clock_make(path, 1000);
	struct zg_loop *loop = zg_loop_new(lab_clock_of(fast));
	int64_t begun = run_now_us(), from = zg_loop_running(loop);
	bool rang = false;

	zg_timer_add(loop, 15000, ring, &rang);
	while (!rang && run_now_us() - begun < 5000000)
		zg_loop_step(loop, 1000);
	printf("figure: 15 s of the clock's passed in %.0f ms\n", (double)(run_now_us() - begun) / 1000);
	CHECK(rang && zg_loop_running(loop) - from >= 15000, "15 s at a pace of 1000 did not pass within 5 s");
	zg_loop_free(loop);
	lab_clock_drop(fast);
}

/* ---- the programs ---- */

static void begin(struct trial *t)
{
	char path[RUN_PATH];

	shop_begin(&t->shop, GOODS, NULL);
	snprintf(path, sizeof(path), "%s/clock", t->shop.home);
	snprintf(t->pin, sizeof(t->pin), "%s/boss.pin", t->shop.home);
	snprintf(t->events, sizeof(t->events), "%s/events", t->shop.home);
	t->clock = lab_clock_make(path, PACE);
	run_use_clock(path);
	free(shop_must(&t->shop, (const char *const[]){ "shift", "open", "--float", "0", "--as", "boss", "--pin-file", t->pin, NULL }));
	printer_open(&t->printer, &t->shop, (const char *const[]){ "--speed", SPEED, "--events", t->events, NULL });
	counter_open(&t->counter, &t->shop, 24, 80, NULL);
}

/* From the first mark on the paper to the last, as the printer itself tells it. */
static int64_t printing_ms(const struct trial *t)
{
	char *text = run_read_file(t->events, NULL), *rest = NULL;
	int64_t first = -1, at = 0;

	for (char *line = text ? strtok_r(text, "\n", &rest) : NULL; line; line = strtok_r(NULL, "\n", &rest)) {
		json_t *event = json_loads(line, 0, NULL);

		at = zg_json_integer(event, "at_ms", at);
		first = first < 0 ? at : first;
		json_decref(event);
	}
	free(text);
	return at - first;
}

/* Receipts at a slow printer: the till, the printer and this process tell how long it took. */
static void print_slowly(struct trial *t, long sales)
{
	int64_t begun = run_now_us(), sending, printing, real;
	char number[32];

	for (long i = 1; i <= sales; i++) {
		counter_scan(&t->counter, "6901234567892");
		counter_wait(&t->counter, "Invoiceable  12.98", 5000);
		counter_write(&t->counter, "+\r");
		snprintf(number, sizeof(number), "R01%07ld", i);
		if (!sees(t, number, "selling"))
			return;
	}
	CHECK(printer_wait(&t->printer, "✂", (int)sales, 60000), "not all receipts came out of the printer");
	CHECK(wait_for(t, "SELECT count(*) FROM print_job WHERE kind = 'sale' AND state IN ('sent', 'printed')", sales) == sales,
	      "the till does not know that its slips are out");
	real = (run_now_us() - begun) / 1000;
	printing = printing_ms(t);
	sending = ask(t, "SELECT max(ended_at) - min(ended_at) FROM print_job WHERE kind = 'sale'");
	printf("figure: %ld receipts at " SPEED " mm/s: the printer printed %.1f s and the till sent %.1f s of their clock, in %.2f s\n", sales,
	       (double)printing / 1000, (double)sending / 1000, (double)real / 1000);
	CHECK(printing > 3000 * (sales - 1), "%ld receipts were printed in %" PRId64 " ms of the printer's clock", sales, printing);
	CHECK(printing <= real * PACE + 1000, "%" PRId64 " ms of the printer's clock passed in %" PRId64 " ms", printing, real);
	/* what its buffer does not hold, the till waits for */
	CHECK(sales < 10 || sending > printing / 4, "the till sent for %" PRId64 " ms, the printer printed for %" PRId64, sending, printing);
	CHECK(sending <= printing, "the till sent for %" PRId64 " ms, the printer printed for %" PRId64, sending, printing);
}

/* The wall clock by itself: written down, and nothing else happens. */
static void jump(struct trial *t)
{
	int64_t asked = run_now_us(), seen;

	lab_clock_step(t->clock, -DAY);
	CHECK(wait_for(t, "SELECT count(*) FROM journal WHERE kind = 'clock.back'", 1) == 1, "a day back is not in the journal");
	seen = run_now_us();
	printf("figure: a step back was written down after %.0f ms, %.1f s of the clock\n", (double)(seen - asked) / 1000,
	       (double)(seen - asked) * PACE / 1e6);
	lab_clock_step(t->clock, 3653 * DAY);
	counter_rest(&t->counter, 300);
	CHECK(vt_has(t->counter.vt, "Settle"), "ten years ahead lock the till");
	CHECK(ask(t, "SELECT count(*) FROM journal WHERE kind = 'clock.back'") == 1, "a step ahead is told as one back");
	lab_clock_step(t->clock, -3652 * DAY);
	CHECK(wait_for(t, "SELECT count(*) FROM journal WHERE kind = 'clock.back'", 2) == 2, "ten years back are not in the journal");
	/* time itself: nobody has pressed a key for a quarter of an hour */
	lab_clock_pass(t->clock, 15 * MINUTE);
	sees(t, "Locked", "after a quarter of an hour");
}

/* A wrong PIN ten times over, and the half hour after it. */
static void shut_out(struct trial *t)
{
	struct shop *shop = &t->shop;
	char wrong[RUN_PATH], *errors;
	int code = 0;

	shop_write(shop, "wrong.pin", "1111\n");
	snprintf(wrong, sizeof(wrong), "%s/wrong.pin", shop->home);
	const char *const words[] = { "cash", "in", "1", "--reason", "change", "--as", "boss", "--pin-file", wrong, NULL };
	const char *const right[] = { "cash", "in", "1", "--reason", "change", "--as", "boss", "--pin-file", t->pin, NULL };

	for (int i = 0; i < 10; i++) {
		code = shop_run(shop, NULL, &errors, words);
		free(errors);
		CHECK(code == 3, "a wrong PIN ends with %d", code);
	}
	lab_clock_step(t->clock, 3653 * DAY);
	code = shop_run(shop, NULL, &errors, right);
	CHECK(code == 3 && strstr(errors, "Too many wrong PINs"), "ten years of the wall clock open a shut login: %d, %s", code, errors);
	free(errors);
	lab_clock_step(t->clock, -3653 * DAY);
	lab_clock_pass(t->clock, 31 * MINUTE);
	free(shop_must(shop, right));
}

/* The program that a shop gets lives today, whatever it is told. */
static void check_shipped(struct trial *t)
{
	char path[RUN_PATH];

	snprintf(path, sizeof(path), "%s/clock", t->shop.home);
	lab_clock_step(t->clock, 3653 * DAY);
	run_use_clock(NULL);
	setenv(LAB_CLOCK_NAME, path, 1);
	free(shop_must(&t->shop, (const char *const[]){ "shift", "count", "--total", "1", "--as", "boss", "--pin-file", t->pin, NULL }));
	int64_t at = ask(t, "SELECT max(at) FROM cash_count"), real = zg_clock_now(&zg_real_clock);

	CHECK(llabs(real - at) < 60000, "the shipped program's clock is %" PRId64 " ms off: it was handed the lab's", at - real);
	unsetenv(LAB_CLOCK_NAME);
}

int main(void)
{
	static struct trial trial;
	struct trial *t = &trial;
	long sales;

	run_begin();
	zg_json_start();
	sales = chance_rounds(10);
	printf("pace: ZG_SEED=0 ZG_COUNT=%ld\n", sales);
	begin(t);
	fifteen_seconds(t);
	if (CHECK(counter_sign_in(&t->counter, "lin", "6092"), "nobody can sign in")) {
		print_slowly(t, sales);
		jump(t);
	}
	shut_out(t);
	counter_kill(&t->counter);
	check_shipped(t);
	printer_close(&t->printer);
	lab_clock_drop(t->clock);
	shop_end(&t->shop);
	return tally_end(&t->tally);
}
