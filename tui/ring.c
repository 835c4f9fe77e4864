/* Ringing up: goods found by their code, a weight or a price asked for where it is missing, and what follows when the till has taken them or not. */
#include "src/base/i18n.h"
#include "src/store/items.h"
#include "src/till/till.h"
#include "tui/order.h"
#include "tui/sale_screen.h"
#include "tui/screens.h"

#include <stdio.h>
#include <string.h>

static void rung(struct zg_app *app, const json_t *answer, int64_t data)
{
	struct zg_selling *s = zg_app_self(app, &zg_sale_screen);

	(void)data;
	if (s)
		s->is_slip = false;
	/* what is being typed for a line stays with it */
	if (s && s->mode == ZG_ENTER_CODE)
		s->current = (int)zg_json_integer(answer, "line", 0);
}

/* Nothing was rung: the quantity that was given beforehand is for the next try, unless another was given meanwhile. */
static void keep_quantity(struct zg_selling *s, zg_milli quantity)
{
	if (s && s->quantity == 0)
		s->quantity = quantity;
}

static void not_rung(struct zg_app *app, enum zg_result result, const json_t *answer, const struct zg_error *err, int64_t quantity)
{
	(void)result;
	(void)answer;
	keep_quantity(zg_app_self(app, &zg_sale_screen), quantity);
	zg_app_fail(app, err);
	zg_app_beep(app);
}

static void send_item(struct zg_app *app, const struct zg_item *item, zg_milli quantity, zg_fen price)
{
	struct zg_order order = { .act = "sale.add", .args = zg_json_object(), .done = rung, .failed = not_rung, .data = quantity };

	zg_json_set_integer(order.args, "item_id", item->id);
	zg_json_set_integer(order.args, "quantity_milli", quantity ? quantity : 1000);
	if (item->kind == ZG_ITEM_OPEN_PRICE)
		zg_json_set_integer(order.args, "price_fen", price);
	zg_order_send(app, &order);
}

/* What the box asked for is about this item. */
static const char *weight_given(struct zg_app *app, void *self, const char *const *answers)
{
	struct zg_selling *s = self;
	zg_milli weight;

	if (!answers)
		return NULL;
	if (!zg_milli_parse(answers[0], &weight) || weight <= 0)
		return _("That is no weight. Type kilograms, for example 0.856.");
	send_item(app, &s->asked, weight, 0);
	return NULL;
}

static const char *price_given(struct zg_app *app, void *self, const char *const *answers)
{
	struct zg_selling *s = self;
	zg_fen price;

	if (!answers) {
		keep_quantity(s, s->asked_quantity);
		return NULL;
	}
	if (!zg_fen_parse(answers[0], &price) || price < 0)
		return _("That is no price. Type yuan, for example 12.50.");
	send_item(app, &s->asked, s->asked_quantity, price);
	return NULL;
}

static void ask(struct zg_app *app, struct zg_selling *s, const struct zg_item *item, zg_milli quantity)
{
	struct zg_form form = { .title = item->name };

	s->asked = *item;
	s->asked_quantity = quantity;
	if (item->kind == ZG_ITEM_WEIGHED) {
		form.fields[0] = (struct zg_form_field){ .label = _("Weight, kg"), .room = 9 };
		form.done = weight_given;
	} else {
		form.fields[0] = (struct zg_form_field){ .label = _("Price, yuan"), .room = 11 };
		form.done = price_given;
	}
	zg_app_form(app, &form);
}

void zg_sale_ring(struct zg_app *app, const char *code, int64_t item_id, int64_t quantity)
{
	struct zg_selling *s = zg_app_self(app, &zg_sale_screen);
	const struct zg_store *store = zg_till_store(zg_app_till(app));
	struct zg_item item;
	struct zg_error err = { 0 };
	char words[ZG_ERROR_TEXT];

	if (quantity == 0)
		quantity = s->quantity;
	s->quantity = 0;
	enum zg_result result = item_id ? zg_items_get(store, item_id, &item, &err) : zg_items_find_code(store, code, false, &item, &err);

	if (result == ZG_NOT_FOUND) {
		/* letters may have been a name */
		snprintf(words, sizeof(words), code[strspn(code, "0123456789")] ? _("No goods are called %s, or have it as their code.")
			 : _("No goods have the code %s. Check it, or search by name."), item_id ? "?" : code);
		keep_quantity(s, quantity);
		zg_app_refuse(app, words);
		zg_app_beep(app);
	} else if (result != ZG_OK) {
		keep_quantity(s, quantity);
		zg_app_fail(app, &err);
	} else if ((item.kind == ZG_ITEM_WEIGHED && quantity == 0) || item.kind == ZG_ITEM_OPEN_PRICE) {
		ask(app, s, &item, quantity);
	} else {
		send_item(app, &item, quantity, 0);
	}
}
