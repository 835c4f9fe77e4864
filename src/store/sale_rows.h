/* How a line and a discount rule stand in a row; shared by the files that write and read sales. For src/store alone. */
#ifndef ZG_STORE_SALE_ROWS_H
#define ZG_STORE_SALE_ROWS_H

#include "src/shop/line.h"
#include "src/store/query.h"

/* The columns of a line, in the order zg_column_line reads them; start a SELECT with them. */
#define ZG_LINE_COLUMNS \
	"no, item_id, code, name, unit, kind, tax_bp, tax_code, list_price_fen, price_fen, price_is_set, quantity_milli," \
	" removed_milli, discount, discount_fen, share_fen, amount_fen, rounding_fen, net_fen, tax_fen"

/* Binds :sale :no :code :name :unit :kind :tax_bp :tax_code :list :price :quantity :discount :share :amount :rounding :net :tax. */
void zg_bind_line(struct zg_query *query, int64_t sale_id, const struct zg_line *line);
void zg_column_line(struct zg_query *query, struct zg_line *line);

/* The rule as JSON text, "" for none; the caller frees it. */
char *zg_rule_text(const struct zg_discount *discount);
/* Reads it back; a text that is no rule gives none. */
struct zg_discount zg_rule_read(const char *text);
#endif
