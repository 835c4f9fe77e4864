/* zhanggui-sim printer: a virtual printer on a pseudo-terminal, its paper in a file. */
#include "contrib/sim/commands.h"
#include "contrib/sim/pty.h"
#include "contrib/sim/virtual_printer.h"

#include "src/base/alloc.h"
#include "src/base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
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
	const char *link, *paper_path, *control_path;
	int columns, baud;
	bool until_eof, quit, failed;
	struct sim_pty pty;
	struct sim_printer *printer;
	int paper, events, raw, log;      /* files; -1: not wanted */
	int signals;
	struct source input, control;
	int64_t started_ms, paid_ms;      /* the line's pace: until when bytes were paid for */
	int64_t credit;                   /* thousandths of a byte */
};

enum { FILE_PAPER, FILE_EVENTS, FILE_RAW, FILE_LOG, FILES };

static int64_t now(void)
{
	return zg_clock_running(&zg_real_clock);
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

	sim_mark_write(mark, device->columns, &text);
	add_to_file(device, device->paper, zg_buffer_text(&text), text.length);
	zg_buffer_clear(&text);
	if (device->events < 0)
		return;
	json_t *event = sim_mark_json(mark);

	zg_json_set_integer(event, "at_ms", now() - device->started_ms);
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
	zg_buffer_print(&line, "%lld %c ", (long long)(now() - device->started_ms), direction);
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
	if (device->baud == 0)
		return SIZE_MAX;
	int64_t most = 20 * (int64_t)device->baud / 10 + 1000;

	device->credit += (now_ms - device->paid_ms) * device->baud / 10;
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
	if (device->baud)
		device->credit -= count * 1000;
	add_to_file(device, device->raw, (const char *)bytes, (size_t)count);
	log_bytes(device, '<', bytes, (size_t)count);
	sim_printer_receive(device->printer, bytes, (size_t)count, now());
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
	if (sim_pty_open(&device->pty, device->link, why, sizeof(why)))
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
		known = sim_printer_command(device->printer, line, now());
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
		if (source == &device->input && device->until_eof)
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
		good = sim_printer_command(device->printer, one, now());
		if (!good)
			fprintf(stderr, "zhanggui-sim: --faults: unknown '%s'\n", one);
	}
	free(all);
	return good;
}

/* -- the loop --------------------------------------------------------------------------------- */

static int how_long(const struct device *device, size_t room, size_t paid)
{
	int wait = sim_printer_wait(device->printer, now());

	if (wait < 0 || wait > SHARE_MS)
		wait = SHARE_MS;
	if (room > 0 && paid == 0 && wait > 1)
		wait = 1;
	return wait;
}

static void turn(struct device *device)
{
	size_t room = sim_printer_room(device->printer);
	size_t paid = paid_bytes(device, now());
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
	sim_printer_run(device->printer, now());
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
	if (!device->control_path)
		return true;
	if (mkfifo(device->control_path, 0600) == 0 || errno == EEXIST) {
		struct stat there;

		device->control.fd = open(device->control_path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
		if (device->control.fd >= 0 && fstat(device->control.fd, &there) == 0 && S_ISFIFO(there.st_mode))
			return true;
		errno = EEXIST;
	}
	fprintf(stderr, "zhanggui-sim: %s: %s\n", device->control_path, strerror(errno));
	return false;
}

static bool open_signals(struct device *device)
{
	sigset_t ends;

	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGHUP);
	signal(SIGPIPE, SIG_IGN);
	if (sigprocmask(SIG_BLOCK, &ends, NULL) != 0)
		return false;
	device->signals = signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK);
	return device->signals >= 0;
}

static void close_all(struct device *device)
{
	int fds[] = { device->paper, device->events, device->raw, device->log, device->signals, device->control.fd };

	sim_pty_close(&device->pty);
	if (device->control.fd >= 0)
		unlink(device->control_path);
	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		if (fds[i] > STDERR_FILENO)
			close(fds[i]);
	zg_buffer_clear(&device->input.text);
	zg_buffer_clear(&device->control.text);
	sim_printer_free(device->printer);
}

static int help(FILE *out, int code)
{
	fprintf(out,
		"Usage: zhanggui-sim printer --link PATH [OPTION...]\n"
		"A receipt printer on a pseudo-terminal that PATH points to; prints 'ready PATH PTY' once it is there.\n"
		"  --paper FILE      adds the paper to FILE as text (else: standard output)\n"
		"  --events FILE     adds what happens as JSON lines\n"
		"  --raw FILE        adds the bytes that come, as they are\n"
		"  --log FILE        adds the bytes of both ways, with milliseconds, in hexadecimal\n"
		"  --control FIFO    makes a FIFO that takes commands; standard input takes them too\n"
		"  --until-eof       ends when standard input ends\n"
		"  --profile 58|80   58 mm paper: 32 columns; 80 mm: 48 (80)\n"
		"  --columns N       columns of the paper, if others\n"
		"  --baud N          takes bytes at this pace (else as fast as they come)\n"
		"  --speed N         prints N mm a second (else at once)\n"
		"  --buffer N        bytes of the receive buffer (4096)\n"
		"  --flow hold|xonxoff|none   what it does when the buffer is full (hold)\n"
		"  --roll MM, --near MM       length of the roll; when the near-end sensor speaks\n"
		"  --drawer low|high|none     level of the drawer's pin 3 when it is open (low)\n"
		"  --lacks LIST      of qr,barcode,cutter,dle,gsr,gsh,asb\n"
		"  --faults LIST     commands, with ';' between them, before it is ready\n"
		"  --seed N          of the garbage\n"
		"Commands: paper out|in [MM]|near, cover open|close, mute on|off, hang on|off, unplug, plug,\n"
		"power off|on, slow N, fast, cutter jam|free, drawer open|close, garbage N|off, noise HEX,\n"
		"lose N, status, quit. Each is answered by a line 'ok COMMAND' or 'unknown COMMAND'.\n");
	return code;
}

static bool take_lacks(struct sim_printer_options *options, char *list)
{
	const struct { const char *name; bool *flag; } lacks[] = {
		{ "qr", &options->decoder.lacks_qr }, { "barcode", &options->decoder.lacks_barcode },
		{ "cutter", &options->decoder.lacks_cutter }, { "dle", &options->lacks_dle },
		{ "gsr", &options->lacks_gsr }, { "gsh", &options->lacks_gsh }, { "asb", &options->lacks_asb },
	};
	char *rest = NULL;

	for (char *one = strtok_r(list, ",", &rest); one; one = strtok_r(NULL, ",", &rest)) {
		bool known = false;

		for (size_t i = 0; i < sizeof(lacks) / sizeof(lacks[0]); i++)
			if (strcmp(one, lacks[i].name) == 0)
				known = *lacks[i].flag = true;
		if (!known)
			return false;
	}
	return true;
}

/* Index of word in words, or -1. */
static int choose(const char *word, const char *const *words, int count)
{
	for (int i = 0; i < count; i++)
		if (strcmp(word, words[i]) == 0)
			return i;
	return -1;
}

static bool take_number(const char *name, const char *text, int max, int *number)
{
	*number = sim_number(name, text, max);
	return *number > 0;
}

enum option_letter { OPTION_LINK = 'l', OPTION_CONTROL = 'k', OPTION_EOF = 'e', OPTION_FAULTS = 'f', OPTION_HELP = 'h' };

/* One option; false when its value is wrong. */
static bool take_option(struct device *device, struct sim_printer_options *options, const char **files, int letter)
{
	static const char *const flows[] = { "hold", "xonxoff", "none" }, *const sensors[] = { "low", "high", "none" };
	int number = 0;

	switch (letter) {
	case 'P': files[FILE_PAPER] = optarg; return true;
	case 'E': files[FILE_EVENTS] = optarg; return true;
	case 'R': files[FILE_RAW] = optarg; return true;
	case 'L': files[FILE_LOG] = optarg; return true;
	case OPTION_LINK: device->link = optarg; return true;
	case OPTION_CONTROL: device->control_path = optarg; return true;
	case OPTION_EOF: device->until_eof = true; return true;
	case 'p':
		device->columns = strcmp(optarg, "58") == 0 ? 32 : 48;
		return strcmp(optarg, "58") == 0 || strcmp(optarg, "80") == 0;
	case 'c': return take_number("columns", optarg, 255, &device->columns);
	case 'b': return take_number("baud", optarg, 4000000, &device->baud);
	case 's': return take_number("speed", optarg, 10000, &options->speed);
	case 'u':
		if (!take_number("buffer", optarg, 1 << 20, &number) || number < 32)
			return false;
		options->buffer = (size_t)number;
		return true;
	case 'w':
		number = choose(optarg, flows, 3);
		options->flow = number < 0 ? SIM_FLOW_HOLD : (enum sim_flow)number;
		return number >= 0;
	case 'o': return take_number("roll", optarg, 1000000, &options->roll);
	case 'n': return take_number("near", optarg, 1000000, &options->near);
	case 'd':
		number = choose(optarg, sensors, 3);
		options->drawer = number < 0 ? SIM_SENSOR_NONE : (enum sim_sensor)number;
		return number >= 0;
	case 'a': return take_lacks(options, optarg);
	case 'S':
		if (!take_number("seed", optarg, 1 << 30, &number))
			return false;
		options->seed = (uint32_t)number;
		return true;
	default:
		return false;
	}
}

static const struct option long_options[] = {
	{ "link", required_argument, NULL, OPTION_LINK },       { "paper", required_argument, NULL, 'P' },
	{ "events", required_argument, NULL, 'E' },             { "raw", required_argument, NULL, 'R' },
	{ "log", required_argument, NULL, 'L' },                { "control", required_argument, NULL, OPTION_CONTROL },
	{ "until-eof", no_argument, NULL, OPTION_EOF },         { "profile", required_argument, NULL, 'p' },
	{ "columns", required_argument, NULL, 'c' },            { "baud", required_argument, NULL, 'b' },
	{ "speed", required_argument, NULL, 's' },              { "buffer", required_argument, NULL, 'u' },
	{ "flow", required_argument, NULL, 'w' },               { "roll", required_argument, NULL, 'o' },
	{ "near", required_argument, NULL, 'n' },               { "drawer", required_argument, NULL, 'd' },
	{ "lacks", required_argument, NULL, 'a' },              { "faults", required_argument, NULL, OPTION_FAULTS },
	{ "seed", required_argument, NULL, 'S' },               { "help", no_argument, NULL, OPTION_HELP }, { 0 },
};

static bool start(struct device *device, const struct sim_printer_options *options, const char *const *files, const char *faults)
{
	int *const fds[] = { &device->paper, &device->events, &device->raw, &device->log };

	for (int i = 0; i < FILES; i++)
		if (files[i] && (*fds[i] = open_file(files[i])) < 0)
			return false;
	if (!files[FILE_PAPER])
		device->paper = STDOUT_FILENO;
	device->printer = sim_printer_new(options, take, device);
	device->started_ms = device->paid_ms = now();
	return (!faults || start_faults(device, faults)) && open_signals(device) && open_control(device) && plug(device);
}

int sim_printer_command_line(int argc, char **argv)
{
	struct device device = { .columns = 48, .paper = -1, .events = -1, .raw = -1, .log = -1, .signals = -1,
				 .pty = { .master = -1, .slave = -1 }, .input.fd = STDIN_FILENO, .control.fd = -1 };
	struct sim_printer_options options = { 0 };
	const char *files[FILES] = { NULL }, *faults = NULL;
	int letter;

	while ((letter = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		if (letter == OPTION_HELP)
			return help(stdout, 0);
		if (letter == OPTION_FAULTS)
			faults = optarg;
		else if (!take_option(&device, &options, files, letter))
			return help(stderr, 2);
	}
	if (!device.link || optind < argc)
		return help(stderr, 2);
	options.decoder.columns = device.columns;
	bool started = start(&device, &options, files, faults);

	if (started) {
		printf("ready %s %s\n", device.link, device.pty.name);
		fflush(stdout);
		while (!device.quit)
			turn(&device);
	}
	close_all(&device);
	return !started ? 2 : device.failed ? 5 : 0;
}
