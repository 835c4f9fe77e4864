/* Dots on paper: what raster commands draw, and how it is shown as text. */
#ifndef SIM_PICTURE_H
#define SIM_PICTURE_H

#include "src/base/buffer.h"

#include <stdbool.h>
#include <stddef.h>

struct sim_picture {
	int width, height;         /* in dots */
	struct zg_buffer dots;     /* one byte a dot, 1 is black, row by row */
	int bands;                 /* how many commands drew it */
	bool clipped;              /* a band was wider than the paper; the rest was lost */
};

void sim_picture_clear(struct sim_picture *picture);
/*
 * Adds a band below: rows of row_bytes bytes, most significant bit leftmost, each dot drawn wide × high
 * times, cut at limit dots. A band wider than the picture so far widens it with white.
 */
void sim_picture_add(struct sim_picture *picture, const unsigned char *rows, int row_bytes, int height,
		     int wide, int high, int limit);
/*
 * Appends it as lines of Braille characters at the paper's own scale: a character is 12 × 24 dots,
 * one text cell, so each Braille dot is 6 × 6 dots of paper. indent in cells.
 */
void sim_picture_draw(const struct sim_picture *picture, int indent, struct zg_buffer *out);
#endif
