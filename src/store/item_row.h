/* How the files of src/store read goods. For src/store alone. */
#ifndef ZG_STORE_ITEM_ROW_H
#define ZG_STORE_ITEM_ROW_H

#include "src/base/buffer.h"
#include "src/shop/item.h"
#include "src/store/query.h"

/* Columns of `item AS i`, in the order that zg_item_read reads them; the barcodes come last. */
#define ZG_ITEM_COLUMNS \
	"i.id, i.code, i.name, i.unit, i.price_fen, i.tax_bp, i.tax_code, i.kind, i.initials, i.category, i.is_active, i.barcodes"
#define ZG_ITEM_BARCODES 11    /* their column */
/* The number of the import that is shown; evaluated once in a statement. */
#define ZG_ITEM_LIVE "(SELECT max(id) FROM import WHERE state = 'live')"
#define ZG_ITEM_SHOWN \
	"i.from_import <= " ZG_ITEM_LIVE " AND (i.until_import IS NULL OR i.until_import > " ZG_ITEM_LIVE ")"
/* Binds :all: whether goods that are not sold are wanted too. */
#define ZG_ITEM_WANTED ZG_ITEM_SHOWN " AND (:all OR i.is_active)"

/* The row just stepped to. */
void zg_item_read(struct zg_query *query, struct zg_item *item);

/*
 * Runs sql, with :code and :id, for all that leads to an item by its code: the code itself, and its barcodes
 * unless one is the same.
 */
enum zg_result zg_item_write_barcodes(struct zg_store *store, const char *sql, const struct zg_item *item,
				      const char *barcodes, struct zg_error *err);
/*
 * Runs sql, with :id and :grams, the item's tokens for the search: to forget an item it needs the very tokens that
 * it was given. tokens is room that is used again.
 */
enum zg_result zg_item_write_grams(struct zg_store *store, const char *sql, const struct zg_item *item,
				   struct zg_buffer *tokens, struct zg_error *err);
/* Merges a little of the search's index, so that no single commit ever has to merge much. */
enum zg_result zg_item_merge_grams(struct zg_store *store, struct zg_error *err);

/* The import that is being written, or was when the till was killed; 0: none. */
enum zg_result zg_item_find_writing(struct zg_store *store, int64_t *id, struct zg_error *err);
#endif
