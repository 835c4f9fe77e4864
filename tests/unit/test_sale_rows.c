/*
 * Each act writes only the rows that it changed. Whatever acts came before, failed ones and restarts among them, the rows
 * must be those of a sale that is written whole, once: a second shop's empty books are where that is done.
 */
#include "src/base/alloc.h"
#include "src/base/buffer.h"
#include "tests/unit/chance.h"
#include "tests/unit/scratch.h"
#include "tests/unit/shop.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ACTS 2500

static struct shop *shop;
static char *home;
static struct zg_store *whole;    /* where sales are written whole; a transaction that never ends */
static struct zg_error err;

#define OK(call) cr_assert(eq(int, (call), ZG_OK), "%s", err.text)
#define DO(...) cr_assert(eq(int, shop_do(shop, __VA_ARGS__), ZG_OK), "%s", shop->err.text)

static void open_shops(void)
{
	struct zg_person boss = { .login = "boss", .name = "王老板", .role = ZG_ROLE_ADMIN };

	shop = shop_begin(NULL);
	cr_assert(eq(int, shop_sign_in(shop, "boss"), ZG_OK), "%s", shop->err.text);
	DO("shift.open", "{s:i}", "float_fen", 20000);
	home = scratch_begin();
	OK(zg_store_open(home, ZG_STORE_CREATE, &zg_real_clock, &whole, &err));
	OK(zg_store_begin(whole, ZG_SYNC_NORMAL, &err));
	OK(zg_people_add(whole, &boss, "$y$none", &err));
}

static void close_shops(void)
{
	zg_store_close(whole);
	scratch_end(home);
	shop_end(shop);
}

static sqlite3 *books(void)
{
	return zg_store_raw(zg_till_store(shop->till));
}

/* Every column of a sale's rows but its own number and when the rows were added, as text; the caller frees it. */
static char *rows_of(sqlite3 *db, int64_t id)
{
	static const char sql[] =
		"SELECT concat FROM (SELECT 0 AS part, 0 AS no, quote(discount) || ' ' || total_fen AS concat FROM sale WHERE id = ?1"
		" UNION ALL SELECT 1, no, no || ' ' || item_id || ' ' || quote(code) || quote(name) || quote(unit) || kind || ' ' || tax_bp"
		"  || quote(tax_code) || list_price_fen || ' ' || price_fen || ' ' || price_is_set || ' ' || quantity_milli || ' '"
		"  || removed_milli || quote(discount) || discount_fen || ' ' || share_fen || ' ' || amount_fen || ' ' || rounding_fen"
		"  || ' ' || net_fen || ' ' || tax_fen || quote(origin_no) FROM sale_line WHERE sale_id = ?1"
		" UNION ALL SELECT 2, no, no || ' ' || quote(line_no) || kind || quote(label) || amount_fen || quote(funder) || quote(coupon)"
		"  FROM sale_discount WHERE sale_id = ?1) ORDER BY part, no";
	struct zg_buffer text = { 0 };
	sqlite3_stmt *stmt;

	cr_assert(eq(int, sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK), "%s", sqlite3_errmsg(db));
	sqlite3_bind_int64(stmt, 1, id);
	while (sqlite3_step(stmt) == SQLITE_ROW)
		zg_buffer_print(&text, "%s\n", (const char *)sqlite3_column_text(stmt, 0));
	sqlite3_finalize(stmt);
	char *copy = zg_copy(zg_buffer_text(&text));

	zg_buffer_clear(&text);
	return copy;
}

/* The rows of this sale written whole: as they would be had it been rung up in one go. */
static char *rows_if_whole(const struct zg_sale *sale)
{
	int64_t id;

	cr_assert(eq(int, sqlite3_exec(zg_store_raw(whole), "SAVEPOINT one", NULL, NULL, NULL), SQLITE_OK));
	OK(zg_sales_begin(whole, "boss", &id, &err));
	OK(zg_sales_save(whole, id, sale, &err));
	char *rows = rows_of(zg_store_raw(whole), id);

	cr_assert(eq(int, sqlite3_exec(zg_store_raw(whole), "ROLLBACK TO one; RELEASE one", NULL, NULL, NULL), SQLITE_OK));
	return rows;
}

static void ring(const char *code, int64_t milli, int64_t price)
{
	DO("sale.add", "{s:s, s:I, s:I}", "code", code, "quantity_milli", (json_int_t)milli, "price_fen", (json_int_t)price);
}

/* ---- acts by chance ---- */

struct ended {
	int64_t id;
	char *rows;
};

struct play {
	struct chance chance;
	long act;
	const char *name;
	struct ended ended[ACTS];    /* hung, paid, cancelled: their rows are to stay */
	size_t count;
	long failed, restarts;
};

#define SAY "seed %llu, act %ld (%s): %s", (unsigned long long)play->chance.seed, play->act, play->name, shop->err.text

static const struct zg_sale *sale(void)
{
	return zg_till_sale(shop->till);
}

static int64_t some(struct play *play, int64_t low, int64_t high)
{
	return chance_between(&play->chance, low, high);
}

/* Mostly a line that there is. */
static int line(struct play *play)
{
	return (int)some(play, 1, (int64_t)zg_sale_line_count(sale()) + 1);
}

static void scan(struct play *play)
{
	static const char *const codes[] = { "1001", "1002", "1003", "201", "901", "1001", "7777" };
	int which = (int)some(play, 0, 6);
	int64_t milli = which == 3 ? some(play, 1, 5000) : 1000 * some(play, 1, 3);

	shop_do(shop, "sale.add", "{s:s, s:I, s:I}", "code", codes[which], "quantity_milli", (json_int_t)milli,
		"price_fen", (json_int_t)chance_amount(&play->chance, 100000));
}

static void discount(struct play *play)
{
	int no = some(play, 0, 1) ? line(play) : 0;

	switch (some(play, 0, 3)) {
	case 0:  shop_do(shop, "sale.discount", "{s:i}", "line", no); break;
	case 1:  shop_do(shop, "sale.discount", "{s:i, s:I}", "line", no, "off_fen", (json_int_t)some(play, 1, 700)); break;
	default: shop_do(shop, "sale.discount", "{s:i, s:I}", "line", no, "kept_bp", (json_int_t)some(play, 1, 9999)); break;
	}
}

static void change(struct play *play)
{
	json_int_t milli = 1000 * some(play, 1, 4);

	switch (some(play, 0, 3)) {
	case 0:  shop_do(shop, "sale.quantity", "{s:i, s:I}", "line", line(play), "quantity_milli", milli); break;
	case 1:  shop_do(shop, "sale.remove", "{s:i, s:I}", "line", line(play), "quantity_milli", milli); break;
	case 2:  shop_do(shop, some(play, 0, 1) ? "sale.restore" : "sale.remove", "{s:i}", "line", line(play)); break;
	default: shop_do(shop, "sale.price", "{s:i, s:I}", "line", line(play), "price_fen", (json_int_t)some(play, 0, 9999)); break;
	}
}

static void keep(struct play *play, int64_t id, char *rows)
{
	cr_assert(lt(sz, play->count, ACTS));
	play->ended[play->count++] = (struct ended){ id, rows };
}

/* What the rows of the sale under way are to be once it is paid in cash: a copy of it pays. */
static char *rows_if_paid(void)
{
	struct zg_sale *copy = zg_sale_new();

	for (size_t i = 0; i < zg_sale_line_count(sale()); i++)
		OK(zg_sale_restore_lines(copy, zg_sale_line(sale(), i), 1, &err));
	if (zg_sale_discount_rule(sale())->kind != ZG_DISCOUNT_NONE)
		OK(zg_sale_discount(copy, zg_sale_discount_rule(sale()), &err));
	if (!zg_sale_is_empty(copy) && !zg_sale_is_paid(copy))
		OK(zg_sale_tender(copy, ZG_TENDER_CASH, zg_sale_cash_due(copy, ZG_ROUND_JIAO), ZG_ROUND_JIAO, &err));
	char *rows = rows_if_whole(copy);

	zg_sale_free(copy);
	return rows;
}

static void end_sale(struct play *play)
{
	int64_t id = zg_till_sale_id(shop->till);
	int how = (int)some(play, 0, 2);
	char *rows = how == 0 ? rows_if_paid() : rows_if_whole(sale());

	play->name = how == 0 ? "sale.pay" : how == 1 ? "sale.hang" : "sale.void";
	shop_do(shop, play->name, how == 2 ? "{s:s}" : NULL, "reason", "走了");
	if (shop->result == ZG_OK)
		keep(play, id, rows);
	else
		free(rows);
}

/* Any sale that ended: one that is not hung is refused. */
static void take(struct play *play)
{
	size_t which = play->count ? (size_t)some(play, 0, (int64_t)play->count - 1) : 0;
	int64_t before = zg_till_sale_id(shop->till);

	if (!play->count)
		return;
	char *rows = rows_if_whole(sale());

	shop_do(shop, "sale.take", "{s:I}", "sale", (json_int_t)play->ended[which].id);
	if (shop->result == ZG_OK) {
		free(play->ended[which].rows);
		play->ended[which] = play->ended[--play->count];
	}
	if (shop->result == ZG_OK && before)    /* all its lines were taken off: it is cancelled */
		keep(play, before, rows);
	else
		free(rows);
}

static void restart(struct play *play)
{
	shop_restart(shop);
	play->restarts++;
	cr_assert(eq(int, shop_sign_in(shop, "boss"), ZG_OK), SAY);
}

static int refuse_commit(void *self)
{
	(void)self;
	return 1;
}

/* From now on every act fails: at its journal row, when its sale is written; or as late as can be, in the commit. */
static void break_books(bool at_commit, bool is_broken)
{
	if (at_commit)
		sqlite3_commit_hook(books(), is_broken ? refuse_commit : NULL, NULL);
	else
		cr_assert(eq(int, sqlite3_exec(books(), is_broken ? "CREATE TEMP TRIGGER broken BEFORE INSERT ON main.journal"
				" BEGIN SELECT RAISE(ABORT, 'broken'); END" : "DROP TRIGGER temp.broken", NULL, NULL, NULL), SQLITE_OK));
}

static void act(struct play *play)
{
	int64_t which = some(play, 0, 199);

	if (which < 90) {
		play->name = "sale.add";
		scan(play);
	} else if (which < 130) {
		play->name = "a change";
		change(play);
	} else if (which < 180) {
		play->name = "sale.discount";
		discount(play);
	} else if (which < 188) {
		end_sale(play);
	} else {
		play->name = "sale.take";
		take(play);
	}
}

static void check_rows(const struct play *play)
{
	int64_t id = zg_till_sale_id(shop->till);
	char *wanted = rows_if_whole(sale()), *got = id ? rows_of(books(), id) : zg_copy("0");

	if (id)
		cr_assert(eq(str, got, wanted), SAY);
	else
		cr_assert(eq(sz, zg_sale_line_count(sale()), 0), SAY);
	free(wanted);
	free(got);
}

static void check_ended(struct play *play)
{
	for (size_t i = 0; i < play->count; i++) {
		char *rows = rows_of(books(), play->ended[i].id);

		cr_assert(eq(str, rows, play->ended[i].rows), SAY);
		free(rows);
		free(play->ended[i].rows);
	}
}

TestSuite(sale_rows, .init = open_shops, .fini = close_shops);

Test(sale_rows, are_those_of_a_whole_write_whatever_was_done, .timeout = 300)
{
	struct play *play = zg_alloc(1, sizeof(*play));
	long acts = chance_rounds(ACTS);

	play->chance = chance_begin();
	play->name = "start";
	for (play->act = 1; play->act <= acts && play->act <= ACTS; play->act++) {
		bool breaks = some(play, 0, 9) == 0, at_commit = some(play, 0, 1) == 0;

		if (some(play, 0, 99) == 0) {
			play->name = "restart";
			restart(play);
		} else {
			size_t ended = play->count;

			if (breaks)
				break_books(at_commit, true);
			act(play);
			if (breaks) {
				break_books(at_commit, false);
				cr_assert(eq(sz, play->count, ended), SAY);
				play->failed++;
			}
		}
		check_rows(play);
	}
	check_ended(play);
	cr_expect(gt(long, play->failed, acts / 30), SAY);
	cr_expect(gt(long, play->restarts, acts / 500), SAY);
	free(play);
}

/* ---- what an act writes ---- */

struct written {
	int64_t rows;
	int pages;
};

/* Since the last call. */
static struct written written(void)
{
	static int64_t before;
	int64_t now = sqlite3_total_changes64(books());
	struct written written = { .rows = now - before };
	int most;

	before = now;
	sqlite3_db_status(books(), SQLITE_DBSTATUS_CACHE_WRITE, &written.pages, &most, 1);
	return written;
}

static void ring_lines(int count)
{
	for (int i = 0; i < count; i++)
		ring("901", 1000, 100 + i);
	(void)written();
}

/* Its own line, the sale's sum, the journal, and the journal's link to the sale: four rows in a sale of any length. */
Test(sale_rows, a_scan_writes_its_own_and_no_others)
{
	static const int lengths[] = { 1, 40, 300 };
	int lines = 0;

	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		ring_lines(lengths[i] - lines);
		lines = lengths[i] + 3;
		for (int times = 0; times < 6; times++) {
			ring(times % 2 ? "1002" : "1001", 1000, 0);
			struct written scan = written();

			cr_expect(eq(long, scan.rows, 4), "line %d", lines);
			cr_expect(le(int, scan.pages, 6), "%d pages at line %d", scan.pages, lines);
			DO("sale.quantity", "{s:i, s:i}", "line", 1, "quantity_milli", 1000 * (2 + times));
			cr_expect(eq(long, written().rows, 4), "line %d", lines);
		}
		lines = (int)zg_sale_line_count(sale());
	}
}

Test(sale_rows, discounts_are_written_when_they_change)
{
	ring_lines(20);
	DO("sale.discount", "{s:i, s:i}", "line", 3, "kept_bp", 9000);
	cr_expect(eq(long, written().rows, 5));     /* and the discount's own row */
	DO("sale.discount", "{s:i, s:i}", "line", 7, "off_fen", 50);
	cr_expect(eq(long, written().rows, 5));
	ring("1001", 1000, 0);
	cr_expect(eq(long, written().rows, 4));
	DO("sale.quantity", "{s:i, s:i}", "line", 3, "quantity_milli", 2000);
	cr_expect(eq(long, written().rows, 5));
	DO("sale.discount", "{s:i, s:i}", "line", 3, "off_fen", 50);
	cr_expect(eq(long, written().rows, 5));
	DO("sale.discount", "{s:i}", "line", 3);    /* none: line 7's, of the same amount, becomes the first row; the second goes */
	cr_expect(eq(long, written().rows, 6));
	DO("sale.discount", "{s:i}", "kept_bp", 5000);
	cr_expect(eq(long, written().rows, 21 + 4));    /* each line's share, and its row */
}

/* ---- rows that somebody else changed ---- */

#define OPEN "sale_id = (SELECT id FROM sale WHERE state = 'open')"

static void attack(const char *sql)
{
	cr_assert(eq(int, sqlite3_exec(books(), sql, NULL, NULL, NULL), SQLITE_OK), "%s", sqlite3_errmsg(books()));
}

Test(sale_rows, a_sale_is_not_closed_over_rows_that_are_not_its_own)
{
	static const char *const attacks[] = {
		"UPDATE sale_line SET name = '金条' WHERE no = 1 AND " OPEN,
		"UPDATE sale_line SET code = '1003' WHERE no = 1 AND " OPEN,
		"UPDATE sale_line SET item_id = item_id + 1 WHERE no = 2 AND " OPEN,
		"UPDATE sale_line SET tax_bp = 0 WHERE no = 2 AND " OPEN,
		"UPDATE sale_line SET list_price_fen = 1 WHERE no = 1 AND " OPEN,
		"INSERT INTO sale_line SELECT sale_id, 3, item_id, code, name, unit, kind, tax_bp, tax_code, list_price_fen, price_fen,"
		" price_is_set, 0, removed_milli, discount, 0, 0, 0, 0, 0, 0, origin_no, added_at FROM sale_line WHERE no = 1 AND " OPEN,
	};

	for (size_t i = 0; i < sizeof(attacks) / sizeof(*attacks); i++) {
		ring("1001", 1000, 0);
		ring("1002", 1000, 0);
		attack(attacks[i]);

		cr_expect(eq(int, shop_do(shop, "sale.pay", NULL), ZG_BROKEN), "%s", attacks[i]);
		DO("sale.void", "{s:s}", "reason", "账本不对");
	}
	ring("1001", 1000, 0);
	DO("sale.pay", NULL);
	cr_expect(eq(str, (char *)shop_text(shop, "number"), "R010000001"));    /* no number was used up */
}

Test(sale_rows, what_changes_with_each_act_is_put_right_by_the_next)
{
	ring("1001", 1000, 0);
	ring("1002", 1000, 0);
	attack("UPDATE sale_line SET quantity_milli = 9000, amount_fen = 7 WHERE no = 1 AND " OPEN);
	ring("1003", 1000, 0);
	char *wanted = rows_if_whole(sale()), *got = rows_of(books(), zg_till_sale_id(shop->till));

	cr_expect(eq(str, got, wanted));
	DO("sale.pay", NULL);
	free(wanted);
	free(got);
}
