#include "contrib/sim/gate_http.h"

#include "src/base/alloc.h"

#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BODY_MOST   1048576
#define DRIP_MS     1000    /* GATE_DRIPS: one byte in so long */

/* One request, from its first line until its connection is done with it. */
struct call {
	struct gate_http *http;
	struct MHD_Connection *connection;    /* NULL: gone */
	char *target;
	struct zg_buffer head, body;
	struct gate_request request;
	struct gate_reply reply;
	enum { NEW, BODY, HELD, LATE, READY, DRIPPING } stage;
	size_t sent;                          /* of a dripping answer */
	bool is_parked;
	int64_t due;                          /* running clock */
	struct call *next;                    /* among the parked */
};

struct gate_http {
	struct gate *gate;
	struct MHD_Daemon *plain, *secure;
	struct gate_http_wish wish;
	struct call *parked;
	char *certificate, *key;              /* PEM texts */
};

/* ---- answers ---- */

static void park(struct call *call, int64_t ms)
{
	call->is_parked = true;
	call->due = gate_running(call->http->gate) + ms;
	call->next = call->http->parked;
	call->http->parked = call;
	MHD_suspend_connection(call->connection);
}

static ssize_t read_half(void *self, uint64_t at, char *bytes, size_t room)
{
	const struct call *call = self;
	size_t half = call->reply.body.length / 2, count = half > at ? half - (size_t)at : 0;

	if (count == 0)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	if (count > room)
		count = room;
	memcpy(bytes, call->reply.body.bytes + at, count);
	return (ssize_t)count;
}

static ssize_t read_drop(void *self, uint64_t at, char *bytes, size_t room)
{
	struct call *call = self;

	(void)room;
	if (at >= call->reply.body.length)
		return MHD_CONTENT_READER_END_OF_STREAM;
	if (gate_running(call->http->gate) < call->due) {
		park(call, call->due - gate_running(call->http->gate));
		return 0;
	}
	call->due = gate_running(call->http->gate) + DRIP_MS;
	*bytes = call->reply.body.bytes[at];
	return 1;
}

static struct MHD_Response *response_of(struct call *call)
{
	struct zg_buffer *body = &call->reply.body;

	if (call->reply.wire == GATE_CUT && body->length > 1)
		return MHD_create_response_from_callback(body->length, 4096, read_half, call, NULL);
	if (call->reply.wire == GATE_DRIPS && body->length > 0) {
		call->stage = DRIPPING;
		call->due = gate_running(call->http->gate);
		return MHD_create_response_from_callback(body->length, 1, read_drop, call, NULL);
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

static enum MHD_Result send_answer(struct call *call)
{
	char *head;
	enum MHD_Result result;

	if (call->reply.wire == GATE_DROPPED || (call->reply.wire == GATE_CUT && call->reply.body.length < 2))
		return MHD_NO;
	struct MHD_Response *response = response_of(call);

	if (!response)
		return MHD_NO;
	head = zg_copy(zg_buffer_text(&call->reply.head));
	add_headers(response, call->http->gate, head);
	free(head);
	result = MHD_queue_response(call->connection, (unsigned)call->reply.status, response);
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
static bool has_certificate(const struct call *call)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(call->connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
	const struct gate_key *own = call->http->gate->shop->merchant_certificate;
	unsigned count = 0;
	const gnutls_datum_t *list = info ? gnutls_certificate_get_peers(info->tls_session, &count) : NULL;
	char print[GATE_DIGEST];

	return list && count > 0 && own && strcmp(gate_digest(print, "sha256", list[0].data, list[0].size), gate_key_print(own)) == 0;
}

static void control(struct call *call)
{
	const char *path = call->target + strlen("/sim/");
	struct zg_buffer *answer = &call->reply.body;
	bool good = true;

	if (strcmp(path, "control") == 0) {
		char *rest = NULL;

		for (char *line = call->body.bytes ? strtok_r(call->body.bytes, "\r\n", &rest) : NULL; line; line = strtok_r(NULL, "\r\n", &rest))
			good = gate_obey(call->http->gate, line, answer) && good;
	} else {
		char *line = zg_copy(path);
		char *number = strstr(line, "?number=");

		if (number)
			snprintf(number, 9, " ");
		if (number)
			memmove(number + 1, number + 8, strlen(number + 8) + 1);
		good = gate_obey(call->http->gate, line, answer);
		free(line);
	}
	call->reply.status = good ? 200 : 400;
	gate_reply_header(&call->reply, "Content-Type", "text/plain; charset=utf-8");
}

static void note(struct call *call)
{
	if (call->http->wish.heard)
		call->http->wish.heard(call->http->wish.self, &call->request, &call->reply);
}

static enum MHD_Result begin_answer(struct call *call, const char *method)
{
	struct gate_http *http = call->http;

	if (strncmp(call->target, "/sim/", 5) == 0) {
		control(call);
		return send_answer(call);
	}
	MHD_get_connection_values(call->connection, MHD_HEADER_KIND, add_header, &call->head);
	call->request = (struct gate_request){ .method = zg_copy(method), .target = call->target, .head = zg_buffer_text(&call->head),
					       .body = zg_buffer_text(&call->body), .length = call->body.length };
	call->request.is_tls = MHD_get_connection_info(call->connection, MHD_CONNECTION_INFO_GNUTLS_SESSION) != NULL;
	call->request.has_certificate = call->request.is_tls && has_certificate(call);
	gate_answer(http->gate, &call->request, &call->reply);
	note(call);
	if (call->reply.hold_ms > 0 || call->reply.delay_ms > 0) {
		call->stage = call->reply.hold_ms > 0 ? HELD : LATE;
		park(call, call->reply.hold_ms > 0 ? call->reply.hold_ms : call->reply.delay_ms);
		return MHD_YES;
	}
	return send_answer(call);
}

static enum MHD_Result handle(void *self, struct MHD_Connection *connection, const char *url, const char *method, const char *version,
			      const char *data, size_t *size, void **state)
{
	struct call *call = *state;

	(void)self;
	(void)url;
	(void)version;
	switch (call->stage) {
	case NEW:
		call->connection = connection;
		call->stage = BODY;
		return MHD_YES;
	case BODY:
		if (*size == 0)
			return begin_answer(call, method);
		if (call->body.length + *size > BODY_MOST)
			return MHD_NO;
		zg_buffer_add(&call->body, data, *size);
		*size = 0;
		return MHD_YES;
	case READY:
		return send_answer(call);
	default:
		return MHD_YES;
	}
}

static void *note_target(void *self, const char *uri, struct MHD_Connection *connection)
{
	struct call *call = zg_alloc(1, sizeof(*call));

	(void)connection;
	call->http = self;
	call->target = zg_copy(uri);
	return call;
}

static void unpark(struct call *call)
{
	for (struct call **at = &call->http->parked; *at; at = &(*at)->next) {
		if (*at != call)
			continue;
		*at = call->next;
		call->is_parked = false;
		return;
	}
}

static void finish(void *self, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode why)
{
	struct call *call = *state;

	(void)self;
	(void)connection;
	(void)why;
	if (!call)
		return;
	if (call->is_parked)
		unpark(call);
	free((char *)(uintptr_t)call->request.method);
	free(call->target);
	zg_buffer_clear(&call->head);
	zg_buffer_clear(&call->body);
	gate_reply_clear(&call->reply);
	free(call);
	*state = NULL;
}

/* What was parked and is due goes on: a held request is only now carried out, whether or not somebody still listens. */
static void go_on(struct gate_http *http, bool all)
{
	struct call *next;
	int64_t now = gate_running(http->gate);

	for (struct call *call = http->parked; call; call = next) {
		next = call->next;
		if (!all && call->due > now)
			continue;
		unpark(call);
		if (call->stage == HELD) {
			call->request.was_held = true;
			gate_reply_clear(&call->reply);
			if (!all)
				gate_answer(http->gate, &call->request, &call->reply);
			note(call);
		}
		if (call->stage != DRIPPING)
			call->stage = READY;
		if (all)
			call->reply.wire = GATE_DROPPED;
		MHD_resume_connection(call->connection);
	}
}

/* ---- the two servers ---- */

static char *file_text(const char *path)
{
	char *text = zg_alloc(65537, 1);
	FILE *file = path ? fopen(path, "re") : NULL;
	size_t count = file ? fread(text, 1, 65536, file) : 0;

	if (file)
		fclose(file);
	if (count > 0)
		return text;
	free(text);
	return NULL;
}

static struct MHD_Daemon *start(struct gate_http *http, int port, bool is_secure)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	const struct gate_key *own = http->gate->shop->merchant_certificate;
	struct MHD_OptionItem tls[] = {
		{ MHD_OPTION_HTTPS_MEM_CERT, 0, http->certificate },
		{ MHD_OPTION_HTTPS_MEM_KEY, 0, http->key },
		{ MHD_OPTION_HTTPS_PRIORITIES, 0, (char *)(uintptr_t)"NORMAL:-VERS-ALL:+VERS-TLS1.2:+VERS-TLS1.3" },
		{ own ? MHD_OPTION_HTTPS_MEM_TRUST : MHD_OPTION_END, 0, own ? (char *)(uintptr_t)gate_key_text(own) : NULL },
		{ MHD_OPTION_END, 0, NULL },
	};
	struct MHD_OptionItem none[] = { { MHD_OPTION_END, 0, NULL } };
	unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_SUPPRESS_DATE_NO_CLOCK;

	return MHD_start_daemon(is_secure ? flags | MHD_USE_TLS : flags, (uint16_t)port, NULL, NULL, handle, http,
				MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address, MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u,
				MHD_OPTION_URI_LOG_CALLBACK, note_target, http, MHD_OPTION_NOTIFY_COMPLETED, finish, http,
				MHD_OPTION_ARRAY, is_secure ? tls : none, MHD_OPTION_END);
}

static int port_of(struct MHD_Daemon *daemon)
{
	const union MHD_DaemonInfo *info = daemon ? MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT) : NULL;

	return info ? info->port : -1;
}

struct gate_http *gate_http_open(struct gate *gate, const struct gate_http_wish *wish, char *why, size_t size)
{
	struct gate_http *http = zg_alloc(1, sizeof(*http));

	http->gate = gate;
	http->wish = *wish;
	http->plain = start(http, wish->port, false);
	if (!http->plain) {
		snprintf(why, size, "port %d of 127.0.0.1 cannot be had", wish->port);
		gate_http_close(http);
		return NULL;
	}
	if (wish->https_port >= 0) {
		http->certificate = file_text(wish->certificate);
		http->key = file_text(wish->key);
		http->secure = http->certificate && http->key ? start(http, wish->https_port, true) : NULL;
		if (!http->secure) {
			snprintf(why, size, "HTTPS on port %d cannot be had with %s", wish->https_port, wish->certificate ? wish->certificate : "no certificate");
			gate_http_close(http);
			return NULL;
		}
	}
	snprintf(gate->url, sizeof(gate->url), "http://127.0.0.1:%d", gate_http_port(http));
	if (http->secure)
		snprintf(gate->secure_url, sizeof(gate->secure_url), "https://127.0.0.1:%d", gate_https_port(http));
	return http;
}

void gate_http_close(struct gate_http *http)
{
	if (!http)
		return;
	go_on(http, true);
	if (http->plain)
		MHD_stop_daemon(http->plain);
	if (http->secure)
		MHD_stop_daemon(http->secure);
	free(http->certificate);
	free(http->key);
	free(http);
}

int gate_http_port(const struct gate_http *http)
{
	return port_of(http->plain);
}

int gate_https_port(const struct gate_http *http)
{
	return port_of(http->secure);
}

void gate_http_fds(const struct gate_http *http, int fds[2])
{
	fds[0] = MHD_get_daemon_info(http->plain, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
	fds[1] = http->secure ? MHD_get_daemon_info(http->secure, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd : -1;
}

static int64_t sooner(int64_t a, int64_t b)
{
	return a < 0 || (b >= 0 && b < a) ? b : a;
}

int64_t gate_http_wait(const struct gate_http *http)
{
	int64_t wait = -1, now = gate_running(http->gate);
	MHD_UNSIGNED_LONG_LONG ms;

	if (MHD_get_timeout(http->plain, &ms) == MHD_YES)
		wait = (int64_t)ms;
	if (http->secure && MHD_get_timeout(http->secure, &ms) == MHD_YES)
		wait = sooner(wait, (int64_t)ms);
	for (const struct call *call = http->parked; call; call = call->next)
		wait = sooner(wait, zg_clock_wait(http->gate->clock, call->due > now ? call->due - now : 0));
	return wait;
}

void gate_http_run(struct gate_http *http)
{
	gate_run(http->gate);
	go_on(http, false);
	MHD_run(http->plain);
	if (http->secure)
		MHD_run(http->secure);
}
