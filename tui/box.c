#include "tui/box.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/base/text.h"
#include "tui/widget/list.h"

#include <stdlib.h>
#include <string.h>

#define TEXT_CELLS 56    /* a text in a box is broken at this, so that it can be read at a glance */
#define TEXT_ROWS  8
#define INPUT_LEAST 24

struct field {
	char *label;
	struct zg_input input;
	bool scan;
};

/* One struct for all kinds: what a kind does not need stays zero. Texts are owned. */
struct box {
	char *title, *text;
	char *yes;
	char *fault;                   /* why the form was not accepted */
	struct field fields[ZG_BOX_FIELDS];
	int field_count, current;
	char **rows, **notes;          /* of a list; notes stand in the second column, NULL: none */
	int row_count;
	struct zg_list list;
	void (*confirmed)(struct zg_app *app, void *self, bool yes);
	const char *(*filled)(struct zg_app *app, void *self, const char *const *answers);
	void (*chosen)(struct zg_app *app, void *self, int index);
};

static void empty(struct box *box)
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

static void closed(struct zg_app *app, void *self)
{
	(void)app;
	empty(self);
}

static const char *heading(const void *self)
{
	return ((const struct box *)self)->title;
}

static void back(struct zg_app *app, void *self)
{
	(void)self;
	zg_app_back(app);
}

/* A new box takes over what the caller filled in. */
static void opened(struct zg_app *app, void *self, const void *with)
{
	(void)app;
	memcpy(self, with, sizeof(struct box));
}

static int text_rows(const struct box *box, int columns)
{
	return box->text ? zg_draw_wrap(NULL, 0, 0, columns, TEXT_ROWS, ZG_INK_TEXT, box->text) : 0;
}

/* The columns that a box with this text needs, and no more than it may have. */
static int columns_for(const struct box *box, int least, int most)
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

/* ---- tell ---- */

static void size_text(const void *self, int *rows, int *columns)
{
	*columns = columns_for(self, 30, *columns);
	*rows = text_rows(self, *columns) + 2;
}

static void draw_text(const struct zg_pane *pane, const struct box *box)
{
	if (box->text)
		zg_draw_wrap(pane, 0, 0, pane->columns, TEXT_ROWS, ZG_INK_TEXT, box->text);
}

static void draw_tell(const struct zg_pane *pane, const void *self)
{
	draw_text(pane, self);
	draw_button(pane, pane->rows - 1, 0, "Enter", _("Go on"));
}

static const struct zg_key tell_keys[] = {
	{ "box.accept", ZG_KEY_ENTER, N_("Go on"), back, NULL },
	{ "box.cancel", ZG_KEY_ESC, N_("Back"), back, NULL },
	{ .action = NULL },
};

static const struct zg_screen tell_screen = {
	.title = N_("Message"), .size = sizeof(struct box), .keys = tell_keys, .draw = draw_tell,
	.box = size_text, .heading = heading, .opened = opened, .closed = closed,
};

void zg_app_tell(struct zg_app *app, const char *title, const char *text)
{
	struct box box = { .title = zg_copy(title), .text = zg_copy(text) };

	zg_app_show(app, &tell_screen, &box);
}

/* ---- confirm ---- */

static void answer(struct zg_app *app, const struct zg_screen *screen, bool yes)
{
	void *below;
	struct box *box = zg_box_detach(app, &below);
	void (*confirmed)(struct zg_app *, void *, bool) = box->confirmed;

	empty(box);
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
	const struct box *box = self;

	draw_text(pane, box);
	draw_button(pane, pane->rows - 1, draw_button(pane, pane->rows - 1, 0, "Enter", box->yes), "Esc", _("No"));
}

static void draw_danger(const struct zg_pane *pane, const void *self)
{
	const struct box *box = self;

	draw_text(pane, box);
	draw_button(pane, pane->rows - 1, draw_button(pane, pane->rows - 1, 0, "y", box->yes), "Enter", _("No"));
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
	.title = N_("Question"), .size = sizeof(struct box), .keys = confirm_keys, .draw = draw_confirm,
	.box = size_text, .heading = heading, .opened = opened, .closed = closed,
};

static const struct zg_screen danger_screen = {
	.title = N_("Question"), .size = sizeof(struct box), .keys = danger_keys, .draw = draw_danger,
	.box = size_text, .heading = heading, .opened = opened, .closed = closed,
};

void zg_app_confirm(struct zg_app *app, const struct zg_confirm *confirm)
{
	struct box box = {
		.title = zg_copy(confirm->title), .text = zg_copy(confirm->text),
		.yes = zg_copy(confirm->yes ? confirm->yes : _("Yes")), .confirmed = confirm->done,
	};

	zg_app_show(app, confirm->dangerous ? &danger_screen : &confirm_screen, &box);
}

/* ---- form ---- */

static int label_cells(const struct box *box)
{
	int cells = 0;

	for (int i = 0; i < box->field_count; i++) {
		int wide = zg_screen_width(box->fields[i].label);

		cells = wide > cells ? wide : cells;
	}
	return cells;
}

/* Narrow boxes have the label above its field. */
static bool is_stacked(const struct box *box, int columns)
{
	return label_cells(box) + 1 + INPUT_LEAST > columns;
}

static void size_form(const void *self, int *rows, int *columns)
{
	const struct box *box = self;

	*columns = columns_for(box, label_cells(box) + 1 + 34, *columns);
	*rows = text_rows(box, *columns) + (box->text != NULL) + box->field_count * (is_stacked(box, *columns) ? 2 : 1) + 3;
}

static void draw_form(const struct zg_pane *pane, const void *self)
{
	const struct box *box = self;
	int row = text_rows(box, pane->columns) + (box->text != NULL), labels = label_cells(box);
	bool stacked = is_stacked(box, pane->columns);
	int least = pane->rows - 3 - box->field_count * (stacked ? 2 : 1);

	draw_text(pane, box);
	/* where there is no room for both, the fields matter more than the text */
	row = row > least ? least > 0 ? least : 0 : row;
	for (int i = 0; i < box->field_count; i++) {
		int column = stacked ? 1 : labels + 1;

		zg_draw_fill(pane, row, 0, pane->columns, ZG_INK_TEXT);
		zg_draw_text(pane, row, 0, stacked ? pane->columns : labels, i == box->current ? ZG_INK_STATUS : ZG_INK_TEXT,
		             box->fields[i].label);
		row += stacked;
		zg_input_draw(pane, row++, column, pane->columns - column, &box->fields[i].input, i == box->current);
	}
	if (box->fault)
		zg_draw_print(pane, pane->rows - 2, 0, pane->columns, ZG_INK_REFUSED, "✗ %s", box->fault);
	draw_button(pane, pane->rows - 1, draw_button(pane, pane->rows - 1, 0, "Enter", _("Accept")), "Esc", _("Back"));
}

static const struct zg_screen form_screen;

static void give(struct zg_app *app, bool accepted)
{
	const char *answers[ZG_BOX_FIELDS + 1] = { NULL };
	void *below;
	struct box *box = zg_box_detach(app, &below);

	for (int i = 0; i < box->field_count; i++)
		answers[i] = box->fields[i].input.text;
	/* the box is off the stack, so that done can open the next one */
	const char *fault = box->filled ? box->filled(app, below, accepted ? answers : NULL) : NULL;

	if (accepted && fault) {
		free(box->fault);
		box->fault = zg_copy(fault);
		for (int i = 0; i < box->field_count; i++)
			if (box->fields[i].input.secret)
				zg_input_clear(&box->fields[i].input);
		zg_box_attach(app, &form_screen, box);
		return;
	}
	empty(box);
	zg_box_drop(app, &form_screen, box);
}

static void next_field(struct zg_app *app, void *self)
{
	struct box *box = self;

	(void)app;
	box->current = (box->current + 1) % box->field_count;
}

static void previous_field(struct zg_app *app, void *self)
{
	struct box *box = self;

	(void)app;
	box->current = (box->current + box->field_count - 1) % box->field_count;
}

static void accept_field(struct zg_app *app, void *self)
{
	struct box *box = self;

	if (box->current < box->field_count - 1)
		box->current++;
	else
		give(app, true);
}

static void leave_form(struct zg_app *app, void *self)
{
	(void)self;
	give(app, false);
}

static bool has_more(const void *self)
{
	return ((const struct box *)self)->field_count > 1;
}

static bool scan_field(struct zg_app *app, void *self, const char *text)
{
	struct box *box = self;
	struct field *field = &box->fields[box->current];

	if (!field->scan)
		return false;
	zg_input_set(&field->input, text);
	accept_field(app, self);
	return true;
}

static struct zg_input *field_input(void *self)
{
	struct box *box = self;

	return &box->fields[box->current].input;
}

static void field_changed(struct zg_app *app, void *self)
{
	struct box *box = self;

	(void)app;
	free(box->fault);
	box->fault = NULL;
}

static const struct zg_key form_keys[] = {
	{ "box.accept", ZG_KEY_ENTER, N_("Accept"), accept_field, NULL },
	{ "box.cancel", ZG_KEY_ESC, N_("Back"), leave_form, NULL },
	{ "box.next", ZG_KEY_DOWN, N_("Next field"), next_field, has_more },
	{ "box.previous", ZG_KEY_UP, N_("Field before"), previous_field, has_more },
	{ "box.tab", ZG_KEY_TAB, N_("Next field"), next_field, has_more },
	{ "box.backtab", ZG_KEY_BACKTAB, N_("Field before"), previous_field, has_more },
	{ .action = NULL },
};

static const struct zg_screen form_screen = {
	.title = N_("Form"), .size = sizeof(struct box), .keys = form_keys, .draw = draw_form, .box = size_form,
	.heading = heading, .opened = opened, .closed = closed, .scan = scan_field, .input = field_input,
	.changed = field_changed,
};

void zg_app_form(struct zg_app *app, const struct zg_form *form)
{
	struct box box = { .title = zg_copy(form->title), .text = zg_copy(form->text), .filled = form->done };

	for (int i = 0; i < ZG_BOX_FIELDS && form->fields[i].label; i++) {
		struct field *field = &box.fields[box.field_count++];

		field->label = zg_copy(form->fields[i].label);
		field->scan = form->fields[i].scan;
		field->input.room = form->fields[i].room;
		field->input.secret = form->fields[i].secret;
		if (form->fields[i].value)
			zg_input_set(&field->input, form->fields[i].value);
	}
	zg_assert(box.field_count > 0);
	zg_app_show(app, &form_screen, &box);
}

/* ---- choose, and the list of keys ---- */

static void size_list(const void *self, int *rows, int *columns)
{
	const struct box *box = self;
	int least = 30;

	for (int i = 0; i < box->row_count; i++) {
		int cells = zg_screen_width(box->rows[i]) + (box->notes ? 14 : 5);

		least = cells > least ? cells : least;
	}
	*columns = columns_for(box, least, *columns);
	*rows = text_rows(box, *columns) + (box->text != NULL) + box->row_count;
}

static int list_rows(const struct box *box, int rows, int columns)
{
	return rows - text_rows(box, columns) - (box->text != NULL);
}

static void fit_list(void *self, int rows, int columns)
{
	struct box *box = self;

	zg_list_fit(&box->list, list_rows(box, rows, columns));
}

static void choice_cell(const void *self, int row, int column, struct zg_cell *cell)
{
	const struct box *box = self;

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
	static const struct zg_column wide[] = { { NULL, 10, false, 0 }, { NULL, 0, false, 0 } };
	const struct box *box = self;
	int rows = list_rows(box, pane->rows, pane->columns);
	struct zg_pane list = zg_pane_part(pane, pane->rows - rows, 0, rows, pane->columns);

	draw_text(pane, box);
	zg_list_draw(&list, &box->list, box->notes ? wide : columns, 2, choice_cell, box);
}

static void pick(struct zg_app *app, const struct zg_screen *screen, int index)
{
	void *below;
	struct box *box = zg_box_detach(app, &below);
	void (*chosen)(struct zg_app *, void *, int) = box->chosen;

	empty(box);
	zg_box_drop(app, screen, box);
	if (chosen)
		chosen(app, below, index);
}

static void choose_row(struct zg_app *app, void *self)
{
	struct box *box = self;

	pick(app, zg_app_top(app), zg_list_row(&box->list));
}

static void choose_none(struct zg_app *app, void *self)
{
	(void)self;
	pick(app, zg_app_top(app), -1);
}

static bool press_list(struct zg_app *app, void *self, uint32_t code)
{
	struct box *box = self;

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

static const struct zg_screen choose_screen = {
	.title = N_("Choose"), .size = sizeof(struct box), .keys = choose_keys, .draw = draw_list, .box = size_list,
	.heading = heading, .opened = opened, .closed = closed, .fit = fit_list, .press = press_list,
};

void zg_app_choose(struct zg_app *app, const struct zg_choice *choice)
{
	struct box box = { .title = zg_copy(choice->title), .text = zg_copy(choice->text), .chosen = choice->done };

	zg_assert(choice->count > 0 && choice->count <= ZG_BOX_CHOICES);
	box.rows = zg_alloc((size_t)choice->count, sizeof(*box.rows));
	for (int i = 0; i < choice->count; i++)
		box.rows[box.row_count++] = zg_copy(choice->choices[i]);
	zg_list_update(&box.list, box.row_count, NULL, NULL);
	zg_list_select(&box.list, choice->selected);
	zg_app_show(app, &choose_screen, &box);
}

static const struct zg_key keys_keys[] = {
	{ "box.accept", ZG_KEY_ENTER, N_("Back"), back, NULL },
	{ "box.cancel", ZG_KEY_ESC, N_("Back"), back, NULL },
	{ .action = NULL },
};

static const struct zg_screen keys_screen = {
	.title = N_("Keys"), .size = sizeof(struct box), .keys = keys_keys, .draw = draw_list, .box = size_list,
	.heading = heading, .opened = opened, .closed = closed, .fit = fit_list, .press = press_list,
};

static void add_keys(struct box *box, const struct zg_keymap *map, const struct zg_key *keys)
{
	char name[ZG_KEY_NAME];

	for (; keys && keys->action; keys++) {
		box->rows = zg_resize(box->rows, (size_t)box->row_count + 1, sizeof(*box->rows));
		box->notes = zg_resize(box->notes, (size_t)box->row_count + 1, sizeof(*box->notes));
		box->rows[box->row_count] = zg_copy(_(keys->title));
		box->notes[box->row_count++] = zg_copy(zg_key_name(name, zg_keymap_code(map, keys)));
	}
}

void zg_box_show_keys(struct zg_app *app, const struct zg_keymap *map, const struct zg_key *keys,
                      const struct zg_key *globals)
{
	static const struct zg_key always[] = {
		{ "app.keys", '?', N_("All keys (F1 too)"), NULL, NULL },
		{ "app.redraw", ZG_KEY_CTRL('R'), N_("Draw the screen anew"), NULL, NULL },
		{ .action = NULL },
	};
	struct box box = { .title = zg_copy(_("Keys")) };

	if (zg_app_top(app) == &keys_screen) {
		empty(&box);
		return;
	}
	add_keys(&box, map, keys);
	add_keys(&box, map, globals);
	add_keys(&box, map, always);
	zg_list_update(&box.list, box.row_count, NULL, NULL);
	zg_app_show(app, &keys_screen, &box);
}
