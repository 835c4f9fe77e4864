#include "src/base/text.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

Test(text, a_character_written_too_long_or_outside_unicode_is_none)
{
	static const struct { const char *bytes; bool valid; } cases[] = {
		{ "A", true }, { "\xC2\x80", true }, { "\xE0\xA0\x80", true }, { "\xED\x9F\xBF", true }, { "\xEE\x80\x80", true },
		{ "\xF0\x90\x80\x80", true }, { "\xF4\x8F\xBF\xBF", true },
		{ "\x80", false }, { "\xC1\xBF", false }, { "\xE0\x9F\xBF", false }, { "\xF0\x8F\xBF\xBF", false }, { "\xED\xA0\x80", false },
		{ "\xED\xBF\xBF", false }, { "\xF4\x90\x80\x80", false }, { "\xF5\x80\x80\x80", false }, { "\xE4\xB8", false }, { "\xE4\x41\x80", false },
		{ "\xE4\xB8\x41", false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t length = strlen(cases[i].bytes);
		uint32_t character;
		bool valid;
		size_t step = zg_text_next(cases[i].bytes, length, &character, &valid);

		cr_expect(eq(int, valid, cases[i].valid), "%zu", i);
		cr_expect(eq(sz, step, cases[i].valid ? length : 1), "%zu", i);
		if (!valid)
			cr_expect(eq(u32, character, 0xFFFD), "%zu", i);
		char put[5] = "";

		if (valid)
			cr_expect(eq(sz, zg_text_put(put, character), length), "%zu", i);
		if (valid)
			cr_expect(eq(str, put, (char *)cases[i].bytes), "%zu", i);
	}
}

Test(text, the_door_says_what_is_wrong_and_where)
{
	static const struct { const char *bytes; int at; const char *why; } cases[] = {
		{ "可乐 330ml", -1, NULL },
		{ "e\u0301\u0301\u0301!", -1, NULL },
		{ "ab\x01", 2, "a control character" },
		{ "a\x7F", 1, "a control character" },
		{ "a\xC2\x85", 1, "a control character" },
		{ "可\xFF", 3, "bytes that are not UTF-8" },
		{ "a\u202E", 1, "an invisible or direction-changing character" },
		{ "a\uFEFF", 1, "an invisible or direction-changing character" },
		{ "\U000E0041", 0, "an invisible or direction-changing character" },
		{ "a\u0378", 1, "a character that cannot be shown" },    /* never assigned */
		{ "\u0301a", 0, "too many combining marks" },
		{ "e\u0301\u0301\u0301\u0301", 7, "too many combining marks" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t length = strlen(cases[i].bytes), at = 0;
		const char *why = NULL;

		cr_expect(eq(int, zg_text_is_clean(cases[i].bytes, length, &at, &why), cases[i].why == NULL), "%zu", i);
		cr_expect(eq(int, zg_text_is_clean(cases[i].bytes, length, NULL, NULL), cases[i].why == NULL), "%zu", i);
		if (!cases[i].why)
			continue;
		cr_assert(ne(ptr, (void *)why, NULL), "%zu", i);
		cr_expect(eq(str, (char *)why, (char *)cases[i].why), "%zu", i);
		cr_expect(eq(int, (int)at, cases[i].at), "%zu", i);
	}
}

Test(text, what_comes_in_is_cleaned_cut_and_counted)
{
	static const struct { const char *bytes, *clean; size_t size, changed; } cases[] = {
		{ "可乐", "可乐", 20, 0 },
		{ "a\tb\nc\rd", "a b c d", 20, 3 },
		{ "a\x1b[2J", "a?[2J", 20, 1 },
		{ "\xFF\xFE", "??", 20, 2 },
		{ "e\u0301\u0301\u0301\u0301", "e\u0301\u0301\u0301?", 20, 1 },
		{ "可乐", "可", 6, 1 },    /* never half a character */
		{ "可乐", "可乐", 7, 0 },
		{ "a", "", 1, 1 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char out[20];

		cr_expect(eq(sz, zg_text_clean(out, cases[i].size, cases[i].bytes, strlen(cases[i].bytes)), cases[i].changed), "%zu", i);
		cr_expect(eq(str, out, (char *)cases[i].clean), "%zu", i);
	}
}

Test(text, the_screen_cuts_before_the_character_that_does_not_fit)
{
	int used = -1;

	cr_expect(eq(sz, zg_screen_cut("可乐", 3, &used), 3));
	cr_expect(eq(int, used, 2));
	cr_expect(eq(sz, zg_screen_cut("可乐", 4, NULL), 6));
	cr_expect(eq(sz, zg_screen_cut("a可", 0, &used), 0));
	cr_expect(eq(int, used, 0));
	cr_expect(eq(int, zg_screen_width("e\u0301可"), 3));
	cr_expect(eq(int, zg_screen_width("\x01\x02"), 2), "what has no width counts as one cell");
}

Test(text, spaces_at_both_ends_are_taken_off)
{
	char spaced[] = "  a b ", blank[] = "   ", none[] = "", upper[] = "ab-Z可{`";

	zg_text_trim(spaced);
	zg_text_trim(blank);
	zg_text_trim(none);
	zg_text_upper(upper);

	cr_expect(eq(str, spaced, "a b"));
	cr_expect(eq(str, blank, ""));
	cr_expect(eq(str, none, ""));
	cr_expect(eq(str, upper, "AB-Z可{`"));
}
