/*
 * Brings a frame to the terminal: of what was drawn, only what differs from the frame before.
 *
 * A whole screen (the first one, after another size, another theme, line noise) is put into stdscr and sent by curses; so
 * is every frame on a terminal that draws signs two cells wide (tui/place.h), or does not tell, or is strange in other
 * ways. All others are sent by tui/brush.h, in one piece, and curses hears of them at the next whole screen.
 */
#ifndef ZG_TUI_PAINTER_H
#define ZG_TUI_PAINTER_H

#include "tui/widget/draw.h"

#include <stdio.h>

struct zg_painter;

/* After newterm, of which out is the output; borrowed. */
struct zg_painter *zg_painter_new(FILE *out);
void zg_painter_free(struct zg_painter *painter);
/* The inks have other looks from now on; zg_theme_start was called. The next frame is a whole one. */
void zg_painter_set_theme(struct zg_painter *painter, const struct zg_theme *theme);
/* The next frame is sent as a whole. */
void zg_painter_renew(struct zg_painter *painter);
/* is_plain: no sign in it is drawn two cells wide. */
void zg_painter_show(struct zg_painter *painter, const struct zg_canvas *frame, const struct zg_caret *caret, bool is_plain);
#endif
