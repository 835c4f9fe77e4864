#include "contrib/sim/pty.h"

#include "src/base/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

static bool is_ours(const struct sim_pty *pty)
{
	char target[sizeof(pty->name)];
	ssize_t length = readlink(pty->link, target, sizeof(target) - 1);

	if (length < 0)
		return false;
	target[length] = '\0';
	return strcmp(target, pty->name) == 0;
}

/* A link is made beside its place and moved there, so that nobody ever finds half of it. */
static bool publish(const struct sim_pty *pty)
{
	struct stat there;

	if (lstat(pty->link, &there) == 0 && !S_ISLNK(there.st_mode)) {
		errno = EEXIST;
		return false;
	}
	char *beside = zg_print("%s.%ld", pty->link, (long)getpid());
	bool made = symlink(pty->name, beside) == 0;

	if (made && rename(beside, pty->link) != 0) {
		int reason = errno;

		unlink(beside);
		errno = reason;
		made = false;
	}
	free(beside);
	return made;
}

bool sim_pty_open(struct sim_pty *pty, const char *link, char *why, size_t size)
{
	struct termios raw;

	*pty = (struct sim_pty){ .master = -1, .slave = -1, .link = zg_copy(link) };
	if (openpty(&pty->master, &pty->slave, pty->name, NULL, NULL) != 0)
		goto failed;
	if (tcgetattr(pty->slave, &raw) != 0)
		goto failed;
	cfmakeraw(&raw);
	cfsetspeed(&raw, B9600);
	if (tcsetattr(pty->slave, TCSANOW, &raw) != 0 ||
	    fcntl(pty->master, F_SETFL, O_NONBLOCK) != 0 ||
	    fcntl(pty->master, F_SETFD, FD_CLOEXEC) != 0 || fcntl(pty->slave, F_SETFD, FD_CLOEXEC) != 0 ||
	    !publish(pty))
		goto failed;
	return true;
failed:
	snprintf(why, size, "%s: %s", link, strerror(errno));
	sim_pty_close(pty);
	return false;
}

void sim_pty_close(struct sim_pty *pty)
{
	if (pty->link && is_ours(pty))
		unlink(pty->link);
	if (pty->master >= 0)
		close(pty->master);
	if (pty->slave >= 0)
		close(pty->slave);
	free(pty->link);
	*pty = (struct sim_pty){ .master = -1, .slave = -1 };
}

void sim_pty_share(const struct sim_pty *pty)
{
	if (pty->slave >= 0)
		ioctl(pty->slave, TIOCNXCL);
}
