#include "src/base/names.h"

#include "src/base/alloc.h"

#include <stdlib.h>
#include <string.h>

struct zg_name {
	uint32_t text;     /* its place in texts, plus 1; 0: the slot is free */
	uint32_t hash;
	uint32_t value;
};

/* FNV-1a, with its last bits mixed into the first. The texts themselves decide; this only says where to look. */
static uint32_t hash_of(const char *text)
{
	uint64_t hash = 14695981039346656037ULL;

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 1099511628211ULL;
	return (uint32_t)(hash ^ hash >> 32);
}

static struct zg_name *slot_of(const struct zg_names *names, const char *text, uint32_t hash)
{
	for (size_t i = hash & (names->size - 1);; i = (i + 1) & (names->size - 1)) {
		struct zg_name *slot = &names->slots[i];

		if (slot->text == 0 || (slot->hash == hash && strcmp(names->texts.bytes + slot->text - 1, text) == 0))
			return slot;
	}
}

static void grow(struct zg_names *names, size_t size)
{
	struct zg_name *old = names->slots;
	size_t old_size = names->size;

	names->slots = zg_alloc(size, sizeof(*names->slots));
	names->size = size;
	for (size_t i = 0; i < old_size; i++)
		if (old[i].text)
			*slot_of(names, names->texts.bytes + old[i].text - 1, old[i].hash) = old[i];
	free(old);
}

void zg_names_reserve(struct zg_names *names, size_t count)
{
	size_t size = 64;

	while (size / 4 * 3 < count)
		size *= 2;
	if (size > names->size)
		grow(names, size);
}

void zg_names_clear(struct zg_names *names)
{
	free(names->slots);
	zg_buffer_clear(&names->texts);
	*names = (struct zg_names){ 0 };
}

bool zg_names_add(struct zg_names *names, const char *text, uint32_t *value)
{
	uint32_t hash = hash_of(text);

	if (names->count >= names->size / 4 * 3)
		grow(names, names->size ? names->size * 2 : 64);
	struct zg_name *slot = slot_of(names, text, hash);

	if (slot->text) {
		*value = slot->value;
		return false;
	}
	zg_assert(names->texts.length < UINT32_MAX);
	*slot = (struct zg_name){ .text = (uint32_t)names->texts.length + 1, .hash = hash, .value = *value };
	zg_buffer_add(&names->texts, text, strlen(text) + 1);
	names->count++;
	return true;
}

bool zg_names_find(const struct zg_names *names, const char *text, uint32_t *value)
{
	if (names->size == 0)
		return false;
	struct zg_name *slot = slot_of(names, text, hash_of(text));

	if (slot->text)
		*value = slot->value;
	return slot->text != 0;
}
