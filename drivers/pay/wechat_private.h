/* The driver's own parts: the account in wechat.c, signatures in wechat_sign.c, WeChat's words in wechat_codes.c, the interfaces in the rest. */
#ifndef ZG_DRIVERS_PAY_WECHAT_PRIVATE_H
#define ZG_DRIVERS_PAY_WECHAT_PRIVATE_H

#include "drivers/pay/common.h"

#define ZG_WECHAT_KNOWN 16                  /* keys of the other side, old certificates among them */
#define ZG_WECHAT_CHECK "ZHANGGUI_CHECK"    /* an order that nobody has made */
#define ZG_WECHAT_TEXT  128                 /* of a title, with its NUL; 80 + NUL of a reason */

/* One key of WeChat's: a certificate under its serial, or the public key under its id. */
struct zg_wechat_known {
	char serial[80];
	struct zg_rsa *key;
};

struct zg_pay_keys {
	/* owned; NULL where the account has none */
	char *url[2], *appid, *merchant, *terminal, *serial, *notify_url, *request_ip, *api2_key, *api3_key, *public_key_id;
	struct zg_rsa *secret;
	struct zg_wechat_known known[ZG_WECHAT_KNOWN];
	size_t known_count;
	bool codepay;
};

struct zg_wechat_field {
	const char *name, *value;
};

/* -- signatures */

/* The Authorization header of a request to url, over the exact bytes of its body. */
void zg_wechat_authorize(const struct zg_pay_keys *keys, const struct zg_pay_moment *moment, struct zg_http_request *request);
/*
 * What the signature of an answer says, checked in this order: HTTP status, headers, clock, serial, signature; over the raw bytes. The serial that
 * signed it, cleaned, is copied into `serial`.
 */
enum zg_pay_proof zg_wechat_verify(const struct zg_wechat_known *known, size_t count, int64_t now_ms, const struct zg_http_reply *reply, char serial[80]);
/* Notes a key under its serial, unless that is known already; without room, in place of the certificate that ends first. Takes key over. */
void zg_wechat_know(struct zg_wechat_known *known, size_t *count, const char *serial, struct zg_rsa *key);
/* What V2 signs: fields by name, without `sign` and empty ones, and the key behind them. Appended to out. */
void zg_wechat_v2_text(const struct zg_wechat_field *fields, size_t count, const char *key, struct zg_buffer *out);
/* Its HMAC-SHA256. Returns sign. */
const char *zg_wechat_v2_sign(char sign[65], const struct zg_wechat_field *fields, size_t count, const char *key);

/* -- words */

/* What an error code says to a call; UNKNOWN when it is not listed. Before it is weighed. */
enum zg_pay_says zg_wechat_says(enum zg_pay_call call, const char *code);
/* A trade_state. */
enum zg_pay_says zg_wechat_state(const char *state);
/* What is left of it under that proof: without a signature nothing about money. */
enum zg_pay_says zg_wechat_weigh(enum zg_pay_says says, enum zg_pay_proof proof);
/*
 * What a verified state says of this order: PAID needs merchant, number and amount to be there (the till compares them); anything else is about
 * our order at our merchant, or unknown.
 */
enum zg_pay_says zg_wechat_about(enum zg_pay_says says, bool has_merchant, const struct zg_pay_order *order, const struct zg_pay_answer *answer);

/* -- interfaces */

bool zg_wechat_is_v2(const struct zg_pay_keys *keys, enum zg_pay_call call, enum zg_pay_way way);
enum zg_result zg_wechat_v3_build(const struct zg_pay_keys *keys, enum zg_pay_call call, const struct zg_pay_order *order, const struct zg_pay_moment *moment,
				  struct zg_http_request *request, struct zg_error *err);
void zg_wechat_v3_read(struct zg_pay_keys *keys, enum zg_pay_call call, const struct zg_pay_order *order, int64_t now_ms, const struct zg_http_reply *reply,
		       struct zg_pay_answer *answer);
/* The part of it behind the signature: answer->proof is set; body is NULL when it is no JSON. */
void zg_wechat_v3_understand(const struct zg_pay_keys *keys, enum zg_pay_call call, const struct zg_pay_order *order, int status, const json_t *body,
			     struct zg_pay_answer *answer);
enum zg_result zg_wechat_v2_build(const struct zg_pay_keys *keys, enum zg_pay_call call, const struct zg_pay_order *order, const struct zg_pay_moment *moment,
				  struct zg_http_request *request, struct zg_error *err);
/* The request's body: the fields and their signature. */
void zg_wechat_v2_body(const struct zg_wechat_field *fields, size_t count, const char *key, struct zg_buffer *out);
void zg_wechat_v2_read(const struct zg_pay_keys *keys, enum zg_pay_call call, const struct zg_pay_order *order, const struct zg_http_reply *reply,
		       struct zg_pay_answer *answer);
#endif
