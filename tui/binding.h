/*
 * Which key does what. One table binds the keys of a screen and prints its help; the configuration
 * may give an action another key by the action's name, and both follow.
 */
#ifndef ZG_TUI_BINDING_H
#define ZG_TUI_BINDING_H

#include "tui/key.h"

struct zg_app;

/* A row of a screen's key table, the most useful first; a row of zeros ends it. */
struct zg_key {
	const char *action;    /* the name to rebind it by: "sale.settle" */
	uint32_t code;         /* its key, unless it is rebound */
	const char *title;     /* msgid, one or two words */
	void (*run)(struct zg_app *app, void *self);
	/* NULL: always. While it says false the key is not shown and not bound: text may use it. */
	bool (*when)(const void *self);
};

struct zg_keymap;

/* For zg_screen.moves: of lists and sheets; of a list under a line in which letters are text. */
extern const struct zg_key zg_list_moves[], zg_line_moves[];

struct zg_keymap *zg_keymap_new(void);
void zg_keymap_free(struct zg_keymap *map);
/* Gives the action this key; the first call for an action takes its own key away, more calls add keys. */
void zg_keymap_bind(struct zg_keymap *map, const char *action, uint32_t code);
/* The key to show for a row. map may be NULL. */
uint32_t zg_keymap_code(const struct zg_keymap *map, const struct zg_key *key);
/* The row that this key runs now; NULL: none. */
const struct zg_key *zg_keymap_find(const struct zg_keymap *map, const struct zg_key *keys, uint32_t code,
                                    const void *self);
#endif
