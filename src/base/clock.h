/*
 * Time, handed in. Everything that asks the time asks a clock it was given, so that a test
 * can hold it. Instants are Unix milliseconds UTC; durations come from the running clock,
 * which never jumps. Order in the books is by sequence, never by either.
 */
#ifndef ZG_BASE_CLOCK_H
#define ZG_BASE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct zg_clock {
	int64_t (*now_ms)(void *self);        /* wall clock; may jump either way */
	int64_t (*running_ms)(void *self);    /* since some fixed point; only goes forward */
	void *self;
	int pace;                             /* how many times faster than the machine's own it runs; 0: not at all */
};

/* The machine's own clocks. */
extern const struct zg_clock zg_real_clock;

static inline int64_t zg_clock_now(const struct zg_clock *clock)
{
	return clock->now_ms(clock->self);
}

static inline int64_t zg_clock_running(const struct zg_clock *clock)
{
	return clock->running_ms(clock->self);
}

static inline int zg_clock_pace(const struct zg_clock *clock)
{
	return clock->pace > 0 ? clock->pace : 1;
}

/* Real milliseconds in which so many of the running clock pass, rounded up: for waits in the kernel. */
static inline int64_t zg_clock_wait(const struct zg_clock *clock, int64_t running_ms)
{
	return running_ms > 0 ? (running_ms - 1) / zg_clock_pace(clock) + 1 : 0;
}

#define ZG_DAY_TEXT  11    /* "2026-11-23" */
#define ZG_TIME_TEXT 20    /* "2026-11-23 16:42:07" */

/* The business day of an instant, local time, for a day that ends at day_ends_min minutes after midnight (0 to 1439). */
void zg_business_day(char day[ZG_DAY_TEXT], int64_t at_ms, int day_ends_min);
/* The instant, days later, at which that business day begins, and the one before it ends. day is valid. */
int64_t zg_business_day_begins(const char *day, int days, int day_ends_min);
/* Local time for people, "2026-11-23 16:42:07". Returns text. */
const char *zg_time_format(char text[ZG_TIME_TEXT], int64_t at_ms);
/* "16:42". Returns text. */
const char *zg_hour_format(char text[ZG_TIME_TEXT], int64_t at_ms);
/* A real calendar day of the form "2026-11-23". */
bool zg_day_is_valid(const char *day);
#endif
