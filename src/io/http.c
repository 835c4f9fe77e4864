#include "src/io/http.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/base/text.h"
#include "src/io/curl.h"
#include "src/io/http_private.h"

#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#define IDLE_S      20L      /* a used connection is used again within so long: routers forget it after a minute */
#define LIFETIME_S  300L     /* and never longer than this */
#define KEPT        4L       /* connections that are kept for it */
#define TRUSTED_S   3600L    /* a file of authorities is read again after so long */
#define PIECE       2048L    /* is read at once; up to a hundred in one run of curl (7.88), which are 50 ms of a step with its usual 16 KB */
#define BACKSTOP_MS 2000     /* curl's own time-outs, of real time, behind ours */

struct zg_http_call {
	struct zg_loop *loop;
	const struct zg_curl *curl;       /* NULL: it could not be loaded */
	CURLM *multi;
	CURL *easy;                       /* NULL: not begun */
	struct curl_slist *headers;
	struct zg_buffer sent;            /* the request's body */
	char host[128];                   /* for the log */
	bool is_plain;                    /* http, to loopback */
	bool has_proxy;
	bool is_wrong;                    /* an option was refused by curl */
	bool has_begun;                   /* the request may have left */
	bool is_too_long;
	uint64_t connect_timer, total_timer;
	int64_t begun_ms;
	size_t most;
	struct zg_http_head head;
	struct zg_http_reply reply;
	char problem[CURL_ERROR_SIZE];    /* curl's words */
	zg_http_done *done;
	void *self;
};

/* ---- the end of a call ---- */

static void let_go(struct zg_http_call *call)
{
	zg_timer_remove(call->loop, call->connect_timer);
	zg_timer_remove(call->loop, call->total_timer);
	if (call->easy) {
		/* does not wait for a name that is still looked up: CURLOPT_QUICK_EXIT */
		(void)call->curl->multi_remove_handle(call->multi, call->easy);
		call->curl->easy_cleanup(call->easy);
	}
	if (call->curl)
		call->curl->slist_free_all(call->headers);
	zg_buffer_wipe(&call->sent);
	zg_http_reply_clear(&call->reply);
	explicit_bzero(call, sizeof(*call));
	free(call);
}

/* Tells how it ended. The call is gone before `done` is called, which may do anything, but for freeing the loop. */
static void end(struct zg_http_call *call, enum zg_http_end how)
{
	struct zg_http_reply reply = call->reply;
	zg_http_done *done = call->done;
	void *self = call->self;

	call->reply = (struct zg_http_reply){ 0 };
	reply.end = how;
	reply.took_ms = zg_loop_running(call->loop) - call->begun_ms;
	if (how != ZG_HTTP_WHOLE) {
		zg_buffer_clear(&reply.head);
		zg_buffer_clear(&reply.body);
		reply.status = 0;
	}
	let_go(call);
	done(self, &reply);
	zg_http_reply_clear(&reply);
}

static void __attribute__((format(printf, 3, 4))) say_cause(struct zg_http_call *call, const char *why, const char *format, ...)
{
	char words[sizeof(call->host) + 64 + CURL_ERROR_SIZE];
	int length = snprintf(words, sizeof(words), "%s: ", *call->host ? call->host : "-");
	va_list args;

	va_start(args, format);
	vsnprintf(words + length, sizeof(words) - (size_t)length, format, args);
	va_end(args);
	zg_text_clean(call->reply.why, sizeof(call->reply.why), why, strlen(why));
	/* a certificate's own names may be in it */
	zg_text_clean(call->reply.cause, sizeof(call->reply.cause), words, strlen(words));
}

static void fail(struct zg_http_call *call, int code)
{
	struct zg_http_fault fault = { .code = code, .has_begun = call->has_begun, .has_proxy = call->has_proxy };
	long error = 0;

	(void)call->curl->easy_getinfo(call->easy, CURLINFO_OS_ERRNO, &error);
	(void)call->curl->easy_getinfo(call->easy, CURLINFO_SSL_VERIFYRESULT, &fault.verified);
	fault.error = (int)error;
	say_cause(call, zg_http_why(&fault), "curl %d, errno %d, certificate %ld: %s", code, fault.error, fault.verified,
		  *call->problem ? call->problem : call->curl->easy_strerror((CURLcode)code));
	end(call, call->has_begun ? ZG_HTTP_LOST : ZG_HTTP_NOT_SENT);
}

static bool has_length(struct zg_http_call *call)
{
	curl_off_t length = -1;
	char coding[80];

	(void)call->curl->easy_getinfo(call->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
	return length >= 0 || call->reply.status == 204 || call->reply.status == 304 ||
	       (zg_http_reply_header(&call->reply, "Transfer-Encoding", coding, sizeof(coding)) && strcasecmp(coding, "chunked") == 0);
}

static void succeed(struct zg_http_call *call)
{
	char date[40];
	long status = 0;

	(void)call->curl->easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
	call->reply.status = (int)status;
	call->reply.has_length = has_length(call);
	if (!zg_http_reply_header(&call->reply, "Date", date, sizeof(date)) || !zg_http_date(date, &call->reply.date_ms))
		call->reply.date_ms = 0;
	end(call, ZG_HTTP_WHOLE);
}

static void finish(struct zg_http_call *call, CURLcode code)
{
	if (call->is_too_long) {
		say_cause(call, _("The server's answer was too long and was thrown away."), "the answer passed its limit");
		end(call, ZG_HTTP_TOO_LONG);
	} else if (code == CURLE_OK && call->head.state == ZG_HEAD_WHOLE) {
		succeed(call);
	} else {
		/* curl is content with a head that is cut off behind any of its lines */
		fail(call, code == CURLE_OK ? CURLE_PARTIAL_FILE : (int)code);
	}
}

/* The loop's hook: `self` is the loop alone, so it does not matter who set it last. */
static void read_finished(void *self)
{
	struct zg_loop *loop = self;
	const struct zg_curl *curl = zg_curl_load(NULL);
	CURLM *multi = zg_loop_curl(loop, NULL);
	int left;

	for (CURLMsg *message; (message = curl->multi_info_read(multi, &left)) != NULL;) {
		struct zg_http_call *call = NULL;

		if (message->msg == CURLMSG_DONE && curl->easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &call) == CURLE_OK && call)
			finish(call, message->data.result);
	}
}

static void end_unbegun(void *self)
{
	struct zg_http_call *call = self;

	call->connect_timer = 0;
	end(call, ZG_HTTP_NOT_SENT);
}

static void end_late(void *self)
{
	struct zg_http_call *call = self;

	snprintf(call->problem, sizeof(call->problem), "%s", call->has_begun ? "no answer in time" : "no connection in time");
	fail(call, CURLE_OPERATION_TIMEDOUT);
}

/* ---- what curl calls, in its run ---- */

/*
 * The connection stands, TLS and all, and the request is about to leave; from here on it may have left. curl comes here a second time
 * when a used connection broke off before any answer, and would send the same again, a POST too (7.88, Curl_retry_request): never.
 */
static int before_request(void *self, char *ip, char *own_ip, int port, int own_port)
{
	struct zg_http_call *call = self;

	(void)ip, (void)own_ip, (void)port, (void)own_port;
	if (call->has_begun)
		return CURL_PREREQFUNC_ABORT;
	call->has_begun = true;
	zg_timer_remove(call->loop, call->connect_timer);
	return CURL_PREREQFUNC_OK;
}

static size_t take_head(char *line, size_t size, size_t count, void *self)
{
	struct zg_http_call *call = self;

	call->is_too_long = !zg_http_head_add(&call->head, &call->reply.head, line, size * count);
	return call->is_too_long ? 0 : size * count;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *self)
{
	struct zg_http_call *call = self;

	call->is_too_long = size * count > call->most - call->reply.body.length;
	if (call->is_too_long)
		return 0;
	zg_buffer_add(&call->reply.body, bytes, size * count);
	return size * count;
}

static bool is_loopback_address(const struct sockaddr *address)
{
	const struct sockaddr_in *four = (const void *)address;
	const struct sockaddr_in6 *six = (const void *)address;

	return address->sa_family == AF_INET ? ntohl(four->sin_addr.s_addr) >> 24 == 127 :
	       address->sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&six->sin6_addr);
}

/* Children must not inherit it; and what goes unencrypted stays on this machine, wherever the name led. */
static curl_socket_t open_socket(void *self, curlsocktype purpose, struct curl_sockaddr *address)
{
	const struct zg_http_call *call = self;

	(void)purpose;
	if (call->is_plain && !is_loopback_address(&address->addr))
		return CURL_SOCKET_BAD;
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* ---- the beginning ---- */

#define set(call, option, value) ((call)->is_wrong |= (call)->curl->easy_setopt((call)->easy, option, value) != CURLE_OK)

/* Takes the URL apart as curl will. False: it is not one that we go to. */
static bool check_url(struct zg_http_call *call, const char *text)
{
	const struct zg_curl *curl = call->curl;
	CURLU *url = curl->url();
	char *scheme = NULL, *host = NULL;
	bool is_good = false;

	if (!url)
		zg_out_of_memory();
	if (text && curl->url_set(url, CURLUPART_URL, text, CURLU_DISALLOW_USER) == CURLUE_OK &&
	    curl->url_get(url, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK && curl->url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK) {
		snprintf(call->host, sizeof(call->host), "%s", host);
		call->is_plain = strcasecmp(scheme, "http") == 0;
		is_good = call->is_plain ? zg_http_is_loopback(host) : strcasecmp(scheme, "https") == 0;
		call->has_proxy &= !zg_http_is_loopback(host);
	}
	curl->free(scheme);
	curl->free(host);
	curl->url_cleanup(url);
	return is_good;
}

/* A line end in it would begin a header of its own. */
static bool add_header(struct zg_http_call *call, const char *line)
{
	const char *colon = strchr(line, ':');
	size_t length = strlen(line);
	char *empty = NULL;

	for (const char *at = line; *at; at++)
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			return false;
	if (!colon || colon == line)
		return false;
	if (colon[1 + strspn(colon + 1, " ")] == '\0')    /* curl takes "name:" for "leave it out", and "name;" for an empty one */
		empty = zg_print("%.*s;", (int)(colon - line), line);
	struct curl_slist *longer = call->curl->slist_append(call->headers, empty ? empty : line);

	free(empty);
	if (!longer || length > ZG_HTTP_HEAD)
		return false;
	call->headers = longer;
	return true;
}

static bool has_header(const struct zg_http_request *request, const char *name)
{
	size_t length = strlen(name);

	for (size_t i = 0; i < request->header_count; i++)
		if (strncasecmp(request->headers[i], name, length) == 0 && request->headers[i][length] == ':')
			return true;
	return false;
}

/* The request, byte for byte: curl adds Host, Content-Length and "Accept: * / *" alone. False: a header cannot be sent. */
static bool set_request(struct zg_http_call *call, const struct zg_http_request *request)
{
	set(call, CURLOPT_URL, request->url);
	for (size_t i = 0; i < request->header_count; i++)
		if (!add_header(call, request->headers[i]))
			return false;
	if (strcmp(request->method, "POST") == 0) {
		zg_buffer_add(&call->sent, zg_buffer_text(&request->body), request->body.length);
		set(call, CURLOPT_POST, 1L);
		set(call, CURLOPT_POSTFIELDS, zg_buffer_text(&call->sent));
		set(call, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->sent.length);
		call->headers = call->curl->slist_append(call->headers, "Expect:");
		if (!has_header(request, "Content-Type"))
			call->headers = call->curl->slist_append(call->headers, "Content-Type:");
	} else {
		zg_assert(strcmp(request->method, "GET") == 0);
		set(call, CURLOPT_HTTPGET, 1L);
	}
	set(call, CURLOPT_HTTPHEADER, call->headers);
	return true;
}

/* Whom we trust, and what we never do. Each option that is not the default says so here, and each default that we need. */
static void set_safety(struct zg_http_call *call, const struct zg_http_options *options)
{
	set(call, CURLOPT_PROTOCOLS_STR, call->is_plain ? "http" : "https");
	set(call, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);    /* or newer */
	set(call, CURLOPT_SSL_VERIFYPEER, 1L);
	set(call, CURLOPT_SSL_VERIFYHOST, 2L);
	if (options->ca_file)
		set(call, CURLOPT_CAINFO, options->ca_file);
	/* Else the system's folder would be trusted beside ca_file; and without one curl reads the file of authorities once, not each time. */
	set(call, CURLOPT_CAPATH, NULL);
	set(call, CURLOPT_CA_CACHE_TIMEOUT, TRUSTED_S);
	set(call, CURLOPT_FOLLOWLOCATION, 0L);
	set(call, CURLOPT_PROXY, call->has_proxy ? options->proxy : "");
	set(call, CURLOPT_NOPROXY, "");
	set(call, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	set(call, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	set(call, CURLOPT_HTTP09_ALLOWED, 0L);
	set(call, CURLOPT_HTTP_CONTENT_DECODING, 0L);
	set(call, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	set(call, CURLOPT_NOSIGNAL, 1L);
	set(call, CURLOPT_QUICK_EXIT, 1L);
	set(call, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	set(call, CURLOPT_OPENSOCKETDATA, call);
	set(call, CURLOPT_PREREQFUNCTION, before_request);
	set(call, CURLOPT_PREREQDATA, call);
}

static void set_limits(struct zg_http_call *call, const struct zg_http_options *options)
{
	set(call, CURLOPT_CONNECTTIMEOUT_MS, (long)options->connect_ms + BACKSTOP_MS);
	set(call, CURLOPT_TIMEOUT_MS, (long)options->total_ms + BACKSTOP_MS);
	set(call, CURLOPT_BUFFERSIZE, PIECE);
	set(call, CURLOPT_FRESH_CONNECT, options->is_fresh ? 1L : 0L);
	set(call, CURLOPT_MAXAGE_CONN, IDLE_S);
	set(call, CURLOPT_MAXLIFETIME_CONN, LIFETIME_S);
	set(call, CURLOPT_HEADERFUNCTION, take_head);
	set(call, CURLOPT_HEADERDATA, call);
	set(call, CURLOPT_WRITEFUNCTION, take_body);
	set(call, CURLOPT_WRITEDATA, call);
	set(call, CURLOPT_ERRORBUFFER, call->problem);
	set(call, CURLOPT_PRIVATE, call);
}

static void set_certificate(struct zg_http_call *call, const struct zg_http_options *options)
{
	set(call, CURLOPT_SSLCERT, options->certificate_file);
	set(call, CURLOPT_SSLKEY, options->key_file);
	set(call, CURLOPT_KEYPASSWD, "");    /* else OpenSSL asks for one at the terminal, and waits */
}

/* False: the reply's `why` says why not. */
static bool begin(struct zg_http_call *call, const struct zg_http_request *request, const struct zg_http_options *options)
{
	struct zg_error err;

	call->multi = zg_loop_curl(call->loop, &err);
	call->curl = zg_curl_load(NULL);
	if (!call->multi) {
		say_cause(call, err.text, "libcurl cannot be loaded");
		return false;
	}
	if (!check_url(call, request->url)) {
		say_cause(call, _("The address in the settings cannot be used: it must begin with https://."), "not an address for us");
		return false;
	}
	if (request->has_certificate && (!options->certificate_file || !options->key_file)) {
		say_cause(call, _("The shop's certificate and key are missing. Name both files in the settings."), "no client certificate");
		return false;
	}
	call->easy = call->curl->easy_init();
	if (!call->easy)
		zg_out_of_memory();
	set_safety(call, options);
	set_limits(call, options);
	if (request->has_certificate)
		set_certificate(call, options);
	if (!set_request(call, request)) {
		say_cause(call, _("A number or name in the settings has signs that cannot be sent. Check it."), "a header with control characters");
		return false;
	}
	call->is_wrong |= call->curl->multi_setopt(call->multi, CURLMOPT_MAXCONNECTS, KEPT) != CURLM_OK;
	if (call->is_wrong) {
		say_cause(call, _("The network library libcurl is too old. Update the package libcurl4, then start the till again."), "an option was refused");
		return false;
	}
	zg_loop_curl_after(call->loop, read_finished, call->loop);
	if (call->curl->multi_add_handle(call->multi, call->easy) != CURLM_OK)
		zg_out_of_memory();
	return true;
}

struct zg_http_call *zg_http_send(struct zg_loop *loop, const struct zg_http_request *request, const struct zg_http_options *options,
				  zg_http_done *done, void *self)
{
	struct zg_http_call *call = zg_alloc(1, sizeof(*call));

	zg_assert(options->connect_ms > 0 && options->total_ms > 0);
	*call = (struct zg_http_call){
		.loop = loop, .begun_ms = zg_loop_running(loop), .most = options->most, .has_proxy = options->proxy && *options->proxy,
		.done = done, .self = self,
	};
	if (begin(call, request, options)) {
		call->connect_timer = zg_timer_add(loop, options->connect_ms, end_late, call);
		call->total_timer = zg_timer_add(loop, options->total_ms, end_late, call);
	} else {
		call->connect_timer = zg_timer_add(loop, 0, end_unbegun, call);
	}
	return call;
}

void zg_http_cancel(struct zg_http_call *call)
{
	if (call)
		let_go(call);
}
