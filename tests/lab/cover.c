/*
 * make coverage: gcc counts in memory and writes at exit() alone. A process that leaves by _exit() or abort(), as every child of
 * an experiment and a till without memory does, would have run nothing. The link puts these before the two calls
 * (-Wl,--wrap=_exit -Wl,--wrap=abort). What is killed from outside stays uncounted.
 */
#include "tests/lab/memory.h"

void __gcov_dump(void);
__attribute__((noreturn)) void __real__exit(int code);
__attribute__((noreturn)) void __wrap__exit(int code);
__attribute__((noreturn)) void __real_abort(void);
__attribute__((noreturn)) void __wrap_abort(void);

/* Where memory runs out by plan, the counts need some. */
#pragma weak memory_disarm

static void write_counts(void)
{
	if (memory_disarm)
		memory_disarm();
	__gcov_dump();
}

void __wrap__exit(int code)
{
	write_counts();
	__real__exit(code);
}

void __wrap_abort(void)
{
	write_counts();
	__real_abort();
}
