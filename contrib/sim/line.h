/* The line that a printer is setting: glyphs side by side until something prints them. */
#ifndef SIM_LINE_H
#define SIM_LINE_H

#include "contrib/sim/mark.h"

struct sim_line {
	struct sim_glyph *glyphs;
	size_t count, room;
	int dots;                /* used so far */
};

void sim_line_clear(struct sim_line *line);
void sim_line_empty(struct sim_line *line);    /* keeps the memory */
/* text is one character of UTF-8. spacing: dots after it, before its width is multiplied. */
void sim_line_add(struct sim_line *line, const char *text, int cells, const struct sim_style *style, int spacing);
/* Dots that such a glyph takes. */
int sim_glyph_dots(int cells, const struct sim_style *style, int spacing);
/* Dots of the tallest glyph; 0 when there is none. */
int sim_line_height(const struct sim_line *line);
#endif
