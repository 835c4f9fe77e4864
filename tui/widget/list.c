#include "tui/widget/list.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "tui/key.h"

#include <stdlib.h>
#include <string.h>

void zg_list_clear(struct zg_list *list)
{
	free(list->shown);
	memset(list, 0, sizeof(*list));
}

/* The bar stays among the rows, the first row in sight so that the bar is. */
static void settle(struct zg_list *list)
{
	if (list->selected >= list->count)
		list->selected = list->count - 1;
	if (list->selected < 0 && list->count > 0)
		list->selected = 0;
	if (list->page > 0 && list->selected >= list->top + list->page)
		list->top = list->selected - list->page + 1;
	if (list->page > 0 && list->top > list->count - list->page)
		list->top = list->count - list->page;
	if (list->selected >= 0 && list->selected < list->top)
		list->top = list->selected;
	if (list->top < 0)
		list->top = 0;
}

int zg_list_row(const struct zg_list *list)
{
	if (list->selected < 0 || list->selected >= list->count)
		return -1;
	return list->shown ? list->shown[list->selected] : list->selected;
}

void zg_list_select(struct zg_list *list, int row)
{
	list->selected = row;
	for (int i = 0; list->shown && i < list->count; i++)
		if (list->shown[i] == row)
			list->selected = i;
	settle(list);
}

void zg_list_update(struct zg_list *list, int total, zg_list_match *match, const void *self)
{
	int row = zg_list_row(list), place = -1;
	bool is_filtered = match && list->filter.length > 0;

	list->total = list->count = total;
	free(list->shown);
	list->shown = NULL;
	if (is_filtered) {
		list->shown = zg_alloc((size_t)total + 1, sizeof(*list->shown));
		list->count = 0;
		for (int i = 0; i < total; i++)
			if (match(self, i, list->filter.text))
				list->shown[list->count++] = i;
	}
	for (int i = 0; i < list->count && row >= 0 && place < 0; i++)
		if ((list->shown ? list->shown[i] : i) == row)
			place = i;
	list->selected = place >= 0 ? place : list->selected;
	settle(list);
}

void zg_list_fit(struct zg_list *list, int page)
{
	list->page = page > 0 ? page : 0;
	settle(list);
}

static bool press_filter(struct zg_list *list, uint32_t code)
{
	switch (code) {
	case ZG_KEY_ENTER:
		list->filtering = false;
		return true;
	case ZG_KEY_ESC:
		zg_input_clear(&list->filter);
		list->filtering = false;
		return true;
	case ZG_KEY_UP:
	case ZG_KEY_DOWN:
	case ZG_KEY_PAGE_UP:
	case ZG_KEY_PAGE_DOWN:
		return false;
	}
	if (!zg_input_press(&list->filter, code) && code == ZG_KEY_BACKSPACE)
		list->filtering = false;
	return true;
}

bool zg_list_press(struct zg_list *list, uint32_t code)
{
	int page = list->page > 1 ? list->page - 1 : 1;

	if (list->filtering && press_filter(list, code))
		return true;
	switch (code) {
	case 'k':
	case ZG_KEY_UP: list->selected -= list->selected > 0; break;
	case 'j':
	case ZG_KEY_DOWN: list->selected++; break;
	case ZG_KEY_PAGE_UP: list->selected = list->selected > page ? list->selected - page : 0; break;
	case ZG_KEY_PAGE_DOWN: list->selected += page; break;
	case ZG_KEY_HOME: list->selected = 0; break;
	case ZG_KEY_END: list->selected = list->count - 1; break;
	case '/': list->filtering = true; break;
	default: return false;
	}
	settle(list);
	return true;
}

int zg_list_head(const struct zg_column *columns, int column_count)
{
	for (int i = 0; i < column_count; i++)
		if (columns[i].title && *columns[i].title)
			return 1;
	return 0;
}

/* The bar's sign and a blank, so that a sign drawn two cells wide shifts nothing; narrow screens do without. */
static int margin_of(const struct zg_pane *pane)
{
	return pane->columns >= 60 ? 2 : 1;
}

static bool is_shown(const struct zg_pane *pane, const struct zg_column *column)
{
	return pane->columns >= column->from;
}

/* The cells of the column that takes the rest: each column is followed by one blank. */
static int rest_of(const struct zg_pane *pane, const struct zg_column *columns, int column_count)
{
	int rest = pane->columns - margin_of(pane) - 1;

	for (int i = 0; i < column_count; i++)
		if (is_shown(pane, &columns[i]))
			rest -= columns[i].cells + 1;
	return rest + 1 > 0 ? rest + 1 : 0;
}

static void draw_cell(const struct zg_pane *pane, int row, int at, int cells, bool right, enum zg_ink ink, const char *text)
{
	if (right)
		zg_draw_right(pane, row, at, cells, ink, text);
	else
		zg_draw_text(pane, row, at, cells, ink, text);
}

static void draw_row(const struct zg_pane *pane, int row, const struct zg_column *columns, int column_count,
                     zg_list_cell *cell, const void *self, int item, bool chosen)
{
	int at = margin_of(pane), rest = rest_of(pane, columns, column_count);

	zg_draw_fill(pane, row, 0, pane->columns, chosen ? ZG_INK_BAR : ZG_INK_TEXT);
	for (int i = 0; i < column_count; i++) {
		struct zg_cell text = { .ink = item < 0 ? ZG_INK_DIM : ZG_INK_TEXT };

		if (!is_shown(pane, &columns[i]))
			continue;
		if (item >= 0)
			cell(self, item, i, &text);
		else if (columns[i].title && *columns[i].title)
			snprintf(text.text, sizeof(text.text), "%s", _(columns[i].title));
		int cells = columns[i].cells > 0 ? columns[i].cells : rest;

		draw_cell(pane, row, at, cells, columns[i].right, chosen ? ZG_INK_BAR : text.ink, text.text);
		at += cells + 1;
	}
	if (chosen && margin_of(pane) > 1)
		zg_draw_text(pane, row, 0, 1, ZG_INK_BAR, "▸");
}

void zg_list_draw(const struct zg_pane *pane, const struct zg_list *list, const struct zg_column *columns,
                  int column_count, zg_list_cell *cell, const void *self)
{
	int head = zg_list_head(columns, column_count);

	if (head)
		draw_row(pane, 0, columns, column_count, cell, self, -1, false);
	for (int row = head; row < pane->rows && list->top + row - head < list->count; row++) {
		int place = list->top + row - head;

		draw_row(pane, row, columns, column_count, cell, self, list->shown ? list->shown[place] : place,
		         place == list->selected);
	}
	/* that there is more above or below is shown at the edge, which no column comes to */
	if (list->top > 0)
		zg_draw_text(pane, head, pane->columns - 1, 1, ZG_INK_KEY, "↑");
	if (list->top + pane->rows - head < list->count)
		zg_draw_text(pane, pane->rows - 1, pane->columns - 1, 1, ZG_INK_KEY, "↓");
}
