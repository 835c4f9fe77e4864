#include "tui/theme.h"

#include "src/base/i18n.h"

#include <string.h>

#define OWN (-1)

/* Each ink differs from its neighbours by an attribute too, where a colour alone would be too little. */
const struct zg_theme zg_themes[] = {
	{ "dark", N_("Dark"), true, {
		[ZG_INK_TEXT]    = { COLOR_WHITE, COLOR_BLACK, A_NORMAL },
		[ZG_INK_DIM]     = { COLOR_WHITE, COLOR_BLACK, A_DIM },
		[ZG_INK_DUE]     = { COLOR_CYAN, COLOR_BLACK, A_BOLD },
		[ZG_INK_PAID]    = { COLOR_GREEN, COLOR_BLACK, A_BOLD },
		[ZG_INK_WARNING] = { COLOR_YELLOW, COLOR_BLACK, A_BOLD },
		[ZG_INK_REFUSED] = { COLOR_RED, COLOR_BLACK, A_BOLD },
		[ZG_INK_BAR]     = { COLOR_BLACK, COLOR_CYAN, A_NORMAL },
		[ZG_INK_STATUS]  = { COLOR_WHITE, COLOR_BLACK, A_BOLD },
		[ZG_INK_KEY]     = { COLOR_CYAN, COLOR_BLACK, A_NORMAL },
		[ZG_INK_FIELD]   = { COLOR_WHITE, COLOR_BLACK, A_BOLD },
		[ZG_INK_QR]      = { COLOR_BLACK, COLOR_WHITE, A_NORMAL },
		[ZG_INK_QR_DARK] = { COLOR_WHITE, COLOR_BLACK, A_NORMAL },
		[ZG_INK_PAID_LARGE]    = { COLOR_GREEN, COLOR_BLACK, A_BOLD },
		[ZG_INK_WARNING_LARGE] = { COLOR_YELLOW, COLOR_BLACK, A_BOLD },
	} },
	/* bold makes black grey and colours pale on many terminals: on light it says little */
	{ "light", N_("Light"), true, {
		[ZG_INK_TEXT]    = { COLOR_BLACK, COLOR_WHITE, A_NORMAL },
		[ZG_INK_DIM]     = { COLOR_BLACK, COLOR_WHITE, A_DIM },
		[ZG_INK_DUE]     = { COLOR_BLUE, COLOR_WHITE, A_NORMAL },
		[ZG_INK_PAID]    = { COLOR_BLACK, COLOR_GREEN, A_NORMAL },
		[ZG_INK_WARNING] = { COLOR_BLACK, COLOR_YELLOW, A_NORMAL },
		[ZG_INK_REFUSED] = { COLOR_WHITE, COLOR_RED, A_BOLD },
		[ZG_INK_BAR]     = { COLOR_WHITE, COLOR_BLUE, A_BOLD },
		[ZG_INK_STATUS]  = { COLOR_BLACK, COLOR_CYAN, A_NORMAL },
		[ZG_INK_KEY]     = { COLOR_BLUE, COLOR_WHITE, A_NORMAL },
		[ZG_INK_FIELD]   = { COLOR_BLACK, COLOR_WHITE, A_UNDERLINE },
		[ZG_INK_QR]      = { COLOR_BLACK, COLOR_WHITE, A_NORMAL },
		[ZG_INK_QR_DARK] = { COLOR_WHITE, COLOR_BLACK, A_NORMAL },
		[ZG_INK_PAID_LARGE]    = { COLOR_BLACK, COLOR_WHITE, A_NORMAL },
		[ZG_INK_WARNING_LARGE] = { COLOR_BLACK, COLOR_WHITE, A_NORMAL },
	} },
	{ "high-contrast", N_("High contrast"), true, {
		[ZG_INK_TEXT]    = { COLOR_WHITE, COLOR_BLACK, A_BOLD },
		[ZG_INK_DIM]     = { COLOR_WHITE, COLOR_BLACK, A_NORMAL },
		[ZG_INK_DUE]     = { COLOR_YELLOW, COLOR_BLACK, A_BOLD },
		[ZG_INK_PAID]    = { COLOR_BLACK, COLOR_GREEN, A_NORMAL },
		[ZG_INK_WARNING] = { COLOR_BLACK, COLOR_YELLOW, A_NORMAL },
		[ZG_INK_REFUSED] = { COLOR_WHITE, COLOR_RED, A_BOLD },
		[ZG_INK_BAR]     = { COLOR_BLACK, COLOR_WHITE, A_NORMAL },
		[ZG_INK_STATUS]  = { COLOR_WHITE, COLOR_BLUE, A_BOLD },
		[ZG_INK_KEY]     = { COLOR_YELLOW, COLOR_BLACK, A_BOLD | A_UNDERLINE },
		[ZG_INK_FIELD]   = { COLOR_BLACK, COLOR_WHITE, A_NORMAL },
		[ZG_INK_QR]      = { COLOR_BLACK, COLOR_WHITE, A_NORMAL },
		[ZG_INK_QR_DARK] = { COLOR_WHITE, COLOR_BLACK, A_NORMAL },
		[ZG_INK_PAID_LARGE]    = { COLOR_GREEN, COLOR_BLACK, A_BOLD },
		[ZG_INK_WARNING_LARGE] = { COLOR_YELLOW, COLOR_BLACK, A_BOLD },
	} },
	{ "mono", N_("Without colours"), false, {
		[ZG_INK_TEXT]    = { OWN, OWN, A_NORMAL },
		[ZG_INK_DIM]     = { OWN, OWN, A_NORMAL },
		[ZG_INK_DUE]     = { OWN, OWN, A_BOLD },
		[ZG_INK_PAID]    = { OWN, OWN, A_BOLD },
		[ZG_INK_WARNING] = { OWN, OWN, A_BOLD },
		[ZG_INK_REFUSED] = { OWN, OWN, A_BOLD | A_UNDERLINE },
		[ZG_INK_BAR]     = { OWN, OWN, A_REVERSE },
		[ZG_INK_STATUS]  = { OWN, OWN, A_BOLD },
		[ZG_INK_KEY]     = { OWN, OWN, A_BOLD },
		[ZG_INK_FIELD]   = { OWN, OWN, A_BOLD },
		/* a terminal without colours is taken to be dark: its reverse is dark on light */
		[ZG_INK_QR]      = { OWN, OWN, A_REVERSE },
		[ZG_INK_QR_DARK] = { OWN, OWN, A_NORMAL },
		[ZG_INK_PAID_LARGE]    = { OWN, OWN, A_BOLD },
		[ZG_INK_WARNING_LARGE] = { OWN, OWN, A_BOLD },
	} },
	{ .name = NULL },
};

const struct zg_theme *zg_theme_find(const char *name)
{
	for (const struct zg_theme *theme = zg_themes; theme->name; theme++)
		if (name && strcmp(theme->name, name) == 0)
			return theme;
	return NULL;
}

const struct zg_theme *zg_theme_pick(const char *wish, bool has_colours, const char *no_color)
{
	const struct zg_theme *theme = zg_theme_find(wish);

	if (!has_colours || (no_color && *no_color))
		return zg_theme_find("mono");
	return theme ? theme : &zg_themes[0];
}

void zg_theme_start(const struct zg_theme *theme)
{
	if (!theme->colours)
		return;
	/* only now: curses sends colours from here on, and mono must send none */
	start_color();
	for (int ink = 0; ink < ZG_INK_COUNT; ink++)
		init_pair((short)(ink + 1), theme->inks[ink].letter, theme->inks[ink].ground);
}

attr_t zg_theme_attributes(const struct zg_theme *theme, enum zg_ink ink, short *pair)
{
	*pair = theme->colours ? (short)(ink + 1) : 0;
	return theme->inks[ink].attributes;
}
