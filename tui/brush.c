#include "tui/brush.h"

#include "src/base/alloc.h"
#include "src/base/text.h"

#include <stdlib.h>
#include <string.h>
#include <term.h>

#define CUP "\033[%i%p1%d;%p2%dH"
#define HPA "\033[%i%p1%dG"
#define CSR "\033[%i%p1%d;%p2%dr"
#define ECH "\033[%p1%dX"

#define BRIDGE  4     /* cells that are rather written again than passed over */
#define ERASED  10    /* blanks that are rather erased, which does not move the cursor, than written */
#define TAIL    4     /* and those at the end of a row */

/* How an ink looks. */
struct paint {
	char bytes[96];
	size_t length;
	short ground;
	bool is_flat;       /* its blanks show their ground and nothing else */
	bool can_erase;     /* what erases leaves that */
};

struct zg_brush {
	struct paint paints[ZG_INK_COUNT];
	int ink;            /* that the terminal writes in; -1: not known */
	int row, column;    /* where its cursor is; row -1: not known */
	bool has_columns, has_erase, has_tail, has_scroll, is_coloured;
	bool dirty[ZG_BRUSH_COLUMNS];    /* of one row: to be written */
};

static bool is(const char *string, const char *wanted)
{
	return string && string != (const char *)-1 && strcmp(string, wanted) == 0;
}

struct zg_brush *zg_brush_new(void)
{
	/* the plainest forms alone, which every terminal of today has: whatever is stranger is left to curses */
	if (!is(cursor_address, CUP) || !exit_attribute_mode || !move_standout_mode || magic_cookie_glitch > 0 ||
	    (auto_right_margin && !eat_newline_glitch))
		return NULL;
	struct zg_brush *brush = zg_alloc(1, sizeof(*brush));

	brush->has_columns = is(column_address, HPA);
	brush->has_erase = is(erase_chars, ECH);
	brush->has_tail = is(clr_eol, "\033[K");
	brush->has_scroll = is(change_scroll_region, CSR) && is(scroll_forward, "\n");
	brush->ink = brush->row = -1;
	return brush;
}

void zg_brush_free(struct zg_brush *brush)
{
	free(brush);
}

/* ---- inks ---- */

static void add(struct paint *paint, const char *string)
{
	for (const char *at = string; at && *at && paint->length < sizeof(paint->bytes); at++) {
		/* delays are for terminals of 1980 */
		if (at[0] == '$' && at[1] == '<' && strchr(at, '>'))
			at = strchr(at, '>');
		else
			paint->bytes[paint->length++] = *at;
	}
}

static struct paint paint_of(const struct zg_theme *theme, enum zg_ink ink)
{
	const struct zg_paint *colours = &theme->inks[ink];
	struct paint paint = { .ground = -1 };

	add(&paint, exit_attribute_mode);
	if (theme->colours) {
		paint.ground = colours->ground;
		add(&paint, orig_pair);
		if (colours->letter >= 0)
			add(&paint, tiparm(set_a_foreground, (int)colours->letter));
		if (colours->ground >= 0)
			add(&paint, tiparm(set_a_background, (int)colours->ground));
	}
	if (colours->attributes & A_BOLD)
		add(&paint, enter_bold_mode);
	if (colours->attributes & A_DIM)
		add(&paint, enter_dim_mode);
	if (colours->attributes & A_UNDERLINE)
		add(&paint, enter_underline_mode);
	if (colours->attributes & A_REVERSE)
		add(&paint, enter_reverse_mode);
	paint.is_flat = !(colours->attributes & (A_UNDERLINE | A_REVERSE));
	paint.can_erase = paint.is_flat && (back_color_erase || paint.ground < 0);
	return paint;
}

void zg_brush_lose(struct zg_brush *brush)
{
	brush->ink = brush->row = -1;
}

void zg_brush_set_theme(struct zg_brush *brush, const struct zg_theme *theme)
{
	for (int ink = 0; ink < ZG_INK_COUNT; ink++)
		brush->paints[ink] = paint_of(theme, (enum zg_ink)ink);
	brush->is_coloured = theme->colours;
	zg_brush_lose(brush);
}

/* ---- what differs ---- */

static bool is_same(const struct zg_glyph *a, const struct zg_glyph *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

static bool is_blank(const struct zg_glyph *cell)
{
	return cell->text[0] == L' ' && cell->text[1] == 0;
}

bool zg_brush_differ(const struct zg_glyph *wanted, const struct zg_glyph *shown, int width, int *first, int *last)
{
	int from = 0, to = width - 1;

	if (memcmp(wanted, shown, (size_t)width * sizeof(*wanted)) == 0)
		return false;
	while (is_same(&wanted[from], &shown[from]))
		from++;
	while (is_same(&wanted[to], &shown[to]))
		to--;
	*first = from;
	*last = to;
	return true;
}

/* Two blanks that differ in what no blank shows are the same to whoever looks. */
static bool looks_same(const struct zg_brush *brush, const struct zg_glyph *a, const struct zg_glyph *b)
{
	if (is_same(a, b))
		return true;
	if (!is_blank(a) || !is_blank(b) || a->ink >= ZG_INK_COUNT || b->ink >= ZG_INK_COUNT)
		return false;
	const struct paint *one = &brush->paints[a->ink], *other = &brush->paints[b->ink];

	return one->is_flat && other->is_flat && one->ground == other->ground;
}

/* ---- sending ---- */

static void add_number(struct zg_buffer *out, int number)
{
	char digits[8];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	zg_buffer_add(out, digits + at, sizeof(digits) - at);
}

static void move_to(struct zg_brush *brush, int row, int column, struct zg_buffer *out)
{
	bool is_along = brush->row == row && brush->has_columns;

	if (brush->row == row && brush->column == column)
		return;
	zg_buffer_add(out, "\033[", 2);
	if (!is_along) {
		add_number(out, row + 1);
		zg_buffer_add_byte(out, ';');
	}
	add_number(out, column + 1);
	zg_buffer_add_byte(out, is_along ? 'G' : 'H');
	brush->row = row;
	brush->column = column;
}

static void set_ink(struct zg_brush *brush, const struct zg_glyph *cell, struct zg_buffer *out)
{
	const struct paint *paint = &brush->paints[cell->ink];
	const struct paint *now = brush->ink >= 0 ? &brush->paints[brush->ink] : NULL;

	if (brush->ink == cell->ink || (is_blank(cell) && now && now->is_flat && paint->is_flat && now->ground == paint->ground))
		return;
	zg_buffer_add(out, paint->bytes, paint->length);
	brush->ink = cell->ink;
}

static void add_cell(struct zg_brush *brush, const struct zg_glyph *cell, struct zg_buffer *out)
{
	char bytes[4];

	set_ink(brush, cell, out);
	for (int i = 0; i < ZG_GLYPH_TEXT && cell->text[i]; i++)
		zg_buffer_add(out, bytes, zg_text_put(bytes, (uint32_t)cell->text[i]));
	brush->column += cell->half == ZG_HALF_NONE ? 1 : 2;
}

/* Whether the cells between where the cursor is and the next to be written are few and plain enough to be written again. */
static bool can_bridge(const struct zg_brush *brush, int row, const struct zg_glyph *wanted, int to)
{
	if (brush->row != row || brush->column > to || to - brush->column > BRIDGE)
		return false;
	for (int i = brush->column; i < to; i++)
		if (wanted[i].half != ZG_HALF_NONE || wanted[i].text[1] || wanted[i].ink != brush->ink)
			return false;
	return true;
}

/* Blanks from here that one erasing can make, up to the last that is to be written; *end: where they end. */
static int blanks_from(const struct zg_brush *brush, const struct zg_glyph *wanted, int from, int width, int *end)
{
	int last = from;

	for (*end = from; *end < width && is_blank(&wanted[*end]) && looks_same(brush, &wanted[*end], &wanted[from]); (*end)++)
		if (brush->dirty[*end])
			last = *end;
	return last + 1 - from;
}

void zg_brush_row(struct zg_brush *brush, int row, const struct zg_glyph *wanted, const struct zg_glyph *shown, int width,
                  struct zg_buffer *out)
{
	int first, last, end;

	if (!zg_brush_differ(wanted, shown, width, &first, &last))
		return;
	memset(brush->dirty, 0, sizeof(brush->dirty));
	for (int i = first; i <= last; i++)
		brush->dirty[i] = !looks_same(brush, &wanted[i], &shown[i]);
	for (int i = first; i <= last; i++) {
		if (!brush->dirty[i])
			continue;
		if (wanted[i].half == ZG_HALF_SECOND)
			continue;    /* written with the first */
		if (can_bridge(brush, row, wanted, i))
			while (brush->column < i)
				add_cell(brush, &wanted[brush->column], out);
		move_to(brush, row, i, out);
		if (is_blank(&wanted[i]) && brush->paints[wanted[i].ink].can_erase) {
			int count = blanks_from(brush, wanted, i, width, &end);

			if (brush->has_tail && end == width && count >= TAIL) {
				set_ink(brush, &wanted[i], out);
				zg_buffer_add(out, "\033[K", 3);
				return;
			}
			if (brush->has_erase && count >= ERASED) {
				set_ink(brush, &wanted[i], out);
				zg_buffer_add(out, "\033[", 2);
				add_number(out, count);
				zg_buffer_add_byte(out, 'X');
				i += count - 1;
				continue;
			}
		}
		add_cell(brush, &wanted[i], out);
	}
}

static void add_region(int top, int bottom, struct zg_buffer *out)
{
	zg_buffer_add(out, "\033[", 2);
	add_number(out, top + 1);
	zg_buffer_add_byte(out, ';');
	add_number(out, bottom + 1);
	zg_buffer_add_byte(out, 'r');
}

bool zg_brush_scroll(struct zg_brush *brush, int top, int bottom, int rows, struct zg_buffer *out)
{
	const struct paint *plain = &brush->paints[ZG_INK_TEXT];

	if (!brush->has_scroll || !plain->can_erase)
		return false;
	/* the new row gets the ground of the ink that is set */
	zg_buffer_add(out, plain->bytes, plain->length);
	brush->ink = ZG_INK_TEXT;
	add_region(top, bottom, out);
	brush->row = -1;    /* setting the region moves the cursor */
	move_to(brush, bottom, 0, out);
	zg_buffer_add_byte(out, '\n');
	add_region(0, rows - 1, out);
	brush->row = -1;
	return true;
}

void zg_brush_end(struct zg_brush *brush, const struct zg_caret *caret, struct zg_buffer *out)
{
	if (brush->ink >= 0) {
		zg_buffer_add_text(out, exit_attribute_mode);
		if (brush->is_coloured && orig_pair)
			zg_buffer_add_text(out, orig_pair);
	}
	brush->ink = -1;
	if (caret->shown)
		move_to(brush, caret->row, caret->column, out);
}
