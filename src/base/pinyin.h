/*
 * First letters of pinyin, as cashiers type them: 农夫山泉 is NFSQ.
 *
 * A character has one letter here, that of its commonest reading, so 重庆 is ZQ and not CQ;
 * goods may carry initials of their own where that matters.
 */
#ifndef ZG_BASE_PINYIN_H
#define ZG_BASE_PINYIN_H

#include <stddef.h>

/*
 * Writes the initials of a text into out (size bytes, always NUL-terminated): one capital letter a
 * Chinese character (U+4E00 to U+9FFF), ASCII letters as capitals, ASCII digits as they are; all
 * else is passed over. What does not fit is left out. Returns the letters written.
 */
size_t zg_pinyin_initials(const char *text, char *out, size_t size);
#endif
