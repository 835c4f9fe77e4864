#include "drivers/pay/alipay_private.h"

#include <string.h>

#define DEEPEST 64

static const char *skip_blanks(const char *at, const char *end)
{
	while (at < end && (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n'))
		at++;
	return at;
}

/* Behind the string that begins at `at`; NULL: it does not begin or end. */
static const char *skip_string(const char *at, const char *end)
{
	if (at >= end || *at++ != '"')
		return NULL;
	for (; at < end; at++) {
		if (*at == '"')
			return at + 1;
		if (*at == '\\')
			at++;
	}
	return NULL;
}

/* Behind the object or array that begins at `at`, its brackets matched by kind. */
static const char *skip_nest(const char *at, const char *end)
{
	char open[DEEPEST];
	size_t depth = 0;

	while (at && at < end) {
		if (*at == '"') {
			at = skip_string(at, end);
			continue;
		}
		if (*at == '{' || *at == '[') {
			if (depth == DEEPEST)
				return NULL;
			open[depth++] = *at;
		} else if (*at == '}' || *at == ']') {
			if (open[--depth] != (*at == '}' ? '{' : '['))
				return NULL;
			if (depth == 0)
				return at + 1;
		}
		at++;
	}
	return NULL;
}

/* Behind the value that begins at `at`. */
static const char *skip_value(const char *at, const char *end)
{
	if (at < end && *at == '"')
		return skip_string(at, end);
	if (at < end && (*at == '{' || *at == '['))
		return skip_nest(at, end);
	const char *start = at;

	while (at < end && !strchr(",}] \t\r\n", *at))
		at++;
	return at > start ? at : NULL;
}

bool zg_alipay_cut(const char *bytes, size_t length, const char *name, struct zg_alipay_piece *piece)
{
	const char *end = bytes + length, *at = skip_blanks(bytes, end);
	size_t name_length = strlen(name);

	*piece = (struct zg_alipay_piece){ NULL, 0 };
	if (at >= end || *at++ != '{')
		return false;
	for (at = skip_blanks(at, end); at < end && *at != '}'; at = skip_blanks(at, end)) {
		const char *key = at, *key_end = skip_string(at, end), *value;

		at = key_end ? skip_blanks(key_end, end) : end;
		if (at >= end || *at++ != ':')
			return false;
		value = skip_blanks(at, end);
		at = skip_value(value, end);
		if (!at)
			return false;
		if ((size_t)(key_end - key) == name_length + 2 && memcmp(key + 1, name, name_length) == 0)
			*piece = (struct zg_alipay_piece){ value, (size_t)(at - value) };
		at = skip_blanks(at, end);
		if (at < end && *at == ',')
			at++;
		else if (at >= end || *at != '}')
			return false;
	}
	return at < end;
}
