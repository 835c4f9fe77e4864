/* Which language is read here, by the environment and by the shop's own setting. Each test is a process of its own. */
#include "src/base/i18n.h"
#include "src/base/locale.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

static void environment(const char *all, const char *messages, const char *lang)
{
	unsetenv("LANGUAGE");
	setenv("LC_ALL", all, 1);
	setenv("LC_MESSAGES", messages, 1);
	setenv("LANG", lang, 1);
}

static void expect_utf8_and_plain_numbers(void)
{
	char number[10];

	snprintf(number, sizeof(number), "%.1f", 1.5);
	cr_expect(eq(str, nl_langinfo(CODESET), "UTF-8"));
	cr_expect(eq(str, number, "1.5"));
}

/* A word that the catalogue of the build has. */
static char *word(void)
{
	return gettext("Cash");
}

Test(locale, an_encoding_that_is_not_utf8_becomes_it)
{
	environment("", "", "C");

	zg_locale_start();

	expect_utf8_and_plain_numbers();
	cr_expect(eq(str, word(), "Cash"));
	cr_expect(eq(ptr, getenv("LANGUAGE"), NULL));
}

Test(locale, chinese_is_chinese_even_without_its_locale_on_the_machine)
{
	static const char *const wanted[][3] = { { "zh_XX.UTF-8", "", "" }, { "", "zh_XX.UTF-8", "C" }, { "", "", "zh_XX" } };

	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		environment(wanted[i][0], wanted[i][1], wanted[i][2]);
		zg_locale_start();
		expect_utf8_and_plain_numbers();
		cr_expect(eq(str, getenv("LANGUAGE"), "zh_CN"));
	}
}

Test(locale, what_names_no_language_is_english)
{
	environment("", "", "");
	unsetenv("LANG");

	zg_locale_start();

	expect_utf8_and_plain_numbers();
	cr_expect(eq(ptr, getenv("LANGUAGE"), NULL));
	cr_expect(eq(str, word(), "Cash"));
}

Test(locale, the_shop_s_setting_changes_the_language_and_back)
{
	environment("C.UTF-8", "", "");
	zg_locale_start();

	zg_locale_choose("");
	cr_expect(eq(ptr, getenv("LANGUAGE"), NULL));
	cr_expect(eq(str, word(), "Cash"));
	zg_locale_choose("zh_CN");
	cr_expect(eq(str, getenv("LANGUAGE"), "zh_CN"));
	expect_utf8_and_plain_numbers();
	if (setlocale(LC_MESSAGES, NULL)[0] == 'z')
		cr_expect(eq(str, word(), "现金"));
	zg_locale_choose("en");
	cr_expect(eq(str, getenv("LANGUAGE"), "en"));
	cr_expect(eq(str, word(), "Cash"));
	expect_utf8_and_plain_numbers();
}

/* A catalogue that is not there leaves the English msgid, never a blank. */
Test(locale, without_a_catalogue_there_are_english_words)
{
	environment("C.UTF-8", "", "");
	setenv("ZHANGGUI_LOCALEDIR", "", 1);
	zg_locale_start();
	setenv("ZHANGGUI_LOCALEDIR", "/nowhere", 1);

	zg_locale_choose("zh_CN");

	cr_expect(eq(str, word(), "Cash"));
}
