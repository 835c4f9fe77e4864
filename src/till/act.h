/*
 * Acts: everything that changes the shop, as a table.
 *
 * An act has a name, typed arguments and an answer, each with a JSON form, and the right it
 * needs. Screens and commands only build calls; the till checks them, asks for PINs, runs the act
 * in one transaction with its journal row, and tells how it ended. While a till runs, a command's
 * call travels over its control socket and ends the same way.
 */
#ifndef ZG_TILL_ACT_H
#define ZG_TILL_ACT_H

#include "src/base/json.h"
#include "src/base/result.h"
#include "src/shop/right.h"
#include "src/store/journal.h"
#include "src/store/store.h"

#include <stdbool.h>
#include <stddef.h>

struct zg_till;
struct zg_deed;

enum zg_field_type { ZG_FIELD_TEXT, ZG_FIELD_INTEGER, ZG_FIELD_BOOLEAN, ZG_FIELD_OBJECT, ZG_FIELD_ARRAY };

struct zg_field {
	const char *name;
	enum zg_field_type type;
	bool is_needed;
	int64_t least, most;    /* integers: range; text: bytes; arrays and objects: members */
};

#define ZG_ACT_FIELDS 14

struct zg_act {
	const char *name;              /* "sale.add" */
	const char *title;             /* msgid: what it does, for lists and lent rights */
	enum zg_right right;
	bool is_open_to_all;           /* needs nobody signed in (signing in itself) */
	enum zg_sync sync;
	struct zg_field fields[ZG_ACT_FIELDS];    /* ends with a NULL name */
	/*
	 * Runs inside the act's transaction. Fills zg_deed_answer(deed); any result but ZG_OK rolls back.
	 * NULL when the act is long and has `start`.
	 */
	enum zg_result (*run)(struct zg_till *till, struct zg_deed *deed, struct zg_error *err);
	/* A long act: begins, and calls zg_deed_end() later from the loop; opens its own small transactions. */
	void (*start)(struct zg_till *till, struct zg_deed *deed);
};

/* A call of an act. Everything is copied by zg_till_call. */
struct zg_call {
	const char *act;
	const json_t *args;          /* an object; NULL for none */
	const char *as, *pin;        /* who; NULL: the person signed in at this till */
	const char *with, *with_pin; /* a second person, who lends the right; NULL: nobody */
	const int64_t *uid;          /* the OS user of the process that asks, for the journal; NULL: this one's */
	/* Called once, in the loop or before zg_till_call returns. answer is borrowed; err only when result is not ZG_OK. */
	void (*done)(void *self, enum zg_result result, const json_t *answer, const struct zg_error *err);
	void (*progress)(void *self, int64_t finished, int64_t of);    /* NULL: not wanted */
	void *self;
};

/* The table, ending with a NULL name. */
const struct zg_act *const *zg_acts(void);
const struct zg_act *zg_act_find(const char *name);

/* ---- for the acts themselves ---- */

const json_t *zg_deed_args(const struct zg_deed *deed);
json_t *zg_deed_answer(struct zg_deed *deed);               /* an object to fill */
const char *zg_deed_who(const struct zg_deed *deed);        /* login */
enum zg_role zg_deed_role(const struct zg_deed *deed);      /* the higher of the two persons' */
/* The person, or the lender, has it; else ZG_REFUSED, and the answer's "needs" names it. For a right that depends on the arguments. */
enum zg_result zg_deed_need(const struct zg_deed *deed, enum zg_right right, struct zg_error *err);
/* Adds the journal row of this act: body gets "with" when a right was lent. body is taken over. */
enum zg_result zg_deed_note(struct zg_deed *deed, const char *kind, json_t *body, struct zg_journal_mark *mark,
			    struct zg_error *err);
void zg_deed_progress(struct zg_deed *deed, int64_t finished, int64_t of);
/* Ends a long act. err may be NULL when result is ZG_OK. */
void zg_deed_end(struct zg_deed *deed, enum zg_result result, const struct zg_error *err);
/* True when the caller went away; a long act may stop. */
bool zg_deed_is_orphan(const struct zg_deed *deed);
#endif
