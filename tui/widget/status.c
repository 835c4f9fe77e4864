#include "tui/widget/status.h"

#include "src/base/text.h"

#include <stdio.h>
#include <string.h>

#define NARROW 60

static const struct { const char *sign; enum zg_ink ink; } lights[] = {
	[ZG_LIGHT_ABSENT] = { "○", ZG_INK_STATUS },
	[ZG_LIGHT_WELL]   = { "●", ZG_INK_STATUS },
	[ZG_LIGHT_LOOK]   = { "▲", ZG_INK_WARNING },
	[ZG_LIGHT_DOWN]   = { "✗", ZG_INK_REFUSED },
};

static void text_of(const struct zg_status_lamp *lamp, bool is_narrow, char text[64])
{
	const char *word = is_narrow && lamp->letter ? lamp->letter : lamp->word;

	if (lamp->count >= 0)
		snprintf(text, 64, "%s%d", word, lamp->count);
	else
		snprintf(text, 64, "%s%s", word, lights[lamp->light].sign);
}

/* Which lamps are shown, the fewer the less room there is. */
enum level { ALL, TELLING, COUNTED, TROUBLE };

static bool is_worth(const struct zg_status_lamp *lamp, enum level level)
{
	if (lamp->light == ZG_LIGHT_LOOK || lamp->light == ZG_LIGHT_DOWN || level == ALL)
		return true;
	if (lamp->count >= 0)
		return level < TROUBLE && lamp->count > 0;
	return level == TELLING && lamp->light == ZG_LIGHT_WELL;
}

static int lamp_cells(const struct zg_status *status, bool is_narrow, enum level level)
{
	int cells = 0;
	char text[64];

	for (size_t i = 0; i < status->lamp_count; i++) {
		if (!is_worth(&status->lamps[i], level))
			continue;
		text_of(&status->lamps[i], is_narrow, text);
		cells += zg_screen_width(text) + 1;
	}
	return cells;
}

/* Lamps that are well give way to who is at the till: the name is never cut for one of them. */
static enum level level_of(const struct zg_status *status, int columns)
{
	bool is_narrow = columns < NARROW;
	enum level level = is_narrow ? TELLING : ALL;
	int least = zg_screen_width(status->till) + 1 + zg_screen_width(status->cashier);

	while (level < TROUBLE && columns - lamp_cells(status, is_narrow, level) - 2 < least)
		level++;
	return level;
}

/* Where and who, with what fits in the cells: every part, or fewer of them, the till and the cashier last. */
static void draw_left(const struct zg_pane *pane, const struct zg_status *s, int cells)
{
	char forms[4][640];
	char who[300], when[64];

	snprintf(who, sizeof(who), "%s%s%s%s", s->cashier, s->cashier[0] && s->shift[0] ? " " : "", s->shift,
		 s->cashier[0] || s->shift[0] ? " │ " : "");
	snprintf(when, sizeof(when), "%s %s", s->day, s->clock);
	snprintf(forms[0], sizeof(forms[0]), "%s %s │ %s%s", s->shop, s->till, who, when);
	snprintf(forms[1], sizeof(forms[1]), "%s │ %s%s", s->till, who, when);
	snprintf(forms[2], sizeof(forms[2]), "%s │ %s%s%s", s->till, s->cashier, s->cashier[0] ? " │ " : "", s->clock);
	snprintf(forms[3], sizeof(forms[3]), "%s %s", s->till, s->cashier);
	for (int i = 0; i < 4; i++) {
		zg_text_trim(forms[i]);
		/* with troubles alone in the way of both, the till's number goes: it is on the counter */
		if (i == 3 && zg_screen_width(forms[i]) > cells && s->cashier[0])
			snprintf(forms[i], sizeof(forms[i]), "%s", s->cashier);
		if (i == 3 || zg_screen_width(forms[i]) <= cells) {
			zg_draw_text(pane, 0, 1, cells, ZG_INK_STATUS, forms[i]);
			return;
		}
	}
}

void zg_status_draw(const struct zg_pane *pane, const struct zg_status *status)
{
	bool is_narrow = pane->columns < NARROW;
	enum level level = level_of(status, pane->columns);
	int at = pane->columns - lamp_cells(status, is_narrow, level);
	char text[64];

	zg_draw_fill(pane, 0, 0, pane->columns, ZG_INK_STATUS);
	draw_left(pane, status, at - 2);
	for (size_t i = 0; i < status->lamp_count; i++) {
		const struct zg_status_lamp *lamp = &status->lamps[i];

		if (!is_worth(lamp, level))
			continue;
		text_of(lamp, is_narrow, text);
		at += zg_draw_text(pane, 0, at, pane->columns - at, lights[lamp->light].ink, text) + 1;
	}
}
