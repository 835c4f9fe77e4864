/*
 * Text from outside, and how wide it is.
 *
 * Every text that a file, a scan, a device or a network brings passes zg_text_clean once, at the
 * door; from there on it is valid UTF-8 that no terminal, printer, log or table can be harmed by.
 * Allowed: assigned, visible characters and plain spaces; combining marks after a base character,
 * at most ZG_TEXT_MARKS in a row. Not allowed: C0, DEL, C1, invalid UTF-8, bidi controls, zero-width
 * and invisible characters, private use, noncharacters.
 * Widths follow wcwidth(), so setlocale() with a UTF-8 locale comes first.
 */
#ifndef ZG_BASE_TEXT_H
#define ZG_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ZG_TEXT_MARKS 3
#define ZG_NAME_MAX   120    /* bytes of a product, shop or person's name, without the NUL */
#define ZG_CODE_MAX   64     /* bytes of any code: barcode, receipt number, payment code */
#define ZG_REASON_MAX 200    /* bytes of a reason or note */

/*
 * Decodes one character. Returns its bytes (1 to 4), 0 at the end of the text; an invalid byte
 * counts as one and gives 0xFFFD with *valid false. valid may be NULL.
 */
size_t zg_text_next(const char *bytes, size_t length, uint32_t *character, bool *valid);
/* Writes one character; returns its bytes. */
size_t zg_text_put(char bytes[4], uint32_t character);
/* Code points of a NUL-terminated text. */
size_t zg_text_count(const char *text);

/* True when `bytes` could pass the door unchanged. Else *at is the first bad byte, *why a msgid that says what it is. */
bool zg_text_is_clean(const char *bytes, size_t length, size_t *at, const char **why);

/*
 * Copies into out (size bytes, always NUL-terminated), with '?' for each character that is not
 * allowed and the rest cut at a whole character when it does not fit. Tabs and line ends become a space.
 * Returns how many characters were replaced or cut off.
 */
size_t zg_text_clean(char *out, size_t size, const char *bytes, size_t length);

/* Cells on the screen. */
int zg_screen_width(const char *text);
/* Bytes of the longest start of text that fits in `cells` cells of the screen; *used (or NULL) gets the cells. */
size_t zg_screen_cut(const char *text, int cells, int *used);

/* ASCII letters only; other characters stay. In place. */
void zg_text_upper(char *text);
void zg_text_trim(char *text);    /* spaces at both ends, in place */
#endif
