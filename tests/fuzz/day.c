/* Days: only real ones of the one form are taken, and each instant belongs to a real day. */
#include "tests/fuzz/fuzz.h"

#include "src/base/clock.h"

#include <stdlib.h>
#include <string.h>

const struct fuzz_limits fuzz_limits = { 16384, 4 };    /* the zone's rules are read once */

/* By hand: "YYYY-MM-DD", from 1970 on. */
static bool is_day(const char *text)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	if (strlen(text) != 10 || text[4] != '-' || text[7] != '-')
		return false;
	for (int i = 0; i < 10; i++)
		if (i != 4 && i != 7 && (text[i] < '0' || text[i] > '9'))
			return false;
	int year = atoi(text), month = atoi(text + 5), day = atoi(text + 8);
	bool leaps = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return year >= 1970 && month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1] + (month == 2 && leaps);
}

static void check_instant(int64_t at_ms, int ends)
{
	char day[ZG_DAY_TEXT], before[ZG_DAY_TEXT], text[ZG_TIME_TEXT], hour[ZG_TIME_TEXT];

	zg_business_day(day, at_ms, 0);
	fuzz_check(zg_day_is_valid(day), "%lld is on %s", (long long)at_ms, day);
	/* the instant is in its day, and days are about that long, whatever summer time does */
	int64_t begins = zg_business_day_begins(day, 0, 0), next = zg_business_day_begins(day, 1, 0);

	fuzz_check(begins <= at_ms && at_ms < next && next - begins >= 22 * 3600000LL && next - begins <= 26 * 3600000LL, "%s from %lld to %lld", day,
		   (long long)begins, (long long)next);
	zg_time_format(text, at_ms);
	fuzz_check(strncmp(text, day, 10) == 0 && strlen(text) == 19, "%s is not on %s", text, day);
	zg_hour_format(hour, at_ms);
	fuzz_check(strncmp(hour, text + 11, 5) == 0 && strlen(hour) == 5, "%s is not at %s", text, hour);
	zg_business_day(before, at_ms, ends);
	fuzz_check(strcmp(before, day) <= 0 && zg_day_is_valid(before), "a business day %s after %s", before, day);
}

void fuzz_one(const char *bytes, size_t length)
{
	struct fuzz_input input = { bytes, bytes + length };
	int64_t at_ms = 0;
	char *text = fuzz_text(&input, '\n');

	fuzz_check(zg_day_is_valid(text) == is_day(text), "\"%s\": is it a day?", text);
	for (int i = 0; i < 6; i++)
		at_ms = at_ms << 8 | fuzz_byte(&input);
	/* the first two days of 1970 may lie before it in a zone, and the years have four digits */
	check_instant(at_ms % 253370000000000 + 172800000, (int)(at_ms % 1440));
	fuzz_check(zg_clock_running(&zg_real_clock) <= zg_clock_running(&zg_real_clock) && zg_clock_now(&zg_real_clock) > 0, "time runs back");
	free(text);
}
