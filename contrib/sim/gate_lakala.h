/* Lakala from the inside: one call under way, what it may say, and the calls. */
#ifndef SIM_GATE_LAKALA_H
#define SIM_GATE_LAKALA_H

#include "contrib/sim/gate.h"
#include "contrib/sim/gate_fields.h"

#include "src/base/json.h"

struct gate_lakala_call {
	struct gate *gate;
	struct gate_reply *reply;
	const json_t *asked;         /* req_data */
	const char *done;            /* the code of success here: "BBS00000" or "000000" */
	char code[16];
	const char *text;            /* msg */
	json_t *told;                /* resp_data, owned by the door; NULL: none */
};

/* Codes that the public documents do not give; ours here. Any code that a till does not know is "query first". */
#define GATE_LAKALA_WRONG   "BBS00003"    /* a parameter */
#define GATE_LAKALA_USED    "BBS11108"    /* the number was used before */
#define GATE_LAKALA_NONE    "BBS11114"    /* no such payment */
#define GATE_LAKALA_NO      "BBS12105"    /* the wallet said no */
#define GATE_LAKALA_STATE   "BBS11116"    /* not in this state */

/* Members that several calls have. */
#define GATE_LAKALA_AMOUNT 12    /* digits */
#define GATE_LAKALA_WHO \
	{ "merchant_no",  GATE_TEXT, true, 1, 32, NULL, NULL }, \
	{ "term_no",      GATE_TEXT, true, 1, 32, NULL, NULL }
extern const struct gate_field gate_lakala_location[];    /* of location_info; gate_lakala.c */

void gate_lakala_say(struct gate_lakala_call *call, const char *code, const char *text, const char *rule);

/* A table of req_data's members (L3); false: it was refused. */
bool gate_lakala_check(struct gate_lakala_call *call, const struct gate_field *fields);
/* Fen as digits without a zero in front; -1: not that. */
int64_t gate_lakala_fen(const json_t *asked, const char *name);
/* L4. False: the number was used before, for whatever. */
bool gate_lakala_take_number(struct gate_lakala_call *call);
/* What every answer about a payment, or a refund, has. */
void gate_lakala_tell_order(struct gate_lakala_call *call, const struct gate_order *order);
void gate_lakala_tell_refund(struct gate_lakala_call *call, const struct gate_refund *refund, const char *state);
const char *gate_lakala_refund_state(const struct gate_refund *refund);

void gate_lakala_micropay(struct gate_lakala_call *call);
void gate_lakala_preorder(struct gate_lakala_call *call);
void gate_lakala_query(struct gate_lakala_call *call);
void gate_lakala_revoke(struct gate_lakala_call *call);
void gate_lakala_close(struct gate_lakala_call *call);
void gate_lakala_refund(struct gate_lakala_call *call);          /* labs */
void gate_lakala_unified(struct gate_lakala_call *call);         /* the recommended one */
void gate_lakala_unified_query(struct gate_lakala_call *call);
#endif
