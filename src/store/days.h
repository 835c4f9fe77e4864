/* Business days as people leaf through them: those that have a shift, and what each hour took. */
#ifndef ZG_STORE_DAYS_H
#define ZG_STORE_DAYS_H

#include "src/base/clock.h"
#include "src/base/money.h"
#include "src/base/result.h"

#include <stdbool.h>
#include <stdint.h>

struct zg_store;

/* The nearest day with a shift before this one, or after it. ZG_NOT_FOUND: none, and beside is untouched; sets no err. */
enum zg_result zg_days_beside(const struct zg_store *store, const char *day, bool after, char beside[ZG_DAY_TEXT],
			      struct zg_error *err);

/* By the hour of the wall clock in which a sale or refund was closed. */
struct zg_day_hours {
	zg_fen taken_fen[24];    /* sales less refunds: may be below zero */
	int64_t sales[24];       /* how many, without refunds */
};
enum zg_result zg_days_hours(const struct zg_store *store, const char *day, struct zg_day_hours *hours, struct zg_error *err);
#endif
