/* Sentences that must be seen: kept until a screen has shown them one after another, and written into the log. */
#include "src/till/private.h"

#include <stdarg.h>
#include <stdio.h>

void zg_till_raise(struct zg_till *till, const char *format, ...)
{
	struct zg_till_state *state = &till->state;
	char *text = state->alarms[state->alarmed % ZG_ALARMS];
	va_list values;

	va_start(values, format);
	vsnprintf(text, ZG_ERROR_TEXT, format, values);
	va_end(values);
	zg_log_say(till->log, "alarm: %s", text);
	state->alarmed++;
}

const char *zg_till_alarm(const struct zg_till *till, uint64_t n)
{
	const struct zg_till_state *state = zg_till_state(till);

	return n < state->alarmed && n + ZG_ALARMS >= state->alarmed ? state->alarms[n % ZG_ALARMS] : "";
}

const char *zg_till_newest_alarm(const struct zg_till *till)
{
	return zg_till_alarm(till, zg_till_state(till)->alarmed - 1);    /* of none: past all of them */
}
