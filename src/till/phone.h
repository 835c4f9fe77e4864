/*
 * Payments by phone in the till: the teller, what a payment that is proved does to its sale, and what a sale may not do while one is under
 * way. For src/till alone.
 */
#ifndef ZG_TILL_PHONE_H
#define ZG_TILL_PHONE_H

#include "src/till/private.h"

/* At a counter: reads the shop's accounts and starts the teller. With a wrong setting or key file the till sells for cash, and an alarm says why. */
void zg_phone_open(struct zg_till *till);
void zg_phone_close(struct zg_till *till);

/* Adds to a sale that was read from the books what was paid for it by phone. */
enum zg_result zg_phone_restore(const struct zg_till *till, int64_t sale_id, struct zg_sale *sale, struct zg_error *err);
/* ZG_INVALID with a sentence while a payment of the sale may still come: its lines stand still, and nothing else is taken for it. */
enum zg_result zg_phone_need_rest(const struct zg_till *till, int64_t sale_id, struct zg_error *err);
/* The last payment that counts for the sale; false: none does. */
bool zg_phone_find_kept(const struct zg_till *till, int64_t sale_id, struct zg_payment *payment);
/* How many payments and refunds by phone wait for an end, for the status line. */
void zg_phone_count(struct zg_till *till);
/* Closes a sale that is paid in full, by phone at least in part, and waits for nothing more; every other is left as it is. No transaction is open. */
void zg_phone_close_paid(struct zg_till *till, int64_t sale_id);
/* The same with every hung sale: for a shift that is opened. */
void zg_phone_close_hung(struct zg_till *till);
#endif
