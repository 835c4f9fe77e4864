/* What goes wrong with requests, by order or by lot: on the line, in the gateway, in its answers. */
#ifndef SIM_GATE_FAULT_H
#define SIM_GATE_FAULT_H

#include "contrib/sim/gate_words.h"

#include "src/base/buffer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gate;

enum gate_wrong {
	GATE_RIGHT,              /* nothing */
	/* the line */
	GATE_DROP_BEFORE,        /* the connection ends; nothing was done */
	GATE_DROP_AFTER,         /* it was done; the connection ends without an answer */
	GATE_HOLD,               /* it is done `value` ms later, and only then answered */
	GATE_DELAY,              /* it is done; the answer leaves `value` ms later */
	GATE_TRUNCATE,           /* half of the answer */
	GATE_DRIP,               /* the answer comes a byte a second */
	/* the gateway */
	GATE_ERROR_BEFORE,       /* HTTP `value` (500); nothing was done */
	GATE_ERROR_AFTER,        /* HTTP `value` (500); it was done */
	GATE_BUSY_BEFORE,        /* the channel's own "system error"; nothing was done */
	GATE_BUSY_AFTER,         /* the channel's own "system error"; it was done */
	GATE_RATE,               /* too many requests; nothing was done */
	GATE_NO_BALANCE,         /* a refund: the merchant has not enough; nothing was done */
	GATE_DUPLICATE,          /* the line delivered it twice; the second answer comes */
	GATE_REPLAY,             /* it is done; an earlier answer to the same call comes once more */
	/* the answer's signature */
	GATE_UNSIGNED, GATE_BAD_SIGNATURE, GATE_PROBE, GATE_WRONG_SERIAL, GATE_STALE, GATE_ALTERED,
	/* rightly signed, and untrue or hostile */
	GATE_WRONG_AMOUNT, GATE_WRONG_MERCHANT, GATE_WRONG_NUMBER,
	GATE_HOSTILE_TEXT,       /* ESC sequences, right-to-left marks and a very long text where words for people stand */
	GATE_BROKEN_UTF8,
	GATE_TEXT_NUMBERS,       /* numbers as texts, texts as numbers */
	GATE_HUGE,               /* 10 MB of white space behind the answer */
	GATE_HTML,               /* a hotel's "please sign in", with 200 */
	GATE_REDIRECT,           /* 302 to http on another host */
};
#define GATE_WRONGS 30

struct gate_fault {
	enum gate_wrong wrong;
	int64_t value;
};

struct gate_order_of_faults {
	int channel, call;            /* the number of them: any */
	struct gate_fault fault;
	int left;                     /* so many more; -1: by lot */
	unsigned permille;
};

struct gate_faults {
	struct gate_order_of_faults *orders;
	size_t count, room;
	int64_t done[GATE_CHANNELS][GATE_CALLS][GATE_WRONGS];    /* how often each came */
};

/*
 * "CHANNEL CALL KIND[=VALUE] [COUNT|PERCENT%]" (COUNT 1 unless said), or "off". False: not understood.
 * CHANNEL and CALL may be "any".
 */
bool gate_fault_order(struct gate_faults *faults, const char *words);
/* What goes wrong with the next request of that kind: the first order that fits and, if by lot, is drawn. */
struct gate_fault gate_fault_take(struct gate *gate, enum gate_channel channel, enum gate_call call);
const char *gate_fault_name(enum gate_wrong wrong);
/* "CHANNEL CALL KIND COUNT" a line, of what came so far. */
void gate_fault_list(const struct gate_faults *faults, struct zg_buffer *out);
void gate_faults_clear(struct gate_faults *faults);
#endif
