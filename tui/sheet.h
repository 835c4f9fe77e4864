/*
 * A page of facts: a text at the left of each row, a figure at its right, sometimes one between, under headings.
 *
 * All figures end on one column, so that amounts can be compared by eye. The screen fills it once and draws it often.
 */
#ifndef ZG_TUI_SHEET_H
#define ZG_TUI_SHEET_H

#include "tui/widget/draw.h"

#include <stdbool.h>
#include <stdint.h>

#define ZG_SHEET_WIDTH 96    /* a wider pane leaves the rest empty: figures stay near their words */

struct zg_sheet_row {
	char *left, *middle, *right;    /* owned; NULL: nothing */
	enum zg_ink ink;
	bool is_heading;
	int height;    /* rows of the screen that it takes, from zg_sheet_fit: a long text goes on below */
};

/* Zero-initialise; clear lets the rows go and keeps where one was. */
struct zg_sheet {
	struct zg_sheet_row *rows;
	int count;
	size_t room;
	int height;  /* of all rows */
	int top;     /* first row of the screen that is in sight */
	int page;    /* how many are */
};

void zg_sheet_clear(struct zg_sheet *sheet);
/* Texts are translated, and copied; NULL for none. The middle one is left out where there is no room. */
void zg_sheet_add(struct zg_sheet *sheet, enum zg_ink ink, const char *left, const char *middle, const char *right);
/* A heading, with an empty row above it unless it is the first. */
void zg_sheet_heading(struct zg_sheet *sheet, const char *text);
/* Says how large the pane is that zg_sheet_draw will get. Call it from the screen's fit. */
void zg_sheet_fit(struct zg_sheet *sheet, int page, int columns);
/* Arrows, PgUp, PgDn, Home, End, j, k. True when it was the sheet's key. */
bool zg_sheet_press(struct zg_sheet *sheet, uint32_t code);
void zg_sheet_draw(const struct zg_pane *pane, const struct zg_sheet *sheet);
#endif
