/* Shared by the parts of the decoder: escpos_decoder.c takes bytes, escpos_commands.c obeys, escpos_pictures.c draws. */
#ifndef SIM_DECODER_STATE_H
#define SIM_DECODER_STATE_H

#include "contrib/sim/escpos_decoder.h"
#include "contrib/sim/line.h"

#include <iconv.h>

#define SIM_RASTER_BYTES 255    /* the widest row a printer takes */

struct sim_decoder {
	struct sim_decoder_options options;
	sim_take_mark *take;
	void *self;
	iconv_t gbk, cp437;

	struct zg_buffer command;       /* the command that has begun and is not whole yet */
	unsigned char lead;             /* first half of a hanzi; 0: none */
	size_t taken, start;            /* bytes so far; where the command or character under way began */

	struct sim_line line;
	struct sim_picture picture;     /* bands so far, waiting for the next */
	struct sim_picture stored;      /* GS ( L */
	enum sim_align picture_align;
	bool column_image;              /* ESC * drew into this line: its LF only ends it */
	int blank_dots;                 /* white below the last ink */

	struct sim_style ascii, hanzi;
	int ascii_space, hanzi_space;
	bool hanzi_mode;
	enum sim_align align;
	int spacing, margin, area;      /* dots; area 0: the whole width */
	int code_height, code_module, code_digits;
	int qr_module, qr_level;
	struct zg_buffer qr;
};

/* Hands out a mark, after the picture that waits, unless the mark leaves paper alone. */
void sim_decoder_give(struct sim_decoder *decoder, struct sim_mark *mark);
/* Reports bytes that mean nothing, or would do harm. */
void sim_decoder_fault(struct sim_decoder *decoder, const char *why, const void *bytes, size_t length);
/* Prints the line and moves the paper by at least dots; wrapped: the line was full. */
void sim_decoder_print(struct sim_decoder *decoder, int dots, bool wrapped);
/* Dots that a line may fill. */
int sim_decoder_limit(const struct sim_decoder *decoder);
/* Dots of the head. */
int sim_decoder_head(const struct sim_decoder *decoder);
/* Modes as after ESC @. */
void sim_decoder_initialise(struct sim_decoder *decoder);

/*
 * Bytes of the command that starts here; more than length when at least that many are needed;
 * 0 when the printer does not know it.
 */
size_t sim_command_length(const struct sim_decoder *decoder, const unsigned char *bytes, size_t length);
/* The 16-bit value at c, low byte first. */
static inline int sim_word(const unsigned char *c)
{
	return c[0] | c[1] << 8;
}

/* Commands that draw. c is a whole command; bytes are counted by its length. */
void sim_do_raster(struct sim_decoder *decoder, const unsigned char *c, size_t length);
void sim_do_column_image(struct sim_decoder *decoder, const unsigned char *c, size_t length);
void sim_do_graphics(struct sim_decoder *decoder, const unsigned char *c, size_t length);
void sim_do_code_setting(struct sim_decoder *decoder, const unsigned char *c, size_t length);
void sim_do_barcode(struct sim_decoder *decoder, const unsigned char *c, size_t length);
void sim_do_qr(struct sim_decoder *decoder, const unsigned char *c, size_t length);

/* Obeys a whole command. */
void sim_command_act(struct sim_decoder *decoder, const unsigned char *bytes, size_t length);
#endif
