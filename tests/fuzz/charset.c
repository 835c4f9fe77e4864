/* GBK: what was decoded and encoded stays as it is, and nothing but printable text ever comes out for a printer. */
#include "tests/fuzz/fuzz.h"

#include "src/base/charset.h"
#include "src/base/text.h"

#include <string.h>

const struct fuzz_limits fuzz_limits = { 65536, 24 };    /* iconv's own tables, and six texts here of up to three bytes a byte */

/* Every byte is text to a printer that is in Chinese mode: a pair, or one that is printable. */
static void check_wire(const struct zg_buffer *wire)
{
	for (size_t i = 0; i < wire->length; i++) {
		unsigned char byte = (unsigned char)wire->bytes[i];

		fuzz_check(byte >= 0x20 && byte != 0x7F && byte != 0x80 && byte != 0xFF, "a printer gets %02X", byte);
		if (byte < 0x80)
			continue;
		fuzz_check(++i < wire->length && (unsigned char)wire->bytes[i] >= 0x40, "half a character");
	}
}

static void check_text(struct zg_gbk *gbk, const char *text)
{
	struct zg_buffer wire = { 0 }, back = { 0 }, again = { 0 };
	size_t bad;

	fuzz_check(zg_gbk_encode(gbk, text, &wire) <= zg_text_count(text), "more characters are missing than there are");
	check_wire(&wire);
	fuzz_check(zg_paper_width(gbk, text) == (int)wire.length, "its width on paper is not its bytes");
	fuzz_check(zg_gbk_decode(zg_buffer_text(&wire), wire.length, &back, &bad), "what was encoded cannot be decoded");
	fuzz_check(zg_gbk_encode(gbk, zg_buffer_text(&back), &again) == 0, "what GBK has, GBK has not");
	fuzz_check(again.length == wire.length && memcmp(zg_buffer_text(&again), zg_buffer_text(&wire), wire.length) == 0,
		   "encoded again, it is another text");
	zg_buffer_clear(&again);
	zg_buffer_clear(&back);
	zg_buffer_clear(&wire);
}

void fuzz_one(const char *bytes, size_t length)
{
	static struct zg_gbk *gbk;    /* lives on for many inputs: opening it costs more than all else */
	static int age;
	struct zg_buffer text = { 0 };
	size_t bad = 0;

	if (++age == 1000) {
		zg_gbk_free(gbk);
		gbk = NULL;
		age = 0;
	}
	if (!gbk)
		gbk = zg_gbk_new();
	if (zg_gbk_decode(bytes, length, &text, &bad))
		fuzz_check(zg_text_count(zg_buffer_text(&text)) <= length, "more characters than bytes");
	else
		fuzz_check(bad < length, "the bad byte is behind the text");
	for (size_t at = 0, step; at < text.length; at += step) {
		uint32_t character;
		bool valid;

		step = zg_text_next(text.bytes + at, text.length - at, &character, &valid);
		fuzz_check(valid, "decoded, and not UTF-8");
	}
	check_text(gbk, zg_buffer_text(&text));
	zg_buffer_empty(&text);
	zg_buffer_add(&text, bytes, length);
	check_text(gbk, zg_buffer_text(&text));
	zg_buffer_clear(&text);
}
