/* One cell of a product file: what its column allows, and what is wrong with it. For product_file.c and product_write.c. */
#ifndef ZG_SHOP_PRODUCT_CELL_H
#define ZG_SHOP_PRODUCT_CELL_H

#include "src/base/csv.h"
#include "src/shop/product_file.h"

#include <stdbool.h>
#include <stddef.h>

struct zg_product_column_rule {
	const char *name;
	bool is_optional;
	size_t most;    /* bytes */
};

extern const struct zg_product_column_rule zg_product_columns[ZG_COLUMNS];

/* Notes a fault; always false, so that a check can end with it. */
__attribute__((format(printf, 4, 5)))
bool zg_product_fault(struct zg_product_file *file, size_t line, size_t column, const char *format, ...);
/* The column in the file of a byte of a cell. */
size_t zg_product_cell_column(const struct zg_csv_cell *cell, size_t byte);
/* Reads a cell into its place in the row. False: it has a fault, which is noted. */
bool zg_product_cell_read(struct zg_product_file *file, enum zg_product_column column, const struct zg_csv_cell *cell,
			  struct zg_product_row *row);
#endif
