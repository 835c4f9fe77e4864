#include "tests/unit/goods.h"

#include "src/store/items.h"
#include "src/store/store.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

struct zg_product_file *goods_file(const char *bytes, size_t length)
{
	struct zg_product_file *file = zg_product_file_new(bytes, length);

	while (zg_product_file_step(file, 10))
		;
	return file;
}

static bool has_code(const void *self, const char *code)
{
	return zg_product_file_has_code(self, code);
}

enum zg_result goods_import(struct zg_store *store, const char *text, size_t rows, struct zg_item_counts *counts,
			    struct zg_error *err)
{
	struct zg_product_file *file = goods_file(text, strlen(text));
	struct zg_item_import_parts parts = { .has_code = has_code, .self = file };
	struct zg_item_import *import;
	struct zg_product_row row;
	size_t which;
	bool more = true;
	enum zg_result result = ZG_OK;

	cr_assert(eq(sz, zg_product_file_fault_count(file), 0), "%s", zg_product_file_faults(file)->text);
	parts.keep = zg_product_file_has_column(file, ZG_COLUMN_CATEGORY) ? 0 :
		ZG_IMPORT_KEEP_INITIALS | ZG_IMPORT_KEEP_CATEGORY | ZG_IMPORT_KEEP_ACTIVE;
	while (more)
		cr_assert(eq(int, zg_items_tidy(store, 7, true, &more, err), ZG_OK), "%s", err->text);
	cr_assert(eq(int, zg_item_import_begin(store, &parts, &import, err), ZG_OK), "%s", err->text);
	for (size_t i = 0; (rows == 0 || i < rows) && result == ZG_OK && zg_product_file_next(file, &row); i++)
		result = zg_item_import_add(import, &row.item, row.barcodes, &which, err);
	if (result == ZG_OK)
		result = zg_item_import_flush(import, err);
	if (result == ZG_OK && rows == 0) {
		cr_assert(eq(int, zg_store_begin(store, ZG_SYNC_NORMAL, err), ZG_OK));
		result = zg_item_import_live(import, err);
		cr_assert(eq(int, zg_store_commit(store, err), ZG_OK));
	}
	if (counts)
		*counts = zg_item_import_counts(import);
	zg_item_import_free(import);
	zg_product_file_free(file);
	return result;
}

struct zg_buffer goods_export(const struct zg_store *store)
{
	struct zg_buffer out = { 0 };
	char after[ZG_CODE_MAX + 1] = "";
	size_t count;

	do
		cr_assert(eq(int, zg_items_export(store, after, 97, &out, &count, NULL), ZG_OK));
	while (count > 0);
	return out;
}

void goods_by_chance(struct chance *chance, size_t count, struct zg_buffer *out)
{
	static const char *const pieces[] = {
		"农", "夫", "山", "泉", "可", "口", "乐", "百", "事", "牛", "奶", "面", "康", "师", "傅", "吕", "é", "Ж", "Ω", "日本の",
		"A", "b", "7", "0", "55", "ml", " ", "-", "\"", ",", "'", "|", "(", "*", "=", "ＡＢ", "𠮷", "한", "x", "å", "%",
	};

	zg_product_file_write_header(out);
	for (size_t i = 0; i < count; i++) {
		struct zg_item item = { .active = chance_between(chance, 0, 9) > 0 };
		char barcodes[80] = "";

		snprintf(item.code, sizeof(item.code), "G%05zu", i);
		for (int64_t n = chance_between(chance, 1, 9); n > 0; n--)
			strcat(item.name, pieces[chance_between(chance, 0, sizeof(pieces) / sizeof(*pieces) - 1)]);
		if (item.name[strspn(item.name, " ")] == '\0')
			strcat(item.name, "空");
		if (chance_between(chance, 0, 3) == 0)
			snprintf(item.initials, sizeof(item.initials), "%c%c%c", (int)chance_between(chance, 'a', 'z'),
				 (int)chance_between(chance, 'a', 'z'), (int)chance_between(chance, '0', '9'));
		else
			zg_item_make_initials(item.initials, item.name);
		if (chance_between(chance, 0, 2) > 0)
			snprintf(barcodes, sizeof(barcodes), chance_between(chance, 0, 1) ? "B%06zu" : "B%06zu|C%06zu", i, i);
		item.kind = (enum zg_item_kind)chance_between(chance, 0, 2);
		item.price_fen = chance_amount(chance, ZG_ITEM_PRICE_MAX);
		item.tax_bp = (zg_bp)chance_between(chance, 0, ZG_BP_WHOLE);
		snprintf(item.unit, sizeof(item.unit), "%s", chance_between(chance, 0, 1) ? "瓶" : "");
		snprintf(item.category, sizeof(item.category), "%s", chance_between(chance, 0, 1) ? "酒, \"水\"" : "");
		zg_product_file_write(out, &item, barcodes);
	}
}
