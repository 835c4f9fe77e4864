/*
 * What the customer may see of a running till: the sale as it is rung, our code while it may be scanned, and that it is paid. Nothing of the
 * staff, no other sale.
 *
 * The view is an object:
 *   shop (its name)  sale (id; 0: none)  count (of its lines)  lines [{ name unit quantity_milli amount_fen }] (the last ZG_CUSTOMER_LINES)
 *   total_fen  received_fen  due_fen
 *   wallet (a zg_wallet's name; "": nothing is being paid by phone)  amount_fen  url (of a code of ours; "": none is to be scanned)
 *   is_asked (bool: the customer's own phone asks for a word)
 *   last { id total_fen change_fen } (the sale paid last; id 0: none)
 */
#ifndef ZG_TILL_CUSTOMER_H
#define ZG_TILL_CUSTOMER_H

#include "src/base/clock.h"
#include "src/base/json.h"
#include "src/base/result.h"

#define ZG_CUSTOMER_LINES 64

struct zg_till;
struct zg_customer;

/* The view, for who asks at the door. The caller lets it go. */
json_t *zg_customer_json(const struct zg_till *till);

/* Looks in on the till of that shop, again and again over one connection. Borrows both. */
struct zg_customer *zg_customer_new(const char *home, const struct zg_clock *clock);
void zg_customer_free(struct zg_customer *customer);
/*
 * The view as it is now, the caller's. ZG_NOT_FOUND: no till runs; anything else: it does not answer. *view is then NULL, and the next look
 * tries anew. Waits for at most about a second.
 */
enum zg_result zg_customer_look(struct zg_customer *customer, json_t **view, struct zg_error *err);
#endif
