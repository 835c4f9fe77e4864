#include "tui/painter.h"

#include "src/base/alloc.h"
#include "tui/brush.h"
#include "tui/place.h"
#include "tui/scroll.h"

#include <stdlib.h>
#include <string.h>

struct zg_painter {
	FILE *out;
	struct zg_place *place;
	struct zg_brush *brush;               /* NULL: curses draws alone */
	struct zg_canvas shown;               /* the frame before */
	struct zg_canvas held;                /* the last that curses was given, as it is in stdscr */
	cchar_t inks[ZG_INK_COUNT];           /* a cell of each */
	bool is_behind;                       /* curses does not know what the terminal shows */
	struct zg_caret caret;                /* where the cursor is */
	struct zg_buffer bytes;
};

struct zg_painter *zg_painter_new(FILE *out)
{
	struct zg_painter *painter = zg_alloc(1, sizeof(*painter));

	painter->out = out;
	painter->place = zg_place_new(out);
	painter->brush = zg_brush_new();
	return painter;
}

void zg_painter_free(struct zg_painter *painter)
{
	if (!painter)
		return;
	zg_place_free(painter->place);
	zg_brush_free(painter->brush);
	zg_canvas_clear(&painter->shown);
	zg_canvas_clear(&painter->held);
	zg_buffer_clear(&painter->bytes);
	free(painter);
}

void zg_painter_renew(struct zg_painter *painter)
{
	(void)painter;
	clearok(curscr, TRUE);
}

void zg_painter_set_theme(struct zg_painter *painter, const struct zg_theme *theme)
{
	for (int ink = 0; ink < ZG_INK_COUNT; ink++) {
		short pair;
		attr_t attributes = zg_theme_attributes(theme, (enum zg_ink)ink, &pair);

		setcchar(&painter->inks[ink], L" ", attributes, pair, NULL);
	}
	if (painter->brush)
		zg_brush_set_theme(painter->brush, theme);
	zg_canvas_clear(&painter->held);    /* so that every cell is put into stdscr anew */
	zg_painter_renew(painter);
}

/* Cells [first, last] of a row into stdscr. */
static void put(const struct zg_painter *painter, int row, const struct zg_glyph *cells, int first, int last)
{
	cchar_t run[ZG_BRUSH_COLUMNS];
	int count = 0;

	for (int i = first; i <= last && count < ZG_BRUSH_COLUMNS; i++) {
		if (cells[i].half == ZG_HALF_SECOND)
			continue;
		run[count] = painter->inks[cells[i].ink];
		memcpy(run[count++].chars, cells[i].text, sizeof(cells[i].text));
	}
	mvwadd_wchnstr(stdscr, row, first, run, count);
}

static void copy(struct zg_canvas *to, const struct zg_canvas *from)
{
	memcpy(to->cells, from->cells, (size_t)from->rows * (size_t)from->columns * sizeof(*from->cells));
}

/* What differs into stdscr. */
static void put_all(struct zg_painter *painter, const struct zg_canvas *frame)
{
	int first, last;

	zg_canvas_resize(&painter->held, frame->rows, frame->columns);
	for (int row = 0; row < frame->rows; row++)
		if (zg_brush_differ(zg_canvas_row(frame, row), zg_canvas_row(&painter->held, row), frame->columns, &first, &last))
			put(painter, row, zg_canvas_row(frame, row), first, last);
	copy(&painter->held, frame);
}

/* What differs into the bytes for the terminal, which first moves up itself what only moved up. */
static void brush_all(struct zg_painter *painter, const struct zg_canvas *frame)
{
	int top, bottom;

	if (zg_scroll_find(frame, &painter->shown, &top, &bottom) &&
	    zg_brush_scroll(painter->brush, top, bottom, frame->rows, &painter->bytes))
		zg_scroll_move(&painter->shown, top, bottom);
	for (int row = 0; row < frame->rows; row++)
		zg_brush_row(painter->brush, row, zg_canvas_row(frame, row), zg_canvas_row(&painter->shown, row), frame->columns,
		             &painter->bytes);
}

static void send_by_curses(struct zg_painter *painter, const struct zg_canvas *frame, const struct zg_caret *caret, bool is_plain)
{
	put_all(painter, frame);
	if (painter->is_behind)
		zg_painter_renew(painter);
	painter->is_behind = false;
	painter->caret = *caret;
	if (caret->shown)
		wmove(stdscr, caret->row, caret->column);
	wnoutrefresh(stdscr);
	zg_place_mark(painter->place, is_plain);
	doupdate();
	zg_place_settle(painter->place);
	if (painter->brush)
		zg_brush_lose(painter->brush);
}

static bool is_there(const struct zg_caret *a, const struct zg_caret *b)
{
	return a->shown == b->shown && (!a->shown || (a->row == b->row && a->column == b->column));
}

void zg_painter_show(struct zg_painter *painter, const struct zg_canvas *frame, const struct zg_caret *caret, bool is_plain)
{
	bool is_whole = zg_canvas_resize(&painter->shown, frame->rows, frame->columns) || is_cleared(curscr);
	bool can_brush = painter->brush && is_plain && !is_whole && frame->columns <= ZG_BRUSH_COLUMNS;

	curs_set(caret->shown);
	if (can_brush)
		brush_all(painter, frame);
	else
		send_by_curses(painter, frame, caret, is_plain);
	copy(&painter->shown, frame);
	if (!can_brush || (painter->bytes.length == 0 && is_there(caret, &painter->caret)))
		return;
	painter->caret = *caret;
	painter->is_behind = true;
	zg_brush_end(painter->brush, caret, &painter->bytes);
	fwrite(painter->bytes.bytes, 1, painter->bytes.length, painter->out);
	fflush(painter->out);
	zg_buffer_empty(&painter->bytes);
}
