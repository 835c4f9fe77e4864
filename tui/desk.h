/*
 * What all screens of this till share: the app's context. Plain data, made by tui/tui.c; with it what every
 * screen has: the top line, the keys that lock and redraw, the auto-lock.
 */
#ifndef ZG_TUI_DESK_H
#define ZG_TUI_DESK_H

#include "src/io/loop.h"
#include "src/shop/pay.h"
#include "tui/app.h"

#include <stdbool.h>
#include <stdint.h>

struct zg_desk {
	struct zg_app *app;
	struct zg_till *till;
	struct zg_loop *loop;
	const char *greeting;      /* what the sign-in screen says below its fields: the demo's logins; NULL: nothing */
	void *waiting;             /* the order that waits for a lender; NULL: none */
	void *sent;                /* orders on their way, a list of tui/order.c's own */
	enum zg_wallet shown;      /* whose code was shown last; NONE: nobody's yet */
	int64_t odd_fen;           /* the large amount that a box asks about */
	enum zg_tender_kind outside_kind;    /* what boxes ask about: by what, */
	int64_t outside_fen;                 /* and how much */
	int64_t queued_ms;         /* running clock: since when some slip has waited for the printer; 0: none does */
	bool has_paper;            /* the demo's paper is shown beside the screen */
	uint64_t came;             /* payments by phone that were told */
	uint64_t alarmed;          /* sentences that must be seen that were shown */
	uint64_t commits;          /* in the books when the screen last read what it shows of them */
	int64_t last_key_ms;       /* running clock: for the auto-lock */
	struct zg_opening {        /* what the next screen opens with; read by its `opened` */
		char number[65];   /* a receipt's number */
	} opening;
	struct zg_asking {         /* the question of tui/reason.c that is open */
		int what;
		void (*done)(struct zg_app *app, void *self, const char *reason);
	} asking;
};

static inline struct zg_desk *zg_desk_of(const struct zg_app *app)
{
	return zg_app_context(app);
}

/* For zg_app_parts: fills the top line from the till; context is the desk. */
void zg_desk_status(void *context, struct zg_status *status);
/* The keys of every screen; the demo has some of its own. */
const struct zg_key *zg_desk_keys(const struct zg_till *till);
/* For zg_app_parts: tells what came by phone, and alarms; context is the desk. */
void zg_desk_hear(void *context);
/*
 * Locks a till that nobody touched for as long as its settings say, and asks for the next person where the one signed in
 * was locked out by a command. Has the screen read anew what a command, or the queue, changed in the books. Call it about
 * once a second.
 */
void zg_desk_look(struct zg_desk *desk);
#endif
