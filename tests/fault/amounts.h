/* What the files of the experiment "amounts" share: a block of cases under way, amounts of every size, and its largest cases. */
#ifndef ZG_TESTS_FAULT_AMOUNTS_H
#define ZG_TESTS_FAULT_AMOUNTS_H

#include "src/shop/sale.h"
#include "tests/fault/tally.h"
#include "tests/lab/reference.h"
#include "tests/unit/chance.h"

#define AMOUNTS_KINDS 10    /* of cases */
#define AMOUNTS_LINES 12    /* of a sale, at most */

struct trial {
	struct tally tally;
	struct chance chance;
	uint64_t block_seed;
	int64_t cases[AMOUNTS_KINDS];
	int64_t refused, paid;    /* changes that would have made a sale too large; sales that were paid */
	int64_t refunds;
};

__attribute__((format(printf, 3, 4))) bool amounts_check(struct trial *t, bool is_right, const char *format, ...);
/* 0 to high: every size as often as any other, and what stands at the edges of a rounding or a limit. */
int64_t amounts_pick(struct trial *t, int64_t high);
int64_t amounts_pick_signed(struct trial *t, int64_t high);
/* A discount, or none, for the till and for the reference. */
struct zg_discount amounts_pick_rule(struct trial *t, struct ref_rule *rule);

void amounts_sale(struct trial *t);
void amounts_refunds(struct trial *t);
#endif
