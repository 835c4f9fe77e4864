/* Goods by name, code or initials, on the whole screen: the price is checked here, or the item rung up. */
#include "src/base/i18n.h"
#include "src/store/search.h"
#include "src/till/till.h"
#include "tui/app.h"
#include "tui/screens.h"
#include "tui/widget/list.h"

#include <stdio.h>
#include <stdlib.h>

struct find {
	struct zg_till *till;
	struct zg_input input;
	struct zg_item *items;    /* owned */
	size_t count;
	struct zg_list list;
};

static const struct zg_column columns[] = {
	{ .title = N_("Code"), .cells = 15, .from = 60 },
	{ .title = N_("Item"), .cells = 0 },
	{ .title = N_("Category"), .cells = 14, .from = 100 },
	{ .title = N_("Tax"), .cells = 6, .right = true, .from = 100 },
	{ .title = N_("Unit"), .cells = 8, .from = 60 },
	{ .title = N_("Price"), .cells = 12, .right = true },
};
#define COLUMNS_ ((int)(sizeof(columns) / sizeof(columns[0])))

static void cell(const void *self, int row, int column, struct zg_cell *out)
{
	const struct find *s = self;
	const struct zg_item *item = &s->items[row];
	char number[ZG_AMOUNT_TEXT];
	const char *text = "";

	switch (column) {
	case 0: text = item->code; break;
	case 1: text = item->name; break;
	case 2: text = item->category; break;
	case 3: text = zg_bp_format(number, item->tax_bp); break;
	case 4: text = item->unit; break;
	case 5: text = zg_fen_format(number, item->price_fen); break;
	default: break;
	}
	snprintf(out->text, sizeof(out->text), "%s", text);
}

static void changed(struct zg_app *app, void *self)
{
	struct find *s = self;
	struct zg_error err;

	free(s->items);
	s->items = NULL;
	s->count = 0;
	if (s->input.length > 0 && zg_items_search(zg_till_store(s->till), s->input.text, true, ZG_SEARCH_MOST, &s->items, &s->count, &err) != ZG_OK)
		zg_app_fail(app, &err);
	zg_list_update(&s->list, (int)s->count, NULL, NULL);
	if (s->count > 0)
		zg_list_select(&s->list, 0);
}

static void opened(struct zg_app *app, void *self, const void *with)
{
	struct find *s = self;

	(void)with;
	s->till = zg_app_till(app);
	s->input.room = ZG_NAME_MAX;
	zg_list_update(&s->list, 0, NULL, NULL);
}

static void closed(struct zg_app *app, void *self)
{
	struct find *s = self;

	(void)app;
	free(s->items);
	zg_list_clear(&s->list);
}

static void enter(struct zg_app *app, void *self)
{
	struct find *s = self;
	int row = zg_list_row(&s->list);

	if (row < 0)
		return;
	struct zg_item item = s->items[row];

	zg_app_back(app);
	zg_sale_ring(app, item.code, item.id, 0);
}

static void back(struct zg_app *app, void *self)
{
	(void)self;
	zg_app_back(app);
}

static bool press(struct zg_app *app, void *self, uint32_t code)
{
	struct find *s = self;

	(void)app;
	return code >= ZG_KEY_SPECIAL && zg_list_press(&s->list, code);
}

static struct zg_input *input(void *self)
{
	struct find *s = self;

	return &s->input;
}

static void fit(void *self, int rows, int width)
{
	struct find *s = self;

	(void)width;
	zg_list_fit(&s->list, rows - 2 - zg_list_head(columns, COLUMNS_));
}

static void draw(const struct zg_pane *pane, const void *self)
{
	const struct find *s = self;
	struct zg_pane body = zg_pane_part(pane, 2, 0, pane->rows - 2, pane->columns);
	int at = zg_draw_text(pane, 0, 1, 20, ZG_INK_DIM, _("Find goods")) + 3;

	zg_input_draw(pane, 0, at, pane->columns - at - 2, &s->input, true);
	zg_draw_rule(pane, 1);
	if (s->count > 0)
		zg_list_draw(&body, &s->list, columns, COLUMNS_, cell, s);
	else
		zg_draw_text(&body, 0, 1, pane->columns - 2, s->input.length ? ZG_INK_WARNING : ZG_INK_DIM,
			     s->input.length ? _("Nothing is called so.") : _("Type a name, its first letters, or a code."));
}

/* A scan looks its goods up here: a price check. */
static bool scan(struct zg_app *app, void *self, const char *text)
{
	struct find *s = self;

	zg_input_set(&s->input, text);
	changed(app, s);
	return true;
}

static const struct zg_key keys[] = {
	{ "find.enter", ZG_KEY_ENTER, N_("Ring up"), enter, NULL },
	{ "find.back", ZG_KEY_ESC, N_("Back"), back, NULL },
	{ .action = NULL },
};

const struct zg_screen zg_find_screen = {
	.title = N_("Find goods"), .size = sizeof(struct find), .keys = keys, .draw = draw, .opened = opened, .closed = closed,
	.fit = fit, .scan = scan, .input = input, .changed = changed, .press = press, .moves = zg_line_moves,
};
