/* What the screen of one sale shows: its lines, money, refunds, and what happened to it, as rows of a sheet. */
#ifndef ZG_TUI_STORY_ROWS_H
#define ZG_TUI_STORY_ROWS_H

#include "src/store/sales.h"
#include "tui/sheet.h"

struct zg_till;

/* Fills an emptied sheet. What cannot be read is left out, and err says why. */
enum zg_result zg_story_rows(const struct zg_till *till, const struct zg_sale_record *record, struct zg_sheet *sheet,
			     struct zg_error *err);
#endif
