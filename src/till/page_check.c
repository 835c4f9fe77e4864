#include "src/till/page_check.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct zg_page_check {
	struct zg_loop *loop;
	struct zg_watch *watch;
	int fd;
	pid_t child;
	void (*done)(void *self, enum zg_result result, const struct zg_error *err);
	void *self;
};

/* In the child: its own connection, read-only; the sentence goes up the pipe. */
static void check(int fd, const char *home)
{
	struct zg_store *store = NULL;
	struct zg_error err = { 0 };
	enum zg_result result = zg_store_open(home, ZG_STORE_READ, &zg_real_clock, &store, &err);

	if (result == ZG_OK)
		result = zg_store_check_pages(store, &err);
	if (result != ZG_OK) {
		ssize_t written = write(fd, err.text, strlen(err.text));

		(void)written;    /* the exit code says it too */
	}
	_exit(result == ZG_OK ? 0 : 1);
}

void zg_page_check_stop(struct zg_page_check *c)
{
	if (!c)
		return;
	zg_watch_remove(c->watch);
	close(c->fd);
	if (c->child > 0) {
		kill(c->child, SIGKILL);
		waitpid(c->child, NULL, 0);
	}
	free(c);
}

static void ended(void *self, int fd, unsigned events)
{
	struct zg_page_check *c = self;
	struct zg_error err = { .result = ZG_BROKEN };
	int status = 0;
	ssize_t got = read(fd, err.text, sizeof(err.text) - 1);

	(void)events;
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	zg_watch_remove(c->watch);
	c->watch = NULL;
	waitpid(c->child, &status, 0);    /* the pipe has ended, so the child is at its _exit */
	c->child = 0;
	if (!(WIFEXITED(status) && WEXITSTATUS(status) == 0) && !err.text[0])
		zg_fail(&err, ZG_BROKEN, _("The books could not be checked after the sudden end. Run: zhanggui doctor"));
	c->done(c->self, err.text[0] ? ZG_BROKEN : ZG_OK, &err);
	zg_page_check_stop(c);
}

struct zg_page_check *zg_page_check_start(struct zg_loop *loop, const char *home,
					  void (*done)(void *self, enum zg_result result, const struct zg_error *err), void *self)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
		return NULL;
	pid_t child = fork();

	if (child == 0) {
		signal(SIGTERM, SIG_DFL);
		check(ends[1], home);
	}
	close(ends[1]);
	if (child < 0) {
		close(ends[0]);
		return NULL;
	}
	struct zg_page_check *c = zg_alloc(1, sizeof(*c));

	*c = (struct zg_page_check){ .loop = loop, .fd = ends[0], .child = child, .done = done, .self = self };
	c->watch = zg_watch_add(loop, c->fd, ZG_LOOP_IN, ended, c);
	return c;
}
