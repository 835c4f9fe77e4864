/*
 * A discount: the rule, not the amount, so that it is worked out again when the line changes.
 * A line has at most one, and the whole sale has at most one.
 */
#ifndef ZG_SHOP_DISCOUNT_H
#define ZG_SHOP_DISCOUNT_H

#include "src/base/json.h"
#include "src/base/money.h"
#include "src/base/result.h"
#include "src/base/text.h"

#include <stdbool.h>

#define ZG_DISCOUNT_LABEL_MAX  60    /* bytes */
#define ZG_DISCOUNT_FUNDER_MAX 24    /* bytes */

enum zg_discount_kind {
	ZG_DISCOUNT_NONE,
	ZG_DISCOUNT_KEPT,    /* the customer pays kept_bp of the price: 九折 is 9000 */
	ZG_DISCOUNT_OFF,     /* off_fen less, but never below zero */
};

struct zg_discount {
	enum zg_discount_kind kind;
	zg_bp kept_bp;                                /* KEPT: 0 (a gift) to ZG_BP_WHOLE - 1 */
	zg_fen off_fen;                               /* OFF: above 0 */
	char label[ZG_DISCOUNT_LABEL_MAX + 1];        /* what the receipt says; empty: its own words */
	char funder[ZG_DISCOUNT_FUNDER_MAX + 1];      /* who bears it: "shop" */
	char coupon[ZG_CODE_MAX + 1];                 /* the coupon's code, or empty */
};

/* The shop's own discount, without label or coupon. */
struct zg_discount zg_discount_kept(zg_bp kept_bp);
struct zg_discount zg_discount_off(zg_fen off_fen);

enum zg_result zg_discount_check(const struct zg_discount *discount, struct zg_error *err);
/* What comes off an amount >= 0: 0 to amount. The kept part is rounded half up. */
zg_fen zg_discount_amount(const struct zg_discount *discount, zg_fen amount);

/*
 * Digits as the counter says them (几折): "9" keeps 90 %, "85" keeps 85 %, "8.5" keeps 85 %, "85.5" keeps
 * 85.5 %. One or two digits, no leading zero, at most two decimals. Amounts off are parsed as amounts.
 */
bool zg_discount_parse(const char *text, zg_bp *kept_bp);
/* "percent", "amount", "none": the word in the store. Never NULL. */
const char *zg_discount_kind_name(enum zg_discount_kind kind);
bool zg_discount_kind_parse(const char *name, enum zg_discount_kind *kind);

/* The whole rule, for the store and for acts; the caller owns it. */
json_t *zg_discount_json(const struct zg_discount *discount);
/* Reads it back. ZG_INVALID, with discount untouched, when it is no rule that zg_discount_check would pass. */
enum zg_result zg_discount_read(struct zg_discount *discount, const json_t *object, struct zg_error *err);
#endif
