#include "tests/unit/fault.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>

int __real_sqlite3_step(sqlite3_stmt *stmt);
int __wrap_sqlite3_step(sqlite3_stmt *stmt);
int __real_sqlite3_extended_errcode(sqlite3 *db);
int __wrap_sqlite3_extended_errcode(sqlite3 *db);
int __real_statvfs(const char *path, struct statvfs *about);
int __wrap_statvfs(const char *path, struct statvfs *about);
int __real_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to);

static struct {
	bool is_armed, is_met, goes_on;
	int left, code;
	int told;    /* the code of the step before, when it was ours */
	char where[80];
} fault;

void fault_at(int n, int code, bool goes_on)
{
	fault.is_armed = true;
	fault.is_met = false;
	fault.goes_on = goes_on;
	fault.left = n;
	fault.where[0] = '\0';
	fault.code = code;
}

bool fault_is_met(void)
{
	return fault.is_met;
}

const char *fault_where(void)
{
	return fault.where;
}

void fault_off(void)
{
	fault.is_armed = false;
}

static bool fails(sqlite3_stmt *stmt)
{
	if (!fault.is_armed || sqlite3_stmt_busy(stmt) || strcmp(sqlite3_sql(stmt), "ROLLBACK") == 0)
		return false;
	if (fault.is_met)
		return fault.goes_on;
	fault.is_met = fault.left-- == 0;
	return fault.is_met;
}

int __wrap_sqlite3_step(sqlite3_stmt *stmt)
{
	sqlite3 *db = sqlite3_db_handle(stmt);
	int kind = fault.code & 0xFF;

	fault.told = SQLITE_OK;
	if (!fails(stmt))
		return __real_sqlite3_step(stmt);
	fault.told = fault.code;
	snprintf(fault.where, sizeof(fault.where), "%s", sqlite3_sql(stmt));
	sqlite3_reset(stmt);
	if ((kind == SQLITE_FULL || kind == SQLITE_IOERR) && !sqlite3_stmt_readonly(stmt) && !sqlite3_get_autocommit(db))
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return kind;
}

int __wrap_sqlite3_extended_errcode(sqlite3 *db)
{
	return fault.told != SQLITE_OK ? fault.told : __real_sqlite3_extended_errcode(db);
}

/* ---- files ---- */

static bool has_little_room, refuses_names;

void fault_room(bool is_little)
{
	has_little_room = is_little;
}

void fault_names(bool are_refused)
{
	refuses_names = are_refused;
}

int __wrap_statvfs(const char *path, struct statvfs *about)
{
	int code = __real_statvfs(path, about);

	if (has_little_room)
		about->f_bavail = 1;
	return code;
}

int __wrap_rename(const char *from, const char *to)
{
	if (!refuses_names)
		return __real_rename(from, to);
	errno = EIO;
	return -1;
}
