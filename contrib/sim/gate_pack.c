#include "contrib/sim/gate_pack.h"

#include "src/base/text.h"

#include <iconv.h>
#include <stdint.h>
#include <string.h>

#define STORED_MOST 65535    /* bytes of a stored block: RFC 1951, 3.2.4 */

static uint32_t crc32_of(const char *bytes, size_t length)
{
	uint32_t crc = 0xFFFFFFFF;

	for (size_t i = 0; i < length; i++) {
		crc ^= (unsigned char)bytes[i];
		for (int b = 0; b < 8; b++)
			crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320 : 0);
	}
	return ~crc;
}

static void put(struct zg_buffer *out, uint32_t number, int bytes)
{
	for (int i = 0; i < bytes; i++)
		zg_buffer_add_byte(out, (unsigned char)(number >> 8 * i));
}

/* RFC 1952 */
void gate_gzip(const char *bytes, size_t length, struct zg_buffer *out)
{
	size_t at = 0;

	zg_buffer_add(out, "\x1F\x8B\x08\0\0\0\0\0\0\x03", 10);
	do {
		size_t count = length - at < STORED_MOST ? length - at : STORED_MOST;

		put(out, at + count == length, 1);
		put(out, (uint32_t)count, 2);
		put(out, (uint32_t)count ^ 0xFFFF, 2);
		zg_buffer_add(out, bytes + at, count);
		at += count;
	} while (at < length);
	put(out, crc32_of(bytes, length), 4);
	put(out, (uint32_t)length, 4);
}

/* What local header and central directory have in common, from "version needed" to the lengths of name and extra field. */
static void put_entry(struct zg_buffer *out, const struct gate_file *file, uint32_t crc)
{
	put(out, 20, 2);
	put(out, 0, 2);
	put(out, 0, 2);
	put(out, 0, 2);
	put(out, 0x5C81, 2);    /* 2026-04-01: nobody looks */
	put(out, crc, 4);
	put(out, (uint32_t)file->length, 4);
	put(out, (uint32_t)file->length, 4);
	put(out, (uint32_t)file->name_length, 2);
	put(out, 0, 2);
}

/* APPNOTE.TXT, 4.3 */
void gate_zip(const struct gate_file *files, size_t count, struct zg_buffer *out)
{
	struct zg_buffer directory = { 0 };
	size_t begin = out->length;

	for (size_t i = 0; i < count; i++) {
		uint32_t crc = crc32_of(files[i].bytes, files[i].length), at = (uint32_t)(out->length - begin);

		put(out, 0x04034B50, 4);
		put_entry(out, &files[i], crc);
		zg_buffer_add(out, files[i].name, files[i].name_length);
		zg_buffer_add(out, files[i].bytes, files[i].length);
		put(&directory, 0x02014B50, 4);
		put(&directory, 20, 2);
		put_entry(&directory, &files[i], crc);
		put(&directory, 0, 2);
		put(&directory, 0, 2);
		put(&directory, 0, 2);
		put(&directory, 0, 4);
		put(&directory, at, 4);
		zg_buffer_add(&directory, files[i].name, files[i].name_length);
	}
	uint32_t at = (uint32_t)(out->length - begin);

	zg_buffer_add(out, directory.bytes, directory.length);
	put(out, 0x06054B50, 4);
	put(out, 0, 4);
	put(out, (uint32_t)count, 2);
	put(out, (uint32_t)count, 2);
	put(out, (uint32_t)directory.length, 4);
	put(out, at, 4);
	put(out, 0, 2);
	zg_buffer_clear(&directory);
}

void gate_gbk(const char *text, struct zg_buffer *out)
{
	iconv_t door = iconv_open("GBK", "UTF-8");
	size_t length = strlen(text);

	while (length > 0 && door != (iconv_t)-1) {
		char bytes[4], *in = (char *)(uintptr_t)text, *to = bytes;
		uint32_t character;
		size_t one = zg_text_next(text, length, &character, NULL), left = one, room = sizeof(bytes);

		if (iconv(door, &in, &left, &to, &room) == (size_t)-1)
			zg_buffer_add_byte(out, '?');
		else
			zg_buffer_add(out, bytes, sizeof(bytes) - room);
		iconv(door, NULL, NULL, NULL, NULL);
		text += one;
		length -= one;
	}
	if (door != (iconv_t)-1)
		iconv_close(door);
}
