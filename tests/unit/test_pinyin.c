#include "src/base/pinyin.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

Test(pinyin, goods_are_found_by_the_letters_a_cashier_types)
{
	static const struct { const char *name, *initials; } cases[] = {
		{ "农夫山泉", "NFSQ" }, { "康师傅", "KSF" }, { "可口可乐", "KKKL" },
		{ "农夫山泉 550ml", "NFSQ550ML" }, { "散装红富士苹果", "SZHFSPG" },
		{ "番茄酱", "FQJ" }, { "汤匙", "TC" }, { "长城干红", "CCGH" }, { "厦门馅饼", "XMXB" },
		{ "重庆小面", "ZQXM" }, { "银行", "YX" }, { "薄荷糖", "BHT" }, { "绿茶", "LC" }, { "女儿红", "NEH" },
		{ "七喜(罐装)", "QXGZ" }, { "Café·奶", "CAFN" }, { "a1b2", "A1B2" }, { "", "" }, { "——", "" },
		{ "一龥鿿", "YY" },    /* the ends of the table; the last has no reading */
	};
	char initials[64];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t count = zg_pinyin_initials(cases[i].name, initials, sizeof(initials));

		cr_expect(eq(str, initials, (char *)cases[i].initials), "%s", cases[i].name);
		cr_expect(eq(sz, count, strlen(cases[i].initials)));
	}
}

Test(pinyin, initials_that_do_not_fit_are_left_out)
{
	char initials[4] = "???", one[1] = { '?' };

	cr_expect(eq(sz, zg_pinyin_initials("农夫山泉", initials, sizeof(initials)), 3));
	cr_expect(eq(str, initials, "NFS"));
	cr_expect(eq(sz, zg_pinyin_initials("农夫山泉", one, sizeof(one)), 0));
	cr_expect(eq(str, one, ""));
	cr_expect(eq(sz, zg_pinyin_initials("农夫山泉", initials, 0), 0));
}

/* Bytes that are not UTF-8 never reach this far, but they must not lead out of the table either. */
Test(pinyin, broken_text_gives_no_letters)
{
	char initials[16];

	zg_pinyin_initials("\xE4\xB8\xFF\x80x", initials, sizeof(initials));

	cr_expect(eq(str, initials, "X"));
}
