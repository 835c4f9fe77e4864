/*
 * The one wait of the program: keys, serial bytes, HTTP, timers, signals and children all come through here.
 *
 * Every callback runs inside zg_loop_step, one at a time, does a little and returns: never more than
 * 2 ms; longer work is cut into slices (zg_idle_add). Callbacks may add and remove anything, themselves
 * included; what was removed is not called any more. Nothing here may be called from two threads.
 */
#ifndef ZG_IO_LOOP_H
#define ZG_IO_LOOP_H

#include "src/base/clock.h"
#include "src/base/result.h"

#include <stdbool.h>
#include <stdint.h>

#define ZG_LOOP_IN     0x1u    /* there is something to read */
#define ZG_LOOP_OUT    0x2u    /* there is room to write */
#define ZG_LOOP_HANGUP 0x4u    /* the other side is gone; told without being asked for */
#define ZG_LOOP_ERROR  0x8u    /* the same for errors */

struct zg_loop;
struct zg_watch;

typedef void zg_watch_call(void *self, int fd, unsigned events);
typedef void zg_timer_call(void *self);
typedef bool zg_idle_call(void *self);               /* one slice of at most 2 ms; true: there is more to do */
typedef void zg_signal_call(void *self, int number);
typedef void zg_loop_call(void *self);

/*
 * The clock is borrowed, counts the timers, and must outlive the loop. From here on SIGPIPE is ignored.
 * A loop must be empty of watches that others own when it is freed; timers and idle work just end.
 */
struct zg_loop *zg_loop_new(const struct zg_clock *clock);
void zg_loop_free(struct zg_loop *loop);

/* Borrowed; for those who were handed only the loop. */
const struct zg_clock *zg_loop_clock(const struct zg_loop *loop);
int64_t zg_loop_running(const struct zg_loop *loop);    /* the running clock, ms */

/* How many times faster than real time its clock runs; waits are shortened by it. */
int zg_loop_pace(const struct zg_loop *loop);

/*
 * Waits for events until the next timer, at most max_wait_ms (real time; 0: looks and does not wait),
 * calls whom they concern, then the hook `after`. False once zg_loop_stop was called.
 */
bool zg_loop_step(struct zg_loop *loop, int max_wait_ms);
void zg_loop_run(struct zg_loop *loop);     /* steps until zg_loop_stop */
void zg_loop_stop(struct zg_loop *loop);    /* for good: later steps return false at once */

/*
 * Called once at the end of every step that called somebody: here the screen is drawn. One hook; NULL takes it away.
 * What it adds is seen by the next step.
 */
void zg_loop_after(struct zg_loop *loop, zg_loop_call *call, void *self);

/*
 * The curl multi handle (CURLM *) that waits with the loop; made at its first use (src/io/curl.h), freed with the loop.
 * NULL: libcurl cannot be loaded, err says so.
 */
void *zg_loop_curl(struct zg_loop *loop, struct zg_error *err);
/* Called after each run of curl's transfers, to read curl_multi_info_read. One hook. */
void zg_loop_curl_after(struct zg_loop *loop, zg_loop_call *call, void *self);

/*
 * Watches a descriptor, which stays the caller's: take the watch out before closing it. events: ZG_LOOP_IN, ZG_LOOP_OUT,
 * both, or 0 to sleep: then nothing is told, not even that the other side is gone.
 * A callback that is told HANGUP or ERROR must remove its watch, or the loop spins.
 */
struct zg_watch *zg_watch_add(struct zg_loop *loop, int fd, unsigned events, zg_watch_call *call, void *self);
void zg_watch_set(struct zg_watch *watch, unsigned events);
/* Quiet: its callback changes nothing that is shown, so the hook `after` is not called for its sake. Watches begin loud. */
void zg_watch_set_quiet(struct zg_watch *watch, bool is_quiet);
void zg_watch_remove(struct zg_watch *watch);    /* NULL is allowed */

/*
 * One shot, delay_ms of the running clock from now. Timers due at the same time are called in the order they were
 * added. A timer added by a callback is called in a later step at the earliest.
 * The number names the timer and is never 0 nor used again; removing one that has been called, or 0, does nothing.
 */
uint64_t zg_timer_add(struct zg_loop *loop, int64_t delay_ms, zg_timer_call *call, void *self);
void zg_timer_remove(struct zg_loop *loop, uint64_t timer);

/*
 * Calls one slice a step, after the events, until it returns false; several pieces of work take turns. Numbers as above.
 * The hook `after` follows idle slices at most every 50 ms, and the last one.
 */
uint64_t zg_idle_add(struct zg_loop *loop, zg_idle_call *call, void *self);
void zg_idle_remove(struct zg_loop *loop, uint64_t idle);

/*
 * Tells of a signal (SIGTERM, SIGINT, SIGHUP, SIGWINCH, SIGCHLD): it is blocked in the process and
 * called from the loop instead, until the loop is freed. Several may listen to one.
 */
uint64_t zg_signal_add(struct zg_loop *loop, int number, zg_signal_call *call, void *self);
void zg_signal_remove(struct zg_loop *loop, uint64_t signal);
#endif
