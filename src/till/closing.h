/*
 * The end of a sale in the books: its number, its journal row, its closed rows, the pulse for the drawer and the slip, all inside the
 * transaction of whoever closes it: the cashier who takes the money, or a payment by phone that succeeds. For src/till alone.
 */
#ifndef ZG_TILL_CLOSING_H
#define ZG_TILL_CLOSING_H

#include "src/till/private.h"

struct zg_closing {
	const struct zg_sale *sale;     /* paid in full */
	int64_t sale_id;
	struct zg_deed *deed;           /* the act that closes it; NULL: none, and the row is who's */
	const char *who, *cashier;      /* login, and the name for the slip */
	bool has_cash;                  /* the drawer opens */
	char number[ZG_CODE_MAX + 1];   /* given */
	struct zg_journal_mark mark;    /* given */
};

/* The open shift is there: see zg_till_need_shift. Anything but ZG_OK is for the caller to roll back. */
enum zg_result zg_closing_run(struct zg_till *till, struct zg_closing *closing, struct zg_error *err);

/* The next receipt number, which a rollback gives back; fills close->receipt_no, number, shift_id, day and reason "". */
enum zg_result zg_closing_number(const struct zg_till *till, struct zg_sale_close *close, char number[ZG_CODE_MAX + 1], struct zg_error *err);
/* A tender as the journal has it; the caller's. */
json_t *zg_closing_tender(const struct zg_tender *tender);
/* The pulse and the slip, as rows: the pulse first, so that the drawer is open while the paper comes. document is taken over. */
enum zg_result zg_closing_slip(struct zg_till *till, const char *kind, int64_t sale_id, bool has_cash, const char *reason,
			       const char *who, json_t *document, struct zg_error *err);
#endif
