/* Builds the documents of slips (their shape is in src/shop/receipt.h) from the books. The caller owns what is returned. */
#ifndef ZG_TILL_SLIPS_H
#define ZG_TILL_SLIPS_H

#include "src/till/till.h"

/* A sale that is being closed: its lines are in memory, its number and seal already known. */
json_t *zg_slip_sale(const struct zg_till *till, const struct zg_sale *sale, const char *cashier, const char *number,
		     const char *anchor);
/* A closed sale or refund, from its rows; approver may be "". NULL and err when it cannot be read. */
json_t *zg_slip_closed(const struct zg_till *till, int64_t sale_id, const char *approver, struct zg_error *err);
/* X of an open shift, Z of a closed one. */
json_t *zg_slip_shift(const struct zg_till *till, const struct zg_shift *shift, const struct zg_totals *totals,
		      const char *anchor, struct zg_error *err);
/* The day: the sum of its Zs, each listed. */
json_t *zg_slip_day(const struct zg_till *till, const char *day, struct zg_error *err);
json_t *zg_slip_transactions(const struct zg_till *till, const char *day, struct zg_error *err);
json_t *zg_slip_cash(const struct zg_till *till, bool is_in, zg_fen amount, const char *reason, int64_t id,
		     const char *cashier, const char *approver, const char *anchor);
#endif
