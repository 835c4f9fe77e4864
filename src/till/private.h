/* What the files of src/till share about a till and a deed under way. Nobody else includes this. */
#ifndef ZG_TILL_PRIVATE_H
#define ZG_TILL_PRIVATE_H

#include "src/base/i18n.h"
#include "src/till/till.h"

#define ZG_PIN_TEXT 64
/* The till's own reason of a cancelled sale; English in the books, _() on paper. */
#define ZG_REASON_EMPTIED N_("all its lines were taken off")

struct zg_pins;
struct zg_queue;
struct zg_doorman;
struct zg_product_import;
struct zg_accounts;
struct zg_payment;
struct zg_teller;

struct zg_till {
	struct zg_till_parts parts;
	struct zg_log *log;
	struct zg_store *store;
	struct zg_config config;
	struct zg_pins *pins;
	struct zg_queue *queue;
	struct zg_accounts *accounts;    /* with the payment channels; NULL before they are read */
	struct zg_teller *teller;        /* NULL in a command */
	struct zg_payment *begun;        /* the payment whose act is being committed; owned, NULL else */
	struct zg_doorman *doorman;      /* NULL in a command */
	struct zg_person person;
	bool has_person, is_locked;      /* locked: the person stays, but acts need a PIN */
	struct zg_shift shift;
	bool has_shift;
	struct zg_sale *sale;            /* never NULL */
	int64_t sale_id;                 /* 0: nothing was rung yet */
	size_t hung;
	bool is_stale;                   /* the four above could not be read again and are of before */
	struct zg_last_sale last;
	struct zg_till_state state;
	struct zg_deed *deeds;           /* under way: waiting for a PIN, or long */
	uint64_t rest;                   /* timer of idle work */
	int64_t called_ms;               /* running clock: when an act last began or ended */
	int64_t rested_ms;               /* called_ms at the last rest: the same when nothing was done since */
	struct zg_product_import *import;    /* under way; NULL */
	uint64_t tidy;                   /* idle work on the product list; 0: none */
	int64_t lead_ms;                 /* of the wall clock over the running one, for noticing that it jumps back */
	struct zg_page_check *page_check;
};

struct zg_deed {
	struct zg_deed *next;
	struct zg_till *till;
	const struct zg_act *act;
	json_t *args, *answer;
	char *as, *pin, *with, *with_pin;
	int64_t uid;
	struct zg_person person, lender;
	bool has_lender, is_orphan;
	void (*done)(void *self, enum zg_result result, const json_t *answer, const struct zg_error *err);
	void (*progress)(void *self, int64_t finished, int64_t of);
	void *self;
	/* Set by an act's run: called after its commit, before done. It cannot fail: the books already say so. */
	void (*then)(struct zg_till *till, struct zg_deed *deed);
};

/* Sets who is signed in; the person's data is copied. */
void zg_till_sign_in(struct zg_till *till, const struct zg_person *person);
void zg_till_sign_out(struct zg_till *till);

/*
 * Reads sale, shift and hung sales from the books again: after a rollback what is in memory may be ahead of them. What cannot be
 * read leaves is_stale, and is read before the next act.
 */
enum zg_result zg_till_reload(struct zg_till *till, struct zg_error *err);

/* Notices a wall clock that jumped back, and writes it down. */
void zg_till_watch_clock(struct zg_till *till);

/* The open shift; ZG_INVALID with a sentence when there is none. */
enum zg_result zg_till_need_shift(const struct zg_till *till, struct zg_error *err);
/* Room on the disk for another sale; ZG_REFUSED with a sentence when there is little. */
enum zg_result zg_till_need_room(const struct zg_till *till, struct zg_error *err);
/* The business day of now. */
void zg_till_day(const struct zg_till *till, char day[ZG_DAY_TEXT]);
/* A clean, non-empty reason from the deed's arguments; ZG_INVALID with a sentence. */
enum zg_result zg_deed_reason(const struct zg_deed *deed, const char **reason, struct zg_error *err);
/* A sentence that must be seen, translated; ZG_ALARMS of them wait for a screen at most, then the oldest is in the log alone. */
__attribute__((format(printf, 2, 3))) void zg_till_raise(struct zg_till *till, const char *format, ...);
/* Cash is taken from the drawer as a part of another act: its row, journal, pulse and slip. Sets the deed's `then`. Anything but ZG_OK is to be rolled back. */
enum zg_result zg_cash_leaves(struct zg_till *till, struct zg_deed *deed, zg_fen amount, const char *reason, struct zg_error *err);
/* Checks the arguments against the act's fields. */
enum zg_result zg_act_check(const struct zg_act *act, const json_t *args, struct zg_error *err);
#endif
