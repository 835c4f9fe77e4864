#include "tests/fault/vt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

void vt_init(struct vt *vt, int rows, int columns)
{
	memset(vt, 0, sizeof(*vt));
	vt->rows = rows < VT_ROWS ? rows : VT_ROWS;
	vt->columns = columns < VT_COLUMNS ? columns : VT_COLUMNS;
	vt->bottom = vt->rows - 1;
	for (int r = 0; r < VT_ROWS; r++)
		for (int c = 0; c < VT_COLUMNS; c++)
			vt->cells[r][c] = ' ';
}

static void fault(struct vt *vt, const char *what, const char *bytes, size_t length)
{
	size_t used;

	if (vt->faults++ > 0)
		return;
	used = (size_t)snprintf(vt->fault, sizeof(vt->fault), "%s:", what);
	for (size_t i = 0; i < length && used + 4 < sizeof(vt->fault); i++)
		used += (size_t)snprintf(vt->fault + used, sizeof(vt->fault) - used, " %02X", (unsigned char)bytes[i]);
}

static void blank(struct vt *vt, int row, int from, int to)
{
	if (row < 0 || row >= vt->rows)
		return;
	for (int c = from < 0 ? 0 : from; c < to && c < vt->columns; c++)
		vt->cells[row][c] = ' ';
}

static void scroll(struct vt *vt, int top, int bottom, int by)
{
	if (top > bottom)
		return;    /* the cursor stands below the part that scrolls */
	for (; by > 0; by--) {
		memmove(vt->cells[top], vt->cells[top + 1], (size_t)(bottom - top) * sizeof(vt->cells[0]));
		blank(vt, bottom, 0, vt->columns);
	}
	for (; by < 0; by++) {
		memmove(vt->cells[top + 1], vt->cells[top], (size_t)(bottom - top) * sizeof(vt->cells[0]));
		blank(vt, top, 0, vt->columns);
	}
}

static void line_feed(struct vt *vt)
{
	if (vt->row == vt->bottom)
		scroll(vt, vt->top, vt->bottom, 1);
	else if (vt->row + 1 < vt->rows)
		vt->row++;
	vt->wraps = false;
}

/* What may stand in text: nothing that moves, hides or turns other text. */
static bool is_plain(uint32_t c)
{
	if (c < 0x20 || (c >= 0x7F && c <= 0x9F) || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
		return false;
	if ((c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F))
		return false;
	return c != 0xAD && c != 0x61C && c != 0x180E && c != 0xFEFF && !(c >= 0xFFF9 && c <= 0xFFFB) &&
	       !(c >= 0xE0000 && c <= 0xE007F) && (c & 0xFFFE) != 0xFFFE;
}

static void put(struct vt *vt, uint32_t c)
{
	int width = c < 0x80 ? 1 : wcwidth((wchar_t)c);

	if (!is_plain(c)) {
		char bytes[8];

		fault(vt, "character", bytes, (size_t)snprintf(bytes, sizeof(bytes), "%X", (unsigned)c));
		return;
	}
	if (width <= 0)
		return;
	if (vt->wraps || vt->column + width > vt->columns) {
		vt->column = 0;
		line_feed(vt);
		vt->wrapped++;
	}
	vt->cells[vt->row][vt->column] = c;
	if (width == 2)
		vt->cells[vt->row][vt->column + 1] = 0;
	vt->column += width;
	vt->wraps = vt->column >= vt->columns;
	if (vt->wraps)
		vt->column = vt->columns - 1;
	vt->last = c;
}

static int limit(int value, int most)
{
	return value < 0 ? 0 : value > most ? most : value;
}

static void go(struct vt *vt, int row, int column)
{
	vt->row = limit(row, vt->rows - 1);
	vt->column = limit(column, vt->columns - 1);
	vt->wraps = false;
}

static void erase_screen(struct vt *vt, int how)
{
	if (how == 0)
		blank(vt, vt->row, vt->column, vt->columns);
	if (how == 1)
		blank(vt, vt->row, 0, vt->column + 1);
	for (int r = how == 0 ? vt->row + 1 : 0; r < (how == 1 ? vt->row : vt->rows); r++)
		blank(vt, r, 0, vt->columns);
}

static void erase_line(struct vt *vt, int how)
{
	blank(vt, vt->row, how == 0 ? vt->column : 0, how == 1 ? vt->column + 1 : vt->columns);
}

static void shift_cells(struct vt *vt, int by)
{
	uint32_t *line = vt->cells[vt->row];
	int left = vt->columns - vt->column, count = abs(by) < left ? abs(by) : left;

	if (by > 0) {
		memmove(line + vt->column + count, line + vt->column, (size_t)(left - count) * sizeof(*line));
		blank(vt, vt->row, vt->column, vt->column + count);
	} else {
		memmove(line + vt->column, line + vt->column + count, (size_t)(left - count) * sizeof(*line));
		blank(vt, vt->row, vt->columns - count, vt->columns);
	}
}

/* Private modes that curses sets: cursor keys, cursor, wrap, other screen, meta; and bracketed paste off. */
static bool mode(struct vt *vt, const char *numbers, bool on)
{
	static const char *const known[] = { "1", "7", "12", "25", "12;25", "1034", "1049", "2004" };
	bool found = false;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		found |= strcmp(numbers, known[i]) == 0;
	/* the other screen begins empty; what stands there at its end is kept, to be looked at */
	if (strcmp(numbers, "1049") == 0 && on)
		erase_screen(vt, 2);
	return found;
}

static void csi(struct vt *vt)
{
	char final = vt->sequence[vt->length - 1];
	char *at = vt->sequence;
	int n[16] = { 0 }, count = 0;    /* as many numbers as terminals take */

	vt->sequence[vt->length - 1] = '\0';
	if (*at == '?') {
		if ((final != 'h' && final != 'l') || !mode(vt, at + 1, final == 'h'))
			fault(vt, "mode", vt->sequence, vt->length);
		return;
	}
	for (; *at && count < 16; count++) {
		n[count] = (int)strtol(at, &at, 10);
		if (*at == ';')
			at++;
		else if (*at)
			break;
	}
	if (*at) {
		fault(vt, "sequence", vt->sequence, vt->length);
		return;
	}
	int one = n[0] > 0 ? n[0] : 1;

	switch (final) {
	case 'A': go(vt, vt->row - one, vt->column); break;
	case 'B': go(vt, vt->row + one, vt->column); break;
	case 'C': go(vt, vt->row, vt->column + one); break;
	case 'D': go(vt, vt->row, vt->column - one); break;
	case 'G': go(vt, vt->row, one - 1); break;
	case 'd': go(vt, one - 1, vt->column); break;
	case 'H': go(vt, one - 1, n[1] > 0 ? n[1] - 1 : 0); break;
	case 'J': erase_screen(vt, n[0]); break;
	case 'K': erase_line(vt, n[0]); break;
	case 'L': scroll(vt, vt->row, vt->bottom, -limit(one, vt->bottom - vt->row + 1)); break;
	case 'M': scroll(vt, vt->row, vt->bottom, limit(one, vt->bottom - vt->row + 1)); break;
	case 'S': scroll(vt, vt->top, vt->bottom, limit(one, vt->bottom - vt->top + 1)); break;
	case 'T': scroll(vt, vt->top, vt->bottom, -limit(one, vt->bottom - vt->top + 1)); break;
	case 'P': shift_cells(vt, -one); break;
	case '@': shift_cells(vt, one); break;
	case 'X': blank(vt, vt->row, vt->column, vt->column + one); break;
	case 'Z': go(vt, vt->row, (vt->column - 1) / 8 * 8); break;
	case 'b':
		for (int i = 0; i < one && i < vt->columns && vt->last; i++)
			put(vt, vt->last);
		break;
	case 'r':
		if (n[1] > 0 && one >= n[1])
			break;    /* no terminal takes less than two rows */
		vt->top = limit(one - 1, vt->rows - 2);
		vt->bottom = n[1] > 0 ? limit(n[1] - 1, vt->rows - 1) : vt->rows - 1;
		go(vt, 0, 0);
		break;
	case 'm': break;
	case 'n':
		if (n[0] == 6)
			snprintf(vt->answer, sizeof(vt->answer), "\033[%d;%dR", vt->row + 1, vt->column + 1);
		else
			fault(vt, "question", vt->sequence, vt->length);
		break;
	case 'h':
	case 'l':
		if (n[0] != 4)
			fault(vt, "mode", vt->sequence, vt->length);
		break;
	case 't':
		if (n[0] != 22 && n[0] != 23)
			fault(vt, "window sequence", vt->sequence, vt->length);
		break;
	default:
		vt->sequence[vt->length - 1] = final;
		fault(vt, "sequence", vt->sequence, vt->length);
	}
}

static void escape(struct vt *vt, char c)
{
	vt->in_escape = false;
	switch (c) {
	case '[':
		vt->in_csi = true;
		vt->length = 0;
		break;
	case '(': vt->in_charset = true; break;
	case '=':
	case '>':
	case '7':
	case '8': break;
	case 'M':
		if (vt->row == vt->top)
			scroll(vt, vt->top, vt->bottom, -1);
		else
			go(vt, vt->row - 1, vt->column);
		break;
	default: fault(vt, "escape", &c, 1);
	}
}

static void control(struct vt *vt, char c)
{
	switch (c) {
	case 0x1B: vt->in_escape = true; break;
	case '\a': vt->beeps++; break;
	case '\b': go(vt, vt->row, vt->column - 1); break;
	case '\t': go(vt, vt->row, (vt->column / 8 + 1) * 8); break;
	case '\n': line_feed(vt); break;
	case '\r': go(vt, vt->row, 0); break;
	default: fault(vt, "control", &c, 1);
	}
}

static void text(struct vt *vt, unsigned char c)
{
	if (vt->more > 0 && (c & 0xC0) == 0x80) {
		vt->point = vt->point << 6 | (c & 0x3F);
		if (--vt->more == 0)
			put(vt, vt->point);
		return;
	}
	if (vt->more > 0) {
		fault(vt, "cut UTF-8 before", (const char *)&c, 1);
		vt->more = 0;
	}
	if (c < 0x80) {
		put(vt, c);
	} else if (c >= 0xC2 && c <= 0xF4) {
		vt->more = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : 1;
		vt->point = c & (0x3F >> vt->more);
	} else {
		fault(vt, "no UTF-8", (const char *)&c, 1);
	}
}

void vt_feed(struct vt *vt, const char *bytes, size_t length)
{
	vt->bytes += length;
	for (size_t i = 0; i < length; i++) {
		char c = bytes[i];

		if (vt->in_escape) {
			escape(vt, c);
		} else if (vt->in_charset) {
			vt->in_charset = false;
			if (c != 'B')
				fault(vt, "character set", &c, 1);
		} else if (vt->in_csi) {
			vt->sequence[vt->length++] = c;
			if (c >= 0x40 && c <= 0x7E) {
				vt->in_csi = false;
				csi(vt);
			} else if (c < 0x20 || c > 0x3F || vt->length == sizeof(vt->sequence) - 1) {
				vt->in_csi = false;
				fault(vt, "broken sequence", vt->sequence, vt->length);
			}
		} else if ((unsigned char)c < 0x20 && vt->more == 0) {
			control(vt, c);
		} else {
			text(vt, (unsigned char)c);
		}
	}
}

static size_t utf8(char *to, uint32_t c)
{
	if (c < 0x80) {
		to[0] = (char)c;
		return 1;
	}
	size_t length = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	for (size_t i = length; i-- > 1; c >>= 6)
		to[i] = (char)(0x80 | (c & 0x3F));
	to[0] = (char)((length == 2 ? 0xC0 : length == 3 ? 0xE0 : 0xF0) | c);
	return length;
}

const char *vt_row(struct vt *vt, int row)
{
	size_t length = 0;

	for (int c = 0; c < vt->columns; c++)
		if (vt->cells[row][c])
			length += utf8(vt->text + length, vt->cells[row][c]);
	while (length > 0 && vt->text[length - 1] == ' ')
		length--;
	vt->text[length] = '\0';
	return vt->text;
}

int vt_find(struct vt *vt, const char *words)
{
	for (int row = 0; row < vt->rows; row++)
		if (strstr(vt_row(vt, row), words))
			return row;
	return -1;
}

bool vt_has(struct vt *vt, const char *words)
{
	return vt_find(vt, words) >= 0;
}

void vt_screen(struct vt *vt, char *out, size_t size)
{
	size_t used = 0;

	out[0] = '\0';
	for (int row = 0; row < vt->rows && used < size; row++)
		used += (size_t)snprintf(out + used, size - used, "%s\n", vt_row(vt, row));
}

void vt_print(struct vt *vt)
{
	for (int row = 0; row < vt->rows; row++)
		printf("    |%s\n", vt_row(vt, row));
}
