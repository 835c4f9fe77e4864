/*
 * Sales and refunds as rows: the one being rung, the hung ones, and the closed ones that no
 * one changes any more. Every write is inside a transaction of the caller.
 */
#ifndef ZG_STORE_SALES_H
#define ZG_STORE_SALES_H

#include "src/base/clock.h"
#include "src/shop/refund.h"
#include "src/shop/sale.h"
#include "src/store/journal.h"
#include "src/store/people.h"

#include <stdint.h>

struct zg_store;

enum zg_sale_state { ZG_SALE_OPEN, ZG_SALE_HUNG, ZG_SALE_PAID, ZG_SALE_VOID };

/* A sale's own row. Of a refund the amounts are negative; its rounding may be above zero (see src/shop/refund.h). */
struct zg_sale_record {
	int64_t id;
	bool is_refund;
	enum zg_sale_state state;
	int64_t opened_at, hung_at, closed_at;    /* 0: not yet */
	char cashier[ZG_LOGIN_MAX + 1], closed_by[ZG_LOGIN_MAX + 1];
	int64_t shift_id;                         /* 0: not closed yet */
	char day[ZG_DAY_TEXT];
	int64_t receipt_no;                       /* 0: none */
	char number[ZG_CODE_MAX + 1];             /* "" without */
	int64_t origin_id;                        /* of a refund; 0 */
	zg_fen total_fen, rounding_fen;           /* the customer paid total - rounding */
	char reason[ZG_REASON_MAX + 1];
	int64_t journal_seq;
	char anchor[ZG_ANCHOR_TEXT];
};

/* ---- the sale being rung ---- */

/* Makes an open sale's row; *id is its number inside the store. */
enum zg_result zg_sales_begin(struct zg_store *store, const char *cashier, int64_t *id, struct zg_error *err);
/*
 * Makes the books hold this sale: lines (when one was added is kept from the first time), discounts, the total so far.
 * Writes the rows that differ from what is stored, and no others.
 */
enum zg_result zg_sales_save(struct zg_store *store, int64_t id, const struct zg_sale *sale, struct zg_error *err);
/* From open to hung, and back to open. */
enum zg_result zg_sales_hang(struct zg_store *store, int64_t id, struct zg_error *err);
enum zg_result zg_sales_take(struct zg_store *store, int64_t id, struct zg_error *err);
enum zg_result zg_sales_void(struct zg_store *store, int64_t id, const char *who, const char *reason, int64_t shift_id,
			     int64_t journal_seq, struct zg_error *err);

/* Money that was taken outside the till, booked while its sale is open; its references come back with zg_sales_load. */
enum zg_result zg_sales_add_outside(struct zg_store *store, int64_t id, const struct zg_tender *tender, struct zg_error *err);
/* Takes back the one that was booked last. ZG_NOT_FOUND: there is none. *tender: what it was. */
enum zg_result zg_sales_drop_outside(struct zg_store *store, int64_t id, struct zg_tender *tender, struct zg_error *err);

/* What closes a sale. */
struct zg_sale_close {
	int64_t id;
	const char *who, *day, *number, *reason;
	int64_t shift_id, receipt_no;
	const struct zg_journal_mark *mark;
};

/*
 * Writes lines, discounts, tenders and the closed row. Every line is read back and compared first (ZG_BROKEN: it is not the
 * one on the screen), and the database's triggers check that all adds up.
 */
enum zg_result zg_sales_close(struct zg_store *store, const struct zg_sale_close *close, const struct zg_sale *sale,
			      struct zg_error *err);
/*
 * Writes a refund of a sale, its goods and money negative, still open; *id is its new row. tenders: what it gives back, at least one, each
 * way once, together sum->money_fen. Money by phone is then rows of pay_refund (src/store/pay_refunds.h), and zg_sales_refund_close ends it.
 */
enum zg_result zg_sales_refund(struct zg_store *store, const char *who, int64_t origin_id, const struct zg_refund_line *lines,
			       const struct zg_refund_sum *sum, const struct zg_tender *tenders, size_t count, int64_t *id, struct zg_error *err);
/* close->id is the refund's. */
enum zg_result zg_sales_refund_close(struct zg_store *store, const struct zg_sale_close *close, const struct zg_refund_sum *sum,
				     struct zg_error *err);

/* ---- reading ---- */

enum zg_result zg_sales_find(const struct zg_store *store, int64_t id, struct zg_sale_record *record, struct zg_error *err);
/* By the printed number, or by its counter alone ("187"). */
enum zg_result zg_sales_find_number(const struct zg_store *store, const char *number, struct zg_sale_record *record, struct zg_error *err);
/* The sale itself, worked out again from its rows; not for refunds. *sale is the caller's. */
enum zg_result zg_sales_load(const struct zg_store *store, int64_t id, struct zg_sale **sale, struct zg_error *err);
/* The open sale; *id 0 when there is none. */
enum zg_result zg_sales_open_id(const struct zg_store *store, int64_t *id, struct zg_error *err);
/* How many hang. */
enum zg_result zg_sales_count_hung(const struct zg_store *store, size_t *count, struct zg_error *err);

/* One row of a list: a record and what a person recognises it by. */
struct zg_sale_row {
	struct zg_sale_record record;
	int lines;                        /* that are still in it */
	char first[ZG_NAME_MAX + 1];      /* name of its first line */
};

struct zg_sale_filter {
	const char *day;          /* NULL: any */
	int64_t shift_id;         /* 0: any */
	int64_t origin_id;        /* refunds of that sale; 0: any */
	const char *text;         /* part of a number, an amount ("60.01"), a time ("16:4") or a goods' name or code; NULL or "": any */
	enum zg_sale_state state;
	size_t most;              /* rows; 0: 1000 */
};

/* Newest first. *rows is the caller's, freed with free(). */
enum zg_result zg_sales_list(const struct zg_store *store, const struct zg_sale_filter *filter,
			     struct zg_sale_row **rows, size_t *count, struct zg_error *err);

/* The lines of a closed sale with what was refunded of each. *lines is the caller's. */
enum zg_result zg_sales_refundable(const struct zg_store *store, int64_t id, struct zg_refundable **lines, size_t *count,
				   struct zg_error *err);
/* The lines of a refund, as rows of the books (negative), for slips and lists. Plain zg_line data; *lines is the caller's. */
enum zg_result zg_sales_lines(const struct zg_store *store, int64_t id, struct zg_line **lines, size_t *count, struct zg_error *err);
/* Tenders as rows; of a refund negative. At most ZG_SALE_TENDERS. Returns through *count. */
enum zg_result zg_sales_tenders(const struct zg_store *store, int64_t id, struct zg_tender tenders[ZG_SALE_TENDERS],
				size_t *count, struct zg_error *err);
#endif
