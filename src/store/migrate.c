#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/store/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int run(sqlite3 *db, const char *sql)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

/* PRAGMA takes no parameters; the number comes from our own table of migrations. */
static int set_version(sqlite3 *db, int version)
{
	char sql[64];

	snprintf(sql, sizeof(sql), "PRAGMA user_version = %d", version);
	return run(db, sql);
}

static bool is_memory(int code)
{
	return (code & 0xFF) == SQLITE_NOMEM || code == SQLITE_IOERR_NOMEM;
}

/* SQLITE_OK, or why it cannot be read: then *version is -1. */
static int get_version(sqlite3 *db, const char *pragma, int *version)
{
	sqlite3_stmt *stmt = NULL;
	int code = sqlite3_prepare_v2(db, pragma, -1, &stmt, NULL);

	*version = -1;
	if (code == SQLITE_OK && (code = sqlite3_step(stmt)) == SQLITE_ROW) {
		*version = sqlite3_column_int(stmt, 0);
		code = SQLITE_OK;
	}
	sqlite3_finalize(stmt);
	return code;
}

static enum zg_result apply(sqlite3 *db, int index, struct zg_error *err)
{
	enum zg_result result = ZG_OK;
	int code = run(db, "BEGIN IMMEDIATE");

	if (code == SQLITE_OK && index == 0) {
		char sql[64];

		snprintf(sql, sizeof(sql), "PRAGMA application_id = %d", ZG_APPLICATION_ID);
		code = run(db, sql);
	}
	if (code == SQLITE_OK)
		code = run(db, zg_schema[index]);
	if (code == SQLITE_OK)
		code = set_version(db, index + 1);
	if (code == SQLITE_OK)
		code = run(db, "COMMIT");
	if (code != SQLITE_OK) {
		result = is_memory(code) ? zg_store_fail_memory(err)
			: zg_fail(err, ZG_BROKEN, _("The books could not be brought up to date (%s). Nothing was changed. "
						    "Check the disk, then try again."), sqlite3_errmsg(db));
		run(db, "ROLLBACK");
	}
	return result;
}

enum zg_result zg_schema_migrate(sqlite3 *db, struct zg_error *err)
{
	int version, owner;
	int code = get_version(db, "PRAGMA user_version", &version);

	if (code == SQLITE_OK)
		code = get_version(db, "PRAGMA application_id", &owner);
	if (is_memory(code))
		return zg_store_fail_memory(err);
	if (code != SQLITE_OK && code != SQLITE_DONE && (code & 0xFF) != SQLITE_NOTADB && (code & 0xFF) != SQLITE_CORRUPT)
		return zg_fail(err, ZG_BROKEN, _("The books cannot be read (%s). Nothing was changed. Check the disk, then try again."),
			       sqlite3_errmsg(db));
	if (code != SQLITE_OK || version < 0 || (owner != ZG_APPLICATION_ID && (version != 0 || owner != 0)))
		return zg_fail(err, ZG_BROKEN, _("This file is not a shop's books, or it is damaged. If a copy of them was made, put it back; "
						 "see COPIES in zhanggui(1)."));
	if (version > zg_schema_count)
		return zg_fail(err, ZG_USAGE, _("These books were written by a newer version of this program. "
						"Install that version; nothing was changed."));
	enum zg_result result = ZG_OK;

	for (int i = version; i < zg_schema_count && result == ZG_OK; i++)
		result = apply(db, i, err);
	return result;
}

int zg_store_version(void)
{
	return zg_schema_count;
}

enum zg_result zg_store_check_pages(const struct zg_store *store, struct zg_error *err)
{
	sqlite3_stmt *stmt = NULL;
	enum zg_result result = ZG_BROKEN;
	char first[128] = "unreadable";
	int code = sqlite3_prepare_v2(store->db, "PRAGMA integrity_check(1)", -1, &stmt, NULL);

	if (code == SQLITE_OK)
		code = sqlite3_step(stmt);
	const char *said = code == SQLITE_ROW ? (const char *)sqlite3_column_text(stmt, 0) : NULL;

	if (code == SQLITE_ROW && !said)
		code = SQLITE_NOMEM;
	if (said) {
		snprintf(first, sizeof(first), "%s", said);
		result = strcmp(first, "ok") == 0 ? ZG_OK : ZG_BROKEN;
	}
	sqlite3_finalize(stmt);
	if (is_memory(code))
		return zg_store_fail_memory(err);
	if (result != ZG_OK)
		return zg_fail(err, ZG_BROKEN, _("The books are damaged (%s). Stop selling. If a copy of them was made, put it back; "
						 "see COPIES in zhanggui(1)."), first);
	return ZG_OK;
}
