/* Alipay from the inside: one call under way, what it may say, and the calls. */
#ifndef SIM_GATE_ALIPAY_H
#define SIM_GATE_ALIPAY_H

#include "contrib/sim/gate.h"
#include "contrib/sim/gate_fields.h"

#include "src/base/json.h"

struct gate_alipay_call {
	struct gate *gate;
	struct gate_reply *reply;
	const json_t *asked;     /* biz_content */
	json_t *told;            /* the answer object; owned by the door */
};

/* code 10000: understood and done. The calls add to it. */
void gate_alipay_done(struct gate_alipay_call *call, const char *code, const char *text);
/* 40004 and why; `rule`: "" for what is no fault of the till's. */
void gate_alipay_fail(struct gate_alipay_call *call, const char *sub_code, const char *text, const char *rule);

#define GATE_ALIPAY_SIGNS "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"

/* A table of biz_content's members; false: it was refused. The second names a trade by either number. */
bool gate_alipay_check(struct gate_alipay_call *call, const struct gate_field *fields);
extern const struct gate_field gate_alipay_which[];
/* A6: there is no trade before somebody scans. NULL: none, which was said unless `quiet`. */
struct gate_order *gate_alipay_trade(struct gate_alipay_call *call, bool quiet);
/* What every answer about a trade has. */
void gate_alipay_tell_trade(struct gate_alipay_call *call, const struct gate_order *order);
void gate_alipay_set_yuan(struct gate_alipay_call *call, const char *name, int64_t fen);
/* What two requests with one number must have in common. Returns print. */
const char *gate_alipay_print(char print[GATE_DIGEST], const json_t *asked);

void gate_alipay_pay(struct gate_alipay_call *call);
void gate_alipay_precreate(struct gate_alipay_call *call);
void gate_alipay_query(struct gate_alipay_call *call);
void gate_alipay_cancel(struct gate_alipay_call *call);
void gate_alipay_close(struct gate_alipay_call *call);
void gate_alipay_refund(struct gate_alipay_call *call);
void gate_alipay_refund_query(struct gate_alipay_call *call);
void gate_alipay_bill(struct gate_alipay_call *call);
/* The bill itself, from the address that gate_alipay_bill gave (gate_bill.c). */
void gate_alipay_bill_file(struct gate *gate, const struct gate_request *request, struct gate_reply *reply);

/* "12.34"; returns text. */
const char *gate_yuan(char text[32], int64_t fen);
/* -1: no such amount. */
int64_t gate_yuan_read(const char *text);
#endif
