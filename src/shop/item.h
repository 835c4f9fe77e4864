/*
 * One thing the shop sells, as the product list describes it.
 *
 * Plain data. Texts are clean (zg_text_clean) and NUL-terminated. The price includes tax and is
 * for one unit: one piece, or one kilogram of a weighed item. Barcodes are kept by the store;
 * any number of them may lead to one item.
 */
#ifndef ZG_SHOP_ITEM_H
#define ZG_SHOP_ITEM_H

#include "src/base/money.h"
#include "src/base/result.h"
#include "src/base/text.h"

#include <stdbool.h>
#include <stdint.h>

#define ZG_ITEM_UNIT_MAX     24           /* bytes of "瓶", "500 ml" */
#define ZG_ITEM_TAX_CODE_MAX 19           /* digits of a tax classification code (税收分类编码) */
#define ZG_ITEM_INITIALS_MAX 40           /* letters and digits: "kkkl" for 可口可乐 */
#define ZG_ITEM_CATEGORY_MAX 60           /* bytes */
#define ZG_ITEM_PRICE_MAX    999999999LL  /* 9,999,999.99 yuan */

enum zg_item_kind {
	ZG_ITEM_PIECE,        /* whole pieces only */
	ZG_ITEM_WEIGHED,      /* by the kilogram, to the gram */
	ZG_ITEM_OPEN_PRICE,   /* the cashier types the price; the list price may be 0 */
};

struct zg_item {
	int64_t id;                                /* the store's; 0 while it is not stored */
	char code[ZG_CODE_MAX + 1];                /* the shop's own code; one item, one code */
	char name[ZG_NAME_MAX + 1];
	char unit[ZG_ITEM_UNIT_MAX + 1];           /* may be empty */
	zg_fen price_fen;
	zg_bp tax_bp;
	char tax_code[ZG_ITEM_TAX_CODE_MAX + 1];   /* may be empty */
	enum zg_item_kind kind;
	char initials[ZG_ITEM_INITIALS_MAX + 1];   /* lower-case pinyin initials; may be empty */
	char category[ZG_ITEM_CATEGORY_MAX + 1];   /* may be empty */
	bool active;                               /* false: kept for old receipts, not sold */
};

/* ZG_INVALID, with what to correct, when the item could not stand in the product list. */
enum zg_result zg_item_check(const struct zg_item *item, struct zg_error *err);

/* "piece", "weighed", "open-price": the word in product files and in the store. Never NULL. */
const char *zg_item_kind_name(enum zg_item_kind kind);
bool zg_item_kind_parse(const char *name, enum zg_item_kind *kind);

/* Whether a quantity may be sold: above zero, at most ZG_MILLI_MAX, whole for everything that is not weighed. */
enum zg_result zg_item_check_quantity(enum zg_item_kind kind, zg_milli quantity, struct zg_error *err);

/* The initials made from a name: small letters and digits, cut at ZG_ITEM_INITIALS_MAX. */
void zg_item_make_initials(char initials[ZG_ITEM_INITIALS_MAX + 1], const char *name);
#endif
