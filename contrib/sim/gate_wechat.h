/* What WeChat Pay's two protocols share: one merchant, one set of orders, one set of rules. */
#ifndef SIM_GATE_WECHAT_H
#define SIM_GATE_WECHAT_H

#include "contrib/sim/gate.h"

#include "src/base/json.h"

#define GATE_WECHAT_DROPS_MS 45000    /* a payment by code that nobody confirms is dropped by WeChat itself */

/* How a call of v3 ended, before it is signed. */
struct gate_v3 {
	struct gate *gate;
	const struct gate_request *request;
	struct gate_reply *reply;
	const char *path;
	const json_t *body;          /* NULL: none */
	char number[GATE_NUMBER];    /* from the path */
	json_t *answer;              /* owned */
};

/* An error of business: 4xx with code and message. rule: "" for what is no fault of the till's. */
void gate_v3_fail(struct gate_v3 *call, int status, const char *code, const char *message, const char *rule);
/* The calls; each fills reply->status and answer, or fails. */
void gate_v3_native(struct gate_v3 *call);
void gate_v3_codepay(struct gate_v3 *call);
void gate_v3_query(struct gate_v3 *call);
void gate_v3_query_no(struct gate_v3 *call);
void gate_v3_close(struct gate_v3 *call);
void gate_v3_reverse(struct gate_v3 *call);
void gate_v3_refund(struct gate_v3 *call);
void gate_v3_refund_query(struct gate_v3 *call);
void gate_v3_certificates(struct gate_v3 *call);
void gate_v3_trade_bill(struct gate_v3 *call);
void gate_v3_fund_bill(struct gate_v3 *call);
void gate_v3_bill_file(struct gate_v3 *call);

/* "SUCCESS", "REFUND", "NOTPAY", ...: WeChat's word for a state; and its own words for people. */
const char *gate_wechat_state(const struct gate_order *order);
const char *gate_wechat_state_text(const struct gate_order *order);

/* What W7 says about taking a payment back; NULL: `took` says what came of it. */
struct gate_no { const char *code, *text, *rule; };
const struct gate_no *gate_wechat_reverse(struct gate *gate, struct gate_order *order, enum gate_took *took);
/* What W8 says about a refund; NULL: *refund is it, new or as before. */
const struct gate_no *gate_wechat_refund(struct gate *gate, struct gate_order *order, const char *number, int64_t fen, int64_t total_fen,
					 const char *print, const char *reason, struct gate_refund **refund);
/* W9: the first look at an order finds nothing when so set. */
bool gate_wechat_lags(struct gate *gate, struct gate_order *order);
#endif
