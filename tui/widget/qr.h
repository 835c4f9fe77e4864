/*
 * A QR code on the terminal: half blocks, dark on light in every theme, with its quiet zone. Two modules a row, one a column; with plain
 * signs blanks alone, one module a row and two cells a column.
 */
#ifndef ZG_TUI_WIDGET_QR_H
#define ZG_TUI_WIDGET_QR_H

#include "tui/widget/draw.h"

/*
 * Draws the code of a text at the pane's upper left corner. The quiet zone is 4 modules (below 3, where that saves a row), or 2 where the pane
 * has no room for that.
 * Returns the columns used; 0: it does not fit, or the text is too long for any code, and nothing was drawn.
 */
int zg_qr_draw(const struct zg_pane *pane, const char *text);
#endif
