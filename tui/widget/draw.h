/*
 * Drawing texts into a part of the screen, by cells.
 *
 * A pane is a rectangle of a window; rows and columns count from its own corner, and nothing is
 * drawn outside it. Texts are UTF-8 and clean or our own; a wide character that would be cut in half is left out,
 * and one that is drawn over in half loses its other half too.
 * With look->ascii, signs of ambiguous width are replaced, one cell for one cell.
 */
#ifndef ZG_TUI_WIDGET_DRAW_H
#define ZG_TUI_WIDGET_DRAW_H

#include "tui/theme.h"

#include <stdint.h>

/* Where the terminal's cursor goes after the frame: where one types. */
struct zg_caret {
	int row, column;    /* of the window */
	bool shown;
};

struct zg_pane {
	WINDOW *window;
	const struct zg_look *look;
	struct zg_caret *caret;    /* NULL: nothing here is typed into */
	int top, left;             /* of the window */
	int rows, columns;
};

/* The part that begins at row, column; cut to what the pane has. May end up with no rows or columns. */
struct zg_pane zg_pane_part(const struct zg_pane *pane, int row, int column, int rows, int columns);

/* Draws at most `cells` cells from row, column; a longer text ends in … . Returns the cells drawn. */
int zg_draw_text(const struct zg_pane *pane, int row, int column, int cells, enum zg_ink ink, const char *text);
int zg_draw_print(const struct zg_pane *pane, int row, int column, int cells, enum zg_ink ink,
                  const char *format, ...) __attribute__((format(printf, 6, 7)));
/* The same, ending at the right edge of those cells. */
int zg_draw_right(const struct zg_pane *pane, int row, int column, int cells, enum zg_ink ink, const char *text);
int zg_draw_centre(const struct zg_pane *pane, int row, int column, int cells, enum zg_ink ink, const char *text);
/* Blank cells in the ink's colours; draw it before the texts of a bar. */
void zg_draw_fill(const struct zg_pane *pane, int row, int column, int cells, enum zg_ink ink);
/* Empties the whole pane. */
void zg_draw_blank(const struct zg_pane *pane);
/* A line across the whole pane. */
void zg_draw_rule(const struct zg_pane *pane, int row);
/* A frame around the pane, and the pane inside it, emptied. */
struct zg_pane zg_draw_frame(const struct zg_pane *pane, const char *title);
/* Breaks a text into rows: at spaces, and between wide characters. Draws none when pane is NULL. Returns the rows used, at most `rows`. */
int zg_draw_wrap(const struct zg_pane *pane, int row, int column, int cells, int rows, enum zg_ink ink, const char *text);

/* True for a character that some Chinese terminals draw two cells wide. */
bool zg_sign_is_ambiguous(uint32_t character);
/* The ASCII character that stands for it with signs = ascii; the character itself when there is none. */
uint32_t zg_sign_plain(uint32_t character);
#endif
