#include "src/base/charset.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

Test(charset, what_gbk_lacks_is_a_question_mark_and_counted)
{
	static const struct { const char *text, *gbk; size_t missing; int cells; } cases[] = {
		{ "A 可乐", "A \xBF\xC9\xC0\xD6", 0, 6 },
		{ "¥1", "\xA3\xA4" "1", 0, 3 },        /* printed as the wide sign */
		{ "1\u00A0kg", "1 kg", 0, 4 },
		{ "a\x7F", "a?", 1, 2 },
		{ "\t", "?", 1, 1 },
		{ "😀é", "?\xA8\xA6", 1, 3 },          /* four bytes in GB18030: rubbish on paper */
		{ "\xFF", "?", 1, 1 },
	};
	struct zg_gbk *gbk = zg_gbk_new();

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct zg_buffer out = { 0 };

		cr_expect(eq(sz, zg_gbk_encode(gbk, cases[i].text, &out), cases[i].missing), "%zu", i);
		cr_expect(eq(str, (char *)zg_buffer_text(&out), (char *)cases[i].gbk), "%zu", i);
		cr_expect(eq(int, zg_paper_width(gbk, cases[i].text), cases[i].cells), "%zu", i);
		zg_buffer_clear(&out);
	}
	zg_gbk_free(gbk);
	zg_gbk_free(NULL);
}

Test(charset, bytes_that_are_not_gbk_are_told_by_their_place)
{
	struct zg_buffer out = { 0 };
	size_t at = 99;

	cr_expect(zg_gbk_decode("\xBF\xC9\x81\x30\x81\x30", 6, &out, &at));
	cr_expect(eq(str, (char *)zg_buffer_text(&out), "可\xC2\x80"));
	cr_expect(eq(sz, at, 99));
	cr_expect(not(zg_gbk_decode("\xBF\xC9\xFF\xFF", 4, &out, &at)));
	cr_expect(eq(sz, at, 2));
	cr_expect(not(zg_gbk_decode("\xBF", 1, &out, NULL)));
	zg_buffer_clear(&out);
}
