#include "tests/lab/witness.h"

#include "tests/lab/clock.h"

#include <crypt.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

__attribute__((noreturn)) static void give_up(const char *what)
{
	fprintf(stderr, "lab: the witness cannot %s\n", what);
	_exit(1);
}

/* ---- what is compared ---- */

char *__real_crypt_rn(const char *phrase, const char *setting, void *data, int size);
char *__wrap_crypt_rn(const char *phrase, const char *setting, void *data, int size);

/* In the child that hashes. One write to the end of the file: lines do not mix. */
char *__wrap_crypt_rn(const char *phrase, const char *setting, void *data, int size)
{
	const char *path = getenv(WITNESS_NAME);
	char line[512];

	if (path && *path) {
		int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
		int length = snprintf(line, sizeof(line), "%" PRId64 " %s %s\n", zg_clock_running(lab_clock_given()), setting, phrase);

		if (fd < 0 || length >= (int)sizeof(line) || write(fd, line, (size_t)length) != length)
			give_up("write");
		close(fd);
	}
	return __real_crypt_rn(phrase, setting, data, size);
}

/* ---- what is synced ---- */

/* The program has one thread and is the books' only writer: nothing changes while it copies. */
static void copy_books(int fd)
{
	const char *to = getenv(SYNCED_NAME);
	char link[64], path[4096], copy[4200], made[4200], bytes[65536];

	if (!to || !*to)
		return;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	ssize_t length = readlink(link, path, sizeof(path) - 1);

	path[length > 0 ? length : 0] = '\0';
	const char *name = strrchr(path, '/');

	if (!name || strncmp(name, "/zhanggui.db", strlen("/zhanggui.db")) != 0)
		return;
	snprintf(copy, sizeof(copy), "%.3000s%.200s.new", to, name);
	snprintf(made, sizeof(made), "%.3000s%.200s", to, name);
	int out = open(copy, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	off_t at = 0;

	while (out >= 0 && (length = pread(fd, bytes, sizeof(bytes), at)) > 0) {
		if (write(out, bytes, (size_t)length) != length)
			give_up("copy the books");
		at += length;
	}
	if (out < 0 || close(out) != 0 || rename(copy, made) != 0)
		give_up("keep the books");
}

/* SQLite calls these by name, so it finds the program's before the C library's. */
int fsync(int fd)
{
	static int (*real)(int);

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "fsync");
	int code = real(fd);

	if (code == 0)
		copy_books(fd);
	return code;
}

int fdatasync(int fd)
{
	static int (*real)(int);

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "fdatasync");
	int code = real(fd);

	if (code == 0)
		copy_books(fd);
	return code;
}
