/* The top line: where, who, when, and the lamps. */
#ifndef ZG_TUI_WIDGET_STATUS_H
#define ZG_TUI_WIDGET_STATUS_H

#include "tui/widget/draw.h"

#define ZG_STATUS_LAMPS 6

enum zg_light { ZG_LIGHT_ABSENT, ZG_LIGHT_WELL, ZG_LIGHT_LOOK, ZG_LIGHT_DOWN };    /* ○ ● ▲ ✗ */

struct zg_status_lamp {
	const char *word;           /* translated; borrowed while it is drawn */
	const char *letter;         /* for narrow screens; NULL: the word */
	enum zg_light light;
	int count;                  /* drawn instead of the sign when above or at 0: what waits; else -1 */
};

struct zg_status {
	char shop[128];
	char till[64];
	char cashier[128];
	char shift[64];
	char day[16];               /* the business day, "11-23" */
	char clock[16];             /* "16:42" */
	struct zg_status_lamp lamps[ZG_STATUS_LAMPS];
	size_t lamp_count;
};

/*
 * Draws row 0 of the pane: all of it when there is room, else what matters more. Lamps that are not well are never left out;
 * those that are well give way to the cashier's name.
 */
void zg_status_draw(const struct zg_pane *pane, const struct zg_status *status);
#endif
