#include "contrib/sim/gate_time.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define ZONE_S (8 * 3600)

const char *gate_time(char text[GATE_TIME], enum gate_form form, int64_t at_ms)
{
	static const char *const forms[] = { "%Y-%m-%dT%H:%M:%S+08:00", "%Y-%m-%d %H:%M:%S", "%Y%m%d%H%M%S", "%Y-%m-%d" };
	time_t at = (time_t)(at_ms / 1000 + ZONE_S);
	struct tm tm;

	gmtime_r(&at, &tm);
	/* the forms are the four constants above */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	strftime(text, GATE_TIME, forms[form], &tm);
#pragma GCC diagnostic pop
	return text;
}

bool gate_time_read(const char *text, enum gate_form form, int64_t *at_ms)
{
	static const char *const shapes[] = { "dddd-dd-ddTdd:dd:dd+08:00", "dddd-dd-dd dd:dd:dd", "dddddddddddddd", "dddd-dd-dd" };
	const char *shape = shapes[form];
	int number[7] = { 0 }, digits = 0;
	static const int ends[] = { 4, 6, 8, 10, 12, 14 };    /* how many digits there are after year, month, ... */

	if (strlen(text) != strlen(shape))
		return false;
	for (size_t i = 0; shape[i]; i++) {
		int part = 0;

		if (shape[i] != 'd') {
			if (text[i] != shape[i])
				return false;
			continue;
		}
		if (text[i] < '0' || text[i] > '9')
			return false;
		while (part < 6 && digits >= ends[part])
			part++;
		number[part] = number[part] * 10 + (text[i] - '0');
		digits++;
	}
	struct tm tm = { .tm_year = number[0] - 1900, .tm_mon = number[1] - 1, .tm_mday = number[2],
			 .tm_hour = number[3], .tm_min = number[4], .tm_sec = number[5] };
	struct tm same = tm;
	time_t at = timegm(&same);

	if (same.tm_mon != tm.tm_mon || same.tm_mday != tm.tm_mday || same.tm_hour != tm.tm_hour || same.tm_min != tm.tm_min)
		return false;
	*at_ms = ((int64_t)at - ZONE_S) * 1000;
	return true;
}
