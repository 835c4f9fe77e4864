/* How an import makes goods to be found, and forgotten: by code, by barcode, by pieces of the name. For src/store alone. */
#ifndef ZG_STORE_ITEM_INDEX_H
#define ZG_STORE_ITEM_INDEX_H

#include "src/base/buffer.h"
#include "src/base/result.h"
#include "src/shop/item.h"

#include <stdint.h>

struct zg_store;

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
