/* The teller's questions: one request about a payment, and what its reply says. */
#include "src/till/teller_private.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/store/payment_number.h"
#include "src/till/judge.h"

#include <inttypes.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>

const char *zg_pay_call_name(enum zg_pay_call call)
{
	static const char *const names[ZG_PAY_CALLS] = { "code", "show", "query", "cancel", "refund", "refund_query", "bill", "bill_file", "keys", "check" };

	return names[call];
}

void zg_teller_note_date(struct zg_teller *teller, const struct zg_http_reply *reply)
{
	if (!reply->date_ms)
		return;
	teller->date_ms = reply->date_ms;
	teller->dated_ms = zg_clock_running(teller->parts.clock);
}

static struct zg_pay_order order_of(const struct zg_affair *affair)
{
	const struct zg_payment *p = &affair->payment;

	return (struct zg_pay_order){ .way = p->way, .wallet = p->wallet, .number = p->number, .channel_no = p->channel_no, .amount_fen = p->amount_fen,
		.code = affair->code, .title = affair->teller->parts.title, .cancel_no = affair->cancel_no, .begun_at = p->begun_at,
		.expires_at = p->expires_at };
}

static bool is_paying(enum zg_pay_call call)
{
	return call == ZG_CALL_CODE || call == ZG_CALL_SHOW;
}

/* No byte left. Paying: the channel's other address is tried, and then it is certain that nothing came of it. */
static void not_sent(struct zg_affair *affair, const struct zg_http_reply *reply)
{
	const struct zg_account *account = zg_accounts_for(affair->teller->parts.accounts, &affair->payment);
	bool has_other = account && affair->host == 0 && account->has_other_host;

	if (is_paying(affair->asking) && has_other) {
		affair->host = 1;
		zg_affair_ask(affair, affair->asking);
		return;
	}
	affair->host = account && account->has_other_host ? !affair->host : 0;
	zg_affair_news(affair, &(struct zg_news){ .call = zg_pay_call_name(affair->asking), .reply = reply, .words = reply->why,
						    .event = is_paying(affair->asking) ? ZG_EVENT_NOT_SENT : ZG_EVENT_DOUBT });
}

/* A strange amount counts when the channel says it twice. */
static enum zg_pay_event confirm(struct zg_affair *affair, enum zg_pay_event event)
{
	return event == ZG_EVENT_MISMATCH && ++affair->mismatches < 2 ? ZG_EVENT_DOUBT : event;
}

static const char *words_of(const struct zg_account *account, const struct zg_pay_answer *answer, const struct zg_http_reply *reply)
{
	if (reply->end != ZG_HTTP_WHOLE)
		return reply->why;
	if (answer->proof == ZG_PROVED_FORGED)
		return _("The channel's answer was not signed by it. It is asked again.");
	if (answer->proof == ZG_PROVED_OTHER_KEY && account->fetches_keys)
		return _("The channel has a new certificate. It is being fetched, and then asked again.");
	if (answer->proof == ZG_PROVED_OTHER_KEY)
		return _("The channel has a new key. An admin puts it in the shop's settings; see zhanggui.conf(5).");
	if (answer->proof == ZG_PROVED_STALE)
		return _("The channel's answer is of another time. Set this computer's clock.");
	return answer->text;
}

/* Whether the channel may still carry out what it did not answer for, or has accepted: "paid" may then be of a moment before. */
static bool may_yet_be_done(const struct zg_http_reply *reply, const struct zg_pay_answer *answer)
{
	return answer->says == ZG_SAYS_DONE || answer->says == ZG_SAYS_CANCELLED || answer->says == ZG_SAYS_CLOSED || reply->end != ZG_HTTP_WHOLE || answer->proof != ZG_PROVED_VERIFIED || !answer->is_ours || answer->says == ZG_SAYS_UNKNOWN ||
		answer->says == ZG_SAYS_CANCEL_AGAIN;
}

static void answered(void *self, struct zg_http_reply *reply)
{
	struct zg_affair *affair = self;
	struct zg_teller *teller = affair->teller;
	const struct zg_account *account = zg_accounts_for(teller->parts.accounts, &affair->payment);
	struct zg_pay_order order = order_of(affair);
	struct zg_pay_answer answer = { .amount_fen = -1, .refund_fen = -1 };

	affair->call = NULL;
	zg_teller_note_date(teller, reply);
	if (reply->end == ZG_HTTP_NOT_SENT) {
		not_sent(affair, reply);
		return;
	}
	OPENSSL_cleanse(affair->code, sizeof(affair->code));
	order.code = "";
	zg_assert(account != NULL);
	account->driver->read(account->keys, affair->asking, &order, zg_clock_now(teller->parts.clock), reply, &answer);
	if (affair->asking == ZG_CALL_CANCEL && may_yet_be_done(reply, &answer))
		affair->cancel_lasts_ms = zg_clock_running(teller->parts.clock) + ZG_CANCEL_LASTS_MS;
	int64_t sent_ms = zg_clock_running(teller->parts.clock) - affair->sent_ms;
	if (answer.proof == ZG_PROVED_OTHER_KEY)
		zg_fetch_soon(teller, affair->payment.channel);
	zg_pay_hide_code(answer.text, affair->payment.code_hash);
	zg_pay_hide_code(answer.code, affair->payment.code_hash);
	enum zg_pay_event event = confirm(affair, zg_judge(affair->asking, &affair->payment, &answer, sent_ms));

	if (event == ZG_EVENT_WAITING && answer.url[0])
		snprintf(affair->url, sizeof(affair->url), "%s", answer.url);
	zg_affair_news(affair, &(struct zg_news){ .call = zg_pay_call_name(affair->asking), .event = event, .answer = &answer, .reply = reply,
						    .words = words_of(account, &answer, reply) });
}

/* The request cannot be made: of a paying one that is certain; of others it is tried again later. */
static void not_made(struct zg_affair *affair, const char *why)
{
	zg_affair_news(affair, &(struct zg_news){ .call = zg_pay_call_name(affair->asking), .words = why,
						    .event = is_paying(affair->asking) ? ZG_EVENT_NOT_SENT : ZG_EVENT_DOUBT });
}

void zg_affair_ask(struct zg_affair *affair, enum zg_pay_call call)
{
	struct zg_teller *teller = affair->teller;
	const struct zg_account *account = zg_accounts_for(teller->parts.accounts, &affair->payment);
	struct zg_http_request request = { 0 };
	struct zg_error err = { .text = "" };
	char nonce[ZG_PAY_NONCE];

	if (affair->call)
		return;
	affair->asking = call;
	if (call == ZG_CALL_CANCEL) {
		affair->cancels++;
		zg_payment_number(affair->cancel_no, 'C', teller->parts.till_id, zg_clock_now(teller->parts.clock), affair->payment.id);
	}
	if (!account) {
		not_made(affair, _("The merchant of this payment is not set up any more. Put its settings back into zhanggui.conf."));
		return;
	}
	struct zg_pay_order order = order_of(affair);
	struct zg_pay_moment moment = { .now_ms = zg_clock_now(teller->parts.clock), .nonce = nonce, .host = affair->host };

	zg_pay_nonce(nonce);
	if (account->driver->build(account->keys, call, &order, &moment, &request, &err) != ZG_OK) {
		not_made(affair, err.text);
	} else {
		struct zg_http_options options = zg_account_options(account, affair->payment.way, call);

		affair->call = zg_http_send(teller->parts.loop, &request, &options, answered, affair);
	}
	zg_http_request_clear(&request);
}
