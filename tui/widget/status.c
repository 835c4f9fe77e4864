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

/* On a narrow screen a lamp that has nothing to tell is left out. */
static bool is_worth(const struct zg_status_lamp *lamp, bool is_narrow)
{
	if (lamp->light == ZG_LIGHT_LOOK || lamp->light == ZG_LIGHT_DOWN)
		return true;
	return !is_narrow || (lamp->count < 0 ? lamp->light == ZG_LIGHT_WELL : lamp->count > 0);
}

static int lamp_cells(const struct zg_status *status, bool is_narrow)
{
	int cells = 0;
	char text[64];

	for (size_t i = 0; i < status->lamp_count; i++) {
		if (!is_worth(&status->lamps[i], is_narrow))
			continue;
		text_of(&status->lamps[i], is_narrow, text);
		cells += zg_screen_width(text) + 1;
	}
	return cells;
}

/* Where and who, with what fits in the cells: every part, or fewer of them, the till and the cashier last. */
static void draw_left(const struct zg_pane *pane, const struct zg_status *s, int cells)
{
	char forms[4][640];

	snprintf(forms[0], sizeof(forms[0]), "%s %s │ %s %s │ %s %s", s->shop, s->till, s->cashier, s->shift, s->day, s->clock);
	snprintf(forms[1], sizeof(forms[1]), "%s │ %s %s │ %s %s", s->till, s->cashier, s->shift, s->day, s->clock);
	snprintf(forms[2], sizeof(forms[2]), "%s │ %s │ %s", s->till, s->cashier, s->clock);
	snprintf(forms[3], sizeof(forms[3]), "%s %s", s->till, s->cashier);
	for (int i = 0; i < 4; i++) {
		zg_text_trim(forms[i]);
		if (i == 3 || zg_screen_width(forms[i]) <= cells) {
			zg_draw_text(pane, 0, 1, cells, ZG_INK_STATUS, forms[i]);
			return;
		}
	}
}

void zg_status_draw(const struct zg_pane *pane, const struct zg_status *status)
{
	bool is_narrow = pane->columns < NARROW;
	int at = pane->columns - lamp_cells(status, is_narrow);
	char text[64];

	zg_draw_fill(pane, 0, 0, pane->columns, ZG_INK_STATUS);
	draw_left(pane, status, at - 2);
	for (size_t i = 0; i < status->lamp_count; i++) {
		const struct zg_status_lamp *lamp = &status->lamps[i];

		if (!is_worth(lamp, is_narrow))
			continue;
		text_of(lamp, is_narrow, text);
		at += zg_draw_text(pane, 0, at, pane->columns - at, lights[lamp->light].ink, text) + 1;
	}
}
