#include "tests/screen/words.h"

#include <stdbool.h>
#include <string.h>

#define PARTS 16    /* of a row, between the lines of boxes */

static const char *const keys[] = {
	"Enter", "Esc", "Backspace", "Tab", "Shift", "Ctrl", "Up", "Down", "Left", "Right", "PgUp", "PgDn", "Home", "End", "Ins", "Del", "Space",
	NULL,
};

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_in(const char *const *list, const char *word, size_t length)
{
	for (; list && *list; list++)
		if (strlen(*list) == length && memcmp(*list, word, length) == 0)
			return true;
	return false;
}

/* A key of one letter, F12, Z1, R010000187, a seal of eight hexadecimal digits: letters and digits in one run. */
static bool is_name(const char *word, size_t length)
{
	size_t digits = 0, hex = is_digit(word[0]) || (word[0] >= 'a' && word[0] <= 'f');

	for (size_t i = 1; i < length; i++) {
		digits += is_digit(word[i]);
		hex += is_digit(word[i]) || (word[i] >= 'a' && word[i] <= 'f');
	}
	return length == 1 || hex == 8 || (digits == length - 1 && strchr("FRZ", word[0]));
}

static bool begins(const char *at, const char *end, const char *mark)
{
	size_t length = strlen(mark);

	return (size_t)(end - at) >= length && memcmp(at, mark, length) == 0;
}

/* What is open at a place: texts of the screen, a text of a slip, a mark that paper made '?' of. */
struct open {
	int screen, slip, lost;
};

static void read_part(const char *at, const char *end, struct open *open, const char *const *allowed, struct zg_buffer *out)
{
	const char *start = at;

	while (at < end) {
		size_t length = 0;

		while (at + length < end && (is_letter(at[length]) || is_digit(at[length])))
			length++;
		if (length > 0) {
			bool free = open->screen + open->slip + open->lost == 0 && is_letter(at[0]);

			if (free && !is_in(keys, at, length) && !is_in(allowed, at, length) && !is_name(at, length))
				zg_buffer_print(out, "%.*s ", (int)length, at);
			at += length;
			continue;
		}
		if (begins(at, end, "«"))
			open->screen++;
		else if (begins(at, end, "»"))
			open->screen -= open->screen > 0;
		else if (begins(at, end, "《"))
			open->slip = 1;
		else if (begins(at, end, "》"))
			open->slip = 0;
		else if (*at == '?' && open->lost)
			open->lost = 0;
		else if (*at == '?' && at + 1 < end && is_letter(at[1]) && (at == start || at[-1] == ' '))
			open->lost = 1;
		else if (begins(at, end, "…") && !begins(at + strlen("…"), end, "»"))
			open->screen = 0;    /* cut: its mark is gone */
		at++;
	}
}

/* The next line of a box, or the end of the row. */
static const char *next_line(const char *at, size_t *length)
{
	static const char *const lines[] = { "│", "┌", "┐", "└", "┘" };
	const char *nearest = at + strlen(at);

	*length = 0;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		const char *line = strstr(at, lines[i]);

		if (line && line < nearest) {
			nearest = line;
			*length = strlen(lines[i]);
		}
	}
	return nearest;
}

static size_t split(const char *row, const char *starts[PARTS], const char *ends[PARTS])
{
	size_t count = 0, length;

	do {
		starts[count] = row;
		ends[count] = next_line(row, &length);
		row = ends[count] + length;
		count++;
	} while (length > 0 && count < PARTS);
	return count;
}

/* A text ends here that began in a row before. */
static bool ends_open(const char *row)
{
	const char *first = strstr(row, "«"), *last = strstr(row, "»");

	return last && (!first || last < first);
}

void words_unmarked(const char *const *rows, size_t count, const char *const *allowed, struct zg_buffer *out)
{
	struct open open[PARTS] = { { 0 } };
	size_t parts = 0;

	for (size_t i = 0; i < count; i++) {
		const char *starts[PARTS], *ends[PARTS];
		size_t now = split(rows[i], starts, ends);
		/* What is beside a box is half covered; it was seen before the box opened. The first row is the status line. */
		bool has_box = i > 0 && now > 2;

		if (now != parts) {
			memset(open, 0, sizeof(open));
			open[0].screen = parts > 2 && ends_open(rows[i]);    /* its beginning is under the box */
		}
		parts = now;
		for (size_t k = has_box ? 1 : 0; k < now - (has_box ? 1 : 0); k++)
			read_part(starts[k], ends[k], &open[k], allowed, out);
	}
}

void words_template(const char *text, struct zg_buffer *out)
{
	bool in_note = *text == '#', in_braces = false, in_word = false;

	for (; *text; text++) {
		bool is_word = !in_note && !in_braces && (is_letter(*text) || (in_word && (is_digit(*text) || *text == '\'')));

		if (is_word != in_word)
			zg_buffer_add_text(out, is_word ? "《" : "》");
		in_word = is_word;
		zg_buffer_print(out, "%c", *text);
		if (*text == '{' || *text == '}')
			in_braces = *text == '{';
		else if (*text == '\n')
			in_note = text[1] == '#';
	}
}
