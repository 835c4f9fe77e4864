/* A shop's directory in disorder: files that are missing, damaged, another's, in the way, or that cannot grow. */
#include "src/base/alloc.h"
#include "src/store/journal.h"
#include "src/store/private.h"
#include "tests/unit/scratch.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char *home;
static struct zg_store *store;
static struct zg_error err;

#define OK(call) cr_assert(eq(int, (call), ZG_OK), "%s", err.text)

static void open_shop(void)
{
	home = scratch_begin();
	OK(zg_store_open(home, ZG_STORE_CREATE, &zg_real_clock, &store, &err));
}

static void close_shop(void)
{
	zg_store_close(store);
	scratch_end(home);
}

TestSuite(shop_files, .init = open_shop, .fini = close_shop);

static char *path_of(const char *name)
{
	static char path[600];

	snprintf(path, sizeof(path), "%s/%s", home, name);
	return path;
}

static void write_file(const char *name, const char *text)
{
	FILE *file = fopen(path_of(name), "w");

	cr_assert(ne(ptr, file, NULL), "%s", name);
	fputs(text, file);
	fclose(file);
}

/* A directory stands where a file should be: even root cannot write it. */
static void block(const char *name)
{
	(void)remove(path_of(name));
	cr_assert(eq(int, mkdir(path_of(name), 0700), 0), "%s", name);
}

static enum zg_result open_again(enum zg_store_mode mode)
{
	zg_store_close(store);
	return zg_store_open(home, mode, &zg_real_clock, &store, &err);
}

/* No file of this process grows beyond so many bytes, as on a disk that is full in the middle of a write. */
static void limit_files(rlim_t bytes)
{
	struct rlimit limit = { bytes, RLIM_INFINITY };

	signal(SIGXFSZ, SIG_IGN);
	cr_assert(eq(int, setrlimit(RLIMIT_FSIZE, &limit), 0));
}

/* ---- the key ---- */

Test(shop_files, a_damaged_key_is_no_key)
{
	static const char *const keys[] = { "", "\n", "abc\n", "zz", "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde\n",
		"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdeg\n" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		write_file("keys/journal.key", keys[i]);
		cr_expect(eq(int, open_again(ZG_STORE_WRITE), ZG_BROKEN), "%zu", i);
		cr_expect(ne(ptr, strstr(err.text, "is damaged"), NULL), "%zu: %s", i, err.text);
		cr_expect(eq(ptr, store, NULL));
	}
}

Test(shop_files, a_key_that_cannot_be_read_is_asked_for)
{
	block("keys/journal.key");

	cr_expect(eq(int, open_again(ZG_STORE_WRITE), ZG_BROKEN));
	cr_expect(ne(ptr, strstr(err.text, "cannot be read"), NULL), "%s", err.text);
	cr_expect(ne(ptr, strstr(err.text, strerror(EISDIR)), NULL), "%s", err.text);
}

Test(shop_files, a_key_that_cannot_be_made_leaves_no_shop)
{
	char *fresh = scratch_begin(), *path = zg_print("%s/keys", fresh), *books = zg_print("%s/zhanggui.db", fresh), *half = zg_print("%s/journal.key.new", path);
	struct zg_store *none;
	FILE *file = fopen(path, "w");    /* a file where its directory should be */

	fclose(file);
	cr_expect(eq(int, zg_store_open(fresh, ZG_STORE_CREATE, &zg_real_clock, &none, &err), ZG_BROKEN));
	cr_expect(eq(ptr, none, NULL));
	cr_expect(ne(ptr, strstr(err.text, "key cannot be made"), NULL), "%s", err.text);
	cr_expect(ne(int, access(books, F_OK), 0), "there are never books without their key");

	/* and on a disk that is full half-way: no half key is left that would be taken for one */
	cr_assert(eq(int, remove(path), 0));
	limit_files(10);
	cr_expect(eq(int, zg_store_open(fresh, ZG_STORE_CREATE, &zg_real_clock, &none, &err), ZG_BROKEN));
	limit_files(RLIM_INFINITY);
	cr_expect(ne(ptr, strstr(err.text, strerror(ENOSPC)), NULL), "%s", err.text);
	cr_expect(ne(int, access(half, F_OK), 0));
	OK(zg_store_open(fresh, ZG_STORE_CREATE, &zg_real_clock, &none, &err));
	zg_store_close(none);
	free(half);
	free(books);
	free(path);
	scratch_end(fresh);
}

/* ---- heads, notes and seals: what cannot be kept is older, and never a false alarm ---- */

static void add_row(void)
{
	json_t *body = json_pack("{s:i}", "a", 1);

	OK(zg_store_begin(store, ZG_SYNC_FULL, &err));
	OK(zg_journal_add(store, "lin", "test", body, NULL, &err));
	OK(zg_store_commit(store, &err));
	json_decref(body);
}

Test(shop_files, a_head_or_a_note_that_cannot_be_written_stops_no_sale)
{
	add_row();
	block("keys/journal.last");
	add_row();
	block("keys/journal.head.new");
	cr_expect(eq(int, zg_journal_keep_head(store, &err), ZG_BROKEN));
	cr_expect(ne(ptr, strstr(err.text, "head cannot be written"), NULL), "%s", err.text);
	OK(open_again(ZG_STORE_WRITE));

	cr_assert(eq(int, rmdir(path_of("keys/journal.last")), 0));
	limit_files(100);    /* the note has 150 bytes; the books have their room already */
	OK(zg_store_begin(store, ZG_SYNC_NORMAL, &err));
	zg_store_rollback(store);
	zg_journal_note(store);
	limit_files(RLIM_INFINITY);
	OK(open_again(ZG_STORE_WRITE));
	cr_assert(eq(int, rmdir(path_of("keys/journal.head.new")), 0));
	OK(zg_journal_keep_head(store, &err));
}

Test(shop_files, a_torn_head_is_none)
{
	static const char *const heads[] = { "", "7", "7 abc 1 1\n", "x y\n",
		"7 zz23456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef 1 1\n" };

	add_row();
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		zg_store_close(store);
		write_file("keys/journal.head", heads[i]);
		OK(zg_store_open(home, ZG_STORE_WRITE, &zg_real_clock, &store, &err));
	}
}

Test(shop_files, a_seal_of_the_structure_that_cannot_be_kept_costs_only_time)
{
	block("keys/schema.seal");
	OK(open_again(ZG_STORE_WRITE));
	cr_assert(eq(int, rmdir(path_of("keys/schema.seal")), 0));

	limit_files(10);
	OK(zg_store_check_sealed(store, &err));
	limit_files(RLIM_INFINITY);
	struct stat about;

	cr_assert(eq(int, stat(path_of("keys/schema.seal"), &about), 0));
	cr_expect(eq(long, (long)about.st_size, 0), "half a seal is none");
	OK(zg_store_check_sealed(store, &err));
	cr_assert(eq(int, stat(path_of("keys/schema.seal"), &about), 0));
	cr_expect(eq(long, (long)about.st_size, ZG_MAC_SIZE));
}

/* What was added, and what is missing at the end of the list. */
Test(shop_files, a_table_more_or_a_trigger_less_is_named)
{
	static const struct { const char *sql, *named; } changes[] = {
		{ "CREATE TABLE zz (a)", "zz" }, { "CREATE TABLE aa (a)", "aa" }, { "DROP TRIGGER tender_new", "tender_new" },
		{ "CREATE TRIGGER zz AFTER INSERT ON setting BEGIN SELECT 1; END", "zz" },
		{ "DROP TRIGGER tender_keep; CREATE TRIGGER tender_keep AFTER INSERT ON setting BEGIN SELECT 1; END", "tender_keep" },
	};

	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		OK(zg_store_begin(store, ZG_SYNC_NORMAL, &err));
		cr_assert(eq(int, sqlite3_exec(zg_store_raw(store), changes[i].sql, NULL, NULL, NULL), SQLITE_OK), "%s", changes[i].sql);
		cr_expect(eq(int, zg_store_check_schema(store, &err), ZG_INVALID), "%s", changes[i].sql);
		cr_expect(ne(ptr, strstr(err.text, changes[i].named), NULL), "%s", err.text);
		zg_store_rollback(store);
	}
	OK(zg_store_check_schema(store, &err));
}

/* An index that begins on another's page counts that one's rows: seen as 21 slips printed again, where none was. */
Test(shop_files, an_index_that_was_led_to_the_rows_of_another_is_named)
{
	static const char *const takers[] = { "print_job_ref", "sqlite_autoindex_sale_1" };
	char sql[300];

	sqlite3_db_config(zg_store_raw(store), SQLITE_DBCONFIG_DEFENSIVE, 0, NULL);
	for (size_t i = 0; i < sizeof(takers) / sizeof(takers[0]); i++) {
		snprintf(sql, sizeof(sql), "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage ="
			 " (SELECT rootpage FROM sqlite_schema WHERE name = 'sale_day') WHERE name = '%s'", takers[i]);
		OK(zg_store_begin(store, ZG_SYNC_NORMAL, &err));
		cr_assert(eq(int, sqlite3_exec(zg_store_raw(store), sql, NULL, NULL, NULL), SQLITE_OK), "%s", sql);
		cr_expect(eq(int, zg_store_check_schema(store, &err), ZG_INVALID), "%s", sql);
		zg_store_rollback(store);
	}
	OK(zg_store_check_schema(store, &err));
}

/* ---- lock, marker, reserve ---- */

Test(shop_files, a_directory_that_cannot_be_written_is_told)
{
	zg_store_close(store);
	block("zhanggui.lock");

	cr_expect(eq(int, zg_store_open(home, ZG_STORE_WRITE, &zg_real_clock, &store, &err), ZG_BROKEN));
	cr_expect(ne(ptr, strstr(err.text, "cannot be written"), NULL), "%s", err.text);
	cr_expect(eq(ptr, store, NULL));
	cr_expect(not(zg_store_is_taken("/nowhere")));
}

Test(shop_files, a_marker_that_cannot_be_made_stops_nothing)
{
	zg_store_close(store);
	block("zhanggui.running");
	OK(zg_store_open(home, ZG_STORE_WRITE, &zg_real_clock, &store, &err));

	cr_expect(zg_store_was_unclean(store), "whoever put it there");
}

Test(shop_files, the_reserve_is_whole_or_not_there)
{
	cr_expect(zg_store_has_reserve(store));
	zg_store_use_reserve(store);
	cr_expect(not(zg_store_has_reserve(store)));
	limit_files(1000);
	zg_store_keep_reserve(store);
	limit_files(RLIM_INFINITY);
	cr_expect(not(zg_store_has_reserve(store)), "half a reserve would be taken for one");

	block("reserve");
	zg_store_keep_reserve(store);
	cr_assert(eq(int, rmdir(path_of("reserve")), 0));
	zg_store_keep_reserve(store);
	struct stat about;

	cr_assert(eq(int, stat(path_of("reserve"), &about), 0));
	cr_expect(eq(long, (long)about.st_size, ZG_STORE_RESERVE));
}

/* The directory is gone: a disk that cannot be asked is not called full; what is written says what is wrong. */
Test(shop_files, a_disk_that_cannot_be_asked_is_not_full)
{
	char *away = zg_print("%s.away", home);

	cr_expect(not(zg_store_is_low(store)));
	cr_assert(eq(int, rename(home, away), 0));
	cr_expect(not(zg_store_is_low(store)));
	cr_assert(eq(int, rename(away, home), 0));
	free(away);
}

/* ---- whose it is ---- */

Test(shop_files, somebody_elses_shop_is_told_with_the_name_of_whom)
{
	bool is_root = geteuid() == 0;

	OK(zg_store_check_owner(home, &err));
	OK(zg_store_check_owner("/nowhere", &err));    /* what is not there is nobody's */
	if (!is_root) {
		cr_expect(eq(int, zg_store_check_owner("/", &err), ZG_INVALID));
		cr_expect(ne(ptr, strstr(err.text, "the user root"), NULL), "%s", err.text);
		return;
	}
	zg_store_close(store);
	cr_assert(eq(int, chown(home, 1, 1), 0));
	cr_expect(eq(int, zg_store_open(home, ZG_STORE_WRITE, &zg_real_clock, &store, &err), ZG_INVALID));
	cr_expect(ne(ptr, strstr(err.text, "the user daemon"), NULL), "%s", err.text);
	cr_assert(eq(int, chown(home, 54321, 54321), 0));
	cr_expect(eq(int, zg_store_open(home, ZG_STORE_WRITE, &zg_real_clock, &store, &err), ZG_INVALID));
	cr_expect(ne(ptr, strstr(err.text, "another user"), NULL), "%s", err.text);
}

Test(shop_files, a_directory_that_does_not_tell_is_somebody_elses_not_empty)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		bool hidden = geteuid() == 0 ? setuid(65534) == 0 : chmod(home, 0) == 0;
		enum zg_result result = zg_store_find(home, &err);

		_exit(hidden && result == ZG_INVALID && strstr(err.text, "Do this as that user") ? 0 : 1);
	}
	cr_assert(eq(int, waitpid(child, &status, 0), child));
	(void)chmod(home, 0700);
	cr_expect(eq(int, status, 0));
	cr_expect(eq(int, zg_store_find("/nowhere", &err), ZG_NOT_FOUND));
	OK(zg_store_find(home, &err));
	struct zg_store *none;

	cr_expect(eq(int, zg_store_open("/nowhere", ZG_STORE_WRITE, &zg_real_clock, &none, &err), ZG_NOT_FOUND));
	cr_expect(eq(int, zg_store_open("/nowhere", ZG_STORE_READ, &zg_real_clock, &none, &err), ZG_NOT_FOUND));
}

/* ---- the file of the books itself ---- */

static void run_on_file(const char *sql)
{
	sqlite3 *db;

	cr_assert(eq(int, sqlite3_open(path_of("zhanggui.db"), &db), SQLITE_OK));
	cr_assert(eq(int, sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK), "%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_close(db);
}

Test(shop_files, books_of_another_version_are_told_apart)
{
	static const struct { const char *sql; enum zg_store_mode mode; enum zg_result result; const char *says; } cases[] = {
		{ "PRAGMA user_version = 999", ZG_STORE_READ, ZG_USAGE, "newer version" },
		{ "PRAGMA user_version = 999", ZG_STORE_WRITE, ZG_USAGE, "newer version" },
		{ "PRAGMA user_version = 1", ZG_STORE_READ, ZG_USAGE, "older version" },
		{ "PRAGMA user_version = -1", ZG_STORE_WRITE, ZG_BROKEN, "not a shop's books" },
		{ "PRAGMA user_version = 3; PRAGMA application_id = 7", ZG_STORE_WRITE, ZG_BROKEN, "not a shop's books" },
		{ "PRAGMA user_version = 0; PRAGMA application_id = 7", ZG_STORE_WRITE, ZG_BROKEN, "not a shop's books" },
		{ "PRAGMA user_version = 3; PRAGMA application_id = 0", ZG_STORE_WRITE, ZG_BROKEN, "not a shop's books" },
	};

	zg_store_close(store);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		run_on_file(cases[i].sql);
		cr_expect(eq(int, zg_store_open(home, cases[i].mode, &zg_real_clock, &store, &err), cases[i].result), "%zu", i);
		cr_expect(ne(ptr, strstr(err.text, cases[i].says), NULL), "%zu: %s", i, err.text);
		cr_expect(eq(ptr, store, NULL));
	}
}

/* Somebody holds the file: nothing is migrated, and nothing of it is half. */
Test(shop_files, a_migration_that_cannot_begin_changes_nothing)
{
	sqlite3 *db, *other;

	cr_assert(eq(int, sqlite3_open(path_of("fresh.db"), &db), SQLITE_OK));
	cr_assert(eq(int, sqlite3_open(path_of("fresh.db"), &other), SQLITE_OK));
	cr_assert(eq(int, sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK));

	cr_expect(eq(int, zg_schema_migrate(db, &err), ZG_BROKEN));
	cr_expect(ne(ptr, strstr(err.text, "could not be brought up to date"), NULL), "%s", err.text);
	sqlite3_close(other);
	OK(zg_schema_migrate(db, &err));
	sqlite3_close(db);
}

/* A page of the middle overwritten, as a dying card does it. */
Test(shop_files, damaged_pages_are_found)
{
	OK(zg_store_check_pages(store, &err));
	zg_store_close(store);
	store = NULL;
	int fd = open(path_of("zhanggui.db"), O_RDWR);
	char junk[4096];

	memset(junk, 0x5A, sizeof(junk));
	for (int page = 5; page < 12; page++)
		cr_assert(eq(long, (long)pwrite(fd, junk, sizeof(junk), 4096L * page), 4096));
	close(fd);
	enum zg_result result = zg_store_open(home, ZG_STORE_READ, &zg_real_clock, &store, &err);

	if (result == ZG_OK)
		result = zg_store_check_pages(store, &err);
	cr_expect(eq(int, result, ZG_BROKEN));
	cr_expect(ne(ptr, strstr(err.text, "damaged"), NULL), "%s", err.text);
}
