#include "tui/box_private.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/base/text.h"

#include <stdlib.h>

#define INPUT_LEAST 24

static int label_cells(const struct zg_box *box)
{
	int cells = 0;

	for (int i = 0; i < box->field_count; i++) {
		int wide = zg_screen_width(box->fields[i].label);

		cells = wide > cells ? wide : cells;
	}
	return cells;
}

/* Narrow boxes have the label above its field. */
static bool is_stacked(const struct zg_box *box, int columns)
{
	return label_cells(box) + 1 + INPUT_LEAST > columns;
}

#define FAULT_ROWS 3    /* of the longest; two have room between fields and buttons */

static int fault_rows(const struct zg_box *box, int columns)
{
	return box->fault ? zg_draw_wrap(NULL, 0, 0, columns - 2, FAULT_ROWS, ZG_INK_REFUSED, box->fault) : 0;
}

static void size_form(const void *self, int *rows, int *columns)
{
	const struct zg_box *box = self;

	*columns = zg_box_columns(box, label_cells(box) + 1 + 34, *columns);
	*rows = zg_box_text_rows(box, *columns) + (box->text != NULL) + 3 + (fault_rows(box, *columns) == FAULT_ROWS);
	*rows += box->field_count * (is_stacked(box, *columns) ? 2 : 1);
}

static void draw_form(const struct zg_pane *pane, const void *self)
{
	const struct zg_box *box = self;
	int row = zg_box_text_rows(box, pane->columns) + (box->text != NULL), labels = label_cells(box);
	bool stacked = is_stacked(box, pane->columns);
	int least = pane->rows - 3 - (fault_rows(box, pane->columns) == FAULT_ROWS) - box->field_count * (stacked ? 2 : 1);

	zg_box_draw_text(pane, box);
	/* where there is no room for both, the fields matter more than the text */
	row = row > least ? least > 0 ? least : 0 : row;
	for (int i = 0; i < box->field_count; i++) {
		int column = stacked ? 1 : labels + 1;

		zg_draw_fill(pane, row, 0, pane->columns, ZG_INK_TEXT);
		zg_draw_text(pane, row, 0, stacked ? pane->columns : labels, i == box->current ? ZG_INK_DUE : ZG_INK_TEXT,
		             box->fields[i].label);
		row += stacked;
		zg_input_draw(pane, row++, column, pane->columns - column, &box->fields[i].input, i == box->current);
	}
	if (box->fault) {
		int rows = fault_rows(box, pane->columns), at = pane->rows - 1 - rows;

		zg_draw_text(pane, at, 0, 1, ZG_INK_REFUSED, "✗");
		zg_draw_wrap(pane, at, 2, pane->columns - 2, rows, ZG_INK_REFUSED, box->fault);
	}
	zg_box_draw_buttons(pane, "Enter", _("Accept"), "Esc", _("Back"));
}

static const struct zg_screen form_screen;

static void give(struct zg_app *app, bool accepted)
{
	const char *answers[ZG_BOX_FIELDS + 1] = { NULL };
	void *below;
	struct zg_box *box = zg_box_detach(app, &below);

	for (int i = 0; i < box->field_count; i++) {
		if (!box->fields[i].input.secret)
			zg_input_trim(&box->fields[i].input);
		answers[i] = box->fields[i].input.text;
	}
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
	zg_box_empty(box);
	zg_box_drop(app, &form_screen, box);
}

static void next_field(struct zg_app *app, void *self)
{
	struct zg_box *box = self;

	(void)app;
	box->current = (box->current + 1) % box->field_count;
}

static void previous_field(struct zg_app *app, void *self)
{
	struct zg_box *box = self;

	(void)app;
	box->current = (box->current + box->field_count - 1) % box->field_count;
}

static void accept_field(struct zg_app *app, void *self)
{
	struct zg_box *box = self;

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
	return ((const struct zg_box *)self)->field_count > 1;
}

static bool scan_field(struct zg_app *app, void *self, const char *text)
{
	struct zg_box *box = self;
	struct zg_field *field = &box->fields[box->current];

	if (!field->scan)
		return false;
	zg_input_set(&field->input, text);
	accept_field(app, self);
	return true;
}

static struct zg_input *field_input(void *self)
{
	struct zg_box *box = self;

	return &box->fields[box->current].input;
}

static void field_changed(struct zg_app *app, void *self)
{
	struct zg_box *box = self;

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
	.title = N_("Form"), .size = sizeof(struct zg_box), .keys = form_keys, .draw = draw_form, .box = size_form,
	.heading = zg_box_heading, .opened = zg_box_opened, .closed = zg_box_closed, .scan = scan_field, .input = field_input,
	.changed = field_changed,
};

void zg_app_form(struct zg_app *app, const struct zg_form *form)
{
	struct zg_box box = { .title = zg_copy(form->title), .text = zg_copy(form->text), .filled = form->done };

	for (int i = 0; i < ZG_BOX_FIELDS && form->fields[i].label; i++) {
		struct zg_field *field = &box.fields[box.field_count++];

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
