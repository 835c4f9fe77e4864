#include "src/shop/line.h"

#include "src/base/i18n.h"

#include <string.h>

struct zg_line zg_line_start(int no, const struct zg_item *item, zg_milli quantity, zg_fen open_fen)
{
	struct zg_line line = {
		.no = no, .item_id = item->id, .kind = item->kind, .tax_bp = item->tax_bp,
		.list_fen = item->price_fen, .price_fen = item->price_fen, .quantity = quantity,
	};

	memcpy(line.code, item->code, sizeof(line.code));
	memcpy(line.name, item->name, sizeof(line.name));
	memcpy(line.unit, item->unit, sizeof(line.unit));
	memcpy(line.tax_code, item->tax_code, sizeof(line.tax_code));
	if (item->kind == ZG_ITEM_OPEN_PRICE)
		line.price_fen = open_fen;
	return line;
}

/* The item that the line was rung from, as far as the line remembers it. */
static struct zg_item item_of(const struct zg_line *line)
{
	struct zg_item item = {
		.id = line->item_id, .kind = line->kind, .tax_bp = line->tax_bp, .price_fen = line->list_fen,
	};

	memcpy(item.code, line->code, sizeof(item.code));
	memcpy(item.name, line->name, sizeof(item.name));
	memcpy(item.unit, line->unit, sizeof(item.unit));
	memcpy(item.tax_code, line->tax_code, sizeof(item.tax_code));
	return item;
}

enum zg_result zg_line_check(const struct zg_line *line, struct zg_error *err)
{
	struct zg_item item = item_of(line);
	enum zg_result result = zg_item_check(&item, err);

	if (result == ZG_OK && line->quantity != 0)
		result = zg_item_check_quantity(line->kind, line->quantity, err);
	if (result == ZG_OK && (line->quantity == 0 || line->removed != 0))
		result = zg_item_check_quantity(line->kind, line->removed, err);
	if (result == ZG_OK)
		result = zg_discount_check(&line->discount, err);
	if (result == ZG_OK && (line->price_fen < 0 || line->price_fen > ZG_ITEM_PRICE_MAX))
		result = zg_fail(err, ZG_INVALID, _("The price is below zero or above 9999999.99. "
			       "Correct it."));
	return result;
}

bool zg_line_work_out(struct zg_line *line)
{
	line->price_is_set = line->kind != ZG_ITEM_OPEN_PRICE && line->price_fen != line->list_fen;
	if (!zg_fen_times(line->price_fen, line->quantity, &line->gross_fen))
		return false;
	if (!zg_fen_times(line->price_fen, line->removed, &line->removed_fen))
		line->removed_fen = ZG_FEN_MAX;
	line->discount_fen = zg_discount_amount(&line->discount, line->gross_fen);
	line->share_fen = 0;
	line->rounding_fen = 0;
	return true;
}

void zg_line_settle(struct zg_line *line)
{
	line->amount_fen = line->gross_fen - line->discount_fen - line->share_fen;
	line->paid_fen = line->amount_fen - line->rounding_fen;
	line->net_fen = zg_tax_net(line->paid_fen, line->tax_bp);
	line->tax_fen = line->paid_fen - line->net_fen;
}
