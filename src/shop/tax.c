#include "src/shop/tax.h"

#include <string.h>

/* Reports sum more than one amount's limit; this one is exact in every JSON reader. */
#define LIMIT 900000000000000LL

static bool add(zg_fen *sum, zg_fen more)
{
	zg_fen total;

	if (__builtin_add_overflow(*sum, more, &total) || total > LIMIT || total < -LIMIT)
		return false;
	*sum = total;
	return true;
}

bool zg_tax_add(struct zg_tax_total rows[ZG_TAX_RATES], size_t *count, const struct zg_tax_total *more)
{
	size_t i = 0;

	while (i < *count && rows[i].rate_bp < more->rate_bp)
		i++;
	bool is_there = i < *count && rows[i].rate_bp == more->rate_bp;
	struct zg_tax_total sum = { .rate_bp = more->rate_bp };

	if (is_there)
		sum = rows[i];
	else if (*count == ZG_TAX_RATES)
		return false;
	if (!add(&sum.gross_fen, more->gross_fen) || !add(&sum.net_fen, more->net_fen) ||
	    !add(&sum.tax_fen, more->tax_fen))
		return false;
	if (!is_there) {
		memmove(&rows[i + 1], &rows[i], (*count - i) * sizeof(rows[0]));
		(*count)++;
	}
	rows[i] = sum;
	return true;
}
