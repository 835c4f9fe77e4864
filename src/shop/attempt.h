/*
 * The rules of one attempt to get paid by phone: what may follow what, as one table. Pure.
 *
 * An attempt is a request for one amount under one order number. What the channel said, or did not say, comes in as an
 * event; the state that follows is the table's. Unknown is never taken for an answer: only proof ends an attempt. After the payment
 * sheet's states (7.3) and the shop's rule that a verified decline, with one query that agrees, frees the counter at once.
 */
#ifndef ZG_SHOP_ATTEMPT_H
#define ZG_SHOP_ATTEMPT_H

#include "src/shop/pay.h"

#define ZG_ATTEMPT_SETTLED_MS 30000    /* from the send on, "no such order" is a result; before, it may only be late to be seen */

struct zg_attempt {
	enum zg_pay_state state;
	bool is_declined;      /* a verified refusal was seen: ends as refused, not as cancelled */
	bool is_free;          /* the customer may try again: final and not paid, or declined and a query agreed */
	bool is_cancel_taken;  /* the channel accepted the cancelling without saying what came of it */
};

enum zg_pay_event {
	ZG_EVENT_SEND,         /* the paying request is about to leave */
	ZG_EVENT_NOT_SENT,     /* no byte of it left, and there is no other way to send it */
	ZG_EVENT_DOUBT,        /* no answer, or none that proves anything */
	ZG_EVENT_WAITING,      /* verified: the customer is paying, or our code is there to be scanned */
	ZG_EVENT_PAID,         /* verified: our merchant, our number, our amount */
	ZG_EVENT_MISMATCH,     /* verified, and asked twice: paid, but another amount */
	ZG_EVENT_DECLINED,     /* verified: the wallet said no, or the code is wrong, used or too old */
	ZG_EVENT_WRONG,        /* the paying request itself was wrong (key, clock, parameter), and nothing was done */
	ZG_EVENT_UNPAID,       /* a verified query: open and not paid */
	ZG_EVENT_MISSING,      /* a verified query: no such order */
	ZG_EVENT_GONE,         /* the same, ZG_ATTEMPT_SETTLED_MS after the send */
	ZG_EVENT_CLOSED,       /* verified: was not paid and cannot be any more */
	ZG_EVENT_CANCELLED,    /* verified: our cancelling took it back */
	ZG_EVENT_TAKEN,        /* verified: our cancelling was accepted; a query has to agree */
	ZG_EVENT_CANCEL,       /* the deadline, or people: take it back from here on */
	ZG_EVENT_LIMIT,        /* too old for the channel to cancel */
	ZG_EVENT_START,        /* the program starts and finds it under way */
};
#define ZG_PAY_EVENTS 17

/*
 * Takes the step. True: something of the attempt changed. False: nothing did, which is what most events are in a final state.
 * PAID is never left. A verified payment of one that ended unpaid becomes MANUAL: the channel contradicts itself, people must look. MANUAL is
 * left by a verified payment alone: that it is closed now may also mean that it was paid and given back.
 */
bool zg_attempt_step(struct zg_attempt *attempt, enum zg_pay_event event);

/* "send", ...: for journal, log and tests. Never NULL. */
const char *zg_pay_event_name(enum zg_pay_event event);
#endif
