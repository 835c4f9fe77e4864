/* The numbers of receipts and Zs, one after the other. See store.h. */
#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/store/query.h"
#include "src/store/store.h"

enum zg_result zg_store_last(const struct zg_store *store, const char *counter, int64_t *number, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "SELECT value FROM counter WHERE name = :name");

	zg_bind_text(&q, ":name", counter);
	*number = zg_query_row(&q) ? zg_column_integer(&q, 0) : 0;
	return zg_query_end(&q, err);
}

enum zg_result zg_store_skip(struct zg_store *store, const char *counter, int64_t last, int64_t seq, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "INSERT INTO lost_numbers (name, first, last, journal_seq)"
				     " SELECT name, value + 1, :last, :seq FROM counter WHERE name = :name AND value < :last");

	zg_assert(zg_store_is_open(store));
	zg_bind_text(&q, ":name", counter);
	zg_bind_integer(&q, ":last", last);
	zg_bind_integer(&q, ":seq", seq);
	zg_query_run(&q);
	enum zg_result result = zg_query_end(&q, err);

	if (result != ZG_OK)
		return result;
	struct zg_query up = zg_query(store, "UPDATE counter SET value = :last WHERE name = :name AND value < :last");

	zg_bind_text(&up, ":name", counter);
	zg_bind_integer(&up, ":last", last);
	zg_query_run(&up);
	return zg_query_end(&up, err);
}

/* The counter itself follows when the row that carries the number closes, by a trigger: alone it cannot be moved. */
enum zg_result zg_store_next(const struct zg_store *store, const char *counter, int64_t *number, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "SELECT value + 1 FROM counter WHERE name = :name");

	zg_assert(zg_store_is_open(store));
	zg_bind_text(&q, ":name", counter);
	bool found = zg_query_row(&q);

	if (found)
		*number = zg_column_integer(&q, 0);
	enum zg_result result = zg_query_end(&q, err);

	if (result == ZG_OK && !found)
		return zg_fail(err, ZG_BROKEN, _("The books lack the counter %s. If a copy of them was made, put it back; see COPIES in zhanggui(1)."), counter);
	return result;
}
