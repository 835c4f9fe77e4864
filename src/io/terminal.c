#include "src/io/terminal.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/io/child.h"
#include "src/io/thrift.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define PIPE_SIZE (1024 * 1024)
#define PIPE_LEAST (64 * 1024)
#define CHUNK     16384

struct zg_terminal {
	struct zg_loop *loop;
	struct zg_terminal_events kept;
	void *self;
	int fd;                     /* our own opening of the terminal: O_NONBLOCK on it is nobody else's */
	int shared_fd, shared_flags;    /* when it could not be opened anew: the caller's, flags to be put back; else -1 */
	struct termios before, raw;
	bool is_raw, is_gone;
	int rows, columns;
	FILE *out, *in;             /* ncurses's ends */
	int pipe_fd;                /* our end of `out` */
	int guard_fd;               /* closing it, or dying, wakes the guard */
	pid_t guard;
	struct zg_watch *tty_watch, *pipe_watch;
	uint64_t signal;
	struct zg_thrift thrift;
	struct zg_buffer chunk;     /* taken from the pipe; from `sent` on not yet by the terminal */
	size_t sent;
	uint64_t written;
};

/*
 * The guard: waits until we close our end of its pipe by dying, then puts the terminal back, unless somebody (a
 * shell) has set other modes in the meantime. A killed till leaves a terminal that can be typed in, and a sentence.
 */
static void run_guard(int wake_fd, int tty, const char *words, const struct termios *raw, const struct termios *before)
	__attribute__((noreturn));
static void run_guard(int wake_fd, int tty, const char *words, const struct termios *raw, const struct termios *before)
{
	/* leave the alternate screen and keypad mode, show the cursor, plain colours */
	static const char back[] = "\033[?1049l\033[?1l\033>\033[?25h\033[0m\r\n";
	static const int ignored[] = { SIGINT, SIGTERM, SIGQUIT, SIGHUP, SIGTSTP, SIGTTOU, SIGTTIN, SIGPIPE };
	struct pollfd room = { .fd = tty, .events = POLLOUT };
	struct termios now;
	char byte;

	for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		signal(ignored[i], SIG_IGN);
	/* Nothing else of the till stays open in here: no lock, no port. */
	if (dup2(wake_fd, STDIN_FILENO) < 0 || dup2(tty, STDOUT_FILENO) < 0)
		_exit(1);
	zg_child_close_from(STDERR_FILENO);
	while (read(STDIN_FILENO, &byte, 1) < 0 && errno == EINTR)
		;
	room.fd = STDOUT_FILENO;
	if (tcgetattr(STDOUT_FILENO, &now) == 0 && now.c_lflag == raw->c_lflag && now.c_iflag == raw->c_iflag) {
		tcsetattr(STDOUT_FILENO, TCSANOW, before);
		if (poll(&room, 1, 200) == 1 && (write(STDOUT_FILENO, back, sizeof(back) - 1) < 0 ||
						 write(STDOUT_FILENO, words, strlen(words)) < 0 || write(STDOUT_FILENO, "\r\n", 2) < 0))
			_exit(1);
	}
	_exit(0);
}

static bool start_guard(struct zg_terminal *terminal)
{
	const char *words = _("The till ended suddenly. What was paid is in the books: start it again, and it goes on where it was.");
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return false;
	terminal->guard = fork();
	if (terminal->guard == 0) {
		close(ends[1]);
		run_guard(ends[0], terminal->fd, words, &terminal->raw, &terminal->before);
	}
	close(ends[0]);
	terminal->guard_fd = ends[1];
	return terminal->guard > 0;
}

static void end_guard(struct zg_terminal *terminal)
{
	if (terminal->guard > 0) {
		kill(terminal->guard, SIGKILL);
		while (waitpid(terminal->guard, NULL, 0) < 0 && errno == EINTR)
			;
	}
	if (terminal->guard_fd >= 0)
		close(terminal->guard_fd);
}

static void hang_up(struct zg_terminal *terminal)
{
	zg_watch_remove(terminal->tty_watch);
	terminal->tty_watch = NULL;
	terminal->is_gone = true;
	terminal->sent = terminal->chunk.length;
	if (terminal->pipe_watch)
		zg_watch_set(terminal->pipe_watch, ZG_LOOP_IN);    /* what comes is thrown away */
	if (terminal->kept.gone)
		terminal->kept.gone(terminal->self);
}

/* Waits for bytes from the pipe, or for room in the terminal, whichever is next. */
static void watch_next(struct zg_terminal *terminal)
{
	bool full = terminal->sent < terminal->chunk.length;

	zg_watch_set(terminal->pipe_watch, full ? 0 : ZG_LOOP_IN);
	if (terminal->tty_watch)
		zg_watch_set(terminal->tty_watch, ZG_LOOP_IN | (full ? ZG_LOOP_OUT : 0));
}

/* False: the terminal is gone. */
static bool send_chunk(struct zg_terminal *terminal)
{
	if (terminal->is_gone)
		terminal->sent = terminal->chunk.length;
	if (terminal->sent == terminal->chunk.length)
		return true;
	ssize_t sent = write(terminal->fd, terminal->chunk.bytes + terminal->sent, terminal->chunk.length - terminal->sent);

	if (sent < 0)
		return errno == EAGAIN || errno == EINTR;
	terminal->sent += (size_t)sent;
	terminal->written += (uint64_t)sent;
	return true;
}

/* Carries bytes on until one side has no more. False: the terminal is gone. */
static bool pump(struct zg_terminal *terminal)
{
	char bytes[CHUNK];
	bool was_last = false;    /* the pipe gave less than it was asked for: it is empty */

	for (int turns = 0; turns < 16; turns++) {    /* 256 kB a call: then the others have their turn */
		if (terminal->sent == terminal->chunk.length) {
			ssize_t got = read(terminal->pipe_fd, bytes, sizeof(bytes));

			zg_buffer_empty(&terminal->chunk);
			terminal->sent = 0;
			if (got <= 0)
				return true;
			was_last = got < (ssize_t)sizeof(bytes);
			zg_thrift_pass(&terminal->thrift, bytes, (size_t)got, &terminal->chunk);
		}
		if (!send_chunk(terminal))
			return false;
		if (terminal->sent < terminal->chunk.length || was_last)
			return true;
	}
	return true;
}

/* False: the terminal is gone, and its owner, who was told, may have closed it. */
static bool pump_out(struct zg_terminal *terminal)
{
	if (!pump(terminal)) {
		hang_up(terminal);
		return false;
	}
	watch_next(terminal);
	return true;
}

static void pipe_ready(void *self, int fd, unsigned events)
{
	(void)fd, (void)events;
	(void)pump_out(self);    /* nothing comes after it here */
}

static void tty_ready(void *self, int fd, unsigned events)
{
	struct zg_terminal *terminal = self;
	char bytes[4096];

	if ((events & ZG_LOOP_OUT) && !pump_out(terminal))
		return;
	if (!(events & ~ZG_LOOP_OUT))
		return;
	ssize_t got = read(fd, bytes, sizeof(bytes));

	if (got > 0) {
		if (terminal->kept.bytes)
			terminal->kept.bytes(terminal->self, bytes, (size_t)got, zg_loop_running(terminal->loop));
	} else if (got == 0 || (errno != EAGAIN && errno != EINTR) || (events & ZG_LOOP_HANGUP)) {
		hang_up(terminal);    /* VMIN is 1, so 0 is the end */
	}
}

static int limit(int value, int most, int unknown)
{
	if (value <= 0)
		return unknown;
	return value > most ? most : value;
}

static void read_size(struct zg_terminal *terminal)
{
	struct winsize size = { 0 };

	if (ioctl(terminal->fd, TIOCGWINSZ, &size) < 0)
		size = (struct winsize){ 0 };
	terminal->rows = limit(size.ws_row, ZG_TERMINAL_ROWS, 24);
	terminal->columns = limit(size.ws_col, ZG_TERMINAL_COLUMNS, 80);
}

static void size_changed(void *self, int number)
{
	struct zg_terminal *terminal = self;
	int rows = terminal->rows, columns = terminal->columns;

	(void)number;
	read_size(terminal);
	if ((rows != terminal->rows || columns != terminal->columns) && terminal->kept.resized)
		terminal->kept.resized(terminal->self, terminal->rows, terminal->columns);
}

/* Opens the terminal anew, so that O_NONBLOCK stays ours and not the shell's; else shares the caller's opening. */
static bool open_tty(struct zg_terminal *terminal, int fd)
{
	char *name = zg_print("/proc/self/fd/%d", fd);

	terminal->fd = open(name, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	free(name);
	if (terminal->fd >= 0)
		return true;
	terminal->fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);    /* after su, the terminal is still another user's */
	if (terminal->fd < 0)
		return false;
	terminal->shared_fd = fd;
	terminal->shared_flags = fcntl(fd, F_GETFL);
	fcntl(fd, F_SETFL, terminal->shared_flags | O_NONBLOCK);
	return true;
}

static bool set_raw(struct zg_terminal *terminal)
{
	if (tcgetattr(terminal->fd, &terminal->before) < 0)
		return false;
	terminal->raw = terminal->before;
	cfmakeraw(&terminal->raw);    /* no ISIG, no IXON: Ctrl-C and Ctrl-S are keys */
	terminal->raw.c_cc[VMIN] = 1;
	terminal->raw.c_cc[VTIME] = 0;
	if (tcsetattr(terminal->fd, TCSANOW, &terminal->raw) < 0)
		return false;
	terminal->is_raw = true;
	return true;
}

static bool open_pipe(struct zg_terminal *terminal)
{
	int ends[2];
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	if (null >= 0)
		terminal->in = fdopen(null, "r");
	if (!terminal->in || pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
		return false;
	terminal->pipe_fd = ends[0];
	terminal->out = fdopen(ends[1], "w");
	if (!terminal->out)
		return false;
	/* The limit for ordinary users is 1 MiB, and less once many pipes are that big. */
	for (int size = PIPE_SIZE; size >= PIPE_LEAST; size /= 2)
		if (fcntl(terminal->pipe_fd, F_SETPIPE_SZ, size) >= size)
			return true;
	return false;
}

enum zg_result zg_terminal_open(struct zg_loop *loop, int fd, const struct zg_terminal_events *events, void *self,
				struct zg_terminal **made, struct zg_error *err)
{
	*made = NULL;
	if (!isatty(fd))
		return zg_fail(err, ZG_USAGE, _("The screens need a terminal. Start the till in one, or use its commands."));
	struct zg_terminal *terminal = zg_alloc(1, sizeof(*terminal));

	*terminal = (struct zg_terminal){ .loop = loop, .kept = *events, .self = self, .fd = -1, .shared_fd = -1,
					  .pipe_fd = -1, .guard_fd = -1, .guard = -1 };
	zg_thrift_init(&terminal->thrift);
	if (!open_tty(terminal, fd) || !open_pipe(terminal) || !set_raw(terminal) || !start_guard(terminal)) {
		zg_fail(err, ZG_BROKEN, _("The terminal cannot be used: %s."), strerror(errno));
		zg_terminal_close(terminal, 0);
		return ZG_BROKEN;
	}
	read_size(terminal);
	terminal->tty_watch = zg_watch_add(loop, terminal->fd, ZG_LOOP_IN, tty_ready, terminal);
	terminal->pipe_watch = zg_watch_add(loop, terminal->pipe_fd, ZG_LOOP_IN, pipe_ready, terminal);
	zg_watch_set_quiet(terminal->pipe_watch, true);    /* or each frame would be drawn once more for having been sent */
	terminal->signal = zg_signal_add(loop, SIGWINCH, size_changed, terminal);
	*made = terminal;
	return ZG_OK;
}

static bool is_behind(const struct zg_terminal *terminal)
{
	int waiting = 0;

	if (terminal->sent < terminal->chunk.length)
		return true;
	return ioctl(terminal->pipe_fd, FIONREAD, &waiting) == 0 && waiting > 0;
}

/* The last bytes, endwin's among them; a terminal that does not read is left at the limit. */
static void send_rest(struct zg_terminal *terminal, int limit_ms)
{
	const struct zg_clock *clock = zg_loop_clock(terminal->loop);
	int64_t pace = zg_loop_pace(terminal->loop);
	int64_t end = zg_clock_running(clock) + limit_ms * pace;

	bool ended = false;

	fflush(terminal->out);
	while (!terminal->is_gone && pump(terminal)) {
		struct pollfd room = { .fd = terminal->fd, .events = POLLOUT };
		int64_t left = (end - zg_clock_running(clock)) / pace;

		if (!is_behind(terminal)) {
			if (ended)
				return;
			zg_thrift_end(&terminal->thrift, &terminal->chunk);
			ended = true;
			continue;
		}
		if (left <= 0 || poll(&room, 1, (int)left) == 0)
			return;
		if (room.revents & (POLLHUP | POLLERR | POLLNVAL))
			return;
	}
}

void zg_terminal_close(struct zg_terminal *terminal, int limit_ms)
{
	if (!terminal)
		return;
	if (terminal->out && terminal->pipe_watch)
		send_rest(terminal, limit_ms);
	zg_signal_remove(terminal->loop, terminal->signal);
	zg_watch_remove(terminal->tty_watch);
	zg_watch_remove(terminal->pipe_watch);
	end_guard(terminal);
	if (terminal->is_raw && !terminal->is_gone)
		tcsetattr(terminal->fd, TCSANOW, &terminal->before);
	if (terminal->shared_fd >= 0)
		fcntl(terminal->shared_fd, F_SETFL, terminal->shared_flags);
	if (terminal->out)
		fclose(terminal->out);
	if (terminal->in)
		fclose(terminal->in);
	if (terminal->pipe_fd >= 0)
		close(terminal->pipe_fd);
	if (terminal->fd >= 0)
		close(terminal->fd);
	zg_buffer_clear(&terminal->chunk);
	free(terminal);
}

FILE *zg_terminal_out(struct zg_terminal *terminal)
{
	return terminal->out;
}

FILE *zg_terminal_in(struct zg_terminal *terminal)
{
	return terminal->in;
}

bool zg_terminal_is_behind(struct zg_terminal *terminal)
{
	bool is_late = is_behind(terminal);

	zg_watch_set_quiet(terminal->pipe_watch, !is_late);    /* a frame is skipped: whoever draws must hear when it may */
	return is_late;
}

void zg_terminal_push(struct zg_terminal *terminal)
{
	(void)pump_out(terminal);    /* nothing comes after it here */
}

void zg_terminal_wraps(struct zg_terminal *terminal)
{
	terminal->thrift.wraps = true;
}

void zg_terminal_size(const struct zg_terminal *terminal, int *rows, int *columns)
{
	*rows = terminal->rows;
	*columns = terminal->columns;
}

uint64_t zg_terminal_written(const struct zg_terminal *terminal)
{
	return terminal->written;
}
