#include "src/base/alloc.h"
#include "src/store/items.h"
#include "src/store/search.h"
#include "src/store/store.h"
#include "tests/unit/goods.h"
#include "tests/unit/scratch.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *home;
static struct zg_store *store;
static struct zg_error err;

static void open_shop(void)
{
	home = scratch_begin();
	cr_assert(eq(int, zg_store_open(home, ZG_STORE_CREATE, &zg_real_clock, &store, &err), ZG_OK), "%s", err.text);
}

static void close_shop(void)
{
	zg_store_close(store);
	scratch_end(home);
}

static void import_all(const char *text)
{
	cr_assert(eq(int, goods_import(store, text, 0, NULL, &err), ZG_OK), "%s", err.text);
}

static int64_t number(const char *sql)
{
	sqlite3_stmt *stmt;
	int64_t value = -1;

	cr_assert(eq(int, sqlite3_prepare_v2(zg_store_raw(store), sql, -1, &stmt, NULL), SQLITE_OK), "%s", sql);
	if (sqlite3_step(stmt) == SQLITE_ROW)
		value = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return value;
}

static void tidy_all(void)
{
	bool more = true;

	while (more)
		cr_assert(eq(int, zg_items_tidy(store, 3, false, &more, &err), ZG_OK), "%s", err.text);
}

/* Price of what a scan finds, -1 for nothing. */
static long price_of(const char *text)
{
	struct zg_item item;

	return zg_items_find_code(store, text, true, &item, &err) == ZG_OK ? (long)item.price_fen : -1;
}

static size_t found(const char *text)
{
	struct zg_item *items;
	size_t count;

	cr_assert(eq(int, zg_items_search(store, text, true, ZG_SEARCH_MOST, &items, &count, &err), ZG_OK), "%s", err.text);
	free(items);
	return count;
}

static const char first[] = GOODS_HEADING
	"A1,6901234567892|B1,可口可乐,瓶,3.50,13%,,piece\n"
	"A2,036000291452,农夫山泉,瓶,2.00,13%,,piece\n"
	"A3,,苹果,kg,9.80,9%,,weighed\n";

TestSuite(items, .init = open_shop, .fini = close_shop);

Test(items, goods_are_found_by_code_and_by_each_barcode)
{
	import_all(first);

	cr_expect(eq(long, price_of("A1"), 350));
	cr_expect(eq(long, price_of("6901234567892"), 350));
	cr_expect(eq(long, price_of("B1"), 350));
	cr_expect(eq(long, price_of("036000291452"), 200));     /* UPC-A as printed, */
	cr_expect(eq(long, price_of("0036000291452"), 200));    /* and as some scanners send it */
	cr_expect(eq(long, price_of("A9"), -1));
	cr_expect(eq(long, price_of(""), -1));
	cr_expect(eq(long, price_of("A1 "), -1));
}

Test(items, goods_that_are_not_sold_are_found_only_when_asked_for)
{
	struct zg_item item;

	import_all("code,barcodes,name,unit,price,tax_rate,tax_code,kind,initials,category,active\nA1,,可乐,,1,0%,,piece,,,no\n");

	cr_expect(eq(int, zg_items_find_code(store, "A1", true, &item, &err), ZG_NOT_FOUND));
	cr_expect(eq(int, zg_items_find_code(store, "A1", false, &item, &err), ZG_OK));
	cr_expect(eq(sz, found("可"), 0));
}

Test(items, an_import_adds_changes_and_leaves_what_is_the_same)
{
	struct zg_item_counts counts;
	int64_t count;

	import_all(first);
	cr_expect(eq(int, goods_import(store, GOODS_HEADING "A1,6901234567892|B1,可口可乐,瓶,4.00,13%,,piece\n"
				       "A2,036000291452,农夫山泉,瓶,2.00,13%,,piece\nA4,,香蕉,kg,5,9%,,weighed\n", 0, &counts, &err), ZG_OK));

	cr_expect(eq(long, counts.added, 1));
	cr_expect(eq(long, counts.changed, 1));
	cr_expect(eq(long, counts.same, 1));
	cr_expect(eq(long, price_of("A1"), 400));
	cr_expect(eq(long, price_of("A3"), 980));    /* not in the file: it stays */
	cr_expect(eq(int, zg_items_count(store, &count, &err), ZG_OK));
	cr_expect(eq(long, count, 4));
	cr_expect(eq(long, number("SELECT count(*) FROM item WHERE code = 'A2'"), 1));
}

Test(items, an_id_from_a_list_still_leads_to_the_item_after_an_import)
{
	struct zg_item item;

	import_all(first);
	cr_assert(eq(int, zg_items_find_code(store, "A1", true, &item, &err), ZG_OK));
	int64_t id = item.id;

	import_all(GOODS_HEADING "A1,,可口可乐,瓶,4.00,13%,,piece\n");

	cr_expect(eq(int, zg_items_get(store, id, &item, &err), ZG_OK));
	cr_expect(eq(long, item.price_fen, 400));
	cr_expect(eq(int, zg_items_get(store, 999, &item, &err), ZG_NOT_FOUND));
}

Test(items, what_a_file_does_not_say_stays)
{
	struct zg_item item;

	import_all("code,barcodes,name,unit,price,tax_rate,tax_code,kind,initials,category,active\n"
		   "A1,,重庆小面,,1,0%,,piece,cqxm,面,no\nA2,,可乐,,1,0%,,piece,,水,yes\n");
	import_all(GOODS_HEADING "A1,,重庆小面,,2,0%,,piece\nA2,,雪碧,,2,0%,,piece\n");

	cr_assert(eq(int, zg_items_find_code(store, "A1", false, &item, &err), ZG_OK));
	cr_expect(eq(str, item.initials, "cqxm"));
	cr_expect(eq(str, item.category, "面"));
	cr_expect(not(item.active));
	cr_assert(eq(int, zg_items_find_code(store, "A2", false, &item, &err), ZG_OK));
	cr_expect(eq(str, item.initials, "xb"));    /* made from the name, so made again */
}

Test(items, a_barcode_of_goods_that_the_import_does_not_change_is_a_fault)
{
	import_all(first);
	struct zg_buffer before = goods_export(store);

	cr_expect(eq(int, goods_import(store, GOODS_HEADING "A9,B1,x,,1,0%,,piece\n", 0, NULL, &err), ZG_INVALID));
	cr_expect(ne(ptr, strstr(err.text, "可口可乐"), NULL));
	cr_expect(eq(int, goods_import(store, GOODS_HEADING "B1,,x,,1,0%,,piece\n", 0, NULL, &err), ZG_INVALID));
	cr_expect(eq(int, goods_import(store, GOODS_HEADING "A9,A2,x,,1,0%,,piece\n", 0, NULL, &err), ZG_INVALID));
	tidy_all();

	struct zg_buffer after = goods_export(store);

	cr_expect(eq(str, after.bytes, before.bytes));
	zg_buffer_clear(&before);
	zg_buffer_clear(&after);
}

Test(items, a_barcode_may_move_when_its_old_item_is_in_the_file)
{
	import_all(first);
	import_all(GOODS_HEADING "A9,B1,x,,1,0%,,piece\nA1,6901234567892,可口可乐,瓶,3.50,13%,,piece\n");

	cr_expect(eq(long, price_of("B1"), 100));
	cr_expect(eq(long, price_of("6901234567892"), 350));
}

/* A fault in the last row: nothing of the thousands before it may show. */
Test(items, an_import_that_fails_in_its_last_row_changes_nothing)
{
	struct zg_buffer text = { 0 };
	int64_t count;

	import_all(first);
	zg_buffer_add_text(&text, GOODS_HEADING "A1,,可口可乐,瓶,9.99,13%,,piece\n");
	for (int i = 0; i < 1700; i++)
		zg_buffer_print(&text, "N%d,,新货%d,,1,0%%,,piece\n", i, i);
	zg_buffer_add_text(&text, "N1700,036000291452,x,,1,0%,,piece\n");

	cr_expect(eq(int, goods_import(store, zg_buffer_text(&text), 0, NULL, &err), ZG_INVALID));

	cr_expect(eq(long, price_of("A1"), 350));
	cr_expect(eq(long, price_of("N5"), -1));
	cr_expect(eq(sz, found("新货"), 0));
	cr_expect(eq(int, zg_items_count(store, &count, &err), ZG_OK));
	cr_expect(eq(long, count, 3));
	zg_buffer_clear(&text);
}

Test(items, a_killed_import_leaves_the_old_list_and_the_next_one_works)
{
	struct zg_buffer text = { 0 };

	import_all(first);
	zg_buffer_add_text(&text, GOODS_HEADING "A1,,可口可乐,瓶,9.99,13%,,piece\n");
	for (int i = 0; i < 1200; i++)
		zg_buffer_print(&text, "N%d,N%d-b,新货%d,,1,0%%,,piece\n", i, i, i);
	cr_assert(eq(int, goods_import(store, zg_buffer_text(&text), 1100, NULL, &err), ZG_OK));
	zg_store_close(store);
	cr_assert(eq(int, zg_store_open(home, ZG_STORE_WRITE, &zg_real_clock, &store, &err), ZG_OK));

	cr_expect(eq(long, number("SELECT count(*) FROM item"), 3 + 1100));
	cr_expect(eq(long, price_of("A1"), 350));
	cr_expect(eq(long, price_of("N5"), -1));
	cr_expect(eq(sz, found("新货"), 0));
	tidy_all();
	cr_expect(eq(long, number("SELECT count(*) FROM item"), 3));
	cr_expect(eq(long, number("SELECT count(*) FROM item WHERE until_import IS NOT NULL"), 0));
	cr_expect(eq(long, number("SELECT count(*) FROM import WHERE state = 'writing'"), 0));
	cr_expect(eq(long, number("SELECT count(*) FROM barcode"), 6));
	import_all(zg_buffer_text(&text));
	cr_expect(eq(long, price_of("A1"), 999));
	cr_expect(eq(sz, found("新货"), ZG_SEARCH_MOST));
	zg_buffer_clear(&text);
}

Test(items, a_new_import_waits_until_a_killed_one_is_cleaned_up)
{
	struct zg_item_import_parts parts = { 0 };
	struct zg_item_import *import;

	cr_assert(eq(int, goods_import(store, first, 2, NULL, &err), ZG_OK));

	cr_expect(eq(int, zg_item_import_begin(store, &parts, &import, &err), ZG_INVALID));
	cr_expect(eq(ptr, import, NULL));
}

/* The till sells in the middle of an import: its transaction comes at once, and nothing of either is lost. */
Test(items, an_import_gives_way_to_a_sale)
{
	struct zg_product_file *file = goods_file(first, strlen(first));
	struct zg_item_import_parts parts = { 0 };
	struct zg_item_import *import;
	struct zg_product_row row;
	size_t which;

	cr_assert(eq(int, zg_item_import_begin(store, &parts, &import, &err), ZG_OK));
	for (int i = 0; zg_product_file_next(file, &row); i++) {
		cr_assert(eq(int, zg_item_import_add(import, &row.item, row.barcodes, &which, &err), ZG_OK));
		cr_assert(eq(int, zg_store_begin(store, ZG_SYNC_FULL, &err), ZG_OK));
		zg_store_set(store, "sold", i % 2 ? "twice" : "once", &err);
		if (i == 2)
			zg_store_rollback(store);
		else
			cr_assert(eq(int, zg_store_commit(store, &err), ZG_OK));
	}
	cr_assert(eq(int, zg_item_import_flush(import, &err), ZG_OK));
	cr_assert(eq(int, zg_store_begin(store, ZG_SYNC_FULL, &err), ZG_OK));
	cr_assert(eq(int, zg_item_import_live(import, &err), ZG_OK));
	cr_assert(eq(int, zg_store_commit(store, &err), ZG_OK));
	zg_item_import_free(import);
	zg_product_file_free(file);

	char *sold = zg_store_setting(store, "sold", "never");

	cr_expect(eq(str, sold, "twice"));
	cr_expect(eq(long, number("SELECT count(*) FROM item"), 3));
	cr_expect(eq(long, price_of("A3"), 980));
	free(sold);
}

/* Contentless FTS5 forgets only what it is told word for word. */
Test(items, an_old_name_is_forgotten)
{
	import_all(first);
	import_all(GOODS_HEADING "A1,6901234567892,百事可乐,瓶,3.50,13%,,piece\n");

	cr_expect(eq(sz, found("口可"), 0));
	cr_expect(eq(sz, found("百事"), 1));
	tidy_all();
	cr_expect(eq(long, number("SELECT count(*) FROM item"), 3));
	cr_expect(eq(long, number("SELECT count(*) FROM item_gram WHERE item_gram MATCH '\"口可\"'"), 0));
	cr_expect(eq(long, number("SELECT count(*) FROM item_gram WHERE item_gram MATCH '\"可乐\"'"), 1));
	cr_expect(eq(long, price_of("B1"), -1));
	cr_expect(eq(long, number("SELECT count(*) FROM barcode"), 5));
}

Test(items, the_list_comes_in_pages_by_code)
{
	struct zg_item *items;
	size_t count;

	import_all(first);

	cr_expect(eq(int, zg_items_list(store, "", true, 2, &items, &count, &err), ZG_OK));
	cr_assert(eq(sz, count, 2));
	cr_expect(eq(str, items[1].code, "A2"));
	free(items);
	cr_expect(eq(int, zg_items_list(store, "A2", true, 2, &items, &count, &err), ZG_OK));
	cr_assert(eq(sz, count, 1));
	cr_expect(eq(str, items[0].code, "A3"));
	free(items);
}

Test(items, barcodes_come_in_the_order_of_the_file)
{
	struct zg_item item;
	char **barcodes;
	size_t count;

	import_all(first);
	cr_assert(eq(int, zg_items_find_code(store, "A1", true, &item, &err), ZG_OK));
	cr_assert(eq(int, zg_items_barcodes(store, item.id, &barcodes, &count, &err), ZG_OK));
	cr_assert(eq(sz, count, 2));
	cr_expect(eq(str, barcodes[0], "6901234567892"));
	cr_expect(eq(str, barcodes[1], "B1"));
	free(barcodes);
	cr_assert(eq(int, zg_items_find_code(store, "A3", true, &item, &err), ZG_OK));
	cr_assert(eq(int, zg_items_barcodes(store, item.id, &barcodes, &count, &err), ZG_OK));
	cr_expect(eq(sz, count, 0));
	free(barcodes);
}

static void expect_round_trip(const char *text, unsigned long long seed)
{
	struct zg_item_counts counts;

	import_all(text);
	struct zg_buffer once = goods_export(store);

	close_shop();
	open_shop();
	import_all(once.bytes);
	cr_assert(eq(int, goods_import(store, once.bytes, 0, &counts, &err), ZG_OK), "%s", err.text);
	cr_expect(eq(long, counts.added + counts.changed, 0), "ZG_SEED=%llu", seed);
	struct zg_buffer twice = goods_export(store);

	cr_expect(eq(str, twice.bytes, once.bytes), "ZG_SEED=%llu", seed);
	zg_buffer_clear(&once);
	zg_buffer_clear(&twice);
}

Test(items, an_exported_file_imported_and_exported_again_is_the_same)
{
	struct chance chance = chance_begin();
	struct zg_buffer text = { 0 };

	goods_by_chance(&chance, 1200, &text);
	expect_round_trip(zg_buffer_text(&text), (unsigned long long)chance.seed);
	zg_buffer_clear(&text);
}

Test(items, the_demo_shops_file_goes_in_and_out_the_same)
{
	struct zg_buffer text = { 0 };
	FILE *file = fopen(ZG_SOURCE "/data/demo/products.csv", "r");
	char bytes[4096];

	cr_assert(ne(ptr, file, NULL));
	for (size_t got; (got = fread(bytes, 1, sizeof(bytes), file)) > 0;)
		zg_buffer_add(&text, bytes, got);
	fclose(file);
	expect_round_trip(zg_buffer_text(&text), 0);
	zg_buffer_clear(&text);
}

Test(items, an_empty_shop_exports_only_the_heading_and_takes_it_back)
{
	int64_t count = -1;
	struct zg_buffer text = goods_export(store);

	import_all(text.bytes);

	cr_expect(eq(int, zg_items_count(store, &count, &err), ZG_OK));
	cr_expect(eq(long, count, 0));
	zg_buffer_clear(&text);
}

/* Whatever a file says otherwise about goods is a change, each of it by itself. */
Test(items, each_thing_that_a_file_says_otherwise_is_a_change)
{
	static const char heading[] = "code,barcodes,name,unit,price,tax_rate,tax_code,kind,initials,category,active\n";
	static const char *const rows[] = {
		"1,6901234567892,水,瓶,1.00,13%,,piece,s,喝,yes", "1,6901234567892,茶,瓶,1.00,13%,,piece,s,喝,yes", "1,6901234567892,茶,杯,1.00,13%,,piece,s,喝,yes",
		"1,6901234567892,茶,杯,1.01,13%,,piece,s,喝,yes", "1,6901234567892,茶,杯,1.01,9%,,piece,s,喝,yes",
		"1,6901234567892,茶,杯,1.01,9%,1030307,piece,s,喝,yes", "1,6901234567892,茶,杯,1.01,9%,1030307,weighed,s,喝,yes",
		"1,6901234567892,茶,杯,1.01,9%,1030307,weighed,c,喝,yes", "1,6901234567892,茶,杯,1.01,9%,1030307,weighed,c,吃,yes",
		"1,6901234567892,茶,杯,1.01,9%,1030307,weighed,c,吃,no", "1,6901234567892|77,茶,杯,1.01,9%,1030307,weighed,c,吃,no",
		"1,6901234567892|77|1,茶,杯,1.01,9%,1030307,weighed,c,吃,no",
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *text = zg_print("%s%s\n", heading, rows[i]);
		int64_t before = number("SELECT count(*) FROM item");

		import_all(text);
		cr_expect(eq(long, (long)(number("SELECT count(*) FROM item") - before), 1), "%s", rows[i]);
		import_all(text);
		cr_expect(eq(long, (long)(number("SELECT count(*) FROM item") - before), 1), "%s, again", rows[i]);
		free(text);
	}
}
