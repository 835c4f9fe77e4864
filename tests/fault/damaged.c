/*
 * A damaged or hostile file of the books is reported, not obeyed: bits, rows, pages and the header spoilt, the file cut short,
 * rubbish as its log, triggers, views and tables planted by somebody who knows SQL, another program's file. Each time the
 * commands report the shift, its Z, the day's goods and its transactions, then the till opens, reports, sells and ends. Each of
 * them refuses with a sentence, or its figures are those of the books before. None crashes, none stands still.
 * P34. ZG_COUNT files (100), ZG_SEED; ZG_AT for one of them.
 */
#include "tests/fault/damaged.h"
#include "tests/fault/tally.h"
#include "tests/unit/scratch.h"
#include "tests/unit/shop.h"

#include "src/base/alloc.h"
#include "src/base/buffer.h"
#include "src/base/json.h"
#include "src/cli/cli.h"
#include "src/store/journal.h"
#include "src/store/people.h"
#include "src/till/private.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <locale.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define LIMIT_S 60
#define MOST    262144    /* bytes of an answer */
#define WORDS   8

/* What is asked of the books. */
static const char *const questions[][WORDS] = {
	{ "report", "x" }, { "report", "z" }, { "report", "sales" }, { "report", "transactions" },
};
#define QUESTIONS (sizeof(questions) / sizeof(questions[0]))
#define TILL      QUESTIONS    /* the till's own, behind them */

enum end { RIGHT, REFUSED, WRONG, CRASHED, ENDS };

/* In memory shared with the processes that look at the books. */
struct seen {
	enum end end;
	char text[MOST];
};

struct trial {
	struct tally tally;
	char *root, *base, *home, *out, *errors;
	char *right[QUESTIONS + 1];
	struct seen *seen;
	long count[QUESTIONS + 1][ENDS];
	long kinds[32][ENDS];
};

/* ---- files ---- */

static const char *copy_from, *copy_to;

static int copy_one(const char *path, const struct stat *about, int kind, struct FTW *where)
{
	char *to = zg_print("%s%s", copy_to, path + strlen(copy_from));
	int code = 0;

	(void)where;
	if (kind == FTW_D) {
		code = mkdir(to, 0700);
	} else if (strcmp(strrchr(path, '/'), "/reserve") == 0) {
		code = link(path, to);    /* 16 MB of nothing */
	} else if (S_ISREG(about->st_mode)) {
		int in = open(path, O_RDONLY | O_CLOEXEC), out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, about->st_mode & 0777);
		char *bytes = zg_alloc((size_t)about->st_size + 1, 1);

		if (in < 0 || out < 0 || read(in, bytes, (size_t)about->st_size) != about->st_size ||
		    write(out, bytes, (size_t)about->st_size) != about->st_size)
			code = -1;
		close(in);
		close(out);
		free(bytes);
	}
	free(to);
	return code;
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *where)
{
	(void)about, (void)kind, (void)where;
	return remove(path);
}

static void fresh_shop(struct trial *t)
{
	nftw(t->home, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	copy_from = t->base;
	copy_to = t->home;
	zg_assert(nftw(t->base, copy_one, 16, FTW_PHYS) == 0);
}

static char *read_file(const char *path)
{
	FILE *file = fopen(path, "r");
	char *text = zg_alloc(MOST, 1);

	if (file) {
		(void)!fread(text, 1, MOST - 1, file);
		fclose(file);
	}
	return text;
}

/* ---- what is compared: the figures, not the names ---- */

static bool is_figure(const char *key)
{
	size_t length = strlen(key);

	return strcmp(key, "at") != 0 && (length < 3 || (strcmp(key + length - 3, "_at") != 0 && strcmp(key + length - 3, "_ms") != 0));
}

static void add_figures(struct zg_buffer *text, const json_t *value)
{
	const char *key;
	const json_t *member;
	size_t i;

	if (json_is_integer(value))
		zg_buffer_print(text, "%" JSON_INTEGER_FORMAT " ", json_integer_value(value));
	json_array_foreach (value, i, member)
		add_figures(text, member);
	json_object_foreach ((json_t *)(uintptr_t)value, key, member) {
		if (is_figure(key)) {
			zg_buffer_print(text, "%s ", key);
			add_figures(text, member);
		}
	}
}

static void keep_figures(char text[MOST], const json_t *value)
{
	struct zg_buffer figures = { 0 };

	add_figures(&figures, value);
	zg_assert(figures.length < MOST);
	strcpy(text, zg_buffer_text(&figures));
	zg_buffer_clear(&figures);
}

static bool is_sentence(const char *text)
{
	size_t length = strlen(text);

	while (length > 0 && text[length - 1] == '\n')
		length--;
	/* some end with a command to type */
	return length > 10 && (text[length - 1] == '.' || strstr(text, ".\n") || strstr(text, ".\"") || strstr(text, ". "));
}

/* ---- the commands ---- */

static int ask(const char *home, const char *const words[WORDS])
{
	char *argv[WORDS + 5];
	int argc = 0;

	argv[argc++] = zg_copy("zhanggui");
	for (int i = 0; i < WORDS && words[i]; i++)
		argv[argc++] = zg_copy(words[i]);
	argv[argc++] = zg_copy("--json");
	argv[argc++] = zg_copy("--home");
	argv[argc++] = zg_copy(home);
	argv[argc] = NULL;
	return zg_cli_main(&(struct zg_cli_parts){ .clock = &zg_real_clock }, argc, argv);
}

/* ---- the till ---- */

struct answer {
	bool is_done;
	enum zg_result result;
	struct zg_error err;
};

static void take(void *self, enum zg_result result, const json_t *answered, const struct zg_error *err)
{
	struct answer *answer = self;

	(void)answered;
	*answer = (struct answer){ .is_done = true, .result = result, .err = err ? *err : (struct zg_error){ 0 } };
}

/* False: refused, and err has the sentence. */
static bool act(struct shop *shop, const char *name, json_t *args, struct zg_error *err)
{
	struct answer answer = { .result = ZG_UNKNOWN };

	zg_till_call(shop->till, &(struct zg_call){ .act = name, .args = args, .done = take, .self = &answer });
	for (int i = 0; i < 3000 && !answer.is_done; i++)
		zg_loop_step(shop->loop, 10);
	zg_assert(answer.is_done);
	json_decref(args);
	*err = answer.err;
	return answer.result == ZG_OK;
}

/* Opens, reports, sells, ends. */
static void use_till(const char *home, struct seen *seen)
{
	struct shop *shop = shop_at(home);
	struct zg_error err = { 0 };
	struct zg_person person;
	json_t *all = zg_json_array(), *report = NULL;

	seen->end = REFUSED;
	if (shop_open(shop) != ZG_OK) {
		snprintf(seen->text, MOST, "%s", shop->err.text);
		return;
	}
	const struct zg_shift *shift = zg_till_shift(shop->till);

	if (!shift)
		zg_fail(&err, ZG_NOT_FOUND, "No shift is open.");    /* which the till's screen shows by itself */
	for (int i = 0; i < 3 && shift; i++) {
		report = i == 0 ? zg_till_report(shop->till, shift, &err) : i == 1 ? zg_till_day_report(shop->till, shift->day, &err)
			 : zg_till_transactions(shop->till, shift->day, &err);
		if (!report)
			break;
		zg_json_append(all, report);
	}
	if (report) {
		seen->end = RIGHT;
		keep_figures(seen->text, all);
	} else {
		snprintf(seen->text, MOST, "%s", err.text);
	}
	if (zg_people_find(zg_till_store(shop->till), "lin", &person, &err) == ZG_OK) {
		zg_till_sign_in(shop->till, &person);
		if (!act(shop, "sale.add", json_pack("{s:s}", "code", "1001"), &err) || !act(shop, "sale.pay", NULL, &err))
			zg_assert(is_sentence(err.text));
	}
	shop_leave(shop);
}

/* ---- one look at the books ---- */

/* In a process of its own. What it came to is in seen. */
static void look(struct trial *t, size_t question)
{
	int status = 0;

	memset(t->seen, 0, 1024);
	fflush(stdout);
	pid_t pid = fork();

	if (pid == 0) {
		int out = open(t->out, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600), errors = open(t->errors, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(out, 1);
		dup2(errors, 2);
		alarm(LIMIT_S);
		if (question < QUESTIONS) {
			int code = ask(t->home, questions[question]);

			fflush(stdout);
			_exit(code);
		}
		use_till(t->home, t->seen);
		_exit(0);
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	char *errors = read_file(t->errors);

	if (!WIFEXITED(status)) {
		t->seen->end = CRASHED;
		snprintf(t->seen->text, MOST, "signal %d: %s", WTERMSIG(status), errors);
	} else if (question < QUESTIONS) {
		char *out = read_file(t->out);
		json_t *document = WEXITSTATUS(status) == 0 ? zg_json_parse(out, strlen(out)) : NULL;

		t->seen->end = document ? RIGHT : REFUSED;
		if (document)
			keep_figures(t->seen->text, document);
		else
			snprintf(t->seen->text, MOST, "%s%s", errors, out);
		json_decref(document);
		free(out);
	} else if (WEXITSTATUS(status) != 0) {
		t->seen->end = REFUSED;
		snprintf(t->seen->text, MOST, "%s", errors);
	}
	free(errors);
}

static const char *name_of(size_t question)
{
	return question == TILL ? "the till" : questions[question][1];
}

static void judge(struct trial *t, long number, const char *kind, const char *what, size_t question, long ends[ENDS])
{
	struct seen *seen = t->seen;

	look(t, question);
	if (seen->end == RIGHT && strcmp(seen->text, t->right[question]) != 0)
		seen->end = WRONG;
	t->count[question][seen->end]++;
	ends[seen->end]++;
	tally_check(&t->tally, seen->end != CRASHED, "%ld (%s: %s), %s crashed: %s", number, kind, what, name_of(question), seen->text);
	tally_check(&t->tally, seen->end != REFUSED || is_sentence(seen->text), "%ld (%s: %s), %s refuses without a sentence: '%s'", number, kind,
		    what, name_of(question), seen->text);
	tally_check(&t->tally, seen->end != WRONG, "%ld (%s: %s), %s tells wrong figures and says nothing", number, kind, what, name_of(question));
	if (seen->end == WRONG && getenv("ZG_AT"))
		printf("is:    %s\nright: %s\n", seen->text, t->right[question]);
}

static void try(struct trial *t, uint64_t seed, long number)
{
	struct chance chance = { seed, seed ^ ((uint64_t)number * 0x9E3779B97F4A7C15u) };
	size_t kinds = 0;
	char what[80] = "", *path = zg_print("%s/zhanggui.db", t->home);

	while (damages[kinds].name)
		kinds++;
	const struct damage *damage = &damages[(size_t)number % kinds];
	long *ends = t->kinds[(size_t)number % kinds];

	(void)chance_next(&chance);
	fresh_shop(t);
	damage->make(&chance, path, what);
	for (size_t i = 0; i <= QUESTIONS; i++)
		judge(t, number, damage->name, what, i, ends);
	free(path);
}

/* ---- the shop ---- */

static void must(struct shop *shop, const char *name, json_t *args)
{
	struct zg_error err;

	if (!act(shop, name, args, &err))
		printf("%s: %s\n", name, err.text);
	zg_assert(!err.text[0]);
}

static void sell(struct shop *shop, int i)
{
	static const char *const codes[] = { "1001", "1002", "1003", "6901028075831" };

	must(shop, "sale.add", json_pack("{s:s, s:i}", "code", codes[i % 4], "quantity_milli", 1000 * (1 + i % 3)));
	must(shop, "sale.add", json_pack("{s:s, s:i}", "code", "201", "quantity_milli", 130 + 77 * i));
	if (i % 3 == 0)
		must(shop, "sale.discount", json_pack("{s:i, s:i}", "line", 1, "kept_bp", 9000));
	must(shop, "sale.pay", NULL);
}

static void make_shop(struct trial *t)
{
	struct shop *shop = shop_begin(NULL);
	struct zg_person boss;

	zg_assert(zg_people_find(zg_till_store(shop->till), "boss", &boss, NULL) == ZG_OK);
	zg_till_sign_in(shop->till, &boss);
	for (int shift = 0; shift < 2; shift++) {
		must(shop, "shift.open", json_pack("{s:i}", "float_fen", 20000));
		for (int i = 0; i < 20; i++)
			sell(shop, i + shift);
		must(shop, "cash.in", json_pack("{s:i, s:s}", "amount_fen", 5000, "reason", "change"));
		must(shop, "cash.out", json_pack("{s:i, s:s}", "amount_fen", 700, "reason", "milk"));
		must(shop, "sale.refund", json_pack("{s:s, s:b, s:s}", "number", shift ? "R010000025" : "R010000003", "all", 1, "reason", "stale"));
		must(shop, "sale.add", json_pack("{s:s}", "code", "1003"));
		must(shop, "sale.void", json_pack("{s:s}", "reason", "left"));
		if (shift == 0) {
			must(shop, "shift.count", json_pack("{s:{s:i}}", "pieces", "10000", 3));
			must(shop, "shift.close", NULL);
		}
	}
	must(shop, "sale.add", json_pack("{s:s}", "code", "1002"));
	must(shop, "sale.hang", NULL);
	shop_close(shop);
	zg_assert(rename(shop->home, t->base) == 0);
	free(shop->home);
	shop->home = zg_copy(t->base);
	shop_leave(shop);
}

static void begin(struct trial *t)
{
	if (access("/dev/shm", W_OK) == 0)
		setenv("TMPDIR", "/dev/shm", 1);    /* nothing is proved here about disks that sync */
	t->root = scratch_begin();
	setenv("TMPDIR", t->root, 1);
	t->base = zg_print("%s/base", t->root);
	t->home = zg_print("%s/shop", t->root);
	t->out = zg_print("%s/out", t->root);
	t->errors = zg_print("%s/errors", t->root);
	t->seen = mmap(NULL, sizeof(*t->seen), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	zg_assert(t->seen != MAP_FAILED);
	make_shop(t);
}

/* Of the books as they are: what must be told again and again. */
static bool learn(struct trial *t)
{
	fresh_shop(t);
	for (size_t i = 0; i <= QUESTIONS; i++) {
		look(t, i);
		tally_check(&t->tally, t->seen->end == RIGHT && strstr(t->seen->text, "fen"), "%s tells no figures of whole books: %s", name_of(i), t->seen->text);
		t->right[i] = zg_copy(t->seen->text);
	}
	return t->tally.failed == 0;
}

int main(void)
{
	static struct trial t;
	uint64_t seed = chance_begin_at(20261125).seed;
	long count = chance_rounds(100), at = tally_setting("ZG_AT", 0);

	setvbuf(stdout, NULL, _IOLBF, 0);
	setenv("LANGUAGE", "en", 1);
	setlocale(LC_ALL, "C.UTF-8");
	setenv("TZ", "Asia/Shanghai", 1);
	zg_json_start();
	printf("damaged: ZG_SEED=%" PRIu64 " ZG_COUNT=%ld\n", seed, count);
	begin(&t);
	if (learn(&t))
		for (long i = at ? at : 1; i <= (at ? at : count) && t.tally.failed < 40; i++)
			try(&t, seed, i);
	for (size_t i = 0; damages[i].name; i++)
		printf("%-8s %5ld right, %5ld refused, %ld wrong, %ld crashed\n", damages[i].name, t.kinds[i][RIGHT], t.kinds[i][REFUSED], t.kinds[i][WRONG],
		       t.kinds[i][CRASHED]);
	for (size_t i = 0; i <= QUESTIONS; i++)
		printf("figure: %s: %ld right, %ld refused, %ld wrong, %ld crashed\n", name_of(i), t.count[i][RIGHT], t.count[i][REFUSED], t.count[i][WRONG],
		       t.count[i][CRASHED]);
	scratch_end(t.root);
	return tally_end(&t.tally);
}
