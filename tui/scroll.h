/*
 * Finds out that a part of the frame is the one before, a row higher: a line was added to a list that is full.
 * A terminal does that by itself for twenty bytes, where writing the rows anew takes a thousand.
 */
#ifndef ZG_TUI_SCROLL_H
#define ZG_TUI_SCROLL_H

#include "tui/widget/canvas.h"

/* True: rows *top to *bottom are best moved up by one first, *bottom becoming blank. Both canvases have the same size. */
bool zg_scroll_find(const struct zg_canvas *wanted, const struct zg_canvas *shown, int *top, int *bottom);
/* Does to a canvas what the terminal then does. */
void zg_scroll_move(struct zg_canvas *canvas, int top, int bottom);
#endif
