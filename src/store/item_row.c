#include "src/store/item_row.h"

void zg_item_read(struct zg_query *q, struct zg_item *item)
{
	item->id = zg_column_integer(q, 0);
	zg_column_copy(q, 1, item->code, sizeof(item->code));
	zg_column_copy(q, 2, item->name, sizeof(item->name));
	zg_column_copy(q, 3, item->unit, sizeof(item->unit));
	item->price_fen = zg_column_integer(q, 4);
	item->tax_bp = (zg_bp)zg_column_integer(q, 5);
	zg_column_copy(q, 6, item->tax_code, sizeof(item->tax_code));
	item->kind = ZG_ITEM_PIECE;
	(void)zg_item_kind_parse(zg_column_text(q, 7), &item->kind);    /* the table's CHECK allows no other word */
	zg_column_copy(q, 8, item->initials, sizeof(item->initials));
	zg_column_copy(q, 9, item->category, sizeof(item->category));
	item->active = zg_column_integer(q, 10) != 0;
}
