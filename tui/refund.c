/* Money back for a sale: which lines, how much of each, and why. What it comes to stands large all the while. */
#include "src/shop/refund.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/till/till.h"
#include "tui/desk.h"
#include "tui/order.h"
#include "tui/reason.h"
#include "tui/screens.h"
#include "tui/widget/bigdigits.h"
#include "tui/widget/list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TYPED 12

struct refund {
	struct zg_sale_record record;
	bool is_known;
	struct zg_refundable *sold;    /* what may go back */
	struct zg_line *lines;         /* their names */
	zg_milli *chosen;              /* how much of each goes back */
	struct zg_refund_line *back;   /* of each that does, in the order of sold */
	size_t count, line_count;
	struct zg_refund_sum sum;
	enum zg_rounding rounding;     /* the shop's: it is given back in cash */
	struct zg_list list;
	char typed[TYPED];             /* the quantity that is being typed for the row under the bar */
};

static void add_up(struct refund *s)
{
	if (zg_refund_work_out(s->sold, s->count, s->chosen, s->rounding, s->back, &s->sum, NULL) != ZG_OK)
		s->sum = (struct zg_refund_sum){ 0 };    /* nothing is chosen */
}

static void opened(struct zg_app *app, void *self, const void *with)
{
	struct refund *s = self;
	const struct zg_store *store = zg_till_store(zg_app_till(app));
	int64_t id = *(const int64_t *)with;
	struct zg_error err;

	s->is_known = zg_sales_find(store, id, &s->record, &err) == ZG_OK &&
		      zg_sales_refundable(store, id, &s->sold, &s->count, &err) == ZG_OK &&
		      zg_sales_lines(store, id, &s->lines, &s->line_count, &err) == ZG_OK;
	if (!s->is_known)
		zg_app_fail(app, &err);
	s->chosen = zg_alloc(s->count + 1, sizeof(*s->chosen));
	s->back = zg_alloc(s->count + 1, sizeof(*s->back));
	s->rounding = zg_till_config(zg_app_till(app))->rounding;
	zg_list_update(&s->list, (int)s->count, NULL, s);
	if (!zg_till_shift(zg_app_till(app)))
		zg_app_warn(app, _("No shift is open. Open one before you give money back."));
}

static void closed(struct zg_app *app, void *self)
{
	struct refund *s = self;

	(void)app;
	free(s->sold);
	free(s->lines);
	free(s->chosen);
	free(s->back);
	zg_list_clear(&s->list);
}

static const char *name_of(const struct refund *s, int line_no)
{
	for (size_t i = 0; i < s->line_count; i++)
		if (s->lines[i].no == line_no)
			return s->lines[i].name;
	return "";
}

/* ---- drawing ---- */

static int foot_rows(int rows)
{
	return rows >= 14 ? ZG_BIG_ROWS + 1 : 1;
}

static void fit(void *self, int rows, int columns)
{
	(void)columns;
	zg_list_fit(&((struct refund *)self)->list, rows - 2 - foot_rows(rows));
}

enum { NO, GOODS, SOLD, LEFT, BACK, AMOUNT };

static const struct zg_column columns[] = {
	[NO]     = { "#", 3, true, 60 },
	[GOODS]  = { N_("Goods"), 0, false, 0 },
	[SOLD]   = { N_("Sold"), 8, true, 70 },
	[LEFT]   = { N_("May go back"), 12, true, 60 },
	[BACK]   = { N_("Refund"), 8, true, 0 },
	[AMOUNT] = { N_("Amount"), 10, true, 0 },
};

static void cell(const void *self, int row, int column, struct zg_cell *text)
{
	const struct refund *s = self;
	const struct zg_refundable *line = &s->sold[row];
	bool is_chosen = s->chosen[row] > 0;
	char number[ZG_AMOUNT_TEXT];

	switch (column) {
	case NO:
		snprintf(text->text, sizeof(text->text), "%d", line->line_no);
		break;
	case GOODS:
		snprintf(text->text, sizeof(text->text), "%s", name_of(s, line->line_no));
		break;
	case SOLD:
		snprintf(text->text, sizeof(text->text), "%s", zg_milli_format(number, line->sold));
		break;
	case LEFT:
		snprintf(text->text, sizeof(text->text), "%s", zg_milli_format(number, zg_refund_left(line)));
		break;
	case BACK:
		if (s->typed[0] && row == zg_list_row(&s->list))
			snprintf(text->text, sizeof(text->text), "%s", s->typed);
		else if (is_chosen)
			snprintf(text->text, sizeof(text->text), "%s", zg_milli_format(number, s->chosen[row]));
		break;
	default:
		for (size_t i = 0; is_chosen && i < s->sum.lines; i++)
			if (s->back[i].line_no == line->line_no)
				snprintf(text->text, sizeof(text->text), "%s", zg_fen_format(number, s->back[i].value_fen));
		break;
	}
	text->ink = zg_refund_left(line) == 0 ? ZG_INK_DIM : is_chosen ? ZG_INK_DUE : ZG_INK_TEXT;
}

static void draw(const struct zg_pane *pane, const void *self)
{
	const struct refund *s = self;
	int foot = foot_rows(pane->rows);
	struct zg_pane list = zg_pane_part(pane, 1, 0, pane->rows - 1 - foot, pane->columns);
	struct zg_pane sum = zg_pane_part(pane, pane->rows - (foot > 1 ? ZG_BIG_ROWS : 1), 0, ZG_BIG_ROWS, pane->columns - 2);
	char when[ZG_TIME_TEXT], amount[ZG_AMOUNT_TEXT];

	if (!s->is_known)
		return;
	zg_draw_print(pane, 0, 1, pane->columns - 2, ZG_INK_TEXT, _("Refund of %s, %.16s"), s->record.number,
		      zg_time_format(when, s->record.closed_at));
	zg_list_draw(&list, &s->list, columns, sizeof(columns) / sizeof(columns[0]), cell, s);
	if (foot > 1)
		zg_draw_rule(pane, pane->rows - foot);
	zg_draw_text(&sum, 0, 1, sum.columns / 2, ZG_INK_DIM, _("To give back"));
	if (s->sum.lines == 0 && foot > 1)
		zg_draw_text(&sum, 1, 1, sum.columns / 2, ZG_INK_DIM, _("Type how many of a line go back."));
	if (s->sum.rounding_fen != 0 && foot > 1)
		zg_draw_print(&sum, 1, 1, sum.columns / 2, ZG_INK_DIM, _("Rounded off  %s"), zg_fen_format(amount, -s->sum.rounding_fen));
	zg_big_draw(&sum, 0, ZG_INK_DUE, zg_fen_format(amount, s->sum.money_fen));
}

/* ---- choosing ---- */

static bool is_open(const void *self)
{
	const struct refund *s = self;

	return s->is_known;
}

/* The quantity typed, as far as it is one; more than may go back is refused where it is typed. */
static void take_typed(struct zg_app *app, struct refund *s, int row)
{
	const struct zg_refundable *line = &s->sold[row];
	struct zg_error err;
	zg_milli quantity = 0;

	if (s->typed[0] && !zg_milli_parse(s->typed, &quantity))
		return;    /* a point alone: more will be typed */
	if (quantity > 0 && zg_refund_check(line, quantity, &err) != ZG_OK) {
		zg_app_fail(app, &err);
		s->typed[0] = '\0';
		quantity = 0;
	}
	s->chosen[row] = quantity;
	add_up(s);
}

static void whole_line(struct zg_app *app, void *self)
{
	struct refund *s = self;
	int row = zg_list_row(&s->list);

	if (row < 0)
		return;
	zg_milli left = zg_refund_left(&s->sold[row]);

	s->typed[0] = '\0';
	if (left == 0)
		zg_app_refuse(app, _("All of this line was given back before."));
	s->chosen[row] = s->chosen[row] == left ? 0 : left;
	add_up(s);
	zg_list_press(&s->list, ZG_KEY_DOWN);
}

static void everything(struct zg_app *app, void *self)
{
	struct refund *s = self;

	s->typed[0] = '\0';
	for (size_t i = 0; i < s->count; i++)
		s->chosen[i] = zg_refund_left(&s->sold[i]);
	add_up(s);
	for (size_t i = 0; i < s->count; i++)
		if (s->chosen[i] > 0)
			return;
	zg_app_refuse(app, _("All of this sale was refunded before."));
}

static bool press(struct zg_app *app, void *self, uint32_t code)
{
	struct refund *s = self;
	int row = zg_list_row(&s->list);
	size_t length = strlen(s->typed);

	if (is_open(self) && row >= 0 && ((code >= '0' && code <= '9') || code == '.') && length + 1 < TYPED) {
		s->typed[length] = (char)code;
		s->typed[length + 1] = '\0';
		take_typed(app, s, row);
		return true;
	}
	if (code == ZG_KEY_BACKSPACE && length > 0) {
		s->typed[length - 1] = '\0';
		take_typed(app, s, row);
		return true;
	}
	if (code == '/' || !zg_list_press(&s->list, code))
		return false;
	s->typed[0] = '\0';
	return true;
}

/* ---- giving back ---- */

static void given(struct zg_app *app, const json_t *answer, int64_t data)
{
	char text[200], amount[ZG_AMOUNT_TEXT];

	(void)data;
	snprintf(text, sizeof(text), _("Give the customer %s. The refund has the number %s."),
		 zg_fen_format(amount, zg_json_integer(answer, "refunded_fen", 0)), zg_json_string(answer, "number", ""));
	if (zg_app_top(app) == &zg_refund_screen)
		zg_app_back(app);
	zg_app_say(app, text);
}

static void send(struct zg_app *app, void *self, const char *reason)
{
	struct refund *s = self;
	json_t *lines = zg_json_array();
	struct zg_order order = { .act = "sale.refund", .args = zg_json_object(), .done = given };

	for (size_t i = 0; i < s->count; i++) {
		if (s->chosen[i] == 0)
			continue;
		json_t *line = zg_json_object();

		zg_json_set_integer(line, "line", s->sold[i].line_no);
		zg_json_set_integer(line, "quantity_milli", s->chosen[i]);
		zg_json_append(lines, line);
	}
	zg_json_set_string(order.args, "number", s->record.number);
	zg_json_set(order.args, "lines", lines);
	zg_json_set_string(order.args, "reason", reason);
	zg_order_send(app, &order);
}

static void give_back(struct zg_app *app, void *self)
{
	const struct refund *s = self;
	bool is_any = false;

	for (size_t i = 0; i < s->count; i++)
		is_any |= s->chosen[i] > 0;
	if (is_any)
		zg_reason_ask(app, ZG_REASON_REFUND, send);
	else
		zg_app_warn(app, _("Choose what comes back first: a whole line, a quantity, or everything."));
}

static const struct zg_key keys[] = {
	{ "refund.give", ZG_KEY_ENTER, N_("Give back"), give_back, is_open },
	{ "refund.all", 'a', N_("Everything"), everything, is_open },
	{ "refund.line", ' ', N_("Whole line"), whole_line, is_open },
	{ .action = NULL },
};

const struct zg_screen zg_refund_screen = {
	.title = N_("Refund"), .size = sizeof(struct refund), .keys = keys, .draw = draw, .opened = opened, .closed = closed,
	.fit = fit, .press = press, .moves = zg_list_moves,
};
