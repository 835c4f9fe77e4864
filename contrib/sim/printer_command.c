/* zhanggui-sim printer: a virtual printer on a pseudo-terminal, its paper in a file. */
#include "contrib/sim/commands.h"
#include "contrib/sim/ends.h"
#include "contrib/sim/printer_options.h"
#include "contrib/sim/pty.h"

#include "src/base/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINE_MAX_BYTES 512     /* the longest command */
#define SHARE_MS       200     /* how often the line is opened to another client */
#define ANSWERS_MAX    4096    /* answers that nobody fetches are dropped beyond this */

/* Where commands come from. */
struct source {
	int fd;                           /* -1: closed */
	struct zg_buffer text;
};

struct device {
	const struct zg_clock *clock;
	const struct sim_printer_wish *wish;
	bool quit, failed;
	struct sim_pty pty;
	struct sim_printer *printer;
	int paper, events, raw, log;      /* files; -1: not wanted */
	int signals;
	struct source input, control;
	int64_t started_ms, paid_ms;      /* the line's pace: until when bytes were paid for */
	int64_t credit;                   /* thousandths of a byte */
};

static int64_t now(const struct device *device)
{
	return zg_clock_running(device->clock);
}

/* Whole lines in one write: a reader never sees half a line, and another start adds below. */
static void add_to_file(struct device *device, int fd, const char *bytes, size_t length)
{
	while (fd >= 0 && length > 0) {
		ssize_t count = write(fd, bytes, length);

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0) {
			fprintf(stderr, "zhanggui-sim: cannot write the paper: %s\n", strerror(errno));
			device->failed = device->quit = true;
			return;
		}
		bytes += count;
		length -= (size_t)count;
	}
}

static void take(void *self, const struct sim_mark *mark)
{
	struct device *device = self;
	struct zg_buffer text = { 0 };

	sim_mark_write(mark, device->wish->printer.decoder.columns, &text);
	add_to_file(device, device->paper, zg_buffer_text(&text), text.length);
	zg_buffer_clear(&text);
	if (device->events < 0)
		return;
	json_t *event = sim_mark_json(mark);

	zg_json_set_integer(event, "at_ms", now(device) - device->started_ms);
	char *line = zg_json_text(event);

	zg_buffer_print(&text, "%s\n", line);
	add_to_file(device, device->events, text.bytes, text.length);
	zg_buffer_clear(&text);
	free(line);
	json_decref(event);
}

static void log_bytes(struct device *device, char direction, const unsigned char *bytes, size_t length)
{
	struct zg_buffer line = { 0 };

	if (device->log < 0)
		return;
	zg_buffer_print(&line, "%lld %c ", (long long)(now(device) - device->started_ms), direction);
	for (size_t i = 0; i < length; i++)
		zg_buffer_print(&line, "%02X", bytes[i]);
	zg_buffer_add_byte(&line, '\n');
	add_to_file(device, device->log, line.bytes, line.length);
	zg_buffer_clear(&line);
}

/* -- the line --------------------------------------------------------------------------------- */

/* How many bytes the wire has carried by now: 10 bits a byte, bursts of at most 20 ms. */
static size_t paid_bytes(struct device *device, int64_t now_ms)
{
	if (device->wish->baud == 0)
		return SIZE_MAX;
	int64_t most = 20 * (int64_t)device->wish->baud / 10 + 1000;

	device->credit += (now_ms - device->paid_ms) * device->wish->baud / 10;
	device->paid_ms = now_ms;
	if (device->credit > most)
		device->credit = most;
	return (size_t)(device->credit / 1000);
}

static void hear(struct device *device, size_t room)
{
	unsigned char bytes[1024];
	size_t want = room < sizeof(bytes) ? room : sizeof(bytes);
	ssize_t count = want ? read(device->pty.master, bytes, want) : 0;

	if (count <= 0)
		return;
	if (device->wish->baud)
		device->credit -= count * 1000;
	add_to_file(device, device->raw, (const char *)bytes, (size_t)count);
	log_bytes(device, '<', bytes, (size_t)count);
	sim_printer_receive(device->printer, bytes, (size_t)count, now(device));
}

static void speak(struct device *device)
{
	struct zg_buffer *answers = sim_printer_answers(device->printer);

	if (answers->length == 0)
		return;
	if (device->pty.master < 0) {
		zg_buffer_empty(answers);
		return;
	}
	ssize_t count = write(device->pty.master, answers->bytes, answers->length);

	if (count > 0) {
		log_bytes(device, '>', (const unsigned char *)answers->bytes, (size_t)count);
		zg_buffer_drop(answers, (size_t)count);
	}
	if (answers->length > ANSWERS_MAX)
		zg_buffer_empty(answers);
}

static bool plug(struct device *device)
{
	char why[256];

	if (device->pty.master >= 0)
		return true;
	if (sim_pty_open(&device->pty, device->wish->link, why, sizeof(why)))
		return true;
	fprintf(stderr, "zhanggui-sim: %s\n", why);
	return false;
}

/* -- commands --------------------------------------------------------------------------------- */

static void say_state(const struct device *device)
{
	json_t *state = sim_printer_state(device->printer);

	zg_json_set_boolean(state, "plugged", device->pty.master >= 0);
	char *text = zg_json_text(state);

	printf("%s\n", text);
	free(text);
	json_decref(state);
}

static bool obey(struct device *device, const char *line)
{
	bool known = true;

	if (strcmp(line, "status") == 0) {
		say_state(device);
		return true;
	}
	if (strcmp(line, "quit") == 0)
		device->quit = true;
	else if (strcmp(line, "unplug") == 0)
		sim_pty_close(&device->pty);
	else if (strcmp(line, "plug") == 0)
		known = plug(device);
	else
		known = sim_printer_command(device->printer, line, now(device));
	printf("%s %s\n", known ? "ok" : "unknown", line);
	return known;
}

static void obey_lines(struct device *device, struct source *source)
{
	char *end;

	while (source->text.length > 0 && (end = memchr(source->text.bytes, '\n', source->text.length)) != NULL) {
		size_t length = (size_t)(end - source->text.bytes);

		*end = '\0';
		if (length > 0)
			obey(device, source->text.bytes);
		zg_buffer_drop(&source->text, length + 1);
	}
	if (source->text.length > LINE_MAX_BYTES)
		zg_buffer_empty(&source->text);
}

static void hear_commands(struct device *device, struct source *source)
{
	char bytes[LINE_MAX_BYTES];
	ssize_t count = read(source->fd, bytes, sizeof(bytes));

	if (count > 0) {
		zg_buffer_add(&source->text, bytes, (size_t)count);
		obey_lines(device, source);
	} else if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
		source->fd = -1;
		if (source == &device->input && device->wish->until_eof)
			device->quit = true;
	}
}

/* The faults it starts with: commands with ';' between them. */
static bool start_faults(struct device *device, const char *faults)
{
	char *all = zg_copy(faults), *rest = NULL;
	bool good = true;

	for (char *one = strtok_r(all, ";", &rest); one && good; one = strtok_r(NULL, ";", &rest)) {
		while (*one == ' ')
			one++;
		for (size_t n = strlen(one); n > 0 && one[n - 1] == ' '; n--)
			one[n - 1] = '\0';
		good = sim_printer_command(device->printer, one, now(device));
		if (!good)
			fprintf(stderr, "zhanggui-sim: --faults: unknown '%s'\n", one);
	}
	free(all);
	return good;
}

/* -- the loop --------------------------------------------------------------------------------- */

static int how_long(const struct device *device, size_t room, size_t paid)
{
	int wait = sim_printer_wait(device->printer, now(device));

	if (wait < 0 || wait > SHARE_MS)
		wait = SHARE_MS;
	if (room > 0 && paid == 0 && wait > 1)
		wait = 1;
	return (int)zg_clock_wait(device->clock, wait);
}

static void turn(struct device *device)
{
	size_t room = sim_printer_room(device->printer);
	size_t paid = paid_bytes(device, now(device));
	size_t want = room < paid ? room : paid;
	struct pollfd fds[] = {
		{ .fd = want ? device->pty.master : -1, .events = POLLIN },
		{ .fd = device->input.fd, .events = POLLIN },
		{ .fd = device->control.fd, .events = POLLIN },
		{ .fd = device->signals, .events = POLLIN },
	};

	if (poll(fds, sizeof(fds) / sizeof(fds[0]), how_long(device, room, paid)) < 0)
		return;
	if (fds[0].revents & POLLIN)
		hear(device, want);
	if (fds[1].revents)
		hear_commands(device, &device->input);
	if (fds[2].revents)
		hear_commands(device, &device->control);
	if (fds[3].revents)
		device->quit = true;
	sim_printer_run(device->printer, now(device));
	speak(device);
	sim_pty_share(&device->pty);
	fflush(stdout);
}

/* -- set-up ----------------------------------------------------------------------------------- */

static int open_file(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);

	if (fd < 0)
		fprintf(stderr, "zhanggui-sim: %s: %s\n", path, strerror(errno));
	return fd;
}

/* A FIFO, opened for writing too, so that it never ends when a writer goes. */
static bool open_control(struct device *device)
{
	if (!device->wish->control)
		return true;
	if (mkfifo(device->wish->control, 0600) == 0 || errno == EEXIST) {
		struct stat there;

		device->control.fd = open(device->wish->control, O_RDWR | O_NONBLOCK | O_CLOEXEC);
		if (device->control.fd >= 0 && fstat(device->control.fd, &there) == 0 && S_ISFIFO(there.st_mode))
			return true;
		errno = EEXIST;
	}
	fprintf(stderr, "zhanggui-sim: %s: %s\n", device->wish->control, strerror(errno));
	return false;
}

static bool open_signals(struct device *device)
{
	device->signals = sim_ends_open();
	return device->signals >= 0;
}

static void close_all(struct device *device)
{
	int fds[] = { device->paper, device->events, device->raw, device->log, device->signals, device->control.fd };

	sim_pty_close(&device->pty);
	if (device->control.fd >= 0)
		unlink(device->wish->control);
	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		if (fds[i] > STDERR_FILENO)
			close(fds[i]);
	zg_buffer_clear(&device->input.text);
	zg_buffer_clear(&device->control.text);
	sim_printer_free(device->printer);
}

static bool start(struct device *device)
{
	const struct sim_printer_wish *wish = device->wish;
	const struct { const char *path; int *fd; } files[] = {
		{ wish->paper, &device->paper }, { wish->events, &device->events },
		{ wish->raw, &device->raw },     { wish->log, &device->log },
	};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (files[i].path && (*files[i].fd = open_file(files[i].path)) < 0)
			return false;
	if (!wish->paper)
		device->paper = STDOUT_FILENO;
	device->printer = sim_printer_new(&wish->printer, take, device);
	device->started_ms = device->paid_ms = now(device);
	return (!wish->faults || start_faults(device, wish->faults)) && open_signals(device) && open_control(device) && plug(device);
}

int sim_printer_command_line(const struct zg_clock *clock, int argc, char **argv)
{
	struct sim_printer_wish wish;
	struct device device = { .clock = clock, .wish = &wish, .paper = -1, .events = -1, .raw = -1, .log = -1, .signals = -1,
				 .pty = { .master = -1, .slave = -1 }, .input.fd = STDIN_FILENO, .control.fd = -1 };
	int code = 2;

	if (!sim_printer_wish_read(&wish, argc, argv, &code))
		return code;
	if (start(&device)) {
		printf("ready %s %s\n", wish.link, device.pty.name);
		fflush(stdout);
		while (!device.quit)
			turn(&device);
		code = device.failed ? 5 : 0;
	}
	close_all(&device);
	return code;
}
