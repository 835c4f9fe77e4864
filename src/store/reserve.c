/* Room on the disk: how much is left, and the reserve that is given back so that a day can be closed on a full one. */
#include "src/base/alloc.h"
#include "src/store/private.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

static char *path_of(const struct zg_store *store)
{
	return zg_print("%s/reserve", store->home);
}

static int64_t free_bytes(const char *home)
{
	struct statvfs disk;

	if (statvfs(home, &disk) != 0)
		return INT64_MAX;    /* what cannot be asked is not full; the commit itself still says so */
	return (int64_t)disk.f_bavail * (int64_t)disk.f_frsize;
}

bool zg_store_is_low(const struct zg_store *store)
{
	return free_bytes(store->home) < ZG_STORE_RESERVE;
}

bool zg_store_has_reserve(const struct zg_store *store)
{
	char *path = path_of(store);
	bool there = access(path, F_OK) == 0;

	free(path);
	return there;
}

void zg_store_use_reserve(struct zg_store *store)
{
	char *path = path_of(store);

	unlink(path);
	free(path);
}

void zg_store_keep_reserve(struct zg_store *store)
{
	char *path = path_of(store);
	struct stat about;
	bool there = stat(path, &about) == 0 && about.st_size == ZG_STORE_RESERVE;

	if (!there && free_bytes(store->home) > 4LL * ZG_STORE_RESERVE) {
		int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);

		if (fd >= 0 && posix_fallocate(fd, 0, ZG_STORE_RESERVE) != 0)
			unlink(path);
		if (fd >= 0)
			close(fd);
	}
	free(path);
}
