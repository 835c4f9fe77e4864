/*
 * Ringing up. One input line understands digits, scans and letters; the number pad's keys act on the
 * current line. The table below binds the keys and prints the help; tui/sale_draw.c draws.
 */
#include "tui/sale_screen.h"

#include "src/base/i18n.h"
#include "src/shop/barcode.h"
#include "src/shop/cash.h"
#include "src/store/items.h"
#include "src/store/search.h"
#include "src/till/till.h"
#include "tui/desk.h"
#include "tui/order.h"
#include "tui/sale_keys.h"
#include "tui/screens.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- ringing up ---- */

void zg_sale_reset_input(struct zg_selling *s)
{
	zg_input_clear(&s->input);
	s->mode = ZG_ENTER_CODE;
	s->quantity = 0;
	free(s->found);
	s->found = NULL;
	s->found_count = 0;
	s->is_searching = false;
	zg_list_update(&s->list, 0, NULL, NULL);
}

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

/* A code that was scanned or typed: its shape tells what it is. */
static void take_code(struct zg_app *app, const char *text)
{
	struct zg_desk *desk = zg_desk_of(app);

	switch (zg_scan_kind(text)) {
	case ZG_SCAN_RECEIPT:
		snprintf(desk->opening.number, sizeof(desk->opening.number), "%s", text);
		zg_app_show(app, &zg_history_screen, NULL);
		break;
	case ZG_SCAN_PAYMENT:
		/* the customer holds it out while something is still to be rung: kept, and Enter takes it */
		if (!zg_till_state(zg_app_till(app))->has_phone) {
			zg_app_refuse(app, _("That is a payment code. This till takes cash only."));
			zg_app_beep(app);
		} else if (zg_sale_is_empty(zg_till_sale(zg_app_till(app)))) {
			zg_app_refuse(app, _("That is a payment code, and nothing is to be paid yet. Scan the goods first."));
			zg_app_beep(app);
		} else {
			zg_app_show(app, &zg_settle_screen, text);
		}
		break;
	case ZG_SCAN_GOODS:
	case ZG_SCAN_UNKNOWN:
		zg_sale_ring(app, text, 0, 0);
		break;
	}
}

static bool scan(struct zg_app *app, void *self, const char *text)
{
	(void)self;
	/* the right that is being lent is for the sale as it stands: what comes now is rung after it */
	if (zg_order_is_under_way(app))
		return false;
	take_code(app, text);
	return true;
}

/* ---- searching as one types ---- */

/* Letters search; digits and what stands in and around numbers do not, they are codes and amounts. */
static bool is_search(const struct zg_selling *s)
{
	return s->mode == ZG_ENTER_CODE && s->input.length > 0 && s->input.text[strspn(s->input.text, "0123456789. ")] != '\0';
}

static void changed(struct zg_app *app, void *self)
{
	struct zg_selling *s = self;
	struct zg_error err;

	free(s->found);
	s->found = NULL;
	s->found_count = 0;
	if (is_search(s) && zg_items_search(zg_till_store(s->till), s->input.text, true, ZG_SEARCH_MOST, &s->found, &s->found_count, &err) != ZG_OK)
		zg_app_fail(app, &err);
	s->is_searching = is_search(s);
	zg_list_update(&s->list, (int)s->found_count, NULL, NULL);
	if (s->found_count > 0)
		zg_list_select(&s->list, 0);
}

static void pick(struct zg_app *app, struct zg_selling *s)
{
	int row = zg_list_row(&s->list);
	struct zg_item item;
	zg_milli quantity = s->quantity;

	if (row < 0) {
		/* Typed letters that are a code after all ("AB-12") still find it. */
		char code[ZG_INPUT_SIZE];

		snprintf(code, sizeof(code), "%s", s->input.text);
		zg_sale_reset_input(s);
		s->quantity = quantity;
		take_code(app, code);
		return;
	}
	item = s->found[row];
	zg_sale_reset_input(s);
	zg_sale_ring(app, item.code, item.id, quantity);
}

/* ---- Enter and Esc ---- */

static void enter(struct zg_app *app, void *self)
{
	struct zg_selling *s = self;

	zg_input_trim(&s->input);
	if (s->mode != ZG_ENTER_CODE) {
		zg_sale_enter_mode(app, s);
	} else if (s->is_searching) {
		pick(app, s);
	} else if (s->input.length > 0) {
		char code[ZG_INPUT_SIZE];
		zg_milli quantity = s->quantity;

		snprintf(code, sizeof(code), "%s", s->input.text);
		zg_sale_reset_input(s);
		s->quantity = quantity;
		take_code(app, code);
	} else if (zg_sale_current(s)) {
		zg_sale_open_line(app, s);
	}
}

static void step_back(struct zg_app *app, void *self)
{
	struct zg_selling *s = self;

	(void)app;
	zg_sale_reset_input(s);
}

static bool press(struct zg_app *app, void *self, uint32_t code)
{
	struct zg_selling *s = self;

	(void)app;
	if (s->is_searching && code >= ZG_KEY_SPECIAL && zg_list_press(&s->list, code))
		return true;
	switch (code) {
	case ZG_KEY_UP:        zg_sale_move(s, -1); return true;
	case ZG_KEY_DOWN:      zg_sale_move(s, 1); return true;
	case ZG_KEY_PAGE_UP:   zg_sale_move(s, -s->page); return true;
	case ZG_KEY_PAGE_DOWN: zg_sale_move(s, s->page); return true;
	case ZG_KEY_BACKSPACE: step_back(app, s); return true;    /* on an empty line; the input takes the others */
	default:               return false;
	}
}

/* ---- going elsewhere ---- */

static void settle(struct zg_app *app, void *self)
{
	struct zg_selling *s = self;
	const struct zg_sale *sale = zg_till_sale(s->till);
	zg_fen amount;

	zg_input_trim(&s->input);
	if (zg_sale_is_empty(sale)) {
		zg_app_warn(app, _("Nothing to pay yet. Scan an item first."));
		return;
	}
	if (!zg_till_shift(s->till)) {
		zg_app_refuse(app, _("No shift is open. Open one before you take money."));
		zg_app_beep(app);
		return;
	}
	if (s->input.length == 0) {
		zg_app_show(app, &zg_settle_screen, NULL);
		return;
	}
	if (!zg_fen_parse(s->input.text, &amount)) {
		zg_app_refuse(app, _("That is no amount. Type yuan, for example 100 or 59.50."));
		return;
	}
	zg_sale_reset_input(s);
	zg_settle_cash(app, amount);
}

static void hang(struct zg_app *app, void *self)
{
	struct zg_selling *s = self;
	struct zg_order order = { .act = "sale.hang" };

	if (!zg_sale_is_empty(zg_till_sale(s->till)))
		zg_order_send(app, &order);
	else if (zg_till_hung(s->till) > 0)
		zg_app_show(app, &zg_hung_screen, NULL);
	else
		zg_app_warn(app, _("No sale is hung."));
}

static const char *void_reason(struct zg_app *app, void *self, const char *const *answers)
{
	struct zg_order order = { .act = "sale.void" };
	char reason[ZG_REASON_MAX + 1];

	(void)self;
	if (!answers)
		return NULL;
	snprintf(reason, sizeof(reason), "%s", answers[0]);
	zg_text_trim(reason);
	if (!reason[0])
		return _("Say why: a reason is kept with it.");
	order.args = zg_json_object();
	zg_json_set_string(order.args, "reason", reason);
	zg_order_send(app, &order);
	return NULL;
}

static void cancel(struct zg_app *app, void *self)
{
	struct zg_selling *s = self;
	struct zg_form form = { .title = _("Cancel the whole sale"), .text = _("All lines are taken off. This is kept in the books."),
		.fields = { { .label = _("Reason"), .room = ZG_REASON_MAX } }, .done = void_reason };

	if (zg_till_sale_id(s->till) == 0)
		zg_app_warn(app, _("No sale is under way."));
	else
		zg_app_form(app, &form);
}

static void find(struct zg_app *app, void *self)
{
	(void)self;
	zg_app_show(app, &zg_find_screen, NULL);
}

static void history(struct zg_app *app, void *self)
{
	(void)self;
	zg_desk_of(app)->opening.number[0] = '\0';
	zg_app_show(app, &zg_history_screen, NULL);
}

static void shift(struct zg_app *app, void *self)
{
	(void)self;
	zg_app_show(app, &zg_shift_screen, NULL);
}

static void day(struct zg_app *app, void *self)
{
	(void)self;
	zg_app_show(app, &zg_day_screen, NULL);
}

static void sign_out(struct zg_app *app, void *self)
{
	struct zg_selling *s = self;
	struct zg_call call = { .act = "session.end" };

	if (!zg_sale_is_empty(zg_till_sale(s->till))) {
		zg_app_warn(app, _("A sale is under way. Hang or settle it before you sign out."));
		return;
	}
	zg_till_call(s->till, &call);
	zg_app_replace(app, &zg_login_screen, NULL);
}

/* A number key of the pad acts only on a number: in a word it is a letter of the word. */
static bool is_number(const void *self)
{
	const struct zg_selling *s = self;

	return !s->is_searching;
}

static bool is_line_start(const void *self)
{
	const struct zg_selling *s = self;

	return s->mode == ZG_ENTER_CODE && s->input.length == 0 && zg_sale_current(s);
}

static bool is_plain(const void *self)
{
	const struct zg_selling *s = self;

	return s->mode == ZG_ENTER_CODE && !s->is_searching;
}

/* Who has yet to open the shift is shown where. */
static bool is_shiftless(const void *self)
{
	const struct zg_selling *s = self;

	return is_plain(self) && !zg_till_shift(s->till);
}

/* On an empty sale the key of hanging takes a hung one. */
static bool can_take(const void *self)
{
	const struct zg_selling *s = self;

	return is_plain(self) && zg_till_hung(s->till) > 0 && zg_sale_is_empty(zg_till_sale(s->till));
}

static bool is_for_line(const void *self)
{
	return ((const struct zg_selling *)self)->mode != ZG_ENTER_CODE;
}

static bool is_searching(const void *self)
{
	return ((const struct zg_selling *)self)->is_searching;
}

/* What ends what one has begun comes first while one is at it. */
static const struct zg_key keys[] = {
	{ "sale.enter",    ZG_KEY_ENTER,      N_("Ring up"),       enter,               is_searching },
	{ "sale.enter",    ZG_KEY_ENTER,      N_("Accept"),        enter,               is_for_line },
	{ "sale.back",     ZG_KEY_ESC,        N_("Back"),          step_back,           is_for_line },
	{ "sale.back",     ZG_KEY_ESC,        N_("Back"),          step_back,           is_searching },
	{ "sale.shift",    ZG_KEY_F(9),       N_("Shift"),         shift,               is_shiftless },
	{ "sale.hang",     ZG_KEY_F(7),       N_("Take"),          hang,                can_take },
	{ "sale.settle",   '+',               N_("Settle"),        settle,              is_plain },
	{ "sale.quantity", '*',               N_("Quantity"),      zg_sale_key_times,   is_number },
	{ "sale.remove",   '-',               N_("Take off"),      zg_sale_key_minus,   is_plain },
	{ "sale.discount", '/',               N_("Discount"),      zg_sale_key_slash,   is_number },
	/* the shell's pair: Ctrl-U clears what is typed, Ctrl-Y puts back. High up only while it is likely to be wanted */
	{ "sale.restore",  ZG_KEY_CTRL('Y'),  N_("Put back"),      zg_sale_key_restore, zg_sale_undo_first },
	{ "sale.find",     ZG_KEY_F(3),       N_("Find"),          find,                NULL },
	{ "sale.history",  ZG_KEY_F(4),       N_("Past sales"),    history,             NULL },
	{ "sale.hang",     ZG_KEY_F(7),       N_("Hang"),          hang,                NULL },
	{ "sale.restore",  ZG_KEY_CTRL('Y'),  N_("Put back"),      zg_sale_key_restore, zg_sale_undo_later },
	{ "sale.shift",    ZG_KEY_F(9),       N_("Shift"),         shift,               NULL },
	{ "sale.day",      ZG_KEY_F(12),      N_("Day"),           day,                 NULL },
	{ "sale.price",    '.',               N_("Another price"), zg_sale_key_point,   is_line_start },
	{ "sale.enter",    ZG_KEY_ENTER,      N_("Ring up"),       enter,               NULL },
	{ "sale.back",     ZG_KEY_ESC,        N_("Back"),          step_back,           NULL },
	{ "sale.drawer",   ZG_KEY_CTRL('O'),  N_("Open drawer"),   zg_shift_open_drawer, NULL },
	{ "sale.void",     ZG_KEY_CTRL('X'),  N_("Cancel sale"),   cancel,              NULL },
	{ "sale.leave",    ZG_KEY_CTRL('Q'),  N_("Sign out"),      sign_out,            NULL },
	{ .action = NULL },
};

/* ---- the screen ---- */

static void opened(struct zg_app *app, void *self, const void *with)
{
	struct zg_selling *s = self;

	(void)with;
	s->till = zg_app_till(app);
	s->input.room = ZG_CODE_MAX;
	zg_list_update(&s->list, 0, NULL, NULL);
}

static void closed(struct zg_app *app, void *self)
{
	struct zg_selling *s = self;

	(void)app;
	free(s->found);
	zg_list_clear(&s->list);
}

static struct zg_input *input(void *self)
{
	struct zg_selling *s = self;

	return &s->input;
}

const struct zg_screen zg_sale_screen = {
	.title = N_("Selling"), .size = sizeof(struct zg_selling), .keys = keys, .draw = zg_sale_draw, .opened = opened,
	.closed = closed, .fit = zg_sale_fit, .scan = scan, .input = input, .changed = changed, .press = press, .moves = zg_line_moves,
};
