#include "tests/lab/power.h"

#include "src/base/alloc.h"
#include "tests/lab/power_private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The names as they are now; of the record that is running. */
static struct {
	struct power_record *record;
	struct power_name *names;
	size_t count, room;
	struct power_fault fault;
	long reads;
	int looking;
} now = { .fault = { .at = -1 } };

const char *power_kind_name(enum power_kind kind)
{
	static const char *const names[] = { "write", "truncate", "sync", "create", "rename", "unlink", "mkdir", "sync directory", "read" };

	return names[kind];
}

const char *power_how_name(enum power_how how)
{
	static const char *const names[] = { "EIO", "ENOSPC", "short write", "failed sync", "failed read" };

	return names[how];
}

/* ---- names ---- */

static struct power_name *find(const char *name)
{
	for (size_t i = 0; i < now.count; i++)
		if (strcmp(now.names[i].name, name) == 0)
			return &now.names[i];
	return NULL;
}

static void put(const char *name, int file, bool is_directory)
{
	now.names = zg_grow(now.names, now.count, &now.room, sizeof(*now.names));
	now.names[now.count++] = (struct power_name){ zg_copy(name), file, is_directory };
}

static void drop(const char *name)
{
	struct power_name *found = find(name);

	if (!found)
		return;
	free(found->name);
	*found = now.names[--now.count];
}

static bool is_left_out(const char *name)
{
	size_t length = strlen(name);

	return strcmp(name, "log") == 0 || strncmp(name, "log/", 4) == 0 || (length > 4 && strcmp(name + length - 4, "-shm") == 0);
}

const char *power_inside(const char *path)
{
	size_t length = now.record ? strlen(now.record->home) : 0;

	if (!now.record || !path || strncmp(path, now.record->home, length) != 0)
		return NULL;
	if (path[length] == '\0')
		return path + length;
	return path[length] == '/' && !is_left_out(path + length + 1) ? path + length + 1 : NULL;
}

int power_file_of(const char *name)
{
	const struct power_name *found = name ? find(name) : NULL;

	return found && !found->is_directory ? found->file : -1;
}

bool power_is_books(int file)
{
	return file >= 0 && (file == power_file_of("zhanggui.db") || file == power_file_of("zhanggui.db-wal"));
}

/* ---- the record ---- */

static size_t keep(struct power_record *record, const void *bytes, size_t length)
{
	size_t at = record->used;

	if (at + length > record->pool_room) {
		record->pool_room = (at + length) * 2 + 65536;
		record->pool = zg_resize(record->pool, record->pool_room, 1);
	}
	if (length)
		memcpy(record->pool + at, bytes, length);
	record->used += length;
	return at;
}

static struct power_op *add(enum power_kind kind, int file)
{
	struct power_record *record = now.record;

	record->ops = zg_grow(record->ops, record->count, &record->room, sizeof(*record->ops));
	record->ops[record->count] = (struct power_op){ .kind = kind, .file = file };
	return &record->ops[record->count++];
}

/* The bytes of a file that is there at the beginning; a reserve's zeros are only counted. */
static void keep_base(struct power_record *record, const char *path, int64_t size)
{
	static unsigned char block[65536];
	int fd = power_real_open(path, O_RDONLY | O_CLOEXEC, 0);
	size_t index = record->base_count, begun = record->used, last = begun;
	ssize_t got;

	record->base_pool = zg_resize(record->base_pool, index + 1, sizeof(*record->base_pool));
	record->base_size = zg_resize(record->base_size, index + 1, sizeof(*record->base_size));
	record->base_length = zg_resize(record->base_length, index + 1, sizeof(*record->base_length));
	bool is_reserve = strstr(path, "/reserve") != NULL;

	while (!is_reserve && fd >= 0 && (got = read(fd, block, sizeof(block))) > 0) {
		(void)keep(record, block, (size_t)got);
		last = record->used;
	}
	if (fd >= 0)
		power_real_close(fd);
	record->base_pool[index] = begun;
	record->base_length[index] = last - begun;
	record->base_size[index] = size;
}

static void scan(struct power_record *record, const char *folder)
{
	char *path = folder[0] ? zg_print("%s/%s", record->home, folder) : zg_copy(record->home);
	DIR *directory = opendir(path);
	const struct dirent *entry;

	while (directory && (entry = readdir(directory)) != NULL) {
		struct stat about;

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		char *name = folder[0] ? zg_print("%s/%s", folder, entry->d_name) : zg_copy(entry->d_name);
		char *whole = zg_print("%s/%s", record->home, name);

		if (!is_left_out(name) && lstat(whole, &about) == 0 && (S_ISREG(about.st_mode) || S_ISDIR(about.st_mode))) {
			bool is_directory = S_ISDIR(about.st_mode);

			keep_base(record, is_directory ? "/dev/null" : whole, is_directory ? 0 : (int64_t)about.st_size);
			record->base = zg_grow(record->base, record->base_count, &record->base_room, sizeof(*record->base));
			record->base[record->base_count++] = (struct power_name){ zg_copy(name), is_directory ? -1 : record->files++, is_directory };
			put(name, record->base[record->base_count - 1].file, is_directory);
			if (is_directory)
				scan(record, name);
		}
		free(whole);
		free(name);
	}
	if (directory)
		closedir(directory);
	free(path);
}

struct power_record *power_begin(const char *home)
{
	struct power_record *record = zg_alloc(1, sizeof(*record));

	zg_assert(!now.record);
	power_vfs_install();
	record->home = zg_copy(home);
	scan(record, "");
	now.record = record;
	now.fault = (struct power_fault){ .at = -1 };
	now.reads = 0;
	return record;
}

void power_end(void)
{
	for (size_t i = 0; i < now.count; i++)
		free(now.names[i].name);
	free(now.names);
	now.names = NULL;
	now.count = now.room = 0;
	now.record = NULL;
	now.fault = (struct power_fault){ .at = -1 };
}

void power_free(struct power_record *record)
{
	if (!record)
		return;
	for (size_t i = 0; i < record->count; i++) {
		free(record->ops[i].name);
		free(record->ops[i].new_name);
	}
	for (size_t i = 0; i < record->base_count; i++)
		free(record->base[i].name);
	free(record->base);
	free(record->base_pool);
	free(record->base_size);
	free(record->base_length);
	free(record->ops);
	free(record->pool);
	free(record->home);
	free(record);
}

size_t power_count(void)
{
	return now.record ? now.record->count : 0;
}

void power_look(void)
{
	now.looking++;
}

void power_look_end(void)
{
	now.looking--;
}

/* A full disk stays full, until somebody gives something back. */
static bool is_full(void)
{
	const struct power_fault *fault = &now.fault;

	return now.record && (fault->how == POWER_ENOSPC || fault->how == POWER_SHORT) && fault->is_forever && fault->fired > 0;
}

/* ---- what is noted ---- */

void power_note_write(int file, int64_t at, const void *bytes, size_t length)
{
	size_t pool = keep(now.record, bytes, length);
	struct power_op *op = add(POWER_WRITE, file);

	op->at = at;
	op->pool = pool;
	op->length = length;
	now.fault.after += now.fault.has_lost_sync && power_is_books(file);
}

void power_note_truncate(int file, int64_t size)
{
	add(POWER_TRUNCATE, file)->at = size;
	now.fault.after += now.fault.has_lost_sync && power_is_books(file);
}

void power_note_sync(int file, bool has_failed)
{
	add(POWER_SYNC, file)->has_failed = has_failed;
	now.fault.has_lost_sync = now.fault.has_lost_sync || (has_failed && power_is_books(file));
}

int power_note_create(const char *name)
{
	int file = now.record->files++;

	put(name, file, false);
	add(POWER_CREATE, file)->name = zg_copy(name);
	return file;
}

void power_note_rename(const char *name, const char *new_name)
{
	int file = power_file_of(name);
	struct power_op *op = add(POWER_RENAME, file);

	op->name = zg_copy(name);
	op->new_name = zg_copy(new_name);
	drop(new_name);
	drop(name);
	put(new_name, file, false);
}

void power_note_unlink(const char *name)
{
	int file = power_file_of(name);

	now.fault.after += now.fault.has_lost_sync && power_is_books(file);
	add(POWER_UNLINK, file)->name = zg_copy(name);
	drop(name);
	if (is_full() && strcmp(name, "reserve") == 0)
		now.fault.at = -1;    /* its room is free now */
}

void power_note_mkdir(const char *name)
{
	put(name, -1, true);
	add(POWER_MKDIR, -1)->name = zg_copy(name);
}

void power_note_sync_directory(const char *name, bool has_failed)
{
	struct power_op *op = add(POWER_SYNC_DIRECTORY, -1);

	op->name = zg_copy(name);
	op->has_failed = has_failed;
}

/* ---- faults ---- */

bool power_may_fail(enum power_how how, enum power_kind kind)
{
	switch (how) {
	case POWER_EIO:      return kind != POWER_SYNC_DIRECTORY && kind != POWER_READ;
	case POWER_ENOSPC:   return kind == POWER_WRITE || kind == POWER_CREATE || kind == POWER_RENAME || kind == POWER_MKDIR;
	case POWER_SHORT:    return kind == POWER_WRITE;
	case POWER_BAD_SYNC: return kind == POWER_SYNC;
	case POWER_BAD_READ: return kind == POWER_READ;
	case POWER_HOWS:     break;
	}
	return false;
}

void power_set_fault(long at, enum power_how how, bool is_forever)
{
	now.fault = (struct power_fault){ .at = at, .how = how, .is_forever = is_forever };
}

const struct power_fault *power_fault(void)
{
	return &now.fault;
}

long power_reads(void)
{
	return now.reads;
}

int power_ask(enum power_kind kind, int file, bool *half)
{
	struct power_fault *fault = &now.fault;

	(void)file;
	*half = false;
	if (!now.record || now.looking > 0)
		return 0;
	long at = kind == POWER_READ ? now.reads++ : (long)now.record->count;

	if (fault->at < 0 || at < fault->at || !power_may_fail(fault->how, kind) || (fault->fired > 0 && !fault->is_forever))
		return 0;
	fault->fired++;
	*half = fault->how == POWER_SHORT;
	return fault->how == POWER_ENOSPC || fault->how == POWER_SHORT ? ENOSPC : EIO;
}

int64_t power_room(void)
{
	const struct power_fault *fault = &now.fault;
	if (!is_full())
		return -1;
	return fault->at < 0 ? 12 << 20 : 0;    /* what the reserve left, less what was written since */
}
