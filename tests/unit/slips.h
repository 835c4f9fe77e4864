/* Every kind of slip, in every language and width: shared by the golden tests and the program that shows new goldens. */
#ifndef TESTS_UNIT_SLIPS_H
#define TESTS_UNIT_SLIPS_H

#include "src/base/buffer.h"
#include "src/shop/paper.h"
#include "src/shop/receipt.h"

#define SLIP_LANGUAGES 2
#define SLIP_WIDTHS    2

extern const char *const slip_languages[SLIP_LANGUAGES];    /* "zh", "en" */
extern const char *const slip_profiles[SLIP_WIDTHS];        /* of 58 and 80 mm */

/* Lays out a document (borrowed) by the shipped template; paper is for the caller to clear. */
void slip_layout(enum zg_slip slip, const char *language, const json_t *document, int columns, struct zg_paper *paper);
/* The grid as a golden shows it: each row's kind or style, a bar, its text. */
void slip_grid(const struct zg_paper *paper, struct zg_buffer *out);
/* The bytes for a profile in hexadecimal, 32 a line. */
void slip_bytes(const struct zg_paper *paper, const char *profile, struct zg_buffer *out);
#endif
