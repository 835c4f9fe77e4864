#include "src/store/item_import.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/shop/barcode.h"
#include "src/store/item_index.h"
#include "src/store/item_row.h"
#include "src/store/items.h"
#include "src/store/store.h"

#include <stdlib.h>
#include <string.h>

#define BATCH   500    /* rows of a commit */
#define BATCHES 8      /* commits between checkpoints, so that the log stays small */

struct zg_item_import {
	struct zg_store *store;
	struct zg_item_import_parts parts;
	int64_t id, started_count;
	int64_t last_item;        /* the highest id in use */
	struct zg_item_counts counts;
	struct zg_buffer tokens;
	int rows, batches;
	bool is_live;
	enum zg_result result;    /* of the first commit that failed: then the import has lost rows */
	struct zg_error error;
};

/* Commits what is open. A batch that is lost loses the import: it can only be given up. */
static void give_way(void *self)
{
	struct zg_item_import *import = self;
	enum zg_result result = zg_item_merge_grams(import->store, &import->error);

	if (result == ZG_OK)
		result = zg_store_commit(import->store, &import->error);
	else
		zg_store_rollback(import->store);
	if (import->result == ZG_OK)
		import->result = result;
	import->rows = 0;
}

static enum zg_result failed(const struct zg_item_import *import, struct zg_error *err)
{
	if (err && import->result != ZG_OK)
		*err = import->error;
	return import->result;
}

enum zg_result zg_item_import_flush(struct zg_item_import *import, struct zg_error *err)
{
	if (zg_store_is_open(import->store))
		give_way(import);
	return failed(import, err);
}

/* Codes come in any order: with the everyday cache most look-ups of a long list would read a page from the file. */
static void set_cache(struct zg_store *store, bool is_large)
{
	struct zg_query q = zg_query(store, is_large ? "PRAGMA cache_size = -32768" : "PRAGMA cache_size = -4096");

	zg_query_run(&q);
	(void)zg_query_end(&q, NULL);    /* it is only slower without */
}

enum zg_result zg_item_import_begin(struct zg_store *store, const struct zg_item_import_parts *parts,
				    struct zg_item_import **out, struct zg_error *err)
{
	int64_t writing, id = 0, count, last = 0;
	enum zg_result result = zg_item_find_writing(store, &writing, err);

	*out = NULL;
	if (result == ZG_OK && writing)
		result = zg_fail(err, ZG_INVALID, _("Another import is not finished. Try again in a moment."));
	if (result == ZG_OK)
		result = zg_items_count(store, &count, err);
	if (result == ZG_OK)
		result = zg_query_number(store, "SELECT max(id) FROM item", &last, err);
	if (result == ZG_OK)
		result = zg_store_begin(store, ZG_SYNC_NORMAL, err);
	if (result != ZG_OK)
		return result;
	struct zg_query q = zg_query(store, "INSERT INTO import (state, started_at) VALUES ('writing', :at) RETURNING id");

	zg_bind_integer(&q, ":at", zg_clock_now(zg_store_clock(store)));
	while (zg_query_row(&q))
		id = zg_column_integer(&q, 0);
	result = zg_query_end(&q, err);
	if (result != ZG_OK)
		zg_store_rollback(store);
	else
		result = zg_store_commit(store, err);
	if (result != ZG_OK)
		return result;
	*out = zg_alloc(1, sizeof(**out));
	**out = (struct zg_item_import){ .store = store, .parts = *parts, .id = id, .started_count = count, .last_item = last };
	zg_store_on_begin(store, give_way, *out);
	set_cache(store, true);
	return ZG_OK;
}

/* Goods of the list now, with another code, that `code` leads to, and that the import leaves as they are. */
static enum zg_result check_place(struct zg_item_import *import, const struct zg_item *item, const char *code, struct zg_error *err)
{
	struct zg_item other = { 0 };
	bool clash = false;
	struct zg_query q = zg_query(import->store, "SELECT " ZG_ITEM_COLUMNS " FROM barcode AS b CROSS JOIN item AS i ON i.id = b.item_id"
				     " WHERE b.code = :code AND i.code <> :own AND " ZG_ITEM_SHOWN);

	zg_bind_text(&q, ":code", code);
	zg_bind_text(&q, ":own", item->code);
	while (!clash && zg_query_row(&q)) {
		zg_item_read(&q, &other);
		clash = !import->parts.has_code(import->parts.self, other.code);
	}
	enum zg_result result = zg_query_end(&q, err);

	if (result == ZG_OK && clash)
		return zg_fail(err, ZG_INVALID, _("this code already leads to %s (%s), which the file does not change: "
						  "take it out, or add that item to the file"), other.name, other.code);
	return result;
}

enum zg_result zg_item_import_check(struct zg_item_import *import, const struct zg_item *item, const char *barcodes,
				    size_t *which, struct zg_error *err)
{
	char code[ZG_CODE_MAX + 1];
	enum zg_result result = check_place(import, item, zg_barcode_normal(code, item->code), err);
	const char *list = *barcodes ? barcodes : NULL;

	for (*which = 0; list && result == ZG_OK; ++*which) {
		list = zg_barcodes_next(list, code);
		result = check_place(import, item, code, err);
	}
	return result;
}

/* The item as the list has it; barcodes_same: whether it has these barcodes. */
static enum zg_result find_old(struct zg_item_import *import, const char *code, const char *barcodes, struct zg_item *old,
			       bool *found, bool *barcodes_same, struct zg_error *err)
{
	struct zg_query q = zg_query(import->store, "SELECT " ZG_ITEM_COLUMNS " FROM item AS i WHERE i.code = :code AND " ZG_ITEM_SHOWN);

	zg_bind_text(&q, ":code", code);
	*found = zg_query_row(&q);
	if (*found) {
		zg_item_read(&q, old);
		*barcodes_same = strcmp(zg_column_text(&q, ZG_ITEM_BARCODES), barcodes) == 0;
	}
	return zg_query_end(&q, err);
}

static void keep_old(const struct zg_item_import *import, const struct zg_item *old, struct zg_item *item)
{
	char made[ZG_ITEM_INITIALS_MAX + 1];

	zg_item_make_initials(made, old->name);
	if ((import->parts.keep & ZG_IMPORT_KEEP_INITIALS) && strcmp(made, old->initials) != 0)
		memcpy(item->initials, old->initials, sizeof(item->initials));
	if (import->parts.keep & ZG_IMPORT_KEEP_CATEGORY)
		memcpy(item->category, old->category, sizeof(item->category));
	if (import->parts.keep & ZG_IMPORT_KEEP_ACTIVE)
		item->active = old->active;
}

static bool is_same(const struct zg_item *a, const struct zg_item *b)
{
	return strcmp(a->name, b->name) == 0 && strcmp(a->unit, b->unit) == 0 && a->price_fen == b->price_fen &&
	       a->tax_bp == b->tax_bp && strcmp(a->tax_code, b->tax_code) == 0 && a->kind == b->kind &&
	       strcmp(a->initials, b->initials) == 0 && strcmp(a->category, b->category) == 0 && a->active == b->active;
}

static enum zg_result write_item(struct zg_item_import *import, const struct zg_item *item, const char *barcodes, struct zg_error *err)
{
	struct zg_query q = zg_query(import->store, "INSERT INTO item (id, code, name, unit, price_fen, tax_bp, tax_code, kind, initials,"
		" category, is_active, barcodes, from_import) VALUES (:id, :code, :name, :unit, :price, :tax, :tax_code, :kind,"
		" :initials, :category, :active, :barcodes, :import)");

	zg_bind_integer(&q, ":id", item->id);
	zg_bind_text(&q, ":code", item->code);
	zg_bind_text(&q, ":name", item->name);
	zg_bind_text(&q, ":unit", item->unit);
	zg_bind_integer(&q, ":price", item->price_fen);
	zg_bind_integer(&q, ":tax", item->tax_bp);
	zg_bind_text(&q, ":tax_code", item->tax_code);
	zg_bind_text(&q, ":kind", zg_item_kind_name(item->kind));
	zg_bind_text(&q, ":initials", item->initials);
	zg_bind_text(&q, ":category", item->category);
	zg_bind_integer(&q, ":active", item->active);
	zg_bind_text(&q, ":barcodes", barcodes);
	zg_bind_integer(&q, ":import", import->id);
	zg_query_run(&q);
	return zg_query_end(&q, err);
}

static enum zg_result write_row(struct zg_item_import *import, const struct zg_item *item, const char *barcodes, struct zg_error *err)
{
	enum zg_result result = write_item(import, item, barcodes, err);

	if (result == ZG_OK)
		result = zg_item_write_barcodes(import->store, "INSERT INTO barcode (code, item_id) VALUES (:code, :id)",
						item, barcodes, err);
	if (result == ZG_OK)
		result = zg_item_write_grams(import->store, "INSERT INTO item_gram (rowid, grams) VALUES (:id, :grams)",
					     item, &import->tokens, err);
	return result;
}

static enum zg_result end_row(struct zg_item_import *import, int64_t id, struct zg_error *err)
{
	struct zg_query q = zg_query(import->store, "UPDATE item SET until_import = :import WHERE id = :id");

	zg_bind_integer(&q, ":id", id);
	zg_bind_integer(&q, ":import", import->id);
	zg_query_run(&q);
	return zg_query_end(&q, err);
}

/* One transaction for many rows, which makes their look-ups cheap too; it is open when this returns ZG_OK. */
static enum zg_result open_batch(struct zg_item_import *import, struct zg_error *err)
{
	if (import->rows >= BATCH) {
		if (zg_item_import_flush(import, err) != ZG_OK)
			return import->result;
		if (++import->batches % BATCHES == 0)
			zg_store_checkpoint(import->store);
	}
	if (import->result == ZG_OK && !zg_store_is_open(import->store))
		import->result = zg_store_begin(import->store, ZG_SYNC_NORMAL, &import->error);
	return failed(import, err);
}

static enum zg_result add(struct zg_item_import *import, const struct zg_item *item, const char *barcodes, struct zg_error *err)
{
	struct zg_item old, new = *item;
	bool found = false, same = false;
	enum zg_result result = ZG_OK;

	if (import->started_count > 0)    /* in an empty shop there is nothing to compare with */
		result = find_old(import, item->code, barcodes, &old, &found, &same, err);

	if (result == ZG_OK && found) {
		keep_old(import, &old, &new);
		same = same && is_same(&old, &new);
	}
	if (result == ZG_OK && same)
		import->counts.same++;
	if (result != ZG_OK || same)
		return result;
	if (found)
		result = end_row(import, old.id, err);
	new.id = ++import->last_item;
	if (result == ZG_OK)
		result = write_row(import, &new, barcodes, err);
	import->counts.changed += found;
	import->counts.added += !found;
	return result;
}

enum zg_result zg_item_import_add(struct zg_item_import *import, const struct zg_item *item, const char *barcodes,
				  size_t *which, struct zg_error *err)
{
	enum zg_result result = open_batch(import, err);

	import->rows++;
	*which = 0;
	if (result == ZG_OK && import->started_count > 0)
		result = zg_item_import_check(import, item, barcodes, which, err);
	if (result != ZG_OK)
		return result;
	result = add(import, item, barcodes, &import->error);
	if (result == ZG_OK)
		return ZG_OK;
	/* A row that the books refuse is no fault of the file's: half a row must not stay in an open transaction. */
	zg_store_rollback(import->store);
	import->rows = 0;
	import->result = result == ZG_INVALID ? ZG_BROKEN : result;
	return failed(import, err);
}

enum zg_result zg_item_import_live(struct zg_item_import *import, struct zg_error *err)
{
	zg_assert(zg_store_is_open(import->store));
	if (import->result != ZG_OK)
		return failed(import, err);
	struct zg_query q = zg_query(import->store, "UPDATE import SET state = 'live', item_count = :count WHERE id = :id");

	zg_bind_integer(&q, ":id", import->id);
	zg_bind_integer(&q, ":count", import->started_count + import->counts.added);
	zg_query_run(&q);
	enum zg_result result = zg_query_end(&q, err);

	import->is_live = result == ZG_OK;
	return result;
}

struct zg_item_counts zg_item_import_counts(const struct zg_item_import *import)
{
	return import->counts;
}

void zg_item_import_free(struct zg_item_import *import)
{
	if (!import)
		return;
	zg_store_on_begin(import->store, NULL, NULL);
	if (!import->is_live && zg_store_is_open(import->store))
		zg_store_rollback(import->store);
	set_cache(import->store, false);
	zg_buffer_clear(&import->tokens);
	free(import);
}
