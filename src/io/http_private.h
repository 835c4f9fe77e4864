/* Between http.c and its parts that need no network. */
#ifndef ZG_IO_HTTP_PRIVATE_H
#define ZG_IO_HTTP_PRIVATE_H

#include "src/io/http.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How far an answer's head has come. Zeroed to start. */
struct zg_http_head {
	enum { ZG_HEAD_STATUS, ZG_HEAD_LINES, ZG_HEAD_WHOLE } state;    /* what comes next; whole: trailers may follow */
	bool is_interim;    /* a 1xx: another head follows */
	size_t seen;        /* bytes of all lines so far, those that are not kept too */
};

/*
 * Takes the next line, with its line end, as curl hands them on; keeps in `lines` what belongs to the final answer's head.
 * False: the answer has more than ZG_HTTP_HEAD.
 */
bool zg_http_head_add(struct zg_http_head *head, struct zg_buffer *lines, const char *line, size_t length);

/* An instant as HTTP writes it, "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7, IMF-fixdate), and no other way; *at_ms is the wall clock. */
bool zg_http_date(const char *text, int64_t *at_ms);

/* How a transfer went wrong, from which `why` is made. */
struct zg_http_fault {
	int code;            /* CURLcode */
	int error;           /* errno of the last connect; 0: none */
	long verified;       /* X509_V_...: what the certificate's check said */
	bool has_begun;      /* the request may have left */
	bool has_proxy;
};

/* A sentence for people, translated. */
const char *zg_http_why(const struct zg_http_fault *fault);
#endif
