/* WeChat Pay V2 from the inside: one call under way, what it may say, and the calls. */
#ifndef SIM_GATE_WECHAT_V2_H
#define SIM_GATE_WECHAT_V2_H

#include "contrib/sim/gate_wechat.h"
#include "contrib/sim/gate_xml.h"

struct gate_v2 {
	struct gate *gate;
	struct gate_reply *reply;
	struct gate_pairs asked, told;
	bool is_md5;
	bool is_file;                /* the body is there, and is no XML */
};

/* The request was not understood: no signature. */
void gate_v2_fail(struct gate_v2 *call, const char *text, const char *rule);
/* Understood; the calls add to it. */
void gate_v2_begin(struct gate_v2 *call);
/* Understood, and the answer is no. */
void gate_v2_refuse(struct gate_v2 *call, const char *code, const char *text, const char *rule);

void gate_v2_micropay(struct gate_v2 *call);
void gate_v2_query(struct gate_v2 *call);
void gate_v2_reverse(struct gate_v2 *call);
void gate_v2_refund(struct gate_v2 *call);
void gate_v2_refund_query(struct gate_v2 *call);
void gate_v2_close(struct gate_v2 *call);
void gate_v2_trade_bill(struct gate_v2 *call);
void gate_v2_fund_bill(struct gate_v2 *call);
#endif
