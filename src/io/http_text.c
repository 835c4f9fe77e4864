/* What is sent and what came, as data: no network here. See http.h. */
#include "src/base/alloc.h"
#include "src/io/http_private.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- what is sent ---- */

static void wipe_text(char *text)
{
	if (text)
		explicit_bzero(text, strlen(text));
	free(text);
}

void zg_http_request_add(struct zg_http_request *request, const char *name, const char *value)
{
	zg_assert(request->header_count < ZG_HTTP_HEADERS);
	request->headers[request->header_count++] = zg_print("%s: %s", name, value);
}

void zg_http_request_clear(struct zg_http_request *request)
{
	wipe_text(request->url);
	for (size_t i = 0; i < request->header_count; i++)
		wipe_text(request->headers[i]);
	zg_buffer_wipe(&request->body);
	*request = (struct zg_http_request){ 0 };
}

bool zg_http_is_loopback(const char *host)
{
	struct in_addr address;

	if (strcasecmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0)
		return true;
	return inet_pton(AF_INET, host, &address) == 1 && ntohl(address.s_addr) >> 24 == 127;
}

/* ---- what came ---- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "HTTP/1.1 100 Continue": what follows is not yet the answer. */
static bool is_interim(const char *line, size_t length)
{
	const char *space = memchr(line, ' ', length);

	return space && line + length - space >= 4 && space[1] == '1' && is_digit(space[2]) && is_digit(space[3]);
}

bool zg_http_head_add(struct zg_http_head *head, struct zg_buffer *lines, const char *line, size_t length)
{
	if (length > ZG_HTTP_HEAD - head->seen)
		return false;
	head->seen += length;
	if (length && line[length - 1] == '\n')
		length--;
	if (length && line[length - 1] == '\r')
		length--;
	if (head->state == ZG_HEAD_STATUS) {
		head->is_interim = is_interim(line, length);
		head->state = ZG_HEAD_LINES;
	} else if (head->state == ZG_HEAD_LINES && length == 0) {
		head->state = head->is_interim ? ZG_HEAD_STATUS : ZG_HEAD_WHOLE;
	} else if (head->state == ZG_HEAD_LINES && !head->is_interim) {
		zg_buffer_add(lines, line, length);
		zg_buffer_add_byte(lines, '\n');
	}
	return true;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

bool zg_http_reply_header(const struct zg_http_reply *reply, const char *name, char *value, size_t size)
{
	size_t name_length = strlen(name);
	const char *line = zg_buffer_text(&reply->head), *end = line + reply->head.length;

	value[0] = '\0';
	for (const char *stop; (stop = memchr(line, '\n', (size_t)(end - line))) != NULL; line = stop + 1) {
		if ((size_t)(stop - line) <= name_length || line[name_length] != ':' || strncasecmp(line, name, name_length) != 0)
			continue;
		const char *at = line + name_length + 1;

		while (at < stop && is_blank(*at))
			at++;
		while (stop > at && is_blank(stop[-1]))
			stop--;
		if ((size_t)(stop - at) >= size || memchr(at, '\0', (size_t)(stop - at)))
			return false;
		memcpy(value, at, (size_t)(stop - at));
		value[stop - at] = '\0';
		return true;
	}
	return false;
}

void zg_http_reply_clear(struct zg_http_reply *reply)
{
	zg_buffer_clear(&reply->head);
	zg_buffer_clear(&reply->body);
	*reply = (struct zg_http_reply){ 0 };
}

/* ---- dates ---- */

/* Which of the names of three letters stands there; -1: none. */
static int find_name(const char *names, const char *text)
{
	for (int i = 0; names[3 * i]; i++)
		if (memcmp(names + 3 * i, text, 3) == 0)
			return i;
	return -1;
}

static int read_number(const char *text, int digits)
{
	int number = 0;

	for (int i = 0; i < digits; i++)
		number = 10 * number + text[i] - '0';
	return number;
}

/* Days from 1970-01-01, in the Gregorian calendar; month from 0. A year is counted from March, so that a leap day is its last. */
static int64_t count_days(int year, int month, int day)
{
	int64_t y = year - (month < 2);
	int64_t in_year = (153 * (month + (month < 2 ? 10 : -2)) + 2) / 5 + day - 1;

	return 365 * y + y / 4 - y / 100 + y / 400 + in_year - 719468;
}

bool zg_http_date(const char *text, int64_t *at_ms)
{
	static const char form[] = "Aaa, 00 Aaa 0000 00:00:00 GMT";
	static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	if (strlen(text) != sizeof(form) - 1)
		return false;
	for (size_t i = 0; form[i]; i++)
		if (form[i] == '0' ? !is_digit(text[i]) : form[i] != 'A' && form[i] != 'a' && form[i] != text[i])
			return false;
	int week_day = find_name("SunMonTueWedThuFriSat", text), month = find_name("JanFebMarAprMayJunJulAugSepOctNovDec", text + 8);
	int day = read_number(text + 5, 2), year = read_number(text + 12, 4);
	int hour = read_number(text + 17, 2), minute = read_number(text + 20, 2), second = read_number(text + 23, 2);

	if (week_day < 0 || month < 0 || year < 1970 || hour > 23 || minute > 59 || second > 60)    /* 60: a leap second */
		return false;
	bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	if (day < 1 || day > lengths[month] + (month == 1 && is_leap))
		return false;
	int64_t days = count_days(year, month, day);

	if ((days + 4) % 7 != week_day)    /* 1970-01-01 was a Thursday */
		return false;
	*at_ms = ((days * 24 + hour) * 60 + minute) * 60000 + second * 1000;
	return true;
}
