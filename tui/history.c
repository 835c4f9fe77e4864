/* The day's sales, newest first: found by number, amount, time or goods, and any receipt by a scan. */
#include "src/base/i18n.h"
#include "src/store/days.h"
#include "src/till/till.h"
#include "tui/desk.h"
#include "tui/names.h"
#include "tui/order.h"
#include "tui/screens.h"
#include "tui/widget/list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST         2000    /* rows of one day in the list */
#define FILTER_CELLS 24

struct history {
	char day[ZG_DAY_TEXT];
	struct zg_sale_row *rows;
	size_t count;
	struct zg_list list;
	const struct zg_till *till;
};

/* Puts the bar on a sale, wherever it stands now; 0, or one that is not in the list: it stays where it is. */
static void choose(struct history *h, int64_t id)
{
	for (size_t i = 0; id && i < h->count; i++)
		if (h->rows[i].record.id == id)
			zg_list_select(&h->list, (int)i);
}

static void load(struct zg_app *app, struct history *h)
{
	struct zg_sale_filter filter = { .day = h->day, .text = h->list.filter.text, .state = ZG_SALE_PAID, .most = MOST };
	struct zg_error err;

	free(h->rows);
	if (zg_sales_list(zg_till_store(h->till), &filter, &h->rows, &h->count, &err) != ZG_OK)
		zg_app_fail(app, &err);
	zg_list_update(&h->list, (int)h->count, NULL, h);
}

static void open_id(struct zg_app *app, int64_t id)
{
	zg_app_show(app, &zg_story_screen, &id);
}

/* True when the text is a receipt's number, of any day; it is then open. */
static bool open_number(struct zg_app *app, const char *number)
{
	struct zg_sale_record record;

	if (zg_sales_find_number(zg_till_store(zg_app_till(app)), number, &record, NULL) != ZG_OK)
		return false;
	open_id(app, record.id);
	return true;
}

static void opened(struct zg_app *app, void *self, const void *with)
{
	struct history *h = self;
	struct zg_opening *opening = &zg_desk_of(app)->opening;
	char number[sizeof(opening->number)];

	(void)with;
	h->till = zg_app_till(app);
	const struct zg_shift *shift = zg_till_shift(h->till);

	if (shift)
		snprintf(h->day, sizeof(h->day), "%s", shift->day);
	else
		zg_business_day(h->day, zg_clock_now(zg_till_clock(h->till)), zg_till_config(h->till)->day_ends_min);
	h->list.filter.room = 40;
	load(app, h);
	snprintf(number, sizeof(number), "%s", opening->number);
	opening->number[0] = '\0';
	if (number[0] && !open_number(app, number))
		zg_app_warn(app, _("No receipt of this shop has that number. Look for it in the list."));
}

static void resumed(struct zg_app *app, void *self)
{
	struct history *h = self;
	int row = zg_list_row(&h->list);
	int64_t id = row < 0 ? 0 : h->rows[row].record.id;

	load(app, h);
	choose(h, id);    /* newer sales push it down */
}

static void closed(struct zg_app *app, void *self)
{
	struct history *h = self;

	(void)app;
	free(h->rows);
	zg_list_clear(&h->list);
}

/* ---- drawing ---- */

static void fit(void *self, int rows, int columns)
{
	(void)columns;
	zg_list_fit(&((struct history *)self)->list, rows - 2);
}

enum { NUMBER, TIME, GOODS, LINE_COUNT, CASHIER, AMOUNT };

static const struct zg_column columns[] = {
	[NUMBER]  = { N_("Number"), 11, false, 0 },
	[TIME]    = { N_("Time"), 5, false, 0 },
	[GOODS]   = { N_("Goods"), 0, false, 0 },
	[LINE_COUNT] = { N_("Lines"), 6, true, 60 },
	[CASHIER] = { N_("Cashier"), 12, false, 76 },
	[AMOUNT]  = { N_("Amount"), 10, true, 0 },
};

static void cell(const void *self, int row, int column, struct zg_cell *text)
{
	const struct history *h = self;
	const struct zg_sale_row *r = &h->rows[row];
	char part[ZG_NAME_MAX + 1];

	switch (column) {
	case NUMBER:
		snprintf(text->text, sizeof(text->text), "%s", r->record.number);
		break;
	case TIME:
		snprintf(text->text, sizeof(text->text), "%s", zg_hour_format(part, r->record.closed_at));
		break;
	case GOODS:
		snprintf(text->text, sizeof(text->text), r->record.is_refund ? _("▲ Refund: %s") : "%s", r->first);
		break;
	case LINE_COUNT:
		snprintf(text->text, sizeof(text->text), "%d", r->lines);
		break;
	case CASHIER:
		snprintf(text->text, sizeof(text->text), "%s", zg_names_person(h->till, r->record.closed_by, part));
		break;
	default:
		snprintf(text->text, sizeof(text->text), "%s", zg_fen_format(part, r->record.total_fen - r->record.rounding_fen));
		break;
	}
	text->ink = r->record.is_refund ? ZG_INK_WARNING : ZG_INK_TEXT;
}

static void draw(const struct zg_pane *pane, const void *self)
{
	const struct history *h = self;
	struct zg_pane list = zg_pane_part(pane, 1, 0, pane->rows - 1, pane->columns);
	bool has_filter = h->list.filtering || h->list.filter.length > 0;
	char text[80];

	snprintf(text, sizeof(text), h->count == MOST ? _("%s: more than %d receipts, the newest are here") : P_("%s: %d receipt", "%s: %d receipts", h->count),
		 h->day, (int)h->count);
	zg_draw_text(pane, 0, 1, pane->columns - 2 - (has_filter ? FILTER_CELLS : 0), ZG_INK_TEXT, text);
	if (has_filter)
		zg_input_draw(pane, 0, pane->columns - FILTER_CELLS, FILTER_CELLS, &h->list.filter, h->list.filtering);
	zg_list_draw(&list, &h->list, columns, sizeof(columns) / sizeof(columns[0]), cell, h);
	if (h->count == 0)
		zg_draw_wrap(&list, 2, 2, list.columns - 4, 3, ZG_INK_DIM, has_filter
			     ? _("Nothing of this day fits. The days before can be searched too, and a receipt can be scanned.")
			     : _("Nothing was sold on this day yet."));
}

/* ---- keys ---- */

static bool is_choosing(const void *self)
{
	return !((const struct history *)self)->list.filtering;
}

static bool has_row(const void *self)
{
	const struct history *h = self;

	return is_choosing(self) && zg_list_row(&h->list) >= 0;
}

static void open_row(struct zg_app *app, void *self)
{
	const struct history *h = self;

	open_id(app, h->rows[zg_list_row(&h->list)].record.id);
}

static void reprinted(struct zg_app *app, const json_t *answer, int64_t data)
{
	(void)answer;
	(void)data;
	zg_app_say(app, _("The copy goes to the printer. The slip says that it is a reprint."));
}

static void reprint(struct zg_app *app, void *self)
{
	const struct history *h = self;
	struct zg_order order = { .act = "print.receipt", .args = zg_json_object(), .done = reprinted };

	zg_json_set_string(order.args, "number", h->rows[zg_list_row(&h->list)].record.number);
	zg_order_send(app, &order);
}

static void refund(struct zg_app *app, void *self)
{
	const struct history *h = self;
	const struct zg_sale_record *record = &h->rows[zg_list_row(&h->list)].record;

	if (record->is_refund)
		zg_app_refuse(app, _("This is a refund already. Choose the sale that it belongs to."));
	else
		zg_app_show(app, &zg_refund_screen, &record->id);
}

static void go(struct zg_app *app, struct history *h, bool after)
{
	if (zg_days_beside(zg_till_store(h->till), h->day, after, h->day, NULL) == ZG_NOT_FOUND)
		zg_app_say(app, after ? _("This is the newest day.") : _("This is the first day in the books."));
	zg_list_select(&h->list, 0);
	load(app, h);
}

static void earlier(struct zg_app *app, void *self)
{
	go(app, self, false);
}

static void later(struct zg_app *app, void *self)
{
	go(app, self, true);
}

static void find(struct zg_app *app, void *self)
{
	(void)app;
	zg_list_press(&((struct history *)self)->list, '/');
}

static struct zg_input *input(void *self)
{
	struct history *h = self;

	return h->list.filtering ? &h->list.filter : NULL;
}

static void changed(struct zg_app *app, void *self)
{
	load(app, self);
}

static bool press(struct zg_app *app, void *self, uint32_t code)
{
	struct history *h = self;
	bool was_filtering = h->list.filtering, has_text = h->list.filter.length > 0;

	if (code == ZG_KEY_ESC && has_text) {
		zg_input_clear(&h->list.filter);
		h->list.filtering = false;
	} else if (!zg_list_press(&h->list, code)) {
		return false;
	} else if (was_filtering && code == ZG_KEY_ENTER && h->count == 0) {
		open_number(app, h->list.filter.text);    /* of another day */
	}
	if (was_filtering || has_text)
		load(app, h);
	return true;
}

/* A receipt opens; any other code asks where those goods are in the list. */
static bool scan(struct zg_app *app, void *self, const char *text)
{
	struct history *h = self;

	if (!open_number(app, text)) {
		zg_input_set(&h->list.filter, text);
		load(app, h);
	}
	return true;
}

static const struct zg_key keys[] = {
	{ "history.open", ZG_KEY_ENTER, N_("Open"), open_row, has_row },
	{ "history.filter", '/', N_("Search"), find, is_choosing },
	{ "history.earlier", ZG_KEY_LEFT, N_("Day before"), earlier, is_choosing },
	{ "history.later", ZG_KEY_RIGHT, N_("Day after"), later, is_choosing },
	{ "history.reprint", 'p', N_("Print again"), reprint, has_row },
	{ "history.refund", 't', N_("Refund"), refund, has_row },
	{ "history.before", '[', N_("Day before"), earlier, is_choosing },
	{ "history.after", ']', N_("Day after"), later, is_choosing },
	{ .action = NULL },
};

const struct zg_screen zg_history_screen = {
	.title = N_("Past sales"), .size = sizeof(struct history), .keys = keys, .draw = draw, .opened = opened, .closed = closed,
	.resumed = resumed, .fit = fit, .press = press, .moves = zg_list_moves, .scan = scan, .input = input, .changed = changed,
};
