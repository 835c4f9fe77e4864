/*
 * What an answer of a channel means for a payment: the driver says what the bytes say and whether they are proved; here it is decided
 * whether that is about our payment at all. Paid needs everything: the signature, our merchant, our number, our amount. Pure.
 */
#ifndef ZG_TILL_JUDGE_H
#define ZG_TILL_JUDGE_H

#include "src/io/pay.h"
#include "src/store/payments.h"

/*
 * sent_ms: since the paying request left. The event MISMATCH is a first suspicion: it counts when a second answer agrees (the teller asks).
 * Whatever proves nothing is DOUBT. call: CODE, SHOW, QUERY or CANCEL.
 */
enum zg_pay_event zg_judge(enum zg_pay_call call, const struct zg_payment *payment, const struct zg_pay_answer *answer, int64_t sent_ms);
#endif
