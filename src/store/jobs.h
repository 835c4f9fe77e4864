/*
 * Slips for the printer and pulses for the drawer, as rows that outlive a restart.
 *
 * queued → sending → sent → printed (the printer said so) or unknown (nobody knows); failed: the
 * printer never took it; dropped: set aside by a person. Job rows are written without a sync.
 */
#ifndef ZG_STORE_JOBS_H
#define ZG_STORE_JOBS_H

#include "src/base/result.h"

#include <stddef.h>
#include <stdint.h>

struct zg_store;

enum zg_job_state {
	ZG_JOB_QUEUED, ZG_JOB_SENDING, ZG_JOB_SENT, ZG_JOB_PRINTED, ZG_JOB_UNKNOWN, ZG_JOB_FAILED, ZG_JOB_DROPPED,
};

#define ZG_JOB_KIND 16     /* bytes, the NUL included: a zg_slip's name, or "drawer" */
#define ZG_JOB_NOTE 160

struct zg_job {
	int64_t id;
	char kind[ZG_JOB_KIND];
	int64_t ref;               /* id of the sale, shift or movement; 0 */
	int copy;                  /* 0 the original, n the n-th reprint */
	enum zg_job_state state;
	int64_t queued_at, ended_at;    /* ended_at: 0 while something is still waited for */
	char note[ZG_JOB_NOTE];    /* why it failed, for people */
};

const char *zg_job_state_name(enum zg_job_state state);
const char *zg_job_state_title(enum zg_job_state state);    /* msgid */

/* document: canonical JSON text of the slip, "" for the drawer. Inside a transaction. */
enum zg_result zg_jobs_add(struct zg_store *store, const char *kind, int64_t ref, int copy, const char *document,
			   int64_t *id, struct zg_error *err);
/* The oldest queued one, drawer pulses first. ZG_NOT_FOUND: none. *document is the caller's. */
enum zg_result zg_jobs_next(const struct zg_store *store, struct zg_job *job, char **document, struct zg_error *err);
enum zg_result zg_jobs_find(const struct zg_store *store, int64_t id, struct zg_job *job, char **document, struct zg_error *err);
/* Inside a transaction. Queued and sending are under way; every other state is an end. */
enum zg_result zg_jobs_set(struct zg_store *store, int64_t id, enum zg_job_state state, const char *note, struct zg_error *err);
/* Sent, and the printer is yet to say that it has printed it: not an end. Inside a transaction. */
enum zg_result zg_jobs_await(struct zg_store *store, int64_t id, struct zg_error *err);
/* At start: what was under way is unknown, pulses are dropped. Inside a transaction. *changed: how many slips. */
enum zg_result zg_jobs_restart(struct zg_store *store, int *changed, struct zg_error *err);
/* Slips that nobody knows to be on paper: under way, unknown, failed; newest first. *jobs is the caller's, freed with free(). */
enum zg_result zg_jobs_unprinted(const struct zg_store *store, struct zg_job **jobs, size_t *count, struct zg_error *err);
/* How many slips are under way, and how many are unknown or failed; without the drawer's pulses. */
enum zg_result zg_jobs_count(const struct zg_store *store, size_t *waiting, size_t *unprinted, struct zg_error *err);
/* The highest copy number used for a slip. */
enum zg_result zg_jobs_copies(const struct zg_store *store, const char *kind, int64_t ref, int *copies, struct zg_error *err);
/* The document of the slip's original. ZG_NOT_FOUND: there is none. */
enum zg_result zg_jobs_document(const struct zg_store *store, const char *kind, int64_t ref, char **document, struct zg_error *err);
#endif
