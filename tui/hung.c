/* Sales that were set aside, to take one up again. They survive a restart. */
#include "src/base/i18n.h"
#include "src/till/till.h"
#include "tui/names.h"
#include "tui/order.h"
#include "tui/screens.h"
#include "tui/widget/list.h"

#include <stdio.h>
#include <stdlib.h>

struct hung {
	struct zg_till *till;
	struct zg_sale_row *rows;    /* owned */
	size_t count;
	struct zg_list list;
};

static const struct zg_column columns[] = {
	{ .title = N_("Hung at"), .cells = 8 },
	{ .title = N_("Cashier"), .cells = 12, .from = 60 },
	{ .title = N_("First item"), .cells = 0 },
	{ .title = N_("Lines"), .cells = 6, .right = true },
	{ .title = N_("Amount"), .cells = 11, .right = true },
};
#define COLUMNS_ ((int)(sizeof(columns) / sizeof(columns[0])))

static void cell(const void *self, int row, int column, struct zg_cell *out)
{
	const struct hung *s = self;
	const struct zg_sale_row *r = &s->rows[row];
	char text[ZG_TIME_TEXT], number[ZG_AMOUNT_TEXT], name[ZG_NAME_MAX + 1];

	switch (column) {
	case 0:  snprintf(out->text, sizeof(out->text), "%s", zg_hour_format(text, r->record.hung_at)); break;
	case 1:  snprintf(out->text, sizeof(out->text), "%s", zg_names_person(s->till, r->record.cashier, name)); break;
	case 2:  snprintf(out->text, sizeof(out->text), "%s", r->first); break;
	case 3:  snprintf(out->text, sizeof(out->text), "%d", r->lines); break;
	default: snprintf(out->text, sizeof(out->text), "%s", zg_fen_format(number, r->record.total_fen)); break;
	}
}

static void opened(struct zg_app *app, void *self, const void *with)
{
	struct hung *s = self;
	struct zg_sale_filter filter = { .state = ZG_SALE_HUNG, .most = SIZE_MAX / 4 };    /* any number */
	struct zg_error err;

	(void)with;
	s->till = zg_app_till(app);
	if (zg_sales_list(zg_till_store(s->till), &filter, &s->rows, &s->count, &err) != ZG_OK)
		zg_app_fail(app, &err);
	zg_list_update(&s->list, (int)s->count, NULL, NULL);
	if (s->count > 0)
		zg_list_select(&s->list, 0);
}

static void closed(struct zg_app *app, void *self)
{
	struct hung *s = self;

	(void)app;
	free(s->rows);
	zg_list_clear(&s->list);
}

static void taken(struct zg_app *app, const json_t *answer, int64_t data)
{
	(void)answer;
	(void)data;
	zg_app_back_to(app, &zg_sale_screen);
}

static void take(struct zg_app *app, void *self)
{
	struct hung *s = self;
	struct zg_order order = { .act = "sale.take", .done = taken };
	int row = zg_list_row(&s->list);

	if (row < 0)
		return;
	order.args = zg_json_object();
	zg_json_set_integer(order.args, "sale", s->rows[row].record.id);
	zg_order_send(app, &order);
}

static void back(struct zg_app *app, void *self)
{
	(void)self;
	zg_app_back(app);
}

static bool press(struct zg_app *app, void *self, uint32_t code)
{
	struct hung *s = self;

	(void)app;
	return code != '/' && zg_list_press(&s->list, code);
}

static void fit(void *self, int rows, int width)
{
	struct hung *s = self;

	(void)width;
	zg_list_fit(&s->list, rows - 2 - zg_list_head(columns, COLUMNS_));
}

static void draw(const struct zg_pane *pane, const void *self)
{
	const struct hung *s = self;
	struct zg_pane body = zg_pane_part(pane, 2, 0, pane->rows - 2, pane->columns);

	zg_draw_text(pane, 0, 1, pane->columns - 2, ZG_INK_DIM, _("Hung sales"));
	zg_draw_rule(pane, 1);
	zg_list_draw(&body, &s->list, columns, COLUMNS_, cell, s);
}

static const struct zg_key keys[] = {
	{ "hung.take", ZG_KEY_ENTER, N_("Take"), take, NULL },
	{ "hung.take", ZG_KEY_F(7), N_("Take"), take, NULL },
	{ "hung.back", ZG_KEY_ESC, N_("Back"), back, NULL },
	{ .action = NULL },
};

const struct zg_screen zg_hung_screen = {
	.title = N_("Hung sales"), .size = sizeof(struct hung), .keys = keys, .draw = draw, .opened = opened, .closed = closed,
	.fit = fit, .press = press, .moves = zg_list_moves,
};
