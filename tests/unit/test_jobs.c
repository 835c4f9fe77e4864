#include "src/store/jobs.h"
#include "src/store/store.h"
#include "tests/unit/scratch.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <sqlite3.h>
#include <stdlib.h>

static char *home;
static struct zg_store *store;
static struct zg_error err;

static void open_shop(void)
{
	home = scratch_begin();
	cr_assert(eq(int, zg_store_open(home, ZG_STORE_CREATE, &zg_real_clock, &store, &err), ZG_OK), "%s", err.text);
}

static void close_shop(void)
{
	zg_store_close(store);
	scratch_end(home);
}

static int64_t add(const char *kind, int64_t ref, int copy, const char *document)
{
	int64_t id = 0;

	cr_assert(eq(int, zg_store_begin(store, ZG_SYNC_NORMAL, &err), ZG_OK));
	cr_assert(eq(int, zg_jobs_add(store, kind, ref, copy, document, &id, &err), ZG_OK), "%s", err.text);
	cr_assert(eq(int, zg_store_commit(store, &err), ZG_OK));
	return id;
}

static void set(int64_t id, enum zg_job_state state)
{
	cr_assert(eq(int, zg_store_begin(store, ZG_SYNC_NORMAL, &err), ZG_OK));
	cr_assert(eq(int, zg_jobs_set(store, id, state, "why", &err), ZG_OK), "%s", err.text);
	cr_assert(eq(int, zg_store_commit(store, &err), ZG_OK));
}

static enum zg_job_state state_of(int64_t id)
{
	struct zg_job job;

	cr_assert(eq(int, zg_jobs_find(store, id, &job, NULL, &err), ZG_OK), "%s", err.text);
	return job.state;
}

static int restart(void)
{
	int changed = -1;

	cr_assert(eq(int, zg_store_begin(store, ZG_SYNC_NORMAL, &err), ZG_OK));
	cr_assert(eq(int, zg_jobs_restart(store, &changed, &err), ZG_OK), "%s", err.text);
	cr_assert(eq(int, zg_store_commit(store, &err), ZG_OK));
	return changed;
}

TestSuite(jobs, .init = open_shop, .fini = close_shop);

Test(jobs, the_drawer_goes_first_then_slips_in_the_order_they_were_asked_for)
{
	int64_t first = add("sale", 1, 0, "{\"a\":1}"), second = add("sale", 2, 0, "{}"), pulse = add("drawer", 2, 0, "");
	int64_t expected[] = { pulse, first, second };

	for (int i = 0; i < 3; i++) {
		struct zg_job job;
		char *document = NULL;

		cr_assert(eq(int, zg_jobs_next(store, &job, &document, &err), ZG_OK), "%s", err.text);
		cr_expect(eq(long, job.id, expected[i]));
		if (job.id == first) {
			cr_expect(eq(str, document, "{\"a\":1}"));
			cr_expect(eq(str, job.kind, "sale"));
			cr_expect(gt(long, job.queued_at, 0));
		}
		free(document);
		set(job.id, ZG_JOB_SENT);
	}
	struct zg_job none;

	cr_expect(eq(int, zg_jobs_next(store, &none, NULL, &err), ZG_NOT_FOUND));
}

Test(jobs, after_a_restart_nothing_is_sent_by_itself)
{
	int64_t queued = add("sale", 1, 0, "{}"), sending = add("sale", 2, 0, "{}"), awaited = add("sale", 3, 0, "{}");
	int64_t printed = add("sale", 4, 0, "{}"), sent = add("sale", 5, 0, "{}"), pulse = add("drawer", 5, 0, "");

	set(sending, ZG_JOB_SENDING);
	set(printed, ZG_JOB_PRINTED);
	set(sent, ZG_JOB_SENT);
	cr_assert(eq(int, zg_store_begin(store, ZG_SYNC_NORMAL, &err), ZG_OK));
	cr_assert(eq(int, zg_jobs_await(store, awaited, &err), ZG_OK));
	cr_assert(eq(int, zg_store_commit(store, &err), ZG_OK));

	cr_expect(eq(int, restart(), 3));
	cr_expect(eq(int, state_of(queued), ZG_JOB_UNKNOWN));
	cr_expect(eq(int, state_of(sending), ZG_JOB_UNKNOWN));
	cr_expect(eq(int, state_of(awaited), ZG_JOB_UNKNOWN));
	cr_expect(eq(int, state_of(printed), ZG_JOB_PRINTED));
	cr_expect(eq(int, state_of(sent), ZG_JOB_SENT));
	cr_expect(eq(int, state_of(pulse), ZG_JOB_DROPPED));
	cr_expect(eq(int, restart(), 0));
}

Test(jobs, the_list_of_unprinted_slips_is_newest_first_and_leaves_pulses_out)
{
	int64_t failed = add("sale", 1, 0, "{}"), printed = add("sale", 2, 0, "{}"), queued = add("z", 1, 0, "{}");
	size_t count = 0, waiting = 0, unprinted = 0;
	struct zg_job *list = NULL;

	add("drawer", 2, 0, "");
	set(failed, ZG_JOB_FAILED);
	set(printed, ZG_JOB_PRINTED);

	cr_assert(eq(int, zg_jobs_unprinted(store, &list, &count, &err), ZG_OK), "%s", err.text);
	cr_assert(eq(sz, count, 2));
	cr_expect(eq(long, list[0].id, queued));
	cr_expect(eq(long, list[0].ended_at, 0));
	cr_expect(eq(long, list[1].id, failed));
	cr_expect(eq(str, list[1].note, "why"));
	cr_expect(gt(long, list[1].ended_at, 0));
	free(list);
	cr_assert(eq(int, zg_jobs_count(store, &waiting, &unprinted, &err), ZG_OK));
	cr_expect(eq(sz, waiting, 1));
	cr_expect(eq(sz, unprinted, 1));
}

Test(jobs, copies_are_counted_for_each_slip_and_come_from_the_original)
{
	int copies = -1;
	char *document = NULL;

	cr_expect(eq(int, zg_jobs_document(store, "sale", 7, &document, &err), ZG_NOT_FOUND));
	add("sale", 7, 0, "{\"n\":7}");
	add("sale", 7, 1, "{\"copy\":true}");
	add("sale", 7, 2, "{\"copy\":true}");
	add("refund", 7, 0, "{}");

	cr_expect(eq(int, zg_jobs_copies(store, "sale", 7, &copies, &err), ZG_OK));
	cr_expect(eq(int, copies, 2));
	cr_expect(eq(int, zg_jobs_copies(store, "sale", 8, &copies, &err), ZG_OK));
	cr_expect(eq(int, copies, 0));
	cr_assert(eq(int, zg_jobs_document(store, "sale", 7, &document, &err), ZG_OK));
	cr_expect(eq(str, document, "{\"n\":7}"));
	free(document);
}

/* What may be on paper comes out again as a copy that says so, or not at all; and nothing of a slip is changed behind the queue's back. */
Test(jobs, the_books_refuse_a_second_original_and_a_changed_slip)
{
	static const char *const tries[] = {
		"INSERT INTO print_job (kind, ref, copy, state, queued_at) VALUES ('sale', 7, 0, 'queued', 0)",
		"INSERT INTO print_job (kind, ref, copy, state, queued_at) VALUES ('sale', 7, 2, 'queued', 0)",
		"INSERT INTO print_job (kind, ref, copy, state, queued_at) VALUES ('sale', 8, 0, 'printed', 0)",
		"INSERT OR REPLACE INTO print_job (id, kind, ref, copy, state, queued_at) VALUES (1, 'sale', 8, 0, 'queued', 0)",
		"INSERT OR REPLACE INTO print_job (kind, ref, copy, state, queued_at) VALUES ('sale', 7, NULL, 'queued', 0)",
		"UPDATE OR REPLACE print_job SET body = NULL", "UPDATE print_job SET state = 'queued', ended_at = NULL", "UPDATE print_job SET state = 'failed'", "UPDATE print_job SET body = '{}'",
		"UPDATE print_job SET kind = 'x'", "UPDATE print_job SET ref = 9", "UPDATE print_job SET copy = 1", "UPDATE print_job SET queued_at = 1",
		"UPDATE print_job SET id = 9", "DELETE FROM print_job",
	};
	int64_t id = add("sale", 7, 0, "{\"n\":7}");

	set(id, ZG_JOB_SENDING);
	set(id, ZG_JOB_PRINTED);
	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++)
		cr_expect(eq(int, sqlite3_exec(zg_store_raw(store), tries[i], NULL, NULL, NULL), SQLITE_CONSTRAINT_TRIGGER), "%s", tries[i]);
	add("sale", 7, 1, "{}");
	add("x", 7, 0, "{}");
	add("x", 7, 0, "{}");
}
