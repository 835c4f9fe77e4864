/* A request of a test and its end. */
#ifndef ZG_TEST_ERRAND_H
#define ZG_TEST_ERRAND_H

#include "src/io/http.h"

#include <stdbool.h>

struct errand {
	struct zg_loop *loop;
	struct zg_http_options options;    /* 5 s and 10 s, 1 MB */
	struct zg_http_call *call;         /* NULL when it is over */
	int ended;                         /* how often */
	enum zg_http_end end;
	int status;
	bool has_length;
	int64_t date_ms, took_ms;
	char *head, *body;                 /* never NULL once it is over */
	size_t body_length;
	char why[320], cause[240];
};

void errand_begin(struct errand *errand, const struct zg_clock *clock);
/* POST with a body, GET when it is NULL. May be called again. */
void errand_send(struct errand *errand, const char *body, const char *format, ...) __attribute__((format(printf, 3, 4)));
void errand_send_this(struct errand *errand, const struct zg_http_request *request);
void errand_wait(struct errand *errand);
void errand_end(struct errand *errand);
#endif
