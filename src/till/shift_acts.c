/* A shift from its float to its Z. */
#include "src/base/i18n.h"
#include "src/shop/cash.h"
#include "src/store/jobs.h"
#include "src/till/acts.h"
#include "src/till/phone.h"
#include "src/till/private.h"
#include "src/till/queue.h"
#include "src/till/slips.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum zg_result zg_till_need_room(const struct zg_till *till, struct zg_error *err)
{
	return zg_store_is_low(till->store)
		? zg_fail(err, ZG_REFUSED, _("The disk is almost full: no new sales. Free some space; the day can still be closed.")) : ZG_OK;
}

enum zg_result zg_till_need_shift(const struct zg_till *till, struct zg_error *err)
{
	return till->has_shift ? ZG_OK : zg_fail(err, ZG_INVALID, _("No shift is open. Open one first."));
}

static void reload(struct zg_till *till, struct zg_deed *deed)
{
	(void)deed;
	(void)zg_till_reload(till, NULL);    /* what cannot be read now is read at the next event */
	zg_queue_wake(till->queue);
}

#define FAR_DAYS 7    /* longer than most shops rest; a clock this far ahead is more likely wrong than a holiday */

static int64_t day_number(const char *day)
{
	struct tm tm = { 0 };

	if (sscanf(day, "%d-%d-%d", &tm.tm_year, &tm.tm_mon, &tm.tm_mday) != 3)
		return 0;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	return (int64_t)timegm(&tm) / 86400;
}

static bool take_day(const struct zg_journal_row *row, void *self)
{
	*(int64_t *)self = row->at_ms;
	return false;
}

/* The day of the last shift; before the first one, the day on which the shop was set up: a computer without a clock says 1970. */
static enum zg_result last_day(const struct zg_till *till, char last[ZG_DAY_TEXT], bool *has_shifts, struct zg_error *err)
{
	struct zg_shift *shifts = NULL;
	size_t count = 0;
	int64_t founded = 0;
	enum zg_result result = zg_shifts_list(till->store, NULL, &shifts, &count, err);

	*has_shifts = count > 0;
	if (result == ZG_OK && count > 0) {
		memcpy(last, shifts[count - 1].day, ZG_DAY_TEXT);
	} else if (result == ZG_OK) {
		result = zg_journal_read(till->store, 1, 1, take_day, &founded, err);
		zg_business_day(last, founded, till->config.day_ends_min);
	}
	free(shifts);
	return result;
}

/*
 * A clock that was set back must not open an older day, and one that is far ahead must not close the way back:
 * an admin may open the shift all the same, and the journal keeps that. Compared is the last shift, not
 * the journal's last row: whoever opens has signed in just before, by the same wrong clock.
 */
static enum zg_result check_day(const struct zg_till *till, struct zg_deed *deed, const char *day, struct zg_error *err)
{
	char last[ZG_DAY_TEXT] = "";
	bool has_shifts = false;
	enum zg_result result = last_day(till, last, &has_shifts, err);

	if (result != ZG_OK || (strcmp(day, last) >= 0 && (!has_shifts || day_number(day) - day_number(last) <= FAR_DAYS)))
		return result;
	if (zg_deed_need(deed, ZG_RIGHT_SETTINGS, NULL) == ZG_OK) {
		json_t *body = zg_json_object();

		zg_json_set_string(body, "day", day);
		zg_json_set_string(body, "last_day", last);
		return zg_deed_note(deed, "clock.override", body, NULL, err);
	}
	return zg_fail(err, ZG_REFUSED, has_shifts ? _("The clock says %s, but the last shift was on %s. Set the clock right, "
						       "or ask an admin to open the shift.")
						   : _("The clock says %s, but the shop was set up on %s. Set the clock right, "
						       "or ask an admin to open the shift."), day, last);
}

/* What was paid by phone while no shift was open closes in this one. */
static void shift_opened(struct zg_till *till, struct zg_deed *deed)
{
	reload(till, deed);
	zg_phone_close_hung(till);
}

static enum zg_result open_shift(struct zg_till *till, struct zg_deed *deed, struct zg_error *err)
{
	zg_fen amount = zg_json_integer(zg_deed_args(deed), "float_fen", 0);
	char day[ZG_DAY_TEXT];
	struct zg_shift shift;

	if (till->has_shift)
		return zg_fail(err, ZG_INVALID, _("A shift is open already. Close it first."));
	zg_till_day(till, day);
	enum zg_result result = check_day(till, deed, day, err);

	if (result == ZG_OK)
		result = zg_shifts_open(till->store, zg_deed_who(deed), day, amount, &shift, err);
	if (result != ZG_OK)
		return result;
	json_t *body = zg_json_object();

	zg_json_set_integer(body, "shift", shift.id);
	zg_json_set_string(body, "day", day);
	zg_json_set_integer(body, "float_fen", amount);
	zg_json_set_integer(zg_deed_answer(deed), "shift", shift.id);
	zg_json_set_string(zg_deed_answer(deed), "day", day);
	deed->then = shift_opened;
	return zg_deed_note(deed, "shift.open", body, NULL, err);
}

/* Another's shift may be counted and closed only by those who may see every Z. */
static enum zg_result need_own(const struct zg_till *till, const struct zg_deed *deed, struct zg_error *err)
{
	enum zg_result result = zg_till_need_shift(till, err);

	if (result == ZG_OK && strcmp(till->shift.opened_by, zg_deed_who(deed)) != 0)
		result = zg_deed_need(deed, ZG_RIGHT_REPORT_Z, err);
	return result;
}

/* On a full disk the reserve is there for this: the day can still be closed. */
static void make_room(struct zg_till *till)
{
	if (zg_store_is_low(till->store))
		zg_store_use_reserve(till->store);
}

static enum zg_result add_up(const json_t *pieces, zg_fen *total, struct zg_error *err)
{
	int64_t counts[ZG_CASH_NOTES] = { 0 };
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)pieces, key, value) {
		size_t i = 0;
		char name[ZG_AMOUNT_TEXT];

		for (; i < ZG_CASH_NOTES; i++) {
			snprintf(name, sizeof(name), "%lld", (long long)zg_cash_notes[i]);
			if (strcmp(name, key) == 0)
				break;
		}
		if (i == ZG_CASH_NOTES || !json_is_integer(value))
			return zg_fail(err, ZG_INVALID, _("There is no note or coin of %s fen. Count by the list."), key);
		counts[i] = (int64_t)json_integer_value(value);
	}
	return zg_cash_count(counts, total, err);
}

static enum zg_result count_drawer(struct zg_till *till, struct zg_deed *deed, struct zg_error *err)
{
	const json_t *args = zg_deed_args(deed), *pieces = json_object_get(args, "pieces");
	json_t *nothing = zg_json_object();
	zg_fen total = zg_json_integer(args, "total_fen", -1);
	enum zg_result result = need_own(till, deed, err);

	if (result == ZG_OK)
		make_room(till);
	if (result == ZG_OK && pieces)
		result = add_up(pieces, &total, err);
	if (result == ZG_OK && total < 0)
		result = zg_fail(err, ZG_INVALID, _("Count the drawer: give the pieces, or the sum."));
	if (result == ZG_OK)
		result = zg_cash_count_add(till->store, till->shift.id, pieces ? pieces : nothing, total, zg_deed_who(deed), err);
	if (result == ZG_OK) {
		json_t *body = zg_json_object();

		zg_json_set_integer(body, "shift", till->shift.id);
		zg_json_set_integer(body, "total_fen", total);
		zg_json_set(body, "pieces", json_deep_copy(pieces ? pieces : nothing));
		zg_json_set_integer(zg_deed_answer(deed), "total_fen", total);
		result = zg_deed_note(deed, "shift.count", body, NULL, err);
	}
	json_decref(nothing);
	return result;
}

static void closed(struct zg_till *till, struct zg_deed *deed)
{
	struct zg_error err;

	reload(till, deed);
	/* The head outside the books is how a stale copy is found out; a disk that refuses it is told, not hidden. */
	if (zg_journal_keep_head(till->store, &err) != ZG_OK)
		zg_till_raise(till, "%s", err.text);
}

static enum zg_result queue_z(struct zg_till *till, struct zg_shift *shift, const struct zg_totals *totals, const char *anchor,
			      struct zg_error *err)
{
	int64_t job;
	json_t *document = zg_slip_shift(till, shift, totals, anchor, err);

	if (!document)
		return ZG_BROKEN;
	char *text = zg_json_text(document);
	enum zg_result result = zg_jobs_add(till->store, "z", shift->id, 0, text, &job, err);

	json_decref(document);
	free(text);
	return result;
}

static enum zg_result close_shift(struct zg_till *till, struct zg_deed *deed, struct zg_error *err)
{
	struct zg_totals totals;
	struct zg_journal_mark mark;
	struct zg_shift shift = till->shift;
	json_t *pieces = NULL, *answer = zg_deed_answer(deed);
	zg_fen counted = 0;
	int64_t z_no = 0;
	enum zg_result result = need_own(till, deed, err);

	if (result == ZG_OK)
		make_room(till);
	/* On a full disk it can be neither settled nor hung: then the day closes, and the sale stays for the next shift. */
	if (result == ZG_OK && !zg_sale_is_empty(till->sale) && zg_store_has_reserve(till->store))
		result = zg_fail(err, ZG_INVALID, _("A sale is under way. Settle, hang or cancel it, then close the shift."));
	if (result == ZG_OK)
		result = zg_cash_count_last(till->store, shift.id, &counted, &pieces, err);
	json_decref(pieces);
	if (result == ZG_NOT_FOUND)
		result = ZG_INVALID;    /* its sentence stands: the drawer was not counted yet */
	if (result == ZG_OK)
		result = zg_shifts_totals(till->store, &shift, &totals, err);
	if (result == ZG_OK)
		result = zg_totals_count(&totals, counted, err);
	if (result == ZG_OK)
		result = zg_store_next(till->store, "z", &z_no, err);
	if (result != ZG_OK)
		return result;
	json_t *body = zg_json_object();

	zg_json_set_integer(body, "shift", shift.id);
	zg_json_set_string(body, "day", shift.day);
	zg_json_set_integer(body, "z", z_no);
	zg_json_set(body, "totals", zg_totals_json(&totals));
	result = zg_deed_note(deed, "shift.close", body, &mark, err);
	if (result == ZG_OK)
		result = zg_shifts_close(till->store, &shift, zg_deed_who(deed), &totals, mark.seq, err);
	if (result == ZG_OK)
		result = queue_z(till, &shift, &totals, mark.anchor, err);
	if (result != ZG_OK)
		return result;
	zg_json_set_integer(answer, "z", z_no);
	zg_json_set_integer(answer, "shift", shift.id);
	zg_json_set_integer(answer, "takings_fen", zg_totals_net(&totals));
	zg_json_set_integer(answer, "expected_fen", zg_totals_expected(&totals));
	zg_json_set_integer(answer, "counted_fen", totals.counted_fen);
	zg_json_set_integer(answer, "over_fen", totals.over_fen);
	zg_json_set_string(answer, "anchor", mark.anchor);
	deed->then = closed;
	return ZG_OK;
}

const struct zg_act zg_act_shift_open = {
	.name = "shift.open", .title = N_("Open a shift"), .right = ZG_RIGHT_SHIFT, .sync = ZG_SYNC_FULL, .run = open_shift,
	.fields = { { "float_fen", ZG_FIELD_INTEGER, true, 0, ZG_FEN_MAX / 100 } },
};
const struct zg_act zg_act_shift_count = {
	.name = "shift.count", .title = N_("Count the drawer"), .right = ZG_RIGHT_SHIFT, .sync = ZG_SYNC_FULL, .run = count_drawer,
	.fields = { { "pieces", ZG_FIELD_OBJECT, false, 0, ZG_CASH_NOTES }, { "total_fen", ZG_FIELD_INTEGER, false, 0, ZG_FEN_MAX } },
};
const struct zg_act zg_act_shift_close = {
	.name = "shift.close", .title = N_("Close the shift"), .right = ZG_RIGHT_SHIFT, .sync = ZG_SYNC_FULL, .run = close_shift,
};
