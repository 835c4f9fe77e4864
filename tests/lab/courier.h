/*
 * Carries the till's requests to the gateways of contrib/sim by hand, in one process and by a clock that stands still until the experiment
 * moves it: so every millisecond of a race can be played, and the same schedule is the same each time. It takes the place of src/io/http.h
 * (the program is linked with --wrap of zg_http_send, zg_http_cancel and zg_timer_add); what the wire does to answers is done here.
 *
 * One at a time in a process.
 */
#ifndef ZG_TESTS_LAB_COURIER_H
#define ZG_TESTS_LAB_COURIER_H

#include "contrib/sim/gate.h"

#include "src/io/http.h"

#define COURIER_SHOPS 4

struct courier {
	struct gate *gate;
	struct gate_shop *keys;
	struct zg_clock clock;               /* for the shops; both its hands move together */
	int64_t begun_at;                    /* the wall clock at 0 of the running clock */
	int64_t now_ms;                      /* of the running clock */
	int64_t up_ms, down_ms;              /* how long a request, and an answer, is on its way */
	struct zg_loop *loops[COURIER_SHOPS];
	int loop_count;
	long requests;
	long broken;                         /* requests that the gateways refused by one of their rules: faults of the till's */
	char rule[200];                      /* the first of those */
	/* the running clock when the gateways acted on the last of them; the experiment sets them to 0 */
	int64_t queried_ms;                  /* the last query before the first cancelling */
	int64_t cancelled_ms;                /* the first cancelling or closing */
	/* Called before the first byte of a request leaves; may be NULL. */
	void (*leaving)(void *self, const struct zg_http_request *request);
	void *self;
};

/* dir is made and filled with keys of both sides. Ends the program when it cannot. */
void courier_open(struct courier *courier, const char *dir, uint64_t seed);
void courier_close(struct courier *courier);
/* Gateways as new, with the same keys: nothing is under way, no shop is known, and the clock goes on. */
void courier_again(struct courier *courier, uint64_t seed);
/* The piece of zhanggui.conf that leads here. The caller frees it. */
char *courier_settings(const char *dir);

/* A line of the gateways' control language; false: not understood. The answer without its last line end, when `answer` is not NULL. */
bool courier_obey(struct courier *courier, const char *line, char *answer, size_t size);
/* Everything happens that is due by then, each at its own millisecond; the clock stands there afterwards. */
void courier_go(struct courier *courier, int64_t until_ms);
/* To the next thing that is due, and no further than until_ms. */
void courier_next(struct courier *courier, int64_t until_ms);
#endif
