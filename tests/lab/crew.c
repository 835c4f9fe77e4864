#include "tests/lab/crew.h"

#include "src/base/alloc.h"

#include <ftw.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST  16
#define ROOM  (256LL * 1024 * 1024)
#define ENOUGH 20    /* failures, after which a process stops: more of the same tell nothing */

/* What a process tells its parent, in memory that both have. */
struct share {
	long at;                       /* the job under way */
	long passed, failed;
	long figures[CREW_FIGURES];
};

static struct share *mine;

void crew_add(int figure, long more)
{
	if (mine)
		mine->figures[figure] += more;
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *where)
{
	(void)about, (void)kind, (void)where;
	return remove(path);
}

void crew_empty(const char *path)
{
	nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void crew_leave(char *place)
{
	if (place)
		crew_empty(place);
	free(place);
}

char *crew_place(void)
{
	struct statvfs about;
	const char *base = getenv("TMPDIR");

	if (statvfs("/dev/shm", &about) == 0 && (long long)about.f_bavail * (long long)about.f_frsize > ROOM && access("/dev/shm", W_OK) == 0)
		base = "/dev/shm";
	char *path = zg_print("%s/zg-lab-XXXXXX", base && *base ? base : "/tmp");

	zg_assert(mkdtemp(path) != NULL);
	char *whole = realpath(path, NULL);

	zg_assert(whole != NULL);
	free(path);
	return whole;
}

struct worker {
	pid_t pid;
	struct share *share;
	char *place;
};

static void work(const struct worker *worker, long first, long step, long jobs, bool (*job)(void *self, long number, const char *place),
		 void *self)
{
	mine = worker->share;
	/* a process lives through thousands of starts: memory that goes back to the system each time is most of what they cost */
	(void)mallopt(M_MMAP_THRESHOLD, 1 << 30);
	(void)mallopt(M_TRIM_THRESHOLD, 1 << 30);
	for (long number = first; number < jobs && mine->failed < ENOUGH; number += step) {
		mine->at = number;
		if (job(self, number, worker->place))
			mine->passed++;
		else
			mine->failed++;
		fflush(stdout);
	}
	mine->at = jobs;
	_exit(0);
}

static void start(struct worker *worker, long first, long step, long jobs, bool (*job)(void *self, long number, const char *place), void *self)
{
	worker->share->at = first;
	fflush(stdout);
	worker->pid = fork();
	zg_assert(worker->pid >= 0);
	if (worker->pid == 0)
		work(worker, first, step, jobs, job, self);
}

void crew_run(struct tally *tally, long jobs, bool (*job)(void *self, long number, const char *place), void *self,
	      long figures[CREW_FIGURES])
{
	long count = tally_setting("ZG_JOBS", sysconf(_SC_NPROCESSORS_ONLN)), left;
	struct worker workers[MOST] = { 0 };

	count = count < 1 ? 1 : count > MOST ? MOST : count;
	left = count = count > jobs ? jobs : count;
	struct share *shares = mmap(NULL, sizeof(struct share) * MOST, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	zg_assert(shares != MAP_FAILED);
	for (long i = 0; i < count; i++) {
		workers[i] = (struct worker){ .share = &shares[i], .place = crew_place() };
		start(&workers[i], i, count, jobs, job, self);
	}
	while (left > 0) {
		int status = 0;
		pid_t pid = wait(&status);
		long i = 0;

		while (i < count && workers[i].pid != pid)
			i++;
		if (i == count)
			continue;    /* none of ours */
		if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && workers[i].share->at >= jobs) {
			left--;
			workers[i].pid = 0;
			continue;
		}
		tally_check(tally, false, "job %ld ended its process with %s %d", workers[i].share->at, WIFSIGNALED(status) ? "signal" : "exit code",
			    WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
		start(&workers[i], workers[i].share->at + count, count, jobs, job, self);
	}
	for (long i = 0; i < count; i++) {
		tally->passed += (int)workers[i].share->passed;
		tally->failed += (int)workers[i].share->failed;
		for (int f = 0; figures && f < CREW_FIGURES; f++)
			figures[f] += workers[i].share->figures[f];
		crew_leave(workers[i].place);
	}
	munmap(shares, sizeof(struct share) * MOST);
}
