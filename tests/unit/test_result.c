#include "src/base/result.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

Test(result, each_has_its_word_and_its_exit_code)
{
	static const struct { enum zg_result result; const char *name; int code; } cases[] = {
		{ ZG_OK, "ok", 0 }, { ZG_INVALID, "invalid", 3 }, { ZG_NOT_FOUND, "not-found", 1 }, { ZG_OFFLINE, "offline", 4 },
		{ ZG_UNKNOWN, "unknown", 4 }, { ZG_REFUSED, "refused", 3 }, { ZG_USAGE, "usage", 2 }, { ZG_BROKEN, "broken", 5 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cr_expect(eq(str, (char *)zg_result_name(cases[i].result), (char *)cases[i].name));
		cr_expect(eq(int, zg_result_parse(cases[i].name), cases[i].result));
		cr_expect(eq(int, zg_result_exit(cases[i].result), cases[i].code));
	}
	cr_expect(eq(str, (char *)zg_result_name((enum zg_result)99), "broken"));
	cr_expect(eq(int, zg_result_exit((enum zg_result)99), 5));
	cr_expect(eq(int, zg_result_parse("fine"), ZG_BROKEN));
}

/* A sentence that is too long must not end in half a character. */
Test(result, a_sentence_is_cut_between_two_characters)
{
	char longest[3 * ZG_ERROR_TEXT + 4] = "";
	struct zg_error err;

	for (size_t shift = 0; shift < 3; shift++) {
		memset(longest, 'a', shift);
		for (size_t i = 0; i < ZG_ERROR_TEXT; i++)
			memcpy(longest + shift + 3 * i, "钱", 4);
		cr_expect(eq(int, zg_fail(&err, ZG_REFUSED, "%s", longest), ZG_REFUSED));
		cr_expect(eq(int, err.result, ZG_REFUSED));
		cr_expect(eq(sz, (strlen(err.text) - shift) % 3, 0), "%zu", shift);
		cr_expect(gt(sz, strlen(err.text), ZG_ERROR_TEXT - 5));
	}
	memset(longest, 'a', ZG_ERROR_TEXT);
	longest[ZG_ERROR_TEXT] = '\0';
	zg_fail(&err, ZG_BROKEN, "%s", longest);
	cr_expect(eq(sz, strlen(err.text), ZG_ERROR_TEXT - 1));
	memset(longest, 0x80, ZG_ERROR_TEXT);    /* no character begins anywhere */
	zg_fail(&err, ZG_BROKEN, "%s", longest);
	cr_expect(eq(str, err.text, ""));
	memset(longest, 'a', ZG_ERROR_TEXT - 1);
	longest[ZG_ERROR_TEXT - 1] = '\0';
	zg_fail(&err, ZG_BROKEN, "%s", longest);
	cr_expect(eq(sz, strlen(err.text), ZG_ERROR_TEXT - 1));
	cr_expect(eq(int, zg_fail(NULL, ZG_OFFLINE, "nobody reads it"), ZG_OFFLINE));
}
