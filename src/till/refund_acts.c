/*
 * Money back for a sale. One transaction with its journal row and one sync; the pulse and the slip are rows of it, and so is what goes back
 * by phone: it is sent after the commit and followed to its end by the teller.
 */
#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/store/pay_refunds.h"
#include "src/till/accounts.h"
#include "src/till/acts.h"
#include "src/till/closing.h"
#include "src/till/phone.h"
#include "src/till/private.h"
#include "src/till/queue.h"
#include "src/till/refunding.h"
#include "src/till/slips.h"
#include "src/till/teller.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool find_line(const struct zg_refunding *r, int64_t no, size_t *index)
{
	for (size_t i = 0; i < r->count; i++)
		if (r->sold[i].line_no == no) {
			*index = i;
			return true;
		}
	return false;
}

/* The whole of what is left of every line. */
static enum zg_result choose_all(struct zg_refunding *r, struct zg_error *err)
{
	bool any = false;

	for (size_t i = 0; i < r->count; i++) {
		r->quantities[i] = zg_refund_left(&r->sold[i]);
		any |= r->quantities[i] > 0;
	}
	return any ? ZG_OK : zg_fail(err, ZG_INVALID, _("All of this sale was refunded before."));
}

static enum zg_result choose(struct zg_refunding *r, const json_t *args, struct zg_error *err)
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

static json_t *journal_lines(const struct zg_refunding *r)
{
	json_t *rows = zg_json_array();

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
	return rows;
}

/* Money, each kind once: for the journal and for the answer. */
static json_t *tender_rows(const struct zg_refunding *r)
{
	struct zg_tender tenders[ZG_TENDER_KINDS];
	size_t count = zg_refunding_tenders(r, tenders);
	json_t *rows = zg_json_array();

	for (size_t i = 0; i < count; i++)
		zg_json_append(rows, zg_closing_tender(&tenders[i]));
	return rows;
}

static json_t *journal_refund(const struct zg_till *till, const struct zg_sale_close *close, const struct zg_refunding *r)
{
	json_t *body = zg_json_object();

	zg_json_set_string(body, "number", close->number);
	zg_json_set_string(body, "origin", r->origin.number);
	zg_json_set_integer(body, "shift", till->shift.id);
	zg_json_set_string(body, "day", close->day);
	zg_json_set_string(body, "reason", close->reason);
	zg_json_set(body, "tenders", tender_rows(r));
	zg_json_set(body, "lines", journal_lines(r));
	zg_json_set_integer(body, "rounding_fen", r->sum.rounding_fen);
	zg_json_set_integer(body, "refunded_fen", r->sum.money_fen);
	return body;
}

static void refunded(struct zg_till *till, struct zg_deed *deed)
{
	(void)deed;
	if (till->teller)
		zg_teller_refund(till->teller);
	zg_queue_wake(till->queue);
}

/* What goes back by phone, each with a number of its own that it keeps through every try. */
static enum zg_result write_ways(struct zg_till *till, const struct zg_refunding *r, const struct zg_sale_close *close, struct zg_error *err)
{
	enum zg_result result = ZG_OK;

	for (size_t i = 0; i < r->way_count && result == ZG_OK; i++) {
		struct zg_pay_refund refund = { .payment_id = r->ways[i].payment_id, .sale_id = close->id, .amount_fen = r->ways[i].back_fen };

		if (refund.payment_id == 0 || refund.amount_fen == 0)
			continue;
		snprintf(refund.begun_by, sizeof(refund.begun_by), "%s", close->who);
		snprintf(refund.reason, sizeof(refund.reason), "%s", close->reason);
		result = zg_pay_refunds_add(till->store, till->config.till_id, &refund, err);
	}
	return result;
}

static enum zg_result write_rows(struct zg_till *till, const struct zg_refunding *r, struct zg_sale_close *close, struct zg_error *err)
{
	struct zg_tender tenders[ZG_TENDER_KINDS];
	size_t count = zg_refunding_tenders(r, tenders);
	enum zg_result result = zg_sales_refund(till->store, close->who, r->origin.id, r->lines, &r->sum, tenders, count, &close->id, err);

	if (result == ZG_OK)
		result = write_ways(till, r, close, err);
	return result == ZG_OK ? zg_sales_refund_close(till->store, close, &r->sum, err) : result;
}

static enum zg_result write_refund(struct zg_till *till, struct zg_deed *deed, const struct zg_refunding *r, const char *reason,
				   struct zg_error *err)
{
	char number[ZG_CODE_MAX + 1];
	struct zg_journal_mark mark;
	struct zg_sale_close close = { .who = zg_deed_who(deed), .mark = &mark };
	json_t *answer = zg_deed_answer(deed);
	enum zg_result result = zg_closing_number(till, &close, number, err);

	close.reason = reason;
	if (result == ZG_OK)
		result = zg_deed_note(deed, "sale.refund", journal_refund(till, &close, r), &mark, err);
	if (result == ZG_OK)
		result = write_rows(till, r, &close, err);
	json_t *document = result == ZG_OK ? zg_slip_closed(till, close.id, deed->has_lender ? deed->lender.name : "", err) : NULL;

	if (result == ZG_OK)
		result = document ? zg_closing_slip(till, "refund", close.id, r->cash_fen > 0, "refund", close.who, document, err) : ZG_BROKEN;
	zg_json_set_integer(answer, "sale_id", close.id);
	zg_json_set_string(answer, "number", result == ZG_OK ? number : "");
	zg_json_set_integer(answer, "rounding_fen", r->sum.rounding_fen);
	zg_json_set_integer(answer, "refunded_fen", r->sum.money_fen);
	zg_json_set_integer(answer, "cash_fen", r->cash_fen);
	zg_json_set(answer, "tenders", tender_rows(r));
	zg_json_set_string(answer, "anchor", result == ZG_OK ? mark.anchor : "");
	return result;
}

/* A channel gives nothing back of what is too old for it; what its documents say for how long. */
static bool is_too_old(const struct zg_till *till, const struct zg_account *account, const struct zg_payment *payment)
{
	int64_t until_s = account->driver->times(payment->way)->refund_until_s;

	return until_s > 0 && zg_clock_now(till->parts.clock) - payment->begun_at > until_s * 1000;
}

/* A payment that goes back has to have a channel that can be asked. A command that finds no till running leaves it to the till's next start. */
static enum zg_result check_channel(const struct zg_till *till, int64_t payment_id, struct zg_error *err)
{
	struct zg_payment payment;
	enum zg_result result = till->teller ? zg_payments_find(till->store, payment_id, &payment, err) : ZG_OK;

	if (result != ZG_OK || !till->teller)
		return result;
	const struct zg_account *account = zg_accounts_for(till->accounts, &payment);

	if (!account)
		return zg_fail(err, ZG_INVALID, _("The merchant of this sale's payment is not set up for %s in this till, so the money cannot go back by it. "
						  "Give it back in cash, or have an admin set it up again."), _(zg_channel_title(payment.channel)));
	return is_too_old(till, account, &payment) ? zg_fail(err, ZG_INVALID, _("%s gives nothing back any more of a payment that is so old. Give it back in cash."),
							     _(zg_channel_title(payment.channel))) : ZG_OK;
}

static enum zg_result check_ways(const struct zg_till *till, const struct zg_refunding *r, struct zg_error *err)
{
	enum zg_result result = ZG_OK;

	for (size_t i = 0; i < r->way_count && result == ZG_OK; i++)
		if (r->ways[i].payment_id != 0 && r->ways[i].back_fen != 0)
			result = check_channel(till, r->ways[i].payment_id, err);
	return result;
}

static enum zg_result refund(struct zg_till *till, struct zg_deed *deed, struct zg_error *err)
{
	const json_t *args = zg_deed_args(deed);
	struct zg_refunding r = { .count = 0 };
	struct zg_sale_record record;
	const char *reason;
	enum zg_result result = zg_till_need_shift(till, err);

	if (result == ZG_OK)
		result = zg_deed_reason(deed, &reason, err);
	if (result == ZG_OK)
		result = zg_sales_find_number(till->store, zg_json_string(args, "number", ""), &record, err);
	if (result == ZG_OK)
		result = zg_refunding_read(till->store, record.id, &r, err);
	if (result == ZG_OK)
		result = choose(&r, args, err);
	if (result == ZG_OK)
		result = zg_refunding_work_out(&r, till->config.rounding, zg_json_boolean(args, "in_cash"), err);
	if (result == ZG_OK)
		result = check_ways(till, &r, err);
	if (result == ZG_OK)
		result = write_refund(till, deed, &r, reason, err);
	deed->then = refunded;
	zg_refunding_clear(&r);
	return result;
}

/* ---- a payment that is to go back without goods, and one whose way back failed ---- */

/* Once more: the channel has said no to the number before, so it gets a new one. */
static enum zg_result again(const struct zg_pay_refund *failed, struct zg_pay_refund *refund, struct zg_error *err)
{
	if (failed->settled_at)
		return zg_fail(err, ZG_INVALID, _("Refund %s was settled another way, by %s. There is nothing to try again."), failed->number, failed->settled_by);
	if (failed->state != ZG_PAY_REFUND_FAILED)
		return zg_fail(err, ZG_INVALID, _("Refund %s has not failed: %s. There is nothing to try again."), failed->number,
			       _(zg_pay_refund_state_title(failed->state)));
	refund->payment_id = failed->payment_id;
	refund->sale_id = failed->sale_id;
	refund->amount_fen = failed->amount_fen;
	return ZG_OK;
}

/* The way back of a payment that came for nothing, if it is on it: *back with id 0 else. */
static enum zg_result find_way_back(const struct zg_till *till, int64_t payment_id, struct zg_pay_refund *back, struct zg_error *err)
{
	struct zg_pay_refund *refunds = NULL;
	size_t count = 0;
	enum zg_result result = zg_pay_refunds_of(till->store, payment_id, &refunds, &count, err);

	*back = (struct zg_pay_refund){ .id = 0 };
	for (size_t i = 0; i < count; i++)
		if (refunds[i].sale_id == 0)
			*back = refunds[i];
	free(refunds);
	return result;
}

/* All of what was paid for a sale that is not closed: the customer changed his mind. One that came for nothing goes back by itself. */
static enum zg_result give_up(const struct zg_till *till, const struct zg_payment *payment, struct zg_pay_refund *refund, struct zg_error *err)
{
	struct zg_sale_record record;
	struct zg_pay_refund back;
	enum zg_result result = find_way_back(till, payment->id, &back, err);

	if (result == ZG_OK && back.id)
		return again(&back, refund, err);
	if (result == ZG_OK)
		result = zg_sales_find(till->store, payment->sale_id, &record, err);

	if (result == ZG_OK && payment->attempt.state != ZG_PAY_PAID)
		result = zg_fail(err, ZG_INVALID, _("This payment was not paid: %s. Nothing can go back."), _(zg_pay_state_title(payment->attempt.state)));
	if (result == ZG_OK && record.state == ZG_SALE_PAID)
		result = zg_fail(err, ZG_INVALID, _("Its sale is closed. Refund receipt %s: the money goes back the way it came."), record.number);
	refund->payment_id = payment->id;
	refund->amount_fen = payment->amount_fen;
	return result;
}

static void given_up(struct zg_till *till, struct zg_deed *deed)
{
	(void)deed;
	(void)zg_till_reload(till, NULL);    /* the sale has one payment less */
	zg_phone_count(till);
	if (till->teller)
		zg_teller_refund(till->teller);
}

static enum zg_result refund_payment(struct zg_till *till, struct zg_deed *deed, struct zg_error *err)
{
	const char *number = zg_json_string(zg_deed_args(deed), "number", ""), *reason;
	struct zg_pay_refund refund = { .id = 0 }, failed;
	struct zg_payment payment;
	enum zg_result result = zg_deed_reason(deed, &reason, err);

	if (result != ZG_OK)
		return result;
	if (number[0] == '\0') {
		if (!till->sale_id || !zg_phone_find_kept(till, till->sale_id, &payment))
			return zg_fail(err, ZG_NOT_FOUND, _("Nothing was paid by phone for this sale."));
		number = payment.number;
	}
	result = zg_pay_refunds_find_number(till->store, number, &failed, NULL);
	if (result == ZG_OK) {
		result = again(&failed, &refund, err);
	} else if (result == ZG_NOT_FOUND) {
		result = zg_payments_find_number(till->store, number, &payment, err);
		if (result == ZG_OK)
			result = give_up(till, &payment, &refund, err);
	}
	snprintf(refund.begun_by, sizeof(refund.begun_by), "%s", zg_deed_who(deed));
	snprintf(refund.reason, sizeof(refund.reason), "%s", reason);
	if (result == ZG_OK)
		result = check_channel(till, refund.payment_id, err);
	if (result == ZG_OK)
		result = zg_pay_refunds_add(till->store, till->config.till_id, &refund, err);
	if (result != ZG_OK)
		return result;
	json_t *body = zg_json_object();

	zg_json_set_string(body, "number", number);
	zg_json_set_string(body, "refund", refund.number);
	zg_json_set_integer(body, "refund_fen", refund.amount_fen);
	zg_json_set_string(body, "reason", reason);
	zg_json_set_string(zg_deed_answer(deed), "refund", refund.number);
	zg_json_set_integer(zg_deed_answer(deed), "refunded_fen", refund.amount_fen);
	deed->then = given_up;
	return zg_deed_note(deed, "pay.refund", body, NULL, err);
}

const struct zg_act zg_act_sale_refund = {
	.name = "sale.refund", .title = N_("Give money back"), .right = ZG_RIGHT_REFUND, .sync = ZG_SYNC_FULL, .run = refund,
	.fields = { { "number", ZG_FIELD_TEXT, true, 0, ZG_CODE_MAX }, { "lines", ZG_FIELD_ARRAY, false, 0, ZG_SALE_LINES },
		    { "all", ZG_FIELD_BOOLEAN, false, 0, 0 }, { "in_cash", ZG_FIELD_BOOLEAN, false, 0, 0 },
		    { "reason", ZG_FIELD_TEXT, true, 0, ZG_REASON_MAX } },
};
const struct zg_act zg_act_pay_refund = {
	.name = "pay.refund", .title = N_("Give a payment by phone back"), .right = ZG_RIGHT_REFUND, .sync = ZG_SYNC_FULL, .run = refund_payment,
	.fields = { { "number", ZG_FIELD_TEXT, false, 0, ZG_PAYMENT_NUMBER - 1 }, { "reason", ZG_FIELD_TEXT, true, 0, ZG_REASON_MAX } },
};
