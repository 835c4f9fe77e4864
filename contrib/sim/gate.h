/*
 * The payment gateways as one machine: WeChat Pay, Alipay and Lakala, the wallets behind them, and the customer.
 *
 * gate_answer takes the bytes of a request and gives the bytes of an answer; sockets are gate_http's. It is written from the channels'
 * own rules, with code of its own for every signature and every form, so that it can disagree with the till's drivers. What the phones
 * were charged is kept apart, in a ledger that only the wallets write.
 * Time is the clock that it was given.
 */
#ifndef SIM_GATE_H
#define SIM_GATE_H

#include "contrib/sim/gate_fault.h"
#include "contrib/sim/gate_ledger.h"
#include "contrib/sim/gate_map.h"
#include "contrib/sim/gate_order.h"
#include "contrib/sim/gate_phone.h"
#include "contrib/sim/gate_request.h"
#include "contrib/sim/gate_settings.h"
#include "contrib/sim/gate_shop.h"

#include "src/base/clock.h"

struct gate {
	const struct zg_clock *clock;
	const struct gate_shop *shop;        /* borrowed */
	struct gate_settings set;
	struct gate_phone phone;
	struct gate_faults faults;
	struct gate_ledger ledger;
	struct gate_map orders;              /* "wechat NUMBER" and "wechat-no NUMBER": each order twice */
	struct gate_map refunds;             /* "wechat NUMBER" */
	struct gate_order **pending;         /* what time still moves */
	size_t pending_count, pending_room;
	struct gate_order **all;             /* in the order in which they were made */
	size_t order_count, order_room;
	struct gate_map nonces;              /* "wechat NONCE": when it came */
	struct gate_map numbers;             /* of Lakala's: payments, revocations and refunds share one room (L4) */
	struct gate_map tokens;              /* of bills: token */
	struct gate_reply last[GATE_CHANNELS][GATE_CALLS];    /* the last good answer, to be given again by mistake */
	struct gate_fault fault;             /* what goes wrong with the request under way */
	bool is_repeat;                      /* the same request is run a second time */
	uint64_t lot;
	uint64_t serial;                     /* of numbers and nonces that the gateways make */
	char url[96], secure_url[96];        /* where the gateways are reached, for addresses in answers; "": not over HTTPS */
};

struct gate *gate_new(const struct zg_clock *clock, const struct gate_shop *shop, uint64_t seed);
void gate_free(struct gate *gate);       /* NULL is allowed */

/*
 * One request. reply starts zeroed and is cleared by the caller with gate_reply_clear. reply->rule says which rule refused, for
 * logs and tests; reply->wire what the line does to the answer.
 */
void gate_answer(struct gate *gate, const struct gate_request *request, struct gate_reply *reply);
/* Makes happen what is due; the same before each answer. */
void gate_run(struct gate *gate);

/* One line of the control language (contrib/sim/README.md); the answer, a line or more, is added to `answer`. False: not understood. */
bool gate_obey(struct gate *gate, const char *line, struct zg_buffer *answer);

/* ---- for the doors ---- */
int64_t gate_now(const struct gate *gate);        /* wall clock, ms */
int64_t gate_running(const struct gate *gate);
uint64_t gate_lot(struct gate *gate, uint64_t sides);    /* 0 to sides - 1, by the seed */
/* `count` random characters of [0-9a-z], and a NUL. */
void gate_nonce(struct gate *gate, char *text, int count);
/* False: seen within the last ten minutes. */
bool gate_nonce_is_new(struct gate *gate, enum gate_channel channel, const char *nonce);

/* What a faulty answer says instead of the truth. */
int64_t gate_told_fen(const struct gate *gate, int64_t fen);
const char *gate_told_number(const struct gate *gate, const char *number);
const char *gate_told_merchant(const struct gate *gate, const char *merchant);
/* A text of the gateway's for people; a hostile one when so ordered. */
const char *gate_told_text(const struct gate *gate, const char *text);
#endif
