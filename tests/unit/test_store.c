#include "src/store/journal.h"
#include "src/store/store.h"
#include "tests/unit/scratch.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

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

static struct zg_journal_mark add_row(const char *kind)
{
	struct zg_journal_mark mark = { 0 };
	json_t *body = json_pack("{s:i, s:s}", "b", 2, "a", "一");

	cr_assert(eq(int, zg_store_begin(store, ZG_SYNC_FULL, &err), ZG_OK));
	cr_assert(eq(int, zg_journal_add(store, "lin", kind, body, &mark, &err), ZG_OK), "%s", err.text);
	cr_assert(eq(int, zg_store_commit(store, &err), ZG_OK));
	json_decref(body);
	return mark;
}

TestSuite(store, .init = open_shop, .fini = close_shop);

Test(store, a_second_writer_is_refused)
{
	struct zg_store *second;

	enum zg_result result = zg_store_open(home, ZG_STORE_WRITE, &zg_real_clock, &second, &err);

	cr_expect(eq(int, result, ZG_REFUSED));
	cr_expect(eq(ptr, second, NULL));
	cr_expect(zg_store_is_taken(home));
}

Test(store, a_reader_sees_what_the_writer_committed_and_cannot_write)
{
	struct zg_store *reader;

	add_row("test");
	cr_assert(eq(int, zg_store_open(home, ZG_STORE_READ, &zg_real_clock, &reader, &err), ZG_OK), "%s", err.text);
	struct zg_journal_mark mark;

	cr_expect(eq(int, zg_journal_head(reader, &mark, &err), ZG_OK));
	cr_expect(eq(long, mark.seq, 1));
	cr_expect(ne(int, sqlite3_exec(zg_store_raw(reader), "INSERT INTO setting VALUES ('a', 'b')", NULL, NULL, NULL), SQLITE_OK));
	zg_store_close(reader);
}

/* Only the holder of the lock writes: a reader that is the last to leave must not checkpoint. */
Test(store, a_reader_leaves_the_log_of_a_killed_till_as_it_is)
{
	struct zg_store *reader;
	char command[1300], log[600];
	struct stat before, after;
	char *killed = scratch_begin();

	add_row("test");
	snprintf(command, sizeof(command), "cp -r %s/. %s/", home, killed);    /* what a kill leaves: the file and its log */
	cr_assert(eq(int, system(command), 0));
	snprintf(log, sizeof(log), "%s/zhanggui.db-wal", killed);
	cr_assert(eq(int, stat(log, &before), 0));
	cr_assert(gt(long, before.st_size, 0));
	cr_assert(eq(int, zg_store_open(killed, ZG_STORE_READ, &zg_real_clock, &reader, &err), ZG_OK), "%s", err.text);
	zg_store_close(reader);

	cr_expect(eq(int, stat(log, &after), 0));
	cr_expect(eq(long, after.st_size, before.st_size));
	scratch_end(killed);
}

Test(store, the_numbers_of_receipts_have_no_gaps_across_a_rollback)
{
	int64_t number = 0;

	cr_assert(eq(int, zg_store_begin(store, ZG_SYNC_FULL, &err), ZG_OK));
	cr_expect(eq(int, zg_store_next(store, "receipt", &number, &err), ZG_OK));
	zg_store_rollback(store);
	cr_assert(eq(int, zg_store_begin(store, ZG_SYNC_FULL, &err), ZG_OK));
	cr_expect(eq(int, zg_store_next(store, "receipt", &number, &err), ZG_OK));
	cr_expect(eq(int, zg_store_commit(store, &err), ZG_OK));

	cr_expect(eq(long, number, 1));
}

/* On a full disk, or without memory, SQLite ends a transaction by itself; who does not notice must not write on, row by row. */
Test(store, nothing_is_written_behind_a_transaction_that_was_lost)
{
	int64_t number;

	cr_assert(eq(int, zg_store_begin(store, ZG_SYNC_FULL, &err), ZG_OK));
	cr_assert(eq(int, zg_store_set(store, "first", "half", &err), ZG_OK));
	cr_assert(eq(int, sqlite3_exec(zg_store_raw(store), "ROLLBACK", NULL, NULL, NULL), SQLITE_OK));

	cr_expect(eq(int, zg_store_set(store, "second", "half", &err), ZG_BROKEN));
	cr_expect(eq(int, zg_store_next(store, "receipt", &number, &err), ZG_BROKEN));
	cr_expect(eq(int, zg_store_commit(store, &err), ZG_BROKEN));
	char *first = zg_store_setting(store, "first", "none"), *second = zg_store_setting(store, "second", "none");

	cr_expect(eq(str, first, "none"));
	cr_expect(eq(str, second, "none"));
	free(first);
	free(second);
	add_row("after");
}

Test(store, a_newer_schema_is_refused_and_left_alone)
{
	cr_assert(eq(int, sqlite3_exec(zg_store_raw(store), "PRAGMA user_version = 999", NULL, NULL, NULL), SQLITE_OK));
	zg_store_close(store);

	enum zg_result result = zg_store_open(home, ZG_STORE_WRITE, &zg_real_clock, &store, &err);

	cr_expect(eq(int, result, ZG_USAGE));
	cr_expect(eq(ptr, store, NULL));
}

Test(store, a_file_that_is_no_database_is_reported)
{
	char path[600];

	zg_store_close(store);
	snprintf(path, sizeof(path), "%s/zhanggui.db", home);
	FILE *file = fopen(path, "w");

	for (int i = 0; i < 5000; i++)
		fputs("not a database", file);
	fclose(file);

	cr_expect(eq(int, zg_store_open(home, ZG_STORE_WRITE, &zg_real_clock, &store, &err), ZG_BROKEN));
	cr_expect(eq(ptr, store, NULL));
}

Test(store, a_planted_trigger_is_found)
{
	cr_expect(eq(int, zg_store_check_schema(store, &err), ZG_OK), "%s", err.text);
	sqlite3_exec(zg_store_raw(store), "DROP TRIGGER journal_keep", NULL, NULL, NULL);

	cr_expect(eq(int, zg_store_check_schema(store, &err), ZG_INVALID));
}

Test(store, an_unclean_end_is_known_at_the_next_start)
{
	cr_expect(not(zg_store_was_unclean(store)));
	zg_store_close(store);
	char path[600];

	snprintf(path, sizeof(path), "%s/zhanggui.running", home);
	fclose(fopen(path, "w"));
	cr_assert(eq(int, zg_store_open(home, ZG_STORE_WRITE, &zg_real_clock, &store, &err), ZG_OK));

	cr_expect(zg_store_was_unclean(store));
}

Test(store, keys_are_for_the_owner_alone)
{
	char path[600];
	struct stat about;

	snprintf(path, sizeof(path), "%s/keys/journal.key", home);
	cr_assert(eq(int, stat(path, &about), 0));
	cr_expect(eq(int, about.st_mode & 0777, 0600));
	zg_store_close(store);
	chmod(path, 0644);

	cr_expect(eq(int, zg_store_open(home, ZG_STORE_WRITE, &zg_real_clock, &store, &err), ZG_USAGE));
}

/* A till at rest must not wear its card out: after one checkpoint nothing more is written until something happens. */
Test(store, a_resting_till_writes_nothing)
{
	char path[600];
	struct stat before, after;

	snprintf(path, sizeof(path), "%s/zhanggui.db-wal", home);
	add_row("test");
	zg_store_checkpoint(store);
	cr_assert(eq(int, stat(path, &before), 0));
	for (int i = 0; i < 3; i++) {
		usleep(20000);
		zg_store_checkpoint(store);
	}
	cr_assert(eq(int, stat(path, &after), 0));

	cr_expect(eq(long, after.st_mtim.tv_nsec, before.st_mtim.tv_nsec));
	cr_expect(eq(long, after.st_mtim.tv_sec, before.st_mtim.tv_sec));
}

Test(store, a_checkpoint_leaves_the_log_ready_for_the_next_sale)
{
	add_row("test");
	zg_store_checkpoint(store);
	zg_store_checkpoint(store);

	struct zg_journal_check check;

	cr_expect(eq(int, zg_journal_verify(store, &check, &err), ZG_OK));
	cr_expect(eq(long, check.rows, 1));
}

/* Somebody reads a long report: the log is moved when it is done, and selling goes on meanwhile. */
Test(store, a_checkpoint_waits_for_a_reader)
{
	struct zg_store *reader;
	struct zg_journal_check check;
	int pages;

	add_row("test");
	cr_assert(eq(int, zg_store_open(home, ZG_STORE_READ, &zg_real_clock, &reader, &err), ZG_OK), "%s", err.text);
	zg_store_snapshot(reader);
	cr_assert(eq(int, zg_journal_verify(reader, &check, &err), ZG_OK));
	add_row("test");
	pages = zg_store_log_pages(store);
	zg_store_checkpoint(store);
	cr_expect(eq(int, zg_store_log_pages(store), pages), "nothing was written, and the next one tries again");
	cr_assert(eq(int, zg_journal_verify(reader, &check, &err), ZG_OK));
	cr_expect(eq(long, (long)check.rows, 1), "a reader sees one state");
	zg_store_snapshot_end(reader);
	zg_store_close(reader);
	zg_store_checkpoint(store);
	cr_expect(ne(int, zg_store_log_pages(store), pages));
	cr_expect(not(zg_store_is_broken(store)));
}

static void read_log_head(unsigned char bytes[32])
{
	char path[600];

	snprintf(path, sizeof(path), "%s/zhanggui.db-wal", home);
	FILE *file = fopen(path, "r");

	cr_assert(ne(ptr, file, NULL));
	cr_assert(eq(sz, fread(bytes, 1, 32, file), 32));
	fclose(file);
}

/* Else the next sale writes the log's new head, and pays for a second sync. */
Test(store, every_checkpoint_begins_the_log_anew_itself)
{
	unsigned char before[32], after[32];

	for (int i = 0; i < 3; i++) {
		add_row("test");
		read_log_head(before);
		zg_store_checkpoint(store);
		read_log_head(after);
		cr_expect(ne(int, memcmp(before, after, sizeof(after)), 0), "checkpoint %d", i);
	}
}

/* What stands in a file of the shop's directory, to see that it was left alone. */
static void read_file(const char *name, char text[400])
{
	char path[600];

	snprintf(path, sizeof(path), "%s/%s", home, name);
	FILE *file = fopen(path, "r");

	cr_assert(ne(ptr, file, NULL), "%s", path);
	text[fread(text, 1, 399, file)] = '\0';
	fclose(file);
}

/* what: "cp" or "mv", within the shop's directory. */
static void do_file(const char *what, const char *from, const char *to)
{
	char command[1300];

	snprintf(command, sizeof(command), "%s %s/%s %s/%s", what, home, from, home, to);
	cr_assert(eq(int, system(command), 0), "%s", command);
}

/* Yesterday's copy put back without a word: whoever wrote on it would bury a day under good rows. */
Test(store, an_old_copy_of_the_books_is_written_by_nobody)
{
	char before[400], after[400];

	add_row("monday");
	zg_store_close(store);
	do_file("cp", "zhanggui.db", "old.db");
	cr_assert(eq(int, zg_store_open(home, ZG_STORE_WRITE, &zg_real_clock, &store, &err), ZG_OK), "%s", err.text);
	add_row("tuesday");
	zg_store_close(store);
	read_file("keys/journal.head", before);
	do_file("cp", "old.db", "zhanggui.db");

	for (int i = 0; i < 2; i++) {    /* the second try must not find a head that the first one moved back */
		cr_expect(eq(int, zg_store_open(home, i ? ZG_STORE_CREATE : ZG_STORE_WRITE, &zg_real_clock, &store, &err), ZG_INVALID));
		cr_expect(eq(ptr, store, NULL));
	}
	read_file("keys/journal.head", after);
	cr_expect(eq(str, after, before));
	cr_assert(eq(int, zg_store_open(home, ZG_STORE_READ, &zg_real_clock, &store, &err), ZG_OK), "it can be looked at: %s", err.text);
}

/* A till that goes on with these books, writes some rows and is killed: it closes nothing. */
static void kill_after(int rows)
{
	int status;
	pid_t pid;

	zg_store_close(store);
	store = NULL;
	pid = fork();
	if (pid == 0) {
		if (zg_store_open(home, ZG_STORE_WRITE, &zg_real_clock, &store, &err) != ZG_OK)
			_exit(1);
		for (int i = 0; i < rows; i++) {
			add_row("sold");
			if (i == 0)
				do_file("cp", "zhanggui.db", "old.db");
			if (i == 0)
				do_file("cp", "zhanggui.db-wal", "old.db-wal");
		}
		_exit(0);
	}
	cr_assert(eq(int, waitpid(pid, &status, 0), pid));
	cr_assert(eq(int, status, 0));
}

/* No shift was closed since the copy, and the till was killed: what it had committed last is known all the same. */
Test(store, a_copy_older_than_the_last_sale_is_noticed_after_a_kill)
{
	kill_after(2);
	do_file("cp", "old.db", "zhanggui.db");
	do_file("cp", "old.db-wal", "zhanggui.db-wal");

	cr_expect(eq(int, zg_store_open(home, ZG_STORE_WRITE, &zg_real_clock, &store, &err), ZG_INVALID));
	cr_expect(eq(ptr, store, NULL));
}

Test(store, the_newest_books_are_taken_after_a_kill_and_rubbish_is_no_note)
{
	static const char *const notes[] = { NULL, "", "99", "0000000000000000099 0000000000000000000000000000000000000000000000000000000000000000 1 0 0000" };
	char path[600];

	snprintf(path, sizeof(path), "%s/keys/journal.last", home);
	for (size_t i = 0; i < sizeof(notes) / sizeof(notes[0]); i++) {
		kill_after(2);
		FILE *file = notes[i] ? fopen(path, "w") : NULL;

		if (file) {
			fputs(notes[i], file);
			fclose(file);
		}
		cr_assert(eq(int, zg_store_open(home, ZG_STORE_WRITE, &zg_real_clock, &store, &err), ZG_OK), "%zu: %s", i, err.text);
	}
}

/* Written over in its place, a power cut may leave the beginning of one and the end of another: that is no row. */
Test(store, a_torn_note_of_the_last_row_is_none)
{
	char path[600], note[400], older[400];

	snprintf(path, sizeof(path), "%s/keys/journal.last", home);
	add_row("one");
	read_file("keys/journal.last", older);
	add_row("two");
	read_file("keys/journal.last", note);
	cr_assert(eq(sz, strlen(note), strlen(older)));
	zg_store_close(store);
	for (size_t cut = 1; cut < strlen(note); cut++) {
		char torn[400];
		FILE *file = fopen(path, "w");

		memcpy(torn, note, sizeof(torn));
		memcpy(torn + cut, older + cut, strlen(older) - cut);
		fputs(torn, file);
		fclose(file);
		cr_assert(eq(int, zg_store_open(home, ZG_STORE_WRITE, &zg_real_clock, &store, &err), ZG_OK), "cut at %zu: %s", cut, err.text);
		zg_store_close(store);
	}
	cr_assert(eq(int, zg_store_open(home, ZG_STORE_WRITE, &zg_real_clock, &store, &err), ZG_OK));
}

Test(store, books_whose_structure_was_changed_are_written_by_nobody)
{
	add_row("test");
	sqlite3_exec(zg_store_raw(store), "DROP TRIGGER journal_keep", NULL, NULL, NULL);
	zg_store_close(store);

	cr_expect(eq(int, zg_store_open(home, ZG_STORE_WRITE, &zg_real_clock, &store, &err), ZG_INVALID));
	cr_expect(eq(ptr, store, NULL));
}

/* keys/schema.seal spares the comparison only for the very structure that it was made of. */
Test(store, a_seal_of_the_structure_hides_no_change_of_it)
{
	char seal[600], word[8] = "";

	snprintf(seal, sizeof(seal), "%s/keys/schema.seal", home);
	zg_store_close(store);
	cr_assert(eq(int, access(seal, R_OK), 0), "a start seals what it compared");
	for (int i = 0; i < 3; i++) {    /* as it was made; cut off; of other bytes */
		FILE *file = i ? fopen(seal, "w") : NULL;

		if (file) {
			fputs(i == 1 ? "torn" : "an owner's hand, thirty-two bytes", file);
			fclose(file);
		}
		cr_assert(eq(int, zg_store_open(home, ZG_STORE_WRITE, &zg_real_clock, &store, &err), ZG_OK), "%s", err.text);
		if (i == 2)
			sqlite3_exec(zg_store_raw(store), "DROP TRIGGER journal_keep", NULL, NULL, NULL);
		zg_store_close(store);
		FILE *made = fopen(seal, "r");

		cr_assert(ne(ptr, made, NULL));
		cr_assert(eq(sz, fread(word, 1, 4, made), 4));
		fclose(made);
		cr_expect(ne(str, word, "torn"), "a torn seal is made again");
	}
	cr_expect(eq(int, zg_store_open(home, ZG_STORE_WRITE, &zg_real_clock, &store, &err), ZG_INVALID));
}

Test(store, a_refused_start_is_not_taken_for_a_sudden_end)
{
	zg_store_close(store);
	do_file("mv", "keys/journal.key", "away");
	cr_expect(eq(int, zg_store_open(home, ZG_STORE_WRITE, &zg_real_clock, &store, &err), ZG_BROKEN));
	do_file("mv", "away", "keys/journal.key");
	cr_assert(eq(int, zg_store_open(home, ZG_STORE_WRITE, &zg_real_clock, &store, &err), ZG_OK), "%s", err.text);

	cr_expect(not(zg_store_was_unclean(store)));
}

/* A new key would seal the next rows so that all the old ones look forged. */
Test(store, a_lost_key_is_asked_for_and_never_made_anew)
{
	char path[600];

	add_row("test");
	zg_store_close(store);
	snprintf(path, sizeof(path), "%s/keys/journal.key", home);
	cr_assert(eq(int, unlink(path), 0));

	cr_expect(eq(int, zg_store_open(home, ZG_STORE_WRITE, &zg_real_clock, &store, &err), ZG_BROKEN));
	cr_expect(ne(ptr, strstr(err.text, "Put it back from a copy"), NULL));
	cr_expect(eq(int, zg_store_open(home, ZG_STORE_CREATE, &zg_real_clock, &store, &err), ZG_BROKEN));
	cr_expect(eq(int, access(path, F_OK), -1));
}

TestSuite(journal, .init = open_shop, .fini = close_shop);

Test(journal, a_good_journal_verifies_and_names_its_anchor)
{
	struct zg_journal_mark mark = { 0 };
	struct zg_journal_check check;

	for (int i = 0; i < 1200; i++)
		mark = add_row("test");

	cr_expect(eq(int, zg_journal_verify(store, &check, &err), ZG_OK), "%s", err.text);
	cr_expect(eq(long, check.rows, 1200));
	cr_expect(eq(str, check.anchor, mark.anchor));
}

/* Someone with the file and the sqlite3 shell drops the triggers first. */
static void tamper(const char *sql)
{
	char *text = sqlite3_mprintf("DROP TRIGGER journal_next; DROP TRIGGER journal_fixed; DROP TRIGGER journal_keep; %s", sql);
	char *why = NULL;

	for (int i = 0; i < 5; i++)
		add_row("test");
	cr_assert(eq(int, sqlite3_exec(zg_store_raw(store), text, NULL, NULL, &why), SQLITE_OK), "%s", why ? why : "");
	sqlite3_free(text);
}

Test(journal, the_changed_row_is_named)
{
	static const struct { const char *sql; long row; } cases[] = {
		{ "UPDATE journal SET body = '{}' WHERE seq = 3", 3 },
		{ "UPDATE journal SET at = at + 1 WHERE seq = 2", 2 },
		{ "UPDATE journal SET who = 'boss' WHERE seq = 5", 5 },
		{ "UPDATE journal SET uid = uid + 1 WHERE seq = 1", 1 },
		{ "UPDATE journal SET kind = 'x' WHERE seq = 4", 4 },
		{ "UPDATE journal SET mac = zeroblob(32) WHERE seq = 4", 4 },
		{ "UPDATE journal SET prev = zeroblob(32) WHERE seq = 4", 4 },
		{ "DELETE FROM journal WHERE seq = 3", 3 },
		{ "UPDATE journal SET seq = 9 WHERE seq = 5", 5 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct zg_journal_check check;

		tamper(cases[i].sql);
		cr_expect(eq(int, zg_journal_verify(store, &check, &err), ZG_INVALID), "%s", cases[i].sql);
		cr_expect(eq(long, check.bad_seq, cases[i].row), "%s", cases[i].sql);
		close_shop();
		open_shop();
	}
}

Test(journal, a_cut_off_tail_is_noticed_through_the_head_kept_outside)
{
	struct zg_journal_check check;

	for (int i = 0; i < 5; i++)
		add_row("test");
	cr_assert(eq(int, zg_journal_keep_head(store, &err), ZG_OK));
	cr_expect(eq(int, zg_journal_check_head(store, &err), ZG_OK));
	sqlite3_exec(zg_store_raw(store), "DROP TRIGGER journal_keep; DELETE FROM journal WHERE seq > 3", NULL, NULL, NULL);

	cr_expect(eq(int, zg_journal_check_head(store, &err), ZG_INVALID));
	cr_expect(eq(int, zg_journal_keep_head(store, &err), ZG_INVALID));    /* and it stays noticed */
	cr_expect(eq(int, zg_journal_check_head(store, &err), ZG_INVALID));
	cr_expect(eq(int, zg_journal_verify(store, &check, &err), ZG_INVALID));
	cr_expect(eq(long, check.bad_seq, 4));
}
