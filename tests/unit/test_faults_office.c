/* Paper, people and settings while the books fail. */
#include "src/store/jobs.h"
#include "tests/unit/fault.h"
#include "tests/unit/whole.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int64_t job_id;

TestSuite(faults_office, .init = whole_begin, .fini = whole_end, .timeout = 240);

/* ---- paper ---- */

/* As the printer would have left it: before the queue sets it aside, for what may be on paper is not queued again. */
static void set_job(enum zg_job_state state)
{
	struct zg_store *store = (struct zg_store *)(uintptr_t)zg_till_store(shop->till);

	have_paid();
	DO("print.receipt", "{s:s}", "number", had_number);
	job_id = shop_integer(shop, "job");
	cr_assert(eq(int, zg_store_begin(store, ZG_SYNC_NORMAL, NULL), ZG_OK));
	cr_assert(eq(int, zg_jobs_set(store, job_id, state, "", NULL), ZG_OK));
	cr_assert(eq(int, zg_store_commit(store, NULL), ZG_OK));
	whole_settle();
}

static void fail_one(void)
{
	set_job(ZG_JOB_FAILED);
}

static void doubt_one(void)
{
	set_job(ZG_JOB_UNKNOWN);
}

static void refund_one(void)
{
	have_paid();
	DO("sale.refund", "{s:s, s:b, s:s}", "number", had_number, "all", 1, "reason", "坏了");
	snprintf(had_number, sizeof(had_number), "%s", shop_text(shop, "number"));
}

static enum zg_result print_receipt(void)
{
	return shop_do(shop, "print.receipt", "{s:s}", "number", had_number);
}

static enum zg_result print_x(void)
{
	return shop_do(shop, "print.report", "{s:s}", "kind", "x");
}

static enum zg_result print_z(void)
{
	return shop_do(shop, "print.report", "{s:s, s:i}", "kind", "z", "z", 1);
}

static enum zg_result print_day(void)
{
	return shop_do(shop, "print.report", "{s:s, s:s}", "kind", "z", "day", zg_till_shift(shop->till)->day);
}

static enum zg_result print_list(void)
{
	return shop_do(shop, "print.report", "{s:s}", "kind", "transactions");
}

static enum zg_result retry(void)
{
	return shop_do(shop, "print.retry", "{s:I}", "job", (json_int_t)job_id);
}

static enum zg_result drop(void)
{
	return shop_do(shop, "print.drop", "{s:I}", "job", (json_int_t)job_id);
}

/* A day with two shifts, a refund and a cancelled sale, so that each part of a report has something to read. */
static void have_a_day(void)
{
	if (zg_till_shift(shop->till)->id > 1)
		return;
	refund_one();
	have_hung();
	cr_assert(eq(int, shop_do_as(shop, "lin", "ding", "cash.out", "{s:i, s:s}", "amount_fen", 100, "reason", "买水"), ZG_OK), "%s", shop->err.text);
	have_no_shift();
	have_shift();
	have_paid();
	DO("shift.count", "{s:{s:i, s:i}}", "pieces", "10000", 2, "100", 5);
}

Test(faults_office, paper_comes_out_whole_or_is_refused)
{
	static const struct scene scenes[] = {
		{ "print.receipt of a sale", have_paid, print_receipt },
		{ "print.receipt of a refund", refund_one, print_receipt },
		{ "print.retry of a failed slip", fail_one, retry },
		{ "print.retry of a doubtful slip", doubt_one, retry },
		{ "print.drop", doubt_one, drop },
		{ "print.report x", have_a_day, print_x },
		{ "print.report z", have_a_day, print_z },
		{ "print.report of a day", have_a_day, print_day },
		{ "print.report transactions", have_a_day, print_list },
	};

	whole_try(scenes, sizeof(scenes) / sizeof(scenes[0]));
}

/* ---- people and settings ---- */

static int people;

/* A try that the books failed in stays counted; the wait lets it be forgotten. */
static enum zg_result sign_in(void)
{
	shop->running_ms += 31 * 60000;
	shop->now_ms += 31 * 60000;
	return shop_do_as(shop, "boss", NULL, "session.start", NULL);
}

static enum zg_result sign_out(void)
{
	return shop_do(shop, "session.end", NULL);
}

static void be_signed_in(void)
{
	if (!zg_till_person(shop->till) || zg_till_is_locked(shop->till))
		cr_assert(eq(int, sign_in(), ZG_OK), "%s", shop->err.text);
}

static enum zg_result lock(void)
{
	return shop_do(shop, "session.lock", NULL);
}

static void one_more(void)
{
	people++;
}

static enum zg_result add_user(void)
{
	char login[16];

	snprintf(login, sizeof(login), "lin%d", people);
	return shop_do(shop, "user.add", "{s:s, s:s, s:s, s:s}", "login", login, "name", "林小", "role", "cashier", "pin", "8352");
}

static enum zg_result change_pin(void)
{
	return shop_do(shop, "user.pin", "{s:s, s:s}", "login", "lin", "pin", "8352");
}

static enum zg_result lock_user(void)
{
	return shop_do(shop, "user.lock", "{s:s}", "login", "lin");
}

/* Of an admin it is looked for another one first. */
static enum zg_result lock_admin(void)
{
	return shop_do(shop, "user.lock", "{s:s}", "login", "chef");
}

static void second_admin(void)
{
	if (people++ == 0)
		DO("user.add", "{s:s, s:s, s:s, s:s}", "login", "chef", "name", "大厨", "role", "admin", "pin", "8352");
	DO("user.unlock", "{s:s}", "login", "chef");
}

static enum zg_result unlock_user(void)
{
	return shop_do(shop, "user.unlock", "{s:s}", "login", "lin");
}

static enum zg_result set_phone(void)
{
	return shop_do(shop, "shop.set", "{s:s}", "phone", "028-555");
}

Test(faults_office, people_and_settings_change_whole_or_not)
{
	static const struct scene scenes[] = {
		{ "session.end", be_signed_in, sign_out },
		{ "session.lock", be_signed_in, lock },
		{ "session.start", be_signed_in, sign_in },
		{ "user.lock", have_nothing, lock_user },
		{ "user.lock of an admin", second_admin, lock_admin },
		{ "user.unlock", have_nothing, unlock_user },
		{ "shop.set", have_nothing, set_phone },
	};

	whole_try(scenes, sizeof(scenes) / sizeof(scenes[0]));
}

/* Their PINs are hashed in a process of its own, and the act goes on in the loop. */
Test(faults_office, pins_change_whole_or_not)
{
	static const struct scene scenes[] = { { "user.add", one_more, add_user }, { "user.pin", have_nothing, change_pin } };

	whole_try(scenes, sizeof(scenes) / sizeof(scenes[0]));
}

/* ---- reports on the screen ---- */

typedef json_t *report_of(const char *day, struct zg_error *err);

static json_t *shift_report(const char *day, struct zg_error *err)
{
	(void)day;
	return zg_till_report(shop->till, zg_till_shift(shop->till), err);
}

static json_t *day_report(const char *day, struct zg_error *err)
{
	return zg_till_day_report(shop->till, day, err);
}

static json_t *list(const char *day, struct zg_error *err)
{
	return zg_till_transactions(shop->till, day, err);
}

/* A figure that could not be read is no nought: the report is whole, or there is none and a sentence says why. */
Test(faults_office, a_report_is_whole_or_none)
{
	static const struct { const char *name; report_of *make; } reports[] = { { "X", shift_report }, { "day", day_report }, { "list", list } };

	have_a_day();
	for (size_t i = 0; i < sizeof(reports) / sizeof(reports[0]); i++) {
		char day[ZG_DAY_TEXT];
		struct zg_error err = { .text = "" };
		int n = 0;
		bool is_over = false;

		memcpy(day, zg_till_shift(shop->till)->day, sizeof(day));
		json_t *whole = reports[i].make(day, &err);

		cr_assert(ne(ptr, whole, NULL), "%s: %s", reports[i].name, err.text);
		for (; n < 100 && !is_over; n++) {
			err.text[0] = '\0';
			fault_at(n, SQLITE_NOMEM, false);
			json_t *now = reports[i].make(day, &err);

			fault_off();
			is_over = !fault_is_met();
			if (now) {
				json_object_del(now, "at_ms");
				json_object_del(now, "closed_ms");
				json_object_del(whole, "at_ms");
				json_object_del(whole, "closed_ms");
				cr_expect(json_equal(now, whole), "%s: without %s it says something else", reports[i].name, fault_where());
			} else {
				cr_expect(gt(sz, strlen(err.text), 0), "%s: nothing is said of %s", reports[i].name, fault_where());
			}
			json_decref(now);
		}
		cr_expect(gt(int, n, 3), "%s", reports[i].name);
		cr_expect(is_over);
		json_decref(whole);
	}
}
