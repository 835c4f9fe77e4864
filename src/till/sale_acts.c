/* Ringing up: the lines of the sale under way. Every act writes the sale's rows and one journal row, without a sync. */
#include "src/base/i18n.h"
#include "src/store/items.h"
#include "src/till/acts.h"
#include "src/till/phone.h"
#include "src/till/private.h"


/* The row of the sale under way, made with its first line. */
static enum zg_result need_row(struct zg_till *till, struct zg_deed *deed, struct zg_error *err)
{
	return till->sale_id ? ZG_OK : zg_sales_begin(till->store, zg_deed_who(deed), &till->sale_id, err);
}

static enum zg_result find_item(const struct zg_till *till, const json_t *args, struct zg_item *item, struct zg_error *err)
{
	int64_t id = zg_json_integer(args, "item_id", 0);
	const char *code = zg_json_string(args, "code", "");
	enum zg_result result = id ? zg_items_get(till->store, id, item, err) : zg_items_find_code(till->store, code, false, item, err);

	if (result == ZG_NOT_FOUND)
		return zg_fail(err, ZG_NOT_FOUND, _("No goods have the code %s. Check it, or search by name."), id ? "?" : code);
	if (result == ZG_OK && !item->active)
		return zg_fail(err, ZG_INVALID, _("%s is no longer sold."), item->name);
	return result;
}

/* Saves the sale, and answers with the line that changed. */
static enum zg_result save(struct zg_till *till, struct zg_deed *deed, int no, const char *kind, json_t *body, struct zg_error *err)
{
	const struct zg_line *line = no ? zg_sale_find_line(till->sale, no) : NULL;
	json_t *answer = zg_deed_answer(deed);

	zg_json_set_integer(body, "sale", till->sale_id);
	zg_json_set_integer(answer, "sale_id", till->sale_id);
	zg_json_set_integer(answer, "total_fen", zg_sale_totals(till->sale)->total_fen);
	if (line) {
		zg_json_set_integer(body, "line", no);
		zg_json_set_string(body, "code", line->code);
		zg_json_set_integer(body, "quantity_milli", line->quantity);
		zg_json_set_integer(body, "amount_fen", line->amount_fen);
		zg_json_set_integer(answer, "line", no);
		zg_json_set_string(answer, "name", line->name);
		zg_json_set_integer(answer, "quantity_milli", line->quantity);
		zg_json_set_integer(answer, "amount_fen", line->amount_fen);
	}
	enum zg_result result = zg_phone_need_rest(till, till->sale_id, err);

	if (result == ZG_OK)
		result = zg_sales_save(till->store, till->sale_id, till->sale, err);
	if (result == ZG_OK)
		return zg_deed_note(deed, kind, body, NULL, err);
	json_decref(body);
	return result;
}

static enum zg_result add(struct zg_till *till, struct zg_deed *deed, struct zg_error *err)
{
	const json_t *args = zg_deed_args(deed);
	struct zg_item item;
	int no = 0;
	enum zg_result result = find_item(till, args, &item, err);

	if (result == ZG_OK && item.kind == ZG_ITEM_OPEN_PRICE && !json_object_get(args, "price_fen"))
		result = zg_fail(err, ZG_INVALID, _("%s has no fixed price. Type its price."), item.name);
	if (result == ZG_OK)
		result = need_row(till, deed, err);
	if (result == ZG_OK)
		result = zg_sale_add(till->sale, &item, zg_json_integer(args, "quantity_milli", 1000),
				     zg_json_integer(args, "price_fen", item.price_fen), &no, err);
	return result == ZG_OK ? save(till, deed, no, "sale.line", zg_json_object(), err) : result;
}

#define FREE_PART 2    /* a cashier may take off a half; more is another price, and needs that right */

static bool is_large(const struct zg_line *line)
{
	return line->discount_fen > line->gross_fen / FREE_PART;
}

/* Of fewer pieces a discount in yuan is a larger part: the limit holds as when it was given. */
static enum zg_result check_part(const struct zg_deed *deed, const struct zg_line *before, const struct zg_line *now, struct zg_error *err)
{
	bool is_larger = now->discount_fen * before->gross_fen > before->discount_fen * now->gross_fen;    /* below 10^18 */

	return is_large(now) && is_larger ? zg_deed_need(deed, ZG_RIGHT_PRICE, err) : ZG_OK;
}

/* Takes a part of a line off, or the whole. */
static enum zg_result take_part(struct zg_till *till, const struct zg_deed *deed, int no, zg_milli quantity, struct zg_error *err)
{
	const struct zg_line *line = zg_sale_find_line(till->sale, no);
	struct zg_line before = line ? *line : (struct zg_line){ 0 };
	enum zg_result result = zg_sale_remove(till->sale, no, quantity, err);

	return result == ZG_OK ? check_part(deed, &before, zg_sale_find_line(till->sale, no), err) : result;
}

static enum zg_result set_quantity(struct zg_till *till, struct zg_deed *deed, struct zg_error *err)
{
	const json_t *args = zg_deed_args(deed);
	int no = (int)zg_json_integer(args, "line", 0);
	zg_milli quantity = zg_json_integer(args, "quantity_milli", 0);
	const struct zg_line *line = zg_sale_find_line(till->sale, no);
	/* Less than before is taking off, by whichever key: it leaves the same trace. */
	bool is_less = line && quantity > 0 && quantity < line->quantity;
	enum zg_result result = is_less ? take_part(till, deed, no, line->quantity - quantity, err)
					: zg_sale_set_quantity(till->sale, no, quantity, err);

	return result == ZG_OK ? save(till, deed, no, "sale.quantity", zg_json_object(), err) : result;
}

static enum zg_result take_off(struct zg_till *till, struct zg_deed *deed, struct zg_error *err)
{
	const json_t *args = zg_deed_args(deed);
	int no = (int)zg_json_integer(args, "line", 0);
	const struct zg_line *line = zg_sale_find_line(till->sale, no);
	zg_milli quantity = zg_json_integer(args, "quantity_milli", line ? line->quantity : 0);
	enum zg_result result = take_part(till, deed, no, quantity, err);
	json_t *body = zg_json_object();

	zg_json_set_integer(body, "removed_milli", quantity);
	if (result == ZG_OK)
		return save(till, deed, no, "sale.remove", body, err);
	json_decref(body);
	return result;
}

static enum zg_result restore(struct zg_till *till, struct zg_deed *deed, struct zg_error *err)
{
	int no = (int)zg_json_integer(zg_deed_args(deed), "line", 0);
	enum zg_result result = zg_sale_restore(till->sale, no, err);

	return result == ZG_OK ? save(till, deed, no, "sale.restore", zg_json_object(), err) : result;
}

static enum zg_result set_price(struct zg_till *till, struct zg_deed *deed, struct zg_error *err)
{
	const json_t *args = zg_deed_args(deed);
	int no = (int)zg_json_integer(args, "line", 0);
	zg_fen price = zg_json_integer(args, "price_fen", -1);
	const struct zg_line *line = zg_sale_find_line(till->sale, no);
	zg_fen before = line ? line->price_fen : 0;
	enum zg_result result = zg_sale_set_price(till->sale, no, price, err);

	if (result != ZG_OK)
		return result;
	json_t *body = zg_json_object();

	zg_json_set_integer(body, "price_fen", price);
	zg_json_set_integer(body, "before_fen", before);
	return save(till, deed, no, "sale.price", body, err);
}

static enum zg_result check_line(const struct zg_till *till, const struct zg_deed *deed, int no, zg_fen off, struct zg_error *err)
{
	const struct zg_line *line = zg_sale_find_line(till->sale, no);

	if (off > line->gross_fen)
		return zg_fail(err, ZG_INVALID, _("The discount is more than the line comes to. Type less."));
	return is_large(line) ? zg_deed_need(deed, ZG_RIGHT_PRICE, err) : ZG_OK;
}

/* More off than there is would give the whole away by a slip of the finger. */
static enum zg_result check_whole(const struct zg_till *till, zg_fen off, struct zg_error *err)
{
	const struct zg_sale_totals *t = zg_sale_totals(till->sale);

	return off > t->gross_fen - t->line_discount_fen
		? zg_fail(err, ZG_INVALID, _("The discount is more than the sale comes to. Type less.")) : ZG_OK;
}

static enum zg_result give_discount(struct zg_till *till, struct zg_deed *deed, struct zg_error *err)
{
	const json_t *args = zg_deed_args(deed);
	int no = (int)zg_json_integer(args, "line", 0);
	struct zg_discount rule = { .kind = ZG_DISCOUNT_NONE };
	json_t *body = zg_json_object();

	if (json_object_get(args, "kept_bp"))
		rule = zg_discount_kept((zg_bp)zg_json_integer(args, "kept_bp", 0));
	else if (json_object_get(args, "off_fen"))
		rule = zg_discount_off(zg_json_integer(args, "off_fen", 0));
	zg_json_set_string(body, "rule", zg_discount_kind_name(rule.kind));
	zg_json_set_integer(body, "kept_bp", rule.kept_bp);
	zg_json_set_integer(body, "off_fen", rule.off_fen);
	enum zg_result result = zg_deed_need(deed, no ? ZG_RIGHT_DISCOUNT : ZG_RIGHT_SALE_DISCOUNT, err);

	if (result == ZG_OK && zg_sale_is_empty(till->sale))
		result = zg_fail(err, ZG_INVALID, _("There is nothing to discount yet. Scan an item first."));
	if (result == ZG_OK)
		result = no ? zg_sale_discount_line(till->sale, no, &rule, err) : zg_sale_discount(till->sale, &rule, err);
	if (result == ZG_OK)
		result = no ? check_line(till, deed, no, rule.off_fen, err) : check_whole(till, rule.off_fen, err);
	if (result == ZG_OK)
		return save(till, deed, no, "sale.discount", body, err);
	json_decref(body);
	return result;
}

#define LINE { "line", ZG_FIELD_INTEGER, true, 1, ZG_SALE_LINES }
#define SALE { "sale", ZG_FIELD_INTEGER, false, 0, 0 }    /* which one is meant; see zg_deed_sale */
#define QUANTITY(needed) { "quantity_milli", ZG_FIELD_INTEGER, needed, -ZG_FEN_MAX, ZG_FEN_MAX }    /* the sale says what may be */

const struct zg_act zg_act_sale_add = {
	.name = "sale.add", .title = N_("Ring up"), .right = ZG_RIGHT_SELL, .sync = ZG_SYNC_NORMAL, .run = add,
	.fields = { SALE, { "code", ZG_FIELD_TEXT, false, 0, ZG_CODE_MAX }, { "item_id", ZG_FIELD_INTEGER, false, 0, 0 },
		    QUANTITY(false), { "price_fen", ZG_FIELD_INTEGER, false, 0, ZG_FEN_MAX } },
};
const struct zg_act zg_act_sale_quantity = {
	.name = "sale.quantity", .title = N_("Change a quantity"), .right = ZG_RIGHT_SELL, .sync = ZG_SYNC_NORMAL,
	.run = set_quantity, .fields = { SALE, LINE, QUANTITY(true) },
};
const struct zg_act zg_act_sale_remove = {
	.name = "sale.remove", .title = N_("Take a line off"), .right = ZG_RIGHT_SELL, .sync = ZG_SYNC_NORMAL,
	.run = take_off, .fields = { SALE, LINE, QUANTITY(false) },
};
const struct zg_act zg_act_sale_restore = {
	.name = "sale.restore", .title = N_("Put a line back"), .right = ZG_RIGHT_SELL, .sync = ZG_SYNC_NORMAL,
	.run = restore, .fields = { SALE, LINE },
};
const struct zg_act zg_act_sale_price = {
	.name = "sale.price", .title = N_("Change a price"), .right = ZG_RIGHT_PRICE, .sync = ZG_SYNC_NORMAL,
	.run = set_price, .fields = { SALE, LINE, { "price_fen", ZG_FIELD_INTEGER, true, 0, ZG_FEN_MAX } },
};
const struct zg_act zg_act_sale_discount = {
	.name = "sale.discount", .title = N_("Give a discount"), .right = ZG_RIGHT_SELL, .sync = ZG_SYNC_NORMAL,
	.run = give_discount,
	.fields = { SALE, { "line", ZG_FIELD_INTEGER, false, 0, ZG_SALE_LINES }, { "kept_bp", ZG_FIELD_INTEGER, false, 0, ZG_BP_WHOLE },
		    { "off_fen", ZG_FIELD_INTEGER, false, 0, ZG_FEN_MAX } },
};
