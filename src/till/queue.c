#include "src/till/queue.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/till/queue_private.h"

#include <stdlib.h>
#include <string.h>

static void count(struct zg_queue *queue)
{
	(void)zg_jobs_count(queue->parts.store, &queue->queued, &queue->unprinted, NULL);    /* lamps; the next count is right */
}

/* ---- pulses ---- */

/* By the clock on the wall: it is all that a row tells. One that was set back makes a pulse late rather than young. */
static bool is_late(const struct zg_queue *queue, const struct zg_job *job)
{
	int64_t age_ms = zg_clock_now(queue->parts.clock) - job->queued_at;

	return age_ms < 0 || age_ms >= ZG_QUEUE_PULSE_MS;
}

/* The pulses that wait, or only the late ones among them. False: the books did not give or take it; it is to be tried again. */
static bool drop_pulses(struct zg_queue *queue, bool only_late)
{
	struct zg_job job;
	enum zg_result result;

	while ((result = zg_jobs_next(queue->parts.store, &job, NULL, NULL)) == ZG_OK && !strcmp(job.kind, "drawer") &&
	       (!only_late || is_late(queue, &job))) {
		if (!zg_queue_set_state(queue, job.id, ZG_JOB_DROPPED, _("The printer was not ready in time, so the drawer was not opened. Open "
								"it with its key.")))
			return false;
		queue->has_dropped_pulse = true;
		zg_log_say(queue->parts.log, "printer: the drawer was not opened for job %lld", (long long)job.id);
	}
	return result == ZG_OK || result == ZG_NOT_FOUND;
}

static void pulses_are_late(void *self)
{
	struct zg_queue *queue = self;

	queue->pulse_timer = 0;
	queue->may_be_late = !drop_pulses(queue, false);
	zg_queue_wake(queue);
}

/* ---- what comes next ---- */

static void say(struct zg_queue *queue, const char *problem)
{
	size_t length = strlen(problem);

	if (length >= sizeof(queue->problem))
		length = sizeof(queue->problem) - 1;
	memmove(queue->problem, problem, length);
	queue->problem[length] = '\0';
}

/* A pulse waits only so long. */
static void watch_pulse(struct zg_queue *queue, bool is_waiting)
{
	if (is_waiting && !queue->pulse_timer)
		queue->pulse_timer = zg_timer_add(queue->parts.loop, ZG_QUEUE_PULSE_MS, pulses_are_late, queue);
	if (!is_waiting) {
		zg_timer_remove(queue->parts.loop, queue->pulse_timer);
		queue->pulse_timer = 0;
	}
}

/* True: the printer can take a slip now. Else it is said why not, and what ends that leads back here. */
static bool can_print(struct zg_queue *queue)
{
	if (!zg_queue_can_ask(queue))
		return true;
	if (!zg_queue_is_checked(queue)) {
		if (queue->silent > 0)
			say(queue, zg_queue_hindrance(queue));    /* the poll asks again, in its time */
		else
			zg_queue_ask(queue);
		return false;
	}
	const char *hindrance = zg_queue_hindrance(queue);

	if (hindrance) {
		say(queue, hindrance);
		zg_queue_poll_later(queue);
	}
	return !hindrance;
}

/* One job is in hand at most; a job that cannot begin stays where it is. */
static void begin(struct zg_queue *queue, const struct zg_job *job, const char *document)
{
	bool is_pulse = !strcmp(job->kind, "drawer");

	if (!queue->parts.config->link[0]) {
		if (zg_queue_set_state(queue, job->id, ZG_JOB_DROPPED, _("No printer is set up.")))
			zg_queue_wake(queue);
	} else if (!queue->link) {
		say(queue, queue->setup_problem);
	} else if (!zg_queue_is_ready(queue)) {
		say(queue, zg_link_problem(queue->link));
	} else if (is_pulse && zg_queue_can_ask(queue) && queue->silent > 0) {
		say(queue, zg_queue_hindrance(queue));    /* it may be in its buffer for an hour: better none */
	} else if (is_pulse) {
		queue->job = *job;
		zg_queue_begin_pulse(queue);
	} else if (can_print(queue) && queue->step == ZG_QUEUE_REST) {
		queue->job = *job;
		zg_queue_begin_slip(queue, document);
	}
}

/* ---- the last run ---- */

static enum zg_result restart(struct zg_queue *queue, struct zg_error *err)
{
	struct zg_store *store = queue->parts.store;
	int changed = 0;
	enum zg_result result = zg_store_begin(store, ZG_SYNC_NORMAL, err);

	if (result != ZG_OK)
		return result;
	result = zg_jobs_restart(store, &changed, err);
	if (result == ZG_OK)
		result = zg_store_commit(store, err);
	else
		zg_store_rollback(store);
	if (result == ZG_OK && changed > 0)
		zg_log_say(queue->parts.log, "printer: %d slips of the last run may not be on paper", changed);
	return result;
}

/* ---- one look ---- */

/*
 * The books as they are now. What the last run left under way must be set right before anything is sent: its pulses and slips
 * would come out late, and perhaps twice. And whatever waited while nothing could be read may have waited too long.
 */
static enum zg_result look(struct zg_queue *queue, struct zg_job *job, char **document)
{
	struct zg_error err = { 0 };
	enum zg_result result = queue->is_behind ? restart(queue, &err) : ZG_OK;

	queue->is_behind = result != ZG_OK;
	if (result == ZG_OK && queue->may_be_late && !drop_pulses(queue, true))
		result = zg_fail(&err, ZG_BROKEN, "a late pulse is not dropped");
	if (result == ZG_OK)
		result = zg_jobs_next(queue->parts.store, job, document, &err);
	bool is_unread = result != ZG_OK && result != ZG_NOT_FOUND;

	if (is_unread && !queue->may_be_late)
		zg_log_say(queue->parts.log, "printer: the jobs cannot be read: %s", err.text);
	queue->may_be_late = is_unread;
	return result;
}

void zg_queue_go_on(struct zg_queue *queue)
{
	struct zg_job job;
	char *document = NULL;
	enum zg_result result = look(queue, &job, &document);
	bool is_pulse = result == ZG_OK && !strcmp(job.kind, "drawer");

	queue->has_next = result != ZG_NOT_FOUND;
	queue->problem[0] = '\0';
	zg_queue_settle_ends(queue);    /* what the books did not take is tried with each look */
	zg_queue_paper_settle(queue);
	count(queue);
	watch_pulse(queue, is_pulse);
	if (result == ZG_OK && queue->step == ZG_QUEUE_REST) {
		begin(queue, &job, document);
	} else if (is_pulse && queue->step == ZG_QUEUE_CONFIRMING) {
		zg_queue_overtake(queue, &job);
	} else if (result != ZG_OK && result != ZG_NOT_FOUND) {
		say(queue, _("What is to be printed cannot be read now. The till tries again by itself; if that does not help, start it again."));
		zg_queue_try_later(queue);
	}
	free(document);
}

/* ---- the link ---- */

static void link_state(void *self, enum zg_link_state state)
{
	struct zg_queue *queue = self;
	struct zg_buffer bytes = { 0 };

	zg_queue_forget(queue);
	queue->owed = 0;
	queue->late_id = 0;
	if (state != ZG_LINK_READY) {
		zg_log_say(queue->parts.log, "printer: %s", zg_link_problem(queue->link));
		zg_queue_lost(queue);
		zg_queue_paper_lost(queue);
		zg_queue_go_on(queue);
		return;
	}
	zg_log_say(queue->parts.log, "printer: connected");
	queue->driver->init(&queue->profile, queue->is_broken, &bytes);
	queue->driver->ask(&queue->profile, ZG_ASK_REPORTS, &bytes);
	queue->is_broken = false;
	if (bytes.length > 0)
		(void)zg_link_send(queue->link, bytes.bytes, bytes.length, NULL);    /* gone again: its state says so next */
	zg_buffer_clear(&bytes);
	zg_queue_ask(queue);
	zg_queue_poll_later(queue);
	zg_queue_go_on(queue);
}

static void link_bytes(void *self, const char *bytes, size_t length)
{
	zg_queue_hear(self, bytes, length);
	zg_queue_paper_alive(self);
}

static void link_drained(void *self)
{
	struct zg_queue *queue = self;

	if (queue->step == ZG_QUEUE_SENDING && zg_queue_is_ready(queue) && zg_link_queued(queue->link) == 0)
		zg_queue_sent_out(queue);
}

static const struct zg_link_events events = { .state = link_state, .bytes = link_bytes, .drained = link_drained };

/* ---- public ---- */

static void begin_after_stop(struct zg_queue *queue)
{
	struct zg_error err = { 0 };
	size_t waiting = 0, unprinted = 0;

	queue->is_behind = restart(queue, &err) != ZG_OK;
	if (queue->is_behind)
		zg_log_say(queue->parts.log, "printer: jobs under way at the last stop: %s", err.text);
	/*
	 * The printer may still wait for the rest of a picture, and would take the next slip for it. Not only this stop
	 * counts: the one before may have come before we had a line to the printer.
	 */
	queue->is_broken = queue->is_behind || zg_jobs_count(queue->parts.store, &waiting, &unprinted, NULL) != ZG_OK || unprinted > 0;
}

struct zg_queue *zg_queue_new(const struct zg_queue_parts *parts)
{
	struct zg_queue *queue = zg_alloc(1, sizeof(*queue));
	char **directories = zg_alloc(parts->directory_count + 1, sizeof(*directories));

	queue->parts = *parts;
	for (size_t i = 0; i < parts->directory_count; i++)
		directories[i] = zg_copy(parts->directories[i]);
	queue->parts.directories = (const char *const *)directories;
	queue->gbk = zg_gbk_new();
	queue->checked_ms = -1;
	queue->has_next = true;
	begin_after_stop(queue);
	zg_queue_set_up(queue, &events);
	zg_queue_wake(queue);
	return queue;
}

/* What is in hand cannot be followed any further. */
static void abandon(struct zg_queue *queue)
{
	if (queue->step != ZG_QUEUE_REST) {
		zg_queue_let_go(queue);
		zg_queue_end_job(queue, queue->job.id, ZG_JOB_UNKNOWN, _("The till stopped before this was printed for sure. Look at the paper; if it "
									"is not there, print it again."));
	}
	zg_link_close(queue->link);
	queue->link = NULL;
	zg_queue_forget(queue);
	zg_queue_paper_forget(queue);
	queue->owed = 0;
	queue->late_id = 0;
}

void zg_queue_free(struct zg_queue *queue)
{
	if (!queue)
		return;
	abandon(queue);
	zg_timer_remove(queue->parts.loop, queue->wake_timer);
	zg_timer_remove(queue->parts.loop, queue->poll_timer);
	zg_timer_remove(queue->parts.loop, queue->pulse_timer);
	zg_gbk_free(queue->gbk);
	free(queue->ends);
	zg_buffer_clear(&queue->in);
	for (size_t i = 0; i < queue->parts.directory_count; i++)
		free((void *)(uintptr_t)queue->parts.directories[i]);
	free((void *)(uintptr_t)queue->parts.directories);
	free(queue);
}

static void wake(void *self)
{
	struct zg_queue *queue = self;

	queue->wake_timer = 0;
	if (queue->step != ZG_QUEUE_REST && zg_queue_is_set_aside(queue)) {
		bool was_sending = queue->step == ZG_QUEUE_SENDING;

		zg_queue_let_go(queue);
		if (was_sending) {
			queue->is_broken = true;    /* the printer may wait for the rest of a picture */
			zg_queue_reopen(queue);
		}
	}
	zg_queue_go_on(queue);
}

void zg_queue_wake(struct zg_queue *queue)
{
	queue->has_next = true;    /* until the loop has looked */
	zg_timer_remove(queue->parts.loop, queue->wake_timer);
	queue->wake_timer = zg_timer_add(queue->parts.loop, 0, wake, queue);
}

void zg_queue_retry(struct zg_queue *queue)
{
	if (!queue->link)
		zg_queue_set_up(queue, &events);
	else if (!zg_queue_is_ready(queue))
		zg_link_reopen(queue->link);
	else
		zg_queue_ask(queue);
	zg_queue_wake(queue);
}

void zg_queue_configure(struct zg_queue *queue)
{
	const struct zg_config *now = queue->parts.config, *used = &queue->used;

	if (strcmp(now->link, used->link) != 0 || strcmp(now->profile, used->profile) != 0 || now->has_drawer != used->has_drawer
	    || now->drawer_pin != used->drawer_pin || now->drawer_on_ms != used->drawer_on_ms) {
		abandon(queue);
		zg_queue_set_up(queue, &events);
	}
	zg_queue_wake(queue);
}

bool zg_queue_idle(const struct zg_queue *queue)
{
	return queue->step == ZG_QUEUE_REST && !queue->has_next && queue->end_count == 0;
}

void zg_queue_show(const struct zg_queue *queue, struct zg_till_state *state)
{
	bool is_down = !zg_queue_is_ready(queue) || queue->silent > 1 || (queue->flags & (ZG_PRINTER_CUTTER | ZG_PRINTER_FAULT));
	bool needs_look = queue->is_stalled || queue->may_be_late || queue->silent > 0 || zg_queue_hindrance(queue);
	bool has_drawer = queue->driver && queue->profile.drawer_pin != 0;

	state->queued = queue->queued;
	state->unprinted = queue->unprinted;
	state->printer = state->paper = state->drawer = ZG_LAMP_ABSENT;
	if (!queue->parts.config->link[0])
		return;
	state->printer = is_down ? ZG_LAMP_DOWN : needs_look ? ZG_LAMP_LOOK : ZG_LAMP_WELL;
	if (queue->known & ZG_PRINTER_PAPER_OUT)
		state->paper = queue->flags & ZG_PRINTER_PAPER_OUT ? ZG_LAMP_DOWN
			       : queue->flags & ZG_PRINTER_PAPER_LOW ? ZG_LAMP_LOOK : ZG_LAMP_WELL;
	if (has_drawer)
		state->drawer = !zg_queue_is_ready(queue) ? ZG_LAMP_DOWN : queue->has_dropped_pulse ? ZG_LAMP_LOOK : ZG_LAMP_WELL;
}

const char *zg_queue_problem(const struct zg_queue *queue)
{
	if (queue->problem[0])
		return queue->problem;
	if (queue->is_stalled)
		return _("The printer does not take the slip. Look at its paper and its cover.");
	if (queue->step == ZG_QUEUE_CONFIRMING && zg_queue_hindrance(queue))
		return zg_queue_hindrance(queue);
	if (queue->setup_problem[0])
		return queue->setup_problem;
	return queue->link && !zg_queue_is_ready(queue) ? zg_link_problem(queue->link) : "";
}

unsigned zg_queue_flags(const struct zg_queue *queue, unsigned *known)
{
	*known = queue->known;
	return queue->flags;
}

const struct zg_printer_profile *zg_queue_profile(const struct zg_queue *queue)
{
	return queue->driver ? &queue->profile : NULL;
}
