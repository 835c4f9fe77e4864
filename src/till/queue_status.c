/* The print queue's ears: asking the printer how it is, and making out what it says. */
#include "src/base/i18n.h"
#include "src/till/queue_private.h"

#define IN_MAX     1024     /* bytes that make no sense yet; more are thrown away */
#define FRESH_MS   1000
#define HINDRANCES (ZG_PRINTER_OFFLINE | ZG_PRINTER_COVER_OPEN | ZG_PRINTER_PAPER_OUT | ZG_PRINTER_CUTTER \
		    | ZG_PRINTER_FAULT | ZG_PRINTER_HOT)
/* What only questions 2 and 3 tell; they are asked while the printer is offline. */
#define CAUSES     (ZG_PRINTER_COVER_OPEN | ZG_PRINTER_CUTTER | ZG_PRINTER_FAULT | ZG_PRINTER_HOT | ZG_PRINTER_ERROR)

static void ask(struct zg_queue *queue, enum zg_printer_question question);

bool zg_queue_can_ask(const struct zg_queue *queue)
{
	return queue->driver && queue->profile.status != ZG_STATUS_NONE;
}

bool zg_queue_is_checked(const struct zg_queue *queue)
{
	return queue->checked_ms >= 0 && zg_clock_running(queue->parts.clock) - queue->checked_ms <= FRESH_MS;
}

const char *zg_queue_hindrance(const struct zg_queue *queue)
{
	if (queue->silent > 0)
		return _("The printer does not answer. Check its cable and that it is switched on; if it prints but never "
			 "answers, choose another profile for it.");
	switch (queue->flags & HINDRANCES) {
	case 0:
		return NULL;
	case ZG_PRINTER_OFFLINE:
		return _("The printer is not ready. Look at its lamps and its paper.");
	default:
		break;
	}
	if (queue->flags & ZG_PRINTER_COVER_OPEN)
		return _("The printer's cover is open. Close it.");
	if (queue->flags & ZG_PRINTER_PAPER_OUT)
		return _("The printer is out of paper. Put in a new roll.");
	if (queue->flags & ZG_PRINTER_CUTTER)
		return _("The printer's cutter is stuck. Switch the printer off, free the paper, and switch it on again.");
	if (queue->flags & ZG_PRINTER_HOT)
		return _("The print head is too hot. The printer goes on by itself when it has cooled.");
	return _("The printer has a fault. Switch it off and on; if that does not help, have it repaired.");
}

void zg_queue_forget(struct zg_queue *queue)
{
	zg_timer_remove(queue->parts.loop, queue->answer_timer);
	queue->answer_timer = 0;
	queue->asked = ZG_ASK_NOTHING;
	queue->known = queue->flags = 0;
	queue->silent = 0;
	queue->checked_ms = -1;
	zg_buffer_empty(&queue->in);
}

static void not_answered(void *self)
{
	struct zg_queue *queue = self;

	queue->answer_timer = 0;
	queue->asked = ZG_ASK_NOTHING;
	queue->known = queue->flags = 0;
	queue->checked_ms = -1;
	if (queue->silent++ == 0)
		zg_log_say(queue->parts.log, "printer: a status question had no answer");
	zg_queue_poll_later(queue);    /* not at once: a late answer must not be taken for the next one's */
	zg_queue_go_on(queue);
}

/* Every question of the round is answered. */
static void round_done(struct zg_queue *queue)
{
	if (queue->silent > 0)
		zg_log_say(queue->parts.log, "printer: it answers again");
	queue->silent = 0;
	if (!(queue->flags & ZG_PRINTER_OFFLINE))
		queue->flags &= ~CAUSES;
	queue->checked_ms = zg_clock_running(queue->parts.clock);
	zg_queue_poll_later(queue);
	zg_queue_go_on(queue);
}

/* Printer, then why it is offline, then paper. */
static void ask_next(struct zg_queue *queue, enum zg_printer_question answered)
{
	bool is_offline = queue->flags & ZG_PRINTER_OFFLINE;

	if (answered == ZG_ASK_PRINTER)
		ask(queue, is_offline ? ZG_ASK_OFFLINE : ZG_ASK_PAPER);
	else if (answered == ZG_ASK_OFFLINE)
		ask(queue, queue->flags & ZG_PRINTER_ERROR ? ZG_ASK_ERROR : ZG_ASK_PAPER);
	else if (answered == ZG_ASK_ERROR)
		ask(queue, ZG_ASK_PAPER);
	else
		round_done(queue);
}

static void ask(struct zg_queue *queue, enum zg_printer_question question)
{
	struct zg_buffer bytes = { 0 };

	queue->driver->ask(&queue->profile, question, &bytes);
	if (bytes.length == 0) {
		ask_next(queue, question);
	} else if (zg_link_send(queue->link, bytes.bytes, bytes.length, NULL) == ZG_OK) {
		queue->asked = question;
		queue->answer_timer = zg_timer_add(queue->parts.loop, ZG_QUEUE_ANSWER_MS, not_answered, queue);
	}
	zg_buffer_clear(&bytes);
}

void zg_queue_ask(struct zg_queue *queue)
{
	if (queue->asked != ZG_ASK_NOTHING || queue->step == ZG_QUEUE_SENDING || !zg_queue_can_ask(queue) || !queue->link
	    || zg_link_state(queue->link) != ZG_LINK_READY)
		return;
	ask(queue, ZG_ASK_PRINTER);
}

static void poll_now(void *self)
{
	struct zg_queue *queue = self;

	queue->poll_timer = 0;
	zg_queue_ask(queue);
	zg_queue_poll_later(queue);
}

void zg_queue_poll_later(struct zg_queue *queue)
{
	bool is_waited_for = queue->has_next || queue->step == ZG_QUEUE_CONFIRMING;

	zg_timer_remove(queue->parts.loop, queue->poll_timer);
	queue->poll_timer = 0;
	if (zg_queue_can_ask(queue))
		queue->poll_timer = zg_timer_add(queue->parts.loop, is_waited_for ? ZG_QUEUE_AGAIN_MS : ZG_QUEUE_POLL_MS, poll_now,
						 queue);
}

/* An automatic report speaks of everything at once; the answer to a question never does. */
static bool is_report(const struct zg_printer_answer *answer)
{
	return (answer->known & ZG_PRINTER_OFFLINE) && (answer->known & ZG_PRINTER_PAPER_OUT);
}

static void heed(struct zg_queue *queue, const struct zg_printer_answer *answer)
{
	enum zg_printer_question asked = queue->asked;

	queue->flags = (queue->flags & ~answer->known) | answer->flags;
	queue->known |= answer->known;
	if (answer->kind == ZG_ANSWER_PAPER || answer->kind == ZG_ANSWER_PRINTED) {
		zg_queue_confirmed(queue, answer);
	} else if (answer->kind == ZG_ANSWER_CLEARED) {
		zg_queue_cleared(queue);
	} else if (answer->kind == ZG_ANSWER_STATUS && is_report(answer)) {
		zg_queue_go_on(queue);
	} else if (answer->kind == ZG_ANSWER_STATUS && asked != ZG_ASK_NOTHING) {
		zg_timer_remove(queue->parts.loop, queue->answer_timer);
		queue->answer_timer = 0;
		queue->asked = ZG_ASK_NOTHING;
		ask_next(queue, asked);
	}
}

void zg_queue_hear(struct zg_queue *queue, const char *bytes, size_t length)
{
	struct zg_printer_answer answer;
	size_t used;

	zg_buffer_add(&queue->in, bytes, length < IN_MAX ? length : IN_MAX);
	while (queue->in.length > 0) {
		used = queue->driver->read(queue->in.bytes, queue->in.length, queue->asked, &answer);
		if (used == 0)
			break;
		zg_buffer_drop(&queue->in, used);
		heed(queue, &answer);
	}
	if (queue->in.length > IN_MAX)
		zg_buffer_empty(&queue->in);
}
