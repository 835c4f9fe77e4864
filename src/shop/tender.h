/*
 * What was handed over for a sale, or given back for a refund.
 *
 * Takings are what was kept. Tendered is not takings: change given is never counted.
 */
#ifndef ZG_SHOP_TENDER_H
#define ZG_SHOP_TENDER_H

#include "src/base/money.h"

#include <stdbool.h>

enum zg_tender_kind {
	ZG_TENDER_CASH, ZG_TENDER_WECHAT, ZG_TENDER_ALIPAY, ZG_TENDER_UNIONPAY, ZG_TENDER_CARD, ZG_TENDER_OTHER,
	ZG_TENDER_ECNY, ZG_TENDER_BESTPAY, ZG_TENDER_SUNING,
};
#define ZG_TENDER_KINDS 9

#define ZG_REFERENCE 65    /* bytes of a reference with its NUL */

struct zg_tender {
	enum zg_tender_kind kind;
	zg_fen tendered_fen;    /* handed over */
	zg_fen kept_fen;        /* tendered − change: what the shop took. In a refund: what it gave back, > 0 too */
	zg_fen change_fen;      /* cash only */
	char reference[ZG_REFERENCE];    /* of money that was taken outside the till: what the terminal's slip or the voucher calls it; "" else */
};

/* "cash", "wechat", …: the word in the store. Never NULL. */
const char *zg_tender_kind_name(enum zg_tender_kind kind);
bool zg_tender_kind_parse(const char *name, enum zg_tender_kind *kind);
/* Taken outside the till, by a card terminal or a voucher: known by its reference alone. */
bool zg_tender_is_outside(enum zg_tender_kind kind);
/* For people, a msgid: _() it when shown. */
const char *zg_tender_kind_title(enum zg_tender_kind kind);
#endif
