#include "src/base/charset.h"

#include "src/base/alloc.h"
#include "src/base/text.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

struct zg_gbk {
	iconv_t to_gbk;
};

#define TABLE_NEED 1048576    /* bytes of memory, with room to spare: a table is a library that is loaded */

/* glibc has both tables with every UTF-8 locale: what it lacks is memory, though it may say that it knows no such table. */
static iconv_t open_table(const char *to, const char *from)
{
	iconv_t table = iconv_open(to, from);

	if (table == (iconv_t)-1) {
		zg_need(TABLE_NEED);
		table = iconv_open(to, from);
	}
	if (table == (iconv_t)-1 && errno == ENOMEM)
		zg_out_of_memory();
	zg_assert(table != (iconv_t)-1);
	return table;
}

struct zg_gbk *zg_gbk_new(void)
{
	struct zg_gbk *gbk = zg_alloc(1, sizeof(*gbk));

	gbk->to_gbk = open_table("GBK", "UTF-8");
	return gbk;
}

void zg_gbk_free(struct zg_gbk *gbk)
{
	if (!gbk)
		return;
	iconv_close(gbk->to_gbk);
	free(gbk);
}

size_t zg_gbk_put(struct zg_gbk *gbk, uint32_t character, char out[2])
{
	char utf8[4], wide[4];

	if (character == 0x00A5)
		character = 0xFFE5;
	if (character == 0x00A0)
		character = ' ';
	if (character < 0x80) {
		out[0] = (char)character;
		return character >= 0x20 && character < 0x7F ? 1 : 0;
	}
	char *in = utf8, *to = wide;
	size_t left = zg_text_put(utf8, character), room = sizeof(wide);

	iconv(gbk->to_gbk, NULL, NULL, NULL, NULL);
	if (iconv(gbk->to_gbk, &in, &left, &to, &room) == (size_t)-1 || sizeof(wide) - room != 2)
		return 0;
	memcpy(out, wide, 2);
	return 2;
}

int zg_paper_width(struct zg_gbk *gbk, const char *text)
{
	size_t length = strlen(text), step;
	uint32_t character;
	char out[2];
	int cells = 0;

	for (; (step = zg_text_next(text, length, &character, NULL)) > 0; text += step, length -= step)
		cells += zg_gbk_put(gbk, character, out) == 2 ? 2 : 1;
	return cells;
}

size_t zg_gbk_encode(struct zg_gbk *gbk, const char *text, struct zg_buffer *out)
{
	size_t length = strlen(text), step, missing = 0;
	uint32_t character;

	for (; (step = zg_text_next(text, length, &character, NULL)) > 0; text += step, length -= step) {
		char bytes[2] = { '?', 0 };
		size_t size = zg_gbk_put(gbk, character, bytes);

		if (size == 0) {
			bytes[0] = '?';
			size = 1;
			missing++;
		}
		zg_buffer_add(out, bytes, size);
	}
	return missing;
}

bool zg_gbk_decode(const char *bytes, size_t length, struct zg_buffer *out, size_t *at)
{
	iconv_t from = open_table("UTF-8", "GB18030");

	char *in = (char *)(uintptr_t)bytes;    /* iconv does not write there, its prototype only says it might */
	size_t left = length;
	bool whole = true;

	while (left > 0 && whole) {
		char piece[4096];
		char *to = piece;
		size_t room = sizeof(piece);
		size_t result = iconv(from, &in, &left, &to, &room);

		zg_buffer_add(out, piece, sizeof(piece) - room);
		whole = result != (size_t)-1 || errno == E2BIG;
	}
	iconv_close(from);
	if (!whole && at)
		*at = length - left;
	return whole;
}
