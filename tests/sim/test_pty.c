/* The whole program on a real pseudo-terminal, as a till meets it. */
#include "src/base/alloc.h"
#include "tests/sim/bench.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_MS 20000    /* machines under load; nothing waits that long when all is well */

struct stand {
	char directory[64];
	char link[128], paper[128], raw[128], control[128];
	pid_t pid;
	FILE *says;
	int tell;                /* its standard input */
};

static void start(struct stand *stand, const char *more, const char *value)
{
	int out[2], in[2];

	cr_assert(pipe(out) == 0 && pipe(in) == 0);
	stand->pid = fork();
	if (stand->pid == 0) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		close(in[1]);
		close(out[0]);
		execl(ZG_BUILD "/zhanggui-sim", "zhanggui-sim", "printer", "--link", stand->link, "--paper", stand->paper,
		      "--raw", stand->raw, "--control", stand->control, "--until-eof", more, value, (char *)NULL);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	fcntl(in[1], F_SETFD, FD_CLOEXEC);
	stand->tell = in[1];
	stand->says = fdopen(out[0], "r");
}

/* The next line it says, which must begin so. */
static void expect(struct stand *stand, const char *beginning)
{
	char line[512] = "";

	cr_assert(fgets(line, sizeof(line), stand->says) != NULL, "waiting for '%s'", beginning);
	cr_assert(strncmp(line, beginning, strlen(beginning)) == 0, "'%s' is not '%s'", line, beginning);
}

static void set_up(struct stand *stand)
{
	strcpy(stand->directory, "/tmp/zhanggui-sim.XXXXXX");
	cr_assert(mkdtemp(stand->directory) != NULL);
	snprintf(stand->link, sizeof(stand->link), "%s/printer", stand->directory);
	snprintf(stand->paper, sizeof(stand->paper), "%s/paper.txt", stand->directory);
	snprintf(stand->raw, sizeof(stand->raw), "%s/raw", stand->directory);
	snprintf(stand->control, sizeof(stand->control), "%s/control", stand->directory);
}

static void stop(struct stand *stand, int signal_number)
{
	int status;

	if (signal_number)
		kill(stand->pid, signal_number);
	close(stand->tell);
	fclose(stand->says);
	waitpid(stand->pid, &status, 0);
	if (signal_number != SIGKILL)
		cr_expect(eq(int, status, 0), "it ends well");
}

static void clean_up(struct stand *stand)
{
	unlink(stand->link);
	unlink(stand->paper);
	unlink(stand->raw);
	unlink(stand->control);
	rmdir(stand->directory);
}

static void command(struct stand *stand, const char *line)
{
	char text[64], answer[64];
	int length = snprintf(text, sizeof(text), "%s\n", line);

	cr_assert(write(stand->tell, text, (size_t)length) == length);
	snprintf(answer, sizeof(answer), "ok %s", line);
	expect(stand, answer);
}

static int open_line(const struct stand *stand)
{
	int fd = open(stand->link, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);

	cr_assert(fd >= 0);
	return fd;
}

/* Sends, then waits for an answer of that many bytes. */
static void talk(int fd, const char *bytes, size_t length, char *answer, size_t wanted)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };

	cr_assert(write(fd, bytes, length) == (ssize_t)length);
	while (wanted > 0) {
		cr_assert(poll(&wait, 1, PATIENCE_MS) == 1);
		ssize_t count = read(fd, answer, wanted);

		cr_assert(count > 0);
		answer += count;
		wanted -= (size_t)count;
	}
}

static char *contents(const char *path)
{
	struct zg_buffer all = { 0 };
	char piece[1024];
	size_t count;
	FILE *file = fopen(path, "r");

	cr_assert(file != NULL);
	while ((count = fread(piece, 1, sizeof(piece), file)) > 0)
		zg_buffer_add(&all, piece, count);
	fclose(file);
	return zg_buffer_take(&all);
}

static void expect_paper(const struct stand *stand, const char *wanted)
{
	char *paper = contents(stand->paper);

	cr_expect(eq(str, paper, (char *)wanted));
	free(paper);
}

Test(pty, a_slip_goes_through_the_line_and_is_confirmed, .timeout = 60)
{
	struct stand stand;
	char answer[8];

	set_up(&stand);
	start(&stand, "--profile", "58");
	expect(&stand, "ready ");
	int fd = open_line(&stand);

	talk(fd, BYTES("\x1B@\xC5\xA9\xB7\xF2\n\x1Bp\0\x32\xFA\x1DV\x42\0\x1D(H\6\0\x30\x30" "0001"), answer, 7);
	cr_expect(eq(int, memcmp(answer, "\x37\x22" "0001", 7), 0));
	expect_paper(&stand, "农夫\n~ drawer 1 100 ms\n✂ ----\n");
	char *raw = contents(stand.raw);

	cr_expect(eq(int, memcmp(raw, "\x1B@\xC5\xA9\xB7\xF2\n", 7), 0));
	free(raw);
	close(fd);
	stop(&stand, SIGTERM);
	cr_expect(ne(int, access(stand.link, F_OK), 0), "the link goes with the printer");
	clean_up(&stand);
}

Test(pty, paper_already_printed_survives_a_restart, .timeout = 60)
{
	struct stand stand;
	char answer;

	set_up(&stand);
	for (int i = 0; i < 2; i++) {
		start(&stand, "--profile", "58");
		expect(&stand, "ready ");
		int fd = open_line(&stand);

		talk(fd, BYTES("a\n\x1Dr\1"), &answer, 1);
		close(fd);
		stop(&stand, i == 0 ? SIGKILL : 0);    /* killed, then its standard input ends */
	}

	expect_paper(&stand, "a\na\n");
	clean_up(&stand);
}

Test(pty, another_client_may_come_after_an_exclusive_one, .timeout = 60)
{
	struct stand stand;
	struct termios mode;
	char answer;

	set_up(&stand);
	start(&stand, "--flow", "xonxoff");
	expect(&stand, "ready ");
	for (int i = 0; i < 3; i++) {
		int fd = open_line(&stand);

		cr_expect(eq(int, ioctl(fd, TIOCEXCL), 0));
		cr_expect(eq(int, tcgetattr(fd, &mode), 0));
		cr_expect(eq(int, mode.c_lflag & (ECHO | ICANON), 0), "the line is raw before anybody opens it");
		talk(fd, BYTES("\x10\4\1"), &answer, 1);
		cr_expect(eq(int, answer, 0x16));
		close(fd);
	}
	stop(&stand, SIGTERM);
	clean_up(&stand);
}

Test(pty, pulling_the_plug_hangs_up_and_plugging_in_brings_it_back, .timeout = 60)
{
	struct stand stand;
	char answer;

	set_up(&stand);
	start(&stand, "--faults", "paper near; slow 500");
	expect(&stand, "ready ");
	int fd = open_line(&stand);
	struct pollfd hup = { .fd = fd, .events = POLLIN };

	command(&stand, "unplug");
	cr_expect(poll(&hup, 1, PATIENCE_MS) == 1 && hup.revents & POLLHUP);
	cr_expect(eq(int, (int)write(fd, "a", 1), -1));
	cr_expect(ne(int, access(stand.link, F_OK), 0));
	close(fd);
	command(&stand, "plug");
	fd = open_line(&stand);

	talk(fd, BYTES("\x10\4\4"), &answer, 1);
	cr_expect(eq(int, answer, 0x1E));
	close(fd);
	stop(&stand, SIGTERM);
	clean_up(&stand);
}

Test(pty, the_control_fifo_changes_faults_while_it_runs, .timeout = 60)
{
	struct stand stand;
	char answer;

	set_up(&stand);
	start(&stand, "--baud", "9600");
	expect(&stand, "ready ");
	int fifo = open(stand.control, O_WRONLY | O_CLOEXEC);

	cr_assert(fifo >= 0 && write(fifo, "cover open\nnonsense\n", 20) == 20);
	close(fifo);
	expect(&stand, "ok cover open");
	expect(&stand, "unknown nonsense");
	int fd = open_line(&stand);

	talk(fd, BYTES("\x10\4\2"), &answer, 1);
	cr_expect(eq(int, answer, 0x16));
	close(fd);
	stop(&stand, SIGTERM);
	clean_up(&stand);
}

/* 960 bytes take a second at 9600 baud; a pty alone would swallow them at once. */
Test(pty, the_line_has_the_pace_of_its_baud_rate, .timeout = 60)
{
	struct stand stand;
	char answer, text[481];
	struct timespec before, after;

	set_up(&stand);
	start(&stand, "--baud", "9600");
	expect(&stand, "ready ");
	int fd = open_line(&stand);

	memset(text, '\n', sizeof(text));
	clock_gettime(CLOCK_MONOTONIC, &before);
	cr_assert(write(fd, text, 480) == 480);
	talk(fd, BYTES("\x1Dr\1"), &answer, 1);
	clock_gettime(CLOCK_MONOTONIC, &after);

	long ms = (after.tv_sec - before.tv_sec) * 1000 + (after.tv_nsec - before.tv_nsec) / 1000000;

	cr_expect(gt(long, ms, 400), "%ld ms", ms);
	close(fd);
	stop(&stand, SIGTERM);
	clean_up(&stand);
}

Test(pty, a_file_in_the_place_of_the_link_is_left_alone, .timeout = 60)
{
	struct stand stand;
	int status;

	set_up(&stand);
	close(open(stand.link, O_CREAT | O_WRONLY, 0600));
	start(&stand, "--profile", "80");
	waitpid(stand.pid, &status, 0);

	cr_expect(eq(int, status, 2 << 8), "exit 2");
	cr_expect(eq(int, access(stand.link, F_OK), 0));
	close(stand.tell);
	fclose(stand.says);
	clean_up(&stand);
}
