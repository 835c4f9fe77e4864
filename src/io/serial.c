/* Serial ports: opened by libserialport where it can, then put right on the descriptor (its faults: below). */
#include "src/base/i18n.h"
#include "src/io/private.h"

#include <errno.h>
#include <fcntl.h>
#include <libserialport.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/sysmacros.h>
#include <termios.h>
#include <unistd.h>

#define PTY_MAJOR_FIRST 136    /* Unix98 pseudo-terminals: Documentation/admin-guide/devices.txt */
#define PTY_MAJOR_LAST  143

static const struct {
	int baud;
	speed_t speed;
} speeds[] = {
	{ 300, B300 },       { 600, B600 },       { 1200, B1200 },     { 2400, B2400 },     { 4800, B4800 },
	{ 9600, B9600 },     { 19200, B19200 },   { 38400, B38400 },   { 57600, B57600 },   { 115200, B115200 },
	{ 230400, B230400 }, { 460800, B460800 }, { 921600, B921600 },
};

/*
 * The port as libserialport opens and sets it; -1 when it cannot (0.1.1 knows no gadget ports, for one).
 * The descriptor is a copy, so that the library's own object need not be kept.
 */
static int open_by_library(const char *path, const struct zg_link_mode *mode)
{
	struct sp_port *port = NULL;
	int fd = -1, handle;

	if (sp_get_port_by_name(path, &port) != SP_OK)
		return -1;
	if (sp_open(port, SP_MODE_READ_WRITE) == SP_OK) {
		if (sp_set_baudrate(port, mode->baud) == SP_OK && sp_set_bits(port, mode->bits) == SP_OK &&
		    sp_set_stopbits(port, mode->stop) == SP_OK && sp_get_port_handle(port, &handle) == SP_OK)
			fd = fcntl(handle, F_DUPFD_CLOEXEC, 3);
		sp_close(port);
	}
	sp_free_port(port);
	return fd;
}

/* Sets all of the line. What libserialport 0.1.1 leaves wrong is named; tried on its own code. */
static int set_line(int fd, const struct zg_link_mode *mode, bool is_pty)
{
	struct termios line;

	if (tcgetattr(fd, &line) < 0)
		return -1;
	cfmakeraw(&line);
	line.c_cflag |= CLOCAL | CREAD;
	line.c_cflag &= ~(tcflag_t)(HUPCL | CSIZE | PARENB | PARODD | CSTOPB | CRTSCTS);    /* it sets HUPCL: a drop of DTR resets printers */
	line.c_cflag |= mode->bits == 7 ? CS7 : CS8;
	if (mode->parity != 'N')
		line.c_cflag |= PARENB | (mode->parity == 'O' ? PARODD : 0);
	if (mode->stop == 2)
		line.c_cflag |= CSTOPB;
	if (mode->flow == ZG_LINK_FLOW_RTSCTS)
		line.c_cflag |= CRTSCTS;       /* it puts this into c_iflag, where it does nothing */
	line.c_iflag &= ~(tcflag_t)(IXON | IXOFF | IXANY | INPCK | IGNPAR | PARMRK);    /* its IXANY lets any byte end a stop */
	if (mode->flow == ZG_LINK_FLOW_XONXOFF)
		line.c_iflag |= IXON;          /* without IXOFF, which would put 11 and 13 among the printer's data */
	if (mode->parity != 'N')
		line.c_iflag |= INPCK;         /* it leaves this out, and bad bytes pass for good ones; so they come as 00 */
	line.c_cc[VMIN] = 1;                   /* its 0 makes an idle read look like a hang-up */
	line.c_cc[VTIME] = 0;
	for (size_t i = 0; i < sizeof(speeds) / sizeof(speeds[0]); i++)
		if (speeds[i].baud == mode->baud)
			cfsetspeed(&line, speeds[i].speed);
	if (tcsetattr(fd, TCSANOW, &line) == 0)
		return 0;
	if (!is_pty || errno != EINVAL)
		return -1;
	/* A pseudo-terminal knows neither 7 bits nor parity; the rest must be set all the same. */
	line.c_cflag &= ~(tcflag_t)(CSIZE | PARENB | PARODD);
	line.c_cflag |= CS8;
	return tcsetattr(fd, TCSANOW, &line) == 0 || errno == EINVAL ? 0 : -1;
}

/* Closes fd, keeps errno, and says why. */
static enum zg_link_state give_up(int fd, int error, const char *path, const struct stat *about, struct zg_error *err)
{
	if (fd >= 0)
		close(fd);
	return zg_link_explain(error, path, about, err);
}

enum zg_link_state zg_serial_open(const struct zg_link_address *address, int *made, struct zg_error *err)
{
	const char *name = address->target;
	int lines = TIOCM_DTR | TIOCM_RTS;
	char path[PATH_MAX];
	struct stat about;

	/* Anew each time: the device may come back under another number, and libserialport takes no links. */
	if (!realpath(name, path) || stat(path, &about) < 0)
		return zg_link_explain(errno, name, NULL, err);
	int fd = S_ISCHR(about.st_mode) ? open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC) : -1;

	if (fd < 0 && S_ISCHR(about.st_mode))
		return zg_link_explain(errno, name, &about, err);
	/* EIO of a serial driver: a port that the computer lists but does not have. */
	if (fd < 0 || (!isatty(fd) && errno != EIO)) {
		if (fd >= 0)
			close(fd);
		zg_fail(err, ZG_OFFLINE, _("%s is not a serial port. Check the address of the device."), name);
		return ZG_LINK_FAILED;
	}
	bool is_pty = major(about.st_rdev) >= PTY_MAJOR_FIRST && major(about.st_rdev) <= PTY_MAJOR_LAST;

	if (tcgetsid(fd) >= 0) {
		close(fd);
		zg_fail(err, ZG_OFFLINE, _("%s is the terminal that the till itself runs in. Check the path."), name);
		return ZG_LINK_FAILED;
	}
	/* The lock comes first: sp_open would change the settings of a port that another program uses. */
	if (flock(fd, LOCK_EX | LOCK_NB) < 0)
		return give_up(fd, EBUSY, name, &about, err);
	int better = is_pty ? -1 : open_by_library(path, &address->mode);

	if (better >= 0) {
		close(fd);
		fd = better;
		if (flock(fd, LOCK_EX | LOCK_NB) < 0)
			return give_up(fd, EBUSY, name, &about, err);
	}
	/* Not on a pseudo-terminal: there it would outlive us while its other program holds it open. */
	if (!is_pty && ioctl(fd, TIOCEXCL) < 0)
		return give_up(fd, errno, name, &about, err);
	if (set_line(fd, &address->mode, is_pty) < 0)
		return give_up(fd, errno, name, &about, err);
	ioctl(fd, TIOCMBIS, &lines);    /* ENOTTY on a pseudo-terminal */
	tcflush(fd, TCIOFLUSH);
	*made = fd;
	return ZG_LINK_READY;
}
