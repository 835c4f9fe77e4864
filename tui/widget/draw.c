#include "tui/widget/draw.h"

#include "src/base/alloc.h"
#include "src/base/text.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define RUN 512    /* cells of the widest text: a row of the largest terminal */

/* East Asian width "ambiguous" (UAX 11) as far as our texts and goods' names use them, and what stands for each. */
static const struct { uint32_t sign; char plain; } signs[] = {
	{ 0x00A7, 'S' }, { 0x00B0, 'o' }, { 0x00B1, '+' }, { 0x00B7, '.' }, { 0x00D7, 'x' }, { 0x00F7, '/' },
	{ 0x2014, '-' }, { 0x2018, '\'' }, { 0x2019, '\'' }, { 0x201C, '"' }, { 0x201D, '"' }, { 0x2026, '.' },
	{ 0x2030, '%' }, { 0x2103, 'C' }, { 0x2190, '<' }, { 0x2191, '^' }, { 0x2192, '>' }, { 0x2193, 'v' },
	{ 0x2460, '1' }, { 0x2461, '2' }, { 0x2462, '3' }, { 0x2463, '4' }, { 0x2464, '5' }, { 0x2465, '6' },
	{ 0x2466, '7' }, { 0x2467, '8' }, { 0x2468, '9' }, { 0x2500, '-' }, { 0x2502, '|' }, { 0x250C, '+' },
	{ 0x2510, '+' }, { 0x2514, '+' }, { 0x2518, '+' }, { 0x2580, '"' }, { 0x2581, '_' }, { 0x2582, '_' },
	{ 0x2583, '_' }, { 0x2584, 'o' }, { 0x2585, 'o' }, { 0x2586, 'O' }, { 0x2587, '#' }, { 0x2588, '#' },
	{ 0x258F, '[' }, { 0x2591, ':' }, { 0x2592, '%' }, { 0x2595, ']' }, { 0x25A0, '#' }, { 0x25A1, 'o' },
	{ 0x25B2, '!' }, { 0x25B8, '>' }, { 0x25BC, 'v' }, { 0x25CB, 'o' }, { 0x25CF, '*' }, { 0x2605, '*' },
	{ 0x2713, '+' }, { 0x2717, 'x' },
};

static int find_sign(uint32_t character)
{
	int low = 0, high = (int)(sizeof(signs) / sizeof(signs[0])) - 1;

	while (low <= high) {
		int middle = (low + high) / 2;

		if (signs[middle].sign == character)
			return middle;
		if (signs[middle].sign < character)
			low = middle + 1;
		else
			high = middle - 1;
	}
	return -1;
}

bool zg_sign_is_ambiguous(uint32_t character)
{
	return find_sign(character) >= 0;
}

uint32_t zg_sign_plain(uint32_t character)
{
	int at = find_sign(character);

	return at >= 0 ? (unsigned char)signs[at].plain : character;
}

struct zg_pane zg_pane_part(const struct zg_pane *pane, int row, int column, int rows, int columns)
{
	struct zg_pane part = *pane;

	row = row < 0 ? 0 : row;
	column = column < 0 ? 0 : column;
	part.top += row;
	part.left += column;
	part.rows = rows < pane->rows - row ? rows : pane->rows - row;
	part.columns = columns < pane->columns - column ? columns : pane->columns - column;
	if (part.rows < 0)
		part.rows = 0;
	if (part.columns < 0)
		part.columns = 0;
	return part;
}

/* Cuts the cells that are asked for to what the pane has; 0 or less: nothing to draw. */
static int clip(const struct zg_pane *pane, int row, int column, int cells)
{
	if (row < 0 || row >= pane->rows || column < 0)
		return 0;
	if (cells > pane->columns - column)
		cells = pane->columns - column;
	return cells > RUN ? RUN : cells;
}

static bool is_wide(WINDOW *window, int row, int column)
{
	cchar_t cell;
	wchar_t text[CCHARW_MAX + 1] = { 0 };
	attr_t attributes;
	short pair;

	return mvwin_wch(window, row, column, &cell) == OK && getcchar(&cell, text, &attributes, &pair, NULL) == OK && wcwidth(text[0]) == 2;
}

/* curses keeps a wide character in both its cells; which half this one is, tells the count of wide cells before it. */
static bool is_second_half(WINDOW *window, int row, int column)
{
	int start = column;

	if (column <= 0 || column >= getmaxx(window) || !is_wide(window, row, column))
		return false;
	while (start > 0 && is_wide(window, row, start - 1))
		start--;
	return (column - start) % 2 == 1;
}

/* A blank in the colours the cell has. */
static void blank_half(WINDOW *window, int row, int column)
{
	cchar_t cell, blank;
	wchar_t text[CCHARW_MAX + 1] = { 0 };
	attr_t attributes;
	short pair;

	if (mvwin_wch(window, row, column, &cell) == OK && getcchar(&cell, text, &attributes, &pair, NULL) == OK &&
	    setcchar(&blank, L" ", attributes, pair, NULL) == OK)
		mvwadd_wch(window, row, column, &blank);
}

/*
 * Before cells [column, column + cells) of the window's row are written: a wide character that either end cuts in
 * two gives its other half up. curses leaves that half in the window (ncurses 6.4), and then the terminal, which
 * can not show half a character, has a row that is shifted from there on.
 */
static void cut_free(WINDOW *window, int row, int column, int cells)
{
	bool before = is_second_half(window, row, column), after = is_second_half(window, row, column + cells);

	if (before)
		blank_half(window, row, column - 1);
	if (after)
		blank_half(window, row, column + cells);
}

static void put(const struct zg_pane *pane, int row, int column, enum zg_ink ink, const wchar_t *run, int length,
		int cells)
{
	short pair;
	attr_t attributes = zg_theme_attributes(pane->look->theme, ink, &pair);

	if (cells > 0)
		cut_free(pane->window, pane->top + row, pane->left + column, cells);
	wattr_set(pane->window, attributes, pair, NULL);
	mvwaddnwstr(pane->window, pane->top + row, pane->left + column, run, length);
	wattr_set(pane->window, A_NORMAL, 0, NULL);
}

/* The characters of text that fit in `cells`. Returns their number; *used gets the cells, *rest what did not fit. */
static int compose(const struct zg_look *look, const char *text, int cells, wchar_t *run, int *used, const char **rest)
{
	size_t length = strlen(text), step;
	uint32_t character;
	int count = 0;

	*used = 0;
	while ((step = zg_text_next(text, length, &character, NULL)) > 0 && count < RUN) {
		if (look->ascii)
			character = zg_sign_plain(character);
		int width = wcwidth((wchar_t)character);

		if (width < 0 || character < 0x20) {
			character = '?';
			width = 1;
		}
		if (*used + width > cells)
			break;
		run[count++] = (wchar_t)character;
		*used += width;
		text += step;
		length -= step;
	}
	*rest = text;
	return count;
}

int zg_draw_text(const struct zg_pane *pane, int row, int column, int cells, enum zg_ink ink, const char *text)
{
	wchar_t run[RUN + 1];
	const char *rest;
	int used, count;

	cells = clip(pane, row, column, cells);
	if (cells <= 0)
		return 0;
	count = compose(pane->look, text, cells, run, &used, &rest);
	if (*rest && cells > 2) {
		count = compose(pane->look, text, cells - 1, run, &used, &rest);
		run[count++] = pane->look->ascii ? L'.' : L'…';
		used++;
	}
	put(pane, row, column, ink, run, count, used);
	return used;
}

int zg_draw_print(const struct zg_pane *pane, int row, int column, int cells, enum zg_ink ink,
                  const char *format, ...)
{
	char text[RUN * 4];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return zg_draw_text(pane, row, column, cells, ink, text);
}

/* How many cells before the text, so that it ends at the right edge or stands in the middle. */
static int space_before(const struct zg_pane *pane, int row, int column, int cells, const char *text)
{
	int wide = clip(pane, row, column, cells) - zg_screen_width(text);

	return wide > 0 ? wide : 0;
}

int zg_draw_right(const struct zg_pane *pane, int row, int column, int cells, enum zg_ink ink, const char *text)
{
	int before = space_before(pane, row, column, cells, text);

	return zg_draw_text(pane, row, column + before, cells - before, ink, text);
}

int zg_draw_centre(const struct zg_pane *pane, int row, int column, int cells, enum zg_ink ink, const char *text)
{
	int before = space_before(pane, row, column, cells, text) / 2;

	return zg_draw_text(pane, row, column + before, cells - before, ink, text);
}

/* As a line of blanks: curses then writes the cells at once, where text costs it a look at every character. */
void zg_draw_fill(const struct zg_pane *pane, int row, int column, int cells, enum zg_ink ink)
{
	short pair;
	attr_t attributes = zg_theme_attributes(pane->look->theme, ink, &pair);
	cchar_t blank;

	cells = clip(pane, row, column, cells);
	if (cells <= 0)
		return;
	cut_free(pane->window, pane->top + row, pane->left + column, cells);
	setcchar(&blank, L" ", attributes, pair, NULL);
	mvwhline_set(pane->window, pane->top + row, pane->left + column, &blank, cells);
}

void zg_draw_blank(const struct zg_pane *pane)
{
	for (int row = 0; row < pane->rows; row++)
		zg_draw_fill(pane, row, 0, pane->columns, ZG_INK_TEXT);
}

/* Lines are curses' own, so that a terminal without them gets its ACS form. */
static void line(const struct zg_pane *pane, int row, int column, int cells, bool upright)
{
	cchar_t plain;
	short pair;
	attr_t attributes = zg_theme_attributes(pane->look->theme, ZG_INK_DIM, &pair);
	const cchar_t *sign = upright ? WACS_VLINE : WACS_HLINE;

	if (pane->look->ascii) {
		setcchar(&plain, upright ? L"|" : L"-", 0, 0, NULL);
		sign = &plain;
	}
	for (int i = 0; i < (upright ? cells : 1); i++)
		cut_free(pane->window, pane->top + row + i, pane->left + column, upright ? 1 : cells);
	wattr_set(pane->window, attributes, pair, NULL);
	if (upright)
		mvwvline_set(pane->window, pane->top + row, pane->left + column, sign, cells);
	else
		mvwhline_set(pane->window, pane->top + row, pane->left + column, sign, cells);
	wattr_set(pane->window, A_NORMAL, 0, NULL);
}

static void corner(const struct zg_pane *pane, int row, int column, const cchar_t *sign)
{
	cchar_t plain;
	short pair;
	attr_t attributes = zg_theme_attributes(pane->look->theme, ZG_INK_DIM, &pair);

	if (pane->look->ascii) {
		setcchar(&plain, L"+", 0, 0, NULL);
		sign = &plain;
	}
	cut_free(pane->window, pane->top + row, pane->left + column, 1);
	wattr_set(pane->window, attributes, pair, NULL);
	mvwadd_wch(pane->window, pane->top + row, pane->left + column, sign);
	wattr_set(pane->window, A_NORMAL, 0, NULL);
}

void zg_draw_rule(const struct zg_pane *pane, int row)
{
	if (clip(pane, row, 0, pane->columns) > 0)
		line(pane, row, 0, pane->columns, false);
}

struct zg_pane zg_draw_frame(const struct zg_pane *pane, const char *title)
{
	int right = pane->columns - 1, bottom = pane->rows - 1;

	if (right < 2 || bottom < 2)
		return *pane;
	zg_draw_blank(pane);
	line(pane, 0, 1, right - 1, false);
	line(pane, bottom, 1, right - 1, false);
	line(pane, 1, 0, bottom - 1, true);
	line(pane, 1, right, bottom - 1, true);
	corner(pane, 0, 0, WACS_ULCORNER);
	corner(pane, 0, right, WACS_URCORNER);
	corner(pane, bottom, 0, WACS_LLCORNER);
	corner(pane, bottom, right, WACS_LRCORNER);
	if (title && *title)
		zg_draw_print(pane, 0, 2, pane->columns - 4, ZG_INK_STATUS, " %s ", title);
	return zg_pane_part(pane, 1, 2, bottom - 1, right - 3);
}

/* Bytes of text that make the next row: up to a newline, else as many whole words, or wide characters, as fit. */
static size_t row_of(const char *text, int cells)
{
	size_t newline = strcspn(text, "\n"), fits = 0, at = 0;
	int used = 0;

	while (at < newline) {
		uint32_t character;
		size_t step = zg_text_next(text + at, newline - at, &character, NULL);
		int width = wcwidth((wchar_t)character);

		if (character == ' ' || (width > 1 && at > 0))
			fits = at;
		used += width < 0 ? 1 : width;
		if (used > cells)
			return fits > 0 ? fits : at > 0 ? at : step;
		at += step;
	}
	return newline;
}

int zg_draw_wrap(const struct zg_pane *pane, int row, int column, int cells, int rows, enum zg_ink ink,
                 const char *text)
{
	int used = 0;

	if (cells < 2)
		return 0;
	for (; *text && used < rows; used++) {
		size_t length = row_of(text, cells);

		if (pane) {
			/* the last row shows by its … that more would come */
			char *part = used == rows - 1 ? zg_copy(text) : zg_copy_bytes(text, length);

			part[strcspn(part, "\n")] = '\0';
			zg_draw_text(pane, row + used, column, cells, ink, part);
			free(part);
		}
		text += length;
		if (*text == '\n' || *text == ' ')
			text++;
	}
	return used;
}
