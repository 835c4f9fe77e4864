#include "src/store/items.h"

#include "src/base/alloc.h"
#include "src/shop/barcode.h"
#include "src/shop/product_file.h"
#include "src/store/item_row.h"

#include <string.h>

/* Reads the one row and ends the query. */
static enum zg_result read_one(struct zg_query *q, struct zg_item *item, struct zg_error *err)
{
	bool found = zg_query_row(q);

	if (found)
		zg_item_read(q, item);
	enum zg_result result = zg_query_end(q, err);

	return result == ZG_OK && !found ? ZG_NOT_FOUND : result;
}

enum zg_result zg_items_find_code(const struct zg_store *store, const char *text, bool active_only,
				  struct zg_item *item, struct zg_error *err)
{
	char code[ZG_CODE_MAX + 1];

	if (strnlen(text, ZG_CODE_MAX + 1) > ZG_CODE_MAX)
		return ZG_NOT_FOUND;
	struct zg_query q = zg_query(store, "SELECT " ZG_ITEM_COLUMNS " FROM barcode AS b CROSS JOIN item AS i ON i.id = b.item_id"
				     " WHERE b.code = :code AND " ZG_ITEM_WANTED " LIMIT 1");

	zg_bind_text(&q, ":code", zg_barcode_normal(code, text));
	zg_bind_integer(&q, ":all", !active_only);
	return read_one(&q, item, err);
}

enum zg_result zg_items_get(const struct zg_store *store, int64_t id, struct zg_item *item, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "SELECT " ZG_ITEM_COLUMNS " FROM item AS i"
				     " WHERE i.code = (SELECT code FROM item WHERE id = :id) AND " ZG_ITEM_SHOWN " LIMIT 1");

	zg_bind_integer(&q, ":id", id);
	return read_one(&q, item, err);
}

/* The pointers come first in the block, then their texts. */
static char **split(const char *list, size_t *count)
{
	size_t length = strlen(list);

	*count = length > 0;
	for (const char *at = list; (at = strchr(at, '|')); at++)
		++*count;
	char **texts = zg_alloc(1, (*count + 1) * sizeof(*texts) + length + 1);
	char *at = memcpy(texts + *count + 1, list, length + 1);

	for (size_t i = 0; i < *count; i++) {
		texts[i] = at;
		at += strcspn(at, "|");
		*at++ = '\0';
	}
	return texts;
}

enum zg_result zg_items_barcodes(const struct zg_store *store, int64_t id, char ***barcodes, size_t *count, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "SELECT barcodes FROM item WHERE id = :id");

	zg_bind_integer(&q, ":id", id);
	*barcodes = split(zg_query_row(&q) ? zg_column_text(&q, 0) : "", count);
	return zg_query_end(&q, err);
}

enum zg_result zg_items_list(const struct zg_store *store, const char *after, bool active_only, size_t most,
			     struct zg_item **items, size_t *count, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "SELECT " ZG_ITEM_COLUMNS " FROM item AS i WHERE i.code > :after AND " ZG_ITEM_WANTED
				     " ORDER BY i.code LIMIT :most");
	size_t room = 0;

	*items = NULL;
	*count = 0;
	zg_bind_text(&q, ":after", after);
	zg_bind_integer(&q, ":all", !active_only);
	zg_bind_integer(&q, ":most", (int64_t)most);
	while (zg_query_row(&q)) {
		*items = zg_grow(*items, *count, &room, sizeof(**items));
		zg_item_read(&q, &(*items)[(*count)++]);
	}
	return zg_query_end(&q, err);
}

enum zg_result zg_items_count(const struct zg_store *store, int64_t *count, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "SELECT item_count FROM import WHERE id = " ZG_ITEM_LIVE);

	*count = zg_query_row(&q) ? zg_column_integer(&q, 0) : 0;
	return zg_query_end(&q, err);
}

enum zg_result zg_items_export(const struct zg_store *store, char after[ZG_CODE_MAX + 1], size_t most,
			       struct zg_buffer *out, size_t *count, struct zg_error *err)
{
	struct zg_item item = { 0 };
	struct zg_query q = zg_query(store, "SELECT " ZG_ITEM_COLUMNS " FROM item AS i WHERE i.code > :after AND " ZG_ITEM_SHOWN
				     " ORDER BY i.code LIMIT :most");

	if (after[0] == '\0')
		zg_product_file_write_header(out);
	*count = 0;
	zg_bind_text(&q, ":after", after);
	zg_bind_integer(&q, ":most", (int64_t)most);
	for (; zg_query_row(&q); ++*count) {
		zg_item_read(&q, &item);
		zg_product_file_write(out, &item, zg_column_text(&q, ZG_ITEM_BARCODES));
	}
	if (*count)
		memcpy(after, item.code, sizeof(item.code));
	return zg_query_end(&q, err);
}
