#include "src/base/text.h"
#include "tui/key.h"
#include "tui/scan.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* As the selling screen: signs act, words are text. */
static bool signs_act(void *context, uint32_t code)
{
	(void)context;
	return code < 0x80 && strchr("+-*/.", (int)code);
}

/* As a list or a box: everything acts. */
static bool all_acts(void *context, uint32_t code)
{
	(void)context;
	(void)code;
	return true;
}

static void drain(struct zg_burst *burst, int64_t now, char *out, size_t size)
{
	struct zg_burst_event event;
	char name[ZG_KEY_NAME];

	while (zg_burst_next(burst, now, &event)) {
		size_t at = strlen(out);

		switch (event.kind) {
		case ZG_BURST_KEY: snprintf(out + at, size - at, "%s", event.code == ZG_KEY_ENTER ? "¶" : zg_key_name(name, event.code)); break;
		case ZG_BURST_SCAN: snprintf(out + at, size - at, "%s<%s>", event.taken_back ? "^" : "", event.text); break;
		case ZG_BURST_CUT: snprintf(out + at, size - at, "!"); break;
		}
	}
}

/*
 * Plays characters; \r and \n are the two Enters, `_` lets 100 ms pass. Typed text stands as it is, a scan in <>, with
 * ^ when text of it had been passed on.
 */
static char *play(zg_burst_acts *acts, const char *keys, int gap, char *out, size_t size)
{
	struct zg_burst *burst = zg_burst_new();
	int64_t now = 1000;

	out[0] = '\0';
	zg_burst_listen(burst, acts, NULL);
	for (; *keys; keys++) {
		if (*keys == '_') {
			drain(burst, now += 100, out, size);
			continue;
		}
		zg_burst_push(burst, *keys == '\r' ? ZG_KEY_ENTER : *keys == '\n' ? ZG_KEY_LINE_FEED : *keys == '\033' ? ZG_KEY_ESC : (uint32_t)*keys, now);
		drain(burst, now, out, size);
		now += gap;
	}
	drain(burst, now + 5000, out, size);
	zg_burst_free(burst);
	return out;
}

Test(burst, a_scan_is_told_from_keys)
{
	static const struct { const char *keys; int gap; const char *out; } cases[] = {
		{ "6901028075831\r", 10, "6901028075831^<6901028075831>" },
		{ "6901028075831\r", 0, "6901028075831^<6901028075831>" },
		{ "6901028075831\n", 29, "6901028075831^<6901028075831>" },
		{ "6901028075831\r\n", 5, "6901028075831^<6901028075831>" },        /* CR LF is one Enter */
		{ "6901028075831\r_\n", 5, "6901028075831^<6901028075831>¶" },
		{ "6901028075831\r", 30, "6901028075831¶" },                         /* too slow */
		{ "6901028075832\r", 5, "6901028075832¶" },                          /* a wrong check digit */
		{ "12345\r", 5, "12345¶" }, { "123456\r", 5, "123456^<123456>" },
		{ "zhangsan\r", 0, "zhangsan¶" },                                    /* words typed in one write */
		{ "R010000187\r", 5, "R010000187^<R010000187>" },
		{ "134567890123456789\r", 5, "134567890123456789^<134567890123456789>" },
		{ "AB-1234/5\r", 5, "AB^<AB-1234/5>" },                              /* a code with signs deletes no line */
		{ "https://qr.example/a?b=1\r", 5, "https:^<https://qr.example/a?b=1>" },
		{ "100+", 0, "100+" }, { "100+\r", 0, "100+¶" }, { "+\r", 0, "+¶" }, { "+", 5, "+" },
		{ "10000.50+\r", 0, "10000.50+¶" }, { "12345.67\r", 0, "12345.67¶" }, { "123456+", 0, "123456+" },
		{ "3*6901028075831\r", 0, "3*6901028075831^<6901028075831>" },
		{ "----", 5, "----" }, { "5_-_2", 5, "5-2" },
		{ "6901028075831\r6901028075831\r+\r", 0, "6901028075831^<6901028075831>6901028075831^<6901028075831>+¶" },
		{ "12_6901028075831\r", 5, "126901028075831^<6901028075831>" },
		{ "\002" "12\r", 200, "<12>" }, { "\002" "R010000187\r5", 60, "<R010000187>5" },
		{ "\002" "690102", 5, "!" }, { "\002" "690\0337", 5, "!7" },
	};
	char out[1024];

	for (size_t i = 0; i < COUNT(cases); i++)
		cr_expect(eq(str, play(signs_act, cases[i].keys, cases[i].gap, out, sizeof(out)), (char *)cases[i].out), "case %zu", i);
}

/* In a box each digit is a choice: no digit of a scan may choose. */
Test(burst, where_every_key_acts_a_scan_touches_nothing)
{
	static const struct { const char *keys; int gap; const char *out; } cases[] = {
		{ "6901028075831\r", 10, "<6901028075831>" }, { "R010000187\r", 10, "<R010000187>" },
		{ "2", 0, "2" }, { "2\r", 0, "2¶" }, { "j_j_k", 5, "jjk" },
		{ "jjjj", 10, "jjjj" },                                  /* a key held down */
		{ "1111111111116\r", 10, "<1111111111116>" },
		{ "6901_", 10, "6901" }, { "\r", 0, "¶" },
	};
	char out[1024];

	for (size_t i = 0; i < COUNT(cases); i++)
		cr_expect(eq(str, play(all_acts, cases[i].keys, cases[i].gap, out, sizeof(out)), (char *)cases[i].out), "case %zu", i);
}

Test(burst, a_typed_key_acts_at_once_and_a_held_one_in_30_ms)
{
	struct zg_burst *burst = zg_burst_new();
	struct zg_burst_event event;

	zg_burst_listen(burst, signs_act, NULL);
	zg_burst_push(burst, '5', 1000);
	cr_assert(zg_burst_next(burst, 1000, &event));
	cr_expect(event.first);
	cr_expect(eq(int, zg_burst_wait(burst, 1000), -1));
	zg_burst_push(burst, '+', 1100);
	cr_expect(zg_burst_next(burst, 1100, &event));

	zg_burst_push(burst, '7', 2000);
	zg_burst_push(burst, '+', 2000);
	cr_expect(zg_burst_next(burst, 2000, &event));
	cr_expect(not(zg_burst_next(burst, 2000, &event)));
	cr_expect(eq(int, zg_burst_wait(burst, 2010), 20));
	cr_expect(zg_burst_next(burst, 2030, &event));
	cr_expect(eq(u32, event.code, '+'));
	zg_burst_free(burst);
}

Test(burst, six_digits_may_be_a_pin_while_one_is_asked_for)
{
	struct zg_burst *burst = zg_burst_new();
	char out[64] = "";

	zg_burst_require(burst, ZG_BURST_LEAST + 2);
	for (const char *key = "135790"; *key; key++)
		zg_burst_push(burst, (uint32_t)*key, 1000);
	zg_burst_push(burst, ZG_KEY_ENTER, 1000);
	drain(burst, 1000, out, sizeof(out));

	cr_expect(eq(str, out, "135790¶"));
	zg_burst_free(burst);
}
