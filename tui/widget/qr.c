#include "tui/widget/qr.h"

#include <qrencode.h>
#include <stdbool.h>
#include <string.h>

#define QUIET      4     /* modules around it, as the standard has it */
#define QUIET_LESS 2
#define COLUMNS    256

/* Level M where it costs no larger code than L. */
static QRcode *encode(const char *text)
{
	QRcode *low = QRcode_encodeData((int)strlen(text), (const unsigned char *)text, 0, QR_ECLEVEL_L);
	QRcode *middle = low ? QRcode_encodeData((int)strlen(text), (const unsigned char *)text, low->version, QR_ECLEVEL_M) : NULL;

	if (!middle || middle->width > low->width) {
		QRcode_free(middle);
		return low;
	}
	QRcode_free(low);
	return middle;
}

static bool is_dark(const QRcode *code, int row, int column)
{
	return row >= 0 && row < code->width && column >= 0 && column < code->width && (code->data[row * code->width + column] & 1);
}

/* Two modules a row, one a column. */
static void draw_halves(const struct zg_pane *pane, const QRcode *code, int row, int quiet)
{
	int size = code->width + 2 * quiet;
	char text[COLUMNS * 3 + 1];
	size_t used = 0;

	for (int column = 0; column < size; column++) {
		bool upper = is_dark(code, 2 * row - quiet, column - quiet), lower = is_dark(code, 2 * row + 1 - quiet, column - quiet);
		const char *sign = upper ? lower ? "█" : "▀" : lower ? "▄" : " ";

		memcpy(text + used, sign, strlen(sign));
		used += strlen(sign);
	}
	text[used] = '\0';
	zg_draw_fill(pane, row, 0, size, ZG_INK_QR);
	zg_draw_text(pane, row, 0, size, ZG_INK_QR, text);
}

/* Where half blocks may not be drawn: blanks alone, one module a row, two cells a column. */
static void draw_blanks(const struct zg_pane *pane, const QRcode *code, int row, int quiet)
{
	zg_draw_fill(pane, row, 0, 2 * (code->width + 2 * quiet), ZG_INK_QR);
	for (int column = 0; column < code->width; column++)
		if (is_dark(code, row - quiet, column))
			zg_draw_fill(pane, row, 2 * (column + quiet), 2, ZG_INK_QR_DARK);
}

int zg_qr_draw(const struct zg_pane *pane, const char *text)
{
	QRcode *code = text[0] ? encode(text) : NULL;
	int quiet = QUIET, wide = pane->look->ascii ? 2 : 1, high = pane->look->ascii ? 1 : 2;

	if (!code)
		return 0;
	if ((code->width + 2 * quiet) / high > pane->rows || wide * (code->width + 2 * quiet) > pane->columns)
		quiet = QUIET_LESS;
	/* a code's side is odd: where the last half row has no place, the zone below is a module lower */
	int size = code->width + 2 * quiet, rows = size / high < pane->rows ? (size + high - 1) / high : size / high;
	bool fits = rows <= pane->rows && wide * size <= pane->columns && size < COLUMNS;

	for (int row = 0; fits && row < rows; row++) {
		if (pane->look->ascii)
			draw_blanks(pane, code, row, quiet);
		else
			draw_halves(pane, code, row, quiet);
	}
	QRcode_free(code);
	return fits ? wide * size : 0;
}
