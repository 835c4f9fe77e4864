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

/* Inside the transaction that makes it paid. */
static enum zg_result paid(void *self, const struct zg_payment *payment, struct zg_error *err)
{
	struct zg_till *till = self;
	struct zg_sale_record record;
	struct zg_sale *sale = NULL;
	enum zg_result result = zg_sales_find(till->store, payment->sale_id, &record, err);

	if (result != ZG_OK)
		return result;
	till->is_stale = true;    /* the sale in memory is of before */
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
		result = close_sale(till, &record, payment, sale, err);
	zg_sale_free(sale);
	return result;
}

static void count_doubt(struct zg_till *till)
{
	struct zg_payment *payments = NULL;
	size_t count = 0;

	if (zg_payments_in_doubt(till->store, &payments, &count, NULL) == ZG_OK)
		till->state.in_doubt = count;
	free(payments);
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
		snprintf(news, sizeof(till->state.news), _("The sale hung at %s (%s …) is paid by phone: %s. Open a shift, take the sale and settle it."), hour, first,
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
		snprintf(till->state.alarm, sizeof(till->state.alarm), _("A payment by phone of %s came too late for its sale and is being given back (%s)."),
			 zg_fen_format(amount, payment->amount_fen), payment->number);
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

static void changed(void *self, const struct zg_payment *payment)
{
	struct zg_till *till = self;

	if (till->is_stale)
		(void)zg_till_reload(till, NULL);    /* the next act tries again */
	if (payment->attempt.state == ZG_PAY_PAID)
		tell_paid(till, payment);
	count_doubt(till);
	zg_queue_wake(till->queue);
}

/* What was there before is more urgent: it comes again the next day, and stands in the log. */
static void warn(void *self, const char *sentence)
{
	struct zg_till *till = self;

	if (!till->state.alarm[0])
		snprintf(till->state.alarm, sizeof(till->state.alarm), "%s", sentence);
}

/* What the channel will not give back, people do: it is said aloud. */
static void returned(void *self, const struct zg_payment *payment, const struct zg_pay_refund *refund, bool is_news)
{
	struct zg_till *till = self;
	char amount[ZG_AMOUNT_TEXT];

	if (refund->state == ZG_PAY_REFUND_FAILED)
		snprintf(till->state.alarm, sizeof(till->state.alarm), _("%s could not be given back by %s: %s (%s). Try it again, or give it back another way."),
			 zg_fen_format(amount, refund->amount_fen), _(zg_channel_title(payment->channel)), refund->note, refund->number);
	else if (is_news && refund->state == ZG_PAY_REFUND_MANUAL)
		snprintf(till->state.alarm, sizeof(till->state.alarm), _("%s that goes back by %s does not reach the customer by itself (%s). Go on in the channel's own pages."),
			 zg_fen_format(amount, refund->amount_fen), _(zg_channel_title(payment->channel)), refund->number);
	count_doubt(till);
	zg_queue_wake(till->queue);
}

void zg_phone_open(struct zg_till *till)
{
	static const struct zg_pay_driver *const none[] = { NULL };
	struct zg_error err = { .text = "" };

	if (!till->parts.is_counter)
		return;
	if (zg_accounts_read(&till->config, till->parts.home, till->parts.payers ? till->parts.payers : none, &till->accounts, &err) != ZG_OK) {
		snprintf(till->state.alarm, sizeof(till->state.alarm), _("No payments by phone: %s"), err.text);
		zg_log_say(till->log, "no payments by phone: %s", err.text);
	}
	struct zg_teller_parts parts = { .store = till->store, .loop = till->parts.loop, .clock = till->parts.clock, .log = till->log,
		.accounts = till->accounts, .title = till->config.name, .till_id = till->config.till_id, .paid = paid, .changed = changed,
		.returned = returned, .warn = warn, .self = till };

	for (int i = 0; i < ZG_CHANNELS; i++)
		till->state.has_phone = till->state.has_phone || zg_accounts_of(till->accounts, (enum zg_channel)i);
	till->teller = zg_teller_new(&parts);
	count_doubt(till);
}

void zg_phone_close(struct zg_till *till)
{
	zg_teller_free(till->teller);
	zg_accounts_free(till->accounts);
	free(till->begun);
}
