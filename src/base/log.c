#include "src/base/log.h"

#include "src/base/alloc.h"
#include "src/base/text.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINE 1000    /* bytes of one entry */

struct zg_log {
	const struct zg_clock *clock;
	char *path;
	int fd;
};

static int open_file(const char *path)
{
	return open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
}

struct zg_log *zg_log_open(const char *directory, const struct zg_clock *clock)
{
	struct zg_log *log = zg_alloc(1, sizeof(*log));

	log->clock = clock;
	log->path = zg_print("%s/zhanggui.log", directory);
	log->fd = open_file(log->path);
	return log;
}

void zg_log_close(struct zg_log *log)
{
	if (!log)
		return;
	if (log->fd >= 0)
		close(log->fd);
	free(log->path);
	free(log);
}

static void rotate(struct zg_log *log)
{
	struct stat about;

	if (fstat(log->fd, &about) != 0 || about.st_size < ZG_LOG_SIZE)
		return;
	char *old = zg_print("%s.1", log->path);

	if (rename(log->path, old) == 0) {
		close(log->fd);
		log->fd = open_file(log->path);
	}
	free(old);
}

void zg_log_say(struct zg_log *log, const char *format, ...)
{
	char raw[LINE], clean[LINE], time[ZG_TIME_TEXT];
	va_list args;

	if (!log || log->fd < 0)
		return;
	va_start(args, format);
	vsnprintf(raw, sizeof(raw), format, args);
	va_end(args);
	zg_text_clean(clean, sizeof(clean), raw, strlen(raw));
	zg_time_format(time, zg_clock_now(log->clock));
	rotate(log);
	dprintf(log->fd, "%s %s\n", time, clean);
}
