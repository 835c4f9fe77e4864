/* What each command means. Byte values and lengths: devices.md 1.2 to 1.8, 2.2, 2.3, 2.5, 2.6 and 3. */
#include "contrib/sim/decoder_state.h"

#include <string.h>

#define RASTER_ROWS  2303     /* the highest image: TP809 manual */
#define BLOCK_MAX    300000

struct command {
	unsigned char lead, code;
	/* Bytes of the command; more than length: needed to know; 0: unknown. NULL: 2 + arguments. */
	size_t (*length)(const unsigned char *c, size_t length);
	size_t arguments;
	void (*act)(struct sim_decoder *decoder, const unsigned char *c, size_t length);
};

/* -- lengths ---------------------------------------------------------------------------------- */

static size_t pulse_length(const unsigned char *c, size_t length)
{
	if (length < 3)
		return 3;
	return c[2] <= 1 || c[2] == 0x30 || c[2] == 0x31 ? 5 : 0;
}

static size_t panel_length(const unsigned char *c, size_t length)
{
	if (length < 3)
		return 3;
	return c[2] >= 0x33 && c[2] <= 0x35 ? 4 : 0;
}

static size_t column_image_length(const unsigned char *c, size_t length)
{
	if (length < 5)
		return 5;
	if (c[2] > 1 && c[2] != 32 && c[2] != 33)
		return 0;
	return 5 + (size_t)sim_word(c + 3) * (c[2] >= 32 ? 3 : 1);
}

static size_t block_length(const unsigned char *c, size_t length)
{
	return length < 5 ? 5 : 5 + (size_t)sim_word(c + 3);
}

static size_t big_block_length(const unsigned char *c, size_t length)
{
	if (length < 7)
		return 7;
	size_t data = (size_t)sim_word(c + 3) | (size_t)sim_word(c + 5) << 16;

	return c[2] == 0x4C && data <= BLOCK_MAX ? 7 + data : 0;
}

static size_t raster_length(const unsigned char *c, size_t length)
{
	if (length < 8)
		return 8;
	int row = sim_word(c + 4), rows = sim_word(c + 6);

	if (c[2] != 0x30 || (c[3] & ~0x30) > 3 || row < 1 || row > SIM_RASTER_BYTES || rows < 1 || rows > RASTER_ROWS)
		return 0;
	return 8 + (size_t)row * (size_t)rows;
}

static size_t cut_length(const unsigned char *c, size_t length)
{
	if (length < 3)
		return 3;
	switch (c[2]) {
	case 0x00: case 0x01: case 0x30: case 0x31:
		return 3;
	case 0x41: case 0x42: case 0x61: case 0x62: case 0x67: case 0x68:
		return 4;
	default:
		return 0;
	}
}

static size_t barcode_length(const unsigned char *c, size_t length)
{
	if (length < 3)
		return 3;
	if (c[2] <= 6) {
		const unsigned char *end = length > 3 ? memchr(c + 3, 0, length - 3) : NULL;

		return end ? (size_t)(end - c) + 1 : length < 259 ? length + 1 : 0;
	}
	if (c[2] < 65 || c[2] > 74)
		return 0;
	return length < 4 ? 4 : 4 + (size_t)c[3];
}

static size_t own_hanzi_length(const unsigned char *c, size_t length)
{
	return length < 4 ? 4 : c[2] == 0xFE && c[3] >= 0xA1 && c[3] != 0xFF ? 76 : 0;
}

/* -- modes ------------------------------------------------------------------------------------ */

static void initialise(struct sim_decoder *decoder, const unsigned char *c, size_t length)
{
	struct sim_mark mark = { .kind = SIM_RESET };

	if (decoder->line.count > 0)
		sim_decoder_fault(decoder, "line thrown away by ESC @", c, length);
	sim_line_empty(&decoder->line);
	sim_decoder_initialise(decoder);
	sim_decoder_give(decoder, &mark);
}

static void nothing(struct sim_decoder *decoder, const unsigned char *c, size_t length)
{
	(void)decoder, (void)c, (void)length;    /* changes nothing that is seen here */
}

static void align(struct sim_decoder *decoder, const unsigned char *c, size_t length)
{
	int n = c[2] >= '0' ? c[2] - '0' : c[2];

	if (n > 2)
		sim_decoder_fault(decoder, "no such alignment", c, length);
	else if (decoder->line.count > 0)
		sim_decoder_fault(decoder, "alignment in the middle of a line", c, length);
	else
		decoder->align = (enum sim_align)n;
}

static void bold(struct sim_decoder *decoder, const unsigned char *c, size_t length)
{
	(void)length;
	decoder->ascii.bold = decoder->hanzi.bold = c[2] & 1;
}

static void underline(struct sim_decoder *decoder, const unsigned char *c, size_t length)
{
	struct sim_style *style = c[0] == 0x1C ? &decoder->hanzi : &decoder->ascii;

	(void)length;
	style->underline = (c[2] & 3) != 0;
}

static void size(struct sim_decoder *decoder, const unsigned char *c, size_t length)
{
	if (c[2] & 0x88) {
		sim_decoder_fault(decoder, "no such size", c, length);
		return;
	}
	decoder->ascii.width = decoder->hanzi.width = (c[2] >> 4) + 1;
	decoder->ascii.height = decoder->hanzi.height = (c[2] & 15) + 1;
}

static void print_mode(struct sim_decoder *decoder, const unsigned char *c, size_t length)
{
	(void)length;
	decoder->ascii.small = c[2] & 0x01;
	decoder->ascii.bold = decoder->hanzi.bold = (c[2] & 0x08) != 0;
	decoder->ascii.height = c[2] & 0x10 ? 2 : 1;
	decoder->ascii.width = c[2] & 0x20 ? 2 : 1;
	decoder->ascii.underline = (c[2] & 0x80) != 0;
}

static void hanzi_mode(struct sim_decoder *decoder, const unsigned char *c, size_t length)
{
	(void)length;
	decoder->hanzi_mode = c[1] == 0x26;
}

static void hanzi_print_mode(struct sim_decoder *decoder, const unsigned char *c, size_t length)
{
	(void)length;
	decoder->hanzi.width = c[2] & 0x04 ? 2 : 1;
	decoder->hanzi.height = c[2] & 0x08 ? 2 : 1;
	decoder->hanzi.underline = (c[2] & 0x80) != 0;
}

static void hanzi_double(struct sim_decoder *decoder, const unsigned char *c, size_t length)
{
	(void)length;
	decoder->hanzi.width = decoder->hanzi.height = c[2] & 1 ? 2 : 1;
}

static void font(struct sim_decoder *decoder, const unsigned char *c, size_t length)
{
	(void)length;
	decoder->ascii.small = c[2] & 1;
}

static void inverse(struct sim_decoder *decoder, const unsigned char *c, size_t length)
{
	(void)length;
	decoder->ascii.inverse = decoder->hanzi.inverse = c[2] & 1;
}

static void char_space(struct sim_decoder *decoder, const unsigned char *c, size_t length)
{
	(void)length;
	if (c[0] == 0x1C)
		decoder->hanzi_space = c[2] + c[3];
	else
		decoder->ascii_space = c[2];
}

static void line_space(struct sim_decoder *decoder, const unsigned char *c, size_t length)
{
	decoder->spacing = length > 2 ? c[2] : 30;
}

static void margins(struct sim_decoder *decoder, const unsigned char *c, size_t length)
{
	if (decoder->line.count > 0) {
		sim_decoder_fault(decoder, "margin in the middle of a line", c, length);
		return;
	}
	int dots = sim_word(c + 2);

	if (c[1] == 0x57)
		decoder->area = dots;
	else
		decoder->margin = dots < sim_decoder_head(decoder) ? dots : 0;
}

/* -- paper ------------------------------------------------------------------------------------ */

static void feed_lines(struct sim_decoder *decoder, const unsigned char *c, size_t length)
{
	int lines = c[2];

	(void)length;
	if (decoder->line.count > 0) {
		sim_decoder_print(decoder, lines ? decoder->spacing : 0, false);
		lines--;
	}
	for (; lines > 0; lines--)
		sim_decoder_print(decoder, decoder->spacing, false);
}

static void feed_dots(struct sim_decoder *decoder, const unsigned char *c, size_t length)
{
	(void)length;
	if (decoder->line.count > 0 || c[2] > 0)
		sim_decoder_print(decoder, c[2], false);
}

static void move_to(struct sim_decoder *decoder, const unsigned char *c, size_t length)
{
	int dots = sim_word(c + 2);

	if (c[1] == 0x5C)
		dots = decoder->line.dots + (dots > 0x7FFF ? dots - 0x10000 : dots);
	if (dots < decoder->line.dots || dots > sim_decoder_limit(decoder)) {
		sim_decoder_fault(decoder, "position that text covers or paper lacks", c, length);
		return;
	}
	struct sim_style plain = { .width = 1, .height = 1 };

	while (decoder->line.dots + SIM_CELL <= dots)
		sim_line_add(&decoder->line, " ", 1, &plain, 0);
}

static void cut(struct sim_decoder *decoder, const unsigned char *c, size_t length)
{
	bool feeds = c[0] == 0x1D && c[2] >= 0x41;
	/* 00 30 41 61 67 are full; 01 31 42 62 68 partial */
	bool odd = c[2] & 1;
	bool partial = c[0] == 0x1B ? c[1] == 0x6D : feeds ? !odd : odd;

	if (decoder->line.count > 0) {
		sim_decoder_fault(decoder, "cut in the middle of a line", c, length);
		sim_decoder_print(decoder, decoder->spacing, false);
	}
	if (feeds)    /* to the cutter, which is about 12 mm above the head, and n dots more */
		decoder->blank_dots += 96 + c[3];
	if (decoder->options.lacks_cutter)
		return;
	struct sim_mark mark = { .kind = SIM_CUT, .dots = feeds ? 96 + c[3] : 0,
				 .name = partial ? "partial" : "full",
				 .a = decoder->blank_dots };

	sim_decoder_give(decoder, &mark);
	decoder->blank_dots = 0;
}

static void pulse(struct sim_decoder *decoder, const unsigned char *c, size_t length)
{
	int on = c[3] * 2, off = (c[4] < c[3] ? c[3] : c[4]) * 2;
	struct sim_mark mark = { .kind = SIM_DRAWER, .a = (c[2] & 1) + 1, .b = on, .c = off };

	(void)length;
	sim_decoder_give(decoder, &mark);
}

static void beep(struct sim_decoder *decoder, const unsigned char *c, size_t length)
{
	struct sim_mark mark = { .kind = SIM_BEEP, .a = c[1] == 0x42 || c[1] == 0x43 ? c[2] : 1 };

	if (c[1] == 0x42 && (c[2] < 1 || c[2] > 9 || c[3] < 1 || c[3] > 9))
		sim_decoder_fault(decoder, "beeps outside 1 to 9", c, length);
	else if (c[1] == 0x28 && (c[2] != 'A' || length != 9))
		sim_decoder_fault(decoder, "unknown command", c, length);
	else
		sim_decoder_give(decoder, &mark);
}

/* -- questions -------------------------------------------------------------------------------- */

static void ask(struct sim_decoder *decoder, const unsigned char *c, size_t length)
{
	int n = c[2] >= '0' && c[1] == 0x72 ? c[2] - '0' : c[2];
	struct sim_mark mark = { .kind = SIM_ASK, .a = n,
				 .name = c[1] == 0x49 ? "printer" : n == 1 ? "paper" : n == 2 ? "drawer" : NULL };

	if (!mark.name)
		sim_decoder_fault(decoder, "no such status", c, length);
	else
		sim_decoder_give(decoder, &mark);
}

static void automatic(struct sim_decoder *decoder, const unsigned char *c, size_t length)
{
	struct sim_mark mark = { .kind = SIM_AUTO, .a = c[2] };

	(void)length;
	sim_decoder_give(decoder, &mark);
}

static void confirm(struct sim_decoder *decoder, const unsigned char *c, size_t length)
{
	char id[5] = { 0 };
	struct sim_mark mark = { .kind = SIM_CONFIRM, .text = id };

	for (size_t i = 7; length == 11 && i < 11; i++)
		if (c[i] < 0x20 || c[i] > 0x7E)
			length = 0;
	if (length != 11 || c[5] != 0x30 || c[6] != 0x30) {
		sim_decoder_fault(decoder, "broken process ID", c, length);
		return;
	}
	memcpy(id, c + 7, 4);
	sim_decoder_give(decoder, &mark);
}

static void block(struct sim_decoder *decoder, const unsigned char *c, size_t length)
{
	struct sim_mark mark = { .kind = SIM_KICK_SWITCH };

	if (c[2] == 0x4C && length > 6)
		sim_do_graphics(decoder, c, length);
	else if (c[2] == 0x6B && length > 7 && c[5] == 0x31)
		sim_do_qr(decoder, c, length);
	else if (c[2] == 0x48)
		confirm(decoder, c, length);
	else if (c[2] == 0x44 && length == 8 && c[5] == 0x14 && c[6] == 0x01 && c[7] <= 1)
		mark.a = c[7], sim_decoder_give(decoder, &mark);
	else
		sim_decoder_fault(decoder, "unknown command", c, length);
}

/* -- the table -------------------------------------------------------------------------------- */

static const struct command commands[] = {
	{ 0x1B, 0x40, NULL, 0, initialise },       { 0x1B, 0x74, NULL, 1, nothing },
	{ 0x1B, 0x52, NULL, 1, nothing },          { 0x1B, 0x61, NULL, 1, align },
	{ 0x1B, 0x45, NULL, 1, bold },             { 0x1B, 0x47, NULL, 1, bold },
	{ 0x1B, 0x2D, NULL, 1, underline },        { 0x1D, 0x21, NULL, 1, size },
	{ 0x1B, 0x21, NULL, 1, print_mode },       { 0x1B, 0x4D, NULL, 1, font },
	{ 0x1D, 0x42, NULL, 1, inverse },          { 0x1B, 0x20, NULL, 1, char_space },
	{ 0x1C, 0x53, NULL, 2, char_space },       { 0x1B, 0x32, NULL, 0, line_space },
	{ 0x1B, 0x33, NULL, 1, line_space },       { 0x1B, 0x64, NULL, 1, feed_lines },
	{ 0x1B, 0x4A, NULL, 1, feed_dots },        { 0x1B, 0x24, NULL, 2, move_to },
	{ 0x1B, 0x5C, NULL, 2, move_to },          { 0x1D, 0x4C, NULL, 2, margins },
	{ 0x1D, 0x57, NULL, 2, margins },          { 0x1B, 0x63, panel_length, 0, nothing },
	{ 0x1B, 0x3D, NULL, 1, nothing },          { 0x1C, 0x26, NULL, 0, hanzi_mode },
	{ 0x1C, 0x2E, NULL, 0, hanzi_mode },       { 0x1C, 0x21, NULL, 1, hanzi_print_mode },
	{ 0x1C, 0x57, NULL, 1, hanzi_double },     { 0x1C, 0x2D, NULL, 1, underline },
	{ 0x1C, 0x43, NULL, 1, nothing },          { 0x1C, 0x32, own_hanzi_length, 0, nothing },
	{ 0x1D, 0x56, cut_length, 0, cut },        { 0x1B, 0x69, NULL, 0, cut },
	{ 0x1B, 0x6D, NULL, 0, cut },              { 0x1D, 0x76, raster_length, 0, sim_do_raster },
	{ 0x1D, 0x28, block_length, 0, block },    { 0x1D, 0x38, big_block_length, 0, sim_do_graphics },
	{ 0x1B, 0x2A, column_image_length, 0, sim_do_column_image },
	{ 0x1D, 0x68, NULL, 1, sim_do_code_setting },     { 0x1D, 0x77, NULL, 1, sim_do_code_setting },
	{ 0x1D, 0x48, NULL, 1, sim_do_code_setting },     { 0x1D, 0x66, NULL, 1, nothing },
	{ 0x1D, 0x6B, barcode_length, 0, sim_do_barcode },
	{ 0x1B, 0x42, NULL, 2, beep },             { 0x1B, 0x43, NULL, 3, beep },
	{ 0x1B, 0x28, block_length, 0, beep },     { 0x1B, 0x70, pulse_length, 0, pulse },
	{ 0x1D, 0x72, NULL, 1, ask },              { 0x1D, 0x49, NULL, 1, ask },
	{ 0x1D, 0x61, NULL, 1, automatic },
};

static const struct command *find(const struct sim_decoder *decoder, const unsigned char *c, size_t length)
{
	if (decoder->options.lacks_barcode && c[0] == 0x1D && c[1] == 0x6B)
		return NULL;
	if (decoder->options.lacks_qr && c[0] == 0x1D && c[1] == 0x28 && length > 2 && c[2] == 0x6B)
		return NULL;
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (commands[i].lead == c[0] && commands[i].code == c[1])
			return &commands[i];
	return NULL;
}

size_t sim_command_length(const struct sim_decoder *decoder, const unsigned char *bytes, size_t length)
{
	if (length < 2)
		return 2;
	const struct command *command = find(decoder, bytes, length);

	if (!command)
		return 0;
	return command->length ? command->length(bytes, length) : 2 + command->arguments;
}

void sim_command_act(struct sim_decoder *decoder, const unsigned char *bytes, size_t length)
{
	find(decoder, bytes, length)->act(decoder, bytes, length);
}
