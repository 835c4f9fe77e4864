#include "contrib/sim/line.h"

#include "src/base/alloc.h"

#include <stdio.h>
#include <stdlib.h>

#define FONT_B     9
#define FONT_HIGH  24

void sim_line_clear(struct sim_line *line)
{
	free(line->glyphs);
	*line = (struct sim_line){ 0 };
}

void sim_line_empty(struct sim_line *line)
{
	line->count = 0;
	line->dots = 0;
}

int sim_glyph_dots(int cells, const struct sim_style *style, int spacing)
{
	int dots = cells == 1 && style->small ? FONT_B : cells * SIM_CELL;

	return (dots + spacing) * style->width;
}

void sim_line_add(struct sim_line *line, const char *text, int cells, const struct sim_style *style, int spacing)
{
	line->glyphs = zg_grow(line->glyphs, line->count, &line->room, sizeof(*line->glyphs));
	struct sim_glyph *glyph = &line->glyphs[line->count++];

	snprintf(glyph->text, sizeof(glyph->text), "%s", text);
	glyph->cells = cells;
	glyph->style = *style;
	line->dots += sim_glyph_dots(cells, style, spacing);
}

int sim_line_height(const struct sim_line *line)
{
	int tallest = 0;

	for (size_t i = 0; i < line->count; i++)
		if (line->glyphs[i].style.height > tallest)
			tallest = line->glyphs[i].style.height;
	return tallest * FONT_HIGH;
}
