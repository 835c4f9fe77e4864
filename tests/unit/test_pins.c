#include "src/base/alloc.h"
#include "src/io/hash.h"
#include "src/store/journal.h"
#include "src/till/pins.h"
#include "tests/unit/scratch.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MINUTE 60000LL

/* A clock that stands still until the test moves it. */
static struct { int64_t now, running; } hands;

static int64_t hand_now(void *self)
{
	(void)self;
	return hands.now;
}

static int64_t hand_running(void *self)
{
	(void)self;
	return hands.running;
}

static const struct zg_clock test_clock = { .now_ms = hand_now, .running_ms = hand_running };

static char *home;
static struct zg_store *store;
static struct zg_loop *loop;
static struct zg_pins *pins;
static struct zg_error err;

static struct {
	bool is_done;
	enum zg_result result;
	char login[ZG_LOGIN_MAX + 1], text[ZG_ERROR_TEXT];
} answer;

static void checked(void *self, enum zg_result result, const struct zg_person *person, const struct zg_error *why)
{
	(void)self;
	answer.is_done = true;
	answer.result = result;
	snprintf(answer.login, sizeof(answer.login), "%s", person ? person->login : "");
	snprintf(answer.text, sizeof(answer.text), "%s", result == ZG_OK ? "" : why->text);
	cr_expect(eq(int, person != NULL, result == ZG_OK));
}

static void open_till(enum zg_store_mode mode)
{
	cr_assert(eq(int, zg_store_open(home, mode, &test_clock, &store, &err), ZG_OK), "%s", err.text);
	loop = zg_loop_new(&test_clock);
	pins = zg_pins_new(store, loop, &test_clock, NULL);
}

static void close_till(void)
{
	zg_pins_free(pins);
	zg_loop_free(loop);
	zg_store_close(store);
}

/* The power fails: the time that ran since the last tick is not written down. */
static void pull_the_plug(void)
{
	int64_t running = hands.running;

	hands.running = 0;    /* nothing seems to have passed */
	close_till();
	hands.running = running;
	open_till(ZG_STORE_WRITE);
}

static void add_person(const char *login, const char *pin, bool is_locked)
{
	struct zg_person person = { .role = ZG_ROLE_CASHIER, .name = "林小雨", .is_locked = is_locked };
	char hash[ZG_PIN_HASH_TEXT];

	snprintf(person.login, sizeof(person.login), "%s", login);
	cr_assert(eq(int, zg_pin_hash_now(pin, hash), ZG_OK));
	cr_assert(eq(int, zg_store_begin(store, ZG_SYNC_FULL, &err), ZG_OK));
	cr_assert(eq(int, zg_people_add(store, &person, hash, &err), ZG_OK), "%s", err.text);
	cr_assert(eq(int, zg_store_commit(store, &err), ZG_OK));
}

static void open_shop(void)
{
	home = scratch_begin();
	hands.now = 1800000000000;
	hands.running = 1000000;
	open_till(ZG_STORE_CREATE);
	add_person("lin", "739182", false);
}

static void close_shop(void)
{
	close_till();
	scratch_end(home);
}

/* Lets time run in ticks, as it does in a shop. */
static void run_for(int64_t ms)
{
	while (ms > 0) {
		int64_t part = ms < 1000 ? ms : 1000;

		hands.running += part;
		hands.now += part;
		ms -= part;
		zg_loop_step(loop, 0);
	}
}

/* Types login and PIN and waits for the answer; a slow till takes its time. */
static enum zg_result try(const char *login, const char *pin)
{
	memset(&answer, 0, sizeof(answer));
	zg_pins_check(pins, login, pin, checked, NULL);
	for (int i = 0; i < 1000 && !answer.is_done; i++) {
		for (int j = 0; j < 15 && !answer.is_done; j++)
			zg_loop_step(loop, 3);
		if (!answer.is_done)
			run_for(2000);
	}
	cr_assert(answer.is_done);
	return answer.result;
}

static struct zg_person lin(void)
{
	struct zg_person person;

	cr_assert(eq(int, zg_people_find(store, "lin", &person, &err), ZG_OK));
	return person;
}

TestSuite(pins, .init = open_shop, .fini = close_shop, .timeout = 120);

Test(pins, the_right_pin_says_who_it_is)
{
	cr_expect(eq(int, try("lin", "739182"), ZG_OK), "%s", answer.text);

	cr_expect(eq(str, answer.login, "lin"));
	cr_expect(eq(int, lin().wrong_tries, 0));
	cr_expect(eq(long, lin().wait_ms, 0));
}

Test(pins, a_wrong_pin_is_counted_and_a_right_one_takes_back_only_its_own)
{
	cr_expect(eq(int, try("lin", "739183"), ZG_INVALID));
	cr_expect(eq(int, try("lin", ""), ZG_INVALID));
	cr_expect(eq(int, lin().wrong_tries, 2));
	cr_expect(eq(int, try("lin", "739182"), ZG_OK));

	cr_expect(eq(int, lin().wrong_tries, 2));
	run_for(31 * MINUTE);
	cr_expect(eq(int, lin().wrong_tries, 0));
}

Test(pins, ten_wrong_ones_shut_the_login_for_half_an_hour_of_running_time)
{
	for (int i = 0; i < 10; i++)
		try("lin", "1000");
	cr_expect(eq(int, answer.result, ZG_REFUSED));
	cr_expect(ne(ptr, strstr(answer.text, "30 minutes"), NULL), "%s", answer.text);

	cr_expect(eq(int, try("lin", "739182"), ZG_REFUSED));
	run_for(28 * MINUTE);
	cr_expect(eq(int, try("lin", "739182"), ZG_REFUSED));
	cr_expect(eq(int, lin().wrong_tries, 10));
	run_for(3 * MINUTE);
	cr_expect(eq(int, try("lin", "739182"), ZG_OK), "%s", answer.text);
	cr_expect(eq(int, lin().wrong_tries, 0));
}

Test(pins, a_shut_login_is_told_in_the_journal_without_any_pin)
{
	struct zg_journal_mark mark;

	for (int i = 0; i < 10; i++)
		try("lin", "1000");

	cr_assert(eq(int, zg_journal_head(store, &mark, &err), ZG_OK));
	cr_expect(eq(long, mark.seq, 1));
}

Test(pins, neither_a_restart_nor_a_changed_clock_helps)
{
	for (int i = 0; i < 10; i++) {
		try("lin", "1000");
		pull_the_plug();
		hands.now += (i % 2 ? -1 : 1) * 10LL * 365 * 24 * 60 * MINUTE;
	}
	cr_expect(eq(int, try("lin", "739182"), ZG_REFUSED));
	for (int i = 0; i < 20; i++) {
		hands.running = 5000LL * i;    /* another start of the computer, another zero */
		close_till();
		hands.now += 24 * 60 * MINUTE;
		open_till(ZG_STORE_WRITE);
	}
	cr_expect(eq(int, try("lin", "739182"), ZG_REFUSED));
	run_for(31 * MINUTE);
	cr_expect(eq(int, try("lin", "739182"), ZG_OK), "%s", answer.text);
}

Test(pins, a_closed_till_keeps_the_time_that_has_run)
{
	for (int i = 0; i < 10; i++)
		try("lin", "1000");
	run_for(20 * MINUTE);
	close_till();
	open_till(ZG_STORE_WRITE);

	cr_expect(lt(long, lin().wait_ms, 11 * MINUTE));
	cr_expect(eq(int, try("lin", "739182"), ZG_REFUSED));
	run_for(11 * MINUTE);
	cr_expect(eq(int, try("lin", "739182"), ZG_OK), "%s", answer.text);
}

Test(pins, the_try_is_in_the_books_before_the_pin_is_compared)
{
	zg_pins_check(pins, "lin", "1000", checked, NULL);
	while (lin().wrong_tries == 0 && !answer.is_done)
		zg_loop_step(loop, 0);
	cr_expect(not(answer.is_done));
	pull_the_plug();

	cr_expect(answer.is_done);
	cr_expect(eq(int, answer.result, ZG_OFFLINE));
	cr_expect(eq(int, lin().wrong_tries, 1));
}

Test(pins, a_login_that_nobody_has_is_answered_like_any_other)
{
	char known[12][ZG_ERROR_TEXT];

	for (int i = 0; i < 12; i++) {
		try("lin", "1000");
		snprintf(known[i], sizeof(known[i]), "%s", answer.text);
	}
	run_for(40 * MINUTE);
	for (int i = 0; i < 12; i++) {
		try("wang", "1000");
		cr_expect(eq(str, answer.text, known[i]), "try %d", i);
		if (i == 10)
			pull_the_plug();
	}
	run_for(31 * MINUTE);
	cr_expect(eq(int, try("wang", "1000"), ZG_INVALID));
	cr_expect(eq(int, try("a login that cannot be one, and far too long for any", "1000"), ZG_INVALID));
}

Test(pins, a_locked_user_learns_of_it_only_with_the_right_pin)
{
	add_person("chen", "482915", true);

	try("chen", "1000");
	cr_expect(eq(ptr, strstr(answer.text, "locked"), NULL), "%s", answer.text);
	cr_expect(eq(int, try("chen", "482915"), ZG_INVALID));
	cr_expect(ne(ptr, strstr(answer.text, "locked"), NULL), "%s", answer.text);
}

Test(pins, others_still_sign_in_while_one_is_shut)
{
	add_person("chen", "482915", false);
	for (int i = 0; i < 10; i++)
		try("lin", "1000");
	int64_t before = hands.running;

	cr_expect(eq(int, try("chen", "482915"), ZG_OK), "%s", answer.text);
	cr_expect(le(long, hands.running - before, ZG_PINS_SLOWEST + 5000));
}

Test(pins, the_till_grows_slower_and_a_restart_does_not_make_it_quick)
{
	add_person("chen", "482915", false);
	for (int i = 0; i < 9; i++)
		try(i % 2 ? "lin" : "chen", "1000");
	pull_the_plug();
	int64_t before = hands.running;

	cr_expect(eq(int, try("lin", "739182"), ZG_OK), "%s", answer.text);
	cr_expect(ge(long, hands.running - before, 7000));
}

/* With restarts, power cuts and clock changes in between; no half an hour sees more than ten compares. */
Test(pins, nobody_gets_more_than_ten_tries_in_half_an_hour)
{
	int64_t at[256];
	size_t count = 0;
	int64_t end = hands.running + 70 * MINUTE;

	for (int i = 0; hands.running < end && count < 256; i++) {
		struct zg_person before = lin();

		try("lin", "1000");
		if (answer.result == ZG_INVALID || before.wrong_tries < ZG_PINS_TRIES)
			at[count++] = hands.running;
		if (i % 7 == 3)
			pull_the_plug();
		if (i % 5 == 2)
			hands.now -= 3 * 60 * MINUTE;
		if (answer.result == ZG_REFUSED)
			run_for(5 * MINUTE);
	}
	cr_expect(ge(sz, count, 20));
	for (size_t i = 10; i < count; i++)
		cr_expect(ge(long, at[i] - at[i - 10], 30 * MINUTE - 5000), "tries %zu and %zu", i - 10, i);
}

static bool file_has(const char *name, const char *text)
{
	char *path = zg_print("%s/%s", home, name);
	FILE *file = fopen(path, "rb");
	size_t length = strlen(text), got = 0;
	static char bytes[8 << 20];
	bool found = false;

	free(path);
	if (!file)
		return false;
	got = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	for (size_t i = 0; i + length <= got; i++)
		found = found || !memcmp(bytes + i, text, length);
	return found;
}

/* The PIN may have been typed where the login belongs. */
Test(pins, no_pin_stays_in_the_books)
{
	try("lin", "564738291");
	try("564738291", "lin");
	try("lin", "739182");

	static const char *const secrets[] = { "564738291", "739182" };

	for (size_t i = 0; i < 2; i++) {
		cr_expect(not(file_has("zhanggui.db", secrets[i])));
		cr_expect(not(file_has("zhanggui.db-wal", secrets[i])));
	}
	cr_expect(file_has("zhanggui.db-wal", "lin"));
}

static void hashed(void *self, enum zg_result result, const char *hash, const struct zg_error *why)
{
	(void)why;
	snprintf(self, ZG_PIN_HASH_TEXT, "%s", hash);
	answer.is_done = true;
	answer.result = result;
}

Test(pins, a_hash_is_made_without_waiting_for_it)
{
	char hash[ZG_PIN_HASH_TEXT] = "";

	zg_pins_hash(pins, "918273", hashed, hash);
	cr_expect(not(answer.is_done));
	for (int i = 0; i < 1000 && !answer.is_done; i++)
		zg_loop_step(loop, 10);

	cr_expect(eq(int, answer.result, ZG_OK));
	cr_expect(eq(int, zg_pin_check_now("918273", hash), ZG_OK));
	zg_pins_hash(pins, "918273", hashed, hash);    /* ended by the close */
}

Test(pins, thieves_first_guesses_are_refused)
{
	static const struct { const char *pin; bool is_valid; } cases[] = {
		{ "739182", true }, { "1357", true }, { "0070", true }, { "123456789013", true }, { "1235", true },
		{ "", false }, { "739", false }, { "1234567890135", false }, { "73918a", false }, { " 7391", false },
		{ "0000", false }, { "111111", false }, { "1234", false }, { "0123", false }, { "7890", false },
		{ "4321", false }, { "9876543210", false }, { "1212", false }, { "787878", false }, { "７３９１", false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		enum zg_result result = zg_pin_is_valid(cases[i].pin, &err);

		cr_expect(eq(int, result, cases[i].is_valid ? ZG_OK : ZG_INVALID), "%s", cases[i].pin);
		if (!cases[i].is_valid && cases[i].pin[0])
			cr_expect(eq(ptr, strstr(err.text, cases[i].pin), NULL));
	}
}
