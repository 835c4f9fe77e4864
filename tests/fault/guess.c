/*
 * Somebody who tries PIN after PIN: at the sign-in screen and by commands, with and without a till running, and between them, or in the
 * middle of a try, everything that might make the till forget: kill -9, a power cut that takes back what was not synced, restarts,
 * the wall clock set years ahead and back, the owner signing in. A witness inside the till tells of each PIN before it is hashed.
 *
 * Whatever was done, no login had more than ten wrong PINs compared within half an hour, each that was compared is counted in the books,
 * and a login that is shut has none compared. Who is signed in goes on selling. A login that nobody has gets the same sentences.
 * The figures tell how long an answer takes at a login that is somebody's and at one that is nobody's; judged in the full form only.
 * P31. ZG_COUNT tries (25), ZG_SEED.
 */
#include "tests/fault/books.h"
#include "tests/fault/tally.h"
#include "tests/lab/clock.h"
#include "tests/lab/witness.h"
#include "tests/unit/chance.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PACE     100
#define SECOND   1000LL
#define MINUTE   (60 * SECOND)
#define DAY      (24 * 60 * MINUTE)
#define ALLOWED  10               /* wrong PINs in HALF_HOUR */
#define HALF_HOUR (30 * MINUTE)
#define SLACK    MINUTE           /* from a try's row to its hash: 600 ms of a machine that is very busy */
#define FULL     2000             /* tries from which on times are judged */
#define APART_MS 1.0
#define GOODS    "code,barcodes,name,unit,price,tax_rate,tax_code,kind\nT1,6901234567892,Tea,cup,12.98,13%,,piece\n"

enum { LIN, BOSS, NOBODY, PEOPLE };

static const struct {
	const char *login, *pin, *sum;    /* sum: wrong tries that the books know of */
} people[PEOPLE] = {
	[LIN]    = { "lin", "6092", "SELECT wrong_tries FROM person WHERE login = 'lin'" },
	[BOSS]   = { "boss", "8526", "SELECT wrong_tries FROM person WHERE login = 'boss'" },
	[NOBODY] = { "nemo", "", "SELECT coalesce((SELECT sum(json_extract(s.value, '$[0]')) FROM setting p, json_each(p.value, '$.strangers') s "
				 "WHERE p.name = 'pins'), 0)" },
};

/* What a try came to, as far as whoever made it can tell. */
enum answer { CUT, WRONG, SHUT, RIGHT, UNTRIED, SILENT, ANSWERS };
static const char *const answer_names[ANSWERS] = { "cut off", "wrong", "shut", "right", "could not be tried", "no answer" };

struct compare {
	int64_t at_ms;           /* by the lab's clock */
	int who;
};

struct trial {
	struct tally tally;
	struct chance chance;
	struct shop shop;
	struct counter counter;
	struct lab_clock *clock;
	bool is_running, at_pin;
	char hashes[PEOPLE][256];
	char witness[RUN_PATH], synced[RUN_PATH], program[RUN_PATH], pin[RUN_PATH];
	long told;               /* bytes of the witness that were read */
	struct compare *compares;    /* the wrong ones */
	long count, room;
	int last_who;            /* of the last one read, and how many came with it */
	int came;
	int pending;             /* tries cut off whose compare may still come: whoever made them is gone, the till or a child of it is not */
	long tries, kills, cuts, restarts, steps, answers[ANSWERS], most;
	long cut_counted, cut_early;    /* of the tries cut off: after the compare began; before */
};

#define CHECK(holds, ...) tally_check(&t->tally, holds, __VA_ARGS__)

static int64_t now_ms(const struct trial *t)
{
	return zg_clock_running(lab_clock_of(t->clock));
}

static long known_tries(const struct trial *t, int who)
{
	sqlite3 *books = books_open(&t->shop);
	long known = (long)books_number(books, people[who].sum);

	sqlite3_close(books);
	return known;
}

/* ---- the witness ---- */

static long witness_size(const struct trial *t)
{
	struct stat about;

	return stat(t->witness, &about) == 0 ? (long)about.st_size : 0;
}

static void keep(struct trial *t, int64_t at_ms, int who)
{
	if (t->count == t->room)
		t->compares = realloc(t->compares, (size_t)(t->room = t->room * 2 + 64) * sizeof(*t->compares));
	t->compares[t->count++] = (struct compare){ at_ms, who };
}

/* Takes in what was told since; a right PIN is no guess. */
static void read_witness(struct trial *t)
{
	char *text = run_read_file(t->witness, NULL), *rest = NULL;
	long size = text ? (long)strlen(text) : 0, from = t->told;

	t->came = 0;
	t->told = size;
	for (char *line = text ? strtok_r(text + from, "\n", &rest) : NULL; line; line = strtok_r(NULL, "\n", &rest)) {
		char setting[256] = "", pin[64] = "";
		int64_t at_ms = 0;
		int who = 0;

		sscanf(line, "%" SCNd64 " %255s %63s", &at_ms, setting, pin);
		while (who < NOBODY && strcmp(setting, t->hashes[who]) != 0)
			who++;
		t->last_who = who;
		t->came++;
		if (strcmp(pin, people[who].pin) != 0)
			keep(t, at_ms, who);
	}
	free(text);
}

/* No more than allowed in any half hour that ends now; and each younger than that is in the books. */
static void judge(struct trial *t)
{
	for (int who = 0; who < PEOPLE; who++) {
		int64_t last = -1;
		long in_window = 0, young = 0, known = known_tries(t, who);

		for (long i = t->count; i-- > 0;) {
			if (t->compares[i].who != who)
				continue;
			last = last < 0 ? t->compares[i].at_ms : last;
			in_window += last - t->compares[i].at_ms < HALF_HOUR - SLACK;
			young += now_ms(t) - t->compares[i].at_ms < HALF_HOUR - SLACK;
		}
		t->most = in_window > t->most ? in_window : t->most;
		CHECK(in_window <= ALLOWED, "try %ld: %ld wrong PINs of %s were compared within half an hour", t->tries, in_window, people[who].login);
		CHECK(young <= known, "try %ld: %ld wrong PINs of %s were compared, and the books know of %ld", t->tries, young, people[who].login, known);
	}
}

/* ---- the till, and what happens to it ---- */

static void copy_file(struct trial *t, const char *name, bool is_back)
{
	char here[RUN_PATH + 32], kept[RUN_PATH + 32];
	size_t length = 0;

	snprintf(here, sizeof(here), "%s/%s", t->shop.home, name);
	snprintf(kept, sizeof(kept), "%s/%s", t->synced, name);
	char *bytes = run_read_file(is_back ? kept : here, &length);

	unlink(is_back ? here : kept);
	if (bytes) {
		FILE *file = fopen(is_back ? here : kept, "w");

		if (!file || fwrite(bytes, 1, length, file) != length || fclose(file) != 0)
			CHECK(false, "%s cannot be copied", name);
	}
	free(bytes);
}

static void open_till(struct trial *t)
{
	counter_open(&t->counter, &t->shop, 24, 80, NULL);
	t->is_running = CHECK(counter_wait(&t->counter, "Sign in", 10000), "try %ld: the till does not open", t->tries);
	t->at_pin = false;
	if (vt_has(t->counter.vt, "Look at this first")) {
		counter_write(&t->counter, "\r");
		counter_gone(&t->counter, "Look at this first", 5000);
	}
}

static void kill_till(struct trial *t)
{
	counter_kill(&t->counter);
	t->is_running = false;
	t->kills++;
}

/* What was not synced never was. */
static void cut_power(struct trial *t)
{
	char shared[RUN_PATH + 32];

	if (t->is_running)
		kill_till(t);
	snprintf(shared, sizeof(shared), "%s/zhanggui.db-shm", t->shop.home);
	unlink(shared);
	copy_file(t, "zhanggui.db", true);
	copy_file(t, "zhanggui.db-wal", true);
	t->cuts++;
}

static void leave_till(struct trial *t)
{
	counter_write(&t->counter, "\021");
	CHECK(counter_end(&t->counter, 10000) == 0, "try %ld: the till does not end", t->tries);
	t->is_running = false;
	t->restarts++;
}

static void meddle(struct trial *t)
{
	switch (chance_between(&t->chance, 0, 13)) {
	case 0:  if (t->is_running) leave_till(t); break;
	case 1:  if (t->is_running) kill_till(t); break;
	case 2:  cut_power(t); break;
	case 3:  lab_clock_step(t->clock, DAY * chance_between(&t->chance, 1, 4000)); t->steps++; break;
	case 4:  lab_clock_set(t->clock, zg_clock_now(&zg_real_clock) - DAY * chance_between(&t->chance, 0, 300)); t->steps++; break;
	case 5:  lab_clock_step(t->clock, 31 * MINUTE); t->steps++; break;
	case 6:  lab_clock_pass(t->clock, chance_between(&t->chance, 1, 5) * MINUTE); break;
	case 7:  if (chance_between(&t->chance, 0, 3) == 0) lab_clock_pass(t->clock, 31 * MINUTE); break;
	case 8:
	case 9:
	case 10: if (!t->is_running) open_till(t); break;
	default: break;
	}
}

/* ---- a try ---- */

static enum answer answer_in(const char *words)
{
	return strstr(words, "The login or the PIN is wrong") ? WRONG : strstr(words, "Too many wrong PINs") ? SHUT :
	       strstr(words, "could not be tried") ? UNTRIED : SILENT;
}

static enum answer answer_on(struct vt *vt)
{
	return vt_has(vt, "Settle") ? RIGHT : vt_has(vt, "The login or the PIN is wrong") ? WRONG : vt_has(vt, "Too many wrong PINs") ? SHUT :
	       vt_has(vt, "could not be tried") ? UNTRIED : SILENT;
}

/* Up to the key that sends it. */
static void fill_in(struct trial *t, const char *login, const char *pin)
{
	char keys[64];

	if (t->at_pin)
		counter_write(&t->counter, "\t");
	counter_rest(&t->counter, 3);
	counter_write(&t->counter, "\177\177\177\177\177\177\177\177");
	counter_rest(&t->counter, 3);
	snprintf(keys, sizeof(keys), "%s\r", login);
	counter_write(&t->counter, keys);
	counter_rest(&t->counter, 3);
	t->at_pin = true;
	counter_type(&t->counter, pin);
	counter_rest(&t->counter, 3);
}

static enum answer see_answer(struct trial *t, int ms)
{
	int64_t until = run_now_us() + ms * 1000LL;
	enum answer answer;

	while ((answer = answer_on(t->counter.vt)) == SILENT && run_now_us() < until && counter_look(&t->counter, 5))
		continue;
	return answer;
}

/* At some moment after the key, or the very one at which the compare begins. */
static void wait_to_cut(struct trial *t, struct counter *counter)
{
	static const int64_t longest_us[] = { 5000, 25000, 60000, 400000 };
	int64_t begun = run_now_us(), wait_us = chance_between(&t->chance, 0, longest_us[chance_between(&t->chance, 0, 3)]);
	bool is_aimed = chance_between(&t->chance, 0, 2) == 0;
	long size = t->told;

	if (is_aimed)
		wait_us = 600000;
	while (run_now_us() - begun < wait_us && !(is_aimed && witness_size(t) > size))
		if (wait_us > 3000 && !is_aimed)
			counter_look(counter, 1);
}

static const char *const *command(const struct trial *t, int who, const char *file)
{
	static const char *words[16];
	const char *const these[] = { t->program, "cash", "in", "1", "--reason", "change", "--as", people[who].login, "--pin-file", file, "--home",
				      t->shop.home, NULL };

	memcpy(words, these, sizeof(these));
	return words;
}

static enum answer try_screen(struct trial *t, int who, const char *pin, bool is_cut)
{
	fill_in(t, people[who].login, pin);
	counter_write(&t->counter, "\r");
	if (is_cut) {
		wait_to_cut(t, &t->counter);
		kill_till(t);
		return CUT;
	}
	return see_answer(t, 20000);
}

static enum answer try_command(struct trial *t, int who, const char *pin, bool is_cut)
{
	struct counter other = { .pid = 0 };
	char file[RUN_PATH], text[32], *errors = NULL;

	snprintf(text, sizeof(text), "%s\n", pin);
	shop_write(&t->shop, "try.pin", text);
	snprintf(file, sizeof(file), "%s/try.pin", t->shop.home);
	chmod(file, 0600);
	if (is_cut) {
		counter_open(&other, &t->shop, 24, 80, command(t, who, file));
		wait_to_cut(t, &other);
		if (t->is_running && chance_between(&t->chance, 0, 1))
			kill_till(t);
		counter_kill(&other);
		free(other.vt);
		t->kills++;
		return CUT;
	}
	int code = shop_run(&t->shop, NULL, &errors, (const char *const[]){ "cash", "in", "1", "--reason", "change", "--as", people[who].login,
		"--pin-file", file, NULL });
	enum answer answer = code == 0 ? RIGHT : answer_in(errors);

	if (answer == SILENT)
		printf("try %ld: the command ended with %d: %s\n", t->tries, code, errors);
	free(errors);
	return answer;
}

/* A try that was cut off may still be under way in the till that it was sent to, or in a child of it that hashes. */
static void let_it_end(struct trial *t)
{
	long size = -1;

	for (int i = 0; i < 100 && witness_size(t) != size; i++) {
		size = witness_size(t);
		run_sleep_us(20000);
	}
}

static void try_once(struct trial *t)
{
	int who = (int)chance_between(&t->chance, 0, 9);
	bool is_cut = chance_between(&t->chance, 0, 2) == 0, is_right;
	char pin[16];

	who = who < 6 ? LIN : who < 8 ? BOSS : NOBODY;
	is_right = who != NOBODY && chance_between(&t->chance, 0, 14) == 0;
	snprintf(pin, sizeof(pin), "%04d", (int)chance_between(&t->chance, 0, 9999));
	if (is_right || strcmp(pin, people[who].pin) == 0)
		snprintf(pin, sizeof(pin), "%s", is_right ? people[who].pin : "1357");
	t->tries++;
	bool by_screen = t->is_running && !is_right && chance_between(&t->chance, 0, 1);
	enum answer answer = by_screen ? try_screen(t, who, pin, is_cut) : try_command(t, who, pin, is_cut);

	if (answer == CUT)
		let_it_end(t);
	read_witness(t);
	t->answers[answer]++;
	if (answer == CUT) {
		t->cut_counted += t->came > 0;
		t->cut_early += t->came == 0;
		t->pending += t->came == 0;
		/* the plug rather than the process */
		if (chance_between(&t->chance, 0, 1))
			cut_power(t);
	} else if (answer == UNTRIED) {
		t->count -= t->came > 0 && t->last_who == who && !is_right;    /* nobody learnt anything from it */
	} else if (answer == SHUT) {
		/* the tenth wrong one is compared, and told so */
		CHECK(t->came <= t->pending || (!is_right && known_tries(t, who) >= ALLOWED), "try %ld: %s is shut, and a PIN was compared", t->tries,
		      people[who].login);
	} else {
		CHECK(t->came >= 1 && t->came <= 1 + t->pending && (t->last_who == who || t->pending), "try %ld: the answer '%s' with %d compares", t->tries, answer_names[answer], t->came);
		CHECK(answer == (is_right ? RIGHT : WRONG), "try %ld: a %s PIN of %s was answered with '%s'", t->tries, is_right ? "right" : "wrong",
		      people[who].login, answer_names[answer]);
	}
	if (answer != CUT)    /* they are compared one after the other: none from before is waiting any more */
		t->pending = 0;
	judge(t);
}

/* ---- who is signed in goes on; a login that nobody has is told the same ---- */

/* The sentences of eleven wrong PINs, without the minutes. */
static void sentences(struct trial *t, int who, char *text, size_t size)
{
	size_t used = 0;
	char *errors;

	read_witness(t);
	shop_write(&t->shop, "try.pin", "1357\n");
	for (int i = 0; i < ALLOWED + 1; i++) {
		char file[RUN_PATH];

		snprintf(file, sizeof(file), "%s/try.pin", t->shop.home);
		chmod(file, 0600);
		int code = shop_run(&t->shop, NULL, &errors, (const char *const[]){ "cash", "in", "1", "--reason", "change", "--as", people[who].login,
			"--pin-file", file, NULL });

		used += (size_t)snprintf(text + used, used < size ? size - used : 0, "%d %s", code, errors);
		free(errors);
		counter_write(&t->counter, "\177");    /* somebody stands at the till: it does not lock */
		counter_look(&t->counter, 1);
	}
	read_witness(t);
	CHECK(t->came == ALLOWED, "of %d wrong PINs of %s %d were compared", ALLOWED + 1, people[who].login, t->came);
	judge(t);
}

static void go_on(struct trial *t)
{
	static char his[8192], nobodys[8192];

	open_till(t);
	if (!CHECK(counter_sign_in(&t->counter, "lin", "6092"), "nobody can sign in"))
		return;
	sentences(t, LIN, his, sizeof(his));
	CHECK(strstr(his, "Too many wrong PINs") != NULL, "lin is not shut after %d wrong PINs: %s", ALLOWED + 1, his);
	counter_scan(&t->counter, "6901234567892");
	CHECK(counter_wait(&t->counter, "Invoiceable  12.98", 5000), "who is signed in cannot ring while the login is shut");
	counter_write(&t->counter, "+\r");
	if (!CHECK(counter_wait(&t->counter, "R010000001", 10000), "who is signed in cannot sell while the login is shut"))
		vt_print(t->counter.vt);
	/* after a quarter of an hour the till is locked by itself, and the PIN is shut for another one */
	lab_clock_pass(t->clock, 15 * MINUTE);
	CHECK(counter_wait(&t->counter, "Locked", 10000), "the till does not lock after a quarter of an hour");
	counter_type(&t->counter, "6092\r");
	CHECK(counter_wait(&t->counter, "Too many wrong PINs", 20000), "a shut login unlocks the till");
	lab_clock_pass(t->clock, 16 * MINUTE);
	counter_type(&t->counter, "6092\r");
	CHECK(counter_wait(&t->counter, "Settle", 20000), "half an hour later the login is still shut");
	kill_till(t);
	lab_clock_pass(t->clock, 31 * MINUTE);    /* while no till runs: does not count for anybody */
	open_till(t);
	lab_clock_pass(t->clock, 31 * MINUTE);
	sentences(t, NOBODY, nobodys, sizeof(nobodys));
	CHECK(strcmp(his, nobodys) == 0, "a login that nobody has is told other things:\n%s%s", his, nobodys);
	lab_clock_pass(t->clock, 31 * MINUTE);
	leave_till(t);
	read_witness(t);
}

/* ---- times ---- */

static int by_size(const void *a, const void *b)
{
	return (*(const double *)a > *(const double *)b) - (*(const double *)a < *(const double *)b);
}

/* By turns at the screen, the first try of a fresh half hour each, so that nothing is waited for but the answer. */
static void take_times(struct trial *t, long rounds, bool is_judged)
{
	double *ms[2] = { calloc((size_t)rounds, sizeof(double)), calloc((size_t)rounds, sizeof(double)) };
	char path[RUN_PATH];

	snprintf(path, sizeof(path), "%s/real-clock", t->shop.home);
	lab_clock_drop(t->clock);
	t->clock = lab_clock_make(path, 1);
	run_use_clock(path);
	open_till(t);
	for (long i = 0; i < rounds * 2; i++) {
		lab_clock_pass(t->clock, 31 * MINUTE);
		fill_in(t, i % 2 ? "nemo" : "boss", "1357");
		counter_rest(&t->counter, 10);

		int64_t begun = run_now_us();

		counter_write(&t->counter, "\r");
		enum answer answer = see_answer(t, 20000);

		ms[i % 2][i / 2] = (double)(run_now_us() - begun) / 1000;
		if (!CHECK(answer == WRONG, "a wrong PIN was answered with '%s'", answer_names[answer]))
			vt_print(t->counter.vt);
	}
	for (int i = 0; i < 2; i++)
		qsort(ms[i], (size_t)rounds, sizeof(double), by_size);
	double apart = ms[0][rounds / 2] - ms[1][rounds / 2];

	printf("figure: key to answer, median of %ld: a wrong PIN %.2f ms, a login that nobody has %.2f ms: %.2f ms apart\n", rounds,
	       ms[0][rounds / 2], ms[1][rounds / 2], apart);
	if (is_judged)
		CHECK(apart > -APART_MS && apart < APART_MS, "wrong PIN and wrong login are %.2f ms apart", apart);
	kill_till(t);
	free(ms[0]);
	free(ms[1]);
}

/* ---- the whole ---- */

static void begin(struct trial *t)
{
	char path[RUN_PATH];

	shop_begin(&t->shop, GOODS, NULL);
	snprintf(path, sizeof(path), "%s/clock", t->shop.home);
	snprintf(t->pin, sizeof(t->pin), "%s/boss.pin", t->shop.home);
	snprintf(t->witness, sizeof(t->witness), "%s/witness", t->shop.home);
	snprintf(t->synced, sizeof(t->synced), "%s/synced", t->shop.home);
	snprintf(t->program, sizeof(t->program), "%s/tests/lab/zhanggui", run_build());
	mkdir(t->synced, 0700);
	t->clock = lab_clock_make(path, PACE);
	run_use_clock(path);
	free(shop_must(&t->shop, (const char *const[]){ "shift", "open", "--float", "200", "--as", "boss", "--pin-file", t->pin, NULL }));
	copy_file(t, "zhanggui.db", false);
	copy_file(t, "zhanggui.db-wal", false);
	setenv(WITNESS_NAME, t->witness, 1);
	setenv(SYNCED_NAME, t->synced, 1);
	sqlite3 *books = books_open(&t->shop);

	for (int who = 0; who < NOBODY; who++) {
		char *hash = books_text(books, who == LIN ? "SELECT pin_hash FROM person WHERE login = 'lin'" :
					"SELECT pin_hash FROM person WHERE login = 'boss'");

		snprintf(t->hashes[who], sizeof(t->hashes[who]), "%s", hash);
		free(hash);
	}
	sqlite3_close(books);
}

int main(void)
{
	static struct trial trial;
	struct trial *t = &trial;

	run_begin();
	t->chance = chance_begin_at(31);
	long rounds = chance_rounds(25);

	printf("guess: ZG_SEED=%" PRIu64 " ZG_COUNT=%ld\n", t->chance.seed, rounds);
	begin(t);
	go_on(t);
	int64_t from = now_ms(t);

	while (t->tries < rounds && t->tally.failed < 20) {
		meddle(t);
		try_once(t);
	}
	double hours = (double)(now_ms(t) - from) / 3600000;

	if (t->is_running)
		kill_till(t);
	printf("figure: %ld tries in %.1f h of the clock's: %ld wrong, %ld right, %ld shut, %ld could not be tried, %ld cut off (%ld behind the "
	       "begin of the compare, %ld before)\n", t->tries, hours, t->answers[WRONG], t->answers[RIGHT], t->answers[SHUT], t->answers[UNTRIED],
	       t->answers[CUT], t->cut_counted, t->cut_early);
	printf("figure: %ld kills, %ld power cuts, %ld restarts, %ld jumps of the wall clock; most wrong PINs of one login in half an hour: %ld\n",
	       t->kills, t->cuts, t->restarts, t->steps, t->most);
	CHECK(t->answers[SILENT] == 0, "%ld tries had no answer", t->answers[SILENT]);
	CHECK(t->most == ALLOWED, "no login came to its %d tries: nothing was proved", ALLOWED);
	take_times(t, rounds < 20 ? 10 : rounds < FULL ? rounds / 2 : 1000, rounds >= FULL);
	sqlite3 *books = books_open(&t->shop);

	CHECK(books_fault(books)[0] == '\0', "the books: %s", books_fault(books));
	sqlite3_close(books);
	lab_clock_drop(t->clock);
	shop_end(&t->shop);
	free(t->compares);
	return tally_end(&t->tally);
}
