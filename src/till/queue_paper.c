/*
 * Slips on their way out of a printer that confirms nothing. When their last byte has left, the kernel's buffers included,
 * they are "sent", and the next goes out; but the printer holds them in its own memory until the paper is out, and loses
 * that memory when it is switched off. So they are remembered for as long as that takes.
 */
#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/till/queue_private.h"

#include <stdlib.h>

static int64_t now_ms(const struct zg_queue *queue)
{
	return zg_clock_running(queue->parts.clock);
}

/* Those that were out at this time, whatever the printer did afterwards. */
static void drop_until(struct zg_queue *queue, int64_t at_ms)
{
	size_t kept = 0;

	for (size_t i = 0; i < queue->leaf_count; i++)
		if (queue->leaves[i].out_ms > at_ms || queue->leaves[i].is_doubtful)
			queue->leaves[kept++] = queue->leaves[i];
	queue->leaf_count = kept;
}

void zg_queue_paper_watch(struct zg_queue *queue)
{
	int64_t now = now_ms(queue), begins_ms = now;

	drop_until(queue, now - ZG_LINK_DOUBT_MS);
	if (queue->leaf_count > 0 && queue->leaves[queue->leaf_count - 1].out_ms > now)
		begins_ms = queue->leaves[queue->leaf_count - 1].out_ms;    /* one comes out after the other */
	queue->leaves = zg_grow(queue->leaves, queue->leaf_count, &queue->leaf_room, sizeof(*queue->leaves));
	queue->leaves[queue->leaf_count++] = (struct zg_queue_leaf){
		.id = queue->job.id, .out_ms = begins_ms + ZG_QUEUE_PAPER_MS + (int64_t)queue->rows * ZG_QUEUE_ROW_MS };
}

void zg_queue_paper_alive(struct zg_queue *queue)
{
	int64_t now = now_ms(queue), least_ms = now + ZG_QUEUE_POLL_MS + ZG_QUEUE_PAPER_MS;

	if (!zg_queue_hindrance(queue)) {
		drop_until(queue, now);
		return;
	}
	/* No paper, or the cover is open: nothing comes out until the printer says otherwise, at the next look. */
	for (size_t i = 0; i < queue->leaf_count; i++)
		if (queue->leaves[i].out_ms < least_ms)
			queue->leaves[i].out_ms = least_ms;
}

/* False: the books do not take it now. A slip that a person set aside meanwhile stays so. */
static bool tell(struct zg_queue *queue, int64_t id)
{
	struct zg_job job;
	enum zg_result result = zg_jobs_find(queue->parts.store, id, &job, NULL, NULL);

	if (result != ZG_OK) {
		zg_queue_try_later(queue);
		return false;
	}
	if (job.state != ZG_JOB_SENT)
		return job.state != ZG_JOB_SENDING;    /* else the books are still to be told that it has left */
	zg_log_say(queue->parts.log, "printer: job %lld (%s) was sent and is unknown", (long long)id, job.kind);
	return zg_queue_set_state(queue, id, ZG_JOB_UNKNOWN, _("The printer went away while this was to come out. Look at the paper; if it "
							       "is not whole, print it again."));
}

void zg_queue_paper_settle(struct zg_queue *queue)
{
	size_t kept = 0;
	bool is_refused = false;

	for (size_t i = 0; i < queue->leaf_count; i++) {
		struct zg_queue_leaf leaf = queue->leaves[i];

		is_refused = is_refused || (leaf.is_doubtful && !tell(queue, leaf.id));
		if (!leaf.is_doubtful || is_refused)
			queue->leaves[kept++] = leaf;
	}
	queue->leaf_count = kept;
}

void zg_queue_paper_lost(struct zg_queue *queue)
{
	int64_t doubt_ms = zg_link_doubt_ms(queue->link), now = now_ms(queue);

	drop_until(queue, doubt_ms < 0 ? INT64_MAX : now - doubt_ms);
	for (size_t i = 0; i < queue->leaf_count; i++)
		queue->leaves[i].is_doubtful = true;
	zg_queue_paper_settle(queue);
}

void zg_queue_paper_forget(struct zg_queue *queue)
{
	free(queue->leaves);
	queue->leaves = NULL;
	queue->leaf_count = queue->leaf_room = 0;
}
