/*
 * Goods by what a cashier types: the start of a code, barcode or pinyin initials, or any piece of the name.
 *
 * One character is enough, in any script; capitals and full-width letters do not matter. Words
 * between spaces must all be there, in any order. Pieces are looked up by single characters and by pairs, and
 * every find is compared with the name itself, so nothing is missed and nothing wrong is shown.
 */
#ifndef ZG_STORE_SEARCH_H
#define ZG_STORE_SEARCH_H

#include "src/base/buffer.h"
#include "src/shop/item.h"

#include <stdbool.h>
#include <stddef.h>

struct zg_store;

#define ZG_SEARCH_MOST 50    /* what a list on the screen asks for */

/*
 * The best `most` finds, best first: the exact code, then codes, initials, names that start so, then
 * pieces of names and initials. *items is the caller's, freed with free(). Nothing found is ZG_OK with count 0.
 */
enum zg_result zg_items_search(const struct zg_store *store, const char *text, bool active_only, size_t most,
			       struct zg_item **items, size_t *count, struct zg_error *err);

/* ---- for the import, which keeps the search up to date ---- */

/* Appends the tokens by which an item is found, separated by spaces. */
void zg_search_tokens(const char *name, const char *initials, struct zg_buffer *out);
#endif
