/* Product lists for tests: a shop of its own, files imported as the till imports them, and goods by chance. */
#ifndef ZG_TEST_GOODS_H
#define ZG_TEST_GOODS_H

#include "src/base/buffer.h"
#include "src/shop/product_file.h"
#include "src/store/item_import.h"
#include "tests/unit/chance.h"

struct zg_store;

#define GOODS_HEADING "code,barcodes,name,unit,price,tax_rate,tax_code,kind\n"

/* Checks the whole text. The caller frees it. */
struct zg_product_file *goods_file(const char *bytes, size_t length);
/* Imports `rows` rows (0: all, and makes the list live); otherwise it ends as a kill would end it. The file must be good. */
enum zg_result goods_import(struct zg_store *store, const char *text, size_t rows, struct zg_item_counts *counts,
			    struct zg_error *err);
/* The whole list as a file. */
struct zg_buffer goods_export(const struct zg_store *store);
/* Appends a product file of so many random goods, all columns; codes G00000 and on. */
void goods_by_chance(struct chance *chance, size_t count, struct zg_buffer *out);
#endif
