#include "tui/widget/bigdigits.h"

#include "src/base/text.h"

#include <string.h>

static const struct glyph {
	const char *character;
	int cells;
	const char *rows[ZG_BIG_ROWS];
} glyphs[] = {
	{ "0", 3, { "█▀█", "█ █", "▀▀▀" } }, { "1", 3, { "▀█ ", " █ ", "▀▀▀" } },
	{ "2", 3, { "▀▀█", "█▀▀", "▀▀▀" } }, { "3", 3, { "▀▀█", " ▀█", "▀▀▀" } },
	{ "4", 3, { "█ █", "▀▀█", "  ▀" } }, { "5", 3, { "█▀▀", "▀▀█", "▀▀▀" } },
	{ "6", 3, { "█▀▀", "█▀█", "▀▀▀" } }, { "7", 3, { "▀▀█", "  █", "  ▀" } },
	{ "8", 3, { "█▀█", "█▀█", "▀▀▀" } }, { "9", 3, { "█▀█", "▀▀█", "▀▀▀" } },
	{ ".", 1, { " ", " ", "▀" } },       { "-", 3, { "   ", "▀▀▀", "   " } },
	{ "+", 3, { " ▄ ", "▀█▀", "   " } }, { " ", 2, { "  ", "  ", "  " } },
	{ "￥", 3, { "▀▄▀", "▀█▀", " ▀ " } },
};

/* The glyph at *text, which moves on; NULL at its end, or for a character that has none. */
static const struct glyph *next(const char **text)
{
	for (size_t i = 0; i < sizeof(glyphs) / sizeof(glyphs[0]); i++) {
		size_t length = strlen(glyphs[i].character);

		if (strncmp(*text, glyphs[i].character, length) == 0) {
			*text += length;
			return &glyphs[i];
		}
	}
	return NULL;
}

int zg_big_width(const char *text)
{
	const struct glyph *glyph;
	int cells = 0;

	while ((glyph = next(&text)))
		cells += glyph->cells + (cells > 0);
	return cells;
}

/* The ink of half blocks that says the same. */
static enum zg_ink large(enum zg_ink ink)
{
	return ink == ZG_INK_PAID ? ZG_INK_PAID_LARGE : ink == ZG_INK_WARNING ? ZG_INK_WARNING_LARGE : ink;
}

int zg_big_draw_left(const struct zg_pane *pane, int row, int column, enum zg_ink ink, const char *text)
{
	/* half blocks are of ambiguous width too: with signs = ascii the amount is one bold row */
	if (pane->rows - row < ZG_BIG_ROWS || column + zg_big_width(text) > pane->columns || pane->look->ascii) {
		zg_draw_text(pane, row, column, pane->columns - column, ink, text);
		return 1;
	}
	const struct glyph *glyph;

	while ((glyph = next(&text))) {
		for (int i = 0; i < ZG_BIG_ROWS; i++)
			zg_draw_text(pane, row + i, column, glyph->cells, large(ink), glyph->rows[i]);
		column += glyph->cells + 1;
	}
	return ZG_BIG_ROWS;
}

int zg_big_draw(const struct zg_pane *pane, int row, enum zg_ink ink, const char *text)
{
	bool is_large = pane->rows - row >= ZG_BIG_ROWS && zg_big_width(text) <= pane->columns && !pane->look->ascii;
	int column = pane->columns - (is_large ? zg_big_width(text) : zg_screen_width(text));

	return zg_big_draw_left(pane, row, column > 0 ? column : 0, ink, text);
}
