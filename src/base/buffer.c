#include "src/base/buffer.h"

#include "src/base/alloc.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void make_room(struct zg_buffer *buffer, size_t more)
{
	if (more >= SIZE_MAX / 2 - buffer->length)
		zg_out_of_memory();
	size_t need = buffer->length + more + 1;

	if (need <= buffer->room)
		return;
	size_t room = buffer->room ? buffer->room : 64;

	while (room < need)
		room *= 2;
	buffer->bytes = zg_resize(buffer->bytes, room, 1);
	buffer->room = room;
}

void zg_buffer_add(struct zg_buffer *buffer, const void *bytes, size_t length)
{
	make_room(buffer, length);
	if (length)
		memcpy(buffer->bytes + buffer->length, bytes, length);
	buffer->length += length;
	buffer->bytes[buffer->length] = '\0';
}

void zg_buffer_add_text(struct zg_buffer *buffer, const char *text)
{
	zg_buffer_add(buffer, text, strlen(text));
}

void zg_buffer_add_byte(struct zg_buffer *buffer, unsigned char byte)
{
	zg_buffer_add(buffer, &byte, 1);
}

void zg_buffer_print(struct zg_buffer *buffer, const char *format, ...)
{
	va_list args, again;

	va_start(args, format);
	va_copy(again, args);
	int length = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (length > 0) {
		make_room(buffer, (size_t)length);
		vsnprintf(buffer->bytes + buffer->length, (size_t)length + 1, format, again);
		buffer->length += (size_t)length;
	}
	va_end(again);
}

void zg_buffer_drop(struct zg_buffer *buffer, size_t length)
{
	if (length > buffer->length)
		length = buffer->length;
	buffer->length -= length;
	if (length) {
		memmove(buffer->bytes, buffer->bytes + length, buffer->length);
		buffer->bytes[buffer->length] = '\0';
	}
}

void zg_buffer_empty(struct zg_buffer *buffer)
{
	zg_buffer_drop(buffer, buffer->length);
}

void zg_buffer_clear(struct zg_buffer *buffer)
{
	if (!buffer)
		return;
	free(buffer->bytes);
	*buffer = (struct zg_buffer){ 0 };
}

void zg_buffer_wipe(struct zg_buffer *buffer)
{
	if (buffer->bytes)
		explicit_bzero(buffer->bytes, buffer->room);
	zg_buffer_clear(buffer);
}

const char *zg_buffer_text(const struct zg_buffer *buffer)
{
	return buffer->bytes ? buffer->bytes : "";
}

char *zg_buffer_take(struct zg_buffer *buffer)
{
	char *bytes = buffer->bytes ? buffer->bytes : zg_copy("");

	*buffer = (struct zg_buffer){ 0 };
	return bytes;
}
