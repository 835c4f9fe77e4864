/*
 * A terminal that nobody reads for a while, and one that was stopped as Ctrl-S does it, while a receipt is being printed and
 * goods are scanned: the job goes on, the scans reach the books, and the screen is right when it is read again.
 * And function keys that arrive in two pieces 60 ms apart, as over a bad line: never text.
 * ZG_SECONDS of each stall (5; the full form is 60).
 */
#include "tests/fault/books.h"
#include "tests/fault/tally.h"

#include <fcntl.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define PRICE 1298
#define GOODS "code,barcodes,name,unit,price,tax_rate,tax_code,kind\n" \
	      "T1,6901234567892,Tea,cup,12.98,13%,,piece\nT2,6901234567908,Milk,cup,12.98,13%,,piece\n"

struct stall {
	struct tally tally;
	struct shop shop;
	struct counter counter;
	struct printer printer;
	int sales;
	int64_t total_fen;    /* of the open sale */
};

static bool sees_total(struct stall *s, const char *when)
{
	char words[64];

	snprintf(words, sizeof(words), "Invoiceable  %lld.%02d", (long long)(s->total_fen / 100), (int)(s->total_fen % 100));
	if (tally_check(&s->tally, counter_wait(&s->counter, words, 3000), "%s: '%s' is not on the screen", when, words))
		return true;
	vt_print(s->counter.vt);
	return false;
}

static void ring(struct stall *s)
{
	/* two kinds by turns, so that each is a line of its own */
	counter_scan(&s->counter, s->total_fen / PRICE % 2 ? "6901234567908" : "6901234567892");
	s->total_fen += PRICE;
}

static void pay(struct stall *s)
{
	char number[32];

	snprintf(number, sizeof(number), "R01%07d", ++s->sales);
	counter_write(&s->counter, "+\r");
	s->total_fen = 0;
	if (!tally_check(&s->tally, counter_wait(&s->counter, number, 3000), "%s was not paid", number))
		vt_print(s->counter.vt);
}

/* ---- keys in pieces ---- */

static void cut_key(struct stall *s, const char *name, const char *sequence, size_t at)
{
	char first[16] = "", before[20000], after[20000];

	memcpy(first, sequence, at);
	counter_rest(&s->counter, 40);
	vt_screen(s->counter.vt, before, sizeof(before));
	counter_write(&s->counter, first);
	counter_rest(&s->counter, 20);
	run_sleep_us(60000);
	counter_write(&s->counter, sequence + at);
	counter_rest(&s->counter, 60);
	vt_screen(s->counter.vt, after, sizeof(after));
	/* the sequence's start kept apart is a lone Esc: then nothing at all may have happened */
	if (at == 1)
		tally_check(&s->tally, strcmp(before, after) == 0, "%s cut after Esc changed the screen:\n%s", name, after);
	if (!vt_has(s->counter.vt, "Settle")) {
		counter_write(&s->counter, "\033");
		counter_rest(&s->counter, 80);
	}
	tally_check(&s->tally, counter_wait(&s->counter, "Settle", 2000), "%s cut after %zu bytes leads away from the selling screen", name, at);
	char *row = strdup(vt_row(s->counter.vt, vt_find(s->counter.vt, "▏") < 0 ? 0 : vt_find(s->counter.vt, "▏")));

	tally_check(&s->tally, strncmp(row, " ▏                        ▕", 30) == 0, "%s cut after %zu bytes became text: %s", name, at, row);
	free(row);
	sees_total(s, name);
}

static void cut_keys(struct stall *s)
{
	static const struct { const char *name, *sequence; } keys[] = {
		{ "F12", "\033[24~" }, { "F9", "\033[20~" }, { "F4", "\033OS" }, { "Up", "\033[A" }, { "Delete", "\033[3~" },
	};

	ring(s);
	ring(s);
	sees_total(s, "before the keys");
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		for (size_t at = 1; at < strlen(keys[i].sequence); at++)
			cut_key(s, keys[i].name, keys[i].sequence, at);
	sqlite3 *books = books_open(&s->shop);

	tally_check(&s->tally, books_number(books, "SELECT sum(amount_fen) FROM sale_line") == s->total_fen, "the sale changed by keys cut in two");
	sqlite3_close(books);
	pay(s);
}

/* ---- a terminal that takes nothing ---- */

/* What stands below the top line, whose clock and lamps move by themselves. */
static void body(struct stall *s, char *text, size_t size)
{
	char *line;

	vt_screen(s->counter.vt, text, size);
	line = strchr(text, '\n');
	if (line)
		memmove(text, line + 1, strlen(line + 1) + 1);
}

static void right_again(struct stall *s, const char *what)
{
	char seen[20000], drawn[20000];

	sees_total(s, what);
	counter_rest(&s->counter, 100);
	body(s, seen, sizeof(seen));
	counter_write(&s->counter, "\022");    /* Ctrl-R sends it all anew */
	counter_rest(&s->counter, 200);
	body(s, drawn, sizeof(drawn));
	tally_check(&s->tally, strcmp(seen, drawn) == 0, "%s: the screen was not right. It was\n%s and should be\n%s", what, seen, drawn);
}

/* Scans go in, the paper goes on, and the books know, while no byte leaves the terminal. */
static void stall(struct stall *s, const char *what, bool is_stopped, int seconds)
{
	sqlite3 *books = books_open(&s->shop);
	int line = is_stopped ? open(ptsname(s->counter.fd), O_RDWR | O_NOCTTY | O_CLOEXEC) : -1, scans = 0;
	char words[64];

	ring(s);
	sees_total(s, what);
	printer_wait(&s->printer, "✂", s->sales, 10000);
	printer_say(&s->printer, "slow 60");    /* a receipt takes two seconds */
	pay(s);
	if (is_stopped)
		tally_check(&s->tally, line >= 0 && tcflow(line, TCOOFF) == 0, "%s: the terminal cannot be stopped", what);
	char *paper = printer_paper(&s->printer);
	int slips = run_count(paper, "✂");

	free(paper);
	int64_t begun = run_now_us(), until = begun + (int64_t)seconds * 1000000, printed = 0;

	snprintf(words, sizeof(words), "✂");
	while (run_now_us() < until) {
		ring(s);
		scans++;
		run_sleep_us((int64_t)seconds * 8000);    /* 125 lines, however long it lasts: a sale holds 500 */
		if (!printed && printer_wait(&s->printer, words, slips + 1, 0))
			printed = run_now_us();
	}
	int64_t rung = books_number(books, "SELECT coalesce(sum(quantity_milli), 0) / 1000 FROM sale_line l JOIN sale s ON s.id = l.sale_id "
				    "WHERE s.state = 'open'");

	tally_check(&s->tally, printed, "%s: the receipt was not printed", what);
	tally_check(&s->tally, scans - rung <= 2, "%s: of %d scans only %lld reached the books", what, scans, (long long)rung);
	printf("%s: %d s, %d scans, the receipt was out after %.1f s\n", what, seconds, scans, (double)(printed - begun) / 1e6);
	if (is_stopped) {
		tcflow(line, TCOON);
		close(line);
	}
	right_again(s, what);
	printer_say(&s->printer, "fast");
	pay(s);
	sqlite3_close(books);
}

int main(void)
{
	static struct stall s;
	int seconds;
	char pin[RUN_PATH];

	run_begin();
	seconds = (int)tally_setting("ZG_SECONDS", 5);
	printf("stall: ZG_SECONDS=%d\n", seconds);
	shop_begin(&s.shop, GOODS, NULL);
	snprintf(pin, sizeof(pin), "%s/boss.pin", s.shop.home);
	free(shop_must(&s.shop, (const char *const[]){ "shift", "open", "--float", "0", "--as", "boss", "--pin-file", pin, NULL }));
	printer_open(&s.printer, &s.shop, NULL);
	counter_open(&s.counter, &s.shop, 24, 80, NULL);
	if (tally_check(&s.tally, counter_sign_in(&s.counter, "lin", "6092"), "nobody can sign in")) {
		cut_keys(&s);
		stall(&s, "nobody reads", false, seconds);
		stall(&s, "stopped", true, seconds);
		tally_check(&s.tally, s.counter.vt->faults == 0, "the terminal was sent %s", s.counter.vt->fault);
	}
	counter_kill(&s.counter);
	printer_close(&s.printer);
	shop_end(&s.shop);
	return tally_end(&s.tally);
}
