/*
 * The product list as a file that people edit: CSV (RFC 4180), one item a record.
 *
 * The first line names the columns, in any order: code, barcodes (separated by '|'), name, unit,
 * price (yuan), tax_rate (13%), tax_code, kind (piece, weighed, open-price); and, where wanted, initials, category,
 * active (yes, no). UTF-8 with or without a BOM, or GBK, whichever the bytes are. Empty initials are
 * made from the name.
 *
 * Pure: reads a text in memory, in steps. Nothing is corrected in silence: a text that would need
 * cleaning is a fault, and each fault has its line and column. A file with faults gives no rows.
 */
#ifndef ZG_SHOP_PRODUCT_FILE_H
#define ZG_SHOP_PRODUCT_FILE_H

#include "src/base/buffer.h"
#include "src/shop/item.h"
#include "src/shop/product_row.h"

#include <stdbool.h>
#include <stddef.h>

#define ZG_PRODUCT_FILE_MAX    (128 * 1024 * 1024)    /* bytes of a file */
#define ZG_PRODUCT_ROWS_MAX    2000000

struct zg_product_file;

/* bytes are borrowed and must outlive the file. */
struct zg_product_file *zg_product_file_new(const char *bytes, size_t length);
void zg_product_file_free(struct zg_product_file *file);

/* Checks about that many rows more, at most some 2 ms for 100 of them. False: the whole file is checked. */
bool zg_product_file_step(struct zg_product_file *file, size_t rows);
/* How far the check is: bytes done, of all. */
void zg_product_file_progress(const struct zg_product_file *file, size_t *done, size_t *of);

/* After the last step. */
size_t zg_product_file_rows(const struct zg_product_file *file);
size_t zg_product_file_fault_count(const struct zg_product_file *file);
/* The first of them, min(count, ZG_PRODUCT_FAULTS). Borrowed until the next fault. */
const struct zg_product_fault *zg_product_file_faults(const struct zg_product_file *file);
/* Adds a fault that only the books can find: a barcode of other goods. */
void zg_product_file_add_fault(struct zg_product_file *file, size_t line, size_t column, const char *text);
/* True when the file has this optional column. */
bool zg_product_file_has_column(const struct zg_product_file *file, enum zg_product_column column);
/* True when a row of the file has this code. */
bool zg_product_file_has_code(const struct zg_product_file *file, const char *code);

/* Reads the rows again, from the first, once the check found no fault. False: no more. */
bool zg_product_file_next(struct zg_product_file *file, struct zg_product_row *row);

/* ---- writing: LF, UTF-8 without BOM, all columns; what is read back is written the same ---- */

void zg_product_file_write_header(struct zg_buffer *out);
void zg_product_file_write(struct zg_buffer *out, const struct zg_item *item, const char *barcodes);
#endif
