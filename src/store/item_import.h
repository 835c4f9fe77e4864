/*
 * A new product list, written beside the old one and shown at once, or not at all.
 *
 * Rows go into the books in small commits without a sync, under the import's own number, while the till sells
 * from the old list; between them the import gives way to every other transaction. One last commit makes the number
 * live. An import that was killed or given up leaves rows that nobody sees; they are tidied away in slices,
 * and so are the rows that a live import superseded.
 */
#ifndef ZG_STORE_ITEM_IMPORT_H
#define ZG_STORE_ITEM_IMPORT_H

#include "src/shop/item.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct zg_store;
struct zg_item_import;

/* What the file does not say about an item stays as it is in the books. */
#define ZG_IMPORT_KEEP_INITIALS 0x1u    /* unless they were made from the old name */
#define ZG_IMPORT_KEEP_CATEGORY 0x2u
#define ZG_IMPORT_KEEP_ACTIVE   0x4u

struct zg_item_import_parts {
	unsigned keep;
	/* True when the import has a row for that code, sooner or later: then that item's old barcodes are free. */
	bool (*has_code)(const void *self, const char *code);
	const void *self;
};

struct zg_item_counts {
	int64_t added, changed, same;
};

/*
 * Removes up to `rows` rows that nobody sees: of an import that never became live, and (when idle, not with
 * leftovers_only) superseded ones. Sets *more while some are left. Opens its own transaction. Never during an import.
 */
enum zg_result zg_items_tidy(struct zg_store *store, size_t rows, bool leftovers_only, bool *more, struct zg_error *err);

/*
 * Begins. One import at a time, and nothing of a killed one may be left (zg_items_tidy).
 * parts->self is borrowed.
 */
enum zg_result zg_item_import_begin(struct zg_store *store, const struct zg_item_import_parts *parts,
				    struct zg_item_import **import, struct zg_error *err);
/*
 * Adds an item, changes the one with its code, or leaves it when it is the same. barcodes in their normal
 * form, '|' between. ZG_INVALID: a code or barcode belongs to other goods that this import does not touch; *which is 0
 * for the code, n for the n-th barcode. Such an import must be given up.
 */
enum zg_result zg_item_import_add(struct zg_item_import *import, const struct zg_item *item, const char *barcodes,
				  size_t *which, struct zg_error *err);
/* Looks for such conflicts only, writes nothing: to count the rest once one was found. */
enum zg_result zg_item_import_check(struct zg_item_import *import, const struct zg_item *item, const char *barcodes,
				    size_t *which, struct zg_error *err);
/* Commits what the slices left open; false after an error. Call it before the transaction that makes the import live. */
enum zg_result zg_item_import_flush(struct zg_item_import *import, struct zg_error *err);
/* Makes it live, inside a transaction of the caller that also has the journal row. */
enum zg_result zg_item_import_live(struct zg_item_import *import, struct zg_error *err);
struct zg_item_counts zg_item_import_counts(const struct zg_item_import *import);
/* Ends it; one that is not live has changed nothing that anybody sees. NULL is allowed. */
void zg_item_import_free(struct zg_item_import *import);
#endif
