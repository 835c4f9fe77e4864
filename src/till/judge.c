#include "src/till/judge.h"

#include "src/base/alloc.h"

#include <string.h>

static bool is_about(const struct zg_payment *payment, const struct zg_pay_answer *answer)
{
	return answer->is_ours && (answer->number[0] == '\0' || strcmp(answer->number, payment->number) == 0);
}

static enum zg_pay_event judge_paid(const struct zg_payment *payment, const struct zg_pay_answer *answer)
{
	/* one that names no order, or no amount, proves no payment of ours */
	if (strcmp(answer->number, payment->number) != 0 || answer->amount_fen < 0)
		return ZG_EVENT_DOUBT;
	return answer->amount_fen == payment->amount_fen ? ZG_EVENT_PAID : ZG_EVENT_MISMATCH;
}

/* No such order. A code of ours has none before it is scanned, and none can be on its way; one by the customer's code may be late to be seen. */
static enum zg_pay_event judge_missing(enum zg_pay_call call, const struct zg_payment *payment, int64_t sent_ms)
{
	bool is_settled = sent_ms >= ZG_ATTEMPT_SETTLED_MS || payment->way == ZG_WAY_SHOWN;

	/* what is not there needs no taking back: a query has to agree */
	if (call == ZG_CALL_CANCEL)
		return is_settled ? ZG_EVENT_TAKEN : ZG_EVENT_DOUBT;
	if (call == ZG_CALL_QUERY)
		return is_settled ? ZG_EVENT_GONE : ZG_EVENT_MISSING;
	return ZG_EVENT_DOUBT;
}

/* Proved, and about our payment. */
static enum zg_pay_event judge_proved(enum zg_pay_call call, const struct zg_payment *payment, const struct zg_pay_answer *answer, int64_t sent_ms)
{
	switch (answer->says) {
	case ZG_SAYS_PAID:
		return judge_paid(payment, answer);
	case ZG_SAYS_WAITING:
	case ZG_SAYS_SHOWN:
		return ZG_EVENT_WAITING;
	case ZG_SAYS_NOT_PAID:
		return call == ZG_CALL_QUERY ? ZG_EVENT_UNPAID : ZG_EVENT_DOUBT;
	case ZG_SAYS_NOT_FOUND:
		return judge_missing(call, payment, sent_ms);
	case ZG_SAYS_DECLINED:
	case ZG_SAYS_BAD_CODE:
		return ZG_EVENT_DECLINED;
	case ZG_SAYS_CLOSED:
		return ZG_EVENT_CLOSED;
	case ZG_SAYS_CANCELLED:
		return ZG_EVENT_CANCELLED;
	case ZG_SAYS_DONE:
		return call == ZG_CALL_CANCEL ? ZG_EVENT_TAKEN : ZG_EVENT_DOUBT;
	default:
		return ZG_EVENT_DOUBT;
	}
}

enum zg_pay_event zg_judge(enum zg_pay_call call, const struct zg_payment *payment, const struct zg_pay_answer *answer, int64_t sent_ms)
{
	bool is_paying = call == ZG_CALL_CODE || call == ZG_CALL_SHOW;

	zg_assert(is_paying || call == ZG_CALL_QUERY || call == ZG_CALL_CANCEL);
	/* a request that was refused as wrong did nothing; channels do not sign that, but a forged signature is none */
	if (answer->says == ZG_SAYS_WRONG && is_paying && (answer->proof == ZG_PROVED_VERIFIED || answer->proof == ZG_PROVED_NOT_SIGNED))
		return ZG_EVENT_WRONG;
	if (answer->proof != ZG_PROVED_VERIFIED || !is_about(payment, answer))
		return ZG_EVENT_DOUBT;
	return judge_proved(call, payment, answer, sent_ms);
}
