/*
 * The shop's arithmetic once more, worked out another way and with 128 bits, for experiments to compare the till with.
 *
 * Nothing of src/ is used. It follows the rules as they are written down (src/base/money.h, src/shop/line.h) and not the code
 * that keeps them: half up is floor((2n + d) / 2d), the largest remainder is looked for, not sorted. It is slow and short.
 */
#ifndef ZG_TESTS_LAB_REFERENCE_H
#define ZG_TESTS_LAB_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REF_FEN_MAX 99999999999LL
#define REF_SALE_MAX 999999999LL
#define REF_MILLI_MAX 9999999LL

__extension__ typedef __int128 ref_wide;

/* value / of, rounded half away from zero. of > 0. */
ref_wide ref_half_up(ref_wide value, ref_wide of);
bool ref_fits(ref_wide value);
ref_wide ref_times(int64_t price, int64_t milli);
int64_t ref_net(int64_t gross, int64_t rate_bp);
int64_t ref_round_off(int64_t amount, int64_t step);    /* step: 1, 10 or 100 fen */
/* weights >= 0. */
void ref_spread(int64_t whole, const int64_t *weights, size_t count, int64_t *parts);

/* A discount's rule: kept_bp below 10000, or off_fen above 0; both -1: none. */
struct ref_rule {
	int64_t kept_bp, off_fen;
};
#define REF_NO_RULE ((struct ref_rule){ -1, -1 })
int64_t ref_discount(const struct ref_rule *rule, int64_t amount);

struct ref_line {
	int64_t price_fen, quantity, removed, tax_bp;
	struct ref_rule rule;
	/* worked out */
	int64_t gross, discount, share, amount, rounding, paid, net, tax, removed_fen;
};

/* What a line keeps as its trace of what was taken off: at most REF_MILLI_MAX, in whole units (1 milli when weighed, or 1000). */
int64_t ref_removed(int64_t removed, int64_t unit);

struct ref_totals {
	int64_t gross, line_discount, sale_discount, total, rounding, payable, removed_fen;
	int live, removed_lines;
};

/*
 * Works out every line, with the whole sale's discount and the rounding (what comes off for it) spread over them. False: the
 * sale would pass REF_SALE_MAX.
 */
bool ref_sale(struct ref_line *lines, size_t count, const struct ref_rule *rule, int64_t rounding, struct ref_totals *totals);

/* A line of a sale that was paid, with what went back of it before. */
struct ref_sold {
	int64_t value, paid, sold, tax_bp;          /* value: after discounts; paid: after rounding too */
	int64_t back, returned, refunded;           /* quantity, value and money that went back */
};
struct ref_back {
	int64_t value, rounding, money, net, tax;    /* money = value - rounding = net + tax */
};
/*
 * What goes back with quantities[i] more of each line, in cash rounded off to step (src/shop/refund.h has the rule). Returns the
 * money; back: one for each line, zero where nothing goes back.
 */
int64_t ref_refund(const struct ref_sold *sold, size_t count, const int64_t *quantities, int64_t step, struct ref_back *back);
/* Notes in sold that it went back. */
void ref_give_back(struct ref_sold *sold, size_t count, const int64_t *quantities, const struct ref_back *back);
#endif
