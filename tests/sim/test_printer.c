/* The printer as a machine: answers, faults, paper, time. */
#include "tests/sim/bench.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static struct sim_printer *make(struct bench *bench, const struct sim_printer_options *wanted)
{
	struct sim_printer_options options = wanted ? *wanted : (struct sim_printer_options){ 0 };

	if (bench->columns == 0)
		bench->columns = 32;
	options.decoder.columns = bench->columns;
	return sim_printer_new(&options, bench_take, bench);
}

static void send(struct sim_printer *printer, const char *bytes, size_t length, int64_t now_ms)
{
	sim_printer_receive(printer, (const unsigned char *)bytes, length, now_ms);
}

/* True when exactly these bytes were answered since the last look. */
static bool answered(struct sim_printer *printer, const char *bytes, size_t length)
{
	struct zg_buffer *answers = sim_printer_answers(printer);
	bool same = answers->length == length && (length == 0 || memcmp(answers->bytes, bytes, length) == 0);

	zg_buffer_empty(answers);
	return same;
}

static long state(struct sim_printer *printer, const char *key)
{
	json_t *all = sim_printer_state(printer);
	long number = (long)zg_json_integer(all, key, -1);

	json_decref(all);
	return number;
}

static void finish(struct sim_printer *printer, struct bench *bench)
{
	sim_printer_free(printer);
	bench_clear(bench);
}

Test(printer, real_time_status_tells_paper_cover_cutter_and_drawer)
{
	static const struct { const char *does; char answers[4]; } cases[] = {
		{ NULL,           "\x16\x12\x12\x12" },
		{ "paper near",   "\x16\x12\x12\x1E" },
		{ "paper out",    "\x1E\x32\x12\x72" },
		{ "cover open",   "\x1E\x16\x12\x12" },
		{ "drawer open",  "\x12\x12\x12\x12" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bench bench = { 0 };
		struct sim_printer *printer = make(&bench, NULL);

		if (cases[i].does)
			cr_assert(sim_printer_command(printer, cases[i].does, 0));
		send(printer, BYTES("\x10\4\1\x10\4\2\x10\4\3\x10\4\4"), 0);

		cr_expect(answered(printer, cases[i].answers, 4), "%s", cases[i].does);
		finish(printer, &bench);
	}
}

Test(printer, real_time_commands_act_inside_a_picture)
{
	struct bench bench = { 0 };
	struct sim_printer *printer = make(&bench, NULL);

	send(printer, BYTES("\x1Dv0\0\4\0\2\0\x10\4\4"), 0);
	cr_expect(answered(printer, BYTES("\x12")));
	send(printer, BYTES("\x10\x14\1\0\2"), 0);

	cr_expect(eq(str, (char *)zg_buffer_text(&bench.paper),
		     "~ drawer 1 200 ms\n~ fault real-time command inside data: 10 04 04\n"
		     "~ fault real-time command inside data: 10 14 01 00 02\n"));
	finish(printer, &bench);
}

Test(printer, the_real_time_kick_can_be_switched_off)
{
	struct bench bench = { 0 };
	struct sim_printer *printer = make(&bench, NULL);

	send(printer, BYTES("\x1D(D\3\0\x14\1\0\x10\x14\1\0\1"), 0);    /* switched off before the kick comes */
	cr_expect(eq(str, (char *)zg_buffer_text(&bench.paper), ""));
	send(printer, BYTES("\x1D(D\3\0\x14\1\1"), 0);
	send(printer, BYTES("\x10\x14\1\1\1"), 0);

	cr_expect(eq(str, (char *)zg_buffer_text(&bench.paper), "~ drawer 2 100 ms\n"));
	finish(printer, &bench);
}

Test(printer, a_confirmation_waits_until_the_line_is_printed)
{
	struct bench bench = { 0 };
	struct sim_printer_options slow = { .speed = 50 };    /* a line of 30 dots takes 75 ms */
	struct sim_printer *printer = make(&bench, &slow);

	send(printer, BYTES("a\n\x1D(H\6\0\x30\x30" "0001\x1Dr\1"), 1000);
	cr_expect(answered(printer, BYTES("")));
	cr_expect(eq(int, sim_printer_wait(printer, 1000), 75));
	sim_printer_run(printer, 1074);
	cr_expect(answered(printer, BYTES("")));
	sim_printer_run(printer, 1075);

	cr_expect(answered(printer, BYTES("\x37\x22" "0001\0\0")));
	finish(printer, &bench);
}

Test(printer, a_picture_takes_its_time_too)
{
	struct bench bench = { 0 };
	struct sim_printer_options slow = { .speed = 10 };
	struct sim_printer *printer = make(&bench, &slow);

	send(printer, BYTES("\x1Dv0\0\1\0\x08\0\1\1\1\1\1\1\1\1\x1Dr\1"), 1000);
	cr_expect(answered(printer, BYTES("")));
	sim_printer_run(printer, 1100);    /* 8 dots are 1 mm */

	cr_expect(answered(printer, BYTES("\0")));
	finish(printer, &bench);
}

Test(printer, a_picture_whose_next_band_does_not_come_is_shown)
{
	struct bench bench = { 0 };
	struct sim_printer *printer = make(&bench, NULL);

	send(printer, BYTES("\x1Dv0\0\1\0\1\0\xFF"), 1000);
	cr_expect(eq(str, (char *)zg_buffer_text(&bench.paper), ""));
	cr_expect(eq(int, sim_printer_wait(printer, 1000), 300));
	sim_printer_run(printer, 1300);

	cr_expect(eq(str, (char *)zg_buffer_text(&bench.paper), "[raster 8x1]\n\n"));
	cr_expect(eq(int, sim_printer_wait(printer, 1300), -1));
	finish(printer, &bench);
}

Test(printer, out_of_paper_it_waits_and_then_goes_on_by_itself)
{
	struct bench bench = { 0 };
	struct sim_printer_options options = { .roll = 10 };    /* 80 dots: three lines of 30 */
	struct sim_printer *printer = make(&bench, &options);

	send(printer, BYTES("1\n2\n3\n4\n5\n\x1Dr\1"), 0);
	cr_expect(eq(str, (char *)zg_buffer_text(&bench.paper), "1\n2\n3\n"));
	send(printer, BYTES("\x10\4\4"), 0);
	cr_expect(answered(printer, BYTES("\x72")));
	cr_assert(sim_printer_command(printer, "paper in 100", 5));

	cr_expect(eq(str, (char *)zg_buffer_text(&bench.paper), "1\n2\n3\n4\n5\n"));
	cr_expect(answered(printer, BYTES("\0")));
	finish(printer, &bench);
}

Test(printer, the_near_end_sensor_speaks_before_the_roll_ends)
{
	struct bench bench = { 0 };
	struct sim_printer_options options = { .roll = 100, .near = 98 };
	struct sim_printer *printer = make(&bench, &options);

	send(printer, BYTES("\x1Dr\1"), 0);
	cr_expect(answered(printer, BYTES("\0")));
	send(printer, BYTES("a\n\x1Dr\1\x10\4\4"), 0);

	cr_expect(answered(printer, BYTES("\3\x1E")));
	finish(printer, &bench);
}

Test(printer, automatic_status_comes_once_and_at_each_change)
{
	struct bench bench = { 0 };
	struct sim_printer *printer = make(&bench, NULL);

	send(printer, BYTES("\x1D" "a\x0F"), 0);
	cr_expect(answered(printer, BYTES("\x14\0\0\0")));
	sim_printer_command(printer, "paper out", 0);
	cr_expect(answered(printer, BYTES("\x1C\0\x0C\0")));
	sim_printer_command(printer, "paper in", 0);
	cr_expect(answered(printer, BYTES("\x14\0\0\0")));
	sim_printer_command(printer, "cover open", 0);
	cr_expect(answered(printer, BYTES("\x3C\0\0\0")));
	sim_printer_command(printer, "cover close", 0);
	zg_buffer_empty(sim_printer_answers(printer));
	send(printer, BYTES("\x1Bp\0\x32\xFA"), 0);
	cr_expect(answered(printer, BYTES("\x10\0\0\0")));
	send(printer, BYTES("\x10\x14\7\1\x1D" "a\0"), 0);
	cr_expect(answered(printer, BYTES("\x10\0\0\0")));
	sim_printer_command(printer, "drawer close", 0);

	cr_expect(answered(printer, BYTES("")));
	finish(printer, &bench);
}

Test(printer, a_jammed_cutter_stops_it_until_the_host_recovers_it)
{
	struct bench bench = { 0 };
	struct sim_printer *printer = make(&bench, NULL);

	sim_printer_command(printer, "cutter jam", 0);
	send(printer, BYTES("a\n\x1DV\x42\0b\n\x10\4\1\x10\4\3"), 0);
	cr_expect(eq(str, (char *)zg_buffer_text(&bench.paper), "a\n"));
	zg_buffer_empty(sim_printer_answers(printer));
	send(printer, BYTES("\x10\4\3\x10\5\1\x10\4\3"), 0);
	cr_expect(answered(printer, BYTES("\x1A\x1A")));
	sim_printer_command(printer, "cutter free", 0);
	send(printer, BYTES("\x10\5\1\x10\4\3"), 0);

	cr_expect(answered(printer, BYTES("\x12")));
	cr_expect(eq(str, (char *)zg_buffer_text(&bench.paper), "a\nb\n"));
	finish(printer, &bench);
}

Test(printer, a_printer_without_handshake_loses_what_does_not_fit)
{
	struct bench bench = { 0 };
	struct sim_printer_options options = { .buffer = 32, .flow = SIM_FLOW_NONE };
	struct sim_printer *printer = make(&bench, &options);

	sim_printer_command(printer, "paper out", 0);
	for (int i = 0; i < 20; i++)
		send(printer, BYTES("abc\n"), 0);
	sim_printer_command(printer, "paper in", 0);

	cr_expect(eq(long, state(printer, "lost"), 48));
	cr_expect(eq(int, bench.faults, 1));
	cr_expect(eq(str, (char *)zg_buffer_text(&bench.paper), "~ fault bytes lost, the buffer is full: 61\n"
		     "abc\nabc\nabc\nabc\nabc\nabc\nabc\nabc\n"));
	finish(printer, &bench);
}

Test(printer, xon_and_xoff_guard_the_buffer)
{
	struct bench bench = { 0 };
	struct sim_printer_options options = { .buffer = 1024, .flow = SIM_FLOW_XONXOFF };
	struct sim_printer *printer = make(&bench, &options);

	sim_printer_command(printer, "paper out", 0);
	for (int i = 0; i < 895; i++)
		send(printer, "\n", 1, 0);
	cr_expect(answered(printer, BYTES("")));
	send(printer, "\n\n", 2, 0);
	cr_expect(answered(printer, BYTES("\x13")));
	sim_printer_command(printer, "paper in", 0);

	cr_expect(answered(printer, BYTES("\x11")));
	cr_expect(eq(long, state(printer, "lost"), 0));
	finish(printer, &bench);
}

Test(printer, a_handshake_holds_the_host_back)
{
	struct bench bench = { 0 };
	struct sim_printer *printer = make(&bench, NULL);

	cr_expect(eq(sz, sim_printer_room(printer), 4096 - 128));
	sim_printer_command(printer, "cover open", 0);
	for (int i = 0; i < 4096 - 128; i++)
		send(printer, "\n", 1, 0);
	cr_expect(eq(sz, sim_printer_room(printer), 0));
	sim_printer_command(printer, "cover close", 0);

	cr_expect(eq(sz, sim_printer_room(printer), 4096 - 128));
	finish(printer, &bench);
}

Test(printer, a_mute_printer_prints_but_never_answers)
{
	struct bench bench = { 0 };
	struct sim_printer *printer = make(&bench, NULL);

	sim_printer_command(printer, "mute on", 0);
	send(printer, BYTES("a\n\x10\4\1\x1Dr\1\x1D(H\6\0\x30\x30" "0001\x1D" "a\x0F"), 0);

	cr_expect(answered(printer, BYTES("")));
	cr_expect(eq(str, (char *)zg_buffer_text(&bench.paper), "a\n"));
	finish(printer, &bench);
}

Test(printer, power_off_forgets_what_was_not_printed)
{
	struct bench bench = { 0 };
	struct sim_printer *printer = make(&bench, NULL);

	send(printer, BYTES("a\nlost"), 0);
	sim_printer_command(printer, "power off", 0);
	send(printer, BYTES("lost too\n\x10\4\1"), 0);
	sim_printer_command(printer, "power on", 0);
	send(printer, BYTES("b\n"), 0);

	cr_expect(answered(printer, BYTES("")));
	cr_expect(eq(str, (char *)zg_buffer_text(&bench.paper), "a\nb\n"));
	finish(printer, &bench);
}

Test(printer, buffers_are_cleared_in_real_time)
{
	struct bench bench = { 0 };
	struct sim_printer *printer = make(&bench, NULL);

	sim_printer_command(printer, "paper out", 0);
	send(printer, BYTES("old\n\x1D(H\6\0\x30\x30" "0001\x10\x14\x08\1\3\x14\1\6\2\x08"), 0);
	cr_expect(answered(printer, BYTES("\x37\x25\0")));
	sim_printer_command(printer, "paper in", 0);
	send(printer, BYTES("new\n"), 0);

	cr_expect(answered(printer, BYTES("")));
	cr_expect(eq(str, (char *)zg_buffer_text(&bench.paper), "new\n"));
	finish(printer, &bench);
}

Test(printer, printers_that_lack_something_do_what_such_printers_do)
{
	struct bench bench = { 0 };
	struct sim_printer_options poor = { .decoder = { .lacks_qr = true, .lacks_cutter = true },
					    .lacks_dle = true, .lacks_gsh = true };
	struct sim_printer *printer = make(&bench, &poor);

	send(printer, BYTES("\x10\4\1\x1D(H\6\0\x30\x30" "0001\x1DV\x42\0\x1D(k\5\0\x31\x50\x30hi\n"), 0);

	cr_expect(answered(printer, BYTES("")));
	cr_expect(strstr(zg_buffer_text(&bench.paper), "1P0hi\n") != NULL);
	cr_expect(strstr(zg_buffer_text(&bench.paper), "✂") == NULL);
	finish(printer, &bench);
}

Test(printer, noise_spoils_bytes_and_comes_from_the_line)
{
	struct bench clean = { 0 }, noisy = { 0 };
	struct sim_printer *good = make(&clean, NULL), *bad = make(&noisy, NULL);

	sim_printer_command(bad, "garbage 4", 0);
	cr_expect(sim_printer_command(bad, "noise 00FF", 0));
	cr_expect(answered(bad, BYTES("\0\xFF")));
	sim_printer_command(bad, "lose 2", 0);
	for (int i = 0; i < 50; i++) {
		send(good, BYTES("hello\n"), 0);
		send(bad, BYTES("hello\n"), 0);
	}

	cr_expect(eq(long, state(bad, "lost"), 2));
	cr_expect(ne(str, (char *)zg_buffer_text(&clean.paper), (char *)zg_buffer_text(&noisy.paper)));
	finish(good, &clean);
	finish(bad, &noisy);
}

Test(printer, an_unknown_command_changes_nothing)
{
	static const char *const cases[] = { "", "paper", "paper up", "slow", "slow 0", "slow 5x", "noise", "noise 0", "garbage 0", "Mute on" };
	struct bench bench = { 0 };
	struct sim_printer *printer = make(&bench, NULL);

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		cr_expect(not(sim_printer_command(printer, cases[i], 0)), "%s", cases[i]);
	finish(printer, &bench);
}

/* However the line cuts the bytes into pieces, paper and answers are the same. */
Test(printer, a_slip_may_come_in_any_two_pieces)
{
	static const char slip[] =
		"\x1B@\x1Bt\0\x1C&\x1D!\x11\x1B" "a\1\xD0\xA1\xC2\xFA\n\x1D!\0\x1B" "a\0\xC5\xA9\xB7\xF2 2.00\n\x10\4\4"
		"\x1Dv0\0\2\0\3\0\xFF\0\xFF\0\xFF\0\x1Dw\2\x1DkI\x0C{BR010000187\x1B" "d\4\x1DV\1"
		"\x1Bp\0\x32\xFA\x1D(H\6\0\x30\x30" "0042\x1Dr\2";
	struct bench whole = { 0 };
	struct sim_printer *printer = make(&whole, NULL);

	send(printer, BYTES(slip), 0);
	cr_assert(answered(printer, BYTES("\x12\x37\x22" "0042\0\0")));
	cr_assert(eq(int, whole.faults, 0));
	for (size_t cut = 1; cut < sizeof(slip) - 1; cut++) {
		struct bench bench = { 0 };
		struct sim_printer *other = make(&bench, NULL);

		send(other, slip, cut, 0);
		send(other, slip + cut, sizeof(slip) - 1 - cut, 0);

		cr_expect(answered(other, BYTES("\x12\x37\x22" "0042\0\0")), "cut at %zu", cut);
		cr_expect(eq(str, (char *)zg_buffer_text(&bench.paper), (char *)zg_buffer_text(&whole.paper)), "cut at %zu", cut);
		finish(other, &bench);
	}
	finish(printer, &whole);
}
