#include "src/base/alloc.h"
#include "src/base/charset.h"
#include "src/base/names.h"
#include "tests/unit/goods.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROW "A1,6901234567892,可口可乐,瓶,3.50,13%,,piece\n"

static struct zg_product_file *file_of(const char *text)
{
	return goods_file(text, strlen(text));
}

/* The first row of a file without faults. */
static struct zg_product_row first_row(const char *bytes, size_t length)
{
	struct zg_product_file *file = goods_file(bytes, length);
	struct zg_product_row row = { 0 };

	cr_assert(eq(sz, zg_product_file_fault_count(file), 0), "%s", zg_product_file_faults(file)->text);
	cr_assert(zg_product_file_next(file, &row));
	zg_product_file_free(file);
	return row;
}

Test(product_file, a_row_becomes_an_item)
{
	static const char text[] = GOODS_HEADING "A1,036000291452|69-x,\"可口, 可乐 \"\"大\"\"\",瓶,3.5,13%,1030307,weighed\r\n";

	struct zg_product_row row = first_row(text, strlen(text));

	cr_expect(eq(str, row.item.code, "A1"));
	cr_expect(eq(str, row.barcodes, "0036000291452|69-x"));    /* a UPC-A is kept as EAN-13 */
	cr_expect(eq(sz, row.count, 2));
	cr_expect(eq(str, row.item.name, "可口, 可乐 \"大\""));
	cr_expect(eq(str, row.item.unit, "瓶"));
	cr_expect(eq(long, row.item.price_fen, 350));
	cr_expect(eq(int, row.item.tax_bp, 1300));
	cr_expect(eq(str, row.item.tax_code, "1030307"));
	cr_expect(eq(int, row.item.kind, ZG_ITEM_WEIGHED));
	cr_expect(eq(str, row.item.initials, "kkkld"));
	cr_expect(eq(str, row.item.category, ""));
	cr_expect(row.item.active);
}

Test(product_file, columns_may_come_in_any_order_and_some_may_be_missing)
{
	static const char text[] = "active,kind,name,price,unit,initials,tax_code,code,barcodes,tax_rate\n"
		"no,open-price,重庆小面,,碗,cqxm,,77,,6%\n";

	struct zg_product_row row = first_row(text, strlen(text));

	cr_expect(eq(str, row.item.name, "重庆小面"));
	cr_expect(eq(str, row.item.initials, "cqxm"));
	cr_expect(eq(long, row.item.price_fen, 0));
	cr_expect(not(row.item.active));
	cr_expect(eq(sz, row.columns[ZG_COLUMN_CATEGORY], 0));
}

Test(product_file, it_may_be_utf8_with_a_bom_or_gbk_with_any_line_end)
{
	static const char *const texts[] = { GOODS_HEADING ROW, "code,barcodes,name,unit,price,tax_rate,tax_code,kind\r\n"
		"A1,6901234567892,可口可乐,瓶,3.50,13%,,piece\r\n", GOODS_HEADING "\n\n" "A1,6901234567892,可口可乐,瓶,3.50,13%,,piece" };

	for (size_t i = 0; i < 3; i++) {
		struct zg_gbk *gbk = zg_gbk_new();
		struct zg_buffer bom = { 0 }, gb = { 0 };

		zg_buffer_print(&bom, "\xEF\xBB\xBF%s", texts[i]);
		zg_gbk_encode(gbk, texts[i], &gb);
		/* The encoder knows printable text only; line ends are put back. */
		for (size_t from = 0, to = 0; texts[i][from]; from++)
			if (((unsigned char)texts[i][from] & 0xC0) != 0x80) {
				if (texts[i][from] == '\n' || texts[i][from] == '\r')
					gb.bytes[to] = texts[i][from];
				to += (unsigned char)texts[i][from] < 0x80 ? 1 : 2;
			}

		cr_expect(eq(str, first_row(texts[i], strlen(texts[i])).item.name, "可口可乐"));
		cr_expect(eq(str, first_row(bom.bytes, bom.length).item.name, "可口可乐"));
		cr_expect(eq(str, first_row(gb.bytes, gb.length).item.name, "可口可乐"));
		cr_expect(eq(str, first_row(gb.bytes, gb.length).item.unit, "瓶"));
		zg_buffer_clear(&bom);
		zg_buffer_clear(&gb);
		zg_gbk_free(gbk);
	}
}

Test(product_file, a_long_gbk_file_is_read_to_its_end)
{
	struct zg_buffer text = { 0 };

	zg_buffer_add_text(&text, GOODS_HEADING);
	for (int i = 0; i < 20000; i++)
		zg_buffer_print(&text, "A%d,,\xBF\xC9\xBF\xDA\xBF\xC9\xC0\xD6,\xC6\xBF,3.50,13%%,,piece\n", i);
	struct zg_product_file *file = goods_file(text.bytes, text.length);
	struct zg_product_row row;
	size_t rows = 0;

	cr_expect(eq(sz, zg_product_file_fault_count(file), 0));
	for (; zg_product_file_next(file, &row); rows++)
		cr_assert(eq(str, row.item.name, "可口可乐"));

	cr_expect(eq(sz, rows, 20000));
	zg_product_file_free(file);
	zg_buffer_clear(&text);
}

static const struct bad { const char *text; size_t line, column; const char *words; } bad[] = {
	/* the heading */
	{ "", 1, 1, "empty" },
	{ "code,barcodes,name,unit,price,tax_rate,tax_code\n", 1, 1, "\"kind\" is missing" },
	{ "code,barcodes,name,unit,price,tax_rate,tax_code,kind,colour\n", 1, 54, "\"colour\" is not known" },
	{ "code,barcodes,name,name,unit,price,tax_rate,tax_code,kind\n", 1, 20, "\"name\" is there twice" },
	{ "code,barcodes,na\x1bme,unit,price,tax_rate,tax_code,kind\n", 1, 17, "control character" },
	{ "Code,barcodes,name,unit,price,tax_rate,tax_code,kind\n", 1, 1, "\"Code\" is not known" },
	/* shapes */
	{ GOODS_HEADING ROW "A2,,x,瓶,3.50,13%,piece\n", 3, 1, "7 cells" },
	{ GOODS_HEADING ROW "A2,,x,瓶,3.50,13%,,piece,\n", 3, 1, "9 cells" },
	{ GOODS_HEADING "\n\n" "A2,,\"x,瓶,3.50,13%,,piece\n", 4, 5, "never closed" },
	{ GOODS_HEADING "A2,,\"x\"y,瓶,3.50,13%,,piece\n", 2, 8, "after a closing quote" },
	{ GOODS_HEADING "A2,,\"x\"\ry,瓶,3.50,13%,,piece\n", 2, 8, "after a closing quote" },    /* a CR alone ends no line */
	/* cells */
	{ GOODS_HEADING ",,x,瓶,3.50,13%,,piece\n", 2, 1, "code is empty" },
	{ GOODS_HEADING "A 2,,x,瓶,3.50,13%,,piece\n", 2, 1, "cannot be a code" },
	{ GOODS_HEADING "R010000187,,x,瓶,3.50,13%,,piece\n", 2, 1, "cannot be a code" },
	{ GOODS_HEADING "134567890123456789,,x,瓶,3.50,13%,,piece\n", 2, 1, "cannot be a code" },
	{ GOODS_HEADING "A2,69012|,x,瓶,3.50,13%,,piece\n", 2, 10, "no barcode between" },
	{ GOODS_HEADING "A2,|69012,x,瓶,3.50,13%,,piece\n", 2, 4, "no barcode between" },
	{ GOODS_HEADING "A2,69012|可乐,x,瓶,3.50,13%,,piece\n", 2, 10, "cannot be a barcode" },
	{ GOODS_HEADING "A2,69012|69013|69012,x,瓶,3.50,13%,,piece\n", 2, 16, "twice" },
	{ GOODS_HEADING "A2,,,瓶,3.50,13%,,piece\n", 2, 5, "name is empty" },
	{ GOODS_HEADING "A2,,  ,瓶,3.50,13%,,piece\n", 2, 5, "name is empty" },
	{ GOODS_HEADING "A2,,x,瓶瓶瓶瓶瓶瓶瓶瓶瓶,3.50,13%,,piece\n", 2, 7, "longer than 24" },
	{ GOODS_HEADING "A2,,可乐,瓶,3.505,13%,,piece\n", 2, 10, "not a price" },
	{ GOODS_HEADING "A2,,可乐,瓶,-3.50,13%,,piece\n", 2, 10, "not a price" },
	{ GOODS_HEADING "A2,,可乐,瓶, 3.50,13%,,piece\n", 2, 10, "not a price" },
	{ GOODS_HEADING "A2,,可乐,瓶,10000000,13%,,piece\n", 2, 10, "not a price" },
	{ GOODS_HEADING "A2,,可乐,瓶,,13%,,piece\n", 2, 10, "price is empty" },
	{ GOODS_HEADING "A2,,可乐,瓶,3.50,,,piece\n", 2, 15, "not a tax rate" },
	{ GOODS_HEADING "A2,,可乐,瓶,3.50,101%,,piece\n", 2, 15, "not a tax rate" },
	{ GOODS_HEADING "A2,,可乐,瓶,3.50,0.13,,piece\n", 2, 15, "not a tax rate" },
	{ GOODS_HEADING "A2,,可乐,瓶,3.50,13%,12a,piece\n", 2, 19, "not a number" },
	{ GOODS_HEADING "A2,,可乐,瓶,3.50,13%,,Piece\n", 2, 20, "not a kind" },
	{ "code,barcodes,name,unit,price,tax_rate,tax_code,kind,initials,active\nA2,,x,,1,0%,,piece,KKKL,yes\n", 2, 20, "small letters" },
	{ "code,barcodes,name,unit,price,tax_rate,tax_code,kind,initials,active\nA2,,x,,1,0%,,piece,kkkl,1\n", 2, 25, "yes nor no" },
	/* texts that would harm */
	{ GOODS_HEADING "A2,,可\x1b[2J乐,瓶,3.50,13%,,piece\n", 2, 6, "control character" },
	{ GOODS_HEADING "A2,,\"a\"\"可\xE2\x80\xAE乐\",瓶,3.50,13%,,piece\n", 2, 10, "direction-changing" },
	{ GOODS_HEADING "A2,,可乐\xE2\x80\x8B,瓶,3.50,13%,,piece\n", 2, 7, "invisible" },
	{ GOODS_HEADING "A2,,\"可\n乐\",瓶,3.50,13%,,piece\n", 2, 7, "control character" },
	{ GOODS_HEADING "A2,,\"可乐\",\"a\nb\",3.50,13%,,piece\n", 2, 12, "control character" },
	{ GOODS_HEADING ROW "A2,,\xEE\x80\x80,瓶,3.50,13%,,piece\n", 3, 5, "invisible" },
	/* one code, one item */
	{ GOODS_HEADING ROW "A1,,x,瓶,3.50,13%,,piece\n", 3, 1, "code A1 already leads to the item in line 2" },
	{ GOODS_HEADING ROW "A2,1|6901234567892,x,瓶,3.50,13%,,piece\n", 3, 6, "barcode 6901234567892 already leads to the item in line 2" },
	{ GOODS_HEADING ROW "6901234567892,,x,瓶,3.50,13%,,piece\n", 3, 1, "already leads" },
	{ GOODS_HEADING "A1,036000291452,x,,1,0%,,piece\nA2,0036000291452,y,,1,0%,,piece\n", 3, 4, "already leads" },
	/* neither encoding: GBK of 可, then a byte that is in none */
	{ GOODS_HEADING "A1,,\xBF\xC9\xFF\xFF,,1,0%,,piece\n", 2, 7, "neither UTF-8 nor GBK" },
	{ "\xEF\xBB\xBF" GOODS_HEADING "A1,,\xBF\xC9,,1,0%,,piece\n", 2, 5, "neither" },
};

Test(product_file, every_fault_has_its_line_and_column)
{
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct zg_product_file *file = file_of(bad[i].text);
		const struct zg_product_fault *fault = zg_product_file_faults(file);

		cr_expect(ge(sz, zg_product_file_fault_count(file), 1), "%s", bad[i].text);
		cr_expect(eq(sz, fault->line, bad[i].line), "%s: %s", bad[i].text, fault->text);
		cr_expect(eq(sz, fault->column, bad[i].column), "%s: %s", bad[i].text, fault->text);
		cr_expect(ne(ptr, strstr(fault->text, bad[i].words), NULL), "%s: %s", bad[i].text, fault->text);
		zg_product_file_free(file);
	}
}

Test(product_file, a_nul_byte_does_not_cut_a_name)
{
	static const char text[] = GOODS_HEADING "A2,,可\0乐,瓶,3.50,13%,,piece\n";
	struct zg_product_file *file = goods_file(text, sizeof(text) - 1);

	cr_expect(eq(sz, zg_product_file_fault_count(file), 1));
	cr_expect(eq(sz, zg_product_file_faults(file)->column, 6));
	zg_product_file_free(file);
}

Test(product_file, a_name_of_10_kb_is_a_fault_and_no_more)
{
	struct zg_buffer text = { 0 };

	zg_buffer_add_text(&text, GOODS_HEADING "A2,,");
	for (int i = 0; i < 3500; i++)
		zg_buffer_add_text(&text, "可");
	zg_buffer_add_text(&text, ",瓶,3.50,13%,,piece\n" ROW);
	struct zg_product_file *file = file_of(zg_buffer_text(&text));

	cr_expect(eq(sz, zg_product_file_fault_count(file), 1));
	cr_expect(ne(ptr, strstr(zg_product_file_faults(file)->text, "longer than 120 bytes"), NULL));
	zg_product_file_free(file);
	zg_buffer_clear(&text);
}

Test(product_file, the_first_twenty_faults_are_kept_and_all_are_counted)
{
	struct zg_buffer text = { 0 };

	zg_buffer_add_text(&text, GOODS_HEADING);
	for (int i = 0; i < 50; i++)
		zg_buffer_print(&text, "A%d,,x,,free,13%%,,piece\n", i);
	struct zg_product_file *file = file_of(zg_buffer_text(&text));

	cr_expect(eq(sz, zg_product_file_fault_count(file), 50));
	for (size_t i = 0; i < ZG_PRODUCT_FAULTS; i++)
		cr_expect(eq(sz, zg_product_file_faults(file)[i].line, i + 2));
	zg_product_file_free(file);
	zg_buffer_clear(&text);
}

Test(product_file, an_items_own_code_may_also_be_its_barcode)
{
	struct zg_product_file *file = file_of(GOODS_HEADING "6901234567892,6901234567892,x,,1,0%,,piece\n"
					       "036000291452,,y,,1,0%,,piece\n");

	cr_expect(eq(sz, zg_product_file_fault_count(file), 0));
	cr_expect(zg_product_file_has_code(file, "6901234567892"));
	cr_expect(zg_product_file_has_code(file, "036000291452"));
	cr_expect(not(zg_product_file_has_code(file, "0036000291452")));    /* the same scan, but another item's code */
	cr_expect(not(zg_product_file_has_code(file, "x")));
	zg_product_file_free(file);
}

Test(product_file, what_is_written_reads_back_the_same)
{
	struct chance chance = chance_begin();
	struct zg_buffer text = { 0 }, again = { 0 };
	struct zg_product_row row;

	goods_by_chance(&chance, 500, &text);
	struct zg_product_file *file = file_of(zg_buffer_text(&text));

	cr_assert(eq(sz, zg_product_file_fault_count(file), 0), "ZG_SEED=%llu %s", (unsigned long long)chance.seed,
		  zg_product_file_faults(file)->text);
	zg_product_file_write_header(&again);
	while (zg_product_file_next(file, &row))
		zg_product_file_write(&again, &row.item, row.barcodes);

	cr_expect(eq(str, again.bytes, text.bytes), "ZG_SEED=%llu", (unsigned long long)chance.seed);
	zg_product_file_free(file);
	zg_buffer_clear(&text);
	zg_buffer_clear(&again);
}

Test(product_file, rubbish_never_crashes_it)
{
	struct chance chance = chance_begin();
	static const char *const pieces[] = { ",", "\n", "\"", "\r\n", "A1", "|", "\x1b", "\xFF", "\xBF\xC9", "可", "3.50", "13%", "piece",
		"\xEF\xBB\xBF", "yes", " ", "\xE2\x80\xAE", ",,,,", "x", "-1", "\xF0\x90", "99999999999999999999" };

	for (long round = chance_rounds(100000); round > 0; round--) {
		struct zg_buffer text = { 0 };

		if (chance_between(&chance, 0, 3) > 0)
			zg_buffer_add_text(&text, GOODS_HEADING);
		for (int64_t n = chance_between(&chance, 0, 24); n > 0; n--)
			zg_buffer_add_text(&text, pieces[chance_between(&chance, 0, sizeof(pieces) / sizeof(*pieces) - 1)]);
		struct zg_product_file *file = goods_file(zg_buffer_text(&text), text.length);
		struct zg_product_row row;

		if (zg_product_file_fault_count(file) == 0) {
			size_t rows = 0;

			while (zg_product_file_next(file, &row))
				rows++;
			cr_assert(eq(sz, rows, zg_product_file_rows(file)), "ZG_SEED=%llu", (unsigned long long)chance.seed);
		}
		zg_product_file_free(file);
		zg_buffer_clear(&text);
	}
}

Test(names, a_text_is_found_with_the_number_it_first_came_with)
{
	struct zg_names names = { 0 };
	uint32_t value;
	char text[16];

	cr_expect(not(zg_names_find(&names, "x", &value)));
	for (uint32_t i = 0; i < 5000; i++) {
		snprintf(text, sizeof(text), "n%d", (int)i);
		value = i;
		cr_assert(zg_names_add(&names, text, &value));
	}
	for (uint32_t i = 0; i < 5000; i++) {
		snprintf(text, sizeof(text), "n%d", (int)i);
		value = 77777;
		cr_assert(not(zg_names_add(&names, text, &value)));
		cr_assert(eq(uint, value, i));
	}
	cr_expect(not(zg_names_find(&names, "n5000", &value)));
	zg_names_clear(&names);
}

/* Two barcodes that hash to the same 32 bits: the texts decide. */
Test(names, texts_of_one_hash_are_two_texts)
{
	static const char *const texts[] = { "6900000023849", "6900000078318" };
	struct zg_names names = { 0 };
	uint32_t value = 1;

	cr_assert(zg_names_add(&names, texts[0], &value));
	cr_expect(not(zg_names_find(&names, texts[1], &value)));
	value = 2;
	cr_assert(zg_names_add(&names, texts[1], &value));
	zg_names_reserve(&names, 1000);
	zg_names_reserve(&names, 10);    /* it only grows */
	for (uint32_t i = 0; i < 2; i++) {
		value = 0;
		cr_assert(zg_names_find(&names, texts[i], &value));
		cr_expect(eq(uint, value, i + 1));
	}
	zg_names_clear(&names);
}

Test(product_file, an_item_has_a_limit_of_barcodes_and_a_file_one_of_bytes)
{
	struct zg_buffer text = { 0 };
	char *huge = zg_alloc(ZG_PRODUCT_FILE_MAX + 1, 1);

	for (int count = ZG_PRODUCT_BARCODES; count <= ZG_PRODUCT_BARCODES + 1; count++) {
		zg_buffer_empty(&text);
		zg_buffer_add_text(&text, GOODS_HEADING "A1,");
		for (int i = 0; i < count; i++)
			zg_buffer_print(&text, "%s%d", i ? "|" : "", 10000 + i);
		zg_buffer_add_text(&text, ",x,,1,0%,,piece\n");
		struct zg_product_file *file = goods_file(text.bytes, text.length);
		bool fits = count <= ZG_PRODUCT_BARCODES;

		cr_expect(eq(sz, zg_product_file_fault_count(file), fits ? 0 : 1));
		if (!fits)
			cr_expect(ne(ptr, strstr(zg_product_file_faults(file)->text, "more than 32 barcodes"), NULL));
		zg_product_file_free(file);
	}
	struct zg_product_file *file = goods_file(huge, ZG_PRODUCT_FILE_MAX + 1);

	cr_expect(ne(ptr, strstr(zg_product_file_faults(file)->text, "larger than 128 MB"), NULL));
	zg_product_file_free(file);
	zg_product_file_free(NULL);
	free(huge);
	zg_buffer_clear(&text);
}
