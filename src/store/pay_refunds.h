/* Money that goes back through the channel it came by. A row keeps its number for every try; see payments.h. */
#ifndef ZG_STORE_PAY_REFUNDS_H
#define ZG_STORE_PAY_REFUNDS_H

#include "src/store/payments.h"

enum zg_pay_refund_state {
	ZG_PAY_REFUND_NEW,        /* in the books, nothing was sent */
	ZG_PAY_REFUND_RUNNING,    /* sent: accepted, or its answer is not known */
	ZG_PAY_REFUND_DONE,       /* final: the money is on its way to the customer */
	ZG_PAY_REFUND_FAILED,     /* final: it did not happen, and will not under this number */
	ZG_PAY_REFUND_MANUAL,     /* the channel cannot by itself; people go on in its own pages, and it is asked until they have */
};
#define ZG_PAY_REFUND_STATES 5

struct zg_pay_refund {
	int64_t id, payment_id;
	int64_t sale_id;                    /* the refund that it belongs to; 0: the payment came too late for its sale */
	char number[ZG_PAYMENT_NUMBER];
	zg_fen amount_fen;
	enum zg_pay_refund_state state;
	int64_t begun_at;
	char begun_by[ZG_LOGIN_MAX + 1];    /* "-": the till by itself */
	int64_t ended_at;
	char channel_no[ZG_PAYMENT_NO];
	char reason[ZG_REASON_MAX + 1], note[ZG_PAYMENT_TEXT];
	int64_t settled_at;                 /* people have ended one that was left to them another way; 0: nobody has */
	char settled_by[ZG_LOGIN_MAX + 1];
};

const char *zg_pay_refund_state_name(enum zg_pay_refund_state state);
const char *zg_pay_refund_state_title(enum zg_pay_refund_state state);    /* msgid */
/* For people, msgid: its state, or that people have settled it. */
const char *zg_pay_refund_end_title(const struct zg_pay_refund *refund);

/*
 * A new one: payment_id, sale_id, amount_fen, begun_by and reason are read; id, number, begun_at and the state are given.
 * ZG_INVALID: all refunds of the payment together would be above it, or it is not paid.
 */
enum zg_result zg_pay_refunds_add(struct zg_store *store, int till_id, struct zg_pay_refund *refund, struct zg_error *err);
/* Writes state, ended_at, channel_no and note. */
enum zg_result zg_pay_refunds_set(struct zg_store *store, const struct zg_pay_refund *refund, struct zg_error *err);
/*
 * The money went back another way: it counts as given back, is not asked about any more, and nothing changes it. ZG_INVALID: it is under way
 * or done, was tried again, or more than was paid would have gone back.
 */
enum zg_result zg_pay_refunds_settle(struct zg_store *store, int64_t id, const char *who, struct zg_error *err);
enum zg_result zg_pay_refunds_find(const struct zg_store *store, int64_t id, struct zg_pay_refund *refund, struct zg_error *err);
/* By our number of it. */
enum zg_result zg_pay_refunds_find_number(const struct zg_store *store, const char *number, struct zg_pay_refund *refund, struct zg_error *err);
/* Not final, oldest first; by hand too, until people have ended it. *refunds is the caller's, freed with free(). */
enum zg_result zg_pay_refunds_open(const struct zg_store *store, struct zg_pay_refund **refunds, size_t *count, struct zg_error *err);
/* Those, and what failed and was neither tried again nor settled: what stands by name on a Z. */
enum zg_result zg_pay_refunds_in_doubt(const struct zg_store *store, struct zg_pay_refund **refunds, size_t *count, struct zg_error *err);
enum zg_result zg_pay_refunds_of(const struct zg_store *store, int64_t payment_id, struct zg_pay_refund **refunds, size_t *count,
				 struct zg_error *err);
/* What may still go back of a paid payment: its amount less all refunds that did not fail or were settled another way. 0 of one that is not paid. */
enum zg_result zg_pay_refunds_left(const struct zg_store *store, int64_t payment_id, zg_fen *left, struct zg_error *err);
#endif
