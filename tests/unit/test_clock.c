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
