#include "src/io/child.h"

#include "src/base/alloc.h"
#include "src/base/buffer.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define KEPT_FD       3     /* the answer's pipe in the child */
#define LOOK_AGAIN_MS 5     /* for the exit, where the kernel has no pidfd */

struct zg_child {
	struct zg_loop *loop;
	pid_t pid;                  /* -1: it was never started */
	int out, exit_fd;           /* -1: closed */
	struct zg_watch *out_watch, *exit_watch;
	uint64_t limit_timer, look_timer;
	struct zg_buffer answer;
	bool has_ended;             /* pid is reaped, status is set */
	bool is_late, is_too_long;
	int status;
	zg_child_done *done;
	void *done_self;
};

void zg_child_close_from(int first)
{
	if (close_range((unsigned)first, UINT_MAX, 0) == 0)
		return;
	long most = sysconf(_SC_OPEN_MAX);    /* kernels before 5.9 */

	for (int fd = first; fd < (most > 0 && most < 65536 ? most : 65536); fd++)
		close(fd);
}

static void run_child(zg_child_work *work, void *self, int out, pid_t parent) __attribute__((noreturn));
static void run_child(zg_child_work *work, void *self, int out, pid_t parent)
{
	static const int numbers[] = { SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGPIPE, SIGCHLD };
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)    /* it died before the line above */
		_exit(1);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		signal(numbers[i], SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (out != KEPT_FD && dup2(out, KEPT_FD) < 0)
		_exit(1);
	/* it has nothing to say at the cashier's terminal */
	int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int fd = 0; nowhere >= 0 && fd < KEPT_FD; fd++)
		if (dup2(nowhere, fd) < 0)
			_exit(1);
	zg_child_close_from(KEPT_FD + 1);
	_exit(work(self, KEPT_FD));
}

static void close_out(struct zg_child *child)
{
	zg_watch_remove(child->out_watch);
	child->out_watch = NULL;
	if (child->out >= 0)
		close(child->out);
	child->out = -1;
}

static void free_child(struct zg_child *child)
{
	close_out(child);
	zg_watch_remove(child->exit_watch);
	if (child->exit_fd >= 0)
		close(child->exit_fd);
	zg_timer_remove(child->loop, child->limit_timer);
	zg_timer_remove(child->loop, child->look_timer);
	if (child->pid > 0 && !child->has_ended) {
		kill(child->pid, SIGKILL);
		while (waitpid(child->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	if (child->answer.bytes)    /* it may have held a secret */
		explicit_bzero(child->answer.bytes, child->answer.room);
	zg_buffer_clear(&child->answer);
	free(child);
}

/* Once both the answer and the exit are in, or it never started. */
static void finish(struct zg_child *child)
{
	if (child->out >= 0 || (child->pid > 0 && !child->has_ended))
		return;
	bool is_whole = child->pid > 0 && !child->is_late && !child->is_too_long && WIFEXITED(child->status);

	child->done(child->done_self, is_whole && WEXITSTATUS(child->status) == 0, is_whole ? zg_buffer_text(&child->answer) : "",
		    is_whole ? child->answer.length : 0);
	free_child(child);
}

static void look_for_exit(void *self)
{
	struct zg_child *child = self;

	child->look_timer = 0;
	pid_t pid = waitpid(child->pid, &child->status, WNOHANG);

	if (pid == 0) {
		if (child->exit_fd < 0)
			child->look_timer = zg_timer_add(child->loop, LOOK_AGAIN_MS, look_for_exit, child);
		return;
	}
	if (pid < 0)                /* somebody else reaped it: its end is not known, so it did not go well */
		child->is_late = true;
	child->has_ended = true;
	zg_watch_remove(child->exit_watch);
	child->exit_watch = NULL;
	finish(child);
}

static void exit_ready(void *self, int fd, unsigned events)
{
	(void)fd, (void)events;
	look_for_exit(self);
}

static void read_answer(void *self, int fd, unsigned events)
{
	struct zg_child *child = self;
	char bytes[4096];
	ssize_t got = read(fd, bytes, sizeof(bytes));

	(void)events;
	if (got > 0) {
		if (child->answer.length + (size_t)got <= ZG_CHILD_ANSWER)
			zg_buffer_add(&child->answer, bytes, (size_t)got);
		else if (!child->is_too_long) {
			child->is_too_long = true;
			kill(child->pid, SIGKILL);
		}
		explicit_bzero(bytes, sizeof(bytes));
		return;
	}
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	close_out(child);
	finish(child);
}

static void too_late(void *self)
{
	struct zg_child *child = self;

	child->limit_timer = 0;
	child->is_late = true;
	if (child->pid > 0 && !child->has_ended)
		kill(child->pid, SIGKILL);    /* its end comes through the pipe and the pidfd */
	close_out(child);             /* a grandchild may hold the pipe open: do not wait for it */
	finish(child);
}

struct zg_child *zg_child_start(struct zg_loop *loop, zg_child_work *work, void *work_self, int64_t limit_ms,
				zg_child_done *done, void *done_self)
{
	struct zg_child *child = zg_alloc(1, sizeof(*child));
	pid_t parent = getpid();
	int ends[2] = { -1, -1 };

	*child = (struct zg_child){ .loop = loop, .pid = -1, .out = -1, .exit_fd = -1, .done = done,
				    .done_self = done_self };
	if (pipe2(ends, O_CLOEXEC) == 0)
		child->pid = fork();
	if (child->pid == 0)
		run_child(work, work_self, ends[1], parent);
	if (ends[1] >= 0)
		close(ends[1]);
	if (child->pid < 0) {
		if (ends[0] >= 0)
			close(ends[0]);
		child->limit_timer = zg_timer_add(loop, 0, too_late, child);
		return child;
	}
	child->out = ends[0];
	fcntl(child->out, F_SETFL, O_NONBLOCK);
	child->out_watch = zg_watch_add(loop, child->out, ZG_LOOP_IN, read_answer, child);
	child->exit_fd = pidfd_open(child->pid, 0);    /* close-on-exec by itself */
	if (child->exit_fd >= 0)
		child->exit_watch = zg_watch_add(loop, child->exit_fd, ZG_LOOP_IN, exit_ready, child);
	else
		child->look_timer = zg_timer_add(loop, LOOK_AGAIN_MS, look_for_exit, child);
	child->limit_timer = zg_timer_add(loop, limit_ms * zg_loop_pace(loop), too_late, child);
	return child;
}

/* In the child. Its screen is ours: nothing of it may be reached. */
static int run_program(void *self, int out)
{
	const char *const *words = self;
	int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (nothing < 0 || dup2(nothing, STDIN_FILENO) < 0 || dup2(nothing, STDERR_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0)
		return 127;
	close(out);
	(void)setpriority(PRIO_PROCESS, 0, 10);    /* as fast as we is no fault either */
	execv(words[0], (char *const *)(uintptr_t)words);
	return 127;
}

struct zg_child *zg_child_run(struct zg_loop *loop, const char *const *words, int64_t limit_ms, zg_child_done *done,
			      void *done_self)
{
	return zg_child_start(loop, run_program, (void *)(uintptr_t)words, limit_ms, done, done_self);
}

void zg_child_cancel(struct zg_child *child)
{
	if (child)
		free_child(child);
}
