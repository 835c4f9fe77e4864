#include "tui/binding.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"

#include <stdlib.h>
#include <string.h>

struct zg_keymap {
	struct bound {
		char *action;
		uint32_t code;
	} *rows;
	size_t count;
};

const struct zg_key zg_list_moves[] = {
	{ "list.up",        ZG_KEY_UP,        N_("Up, down"),    NULL, NULL },
	{ "list.down",      ZG_KEY_DOWN,      N_("Up, down"),    NULL, NULL },
	{ "list.k",         'k',              N_("Up, down"),    NULL, NULL },
	{ "list.j",         'j',              N_("Up, down"),    NULL, NULL },
	{ "list.page-up",   ZG_KEY_PAGE_UP,   N_("A page"),      NULL, NULL },
	{ "list.page-down", ZG_KEY_PAGE_DOWN, N_("A page"),      NULL, NULL },
	{ "list.first",     ZG_KEY_HOME,      N_("First, last"), NULL, NULL },
	{ "list.last",      ZG_KEY_END,       N_("First, last"), NULL, NULL },
	{ .action = NULL },
};

const struct zg_key zg_line_moves[] = {
	{ "list.up",        ZG_KEY_UP,        N_("Up, down"), NULL, NULL },
	{ "list.down",      ZG_KEY_DOWN,      N_("Up, down"), NULL, NULL },
	{ "list.page-up",   ZG_KEY_PAGE_UP,   N_("A page"),   NULL, NULL },
	{ "list.page-down", ZG_KEY_PAGE_DOWN, N_("A page"),   NULL, NULL },
	{ .action = NULL },
};

struct zg_keymap *zg_keymap_new(void)
{
	return zg_alloc(1, sizeof(struct zg_keymap));
}

void zg_keymap_free(struct zg_keymap *map)
{
	if (!map)
		return;
	for (size_t i = 0; i < map->count; i++)
		free(map->rows[i].action);
	free(map->rows);
	free(map);
}

void zg_keymap_bind(struct zg_keymap *map, const char *action, uint32_t code)
{
	map->rows = zg_resize(map->rows, map->count + 1, sizeof(*map->rows));
	map->rows[map->count++] = (struct bound){ zg_copy(action), code };
}

uint32_t zg_keymap_code(const struct zg_keymap *map, const struct zg_key *key)
{
	for (size_t i = 0; map && i < map->count; i++)
		if (strcmp(map->rows[i].action, key->action) == 0)
			return map->rows[i].code;
	return key->code;
}

static bool has(const struct zg_keymap *map, const struct zg_key *key, uint32_t code)
{
	bool rebound = false;

	for (size_t i = 0; map && i < map->count; i++) {
		if (strcmp(map->rows[i].action, key->action) != 0)
			continue;
		if (map->rows[i].code == code)
			return true;
		rebound = true;
	}
	return !rebound && key->code == code;
}

const struct zg_key *zg_keymap_find(const struct zg_keymap *map, const struct zg_key *keys, uint32_t code,
                                    const void *self)
{
	for (const struct zg_key *key = keys; key && key->action; key++)
		if (has(map, key, code) && (!key->when || key->when(self)))
			return key;
	return NULL;
}
