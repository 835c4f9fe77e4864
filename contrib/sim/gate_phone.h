/*
 * The customer and his phone: what he does with the next order, by script, by lot, or as he was last told; and the codes that his
 * phone shows.
 */
#ifndef SIM_GATE_PHONE_H
#define SIM_GATE_PHONE_H

#include "contrib/sim/gate_map.h"

#include <stdbool.h>
#include <stdint.h>

struct gate;

enum gate_act {
	GATE_PAYS,        /* after after_ms; 0: within the till's own request */
	GATE_TYPES,       /* needs his password, which takes him after_ms; then pays */
	GATE_REFUSES,     /* the wallet, or he, says no after after_ms */
	GATE_VANISHES,    /* nothing more is heard of him */
	GATE_LATE,        /* pays after after_ms, and the wallet does not drop the payment before */
	GATE_SNEAKS,      /* pays at the very moment at which the till takes the payment back */
};

struct gate_plan {
	enum gate_act act;
	int64_t after_ms;
};

struct gate_phone {
	struct gate_plan standing;       /* what he does unless told otherwise */
	bool is_random;
	struct gate_plan *next;          /* what he does with the next ones, in order */
	size_t next_count, next_room;
	struct gate_map codes;           /* each code that was shown or scanned */
};

/* "pays", "pays-after 3000", ...; false: no such plan. */
bool gate_plan_read(const char *words, struct gate_plan *plan);
/* What he will do with an order now made. */
struct gate_plan gate_phone_decide(struct gate *gate);

/* A fresh code of that wallet ("wechat", "alipay", "unionpay", "ecny", "bestpay", "suning"), shown from now on. False: no such wallet. */
bool gate_phone_show(struct gate *gate, const char *wallet, char code[32]);
/* The wallet of a code by its first digits and its length; NULL: it is no payment code. */
const char *gate_code_wallet(const char *code);
/* The till scanned it. A code that nobody saw before counts as fresh. */
enum gate_code { GATE_CODE_FRESH, GATE_CODE_USED, GATE_CODE_OLD } gate_phone_scanned(struct gate *gate, const char *code);

void gate_phone_clear(struct gate_phone *phone);
#endif
