/*
 * Going on with an older copy of the books, knowingly. What is missing is named in the journal, and no receipt or Z
 * number that the lost books gave is given again.
 */
#include "src/base/i18n.h"
#include "src/till/acts.h"
#include "src/till/private.h"

#include <inttypes.h>
#include <stdio.h>

#define FARTHEST 100000    /* numbers that may be left out in one go: years of a small shop; more is a slip of the finger */

/* From the number after the one given last; 0 for none. */
struct lost {
	int64_t first, last;
};

/* known: the highest that the lost books are known to have given; 0 when nobody knows. */
static enum zg_result find_lost(const struct zg_till *till, const char *counter, int64_t known, struct lost *lost, struct zg_error *err)
{
	int64_t given = 0;
	enum zg_result result = zg_store_last(till->store, counter, &given, err);

	*lost = (struct lost){ 0 };
	if (result == ZG_OK && known > given)
		*lost = (struct lost){ given + 1, known };
	if (result == ZG_OK && known > given + FARTHEST)
		return zg_fail(err, ZG_INVALID, _("The last number in these books is %lld: %lld is too far from it. Look at the newest paper again."),
			       (long long)given, (long long)known);
	return result;
}

static void set_lost(json_t *body, const char *first, const char *last, const struct lost *lost)
{
	zg_json_set_integer(body, first, lost->first);
	zg_json_set_integer(body, last, lost->last);
}

static json_t *told(const struct zg_journal_gap *gap, const struct lost *receipts, const struct lost *zs)
{
	json_t *body = zg_json_object();

	zg_json_set_integer(body, "last_seq", gap->last_seq);
	zg_json_set_integer(body, "head_seq", gap->head_seq);
	zg_json_set_string(body, "head", gap->head);
	set_lost(body, "first_receipt", "last_receipt", receipts);
	set_lost(body, "first_z", "last_z", zs);
	return body;
}

/* From now on these are the books; a head that cannot be written leaves them refused, and the act can be done again. */
static void accepted(struct zg_till *till, struct zg_deed *deed)
{
	struct zg_error err = { .text = "" };

	if (zg_journal_take_head(till->store, &err) != ZG_OK)
		zg_log_say(till->log, "alarm: %s", err.text);
	zg_json_set_string(zg_deed_answer(deed), "warning", err.text);
}

static int64_t higher(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static enum zg_result accept_copy(struct zg_till *till, struct zg_deed *deed, struct zg_error *err)
{
	const json_t *args = zg_deed_args(deed);
	struct zg_journal_gap gap;
	struct zg_journal_mark mark;
	struct lost receipts, zs;
	const char *reason;
	enum zg_result result = zg_deed_reason(deed, &reason, err);

	if (result == ZG_OK)
		result = zg_journal_find_gap(till->store, &gap, err);
	if (result == ZG_NOT_FOUND)
		return zg_fail(err, ZG_INVALID, _("These books have everything that was sealed. There is no copy to accept."));
	if (result == ZG_OK)
		result = find_lost(till, "receipt", higher(gap.receipt_no, zg_json_integer(args, "receipt_no", 0)), &receipts, err);
	if (result == ZG_OK)
		result = find_lost(till, "z", higher(gap.z_no, zg_json_integer(args, "z_no", 0)), &zs, err);
	if (result != ZG_OK)
		return result;
	json_t *body = told(&gap, &receipts, &zs);

	json_object_update(zg_deed_answer(deed), body);
	zg_json_set_string(body, "reason", reason);
	result = zg_deed_note(deed, "journal.accept", body, &mark, err);
	if (result == ZG_OK)
		result = zg_store_skip(till->store, "receipt", receipts.last, mark.seq, err);
	if (result == ZG_OK)
		result = zg_store_skip(till->store, "z", zs.last, mark.seq, err);
	zg_json_set_integer(zg_deed_answer(deed), "seq", result == ZG_OK ? mark.seq : 0);
	deed->then = accepted;
	return result;
}

const struct zg_act zg_act_journal_accept = {
	.name = "journal.accept", .title = N_("Go on with an older copy of the books"), .right = ZG_RIGHT_SETTINGS, .sync = ZG_SYNC_FULL,
	.run = accept_copy,
	.fields = { { "reason", ZG_FIELD_TEXT, true, 0, ZG_REASON_MAX }, { "receipt_no", ZG_FIELD_INTEGER, false, 0, INT32_MAX },
		    { "z_no", ZG_FIELD_INTEGER, false, 0, INT32_MAX } },
};
