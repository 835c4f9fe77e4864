/* Pictures and symbols: devices.md 1.5 to 1.7. */
#include "contrib/sim/decoder_state.h"

#include "contrib/sim/symbol.h"

#define QR_GRAIN 6       /* a module of a native QR is drawn as one Braille dot */
#define QR_STORE 7092    /* Epson, HPRT TP80K */

static bool is_line_empty(struct sim_decoder *decoder, const unsigned char *c)
{
	if (decoder->line.count == 0)
		return true;
	sim_decoder_fault(decoder, "picture or symbol in a line with text", c, 3);
	sim_decoder_print(decoder, decoder->spacing, false);
	return false;
}

/* Bands that follow each other at one alignment are one picture. */
static void add_band(struct sim_decoder *decoder, const unsigned char *rows, int row, int height, int wide, int high)
{
	struct sim_mark mark = { .kind = SIM_BAND, .dots = height * high };

	if (decoder->picture.height > 0 && decoder->picture_align != decoder->align)
		sim_decoder_flush(decoder);
	decoder->picture_align = decoder->align;
	decoder->blank_dots = 0;
	if (row * 8 * wide > sim_decoder_head(decoder) + 7)
		sim_decoder_fault(decoder, "picture wider than the paper", rows, 0);
	sim_picture_add(&decoder->picture, rows, row, height, wide, high, sim_decoder_head(decoder));
	sim_decoder_give(decoder, &mark);
}

void sim_do_raster(struct sim_decoder *decoder, const unsigned char *c, size_t length)
{
	(void)length;
	is_line_empty(decoder, c);
	add_band(decoder, c + 8, sim_word(c + 4), sim_word(c + 6), c[3] & 1 ? 2 : 1, c[3] & 2 ? 2 : 1);
}

/* Columns of 8 or 24 dots, turned into rows. */
void sim_do_column_image(struct sim_decoder *decoder, const unsigned char *c, size_t length)
{
	int columns = sim_word(c + 3), deep = c[2] >= 32 ? 3 : 1, row = (columns + 7) / 8;
	struct zg_buffer rows = { 0 };

	(void)length;
	is_line_empty(decoder, c);
	for (int y = 0; y < deep * 8; y++)
		for (int x = 0; x < row * 8; x += 8) {
			unsigned byte = 0;

			for (int i = x; i < x + 8; i++) {
				unsigned dots = i < columns ? c[5 + i * deep + y / 8] : 0U;

				byte = byte << 1 | (dots >> (7 - y % 8) & 1U);
			}
			zg_buffer_add_byte(&rows, (unsigned char)byte);
		}
	if (row > 0)
		add_band(decoder, (const unsigned char *)rows.bytes, row, deep * 8, c[2] & 1 ? 1 : 2, deep == 1 ? 3 : 1);
	zg_buffer_clear(&rows);
	decoder->column_image = true;
}

/* GS ( L and GS 8 L: store a picture, print it. */
void sim_do_graphics(struct sim_decoder *decoder, const unsigned char *c, size_t length)
{
	size_t head = c[1] == 0x38 ? 7 : 5;
	const unsigned char *p = c + head;
	size_t count = length - head;

	if (count == 2 && p[0] == 0x30 && (p[1] == 0x32 || p[1] == 0x02)) {
		struct sim_mark mark = { .kind = SIM_BAND, .dots = decoder->stored.height };

		is_line_empty(decoder, c);
		sim_decoder_flush(decoder);
		decoder->picture_align = decoder->align;
		decoder->picture = decoder->stored;
		decoder->stored = (struct sim_picture){ 0 };
		decoder->blank_dots = 0;
		sim_decoder_give(decoder, &mark);
		return;
	}
	if (count < 10 || p[0] != 0x30 || p[1] != 0x70 || p[2] != 0x30 || p[3] < 1 || p[3] > 2 || p[4] < 1 || p[4] > 2) {
		sim_decoder_fault(decoder, "unknown graphics function", c, length);
		return;
	}
	size_t row = ((size_t)sim_word(p + 6) + 7) / 8, rows = (size_t)sim_word(p + 8);

	if (row == 0 || row > SIM_RASTER_BYTES || count != 10 + row * rows) {
		sim_decoder_fault(decoder, "picture and its length disagree", c, length);
		return;
	}
	sim_picture_clear(&decoder->stored);
	sim_picture_add(&decoder->stored, p + 10, (int)row, (int)rows, p[3], p[4], sim_decoder_head(decoder));
}

void sim_do_code_setting(struct sim_decoder *decoder, const unsigned char *c, size_t length)
{
	if (c[1] == 0x68 && c[2] > 0)
		decoder->code_height = c[2];
	else if (c[1] == 0x77 && c[2] >= 2 && c[2] <= 6)
		decoder->code_module = c[2];
	else if (c[1] == 0x48 && (c[2] <= 3 || (c[2] >= '0' && c[2] <= '3')))
		decoder->code_digits = c[2] & 3;
	else
		sim_decoder_fault(decoder, "barcode setting out of range", c, length);
}

void sim_do_barcode(struct sim_decoder *decoder, const unsigned char *c, size_t length)
{
	const unsigned char *data = c[2] <= 6 ? c + 3 : c + 4;
	size_t count = length - 4;    /* the length byte, or the NUL at the end */
	struct zg_buffer text = { 0 };
	const char *why;
	int modules;
	const char *name = sim_barcode_read(c[2], data, count, &text, &modules, &why);

	is_line_empty(decoder, c);
	if (name && modules * decoder->code_module > sim_decoder_head(decoder)) {
		why = "barcode wider than the paper";
		name = NULL;
	}
	if (!name) {
		sim_decoder_fault(decoder, why, c, length);
	} else {
		struct sim_mark mark = {
			.kind = SIM_BARCODE, .dots = decoder->code_height + (decoder->code_digits ? 24 : 0),
			.align = decoder->align, .name = name, .text = zg_buffer_text(&text),
			.a = decoder->code_height, .b = decoder->code_module, .c = decoder->code_digits,
		};

		sim_decoder_give(decoder, &mark);
		decoder->blank_dots = 0;
	}
	zg_buffer_clear(&text);
}

static void print_qr(struct sim_decoder *decoder, const unsigned char *c, size_t length)
{
	static const char *const levels[] = { "L", "M", "Q", "H" };
	struct sim_picture picture = { 0 };
	const unsigned char *data = (const unsigned char *)decoder->qr.bytes;
	int modules = 0;

	is_line_empty(decoder, c);
	if (decoder->qr.length == 0 ||
	    !sim_qr_draw(data, decoder->qr.length, decoder->qr_level, QR_GRAIN, &picture, &modules)) {
		sim_decoder_fault(decoder, "QR without data, or with too much", c, length);
	} else if (modules * decoder->qr_module > sim_decoder_head(decoder)) {
		sim_decoder_fault(decoder, "QR wider than the paper", c, length);
	} else {
		struct sim_mark mark = { .kind = SIM_QR, .dots = modules * decoder->qr_module, .align = decoder->align,
					 .picture = &picture, .name = levels[decoder->qr_level],
					 .text = zg_buffer_text(&decoder->qr), .a = decoder->qr_module };

		sim_decoder_give(decoder, &mark);
		decoder->blank_dots = 0;
	}
	sim_picture_clear(&picture);
}

void sim_do_qr(struct sim_decoder *decoder, const unsigned char *c, size_t length)
{
	const unsigned char *p = c + 5;
	size_t count = length - 5;

	if (count == 4 && p[1] == 0x41 && p[2] >= 0x31 && p[2] <= 0x33)
		return;
	if (count == 3 && p[1] == 0x43 && p[2] >= 1 && p[2] <= 16) {
		decoder->qr_module = p[2];
	} else if (count == 3 && p[1] == 0x45 && p[2] >= 0x30 && p[2] <= 0x33) {
		decoder->qr_level = p[2] - 0x30;
	} else if (count > 3 && count - 3 <= QR_STORE && p[1] == 0x50 && p[2] == 0x30) {
		zg_buffer_empty(&decoder->qr);
		zg_buffer_add(&decoder->qr, p + 3, count - 3);
	} else if (count == 3 && p[1] == 0x51 && p[2] == 0x30) {
		print_qr(decoder, c, length);
	} else {
		sim_decoder_fault(decoder, "unknown QR function", c, length);
	}
}
