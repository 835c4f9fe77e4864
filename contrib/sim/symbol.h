/* Native barcodes and QR codes: what their data says, and whether a printer could draw them. */
#ifndef SIM_SYMBOL_H
#define SIM_SYMBOL_H

#include "contrib/sim/picture.h"
#include "src/base/buffer.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Reads the data of GS k; m is the symbology's number of either form (0 to 6, 65 to 74). Appends the
 * content to text. Returns the symbology's name, or NULL with *why set when a printer would print nothing.
 * *modules gets the symbol's width, 0 when it is not checked.
 */
const char *sim_barcode_read(int m, const unsigned char *data, size_t length, struct zg_buffer *text,
			     int *modules, const char **why);

/* Draws a QR symbol, grain dots a module; false when the data has no symbol. *modules gets its width. */
bool sim_qr_draw(const unsigned char *data, size_t length, int level, int grain,
		 struct sim_picture *picture, int *modules);
#endif
