/*
 * Finds words that nobody translated, on a screen or a slip.
 *
 * In the made-up language en_XA every text of ours stands between « and » (po/pseudo.sh), and on slips between
 * 《 and 》; the shop's own data has no Latin letter. So a Latin word outside the marks has no msgid.
 * Names of keys, logins and receipt numbers are no words.
 */
#ifndef ZG_TESTS_SCREEN_WORDS_H
#define ZG_TESTS_SCREEN_WORDS_H

#include "src/base/buffer.h"

#include <stddef.h>

/*
 * Adds the Latin words of these rows that stand outside the marks, with blanks between them. A text may go on in the
 * next row, within the same vertical lines; one that was cut ends in … . marks: NULL-ended words that are no words
 * here besides the names of keys.
 */
void words_unmarked(const char *const *rows, size_t count, const char *const *allowed, struct zg_buffer *out);

/* A slip's template with its own words marked: what stands in braces, and notes, stay. */
void words_template(const char *text, struct zg_buffer *out);
#endif
