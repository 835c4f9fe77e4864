#include "src/shop/paper.h"

#include "src/base/alloc.h"
#include "src/base/buffer.h"
#include "src/base/text.h"

#include <stdlib.h>
#include <string.h>

#define LEFT_MIN 8     /* cells below which a left part gets rows of its own */
#define CODE_MAX 1000  /* bytes of a QR code's text: the smallest known store limit is 1020 */
#define BAR_MAX  32    /* characters of a barcode that still fit on wide paper */

void zg_paper_init(struct zg_paper *paper, int columns)
{
	*paper = (struct zg_paper){ .columns = columns };
}

void zg_paper_clear(struct zg_paper *paper)
{
	for (size_t i = 0; i < paper->count; i++)
		free(paper->rows[i].text);
	free(paper->rows);
	*paper = (struct zg_paper){ .columns = paper->columns };
}

static int cells_of(unsigned char first)
{
	return first < 0x80 ? 1 : 2;
}

static size_t bytes_of(unsigned char first)
{
	return first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

int zg_paper_cells(const char *text)
{
	int cells = 0;

	for (; *text; text += bytes_of((unsigned char)*text))
		cells += cells_of((unsigned char)*text);
	return cells;
}

/* Takes text over. */
static void add_row(struct zg_paper *paper, enum zg_row_kind kind, unsigned style, int lines, char *text)
{
	paper->rows = zg_grow(paper->rows, paper->count, &paper->room, sizeof(*paper->rows));
	paper->rows[paper->count++] = (struct zg_paper_row){ .kind = kind, .style = style, .lines = lines, .text = text };
}

/* A copy in which every character is one that paper has, without spaces at its end. */
static char *clean_for_paper(struct zg_gbk *gbk, const char *text)
{
	struct zg_buffer out = { 0 };
	size_t left = strlen(text), step;
	uint32_t character;

	for (; (step = zg_text_next(text, left, &character, NULL)) > 0; text += step, left -= step) {
		char wire[2], utf8[4];

		switch (zg_gbk_put(gbk, character, wire)) {
		case 0:
			zg_buffer_add_byte(&out, '?');
			break;
		case 1:
			zg_buffer_add_byte(&out, (unsigned char)wire[0]);
			break;
		default:    /* as the table sends it: ￥ for ¥ */
			zg_buffer_add(&out, utf8, zg_text_put(utf8, character == 0x00A5 ? 0xFFE5 : character));
		}
	}
	while (out.length > 0 && out.bytes[out.length - 1] == ' ')
		out.bytes[--out.length] = '\0';
	return zg_buffer_take(&out);
}

/* What a row does not begin with in Chinese typesetting. */
static bool is_closing(const char *at)
{
	static const char closing[] = "，。、；：！？）》」』】”’…";

	if ((unsigned char)*at < 0xE0)
		return false;
	for (const char *c = closing; *c; c += bytes_of((unsigned char)*c))
		if (strncmp(c, at, bytes_of((unsigned char)*c)) == 0)
			return true;
	return false;
}

/* Bytes of the longest start that fits; broken between English words where one stands at the edge. */
static size_t fit(const char *text, int width)
{
	size_t at = 0, good = 0;
	int cells = 0, good_cells = 0;

	while (text[at]) {
		unsigned char next = (unsigned char)text[at];
		unsigned char before = at > 0 ? (unsigned char)text[at - 1] : 'a';

		if ((next == ' ' || before == ' ' || next >= 0x80 || before >= 0x80) && !is_closing(text + at)) {
			good = at;
			good_cells = cells;
		}
		if (cells + cells_of(next) > width)
			return good_cells * 2 >= width ? good : at;
		cells += cells_of(next);
		at += bytes_of(next);
	}
	return at;
}

/* One row's text out of a longer one: moves *text on, and returns the row, which the caller frees. */
static char *take_row(const char **text, int width, bool last)
{
	size_t bytes = fit(*text, width);
	char *row;

	if (last && (*text)[bytes]) {
		bytes = fit(*text, width - 2);
		row = zg_print("%.*s…", (int)bytes, *text);
		*text += strlen(*text);
		return row;
	}
	row = zg_copy_bytes(*text, bytes);
	for (size_t end = bytes; end > 0 && row[end - 1] == ' '; end--)
		row[end - 1] = '\0';
	*text += bytes;
	while (**text == ' ')
		++*text;
	return row;
}

static int width_of(const struct zg_paper *paper, unsigned style)
{
	return style & ZG_STYLE_WIDE ? paper->columns / 2 : paper->columns;
}

/* Adds `row` behind `pad` spaces; an inverse row is filled to the edge. */
static void add_padded(struct zg_paper *paper, int pad, const char *row, unsigned style)
{
	int rest = style & ZG_STYLE_INVERSE ? width_of(paper, style) - pad - zg_paper_cells(row) : 0;

	add_row(paper, ZG_ROW_TEXT, style, 0, zg_print("%*s%s%*s", *row || rest ? pad : 0, "", row, rest, ""));
}

static void add_clean(struct zg_paper *paper, const char *text, enum zg_align align, unsigned style)
{
	int width = width_of(paper, style);
	int count = 0;

	do {
		char *row = take_row(&text, width, ++count == ZG_PAPER_WRAP_MAX);
		int spare = width - zg_paper_cells(row);

		add_padded(paper, align == ZG_ALIGN_LEFT ? 0 : align == ZG_ALIGN_RIGHT ? spare : spare / 2, row, style);
		free(row);
	} while (*text);
}

void zg_paper_add_text(struct zg_paper *paper, struct zg_gbk *gbk, const char *text, enum zg_align align, unsigned style)
{
	char *clean = clean_for_paper(gbk, text);

	add_clean(paper, clean, align, style);
	free(clean);
}

/* The left text wrapped in its own columns; `tail`, already as wide as the rest, closes the first row. */
static void add_beside(struct zg_paper *paper, const char *left, int left_width, const char *tail, unsigned style)
{
	int count = 0;

	do {
		char *row = take_row(&left, left_width, ++count == ZG_PAPER_WRAP_MAX);
		char *whole = count > 1 ? zg_copy(row)
					: zg_print("%s%*s%s", row, left_width - zg_paper_cells(row), "", tail);

		add_padded(paper, 0, whole, style);
		free(whole);
		free(row);
	} while (*left);
}

/* The right parts as one text: each right-aligned in `column` cells, or behind one space when column is 0. */
static char *join(char *const *parts, size_t count, int column)
{
	struct zg_buffer out = { 0 };

	for (size_t i = 1; i < count; i++) {
		int pad = column ? column - zg_paper_cells(parts[i]) : 1;

		zg_buffer_print(&out, "%*s%s", pad, "", parts[i]);
	}
	return zg_buffer_take(&out);
}

static bool has_room(char *const *parts, size_t count, int column)
{
	for (size_t i = 1; i < count; i++)
		if (zg_paper_cells(parts[i]) >= column)
			return false;
	return true;
}

/* Nothing fits on one row: the first part, then each of the others at the right edge below it. */
static void add_below(struct zg_paper *paper, char *const *parts, size_t count, unsigned style)
{
	if (*parts[0])
		add_clean(paper, parts[0], ZG_ALIGN_LEFT, style);
	char *joined = join(parts, count, 0);

	if (zg_paper_cells(joined + 1) <= width_of(paper, style)) {
		add_clean(paper, joined + 1, ZG_ALIGN_RIGHT, style);
	} else {
		for (size_t i = 1; i < count; i++)
			add_clean(paper, parts[i], ZG_ALIGN_RIGHT, style);
	}
	free(joined);
}

void zg_paper_add_parts(struct zg_paper *paper, struct zg_gbk *gbk, const char *const *texts, size_t count, unsigned style)
{
	char *parts[ZG_PAPER_PARTS];
	int width = width_of(paper, style);

	zg_assert(count >= 2 && count <= ZG_PAPER_PARTS);
	for (size_t i = 0; i < count; i++) {
		parts[i] = clean_for_paper(gbk, texts[i]);
		if (i > 0)
			zg_text_trim(parts[i]);
	}
	int column = width / (int)count;
	char *tail = join(parts, count, count > 2 && has_room(parts, count, column) ? column : 0);
	int left_width = width - zg_paper_cells(tail), left = zg_paper_cells(parts[0]);

	if (left_width >= left || left_width >= LEFT_MIN)
		add_beside(paper, parts[0], left_width, tail, style);
	else
		add_below(paper, parts, count, style);
	free(tail);
	for (size_t i = 0; i < count; i++)
		free(parts[i]);
}

void zg_paper_add_rule(struct zg_paper *paper, char dash)
{
	char *text = zg_alloc((size_t)paper->columns + 1, 1);

	memset(text, dash, (size_t)paper->columns);
	add_row(paper, ZG_ROW_RULE, 0, 0, text);
}

void zg_paper_add_code(struct zg_paper *paper, enum zg_row_kind kind, const char *text)
{
	size_t length = strlen(text), most = kind == ZG_ROW_BARCODE ? BAR_MAX : CODE_MAX;

	if (length == 0)
		return;
	if (length > most)
		for (length = most; length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80; length--)
			continue;
	char *copy = zg_copy_bytes(text, length);

	for (char *at = copy; *at; at++)
		if ((unsigned char)*at < 0x20 || *at == 0x7F || (kind == ZG_ROW_BARCODE && (unsigned char)*at > 0x7E))
			*at = '?';
	add_row(paper, kind, 0, 0, copy);
}

void zg_paper_add_feed(struct zg_paper *paper, int lines)
{
	add_row(paper, ZG_ROW_FEED, 0, lines, NULL);
}

void zg_paper_add_cut(struct zg_paper *paper)
{
	add_row(paper, ZG_ROW_CUT, 0, 0, NULL);
}

char *zg_paper_text(const struct zg_paper *paper)
{
	struct zg_buffer out = { 0 };

	for (size_t i = 0; i < paper->count; i++) {
		const struct zg_paper_row *row = &paper->rows[i];

		switch (row->kind) {
		case ZG_ROW_TEXT:
		case ZG_ROW_RULE:
			zg_buffer_print(&out, "%s\n", row->text);
			break;
		case ZG_ROW_BARCODE:
			zg_buffer_print(&out, "[CODE128 %s]\n", row->text);
			break;
		case ZG_ROW_QR:
			zg_buffer_print(&out, "[QR %s]\n", row->text);
			break;
		case ZG_ROW_FEED:
			for (int line = 0; line < row->lines; line++)
				zg_buffer_add_byte(&out, '\n');
			break;
		case ZG_ROW_CUT:
			zg_buffer_add_text(&out, "- - - cut - - -\n");
			break;
		}
	}
	return zg_buffer_take(&out);
}
