/*
 * A dead network never holds up the loop: while servers accept and say nothing, do not even accept, send a byte a second, reset every connection,
 * send 10 MB, or names are not answered for, requests are sent and cancelled again and again, and each step of the loop and each cancelling is
 * timed. Times are figures; what fails is only what no busy machine explains: a step or cancelling of SLOWEST_MS.
 * The part of P14 that is HTTP's. ZG_COUNT milliseconds a scene (400).
 */
#include "src/base/alloc.h"
#include "src/io/http.h"
#include "tests/fault/tally.h"
#include "tests/lab/resolver.h"
#include "tests/lab/web.h"

#include <locale.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SLOWEST_MS 250
#define TIMES_MOST 4000000
#define PATIENCE_US 20000000LL    /* for a first request to end */
#define FEW        3         /* requests under way at once */

static void reset(struct web_peer *peer)
{
	if (peer->index % 2)
		web_take_some(peer);
	web_reset(peer);
}

static void say_much(struct web_peer *peer)
{
	static char bytes[65536];

	while (web_take(peer)) {
		web_say(peer, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", 160 * (int)sizeof(bytes));
		for (int i = 0; i < 160; i++)
			web_send(peer, bytes, sizeof(bytes));
	}
}

static const struct scene {
	const char *name;
	web_serve *serve;     /* NULL: no server */
	bool is_full;         /* a listener that does not accept */
	int ends;             /* whether requests end by themselves */
} scenes[] = {
	{ "no answer", web_say_nothing, false, false },
	{ "a full queue", NULL, true, false },
	{ "names not answered for", NULL, false, false },
	{ "a byte a second", web_say_slowly, false, false },
	{ "resets", reset, false, true },
	{ "10 MB", say_much, false, true },
};

struct trial {
	struct tally tally;
	struct zg_loop *loop;
	char *url;
	struct zg_http_call *calls[FEW];
	int begun, ended, cancelled, slow;
	int64_t *times;      /* of steps, µs */
	size_t count;
	int64_t slowest_cancel;
};

static int64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

struct place {
	struct trial *trial;
	int index;
};

static struct place places[FEW];

static void forget(void *self, struct zg_http_reply *reply)
{
	struct place *place = self;

	(void)reply;
	place->trial->calls[place->index] = NULL;
	place->trial->ended++;
}

static void begin(struct trial *t, int index)
{
	struct zg_http_request request = { .method = "POST", .url = zg_copy(t->url) };
	struct zg_http_options options = { .connect_ms = 5000, .total_ms = 15000, .most = 16 * 1024 * 1024 };

	zg_buffer_add_text(&request.body, "{}");
	places[index] = (struct place){ t, index };
	t->calls[index] = zg_http_send(t->loop, &request, &options, forget, &places[index]);
	t->begun++;
	zg_http_request_clear(&request);
}

static void cancel(struct trial *t, int index)
{
	int64_t begun = now_us();

	zg_http_cancel(t->calls[index]);
	t->calls[index] = NULL;
	t->cancelled++;
	int64_t took = now_us() - begun;

	if (took > t->slowest_cancel)
		t->slowest_cancel = took;
	t->slow += took > SLOWEST_MS * 1000;
}

static void step(struct trial *t)
{
	int64_t begun = now_us();

	zg_loop_step(t->loop, 0);
	int64_t took = now_us() - begun;

	if (t->count < TIMES_MOST)
		t->times[t->count++] = took;
	t->slow += took > SLOWEST_MS * 1000;
	nanosleep(&(struct timespec){ 0, 200000 }, NULL);
}

static int by_size(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void play(struct trial *t, const struct scene *scene, long ms)
{
	struct web web = { 0 };
	int held[3] = { -1, -1, -1 };

	if (scene->serve)
		web_begin(&web, scene->serve, NULL, NULL, NULL, NULL);
	t->url = scene->serve || scene->is_full ? zg_print("http://127.0.0.1:%d/", scene->serve ? web.port : web_full(held)) : zg_copy("https://hangs.test/");
	t->loop = zg_loop_new(&zg_real_clock);
	t->begun = t->ended = t->cancelled = t->slow = 0;
	t->count = 0;
	t->slowest_cancel = 0;
	begin(t, 0);    /* loads the library: paid once, at the first request */
	zg_loop_step(t->loop, 0);
	/* on a busy machine the first one may take longer than the scene */
	for (int64_t end = now_us() + ms * 1000, last = end + PATIENCE_US; now_us() < end || (scene->ends && t->ended == 0 && now_us() < last);) {
		for (int i = 0; i < FEW; i++)
			if (!t->calls[i])
				begin(t, i);
		for (int i = 0; i < 100; i++)
			step(t);
		if (!scene->ends)
			cancel(t, t->cancelled % FEW);
	}
	for (int i = 0; i < FEW; i++)
		if (t->calls[i])
			cancel(t, i);
	zg_loop_free(t->loop);
	qsort(t->times, t->count, sizeof(t->times[0]), by_size);
	printf("figure: %s: %zu steps, p99 %.2f ms, longest %.1f ms; longest cancelling %.1f ms; %d sent, %d ended\n", scene->name, t->count,
	       (double)t->times[t->count * 99 / 100] / 1000, (double)t->times[t->count - 1] / 1000, (double)t->slowest_cancel / 1000, t->begun, t->ended);
	tally_check(&t->tally, t->slow == 0, "%s: %d steps or cancellings took more than %d ms", scene->name, t->slow, SLOWEST_MS);
	/* the scene is what it says */
	tally_check(&t->tally, scene->ends ? t->ended > 0 : t->ended == 0 && t->cancelled > 0, "%s: %d requests ended", scene->name, t->ended);
	if (scene->serve)
		web_end(&web);
	for (int i = 0; i < 3; i++)
		if (held[i] >= 0)
			close(held[i]);
	free(t->url);
}

int main(void)
{
	struct trial t = { .times = zg_alloc(TIMES_MOST, sizeof(int64_t)) };
	long ms = tally_setting("ZG_COUNT", 400), seed = tally_setting("ZG_SEED", 14);

	setlocale(LC_ALL, "C.UTF-8");
	resolver_hangs_ms = 1000;
	printf("seed: %ld (nothing here hangs on chance)\n", seed);
	for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++)
		play(&t, &scenes[i], ms);
	tally_check(&t.tally, resolver_hung > 0, "no name was looked up");
	free(t.times);
	return tally_end(&t.tally);
}
