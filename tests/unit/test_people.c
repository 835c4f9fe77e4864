#include "src/store/people.h"
#include "src/store/store.h"
#include "tests/unit/scratch.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

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

static enum zg_result add(const char *login, enum zg_role role)
{
	struct zg_person person = { .role = role, .name = "林小雨" };

	strcpy(person.login, login);
	cr_assert(eq(int, zg_store_begin(store, ZG_SYNC_FULL, &err), ZG_OK));
	enum zg_result result = zg_people_add(store, &person, "$y$hash", &err);

	if (result == ZG_OK)
		cr_assert(eq(int, zg_store_commit(store, &err), ZG_OK));
	else
		zg_store_rollback(store);
	return result;
}

TestSuite(people, .init = open_shop, .fini = close_shop);

Test(people, who_was_added_is_found_again)
{
	struct zg_person person;
	char hash[ZG_HASH_MAX + 1];

	cr_assert(eq(int, add("lin", ZG_ROLE_SUPERVISOR), ZG_OK), "%s", err.text);

	cr_assert(eq(int, zg_people_find(store, "lin", &person, &err), ZG_OK));
	cr_expect(eq(str, person.name, "林小雨"));
	cr_expect(eq(int, person.role, ZG_ROLE_SUPERVISOR));
	cr_expect(eq(int, person.wrong_tries, 0));
	cr_expect(not(person.is_locked));
	cr_expect(eq(int, zg_people_hash(store, "lin", hash, &err), ZG_OK));
	cr_expect(eq(str, hash, "$y$hash"));
}

Test(people, nobody_has_no_hash)
{
	struct zg_person person;
	char hash[ZG_HASH_MAX + 1] = "x";

	cr_expect(eq(int, zg_people_find(store, "wang", &person, &err), ZG_NOT_FOUND));
	cr_expect(eq(int, zg_people_hash(store, "wang", hash, &err), ZG_OK));
	cr_expect(eq(str, hash, ""));
}

Test(people, a_login_is_given_once)
{
	cr_assert(eq(int, add("lin", ZG_ROLE_CASHIER), ZG_OK));
	cr_expect(eq(int, add("lin", ZG_ROLE_ADMIN), ZG_INVALID));

	struct zg_person *people = NULL;
	size_t count = 0;

	cr_assert(eq(int, zg_people_list(store, &people, &count, &err), ZG_OK));
	cr_expect(eq(sz, count, 1));
	cr_expect(eq(int, people[0].role, ZG_ROLE_CASHIER));
	free(people);
}

Test(people, tries_and_locks_are_kept_across_a_restart)
{
	struct zg_person person;

	cr_assert(eq(int, add("lin", ZG_ROLE_CASHIER), ZG_OK));
	cr_assert(eq(int, zg_people_find(store, "lin", &person, &err), ZG_OK));
	person.wrong_tries = 10;
	person.wait_ms = 1800000;
	person.is_locked = true;
	cr_assert(eq(int, zg_store_begin(store, ZG_SYNC_FULL, &err), ZG_OK));
	cr_assert(eq(int, zg_people_save(store, &person, &err), ZG_OK));
	cr_assert(eq(int, zg_people_set_hash(store, "lin", "other", &err), ZG_OK));
	cr_expect(eq(int, zg_people_set_hash(store, "wang", "other", &err), ZG_NOT_FOUND));
	cr_assert(eq(int, zg_store_commit(store, &err), ZG_OK));
	zg_store_close(store);
	cr_assert(eq(int, zg_store_open(home, ZG_STORE_WRITE, &zg_real_clock, &store, &err), ZG_OK));

	cr_assert(eq(int, zg_people_find(store, "lin", &person, &err), ZG_OK));
	cr_expect(eq(int, person.wrong_tries, 10));
	cr_expect(eq(long, person.wait_ms, 1800000));
	cr_expect(person.is_locked);
}

Test(people, running_time_makes_tries_forgotten_and_never_sooner)
{
	struct zg_person person;
	int waiting = -1;

	cr_assert(eq(int, add("lin", ZG_ROLE_CASHIER), ZG_OK));
	cr_assert(eq(int, zg_people_find(store, "lin", &person, &err), ZG_OK));
	person.wrong_tries = 7;
	person.wait_ms = 1000;
	cr_assert(eq(int, zg_store_begin(store, ZG_SYNC_FULL, &err), ZG_OK));
	cr_assert(eq(int, zg_people_save(store, &person, &err), ZG_OK));

	cr_expect(eq(int, zg_people_wait(store, -5000, &waiting, &err), ZG_OK));
	cr_expect(eq(int, zg_people_wait(store, 999, &waiting, &err), ZG_OK));
	cr_expect(eq(int, waiting, 1));
	cr_assert(eq(int, zg_people_find(store, "lin", &person, &err), ZG_OK));
	cr_expect(eq(int, person.wrong_tries, 7));
	cr_expect(eq(long, person.wait_ms, 1));
	cr_expect(eq(int, zg_people_wait(store, 1, &waiting, &err), ZG_OK));
	cr_expect(eq(int, waiting, 0));
	cr_assert(eq(int, zg_people_find(store, "lin", &person, &err), ZG_OK));
	cr_expect(eq(int, person.wrong_tries, 0));
	cr_assert(eq(int, zg_store_commit(store, &err), ZG_OK));
}

Test(people, logins_are_plain_words)
{
	static const struct { const char *login; bool is_valid; } cases[] = {
		{ "lin", true }, { "Lin.2-a_b", true }, { "12345678901234567890123456789012", true },
		{ "", false }, { "-", false }, { "a b", false }, { "林", false }, { "a\n", false }, { "a'", false },
		{ "123456789012345678901234567890123", false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		cr_expect(eq(int, zg_login_is_valid(cases[i].login), cases[i].is_valid), "%s", cases[i].login);
}
