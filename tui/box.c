#include "tui/box_private.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/base/text.h"

#include <stdlib.h>
#include <string.h>

#define TEXT_CELLS 56    /* a text in a box is broken at this, so that it can be read at a glance */
#define TEXT_ROWS  8

void zg_box_empty(struct zg_box *box)
{
	for (int i = 0; i < box->field_count; i++) {
		free(box->fields[i].label);
		explicit_bzero(&box->fields[i].input, sizeof(box->fields[i].input));
	}
	for (int i = 0; i < box->row_count; i++) {
		free(box->rows[i]);
		free(box->notes ? box->notes[i] : NULL);
	}
	free(box->rows);
	free(box->notes);
	free(box->title);
	free(box->text);
	free(box->yes);
	free(box->fault);
	zg_list_clear(&box->list);
	memset(box, 0, sizeof(*box));
}

void zg_box_closed(struct zg_app *app, void *self)
{
	(void)app;
	zg_box_empty(self);
}

const char *zg_box_heading(const void *self)
{
	return ((const struct zg_box *)self)->title;
}

void zg_box_back(struct zg_app *app, void *self)
{
	(void)self;
	zg_app_back(app);
}

void zg_box_opened(struct zg_app *app, void *self, const void *with)
{
	(void)app;
	memcpy(self, with, sizeof(struct zg_box));
}

int zg_box_text_rows(const struct zg_box *box, int columns)
{
	return box->text ? zg_draw_wrap(NULL, 0, 0, columns, TEXT_ROWS, ZG_INK_TEXT, box->text) : 0;
}

int zg_box_columns(const struct zg_box *box, int least, int most)
{
	int columns = box->text ? zg_screen_width(box->text) : 0;

	columns = columns > TEXT_CELLS ? TEXT_CELLS : columns;
	columns = columns < zg_screen_width(box->title) + 4 ? zg_screen_width(box->title) + 4 : columns;
	columns = columns < least ? least : columns;
	return columns > most ? most : columns;
}

static int draw_button(const struct zg_pane *pane, int row, int column, const char *key, const char *word)
{
	int at = column;

	at += zg_draw_text(pane, row, at, pane->columns - at, ZG_INK_KEY, key) + 1;
	at += zg_draw_text(pane, row, at, pane->columns - at, ZG_INK_TEXT, word) + 3;
	return at;
}

void zg_box_draw_buttons(const struct zg_pane *pane, const char *key, const char *word, const char *other_key,
                         const char *other_word)
{
	int next = draw_button(pane, pane->rows - 1, 0, key, word);

	draw_button(pane, pane->rows - 1, next, other_key, other_word);
}

void zg_box_draw_text(const struct zg_pane *pane, const struct zg_box *box)
{
	if (box->text)
		zg_draw_wrap(pane, 0, 0, pane->columns, TEXT_ROWS, ZG_INK_TEXT, box->text);
}

/* ---- tell ---- */

static void size_text(const void *self, int *rows, int *columns)
{
	*columns = zg_box_columns(self, 30, *columns);
	*rows = zg_box_text_rows(self, *columns) + 2;
}

static void draw_tell(const struct zg_pane *pane, const void *self)
{
	zg_box_draw_text(pane, self);
	draw_button(pane, pane->rows - 1, 0, "Enter", _("Go on"));
}

static const struct zg_key tell_keys[] = {
	{ "box.accept", ZG_KEY_ENTER, N_("Go on"), zg_box_back, NULL },
	{ "box.cancel", ZG_KEY_ESC, N_("Back"), zg_box_back, NULL },
	{ .action = NULL },
};

static const struct zg_screen tell_screen = {
	.title = N_("Message"), .size = sizeof(struct zg_box), .keys = tell_keys, .draw = draw_tell,
	.box = size_text, .heading = zg_box_heading, .opened = zg_box_opened, .closed = zg_box_closed,
};

void zg_app_tell(struct zg_app *app, const char *title, const char *text)
{
	struct zg_box box = { .title = zg_copy(title), .text = zg_copy(text) };

	zg_app_show(app, &tell_screen, &box);
}

/* ---- confirm ---- */

static void answer(struct zg_app *app, const struct zg_screen *screen, bool yes)
{
	void *below;
	struct zg_box *box = zg_box_detach(app, &below);
	void (*confirmed)(struct zg_app *, void *, bool) = box->confirmed;

	zg_box_empty(box);
	zg_box_drop(app, screen, box);
	if (confirmed)
		confirmed(app, below, yes);
}

static void say_yes(struct zg_app *app, void *self)
{
	(void)self;
	answer(app, zg_app_top(app), true);
}

static void say_no(struct zg_app *app, void *self)
{
	(void)self;
	answer(app, zg_app_top(app), false);
}

static void draw_confirm(const struct zg_pane *pane, const void *self)
{
	const struct zg_box *box = self;

	zg_box_draw_text(pane, box);
	zg_box_draw_buttons(pane, "Enter", box->yes, "Esc", _("No"));
}

static void draw_danger(const struct zg_pane *pane, const void *self)
{
	const struct zg_box *box = self;

	zg_box_draw_text(pane, box);
	zg_box_draw_buttons(pane, "y", box->yes, "Enter", _("No"));
}

static const struct zg_key confirm_keys[] = {
	{ "box.accept", ZG_KEY_ENTER, N_("Yes"), say_yes, NULL },
	{ "box.cancel", ZG_KEY_ESC, N_("No"), say_no, NULL },
	{ .action = NULL },
};

static const struct zg_key danger_keys[] = {
	{ "box.danger", 'y', N_("Yes"), say_yes, NULL },
	{ "box.refuse", ZG_KEY_ENTER, N_("No"), say_no, NULL },
	{ "box.cancel", ZG_KEY_ESC, N_("No"), say_no, NULL },
	{ .action = NULL },
};

static const struct zg_screen confirm_screen = {
	.title = N_("Question"), .size = sizeof(struct zg_box), .keys = confirm_keys, .draw = draw_confirm,
	.box = size_text, .heading = zg_box_heading, .opened = zg_box_opened, .closed = zg_box_closed,
};

static const struct zg_screen danger_screen = {
	.title = N_("Question"), .size = sizeof(struct zg_box), .keys = danger_keys, .draw = draw_danger,
	.box = size_text, .heading = zg_box_heading, .opened = zg_box_opened, .closed = zg_box_closed,
};

void zg_app_confirm(struct zg_app *app, const struct zg_confirm *confirm)
{
	struct zg_box box = {
		.title = zg_copy(confirm->title), .text = zg_copy(confirm->text),
		.yes = zg_copy(confirm->yes ? confirm->yes : _("Yes")), .confirmed = confirm->done,
	};

	zg_app_show(app, confirm->dangerous ? &danger_screen : &confirm_screen, &box);
}
