/* The print queue's hands: one job from its first byte to its end. */
#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/base/text.h"
#include "src/till/queue_private.h"

#include <string.h>

#define LOOK_MS 250      /* at a job in hand */
#define DISK_MS 5000     /* until the books are tried again after they refused a job's state */

static int64_t now_ms(const struct zg_queue *queue)
{
	return zg_clock_running(queue->parts.clock);
}

bool zg_queue_is_ready(const struct zg_queue *queue)
{
	return queue->link && zg_link_state(queue->link) == ZG_LINK_READY;
}

/* ---- states in the books ---- */

static void try_again(void *self)
{
	struct zg_queue *queue = self;

	queue->wake_timer = 0;
	zg_queue_go_on(queue);
}

void zg_queue_try_later(struct zg_queue *queue)
{
	if (!queue->wake_timer)
		queue->wake_timer = zg_timer_add(queue->parts.loop, DISK_MS, try_again, queue);
}

/* One small transaction without a sync. note NULL: the job waits for its confirmation. */
bool zg_queue_set_state(struct zg_queue *queue, int64_t id, enum zg_job_state state, const char *note)
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
		zg_queue_try_later(queue);
	}
	return result == ZG_OK;
}

void zg_queue_end_job(struct zg_queue *queue, int64_t id, enum zg_job_state state, const char *note)
{
	if (zg_queue_set_state(queue, id, state, note))
		return;
	queue->ends = zg_grow(queue->ends, queue->end_count, &queue->end_room, sizeof(*queue->ends));
	struct zg_queue_end *end = &queue->ends[queue->end_count++];

	*end = (struct zg_queue_end){ .id = id, .state = state };
	zg_text_clean(end->note, sizeof(end->note), note, strlen(note));
}

/* False: the books do not take it now. What a person set aside meanwhile stays so. */
static bool tell_end(struct zg_queue *queue, const struct zg_queue_end *end)
{
	struct zg_job job;
	enum zg_result result = zg_jobs_find(queue->parts.store, end->id, &job, NULL, NULL);

	if (result == ZG_OK && job.ended_at == 0)
		return zg_queue_set_state(queue, end->id, end->state, end->note);
	if (result != ZG_OK)
		zg_queue_try_later(queue);
	return result == ZG_OK;
}

void zg_queue_settle_ends(struct zg_queue *queue)
{
	size_t told = 0;

	while (told < queue->end_count && tell_end(queue, &queue->ends[told]))
		told++;
	queue->end_count -= told;
	if (told > 0)
		memmove(queue->ends, queue->ends + told, queue->end_count * sizeof(*queue->ends));
}

/* The job in hand, as the books have it: a person may have set it aside. */
bool zg_queue_is_set_aside(struct zg_queue *queue)
{
	struct zg_job job;

	return zg_jobs_find(queue->parts.store, queue->job.id, &job, NULL, NULL) == ZG_OK && job.state == ZG_JOB_DROPPED;
}

/* ---- the end of a job ---- */

void zg_queue_let_go(struct zg_queue *queue)
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
	zg_queue_let_go(queue);
	zg_queue_end_job(queue, queue->job.id, state, note);
	zg_queue_wake(queue);
}

/* ---- a job in hand ---- */

static void look_at_job(void *self);

static void begin_step(struct zg_queue *queue, enum zg_queue_step step, int64_t limit_ms)
{
	queue->step = step;
	queue->moved_ms = now_ms(queue);
	queue->deadline_ms = queue->moved_ms + limit_ms;
	queue->left = zg_queue_is_ready(queue) ? zg_link_queued(queue->link) : 0;
	zg_timer_remove(queue->parts.loop, queue->job_timer);
	queue->job_timer = zg_timer_add(queue->parts.loop, LOOK_MS, look_at_job, queue);
}

/* Every byte of the job has left. */
void zg_queue_sent_out(struct zg_queue *queue)
{
	if (queue->is_pulse)
		queue->has_dropped_pulse = false;
	if (queue->is_pulse || queue->profile.confirm == ZG_CONFIRM_NONE) {
		if (!queue->is_pulse)
			zg_queue_paper_watch(queue);
		end(queue, ZG_JOB_SENT, "");
		return;
	}
	queue->is_stalled = false;
	zg_queue_set_state(queue, queue->job.id, ZG_JOB_SENT, NULL);
	begin_step(queue, ZG_QUEUE_CONFIRMING, ZG_QUEUE_CONFIRM_MS + (int64_t)queue->rows * ZG_QUEUE_ROW_MS);
	zg_queue_poll_later(queue);
}

/* Throws away what has not left, the kernel's share too. No state is told until it is open again. */
void zg_queue_reopen(struct zg_queue *queue)
{
	zg_link_drop(queue->link);
	zg_link_reopen(queue->link);
	zg_queue_forget(queue);
}

static void look_at_sending(struct zg_queue *queue)
{
	size_t left = zg_link_queued(queue->link);
	int64_t now = now_ms(queue);

	if (!zg_queue_is_ready(queue))
		return;    /* the link tells of it in a moment */
	if (left == 0) {
		zg_queue_sent_out(queue);
		return;
	}
	if (left != queue->left)
		queue->moved_ms = now;
	queue->left = left;
	queue->is_stalled = now - queue->moved_ms >= ZG_QUEUE_STALL_MS;
	if (queue->is_pulse && queue->is_stalled) {
		zg_queue_reopen(queue);    /* what of it is still here or in the kernel must not come out later */
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

	if (!zg_queue_set_state(queue, queue->job.id, ZG_JOB_SENDING, ""))
		return;
	enum zg_result result = zg_link_send(queue->link, bytes->bytes, bytes->length, &err);

	if (result == ZG_OK) {
		queue->is_answered = false;
		if (!queue->is_pulse && queue->profile.confirm == ZG_CONFIRM_GSR)
			queue->owed++;
		begin_step(queue, ZG_QUEUE_SENDING, 0);
	} else if (result == ZG_OFFLINE)
		zg_queue_end_job(queue, queue->job.id, ZG_JOB_QUEUED, "");    /* nothing left: it keeps its place */
	else
		end(queue, ZG_JOB_FAILED, err.text);
}

void zg_queue_begin_pulse(struct zg_queue *queue)
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

void zg_queue_begin_slip(struct zg_queue *queue, const char *document)
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

/* ---- pulses past a slip ---- */

/* While the printer works on a slip that has left us, the pulse overtakes it. */
void zg_queue_overtake(struct zg_queue *queue, const struct zg_job *pulse)
{
	if (!zg_queue_can_ask(queue) || !zg_queue_is_ready(queue) || zg_link_queued(queue->link) > 0)
		return;
	if (!zg_queue_set_state(queue, pulse->id, ZG_JOB_SENDING, ""))
		return;
	struct zg_buffer bytes = { 0 };

	queue->driver->drawer_now(&queue->profile, &bytes);
	bool is_sent = bytes.length > 0 && zg_link_send(queue->link, bytes.bytes, bytes.length, NULL) == ZG_OK;

	zg_buffer_clear(&bytes);
	zg_queue_end_job(queue, pulse->id, is_sent ? ZG_JOB_SENT : ZG_JOB_DROPPED, is_sent ? "" : _("No drawer is set up."));
	zg_queue_wake(queue);
}

/* ---- what the printer and the link say of it ---- */

/* Given up for unknown, and printed after all. */
static void late_confirmed(struct zg_queue *queue)
{
	struct zg_job job;

	if (zg_jobs_find(queue->parts.store, queue->late_id, &job, NULL, NULL) == ZG_OK && job.state == ZG_JOB_UNKNOWN)
		zg_queue_set_state(queue, queue->late_id, ZG_JOB_PRINTED, "");
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

void zg_queue_lost(struct zg_queue *queue)
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
