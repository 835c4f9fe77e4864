/*
 * What the journal alone tells of a shop: every sale worked out again from price and quantity, every shift and day added up from
 * its rows. Nothing of the till's arithmetic or of its other tables is used.
 *
 * It reads the rows in order; what does not agree with itself or with what came before is counted, and the first such
 * thing kept as a sentence. A new kind of row is a case in ledger.c.
 */
#ifndef ZG_TESTS_LAB_LEDGER_H
#define ZG_TESTS_LAB_LEDGER_H

#include "tests/lab/sums.h"

struct ledger_shift {
	int64_t id, z;               /* z 0: still open */
	char day[16];
	int64_t counted;             /* by the last count; it stands in the sums once the shift is closed */
	struct sums sums;            /* voids and drawer openings before the first shift are counted in it */
	struct sums told;            /* what the row of its close says */
};

struct ledger {
	int64_t rows, receipts, zs;  /* so far; receipts and zs are the last numbers */
	int till_id;                 /* of the numbers; 0: of the first one that comes */
	struct ledger_shift *shifts; /* index: id - 1 */
	size_t count, room;
	int64_t *shift_of;           /* of each receipt number, for reprints; index: number - 1 */
	size_t receipt_room;
	int64_t faults;
	char fault[300];             /* the first one */
};

void ledger_clear(struct ledger *ledger);
/* The next row. body is borrowed. */
void ledger_row(struct ledger *ledger, int64_t seq, const char *kind, const json_t *body);
/* The whole journal of books that are open; false: it cannot be read. */
struct sqlite3;
bool ledger_read(struct ledger *ledger, struct sqlite3 *books);
/* A line of `zhanggui journal export`. False: it is no row. */
bool ledger_line(struct ledger *ledger, const char *line);
/* All shifts of a day together. */
struct sums ledger_day(const struct ledger *ledger, const char *day);
struct sums ledger_all(const struct ledger *ledger);
#endif
