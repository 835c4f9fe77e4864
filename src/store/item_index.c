#include "src/store/item_index.h"

#include "src/shop/barcode.h"
#include "src/store/query.h"
#include "src/store/search.h"

#include <string.h>

#define MERGE_PAGES 64    /* of the search's index, with each commit: as many as keep it short while it grows */

static enum zg_result run_barcode(struct zg_store *store, const char *sql, const char *code, int64_t id, struct zg_error *err)
{
	struct zg_query q = zg_query(store, sql);

	zg_bind_text(&q, ":code", code);
	zg_bind_integer(&q, ":id", id);
	zg_query_run(&q);
	return zg_query_end(&q, err);
}

enum zg_result zg_item_write_barcodes(struct zg_store *store, const char *sql, const struct zg_item *item,
				      const char *barcodes, struct zg_error *err)
{
	char own[ZG_CODE_MAX + 1], code[ZG_CODE_MAX + 1];
	enum zg_result result = run_barcode(store, sql, zg_barcode_normal(own, item->code), item->id, err);

	for (const char *list = *barcodes ? barcodes : NULL; list && result == ZG_OK;) {
		list = zg_barcodes_next(list, code);
		if (strcmp(code, own) != 0)
			result = run_barcode(store, sql, code, item->id, err);
	}
	return result;
}

enum zg_result zg_item_write_grams(struct zg_store *store, const char *sql, const struct zg_item *item,
				   struct zg_buffer *tokens, struct zg_error *err)
{
	struct zg_query q = zg_query(store, sql);

	zg_buffer_empty(tokens);
	zg_search_tokens(item->name, item->initials, tokens);
	zg_bind_integer(&q, ":id", item->id);
	zg_bind_text(&q, ":grams", zg_buffer_text(tokens));
	zg_query_run(&q);
	return zg_query_end(&q, err);
}

enum zg_result zg_item_merge_grams(struct zg_store *store, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "INSERT INTO item_gram (item_gram, rank) VALUES ('merge', :pages)");

	zg_bind_integer(&q, ":pages", MERGE_PAGES);
	zg_query_run(&q);
	return zg_query_end(&q, err);
}

enum zg_result zg_item_find_writing(struct zg_store *store, int64_t *id, struct zg_error *err)
{
	return zg_query_number(store, "SELECT id FROM import WHERE state = 'writing' LIMIT 1", id, err);
}
