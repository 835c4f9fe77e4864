/*
 * The till's own files: key, head, settings, reserve, marker. The link puts these before the system's calls
 * (-Wl,--wrap=open and so on), in this program alone.
 */
#include "src/base/alloc.h"
#include "tests/lab/power_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define FDS 1024

int __real_open(const char *path, int flags, ...);
int __real_close(int fd);
ssize_t __real_write(int fd, const void *bytes, size_t length);
int __real_fsync(int fd);
int __real_rename(const char *from, const char *to);
int __real_unlink(const char *path);
int __real_mkdir(const char *path, mode_t mode);
int __real_ftruncate(int fd, off_t size);
int __real_statvfs(const char *path, struct statvfs *about);

int __wrap_open(const char *path, int flags, ...);
int __wrap_close(int fd);
ssize_t __wrap_write(int fd, const void *bytes, size_t length);
int __wrap_fsync(int fd);
int __wrap_rename(const char *from, const char *to);
int __wrap_unlink(const char *path);
int __wrap_mkdir(const char *path, mode_t mode);
int __wrap_posix_fallocate(int fd, off_t at, off_t length);
int __wrap_ftruncate(int fd, off_t size);
int __wrap_statvfs(const char *path, struct statvfs *about);

/* What is open below the recorded directory: a file's number + 1, or a directory's name. */
static struct {
	int file;
	char *directory;
} opened[FDS];

int power_real_open(const char *path, int flags, unsigned mode)
{
	return __real_open(path, flags, mode);
}

int power_real_close(int fd)
{
	return __real_close(fd);
}

int power_real_mkdir(const char *path, unsigned mode)
{
	return __real_mkdir(path, (mode_t)mode);
}

static void forget(int fd)
{
	if (fd < 0 || fd >= FDS)
		return;
	opened[fd].file = 0;
	free(opened[fd].directory);
	opened[fd].directory = NULL;
}

static int file_of(int fd)
{
	return fd >= 0 && fd < FDS ? opened[fd].file - 1 : -1;
}

static int refuse(int why)
{
	errno = why;
	return -1;
}

int __wrap_open(const char *path, int flags, ...)
{
	va_list args;
	unsigned mode = 0;
	const char *name = power_inside(path);
	struct stat about;
	bool half;

	if (flags & O_CREAT) {
		va_start(args, flags);
		mode = va_arg(args, unsigned);
		va_end(args);
	}
	bool there = name && stat(path, &about) == 0, is_new = name && !there && (flags & O_CREAT);
	int why = is_new ? power_ask(POWER_CREATE, -1, &half) : 0;

	if (why)
		return refuse(why);
	int fd = __real_open(path, flags, mode);

	if (fd < 0 || fd >= FDS || !name)
		return fd;
	forget(fd);
	if (is_new)
		(void)power_note_create(name);
	if (there && S_ISREG(about.st_mode) && about.st_size > 0 && (flags & O_TRUNC) && power_file_of(name) >= 0)
		power_note_truncate(power_file_of(name), 0);
	if (there && S_ISDIR(about.st_mode))
		opened[fd].directory = zg_copy(name);
	else
		opened[fd].file = power_file_of(name) + 1;
	return fd;
}

int __wrap_close(int fd)
{
	forget(fd);
	return __real_close(fd);
}

ssize_t __wrap_write(int fd, const void *bytes, size_t length)
{
	int file = file_of(fd), why;
	bool half = false;

	if (file < 0)
		return __real_write(fd, bytes, length);
	why = power_ask(POWER_WRITE, file, &half);
	if (why && (!half || length < 2))
		return refuse(why);
	off_t at = lseek(fd, 0, SEEK_CUR);
	ssize_t wrote = __real_write(fd, bytes, half ? length / 2 : length);

	zg_assert(at >= 0);    /* none of these files is appended to */
	if (wrote > 0)
		power_note_write(file, (int64_t)at, bytes, (size_t)wrote);
	return wrote;
}

int __wrap_fsync(int fd)
{
	int file = file_of(fd), why;
	const char *directory = fd >= 0 && fd < FDS ? opened[fd].directory : NULL;
	bool half;

	if (file < 0 && !directory)
		return __real_fsync(fd);
	why = power_ask(file >= 0 ? POWER_SYNC : POWER_SYNC_DIRECTORY, file, &half);
	if (file >= 0)
		power_note_sync(file, why != 0);
	else
		power_note_sync_directory(directory, why != 0);
	return why ? refuse(why) : 0;
}

int __wrap_rename(const char *from, const char *to)
{
	const char *name = power_inside(from), *new_name = power_inside(to);
	bool half;
	int why;

	if (!name || !new_name || power_file_of(name) < 0)
		return __real_rename(from, to);
	why = power_ask(POWER_RENAME, power_file_of(name), &half);
	if (why)
		return refuse(why);
	power_note_rename(name, new_name);
	return __real_rename(from, to);
}

int __wrap_unlink(const char *path)
{
	const char *name = power_inside(path);
	bool half;
	int why;

	if (!name || power_file_of(name) < 0)
		return __real_unlink(path);
	why = power_ask(POWER_UNLINK, power_file_of(name), &half);
	if (why)
		return refuse(why);
	power_note_unlink(name);
	return __real_unlink(path);
}

int __wrap_mkdir(const char *path, mode_t mode)
{
	const char *name = power_inside(path);
	struct stat about;
	bool half;
	int why;

	if (!name || stat(path, &about) == 0)
		return __real_mkdir(path, mode);
	why = power_ask(POWER_MKDIR, -1, &half);
	if (why)
		return refuse(why);
	if (name[0])
		power_note_mkdir(name);
	return __real_mkdir(path, mode);
}

/* The reserve: only its size matters, and a thousand of them need no room here. */
int __wrap_posix_fallocate(int fd, off_t at, off_t length)
{
	int file = file_of(fd);
	bool half;
	int why = file >= 0 ? power_ask(POWER_WRITE, file, &half) : 0;

	if (why)
		return why;
	if (file >= 0)
		power_note_truncate(file, (int64_t)(at + length));
	return __real_ftruncate(fd, at + length) == 0 ? 0 : errno;
}

int __wrap_ftruncate(int fd, off_t size)
{
	int file = file_of(fd);
	bool half;
	int why = file >= 0 ? power_ask(POWER_TRUNCATE, file, &half) : 0;

	if (why)
		return refuse(why);
	if (file >= 0)
		power_note_truncate(file, (int64_t)size);
	return __real_ftruncate(fd, size);
}

int __wrap_statvfs(const char *path, struct statvfs *about)
{
	int result = __real_statvfs(path, about);
	int64_t room = power_inside(path) ? power_room() : -1;

	if (result == 0 && room >= 0)
		about->f_bavail = (fsblkcnt_t)(room / (int64_t)about->f_frsize);
	return result;
}
