/* Payments and refunds by phone that have no end yet, by name: how each stands, and what people can do about it. */
#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/store/pay_refunds.h"
#include "src/till/teller.h"
#include "src/till/till.h"
#include "tui/order.h"
#include "tui/reason.h"
#include "tui/screens.h"
#include "tui/widget/list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TICK_MS  1000    /* it goes on while one looks at it */
#define WHY_ROWS 4

/* One of the two: refund.id is 0 of a payment. */
struct entry {
	struct zg_payment payment;
	struct zg_pay_refund refund;
};

struct doubt {
	const struct zg_till *till;
	struct entry *entries;
	size_t count;
	struct zg_list list;
	char asked[ZG_PAYMENT_NUMBER];    /* what a box asks about: the list may have moved when it is answered */
};

static enum zg_result read_all(struct doubt *d, struct zg_error *err)
{
	const struct zg_store *store = zg_till_store(d->till);
	struct zg_payment *payments = NULL;
	struct zg_pay_refund *refunds = NULL;
	size_t count = 0, backs = 0;
	enum zg_result result = zg_payments_in_doubt(store, &payments, &count, err);

	if (result == ZG_OK)
		result = zg_pay_refunds_in_doubt(store, &refunds, &backs, err);
	free(d->entries);
	d->entries = zg_alloc(count + backs + 1, sizeof(*d->entries));
	d->count = 0;
	for (size_t i = 0; i < count && result == ZG_OK; i++)
		d->entries[d->count++].payment = payments[i];
	for (size_t i = 0; i < backs && result == ZG_OK; i++) {
		d->entries[d->count].refund = refunds[i];
		result = zg_payments_find(store, refunds[i].payment_id, &d->entries[d->count++].payment, err);
	}
	free(payments);
	free(refunds);
	return result;
}

static const char *number_of(const struct entry *e)
{
	return e->refund.id ? e->refund.number : e->payment.number;
}

/* The bar stays on what it was on, wherever that stands now. */
static void load(struct zg_app *app, struct doubt *d)
{
	int row = zg_list_row(&d->list);
	char number[ZG_PAYMENT_NUMBER] = "";
	struct zg_error err;

	if (row >= 0)
		snprintf(number, sizeof(number), "%s", number_of(&d->entries[row]));
	if (read_all(d, &err) != ZG_OK)
		zg_app_fail(app, &err);
	zg_list_update(&d->list, (int)d->count, NULL, d);
	for (size_t i = 0; i < d->count; i++)
		if (strcmp(number_of(&d->entries[i]), number) == 0)
			zg_list_select(&d->list, (int)i);
}

static void opened(struct zg_app *app, void *self, const void *with)
{
	struct doubt *d = self;

	(void)with;
	d->till = zg_app_till(app);
	load(app, d);
}

static void renew(struct zg_app *app, void *self)
{
	load(app, self);
}

static void closed(struct zg_app *app, void *self)
{
	struct doubt *d = self;

	(void)app;
	free(d->entries);
	zg_list_clear(&d->list);
}

/* ---- drawing ---- */

static int why_rows(int rows)
{
	return rows >= 14 ? WHY_ROWS + 1 : 3;
}

static void fit(void *self, int rows, int columns)
{
	(void)columns;
	zg_list_fit(&((struct doubt *)self)->list, rows - 2 - why_rows(rows));
}

enum { TIME, WHAT, AMOUNT, STATE };

static const struct zg_column columns[] = {
	[TIME]   = { N_("Time"), 11, false, 50 },
	[WHAT]   = { N_("Wallet"), 12, false, 0 },
	[AMOUNT] = { N_("Amount"), 11, true, 0 },
	[STATE]  = { N_("State"), 0, false, 0 },
};

static bool is_left_to_people(const struct entry *e)
{
	return e->refund.id ? e->refund.state == ZG_PAY_REFUND_FAILED || e->refund.state == ZG_PAY_REFUND_MANUAL
			    : e->payment.attempt.state == ZG_PAY_MANUAL;
}

static void cell(const void *self, int row, int column, struct zg_cell *text)
{
	const struct entry *e = &((const struct doubt *)self)->entries[row];
	char part[ZG_TIME_TEXT > ZG_AMOUNT_TEXT ? ZG_TIME_TEXT : ZG_AMOUNT_TEXT];

	switch (column) {
	case TIME:
		snprintf(text->text, sizeof(text->text), "%.11s", zg_time_format(part, e->refund.id ? e->refund.begun_at : e->payment.begun_at) + 5);
		break;
	case WHAT:
		snprintf(text->text, sizeof(text->text), "%s", _(zg_wallet_title(e->payment.wallet)));
		break;
	case AMOUNT:
		snprintf(text->text, sizeof(text->text), "%s", zg_fen_format(part, e->refund.id ? -e->refund.amount_fen : e->payment.amount_fen));
		break;
	default:
		snprintf(text->text, sizeof(text->text), "%s%s", is_left_to_people(e) ? "▲ " : "",
			 e->refund.id ? _(zg_pay_refund_state_title(e->refund.state)) : _(zg_pay_state_title(e->payment.attempt.state)));
		text->ink = is_left_to_people(e) ? ZG_INK_WARNING : ZG_INK_TEXT;
		break;
	}
}

static void draw(const struct zg_pane *pane, const void *self)
{
	const struct doubt *d = self;
	int why = why_rows(pane->rows), row = zg_list_row(&d->list);
	struct zg_pane list = zg_pane_part(pane, 1, 0, pane->rows - 1 - why, pane->columns);

	zg_draw_text(pane, 0, 1, pane->columns - 2, ZG_INK_TEXT, _("Payments in doubt"));
	if (d->count == 0) {
		zg_draw_text(&list, 1, 1, list.columns - 2, ZG_INK_PAID, _("✓ Every payment and refund by phone has its end."));
		return;
	}
	zg_list_draw(&list, &d->list, columns, sizeof(columns) / sizeof(columns[0]), cell, d);
	zg_draw_rule(pane, pane->rows - why);
	if (row < 0)
		return;
	const struct entry *e = &d->entries[row];
	struct zg_paying paying;

	zg_draw_text(pane, pane->rows - why + 1, 1, pane->columns - 2, ZG_INK_TEXT, number_of(e));
	/* of a payment under way what came last; its row has what was worth keeping */
	if (!e->refund.id && zg_teller_look(zg_till_teller(d->till), e->payment.id, &paying) == ZG_OK && paying.words[0])
		zg_draw_wrap(pane, pane->rows - why + 2, 1, pane->columns - 2, why - 2, ZG_INK_DIM, paying.words);
	else
		zg_draw_wrap(pane, pane->rows - why + 2, 1, pane->columns - 2, why - 2, ZG_INK_DIM, e->refund.id ? e->refund.note : e->payment.note);
}

/* ---- keys ---- */

static const struct entry *chosen(const void *self)
{
	const struct doubt *d = self;
	int row = zg_list_row(&d->list);

	return row >= 0 ? &d->entries[row] : NULL;
}

static bool has_row(const void *self)
{
	return chosen(self) != NULL;
}

static bool is_payment(const void *self)
{
	const struct entry *e = chosen(self);

	return e && !e->refund.id;
}

static bool is_open(const struct zg_store *store, int64_t sale_id)
{
	struct zg_sale_record record;

	return zg_sales_find(store, sale_id, &record, NULL) == ZG_OK && (record.state == ZG_SALE_OPEN || record.state == ZG_SALE_HUNG);
}

/* As on the screen of the payment, while a sale waits for it. */
static bool may_let_go(const void *self)
{
	const struct doubt *d = self;
	const struct entry *e = chosen(self);

	if (!e || e->refund.id || e->payment.let_go_by[0] || !is_open(zg_till_store(d->till), e->payment.sale_id))
		return false;
	struct zg_paying paying = { .payment = e->payment };    /* one that is left to people is not under way */

	(void)zg_teller_look(zg_till_teller(d->till), e->payment.id, &paying);
	return zg_paying_may_be_let_go(&paying);
}

static bool is_running(const void *self)
{
	const struct entry *e = chosen(self);

	return e && e->refund.id && e->refund.state == ZG_PAY_REFUND_RUNNING;
}

static bool has_failed(const void *self)
{
	const struct entry *e = chosen(self);

	return e && e->refund.id && e->refund.state == ZG_PAY_REFUND_FAILED;
}

static bool is_stuck(const void *self)
{
	const struct entry *e = chosen(self);

	return e && e->refund.id && (is_left_to_people(e) || e->refund.state == ZG_PAY_REFUND_NEW);    /* a new one may have nobody to go to */
}

static bool is_for_people(const void *self)
{
	const struct entry *e = chosen(self);

	return e && (is_left_to_people(e) || is_stuck(self));
}

static void done(struct zg_app *app, const json_t *answer, int64_t words)
{
	static const char *const said[] = { N_("The channel is asked."), N_("The refund goes out again, under a new number."),
		N_("It is settled."), N_("It is settled. Give the customer the money from the drawer."), N_("The sale goes on without it."),
		N_("It is not sent again, only asked about, until you settle it.") };
	struct doubt *d = zg_app_self(app, &zg_doubt_screen);

	(void)answer;
	if (d)
		load(app, d);
	zg_app_say(app, _(said[words]));
}

enum { ASKED, AGAIN, SETTLED, IN_CASH, LET_GO, STOPPED };

static json_t *numbered(const char *number)
{
	json_t *args = zg_json_object();

	zg_json_set_string(args, "number", number);
	return args;
}

static void ask(struct zg_app *app, void *self)
{
	zg_order_send(app, &(struct zg_order){ .act = "pay.ask", .args = numbered(number_of(chosen(self))), .done = done, .data = ASKED });
}

static void let_go(struct zg_app *app, void *self)
{
	zg_order_send(app, &(struct zg_order){ .act = "pay.let_go", .args = numbered(number_of(chosen(self))), .done = done, .data = LET_GO,
		.second = _("The customer may pay twice by this: two people have to say it.") });
}

static void stop(struct zg_app *app, void *self)
{
	zg_order_send(app, &(struct zg_order){ .act = "pay.stop", .args = numbered(number_of(chosen(self))), .done = done, .data = STOPPED });
}

static void again(struct zg_app *app, void *self)
{
	const struct entry *e = chosen(self);
	json_t *args = numbered(e->refund.number);

	zg_json_set_string(args, "reason", e->refund.reason);
	zg_order_send(app, &(struct zg_order){ .act = "pay.refund", .args = args, .done = done, .data = AGAIN });
}

static void settle(struct zg_app *app, const struct doubt *d, const char *reason, bool in_cash)
{
	json_t *args = numbered(d->asked);

	zg_json_set_string(args, "reason", reason);
	zg_json_set_boolean(args, "in_cash", in_cash);
	zg_order_send(app, &(struct zg_order){ .act = "pay.settle", .args = args, .done = done, .data = in_cash ? IN_CASH : SETTLED });
}

static void said_yes(struct zg_app *app, void *self, bool yes)
{
	const struct doubt *d = self;
	char reason[ZG_REASON_MAX + 1];

	if (!yes)
		return;
	snprintf(reason, sizeof(reason), _("cash for refund %s"), d->asked);
	settle(app, d, reason, true);
}

static void in_cash(struct zg_app *app, void *self)
{
	struct doubt *d = self;
	const struct entry *e = chosen(self);
	char amount[ZG_AMOUNT_TEXT], text[ZG_ERROR_TEXT];
	struct zg_confirm confirm = { .title = _("Give it back in cash"), .text = text, .yes = _("Pay out"), .done = said_yes };

	snprintf(text, sizeof(text), _("%s leaves the drawer for refund %s, and nothing more is sent to the channel for it. Do not finish it in the channel's own pages as well."),
		 zg_fen_format(amount, e->refund.amount_fen), e->refund.number);
	snprintf(d->asked, sizeof(d->asked), "%s", e->refund.number);
	zg_app_confirm(app, &confirm);
}

static void reasoned(struct zg_app *app, void *self, const char *reason)
{
	settle(app, self, reason, false);
}

static void settled(struct zg_app *app, void *self)
{
	struct doubt *d = self;

	snprintf(d->asked, sizeof(d->asked), "%s", number_of(chosen(self)));
	zg_reason_ask(app, ZG_REASON_SETTLED, reasoned);
}

static void open_sale(struct zg_app *app, void *self)
{
	const struct entry *e = chosen(self);

	zg_app_show(app, &zg_story_screen, e->refund.sale_id ? &e->refund.sale_id : &e->payment.sale_id);
}

static bool press(struct zg_app *app, void *self, uint32_t code)
{
	(void)app;
	return code != '/' && zg_list_press(&((struct doubt *)self)->list, code);
}

static const struct zg_key keys[] = {
	{ "doubt.ask", 'q', N_("Ask now"), ask, is_payment },
	{ "doubt.again", 'r', N_("Try again"), again, has_failed },
	{ "doubt.cash", 'c', N_("Give cash"), in_cash, is_stuck },
	{ "doubt.settled", 'x', N_("Settled"), settled, is_for_people },
	{ "doubt.stop", 's', N_("Take over"), stop, is_running },
	{ "doubt.let_go", 'g', N_("Go on without it"), let_go, may_let_go },
	{ "doubt.open", ZG_KEY_ENTER, N_("The sale"), open_sale, has_row },
	{ .action = NULL },
};

const struct zg_screen zg_doubt_screen = {
	.title = N_("Payments in doubt"), .size = sizeof(struct doubt), .keys = keys, .draw = draw, .opened = opened, .closed = closed,
	.resumed = renew, .fit = fit, .press = press, .moves = zg_list_moves, .tick = renew, .tick_ms = TICK_MS,
};
