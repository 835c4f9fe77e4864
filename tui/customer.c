#include "tui/customer.h"

#include "src/base/i18n.h"
#include "src/base/money.h"
#include "src/base/text.h"
#include "src/shop/item.h"
#include "src/shop/pay.h"
#include "src/till/customer.h"
#include "tui/console.h"
#include "tui/widget/bigdigits.h"
#include "tui/widget/qr.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#define TICK_MS   250
#define THANKS_MS 20000    /* how long a customer is thanked, unless the next one's goods come before */
#define GONE_MS   5000     /* a till that is started again is not a closed counter */
#define NARROW    60

struct customer {
	const struct zg_customer_source *source;
	json_t *view;              /* NULL: no till answers */
	int64_t now_ms;            /* running clock */
	int64_t gone_ms;           /* of it: since when none does; 0: one does */
	int64_t last_id;           /* the sale that was the last one paid; -1: not looked yet */
	int64_t thanks_ms;         /* of it: when the last one was seen to be paid; 0: not */
};

static bool has_lines(const struct customer *c)
{
	return zg_json_integer(c->view, "count", 0) > 0;
}

/* A sale that was paid before this screen looked, or before the till was started again, is nobody's any more. */
static void note_paid(struct customer *c)
{
	int64_t id = zg_json_integer(json_object_get(c->view, "last"), "id", 0);

	if (c->last_id >= 0 && id != c->last_id && id > 0)
		c->thanks_ms = c->now_ms;
	c->last_id = id;
	if (has_lines(c))
		c->thanks_ms = 0;
}

static void look(struct zg_app *app, void *self)
{
	struct customer *c = self;
	json_t *view = NULL;

	c->now_ms = zg_clock_running(zg_app_clock(app));
	if (c->source->look(c->source->self, &view) != ZG_OK)
		view = NULL;
	json_decref(c->view);
	c->view = view;
	if (!view && !c->gone_ms)
		c->gone_ms = c->now_ms;
	else if (view)
		c->gone_ms = 0;
	if (view)
		note_paid(c);
}

/* ---- drawing ---- */

static void draw_words(const struct zg_pane *pane, int row, enum zg_ink ink, const char *words)
{
	int cells = pane->columns - 4, rows = zg_draw_wrap(NULL, 0, 0, cells, 3, ink, words);

	if (rows == 1)
		zg_draw_centre(pane, row, 0, pane->columns, ink, words);
	else
		zg_draw_wrap(pane, row, 2, cells, 3, ink, words);
}

static void draw_amount(const struct zg_pane *pane, int row, enum zg_ink ink, zg_fen amount)
{
	char text[64], number[ZG_AMOUNT_TEXT];

	snprintf(text, sizeof(text), "￥%s", zg_fen_format(number, amount));
	int side = (pane->columns - zg_big_width(text)) / 2;

	zg_big_draw_left(pane, row, side > 0 ? side : 0, ink, text);
}

static void draw_thanks(const struct zg_pane *pane, const struct customer *c)
{
	const json_t *last = json_object_get(c->view, "last");
	zg_fen change = zg_json_integer(last, "change_fen", 0);
	char words[96], number[ZG_AMOUNT_TEXT];
	int row = pane->rows / 2 - 4 > 0 ? pane->rows / 2 - 4 : 0;

	draw_words(pane, row, ZG_INK_PAID, _("✓ Paid. Thank you!"));
	draw_amount(pane, row + 2, ZG_INK_PAID_LARGE, zg_json_integer(last, "total_fen", 0));
	if (change > 0) {
		snprintf(words, sizeof(words), _("Change  %s"), zg_fen_format(number, change));
		draw_words(pane, row + 6, ZG_INK_TEXT, words);
	}
}

/* Our code, or the words that stand for it. */
static void draw_code(const struct zg_pane *pane, const struct customer *c)
{
	enum zg_wallet wallet = ZG_WALLET_NONE;
	int used = zg_qr_draw(pane, zg_json_string(c->view, "url", ""));
	struct zg_pane side = zg_pane_part(pane, 0, used ? used + 1 : 0, pane->rows, pane->columns - (used ? used + 1 : 0));
	int row = side.rows / 2 - 4 > 0 ? side.rows / 2 - 4 : 0;
	char words[96];

	(void)zg_wallet_parse(zg_json_string(c->view, "wallet", ""), &wallet);
	snprintf(words, sizeof(words), _("Scan with %s to pay"), _(zg_wallet_title(wallet)));
	draw_words(&side, row, used ? ZG_INK_TEXT : ZG_INK_WARNING,
		   used ? words : _("The code does not fit on this screen. Please ask for it on paper, or show your own code."));
	draw_amount(&side, used ? row + 2 : row + 3, ZG_INK_DUE, zg_json_integer(c->view, "amount_fen", 0));
}

static void draw_line(const struct zg_pane *pane, int row, const json_t *line)
{
	char number[ZG_AMOUNT_TEXT], text[ZG_AMOUNT_TEXT + ZG_ITEM_UNIT_MAX + 1];
	bool is_narrow = pane->columns < NARROW;
	int quantity = is_narrow ? 8 : 11, amount = is_narrow ? 11 : 13, name = pane->columns - quantity - amount - 2;

	zg_draw_text(pane, row, 1, name - 1, ZG_INK_TEXT, zg_json_string(line, "name", ""));
	snprintf(text, sizeof(text), "%s%s", zg_milli_format(number, zg_json_integer(line, "quantity_milli", 0)), zg_json_string(line, "unit", ""));
	zg_draw_right(pane, row, 1 + name, quantity, ZG_INK_TEXT, text);
	zg_draw_right(pane, row, 1 + name + quantity, amount, ZG_INK_TEXT, zg_fen_format(number, zg_json_integer(line, "amount_fen", 0)));
}

/* The last lines, as many as there is room for, and what is to be paid. */
static void draw_sale(const struct zg_pane *pane, const struct customer *c)
{
	const json_t *lines = json_object_get(c->view, "lines");
	size_t count = json_array_size(lines);
	int room = pane->rows - ZG_BIG_ROWS - 1, side;
	zg_fen received = zg_json_integer(c->view, "received_fen", 0);
	char text[96], number[ZG_AMOUNT_TEXT];
	size_t first = count > (size_t)room ? count - (size_t)room : 0;

	for (size_t i = first; i < count; i++)
		draw_line(pane, (int)(i - first), json_array_get(lines, i));
	zg_draw_rule(pane, room);
	struct zg_pane foot = zg_pane_part(pane, room + 1, 0, ZG_BIG_ROWS, pane->columns - 1);

	snprintf(text, sizeof(text), "￥%s", zg_fen_format(number, zg_json_integer(c->view, "due_fen", 0)));
	side = foot.columns - zg_big_width(text) - 2;
	zg_draw_text(&foot, 0, 1, side, ZG_INK_DIM, received > 0 ? _("Still to pay") : _("To pay"));
	zg_big_draw(&foot, 0, ZG_INK_DUE, text);
	if (received > 0)
		zg_draw_print(&foot, 1, 1, side, ZG_INK_PAID, _("Received  %s"), zg_fen_format(number, received));
	if (zg_json_boolean(c->view, "is_asked"))
		zg_draw_wrap(&foot, received > 0 ? 2 : 1, 1, side, received > 0 ? 1 : 2, ZG_INK_WARNING, _("Please confirm on your phone."));
}

static void draw(const struct zg_pane *pane, const void *self)
{
	const struct customer *c = self;
	struct zg_pane body = zg_pane_part(pane, 2, 0, pane->rows - 2, pane->columns);

	zg_draw_fill(pane, 0, 0, pane->columns, ZG_INK_STATUS);
	zg_draw_centre(pane, 0, 0, pane->columns, ZG_INK_STATUS, zg_json_string(c->view, "shop", c->source->shop));
	zg_draw_rule(pane, 1);
	if (!c->view)
		draw_words(&body, body.rows / 2 - 1, ZG_INK_DIM,
			   c->now_ms - c->gone_ms < GONE_MS ? _("One moment, please.") : _("This counter is closed."));
	else if (zg_json_string(c->view, "url", "")[0])
		draw_code(&body, c);
	else if (has_lines(c))
		draw_sale(&body, c);
	else if (c->thanks_ms && c->now_ms - c->thanks_ms < THANKS_MS)
		draw_thanks(&body, c);
	else
		draw_words(&body, body.rows / 2 - 1, ZG_INK_TEXT, _("Welcome"));
}

static void opened(struct zg_app *app, void *self, const void *with)
{
	struct customer *c = self;

	c->source = with;
	c->last_id = -1;
	look(app, c);
}

static void closed(struct zg_app *app, void *self)
{
	(void)app;
	json_decref(((struct customer *)self)->view);
}

static void quit(struct zg_app *app, void *self)
{
	(void)self;
	zg_app_quit(app);
}

static const struct zg_key keys[] = {
	{ "customer.quit", 'q', N_("Quit"), quit, NULL },
	{ "customer.quit", ZG_KEY_CTRL('C'), N_("Quit"), quit, NULL },
	{ .action = NULL },
};

const struct zg_screen zg_customer_screen = {
	.title = N_("For customers"), .size = sizeof(struct customer), .keys = keys, .draw = draw, .opened = opened, .closed = closed,
	.tick = look, .tick_ms = TICK_MS, .is_bare = true,
};

/* ---- in a terminal of its own ---- */

static enum zg_result look_at_till(void *self, json_t **view)
{
	return zg_customer_look(self, view, NULL);
}

static void end(void *self, int number)
{
	(void)number;
	zg_loop_stop(self);
}

enum zg_result zg_customer_run(const struct zg_customer_parts *parts, struct zg_error *err)
{
	static const int ends[] = { SIGTERM, SIGINT, SIGHUP };
	struct zg_customer *till = zg_customer_new(parts->home, zg_loop_clock(parts->loop));
	struct zg_customer_source source = { .look = look_at_till, .self = till, .shop = parts->config->name };
	struct zg_app_parts app = { .theme = parts->config->theme, .ascii = parts->config->ascii_signs };
	struct zg_console *console = NULL;
	enum zg_result result = zg_console_open(parts->loop, parts->fd, &app, &console, err);

	if (result == ZG_OK) {
		for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
			zg_signal_add(parts->loop, ends[i], end, parts->loop);
		zg_app_show(zg_console_app(console), &zg_customer_screen, &source);
		zg_loop_run(parts->loop);
		zg_console_close(console);
	}
	zg_customer_free(till);
	return result;
}
