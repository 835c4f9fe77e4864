#include "tests/unit/whole.h"

#include "src/base/alloc.h"
#include "tests/unit/fault.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST 400    /* statements of one act; far fewer are there */

struct shop *shop;
int64_t had_sale;
char had_number[32];
static sqlite3 *outside;

void whole_begin(void)
{
	shop = shop_begin(NULL);
	char *path = zg_print("%s/zhanggui.db", shop->home);

	cr_assert(eq(int, sqlite3_open_v2(path, &outside, SQLITE_OPEN_READONLY, NULL), SQLITE_OK));
	free(path);
	cr_assert(eq(int, shop_sign_in(shop, "boss"), ZG_OK), "%s", shop->err.text);
	cr_assert(eq(int, shop_do(shop, "shift.open", "{s:i}", "float_fen", 20000), ZG_OK), "%s", shop->err.text);
}

void whole_end(void)
{
	fault_off();
	sqlite3_close(outside);
	shop_end(shop);
}

/* ---- what the books hold, seen from outside ---- */

static uint64_t mix(uint64_t sum, const char *text)
{
	for (; *text; text++)
		sum = (sum ^ (unsigned char)*text) * 1099511628211u;
	return (sum ^ 0xFF) * 1099511628211u;
}

/* Every cell that a statement gives. */
static uint64_t cells(uint64_t sum, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	int code;

	cr_assert(eq(int, sqlite3_prepare_v2(outside, sql, -1, &stmt, NULL), SQLITE_OK), "%s: %s", sql, sqlite3_errmsg(outside));
	while ((code = sqlite3_step(stmt)) == SQLITE_ROW)
		for (int i = 0; i < sqlite3_column_count(stmt); i++)
			sum = mix(sum, sqlite3_column_text(stmt, i) ? (const char *)sqlite3_column_text(stmt, i) : "NULL");
	cr_assert(eq(int, code, SQLITE_DONE), "%s: %s", sql, sqlite3_errmsg(outside));
	sqlite3_finalize(stmt);
	return sum;
}

/* Wrong tries and running time come and go beside the acts, and a superseded list is cleared away: all but those. */
uint64_t whole_books(void)
{
	static const char *const whole[] = {
		"SELECT * FROM journal", "SELECT * FROM counter", "SELECT * FROM shift", "SELECT * FROM sale", "SELECT * FROM sale_line",
		"SELECT * FROM sale_discount", "SELECT * FROM tender", "SELECT * FROM cash_move", "SELECT * FROM drawer_opening",
		"SELECT * FROM cash_count", "SELECT * FROM print_job", "SELECT * FROM lost_numbers",
		"SELECT login, name, role, pin_hash, is_locked FROM person",
	};
	uint64_t sum = 14695981039346656037u;

	for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++)
		sum = cells(sum, whole[i]);
	return sum;
}

int64_t whole_number(const char *sql)
{
	sqlite3_stmt *stmt = NULL;

	cr_assert(eq(int, sqlite3_prepare_v2(outside, sql, -1, &stmt, NULL), SQLITE_OK), "%s: %s", sql, sqlite3_errmsg(outside));
	cr_assert(eq(int, sqlite3_step(stmt), SQLITE_ROW), "%s", sql);
	int64_t number = sqlite3_column_int64(stmt, 0);

	sqlite3_finalize(stmt);
	return number;
}

/* Nothing is under way any more, and what could not be read is read again. */
void whole_settle(void)
{
	for (int i = 0; i < 500 && !zg_till_is_idle(shop->till); i++)
		zg_loop_step(shop->loop, 5);
	shop->running_ms += 2100;
	shop->now_ms += 2100;
	for (int i = 0; i < 3; i++)
		zg_loop_step(shop->loop, 0);
	cr_assert(zg_till_is_idle(shop->till));
}

/* What the screen shows, as a text. */
char *whole_screen(void)
{
	const struct zg_sale_totals *t = zg_sale_totals(zg_till_sale(shop->till));
	const struct zg_shift *shift = zg_till_shift(shop->till);
	const struct zg_person *person = zg_till_person(shop->till);

	return zg_print("sale %lld, %d lines, %lld fen, %zu tenders; shift %lld; %zu hung; %s%s", (long long)zg_till_sale_id(shop->till), t->lines,
			(long long)t->total_fen, zg_sale_tender_count(zg_till_sale(shop->till)), shift ? (long long)shift->id : 0,
			zg_till_hung(shop->till), person ? person->login : "nobody", zg_till_is_locked(shop->till) ? ", locked" : "");
}

/* ---- one act, broken at each of its statements ---- */

static void try_one(const struct scene *scene, int n, int code, int *refused, bool *is_over)
{
	whole_settle();
	uint64_t before = whole_books();
	char *shown = whole_screen();

	fault_at(n, code, false);
	enum zg_result result = scene->act();

	fault_off();
	*is_over = !fault_is_met();
	if (*is_over)
		cr_expect(eq(int, result, ZG_OK), "%s, then without a fault: %s", scene->name, shop->err.text);
	if (result != ZG_OK) {
		char *now = whole_screen();

		cr_expect(eq(u64, whole_books(), before), "%s, refused at %d (%s) with %d, and the books have changed: %s", scene->name, n, fault_where(),
			  code, shop->err.text);
		cr_expect(eq(str, now, shown), "%s, refused at %d (%s) with %d", scene->name, n, fault_where(), code);
		cr_expect(gt(sz, strlen(shop->err.text), 0), "%s, refused at %d (%s) with %d without a word", scene->name, n, fault_where(), code);
		cr_expect(not(zg_till_state(shop->till)->is_broken), "%s", scene->name);
		free(now);
		(*refused)++;
	} else {
		cr_expect(ne(u64, whole_books(), before), "%s, done in spite of %d (%s) with %d, and the books do not tell", scene->name, n, fault_where(), code);
		whole_settle();
		if (!*is_over)
			scene->prepare();
	}
	free(shown);
}

/* Every statement fails in one of two ways in turn; in full (ZG_COUNT) each of them in both. */
static void try_scene(const struct scene *scene)
{
	static const int codes[] = { SQLITE_FULL, SQLITE_NOMEM };

	for (size_t i = 0; i < (getenv("ZG_COUNT") ? 2 : 1); i++) {
		bool is_over = false;
		int refused = 0, n = 0;

		scene->prepare();
		for (; n < MOST && !is_over; n++)
			try_one(scene, n, codes[(i + (size_t)n) % 2], &refused, &is_over);
		cr_expect(is_over, "%s never ends", scene->name);
		cr_expect(gt(int, refused, 2), "%s: of %d statements hardly any was needed", scene->name, n);
	}
}

void whole_try(const struct scene *scenes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		try_scene(&scenes[i]);
}

/* ---- what an act needs ---- */

void have_nothing(void)
{
}

void have_no_sale(void)
{
	if (zg_till_sale_id(shop->till))
		DO("sale.void", "{s:s}", "reason", "走了");
}

void have_sale(void)
{
	have_no_sale();
	DO("sale.add", "{s:s, s:i}", "code", "1001", "quantity_milli", 3000);
	DO("sale.add", "{s:s}", "code", "6901028075831");
	had_sale = zg_till_sale_id(shop->till);
}

void have_paid(void)
{
	have_sale();
	DO("sale.pay", "{s:i}", "tendered_fen", 5000);
	snprintf(had_number, sizeof(had_number), "%s", shop_text(shop, "number"));
}

void have_hung(void)
{
	have_sale();
	DO("sale.hang", NULL);
}

void have_shift(void)
{
	if (!zg_till_shift(shop->till))
		DO("shift.open", "{s:i}", "float_fen", 20000);
	have_no_sale();
}

void have_count(void)
{
	have_shift();
	DO("cash.in", "{s:i, s:s}", "amount_fen", 100, "reason", "零钱");
	DO("shift.count", "{s:{s:i, s:i}}", "pieces", "10000", 2, "100", 5);
}

void have_no_shift(void)
{
	if (!zg_till_shift(shop->till))
		return;
	have_count();
	DO("shift.close", NULL);
}
