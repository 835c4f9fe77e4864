/*
 * Performs the steps of a day (day.h) through the till's acts, in this process, at full speed; beside it the oracle, which said
 * beforehand how each must end.
 *
 * The shop stands in memory (/dev/shm) where there is such a place: what is tried here is what the till writes, not whether
 * the disk keeps it. After each step: no transaction is left open; the till's answer; the rows of the sale that was touched
 * against the oracle's lines; the counters of every table; and, when money moved or a sale changed its state, and at every fourth step that changed a line, the rules of
 * balance.h for that sale. These are asked of the till's own
 * connection, which is five times as fast; inside_look() looks at everything with another one.
 */
#ifndef ZG_TESTS_LAB_INSIDE_H
#define ZG_TESTS_LAB_INSIDE_H

#include "tests/fault/tally.h"
#include "tests/lab/balance.h"
#include "tests/lab/oracle.h"
#include "tests/unit/shop.h"

#include <sqlite3.h>

#define INSIDE_GOODS 60

struct inside {
	struct tally *tally;
	struct shop *shop;
	struct oracle oracle;
	struct oracle_good goods[INSIDE_GOODS];
	sqlite3 *own;                            /* the till's connection, between its transactions: after each step */
	sqlite3 *books;                          /* a reader's, which sees what is committed: for a look at everything */
	struct balance *touched, *balance;       /* on the one, and on the other */
	sqlite3_stmt *counters, *lines;
	int64_t rows_before;                     /* of the journal when the shop was ready */
	int64_t steps, done[DAY_WHATS], refused[DAY_WHATS];
	bool is_tried;                           /* what was acknowledged last was so; else nothing is known of it */
	int64_t look_every;                      /* rows are looked at after every so many steps only; 0: after each. The answer is always */
	int64_t act_ns;                          /* what the last act took of this process's time */
	char trail[400];                         /* the step under way */
};

/* Locale, zone and memory as a till has them; call it first in main(). */
void inside_start(void);
/*
 * A shop of its own with random goods and a random rule of rounding. With many rates of tax a sale can meet too many of them, and
 * a Z adds the last ones up as one. tally is borrowed.
 */
void inside_begin(struct inside *in, struct tally *tally, struct chance *chance, bool many_rates);
void inside_end(struct inside *in);
/* Performs one step and looks. False: something is not as it must be, and was said. */
bool inside_step(struct inside *in, const struct day_step *step);
/* So much time goes by, and the till rests. */
void inside_pass(struct inside *in, int64_t ms);
/* Everything, from the first sale to the last: the rules of the books, and the queue's slips one by one. */
bool inside_look(struct inside *in);
/* The till ends, or is just not there any more, and starts again; the reader too. */
void inside_restart(struct inside *in);
/* Connects to the shop's books anew, as after a restart. */
void inside_open_books(struct inside *in);
void inside_close_books(struct inside *in);
int64_t inside_number(struct inside *in, const char *sql);
#endif
