/*
 * zhanggui.conf: what is read is within its limits; one setting changed is that setting, and every other line stays. Input: the file,
 * a NUL, the setting's name, a NUL, its value.
 */
#include "tests/fuzz/fuzz.h"

#include "src/base/alloc.h"
#include "src/base/buffer.h"
#include "src/till/config.h"
#include "tests/unit/scratch.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const struct fuzz_limits fuzz_limits = { 131072, 40 };

static char *home, *path;

static void write_file(const char *bytes, size_t length)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	fuzz_check(fd >= 0 && write(fd, bytes, length) == (ssize_t)length, "the file cannot be written");
	close(fd);
}

static void read_file(struct zg_buffer *text)
{
	char bytes[4096];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got;

	while (fd >= 0 && (got = read(fd, bytes, sizeof(bytes))) > 0)
		zg_buffer_add(text, bytes, (size_t)got);
	close(fd);
}

static void check_config(const struct zg_config *c)
{
	fuzz_check(strlen(c->name) > 0 && strlen(c->name) <= ZG_NAME_MAX, "a name of %zu bytes", strlen(c->name));
	fuzz_check(c->till_id >= 1 && c->till_id <= 99 && c->lock_after_min >= 0 && c->lock_after_min <= 1440, "till %d", c->till_id);
	fuzz_check(c->day_ends_min >= 0 && c->day_ends_min < 1440 && c->rounding <= ZG_ROUND_YUAN, "a day that ends at %d", c->day_ends_min);
	fuzz_check(c->drawer_pin == 0 || c->drawer_pin == 2 || c->drawer_pin == 5, "pin %d", c->drawer_pin);
	fuzz_check(c->drawer_on_ms == 0 || (c->drawer_on_ms >= 30 && c->drawer_on_ms <= 510), "a pulse of %d", c->drawer_on_ms);
	fuzz_check(!strchr(c->profile, '/') && !strchr(c->profile, '.'), "the profile %s", c->profile);
	fuzz_check(strcmp(zg_config_slip_language(c), "zh") == 0 || strcmp(zg_config_slip_language(c), "en") == 0, "a language");
}

/* Every line of the old file but one stands in the new one, in order. */
static void check_lines(const struct zg_buffer *before, const struct zg_buffer *after)
{
	const char *to = zg_buffer_text(after);
	size_t lost = 0;

	for (const char *at = zg_buffer_text(before), *end = at + before->length; at < end;) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		size_t length = (size_t)((stop ? stop : end) - at);
		const char *found = to;

		/* the same line, from its beginning to its end */
		while ((found = memmem(found, strlen(found), at, length)) && ((found > zg_buffer_text(after) && found[-1] != '\n') ||
			(found[length] && found[length] != '\n')))
			found++;
		if (found)
			to = found + length;
		else
			lost++;
		at += length + 1;
	}
	fuzz_check(lost <= 1, "%zu lines are lost", lost);
}

void fuzz_one(const char *bytes, size_t length)
{
	struct fuzz_input input = { bytes, bytes + length };
	struct zg_config config, again;
	struct zg_error err = { .text = "" };
	struct zg_buffer before = { 0 }, after = { 0 };

	if (!home) {
		home = scratch_begin();
		path = zg_print("%s/zhanggui.conf", home);
	}
	const char *stop = memchr(bytes, '\0', length);
	size_t size = stop ? (size_t)(stop - bytes) : length;

	write_file(bytes, size);
	zg_buffer_add(&before, bytes, size);
	input.at += stop ? size + 1 : size;
	char *name = fuzz_text(&input, '\0'), *value = fuzz_text(&input, '\0');
	enum zg_result result = zg_config_read(home, &config, &err);

	check_config(&config);
	fuzz_check(result == ZG_OK || (result == ZG_USAGE && strncmp(err.text, "zhanggui.conf, line ", 20) == 0), "%d: %s", result, err.text);
	if (stop) {
		enum zg_result changed = zg_config_change(home, (const char *const[]){ name, value, NULL }, &err);

		read_file(&after);
		fuzz_check(changed == ZG_OK || changed == ZG_USAGE, "%d: %s", changed, err.text);
		if (changed == ZG_OK) {
			fuzz_check(result == ZG_OK && zg_config_read(home, &again, &err) == ZG_OK, "changed, it cannot be read: %s", err.text);
			check_config(&again);
			check_lines(&before, &after);
			fuzz_check(zg_config_change(home, (const char *const[]){ name, value, NULL }, &err) == ZG_OK, "changed twice, it is refused");
			struct zg_buffer twice = { 0 };

			read_file(&twice);
			fuzz_check(strcmp(zg_buffer_text(&twice), zg_buffer_text(&after)) == 0, "changed twice, it is another file");
			zg_buffer_clear(&twice);
		} else {
			fuzz_check(after.length == before.length && memcmp(zg_buffer_text(&after), zg_buffer_text(&before), after.length) == 0, "refused, and changed");
		}
	}
	zg_buffer_clear(&before);
	zg_buffer_clear(&after);
	free(name);
	free(value);
}
