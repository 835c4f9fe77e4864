/*
 * What the terminal is sent so that a row of cells becomes another: curses' part of doupdate, for the frames of a till.
 *
 * curses weighs ten ways to each place that it moves to, and hands every piece between two moves to the system by itself:
 * 65 writes and a million instructions for a list of goods (ncurses 6.4). Here a row is compared, and what
 * differs sent in the plainest way that the terminal's description knows, in one piece. src/io/thrift.h shortens it.
 */
#ifndef ZG_TUI_BRUSH_H
#define ZG_TUI_BRUSH_H

#include "src/base/buffer.h"
#include "tui/widget/draw.h"

#define ZG_BRUSH_COLUMNS 512    /* of the widest terminal: more than src/io/terminal.h has */

struct zg_brush;

/* After newterm. NULL: the terminal lacks what this needs, and only curses can draw on it. */
struct zg_brush *zg_brush_new(void);
void zg_brush_free(struct zg_brush *brush);
/* How the inks look from now on; pairs are those of zg_theme_start. */
void zg_brush_set_theme(struct zg_brush *brush, const struct zg_theme *theme);

/* Somebody else has written to the terminal: where its cursor is, and in what ink it writes, is not known any more. */
void zg_brush_lose(struct zg_brush *brush);

/* Whether two rows differ: in cells *first to *last, of which whole characters begin and end there. */
bool zg_brush_differ(const struct zg_glyph *wanted, const struct zg_glyph *shown, int width, int *first, int *last);
/* Adds what makes a row of the terminal that shows `shown` show `wanted`. */
void zg_brush_row(struct zg_brush *brush, int row, const struct zg_glyph *wanted, const struct zg_glyph *shown, int width,
                  struct zg_buffer *out);
/* Adds what moves rows top to bottom up by one; the last becomes blank. False: this terminal cannot, and nothing was added. */
bool zg_brush_scroll(struct zg_brush *brush, int top, int bottom, int rows, struct zg_buffer *out);
/* After the rows: plain again, and the cursor where it is to be, when it is shown. */
void zg_brush_end(struct zg_brush *brush, const struct zg_caret *caret, struct zg_buffer *out);
#endif
