#include "tui/sheet.h"

#include "src/base/alloc.h"
#include "src/base/text.h"
#include "tui/key.h"

#include <stdlib.h>

#define MARGIN       1
#define RIGHT_LEAST  9     /* "12,345.00" without its comma, and a sign */
#define MIDDLE_FROM  46    /* narrower panes leave the middle out */
#define MIDDLE_MOST  24

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
	sheet->rows[sheet->count++] = (struct zg_sheet_row){ zg_copy(left), zg_copy(middle), zg_copy(right), ink, false };
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
	if (sheet->top > sheet->count - sheet->page)
		sheet->top = sheet->count - sheet->page;
	if (sheet->top < 0)
		sheet->top = 0;
}

void zg_sheet_fit(struct zg_sheet *sheet, int page)
{
	sheet->page = page > 0 ? page : 0;
	settle(sheet);
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
	case ZG_KEY_END: sheet->top = sheet->count; break;
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

static struct widths measure(const struct zg_pane *pane, const struct zg_sheet *sheet)
{
	int columns = (pane->columns < ZG_SHEET_WIDTH ? pane->columns : ZG_SHEET_WIDTH) - 2 * MARGIN;
	struct widths w = { .right = widest(sheet, true, RIGHT_LEAST, columns / 2) };

	w.middle = columns >= MIDDLE_FROM ? widest(sheet, false, 0, MIDDLE_MOST) : 0;
	w.at_right = MARGIN + columns - w.right;
	w.at_middle = w.at_right - (w.middle ? w.middle + 2 : 0);
	w.left = w.at_middle - MARGIN - 1;
	return w;
}

/* A text may run on to the edge where nothing stands behind it. */
static void draw_row(const struct zg_pane *pane, int at, const struct zg_sheet_row *row, const struct widths *w)
{
	int left = w->left;

	if (!row->right && !row->middle)
		left = w->at_right + w->right - MARGIN;
	else if (!row->middle)
		left = w->at_right - MARGIN - 1;
	if (row->left)
		zg_draw_text(pane, at, MARGIN, left, row->ink, row->left);
	if (row->middle && w->middle > 0)
		zg_draw_right(pane, at, w->at_middle, w->middle, ZG_INK_DIM, row->middle);
	if (row->right)
		zg_draw_right(pane, at, w->at_right, w->right, row->ink, row->right);
}

void zg_sheet_draw(const struct zg_pane *pane, const struct zg_sheet *sheet)
{
	struct widths w = measure(pane, sheet);

	for (int row = 0; row < pane->rows && sheet->top + row < sheet->count; row++)
		draw_row(pane, row, &sheet->rows[sheet->top + row], &w);
	/* that there is more above or below is shown at the edge */
	if (sheet->top > 0)
		zg_draw_text(pane, 0, pane->columns - 1, 1, ZG_INK_KEY, "↑");
	if (sheet->top + pane->rows < sheet->count)
		zg_draw_text(pane, pane->rows - 1, pane->columns - 1, 1, ZG_INK_KEY, "↓");
}
