#include "tui/place.h"

#include "src/base/alloc.h"
#include "src/base/buffer.h"
#include "src/base/text.h"
#include "tui/widget/draw.h"

#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <wchar.h>

#define ROWS 256    /* more than the largest terminal has */
#define RUN  512
#define ASK  "\033[6n"

struct zg_place {
	FILE *out;
	bool rows[ROWS];        /* to be sent once more */
	bool is_coloured;       /* a colour was set among them */
	bool is_whole;          /* this frame is sent from an empty screen */
	bool can_ask;           /* the terminal tells where its cursor is */
	bool wraps;
	struct zg_buffer bytes;
};

#define SEQUENCE 4096    /* bytes, with room to spare for any that a terminal has */

/*
 * curses widens its room for a sequence when the first one comes that needs it, and does not look whether it got what it asked
 * for: without memory it would crash in the middle of a day, at the first colour. So it is all made here, before the first screen.
 */
static void make_room(void)
{
	char longest[SEQUENCE];

	memset(longest, ' ', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	if (!tiparm(longest))
		zg_out_of_memory();
}

/* newterm came before. */
struct zg_place *zg_place_new(FILE *out)
{
	struct zg_place *place = zg_alloc(1, sizeof(*place));

	make_room();
	const char *question = tigetstr("u7");

	place->wraps = auto_right_margin && !eat_newline_glitch;
	place->out = out;
	place->can_ask = question && question != (const char *)-1 && strcmp(question, ASK) == 0;
	return place;
}

void zg_place_free(struct zg_place *place)
{
	if (!place)
		return;
	zg_buffer_clear(&place->bytes);
	free(place);
}

bool zg_place_wraps(const struct zg_place *place)
{
	return place->wraps;
}

/* A row's characters; reading them must not move the window's cursor. Returns how many: a wide one counts once. */
static int read_row(WINDOW *window, int row, cchar_t cells[RUN + 1])
{
	int limit = getmaxx(window), count = 0, old_row, old_column;

	memset(cells, 0, (RUN + 1) * sizeof(*cells));
	getyx(window, old_row, old_column);
	mvwin_wchnstr(window, row, 0, cells, limit > RUN ? RUN : limit);
	wmove(window, old_row, old_column);
	while (count < RUN && cells[count].chars[0])
		count++;
	return count;
}

static bool has_sign(const cchar_t *cells, int count)
{
	for (int i = 0; i < count; i++)
		if (cells[i].chars[0] >= 0x80 && zg_sign_is_ambiguous((uint32_t)cells[i].chars[0]))
			return true;
	return false;
}

void zg_place_mark(struct zg_place *place, bool is_off)
{
	cchar_t wanted[RUN + 1], shown[RUN + 1];
	int rows = getmaxy(newscr);

	memset(place->rows, 0, sizeof(place->rows));
	place->is_whole = is_cleared(curscr) || is_cleared(newscr);
	for (int row = 0; row < rows && row < ROWS && !is_off; row++) {
		int count = read_row(newscr, row, wanted);

		if (!has_sign(wanted, count)) {
			/* where a sign stood, its second half may be left */
			read_row(curscr, row, shown);
			place->rows[row] = has_sign(shown, count);
			continue;
		}
		read_row(curscr, row, shown);
		/* a cleared screen is sent whole */
		place->rows[row] = is_cleared(curscr) || memcmp(wanted, shown, (size_t)count * sizeof(*wanted)) != 0;
	}
}

static void add_string(struct zg_place *place, const char *string)
{
	if (!string)
		return;
	/* delays are for terminals of 1980 */
	for (const char *at = string; *at; at++) {
		if (at[0] == '$' && at[1] == '<' && strchr(at, '>'))
			at = strchr(at, '>');
		else
			zg_buffer_add_byte(&place->bytes, (unsigned char)*at);
	}
}

static void add_move(struct zg_place *place, int row, int column)
{
	add_string(place, tiparm(cursor_address, row, column));
}

static void add_attributes(struct zg_place *place, attr_t attributes, short pair)
{
	short ink, ground;

	add_string(place, exit_attribute_mode);
	/* it takes back the colours too, except where a terminal needs orig_pair for that */
	if (place->is_coloured)
		add_string(place, orig_pair);
	place->is_coloured = place->is_coloured || pair > 0;
	if (pair > 0 && pair_content(pair, &ink, &ground) == OK) {
		if (ink >= 0)
			add_string(place, tiparm(set_a_foreground, (int)ink));
		if (ground >= 0)
			add_string(place, tiparm(set_a_background, (int)ground));
	}
	if (attributes & A_BOLD)
		add_string(place, enter_bold_mode);
	if (attributes & A_DIM)
		add_string(place, enter_dim_mode);
	if (attributes & A_UNDERLINE)
		add_string(place, enter_underline_mode);
	if (attributes & A_REVERSE)
		add_string(place, enter_reverse_mode);
}

static bool is_blank(const cchar_t *cell)
{
	return cell->chars[0] == L' ' || cell->chars[0] == 0;
}

static int width_of(const cchar_t *cell)
{
	int width = wcwidth(cell->chars[0]);

	return width < 1 ? 1 : width;
}

/* Sends the cells of a row up to a limit, which is its last cell or the one before. */
static void add_row(struct zg_place *place, int row, int limit, const cchar_t *cells, int count)
{
	int behind = 0;    /* signs since the cursor was last placed */
	attr_t old = 0;
	short old_pair = -1;

	add_move(place, row, 0);
	for (int i = 0, column = 0; i < count && column + width_of(&cells[i]) <= limit; i++) {
		wchar_t text[CCHARW_MAX + 1] = { 0 };
		attr_t attributes;
		short pair;
		char bytes[4];

		if (behind > 0 && is_blank(&cells[i])) {
			/* the blanks that wide signs have run into are not sent: they would rub out a character's end */
			for (; i < count && behind > 0 && is_blank(&cells[i]); behind--, column++)
				i++;
			behind = 0;
			if (i == count || column + width_of(&cells[i]) > limit)
				return;
			add_move(place, row, column);
		}
		column += width_of(&cells[i]);
		if (getcchar(&cells[i], text, &attributes, &pair, NULL) == ERR)
			continue;
		if (attributes != old || pair != old_pair) {
			add_attributes(place, attributes, pair);
			old = attributes;
			old_pair = pair;
		}
		for (int k = 0; k < CCHARW_MAX && text[k]; k++)
			zg_buffer_add(&place->bytes, bytes, zg_text_put(bytes, (uint32_t)text[k]));
		behind += zg_sign_is_ambiguous((uint32_t)text[0]);
	}
}

/* Draws the sign that begins the second row over itself and asks where the cursor is then; see is_answer in key.c. */
static void add_question(struct zg_place *place)
{
	cchar_t cells[RUN + 1];
	int count = getmaxy(curscr) > 2 ? read_row(curscr, 1, cells) : 0;

	if (!place->can_ask || count < 2 || !has_sign(cells, 1))
		return;
	add_row(place, 1, 1, cells, 1);
	add_string(place, ASK);
}

void zg_place_settle(struct zg_place *place)
{
	cchar_t cells[RUN + 1];
	int rows = getmaxy(curscr), row, column;

	if (!cursor_address)
		return;
	for (int i = 0; i < rows && i < ROWS; i++) {
		if (!place->rows[i])
			continue;
		int count = read_row(curscr, i, cells);

		/* the last cell of the last row would scroll a terminal that wraps at once */
		add_row(place, i, getmaxx(curscr) - (place->wraps && i == rows - 1), cells, count);
	}
	if (place->is_whole)
		add_question(place);
	if (place->bytes.length == 0)
		return;
	/* back to what curses thinks the terminal is in: no attributes, the cursor where it left it */
	add_string(place, exit_attribute_mode);
	if (place->is_coloured)
		add_string(place, orig_pair);
	place->is_coloured = false;
	getyx(curscr, row, column);
	add_move(place, row, column);
	fwrite(place->bytes.bytes, 1, place->bytes.length, place->out);
	fflush(place->out);
	zg_buffer_empty(&place->bytes);
}
