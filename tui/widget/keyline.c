#include "tui/widget/keyline.h"

#include "src/base/i18n.h"
#include "src/base/text.h"

#include <stdbool.h>
#include <string.h>

#define NARROW 60    /* columns below which a key stands close to its word */
#define SHORT  3     /* cells of a key's name that may: Esc */

/* How a key stands before its word. */
struct hint {
	char label[ZG_KEY_NAME];
	const char *word;    /* NULL: none */
	int gap, cells;      /* between them; all of it */
};

static bool is_latin(char byte)
{
	return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

/*
 * A short name stands close to its word on a narrow screen, where the two do not run into one: "F7挂单", "F7 Hang". An arrow
 * may be drawn two cells wide, and needs the blank.
 */
static struct hint hint_of(const struct zg_pane *pane, const struct zg_keymap *map, const struct zg_key *key, bool has_word)
{
	struct hint hint = { .word = has_word ? _(key->title) : NULL };
	const char *label = zg_key_label(hint.label, zg_keymap_code(map, key), pane->look->ascii);
	int cells = zg_screen_width(label);

	if (hint.word)
		hint.gap = pane->columns >= NARROW || cells > SHORT || (label[0] & 0x80) || (is_latin(label[strlen(label) - 1]) && is_latin(hint.word[0]));
	hint.cells = cells + hint.gap + (hint.word ? zg_screen_width(hint.word) : 0);
	return hint;
}

static void draw_hint(const struct zg_pane *pane, int at, const struct hint *hint)
{
	int used = zg_draw_text(pane, 0, at, pane->columns - at, ZG_INK_KEY, hint->label) + hint->gap;

	if (hint->word)
		zg_draw_text(pane, 0, at + used, pane->columns - at - used, ZG_INK_TEXT, hint->word);
}

/* A second key for the same is told by ? alone, a second word for it not at all; the way back has its own place. */
static bool is_told(const struct zg_key *first, const struct zg_key *key, const void *self, const struct zg_key *back)
{
	if (back && strcmp(key->title, back->title) == 0)
		return true;
	for (; first < key; first++)
		if ((!first->when || first->when(self)) &&
		    (strcmp(first->title, key->title) == 0 || (first->code == key->code && strcmp(first->action, key->action) == 0)))
			return true;
	return false;
}

void zg_keyline_draw(const struct zg_pane *pane, const struct zg_keymap *map, const struct zg_key *keys,
                     const void *self, const struct zg_key *back, const struct zg_key *help)
{
	bool is_narrow = pane->columns < NARROW;
	/*
	 * curses inserts the last cell of the screen where the terminal cannot be told not to wrap (tmux, the Linux console), and
	 * that tears a wide character beside it (tried: ncurses 6.4). On a narrow screen the line ends with the key's name alone.
	 */
	int gap = is_narrow ? 1 : 2, at = 1, end = pane->columns - (is_narrow ? 0 : 2);
	struct hint last = { .cells = 0 }, way_back = { .cells = 0 };

	if (help) {
		last = hint_of(pane, map, help, !is_narrow);
		end -= gap + last.cells;
	}
	if (back) {
		way_back = hint_of(pane, map, back, true);
		end -= is_narrow ? 0 : gap + way_back.cells;
	}
	zg_draw_fill(pane, 0, 0, pane->columns, ZG_INK_TEXT);
	for (const struct zg_key *key = keys; key && key->action; key++) {
		if ((key->when && !key->when(self)) || is_told(keys, key, self, back))
			continue;
		struct hint hint = hint_of(pane, map, key, true);

		if (at + hint.cells > end)
			break;
		draw_hint(pane, at, &hint);
		at += hint.cells + gap;
	}
	if (back && (!is_narrow || at + way_back.cells <= end)) {
		draw_hint(pane, at, &way_back);
		at += way_back.cells + gap;
	}
	if (help)
		draw_hint(pane, at, &last);
}
