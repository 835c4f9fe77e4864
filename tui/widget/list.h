/*
 * A list that scrolls: a bar on the chosen row, columns that each begin where they begin, a filter.
 *
 * The screen keeps the rows; the list only knows how many there are and asks for a cell's text.
 * Rows are counted as the screen counts them, also while a filter hides some.
 */
#ifndef ZG_TUI_WIDGET_LIST_H
#define ZG_TUI_WIDGET_LIST_H

#include "tui/widget/input.h"

#define ZG_CELL_TEXT 256

struct zg_column {
	const char *title;    /* msgid; NULL or "": none */
	int cells;            /* 0: what the others leave; one column at most */
	bool right;           /* money and numbers */
	int from;             /* shown when the pane has at least so many columns; 0: always */
};

struct zg_cell {
	char text[ZG_CELL_TEXT];
	enum zg_ink ink;    /* ZG_INK_TEXT unless set; the bar's ink wins, so a sign must tell too */
};

struct zg_list {
	int total;                /* rows of the screen */
	int *shown;               /* rows that the filter lets through, owned; NULL: all */
	int count;                /* how many are shown */
	int selected;             /* place of the bar among the shown; -1 when there are none */
	int top;                  /* place of the first row in sight */
	int page;                 /* rows in sight, from zg_list_fit */
	struct zg_input filter;
	bool filtering;           /* the filter is being typed */
};

/* Row -1 is never asked for. self is the screen's. */
typedef void zg_list_cell(const void *self, int row, int column, struct zg_cell *cell);
typedef bool zg_list_match(const void *self, int row, const char *filter);

void zg_list_clear(struct zg_list *list);
/* Says how many rows there are now, and applies the filter (match may be NULL). The bar stays on its row if it can. */
void zg_list_update(struct zg_list *list, int total, zg_list_match *match, const void *self);
/* Says how many rows are in sight; scrolls so that the bar is. Call it from the screen's fit. */
void zg_list_fit(struct zg_list *list, int page);
/* The row under the bar, as the screen counts; -1: none. */
int zg_list_row(const struct zg_list *list);
void zg_list_select(struct zg_list *list, int row);
/*
 * Arrows, PgUp, PgDn, Home, End, j, k; `/` starts the filter. True when it was the list's key. While
 * filtering every key is: Enter keeps the filter, Esc drops it. After a change of the filter call zg_list_update.
 */
bool zg_list_press(struct zg_list *list, uint32_t code);
/* The heading (when a column has a title) and the rows, in the whole pane. */
void zg_list_draw(const struct zg_pane *pane, const struct zg_list *list, const struct zg_column *columns,
                  int column_count, zg_list_cell *cell, const void *self);
/* Rows that the heading takes: 0 or 1. */
int zg_list_head(const struct zg_column *columns, int column_count);
#endif
