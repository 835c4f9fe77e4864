#include "tests/fault/damaged.h"

#include "src/base/alloc.h"

#include <fcntl.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE   4096
#define HEADER 100
#define LEAF   0x0D    /* first byte of a table's leaf page: https://sqlite.org/fileformat2.html, 1.6 */

struct file {
	int fd;
	int64_t size, pages;
};

static struct file open_file(const char *path)
{
	struct file file = { .fd = open(path, O_RDWR | O_CLOEXEC) };
	struct stat about;

	zg_assert(file.fd >= 0 && fstat(file.fd, &about) == 0);
	file.size = about.st_size;
	file.pages = file.size / PAGE;
	return file;
}

static void get(const struct file *file, int64_t at, void *bytes, size_t length)
{
	zg_assert(pread(file->fd, bytes, length, at) == (ssize_t)length);
}

static void put(const struct file *file, int64_t at, const void *bytes, size_t length)
{
	zg_assert(pwrite(file->fd, bytes, length, at) == (ssize_t)length);
}

static void flip(const struct file *file, int64_t at, unsigned char bits)
{
	unsigned char byte;

	get(file, at, &byte, 1);
	byte ^= bits;
	put(file, at, &byte, 1);
}

/* ---- bytes and pages ---- */

static void flip_bits(struct chance *chance, const char *path, char what[80])
{
	struct file file = open_file(path);
	int count = (int)chance_between(chance, 1, 16);

	snprintf(what, 80, "%d bits anywhere", count);
	for (int i = 0; i < count; i++)
		flip(&file, chance_between(chance, 0, file.size - 1), (unsigned char)(1 << chance_between(chance, 0, 7)));
	close(file.fd);
}

static void spoil_header(struct chance *chance, const char *path, char what[80])
{
	struct file file = open_file(path);
	int count = (int)chance_between(chance, 1, 4);
	int64_t at = 0;

	for (int i = 0; i < count; i++) {
		at = chance_between(chance, 0, HEADER - 1);
		flip(&file, at, (unsigned char)chance_between(chance, 1, 255));
	}
	snprintf(what, 80, "%d bytes of the header, the last %" PRId64, count, at);
	close(file.fd);
}

/* One byte of a page that has rows: the likeliest place for a wrong amount. */
static void spoil_row(struct chance *chance, const char *path, char what[80])
{
	struct file file = open_file(path);
	unsigned char first = 0, content[2];
	int64_t page = 0;

	while (first != LEAF) {
		page = chance_between(chance, 1, file.pages - 1);
		get(&file, page * PAGE, &first, 1);
	}
	get(&file, page * PAGE + 5, content, 2);
	int64_t from = content[0] * 256 + content[1];
	int64_t at = page * PAGE + chance_between(chance, from < PAGE ? from : PAGE - 1, PAGE - 1);
	unsigned char bits = (unsigned char)(chance_between(chance, 0, 1) ? 1 << chance_between(chance, 0, 7) : chance_between(chance, 1, 255));

	flip(&file, at, bits);
	snprintf(what, 80, "byte %" PRId64 " of page %" PRId64 ", bits %02x", at % PAGE, page + 1, bits);
	close(file.fd);
}

static void spoil_page(struct chance *chance, const char *path, char what[80])
{
	struct file file = open_file(path);
	unsigned char bytes[PAGE];
	int64_t page = chance_between(chance, 0, file.pages - 1), length = chance_between(chance, 0, 1) ? PAGE : chance_between(chance, 1, PAGE);
	int how = (int)chance_between(chance, 0, 2);

	if (how == 0)
		memset(bytes, 0, sizeof(bytes));
	else if (how == 1)
		get(&file, chance_between(chance, 0, file.pages - 1) * PAGE, bytes, sizeof(bytes));
	for (size_t i = 0; how == 2 && i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)chance_next(chance);
	put(&file, page * PAGE, bytes, (size_t)length);
	snprintf(what, 80, "%" PRId64 " bytes of page %" PRId64 " are %s", length, page + 1, how == 0 ? "zeros" : how == 1 ? "another page's" : "rubbish");
	close(file.fd);
}

static void cut(struct chance *chance, const char *path, char what[80])
{
	struct file file = open_file(path);
	int64_t left = chance_between(chance, 0, 1) ? PAGE * chance_between(chance, 0, file.pages - 1) : chance_between(chance, 0, file.size - 1);

	zg_assert(ftruncate(file.fd, left) == 0);
	snprintf(what, 80, "%" PRId64 " of %" PRId64 " bytes left", left, file.size);
	close(file.fd);
}

/* A log beside the books, as a crash leaves one: rubbish with and without a log's own head. */
static void plant_log(struct chance *chance, const char *path, char what[80])
{
	static const unsigned char head[] = { 0x37, 0x7F, 0x06, 0x82, 0x00, 0x2D, 0xE2, 0x18, 0x00, 0x00, 0x10, 0x00 };
	char *log = zg_print("%s-wal", path);
	int fd = open(log, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int64_t length = chance_between(chance, 0, 40000);
	unsigned char *bytes = zg_alloc((size_t)length + sizeof(head), 1);

	zg_assert(fd >= 0);
	for (int64_t i = 0; i < length; i++)
		bytes[i] = (unsigned char)chance_next(chance);
	if (chance_between(chance, 0, 1))
		memcpy(bytes, head, sizeof(head));
	zg_assert(write(fd, bytes, (size_t)length) == (ssize_t)length);
	snprintf(what, 80, "a log of %" PRId64 " bytes", length);
	close(fd);
	free(bytes);
	free(log);
}

/* ---- what is planted ---- */

/* By somebody who may write the file and knows SQL. What does not work there is left out. */
static void run(const char *path, const char *sql)
{
	sqlite3 *db = NULL;

	zg_assert(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK);
	sqlite3_exec(db, "PRAGMA legacy_alter_table = ON; PRAGMA writable_schema = ON", NULL, NULL, NULL);
	sqlite3_exec(db, sql, NULL, NULL, NULL);
	sqlite3_exec(db, "PRAGMA writable_schema = RESET; PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL);
	sqlite3_close(db);
}

static const char *const tables[] = { "sale", "sale_line", "tender", "shift", "cash_move", "journal", "item", "person", "setting", "print_job" };

#define PICK(chance, list) ((list)[chance_between(chance, 0, (int64_t)(sizeof(list) / sizeof((list)[0])) - 1)])

static void plant_trigger(struct chance *chance, const char *path, char what[80])
{
	static const char *const deeds[] = {
		"UPDATE tender SET kept_fen = 0", "DELETE FROM cash_move", "UPDATE sale SET total_fen = 1", "DELETE FROM sale_line",
		"SELECT load_extension('/tmp/planted')", "SELECT RAISE(IGNORE)", "DELETE FROM journal", "SELECT writefile('/tmp/planted', '')",
	};
	static const char *const events[] = { "INSERT", "UPDATE", "DELETE" };
	const char *table = PICK(chance, tables), *deed = PICK(chance, deeds), *event = PICK(chance, events);
	char *sql = zg_print("CREATE TRIGGER planted_%s AFTER %s ON %s BEGIN %s; END", table, event, table, deed);

	run(path, sql);
	snprintf(what, 80, "%s on %s: %s", event, table, deed);
	free(sql);
}

/* In the place of a table stands a view that tells half of it, or tells it twice. */
static void plant_view(struct chance *chance, const char *path, char what[80])
{
	static const char *const more[] = { "WHERE rowid % 2", "LIMIT 1", "UNION ALL SELECT * FROM hidden" };
	const char *table = PICK(chance, tables), *how = PICK(chance, more);
	char *sql = zg_print("ALTER TABLE %s RENAME TO hidden; CREATE VIEW %s AS SELECT * FROM hidden %s", table, table, how);

	run(path, sql);
	snprintf(what, 80, "%s is a view: %s", table, how);
	free(sql);
}

/* Something of the structure is taken away, added, or tells another story. */
static void spoil_schema(struct chance *chance, const char *path, char what[80])
{
	const char *table = PICK(chance, tables), *other = PICK(chance, tables);
	char *sql;

	switch (chance_between(chance, 0, 7)) {
	case 0: sql = zg_print("DROP TABLE %s", table); break;
	case 1: sql = zg_print("DELETE FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = '%s'", table); break;
	case 2: sql = zg_print("DELETE FROM sqlite_schema WHERE type = 'index' AND tbl_name = '%s'", table); break;
	case 3: sql = zg_print("UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = '%s') WHERE name = '%s'", other, table); break;
	case 4: sql = zg_print("ALTER TABLE %s ADD COLUMN planted INTEGER DEFAULT 1", table); break;
	case 5: sql = zg_print("UPDATE sqlite_schema SET sql = replace(sql, 'INTEGER', 'TEXT') WHERE name = '%s'", table); break;
	case 6: sql = zg_print("PRAGMA user_version = %d", (int)chance_between(chance, 0, 99)); break;
	default: sql = zg_print("UPDATE sqlite_schema SET sql = substr(sql, 1, %d) WHERE name = '%s'", (int)chance_between(chance, 0, 200), table); break;
	}
	run(path, sql);
	snprintf(what, 80, "%.79s", sql);
	free(sql);
}

/* Another program's file, or no books at all. */
static void put_foreign(struct chance *chance, const char *path, char what[80])
{
	static const char *const structures[] = {
		"CREATE TABLE moz_places (id INTEGER PRIMARY KEY, url TEXT); INSERT INTO moz_places (url) VALUES ('http://localhost/')",
		"CREATE TABLE sale (id INTEGER PRIMARY KEY, total_fen INTEGER); INSERT INTO sale (total_fen) VALUES (100000)",
		"CREATE TABLE shift (id, day, state, z_no); INSERT INTO shift VALUES (1, '2026-11-25', 'closed', 1); PRAGMA user_version = 4",
		"CREATE VIEW sale AS SELECT 1 AS id, 'paid' AS state; PRAGMA user_version = 4",
	};
	struct file file = open_file(path);

	zg_assert(ftruncate(file.fd, 0) == 0);
	if (chance_between(chance, 0, 4) == 0) {
		put(&file, 0, "These are no books.\n", 20);
		snprintf(what, 80, "a text");
		close(file.fd);
		return;
	}
	close(file.fd);
	const char *structure = PICK(chance, structures);

	run(path, structure);
	snprintf(what, 80, "%.79s", structure);
}

const struct damage damages[] = {
	{ "bits",    flip_bits },
	{ "header",  spoil_header },
	{ "row",     spoil_row },
	{ "page",    spoil_page },
	{ "cut",     cut },
	{ "log",     plant_log },
	{ "trigger", plant_trigger },
	{ "view",    plant_view },
	{ "schema",  spoil_schema },
	{ "foreign", put_foreign },
	{ 0 }
};
