/* What the files of the print queue share. Nobody else includes this. */
#ifndef ZG_TILL_QUEUE_PRIVATE_H
#define ZG_TILL_QUEUE_PRIVATE_H

#include "src/base/buffer.h"
#include "src/base/charset.h"
#include "src/io/link.h"
#include "src/store/jobs.h"
#include "src/till/queue.h"

enum zg_queue_step {
	ZG_QUEUE_REST,          /* no job in hand */
	ZG_QUEUE_SENDING,       /* bytes of a job are in the link */
	ZG_QUEUE_CONFIRMING,    /* all of a slip has left; the printer is to say that it printed it */
};

struct zg_queue {
	struct zg_queue_parts parts;           /* its directories are ours */
	struct zg_gbk *gbk;
	/* queue_setup.c: what the config says */
	struct zg_config used;                 /* as it was when the printer was set up */
	struct zg_printer_profile profile;
	const struct zg_printer_driver *driver;
	struct zg_link *link;                  /* NULL: no printer, or setup_problem says what is wrong */
	char setup_problem[ZG_ERROR_TEXT];
	/* queue.c: the job in hand */
	enum zg_queue_step step;
	struct zg_job job;
	bool is_pulse, is_stalled;
	size_t rows;                           /* of the slip */
	size_t left;                           /* bytes that had not left when last looked at */
	int64_t moved_ms, deadline_ms;         /* running time */
	uint64_t job_timer, pulse_timer, wake_timer;
	unsigned owed;                         /* confirmations by GS r that this connection still owes us */
	bool is_answered;                      /* one of them came for the slip in hand */
	int64_t late_id;                       /* job that was given up waiting for; its confirmation may still come */
	bool is_broken;                        /* the link was lost inside a slip */
	bool has_next, has_dropped_pulse;
	size_t queued, unprinted;
	char problem[ZG_ERROR_TEXT];
	/* queue_status.c: what the printer says */
	struct zg_buffer in;
	enum zg_printer_question asked;
	uint64_t answer_timer, poll_timer;
	unsigned known, flags;                 /* ZG_PRINTER_... */
	int silent;                            /* questions in a row that had no answer */
	int64_t checked_ms;                    /* running time when all questions were last answered; -1: not on this connection */
};

/* Reads the config: profile, driver, link. Fills setup_problem. */
void zg_queue_set_up(struct zg_queue *queue, const struct zg_link_events *events);
/* Lays a slip out and turns it into bytes; *rows says how long it is. ZG_INVALID etc. with a sentence for the job's note. */
enum zg_result zg_queue_build(struct zg_queue *queue, const struct zg_job *job, const char *document, struct zg_buffer *out,
			      size_t *rows, struct zg_error *err);

/* Goes on with what can be gone on with. */
void zg_queue_go_on(struct zg_queue *queue);
/* A confirmation came from the printer. */
void zg_queue_confirmed(struct zg_queue *queue, const struct zg_printer_answer *answer);
/* The printer threw away what it had. */
void zg_queue_cleared(struct zg_queue *queue);

/* Forgets what the printer said: the connection is new, or gone. */
void zg_queue_forget(struct zg_queue *queue);
/* Begins to ask the printer how it is, unless that is under way. Ends in zg_queue_go_on. */
void zg_queue_ask(struct zg_queue *queue);
/* Bytes from the printer. */
void zg_queue_hear(struct zg_queue *queue, const char *bytes, size_t length);
/* The next look at the printer's status, sooner when something waits for it. */
void zg_queue_poll_later(struct zg_queue *queue);
bool zg_queue_can_ask(const struct zg_queue *queue);
/* All was answered within the last second. */
bool zg_queue_is_checked(const struct zg_queue *queue);
/* The sentence for what keeps the printer from printing, by its own words; NULL: nothing does. */
const char *zg_queue_hindrance(const struct zg_queue *queue);
#endif
