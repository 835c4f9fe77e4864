/*
 * How a screen asks the till to do something: an act, its arguments, and what follows.
 *
 * When the person signed in lacks the right, a box asks a supervisor to lend it for this one act;
 * the cashier does not change. What went wrong is said in the message line; only success goes on.
 */
#ifndef ZG_TUI_ORDER_H
#define ZG_TUI_ORDER_H

#include "src/base/json.h"
#include "src/shop/right.h"
#include "tui/app.h"

struct zg_order {
	const char *act;
	json_t *args;              /* taken over; NULL for none */
	enum zg_right right;       /* what this act with these arguments needs; NONE: the act's own */
	const char *second;        /* translated: why another person has to sign too, whatever the rights; NULL: none */
	/* After success. answer is borrowed; data is what stands below. */
	void (*done)(struct zg_app *app, const json_t *answer, int64_t data);
	/* After a failure, when the message line is not enough. NULL: the line. */
	void (*failed)(struct zg_app *app, enum zg_result result, const json_t *answer, const struct zg_error *err, int64_t data);
	int64_t data;
};

/* An act was sent and is not answered yet: a lender's PIN is being checked. */
bool zg_order_is_under_way(const struct zg_app *app);
void zg_order_send(struct zg_app *app, const struct zg_order *order);
/* Lets go of the orders that wait for a lender or an answer: before the app is closed. */
void zg_order_forget(struct zg_app *app);
#endif
