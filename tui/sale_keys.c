#include "tui/sale_keys.h"

#include "src/base/i18n.h"
#include "src/till/till.h"
#include "tui/order.h"
#include "tui/screens.h"

#include <string.h>

/* The current line, when it can be changed; NULL: it cannot, or there is none, and the message line says so. */
static const struct zg_line *line_to_change(struct zg_app *app, const struct zg_selling *s, const char *none)
{
	const struct zg_line *line = zg_sale_current(s);

	if (!line)
		zg_app_warn(app, none);
	else if (!zg_line_is_live(line))
		zg_app_warn(app, _("This line was taken off. Put it back first."));
	return line && zg_line_is_live(line) ? line : NULL;
}

/* An order about the current line; NULL args when it cannot be changed, and the message line says so. */
static json_t *line_args(struct zg_app *app, const struct zg_selling *s)
{
	const struct zg_line *line = line_to_change(app, s, _("There is no line yet. Scan an item first."));

	if (!line)
		return NULL;
	json_t *args = zg_json_object();

	zg_json_set_integer(args, "line", line->no);
	return args;
}

static void send(struct zg_app *app, const char *act, json_t *args, enum zg_right right)
{
	struct zg_order order = { .act = act, .args = args, .right = right };

	zg_order_send(app, &order);
}

static void set_quantity(struct zg_app *app, struct zg_selling *s, zg_milli quantity)
{
	json_t *args = line_args(app, s);

	if (!args)
		return;
	zg_json_set_integer(args, "quantity_milli", quantity);
	send(app, "sale.quantity", args, ZG_RIGHT_NONE);
}

void zg_sale_key_times(struct zg_app *app, void *self)
{
	struct zg_selling *s = self;
	zg_milli quantity;

	zg_input_trim(&s->input);
	if (s->input.length == 0) {
		if (line_to_change(app, s, _("Type the quantity first, then this key, then the item.")))
			zg_sale_set_mode(s, ZG_ENTER_QUANTITY);
		return;
	}
	if (!zg_milli_parse(s->input.text, &quantity) || quantity <= 0 || quantity > ZG_MILLI_MAX) {
		zg_app_refuse(app, _("That is no quantity. Type a number above 0 and below 10,000."));
		zg_app_beep(app);
		return;
	}
	zg_sale_reset_input(s);
	s->quantity = quantity;
}

static void taken_off(struct zg_app *app, const json_t *answer, int64_t data)
{
	struct zg_selling *s = zg_app_self(app, &zg_sale_screen);

	(void)data;
	if (!s)
		return;
	s->taken_off = (int)zg_json_integer(answer, "line", 0);
	s->is_slip = true;
	/* the bar does not stay on what is gone: the key again takes the next line off */
	if (zg_json_integer(answer, "quantity_milli", 0) == 0 && s->current == s->taken_off)
		s->current = 0;
}

void zg_sale_key_minus(struct zg_app *app, void *self)
{
	struct zg_selling *s = self;
	zg_milli quantity = 0;

	zg_input_trim(&s->input);
	if (s->input.length > 0 && (!zg_milli_parse(s->input.text, &quantity) || quantity <= 0)) {
		zg_app_refuse(app, _("That is no quantity. Type a number above 0 and below 10,000."));
		return;
	}
	json_t *args = line_args(app, s);

	if (!args)
		return;
	if (quantity)
		zg_json_set_integer(args, "quantity_milli", quantity);
	zg_sale_reset_input(s);
	zg_order_send(app, &(struct zg_order){ .act = "sale.remove", .args = args, .done = taken_off });
}

/* ---- discounts ---- */

static void discount(struct zg_app *app, struct zg_selling *s, bool whole, const char *key, int64_t value)
{
	json_t *args = whole ? zg_json_object() : line_args(app, s);

	if (!args)
		return;
	if (key)
		zg_json_set_integer(args, key, value);
	send(app, "sale.discount", args, whole ? ZG_RIGHT_SALE_DISCOUNT : ZG_RIGHT_DISCOUNT);
}

/* Digits as the counter says them: 9 and 90 are 90 %, 85 is 85 %. */
static void percent(struct zg_app *app, struct zg_selling *s, bool whole)
{
	zg_bp kept;

	if (!zg_discount_parse(s->input.text, &kept)) {
		zg_app_refuse(app, _("That is no discount. 9 means 90 %, 85 means 85 %."));
		zg_app_beep(app);
		return;
	}
	zg_sale_reset_input(s);
	discount(app, s, whole, "kept_bp", kept);
}

void zg_sale_key_slash(struct zg_app *app, void *self)
{
	struct zg_selling *s = self;

	zg_input_trim(&s->input);
	if (s->input.length > 0)
		percent(app, s, s->mode == ZG_ENTER_SALE_DISCOUNT);
	else if (s->mode == ZG_ENTER_DISCOUNT)
		zg_sale_set_mode(s, ZG_ENTER_SALE_DISCOUNT);
	else if (line_to_change(app, s, _("There is nothing to discount yet. Scan an item first.")))
		zg_sale_set_mode(s, ZG_ENTER_DISCOUNT);
}

void zg_sale_key_point(struct zg_app *app, void *self)
{
	struct zg_selling *s = self;

	if (line_to_change(app, s, _("There is no line yet. Scan an item first.")))
		zg_sale_set_mode(s, ZG_ENTER_PRICE);
}

/* ---- Enter ends a mode ---- */

static void enter_amount(struct zg_app *app, struct zg_selling *s)
{
	enum zg_enter mode = s->mode;
	zg_fen amount;

	if (!zg_fen_parse(s->input.text, &amount) || amount < 0) {
		zg_app_refuse(app, _("That is no amount. Type yuan, for example 5 or 5.50."));
		zg_app_beep(app);
		return;
	}
	zg_sale_reset_input(s);
	if (mode == ZG_ENTER_PRICE) {
		json_t *args = line_args(app, s);

		if (args) {
			zg_json_set_integer(args, "price_fen", amount);
			send(app, "sale.price", args, ZG_RIGHT_PRICE);
		}
	} else {
		/* Nothing off takes the discount away again. */
		discount(app, s, mode == ZG_ENTER_SALE_DISCOUNT, amount > 0 ? "off_fen" : NULL, amount);
	}
}

void zg_sale_enter_mode(struct zg_app *app, struct zg_selling *s)
{
	zg_milli quantity;

	zg_input_trim(&s->input);
	if (s->input.length == 0) {
		zg_sale_reset_input(s);
		return;
	}
	if (s->mode != ZG_ENTER_QUANTITY) {
		enter_amount(app, s);
		return;
	}
	if (!zg_milli_parse(s->input.text, &quantity) || quantity <= 0) {
		zg_app_refuse(app, _("That is no quantity. Type a number above 0 and below 10,000."));
		zg_app_beep(app);
		return;
	}
	zg_sale_reset_input(s);
	set_quantity(app, s, quantity);
}
