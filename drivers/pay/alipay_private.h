/* The driver's own parts: requests in alipay.c, the signed text in alipay_cut.c, answers in alipay_answer.c. */
#ifndef ZG_DRIVERS_PAY_ALIPAY_PRIVATE_H
#define ZG_DRIVERS_PAY_ALIPAY_PRIVATE_H

#include "drivers/pay/common.h"

struct zg_pay_keys {
	char *url[2], *appid, *seller, *notify_url;    /* owned; seller, notify_url and url[1] may be NULL */
	struct zg_rsa *secret, *alipay;                /* owned */
};

struct zg_alipay_param {
	const char *name, *value;
};

/* "alipay.trade.pay", ...; NULL: that call has none. */
const char *zg_alipay_method(enum zg_pay_call call);
/*
 * Fills a zeroed request as Alipay's own software makes it: the parameters and their signature in the address, in this order, biz_content in the
 * body. What is signed is everything, sorted by name, as it is before the encoding for the wire.
 */
void zg_alipay_request(const struct zg_rsa *secret, const char *url, const struct zg_alipay_param *params, size_t count, const char *biz_content,
		       struct zg_http_request *request);

/* Where a value lies in an answer's raw bytes; NULL: it is not there. */
struct zg_alipay_piece {
	const char *at;
	size_t length;
};
/*
 * Finds a member of the outermost object by walking over the members; strings, escapes and nested values are stepped over. False: the bytes
 * are no object, or end too early. Member names with escapes in them are not found.
 */
bool zg_alipay_cut(const char *bytes, size_t length, const char *name, struct zg_alipay_piece *piece);

void zg_alipay_read(struct zg_pay_keys *keys, enum zg_pay_call call, const struct zg_pay_order *order, int64_t now_ms, const struct zg_http_reply *reply,
		    struct zg_pay_answer *answer);
#endif
