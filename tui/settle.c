/*
 * Taking the money. Enter is exact; an amount and Enter gives change; the suggested notes are one
 * arrow away. "Paid" is shown only when the books say so: the till answers after its commit.
 */
#include "src/base/i18n.h"
#include "src/shop/barcode.h"
#include "src/shop/cash.h"
#include "src/store/payments.h"
#include "src/till/till.h"
#include "tui/desk.h"
#include "tui/order.h"
#include "tui/outside.h"
#include "tui/sale_keys.h"
#include "tui/sale_screen.h"
#include "tui/screens.h"
#include "tui/widget/bigdigits.h"

#include <stdio.h>
#include <string.h>

struct settle {
	struct zg_till *till;
	struct zg_input input;
	int selected;    /* 0: exact; then the suggestions */
	char held[ZG_CODE_MAX + 1];    /* a payment code that was scanned while selling; "" */
	int64_t held_ms;               /* running clock: when */
};

#define HELD_MS 60000    /* payment codes change each minute */
#define LONGEST 24       /* digits of a payment code; an amount has fewer */

/* A shop that takes cash alone types its amounts with the point. */
static bool has_phone(const void *self)
{
	const struct settle *s = self;

	return zg_till_state(s->till)->has_phone;
}

static zg_fen due_of(const struct zg_till *till)
{
	return zg_sale_cash_due(zg_till_sale(till), zg_till_config(till)->rounding);
}

static void paid(struct zg_app *app, const json_t *answer, int64_t data)
{
	(void)answer;
	(void)data;
	zg_app_back_to(app, &zg_sale_screen);
}

static void pay(struct zg_app *app, zg_fen tendered)
{
	struct zg_order order = { .act = "sale.pay", .args = zg_json_object(), .done = paid };

	zg_json_set_string(order.args, "tender", "cash");
	zg_json_set_integer(order.args, "tendered_fen", tendered);
	zg_order_send(app, &order);
}

/* ---- by phone ---- */

static void begun(struct zg_app *app, const json_t *answer, int64_t data)
{
	int64_t id = zg_json_integer(answer, "payment", 0);

	(void)data;
	zg_app_show(app, &zg_paying_screen, &id);
}

/* What was typed is the amount; nothing typed is all that is due. */
static bool typed_amount(struct zg_app *app, struct settle *s, json_t *args)
{
	zg_fen amount;

	zg_input_trim(&s->input);
	if (s->input.length == 0)
		return true;
	if (!zg_fen_parse(s->input.text, &amount) || amount <= 0) {
		zg_app_refuse(app, _("That is no amount. Type yuan, for example 100 or 59.50."));
		zg_app_beep(app);
		return false;
	}
	zg_json_set_integer(args, "amount_fen", amount);
	return true;
}

static void pay_by_code(struct zg_app *app, struct settle *s, const char *code)
{
	struct zg_order order = { .act = "pay.code", .args = zg_json_object(), .done = begun };

	zg_json_set_string(order.args, "code", code);
	if (!typed_amount(app, s, order.args)) {
		json_decref(order.args);
		return;
	}
	zg_input_clear(&s->input);
	memset(s->held, 0, sizeof(s->held));
	zg_order_send(app, &order);
}

static void shown(struct zg_app *app, const json_t *answer, int64_t data)
{
	(void)zg_wallet_parse(zg_json_string(answer, "wallet", ""), &zg_desk_of(app)->shown);
	begun(app, answer, data);
}

/* NONE: the shop's usual one. */
static void show_code(struct zg_app *app, struct settle *s, enum zg_wallet wallet)
{
	struct zg_order order = { .act = "pay.show", .args = zg_json_object(), .done = shown };

	zg_json_set_string(order.args, "wallet", wallet ? zg_wallet_name(wallet) : "");
	if (!typed_amount(app, s, order.args)) {
		json_decref(order.args);
		return;
	}
	zg_input_clear(&s->input);
	zg_order_send(app, &order);
}

/* "1." chooses WeChat's code, "2." Alipay's, "3." UnionPay's: nobody ends an amount in its point. NONE: nobody's is chosen. */
static enum zg_wallet chosen_wallet(const struct settle *s)
{
	static const enum zg_wallet wallets[] = { ZG_WALLET_WECHAT, ZG_WALLET_ALIPAY, ZG_WALLET_UNIONPAY };
	const char *text = s->input.text;

	if (!has_phone(s) || text[0] < '1' || text[0] > '3' || strcmp(text + 1, ".") != 0)
		return ZG_WALLET_NONE;
	return wallets[text[0] - '1'];
}

static bool ends_in_point(const struct settle *s)
{
	return has_phone(s) && s->input.length > 1 && s->input.text[s->input.length - 1] == '.';
}

/*
 * "." shows the code of the wallet used last. After a digit it is typed: with another point, or Enter, it chooses whose; with digits, it is 1.50.
 * After an amount and its point, another one shows a code for so much: a part of the sale.
 */
static void show(struct zg_app *app, void *self)
{
	struct settle *s = self;
	enum zg_wallet last = zg_desk_of(app)->shown, chosen;

	zg_input_trim(&s->input);
	chosen = chosen_wallet(s);
	if (chosen) {
		zg_input_clear(&s->input);
		show_code(app, s, chosen);
	} else if (s->input.length == 0 || ends_in_point(s)) {
		show_code(app, s, last);
	} else {
		zg_input_add(&s->input, ".");
	}
}

/* ---- by what the till does not ask itself: a card terminal, a voucher ---- */

/* "*": all that is due; "50 *": so much of it. */
static void outside(struct zg_app *app, void *self)
{
	struct settle *s = self;
	zg_fen amount = zg_sale_due(zg_till_sale(s->till));

	zg_input_trim(&s->input);
	if (s->input.length > 0 && (!zg_fen_parse(s->input.text, &amount) || amount <= 0)) {
		zg_app_refuse(app, _("That is no amount. Type yuan, for example 100 or 59.50."));
		zg_app_beep(app);
		return;
	}
	zg_input_clear(&s->input);
	zg_outside_ask(app, amount);
}

static bool has_money(const void *self)
{
	const struct settle *s = self;

	return zg_sale_tender_count(zg_till_sale(s->till)) > 0;
}

static void outside_back(struct zg_app *app, void *self)
{
	(void)self;
	zg_outside_take_back(app);
}

static bool has_held(const struct settle *s)
{
	return s->held[0] && zg_clock_running(zg_till_clock(s->till)) - s->held_ms < HELD_MS;
}

static void odd_answer(struct zg_app *app, void *self, bool yes)
{
	(void)self;
	if (yes)
		pay(app, zg_desk_of(app)->odd_fen);
}

void zg_settle_cash(struct zg_app *app, zg_fen tendered)
{
	zg_fen due = due_of(zg_app_till(app)), change;
	struct zg_error err;
	char text[ZG_ERROR_TEXT], given[ZG_AMOUNT_TEXT], asked[ZG_AMOUNT_TEXT];
	struct zg_confirm confirm = { .title = _("That is a lot of money"), .text = text, .yes = _("Take it"), .dangerous = true,
		.done = odd_answer };

	if (zg_cash_change(due, tendered, &change, &err) != ZG_OK) {
		zg_app_fail(app, &err);
		zg_app_beep(app);
	} else if (zg_cash_is_odd(tendered, due)) {
		snprintf(text, sizeof(text), _("%s was typed for %s. Is that what the customer gave?"), zg_fen_format(given, tendered),
			 zg_fen_format(asked, due));
		zg_desk_of(app)->odd_fen = tendered;
		zg_app_confirm(app, &confirm);
	} else {
		pay(app, tendered);
	}
}

static void enter(struct zg_app *app, void *self)
{
	struct settle *s = self;
	zg_fen due = due_of(s->till), amounts[ZG_CASH_SUGGESTIONS], amount = due;
	size_t count = zg_cash_suggest(due, amounts);

	zg_input_trim(&s->input);
	if (chosen_wallet(s)) {
		show(app, self);    /* as the second point does */
		return;
	}
	/* by a scanner that does not read: no amount is so long */
	if (has_phone(s) && zg_scan_kind(s->input.text) == ZG_SCAN_PAYMENT) {
		memcpy(s->held, s->input.text, s->input.length + 1);
		memset(s->input.text, 0, s->input.length);
		zg_input_clear(&s->input);
		s->held_ms = zg_clock_running(zg_till_clock(s->till));
	}
	if (s->held[0] && !has_held(s)) {    /* Enter meant the code: it must not become cash that nobody gave */
		memset(s->held, 0, sizeof(s->held));
		zg_app_refuse(app, _("That code is too old by now. Let the customer's phone show a new one and scan it; or press Enter again for cash."));
		zg_app_beep(app);
		return;
	}
	if (has_held(s)) {
		char code[ZG_CODE_MAX + 1];

		memcpy(code, s->held, sizeof(code));
		pay_by_code(app, s, code);
		memset(code, 0, sizeof(code));
		return;
	}
	if (s->input.length > 0 && (!zg_fen_parse(s->input.text, &amount) || amount < 0)) {
		zg_app_refuse(app, _("That is no amount. Type yuan, for example 100 or 59.50."));
		zg_app_beep(app);
		return;
	}
	if (s->input.length == 0 && s->selected > 0 && (size_t)s->selected <= count)
		amount = amounts[s->selected - 1];
	bool is_typed = s->input.length > 0;

	zg_input_clear(&s->input);
	if (is_typed)
		zg_settle_cash(app, amount);
	else
		pay(app, amount);    /* chosen from the list: no slip of the finger to ask about */
}

static void back(struct zg_app *app, void *self)
{
	struct settle *s = self;

	if (has_held(s))
		memset(s->held, 0, sizeof(s->held));
	else if (s->input.length > 0)
		zg_input_clear(&s->input);
	else
		zg_app_back(app);
}

static void hang(struct zg_app *app, void *self)
{
	struct zg_order order = { .act = "sale.hang", .done = paid };

	(void)self;
	zg_order_send(app, &order);
}

static bool press(struct zg_app *app, void *self, uint32_t code)
{
	struct settle *s = self;
	zg_fen amounts[ZG_CASH_SUGGESTIONS];
	int count = (int)zg_cash_suggest(due_of(s->till), amounts);

	(void)app;
	if (code == ZG_KEY_DOWN || code == ZG_KEY_RIGHT)
		s->selected = s->selected < count ? s->selected + 1 : count;
	else if (code == ZG_KEY_UP || code == ZG_KEY_LEFT)
		s->selected = s->selected > 0 ? s->selected - 1 : 0;
	else if (code == ZG_KEY_BACKSPACE)
		zg_app_back(app);
	else
		return false;
	return true;
}

/* Goods that come late belong to this sale: back to it, and rung up there. */
static bool scan(struct zg_app *app, void *self, const char *text)
{
	if (zg_scan_kind(text) == ZG_SCAN_PAYMENT && !zg_till_state(zg_app_till(app))->has_phone) {
		zg_app_refuse(app, _("That is a payment code. This till takes cash only."));
		zg_app_beep(app);
		return true;
	}
	if (zg_scan_kind(text) == ZG_SCAN_PAYMENT) {
		pay_by_code(app, self, text);
		return true;
	}
	zg_app_back_to(app, &zg_sale_screen);
	zg_app_scan(app, text);
	return true;
}

/* Exact first, then the notes that a customer may give; scrolled so that the chosen one is in sight. */
static void draw_suggestions(const struct zg_pane *pane, int row, const struct settle *s, zg_fen due)
{
	zg_fen amounts[ZG_CASH_SUGGESTIONS];
	int count = (int)zg_cash_suggest(due, amounts), first = s->selected - (pane->rows - row) + 1;
	char amount[ZG_AMOUNT_TEXT], change[ZG_AMOUNT_TEXT];

	for (int i = first > 0 ? first : 0; i <= count && row < pane->rows; i++, row++) {
		bool chosen = i == s->selected && s->input.length == 0;
		enum zg_ink ink = chosen ? ZG_INK_BAR : ZG_INK_TEXT;

		if (chosen) {
			zg_draw_fill(pane, row, 2, 36, ZG_INK_BAR);
			zg_draw_text(pane, row, 2, 1, ink, "▸");
		}
		zg_draw_text(pane, row, 4, 8, ink, i == 0 ? _("Exact") : "");
		zg_draw_right(pane, row, 12, 10, ink, zg_fen_format(amount, i == 0 ? due : amounts[i - 1]));
		if (i > 0)
			zg_draw_print(pane, row, 24, 14, ink, _("back %s"), zg_fen_format(change, amounts[i - 1] - due));
	}
}

static void draw_due(const struct zg_pane *pane, const struct settle *s, zg_fen due)
{
	const struct zg_sale *sale = zg_till_sale(s->till);
	zg_fen rounded = due - zg_sale_due(sale), received = zg_sale_totals(sale)->total_fen - zg_sale_due(sale), amount;
	char text[64], words[128], number[ZG_AMOUNT_TEXT];
	int row = 1;

	snprintf(text, sizeof(text), "￥%s", zg_fen_format(number, due));
	int side = pane->columns - zg_big_width(text) - 2;

	zg_draw_text(pane, 0, 1, side, ZG_INK_DIM, _("Due"));
	if (received > 0) {
		snprintf(words, sizeof(words), _("Received  %s"), zg_fen_format(number, received));
		zg_sale_draw_aside(pane, row++, side, ZG_INK_PAID, words);
	}
	if (rounded != 0) {
		snprintf(words, sizeof(words), _("Rounded off  %s"), zg_fen_format(number, rounded));
		zg_sale_draw_aside(pane, row, side, ZG_INK_TEXT, words);
	}
	if (s->input.length > 0 && zg_fen_parse(s->input.text, &amount) && amount >= due) {
		snprintf(words, sizeof(words), _("Change  %s"), zg_fen_format(number, amount - due));
		zg_draw_fill(pane, 2, 0, side, ZG_INK_TEXT);    /* what goes back matters more than what was rounded off */
		zg_sale_draw_aside(pane, 2, side, ZG_INK_PAID, words);
	}
	zg_big_draw(pane, 0, ZG_INK_DUE, text);
}

/* Amount, rules and input stand where they stand while selling: the eye need not look for them. */
static void draw(const struct zg_pane *pane, const void *self)
{
	const struct settle *s = self;
	int rows = pane->rows - ZG_SALE_FOOT, head = rows > 6 ? 2 : 0, cells = zg_sale_input_cells(pane->columns);
	struct zg_pane top = zg_pane_part(pane, 0, 0, rows, pane->columns);
	struct zg_pane due = zg_pane_part(pane, rows + 1, 0, ZG_BIG_ROWS, pane->columns - 1);

	if (head)
		zg_draw_text(pane, 0, 1, pane->columns - 2, ZG_INK_DIM, _("Take the money"));
	draw_suggestions(&top, head, s, due_of(s->till));
	zg_draw_rule(pane, rows);
	draw_due(&due, s, due_of(s->till));
	zg_draw_rule(pane, rows + 1 + ZG_BIG_ROWS);
	zg_input_draw(pane, pane->rows - 1, 1, cells, &s->input, true);
	if (chosen_wallet(s))
		zg_draw_print(pane, pane->rows - 1, cells + 3, pane->columns - cells - 4, ZG_INK_DUE, _("Enter: show the code of %s"),
			      _(zg_wallet_title(chosen_wallet(s))));
	else if (ends_in_point(s))
		zg_draw_text(pane, pane->rows - 1, cells + 3, pane->columns - cells - 4, ZG_INK_DUE, _("Once more the point: our code for so much"));
	else if (has_held(s))
		zg_draw_print(pane, pane->rows - 1, cells + 3, pane->columns - cells - 4, ZG_INK_DUE, _("Enter: by %s, code …%s"),
			      _(zg_wallet_title(zg_scan_wallet(s->held))), s->held + strlen(s->held) - 4);
	else
		zg_draw_text(pane, pane->rows - 1, cells + 3, pane->columns - cells - 4, ZG_INK_DIM, _("Cash given; empty is exact"));
}

/* A payment by phone that holds the sale is looked at first: after a restart, or with a hung sale that is taken up again. */
static void look_at_payment(struct zg_app *app)
{
	struct zg_till *till = zg_app_till(app);
	struct zg_payment payment;

	if (zg_payments_find_holding(zg_till_store(till), zg_till_sale_id(till), &payment, NULL) == ZG_OK && payment.id)
		zg_app_show(app, &zg_paying_screen, &payment.id);
}

static void opened(struct zg_app *app, void *self, const void *with)
{
	struct settle *s = self;

	s->till = zg_app_till(app);
	s->input.room = LONGEST;
	if (with) {
		snprintf(s->held, sizeof(s->held), "%s", (const char *)with);
		s->held_ms = zg_clock_running(zg_till_clock(s->till));
	}
	look_at_payment(app);
}

static struct zg_input *input(void *self)
{
	struct settle *s = self;

	return &s->input;
}

static const struct zg_key keys[] = {
	{ "settle.enter", ZG_KEY_ENTER, N_("Take cash"), enter, NULL },
	{ "settle.exact", '+', N_("Take cash"), enter, NULL },
	{ "settle.show", '.', N_("Show a code"), show, has_phone },
	{ "settle.hang", ZG_KEY_F(7), N_("Hang"), hang, NULL },
	{ "settle.back", ZG_KEY_ESC, N_("Back"), back, NULL },
	{ "settle.outside", '*', N_("Card"), outside, NULL },
	{ "settle.outside_back", '-', N_("Give a part back"), outside_back, has_money },
	{ .action = NULL },
};

static const struct zg_key moves[] = {
	{ "settle.up", ZG_KEY_UP, N_("Choose a note"), NULL, NULL },
	{ "settle.down", ZG_KEY_DOWN, N_("Choose a note"), NULL, NULL },
	{ "settle.left", ZG_KEY_LEFT, N_("Choose a note"), NULL, NULL },
	{ "settle.right", ZG_KEY_RIGHT, N_("Choose a note"), NULL, NULL },
	{ .action = NULL },
};

const struct zg_screen zg_settle_screen = {
	.title = N_("Take the money"), .size = sizeof(struct settle), .keys = keys, .draw = draw, .opened = opened, .scan = scan,
	.input = input, .press = press, .moves = moves,
};
