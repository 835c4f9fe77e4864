#include "tui/hours.h"

#include "src/base/i18n.h"

#include <stdio.h>

#define STEPS    8     /* a cell's parts */
#define LEAST    12    /* hours on the axis, so that one sale alone is not a wall */
#define PITCH    5     /* cells of one hour at most, the gap included */
#define CAPTION  1

static const char *const blocks[STEPS + 1] = { " ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };

struct axis {
	int first, count;    /* places of the business day's hours */
	int pitch;
	zg_fen most;
};

static struct axis measure(const struct zg_pane *pane, const struct zg_day_hours *hours, int first_hour)
{
	struct axis a = { .first = -1 };
	int last = 0;

	for (int place = 0; place < 24; place++) {
		int hour = (first_hour + place) % 24;

		if (hours->sales[hour] == 0 && hours->taken_fen[hour] == 0)
			continue;
		a.first = a.first < 0 ? place : a.first;
		last = place;
		a.most = hours->taken_fen[hour] > a.most ? hours->taken_fen[hour] : a.most;
	}
	if (a.first < 0)
		return a;
	while (last - a.first + 1 < LEAST) {
		a.first -= a.first > 0;
		last += last < 23;
	}
	a.count = last - a.first + 1;
	a.pitch = (pane->columns - 2) / a.count;
	a.pitch = a.pitch > PITCH ? PITCH : a.pitch;
	return a;
}

/* Each cell is placed by itself: a terminal that draws these signs two cells wide pushes nothing aside. */
static void draw_bar(const struct zg_pane *pane, int column, int cells, int rows, zg_fen taken, zg_fen most)
{
	int64_t eighths = most > 0 && taken > 0 ? (taken * rows * STEPS + most - 1) / most : 0;

	for (int row = 0; row < rows; row++) {
		int64_t part = eighths - (int64_t)(rows - 1 - row) * STEPS;

		part = part < 0 ? 0 : part > STEPS ? STEPS : part;
		for (int i = 0; i < cells && part > 0; i++)
			zg_draw_text(pane, CAPTION + row, column + i, 1, ZG_INK_PAID_LARGE, blocks[part]);
	}
}

void zg_hours_draw(const struct zg_pane *pane, const struct zg_day_hours *hours, int first_hour)
{
	struct axis a = measure(pane, hours, first_hour);
	int rows = pane->rows - CAPTION - 1;
	char amount[ZG_AMOUNT_TEXT];

	if (a.first < 0 || rows < 1 || a.pitch < 1)
		return;
	zg_draw_print(pane, 0, 1, pane->columns - 2, ZG_INK_DIM, _("Takings by the hour, %s at most"), zg_fen_format(amount, a.most));
	for (int i = 0; i < a.count; i++) {
		int hour = (first_hour + a.first + i) % 24, column = 1 + i * a.pitch;

		draw_bar(pane, column, a.pitch > 1 ? a.pitch - 1 : 1, rows, hours->taken_fen[hour], a.most);
		if (a.pitch > 2 || i % 2 == 0)
			zg_draw_print(pane, CAPTION + rows, column, 2, ZG_INK_DIM, "%02d", hour);
	}
}
