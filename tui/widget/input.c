#include "tui/widget/input.h"

#include "src/base/text.h"
#include "tui/key.h"

#include <stdio.h>
#include <string.h>

static size_t room_of(const struct zg_input *input)
{
	return input->room > 0 && input->room < ZG_INPUT_SIZE ? input->room : ZG_INPUT_SIZE - 1;
}

void zg_input_clear(struct zg_input *input)
{
	explicit_bzero(input->text, sizeof(input->text));
	input->length = input->cursor = 0;
}

void zg_input_set(struct zg_input *input, const char *text)
{
	zg_input_clear(input);
	zg_text_clean(input->text, room_of(input) + 1, text, strlen(text));
	input->length = input->cursor = strlen(input->text);
}

void zg_input_trim(struct zg_input *input)
{
	char text[ZG_INPUT_SIZE];

	snprintf(text, sizeof(text), "%s", input->text);
	zg_text_trim(text);
	if (strlen(text) != input->length)
		zg_input_set(input, text);
	explicit_bzero(text, sizeof(text));
}

bool zg_input_add(struct zg_input *input, const char *text)
{
	size_t length = strlen(text);

	if (input->length + length > room_of(input))
		return false;
	char whole[ZG_INPUT_SIZE];

	memcpy(whole, input->text, input->cursor);
	memcpy(whole + input->cursor, text, length);
	memcpy(whole + input->cursor + length, input->text + input->cursor, input->length - input->cursor);
	/* the whole line, because a combining mark is only clean behind its base character */
	bool clean = zg_text_is_clean(whole, input->length + length, NULL, NULL);

	if (clean) {
		input->length += length;
		input->cursor += length;
		memcpy(input->text, whole, input->length);
		input->text[input->length] = '\0';
	}
	explicit_bzero(whole, sizeof(whole));
	return clean;
}

/* The start of the character before a byte offset, its combining marks included. */
static size_t before(const struct zg_input *input, size_t at)
{
	for (;;) {
		char one[5] = "";

		if (at == 0)
			return 0;
		do {
			at--;
		} while (at > 0 && ((unsigned char)input->text[at] & 0xC0) == 0x80);
		for (size_t i = 0; i < 4 && at + i < input->length && (i == 0 || ((unsigned char)input->text[at + i] & 0xC0) == 0x80); i++)
			one[i] = input->text[at + i];
		if (zg_screen_width(one) > 0)
			return at;
	}
}

static size_t behind(const struct zg_input *input, size_t at)
{
	while (at < input->length) {
		uint32_t character;
		char one[5] = "";

		at += zg_text_next(input->text + at, input->length - at, &character, NULL);
		if (at >= input->length)
			break;
		size_t step = zg_text_next(input->text + at, input->length - at, &character, NULL);

		memcpy(one, input->text + at, step);
		if (zg_screen_width(one) > 0)
			break;
	}
	return at;
}

static void cut(struct zg_input *input, size_t from, size_t to)
{
	memmove(input->text + from, input->text + to, input->length - to);
	input->length -= to - from;
	memset(input->text + input->length, 0, to - from);
	input->cursor = from;
}

bool zg_input_press(struct zg_input *input, uint32_t code)
{
	char text[5] = "";

	if (zg_key_is_text(code)) {
		zg_text_put(text, code);
		zg_input_add(input, text);
		return true;
	}
	switch (code) {
	case ZG_KEY_BACKSPACE:
		if (input->cursor == 0)
			return input->length > 0;
		cut(input, before(input, input->cursor), input->cursor);
		return true;
	case ZG_KEY_DELETE: {
		size_t at = input->cursor;

		cut(input, at, behind(input, at));
		return true;
	}
	case ZG_KEY_LEFT:
		input->cursor = before(input, input->cursor);
		return true;
	case ZG_KEY_RIGHT:
		input->cursor = behind(input, input->cursor);
		return true;
	case ZG_KEY_HOME:
		input->cursor = 0;
		return true;
	case ZG_KEY_END:
		input->cursor = input->length;
		return true;
	case ZG_KEY_CTRL('U'):
		zg_input_clear(input);
		return true;
	}
	return false;
}

/* What is shown: the text, or a star for each character of a secret; *cursor becomes its place in that. */
static void show(const struct zg_input *input, char shown[ZG_INPUT_SIZE], size_t *cursor)
{
	size_t stars = 0;

	*cursor = input->cursor;
	memcpy(shown, input->text, input->length);
	shown[input->length] = '\0';
	if (!input->secret)
		return;
	for (size_t at = 0; at < input->length; at = behind(input, at)) {
		if (at == input->cursor)
			*cursor = stars;
		shown[stars++] = '*';
	}
	if (input->cursor == input->length)
		*cursor = stars;
	memset(shown + stars, 0, ZG_INPUT_SIZE - stars);
}

static int width_between(char *text, size_t from, size_t to)
{
	char kept = text[to];

	text[to] = '\0';
	int width = zg_screen_width(text + from);

	text[to] = kept;
	return width;
}

void zg_input_draw(const struct zg_pane *pane, int row, int column, int cells, const struct zg_input *input,
                   bool focused)
{
	char shown[ZG_INPUT_SIZE];
	size_t cursor, from = 0;
	int inside = cells - 2;

	if (inside < 2)
		return;
	show(input, shown, &cursor);
	/* one cell stays for the cursor behind the last character */
	while (width_between(shown, from, cursor) > inside - 1) {
		do {
			from++;
		} while (((unsigned char)shown[from] & 0xC0) == 0x80);
	}
	shown[from + zg_screen_cut(shown + from, inside, NULL)] = '\0';
	zg_draw_fill(pane, row, column, cells, ZG_INK_FIELD);
	zg_draw_text(pane, row, column, 1, ZG_INK_DIM, "▏");
	zg_draw_text(pane, row, column + 1, inside, ZG_INK_FIELD, shown + from);
	zg_draw_text(pane, row, column + cells - 1, 1, ZG_INK_DIM, "▕");
	if (focused && pane->caret) {
		/* a row of text that was cut left of the cursor still has the cursor in sight */
		int at = cursor >= from && cursor <= from + strlen(shown + from) ? width_between(shown, from, cursor) : inside - 1;

		*pane->caret = (struct zg_caret){ pane->top + row, pane->left + column + 1 + at, row < pane->rows };
	}
	explicit_bzero(shown, sizeof(shown));
}
