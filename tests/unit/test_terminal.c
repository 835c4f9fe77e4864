#include "src/base/alloc.h"
#include "src/base/buffer.h"
#include "src/io/terminal.h"
#include "tests/unit/waiting.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

struct seat {
	struct zg_loop *loop;
	struct zg_terminal *terminal;
	int master, slave;
	struct zg_buffer keys;
	int rows, columns, gone, ticks;
	int64_t at_ms;
};

static void keys(void *self, const char *bytes, size_t length, int64_t at_ms)
{
	struct seat *seat = self;

	zg_buffer_add(&seat->keys, bytes, length);
	seat->at_ms = at_ms;
}

static void resized(void *self, int rows, int columns)
{
	struct seat *seat = self;

	seat->rows = rows;
	seat->columns = columns;
}

static void gone(void *self)
{
	((struct seat *)self)->gone++;
}

static void begin(struct seat *seat)
{
	static const struct zg_terminal_events events = { .bytes = keys, .resized = resized, .gone = gone };
	struct winsize size = { .ws_row = 12, .ws_col = 40 };
	struct zg_error err = { 0 };

	*seat = (struct seat){ .loop = zg_loop_new(&zg_real_clock) };
	cr_assert(eq(int, openpty(&seat->master, &seat->slave, NULL, NULL, &size), 0));
	fcntl(seat->master, F_SETFL, O_NONBLOCK);
	cr_assert(eq(int, zg_terminal_open(seat->loop, seat->slave, &events, seat, &seat->terminal, &err), ZG_OK), "%s",
		  err.text);
}

static void end(struct seat *seat)
{
	zg_terminal_close(seat->terminal, 100);
	zg_buffer_clear(&seat->keys);
	close(seat->master);
	close(seat->slave);
	zg_loop_free(seat->loop);
}

static size_t take(int fd, struct zg_buffer *out)
{
	char some[4096];
	ssize_t got;

	while ((got = read(fd, some, sizeof(some))) > 0)
		zg_buffer_add(out, some, (size_t)got);
	return out->length;
}

static bool is_cooked(int fd)
{
	struct termios mode;

	return tcgetattr(fd, &mode) == 0 && (mode.c_lflag & (ICANON | ECHO | ISIG)) == (ICANON | ECHO | ISIG) &&
	       (mode.c_iflag & IXON);
}

Test(terminal, the_modes_are_raw_while_it_is_open_and_then_as_before)
{
	struct termios raw;
	struct seat seat;
	int before = count_descriptors();

	begin(&seat);
	cr_assert(eq(int, tcgetattr(seat.slave, &raw), 0));
	cr_expect(eq(long, raw.c_lflag & (ICANON | ECHO | ISIG), 0));
	cr_expect(eq(long, raw.c_iflag & IXON, 0));
	cr_expect(eq(int, fcntl(seat.slave, F_GETFL) & O_NONBLOCK, 0));    /* the shell's own opening is left alone */
	zg_terminal_close(seat.terminal, 100);
	seat.terminal = NULL;
	cr_expect(is_cooked(seat.slave));
	cr_expect(eq(int, waitpid(-1, NULL, WNOHANG), -1));
	end(&seat);
	cr_expect(eq(int, count_descriptors(), before));
}

Test(terminal, every_key_comes_as_it_is_ctrl_s_and_ctrl_c_too)
{
	struct seat seat;

	begin(&seat);
	cr_assert(eq(long, write(seat.master, "\x13\x03\x1b[24~\r", 8), 8));
	wait_until(seat.loop, seat.keys.length == 8);
	cr_expect(eq(int, memcmp(seat.keys.bytes, "\x13\x03\x1b[24~\r", 8), 0));
	cr_expect(gt(long, seat.at_ms, 0));
	fputs("frame", zg_terminal_out(seat.terminal));    /* and Ctrl-S has stopped nothing */
	fflush(zg_terminal_out(seat.terminal));
	struct zg_buffer out = { 0 };

	wait_until(seat.loop, take(seat.master, &out) == 5);
	cr_expect(eq(long, (long)zg_terminal_written(seat.terminal), 5));
	zg_buffer_clear(&out);
	end(&seat);
}

static void tick(void *self)
{
	struct seat *seat = self;

	seat->ticks++;
	zg_timer_add(seat->loop, 1, tick, seat);
}

Test(terminal, a_terminal_that_nobody_reads_stops_nothing_and_catches_up)
{
	struct zg_buffer out = { 0 };
	size_t size = 300000;
	char *frame = zg_alloc(size, 1);
	struct seat seat;

	memset(frame, 'x', size);
	begin(&seat);
	cr_expect(not(zg_terminal_is_behind(seat.terminal)));
	cr_expect(eq(long, (long)fwrite(frame, 1, size, zg_terminal_out(seat.terminal)), (long)size));
	cr_expect(eq(int, fflush(zg_terminal_out(seat.terminal)), 0));
	tick(&seat);
	wait_until(seat.loop, seat.ticks > 30);
	cr_expect(zg_terminal_is_behind(seat.terminal));
	cr_assert(eq(long, write(seat.master, "k", 1), 1));
	wait_until(seat.loop, seat.keys.length == 1);    /* keys come all the same */
	wait_until(seat.loop, take(seat.master, &out) == size);
	cr_expect(not(zg_terminal_is_behind(seat.terminal)));
	zg_buffer_clear(&out);
	free(frame);
	end(&seat);
}

static void count(void *self)
{
	++*(int *)self;
}

/* Or every frame would be drawn a second time because the first one was sent. */
Test(terminal, a_frame_that_was_sent_asks_for_another_only_when_one_was_skipped)
{
	struct zg_buffer out = { 0 };
	struct seat seat;
	int hooks = 0;

	begin(&seat);
	zg_loop_after(seat.loop, count, &hooks);
	cr_expect(not(zg_terminal_is_behind(seat.terminal)));
	fputs("frame", zg_terminal_out(seat.terminal));
	fflush(zg_terminal_out(seat.terminal));
	wait_until(seat.loop, take(seat.master, &out) == 5);
	cr_expect(eq(int, hooks, 0));

	fputs("again", zg_terminal_out(seat.terminal));
	fflush(zg_terminal_out(seat.terminal));
	cr_expect(zg_terminal_is_behind(seat.terminal));    /* the one who draws skips his frame */
	wait_until(seat.loop, take(seat.master, &out) == 10);
	cr_expect(eq(int, hooks, 1));
	cr_expect(not(zg_terminal_is_behind(seat.terminal)));
	zg_buffer_clear(&out);
	end(&seat);
}

Test(terminal, closing_waits_for_a_stalled_terminal_only_so_long)
{
	size_t size = 300000;
	char *frame = zg_alloc(size, 1);
	struct seat seat;

	begin(&seat);
	fwrite(frame, 1, size, zg_terminal_out(seat.terminal));
	int64_t start = zg_clock_running(&zg_real_clock);

	zg_terminal_close(seat.terminal, 100);
	seat.terminal = NULL;
	cr_expect(lt(long, zg_clock_running(&zg_real_clock) - start, 5000));
	cr_expect(is_cooked(seat.slave));
	free(frame);
	end(&seat);
}

Test(terminal, what_was_drawn_last_is_sent_before_it_closes)
{
	struct zg_buffer out = { 0 };
	struct seat seat;

	begin(&seat);
	fputs("bye", zg_terminal_out(seat.terminal));
	zg_terminal_close(seat.terminal, 1000);
	seat.terminal = NULL;
	cr_expect(eq(long, (long)take(seat.master, &out), 3));
	zg_buffer_clear(&out);
	end(&seat);
}

Test(terminal, a_new_size_is_told_and_a_mad_one_bounded)
{
	struct winsize size = { .ws_row = 50, .ws_col = 132 }, mad = { .ws_row = 65535, .ws_col = 65535 };
	struct seat seat;
	int rows, columns;

	begin(&seat);
	zg_terminal_size(seat.terminal, &rows, &columns);
	cr_expect(eq(int, rows, 12));
	cr_expect(eq(int, columns, 40));
	ioctl(seat.master, TIOCSWINSZ, &size);
	kill(getpid(), SIGWINCH);
	wait_until(seat.loop, seat.rows == 50);
	cr_expect(eq(int, seat.columns, 132));
	ioctl(seat.master, TIOCSWINSZ, &mad);
	kill(getpid(), SIGWINCH);
	wait_until(seat.loop, seat.rows == ZG_TERMINAL_ROWS);
	cr_expect(eq(int, seat.columns, ZG_TERMINAL_COLUMNS));
	end(&seat);
}

Test(terminal, a_terminal_that_hangs_up_is_told_once_and_takes_frames_no_more)
{
	struct seat seat;

	begin(&seat);
	close(seat.master);
	seat.master = -1;
	wait_until(seat.loop, seat.gone == 1);
	for (int i = 0; i < 10; i++) {
		fputs("frame", zg_terminal_out(seat.terminal));
		fflush(zg_terminal_out(seat.terminal));
		zg_loop_step(seat.loop, 50);
	}
	cr_expect(eq(int, seat.gone, 1));
	cr_expect(not(zg_terminal_is_behind(seat.terminal)));
	end(&seat);
}

Test(terminal, what_is_no_terminal_is_refused)
{
	static const struct zg_terminal_events events = { 0 };
	struct zg_loop *loop = zg_loop_new(&zg_real_clock);
	struct zg_terminal *terminal;
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	cr_expect(eq(int, zg_terminal_open(loop, fd, &events, NULL, &terminal, NULL), ZG_USAGE));
	cr_expect(eq(ptr, terminal, NULL));
	close(fd);
	zg_loop_free(loop);
}

/* kill -9 leaves no chance to tidy up; the guard does it, and says what to do. */
Test(terminal, a_killed_till_leaves_a_terminal_that_can_be_typed_in)
{
	static const struct zg_terminal_events events = { 0 };
	int master, slave, ready[2], status;
	struct zg_buffer out = { 0 };
	char byte;

	cr_assert(eq(int, openpty(&master, &slave, NULL, NULL, NULL), 0));
	fcntl(master, F_SETFL, O_NONBLOCK);
	cr_assert(eq(int, pipe2(ready, O_CLOEXEC), 0));
	pid_t child = fork();

	if (child == 0) {
		struct zg_terminal *terminal;

		if (zg_terminal_open(zg_loop_new(&zg_real_clock), slave, &events, NULL, &terminal, NULL) != ZG_OK)
			_exit(1);
		(void)!write(ready[1], "r", 1);
		for (;;)
			pause();
	}
	cr_assert(eq(long, read(ready[0], &byte, 1), 1));
	cr_expect(not(is_cooked(slave)));
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	for (int i = 0; i < 1000 && !(is_cooked(slave) && take(master, &out) > 0); i++)
		usleep(10000);
	cr_expect(is_cooked(slave));
	cr_expect(strstr(zg_buffer_text(&out), "\033[?1049l") != NULL);
	for (int i = 0; i < 1000 && !strstr(zg_buffer_text(&out), "start it again"); i++) {
		usleep(10000);
		take(master, &out);
	}
	cr_expect(strstr(zg_buffer_text(&out), "The till ended suddenly.") != NULL);
	zg_buffer_clear(&out);
	close(master);
	close(slave);
	close(ready[0]);
	close(ready[1]);
}
