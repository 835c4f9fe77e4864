/*
 * A statement of the till's own that does not hold any more ends it, and nothing is lost or shown wrong: it is in the log by file and
 * line, the terminal is given back as it was with a sentence on it, the journal verifies, and the shipped program goes on with the sale
 * as the books have it; one that was paid before the customer was told is shown, never asked for again.
 * The program is tests/lab/zhanggui-broken: the till with statements that break by the amount typed (tests/lab/broken.c).
 * P40. ZG_COUNT rounds of the three moments (1).
 */
#include "tests/fault/books.h"
#include "tests/fault/tally.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define GOODS "code,barcodes,name,unit,price,tax_rate,tax_code,kind\nT1,6901234567892,Tea,cup,12.98,13%,,piece\n"

struct moment {
	const char *name, *given;
	bool is_paid;
};

static const struct moment moments[] = {
	{ "while the money is asked for", "42.01", false },
	{ "inside the transaction, behind the journal's row", "42.02", false },
	{ "behind the commit, before anything was shown", "42.03", true },
};

struct trial {
	struct tally tally;
	struct shop shop;
	int sales;
	int64_t longest_us;
};

static void ring_and_break(struct trial *t, const struct moment *moment)
{
	char program[RUN_PATH], *record = NULL;
	size_t length = 0;
	struct counter counter = { .record = open_memstream(&record, &length) };
	struct termios before, after;

	snprintf(program, sizeof(program), "%s/tests/lab/zhanggui-broken", run_build());
	counter_open(&counter, &t->shop, 24, 80, (const char *const[]){ program, "till", "--home", t->shop.home, NULL });
	tcgetattr(counter.fd, &before);
	tally_check(&t->tally, counter_sign_in(&counter, "lin", "6092"), "%s: nobody can sign in", moment->name);
	counter_scan(&counter, "6901234567892");
	tally_check(&t->tally, counter_wait(&counter, "Invoiceable  12.98", 5000), "%s: the tea is not rung", moment->name);
	counter_write(&counter, "+");
	counter_wait(&counter, "Cash", 5000);
	counter_rest(&counter, 50);
	counter_type(&counter, moment->given);
	counter_write(&counter, "\r");
	int64_t until = run_now_us() + 10000000;
	pid_t ended = 0;

	while (ended == 0 && run_now_us() < until) {
		counter_look(&counter, 20);
		ended = waitpid(counter.pid, &counter.status, WNOHANG);
	}
	if (!tally_check(&t->tally, ended == counter.pid, "%s: it goes on", moment->name)) {
		vt_print(counter.vt);
		counter_kill(&counter);
	}
	tally_check(&t->tally, WIFSIGNALED(counter.status) && WTERMSIG(counter.status) == SIGABRT, "%s: it did not end itself", moment->name);
	for (int i = 0; i < 50 && counter_look(&counter, 100); i++)
		;
	tcgetattr(counter.fd, &after);
	fflush(counter.record);
	tally_check(&t->tally, (after.c_lflag & (ICANON | ECHO | ISIG)) == (ICANON | ECHO | ISIG), "%s: the terminal cannot be typed in", moment->name);
	char *left = record ? strstr(record, "\033[?1049l") : NULL;

	tally_check(&t->tally, left && strstr(left, "The till ended suddenly. What was paid is in the books: start it again"),
		    "%s: the terminal has no sentence: %s", moment->name, left ? left : "its screen was not left");
	tally_check(&t->tally, counter.vt->faults == 0, "%s: %s", moment->name, counter.vt->fault);
	fclose(counter.record);
	free(record);
	free(counter.vt);
	close(counter.fd);
}

static void look_at_log(struct trial *t, const struct moment *moment)
{
	char path[RUN_PATH];

	snprintf(path, sizeof(path), "%s/log/zhanggui.log", t->shop.home);
	char *log = run_read_file(path, NULL);
	const char *last = log ? strstr(log, "the till ends itself: ") : NULL;

	for (const char *next = last; next && (next = strstr(next + 1, "the till ends itself: "));)
		last = next;
	tally_check(&t->tally, last && strstr(last, "broken.c:") && strstr(last, "must be so, and is not: now != "),
		    "%s: the log does not say where: %s", moment->name, last ? last : "nothing");
	free(log);
}

static void go_on(struct trial *t, const struct moment *moment)
{
	struct counter counter = { .record = NULL };
	char number[32], *out, *errors;
	int64_t begun = run_now_us();

	counter_open(&counter, &t->shop, 24, 80, NULL);
	tally_check(&t->tally, counter_wait(&counter, "Sign in", 10000), "%s: the till does not start again",
		    moment->name);
	int64_t taken = run_now_us() - begun;

	t->longest_us = taken > t->longest_us ? taken : t->longest_us;
	snprintf(number, sizeof(number), "R01%07d", t->sales + 1);
	if (moment->is_paid)
		tally_check(&t->tally, counter_wait(&counter, number, 3000), "%s: the paid sale is not shown", moment->name);
	tally_check(&t->tally, counter_sign_in(&counter, "lin", "6092"), "%s: nobody can sign in again", moment->name);
	if (!moment->is_paid) {
		tally_check(&t->tally, counter_wait(&counter, "Invoiceable  12.98", 3000), "%s: the sale under way is not there", moment->name);
		counter_write(&counter, "+\r");
		tally_check(&t->tally, counter_wait(&counter, number, 5000), "%s: it cannot be settled", moment->name);
	}
	t->sales++;
	counter_kill(&counter);
	close(counter.fd);
	free(counter.vt);
	sqlite3 *books = books_open(&t->shop);

	tally_check(&t->tally, books_number(books, "SELECT count(*) FROM sale WHERE state = 'paid'") == t->sales &&
		    books_number(books, "SELECT count(*) FROM sale WHERE state <> 'paid'") == 0, "%s: the books have another number of sales", moment->name);
	sqlite3_close(books);
	int code = shop_run(&t->shop, &out, &errors, (const char *const[]){ "journal", "verify", NULL });

	tally_check(&t->tally, code == 0, "%s: journal verify: %d: %s%s", moment->name, code, out, errors);
	free(out);
	free(errors);
}

int main(void)
{
	struct trial t = { .longest_us = 0 };

	run_begin();
	printf("ZG_COUNT=%ld\n", tally_setting("ZG_COUNT", 1));
	shop_begin(&t.shop, GOODS, NULL);
	char pin[RUN_PATH];

	snprintf(pin, sizeof(pin), "%s/boss.pin", t.shop.home);
	free(shop_must(&t.shop, (const char *const[]){ "shift", "open", "--float", "0", "--as", "boss", "--pin-file", pin, NULL }));
	for (long round = tally_setting("ZG_COUNT", 1); round > 0; round--)
		for (size_t i = 0; i < sizeof(moments) / sizeof(moments[0]); i++) {
			ring_and_break(&t, &moments[i]);
			look_at_log(&t, &moments[i]);
			go_on(&t, &moments[i]);
		}
	printf("figure: %d sales broken off, the longest restart to the first screen %.2f s\n", t.sales, (double)t.longest_us / 1e6);
	shop_end(&t.shop);
	return tally_end(&t.tally);
}
