/* The driver's own parts: requests in lakala.c, answers in lakala_answer.c. */
#ifndef ZG_DRIVERS_PAY_LAKALA_PRIVATE_H
#define ZG_DRIVERS_PAY_LAKALA_PRIVATE_H

#include "drivers/pay/common.h"

#define ZG_LAKALA_PLATFORMS 4    /* certificates of the platform: the one in use, and the next */

struct zg_pay_keys {
	char *url[2], *appid, *serial, *merchant, *terminal, *request_ip;    /* owned; url[1] may be NULL */
	struct zg_rsa *secret, *platform[ZG_LAKALA_PLATFORMS];                /* owned */
	size_t platforms;
};

void zg_lakala_read(struct zg_pay_keys *keys, enum zg_pay_call call, const struct zg_pay_order *order, int64_t now_ms, const struct zg_http_reply *reply,
		    struct zg_pay_answer *answer);
#endif
