#include "src/base/alloc.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void zg_out_of_memory(void)
{
	static const char words[] = "zhanggui: out of memory; the sale under way is kept, start the till again\n";
	ssize_t written = write(STDERR_FILENO, words, sizeof(words) - 1);

	(void)written;    /* nothing more can be done about it */
	_exit(5);
}

void *zg_alloc(size_t count, size_t size)
{
	void *block = calloc(count ? count : 1, size ? size : 1);

	if (!block)
		zg_out_of_memory();
	return block;
}

void zg_need(size_t bytes)
{
	free(zg_alloc(bytes, 1));
}

void *zg_resize(void *block, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size)
		zg_out_of_memory();
	size_t bytes = count * size;
	void *moved = realloc(block, bytes > 0 ? bytes : 1);

	if (!moved)
		zg_out_of_memory();
	return moved;
}

void *zg_grow(void *block, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return block;
	*room = *room ? *room * 2 : 16;
	return zg_resize(block, *room, size);
}

char *zg_copy_bytes(const char *bytes, size_t length)
{
	char *copy = zg_alloc(length + 1, 1);

	if (length)
		memcpy(copy, bytes, length);
	return copy;
}

char *zg_copy(const char *text)
{
	return text ? zg_copy_bytes(text, strlen(text)) : NULL;
}

char *zg_print(const char *format, ...)
{
	char *text = NULL;
	va_list args;

	va_start(args, format);
	int length = vasprintf(&text, format, args);
	va_end(args);
	if (length < 0)
		zg_out_of_memory();
	return text;
}

static struct {
	void (*tell)(void *self, const char *words);
	void *self;
} witness;

void zg_assert_tell(void (*tell)(void *self, const char *words), void *self)
{
	witness.tell = tell;
	witness.self = self;
}

void zg_assert_that(int holds, const char *what, const char *file, int line)
{
	char words[400];
	void (*tell)(void *self, const char *words) = witness.tell;

	if (holds)
		return;
	snprintf(words, sizeof(words), "%s:%d: must be so, and is not: %s", file, line, what);
	witness.tell = NULL;    /* what it calls may be broken too */
	if (tell)
		tell(witness.self, words);
	fprintf(stderr, "zhanggui: %s\n", words);
	abort();
}
