/* A line that one types into. Plain data: a copy of it is a snapshot, and putting the copy back undoes what was typed. */
#ifndef ZG_TUI_WIDGET_INPUT_H
#define ZG_TUI_WIDGET_INPUT_H

#include "tui/widget/draw.h"

#include <stddef.h>

#define ZG_INPUT_SIZE 256

struct zg_input {
	char text[ZG_INPUT_SIZE];
	size_t length;    /* bytes */
	size_t cursor;    /* byte offset, at a character */
	size_t room;      /* bytes it may hold, below ZG_INPUT_SIZE; 0 means all of them */
	bool secret;      /* shows a * for each character: a PIN */
};

/* Empties it; room and secret stay. */
void zg_input_clear(struct zg_input *input);
/* Puts text in, cut to the room, the cursor behind it. */
void zg_input_set(struct zg_input *input, const char *text);
void zg_input_trim(struct zg_input *input);    /* takes blanks at both ends away: of a number, or before it is used */
/* Types text at the cursor; false: it did not fit, or is not clean text, and nothing changed. */
bool zg_input_add(struct zg_input *input, const char *text);
/* Acts on a key. True when the key was one for a line of text, whether or not it changed something. */
bool zg_input_press(struct zg_input *input, uint32_t code);
/* Draws ▏text▕ in the cells given, scrolled so that the cursor is in sight, and puts the caret there when focused. */
void zg_input_draw(const struct zg_pane *pane, int row, int column, int cells, const struct zg_input *input,
                   bool focused);
#endif
