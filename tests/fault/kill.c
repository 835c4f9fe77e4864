/*
 * kill -9 at random moments of a scripted day, most of them between the settle key and "paid", and a restart each time.
 *
 * Beside the till stands somebody who remembers what was typed, what the screen acknowledged and what came out of the
 * printer. After each restart the books must be what that memory says: no acknowledged sale lost, none doubled, the sale
 * under way back, and of the one thing that was under way at the kill either all or nothing.
 * P1. ZG_COUNT kills (150), ZG_SEED. The shops, of 500 kills each, are shared out among the processors; one that fails says how to repeat it.
 */
#include "tests/fault/books.h"
#include "tests/fault/tally.h"
#include "tests/lab/crew.h"
#include "tests/unit/chance.h"

#include <inttypes.h>
#include <string.h>

#define GOODS     40
#define HUNG_MOST 3
#define STATES    8
#define LATENCIES 64
#define A_SHOP    500    /* kills; then another shop, for each look at the books reads all of them */

/* What is added up, behind the states of the till at the kills. */
enum { KILLS = STATES, SALES, FEN, LATENCY_US, CHECKED };

/* A sale as the cashier remembers it: how many of each. */
struct basket {
	int pieces[GOODS];
};

struct memory {
	struct basket open, hung[HUNG_MOST];
	int hung_count;
	int64_t booked;            /* sales that are certain */
	int64_t total_fen;         /* of them all together */
};

/* What was under way at the kill. */
enum doing { NOTHING, RINGING, HANGING, TAKING, PAYING, PAID_SEEN, STARTING };

static const char *const state_names[STATES] = {
	"starting up", "ringing", "hanging or taking", "settle key to commit", "commit to \"paid\" shown", "after \"paid\"", "printing", "idle",
};

struct trial {
	struct tally tally;
	struct chance chance;
	struct shop shop;
	struct counter counter;
	struct printer printer;
	char codes[GOODS][14];
	int prices[GOODS];
	struct memory memory;
	struct basket after;       /* RINGING: the open sale if the key arrived */
	int at;                    /* TAKING: which hung sale, -1 unknown */
	enum doing doing;
	bool saw_paid;
	int64_t latency_us[LATENCIES];    /* settle key to "paid", of those that were let be */
	int latencies;
	int histogram[STATES];
	int64_t unknown;           /* slips that may not be on paper, so far */
	long kills;
};

static int64_t basket_fen(const struct trial *t, const struct basket *basket)
{
	int64_t sum = 0;

	for (int i = 0; i < GOODS; i++)
		sum += (int64_t)basket->pieces[i] * t->prices[i];
	return sum;
}

static bool is_empty(const struct basket *basket)
{
	for (int i = 0; i < GOODS; i++)
		if (basket->pieces[i])
			return false;
	return true;
}

static const char *yuan(int64_t fen)
{
	static char text[4][32];
	static int next;

	next = (next + 1) % 4;
	snprintf(text[next], sizeof(text[next]), "%lld.%02d", (long long)(fen / 100), (int)(fen % 100));
	return text[next];
}

/* ---- the shop ---- */

static void make_shop(struct trial *t)
{
	char csv[GOODS * 100] = "code,barcodes,name,unit,price,tax_rate,tax_code,kind\n", pin[RUN_PATH];

	for (int i = 0; i < GOODS; i++) {
		size_t used = strlen(csv);

		books_barcode(t->codes[i], chance_between(&t->chance, 0, 999) * 1000 + i);
		t->prices[i] = (int)chance_between(&t->chance, 101, 4999);
		snprintf(csv + used, sizeof(csv) - used, "G%03d,%s,Goods %d,pc,%s,%d%%,,piece\n", i, t->codes[i], i, yuan(t->prices[i]),
			 i % 3 == 0 ? 13 : i % 3 == 1 ? 9 : 0);
	}
	shop_begin(&t->shop, csv, NULL);
	snprintf(pin, sizeof(pin), "%s/boss.pin", t->shop.home);
	free(shop_must(&t->shop, (const char *const[]){ "shift", "open", "--float", "200", "--as", "boss", "--pin-file", pin, NULL }));
	printer_open(&t->printer, &t->shop, (const char *const[]){ "--speed", "5000", NULL });
}

/* ---- what the cashier does; each waits for the screen to acknowledge it ---- */

static bool sees_total(struct trial *t, int64_t fen)
{
	char words[64];

	snprintf(words, sizeof(words), "Invoiceable  %s", yuan(fen));
	return counter_wait(&t->counter, words, 3000);
}

static void ring_keys(struct trial *t, struct basket *basket, int most, char *keys, size_t size)
{
	size_t used = 0;

	keys[0] = '\0';
	for (int64_t scans = chance_between(&t->chance, 1, most); scans > 0; scans--) {
		int good = (int)chance_between(&t->chance, 0, GOODS - 1), pieces = 1;

		if (chance_between(&t->chance, 0, 3) == 0) {
			pieces = (int)chance_between(&t->chance, 2, 9);
			used += (size_t)snprintf(keys + used, size - used, "%d*", pieces);
		}
		used += (size_t)snprintf(keys + used, size - used, "%s\r", t->codes[good]);
		basket->pieces[good] += pieces;
	}
}

static bool ring(struct trial *t, int most)
{
	char keys[512];
	struct basket after = t->memory.open;

	ring_keys(t, &after, most, keys, sizeof(keys));
	t->doing = RINGING;
	t->after = after;
	counter_write(&t->counter, keys);
	if (!tally_check(&t->tally, sees_total(t, basket_fen(t, &after)), "kill %ld: the screen does not show %s after %s", t->kills,
			 yuan(basket_fen(t, &after)), keys)) {
		vt_print(t->counter.vt);
		return false;
	}
	t->memory.open = after;
	t->doing = NOTHING;
	return true;
}

/* A new line is rung, then taken off again. */
static bool ring_and_remove(struct trial *t)
{
	struct basket before = t->memory.open;
	int good = (int)chance_between(&t->chance, 0, GOODS - 1);
	char keys[64];

	while (before.pieces[good])
		good = (good + 1) % GOODS;
	snprintf(keys, sizeof(keys), "%s\r", t->codes[good]);
	t->doing = RINGING;
	t->after = before;
	t->after.pieces[good]++;
	counter_write(&t->counter, keys);
	if (!sees_total(t, basket_fen(t, &t->after)))
		return tally_check(&t->tally, false, "kill %ld: the scan of %s did not show", t->kills, keys);
	t->memory.open = t->after;
	t->after = before;
	counter_write(&t->counter, "-");
	if (!(is_empty(&before) ? counter_gone(&t->counter, "Invoiceable", 3000) : sees_total(t, basket_fen(t, &before))))
		return tally_check(&t->tally, false, "kill %ld: the line was not taken off", t->kills);
	t->memory.open = before;
	t->doing = NOTHING;
	return true;
}

static bool hang(struct trial *t, bool waits)
{
	char lamp[16];

	t->doing = HANGING;
	counter_write(&t->counter, "\033[18~");
	if (!waits)
		return true;
	snprintf(lamp, sizeof(lamp), "Hung%d", t->memory.hung_count + 1);
	if (!tally_check(&t->tally, counter_wait(&t->counter, lamp, 3000), "kill %ld: the sale was not hung", t->kills)) {
		vt_print(t->counter.vt);
		return false;
	}
	t->memory.hung[t->memory.hung_count++] = t->memory.open;
	t->memory.open = (struct basket){ { 0 } };
	t->doing = NOTHING;
	return true;
}

/* The list's first row is taken; which one that is, the total tells. */
static bool take(struct trial *t, bool waits)
{
	t->doing = TAKING;
	counter_write(&t->counter, "\033[18~");
	if (!counter_wait(&t->counter, "Hung sales", 3000))
		return tally_check(&t->tally, false, "kill %ld: no list of hung sales", t->kills);
	counter_write(&t->counter, "\r");
	if (!waits)
		return true;
	if (!counter_wait(&t->counter, "Invoiceable", 3000))
		return tally_check(&t->tally, false, "kill %ld: no sale was taken", t->kills);
	for (int i = 0; i < t->memory.hung_count; i++) {
		char words[64];

		snprintf(words, sizeof(words), "Invoiceable  %s", yuan(basket_fen(t, &t->memory.hung[i])));
		if (!vt_has(t->counter.vt, words))
			continue;
		t->memory.open = t->memory.hung[i];
		t->memory.hung[i] = t->memory.hung[--t->memory.hung_count];
		t->doing = NOTHING;
		return true;
	}
	return tally_check(&t->tally, false, "kill %ld: the sale that was taken is none that was hung", t->kills);
}

static bool is_paid_shown(struct trial *t)
{
	char number[32];

	snprintf(number, sizeof(number), "R01%07lld", (long long)t->memory.booked + 1);
	return vt_has(t->counter.vt, "✓ Paid") && vt_has(t->counter.vt, number);
}

static void book(struct trial *t)
{
	t->memory.booked++;
	t->memory.total_fen += basket_fen(t, &t->memory.open);
	t->memory.open = (struct basket){ { 0 } };
}

/* Presses the settle key; exact or with change. */
static void press_settle(struct trial *t)
{
	int64_t due = basket_fen(t, &t->memory.open);
	char keys[40];

	t->doing = PAYING;
	if (chance_between(&t->chance, 0, 1)) {
		counter_write(&t->counter, "+\r");
		return;
	}
	snprintf(keys, sizeof(keys), "%lld", (long long)((due / 1000 + 1) * 10));
	counter_write(&t->counter, keys);
	counter_rest(&t->counter, 32);    /* typed, not scanned: the amount and + are apart */
	counter_write(&t->counter, "+");
}

static bool pay(struct trial *t)
{
	int64_t begun;

	press_settle(t);
	begun = run_now_us();
	while (!is_paid_shown(t) && run_now_us() - begun < 3000000)
		counter_look(&t->counter, 10);
	if (!tally_check(&t->tally, is_paid_shown(t), "kill %ld: not paid within 3 s", t->kills)) {
		vt_print(t->counter.vt);
		return false;
	}
	t->latency_us[t->latencies++ % LATENCIES] = run_now_us() - begun;
	book(t);
	t->doing = NOTHING;
	return true;
}

/* ---- the kill ---- */

static int compare(const void *a, const void *b)
{
	return (*(const int64_t *)a > *(const int64_t *)b) - (*(const int64_t *)a < *(const int64_t *)b);
}

/* How long settling lately took, at this part (0 to 100) of the measured ones. */
static int64_t latency(const struct trial *t, int part)
{
	int64_t sorted[LATENCIES];
	int count = t->latencies < LATENCIES ? t->latencies : LATENCIES;

	if (count == 0)
		return 8000;
	memcpy(sorted, t->latency_us, (size_t)count * sizeof(sorted[0]));
	qsort(sorted, (size_t)count, sizeof(sorted[0]), compare);
	return sorted[(count - 1) * part / 100];
}

static void kill_now(struct trial *t, int64_t after_us)
{
	run_sleep_us(after_us);
	counter_kill(&t->counter);
	t->saw_paid = t->doing == PAYING && is_paid_shown(t);
}

/* Something is begun and cut off. Most often it is settling. */
static void cut_off(struct trial *t)
{
	int64_t roll = chance_between(&t->chance, 0, 99), between = t->histogram[3] + t->histogram[4];

	/* a busy machine spreads the moments: the share that the promise names is kept up */
	if (roll < 80 || between * 100 < t->kills * 66) {
		if (is_empty(&t->memory.open))
			ring(t, 3);
		press_settle(t);
		kill_now(t, chance_between(&t->chance, 0, latency(t, 50) * 9 / 10));
	} else if (roll < 87) {
		if (is_empty(&t->memory.open))
			ring(t, 3);
		if (pay(t))
			t->doing = PAID_SEEN;
		kill_now(t, chance_between(&t->chance, 0, 12000));
	} else if (roll < 94) {
		char keys[128];

		t->after = t->memory.open;
		ring_keys(t, &t->after, 1, keys, sizeof(keys));
		t->doing = RINGING;
		counter_write(&t->counter, keys);
		kill_now(t, chance_between(&t->chance, 0, 4000));
	} else if (roll < 98) {
		if (is_empty(&t->memory.open) && t->memory.hung_count > 0)
			take(t, false);
		else if (!is_empty(&t->memory.open) && t->memory.hung_count < HUNG_MOST)
			hang(t, false);
		kill_now(t, chance_between(&t->chance, 0, 5000));
	} else {
		kill_now(t, chance_between(&t->chance, 0, 20000));
	}
}

/* ---- what the books say afterwards ---- */

/* The same words as basket_words, of a sale in the books. */
#define WORDS "(SELECT coalesce(group_concat(w, ' '), '') FROM (SELECT code || 'x' || (sum(quantity_milli) / 1000) AS w FROM sale_line l " \
	      "WHERE l.sale_id = s.id AND quantity_milli <> 0 GROUP BY code ORDER BY code))"

static void basket_words(const struct basket *basket, char *words, size_t size)
{
	size_t used = 0;

	words[0] = '\0';
	for (int i = 0; i < GOODS; i++)
		if (basket->pieces[i] && used < size)
			used += (size_t)snprintf(words + used, size - used, "%sG%03dx%d", used ? " " : "", i, basket->pieces[i]);
}

static bool is_open_sale(sqlite3 *books, const struct basket *basket)
{
	char words[1000], *found = books_text(books, "SELECT " WORDS " FROM sale s WHERE state = 'open'");
	bool same;

	basket_words(basket, words, sizeof(words));
	same = strcmp(words, found) == 0;
	free(found);
	return same;
}

static int order_words(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* Prints both sides when they differ. */
static bool are_hung(sqlite3 *books, const struct memory *memory)
{
	char words[HUNG_MOST][1000], all[HUNG_MOST * 1001] = "";
	char *found = books_text(books, "SELECT coalesce(group_concat(w, '|'), '') FROM (SELECT " WORDS " AS w FROM sale s WHERE state = 'hung' "
				 "ORDER BY w)");

	for (int i = 0; i < memory->hung_count; i++)
		basket_words(&memory->hung[i], words[i], sizeof(words[i]));
	qsort(words, (size_t)memory->hung_count, sizeof(words[0]), order_words);
	for (int i = 0; i < memory->hung_count; i++) {
		strcat(all, i ? "|" : "");
		strcat(all, words[i]);
	}
	bool same = strcmp(all, found) == 0;

	if (!same)
		printf("hung, as remembered: %s\nhung, in the books: %s\n", all, found);
	free(found);
	return same;
}

/* All or nothing of what was under way: brings the memory to what happened, or complains. Returns the state for the histogram. */
static int settle_memory(struct trial *t, sqlite3 *books)
{
	struct memory *m = &t->memory;
	int64_t paid = books_number(books, "SELECT count(*) FROM sale WHERE state = 'paid'");
	bool hung = m->hung_count < books_number(books, "SELECT count(*) FROM sale WHERE state = 'hung'");
	int64_t slips = books_number(books, "SELECT count(*) FROM print_job WHERE state = 'unknown'");
	bool was_printing = slips > t->unknown;

	t->unknown = slips;
	switch (t->doing) {
	case PAYING:
		if (paid == m->booked + 1) {
			book(t);
			return t->saw_paid ? (was_printing ? 6 : 5) : 4;
		}
		tally_check(&t->tally, !t->saw_paid, "kill %ld: the screen said paid, the books do not", t->kills);
		return 3;
	case RINGING:
		if (is_open_sale(books, &t->after))
			m->open = t->after;
		return 1;
	case HANGING:
		if (hung) {
			m->hung[m->hung_count++] = m->open;
			m->open = (struct basket){ { 0 } };
		}
		return 2;
	case TAKING:
		for (int i = 0; i < m->hung_count; i++)
			if (is_open_sale(books, &m->hung[i])) {
				m->open = m->hung[i];
				m->hung[i] = m->hung[--m->hung_count];
				break;
			}
		return 2;
	case PAID_SEEN: return was_printing ? 6 : 5;
	case STARTING: return 0;
	case NOTHING: break;
	}
	return 7;
}

static void compare_books(struct trial *t)
{
	sqlite3 *books = books_open(&t->shop);
	const struct memory *m = &t->memory;

	t->histogram[settle_memory(t, books)]++;
	int64_t paid = books_number(books, "SELECT count(*) FROM sale WHERE state = 'paid'");
	int64_t sum = books_number(books, "SELECT coalesce(sum(total_fen), 0) FROM sale WHERE state = 'paid'");
	const char *fault = books_fault(books);

	tally_check(&t->tally, paid == m->booked, "kill %ld: %lld sales are booked, the memory says %lld", t->kills, (long long)paid,
		    (long long)m->booked);
	tally_check(&t->tally, sum == m->total_fen, "kill %ld: sales add up to %s, the memory says %s", t->kills, yuan(sum), yuan(m->total_fen));
	tally_check(&t->tally, is_open_sale(books, &m->open), "kill %ld: the sale under way is another one", t->kills);
	tally_check(&t->tally, are_hung(books, m), "kill %ld: the hung sales are others", t->kills);
	tally_check(&t->tally, !*fault, "kill %ld: %s", t->kills, fault);
	sqlite3_close(books);
}

/* Starts the till again, compares, and looks at what it says of itself. Now and then it is killed on the way up. */
static bool restart(struct trial *t)
{
	const struct memory *m = &t->memory;
	char number[32];

	counter_open(&t->counter, &t->shop, 24, 80, NULL);
	if (t->kills > 0 && chance_between(&t->chance, 0, 24) == 0) {
		run_sleep_us(chance_between(&t->chance, 0, 40000));
		counter_kill(&t->counter);
		t->histogram[0]++;
		t->kills++;
		counter_open(&t->counter, &t->shop, 24, 80, NULL);
	}
	if (!tally_check(&t->tally, counter_wait(&t->counter, "Sign in", 5000), "kill %ld: it does not start again", t->kills)) {
		vt_print(t->counter.vt);
		return false;
	}
	if (t->kills > 0)
		compare_books(t);
	snprintf(number, sizeof(number), "R01%07lld", (long long)m->booked);
	if (t->kills > 0 && m->booked > 0 &&
	    !tally_check(&t->tally, counter_wait(&t->counter, "The till ended suddenly", 3000) && counter_wait(&t->counter, number, 1000),
			 "kill %ld: it does not say that %s was the last sale", t->kills, number))
		vt_print(t->counter.vt);
	if (!tally_check(&t->tally, counter_sign_in(&t->counter, "lin", "6092"), "kill %ld: nobody can sign in", t->kills)) {
		vt_print(t->counter.vt);
		return false;
	}
	if (!is_empty(&m->open) && !tally_check(&t->tally, sees_total(t, basket_fen(t, &m->open)), "kill %ld: the open sale of %s is not shown",
						t->kills, yuan(basket_fen(t, &m->open))))
		vt_print(t->counter.vt);
	t->doing = NOTHING;
	return true;
}

/* A few things that are let be, then one that is cut off. */
static void one_life(struct trial *t)
{
	if (!restart(t)) {
		t->doing = NOTHING;
		kill_now(t, 0);
		t->kills++;
		return;
	}
	for (int64_t things = chance_between(&t->chance, 0, 3); things > 0 && t->doing == NOTHING; things--) {
		int64_t roll = chance_between(&t->chance, 0, 9);
		struct memory *m = &t->memory;

		if (roll < 2 && !is_empty(&m->open))
			pay(t);
		else if (roll == 2)
			ring_and_remove(t);
		else if (roll == 3 && !is_empty(&m->open) && m->hung_count < HUNG_MOST)
			hang(t, true);
		else if (roll == 4 && is_empty(&m->open) && m->hung_count > 0)
			take(t, true);
		else
			ring(t, 4);
	}
	cut_off(t);
	t->kills++;
}

/* ---- what came out of the printer ---- */

static void check_paper(struct trial *t)
{
	sqlite3 *books = books_open(&t->shop);
	char *paper = printer_paper(&t->printer), words[64], sql[200];
	int lost = 0, twice = 0, whole = 0;

	for (int64_t i = 1; i <= t->memory.booked; i++) {
		snprintf(words, sizeof(words), "Receipt R01%07lld", (long long)i);
		snprintf(sql, sizeof(sql), "SELECT count(*) FROM print_job p JOIN sale s ON s.id = p.ref WHERE p.kind = 'sale' AND s.receipt_no = %lld "
			 "AND p.state IN ('sent', 'printed')", (long long)i);
		int count = run_count(paper, words);

		twice += count > 1;
		whole += count == 1;
		lost += count == 0 && books_number(books, sql) > 0;
	}
	snprintf(sql, sizeof(sql), "SELECT count(*) FROM print_job WHERE state IN ('queued', 'sending')");
	tally_check(&t->tally, twice == 0, "%d receipts are on paper twice without a mark", twice);
	tally_check(&t->tally, lost == 0, "%d receipts are called printed and are not on paper", lost);
	tally_check(&t->tally, books_number(books, sql) == 0, "slips wait in the queue at the end");
	int pulses = run_count(paper, "~ drawer 1");

	tally_check(&t->tally, pulses <= t->memory.booked, "the drawer opened %d times for %lld cash sales", pulses, (long long)t->memory.booked);
	/* a command that a kill cut in two is one; nothing else may be */
	int faults = run_count(paper, "~ fault");
	int64_t unknown = books_number(books, "SELECT count(*) FROM print_job WHERE state = 'unknown'");

	if (faults > 0)
		printf("a command cut in two: %.60s\n", strstr(paper, "~ fault"));
	tally_check(&t->tally, faults <= unknown / 10, "the printer was sent %d times what it does not understand", faults);
	printf("paper: %d receipts of %lld sales, %lld slips told as \"may not be on paper\", drawer opened %d times\n", whole,
	       (long long)t->memory.booked, (long long)unknown, pulses);
	free(paper);
	sqlite3_close(books);
}

static void check_journal(struct trial *t, const char *when)
{
	char *out, *errors;
	int code = shop_run(&t->shop, &out, &errors, (const char *const[]){ "journal", "verify", NULL });

	tally_check(&t->tally, code == 0, "the journal does not verify %s: %s%s", when, out, errors);
	free(out);
	free(errors);
}

/* ---- shops ---- */

struct run {
	uint64_t seed;
	long count;
};

static void add_figures(const struct trial *t)
{
	for (int i = 0; i < STATES; i++)
		crew_add(i, t->histogram[i]);
	crew_add(KILLS, t->kills);
	crew_add(SALES, (long)t->memory.booked);
	crew_add(FEN, (long)t->memory.total_fen);
	crew_add(LATENCY_US, (long)latency(t, 50));
	crew_add(CHECKED, t->tally.passed);
}

/* The till once more after the last kill: it sells, and what it printed and wrote in all that time is looked at. */
static void finish(struct trial *t)
{
	if (!restart(t))
		return;
	if (!is_empty(&t->memory.open) || ring(t, 3))
		pay(t);
	printer_wait(&t->printer, "✂", 1, 2000);
	counter_rest(&t->counter, 500);
	int between = t->histogram[3] + t->histogram[4];

	/* a handful of kills says nothing of the shares */
	tally_check(&t->tally, t->kills < 100 || between * 100 >= t->kills * 60, "only %d of %ld kills fell between the settle key and paid", between, t->kills);
	check_journal(t, "at the end");
	check_paper(t);
	tally_check(&t->tally, t->counter.vt->faults == 0, "the terminal was sent %s", t->counter.vt->fault);
	counter_kill(&t->counter);
}

/* One shop, with a seed of its own: the first one's is the experiment's. */
static bool live(void *self, long number, const char *place)
{
	static struct trial t;
	const struct run *run = self;
	long left = run->count - number * A_SHOP, most = left < A_SHOP ? left : A_SHOP;
	uint64_t seed = chance_part(run->seed, number);

	(void)place;    /* on a disk, where a kill is one */
	memset(&t, 0, sizeof(t));
	t.chance = (struct chance){ seed, seed };
	make_shop(&t);
	while (t.kills < most && t.tally.failed < 10) {
		one_life(&t);
		if (t.kills % 100 == 0)
			check_journal(&t, "on the way");
	}
	finish(&t);
	printer_close(&t.printer);
	shop_end(&t.shop);
	add_figures(&t);
	if (t.tally.failed)
		printf("    repeat it: ZG_SEED=%" PRIu64 " ZG_COUNT=%ld\n", seed, most);
	return t.tally.failed == 0;
}

static void print_histogram(const long *sums)
{
	printf("kills by what the till was at:\n");
	for (int i = 0; i < STATES; i++)
		printf("  %-24s %5ld  %4.1f %%\n", state_names[i], sums[i], 100.0 * (double)sums[i] / (double)sums[KILLS]);
}

int main(void)
{
	struct tally tally = { 0 };
	struct run run = { chance_begin().seed, chance_rounds(150) };
	long sums[CREW_FIGURES] = { 0 }, shops = (run.count + A_SHOP - 1) / A_SHOP;

	run_begin();
	int64_t begun = run_now_us();

	printf("kill: ZG_SEED=%" PRIu64 " ZG_COUNT=%ld\n", run.seed, run.count);
	crew_run(&tally, shops, live, &run, sums);
	tally_check(&tally, sums[KILLS] >= run.count, "only %ld of %ld kills", sums[KILLS], run.count);
	print_histogram(sums);
	printf("figure: between the settle key and \"paid\": %ld of %ld, %.1f %%; settling takes %.1f ms (mean of the shops' medians)\n", sums[3] + sums[4], sums[KILLS],
	       100.0 * (double)(sums[3] + sums[4]) / (double)sums[KILLS], (double)sums[LATENCY_US] / 1000 / (double)shops);
	printf("figure: %ld kills in %ld shops, %ld sales of %s yuan, %ld checks, %.0f s\n", sums[KILLS], shops, sums[SALES], yuan(sums[FEN]), sums[CHECKED],
	       (double)(run_now_us() - begun) / 1e6);
	return tally_end(&tally);
}
