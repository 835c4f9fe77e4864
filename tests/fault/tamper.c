/*
 * A journal that somebody changed from outside, with the triggers away and the checks off: each change is found, and the right row is
 * named. Bits of every field at each place, rows deleted, doubled, put between others and swapped, rows sealed anew with another key, a
 * row that the same shop sealed in another life of its books (a copy that somebody went on with), the tail cut off, an old copy put back, the
 * whole journal replaced. And none is found where nothing was changed. A trigger or an index that was dropped, changed or planted keeps
 * the till from starting.
 * P18. ZG_COUNT changes (300), ZG_SEED; ZG_ROWS rows of the journal (by the count: 1,500, or 100,000 from 10,000 changes on).
 */
#include "tests/fault/tally.h"

#include "src/base/alloc.h"
#include "src/store/journal.h"
#include "src/store/private.h"
#include "tests/unit/chance.h"
#include "tests/unit/scratch.h"

#include <inttypes.h>
#include <locale.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FORK 5     /* rows before the end, where the other life begins */
#define TAIL 40    /* rows that are renumbered or sealed anew, at most */

struct trial {
	struct tally tally;
	struct chance chance;
	char *home, *fork;
	int64_t rows;
	struct zg_store *store;    /* a reader: what verifies */
	sqlite3 *books;            /* what changes them; the untouched copy is attached as "good" */
	int64_t from, to;          /* rows that were touched */
	long found, named;
	bool is_attached;          /* another shop's books, as "other" */
};

static void must(bool holds, const char *what)
{
	if (holds)
		return;
	printf("%s\n0 passed, 1 failed\n", what);
	exit(1);
}

/* ---- the good journal ---- */

static void add_rows(struct trial *t, struct zg_store *store, int64_t count)
{
	static const char *const kinds[] = { "sale.paid", "session.start", "line.removed", "cash.out" };
	struct zg_error err = { .text = "" };

	must(zg_store_begin(store, ZG_SYNC_NORMAL, &err) == ZG_OK, err.text);
	for (int64_t i = 0; i < count; i++) {
		json_t *body = zg_json_object();

		zg_json_set_integer(body, "total_fen", chance_amount(&t->chance, 1000000));
		zg_json_set_string(body, "reason", i % 3 ? "包装破损" : "x");
		must(zg_journal_add_from(store, i % 5 ? "lin" : "boss", 1000, kinds[i % 4], body, NULL, &err) == ZG_OK, err.text);
		json_decref(body);
	}
	must(zg_store_commit(store, &err) == ZG_OK, err.text);
}

static void copy_file(const char *from, const char *to)
{
	char block[65536];
	FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
	size_t got;

	must(in && out, "the books cannot be copied");
	while ((got = fread(block, 1, sizeof(block), in)) > 0)
		must(fwrite(block, 1, got, out) == got, "the books cannot be copied");
	fclose(in);
	must(fclose(out) == 0, "the books cannot be copied");
}

/* The books as they are now, with one row more: what somebody has who goes on with a copy. */
static void fork_books(struct trial *t)
{
	char *from = zg_print("%s/zhanggui.db", t->home), *key = zg_print("%s/keys/journal.key", t->home);
	t->fork = scratch_begin();
	char *to = zg_print("%s/zhanggui.db", t->fork), *keys = zg_print("%s/keys", t->fork), *same = zg_print("%s/journal.key", keys);
	struct zg_store *store;
	struct zg_error err = { .text = "" };

	mkdir(keys, 0700);
	copy_file(from, to);
	copy_file(key, same);
	chmod(same, 0600);
	must(zg_store_open(t->fork, ZG_STORE_WRITE, &zg_real_clock, &store, &err) == ZG_OK, err.text);
	add_rows(t, store, 1);
	zg_store_close(store);
	free(from);
	free(key);
	free(to);
	free(keys);
	free(same);
}

static void run(struct trial *t, const char *sql)
{
	char *why = NULL;

	if (sqlite3_exec(t->books, sql, NULL, NULL, &why) != SQLITE_OK) {
		printf("%s: %s\n", sql, why);
		must(false, "a change cannot be made");
	}
}

__attribute__((format(printf, 2, 3))) static void change(struct trial *t, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	char *sql = sqlite3_vmprintf(format, args);
	va_end(args);
	run(t, sql);
	sqlite3_free(sql);
}

static void open_books(struct trial *t)
{
	char *path = zg_print("%s/zhanggui.db", t->home), *good = zg_print("%s/good.db", t->home);
	struct zg_error err = { .text = "" };

	copy_file(path, good);
	must(sqlite3_open(path, &t->books) == SQLITE_OK, "the books cannot be opened");
	run(t, "PRAGMA synchronous = OFF; PRAGMA ignore_check_constraints = ON; DROP TRIGGER journal_next; DROP TRIGGER journal_fixed;"
	       " DROP TRIGGER journal_keep;");
	change(t, "ATTACH '%s' AS good", good);
	must(zg_store_open(t->home, ZG_STORE_READ, &zg_real_clock, &t->store, &err) == ZG_OK, err.text);
	free(path);
	free(good);
}

/* ---- changes: each returns the row that must be named ---- */

static int64_t any_row(struct trial *t)
{
	return t->from = t->to = chance_between(&t->chance, 1, t->rows);
}

/* One bit of one byte of a text or seal; a text stays without NULs, as every reader would want it. */
static int64_t flip(struct trial *t, const char *column, bool is_text)
{
	int64_t row = any_row(t);
	sqlite3_stmt *get = NULL, *set = NULL;
	char *sql = sqlite3_mprintf("SELECT CAST(%s AS BLOB) FROM journal WHERE seq = %lld", column, (long long)row);

	must(sqlite3_prepare_v2(t->books, sql, -1, &get, NULL) == SQLITE_OK && sqlite3_step(get) == SQLITE_ROW, sqlite3_errmsg(t->books));
	int length = sqlite3_column_bytes(get, 0);
	unsigned char *bytes = malloc((size_t)length + 1);

	memcpy(bytes, sqlite3_column_blob(get, 0), (size_t)length);
	int64_t place = chance_between(&t->chance, 0, 3);
	int at = place == 0 ? 0 : place == 1 ? length - 1 : (int)chance_between(&t->chance, 0, length - 1);

	bytes[at] ^= (unsigned char)(1 << chance_between(&t->chance, 0, 7));
	if (is_text && bytes[at] == 0)
		bytes[at] = 'x';
	sqlite3_free(sql);
	sqlite3_finalize(get);
	sql = sqlite3_mprintf(is_text ? "UPDATE journal SET %s = CAST(? AS TEXT) WHERE seq = %lld" : "UPDATE journal SET %s = ? WHERE seq = %lld", column,
			      (long long)row);
	must(sqlite3_prepare_v2(t->books, sql, -1, &set, NULL) == SQLITE_OK, sqlite3_errmsg(t->books));
	sqlite3_bind_blob(set, 1, bytes, length, SQLITE_TRANSIENT);
	must(sqlite3_step(set) == SQLITE_DONE, sqlite3_errmsg(t->books));
	sqlite3_finalize(set);
	sqlite3_free(sql);
	free(bytes);
	return row;
}

static int64_t flip_body(struct trial *t) { return flip(t, "body", true); }
static int64_t flip_who(struct trial *t) { return flip(t, "who", true); }
static int64_t flip_kind(struct trial *t) { return flip(t, "kind", true); }
static int64_t flip_prev(struct trial *t) { return flip(t, "prev", false); }
static int64_t flip_mac(struct trial *t) { return flip(t, "mac", false); }

/* A bit of a number; the highest ones too. */
static int64_t flip_at(struct trial *t)
{
	int64_t row = any_row(t), bit = chance_between(&t->chance, 0, 62);

	change(t, "UPDATE journal SET at = (at | (1 << %lld)) - (at & (1 << %lld)) WHERE seq = %lld", (long long)bit, (long long)bit, (long long)row);
	return row;
}

static int64_t flip_uid(struct trial *t)
{
	int64_t row = any_row(t);

	change(t, "UPDATE journal SET uid = uid + %lld WHERE seq = %lld", (long long)chance_between(&t->chance, 1, 1000), (long long)row);
	return row;
}

/* The text goes on where no reader looks. */
static int64_t hide(struct trial *t)
{
	static const char *const columns[] = { "body", "who", "kind" };
	int64_t row = any_row(t);
	const char *column = columns[chance_between(&t->chance, 0, 2)];

	change(t, "UPDATE journal SET %s = %s || char(0) || 'hidden' WHERE seq = %lld", column, column, (long long)row);
	return row;
}

static int64_t lengthen(struct trial *t)
{
	int64_t row = any_row(t);
	const char *column = chance_between(&t->chance, 0, 1) ? "mac" : "prev";

	change(t, chance_between(&t->chance, 0, 1) ? "UPDATE journal SET %s = CAST(%s || x'41' AS BLOB) WHERE seq = %lld"
	       : "UPDATE journal SET %s = substr(%s, 1, 31) WHERE seq = %lld", column, column, (long long)row);
	return row;
}

/* The same JSON in other words. */
static int64_t reword(struct trial *t)
{
	int64_t row = any_row(t);

	change(t, "UPDATE journal SET body = replace(body, ':', ': ') WHERE seq = %lld", (long long)row);
	return row;
}

static int64_t take_out(struct trial *t)
{
	int64_t row = any_row(t);

	change(t, "DELETE FROM journal WHERE seq = %lld", (long long)row);
	return row;
}

/* A row once more, as the newest. */
static int64_t repeat(struct trial *t)
{
	int64_t row = any_row(t);

	t->to = t->rows + 1;
	t->from = t->to;
	change(t, "INSERT INTO journal SELECT %lld, at, who, uid, kind, body, prev, mac FROM journal WHERE seq = %lld", (long long)t->rows + 1, (long long)row);
	return t->rows + 1;
}

/* A row once more right behind itself; those after it get the next numbers. */
static int64_t put_between(struct trial *t)
{
	int64_t row = t->rows - chance_between(&t->chance, 1, TAIL < t->rows ? TAIL : t->rows - 1);

	t->from = row;
	t->to = t->rows + 1;
	change(t, "UPDATE journal SET seq = -seq - 1 WHERE seq > %lld; UPDATE journal SET seq = -seq WHERE seq < 0;"
	       " INSERT INTO journal SELECT seq + 1, at, who, uid, kind, body, prev, mac FROM journal WHERE seq = %lld", (long long)row, (long long)row);
	return row + 1;
}

static int64_t swap(struct trial *t)
{
	int64_t a = any_row(t), b = chance_between(&t->chance, 1, t->rows), far = chance_between(&t->chance, 0, 1);

	b = far && a != b ? b : a < t->rows ? a + 1 : a - 1;
	t->from = a < b ? a : b;
	t->to = a < b ? b : a;
	change(t, "UPDATE journal SET seq = -1 WHERE seq = %lld; UPDATE journal SET seq = %lld WHERE seq = %lld; UPDATE journal SET seq = %lld WHERE seq = -1",
	       (long long)a, (long long)a, (long long)b, (long long)b);
	return t->from;
}

/* Some last rows, one of them changed, with seals that follow each other well, by another key. */
static int64_t seal_anew(struct trial *t)
{
	int64_t row = t->rows - chance_between(&t->chance, 0, TAIL < t->rows ? TAIL : t->rows - 1);
	struct zg_store other = *t->store;
	sqlite3_stmt *get = NULL, *set = NULL;
	unsigned char prev[ZG_MAC_SIZE] = { 0 };

	zg_random(other.key, sizeof(other.key));
	t->from = row;
	t->to = t->rows;
	must(sqlite3_prepare_v2(t->books, "SELECT seq, at, who, uid, kind, body, prev FROM journal WHERE seq >= ? ORDER BY seq", -1, &get, NULL) == SQLITE_OK &&
	     sqlite3_prepare_v2(t->books, "UPDATE journal SET prev = ?, mac = ? WHERE seq = ?", -1, &set, NULL) == SQLITE_OK, sqlite3_errmsg(t->books));
	sqlite3_bind_int64(get, 1, row);
	while (sqlite3_step(get) == SQLITE_ROW) {
		int64_t seq = sqlite3_column_int64(get, 0);
		unsigned char mac[ZG_MAC_SIZE];
		char numbers[80];
		int length = snprintf(numbers, sizeof(numbers), "%" PRId64 " %" PRId64 " %" PRId64, seq, (int64_t)sqlite3_column_int64(get, 1),
				      (int64_t)sqlite3_column_int64(get, 3));

		if (seq == row)
			memcpy(prev, sqlite3_column_blob(get, 6), sizeof(prev));
		const struct zg_piece pieces[] = {
			{ numbers, (size_t)length }, { sqlite3_column_text(get, 2), (size_t)sqlite3_column_bytes(get, 2) },
			{ sqlite3_column_text(get, 4), (size_t)sqlite3_column_bytes(get, 4) },
			{ sqlite3_column_text(get, 5), (size_t)sqlite3_column_bytes(get, 5) }, { prev, sizeof(prev) },
		};

		zg_seal(mac, other.key, pieces, 5);
		sqlite3_bind_blob(set, 1, prev, sizeof(prev), SQLITE_TRANSIENT);
		sqlite3_bind_blob(set, 2, mac, sizeof(mac), SQLITE_TRANSIENT);
		sqlite3_bind_int64(set, 3, seq);
		must(sqlite3_step(set) == SQLITE_DONE, sqlite3_errmsg(t->books));
		sqlite3_reset(set);
		memcpy(prev, mac, sizeof(prev));
	}
	sqlite3_finalize(get);
	sqlite3_finalize(set);
	return row;
}

/* The last rows gone: the same books some time ago. */
static int64_t cut_tail(struct trial *t)
{
	int64_t left = chance_between(&t->chance, 0, 1) ? t->rows - chance_between(&t->chance, 1, 3) : chance_between(&t->chance, 0, t->rows - 1);

	t->from = left + 1;
	t->to = t->rows;
	change(t, "DELETE FROM journal WHERE seq > %lld", (long long)left);
	return left + 1;
}

/* A bad row and a good tail cut: the first of them is named. */
static int64_t change_and_cut(struct trial *t)
{
	int64_t row = chance_between(&t->chance, 1, t->rows / 2);

	t->from = row;
	t->to = t->rows;
	change(t, "DELETE FROM journal WHERE seq > %lld; UPDATE journal SET who = 'nobody' WHERE seq = %lld", (long long)(row + t->rows) / 2, (long long)row);
	return row;
}

/* A row of the other life in the place of ours, and the next one made to follow it: only that one's seal says no. */
static int64_t graft(struct trial *t)
{
	int64_t row = t->rows - FORK + 1;

	t->from = row;
	t->to = row + 1;
	t->is_attached = true;
	change(t, "ATTACH '%s/zhanggui.db' AS other; DELETE FROM journal WHERE seq = %lld; INSERT INTO journal SELECT * FROM other.journal WHERE seq = %lld;"
	       " UPDATE journal SET prev = (SELECT mac FROM other.journal WHERE seq = %lld) WHERE seq = %lld", t->fork, (long long)row, (long long)row,
	       (long long)row, (long long)row + 1);
	return row + 1;
}

/* Another shop's journal, whole in itself. */
static int64_t replace_all(struct trial *t)
{
	char *home = scratch_begin();
	struct zg_store *other;
	struct zg_error err = { .text = "" };

	must(zg_store_open(home, ZG_STORE_CREATE, &zg_real_clock, &other, &err) == ZG_OK, err.text);
	add_rows(t, other, 20);
	zg_store_close(other);
	t->from = 1;
	t->to = t->rows;
	change(t, "ATTACH '%s/zhanggui.db' AS other; DELETE FROM journal; INSERT INTO journal SELECT * FROM other.journal", home);
	t->is_attached = true;
	scratch_end(home);
	return 1;
}

/* How often of a hundred; what touches the whole journal is rare, because it takes long. */
static const struct kind {
	const char *name;
	int64_t (*make)(struct trial *t);
	int weight;
} kinds[] = {
	{ "a bit of the body", flip_body, 13 }, { "a bit of who", flip_who, 6 }, { "a bit of the kind", flip_kind, 6 }, { "a bit of the instant", flip_at, 8 },
	{ "the user", flip_uid, 4 }, { "a bit of the seal before", flip_prev, 8 }, { "a bit of the seal", flip_mac, 8 }, { "text behind a NUL", hide, 5 },
	{ "a seal too long or short", lengthen, 4 }, { "the body in other words", reword, 4 }, { "a row deleted", take_out, 8 }, { "a row doubled", repeat, 4 },
	{ "a row put between", put_between, 5 }, { "rows swapped", swap, 6 }, { "sealed anew", seal_anew, 6 }, { "the tail cut off", cut_tail, 2 },
	{ "changed and cut", change_and_cut, 1 }, { "a row of another life", graft, 1 }, { "all replaced", replace_all, 1 },
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static size_t pick(struct trial *t, long i)
{
	if ((size_t)i < KINDS)
		return (size_t)i;    /* each at least once */
	int64_t ticket = chance_between(&t->chance, 0, 99);
	size_t kind = 0;

	while (kind + 1 < KINDS && ticket >= kinds[kind].weight)
		ticket -= kinds[kind++].weight;
	return kind;
}

static void undo(struct trial *t)
{
	change(t, "DELETE FROM journal WHERE seq BETWEEN %lld AND %lld; INSERT INTO journal SELECT * FROM good.journal WHERE seq BETWEEN %lld AND %lld",
	       (long long)t->from, (long long)t->to, (long long)t->from, (long long)t->to);
}

static void try_one(struct trial *t, long i)
{
	const struct kind *kind = &kinds[pick(t, i)];
	struct zg_journal_check check;
	struct zg_error err = { .text = "" };

	run(t, "BEGIN");
	int64_t row = kind->make(t);

	run(t, "COMMIT");
	enum zg_result result = zg_journal_verify(t->store, &check, &err);
	bool is_found = result == ZG_INVALID && check.bad_seq > 0 && *err.text;

	t->found += is_found;
	t->named += is_found && check.bad_seq == row;
	tally_check(&t->tally, is_found, "change %ld, %s, row %" PRId64 ": it was not found (%d)", i, kind->name, row, result);
	if (is_found && check.bad_seq != row)
		printf("change %ld, %s: row %" PRId64 " was named, not %" PRId64 "\n", i, kind->name, check.bad_seq, row);
	run(t, "BEGIN");
	undo(t);
	run(t, "COMMIT");
	if (t->is_attached)
		run(t, "DETACH other");
	t->is_attached = false;
}

/* A journal that grows is good at each length, with the head of an earlier one, with its own, and with none. */
static void check_good(struct trial *t, long count)
{
	char *home = scratch_begin(), *head = zg_print("%s/keys/journal.head", home);
	struct zg_store *store;
	struct zg_error err = { .text = "" };
	long alarms = 0;

	must(zg_store_open(home, ZG_STORE_CREATE, &zg_real_clock, &store, &err) == ZG_OK, err.text);
	for (long i = 0; i < count; i++) {
		struct zg_journal_check check;

		if (chance_between(&t->chance, 0, 4) > 0)
			add_rows(t, store, chance_between(&t->chance, 1, 3));
		if (chance_between(&t->chance, 0, 9) == 0)
			must(zg_journal_keep_head(store, &err) == ZG_OK, err.text);
		if (chance_between(&t->chance, 0, 29) == 0)
			remove(head);
		bool is_good = zg_journal_verify(store, &check, &err) == ZG_OK && check.bad_seq == 0 && zg_journal_check_head(store, &err) == ZG_OK;

		tally_check(&t->tally, is_good, "good journal %ld is called bad: %s", i, err.text);
		alarms += !is_good;
	}
	printf("figure: %ld false alarms on %ld good journals\n", alarms, count);
	zg_store_close(store);
	scratch_end(home);
	free(head);
}

/* One thing done to the schema of a closed shop: the till does not start on it. */
static bool is_found_at_start(const char *home, const char *sql)
{
	char *path = zg_print("%s/zhanggui.db", home), *why = NULL;
	struct zg_store *store = NULL;
	struct zg_error err = { .text = "" };
	sqlite3 *books;

	must(sqlite3_open(path, &books) == SQLITE_OK && sqlite3_exec(books, sql, NULL, NULL, &why) == SQLITE_OK, why ? why : "the books cannot be opened");
	sqlite3_close(books);
	enum zg_result result = zg_store_open(home, ZG_STORE_WRITE, &zg_real_clock, &store, &err);

	zg_store_close(store);
	free(path);
	return result != ZG_OK && *err.text;
}

/* Each trigger and index dropped, and things planted: found out when the shop opens, before anything is sold. */
static void check_start(struct trial *t)
{
	static const char list[] = "SELECT 'DROP ' || type || ' ' || name FROM sqlite_schema WHERE type IN ('trigger', 'index') AND sql IS NOT NULL "
		"UNION ALL VALUES ('CREATE TRIGGER planted AFTER INSERT ON journal BEGIN SELECT 1; END'), ('CREATE VIEW planted AS SELECT 1'), "
		"('CREATE TABLE planted (x)'), ('CREATE INDEX planted ON journal (at)'), ('PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = "
		"replace(sql, \"RAISE(ABORT\", \"RAISE(IGNORE\") WHERE type = \"trigger\"')";
	if (access("/dev/shm", W_OK) == 0)
		setenv("TMPDIR", "/dev/shm", 1);    /* not the disk is tried here */
	char *home = scratch_begin(), *path = zg_print("%s/zhanggui.db", home), *good = zg_print("%s/good.db", home);
	struct zg_store *store;
	struct zg_error err = { .text = "" };
	sqlite3 *books;
	sqlite3_stmt *changes = NULL;
	long tried = 0, found = 0;

	must(zg_store_open(home, ZG_STORE_CREATE, &zg_real_clock, &store, &err) == ZG_OK, err.text);
	add_rows(t, store, 3);
	zg_store_close(store);
	copy_file(path, good);
	must(sqlite3_open(good, &books) == SQLITE_OK && sqlite3_prepare_v2(books, list, -1, &changes, NULL) == SQLITE_OK, "the schema cannot be read");
	for (; sqlite3_step(changes) == SQLITE_ROW; tried++) {
		const char *sql = (const char *)sqlite3_column_text(changes, 0);

		found += tally_check(&t->tally, is_found_at_start(home, sql), "the till starts after: %s", sql);
		copy_file(good, path);
	}
	bool opens = zg_store_open(home, ZG_STORE_WRITE, &zg_real_clock, &store, &err) == ZG_OK;

	tally_check(&t->tally, opens, "put right again, it does not start: %s", err.text);
	if (opens)
		zg_store_close(store);
	tally_check(&t->tally, tried > 20, "only %ld changes of the schema", tried);
	printf("figure: %ld of %ld changes of the schema found at the start\n", found, tried);
	sqlite3_finalize(changes);
	sqlite3_close(books);
	scratch_end(home);
	free(path);
	free(good);
}

int main(void)
{
	static struct trial t;
	struct zg_error err = { .text = "" };
	struct zg_store *store;
	struct zg_journal_check check;

	setlocale(LC_ALL, "C.UTF-8");
	zg_json_start();
	t.chance = chance_begin();
	long count = chance_rounds(300);

	t.rows = tally_setting("ZG_ROWS", count >= 10000 ? 100000 : 1500);
	printf("tamper: ZG_SEED=%llu, %ld changes of a journal of %" PRId64 " rows\n", (unsigned long long)t.chance.seed, count, t.rows);
	t.home = scratch_begin();
	must(zg_store_open(t.home, ZG_STORE_CREATE, &zg_real_clock, &store, &err) == ZG_OK, err.text);
	add_rows(&t, store, t.rows - FORK);
	zg_store_close(store);
	fork_books(&t);
	must(zg_store_open(t.home, ZG_STORE_WRITE, &zg_real_clock, &store, &err) == ZG_OK, err.text);
	add_rows(&t, store, FORK);
	zg_store_close(store);    /* keeps the head */
	open_books(&t);
	tally_check(&t.tally, zg_journal_verify(t.store, &check, &err) == ZG_OK && check.rows == t.rows, "the good journal is called bad: %s", err.text);
	for (long i = 0; i < count; i++)
		try_one(&t, i);
	tally_check(&t.tally, zg_journal_verify(t.store, &check, &err) == ZG_OK && check.rows == t.rows, "put right again, it is called bad: %s", err.text);
	tally_check(&t.tally, t.named * 100 >= t.found * 99, "the right row was named in %ld of %ld only", t.named, t.found);
	printf("figure: %ld of %ld changes found, the right row named in %ld\n", t.found, count, t.named);
	check_good(&t, count >= 10000 ? 1000 : 100);
	check_start(&t);
	zg_store_close(t.store);
	sqlite3_close(t.books);
	scratch_end(t.home);
	scratch_end(t.fork);
	return tally_end(&t.tally);
}
