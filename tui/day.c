/* The day: its shifts with their Zs, what they come to, when it was earned; the list of transactions for checking. */
#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/store/days.h"
#include "src/till/till.h"
#include "tui/desk.h"
#include "tui/hours.h"
#include "tui/names.h"
#include "tui/order.h"
#include "tui/preview.h"
#include "tui/screens.h"
#include "tui/widget/bigdigits.h"
#include "tui/widget/list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WIDTH     100   /* of the figures: a wider pane leaves the rest empty */
#define TALL_FROM 16    /* rows from which the takings are written large */

struct day {
	const struct zg_till *till;
	char day[ZG_DAY_TEXT];
	struct zg_shift *shifts;
	struct zg_totals *totals;    /* of each shift */
	size_t count;
	struct zg_totals sum;
	struct zg_day_hours hours;
	struct zg_list list;
	bool may_see;
};

static void load(struct zg_app *app, struct day *d)
{
	const struct zg_store *store = zg_till_store(d->till);
	struct zg_error err;

	free(d->shifts);
	free(d->totals);
	enum zg_result result = zg_shifts_list(store, d->day, &d->shifts, &d->count, &err);

	d->totals = zg_alloc(d->count + 1, sizeof(*d->totals));
	d->sum = zg_totals_start(0);
	for (size_t i = 0; result == ZG_OK && i < d->count; i++) {
		result = zg_shifts_totals(store, &d->shifts[i], &d->totals[i], &err);
		if (result == ZG_OK)
			result = zg_totals_add(&d->sum, &d->totals[i], &err);
	}
	if (result == ZG_OK)
		result = zg_days_hours(store, d->day, &d->hours, &err);
	if (result != ZG_OK)
		zg_app_fail(app, &err);
	zg_list_update(&d->list, (int)d->count, NULL, d);
}

static void opened(struct zg_app *app, void *self, const void *with)
{
	struct day *d = self;
	const struct zg_shift *shift;
	const struct zg_person *person;

	(void)with;
	d->till = zg_app_till(app);
	shift = zg_till_shift(d->till);
	person = zg_till_person(d->till);
	d->may_see = person && zg_role_has(person->role, ZG_RIGHT_REPORT_Z);
	if (shift)
		snprintf(d->day, sizeof(d->day), "%s", shift->day);
	else
		zg_business_day(d->day, zg_clock_now(zg_till_clock(d->till)), zg_till_config(d->till)->day_ends_min);
	load(app, d);
	zg_list_select(&d->list, (int)d->count - 1);
}

static void resumed(struct zg_app *app, void *self)
{
	load(app, self);
}

static void closed(struct zg_app *app, void *self)
{
	struct day *d = self;

	(void)app;
	free(d->shifts);
	free(d->totals);
	zg_list_clear(&d->list);
}

/* ---- drawing ---- */

struct parts {
	int head, list, bars;    /* rows of each */
};

static struct parts share(int rows, size_t count)
{
	struct parts p = { .head = rows >= TALL_FROM ? ZG_BIG_ROWS + 1 : 1 };

	p.bars = rows >= TALL_FROM ? rows / 3 : rows - p.head > 6 ? 4 : 0;
	p.list = (int)count + 2;
	if (p.list > rows - p.head - p.bars)
		p.list = rows - p.head - p.bars;
	return p;
}

static void fit(void *self, int rows, int columns)
{
	struct day *d = self;

	(void)columns;
	zg_list_fit(&d->list, share(rows, d->count).list - 1);
}

enum { Z, CASHIER, FROM, UNTIL, SALES, DRAWER, TAKINGS };

static const struct zg_column columns[] = {
	[Z]       = { N_("Z"), 5, true, 0 },
	[CASHIER] = { N_("Cashier"), 0, false, 0 },
	[FROM]    = { N_("From"), 5, false, 50 },
	[UNTIL]   = { N_("Until"), 5, false, 50 },
	[SALES]   = { N_("Sales"), 6, true, 70 },
	[DRAWER]  = { N_("Drawer"), 10, true, 0 },
	[TAKINGS] = { N_("Takings"), 11, true, 0 },
};

static void cell(const void *self, int row, int column, struct zg_cell *text)
{
	const struct day *d = self;
	const struct zg_shift *shift = &d->shifts[row];
	zg_fen over = shift->counted_fen - shift->expected_fen;
	char part[ZG_NAME_MAX + 1];

	switch (column) {
	case Z:
		if (shift->is_closed)
			snprintf(text->text, sizeof(text->text), "%lld", (long long)shift->z_no);
		else
			snprintf(text->text, sizeof(text->text), "%s", _("open"));
		break;
	case CASHIER:
		snprintf(text->text, sizeof(text->text), "%s", zg_names_person(d->till, shift->opened_by, part));
		break;
	case FROM:
		snprintf(text->text, sizeof(text->text), "%s", zg_hour_format(part, shift->opened_at));
		break;
	case UNTIL:
		snprintf(text->text, sizeof(text->text), "%s", shift->is_closed ? zg_hour_format(part, shift->closed_at) : "");
		break;
	case SALES:
		snprintf(text->text, sizeof(text->text), "%lld", (long long)d->totals[row].sales);
		break;
	case DRAWER:
		if (shift->is_closed)
			snprintf(text->text, sizeof(text->text), over == 0 ? _("✓ even") : over > 0 ? "▲ +%s" : "▲ %s", zg_fen_format(part, over));
		if (shift->is_closed)
			text->ink = over == 0 ? ZG_INK_PAID : ZG_INK_WARNING;
		break;
	default:
		snprintf(text->text, sizeof(text->text), "%s", zg_fen_format(part, zg_totals_net(&d->totals[row])));
		break;
	}
}

static void draw_head(const struct zg_pane *pane, const struct day *d, const struct parts *p)
{
	struct zg_pane head = zg_pane_part(pane, 0, 0, p->head > 1 ? ZG_BIG_ROWS : 1, (pane->columns < WIDTH ? pane->columns : WIDTH) - 1);
	char amount[ZG_AMOUNT_TEXT];
	int cells;

	zg_fen_format(amount, zg_totals_net(&d->sum));
	zg_big_draw(&head, 0, ZG_INK_PAID, amount);
	cells = head.columns - (p->head > 1 ? zg_big_width(amount) : (int)strlen(amount)) - 3;
	if (p->head == 1) {
		zg_draw_print(pane, 0, 1, cells, ZG_INK_TEXT, _("%s: %lld sales"), d->day, (long long)d->sum.sales);
		return;
	}
	zg_draw_text(pane, 0, 1, cells, ZG_INK_TEXT, d->day);
	zg_draw_print(pane, 1, 1, cells, ZG_INK_DIM, _("Sales: %lld, refunds: %lld"), (long long)d->sum.sales, (long long)d->sum.refunds);
	zg_draw_text(pane, 2, 1, cells, ZG_INK_DIM, _("Takings of the day"));
}

static void draw(const struct zg_pane *pane, const void *self)
{
	const struct day *d = self;
	struct parts p = share(pane->rows, d->count);
	struct zg_pane list = zg_pane_part(pane, p.head, 0, p.list, pane->columns < WIDTH ? pane->columns : WIDTH);
	struct zg_pane bars = zg_pane_part(pane, pane->rows - p.bars, 0, p.bars, pane->columns);

	if (!d->may_see) {
		zg_draw_text(pane, 0, 1, pane->columns - 2, ZG_INK_TEXT, d->day);
		zg_draw_wrap(pane, 2, 1, pane->columns - 2, 4, ZG_INK_DIM,
			     _("The figures of the day are for supervisors. The list of transactions for checking is open to you."));
		return;
	}
	draw_head(pane, d, &p);
	if (d->count == 0)
		zg_draw_text(&list, 0, 1, list.columns - 2, ZG_INK_DIM, _("No shift was open on this day."));
	else
		zg_list_draw(&list, &d->list, columns, sizeof(columns) / sizeof(columns[0]), cell, d);
	if (p.bars > 0)
		zg_hours_draw(&bars, &d->hours, zg_till_config(d->till)->day_ends_min / 60);
}

/* ---- keys ---- */

static bool may_see(const void *self)
{
	return ((const struct day *)self)->may_see;
}

static bool has_row(const void *self)
{
	const struct day *d = self;

	return d->may_see && zg_list_row(&d->list) >= 0;
}

/* Shows a document that was just made, or says why it could not be. args are taken over. */
static void show(struct zg_app *app, enum zg_slip slip, json_t *document, const char *title, const struct zg_error *err, json_t *args)
{
	struct zg_preview preview = { .slip = slip, .document = document, .title = title, .act = "print.report", .args = args,
		.right = slip == ZG_SLIP_Z ? ZG_RIGHT_REPORT_Z : ZG_RIGHT_REPORT_X };

	if (document) {
		zg_preview_show(app, &preview);
	} else {
		zg_app_fail(app, err);
		json_decref(args);
	}
	json_decref(document);
}

static void show_shift(struct zg_app *app, void *self)
{
	const struct day *d = self;
	const struct zg_shift *shift = &d->shifts[zg_list_row(&d->list)];
	json_t *args = zg_json_object();
	struct zg_error err;
	char title[80];

	snprintf(title, sizeof(title), shift->is_closed ? _("Z report %lld") : _("X report of shift %lld"),
		 (long long)(shift->is_closed ? shift->z_no : shift->id));
	zg_json_set_string(args, "kind", shift->is_closed ? "z" : "x");
	if (shift->is_closed)
		zg_json_set_integer(args, "z", shift->z_no);
	show(app, shift->is_closed ? ZG_SLIP_Z : ZG_SLIP_X, zg_till_report(d->till, shift, &err), title, &err, args);
}

static void show_sum(struct zg_app *app, void *self)
{
	const struct day *d = self;
	json_t *args = zg_json_object();
	struct zg_error err;
	char title[80];

	snprintf(title, sizeof(title), _("%s: the sum of its shifts"), d->day);
	zg_json_set_string(args, "kind", "z");
	zg_json_set_string(args, "day", d->day);
	show(app, ZG_SLIP_Z, zg_till_day_report(d->till, d->day, &err), title, &err, args);
}

static void show_sales(struct zg_app *app, void *self)
{
	const struct day *d = self;
	json_t *args = zg_json_object();
	struct zg_error err;
	char title[80];

	snprintf(title, sizeof(title), _("Transactions of %s"), d->day);
	zg_json_set_string(args, "kind", "transactions");
	zg_json_set_string(args, "day", d->day);
	show(app, ZG_SLIP_TRANSACTIONS, zg_till_transactions(d->till, d->day, &err), title, &err, args);
}

static void go(struct zg_app *app, struct day *d, bool after)
{
	if (zg_days_beside(zg_till_store(d->till), d->day, after, d->day, NULL) == ZG_NOT_FOUND)
		zg_app_say(app, after ? _("This is the newest day.") : _("This is the first day in the books."));
	load(app, d);
	zg_list_select(&d->list, (int)d->count - 1);
}

static void earlier(struct zg_app *app, void *self)
{
	go(app, self, false);
}

static void later(struct zg_app *app, void *self)
{
	go(app, self, true);
}

static void show_jobs(struct zg_app *app, void *self)
{
	(void)self;
	zg_app_show(app, &zg_jobs_screen, NULL);
}

static void show_doubt(struct zg_app *app, void *self)
{
	(void)self;
	zg_app_show(app, &zg_doubt_screen, NULL);
}

static void show_setup(struct zg_app *app, void *self)
{
	(void)self;
	zg_app_show(app, &zg_setup_screen, NULL);
}

static bool press(struct zg_app *app, void *self, uint32_t code)
{
	(void)app;
	return code != '/' && zg_list_press(&((struct day *)self)->list, code);
}

static const struct zg_key keys[] = {
	{ "day.open", ZG_KEY_ENTER, N_("Report"), show_shift, has_row },
	{ "day.sum", 'd', N_("Whole day"), show_sum, may_see },
	{ "day.sales", 't', N_("Transactions"), show_sales, NULL },
	{ "day.earlier", ZG_KEY_LEFT, N_("Day before"), earlier, NULL },
	{ "day.later", ZG_KEY_RIGHT, N_("Day after"), later, NULL },
	{ "day.slips", 'u', N_("Unprinted slips"), show_jobs, NULL },
	{ "day.doubt", 'p', N_("Payments in doubt"), show_doubt, NULL },
	{ "day.shop", 's', N_("The shop's data"), show_setup, NULL },
	{ "day.before", '[', N_("Day before"), earlier, NULL },
	{ "day.after", ']', N_("Day after"), later, NULL },
	{ .action = NULL },
};

const struct zg_screen zg_day_screen = {
	.title = N_("Day"), .size = sizeof(struct day), .keys = keys, .draw = draw, .opened = opened, .closed = closed,
	.resumed = resumed, .fit = fit, .press = press, .moves = zg_list_moves,
};
