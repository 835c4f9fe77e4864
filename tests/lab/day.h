/*
 * A shop's day as abstract steps, made by a seed: customers who buy, change their minds, hang and come back, bring goods
 * back; cash that comes and goes; shifts that are counted, closed and handed over.
 *
 * The steps say what a person wants, not how it is typed. inside.h performs them through the till's acts in this process;
 * typed.h types them at the real program. What then must be so the oracle knows (oracle.h), and the maker asks it
 * what there is to change or to bring back. The same seed and the same answers make the same day.
 *
 * A new kind of step is a word here, a case where steps are made (day.c), understood (oracle.c) and performed.
 */
#ifndef ZG_TESTS_LAB_DAY_H
#define ZG_TESTS_LAB_DAY_H

#include "tests/unit/chance.h"

#include <stdbool.h>

struct oracle;

enum day_what {
	DAY_SIGN_IN,       /* who */
	DAY_OPEN,          /* a shift; fen: its float */
	DAY_RING,          /* good, quantity, fen: the price typed for an open one; -1 none */
	DAY_QUANTITY,      /* line, quantity */
	DAY_REMOVE,        /* line, quantity; 0: all of it */
	DAY_RESTORE,       /* line */
	DAY_PRICE,         /* line, fen */
	DAY_DISCOUNT,      /* line (0: the whole sale), and kept_bp or fen off; both -1: none any more */
	DAY_HANG,
	DAY_TAKE,          /* sale: which hung one, by its id */
	DAY_VOID,
	DAY_PAY,           /* fen: handed over; -1: exactly what is asked */
	DAY_REFUND,        /* sale: receipt number; lines, or all of it */
	DAY_CASH_IN,       /* fen */
	DAY_CASH_OUT,
	DAY_DRAWER,
	DAY_REPRINT,       /* sale: receipt number */
	DAY_X,
	DAY_COUNT,         /* fen */
	DAY_CLOSE,
	DAY_OVER,          /* the day is done: nothing to perform */
	DAY_WHATS
};

#define DAY_LINES 16    /* of one refund */
#define DAY_TILL  (-1)  /* kept_bp, fen: not given */

struct day_step {
	enum day_what what;
	int good;
	int line;
	int64_t quantity, fen, kept_bp, sale;
	bool all;                           /* of a refund */
	int lines;                          /* of a refund */
	int line_of[DAY_LINES];
	int64_t quantity_of[DAY_LINES];
	const char *who, *with;             /* sign-in; who lends the right, NULL: nobody */
};

/* How lively it is: of 1,000 customers, or between two customers. */
struct day_habits {
	int sales;            /* a day */
	int shifts_most;      /* a day */
	int nonsense;         /* of 1,000 steps: with arguments that nobody should give */
	int lending;          /* of 1,000 acts that ask for a right: a supervisor is asked */
	int weighed, open_price, change_quantity, remove, restore, price, discount, sale_discount, hang, void_sale;    /* in each sale */
	int cash, drawer, refund, reprint, x;                                                                          /* after each sale */
	bool only_boss;       /* an admin does everything */
};
/* A corner shop; and one in which everything is tried far more often. */
extern const struct day_habits day_usual, day_wild;

struct day {
	struct chance *chance;
	const struct day_habits *habits;
	int left;              /* sales still to make today */
	int shifts_left;       /* after this one */
	int in_shift;          /* sales still to make in this shift */
	int scans, extras;     /* of the customer at the counter */
	enum { DAY_MORNING, DAY_OPENING, DAY_SELLING, DAY_COUNTING, DAY_CLOSING } phase;
	int counts;            /* of the drawer, so far */
	int between;           /* errands before the next customer */
};

/* The next morning; also the first one. */
void day_begin(struct day *day);
struct day_step day_next(struct day *day, const struct oracle *oracle);
const char *day_word(enum day_what what);
/* The step as one line, for whoever looks for a fault. Lasts until the next call. */
const char *day_words(const struct day_step *step);
#endif
