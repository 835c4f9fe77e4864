/*
 * Whatever the store is told to write, broken off at each statement, each trigger and each row of it: it says so, blames neither the
 * shop's rules nor somebody from outside, and after the rollback every table is as it was. See test_broken_off.c for the questions.
 */
#include "src/base/alloc.h"
#include "src/base/json.h"
#include "src/shop/barcode.h"
#include "src/store/item_import.h"
#include "src/store/items.h"
#include "src/store/jobs.h"
#include "src/store/journal.h"
#include "src/store/people.h"
#include "src/store/private.h"
#include "src/store/sales.h"
#include "src/store/shifts.h"
#include "tests/unit/breaker.h"
#include "tests/unit/busy_books.h"
#include "tests/unit/scratch.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

static char *home;
static struct zg_store *store;
static struct zg_error err;

static void open_with(enum breaker_kind kind)
{
	breaker_start(kind);
	home = busy_books_make();
	cr_assert(eq(int, zg_store_open(home, ZG_STORE_WRITE, &zg_real_clock, &store, &err), ZG_OK), "%s", err.text);
}

static void open_books(void)
{
	open_with(BREAK_STEPS);
}

static void open_books_short_of_memory(void)
{
	open_with(BREAK_MEMORY);
}

static void close_books(void)
{
	zg_store_close(store);
	scratch_end(home);
}

TestSuite(broken_writes, .init = open_books, .fini = close_books, .timeout = 300);
/* The same where SQLite asks for memory and gets none. */
TestSuite(short_of_memory, .init = open_books_short_of_memory, .fini = close_books, .timeout = 300);

/* ---- the books, to compare: how many rows each table has, and what every column that can be added up comes to ---- */

static int say(void *self, int columns, char **values, char **names)
{
	(void)names;
	for (int i = 0; i < columns; i++)
		zg_buffer_print(self, "%s|", values[i] ? values[i] : "");
	return 0;
}

static char *books(void)
{
	static const char *const lists[] = {
		"SELECT * FROM counter", "SELECT count(*), max(seq) FROM journal", "SELECT count(*) FROM journal_sale", "SELECT count(*) FROM journal_shift",
		"SELECT * FROM person", "SELECT id, state, item_count FROM import WHERE state = 'live'", "SELECT * FROM shift", "SELECT * FROM sale",
		"SELECT * FROM sale_line", "SELECT * FROM sale_discount", "SELECT * FROM tender", "SELECT * FROM cash_move", "SELECT * FROM drawer_opening",
		"SELECT * FROM cash_count", "SELECT * FROM print_job", "SELECT * FROM setting WHERE name <> 'checkpoint'", "SELECT * FROM lost_numbers",
	};
	struct zg_buffer text = { 0 };
	char *why = NULL;

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		cr_assert(eq(int, sqlite3_exec(zg_store_raw(store), lists[i], say, &text, &why), SQLITE_OK), "%s: %s", lists[i], why);
	return zg_buffer_take(&text);
}

/* ---- what is written, each in the transaction that it is given ---- */

static enum zg_result note(const char *kind, struct zg_journal_mark *mark)
{
	json_t *body = json_pack("{s:i, s:i}", "shift", BUSY_SHIFT, "sale", BUSY_OPEN);
	enum zg_result result = zg_journal_add(store, "lin", kind, body, mark, &err);

	json_decref(body);
	return result;
}

static enum zg_result add_rows_of_the_journal(void)
{
	json_t *body = json_pack("{s:s}", "number", "R010000002");
	enum zg_result result = note("test", NULL);

	if (result == ZG_OK)
		result = zg_journal_add(store, "lin", "print.receipt", body, NULL, &err);
	json_decref(body);
	return result;
}

static enum zg_result set_and_count(void)
{
	int64_t number;
	struct zg_journal_mark mark;
	enum zg_result result = zg_store_set(store, "a", "b", &err);

	if (result == ZG_OK)
		result = zg_store_next(store, "receipt", &number, &err);
	if (result == ZG_OK)
		result = note("journal.accept", &mark);
	return result == ZG_OK ? zg_store_skip(store, "receipt", number + 5, mark.seq, &err) : result;
}

static enum zg_result change_people(void)
{
	struct zg_person person = { .login = "chen", .name = "陈", .role = ZG_ROLE_CASHIER };
	int waiting;
	enum zg_result result = zg_people_add(store, &person, "$y$none", &err);

	person.wrong_tries = 3;
	person.wait_ms = 5000;
	if (result == ZG_OK)
		result = zg_people_save(store, &person, &err);
	if (result == ZG_OK)
		result = zg_people_set_hash(store, "chen", "$y$other", &err);
	if (result == ZG_OK)
		result = zg_people_wait(store, 1000, &waiting, &err);
	if (result == ZG_OK)
		cr_expect(eq(int, waiting, 1));
	return result;
}

static enum zg_result change_jobs(void)
{
	int64_t id = 0;
	int changed = 0;
	enum zg_result result = zg_jobs_add(store, "test", 0, 0, NULL, &id, &err);

	if (result == ZG_OK)
		result = zg_jobs_set(store, id, ZG_JOB_SENDING, NULL, &err);
	if (result == ZG_OK)
		result = zg_jobs_await(store, id, &err);
	if (result == ZG_OK)
		result = zg_jobs_add(store, "drawer", 0, 0, "", NULL, &err);
	if (result == ZG_OK)
		result = zg_jobs_restart(store, &changed, &err);
	if (result == ZG_OK)
		cr_expect(ge(int, changed, 1));
	return result;
}

static enum zg_result move_cash(void)
{
	int64_t id;
	json_t *pieces = json_pack("{s:i}", "10000", 2);
	enum zg_result result = zg_cash_move_add(store, BUSY_SHIFT, true, 100, "零钱", "lin", &id, &err);

	if (result == ZG_OK)
		result = zg_drawer_opening_add(store, BUSY_SHIFT, 0, "换钱", "lin", &err);
	if (result == ZG_OK)
		result = zg_cash_count_add(store, BUSY_SHIFT, pieces, 20000, "lin", &err);
	json_decref(pieces);
	return result;
}

static enum zg_result begin_a_sale(void)
{
	int64_t id;
	struct zg_item item;
	struct zg_discount off = zg_discount_kept(9000);
	struct zg_sale *sale = zg_sale_new();
	enum zg_result result = zg_sales_hang(store, BUSY_OPEN, &err);

	if (result == ZG_OK)
		result = zg_sales_begin(store, "lin", &id, &err);
	if (result == ZG_OK)
		result = zg_items_find_code(store, "1002", true, &item, &err);
	if (result == ZG_OK)
		result = zg_sale_add(sale, &item, 2000, 0, NULL, &err);
	if (result == ZG_OK)
		result = zg_sale_discount_line(sale, 1, &off, &err);
	if (result == ZG_OK)
		result = zg_sales_save(store, id, sale, &err);
	zg_sale_free(sale);
	if (result == ZG_OK)
		result = zg_sales_hang(store, id, &err);
	return result == ZG_OK ? zg_sales_take(store, BUSY_HUNG, &err) : result;
}

/* The sale under way: its whole discount goes, a line changes. */
static enum zg_result change_a_sale(void)
{
	struct zg_sale *sale;
	struct zg_discount none = { .kind = ZG_DISCOUNT_NONE };
	enum zg_result result = zg_sales_load(store, BUSY_OPEN, &sale, &err);

	if (result == ZG_OK)
		result = zg_sale_discount(sale, &none, &err);
	if (result == ZG_OK)
		result = zg_sale_set_quantity(sale, 1, 1500, &err);
	if (result == ZG_OK)
		result = zg_sales_save(store, BUSY_OPEN, sale, &err);
	zg_sale_free(sale);
	return result;
}

static enum zg_result cancel_a_sale(void)
{
	struct zg_journal_mark mark;
	enum zg_result result = note("sale.void", &mark);

	return result == ZG_OK ? zg_sales_void(store, BUSY_OPEN, "lin", "走了", BUSY_SHIFT, mark.seq, &err) : result;
}

static enum zg_result number_and_note(struct zg_sale_close *close, struct zg_journal_mark *mark, char number[ZG_CODE_MAX + 1], const char *kind)
{
	struct zg_shift shift;
	static char day[ZG_DAY_TEXT];
	enum zg_result result = zg_shifts_current(store, &shift, &err);

	*close = (struct zg_sale_close){ .id = BUSY_OPEN, .who = "lin", .day = day, .reason = "", .number = number, .mark = mark, .shift_id = BUSY_SHIFT };
	if (result == ZG_OK) {
		memcpy(day, shift.day, sizeof(day));
		result = zg_store_next(store, "receipt", &close->receipt_no, &err);
	}
	if (result != ZG_OK)
		return result;
	zg_receipt_number_format(number, 1, close->receipt_no);
	return note(kind, mark);
}

static enum zg_result settle_a_sale(void)
{
	struct zg_sale *sale;
	struct zg_sale_close close;
	struct zg_journal_mark mark;
	char number[ZG_CODE_MAX + 1];
	enum zg_result result = zg_sales_load(store, BUSY_OPEN, &sale, &err);

	if (result == ZG_OK)
		result = zg_sale_tender(sale, ZG_TENDER_CASH, 100000, ZG_ROUND_JIAO, &err);
	if (result == ZG_OK)
		result = number_and_note(&close, &mark, number, "sale.paid");
	if (result == ZG_OK)
		result = zg_sales_close(store, &close, sale, &err);
	zg_sale_free(sale);
	return result;
}

static enum zg_result refund_a_sale(void)
{
	struct zg_refundable *sold = NULL;
	struct zg_refund_line lines[ZG_SALE_LINES];
	zg_milli quantities[ZG_SALE_LINES] = { 0 };
	struct zg_refund_sum sum;
	struct zg_sale_close close;
	struct zg_journal_mark mark;
	char number[ZG_CODE_MAX + 1];
	size_t count;
	enum zg_result result = zg_sales_refundable(store, BUSY_SETTLED, &sold, &count, &err);

	quantities[0] = 1000;
	if (result == ZG_OK)
		result = zg_refund_work_out(sold, count, quantities, ZG_ROUND_JIAO, lines, &sum, &err);
	if (result == ZG_OK)
		result = number_and_note(&close, &mark, number, "sale.refund");
	if (result == ZG_OK)
		result = zg_sales_refund(store, close.who, BUSY_SETTLED, lines, &sum, &(struct zg_tender){ .kept_fen = sum.money_fen }, 1, &close.id, &err);
	if (result == ZG_OK)
		result = zg_sales_refund_close(store, &close, &sum, &err);
	free(sold);
	return result;
}

static enum zg_result close_and_open_a_shift(void)
{
	struct zg_shift shift;
	struct zg_totals totals;
	struct zg_journal_mark mark;
	int64_t z_no;
	enum zg_result result = zg_shifts_current(store, &shift, &err);

	if (result == ZG_OK)
		result = zg_shifts_totals(store, &shift, &totals, &err);
	if (result == ZG_OK)
		result = zg_totals_count(&totals, 20000, &err);
	if (result == ZG_OK)
		result = zg_store_next(store, "z", &z_no, &err);
	if (result == ZG_OK)
		result = note("shift.close", &mark);
	if (result == ZG_OK)
		result = zg_shifts_close(store, &shift, "lin", &totals, mark.seq, &err);
	return result == ZG_OK ? zg_shifts_open(store, "lin", "2999-01-01", 0, &shift, &err) : result;
}

static const struct writing {
	const char *name;
	enum zg_result (*write)(void);
} writings[] = {
	{ "rows of the journal", add_rows_of_the_journal }, { "a setting and numbers", set_and_count }, { "people", change_people },
	{ "print jobs", change_jobs }, { "cash", move_cash }, { "a sale begun", begin_a_sale }, { "a sale changed", change_a_sale },
	{ "a sale cancelled", cancel_a_sale }, { "a sale settled", settle_a_sale }, { "a refund", refund_a_sale },
	{ "a shift closed", close_and_open_a_shift },
};

/* A NULL err is nobody's sentence: begin fails without one only when it was broken off too. */
static enum zg_result write_one(const struct writing *w, enum zg_sync sync, bool *began)
{
	enum zg_result result = zg_store_begin(store, sync, &err);

	*began = result == ZG_OK;
	return *began ? w->write() : result;
}

/* Rolled back whatever it came to, so that each try meets the same books. True: it was refused. */
static bool try(const struct writing *w, long at, bool for_good, bool *broke, const char *right)
{
	bool began;

	err.text[0] = '\0';
	breaker_set(at, for_good);
	enum zg_result result = write_one(w, at % 2 ? ZG_SYNC_FULL : ZG_SYNC_NORMAL, &began);

	if (began)
		zg_store_rollback(store);    /* in the second way this is broken off, too */
	*broke = breaker_off();
	cr_assert(result == ZG_OK || *broke, "%s, %ld: %s", w->name, at, err.text);
	cr_assert(result == ZG_OK || (result == ZG_BROKEN && err.text[0]), "%s, %ld: %s: %s", w->name, at, zg_result_name(result), err.text);
	cr_assert(eq(int, zg_store_begin(store, ZG_SYNC_NORMAL, &err), ZG_OK), "%s, %ld: %s", w->name, at, err.text);
	zg_store_rollback(store);
	char *now = books();

	cr_assert(eq(str, now, (char *)right), "%s, %ld%s", w->name, at, for_good ? " on" : "");
	free(now);
	return result != ZG_OK;
}

static void break_writings(long part)
{
	char *right = books();

	for (size_t i = 0; i < sizeof(writings) / sizeof(writings[0]); i++) {
		const struct writing *w = &writings[i];
		bool broke = true, whole;
		long refused = 0;

		cr_assert(eq(int, write_one(w, ZG_SYNC_FULL, &whole), ZG_OK), "%s: %s", w->name, err.text);
		zg_store_rollback(store);
		for (long at = 1; broke; at += 1 + at / part)
			for (int for_good = 0; for_good < 2; for_good++)
				refused += try(w, at, for_good, &broke, right);
		cr_expect(gt(long, refused, 4), "%s was hardly broken off", w->name);
	}
	struct zg_journal_check check;

	cr_expect(eq(int, zg_journal_verify(store, &check, &err), ZG_OK), "%s", err.text);
	free(right);
}

Test(broken_writes, what_is_not_written_whole_is_not_written)
{
	break_writings(1000000);
}

Test(short_of_memory, what_is_not_written_whole_is_not_written)
{
	break_writings(16);
}

/* ---- commits, checkpoints and heads: all of it or nothing, and what is all of it may be told as nothing only by one that broke ---- */

Test(broken_writes, a_commit_is_all_or_nothing)
{
	bool broke = true;
	int64_t before, after;

	for (long at = 1; broke; at++) {
		cr_assert(eq(int, zg_store_last(store, "receipt", &before, &err), ZG_OK));
		cr_assert(eq(int, zg_store_begin(store, ZG_SYNC_FULL, &err), ZG_OK));
		cr_assert(eq(int, set_and_count(), ZG_OK), "%s", err.text);
		breaker_set((at + 1) / 2, at % 2);
		enum zg_result result = zg_store_commit(store, &err), next = ZG_OK;

		if (result != ZG_OK && at % 2) {    /* not rolled back yet: nobody reads it, nor begins over it */
			cr_expect(eq(int, zg_store_last(store, "receipt", &after, NULL), ZG_BROKEN), "%ld", at);
			next = zg_store_begin(store, ZG_SYNC_FULL, NULL);
		}
		broke = breaker_off();
		cr_expect(eq(int, next, result != ZG_OK && at % 2 ? ZG_BROKEN : ZG_OK));
		cr_expect(eq(int, zg_store_is_open(store), result != ZG_OK && at % 2));    /* rolled back, unless that broke too */
		cr_assert(eq(int, zg_store_begin(store, ZG_SYNC_NORMAL, &err), ZG_OK));
		zg_store_rollback(store);
		cr_assert(eq(int, zg_store_last(store, "receipt", &after, &err), ZG_OK));
		cr_expect(eq(long, (long)(after - before), result == ZG_OK ? 6 : 0), "%ld", at);
	}
}

Test(broken_writes, a_head_that_could_not_be_taken_is_no_false_alarm)
{
	bool broke = true;

	for (long at = 1; broke; at++) {
		cr_assert(eq(int, zg_store_begin(store, ZG_SYNC_NORMAL, &err), ZG_OK));
		cr_assert(eq(int, note("test", NULL), ZG_OK));
		cr_assert(eq(int, zg_store_commit(store, &err), ZG_OK));
		breaker_set((at + 1) / 2, at % 2);
		enum zg_result result = zg_journal_keep_head(store, &err);

		zg_store_checkpoint(store);
		broke = breaker_off();
		cr_assert(result == ZG_OK || (broke && result == ZG_BROKEN), "%ld: %s", at, err.text);
		zg_store_checkpoint(store);
		cr_assert(eq(int, zg_journal_check_head(store, &err), ZG_OK), "%ld: %s", at, err.text);
	}
	cr_expect(eq(int, zg_journal_keep_head(store, &err), ZG_OK));
}

/* ---- a new list of goods ---- */

static char *goods(void)
{
	struct zg_buffer text = { 0 };
	char after[ZG_CODE_MAX + 1] = "";
	size_t count;

	cr_assert(eq(int, zg_items_export(store, after, 100, &text, &count, &err), ZG_OK), "%s", err.text);
	return zg_buffer_take(&text);
}

static bool has_code(const void *self, const char *code)
{
	(void)self;
	return strcmp(code, "1001") == 0 || strcmp(code, "1002") == 0;
}

static enum zg_result import_goods(void)
{
	static const struct zg_item_import_parts parts = { .has_code = has_code };
	static const struct zg_item rows[] = {
		{ .code = "1001", .name = "矿泉水", .unit = "瓶", .price_fen = 250, .tax_bp = 1300, .kind = ZG_ITEM_PIECE, .initials = "kqs", .active = true },
		{ .code = "2001", .name = "橙汁", .unit = "瓶", .price_fen = 450, .tax_bp = 1300, .kind = ZG_ITEM_PIECE, .initials = "cz", .active = true },
	};
	struct zg_item_import *import = NULL;
	enum zg_result result = zg_item_import_begin(store, &parts, &import, &err);
	size_t which;

	for (size_t i = 0; result == ZG_OK && i < 2; i++)
		result = zg_item_import_add(import, &rows[i], i ? "6900000000014|6900000000021" : "", &which, &err);
	if (result == ZG_OK)
		result = zg_item_import_flush(import, &err);
	if (result == ZG_OK)
		result = zg_store_begin(store, ZG_SYNC_FULL, &err);
	if (result == ZG_OK)
		result = zg_item_import_live(import, &err);
	if (result == ZG_OK)
		result = zg_store_commit(store, &err);
	zg_item_import_free(import);
	if (zg_store_is_open(store))
		zg_store_rollback(store);
	return result;
}

/* What an import that failed, or one that was replaced, left behind; broken off once itself, if it is wanted. */
static void tidy(long at)
{
	bool more = true;

	for (int i = 0; i < 100 && more; i++) {
		breaker_set(i == 0 ? at : 0, false);
		enum zg_result result = zg_items_tidy(store, 2, false, &more, &err);
		bool broke = breaker_off();

		cr_assert(result == ZG_OK || (broke && result == ZG_BROKEN), "%ld: %s", at, err.text);
		more = more || result != ZG_OK;
	}
	cr_assert(not(more));
}

Test(broken_writes, a_list_of_goods_that_was_broken_off_is_the_old_list)
{
	char *old = goods();
	bool broke = true;

	for (long at = 1; broke; at++) {
		err.text[0] = '\0';
		breaker_set((at + 1) / 2, at % 2 == 0);
		enum zg_result result = import_goods();

		broke = breaker_off();
		cr_assert(broke ? result == ZG_OK || (result == ZG_BROKEN && err.text[0]) : result == ZG_OK, "%ld: %s: %s", at, zg_result_name(result), err.text);
		if (result == ZG_OK)
			break;
		char *now = goods();

		cr_assert(eq(str, now, old), "%ld", at);
		free(now);
		tidy(at);
		now = goods();
		cr_assert(eq(str, now, old), "%ld, tidied", at);
		free(now);
	}
	char *fresh = goods();

	tidy(3);
	char *tidied = goods();

	cr_expect(ne(ptr, strstr(fresh, "矿泉水"), NULL));
	cr_expect(ne(ptr, strstr(fresh, "橙汁"), NULL));
	cr_expect(eq(str, tidied, fresh));
	free(tidied);
	free(fresh);
	free(old);
}

/* An import that was given up, and then the rows that a new list replaced: tidied away through every trouble. */
Test(broken_writes, tidying_through_every_trouble_ends_with_the_list_as_it_was)
{
	static const struct zg_item_import_parts parts = { .has_code = has_code };
	struct zg_item row = { .code = "2001", .name = "橙汁", .unit = "瓶", .price_fen = 450, .kind = ZG_ITEM_PIECE, .initials = "cz", .active = true };
	size_t which;

	for (int round = 0; round < 2; round++) {
		char *old = goods();
		bool broke = true;

		for (long at = 1; broke; at++) {
			if (round == 0) {
				struct zg_item_import *import;

				cr_assert(eq(int, zg_item_import_begin(store, &parts, &import, &err), ZG_OK), "%s", err.text);
				cr_assert(eq(int, zg_item_import_add(import, &row, "6900000000014|6900000000021", &which, &err), ZG_OK), "%d, %ld: %s", round, at, err.text);
				row.price_fen++;
				cr_assert(eq(int, zg_item_import_flush(import, &err), ZG_OK));
				zg_item_import_free(import);
			} else if (at == 1) {
				cr_assert(eq(int, import_goods(), ZG_OK), "%s", err.text);
				free(old);
				old = goods();
			}
			bool more = true;

			breaker_set((at + 1) / 2, at % 2);
			enum zg_result result = zg_items_tidy(store, 2, false, &more, &err);

			broke = breaker_off();
			cr_assert(result == ZG_OK || (broke && result == ZG_BROKEN), "%ld: %s", at, err.text);
			char *now = goods();

			cr_assert(eq(str, now, old), "%d, %ld", round, at);
			free(now);
			if (round == 0)
				tidy(0);
		}
		tidy(0);
		free(old);
	}
}

/* A commit on the way was lost, and with it rows: the import can only be given up, and says the same each time. */
Test(broken_writes, an_import_that_lost_rows_is_lost)
{
	static const struct zg_item_import_parts parts = { .has_code = has_code };
	struct zg_item row = { .code = "2001", .name = "橙汁", .unit = "瓶", .kind = ZG_ITEM_PIECE, .active = true };
	char *old = goods();
	size_t which;

	for (int way = 0; way < 4; way++) {
		struct zg_item_import *import;
		enum zg_result result;

		cr_assert(eq(int, zg_item_import_begin(store, &parts, &import, &err), ZG_OK), "%s", err.text);
		cr_assert(eq(int, zg_item_import_add(import, &row, "", &which, &err), ZG_OK), "%s", err.text);
		if (way == 0) {
			breaker_set(1, true);
			result = zg_item_import_flush(import, &err);
		} else if (way == 1) {    /* somebody else begins, and the import's commit breaks */
			breaker_set(1, true);
			result = zg_store_begin(store, ZG_SYNC_FULL, &err);
		} else if (way == 2) {    /* so many rows that it commits by itself */
			result = ZG_OK;
			for (int i = 0; result == ZG_OK && i < 600; i++) {
				snprintf(row.code, sizeof(row.code), "3%03d", i);
				breaker_set(i == 499 ? 1 : 0, true);
				result = zg_item_import_add(import, &row, "", &which, &err);
				cr_assert(result == ZG_OK || i == 499, "%d: %s", i, err.text);
			}
		} else {                  /* a row that the books refuse is no fault of the file's */
			struct zg_item wrong = row;

			strcpy(wrong.code, "9");
			wrong.price_fen = -1;
			result = zg_item_import_add(import, &wrong, "", &which, &err);
		}
		(void)breaker_off();
		cr_expect(eq(int, result, ZG_BROKEN), "%d: %s", way, zg_result_name(result));
		if (zg_store_is_open(store))
			zg_store_rollback(store);
		strcpy(row.code, "2001");
		cr_expect(eq(int, zg_item_import_add(import, &row, "", &which, &err), ZG_BROKEN), "%d", way);
		cr_expect(eq(int, zg_item_import_flush(import, NULL), ZG_BROKEN), "%d", way);
		cr_assert(eq(int, zg_store_begin(store, ZG_SYNC_FULL, &err), ZG_OK), "%d: %s", way, err.text);
		cr_expect(eq(int, zg_item_import_live(import, &err), ZG_BROKEN), "%d", way);
		zg_store_rollback(store);
		zg_item_import_free(import);
		tidy(0);
		char *now = goods();

		cr_expect(eq(str, now, old), "%d", way);
		free(now);
	}
	free(old);
	zg_item_import_free(NULL);
}

/* ---- opening ---- */

static void break_openings(void)
{
	static const enum zg_store_mode modes[] = { ZG_STORE_WRITE, ZG_STORE_READ, ZG_STORE_ACCEPT };
	char *right = books(), *seal = zg_print("%s/keys/schema.seal", home);

	for (size_t m = 0; m < sizeof(modes) / sizeof(modes[0]); m++) {
		bool broke = true;
		int tries = 0;

		for (long at = 1; broke; at += 1 + at / 6) {
			zg_store_close(store);
			if (tries % 2 == 0)
				(void)remove(seal);    /* then the whole structure is compared */
			breaker_set(at, tries++ % 4 < 2);
			enum zg_result result = zg_store_open(home, modes[m], &zg_real_clock, &store, &err);

			broke = breaker_off();
			cr_assert(eq(int, result == ZG_OK, store != NULL));
			cr_assert(result == ZG_OK || (broke && result == ZG_BROKEN && err.text[0]), "mode %d, %ld: %s: %s", (int)modes[m], at,
				  zg_result_name(result), err.text);
		}
		zg_store_close(store);
		cr_assert(eq(int, zg_store_open(home, ZG_STORE_WRITE, &zg_real_clock, &store, &err), ZG_OK), "%s", err.text);
		char *now = books();

		cr_expect(eq(str, now, right), "mode %d", (int)modes[m]);
		free(now);
	}
	free(seal);
	free(right);
}

Test(broken_writes, books_that_could_not_be_opened_open_the_next_time)
{
	break_openings();
}

Test(short_of_memory, books_that_could_not_be_opened_open_the_next_time)
{
	break_openings();
}

Test(broken_writes, a_shop_that_could_not_be_made_is_made_the_next_time)
{
	bool broke = true;

	for (long at = 1; broke; at += 1 + at / 2) {
		char *fresh = scratch_begin();
		struct zg_store *made = NULL;

		breaker_set(at, at % 2);
		enum zg_result result = zg_store_open(fresh, ZG_STORE_CREATE, &zg_real_clock, &made, &err);

		broke = breaker_off();
		cr_assert(result == ZG_OK || (broke && result == ZG_BROKEN && err.text[0]), "%ld: %s: %s", at, zg_result_name(result), err.text);
		zg_store_close(made);
		cr_assert(eq(int, zg_store_open(fresh, ZG_STORE_CREATE, &zg_real_clock, &made, &err), ZG_OK), "%ld: %s", at, err.text);
		cr_expect(eq(int, zg_store_check_schema(made, &err), ZG_OK), "%ld: %s", at, err.text);
		zg_store_close(made);
		scratch_end(fresh);
	}
}
