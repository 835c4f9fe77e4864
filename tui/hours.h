/* What each hour took, as bars side by side; the axis below them names the hours. */
#ifndef ZG_TUI_HOURS_H
#define ZG_TUI_HOURS_H

#include "src/store/days.h"
#include "tui/widget/draw.h"

/* Fills the pane. first_hour is where the business day begins: its hours stand in the order in which they passed. */
void zg_hours_draw(const struct zg_pane *pane, const struct zg_day_hours *hours, int first_hour);
#endif
