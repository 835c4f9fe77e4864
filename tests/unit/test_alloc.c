/* As a packager might build it: what must be so is stated all the same. */
#define NDEBUG
#include "src/base/alloc.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void tell(void *self, const char *words)
{
	(void)!write(*(int *)self, words, strlen(words));
}

static void tell_and_break(void *self, const char *words)
{
	tell(self, words);
	zg_assert(words == NULL);
}

/* How a child ended that runs it, and what it told. */
static int end_of(void (*run)(int fd), char *told, size_t size)
{
	int ends[2], status;

	cr_assert(eq(int, pipe(ends), 0));
	pid_t child = fork();

	if (child == 0) {
		(void)!freopen("/dev/null", "w", stderr);
		run(ends[1]);
		_exit(0);
	}
	close(ends[1]);
	cr_assert(eq(int, waitpid(child, &status, 0), child));
	ssize_t length = read(ends[0], told, size - 1);

	told[length > 0 ? length : 0] = '\0';
	close(ends[0]);
	return status;
}

static void break_one(int fd)
{
	zg_assert(1 + 1 == 2);
	zg_assert_tell(tell, &fd);
	zg_assert(1 + 1 == 3);
}

static void break_two(int fd)
{
	zg_assert_tell(tell_and_break, &fd);
	zg_assert(fd < 0);
}

Test(alloc, a_broken_statement_is_told_once_and_ends_the_program_whatever_the_build_says)
{
	char told[500];
	int status = end_of(break_one, told, sizeof(told));

	cr_expect(eq(int, WIFSIGNALED(status) ? WTERMSIG(status) : 0, SIGABRT));
	cr_expect(ne(ptr, strstr(told, "test_alloc.c:"), NULL));
	cr_expect(ne(ptr, strstr(told, ": must be so, and is not: 1 + 1 == 3"), NULL));

	status = end_of(break_two, told, sizeof(told));
	cr_expect(eq(int, WIFSIGNALED(status) ? WTERMSIG(status) : 0, SIGABRT));
	cr_expect(eq(ptr, strstr(told, "words == NULL"), NULL));
	cr_expect(ne(ptr, strstr(told, "fd < 0"), NULL));
}

static void run_out_at_once(int fd)
{
	(void)fd;
	zg_out_of_memory();
}

static void want_too_many(int fd)
{
	(void)fd;
	zg_resize(NULL, SIZE_MAX / 2, 3);
}

__attribute__((unused)) static void want_too_much(int fd)
{
	(void)fd;
	zg_alloc(SIZE_MAX / 4, 2);
}

__attribute__((unused)) static void grow_too_much(int fd)
{
	(void)fd;
	zg_resize(NULL, SIZE_MAX / 4, 2);
}

/* Decision: one path out of memory, exit 5. */
Test(alloc, out_of_memory_ends_the_program_with_its_own_code)
{
	static void (*const runs[])(int fd) = {
		run_out_at_once, want_too_many,
#ifndef ZG_SANITIZED    /* which ends a process that asks for so much by its own path */
		want_too_much, grow_too_much,
#endif
	};
	char told[10];

	for (size_t i = 0; i < sizeof(runs) / sizeof(runs[0]); i++) {
		int status = end_of(runs[i], told, sizeof(told));

		cr_expect(eq(int, WIFEXITED(status) ? WEXITSTATUS(status) : -1, 5), "%zu", i);
	}
}

Test(alloc, nothing_is_asked_for_and_something_is_there)
{
	char *block = zg_alloc(0, 0), *none = zg_copy_bytes(NULL, 0);

	block = zg_resize(block, 0, 7);
	cr_expect(ne(ptr, block, NULL));
	block = zg_resize(block, 7, 0);
	cr_expect(ne(ptr, block, NULL));
	cr_expect(eq(str, none, ""));
	cr_expect(eq(ptr, zg_copy(NULL), NULL));
	free(block);
	free(none);
}
