#include "contrib/sim/picture.h"

#include "src/base/alloc.h"
#include "src/base/text.h"

#include <stdlib.h>
#include <string.h>

#define CELL_WIDE 12
#define CELL_HIGH 24
#define GRAIN     6

void sim_picture_clear(struct sim_picture *picture)
{
	zg_buffer_clear(&picture->dots);
	*picture = (struct sim_picture){ 0 };
}

static void widen(struct sim_picture *picture, int width)
{
	struct zg_buffer wider = { 0 };
	char *row = zg_alloc(1, (size_t)width);

	for (int y = 0; y < picture->height; y++) {
		memcpy(row, picture->dots.bytes + (size_t)y * (size_t)picture->width, (size_t)picture->width);
		zg_buffer_add(&wider, row, (size_t)width);
	}
	free(row);
	zg_buffer_clear(&picture->dots);
	picture->dots = wider;
	picture->width = width;
}

void sim_picture_add(struct sim_picture *picture, const unsigned char *rows, int row_bytes, int height,
		     int wide, int high, int limit)
{
	int width = row_bytes * 8 * wide;

	picture->bands++;
	if (width > limit) {
		picture->clipped = true;
		width = limit;
	}
	if (width > picture->width)
		widen(picture, width);
	char *row = zg_alloc(1, (size_t)picture->width + 1);

	for (int y = 0; y < height; y++, rows += row_bytes) {
		for (int x = 0; x < width; x++)
			row[x] = rows[x / wide / 8] >> (7 - x / wide % 8) & 1;
		for (int i = 0; i < high; i++)
			zg_buffer_add(&picture->dots, row, (size_t)picture->width);
	}
	picture->height += height * high;
	free(row);
}

/* Black when at least half of its 6 × 6 dots are; what lies outside the picture is white. */
static bool is_black(const struct sim_picture *picture, int left, int top)
{
	int black = 0;

	for (int y = top; y < top + GRAIN && y < picture->height; y++)
		for (int x = left; x < left + GRAIN && x < picture->width; x++)
			black += picture->dots.bytes[(size_t)y * (size_t)picture->width + (size_t)x];
	return black * 2 >= GRAIN * GRAIN;
}

void sim_picture_draw(const struct sim_picture *picture, int indent, struct zg_buffer *out)
{
	/* Braille numbers its dots down the left column, then down the right, the last row apart. */
	static const unsigned char bits[4][2] = { { 0x01, 0x08 }, { 0x02, 0x10 }, { 0x04, 0x20 }, { 0x40, 0x80 } };

	for (int top = 0; top < picture->height; top += CELL_HIGH) {
		int blanks = indent;

		for (int left = 0; left < picture->width; left += CELL_WIDE) {
			uint32_t shape = 0;
			char bytes[4];

			for (int y = 0; y < 4; y++)
				for (int x = 0; x < 2; x++)
					if (is_black(picture, left + x * GRAIN, top + y * GRAIN))
						shape |= bits[y][x];
			if (shape == 0) {
				blanks++;
				continue;
			}
			for (; blanks > 0; blanks--)
				zg_buffer_add_byte(out, ' ');
			zg_buffer_add(out, bytes, zg_text_put(bytes, 0x2800 + shape));
		}
		zg_buffer_add_byte(out, '\n');
	}
}
