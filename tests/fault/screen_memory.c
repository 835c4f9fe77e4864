/*
 * Out of memory at the counter: the real program under a pseudo-terminal, curses, curl and all, started, signed in to, sold with,
 * while one allocation fails, or all from one on. It ends by its one path, exit 5, or goes on once there is memory again; it is
 * never ended by a signal, never stands still, and what its screen called paid is in the books.
 * P5. ZG_COUNT allocations in each of the two ways, by chance (3), ZG_SEED; ZG_AT for one allocation.
 */
#include "tests/fault/books.h"
#include "tests/fault/tally.h"
#include "tests/lab/memory.h"
#include "tests/unit/chance.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define GOODS "code,barcodes,name,unit,price,tax_rate,tax_code,kind\nT1,6901234567892,Tea,cup,12.98,13%,,piece\n"
#define REST_LOOKS 20     /* of 20 ms each, in which a program that has nothing more to do only sleeps */
#define PATIENCE   30000  /* ms for one that is never at rest */

struct trial {
	struct tally tally;
	struct chance chance;
	struct shop shop;
	struct counter counter;
	struct printer printer;
	struct memory_plan *plan;
	char what[80], pin[RUN_PATH], path[RUN_PATH], trace[RUN_PATH];
	int64_t paid;            /* receipts that a screen showed, all trials together */
	int64_t allocations;
	long trials, ended, went_on, library;
};

#define CHECK(holds, ...) tally_check(&t->tally, holds, __VA_ARGS__)

/* One that is at neither of its screens is on its way out, or stands still. */
static bool is_running(struct trial *t)
{
	int64_t begun = run_now_us();
	pid_t ended;

	do {
		bool stands = run_now_us() - begun > 300000 && (vt_has(t->counter.vt, "Settle") || vt_has(t->counter.vt, "Sign in"));

		ended = waitpid(t->counter.pid, &t->counter.status, WNOHANG);
		if (ended != 0 || stands)
			break;
		counter_look(&t->counter, 20);
	} while (run_now_us() - begun < 3000000);
	return ended == 0;
}

/* Whether the program sleeps until something comes: 'S' behind the name in its stat. */
static bool sleeps(const struct trial *t)
{
	char path[64], state = 'X';

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)t->counter.pid);
	FILE *stat = fopen(path, "r");

	if (stat) {
		(void)!fscanf(stat, "%*d %*s %c", &state);
		fclose(stat);
	}
	return state == 'S' && !vt_has(t->counter.vt, "Checking the PIN");
}

/*
 * Looks for the words for as long as the program lives and has something to do: on a busy computer this takes longer, and what does
 * not come any more is not waited for.
 */
static bool sees(struct trial *t, const char *words)
{
	int64_t until = run_now_us() + PATIENCE * 1000LL;
	int rests = 0;

	while (!vt_has(t->counter.vt, words) && run_now_us() < until && rests < REST_LOOKS) {
		if (!counter_look(&t->counter, 20))
			break;
		rests = sleeps(t) ? rests + 1 : 0;
	}
	return vt_has(t->counter.vt, words);
}

/* A start without memory for its locale goes on with signs of ASCII, as on a terminal that has no others. */
static bool shows(const struct trial *t, const char *sign, const char *plain, const char *words)
{
	char text[64], without[64];

	snprintf(text, sizeof(text), "%s%s", sign, words);
	snprintf(without, sizeof(without), "%s%s", plain, words);
	return vt_has(t->counter.vt, text) || vt_has(t->counter.vt, without);
}

/*
 * Messages and boxes that memory brought up are read and closed. Esc is a key of its own only once the till has waited whether more
 * comes behind it: the next key comes when it sleeps again, or on a busy computer the two would be one.
 */
static void close_boxes(struct trial *t)
{
	for (int i = 0; i < 3; i++) {
		int64_t until = run_now_us() + PATIENCE * 1000LL;
		int rests = 0;

		counter_write(&t->counter, "\033");
		while (rests < 5 && run_now_us() < until && counter_look(&t->counter, 20))
			rests = sleeps(t) ? rests + 1 : 0;
	}
}

static int64_t booked(const struct trial *t)
{
	sqlite3 *books = books_open(&t->shop);
	int64_t number = books_number(books, "SELECT count(*) FROM sale WHERE state = 'paid'");

	sqlite3_close(books);
	return number;
}

/* One customer; what the screen calls paid counts. */
static bool sell(struct trial *t, bool hangs)
{
	char number[32];

	counter_scan(&t->counter, "6901234567892");
	if (!sees(t, "Invoiceable"))
		close_boxes(t);
	if (hangs) {
		counter_write(&t->counter, "\033[18~");
		if (sees(t, "Hung1")) {
			counter_write(&t->counter, "\033[18~");
			if (sees(t, "Hung sales"))
				counter_write(&t->counter, "\r");
		}
		if (!sees(t, "Invoiceable"))
			close_boxes(t);
	}
	counter_write(&t->counter, "+\r");
	snprintf(number, sizeof(number), "R01%07" PRId64, t->paid + 1);
	if (!sees(t, number) || !shows(t, "✓", "+", " Paid")) {
		close_boxes(t);
		return false;
	}
	t->paid++;
	return true;
}

static void work(struct trial *t)
{
	char keys[32];

	if (!sees(t, "Sign in"))
		return;
	if (vt_has(t->counter.vt, "Look at this first"))
		counter_write(&t->counter, "\r");
	counter_rest(&t->counter, 40);
	snprintf(keys, sizeof(keys), "lin\r");
	counter_write(&t->counter, keys);
	counter_rest(&t->counter, 40);
	counter_write(&t->counter, "6092\r");
	if (!sees(t, "Settle"))
		return;
	sell(t, false);
	sell(t, true);
}

/*
 * Esc has emptied the field with the cursor in it: where a login still stands, it was taken, and only the PIN is asked for again. A
 * sign-in that was under way is done by itself.
 */
static bool sign_in(struct trial *t)
{
	if (!shows(t, "▏", "[", "lin"))
		return counter_sign_in(&t->counter, "lin", "6092");
	counter_write(&t->counter, "6092\r");
	return sees(t, "Settle");
}

/* Memory is back: what ended by itself is started again, what did not must serve the next customer. */
static void go_on(struct trial *t)
{
	close_boxes(t);
	if (!vt_has(t->counter.vt, "Settle") && !CHECK(sign_in(t), "%s: nobody can sign in any more", t->what))
		vt_print(t->counter.vt);
	close_boxes(t);
	for (int i = 0; i < 3; i++)
		if (sell(t, false))
			return;
	CHECK(false, "%s: it sells nothing any more", t->what);
	vt_print(t->counter.vt);
}

/* A sale that nobody was told of is told now; it counts from here on. */
static void compare(struct trial *t, bool may_have_more)
{
	int64_t there = booked(t);
	sqlite3 *books = books_open(&t->shop);
	const char *fault = books_fault(books);

	CHECK(!*fault, "%s: %s", t->what, fault);
	sqlite3_close(books);
	CHECK(there == t->paid || (may_have_more && there == t->paid + 1), "%s: the screens said paid %" PRId64 " times, the books have %" PRId64, t->what,
	      t->paid, there);
	t->paid = there;
}

/*
 * Some libraries do not look at what malloc gives them while they make themselves ready: libtermkey when it learns the terminal's
 * keys, libcrypto before its first seal, curses in newterm. The till sees to it beforehand that there is memory for them; when it fails in their middle all
 * the same, nothing can be done about it, and nothing has happened yet: it is all before the first screen.
 */
static bool is_library(struct trial *t)
{
	static const char *const libraries[] = { "libtermkey", "libcrypto" };
	char *text = run_read_file(t->trace, NULL);
	const char *own = text ? strstr(text, "/zhanggui(") : NULL, *end;
	bool found = false;

	/* the handler is ours, then the system's; the library stands between it and our next frame */
	own = own ? strchr(own, '\n') : NULL;
	end = own ? strstr(own, "/zhanggui(") : NULL;
	for (size_t i = 0; end && i < sizeof(libraries) / sizeof(libraries[0]); i++) {
		const char *at = strstr(own, libraries[i]);

		found = found || (at && at < end);
	}
	/* curses' own start; later it has the room that tui/place.c made */
	const char *starts = end ? strstr(own, "(newterm+") : NULL;

	found = found || (starts && starts < end && strstr(own, "libtinfo") && strstr(own, "libtinfo") < end);
	if (!found)
		printf("%s", text ? text : "no trace\n");
	free(text);
	return found && !vt_has(t->counter.vt, "Sign in");
}

static void end(struct trial *t)
{
	char number[32];

	if (is_running(t)) {
		go_on(t);
		kill(t->counter.pid, SIGTERM);
		int code = counter_end(&t->counter, 5000);

		CHECK(code == 0, "%s: asked to end, it ended with %d", t->what, code);
		t->went_on++;
		compare(t, false);
		return;
	}
	int status = t->counter.status;

	while (counter_look(&t->counter, 10))
		continue;
	close(t->counter.fd);
	if (WIFSIGNALED(status) && is_library(t))
		t->library++;
	else if (!CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 5, "%s: it ended by %s %d", t->what, WIFSIGNALED(status) ? "signal" : "exit",
		      WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status)))
		vt_print(t->counter.vt);
	t->ended++;
	int64_t told = t->paid;

	compare(t, true);
	snprintf(number, sizeof(number), "R01%07" PRId64, t->paid);
	counter_open(&t->counter, &t->shop, 24, 80, NULL);
	CHECK(sees(t, "Sign in") && (t->paid == told || sees(t, number)), "%s: the next start does not tell of %s", t->what, number);
	go_on(t);
	counter_kill(&t->counter);
	compare(t, false);
}

static void try(struct trial *t, int64_t at, bool for_good)
{
	snprintf(t->what, sizeof(t->what), "allocation %" PRId64 "%s", at, for_good ? " and all after it" : "");
	t->plan->asked = t->plan->failed = 0;
	t->plan->is_for_good = for_good;
	t->plan->at = at;
	counter_open(&t->counter, &t->shop, 24, 80, NULL);
	work(t);
	t->plan->at = 0;
	t->trials++;
}

static void begin(struct trial *t)
{
	if (access("/dev/shm", W_OK) == 0)
		setenv("TMPDIR", "/dev/shm", 1);    /* nothing is proved here about disks */
	shop_begin(&t->shop, GOODS, NULL);
	snprintf(t->pin, sizeof(t->pin), "%s/boss.pin", t->shop.home);
	free(shop_must(&t->shop, (const char *const[]){ "shift", "open", "--float", "0", "--as", "boss", "--pin-file", t->pin, NULL }));
	printer_open(&t->printer, &t->shop, NULL);
	snprintf(t->path, sizeof(t->path), "%s/plan", t->shop.home);
	t->plan = memory_plan_make(t->path);
	run_use_clock("");    /* the lab's builds, by the machine's clock */
	setenv("ZG_LAB_MEMORY", t->path, 1);
	snprintf(t->trace, sizeof(t->trace), "%s/trace", t->shop.home);
	setenv("ZG_LAB_TRACE", t->trace, 1);
}

int main(void)
{
	static struct trial trial;
	struct trial *t = &trial;
	long count;

	run_begin();
	if (!memory_is_here()) {
		printf("skipped: the sanitizer has a malloc of its own\n0 passed, 0 failed\n");
		return 0;
	}
	t->chance = chance_begin_at(20261125);
	count = chance_rounds(3);
	printf("screen-memory: ZG_SEED=%" PRIu64 " ZG_COUNT=%ld\n", t->chance.seed, count);
	begin(t);
	snprintf(t->what, sizeof(t->what), "with memory enough");
	if (CHECK(t->plan != NULL, "no plan")) {
		try(t, 0, false);
		t->allocations = t->plan->asked;
		CHECK(t->paid == 2 && t->allocations > 1000, "with memory enough %" PRId64 " sales were made with %" PRId64 " allocations", t->paid,
		      t->allocations);
		end(t);
		for (int mode = 0; mode < 2; mode++)
			for (long i = 0; i < count && t->tally.failed < 20; i++) {
				int64_t at = chance_between(&t->chance, t->allocations * i / count + 1, t->allocations * (i + 1) / count);

				try(t, tally_setting("ZG_AT", at), mode == 1);
				end(t);
			}
	}
	printf("figure: %" PRId64 " allocations from the start to the second receipt; %ld trials: %ld ended by exit 5, %ld in a library that made itself ready, %ld went on; %" PRId64 " receipts\n",
	       t->allocations, t->trials, t->ended - t->library, t->library, t->went_on, t->paid);
	printer_close(&t->printer);
	shop_end(&t->shop);
	return tally_end(&t->tally);
}
