#include "src/store/store.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/store/journal.h"
#include "src/store/private.h"
#include "src/store/query.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <openssl/crypto.h>

static char *path_in(const char *home, const char *name)
{
	return zg_print("%s/%s", home, name);
}

/* -1: another process has it (errno EWOULDBLOCK) or it cannot be opened. The file stays: only its lock counts. */
static int try_lock(const char *home, int flags, int lock)
{
	char *path = path_in(home, "zhanggui.lock");
	int fd = open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0600);

	free(path);
	if (fd >= 0 && flock(fd, lock | LOCK_NB) != 0) {
		int why = errno;

		close(fd);
		errno = why;
		return -1;
	}
	return fd;
}

#define LOCK_TRIES    4
#define LOCK_AGAIN_MS 20    /* who only looks whether it is taken has let it go again by then */

static int take_lock(const char *home)
{
	int fd = -1;

	for (int i = 0; i < LOCK_TRIES && fd < 0; i++) {
		if (i > 0)
			nanosleep(&(struct timespec){ .tv_nsec = LOCK_AGAIN_MS * 1000000L }, NULL);
		fd = try_lock(home, O_RDWR | O_CREAT, LOCK_EX);
		if (fd < 0 && errno != EWOULDBLOCK)
			break;
	}
	return fd;
}

/* Looking leaves nothing behind, in a directory that is no shop either. */
bool zg_store_is_taken(const char *home)
{
	int fd = try_lock(home, O_RDONLY, LOCK_SH);

	if (fd < 0)
		return errno == EWOULDBLOCK;
	close(fd);
	return false;
}

static enum zg_result not_yours(const char *home, struct zg_error *err)
{
	struct stat about;
	const struct passwd *user = stat(home, &about) == 0 ? getpwuid(about.st_uid) : NULL;

	return user ? zg_fail(err, ZG_INVALID, _("The shop in %s belongs to the user %s. Do this as that user."), home, user->pw_name)
		    : zg_fail(err, ZG_INVALID, _("The shop in %s belongs to another user. Do this as that user."), home);
}

enum zg_result zg_store_find(const char *home, struct zg_error *err)
{
	char *path = path_in(home, "zhanggui.db");
	bool there = access(path, F_OK) == 0;
	int why = errno;

	free(path);
	if (there)
		return ZG_OK;
	return why == EACCES ? not_yours(home, err)
		: zg_fail(err, ZG_NOT_FOUND, _("There is no shop in %s. Make one with: zhanggui init"), home);
}

enum zg_result zg_store_check_owner(const char *home, struct zg_error *err)
{
	struct stat about;

	return stat(home, &about) == 0 && about.st_uid != geteuid() ? not_yours(home, err) : ZG_OK;
}

/* The order matters: EXTRA before WAL, then FULL (design 4: these settings are not to be tuned). */
static const char *const writer_settings =
	"PRAGMA synchronous = EXTRA; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
	"PRAGMA wal_autocheckpoint = 0; PRAGMA mmap_size = 0; PRAGMA foreign_keys = ON;"
	"PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA recursive_triggers = ON;"
	"PRAGMA temp_store = MEMORY; PRAGMA cache_size = -4096;";
static const char *const reader_settings =
	"PRAGMA query_only = ON; PRAGMA mmap_size = 0; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;"
	"PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -4096;";

static int log_grew(void *self, sqlite3 *db, const char *name, int pages)
{
	(void)db, (void)name;
	((struct zg_store *)self)->log_pages = pages;
	return SQLITE_OK;
}

static enum zg_result open_file(struct zg_store *store, enum zg_store_mode mode, struct zg_error *err)
{
	char *path = path_in(store->home, "zhanggui.db");
	int flags = SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOFOLLOW |
		(mode == ZG_STORE_READ ? SQLITE_OPEN_READWRITE :    /* a WAL reader must reach the shared index */
		 mode == ZG_STORE_CREATE ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READWRITE);
	mode_t mask = umask(0077);
	int code = sqlite3_open_v2(path, &store->db, flags, NULL);
	int yes = 1;

	umask(mask);
	free(path);
	if (code == SQLITE_OK)
		code = sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, &yes);
	/* The last reader to leave would move the log into the file: a write, and never a reader's. */
	if (code == SQLITE_OK && mode == ZG_STORE_READ)
		code = sqlite3_db_config(store->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, &yes);
	if (code == SQLITE_OK) {
		sqlite3_busy_timeout(store->db, mode == ZG_STORE_READ ? 2000 : 0);
		code = sqlite3_exec(store->db, mode == ZG_STORE_READ ? reader_settings : writer_settings, NULL, NULL, NULL);
	}
	if (code == SQLITE_OK && mode != ZG_STORE_READ)
		sqlite3_wal_hook(store->db, log_grew, store);    /* in the place of the automatic checkpoint, which is off */
	return code == SQLITE_OK ? ZG_OK : zg_store_fail(store, code, err);
}

/* The marker is there while a writer runs; found at start, the last one ended without closing. */
static bool is_marked(const struct zg_store *store)
{
	char *path = path_in(store->home, "zhanggui.running");
	bool there = access(path, F_OK) == 0;

	free(path);
	return there;
}

static void mark_running(const struct zg_store *store)
{
	char *path = path_in(store->home, "zhanggui.running");

	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd >= 0)
		close(fd);
	free(path);
}

/*
 * Nothing is written on books that are not what they were: whoever goes on with a stale or changed copy
 * buries the traces under good rows. Reading and verifying stay possible.
 */
static enum zg_result check_books(struct zg_store *store, enum zg_store_mode mode, struct zg_error *err)
{
	enum zg_result result = zg_store_check_sealed(store, err);

	if (result != ZG_OK)
		return result;
	result = zg_journal_check_head(store, err);
	store->is_old = result == ZG_INVALID;
	return store->is_old && mode == ZG_STORE_ACCEPT ? ZG_OK : result;
}

/* What must always work is ready beforehand: a transaction that memory ran out in is rolled back without asking for more. */
static const char rollback[] = "ROLLBACK";

static enum zg_result prepare_rollback(const struct zg_store *store, struct zg_error *err)
{
	struct zg_query query = zg_query(store, rollback);

	return zg_query_end(&query, err);
}

static enum zg_result open_books(struct zg_store *store, enum zg_store_mode mode, struct zg_error *err)
{
	enum zg_result result = zg_store_find(store->home, err);
	bool there = result == ZG_OK;

	if (!there && (mode != ZG_STORE_CREATE || result != ZG_NOT_FOUND))
		return result;
	if (mode != ZG_STORE_READ && zg_store_check_owner(store->home, err) != ZG_OK)
		return ZG_INVALID;
	if (mode != ZG_STORE_READ) {
		store->lock = take_lock(store->home);
		if (store->lock < 0 && errno == EWOULDBLOCK)
			return zg_fail(err, ZG_REFUSED, _("A till is already running for this shop. Use that one, or end it first."));
		if (store->lock < 0)
			return zg_fail(err, ZG_BROKEN, _("The shop's directory %s cannot be written (%s). Check who owns it."),
				       store->home, strerror(errno));
		store->was_unclean = is_marked(store);
	}
	/* Before the books: there are never books whose key is still to be made, so a missing key is a lost one. */
	result = there ? ZG_OK : zg_journal_make_key(store->home, err);

	if (result == ZG_OK)
		result = zg_journal_read_key(store, err);
	if (result == ZG_OK)
		result = open_file(store, mode, err);
	if (result == ZG_OK)
		result = mode == ZG_STORE_READ ? ZG_OK : zg_schema_migrate(store->db, err);
	if (result == ZG_OK && mode != ZG_STORE_READ)
		result = check_books(store, mode, err);
	if (result == ZG_OK && mode != ZG_STORE_READ)
		result = prepare_rollback(store, err);
	if (result == ZG_OK && mode == ZG_STORE_READ) {
		struct zg_query q = zg_query(store, "PRAGMA user_version");
		int64_t version = zg_query_row(&q) ? zg_column_integer(&q, 0) : 0;

		result = zg_query_end(&q, err);
		if (result == ZG_OK && version != zg_schema_count)
			result = zg_fail(err, ZG_USAGE, version > zg_schema_count ?
				_("These books were written by a newer version of this program. Install that version; nothing was changed.") :
				_("These books are of an older version. Start the till once to bring them up to date."));
	}
	return result;
}

#define NEED 1048576    /* bytes of memory, with room to spare: libcrypto makes itself ready without looking at what it gets */

enum zg_result zg_store_open(const char *home, enum zg_store_mode mode, const struct zg_clock *clock,
			     struct zg_store **out, struct zg_error *err)
{
	zg_need(NEED);
	struct zg_store *store = zg_alloc(1, sizeof(*store));

	*out = NULL;
	store->home = zg_copy(home);
	store->clock = clock;
	store->lock = -1;
	store->last_seq = -1;
	store->sync = ZG_SYNC_FULL;
	store->statements = zg_alloc(ZG_STORE_STATEMENTS, sizeof(*store->statements));
	enum zg_result result = open_books(store, mode, err);

	if (result != ZG_OK) {
		store->is_broken = true;    /* so that closing it leaves every file as it is */
		zg_store_close(store);
		return result;
	}
	if (mode != ZG_STORE_READ) {
		mark_running(store);
		zg_store_keep_reserve(store);
	}
	*out = store;
	return ZG_OK;
}

/* A checkpoint that found no room or a busy reader is made later; one that the disk refused is the end of writing. */
static void note_checkpoint(const struct zg_store *store, int code)
{
	if ((code & 0xFF) == SQLITE_IOERR)
		(void)zg_store_fail(store, code, NULL);
}

void zg_store_close(struct zg_store *store)
{
	if (!store)
		return;
	bool wrote = store->lock >= 0;

	if (wrote && !store->is_broken) {
		zg_store_rollback(store);
		zg_journal_keep_head(store, NULL);    /* a head that could not be kept is older: never a false alarm */
	}
	for (size_t i = 0; i < ZG_STORE_STATEMENTS; i++)
		sqlite3_finalize(store->statements[i].stmt);
	if (wrote && !store->is_broken)
		note_checkpoint(store, sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL));
	/* The last to close would move the log into the file by itself: not on a disk that cannot be believed. */
	if (store->db && store->is_broken)
		sqlite3_db_config(store->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	sqlite3_close_v2(store->db);
	if (wrote) {
		char *path = path_in(store->home, "zhanggui.running");

		if (!store->is_broken)
			unlink(path);
		free(path);
		close(store->lock);
	}
	zg_sealer_free(store->sealer);
	OPENSSL_cleanse(store->key, sizeof(store->key));
	free(store->statements);
	free(store->home);
	free(store);
}

const char *zg_store_home(const struct zg_store *store)
{
	return store->home;
}

const struct zg_clock *zg_store_clock(const struct zg_store *store)
{
	return store->clock;
}

struct sqlite3 *zg_store_raw(const struct zg_store *store)
{
	return store->db;
}

bool zg_store_is_old(const struct zg_store *store)
{
	return store->is_old;
}

bool zg_store_is_broken(const struct zg_store *store)
{
	return store->is_broken;
}

bool zg_store_was_unclean(const struct zg_store *store)
{
	return store->was_unclean;
}

bool zg_store_is_open(const struct zg_store *store)
{
	return store->is_begun || !sqlite3_get_autocommit(store->db);
}

static enum zg_result run(struct zg_store *store, const char *sql, struct zg_error *err)
{
	struct zg_query query = zg_query(store, sql);

	zg_query_run(&query);
	return zg_query_end(&query, err);
}

void zg_store_on_begin(struct zg_store *store, void (*give_way)(void *self), void *self)
{
	store->give_way = give_way;
	store->give_way_self = self;
}

enum zg_result zg_store_begin(struct zg_store *store, enum zg_sync sync, struct zg_error *err)
{
	enum zg_result result = ZG_OK;

	if (store->give_way && zg_store_is_open(store))
		store->give_way(store->give_way_self);
	if (store->is_stuck)
		zg_store_rollback(store);
	if (store->is_stuck)
		return zg_store_fail(store, SQLITE_NOMEM, err);
	zg_assert(!zg_store_is_open(store));
	if (store->is_broken)
		return zg_store_fail(store, SQLITE_IOERR, err);
	if (store->sync != sync)
		result = run(store, sync == ZG_SYNC_FULL ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL", err);
	if (result == ZG_OK) {
		store->sync = sync;
		result = run(store, "BEGIN IMMEDIATE", err);
		if (result != ZG_OK)
			zg_store_rollback(store);    /* SQLite may begin and yet say that it failed */
	}
	store->is_begun = result == ZG_OK;
	return result;
}

enum zg_result zg_store_commit(struct zg_store *store, struct zg_error *err)
{
	enum zg_result result = run(store, "COMMIT", err);

	if (result != ZG_OK) {
		zg_store_rollback(store);
		return result;
	}
	store->is_begun = false;
	store->commits++;
	store->has_unsynced = store->sync == ZG_SYNC_NORMAL;
	if (!store->has_unsynced)
		zg_journal_note(store);
	return ZG_OK;
}

uint64_t zg_store_commits(const struct zg_store *store)
{
	return store->commits;
}

void zg_store_rollback(struct zg_store *store)
{
	store->last_seq = -1;
	store->is_begun = false;
	store->lost_code = SQLITE_OK;
	store->is_stuck = false;
	if (!sqlite3_get_autocommit(store->db))
		(void)run(store, rollback, NULL);    /* a failed rollback leaves nothing behind either: the file was not written */
	store->is_stuck = !sqlite3_get_autocommit(store->db);
}

void zg_store_snapshot(const struct zg_store *store)
{
	struct zg_store *own = (struct zg_store *)(uintptr_t)store;    /* what a reader remembers is no part of the books */

	zg_journal_read_head(store, &own->seen);
	own->has_snapshot = true;
	struct zg_query query = zg_query(store, "BEGIN DEFERRED");

	zg_query_run(&query);
	(void)zg_query_end(&query, NULL);    /* without it each statement sees its own state, which is no harm */
}

void zg_store_snapshot_end(const struct zg_store *store)
{
	struct zg_query query = zg_query(store, "COMMIT");

	zg_query_run(&query);
	(void)zg_query_end(&query, NULL);
	((struct zg_store *)(uintptr_t)store)->has_snapshot = false;
}

enum zg_result zg_store_settle(struct zg_store *store, bool always, struct zg_error *err)
{
	if (!store->has_unsynced && !always)
		return ZG_OK;
	enum zg_result result = zg_store_begin(store, ZG_SYNC_FULL, err);

	if (result != ZG_OK)
		return result;
	/* Another value each time: SQLite does not write a row that stays what it was. */
	result = run(store, "INSERT INTO setting (name, value) VALUES ('checkpoint', '1')"
		     " ON CONFLICT (name) DO UPDATE SET value = iif(value = '1', '0', '1')", err);
	if (result == ZG_OK)
		return zg_store_commit(store, err);
	zg_store_rollback(store);
	return result;
}

void zg_store_checkpoint(struct zg_store *store)
{
	int in_log = 0, moved = 0;

	if (store->is_broken || zg_store_is_open(store) || store->log_pages == store->rested_pages)
		return;
	int code = sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_RESTART, &in_log, &moved);

	note_checkpoint(store, code);
	if (code != SQLITE_OK)
		return;
	/* The first write after a restarted log syncs its header too: a small write pays for it, not a sale. */
	(void)zg_store_settle(store, true, NULL);
	store->rested_pages = store->log_pages;
}

int zg_store_log_pages(const struct zg_store *store)
{
	return store->log_pages;
}

char *zg_store_setting(const struct zg_store *store, const char *name, const char *fallback)
{
	struct zg_query q = zg_query(store, "SELECT value FROM setting WHERE name = :name");

	zg_bind_text(&q, ":name", name);
	char *value = zg_query_row(&q) ? zg_copy(zg_column_text(&q, 0)) : zg_copy(fallback);

	(void)zg_query_end(&q, NULL);    /* an unreadable setting is its fallback; the next write reports the disk */
	return value;
}

enum zg_result zg_store_set(struct zg_store *store, const char *name, const char *value, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "INSERT INTO setting (name, value) VALUES (:name, :value)"
				     " ON CONFLICT (name) DO UPDATE SET value = excluded.value");

	zg_bind_text(&q, ":name", name);
	zg_bind_text(&q, ":value", value);
	zg_query_run(&q);
	return zg_query_end(&q, err);
}
