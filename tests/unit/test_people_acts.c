#include "src/store/jobs.h"
#include "src/store/journal.h"
#include "src/till/act.h"
#include "tests/unit/shop.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct shop *shop;

static void open_shop(void)
{
	shop = shop_begin(NULL);
}

static void close_shop(void)
{
	shop_end(shop);
}

#define DO(...) cr_assert(eq(int, shop_do(shop, __VA_ARGS__), ZG_OK), "%s", shop->err.text)
#define REFUSED(result, ...) cr_expect(eq(int, shop_do(shop, __VA_ARGS__), result), "%s", shop->err.text)

static const struct zg_store *store(void)
{
	return zg_till_store(shop->till);
}

static bool is_signed_in(const char *login)
{
	return zg_till_person(shop->till) && !strcmp(zg_till_person(shop->till)->login, login);
}

/* Tries a PIN of one's own. */
static void ended(void *self, enum zg_result result, const json_t *answer, const struct zg_error *err)
{
	(void)answer;
	(void)err;
	*(int *)self = (int)result;
}

static enum zg_result sign_in_with(const char *login, const char *pin)
{
	int result = -1;
	struct zg_call call = { .act = "session.start", .as = login, .pin = pin, .done = ended, .self = &result };

	zg_till_call(shop->till, &call);
	for (int i = 0; i < 2000 && result < 0; i++)
		zg_loop_step(shop->loop, 10);
	return (enum zg_result)result;
}

TestSuite(people_acts, .init = open_shop, .fini = close_shop, .timeout = 120);

Test(people_acts, nobody_signs_in_without_a_pin)
{
	REFUSED(ZG_INVALID, "session.start", NULL);
	cr_expect(eq(ptr, (void *)zg_till_person(shop->till), NULL));
	cr_expect(eq(int, sign_in_with("lin", "9999"), ZG_INVALID));
	cr_expect(eq(int, sign_in_with("lin", SHOP_PIN), ZG_OK));
	cr_expect(is_signed_in("lin"));
	DO("session.end", NULL);
	cr_expect(eq(ptr, (void *)zg_till_person(shop->till), NULL));
}

Test(people_acts, a_locked_till_opens_for_who_locked_it_or_a_supervisor)
{
	cr_assert(eq(int, shop_sign_in(shop, "lin"), ZG_OK));
	DO("session.lock", NULL);
	REFUSED(ZG_REFUSED, "session.end", NULL);
	REFUSED(ZG_INVALID, "session.start", NULL);
	cr_expect(eq(int, shop_do_as(shop, "ding", NULL, "session.start", "{s:b}", "lock", true), ZG_OK), "%s", shop->err.text);
	cr_expect(is_signed_in("lin"));
	DO("session.lock", NULL);
	cr_expect(eq(int, sign_in_with("ding", SHOP_PIN), ZG_OK));
	cr_expect(is_signed_in("ding"));
	DO("session.lock", NULL);
	cr_expect(eq(int, sign_in_with("lin", SHOP_PIN), ZG_INVALID));
	cr_expect(is_signed_in("ding"));
}

Test(people_acts, an_admin_makes_a_user_who_can_then_sign_in)
{
	cr_assert(eq(int, shop_sign_in(shop, "boss"), ZG_OK));
	DO("user.add", "{s:s, s:s, s:s, s:s}", "login", "chen", "name", "陈一", "role", "cashier", "pin", "739182");
	REFUSED(ZG_INVALID, "user.add", "{s:s, s:s, s:s, s:s}", "login", "chen", "name", "陈二", "role", "cashier", "pin", "739182");

	cr_expect(eq(int, sign_in_with("chen", "739182"), ZG_OK));
	cr_expect(eq(str, (char *)zg_till_person(shop->till)->name, "陈一"));
}

Test(people_acts, what_cannot_be_a_user_is_refused)
{
	static const char *const cases[][4] = {
		{ "a b", "陈一", "cashier", "739182" }, { "chen", "陈\x1B[2J", "cashier", "739182" },
		{ "chen", "陈一", "king", "739182" }, { "chen", "陈一", "cashier", "1234" }, { "chen", "陈一", "cashier", "73" },
	};
	struct zg_person person;

	cr_assert(eq(int, shop_sign_in(shop, "boss"), ZG_OK));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		enum zg_result result = shop_do(shop, "user.add", "{s:s, s:s, s:s, s:s}", "login", cases[i][0], "name", cases[i][1],
						"role", cases[i][2], "pin", cases[i][3]);

		cr_expect(ne(int, result, ZG_OK), "case %zu", i);
		cr_expect(ne(int, result, ZG_BROKEN), "case %zu", i);
	}
	cr_expect(eq(int, zg_people_find(store(), "chen", &person, NULL), ZG_NOT_FOUND));
	cr_assert(eq(int, shop_sign_in(shop, "ding"), ZG_OK));
	REFUSED(ZG_REFUSED, "user.add", "{s:s, s:s, s:s, s:s}", "login", "chen", "name", "陈一", "role", "admin", "pin", "739182");
}

Test(people_acts, a_locked_user_is_out_and_the_last_admin_cannot_be_locked)
{
	cr_assert(eq(int, shop_sign_in(shop, "boss"), ZG_OK));
	DO("user.lock", "{s:s}", "login", "lin");
	cr_expect(eq(int, sign_in_with("lin", SHOP_PIN), ZG_INVALID));
	DO("user.unlock", "{s:s}", "login", "lin");
	REFUSED(ZG_INVALID, "user.lock", "{s:s}", "login", "boss");
	REFUSED(ZG_NOT_FOUND, "user.lock", "{s:s}", "login", "nobody");
	cr_expect(eq(int, sign_in_with("lin", SHOP_PIN), ZG_OK));
}

Test(people_acts, who_is_locked_while_at_the_counter_is_signed_out)
{
	cr_assert(eq(int, shop_sign_in(shop, "lin"), ZG_OK), "%s", shop->err.text);
	cr_assert(eq(int, shop_do_as(shop, "boss", NULL, "user.lock", "{s:s}", "login", "ding"), ZG_OK), "%s", shop->err.text);
	cr_expect(is_signed_in("lin"), "it was another");
	cr_assert(eq(int, shop_do_as(shop, "boss", NULL, "user.lock", "{s:s}", "login", "lin"), ZG_OK), "%s", shop->err.text);
	cr_expect(eq(ptr, (void *)zg_till_person(shop->till), NULL));
}

/* lock: only the lock is taken off, and who locked the till stays the one at it. */
Test(people_acts, a_supervisor_who_only_unlocks_does_not_take_the_till_over)
{
	cr_assert(eq(int, shop_sign_in(shop, "lin"), ZG_OK), "%s", shop->err.text);
	DO("session.lock", NULL);
	cr_assert(eq(int, shop_do_as(shop, "ding", NULL, "session.start", "{s:b}", "lock", 1), ZG_OK), "%s", shop->err.text);
	cr_expect(is_signed_in("lin"));
	cr_expect(not(zg_till_is_locked(shop->till)));
	cr_assert(eq(int, shop_do_as(shop, "ding", NULL, "session.start", "{s:b}", "lock", 1), ZG_OK), "%s", shop->err.text);
	cr_expect(is_signed_in("ding"), "a till that is not locked is signed in at");
}

Test(people_acts, an_admin_opens_a_login_that_was_shut)
{
	struct zg_person person;

	cr_assert(eq(int, shop_sign_in(shop, "boss"), ZG_OK));
	for (int i = 0; i < 10; i++) {
		shop->running_ms += 31000;
		sign_in_with("lin", "9999");
	}
	cr_assert(eq(int, zg_people_find(store(), "lin", &person, NULL), ZG_OK));
	cr_expect(eq(int, person.wrong_tries, 10));
	shop->running_ms += 31000;
	cr_expect(eq(int, sign_in_with("lin", SHOP_PIN), ZG_REFUSED));
	DO("user.unlock", "{s:s}", "login", "lin");
	cr_expect(eq(int, sign_in_with("lin", SHOP_PIN), ZG_OK));
}

Test(people_acts, ones_own_pin_needs_the_old_one_and_others_need_the_right)
{
	cr_assert(eq(int, shop_sign_in(shop, "lin"), ZG_OK));
	REFUSED(ZG_INVALID, "user.pin", "{s:s, s:s}", "login", "lin", "pin", "739182");
	REFUSED(ZG_REFUSED, "user.pin", "{s:s, s:s}", "login", "ding", "pin", "739182");
	cr_expect(eq(int, shop_do_as(shop, "lin", NULL, "user.pin", "{s:s, s:s}", "login", "lin", "pin", "739182"), ZG_OK), "%s",
		  shop->err.text);
	cr_expect(eq(int, sign_in_with("lin", SHOP_PIN), ZG_INVALID));
	cr_expect(eq(int, sign_in_with("lin", "739182"), ZG_OK));
	cr_assert(eq(int, shop_sign_in(shop, "boss"), ZG_OK));
	DO("user.pin", "{s:s, s:s}", "login", "lin", "pin", "918274");
	cr_expect(eq(int, sign_in_with("lin", "918274"), ZG_OK));
}

struct found {
	const char *text;
	bool is_there;
};

static bool look(const struct zg_journal_row *row, void *self)
{
	struct found *found = self;

	found->is_there = found->is_there || strstr(row->body, found->text);
	return true;
}

Test(people_acts, the_journal_tells_of_users_and_never_of_pins)
{
	struct found pin = { "739182", false }, user = { "\"login\":\"chen\"", false };

	cr_assert(eq(int, shop_sign_in(shop, "boss"), ZG_OK));
	DO("user.add", "{s:s, s:s, s:s, s:s}", "login", "chen", "name", "陈一", "role", "cashier", "pin", "739182");
	DO("user.pin", "{s:s, s:s}", "login", "lin", "pin", "739182");

	cr_assert(eq(int, zg_journal_read(store(), 1, 0, look, &pin, NULL), ZG_OK));
	cr_assert(eq(int, zg_journal_read(store(), 1, 0, look, &user, NULL), ZG_OK));
	cr_expect(not(pin.is_there));
	cr_expect(user.is_there);
}

/* Whoever is given a new PIN is meant to get in with it. */
Test(people_acts, a_new_pin_opens_a_login_that_was_shut_and_not_one_that_was_locked)
{
	struct zg_person person;

	cr_assert(eq(int, shop_sign_in(shop, "boss"), ZG_OK));
	for (int i = 0; i < 10; i++) {
		shop->running_ms += 31000;
		sign_in_with("lin", "9999");
	}
	shop->running_ms += 31000;
	cr_assert(eq(int, sign_in_with("lin", SHOP_PIN), ZG_REFUSED));
	DO("user.pin", "{s:s, s:s}", "login", "lin", "pin", "739182");
	cr_assert(eq(int, zg_people_find(store(), "lin", &person, NULL), ZG_OK));
	cr_expect(eq(int, person.wrong_tries, 0));
	cr_expect(eq(int, sign_in_with("lin", SHOP_PIN), ZG_INVALID));
	shop->running_ms += 31000;
	cr_expect(eq(int, sign_in_with("lin", "739182"), ZG_OK));

	cr_assert(eq(int, shop_sign_in(shop, "boss"), ZG_OK));
	DO("user.lock", "{s:s}", "login", "lin");
	DO("user.pin", "{s:s, s:s}", "login", "lin", "pin", "918274");
	shop->running_ms += 31000;
	cr_expect(eq(int, sign_in_with("lin", "918274"), ZG_INVALID));
}

/* ---- slips ---- */

static struct zg_job job_of(int64_t id, char **document)
{
	struct zg_job job = { 0 };

	cr_assert(eq(int, zg_jobs_find(store(), id, &job, document, &shop->err), ZG_OK), "%s", shop->err.text);
	return job;
}

static void set_state(int64_t id, enum zg_job_state state)
{
	struct zg_store *books = (struct zg_store *)(uintptr_t)store();

	cr_assert(eq(int, zg_store_begin(books, ZG_SYNC_NORMAL, NULL), ZG_OK));
	cr_assert(eq(int, zg_jobs_set(books, id, state, "", NULL), ZG_OK));
	cr_assert(eq(int, zg_store_commit(books, NULL), ZG_OK));
}

static void sell_one(void)
{
	cr_assert(eq(int, shop_sign_in(shop, "ding"), ZG_OK));
	DO("shift.open", "{s:i}", "float_fen", 20000);
	DO("sale.add", "{s:s}", "code", "1001");
	DO("sale.pay", "{s:i}", "tendered_fen", 200);
}

Test(people_acts, a_reprint_is_counted_and_says_so)
{
	char *document = NULL;

	sell_one();
	DO("print.receipt", "{s:s}", "number", "R010000001");
	cr_expect(eq(long, shop_integer(shop, "copy"), 1));
	DO("print.receipt", "{s:s}", "number", "R010000001");
	cr_expect(eq(long, shop_integer(shop, "copy"), 2));
	cr_expect(eq(int, job_of(shop_integer(shop, "job"), &document).copy, 2));
	cr_expect(ne(ptr, strstr(document, "\"copies\":2,\"copy\":true") , NULL), "%s", document);
	cr_expect(ne(ptr, strstr(document, "R010000001"), NULL));
	free(document);
	REFUSED(ZG_NOT_FOUND, "print.receipt", "{s:s}", "number", "R010000009");
}

Test(people_acts, a_doubtful_slip_comes_again_as_a_copy_and_a_failed_one_as_it_is)
{
	sell_one();
	DO("print.receipt", "{s:s}", "number", "R010000001");
	int64_t id = shop_integer(shop, "job");

	set_state(id, ZG_JOB_UNKNOWN);
	DO("print.retry", "{s:I}", "job", (json_int_t)id);
	int64_t again = shop_integer(shop, "job");

	cr_expect(ne(long, again, id));
	cr_expect(eq(int, job_of(id, NULL).state, ZG_JOB_DROPPED));
	cr_expect(eq(int, job_of(again, NULL).copy, 2));
	set_state(again, ZG_JOB_FAILED);
	DO("print.retry", "{s:I}", "job", (json_int_t)again);
	cr_expect(eq(long, shop_integer(shop, "job"), again));
	set_state(again, ZG_JOB_PRINTED);
	REFUSED(ZG_INVALID, "print.retry", "{s:I}", "job", (json_int_t)again);
	REFUSED(ZG_INVALID, "print.drop", "{s:I}", "job", (json_int_t)again);
	REFUSED(ZG_NOT_FOUND, "print.drop", "{s:i}", "job", 999);
	set_state(again, ZG_JOB_UNKNOWN);
	DO("print.drop", "{s:I}", "job", (json_int_t)again);
	cr_expect(eq(int, job_of(again, NULL).state, ZG_JOB_DROPPED));
}

Test(people_acts, reports_are_printed_by_those_who_may_see_them)
{
	sell_one();
	DO("print.report", "{s:s}", "kind", "x");
	DO("print.report", "{s:s}", "kind", "transactions");
	REFUSED(ZG_INVALID, "print.report", "{s:s}", "kind", "y");
	REFUSED(ZG_INVALID, "print.report", "{s:s, s:s}", "kind", "transactions", "day", "yesterday");
	DO("shift.count", "{s:i}", "total_fen", 20200);
	DO("shift.close", NULL);
	DO("print.report", "{s:s, s:i}", "kind", "z", "z", 1);
	cr_expect(eq(long, shop_integer(shop, "copy"), 1));
	REFUSED(ZG_NOT_FOUND, "print.report", "{s:s, s:i}", "kind", "z", "z", 7);
	cr_assert(eq(int, shop_sign_in(shop, "lin"), ZG_OK));
	REFUSED(ZG_REFUSED, "print.report", "{s:s, s:i}", "kind", "z", "z", 1);
}

Test(people_acts, a_test_page_needs_a_printer)
{
	cr_assert(eq(int, shop_sign_in(shop, "boss"), ZG_OK));
	REFUSED(ZG_INVALID, "print.test", NULL);
	cr_expect(ne(ptr, strstr(shop->err.text, "printer"), NULL));
}
