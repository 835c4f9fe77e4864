/* Bytes that grow. Zero-initialise it to start; zg_buffer_clear lets the memory go. */
#ifndef ZG_BASE_BUFFER_H
#define ZG_BASE_BUFFER_H

#include <stddef.h>

struct zg_buffer {
	char *bytes;       /* owned; always followed by a NUL once something was added; NULL when empty */
	size_t length;
	size_t room;
};

void zg_buffer_add(struct zg_buffer *buffer, const void *bytes, size_t length);
void zg_buffer_add_text(struct zg_buffer *buffer, const char *text);
void zg_buffer_add_byte(struct zg_buffer *buffer, unsigned char byte);
void zg_buffer_print(struct zg_buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
void zg_buffer_drop(struct zg_buffer *buffer, size_t length);     /* from the front; at most what is there */
void zg_buffer_empty(struct zg_buffer *buffer);                   /* keeps the memory */
void zg_buffer_clear(struct zg_buffer *buffer);                   /* frees it; NULL is allowed */
void zg_buffer_wipe(struct zg_buffer *buffer);                    /* the same, and overwrites it before: for secrets */
/* The text so far, "" when empty. Borrowed until the buffer next changes. */
const char *zg_buffer_text(const struct zg_buffer *buffer);
/* Hands the bytes to the caller, who frees them; the buffer is empty afterwards. Never NULL. */
char *zg_buffer_take(struct zg_buffer *buffer);
#endif
