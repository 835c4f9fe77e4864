#include "src/base/alloc.h"
#include "src/base/buffer.h"
#include "src/base/i18n.h"
#include "src/store/private.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Two that begin on the same page: one was led to the other's rows, and SQLite would count those. Its words count as changed. */
#define SHARED "rootpage IN (SELECT rootpage FROM sqlite_schema WHERE rootpage > 0 GROUP BY rootpage HAVING count(*) > 1)"
static const char *const list_schema =
	"SELECT name, iif(" SHARED ", '', sql) FROM sqlite_schema WHERE sql IS NOT NULL OR " SHARED " ORDER BY type, name";

/* The next row of a list: SQLITE_ROW with both texts, SQLITE_DONE, or why it cannot be read. */
static int next(sqlite3_stmt *list, const char **name, const char **sql)
{
	int code = sqlite3_step(list);

	if (code != SQLITE_ROW)
		return code;
	*name = (const char *)sqlite3_column_text(list, 0);
	*sql = (const char *)sqlite3_column_text(list, 1);
	return *name && *sql ? SQLITE_ROW : SQLITE_NOMEM;    /* neither is NULL in the books */
}

static enum zg_result unreadable(int a, int b, struct zg_error *err)
{
	if (a == SQLITE_NOMEM || b == SQLITE_NOMEM)
		return zg_store_fail_memory(err);
	return zg_fail(err, ZG_BROKEN, _("The books' structure cannot be read. If a copy of them was made, put it back; see COPIES in zhanggui(1)."));
}

/* Walks both lists in step; the first name that is missing, added or differs goes into err. */
static enum zg_result compare(sqlite3 *ours, sqlite3 *theirs, struct zg_error *err)
{
	sqlite3_stmt *a = NULL, *b = NULL;
	const char *name_a = "", *name_b = "", *sql_a = "", *sql_b = "";
	int code_a = sqlite3_prepare_v2(ours, list_schema, -1, &a, NULL), code_b = sqlite3_prepare_v2(theirs, list_schema, -1, &b, NULL);
	enum zg_result result = code_a == SQLITE_OK && code_b == SQLITE_OK ? ZG_OK : unreadable(code_a, code_b, err);

	while (result == ZG_OK) {
		code_a = next(a, &name_a, &sql_a);
		code_b = next(b, &name_b, &sql_b);
		if ((code_a != SQLITE_ROW && code_a != SQLITE_DONE) || (code_b != SQLITE_ROW && code_b != SQLITE_DONE))
			result = unreadable(code_a, code_b, err);
		else if (code_a == SQLITE_DONE && code_b == SQLITE_DONE)
			break;
		else if (code_a != code_b || strcmp(name_a, name_b) != 0 || strcmp(sql_a, sql_b) != 0)
			result = zg_fail(err, ZG_INVALID, _("The books' structure was changed from outside (at %s). "
							    "Find out who did it. A copy from before can be put back; see COPIES in zhanggui(1)."),
					 code_b == SQLITE_ROW ? name_b : name_a);
	}
	sqlite3_finalize(a);
	sqlite3_finalize(b);
	return result;
}

enum zg_result zg_store_check_schema(const struct zg_store *store, struct zg_error *err)
{
	sqlite3 *fresh = NULL;
	int code = sqlite3_open_v2(":memory:", &fresh, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
	enum zg_result result = code == SQLITE_OK ? zg_schema_migrate(fresh, err) : zg_store_fail_memory(err);    /* it needs nothing else */

	if (result == ZG_OK)
		result = compare(fresh, store->db, err);
	sqlite3_close(fresh);
	return result;
}

/* ---- at every start, and for every reader ---- */

static void add_whole(struct zg_buffer *text, const char *word)
{
	zg_buffer_add(text, word, strlen(word) + 1);
}

/* Over what the books' structure is, what it should be, and the SQLite that turns the one into the other. */
static bool seal_schema(const struct zg_store *store, unsigned char mac[ZG_MAC_SIZE])
{
	struct zg_buffer text = { 0 };
	sqlite3_stmt *list = NULL;
	int code = sqlite3_prepare_v2(store->db, list_schema, -1, &list, NULL);

	add_whole(&text, sqlite3_sourceid());
	for (int i = 0; i < zg_schema_count; i++)
		add_whole(&text, zg_schema[i]);
	const char *name, *sql;

	while (code == SQLITE_OK && (code = next(list, &name, &sql)) == SQLITE_ROW) {
		add_whole(&text, name);
		add_whole(&text, sql);
		code = SQLITE_OK;
	}
	sqlite3_finalize(list);
	struct zg_piece pieces[] = { { "schema", 6 }, { text.bytes, text.length } };

	zg_seal(mac, store->key, pieces, sizeof(pieces) / sizeof(pieces[0]));
	zg_buffer_clear(&text);
	return code == SQLITE_DONE;
}

static bool is_sealed(const char *path, const unsigned char mac[ZG_MAC_SIZE])
{
	unsigned char kept[ZG_MAC_SIZE];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	bool same = fd >= 0 && read(fd, kept, sizeof(kept)) == (ssize_t)sizeof(kept) && zg_seal_is_same(kept, mac, sizeof(kept));

	if (fd >= 0)
		close(fd);
	return same;
}

/* One that cannot be kept, or was torn by a power cut, only costs the next start the whole comparison. */
static void keep_seal(const char *path, const unsigned char mac[ZG_MAC_SIZE])
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0)
		return;
	if (write(fd, mac, ZG_MAC_SIZE) != ZG_MAC_SIZE)
		(void)ftruncate(fd, 0);    /* an empty one is no seal either */
	close(fd);
}

enum zg_result zg_store_check_sealed(const struct zg_store *store, struct zg_error *err)
{
	char *path = zg_print("%s/keys/schema.seal", store->home);
	unsigned char mac[ZG_MAC_SIZE];
	bool has_mac = store->has_key && seal_schema(store, mac);
	enum zg_result result = ZG_OK;

	if (!has_mac || !is_sealed(path, mac)) {
		result = zg_store_check_schema(store, err);
		if (result == ZG_OK && has_mac && store->lock >= 0)    /* a reader leaves nothing behind */
			keep_seal(path, mac);
	}
	free(path);
	return result;
}
