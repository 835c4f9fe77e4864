#include "tui/widget/message.h"

#include "src/base/i18n.h"

#include <stdio.h>

static const struct { const char *sign, *word; enum zg_ink ink; } kinds[] = {
	[ZG_SAY_NONE]    = { "", "", ZG_INK_TEXT },
	[ZG_SAY_INFO]    = { "✓", "", ZG_INK_TEXT },
	[ZG_SAY_WARNING] = { "▲", N_("Look:"), ZG_INK_WARNING },
	[ZG_SAY_REFUSED] = { "✗", N_("Not done:"), ZG_INK_REFUSED },
};

/* The text behind the sign, which has its own cell and a blank. */
static void compose(const struct zg_message *message, char text[2 * ZG_ERROR_TEXT])
{
	const char *word = kinds[message->kind].word;

	snprintf(text, 2 * ZG_ERROR_TEXT, "%s%s%s", *word ? _(word) : "", *word ? " " : "", message->text);
}

int zg_message_rows(const struct zg_message *message, int columns)
{
	char text[2 * ZG_ERROR_TEXT];

	if (message->kind == ZG_SAY_NONE)
		return 0;
	compose(message, text);
	return zg_draw_wrap(NULL, 0, 0, columns - 4, ZG_MESSAGE_ROWS, ZG_INK_TEXT, text);
}

void zg_message_draw(const struct zg_pane *pane, const struct zg_message *message)
{
	enum zg_ink ink = kinds[message->kind].ink;
	char text[2 * ZG_ERROR_TEXT];

	if (message->kind == ZG_SAY_NONE)
		return;
	compose(message, text);
	zg_draw_blank(pane);
	zg_draw_text(pane, 0, 1, 1, ink, kinds[message->kind].sign);
	zg_draw_wrap(pane, 0, 3, pane->columns - 4, pane->rows, ink, text);
}
