/*
 * The head of an answer from the network: its lines are gathered as another reader gathers them, a header found as that one finds it, and a date
 * is taken exactly when the C library writes that instant in the same way. Input: a date, a name, then the head, each ended by LF.
 */
#include "tests/fuzz/fuzz.h"

#include "src/io/http_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

const struct fuzz_limits fuzz_limits = { 8192, 16 };

/* As the C library has it. -1: no date. */
static int64_t instant_of(const char *text)
{
	struct tm parts = { 0 }, again;
	char written[64] = "";
	const char *end = strptime(text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
	bool leaps = end && parts.tm_sec == 60;

	if (!end || *end)
		return -1;
	parts.tm_sec -= leaps;
	time_t at = timegm(&parts);

	gmtime_r(&at, &again);
	again.tm_sec += leaps;
	strftime(written, sizeof(written), "%a, %d %b %Y %H:%M:%S GMT", &again);
	return at >= 0 && strcmp(written, text) == 0 ? (int64_t)(at + leaps) * 1000 : -1;
}

static void check_date(const char *text)
{
	int64_t at_ms = -1, want = instant_of(text);

	fuzz_check(zg_http_date(text, &at_ms) == (want >= 0) && at_ms == want, "\"%s\" is read as %lld, not %lld", text, (long long)at_ms, (long long)want);
}

static void check_host(const char *text)
{
	if (zg_http_is_loopback(text))
		fuzz_check(strncmp(text, "127.", 4) == 0 || strcasecmp(text, "localhost") == 0 || strcmp(text, "[::1]") == 0, "%s is this machine", text);
}

/* Another reader: it keeps every line and then looks which of them count. */
static void gather(const char *bytes, const char *end, struct zg_buffer *lines)
{
	bool is_first = true, is_interim = false, is_over = false;

	for (const char *line = bytes; line < end && !is_over;) {
		const char *stop = memchr(line, '\n', (size_t)(end - line));
		size_t length = (size_t)((stop ? stop : end) - line);

		if (length && line[length - 1] == '\r')
			length--;
		if (is_first) {
			const char *code = memchr(line, ' ', length);
			size_t left = code ? length - (size_t)(code + 1 - line) : 0;

			is_interim = left >= 3 && code[1] == '1' && memchr("0123456789", code[2], 10) && memchr("0123456789", code[3], 10);
			is_first = false;
		} else if (length == 0) {
			is_over = !is_interim;
			is_first = is_interim;
		} else if (!is_interim) {
			zg_buffer_add(lines, line, length);
			zg_buffer_add_byte(lines, '\n');
		}
		line = stop ? stop + 1 : end;
	}
}

static void check_header(const struct zg_http_reply *reply, const char *name, size_t size)
{
	char value[64], want[64] = "", *whole = NULL;
	bool is_there = false;

	/* each line as a text of its own */
	for (size_t at = 0; at < reply->head.length && !whole;) {
		const char *line = reply->head.bytes + at;
		size_t length = (size_t)((const char *)memchr(line, '\n', reply->head.length - at) - line), skip = strlen(name) + 1;

		if (length >= skip && line[skip - 1] == ':' && strncasecmp(line, name, skip - 1) == 0) {
			while (skip < length && strchr(" \t", line[skip]) && line[skip])
				skip++;
			while (length > skip && strchr(" \t", line[length - 1]) && line[length - 1])
				length--;
			whole = strndup(line + skip, length - skip);
			is_there = length - skip < size && strlen(whole) == length - skip;
		}
		at += (size_t)((const char *)memchr(line, '\n', reply->head.length - at) - line) + 1;
	}
	if (is_there)
		strcpy(want, whole);
	fuzz_check(zg_http_reply_header(reply, name, value, size) == is_there && strcmp(value, want) == 0, "%s is \"%s\", not \"%s\"", name, value, want);
	free(whole);
}

void fuzz_one(const char *bytes, size_t length)
{
	struct fuzz_input input = { bytes, bytes + length };
	char *date = fuzz_text(&input, '\n'), *name = fuzz_text(&input, '\n');
	struct zg_http_head head = { 0 };
	struct zg_http_reply reply = { 0 };
	struct zg_buffer lines = { 0 };

	check_date(date);
	check_host(date);
	for (const char *line = input.at; line < input.end;) {
		const char *stop = memchr(line, '\n', (size_t)(input.end - line));
		size_t size = (size_t)((stop ? stop + 1 : input.end) - line);

		fuzz_check(zg_http_head_add(&head, &reply.head, line, size), "too long");
		line += size;
	}
	gather(input.at, input.end, &lines);
	fuzz_check(reply.head.length == lines.length && memcmp(zg_buffer_text(&reply.head), zg_buffer_text(&lines), lines.length) == 0, "other lines");
	check_header(&reply, name, 1 + (unsigned char)(*date & 0x3f) % 63);
	check_header(&reply, name, 64);
	zg_buffer_clear(&lines);
	zg_http_reply_clear(&reply);
	free(date);
	free(name);
}
