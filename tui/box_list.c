#include "tui/box_private.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int note_cells(const struct zg_box *box)
{
	int cells = 0;

	for (int i = 0; box->notes && i < box->row_count; i++)
		cells = zg_screen_width(box->notes[i]) > cells ? zg_screen_width(box->notes[i]) : cells;
	return cells;
}

static void size_list(const void *self, int *rows, int *columns)
{
	const struct zg_box *box = self;
	int least = 30;

	for (int i = 0; i < box->row_count; i++) {
		int cells = zg_screen_width(box->rows[i]) + (box->notes ? note_cells(box) + 3 : 5);

		least = cells > least ? cells : least;
	}
	*columns = zg_box_columns(box, least, *columns);
	*rows = zg_box_text_rows(box, *columns) + (box->text != NULL) + box->row_count;
}

static int list_rows(const struct zg_box *box, int rows, int columns)
{
	return rows - zg_box_text_rows(box, columns) - (box->text != NULL);
}

static void fit_list(void *self, int rows, int columns)
{
	struct zg_box *box = self;

	zg_list_fit(&box->list, list_rows(box, rows, columns));
}

static void choice_cell(const void *self, int row, int column, struct zg_cell *cell)
{
	const struct zg_box *box = self;

	if (column == 1)
		snprintf(cell->text, sizeof(cell->text), "%s", box->rows[row]);
	else if (box->notes)
		snprintf(cell->text, sizeof(cell->text), "%s", box->notes[row]);
	else if (row < 9)
		snprintf(cell->text, sizeof(cell->text), "%d", row + 1);
	if (column == 0)
		cell->ink = ZG_INK_KEY;
}

static void draw_list(const struct zg_pane *pane, const void *self)
{
	static const struct zg_column columns[] = { { NULL, 1, true, 0 }, { NULL, 0, false, 0 } };
	const struct zg_box *box = self;
	const struct zg_column wide[] = { { NULL, note_cells(box), false, 0 }, { NULL, 0, false, 0 } };
	int rows = list_rows(box, pane->rows, pane->columns);
	struct zg_pane list = zg_pane_part(pane, pane->rows - rows, 0, rows, pane->columns);

	zg_box_draw_text(pane, box);
	zg_list_draw(&list, &box->list, box->notes ? wide : columns, 2, choice_cell, box);
}

static void pick(struct zg_app *app, const struct zg_screen *screen, int index)
{
	void *below;
	struct zg_box *box = zg_box_detach(app, &below);
	void (*chosen)(struct zg_app *, void *, int) = box->chosen;

	zg_box_empty(box);
	zg_box_drop(app, screen, box);
	if (chosen)
		chosen(app, below, index);
}

static void choose_row(struct zg_app *app, void *self)
{
	struct zg_box *box = self;

	pick(app, zg_app_top(app), zg_list_row(&box->list));
}

static void choose_none(struct zg_app *app, void *self)
{
	(void)self;
	pick(app, zg_app_top(app), -1);
}

static void choose_undo(struct zg_app *app, void *self)
{
	const struct zg_box *box = self;

	pick(app, zg_app_top(app), box->undo - 1);
}

static bool press_list(struct zg_app *app, void *self, uint32_t code)
{
	struct zg_box *box = self;

	if (!box->notes && code >= '1' && code <= '9' && (int)(code - '1') < box->row_count) {
		pick(app, zg_app_top(app), (int)(code - '1'));
		return true;
	}
	return code != '/' && zg_list_press(&box->list, code);
}

static const struct zg_key choose_keys[] = {
	{ "box.accept", ZG_KEY_ENTER, N_("Choose"), choose_row, NULL },
	{ "box.cancel", ZG_KEY_ESC, N_("Back"), choose_none, NULL },
	{ .action = NULL },
};

static const struct zg_key undo_keys[] = {
	{ "box.accept", ZG_KEY_ENTER, N_("Choose"), choose_row, NULL },
	{ "box.undo", 'u', N_("Put back"), choose_undo, NULL },
	{ "box.cancel", ZG_KEY_ESC, N_("Back"), choose_none, NULL },
	{ .action = NULL },
};

static const struct zg_screen choose_screen = {
	.title = N_("Choose"), .size = sizeof(struct zg_box), .keys = choose_keys, .draw = draw_list, .box = size_list,
	.heading = zg_box_heading, .opened = zg_box_opened, .closed = zg_box_closed, .fit = fit_list, .press = press_list,
	.moves = zg_list_moves,
};

static const struct zg_screen undo_screen = {
	.title = N_("Choose"), .size = sizeof(struct zg_box), .keys = undo_keys, .draw = draw_list, .box = size_list,
	.heading = zg_box_heading, .opened = zg_box_opened, .closed = zg_box_closed, .fit = fit_list, .press = press_list,
	.moves = zg_list_moves,
};

void zg_app_choose(struct zg_app *app, const struct zg_choice *choice)
{
	struct zg_box box = { .title = zg_copy(choice->title), .text = zg_copy(choice->text), .undo = choice->undo,
		.chosen = choice->done };

	zg_assert(choice->count > 0 && choice->count <= ZG_BOX_CHOICES);
	box.rows = zg_alloc((size_t)choice->count, sizeof(*box.rows));
	for (int i = 0; i < choice->count; i++)
		box.rows[box.row_count++] = zg_copy(choice->choices[i]);
	zg_list_update(&box.list, box.row_count, NULL, NULL);
	zg_list_select(&box.list, choice->selected);
	zg_app_show(app, box.undo > 0 ? &undo_screen : &choose_screen, &box);
}

static const struct zg_key keys_keys[] = {
	{ "box.accept", ZG_KEY_ENTER, N_("Back"), zg_box_back, NULL },
	{ "box.cancel", ZG_KEY_ESC, N_("Back"), zg_box_back, NULL },
	{ .action = NULL },
};

static const struct zg_screen keys_screen = {
	.title = N_("Keys"), .size = sizeof(struct zg_box), .keys = keys_keys, .draw = draw_list, .box = size_list,
	.heading = zg_box_heading, .opened = zg_box_opened, .closed = zg_box_closed, .fit = fit_list, .press = press_list,
	.moves = zg_list_moves,
};

/* An action whose hint moves in the help line has more rows with one key: the last stands where it usually is. */
static bool is_told_later(const struct zg_key *key)
{
	const struct zg_key *later = key + 1;

	while (later->action && (strcmp(later->action, key->action) != 0 || later->code != key->code))
		later++;
	return later->action != NULL;
}

/* The row that tells of this already: a second key for the same stands beside the first. -1: none. */
static int told_at(const struct zg_box *box, const char *title)
{
	for (int i = 0; i < box->row_count; i++)
		if (strcmp(box->rows[i], title) == 0)
			return i;
	return -1;
}

static void add_keys(struct zg_box *box, const struct zg_keymap *map, const struct zg_key *keys, bool ascii)
{
	char text[ZG_KEY_NAME];

	for (; keys && keys->action; keys++) {
		if (is_told_later(keys))
			continue;
		const char *name = zg_key_label(text, zg_keymap_code(map, keys), ascii);
		int at = told_at(box, _(keys->title));

		if (at >= 0) {
			char *both = zg_print("%s %s", box->notes[at], name);

			free(box->notes[at]);
			box->notes[at] = both;
			continue;
		}
		box->rows = zg_resize(box->rows, (size_t)box->row_count + 1, sizeof(*box->rows));
		box->notes = zg_resize(box->notes, (size_t)box->row_count + 1, sizeof(*box->notes));
		box->rows[box->row_count] = zg_copy(_(keys->title));
		box->notes[box->row_count++] = zg_copy(name);
	}
}

static bool has_esc(const struct zg_key *keys)
{
	while (keys && keys->action && keys->code != ZG_KEY_ESC)
		keys++;
	return keys && keys->action;
}

void zg_box_show_keys(struct zg_app *app, const struct zg_keymap *map, const struct zg_screen *screen,
                      bool is_typing, const struct zg_key *globals)
{
	/* what the app itself does with keys, where one types and where not */
	static const struct zg_key back[] = {
		{ "app.back", ZG_KEY_ESC, N_("Back"), NULL, NULL },
		{ .action = NULL },
	};
	static const struct zg_key typing[] = {
		{ "app.empty", ZG_KEY_BACKSPACE, N_("Back"), NULL, NULL },
		{ "app.clear", ZG_KEY_CTRL('U'), N_("Clear what is typed"), NULL, NULL },
		{ .action = NULL },
	};
	static const struct zg_key always[] = {
		{ "app.redraw", ZG_KEY_CTRL('R'), N_("Draw the screen anew"), NULL, NULL },
		{ "app.keys", '?', N_("All keys"), NULL, NULL },
		{ "app.keys", ZG_KEY_F(1), N_("All keys"), NULL, NULL },
		{ .action = NULL },
	};
	struct zg_box box = { .title = zg_copy(_("Keys")) };
	bool ascii = zg_app_is_ascii(app);

	if (zg_app_top(app) == &keys_screen) {
		zg_box_empty(&box);
		return;
	}
	add_keys(&box, map, screen->keys, ascii);
	add_keys(&box, map, screen->moves, ascii);
	if (!has_esc(screen->keys))
		add_keys(&box, map, back, ascii);
	/* on an empty line Backspace does what Esc does, where that leads back */
	if (is_typing)
		add_keys(&box, map, screen->box || told_at(&box, _("Back")) < 0 ? typing + 1 : typing, ascii);
	add_keys(&box, map, globals, ascii);
	add_keys(&box, map, always, ascii);
	zg_list_update(&box.list, box.row_count, NULL, NULL);
	zg_app_show(app, &keys_screen, &box);
}
