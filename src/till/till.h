/*
 * The till: the shop at work in this process.
 *
 * It owns the books (as their one writer), the sale being rung, the person signed in and the
 * queue for the printer. Screens read it through const pointers, which last until the loop's next
 * event, and change it only by zg_till_call.
 */
#ifndef ZG_TILL_TILL_H
#define ZG_TILL_TILL_H

#include "src/base/log.h"
#include "src/io/loop.h"
#include "src/io/pay.h"
#include "src/io/printer.h"
#include "src/shop/sale.h"
#include "src/store/people.h"
#include "src/store/sales.h"
#include "src/store/shifts.h"
#include "src/store/store.h"
#include "src/till/act.h"
#include "src/till/config.h"

struct zg_till;
struct zg_teller;

struct zg_till_parts {
	const char *home;
	const struct zg_clock *clock;
	struct zg_loop *loop;
	const struct zg_printer_driver *const *printers;    /* ends with NULL */
	const struct zg_pay_driver *const *payers;          /* the payment channels, ends with NULL; NULL: none */
	bool is_counter;       /* a screen is attached: listens on the control socket, resumes the open sale */
	bool takes_old;        /* opens an old copy of the books too, for journal.accept alone */
	const char *program;   /* path of zhanggui, which checks the books in a process of its own; NULL: they are not checked */
};

/* ZG_REFUSED: another till runs. See zg_store_open for the rest. Everything in parts is borrowed. */
enum zg_result zg_till_open(const struct zg_till_parts *parts, struct zg_till **till, struct zg_error *err);
void zg_till_close(struct zg_till *till);

/* Does an act. See struct zg_call. */
void zg_till_call(struct zg_till *till, const struct zg_call *call);
/* Nobody waits any more for the answers of calls with this self: the acts go on, `done` is not called. */
void zg_till_forget(struct zg_till *till, const void *self);

/* ---- what screens read ---- */

const struct zg_store *zg_till_store(const struct zg_till *till);
const struct zg_config *zg_till_config(const struct zg_till *till);
const struct zg_clock *zg_till_clock(const struct zg_till *till);
/* NULL: nobody is signed in. */
const struct zg_person *zg_till_person(const struct zg_till *till);
/* NULL: no shift is open. */
const struct zg_shift *zg_till_shift(const struct zg_till *till);
/* Signed in, but every act needs a PIN until session.start. */
bool zg_till_is_locked(const struct zg_till *till);
/* No act and no slip is under way. */
bool zg_till_is_idle(const struct zg_till *till);
/* Never NULL; empty between customers. */
const struct zg_sale *zg_till_sale(const struct zg_till *till);
int64_t zg_till_sale_id(const struct zg_till *till);       /* 0: no row yet */
size_t zg_till_hung(const struct zg_till *till);           /* how many sales are hung */

/* The sale last paid at this till since it started, for the screen after "paid". id 0: none. */
struct zg_last_sale {
	int64_t id;
	char number[ZG_CODE_MAX + 1];
	zg_fen total_fen, tendered_fen, change_fen;
};
const struct zg_last_sale *zg_till_last(const struct zg_till *till);

enum zg_lamp { ZG_LAMP_ABSENT, ZG_LAMP_WELL, ZG_LAMP_LOOK, ZG_LAMP_DOWN };

#define ZG_ALARMS 8

struct zg_till_state {
	enum zg_lamp printer, paper, drawer;
	size_t queued;            /* slips waiting for the printer */
	size_t unprinted;         /* slips that failed or may not be on paper */
	bool has_phone;           /* the shop takes payments by phone */
	size_t in_doubt;          /* payments by phone that are not over, or are to be settled by hand; refunds that did not arrive */
	bool is_low;              /* disk: no new sales */
	bool is_broken;           /* disk failed: nothing works any more */
	uint64_t alarmed;         /* sentences that must be seen (stale copy, damaged books, restored sale) since the till started */
	char alarms[ZG_ALARMS][ZG_ERROR_TEXT];    /* the last ones: see zg_till_alarm */
	uint64_t came;            /* payments by phone that came since the till started */
	char news[ZG_ERROR_TEXT]; /* of the last one, when it was for a sale that was hung: which, and how it stands; "" otherwise */
};
const struct zg_till_state *zg_till_state(const struct zg_till *till);
/* The n-th sentence that must be seen, from 0; "" when there is none, or when it is long ago. Borrowed until the loop's next event. */
const char *zg_till_alarm(const struct zg_till *till, uint64_t n);
const char *zg_till_newest_alarm(const struct zg_till *till);
/* Why slips wait, a sentence with what to do; "" when they do not. Borrowed until the loop's next event. */
const char *zg_till_printer_problem(const struct zg_till *till);

/* Payments by phone under way. NULL in a command. */
const struct zg_teller *zg_till_teller(const struct zg_till *till);

/* Documents of reports (src/shop/receipt.h), for screens, commands and paper. The caller owns them; NULL: err says why. */
json_t *zg_till_report(const struct zg_till *till, const struct zg_shift *shift, struct zg_error *err);    /* X while open, Z once closed */
json_t *zg_till_day_report(const struct zg_till *till, const char *day, struct zg_error *err);             /* the sum of its shifts */
json_t *zg_till_transactions(const struct zg_till *till, const char *day, struct zg_error *err);
#endif
