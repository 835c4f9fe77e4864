/*
 * Who stands beside the till and remembers: what was rung, acknowledged, printed and kicked. It says beforehand what each step
 * must lead to, and knows every figure of every shift. It does its own sums (reference.h) and reads nothing from the till.
 *
 * oracle_try() says how a step must end; once the till has acknowledged it, oracle_do() remembers it. Between the two
 * a power cut, a kill or a failing disk may come: then it is not done.
 *
 * Payments by a channel, invoices and bills join it as further steps (day.h), further members of the sale or the shift, and
 * further answers.
 */
#ifndef ZG_TESTS_LAB_ORACLE_H
#define ZG_TESTS_LAB_ORACLE_H

#include "tests/lab/day.h"
#include "tests/lab/reference.h"
#include "tests/lab/sums.h"

#define ORACLE_LINES 500      /* of a sale, removed ones included */
#define ORACLE_HUNG  16
#define ORACLE_PAST  512      /* sales that may still be brought back, or printed again */
#define ORACLE_RATES 16       /* of tax in one sale */

enum oracle_kind { ORACLE_PIECE, ORACLE_WEIGHED, ORACLE_OPEN_PRICE };
enum oracle_role { ORACLE_CASHIER, ORACLE_SUPERVISOR, ORACLE_ADMIN };

struct oracle_good {
	char code[24];            /* what is scanned */
	enum oracle_kind kind;
	int64_t price_fen, tax_bp;
};

struct oracle_line {
	int good;
	struct ref_line r;
};

struct oracle_sale {
	int64_t id;               /* 0: nothing was rung yet */
	struct oracle_line *lines;
	size_t count, room;
	struct ref_rule rule;
	struct ref_totals totals;
};

/* A closed sale. */
struct oracle_past {
	int64_t no, id;           /* receipt number; a refund's too, without lines */
	int64_t total_fen;        /* what was paid, or went back */
	int64_t shift;
	bool is_refund;
	int copies;
	size_t count;             /* of lines that were sold */
	struct ref_sold *sold;
	int *line_of;             /* their numbers on the receipt */
	bool *is_whole;           /* sold in whole pieces */
};

struct oracle_shift {
	int64_t id;
	bool is_open, is_counted; /* counted, and nothing has moved since */
	char owner[16];
	struct sums sums;
	int64_t counted_fen;
};

struct oracle {
	const struct oracle_good *goods;
	int good_count;
	int64_t step;             /* of rounding off: 1, 10 or 100 fen */
	bool has_drawer;
	char person[16];
	enum oracle_role role;
	struct oracle_sale open, hung[ORACLE_HUNG];
	size_t hung_count;
	struct oracle_past past[ORACLE_PAST];    /* a ring */
	size_t past_count, past_next;
	struct oracle_shift shift;
	struct sums day, all;     /* of the shifts that were closed */
	int64_t sale_rows, receipts, zs, shifts, moves, openings, counts;    /* rows of each kind; the next one's number is one more */
	int64_t slips, pulses;    /* rows of the queue */
	int64_t acts;             /* rows of the journal that acts have written since oracle_begin */
};

/* How a step must end. */
struct oracle_answer {
	bool is_done;             /* false: refused, and nothing has changed */
	const char *why;          /* it is refused */
	int64_t total_fen;        /* of the sale under way; of the payment; of the refund */
	int64_t rounding_fen, change_fen, tendered_fen;
	int64_t no;               /* receipt, Z or movement */
	int pulses, slips, rows;  /* of the drawer, of paper, of the journal */
	/* worked out, for oracle_do */
	struct oracle_sale sale;
	const struct oracle_past *origin;
	int64_t quantities[ORACLE_LINES];
	struct ref_back back[ORACLE_LINES];
};

/* The shop as it is founded: no shift, nobody signed in. goods are borrowed. */
void oracle_begin(struct oracle *oracle, const struct oracle_good *goods, int good_count, int64_t step);
void oracle_end(struct oracle *oracle);

/* Fills the answer, which oracle_forget() empties in any case. */
void oracle_try(const struct oracle *oracle, const struct day_step *step, struct oracle_answer *answer);
/* The till has said that it is done. */
void oracle_do(struct oracle *oracle, const struct day_step *step, struct oracle_answer *answer);
void oracle_forget(struct oracle_answer *answer);
/* A new business day: oracle->day counts afresh. */
void oracle_new_day(struct oracle *oracle);

bool oracle_is_empty(const struct oracle *oracle);           /* nothing is being sold */
int64_t oracle_due(const struct oracle *oracle);             /* in cash, rounded off */
/* NULL: forgotten, or never there. */
const struct oracle_past *oracle_find(const struct oracle *oracle, int64_t no);

/* ---- between oracle.c and oracle_sale.c ---- */

/* Changes the copy of the sale under way in answer->sale. NULL: it can be done; else why not. */
const char *oracle_try_line(const struct oracle *oracle, const struct day_step *step, struct oracle_answer *answer);
/* Whoever acts, or lends, has at least that role. */
bool oracle_may(const struct oracle *oracle, const struct day_step *step, enum oracle_role least);
#endif
