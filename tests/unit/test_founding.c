#include "src/till/founding.h"

#include "src/base/alloc.h"
#include "tests/unit/fault.h"
#include "tests/unit/scratch.h"
#include "tests/unit/shop.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEN "0123456789"
#define LONG TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN    /* 130 */

static char *place;
static struct zg_error err;

static void begin(void)
{
	place = scratch_begin();
	err = (struct zg_error){ .text = "" };
}

static void end(void)
{
	fault_off();
	scratch_end(place);
}

TestSuite(founding, .init = begin, .fini = end, .timeout = 120);

static enum zg_result found(const char *home)
{
	struct zg_founding founding = { .home = home, .name = "好又多", .language = "en", .admin = "boss", .pin = SHOP_PIN };

	return zg_shop_found(&founding, &zg_real_clock, &err);
}

/* A shop that opens, and its admin signs in. */
static void expect_shop(const char *home, const char *why)
{
	struct shop *shop = shop_at(home);

	cr_expect(eq(int, shop_open(shop), ZG_OK), "%s: %s", why, shop->err.text);
	if (shop->till) {
		cr_expect(eq(int, shop_sign_in(shop, "boss"), ZG_OK), "%s: %s", why, shop->err.text);
		cr_expect(eq(str, (char *)zg_till_config(shop->till)->name, "好又多"), "%s", why);
		shop_leave(shop);
	}
}

static char *inside(const char *name)
{
	return zg_print("%s/%s", place, name);
}

static void run(const char *words)
{
	setenv("PLACE", place, 1);
	cr_assert(eq(int, system(words), 0), "%s", words);
}

Test(founding, a_shop_is_founded_with_the_directories_above_it)
{
	char *home = inside("a/b/shop");
	struct stat about;

	cr_assert(eq(int, found(home), ZG_OK), "%s", err.text);
	cr_assert(eq(int, stat(home, &about), 0));
	cr_expect(eq(int, (int)(about.st_mode & 0777), 0700));
	expect_shop(home, "new");
	cr_expect(eq(int, found(home), ZG_INVALID));
	cr_expect(ne(ptr, strstr(err.text, "a shop in"), NULL), "%s", err.text);
	expect_shop(home, "as it was");
	free(home);
}

Test(founding, what_cannot_be_a_shop_leaves_nothing_behind)
{
	static const struct { struct zg_founding founding; const char *word; } cases[] = {
		{ { .name = "", .admin = "boss", .pin = SHOP_PIN }, "shop's name" },
		{ { .name = LONG, .admin = "boss", .pin = SHOP_PIN }, "shop's name" },
		{ { .name = "a\x1b[2J", .admin = "boss", .pin = SHOP_PIN }, "shop's name" },
		{ { .name = "x", .admin = "the boss", .pin = SHOP_PIN }, "login" },
		{ { .name = "x", .admin = "boss", .admin_name = "", .pin = SHOP_PIN }, "person's name" },
		{ { .name = "x", .admin = "boss", .admin_name = LONG, .pin = SHOP_PIN }, "person's name" },
		{ { .name = "x", .admin = "boss", .admin_name = "a\nb", .pin = SHOP_PIN }, "person's name" },
		{ { .name = "x", .admin = "boss", .language = "de", .pin = SHOP_PIN }, "zh_CN or en" },
		{ { .name = "A ; B", .admin = "boss", .pin = SHOP_PIN }, "" },
		{ { .name = "x", .admin = "boss", .pin = "1234" }, "thief" },
		{ { .name = "x", .admin = "boss", .pin = "no" }, "A PIN has" },
	};
	char *home = inside("shop");

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct zg_founding founding = cases[i].founding;

		founding.home = home;
		cr_expect(ne(int, zg_shop_found(&founding, &zg_real_clock, &err), ZG_OK), "%zu", i);
		cr_expect(ne(ptr, strstr(err.text, cases[i].word), NULL), "%zu: %s", i, err.text);
		cr_expect(eq(int, access(home, F_OK), -1), "%zu", i);
	}
	free(home);
}

Test(founding, a_person_may_have_a_name_and_the_language_may_follow_the_computer)
{
	char *home = inside("shop");
	struct zg_founding founding = { .home = home, .name = "好又多", .admin = "boss", .admin_name = "王老板", .pin = SHOP_PIN };
	struct shop *shop;

	cr_assert(eq(int, zg_shop_found(&founding, &zg_real_clock, &err), ZG_OK), "%s", err.text);
	shop = shop_at(home);
	cr_assert(eq(int, shop_open(shop), ZG_OK), "%s", shop->err.text);
	cr_expect(eq(str, (char *)zg_till_config(shop->till)->language, ""));
	cr_expect(eq(int, shop_sign_in(shop, "boss"), ZG_OK));
	cr_expect(eq(str, (char *)zg_till_person(shop->till)->name, "王老板"));
	shop_leave(shop);
	free(home);
}

/* What lies where the shop is to be. */
Test(founding, a_place_that_is_not_the_shops_alone_is_refused)
{
	static const struct { const char *lay, *home; enum zg_result result; const char *word; } cases[] = {
		{ "mkdir $PLACE/mine && touch $PLACE/mine/letter", "mine", ZG_INVALID, "holds other things, such as letter" },
		{ "touch $PLACE/file", "file", ZG_INVALID, "is not a directory" },
		{ "touch $PLACE/above", "above/shop", ZG_BROKEN, "cannot be made" },
		{ "touch $PLACE/far", "far/away/shop", ZG_BROKEN, "cannot be made" },
		{ "mkdir $PLACE/half && touch $PLACE/half/keys", "half", ZG_BROKEN, "half/keys cannot be made" },
		{ "mkdir $PLACE/copies && touch $PLACE/copies/backup", "copies", ZG_BROKEN, "copies/backup cannot be made" },
		{ "mkdir -p $PLACE/conf/zhanggui.conf", "conf", ZG_USAGE, "not a settings file" },
		{ "mkdir $PLACE/rubbish && echo rubbish >$PLACE/rubbish/zhanggui.db", "rubbish", ZG_INVALID, "a shop in" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *home = inside(cases[i].home), *books = zg_print("%s/zhanggui.db", home);
		bool had_books = strstr(cases[i].lay, "zhanggui.db") != NULL;

		run(cases[i].lay);
		cr_expect(eq(int, found(home), cases[i].result), "%s: %s", cases[i].lay, err.text);
		cr_expect(ne(ptr, strstr(err.text, cases[i].word), NULL), "%s: %s", cases[i].lay, err.text);
		cr_expect(eq(int, access(books, F_OK) == 0, had_books), "%s", cases[i].lay);
		free(books);
		free(home);
	}
	if (geteuid() == 0) {    /* only root can give a directory away */
		char *home = inside("theirs");

		run("mkdir $PLACE/theirs && chown 65534 $PLACE/theirs");
		cr_expect(eq(int, found(home), ZG_INVALID));
		cr_expect(ne(ptr, strstr(err.text, "another user"), NULL), "%s", err.text);
		free(home);
	}
}

/* Settings and directories that were laid there beforehand are kept. */
Test(founding, what_was_prepared_for_the_shop_is_kept)
{
	char *home = inside("shop");
	struct shop *shop;

	run("mkdir -p $PLACE/shop/printers $PLACE/shop/keys $PLACE/shop/backup && printf '[till]\\nid = 7\\n' >$PLACE/shop/zhanggui.conf");
	cr_assert(eq(int, found(home), ZG_OK), "%s", err.text);
	shop = shop_at(home);
	cr_assert(eq(int, shop_open(shop), ZG_OK), "%s", shop->err.text);
	cr_expect(eq(int, zg_till_config(shop->till)->till_id, 7));
	shop_leave(shop);
	free(home);
}

/* Cut off at any statement of the books, a founding can be made again. */
Test(founding, a_founding_that_the_books_refuse_can_be_made_again)
{
	bool is_over = false;
	int n = 0, refused = 0;

	for (; n < 100 && !is_over; n++) {
		char *name = zg_print("shop%d", n), *home = inside(name);

		fault_at(n, SQLITE_FULL, false);
		enum zg_result result = found(home);

		fault_off();
		is_over = !fault_is_met();
		if (result != ZG_OK) {
			cr_expect(gt(sz, strlen(err.text), 0), "at %d (%s)", n, fault_where());
			cr_expect(eq(int, found(home), ZG_OK), "again, after %d (%s): %s", n, fault_where(), err.text);
			refused++;
		}
		if (n % 4 == 0 || is_over)
			expect_shop(home, fault_where());
		free(home);
		free(name);
	}
	cr_expect(is_over);
	cr_expect(gt(int, refused, 3));
}
