/*
 * Codes drawn dot by dot, for the many printers that have no native ones, or print them as text.
 *
 * Both append GS v 0 bands of at most ZG_RASTER_ROWS rows, so that a lost byte or an empty roll costs
 * one band. False: the code does not fit in the width, and nothing was added.
 */
#ifndef ZG_DRIVERS_PRINTER_RASTER_H
#define ZG_DRIVERS_PRINTER_RASTER_H

#include "src/base/buffer.h"

#include <stdbool.h>
#include <stddef.h>

#define ZG_RASTER_ROWS 64

/* Text in CODE128 set B: characters 0x20 to 0x7E alone. */
bool zg_raster_code128(struct zg_buffer *out, const char *text, int width_dots);
/* A QR code, error level M, with the quiet rows above and below. */
bool zg_raster_qr(struct zg_buffer *out, const char *text, int width_dots);

/* Dots of a module of this text's QR code that suit the paper: 2 to 6; 0 when it does not fit. */
int zg_raster_qr_size(const char *text, int width_dots);
/* The same for a barcode: 1 or 2; 0 when it does not fit. */
int zg_raster_code128_size(const char *text, int width_dots);

/*
 * Appends one band: rows × row_bytes of dots, the leftmost in the highest bit. `dots` may lose a dot:
 * where the data would look like a real-time command (10 04, 10 05, 10 14), which printers act on even inside images.
 */
void zg_raster_band(struct zg_buffer *out, unsigned char *dots, size_t row_bytes, size_t rows);
#endif
