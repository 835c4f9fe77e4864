/* The disk as a cut may have left it: worked out from a record, operation by operation. */
#include "tests/lab/power.h"

#include "src/base/alloc.h"
#include "tests/lab/power_private.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file's bytes that are safe, and what was written since its last sync. Bytes behind length, up to size, are zeros. */
struct content {
	unsigned char *bytes;
	size_t length, room;
	int64_t size;
	size_t *pending;           /* indexes of operations */
	size_t count, pending_room;
};

struct names {
	struct power_name *rows;
	size_t count, room;
};

struct power_disk {
	const struct power_record *record;
	struct content *files;
	struct names safe;         /* names that were synced */
	size_t *pending;           /* operations on names since */
	size_t count, room;
	size_t done;               /* operations taken in */
	struct chance chance;      /* what a failed sync kept */
};

/* ---- contents ---- */

static void reach(struct content *c, size_t length)
{
	if (length > c->room) {
		c->room = length * 2 + 8192;
		c->bytes = zg_resize(c->bytes, c->room, 1);
	}
	if (length > c->length) {
		memset(c->bytes + c->length, 0, length - c->length);
		c->length = length;
	}
}

static void write_bytes(struct content *c, int64_t at, const unsigned char *bytes, size_t length)
{
	reach(c, (size_t)at + length);
	memcpy(c->bytes + at, bytes, length);
	if (at + (int64_t)length > c->size)
		c->size = at + (int64_t)length;
}

static void truncate_to(struct content *c, int64_t size)
{
	if (size < (int64_t)c->length)
		c->length = (size_t)size;
	c->size = size;
}

static void apply(struct content *c, const struct power_record *record, const struct power_op *op)
{
	if (op->kind == POWER_WRITE)
		write_bytes(c, op->at, record->pool + op->pool, op->length);
	else
		truncate_to(c, op->at);
}

static void copy_content(struct content *to, const struct content *from)
{
	if (from->length) {
		reach(to, from->length);
		memcpy(to->bytes, from->bytes, from->length);
	}
	to->size = from->size;
}

static void sync_file(struct power_disk *disk, struct content *c, bool has_failed)
{
	size_t kept = 0;

	/* The system forgets what a failed sync did not write: half of it never gets there, whatever is synced later. */
	for (size_t i = 0; i < c->count; i++) {
		if (!has_failed)
			apply(c, disk->record, &disk->record->ops[c->pending[i]]);
		else if (chance_next(&disk->chance) & 1)
			c->pending[kept++] = c->pending[i];
	}
	c->count = kept;
}

/* ---- names ---- */

static struct power_name *find(const struct names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++)
		if (strcmp(names->rows[i].name, name) == 0)
			return &names->rows[i];
	return NULL;
}

static void put(struct names *names, const char *name, int file, bool is_directory)
{
	struct power_name *found = find(names, name);

	if (found) {
		found->file = file;
		return;
	}
	names->rows = zg_grow(names->rows, names->count, &names->room, sizeof(*names->rows));
	names->rows[names->count++] = (struct power_name){ zg_copy(name), file, is_directory };
}

static void drop(struct names *names, const char *name)
{
	struct power_name *found = find(names, name);

	if (!found)
		return;
	free(found->name);
	*found = names->rows[--names->count];
}

static void clear_names(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->rows[i].name);
	free(names->rows);
	*names = (struct names){ 0 };
}

/* A rename is one step: never neither of the two names. */
static void apply_name(struct names *names, const struct power_op *op)
{
	switch (op->kind) {
	case POWER_CREATE: put(names, op->name, op->file, false); break;
	case POWER_MKDIR:  put(names, op->name, -1, true); break;
	case POWER_UNLINK: drop(names, op->name); break;
	case POWER_RENAME:
		drop(names, op->name);
		put(names, op->new_name, op->file, false);
		break;
	case POWER_WRITE: case POWER_TRUNCATE: case POWER_SYNC: case POWER_SYNC_DIRECTORY: case POWER_READ: break;
	}
}

static bool is_in(const char *name, const char *directory)
{
	const char *slash = strrchr(name, '/');
	size_t length = slash ? (size_t)(slash - name) : 0;

	return strlen(directory) == length && strncmp(name, directory, length) == 0;
}

static void sync_directory(struct power_disk *disk, const char *directory)
{
	size_t kept = 0;

	for (size_t i = 0; i < disk->count; i++) {
		const struct power_op *op = &disk->record->ops[disk->pending[i]];

		if (is_in(op->name, directory))
			apply_name(&disk->safe, op);
		else
			disk->pending[kept++] = disk->pending[i];
	}
	disk->count = kept;
}

/* ---- forward ---- */

struct power_disk *power_disk_new(const struct power_record *record)
{
	struct power_disk *disk = zg_alloc(1, sizeof(*disk));

	disk->record = record;
	disk->files = zg_alloc((size_t)record->files + 1, sizeof(*disk->files));
	disk->chance = (struct chance){ record->count, record->count };
	for (size_t i = 0; i < record->base_count; i++) {
		const struct power_name *name = &record->base[i];

		put(&disk->safe, name->name, name->file, name->is_directory);
		if (!name->is_directory) {
			write_bytes(&disk->files[name->file], 0, record->pool + record->base_pool[i], record->base_length[i]);
			disk->files[name->file].size = record->base_size[i];
		}
	}
	return disk;
}

void power_disk_free(struct power_disk *disk)
{
	if (!disk)
		return;
	for (int i = 0; i < disk->record->files; i++) {
		free(disk->files[i].bytes);
		free(disk->files[i].pending);
	}
	free(disk->files);
	clear_names(&disk->safe);
	free(disk->pending);
	free(disk);
}

static void take(struct power_disk *disk, size_t index)
{
	const struct power_op *op = &disk->record->ops[index];
	struct content *c;

	switch (op->kind) {
	case POWER_SYNC:
		sync_file(disk, &disk->files[op->file], op->has_failed);
		break;
	case POWER_SYNC_DIRECTORY:
		if (!op->has_failed)
			sync_directory(disk, op->name);
		break;
	case POWER_WRITE: case POWER_TRUNCATE:
		c = &disk->files[op->file];
		c->pending = zg_grow(c->pending, c->count, &c->pending_room, sizeof(*c->pending));
		c->pending[c->count++] = index;
		break;
	case POWER_CREATE: case POWER_RENAME: case POWER_UNLINK: case POWER_MKDIR:
		disk->pending = zg_grow(disk->pending, disk->count, &disk->room, sizeof(*disk->pending));
		disk->pending[disk->count++] = index;
		break;
	case POWER_READ: break;
	}
}

static bool is_sync(const struct power_op *op)
{
	return op->kind == POWER_SYNC || op->kind == POWER_SYNC_DIRECTORY;
}

/* What is under way at the cut has begun, except that a sync has done nothing one could rely on. */
void power_disk_to(struct power_disk *disk, size_t k)
{
	while (disk->done < k && disk->done < disk->record->count)
		take(disk, disk->done++);
	if (disk->done == k && k < disk->record->count && !is_sync(&disk->record->ops[k]))
		take(disk, disk->done++);
}

/* ---- the cut ---- */

/* Of a sector: the state after which of the pending operations it has; torn: the bytes behind `tear` another's. */
struct sector {
	size_t is_at, behind_at;
	size_t tear;
	bool is_rubbish;
};

static size_t some_state(struct chance *chance, size_t count)
{
	uint64_t roll = chance_next(chance) & 7;

	return roll < 3 ? 0 : roll < 6 ? count : (size_t)chance_between(chance, 0, (int64_t)count);
}

static struct sector choose_sector(struct chance *chance, size_t count, int size)
{
	struct sector s = { .is_at = some_state(chance, count), .tear = (size_t)size };
	uint64_t roll = chance_next(chance) % 64;

	s.behind_at = s.is_at;
	if (roll < 6) {
		s.tear = (size_t)chance_between(chance, 0, size);
		s.behind_at = some_state(chance, count);
	}
	s.is_rubbish = roll == 63;
	return s;
}

static void copy_part(struct content *out, const unsigned char *bytes, int64_t from, int64_t to, bool is_rubbish, struct chance *chance)
{
	for (int64_t i = from; i < to; i++)
		out->bytes[i] = is_rubbish ? (unsigned char)chance_next(chance) : bytes[i - from];
}

/* The pending operation `index`, in those sectors that have it by the choice that was made for each. */
static void scatter_write(struct content *out, const unsigned char *bytes, const struct power_op *op, size_t index,
			  const struct sector *chosen, int size, struct chance *chance)
{
	int64_t from = op->at, to = from + (int64_t)op->length;

	for (int64_t s = from / size; s * size < to; s++) {
		const struct sector *sector = &chosen[s];
		int64_t low = s * size > from ? s * size : from, high = (s + 1) * size < to ? (s + 1) * size : to;
		int64_t tear = s * size + (int64_t)sector->tear;

		tear = tear < low ? low : tear > high ? high : tear;
		if (index < sector->is_at)
			copy_part(out, bytes + (low - from), low, tear, sector->is_rubbish, chance);
		if (index < sector->behind_at)
			copy_part(out, bytes + (tear - from), tear, high, sector->is_rubbish, chance);
	}
}

static void scatter(struct content *out, const struct power_disk *disk, const struct content *c, int size, struct chance *chance)
{
	int64_t end = c->size;

	for (size_t i = 0; i < c->count; i++) {
		const struct power_op *op = &disk->record->ops[c->pending[i]];
		int64_t to = op->at + (int64_t)op->length;

		end = to > end ? to : end;
	}
	size_t sectors = (size_t)(end / size) + 1;
	struct sector *chosen = zg_alloc(sectors, sizeof(*chosen));
	size_t kept = some_state(chance, c->count);    /* sizes are the file system's: in order, and whole */
	int64_t length = c->size;

	for (size_t i = 0; i < sectors; i++)
		chosen[i] = choose_sector(chance, c->count, size);
	reach(out, (size_t)end);
	for (size_t i = 0; i < c->count; i++) {
		const struct power_op *op = &disk->record->ops[c->pending[i]];

		if (op->kind == POWER_WRITE) {
			scatter_write(out, disk->record->pool + op->pool, op, i, chosen, size, chance);
			length = i < kept && op->at + (int64_t)op->length > length ? op->at + (int64_t)op->length : length;
		} else if (i < kept) {
			if (op->at < end)
				memset(out->bytes + op->at, 0, (size_t)(end - op->at));
			length = op->at;
		}
	}
	truncate_to(out, length);
	free(chosen);
}

/* The first so many of the pending operations, the next one torn. */
static void stop_short(struct content *out, const struct power_disk *disk, const struct content *c, size_t whole, struct chance *chance)
{
	for (size_t i = 0; i < whole; i++)
		apply(out, disk->record, &disk->record->ops[c->pending[i]]);
	if (whole < c->count) {
		const struct power_op *op = &disk->record->ops[c->pending[whole]];

		if (op->kind == POWER_WRITE)
			write_bytes(out, op->at, disk->record->pool + op->pool, (size_t)chance_between(chance, 0, (int64_t)op->length));
	}
}

static void lose(struct content *out, const struct power_disk *disk, const struct content *c, struct power_loss loss, struct chance *chance)
{
	uint64_t roll = chance_next(chance) % 16;

	copy_content(out, c);
	if (loss.keeps_all || roll == 0)
		stop_short(out, disk, c, c->count, chance);
	else if (roll == 1)
		return;    /* nothing of it arrived */
	else if (roll < 5)
		stop_short(out, disk, c, (size_t)chance_between(chance, 0, (int64_t)c->count), chance);
	else
		scatter(out, disk, c, loss.sector, chance);
}

static void lose_names(struct names *out, const struct power_disk *disk, struct power_loss loss, struct chance *chance)
{
	uint64_t roll = chance_next(chance) % 4;

	for (size_t i = 0; i < disk->safe.count; i++)
		put(out, disk->safe.rows[i].name, disk->safe.rows[i].file, disk->safe.rows[i].is_directory);
	for (size_t i = 0; i < disk->count; i++) {
		bool survives = !loss.is_strict || roll == 0 || (roll > 1 && (chance_next(chance) & 1));
		const struct power_op *op = &disk->record->ops[disk->pending[i]];

		if (survives)
			apply_name(out, op);
	}
}

/* ---- the directory ---- */

static const struct names *wanted;    /* nftw hands nothing down */
static size_t home_length;

/* Files that are to be there are written over: fresh pages for each cut cost more than the cut. */
static int remove_others(const char *path, const struct stat *about, int kind, struct FTW *where)
{
	(void)about;
	if (where->level == 0 || find(wanted, path + home_length + 1))
		return 0;
	return remove(path) == 0 || kind == FTW_DP ? 0 : -1;
}

static void write_file(const char *home, const char *name, const struct content *c)
{
	char *path = zg_print("%s/%s", home, name);
	int fd = power_real_open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	size_t length = c->size < (int64_t)c->length ? (size_t)c->size : c->length;

	zg_assert(fd >= 0 || errno == ENOENT || errno == ENOTDIR);    /* its directory is lost, and the file with it */
	for (size_t done = 0; fd >= 0 && done < length;) {
		ssize_t wrote = pwrite(fd, c->bytes + done, length - done, (off_t)done);

		zg_assert(wrote > 0);
		done += (size_t)wrote;
	}
	if (fd >= 0) {
		zg_assert(ftruncate(fd, (off_t)c->size) == 0);
		power_real_close(fd);
	}
	free(path);
}

void power_disk_survive(const struct power_disk *disk, struct power_loss loss, struct chance *chance, const char *home)
{
	struct names names = { 0 };

	zg_assert(power_inside(home) == NULL);    /* not while that very place is recorded */
	lose_names(&names, disk, loss, chance);
	wanted = &names;
	home_length = strlen(home);
	zg_assert(nftw(home, remove_others, 16, FTW_DEPTH | FTW_PHYS) == 0);
	for (size_t i = 0; i < names.count; i++) {
		char *path = zg_print("%s/%s", home, names.rows[i].name);

		if (names.rows[i].is_directory)
			zg_assert(power_real_mkdir(path, 0700) == 0 || errno == EEXIST);
		free(path);
	}
	for (size_t i = 0; i < names.count; i++) {
		static struct content out;    /* its room is kept: a new one for each file costs more than all the rest */
		const struct content *c = &disk->files[names.rows[i].file];

		if (names.rows[i].is_directory)
			continue;
		if (c->count) {
			truncate_to(&out, 0);
			lose(&out, disk, c, loss, chance);
			c = &out;
		}
		write_file(home, names.rows[i].name, c);
	}
	clear_names(&names);
}

struct power_loss power_loss_choose(struct chance *chance)
{
	uint64_t roll = chance_next(chance);

	return (struct power_loss){ .sector = roll & 1 ? 512 : 4096, .is_strict = (roll & 2) != 0 };
}

const char *power_loss_words(struct power_loss loss)
{
	static char words[80];

	if (loss.keeps_all)
		return "nothing lost";
	snprintf(words, sizeof(words), "sectors of %d, names %s", loss.sector, loss.is_strict ? "only after a directory's sync" : "at once");
	return words;
}
