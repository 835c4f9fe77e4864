#include "tests/fuzz/fuzz.h"

#include "src/base/alloc.h"
#include "src/base/json.h"

#include <locale.h>
#include <sanitizer/allocator_interface.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t held, most;    /* bytes allocated now, and the most there were; harnesses have one thread */
static int64_t hang_us;

static void gained(const volatile void *block, size_t size)
{
	(void)block;
	held += size;
	if (held > most)
		most = held;
}

static void lost(const volatile void *block)
{
	held -= block ? __sanitizer_get_allocated_size(block) : 0;
}

void fuzz_check(bool holds, const char *format, ...)
{
	va_list args;

	if (holds)
		return;
	va_start(args, format);
	fputs("fuzz: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	abort();
}

unsigned fuzz_byte(struct fuzz_input *input)
{
	return input->at < input->end ? (unsigned char)*input->at++ : 0;
}

char *fuzz_text(struct fuzz_input *input, char stop)
{
	const char *start = input->at;

	while (input->at < input->end && *input->at != stop && *input->at)
		input->at++;
	char *text = zg_copy_bytes(start, (size_t)(input->at - start));

	if (input->at < input->end)
		input->at++;
	return text;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *given = getenv("FUZZ_HANG_MS");

	(void)argc, (void)argv;
	hang_us = (given ? strtoll(given, NULL, 10) : 1000) * 1000;
	if (!setlocale(LC_ALL, "C.UTF-8"))
		fuzz_check(false, "the locale C.UTF-8 is not there");
	zg_json_start();
	fuzz_check(__sanitizer_install_malloc_and_free_hooks(gained, lost) > 0, "memory cannot be watched");
	return 0;
}

static int64_t used_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* One look at the input: how long it took, and how much it held. */
static void look(const uint8_t *data, size_t size, int64_t *us, size_t *bytes)
{
	size_t before = held;
	int64_t begun = used_us();

	most = held;
	fuzz_one((const char *)data, size);
	*us = used_us() - begun;
	*bytes = most - before;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t bytes, allowed = fuzz_limits.base + fuzz_limits.times * size;
	int64_t us;

	look(data, size, &us, &bytes);
	if (us <= hang_us && bytes <= allowed)
		return 0;
	look(data, size, &us, &bytes);    /* whatever is made once, at first use, was made by now */
	fuzz_check(us <= hang_us, "%lld ms for %zu bytes, %lld at most", (long long)us / 1000, size, (long long)hang_us / 1000);
	fuzz_check(bytes <= allowed, "%zu bytes of memory for an input of %zu, %zu at most", bytes, size, allowed);
	return 0;
}
