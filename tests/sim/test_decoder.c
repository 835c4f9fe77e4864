/* Byte strings written out from devices' manuals, and the paper that they make. */
#include "src/base/alloc.h"
#include "src/base/text.h"
#include "tests/sim/bench.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#define PROLOGUE "\x1B@\x1Bt\0\x1C&\x1D!\0\x1B" "a\0"

static const struct { const char *what, *bytes; size_t length; const char *paper; } known[] = {
	{ "the prologue leaves no trace", BYTES(PROLOGUE), "" },
	{ "ASCII and hanzi", BYTES("ab\xC5\xA9\xB7\xF2" "c\n"), "ab农夫c\n" },
	{ "a GBK trail may look like ASCII", BYTES("\x87\x5C\x81\x40\n"), "嘰丂\n" },
	{ "the wide yuan sign", BYTES("\xA3\xA4" "5\n"), "￥5\n" },
	{ "an empty line", BYTES("a\n\nb\n"), "a\n\nb\n" },
	{ "centre", BYTES("\x1B" "a\1abcd\n"), "              abcd\n" },
	{ "right", BYTES("\x1B" "a2\xB0\xA1\n"), "                              啊\n" },
	{ "left again", BYTES("\x1B" "a\1\x1B" "a\0ab\n"), "ab\n" },
	{ "twice as wide and high", BYTES("\x1D!\x11" "A\xB0\xA1\x1D!\0B\n"), "A 啊  B\n" },
	{ "hanzi alone twice as large", BYTES("\x1CW\1\xB0\xA1" "a\x1CW\0\xB0\xA1\n"), "啊  a啊\n" },
	{ "hanzi print mode", BYTES("\x1C!\x04\xB0\xA1\x1C!\0\xB0\xA1\n"), "啊  啊\n" },
	{ "print mode", BYTES("\x1B!\x20" "ab\x1B!\0" "c\n"), "a b c\n" },
	{ "bold, underline, inverse, fonts", BYTES("\x1B" "E\1a\x1B" "E\0\x1BG\1b\x1BG\0\x1B-\1c\x1B-\0\x1C-\1d\x1C-\0\x1D" "B\1e\x1D" "B\0\x1BM\1f\x1BM\0\n"),
	  "abcdef\n" },
	{ "spacings", BYTES("\x1B \0\x1CS\0\0\x1B" "2a\n\x1B" "3\x20" "b\n"), "a\nb\n" },
	{ "feed lines", BYTES("a\n\x1B" "d\2b\x1B" "d\2c\n"), "a\n\n\nb\n\nc\n" },
	{ "feed dots", BYTES("a\x1BJ\x20" "b\n"), "a\nb\n" },
	{ "move right", BYTES("a\x1B$\x30\0b\x1B\\\x18\0c\n"), "a   b  c\n" },
	{ "left margin and width", BYTES("\x1DL\x18\0\x1DW\x30\0abcdef\n\x1DL\0\0\x1DW\0\0"), "  abcd\n  ef\n" },
	{ "settings without a trace", BYTES("\x1BR\0\x1B" "c5\0\x1B" "c4\0\x1B" "c3\0\x1B=\1\x1C" "C\0"), "" },
	{ "hanzi off is code page 437", BYTES("\x1C.\x81\x1C&\n"), "ü\n" },
	{ "a full line goes on below", BYTES("0123456789012345678901234567890\xB0\xA1\n"), "0123456789012345678901234567890\n啊\n" },
	{ "full and partial cuts", BYTES("\x1DV\0\x1DV\1\x1DV0\x1DV1\x1DV\x41\0\x1DV\x42\0\x1Bi\x1Bm"),
	  "✂ ----\n✂ ----\n✂ ----\n✂ ----\n✂ ----\n✂ ----\n✂ ----\n✂ ----\n" },
	{ "drawer on pin 2", BYTES("\x1Bp\0\x32\xFA"), "~ drawer 1 100 ms\n" },
	{ "drawer on pin 5, in ASCII", BYTES("\x1Bp\x31\x19\xFA"), "~ drawer 2 50 ms\n" },
	{ "beeps", BYTES("\a\x1B" "B\3\2\x1B" "C\2\1\1\x1B(A\4\0\0\1\1\1"), "~ beep 1\n~ beep 3\n~ beep 2\n~ beep 1\n" },
	{ "a raster of one cell", BYTES("\x1Dv0\0\2\0\6\0" "\xFC\0\xFC\0\xFC\0\xFC\0\xFC\0\xFC\0" "a\n"), "[raster 16x6]\n⠁\na\n" },
	{ "bands join to one picture", BYTES("\x1Dv0\0\1\0\6\0\xFC\xFC\xFC\xFC\xFC\xFC\x1Dv0\0\1\0\6\0\xFC\xFC\xFC\xFC\xFC\xFC\n"),
	  "[raster 8x12]\n⠃\n\n" },
	{ "a raster drawn twice as large", BYTES("\x1Dv0\3\1\0\3\0\xE0\xE0\xE0"), "[raster 16x6]\n⠁\n" },
	{ "column image", BYTES("\x1B*\x21\6\0\xFC\0\0\xFC\0\0\xFC\0\0\xFC\0\0\xFC\0\0\xFC\0\0\na\n"), "[raster 8x24]\n⠁\na\n" },
	{ "stored graphics", BYTES("\x1D(L\x10\0\x30\x70\x30\1\1\x31\6\0\6\0\xFC\xFC\xFC\xFC\xFC\xFC\x1D(L\2\0\x30\x32"), "[raster 8x6]\n⠁\n" },
	{ "stored graphics, long form", BYTES("\x1D" "8L\x10\0\0\0\x30\x70\x30\1\1\x31\6\0\6\0\xFC\xFC\xFC\xFC\xFC\xFC\x1D(L\2\0\x30\2"), "[raster 8x6]\n⠁\n" },
	{ "CODE128 in set B", BYTES("\x1Dh\x50\x1Dw\2\x1DH\2\x1D" "f\0\x1DkI\x0C{B1234567890"), "[CODE128 1234567890]\n" },
	{ "CODE128 in sets B and C", BYTES("\x1Dw\2\x1DkI\x09{BR1{C\x00\x63\x05"), "[CODE128 R1009905]\n" },
	{ "CODE128 with a brace and FNC1", BYTES("\x1Dw\2\x1DkI\x08{A{{A{1B"), "[CODE128 {AB]\n" },
	{ "EAN13 in form A and B", BYTES("\x1Dk\2" "690102807583\0\x1DkC\x0D" "6901028075831"), "[EAN13 6901028075831]\n[EAN13 6901028075831]\n" },
	{ "EAN8, UPC-A, CODE39, ITF", BYTES("\x1DkD\7" "6901234\x1Dk\0" "01234567890\0\x1Dk\4A-1\0\x1DkF\4" "1234"),
	  "[EAN8 69012341]\n[UPC-A 012345678905]\n[CODE39 A-1]\n[ITF 1234]\n" },
	{ "questions leave no trace", BYTES("\x1Dr\1\x1Dr\2\x1DI\1\x1DI\x41\x1D" "a\x4F\x1D(H\6\0\x30\x30" "0001\x1D(D\3\0\x14\1\0"), "" },
	{ "real-time commands between others", BYTES("a\x10\4\1b\x10\5\2\x10\x14\1\0\1\x10\x14\7\1\x10\x14\x08\1\3\x14\1\6\2\x08\n"), "ab\n" },
	{ "own hanzi and NULs are passed over", BYTES("\x1C\x32\xFE\xA1" "012345678901234567890123456789012345678901234567890123456789012345678901\0\0a\n"), "a\n" },
};

Test(decoder, every_command_of_the_manuals_is_read)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		struct bench bench = { .columns = 32 };

		bench_decode(&bench, known[i].bytes, known[i].length);

		cr_expect(eq(str, (char *)zg_buffer_text(&bench.paper), (char *)known[i].paper), "%s", known[i].what);
		cr_expect(eq(int, bench.faults, 0), "%s", known[i].what);
		bench_clear(&bench);
	}
}

Test(decoder, a_command_cut_short_is_told)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		const unsigned char *bytes = (const unsigned char *)known[i].bytes;

		if (bytes[0] != 0x1D || bytes[1] != 'v')
			continue;
		for (size_t cut = 1; cut < 8 + (size_t)(bytes[4] * bytes[6]); cut++) {
			struct bench bench = { .columns = 32 };

			bench_decode(&bench, known[i].bytes, cut);

			cr_expect(eq(int, bench.faults, 1), "%s cut at %zu", known[i].what, cut);
			bench_clear(&bench);
		}
	}
}

/* A line from each native QR: model, size, level, store, print. */
Test(decoder, a_native_qr_says_its_text)
{
	static const char bytes[] = "\x1D(k\4\0\x31\x41\x32\0\x1D(k\3\0\x31\x43\6\x1D(k\3\0\x31\x45\x31"
				    "\x1D(k\x08\0\x31\x50\x30hello\x1D(k\3\0\x31\x51\x30";
	struct bench bench = { .columns = 32 };

	bench_decode(&bench, BYTES(bytes));

	cr_expect(eq(int, bench.faults, 0));
	cr_expect(eq(int, strncmp(zg_buffer_text(&bench.paper), "[QR hello]\n", 11), 0));
	cr_expect(eq(str, (char *)zg_json_string(bench.last, "text", ""), "hello"));
	cr_expect(eq(str, (char *)zg_json_string(bench.last, "level", ""), "M"));
	cr_expect(eq(long, zg_json_integer(bench.last, "module", 0), 6));
	bench_clear(&bench);
}

Test(decoder, what_no_printer_knows_is_told)
{
	static const struct { const char *bytes; size_t length; const char *why; } cases[] = {
		{ BYTES("\x1Bz"), "unknown command" },
		{ BYTES("\x1D\x01"), "unknown command" },
		{ BYTES("\r"), "control byte" },
		{ BYTES("\t"), "control byte" },
		{ BYTES("\x7F"), "control byte" },
		{ BYTES("\x10\x41"), "unknown command" },
		{ BYTES("\x1Bp\5\n"), "unknown command" },                     /* t1 and t2 would print */
		{ BYTES("\x1DV\x10"), "unknown command" },
		{ BYTES("\x81\x30\n"), "half a hanzi" },                       /* the 4-byte part of GB18030 */
		{ BYTES("\xB0\n"), "half a hanzi" },
		{ BYTES("\x80\n"), "byte that starts no hanzi" },
		{ BYTES("\xFF\n"), "byte that starts no hanzi" },
		{ BYTES("a\x1B" "a\1\n"), "alignment in the middle of a line" },
		{ BYTES("a\x1DV\x42\0"), "cut in the middle of a line" },
		{ BYTES("a\x1Dv0\0\1\0\1\0\xFF"), "picture or symbol in a line with text" },
		{ BYTES("\x1Dv0\0\x31\0\1\0" "1234567890123456789012345678901234567890123456789"), "picture wider than the paper" },
		{ BYTES("\x1Dv0\0\0\0\1\0"), "unknown command" },
		{ BYTES("\x1Dv0\0\3\0\1\0\x10\4\1"), "real-time command inside data" },
		{ BYTES("\x1DkI\3" "123"), "CODE128 does not begin with {A, {B or {C" },
		{ BYTES("\x1DkI\x0E{B123456789012"), "barcode wider than the paper" },    /* at 3 dots a module */
		{ BYTES("\x1DkC\x0D" "6901028075832"), "wrong check digit" },
		{ BYTES("\x1Dw\1"), "barcode setting out of range" },
		{ BYTES("\x1D(k\3\0\x31\x51\x30"), "QR without data, or with too much" },
		{ BYTES("\x1D(H\6\0\x30\x30\1\2\3\4"), "broken process ID" },
		{ BYTES("\x1D(Z\1\0a"), "unknown command" },
		{ BYTES("abc"), "line without its end" },
		{ BYTES("\x1Dv0\0"), "unfinished command" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bench bench = { .columns = 32 };
		char *wanted = zg_print("~ fault %s: ", cases[i].why);

		bench_decode(&bench, cases[i].bytes, cases[i].length);

		cr_expect(eq(int, bench.faults, 1), "case %zu: %s", i, zg_buffer_text(&bench.paper));
		cr_expect(strstr(zg_buffer_text(&bench.paper), wanted) != NULL, "case %zu: %s", i, zg_buffer_text(&bench.paper));
		free(wanted);
		bench_clear(&bench);
	}
}

/* A cut through the last line is a favourite complaint: the mark says how much white there was. */
Test(decoder, a_cut_says_how_far_it_is_from_the_last_ink)
{
	static const struct { const char *bytes; size_t length; int blank; } cases[] = {
		{ BYTES("a\n\x1DV\1"), 6 },
		{ BYTES("a\n\x1B" "d\4\x1DV\1"), 126 },
		{ BYTES("a\n\x1DV\x42\0"), 102 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bench bench = { .columns = 32 };

		bench_decode(&bench, cases[i].bytes, cases[i].length);

		cr_expect(eq(str, (char *)zg_json_string(bench.last, "cut", ""), "partial"));
		cr_expect(eq(long, zg_json_integer(bench.last, "blank_dots", -1), cases[i].blank), "case %zu", i);
		bench_clear(&bench);
	}
}

static bool are_lines_clean(const char *text)
{
	for (const char *end; (end = strchr(text, '\n')) != NULL; text = end + 1)
		if (!zg_text_is_clean(text, (size_t)(end - text), NULL, NULL))
			return false;
	return *text == '\0';
}

/* The commands of Chinese receipts mixed with rubbish: whatever comes, it ends and says so. */
Test(decoder, rubbish_never_stops_it)
{
	uint32_t seed = 20261123;
	struct bench bench = { .columns = 48 };
	struct zg_buffer bytes = { 0 };

	for (int i = 0; i < 100000; i++) {
		seed = seed * 1664525 + 1013904223;
		if (seed >> 29 == 0) {
			size_t which = (seed >> 8) % (sizeof(known) / sizeof(known[0]));

			zg_buffer_add(&bytes, known[which].bytes, known[which].length);
		}
		zg_buffer_add_byte(&bytes, (unsigned char)(seed >> 16));
	}
	bench_decode(&bench, bytes.bytes, bytes.length);

	cr_expect(gt(int, bench.faults, 100));
	cr_expect(are_lines_clean(zg_buffer_text(&bench.paper)), "seed 20261123");
	zg_buffer_clear(&bytes);
	bench_clear(&bench);
}
