/*
 * One line of a sale: what the item was when it was rung, how much, and what it comes to.
 *
 * Plain data, read from a sale, and the row that the store keeps. The first block is what was
 * rung; the second is worked out from it, and is the same for the same lines, always:
 *
 *     gross = round_half_up(price × quantity)          amount = gross − discount − share
 *     paid  = amount − rounding                        net + tax = paid
 */
#ifndef ZG_SHOP_LINE_H
#define ZG_SHOP_LINE_H

#include "src/shop/discount.h"
#include "src/shop/item.h"

struct zg_line {
	int no;                                    /* 1, 2, …; never changes and is never used twice */
	int64_t item_id;
	char code[ZG_CODE_MAX + 1];
	char name[ZG_NAME_MAX + 1];
	char unit[ZG_ITEM_UNIT_MAX + 1];
	enum zg_item_kind kind;
	zg_bp tax_bp;
	char tax_code[ZG_ITEM_TAX_CODE_MAX + 1];
	zg_fen list_fen;                           /* the product list's price */
	zg_fen price_fen;                          /* what is asked */
	bool price_is_set;                         /* the cashier changed it; an open price is not "changed" */
	zg_milli quantity;                         /* being sold; 0: the whole line was removed */
	zg_milli removed;                          /* taken off again: the trace; never above ZG_MILLI_MAX */
	struct zg_discount discount;               /* the rule */

	zg_fen gross_fen;
	zg_fen discount_fen;                       /* line discount, >= 0 */
	zg_fen share_fen;                          /* its share of the whole-sale discount, >= 0 */
	zg_fen amount_fen;
	zg_fen rounding_fen;                       /* its share of 抹零, >= 0; 0 until cash completes the sale */
	zg_fen paid_fen;
	zg_fen net_fen, tax_fen;
	zg_fen removed_fen;                        /* price × removed, before discounts; at most ZG_FEN_MAX */
};

/*
 * A line as it is first rung: the item's texts and prices, without discount. An open-price item is rung at
 * `open_fen`. Nothing is checked or worked out.
 */
struct zg_line zg_line_start(int no, const struct zg_item *item, zg_milli quantity, zg_fen open_fen);
/* ZG_INVALID when the first block could not be in a sale. For what comes back from the store. */
enum zg_result zg_line_check(const struct zg_line *line, struct zg_error *err);
/*
 * Works out price_is_set, gross, line discount and removed from the first block; the share and the rounding become 0.
 * False, with the line in no defined state, when price × quantity passes ZG_FEN_MAX.
 */
bool zg_line_work_out(struct zg_line *line);
/* Works out amount, paid, net and tax once share_fen and rounding_fen are there. */
void zg_line_settle(struct zg_line *line);

/* Something of it is still being sold. */
static inline bool zg_line_is_live(const struct zg_line *line)
{
	return line->quantity > 0;
}
#endif
