/* Money by phone: a customer's code that was scanned, a code of ours that is shown, and what can be asked of one under way. */
#include "src/base/alloc.h"
#include "src/base/crypt.h"
#include "src/base/i18n.h"
#include "src/shop/barcode.h"
#include "src/store/payments.h"
#include "src/till/accounts.h"
#include "src/till/acts.h"
#include "src/till/phone.h"
#include "src/till/teller.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHOWN_MS 300000    /* a code of ours is good for so long */

/* Everything that could say no, before anything is written. *amount: what is asked for, at most what is due. */
static enum zg_result may_pay(struct zg_till *till, const json_t *args, zg_fen *amount, struct zg_error *err)
{
	zg_fen due = zg_sale_due(till->sale);

	*amount = zg_json_integer(args, "amount_fen", due);
	if (zg_sale_is_empty(till->sale))
		return zg_fail(err, ZG_INVALID, _("Nothing to pay yet. Scan an item first."));
	if (due <= 0)
		return zg_fail(err, ZG_INVALID, _("Nothing is due any more."));
	if (*amount > due)
		return zg_fail(err, ZG_INVALID, _("That is more than is due. By phone at most what is due is taken."));
	if (!till->teller)
		return zg_fail(err, ZG_INVALID, _("Payments by phone need the till to be running. Start it, then try again."));
	enum zg_result result = zg_till_need_room(till, err);

	if (result == ZG_OK)
		result = zg_till_need_shift(till, err);
	if (result == ZG_OK)
		result = zg_phone_need_rest(till, till->sale_id, err);
	return result == ZG_OK ? zg_teller_may_begin(till->teller, err) : result;
}

static json_t *note_of(const struct zg_till *till, const struct zg_payment *payment)
{
	json_t *body = zg_json_object();

	zg_json_set_integer(body, "sale", payment->sale_id);
	zg_json_set_integer(body, "shift", till->shift.id);
	zg_json_set_string(body, "payment", payment->number);
	zg_json_set_string(body, "channel", zg_channel_name(payment->channel));
	zg_json_set_string(body, "wallet", zg_wallet_name(payment->wallet));
	zg_json_set_string(body, "way", payment->way == ZG_WAY_SHOWN ? "shown" : "code");
	zg_json_set_integer(body, "amount_fen", payment->amount_fen);
	return body;
}

/* The row, as sent: after the one sync of this act its request leaves. */
static enum zg_result write_payment(struct zg_till *till, struct zg_deed *deed, struct zg_payment *payment, struct zg_error *err)
{
	json_t *answer = zg_deed_answer(deed);

	const struct zg_account *account = zg_accounts_of(till->accounts, payment->channel);

	zg_assert(account != NULL);    /* it was routed to */
	memcpy(payment->merchant, account->merchant, sizeof(payment->merchant));
	payment->sale_id = till->sale_id;
	snprintf(payment->begun_by, sizeof(payment->begun_by), "%s", zg_deed_who(deed));
	enum zg_result result = zg_payments_add(till->store, till->config.till_id, payment, err);

	if (result == ZG_OK) {
		zg_attempt_step(&payment->attempt, ZG_EVENT_SEND);
		payment->sent_at = payment->begun_at;
		result = zg_payments_set(till->store, payment, err);
	}
	if (result == ZG_OK)
		result = zg_deed_note(deed, "pay.begin", note_of(till, payment), NULL, err);
	free(till->begun);    /* of an act that was rolled back */
	till->begun = zg_alloc(1, sizeof(*till->begun));
	*till->begun = *payment;
	zg_json_set_integer(answer, "payment", payment->id);
	zg_json_set_string(answer, "number", payment->number);
	zg_json_set_string(answer, "channel", zg_channel_name(payment->channel));
	zg_json_set_string(answer, "wallet", zg_wallet_name(payment->wallet));
	zg_json_set_integer(answer, "amount_fen", payment->amount_fen);
	return result;
}

/* After the commit. The arguments are wiped with the deed, the teller's copy once it is sent. */
static void begin(struct zg_till *till, struct zg_deed *deed)
{
	const char *code = zg_json_string(zg_deed_args(deed), "code", "");

	zg_teller_begin(till->teller, till->begun, code);
	free(till->begun);
	till->begun = NULL;
}

static enum zg_result check_code(const struct zg_till *till, const char *code, struct zg_payment *payment, struct zg_error *err)
{
	bool used = false;

	payment->wallet = zg_scan_wallet(code);
	if (zg_scan_kind(code) == ZG_SCAN_RECEIPT)
		return zg_fail(err, ZG_INVALID, _("This is a receipt's number, not a payment code. Scan the code on the customer's phone."));
	if (payment->wallet == ZG_WALLET_NONE)
		return zg_fail(err, ZG_INVALID, _("This is no payment code. Let the customer show the code for paying, and scan it again."));
	snprintf(payment->code_end, sizeof(payment->code_end), "%s", code + strlen(code) - 4);
	zg_sha256_hex(payment->code_hash, code, strlen(code));
	enum zg_result result = zg_payments_is_used(till->store, payment->code_hash, &used, err);

	if (result == ZG_OK && used)
		result = zg_fail(err, ZG_INVALID, _("This code was used before; each is good once. Let the customer's phone show a new one."));
	return result == ZG_OK ? zg_accounts_route(till->accounts, payment->wallet, ZG_WAY_CODE, &payment->channel, err) : result;
}

static enum zg_result pay_code(struct zg_till *till, struct zg_deed *deed, struct zg_error *err)
{
	const json_t *args = zg_deed_args(deed);
	struct zg_payment payment = { .way = ZG_WAY_CODE };
	enum zg_result result = may_pay(till, args, &payment.amount_fen, err);

	if (result == ZG_OK)
		result = check_code(till, zg_json_string(args, "code", ""), &payment, err);
	deed->then = begin;
	return result == ZG_OK ? write_payment(till, deed, &payment, err) : result;
}

/* The first one that the shop can show a code to; WeChat when there is none, whose refusal says why. */
static enum zg_wallet usual_wallet(const struct zg_till *till)
{
	static const enum zg_wallet wallets[] = { ZG_WALLET_WECHAT, ZG_WALLET_ALIPAY, ZG_WALLET_UNIONPAY };
	enum zg_channel channel;

	for (size_t i = 0; i < sizeof(wallets) / sizeof(wallets[0]); i++)
		if (zg_accounts_route(till->accounts, wallets[i], ZG_WAY_SHOWN, &channel, NULL) == ZG_OK)
			return wallets[i];
	return ZG_WALLET_WECHAT;
}

static enum zg_result show_code(struct zg_till *till, struct zg_deed *deed, struct zg_error *err)
{
	const json_t *args = zg_deed_args(deed);
	struct zg_payment payment = { .way = ZG_WAY_SHOWN, .expires_at = zg_clock_now(till->parts.clock) + SHOWN_MS };
	const char *wallet = zg_json_string(args, "wallet", "");
	enum zg_result result = may_pay(till, args, &payment.amount_fen, err);

	if (result == ZG_OK && wallet[0] == '\0')
		payment.wallet = usual_wallet(till);
	else if (result == ZG_OK && (!zg_wallet_parse(wallet, &payment.wallet) || payment.wallet == ZG_WALLET_NONE))
		result = zg_fail(err, ZG_INVALID, _("There is no wallet \"%s\"."), wallet);
	if (result == ZG_OK)
		result = zg_accounts_route(till->accounts, payment.wallet, ZG_WAY_SHOWN, &payment.channel, err);
	deed->then = begin;
	return result == ZG_OK ? write_payment(till, deed, &payment, err) : result;
}

/* One that is under way, or to be settled by hand, by its row or its number. */
static enum zg_result find_payment(const struct zg_till *till, struct zg_deed *deed, struct zg_payment *payment, struct zg_error *err)
{
	const json_t *args = zg_deed_args(deed);
	const char *number = zg_json_string(args, "number", "");
	enum zg_result result = number[0] ? zg_payments_find_number(till->store, number, payment, err)
					  : zg_payments_find(till->store, zg_json_integer(args, "payment", 0), payment, err);

	if (result == ZG_OK && !till->teller)
		result = zg_fail(err, ZG_INVALID, _("Payments by phone need the till to be running. Start it, then try again."));
	zg_json_set_integer(zg_deed_answer(deed), "payment", result == ZG_OK ? payment->id : 0);
	zg_json_set_string(zg_deed_answer(deed), "state", result == ZG_OK ? zg_pay_state_name(payment->attempt.state) : "");
	return result;
}

static void cancel_it(struct zg_till *till, struct zg_deed *deed)
{
	zg_teller_cancel(till->teller, zg_json_integer(zg_deed_answer(deed), "payment", 0));
}

static enum zg_result cancel(struct zg_till *till, struct zg_deed *deed, struct zg_error *err)
{
	struct zg_payment payment;
	enum zg_result result = find_payment(till, deed, &payment, err);

	if (result == ZG_OK && zg_pay_state_is_final(payment.attempt.state))
		result = zg_fail(err, ZG_INVALID, _("This payment is over: %s."), _(zg_pay_state_title(payment.attempt.state)));
	if (result == ZG_OK && !zg_accounts_for(till->accounts, &payment))
		result = zg_fail(err, ZG_INVALID, _("The merchant of this payment is not set up for %s in this till any more, so it cannot be told to cancel. An admin sets it "
						    "up again and starts the till; or two people let the payment go."), _(zg_channel_title(payment.channel)));
	deed->then = cancel_it;
	return result == ZG_OK ? zg_deed_note(deed, "pay.cancel", note_of(till, &payment), NULL, err) : result;
}

static void ask_it(struct zg_till *till, struct zg_deed *deed)
{
	zg_teller_ask(till->teller, zg_json_integer(zg_deed_answer(deed), "payment", 0));
}

static enum zg_result ask(struct zg_till *till, struct zg_deed *deed, struct zg_error *err)
{
	struct zg_payment payment;
	enum zg_result result = find_payment(till, deed, &payment, err);

	if (result == ZG_OK && payment.settled_at)
		result = zg_fail(err, ZG_INVALID, _("Payment %s was settled already, by %s."), payment.number, payment.settled_by);
	if (result == ZG_OK && !zg_accounts_for(till->accounts, &payment) &&
	    (payment.attempt.state == ZG_PAY_MANUAL || !zg_pay_state_is_final(payment.attempt.state)))
		result = zg_fail(err, ZG_INVALID, _("The merchant of this payment is not set up any more. Put its settings back into zhanggui.conf."));
	deed->then = ask_it;
	return result;
}

/* Two people say that the sale goes on without knowing how this payment ended; it is watched to its end all the same. */
static enum zg_result let_go(struct zg_till *till, struct zg_deed *deed, struct zg_error *err)
{
	struct zg_payment payment;
	enum zg_result result = find_payment(till, deed, &payment, err);
	const char *lender = deed->has_lender ? deed->lender.login : NULL;

	if (result == ZG_OK && (!lender || strcmp(lender, zg_deed_who(deed)) == 0))
		result = zg_fail(err, ZG_REFUSED, _("Two people have to say this, for the customer may pay twice. Let a supervisor sign too."));
	if (result == ZG_OK && (zg_pay_state_is_final(payment.attempt.state) && payment.attempt.state != ZG_PAY_MANUAL))
		result = zg_fail(err, ZG_INVALID, _("This payment is over: %s."), _(zg_pay_state_title(payment.attempt.state)));
	if (result != ZG_OK)
		return result;
	if (payment.let_go_by[0])
		return ZG_OK;
	snprintf(payment.let_go_by, sizeof(payment.let_go_by), "%s+%s", zg_deed_who(deed), lender);
	result = zg_payments_set(till->store, &payment, err);
	return result == ZG_OK ? zg_deed_note(deed, "pay.let_go", note_of(till, &payment), NULL, err) : result;
}

#define NAMES { "payment", ZG_FIELD_INTEGER, false, 1, INT64_MAX }, { "number", ZG_FIELD_TEXT, false, 0, ZG_PAYMENT_NUMBER - 1 }

const struct zg_act zg_act_pay_code = {
	.name = "pay.code", .title = N_("Take money by the customer's code"), .right = ZG_RIGHT_SELL, .sync = ZG_SYNC_FULL, .run = pay_code,
	.fields = { { "code", ZG_FIELD_TEXT, true, 0, 32 }, { "amount_fen", ZG_FIELD_INTEGER, false, 1, ZG_FEN_MAX } },
};
const struct zg_act zg_act_pay_show = {
	.name = "pay.show", .title = N_("Show a code to pay by"), .right = ZG_RIGHT_SELL, .sync = ZG_SYNC_FULL, .run = show_code,
	.fields = { { "wallet", ZG_FIELD_TEXT, true, 0, 16 }, { "amount_fen", ZG_FIELD_INTEGER, false, 1, ZG_FEN_MAX } },
};
const struct zg_act zg_act_pay_cancel = {
	.name = "pay.cancel", .title = N_("Cancel a payment by phone"), .right = ZG_RIGHT_SELL, .sync = ZG_SYNC_NORMAL, .run = cancel, .fields = { NAMES },
};
const struct zg_act zg_act_pay_ask = {
	.name = "pay.ask", .title = N_("Ask how a payment ended"), .right = ZG_RIGHT_SELL, .sync = ZG_SYNC_NORMAL, .run = ask, .fields = { NAMES },
};
const struct zg_act zg_act_pay_let_go = {
	.name = "pay.let_go", .title = N_("Go on without knowing how a payment ended"), .right = ZG_RIGHT_REFUND, .sync = ZG_SYNC_FULL, .run = let_go,
	.fields = { NAMES },
};
