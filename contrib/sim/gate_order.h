/*
 * What the wallets know of each order: who was charged, who got money back, and when. The three gateways are doors to this one
 * room; what a state is called, and who may do what, is theirs to say.
 *
 * Time moves orders: a customer pays, gives up, or the wallet drops a payment by itself. gate_order_run makes all of it happen that
 * is due, at the instant at which it was due, asked about or not.
 */
#ifndef SIM_GATE_ORDER_H
#define SIM_GATE_ORDER_H

#include "contrib/sim/gate_phone.h"
#include "contrib/sim/gate_words.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gate;

enum gate_way { GATE_SCANNED, GATE_SHOWN };    /* the till scanned the phone, or the phone scans the till */

enum gate_state {
	GATE_OPEN,        /* a code is shown; nobody paid */
	GATE_WAITING,     /* the customer was asked and has not answered */
	GATE_TYPING,      /* he types his password: cannot be taken back now */
	GATE_PAID,
	GATE_FAILED,      /* the wallet said no */
	GATE_CLOSED,      /* cannot be paid any more */
	GATE_REVERSED,    /* taken back; what was paid is with the customer again */
};

struct gate_refund {
	char number[GATE_NUMBER], no[GATE_NUMBER];    /* the merchant's, the gateway's */
	char print[65];                               /* of what was asked: the same again must be the same */
	char reason[128];
	struct gate_order *order;
	int64_t fen;
	int64_t asked_at, done_at;                    /* wall clock, ms; done_at 0: not yet */
	int64_t due;                                  /* running clock, ms; when it will be done */
	enum gate_refund_state { GATE_REFUNDING, GATE_REFUNDED, GATE_NOT_REFUNDED } state;
};

struct gate_order {
	enum gate_channel channel;
	enum gate_way way;
	enum gate_state state;
	char number[GATE_NUMBER], no[GATE_NUMBER];    /* the merchant's, the gateway's */
	char wallet_no[GATE_NUMBER];                  /* the wallet's, where the gateway stands before it */
	char print[65];
	char wallet[16], payer[40], device[40];
	char url[96];                                 /* of a code that the till shows, the last one that it was told; "" */
	char *title, *attach;
	int64_t fen, refunded_fen;
	int64_t made_at, paid_at, reversed_at;        /* wall clock, ms */
	int64_t reversed_fen;                         /* what came back when it was taken back */
	int64_t made;                                 /* running clock, ms */
	int64_t scan, act, dies;                      /* running clock: the phone scans it, acts, the wallet drops it; -1: never */
	int64_t code_dies;                            /* running clock: what the till shows cannot be scanned any more; -1: never */
	struct gate_plan plan;
	bool was_paid;                                /* also when it was taken back since */
	int asked;                                    /* queries so far */
	int cancels;                                  /* cancellings asked for so far */
	struct gate_refund **refunds;
	size_t refund_count, refund_room;
};

/* What a new order is; texts are copied. */
struct gate_wish {
	enum gate_channel channel;
	enum gate_way way;
	const char *number, *print, *wallet, *title, *attach, *device;
	int64_t fen;
	int64_t lives_ms;        /* until the gateway drops it unpaid; 0: never */
	int64_t code_lives_ms;   /* until a shown code is dead; 0: as long as the order */
};

/* The number is new to that channel. The phone decides at once, or later. */
struct gate_order *gate_order_add(struct gate *gate, const struct gate_wish *wish);
/* NULL: none. By the gateway's number too. */
struct gate_order *gate_order_find(struct gate *gate, enum gate_channel channel, const char *number);
struct gate_order *gate_order_find_no(struct gate *gate, enum gate_channel channel, const char *no);
struct gate_refund *gate_refund_find(struct gate *gate, enum gate_channel channel, const char *number);

bool gate_order_is_scanned(const struct gate *gate, const struct gate_order *order);

enum gate_took { GATE_TOOK_BACK_UNPAID, GATE_TOOK_BACK_PAID, GATE_TOOK_BACK_BEFORE, GATE_IS_TYPING };
/* Takes a payment back, paid or not; a sneaking customer pays just before. */
enum gate_took gate_order_cancel(struct gate *gate, struct gate_order *order);
/* Closes an order that nobody paid. False: somebody did (a sneaking customer just now), or it was taken back. */
bool gate_order_close(struct gate *gate, struct gate_order *order);
/* Gives back a part, which is not above what is left; done by itself after a while. */
struct gate_refund *gate_refund_add(struct gate *gate, struct gate_order *order, const char *number, int64_t fen, const char *print, const char *reason);
/* The phone does it now, whatever its plan was. Nothing when the order has ended. */
void gate_order_act(struct gate *gate, struct gate_order *order, const struct gate_plan *plan);

void gate_order_run(struct gate *gate);
/* Running ms until gate_order_run has something to do; -1: nothing is pending. */
int64_t gate_order_wait(const struct gate *gate);

/* What is known of it, as JSON; the caller lets it go. */
json_t *gate_order_json(const struct gate_order *order);
#endif
