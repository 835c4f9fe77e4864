/* A sale set aside, taken up again, or cancelled. */
#include "src/base/i18n.h"
#include "src/till/acts.h"
#include "src/till/phone.h"
#include "src/till/private.h"

static void empty(struct zg_till *till, struct zg_deed *deed)
{
	(void)deed;
	(void)zg_till_reload(till, NULL);    /* read again at the next event when the disk is slow to answer */
}

static json_t *body_of(const struct zg_till *till)
{
	json_t *body = zg_json_object();

	zg_json_set_integer(body, "sale", till->sale_id);
	zg_json_set_integer(body, "lines", zg_sale_totals(till->sale)->lines);
	zg_json_set_integer(body, "total_fen", zg_sale_totals(till->sale)->total_fen);
	return body;
}

static enum zg_result hang(struct zg_till *till, struct zg_deed *deed, struct zg_error *err)
{
	if (zg_sale_is_empty(till->sale))
		return zg_fail(err, ZG_INVALID, _("There is nothing to hang yet. Scan an item first."));
	enum zg_result result = zg_sales_hang(till->store, till->sale_id, err);

	zg_json_set_integer(zg_deed_answer(deed), "sale_id", till->sale_id);
	deed->then = empty;
	return result == ZG_OK ? zg_deed_note(deed, "sale.hang", body_of(till), NULL, err) : result;
}

/* Ends the sale under way as given up: its rows stay as the trace. */
static enum zg_result give_up(struct zg_till *till, struct zg_deed *deed, const char *reason, struct zg_error *err)
{
	struct zg_journal_mark mark;
	int64_t shift = 0;

	enum zg_result result = zg_shifts_counting(till->store, &shift, err);

	if (result != ZG_OK)
		return result;
	json_t *body = body_of(till);

	zg_json_set_string(body, "reason", reason);
	zg_json_set_integer(body, "shift", shift);
	/* a Z counts what was taken off before the sale was given up: the journal alone must tell it */
	zg_json_set_integer(body, "removed_lines", zg_sale_totals(till->sale)->removed_lines);
	zg_json_set_integer(body, "removed_fen", zg_sale_totals(till->sale)->removed_fen);
	result = zg_deed_note(deed, "sale.void", body, &mark, err);
	return result == ZG_OK ? zg_sales_void(till->store, till->sale_id, zg_deed_who(deed), reason, shift, mark.seq, err) : result;
}

static enum zg_result take(struct zg_till *till, struct zg_deed *deed, struct zg_error *err)
{
	int64_t id = zg_json_integer(zg_deed_args(deed), "sale", 0);

	if (!zg_sale_is_empty(till->sale))
		return zg_fail(err, ZG_INVALID, _("A sale is under way. Hang or settle it first, then take the other one."));
	/* All of its lines were taken off again: it ends here, for no two sales may be open. */
	enum zg_result result = till->sale_id ? give_up(till, deed, ZG_REASON_EMPTIED, err) : ZG_OK;
	json_t *body = zg_json_object();

	if (result == ZG_OK)
		result = zg_sales_take(till->store, id, err);
	zg_json_set_integer(body, "sale", id);
	zg_json_set_integer(zg_deed_answer(deed), "sale_id", id);
	deed->then = empty;
	if (result == ZG_OK)
		return zg_deed_note(deed, "sale.take", body, NULL, err);
	json_decref(body);
	return result;
}

/* Cash that a payment which failed left in memory is none. */
static bool has_money(const struct zg_sale *sale)
{
	for (size_t i = 0; i < zg_sale_tender_count(sale); i++)
		if (zg_sale_tender_at(sale, i)->kind != ZG_TENDER_CASH)
			return true;
	return false;
}

static enum zg_result cancel(struct zg_till *till, struct zg_deed *deed, struct zg_error *err)
{
	const char *reason;

	if (till->sale_id == 0)
		return zg_fail(err, ZG_INVALID, _("No sale is under way."));
	enum zg_result result = zg_phone_need_rest(till, till->sale_id, err);

	if (result != ZG_OK)
		return result;
	if (has_money(till->sale))
		return zg_fail(err, ZG_INVALID, _("A part of this sale is paid already. Take the rest; or go to settle and give that part back with -."));
	result = zg_deed_reason(deed, &reason, err);
	deed->then = empty;
	return result == ZG_OK ? give_up(till, deed, reason, err) : result;
}

const struct zg_act zg_act_sale_hang = {
	.name = "sale.hang", .title = N_("Hang the sale"), .right = ZG_RIGHT_SELL, .sync = ZG_SYNC_FULL, .run = hang,
	.fields = { { "sale", ZG_FIELD_INTEGER, false, 0, 0 } },
};
const struct zg_act zg_act_sale_take = {
	.name = "sale.take", .title = N_("Take a hung sale"), .right = ZG_RIGHT_SELL, .sync = ZG_SYNC_NORMAL, .run = take,
	.fields = { { "sale", ZG_FIELD_INTEGER, true, 1, 0 } },
};
const struct zg_act zg_act_sale_void = {
	.name = "sale.void", .title = N_("Cancel the whole sale"), .right = ZG_RIGHT_VOID, .sync = ZG_SYNC_FULL, .run = cancel,
	.fields = { { "sale", ZG_FIELD_INTEGER, false, 0, 0 }, { "reason", ZG_FIELD_TEXT, true, 0, ZG_REASON_MAX } },
};
