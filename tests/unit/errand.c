#include "tests/unit/errand.h"

#include "src/base/alloc.h"
#include "tests/unit/waiting.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void errand_begin(struct errand *errand, const struct zg_clock *clock)
{
	*errand = (struct errand){
		.loop = zg_loop_new(clock),
		.options = { .connect_ms = 5000, .total_ms = 10000, .most = 1024 * 1024 },
	};
}

static void forget(struct errand *errand)
{
	free(errand->head);
	free(errand->body);
	errand->head = errand->body = NULL;
}

static void keep(void *self, struct zg_http_reply *reply)
{
	struct errand *errand = self;

	errand->call = NULL;
	errand->ended++;
	errand->end = reply->end;
	errand->status = reply->status;
	errand->has_length = reply->has_length;
	errand->date_ms = reply->date_ms;
	errand->took_ms = reply->took_ms;
	errand->body_length = reply->body.length;
	errand->head = zg_buffer_take(&reply->head);
	errand->body = zg_buffer_take(&reply->body);
	snprintf(errand->why, sizeof(errand->why), "%s", reply->why);
	snprintf(errand->cause, sizeof(errand->cause), "%s", reply->cause);
}

void errand_send_this(struct errand *errand, const struct zg_http_request *request)
{
	forget(errand);
	errand->ended = 0;
	errand->call = zg_http_send(errand->loop, request, &errand->options, keep, errand);
	cr_assert(eq(int, errand->ended, 0));
}

void errand_send(struct errand *errand, const char *body, const char *format, ...)
{
	struct zg_http_request request = { .method = body ? "POST" : "GET" };
	char url[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(url, sizeof(url), format, args);
	va_end(args);
	request.url = zg_copy(url);
	if (body) {
		zg_http_request_add(&request, "Content-Type", "application/json");
		zg_buffer_add_text(&request.body, body);
	}
	errand_send_this(errand, &request);
	zg_http_request_clear(&request);
}

void errand_wait(struct errand *errand)
{
	wait_until(errand->loop, errand->ended);
	cr_assert(eq(int, errand->ended, 1));
	/* whatever came of it, there is a reason for people exactly when there is no answer */
	cr_assert(eq(int, *errand->why != '\0', errand->end != ZG_HTTP_WHOLE));
	cr_assert(eq(int, *errand->cause != '\0', errand->end != ZG_HTTP_WHOLE));
	if (errand->end != ZG_HTTP_WHOLE)
		cr_assert(zero(int, errand->status + (int)errand->date_ms + (int)errand->body_length));
}

void errand_end(struct errand *errand)
{
	zg_http_cancel(errand->call);
	forget(errand);
	zg_loop_free(errand->loop);
}
