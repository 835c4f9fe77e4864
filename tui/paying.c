/*
 * A payment by phone under way: where it stands, what happens next, and the code when ours is shown. The till takes it to its end whatever
 * is on the screen; this one only looks. Opened with a const int64_t *: the payment's id.
 */
#include "src/base/i18n.h"
#include "src/shop/barcode.h"
#include "src/till/teller.h"
#include "src/till/till.h"
#include "tui/desk.h"
#include "tui/order.h"
#include "tui/sale_screen.h"
#include "tui/screens.h"
#include "tui/widget/bigdigits.h"
#include "tui/widget/qr.h"

#include <stdio.h>
#include <string.h>

#define TICK_MS 250
#define BAR     40
#define LOW     12    /* rows below which there is room for what matters alone */

struct paying {
	struct zg_till *till;
	struct zg_paying view;     /* as last seen; its payment also once it is over */
	bool is_live;              /* the teller has it */
};

static void look(struct paying *p)
{
	struct zg_paying view;
	int64_t id = p->view.payment.id;

	p->is_live = zg_till_teller(p->till) && zg_teller_look(zg_till_teller(p->till), id, &view) == ZG_OK;
	if (p->is_live)
		p->view = view;
	else
		(void)zg_payments_find(zg_till_store(p->till), id, &p->view.payment, NULL);
}

/* The customer may try again, or pay otherwise. */
static bool is_free(const void *self)
{
	const struct paying *p = self;

	return p->view.payment.attempt.is_free;
}

static void back_to_sale(struct zg_app *app, const json_t *answer, int64_t data)
{
	(void)answer;
	(void)data;
	zg_app_back_to(app, &zg_sale_screen);
}

/* It is paid: the sale is, or the rest of it is still due. */
static void came(struct zg_app *app, const struct paying *p)
{
	char words[256], amount[ZG_AMOUNT_TEXT], due[ZG_AMOUNT_TEXT];

	zg_app_beep(app);
	if (zg_till_sale_id(p->till) != p->view.payment.sale_id) {
		zg_app_back_to(app, &zg_sale_screen);
		return;
	}
	snprintf(words, sizeof(words), _("%s came by phone; %s is still due."), zg_fen_format(amount, p->view.payment.amount_fen),
		 zg_fen_format(due, zg_sale_due(zg_till_sale(p->till))));
	zg_app_back(app);
	zg_app_say(app, words);
}

static void tick(struct zg_app *app, void *self)
{
	struct paying *p = self;
	bool was_free = is_free(p);

	look(p);
	if (p->view.payment.attempt.state == ZG_PAY_PAID)
		came(app, p);
	else if (is_free(p) && !was_free)
		zg_app_beep(app);
}

static bool is_not_free(const void *self)
{
	return !is_free(self);
}

static bool is_open(const void *self)
{
	const struct paying *p = self;

	return is_not_free(self) && !zg_pay_state_is_final(p->view.payment.attempt.state);
}

static bool has_code(const void *self)
{
	const struct paying *p = self;

	return p->is_live && zg_paying_is_shown(&p->view);
}

static bool may_let_go(const void *self)
{
	return zg_paying_may_be_let_go(&((const struct paying *)self)->view);
}

static void order(struct zg_app *app, const struct paying *p, struct zg_order *order)
{
	order->args = zg_json_object();
	zg_json_set_integer(order->args, "payment", p->view.payment.id);
	zg_order_send(app, order);
}

static void cancelled(struct zg_app *app, const json_t *answer, int64_t data)
{
	struct paying *p = zg_app_self(app, &zg_paying_screen);

	(void)answer;
	(void)data;
	if (p)
		look(p);    /* the code goes at once */
	zg_app_say(app, _("The channel is told to cancel it. What came of it is shown here."));
}

static void cancel(struct zg_app *app, void *self)
{
	struct paying *p = self;

	if (p->view.is_cancel_wanted || p->view.payment.attempt.state == ZG_PAY_CANCELLING)
		zg_app_say(app, _("It is being cancelled. Hang the sale (it goes on by itself), or wait."));
	else
		order(app, p, &(struct zg_order){ .act = "pay.cancel", .done = cancelled });
}

static void ask(struct zg_app *app, void *self)
{
	order(app, self, &(struct zg_order){ .act = "pay.ask" });
}

static void let_go_of(struct zg_app *app, const json_t *answer, int64_t data)
{
	(void)answer;
	(void)data;
	if (zg_app_top(app) == &zg_paying_screen)
		zg_app_back(app);
	zg_app_say(app, _("Take the money otherwise. Should this payment come after all, it is given back by itself."));
}

static void let_go(struct zg_app *app, void *self)
{
	order(app, self, &(struct zg_order){ .act = "pay.let_go", .done = let_go_of,
		.second = _("The customer may pay twice by this: two people have to say it.") });
}

static void printed(struct zg_app *app, const json_t *answer, int64_t data)
{
	(void)answer;
	(void)data;
	zg_app_say(app, _("The code is on its way to the printer."));
}

static void print(struct zg_app *app, void *self)
{
	order(app, self, &(struct zg_order){ .act = "print.code", .done = printed });
}

static void back(struct zg_app *app, void *self)
{
	(void)self;
	zg_app_back(app);
}

static void hang(struct zg_app *app, void *self)
{
	struct zg_order hanging = { .act = "sale.hang", .done = back_to_sale };

	(void)self;
	zg_order_send(app, &hanging);
}

/* A code while one may still come is refused by the till, with the reason; goods wait in their queue. */
static bool scan(struct zg_app *app, void *self, const char *text)
{
	struct paying *p = self;

	if (is_free(p)) {
		zg_app_back(app);
		zg_app_scan(app, text);
		return true;
	}
	if (zg_scan_kind(text) != ZG_SCAN_PAYMENT)
		return false;
	zg_app_refuse(app, _("This payment is not over yet, and two at once could charge the customer twice. Wait, or cancel it."));
	zg_app_beep(app);
	return true;
}

/* ---- drawing ---- */

static const char *where(const struct paying *p)
{
	const struct zg_attempt *attempt = &p->view.payment.attempt;

	if (attempt->is_free)
		return _("Not paid. Let the customer show a new code, or take the money otherwise.");
	switch (attempt->state) {
	case ZG_PAY_NEW:
	case ZG_PAY_SENT:
		return _("Sent; the channel's answer is awaited.");
	case ZG_PAY_WAITING:
		return p->view.payment.way == ZG_WAY_SHOWN ? _("Waiting for the customer to scan and pay.") : _("The customer is asked to confirm on the phone.");
	case ZG_PAY_UNKNOWN:
		return attempt->is_declined ? _("Declined; the channel is asked whether that holds.") : _("Not known yet; the channel is asked.");
	case ZG_PAY_CANCELLING:
		return _("Being cancelled; it ends cancelled or paid, never in between.");
	case ZG_PAY_PAID:
		return _("Paid.");
	case ZG_PAY_REFUSED:
	case ZG_PAY_CANCELLED:
	case ZG_PAY_MANUAL:
		break;
	}
	return _("The channel has not said how it ended. A supervisor decides; the top line counts it until then.");
}

static enum zg_ink ink_of(const struct paying *p)
{
	const struct zg_attempt *attempt = &p->view.payment.attempt;

	if (attempt->is_free)
		return ZG_INK_REFUSED;
	if (attempt->state == ZG_PAY_PAID)
		return ZG_INK_PAID;
	return attempt->state == ZG_PAY_UNKNOWN || attempt->state == ZG_PAY_CANCELLING || attempt->state == ZG_PAY_MANUAL ? ZG_INK_WARNING : ZG_INK_TEXT;
}

/* How far it is on its way to the money. */
static void draw_stages(const struct zg_pane *pane, int row, const struct paying *p)
{
	const char *const stages[] = { _("Sent"), _("Accepted"), _("The customer"), _("Paid") };
	enum zg_pay_state state = p->view.payment.attempt.state;
	int now = state == ZG_PAY_WAITING ? 2 : state == ZG_PAY_PAID ? 3 : 0, column = 0;

	for (int i = 0; i < 4; i++) {
		enum zg_ink ink = i == now ? ZG_INK_BAR : i < now ? ZG_INK_TEXT : ZG_INK_DIM;

		if (i > 0)
			column += zg_draw_text(pane, row, column, pane->columns - column, ZG_INK_DIM, " → ");
		column += zg_draw_text(pane, row, column, pane->columns - column, ink, stages[i]);
	}
}

/* How much of the time is over until it is taken back. */
static void draw_bar(const struct zg_pane *pane, int row, const struct paying *p)
{
	int64_t whole = p->view.gone_ms + p->view.cancel_ms;
	int cells = pane->columns < BAR ? pane->columns : BAR;
	int done = (int)(p->view.gone_ms * cells / whole);

	for (int i = 0; i < cells; i++)
		zg_draw_text(pane, row, i, 1, i < done ? ZG_INK_TEXT : ZG_INK_DIM, i < done ? "█" : "░");
}

/* Seconds passed, what comes next, and how far it is; as much as there is room for. Returns the rows used. */
static int draw_times(const struct zg_pane *pane, int row, const struct paying *p)
{
	const struct zg_paying *v = &p->view;
	int first = row;

	if (!p->is_live || is_free(p) || row >= pane->rows)
		return 0;
	if (v->next_ms == 0)
		zg_draw_print(pane, row++, 0, pane->columns, ZG_INK_TEXT, _("%lld s; asking now"), (long long)(v->gone_ms / 1000));
	else
		zg_draw_print(pane, row++, 0, pane->columns, ZG_INK_TEXT, _("%lld s; next question in %lld s"), (long long)(v->gone_ms / 1000),
			      (long long)((v->next_ms + 999) / 1000));
	if (v->cancel_ms > 0 && !v->is_cancel_wanted && row < pane->rows)
		zg_draw_print(pane, row++, 0, pane->columns, ZG_INK_DIM, _("taken back by itself in %lld s"), (long long)((v->cancel_ms + 999) / 1000));
	if (v->cancel_ms > 0 && pane->rows >= LOW && row < pane->rows)
		draw_bar(pane, row++, p);
	if (v->payment.attempt.state <= ZG_PAY_WAITING && row + 1 < pane->rows) {
		draw_stages(pane, row + 1, p);
		row += 2;
	}
	return row - first;
}

static void draw_caption(const struct zg_pane *pane, const struct paying *p, bool is_shown)
{
	const struct zg_payment *payment = &p->view.payment;
	const char *wallet = _(zg_wallet_title(payment->wallet));

	if (payment->way == ZG_WAY_CODE)
		zg_draw_print(pane, 0, 0, pane->columns, ZG_INK_DIM, _("By %s, code …%s"), wallet, payment->code_end);
	else if (is_shown)
		zg_draw_print(pane, 0, 0, pane->columns, ZG_INK_TEXT, _("Scan with %s to pay"), wallet);
	else
		zg_draw_print(pane, 0, 0, pane->columns, ZG_INK_DIM, _("By %s, our code"), wallet);
}

/* is_shown: our code is to be scanned now; used: and is drawn beside. */
static void draw_story(const struct zg_pane *pane, const struct paying *p, bool is_shown, int used)
{
	const struct zg_payment *payment = &p->view.payment;
	const char *words = p->view.words[0] ? p->view.words : payment->note;
	bool is_hidden = is_shown && !used, is_low = pane->rows < LOW;
	char amount[ZG_AMOUNT_TEXT], text[64];
	int row = 1;

	draw_caption(pane, p, (is_shown && used) || payment->attempt.state <= ZG_PAY_SENT);
	snprintf(text, sizeof(text), "￥%s", zg_fen_format(amount, payment->amount_fen));
	row += zg_big_draw_left(pane, row, 0, ZG_INK_DUE, text) + !is_low;
	row += zg_draw_wrap(pane, row, 0, pane->columns, pane->rows - row - 1, is_hidden ? ZG_INK_WARNING : ink_of(p),
			    is_hidden ? _("The code does not fit on this terminal. Print it, or scan the customer's code instead.") : where(p));
	row += draw_times(pane, row, p) + !is_low;
	if (words[0] && row < pane->rows)
		row += zg_draw_wrap(pane, row, 0, pane->columns, pane->rows - row, ZG_INK_DIM, words) + !is_low;
	const char *advice = _("The sale can be hung and the next customer served; this goes on, and rings when it is paid.");

	if (is_open(p) && zg_draw_wrap(NULL, 0, 0, pane->columns, pane->rows, ZG_INK_DIM, advice) <= pane->rows - row)
		zg_draw_wrap(pane, row, 0, pane->columns, pane->rows - row, ZG_INK_DIM, advice);
}

static void draw(const struct zg_pane *pane, const void *self)
{
	const struct paying *p = self;
	bool is_shown = has_code(p);
	int used = is_shown ? zg_qr_draw(pane, p->view.url) : 0;
	struct zg_pane story = zg_pane_part(pane, 0, used ? used + 2 : 1, pane->rows, pane->columns - (used ? used + 3 : 2));

	draw_story(&story, p, is_shown, used);
}

static void opened(struct zg_app *app, void *self, const void *with)
{
	struct paying *p = self;

	p->till = zg_app_till(app);
	p->view.payment.id = *(const int64_t *)with;
	look(p);
}

static const struct zg_key keys[] = {
	{ "paying.ask", ZG_KEY_ENTER, N_("Ask now"), ask, is_not_free },
	{ "paying.leave", ZG_KEY_ENTER, N_("Back"), back, is_free },
	{ "paying.hang", ZG_KEY_F(7), N_("Hang"), hang, NULL },
	{ "paying.cancel", ZG_KEY_ESC, N_("Cancel"), cancel, is_open },
	{ "paying.back", ZG_KEY_ESC, N_("Back"), back, is_free },
	{ "paying.print", 'p', N_("Print the code"), print, has_code },
	{ "paying.let_go", 'g', N_("Go on without it"), let_go, may_let_go },
	{ .action = NULL },
};

const struct zg_screen zg_paying_screen = {
	.title = N_("Payment by phone"), .size = sizeof(struct paying), .keys = keys, .draw = draw, .opened = opened, .scan = scan,
	.resumed = tick, .tick = tick, .tick_ms = TICK_MS,
};
