#include "tui/scroll.h"

#include <string.h>

#define LEAST_ROWS  4      /* that must have changed, or it is not worth a look */
#define LEAST_CELLS 60     /* that need not be written any more, or it is not worth the bytes */

/* Cells of one row of `wanted` that differ from a row of `shown`. */
static int cost(const struct zg_canvas *wanted, int row, const struct zg_canvas *shown, int from)
{
	const struct zg_glyph *a = zg_canvas_row(wanted, row), *b = zg_canvas_row(shown, from);
	int cells = 0;

	if (memcmp(a, b, (size_t)wanted->columns * sizeof(*a)) == 0)
		return 0;
	for (int i = 0; i < wanted->columns; i++)
		cells += memcmp(&a[i], &b[i], sizeof(*a)) != 0;
	return cells;
}

/* The same, if the row of the terminal were blank. */
static int cost_of_blank(const struct zg_canvas *wanted, int row)
{
	const struct zg_glyph *cells = zg_canvas_row(wanted, row);
	int count = 0;

	for (int i = 0; i < wanted->columns; i++)
		count += cells[i].text[0] != L' ' || cells[i].ink != ZG_INK_TEXT;
	return count;
}

static int changed_rows(const struct zg_canvas *wanted, const struct zg_canvas *shown)
{
	size_t size = (size_t)wanted->columns * sizeof(struct zg_glyph);
	int count = 0;

	for (int row = 0; row < wanted->rows; row++)
		count += memcmp(zg_canvas_row(wanted, row), zg_canvas_row(shown, row), size) != 0;
	return count;
}

bool zg_scroll_find(const struct zg_canvas *wanted, const struct zg_canvas *shown, int *top, int *bottom)
{
	int best = LEAST_CELLS, sum = 0, start = 0, plain = 0;
	bool found = false;

	if (changed_rows(wanted, shown) < LEAST_ROWS)
		return false;
	/* the rows one after the other that gain the most together, less what the blank row below them costs */
	for (int row = 0; row + 1 < wanted->rows; row++) {
		plain = row == 0 ? cost(wanted, 0, shown, 0) : plain;
		if (sum <= 0) {
			sum = 0;
			start = row;
		}
		sum += plain - cost(wanted, row, shown, row + 1);
		plain = cost(wanted, row + 1, shown, row + 1);
		int gain = sum + plain - cost_of_blank(wanted, row + 1);

		if (gain > best) {
			best = gain;
			*top = start;
			*bottom = row + 1;
			found = true;
		}
	}
	return found;
}

void zg_scroll_move(struct zg_canvas *canvas, int top, int bottom)
{
	struct zg_glyph *last = zg_canvas_row(canvas, bottom);

	memmove(zg_canvas_row(canvas, top), zg_canvas_row(canvas, top + 1),
	        (size_t)(bottom - top) * (size_t)canvas->columns * sizeof(*last));
	zg_canvas_fill(canvas, bottom, 0, canvas->columns, ZG_INK_TEXT, L' ');
}
