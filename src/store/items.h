/*
 * The product list as the shop sees it: the goods of the imports that are live.
 *
 * An import writes new rows under its own number, and superseded rows stay until idle time
 * removes them; nothing of either shows here. An item that an import changes gets a new id, so an id
 * is good for a moment (a list on the screen), a code for ever.
 */
#ifndef ZG_STORE_ITEMS_H
#define ZG_STORE_ITEMS_H

#include "src/base/buffer.h"
#include "src/shop/item.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct zg_store;

/*
 * By barcode or by code, whole, as typed or scanned. With active_only, goods that are kept for old
 * receipts are not found. ZG_NOT_FOUND sets no err.
 */
enum zg_result zg_items_find_code(const struct zg_store *store, const char *text, bool active_only,
				  struct zg_item *item, struct zg_error *err);
/* By id; an id that an import superseded gives the item as it is now. ZG_NOT_FOUND sets no err. */
enum zg_result zg_items_get(const struct zg_store *store, int64_t id, struct zg_item *item, struct zg_error *err);
/* In the order of the product file, in their normal form. *barcodes is one block with its texts, freed with free(). */
enum zg_result zg_items_barcodes(const struct zg_store *store, int64_t id, char ***barcodes, size_t *count, struct zg_error *err);
/*
 * The next `most` goods after a code ("" from the start), by code. *items is the caller's, freed with free();
 * count 0 is the end.
 */
enum zg_result zg_items_list(const struct zg_store *store, const char *after, bool active_only, size_t most,
			     struct zg_item **items, size_t *count, struct zg_error *err);
/* How many goods there are, those that are not sold included. At once, whatever their number. */
enum zg_result zg_items_count(const struct zg_store *store, int64_t *count, struct zg_error *err);

/*
 * A page of the product file: appends up to `most` records after the code `after`, which is set to the last
 * one written; *count 0 is the end. The first page (after "") begins with the header. What is exported,
 * imported and exported again is the same byte for byte. Take a snapshot around the pages.
 */
enum zg_result zg_items_export(const struct zg_store *store, char after[ZG_CODE_MAX + 1], size_t most,
			       struct zg_buffer *out, size_t *count, struct zg_error *err);
#endif
