/* The last line: what the keys do here, made from the table that binds them, the most useful first, as many as fit. */
#ifndef ZG_TUI_WIDGET_KEYLINE_H
#define ZG_TUI_WIDGET_KEYLINE_H

#include "tui/binding.h"
#include "tui/widget/draw.h"

/*
 * Draws row 0 of the pane. self is the screen's state, for keys that only sometimes do something.
 * help is the key that shows them all: always the last on the line. NULL: none.
 */
void zg_keyline_draw(const struct zg_pane *pane, const struct zg_keymap *map, const struct zg_key *keys,
                     const void *self, const struct zg_key *help);
#endif
