/*
 * Money for goods, and money back. One transaction, its journal row, one sync; only then is
 * the drawer pulsed, the slip queued and "paid" said: both jobs are rows of the same transaction.
 */
#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/shop/cash.h"
#include "src/till/acts.h"
#include "src/till/closing.h"
#include "src/till/phone.h"
#include "src/till/private.h"
#include "src/till/queue.h"
#include "src/till/slips.h"

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

/* ---- refund ---- */

/* What is refundable of a sale, and what goes back with this refund. */
struct refunding {
	struct zg_sale_record origin;
	struct zg_refundable *sold;
	size_t count;
	zg_milli *quantities;             /* of each sold line; 0: it stays sold */
	struct zg_refund_line *lines;
	struct zg_refund_sum sum;
};

static bool find_line(const struct refunding *r, int64_t no, size_t *index)
{
	for (size_t i = 0; i < r->count; i++)
		if (r->sold[i].line_no == no) {
			*index = i;
			return true;
		}
	return false;
}

/* The whole of what is left of every line. */
static enum zg_result choose_all(struct refunding *r, struct zg_error *err)
{
	bool any = false;

	for (size_t i = 0; i < r->count; i++) {
		r->quantities[i] = zg_refund_left(&r->sold[i]);
		any |= r->quantities[i] > 0;
	}
	return any ? ZG_OK : zg_fail(err, ZG_INVALID, _("All of this sale was refunded before."));
}

static enum zg_result choose(struct refunding *r, const json_t *args, struct zg_error *err)
{
	const json_t *asked = json_object_get(args, "lines");
	enum zg_result result = ZG_OK;

	if (zg_json_boolean(args, "all"))
		return choose_all(r, err);
	for (size_t i = 0; i < json_array_size(asked) && result == ZG_OK; i++) {
		const json_t *row = json_array_get(asked, i);
		size_t at;

		if (!find_line(r, zg_json_integer(row, "line", 0), &at) || r->quantities[at] != 0)
			return zg_fail(err, ZG_INVALID, _("The receipt has no such line to refund, or it is named twice."));
		r->quantities[at] = zg_json_integer(row, "quantity_milli", zg_refund_left(&r->sold[at]));
		result = zg_refund_check(&r->sold[at], r->quantities[at], err);
	}
	return result;
}

static json_t *journal_refund(const struct zg_till *till, const struct zg_sale_close *close, const struct refunding *r)
{
	json_t *body = zg_json_object(), *rows = zg_json_array();

	for (size_t i = 0; i < r->sum.lines; i++) {
		const struct zg_refund_line *line = &r->lines[i];
		json_t *row = zg_json_object();
		size_t at = 0;

		zg_assert(find_line(r, line->line_no, &at));
		zg_json_set_integer(row, "line", line->line_no);
		zg_json_set_integer(row, "quantity_milli", line->quantity);
		zg_json_set_integer(row, "amount_fen", line->value_fen);
		zg_json_set_integer(row, "rounding_fen", line->rounding_fen);
		zg_json_set_integer(row, "tax_bp", r->sold[at].tax_bp);
		zg_json_set_integer(row, "net_fen", line->net_fen);
		zg_json_set_integer(row, "tax_fen", line->tax_fen);
		zg_json_append(rows, row);
	}
	zg_json_set_string(body, "number", close->number);
	zg_json_set_string(body, "origin", r->origin.number);
	zg_json_set_integer(body, "shift", till->shift.id);
	zg_json_set_string(body, "day", close->day);
	zg_json_set_string(body, "reason", close->reason);
	zg_json_set_string(body, "tender", "cash");
	zg_json_set(body, "lines", rows);
	zg_json_set_integer(body, "rounding_fen", r->sum.rounding_fen);
	zg_json_set_integer(body, "refunded_fen", r->sum.money_fen);
	return body;
}

static void refunded(struct zg_till *till, struct zg_deed *deed)
{
	(void)deed;
	zg_queue_wake(till->queue);
}

static enum zg_result write_refund(struct zg_till *till, struct zg_deed *deed, const struct refunding *r, const char *reason,
				   struct zg_error *err)
{
	char number[ZG_CODE_MAX + 1];
	struct zg_journal_mark mark;
	struct zg_sale_close close = { .who = zg_deed_who(deed), .mark = &mark };
	json_t *answer = zg_deed_answer(deed);
	int64_t id = 0;
	enum zg_result result = zg_closing_number(till, &close, number, err);

	close.reason = reason;
	if (result == ZG_OK)
		result = zg_deed_note(deed, "sale.refund", journal_refund(till, &close, r), &mark, err);
	if (result == ZG_OK)
		result = zg_sales_refund(till->store, &close, r->origin.id, r->lines, &r->sum, ZG_TENDER_CASH, &id, err);
	json_t *document = result == ZG_OK ? zg_slip_closed(till, id, deed->has_lender ? deed->lender.name : "", err) : NULL;

	if (result == ZG_OK)
		result = document ? zg_closing_slip(till, "refund", id, r->sum.money_fen > 0, "refund", close.who, document, err) : ZG_BROKEN;
	zg_json_set_integer(answer, "sale_id", id);
	zg_json_set_string(answer, "number", result == ZG_OK ? number : "");
	zg_json_set_integer(answer, "rounding_fen", r->sum.rounding_fen);
	zg_json_set_integer(answer, "refunded_fen", r->sum.money_fen);
	zg_json_set_string(answer, "anchor", result == ZG_OK ? mark.anchor : "");
	return result;
}

static enum zg_result refund(struct zg_till *till, struct zg_deed *deed, struct zg_error *err)
{
	const json_t *args = zg_deed_args(deed);
	struct refunding r = { .count = 0 };
	const char *reason;
	enum zg_result result = zg_till_need_shift(till, err);

	if (result == ZG_OK)
		result = zg_deed_reason(deed, &reason, err);
	if (result == ZG_OK)
		result = zg_sales_find_number(till->store, zg_json_string(args, "number", ""), &r.origin, err);
	if (result == ZG_OK && (r.origin.is_refund || r.origin.state != ZG_SALE_PAID))
		result = zg_fail(err, ZG_INVALID, _("That number is not of a sale. Refund by the number on the sale's receipt."));
	if (result == ZG_OK)
		result = zg_sales_refundable(till->store, r.origin.id, &r.sold, &r.count, err);
	if (result == ZG_OK) {
		r.lines = zg_alloc(r.count, sizeof(*r.lines));
		r.quantities = zg_alloc(r.count, sizeof(*r.quantities));
		result = choose(&r, args, err);
	}
	if (result == ZG_OK)
		result = zg_refund_work_out(r.sold, r.count, r.quantities, till->config.rounding, r.lines, &r.sum, err);
	if (result == ZG_OK)
		result = write_refund(till, deed, &r, reason, err);
	deed->then = refunded;
	free(r.quantities);
	free(r.lines);
	free(r.sold);
	return result;
}

const struct zg_act zg_act_sale_pay = {
	.name = "sale.pay", .title = N_("Take the money"), .right = ZG_RIGHT_SELL, .sync = ZG_SYNC_FULL, .run = pay,
	.fields = { { "sale", ZG_FIELD_INTEGER, false, 0, 0 }, { "tender", ZG_FIELD_TEXT, false, 0, 16 }, { "tendered_fen", ZG_FIELD_INTEGER, false, 0, ZG_FEN_MAX } },
};
const struct zg_act zg_act_sale_refund = {
	.name = "sale.refund", .title = N_("Give money back"), .right = ZG_RIGHT_REFUND, .sync = ZG_SYNC_FULL, .run = refund,
	.fields = { { "number", ZG_FIELD_TEXT, true, 0, ZG_CODE_MAX }, { "lines", ZG_FIELD_ARRAY, false, 0, ZG_SALE_LINES },
		    { "all", ZG_FIELD_BOOLEAN, false, 0, 0 }, { "reason", ZG_FIELD_TEXT, true, 0, ZG_REASON_MAX } },
};
