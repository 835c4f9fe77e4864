#include "tui/sale_keys.h"

#include "src/base/i18n.h"
#include "src/till/till.h"
#include "tui/order.h"

#include <string.h>

/* An order about the current line; NULL args when there is none, and the message line says so. */
static json_t *line_args(struct zg_app *app, const struct zg_selling *s)
{
	const struct zg_line *line = zg_sale_current(s);

	if (!line) {
		zg_app_warn(app, _("There is no line yet. Scan an item first."));
		return NULL;
	}
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

	if (s->input.length == 0) {
		if (zg_sale_current(s))
			zg_sale_set_mode(s, ZG_ENTER_QUANTITY);
		else
			zg_app_warn(app, _("Type the quantity first, then this key, then the item."));
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

void zg_sale_key_minus(struct zg_app *app, void *self)
{
	struct zg_selling *s = self;
	zg_milli quantity = 0;

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
	send(app, "sale.remove", args, ZG_RIGHT_NONE);
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

	if (s->input.length > 0)
		percent(app, s, s->mode == ZG_ENTER_SALE_DISCOUNT);
	else if (s->mode == ZG_ENTER_DISCOUNT)
		zg_sale_set_mode(s, ZG_ENTER_SALE_DISCOUNT);
	else if (!zg_sale_current(s))
		zg_app_warn(app, _("There is nothing to discount yet. Scan an item first."));
	else
		zg_sale_set_mode(s, ZG_ENTER_DISCOUNT);
}

void zg_sale_key_point(struct zg_app *app, void *self)
{
	struct zg_selling *s = self;

	(void)app;
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

/* ---- the box of a line ---- */

enum { CHOOSE_QUANTITY, CHOOSE_DISCOUNT, CHOOSE_PRICE, CHOOSE_REMOVE, CHOOSE_RESTORE };

static void chosen(struct zg_app *app, void *self, int index)
{
	struct zg_selling *s = self;
	json_t *args;

	switch (index) {
	case CHOOSE_QUANTITY: zg_sale_set_mode(s, ZG_ENTER_QUANTITY); break;
	case CHOOSE_DISCOUNT: zg_sale_set_mode(s, ZG_ENTER_DISCOUNT); break;
	case CHOOSE_PRICE:    zg_sale_set_mode(s, ZG_ENTER_PRICE); break;
	case CHOOSE_REMOVE:   zg_sale_key_minus(app, s); break;
	case CHOOSE_RESTORE:
		args = line_args(app, s);
		if (args)
			send(app, "sale.restore", args, ZG_RIGHT_NONE);
		break;
	default: break;
	}
}

void zg_sale_open_line(struct zg_app *app, struct zg_selling *s)
{
	const struct zg_line *line = zg_sale_current(s);
	char text[ZG_ERROR_TEXT], price[ZG_AMOUNT_TEXT], quantity[ZG_AMOUNT_TEXT], amount[ZG_AMOUNT_TEXT];
	const char *choices[] = { _("Another quantity"), _("Discount in yuan"), _("Another price"), _("Take it off"),
		_("Put back what was taken off") };
	struct zg_choice choice = { .title = line->name, .text = text, .choices = choices, .count = line->removed > 0 ? 5 : 4, .done = chosen };

	snprintf(text, sizeof(text), _("%s × %s %s, %s"), zg_fen_format(price, line->price_fen), zg_milli_format(quantity, line->quantity),
		 line->unit, zg_fen_format(amount, line->amount_fen));
	zg_app_choose(app, &choice);
}
