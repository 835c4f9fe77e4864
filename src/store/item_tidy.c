#include "src/store/item_import.h"

#include "src/base/alloc.h"
#include "src/store/item_index.h"
#include "src/store/item_row.h"
#include "src/store/store.h"

#include <stdlib.h>

static enum zg_result run_with(struct zg_store *store, const char *sql, int64_t id, struct zg_error *err)
{
	struct zg_query q = zg_query(store, sql);

	zg_bind_integer(&q, ":id", id);
	zg_query_run(&q);
	return zg_query_end(&q, err);
}

/* A row that nobody sees, as it must be known to be removed. */
struct removal {
	struct zg_item item;
	char *barcodes;
};

static enum zg_result remove_row(struct zg_store *store, const struct removal *row, struct zg_buffer *tokens, struct zg_error *err)
{
	enum zg_result result = zg_item_write_grams(store, "INSERT INTO item_gram (item_gram, rowid, grams)"
						    " VALUES ('delete', :id, :grams)", &row->item, tokens, err);

	if (result == ZG_OK)
		result = zg_item_write_barcodes(store, "DELETE FROM barcode WHERE code = :code AND item_id = :id",
						&row->item, row->barcodes, err);
	if (result == ZG_OK)
		result = run_with(store, "DELETE FROM item WHERE id = :id", row->item.id, err);
	return result;
}

/* Removes the rows that the query (of one import, bound as :import) gives; *removed counts them. */
static enum zg_result remove_rows(struct zg_store *store, const char *sql, int64_t import, size_t most, size_t *removed,
				  struct zg_error *err)
{
	struct removal *rows = zg_alloc(most, sizeof(*rows));
	struct zg_buffer tokens = { 0 };
	struct zg_query q = zg_query(store, sql);

	zg_bind_integer(&q, ":import", import);
	zg_bind_integer(&q, ":most", (int64_t)most);
	for (*removed = 0; *removed < most && zg_query_row(&q); ++*removed) {
		zg_item_read(&q, &rows[*removed].item);
		rows[*removed].barcodes = zg_copy(zg_column_text(&q, ZG_ITEM_BARCODES));
	}
	enum zg_result result = zg_query_end(&q, err);

	for (size_t i = 0; i < *removed && result == ZG_OK; i++)
		result = remove_row(store, &rows[i], &tokens, err);
	for (size_t i = 0; i < *removed; i++)
		free(rows[i].barcodes);
	zg_buffer_clear(&tokens);
	free(rows);
	return result;
}

/* Of an import that never became live: its rows go, and the rows that it was about to end live on. */
static enum zg_result undo_rows(struct zg_store *store, int64_t import, size_t most, struct zg_error *err)
{
	size_t removed;
	enum zg_result result = remove_rows(store, "SELECT " ZG_ITEM_COLUMNS " FROM item AS i WHERE i.from_import = :import LIMIT :most",
					    import, most, &removed, err);

	if (result != ZG_OK || removed == most)
		return result;
	struct zg_query q = zg_query(store, "UPDATE item SET until_import = NULL"
				     " WHERE id IN (SELECT id FROM item WHERE until_import = :import LIMIT :most)");

	zg_bind_integer(&q, ":import", import);
	zg_bind_integer(&q, ":most", (int64_t)most);
	zg_query_run(&q);
	result = zg_query_end(&q, err);
	if (result != ZG_OK)
		return result;
	return run_with(store, "DELETE FROM import WHERE id = :id"
			" AND NOT EXISTS (SELECT 1 FROM item WHERE until_import = :id OR from_import = :id)", import, err);
}

static enum zg_result has_superseded(struct zg_store *store, bool *more, struct zg_error *err)
{
	int64_t any = 0;
	enum zg_result result = zg_query_number(store, "SELECT 1 FROM item WHERE until_import IS NOT NULL AND until_import <= "
					    ZG_ITEM_LIVE " LIMIT 1", &any, err);

	*more = any != 0;
	return result;
}

enum zg_result zg_items_tidy(struct zg_store *store, size_t rows, bool leftovers_only, bool *more, struct zg_error *err)
{
	int64_t writing, live = 0;
	size_t removed;
	enum zg_result result = zg_item_find_writing(store, &writing, err);

	*more = writing != 0;
	if (result == ZG_OK && !writing && !leftovers_only)
		result = has_superseded(store, more, err);
	if (result != ZG_OK || !*more)
		return result;
	result = zg_store_begin(store, ZG_SYNC_NORMAL, err);
	if (result != ZG_OK)
		return result;
	if (writing) {
		result = undo_rows(store, writing, rows, err);
	} else {
		result = zg_query_number(store, "SELECT " ZG_ITEM_LIVE, &live, err);
		if (result == ZG_OK)
			result = remove_rows(store, "SELECT " ZG_ITEM_COLUMNS " FROM item AS i"
					     " WHERE i.until_import IS NOT NULL AND i.until_import <= :import LIMIT :most",
					     live, rows, &removed, err);
	}
	if (result == ZG_OK)
		result = zg_item_merge_grams(store, err);
	if (result == ZG_OK)
		return zg_store_commit(store, err);
	zg_store_rollback(store);
	return result;
}
