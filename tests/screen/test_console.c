/* The app on a terminal of the system: a pty, the real loop, the real clock. */
#include "tests/screen/demo.h"

#include "src/io/loop.h"
#include "tui/console.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

struct pty {
	int master, slave;
	struct zg_loop *loop;
	struct zg_console *console;
	char seen[1 << 20];    /* what the terminal was sent */
	size_t length;
};

static struct pty *open_term(const char *term, int rows, int columns)
{
	struct pty *p = calloc(1, sizeof(*p));
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns };
	struct zg_app_parts parts = { .term = term, .status = demo_status };
	struct zg_error err = { 0 };

	p->master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
	cr_assert(ge(int, p->master, 0));
	cr_assert(eq(int, grantpt(p->master) | unlockpt(p->master), 0));
	p->slave = open(ptsname(p->master), O_RDWR | O_NOCTTY);
	ioctl(p->master, TIOCSWINSZ, &size);
	p->loop = zg_loop_new(&zg_real_clock);
	cr_assert(eq(int, zg_console_open(p->loop, p->slave, &parts, &p->console, &err), ZG_OK), "%s", err.text);
	zg_app_show(zg_console_app(p->console), &demo_screen, NULL);
	return p;
}

static struct pty *open_pty(int rows, int columns)
{
	return open_term("xterm-256color", rows, columns);
}

static void read_sent(struct pty *p)
{
	ssize_t got;

	while ((got = read(p->master, p->seen + p->length, sizeof(p->seen) - 1 - p->length)) > 0)
		p->length += (size_t)got;
	p->seen[p->length] = '\0';
}

static void run(struct pty *p, int ms)
{
	int64_t end = zg_clock_running(&zg_real_clock) + ms;

	while (zg_clock_running(&zg_real_clock) < end) {
		zg_loop_step(p->loop, 5);
		read_sent(p);
	}
}

static void close_pty(struct pty *p)
{
	zg_console_close(p->console);
	zg_loop_free(p->loop);
	close(p->slave);
	close(p->master);
	free(p);
}

Test(console, keys_come_in_and_frames_go_out, .timeout = 30)
{
	struct pty *p = open_pty(24, 80);

	run(p, 100);
	cr_expect(strstr(p->seen, "小满便利店") != NULL);
	cr_assert(eq(int, (int)write(p->master, "100+", 4), 4));
	run(p, 200);

	cr_expect(eq(str, demo_state()->acts, "+"));
	cr_expect(eq(str, demo_state()->answer, "100"));
	cr_expect(strstr(p->seen, "Settled.") != NULL);
	close_pty(p);
}

/* A line feed instead of a move is right only where the cursor waits in a row's last column. */
Test(console, no_line_feeds_to_a_terminal_that_wraps_at_once, .timeout = 30)
{
	static const struct { const char *term; bool feeds; } cases[] = { { "xterm-256color", true }, { "ansi", false } };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct pty *p = open_term(cases[i].term, 24, 80);

		for (int scan = 0; scan < 12; scan++) {
			cr_assert(eq(int, (int)write(p->master, "R010000187\r", 11), 11));
			run(p, 60);
		}
		cr_expect(gt(sz, p->length, 2000));
		cr_expect(eq(int, strchr(p->seen, '\n') != NULL, cases[i].feeds), "TERM=%s", cases[i].term);
		close_pty(p);
	}
}

/* The timer of the loop, not the next key, lets a lone Esc act. */
Test(console, a_lone_esc_acts_by_itself, .timeout = 30)
{
	struct pty *p = open_pty(24, 80);

	cr_assert(eq(int, (int)write(p->master, "12", 2), 2));
	run(p, 100);
	cr_expect(eq(str, demo_state()->input.text, "12"));
	cr_assert(eq(int, (int)write(p->master, "\033", 1), 1));
	run(p, 200);

	cr_expect(eq(str, demo_state()->input.text, ""));
	close_pty(p);
}

Test(console, a_terminal_that_nobody_reads_stops_no_sale, .timeout = 30)
{
	struct pty *p = open_pty(60, 200);

	for (int i = 0; i < 60; i++) {
		cr_assert(eq(int, (int)write(p->master, "R010000187\r", 11), 11));
		for (int k = 0; k < 10; k++)
			zg_loop_step(p->loop, 1);
	}

	cr_expect(eq(int, demo_state()->count, 60));
	run(p, 300);
	cr_expect(strstr(p->seen, "60") != NULL);
	close_pty(p);
}

Test(console, a_new_size_is_laid_out_anew, .timeout = 30)
{
	struct pty *p = open_pty(24, 80);
	struct winsize size = { .ws_row = 40, .ws_col = 120 };

	run(p, 100);
	p->length = 0;
	ioctl(p->master, TIOCSWINSZ, &size);
	raise(SIGWINCH);    /* the pty is not our controlling terminal */
	run(p, 200);

	cr_expect(strstr(p->seen, "\033[40;") != NULL, "nothing was drawn in row 40");
	close_pty(p);
}

Test(console, a_terminal_that_hangs_up_ends_the_loop, .timeout = 30)
{
	struct pty *p = open_pty(24, 80);

	run(p, 50);
	close(p->slave);
	close(p->master);
	p->slave = p->master = open("/dev/null", O_RDWR);
	bool runs = true;

	for (int i = 0; i < 200 && runs; i++)
		runs = zg_loop_step(p->loop, 10);

	cr_expect(not(runs));
	zg_console_close(p->console);
	zg_loop_free(p->loop);
	close(p->master);
	free(p);
}
