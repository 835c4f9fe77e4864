/*
 * Amounts as they are typed, against another reader that knows nothing of ours; then sums, parts and roundings of what was read,
 * against 128-bit numbers.
 */
#include "tests/fuzz/fuzz.h"

#include "src/base/money.h"

#include <stdlib.h>
#include <string.h>

__extension__ typedef __int128 wide;

const struct fuzz_limits fuzz_limits = { 16384, 8 };

/* Sign, digits, one point, at most so many digits behind it: worked out from the right. */
static bool read_decimal(const char *text, size_t decimals, wide most, wide *value)
{
	const char *start = text + (*text == '-' || *text == '+'), *point = strchr(start, '.');
	size_t whole = point ? (size_t)(point - start) : strlen(start), behind = point ? strlen(point + 1) : 0;
	wide sum = 0, unit = 1;

	if (whole + behind == 0 || behind > decimals)
		return false;
	for (size_t i = behind; i < decimals; i++)
		unit *= 10;
	for (const char *at = start + strlen(start); at-- > start;) {
		if (at == point)
			continue;
		if (*at < '0' || *at > '9')
			return false;
		if (unit <= most * 10)
			sum += (*at - '0') * unit, unit *= 10;
		else if (*at != '0')
			sum = most + 1;
		if (sum > most)
			sum = most + 1;
	}
	*value = *text == '-' ? -sum : sum;
	return sum <= most;
}

/* Where both take it, they agree; and the number written out is read back. */
static int64_t check_amount(const char *text)
{
	char written[ZG_AMOUNT_TEXT];
	zg_fen fen = 0, again = 0;
	zg_milli milli = 0;
	wide value = 0;
	bool taken = zg_fen_parse(text, &fen);

	fuzz_check(taken == read_decimal(text, 2, ZG_FEN_MAX, &value), "%s: is it an amount?", text);
	fuzz_check(!taken || value == fen, "%s is not %lld", text, (long long)fen);
	fuzz_check(!taken || (zg_fen_parse(zg_fen_format(written, fen), &again) && again == fen), "%s is written %s", text, written);
	taken = zg_milli_parse(text, &milli);
	fuzz_check(taken == read_decimal(text, 3, ZG_FEN_MAX, &value), "%s: is it a quantity?", text);
	fuzz_check(!taken || value == milli, "%s is not %lld", text, (long long)milli);
	fuzz_check(!taken || (zg_milli_parse(zg_milli_format(written, milli), &again) && again == milli), "%s is written %s", text, written);
	return fen;
}

static zg_bp check_rate(const char *text)
{
	char written[ZG_AMOUNT_TEXT];
	zg_bp rate = 0, again = 0;

	if (!zg_bp_parse(text, &rate))
		return 0;
	fuzz_check(rate >= 0 && rate <= ZG_BP_WHOLE, "%s is %d", text, rate);
	fuzz_check(zg_bp_parse(zg_bp_format(written, rate), &again) && again == rate, "%s is written %s", text, written);
	return rate;
}

static wide half_up(wide value, wide of)
{
	wide size = value < 0 ? -value : value, whole = size / of;

	whole += size % of * 2 >= of;
	return value < 0 ? -whole : whole;
}

static bool fits(wide value)
{
	return value <= ZG_FEN_MAX && value >= -ZG_FEN_MAX;
}

static void check_sums(zg_fen a, zg_fen b, zg_bp rate)
{
	zg_fen sum = 1, size = a < 0 ? -a : a, part = b < 0 ? -b : b;

	fuzz_check(zg_fen_add(a, b, &sum) == fits((wide)a + b) && (!fits((wide)a + b) || sum == a + b), "%lld + %lld", (long long)a, (long long)b);
	wide product = half_up((wide)a * b, 1000);

	fuzz_check(zg_fen_times(a, b, &sum) == fits(product) && (!fits(product) || sum == product), "%lld × %lld", (long long)a, (long long)b);
	if (part > 0 && size <= part)
		fuzz_check(zg_fen_part(a, size, part) == half_up((wide)a * size, part), "a part of %lld", (long long)a);
	zg_fen net = zg_tax_net(a, rate);

	fuzz_check(net == half_up((wide)a * 10000, 10000 + rate), "the net of %lld at %d", (long long)a, rate);
	for (enum zg_rounding r = ZG_ROUND_NONE; r <= ZG_ROUND_YUAN; r++) {
		zg_fen rounded = zg_round_off(size, r), step = r == ZG_ROUND_NONE ? 1 : r == ZG_ROUND_JIAO ? 10 : 100;

		fuzz_check(rounded % step == 0 && rounded <= size && size - rounded < step, "%lld rounded off is %lld", (long long)size, (long long)rounded);
	}
}

/* The parts add up, and none is a fen away from its share. */
static void check_spread(zg_fen whole, const zg_fen *weights, size_t count)
{
	zg_fen parts[32];
	wide total = 0, sum = 0;

	fuzz_check(zg_fen_spread(whole, weights, count, parts) == (count > 0 || whole == 0), "%zu parts of %lld", count, (long long)whole);
	for (size_t i = 0; i < count; i++) {
		total += weights[i];
		sum += parts[i];
	}
	fuzz_check(count == 0 || sum == whole, "the parts of %lld do not add up", (long long)whole);
	for (size_t i = 0; i < count && total > 0; i++) {
		wide off = (wide)parts[i] * total - (wide)whole * weights[i];

		fuzz_check((off < 0 ? -off : off) < total, "a part of %lld is not its share", (long long)whole);
	}
}

void fuzz_one(const char *bytes, size_t length)
{
	struct fuzz_input input = { bytes, bytes + length };
	zg_fen weights[32], before = 0;
	size_t count = 0;

	while (input.at < input.end && count < 32) {
		char *text = fuzz_text(&input, '\n');
		zg_fen fen = check_amount(text);

		check_sums(before, fen, check_rate(text));
		before = fen;
		weights[count++] = fen < 0 ? -fen : fen;
		free(text);
	}
	check_spread(before, weights, count);
}
