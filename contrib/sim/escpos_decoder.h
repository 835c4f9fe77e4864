/*
 * Reads ESC/POS bytes as a Chinese receipt printer does, one by one, and says what they do.
 *
 * Written from the printers' manuals and nothing else: it knows neither our driver nor our
 * documents. What it does not know it reports as SIM_FAULT instead of guessing.
 */
#ifndef SIM_ESCPOS_DECODER_H
#define SIM_ESCPOS_DECODER_H

#include "contrib/sim/mark.h"

struct sim_decoder;

struct sim_decoder_options {
	int columns;          /* Font A characters a line; the head has 12 dots for each */
	bool lacks_qr;        /* native QR commands print as text, as on printers that lack them */
	bool lacks_barcode;
	bool lacks_cutter;    /* cut commands only feed, or do nothing */
};

/* Called for each mark, inside sim_decoder_put or sim_decoder_flush. */
typedef void sim_take_mark(void *self, const struct sim_mark *mark);

struct sim_decoder *sim_decoder_new(const struct sim_decoder_options *options, sim_take_mark *take, void *self);
void sim_decoder_free(struct sim_decoder *decoder);
/* Takes the next byte. */
void sim_decoder_put(struct sim_decoder *decoder, unsigned char byte);
/* Hands out the picture that is still waiting for its next band. */
void sim_decoder_flush(struct sim_decoder *decoder);
bool sim_decoder_has_picture(const struct sim_decoder *decoder);
/* What is left at the end of a job: an unfinished command or a line without its LF is a fault. */
void sim_decoder_end(struct sim_decoder *decoder);
/* Forgets everything: power off, or buffers cleared; with modes, font and alignment go too. */
void sim_decoder_reset(struct sim_decoder *decoder, bool modes);
#endif
