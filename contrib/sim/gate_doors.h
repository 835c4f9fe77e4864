/* The doors: what each gateway calls its calls, and what it says. One a protocol, joined in gate.c. */
#ifndef SIM_GATE_DOORS_H
#define SIM_GATE_DOORS_H

#include "contrib/sim/gate.h"

struct gate_door {
	enum gate_channel channel;
	/* Is it for this door? If so, which call? */
	bool (*knows)(const struct gate_request *request, const char *path, enum gate_call *call);
	/* reply->channel and call are filled. Signs what it says; gate->fault says what is to be wrong with that. */
	void (*answer)(struct gate *gate, const struct gate_request *request, struct gate_reply *reply);
};

extern const struct gate_door gate_wechat_v3;
extern const struct gate_door gate_wechat_v2;
extern const struct gate_door gate_alipay;
extern const struct gate_door gate_lakala;
#endif
