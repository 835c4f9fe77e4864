/* The cash that moves in a shift without a sale: movements, openings of the drawer, counts. See shifts.h. */
#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/base/json.h"
#include "src/store/query.h"
#include "src/store/shifts.h"
#include "src/store/store.h"

#include <stdlib.h>
#include <string.h>

/* Everything that moves cash in a shift. */
#define EVENTS \
	"((SELECT count(*) FROM sale WHERE shift_id = :shift AND state = 'paid')" \
	" + (SELECT count(*) FROM cash_move WHERE shift_id = :shift))"

static void bind_event(struct zg_query *q, const struct zg_store *store, int64_t shift_id, const char *who)
{
	zg_bind_integer(q, ":shift", shift_id);
	zg_bind_integer(q, ":at", zg_clock_now(zg_store_clock(store)));
	zg_bind_text(q, ":who", who);
}

enum zg_result zg_cash_move_add(struct zg_store *store, int64_t shift_id, bool is_in, zg_fen amount, const char *reason,
				const char *who, int64_t *id, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "INSERT INTO cash_move (shift_id, kind, amount_fen, reason, at, who)"
				     " VALUES (:shift, :kind, :amount, :reason, :at, :who) RETURNING id");

	bind_event(&q, store, shift_id, who);
	zg_bind_text(&q, ":kind", is_in ? "in" : "out");
	zg_bind_integer(&q, ":amount", amount);
	zg_bind_text(&q, ":reason", reason);
	if (zg_query_row(&q))
		*id = zg_column_integer(&q, 0);
	zg_query_run(&q);
	return zg_query_end(&q, err);
}

enum zg_result zg_cash_moves(const struct zg_store *store, int64_t shift_id, struct zg_cash_move **moves, size_t *count,
			     struct zg_error *err)
{
	struct zg_query q = zg_query(store, "SELECT id, at, kind, amount_fen, who, reason FROM cash_move WHERE shift_id = :shift ORDER BY id");
	size_t room = 0;

	*moves = NULL;
	*count = 0;
	zg_bind_integer(&q, ":shift", shift_id);
	while (zg_query_row(&q)) {
		*moves = zg_grow(*moves, *count, &room, sizeof(**moves));
		struct zg_cash_move *move = &(*moves)[(*count)++];

		*move = (struct zg_cash_move){ .id = zg_column_integer(&q, 0), .at = zg_column_integer(&q, 1),
			.is_in = strcmp(zg_column_text(&q, 2), "in") == 0, .amount_fen = zg_column_integer(&q, 3) };
		zg_column_copy(&q, 4, move->who, sizeof(move->who));
		zg_column_copy(&q, 5, move->reason, sizeof(move->reason));
	}
	enum zg_result result = zg_query_end(&q, err);

	if (result != ZG_OK) {
		free(*moves);
		*moves = NULL;
		*count = 0;
	}
	return result;
}

enum zg_result zg_drawer_opening_add(struct zg_store *store, int64_t shift_id, int64_t sale_id, const char *reason,
				     const char *who, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "INSERT INTO drawer_opening (shift_id, sale_id, reason, at, who)"
				     " VALUES (:shift, :sale, :reason, :at, :who)");

	bind_event(&q, store, shift_id, who);
	if (sale_id)
		zg_bind_integer(&q, ":sale", sale_id);
	zg_bind_text(&q, ":reason", reason);
	zg_query_run(&q);
	return zg_query_end(&q, err);
}

enum zg_result zg_cash_count_add(struct zg_store *store, int64_t shift_id, const json_t *pieces, zg_fen total,
				 const char *who, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "INSERT INTO cash_count (shift_id, pieces, total_fen, events, at, who)"
				     " VALUES (:shift, :pieces, :total, " EVENTS ", :at, :who)");
	char *text = zg_json_text(pieces);

	bind_event(&q, store, shift_id, who);
	zg_bind_text(&q, ":pieces", text);
	zg_bind_integer(&q, ":total", total);
	zg_query_run(&q);
	free(text);
	return zg_query_end(&q, err);
}

enum zg_result zg_cash_count_last(const struct zg_store *store, int64_t shift_id, zg_fen *total, json_t **pieces, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "SELECT total_fen, pieces, events = " EVENTS " FROM cash_count"
				     " WHERE shift_id = :shift ORDER BY id DESC LIMIT 1");

	zg_bind_integer(&q, ":shift", shift_id);
	bool found = zg_query_row(&q), is_fresh = found && zg_column_integer(&q, 2);

	*pieces = NULL;
	if (found) {
		const char *text = zg_column_text(&q, 1);

		*total = zg_column_integer(&q, 0);
		*pieces = zg_json_parse(text, strlen(text));
	}
	zg_query_run(&q);
	enum zg_result result = zg_query_end(&q, err);

	if (result == ZG_OK && !found)
		return zg_fail(err, ZG_NOT_FOUND, _("The drawer was not counted yet. Count it, then close the shift."));
	if (result == ZG_OK && !is_fresh)
		return zg_fail(err, ZG_INVALID, _("Money has moved since the drawer was counted. Count it again, then close the shift."));
	return result;
}
