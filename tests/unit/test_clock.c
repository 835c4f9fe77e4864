#include "src/base/clock.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

Test(clock, only_a_real_day_in_its_one_form_is_a_day)
{
	static const char *const days[] = { "1970-01-01", "2026-11-23", "2028-02-29", "9999-12-31" };
	static const char *const none[] = {
		"", "2026", "2026-11-2", "2026-11-230", "2026-11-23 ", "2026/11/23", "2026-02-29", "2026-13-01", "2026-00-10", "2026-11-00",
		"2026-11-31", "1969-12-31", "2026-11-+5", "2026-+1-05", "2026- 1-05", "2026-11- 5", " 026-11-05", "+026-11-05", "2026-11-\xEF\xBC\x95",
	};

	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++)
		cr_expect(zg_day_is_valid(days[i]), "%s", days[i]);
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		cr_expect(not(zg_day_is_valid(none[i])), "%s", none[i]);
}

/* A shop that closes at 4 in the morning, Shanghai time: what is sold before belongs to the evening before. */
Test(clock, a_day_ends_when_the_shop_says)
{
	static const struct { int64_t at_s; int ends_min; const char *day; } cases[] = {
		{ 1795449599, 0, "2026-11-23" },      /* 23:59:59 */
		{ 1795449600, 0, "2026-11-24" },
		{ 1795463999, 240, "2026-11-23" },    /* 03:59:59 */
		{ 1795464000, 240, "2026-11-24" },
		{ 1798732799, 240, "2026-12-31" },    /* 2027-01-01 00:00:00 less a second */
		{ 1798732800, 240, "2026-12-31" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char day[ZG_DAY_TEXT];

		zg_business_day(day, cases[i].at_s * 1000, cases[i].ends_min);
		cr_expect(eq(str, day, (char *)cases[i].day), "%zu", i);
	}
}

Test(clock, a_day_begins_where_the_one_before_ends)
{
	static const char *const days[] = { "1970-01-02", "2026-11-23", "2026-12-31", "2028-02-28", "2028-02-29" };

	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++)
		for (int ends_min = 0; ends_min < 1440; ends_min += 239) {
			int64_t begins = zg_business_day_begins(days[i], 0, ends_min), ends = zg_business_day_begins(days[i], 1, ends_min);
			char day[ZG_DAY_TEXT];

			cr_expect(eq(long, (long)(ends - begins), 86400000));
			zg_business_day(day, begins, ends_min);
			cr_expect(eq(str, day, (char *)days[i]));
			zg_business_day(day, ends - 1, ends_min);
			cr_expect(eq(str, day, (char *)days[i]));
			zg_business_day(day, begins - 1, ends_min);
			cr_expect(ne(str, day, (char *)days[i]));
		}
	cr_expect(eq(long, (long)zg_business_day_begins("2026-11-24", 0, 240), 1795464000000));
}

Test(clock, the_machines_own_clocks_go_forward)
{
	int64_t now = zg_clock_now(&zg_real_clock), running = zg_clock_running(&zg_real_clock);
	char time[ZG_TIME_TEXT], hour[ZG_TIME_TEXT];

	cr_expect(gt(long, (long)now, 1577836800000));    /* later than 2020 */
	cr_expect(ge(long, (long)zg_clock_running(&zg_real_clock), (long)running));
	cr_expect(eq(str, (char *)zg_time_format(time, 1795424527000), "2026-11-23 17:02:07"));
	cr_expect(eq(str, (char *)zg_hour_format(hour, 1795424527000), "17:02"));
}
