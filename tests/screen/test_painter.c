/*
 * Frame after frame of chance is sent, and read by a terminal of the test's own: its cells, characters and looks, must be
 * those of the frame, whether curses sent the whole of it or the brush what had changed, and after what src/io/thrift.h
 * makes of the bytes.
 */
#include "src/base/buffer.h"
#include "src/base/text.h"
#include "src/io/thrift.h"
#include "tests/unit/chance.h"
#include "tui/painter.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS    16
#define COLUMNS 50

/* ---- the terminal: as much of one as xterm-256color's description uses ---- */

struct seen {
	uint32_t text[3];    /* 0 first: the second half of a wide character */
	int letter, ground;
	bool bold, dim, underline, reverse;
};

struct emulator {
	struct seen cells[ROWS][COLUMNS], pen;
	int row, column, top, bottom;
	uint32_t last;
};

static const struct seen plain = { .text = { ' ' }, .letter = 39, .ground = 49 };

/* What erases leaves the ground of the pen, and rubs out the other half of a character that it halves. */
static void wipe(struct emulator *e, int row, int from, int to)
{
	to = to > COLUMNS ? COLUMNS : to;
	if (from > 0 && from < COLUMNS && e->cells[row][from].text[0] == 0)
		e->cells[row][from - 1].text[0] = ' ';
	if (to < COLUMNS && e->cells[row][to].text[0] == 0)
		e->cells[row][to].text[0] = ' ';
	for (int i = from; i < to; i++) {
		e->cells[row][i] = plain;
		e->cells[row][i].ground = e->pen.ground;
	}
}

static void print(struct emulator *e, uint32_t character)
{
	int width = character < 0x300 || character >= 0x370 ? zg_canvas_width((wchar_t)character) : 0;
	struct seen *at = &e->cells[e->row][e->column];

	if (width == 0) {    /* a mark belongs to the character before it */
		at -= 1 + (e->column > 1 && at[-1].text[0] == 0);
		at->text[at->text[1] ? 2 : 1] = character;
		return;
	}
	cr_assert(e->column + width <= COLUMNS, "written over the edge of row %d", e->row);
	wipe(e, e->row, e->column, e->column + width);
	*at = e->pen;
	at->text[0] = character;
	at->text[1] = at->text[2] = 0;
	if (width == 2) {
		at[1] = *at;
		at[1].text[0] = 0;
	}
	e->column += width;
	e->last = character;
}

static void feed_line(struct emulator *e)
{
	if (e->row != e->bottom) {
		e->row++;
		cr_assert(e->row < ROWS, "below the last row");
		return;
	}
	memmove(&e->cells[e->top], &e->cells[e->top + 1], (size_t)(e->bottom - e->top) * sizeof(e->cells[0]));
	wipe(e, e->bottom, 0, COLUMNS);
}

static void look(struct emulator *e, int n)
{
	static const struct seen none = { .letter = 39, .ground = 49 };

	if (n == 0)
		e->pen = none;
	else if (n == 1)
		e->pen.bold = true;
	else if (n == 2)
		e->pen.dim = true;
	else if (n == 22)
		e->pen.bold = e->pen.dim = false;
	else if (n == 4 || n == 24)
		e->pen.underline = n == 4;
	else if (n == 7 || n == 27)
		e->pen.reverse = n == 7;
	else if (n >= 30 && n <= 39)
		e->pen.letter = n;
	else if (n >= 40 && n <= 49)
		e->pen.ground = n;
	else
		cr_assert(false, "a look that nobody knows: %d", n);
}

static void shift(struct emulator *e, int by)
{
	struct seen *row = e->cells[e->row];

	if (by > 0)
		memmove(row + e->column + by, row + e->column, (size_t)(COLUMNS - e->column - by) * sizeof(*row));
	else
		memmove(row + e->column, row + e->column - by, (size_t)(COLUMNS - e->column + by) * sizeof(*row));
	wipe(e, e->row, by > 0 ? e->column : COLUMNS + by, by > 0 ? e->column + by : COLUMNS);
}

static void control(struct emulator *e, char last, const int *numbers, int count)
{
	int n = numbers[0] < 1 ? 1 : numbers[0], m = count > 1 && numbers[1] > 0 ? numbers[1] : 1;

	switch (last) {
	case 'H': e->row = n - 1, e->column = m - 1; break;
	case 'd': e->row = n - 1; break;
	case 'G': e->column = n - 1; break;
	case 'A': e->row -= n; break;
	case 'B': e->row += n; break;
	case 'C': e->column += n; break;
	case 'D': e->column -= n; break;
	case 'K': wipe(e, e->row, numbers[0] == 1 ? 0 : e->column, numbers[0] == 1 ? e->column + 1 : COLUMNS); break;
	case 'X': wipe(e, e->row, e->column, e->column + n); break;
	case '@': shift(e, n); break;
	case 'P': shift(e, -n); break;
	case 'b':
		while (n-- > 0)
			print(e, e->last);
		break;
	case 'J':
		for (int row = numbers[0] == 2 ? 0 : e->row; row < ROWS; row++)
			wipe(e, row, row == e->row && numbers[0] != 2 ? e->column : 0, COLUMNS);
		break;
	case 'r':
		e->top = n - 1;
		e->bottom = count > 1 ? m - 1 : ROWS - 1;
		e->row = e->column = 0;
		break;
	case 'm':
		for (int i = 0; i < count; i++)
			look(e, numbers[i]);
		break;
	default: cr_assert(strchr("hltn", last) != NULL, "ESC [ %c", last);
	}
}

static const char *sequence(struct emulator *e, const char *at)
{
	int numbers[16] = { 0 }, count = 1;

	if (*at != '[')
		return at + (*at == '(' || *at == ')' ? 2 : 1);
	for (at++; !(*at >= 0x40 && *at <= 0x7E); at++) {
		if (*at == ';')
			numbers[count++] = 0;
		else if (*at >= '0' && *at <= '9')
			numbers[count - 1] = numbers[count - 1] * 10 + *at - '0';
		cr_assert(at[0] != 0 && count < 16, "a sequence without an end");
	}
	control(e, *at, numbers, count);
	return at + 1;
}

static void feed(struct emulator *e, const char *bytes)
{
	while (*bytes) {
		uint32_t character;

		if (*bytes == '\033') {
			bytes = sequence(e, bytes + 1);
			continue;
		}
		bytes += zg_text_next(bytes, strlen(bytes), &character, NULL);
		switch (character) {
		case '\r': e->column = 0; break;
		case '\n': feed_line(e); break;
		case '\b': e->column--; break;
		case '\t': e->column = (e->column / 8 + 1) * 8; break;
		default: if (character >= 0x20) print(e, character);
		}
	}
}

/* ---- frames of chance ---- */

static struct chance chance;

static int up_to(int most)
{
	return (int)chance_between(&chance, 0, most);
}

static enum zg_ink some_ink(void)
{
	return (enum zg_ink)up_to(ZG_INK_COUNT - 1);
}

/* Draws something somewhere; a scroll now and then, as when a line is added to a list. */
static void draw(struct zg_canvas *canvas)
{
	static const wchar_t *const texts[] = { L"农夫山泉", L"abc", L"￥12.50", L"1", L"康师傅  红茶 500g", L"█▀█ ▀", L"e\u0301x", L"   ",
		L"2026-11-25 16:42", L"统一矿泉水1号" };
	static const int widths[] = { 8, 3, 7, 1, 17, 5, 2, 3, 16, 13 };
	int row = up_to(ROWS - 1), which = up_to(9), cells = up_to(20);
	int column = up_to(COLUMNS - 1);

	switch (up_to(9)) {
	case 0:
	case 1:
		cells = cells < COLUMNS - column ? cells : COLUMNS - column;
		zg_canvas_fill(canvas, row, column, cells, some_ink(), L' ');
		break;
	case 2:
		zg_canvas_fill(canvas, row, 0, COLUMNS, some_ink(), up_to(1) ? L' ' : L'─');
		break;
	case 3:
		if (row < ROWS - 1)
			memmove(zg_canvas_row(canvas, row), zg_canvas_row(canvas, row + 1),
			        (size_t)(ROWS - 1 - row) * COLUMNS * sizeof(struct zg_glyph));
		break;
	default:
		column = up_to(COLUMNS - widths[which]);
		zg_canvas_put(canvas, row, column, widths[which], some_ink(), texts[which], (int)wcslen(texts[which]));
	}
}

/* ---- looking ---- */

static bool is_as_meant(const struct seen *seen, const struct zg_glyph *cell, const struct zg_theme *theme)
{
	const struct zg_paint *paint = &theme->inks[cell->ink];
	bool is_blank = cell->text[0] == L' ' && cell->text[1] == 0;
	int letter = theme->colours && paint->letter >= 0 ? 30 + paint->letter : 39;
	int ground = theme->colours && paint->ground >= 0 ? 40 + paint->ground : 49;

	if (seen->ground != ground || seen->underline != ((paint->attributes & A_UNDERLINE) != 0) ||
	    seen->reverse != ((paint->attributes & A_REVERSE) != 0))
		return false;
	if (is_blank)    /* a blank shows nothing else, unless it is reversed */
		return seen->text[0] == ' ' && (!seen->reverse || seen->letter == letter);
	if (cell->half == ZG_HALF_SECOND)
		return seen->text[0] == 0;
	return seen->text[0] == (uint32_t)cell->text[0] && seen->text[1] == (uint32_t)cell->text[1] && seen->letter == letter &&
	       seen->bold == ((paint->attributes & A_BOLD) != 0) && seen->dim == ((paint->attributes & A_DIM) != 0);
}

struct stage {
	FILE *out, *in;
	SCREEN *screen;
	long taken;
	struct zg_thrift thrift;
	struct zg_painter *painter;
	struct zg_canvas canvas;
	struct emulator terminal;
	const struct zg_theme *theme;
};

static void open_stage(struct stage *s, const char *theme)
{
	memset(s, 0, sizeof(*s));
	s->out = tmpfile();
	s->in = fopen("/dev/null", "r");
	setenv("LINES", "16", 1);
	setenv("COLUMNS", "50", 1);
	s->screen = newterm("xterm-256color", s->out, s->in);
	cr_assert(ne(ptr, s->screen, NULL));
	s->theme = zg_theme_find(theme);
	zg_theme_start(s->theme);
	s->painter = zg_painter_new(s->out);
	zg_painter_set_theme(s->painter, s->theme);
	zg_thrift_init(&s->thrift);
	zg_canvas_resize(&s->canvas, ROWS, COLUMNS);
	zg_canvas_blank(&s->canvas);
	s->terminal.bottom = ROWS - 1;
	look(&s->terminal, 0);
	for (int row = 0; row < ROWS; row++)
		wipe(&s->terminal, row, 0, COLUMNS);
}

static void close_stage(struct stage *s)
{
	endwin();
	delscreen(s->screen);
	zg_painter_free(s->painter);
	zg_canvas_clear(&s->canvas);
	fclose(s->out);
	fclose(s->in);
}

/* Shows the canvas; returns the bytes that reached the terminal. */
static size_t show(struct stage *s, const struct zg_caret *caret)
{
	struct zg_buffer sent = { 0 };
	char bytes[65536];

	zg_painter_show(s->painter, &s->canvas, caret, true);
	fflush(s->out);
	fseek(s->out, s->taken, SEEK_SET);
	size_t got = fread(bytes, 1, sizeof(bytes), s->out);

	fseek(s->out, 0, SEEK_END);
	s->taken += (long)got;
	zg_thrift_pass(&s->thrift, bytes, got, &sent);
	feed(&s->terminal, zg_buffer_text(&sent));
	got = sent.length;
	zg_buffer_clear(&sent);
	return got;
}

static void compare(const struct stage *s, int round)
{
	for (int row = 0; row < ROWS; row++)
		for (int column = 0; column < COLUMNS; column++)
			cr_assert(is_as_meant(&s->terminal.cells[row][column], zg_canvas_row(&s->canvas, row) + column, s->theme),
			          "seed %llu, frame %d: row %d, column %d", (unsigned long long)chance.seed, round, row, column);
}

static void play(const char *theme)
{
	struct stage s;

	chance = getenv("ZG_SEED") ? chance_begin() : (struct chance){ 20261125, 20261125 };
	open_stage(&s, theme);
	for (int round = 0; round < chance_rounds(1500); round++) {
		struct zg_caret caret = { up_to(ROWS - 1), up_to(COLUMNS - 1), up_to(3) > 0 };

		for (int i = up_to(6); i >= 0; i--)
			draw(&s.canvas);
		if (up_to(40) == 0)
			zg_painter_renew(s.painter);
		show(&s, &caret);
		compare(&s, round);
		if (caret.shown) {
			cr_assert(eq(int, s.terminal.row, caret.row), "frame %d", round);
			cr_assert(eq(int, s.terminal.column, caret.column), "frame %d", round);
		}
	}
	close_stage(&s);
}

Test(painter, what_the_terminal_shows_is_the_frame)
{
	play("dark");
}

Test(painter, so_it_is_on_light_ground)
{
	play("light");
}

Test(painter, so_it_is_with_high_contrast)
{
	play("high-contrast");
}

Test(painter, so_it_is_without_colours)
{
	play("mono");
}

/* ---- what it costs ---- */

Test(painter, a_frame_that_is_the_same_sends_nothing)
{
	struct zg_caret caret = { 3, 4, true };
	struct stage s;

	open_stage(&s, "dark");
	zg_canvas_put(&s.canvas, 2, 2, 8, ZG_INK_TEXT, L"农夫山泉", 4);
	show(&s, &caret);

	cr_expect(eq(sz, show(&s, &caret), 0));
	close_stage(&s);
}

Test(painter, one_character_costs_a_move_and_itself)
{
	struct zg_caret caret = { 3, 4, true }, behind = { 3, 5, true };
	struct stage s;

	open_stage(&s, "dark");
	show(&s, &caret);
	zg_canvas_put(&s.canvas, 3, 4, 1, ZG_INK_TEXT, L"7", 1);
	show(&s, &behind);
	zg_canvas_put(&s.canvas, 3, 5, 1, ZG_INK_TEXT, L"8", 1);
	behind.column = 6;

	cr_expect(eq(sz, show(&s, &behind), 1));    /* the cursor stands where it is to be written */
	close_stage(&s);
}

Test(painter, a_list_that_moves_up_is_moved_by_the_terminal)
{
	struct zg_caret caret = { ROWS - 1, 0, true };
	struct stage s;

	open_stage(&s, "dark");
	for (int row = 2; row < 12; row++)
		for (int i = 0; i < 10; i++)
			zg_canvas_fill(&s.canvas, row, 4 * i, 3, ZG_INK_TEXT, (wchar_t)(L'a' + (row * 7 + i * 5) % 26));
	show(&s, &caret);
	memmove(zg_canvas_row(&s.canvas, 2), zg_canvas_row(&s.canvas, 3), 9 * COLUMNS * sizeof(struct zg_glyph));
	zg_canvas_fill(&s.canvas, 11, 0, COLUMNS, ZG_INK_TEXT, L' ');
	zg_canvas_put(&s.canvas, 11, 0, 3, ZG_INK_TEXT, L"new", 3);

	cr_expect(lt(sz, show(&s, &caret), 60));
	compare(&s, 0);
	close_stage(&s);
}

Test(painter, after_noise_all_is_sent_anew)
{
	struct zg_caret caret = { 0, 0, true };
	struct stage s;

	open_stage(&s, "dark");
	for (int row = 0; row < ROWS; row++)
		zg_canvas_put(&s.canvas, row, 1, 8, ZG_INK_TEXT, L"农夫山泉", 4);
	show(&s, &caret);
	zg_canvas_put(&s.canvas, 0, 1, 8, ZG_INK_TEXT, L"康师傅a ", 5);
	show(&s, &caret);
	feed(&s.terminal, "\033[5;3Hnoise\033[9;20Hmore of it");
	zg_painter_renew(s.painter);
	show(&s, &caret);

	compare(&s, 0);
	close_stage(&s);
}
