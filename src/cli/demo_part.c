#include "src/cli/demo_part.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define READY_MS 10000   /* for its first line */
#define END_MS   2000    /* for it to end by itself */

/* Beside this program, else in PATH. The caller frees it. */
static char *find_simulator(void)
{
	char self[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (length > 0) {
		self[length] = '\0';
		char *slash = strrchr(self, '/');
		char *path = zg_print("%.*s/zhanggui-sim", slash ? (int)(slash - self) : 0, self);

		if (access(path, X_OK) == 0)
			return path;
		free(path);
	}
	return zg_copy("zhanggui-sim");
}

/* in, out: -1 is nothing, /dev/null. Returns errno's. */
static int spawn(pid_t *pid, const char *home, const char *const *words, int in, int out)
{
	extern char **environ;
	char *program = find_simulator(), *log = zg_print("%s/log/sim.log", home), *all[ZG_DEMO_WORDS + 1] = { program };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;

	for (int i = 0; words[i]; i++) {
		zg_assert(i + 1 < ZG_DEMO_WORDS);
		all[i + 1] = (char *)(uintptr_t)words[i];    /* it is not written to */
	}
	posix_spawn_file_actions_init(&actions);
	if (in >= 0)
		posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
	else
		posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (out >= 0)
		posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	else
		posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log, O_WRONLY | O_CREAT | O_APPEND, 0600);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);    /* Ctrl-C at this terminal is not for it */
	int why = posix_spawnp(pid, program, &actions, &attributes, all, environ);

	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	free(program);
	free(log);
	return why;
}

static enum zg_result not_started(int why, struct zg_error *err)
{
	if (why == ENOENT)
		return zg_fail(err, ZG_BROKEN, _("The demo's simulator is missing. Install the package zhanggui-sim."));
	return zg_fail(err, ZG_BROKEN, _("The demo's simulator could not be started (%s)."), strerror(why));
}

static bool read_line(int fd, char *line, size_t size)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	size_t length = 0;
	ssize_t got = 1;

	while (got > 0 && length + 1 < size && poll(&wait, 1, READY_MS) == 1) {
		got = read(fd, line + length, size - 1 - length);
		length += got > 0 ? (size_t)got : 0;
		line[length] = '\0';
		char *end = strchr(line, '\n');

		if (end) {
			*end = '\0';
			return strncmp(line, "ready", 5) == 0;
		}
	}
	return false;
}

enum zg_result zg_demo_part_start(struct zg_demo_part *part, const char *home, const char *const *words, int in, char *line, size_t size,
				  struct zg_error *err)
{
	int out[2] = { -1, -1 }, why = pipe2(out, O_CLOEXEC) == 0 ? 0 : errno;
	enum zg_result result = ZG_OK;

	if (why == 0)
		why = spawn(&part->pid, home, words, in, out[1]);
	close(in);
	if (out[1] >= 0)
		close(out[1]);
	if (why != 0) {
		part->pid = 0;
		result = not_started(why, err);
	} else if (!read_line(out[0], line, size)) {
		result = zg_fail(err, ZG_BROKEN, _("The demo's simulator did not begin. %s/log/sim.log says why."), home);
	}
	/* what else it says, such as an answer to a control line, nobody reads; a full pipe must not stop it */
	if (out[0] >= 0)
		close(out[0]);
	return result;
}

enum zg_result zg_demo_part_run(const char *home, const char *const *words, struct zg_error *err)
{
	pid_t pid = 0;
	int status = 0, why = spawn(&pid, home, words, -1, -1);

	if (why != 0)
		return not_started(why, err);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (status != 0)
		return zg_fail(err, ZG_BROKEN, _("The demo's simulator did not begin. %s/log/sim.log says why."), home);
	return ZG_OK;
}

void zg_demo_part_stop(struct zg_demo_part *part)
{
	if (part->control >= 0)
		close(part->control);
	part->control = -1;
	if (!part->pid)
		return;
	for (int waited = 0; waitpid(part->pid, NULL, WNOHANG) == 0; waited += 20) {
		if (waited == END_MS)
			kill(part->pid, SIGTERM);
		nanosleep(&(struct timespec){ .tv_nsec = 20 * 1000 * 1000 }, NULL);
	}
	part->pid = 0;
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *place)
{
	(void)info;
	(void)kind;
	(void)place;
	return remove(path);
}

void zg_demo_remove(const char *path)
{
	(void)nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}
