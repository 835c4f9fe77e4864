#include "src/base/money.h"

#include "src/base/alloc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Wide enough for any product of two amounts: 10^11 × 10^11 < 2^127. */
__extension__ typedef __int128 wide;

static bool in_range(wide value)
{
	return value <= ZG_FEN_MAX && value >= -ZG_FEN_MAX;
}

/* The one half-up: away from zero at exactly the half. of > 0. */
static wide divide_half_up(wide value, wide of)
{
	return value >= 0 ? (value + of / 2) / of : -((-value + of / 2) / of);
}

bool zg_fen_add(zg_fen a, zg_fen b, zg_fen *sum)
{
	wide total = (wide)a + b;

	if (!in_range(total))
		return false;
	*sum = (zg_fen)total;
	return true;
}

bool zg_fen_times(zg_fen price, zg_milli quantity, zg_fen *amount)
{
	wide product = divide_half_up((wide)price * quantity, 1000);

	if (!in_range(product))
		return false;
	*amount = (zg_fen)product;
	return true;
}

zg_fen zg_fen_part(zg_fen whole, int64_t part, int64_t of)
{
	zg_assert(of > 0);
	wide share = divide_half_up((wide)whole * part, of);

	zg_assert(share <= INT64_MAX && share >= -INT64_MAX);
	return (zg_fen)share;
}

zg_fen zg_tax_net(zg_fen gross, zg_bp rate)
{
	zg_assert(rate >= 0);
	return (zg_fen)divide_half_up((wide)gross * ZG_BP_WHOLE, ZG_BP_WHOLE + rate);
}

zg_fen zg_round_off(zg_fen amount, enum zg_rounding rounding)
{
	static const zg_fen steps[] = { [ZG_ROUND_NONE] = 1, [ZG_ROUND_JIAO] = 10, [ZG_ROUND_YUAN] = 100 };

	zg_assert(amount >= 0);
	return amount - amount % steps[rounding];
}

struct remainder {
	wide rest;
	size_t index;
};

static int larger_first(const void *a, const void *b)
{
	const struct remainder *x = a, *y = b;

	if (x->rest != y->rest)
		return x->rest < y->rest ? 1 : -1;
	return x->index < y->index ? -1 : x->index > y->index;
}

bool zg_fen_spread(zg_fen whole, const zg_fen *weights, size_t count, zg_fen *parts)
{
	if (count == 0)
		return whole == 0;
	wide total = 0, given = 0;
	wide size = whole < 0 ? -(wide)whole : whole;
	zg_fen sign = whole < 0 ? -1 : 1;

	for (size_t i = 0; i < count; i++) {
		zg_assert(weights[i] >= 0);
		total += weights[i];
	}
	if (total == 0) {
		memset(parts, 0, count * sizeof(*parts));
		parts[0] = whole;
		return true;
	}
	struct remainder *rests = zg_alloc(count, sizeof(*rests));

	for (size_t i = 0; i < count; i++) {
		wide share = size * weights[i];

		parts[i] = (zg_fen)(share / total) * sign;
		rests[i] = (struct remainder){ share % total, i };
		given += share / total;
	}
	qsort(rests, count, sizeof(*rests), larger_first);
	for (size_t i = 0; given < size; i++, given++)
		parts[rests[i].index] += sign;
	free(rests);
	return true;
}

/* Writes value with exactly `decimals` digits after the point, or fewer when trimmed. */
static void format(char text[ZG_AMOUNT_TEXT], int64_t value, int decimals, bool trim)
{
	int64_t unit = decimals == 2 ? 100 : 1000;
	uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

	snprintf(text, ZG_AMOUNT_TEXT, "%s%" PRIu64 ".%0*" PRIu64, value < 0 ? "-" : "",
		 size / (uint64_t)unit, decimals, size % (uint64_t)unit);
	if (!trim)
		return;
	size_t end = strlen(text);

	while (text[end - 1] == '0')
		end--;
	if (text[end - 1] == '.')
		end--;
	text[end] = '\0';
}

const char *zg_fen_format(char text[ZG_AMOUNT_TEXT], zg_fen amount)
{
	format(text, amount, 2, false);
	return text;
}

const char *zg_milli_format(char text[ZG_AMOUNT_TEXT], zg_milli quantity)
{
	format(text, quantity, 3, true);
	return text;
}

const char *zg_bp_format(char text[ZG_AMOUNT_TEXT], zg_bp rate)
{
	format(text, rate, 2, true);
	strcat(text, "%");
	return text;
}

/* Digits, at most `decimals` of them after one point, up to `most` in the smallest unit. */
static bool parse(const char *text, int decimals, int64_t most, int64_t *value)
{
	bool negative = *text == '-';
	int after = -1;          /* digits seen after the point; -1: no point yet */
	int digits = 0;
	int64_t sum = 0;

	if (*text == '-' || *text == '+')
		text++;
	for (; *text; text++) {
		if (*text == '.' && after < 0) {
			after = 0;
			continue;
		}
		if (*text < '0' || *text > '9' || after == decimals || sum > most / 10)
			return false;
		sum = sum * 10 + (*text - '0');
		digits++;
		if (after >= 0)
			after++;
	}
	for (int i = after < 0 ? 0 : after; i < decimals; i++) {
		if (sum > most)
			return false;
		sum *= 10;
	}
	if (!digits || sum > most)
		return false;
	*value = negative ? -sum : sum;
	return true;
}

bool zg_fen_parse(const char *text, zg_fen *amount)
{
	return parse(text, 2, ZG_FEN_MAX, amount);
}

bool zg_milli_parse(const char *text, zg_milli *quantity)
{
	return parse(text, 3, ZG_FEN_MAX, quantity);
}

bool zg_bp_parse(const char *text, zg_bp *rate)
{
	char number[ZG_AMOUNT_TEXT];
	size_t length = strlen(text);
	int64_t value;

	if (length && text[length - 1] == '%')
		length--;
	if (length == 0 || length >= sizeof(number))
		return false;
	memcpy(number, text, length);
	number[length] = '\0';
	if (!parse(number, 2, ZG_BP_WHOLE, &value) || value < 0)
		return false;
	*rate = (zg_bp)value;
	return true;
}
