#include "tui/sheet.h"

#include "src/base/alloc.h"
#include "src/base/text.h"
#include "tui/key.h"

#include <stdlib.h>

#define MARGIN       1
#define RIGHT_LEAST  9     /* "12,345.00" without its comma, and a sign */
#define MIDDLE_FROM  46    /* narrower panes leave the middle out */
#define MIDDLE_MOST  24
#define TEXT_ROWS    4     /* of the longest text */

void zg_sheet_clear(struct zg_sheet *sheet)
{
	for (int i = 0; i < sheet->count; i++) {
		free(sheet->rows[i].left);
		free(sheet->rows[i].middle);
		free(sheet->rows[i].right);
	}
	free(sheet->rows);
	sheet->rows = NULL;
	sheet->count = 0;
	sheet->room = 0;
}

void zg_sheet_add(struct zg_sheet *sheet, enum zg_ink ink, const char *left, const char *middle, const char *right)
{
	sheet->rows = zg_grow(sheet->rows, (size_t)sheet->count, &sheet->room, sizeof(*sheet->rows));
	sheet->rows[sheet->count++] = (struct zg_sheet_row){ zg_copy(left), zg_copy(middle), zg_copy(right), ink, false, 1 };
}

void zg_sheet_heading(struct zg_sheet *sheet, const char *text)
{
	if (sheet->count > 0)
		zg_sheet_add(sheet, ZG_INK_TEXT, NULL, NULL, NULL);
	zg_sheet_add(sheet, ZG_INK_DIM, text, NULL, NULL);
	sheet->rows[sheet->count - 1].is_heading = true;
}

static void settle(struct zg_sheet *sheet)
{
	if (sheet->top > sheet->height - sheet->page)
		sheet->top = sheet->height - sheet->page;
	if (sheet->top < 0)
		sheet->top = 0;
}

/* Cells between the margins. */
static int inner(int columns)
{
	return (columns < ZG_SHEET_WIDTH ? columns : ZG_SHEET_WIDTH) - 2 * MARGIN;
}

bool zg_sheet_press(struct zg_sheet *sheet, uint32_t code)
{
	int page = sheet->page > 1 ? sheet->page - 1 : 1;

	switch (code) {
	case 'k':
	case ZG_KEY_UP: sheet->top--; break;
	case 'j':
	case ZG_KEY_DOWN: sheet->top++; break;
	case ZG_KEY_PAGE_UP: sheet->top -= page; break;
	case ZG_KEY_PAGE_DOWN: sheet->top += page; break;
	case ZG_KEY_HOME: sheet->top = 0; break;
	case ZG_KEY_END: sheet->top = sheet->height; break;
	default: return false;
	}
	settle(sheet);
	return true;
}

struct widths {
	int left, middle, right;    /* cells of each part */
	int at_middle, at_right;
};

static int widest(const struct zg_sheet *sheet, bool is_right, int least, int most)
{
	int cells = is_right ? least : 0;

	for (int i = 0; i < sheet->count; i++) {
		const char *text = is_right ? sheet->rows[i].right : sheet->rows[i].middle;
		int width = text ? zg_screen_width(text) : 0;

		cells = width > cells ? width : cells;
	}
	return cells < most ? cells : most;
}

static struct widths measure(const struct zg_sheet *sheet, int pane_columns)
{
	int columns = inner(pane_columns);
	struct widths w = { .right = widest(sheet, true, RIGHT_LEAST, columns / 2) };

	w.middle = columns >= MIDDLE_FROM ? widest(sheet, false, 0, MIDDLE_MOST) : 0;
	w.at_right = MARGIN + columns - w.right;
	w.at_middle = w.at_right - (w.middle ? w.middle + 2 : 0);
	w.left = w.at_middle - MARGIN - 1;
	return w;
}

/* A text may run on as far as nothing stands behind it; what does not fit then goes on below. */
static int left_cells(const struct zg_sheet_row *row, const struct widths *w)
{
	if (row->middle && w->middle > 0)
		return w->left;
	return w->at_right + w->right - MARGIN - (row->right ? zg_screen_width(row->right) + 1 : 0);
}

void zg_sheet_fit(struct zg_sheet *sheet, int page, int columns)
{
	struct widths w = measure(sheet, columns);

	sheet->height = 0;
	for (int i = 0; i < sheet->count; i++) {
		struct zg_sheet_row *row = &sheet->rows[i];
		int rows = row->left ? zg_draw_wrap(NULL, 0, 0, left_cells(row, &w), TEXT_ROWS, row->ink, row->left) : 1;

		row->height = rows < 1 ? 1 : rows;
		sheet->height += row->height;
	}
	sheet->page = page > 0 ? page : 0;
	settle(sheet);
}

static void draw_row(const struct zg_pane *pane, int at, const struct zg_sheet_row *row, const struct widths *w)
{
	if (row->left)
		zg_draw_wrap(pane, at, MARGIN, left_cells(row, w), row->height, row->ink, row->left);
	if (row->middle && w->middle > 0)
		zg_draw_right(pane, at, w->at_middle, w->middle, ZG_INK_DIM, row->middle);
	if (row->right)
		zg_draw_right(pane, at, w->at_right, w->right, row->ink, row->right);
}

void zg_sheet_draw(const struct zg_pane *pane, const struct zg_sheet *sheet)
{
	struct widths w = measure(sheet, pane->columns);

	for (int i = 0, at = -sheet->top; i < sheet->count && at < pane->rows; at += sheet->rows[i++].height)
		if (at + sheet->rows[i].height > 0)
			draw_row(pane, at, &sheet->rows[i], &w);
	/* that there is more above or below is shown at the edge */
	if (sheet->top > 0)
		zg_draw_text(pane, 0, pane->columns - 1, 1, ZG_INK_KEY, "↑");
	if (sheet->top + pane->rows < sheet->height)
		zg_draw_text(pane, pane->rows - 1, pane->columns - 1, 1, ZG_INK_KEY, "↓");
}
