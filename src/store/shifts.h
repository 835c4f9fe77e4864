/* Shifts, the cash that moves in them, and their figures. Writes are inside the caller's transaction. */
#ifndef ZG_STORE_SHIFTS_H
#define ZG_STORE_SHIFTS_H

#include "src/base/clock.h"
#include "src/shop/totals.h"
#include "src/store/people.h"

#include <stdint.h>

struct zg_store;

struct zg_shift {
	int64_t id;
	bool is_closed;
	char day[ZG_DAY_TEXT];
	int64_t opened_at, closed_at;
	char opened_by[ZG_LOGIN_MAX + 1], closed_by[ZG_LOGIN_MAX + 1];
	zg_fen float_fen;
	int64_t z_no;                      /* 0 while open */
	zg_fen expected_fen, counted_fen;  /* once closed */
};

enum zg_result zg_shifts_open(struct zg_store *store, const char *who, const char *day, zg_fen float_fen,
			      struct zg_shift *shift, struct zg_error *err);
/* ZG_NOT_FOUND: no shift is open. */
enum zg_result zg_shifts_current(const struct zg_store *store, struct zg_shift *shift, struct zg_error *err);
/* Where what happens now is counted: the open shift, or the one that will be opened next. */
enum zg_result zg_shifts_counting(const struct zg_store *store, int64_t *id, struct zg_error *err);
enum zg_result zg_shifts_find(const struct zg_store *store, int64_t id, struct zg_shift *shift, struct zg_error *err);
enum zg_result zg_shifts_find_z(const struct zg_store *store, int64_t z_no, struct zg_shift *shift, struct zg_error *err);
/* Of a day (NULL: all), oldest first; *shifts is the caller's. */
enum zg_result zg_shifts_list(const struct zg_store *store, const char *day, struct zg_shift **shifts, size_t *count,
			      struct zg_error *err);
/* Closes it with the next Z number, which is set in shift. totals must be counted. */
enum zg_result zg_shifts_close(struct zg_store *store, struct zg_shift *shift, const char *who,
			       const struct zg_totals *totals, int64_t journal_seq, struct zg_error *err);

/* Every figure of a shift, worked out from its rows; of a closed one, as it was frozen in its Z. */
enum zg_result zg_shifts_totals(const struct zg_store *store, const struct zg_shift *shift, struct zg_totals *totals,
				struct zg_error *err);

/* What a report says beside its figures. */
struct zg_shift_span {
	char first_number[ZG_CODE_MAX + 1], last_number[ZG_CODE_MAX + 1];    /* of the receipts; "" without any */
	int64_t discounts, overrides, reprints;                              /* how many */
};
enum zg_result zg_shifts_span(const struct zg_store *store, int64_t shift_id, struct zg_shift_span *span, struct zg_error *err);

enum zg_result zg_cash_move_add(struct zg_store *store, int64_t shift_id, bool is_in, zg_fen amount, const char *reason,
				const char *who, int64_t *id, struct zg_error *err);

struct zg_cash_move {
	int64_t id, at;
	bool is_in;
	zg_fen amount_fen;
	char who[ZG_LOGIN_MAX + 1], reason[ZG_REASON_MAX + 1];
};
/* Of a shift, oldest first; *moves is the caller's. */
enum zg_result zg_cash_moves(const struct zg_store *store, int64_t shift_id, struct zg_cash_move **moves, size_t *count,
			     struct zg_error *err);
enum zg_result zg_drawer_opening_add(struct zg_store *store, int64_t shift_id, int64_t sale_id, const char *reason,
				     const char *who, struct zg_error *err);
/* pieces: a JSON object {"10000": 3}; {} when only the sum is known. */
enum zg_result zg_cash_count_add(struct zg_store *store, int64_t shift_id, const json_t *pieces, zg_fen total,
				 const char *who, struct zg_error *err);
/*
 * The last count of the shift; *pieces is the caller's (json_decref), after a failure too. ZG_NOT_FOUND: it was not
 * counted. ZG_INVALID: a sale, refund or movement came after the count, so it is of no use for closing.
 */
enum zg_result zg_cash_count_last(const struct zg_store *store, int64_t shift_id, zg_fen *total, json_t **pieces, struct zg_error *err);
#endif
