/* Settings files: each setting stands in the line that is named, and the settings written out are read back the same. */
#include "tests/fuzz/fuzz.h"

#include "src/base/buffer.h"
#include "src/base/ini.h"
#include "src/base/text.h"

#include <stdio.h>
#include <string.h>

const struct fuzz_limits fuzz_limits = { 65536, 16 };

struct taken {
	const char *at, *end;
	struct zg_buffer out;
	unsigned refuse;    /* from this setting on; 0: none */
	unsigned count;
};

static void check_line(const struct taken *taken, size_t line, const char *key, const char *value)
{
	const char *at = taken->at;

	for (size_t i = 1; i < line; i++) {
		at = memchr(at, '\n', (size_t)(taken->end - at));
		fuzz_check(at != NULL, "line %zu is not in the file", line);
		at++;
	}
	const char *stop = memchr(at, '\n', (size_t)(taken->end - at));
	size_t length = (size_t)((stop ? stop : taken->end) - at);

	fuzz_check(memmem(at, length, key, strlen(key)) && memmem(at, length, value, strlen(value)), "line %zu has no %s = %s", line, key, value);
}

static enum zg_result take(void *self, const char *section, const char *key, const char *value, size_t line, struct zg_error *err)
{
	struct taken *taken = self;

	check_line(taken, line, key, value);
	fuzz_check(zg_text_is_clean(section, strlen(section), NULL, NULL) && zg_text_is_clean(key, strlen(key), NULL, NULL) &&
		   zg_text_is_clean(value, strlen(value), NULL, NULL), "[%s] %s = %s is not clean", section, key, value);
	if (taken->refuse && ++taken->count == taken->refuse)
		return zg_fail(err, ZG_INVALID, "this one is not wanted");
	if (*section)
		zg_buffer_print(&taken->out, "[%s]\n", section);
	zg_buffer_print(&taken->out, "%s=%s\n", key, value);
	return ZG_OK;
}

static enum zg_result read_text(struct taken *taken, const char *text, size_t length, struct zg_error *err)
{
	taken->at = text;
	taken->end = text + length;
	enum zg_result result = zg_ini_read(text, length, "a.conf", take, taken, err);

	if (result != ZG_OK)
		fuzz_check(strncmp(err->text, "a.conf, line ", 13) == 0, "the fault has no place: %s", err->text);
	return result;
}

void fuzz_one(const char *bytes, size_t length)
{
	struct fuzz_input input = { bytes, bytes + length };
	struct taken first = { .refuse = fuzz_byte(&input) % 16 }, again = { .refuse = 0 };
	struct zg_error err = { .text = "" };

	if (read_text(&first, input.at, (size_t)(input.end - input.at), &err) == ZG_OK) {
		fuzz_check(read_text(&again, zg_buffer_text(&first.out), first.out.length, &err) == ZG_OK, "written out, it is refused: %s", err.text);
		fuzz_check(strcmp(zg_buffer_text(&first.out), zg_buffer_text(&again.out)) == 0, "written out, it says something else");
	}
	zg_buffer_clear(&first.out);
	zg_buffer_clear(&again.out);
}
