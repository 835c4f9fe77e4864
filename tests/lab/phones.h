/*
 * What the phones were charged, by the ledger that the simulator's wallets keep (contrib/sim/gate_ledger.h), held against the till's books: nobody
 * is charged twice, nothing is charged that the books do not have, and nothing is called paid that was not charged.
 */
#ifndef ZG_TESTS_LAB_PHONES_H
#define ZG_TESTS_LAB_PHONES_H

#include "src/store/payments.h"
#include "tests/fault/tally.h"
#include "tests/unit/chance.h"

#include <stddef.h>

struct phone_account {
	char number[40];             /* of the order */
	zg_fen charged_fen, returned_fen;
	int charges;
	bool is_ours;                /* the books have it */
};

struct phones {
	struct phone_account *all;   /* by number */
	size_t count, room;
};

/* What the books say of all payments together. */
struct phones_sum {
	long paid, unpaid, manual, late, open;    /* late: paid, and all of it given back */
};

/* The ledger's lines. */
void phones_read(struct phones *phones, const char *text, size_t length);
void phones_read_file(struct phones *phones, const char *path);
void phones_clear(struct phones *phones);
/* NULL: that order cost nobody anything. */
struct phone_account *phones_of(const struct phones *phones, const char *number);

/* What a customer does next ("phone next ...") and which code he shows ("code ..."): lines of the gateways' control language, by lot. */
const char *phones_plan(struct chance *chance);
const char *phones_code(struct chance *chance);
/* Tells the gateways to spoil about every fifth request, in twenty ways: a line each, to be sent. */
void phones_spoil(void (*tell)(void *self, const char *line), void *self);

/*
 * Every payment of the books against the phones. What is not over yet is a failure, unless may_be_open; what people have to settle by hand is counted
 * and not compared.
 */
void phones_compare(struct phones *phones, const struct zg_store *store, bool may_be_open, struct tally *tally, struct phones_sum *sum);
/* After the books of every shop: what nobody knows of is a failure. */
void phones_compare_rest(const struct phones *phones, struct tally *tally);
#endif
