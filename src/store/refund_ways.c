#include "src/store/refund_ways.h"

#include "src/base/alloc.h"
#include "src/store/query.h"

#include <stdlib.h>

struct ways {
	struct zg_refund_way *rows;
	size_t count, room;
};

static void add(struct ways *ways, const char *kind, int64_t payment_id, zg_fen left)
{
	struct zg_refund_way way = { .kind = ZG_TENDER_OTHER, .payment_id = payment_id, .left_fen = left > 0 ? left : 0 };

	(void)zg_tender_kind_parse(kind, &way.kind);    /* a word that no version of ours has written stays OTHER */
	ways->rows = zg_grow(ways->rows, ways->count, &ways->room, sizeof(way));
	ways->rows[ways->count++] = way;
}

static enum zg_result by_phone(const struct zg_store *store, int64_t sale_id, struct ways *ways, struct zg_error *err)
{
	struct zg_query q = zg_query(store,
		"SELECT p.wallet, p.id, p.amount_fen - coalesce((SELECT sum(back.amount_fen) FROM (SELECT DISTINCT sale_id, amount_fen"
		"  FROM pay_refund WHERE payment_id = p.id) AS back), 0) FROM payment AS p WHERE p.sale_id = :sale AND p.state = 'paid'"
		" AND NOT EXISTS (SELECT 1 FROM pay_refund WHERE payment_id = p.id AND sale_id IS NULL) ORDER BY p.id");

	zg_bind_integer(&q, ":sale", sale_id);
	while (zg_query_row(&q))
		add(ways, zg_column_text(&q, 0), zg_column_integer(&q, 1), zg_column_integer(&q, 2));
	return zg_query_end(&q, err);
}

static enum zg_result by_hand(const struct zg_store *store, int64_t sale_id, struct ways *ways, zg_fen *cash_left, struct zg_error *err)
{
	struct zg_query q = zg_query(store,
		"SELECT kind, sum(kept_fen) FROM tender WHERE kind IN ('cash', 'card', 'other') AND (sale_id = :sale"
		"  OR sale_id IN (SELECT id FROM sale WHERE origin_id = :sale AND state = 'paid')) GROUP BY kind ORDER BY kind");

	*cash_left = 0;
	zg_bind_integer(&q, ":sale", sale_id);
	while (zg_query_row(&q)) {
		enum zg_tender_kind kind = ZG_TENDER_CASH;
		zg_fen left = zg_column_integer(&q, 1);

		if (zg_tender_kind_parse(zg_column_text(&q, 0), &kind) && kind == ZG_TENDER_CASH)
			*cash_left = left > 0 ? left : 0;
		else
			add(ways, zg_column_text(&q, 0), 0, left);
	}
	return zg_query_end(&q, err);
}

enum zg_result zg_refund_ways(const struct zg_store *store, int64_t sale_id, struct zg_refund_way **ways, size_t *count, zg_fen *cash_left,
			      struct zg_error *err)
{
	struct ways found = { .rows = NULL };
	enum zg_result result = by_phone(store, sale_id, &found, err);

	if (result == ZG_OK)
		result = by_hand(store, sale_id, &found, cash_left, err);
	if (result != ZG_OK) {
		free(found.rows);
		found = (struct ways){ .rows = NULL };
	}
	*ways = found.rows;
	*count = found.count;
	return result;
}
