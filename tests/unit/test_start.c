#include "src/base/alloc.h"
#include "src/store/journal.h"
#include "tests/unit/shop.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DAY_MS 86400000LL

static struct shop *shop;

static void open_shop(void)
{
	shop = shop_begin(NULL);
	cr_assert(eq(int, shop_sign_in(shop, "lin"), ZG_OK), "%s", shop->err.text);
	cr_assert(eq(int, shop_do(shop, "shift.open", "{s:i}", "float_fen", 20000), ZG_OK), "%s", shop->err.text);
}

static void close_shop(void)
{
	shop_end(shop);
}

#define DO(...) cr_assert(eq(int, shop_do(shop, __VA_ARGS__), ZG_OK), "%s", shop->err.text)

static void close_shift(void)
{
	DO("shift.count", "{s:i}", "total_fen", 20000);
	DO("shift.close", NULL);
}

struct found {
	const char *kind;
	int rows;
	int64_t seq;    /* of the last one */
	char body[400];
};

static bool look(const struct zg_journal_row *row, void *self)
{
	struct found *found = self;

	if (strcmp(row->kind, found->kind) == 0) {
		found->rows++;
		found->seq = row->seq;
		snprintf(found->body, sizeof(found->body), "%s", row->body);
	}
	return true;
}

static struct found journal(const char *kind)
{
	struct found found = { .kind = kind };

	cr_assert(eq(int, zg_journal_read(zg_till_store(shop->till), 1, 0, look, &found, NULL), ZG_OK));
	return found;
}

static void make_file(const char *name)
{
	char *path = zg_print("%s/%s", shop->home, name);
	int fd = open(path, O_WRONLY | O_CREAT, 0600);

	cr_assert(ge(int, fd, 0));
	close(fd);
	free(path);
}

/* Ends the till as a kill would: the marker of a running till is found at the next start. */
static void restart_suddenly(void)
{
	zg_till_close(shop->till);
	make_file("zhanggui.running");
	shop->till = NULL;
	shop_restart(shop);
}

TestSuite(start, .init = open_shop, .fini = close_shop, .timeout = 120);

Test(start, a_clock_that_went_back_while_no_till_ran_is_written_down_once)
{
	shop_restart(shop);
	cr_expect(eq(int, journal("clock.back").rows, 0));
	shop->now_ms -= 3600 * 1000;
	shop_restart(shop);

	cr_expect(eq(int, journal("clock.back").rows, 1));
	cr_expect(ne(ptr, strstr(journal("clock.back").body, "\"back_ms\""), NULL));
	shop_restart(shop);
	cr_expect(eq(int, journal("clock.back").rows, 1), "it has not gone back again");
}

/* A second at a time is a day at last. */
Test(start, a_clock_that_goes_back_by_small_steps_is_written_down_too)
{
	for (int i = 0; i < 4; i++) {    /* the third is one too many; the fourth stays far from the limit, whatever the two clocks jitter */
		shop->now_ms -= 1000;
		DO("sale.add", "{s:s}", "code", "1001");
	}
	cr_expect(eq(int, journal("clock.back").rows, 1));
	shop->now_ms += 4000;
	DO("sale.add", "{s:s}", "code", "1001");
	cr_expect(eq(int, journal("clock.back").rows, 1), "forward is no news");
}

/* The row about the clock comes before the rows that bear the wrong time. */
Test(start, a_step_back_is_written_down_before_what_is_done_after_it)
{
	DO("sale.add", "{s:s}", "code", "1001");
	shop->now_ms -= DAY_MS;
	DO("sale.pay", NULL);

	cr_expect(eq(int, journal("clock.back").rows, 1));
	cr_expect(lt(long, journal("clock.back").seq, journal("sale.paid").seq));
}

Test(start, a_step_back_just_before_the_till_ends_is_written_down)
{
	shop->now_ms += DAY_MS / 2;
	shop->running_ms += DAY_MS / 2;
	shop->now_ms -= DAY_MS / 4;    /* still after the journal's last row */
	zg_till_close(shop->till);
	shop->till = NULL;
	shop_restart(shop);

	cr_expect(eq(int, journal("clock.back").rows, 1));
}

/* A computer without a clock of its own, before it has heard the time. */
Test(start, a_clock_in_1970_opens_no_first_shift_without_an_admin)
{
	shop_end(shop);
	shop = shop_begin(NULL);
	shop->now_ms -= zg_clock_now(&zg_real_clock) - 60000;

	cr_expect(eq(int, shop_do_as(shop, "lin", NULL, "shift.open", "{s:i}", "float_fen", 0), ZG_REFUSED));
	cr_expect(ne(ptr, strstr(shop->err.text, "clock"), NULL));
	shop->now_ms = 30 * DAY_MS;
	cr_expect(eq(int, shop_do_as(shop, "lin", NULL, "shift.open", "{s:i}", "float_fen", 0), ZG_OK), "a shop may open weeks after it was set up");
}

/* One shift in the year 2036 would keep every shift before it shut. */
Test(start, a_clock_years_ahead_opens_no_shift_without_an_admin)
{
	close_shift();
	shop->now_ms += 3650 * DAY_MS;

	cr_expect(eq(int, shop_do_as(shop, "lin", NULL, "shift.open", "{s:i}", "float_fen", 0), ZG_REFUSED));
	cr_expect(ne(ptr, strstr(shop->err.text, "clock"), NULL));
	cr_expect(eq(int, shop_do_as(shop, "lin", "ding", "shift.open", "{s:i}", "float_fen", 0), ZG_REFUSED));
	cr_expect(eq(int, journal("clock.override").rows, 0));
	cr_expect(eq(int, shop_do_as(shop, "lin", "boss", "shift.open", "{s:i}", "float_fen", 0), ZG_OK), "%s", shop->err.text);
	cr_expect(eq(int, journal("clock.override").rows, 1));
	cr_expect(ne(ptr, strstr(journal("clock.override").body, "boss"), NULL), "who lent it is kept");
}

Test(start, a_shop_that_rested_for_days_opens_as_always)
{
	close_shift();
	shop->now_ms += 4 * DAY_MS;

	cr_expect(eq(int, shop_do_as(shop, "lin", NULL, "shift.open", "{s:i}", "float_fen", 0), ZG_OK), "%s", shop->err.text);
	cr_expect(eq(int, journal("clock.override").rows, 0));
}

/* Once the clock is right again, the shop must not wait for the wrong day to come. */
Test(start, an_admin_opens_the_shop_after_a_shift_in_the_future)
{
	close_shift();
	shop->now_ms += 3650 * DAY_MS;
	cr_assert(eq(int, shop_do_as(shop, "boss", NULL, "shift.open", "{s:i}", "float_fen", 0), ZG_OK));
	cr_assert(eq(int, shop_do_as(shop, "boss", NULL, "shift.count", "{s:i}", "total_fen", 0), ZG_OK));
	cr_assert(eq(int, shop_do_as(shop, "boss", NULL, "shift.close", NULL), ZG_OK), "%s", shop->err.text);
	shop->now_ms -= 3650 * DAY_MS;

	cr_expect(eq(int, shop_do_as(shop, "lin", NULL, "shift.open", "{s:i}", "float_fen", 0), ZG_REFUSED));
	cr_expect(eq(int, shop_do_as(shop, "boss", NULL, "shift.open", "{s:i}", "float_fen", 0), ZG_OK), "%s", shop->err.text);
	cr_expect(eq(int, journal("clock.override").rows, 2));
	cr_assert(eq(int, shop_do_as(shop, "boss", NULL, "shift.count", "{s:i}", "total_fen", 0), ZG_OK));
	cr_assert(eq(int, shop_do_as(shop, "boss", NULL, "shift.close", NULL), ZG_OK));
	cr_expect(eq(int, shop_do_as(shop, "lin", NULL, "shift.open", "{s:i}", "float_fen", 0), ZG_OK), "the next is as always");
}

Test(start, what_was_booked_last_before_a_sudden_end_is_named_as_what_it_was)
{
	char number[40];

	DO("sale.add", "{s:s}", "code", "1001");
	DO("sale.pay", "{s:i}", "tendered_fen", 200);
	snprintf(number, sizeof(number), "%s", shop_text(shop, "number"));
	restart_suddenly();
	cr_expect(ne(ptr, strstr(zg_till_newest_alarm(shop->till), "The last sale"), NULL), "%s", zg_till_newest_alarm(shop->till));

	cr_assert(eq(int, shop_do_as(shop, "ding", NULL, "sale.refund", "{s:s, s:b, s:s}", "number", number, "all", 1, "reason", "坏了"), ZG_OK));
	restart_suddenly();
	const char *alarm = zg_till_newest_alarm(shop->till);

	cr_expect(ne(ptr, strstr(alarm, "refund"), NULL), "%s", alarm);
	cr_expect(eq(ptr, strstr(alarm, "-2.00"), NULL), "%s", alarm);
}

/* ---- what acts leave outside the till ---- */

static void ended(void *self, enum zg_result result, const json_t *answer, const struct zg_error *err)
{
	(void)answer;
	(void)err;
	*(int *)self = (int)result;
}

static bool take_uid(const struct zg_journal_row *row, void *self)
{
	*(int64_t *)self = row->uid;
	return true;
}

/* Over the control socket it is not the till's own OS user who asks. */
Test(start, the_journal_keeps_the_os_user_who_asked)
{
	int64_t uid = 4711, seen = 0;
	int result = -1;
	struct zg_call call = { .act = "session.lock", .uid = &uid, .done = ended, .self = &result };

	cr_assert(eq(int, zg_journal_read(zg_till_store(shop->till), 1, 0, take_uid, &seen, NULL), ZG_OK));
	cr_expect(eq(long, seen, (long)getuid()));
	zg_till_call(shop->till, &call);

	cr_assert(eq(int, result, ZG_OK));
	cr_assert(eq(int, zg_journal_read(zg_till_store(shop->till), 1, 0, take_uid, &seen, NULL), ZG_OK));
	cr_expect(eq(long, seen, 4711));
}

static bool conf_says(const char *word)
{
	char text[2000] = "", *path = zg_print("%s/zhanggui.conf", shop->home);
	FILE *file = fopen(path, "r");

	cr_assert(ne(ptr, file, NULL));
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	free(path);
	return strstr(text, word) != NULL;
}

static int refuse(void *self)
{
	(void)self;
	return 1;
}

/* A setting that the journal does not tell of has not changed. */
Test(start, settings_change_only_with_their_journal_row)
{
	sqlite3 *db = zg_store_raw(zg_till_store(shop->till));

	sqlite3_commit_hook(db, refuse, NULL);
	cr_expect(ne(int, shop_do_as(shop, "boss", NULL, "shop.set", "{s:s}", "phone", "0571-999"), ZG_OK));
	sqlite3_commit_hook(db, NULL, NULL);
	cr_expect(not(conf_says("0571-999")));
	cr_expect(eq(str, (char *)zg_till_config(shop->till)->phone, ""));
	cr_expect(eq(int, journal("shop.set").rows, 0));

	cr_expect(eq(int, shop_do_as(shop, "boss", NULL, "shop.set", "{s:s}", "phone", "0571-888"), ZG_OK), "%s", shop->err.text);
	cr_expect(conf_says("0571-888"));
	cr_expect(not(conf_says("0571-999")));
	cr_expect(eq(str, (char *)zg_till_config(shop->till)->phone, "0571-888"));
	cr_expect(eq(int, journal("shop.set").rows, 1));
}
