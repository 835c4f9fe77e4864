/*
 * What a channel leaves to people has an end by their word: a refund that failed was given back in cash or another way, a payment whose amount
 * or end the channel could not tell was cleared up with its service. It stands on no Z any more, and is not sent or asked about again.
 */
#include "src/store/pay_refunds.h"
#include "src/till/accounts.h"
#include "src/till/acts.h"
#include "src/till/phone.h"
#include "src/till/queue.h"
#include "src/till/teller.h"

#include <stdlib.h>

/* Of one of the two; the other's id is 0. */
struct left_over {
	struct zg_payment payment;
	struct zg_pay_refund refund;
};

static enum zg_result find(const struct zg_till *till, const char *number, struct left_over *left, struct zg_error *err)
{
	enum zg_result result = zg_pay_refunds_find_number(till->store, number, &left->refund, NULL);

	return result == ZG_OK ? result : zg_payments_find_number(till->store, number, &left->payment, err);
}

/* One that was never sent and cannot be, for its merchant is gone from the settings, is theirs too. */
static bool is_for_people(const struct zg_till *till, const struct zg_pay_refund *refund)
{
	struct zg_payment payment;

	if (refund->state == ZG_PAY_REFUND_NEW)
		return zg_payments_find(till->store, refund->payment_id, &payment, NULL) == ZG_OK && !zg_accounts_for(till->accounts, &payment);
	return refund->state == ZG_PAY_REFUND_FAILED || refund->state == ZG_PAY_REFUND_MANUAL;
}

/* What was tried again is the newer one's to end. */
static enum zg_result check_newest(const struct zg_till *till, const struct zg_pay_refund *refund, struct zg_error *err)
{
	struct zg_pay_refund *refunds = NULL;
	size_t count = 0;
	enum zg_result result = zg_pay_refunds_of(till->store, refund->payment_id, &refunds, &count, err);

	for (size_t i = count; i-- > 0 && result == ZG_OK && refunds[i].id > refund->id;)
		if (refunds[i].sale_id == refund->sale_id)
			result = zg_fail(err, ZG_INVALID, _("Refund %s was tried again as %s. Settle that one."), refund->number, refunds[i].number);
	free(refunds);
	return result;
}

static enum zg_result check_refund(const struct zg_till *till, const struct zg_pay_refund *refund, struct zg_error *err)
{
	if (refund->settled_at)
		return zg_fail(err, ZG_INVALID, _("Refund %s was settled already, by %s."), refund->number, refund->settled_by);
	if (!is_for_people(till, refund))
		return zg_fail(err, ZG_INVALID, _("Refund %s is not for people to settle: %s."), refund->number, _(zg_pay_refund_state_title(refund->state)));
	return check_newest(till, refund, err);
}

static enum zg_result check_payment(const struct zg_payment *payment, bool in_cash, struct zg_error *err)
{
	if (payment->settled_at)
		return zg_fail(err, ZG_INVALID, _("Payment %s was settled already, by %s."), payment->number, payment->settled_by);
	if (payment->attempt.state != ZG_PAY_MANUAL)
		return zg_fail(err, ZG_INVALID, _("Payment %s is not for people to settle: %s."), payment->number, _(zg_pay_state_title(payment->attempt.state)));
	if (in_cash)
		return zg_fail(err, ZG_INVALID, _("Only a refund is settled in cash. What a payment left in doubt is cleared up with its channel."));
	return ZG_OK;
}

/* It is the sale's until two people have said that the sale goes on without it. */
static enum zg_result check_free(const struct zg_till *till, const struct zg_payment *payment, struct zg_error *err)
{
	struct zg_sale_record record;
	enum zg_result result = zg_sales_find(till->store, payment->sale_id, &record, err);

	if (result == ZG_OK && (record.state == ZG_SALE_OPEN || record.state == ZG_SALE_HUNG) && !payment->let_go_by[0])
		result = zg_fail(err, ZG_INVALID, _("Its sale still waits for this payment. Two people let it go first, at the till; then it can be settled."));
	return result;
}

static json_t *note_of(const struct left_over *left, bool in_cash, const char *reason)
{
	json_t *body = zg_json_object();
	bool is_refund = left->refund.id != 0;

	zg_json_set_string(body, is_refund ? "refund" : "payment", is_refund ? left->refund.number : left->payment.number);
	zg_json_set_integer(body, is_refund ? "refund_fen" : "amount_fen", is_refund ? left->refund.amount_fen : left->payment.amount_fen);
	zg_json_set_boolean(body, "in_cash", in_cash);
	zg_json_set_string(body, "reason", reason);
	if (left->refund.sale_id || left->payment.sale_id)
		zg_json_set_integer(body, "sale", is_refund ? left->refund.sale_id : left->payment.sale_id);
	return body;
}

static void settled(struct zg_till *till, struct zg_deed *deed)
{
	const json_t *answer = zg_deed_answer(deed);

	if (till->teller)
		zg_teller_leave(till->teller, zg_json_integer(answer, "payment", 0), zg_json_integer(answer, "refund", 0));
	zg_phone_count(till);
	zg_queue_wake(till->queue);
}

static enum zg_result write_down(struct zg_till *till, struct zg_deed *deed, const struct left_over *left, bool in_cash, const char *reason,
				 struct zg_error *err)
{
	const char *who = zg_deed_who(deed);
	enum zg_result result = left->refund.id ? zg_pay_refunds_settle(till->store, left->refund.id, who, err)
						: zg_payments_settle(till->store, left->payment.id, who, err);

	if (result == ZG_OK)
		result = zg_deed_note(deed, "pay.settle", note_of(left, in_cash, reason), NULL, err);
	return result == ZG_OK && in_cash ? zg_cash_leaves(till, deed, left->refund.amount_fen, reason, err) : result;
}

static enum zg_result settle(struct zg_till *till, struct zg_deed *deed, struct zg_error *err)
{
	const json_t *args = zg_deed_args(deed);
	bool in_cash = zg_json_boolean(args, "in_cash");
	struct left_over left = { .refund = { .id = 0 } };
	const char *reason;
	enum zg_result result = zg_deed_reason(deed, &reason, err);

	if (result == ZG_OK)
		result = find(till, zg_json_string(args, "number", ""), &left, err);
	if (result == ZG_OK)
		result = left.refund.id ? check_refund(till, &left.refund, err) : check_payment(&left.payment, in_cash, err);
	if (result == ZG_OK && left.payment.id)
		result = check_free(till, &left.payment, err);
	if (result == ZG_OK)
		result = write_down(till, deed, &left, in_cash, reason, err);
	zg_json_set_integer(zg_deed_answer(deed), "payment", left.payment.id);
	zg_json_set_integer(zg_deed_answer(deed), "refund", left.refund.id);
	deed->then = settled;
	return result;
}

/* ---- a refund that does not get through ---- */

static void stopped(struct zg_till *till, struct zg_deed *deed)
{
	zg_teller_stop(till->teller, zg_json_integer(zg_deed_answer(deed), "refund", 0));
	zg_phone_count(till);
}

static enum zg_result write_stop(struct zg_till *till, struct zg_deed *deed, struct zg_pay_refund *refund, struct zg_error *err)
{
	struct zg_payment payment;
	enum zg_result result = zg_payments_find(till->store, refund->payment_id, &payment, err);

	refund->state = ZG_PAY_REFUND_MANUAL;
	if (result == ZG_OK)
		result = zg_pay_refunds_set(till->store, refund, err);
	if (result != ZG_OK)
		return result;
	json_t *body = zg_json_object();

	zg_json_set_string(body, "payment", payment.number);
	zg_json_set_string(body, "refund", refund->number);
	zg_json_set_integer(body, "refund_fen", refund->amount_fen);
	return zg_deed_note(deed, "pay.stop", body, NULL, err);
}

static enum zg_result stop(struct zg_till *till, struct zg_deed *deed, struct zg_error *err)
{
	struct zg_pay_refund refund;
	enum zg_result result = zg_pay_refunds_find_number(till->store, zg_json_string(zg_deed_args(deed), "number", ""), &refund, err);

	if (result == ZG_OK && !till->teller)
		result = zg_fail(err, ZG_INVALID, _("Payments by phone need the till to be running. Start it, then try again."));
	if (result == ZG_OK && refund.state != ZG_PAY_REFUND_RUNNING)
		result = zg_fail(err, ZG_INVALID, _("Refund %s is not under way: %s."), refund.number, _(zg_pay_refund_end_title(&refund)));
	zg_json_set_integer(zg_deed_answer(deed), "refund", result == ZG_OK ? refund.id : 0);
	deed->then = stopped;
	return result == ZG_OK ? write_stop(till, deed, &refund, err) : result;
}

const struct zg_act zg_act_pay_stop = {
	.name = "pay.stop", .title = N_("Take over a refund that does not get through"), .right = ZG_RIGHT_REFUND, .sync = ZG_SYNC_FULL, .run = stop,
	.fields = { { "number", ZG_FIELD_TEXT, true, 0, ZG_PAYMENT_NUMBER - 1 } },
};
const struct zg_act zg_act_pay_settle = {
	.name = "pay.settle", .title = N_("Settle by hand what a channel could not"), .right = ZG_RIGHT_REFUND, .sync = ZG_SYNC_FULL, .run = settle,
	.fields = { { "number", ZG_FIELD_TEXT, true, 0, ZG_PAYMENT_NUMBER - 1 }, { "in_cash", ZG_FIELD_BOOLEAN, false, 0, 0 },
		    { "reason", ZG_FIELD_TEXT, true, 0, ZG_REASON_MAX } },
};
