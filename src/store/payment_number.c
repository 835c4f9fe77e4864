#include "src/store/payment_number.h"

#include "src/base/alloc.h"
#include "src/base/seal.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#define GMT8_S  (8 * 3600)
#define LETTERS "0123456789ABCDEFGHJKMNPQRSTVWXYZ"    /* 32, without those that are read for another */
#define ENDING  6

void zg_payment_number(char number[33], char kind, int till_id, int64_t at, int64_t id)
{
	time_t seconds = (time_t)(at / 1000 + GMT8_S);
	struct tm day;

	gmtime_r(&seconds, &day);
	int used = snprintf(number, 33, "%c%02d%02d%02d%02d%06" PRId64, kind, till_id, (day.tm_year + 1900) % 100, day.tm_mon + 1, day.tm_mday, id);

	zg_assert(used > 0 && used + ENDING < 33);
	zg_random_text(number + used, ENDING, LETTERS);
}
