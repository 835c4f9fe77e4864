/*
 * GBK: what Chinese receipt printers and many product files speak.
 *
 * Only the two-byte part: a 4-byte GB18030 character prints as rubbish (devices.md 1.3), so it
 * counts as missing. ¥ (U+00A5) is sent as ￥ (U+FFE5), and no-break space as a space.
 */
#ifndef ZG_BASE_CHARSET_H
#define ZG_BASE_CHARSET_H

#include "src/base/buffer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct zg_gbk;

struct zg_gbk *zg_gbk_new(void);
void zg_gbk_free(struct zg_gbk *gbk);
/* Bytes (1 or 2) of a character, written to out; 0 when GBK has no form of it. */
size_t zg_gbk_put(struct zg_gbk *gbk, uint32_t character, char out[2]);
/* Cells on paper: one a GBK byte; a character that GBK lacks prints as '?', one cell. Not the screen's width. */
int zg_paper_width(struct zg_gbk *gbk, const char *text);
/* Appends the whole of text as GBK; returns how many characters became '?'. */
size_t zg_gbk_encode(struct zg_gbk *gbk, const char *text, struct zg_buffer *out);
/* Appends `bytes`, read as GBK (GB18030 accepted), as UTF-8. False, with *at the bad byte, when it is not that. */
bool zg_gbk_decode(const char *bytes, size_t length, struct zg_buffer *out, size_t *at);
#endif
