#include "contrib/sim/gate_xml.h"

#include "src/base/alloc.h"
#include "src/base/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define NAME_SIGNS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"

struct reader {
	const char *at, *end;
};

static void skip_space(struct reader *reader)
{
	while (reader->at < reader->end && memchr(" \t\r\n", *reader->at, 4))
		reader->at++;
}

static bool take(struct reader *reader, const char *text)
{
	size_t length = strlen(text);

	if ((size_t)(reader->end - reader->at) < length || memcmp(reader->at, text, length) != 0)
		return false;
	reader->at += length;
	return true;
}

static size_t name_length(const struct reader *reader)
{
	size_t length = 0;

	while (reader->at + length < reader->end && length < 64 && memchr(NAME_SIGNS, reader->at[length], sizeof(NAME_SIGNS) - 1))
		length++;
	return length;
}

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
}

static bool take_number(struct reader *reader, struct zg_buffer *value)
{
	int base = take(reader, "x") ? 16 : 10, number = 0, digits = 0;
	char bytes[4];

	for (; reader->at < reader->end && *reader->at != ';' && digits < 7; reader->at++, digits++) {
		if (digit_of(*reader->at) >= base)
			return false;
		number = number * base + digit_of(*reader->at);
	}
	if (digits == 0 || !take(reader, ";") || number == 0 || number > 0x10FFFF || (number >= 0xD800 && number < 0xE000))
		return false;
	zg_buffer_add(value, bytes, zg_text_put(bytes, (uint32_t)number));
	return true;
}

static bool take_entity(struct reader *reader, struct zg_buffer *value)
{
	static const struct { const char *name; char is; } five[] = { { "lt;", '<' }, { "gt;", '>' }, { "amp;", '&' }, { "quot;", '"' }, { "apos;", '\'' } };

	if (take(reader, "#"))
		return take_number(reader, value);
	for (size_t i = 0; i < sizeof(five) / sizeof(five[0]); i++) {
		if (take(reader, five[i].name)) {
			zg_buffer_add_byte(value, (unsigned char)five[i].is);
			return true;
		}
	}
	return false;
}

static bool take_cdata(struct reader *reader, struct zg_buffer *value)
{
	for (const char *at = reader->at; at + 3 <= reader->end; at++) {
		if (memcmp(at, "]]>", 3) != 0)
			continue;
		zg_buffer_add(value, reader->at, (size_t)(at - reader->at));
		reader->at = at + 3;
		return true;
	}
	return false;
}

/* Up to the next tag. */
static bool take_value(struct reader *reader, struct zg_buffer *value)
{
	while (reader->at < reader->end) {
		if (take(reader, "<![CDATA[")) {
			if (!take_cdata(reader, value))
				return false;
		} else if (take(reader, "&")) {
			if (!take_entity(reader, value))
				return false;
		} else if (*reader->at == '<') {
			return true;
		} else if (*reader->at == '\0') {
			return false;
		} else {
			zg_buffer_add_byte(value, (unsigned char)*reader->at++);
		}
	}
	return false;
}

static bool take_pair(struct reader *reader, struct gate_pairs *pairs)
{
	size_t length = take(reader, "<") ? name_length(reader) : 0;
	struct zg_buffer value = { 0 };

	if (length == 0 || pairs->count == GATE_PAIRS)
		return false;
	char *name = zg_copy_bytes(reader->at, length);

	reader->at += length;
	bool good = take(reader, "/>") || (take(reader, ">") && take_value(reader, &value) && take(reader, "</") && take(reader, name) && take(reader, ">"));

	for (int i = 0; i < pairs->count; i++)
		good = good && strcmp(pairs->pair[i].name, name) != 0;
	if (!good) {
		free(name);
		zg_buffer_clear(&value);
		return false;
	}
	pairs->pair[pairs->count++] = (struct gate_pair){ name, zg_buffer_take(&value) };
	return true;
}

bool gate_xml_read(const char *bytes, size_t length, struct gate_pairs *pairs)
{
	struct reader reader = { bytes, bytes + length };

	*pairs = (struct gate_pairs){ 0 };
	if (!bytes)
		return false;
	skip_space(&reader);
	if (take(&reader, "<?xml")) {
		while (reader.at < reader.end && *reader.at != '>' && *reader.at != '<')
			reader.at++;
		if (!take(&reader, ">"))
			return false;
	}
	skip_space(&reader);
	if (!take(&reader, "<xml>"))
		return false;
	for (skip_space(&reader); !take(&reader, "</xml>"); skip_space(&reader))
		if (!take_pair(&reader, pairs))
			return false;
	skip_space(&reader);
	return reader.at == reader.end;
}

void gate_xml_write(const struct gate_pairs *pairs, struct zg_buffer *out)
{
	zg_buffer_add_text(out, "<xml>");
	for (int i = 0; i < pairs->count; i++)
		zg_buffer_print(out, "<%s><![CDATA[%s]]></%s>\n", pairs->pair[i].name, pairs->pair[i].value, pairs->pair[i].name);
	zg_buffer_add_text(out, "</xml>");
}

const char *gate_pair(const struct gate_pairs *pairs, const char *name)
{
	for (int i = 0; i < pairs->count; i++)
		if (strcmp(pairs->pair[i].name, name) == 0)
			return pairs->pair[i].value;
	return "";
}

void gate_pairs_set(struct gate_pairs *pairs, const char *name, const char *value)
{
	for (int i = 0; i < pairs->count; i++) {
		if (strcmp(pairs->pair[i].name, name) == 0) {
			free(pairs->pair[i].value);
			pairs->pair[i].value = zg_copy(value);
			return;
		}
	}
	zg_assert(pairs->count < GATE_PAIRS);
	pairs->pair[pairs->count++] = (struct gate_pair){ zg_copy(name), zg_copy(value) };
}

void gate_pairs_clear(struct gate_pairs *pairs)
{
	for (int i = 0; i < pairs->count; i++) {
		free(pairs->pair[i].name);
		free(pairs->pair[i].value);
	}
	pairs->count = 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct gate_pair *)a)->name, ((const struct gate_pair *)b)->name);
}

void gate_pairs_join(const struct gate_pairs *pairs, const char *leave, struct zg_buffer *out)
{
	struct gate_pairs sorted = *pairs;    /* borrows the texts */

	qsort(sorted.pair, (size_t)sorted.count, sizeof(sorted.pair[0]), by_name);
	for (int i = 0; i < sorted.count; i++) {
		const struct gate_pair *pair = &sorted.pair[i];

		if (!*pair->value || strcmp(pair->name, "sign") == 0 || (leave && strcmp(pair->name, leave) == 0))
			continue;
		zg_buffer_print(out, "%s%s=%s", out->length ? "&" : "", pair->name, pair->value);
	}
}
