#include "src/store/query.h"

#include "src/base/i18n.h"
#include "src/store/private.h"

#include <string.h>

static sqlite3_stmt *prepare(const struct zg_store *store, const char *sql, unsigned flags, int *code)
{
	sqlite3_stmt *stmt = NULL;

	*code = sqlite3_prepare_v3(store->db, sql, -1, flags, &stmt, NULL);
	return stmt;
}

static struct zg_statement *slot_of(const struct zg_store *store, const char *sql)
{
	size_t start = ((uintptr_t)sql >> 3) % ZG_STORE_STATEMENTS;

	for (size_t i = 0; i < ZG_STORE_STATEMENTS; i++) {
		struct zg_statement *slot = &store->statements[(start + i) % ZG_STORE_STATEMENTS];

		if (!slot->sql || slot->sql == sql)
			return slot;
	}
	return NULL;
}

/*
 * After a full disk, a failed one, or without memory SQLite ends a transaction by itself. Whoever goes on all the same would
 * write outside of it, each row for itself: nothing runs until it was rolled back by us too.
 */
static bool is_lost(const struct zg_store *store)
{
	return store->is_begun && sqlite3_get_autocommit(store->db);
}

struct zg_query zg_query(const struct zg_store *store, const char *sql)
{
	struct zg_query query = { .store = store };
	struct zg_statement *slot = slot_of(store, sql);

	if (store->is_stuck)    /* nobody sees what was to be rolled back */
		zg_store_rollback((struct zg_store *)(uintptr_t)store);
	if (store->is_stuck) {
		query.code = SQLITE_NOMEM;
		query.is_own = true;
		return query;
	}
	if (is_lost(store)) {
		query.code = store->lost_code != SQLITE_OK ? store->lost_code : SQLITE_ABORT_ROLLBACK;
		query.is_own = true;
		return query;
	}
	if (slot && !slot->sql) {
		slot->stmt = prepare(store, sql, SQLITE_PREPARE_PERSISTENT, &query.code);
		slot->sql = slot->stmt ? sql : NULL;
		query.stmt = slot->stmt;
		return query;
	}
	if (slot && !sqlite3_stmt_busy(slot->stmt)) {
		query.stmt = slot->stmt;
		return query;
	}
	query.stmt = prepare(store, sql, 0, &query.code);
	query.is_own = true;
	return query;
}

/* A name that the statement does not have is a mistake of ours, told as misuse. */
static int place(struct zg_query *query, const char *name)
{
	if (query->code != SQLITE_OK)
		return 0;
	int index = sqlite3_bind_parameter_index(query->stmt, name);

	if (index == 0)
		query->code = SQLITE_MISUSE;
	return index;
}

static void keep(struct zg_query *query, int code)
{
	if (query->code == SQLITE_OK && code != SQLITE_OK)
		query->code = code;
}

void zg_bind_text(struct zg_query *query, const char *name, const char *text)
{
	int index = place(query, name);

	if (index)
		keep(query, text ? sqlite3_bind_text(query->stmt, index, text, -1, SQLITE_TRANSIENT)
				 : sqlite3_bind_null(query->stmt, index));
}

void zg_bind_integer(struct zg_query *query, const char *name, int64_t value)
{
	int index = place(query, name);

	if (index)
		keep(query, sqlite3_bind_int64(query->stmt, index, value));
}

void zg_bind_null(struct zg_query *query, const char *name)
{
	int index = place(query, name);

	if (index)
		keep(query, sqlite3_bind_null(query->stmt, index));
}

void zg_bind_bytes(struct zg_query *query, const char *name, const void *bytes, size_t length)
{
	int index = place(query, name);

	if (index)
		keep(query, sqlite3_bind_blob64(query->stmt, index, bytes, length, SQLITE_TRANSIENT));
}

bool zg_query_row(struct zg_query *query)
{
	if (query->code != SQLITE_OK)
		return false;
	int code = sqlite3_step(query->stmt);

	if (code == SQLITE_ROW)
		return true;
	if (code != SQLITE_DONE)
		query->code = sqlite3_extended_errcode(query->store->db);
	if (code != SQLITE_DONE && is_lost(query->store))
		((struct zg_store *)(uintptr_t)query->store)->lost_code = query->code;
	return false;
}

void zg_query_run(struct zg_query *query)
{
	while (zg_query_row(query))
		;
}

void zg_query_again(struct zg_query *query)
{
	if (!query->stmt)
		return;
	sqlite3_reset(query->stmt);
	sqlite3_clear_bindings(query->stmt);
}

/* A cell that memory ran out for looks like an empty one: the query remembers, and ends with it. */
static void look_for_lack(struct zg_query *query)
{
	if (sqlite3_errcode(query->store->db) == SQLITE_NOMEM)
		keep(query, SQLITE_NOMEM);
}

const char *zg_column_text(struct zg_query *query, int column)
{
	const unsigned char *text = sqlite3_column_text(query->stmt, column);

	if (!text)
		look_for_lack(query);
	return text ? (const char *)text : "";
}

void zg_column_copy(struct zg_query *query, int column, char *out, size_t size)
{
	const char *text = zg_column_text(query, column);
	size_t length = strnlen(text, size - 1);

	memcpy(out, text, length);
	out[length] = '\0';
}

int64_t zg_column_integer(struct zg_query *query, int column)
{
	return sqlite3_column_int64(query->stmt, column);
}

bool zg_column_is_null(struct zg_query *query, int column)
{
	return sqlite3_column_type(query->stmt, column) == SQLITE_NULL;
}

const void *zg_column_bytes(struct zg_query *query, int column, size_t *length)
{
	const void *bytes = sqlite3_column_blob(query->stmt, column);

	if (!bytes)
		look_for_lack(query);
	*length = (size_t)sqlite3_column_bytes(query->stmt, column);
	return bytes ? bytes : "";
}

enum zg_result zg_query_end(struct zg_query *query, struct zg_error *err)
{
	enum zg_result result = query->code == SQLITE_OK ? ZG_OK : zg_store_fail(query->store, query->code, err);

	if (query->is_own)
		sqlite3_finalize(query->stmt);
	else
		zg_query_again(query);
	query->stmt = NULL;
	query->code = SQLITE_MISUSE;
	return result;
}

enum zg_result zg_store_fail_memory(struct zg_error *err)
{
	return zg_fail(err, ZG_BROKEN, _("The computer has no memory left for this. Nothing was booked. Try again; if that does not help, "
					 "start the till again."));
}

enum zg_result zg_store_fail(const struct zg_store *store, int code, struct zg_error *err)
{
	if (code == SQLITE_IOERR_NOMEM)
		code = SQLITE_NOMEM;    /* the disk has nothing to do with it */
	switch (code & 0xFF) {
	case SQLITE_CONSTRAINT:
		return zg_fail(err, ZG_INVALID, _("The books refuse this: %s."), sqlite3_errmsg(store->db));
	case SQLITE_FULL:
		return zg_fail(err, ZG_BROKEN, _("The disk is full. Free some space, then try again; nothing was booked."));
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return zg_fail(err, ZG_BROKEN, _("The books are damaged. Stop selling. If a copy of them was made, put it back; see COPIES in zhanggui(1)."));
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_CANTOPEN:
		return zg_fail(err, ZG_BROKEN, _("The books cannot be written. Check who owns the shop's directory."));
	case SQLITE_IOERR:
		/* What a failed sync left on the disk cannot be known by reading it back (decision 11). */
		((struct zg_store *)(uintptr_t)store)->is_broken = true;
		return zg_fail(err, ZG_BROKEN, _("The disk does not answer as it should. Stop selling, copy the shop to another disk, "
						 "then start again."));
	case SQLITE_NOMEM:
		return zg_store_fail_memory(err);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return zg_fail(err, ZG_OFFLINE, _("The books are busy. Try again in a moment."));
	default:
		return zg_fail(err, ZG_BROKEN, _("The books could not be used (%s). Start the till again."), sqlite3_errstr(code));
	}
}

enum zg_result zg_query_number(const struct zg_store *store, const char *sql, int64_t *number, struct zg_error *err)
{
	struct zg_query q = zg_query(store, sql);

	*number = zg_query_row(&q) ? zg_column_integer(&q, 0) : 0;
	return zg_query_end(&q, err);
}
