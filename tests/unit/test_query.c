/* One statement and its cache, and the sentence for each way in which SQLite can fail. */
#include "src/store/private.h"
#include "src/store/query.h"
#include "tests/unit/scratch.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

static char *home;
static struct zg_store *store;
static struct zg_error err;

static void open_shop(void)
{
	home = scratch_begin();
	cr_assert(eq(int, zg_store_open(home, ZG_STORE_CREATE, &zg_real_clock, &store, &err), ZG_OK), "%s", err.text);
}

static void close_shop(void)
{
	zg_store_close(store);
	scratch_end(home);
}

TestSuite(query, .init = open_shop, .fini = close_shop);

/* A text's address is its key: each of these is another statement, more of them than the cache has slots. */
Test(query, a_full_cache_prepares_afresh)
{
	static char texts[ZG_STORE_STATEMENTS + 50][24];
	int64_t number;

	for (int round = 0; round < 2; round++)
		for (int i = 0; i < ZG_STORE_STATEMENTS + 50; i++) {
			snprintf(texts[i], sizeof(texts[i]), "SELECT %d", i);
			cr_assert(eq(int, zg_query_number(store, texts[i], &number, &err), ZG_OK), "%s", err.text);
			cr_assert(eq(long, (long)number, i));
		}
}

/* A list that asks the same question again for each of its rows. */
Test(query, a_statement_that_is_being_read_may_be_asked_again)
{
	static const char sql[] = "SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3";
	struct zg_query outer = zg_query(store, sql);
	int64_t sum = 0, first;

	while (zg_query_row(&outer)) {
		struct zg_query inner = zg_query(store, sql);

		cr_assert(zg_query_row(&inner));
		first = zg_column_integer(&inner, 0);
		cr_assert(eq(int, zg_query_end(&inner, &err), ZG_OK));
		sum += zg_column_integer(&outer, 0) * first;
	}
	cr_expect(eq(int, zg_query_end(&outer, &err), ZG_OK));
	cr_expect(eq(long, (long)sum, 6));
}

Test(query, the_first_error_is_kept_and_nothing_runs_after_it)
{
	struct zg_query q = zg_query(store, "INSERT INTO setting (name, value) VALUES (:name, 'x')");

	zg_bind_text(&q, ":nmae", "a");     /* a mistake of ours */
	zg_bind_text(&q, ":name", "a");
	zg_bind_integer(&q, ":name", 1);
	zg_bind_null(&q, ":name");
	zg_bind_bytes(&q, ":name", "a", 1);
	cr_expect(not(zg_query_row(&q)));
	cr_expect(eq(int, zg_query_end(&q, &err), ZG_BROKEN));
	cr_expect(ne(ptr, strstr(err.text, "Start the till again"), NULL), "%s", err.text);

	struct zg_query none = zg_query(store, "SELECT nothing FROM nowhere");

	zg_query_again(&none);
	zg_query_run(&none);
	cr_expect(eq(int, zg_query_end(&none, &err), ZG_BROKEN));
	int64_t number;

	cr_expect(eq(int, zg_query_number(store, "SELECT count(*) FROM setting WHERE name = 'a'", &number, &err), ZG_OK));
	cr_expect(eq(long, (long)number, 0));
}

Test(query, one_statement_is_bound_and_run_again)
{
	struct zg_query q = zg_query(store, "SELECT :bytes, :text");
	size_t length = 9;

	zg_bind_bytes(&q, ":bytes", "a\0b", 3);
	zg_bind_text(&q, ":text", NULL);
	cr_assert(zg_query_row(&q));
	cr_expect(eq(int, memcmp(zg_column_bytes(&q, 0, &length), "a\0b", 3), 0));
	cr_expect(eq(sz, length, 3));
	cr_expect(zg_column_is_null(&q, 1));
	cr_expect(eq(str, (char *)zg_column_text(&q, 1), ""));
	zg_query_again(&q);
	zg_bind_null(&q, ":bytes");
	zg_bind_text(&q, ":text", "more than fits");
	cr_assert(zg_query_row(&q));
	char cut[5];

	cr_expect(eq(str, (char *)zg_column_bytes(&q, 0, &length), ""));
	cr_expect(eq(sz, length, 0));
	zg_column_copy(&q, 1, cut, sizeof(cut));
	cr_expect(eq(str, cut, "more"));
	cr_expect(eq(int, zg_query_end(&q, &err), ZG_OK));
}

Test(query, each_way_to_fail_has_its_sentence)
{
	static const struct { int code; enum zg_result result; bool breaks; const char *says; } ways[] = {
		{ SQLITE_CONSTRAINT_CHECK, ZG_INVALID, false, "refuse this" },
		{ SQLITE_FULL, ZG_BROKEN, false, "disk is full" },
		{ SQLITE_CORRUPT_INDEX, ZG_BROKEN, false, "are damaged" },
		{ SQLITE_NOTADB, ZG_BROKEN, false, "are damaged" },
		{ SQLITE_READONLY_DBMOVED, ZG_BROKEN, false, "cannot be written" },
		{ SQLITE_PERM, ZG_BROKEN, false, "cannot be written" },
		{ SQLITE_CANTOPEN_ISDIR, ZG_BROKEN, false, "cannot be written" },
		{ SQLITE_NOMEM, ZG_BROKEN, false, "no memory left" },
		{ SQLITE_IOERR_NOMEM, ZG_BROKEN, false, "no memory left" },    /* nothing is wrong with the disk */
		{ SQLITE_BUSY_SNAPSHOT, ZG_OFFLINE, false, "busy" },
		{ SQLITE_LOCKED, ZG_OFFLINE, false, "busy" },
		{ SQLITE_INTERRUPT, ZG_BROKEN, false, "could not be used" },
		{ SQLITE_IOERR_FSYNC, ZG_BROKEN, true, "does not answer as it should" },    /* the last: it stays */
	};

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		cr_expect(eq(int, zg_store_fail(store, ways[i].code, &err), ways[i].result), "%zu", i);
		cr_expect(ne(ptr, strstr(err.text, ways[i].says), NULL), "%zu: %s", i, err.text);
		cr_expect(eq(int, zg_store_is_broken(store), ways[i].breaks), "%zu", i);
	}
	cr_expect(eq(int, zg_store_begin(store, ZG_SYNC_FULL, &err), ZG_BROKEN), "nothing is written on a disk that cannot be believed");
}

Test(query, a_counter_that_is_missing_is_told)
{
	int64_t number;

	cr_assert(eq(int, zg_store_begin(store, ZG_SYNC_NORMAL, &err), ZG_OK));
	cr_expect(eq(int, zg_store_next(store, "nothing", &number, &err), ZG_BROKEN));
	cr_expect(ne(ptr, strstr(err.text, "lack the counter nothing"), NULL), "%s", err.text);
	zg_store_rollback(store);
}

/* Busy: somebody else writes. Refused by the books: no trouble of the disk's. */
Test(query, a_writer_without_the_lock_waits_for_nobody)
{
	sqlite3 *other;
	char path[600];

	snprintf(path, sizeof(path), "%s/zhanggui.db", home);
	cr_assert(eq(int, sqlite3_open(path, &other), SQLITE_OK));
	cr_assert(eq(int, sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK));

	cr_expect(eq(int, zg_store_begin(store, ZG_SYNC_FULL, &err), ZG_OFFLINE));
	cr_expect(not(zg_store_is_open(store)));
	sqlite3_close(other);
	cr_expect(eq(int, zg_store_begin(store, ZG_SYNC_FULL, &err), ZG_OK));
	zg_store_rollback(store);
}
