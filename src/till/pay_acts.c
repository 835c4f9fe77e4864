/*
 * Money for goods, in cash or by what a card terminal took. One transaction, its journal row, one sync; only then is the drawer pulsed, the
 * slip queued and "paid" said: both jobs are rows of the same transaction.
 */
#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/base/text.h"
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
	enum zg_result result = zg_till_need_room(till, err);
	zg_fen change;

	if (result == ZG_OK)
		result = zg_till_need_shift(till, err);
	if (result == ZG_OK)
		result = zg_phone_need_rest(till, till->sale_id, err);
	if (result == ZG_OK)
		result = zg_cash_change(due, *tendered, &change, err);
	/* A gift needs no money; any that is handed over all the same is refused by the sale. */
	if (result == ZG_OK && (!zg_sale_is_paid(till->sale) || *tendered > 0))
		result = zg_sale_tender(till->sale, ZG_TENDER_CASH, *tendered, till->config.rounding, err);
	return result;
}

static void answer_paid(struct zg_till *till, struct zg_deed *deed, const struct zg_closing *closing, zg_fen tendered)
{
	const struct zg_sale_totals *t = zg_sale_totals(till->sale);
	json_t *answer = zg_deed_answer(deed);

	zg_json_set_integer(answer, "sale_id", till->sale_id);
	zg_json_set_string(answer, "number", closing->number);
	zg_json_set_integer(answer, "total_fen", t->payable_fen);
	zg_json_set_integer(answer, "rounding_fen", t->rounding_fen);
	zg_json_set_integer(answer, "tendered_fen", tendered);
	zg_json_set_integer(answer, "change_fen", t->change_fen);
	zg_json_set_integer(answer, "due_fen", 0);
	zg_json_set_string(answer, "anchor", closing->mark.anchor);
	deed->then = paid;
}

static struct zg_closing closing_of(struct zg_till *till, struct zg_deed *deed)
{
	return (struct zg_closing){ .sale = till->sale, .sale_id = till->sale_id, .deed = deed, .who = zg_deed_who(deed), .cashier = deed->person.name };
}

static enum zg_result pay_cash(struct zg_till *till, struct zg_deed *deed, struct zg_error *err)
{
	struct zg_closing closing = closing_of(till, deed);
	zg_fen tendered = 0;
	enum zg_result result = take_money(till, zg_deed_args(deed), &tendered, err);

	closing.has_cash = tendered > 0;
	if (result == ZG_OK)
		result = zg_closing_run(till, &closing, err);
	if (result == ZG_OK)
		answer_paid(till, deed, &closing, tendered);
	return result;
}

/* ---- what a card terminal or a voucher took: known by its reference ---- */

static enum zg_result take_outside(struct zg_till *till, const json_t *args, struct zg_tender *tender, struct zg_error *err)
{
	const char *reference = zg_json_string(args, "reference", "");
	zg_fen due = zg_sale_due(till->sale), amount = zg_json_integer(args, "tendered_fen", due);
	enum zg_result result = zg_till_need_shift(till, err);

	zg_text_clean(tender->reference, sizeof(tender->reference), reference, strlen(reference));
	if (result == ZG_OK && tender->reference[strspn(tender->reference, " ")] == '\0')
		result = zg_fail(err, ZG_INVALID, _("Type the number on the terminal's slip or on the voucher: by it the money is found again."));
	if (result == ZG_OK)
		result = zg_till_need_room(till, err);
	if (result == ZG_OK)
		result = zg_phone_need_rest(till, till->sale_id, err);
	if (result == ZG_OK)
		result = zg_sale_tender(till->sale, tender->kind, amount, ZG_ROUND_NONE, err);
	if (result != ZG_OK)
		return result;
	zg_sale_set_reference(till->sale, tender->reference);
	tender->tendered_fen = tender->kept_fen = amount;
	return zg_sales_add_outside(till->store, till->sale_id, tender, err);
}

static json_t *note_of(const struct zg_till *till, const struct zg_tender *tender)
{
	json_t *body = zg_json_object();

	zg_json_set_integer(body, "sale", till->sale_id);
	zg_json_set_string(body, "tender", zg_tender_kind_name(tender->kind));
	zg_json_set_integer(body, "amount_fen", tender->kept_fen);
	zg_json_set_string(body, "reference", tender->reference);
	return body;
}

/* All that is due closes the sale; a part waits in it for the rest. */
static enum zg_result pay_outside(struct zg_till *till, struct zg_deed *deed, enum zg_tender_kind kind, struct zg_error *err)
{
	struct zg_closing closing = closing_of(till, deed);
	struct zg_tender tender = { .kind = kind };
	enum zg_result result = take_outside(till, zg_deed_args(deed), &tender, err);

	if (result != ZG_OK)
		return result;
	if (!zg_sale_is_paid(till->sale)) {
		zg_json_set_integer(zg_deed_answer(deed), "due_fen", zg_sale_due(till->sale));
		return zg_deed_note(deed, "sale.outside", note_of(till, &tender), NULL, err);
	}
	result = zg_closing_run(till, &closing, err);
	if (result == ZG_OK)
		answer_paid(till, deed, &closing, tender.kept_fen);
	return result;
}

static enum zg_result pay(struct zg_till *till, struct zg_deed *deed, struct zg_error *err)
{
	enum zg_tender_kind kind = ZG_TENDER_CASH;

	if (!zg_tender_kind_parse(zg_json_string(zg_deed_args(deed), "tender", "cash"), &kind) || (kind != ZG_TENDER_CASH && !zg_tender_is_outside(kind)))
		return zg_fail(err, ZG_INVALID, _("By hand the till takes cash, card and other money. By phone: scan the customer's code, or show ours."));
	return kind == ZG_TENDER_CASH ? pay_cash(till, deed, err) : pay_outside(till, deed, kind, err);
}

static void reload(struct zg_till *till, struct zg_deed *deed)
{
	(void)deed;
	(void)zg_till_reload(till, NULL);
}

/* It was typed wrong, or the terminal has given it back. */
static enum zg_result take_back(struct zg_till *till, struct zg_deed *deed, struct zg_error *err)
{
	struct zg_tender tender = { .kept_fen = 0 };
	enum zg_result result = till->sale_id ? zg_sales_drop_outside(till->store, till->sale_id, &tender, err)
					      : zg_fail(err, ZG_NOT_FOUND, _("Nothing was taken by card or otherwise for this sale."));

	if (result != ZG_OK)
		return result;
	zg_json_set_string(zg_deed_answer(deed), "tender", zg_tender_kind_name(tender.kind));
	zg_json_set_integer(zg_deed_answer(deed), "amount_fen", tender.kept_fen);
	deed->then = reload;
	return zg_deed_note(deed, "sale.outside_back", note_of(till, &tender), NULL, err);
}

const struct zg_act zg_act_sale_outside_back = {
	.name = "sale.outside_back", .title = N_("Take back what was taken by card"), .right = ZG_RIGHT_SELL, .sync = ZG_SYNC_FULL, .run = take_back,
	.fields = { { "sale", ZG_FIELD_INTEGER, false, 0, 0 } },
};
const struct zg_act zg_act_sale_pay = {
	.name = "sale.pay", .title = N_("Take the money"), .right = ZG_RIGHT_SELL, .sync = ZG_SYNC_FULL, .run = pay,
	.fields = { { "sale", ZG_FIELD_INTEGER, false, 0, 0 }, { "tender", ZG_FIELD_TEXT, false, 0, 16 }, { "tendered_fen", ZG_FIELD_INTEGER, false, 0, ZG_FEN_MAX },
		    { "reference", ZG_FIELD_TEXT, false, 0, ZG_REFERENCE - 1 } },
};
