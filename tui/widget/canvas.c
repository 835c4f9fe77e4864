#include "tui/widget/canvas.h"

#include "src/base/alloc.h"

#include <stdlib.h>
#include <string.h>

static struct zg_glyph glyph_of(enum zg_ink ink, wchar_t character)
{
	return (struct zg_glyph){ .text = { character }, .ink = (uint8_t)ink };
}

bool zg_canvas_resize(struct zg_canvas *canvas, int rows, int columns)
{
	if (canvas->cells && canvas->rows == rows && canvas->columns == columns)
		return false;
	free(canvas->cells);
	*canvas = (struct zg_canvas){ rows, columns, zg_alloc((size_t)rows * (size_t)columns, sizeof(struct zg_glyph)) };
	return true;
}

void zg_canvas_clear(struct zg_canvas *canvas)
{
	free(canvas->cells);
	*canvas = (struct zg_canvas){ 0 };
}

struct zg_glyph *zg_canvas_row(const struct zg_canvas *canvas, int row)
{
	return canvas->cells + (size_t)row * (size_t)canvas->columns;
}

void zg_canvas_blank(struct zg_canvas *canvas)
{
	struct zg_glyph *first = zg_canvas_row(canvas, 0);

	for (int column = 0; column < canvas->columns; column++)
		first[column] = glyph_of(ZG_INK_TEXT, L' ');
	for (int row = 1; row < canvas->rows; row++)
		memcpy(zg_canvas_row(canvas, row), first, (size_t)canvas->columns * sizeof(*first));
}

int zg_canvas_width(wchar_t character)
{
	/* most of what is drawn, and wcwidth looks each up */
	return character >= L' ' && character <= L'~' ? 1 : wcwidth(character);
}

static void blank(struct zg_glyph *cell)
{
	*cell = glyph_of(cell->ink, L' ');
}

/*
 * Before cells [column, column + cells) of a row are written: a wide character that either end cuts in two gives its
 * other half up, for a terminal cannot show half a character, and would shift the row from there on.
 */
static void cut_free(const struct zg_canvas *canvas, struct zg_glyph *cells, int column, int count)
{
	int after = column + count;

	if (column > 0 && cells[column].half == ZG_HALF_SECOND)
		blank(&cells[column - 1]);
	if (after < canvas->columns && cells[after].half == ZG_HALF_SECOND)
		blank(&cells[after]);
}

static void add_mark(struct zg_glyph *cell, wchar_t mark)
{
	for (int i = 1; i < ZG_GLYPH_TEXT; i++) {
		if (cell->text[i] == 0) {
			cell->text[i] = mark;
			return;
		}
	}
}

void zg_canvas_put(struct zg_canvas *canvas, int row, int column, int cells, enum zg_ink ink, const wchar_t *run, int length)
{
	struct zg_glyph *at = zg_canvas_row(canvas, row);
	int end = column + cells, base = column, next = column;

	if (cells <= 0)
		return;
	cut_free(canvas, at, column, cells);
	for (int i = 0; i < length; i++) {
		int width = zg_canvas_width(run[i]);

		if (width <= 0) {
			for (int k = base; k < next; k++)    /* one without a character before it has nowhere to go */
				add_mark(&at[k], run[i]);
			continue;
		}
		if (next + width > end)
			return;
		base = next;
		at[next] = glyph_of(ink, run[i]);
		if (width == 2) {
			at[next].half = ZG_HALF_FIRST;
			at[next + 1] = at[next];
			at[next + 1].half = ZG_HALF_SECOND;
		}
		next += width;
	}
}

void zg_canvas_fill(struct zg_canvas *canvas, int row, int column, int cells, enum zg_ink ink, wchar_t character)
{
	struct zg_glyph *at = zg_canvas_row(canvas, row);

	if (cells <= 0)
		return;
	cut_free(canvas, at, column, cells);
	for (int i = 0; i < cells; i++)
		at[column + i] = glyph_of(ink, character);
}
