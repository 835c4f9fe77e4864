#include "src/store/days.h"

#include "src/base/alloc.h"
#include "src/store/query.h"

enum zg_result zg_days_beside(const struct zg_store *store, const char *day, bool after, char beside[ZG_DAY_TEXT],
			      struct zg_error *err)
{
	struct zg_query q = zg_query(store, after ? "SELECT min(day) FROM shift WHERE day > :day" : "SELECT max(day) FROM shift WHERE day < :day");

	zg_bind_text(&q, ":day", day);
	bool found = zg_query_row(&q) && !zg_column_is_null(&q, 0);

	if (found)
		zg_column_copy(&q, 0, beside, ZG_DAY_TEXT);
	enum zg_result result = zg_query_end(&q, err);

	return result == ZG_OK && !found ? ZG_NOT_FOUND : result;
}

enum zg_result zg_days_hours(const struct zg_store *store, const char *day, struct zg_day_hours *hours, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "SELECT CAST(strftime('%H', closed_at / 1000, 'unixepoch', 'localtime') AS INTEGER) AS hour,"
				     " sum(total_fen - rounding_fen), sum(kind = 'sale') FROM sale WHERE day = :day AND state = 'paid' GROUP BY hour");

	*hours = (struct zg_day_hours){ 0 };
	zg_bind_text(&q, ":day", day);
	while (zg_query_row(&q)) {
		int64_t hour = zg_column_integer(&q, 0);

		zg_assert(hour >= 0 && hour < 24);
		hours->taken_fen[hour] = zg_column_integer(&q, 1);
		hours->sales[hour] = zg_column_integer(&q, 2);
	}
	return zg_query_end(&q, err);
}
