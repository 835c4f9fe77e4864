/*
 * Settings files (INI), read strictly: whatever would be passed over or cut in silence is an
 * error with its line number.
 *
 *     # a comment, or ; a comment: always a line of its own
 *     [section]
 *     key = value
 *
 * Spaces around section, key and value do not count. Refused: lines past ZG_INI_LINE bytes, indented lines, text
 * that zg_text_is_clean refuses, a key twice in one section, and a ';' after a space inside a value,
 * because libinih, which does the reading, would cut the value there without a word.
 */
#ifndef ZG_BASE_INI_H
#define ZG_BASE_INI_H

#include "src/base/result.h"

#include <stddef.h>

#define ZG_INI_LINE 196    /* bytes of a line without its end: what libinih takes whole */

/*
 * Reads a whole file in memory. `name` is what messages call it ("zhanggui.conf").
 *
 * take gets one setting at a time; section is "" before the first heading, and the texts are
 * borrowed for the call. Anything but ZG_OK from it ends the reading and is what
 * zg_ini_read returns: take fills its err with the sentence alone, name and line are put before it.
 *
 * ZG_USAGE: the text is not such a file; err says "zhanggui.conf, line 4: ..." and what to do.
 * What was taken before the fault stays taken: read into something that can be thrown away.
 */
enum zg_result zg_ini_read(const char *text, size_t length, const char *name,
			   enum zg_result (*take)(void *self, const char *section, const char *key, const char *value,
						  size_t line, struct zg_error *err),
			   void *self, struct zg_error *err);
#endif
