/* Requests to small real servers, each of which does one thing. */
#include "src/base/alloc.h"
#include "tests/lab/resolver.h"
#include "tests/lab/web.h"
#include "tests/unit/errand.h"
#include "tests/unit/waiting.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define OK_HEAD "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"

static struct web web;
static struct errand errand;

static void begin(web_serve *serve, const void *self)
{
	web_begin(&web, serve, self, NULL, NULL, NULL);
	errand_begin(&errand, &zg_real_clock);
}

static void end(void)
{
	errand_end(&errand);
	web_end(&web);
}

static void get(void)
{
	errand_send(&errand, NULL, "http://127.0.0.1:%d/", web.port);
	errand_wait(&errand);
}

static void post(void)
{
	errand_send(&errand, "{\"a\":1}", "http://127.0.0.1:%d/pay?x=1", web.port);
	errand_wait(&errand);
}

/* Says `self` to every request. */
static void say(struct web_peer *peer)
{
	const char *text = peer->self;

	while (web_take(peer))
		web_send(peer, text, strlen(text));
}

/* Says it once, and closes. */
static void say_once(struct web_peer *peer)
{
	const char *text = peer->self;

	if (web_take(peer))
		web_send(peer, text, strlen(text));
}

/* ---- answers ---- */

Test(http, an_answer_comes_whole_with_its_head_its_date_and_its_bytes)
{
	begin(say, OK_HEAD "X-Serial:  7F 03 \r\nContent-Length: 5\r\n\r\nhel\r\n");

	post();

	cr_expect(eq(int, errand.end, ZG_HTTP_WHOLE));
	cr_expect(eq(int, errand.status, 200));
	cr_expect(eq(long, errand.date_ms, 784111777000));
	cr_expect(eq(str, errand.head, "Date: Sun, 06 Nov 1994 08:49:37 GMT\nX-Serial:  7F 03 \nContent-Length: 5\n"));
	cr_expect(eq(str, errand.body, "hel\r\n"));
	cr_expect(errand.has_length);
	cr_expect(eq(str, errand.why, ""));
	cr_expect(ge(long, errand.took_ms, 0));
	end();
}

Test(http, what_is_sent_is_what_was_asked_for_and_nothing_else)
{
	struct zg_http_request request = { .method = "POST" };
	char *expected;

	begin(say, OK_HEAD "Content-Length: 0\r\n\r\n");
	request.url = zg_print("http://127.0.0.1:%d/a/b?c=%%2F", web.port);
	zg_http_request_add(&request, "Accept", "application/json");
	zg_http_request_add(&request, "Authorization", "X y=\"z\"");
	zg_http_request_add(&request, "X-Empty", "");
	zg_buffer_add(&request.body, "a\0b", 3);
	errand_send_this(&errand, &request);
	zg_http_request_clear(&request);
	errand_wait(&errand);

	expected = zg_print("POST /a/b?c=%%2F HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAccept: application/json\r\nAuthorization: X y=\"z\"\r\nX-Empty:\r\n"
			    "Content-Length: 3\r\n\r\na", web.port);
	cr_expect(eq(int, errand.status, 200));
	cr_expect(eq(str, web.seen->last, expected));
	cr_expect(eq(sz, web.seen->length, strlen(expected) + 2));
	free(expected);
	end();
}

Test(http, a_long_body_is_sent_without_waiting_to_be_asked_for_it)
{
	struct zg_http_request request = { .method = "POST" };

	begin(say_once, OK_HEAD "Content-Length: 0\r\n\r\n");
	request.url = zg_print("http://127.0.0.1:%d/", web.port);
	for (int i = 0; i < 60000; i++)
		zg_buffer_add_byte(&request.body, 'x');
	errand_send_this(&errand, &request);
	zg_http_request_clear(&request);
	errand_wait(&errand);

	cr_expect(eq(int, errand.status, 200));
	cr_expect(eq(ptr, (void *)strstr(web.seen->last, "Expect"), NULL));
	end();
}

static const struct form {
	const char *text;
	enum zg_http_end end;
	int status;
	const char *head, *body;    /* NULL: not looked at */
} forms[] = {
	{ "HTTP/1.1 204 No Content\r\nA: b\r\n\r\n", ZG_HTTP_WHOLE, 204, "A: b\n", "" },
	{ "HTTP/1.1 500 Oh\r\nContent-Length: 2\r\n\r\nno", ZG_HTTP_WHOLE, 500, NULL, "no" },
	{ "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n", ZG_HTTP_WHOLE, 202, NULL, "" },
	{ "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 2\r\n\r\ngo", ZG_HTTP_WHOLE, 302, NULL, "go" },
	{ "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n", ZG_HTTP_WHOLE, 401, NULL, "" },
	{ "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok", ZG_HTTP_WHOLE, 200, NULL, "ok" },
	{ "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", ZG_HTTP_WHOLE, 200, NULL, "ok" },
	{ "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nto the end", ZG_HTTP_WHOLE, 200, NULL, "to the end" },
	/* chunks; what stands behind them is no header of the answer */
	{ "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1;x=y\r\nc\r\n0\r\nSign: forged\r\n\r\n", ZG_HTTP_WHOLE, 200,
	  "Transfer-Encoding: chunked\n", "abc" },
	{ "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n", ZG_HTTP_LOST, 0, NULL, "" },
	{ "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n", ZG_HTTP_LOST, 0, NULL, "" },
	{ "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxx\r\nab\r\n", ZG_HTTP_LOST, 0, NULL, "" },
	/* interim heads are not the answer's */
	{ "HTTP/1.1 100 Continue\r\nA: no\r\n\r\nHTTP/1.1 103 Early\r\nA: no\r\n\r\nHTTP/1.1 200 OK\r\nA: yes\r\nContent-Length: 0\r\n\r\n",
	  ZG_HTTP_WHOLE, 200, "A: yes\nContent-Length: 0\n", "" },
	{ "HTTP/1.1 100 Continue\r\n\r\n", ZG_HTTP_LOST, 0, NULL, "" },
	/* line ends */
	{ "HTTP/1.1 200 OK\nContent-Length: 2\n\nok", ZG_HTTP_WHOLE, 200, "Content-Length: 2\n", "ok" },
	{ "HTTP/1.1 200 OK\r\nContent-Length: 2\nA: b\r\n\nok", ZG_HTTP_WHOLE, 200, "Content-Length: 2\nA: b\n", "ok" },
	{ "HTTP/1.1 200 OK\r\nA: b\r\n c\r\nContent-Length: 2\r\n\r\nok", ZG_HTTP_WHOLE, 200, "A: b\n c\nContent-Length: 2\n", "ok" },
	/* nothing of this is an answer */
	{ "", ZG_HTTP_LOST, 0, NULL, "" },
	{ "ok", ZG_HTTP_LOST, 0, NULL, "" },
	{ "SSH-2.0-OpenSSH_9.2\r\n", ZG_HTTP_LOST, 0, NULL, "" },
	{ "HTTP/1.1 200 OK\r\nno colon\r\nContent-Length: 2\r\n\r\nok", ZG_HTTP_LOST, 0, NULL, "" },
	{ "HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nok", ZG_HTTP_LOST, 0, NULL, "" },
	{ "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok", ZG_HTTP_LOST, 0, NULL, "" },
	/* cut off behind a whole line: curl calls it an answer */
	{ "HTTP/1.1 200 OK\r\n", ZG_HTTP_LOST, 0, NULL, "" },
	{ "HTTP/1.1 200 OK\r\nA: b\r\n", ZG_HTTP_LOST, 0, NULL, "" },
	/* nothing is unpacked that we did not ask for packed */
	{ "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nok", ZG_HTTP_WHOLE, 200, NULL, "ok" },
};

Test(http, answers_of_every_form_are_read_or_known_to_be_none)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		const struct form *form = &forms[i];

		begin(say_once, form->text);
		post();
		cr_expect(eq(int, errand.end, form->end), "form %zu: %s", i, errand.cause);
		cr_expect(eq(int, errand.status, form->status), "form %zu", i);
		cr_expect(eq(int, web.seen->requests, 1), "form %zu", i);
		cr_expect(eq(int, errand.has_length, form->end == ZG_HTTP_WHOLE && !strstr(form->text, "to the end")), "form %zu", i);
		if (form->head)
			cr_expect(eq(str, errand.head, (char *)form->head), "form %zu", i);
		if (form->body)
			cr_expect(eq(str, errand.body, (char *)form->body), "form %zu", i);
		end();
	}
}

/* ---- answers that do not end ---- */

static void say_slowly(struct web_peer *peer)
{
	if (!web_take(peer))
		return;
	web_say(peer, OK_HEAD "Content-Length: 100\r\n\r\n");
	for (int i = 0; i < 100; i++) {
		web_say(peer, "x");
		web_wait(1000);
	}
}

static int64_t hundredfold_ms(void *self)
{
	(void)self;
	return zg_clock_running(&zg_real_clock) * 100;
}

/* A payment's 15 s on a clock that runs a hundred times faster: 150 ms. */
static const struct zg_clock hundredfold = { .now_ms = hundredfold_ms, .running_ms = hundredfold_ms, .pace = 100 };

static void begin_fast(web_serve *serve, const void *self)
{
	web_begin(&web, serve, self, NULL, NULL, NULL);
	errand_begin(&errand, &hundredfold);
	errand.options.connect_ms = errand.options.total_ms = 60000;
}

Test(http, a_byte_a_second_is_waited_for_no_longer_than_was_said)
{
	int64_t begun = zg_clock_running(&zg_real_clock);

	begin_fast(say_slowly, NULL);
	post();

	cr_expect(eq(int, errand.end, ZG_HTTP_LOST));
	cr_expect(eq(str, errand.why, "The server did not answer in time."));
	cr_expect(ge(long, errand.took_ms, 60000));
	cr_expect(lt(long, zg_clock_running(&zg_real_clock) - begun, 10000));
	end();
}

static void say_nothing(struct web_peer *peer)
{
	if (web_take(peer))
		web_wait_for_end(peer);
}

Test(http, a_server_that_takes_the_request_and_says_nothing_leaves_it_lost)
{
	begin_fast(say_nothing, NULL);
	post();

	cr_expect(eq(int, errand.end, ZG_HTTP_LOST));
	cr_expect(eq(int, web.seen->whole, 1));
	cr_expect(ge(long, errand.took_ms, 60000));
	end();
}

/* The listener's queue is full: neither yes nor no. */
Test(http, a_connection_that_does_not_come_about_sends_nothing)
{
	int held[3];

	errand_begin(&errand, &hundredfold);
	errand.options.connect_ms = 10000;
	errand.options.total_ms = 900000;
	errand_send(&errand, "{}", "http://127.0.0.1:%d/", web_full(held));
	errand_wait(&errand);

	cr_expect(eq(int, errand.end, ZG_HTTP_NOT_SENT));
	cr_expect(eq(str, errand.why, "No connection came about in time. Check the network, then try again."));
	cr_expect(ge(long, errand.took_ms, 10000));
	cr_expect(lt(long, errand.took_ms, 900000));
	errand_end(&errand);
	for (int i = 0; i < 3; i++)
		close(held[i]);
}

static int64_t same_ms(void *self)
{
	(void)self;
	return 1000;
}

/* Ours are on the loop's clock; when that stands still, curl's own end the wait. */
Test(http, a_clock_that_stands_still_does_not_keep_a_request_for_ever)
{
	static const struct zg_clock still = { .now_ms = same_ms, .running_ms = same_ms };

	web_begin(&web, say_nothing, NULL, NULL, NULL, NULL);
	errand_begin(&errand, &still);
	errand.options.connect_ms = errand.options.total_ms = 100;
	post();

	cr_expect(eq(int, errand.end, ZG_HTTP_LOST));
	cr_expect(eq(str, errand.why, "The server did not answer in time."));
	end();
}

static void say_much(struct web_peer *peer)
{
	const size_t *length = peer->self;
	static char bytes[65536];

	memset(bytes, 'm', sizeof(bytes));
	if (!web_take(peer))
		return;
	web_say(peer, OK_HEAD "Content-Length: %zu\r\n\r\n", *length);
	for (size_t sent = 0; sent < *length; sent += sizeof(bytes))
		web_send(peer, bytes, *length - sent < sizeof(bytes) ? *length - sent : sizeof(bytes));
}

Test(http, an_answer_of_just_its_limit_is_taken_and_one_byte_more_is_thrown_away)
{
	static const size_t length = 10 * 1024 * 1024;

	begin(say_much, &length);
	errand.options.most = length;
	get();
	cr_expect(eq(int, errand.end, ZG_HTTP_WHOLE));
	cr_expect(eq(sz, errand.body_length, length));
	cr_expect(errand.body[0] == 'm' && errand.body[length - 1] == 'm');

	errand.options.most = length - 1;
	get();
	cr_expect(eq(int, errand.end, ZG_HTTP_TOO_LONG));
	cr_expect(eq(str, errand.why, "The server's answer was too long and was thrown away."));
	errand.options.most = 0;
	get();
	cr_expect(eq(int, errand.end, ZG_HTTP_TOO_LONG));
	end();
}

/* `self` header lines of a hundred bytes. */
static void say_headers(struct web_peer *peer)
{
	const int *count = peer->self;

	while (web_take(peer)) {
		web_say(peer, "HTTP/1.1 200 OK\r\n");
		for (int i = 0; i < *count; i++)
			web_say(peer, "A: %095d\r\n", i);
		web_say(peer, "Content-Length: 0\r\n\r\n");
	}
}

Test(http, a_head_without_end_is_thrown_away)
{
	static const int few = 600, many = 700;

	begin(say_headers, &few);
	get();
	cr_expect(eq(int, errand.end, ZG_HTTP_WHOLE));
	cr_expect(eq(sz, strlen(errand.head), 600 * 99 + 18));
	end();
	begin(say_headers, &many);
	get();
	cr_expect(eq(int, errand.end, ZG_HTTP_TOO_LONG));
	end();
}

static void say_one_header(struct web_peer *peer)
{
	if (!web_take(peer))
		return;
	web_say(peer, "HTTP/1.1 200 OK\r\nA: ");
	for (int i = 0; i < 100; i++)
		web_say(peer, "%08192d", 0);
	web_say(peer, "\r\nContent-Length: 0\r\n\r\n");
}

Test(http, a_header_of_a_megabyte_is_no_answer)
{
	begin(say_one_header, NULL);
	get();
	cr_expect(errand.end == ZG_HTTP_TOO_LONG || errand.end == ZG_HTTP_LOST);
	end();
}

/* ---- connections that break off ---- */

#define WHOLE OK_HEAD "Content-Length: 6\r\n\r\nanswer"

/* The connection's number is how much of the answer comes. */
static void say_part(struct web_peer *peer)
{
	if (!web_take(peer))
		return;
	web_send(peer, WHOLE, (size_t)peer->index);
	if (*(const bool *)peer->self) {
		web_wait(1);
		web_reset(peer);
	}
}

static void break_off_everywhere(bool is_reset)
{
	const int length = (int)strlen(WHOLE);

	begin(say_part, &is_reset);
	for (int i = 0; i < length; i++) {
		post();
		cr_expect(eq(int, errand.end, ZG_HTTP_LOST), "after %d bytes", i);
		cr_expect(eq(int, web.seen->requests, i + 1), "after %d bytes", i);
	}
	if (!is_reset) {
		post();
		cr_expect(eq(int, errand.end, ZG_HTTP_WHOLE));
	}
	end();
}

Test(http, an_answer_that_is_closed_at_any_byte_is_lost)
{
	break_off_everywhere(false);
}

Test(http, an_answer_that_is_reset_at_any_byte_is_lost)
{
	break_off_everywhere(true);
}

Test(http, nobody_there_means_that_nothing_was_sent)
{
	errand_begin(&errand, &zg_real_clock);
	errand_send(&errand, "{}", "http://127.0.0.1:%d/", web_nobody());
	errand_wait(&errand);

	cr_expect(eq(int, errand.end, ZG_HTTP_NOT_SENT));
	cr_expect(eq(str, errand.why, "The server refuses the connection. Try again later, or check the address in the settings."));
	cr_expect(ne(ptr, strstr(errand.cause, "127.0.0.1: curl 7, errno 111"), NULL), "%s", errand.cause);
	errand_end(&errand);
}

static void reset_at_once(struct web_peer *peer)
{
	web_reset(peer);
}

/* NOT_SENT when curl hears it before it begins, LOST when not. */
Test(http, a_connection_that_is_reset_at_once_brings_no_answer)
{
	begin(reset_at_once, NULL);
	for (int i = 0; i < 20; i++) {
		post();
		cr_expect(ne(int, errand.end, ZG_HTTP_WHOLE));
	}
	end();
}

/* ---- used connections ---- */

Test(http, a_connection_is_used_again_unless_a_fresh_one_is_asked_for)
{
	begin(say, OK_HEAD "Content-Length: 0\r\n\r\n");
	post();
	get();
	cr_expect(eq(int, web.seen->connections, 1));

	errand.options.is_fresh = true;
	post();
	cr_expect(eq(int, web.seen->connections, 2));
	cr_expect(eq(int, web.seen->whole, 3));
	end();
}

/* The first connection answers once; the second request is taken and the connection ends without a byte, as if it had been dead. */
static void die_on_second(struct web_peer *peer)
{
	const char *how = peer->self;

	if (!web_take(peer))
		return;
	web_say(peer, OK_HEAD "Content-Length: 0\r\n\r\n");
	if (peer->index > 0)
		return;
	if (strcmp(how, "some") == 0)
		web_take_some(peer);
	else
		web_take(peer);
	if (strcmp(how, "reset") == 0)
		web_reset(peer);
}

/* curl itself would send it again on a new connection (7.88). What was paid for once would be paid for twice. */
Test(http, a_post_into_a_dead_connection_is_sent_once_and_counts_as_lost)
{
	static const char *const ways[] = { "close", "reset", "some" };

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		begin(die_on_second, ways[i]);
		post();
		cr_assert(eq(int, errand.end, ZG_HTTP_WHOLE));
		post();
		cr_expect(eq(int, errand.end, ZG_HTTP_LOST), "%s", ways[i]);
		cr_expect(eq(int, web.seen->requests, 2), "%s", ways[i]);
		/* and the next one is an ordinary one */
		errand.options.is_fresh = true;
		post();
		cr_expect(eq(int, errand.end, ZG_HTTP_WHOLE), "%s", ways[i]);
		cr_expect(eq(int, web.seen->requests, 3), "%s", ways[i]);
		end();
	}
}

/* The same for asking, so that one rule is enough. */
Test(http, a_get_into_a_dead_connection_is_sent_once_too)
{
	begin(die_on_second, "close");
	get();
	get();
	cr_expect(eq(int, errand.end, ZG_HTTP_LOST));
	cr_expect(eq(int, web.seen->requests, 2));
	end();
}

/* When the farewell is here before the next request, a new connection is made at once. */
Test(http, a_connection_that_was_closed_meanwhile_is_not_used)
{
	begin(say_once, OK_HEAD "Content-Length: 0\r\n\r\n");
	for (int i = 0; i < 3; i++) {
		post();
		cr_expect(eq(int, errand.end, ZG_HTTP_WHOLE));
		web_wait(50);
	}
	cr_expect(eq(int, web.seen->connections, 3));
	cr_expect(eq(int, web.seen->requests, 3));
	end();
}

/* ---- cancelling ---- */

static int64_t cancel(void)
{
	int64_t begun = zg_clock_running(&zg_real_clock);

	zg_http_cancel(errand.call);
	errand.call = NULL;
	int64_t took = zg_clock_running(&zg_real_clock) - begun;

	for (int i = 0; i < 5; i++)
		zg_loop_step(errand.loop, 10);
	cr_expect(eq(int, errand.ended, 0));
	return took;
}

Test(http, cancelling_returns_at_once_wherever_the_request_is)
{
	begin(say_nothing, NULL);
	zg_http_cancel(NULL);
	errand_send(&errand, "{}", "http://127.0.0.1:%d/", web.port);
	cr_expect(lt(long, cancel(), 100));
	errand_send(&errand, "{}", "http://127.0.0.1:%d/", web.port);
	wait_until(errand.loop, web.seen->whole > 0);
	cr_expect(lt(long, cancel(), 100));
	errand_send(&errand, "{}", "ftp://127.0.0.1/");
	cr_expect(lt(long, cancel(), 100));
	end();
}

/* Decision 17: without CURLOPT_QUICK_EXIT it takes as long as the look-up. */
Test(http, cancelling_does_not_wait_for_a_name_that_nobody_answers_for)
{
	errand_begin(&errand, &zg_real_clock);
	errand_send(&errand, "{}", "https://hangs.test/");
	wait_until(errand.loop, resolver_hung > 0);
	cr_expect(lt(long, cancel(), 200));

	int64_t begun = zg_clock_running(&zg_real_clock);

	errand_end(&errand);
	cr_expect(lt(long, zg_clock_running(&zg_real_clock) - begun, 500));
}

Test(http, a_name_that_nobody_answers_for_ends_in_time)
{
	errand_begin(&errand, &zg_real_clock);
	errand.options.connect_ms = 300;
	errand_send(&errand, "{}", "https://hangs.test/");
	errand_wait(&errand);

	cr_expect(eq(int, errand.end, ZG_HTTP_NOT_SENT));
	cr_expect(eq(str, errand.why, "No connection came about in time. Check the network, then try again."));
	cr_expect(lt(long, errand.took_ms, 2000));
	errand_end(&errand);
}

Test(http, a_name_that_is_not_there_is_said_to_be_so)
{
	errand_begin(&errand, &zg_real_clock);
	errand_send(&errand, "{}", "https://nobody.test/");
	errand_wait(&errand);

	cr_expect(eq(int, errand.end, ZG_HTTP_NOT_SENT));
	cr_expect(eq(str, errand.why, "The server's name was not found. Check the network, then the address in the settings."));
	errand_end(&errand);
}

/* Two under way; the end of the first cancels the second and begins a third. */
struct pair {
	struct errand first, second;
};

static void cancel_other(void *self, struct zg_http_reply *reply)
{
	struct pair *pair = self;

	cr_expect(eq(int, reply->status, 200));
	zg_http_cancel(pair->second.call);
	pair->second.call = NULL;
	errand_send(&pair->first, NULL, "http://127.0.0.1:%d/", web.port);
}

Test(http, the_end_of_one_request_may_cancel_and_begin_others)
{
	struct pair pair;
	struct zg_http_request request = { .method = "GET" };

	begin(say, OK_HEAD "Content-Length: 0\r\n\r\n");
	errand_begin(&pair.first, &zg_real_clock);
	pair.second = (struct errand){ .loop = pair.first.loop, .options = pair.first.options };
	request.url = zg_print("http://127.0.0.1:%d/", web.port);
	(void)zg_http_send(pair.first.loop, &request, &pair.first.options, cancel_other, &pair);
	zg_http_request_clear(&request);
	errand_send(&pair.second, NULL, "http://127.0.0.1:%d/", web.port);
	wait_until(pair.first.loop, pair.first.ended || pair.second.ended);
	if (pair.second.ended)    /* it was faster */
		wait_until(pair.first.loop, pair.first.ended);
	cr_expect(eq(int, pair.first.status, 200));
	free(pair.second.head);
	free(pair.second.body);
	errand_end(&pair.first);
	end();
}

/* ---- where we do not go ---- */

static const struct {
	const char *url;
	bool is_good;
} addresses[] = {
	{ "http://127.0.0.1:1/", true }, { "http://127.8.9.10:1/", true }, { "http://[::1]:1/", true }, { "http://localhost:1/", true },
	{ "HTTP://LOCALHOST:1/", true }, { "http://127.1:1/", true }, { "https://127.0.0.1:1/", true }, { "https://localhost:1", true },
	{ "http://pay.example/", false }, { "http://10.0.0.1/", false }, { "http://[::ffff:127.0.0.1]:1/", false }, { "http://[2001:db8::1]/", false },
	{ "http://127.0.0.1.example/", false }, { "http://localhost.example/", false }, { "http://128.0.0.1/", false }, { "http://0.0.0.0/", false },
	{ "http://127.0.0.1@pay.example/", false }, { "http://user:pass@127.0.0.1/", false }, { "https://user@127.0.0.1:1/", false },
	{ "http://pay.example#@127.0.0.1/", false }, { "http://pay.example\\@127.0.0.1/", false },
	{ "127.0.0.1:1/", false }, { "ftp://127.0.0.1/", false }, { "file:///etc/passwd", false }, { "gopher://127.0.0.1:1/", false },
	{ "https://", false }, { "https:///", false }, { "", false }, { "https://127.0.0.1:99999/", false }, { "https://a b/", false },
	{ "https://127.0.0.1:1/\r\nX: y", false },
};

Test(http, plain_http_goes_to_this_machine_alone)
{
	errand_begin(&errand, &zg_real_clock);
	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		errand_send(&errand, "{}", "%s", addresses[i].url);
		errand_wait(&errand);
		cr_expect(eq(int, errand.end, ZG_HTTP_NOT_SENT), "%s", addresses[i].url);
		bool is_refused = strstr(errand.why, "it must begin with https://") != NULL;

		cr_expect(eq(int, is_refused, !addresses[i].is_good), "%s: %s", addresses[i].url, errand.cause);
	}
	errand_end(&errand);
}

Test(http, a_redirect_is_an_answer_and_is_not_followed)
{
	struct web other;
	char *text;

	web_begin(&other, say, OK_HEAD "Content-Length: 0\r\n\r\n", NULL, NULL, NULL);
	text = zg_print("HTTP/1.1 307 Go\r\nLocation: http://127.0.0.1:%d/\r\nContent-Length: 0\r\n\r\n", other.port);
	begin(say, text);
	post();
	cr_expect(eq(int, errand.status, 307));
	cr_expect(eq(int, other.seen->connections, 0));
	end();
	web_end(&other);
	free(text);
}

Test(http, the_environment_sends_us_to_no_proxy)
{
	struct web proxy;
	char *url;

	web_begin(&proxy, say, OK_HEAD "Content-Length: 0\r\n\r\n", NULL, NULL, NULL);
	url = zg_print("http://127.0.0.1:%d", proxy.port);
	setenv("http_proxy", url, 1);
	setenv("https_proxy", url, 1);
	setenv("HTTPS_PROXY", url, 1);
	setenv("all_proxy", url, 1);
	begin(say, OK_HEAD "Content-Length: 0\r\n\r\n");
	post();
	cr_expect(eq(int, errand.status, 200));
	errand_send(&errand, "{}", "https://localhost:%d/", web_nobody());
	errand_wait(&errand);
	errand.options.proxy = url;
	post();
	cr_expect(eq(int, errand.status, 200));
	cr_expect(eq(int, proxy.seen->connections, 0));

	/* but to that of the settings, whatever the environment excepts; it has to let us through */
	setenv("no_proxy", "*", 1);
	errand_send(&errand, "{}", "https://pay.example/");
	errand_wait(&errand);
	cr_expect(eq(int, errand.end, ZG_HTTP_NOT_SENT));
	cr_expect(eq(int, proxy.seen->whole, 1));
	cr_expect(eq(int, strncmp(proxy.seen->last, "CONNECT pay.example:443 ", 24), 0));
	end();
	web_end(&proxy);
	free(url);
}

Test(http, a_header_that_would_become_two_is_not_sent)
{
	static const char *const bad[] = { "a\r\nX: y", "a\ny", "\x01", "\x7f" };

	begin(say, OK_HEAD "Content-Length: 0\r\n\r\n");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct zg_http_request request = { .method = "GET", .url = zg_print("http://127.0.0.1:%d/", web.port) };

		zg_http_request_add(&request, "X-Serial", bad[i]);
		errand_send_this(&errand, &request);
		zg_http_request_clear(&request);
		errand_wait(&errand);
		cr_expect(eq(int, errand.end, ZG_HTTP_NOT_SENT));
		cr_expect(eq(str, errand.why, "A number or name in the settings has signs that cannot be sent. Check it."));
	}
	cr_expect(eq(int, web.seen->connections, 0));
	end();
}

Test(http, a_request_that_needs_the_shops_certificate_does_not_go_without)
{
	struct zg_http_request request = { .method = "GET", .url = zg_copy("https://127.0.0.1:1/"), .has_certificate = true };

	errand_begin(&errand, &zg_real_clock);
	errand_send_this(&errand, &request);
	errand_wait(&errand);
	cr_expect(eq(int, errand.end, ZG_HTTP_NOT_SENT));
	cr_expect(eq(str, errand.why, "The shop's certificate and key are missing. Name both files in the settings."));
	zg_http_request_clear(&request);
	errand_end(&errand);
}

Test(http, a_hundred_requests_leave_no_descriptor_open)
{
	begin(say, OK_HEAD "Content-Length: 0\r\n\r\n");
	errand.options.is_fresh = true;
	int before = 0;

	for (int i = 0; i < 100; i++) {
		post();
		if (i == 10)
			before = count_descriptors();
	}
	cr_expect(eq(int, count_descriptors(), before));
	end();
}
