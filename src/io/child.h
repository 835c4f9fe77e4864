/*
 * Work that would hold up the loop, done in a forked child that answers over a pipe.
 *
 * The child starts as a copy of us, with our memory but without our descriptors: only standard input,
 * output and error and the pipe stay open, so that it keeps no lock, socket or port alive. It ends with
 * _exit, and dies with us. It must not touch the screen, nor any database: not even with a connection of its own, for
 * SQLite's record of which file this process has locked came along in the memory, and the locks did not
 * (https://www.sqlite.org/howtocorrupt.html, 2.6). Who needs the books runs a program, which begins with a clean memory.
 */
#ifndef ZG_IO_CHILD_H
#define ZG_IO_CHILD_H

#include "src/base/result.h"
#include "src/io/loop.h"

#include <stdbool.h>
#include <stddef.h>

#define ZG_CHILD_ANSWER (64 * 1024)    /* the most bytes of an answer; a child that says more has failed */

struct zg_child;

/* Runs in the child; writes its answer to `out`. The result is its exit code: 0 is well. */
typedef int zg_child_work(void *self, int out);
/*
 * Runs in the loop, once. ok: it ended by itself with 0 and in time; bytes is its answer, borrowed for the call.
 * Not ok: it gave another exit code, and bytes is what it said; or it could not be started, crashed, or was killed at
 * its time limit, and length is 0.
 */
typedef void zg_child_done(void *self, bool ok, const char *bytes, size_t length);

/*
 * Starts the work; limit_ms is real time, whatever the loop's pace. Never NULL, and `done` is never called before this returns.
 * The handle ends with the call of done.
 */
struct zg_child *zg_child_start(struct zg_loop *loop, zg_child_work *work, void *work_self, int64_t limit_ms,
				zg_child_done *done, void *done_self);
/*
 * The same with a program: words[0] is its path, NULL ends them. It reads nothing, its standard output is the answer, and what
 * it says on standard error is lost. A program that is not there gives exit code 127. It yields to the till (nice 10).
 */
struct zg_child *zg_child_run(struct zg_loop *loop, const char *const *words, int64_t limit_ms, zg_child_done *done,
			      void *done_self);
/* Kills it; done will not be called. NULL is allowed. */
void zg_child_cancel(struct zg_child *child);

/* For those who fork by themselves: closes every descriptor from this one on. */
void zg_child_close_from(int first);
#endif
