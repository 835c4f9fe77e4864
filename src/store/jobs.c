#include "src/store/jobs.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/base/text.h"
#include "src/store/query.h"
#include "src/store/store.h"

#include <stdlib.h>
#include <string.h>

#define COLUMNS "id, kind, ref, copy, state, queued_at, coalesce(ended_at, 0), note"

static const struct {
	const char *name, *title;
	bool is_over;      /* nothing more is waited for */
} states[] = {
	[ZG_JOB_QUEUED]  = { "queued",  N_("Waiting"),              false },
	[ZG_JOB_SENDING] = { "sending", N_("Being sent"),           false },
	[ZG_JOB_SENT]    = { "sent",    N_("Sent"),                 true },
	[ZG_JOB_PRINTED] = { "printed", N_("Printed"),              true },
	[ZG_JOB_UNKNOWN] = { "unknown", N_("Perhaps not printed"),  true },
	[ZG_JOB_FAILED]  = { "failed",  N_("Not printed"),          true },
	[ZG_JOB_DROPPED] = { "dropped", N_("Set aside"),            true },
};
#define STATES (sizeof(states) / sizeof(states[0]))

const char *zg_job_state_name(enum zg_job_state state)
{
	return states[state].name;
}

const char *zg_job_state_title(enum zg_job_state state)
{
	return states[state].title;
}

static struct zg_job read_job(struct zg_query *q)
{
	struct zg_job job = { .id = zg_column_integer(q, 0), .ref = zg_column_integer(q, 2), .state = ZG_JOB_UNKNOWN };
	const char *kind = zg_column_text(q, 1), *state = zg_column_text(q, 4), *note = zg_column_text(q, 7);

	zg_text_clean(job.kind, sizeof(job.kind), kind, strlen(kind));
	job.copy = (int)zg_column_integer(q, 3);
	for (size_t i = 0; i < STATES; i++) {
		if (!strcmp(states[i].name, state))
			job.state = (enum zg_job_state)i;
	}
	job.queued_at = zg_column_integer(q, 5);
	job.ended_at = zg_column_integer(q, 6);
	zg_text_clean(job.note, sizeof(job.note), note, strlen(note));
	return job;
}

enum zg_result zg_jobs_add(struct zg_store *store, const char *kind, int64_t ref, int copy, const char *document,
			   int64_t *id, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "INSERT INTO print_job (kind, ref, body, copy, state, queued_at)"
				     " VALUES (:kind, :ref, :body, :copy, 'queued', :at) RETURNING id");

	zg_assert(zg_store_is_open(store) && strlen(kind) < ZG_JOB_KIND);
	zg_bind_text(&q, ":kind", kind);
	zg_bind_integer(&q, ":ref", ref);
	zg_bind_text(&q, ":body", document ? document : "");
	zg_bind_integer(&q, ":copy", copy);
	zg_bind_integer(&q, ":at", zg_clock_now(zg_store_clock(store)));
	if (zg_query_row(&q) && id)
		*id = zg_column_integer(&q, 0);
	zg_query_run(&q);
	return zg_query_end(&q, err);
}

/* Ends a query that gives one job with its document, or none. */
static enum zg_result end_one(struct zg_query *q, struct zg_job *job, char **document, struct zg_error *err)
{
	bool found = zg_query_row(q);
	char *body = NULL;

	if (found) {
		*job = read_job(q);
		body = zg_copy(zg_column_text(q, 8));
	}
	enum zg_result result = zg_query_end(q, err);

	if (result == ZG_OK && !found)
		result = zg_fail(err, ZG_NOT_FOUND, _("There is no such slip. Look at the list of slips."));
	if (document && result == ZG_OK)
		*document = body;
	else
		free(body);
	return result;
}

/* Ids only grow, so they are the order of asking whatever the clock does. */
enum zg_result zg_jobs_next(const struct zg_store *store, struct zg_job *job, char **document, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "SELECT " COLUMNS ", body FROM print_job WHERE ended_at IS NULL AND state = 'queued'"
				     " ORDER BY kind <> 'drawer', id LIMIT 1");

	return end_one(&q, job, document, err);
}

enum zg_result zg_jobs_find(const struct zg_store *store, int64_t id, struct zg_job *job, char **document, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "SELECT " COLUMNS ", body FROM print_job WHERE id = :id");

	zg_bind_integer(&q, ":id", id);
	return end_one(&q, job, document, err);
}

static enum zg_result set(struct zg_store *store, int64_t id, enum zg_job_state state, bool is_over, const char *note,
			  struct zg_error *err)
{
	struct zg_query q = zg_query(store, "UPDATE print_job SET state = :state, ended_at = :at, note = :note WHERE id = :id");
	char text[ZG_JOB_NOTE];

	zg_assert(zg_store_is_open(store));
	zg_text_clean(text, sizeof(text), note ? note : "", note ? strlen(note) : 0);
	zg_bind_integer(&q, ":id", id);
	zg_bind_text(&q, ":state", states[state].name);
	if (is_over)
		zg_bind_integer(&q, ":at", zg_clock_now(zg_store_clock(store)));
	else
		zg_bind_null(&q, ":at");
	zg_bind_text(&q, ":note", text);
	zg_query_run(&q);
	return zg_query_end(&q, err);
}

enum zg_result zg_jobs_set(struct zg_store *store, int64_t id, enum zg_job_state state, const char *note, struct zg_error *err)
{
	return set(store, id, state, states[state].is_over, note, err);
}

enum zg_result zg_jobs_await(struct zg_store *store, int64_t id, struct zg_error *err)
{
	return set(store, id, ZG_JOB_SENT, false, "", err);
}

enum zg_result zg_jobs_restart(struct zg_store *store, int *changed, struct zg_error *err)
{
	struct zg_query pulses = zg_query(store, "UPDATE print_job SET state = 'dropped', ended_at = :at, note = :note"
					  " WHERE ended_at IS NULL AND kind = 'drawer'");

	zg_assert(zg_store_is_open(store));
	*changed = 0;
	zg_bind_integer(&pulses, ":at", zg_clock_now(zg_store_clock(store)));
	zg_bind_text(&pulses, ":note", _("The till was started again, so the drawer was not opened late."));
	zg_query_run(&pulses);
	enum zg_result result = zg_query_end(&pulses, err);

	if (result != ZG_OK)
		return result;
	struct zg_query slips = zg_query(store, "UPDATE print_job SET state = 'unknown', ended_at = :at, note = :note"
					 " WHERE ended_at IS NULL RETURNING id");

	zg_bind_integer(&slips, ":at", zg_clock_now(zg_store_clock(store)));
	zg_bind_text(&slips, ":note", _("The till stopped before this was printed for sure. Look at the paper; if it is not there, "
					"print it again."));
	while (zg_query_row(&slips))
		(*changed)++;
	return zg_query_end(&slips, err);
}

enum zg_result zg_jobs_unprinted(const struct zg_store *store, struct zg_job **jobs, size_t *count, struct zg_error *err)
{
	/* Two selects, so that each uses its small index and not the pile of printed ones. */
	struct zg_query q = zg_query(store, "SELECT " COLUMNS " FROM print_job WHERE ended_at IS NULL AND kind <> 'drawer'"
				     " UNION ALL SELECT " COLUMNS " FROM print_job WHERE state IN ('unknown', 'failed') AND kind <> 'drawer'"
				     " ORDER BY 1 DESC");
	struct zg_job *list = NULL;
	size_t n = 0, room = 0;

	*jobs = NULL;
	*count = 0;
	while (zg_query_row(&q)) {
		list = zg_grow(list, n, &room, sizeof(*list));
		list[n++] = read_job(&q);
	}
	enum zg_result result = zg_query_end(&q, err);

	if (result != ZG_OK) {
		free(list);
		return result;
	}
	*jobs = list;
	*count = n;
	return ZG_OK;
}

enum zg_result zg_jobs_count(const struct zg_store *store, size_t *waiting, size_t *unprinted, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "SELECT (SELECT count(*) FROM print_job WHERE ended_at IS NULL AND kind <> 'drawer'),"
				     " (SELECT count(*) FROM print_job WHERE state IN ('unknown', 'failed') AND kind <> 'drawer')");

	*waiting = *unprinted = 0;
	if (zg_query_row(&q)) {
		*waiting = (size_t)zg_column_integer(&q, 0);
		*unprinted = (size_t)zg_column_integer(&q, 1);
	}
	return zg_query_end(&q, err);
}

enum zg_result zg_jobs_copies(const struct zg_store *store, const char *kind, int64_t ref, int *copies, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "SELECT coalesce(max(copy), 0) FROM print_job WHERE kind = :kind AND ref = :ref");

	*copies = 0;
	zg_bind_text(&q, ":kind", kind);
	zg_bind_integer(&q, ":ref", ref);
	if (zg_query_row(&q))
		*copies = (int)zg_column_integer(&q, 0);
	return zg_query_end(&q, err);
}

enum zg_result zg_jobs_document(const struct zg_store *store, const char *kind, int64_t ref, char **document, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "SELECT " COLUMNS ", body FROM print_job WHERE kind = :kind AND ref = :ref AND copy = 0"
				     " AND body <> '' ORDER BY id DESC LIMIT 1");
	struct zg_job job;

	zg_bind_text(&q, ":kind", kind);
	zg_bind_integer(&q, ":ref", ref);
	return end_one(&q, &job, document, err);
}
