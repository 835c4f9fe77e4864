/* What the till has to say: one line above the keys, with a sign and a word, in more rows when it is long. */
#ifndef ZG_TUI_WIDGET_MESSAGE_H
#define ZG_TUI_WIDGET_MESSAGE_H

#include "src/base/result.h"
#include "tui/widget/draw.h"

#define ZG_MESSAGE_ROWS 4

enum zg_message_kind { ZG_SAY_NONE, ZG_SAY_INFO, ZG_SAY_WARNING, ZG_SAY_REFUSED };

struct zg_message {
	enum zg_message_kind kind;
	char text[ZG_ERROR_TEXT];    /* translated */
};

/* Rows that it takes in so many columns, at most ZG_MESSAGE_ROWS; 0 when there is nothing to say. */
int zg_message_rows(const struct zg_message *message, int columns);
/* Draws it in the whole pane. */
void zg_message_draw(const struct zg_pane *pane, const struct zg_message *message);
#endif
