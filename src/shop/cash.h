/* Cash at the counter: what is asked, what people hand over, and counting the drawer. */
#ifndef ZG_SHOP_CASH_H
#define ZG_SHOP_CASH_H

#include "src/base/money.h"
#include "src/base/result.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ZG_CASH_NOTES       11        /* 100, 50, 20, 10, 5, 1, 0.50, 0.10, 0.05, 0.02, 0.01 yuan */
#define ZG_CASH_SUGGESTIONS 4
#define ZG_CASH_PIECES_MAX  999999LL  /* of one denomination in a count */
#define ZG_CASH_ODD_TIMES   10

extern const zg_fen zg_cash_notes[ZG_CASH_NOTES];    /* largest first, in fen */

/*
 * Amounts that people would hand over for `due` (after rounding off), ascending, each above due: the next
 * 5, 10, 20, 50 or 100 yuan. The exact amount is not among them: it has its own key. Returns how many;
 * 0 when nothing is due.
 */
size_t zg_cash_suggest(zg_fen due, zg_fen amounts[ZG_CASH_SUGGESTIONS]);

/* ZG_INVALID: less than due, or past the most a tender may be; *change is then untouched. */
enum zg_result zg_cash_change(zg_fen due, zg_fen tendered, zg_fen *change, struct zg_error *err);
/* Above ZG_CASH_ODD_TIMES × due: a slip of the finger or a scan in the wrong field; ask before taking it. */
bool zg_cash_is_odd(zg_fen tendered, zg_fen due);

/*
 * How many of zg_cash_notes a count asks for: all, or without the fen coins where the shop rounds cash off and
 * what should be in the drawer (`expected`) needs none of them.
 */
size_t zg_cash_kinds(enum zg_rounding rounding, zg_fen expected);

/* The drawer, piece by piece in the order of zg_cash_notes. ZG_INVALID: a number below 0 or too large. */
enum zg_result zg_cash_count(const int64_t pieces[ZG_CASH_NOTES], zg_fen *total, struct zg_error *err);
#endif
