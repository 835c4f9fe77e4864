/*
 * Out of memory never costs money: what a shop does on a day, with one allocation failing, and with all failing from one on, in the
 * till and in every library it uses. Either the act is refused with a sentence that does not mislead, and the till goes on; or
 * the program ends by its one path, with exit 5. Nothing crashes, nothing hangs, no block is left behind. Then the books are
 * opened again: what was answered is there, all of it and nothing else, and whatever was not refused is what it would have been
 * with memory enough, row by row and on paper.
 * P5. ZG_COUNT allocations of each scene, by chance (2); as many as there are: every one. ZG_SEED. A scene's name
 * as argument: only that one; ZG_AT for one allocation of it.
 */
#include "tests/fault/memory.h"
#include "tests/fault/tally.h"
#include "tests/unit/chance.h"
#include "tests/unit/scratch.h"

#include "src/base/alloc.h"
#include "src/base/json.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define LIMIT_S   60     /* of one process */
#define SENTENCES 64

struct trial {
	struct tally tally;
	struct chance chance;
	char *root, *base, *home, *errors, *paper;
	struct told *told;          /* shared */
	uint64_t *digest;           /* shared */
	struct told probe;          /* of the scene with memory for everything */
	uint64_t probe_digest;
	char *probe_paper;
	char sentences[SENTENCES][512];
	int sentence_count;
	long processes, ended, refused, unharmed;
	int64_t allocations;
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
	zg_assert(truncate(t->paper, 0) == 0);
}

#define MOST 65536

/* Zeros behind what is there. */
static char *read_file(const char *path)
{
	FILE *file = fopen(path, "r");
	char *text = zg_alloc(MOST + 1, 1);

	if (file) {
		(void)!fread(text, 1, MOST, file);
		fclose(file);
	}
	return text;
}

/* Pulses for the drawer; what is left of the paper has none. */
static int take_pulses_out(char *paper)
{
	static const char pulse[] = "\x1Bp\0\x32\xFA";
	size_t length = sizeof(pulse) - 1;
	int count = 0;

	for (char *at = paper; (at = memmem(at, MOST - (size_t)(at - paper), pulse, length)); count++) {
		memmove(at, at + length, MOST - (size_t)(at - paper) - length);
		memset(paper + MOST - length, 0, length);
	}
	return count;
}

/* ---- processes ---- */

enum part { MAKE, RUN, LOOK };

/* The wait status. */
static int in_process(struct trial *t, enum part part, const struct scene *scene, int64_t at, bool for_good)
{
	int status = 0;

	fflush(stdout);
	pid_t pid = fork();

	if (pid == 0) {
		int fd = open(t->errors, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(fd, STDERR_FILENO);
		close(fd);
		alarm(LIMIT_S);
		if (part == MAKE)
			stage_make_shop(t->base);
		else if (part == RUN)
			stage_run(scene, t->home, at, for_good, t->told);
		else
			stage_look(scene, t->home, t->told, t->digest);
		_exit(0);
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	t->processes++;
	return status;
}

static void keep_sentence(struct trial *t, const char *sentence)
{
	for (int i = 0; i < t->sentence_count; i++)
		if (strcmp(t->sentences[i], sentence) == 0)
			return;
	if (t->sentence_count < SENTENCES)
		snprintf(t->sentences[t->sentence_count++], sizeof(t->sentences[0]), "%s", sentence);
}

/* ---- one allocation ---- */

static bool check_end(struct trial *t, const char *what, int status)
{
	char *errors = read_file(t->errors);
	bool is_good = WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 5);

	errors[strcspn(errors, "\n")] = '\0';
	tally_check(&t->tally, is_good, "%s, in %s: the process %s %d: %s", what, t->told->act, WIFSIGNALED(status) ? "was ended by signal" :
		    "ended with", WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status), errors);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 5) {
		is_good = tally_check(&t->tally, strstr(errors, "out of memory") != NULL, "%s: exit 5 by another way: '%s'", what, errors);
		t->ended++;
	}
	free(errors);
	return is_good;
}

/*
 * The paper and the drawer of a process that came to its end. The drawer never opens more often than with memory enough. Where
 * nothing was refused the paper is the same; only may the pulse of the next sale overtake a slip that had to wait.
 */
static void check_paper(struct trial *t, const struct scene *scene, const char *what, bool is_unharmed)
{
	const struct told *told = t->told;
	char *paper = read_file(t->paper), *right = zg_alloc(MOST + 1, 1);

	memcpy(right, t->probe_paper, MOST);
	bool same = memcmp(paper, right, MOST) == 0;
	int pulses = take_pulses_out(paper), right_pulses = take_pulses_out(right);

	if (told->late[0])
		same = pulses == right_pulses && memcmp(paper, right, MOST) == 0;
	tally_check(&t->tally, pulses <= right_pulses, "%s: the drawer opens %d times, not %d", what, pulses, right_pulses);
	/* a printer of which the start could not find out whether it is in order is first told more than it needs */
	tally_check(&t->tally, !is_unharmed || told->waits[0] || strcmp(scene->name, "start") == 0 || same,
		    "%s: nothing was refused, and the paper is another", what);
	free(right);
	free(paper);
}

static void try(struct trial *t, const struct scene *scene, int64_t at, bool for_good)
{
	char what[100];

	snprintf(what, sizeof(what), "%s, allocation %" PRId64 "%s", scene->name, at, for_good ? " and all after it" : "");
	fresh_shop(t);
	memset(t->told, 0, sizeof(*t->told));
	t->told->before = INT64_MIN;
	if (!check_end(t, what, in_process(t, RUN, scene, at, for_good)))
		return;
	struct told *told = t->told;

	if (told->sentence[0])
		keep_sentence(t, told->sentence);
	if (told->waits[0])
		keep_sentence(t, told->waits);
	t->refused += told->refused > 0;
	t->unharmed += told->is_whole && !told->refused;
	tally_check(&t->tally, !told->problem[0], "%s: %s", what, told->problem);
	if (told->is_whole)
		tally_check(&t->tally, told->blocks <= t->probe.blocks, "%s: %" PRId64 " blocks are left behind", what, told->blocks - t->probe.blocks);
	if (told->late[0])
		keep_sentence(t, told->late);
	bool is_unharmed = told->is_whole && !told->refused;
	bool had_problem = told->problem[0];

	if (told->is_whole)
		check_paper(t, scene, what, is_unharmed);
	int status = in_process(t, LOOK, scene, 0, false);

	tally_check(&t->tally, status == 0, "%s: looking at the books ended with %d", what, status);
	tally_check(&t->tally, had_problem || !told->problem[0], "%s, afterwards: %s", what, told->problem);
	if (is_unharmed && status == 0)
		tally_check(&t->tally, *t->digest == t->probe_digest, "%s: nothing was refused, and the books are others than with memory enough", what);
}

/* How it goes with memory for everything, twice: the same both times, or nothing can be compared. */
static bool probe(struct trial *t, const struct scene *scene)
{
	bool same = true;

	for (int i = 0; i < 2; i++) {
		fresh_shop(t);
		memset(t->told, 0, sizeof(*t->told));
		int status = in_process(t, RUN, scene, 0, false);
		char *errors = read_file(t->errors), *paper = read_file(t->paper);
		struct told told = *t->told;

		same = tally_check(&t->tally, status == 0 && told.is_whole && !told.refused && !told.problem[0],
				   "%s, with memory enough: %d, %s%s%s", scene->name, status, told.problem, told.sentence, errors);
		status = in_process(t, LOOK, scene, 0, false);
		same = tally_check(&t->tally, status == 0 && !t->told->problem[0], "%s, with memory enough, afterwards: %s", scene->name, t->told->problem) &&
		       same;
		if (i > 0)
			same = tally_check(&t->tally, *t->digest == t->probe_digest && memcmp(paper, t->probe_paper, MOST) == 0 && told.blocks == t->probe.blocks,
					   "%s is not the same twice: books %d, paper %d, blocks %" PRId64 " %" PRId64, scene->name,
					   *t->digest == t->probe_digest, memcmp(paper, t->probe_paper, MOST), told.blocks, t->probe.blocks) && same;
		t->probe = told;
		t->probe_digest = *t->digest;
		free(t->probe_paper);
		t->probe_paper = paper;
		free(errors);
	}
	return same;
}

static void play(struct trial *t, const struct scene *scene, long count)
{
	long tried = 0;
	int failed = t->tally.failed;

	if (!probe(t, scene))
		return;
	int64_t all = t->probe.asked;

	t->allocations += all;
	for (int mode = 0; mode < 2; mode++) {
		if (getenv("ZG_AT")) {
			try(t, scene, tally_setting("ZG_AT", 1), mode == 1);
			continue;
		}
		for (long i = 0; i < (count < all ? count : all) && t->tally.failed - failed < 8; i++, tried++) {
			/* one of each equal part */
			int64_t from = all * i / count, to = all * (i + 1) / count;
			int64_t at = count >= all ? i + 1 : chance_between(&t->chance, from + 1, to > from ? to : from + 1);

			try(t, scene, at, mode == 1);
		}
	}
	printf("%-16s %6" PRId64 " allocations, %ld tried\n", scene->name, all, tried);
}

/* ---- all of it ---- */

static void *shared(size_t size)
{
	void *page = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	zg_assert(page != MAP_FAILED);
	return page;
}

static void begin(struct trial *t)
{
	/* nothing is proved here about disks, and every allocation needs a shop of its own: in memory where there is such a place */
	if (access("/dev/shm", W_OK) == 0)
		setenv("TMPDIR", "/dev/shm", 1);
	t->root = scratch_begin();
	t->base = zg_print("%s/base", t->root);
	t->home = zg_print("%s/shop", t->root);
	t->paper = zg_print("%s/base.paper", t->root);
	t->errors = zg_print("%s/errors", t->root);
	setenv("TMPDIR", t->root, 1);
	t->told = shared(sizeof(*t->told));
	t->digest = shared(sizeof(*t->digest));
	close(open(t->paper, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
}

int main(int argc, char **argv)
{
	static struct trial t;
	const char *only = argc > 1 ? argv[1] : NULL;
	long count;

	setvbuf(stdout, NULL, _IOLBF, 0);
	setlocale(LC_ALL, "C.UTF-8");
	setenv("TZ", "Asia/Shanghai", 1);
	zg_json_start();
	if (!memory_is_here()) {
		printf("skipped: the sanitizer has a malloc of its own\n0 passed, 0 failed\n");
		return 0;
	}
	t.chance = chance_begin_at(20261125);
	count = chance_rounds(2);
	printf("memory: ZG_SEED=%" PRIu64 " ZG_COUNT=%ld\n", t.chance.seed, count);
	begin(&t);
	int status = in_process(&t, MAKE, NULL, 0, false);

	if (status != 0)
		printf("%s", read_file(t.errors));
	stage_set_clock();
	for (const struct scene *scene = memory_scenes; scene->name && tally_check(&t.tally, status == 0, "there is no shop"); scene++)
		if (!only || strcmp(only, scene->name) == 0)
			play(&t, scene, count);
	for (int i = 0; i < t.sentence_count; i++)
		printf("read: %s\n", t.sentences[i]);
	printf("figure: %" PRId64 " allocations in the scenes, %ld processes: %ld ended by exit 5, %ld refused an act and went on, %ld did all they had to\n",
	       t.allocations, t.processes, t.ended, t.refused, t.unharmed);
	scratch_end(t.root);
	return tally_end(&t.tally);
}
