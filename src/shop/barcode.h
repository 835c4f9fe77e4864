/*
 * What a scanned text can be: goods, one of our receipts, or a customer's payment code.
 *
 * By its shape alone; whether such goods or such a receipt exist, the store knows. The shapes
 * never overlap, except an 18-digit label of a shop's own scale, which the till settles.
 */
#ifndef ZG_SHOP_BARCODE_H
#define ZG_SHOP_BARCODE_H

#include "src/base/text.h"
#include "src/shop/pay.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum zg_scan_kind {
	ZG_SCAN_UNKNOWN,   /* empty, too long, or with characters that no code has: a web address, Chinese */
	ZG_SCAN_GOODS,
	ZG_SCAN_RECEIPT,
	ZG_SCAN_PAYMENT,
};

enum zg_scan_kind zg_scan_kind(const char *text);
/* Whose payment code it is. A payment code is money: show and log it masked only. */
enum zg_wallet zg_scan_wallet(const char *text);

/* The mod-10 check digit ('0' to '9') of a code's other digits; NUL when they are not all digits. */
char zg_check_digit(const char *digits, size_t length);
/* EAN-8, UPC-A, EAN-13 or ITF-14 with a right check digit. */
bool zg_barcode_is_gtin(const char *text);
/* 8, 12, 13 or 14 digits whose check digit is wrong: a misread, or a shop's own number. */
bool zg_barcode_is_doubtful(const char *text);
/* What the shop may use as an item's code or barcode: letters, digits and -._/+$%# with the shape of nothing else. */
bool zg_barcode_is_goods(const char *text);
/* The one form to store and look up by: a right UPC-A gets a leading 0 and so becomes EAN-13; others stay. Returns code. */
const char *zg_barcode_normal(char code[ZG_CODE_MAX + 1], const char *text);
/*
 * Takes the first barcode off a list with '|' between: writes it to code and returns what follows, or NULL after the last.
 * An empty list gives "".
 */
const char *zg_barcodes_next(const char *list, char code[ZG_CODE_MAX + 1]);

#define ZG_RECEIPT_TILL_MAX    99
#define ZG_RECEIPT_COUNTER_MAX 999999999999LL

/* "R010000187": R, two digits of the till, at least seven of its perpetual counter. Returns text. */
const char *zg_receipt_number_format(char text[ZG_CODE_MAX + 1], int till_id, int64_t counter);
/* Reads it back; one number has one text, except that a small r is taken. till_id and counter may be NULL. */
bool zg_receipt_number_parse(const char *text, int *till_id, int64_t *counter);
#endif
