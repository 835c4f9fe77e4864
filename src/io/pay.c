#include "src/io/pay.h"

static const char *const says_names[ZG_PAY_SAYS] = {
	[ZG_SAYS_UNKNOWN] = "unknown",
	[ZG_SAYS_PAID] = "paid",
	[ZG_SAYS_WAITING] = "waiting",
	[ZG_SAYS_SHOWN] = "shown",
	[ZG_SAYS_NOT_PAID] = "not_paid",
	[ZG_SAYS_NOT_FOUND] = "not_found",
	[ZG_SAYS_DECLINED] = "declined",
	[ZG_SAYS_BAD_CODE] = "bad_code",
	[ZG_SAYS_CLOSED] = "closed",
	[ZG_SAYS_CANCELLED] = "cancelled",
	[ZG_SAYS_CANCEL_AGAIN] = "cancel_again",
	[ZG_SAYS_TOO_LATE] = "too_late",
	[ZG_SAYS_NUMBER_USED] = "number_used",
	[ZG_SAYS_REFUNDED] = "refunded",
	[ZG_SAYS_REFUNDING] = "refunding",
	[ZG_SAYS_REFUND_STUCK] = "refund_stuck",
	[ZG_SAYS_NOT_REFUNDED] = "not_refunded",
	[ZG_SAYS_NO_REFUND] = "no_refund",
	[ZG_SAYS_LATER] = "later",
	[ZG_SAYS_WRONG] = "wrong",
	[ZG_SAYS_DONE] = "done",
	[ZG_SAYS_NO_BILL] = "no_bill",
	[ZG_SAYS_BILL_LATER] = "bill_later",
};

static const char *const proof_names[] = {
	[ZG_PROVED_NOT_SIGNED] = "not_signed",
	[ZG_PROVED_VERIFIED] = "verified",
	[ZG_PROVED_FORGED] = "forged",
	[ZG_PROVED_OTHER_KEY] = "other_key",
	[ZG_PROVED_STALE] = "stale",
};

const char *zg_pay_says_name(enum zg_pay_says says)
{
	return says_names[says];
}

const char *zg_pay_proof_name(enum zg_pay_proof proof)
{
	return proof_names[proof];
}
