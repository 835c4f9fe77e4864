/* Slips again, reports on paper, and the list of slips that did not come out. */
#include "src/base/i18n.h"
#include "src/shop/receipt.h"
#include "src/store/jobs.h"
#include "src/store/sales.h"
#include "src/store/shifts.h"
#include "src/till/acts.h"
#include "src/till/private.h"
#include "src/till/queue.h"
#include "src/till/slips.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void wake(struct zg_till *till, struct zg_deed *deed)
{
	(void)deed;
	zg_queue_wake(till->queue);
}

/* A person asks: no back-off. */
static void retry(struct zg_till *till, struct zg_deed *deed)
{
	(void)deed;
	zg_queue_retry(till->queue);
}

/* Why a document could not be made. */
static enum zg_result failure(const struct zg_error *err)
{
	return err && err->result != ZG_OK ? err->result : ZG_BROKEN;
}

static enum zg_result add_job(struct zg_till *till, struct zg_deed *deed, const char *kind, int64_t ref, int copy,
			      const json_t *document, int64_t *job, struct zg_error *err)
{
	char *text = zg_json_text(document);
	enum zg_result result = zg_jobs_add(till->store, kind, ref, copy, text, job, err);

	free(text);
	if (result == ZG_OK) {
		zg_json_set_integer(zg_deed_answer(deed), "job", *job);
		zg_json_set_integer(zg_deed_answer(deed), "copy", copy);
		deed->then = wake;
	}
	return result;
}

/* Adds the next copy of a slip; what it says of itself is marked in the document. */
static enum zg_result add_copy(struct zg_till *till, struct zg_deed *deed, const char *kind, int64_t ref, json_t *document,
			       int64_t *job, struct zg_error *err)
{
	int copies = 0;
	enum zg_result result = zg_jobs_copies(till->store, kind, ref, &copies, err);

	if (result != ZG_OK)
		return result;
	zg_json_set_boolean(document, "copy", true);
	zg_json_set_integer(document, "copies", copies + 1);
	return add_job(till, deed, kind, ref, copies + 1, document, job, err);
}

/* The document as the original had it; *document NULL when no original was kept. */
static enum zg_result original(const struct zg_till *till, const char *kind, int64_t ref, json_t **document, struct zg_error *err)
{
	char *text = NULL;
	enum zg_result result = zg_jobs_document(till->store, kind, ref, &text, err);

	*document = result == ZG_OK ? zg_json_parse(text, strlen(text)) : NULL;
	free(text);
	return result == ZG_NOT_FOUND ? ZG_OK : result;
}

static enum zg_result print_receipt(struct zg_till *till, struct zg_deed *deed, struct zg_error *err)
{
	struct zg_sale_record sale;
	int64_t job = 0;
	enum zg_result result = zg_sales_find_number(till->store, zg_json_string(zg_deed_args(deed), "number", ""), &sale, err);

	if (result != ZG_OK)
		return result;
	const char *kind = sale.is_refund ? "refund" : "sale";
	json_t *document = NULL;

	result = original(till, kind, sale.id, &document, err);
	if (result != ZG_OK)
		return result;
	if (!document)
		document = zg_slip_closed(till, sale.id, "", err);
	if (!document)
		return failure(err);
	result = add_copy(till, deed, kind, sale.id, document, &job, err);
	if (result == ZG_OK) {
		json_t *body = zg_json_object();

		zg_json_set_string(body, "number", sale.number);
		zg_json_set_integer(body, "job", job);
		zg_json_set_integer(body, "copy", zg_json_integer(document, "copies", 0));
		result = zg_deed_note(deed, "print.receipt", body, NULL, err);
	}
	json_decref(document);
	return result;
}

/* ---- reports ---- */

static enum zg_result find_shift(const struct zg_till *till, const json_t *args, struct zg_shift *shift, struct zg_error *err)
{
	int64_t z = zg_json_integer(args, "z", 0), id = zg_json_integer(args, "shift", 0);

	if (z > 0)
		return zg_shifts_find_z(till->store, z, shift, err);
	if (id > 0)
		return zg_shifts_find(till->store, id, shift, err);
	return zg_shifts_current(till->store, shift, err);
}

static enum zg_result print_x(struct zg_till *till, struct zg_deed *deed, int64_t *job, struct zg_error *err)
{
	struct zg_shift shift;
	enum zg_result result = zg_deed_need(deed, ZG_RIGHT_REPORT_X, err);

	if (result == ZG_OK)
		result = zg_shifts_current(till->store, &shift, err);
	if (result != ZG_OK)
		return result;
	json_t *document = zg_till_report(till, &shift, err);

	if (!document)
		return failure(err);
	/* It is for whoever asks, who need not be the one at the counter. */
	zg_json_set_boolean(document, "blind", !zg_role_has(zg_deed_role(deed), ZG_RIGHT_REPORT_Z));
	result = add_job(till, deed, "x", shift.id, 0, document, job, err);
	json_decref(document);
	return result;
}

/* A closed shift's Z, once more; or, with a day, the day's. */
static enum zg_result print_z(struct zg_till *till, struct zg_deed *deed, int64_t *job, struct zg_error *err)
{
	const char *day = zg_json_string(zg_deed_args(deed), "day", "");
	struct zg_shift shift;
	enum zg_result result = zg_deed_need(deed, ZG_RIGHT_REPORT_Z, err);

	if (result == ZG_OK && day[0]) {
		json_t *whole = zg_day_is_valid(day) ? zg_slip_day(till, day, err) : NULL;

		if (!zg_day_is_valid(day))
			result = zg_fail(err, ZG_INVALID, _("A day looks like 2026-11-23. Type it so."));
		else
			result = whole ? add_job(till, deed, "z", 0, 0, whole, job, err) : failure(err);
		json_decref(whole);
		return result;
	}
	if (result == ZG_OK)
		result = find_shift(till, zg_deed_args(deed), &shift, err);
	if (result == ZG_OK && !shift.is_closed)
		result = zg_fail(err, ZG_INVALID, _("This shift is not closed yet, so it has no Z report. Close it, or print an X report."));
	if (result != ZG_OK)
		return result;
	json_t *document = NULL;

	result = original(till, "z", shift.id, &document, err);
	if (result != ZG_OK)
		return result;
	if (!document)
		document = zg_till_report(till, &shift, err);
	if (!document)
		return failure(err);
	result = add_copy(till, deed, "z", shift.id, document, job, err);
	json_decref(document);
	return result;
}

static enum zg_result print_transactions(struct zg_till *till, struct zg_deed *deed, int64_t *job, struct zg_error *err)
{
	const char *asked = zg_json_string(zg_deed_args(deed), "day", "");
	char day[ZG_DAY_TEXT];
	enum zg_result result = zg_deed_need(deed, ZG_RIGHT_REPORT_X, err);

	if (result != ZG_OK)
		return result;
	if (asked[0] && !zg_day_is_valid(asked))
		return zg_fail(err, ZG_INVALID, _("A day looks like 2026-11-23. Type it so."));
	if (asked[0])
		snprintf(day, sizeof(day), "%s", asked);
	else
		zg_till_day(till, day);
	json_t *document = zg_slip_transactions(till, day, err);

	result = document ? add_job(till, deed, "transactions", 0, 0, document, job, err) : failure(err);
	json_decref(document);
	return result;
}

static enum zg_result print_report(struct zg_till *till, struct zg_deed *deed, struct zg_error *err)
{
	const char *kind = zg_json_string(zg_deed_args(deed), "kind", "");
	int64_t job = 0;
	enum zg_result result;

	if (!strcmp(kind, "x"))
		result = print_x(till, deed, &job, err);
	else if (!strcmp(kind, "z"))
		result = print_z(till, deed, &job, err);
	else if (!strcmp(kind, "transactions"))
		result = print_transactions(till, deed, &job, err);
	else
		return zg_fail(err, ZG_INVALID, _("There is no such report. Choose x, z or transactions."));
	if (result != ZG_OK)
		return result;
	json_t *body = zg_json_object();

	zg_json_set_string(body, "kind", kind);
	zg_json_set_integer(body, "job", job);
	return zg_deed_note(deed, "print.report", body, NULL, err);
}

/* ---- slips that did not come out ---- */

static enum zg_result note_job(struct zg_deed *deed, const char *kind, int64_t job, int64_t again, struct zg_error *err)
{
	json_t *body = zg_json_object();

	zg_json_set_integer(body, "job", job);
	if (again)
		zg_json_set_integer(body, "again", again);
	return zg_deed_note(deed, kind, body, NULL, err);
}

/* It may be on paper already, so what comes now is a copy and says so; the first one is set aside. */
static enum zg_result print_again(struct zg_till *till, struct zg_deed *deed, const struct zg_job *job, const char *text,
				  int64_t *again, struct zg_error *err)
{
	json_t *document = zg_json_parse(text, strlen(text));
	char note[ZG_JOB_NOTE];

	if (!document)
		return zg_fail(err, ZG_BROKEN, _("This slip cannot be read any more. Print it again from the list of sales."));
	enum zg_result result = add_copy(till, deed, job->kind, job->ref, document, again, err);

	json_decref(document);
	if (result != ZG_OK)
		return result;
	snprintf(note, sizeof(note), _("Printed again as slip %lld."), (long long)*again);
	return zg_jobs_set(till->store, job->id, ZG_JOB_DROPPED, note, err);
}

static enum zg_result print_retry(struct zg_till *till, struct zg_deed *deed, struct zg_error *err)
{
	int64_t id = zg_json_integer(zg_deed_args(deed), "job", 0), again = 0;
	struct zg_job job;
	char *text = NULL;
	enum zg_result result = zg_jobs_find(till->store, id, &job, &text, err);

	if (result != ZG_OK)
		return result;
	zg_json_set_integer(zg_deed_answer(deed), "job", id);
	switch (job.state) {
	case ZG_JOB_QUEUED:
		break;    /* it waits: only the printer is tried again */
	case ZG_JOB_FAILED:
		result = zg_jobs_set(till->store, id, ZG_JOB_QUEUED, "", err);
		break;
	case ZG_JOB_UNKNOWN:
		result = print_again(till, deed, &job, text, &again, err);
		break;
	default:
		result = zg_fail(err, ZG_INVALID, _("This slip is not waiting to be printed again. Choose another one."));
	}
	free(text);
	if (result != ZG_OK)
		return result;
	deed->then = retry;
	return job.state == ZG_JOB_QUEUED ? ZG_OK : note_job(deed, "print.retry", id, again, err);
}

static enum zg_result print_drop(struct zg_till *till, struct zg_deed *deed, struct zg_error *err)
{
	int64_t id = zg_json_integer(zg_deed_args(deed), "job", 0);
	struct zg_job job;
	enum zg_result result = zg_jobs_find(till->store, id, &job, NULL, err);

	if (result != ZG_OK)
		return result;
	if (job.state == ZG_JOB_PRINTED || job.state == ZG_JOB_DROPPED || (job.state == ZG_JOB_SENT && job.ended_at))
		return zg_fail(err, ZG_INVALID, _("This slip is done with. There is nothing to set aside."));
	zg_json_set_integer(zg_deed_answer(deed), "job", id);
	deed->then = wake;
	result = zg_jobs_set(till->store, id, ZG_JOB_DROPPED, _("Set aside by hand."), err);
	return result == ZG_OK ? note_job(deed, "print.drop", id, 0, err) : result;
}

static enum zg_result print_test(struct zg_till *till, struct zg_deed *deed, struct zg_error *err)
{
	const struct zg_printer_profile *profile = zg_queue_profile(till->queue);
	int64_t job = 0;

	if (!profile)
		return zg_fail(err, ZG_INVALID, "%s", till->config.link[0] ? zg_queue_problem(till->queue)
			       : _("No printer is set up. Write its link and profile into the settings, then try again."));
	/* The sample knows every field of a test page; what is ours is written over it. */
	json_t *document = zg_slip_sample(ZG_SLIP_TEST), *shop = zg_json_object();
	char id[8];

	zg_json_set_string(shop, "name", till->config.name);
	zg_json_set_string(shop, "address", till->config.address);
	zg_json_set_string(shop, "phone", till->config.phone);
	zg_json_set_string(shop, "tax_number", till->config.tax_number);
	snprintf(id, sizeof(id), "%02d", till->config.till_id);
	zg_json_set(document, "shop", shop);
	zg_json_set_string(document, "till", id);
	zg_json_set_string(document, "cashier", deed->person.name);
	zg_json_set_integer(document, "at_ms", zg_clock_now(till->parts.clock));
	zg_json_set_integer(document, "columns", profile->columns);
	zg_json_set_string(document, "printer", profile->name);
	zg_json_set_string(document, "link", till->config.link);
	zg_json_set_boolean(document, "copy", false);
	zg_json_set_integer(document, "copies", 0);
	enum zg_result result = add_job(till, deed, "test", 0, 0, document, &job, err);

	json_decref(document);
	return result == ZG_OK ? note_job(deed, "print.test", job, 0, err) : result;
}

#define JOB { "job", ZG_FIELD_INTEGER, true, 1, INT64_MAX }

const struct zg_act zg_act_print_drop = {
	.name = "print.drop", .title = N_("Set a slip aside"), .right = ZG_RIGHT_SELL, .sync = ZG_SYNC_NORMAL, .fields = { JOB },
	.run = print_drop,
};

const struct zg_act zg_act_print_receipt = {
	.name = "print.receipt", .title = N_("Print a receipt again"), .right = ZG_RIGHT_REPRINT, .sync = ZG_SYNC_NORMAL,
	.fields = { { "number", ZG_FIELD_TEXT, true, 1, ZG_CODE_MAX } }, .run = print_receipt,
};

/* The right depends on the kind. */
const struct zg_act zg_act_print_report = {
	.name = "print.report", .title = N_("Print a report"), .right = ZG_RIGHT_NONE, .sync = ZG_SYNC_NORMAL,
	.fields = {
		{ "kind", ZG_FIELD_TEXT, true, 1, 16 }, { "z", ZG_FIELD_INTEGER, false, 1, INT64_MAX },
		{ "shift", ZG_FIELD_INTEGER, false, 1, INT64_MAX }, { "day", ZG_FIELD_TEXT, false, 1, ZG_DAY_TEXT },
	},
	.run = print_report,
};

const struct zg_act zg_act_print_retry = {
	.name = "print.retry", .title = N_("Print a slip that did not come out"), .right = ZG_RIGHT_SELL, .sync = ZG_SYNC_NORMAL,
	.fields = { JOB }, .run = print_retry,
};

const struct zg_act zg_act_print_test = {
	.name = "print.test", .title = N_("Print a test page"), .right = ZG_RIGHT_SELL, .sync = ZG_SYNC_NORMAL, .run = print_test,
};
