/* The last line: what the keys do here, made from the table that binds them, the most useful first, as many as fit. */
#ifndef ZG_TUI_WIDGET_KEYLINE_H
#define ZG_TUI_WIDGET_KEYLINE_H

#include "tui/binding.h"
#include "tui/widget/draw.h"

/*
 * Draws row 0 of the pane. self is the screen's state, for keys that only sometimes do something.
 * back is the key that leads back, help the one that shows them all: they end the line, where it is wide in every case.
 * NULL: none.
 */
void zg_keyline_draw(const struct zg_pane *pane, const struct zg_keymap *map, const struct zg_key *keys,
                     const void *self, const struct zg_key *back, const struct zg_key *help);
#endif
