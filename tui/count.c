/*
 * The blind count: how many of each note and coin lie in the drawer. What should be there is not
 * shown before the shift is closed.
 */
#include "src/base/i18n.h"
#include "src/shop/cash.h"
#include "src/till/till.h"
#include "tui/desk.h"
#include "tui/names.h"
#include "tui/order.h"
#include "tui/preview.h"
#include "tui/screens.h"
#include "tui/widget/bigdigits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIELD_CELLS 10
#define NAME_CELLS  8
#define SUM_CELLS   13

struct count {
	const struct zg_till *till;
	struct zg_input fields[ZG_CASH_NOTES];
	int kinds;             /* the first so many are asked for */
	int current;
	int top;               /* first field in sight, where not all of them fit */
	zg_fen total;
	bool is_hand_over;
};

static int64_t pieces_of(const struct count *c, int i)
{
	return c->fields[i].length > 0 ? strtoll(c->fields[i].text, NULL, 10) : 0;
}

static void add_up(struct count *c)
{
	int64_t pieces[ZG_CASH_NOTES] = { 0 };

	for (int i = 0; i < c->kinds; i++)
		pieces[i] = pieces_of(c, i);
	if (zg_cash_count(pieces, &c->total, NULL) != ZG_OK)
		c->total = 0;    /* six digits a field cannot pass the limit */
}

/* Fen coins are asked for only where they may be: nobody else has to pass their fields. */
static int kinds_of(const struct zg_till *till)
{
	const struct zg_shift *shift = zg_till_shift(till);
	struct zg_totals totals;

	if (!shift || zg_shifts_totals(zg_till_store(till), shift, &totals, NULL) != ZG_OK)
		return ZG_CASH_NOTES;
	return (int)zg_cash_kinds(zg_till_config(till)->rounding, zg_totals_expected(&totals));
}

static void opened(struct zg_app *app, void *self, const void *with)
{
	struct count *c = self;

	c->till = zg_app_till(app);
	c->kinds = kinds_of(c->till);
	c->is_hand_over = *(const bool *)with;
	for (int i = 0; i < ZG_CASH_NOTES; i++)
		c->fields[i].room = 6;
}

/* ---- drawing ---- */

static int foot_rows(const struct count *c, int rows)
{
	return rows >= c->kinds + ZG_BIG_ROWS + 2 ? ZG_BIG_ROWS + 1 : 1;
}

static void fit(void *self, int rows, int columns)
{
	struct count *c = self;
	int page = rows - 1 - foot_rows(c, rows);

	(void)columns;
	if (c->current >= c->top + page)
		c->top = c->current - page + 1;
	if (c->current < c->top)
		c->top = c->current;
	if (c->top > c->kinds - page)
		c->top = c->kinds - page > 0 ? c->kinds - page : 0;
}

static void draw_field(const struct zg_pane *pane, int row, const struct count *c, int i)
{
	char text[ZG_AMOUNT_TEXT];
	zg_fen amount = zg_cash_notes[i] * pieces_of(c, i);

	zg_draw_right(pane, row, 1, NAME_CELLS, i == c->current ? ZG_INK_TEXT : ZG_INK_DIM, zg_fen_format(text, zg_cash_notes[i]));
	zg_draw_text(pane, row, NAME_CELLS + 2, 1, ZG_INK_DIM, "×");
	zg_input_draw(pane, row, NAME_CELLS + 4, FIELD_CELLS, &c->fields[i], i == c->current);
	if (amount > 0)
		zg_draw_right(pane, row, NAME_CELLS + FIELD_CELLS + 5, SUM_CELLS, ZG_INK_TEXT, zg_fen_format(text, amount));
}

static void draw(const struct zg_pane *pane, const void *self)
{
	const struct count *c = self;
	int foot = foot_rows(c, pane->rows), page = pane->rows - 1 - foot;
	int width = NAME_CELLS + FIELD_CELLS + SUM_CELLS + 5;
	struct zg_pane sum = zg_pane_part(pane, pane->rows - (foot > 1 ? ZG_BIG_ROWS : 1), 0, ZG_BIG_ROWS,
					  pane->columns < 2 * width ? pane->columns - 2 : 2 * width);
	char text[ZG_AMOUNT_TEXT];

	zg_draw_text(pane, 0, 1, pane->columns - 2, ZG_INK_TEXT, c->is_hand_over ? _("Count the drawer for the hand-over")
		     : _("Count the drawer to close the shift"));
	for (int row = 0; row < page && c->top + row < c->kinds; row++)
		draw_field(pane, row + 1, c, c->top + row);
	if (foot > 1)
		zg_draw_rule(pane, pane->rows - foot);
	zg_draw_text(&sum, 0, 1, sum.columns / 2, ZG_INK_DIM, _("Counted"));
	zg_big_draw(&sum, 0, ZG_INK_DUE, zg_fen_format(text, c->total));
}

/* ---- moving ---- */

static struct zg_input *input(void *self)
{
	struct count *c = self;

	return &c->fields[c->current];
}

/* Only digits count pieces; anything else is taken out again. */
static void changed(struct zg_app *app, void *self)
{
	struct count *c = self;
	struct zg_input *field = &c->fields[c->current];
	char digits[ZG_INPUT_SIZE];
	size_t length = 0;

	for (size_t i = 0; i < field->length; i++)
		if (field->text[i] >= '0' && field->text[i] <= '9')
			digits[length++] = field->text[i];
	digits[length] = '\0';
	if (length != field->length) {
		zg_input_set(field, digits);
		zg_app_refuse(app, _("Type how many pieces there are, in digits."));
	}
	add_up(c);
}

static void down(struct zg_app *app, void *self)
{
	struct count *c = self;

	(void)app;
	c->current += c->current < c->kinds - 1;
}

static void up(struct zg_app *app, void *self)
{
	struct count *c = self;

	(void)app;
	c->current -= c->current > 0;
}

/* ---- closing ---- */

static void signed_out(struct zg_app *app, const json_t *answer, int64_t data)
{
	(void)answer;
	(void)data;
	zg_app_back_to(app, &zg_sale_screen);
	zg_app_replace(app, &zg_login_screen, NULL);
	zg_app_say(app, _("The shift is handed over. The next cashier signs in and opens a shift."));
}

static void sign_out(struct zg_app *app)
{
	struct zg_order order = { .act = "session.end", .done = signed_out };

	zg_order_send(app, &order);
}

/* Now, and only now, it is told what should have been there. */
static void shift_closed(struct zg_app *app, const json_t *answer, int64_t is_hand_over)
{
	const struct zg_till *till = zg_app_till(app);
	struct zg_shift shift;
	struct zg_error err;
	char title[80], headline[160];
	struct zg_preview preview = { .slip = ZG_SLIP_Z, .title = title, .headline = headline, .act = "print.report",
		.right = ZG_RIGHT_REPORT_Z, .after = is_hand_over ? sign_out : NULL };

	snprintf(title, sizeof(title), _("Z report %lld"), (long long)zg_json_integer(answer, "z", 0));
	zg_names_difference(headline, sizeof(headline), zg_json_integer(answer, "over_fen", 0), &preview.ink);
	json_t *document = NULL;

	if (zg_shifts_find(zg_till_store(till), zg_json_integer(answer, "shift", 0), &shift, &err) == ZG_OK)
		document = zg_till_report(till, &shift, &err);
	if (zg_app_top(app) == &zg_count_screen)
		zg_app_back(app);
	if (!document) {
		zg_app_fail(app, &err);
		return;
	}
	preview.document = document;
	preview.args = zg_json_object();
	zg_json_set_string(preview.args, "kind", "z");
	zg_json_set_integer(preview.args, "z", shift.z_no);
	zg_preview_show(app, &preview);
	json_decref(document);
}

static void counted(struct zg_app *app, const json_t *answer, int64_t is_hand_over)
{
	struct zg_order order = { .act = "shift.close", .done = shift_closed, .data = is_hand_over };
	const struct zg_shift *shift = zg_till_shift(zg_app_till(app));
	const struct zg_person *person = zg_till_person(zg_app_till(app));

	(void)answer;
	if (shift && person && strcmp(shift->opened_by, person->login) != 0)
		order.right = ZG_RIGHT_REPORT_Z;    /* another's shift */
	zg_order_send(app, &order);
}

static void confirmed(struct zg_app *app, void *self, bool yes)
{
	const struct count *c = self;
	const struct zg_shift *shift = zg_till_shift(c->till);
	const struct zg_person *person = zg_till_person(c->till);
	struct zg_order order = { .act = "shift.count", .done = counted, .data = c->is_hand_over };

	if (!yes)
		return;
	json_t *pieces = zg_json_object();

	for (int i = 0; i < c->kinds; i++) {
		char key[ZG_AMOUNT_TEXT];

		snprintf(key, sizeof(key), "%lld", (long long)zg_cash_notes[i]);
		if (pieces_of(c, i) > 0)
			zg_json_set_integer(pieces, key, pieces_of(c, i));
	}
	order.args = zg_json_object();
	zg_json_set(order.args, "pieces", pieces);
	if (shift && person && strcmp(shift->opened_by, person->login) != 0)
		order.right = ZG_RIGHT_REPORT_Z;
	zg_order_send(app, &order);
}

static void close_shift(struct zg_app *app, void *self)
{
	const struct count *c = self;
	char text[200], amount[ZG_AMOUNT_TEXT];
	struct zg_confirm confirm = { .title = _("Close the shift"), .text = text, .yes = _("Close"), .done = confirmed };

	snprintf(text, sizeof(text), _("You counted %s. Once the shift is closed, nothing of it can be changed."), zg_fen_format(amount, c->total));
	zg_app_confirm(app, &confirm);
}

static void next(struct zg_app *app, void *self)
{
	const struct count *c = self;

	if (c->current == c->kinds - 1)
		close_shift(app, self);
	else
		down(app, self);
}

static const struct zg_key keys[] = {
	{ "count.done", '+', N_("All counted"), close_shift, NULL },
	{ "count.next", ZG_KEY_ENTER, N_("Next field"), next, NULL },
	{ "count.up", ZG_KEY_UP, N_("Field above"), up, NULL },
	{ "count.down", ZG_KEY_DOWN, N_("Field below"), down, NULL },
	{ "count.tab", ZG_KEY_TAB, N_("Next field"), down, NULL },
	{ .action = NULL },
};

const struct zg_screen zg_count_screen = {
	.title = N_("Count the drawer"), .size = sizeof(struct count), .keys = keys, .draw = draw, .opened = opened,
	.fit = fit, .input = input, .changed = changed,
};
