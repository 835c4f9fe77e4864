#include "tests/fault/run.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <locale.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ARGS 40

static char build[RUN_PATH / 2], source[RUN_PATH / 2], programs[RUN_PATH / 2];

__attribute__((noreturn, format(printf, 1, 2))) static void give_up(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n0 passed, 1 failed\n");
	exit(1);
}

static void place(char *to, size_t size, const char *name, const char *usual)
{
	const char *given = getenv(name);
	char path[4096];

	if (!realpath(given && *given ? given : usual, path) || strlen(path) >= size)
		give_up("%s is no directory to test in", given ? given : usual);
	memcpy(to, path, strlen(path) + 1);
}

void run_begin(void)
{
	char path[RUN_PATH];

	setvbuf(stdout, NULL, _IOLBF, 0);
	place(build, sizeof(build), "ZG_BUILD", ".");
	place(source, sizeof(source), "ZG_SOURCE", ".");
	place(programs, sizeof(programs), "ZG_BUILD", ".");
	setenv("TZ", "Asia/Shanghai", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("TERM", "xterm-256color", 1);
	unsetenv("LANGUAGE");
	unsetenv("NO_COLOR");
	unsetenv("COLUMNS");
	unsetenv("LINES");
	snprintf(path, sizeof(path), "%s/data", source);
	setenv("ZHANGGUI_DATA", path, 1);
	snprintf(path, sizeof(path), "%s/po/locale", build);
	setenv("ZHANGGUI_LOCALEDIR", path, 1);
	setlocale(LC_ALL, "C.UTF-8");
	signal(SIGPIPE, SIG_IGN);
}

const char *run_build(void)
{
	return build;
}

void run_use_clock(const char *path)
{
	char lab[4096];

	snprintf(lab, sizeof(lab), path ? "%s/tests/lab" : "%s", build);
	place(programs, sizeof(programs), "", lab);
	if (path)
		setenv("ZG_LAB_CLOCK", path, 1);
	else
		unsetenv("ZG_LAB_CLOCK");
}

const char *run_source(void)
{
	return source;
}

int64_t run_now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void run_sleep_us(int64_t us)
{
	struct timespec rest = { .tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000 };

	/* short ones are waited out: a sleep is late by more than they last */
	if (us > 2000) {
		nanosleep(&rest, NULL);
		return;
	}
	for (int64_t until = run_now_us() + us; run_now_us() < until;)
		continue;
}

int run_count(const char *text, const char *needle)
{
	int count = 0;

	for (const char *at = text; (at = strstr(at, needle)) != NULL; at += strlen(needle))
		count++;
	return count;
}

char *run_read_file(const char *path, size_t *length)
{
	FILE *file = fopen(path, "r");
	char *text = NULL;
	size_t size = 0, used = 0, got;

	if (!file)
		return NULL;
	do {
		size = size ? size * 2 : 65536;
		text = realloc(text, size + 1);
		got = fread(text + used, 1, size - used, file);
		used += got;
	} while (used == size);
	fclose(file);
	text[used] = '\0';
	if (length)
		*length = used;
	return text;
}

/* ---- commands ---- */

static char *read_all(int fd)
{
	char *text = malloc(65537);
	size_t size = 65536, used = 0;
	ssize_t got;

	while ((got = read(fd, text + used, size - used)) > 0) {
		used += (size_t)got;
		if (used == size)
			text = realloc(text, (size *= 2) + 1);
	}
	text[used] = '\0';
	close(fd);
	return text;
}

static int temporary(void)
{
	char name[] = "/tmp/zg-fault-out-XXXXXX";
	int fd = mkostemp(name, O_CLOEXEC);

	unlink(name);
	return fd;
}

int shop_run(const struct shop *shop, char **out, char **errors, const char *const *args)
{
	const char *argv[ARGS + 4];
	char program[RUN_PATH];
	int count = 0, status = 0, fds[2] = { temporary(), temporary() };

	snprintf(program, sizeof(program), "%s/zhanggui", programs);
	argv[count++] = program;
	while (*args && count < ARGS)
		argv[count++] = *args++;
	argv[count++] = "--home";
	argv[count++] = shop->home;
	argv[count] = NULL;
	pid_t pid = fork();

	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		int nothing = open("/dev/null", O_RDONLY);

		dup2(nothing, 0);
		dup2(fds[0], 1);
		dup2(fds[1], 2);
		execv(program, (char *const *)(uintptr_t)argv);
		_exit(126);
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	for (int i = 0; i < 2; i++) {
		char **to = i ? errors : out;

		lseek(fds[i], 0, SEEK_SET);
		if (to)
			*to = read_all(fds[i]);
		else
			close(fds[i]);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

char *shop_must(const struct shop *shop, const char *const *args)
{
	char *out, *errors;
	int code = shop_run(shop, &out, &errors, args);

	if (code != 0)
		give_up("zhanggui %s %s ended with %d: %s", args[0], args[1] ? args[1] : "", code, errors);
	free(errors);
	return out;
}

/* ---- shops ---- */

static void write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	if (!file || fputs(text, file) < 0 || fclose(file) != 0)
		give_up("%s cannot be written: %s", path, strerror(errno));
}

void shop_write(const struct shop *shop, const char *name, const char *text)
{
	char path[RUN_PATH];

	snprintf(path, sizeof(path), "%s/%s", shop->home, name);
	write_text(path, text);
}

void shop_begin(struct shop *shop, const char *goods_csv, const char *conf)
{
	const char *base = getenv("TMPDIR");
	char file[RUN_PATH], pins[2][RUN_PATH];

	snprintf(shop->home, sizeof(shop->home), "%s/zg-fault-XXXXXX", base && *base == '/' ? base : "/tmp");
	if (!mkdtemp(shop->home))
		give_up("no directory: %s", strerror(errno));
	snprintf(shop->link, sizeof(shop->link), "%s/printer", shop->home);
	snprintf(pins[0], sizeof(pins[0]), "%s/boss.pin", shop->home);
	snprintf(pins[1], sizeof(pins[1]), "%s/lin.pin", shop->home);
	snprintf(file, sizeof(file), "%s.pin", shop->home);    /* a shop is founded in a directory without anything else */
	write_text(file, "8526\n");
	free(shop_must(shop, (const char *const[]){ "init", "--name", "Corner shop", "--admin", "boss", "--pin-file", file,
		"--language", "en", NULL }));
	unlink(file);
	shop_write(shop, "boss.pin", "8526\n");
	shop_write(shop, "lin.pin", "6092\n");
	chmod(pins[0], 0600);
	chmod(pins[1], 0600);
	free(shop_must(shop, (const char *const[]){ "user", "add", "lin", "--name", "Lin", "--role", "cashier", "--new-pin-file", pins[1],
		"--as", "boss", "--pin-file", pins[0], NULL }));
	if (goods_csv) {
		shop_write(shop, "goods.csv", goods_csv);
		snprintf(file, sizeof(file), "%s/goods.csv", shop->home);
		free(shop_must(shop, (const char *const[]){ "product", "import", file, "--as", "boss", "--pin-file", pins[0], NULL }));
	}
	if (conf)
		shop_write(shop, "zhanggui.conf", conf);
	else
		shop_config(shop, "generic-80", "");
}

void shop_config(const struct shop *shop, const char *profile, const char *more)
{
	char conf[8192];

	snprintf(conf, sizeof(conf), "[shop]\nname = Corner shop\nlanguage = en\n[till]\nid = 1\n[printer]\nlink = file:%s\n"
		 "profile = %s\n%s", shop->link, profile, more);
	shop_write(shop, "zhanggui.conf", conf);
	free(shop_must(shop, (const char *const[]){ "config", "check", NULL }));
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *where)
{
	(void)about, (void)kind, (void)where;
	return remove(path);
}

void shop_end(struct shop *shop)
{
	if (getenv("ZG_KEEP"))
		printf("kept: %s\n", shop->home);
	else
		nftw(shop->home, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* ---- the counter ---- */

void counter_open(struct counter *counter, const struct shop *shop, int rows, int columns, const char *const *argv)
{
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns };
	char program[RUN_PATH];
	FILE *record = counter->record;
	struct vt *vt = counter->vt ? counter->vt : malloc(sizeof(*vt));

	*counter = (struct counter){ .vt = vt, .record = record };
	vt_init(vt, rows, columns);
	snprintf(program, sizeof(program), "%s/zhanggui", programs);
	counter->pid = forkpty(&counter->fd, NULL, NULL, &size);
	if (counter->pid < 0)
		give_up("no terminal: %s", strerror(errno));
	if (counter->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (argv)
			execvp(argv[0], (char *const *)(uintptr_t)argv);
		else
			execl(program, program, "till", "--home", shop->home, (char *)NULL);
		_exit(126);
	}
	fcntl(counter->fd, F_SETFL, fcntl(counter->fd, F_GETFL) | O_NONBLOCK);
	fcntl(counter->fd, F_SETFD, FD_CLOEXEC);
}

void counter_write(struct counter *counter, const char *bytes)
{
	size_t left = strlen(bytes);

	while (left > 0) {
		ssize_t done = write(counter->fd, bytes, left);

		if (done < 0 && errno != EAGAIN && errno != EINTR)
			return;
		if (done > 0) {
			bytes += done;
			left -= (size_t)done;
		} else if (!counter_look(counter, 5)) {
			return;
		}
	}
}

/* 1: something came, 0: nothing within ms, -1: the terminal hung up. */
static int look(struct counter *counter, int ms)
{
	struct pollfd wait = { .fd = counter->fd, .events = POLLIN };
	char bytes[65536];
	ssize_t got;

	if (poll(&wait, 1, ms) <= 0)
		return 0;
	got = read(counter->fd, bytes, sizeof(bytes));
	if (got <= 0)
		return got < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
	if (counter->record)
		fwrite(bytes, 1, (size_t)got, counter->record);
	vt_feed(counter->vt, bytes, (size_t)got);
	if (counter->vt->answer[0] && write(counter->fd, counter->vt->answer, strlen(counter->vt->answer)) > 0)
		counter->vt->answer[0] = '\0';
	return 1;
}

bool counter_look(struct counter *counter, int ms)
{
	return look(counter, ms) >= 0;
}

static bool wait_for(struct counter *counter, const char *text, bool there, int ms)
{
	int64_t until = run_now_us() + (int64_t)ms * 1000;

	while (vt_has(counter->vt, text) != there) {
		int64_t left = until - run_now_us();

		if (left <= 0 || look(counter, (int)(left / 1000) + 1) < 0)
			return vt_has(counter->vt, text) == there;
	}
	return true;
}

bool counter_wait(struct counter *counter, const char *text, int ms)
{
	return wait_for(counter, text, true, ms);
}

bool counter_gone(struct counter *counter, const char *text, int ms)
{
	return wait_for(counter, text, false, ms);
}

void counter_rest(struct counter *counter, int ms)
{
	while (look(counter, ms) > 0)
		continue;
}

void counter_type(struct counter *counter, const char *keys)
{
	while (*keys) {
		char key[16] = { keys[0] };
		size_t length = 1;

		if (keys[0] == '\033' && (keys[1] == '[' || keys[1] == 'O')) {
			for (length = 2; keys[length] && !(keys[length] >= 0x40 && keys[length] <= 0x7E);)
				length++;
			length++;
		} else {
			while (((unsigned char)keys[length] & 0xC0) == 0x80)
				length++;
		}
		memcpy(key, keys, length);
		counter_write(counter, key);
		keys += length;
		if (*keys)
			counter_rest(counter, 3);
	}
}

void counter_scan(struct counter *counter, const char *code)
{
	char burst[4096];

	snprintf(burst, sizeof(burst), "%s\r", code);
	counter_write(counter, burst);
}

void counter_kill(struct counter *counter)
{
	kill(counter->pid, SIGKILL);
	while (waitpid(counter->pid, &counter->status, 0) < 0 && errno == EINTR)
		continue;
	/* what the program had written lies in the terminal; its small keeper may add the way back to cooked mode */
	for (int64_t until = run_now_us() + 300000; run_now_us() < until;)
		if (look(counter, 20) < 0)
			break;
	close(counter->fd);
	counter->pid = 0;
}

int counter_end(struct counter *counter, int ms)
{
	int64_t until = run_now_us() + (int64_t)ms * 1000;
	pid_t ended = 0;

	while (run_now_us() < until && (ended = waitpid(counter->pid, &counter->status, WNOHANG)) == 0)
		look(counter, 5);
	if (ended == 0) {
		counter_kill(counter);
		return -1;
	}
	while (look(counter, 20) > 0)
		continue;
	close(counter->fd);
	counter->pid = 0;
	return WIFEXITED(counter->status) ? WEXITSTATUS(counter->status) : -1;
}

bool counter_sign_in(struct counter *counter, const char *login, const char *pin)
{
	char keys[64];

	if (!counter_wait(counter, "Sign in", 5000))
		return false;
	if (vt_has(counter->vt, "Look at this first")) {
		counter_write(counter, "\r");
		if (!counter_gone(counter, "Look at this first", 2000))
			return false;
	}
	snprintf(keys, sizeof(keys), "%s\r", login);
	counter_write(counter, keys);
	snprintf(keys, sizeof(keys), "%s\r", pin);
	counter_rest(counter, 35);
	counter_write(counter, keys);
	return counter_wait(counter, "Settle", 5000);
}

/* ---- the printer ---- */

void printer_open(struct printer *printer, const struct shop *shop, const char *const *options)
{
	const char *argv[ARGS];
	char program[RUN_PATH], line[RUN_PATH];
	int in[2], out[2], count = 0;

	*printer = (struct printer){ .in = -1, .out = -1 };
	snprintf(program, sizeof(program), "%s/zhanggui-sim", programs);
	snprintf(printer->paper, sizeof(printer->paper), "%s/paper.txt", shop->home);
	snprintf(printer->raw, sizeof(printer->raw), "%s/paper.raw", shop->home);
	snprintf(printer->link, sizeof(printer->link), "%s", shop->link);
	const char *const usual[] = { program, "printer", "--link", printer->link, "--paper", printer->paper, "--raw", printer->raw,
				      "--until-eof" };

	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
		argv[count++] = usual[i];
	while (options && *options && count < ARGS - 1)
		argv[count++] = *options++;
	argv[count] = NULL;
	if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0)
		give_up("no pipe");
	printer->pid = fork();
	if (printer->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(in[0], 0);
		dup2(out[1], 1);
		execv(program, (char *const *)(uintptr_t)argv);
		_exit(126);
	}
	close(in[0]);
	close(out[1]);
	printer->in = in[1];
	printer->out = out[0];
	if (read(printer->out, line, sizeof(line)) < 5 || memcmp(line, "ready", 5) != 0)
		give_up("the virtual printer did not begin");
}

void printer_say(struct printer *printer, const char *command)
{
	char line[RUN_PATH];
	struct pollfd wait = { .fd = printer->out, .events = POLLIN };

	if (dprintf(printer->in, "%s\n", command) < 0 || poll(&wait, 1, 3000) != 1 || read(printer->out, line, sizeof(line)) <= 0)
		give_up("the virtual printer did not answer to '%s'", command);
}

void printer_close(struct printer *printer)
{
	close(printer->in);
	close(printer->out);
	waitpid(printer->pid, NULL, 0);
}

char *printer_paper(const struct printer *printer)
{
	char *text = run_read_file(printer->paper, NULL);

	return text ? text : strdup("");
}

bool printer_wait(const struct printer *printer, const char *text, int times, int ms)
{
	for (int64_t until = run_now_us() + (int64_t)ms * 1000;;) {
		char *paper = printer_paper(printer);
		int found = run_count(paper, text);

		free(paper);
		if (found >= times)
			return true;
		if (run_now_us() > until)
			return false;
		run_sleep_us(10000);
	}
}
