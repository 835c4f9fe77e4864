#include "src/till/config.h"

#include "src/base/alloc.h"
#include "tests/unit/scratch.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static void write_conf(const char *home, const char *text)
{
	char *path = zg_print("%s/zhanggui.conf", home);
	FILE *file = fopen(path, "w");

	cr_assert(file != NULL);
	fputs(text, file);
	fclose(file);
	free(path);
}

static char *read_conf(const char *home)
{
	char *path = zg_print("%s/zhanggui.conf", home), *text = zg_alloc(8192, 1);
	FILE *file = fopen(path, "r");

	cr_assert(file != NULL);
	size_t length = fread(text, 1, 8191, file);

	text[length] = '\0';
	fclose(file);
	free(path);
	return text;
}

Test(config, a_shop_without_a_file_has_the_defaults)
{
	char *home = scratch_begin();
	struct zg_config config;

	cr_assert(eq(int, zg_config_read(home, &config, NULL), ZG_OK));

	cr_expect(eq(int, config.day_ends_min, 240));
	cr_expect(eq(int, config.till_id, 1));
	cr_expect(eq(int, config.rounding, ZG_ROUND_NONE));
	cr_expect(eq(str, config.link, ""));
	cr_expect(config.has_drawer);
	scratch_end(home);
}

Test(config, every_setting_is_taken)
{
	char *home = scratch_begin();
	struct zg_config config;
	struct zg_error err = { .text = "" };

	write_conf(home, "[shop]\nname = 好又多\ntax_number = 91110108551385082Q\naddress = 杭州\nphone = 0571\nbank = 工行\n"
		   "account = 6222\nlanguage = zh\nday_ends_at = 05:30\nrounding = yuan\n[till]\nid = 7\ntheme = mono\n"
		   "keys = default\nlock_after = 0\nsigns = ascii\n[printer]\nlink = tcp:10.0.0.9:9100\nprofile = generic-58\n"
		   "[drawer]\ndrawer = none\npin = 5\non_ms = 100\n[demo]\npaper = /tmp/paper\n");
	cr_assert(eq(int, zg_config_read(home, &config, &err), ZG_OK), "%s", err.text);

	cr_expect(eq(str, config.name, "好又多"));
	cr_expect(eq(str, config.language, "zh_CN"));
	cr_expect(eq(str, (char *)zg_config_slip_language(&config), "zh"));
	cr_expect(eq(int, config.day_ends_min, 330));
	cr_expect(eq(int, config.rounding, ZG_ROUND_YUAN));
	cr_expect(eq(int, config.till_id, 7));
	cr_expect(eq(int, config.lock_after_min, 0));
	cr_expect(config.ascii_signs);
	cr_expect(eq(str, config.link, "tcp:10.0.0.9:9100"));
	cr_expect(not(config.has_drawer));
	cr_expect(eq(int, config.drawer_pin, 5));
	cr_expect(eq(int, config.drawer_on_ms, 100));
	cr_expect(eq(str, config.demo_paper, "/tmp/paper"));
	scratch_end(home);
}

Test(config, what_cannot_be_is_refused_with_its_line)
{
	static const struct { const char *text, *start, *part; } cases[] = {
		{ "[shop]\nnmae = x\n", "zhanggui.conf, line 2: ", "[shop] has no setting 'nmae'. It knows: name," },
		{ "[shp]\nname = x\n", "zhanggui.conf, line 2: ", "no section [shp]" },
		{ "name = x\n", "zhanggui.conf, line 1: ", "before any section" },
		{ "[shop]\n\nname =\n", "zhanggui.conf, line 3: ", "name cannot be ''" },
		{ "[shop]\nday_ends_at = 24:00\n", "zhanggui.conf, line 2: ", "such as 04:00" },
		{ "[shop]\nday_ends_at = 4:00\n", "zhanggui.conf, line 2: ", "such as 04:00" },
		{ "[shop]\nday_ends_at = 04:60\n", "zhanggui.conf, line 2: ", "such as 04:00" },
		{ "[shop]\nrounding = up\n", "zhanggui.conf, line 2: ", "none, jiao or yuan" },
		{ "[shop]\nlanguage = de\n", "zhanggui.conf, line 2: ", "zh_CN or en" },
		{ "[till]\nid = 0\n", "zhanggui.conf, line 2: ", "from 1 to 99" },
		{ "[till]\nid = 100\n", "zhanggui.conf, line 2: ", "from 1 to 99" },
		{ "[till]\nid = 1x\n", "zhanggui.conf, line 2: ", "from 1 to 99" },
		{ "[till]\ntheme = pink\n", "zhanggui.conf, line 2: ", "high-contrast" },
		{ "[till]\nsigns = latin\n", "zhanggui.conf, line 2: ", "ascii" },
		{ "[printer]\nlink = /dev/usb/lp0\n", "zhanggui.conf, line 2: ", "file:/PATH" },
		{ "[printer]\nprofile = ../x\n", "zhanggui.conf, line 2: ", "profile" },
		{ "[drawer]\npin = 3\n", "zhanggui.conf, line 2: ", "2 or 5" },
		{ "[drawer]\non_ms = 10\n", "zhanggui.conf, line 2: ", "30 to 510" },
		{ "[drawer]\non_ms = 511\n", "zhanggui.conf, line 2: ", "30 to 510" },
		{ "[drawer]\non_ms = 100x\n", "zhanggui.conf, line 2: ", "30 to 510" },
		{ "[shop]\nday_ends_at = 04-00\n", "zhanggui.conf, line 2: ", "such as 04:00" },
		{ "[shop]\nday_ends_at = +4:00\n", "zhanggui.conf, line 2: ", "such as 04:00" },
		{ "[shop]\nday_ends_at = 04:+0\n", "zhanggui.conf, line 2: ", "such as 04:00" },
		{ "[till]\nid =\n", "zhanggui.conf, line 2: ", "from 1 to 99" },
		{ "[till]\nid = 0000001\n", "zhanggui.conf, line 2: ", "from 1 to 99" },
		{ "[till]\nkeys = vi\n", "zhanggui.conf, line 2: ", "Write default" },
		{ "[printer]\nlink = tcp:\n", "zhanggui.conf, line 2: ", "tcp:HOST:9100" },
		{ "[printer]\nprofile =\n", "zhanggui.conf, line 2: ", "profile" },
		{ "[demo]\npaper = paper\n", "zhanggui.conf, line 2: ", "from / on" },
		{ "[shop]\nphone = 01234567890123456789012345678901234567890123456789012345678901234\n", "zhanggui.conf, line 2: ", "64 characters" },
		{ "[shop]\nname = a\nname = b\n", "zhanggui.conf, line 3: ", "twice" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *home = scratch_begin();
		struct zg_config config;
		struct zg_error err = { .text = "" };

		write_conf(home, cases[i].text);
		cr_expect(eq(int, zg_config_read(home, &config, &err), ZG_USAGE), "%s", cases[i].text);
		cr_expect(eq(int, strncmp(err.text, cases[i].start, strlen(cases[i].start)), 0), "%s", err.text);
		cr_expect(strstr(err.text, cases[i].part) != NULL, "%s", err.text);
		scratch_end(home);
	}
}

Test(config, a_change_keeps_comments_and_order)
{
	char *home = scratch_begin(), *text;
	struct zg_error err = { .text = "" };

	write_conf(home, "# my shop\n[shop]\n; the name\nname=A\n\n[till]\nid = 2\n# end\n");
	cr_assert(eq(int, zg_config_change(home, (const char *const[]){ "shop.name", "好", "shop.phone", "0571-1", "till.theme",
		"mono", "printer.link", "", NULL }, &err), ZG_OK), "%s", err.text);

	text = read_conf(home);
	cr_expect(eq(str, text, "# my shop\n[shop]\n; the name\nname = 好\nphone = 0571-1\n\n[till]\nid = 2\n# end\ntheme = mono\n"
		"\n[printer]\nlink =\n"));
	free(text);
	scratch_end(home);
}

Test(config, a_change_keeps_the_files_mode_and_works_without_a_last_line_end)
{
	char *home = scratch_begin(), *path = zg_print("%s/zhanggui.conf", home), *text;
	struct stat info;

	write_conf(home, "[shop]\nname = A");
	chmod(path, 0640);
	cr_assert(eq(int, zg_config_change(home, (const char *const[]){ "shop.phone", "1", NULL }, NULL), ZG_OK));

	text = read_conf(home);
	cr_expect(eq(str, text, "[shop]\nname = A\nphone = 1\n"));
	cr_assert(eq(int, stat(path, &info), 0));
	cr_expect(eq(int, (int)(info.st_mode & 0777), 0640));
	free(text);
	free(path);
	scratch_end(home);
}

Test(config, a_change_finds_a_section_with_a_point_in_its_name)
{
	char *home = scratch_begin(), *text;
	struct zg_error err = { .text = "" };

	write_conf(home, "[pay.wechat]\nmchid = 1\n\n[pay]\nroute = alipay=lakala\n");
	cr_assert(eq(int, zg_config_change(home, (const char *const[]){ "pay.wechat.mchid", "1900009191", "pay.wechat.appid", "wx1", "pay.route", "",
		NULL }, &err), ZG_OK), "%s", err.text);

	text = read_conf(home);
	cr_expect(eq(str, text, "[pay.wechat]\nmchid = 1900009191\nappid = wx1\n\n[pay]\nroute =\n"));
	free(text);
	scratch_end(home);
}

#define A_LOT "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

Test(config, a_change_that_cannot_be_changes_nothing)
{
	static const struct { const char *name, *value; } cases[] = {
		{ "shop.name", "" }, { "shop.name", "a\nb" }, { "shop.name", "a\x1b[2J" }, { "shop.name", " a" },
		{ "shop.name", "a " }, { "shop.name", "A ; B" }, { "shop.rounding", "up" }, { "shop.address", A_LOT }, { "printer.link", "file:/" A_LOT },
		{ "demo.paper", "/" A_LOT }, { "printer.profile", A_LOT }, { "shop.nmae", "x" }, { "name", "x" }, { "x.name", "x" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *home = scratch_begin(), *text;
		struct zg_error err = { .text = "" };

		write_conf(home, "[shop]\nname = A\n");
		cr_expect(eq(int, zg_config_change(home, (const char *const[]){ "shop.phone", "1", cases[i].name, cases[i].value,
			NULL }, &err), ZG_USAGE), "%s=%s", cases[i].name, cases[i].value);
		text = read_conf(home);
		cr_expect(eq(str, text, "[shop]\nname = A\n"));
		cr_expect(err.text[0] != '\0');
		free(text);
		scratch_end(home);
	}
}

/* Every form of a value that may stand there, beside those of the whole file above. */
Test(config, each_form_of_a_value_is_taken)
{
	static const struct { const char *name, *value; } cases[] = {
		{ "drawer.pin", "0" }, { "drawer.pin", "2" }, { "drawer.on_ms", "0" }, { "drawer.on_ms", "30" }, { "drawer.on_ms", "510" },
		{ "shop.language", "" }, { "shop.language", "en" }, { "shop.language", "zh_CN" }, { "shop.rounding", "none" },
		{ "printer.link", "serial:/dev/ttyUSB0" }, { "printer.link", "file:/dev/usb/lp0" }, { "demo.paper", "" }, { "till.theme", "" },
		{ "till.signs", "unicode" }, { "drawer.drawer", "printer" }, { "shop.day_ends_at", "23:59" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct zg_error err = { .text = "" };

		cr_expect(eq(int, zg_config_try((const char *const[]){ cases[i].name, cases[i].value, NULL }, &err), ZG_OK), "%s = %s: %s",
			  cases[i].name, cases[i].value, err.text);
	}
}

/* ---- what lies in the file's place ---- */

static char *conf_of(const char *home, const char *end)
{
	return zg_print("%s/zhanggui.conf%s", home, end);
}

Test(config, what_is_no_settings_file_is_refused_by_name)
{
	static const char *const lays[] = { "mkdir $CONF", "mkfifo $CONF", "ln -s zhanggui.conf $CONF", "dd if=/dev/zero of=$CONF bs=1024 count=65 status=none" };

	for (size_t i = 0; i < sizeof(lays) / sizeof(lays[0]); i++) {
		char *home = scratch_begin(), *path = conf_of(home, "");
		struct zg_config config = { .till_id = 77 };
		struct zg_error err = { .text = "" };

		setenv("CONF", path, 1);
		cr_assert(eq(int, system(lays[i]), 0), "%s", lays[i]);
		cr_expect(eq(int, zg_config_read(home, &config, &err), ZG_USAGE), "%s", lays[i]);
		cr_expect(ne(ptr, strstr(err.text, path), NULL), "%s: %s", lays[i], err.text);
		cr_expect(eq(int, config.till_id, 1), "the defaults stand");
		cr_expect(eq(int, zg_config_change(home, (const char *const[]){ "shop.phone", "1", NULL }, &err), ZG_USAGE), "%s", lays[i]);
		free(path);
		scratch_end(home);
	}
}

/* Something lies where the new file is to be written, and it is left as it is. */
Test(config, a_new_file_that_cannot_be_written_leaves_the_old_one)
{
	static const char *const lays[] = { "mkdir $CONF.new", "ln -s /dev/null $CONF.new" };

	for (size_t i = 0; i < sizeof(lays) / sizeof(lays[0]); i++) {
		char *home = scratch_begin(), *path = conf_of(home, ""), *text;
		struct zg_error err = { .text = "" };

		write_conf(home, "[shop]\nname = A\n");
		setenv("CONF", path, 1);
		cr_assert(eq(int, system(lays[i]), 0), "%s", lays[i]);
		cr_expect(eq(int, zg_config_change(home, (const char *const[]){ "shop.phone", "1", NULL }, &err), ZG_BROKEN), "%s", lays[i]);
		cr_expect(ne(ptr, strstr(err.text, "cannot be written"), NULL), "%s", err.text);
		text = read_conf(home);
		cr_expect(eq(str, text, "[shop]\nname = A\n"));
		free(text);
		free(path);
		scratch_end(home);
	}
}

/* A disk that takes no more: the half that was written is taken away again. */
Test(config, a_disk_without_room_leaves_the_old_file_and_no_half_of_a_new_one)
{
	char *home = scratch_begin(), *fresh = conf_of(home, ".new"), *text;
	struct zg_error err = { .text = "" };
	struct rlimit limit;

	write_conf(home, "[shop]\nname = A\n");
	signal(SIGXFSZ, SIG_IGN);
	cr_assert(eq(int, getrlimit(RLIMIT_FSIZE, &limit), 0));
	limit.rlim_cur = 4;
	cr_assert(eq(int, setrlimit(RLIMIT_FSIZE, &limit), 0));
	enum zg_result result = zg_config_change(home, (const char *const[]){ "shop.phone", "1", NULL }, &err);

	limit.rlim_cur = limit.rlim_max;
	cr_assert(eq(int, setrlimit(RLIMIT_FSIZE, &limit), 0));
	cr_expect(eq(int, result, ZG_BROKEN));
	cr_expect(ne(ptr, strstr(err.text, "Check the disk"), NULL), "%s", err.text);
	cr_expect(eq(int, access(fresh, F_OK), -1));
	text = read_conf(home);
	cr_expect(eq(str, text, "[shop]\nname = A\n"));
	cr_expect(eq(int, zg_config_change(home, (const char *const[]){ "shop.phone", "1", NULL }, &err), ZG_OK), "%s", err.text);
	free(text);
	free(fresh);
	scratch_end(home);
}

/* Written and checked, and then the old name cannot be taken: nothing has changed, and nothing lies about. */
Test(config, a_name_that_cannot_be_taken_changes_nothing)
{
	char *home = scratch_begin(), *path = conf_of(home, ""), *fresh = conf_of(home, ".new");
	struct zg_error err = { .text = "" };

	write_conf(home, "[shop]\nname = A\n");
	cr_assert(eq(int, zg_config_prepare(home, (const char *const[]){ "shop.phone", "1", NULL }, &err), ZG_OK), "%s", err.text);
	cr_expect(eq(int, access(fresh, F_OK), 0));
	unlink(path);
	cr_assert(eq(int, mkdir(path, 0700), 0));
	cr_expect(eq(int, zg_config_adopt(home, &err), ZG_BROKEN));
	cr_expect(ne(ptr, strstr(err.text, "cannot be written"), NULL), "%s", err.text);
	cr_expect(eq(int, access(fresh, F_OK), -1));
	free(fresh);
	free(path);
	scratch_end(home);
}

Test(config, a_key_that_only_begins_alike_is_another_line)
{
	char *home = scratch_begin(), *text;
	struct zg_error err = { .text = "" };

	write_conf(home, "[shop]\naddress = x\n\n[drawer]\n# pin = 9\npin=2\n");
	cr_assert(eq(int, zg_config_change(home, (const char *const[]){ "drawer.pin", "5", "till.id", "3", NULL }, &err), ZG_OK), "%s", err.text);
	text = read_conf(home);
	cr_expect(eq(str, text, "[shop]\naddress = x\n\n[drawer]\n# pin = 9\npin = 5\n\n[till]\nid = 3\n"));
	free(text);
	scratch_end(home);
}

Test(config, slips_speak_the_shops_language_or_the_computers)
{
	struct zg_config config = { .language = "en" };

	cr_expect(eq(str, (char *)zg_config_slip_language(&config), "en"));
	config.language[0] = '\0';
	setenv("LANGUAGE", "zh_CN:en", 1);
	cr_expect(eq(str, (char *)zg_config_slip_language(&config), "zh"));
	setenv("LANGUAGE", "", 1);
	cr_expect(eq(str, (char *)zg_config_slip_language(&config), "en"), "C.UTF-8 is no Chinese");
	unsetenv("LANGUAGE");
	cr_expect(eq(str, (char *)zg_config_slip_language(&config), "en"));
}
