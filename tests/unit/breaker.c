#include "tests/unit/breaker.h"

#include <sqlite3.h>
#include <stddef.h>

static struct {
	long at, seen;
	bool for_good, has_broken;
} breaker;

/* Each jump back or onwards of SQLite's machine comes by here. */
static int step(void *self)
{
	(void)self;
	if (breaker.at == 0 || breaker.seen < breaker.at || (breaker.has_broken && !breaker.for_good))
		return 0;
	breaker.has_broken = true;
	return 1;
}

static int happen(unsigned what, void *self, void *statement, void *text)
{
	(void)what, (void)self, (void)statement, (void)text;
	breaker.seen++;
	return 0;
}

/* ---- memory ---- */

static sqlite3_mem_methods real;

static bool is_granted(void)
{
	breaker.seen++;
	if (breaker.at == 0 || (breaker.for_good ? breaker.seen < breaker.at : breaker.seen != breaker.at))
		return true;
	breaker.has_broken = true;
	return false;
}

static void *allocate(int size)
{
	return is_granted() ? real.xMalloc(size) : NULL;
}

static void *resize(void *block, int size)
{
	return is_granted() ? real.xRealloc(block, size) : NULL;
}

/* Every allocation comes by, not only those that its own little store has no room for. */
static void take_memory(void)
{
	sqlite3_mem_methods own;

	sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0);
	sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real);
	own = real;
	own.xMalloc = allocate;
	own.xRealloc = resize;
	sqlite3_config(SQLITE_CONFIG_MALLOC, &own);
}

/* ---- */

static int watch(sqlite3 *db, char **why, const void *api)
{
	(void)why, (void)api;
	sqlite3_progress_handler(db, 1, step, NULL);
	sqlite3_trace_v2(db, SQLITE_TRACE_STMT | SQLITE_TRACE_ROW, happen, NULL);
	return SQLITE_OK;
}

void breaker_start(enum breaker_kind kind)
{
	if (kind == BREAK_MEMORY)
		take_memory();
	else
		sqlite3_auto_extension((void (*)(void))watch);
}

void breaker_set(long at, bool for_good)
{
	breaker.at = at;
	breaker.seen = 0;
	breaker.for_good = for_good;
	breaker.has_broken = false;
}

bool breaker_off(void)
{
	breaker.at = 0;
	return breaker.has_broken;
}
