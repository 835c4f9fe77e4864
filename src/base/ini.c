#include "src/base/ini.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/base/text.h"

#include <ini.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define SECTION_MAX 48     /* libinih keeps 49 bytes of a section's name and drops the rest */
#define KEYS_MAX    512    /* settings in one file */

struct reading {
	const char *at, *end;
	const char *name;
	size_t line;                   /* of the line just handed to libinih, from 1 */
	enum zg_result (*take)(void *self, const char *section, const char *key, const char *value, size_t line,
			       struct zg_error *err);
	void *self;
	enum zg_result result;         /* the first fault ends the reading */
	struct zg_error *err;
	char *seen[KEYS_MAX];          /* "section\nkey", owned */
	size_t count;
};

static enum zg_result fault(struct reading *r, enum zg_result result, const char *what)
{
	r->result = zg_fail(r->err, result, _("%s, line %zu: %s"), r->name, r->line, what);
	return r->result;
}

static const char *skip_blanks(const char *at, const char *end)
{
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	return at;
}

/* libinih cuts a value at a ';' that follows a space. */
static bool has_inner_comment(const char *at, size_t length)
{
	for (size_t i = 1; i < length; i++)
		if (at[i] == ';' && (at[i - 1] == ' ' || at[i - 1] == '\t'))
			return true;
	return false;
}

/*
 * A tab is a blank around a name or value; inside one it would reach screens and paper. So would a combining mark at its
 * beginning, where it has no letter any more.
 */
static bool is_clean(const char *at, const char *end)
{
	at = skip_blanks(at, end);
	while (end > at && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	return zg_text_is_clean(at, (size_t)(end - at), NULL, NULL);
}

/* What would go wrong in silence with this line, or NULL. */
static const char *line_fault(const char *line, size_t length)
{
	const char *end = line + length;
	const char *first = skip_blanks(line, end);
	bool comment = first < end && (*first == '#' || *first == ';');
	const char *unseen = _("there is a character in it that cannot be seen or is not UTF-8. Type the line again.");
	char spaced[ZG_INI_LINE + 1];

	if (length > ZG_INI_LINE)
		return _("the line is too long. Shorten it to 196 bytes; a Chinese character counts three.");
	for (size_t i = 0; i < length; i++)
		spaced[i] = line[i] == '\t' ? ' ' : line[i];
	if (!zg_text_is_clean(spaced, length, NULL, NULL))
		return unseen;
	if (first == end || comment)
		return NULL;
	if (first > line)
		return _("the line begins with a space. Take the space away.");
	if (has_inner_comment(line, length))
		return _("';' after a space would begin a comment. Put the comment on a line of its own.");
	if (*first == '[') {
		while (end[-1] == ' ' || end[-1] == '\t')    /* the '[' ends it */
			end--;
		if (memchr(first, ']', (size_t)(end - first)) != end - 1 || end - first - 2 > SECTION_MAX || end - first - 2 < 1)
			return _("this heading is not right. Write it as [name], with nothing after it.");
		/* blanks inside the brackets count; a mark that begins the name sits on the '[' only here */
		return zg_text_is_clean(first + 1, (size_t)(end - first - 2), NULL, NULL) ? NULL : unseen;
	}
	const char *equals = memchr(line, '=', length), *colon = memchr(line, ':', length);

	/* libinih would take a ':' for the '=' */
	if (!equals || equals == first || (colon && colon < equals))
		return _("there is no setting in it. Write it as key = value.");
	return is_clean(line, equals) && is_clean(equals + 1, end) ? NULL : unseen;
}

/* fgets() for libinih, which asks for a line at a time and is told of no fault by us but an early end. */
static char *read_line(char *to, int room, void *self)
{
	struct reading *r = self;

	if (r->result != ZG_OK || r->at == r->end)
		return NULL;
	const char *stop = memchr(r->at, '\n', (size_t)(r->end - r->at));
	const char *next = stop ? stop + 1 : r->end;
	size_t length = (size_t)((stop ? stop : r->end) - r->at);

	if (length > 0 && r->at[length - 1] == '\r')
		length--;
	r->line++;
	const char *why = line_fault(r->at, length);

	if (why) {
		fault(r, ZG_USAGE, why);
		return NULL;
	}
	zg_assert(room > 0 && length + 2 <= (size_t)room);
	memcpy(to, r->at, length);
	memcpy(to + length, "\n", 2);
	r->at = next;
	return to;
}

static bool is_new(struct reading *r, const char *section, const char *key)
{
	char *both = zg_print("%s\n%s", section, key);

	for (size_t i = 0; i < r->count; i++)
		if (strcmp(r->seen[i], both) == 0) {
			free(both);
			return false;
		}
	zg_assert(r->count < KEYS_MAX);
	r->seen[r->count++] = both;
	return true;
}

static int take_setting(void *self, const char *section, const char *key, const char *value)
{
	struct reading *r = self;
	struct zg_error why = { .text = "" };

	/* after a fault read_line gives no more lines */
	if (r->count == KEYS_MAX) {
		fault(r, ZG_USAGE, _("the file has too many settings. Take out what is not needed."));
		return 0;
	}
	if (!is_new(r, section, key)) {
		fault(r, ZG_USAGE, _("this setting stands there twice. Keep one of the two."));
		return 0;
	}
	enum zg_result result = r->take(r->self, section, key, value, r->line, &why);

	if (result != ZG_OK)
		fault(r, result, why.text);
	return result == ZG_OK;
}

enum zg_result zg_ini_read(const char *text, size_t length, const char *name,
			   enum zg_result (*take)(void *self, const char *section, const char *key, const char *value,
						  size_t line, struct zg_error *err),
			   void *self, struct zg_error *err)
{
	struct reading r = {
		.at = text, .end = text + length, .name = name, .take = take, .self = self, .result = ZG_OK, .err = err,
	};

	if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
		r.at += 3;
	int line = ini_parse_stream(read_line, &r, take_setting, &r);

	if (line != 0 && r.result == ZG_OK) {
		r.line = line > 0 ? (size_t)line : r.line;
		fault(&r, ZG_USAGE, _("this line is not understood. Write it as key = value."));
	}
	for (size_t i = 0; i < r.count; i++)
		free(r.seen[i]);
	return r.result;
}
