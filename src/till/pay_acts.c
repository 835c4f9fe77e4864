/*
 * Money for goods. One transaction, its journal row, one sync; only then is the drawer pulsed, the slip queued and "paid" said: both
 * jobs are rows of the same transaction.
 */
#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/shop/cash.h"
#include "src/till/acts.h"
#include "src/till/closing.h"
#include "src/till/phone.h"
#include "src/till/private.h"
#include "src/till/queue.h"

#include <stdlib.h>
#include <string.h>

static void paid(struct zg_till *till, struct zg_deed *deed)
{
	const json_t *answer = zg_deed_answer(deed);

	till->last = (struct zg_last_sale){ .id = till->sale_id, .total_fen = zg_json_integer(answer, "total_fen", 0),
		.tendered_fen = zg_json_integer(answer, "tendered_fen", 0), .change_fen = zg_json_integer(answer, "change_fen", 0) };
	snprintf(till->last.number, sizeof(till->last.number), "%s", zg_json_string(answer, "number", ""));
	zg_sale_free(till->sale);
	till->sale = zg_sale_new();
	till->sale_id = 0;
	zg_queue_wake(till->queue);
}

/* Everything that could say no, before anything is written. */
static enum zg_result take_money(struct zg_till *till, const json_t *args, zg_fen *tendered, struct zg_error *err)
{
	zg_fen due = zg_sale_cash_due(till->sale, till->config.rounding);

	*tendered = zg_json_integer(args, "tendered_fen", due);
	if (zg_sale_is_empty(till->sale))
		return zg_fail(err, ZG_INVALID, _("Nothing to pay yet. Scan an item first."));
	if (zg_store_is_low(till->store))
		return zg_fail(err, ZG_REFUSED, _("The disk is almost full: no new sales. Free some space; the day can still be closed."));
	enum zg_result result = zg_till_need_shift(till, err);
	zg_fen change;

	if (result == ZG_OK)
		result = zg_phone_need_rest(till, till->sale_id, err);
	if (result == ZG_OK)
		result = zg_cash_change(due, *tendered, &change, err);
	/* A gift needs no money; any that is handed over all the same is refused by the sale. */
	if (result == ZG_OK && (!zg_sale_is_paid(till->sale) || *tendered > 0))
		result = zg_sale_tender(till->sale, ZG_TENDER_CASH, *tendered, till->config.rounding, err);
	return result;
}

static enum zg_result pay(struct zg_till *till, struct zg_deed *deed, struct zg_error *err)
{
	json_t *answer = zg_deed_answer(deed);
	struct zg_closing closing = { .sale = till->sale, .sale_id = till->sale_id, .deed = deed, .who = zg_deed_who(deed), .cashier = deed->person.name };
	zg_fen tendered = 0;

	if (strcmp(zg_json_string(zg_deed_args(deed), "tender", "cash"), "cash") != 0)
		return zg_fail(err, ZG_INVALID, _("This till takes cash only."));
	enum zg_result result = take_money(till, zg_deed_args(deed), &tendered, err);

	closing.has_cash = tendered > 0;
	if (result == ZG_OK)
		result = zg_closing_run(till, &closing, err);
	if (result != ZG_OK)
		return result;
	const struct zg_sale_totals *t = zg_sale_totals(till->sale);

	zg_json_set_integer(answer, "sale_id", till->sale_id);
	zg_json_set_string(answer, "number", closing.number);
	zg_json_set_integer(answer, "total_fen", t->payable_fen);
	zg_json_set_integer(answer, "rounding_fen", t->rounding_fen);
	zg_json_set_integer(answer, "tendered_fen", tendered);
	zg_json_set_integer(answer, "change_fen", t->change_fen);
	zg_json_set_string(answer, "anchor", closing.mark.anchor);
	deed->then = paid;
	return ZG_OK;
}

const struct zg_act zg_act_sale_pay = {
	.name = "sale.pay", .title = N_("Take the money"), .right = ZG_RIGHT_SELL, .sync = ZG_SYNC_FULL, .run = pay,
	.fields = { { "sale", ZG_FIELD_INTEGER, false, 0, 0 }, { "tender", ZG_FIELD_TEXT, false, 0, 16 }, { "tendered_fen", ZG_FIELD_INTEGER, false, 0, ZG_FEN_MAX } },
};
