/*
 * Books that fail at a statement. The link puts this before SQLite's own step (-Wl,--wrap), in the unit tests alone: the n-th
 * statement from now ends with a code of SQLite's and does nothing. As in SQLite, a full or failing disk in the middle of a write ends
 * the whole transaction. ROLLBACK never fails: it asks for nothing.
 */
#ifndef ZG_TEST_FAULT_H
#define ZG_TEST_FAULT_H

#include <stdbool.h>

/* n: how many statements still go well. goes_on: every one after it fails too, until fault_off. */
void fault_at(int n, int code, bool goes_on);
/* Whether that statement has come. */
bool fault_is_met(void);
/* The beginning of the statement that failed last. */
const char *fault_where(void);
void fault_off(void);

/* The disk has almost no room left, as statvfs says it. */
void fault_room(bool is_little);
/* No file can be given another name. */
void fault_names(bool are_refused);
#endif
