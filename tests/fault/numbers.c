/*
 * Numbers have no gaps and no repeats, whatever happens to the till: killed at any moment, acts that fail half-way or in their
 * commit, clocks that jump, old copies of the books put back. An old copy is found out before anything is sold on it.
 *
 * Each life is a till in a process of its own that trades and tells every number it acknowledged, in memory that outlives it.
 * After each life: the books' receipt and Z numbers and journal rows are 1 to n, counters included; every acknowledged number is in
 * them; no number was acknowledged twice, in any life. Now and then an admin goes on with an old copy knowingly: the numbers that
 * the lost books gave are then left out, and told.
 * P19. ZG_COUNT lives (80), ZG_SEED.
 */
#include "tests/fault/tally.h"
#include "tests/lab/balance.h"
#include "tests/lab/inside.h"
#include "tests/unit/chance.h"
#include "tests/unit/shop.h"

#include "src/till/private.h"

#include <inttypes.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define ACKS 200000

/* What one life is told to do, and what it has told. */
struct memory {
	atomic_int is_ready, is_copied;
	atomic_long receipts, zs;          /* how many were acknowledged */
	atomic_long failed, refused;       /* acts that were made to fail; numbers that did not come next */
	int64_t receipt[ACKS], z[ACKS];    /* in the order of their acknowledgement */
	int64_t sold_since, closed_since;  /* since the copy was taken */
};

enum plan { TRADE, FAIL, JUMP };
enum copy { NO_COPY, FILES, BACKUP };

struct trial {
	struct tally tally;
	struct chance chance;
	struct shop *shop;          /* its till is closed in this process */
	struct memory *memory;
	sqlite3 *books;
	long lives, kills, shops, fails, jumps;
	long seen;                  /* acknowledged receipts that were looked for before */
	int64_t receipts, zs;       /* of the shops before this one */
	long stale, found, fresh, taken;    /* old copies put back and found out; newest copies put back and taken */
	long accepted;              /* an admin went on with the old copy all the same */
	long by_kind[3];            /* old copies: closed well since; a shift was closed, then killed; only killed */
};

/* ---- a life, in a process of its own ---- */

static int should_fail(void *self)
{
	struct chance *chance = self;

	return chance_between(chance, 0, 3) == 0;
}

struct interruption {
	sqlite3 *books;
	int left;
};

/* Stops the statement under way once, somewhere in a transaction: a commit that was done is not called a failure. */
static int interrupt(void *self)
{
	struct interruption *i = self;

	return !sqlite3_get_autocommit(i->books) && i->left > 0 && --i->left == 0;
}

static void ack(struct memory *m, atomic_long *count, int64_t *list, int64_t number)
{
	long at = atomic_load(count);

	if (at > 0 && list[at - 1] + 1 != number)
		atomic_fetch_add(&m->refused, 1);
	if (at < ACKS) {
		list[at] = number;
		atomic_store(count, at + 1);
	}
}

static void ack_receipt(const struct shop *shop, struct memory *m)
{
	ack(m, &m->receipts, m->receipt, strtoll(shop_text(shop, "number") + 3, NULL, 10));
	m->sold_since++;
}

static void ring(struct shop *shop, struct chance *chance)
{
	static const char *const codes[] = { "1001", "1002", "1003" };

	for (int64_t n = chance_between(chance, 1, 3); n > 0; n--)
		(void)shop_do(shop, "sale.add", "{s:s}", "code", codes[chance_between(chance, 0, 2)]);
}

static void bring_back(struct shop *shop, struct chance *chance, struct memory *m)
{
	char number[32];
	long count = atomic_load(&m->receipts);

	if (count == 0)
		return;
	snprintf(number, sizeof(number), "R01%07" PRId64, m->receipt[chance_between(chance, 0, count - 1)]);
	if (shop_do(shop, "sale.refund", "{s:s, s:b, s:s}", "number", number, "all", true, "reason", "x") == ZG_OK)
		ack_receipt(shop, m);
}

static void hand_over(struct shop *shop, struct memory *m)
{
	(void)shop_do(shop, "shift.count", "{s:i}", "total_fen", 0);
	if (!zg_sale_is_empty(zg_till_sale(shop->till)))
		(void)shop_do(shop, "sale.void", "{s:s}", "reason", "x");
	if (shop_do(shop, "shift.close", NULL) == ZG_OK) {
		ack(m, &m->zs, m->z, shop_integer(shop, "z"));
		m->closed_since++;
	}
	(void)shop_do(shop, "shift.open", "{s:i}", "float_fen", 0);
}

static void jump(struct shop *shop, struct chance *chance)
{
	static const int64_t day = 24 * 3600 * 1000LL;
	static const int64_t by[] = { -day, day, -365 * day, 3650 * day, 5000, -5000 };

	if (chance_between(chance, 0, 7) == 0)
		shop->now_ms = -zg_clock_now(&zg_real_clock);    /* 1970: a computer without a clock */
	else
		shop->now_ms += by[chance_between(chance, 0, 5)];
}

/* One customer, or what happens between two. What fails is tried again by the next. */
static void act(struct shop *shop, struct chance *chance, struct memory *m, enum plan plan)
{
	int64_t roll = chance_between(chance, 0, 19);
	sqlite3 *books = zg_store_raw(zg_till_store(shop->till));
	struct interruption where = { books, plan == FAIL && chance_between(chance, 0, 2) == 0 ? (int)chance_between(chance, 1, 200) : 0 };

	if (plan == JUMP && chance_between(chance, 0, 3) == 0)
		jump(shop, chance);
	if (!zg_till_shift(shop->till))
		(void)shop_do(shop, "shift.open", "{s:i}", "float_fen", 0);
	if (roll < 16)
		ring(shop, chance);
	if (plan == FAIL)
		sqlite3_commit_hook(books, should_fail, chance);
	sqlite3_progress_handler(books, where.left ? 10 : 0, where.left ? interrupt : NULL, &where);
	if (roll == 0)
		hand_over(shop, m);
	else if (roll < 3)
		bring_back(shop, chance, m);
	else if (shop_do(shop, "sale.pay", NULL) == ZG_OK)
		ack_receipt(shop, m);
	else
		atomic_fetch_add(&m->failed, 1);
	sqlite3_commit_hook(books, NULL, NULL);
	sqlite3_progress_handler(books, 0, NULL, NULL);
	zg_loop_step(shop->loop, 0);
}

/* A copy as somebody makes it while the till sells: of its files, or by SQLite's own means. */
static void take_copy(struct shop *shop, enum copy copy)
{
	char command[1500];
	char *sql = NULL;

	snprintf(command, sizeof(command), "cd %s && rm -rf copy && mkdir copy && %s", shop->home,
		 copy == FILES ? "cp zhanggui.db zhanggui.db-wal copy/ 2>/dev/null" : "true");
	(void)!system(command);
	if (copy == BACKUP) {
		sql = sqlite3_mprintf("VACUUM INTO %Q", "copy/zhanggui.db");
		(void)!chdir(shop->home);
		sqlite3_exec(zg_store_raw(zg_till_store(shop->till)), sql, NULL, NULL, NULL);
		sqlite3_free(sql);
	}
}

/* Signed in without a PIN, which costs 16 ms: it is not what is tried. */
static void sign_in(struct shop *shop)
{
	struct zg_person boss;

	if (zg_people_find(zg_till_store(shop->till), "boss", &boss, NULL) == ZG_OK)
		zg_till_sign_in(shop->till, &boss);
}

static int live(struct trial *t, enum plan plan, enum copy copy, int64_t acts, bool waits)
{
	struct memory *m = t->memory;
	int64_t copy_at = copy ? chance_between(&t->chance, 0, acts < 20 ? acts - 1 : 19) : -1;

	if (shop_open(t->shop) != ZG_OK) {
		printf("the till does not start: %s\n", t->shop->err.text);
		return 1;
	}
	sign_in(t->shop);
	atomic_store(&m->is_ready, 1);
	for (int64_t i = 0; i < acts; i++) {
		if (i == copy_at) {
			take_copy(t->shop, copy);
			m->sold_since = m->closed_since = 0;
			atomic_store(&m->is_copied, 1);
		}
		act(t->shop, &t->chance, m, plan);
	}
	if (waits)    /* for the kill */
		pause();
	/* whatever failed before: the next customer pays, and has the next number */
	if (!zg_till_shift(t->shop->till))
		(void)shop_do(t->shop, "shift.open", "{s:i}", "float_fen", 0);
	ring(t->shop, &t->chance);
	bool sells = shop_do(t->shop, "sale.pay", NULL) == ZG_OK;

	if (sells)
		ack_receipt(t->shop, m);
	else
		printf("the last customer cannot pay: %s\n", t->shop->err.text);
	shop_close(t->shop);
	return sells ? 0 : 2;
}

/* ---- around it ---- */

static void open_books(struct trial *t)
{
	char path[600];
	int yes = 1;

	snprintf(path, sizeof(path), "%s/zhanggui.db", t->shop->home);
	if (sqlite3_open_v2(path, &t->books, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK) {
		printf("the books cannot be opened\n0 passed, 1 failed\n");
		exit(1);
	}
	sqlite3_db_config(t->books, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, &yes);
}

static int64_t number(struct trial *t, const char *sql, int64_t argument)
{
	sqlite3_stmt *statement = NULL;
	int64_t found = -1;

	if (sqlite3_prepare_v2(t->books, sql, -1, &statement, NULL) == SQLITE_OK) {
		if (sqlite3_bind_parameter_count(statement) > 0)
			sqlite3_bind_int64(statement, 1, argument);
		if (sqlite3_step(statement) == SQLITE_ROW)
			found = sqlite3_column_int64(statement, 0);
	}
	sqlite3_finalize(statement);
	return found;
}

/* Each one acknowledged is a sale's, or one that the journal tells to be lost. */
#define IS_KNOWN(column, table, name) "SELECT EXISTS (SELECT 1 FROM " table " WHERE " column " = ?1) OR EXISTS (SELECT 1 FROM lost_numbers WHERE " \
				      "name = '" name "' AND ?1 BETWEEN first AND last)"

static void check_known(struct trial *t, const char *what, const char *sql, const int64_t *list, long from, long count)
{
	for (long i = from; i < count; i++)
		if (!tally_check(&t->tally, number(t, sql, list[i]) == 1, "life %ld: %s %" PRId64 " was acknowledged and is not in the books", t->lives, what,
				 list[i]))
			return;
}

static void check_list(struct trial *t, const char *what, const int64_t *list, long count, int64_t there)
{
	for (long i = 1; i < count; i++)
		if (!tally_check(&t->tally, list[i] > list[i - 1], "life %ld: %s %" PRId64 " was given after %" PRId64, t->lives, what, list[i], list[i - 1]))
			return;
	tally_check(&t->tally, count == 0 || list[count - 1] <= there, "life %ld: %s %" PRId64 " was acknowledged, and the books have counted to %" PRId64,
		    t->lives, what, count ? list[count - 1] : 0, there);
}

/* 1 to n in the books, and nothing acknowledged that is not there. */
static void look(struct trial *t, bool everything)
{
	struct memory *m = t->memory;

	open_books(t);
	struct balance *balance = balance_open(t->books);
	const char *fault = balance_whole(balance);

	if (!*fault && everything)
		fault = balance_sales(balance, 0, INT64_MAX);
	tally_check(&t->tally, !*fault, "life %ld: %s", t->lives, fault);
	check_list(t, "receipt", m->receipt, atomic_load(&m->receipts), number(t, "SELECT value FROM counter WHERE name = 'receipt'", 0));
	check_list(t, "Z", m->z, atomic_load(&m->zs), number(t, "SELECT value FROM counter WHERE name = 'z'", 0));
	check_known(t, "receipt", IS_KNOWN("receipt_no", "sale", "receipt"), m->receipt, everything ? 0 : t->seen, atomic_load(&m->receipts));
	check_known(t, "Z", IS_KNOWN("z_no", "shift", "z"), m->z, 0, atomic_load(&m->zs));
	t->seen = atomic_load(&m->receipts);
	tally_check(&t->tally, number(t, "SELECT count(*) FROM sale WHERE number <> printf('R01%07d', receipt_no)", 0) == 0, "life %ld: a number that is not "
		    "its counter", t->lives);
	balance_close(balance);
	sqlite3_close(t->books);
}

/* Starts a life; kills it after so many microseconds once it is ready (-1: lets it come to its end). */
static bool run_life(struct trial *t, enum plan plan, enum copy copy, int64_t acts, int64_t kill_us)
{
	struct memory *m = t->memory;
	int status = 0;
	pid_t pid;

	atomic_store(&m->is_ready, 0);
	atomic_store(&m->is_copied, 0);
	fflush(stdout);
	chance_next(&t->chance);    /* another life */
	pid = fork();
	if (pid == 0)
		_exit(live(t, plan, copy, acts, kill_us >= 0));
	if (kill_us >= 0) {
		for (int i = 0; i < 20000 && !atomic_load(&m->is_ready) && waitpid(pid, &status, WNOHANG) == 0; i++)
			usleep(100);
		/* with a copy wanted, the kill comes when there is one and something was sold since */
		for (int i = 0; i < 20000 && copy && !(atomic_load(&m->is_copied) && m->sold_since > 0); i++)
			usleep(100);
		usleep((useconds_t)kill_us);
		kill(pid, SIGKILL);
		t->kills++;
	}
	waitpid(pid, &status, 0);
	t->lives++;
	return tally_check(&t->tally, kill_us >= 0 || (WIFEXITED(status) && WEXITSTATUS(status) == 0), "life %ld ended with status %d", t->lives, status);
}

static void files(struct trial *t, const char *command)
{
	char line[1500];

	snprintf(line, sizeof(line), "cd %s && %s", t->shop->home, command);
	tally_check(&t->tally, system(line) == 0, "%s", line);
}

/* Does the till begin to sell on these books? It must not on old ones. */
static bool starts(struct trial *t)
{
	bool does = shop_open(t->shop) == ZG_OK;

	if (does)
		shop_close(t->shop);
	return does;
}

/* There are no newer books, says an admin: what the lost ones gave is not given again. */
static void accept_copy(struct trial *t)
{
	struct shop *shop = t->shop;
	static const struct zg_printer_driver *const none[] = { NULL };
	struct zg_till_parts parts = { .home = shop->home, .clock = &shop->clock, .printers = none, .takes_old = true };

	parts.loop = shop->loop = zg_loop_new(&shop->clock);
	if (!tally_check(&t->tally, zg_till_open(&parts, &shop->till, &shop->err) == ZG_OK, "life %ld: the copy cannot be accepted: %s", t->lives,
			 shop->err.text))
		return;
	sign_in(shop);
	tally_check(&t->tally, shop_do(shop, "journal.accept", "{s:s}", "reason", "the card is gone") == ZG_OK, "life %ld: %s", t->lives, shop->err.text);
	shop_close(shop);
	t->accepted++;
}

/* A copy from a moment of this life is put in the place of the books; then the right ones again. */
static void put_back(struct trial *t)
{
	int64_t how = chance_between(&t->chance, 0, 2), acts = chance_between(&t->chance, 4, 30);
	enum copy copy = chance_between(&t->chance, 0, 1) ? FILES : BACKUP;
	struct memory *m = t->memory;

	if (!run_life(t, TRADE, copy, how == 0 ? acts : 100000, how == 0 ? -1 : chance_between(&t->chance, 0, how == 1 ? 20000 : 2000)))
		return;
	look(t, false);
	bool is_stale = m->sold_since > 0, is_newest;
	int kind = how == 0 ? 0 : m->closed_since > 0 ? 1 : 2;

	files(t, "mkdir now && mv zhanggui.db now/ && { [ ! -e zhanggui.db-wal ] || mv zhanggui.db-wal now/; } && rm -f zhanggui.db-shm && cp copy/* .");
	if (is_stale) {
		bool does = starts(t);

		t->stale++;
		t->by_kind[kind]++;
		t->found += !does;
		tally_check(&t->tally, !does, "life %ld: a till began to sell on a copy that lacks %" PRId64 " receipts (%s)", t->lives, m->sold_since,
			    kind == 0 ? "closed since" : kind == 1 ? "a shift closed since, then killed" : "killed since");
	}
	if (is_stale && chance_between(&t->chance, 0, 3) == 0) {
		accept_copy(t);
		files(t, "rm -rf now");
	} else {
		files(t, "rm -f zhanggui.db zhanggui.db-wal zhanggui.db-shm && mv now/* . && rmdir now");
	}
	/* the newest books are no old copy: no false alarm */
	is_newest = starts(t);
	t->fresh++;
	t->taken += is_newest;
	tally_check(&t->tally, is_newest, "life %ld: the newest books are refused: %s", t->lives, t->shop->err.text);
	look(t, false);
}

static void one(struct trial *t)
{
	int64_t roll = chance_between(&t->chance, 0, 99), acts = chance_between(&t->chance, 1, 20);

	if (roll < 55) {
		run_life(t, TRADE, NO_COPY, 100000, chance_between(&t->chance, 0, chance_between(&t->chance, 0, 3) ? 6000 : 30000));
	} else if (roll < 68) {
		run_life(t, FAIL, NO_COPY, acts, -1);
		t->fails++;
	} else if (roll < 80) {
		run_life(t, JUMP, NO_COPY, acts, roll % 2 ? -1 : chance_between(&t->chance, 0, 20000));
		t->jumps++;
	} else {
		put_back(t);
		return;
	}
	look(t, false);
}

int main(void)
{
	static struct trial t;
	long count;

	inside_start();
	t.chance = chance_begin();
	count = chance_rounds(80);
	printf("numbers: ZG_SEED=%" PRIu64 " ZG_COUNT=%ld\n", t.chance.seed, count);
	while (t.lives < count && t.tally.failed < 5) {
		long last = t.lives + 150;

		t.memory = mmap(NULL, sizeof(*t.memory), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		t.shop = shop_begin(NULL);
		t.seen = 0;
		shop_close(t.shop);
		while (t.lives < count && t.lives < last && t.tally.failed < 5)
			one(&t);
		look(&t, true);
		tally_check(&t.tally, atomic_load(&t.memory->refused) <= t.kills, "numbers did not follow each other in a life %ld times",
			    (long)atomic_load(&t.memory->refused));
		t.shops++;
		t.receipts += atomic_load(&t.memory->receipts);
		t.zs += atomic_load(&t.memory->zs);
		printf("  a shop of %ld lives: %ld numbers acknowledged, %ld acts made to fail\n", t.lives - (last - 150), (long)atomic_load(&t.memory->receipts),
		       (long)atomic_load(&t.memory->failed));
		shop_end(t.shop);
		munmap(t.memory, sizeof(*t.memory));
	}
	tally_check(&t.tally, count < 80 || (t.stale > 0 && t.fails > 0 && t.jumps > 0 && t.kills > 0), "not everything was tried");
	printf("figure: %ld lives in %ld shops: %ld kills, %ld with failing acts, %ld with a jumping clock; %" PRId64 " receipts and %" PRId64
	       " Zs acknowledged, 0 twice, 0 gaps\n", t.lives, t.shops, t.kills, t.fails, t.jumps, t.receipts, t.zs);
	printf("figure: old copies put back: %ld, found out before selling: %ld (till closed since %ld, a shift closed then killed %ld, only killed %ld); "
	       "accepted knowingly: %ld; newest books refused: %ld of %ld\n", t.stale, t.found, t.by_kind[0], t.by_kind[1], t.by_kind[2], t.accepted,
	       t.fresh - t.taken, t.fresh);
	return tally_end(&t.tally);
}
