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

/* How a job ended, when the books did not take it. */
struct zg_queue_end {
	int64_t id;
	enum zg_job_state state;
	char note[ZG_JOB_NOTE];
};

/* A slip that has left for a printer that confirms nothing. */
struct zg_queue_leaf {
	int64_t id;
	int64_t out_ms;         /* running time by which it must be out of the printer */
	bool is_doubtful;       /* it is to become unknown; the books have not taken that yet */
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
	/* queue_job.c: the job in hand */
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
	bool is_behind;                        /* what the last run left under way is not set right in the books yet */
	bool may_be_late;                      /* the books could not be read: what waits in them may have waited too long */
	bool has_next, has_dropped_pulse;
	size_t queued, unprinted;
	char problem[ZG_ERROR_TEXT];
	struct zg_queue_end *ends;             /* that the books are still to be told */
	size_t end_count, end_room;
	/* queue_paper.c: what is on its way out */
	struct zg_queue_leaf *leaves;          /* in the order they left */
	size_t leaf_count, leaf_room;
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

/* ---- queue_job.c ---- */

bool zg_queue_is_ready(const struct zg_queue *queue);
/* Keeps a job's state in a small transaction of its own. note NULL: it waits for its confirmation. False: to be tried again. */
bool zg_queue_set_state(struct zg_queue *queue, int64_t id, enum zg_job_state state, const char *note);
/* How a job ended; what the books do not take is told to them again until they do. */
void zg_queue_end_job(struct zg_queue *queue, int64_t id, enum zg_job_state state, const char *note);
/* Tells the books what they have not taken yet. */
void zg_queue_settle_ends(struct zg_queue *queue);
/* Goes on in some seconds: the books did not take or give something. */
void zg_queue_try_later(struct zg_queue *queue);
/* Whether a person has set the job in hand aside. */
bool zg_queue_is_set_aside(struct zg_queue *queue);
/* Takes no more care of the job in hand; its state stays. */
void zg_queue_let_go(struct zg_queue *queue);
/* Begin with queue->job; there must be no job in hand, and the link be ready. */
void zg_queue_begin_pulse(struct zg_queue *queue);
void zg_queue_begin_slip(struct zg_queue *queue, const char *document);
/* A pulse while the printer works on a slip that has left us whole. */
void zg_queue_overtake(struct zg_queue *queue, const struct zg_job *pulse);
/* Every byte of the job has left. */
void zg_queue_sent_out(struct zg_queue *queue);
/* The link is gone. */
void zg_queue_lost(struct zg_queue *queue);
/* Throws away what has not left, the kernel's share too. No state is told until it is open again. */
void zg_queue_reopen(struct zg_queue *queue);

/* ---- queue.c ---- */

/* Goes on with what can be gone on with. */
void zg_queue_go_on(struct zg_queue *queue);
/* ---- queue_job.c, told by the printer ---- */

/* A confirmation came from the printer. */
void zg_queue_confirmed(struct zg_queue *queue, const struct zg_printer_answer *answer);
/* The printer threw away what it had. */
void zg_queue_cleared(struct zg_queue *queue);

/* ---- queue_paper.c ---- */

/* The slip in hand has left, and nothing will be heard of it. */
void zg_queue_paper_watch(struct zg_queue *queue);
/* The printer gave a sign of life: what should be out by now is out. */
void zg_queue_paper_alive(struct zg_queue *queue);
/* The link is gone: what may not be out is unknown. */
void zg_queue_paper_lost(struct zg_queue *queue);
/* Tells the books what they have not taken yet. */
void zg_queue_paper_settle(struct zg_queue *queue);
/* Follows nothing any more; the states stay. */
void zg_queue_paper_forget(struct zg_queue *queue);

/* ---- queue_status.c ---- */

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
