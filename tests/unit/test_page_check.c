/* The check of every page beside a till that sells: the real program, run as the till runs it. */
#include "src/base/alloc.h"
#include "src/till/page_check.h"
#include "tests/unit/shop.h"
#include "tests/unit/waiting.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROGRAM ZG_BUILD "/zhanggui"
#define PAGE    4096

static struct shop *shop;
static struct { int done; enum zg_result result; struct zg_error err; } outcome;

static void open_shop(void)
{
	shop = shop_begin(NULL);
	cr_assert(eq(int, shop_sign_in(shop, "boss"), ZG_OK), "%s", shop->err.text);
}

static void close_shop(void)
{
	shop_end(shop);
}

static void ended(void *self, enum zg_result result, const struct zg_error *err)
{
	(void)self;
	outcome.done++;
	outcome.result = result;
	outcome.err = *err;
}

static enum zg_result check(const char *program)
{
	outcome.done = 0;
	zg_page_check_start(shop->loop, program, shop->home, ended, NULL);
	wait_until(shop->loop, outcome.done > 0);
	return outcome.result;
}

TestSuite(page_check, .init = open_shop, .fini = close_shop);

Test(page_check, sound_books_are_found_sound_while_the_till_sells)
{
	outcome.done = 0;
	zg_page_check_start(shop->loop, PROGRAM, shop->home, ended, NULL);
	for (int i = 0; i < 50 && !outcome.done; i++)
		cr_assert(eq(int, shop_do(shop, "sale.add", "{s:s}", "code", i % 2 ? "1001" : "1002"), ZG_OK), "%s", shop->err.text);
	wait_until(shop->loop, outcome.done > 0);

	cr_expect(eq(int, outcome.result, ZG_OK), "%s", outcome.err.text);
	cr_expect(eq(int, outcome.done, 1));
}

/* The last pages are those of a table or an index: the books still open. */
Test(page_check, a_damaged_page_is_found_and_told)
{
	char *path = zg_print("%s/zhanggui.db", shop->home), rubbish[PAGE];
	struct stat about;

	shop_restart(shop);    /* all is in the file */
	cr_assert(eq(int, check(PROGRAM), ZG_OK), "%s", outcome.err.text);
	int fd = open(path, O_RDWR);

	cr_assert(eq(int, fstat(fd, &about), 0));
	memset(rubbish, 0xA5, sizeof(rubbish));
	for (off_t at = about.st_size - 8 * PAGE; at < about.st_size; at += PAGE)
		cr_assert(eq(sz, pwrite(fd, rubbish, sizeof(rubbish), at), sizeof(rubbish)));
	close(fd);

	cr_expect(eq(int, check(PROGRAM), ZG_BROKEN));
	cr_expect(ne(ptr, strstr(outcome.err.text, "The books are damaged"), NULL), "%s", outcome.err.text);
	free(path);
}

Test(page_check, a_check_that_could_not_be_done_is_told)
{
	static const char *const programs[] = { "/nowhere/zhanggui", "/bin/true", "/bin/false", "/bin/echo" };

	for (size_t i = 0; i < sizeof(programs) / sizeof(*programs); i++) {
		cr_expect(eq(int, check(programs[i]), ZG_BROKEN), "%s", programs[i]);
		cr_expect(ne(ptr, strstr(outcome.err.text, "zhanggui doctor"), NULL), "%s", outcome.err.text);
	}
}

Test(page_check, one_that_is_stopped_leaves_nothing)
{
	int before = count_descriptors();

	outcome.done = 0;
	zg_page_check_stop(zg_page_check_start(shop->loop, PROGRAM, shop->home, ended, NULL));

	cr_expect(eq(int, outcome.done, 0));
	cr_expect(eq(int, count_descriptors(), before));
	cr_expect(eq(int, waitpid(-1, NULL, WNOHANG), -1));
}
