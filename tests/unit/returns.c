#include "tests/unit/returns.h"

#include <stdio.h>

void returns_ring(struct chance *chance, struct zg_sale *sale, enum zg_rounding rounding)
{
	int lines = (int)chance_between(chance, 1, 6);

	for (int i = 0; i < lines; i++) {
		bool is_weighed = chance_between(chance, 0, 2) == 0;
		struct zg_item item = { .id = i + 1, .code = "1001", .name = "x", .unit = "x", .active = true,
			.kind = is_weighed ? ZG_ITEM_WEIGHED : ZG_ITEM_PIECE, .tax_bp = (zg_bp)(100 * chance_between(chance, 0, 17)),
			.price_fen = chance_amount(chance, 99999) };
		zg_milli quantity = is_weighed ? chance_between(chance, 1, 5000) : 1000 * chance_between(chance, 1, 9);
		struct zg_discount off = zg_discount_kept((zg_bp)(100 * chance_between(chance, 1, 99)));

		snprintf(item.code, sizeof(item.code), "%d", 1000 + i);
		cr_assert(eq(int, zg_sale_add(sale, &item, quantity, 0, NULL, NULL), ZG_OK), "ZG_SEED=%lu", chance->seed);
		if (chance_between(chance, 0, 3) == 0)
			cr_assert(eq(int, zg_sale_discount_line(sale, i + 1, &off, NULL), ZG_OK), "ZG_SEED=%lu", chance->seed);
	}
	if (chance_between(chance, 0, 3) == 0) {
		struct zg_discount off = zg_discount_kept((zg_bp)(100 * chance_between(chance, 1, 99)));

		cr_assert(eq(int, zg_sale_discount(sale, &off, NULL), ZG_OK), "ZG_SEED=%lu", chance->seed);
	}
	if (zg_sale_due(sale) > 0)
		cr_assert(eq(int, zg_sale_tender(sale, ZG_TENDER_CASH, zg_sale_cash_due(sale, rounding), rounding, NULL), ZG_OK),
			  "ZG_SEED=%lu", chance->seed);
}

void returns_choose(struct chance *chance, const struct zg_refundable *sold, size_t count, bool all, zg_milli *quantities)
{
	bool any = false;

	for (size_t i = 0; i < count; i++) {
		zg_milli left = zg_refund_left(&sold[i]), unit = sold[i].kind == ZG_ITEM_WEIGHED ? 1 : 1000;

		quantities[i] = all ? left : 0;
		if (!all && left > 0 && chance_between(chance, 0, 1))
			quantities[i] = unit * chance_between(chance, 1, left / unit);
		any |= quantities[i] > 0;
	}
	for (size_t i = 0; i < count && !any; i++) {
		quantities[i] = zg_refund_left(&sold[i]);
		any = quantities[i] > 0;
	}
}

bool returns_is_over(const struct zg_refundable *sold, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (zg_refund_left(&sold[i]) > 0)
			return false;
	return true;
}
