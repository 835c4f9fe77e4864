/* A shop with a payment by phone, by a channel that is set up and cannot be reached: what the channel says is said by the test. */
#ifndef ZG_TEST_BY_PHONE_H
#define ZG_TEST_BY_PHONE_H

#include "src/io/pay.h"
#include "src/store/pay_refunds.h"
#include "tests/unit/shop.h"

/* For a shop of the test's own: a configuration with the channel, and what it is opened with (shop->payers). */
extern const char by_phone_config[];
extern const struct zg_pay_driver *const by_phone_channels[];
extern const struct zg_pay_driver by_phone_driver;    /* theirs, to be copied with another time table or channel */
extern bool by_phone_builds;    /* its requests can be made, and go to a port where nobody listens; false at first */

/* Writable, for what no act does. */
struct zg_store *by_phone_store(const struct shop *shop);
/* What the act does: the payment in the books as sent, with its row of the journal. */
void by_phone_send(struct shop *shop, struct zg_payment *payment);
/* A sale of 39.90, and a payment of lin's for so much of it that was sent when the till ended. It is signed in again, and ends with shop_end. */
int64_t by_phone_begin(struct shop **shop, bool has_channel, zg_fen amount);
struct zg_payment by_phone_payment(struct shop *shop, int64_t id);
/* The channel proves it. */
void by_phone_prove(struct shop *shop, int64_t id);
/* How many there are of it, and the newest. */
size_t by_phone_refunds(struct shop *shop, int64_t payment, struct zg_pay_refund *last);
/* What the channel says of it, in the books and in the journal. */
void by_phone_refund_is(struct shop *shop, struct zg_pay_refund *refund, enum zg_pay_refund_state state);
#endif
