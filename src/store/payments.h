/*
 * Payments by phone as rows: one attempt each, with everything that its channel said about it. The rules of what may follow what
 * are src/shop/attempt.h's; here they are kept, and the books refuse what would be no payment. Every write is inside a transaction
 * of the caller.
 */
#ifndef ZG_STORE_PAYMENTS_H
#define ZG_STORE_PAYMENTS_H

#include "src/base/text.h"
#include "src/shop/attempt.h"
#include "src/store/people.h"

#include <stddef.h>
#include <stdint.h>

struct zg_store;

#define ZG_PAYMENT_NUMBER 33    /* 20 to 32 of [0-9A-Z_], and a NUL: our order number, never used again */
#define ZG_PAYMENT_NO     65    /* the channel's own numbers */
#define ZG_PAYMENT_TEXT   160
#define ZG_PAYMENT_HASH   65    /* SHA-256 in hex, and a NUL */
#define ZG_PAYMENT_MERCHANT 97  /* whose contract with the channel: see zg_accounts_merchant; and a NUL */

struct zg_payment {
	int64_t id, sale_id;
	char number[ZG_PAYMENT_NUMBER];
	enum zg_channel channel;
	enum zg_wallet wallet;
	enum zg_pay_way way;
	zg_fen amount_fen;
	struct zg_attempt attempt;
	char let_go_by[2 * ZG_LOGIN_MAX + 2];          /* "": nobody */
	int64_t begun_at;
	char begun_by[ZG_LOGIN_MAX + 1];
	int64_t expires_at, sent_at, ended_at, paid_at;    /* 0: not */
	char code_hash[ZG_PAYMENT_HASH], code_end[5];
	char channel_no[ZG_PAYMENT_NO], statement_no[ZG_PAYMENT_NO], payer[ZG_PAYMENT_NO];
	char note[ZG_PAYMENT_TEXT];
	char merchant[ZG_PAYMENT_MERCHANT];            /* "": begun before it was kept */
	int64_t settled_at;                            /* people have ended one that was MANUAL; 0: nobody has */
	char settled_by[ZG_LOGIN_MAX + 1];
};

/*
 * A new attempt: sale_id, channel, wallet, way, amount_fen, merchant, begun_by, expires_at, code_hash and code_end are read; id, number, begun_at
 * and the state (NEW) are given. The number is the till's, the day's, this row's and six random characters: an old copy of the books
 * that is put back gives none of them again. ZG_INVALID: another attempt of the sale is under way, or the sale is closed.
 */
enum zg_result zg_payments_add(struct zg_store *store, int till_id, struct zg_payment *payment, struct zg_error *err);
/* Writes what may change: the attempt, let_go_by, the times, the channel's numbers, the note. */
enum zg_result zg_payments_set(struct zg_store *store, const struct zg_payment *payment, struct zg_error *err);
/* People have ended one that is MANUAL: nothing changes it any more. ZG_INVALID: it is not, or it still holds a sale that is open. */
enum zg_result zg_payments_settle(struct zg_store *store, int64_t id, const char *who, struct zg_error *err);

enum zg_result zg_payments_find(const struct zg_store *store, int64_t id, struct zg_payment *payment, struct zg_error *err);
enum zg_result zg_payments_find_number(const struct zg_store *store, const char *number, struct zg_payment *payment, struct zg_error *err);
/* The one that holds its sale: it may still be paid, and nobody has let it go. id 0: none does. */
enum zg_result zg_payments_find_holding(const struct zg_store *store, int64_t sale_id, struct zg_payment *payment, struct zg_error *err);
/* Not final, oldest first. *payments is the caller's, freed with free(); as in all the lists. */
enum zg_result zg_payments_open(const struct zg_store *store, struct zg_payment **payments, size_t *count, struct zg_error *err);
enum zg_result zg_payments_of_sale(const struct zg_store *store, int64_t sale_id, struct zg_payment **payments, size_t *count, struct zg_error *err);
/* Begun since that instant, newest first, at most `most`. */
enum zg_result zg_payments_since(const struct zg_store *store, int64_t since_at, size_t most, struct zg_payment **payments, size_t *count,
				 struct zg_error *err);
/* Begun from the one instant to before the other, oldest first. */
enum zg_result zg_payments_between(const struct zg_store *store, int64_t from_at, int64_t until_at, struct zg_payment **payments, size_t *count,
				   struct zg_error *err);
/* Not final, or to be settled by hand and nobody has: what stands by name on a Z, oldest first. */
enum zg_result zg_payments_in_doubt(const struct zg_store *store, struct zg_payment **payments, size_t *count, struct zg_error *err);
/* Paid, for sales that are not closed yet: they are in no Z's takings. */
enum zg_result zg_payments_waiting(const struct zg_store *store, struct zg_payment **payments, size_t *count, struct zg_error *err);
/* Whether a code with this hash was sent to a channel before. */
enum zg_result zg_payments_is_used(const struct zg_store *store, const char *code_hash, bool *used, struct zg_error *err);

/* What was asked and what came of it; texts borrowed, NULL or "": none. */
struct zg_payment_event {
	int64_t payment_id, refund_id;     /* refund_id 0: about the payment itself */
	int64_t at;                        /* given when it is added */
	const char *call, *event, *says, *proof;
	zg_fen amount_fen;                 /* that the channel named; -1: none */
	int status;
	const char *code, *words, *request_id, *serial, *body_hash;
	int64_t took_ms;
};

enum zg_result zg_payment_events_add(struct zg_store *store, const struct zg_payment_event *event, struct zg_error *err);
/* Oldest first; false from take ends it. What take gets is borrowed for its call. */
enum zg_result zg_payment_events_read(const struct zg_store *store, int64_t payment_id,
				      bool (*take)(const struct zg_payment_event *event, void *self), void *self, struct zg_error *err);
#endif
