#include "src/store/sale_rows.h"

#include "src/base/alloc.h"
#include "src/base/json.h"

#include <string.h>

void zg_column_line(struct zg_query *query, struct zg_line *line)
{
	*line = (struct zg_line){ .no = (int)zg_column_integer(query, 0), .item_id = zg_column_integer(query, 1) };
	zg_column_copy(query, 2, line->code, sizeof(line->code));
	zg_column_copy(query, 3, line->name, sizeof(line->name));
	zg_column_copy(query, 4, line->unit, sizeof(line->unit));
	(void)zg_item_kind_parse(zg_column_text(query, 5), &line->kind);    /* the table's CHECK allows no other word */
	line->tax_bp = (zg_bp)zg_column_integer(query, 6);
	zg_column_copy(query, 7, line->tax_code, sizeof(line->tax_code));
	line->list_fen = zg_column_integer(query, 8);
	line->price_fen = zg_column_integer(query, 9);
	line->price_is_set = zg_column_integer(query, 10) != 0;
	line->quantity = zg_column_integer(query, 11);
	line->removed = zg_column_integer(query, 12);
	line->discount = zg_rule_read(zg_column_text(query, 13));
	line->discount_fen = zg_column_integer(query, 14);
	line->share_fen = zg_column_integer(query, 15);
	line->amount_fen = zg_column_integer(query, 16);
	line->rounding_fen = zg_column_integer(query, 17);
	line->net_fen = zg_column_integer(query, 18);
	line->tax_fen = zg_column_integer(query, 19);
	line->gross_fen = line->amount_fen + line->discount_fen + line->share_fen;
	line->paid_fen = line->amount_fen - line->rounding_fen;
}

char *zg_rule_text(const struct zg_discount *discount)
{
	if (discount->kind == ZG_DISCOUNT_NONE)
		return zg_copy("");
	json_t *rule = zg_discount_json(discount);
	char *text = zg_json_text(rule);

	json_decref(rule);
	return text;
}

struct zg_discount zg_rule_read(const char *text)
{
	struct zg_discount discount = { .kind = ZG_DISCOUNT_NONE };
	json_t *rule = *text ? zg_json_parse(text, strlen(text)) : NULL;

	if (rule)
		(void)zg_discount_read(&discount, rule, NULL);    /* a text that is no rule gives none */
	json_decref(rule);
	return discount;
}
