/* SQLite's files: a VFS before the system's own that notes what changes them, and fails when it is told to. */
#include "src/base/alloc.h"
#include "tests/lab/power_private.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct file {
	sqlite3_file base;
	int number;              /* -1: not below the recorded directory */
	sqlite3_file *real;      /* lies behind this */
};

static sqlite3_vfs *unix_vfs;

static sqlite3_file *real_of(sqlite3_file *self)
{
	return ((struct file *)self)->real;
}

/* Full is what the till can live with; everything else is a disk that does not answer. */
static int code_of(int why, int code)
{
	return why == ENOSPC ? SQLITE_FULL : code;
}

static int file_close(sqlite3_file *self)
{
	return real_of(self)->pMethods->xClose(real_of(self));
}

static int file_read(sqlite3_file *self, void *bytes, int length, sqlite3_int64 at)
{
	bool half;

	if (((struct file *)self)->number >= 0 && power_ask(POWER_READ, ((struct file *)self)->number, &half))
		return SQLITE_IOERR_READ;
	return real_of(self)->pMethods->xRead(real_of(self), bytes, length, at);
}

static int file_write(sqlite3_file *self, const void *bytes, int length, sqlite3_int64 at)
{
	int number = ((struct file *)self)->number;
	bool half = false;
	int why = number >= 0 ? power_ask(POWER_WRITE, number, &half) : 0;

	if (why)
		length = half ? length / 2 : 0;
	int code = length ? real_of(self)->pMethods->xWrite(real_of(self), bytes, length, at) : SQLITE_OK;

	if (number >= 0 && length && code == SQLITE_OK)
		power_note_write(number, at, bytes, (size_t)length);
	return why ? code_of(why, SQLITE_IOERR_WRITE) : code;
}

static int file_truncate(sqlite3_file *self, sqlite3_int64 size)
{
	int number = ((struct file *)self)->number;
	bool half;

	if (number >= 0 && power_ask(POWER_TRUNCATE, number, &half))
		return SQLITE_IOERR_TRUNCATE;
	if (number >= 0)
		power_note_truncate(number, size);
	return real_of(self)->pMethods->xTruncate(real_of(self), size);
}

/* Noted before it is done: a directory's sync that belongs to it comes from within. */
static int file_sync(sqlite3_file *self, int flags)
{
	int number = ((struct file *)self)->number;
	bool half;
	int why = number >= 0 ? power_ask(POWER_SYNC, number, &half) : 0;

	if (number >= 0)
		power_note_sync(number, why != 0);
	return why ? SQLITE_IOERR_FSYNC : real_of(self)->pMethods->xSync(real_of(self), flags);
}

static int file_size(sqlite3_file *self, sqlite3_int64 *size)
{
	return real_of(self)->pMethods->xFileSize(real_of(self), size);
}

static int file_lock(sqlite3_file *self, int level)
{
	return real_of(self)->pMethods->xLock(real_of(self), level);
}

static int file_unlock(sqlite3_file *self, int level)
{
	return real_of(self)->pMethods->xUnlock(real_of(self), level);
}

static int file_is_reserved(sqlite3_file *self, int *is)
{
	return real_of(self)->pMethods->xCheckReservedLock(real_of(self), is);
}

static int file_control(sqlite3_file *self, int op, void *arg)
{
	return real_of(self)->pMethods->xFileControl(real_of(self), op, arg);
}

static int file_sector(sqlite3_file *self)
{
	return real_of(self)->pMethods->xSectorSize(real_of(self));
}

static int file_traits(sqlite3_file *self)
{
	return real_of(self)->pMethods->xDeviceCharacteristics(real_of(self));
}

static int shared_map(sqlite3_file *self, int page, int size, int extend, void volatile **memory)
{
	return real_of(self)->pMethods->xShmMap(real_of(self), page, size, extend, memory);
}

static int shared_lock(sqlite3_file *self, int offset, int count, int flags)
{
	return real_of(self)->pMethods->xShmLock(real_of(self), offset, count, flags);
}

static void shared_barrier(sqlite3_file *self)
{
	real_of(self)->pMethods->xShmBarrier(real_of(self));
}

static int shared_unmap(sqlite3_file *self, int remove)
{
	return real_of(self)->pMethods->xShmUnmap(real_of(self), remove);
}

/* Version 2: no memory-mapped pages, which would pass by here unseen. */
static const sqlite3_io_methods methods = {
	2, file_close, file_read, file_write, file_truncate, file_sync, file_size, file_lock, file_unlock, file_is_reserved, file_control,
	file_sector, file_traits, shared_map, shared_lock, shared_barrier, shared_unmap, NULL, NULL,
};

static int vfs_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *self, int flags, int *out_flags)
{
	struct file *file = (struct file *)self;
	const char *name = power_inside(path);
	bool is_new = name && power_file_of(name) < 0 && (flags & SQLITE_OPEN_CREATE) && access(path, F_OK) != 0, half;

	(void)vfs;
	file->base.pMethods = NULL;
	file->real = (sqlite3_file *)(file + 1);
	if (is_new && power_ask(POWER_CREATE, -1, &half))
		return SQLITE_CANTOPEN;
	if (is_new)
		(void)power_note_create(name);
	int code = unix_vfs->xOpen(unix_vfs, path, file->real, flags, out_flags);

	file->number = power_file_of(name);
	if (code == SQLITE_OK)
		file->base.pMethods = &methods;
	return code;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *path, int sync)
{
	const char *name = power_inside(path);
	bool half;

	(void)vfs;
	if (power_file_of(name) >= 0) {
		if (power_ask(POWER_UNLINK, power_file_of(name), &half))
			return SQLITE_IOERR_DELETE;
		power_note_unlink(name);
	}
	return unix_vfs->xDelete(unix_vfs, path, sync);
}

/* The system's VFS opens a directory for one purpose: to sync it. */
static int open_directory(const char *path, int *fd)
{
	char *folder = zg_copy(path);
	char *slash = strrchr(folder, '/');

	if (slash)
		*slash = '\0';
	const char *name = power_inside(folder);

	*fd = power_real_open(folder[0] ? folder : "/", 0, 0);
	if (name && *fd >= 0)
		power_note_sync_directory(name, false);
	free(folder);
	return *fd >= 0 ? SQLITE_OK : SQLITE_CANTOPEN;
}

static sqlite3_vfs power_vfs;

void power_vfs_install(void)
{
	if (unix_vfs)
		return;
	unix_vfs = sqlite3_vfs_find("unix");
	zg_assert(unix_vfs && unix_vfs->iVersion >= 3);
	zg_assert(unix_vfs->xSetSystemCall(unix_vfs, "openDirectory", (sqlite3_syscall_ptr)open_directory) == SQLITE_OK);
	power_vfs = *unix_vfs;
	power_vfs.szOsFile += (int)sizeof(struct file);
	power_vfs.zName = "power";
	power_vfs.pNext = NULL;
	power_vfs.xOpen = vfs_open;
	power_vfs.xDelete = vfs_delete;
	zg_assert(sqlite3_vfs_register(&power_vfs, 1) == SQLITE_OK);
}
