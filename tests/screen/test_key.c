#include "src/base/text.h"
#include "tui/key.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What the bytes become, pushed `gap` ms after each cut: "F12 1 2 Enter". A cut is written as |. */
static char *play(const char *term, const char *bytes, int gap, char *out, size_t size)
{
	struct zg_keys *keys = zg_keys_new(term);
	int64_t now = 0, at;
	uint32_t code;
	char name[ZG_KEY_NAME];

	out[0] = '\0';
	for (const char *part = bytes; ; ) {
		size_t length = strcspn(part, "|");

		zg_keys_push(keys, part, length, now);
		for (int more = 1; more; ) {
			more = zg_keys_next(keys, now, &code, &at);
			if (more)
				snprintf(out + strlen(out), size - strlen(out), "%s%s", *out ? " " : "", code == ZG_KEY_LINE_FEED ? "LF" : zg_key_name(name, code));
		}
		if (!part[length] && now > 5000)
			break;
		/* between two writes the loop wakes up for what is due */
		now += gap;
		part += length + (part[length] != '\0');
		if (!*part)
			now += 6000;
	}
	zg_keys_free(keys);
	return out;
}

Test(key, the_bytes_of_terminals_become_keys)
{
	static const struct { const char *term, *bytes, *keys; } cases[] = {
		{ "xterm", "1+*/-.\r", "1 + * / - . Enter" },
		{ "xterm", "\033[24~", "F12" }, { "xterm", "\033OP\033OS", "F1 F4" },
		{ "xterm", "\033[15~\033[17~\033[18~\033[19~\033[20~", "F5 F6 F7 F8 F9" },
		{ "xterm", "\033[A\033[B\033[C\033[D", "Up Down Right Left" },
		{ "xterm", "\033OA\033OB", "Up Down" },
		{ "xterm", "\033[5~\033[6~\033[H\033[F", "PgUp PgDn Home End" },
		{ "xterm", "\033[1~\033[4~\033[2~\033[3~", "Home End Ins Del" },
		{ "xterm", "\033[17;2~", "Shift-F6" }, { "xterm", "\033[Z", "Shift-Tab" },
		{ "linux", "\033[[A\033[[B\033[[E\033[17~\033[24~", "F1 F2 F5 F6 F12" },
		{ "linux", "\033[1~\033[4~", "Home End" },
		{ "tmux-256color", "\033OP\033[24~", "F1 F12" }, { "screen", "\033[1~", "Home" },
		{ "no-such-terminal", "\033[24~\033[A", "F12 Up" },
		{ "xterm", "\177\010\t", "Backspace Backspace Tab" },
		{ "xterm", "\017\014\022\030", "Ctrl-O Ctrl-L Ctrl-R Ctrl-X" },
		{ "xterm", "\r\n", "Enter LF" },
		{ "xterm", "中é", "中 é" }, { "xterm", "\xE4\xB8|\xAD", "中" }, { "xterm", "\xE4" "a\xFF" "b", "a b" },
		{ "xterm", "\033Oj\033Ok\033OM", "* + Enter" },    /* the number pad in application mode */
		{ "xterm", "\0335\033" "0", "" },                     /* a scanner in Alt-digit mode */
		{ "xterm", "\033\033\033", "Esc Esc Esc" }, { "xterm", "\033\r", "Esc Enter" },
		{ "xterm", "\033[?1;2c", "" }, { "xterm", "\033[999~x", "x" },
	};
	char out[512];

	for (size_t i = 0; i < COUNT(cases); i++)
		cr_expect(eq(str, play(cases[i].term, cases[i].bytes, 5, out, sizeof(out)), (char *)cases[i].keys), "case %zu", i);
}

/* A slow line cuts F12; its 24 must never become cash. */
Test(key, a_function_key_that_comes_in_pieces_is_never_text)
{
	static const struct { const char *bytes; int gap; const char *keys; } cases[] = {
		{ "\033|[24~", 60, "Esc" }, { "\033|[24~", 10, "F12" }, { "\033[|24~", 60, "F12" },
		{ "\033[2|4~", 60, "F12" }, { "\033[24|~", 500, "F12" }, { "\033|[|2|4|~", 60, "Esc" },
		{ "\033|OP", 60, "Esc" }, { "\033|O|P", 60, "Esc" }, { "\033O|P", 60, "F1" },
		{ "\033|[[A", 60, "Esc" }, { "\033|[24~5", 60, "Esc 5" }, { "\033|[24~|\033[24~", 60, "Esc F12" },
		{ "\033|5", 60, "Esc 5" }, { "\033|\033|5", 60, "Esc Esc 5" },
		{ "\033|[24", 60, "Esc" }, { "\033[24", 60, "" },
	};
	char out[512];

	for (size_t i = 0; i < COUNT(cases); i++)
		cr_expect(eq(str, play("xterm", cases[i].bytes, cases[i].gap, out, sizeof(out)), (char *)cases[i].keys), "case %zu", i);
}

Test(key, a_lone_esc_acts_after_25_ms)
{
	struct zg_keys *keys = zg_keys_new("xterm");
	uint32_t code = 0;
	int64_t at;

	zg_keys_push(keys, "\033", 1, 100);

	cr_expect(eq(int, zg_keys_wait(keys, 100), 25));
	cr_expect(not(zg_keys_next(keys, 124, &code, &at)));
	cr_expect(eq(int, zg_keys_wait(keys, 125), 0));
	cr_assert(zg_keys_next(keys, 125, &code, &at));
	cr_expect(eq(u32, code, ZG_KEY_ESC));
	cr_expect(eq(i64, at, 100));
	cr_expect(eq(int, zg_keys_wait(keys, 130), -1));
	zg_keys_free(keys);
}

/* After a second nobody's function key is still under way: what comes is typed. */
Test(key, a_bracket_long_after_esc_is_a_bracket)
{
	char out[64];

	cr_expect(eq(str, play("xterm", "\033|[2", 1100, out, sizeof(out)), "Esc [ 2"));
}

Test(key, no_cut_of_any_sequence_lets_text_through)
{
	static const char *const sequences[] = { "\033[24~", "\033[15~", "\033OP", "\033[[C", "\033[17;2~", "\033[A", "\033[1;5D" };
	char out[512], cut[64];

	for (size_t i = 0; i < COUNT(sequences); i++)
		for (size_t k = 1; k < strlen(sequences[i]); k++)
			for (int gap = 1; gap < 1000; gap += 37) {
				snprintf(cut, sizeof(cut), "%.*s|%s", (int)k, sequences[i], sequences[i] + k);
				play("linux", cut, gap, out, sizeof(out));
				/* one key with a name, or none: no second word, no single character */
				cr_expect(strchr(out, ' ') == NULL && strlen(out) != 1, "%zu cut at %zu, %d ms: %s", i, k, gap, out);
			}
}

/* Rubbish may become any keys, but never bytes that are no text. */
/* Numbers on the stack, where a callee's variables will lie. */
__attribute__((noinline)) static void leave_numbers(long number)
{
	volatile long numbers[2048];

	for (size_t i = 0; i < COUNT(numbers); i++)
		numbers[i] = number;
}

/* libtermkey would take the number that is not there from its stack, where one of an earlier sequence may lie: 24 is F12. */
Test(key, a_sequence_without_its_number_is_no_key)
{
	static const char *const sequences[] = { "\033[~", "\033[;2~", "\033[;~", "\033[27~", "\033[27;2~", "\033[027~" };
	struct zg_keys *keys = zg_keys_new("xterm-256color");
	uint32_t code;
	int64_t at;

	for (size_t i = 0; i < COUNT(sequences); i++) {
		leave_numbers(24);
		zg_keys_push(keys, sequences[i], strlen(sequences[i]), 1);
		cr_expect(not(zg_keys_next(keys, 1, &code, &at)), "sequence %zu", i);
	}
	zg_keys_free(keys);
}

Test(key, any_bytes_become_only_keys)
{
	unsigned seed = 20261123;

	for (int round = 0; round < 2000; round++) {
		struct zg_keys *keys = zg_keys_new("xterm");
		char bytes[64];
		uint32_t code;
		int64_t at;

		srand(seed + round);
		for (size_t i = 0; i < sizeof(bytes); i++)
			bytes[i] = (char)(rand() % 3 ? rand() : "\033[O;~"[rand() % 5]);
		zg_keys_push(keys, bytes, sizeof(bytes), 0);
		while (zg_keys_next(keys, 5000, &code, &at))
			cr_assert(zg_key_is_text(code) || (code >= 1 && code <= 26) || code > ZG_KEY_SPECIAL, "seed %u: %x", seed + round, code);
		zg_keys_free(keys);
	}
}

Test(key, a_key_is_named_and_read_back)
{
	static const struct { const char *name; uint32_t code; } cases[] = {
		{ "F3", ZG_KEY_F(3) }, { "Ctrl-X", ZG_KEY_CTRL('x') }, { "Enter", ZG_KEY_ENTER }, { "+", '+' }, { "PgDn", ZG_KEY_PAGE_DOWN },
		{ "Shift-F6", ZG_KEY_F(6) | ZG_KEY_SHIFT }, { "Space", ' ' }, { "?", '?' }, { "r", 'r' }, { "Up", ZG_KEY_UP }, { "Shift-Tab", ZG_KEY_BACKTAB },
	};
	char name[ZG_KEY_NAME];

	for (size_t i = 0; i < COUNT(cases); i++) {
		cr_expect(eq(u32, zg_key_parse(cases[i].name), cases[i].code), "%s", cases[i].name);
		cr_expect(eq(str, (char *)zg_key_name(name, cases[i].code), (char *)cases[i].name));
	}
	cr_expect(eq(u32, zg_key_parse("ctrl-x"), ZG_KEY_CTRL('x')));
	cr_expect(eq(u32, zg_key_parse("F13"), 0));
	cr_expect(eq(u32, zg_key_parse("nonsense"), 0));
	cr_expect(eq(u32, zg_key_parse(""), 0));
}

/* The answer to "how wide is a sign?" is no key, and Shift-F3, which looks like it, is no answer. */
Test(key, the_terminal_tells_how_wide_it_draws_signs)
{
	struct zg_keys *keys = zg_keys_new("xterm-256color");
	uint32_t code;
	int64_t at;

	cr_expect(eq(int, zg_keys_sign_cells(keys), 0));
	zg_keys_push(keys, "\033[1;2R", 6, 0);
	cr_expect(eq(int, zg_keys_sign_cells(keys), 0));
	cr_assert(zg_keys_next(keys, 0, &code, &at));
	cr_expect(eq(u32, code, ZG_KEY_F(3) | ZG_KEY_SHIFT));

	zg_keys_push(keys, "\033[2;3R", 6, 0);
	cr_expect(eq(int, zg_keys_sign_cells(keys), 2));
	zg_keys_push(keys, "\033[2;2R", 6, 0);
	cr_expect(eq(int, zg_keys_sign_cells(keys), 1));
	cr_expect(not(zg_keys_next(keys, 1000, &code, &at)));
	zg_keys_free(keys);
}
