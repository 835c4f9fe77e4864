/*
 * One HTTP request and what came of it, over curl in the one loop.
 *
 * TLS 1.2 at least, certificate and host verified, no redirects followed, no proxy unless the shop's settings name one, nothing
 * compressed. http:// goes to loopback only. Nothing here knows what is sent: what an answer means is the driver's.
 */
#ifndef ZG_IO_HTTP_H
#define ZG_IO_HTTP_H

#include "src/base/buffer.h"
#include "src/base/result.h"
#include "src/io/loop.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ZG_HTTP_HEADERS 12         /* of a request */
#define ZG_HTTP_HEAD    65536      /* bytes of an answer's header lines */

struct zg_http_request {
	const char *method;                      /* "GET" or "POST"; a constant */
	char *url;                               /* whole; owned */
	char *headers[ZG_HTTP_HEADERS];          /* "Name: value", owned */
	size_t header_count;
	struct zg_buffer body;                   /* the exact bytes; empty for GET */
	bool has_certificate;                    /* to be sent with the merchant's client certificate */
};

/* Whether the host of a URL is this machine: 127.0.0.0/8, [::1] or localhost. */
bool zg_http_is_loopback(const char *host);

/* Adds "name: value"; at most ZG_HTTP_HEADERS. */
void zg_http_request_add(struct zg_http_request *request, const char *name, const char *value);
void zg_http_request_clear(struct zg_http_request *request);    /* wipes what it held: a payment code may be in it */

/*
 * How a request ended. The difference that money needs is between the first three: whether the other side can have acted.
 * A request is never sent twice: where curl would begin it again on a new connection, because a used one turned out to be dead, it is LOST.
 */
enum zg_http_end {
	ZG_HTTP_WHOLE,         /* a whole answer is here, whatever its status; a redirect is an answer like others */
	ZG_HTTP_NOT_SENT,      /* no name, no connection, no trusted TLS: not one byte of the request left */
	ZG_HTTP_LOST,          /* it left, or may have left, and no whole answer came */
	ZG_HTTP_TOO_LONG,      /* the answer passed its limit and was thrown away; it may have been acted on */
};

struct zg_http_reply {
	enum zg_http_end end;
	int status;                /* of a whole answer; 0 else */
	struct zg_buffer head;     /* header lines as they came, without status line and trailers, ended by LF, the CR before it cut */
	struct zg_buffer body;     /* raw bytes */
	/*
	 * The answer said where it ends. If not, it ended with its connection and may have been cut off there, over TLS too: curl does not insist
	 * on a farewell. Then believe only what is signed or summed up.
	 */
	bool has_length;
	int64_t date_ms;           /* the answer's Date header as an instant (wall clock, ms); 0: none that can be read */
	int64_t took_ms;           /* of the running clock */
	char why[320];             /* for people, translated: why there is no answer, and what to do ("" with one) */
	char cause[240];           /* the same for the log, English: host and curl's words, nothing of the request ("" with one) */
};

/* The value of the first header of that name, whatever its case, blanks around it cut, into `value`; false: absent, longer than size - 1, or with a NUL. */
bool zg_http_reply_header(const struct zg_http_reply *reply, const char *name, char *value, size_t size);
void zg_http_reply_clear(struct zg_http_reply *reply);

struct zg_http_options {
	const char *ca_file;                     /* PEM; alone trusted: authorities, or the server's own certificate. NULL: the system's authorities */
	const char *certificate_file, *key_file; /* of the merchant, PEM without a password; used when the request asks for it */
	const char *proxy;                       /* NULL: none, whatever the environment says; never used for loopback */
	int connect_ms, total_ms;                /* of the running clock: until the request can leave, and in all; both above 0 */
	size_t most;                             /* bytes of body */
	/*
	 * A connection made for this request. One that was used before may be dead without a sign (a router forgets it after a minute
	 * or two), and then the request is LOST: take a fresh one for what moves money, a used one for asking again.
	 */
	bool is_fresh;
};

struct zg_http_call;

/*
 * Runs in the loop, once, never before zg_http_send returns. The zg_http_call is gone by then, and may not be cancelled any more.
 * reply is borrowed for the call; what is wanted is taken out of it.
 */
typedef void zg_http_done(void *self, struct zg_http_reply *reply);

/*
 * request and options are copied. A request that cannot even be begun ends as NOT_SENT, with its reason. Never NULL.
 * Cancel what is under way before the loop is freed. Takes the loop's hook zg_loop_curl_after.
 */
struct zg_http_call *zg_http_send(struct zg_loop *loop, const struct zg_http_request *request, const struct zg_http_options *options,
				  zg_http_done *done, void *self);
/* done is not called. The request may have left all the same. NULL is allowed; returns at once, also while a name is looked up. */
void zg_http_cancel(struct zg_http_call *call);
#endif
