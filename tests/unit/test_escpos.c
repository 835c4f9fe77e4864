/* The expected bytes are written out from the makers' command tables, not taken from the driver. */
#include "drivers/drivers.h"
#include "drivers/printer/raster.h"
#include "src/base/alloc.h"
#include "src/base/json.h"
#include "src/base/seal.h"
#include "src/io/data.h"
#include "tests/unit/chance.h"
#include "tests/unit/slips.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct zg_printer_profile plain(void)
{
	struct zg_printer_profile profile;

	zg_profile_init(&profile);
	return profile;
}

/* "1B 70 ..": the bytes with spaces between, for reading in a failure. */
static char *spell(struct zg_buffer *bytes)
{
	struct zg_buffer out = { 0 };

	for (size_t i = 0; i < bytes->length; i++)
		zg_buffer_print(&out, "%s%02X", i ? " " : "", (unsigned char)bytes->bytes[i]);
	zg_buffer_clear(bytes);
	return zg_buffer_take(&out);
}

static void expect_bytes(struct zg_buffer *bytes, const char *expected)
{
	char *spelled = spell(bytes);

	cr_expect(eq(str, spelled, (char *)expected));
	free(spelled);
}

Test(escpos, the_drawer_gets_both_times)
{
	static const struct { int pin, on, off; const char *bytes; } cases[] = {
		{ 2, 100, 500, "1B 70 00 32 FA" }, { 5, 100, 500, "1B 70 01 32 FA" }, { 2, 30, 510, "1B 70 00 0F FF" },
		{ 2, 0, 9999, "1B 70 00 0F FF" }, { 0, 100, 500, "" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct zg_printer_profile profile = plain();
		struct zg_buffer out = { 0 };

		profile.drawer_pin = cases[i].pin;
		profile.drawer_on_ms = cases[i].on;
		profile.drawer_off_ms = cases[i].off;
		zg_printer_driver_find("escpos")->drawer(&profile, &out);
		expect_bytes(&out, cases[i].bytes);
	}
}

Test(escpos, the_drawer_opens_at_once_only_where_status_works)
{
	struct zg_printer_profile profile = plain();
	struct zg_buffer out = { 0 };

	zg_printer_driver_find("escpos")->drawer_now(&profile, &out);
	expect_bytes(&out, "");
	profile.status = ZG_STATUS_DLE;
	profile.drawer_pin = 5;
	profile.drawer_on_ms = 120;
	zg_printer_driver_find("escpos")->drawer_now(&profile, &out);
	expect_bytes(&out, "10 14 01 01 02");
}

/* What is sent for one row, between the prologue and the end. */
static void expect_row(const struct zg_printer_profile *profile, void (*add)(struct zg_paper *, struct zg_gbk *),
		       const char *expected)
{
	struct zg_gbk *gbk = zg_gbk_new();
	struct zg_paper empty, paper;
	struct zg_buffer out = { 0 }, head = { 0 };

	zg_paper_init(&empty, profile->columns);
	zg_paper_init(&paper, profile->columns);
	add(&paper, gbk);
	zg_printer_driver_find("escpos")->build(profile, &empty, gbk, 42, &head);
	zg_printer_driver_find("escpos")->build(profile, &paper, gbk, 42, &out);
	cr_assert(ge(sz, out.length, head.length));
	cr_assert(eq(int, memcmp(out.bytes, head.bytes, head.length), 0));
	zg_buffer_drop(&out, head.length);
	expect_bytes(&out, expected);
	zg_buffer_clear(&head);
	zg_paper_clear(&paper);
	zg_gbk_free(gbk);
}

static void add_nothing(struct zg_paper *paper, struct zg_gbk *gbk) { (void)paper; (void)gbk; }
static void add_words(struct zg_paper *paper, struct zg_gbk *gbk) { zg_paper_add_text(paper, gbk, "A掌¥", ZG_ALIGN_LEFT, 0); }
static void add_big(struct zg_paper *paper, struct zg_gbk *gbk) { zg_paper_add_text(paper, gbk, "A", ZG_ALIGN_LEFT, ZG_STYLE_BIG); }
static void add_tall(struct zg_paper *paper, struct zg_gbk *gbk) { zg_paper_add_text(paper, gbk, "A", ZG_ALIGN_LEFT, ZG_STYLE_TALL | ZG_STYLE_BOLD); }
static void add_wide(struct zg_paper *paper, struct zg_gbk *gbk) { zg_paper_add_text(paper, gbk, "A", ZG_ALIGN_LEFT, ZG_STYLE_WIDE); }
static void add_feed(struct zg_paper *paper, struct zg_gbk *gbk) { (void)gbk; zg_paper_add_feed(paper, 3); }
static void add_far(struct zg_paper *paper, struct zg_gbk *gbk) { (void)gbk; zg_paper_add_feed(paper, 16); }
static void add_cut(struct zg_paper *paper, struct zg_gbk *gbk) { (void)gbk; zg_paper_add_cut(paper); }
static void add_bars(struct zg_paper *paper, struct zg_gbk *gbk) { (void)gbk; zg_paper_add_code(paper, ZG_ROW_BARCODE, "R1{2"); }
static void add_long_bars(struct zg_paper *paper, struct zg_gbk *gbk) { (void)gbk; zg_paper_add_code(paper, ZG_ROW_BARCODE, "R0100001870000000000"); }
static void add_qr(struct zg_paper *paper, struct zg_gbk *gbk) { (void)gbk; zg_paper_add_code(paper, ZG_ROW_QR, "HI"); }
/* A row that did not come through the layout. */
static void add_hostile(struct zg_paper *paper, struct zg_gbk *gbk)
{
	zg_paper_add_text(paper, gbk, "abcdefgh", ZG_ALIGN_LEFT, 0);
	memcpy(paper->rows[0].text, "\x1bp\x01\n\x10\x14z\x7f", 8);
}

Test(escpos, each_kind_of_row_has_its_bytes)
{
	struct zg_printer_profile profile = plain();

	expect_row(&profile, add_nothing, "");
	expect_row(&profile, add_words, "41 D5 C6 A3 A4 0A");
	expect_row(&profile, add_big, "1D 21 11 1C 57 01 41 0A 1C 57 00 1D 21 00");
	expect_row(&profile, add_tall, "1D 21 01 1C 21 08 1B 45 01 41 0A 1B 45 00 1C 21 00 1D 21 00");
	expect_row(&profile, add_wide, "1D 21 10 1C 21 04 41 0A 1C 21 00 1D 21 00");
	expect_row(&profile, add_feed, "1B 64 03");
	expect_row(&profile, add_far, "1B 64 0F");
	expect_row(&profile, add_hostile, "3F 70 3F 3F 3F 3F 7A 3F 0A");
}

Test(escpos, a_printer_without_chinese_gets_none)
{
	struct zg_printer_profile profile = plain();

	profile.gbk = profile.kanji = false;
	expect_row(&profile, add_words, "41 3F 3F 3F 3F 0A");
	expect_row(&profile, add_big, "1D 21 11 41 0A 1D 21 00");
	expect_row(&profile, add_hostile, "70 7A 0A");
}

Test(escpos, the_cut_is_what_the_mechanism_can)
{
	static const struct { enum zg_printer_cut cut; int feed; const char *bytes; } cases[] = {
		{ ZG_CUT_NONE, 4, "1B 64 04" }, { ZG_CUT_NONE, 0, "" }, { ZG_CUT_PARTIAL, 4, "1B 64 04 1D 56 01" },
		{ ZG_CUT_PARTIAL, 0, "1D 56 01" }, { ZG_CUT_FULL, 2, "1B 64 02 1D 56 00" }, { ZG_CUT_FEEDCUT, 4, "1D 56 42 00" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct zg_printer_profile profile = plain();

		profile.cut = cases[i].cut;
		profile.cut_feed = cases[i].feed;
		expect_row(&profile, add_cut, cases[i].bytes);
	}
}

Test(escpos, native_codes_follow_the_maker)
{
	struct zg_printer_profile profile = plain();

	profile.barcode = profile.qr = ZG_CODE_NATIVE;
	expect_row(&profile, add_bars,
		   "1B 61 01 1D 68 50 1D 77 02 1D 48 00 1D 6B 49 07 7B 42 52 31 7B 7B 32 1B 61 00");
	expect_row(&profile, add_qr,
		   "1B 61 01 1D 28 6B 04 00 31 41 32 00 1D 28 6B 03 00 31 43 06 1D 28 6B 03 00 31 45 31 "
		   "1D 28 6B 05 00 31 50 30 48 49 1D 28 6B 03 00 31 51 30 1B 61 00");
	profile.barcode = profile.qr = ZG_CODE_NONE;
	expect_row(&profile, add_bars, "");
	expect_row(&profile, add_qr, "");
}

/* 255 modules on 384 dots: a native one would be two dots a module, and not printed at all. */
Test(escpos, a_barcode_too_long_for_the_printers_own_is_drawn)
{
	struct zg_printer_profile profile = plain();
	struct zg_gbk *gbk = zg_gbk_new();
	struct zg_buffer out = { 0 }, drawn = { 0 };
	struct zg_paper paper;

	zg_paper_init(&paper, profile.columns);
	add_long_bars(&paper, gbk);
	zg_printer_driver_find("escpos")->build(&profile, &paper, gbk, 1, &drawn);
	profile.barcode = ZG_CODE_NATIVE;
	zg_printer_driver_find("escpos")->build(&profile, &paper, gbk, 1, &out);
	cr_expect(eq(sz, out.length, drawn.length));
	cr_expect(eq(int, memcmp(out.bytes, drawn.bytes, out.length), 0));
	profile.raster = false;
	expect_row(&profile, add_long_bars, "");
	zg_buffer_clear(&out);
	zg_buffer_clear(&drawn);
	zg_paper_clear(&paper);
	zg_gbk_free(gbk);
}

Test(escpos, a_slip_begins_and_ends_as_the_profile_says)
{
	struct zg_printer_profile profile = plain();
	struct zg_gbk *gbk = zg_gbk_new();
	struct zg_paper paper;
	struct zg_buffer out = { 0 };
	const struct zg_printer_driver *driver = zg_printer_driver_find("escpos");

	zg_paper_init(&paper, 32);
	driver->build(&profile, &paper, gbk, 7, &out);
	expect_bytes(&out, "1B 40 1B 74 00 1C 26 1D 21 00 1B 61 00");

	memcpy(profile.init, "\x1b\x39\x00", profile.init_length = 3);
	memcpy(profile.beep, "\x07", profile.beep_length = 1);
	profile.confirm = ZG_CONFIRM_GSR;
	driver->build(&profile, &paper, gbk, 7, &out);
	expect_bytes(&out, "1B 40 1B 74 00 1C 26 1D 21 00 1B 61 00 1B 39 00 07 1D 72 01");

	profile = plain();
	profile.kanji = false;
	profile.status = ZG_STATUS_ASB;
	profile.confirm = ZG_CONFIRM_GSH;
	driver->build(&profile, &paper, gbk, 51234, &out);
	expect_bytes(&out, "1B 40 1B 74 00 1D 21 00 1B 61 00 1D 61 0F 1D 28 48 06 00 30 30 31 32 33 34");
	zg_gbk_free(gbk);
}

Test(escpos, a_broken_slip_is_flushed_before_the_next)
{
	struct zg_printer_profile profile = plain();
	struct zg_buffer out = { 0 };
	size_t zeros = 0;

	zg_printer_driver_find("escpos")->init(&profile, true, &out);
	while (zeros < out.length && out.bytes[zeros] == 0)
		zeros++;
	cr_expect(ge(sz, zeros, 64u * 48u));    /* the longest band there can be on 384 dots */
	zg_buffer_drop(&out, zeros);
	expect_bytes(&out, "1B 40 1B 74 00 1C 26 1D 21 00 1B 61 00");
	zg_printer_driver_find("escpos")->init(&profile, false, &out);
	expect_bytes(&out, "1B 40 1B 74 00 1C 26 1D 21 00 1B 61 00");
}

Test(escpos, questions_are_asked_only_where_they_are_answered)
{
	static const struct { enum zg_printer_status status; enum zg_printer_question question; const char *bytes; } cases[] = {
		{ ZG_STATUS_NONE, ZG_ASK_PAPER, "" }, { ZG_STATUS_DLE, ZG_ASK_PRINTER, "10 04 01" },
		{ ZG_STATUS_DLE, ZG_ASK_OFFLINE, "10 04 02" }, { ZG_STATUS_DLE, ZG_ASK_ERROR, "10 04 03" },
		{ ZG_STATUS_DLE, ZG_ASK_PAPER, "10 04 04" }, { ZG_STATUS_DLE, ZG_ASK_REPORTS, "" }, { ZG_STATUS_DLE, ZG_ASK_NOTHING, "" },
		{ ZG_STATUS_ASB, ZG_ASK_REPORTS, "1D 61 0F" }, { ZG_STATUS_ASB, ZG_ASK_PAPER, "10 04 04" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct zg_printer_profile profile = plain();
		struct zg_buffer out = { 0 };

		profile.status = cases[i].status;
		zg_printer_driver_find("escpos")->ask(&profile, cases[i].question, &out);
		expect_bytes(&out, cases[i].bytes);
	}
}

#define LOW  ZG_PRINTER_PAPER_LOW
#define OUT  ZG_PRINTER_PAPER_OUT
#define PIN  ZG_PRINTER_PIN3_HIGH
#define OFF  ZG_PRINTER_OFFLINE
#define OPEN ZG_PRINTER_COVER_OPEN
#define FEED ZG_PRINTER_FEEDING
#define ERR  ZG_PRINTER_ERROR

static const struct answer_case {
	const char *bytes;
	size_t length;
	enum zg_printer_question asked;
	enum zg_printer_answer_kind kind;
	unsigned flags, id;
	size_t used;
} answer_cases[] = {
	{ "\x12", 1, ZG_ASK_PRINTER, ZG_ANSWER_STATUS, 0, 0, 1 },
	{ "\x16", 1, ZG_ASK_PRINTER, ZG_ANSWER_STATUS, PIN, 0, 1 },
	{ "\x1E", 1, ZG_ASK_PRINTER, ZG_ANSWER_STATUS, PIN | OFF, 0, 1 },
	{ "\x5A", 1, ZG_ASK_PRINTER, ZG_ANSWER_STATUS, OFF | FEED, 0, 1 },
	{ "\x12", 1, ZG_ASK_OFFLINE, ZG_ANSWER_STATUS, 0, 0, 1 },
	{ "\x16", 1, ZG_ASK_OFFLINE, ZG_ANSWER_STATUS, OPEN, 0, 1 },
	{ "\x32", 1, ZG_ASK_OFFLINE, ZG_ANSWER_STATUS, OUT, 0, 1 },
	{ "\x52", 1, ZG_ASK_OFFLINE, ZG_ANSWER_STATUS, ERR, 0, 1 },
	{ "\x16", 1, ZG_ASK_ERROR, ZG_ANSWER_STATUS, 0, 0, 1 },
	{ "\x1A", 1, ZG_ASK_ERROR, ZG_ANSWER_STATUS, ZG_PRINTER_CUTTER, 0, 1 },
	{ "\x32", 1, ZG_ASK_ERROR, ZG_ANSWER_STATUS, ZG_PRINTER_FAULT, 0, 1 },
	{ "\x52", 1, ZG_ASK_ERROR, ZG_ANSWER_STATUS, ZG_PRINTER_HOT, 0, 1 },
	{ "\x12", 1, ZG_ASK_PAPER, ZG_ANSWER_STATUS, 0, 0, 1 },
	{ "\x1E", 1, ZG_ASK_PAPER, ZG_ANSWER_STATUS, LOW, 0, 1 },
	{ "\x72", 1, ZG_ASK_PAPER, ZG_ANSWER_STATUS, OUT, 0, 1 },
	{ "\x7E", 1, ZG_ASK_PAPER, ZG_ANSWER_STATUS, LOW | OUT, 0, 1 },
	{ "\x12", 1, ZG_ASK_NOTHING, ZG_ANSWER_NONE, 0, 0, 1 },
	{ "\x12", 1, ZG_ASK_REPORTS, ZG_ANSWER_NONE, 0, 0, 1 },
	{ "\x11", 1, ZG_ASK_PAPER, ZG_ANSWER_GO, 0, 0, 1 },
	{ "\x13", 1, ZG_ASK_PAPER, ZG_ANSWER_STOP, 0, 0, 1 },
	{ "\x00", 1, ZG_ASK_NOTHING, ZG_ANSWER_PAPER, 0, 0, 1 },
	{ "\x03", 1, ZG_ASK_PAPER, ZG_ANSWER_PAPER, LOW, 0, 1 },
	{ "\x0C", 1, ZG_ASK_NOTHING, ZG_ANSWER_PAPER, OUT, 0, 1 },
	{ "\x37\x22" "0042\x00", 7, ZG_ASK_NOTHING, ZG_ANSWER_PRINTED, 0, 42, 7 },
	{ "\x37\x22" "9999\x00\x12", 8, ZG_ASK_PAPER, ZG_ANSWER_PRINTED, 0, 9999, 7 },
	{ "\x37\x22" "00x2\x00", 7, ZG_ASK_NOTHING, ZG_ANSWER_NONE, 0, 0, 1 },
	{ "\x37\x22" "00421", 7, ZG_ASK_NOTHING, ZG_ANSWER_NONE, 0, 42, 1 },
	{ "\x37\x25\x00", 3, ZG_ASK_NOTHING, ZG_ANSWER_CLEARED, 0, 0, 3 },
	{ "\x37\x21", 2, ZG_ASK_NOTHING, ZG_ANSWER_NONE, 0, 0, 1 },
	{ "_EPSON\x00", 7, ZG_ASK_NOTHING, ZG_ANSWER_NONE, 0, 0, 7 },
	{ "\x10\x00\x00\x00", 4, ZG_ASK_NOTHING, ZG_ANSWER_STATUS, 0, 0, 4 },
	{ "\x14\x00\x00\x0F", 4, ZG_ASK_NOTHING, ZG_ANSWER_STATUS, PIN, 0, 4 },
	{ "\x38\x00\x0C\x0F", 4, ZG_ASK_NOTHING, ZG_ANSWER_STATUS, OFF | OPEN | OUT, 0, 4 },
	{ "\x18\x13\x08\x11\x03\x00", 6, ZG_ASK_NOTHING, ZG_ANSWER_STATUS, OFF | ERR | ZG_PRINTER_CUTTER | LOW, 0, 6 },
	{ "\x10\x60\x00\x00", 4, ZG_ASK_NOTHING, ZG_ANSWER_STATUS, ERR | ZG_PRINTER_FAULT | ZG_PRINTER_HOT, 0, 4 },
	{ "\x10\x00\x12", 3, ZG_ASK_PAPER, ZG_ANSWER_NONE, 0, 0, 1 },
	{ "\xFF", 1, ZG_ASK_PAPER, ZG_ANSWER_NONE, 0, 0, 1 },
	{ "\x92", 1, ZG_ASK_PAPER, ZG_ANSWER_NONE, 0, 0, 1 },
};

Test(escpos, answers_are_told_apart_by_their_fixed_bits)
{
	for (size_t i = 0; i < sizeof(answer_cases) / sizeof(answer_cases[0]); i++) {
		const struct answer_case *c = &answer_cases[i];
		struct zg_printer_answer answer;

		size_t used = zg_printer_driver_find("escpos")->read(c->bytes, c->length, c->asked, &answer);

		cr_expect(eq(sz, used, c->used), "case %zu", i);
		cr_expect(eq(int, answer.kind, c->kind), "case %zu", i);
		if (c->kind == ZG_ANSWER_STATUS || c->kind == ZG_ANSWER_PAPER) {
			cr_expect(eq(uint, answer.flags, c->flags), "case %zu", i);
			cr_expect(eq(uint, answer.flags & ~answer.known, 0u), "case %zu", i);
		}
		if (c->kind == ZG_ANSWER_PRINTED)
			cr_expect(eq(uint, answer.id, c->id), "case %zu", i);
		/* a whole answer that is cut off waits for its rest */
		for (size_t cut = 0; cut < c->used && c->used > 1; cut++)
			cr_expect(eq(sz, zg_printer_driver_find("escpos")->read(c->bytes, cut, c->asked, &answer), 0u), "case %zu", i);
	}
}

Test(escpos, rubbish_from_the_printer_is_always_used_up)
{
	struct chance chance = chance_begin();

	for (long round = 0; round < chance_rounds(100000); round++) {
		char bytes[100];
		struct zg_printer_answer answer;

		for (size_t i = 0; i < sizeof(bytes); i++)
			bytes[i] = chance_next(&chance) % 3 ? (char)chance_next(&chance) : "\x37\x22\x5f\x10\x00\x11"[chance_next(&chance) % 6];
		for (size_t at = 0, used; at < sizeof(bytes); at += used) {
			used = zg_printer_driver_find("escpos")->read(bytes + at, sizeof(bytes) - at, chance_next(&chance) % 6, &answer);
			cr_assert(le(sz, used, sizeof(bytes) - at), "ZG_SEED=%llu", (unsigned long long)chance.seed);
			if (used == 0) {
				cr_assert(lt(sz, sizeof(bytes) - at, 80u), "ZG_SEED=%llu", (unsigned long long)chance.seed);
				break;
			}
		}
	}
}

/* Bytes of the command at the start, by the makers' tables; 0: no command that a slip may hold. */
static size_t command_length(const unsigned char *at, size_t left)
{
	static const struct { unsigned char a, b; size_t length; } fixed[] = {
		{ 0x1B, 0x40, 2 }, { 0x1B, 0x74, 3 }, { 0x1B, 0x61, 3 }, { 0x1B, 0x45, 3 }, { 0x1B, 0x64, 3 }, { 0x1C, 0x26, 2 },
		{ 0x1C, 0x57, 3 }, { 0x1C, 0x21, 3 }, { 0x1D, 0x21, 3 }, { 0x1D, 0x42, 3 }, { 0x1D, 0x72, 3 }, { 0x1D, 0x61, 3 },
		{ 0x1D, 0x68, 3 }, { 0x1D, 0x77, 3 }, { 0x1D, 0x48, 3 },
	};

	if (left < 2)
		return 0;
	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		if (at[0] == fixed[i].a && at[1] == fixed[i].b)
			return fixed[i].length;
	if (at[0] != 0x1D || left < 3)
		return 0;
	if (at[1] == 0x56)
		return at[2] == 0x42 ? 4 : at[2] <= 1 ? 3 : 0;
	if (at[1] == 0x28 && (at[2] == 0x6B || at[2] == 0x48))
		return 5 + at[3] + 256u * at[4];
	if (at[1] == 0x6B)
		return 4 + (size_t)at[3];
	if (at[1] == 0x76 && at[2] == 0x30)
		return 8 + (at[4] + 256u * at[5]) * (at[6] + 256u * at[7]);
	return 0;
}

static void expect_harmless(const struct zg_buffer *out, const char *what)
{
	const unsigned char *bytes = (const unsigned char *)out->bytes;

	for (size_t i = 0; i + 1 < out->length; i++) {
		bool real_time = bytes[i] == 0x10 && (bytes[i + 1] == 0x04 || bytes[i + 1] == 0x05 || bytes[i + 1] == 0x14);

		cr_assert(not(real_time), "%s: a real-time command at %zu", what, i);
	}
	for (size_t at = 0, step; at < out->length; at += step) {
		bool visible = (bytes[at] >= 0x20 && bytes[at] != 0x7F) || bytes[at] == 0x0A;

		step = visible ? 1 : command_length(bytes + at, out->length - at);
		cr_assert(gt(sz, step, 0u), "%s: byte %02X at %zu", what, bytes[at], at);
		cr_assert(le(sz, at + step, out->length), "%s: a command is cut off", what);
	}
}

static void spoil(json_t *object, const char *text)
{
	const char *key;
	json_t *member;
	size_t at;
	void *next;

	json_object_foreach_safe(object, next, key, member) {
		if (json_is_string(member))
			json_object_set_new(object, key, json_string_nocheck(text));
		else
			spoil(member, text);
	}
	json_array_foreach(object, at, member)
		spoil(member, text);
}

Test(escpos, hostile_names_stay_text_on_every_printer)
{
	static const char *const hostile[] = {
		NULL, "\x1bp\x01\x19\xfa", "\x10\x14\x01\x01\x01", "\u202E\u200B", "\x1dV\x01\x1d(k", "\x7f\x80\x9b", "\xff\xfe", "\n\r\t\x0c", "镕囧㐂€²",
	};
	static const char *const directories[] = { ZG_SOURCE "/data" };
	struct zg_buffer names = { 0 };
	struct zg_gbk *gbk = zg_gbk_new();

	zg_data_profiles(directories, 1, &names);
	for (char *name = strtok(names.bytes, "\n"); name; name = strtok(NULL, "\n")) {
		struct zg_printer_profile profile;

		cr_assert(eq(int, zg_data_profile(directories, 1, name, &profile, NULL), ZG_OK));
		for (size_t h = 0; h < sizeof(hostile) / sizeof(hostile[0]); h++) {
			for (unsigned slip = 0; slip < ZG_SLIPS; slip++) {
				json_t *document = zg_slip_sample(slip);
				struct zg_paper paper;
				struct zg_buffer out = { 0 };

				if (hostile[h])
					spoil(document, hostile[h]);
				slip_layout(slip, "zh", document, profile.columns, &paper);
				zg_printer_driver_find("escpos")->build(&profile, &paper, gbk, 1, &out);
				expect_harmless(&out, name);
				zg_buffer_clear(&out);
				zg_paper_clear(&paper);
				json_decref(document);
			}
		}
	}
	zg_gbk_free(gbk);
	zg_buffer_clear(&names);
}

Test(raster, no_image_holds_a_real_time_command)
{
	struct chance chance = chance_begin();

	for (long round = 0; round < chance_rounds(2000); round++) {
		unsigned char dots[48 * ZG_RASTER_ROWS];
		struct zg_buffer out = { 0 };

		for (size_t i = 0; i < sizeof(dots); i++)
			dots[i] = "\x10\x04\x05\x14\x00\xff"[chance_next(&chance) % 6];
		zg_raster_band(&out, dots, 48, ZG_RASTER_ROWS);
		cr_assert(eq(sz, out.length, sizeof(dots) + 8));
		cr_expect(eq(int, memcmp(out.bytes, "\x1d\x76\x30\x00\x30\x00\x40\x00", 8), 0));
		expect_harmless(&out, "random image");
		zg_buffer_clear(&out);
	}
}

/* Reads a barcode off the paper: widths of bars and spaces of the first row, in modules. */
static size_t read_bars(const struct zg_buffer *out, int module, int widths[400])
{
	const unsigned char *row = (const unsigned char *)out->bytes + 8;
	size_t bytes = (unsigned char)out->bytes[4], count = 0;
	bool black = true;
	int run = 0;

	for (size_t x = 0; x <= bytes * 8; x++) {
		bool dot = x < bytes * 8 && (row[x / 8] & 0x80 >> x % 8);

		if (x < bytes * 8 && dot == black) {
			run++;
			continue;
		}
		cr_assert(eq(int, run % module, 0));
		widths[count++] = run / module;
		black = dot;
		run = 1;
	}
	return count;
}

/* Known symbols of ISO/IEC 15417: start B, stop and some characters. */
Test(raster, a_barcode_says_what_it_should)
{
	static const struct { char character; const char *widths; } known[] = {
		{ '0', "123122" }, { '1', "123221" }, { '2', "223211" }, { '9', "321122" }, { 'A', "111323" }, { 'R', "231131" }, { 'a', "121124" },
		{ ' ', "212222" }, { '~', "131141" },
	};
	struct zg_buffer out = { 0 };
	int widths[400];

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		char text[2] = { known[i].character, '\0' }, seen[7] = "";

		zg_buffer_empty(&out);
		cr_assert(zg_raster_code128(&out, text, 384));
		size_t count = read_bars(&out, 2, widths);

		cr_assert(ge(sz, count, 25u));
		for (size_t k = 0; k < 6; k++)
			seen[k] = (char)('0' + widths[6 + k]);
		cr_expect(eq(str, seen, (char *)known[i].widths));
		cr_expect(widths[0] == 2 && widths[1] == 1 && widths[2] == 1 && widths[3] == 2 && widths[4] == 1 && widths[5] == 4);
		cr_expect(widths[18] == 2 && widths[19] == 3 && widths[20] == 3 && widths[21] == 1 && widths[22] == 1 && widths[23] == 1 && widths[24] == 2);
	}
	zg_buffer_clear(&out);
}

/* Every symbol is 11 modules, its bars an even number of them, and no two are the same. */
Test(raster, all_symbols_keep_the_rules_of_the_code)
{
	char seen[95][7];

	for (int c = 0; c < 95; c++) {
		char text[2] = { (char)(c + 0x20), '\0' };
		struct zg_buffer out = { 0 };
		int widths[400], sum = 0;

		cr_assert(zg_raster_code128(&out, text, 384));
		read_bars(&out, 2, widths);
		for (int k = 0; k < 6; k++) {
			sum += widths[6 + k];
			seen[c][k] = (char)('0' + widths[6 + k]);
		}
		seen[c][6] = '\0';
		cr_expect(eq(int, sum, 11), "%c", c + 0x20);
		cr_expect(eq(int, (widths[6] + widths[8] + widths[10]) % 2, 0), "%c", c + 0x20);
		for (int other = 0; other < c; other++)
			cr_expect(ne(str, seen[other], seen[c]));
		zg_buffer_clear(&out);
	}
}

Test(raster, a_code_too_wide_for_the_paper_is_left_out)
{
	struct zg_buffer out = { 0 };

	cr_expect(eq(int, zg_raster_code128_size("R010000187", 384), 2));
	cr_expect(eq(int, zg_raster_code128_size("R0100001870000000000", 384), 1));
	cr_expect(not(zg_raster_code128(&out, "R01000018700000000000000000000000000", 384)));
	cr_expect(eq(int, zg_raster_qr_size("https://example.com/", 384), 6));
	char *long_text = zg_alloc(5001, 1);

	memset(long_text, 'a', 5000);
	cr_expect(not(zg_raster_qr(&out, long_text, 384)));
	cr_expect(eq(sz, out.length, 0u));
	free(long_text);
}

Test(raster, an_image_goes_in_bands_of_64_rows)
{
	struct zg_buffer out = { 0 };
	size_t rows = 0;

	cr_assert(zg_raster_qr(&out, "https://example.com/", 576));
	for (size_t at = 0; at < out.length;) {
		const unsigned char *band = (const unsigned char *)out.bytes + at;

		cr_assert(eq(int, memcmp(band, "\x1d\x76\x30\x00", 4), 0));
		cr_expect(le(int, band[6], 64));
		cr_expect(eq(int, band[4], (25 * 6 + 7) / 8));
		rows += band[6];
		at += 8 + (size_t)band[4] * band[6];
	}
	cr_expect(eq(sz, rows, (25u + 8u) * 6u));
	zg_buffer_clear(&out);
}
