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
static bool is_free(const struct paying *p)
{
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

static void cancelled(struct zg_app *app, const json_t *answer, int64_t data)
{
	(void)answer;
	(void)data;
	zg_app_say(app, _("The channel is told to cancel it. What came of it is shown here."));
}

static void cancel(struct zg_app *app, void *self)
{
	struct paying *p = self;
	struct zg_order order = { .act = "pay.cancel", .done = cancelled };

	if (is_free(p)) {
		zg_app_back(app);
		return;
	}
	if (zg_pay_state_is_final(p->view.payment.attempt.state) || p->view.is_cancel_wanted) {
		zg_app_say(app, _("It is being cancelled. Hang the sale (it goes on by itself), or wait."));
		return;
	}
	order.args = zg_json_object();
	zg_json_set_integer(order.args, "payment", p->view.payment.id);
	zg_order_send(app, &order);
}

static void enter(struct zg_app *app, void *self)
{
	struct paying *p = self;
	struct zg_order order = { .act = "pay.ask" };

	if (is_free(p)) {
		zg_app_back(app);
		return;
	}
	order.args = zg_json_object();
	zg_json_set_integer(order.args, "payment", p->view.payment.id);
	zg_order_send(app, &order);
}

static void hang(struct zg_app *app, void *self)
{
	struct zg_order order = { .act = "sale.hang", .done = back_to_sale };

	(void)self;
	zg_order_send(app, &order);
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

/* Seconds passed and what comes next. */
static void draw_times(const struct zg_pane *pane, int row, const struct paying *p)
{
	const struct zg_paying *v = &p->view;
	char words[160];

	if (!p->is_live)
		return;
	if (v->next_ms == 0)
		snprintf(words, sizeof(words), _("%lld s; asking now"), (long long)(v->gone_ms / 1000));
	else
		snprintf(words, sizeof(words), _("%lld s; next question in %lld s"), (long long)(v->gone_ms / 1000), (long long)((v->next_ms + 999) / 1000));
	zg_draw_text(pane, row, 0, pane->columns, ZG_INK_TEXT, words);
	if (v->cancel_ms > 0 && row + 1 < pane->rows)
		zg_draw_print(pane, row + 1, 0, pane->columns, ZG_INK_DIM, _("taken back by itself in %lld s"), (long long)((v->cancel_ms + 999) / 1000));
}

/* How much of the time is over until it is taken back. */
static void draw_bar(const struct zg_pane *pane, int row, const struct paying *p)
{
	int64_t whole = p->view.gone_ms + p->view.cancel_ms;
	int cells = pane->columns < BAR ? pane->columns : BAR;
	int done = p->view.cancel_ms > 0 && whole > 0 ? (int)(p->view.gone_ms * cells / whole) : cells;

	if (p->is_live && p->view.cancel_ms > 0)
		for (int i = 0; i < cells; i++)
			zg_draw_text(pane, row, i, 1, i < done ? ZG_INK_TEXT : ZG_INK_DIM, i < done ? "=" : "-");
}

static void draw_story(const struct zg_pane *pane, const struct paying *p)
{
	const struct zg_payment *payment = &p->view.payment;
	char amount[ZG_AMOUNT_TEXT], text[64];
	int row = 0;

	zg_draw_print(pane, row++, 0, pane->columns, ZG_INK_DIM, payment->way == ZG_WAY_SHOWN ? _("Scan with %s to pay") : _("By %s, code …%s"),
		      _(zg_wallet_title(payment->wallet)), payment->code_end);
	snprintf(text, sizeof(text), "￥%s", zg_fen_format(amount, payment->amount_fen));
	row += zg_big_draw_left(pane, row, 0, ZG_INK_DUE, text) + 1;
	row += zg_draw_wrap(pane, row, 0, pane->columns, pane->rows - row < 3 ? 1 : 3, ink_of(p), where(p));
	draw_times(pane, row, p);
	draw_bar(pane, row + 2 < pane->rows ? row + 2 : pane->rows - 1, p);
	row += 4;
	const char *words = p->view.words[0] ? p->view.words : payment->note;

	if (words[0] && row < pane->rows)
		row += zg_draw_wrap(pane, row, 0, pane->columns, pane->rows - row, ZG_INK_DIM, words);
	if (row + 1 < pane->rows && !is_free(p))
		zg_draw_wrap(pane, row + 1, 0, pane->columns, pane->rows - row - 1, ZG_INK_DIM,
			     _("The sale can be hung and the next customer served; this goes on, and rings when it is paid."));
}

static void draw(const struct zg_pane *pane, const void *self)
{
	const struct paying *p = self;
	/* nobody is to scan what is being taken back */
	bool is_shown = p->view.url[0] && !is_free(p) && !p->view.is_cancel_wanted && p->view.payment.attempt.state != ZG_PAY_CANCELLING;
	int used = is_shown ? zg_qr_draw(pane, p->view.url) : 0;
	struct zg_pane story = zg_pane_part(pane, 0, used ? used + 2 : 1, pane->rows, pane->columns - (used ? used + 3 : 2));

	if (is_shown && !used)
		zg_draw_wrap(pane, pane->rows - 2, 1, pane->columns - 2, 2, ZG_INK_WARNING,
			     _("The code does not fit on this terminal. Make it larger, or scan the customer's code instead."));
	draw_story(&story, p);
}

static void opened(struct zg_app *app, void *self, const void *with)
{
	struct paying *p = self;

	p->till = zg_app_till(app);
	p->view.payment.id = *(const int64_t *)with;
	look(p);
}

static const struct zg_key keys[] = {
	{ "paying.ask", ZG_KEY_ENTER, N_("Ask now"), enter, NULL },
	{ "paying.hang", ZG_KEY_F(7), N_("Hang"), hang, NULL },
	{ "paying.cancel", ZG_KEY_ESC, N_("Cancel"), cancel, NULL },
	{ .action = NULL },
};

const struct zg_screen zg_paying_screen = {
	.title = N_("Payment by phone"), .size = sizeof(struct paying), .keys = keys, .draw = draw, .opened = opened, .scan = scan,
	.resumed = tick, .tick = tick, .tick_ms = TICK_MS,
};
