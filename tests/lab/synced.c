#include "tests/lab/synced.h"

#include "src/base/alloc.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FILES 2

/* The books and their log, as they were when they were last synced. */
static struct image {
	char path[512], copy[512];
	char *bytes;
	size_t length, room;
} images[FILES];

static sqlite3 *copy;
static bool is_watching, is_new;
static long syncs;

static void take(struct image *image, int fd)
{
	struct stat about;

	if (fstat(fd, &about) != 0)
		return;
	if ((size_t)about.st_size > image->room) {
		image->room = (size_t)about.st_size * 2;
		image->bytes = realloc(image->bytes, image->room);
	}
	ssize_t got = image->bytes ? pread(fd, image->bytes, (size_t)about.st_size, 0) : 0;

	image->length = got > 0 ? (size_t)got : 0;
	is_new = true;
	syncs++;
}

static void see(int fd)
{
	char name[64], path[512];
	ssize_t length;

	if (!is_watching)
		return;
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	length = readlink(name, path, sizeof(path) - 1);
	if (length <= 0)
		return;
	path[length] = '\0';
	for (int i = 0; i < FILES; i++)
		if (strcmp(path, images[i].path) == 0)
			take(&images[i], fd);
}

/* In the place of the C library's, for every part of the program. */
int fsync(int fd)
{
	int result = (int)syscall(SYS_fsync, fd);

	if (result == 0)
		see(fd);
	return result;
}

int fdatasync(int fd)
{
	int result = (int)syscall(SYS_fdatasync, fd);

	if (result == 0)
		see(fd);
	return result;
}

/* ---- reading ---- */

static void let_go(void)
{
	sqlite3_close(copy);
	copy = NULL;
}

static void write_image(const struct image *image)
{
	FILE *file = fopen(image->copy, "w");

	zg_assert(file != NULL && fwrite(image->bytes, 1, image->length, file) == image->length && fclose(file) == 0);
}

/* The copy is the shop's before the machine's power went out now. */
static void open_copy(void)
{
	char index[600];

	if (copy && !is_new)
		return;
	let_go();
	snprintf(index, sizeof(index), "%s-shm", images[0].copy);
	(void)unlink(index);
	for (int i = 0; i < FILES; i++)
		write_image(&images[i]);
	zg_assert(sqlite3_open_v2(images[0].copy, &copy, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK);
	is_new = false;
}

int64_t synced_number(const char *sql, const char *number)
{
	sqlite3_stmt *statement = NULL;
	int64_t found = -1;

	open_copy();
	zg_assert(sqlite3_prepare_v2(copy, sql, -1, &statement, NULL) == SQLITE_OK);
	zg_assert(sqlite3_bind_text(statement, 1, number, -1, SQLITE_TRANSIENT) == SQLITE_OK);
	if (sqlite3_step(statement) == SQLITE_ROW)
		found = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return found;
}

long synced_count(void)
{
	return syncs;
}

void synced_begin(const char *home, const char *place)
{
	static const char *const names[FILES] = { "zhanggui.db", "zhanggui.db-wal" };
	char path[4096];

	zg_assert(realpath(home, path) != NULL);
	for (int i = 0; i < FILES; i++) {
		images[i].length = 0;
		snprintf(images[i].path, sizeof(images[i].path), "%.400s/%s", path, names[i]);
		snprintf(images[i].copy, sizeof(images[i].copy), "%.400s/%s", place, names[i]);
		/* what is there already was synced by whoever closed it */
		int fd = open(images[i].path, O_RDONLY | O_CLOEXEC);

		if (fd >= 0) {
			take(&images[i], fd);
			close(fd);
		}
	}
	is_watching = true;
}

void synced_end(void)
{
	let_go();
	is_watching = false;
	for (int i = 0; i < FILES; i++) {
		free(images[i].bytes);
		images[i].bytes = NULL;
		images[i].length = images[i].room = 0;
		(void)unlink(images[i].copy);
	}
}
