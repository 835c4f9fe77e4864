/*
 * The selling screen. One input line understands digits, scans and letters; the number pad's keys act on the
 * current line. The table below binds the keys and prints the help; tui/ring.c rings up, tui/sale_draw.c draws.
 */
#include "tui/sale_screen.h"

#include "src/base/i18n.h"
#include "src/shop/barcode.h"
#include "src/store/search.h"
#include "src/till/till.h"
#include "tui/desk.h"
#include "tui/order.h"
#include "tui/sale_keys.h"
#include "tui/screens.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
