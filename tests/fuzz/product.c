/* Product files: whatever is taken can be written out, and that is read back as the same goods. */
#include "tests/fuzz/fuzz.h"

#include "src/shop/product_file.h"

#include <string.h>

const struct fuzz_limits fuzz_limits = { 65536, 16 };    /* the reader, its text from GBK, its names, and what is written here */

static void check_faults(const struct zg_product_file *file)
{
	size_t count = zg_product_file_fault_count(file);

	for (size_t i = 0; i < count && i < ZG_PRODUCT_FAULTS; i++) {
		const struct zg_product_fault *fault = &zg_product_file_faults(file)[i];

		fuzz_check(fault->line > 0 && fault->column > 0, "a fault without its place");
		fuzz_check(zg_text_is_clean(fault->text, strlen(fault->text), NULL, NULL) && *fault->text, "a fault's sentence is not clean");
	}
}

static void check_item(const struct zg_item *item)
{
	struct zg_error err = { .text = "" };

	fuzz_check(zg_item_check(item, &err) == ZG_OK, "the file's item could not stand in the list: %s", err.text);
}

/* The whole file: the rows written to out. False: it has faults. */
static bool read_file(const char *bytes, size_t length, struct zg_buffer *out)
{
	struct zg_product_file *file = zg_product_file_new(bytes, length);
	struct zg_product_row row;
	size_t done, of, rows = 0;

	for (int i = 0; zg_product_file_step(file, 3); i++)
		fuzz_check(i < 10000, "the check does not end");
	zg_product_file_progress(file, &done, &of);
	fuzz_check(done <= of, "more is done than there is");
	check_faults(file);
	bool good = zg_product_file_fault_count(file) == 0;

	if (good)
		zg_product_file_write_header(out);
	while (good && zg_product_file_next(file, &row)) {
		check_item(&row.item);
		fuzz_check(zg_product_file_has_code(file, row.item.code), "its own code is not in the file");
		zg_product_file_write(out, &row.item, row.barcodes);
		rows++;
	}
	fuzz_check(!good || rows == zg_product_file_rows(file), "%zu rows were checked, %zu read", zg_product_file_rows(file), rows);
	(void)zg_product_file_has_column(file, ZG_COLUMN_ACTIVE);
	zg_product_file_add_fault(file, 2, 1, "the books say no");
	fuzz_check(zg_product_file_fault_count(file) > 0, "a fault was not noted");
	zg_product_file_free(file);
	return good;
}

void fuzz_one(const char *bytes, size_t length)
{
	struct zg_buffer once = { 0 }, twice = { 0 };

	if (read_file(bytes, length, &once)) {
		fuzz_check(read_file(zg_buffer_text(&once), once.length, &twice), "what was written is refused");
		fuzz_check(strcmp(zg_buffer_text(&once), zg_buffer_text(&twice)) == 0, "written again, it is another list");
	}
	zg_buffer_clear(&once);
	zg_buffer_clear(&twice);
}
