#include "src/till/phone.h"

#include "src/base/alloc.h"
#include "src/store/pay_refunds.h"
#include "src/till/accounts.h"
#include "src/till/closing.h"
#include "src/till/queue.h"
#include "src/till/teller.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Money that has gone back, or goes, because it came too late is no tender. */
static enum zg_result is_kept(const struct zg_till *till, const struct zg_payment *payment, bool *kept, struct zg_error *err)
{
	struct zg_pay_refund *refunds = NULL;
	size_t count = 0;

	*kept = payment->attempt.state == ZG_PAY_PAID;
	if (!*kept)
		return ZG_OK;
	enum zg_result result = zg_pay_refunds_of(till->store, payment->id, &refunds, &count, err);

	for (size_t i = 0; i < count; i++)
		*kept = *kept && refunds[i].sale_id != 0;
	free(refunds);
	return result;
}

enum zg_result zg_phone_restore(const struct zg_till *till, int64_t sale_id, struct zg_sale *sale, struct zg_error *err)
{
	struct zg_payment *payments = NULL;
	size_t count = 0;
	enum zg_result result = zg_payments_of_sale(till->store, sale_id, &payments, &count, err);

	for (size_t i = 0; i < count && result == ZG_OK; i++) {
		bool kept;

		result = is_kept(till, &payments[i], &kept, err);
		if (result == ZG_OK && kept)
			result = zg_sale_tender(sale, zg_wallet_tender(payments[i].wallet), payments[i].amount_fen, ZG_ROUND_NONE, err);
	}
	free(payments);
	return result;
}

enum zg_result zg_phone_need_rest(const struct zg_till *till, int64_t sale_id, struct zg_error *err)
{
	struct zg_payment holding = { .id = 0 };
	enum zg_result result = sale_id ? zg_payments_find_holding(till->store, sale_id, &holding, err) : ZG_OK;

	if (result == ZG_OK && holding.id)
		result = zg_fail(err, ZG_INVALID, _("A payment by phone is under way for this sale. Wait for it or cancel it; or hang the sale and serve the "
						    "next customer."));
	return result;
}

/* It came when its sale was paid another way, or given up: it goes back by itself. */
static enum zg_result send_back(struct zg_till *till, const struct zg_payment *payment, struct zg_error *err)
{
	struct zg_pay_refund refund = { .payment_id = payment->id, .amount_fen = payment->amount_fen, .begun_by = "-" };

	snprintf(refund.reason, sizeof(refund.reason), "%s", _("came too late for its sale"));
	return zg_pay_refunds_add(till->store, till->config.till_id, &refund, err);
}

static enum zg_result close_sale(struct zg_till *till, const struct zg_sale_record *record, const struct zg_payment *payment, const struct zg_sale *sale,
				 struct zg_error *err)
{
	struct zg_person cashier = { .name = "" };
	struct zg_closing closing = { .sale = sale, .sale_id = record->id, .who = payment->begun_by, .cashier = cashier.name };
	enum zg_result result = zg_people_find(till->store, payment->begun_by, &cashier, err);

	return result == ZG_OK ? zg_closing_run(till, &closing, err) : result;
}

/* Another attempt of it may still come: it is cancelled after the commit, and the sale closes when that has its end. */
static enum zg_result close_unless_held(struct zg_till *till, const struct zg_sale_record *record, const struct zg_payment *payment,
					const struct zg_sale *sale, struct zg_error *err)
{
	struct zg_payment other = { .id = 0 };
	enum zg_result result = zg_payments_find_holding(till->store, record->id, &other, err);

	return result == ZG_OK && !other.id ? close_sale(till, record, payment, sale, err) : result;
}

/* Inside the transaction that makes it paid. */
static enum zg_result paid(void *self, const struct zg_payment *payment, struct zg_error *err)
{
	struct zg_till *till = self;
	struct zg_sale_record record;
	struct zg_sale *sale = NULL;
	enum zg_result result = zg_sales_find(till->store, payment->sale_id, &record, err);

	if (result != ZG_OK)
		return result;
	if (record.state != ZG_SALE_OPEN && record.state != ZG_SALE_HUNG)
		return send_back(till, payment, err);
	result = zg_sales_load(till->store, payment->sale_id, &sale, err);
	/* this one too: its row says paid already */
	if (result == ZG_OK)
		result = zg_phone_restore(till, payment->sale_id, sale, err);
	if (result == ZG_INVALID)
		result = send_back(till, payment, err);    /* more than is due: another attempt of it came as well */
	/* without a shift it waits, paid, for the next one */
	else if (result == ZG_OK && zg_sale_is_paid(sale) && till->has_shift)
		result = close_unless_held(till, &record, payment, sale, err);
	zg_sale_free(sale);
	till->is_stale = till->is_stale || result == ZG_OK;    /* the sale in memory is of before */
	return result;
}

/* A refund that is on its way by itself is in no doubt. */
void zg_phone_count(struct zg_till *till)
{
	struct zg_payment *payments = NULL;
	struct zg_pay_refund *refunds = NULL;
	size_t count = 0, backs = 0;

	if (zg_payments_in_doubt(till->store, &payments, &count, NULL) == ZG_OK && zg_pay_refunds_in_doubt(till->store, &refunds, &backs, NULL) == ZG_OK) {
		till->state.in_doubt = count;
		for (size_t i = 0; i < backs; i++)
			till->state.in_doubt += refunds[i].state == ZG_PAY_REFUND_FAILED || refunds[i].state == ZG_PAY_REFUND_MANUAL;
	}
	free(payments);
	free(refunds);
}

/* For a sale that was hung meanwhile, and is not on the screen: which it was, by what the list of hung ones shows of it. */
static void tell_hung(struct zg_till *till, const struct zg_payment *payment, const struct zg_sale_record *record)
{
	struct zg_sale *sale = NULL;
	char hour[ZG_TIME_TEXT], amount[ZG_AMOUNT_TEXT], due[ZG_AMOUNT_TEXT], *news = till->state.news;

	if (zg_sales_load(till->store, record->id, &sale, NULL) != ZG_OK)
		return;
	const char *first = zg_sale_line(sale, 0)->name;

	zg_hour_format(hour, record->hung_at);
	if (record->state == ZG_SALE_PAID)
		snprintf(news, sizeof(till->state.news), _("The sale hung at %s (%s …) is paid by phone: %s, receipt %s."), hour, first,
			 zg_fen_format(amount, record->total_fen - record->rounding_fen), record->number);
	else if (zg_phone_restore(till, record->id, sale, NULL) != ZG_OK)
		news[0] = '\0';
	else if (zg_sale_is_paid(sale))
		snprintf(news, sizeof(till->state.news), _("The sale hung at %s (%s …) is paid by phone: %s. Its receipt comes when a shift is opened."), hour, first,
			 zg_fen_format(amount, record->total_fen));
	else
		snprintf(news, sizeof(till->state.news), _("%s came by phone for the sale hung at %s (%s …); %s is still due."),
			 zg_fen_format(amount, payment->amount_fen), hour, first, zg_fen_format(due, zg_sale_due(sale)));
	zg_sale_free(sale);
}

/* After the commit: what the screen says of a payment that came, and the way back of one that came too late. */
static void tell_paid(struct zg_till *till, const struct zg_payment *payment)
{
	struct zg_sale_record record = { .id = 0 };
	char amount[ZG_AMOUNT_TEXT];
	bool kept = true;

	till->state.came++;
	till->state.news[0] = '\0';
	if (is_kept(till, payment, &kept, NULL) == ZG_OK && !kept) {
		zg_till_raise(till, _("A payment by phone of %s came too late for its sale and is being given back (%s)."), zg_fen_format(amount, payment->amount_fen), payment->number);
		zg_teller_refund(till->teller);
	} else if (zg_sales_find(till->store, payment->sale_id, &record, NULL) == ZG_OK && record.hung_at) {
		tell_hung(till, payment, &record);
	}
	if (kept && record.state == ZG_SALE_PAID) {
		till->last = (struct zg_last_sale){ .id = record.id, .total_fen = record.total_fen - record.rounding_fen,
			.tendered_fen = record.total_fen - record.rounding_fen };
		memcpy(till->last.number, record.number, sizeof(till->last.number));
	}
}

/* What came leaves less due than another attempt under way asks for: nobody shall pay that too. */
static void cancel_other(struct zg_till *till, int64_t sale_id)
{
	struct zg_payment other = { .id = 0 };
	struct zg_sale *sale = NULL;

	if (zg_payments_find_holding(till->store, sale_id, &other, NULL) == ZG_OK && other.id && zg_sales_load(till->store, sale_id, &sale, NULL) == ZG_OK &&
	    zg_phone_restore(till, sale_id, sale, NULL) == ZG_OK && other.amount_fen > zg_sale_due(sale))
		(void)zg_teller_cancel(till->teller, other.id);
	zg_sale_free(sale);
}

bool zg_phone_find_kept(const struct zg_till *till, int64_t sale_id, struct zg_payment *payment)
{
	struct zg_payment *payments = NULL;
	size_t count = 0;
	bool found = false, kept;

	if (zg_payments_of_sale(till->store, sale_id, &payments, &count, NULL) == ZG_OK)
		for (size_t i = 0; i < count; i++)
			if (is_kept(till, &payments[i], &kept, NULL) == ZG_OK && kept) {
				*payment = payments[i];
				found = true;
			}
	free(payments);
	return found;
}

/* In a transaction of its own; what breaks leaves it as it was, and people can settle it by hand. */
static void close_now(struct zg_till *till, const struct zg_sale_record *record, const struct zg_payment *payment, const struct zg_sale *sale)
{
	struct zg_error err = { .text = "" };
	enum zg_result result = zg_store_begin(till->store, ZG_SYNC_FULL, &err);

	if (result == ZG_OK) {
		result = close_sale(till, record, payment, sale, &err);
		result = result == ZG_OK ? zg_store_commit(till->store, &err) : (zg_store_rollback(till->store), result);
	}
	if (result != ZG_OK) {
		zg_log_say(till->log, "a sale that is paid by phone could not be closed: %s", err.text);
		return;
	}
	(void)zg_till_reload(till, NULL);
	tell_paid(till, payment);
}

void zg_phone_close_paid(struct zg_till *till, int64_t sale_id)
{
	struct zg_sale_record record;
	struct zg_sale *sale = NULL;
	struct zg_payment payment;

	if (!till->has_shift || zg_phone_need_rest(till, sale_id, NULL) != ZG_OK || zg_sales_find(till->store, sale_id, &record, NULL) != ZG_OK ||
	    (record.state != ZG_SALE_OPEN && record.state != ZG_SALE_HUNG) || !zg_phone_find_kept(till, sale_id, &payment))
		return;
	if (zg_sales_load(till->store, sale_id, &sale, NULL) == ZG_OK && zg_phone_restore(till, sale_id, sale, NULL) == ZG_OK && zg_sale_is_paid(sale))
		close_now(till, &record, &payment, sale);
	zg_sale_free(sale);
}

void zg_phone_close_hung(struct zg_till *till)
{
	struct zg_sale_filter filter = { .state = ZG_SALE_HUNG };
	struct zg_sale_row *rows = NULL;
	size_t count = 0;

	if (zg_sales_list(till->store, &filter, &rows, &count, NULL) == ZG_OK)
		for (size_t i = 0; i < count; i++)
			zg_phone_close_paid(till, rows[i].record.id);
	free(rows);
}

static void changed(void *self, const struct zg_payment *payment)
{
	struct zg_till *till = self;

	if (till->is_stale)
		(void)zg_till_reload(till, NULL);    /* the next act tries again */
	if (payment->attempt.state == ZG_PAY_PAID)
		tell_paid(till, payment);
	if (payment->attempt.state == ZG_PAY_PAID)
		cancel_other(till, payment->sale_id);
	if (zg_pay_state_is_final(payment->attempt.state))
		zg_phone_close_paid(till, payment->sale_id);
	zg_phone_count(till);
	zg_queue_wake(till->queue);
}

static void warn(void *self, const char *sentence)
{
	zg_till_raise(self, "%s", sentence);
}

/* What the channel will not give back, people do: it is said aloud. */
static void returned(void *self, const struct zg_payment *payment, const struct zg_pay_refund *refund, enum zg_return_news news)
{
	struct zg_till *till = self;
	const char *channel = _(zg_channel_title(payment->channel)), *why = refund->note[0] ? refund->note : _("no answer that proves anything");
	char amount[ZG_AMOUNT_TEXT];

	zg_fen_format(amount, refund->amount_fen);
	if (refund->state == ZG_PAY_REFUND_FAILED)
		zg_till_raise(till, _("%s could not be given back by %s: %s (%s). Among the payments in doubt it can be tried again, or given back another way."), amount, channel,
			      why, refund->number);
	else if (news == ZG_RETURN_SLOW)
		zg_till_raise(till, _("%s that goes back by %s has not got there yet: %s (%s). The till goes on with it, so give no cash for it: among the payments in doubt it can be taken over first."), amount,
			      channel, why, refund->number);
	else if (news == ZG_RETURN_MOVED && refund->state == ZG_PAY_REFUND_MANUAL)
		zg_till_raise(till, _("%s that goes back by %s does not reach the customer by itself (%s). Go on in the channel's own pages, or settle it among the payments in doubt; not both."), amount,
			      channel, refund->number);
	zg_phone_count(till);
	zg_queue_wake(till->queue);
}

/* What the last run left to people is said again: who saw it then may be gone. */
static void remind(struct zg_till *till)
{
	size_t open = zg_teller_count(till->teller);    /* those are asked about now */

	if (till->state.in_doubt > open)
		zg_till_raise(till, P_("%zu payment or refund by phone waits to be settled by hand. It stands among the payments in doubt.",
				       "%zu payments or refunds by phone wait to be settled by hand. They stand among the payments in doubt.", till->state.in_doubt - open),
			      till->state.in_doubt - open);
}

void zg_phone_open(struct zg_till *till)
{
	static const struct zg_pay_driver *const none[] = { NULL };
	struct zg_error err = { .text = "" };

	if (!till->parts.is_counter)
		return;
	if (zg_accounts_read(&till->config, till->parts.home, till->parts.payers ? till->parts.payers : none, &till->accounts, &err) != ZG_OK) {
		zg_till_raise(till, _("No payments by phone: %s"), err.text);
	}
	struct zg_teller_parts parts = { .store = till->store, .loop = till->parts.loop, .clock = till->parts.clock, .log = till->log,
		.accounts = till->accounts, .title = till->config.name, .till_id = till->config.till_id, .paid = paid, .changed = changed,
		.returned = returned, .warn = warn, .self = till };

	for (int i = 0; i < ZG_CHANNELS; i++)
		till->state.has_phone = till->state.has_phone || zg_accounts_of(till->accounts, (enum zg_channel)i);
	till->teller = zg_teller_new(&parts);
	zg_phone_count(till);
	remind(till);
}

void zg_phone_close(struct zg_till *till)
{
	zg_teller_free(till->teller);
	zg_accounts_free(till->accounts);
	free(till->begun);
}
