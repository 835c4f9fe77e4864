/* The journal row by row: what is written, what is joined to it, how it is read in batches, and what its seals tell. */
#include "src/base/alloc.h"
#include "src/store/private.h"
#include "tests/unit/ledger.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static enum zg_result try_add(const char *kind, const char *body, struct zg_journal_mark *mark)
{
	json_t *object = zg_json_parse(body, strlen(body));
	enum zg_result result = zg_journal_add_from(ledger.store, "lin", 4711, kind, object, mark, &ledger.err);

	json_decref(object);
	return result;
}

static struct zg_journal_mark add(const char *kind, const char *body)
{
	struct zg_journal_mark mark = { 0 };

	OK(try_add(kind, body, &mark));
	return mark;
}

static void add_many(int count)
{
	for (int i = 0; i < count; i++)
		OK(try_add("x", "{}", NULL));
}

#define ROWS "SELECT seq, at, who, uid, kind, body FROM journal"
#define CHAIN "SELECT count(*) FROM journal AS a JOIN journal AS b ON b.seq = a.seq + 1 WHERE b.prev = a.mac"
#define TO_SALES "SELECT sale_id, seq FROM journal_sale ORDER BY seq"
#define TO_SHIFTS "SELECT shift_id, seq FROM journal_shift ORDER BY seq"

TestSuite(sealed, .init = ledger_open_held, .fini = ledger_close);

/* ---- a row */

Test(sealed, a_row_has_all_that_was_said_and_follows_the_one_before)
{
	struct zg_journal_mark first = { .seq = 9 }, mark;
	json_t *body = zg_json_object();
	char *own;

	OK(zg_journal_head(ledger.store, &first, &ledger.err));
	cr_expect(eq(long, first.seq, 0));
	cr_expect(eq(str, first.anchor, ""));
	mark = add("a.b", "{\"n\":1}");
	cr_expect(eq(long, mark.seq, 1));
	cr_expect(eq(sz, strlen(mark.anchor), 8));
	OK(zg_journal_head(ledger.store, &first, &ledger.err));
	cr_expect(eq(str, first.anchor, mark.anchor));
	ledger.now_ms += 50;
	mark = add("c.d", "{}");
	cr_expect(eq(long, mark.seq, 2));
	OK(zg_journal_add(ledger.store, "-", "e", body, NULL, &ledger.err));
	own = zg_print("1|1763860000123|lin|4711|a.b|{\"n\":1}\n2|1763860000173|lin|4711|c.d|{}\n3|1763860000173|-|%ld|e|{}\n", (long)getuid());
	ledger_expect(ROWS, own);
	ledger_expect(CHAIN, "2\n");
	ledger_expect("SELECT hex(prev) FROM journal WHERE seq = 1", "0000000000000000000000000000000000000000000000000000000000000000\n");
	free(own);
	json_decref(body);
}

/* The head is kept in memory, and a rollback must not leave one there that is not in the books. */
Test(sealed, the_next_row_follows_what_is_in_the_books_after_a_rollback)
{
	struct zg_journal_mark head = { 0 };

	add_many(3);
	OK(zg_store_commit(ledger.store, &ledger.err));
	OK(zg_store_begin(ledger.store, ZG_SYNC_NORMAL, &ledger.err));
	add_many(2);
	zg_store_rollback(ledger.store);
	memset(head.anchor, 'x', sizeof(head.anchor));
	OK(zg_journal_head(ledger.store, &head, &ledger.err));
	cr_expect(eq(long, head.seq, 3));
	cr_expect(eq(sz, strlen(head.anchor), 8));
	OK(zg_store_begin(ledger.store, ZG_SYNC_NORMAL, &ledger.err));
	cr_expect(eq(long, add("x", "{}").seq, 4));
	ledger_expect(CHAIN, "3\n");
}

Test(sealed, an_empty_journal_has_no_head_and_begins_with_one)
{
	struct zg_journal_mark head;

	memset(&head, 'x', sizeof(head));
	OK(zg_journal_head(ledger.store, &head, &ledger.err));
	cr_expect(eq(long, head.seq, 0));
	cr_expect(eq(str, head.anchor, ""));
	zg_store_rollback(ledger.store);
	OK(zg_store_begin(ledger.store, ZG_SYNC_NORMAL, &ledger.err));
	cr_expect(eq(long, add("x", "{}").seq, 1));
}

/* A reader's connection sees what the till writes meanwhile. */
Test(sealed, a_reader_asks_for_the_head_each_time)
{
	struct zg_store *reader;
	struct zg_journal_mark head = { 0 };

	for (int64_t i = 1; i <= 3; i++) {
		struct zg_journal_mark mark = add("x", "{}");

		OK(zg_store_commit(ledger.store, &ledger.err));
		if (i == 1)
			OK(zg_store_open(ledger.home, ZG_STORE_READ, zg_store_clock(ledger.store), &reader, &ledger.err));
		OK(zg_journal_head(reader, &head, &ledger.err));
		cr_expect(eq(long, head.seq, i));
		cr_expect(eq(str, head.anchor, mark.anchor));
		OK(zg_store_begin(ledger.store, ZG_SYNC_NORMAL, &ledger.err));
	}
	zg_store_close(reader);
}

/* By itself it would stay, whatever becomes of the change that it tells of: this is a mistake of ours, and ends the till. */
Test(sealed, no_row_is_added_outside_of_a_transaction)
{
	int status = 0;

	zg_store_rollback(ledger.store);
	pid_t child = fork();

	if (child == 0) {
		(void)!freopen("/dev/null", "w", stderr);
		(void)try_add("x", "{}", NULL);
		_exit(0);
	}
	cr_assert(eq(int, waitpid(child, &status, 0), child));
	cr_expect(ne(int, status, 0));
	ledger_expect(ROWS, "");
}

/* ---- what it tells of */

Test(sealed, a_row_is_joined_to_the_sale_and_the_shift_that_it_names)
{
	struct zg_journal_mark mark;
	struct zg_sale *sale = ledger_ring();

	OK(zg_sale_tender(sale, ZG_TENDER_CASH, 2000, ZG_ROUND_JIAO, &ledger.err));
	OK(zg_store_commit(ledger.store, &ledger.err));
	int64_t id = ledger_close_sale(sale);    /* row 1, which names the shift */

	cr_assert(eq(long, id, 1));
	OK(zg_store_begin(ledger.store, ZG_SYNC_NORMAL, &ledger.err));
	mark = add("none", "{\"number\":\"R010000001\"}");
	cr_assert(eq(long, mark.seq, 2));
	add("sale.x", "{\"sale\":5}");
	add("sale.y", "{\"sale\":6,\"origin\":\"R010000001\",\"shift\":1}");
	add("sale.refund", "{\"origin\":\"R010000001\"}");
	add("print.receipt", "{\"number\":\"R010000001\"}");
	add("print.receipt", "{\"origin\":\"R010000001\"}");
	add("sale.refund", "{\"origin\":\"R019999999\"}");    /* no such sale: nothing to join, and no failure */
	add("shift.x", "{\"shift\":3}");
	add("print.receipt", "{\"sale\":7,\"shift\":-1}");
	add("sale.z", "{\"sale\":1}");
	ledger_expect(TO_SALES, "5|3\n6|4\n1|5\n1|6\n7|10\n1|11\n");
	ledger_expect(TO_SHIFTS, "1|1\n1|4\n3|9\n-1|10\n");
	zg_sale_free(sale);
}

Test(sealed, a_row_that_cannot_be_joined_is_no_row)
{
	static const struct { const char *trigger, *left; } cases[] = {
		{ "journal", "1|0|0\n" }, { "journal_sale", "2|0|0\n" }, { "journal_shift", "2|1|0\n" },
	};

	add_many(1);
	for (size_t i = 0; i < 3; i++) {
		struct zg_journal_mark mark = { .seq = 77, .anchor = "keep" };
		char sql[200];

		snprintf(sql, sizeof(sql), "SAVEPOINT one; CREATE TEMP TRIGGER refused BEFORE INSERT ON main.%s BEGIN SELECT RAISE(ABORT, 'refused'); END",
			 cases[i].trigger);
		ledger_run(sql);
		cr_expect(eq(int, try_add("x", "{\"sale\":5,\"shift\":1}", &mark), ZG_INVALID), "%s", cases[i].trigger);
		cr_expect(eq(long, mark.seq, 77), "%s", cases[i].trigger);
		cr_expect(eq(str, mark.anchor, "keep"));
		ledger_expect("SELECT (SELECT count(*) FROM journal), (SELECT count(*) FROM journal_sale), (SELECT count(*) FROM journal_shift)",
			      cases[i].left);
		ledger_run("ROLLBACK TO one; RELEASE one");
	}
	cr_expect(eq(long, add("x", "{}").seq, 2));
	ledger_expect(CHAIN, "1\n");
}

Test(sealed, nothing_is_added_when_the_head_cannot_be_read)
{
	struct zg_journal_mark mark = { .seq = 77 };

	ledger_run("ROLLBACK");    /* as SQLite does by itself on a full disk */
	ledger.store->last_seq = -1;
	cr_expect(eq(int, try_add("x", "{}", &mark), ZG_BROKEN));
	cr_expect(eq(long, mark.seq, 77));
	cr_expect(eq(int, zg_journal_head(ledger.store, &mark, &ledger.err), ZG_BROKEN));
	cr_expect(eq(long, ledger.store->last_seq, -1), "and none is kept in memory");
}

/* ---- reading */

struct seen {
	int64_t count, first, last, stop;
	bool all_whole, in_order;
};

static bool see(const struct zg_journal_row *row, void *self)
{
	struct seen *seen = self;

	seen->in_order &= seen->count == 0 || row->seq == seen->last + 1;
	if (seen->count++ == 0)
		seen->first = row->seq;
	seen->last = row->seq;
	seen->all_whole &= row->is_whole;
	return row->seq != seen->stop;
}

static void expect_seen(int64_t from, int64_t most, int64_t stop, int64_t count)
{
	struct seen seen = { .stop = stop, .all_whole = true, .in_order = true };

	OK(zg_journal_read(ledger.store, from, most, see, &seen, &ledger.err));
	cr_expect(eq(long, seen.count, count), "from %ld, %ld, stop at %ld", from, most, stop);
	cr_expect(count == 0 || seen.first == from);
	cr_expect(count == 0 || seen.last == from + count - 1);
	cr_expect(seen.all_whole && seen.in_order);
}

/* Rows are fetched by 500: each end of a batch, and one row more or less. */
Test(sealed, rows_are_visited_once_each_and_as_many_as_were_asked_for)
{
	expect_seen(1, 0, 0, 0);
	add_many(500);
	expect_seen(1, 0, 0, 500);
	add_many(501);
	expect_seen(1, 0, 0, 1001);
	expect_seen(2, 0, 0, 1000);
	expect_seen(502, 0, 0, 500);
	expect_seen(1001, 0, 0, 1);
	expect_seen(1002, 0, 0, 0);
	expect_seen(1, 1, 0, 1);
	expect_seen(3, 2, 0, 2);
	expect_seen(1, 500, 0, 500);
	expect_seen(1, 501, 0, 501);
	expect_seen(1, 0, 1, 1);
	expect_seen(1, 0, 500, 500);
	expect_seen(400, 0, 700, 301);
}

static bool compare(const struct zg_journal_row *row, void *self)
{
	const char *wanted = self;
	char text[200], prev[2 * ZG_MAC_SIZE + 1], mac[2 * ZG_MAC_SIZE + 1];

	zg_hex(prev, row->prev, ZG_MAC_SIZE);
	zg_hex(mac, row->mac, ZG_MAC_SIZE);
	snprintf(text, sizeof(text), "%" PRId64 "|%" PRId64 "|%s|%" PRId64 "|%s|%s", row->seq, row->at_ms, row->who, row->uid, row->kind, row->body);
	cr_expect(eq(str, text, (char *)wanted));
	cr_expect(row->is_whole);
	snprintf(text, sizeof(text), "%s|%s\n", prev, mac);
	ledger_expect("SELECT lower(hex(prev)), lower(hex(mac)) FROM journal WHERE seq = 2", text);
	return true;
}

Test(sealed, a_row_is_read_as_it_was_written)
{
	char wanted[] = "2|1763860000123|lin|4711|a.b|{\"n\":1}";

	add_many(1);
	add("a.b", "{\"n\":1}");
	OK(zg_journal_read(ledger.store, 2, 0, compare, wanted, &ledger.err));
}

static bool never(const struct zg_journal_row *row, void *self)
{
	(void)row, (void)self;
	cr_expect(false, "a row of books that cannot be read");
	return false;
}

Test(sealed, what_cannot_be_read_is_told)
{
	struct zg_journal_check check;

	add_many(3);
	ledger_run("ROLLBACK");
	cr_expect(eq(int, zg_journal_read(ledger.store, 1, 0, never, NULL, &ledger.err), ZG_BROKEN));
	cr_expect(eq(int, zg_journal_verify(ledger.store, &check, &ledger.err), ZG_BROKEN));
	cr_expect(eq(long, check.bad_seq, 0));
}

/* ---- what the seals tell */

static void expect_bad(const char *sql, int64_t row, const char *words)
{
	struct zg_journal_check check;
	char named[40];

	ledger_run("SAVEPOINT one");
	ledger_run(sql);
	ledger.err.text[0] = '\0';
	cr_expect(eq(int, zg_journal_verify(ledger.store, &check, &ledger.err), ZG_INVALID), "%s", sql);
	cr_expect(eq(long, check.bad_seq, row), "%s", sql);
	cr_expect(eq(long, check.rows, row - 1), "%s", sql);
	snprintf(named, sizeof(named), "Row %ld ", (long)row);
	cr_expect(ne(ptr, strstr(ledger.err.text, named), NULL), "%s: %s", sql, ledger.err.text);
	cr_expect(ne(ptr, strstr(ledger.err.text, words), NULL), "%s: %s", sql, ledger.err.text);
	ledger_run("ROLLBACK TO one; RELEASE one");
}

/* With the file and a tool of his own nobody is held by triggers or CHECKs. */
static void disarm(void)
{
	ledger_run("PRAGMA ignore_check_constraints = ON;"
		   "DROP TRIGGER journal_next; DROP TRIGGER journal_fixed; DROP TRIGGER journal_keep");
}

Test(sealed, what_is_behind_a_nul_or_a_seal_of_another_length_is_found)
{
	static const char *const columns[] = { "who", "kind", "body" };

	add_many(5);
	disarm();
	for (size_t i = 0; i < 3; i++) {
		char sql[200];

		snprintf(sql, sizeof(sql), "UPDATE journal SET %s = CAST(CAST(%s AS BLOB) || x'0041' AS TEXT) WHERE seq = 3", columns[i], columns[i]);
		expect_bad(sql, 3, "its seal does not fit its words");
	}
	expect_bad("UPDATE journal SET mac = CAST(mac || x'00' AS BLOB) WHERE seq = 5", 5, "its seal does not fit its words");
	expect_bad("UPDATE journal SET mac = substr(mac, 1, 31) WHERE seq = 5", 5, "its seal does not fit its words");
	expect_bad("UPDATE journal SET mac = x'' WHERE seq = 5", 5, "its seal does not fit its words");
	expect_bad("UPDATE journal SET prev = CAST(prev || x'00' AS BLOB) WHERE seq = 4", 4, "its seal does not fit its words");
	expect_bad("UPDATE journal SET prev = CAST(substr(prev, 1, 31) AS BLOB) WHERE seq = 4", 4, "it does not follow the row before it");
	expect_bad("UPDATE journal SET prev = x'' WHERE seq = 4", 4, "it does not follow the row before it");
	expect_bad("UPDATE journal SET prev = x'' WHERE seq = 1", 1, "its seal does not fit its words");
}

Test(sealed, a_row_that_is_missing_or_moved_is_named)
{
	struct zg_journal_check check;
	struct zg_journal_mark mark;

	add_many(4);
	mark = add("x", "{}");
	disarm();
	expect_bad("DELETE FROM journal WHERE seq = 1", 1, "it is missing");
	expect_bad("DELETE FROM journal WHERE seq = 3", 3, "it is missing");
	expect_bad("UPDATE journal SET seq = 6 WHERE seq = 5", 5, "it is missing");
	expect_bad("UPDATE journal SET body = '{ }' WHERE seq = 1", 1, "its seal does not fit its words");
	expect_bad("UPDATE journal SET body = '{ }' WHERE seq = 5", 5, "its seal does not fit its words");
	ledger_run("SAVEPOINT one; INSERT INTO journal SELECT -1, at, who, uid, kind, body, prev, mac FROM journal WHERE seq = 1");
	cr_expect(eq(int, zg_journal_verify(ledger.store, &check, &ledger.err), ZG_INVALID), "a row before the first");
	cr_expect(eq(long, check.bad_seq, -1));
	cr_expect(ne(ptr, strstr(ledger.err.text, "Row -1 "), NULL), "%s", ledger.err.text);
	ledger_run("UPDATE journal SET seq = 0 WHERE seq = -1");
	cr_expect(eq(int, zg_journal_verify(ledger.store, &check, &ledger.err), ZG_INVALID), "a row before the first");
	ledger_run("ROLLBACK TO one; RELEASE one");
	OK(zg_journal_verify(ledger.store, &check, &ledger.err));
	cr_expect(eq(long, check.rows, 5));
	cr_expect(eq(long, check.bad_seq, 0));
	cr_expect(eq(str, check.anchor, mark.anchor));
}

/* Who has the key can seal anew, and the head that was kept outside tells all the same. */
Test(sealed, a_row_that_was_sealed_anew_is_not_the_one_that_was_kept)
{
	struct zg_journal_check check;

	add_many(5);
	OK(zg_journal_keep_head(ledger.store, &ledger.err));
	add_many(1);
	OK(zg_journal_verify(ledger.store, &check, &ledger.err));
	disarm();
	ledger_run("DELETE FROM journal WHERE seq >= 5");
	ledger.store->last_seq = -1;
	add("y", "{}");
	expect_bad("SELECT 1", 5, "it is not the row that was last sealed");
	add_many(1);
	expect_bad("SELECT 1", 5, "it is not the row that was last sealed");
}

Test(sealed, a_tail_that_was_cut_off_is_told_from_where_to_where)
{
	struct zg_journal_check check;

	add_many(5);
	OK(zg_journal_keep_head(ledger.store, &ledger.err));
	OK(zg_journal_verify(ledger.store, &check, &ledger.err));
	disarm();
	ledger_run("DELETE FROM journal WHERE seq = 5");
	cr_expect(eq(int, zg_journal_verify(ledger.store, &check, &ledger.err), ZG_INVALID));
	cr_expect(eq(long, check.bad_seq, 5));
	cr_expect(ne(ptr, strstr(ledger.err.text, "Rows 5 to 5 "), NULL), "%s", ledger.err.text);
	ledger_run("DELETE FROM journal WHERE seq = 3");
	cr_expect(eq(int, zg_journal_verify(ledger.store, &check, &ledger.err), ZG_INVALID));
	cr_expect(eq(long, check.bad_seq, 3));
	cr_expect(ne(ptr, strstr(ledger.err.text, "Row 3 "), NULL), "the first thing that is wrong is told");
	ledger_run("DELETE FROM journal");
	cr_expect(eq(int, zg_journal_verify(ledger.store, &check, &ledger.err), ZG_INVALID));
	cr_expect(eq(long, check.bad_seq, 1));
	cr_expect(ne(ptr, strstr(ledger.err.text, "Rows 1 to 5 "), NULL), "%s", ledger.err.text);
}
