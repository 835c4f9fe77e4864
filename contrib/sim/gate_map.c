#include "contrib/sim/gate_map.h"

#include "src/base/alloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct gate_map_slot {
	char *key;      /* NULL: free */
	void *value;
};

static struct gate_map_slot *slot_of(const struct gate_map *map, const char *key)
{
	uint64_t hash = 1469598103934665603u;    /* FNV-1a */

	for (const char *c = key; *c; c++)
		hash = (hash ^ (unsigned char)*c) * 1099511628211u;
	size_t at = (size_t)(hash ^ hash >> 32) & (map->room - 1);

	while (map->slots[at].key && strcmp(map->slots[at].key, key) != 0)
		at = (at + 1) & (map->room - 1);
	return &map->slots[at];
}

static void resize(struct gate_map *map, size_t room)
{
	struct gate_map old = *map;

	map->slots = zg_alloc(room, sizeof(*map->slots));
	map->room = room;
	for (size_t i = 0; i < old.room; i++)
		if (old.slots[i].key)
			*slot_of(map, old.slots[i].key) = old.slots[i];
	free(old.slots);
}

void gate_map_put(struct gate_map *map, const char *key, void *value)
{
	if (map->count * 2 >= map->room)
		resize(map, map->room ? map->room * 2 : 64);
	struct gate_map_slot *slot = slot_of(map, key);

	if (!slot->key) {
		slot->key = zg_copy(key);
		map->count++;
	}
	slot->value = value;
}

void *gate_map_get(const struct gate_map *map, const char *key)
{
	return map->room ? slot_of(map, key)->value : NULL;
}

void gate_map_keep(struct gate_map *map, int (*keep)(void *self, const char *key, void *value), void *self)
{
	struct gate_map old = *map;

	*map = (struct gate_map){ 0 };
	for (size_t i = 0; i < old.room; i++) {
		if (!old.slots[i].key)
			continue;
		if (keep(self, old.slots[i].key, old.slots[i].value))
			gate_map_put(map, old.slots[i].key, old.slots[i].value);
		free(old.slots[i].key);
	}
	free(old.slots);
}

void gate_map_clear(struct gate_map *map, void (*let_go)(void *value))
{
	for (size_t i = 0; i < map->room; i++) {
		if (!map->slots[i].key)
			continue;
		free(map->slots[i].key);
		if (let_go)
			let_go(map->slots[i].value);
	}
	free(map->slots);
	*map = (struct gate_map){ 0 };
}
