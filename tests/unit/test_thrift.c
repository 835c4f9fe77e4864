#include "src/io/thrift.h"
#include "tests/unit/chance.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What comes out, the whole passed at once, then ended. */
static char *thrifty(const char *bytes)
{
	struct zg_thrift thrift;
	struct zg_buffer out = { 0 };

	zg_thrift_init(&thrift);
	zg_thrift_pass(&thrift, bytes, strlen(bytes), &out);
	zg_thrift_end(&thrift, &out);
	return zg_buffer_take(&out);
}

static void expect(const char *bytes, const char *wanted)
{
	char *out = thrifty(bytes);

	cr_expect(eq(str, out, (char *)wanted), "of %s", bytes);
	free(out);
}

Test(thrift, text_and_moves_go_through_as_they_came)
{
	expect("掌柜\r\n\033[3;4Habc\b\033[2Cd\033[12G\007", "掌柜\r\n\033[3;4Habc\b\033[2Cd\033[12G\007");
}

Test(thrift, a_change_of_one_colour_sends_that_colour_alone)
{
	expect("\033[0m\033[37m\033[40ma\033(B\033[0m\033[36m\033[40mb", "\033(B\033[0;37;40ma\033[36mb");
}

Test(thrift, blanks_between_two_words_of_a_colour_cost_a_byte_each)
{
	expect("\033[0;1m\033[36;40ma\033(B\033[0m\033[37m\033[40m  \033(B\033[0;1m\033[36m\033[40mb", "\033(B\033[0;1;36;40ma  b");
}

Test(thrift, blanks_of_another_ground_or_underlined_are_not_spared)
{
	expect("\033[0ma\033[46m b", "\033(B\033[0ma\033[46m b");
	expect("\033[0ma\033[4m b", "\033(B\033[0ma\033[4m b");
	expect("\033[0ma\033[7m b", "\033(B\033[0ma\033[7m b");
}

Test(thrift, what_erases_leaves_the_right_ground)
{
	expect("\033[0m\033[46ma\033[40m\033[K", "\033(B\033[0;46ma\033[40m\033[K");
}

Test(thrift, a_move_within_the_row_names_only_the_column)
{
	expect("\033[3;1Ha\033[9Gb\033[3;20Hc\033[3;1Hd", "\033[3;1Ha\033[9Gb\033[20Gc\rd");
	expect("\033[9Ga\033[3;4Hb\n\033[3;9Hc", "\033[9Ga\033[3;4Hb\n\033[3;9Hc");
	expect("\033[9Ga\033[3;4Hb\033[A\033[3;9Hc", "\033[9Ga\033[3;4Hb\033[A\033[3;9Hc");
	/* a terminal whose curses never moves so may not know how */
	expect("\033[3;4Hb\033[3;9Hc", "\033[3;4Hb\033[3;9Hc");
}

Test(thrift, a_move_to_the_row_below_is_a_line_feed)
{
	expect("\033[3dab\033[4dc\033[5d\033[K\033[7d", "\033[3dab\nc\n\033[K\033[7d");
	expect("\033[9G\033[3;1Ha\033[4;20Hb\033[5;1Hc\033[7;2Hd", "\033[9G\033[3;1Ha\n\033[20Gb\n\rc\033[7;2Hd");
	/* where the cursor is not known a row may be any other */
	expect("\033[3da\n\033[4d", "\033[3da\n\033[4d");
	expect("\033[4da", "\033[4da");
	expect("\033[3d\033[B\033[4d", "\033[3d\033[B\033[4d");
	/* upwards there is no such short way */
	expect("\033[4d\033[3d", "\033[4d\033[3d");
}

/* A terminal without xenl: the cursor may be a row further down already, which only curses counts. */
Test(thrift, where_a_written_row_wraps_at_once_every_move_names_its_row)
{
	const char *bytes = "\033[9G\033[3;1Hab\033[4;20Hb\033[5d";
	struct zg_thrift thrift;
	struct zg_buffer out = { 0 };

	zg_thrift_init(&thrift);
	thrift.wraps = true;
	zg_thrift_pass(&thrift, bytes, strlen(bytes), &out);
	cr_expect(eq(str, (char *)zg_buffer_text(&out), (char *)bytes));
	zg_buffer_clear(&out);
}

Test(thrift, after_a_sequence_it_does_not_know_nothing_is_taken_for_granted)
{
	expect("\033[0;1ma\033[3mb", "\033(B\033[0;1ma\033[3m\033(B\033[0;1mb");
	expect("\033[0;1ma\033[?1049lb", "\033(B\033[0;1ma\033[?1049l\033(B\033[0;1mb");
}

Test(thrift, line_drawing_is_kept_apart_from_letters)
{
	expect("\033(0qq\033(B a", "\033(0\033[0mqq\033(B a");
}

Test(thrift, what_was_noted_last_is_sent_before_the_terminal_is_given_back)
{
	expect("\033[0;1ma\033[0m", "\033(B\033[0;1ma\033[22m");
	expect("\033[0;1", "\033[0;1");
}

Test(thrift, a_sequence_too_long_to_be_one_goes_through)
{
	char bytes[200] = "\033[", *out;

	memset(bytes + 2, '1', 150);
	out = thrifty(bytes);
	cr_assert(eq(sz, strlen(out) >= 152, true));
	free(out);
}

/* ---- a terminal that knows what every cell looks like ---- */

struct seen {
	char cells[4096][40];
	size_t count;
};

/* Each character with the look it is drawn in; of a blank only what shows. */
static void look(const char *bytes, struct seen *seen)
{
	struct zg_look_now now = { .letter = 39, .ground = 49, .set = 'B' };
	const char *end = bytes + strlen(bytes);

	seen->count = 0;
	for (const char *at = bytes; at < end; at++) {
		if (*at == '\033' && at[1] == '(') {
			now.set = at[2];
			at += 2;
		} else if (*at == '\033') {
			for (at += 2;; at++) {    /* no number is 0 */
				int n = (int)strtol(at, (char **)&at, 10);

				if (n == 0)
					now = (struct zg_look_now){ .letter = 39, .ground = 49, .set = now.set };
				else if (n == 1)
					now.bold = true;
				else if (n == 2)
					now.dim = true;
				else if (n == 22)
					now.bold = now.dim = false;
				else if (n == 4 || n == 24)
					now.underline = n == 4;
				else if (n == 7 || n == 27)
					now.reverse = n == 7;
				else if (n < 40)
					now.letter = n;
				else
					now.ground = n;
				if (*at == 'm')
					break;
			}
		} else if (seen->count < 4096) {
			bool plain = *at == ' ' && !now.underline && !now.reverse;

			snprintf(seen->cells[seen->count++], 40, "%c%d,%d,%d%d%d%d", *at, plain ? 0 : now.letter, now.ground,
				 !plain && now.bold, !plain && now.dim, now.underline, now.reverse);
		}
	}
}

/* However it is cut into writes, every character looks as it was meant to. */
Test(thrift, no_character_ever_looks_otherwise)
{
	static const char *const pieces[] = { "a", "b", " ", "  ", "\033[0m", "\033[m", "\033[1m", "\033[2m", "\033[4m", "\033[7m",
		"\033[0;1m", "\033(B\033[m", "\033[31m", "\033[37m", "\033[40m", "\033[46m", "\033[30;46m", "\033[39;49m", "\033[22m", "\033[24;27m" };
	static struct seen want, got;
	struct chance chance = chance_begin();

	for (int round = 0; round < chance_rounds(2000); round++) {
		struct zg_buffer bytes = { 0 }, out = { 0 };
		struct zg_thrift thrift;

		zg_buffer_add_text(&bytes, "\033[0m");
		for (int i = 0; i < 60; i++)
			zg_buffer_add_text(&bytes, pieces[chance_between(&chance, 0, (int64_t)(sizeof(pieces) / sizeof(pieces[0])) - 1)]);
		zg_thrift_init(&thrift);
		for (size_t at = 0; at < bytes.length;) {
			size_t some = (size_t)chance_between(&chance, 1, 9);

			some = some < bytes.length - at ? some : bytes.length - at;
			zg_thrift_pass(&thrift, bytes.bytes + at, some, &out);
			at += some;
		}
		look(zg_buffer_text(&bytes), &want);
		look(zg_buffer_text(&out), &got);
		cr_assert(eq(sz, got.count, want.count));
		for (size_t i = 0; i < want.count; i++)
			cr_assert(eq(str, got.cells[i], want.cells[i]), "ZG_SEED=%llu", (unsigned long long)chance.seed);
		zg_buffer_clear(&bytes);
		zg_buffer_clear(&out);
	}
}
