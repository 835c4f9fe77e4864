/* Money back for a sale: which lines, how much of each, and why. What it comes to, and which way it goes, stands large all the while. */
#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/till/refunding.h"
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
	struct zg_refunding back;      /* of each line how much goes back, and what that comes to */
	bool is_known, in_cash;
	struct zg_line *lines;         /* their names */
	size_t line_count;
	enum zg_rounding rounding;     /* the shop's, of cash */
	struct zg_list list;
	char typed[TYPED];             /* the quantity that is being typed for the row under the bar */
};

static void add_up(struct refund *s)
{
	(void)zg_refunding_work_out(&s->back, s->rounding, s->in_cash, NULL);    /* with nothing chosen it is nothing */
}

static void opened(struct zg_app *app, void *self, const void *with)
{
	struct refund *s = self;
	const struct zg_store *store = zg_till_store(zg_app_till(app));
	int64_t id = *(const int64_t *)with;
	struct zg_error err;

	s->is_known = zg_refunding_read(store, id, &s->back, &err) == ZG_OK && zg_sales_lines(store, id, &s->lines, &s->line_count, &err) == ZG_OK;
	if (!s->is_known)
		zg_app_fail(app, &err);
	s->rounding = zg_till_config(zg_app_till(app))->rounding;
	zg_list_update(&s->list, s->is_known ? (int)s->back.count : 0, NULL, s);
	if (!zg_till_shift(zg_app_till(app)))
		zg_app_warn(app, _("No shift is open. Open one before you give money back."));
}

static void closed(struct zg_app *app, void *self)
{
	struct refund *s = self;

	(void)app;
	zg_refunding_clear(&s->back);
	free(s->lines);
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
	const struct zg_refundable *line = &s->back.sold[row];
	bool is_chosen = s->back.quantities[row] > 0;
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
			snprintf(text->text, sizeof(text->text), "%s", zg_milli_format(number, s->back.quantities[row]));
		break;
	default:
		for (size_t i = 0; is_chosen && i < s->back.sum.lines; i++)
			if (s->back.lines[i].line_no == line->line_no)
				snprintf(text->text, sizeof(text->text), "%s", zg_fen_format(number, s->back.lines[i].value_fen));
		break;
	}
	text->ink = zg_refund_left(line) == 0 ? ZG_INK_DIM : is_chosen ? ZG_INK_DUE : ZG_INK_TEXT;
}

/* Of a sale that was not paid in cash alone: what goes back by what. */
static void draw_ways(const struct zg_pane *pane, int row, const struct zg_refunding *back)
{
	struct zg_tender tenders[ZG_TENDER_KINDS];
	size_t count = back->sum.lines > 0 ? zg_refunding_tenders(back, tenders) : 0;
	char amount[ZG_AMOUNT_TEXT];

	for (size_t i = 0; i < count && row < pane->rows; i++)
		zg_draw_print(pane, row++, 1, pane->columns / 2, ZG_INK_DIM, "%s  %s", _(zg_tender_kind_title(tenders[i].kind)),
			      zg_fen_format(amount, tenders[i].kept_fen));
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
	zg_draw_print(pane, 0, 1, pane->columns - 2, ZG_INK_TEXT, _("Refund of %s, %.16s"), s->back.origin.number,
		      zg_time_format(when, s->back.origin.closed_at));
	zg_list_draw(&list, &s->list, columns, sizeof(columns) / sizeof(columns[0]), cell, s);
	if (foot > 1)
		zg_draw_rule(pane, pane->rows - foot);
	zg_draw_text(&sum, 0, 1, sum.columns / 2, ZG_INK_DIM, _("To give back"));
	if (s->back.sum.lines == 0 && foot > 1)
		zg_draw_text(&sum, 1, 1, sum.columns / 2, ZG_INK_DIM, _("Type how many of a line go back."));
	if (s->back.sum.rounding_fen != 0 && foot > 1)
		zg_draw_print(&sum, 1, 1, sum.columns / 2, ZG_INK_DIM, _("Rounded off  %s"), zg_fen_format(amount, -s->back.sum.rounding_fen));
	if (foot > 1 && s->back.way_count > 0)
		draw_ways(&sum, s->back.sum.rounding_fen != 0 ? 2 : 1, &s->back);
	zg_big_draw(&sum, 0, ZG_INK_DUE, zg_fen_format(amount, s->back.sum.money_fen));
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
	const struct zg_refundable *line = &s->back.sold[row];
	struct zg_error err;
	zg_milli quantity = 0;

	if (s->typed[0] && !zg_milli_parse(s->typed, &quantity))
		return;    /* a point alone: more will be typed */
	if (quantity > 0 && zg_refund_check(line, quantity, &err) != ZG_OK) {
		zg_app_fail(app, &err);
		s->typed[0] = '\0';
		quantity = 0;
	}
	s->back.quantities[row] = quantity;
	add_up(s);
}

static void whole_line(struct zg_app *app, void *self)
{
	struct refund *s = self;
	int row = zg_list_row(&s->list);

	if (row < 0)
		return;
	zg_milli left = zg_refund_left(&s->back.sold[row]);

	s->typed[0] = '\0';
	if (left == 0)
		zg_app_refuse(app, _("All of this line was given back before."));
	s->back.quantities[row] = s->back.quantities[row] == left ? 0 : left;
	add_up(s);
	zg_list_press(&s->list, ZG_KEY_DOWN);
}

static void everything(struct zg_app *app, void *self)
{
	struct refund *s = self;

	s->typed[0] = '\0';
	for (size_t i = 0; i < s->back.count; i++)
		s->back.quantities[i] = zg_refund_left(&s->back.sold[i]);
	add_up(s);
	for (size_t i = 0; i < s->back.count; i++)
		if (s->back.quantities[i] > 0)
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

/* What the cashier does now: hands over the cash, gives back by the card terminal, and says what comes by phone. */
static void given(struct zg_app *app, const json_t *answer, int64_t data)
{
	const json_t *tenders = json_object_get(answer, "tenders");
	zg_fen cash = zg_json_integer(answer, "cash_fen", 0);
	struct zg_buffer text = { 0 };
	char amount[ZG_AMOUNT_TEXT];

	(void)data;
	if (cash > 0 || zg_json_integer(answer, "refunded_fen", 0) == 0)
		zg_buffer_print(&text, _("Give the customer %s."), zg_fen_format(amount, cash));
	for (size_t i = 0; i < json_array_size(tenders); i++) {
		const json_t *row = json_array_get(tenders, i);
		enum zg_tender_kind kind = ZG_TENDER_CASH;

		(void)zg_tender_kind_parse(zg_json_string(row, "kind", ""), &kind);
		zg_fen_format(amount, zg_json_integer(row, "kept_fen", 0));
		if (kind == ZG_TENDER_CARD || kind == ZG_TENDER_OTHER)
			zg_buffer_print(&text, _(" Give back %s by %s."), amount, _(zg_tender_kind_title(kind)));
		else if (kind != ZG_TENDER_CASH)
			zg_buffer_print(&text, _(" %s goes back by %s."), amount, _(zg_tender_kind_title(kind)));
	}
	zg_buffer_print(&text, _(" The refund has the number %s."), zg_json_string(answer, "number", ""));
	if (zg_app_top(app) == &zg_refund_screen)
		zg_app_back(app);
	zg_app_say(app, zg_buffer_text(&text) + strspn(zg_buffer_text(&text), " "));
	zg_buffer_clear(&text);
}

static void send(struct zg_app *app, void *self, const char *reason)
{
	struct refund *s = self;
	json_t *lines = zg_json_array();
	struct zg_order order = { .act = "sale.refund", .args = zg_json_object(), .done = given };

	for (size_t i = 0; i < s->back.count; i++) {
		if (s->back.quantities[i] == 0)
			continue;
		json_t *line = zg_json_object();

		zg_json_set_integer(line, "line", s->back.sold[i].line_no);
		zg_json_set_integer(line, "quantity_milli", s->back.quantities[i]);
		zg_json_append(lines, line);
	}
	zg_json_set_string(order.args, "number", s->back.origin.number);
	zg_json_set(order.args, "lines", lines);
	if (s->in_cash)
		zg_json_set_boolean(order.args, "in_cash", true);
	zg_json_set_string(order.args, "reason", reason);
	zg_order_send(app, &order);
}

static void give_back(struct zg_app *app, void *self)
{
	const struct refund *s = self;
	bool is_any = false;

	for (size_t i = 0; i < s->back.count; i++)
		is_any |= s->back.quantities[i] > 0;
	if (is_any)
		zg_reason_ask(app, ZG_REASON_REFUND, send);
	else
		zg_app_warn(app, _("Choose what comes back first: a whole line, a quantity, or everything."));
}

static bool has_ways(const void *self)
{
	const struct refund *s = self;

	return s->is_known && s->back.way_count > 0;
}

/* The channel cannot give it back any more, or the customer has no such account now. */
static void in_cash(struct zg_app *app, void *self)
{
	struct refund *s = self;

	s->in_cash = !s->in_cash;
	add_up(s);
	zg_app_say(app, s->in_cash ? _("All of it is given back in cash.") : _("It goes back the way it came."));
}

static const struct zg_key keys[] = {
	{ "refund.give", ZG_KEY_ENTER, N_("Give back"), give_back, is_open },
	{ "refund.all", 'a', N_("Everything"), everything, is_open },
	{ "refund.line", ' ', N_("Whole line"), whole_line, is_open },
	{ "refund.cash", 'c', N_("In cash"), in_cash, has_ways },
	{ .action = NULL },
};

const struct zg_screen zg_refund_screen = {
	.title = N_("Refund"), .size = sizeof(struct refund), .keys = keys, .draw = draw, .opened = opened, .closed = closed,
	.fit = fit, .press = press, .moves = zg_list_moves,
};
