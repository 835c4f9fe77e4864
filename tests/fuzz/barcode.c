/* Codes: one shape, one meaning; what goods may be called is never a payment or a receipt; receipt numbers have one text each. */
#include "tests/fuzz/fuzz.h"

#include "src/shop/barcode.h"

#include <stdlib.h>
#include <string.h>

const struct fuzz_limits fuzz_limits = { 4096, 4 };

/* The check digit anew, by the sum of all digits with their weights being a multiple of ten. */
static bool adds_up(const char *digits)
{
	int sum = 0, weight = 1;

	for (size_t i = strlen(digits); i-- > 0; weight = 4 - weight)
		sum += (digits[i] - '0') * weight;
	return sum % 10 == 0;
}

static bool is_digits(const char *text)
{
	return *text && text[strspn(text, "0123456789")] == '\0';
}

static void check_gtin(const char *text)
{
	size_t length = strlen(text);
	bool shaped = is_digits(text) && (length == 8 || (length >= 12 && length <= 14));
	char code[ZG_CODE_MAX + 1], again[ZG_CODE_MAX + 1];

	fuzz_check(zg_barcode_is_gtin(text) == (shaped && adds_up(text)), "%s: is it a GTIN?", text);
	fuzz_check(zg_barcode_is_doubtful(text) == (shaped && !adds_up(text)), "%s: is it a doubtful GTIN?", text);
	if (length > ZG_CODE_MAX)
		return;
	zg_barcode_normal(code, text);
	zg_barcode_normal(again, code);
	fuzz_check(strcmp(code, again) == 0, "%s has two normal forms", text);
	fuzz_check(strcmp(code, text) == 0 || (length == 12 && code[0] == '0' && strcmp(code + 1, text) == 0), "%s became %s", text, code);
	if (zg_barcode_is_goods(text) && strcmp(code, text) != 0)
		fuzz_check(zg_barcode_is_goods(code), "%s may be goods, %s may not", text, code);
}

static void check_kind(const char *text)
{
	int till = 0;
	int64_t number = 0;
	bool receipt = zg_receipt_number_parse(text, &till, &number), payment = zg_scan_wallet(text) != ZG_WALLET_NONE;
	enum zg_scan_kind kind = zg_scan_kind(text);
	char back[ZG_CODE_MAX + 1];

	fuzz_check((kind == ZG_SCAN_PAYMENT) == payment && (kind == ZG_SCAN_RECEIPT) == receipt, "%s is of two kinds", text);
	fuzz_check((kind == ZG_SCAN_GOODS) == zg_barcode_is_goods(text), "%s: is it goods?", text);
	fuzz_check(!payment || (is_digits(text) && strlen(text) >= 16 && strlen(text) <= 24), "%s cannot pay", text);
	if (!receipt)
		return;
	fuzz_check(till >= 1 && till <= ZG_RECEIPT_TILL_MAX && number >= 1 && number <= ZG_RECEIPT_COUNTER_MAX, "%s: till %d", text, till);
	zg_receipt_number_format(back, till, number);
	fuzz_check(back[0] == 'R' && strcmp(back + 1, text + 1) == 0, "%s is written %s", text, back);
}

/* A list gives back what it is made of. */
static void check_list(const char *list)
{
	char code[ZG_CODE_MAX + 1];
	size_t parts = 0, signs = 0;

	for (const char *at = list; *at; at++)
		signs += *at == '|';
	for (const char *at = list; at; parts++) {
		const char *start = at;

		at = zg_barcodes_next(at, code);
		fuzz_check(strncmp(start, code, strlen(code)) == 0 && !strchr(code, '|'), "a part that is not in the list");
	}
	fuzz_check(parts == signs + 1, "%zu parts of %zu", parts, signs + 1);
}

void fuzz_one(const char *bytes, size_t length)
{
	struct fuzz_input input = { bytes, bytes + length };

	while (input.at < input.end) {
		char *text = fuzz_text(&input, '\n');

		check_gtin(text);
		check_kind(text);
		check_list(text);
		fuzz_check((zg_check_digit(text, strlen(text)) != '\0') == is_digits(text), "a check digit of no digits");
		free(text);
	}
}
