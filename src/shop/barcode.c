#include "src/shop/barcode.h"

#include "src/base/alloc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

/*
 * The shapes of customers' payment codes: digits only, by length and first two digits
 * (devices.md 6.3; the last three go to an acquirer, never to WeChat or Alipay).
 */
static const struct wallet {
	enum zg_wallet wallet;
	size_t shortest, longest;
	int first, last;
} wallets[] = {
	{ ZG_WALLET_WECHAT,   18, 18, 10, 15 },
	{ ZG_WALLET_ALIPAY,   16, 24, 25, 30 },
	{ ZG_WALLET_UNIONPAY, 19, 19, 62, 62 },
	{ ZG_WALLET_ECNY,     19, 19,  1,  1 },
	{ ZG_WALLET_BESTPAY,  18, 18, 51, 51 },
	{ ZG_WALLET_SUNING,   18, 18, 83, 83 },
};

static bool is_digits(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (text[i] < '0' || text[i] > '9')
			return false;
	return true;
}

enum zg_wallet zg_scan_wallet(const char *text)
{
	size_t length = strnlen(text, ZG_CODE_MAX + 1);

	if (length < 2 || !is_digits(text, length))
		return ZG_WALLET_NONE;
	int start = (text[0] - '0') * 10 + text[1] - '0';

	for (size_t i = 0; i < sizeof(wallets) / sizeof(wallets[0]); i++) {
		const struct wallet *w = &wallets[i];

		if (length >= w->shortest && length <= w->longest && start >= w->first && start <= w->last)
			return w->wallet;
	}
	return ZG_WALLET_NONE;
}

/* The shape alone, whatever its numbers: a misread receipt must not become goods. */
static bool is_receipt_shaped(const char *text)
{
	size_t length = strnlen(text, ZG_CODE_MAX + 1);

	return (text[0] == 'R' || text[0] == 'r') && length >= 10 && is_digits(text + 1, length - 1);
}

enum zg_scan_kind zg_scan_kind(const char *text)
{
	if (zg_scan_wallet(text) != ZG_WALLET_NONE)
		return ZG_SCAN_PAYMENT;
	if (is_receipt_shaped(text))
		return zg_receipt_number_parse(text, NULL, NULL) ? ZG_SCAN_RECEIPT : ZG_SCAN_UNKNOWN;
	return zg_barcode_is_goods(text) ? ZG_SCAN_GOODS : ZG_SCAN_UNKNOWN;
}

char zg_check_digit(const char *digits, size_t length)
{
	int sum = 0;

	if (length == 0 || !is_digits(digits, length))
		return '\0';
	/* Weights 3, 1, 3, … from the right: the same rule for every length (GS1 General Specifications 7.9). */
	for (size_t i = 0; i < length; i++)
		sum += (digits[length - 1 - i] - '0') * (i % 2 == 0 ? 3 : 1) % 10;
	return (char)('0' + (10 - sum % 10) % 10);
}

static bool has_gtin_shape(const char *text)
{
	size_t length = strnlen(text, 15);

	return (length == 8 || (length >= 12 && length <= 14)) && is_digits(text, length);
}

static bool has_right_check_digit(const char *text)
{
	size_t length = strlen(text);

	return zg_check_digit(text, length - 1) == text[length - 1];
}

bool zg_barcode_is_gtin(const char *text)
{
	return has_gtin_shape(text) && has_right_check_digit(text);
}

bool zg_barcode_is_doubtful(const char *text)
{
	return has_gtin_shape(text) && !has_right_check_digit(text);
}

bool zg_barcode_is_goods(const char *text)
{
	size_t length = strnlen(text, ZG_CODE_MAX + 1);

	return length > 0 && length <= ZG_CODE_MAX && strspn(text, DIGITS LETTERS "-._/+$%#") == length &&
	       !is_receipt_shaped(text) && zg_scan_wallet(text) == ZG_WALLET_NONE;
}

const char *zg_barcode_normal(char code[ZG_CODE_MAX + 1], const char *text)
{
	bool is_upc_a = zg_barcode_is_gtin(text) && strlen(text) == 12;

	snprintf(code, ZG_CODE_MAX + 1, "%s%s", is_upc_a ? "0" : "", text);
	return code;
}

const char *zg_barcodes_next(const char *list, char code[ZG_CODE_MAX + 1])
{
	size_t length = strcspn(list, "|"), kept = length <= ZG_CODE_MAX ? length : ZG_CODE_MAX;

	memcpy(code, list, kept);
	code[kept] = '\0';
	return list[length] ? list + length + 1 : NULL;
}

const char *zg_receipt_number_format(char text[ZG_CODE_MAX + 1], int till_id, int64_t counter)
{
	zg_assert(till_id >= 1 && till_id <= ZG_RECEIPT_TILL_MAX);
	zg_assert(counter >= 1 && counter <= ZG_RECEIPT_COUNTER_MAX);
	snprintf(text, ZG_CODE_MAX + 1, "R%02d%07" PRId64, till_id, counter);
	return text;
}

bool zg_receipt_number_parse(const char *text, int *till_id, int64_t *counter)
{
	size_t length = strnlen(text, ZG_CODE_MAX + 1);

	if (!is_receipt_shaped(text) || length > 15 || (length > 10 && text[3] == '0'))
		return false;
	int till = (text[1] - '0') * 10 + text[2] - '0';
	int64_t number = strtoll(text + 3, NULL, 10);    /* at most 12 digits */

	if (till == 0 || number == 0)
		return false;
	if (till_id)
		*till_id = till;
	if (counter)
		*counter = number;
	return true;
}
