#include "drivers/drivers.h"
#include "src/base/alloc.h"
#include "src/io/data.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

static const char *const directories[] = { "/nonexistent", ZG_SOURCE "/data" };

Test(profile, every_shipped_profile_is_whole_and_has_its_driver)
{
	struct zg_buffer names = { 0 };
	int count = 0;

	zg_data_profiles(directories, 2, &names);
	for (char *name = strtok(names.bytes, "\n"); name; name = strtok(NULL, "\n"), count++) {
		struct zg_printer_profile profile;
		struct zg_error err = { .text = "" };

		cr_expect(eq(int, zg_data_profile(directories, 2, name, &profile, &err), ZG_OK), "%s", err.text);
		cr_expect(eq(str, profile.name, name));
		cr_expect(ne(str, profile.title, ""));
		cr_expect(ne(str, profile.source, ""));
		cr_expect(zg_printer_driver_find(profile.driver) != NULL);
	}
	cr_expect(eq(int, count, 9));
	zg_buffer_clear(&names);
}

Test(profile, a_name_that_nobody_has_lists_those_there_are)
{
	struct zg_printer_profile profile;
	struct zg_error err = { .text = "" };

	cr_expect(eq(int, zg_data_profile(directories, 2, "star-tsp", &profile, &err), ZG_NOT_FOUND));
	cr_expect(strstr(err.text, "\"star-tsp\"") && strstr(err.text, "generic-58 generic-80"), "%s", err.text);
	cr_expect(eq(int, zg_data_profile(directories, 2, "../printers/generic-58", &profile, &err), ZG_NOT_FOUND));
	cr_expect(eq(int, zg_data_profile(directories, 2, "", &profile, &err), ZG_NOT_FOUND));
}

Test(profile, every_setting_is_read)
{
	static const char text[] =
		"[printer]\ntitle = T\nsource = S\nproof = device\ndriver = escpos\n"
		"[paper]\ncolumns = 42\nwidth_dots = 512\ncut = feedcut\ncut_feed = 0\n"
		"[text]\nencoding = ascii\nkanji = no\n[codes]\nimage = raster\nqr = native\nbarcode = none\n"
		"[answers]\nstatus = asb\nconfirm = gsH\n[drawer]\npin = 5\non_ms = 30\noff_ms = 510\n"
		"[extra]\ninit_hex = 1B 39 01 ff\nbeep_hex = 07\n[serial]\nbaud = 115200\nflow = rtscts\n";
	struct zg_printer_profile p;

	zg_profile_init(&p);
	cr_assert(eq(int, zg_profile_read(&p, text, strlen(text), "t.ini", NULL), ZG_OK));

	cr_expect(eq(int, p.proof, ZG_PROOF_DEVICE));
	cr_expect(eq(int, p.columns, 42));
	cr_expect(eq(int, p.width_dots, 512));
	cr_expect(eq(int, p.cut, ZG_CUT_FEEDCUT));
	cr_expect(eq(int, p.cut_feed, 0));
	cr_expect(not(p.gbk));
	cr_expect(not(p.kanji));
	cr_expect(p.raster);
	cr_expect(eq(int, p.qr, ZG_CODE_NATIVE));
	cr_expect(eq(int, p.barcode, ZG_CODE_NONE));
	cr_expect(eq(int, p.status, ZG_STATUS_ASB));
	cr_expect(eq(int, p.confirm, ZG_CONFIRM_GSH));
	cr_expect(eq(int, p.drawer_pin, 5));
	cr_expect(eq(int, p.drawer_on_ms, 30));
	cr_expect(eq(int, p.drawer_off_ms, 510));
	cr_assert(eq(sz, p.init_length, 4));
	cr_expect(eq(int, memcmp(p.init, "\x1b\x39\x01\xff", 4), 0));
	cr_expect(eq(sz, p.beep_length, 1));
	cr_expect(eq(int, p.baud, 115200));
	cr_expect(eq(int, p.flow, ZG_FLOW_RTSCTS));
}

Test(profile, a_mistake_is_named_with_its_line)
{
	static const struct { const char *text, *start; } cases[] = {
		{ "[paper]\ncolumns = 32\ncolour = red\n", "t.ini, line 3: a printer profile has no setting \"colour\" in [paper]." },
		{ "columns = 32\n", "t.ini, line 1: a printer profile has no setting \"columns\" in []." },
		{ "[paper]\n\ncolumns = 23\n", "t.ini, line 3: columns is a whole number from 24 to 64." },
		{ "[paper]\ncolumns = 65\n", "t.ini, line 2: columns is" },
		{ "[paper]\ncolumns = 32x\n", "t.ini, line 2: columns is" },
		{ "[paper]\ncolumns = -1\n", "t.ini, line 2: columns is" },
		{ "[paper]\ncolumns =\n", "t.ini, line 2: columns is" },
		{ "[paper]\ncolumns = 99999999999999999999\n", "t.ini, line 2: columns is" },
		{ "[paper]\ncut = half\n", "t.ini, line 2: cut is one of: none, partial, full, feedcut." },
		{ "[drawer]\npin = 3\n", "t.ini, line 2: pin is one of: none, 2, 5." },
		{ "[drawer]\non_ms = 600\n", "t.ini, line 2: on_ms is a whole number from 30 to 510." },
		{ "[extra]\ninit_hex = 1B 4\n", "t.ini, line 2: write at most 64 bytes as pairs" },
		{ "[extra]\ninit_hex = 1G\n", "t.ini, line 2: write at most 64 bytes as pairs" },
		{ "[printer]\ntitle = 0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890\n",
		  "t.ini, line 2: the text is too long" },
		{ "[paper]\ncut = none\ncut = full\n", "t.ini, line 3: this setting stands there twice" },
		{ "[paper]\ncolumns = 48\n", "t.ini: 48 columns do not fit on 384 dots." },
		{ "[codes]\nimage = none\n", "t.ini: the printer has no images" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct zg_printer_profile profile;
		struct zg_error err = { .text = "" };

		zg_profile_init(&profile);
		cr_expect(eq(int, zg_profile_read(&profile, cases[i].text, strlen(cases[i].text), "t.ini", &err), ZG_USAGE));
		cr_expect(eq(int, strncmp(err.text, cases[i].start, strlen(cases[i].start)), 0), "%s", err.text);
	}
}
