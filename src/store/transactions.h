/*
 * Everything that a day's shifts did with money or the drawer, in the order of the journal, from the journal: floats,
 * sales, refunds, cancelled sales, cash put in and taken out, openings of the drawer without a sale.
 */
#ifndef ZG_STORE_TRANSACTIONS_H
#define ZG_STORE_TRANSACTIONS_H

#include "src/shop/barcode.h"
#include "src/shop/tender.h"
#include "src/store/people.h"

#include <stddef.h>
#include <stdint.h>

struct zg_store;
struct zg_shift;
struct zg_totals;

enum zg_transaction_kind {
	ZG_TRANSACTION_FLOAT, ZG_TRANSACTION_SALE, ZG_TRANSACTION_REFUND, ZG_TRANSACTION_VOID,
	ZG_TRANSACTION_IN, ZG_TRANSACTION_OUT, ZG_TRANSACTION_DRAWER,
	ZG_TRANSACTION_KINDS
};

struct zg_transaction {
	int64_t seq, at;                       /* of the journal's row */
	int64_t shift_id;                      /* where it is counted */
	enum zg_transaction_kind kind;
	char number[ZG_CODE_MAX + 1];          /* of the receipt; of cash in or out the movement's; "" of the others */
	char origin[ZG_CODE_MAX + 1];          /* of a refund: the sale's number */
	char who[ZG_LOGIN_MAX + 1];
	char with[ZG_LOGIN_MAX + 1];           /* who lent the right; "" */
	char reason[ZG_REASON_MAX + 1];
	zg_fen amount_fen;                     /* what came in; below zero what went out. Of a cancelled sale what it came to: not counted */
	zg_fen discount_fen;                   /* of a sale, above zero */
	zg_fen rounding_fen;                   /* taken off a sale (above zero) or a refund */
	bool is_tender[ZG_TENDER_KINDS];       /* what it was paid with */
	zg_fen tender_fen[ZG_TENDER_KINDS];    /* kept; below zero given back */
};

/* "float", "sale", "refund", "void", "in", "out", "drawer". */
const char *zg_transaction_name(enum zg_transaction_kind kind);
/* Of a day, oldest first. *list is the caller's, freed with free(). ZG_INVALID: a row's seal does not fit; it is named. */
enum zg_result zg_transactions_of_day(const struct zg_store *store, const char *day, struct zg_transaction **list, size_t *count,
				      struct zg_error *err);
/* Whether a day's list comes to what its totals tell, all shifts together. Results as below. */
enum zg_result zg_transactions_come_to(const struct zg_transaction *list, size_t count, const struct zg_totals *totals, struct zg_error *err);
/* Whether the journal tells of a shift what its totals tell. ZG_INVALID: it does not, and whoever reads them must not believe them. */
enum zg_result zg_transactions_agree(const struct zg_store *store, const struct zg_shift *shift, const struct zg_totals *totals,
				     struct zg_error *err);
#endif
