#include "tui/widget/keyline.h"

#include "src/base/i18n.h"
#include "src/base/text.h"

#include <string.h>

#define NARROW 60    /* columns below which a key stands close to its word */
#define SHORT  3     /* cells of a key's name that may: F12 */

/* The cells of a key's name, with the blank behind it: a short one stands close to its word on a narrow screen. */
static int name_cells(const struct zg_keymap *map, const struct zg_key *key, bool is_narrow)
{
	char name[ZG_KEY_NAME];
	int cells = zg_screen_width(zg_key_name(name, zg_keymap_code(map, key)));

	return cells + (!is_narrow || cells > SHORT);
}

static int width_of(const struct zg_keymap *map, const struct zg_key *key, bool is_narrow)
{
	return name_cells(map, key, is_narrow) + zg_screen_width(_(key->title));
}

static int draw_key(const struct zg_pane *pane, int at, const struct zg_keymap *map, const struct zg_key *key,
                    bool is_narrow)
{
	char name[ZG_KEY_NAME];
	int used = name_cells(map, key, is_narrow);

	zg_draw_text(pane, 0, at, pane->columns - at, ZG_INK_KEY, zg_key_name(name, zg_keymap_code(map, key)));
	return used + zg_draw_text(pane, 0, at + used, pane->columns - at - used, ZG_INK_TEXT, _(key->title));
}

void zg_keyline_draw(const struct zg_pane *pane, const struct zg_keymap *map, const struct zg_key *keys,
                     const void *self, const struct zg_key *help)
{
	bool is_narrow = pane->columns < NARROW;
	const char *shown = "";
	int gap = is_narrow ? 1 : 2, at = 1;
	char name[ZG_KEY_NAME];
	int help_cells = !help ? 0 : is_narrow ? zg_screen_width(zg_key_name(name, zg_keymap_code(map, help)))
	                                       : width_of(map, help, false);

	zg_draw_fill(pane, 0, 0, pane->columns, ZG_INK_TEXT);
	for (const struct zg_key *key = keys; key && key->action; key++) {
		/* a second key for the same is told by ? alone */
		if ((key->when && !key->when(self)) || strcmp(key->title, shown) == 0)
			continue;
		int cells = width_of(map, key, is_narrow);

		if (at + cells + (help ? gap + help_cells : 0) > pane->columns)
			break;
		draw_key(pane, at, map, key, is_narrow);
		shown = key->title;
		at += cells + gap;
	}
	if (help && is_narrow)
		zg_draw_text(pane, 0, at, help_cells, ZG_INK_KEY, zg_key_name(name, zg_keymap_code(map, help)));
	else if (help)
		draw_key(pane, at, map, help, false);
}
