#include "src/till/refunding.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/store/refund_ways.h"

#include <stdlib.h>

enum zg_result zg_refunding_read(const struct zg_store *store, int64_t sale_id, struct zg_refunding *r, struct zg_error *err)
{
	*r = (struct zg_refunding){ .count = 0 };
	enum zg_result result = zg_sales_find(store, sale_id, &r->origin, err);

	if (result == ZG_OK && (r->origin.is_refund || r->origin.state != ZG_SALE_PAID))
		result = zg_fail(err, ZG_INVALID, _("That number is not of a sale. Refund by the number on the sale's receipt."));
	if (result == ZG_OK)
		result = zg_sales_refundable(store, sale_id, &r->sold, &r->count, err);
	if (result == ZG_OK)
		result = zg_refund_ways(store, sale_id, &r->ways, &r->way_count, &r->cash_left, err);
	r->lines = zg_alloc(r->count + 1, sizeof(*r->lines));
	r->quantities = zg_alloc(r->count + 1, sizeof(*r->quantities));
	return result;
}

static zg_fen room_of(const struct zg_refunding *r)
{
	zg_fen room = 0;

	for (size_t i = 0; i < r->way_count; i++)
		room += r->ways[i].left_fen;
	return room;
}

enum zg_result zg_refunding_work_out(struct zg_refunding *r, enum zg_rounding rounding, bool in_cash, struct zg_error *err)
{
	bool has_ways = !in_cash && r->way_count > 0;
	enum zg_result result = zg_refund_work_out(r->sold, r->count, r->quantities, has_ways ? ZG_ROUND_NONE : rounding, r->lines, &r->sum, err);

	if (result == ZG_OK && has_ways && r->sum.money_fen > room_of(r))
		result = zg_refund_work_out(r->sold, r->count, r->quantities, rounding, r->lines, &r->sum, err);
	if (result == ZG_OK && !in_cash)
		r->cash_fen = zg_refund_share(r->sum.money_fen, rounding, r->cash_left, r->ways, r->way_count);
	for (size_t i = 0; i < r->way_count && (result != ZG_OK || in_cash); i++)
		r->ways[i].back_fen = 0;
	if (result != ZG_OK)
		r->sum = (struct zg_refund_sum){ .lines = 0 };
	if (result != ZG_OK || in_cash)
		r->cash_fen = r->sum.money_fen;
	return result;
}

size_t zg_refunding_tenders(const struct zg_refunding *r, struct zg_tender tenders[ZG_TENDER_KINDS])
{
	zg_fen by_kind[ZG_TENDER_KINDS] = { [ZG_TENDER_CASH] = r->cash_fen };
	size_t count = 0;

	for (size_t i = 0; i < r->way_count; i++)
		by_kind[r->ways[i].kind] += r->ways[i].back_fen;
	for (int kind = ZG_TENDER_KINDS - 1; kind >= 0; kind--)
		if (by_kind[kind] > 0 || (kind == ZG_TENDER_CASH && count == 0))
			tenders[count++] = (struct zg_tender){ .kind = (enum zg_tender_kind)kind, .tendered_fen = by_kind[kind], .kept_fen = by_kind[kind] };
	return count;
}

void zg_refunding_clear(struct zg_refunding *r)
{
	free(r->sold);
	free(r->lines);
	free(r->quantities);
	free(r->ways);
	*r = (struct zg_refunding){ .count = 0 };
}
