/*
 * Nothing says that it is done before it is on disk: the till under strace, act after act. Sales, refunds, cash in and out and openings of
 * the drawer at the counter; cash, refunds and counts over the control socket.
 *
 * From the read of the key (or of the message) on, each place where success may be seen is looked at by itself: the words on the terminal,
 * the pulse and the slip on the printer's line, the answer on the socket. Before the first byte of each, the act's rows were written to
 * the log of the books and that log was synced; at the counter by exactly one sync. Each sign must be seen, or nothing is proved.
 * P6. ZG_COUNT sales (15), and one of every other act for five of them.
 */
#include "tests/fault/books.h"
#include "tests/fault/tally.h"
#include "tests/unit/chance.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define GOODS "code,barcodes,name,unit,price,tax_rate,tax_code,kind\nT1,6901234567892,Tea,cup,12.98,13%,,piece\n"
#define EVERY 5          /* sales, then one of each of the others */
#define APART_MS 32      /* longer than between the characters of a scanner */

enum place { TERMINAL, PULSE, SLIP, ANSWER, PLACES };
static const char *const place_names[PLACES] = { "terminal", "pulse", "slip", "answer" };

enum kind { SALE, REFUND, CASH_IN, CASH_OUT, DRAWER, SENT_CASH, SENT_REFUND, SENT_COUNT, KINDS };

/* What an act is, how the terminal tells of it, and where else it must be seen. */
static const struct {
	const char *name, *words;
	bool has[PLACES];
} kinds[KINDS] = {
	[SALE]        = { "sale", "received", { [TERMINAL] = true, [PULSE] = true, [SLIP] = true } },
	[REFUND]      = { "refund", "Give the customer", { [TERMINAL] = true, [PULSE] = true, [SLIP] = true } },
	[CASH_IN]     = { "cash in", "put in", { [TERMINAL] = true, [PULSE] = true, [SLIP] = true } },
	[CASH_OUT]    = { "cash out", "taken out", { [TERMINAL] = true, [PULSE] = true, [SLIP] = true } },
	[DRAWER]      = { "drawer opened", "The drawer opens", { [TERMINAL] = true, [PULSE] = true } },
	[SENT_CASH]   = { "cash in, sent", NULL, { [PULSE] = true, [SLIP] = true, [ANSWER] = true } },
	[SENT_REFUND] = { "refund, sent", NULL, { [PULSE] = true, [SLIP] = true, [ANSWER] = true } },
	[SENT_COUNT]  = { "count, sent", NULL, { [ANSWER] = true } },
};

struct act {
	enum kind kind;
	double begun;             /* just before its last key, or its command */
};

struct trial {
	struct tally tally;
	struct shop shop;
	struct counter counter;
	struct printer printer;
	struct act *acts;
	long count, receipts, slips;
	char pin[RUN_PATH], terminal[RUN_PATH], line[RUN_PATH];    /* the devices, as strace names them */
	long done[KINDS], exact[KINDS];
};

static double now(void)
{
	struct timespec at;

	clock_gettime(CLOCK_REALTIME, &at);
	return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

/* ---- at the counter, and from elsewhere ---- */

static bool sees(struct trial *t, const char *words)
{
	if (tally_check(&t->tally, counter_wait(&t->counter, words, 10000), "act %ld: the screen does not show '%s'", t->count, words))
		return true;
	vt_print(t->counter.vt);
	return false;
}

static void begin(struct trial *t, enum kind kind)
{
	t->acts[t->count++] = (struct act){ kind, now() };
	t->done[kind]++;
	t->slips += kinds[kind].has[SLIP];
}

/* Done, its slip cut, and nothing under way any more: what comes then belongs to the next act. */
static bool finish(struct trial *t)
{
	bool is_cut = printer_wait(&t->printer, "✂", (int)t->slips, 20000);

	counter_rest(&t->counter, 60);
	return tally_check(&t->tally, is_cut, "act %ld: its slip did not come", t->count);
}

static bool go_home(struct trial *t)
{
	for (int tries = 0; tries < 10 && (!vt_has(t->counter.vt, "Settle") || vt_has(t->counter.vt, "┌─")); tries++) {
		counter_write(&t->counter, "\033");
		counter_rest(&t->counter, APART_MS + 13);
	}
	return sees(t, "Settle");
}

static bool sell(struct trial *t)
{
	char number[32];

	counter_scan(&t->counter, "6901234567892");
	if (!sees(t, "Invoiceable  12.98"))
		return false;
	begin(t, SALE);
	counter_write(&t->counter, "+\r");
	snprintf(number, sizeof(number), "R01%07ld", ++t->receipts);
	return sees(t, number) && finish(t);
}

/* The last key is Enter on the first of the reasons. */
static bool give_reason(struct trial *t, enum kind kind, const char *title)
{
	if (!sees(t, title))
		return false;
	begin(t, kind);
	counter_write(&t->counter, "\r");
	return sees(t, kinds[kind].words) && finish(t) && go_home(t);
}

static bool refund(struct trial *t, long receipt)
{
	char number[32];

	snprintf(number, sizeof(number), "R01%07ld", receipt);
	counter_scan(&t->counter, number);
	if (!sees(t, "Print again"))
		return false;
	counter_write(&t->counter, "t");
	if (!sees(t, "May go back"))
		return false;
	counter_write(&t->counter, "a\r");
	t->receipts++;
	return give_reason(t, REFUND, "Why is it given back?");
}

static bool move_cash(struct trial *t, bool is_in)
{
	counter_write(&t->counter, "\033[20~");
	if (!sees(t, "Shift 1 of"))
		return false;
	counter_write(&t->counter, is_in ? "i" : "o");
	if (!sees(t, is_in ? "Put cash in" : "Take cash out"))
		return false;
	counter_write(&t->counter, "5\r");
	return give_reason(t, is_in ? CASH_IN : CASH_OUT, "Why is cash");
}

static bool open_drawer(struct trial *t)
{
	counter_write(&t->counter, "\017");
	return give_reason(t, DRAWER, "Why is the drawer opened?");
}

static bool send(struct trial *t, enum kind kind, const char *const *words)
{
	begin(t, kind);
	free(shop_must(&t->shop, words));
	return finish(t);
}

static bool others(struct trial *t)
{
	char number[32];
	long sold = t->receipts;

	snprintf(number, sizeof(number), "R01%07ld", sold - 1);
	return refund(t, sold) && move_cash(t, true) && move_cash(t, false) && open_drawer(t) &&
	       send(t, SENT_CASH, (const char *const[]){ "cash", "in", "5", "--reason", "change", "--as", "boss", "--pin-file", t->pin, NULL }) &&
	       ++t->receipts > sold &&
	       send(t, SENT_REFUND, (const char *const[]){ "refund", number, "--all", "--reason", "bad", "--as", "boss", "--pin-file", t->pin, NULL }) &&
	       send(t, SENT_COUNT, (const char *const[]){ "shift", "count", "100x3", "5x1", "--as", "boss", "--pin-file", t->pin, NULL });
}

/* ---- the trace ---- */

/* What is known of the act under way, line by line. */
struct look {
	bool has_begun, is_written;
	int syncs;                /* of the log, behind its rows */
	int all;                  /* of any file, up to the first sign */
	bool seen[PLACES];
	int before[PLACES];       /* syncs of the log before its first byte */
};

static bool is_call(const char *line, const char *name)
{
	return strncmp(line, name, strlen(name)) == 0 && line[strlen(name)] == '(';
}

static bool is_at(const char *line, const char *device)
{
	const char *name = strchr(line, '<');

	return name && strncmp(name + 1, device, strlen(device)) == 0 && name[1 + strlen(device)] == '>';
}

/* PLACES: it tells nobody that something is done. */
static int place_of(const struct trial *t, const char *line, enum kind kind)
{
	if (is_call(line, "sendto"))
		return strstr(line, "\\\"result\\\":\\\"ok\\\"") ? ANSWER : PLACES;
	if (!is_call(line, "write") && !is_call(line, "writev"))
		return PLACES;
	if (is_at(line, t->line))
		return strstr(line, "\"\\20\\4") ? PLACES : strstr(line, "\"\\33p") ? PULSE : SLIP;    /* or a question how the printer is */
	return is_at(line, t->terminal) && kinds[kind].words && strstr(line, kinds[kind].words) ? TERMINAL : PLACES;
}

static void look_at(const struct trial *t, struct look *look, const char *line, enum kind kind)
{
	bool is_sync = is_call(line, "fsync") || is_call(line, "fdatasync"), is_log = strstr(line, "zhanggui.db-wal>") != NULL;
	bool is_read = kind >= SENT_CASH ? is_call(line, "recvfrom") && strstr(line, "\\\"act\\\"") : is_call(line, "read") && is_at(line, t->terminal);

	if (!look->has_begun) {
		look->has_begun = is_read;
		return;
	}
	if (is_log && is_call(line, "pwrite64"))
		look->is_written = true;
	look->syncs += is_sync && is_log && look->is_written;
	look->all += is_sync && !look->seen[TERMINAL] && !look->seen[PULSE] && !look->seen[SLIP] && !look->seen[ANSWER];
	int place = place_of(t, line, kind);

	if (place == PLACES || look->seen[place])
		return;
	look->seen[place] = true;
	look->before[place] = look->syncs;
}

static void judge(struct trial *t, long number, const struct look *look)
{
	enum kind kind = t->acts[number].kind;
	bool is_exact = look->all == 1 || kind >= SENT_CASH;    /* while a PIN is checked, the till may rest and tidy up */

	tally_check(&t->tally, look->has_begun, "act %ld, %s: the trace does not show how it began", number + 1, kinds[kind].name);
	for (int place = 0; place < PLACES; place++) {
		tally_check(&t->tally, look->seen[place] == kinds[kind].has[place], "act %ld, %s: %s %s", number + 1, kinds[kind].name, place_names[place],
			    look->seen[place] ? "without cause" : "not in the trace");
		if (look->seen[place])
			is_exact &= tally_check(&t->tally, look->before[place] >= 1, "act %ld, %s: the first byte of the %s comes before the sync", number + 1,
						kinds[kind].name, place_names[place]);
	}
	t->exact[kind] += tally_check(&t->tally, is_exact, "act %ld, %s: %d syncs before its first sign", number + 1, kinds[kind].name, look->all);
}

static void check(struct trial *t, const char *path)
{
	char *text = run_read_file(path, NULL), *rest = NULL;
	struct look look = { .has_begun = false };
	long at = -1;

	for (char *line = text ? strtok_r(text, "\n", &rest) : NULL; line; line = strtok_r(NULL, "\n", &rest)) {
		char *call = NULL;
		double when = strtod(line, &call);

		while (at + 1 < t->count && when >= t->acts[at + 1].begun) {
			if (at >= 0)
				judge(t, at, &look);
			look = (struct look){ .has_begun = false };
			at++;
		}
		if (at >= 0)
			look_at(t, &look, call + strspn(call, " "), t->acts[at].kind);
	}
	if (at >= 0)
		judge(t, at, &look);
	tally_check(&t->tally, at + 1 == t->count && t->count > 0, "the trace shows %ld acts of %ld", at + 1, t->count);
	free(text);
}

int main(void)
{
	static struct trial t;
	char file[RUN_PATH], program[RUN_PATH];

	run_begin();
	long sales = chance_rounds(15);

	if (system("strace -y -o /dev/null true 2>/dev/null") != 0) {
		printf("skipped: strace is not here, or may not trace\n0 passed, 0 failed\n");
		return 0;
	}
	t.acts = calloc((size_t)(sales + (sales / EVERY + 1) * KINDS), sizeof(*t.acts));
	shop_begin(&t.shop, GOODS, NULL);
	snprintf(t.pin, sizeof(t.pin), "%s/boss.pin", t.shop.home);
	snprintf(file, sizeof(file), "%s/trace", t.shop.home);
	snprintf(program, sizeof(program), "%s/zhanggui", run_build());
	free(shop_must(&t.shop, (const char *const[]){ "shift", "open", "--float", "200", "--as", "boss", "--pin-file", t.pin, NULL }));
	printer_open(&t.printer, &t.shop, NULL);
	counter_open(&t.counter, &t.shop, 24, 80, (const char *const[]){ "strace", "-ttt", "-y", "-o", file, "-s", "2048", "-e",
		     "trace=read,write,writev,pwrite64,recvfrom,sendto,fsync,fdatasync", program, "till", "--home", t.shop.home, NULL });
	if (!realpath(t.shop.link, t.line) || ptsname_r(t.counter.fd, t.terminal, sizeof(t.terminal)) != 0)
		tally_check(&t.tally, false, "the devices have no names");
	bool good = tally_check(&t.tally, counter_sign_in(&t.counter, "boss", "8526"), "nobody can sign in");

	for (long i = 1; good && i <= sales; i++)
		good = sell(&t) && (i % EVERY || others(&t));
	if (good)
		check(&t, file);
	for (int kind = 0; kind < KINDS; kind++)
		printf("figure: %s: %ld of %ld with %s sync before the first byte of%s%s%s%s\n", kinds[kind].name, t.exact[kind], t.done[kind],
		       kind < SENT_CASH ? "exactly one" : "their", kinds[kind].has[TERMINAL] ? " terminal" : "", kinds[kind].has[PULSE] ? " pulse" : "",
		       kinds[kind].has[SLIP] ? " slip" : "", kinds[kind].has[ANSWER] ? " answer" : "");
	counter_kill(&t.counter);
	printer_close(&t.printer);
	shop_end(&t.shop);
	free(t.acts);
	return tally_end(&t.tally);
}
