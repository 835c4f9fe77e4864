/*
 * The print queue: takes the jobs out of the books, one at a time and pulses for the drawer first, lays
 * the slip out, and sends it over the link. Selling never waits for it.
 *
 * A job's state is written before its first byte leaves. A slip that was cut off, or that the printer did not confirm
 * in time, is "unknown" and is not sent again by itself; one of which nothing left the till goes back into the queue.
 * A printer that confirms nothing is sent the next slip as soon as the last has left; but if it then goes away sooner than
 * paper comes out of it, the slips that may still have been inside become unknown.
 * A printer that is absent, mute, or out of paper makes the queue wait, and shows. A pulse that cannot go
 * out within ZG_QUEUE_PULSE_MS is dropped: no drawer springs open an hour later. Books that cannot be read make the queue
 * wait as well, and show; pulses that grew too old meanwhile are dropped.
 */
#ifndef ZG_TILL_QUEUE_H
#define ZG_TILL_QUEUE_H

#include "src/base/clock.h"
#include "src/base/log.h"
#include "src/base/result.h"
#include "src/io/loop.h"
#include "src/io/printer.h"
#include "src/store/store.h"
#include "src/till/config.h"
#include "src/till/till.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ZG_QUEUE_PULSE_MS   5000     /* how old a pulse may grow */
#define ZG_QUEUE_ANSWER_MS  500      /* a status question's limit */
#define ZG_QUEUE_POLL_MS    5000     /* between two looks at the printer's status when there is nothing to print */
#define ZG_QUEUE_AGAIN_MS   2000     /* the same while a slip waits */
#define ZG_QUEUE_STALL_MS   5000     /* bytes that do not move for so long make the lamp say so */
#define ZG_QUEUE_CONFIRM_MS 10000    /* for the printer to confirm a slip, and ZG_QUEUE_ROW_MS more for each row of it */
#define ZG_QUEUE_ROW_MS     150
#define ZG_QUEUE_PAPER_MS   2000     /* for a slip that has left to come out, and ZG_QUEUE_ROW_MS more for each row of it */

struct zg_queue;

/* All but the directories is borrowed for as long as the queue; drivers ends with NULL; log may be NULL. */
struct zg_queue_parts {
	struct zg_store *store;
	struct zg_loop *loop;
	const struct zg_clock *clock;
	struct zg_log *log;
	const struct zg_printer_driver *const *drivers;
	const struct zg_config *config;
	const char *const *directories;    /* with printers/ and receipts/, the shop's own first */
	size_t directory_count;
};

/*
 * Marks what a former run left under way (zg_jobs_restart), then begins; while the books do not take that, nothing is sent.
 * No transaction may be open. Never NULL.
 */
struct zg_queue *zg_queue_new(const struct zg_queue_parts *parts);
/* What is being sent becomes unknown, what waits stays queued until the next start says what became of it. NULL is allowed. */
void zg_queue_free(struct zg_queue *queue);

/* There may be new jobs, or one was set aside. Call after each commit that touched jobs; does its work later, in the loop. */
void zg_queue_wake(struct zg_queue *queue);
/* Tries to reach the printer now, without the back-off. */
void zg_queue_retry(struct zg_queue *queue);
/* The config has changed: printer, drawer and language are taken from it afresh. */
void zg_queue_configure(struct zg_queue *queue);

/* True when nothing more will happen by itself: no job is queued or under way. */
bool zg_queue_idle(const struct zg_queue *queue);
/* Fills printer, paper, drawer, queued and unprinted. */
void zg_queue_show(const struct zg_queue *queue, struct zg_till_state *state);
/* Why slips wait, a sentence with what to do; "" when they do not. Borrowed until the loop's next event. */
const char *zg_queue_problem(const struct zg_queue *queue);
/* The flags that the printer last told, ZG_PRINTER_...; *known says which of them it spoke of. */
unsigned zg_queue_flags(const struct zg_queue *queue, unsigned *known);
/* NULL: no printer is set up, or its profile cannot be read. */
const struct zg_printer_profile *zg_queue_profile(const struct zg_queue *queue);
#endif
