#include "tests/lab/memory.h"

#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static struct memory_plan own;
static struct memory_plan *plan = &own;
static _Atomic bool is_armed, looks;
static _Atomic int64_t blocks;

#ifndef ZG_SANITIZED

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *block);
void *memalign(size_t alignment, size_t size);

/* May the allocation that is asked for be made? */
static bool is_granted(void)
{
	if (!is_armed || looks)
		return true;
	int64_t number = ++plan->asked, at = plan->at;

	if (at == 0 || (plan->is_for_good ? number < at : number != at))
		return true;
	plan->failed++;
	errno = ENOMEM;
	return false;
}

static void *count(void *block)
{
	blocks += block != NULL;
	return block;
}

void *malloc(size_t size)
{
	return is_granted() ? count(__libc_malloc(size)) : NULL;
}

void *calloc(size_t number, size_t size)
{
	return is_granted() ? count(__libc_calloc(number, size)) : NULL;
}

void *realloc(void *block, size_t size)
{
	if (!block)
		return malloc(size);
	if (size == 0) {
		free(block);
		return NULL;
	}
	return is_granted() ? __libc_realloc(block, size) : NULL;
}

void *reallocarray(void *block, size_t number, size_t size)
{
	size_t whole;

	if (__builtin_mul_overflow(number, size, &whole)) {
		errno = ENOMEM;
		return NULL;
	}
	return realloc(block, whole);
}

void *memalign(size_t alignment, size_t size)
{
	return is_granted() ? count(__libc_memalign(alignment, size)) : NULL;
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size)
{
	int before = errno;
	void *made = memalign(alignment, size);

	errno = before;
	if (!made)
		return ENOMEM;
	*block = made;
	return 0;
}

void free(void *block)
{
	blocks -= block != NULL;
	__libc_free(block);
}

bool memory_is_here(void)
{
	return true;
}

#else

bool memory_is_here(void)
{
	return false;
}

#endif

/* Where it was when it crashed: which library, and who called it. */
static void crash(int number)
{
	void *stack[64];
	const char *path = getenv("ZG_LAB_TRACE");
	int fd = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : -1;

	is_armed = false;
	backtrace_symbols_fd(stack, backtrace(stack, 64), fd >= 0 ? fd : STDERR_FILENO);
	signal(number, SIG_DFL);
	raise(number);
}

/* Of a program that was started with a plan. */
__attribute__((constructor)) static void begin(void)
{
	const char *path = getenv("ZG_LAB_MEMORY");
	void *once[2];
	int fd = path && *path ? open(path, O_RDWR | O_CLOEXEC) : -1;

	if (fd < 0)
		return;
	void *page = mmap(NULL, sizeof(struct memory_plan), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	close(fd);
	if (page == MAP_FAILED)
		_exit(126);
	(void)backtrace(once, 2);    /* it loads a library, which needs memory */
	signal(SIGSEGV, crash);
	signal(SIGABRT, crash);
	plan = page;
	is_armed = true;
}

void memory_arm(int64_t at, bool for_good)
{
	plan->at = at;
	plan->is_for_good = for_good;
	plan->asked = 0;
	plan->failed = 0;
	looks = false;
	is_armed = true;
}

void memory_disarm(void)
{
	is_armed = false;
}

void memory_look(void)
{
	looks = true;
}

void memory_look_end(void)
{
	looks = false;
}

int64_t memory_asked(void)
{
	return plan->asked;
}

int64_t memory_failed(void)
{
	return plan->failed;
}

int64_t memory_blocks(void)
{
	return blocks;
}

struct memory_plan *memory_plan_make(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	void *page = MAP_FAILED;

	if (fd >= 0 && ftruncate(fd, sizeof(struct memory_plan)) == 0)
		page = mmap(NULL, sizeof(struct memory_plan), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (fd >= 0)
		close(fd);
	if (page == MAP_FAILED)
		return NULL;
	memset(page, 0, sizeof(struct memory_plan));
	return page;
}

void memory_plan_drop(struct memory_plan *made)
{
	if (made)
		munmap(made, sizeof(*made));
}
