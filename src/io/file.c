/* Devices that are opened by path: USB printers (usblp), pseudo-terminals, plain files. And why one cannot be. */
#include "src/base/i18n.h"
#include "src/io/private.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/file.h>
#include <termios.h>
#include <unistd.h>

static void explain_permission(const char *path, const struct stat *about, struct zg_error *err)
{
	const struct group *group = about ? getgrgid(about->st_gid) : NULL;
	const struct passwd *owner = about ? getpwuid(about->st_uid) : NULL;

	if (group && about->st_gid != 0 && (about->st_mode & 0060) == 0060)
		zg_fail(err, ZG_OFFLINE, _("The till may not use %s. Add its user to group %s, and log in again."),
			path, group->gr_name);
	else if (owner)
		zg_fail(err, ZG_OFFLINE, _("The till may not use %s. It belongs to %s, who must let the till's user read "
					   "and write it."), path, owner->pw_name);
	else
		zg_fail(err, ZG_OFFLINE, _("The till may not use %s. Ask who looks after this computer."), path);
}

enum zg_link_state zg_link_explain(int error, const char *path, const struct stat *about, struct zg_error *err)
{
	switch (error) {
	case ENOENT:
	case ENOTDIR:
	case ENXIO:
	case ENODEV:
	case EIO:
	case ELOOP:
		zg_fail(err, ZG_OFFLINE, _("%s is not there. Plug the device in and switch it on."), path);
		return ZG_LINK_ABSENT;
	case EACCES:
	case EPERM:
	case EROFS:
		explain_permission(path, about, err);
		return ZG_LINK_FAILED;
	case EBUSY:
	case EWOULDBLOCK:
		zg_fail(err, ZG_OFFLINE, _("Another program uses %s. Close that program; the till then goes on by itself."),
			path);
		return ZG_LINK_FAILED;
	default:
		zg_fail(err, ZG_OFFLINE, _("%s cannot be opened: %s. Check the device."), path, strerror(error));
		return ZG_LINK_FAILED;
	}
}

enum zg_link_state zg_file_open(const struct zg_link_address *address, int *made, bool *is_plain, struct zg_error *err)
{
	const char *path = address->target;
	struct stat about;
	int flags = O_NOCTTY | O_NONBLOCK | O_CLOEXEC;

	*is_plain = false;
	if (stat(path, &about) < 0)
		return zg_link_explain(errno, path, NULL, err);
	if (S_ISDIR(about.st_mode) || S_ISBLK(about.st_mode) || S_ISSOCK(about.st_mode)) {
		zg_fail(err, ZG_OFFLINE, _("%s is no device that can print. Check the path."), path);
		return ZG_LINK_FAILED;
	}
	*is_plain = S_ISREG(about.st_mode);
	/* Never O_CREAT: when a device's link has gone for a moment, its slips must not land in a new file. */
	int fd = open(path, flags | (*is_plain ? O_WRONLY | O_APPEND : O_RDWR));

	if (fd < 0)
		return zg_link_explain(errno, path, &about, err);
	if (flock(fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK) {
		close(fd);
		return zg_link_explain(EBUSY, path, &about, err);
	}
	if (isatty(fd)) {
		struct termios mode;

		if (tcgetsid(fd) >= 0) {
			close(fd);
			zg_fail(err, ZG_OFFLINE, _("%s is the terminal that the till itself runs in. Check the path."), path);
			return ZG_LINK_FAILED;
		}
		if (tcgetattr(fd, &mode) == 0) {
			cfmakeraw(&mode);
			mode.c_cc[VMIN] = 1;     /* so that read() of an idle line and of a dead one differ */
			mode.c_cc[VTIME] = 0;
			tcsetattr(fd, TCSANOW, &mode);
		}
	}
	*made = fd;
	return ZG_LINK_READY;
}
