/*
 * Money, quantities and rates, in whole numbers from end to end.
 *
 * Every function that can pass its limits says so instead of wrapping round; each rounding
 * is one named function with the rule it follows. A result that is false, or ZG_INVALID,
 * has written nothing.
 */
#ifndef ZG_BASE_MONEY_H
#define ZG_BASE_MONEY_H

#include "src/base/result.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef int64_t zg_fen;      /* 1 yuan = 100 */
typedef int64_t zg_milli;    /* 1 kg or 1 piece = 1000 */
typedef int32_t zg_bp;       /* basis points: 13 % = 1300 */

#define ZG_FEN_MAX   99999999999LL    /* 999,999,999.99 yuan: the most any one amount may be, either sign */
#define ZG_MILLI_MAX 9999999LL        /* 9,999.999: the most of one line */
#define ZG_BP_WHOLE  10000

/* How the cash remainder is rounded off (抹零): always down, in the customer's favour. */
enum zg_rounding { ZG_ROUND_NONE, ZG_ROUND_JIAO, ZG_ROUND_YUAN };

bool zg_fen_add(zg_fen a, zg_fen b, zg_fen *sum);              /* false: past ZG_FEN_MAX */
/* round_half_up(price × milli / 1000), away from zero at the half. False: past ZG_FEN_MAX. */
bool zg_fen_times(zg_fen price, zg_milli quantity, zg_fen *amount);
/* round_half_up(whole × part / of), of > 0, exact for any part up to of. */
zg_fen zg_fen_part(zg_fen whole, int64_t part, int64_t of);
/* What is left without tax of an amount that includes it: round_half_up(gross × 10000 / (10000 + rate)). */
zg_fen zg_tax_net(zg_fen gross, zg_bp rate);
/* The amount after 抹零: none, down to 0.10, down to 1.00. amount >= 0. */
zg_fen zg_round_off(zg_fen amount, enum zg_rounding rounding);

/*
 * Spreads whole over parts in proportion to the weights (all >= 0) by the largest-remainder
 * method: the parts add up to whole exactly, and equal remainders go to the earlier part.
 * With all weights zero the whole goes to the first part. False: count is 0 and whole is not.
 */
bool zg_fen_spread(zg_fen whole, const zg_fen *weights, size_t count, zg_fen *parts);

#define ZG_AMOUNT_TEXT 24    /* bytes that hold any formatted amount, quantity or rate */

/* "1234.50"; "-0.05". Returns text. */
const char *zg_fen_format(char text[ZG_AMOUNT_TEXT], zg_fen amount);
/* "2", "0.856": no zeros at the end. Returns text. */
const char *zg_milli_format(char text[ZG_AMOUNT_TEXT], zg_milli quantity);
/* "13%", "0.5%". Returns text. */
const char *zg_bp_format(char text[ZG_AMOUNT_TEXT], zg_bp rate);

/* Whole text, optional sign, at most two (three for milli) decimals, within the limits; ".5" and "5." are taken. */
bool zg_fen_parse(const char *text, zg_fen *amount);
bool zg_milli_parse(const char *text, zg_milli *quantity);
bool zg_bp_parse(const char *text, zg_bp *rate);    /* "13%", "13"; 0 to 100 % */
#endif
