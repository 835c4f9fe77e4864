#include "drivers/printer/raster.h"

#include "src/base/alloc.h"

#include <qrencode.h>
#include <stdlib.h>
#include <string.h>

/* Bars and spaces in turn, widths in modules; ISO/IEC 15417. 0 to 102 values, 103 to 105 starts, 106 stop. */
static const char code128[107][8] = {
	"212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212", "221213",
	"221312", "231212", "112232", "122132", "122231", "113222", "123122", "123221", "223211", "221132",
	"221231", "213212", "223112", "312131", "311222", "321122", "321221", "312212", "322112", "322211",
	"212123", "212321", "232121", "111323", "131123", "131321", "112313", "132113", "132311", "211313",
	"231113", "231311", "112133", "112331", "132131", "113123", "113321", "133121", "313121", "211331",
	"231131", "213113", "213311", "213131", "311123", "311321", "331121", "312113", "312311", "332111",
	"314111", "221411", "431111", "111224", "111422", "121124", "121421", "141122", "141221", "112214",
	"112412", "122114", "122411", "142112", "142211", "241211", "221114", "413111", "241112", "134111",
	"111242", "121142", "121241", "114212", "124112", "124211", "411212", "421112", "421211", "212141",
	"214121", "412121", "111143", "111341", "131141", "114113", "114311", "411113", "411311", "113141",
	"114131", "311141", "411131", "211412", "211214", "211232", "2331112",
};

#define START_B     104
#define STOP        106
#define QUIET       10      /* modules at each side of a barcode */
#define BAR_ROWS    80      /* 10 mm */
#define QR_QUIET    4
#define QR_SIZE_MAX 6

void zg_raster_band(struct zg_buffer *out, unsigned char *dots, size_t row_bytes, size_t rows)
{
	size_t length = row_bytes * rows;
	const unsigned char head[] = {
		0x1D, 0x76, 0x30, 0x00, (unsigned char)(row_bytes & 0xFF), (unsigned char)(row_bytes >> 8),
		(unsigned char)(rows & 0xFF), (unsigned char)(rows >> 8),
	};

	zg_assert(rows > 0 && rows <= ZG_RASTER_ROWS);
	for (size_t i = 0; i + 1 < length; i++)
		if (dots[i] == 0x10 && (dots[i + 1] == 0x04 || dots[i + 1] == 0x05 || dots[i + 1] == 0x14))
			dots[i] = 0x00;
	zg_buffer_add(out, head, sizeof(head));
	zg_buffer_add(out, dots, length);
}

static void set_dots(unsigned char *row, size_t from, size_t count)
{
	for (size_t x = from; x < from + count; x++)
		row[x / 8] = (unsigned char)(row[x / 8] | 0x80 >> x % 8);
}

static size_t add_symbol(unsigned char *row, size_t x, int value, size_t size)
{
	for (const char *width = code128[value]; *width; width++) {
		size_t dots = (size_t)(*width - '0') * size;

		if ((width - code128[value]) % 2 == 0)
			set_dots(row, x, dots);
		x += dots;
	}
	return x;
}

int zg_raster_code128_size(const char *text, int width_dots)
{
	size_t modules = strlen(text) * 11 + 35 + 2 * QUIET;

	return modules * 2 <= (size_t)width_dots ? 2 : modules <= (size_t)width_dots ? 1 : 0;
}

bool zg_raster_code128(struct zg_buffer *out, const char *text, int width_dots)
{
	size_t length = strlen(text), size = (size_t)zg_raster_code128_size(text, width_dots);
	size_t row_bytes = ((length * 11 + 35) * size + 7) / 8;
	size_t sum = START_B;

	if (size == 0 || length == 0)
		return false;
	unsigned char *dots = zg_alloc(row_bytes, ZG_RASTER_ROWS);
	size_t x = add_symbol(dots, 0, START_B, size);

	for (size_t i = 0; i < length; i++) {
		int value = (unsigned char)text[i] - 0x20;

		zg_assert(value >= 0 && value < 0x5F);
		x = add_symbol(dots, x, value, size);
		sum += (i + 1) * (size_t)value;
	}
	x = add_symbol(dots, x, (int)(sum % 103), size);
	add_symbol(dots, x, STOP, size);
	for (size_t row = 1; row < ZG_RASTER_ROWS; row++)
		memcpy(dots + row * row_bytes, dots, row_bytes);
	for (size_t done = 0; done < BAR_ROWS; done += ZG_RASTER_ROWS)
		zg_raster_band(out, dots, row_bytes, BAR_ROWS - done < ZG_RASTER_ROWS ? BAR_ROWS - done : ZG_RASTER_ROWS);
	free(dots);
	return true;
}

static QRcode *encode(const char *text)
{
	return QRcode_encodeData((int)strlen(text), (const unsigned char *)text, 0, QR_ECLEVEL_M);
}

static int size_of(const QRcode *code, int width_dots)
{
	int size = code ? width_dots / (code->width + 2 * QR_QUIET) : 0;

	return size < 2 ? 0 : size > QR_SIZE_MAX ? QR_SIZE_MAX : size;
}

int zg_raster_qr_size(const char *text, int width_dots)
{
	QRcode *code = encode(text);
	int size = size_of(code, width_dots);

	QRcode_free(code);
	return size;
}

/* One row of dots of the code; quiet rows stay empty. */
static void draw_row(unsigned char *row, const QRcode *code, int y, size_t size)
{
	if (y < 0 || y >= code->width)
		return;
	for (int x = 0; x < code->width; x++)
		if (code->data[y * code->width + x] & 1)
			set_dots(row, (size_t)x * size, size);
}

bool zg_raster_qr(struct zg_buffer *out, const char *text, int width_dots)
{
	QRcode *code = encode(text);
	size_t size = (size_t)size_of(code, width_dots);

	if (size == 0) {
		QRcode_free(code);
		return false;
	}
	size_t row_bytes = ((size_t)code->width * size + 7) / 8;
	size_t total = (size_t)(code->width + 2 * QR_QUIET) * size;
	unsigned char *dots = zg_alloc(row_bytes, ZG_RASTER_ROWS);

	for (size_t done = 0; done < total; done += ZG_RASTER_ROWS) {
		size_t rows = total - done < ZG_RASTER_ROWS ? total - done : ZG_RASTER_ROWS;

		memset(dots, 0, row_bytes * ZG_RASTER_ROWS);
		for (size_t row = 0; row < rows; row++)
			draw_row(dots + row * row_bytes, code, (int)((done + row) / size) - QR_QUIET, size);
		zg_raster_band(out, dots, row_bytes, rows);
	}
	free(dots);
	QRcode_free(code);
	return true;
}
