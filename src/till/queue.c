#include "src/till/queue.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/till/queue_private.h"

#include <stdlib.h>
#include <string.h>

#define LOOK_MS 250      /* at a job in hand */
#define DISK_MS 5000     /* until the books are tried again after they refused a job's state */

static int64_t now_ms(const struct zg_queue *queue)
{
	return zg_clock_running(queue->parts.clock);
}

static bool is_ready(const struct zg_queue *queue)
{
	return queue->link && zg_link_state(queue->link) == ZG_LINK_READY;
}

/* ---- states in the books ---- */

static void count(struct zg_queue *queue)
{
	(void)zg_jobs_count(queue->parts.store, &queue->queued, &queue->unprinted, NULL);    /* lamps; the next count is right */
}

static void try_again(void *self)
{
	struct zg_queue *queue = self;

	queue->wake_timer = 0;
	zg_queue_go_on(queue);
}

/* One small transaction without a sync. note NULL: the job waits for its confirmation. */
static bool set_state(struct zg_queue *queue, int64_t id, enum zg_job_state state, const char *note)
{
	struct zg_store *store = queue->parts.store;
	struct zg_error err = { 0 };
	enum zg_result result = zg_store_begin(store, ZG_SYNC_NORMAL, &err);

	if (result == ZG_OK) {
		result = note ? zg_jobs_set(store, id, state, note, &err) : zg_jobs_await(store, id, &err);
		if (result == ZG_OK)
			result = zg_store_commit(store, &err);
		else
			zg_store_rollback(store);
	}
	if (result != ZG_OK) {
		zg_log_say(queue->parts.log, "printer: state of job %lld not kept: %s", (long long)id, err.text);
		if (!queue->wake_timer)
			queue->wake_timer = zg_timer_add(queue->parts.loop, DISK_MS, try_again, queue);
	}
	return result == ZG_OK;
}

/* The job in hand, as the books have it: a person may have set it aside. */
static bool is_set_aside(struct zg_queue *queue)
{
	struct zg_job job;

	return zg_jobs_find(queue->parts.store, queue->job.id, &job, NULL, NULL) == ZG_OK && job.state == ZG_JOB_DROPPED;
}

/* ---- the end of a job ---- */

static void let_go(struct zg_queue *queue)
{
	zg_timer_remove(queue->parts.loop, queue->job_timer);
	queue->job_timer = 0;
	queue->step = ZG_QUEUE_REST;
	queue->is_stalled = false;
	queue->is_pulse = false;
}

static void end(struct zg_queue *queue, enum zg_job_state state, const char *note)
{
	if (state != ZG_JOB_PRINTED && state != ZG_JOB_SENT)
		zg_log_say(queue->parts.log, "printer: job %lld (%s) is %s", (long long)queue->job.id, queue->job.kind,
			   zg_job_state_name(state));
	let_go(queue);
	set_state(queue, queue->job.id, state, note);
	zg_queue_wake(queue);
}

/* ---- pulses ---- */

static void drop_pulses(void *self)
{
	struct zg_queue *queue = self;
	struct zg_job job;

	queue->pulse_timer = 0;
	while (zg_jobs_next(queue->parts.store, &job, NULL, NULL) == ZG_OK && !strcmp(job.kind, "drawer")) {
		if (!set_state(queue, job.id, ZG_JOB_DROPPED, _("The printer was not ready in time, so the drawer was not opened. Open "
								"it with its key.")))
			break;
		queue->has_dropped_pulse = true;
		zg_log_say(queue->parts.log, "printer: the drawer was not opened for job %lld", (long long)job.id);
	}
	zg_queue_wake(queue);
}

static void look_at_job(void *self);

/* is_now: past what the printer has in its buffer. False: there is no drawer, or the link did not take it. */
static bool send_pulse(struct zg_queue *queue, bool is_now)
{
	struct zg_buffer bytes = { 0 };

	if (is_now)
		queue->driver->drawer_now(&queue->profile, &bytes);
	else
		queue->driver->drawer(&queue->profile, &bytes);
	bool is_sent = bytes.length > 0 && zg_link_send(queue->link, bytes.bytes, bytes.length, NULL) == ZG_OK;

	zg_buffer_clear(&bytes);
	return is_sent;
}

/* While the printer works on a slip that has left us, the pulse overtakes it. */
static void overtake(struct zg_queue *queue, const struct zg_job *pulse)
{
	if (!zg_queue_can_ask(queue) || !is_ready(queue) || zg_link_queued(queue->link) > 0)
		return;
	if (!set_state(queue, pulse->id, ZG_JOB_SENDING, ""))
		return;
	bool is_sent = send_pulse(queue, true);

	set_state(queue, pulse->id, is_sent ? ZG_JOB_SENT : ZG_JOB_DROPPED, is_sent ? "" : _("No drawer is set up."));
	zg_queue_wake(queue);
}

/* ---- a job in hand ---- */

static void begin_step(struct zg_queue *queue, enum zg_queue_step step, int64_t limit_ms)
{
	queue->step = step;
	queue->moved_ms = now_ms(queue);
	queue->deadline_ms = queue->moved_ms + limit_ms;
	queue->left = is_ready(queue) ? zg_link_queued(queue->link) : 0;
	zg_timer_remove(queue->parts.loop, queue->job_timer);
	queue->job_timer = zg_timer_add(queue->parts.loop, LOOK_MS, look_at_job, queue);
}

/* Every byte of the job has left. */
static void sent_out(struct zg_queue *queue)
{
	if (queue->is_pulse)
		queue->has_dropped_pulse = false;
	if (queue->is_pulse || queue->profile.confirm == ZG_CONFIRM_NONE) {
		end(queue, ZG_JOB_SENT, "");
		return;
	}
	queue->is_stalled = false;
	set_state(queue, queue->job.id, ZG_JOB_SENT, NULL);
	begin_step(queue, ZG_QUEUE_CONFIRMING, ZG_QUEUE_CONFIRM_MS + (int64_t)queue->rows * ZG_QUEUE_ROW_MS);
	zg_queue_poll_later(queue);
}

/* Throws away what has not left, the kernel's share too. No state is told until it is open again. */
static void reopen(struct zg_queue *queue)
{
	zg_link_drop(queue->link);
	zg_link_reopen(queue->link);
	zg_queue_forget(queue);
}

static void look_at_sending(struct zg_queue *queue)
{
	size_t left = zg_link_queued(queue->link);
	int64_t now = now_ms(queue);

	if (!is_ready(queue))
		return;    /* the link tells of it in a moment */
	if (left == 0) {
		sent_out(queue);
		return;
	}
	if (left != queue->left)
		queue->moved_ms = now;
	queue->left = left;
	queue->is_stalled = now - queue->moved_ms >= ZG_QUEUE_STALL_MS;
	if (queue->is_pulse && queue->is_stalled) {
		reopen(queue);    /* what of it is still here or in the kernel must not come out later */
		end(queue, ZG_JOB_UNKNOWN, _("The printer did not take the pulse for the drawer. Open it with its key."));
	}
}

static void look_at_confirming(struct zg_queue *queue)
{
	int64_t now = now_ms(queue);

	/* Out of paper in the middle: it goes on by itself when there is a new roll, so there is nothing to decide yet. */
	if (zg_queue_can_ask(queue) && queue->silent == 0 && zg_queue_hindrance(queue))
		queue->deadline_ms = now + ZG_QUEUE_CONFIRM_MS + (int64_t)queue->rows * ZG_QUEUE_ROW_MS;
	if (now < queue->deadline_ms)
		return;
	if (queue->is_answered)
		queue->owed = 0;    /* so quiet for so long: the others will not come any more */
	queue->late_id = queue->job.id;
	end(queue, ZG_JOB_UNKNOWN, _("The printer did not say that it printed this. Look at the paper; if it is not there, print it again."));
}

static void look_at_job(void *self)
{
	struct zg_queue *queue = self;

	queue->job_timer = zg_timer_add(queue->parts.loop, LOOK_MS, look_at_job, queue);
	if (queue->step == ZG_QUEUE_SENDING)
		look_at_sending(queue);
	else if (queue->step == ZG_QUEUE_CONFIRMING)
		look_at_confirming(queue);
}

/* Sends bytes for the job in hand, after its state is kept. */
static void send_job(struct zg_queue *queue, const struct zg_buffer *bytes)
{
	struct zg_error err = { 0 };

	if (!set_state(queue, queue->job.id, ZG_JOB_SENDING, ""))
		return;
	enum zg_result result = zg_link_send(queue->link, bytes->bytes, bytes->length, &err);

	if (result == ZG_OK) {
		queue->is_answered = false;
		if (!queue->is_pulse && queue->profile.confirm == ZG_CONFIRM_GSR)
			queue->owed++;
		begin_step(queue, ZG_QUEUE_SENDING, 0);
	} else if (result == ZG_OFFLINE)
		set_state(queue, queue->job.id, ZG_JOB_QUEUED, "");    /* nothing left: it keeps its place */
	else
		end(queue, ZG_JOB_FAILED, err.text);
}

static void begin_pulse(struct zg_queue *queue)
{
	struct zg_buffer bytes = { 0 };

	if (zg_queue_can_ask(queue) && (queue->flags & (ZG_PRINTER_PAPER_OUT | ZG_PRINTER_OFFLINE)))
		queue->driver->drawer_now(&queue->profile, &bytes);
	else
		queue->driver->drawer(&queue->profile, &bytes);
	queue->is_pulse = true;
	if (bytes.length > 0)
		send_job(queue, &bytes);
	else
		end(queue, ZG_JOB_DROPPED, _("No drawer is set up."));
	zg_buffer_clear(&bytes);
}

static void begin_slip(struct zg_queue *queue, const char *document)
{
	struct zg_buffer bytes = { 0 };
	struct zg_error err = { 0 };
	enum zg_result result = zg_queue_build(queue, &queue->job, document, &bytes, &queue->rows, &err);

	queue->is_pulse = false;
	if (result == ZG_OK)
		send_job(queue, &bytes);
	else
		end(queue, ZG_JOB_FAILED, err.text);
	zg_buffer_clear(&bytes);
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
		queue->pulse_timer = zg_timer_add(queue->parts.loop, ZG_QUEUE_PULSE_MS, drop_pulses, queue);
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
		if (set_state(queue, job->id, ZG_JOB_DROPPED, _("No printer is set up.")))
			zg_queue_wake(queue);
	} else if (!queue->link) {
		say(queue, queue->setup_problem);
	} else if (!is_ready(queue)) {
		say(queue, zg_link_problem(queue->link));
	} else if (is_pulse && zg_queue_can_ask(queue) && queue->silent > 0) {
		say(queue, zg_queue_hindrance(queue));    /* it may be in its buffer for an hour: better none */
	} else if (is_pulse) {
		queue->job = *job;
		begin_pulse(queue);
	} else if (can_print(queue) && queue->step == ZG_QUEUE_REST) {
		queue->job = *job;
		begin_slip(queue, document);
	}
}

void zg_queue_go_on(struct zg_queue *queue)
{
	struct zg_job job;
	char *document = NULL;
	enum zg_result result = zg_jobs_next(queue->parts.store, &job, &document, NULL);
	bool is_pulse = result == ZG_OK && !strcmp(job.kind, "drawer");

	queue->has_next = result != ZG_NOT_FOUND;
	queue->problem[0] = '\0';
	count(queue);
	watch_pulse(queue, is_pulse);
	if (result == ZG_OK && queue->step == ZG_QUEUE_REST)
		begin(queue, &job, document);
	else if (is_pulse && queue->step == ZG_QUEUE_CONFIRMING)
		overtake(queue, &job);
	else if (result != ZG_OK && result != ZG_NOT_FOUND && !queue->wake_timer)
		queue->wake_timer = zg_timer_add(queue->parts.loop, DISK_MS, try_again, queue);
	free(document);
}

/* Given up for unknown, and printed after all. */
static void late_confirmed(struct zg_queue *queue)
{
	struct zg_job job;

	if (zg_jobs_find(queue->parts.store, queue->late_id, &job, NULL, NULL) == ZG_OK && job.state == ZG_JOB_UNKNOWN)
		set_state(queue, queue->late_id, ZG_JOB_PRINTED, "");
	queue->late_id = 0;
	zg_queue_wake(queue);
}

/* It may come before the kernel says that all has left. */
void zg_queue_confirmed(struct zg_queue *queue, const struct zg_printer_answer *answer)
{
	bool is_waiting = queue->step != ZG_QUEUE_REST && !queue->is_pulse;

	if (answer->kind == ZG_ANSWER_PRINTED) {
		bool is_this = is_waiting && answer->id == (unsigned)(queue->job.id % 10000);

		/* Each id vouches for the slips before it. */
		if (queue->late_id && (is_this || answer->id == (unsigned)(queue->late_id % 10000)))
			late_confirmed(queue);
		if (is_this)
			end(queue, ZG_JOB_PRINTED, "");
		return;
	}
	if (queue->owed == 0)
		return;
	/* GS r does not say for which slip it answers: only when no older one is awaited is it this one's. */
	queue->owed--;
	queue->is_answered = true;
	if (queue->owed == 0 && is_waiting)
		end(queue, ZG_JOB_PRINTED, "");
}

void zg_queue_cleared(struct zg_queue *queue)
{
	queue->owed = 0;
	if (queue->step != ZG_QUEUE_REST && !queue->is_pulse)
		end(queue, ZG_JOB_UNKNOWN, _("The printer threw away what it had not printed yet. Look at the paper, then print it again."));
}

/* ---- the link ---- */

static void lost(struct zg_queue *queue)
{
	if (queue->step == ZG_QUEUE_REST)
		return;
	queue->is_broken = queue->is_broken || (queue->step == ZG_QUEUE_SENDING && !queue->is_pulse);
	if (queue->is_pulse)
		end(queue, ZG_JOB_UNKNOWN, _("The printer went away while the drawer was to open. Open it with its key."));
	else if (queue->step == ZG_QUEUE_SENDING)
		end(queue, ZG_JOB_UNKNOWN, _("The printer went away in the middle of this slip. Look at the paper, then print it again."));
	else
		end(queue, ZG_JOB_UNKNOWN, _("The printer went away before it said that it printed this. Look at the paper; if it is not "
					     "there, print it again."));
}

static void link_state(void *self, enum zg_link_state state)
{
	struct zg_queue *queue = self;
	struct zg_buffer bytes = { 0 };

	zg_queue_forget(queue);
	queue->owed = 0;
	queue->late_id = 0;
	if (state != ZG_LINK_READY) {
		zg_log_say(queue->parts.log, "printer: %s", zg_link_problem(queue->link));
		lost(queue);
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
}

static void link_drained(void *self)
{
	struct zg_queue *queue = self;

	if (queue->step == ZG_QUEUE_SENDING && is_ready(queue) && zg_link_queued(queue->link) == 0)
		sent_out(queue);
}

static const struct zg_link_events events = { .state = link_state, .bytes = link_bytes, .drained = link_drained };

/* ---- public ---- */

static void restart(struct zg_queue *queue)
{
	struct zg_store *store = queue->parts.store;
	struct zg_error err = { 0 };
	int changed = 0;
	enum zg_result result = zg_store_begin(store, ZG_SYNC_NORMAL, &err);

	if (result == ZG_OK)
		result = zg_jobs_restart(store, &changed, &err);
	if (result == ZG_OK)
		result = zg_store_commit(store, &err);
	else
		zg_store_rollback(store);
	if (result != ZG_OK)
		zg_log_say(queue->parts.log, "printer: jobs under way at the last stop: %s", err.text);
	else if (changed > 0)
		zg_log_say(queue->parts.log, "printer: %d slips of the last run may not be on paper", changed);
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
	restart(queue);
	zg_queue_set_up(queue, &events);
	zg_queue_wake(queue);
	return queue;
}

/* What is in hand cannot be followed any further. */
static void abandon(struct zg_queue *queue)
{
	if (queue->step != ZG_QUEUE_REST) {
		let_go(queue);
		set_state(queue, queue->job.id, ZG_JOB_UNKNOWN, _("The till stopped before this was printed for sure. Look at the paper; if it "
								  "is not there, print it again."));
	}
	zg_link_close(queue->link);
	queue->link = NULL;
	zg_queue_forget(queue);
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
	if (queue->step != ZG_QUEUE_REST && is_set_aside(queue)) {
		bool was_sending = queue->step == ZG_QUEUE_SENDING;

		let_go(queue);
		if (was_sending) {
			queue->is_broken = true;    /* the printer may wait for the rest of a picture */
			reopen(queue);
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
	else if (!is_ready(queue))
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
	return queue->step == ZG_QUEUE_REST && !queue->has_next;
}

void zg_queue_show(const struct zg_queue *queue, struct zg_till_state *state)
{
	bool is_down = !is_ready(queue) || queue->silent > 1 || (queue->flags & (ZG_PRINTER_CUTTER | ZG_PRINTER_FAULT));
	bool needs_look = queue->is_stalled || queue->silent > 0 || zg_queue_hindrance(queue);
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
		state->drawer = !is_ready(queue) ? ZG_LAMP_DOWN : queue->has_dropped_pulse ? ZG_LAMP_LOOK : ZG_LAMP_WELL;
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
	return queue->link && !is_ready(queue) ? zg_link_problem(queue->link) : "";
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
