/*
 * SQLite broken off in the middle, in every connection of this process: the step after the n-th thing that happened ends with
 * SQLITE_INTERRUPT, as it would on a disk that does not answer, and a transaction that was writing is rolled back with it.
 * Things that happen are the start of a statement, of a trigger in it, and a row. No call of ours is wrapped.
 * Or SQLite lacks memory: then what happens is that it asks for some, and gets none.
 */
#ifndef ZG_TEST_BREAKER_H
#define ZG_TEST_BREAKER_H

#include <stdbool.h>

enum breaker_kind { BREAK_STEPS, BREAK_MEMORY };

/* Once, before the first connection. */
void breaker_start(enum breaker_kind kind);
/* From now on things are counted from 1; the at-th breaks, or with for_good every step from it on. 0: nothing breaks. */
void breaker_set(long at, bool for_good);
/* Whether it broke anything since it was set; it breaks nothing any more. */
bool breaker_off(void);
#endif
