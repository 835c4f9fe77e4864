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
 * Takes one setting; section is "" before the first heading. The texts are borrowed for the call.
 * Anything but ZG_OK ends the reading and is what zg_ini_read returns; fill err with the
 * sentence alone, the file's name and the line are put before it.
 */
typedef enum zg_result zg_ini_take(void *self, const char *section, const char *key, const char *value,
				   size_t line, struct zg_error *err);

/*
 * Reads a whole file in memory. `name` is what messages call it ("zhanggui.conf").
 * ZG_USAGE: the text is not such a file; err says "zhanggui.conf, line 4: …" and what to do.
 * What was taken before the fault stays taken: read into something that can be thrown away.
 */
enum zg_result zg_ini_read(const char *text, size_t length, const char *name, zg_ini_take *take, void *self,
			   struct zg_error *err);
#endif
