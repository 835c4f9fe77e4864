/* The words that the simulated gateways share. */
#ifndef SIM_GATE_WORDS_H
#define SIM_GATE_WORDS_H

#define GATE_NUMBER 65    /* bytes of any order, refund or gateway number, its NUL included */

enum gate_channel { GATE_WECHAT, GATE_ALIPAY, GATE_LAKALA };
#define GATE_CHANNELS 3

enum gate_call { GATE_PAY, GATE_SHOW, GATE_QUERY, GATE_CANCEL, GATE_CLOSE, GATE_REFUND, GATE_REFUND_QUERY, GATE_BILL, GATE_BILL_FILE, GATE_KEYS };
#define GATE_CALLS 10

/* "wechat", "refund-query", ...; never NULL. */
const char *gate_channel_name(enum gate_channel channel);
const char *gate_call_name(enum gate_call call);
/* -1: no such word; the number of them: "any". */
int gate_channel_of(const char *name);
int gate_call_of(const char *name);
#endif
