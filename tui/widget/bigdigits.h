/* An amount that can be read from two metres: three rows of half blocks, or one bold row where there is no room. */
#ifndef ZG_TUI_WIDGET_BIGDIGITS_H
#define ZG_TUI_WIDGET_BIGDIGITS_H

#include "tui/widget/draw.h"

#define ZG_BIG_ROWS 3

/* Cells of the large form; text has digits, '.', '-', '+', spaces and ￥. */
int zg_big_width(const char *text);
/* Draws it ending at the pane's right edge, from the row on. Large when three rows and the width are there, else bold. Returns the rows used. */
int zg_big_draw(const struct zg_pane *pane, int row, enum zg_ink ink, const char *text);
/* The same, beginning at a column. */
int zg_big_draw_left(const struct zg_pane *pane, int row, int column, enum zg_ink ink, const char *text);
#endif
