/* The demo's product file, as strict as an import would be. */
#include "src/base/charset.h"
#include "src/base/csv.h"
#include "src/base/money.h"
#include "src/base/pinyin.h"
#include "src/base/text.h"
#include "src/shop/barcode.h"
#include "src/shop/item.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CODE, BARCODES, NAME, UNIT, PRICE, TAX_RATE, TAX_CODE, KIND, CATEGORY, COLUMNS };

#define GOODS_MAX 1000

struct goods {
	char *cells[COLUMNS];
};

static char *text;
static struct goods goods[GOODS_MAX];
static size_t count;

static void read_goods(void)
{
	struct zg_csv csv;
	struct zg_buffer all = { 0 };
	char piece[4096];
	size_t length;
	FILE *file = fopen(ZG_SOURCE "/data/demo/products.csv", "r");

	cr_assert(file != NULL);
	while ((length = fread(piece, 1, sizeof(piece), file)) > 0)
		zg_buffer_add(&all, piece, length);
	fclose(file);
	text = zg_buffer_take(&all);
	zg_csv_init(&csv, text, strlen(text));
	cr_assert(eq(int, zg_csv_read(&csv), 1));
	while (zg_csv_read(&csv) == 1) {
		cr_assert(eq(sz, csv.count, COLUMNS));
		cr_assert(lt(sz, count, GOODS_MAX));
		for (size_t i = 0; i < COLUMNS; i++)
			goods[count].cells[i] = strdup(csv.cells[i].text);
		count++;
	}
	zg_csv_clear(&csv);
}

static void forget_goods(void)
{
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < COLUMNS; j++)
			free(goods[i].cells[j]);
	free(text);
}

TestSuite(demo_products, .init = read_goods, .fini = forget_goods);

Test(demo_products, the_columns_are_those_of_a_product_file)
{
	static const char header[] = "code,barcodes,name,unit,price,tax_rate,tax_code,kind,category\n";

	cr_expect(eq(int, strncmp(text, header, sizeof(header) - 1), 0));
	cr_expect(ge(sz, count, 240));
}

Test(demo_products, every_cell_is_clean_and_means_something)
{
	struct zg_gbk *gbk = zg_gbk_new();

	for (size_t i = 0; i < count; i++) {
		char **cells = goods[i].cells;
		struct zg_buffer printed = { 0 };
		enum zg_item_kind kind;
		zg_fen price;
		zg_bp rate;

		for (size_t j = 0; j < COLUMNS; j++)
			cr_expect(zg_text_is_clean(cells[j], strlen(cells[j]), NULL, NULL), "%s", cells[CODE]);
		bool whole = *cells[NAME] && strlen(cells[NAME]) <= ZG_NAME_MAX && *cells[UNIT] && *cells[CATEGORY];

		cr_expect(whole, "%s", cells[CODE]);
		cr_expect(eq(sz, zg_gbk_encode(gbk, cells[NAME], &printed), 0), "%s prints with ?", cells[NAME]);
		cr_expect(zg_item_kind_parse(cells[KIND], &kind), "%s", cells[CODE]);
		cr_expect(zg_fen_parse(cells[PRICE], &price), "%s", cells[CODE]);
		cr_expect(eq(int, kind == ZG_ITEM_OPEN_PRICE, price == 0), "%s", cells[CODE]);
		cr_expect(zg_bp_parse(cells[TAX_RATE], &rate), "%s", cells[CODE]);
		cr_expect(eq(sz, strspn(cells[TAX_CODE], "0123456789"), 19), "%s", cells[CODE]);
		cr_expect(eq(sz, strlen(cells[TAX_CODE]), 19), "%s", cells[CODE]);
		if (kind == ZG_ITEM_WEIGHED) {
			cr_expect(eq(str, cells[UNIT], "kg"), "%s", cells[CODE]);
			cr_expect(eq(str, cells[BARCODES], ""), "%s", cells[CODE]);
		}
		zg_buffer_clear(&printed);
	}
	zg_gbk_free(gbk);
}

Test(demo_products, every_barcode_is_valid_and_leads_to_one_item)
{
	static char seen[2 * GOODS_MAX][16];
	size_t known = 0, twice = 0;

	for (size_t i = 0; i < count; i++) {
		char *list = goods[i].cells[BARCODES], *rest = NULL;

		twice += strchr(list, '|') != NULL;
		for (char *code = strtok_r(list, "|", &rest); code; code = strtok_r(NULL, "|", &rest)) {
			cr_expect(zg_barcode_is_gtin(code), "%s", code);
			cr_expect(eq(int, strncmp(code, "69", 2), 0), "%s", code);
			cr_expect(eq(int, zg_scan_kind(code), ZG_SCAN_GOODS), "%s", code);
			for (size_t j = 0; j < known; j++)
				cr_expect(ne(str, seen[j], code));
			snprintf(seen[known++], sizeof(seen[0]), "%s", code);
		}
	}
	cr_expect(ge(sz, known, 200));
	cr_expect(ge(sz, twice, 5), "some goods have two barcodes");
}

Test(demo_products, codes_and_names_are_there_once)
{
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < i; j++) {
			cr_expect(ne(str, goods[i].cells[CODE], goods[j].cells[CODE]));
			cr_expect(ne(str, goods[i].cells[NAME], goods[j].cells[NAME]));
		}
}

Test(demo_products, the_goods_of_the_first_screen_are_there)
{
	static const struct { const char *code, *name, *price, *initials; } wanted[] = {
		{ "10001", "农夫山泉 550ml", "2.00", "NFSQ550ML" },
		{ "10401", "康师傅红烧牛肉面 桶装", "5.50", "KSFHSNRMTZ" },
		{ "10701", "三只松鼠 每日坚果 25g×7", "39.90", "SZSSMRJG25G7" },
		{ "201", "散装红富士苹果", "12.98", "SZHFSPG" },
	};
	size_t found = 0;

	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < sizeof(wanted) / sizeof(wanted[0]); j++) {
			char initials[64];

			if (strcmp(goods[i].cells[CODE], wanted[j].code) != 0)
				continue;
			zg_pinyin_initials(goods[i].cells[NAME], initials, sizeof(initials));
			cr_expect(eq(str, goods[i].cells[NAME], (char *)wanted[j].name));
			cr_expect(eq(str, goods[i].cells[PRICE], (char *)wanted[j].price));
			cr_expect(eq(str, initials, (char *)wanted[j].initials));
			if (j == 0)
				cr_expect(eq(str, goods[i].cells[BARCODES], "6901028075831"));
			found++;
		}
	cr_expect(eq(sz, found, 4));
}
