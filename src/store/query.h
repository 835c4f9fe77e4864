/*
 * One SQL statement, prepared once for each store and bound by name. For src/store alone.
 *
 *	struct zg_query q = zg_query(store, "SELECT name FROM person WHERE login = :login");
 *	zg_bind_text(&q, ":login", login);
 *	if (zg_query_row(&q))
 *		name = zg_copy(zg_column_text(&q, 0));
 *	return zg_query_end(&q, err);
 *
 * The SQL is a literal, never built from text: its address is its key in the store's cache.
 * A query remembers its first error; zg_query_end reports it and must always be called.
 */
#ifndef ZG_STORE_QUERY_H
#define ZG_STORE_QUERY_H

#include "src/base/result.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sqlite3_stmt;
struct zg_store;

struct zg_query {
	const struct zg_store *store;
	struct sqlite3_stmt *stmt;
	int code;          /* SQLite's first error, or SQLITE_OK */
	bool is_own;       /* not from the cache: the cached one was busy */
};

struct zg_query zg_query(const struct zg_store *store, const char *sql);

void zg_bind_text(struct zg_query *query, const char *name, const char *text);    /* copied; NULL binds NULL */
void zg_bind_integer(struct zg_query *query, const char *name, int64_t value);
void zg_bind_null(struct zg_query *query, const char *name);
void zg_bind_bytes(struct zg_query *query, const char *name, const void *bytes, size_t length);

/* Steps; true while there is a row. */
bool zg_query_row(struct zg_query *query);
/* Runs a statement that gives no rows. */
void zg_query_run(struct zg_query *query);
/* Clears the bindings so that the same query can be bound and run again; keeps its first error. */
void zg_query_again(struct zg_query *query);

/* Columns of the row just stepped to. Text is never NULL and lasts until the next step. */
const char *zg_column_text(struct zg_query *query, int column);
/* Copies a text to its place; whatever the file holds, none is longer than that. */
void zg_column_copy(struct zg_query *query, int column, char *out, size_t size);
int64_t zg_column_integer(struct zg_query *query, int column);
bool zg_column_is_null(struct zg_query *query, int column);
const void *zg_column_bytes(struct zg_query *query, int column, size_t *length);

/*
 * Lets the statement go. ZG_OK, or what went wrong: ZG_INVALID when the books' own rules refused it,
 * ZG_BROKEN for a full, failing or damaged disk.
 */
enum zg_result zg_query_end(struct zg_query *query, struct zg_error *err);

/* The sentence for an SQLite error code; marks the store as broken after a failed sync. */
enum zg_result zg_store_fail(const struct zg_store *store, int code, struct zg_error *err);

/* The number that a statement without parameters gives; 0 when it gives no row. */
enum zg_result zg_query_number(const struct zg_store *store, const char *sql, int64_t *number, struct zg_error *err);
#endif
