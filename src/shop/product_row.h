/* One row of a product file, and its cells: what each column allows, and what is wrong with a cell. Pure. */
#ifndef ZG_SHOP_PRODUCT_ROW_H
#define ZG_SHOP_PRODUCT_ROW_H

#include "src/base/csv.h"
#include "src/shop/item.h"

#include <stdbool.h>
#include <stddef.h>

#define ZG_PRODUCT_FAULTS      20      /* kept; all are counted */
#define ZG_PRODUCT_BARCODES    32      /* of one item */

enum zg_product_column {
	ZG_COLUMN_CODE, ZG_COLUMN_BARCODES, ZG_COLUMN_NAME, ZG_COLUMN_UNIT, ZG_COLUMN_PRICE, ZG_COLUMN_TAX_RATE,
	ZG_COLUMN_TAX_CODE, ZG_COLUMN_KIND, ZG_COLUMN_INITIALS, ZG_COLUMN_CATEGORY, ZG_COLUMN_ACTIVE, ZG_COLUMNS,
};

struct zg_product_fault {
	size_t line, column;     /* from 1; columns count characters */
	char text[160];          /* translated: what is wrong, then what to do */
};

struct zg_product_faults {
	size_t count;                                      /* of all */
	struct zg_product_fault first[ZG_PRODUCT_FAULTS];
};

struct zg_product_row {
	struct zg_item item;
	char barcodes[ZG_PRODUCT_BARCODES * (ZG_CODE_MAX + 2)];    /* in their normal form, '|' between; "" for none */
	size_t starts[ZG_PRODUCT_BARCODES];    /* the column of each */
	size_t count;
	size_t line, columns[ZG_COLUMNS];      /* where its cells start; 0 for a column that the file does not have */
};

struct zg_product_column_rule {
	const char *name;
	bool is_optional;
	size_t most;    /* bytes */
};

extern const struct zg_product_column_rule zg_product_columns[ZG_COLUMNS];

/* Notes a fault; always false, so that a check can end with it. */
__attribute__((format(printf, 4, 5)))
bool zg_product_fault(struct zg_product_faults *faults, size_t line, size_t column, const char *format, ...);
/* The column in the file of a byte of a cell. */
size_t zg_product_cell_column(const struct zg_csv_cell *cell, size_t byte);
/* Reads a cell into its place in the row. False: it has a fault, which is noted. */
bool zg_product_cell_read(struct zg_product_faults *faults, enum zg_product_column column, const struct zg_csv_cell *cell,
			  struct zg_product_row *row);
#endif
