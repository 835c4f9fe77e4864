/*
 * What a text means on the screen, and how a theme shows that.
 *
 * A screen names inks, never colours. Colour never stands alone: whoever draws paid, warning or
 * refused also draws a sign or a word, so that mono (and NO_COLOR) loses nothing.
 */
#ifndef ZG_TUI_THEME_H
#define ZG_TUI_THEME_H

/* curses would take words such as box, clear and echo away as macros */
#define NCURSES_NOMACROS
#include <curses.h>
#include <stdbool.h>

enum zg_ink {
	ZG_INK_TEXT,
	ZG_INK_DIM,        /* captions, what can wait */
	ZG_INK_DUE,        /* the amount that matters now */
	ZG_INK_PAID,
	ZG_INK_WARNING,
	ZG_INK_REFUSED,
	ZG_INK_BAR,        /* the chosen row */
	ZG_INK_STATUS,     /* the top line */
	ZG_INK_KEY,        /* the name of a key */
	ZG_INK_FIELD,      /* where one types */
	ZG_INK_QR,         /* dark on light in every theme */
	ZG_INK_QR_DARK,    /* the same the other way round: a blank of it is a dark module */
	ZG_INK_PAID_LARGE, /* of large digits: half blocks cannot stand on a ground of their own */
	ZG_INK_WARNING_LARGE,
	ZG_INK_COUNT
};

struct zg_theme {
	const char *name;     /* the word in the configuration */
	const char *title;    /* msgid */
	bool colours;
	struct zg_paint {
		short letter, ground;    /* one of the eight colours; -1: the terminal's own */
		attr_t attributes;
	} inks[ZG_INK_COUNT];
};

/* How everything is drawn: handed down to every draw function. */
struct zg_look {
	const struct zg_theme *theme;
	bool ascii;               /* signs = ascii: no sign of ambiguous width is drawn */
};

extern const struct zg_theme zg_themes[];    /* ends with a NULL name; the first is the default */

/* The theme of that name; NULL when there is none. */
const struct zg_theme *zg_theme_find(const char *name);
/*
 * The theme to use: the wished one (NULL or unknown: the default), or mono when the terminal has no
 * colours or no_color (the value of NO_COLOR, may be NULL) is not empty.
 */
const struct zg_theme *zg_theme_pick(const char *wish, bool has_colours, const char *no_color);
/* Sets up the colour pairs of the current curses screen. */
void zg_theme_start(const struct zg_theme *theme);
/* What wattr_set needs for an ink: attributes, and the pair (0 in a theme without colours). */
attr_t zg_theme_attributes(const struct zg_theme *theme, enum zg_ink ink, short *pair);
#endif
