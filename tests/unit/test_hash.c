#include "src/io/hash.h"
#include "tests/unit/waiting.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

struct heard {
	struct zg_loop *loop;
	bool is_done;
	enum zg_result result;
	char hash[ZG_PIN_HASH_TEXT];
	int ticks;
};

static void hashed(void *self, enum zg_result result, const char *hash)
{
	struct heard *heard = self;

	heard->is_done = true;
	heard->result = result;
	strcpy(heard->hash, hash);
}

static void checked(void *self, enum zg_result result)
{
	struct heard *heard = self;

	heard->is_done = true;
	heard->result = result;
}

static void tick(void *self)
{
	struct heard *heard = self;

	heard->ticks++;
	if (!heard->is_done)
		zg_timer_add(heard->loop, 1, tick, heard);
}

static enum zg_result check(struct zg_loop *loop, const char *pin, const char *stored)
{
	struct heard heard = { .loop = loop };

	zg_pin_check(loop, pin, stored, checked, &heard);
	cr_assert(not(heard.is_done));
	wait_until(loop, heard.is_done);
	return heard.result;
}

Test(hash, a_pin_is_right_only_for_its_own_hash)
{
	struct zg_loop *loop = zg_loop_new(&zg_real_clock);
	struct heard heard = { .loop = loop };
	char longest[ZG_PIN_MAX + 2];

	zg_pin_hash(loop, "4711", hashed, &heard);
	wait_until(loop, heard.is_done);
	cr_assert(eq(int, heard.result, ZG_OK));
	cr_expect(eq(int, strncmp(heard.hash, "$y$", 3), 0));

	cr_expect(eq(int, check(loop, "4711", heard.hash), ZG_OK));
	cr_expect(eq(int, check(loop, "4712", heard.hash), ZG_REFUSED));
	cr_expect(eq(int, check(loop, "", heard.hash), ZG_REFUSED));
	cr_expect(eq(int, check(loop, "47110", heard.hash), ZG_REFUSED));
	memset(longest, '1', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	cr_expect(eq(int, check(loop, longest, heard.hash), ZG_REFUSED));
	zg_loop_free(loop);
}

Test(hash, nobody_s_pin_is_never_right)
{
	static const char *const stored[] = { NULL, "", "4711", "$6$salt$", "$y$", "$y$j9T$", "$y$j9T$!!!!$x" };
	struct zg_loop *loop = zg_loop_new(&zg_real_clock);

	for (size_t i = 0; i < sizeof(stored) / sizeof(stored[0]); i++)
		cr_expect(eq(int, check(loop, "4711", stored[i]), ZG_REFUSED), "case %zu", i);
	zg_loop_free(loop);
}

Test(hash, a_pin_that_is_too_long_is_not_hashed)
{
	struct zg_loop *loop = zg_loop_new(&zg_real_clock);
	struct heard heard = { .loop = loop };
	char pin[ZG_PIN_MAX + 8];

	memset(pin, '1', sizeof(pin) - 1);
	pin[sizeof(pin) - 1] = '\0';
	zg_pin_hash(loop, pin, hashed, &heard);
	wait_until(loop, heard.is_done);

	cr_expect(eq(int, heard.result, ZG_BROKEN));
	cr_expect(eq(str, heard.hash, ""));
	zg_loop_free(loop);
}

Test(hash, the_loop_goes_on_while_a_pin_is_checked)
{
	struct zg_loop *loop = zg_loop_new(&zg_real_clock);
	struct heard heard = { .loop = loop };

	zg_pin_check(loop, "4711", NULL, checked, &heard);
	tick(&heard);
	wait_until(loop, heard.is_done);

	cr_expect(gt(int, heard.ticks, 2));
	zg_loop_free(loop);
}

Test(hash, a_check_that_is_called_off_says_nothing)
{
	struct zg_loop *loop = zg_loop_new(&zg_real_clock);
	struct heard heard = { .loop = loop };

	zg_pin_cancel(zg_pin_check(loop, "4711", NULL, checked, &heard));
	zg_pin_cancel(NULL);
	for (int i = 0; i < 5; i++)
		zg_loop_step(loop, 10);

	cr_expect(not(heard.is_done));
	zg_loop_free(loop);
}
