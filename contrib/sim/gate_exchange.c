#include "contrib/sim/gate_exchange.h"

#include "src/base/alloc.h"

#include <gnutls/gnutls.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BODY_MOST   1048576
#define DRIP_MS     1000    /* GATE_DRIPS: one byte in so long */

/* ---- answers ---- */

static void park(struct gate_exchange *exchange, int64_t ms)
{
	exchange->is_parked = true;
	exchange->due = gate_running(exchange->http->gate) + ms;
	exchange->next = exchange->http->parked;
	exchange->http->parked = exchange;
	MHD_suspend_connection(exchange->connection);
}

static ssize_t read_half(void *self, uint64_t at, char *bytes, size_t room)
{
	const struct gate_exchange *exchange = self;
	size_t half = exchange->reply.body.length / 2, count = half > at ? half - (size_t)at : 0;

	if (count == 0)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	if (count > room)
		count = room;
	memcpy(bytes, exchange->reply.body.bytes + at, count);
	return (ssize_t)count;
}

static ssize_t read_byte(void *self, uint64_t at, char *bytes, size_t room)
{
	struct gate_exchange *exchange = self;

	(void)room;
	if (at >= exchange->reply.body.length)
		return MHD_CONTENT_READER_END_OF_STREAM;
	if (gate_running(exchange->http->gate) < exchange->due) {
		park(exchange, exchange->due - gate_running(exchange->http->gate));
		return 0;
	}
	exchange->due = gate_running(exchange->http->gate) + DRIP_MS;
	*bytes = exchange->reply.body.bytes[at];
	return 1;
}

static struct MHD_Response *response_of(struct gate_exchange *exchange)
{
	struct zg_buffer *body = &exchange->reply.body;

	if (exchange->reply.wire == GATE_CUT && body->length > 1)
		return MHD_create_response_from_callback(body->length, 4096, read_half, exchange, NULL);
	if (exchange->reply.wire == GATE_DRIPS && body->length > 0) {
		exchange->stage = DRIPPING;
		exchange->due = gate_running(exchange->http->gate);
		return MHD_create_response_from_callback(body->length, 1, read_byte, exchange, NULL);
	}
	return MHD_create_response_from_buffer(body->length, body->bytes, MHD_RESPMEM_MUST_COPY);
}

static void add_headers(struct MHD_Response *response, const struct gate *gate, char *head)
{
	static const char *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	char date[96], *rest = NULL;
	time_t now = (time_t)(gate_now(gate) / 1000);
	struct tm tm;

	for (char *line = strtok_r(head, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		char *colon = strstr(line, ": ");

		if (!colon)
			continue;
		*colon = '\0';
		MHD_add_response_header(response, line, colon + 2);
	}
	/* by the clock that the gateways were given: a till compares it with its own */
	gmtime_r(&now, &tm);
	snprintf(date, sizeof(date), "%s, %02d %s %d %02d:%02d:%02d GMT", days[tm.tm_wday], tm.tm_mday, months[tm.tm_mon], tm.tm_year + 1900,
		 tm.tm_hour, tm.tm_min, tm.tm_sec);
	MHD_add_response_header(response, "Date", date);
}

static enum MHD_Result send_answer(struct gate_exchange *exchange)
{
	char *head;
	enum MHD_Result result;

	if (exchange->reply.wire == GATE_DROPPED || (exchange->reply.wire == GATE_CUT && exchange->reply.body.length < 2))
		return MHD_NO;
	struct MHD_Response *response = response_of(exchange);

	if (!response)
		return MHD_NO;
	head = zg_copy(zg_buffer_text(&exchange->reply.head));
	add_headers(response, exchange->http->gate, head);
	free(head);
	result = MHD_queue_response(exchange->connection, (unsigned)exchange->reply.status, response);
	MHD_destroy_response(response);
	return result;
}

/* ---- requests ---- */

static enum MHD_Result add_header(void *self, enum MHD_ValueKind kind, const char *name, const char *value)
{
	(void)kind;
	zg_buffer_print(self, "%s: %s\n", name, value ? value : "");
	return MHD_YES;
}

/* The client showed the merchant's own certificate, and its key, for TLS went through. */
static bool has_certificate(const struct gate_exchange *exchange)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
	const struct gate_key *own = exchange->http->gate->shop->merchant_certificate;
	unsigned count = 0;
	const gnutls_datum_t *list = info ? gnutls_certificate_get_peers(info->tls_session, &count) : NULL;
	char print[GATE_DIGEST];

	return list && count > 0 && own && strcmp(gate_digest(print, "sha256", list[0].data, list[0].size), gate_key_print(own)) == 0;
}

static void control(struct gate_exchange *exchange)
{
	const char *path = exchange->target + strlen("/sim/");
	struct zg_buffer *answer = &exchange->reply.body;
	bool good = true;

	if (strcmp(path, "control") == 0) {
		char *rest = NULL;

		for (char *line = exchange->body.bytes ? strtok_r(exchange->body.bytes, "\r\n", &rest) : NULL; line; line = strtok_r(NULL, "\r\n", &rest))
			good = gate_obey(exchange->http->gate, line, answer) && good;
	} else {
		char *line = zg_copy(path);
		char *number = strstr(line, "?number=");

		if (number)
			snprintf(number, 9, " ");
		if (number)
			memmove(number + 1, number + 8, strlen(number + 8) + 1);
		good = gate_obey(exchange->http->gate, line, answer);
		free(line);
	}
	exchange->reply.status = good ? 200 : 400;
	gate_reply_header(&exchange->reply, "Content-Type", "text/plain; charset=utf-8");
}

static void note(struct gate_exchange *exchange)
{
	if (exchange->http->wish.heard)
		exchange->http->wish.heard(exchange->http->wish.self, &exchange->request, &exchange->reply);
}

static enum MHD_Result begin_answer(struct gate_exchange *exchange, const char *method)
{
	struct gate_http *http = exchange->http;

	if (strncmp(exchange->target, "/sim/", 5) == 0) {
		control(exchange);
		return send_answer(exchange);
	}
	MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND, add_header, &exchange->head);
	exchange->request = (struct gate_request){ .method = zg_copy(method), .target = exchange->target, .head = zg_buffer_text(&exchange->head),
					       .body = zg_buffer_text(&exchange->body), .length = exchange->body.length };
	exchange->request.is_tls = MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_GNUTLS_SESSION) != NULL;
	exchange->request.has_certificate = exchange->request.is_tls && has_certificate(exchange);
	gate_answer(http->gate, &exchange->request, &exchange->reply);
	note(exchange);
	if (exchange->reply.hold_ms > 0 || exchange->reply.delay_ms > 0) {
		exchange->stage = exchange->reply.hold_ms > 0 ? HELD : LATE;
		park(exchange, exchange->reply.hold_ms > 0 ? exchange->reply.hold_ms : exchange->reply.delay_ms);
		return MHD_YES;
	}
	return send_answer(exchange);
}

enum MHD_Result gate_exchange_handle(void *self, struct MHD_Connection *connection, const char *url, const char *method, const char *version,
				     const char *data, size_t *size, void **state)
{
	struct gate_exchange *exchange = *state;

	(void)self;
	(void)url;
	(void)version;
	switch (exchange->stage) {
	case NEW:
		exchange->connection = connection;
		exchange->stage = BODY;
		return MHD_YES;
	case BODY:
		if (*size == 0)
			return begin_answer(exchange, method);
		if (exchange->body.length + *size > BODY_MOST)
			return MHD_NO;
		zg_buffer_add(&exchange->body, data, *size);
		*size = 0;
		return MHD_YES;
	case READY:
		return send_answer(exchange);
	default:
		return MHD_YES;
	}
}

void *gate_exchange_begin(void *self, const char *uri, struct MHD_Connection *connection)
{
	struct gate_exchange *exchange = zg_alloc(1, sizeof(*exchange));

	(void)connection;
	exchange->http = self;
	exchange->target = zg_copy(uri);
	return exchange;
}

static void unpark(struct gate_exchange *exchange)
{
	for (struct gate_exchange **at = &exchange->http->parked; *at; at = &(*at)->next) {
		if (*at != exchange)
			continue;
		*at = exchange->next;
		exchange->is_parked = false;
		return;
	}
}

void gate_exchange_finish(void *self, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode why)
{
	struct gate_exchange *exchange = *state;

	(void)self;
	(void)connection;
	(void)why;
	if (!exchange)
		return;
	if (exchange->is_parked)
		unpark(exchange);
	free((char *)(uintptr_t)exchange->request.method);
	free(exchange->target);
	zg_buffer_clear(&exchange->head);
	zg_buffer_clear(&exchange->body);
	gate_reply_clear(&exchange->reply);
	free(exchange);
	*state = NULL;
}

void gate_exchange_go_on(struct gate_http *http, bool all)
{
	struct gate_exchange *next;
	int64_t now = gate_running(http->gate);

	for (struct gate_exchange *exchange = http->parked; exchange; exchange = next) {
		next = exchange->next;
		if (!all && exchange->due > now)
			continue;
		unpark(exchange);
		if (exchange->stage == HELD) {
			exchange->request.was_held = true;
			gate_reply_clear(&exchange->reply);
			if (!all)
				gate_answer(http->gate, &exchange->request, &exchange->reply);
			note(exchange);
		}
		if (exchange->stage != DRIPPING)
			exchange->stage = READY;
		if (all)
			exchange->reply.wire = GATE_DROPPED;
		MHD_resume_connection(exchange->connection);
	}
}
