/*
 * A frame as it is wanted: cells, which draw.c writes and nobody else.
 *
 * It is memory alone. What of it differs from the frame before is found out by comparing the cells (tui/painter.h),
 * so that a screen may draw all of itself after each key, and only what changed costs anything at the terminal.
 * A wide character fills two cells; one that is written over in half loses its other half too.
 */
#ifndef ZG_TUI_WIDGET_CANVAS_H
#define ZG_TUI_WIDGET_CANVAS_H

#include "tui/theme.h"

#include <stdint.h>
#include <wchar.h>

#define ZG_GLYPH_TEXT CCHARW_MAX    /* a character and its combining marks: as many as curses keeps */

enum { ZG_HALF_NONE, ZG_HALF_FIRST, ZG_HALF_SECOND };

/* No byte of it is padding: cells are compared as memory. Both halves of a wide character have its text: they differ or are the same together. */
struct zg_glyph {
	wchar_t text[ZG_GLYPH_TEXT];    /* ends with 0 unless it is full */
	uint8_t ink;                    /* enum zg_ink */
	uint8_t half;
	uint8_t unused[2];              /* 0 */
};

/* Zero-initialise it to start. */
struct zg_canvas {
	int rows, columns;
	struct zg_glyph *cells;    /* owned; row by row */
};

/* Gives it another size, when it is another; true: it was, and the cells hold nothing yet. */
bool zg_canvas_resize(struct zg_canvas *canvas, int rows, int columns);
void zg_canvas_clear(struct zg_canvas *canvas);    /* lets the memory go */
/* Blanks in the plain ink everywhere. */
void zg_canvas_blank(struct zg_canvas *canvas);

/* The cells of a row. */
struct zg_glyph *zg_canvas_row(const struct zg_canvas *canvas, int row);
/* Cells that a character takes: 1 or 2; 0: a combining mark; -1: it cannot be shown. */
int zg_canvas_width(wchar_t character);
/* Writes characters, which fill so many cells; all of them lie in the row. */
void zg_canvas_put(struct zg_canvas *canvas, int row, int column, int cells, enum zg_ink ink, const wchar_t *run, int length);
/* Writes one character of one cell so many times. */
void zg_canvas_fill(struct zg_canvas *canvas, int row, int column, int cells, enum zg_ink ink, wchar_t character);
#endif
