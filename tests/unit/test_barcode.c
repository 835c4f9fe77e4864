#include "src/shop/barcode.h"
#include "tests/unit/chance.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

Test(barcode, goods_of_every_length_have_their_check_digit)
{
	/* Examples as printed on goods: EAN-13, EAN-8, UPC-A, ITF-14. */
	static const char *const cases[] = {
		"6901234567892", "4006381333931", "9780201379624", "96385074", "73513537",
		"036000291452", "012345678905", "10012345678902", "15400141288763",
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		size_t length = strlen(cases[i]);

		cr_expect(zg_barcode_is_gtin(cases[i]), "%s", cases[i]);
		cr_expect(not(zg_barcode_is_doubtful(cases[i])), "%s", cases[i]);
		cr_expect(eq(chr, zg_check_digit(cases[i], length - 1), cases[i][length - 1]), "%s", cases[i]);
	}
}

Test(barcode, one_misread_digit_is_found_out)
{
	static const char *const cases[] = { "6901234567892", "96385074", "036000291452", "10012345678902" };

	for (size_t i = 0; i < COUNT(cases); i++)
		for (size_t at = 0; at < strlen(cases[i]); at++)
			for (char digit = '0'; digit <= '9'; digit++) {
				char text[20];

				strcpy(text, cases[i]);
				text[at] = digit;
				cr_expect(eq(int, zg_barcode_is_gtin(text), digit == cases[i][at]), "%s", text);
				cr_expect(eq(int, zg_barcode_is_doubtful(text), digit != cases[i][at]), "%s", text);
			}
}

Test(barcode, a_check_digit_needs_digits)
{
	cr_expect(eq(chr, zg_check_digit("", 0), '\0'));
	cr_expect(eq(chr, zg_check_digit("69012a", 6), '\0'));
	cr_expect(not(zg_barcode_is_gtin("69012345678")));
	cr_expect(not(zg_barcode_is_gtin("69012345678920000")));
	cr_expect(not(zg_barcode_is_doubtful("690123456789A")));
}

Test(barcode, upc_a_becomes_ean_13)
{
	static const struct { const char *text, *normal; } cases[] = {
		{ "036000291452", "0036000291452" },
		{ "0036000291452", "0036000291452" },
		{ "036000291453", "036000291453" },     /* wrong check digit: the shop's own number */
		{ "96385074", "96385074" }, { "6901234567892", "6901234567892" }, { "A-100", "A-100" },
	};
	char code[ZG_CODE_MAX + 1];

	for (size_t i = 0; i < COUNT(cases); i++)
		cr_expect(eq(str, (char *)zg_barcode_normal(code, cases[i].text), (char *)cases[i].normal));
	cr_expect(zg_barcode_is_gtin("0036000291452"));
}

Test(barcode, a_scan_is_known_by_its_shape)
{
	static const struct { const char *text; enum zg_scan_kind kind; enum zg_wallet wallet; } cases[] = {
		{ "6901234567892", ZG_SCAN_GOODS, ZG_WALLET_NONE },
		{ "1234567890128", ZG_SCAN_GOODS, ZG_WALLET_NONE },         /* starts like WeChat: its length saves us */
		{ "1001", ZG_SCAN_GOODS, ZG_WALLET_NONE },
		{ "A-100.2_b/c+d$e%f#g", ZG_SCAN_GOODS, ZG_WALLET_NONE },
		{ "R010000187", ZG_SCAN_RECEIPT, ZG_WALLET_NONE },
		{ "r010000187", ZG_SCAN_RECEIPT, ZG_WALLET_NONE },
		{ "R99999999999999", ZG_SCAN_RECEIPT, ZG_WALLET_NONE },
		{ "R01000018", ZG_SCAN_GOODS, ZG_WALLET_NONE },             /* too short for a receipt */
		{ "R000000187", ZG_SCAN_UNKNOWN, ZG_WALLET_NONE },          /* no till 00 */
		{ "R010000000", ZG_SCAN_UNKNOWN, ZG_WALLET_NONE },
		{ "R0101234567890123", ZG_SCAN_UNKNOWN, ZG_WALLET_NONE },
		{ "100000000000000000", ZG_SCAN_PAYMENT, ZG_WALLET_WECHAT },
		{ "130061098828009406", ZG_SCAN_PAYMENT, ZG_WALLET_WECHAT },
		{ "159999999999999999", ZG_SCAN_PAYMENT, ZG_WALLET_WECHAT },
		{ "160000000000000000", ZG_SCAN_GOODS, ZG_WALLET_NONE },
		{ "099999999999999999", ZG_SCAN_GOODS, ZG_WALLET_NONE },
		{ "13006109882800940", ZG_SCAN_GOODS, ZG_WALLET_NONE },
		{ "1300610988280094060", ZG_SCAN_GOODS, ZG_WALLET_NONE },
		{ "281234567890123456", ZG_SCAN_PAYMENT, ZG_WALLET_ALIPAY },
		{ "2512345678901234", ZG_SCAN_PAYMENT, ZG_WALLET_ALIPAY },
		{ "301234567890123456789012", ZG_SCAN_PAYMENT, ZG_WALLET_ALIPAY },
		{ "251234567890123", ZG_SCAN_GOODS, ZG_WALLET_NONE },
		{ "3012345678901234567890123", ZG_SCAN_GOODS, ZG_WALLET_NONE },
		{ "241234567890123456", ZG_SCAN_GOODS, ZG_WALLET_NONE },
		{ "311234567890123456", ZG_SCAN_GOODS, ZG_WALLET_NONE },
		{ "6212345678901234567", ZG_SCAN_PAYMENT, ZG_WALLET_UNIONPAY },
		{ "621234567890123456", ZG_SCAN_GOODS, ZG_WALLET_NONE },
		{ "0112345678901234567", ZG_SCAN_PAYMENT, ZG_WALLET_ECNY },
		{ "011234567890123456", ZG_SCAN_GOODS, ZG_WALLET_NONE },
		{ "510123456789012345", ZG_SCAN_PAYMENT, ZG_WALLET_BESTPAY },
		{ "830123456789012345", ZG_SCAN_PAYMENT, ZG_WALLET_SUNING },
		{ "13006109882800940a", ZG_SCAN_GOODS, ZG_WALLET_NONE },
		{ "https://qr.alipay.com/bavh4wjlxf12tper3a", ZG_SCAN_UNKNOWN, ZG_WALLET_NONE },
		{ "", ZG_SCAN_UNKNOWN, ZG_WALLET_NONE }, { "可乐", ZG_SCAN_UNKNOWN, ZG_WALLET_NONE },
		{ "12 34", ZG_SCAN_UNKNOWN, ZG_WALLET_NONE }, { "3*", ZG_SCAN_UNKNOWN, ZG_WALLET_NONE },
		{ "69\x1b[24~", ZG_SCAN_UNKNOWN, ZG_WALLET_NONE },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		cr_expect(eq(int, zg_scan_kind(cases[i].text), cases[i].kind), "%s", cases[i].text);
		cr_expect(eq(int, zg_scan_wallet(cases[i].text), cases[i].wallet), "%s", cases[i].text);
		cr_expect(eq(int, zg_barcode_is_goods(cases[i].text), cases[i].kind == ZG_SCAN_GOODS), "%s", cases[i].text);
	}
}

Test(barcode, the_longest_code_is_goods_and_one_more_character_is_not)
{
	char text[ZG_CODE_MAX + 2];

	memset(text, '7', sizeof(text));
	text[ZG_CODE_MAX + 1] = '\0';
	cr_expect(eq(int, zg_scan_kind(text), ZG_SCAN_UNKNOWN));
	text[ZG_CODE_MAX] = '\0';
	cr_expect(eq(int, zg_scan_kind(text), ZG_SCAN_GOODS));
	char code[ZG_CODE_MAX + 1];

	cr_expect(eq(str, (char *)zg_barcode_normal(code, text), text));
}

Test(barcode, a_receipt_number_reads_back)
{
	static const struct { int till; int64_t counter; const char *text; } cases[] = {
		{ 1, 187, "R010000187" }, { 1, 1, "R010000001" }, { 99, 9999999, "R999999999" },
		{ 7, 10000000, "R0710000000" }, { 42, ZG_RECEIPT_COUNTER_MAX, "R42999999999999" },
	};
	char text[ZG_CODE_MAX + 1];

	for (size_t i = 0; i < COUNT(cases); i++) {
		int till = 0;
		int64_t counter = 0;

		cr_expect(eq(str, (char *)zg_receipt_number_format(text, cases[i].till, cases[i].counter), (char *)cases[i].text));
		cr_expect(zg_receipt_number_parse(text, &till, &counter));
		cr_expect(eq(int, till, cases[i].till));
		cr_expect(eq(long, counter, cases[i].counter));
		cr_expect(eq(int, zg_scan_kind(text), ZG_SCAN_RECEIPT));
	}
}

Test(barcode, one_receipt_has_one_number)
{
	static const char *const cases[] = {
		"R0100000187", "010000187", "R01000018", "R010000187 ", "R01000018x", "RR10000187", "", "R",
		"R0101234567890123", "R000000001", "R010000000",
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		int till = -1;
		int64_t counter = -1;

		cr_expect(not(zg_receipt_number_parse(cases[i], &till, &counter)), "%s", cases[i]);
		cr_expect(eq(int, till, -1));
		cr_expect(eq(long, counter, -1));
	}
}

/* Decisions 33: a receipt number has a shape that no goods or payment code has. */
Test(barcode, receipt_numbers_are_never_goods_or_money)
{
	struct chance chance = chance_begin();

	for (long round = chance_rounds(100000); round > 0; round--) {
		char text[ZG_CODE_MAX + 1];
		int till = (int)chance_between(&chance, 1, ZG_RECEIPT_TILL_MAX), till_back = 0;
		int64_t counter = 1 + chance_amount(&chance, ZG_RECEIPT_COUNTER_MAX - 1), counter_back = 0;

		zg_receipt_number_format(text, till, counter);
		cr_assert(eq(int, zg_scan_kind(text), ZG_SCAN_RECEIPT), "ZG_SEED=%lu %s", chance.seed, text);
		cr_assert(not(zg_barcode_is_goods(text)), "ZG_SEED=%lu %s", chance.seed, text);
		cr_assert(zg_receipt_number_parse(text, &till_back, &counter_back), "ZG_SEED=%lu %s", chance.seed, text);
		cr_assert(till_back == till && counter_back == counter, "ZG_SEED=%lu %s", chance.seed, text);
	}
}

Test(barcode, any_bytes_are_one_kind_of_scan)
{
	static const char letters[] = "0123456789012345678901234567890123456789RrAz-._/ \x1b\xe4\xff*:";
	struct chance chance = chance_begin();

	for (long round = chance_rounds(100000); round > 0; round--) {
		char text[90];
		size_t length = (size_t)chance_between(&chance, 0, 80);

		for (size_t i = 0; i < length; i++)
			text[i] = letters[chance_between(&chance, 0, sizeof(letters) - 2)];
		text[length] = '\0';
		enum zg_scan_kind kind = zg_scan_kind(text);

		cr_assert(eq(int, kind == ZG_SCAN_PAYMENT, zg_scan_wallet(text) != ZG_WALLET_NONE), "ZG_SEED=%lu", chance.seed);
		cr_assert(eq(int, kind == ZG_SCAN_GOODS, zg_barcode_is_goods(text)), "ZG_SEED=%lu", chance.seed);
		cr_assert(eq(int, kind == ZG_SCAN_RECEIPT, zg_receipt_number_parse(text, NULL, NULL)), "ZG_SEED=%lu", chance.seed);
	}
}
