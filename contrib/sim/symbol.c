#include "contrib/sim/symbol.h"

#include "src/base/alloc.h"

#include <qrencode.h>
#include <stdlib.h>
#include <string.h>

enum { SET_A = 'A', SET_B = 'B', SET_C = 'C' };

/* CODE128 as GS k takes it: {A {B {C choose a set, {{ is a brace, {1 to {4 are FNC, {S one shifted character. */
static const char *read_code128(const unsigned char *data, size_t length, struct zg_buffer *text, int *modules)
{
	int set = 0, symbols = 0;

	if (length < 2 || data[0] != '{' || data[1] < SET_A || data[1] > SET_C)
		return "CODE128 does not begin with {A, {B or {C";
	for (size_t i = 0; i < length; i++) {
		if (data[i] == '{' && set != SET_C && i + 1 < length && data[i + 1] == '{') {
			zg_buffer_add_byte(text, '{');
			i++;
		} else if (data[i] == '{') {
			if (i + 1 == length)
				return "CODE128 ends in a lone {";
			unsigned char code = data[++i];

			if (code >= SET_A && code <= SET_C)
				set = code;
			else if (code != 'S' && (code < '1' || code > '4'))
				return "CODE128 has an unknown { code";
		} else if (set == SET_C) {
			if (data[i] > 99)
				return "CODE128 set C has a value above 99";
			zg_buffer_print(text, "%02d", data[i]);
		} else if (data[i] > 127 || (set == SET_B && data[i] < 32)) {
			return "CODE128 has a character outside its set";
		} else {
			zg_buffer_add_byte(text, data[i]);
		}
		symbols++;
	}
	*modules = 11 * symbols + 35;
	return NULL;
}

/* EAN and UPC: digits alone, one fewer is allowed (the printer adds the check digit), a wrong one is not. */
static const char *read_ean(const unsigned char *data, size_t length, size_t digits, struct zg_buffer *text)
{
	int sum = 0;

	if (length != digits && length + 1 != digits)
		return "wrong number of digits";
	for (size_t i = 0; i < length; i++)
		if (data[i] < '0' || data[i] > '9')
			return "not all digits";
	for (size_t i = 0; i + 1 < digits; i++)
		sum += (data[i] - '0') * ((digits - 1 - i) % 2 ? 3 : 1);
	int check = '0' + (10 - sum % 10) % 10;

	if (length == digits && data[digits - 1] != check)
		return "wrong check digit";
	zg_buffer_add(text, data, digits - 1);
	zg_buffer_add_byte(text, (unsigned char)check);
	return NULL;
}

static const char *read_plain(const unsigned char *data, size_t length, const char *allowed, struct zg_buffer *text)
{
	for (size_t i = 0; i < length; i++)
		if (data[i] < ' ' || data[i] > '~' || (allowed && !strchr(allowed, data[i])))
			return "a character that the symbology lacks";
	zg_buffer_add(text, data, length);
	return length ? NULL : "no data";
}

const char *sim_barcode_read(int m, const unsigned char *data, size_t length, struct zg_buffer *text,
			     int *modules, const char **why)
{
	static const char digits[] = "0123456789";
	static const char *const names[] = { "UPC-A", "UPC-E", "EAN13", "EAN8", "CODE39", "ITF", "CODABAR",
					     "CODE93", "CODE128", "GS1-128" };
	int kind = m >= 65 ? m - 65 : m;

	*modules = 0;
	switch (kind) {
	case 0:
		*why = read_ean(data, length, 12, text);
		break;
	case 2:
		*why = read_ean(data, length, 13, text);
		break;
	case 3:
		*why = read_ean(data, length, 8, text);
		break;
	case 1:
		*why = read_plain(data, length, digits, text);
		break;
	case 5:
		*why = length % 2 ? "ITF needs pairs of digits" : read_plain(data, length, digits, text);
		break;
	case 4:
		*why = read_plain(data, length, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./", text);
		break;
	case 8:
		*why = read_code128(data, length, text, modules);
		break;
	default:
		*why = read_plain(data, length, NULL, text);
		break;
	}
	return *why ? NULL : names[kind];
}

bool sim_qr_draw(const unsigned char *data, size_t length, int level, int grain,
		 struct sim_picture *picture, int *modules)
{
	QRcode *code = QRcode_encodeData((int)length, data, 0, (QRecLevel)level);

	if (!code)
		return false;
	size_t row_bytes = ((size_t)code->width + 7) / 8;
	unsigned char *row = zg_alloc(row_bytes, 1);

	*modules = code->width;
	for (int y = 0; y < code->width; y++) {
		memset(row, 0, row_bytes);
		for (int x = 0; x < code->width; x++)
			if (code->data[y * code->width + x] & 1)
				row[x / 8] |= (unsigned char)(0x80 >> x % 8);
		sim_picture_add(picture, row, (int)row_bytes, 1, grain, grain, code->width * grain);
	}
	free(row);
	QRcode_free(code);
	return true;
}
