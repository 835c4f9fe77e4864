/*
 * A refund of a closed sale before it is one: what may go back, what does, how much money that is, and which way it goes. The act that gives
 * it back and the screen that shows it work it out by the same rules.
 */
#ifndef ZG_TILL_REFUNDING_H
#define ZG_TILL_REFUNDING_H

#include "src/shop/refund.h"
#include "src/store/sales.h"

struct zg_refunding {
	struct zg_sale_record origin;
	struct zg_refundable *sold;       /* every line of the sale, with what was refunded of it before */
	size_t count;
	zg_milli *quantities;             /* of each sold line; 0: it stays sold. The caller's to fill in */
	struct zg_refund_line *lines;     /* worked out: sum.lines of them */
	struct zg_refund_sum sum;
	struct zg_refund_way *ways;       /* all but cash; back_fen is worked out */
	size_t way_count;
	zg_fen cash_left;
	zg_fen cash_fen;                  /* worked out: what is given from the drawer */
};

/* Reads the sale. ZG_INVALID: it is not one that can be refunded. The refunding is cleared by zg_refunding_clear in every case. */
enum zg_result zg_refunding_read(const struct zg_store *store, int64_t sale_id, struct zg_refunding *r, struct zg_error *err);
/*
 * From the quantities: lines, sum, ways and cash. Money goes the way it came as far as it can, exactly; only where cash is needed the shop's
 * rule rounds it off. in_cash: all of it from the drawer, because people say so. ZG_INVALID: a quantity cannot be, or all are 0.
 */
enum zg_result zg_refunding_work_out(struct zg_refunding *r, enum zg_rounding rounding, bool in_cash, struct zg_error *err);
/* Each kind of tender once, cash last; one of nothing when nothing is given back. Returns how many. */
size_t zg_refunding_tenders(const struct zg_refunding *r, struct zg_tender tenders[ZG_TENDER_KINDS]);
void zg_refunding_clear(struct zg_refunding *r);
#endif
