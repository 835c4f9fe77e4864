#include "tests/lab/courier.h"

#include "src/base/alloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HERE     "http://127.0.0.1:65511"
#define HERE_PORT 65511
#define DRIP_MS  1000
#define TIMERS   4096

/* One request, until its answer is back or nobody waits for it any more and it has been acted on. */
struct zg_http_call {
	struct zg_http_call *next;
	enum stage { GOING, HELD, COMING } stage;
	int64_t due_ms;                      /* when this stage ends */
	int64_t begun_ms, late_ms;           /* late: the till stops waiting */
	size_t most;
	char *method, *target;
	struct zg_buffer head, body;
	struct gate_reply reply;
	zg_http_done *done;                  /* NULL: nobody waits */
	void *self;
};

static struct courier *here;
static struct zg_http_call *calls;
static int64_t timers[TIMERS];
static size_t timer_count;

uint64_t __real_zg_timer_add(struct zg_loop *loop, int64_t delay_ms, zg_timer_call *call, void *self);
uint64_t __wrap_zg_timer_add(struct zg_loop *loop, int64_t delay_ms, zg_timer_call *call, void *self);
struct zg_http_call *__wrap_zg_http_send(struct zg_loop *loop, const struct zg_http_request *request, const struct zg_http_options *options,
					 zg_http_done *done, void *self);
void __wrap_zg_http_cancel(struct zg_http_call *call);

/* ---- in the place of src/io/http.h ---- */

uint64_t __wrap_zg_timer_add(struct zg_loop *loop, int64_t delay_ms, zg_timer_call *call, void *self)
{
	size_t kept = 0;

	if (here) {
		for (size_t i = 0; i < timer_count; i++)
			if (timers[i] > here->now_ms)
				timers[kept++] = timers[i];
		timer_count = kept;
		zg_assert(timer_count < TIMERS);
		timers[timer_count++] = here->now_ms + (delay_ms > 0 ? delay_ms : 0);
	}
	return __real_zg_timer_add(loop, delay_ms, call, self);
}

struct zg_http_call *__wrap_zg_http_send(struct zg_loop *loop, const struct zg_http_request *request, const struct zg_http_options *options,
					 zg_http_done *done, void *self)
{
	struct zg_http_call *call = zg_alloc(1, sizeof(*call)), **end = &calls;

	(void)loop;
	zg_assert(here && strncmp(request->url, HERE, strlen(HERE)) == 0);
	*call = (struct zg_http_call){ .stage = GOING, .begun_ms = here->now_ms, .due_ms = here->now_ms + here->up_ms, .most = options->most,
		.late_ms = here->now_ms + options->total_ms, .method = zg_copy(request->method), .target = zg_copy(request->url + strlen(HERE)),
		.done = done, .self = self };
	for (size_t i = 0; i < request->header_count; i++)
		zg_buffer_print(&call->head, "%s\n", request->headers[i]);
	zg_buffer_add(&call->body, zg_buffer_text(&request->body), request->body.length);
	while (*end)
		end = &(*end)->next;
	*end = call;
	here->requests++;
	if (here->leaving)
		here->leaving(here->self, request);
	return call;
}

void __wrap_zg_http_cancel(struct zg_http_call *call)
{
	if (call)
		call->done = NULL;
}

static void drop(struct zg_http_call *call)
{
	struct zg_http_call **at = &calls;

	while (*at != call)
		at = &(*at)->next;
	*at = call->next;
	gate_reply_clear(&call->reply);
	zg_buffer_clear(&call->head);
	zg_buffer_clear(&call->body);
	free(call->method);
	free(call->target);
	free(call);
}

/* Tells the till; what it does then may add calls. */
static void tell(struct zg_http_call *call, enum zg_http_end end)
{
	struct zg_http_reply reply = { .end = end, .took_ms = here->now_ms - call->begun_ms };
	zg_http_done *done = call->done;

	if (!done)
		return;
	call->done = NULL;
	if (end == ZG_HTTP_WHOLE) {
		reply.status = call->reply.status;
		reply.has_length = true;
		reply.date_ms = gate_now(here->gate) / 1000 * 1000;
		zg_buffer_add(&reply.head, zg_buffer_text(&call->reply.head), call->reply.head.length);
		zg_buffer_add(&reply.body, zg_buffer_text(&call->reply.body), call->reply.body.length);
	} else {
		snprintf(reply.why, sizeof(reply.why), "no answer");
	}
	done(call->self, &reply);
	zg_http_reply_clear(&reply);
}

/* ---- on the way ---- */

static void note(const struct gate_reply *reply)
{
	bool is_cancel = reply->is_known && (reply->call == GATE_CANCEL || reply->call == GATE_CLOSE);

	if (is_cancel && !here->cancelled_ms)
		here->cancelled_ms = here->now_ms;
	if (reply->is_known && reply->call == GATE_QUERY && !here->cancelled_ms)
		here->queried_ms = here->now_ms;
}

static void arrive(struct zg_http_call *call)
{
	struct gate_request request = { .method = call->method, .target = call->target, .head = zg_buffer_text(&call->head),
		.body = zg_buffer_text(&call->body), .length = call->body.length, .was_held = call->stage == HELD };

	gate_reply_clear(&call->reply);
	gate_answer(here->gate, &request, &call->reply);
	/* what the line delivers twice is refused the second time, by no fault of the till's */
	if (call->reply.rule[0] && (!call->reply.fault || strcmp(call->reply.fault, "duplicate") != 0) && here->broken++ == 0)
		snprintf(here->rule, sizeof(here->rule), "%s %s: %s", call->target, call->reply.rule, call->reply.why);
	call->stage = call->reply.hold_ms > 0 ? HELD : COMING;
	if (call->stage == COMING)
		note(&call->reply);
	call->due_ms = here->now_ms + (call->reply.hold_ms > 0 ? call->reply.hold_ms : call->reply.delay_ms + here->down_ms);
	if (call->stage == COMING && call->reply.wire == GATE_DRIPS)
		call->due_ms += DRIP_MS * (int64_t)call->reply.body.length;
}

static void come_back(struct zg_http_call *call)
{
	bool is_lost = call->reply.wire == GATE_DROPPED || call->reply.wire == GATE_CUT;

	tell(call, is_lost ? ZG_HTTP_LOST : call->reply.body.length > call->most ? ZG_HTTP_TOO_LONG : ZG_HTTP_WHOLE);
	drop(call);
}

/* One thing that is due now; false: none is. */
static bool move(void)
{
	for (struct zg_http_call *call = calls; call; call = call->next) {
		if (call->done && call->late_ms <= here->now_ms) {
			tell(call, ZG_HTTP_LOST);
			return true;
		}
		if (call->due_ms > here->now_ms)
			continue;
		if (call->stage == COMING)
			come_back(call);
		else
			arrive(call);
		return true;
	}
	return false;
}

static void run_due(void)
{
	gate_run(here->gate);
	for (int quiet = 0; quiet < 2;) {
		quiet = move() ? 0 : quiet + 1;
		for (int i = 0; i < here->loop_count; i++)
			zg_loop_step(here->loops[i], 0);
	}
}

static int64_t next_due(int64_t until)
{
	int64_t wait = gate_order_wait(here->gate);

	if (wait > 0 && here->now_ms + wait < until)
		until = here->now_ms + wait;
	for (const struct zg_http_call *call = calls; call; call = call->next) {
		if (call->due_ms > here->now_ms && call->due_ms < until)
			until = call->due_ms;
		if (call->done && call->late_ms > here->now_ms && call->late_ms < until)
			until = call->late_ms;
	}
	for (size_t i = 0; i < timer_count; i++)
		if (timers[i] > here->now_ms && timers[i] < until)
			until = timers[i];
	return until;
}

void courier_next(struct courier *courier, int64_t until_ms)
{
	zg_assert(courier == here);
	run_due();
	if (here->now_ms < until_ms)
		here->now_ms = next_due(until_ms);
	run_due();
}

void courier_go(struct courier *courier, int64_t until_ms)
{
	do
		courier_next(courier, until_ms);
	while (courier->now_ms < until_ms);
}

/* ---- the whole ---- */

static int64_t running(void *self)
{
	return ((struct courier *)self)->now_ms;
}

static int64_t now(void *self)
{
	const struct courier *courier = self;

	return courier->begun_at + courier->now_ms;
}

__attribute__((noreturn)) static void give_up(const char *why)
{
	printf("courier: %s\n0 passed, 1 failed\n", why);
	exit(1);
}

void courier_open(struct courier *courier, const char *dir, uint64_t seed)
{
	char why[256] = "";

	/* a shop is founded by the machine's clock, and trusts no earlier one afterwards */
	*courier = (struct courier){ .now_ms = 1000, .begun_at = zg_clock_now(&zg_real_clock) };
	courier->clock = (struct zg_clock){ .now_ms = now, .running_ms = running, .self = courier };
	if (!gate_shop_make(dir, HERE_PORT, -1, why, sizeof(why)) || !(courier->keys = gate_shop_read(dir, why, sizeof(why))))
		give_up(why);
	courier->gate = gate_new(&courier->clock, courier->keys, seed);
	here = courier;
}

void courier_again(struct courier *courier, uint64_t seed)
{
	while (calls)
		drop(calls);
	gate_free(courier->gate);
	courier->gate = gate_new(&courier->clock, courier->keys, seed);
	courier->loop_count = 0;
	timer_count = 0;
}

void courier_close(struct courier *courier)
{
	while (calls)
		drop(calls);
	gate_free(courier->gate);
	gate_shop_free(courier->keys);
	here = NULL;
	timer_count = 0;
}

char *courier_settings(const char *dir)
{
	char *path = zg_print("%s/pay.conf", dir), *text = zg_alloc(8192, 1);
	FILE *file = fopen(path, "r");

	if (!file || fread(text, 1, 8191, file) == 0)
		give_up("no pay.conf");
	fclose(file);
	free(path);
	return text;
}

bool courier_obey(struct courier *courier, const char *line, char *answer, size_t size)
{
	struct zg_buffer text = { 0 };
	bool good = gate_obey(courier->gate, line, &text);

	if (answer) {
		snprintf(answer, size, "%s", zg_buffer_text(&text));
		answer[strcspn(answer, "\n")] = '\0';
	}
	zg_buffer_clear(&text);
	return good;
}
