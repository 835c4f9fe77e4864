/* The shift: its float, cash that comes and goes, its figures so far, its end. */
#include "src/base/i18n.h"
#include "src/base/text.h"
#include "src/store/shifts.h"
#include "src/till/till.h"
#include "tui/desk.h"
#include "tui/names.h"
#include "tui/order.h"
#include "tui/preview.h"
#include "tui/reason.h"
#include "tui/screens.h"
#include "tui/sheet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct shift {
	const struct zg_till *till;
	struct zg_sheet sheet;
	zg_fen amount;     /* typed, while the reason is asked */
	bool is_in;
	bool was_open;     /* when it was looked at last */
	bool has_closed;   /* a shift was closed while this screen was there */
};

/* ---- what is shown ---- */

static void add_moves(struct shift *s, const struct zg_shift *shift)
{
	struct zg_cash_move *moves = NULL;
	size_t count = 0;

	(void)zg_cash_moves(zg_till_store(s->till), shift->id, &moves, &count, NULL);    /* a list that cannot be read is empty */
	if (count > 0)
		zg_sheet_heading(&s->sheet, _("Cash in and out"));
	for (size_t i = 0; i < count; i++) {
		char left[ZG_REASON_MAX + ZG_NAME_MAX + 32], amount[ZG_AMOUNT_TEXT], when[ZG_TIME_TEXT], name[ZG_NAME_MAX + 1];

		snprintf(left, sizeof(left), "%s  %s  %s", zg_hour_format(when, moves[i].at), zg_names_person(s->till, moves[i].who, name),
			 moves[i].reason);
		zg_sheet_add(&s->sheet, ZG_INK_TEXT, left, NULL, zg_fen_format(amount, moves[i].is_in ? moves[i].amount_fen : -moves[i].amount_fen));
	}
	free(moves);
}

static void add_number(struct zg_sheet *sheet, const char *label, int64_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", (long long)number);
	zg_sheet_add(sheet, ZG_INK_TEXT, label, NULL, text);
}

/* Nothing here tells what the drawer should hold: it is counted blind. */
static void add_open(struct shift *s, const struct zg_shift *shift)
{
	struct zg_totals totals;
	char text[ZG_NAME_MAX + 64], when[ZG_TIME_TEXT], name[ZG_NAME_MAX + 1], amount[ZG_AMOUNT_TEXT];

	snprintf(text, sizeof(text), _("Shift %lld of %s"), (long long)shift->id, shift->day);
	zg_sheet_heading(&s->sheet, text);
	zg_sheet_add(&s->sheet, ZG_INK_TEXT, _("Opened"), NULL, zg_time_format(when, shift->opened_at));
	zg_sheet_add(&s->sheet, ZG_INK_TEXT, _("By"), NULL, zg_names_person(s->till, shift->opened_by, name));
	zg_sheet_add(&s->sheet, ZG_INK_TEXT, _("Float"), NULL, zg_fen_format(amount, shift->float_fen));
	if (zg_shifts_totals(zg_till_store(s->till), shift, &totals, NULL) == ZG_OK) {
		add_number(&s->sheet, _("Sales"), totals.sales);
		add_number(&s->sheet, _("Refunds"), totals.refunds);
		add_number(&s->sheet, _("Drawer opened without a sale"), totals.no_sales);
	}
	add_moves(s, shift);
}

/* The last shift that was closed; false: there is none. */
static bool find_last(const struct zg_till *till, struct zg_shift *last)
{
	struct zg_shift *shifts = NULL;
	size_t count = 0;
	bool found = zg_shifts_list(zg_till_store(till), NULL, &shifts, &count, NULL) == ZG_OK && count > 0;

	if (found)
		*last = shifts[count - 1];
	free(shifts);
	return found;
}

static void add_closed(struct shift *s)
{
	struct zg_shift last;
	char text[160], when[ZG_TIME_TEXT];
	enum zg_ink ink;

	zg_sheet_heading(&s->sheet, _("No shift is open."));
	zg_sheet_add(&s->sheet, ZG_INK_TEXT, _("Count the drawer, then open one."), NULL, NULL);
	if (!find_last(s->till, &last) || !last.is_closed)
		return;
	zg_sheet_heading(&s->sheet, _("The last one"));
	snprintf(text, sizeof(text), _("Z report %lld, closed %.16s"), (long long)last.z_no, zg_time_format(when, last.closed_at));
	zg_sheet_add(&s->sheet, ZG_INK_TEXT, text, NULL, NULL);
	zg_names_difference(text, sizeof(text), last.counted_fen - last.expected_fen, &ink);
	zg_sheet_add(&s->sheet, ink, text, NULL, NULL);
}

static void load(struct shift *s)
{
	const struct zg_shift *shift = zg_till_shift(s->till);

	s->has_closed = (s->was_open || s->has_closed) && !shift;
	s->was_open = shift != NULL;
	zg_sheet_clear(&s->sheet);
	if (shift)
		add_open(s, shift);
	else
		add_closed(s);
}

static void reload(struct zg_app *app)
{
	struct shift *s = zg_app_self(app, &zg_shift_screen);

	if (s)
		load(s);
}

static void opened(struct zg_app *app, void *self, const void *with)
{
	struct shift *s = self;

	(void)with;
	s->till = zg_app_till(app);
	load(s);
}

static void resumed(struct zg_app *app, void *self)
{
	(void)app;
	load(self);
}

static void closed(struct zg_app *app, void *self)
{
	(void)app;
	zg_sheet_clear(&((struct shift *)self)->sheet);
}

static void fit(void *self, int rows, int columns)
{
	zg_sheet_fit(&((struct shift *)self)->sheet, rows, columns);
}

static void draw(const struct zg_pane *pane, const void *self)
{
	zg_sheet_draw(pane, &((const struct shift *)self)->sheet);
}

static bool press(struct zg_app *app, void *self, uint32_t code)
{
	(void)app;
	return zg_sheet_press(&((struct shift *)self)->sheet, code);
}

static bool is_open(const void *self)
{
	return zg_till_shift(((const struct shift *)self)->till) != NULL;
}

static bool is_shut(const void *self)
{
	return !is_open(self);
}

/* ---- opening ---- */

static void begun(struct zg_app *app, const json_t *answer, int64_t data)
{
	char text[160], amount[ZG_AMOUNT_TEXT];

	snprintf(text, sizeof(text), _("Shift %lld is open with %s in the drawer."), (long long)zg_json_integer(answer, "shift", 0),
		 zg_fen_format(amount, data));
	reload(app);
	zg_app_say(app, text);
}

static const char *floated(struct zg_app *app, void *self, const char *const *answers)
{
	struct zg_order order = { .act = "shift.open", .done = begun };
	zg_fen amount = 0;

	(void)self;
	if (!answers)
		return NULL;
	if (answers[0][0] && (!zg_fen_parse(answers[0], &amount) || amount < 0))
		return _("That is not an amount. Type it like 200 or 200.50.");
	order.args = zg_json_object();
	order.data = amount;
	zg_json_set_integer(order.args, "float_fen", amount);
	zg_order_send(app, &order);
	return NULL;
}

/* At a hand-over the next cashier starts with what was counted; another day's drawer was emptied in between. */
static void ask_float(struct zg_app *app, void *self)
{
	const struct shift *s = self;
	struct zg_shift last;
	char value[ZG_AMOUNT_TEXT] = "", today[ZG_DAY_TEXT];

	zg_business_day(today, zg_clock_now(zg_till_clock(s->till)), zg_till_config(s->till)->day_ends_min);
	if (find_last(s->till, &last) && last.is_closed && strcmp(last.day, today) == 0)
		zg_fen_format(value, last.counted_fen);
	struct zg_form form = {
		.title = _("Open a shift"), .text = _("How much cash is in the drawer now?"),
		.fields = { { .label = _("Float"), .value = value, .room = 12 } }, .done = floated,
	};

	zg_app_form(app, &form);
}

static void next_wanted(struct zg_app *app, void *self, bool yes)
{
	if (yes)
		ask_float(app, self);
}

/* Who has pressed Enter through the count and its report does not open the next shift by one Enter more. */
static void open_shift(struct zg_app *app, void *self)
{
	const struct shift *s = self;
	struct zg_confirm confirm = { .title = _("Open a shift"), .text = _("The last shift was closed just now. Open the next one?"),
		.yes = _("Open"), .dangerous = true, .done = next_wanted };

	if (s->has_closed)
		zg_app_confirm(app, &confirm);
	else
		ask_float(app, self);
}

/* ---- cash in and out ---- */

static void moved(struct zg_app *app, const json_t *answer, int64_t data)
{
	char text[160], amount[ZG_AMOUNT_TEXT];

	(void)answer;
	zg_fen_format(amount, data < 0 ? -data : data);
	snprintf(text, sizeof(text), data < 0 ? _("%s was taken out and written down.") : _("%s was put in and written down."), amount);
	reload(app);
	zg_app_say(app, text);
}

static void send_move(struct zg_app *app, void *self, const char *reason)
{
	const struct shift *s = self;
	struct zg_order order = { .act = s->is_in ? "cash.in" : "cash.out", .args = zg_json_object(), .done = moved,
		.data = s->is_in ? s->amount : -s->amount };

	zg_json_set_integer(order.args, "amount_fen", s->amount);
	zg_json_set_string(order.args, "reason", reason);
	zg_order_send(app, &order);
}

static const char *move_typed(struct zg_app *app, void *self, const char *const *answers)
{
	struct shift *s = self;

	if (!answers)
		return NULL;
	if (!zg_fen_parse(answers[0], &s->amount) || s->amount <= 0)
		return _("That is not an amount. Type it like 200 or 200.50.");
	zg_reason_ask(app, s->is_in ? ZG_REASON_CASH_IN : ZG_REASON_CASH_OUT, send_move);
	return NULL;
}

static void ask_move(struct zg_app *app, struct shift *s, bool is_in)
{
	struct zg_form form = {
		.title = is_in ? _("Put cash in") : _("Take cash out"), .fields = { { .label = _("Amount"), .room = 12 } }, .done = move_typed,
	};

	s->is_in = is_in;
	zg_app_form(app, &form);
}

static void cash_in(struct zg_app *app, void *self)
{
	ask_move(app, self, true);
}

static void cash_out(struct zg_app *app, void *self)
{
	ask_move(app, self, false);
}

/* ---- the drawer ---- */

static void drawer_opened(struct zg_app *app, const json_t *answer, int64_t data)
{
	(void)answer;
	(void)data;
	reload(app);
	zg_app_say(app, _("The drawer opens. It is written down."));
}

static void send_drawer(struct zg_app *app, void *self, const char *reason)
{
	struct zg_order order = { .act = "drawer.open", .args = zg_json_object(), .done = drawer_opened };

	(void)self;
	zg_json_set_string(order.args, "reason", reason);
	zg_order_send(app, &order);
}

void zg_shift_open_drawer(struct zg_app *app, void *self)
{
	(void)self;
	zg_reason_ask(app, ZG_REASON_DRAWER, send_drawer);
}

/* ---- the report so far, and the end ---- */

static void show_x(struct zg_app *app, void *self)
{
	const struct shift *s = self;
	struct zg_error err;
	json_t *document = zg_till_report(s->till, zg_till_shift(s->till), &err);

	if (!document) {
		zg_app_fail(app, &err);
		return;
	}
	struct zg_preview preview = { .slip = ZG_SLIP_X, .document = document, .title = _("X report: the shift so far"),
		.act = "print.report", .args = zg_json_object(), .right = ZG_RIGHT_REPORT_X };

	zg_json_set_string(preview.args, "kind", "x");
	zg_preview_show(app, &preview);
	json_decref(document);
}

static void count(struct zg_app *app, void *self)
{
	static const bool is_hand_over = false;

	(void)self;
	zg_app_show(app, &zg_count_screen, &is_hand_over);
}

static void hand_over(struct zg_app *app, void *self)
{
	static const bool is_hand_over = true;

	(void)self;
	zg_app_show(app, &zg_count_screen, &is_hand_over);
}

static void show_jobs(struct zg_app *app, void *self)
{
	(void)self;
	zg_app_show(app, &zg_jobs_screen, NULL);
}

static const struct zg_key keys[] = {
	{ "shift.open", ZG_KEY_ENTER, N_("Open the shift"), open_shift, is_shut },
	{ "shift.close", 'c', N_("Count and close"), count, is_open },
	{ "shift.in", 'i', N_("Cash in"), cash_in, is_open },
	{ "shift.out", 'o', N_("Cash out"), cash_out, is_open },
	{ "shift.report", 'x', N_("X report"), show_x, is_open },
	{ "shift.hand-over", 'h', N_("Hand over"), hand_over, is_open },
	{ "shift.drawer", ZG_KEY_CTRL('O'), N_("Open the drawer"), zg_shift_open_drawer, NULL },
	{ "shift.slips", 'u', N_("Unprinted slips"), show_jobs, NULL },
	{ .action = NULL },
};

const struct zg_screen zg_shift_screen = {
	.title = N_("Shift"), .size = sizeof(struct shift), .keys = keys, .draw = draw, .opened = opened, .closed = closed,
	.resumed = resumed, .fit = fit, .press = press, .moves = zg_list_moves,
};
