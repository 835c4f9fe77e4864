#include "src/base/alloc.h"
#include "src/base/buffer.h"
#include "src/base/ini.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static enum zg_result note(void *self, const char *section, const char *key, const char *value, size_t line,
			   struct zg_error *err)
{
	if (strcmp(key, "bad") == 0)
		return zg_fail(err, ZG_USAGE, "no such setting.");
	zg_buffer_print(self, "%zu %s.%s=%s;", line, section, key, value);
	return ZG_OK;
}

static enum zg_result read_text(const char *text, struct zg_buffer *out, struct zg_error *err)
{
	return zg_ini_read(text, strlen(text), "shop.conf", note, out, err);
}

Test(ini, settings_are_taken_with_section_and_line)
{
	struct zg_buffer out = { 0 };
	struct zg_error err = { .text = "" };

	enum zg_result result = read_text("\xEF\xBB\xBF# shop\n; too\n\n[shop]\r\nname = 好又多 超市\r\n[till]\t\nid\t=\t01\t", &out, &err);

	cr_expect(eq(int, result, ZG_OK), "%s", err.text);
	cr_expect(eq(str, (char *)zg_buffer_text(&out), "5 shop.name=好又多 超市;7 till.id=01;"));
	zg_buffer_clear(&out);
}

Test(ini, what_would_be_cut_or_guessed_is_refused_with_its_line)
{
	static const struct { const char *text, *start; } cases[] = {
		{ "a=1\nb = A ; B\n", "shop.conf, line 2: ';'" },
		{ "a=1\n\n  b=2\n", "shop.conf, line 3: the line begins with a space" },
		{ "a=1\na = 2\n", "shop.conf, line 2: this setting stands there twice" },
		{ "[shop\n", "shop.conf, line 1: this heading" },
		{ "[]\n", "shop.conf, line 1: this heading" },
		{ "[1234567890123456789012345678901234567890123456789]\n", "shop.conf, line 1: this heading" },    /* 49 */
		{ "[shop] x\n", "shop.conf, line 1: this heading" },
		{ "a=1\nword\n", "shop.conf, line 2: there is no setting" },
		{ "[a]b]\n", "shop.conf, line 1: this heading" },
		{ "tcp:host = 1\n", "shop.conf, line 1: there is no setting" },
		{ "=1\n", "shop.conf, line 1: there is no setting" },
		{ "a=1\nb=\x1b[2J\n", "shop.conf, line 2: there is a character" },
		{ "a=\xff\n", "shop.conf, line 1: there is a character" },
		{ "a=1\nname = A\tB\n", "shop.conf, line 2: there is a character" },    /* a tab moves what stands behind it on a screen */
		{ "na\tme = A\n", "shop.conf, line 1: there is a character" },
		{ "[till\t]\n", "shop.conf, line 1: there is a character" },
		{ "name = \u0301A\n", "shop.conf, line 1: there is a character" },    /* a mark without its letter */
		{ "[\u0301shop]\na=1\n", "shop.conf, line 1: there is a character" },
		{ "[s]\nbad = 1\nx=2\n", "shop.conf, line 2: no such setting." },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct zg_buffer out = { 0 };
		struct zg_error err = { .text = "" };

		cr_expect(eq(int, read_text(cases[i].text, &out, &err), ZG_USAGE));
		cr_expect(eq(int, strncmp(err.text, cases[i].start, strlen(cases[i].start)), 0), "%s", err.text);
		zg_buffer_clear(&out);
	}
}

Test(ini, a_heading_of_48_bytes_is_whole_and_settings_have_a_limit)
{
	struct zg_buffer out = { 0 }, text = { 0 };
	struct zg_error err = { .text = "" };

	cr_expect(eq(int, read_text("[123456789012345678901234567890123456789012345678] \t\na=1\n", &out, &err), ZG_OK));
	cr_expect(eq(str, (char *)zg_buffer_text(&out), "2 123456789012345678901234567890123456789012345678.a=1;"));
	for (int i = 1; i <= 512; i++)
		zg_buffer_print(&text, "k%d=1\n", i);
	cr_expect(eq(int, read_text(zg_buffer_text(&text), &out, &err), ZG_OK));
	zg_buffer_add_text(&text, "k=1\n\n");
	cr_expect(eq(int, read_text(zg_buffer_text(&text), &out, &err), ZG_USAGE));
	cr_expect(eq(int, strncmp(err.text, "shop.conf, line 513: the file has too many settings", 51), 0), "%s", err.text);
	zg_buffer_clear(&text);
	zg_buffer_clear(&out);
}

/* libinih as packaged cuts at 199 bytes in silence. */
Test(ini, a_long_line_is_whole_or_refused)
{
	for (size_t length = ZG_INI_LINE - 2; length <= ZG_INI_LINE + 10; length++) {
		struct zg_buffer text = { 0 }, out = { 0 };

		zg_buffer_add_text(&text, "x=");
		while (text.length < length)
			zg_buffer_add_byte(&text, 'a');
		zg_buffer_add_text(&text, "\ny=1\n");
		enum zg_result result = read_text(zg_buffer_text(&text), &out, NULL);

		cr_expect(eq(int, result, length <= ZG_INI_LINE ? ZG_OK : ZG_USAGE));
		if (result == ZG_OK)
			cr_expect(eq(sz, out.length, strlen("1 .x=;") + length - 2 + strlen("2 .y=1;")));
		zg_buffer_clear(&text);
		zg_buffer_clear(&out);
	}
}

Test(ini, rubbish_never_crashes_it)
{
	unsigned seed = 7;

	for (int round = 0; round < 100000; round++) {
		static const char bytes[] = "[]=;#: \t\nab\r\0\x1b\xe5\xa5\xbd";
		char text[64];
		size_t length = 0;
		struct zg_buffer out = { 0 };

		for (; length < sizeof(text); length++) {
			seed = seed * 1103515245u + 12345u;
			text[length] = bytes[(seed >> 16) % (sizeof(bytes) - 1)];
		}
		(void)zg_ini_read(text, seed % 64, "x", note, &out, NULL);
		zg_buffer_clear(&out);
	}
}
