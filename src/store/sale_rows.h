/* How a line and a discount rule stand in a row; shared by the files that write and read sales. For src/store alone. */
#ifndef ZG_STORE_SALE_ROWS_H
#define ZG_STORE_SALE_ROWS_H

#include "src/shop/line.h"
#include "src/shop/sale.h"
#include "src/store/query.h"

/* The columns of a line, in the order zg_column_line reads them; start a SELECT with them. */
#define ZG_LINE_COLUMNS \
	"no, item_id, code, name, unit, kind, tax_bp, tax_code, list_price_fen, price_fen, price_is_set, quantity_milli," \
	" removed_milli, discount, discount_fen, share_fen, amount_fen, rounding_fen, net_fen, tax_fen"

void zg_column_line(struct zg_query *query, struct zg_line *line);

/*
 * The last look before a sale is closed: each line has its row, equal in every column, and there is no other row.
 * ZG_BROKEN: it is not so.
 */
enum zg_result zg_sale_rows_check(const struct zg_store *store, int64_t id, const struct zg_sale *sale, struct zg_error *err);

/* The rule as JSON text, "" for none; the caller frees it. */
char *zg_rule_text(const struct zg_discount *discount);
/* Reads it back; a text that is no rule gives none. */
struct zg_discount zg_rule_read(const char *text);
#endif
