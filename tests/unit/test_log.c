#include "src/base/alloc.h"
#include "src/base/log.h"
#include "tests/unit/scratch.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int64_t held(void *self)
{
	(void)self;
	return 1795424527000;    /* 2026-11-23 17:02:07 in Shanghai */
}
static const struct zg_clock clock_held = { .now_ms = held, .running_ms = held };

/* "" when there is no such file. Freed by the caller. */
static char *text_of(const char *dir, const char *name)
{
	char *path = zg_print("%s/%s", dir, name), *text = zg_alloc(1, 2001);
	FILE *file = fopen(path, "r");

	if (file) {
		(void)!fread(text, 1, 2000, file);
		fclose(file);
	}
	free(path);
	return text;
}

Test(log, a_line_has_its_time_and_no_byte_that_a_terminal_would_obey)
{
	char *dir = scratch_begin();
	struct zg_log *log = zg_log_open(dir, &clock_held);
	struct stat about;

	zg_log_say(log, "the shop %s", "可\x1b[2J\nnext");
	zg_log_say(NULL, "nobody hears it");
	zg_log_close(log);
	zg_log_close(NULL);

	char *text = text_of(dir, "zhanggui.log"), *path = zg_print("%s/zhanggui.log", dir);

	cr_expect(eq(str, text, "2026-11-23 17:02:07 the shop 可?[2J next\n"));
	cr_assert(eq(int, stat(path, &about), 0));
	cr_expect(eq(int, about.st_mode & 0777, 0600));
	free(path);
	free(text);
	scratch_end(dir);
}

Test(log, a_full_one_is_put_aside_and_a_new_one_begun)
{
	char *dir = scratch_begin(), *path = zg_print("%s/zhanggui.log", dir);
	struct zg_log *log = zg_log_open(dir, &clock_held);

	zg_log_say(log, "first");
	cr_assert(eq(int, truncate(path, ZG_LOG_SIZE), 0));
	zg_log_say(log, "second");
	zg_log_say(log, "third");
	zg_log_close(log);

	char *text = text_of(dir, "zhanggui.log"), *old = text_of(dir, "zhanggui.log.1");

	cr_expect(eq(str, text, "2026-11-23 17:02:07 second\n2026-11-23 17:02:07 third\n"));
	cr_expect(eq(str, old, "2026-11-23 17:02:07 first\n"));
	free(old);
	free(text);
	free(path);
	scratch_end(dir);
}

/* A directory in the way: the old log cannot be put aside, and goes on. */
Test(log, what_cannot_be_put_aside_goes_on)
{
	char *dir = scratch_begin(), *path = zg_print("%s/zhanggui.log", dir), *aside = zg_print("%s/zhanggui.log.1", dir);
	struct zg_log *log = zg_log_open(dir, &clock_held);
	struct stat about;

	cr_assert(eq(int, mkdir(aside, 0700), 0));
	cr_assert(eq(int, truncate(path, ZG_LOG_SIZE), 0));
	zg_log_say(log, "more");
	zg_log_close(log);

	cr_assert(eq(int, stat(path, &about), 0));
	cr_expect(gt(long, (long)about.st_size, ZG_LOG_SIZE));
	free(aside);
	free(path);
	scratch_end(dir);
}

Test(log, without_a_file_lines_are_dropped_and_nothing_stops)
{
	char *dir = scratch_begin(), *nowhere = zg_print("%s/none", dir), *path = zg_print("%s/zhanggui.log", dir);

	struct zg_log *log = zg_log_open(nowhere, &clock_held);

	cr_assert(ne(ptr, log, NULL));
	zg_log_say(log, "dropped");
	zg_log_close(log);
	cr_expect(ne(int, access(nowhere, F_OK), 0));

	/* nor through a link that somebody laid there */
	cr_assert(eq(int, symlink("/dev/null", path), 0));
	log = zg_log_open(dir, &clock_held);
	zg_log_say(log, "dropped");
	zg_log_close(log);
	char *text = text_of(dir, "zhanggui.log");

	cr_expect(eq(str, text, ""));
	free(text);
	free(path);
	free(nowhere);
	scratch_end(dir);
}
