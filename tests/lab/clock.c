#include "tests/lab/clock.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define MAGIC 0x5A47434C4F434B31    /* "ZGCLOCK1" */

/* What lies in the file. */
struct page {
	int64_t magic, pace;
	int64_t begun_ns;                /* the machine's running clock when this one was made */
	int64_t from_ms;                 /* what this one's said then */
	_Atomic int64_t passed_ms;       /* let pass at once since */
	_Atomic int64_t wall_ms;         /* wall clock less running clock */
};

struct lab_clock {
	struct page *page;
	struct zg_clock clock;
};

static int64_t machine_ns(clockid_t which)
{
	struct timespec t;

	clock_gettime(which, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int64_t running(void *self)
{
	const struct page *page = self;

	/* microseconds first: nanoseconds times a pace of 10,000 would overflow within days */
	return page->from_ms + (machine_ns(CLOCK_BOOTTIME) - page->begun_ns) / 1000 * page->pace / 1000 + page->passed_ms;
}

static int64_t now(void *self)
{
	return running(self) + ((const struct page *)self)->wall_ms;
}

__attribute__((noreturn)) static void give_up(const char *path, const char *what)
{
	fprintf(stderr, "lab: the clock %s %s\n", path, what);
	exit(1);
}

static struct page *map(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0600);

	if (fd < 0 || (flags & O_CREAT && ftruncate(fd, sizeof(struct page)) != 0))
		give_up(path, "cannot be opened");
	if (lseek(fd, 0, SEEK_END) < (off_t)sizeof(struct page))
		give_up(path, "is none");
	void *page = mmap(NULL, sizeof(struct page), flags & O_CREAT ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED, fd, 0);

	close(fd);
	if (page == MAP_FAILED)
		give_up(path, "cannot be shared");
	return page;
}

static struct zg_clock clock_of(struct page *page)
{
	return (struct zg_clock){ .now_ms = now, .running_ms = running, .self = page, .pace = (int)page->pace };
}

const struct zg_clock *lab_clock_given(void)
{
	static struct zg_clock given;
	const char *path = getenv(LAB_CLOCK_NAME);

	if (!path || !*path)
		return &zg_real_clock;
	if (!given.now_ms) {
		given = clock_of(map(path, O_RDONLY));
		if (((const struct page *)given.self)->magic != MAGIC)
			give_up(path, "is none");
	}
	return &given;
}

struct lab_clock *lab_clock_make(const char *path, int pace)
{
	struct lab_clock *clock = malloc(sizeof(*clock));

	clock->page = map(path, O_RDWR | O_CREAT | O_TRUNC);
	*clock->page = (struct page){ .magic = MAGIC, .pace = pace, .begun_ns = machine_ns(CLOCK_BOOTTIME) };
	clock->page->from_ms = clock->page->begun_ns / 1000000;
	clock->page->wall_ms = machine_ns(CLOCK_REALTIME) / 1000000 - clock->page->from_ms;
	clock->clock = clock_of(clock->page);
	return clock;
}

void lab_clock_drop(struct lab_clock *clock)
{
	munmap(clock->page, sizeof(*clock->page));
	free(clock);
}

const struct zg_clock *lab_clock_of(const struct lab_clock *clock)
{
	return &clock->clock;
}

void lab_clock_step(struct lab_clock *clock, int64_t by_ms)
{
	clock->page->wall_ms += by_ms;
}

void lab_clock_set(struct lab_clock *clock, int64_t at_ms)
{
	clock->page->wall_ms = at_ms - running(clock->page);
}

void lab_clock_pass(struct lab_clock *clock, int64_t ms)
{
	clock->page->passed_ms += ms;
}
