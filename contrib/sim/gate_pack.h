/* Files as the channels pack them: a gzip and a zip whose parts are stored as they are. */
#ifndef SIM_GATE_PACK_H
#define SIM_GATE_PACK_H

#include "src/base/buffer.h"

#include <stddef.h>

void gate_gzip(const char *bytes, size_t length, struct zg_buffer *out);

struct gate_file { const char *name; size_t name_length; const char *bytes; size_t length; };
/* Names in whatever bytes they are: bit 11, which says UTF-8, is clear. */
void gate_zip(const struct gate_file *files, size_t count, struct zg_buffer *out);

/* UTF-8 to GBK, '?' for what GBK lacks. */
void gate_gbk(const char *text, struct zg_buffer *out);
#endif
