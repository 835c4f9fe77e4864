/* Themes, signs, widths. */
#include "tests/screen/demo.h"

#include "src/base/text.h"
#include "tui/widget/bigdigits.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

Test(look, no_color_and_plain_terminals_are_mono)
{
	cr_expect(eq(str, (char *)zg_theme_pick("light", true, NULL)->name, "light"));
	cr_expect(eq(str, (char *)zg_theme_pick("light", true, "")->name, "light"));
	cr_expect(eq(str, (char *)zg_theme_pick("light", true, "1")->name, "mono"));
	cr_expect(eq(str, (char *)zg_theme_pick("light", false, NULL)->name, "mono"));
	cr_expect(eq(str, (char *)zg_theme_pick("no-such", true, NULL)->name, "dark"));
	cr_expect(eq(str, (char *)zg_theme_pick(NULL, true, NULL)->name, "dark"));
}

Test(look, a_refusal_has_its_sign_and_word_in_every_theme)
{
	for (const struct zg_theme *theme = zg_themes; theme->name; theme++) {
		struct zg_app_parts parts;

		harness_parts(&parts, 24, 80);
		parts.theme = theme->name;
		parts.status = demo_status;
		struct harness *h = harness_open(&parts, &demo_screen, NULL);
		short pair = -1;
		int column, row;

		harness_type(h, "\033OR");

		cr_expect(harness_has(h, "✗ Not done:"), "%s", theme->name);
		row = harness_find(h, "✗", &column);
		harness_attributes(h, row, column, &pair);
		cr_expect(theme->colours ? pair == ZG_INK_REFUSED + 1 : pair == 0, "%s: pair %d", theme->name, pair);
		harness_close(h);
	}
}

/* Half blocks on a ground of their own are no digits any more. */
Test(theme, large_digits_stand_on_the_ground_of_the_screen)
{
	static const enum zg_ink large[] = { ZG_INK_DUE, ZG_INK_PAID_LARGE, ZG_INK_WARNING_LARGE };

	for (const struct zg_theme *theme = zg_themes; theme->name; theme++) {
		for (size_t i = 0; i < sizeof(large) / sizeof(large[0]); i++) {
			const struct zg_paint *paint = &theme->inks[large[i]];

			cr_expect(eq(int, paint->ground, theme->inks[ZG_INK_TEXT].ground), "%s: ink %d", theme->name, large[i]);
			cr_expect(not(paint->attributes & A_REVERSE), "%s: ink %d", theme->name, large[i]);
		}
	}
}

/* Many terminals show bold black as grey: on light ground it would be the faintest of all. */
Test(theme, nothing_is_written_in_bold_black)
{
	for (const struct zg_theme *theme = zg_themes; theme->name; theme++)
		for (int ink = 0; ink < ZG_INK_COUNT; ink++)
			cr_expect(theme->inks[ink].letter != COLOR_BLACK || !(theme->inks[ink].attributes & A_BOLD), "%s: ink %d", theme->name, ink);
}

Test(look, the_bar_shows_without_colours)
{
	struct zg_app_parts parts;

	harness_parts(&parts, 24, 80);
	parts.theme = "mono";
	struct harness *h = harness_open(&parts, &demo_screen, NULL);
	short pair;

	zg_app_scan(harness_app(h), "R010000187");
	zg_app_frame(harness_app(h));

	attr_t bar = harness_attributes(h, 3, 10, &pair), plain = harness_attributes(h, 4, 10, &pair);

	cr_expect(ne(u32, (unsigned)(bar & A_REVERSE), 0), "the bar has %x", (unsigned)bar);
	cr_expect(eq(u32, (unsigned)(plain & A_REVERSE), 0));
	cr_expect(harness_has(h, "▸"));
	harness_close(h);
}

Test(look, no_color_takes_all_colours_away)
{
	size_t length;

	setenv("NO_COLOR", "1", 1);
	struct harness *h = demo_open(24, 80);
	harness_type(h, "\033OR");
	char *sent = harness_sent(h, &length);

	for (char digit = '0'; digit < '8'; digit++) {
		char ink[] = { '\033', '[', '3', digit, 'm', '\0' }, ground[] = { '\033', '[', '4', digit, 'm', '\0' };

		cr_expect(strstr(sent, ink) == NULL && strstr(sent, ground) == NULL, "colour %c was sent", digit);
	}
	cr_expect(harness_has(h, "✗ Not done:"));
	free(sent);
	harness_close(h);
}

Test(look, signs_ascii_leaves_no_sign_of_doubtful_width)
{
	struct zg_app_parts parts;
	size_t length;

	harness_parts(&parts, 24, 80);
	parts.ascii = true;
	parts.status = demo_status;
	struct harness *h = harness_open(&parts, &demo_screen, NULL);

	for (int k = 0; k < 4; k++)
		zg_app_scan(harness_app(h), "R010000187");
	harness_type(h, "\033OR\033OQ");
	char *screen = harness_screen(h), *sent = harness_sent(h, &length);

	for (const char *at = screen; *at; ) {
		uint32_t character;

		at += zg_text_next(at, strlen(at), &character, NULL);
		cr_expect(not(zg_sign_is_ambiguous(character)), "U+%04X", character);
	}
	cr_expect(harness_has(h, "25gx7"));
	cr_expect(harness_has(h, "￥ 60.01"));
	free(screen);
	free(sent);
	harness_close(h);
}

/* A terminal that understands what curses sends for xterm; `wide`: draws signs of ambiguous width in two cells. */
struct emulator {
	bool wide;
	uint32_t last;
	int row, column, rows, columns;
	uint32_t cells[64][256];
};

static int number(const char **at, int fallback)
{
	if (**at < '0' || **at > '9')
		return fallback;
	return (int)strtol(*at, (char **)at, 10);
}

/* Cells [from, to) of a row are written: of a wide character of which only a part is among them nothing is left. */
static void part(struct emulator *e, int row, int from, int to)
{
	if (from > 0 && e->cells[row][from] == 0)
		e->cells[row][from - 1] = e->cells[row][from] = ' ';
	if (to < 256 && e->cells[row][to] == 0)
		e->cells[row][to] = ' ';
}

static void wipe(struct emulator *e, int row, int from, int to)
{
	part(e, row, from, to);
	for (int column = from; column < to; column++)
		e->cells[row][column] = ' ';
}

static void show(struct emulator *e, uint32_t character)
{
	int width = e->wide && zg_sign_is_ambiguous(character) ? 2 : wcwidth((wchar_t)character);

	cr_assert(e->row >= 0 && e->row < 64 && e->column >= 0 && e->column < 254);
	part(e, e->row, e->column, e->column + width);
	e->cells[e->row][e->column] = character;
	if (width == 2)
		e->cells[e->row][e->column + 1] = 0;
	e->column += width;
	e->last = character;
}

static void control(struct emulator *e, const char **at)
{
	int a, b = 1;

	if (**at == '?')
		++*at;
	a = number(at, -1);
	if (**at == ';') {
		++*at;
		b = number(at, 1);
	}
	while (**at == ';') {
		++*at;
		number(at, 1);
	}
	switch (*(*at)++) {
	case 'H': e->row = (a < 1 ? 1 : a) - 1, e->column = b - 1; break;
	case 'd': e->row = (a < 1 ? 1 : a) - 1; break;
	case 'G': e->column = (a < 1 ? 1 : a) - 1; break;
	case 'A': e->row -= a < 1 ? 1 : a; break;
	case 'B': e->row += a < 1 ? 1 : a; break;
	case 'C': e->column += a < 1 ? 1 : a; break;
	case 'D': e->column -= a < 1 ? 1 : a; break;
	case 'J':
		for (int row = a < 1 ? e->row : 0; row < 64; row++)
			wipe(e, row, row == e->row && a < 1 ? e->column : 0, 256);
		break;
	case 'K': wipe(e, e->row, a == 1 ? 0 : e->column, a == 1 ? e->column + 1 : 256); break;
	case 'X': wipe(e, e->row, e->column, e->column + (a < 1 ? 1 : a)); break;
	case 'P':
		a = a < 1 ? 1 : a;
		part(e, e->row, e->column, e->column + a);
		memmove(&e->cells[e->row][e->column], &e->cells[e->row][e->column + a], (size_t)(256 - e->column - a) * sizeof(uint32_t));
		wipe(e, e->row, 256 - a, 256);
		break;
	case '@':
		a = a < 1 ? 1 : a;
		part(e, e->row, e->column, e->column);
		memmove(&e->cells[e->row][e->column + a], &e->cells[e->row][e->column], (size_t)(256 - e->column - a) * sizeof(uint32_t));
		for (int i = 0; i < a; i++)
			e->cells[e->row][e->column + i] = ' ';
		break;
	case 'b':
		for (int i = 0; i < a && e->column < 250; i++)
			show(e, e->last);
		break;
	}
}

static void feed(struct emulator *e, const char *bytes)
{
	while (*bytes) {
		uint32_t character;

		if (bytes[0] == '\033' && bytes[1] == '[') {
			bytes += 2;
			control(e, &bytes);
			continue;
		}
		if (bytes[0] == '\033') {
			bytes += bytes[1] == '(' || bytes[1] == ')' ? 3 : 2;
			continue;
		}
		bytes += zg_text_next(bytes, strlen(bytes), &character, NULL);
		if (character == '\r')
			e->column = 0;
		else if (character == '\n')
			e->row++;
		else if (character == '\b')
			e->column--;
		if (character < 0x20)
			continue;
		show(e, character);
	}
}

/* The cell where a text stands in a row; -1: it does not. */
static int place_of(const struct emulator *e, int row, const char *text)
{
	for (int column = 0; column < e->columns; column++) {
		size_t rest = strlen(text), step;
		const char *at = text;
		uint32_t character;
		int k = column;

		while ((step = zg_text_next(at, rest, &character, NULL)) > 0 && e->cells[row][k] == character) {
			at += step;
			rest -= step;
			for (k++; e->cells[row][k] == 0 && k < 255; k++)
				continue;
		}
		if (rest == 0)
			return column;
	}
	return -1;
}

Test(look, what_is_sent_is_what_is_meant)
{
	struct harness *h = demo_open(24, 80);
	struct emulator *e = calloc(1, sizeof(*e));
	size_t length;

	e->rows = 24;
	e->columns = 80;
	for (int k = 0; k < 7; k++) {
		zg_app_scan(harness_app(h), "R010000187");
		harness_type(h, k % 2 ? "\033[A" : "5");
	}
	char *sent = harness_sent(h, &length);
	feed(e, sent);

	for (int row = 0; row < 24; row++) {
		char *line = (char *)harness_row(h, row);

		cr_expect(place_of(e, row, line) == 0, "row %d should be\n%s", row, line);
	}
	free(sent);
	free(e);
	harness_close(h);
}

/* Some Chinese terminals draw ● and × two cells wide; the money still stands on its column. */
Test(look, wide_signs_shift_no_column)
{
	struct harness *h = demo_open(24, 80);
	struct emulator *e = calloc(1, sizeof(*e));
	size_t length;
	int column;

	e->wide = true;
	e->rows = 24;
	e->columns = 80;
	for (int k = 0; k < 7; k++) {
		zg_app_scan(harness_app(h), "R010000187");
		harness_type(h, k % 3 == 1 ? "\033[A" : "5");
	}
	char *sent = harness_sent(h, &length);
	feed(e, sent);

	for (int row = 3; row < 10; row++) {
		static const char *const amounts[] = { "4.00", "5.00", "39.90", "11.11" };
		const char *line = harness_row(h, row), *amount = amounts[(row - 3) % 4];
		int want = zg_screen_width(line) - (int)strlen(amount), found = -1;

		for (int i = 0; i < 80; i++)
			if (e->cells[row][i] == (uint32_t)amount[0] && i >= want - 3)
				found = found < 0 ? i : found;
		cr_expect(eq(int, found, want), "row %d", row);
	}
	cr_expect(place_of(e, 5, "25g×7") > 0, "the 7 behind × is covered");
	cr_expect(harness_find(h, "打印●", &column) == 0);
	cr_expect(eq(int, place_of(e, 0, "打印●"), column));
	cr_expect(harness_find(h, "待决0", &column) == 0);
	cr_expect(eq(int, place_of(e, 0, "待决0"), column));
	free(sent);
	free(e);
	harness_close(h);
}

/* A row's text, blanks at its end cut off, as harness_row has it. */
static void text_of(const struct emulator *e, int row, char text[HARNESS_ROW])
{
	size_t length = 0;

	for (int column = 0; column < e->columns; column++)
		if (e->cells[row][column] != 0)
			length += zg_text_put(text + length, e->cells[row][column]);
	while (length > 0 && text[length - 1] == ' ')
		length--;
	text[length] = '\0';
}

/* What is drawn where, in this order: the same for the screen and for the terminal it is compared with. */
#define STROKES 60
static struct stroke { int row, column, kind; } strokes[STROKES];
static const char *const words[] = { "怡宝 纯净水", "农夫山泉", "a", "2.00", "水", "     ", "│", "康师傅x红烧牛肉面" };

static void draw_strokes(const struct zg_pane *pane, const void *self)
{
	(void)self;
	for (int i = 0; i < STROKES; i++) {
		const struct stroke *s = &strokes[i];

		if (s->kind < 8)
			zg_draw_text(pane, s->row, s->column, pane->columns, ZG_INK_TEXT, words[s->kind]);
		else if (s->kind == 8)
			zg_draw_fill(pane, s->row, s->column, 7, ZG_INK_BAR);
		else {
			struct zg_pane box = zg_pane_part(pane, s->row, s->column, 4, 11);

			zg_draw_frame(&box, "水");
		}
	}
}

static void write_at(struct emulator *e, int row, int column, const char *text)
{
	e->row = row;
	e->column = column;
	feed(e, text);
}

static void play_strokes(struct emulator *e)
{
	for (int i = 0; i < STROKES; i++) {
		const struct stroke *s = &strokes[i];
		int row = s->row + 2;    /* the screen's pane is below the top line and its rule */

		if (s->kind < 8) {
			write_at(e, row, s->column, words[s->kind]);
		} else if (s->kind == 8) {
			write_at(e, row, s->column, "       ");
		} else {
			write_at(e, row, s->column, "┌─ 水 ────┐");
			write_at(e, row + 1, s->column, "│         │");
			write_at(e, row + 2, s->column, "│         │");
			write_at(e, row + 3, s->column, "└─────────┘");
		}
	}
}

static void blank(struct emulator *e)
{
	e->rows = 24;
	e->columns = 80;
	feed(e, "\033[H\033[2J");
}

static const struct zg_screen stroked = { .title = "strokes", .size = 1, .draw = draw_strokes };

/* A box over names of odd and even width cuts their characters in two, and the next frame gives them back. */
Test(look, half_a_wide_character_never_shifts_a_row)
{
	struct emulator *shown = calloc(1, sizeof(*shown)), *meant = calloc(1, sizeof(*meant));
	struct zg_app_parts parts;
	unsigned seed = 20261123;

	blank(shown);
	harness_parts(&parts, 24, 80);
	struct harness *h = harness_open(&parts, &stroked, NULL);

	for (int frame = 0; frame < 40; frame++) {
		size_t length;

		for (int i = 0; i < STROKES; i++) {
			int pick[3];

			for (int k = 0; k < 3; k++) {
				seed = seed * 1103515245u + 12345u;
				pick[k] = (int)(seed >> 16 & 0x7FFF);
			}
			strokes[i] = (struct stroke){ pick[0] % 17, pick[1] % 60, pick[2] % 10 };
		}
		blank(meant);
		play_strokes(meant);
		zg_app_frame(harness_app(h));
		char *sent = harness_sent(h, &length);

		feed(shown, sent);
		free(sent);
		for (int row = 2; row < 22; row++) {
			char want[HARNESS_ROW], got[HARNESS_ROW];

			text_of(meant, row, want);
			text_of(shown, row, got);
			cr_assert(eq(str, (char *)harness_row(h, row), want), "frame %d, row %d", frame, row);
			cr_assert(eq(str, got, want), "frame %d, row %d on the terminal", frame, row);
		}
	}
	free(shown);
	free(meant);
	harness_close(h);
}

Test(look, an_idle_frame_sends_nothing)
{
	struct harness *h = demo_open(24, 80);
	size_t length;

	free(harness_sent(h, &length));
	for (int i = 0; i < 10; i++)
		zg_app_frame(harness_app(h));
	free(harness_sent(h, &length));

	cr_expect(eq(sz, length, 0));
	harness_close(h);
}

Test(look, big_digits_are_as_wide_as_they_say)
{
	cr_expect(eq(int, zg_big_width("60.01"), 4 * 3 + 1 + 4));
	cr_expect(eq(int, zg_big_width("￥ 60.01"), 3 + 1 + 2 + 1 + 17));
	cr_expect(eq(int, zg_big_width("-5"), 7));
	cr_expect(eq(int, zg_big_width(""), 0));
}
