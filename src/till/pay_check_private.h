/* What the two files of the check share. Nobody else includes this. */
#ifndef ZG_TILL_PAY_CHECK_PRIVATE_H
#define ZG_TILL_PAY_CHECK_PRIVATE_H

#include "src/till/pay_check.h"

/* Fills in what the reply says of the question; channel, way, address and skew are there. */
void zg_pay_check_judge(struct zg_pay_finding *finding, const struct zg_channel_config *channel, const struct zg_pay_answer *answer,
			const struct zg_http_reply *reply);
#endif
