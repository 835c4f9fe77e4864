/* Cash that comes and goes without a sale, and the drawer opened without one. */
#include "src/base/i18n.h"
#include "src/store/jobs.h"
#include "src/till/acts.h"
#include "src/till/private.h"
#include "src/till/queue.h"
#include "src/till/slips.h"

#include <stdlib.h>

static void wake(struct zg_till *till, struct zg_deed *deed)
{
	(void)deed;
	zg_queue_wake(till->queue);
}

static enum zg_result pulse(struct zg_till *till, struct zg_error *err)
{
	int64_t job;

	return till->config.has_drawer ? zg_jobs_add(till->store, "drawer", 0, 0, "", &job, err) : ZG_OK;
}

/* More than the books say is in the drawer is a slip of the finger, or somebody's who may see every figure. */
static enum zg_result check_enough(struct zg_till *till, struct zg_deed *deed, zg_fen amount, struct zg_error *err)
{
	struct zg_totals totals;
	enum zg_result result = zg_shifts_totals(till->store, &till->shift, &totals, err);

	if (result == ZG_OK && amount > zg_totals_expected(&totals))
		result = zg_deed_need(deed, ZG_RIGHT_REPORT_Z, err);
	return result;
}

static enum zg_result move(struct zg_till *till, struct zg_deed *deed, bool is_in, zg_fen amount, const char *reason, struct zg_error *err)
{
	struct zg_journal_mark mark;
	int64_t id = 0, job;
	enum zg_result result = zg_till_need_shift(till, err);

	if (result == ZG_OK && !is_in)
		result = check_enough(till, deed, amount, err);
	if (result == ZG_OK)
		result = zg_cash_move_add(till->store, till->shift.id, is_in, amount, reason, zg_deed_who(deed), &id, err);
	if (result != ZG_OK)
		return result;
	json_t *body = zg_json_object();

	zg_json_set_integer(body, "id", id);
	zg_json_set_integer(body, "shift", till->shift.id);
	zg_json_set_integer(body, "amount_fen", amount);
	zg_json_set_string(body, "reason", reason);
	result = zg_deed_note(deed, is_in ? "cash.in" : "cash.out", body, &mark, err);
	if (result == ZG_OK)
		result = pulse(till, err);
	if (result == ZG_OK) {
		json_t *document = zg_slip_cash(till, is_in, amount, reason, id, deed->person.name,
						deed->has_lender ? deed->lender.name : "", mark.anchor);
		char *text = zg_json_text(document);

		result = zg_jobs_add(till->store, "cash", id, 0, text, &job, err);
		free(text);
		json_decref(document);
	}
	zg_json_set_integer(zg_deed_answer(deed), "id", id);
	deed->then = wake;
	return result;
}

enum zg_result zg_cash_leaves(struct zg_till *till, struct zg_deed *deed, zg_fen amount, const char *reason, struct zg_error *err)
{
	return move(till, deed, false, amount, reason, err);
}

static enum zg_result ordered(struct zg_till *till, struct zg_deed *deed, bool is_in, struct zg_error *err)
{
	const char *reason;
	enum zg_result result = zg_deed_reason(deed, &reason, err);

	return result == ZG_OK ? move(till, deed, is_in, zg_json_integer(zg_deed_args(deed), "amount_fen", 0), reason, err) : result;
}

static enum zg_result cash_in(struct zg_till *till, struct zg_deed *deed, struct zg_error *err)
{
	return ordered(till, deed, true, err);
}

static enum zg_result cash_out(struct zg_till *till, struct zg_deed *deed, struct zg_error *err)
{
	return ordered(till, deed, false, err);
}

static enum zg_result open_drawer(struct zg_till *till, struct zg_deed *deed, struct zg_error *err)
{
	const char *reason;
	enum zg_result result = zg_deed_reason(deed, &reason, err);

	if (result == ZG_OK && !till->config.has_drawer)
		result = zg_fail(err, ZG_INVALID, _("No drawer is set up for this till."));
	if (result != ZG_OK)
		return result;
	int64_t shift = 0;

	result = zg_shifts_counting(till->store, &shift, err);
	if (result != ZG_OK)
		return result;
	json_t *body = zg_json_object();

	zg_json_set_integer(body, "shift", shift);
	zg_json_set_string(body, "reason", reason);
	result = zg_deed_note(deed, "drawer.open", body, NULL, err);
	if (result == ZG_OK)
		result = zg_drawer_opening_add(till->store, shift, 0, reason, zg_deed_who(deed), err);
	deed->then = wake;
	return result == ZG_OK ? pulse(till, err) : result;
}

#define MOVE { { "amount_fen", ZG_FIELD_INTEGER, true, 1, ZG_FEN_MAX / 100 }, { "reason", ZG_FIELD_TEXT, true, 0, ZG_REASON_MAX } }

const struct zg_act zg_act_cash_in = {
	.name = "cash.in", .title = N_("Put cash in"), .right = ZG_RIGHT_CASH_MOVE, .sync = ZG_SYNC_FULL, .run = cash_in, .fields = MOVE,
};
const struct zg_act zg_act_cash_out = {
	.name = "cash.out", .title = N_("Take cash out"), .right = ZG_RIGHT_CASH_MOVE, .sync = ZG_SYNC_FULL, .run = cash_out, .fields = MOVE,
};
const struct zg_act zg_act_drawer_open = {
	.name = "drawer.open", .title = N_("Open the drawer without a sale"), .right = ZG_RIGHT_DRAWER, .sync = ZG_SYNC_FULL,
	.run = open_drawer, .fields = { { "reason", ZG_FIELD_TEXT, true, 0, ZG_REASON_MAX } },
};
