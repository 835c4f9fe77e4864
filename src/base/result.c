#include "src/base/result.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *name;
	int exit_code;
} results[] = {
	[ZG_OK]        = { "ok", 0 },
	[ZG_INVALID]   = { "invalid", 3 },
	[ZG_NOT_FOUND] = { "not-found", 1 },
	[ZG_OFFLINE]   = { "offline", 4 },
	[ZG_UNKNOWN]   = { "unknown", 4 },
	[ZG_REFUSED]   = { "refused", 3 },
	[ZG_USAGE]     = { "usage", 2 },
	[ZG_BROKEN]    = { "broken", 5 },
};

#define RESULTS (sizeof(results) / sizeof(results[0]))

/* A cut in the middle of a character would put a broken byte on the screen. */
static void cut_at_character(char *text, size_t length)
{
	while (length > 0 && ((unsigned char)text[length - 1] & 0xC0) == 0x80)
		length--;
	if (length > 0 && (unsigned char)text[length - 1] >= 0xC0)
		length--;
	text[length] = '\0';
}

enum zg_result zg_fail(struct zg_error *err, enum zg_result result, const char *format, ...)
{
	if (!err)
		return result;
	err->result = result;
	va_list args;

	va_start(args, format);
	int length = vsnprintf(err->text, sizeof(err->text), format, args);
	va_end(args);
	if (length >= (int)sizeof(err->text))
		cut_at_character(err->text, strlen(err->text));
	return result;
}

const char *zg_result_name(enum zg_result result)
{
	return (size_t)result < RESULTS ? results[result].name : "broken";
}

enum zg_result zg_result_parse(const char *name)
{
	for (size_t i = 0; i < RESULTS; i++)
		if (strcmp(results[i].name, name) == 0)
			return (enum zg_result)i;
	return ZG_BROKEN;
}

int zg_result_exit(enum zg_result result)
{
	return (size_t)result < RESULTS ? results[result].exit_code : 5;
}
