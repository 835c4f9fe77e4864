#include "tui/outside.h"

#include "src/base/i18n.h"
#include "src/shop/tender.h"
#include "src/till/till.h"
#include "tui/desk.h"
#include "tui/order.h"
#include "tui/reason.h"
#include "tui/sale_screen.h"
#include "tui/screens.h"

#include <stdio.h>

/* A part leaves the screen as it is: the rest is still due. */
static void paid(struct zg_app *app, const json_t *answer, int64_t data)
{
	(void)data;
	if (zg_json_integer(answer, "due_fen", 0) == 0)
		zg_app_back_to(app, &zg_sale_screen);
}

static const enum zg_tender_kind kinds[] = { ZG_TENDER_CARD, ZG_TENDER_OTHER };

static const char *typed(struct zg_app *app, void *self, const char *const *answers)
{
	struct zg_order order = { .act = "sale.pay", .done = paid };
	struct zg_desk *desk = zg_desk_of(app);

	(void)self;
	if (!answers)
		return NULL;
	if (!answers[0][0])
		return _("Type the number on the terminal's slip or on the voucher: by it the money is found again.");
	order.args = zg_json_object();
	zg_json_set_string(order.args, "tender", zg_tender_kind_name(desk->outside_kind));
	zg_json_set_string(order.args, "reference", answers[0]);
	zg_json_set_integer(order.args, "tendered_fen", desk->outside_fen);
	zg_order_send(app, &order);
	return NULL;
}

static void chosen(struct zg_app *app, void *self, int index)
{
	struct zg_form form = { .text = _("Take it there first, then type what its slip says."), .done = typed,
		.fields = { { .label = _("Reference"), .room = ZG_REFERENCE - 1 } } };
	struct zg_desk *desk = zg_desk_of(app);
	char title[96], amount[ZG_AMOUNT_TEXT];

	(void)self;
	desk->outside_kind = kinds[index];
	snprintf(title, sizeof(title), "%s  %s", _(zg_tender_kind_title(desk->outside_kind)), zg_fen_format(amount, desk->outside_fen));
	form.title = title;
	zg_app_form(app, &form);
}

void zg_outside_ask(struct zg_app *app, int64_t amount)
{
	const char *choices[] = { _(zg_tender_kind_title(kinds[0])), _(zg_tender_kind_title(kinds[1])) };
	struct zg_choice choice = { .title = _("Taken outside this till"), .choices = choices, .count = 2, .done = chosen };

	zg_desk_of(app)->outside_fen = amount;
	zg_app_choose(app, &choice);
}

static void taken_back(struct zg_app *app, const json_t *answer, int64_t data)
{
	char text[128], amount[ZG_AMOUNT_TEXT];

	(void)data;
	snprintf(text, sizeof(text), _("%s that was taken outside is not counted any more. Give it back there."),
		 zg_fen_format(amount, zg_json_integer(answer, "amount_fen", 0)));
	zg_app_say(app, text);
}

static bool has_outside(const struct zg_sale *sale)
{
	for (size_t i = 0; i < zg_sale_tender_count(sale); i++)
		if (zg_tender_is_outside(zg_sale_tender_at(sale, i)->kind))
			return true;
	return false;
}

static void goes_back(struct zg_app *app, const json_t *answer, int64_t data)
{
	char text[128], amount[ZG_AMOUNT_TEXT];

	(void)data;
	snprintf(text, sizeof(text), _("%s goes back by phone, as refund %s."), zg_fen_format(amount, zg_json_integer(answer, "refunded_fen", 0)),
		 zg_json_string(answer, "refund", ""));
	zg_app_say(app, text);
}

static void give_back(struct zg_app *app, void *self, const char *reason)
{
	struct zg_order order = { .act = "pay.refund", .args = zg_json_object(), .done = goes_back };

	(void)self;
	zg_json_set_string(order.args, "reason", reason);
	zg_order_send(app, &order);
}

void zg_outside_take_back(struct zg_app *app)
{
	struct zg_order order = { .act = "sale.outside_back", .done = taken_back };

	if (has_outside(zg_till_sale(zg_app_till(app))))
		zg_order_send(app, &order);
	else
		zg_reason_ask(app, ZG_REASON_REFUND, give_back);
}
