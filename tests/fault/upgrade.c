/*
 * Books of every older version, brought up to date by a start of the till, with the power cut at every operation of it.
 *
 * A shop lives with today's till; then its books are made anew as an older version had them: the migrations up to it, and the rows
 * of every table that it knew. The next start migrates; whatever a cut leaves is started again. In the end each row is there
 * exactly as if the shop had always had the newest version: everything answered, the totals, the journal's seals, the
 * tables that are new and filled from old ones; the structure is the newest's, the pages are whole, and selling goes on. Books of a
 * version that this program does not know are refused in words and not touched.
 * P36. ZG_COUNT cuts (120), ZG_SEED; ZG_VERSION=n tries one version alone, ZG_CUT=n one cut.
 */
#include "src/base/alloc.h"
#include "src/base/json.h"
#include "src/store/agree.h"
#include "src/store/private.h"
#include "tests/lab/balance.h"
#include "tests/lab/crew.h"
#include "tests/lab/life.h"

#include <inttypes.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SELLS_ON 8    /* one cut in so many also sells and starts again */
#define NEVER    (SIZE_MAX - 1)

enum figure { STRICT, HALF_WAY, DONE, SOLD_ON };

struct trial {
	struct life *life;
	struct power_record *record;
	struct power_disk *disk;
	uint64_t seed;
	int version;
	long of, at;           /* cuts spread evenly over the operations; ZG_CUT */
};

static void must(bool holds, const char *what)
{
	if (!holds) {
		printf("upgrade: %s\n0 passed, 1 failed\n", what);
		exit(1);
	}
}

static void run(sqlite3 *db, const char *sql)
{
	char *why = NULL;

	if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK) {
		printf("%.200s: %s\n", sql, why);
		must(false, "books of an older version cannot be made");
	}
}

/* ---- books as an older version had them ---- */

/* Each text that a query gives, run as SQL. */
static void run_each(sqlite3 *db, const char *query)
{
	sqlite3_stmt *list = NULL;
	char *texts[200];
	int count = 0;

	must(sqlite3_prepare_v2(db, query, -1, &list, NULL) == SQLITE_OK, sqlite3_errmsg(db));
	while (sqlite3_step(list) == SQLITE_ROW && count < 200)
		texts[count++] = zg_copy((const char *)sqlite3_column_text(list, 0));
	sqlite3_finalize(list);
	for (int i = 0; i < count; i++) {
		run(db, texts[i]);
		free(texts[i]);
	}
}

/* The index for searching is not asked for its columns: it cannot be read before its rows are there. */
static void fill(sqlite3 *db)
{
	run(db, "CREATE TEMP TABLE trigger AS SELECT sql FROM sqlite_schema WHERE type = 'trigger'");
	run_each(db, "SELECT 'DROP TRIGGER main.\"' || name || '\"' FROM sqlite_schema WHERE type = 'trigger'");
	run_each(db, "SELECT 'DELETE FROM main.\"' || name || '\"' FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND sql NOT LIKE 'CREATE VIRTUAL%'");
	run_each(db, "SELECT 'INSERT INTO main.\"' || t.name || '\" (' || c.list || ') SELECT ' || c.list || ' FROM new.\"' || t.name || '\"'"
		 " FROM sqlite_schema AS t JOIN (SELECT m.name AS of, group_concat('\"' || i.name || '\"') AS list FROM sqlite_schema AS m JOIN pragma_table_info(m.name) AS i"
		 " WHERE m.type = 'table' AND m.sql NOT LIKE 'CREATE VIRTUAL%' GROUP BY m.name) AS c ON c.of = t.name"
		 " WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.sql NOT LIKE 'CREATE VIRTUAL%'");
	run_each(db, "SELECT sql FROM temp.trigger");
}

/* In the place of the shop's newest books. */
static void make_old(const char *home, int version)
{
	static const char *const tails[] = { "", "-wal", "-shm" };
	char *books = zg_print("%s/zhanggui.db", home), *old = zg_print("%s/old.db", home), *seal = zg_print("%s/keys/schema.seal", home);
	char *sql = zg_print("ATTACH '%s' AS new", books), *marks = zg_print("PRAGMA application_id = %d; PRAGMA user_version = %d", ZG_APPLICATION_ID, version);
	sqlite3 *db = NULL;

	must(sqlite3_open(old, &db) == SQLITE_OK, "old books cannot be opened");
	run(db, "PRAGMA journal_mode = WAL; PRAGMA foreign_keys = OFF");
	run(db, marks);
	for (int i = 0; i < version; i++)
		run(db, zg_schema[i]);
	run(db, sql);
	run(db, "BEGIN");
	fill(db);
	run(db, "COMMIT; DETACH new");
	must(sqlite3_close(db) == SQLITE_OK, "old books cannot be closed");
	for (int i = 0; i < 3; i++) {
		char *path = zg_print("%s%s", books, tails[i]);

		(void)unlink(path);
		free(path);
	}
	must(rename(old, books) == 0, "old books cannot be put in their place");
	(void)unlink(seal);    /* it was of the newest structure */
	free(marks);
	free(sql);
	free(seal);
	free(old);
	free(books);
}

/* ---- a life, and its upgrade ---- */

static struct life *lived(uint64_t seed, const char *place)
{
	char *home = zg_print("%s/shop", place), *goods = life_goods(place);
	struct life *life = life_new(home, goods, seed);

	life_whole(life);
	/* half of the shops are in the middle of a day, with sales that wait */
	if (seed % 2 && life_open(life) && life_sign_in(life)) {
		life_work(life);
		(void)(shop_do(life->shop, "sale.add", "{s:s}", "code", "1001") == ZG_OK && shop_do(life->shop, "sale.hang", NULL) == ZG_OK);
		(void)shop_do(life->shop, "sale.add", "{s:s}", "code", "1002");
		life_close(life);
	}
	free(goods);
	free(home);
	return life;
}

/* What the till says to itself, beside what was answered: tables against the journal, and balances by other rules. */
static void check_books(struct life *next, char *why, size_t size)
{
	const struct zg_store *store = zg_till_store(next->shop->till);
	struct zg_error err = { .text = "" };
	struct balance *balance = balance_open(zg_store_raw(store));
	const char *fault = balance_sales(balance, 0, INT64_MAX);

	if (!*fault)
		fault = balance_whole(balance);
	if (*fault)
		snprintf(why, size, "%s", fault);
	else if (zg_books_agree(store, &err) != ZG_OK)
		snprintf(why, size, "%s", err.text);
	balance_close(balance);
}

static int version_of(const char *home)
{
	char *path = zg_print("%s/zhanggui.db", home);
	sqlite3 *db = NULL;
	sqlite3_stmt *one = NULL;
	int version = -1;

	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK && sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &one, NULL) == SQLITE_OK &&
	    sqlite3_step(one) == SQLITE_ROW)
		version = sqlite3_column_int(one, 0);
	sqlite3_finalize(one);
	sqlite3_close(db);
	free(path);
	return version;
}

static void sell_on(struct life *next, char *why, size_t size)
{
	life_go_on(next, why, size);
	struct life *again = why[0] ? NULL : life_resume(next, NEVER, next->shop->home, why, size);

	if (!again)
		return;
	life_compare(next, NEVER, again, why, size);
	life_free(again);
	crew_add(SOLD_ON, 1);
}

static bool cut(void *self, long number, const char *place)
{
	struct trial *t = self;
	size_t count = t->record->count + 1;
	size_t k = t->at >= 0 ? (size_t)t->at : (size_t)((double)number * (double)count / (double)t->of);
	struct chance chance = { t->seed, t->seed * 31 + (uint64_t)k };
	char why[600] = "";

	if (!t->disk)
		t->disk = power_disk_new(t->record);
	struct power_loss loss = power_loss_choose(&chance);

	power_disk_to(t->disk, k);
	power_disk_survive(t->disk, loss, &chance, place);
	int version = version_of(place);

	crew_add(STRICT, loss.is_strict);
	crew_add(HALF_WAY, version > t->version && version < zg_store_version());
	crew_add(DONE, version == zg_store_version());
	if (version < t->version || version > zg_store_version())
		snprintf(why, sizeof(why), "the books are of version %d", version);
	struct life *next = why[0] ? NULL : life_resume(t->life, NEVER, place, why, sizeof(why));

	if (next) {
		life_compare(t->life, NEVER, next, why, sizeof(why));
		if (!why[0])
			check_books(next, why, sizeof(why));
		if (!why[0] && (number % SELLS_ON == 0 || t->at >= 0))
			sell_on(next, why, sizeof(why));
		life_free(next);
	}
	if (!why[0])
		return true;
	const struct power_op *op = k < t->record->count ? &t->record->ops[k] : NULL;

	printf("FAILED: ZG_SEED=%llu ZG_VERSION=%d ZG_CUT=%zu of %zu (%s %s), %s: %s\n", (unsigned long long)t->seed, t->version, k, t->record->count,
	       op ? power_kind_name(op->kind) : "the end", op && op->name ? op->name : "", power_loss_words(loss), why);
	return false;
}

/* The start that migrates, written down; it is right without a cut, too. */
static void migrate(struct tally *tally, struct trial *t, const char *home)
{
	char why[600] = "";

	t->record = power_begin(home);
	struct life *next = life_resume(t->life, NEVER, home, why, sizeof(why));
	size_t at_open = power_count();

	if (next) {
		life_compare(t->life, NEVER, next, why, sizeof(why));
		if (!why[0])
			check_books(next, why, sizeof(why));
	}
	life_free(next);
	power_end();
	tally_check(tally, !why[0], "version %d without a cut: %s", t->version, why);
	tally_check(tally, at_open >= 2 * (size_t)(zg_store_version() - t->version), "version %d: the record has %zu operations, so it missed the migration", t->version,
		    at_open);
}

/* A version that nobody knows yet: a writer and a reader say so, and the file stays byte for byte. */
static void refuse_newer(struct tally *tally, const struct life *life)
{
	static const enum zg_store_mode modes[] = { ZG_STORE_WRITE, ZG_STORE_READ, ZG_STORE_CREATE, ZG_STORE_ACCEPT };
	const char *home = life->shop->home;
	char *path = zg_print("%s/zhanggui.db", home), *sql = zg_print("PRAGMA user_version = %d", zg_store_version() + 1);
	sqlite3 *db = NULL;

	must(sqlite3_open(path, &db) == SQLITE_OK, "the books cannot be opened");
	run(db, "PRAGMA wal_checkpoint(TRUNCATE)");
	run(db, sql);
	uint64_t before = life_digest(db);

	sqlite3_close(db);
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		struct zg_store *store = NULL;
		struct zg_error err = { .text = "" };
		enum zg_result result = zg_store_open(home, modes[i], &life->shop->clock, &store, &err);

		tally_check(tally, result == ZG_USAGE && !store && strstr(err.text, "newer version"), "a newer version, mode %zu: %s (%s)", i, zg_result_name(result),
			    err.text);
		zg_store_close(store);
	}
	must(sqlite3_open(path, &db) == SQLITE_OK, "the books cannot be opened");
	tally_check(tally, life_digest(db) == before && version_of(home) == zg_store_version() + 1, "books of a newer version were changed");
	sqlite3_close(db);
	free(sql);
	free(path);
}

static long upgrade_life(struct tally *tally, uint64_t seed, long left, int only, long figures[CREW_FIGURES])
{
	char *place = crew_place(), *copy = zg_print("%s/old", place);
	struct life *life = lived(seed, place);
	long done = 0;
	int versions = zg_store_version() - 1;

	for (size_t i = 0; i < life->sentence_count; i++)
		tally_check(tally, false, "the life itself was refused: %s", life->sentences[i]);
	for (int version = 1; version <= versions && tally->failed == 0; version++) {
		struct trial t = { .life = life, .seed = seed, .version = version, .at = tally_setting("ZG_CUT", -1) };
		char *command = zg_print("rm -rf '%s' && cp -r '%s' '%s'", copy, life->shop->home, copy);

		if (only && only != version) {
			free(command);
			continue;
		}
		must(system(command) == 0, command);
		make_old(copy, version);
		migrate(tally, &t, copy);
		t.of = t.at >= 0 ? 1 : left / versions < (long)t.record->count + 1 ? left / versions : (long)t.record->count + 1;
		if (tally->failed == 0)
			crew_run(tally, t.of, cut, &t, figures);
		done += t.of;
		power_free(t.record);
		free(command);
	}
	refuse_newer(tally, life);
	life_free(life);
	free(copy);
	crew_leave(place);
	return done;
}

int main(void)
{
	static struct tally tally;
	struct chance chance = chance_begin();
	long count = chance_rounds(120), done = 0, figures[CREW_FIGURES] = { 0 }, lives = 0;
	int only = (int)tally_setting("ZG_VERSION", 0);

	setlocale(LC_ALL, "C.UTF-8");
	zg_json_start();
	printf("upgrade: ZG_SEED=%llu ZG_COUNT=%ld, versions 1 to %d become %d\n", (unsigned long long)chance.seed, count, zg_store_version() - 1, zg_store_version());
	for (; done < count && tally.failed == 0; lives++) {
		done += upgrade_life(&tally, chance.seed + (uint64_t)lives, count - done < 2 * (zg_store_version() - 1) ? 2 * (zg_store_version() - 1) : count - done, only,
				     figures);
		if (tally_setting("ZG_CUT", -1) >= 0)
			break;
	}
	printf("figure: %ld cuts in the upgrades of %ld shops from %d versions: %d failed; %ld with names lost too, %ld left between two versions, %ld already the newest, "
	       "after %ld selling went on\n", done, lives, zg_store_version() - 1, tally.failed, figures[STRICT], figures[HALF_WAY], figures[DONE], figures[SOLD_ON]);
	return tally_end(&tally);
}
