/*
 * A set of short texts, each with a number: to notice one that comes twice, and where it came first.
 * Zero-initialise it, or give it room for what is to come; it only grows. All texts together are below 4 GB.
 */
#ifndef ZG_BASE_NAMES_H
#define ZG_BASE_NAMES_H

#include "src/base/buffer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct zg_name;

struct zg_names {
	struct zg_name *slots;     /* open addressing; a power of two */
	size_t size, count;
	struct zg_buffer texts;    /* one after the other, each with its NUL */
};

/* Makes room for that many, so that no single addition has to move them all. */
void zg_names_reserve(struct zg_names *names, size_t count);
void zg_names_clear(struct zg_names *names);
/* Adds a text with the number *value. False when it is there: *value becomes the number it came with, and nothing changes. */
bool zg_names_add(struct zg_names *names, const char *text, uint32_t *value);
bool zg_names_find(const struct zg_names *names, const char *text, uint32_t *value);
#endif
