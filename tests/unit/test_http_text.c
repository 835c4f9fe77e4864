#include "src/base/alloc.h"
#include "src/io/http_private.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static const struct {
	const char *text;
	int64_t at_ms;    /* -1: no date */
} dates[] = {
	{ "Sun, 06 Nov 1994 08:49:37 GMT", 784111777000 },
	{ "Thu, 01 Jan 1970 00:00:00 GMT", 0 },
	{ "Wed, 25 Nov 2026 08:00:00 GMT", 1795593600000 },
	{ "Tue, 29 Feb 2000 23:59:59 GMT", 951868799000 },
	{ "Thu, 29 Feb 2024 00:00:00 GMT", 1709164800000 },
	{ "Sun, 31 Dec 2023 23:59:59 GMT", 1704067199000 },
	{ "Sat, 31 Dec 2016 23:59:60 GMT", 1483228800000 },    /* a leap second is the next one */
	{ "Fri, 31 Dec 9999 23:59:59 GMT", 253402300799000 },
	{ "Mon, 06 Nov 1994 08:49:37 GMT", -1 },    /* it was a Sunday */
	{ "sun, 06 Nov 1994 08:49:37 GMT", -1 },
	{ "Sun, 06 nov 1994 08:49:37 GMT", -1 },
	{ "Sun, 06 Nov 1994 08:49:37 UTC", -1 },
	{ "Sun, 06 Nov 1994 08:49:37 +0000", -1 },
	{ "Sun, 06 Nov 1994 08:49:37", -1 },
	{ "Sun, 06 Nov 1994 08:49:37 GMT ", -1 },
	{ " Sun, 06 Nov 1994 08:49:37 GMT", -1 },
	{ "Sun, 6 Nov 1994 08:49:37 GMT", -1 },
	{ "Sun,  6 Nov 1994 08:49:37 GMT", -1 },
	{ "Sunday, 06-Nov-94 08:49:37 GMT", -1 },    /* RFC 850, obsolete */
	{ "Sun Nov  6 08:49:37 1994", -1 },          /* asctime, obsolete */
	{ "Thu, 29 Feb 2023 00:00:00 GMT", -1 },
	{ "Mon, 29 Feb 2100 00:00:00 GMT", -1 },
	{ "Sun, 00 Nov 1994 08:49:37 GMT", -1 },
	{ "Thu, 31 Nov 1994 08:49:37 GMT", -1 },
	{ "Sun, 06 Nov 1994 24:00:00 GMT", -1 },
	{ "Sun, 06 Nov 1994 08:60:37 GMT", -1 },
	{ "Sun, 06 Nov 1994 08:49:61 GMT", -1 },
	{ "Wed, 31 Dec 1969 23:59:59 GMT", -1 },
	{ "Sun, 06 Nov 1994 08:49:3x GMT", -1 },
	{ "Sun; 06 Nov 1994 08:49:37 GMT", -1 },
	{ "Sun, +6 Nov 1994 08:49:37 GMT", -1 },
	{ "Xyz, 06 Xyz 1994 08:49:37 GMT", -1 },
	{ "", -1 },
};

Test(http_text, a_date_is_read_in_the_one_form_that_servers_send)
{
	for (size_t i = 0; i < sizeof(dates) / sizeof(dates[0]); i++) {
		int64_t at_ms = 77;
		bool is_date = zg_http_date(dates[i].text, &at_ms);

		cr_expect(eq(int, is_date, dates[i].at_ms >= 0), "%s", dates[i].text);
		cr_expect(eq(long, at_ms, is_date ? dates[i].at_ms : 77), "%s", dates[i].text);
	}
}

static struct zg_http_reply reply_of(const char *bytes, size_t length)
{
	struct zg_http_reply reply = { 0 };

	zg_buffer_add(&reply.head, bytes, length);
	return reply;
}

Test(http_text, a_header_is_found_by_its_name_in_any_case_and_whole)
{
	static const char head[] = "Sign: no\nSigned:  a b\t \nSIGNED: second\nEmpty:\nSpace : x\n folded: y\nNul: a\0b\nLast: cut";
	struct zg_http_reply reply = reply_of(head, sizeof(head) - 1);
	char value[8];

	cr_expect(zg_http_reply_header(&reply, "signed", value, sizeof(value)));
	cr_expect(eq(str, value, "a b"));
	cr_expect(zg_http_reply_header(&reply, "Empty", value, sizeof(value)));
	cr_expect(eq(str, value, ""));
	cr_expect(not(zg_http_reply_header(&reply, "Space", value, sizeof(value))));
	cr_expect(not(zg_http_reply_header(&reply, "folded", value, sizeof(value))));
	cr_expect(not(zg_http_reply_header(&reply, "Nul", value, sizeof(value))));
	cr_expect(not(zg_http_reply_header(&reply, "Last", value, sizeof(value))));
	cr_expect(not(zg_http_reply_header(&reply, "Sig", value, sizeof(value))));
	cr_expect(not(zg_http_reply_header(&reply, "Absent", value, sizeof(value))));
	cr_expect(eq(str, value, ""));
	cr_expect(zg_http_reply_header(&reply, "Signed", value, 4));
	cr_expect(not(zg_http_reply_header(&reply, "Signed", value, 3)));
	cr_expect(eq(str, value, ""));
	zg_http_reply_clear(&reply);
	cr_expect(not(zg_http_reply_header(&reply, "Signed", value, sizeof(value))));
}

Test(http_text, a_head_of_just_its_limit_is_taken_and_one_byte_more_is_not)
{
	struct zg_http_head head = { 0 };
	struct zg_buffer lines = { 0 };
	static char line[ZG_HTTP_HEAD];

	memset(line, 'a', sizeof(line));
	cr_expect(zg_http_head_add(&head, &lines, "HTTP/1.1 200 OK\r\n", 17));
	cr_expect(zg_http_head_add(&head, &lines, line, sizeof(line) - 17));
	cr_expect(not(zg_http_head_add(&head, &lines, "\n", 1)));
	cr_expect(eq(sz, lines.length, sizeof(line) - 16));
	zg_buffer_clear(&lines);
}

/* A payment code may be in it. */
Test(http_text, a_request_that_is_done_with_is_wiped)
{
	struct zg_http_request request = { .method = "POST", .url = zg_copy("https://pay.example/?code=6917") };

	zg_http_request_add(&request, "A", "b");
	zg_buffer_add_text(&request.body, "code=6917");
	cr_expect(eq(str, request.headers[0], "A: b"));
	zg_http_request_clear(&request);
	cr_expect(zero(sz, request.header_count + request.body.length));
	zg_http_request_clear(&request);
}
