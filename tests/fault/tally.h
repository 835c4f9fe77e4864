/* What a fault test counts. Failures are printed as they come, with what was seen; the last line is the tally. */
#ifndef ZG_TESTS_FAULT_TALLY_H
#define ZG_TESTS_FAULT_TALLY_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

struct tally {
	int passed, failed;
};

__attribute__((format(printf, 3, 4))) static inline bool tally_check(struct tally *tally, bool is_right, const char *format, ...)
{
	va_list args;

	if (is_right) {
		tally->passed++;
		return true;
	}
	tally->failed++;
	if (tally->failed <= 40) {
		va_start(args, format);
		fputs("FAILED: ", stdout);
		vprintf(format, args);
		putchar('\n');
		va_end(args);
		fflush(stdout);
	}
	return false;
}

/* Prints the tally; for main to return. */
static inline int tally_end(const struct tally *tally)
{
	printf("%d passed, %d failed\n", tally->passed, tally->failed);
	return tally->failed != 0 || tally->passed == 0;
}

/* A number from the environment. */
static inline long tally_setting(const char *name, long usual)
{
	const char *given = getenv(name);

	return given && *given ? strtol(given, NULL, 10) : usual;
}
#endif
