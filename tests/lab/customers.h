/*
 * A shop at whose counter customers of all kinds pay by phone, by their codes and by ours, and every fifth request to the gateways is spoilt; all in
 * this process, by tests/lab/courier.h. Each payment is brought to its end, and at the end of a shop the books are held against the phones.
 *
 * One at a time in a process.
 */
#ifndef ZG_TESTS_LAB_CUSTOMERS_H
#define ZG_TESTS_LAB_CUSTOMERS_H

#include "tests/fault/tally.h"
#include "tests/lab/courier.h"
#include "tests/lab/phones.h"
#include "tests/unit/shop.h"

struct customers {
	struct courier courier;
	struct shop *shop;
	struct chance chance;
	struct tally *tally;
	char *settings;
	size_t from;                 /* bytes of the gateways' ledger before this shop */
	long payments;
	struct phones_sum sum;
};

/* Keys of both sides go into dir/gate; nothing is spoilt before the first shop. Ends the program when it cannot. */
void customers_begin(struct customers *c, const char *dir, struct tally *tally);
void customers_end(struct customers *c);
/* Another shop with gateways of their own, the same for the same seed; its till is not open yet, so that its directory can be watched first. */
void customers_found(struct customers *c, uint64_t seed);
void customers_open(struct customers *c);
/* The next one: a sale, his phone, and all that follows from it. */
void customers_serve(struct customers *c);
/* What the phones were charged is what the books say; the shop is gone after it. */
void customers_close(struct customers *c);
#endif
