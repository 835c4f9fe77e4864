/* From texts to pointers, for orders, nonces, codes and tokens. Zero-initialise it to start. */
#ifndef SIM_GATE_MAP_H
#define SIM_GATE_MAP_H

#include <stddef.h>

struct gate_map {
	struct gate_map_slot *slots;    /* a power of two of them, at most half in use */
	size_t room, count;
};

void gate_map_put(struct gate_map *map, const char *key, void *value);    /* copies the key; replaces; value is not NULL */
void *gate_map_get(const struct gate_map *map, const char *key);          /* NULL: it is not there */
/* Keeps only what `keep` says yes to. */
void gate_map_keep(struct gate_map *map, int (*keep)(void *self, const char *key, void *value), void *self);
/* What each value is let go with; NULL: nothing. */
void gate_map_clear(struct gate_map *map, void (*let_go)(void *value));
#endif
