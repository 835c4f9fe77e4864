#include "src/base/clock.h"

#include "src/base/alloc.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static int64_t read_clock(clockid_t which)
{
	struct timespec t;

	clock_gettime(which, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t real_now(void *self)
{
	(void)self;
	return read_clock(CLOCK_REALTIME);
}

static int64_t real_running(void *self)
{
	(void)self;
	return read_clock(CLOCK_BOOTTIME);
}

static struct tm local(int64_t at_ms)
{
	time_t seconds = (time_t)(at_ms / 1000);
	struct tm parts = { 0 };

	localtime_r(&seconds, &parts);
	return parts;
}

void zg_business_day(char day[ZG_DAY_TEXT], int64_t at_ms, int day_ends_min)
{
	struct tm parts = local(at_ms);

	if (parts.tm_hour * 60 + parts.tm_min < day_ends_min) {
		parts.tm_mday--;
		parts.tm_hour = 12;    /* noon: no change of summer time can move it to another day */
		parts.tm_isdst = -1;
		mktime(&parts);
	}
	strftime(day, ZG_DAY_TEXT, "%Y-%m-%d", &parts);
}

int64_t zg_business_day_begins(const char *day, int days, int day_ends_min)
{
	int year = 0, month = 0, mday = 0, read = sscanf(day, "%4d-%2d-%2d", &year, &month, &mday);
	struct tm parts = { .tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = mday + days, .tm_hour = day_ends_min / 60, .tm_min = day_ends_min % 60,
		.tm_isdst = -1 };

	zg_assert(read == 3);
	return (int64_t)mktime(&parts) * 1000;
}

const char *zg_time_format(char text[ZG_TIME_TEXT], int64_t at_ms)
{
	struct tm parts = local(at_ms);

	strftime(text, ZG_TIME_TEXT, "%Y-%m-%d %H:%M:%S", &parts);
	return text;
}

const char *zg_hour_format(char text[ZG_TIME_TEXT], int64_t at_ms)
{
	struct tm parts = local(at_ms);

	strftime(text, ZG_TIME_TEXT, "%H:%M", &parts);
	return text;
}

bool zg_day_is_valid(const char *day)
{
	static const char form[ZG_DAY_TEXT] = "0000-00-00";
	int year, month, mday;

	for (size_t i = 0; i < ZG_DAY_TEXT; i++)    /* sscanf alone would take "2026-11-+5", and spaces */
		if (form[i] == '0' ? day[i] < '0' || day[i] > '9' : day[i] != form[i])
			return false;
	int read = sscanf(day, "%4d-%2d-%2d", &year, &month, &mday);

	zg_assert(read == 3);
	struct tm parts = { .tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = mday, .tm_hour = 12, .tm_isdst = -1 };
	struct tm same = parts;

	return mktime(&same) != (time_t)-1 && same.tm_mday == mday && same.tm_mon == month - 1 && year >= 1970;
}

const struct zg_clock zg_real_clock = { .now_ms = real_now, .running_ms = real_running };
