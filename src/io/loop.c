#include "src/io/loop.h"

#include "src/base/alloc.h"
#include "src/io/curl.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define LONGEST_WAIT_MS 60000
#define DRAW_EVERY_MS   50       /* while only idle work goes on */

struct zg_watch {
	struct zg_loop *loop;
	int fd;
	unsigned events;
	bool is_quiet;           /* the screen need not follow */
	bool is_removed;         /* freed when no callback can be on the stack any more */
	zg_watch_call *call;
	void *self;
};

struct timer {
	uint64_t id;
	int64_t due_ms;
	zg_timer_call *call;
	void *self;
};

struct idle {
	uint64_t id;
	zg_idle_call *call;
	void *self;
};

struct listener {
	uint64_t id;
	int number;              /* 0: removed */
	zg_signal_call *call;
	void *self;
};

struct zg_loop {
	const struct zg_clock *clock;
	bool is_stopped, is_stepping;
	uint64_t last_id;
	const struct zg_curl *network;    /* NULL until somebody asks for it */
	CURLM *curl;
	int transfers;           /* that were under way after curl's last run */
	zg_loop_call *after, *curl_after;
	void *after_self, *curl_after_self;
	int64_t idle_drawn_ms;   /* when the hook last ran */

	struct zg_watch **watches;
	size_t watch_count, watch_room;
	struct timer *timers;    /* by due_ms, then id */
	size_t timer_count, timer_room;
	struct idle *idles;
	size_t idle_count, idle_room, idle_next;
	struct listener *listeners;
	size_t listener_count, listener_room;

	struct curl_waitfd *waits;    /* scratch of one step, watch_room each */
	struct pollfd *polls;
	struct zg_watch **polled;

	int signal_fd;           /* -1: nobody listens */
	struct zg_watch *signal_watch;
	sigset_t signals, old_mask;
};

static void free_removed(struct zg_loop *loop)
{
	size_t kept = 0;

	for (size_t i = 0; i < loop->watch_count; i++) {
		if (loop->watches[i]->is_removed)
			free(loop->watches[i]);
		else
			loop->watches[kept++] = loop->watches[i];
	}
	loop->watch_count = kept;
	kept = 0;
	for (size_t i = 0; i < loop->listener_count; i++)
		if (loop->listeners[i].number)
			loop->listeners[kept++] = loop->listeners[i];
	loop->listener_count = kept;
}

/* Real milliseconds until something must be done even if nothing happens. */
static int wait_ms(const struct zg_loop *loop, int max_wait_ms)
{
	int64_t wait = max_wait_ms;

	if (loop->idle_count)
		return 0;
	if (loop->timer_count) {
		int64_t left = zg_clock_wait(loop->clock, loop->timers[0].due_ms - zg_loop_running(loop));

		if (left < wait)
			wait = left;
	}
	return (int)wait;
}

/*
 * Waits in poll, or, once the network is used, in curl_multi_poll; then the descriptors themselves are asked, for
 * curl tells a hang-up only as readable and writable. Returns how many were polled.
 */
static size_t wait_for_events(struct zg_loop *loop, int max_wait_ms)
{
	unsigned count = 0;
	int ready = 0;

	for (size_t i = 0; i < loop->watch_count; i++) {
		struct zg_watch *watch = loop->watches[i];

		if (!watch->events)
			continue;
		loop->polled[count] = watch;
		loop->waits[count] = (struct curl_waitfd){
			.fd = watch->fd,
			.events = (short)((watch->events & ZG_LOOP_IN ? CURL_WAIT_POLLIN : 0) |
					  (watch->events & ZG_LOOP_OUT ? CURL_WAIT_POLLOUT : 0)),
		};
		loop->polls[count++] = (struct pollfd){
			.fd = watch->fd,
			.events = (short)((watch->events & ZG_LOOP_IN ? POLLIN : 0) |
					  (watch->events & ZG_LOOP_OUT ? POLLOUT : 0)),
		};
	}
	if (loop->network)
		(void)loop->network->multi_poll(loop->curl, loop->waits, count, wait_ms(loop, max_wait_ms), &ready);
	/* A failure leaves revents alone, that is zero: the next step asks again. */
	(void)poll(loop->polls, count, loop->network ? 0 : wait_ms(loop, max_wait_ms));
	return count;
}

static bool call_watches(struct zg_loop *loop, size_t count)
{
	bool called = false;

	for (size_t i = 0; i < count && !loop->is_stopped; i++) {
		struct zg_watch *watch = loop->polled[i];
		short told = loop->polls[i].revents;
		unsigned events = (told & POLLIN ? ZG_LOOP_IN : 0) | (told & POLLOUT ? ZG_LOOP_OUT : 0);

		if (watch->is_removed || !watch->events)
			continue;
		events &= watch->events;
		events |= (told & POLLHUP ? ZG_LOOP_HANGUP : 0) | (told & (POLLERR | POLLNVAL) ? ZG_LOOP_ERROR : 0);
		if (!events)
			continue;
		called |= !watch->is_quiet;
		watch->call(watch->self, watch->fd, events);
	}
	return called;
}

static bool run_curl(struct zg_loop *loop)
{
	int before = loop->transfers;

	if (!loop->network)
		return false;
	(void)loop->network->multi_perform(loop->curl, &loop->transfers);
	if (loop->curl_after)
		loop->curl_after(loop->curl_after_self);
	return before != loop->transfers;
}

static bool call_timers(struct zg_loop *loop)
{
	int64_t now = zg_loop_running(loop);
	uint64_t newest = loop->last_id;
	bool called = false;

	while (loop->timer_count && !loop->is_stopped) {
		struct timer due = loop->timers[0];

		/* All that were added before this round and are due stand before those added in it. */
		if (due.due_ms > now || due.id > newest)
			break;
		zg_timer_remove(loop, due.id);
		due.call(due.self);
		called = true;
	}
	return called;
}

/* True when the screen should follow. */
static bool call_idle(struct zg_loop *loop)
{
	if (!loop->idle_count || loop->is_stopped)
		return false;
	if (loop->idle_next >= loop->idle_count)
		loop->idle_next = 0;
	struct idle idle = loop->idles[loop->idle_next++];

	if (!idle.call(idle.self)) {
		zg_idle_remove(loop, idle.id);
		return true;
	}
	return zg_loop_running(loop) - loop->idle_drawn_ms >= DRAW_EVERY_MS;
}

bool zg_loop_step(struct zg_loop *loop, int max_wait_ms)
{
	bool called;

	zg_assert(!loop->is_stepping);
	if (loop->is_stopped)
		return false;
	loop->is_stepping = true;
	size_t count = wait_for_events(loop, max_wait_ms);

	called = call_watches(loop, count);
	called |= run_curl(loop);
	called |= call_timers(loop);
	called |= call_idle(loop);
	if (called && loop->after) {
		loop->after(loop->after_self);
		loop->idle_drawn_ms = zg_loop_running(loop);
	}
	loop->is_stepping = false;
	free_removed(loop);
	return !loop->is_stopped;
}

void zg_loop_run(struct zg_loop *loop)
{
	while (zg_loop_step(loop, LONGEST_WAIT_MS))
		;
}

void zg_loop_stop(struct zg_loop *loop)
{
	loop->is_stopped = true;
}

struct zg_loop *zg_loop_new(const struct zg_clock *clock)
{
	struct zg_loop *loop = zg_alloc(1, sizeof(*loop));
	struct sigaction ignore = { .sa_handler = SIG_IGN };

	loop->clock = clock;
	loop->signal_fd = -1;
	sigemptyset(&loop->signals);
	sigprocmask(SIG_BLOCK, NULL, &loop->old_mask);
	sigaction(SIGPIPE, &ignore, NULL);
	return loop;
}

void zg_loop_free(struct zg_loop *loop)
{
	if (!loop)
		return;
	zg_assert(!loop->is_stepping);
	if (loop->signal_fd >= 0) {
		zg_watch_remove(loop->signal_watch);
		close(loop->signal_fd);
		sigprocmask(SIG_SETMASK, &loop->old_mask, NULL);
	}
	if (loop->network)
		(void)loop->network->multi_cleanup(loop->curl);
	for (size_t i = 0; i < loop->watch_count; i++)
		free(loop->watches[i]);
	free(loop->watches);
	free(loop->waits);
	free(loop->polls);
	free(loop->polled);
	free(loop->timers);
	free(loop->idles);
	free(loop->listeners);
	free(loop);
}

const struct zg_clock *zg_loop_clock(const struct zg_loop *loop)
{
	return loop->clock;
}

int64_t zg_loop_running(const struct zg_loop *loop)
{
	return zg_clock_running(loop->clock);
}

int zg_loop_pace(const struct zg_loop *loop)
{
	return zg_clock_pace(loop->clock);
}

void zg_loop_after(struct zg_loop *loop, zg_loop_call *call, void *self)
{
	loop->after = call;
	loop->after_self = self;
}

void *zg_loop_curl(struct zg_loop *loop, struct zg_error *err)
{
	if (loop->network)
		return loop->curl;
	loop->network = zg_curl_load(err);
	if (!loop->network)
		return NULL;
	loop->curl = loop->network->multi_init();
	if (!loop->curl)
		zg_out_of_memory();
	return loop->curl;
}

void zg_loop_curl_after(struct zg_loop *loop, zg_loop_call *call, void *self)
{
	loop->curl_after = call;
	loop->curl_after_self = self;
}

struct zg_watch *zg_watch_add(struct zg_loop *loop, int fd, unsigned events, zg_watch_call *call, void *self)
{
	struct zg_watch *watch = zg_alloc(1, sizeof(*watch));
	size_t room = loop->watch_room;

	*watch = (struct zg_watch){ .loop = loop, .fd = fd, .events = events, .call = call, .self = self };
	/* The scratch of a step under way moves with it: a callback may add watches. */
	loop->watches = zg_grow(loop->watches, loop->watch_count, &loop->watch_room, sizeof(struct zg_watch *));
	if (room != loop->watch_room) {
		loop->waits = zg_resize(loop->waits, loop->watch_room, sizeof(*loop->waits));
		loop->polls = zg_resize(loop->polls, loop->watch_room, sizeof(*loop->polls));
		loop->polled = zg_resize(loop->polled, loop->watch_room, sizeof(struct zg_watch *));
	}
	loop->watches[loop->watch_count++] = watch;
	return watch;
}

void zg_watch_set(struct zg_watch *watch, unsigned events)
{
	watch->events = events & (ZG_LOOP_IN | ZG_LOOP_OUT);
}

void zg_watch_set_quiet(struct zg_watch *watch, bool is_quiet)
{
	watch->is_quiet = is_quiet;
}

void zg_watch_remove(struct zg_watch *watch)
{
	if (!watch)
		return;
	watch->is_removed = true;
	watch->events = 0;
	if (!watch->loop->is_stepping)
		free_removed(watch->loop);
}

uint64_t zg_timer_add(struct zg_loop *loop, int64_t delay_ms, zg_timer_call *call, void *self)
{
	struct timer timer = { .id = ++loop->last_id, .call = call, .self = self };
	size_t at = loop->timer_count;

	timer.due_ms = zg_loop_running(loop) + (delay_ms > 0 ? delay_ms : 0);
	loop->timers = zg_grow(loop->timers, loop->timer_count, &loop->timer_room, sizeof(timer));
	while (at > 0 && loop->timers[at - 1].due_ms > timer.due_ms)
		at--;
	memmove(&loop->timers[at + 1], &loop->timers[at], (loop->timer_count - at) * sizeof(timer));
	loop->timers[at] = timer;
	loop->timer_count++;
	return timer.id;
}

void zg_timer_remove(struct zg_loop *loop, uint64_t timer)
{
	for (size_t i = 0; i < loop->timer_count; i++) {
		if (loop->timers[i].id != timer)
			continue;
		loop->timer_count--;
		memmove(&loop->timers[i], &loop->timers[i + 1], (loop->timer_count - i) * sizeof(struct timer));
		return;
	}
}

uint64_t zg_idle_add(struct zg_loop *loop, zg_idle_call *call, void *self)
{
	loop->idles = zg_grow(loop->idles, loop->idle_count, &loop->idle_room, sizeof(struct idle));
	loop->idles[loop->idle_count++] = (struct idle){ .id = ++loop->last_id, .call = call, .self = self };
	return loop->last_id;
}

void zg_idle_remove(struct zg_loop *loop, uint64_t idle)
{
	for (size_t i = 0; i < loop->idle_count; i++) {
		if (loop->idles[i].id != idle)
			continue;
		loop->idle_count--;
		memmove(&loop->idles[i], &loop->idles[i + 1], (loop->idle_count - i) * sizeof(struct idle));
		if (loop->idle_next > i)
			loop->idle_next--;
		return;
	}
}

static void read_signals(void *self, int fd, unsigned events)
{
	struct zg_loop *loop = self;
	struct signalfd_siginfo info;

	(void)events;
	while (read(fd, &info, sizeof(info)) == sizeof(info)) {
		size_t count = loop->listener_count;

		for (size_t i = 0; i < count; i++) {
			struct listener to = loop->listeners[i];

			if (to.number == (int)info.ssi_signo)
				to.call(to.self, to.number);
		}
	}
}

uint64_t zg_signal_add(struct zg_loop *loop, int number, zg_signal_call *call, void *self)
{
	sigaddset(&loop->signals, number);
	sigprocmask(SIG_BLOCK, &loop->signals, NULL);
	int fd = signalfd(loop->signal_fd, &loop->signals, SFD_NONBLOCK | SFD_CLOEXEC);

	zg_assert(fd >= 0);
	if (loop->signal_fd < 0) {
		loop->signal_fd = fd;
		loop->signal_watch = zg_watch_add(loop, fd, ZG_LOOP_IN, read_signals, loop);
	}
	loop->listeners = zg_grow(loop->listeners, loop->listener_count, &loop->listener_room, sizeof(struct listener));
	loop->listeners[loop->listener_count++] =
		(struct listener){ .id = ++loop->last_id, .number = number, .call = call, .self = self };
	return loop->last_id;
}

void zg_signal_remove(struct zg_loop *loop, uint64_t signal)
{
	/* The signal stays blocked: a SIGTERM that comes late must not end us in the middle of closing. */
	for (size_t i = 0; i < loop->listener_count; i++)
		if (loop->listeners[i].id == signal)
			loop->listeners[i].number = 0;
	if (!loop->is_stepping)
		free_removed(loop);
}
