#include "src/base/names.h"
#include "src/store/items.h"
#include "src/store/search.h"
#include "src/store/store.h"
#include "tests/unit/goods.h"
#include "tests/unit/scratch.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
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

/* The codes found, in their order, with a space after each. */
static const char *codes(const char *text)
{
	static struct zg_buffer out;
	struct zg_item *items;
	size_t count;

	zg_buffer_empty(&out);
	cr_assert(eq(int, zg_items_search(store, text, true, ZG_SEARCH_MOST, &items, &count, &err), ZG_OK), "%s: %s", text, err.text);
	for (size_t i = 0; i < count; i++)
		zg_buffer_print(&out, "%s ", items[i].code);
	free(items);
	return zg_buffer_text(&out);
}

TestSuite(search, .init = open_shop, .fini = close_shop);

Test(search, the_nearest_find_comes_first)
{
	import_all(GOODS_HEADING
		   "1,690123,山泉水,,1,0%,,piece\n"
		   "12,691123,农夫山泉 550ml,,1,0%,,piece\n"
		   "nf,,能否,,1,0%,,piece\n"
		   "4,,矿泉 (大),,1,0%,,piece\n"
		   "AB9,,面包,,1,0%,,piece\n"
		   "6,,Café Ｘ,,1,0%,,piece\n");
	static const struct { const char *text, *codes; } cases[] = {
		{ "1", "1 12 " }, { "12", "12 " }, { "690", "1 " }, { "69", "1 12 " }, { "691123", "12 " },
		{ "nf", "nf 12 " }, { "NFSQ", "12 " }, { "sq", "1 12 " }, { "山泉", "1 12 " }, { "泉", "1 12 4 " },
		{ "夫山", "12 " }, { "550", "12 " }, { "550ML", "12 " }, { "l", "12 " }, { "(", "4 " }, { "大)", "4 " }, { ")", "4 " },
		{ "ab", "AB9 " }, { "ab9", "AB9 " }, { "café", "6 " }, { "CAFÉ x", "6 " }, { "é", "6 " }, { "ｘ", "6 " },
		{ "550 山", "12 " }, { "  泉   农 ", "12 " }, { " ", "12 4 6 " }, { "", "" }, { "没有", "" }, { "泉山", "" },
		{ "\"", "" }, { "\" OR \"", "" }, { "泉*", "" }, { "*", "" }, { "NOT", "" }, { "a:b", "" }, { "^山", "" }, { "\xFF\xFE", "" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		cr_expect(eq(str, (char *)codes(cases[i].text), (char *)cases[i].codes), "%s", cases[i].text);
}

Test(search, a_text_longer_than_any_name_finds_nothing)
{
	char text[4000];

	import_all(GOODS_HEADING "1,,aaaaaaaaaa,,1,0%,,piece\n");
	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';

	cr_expect(eq(str, (char *)codes(text), ""));
	text[120] = '\0';
	cr_expect(eq(str, (char *)codes(text), ""));
	text[10] = '\0';
	cr_expect(eq(str, (char *)codes(text), "1 "));
}

Test(search, a_list_is_no_longer_than_asked_for)
{
	struct chance chance = chance_begin();
	struct zg_buffer text = { 0 };

	goods_by_chance(&chance, 400, &text);
	import_all(zg_buffer_text(&text));
	for (size_t most = 0; most < 120; most += 17) {
		struct zg_item *items;
		size_t count;

		cr_expect(eq(int, zg_items_search(store, "g", true, most, &items, &count, &err), ZG_OK));
		cr_expect(eq(sz, count, most));
		free(items);
	}
	zg_buffer_clear(&text);
}

/* ---- against brute force: promise P37 ---- */

#define COUNT 2000

struct goods {
	struct zg_item *items;
	size_t count;
	struct zg_names tried;    /* pieces */
};

/* A plain look: a piece that the name or the initials have as it is. */
static bool has(const struct zg_item *item, const char *piece)
{
	return strstr(item->name, piece) || strstr(item->initials, piece);
}

/* Each find must be due to something, and everything that has the piece must be found. */
static void try_piece(const struct goods *goods, const char *piece, unsigned long long seed)
{
	static char seen[COUNT];
	struct zg_item *items;
	size_t count;

	memset(seen, 0, sizeof(seen));
	cr_assert(eq(int, zg_items_search(store, piece, false, COUNT + 1, &items, &count, &err), ZG_OK), "%s", err.text);
	for (size_t i = 0; i < count; i++) {
		size_t at = strtoul(items[i].code + 1, NULL, 10);

		cr_assert(not(seen[at]), "ZG_SEED=%llu \"%s\" gives %s twice", seed, piece, items[i].code);
		seen[at] = 1;
	}
	free(items);
	for (size_t i = 0; i < goods->count; i++)
		cr_assert(seen[i] || !has(&goods->items[i], piece), "ZG_SEED=%llu \"%s\" does not find %s", seed, piece, goods->items[i].name);
}

static void try_pieces(struct goods *goods, const char *text, size_t most, unsigned long long seed)
{
	for (const char *start = text; *start; start++) {
		const char *end = start;

		if (((unsigned char)*start & 0xC0) == 0x80)
			continue;
		for (size_t n = 0; n < most && *end; n++) {
			char piece[ZG_NAME_MAX + 1] = "";

			do
				end++;
			while (((unsigned char)*end & 0xC0) == 0x80);
			memcpy(piece, start, (size_t)(end - start));
			if (zg_names_add(&goods->tried, piece, &(uint32_t){ 0 }))
				try_piece(goods, piece, seed);
		}
	}
}

Test(search, every_piece_of_every_name_and_of_its_initials_finds_it, .timeout = 600)
{
	struct chance chance = chance_begin();
	struct zg_buffer text = { 0 };
	struct goods goods = { 0 };
	long rounds = chance_rounds(COUNT);

	goods_by_chance(&chance, COUNT, &text);
	import_all(zg_buffer_text(&text));
	cr_assert(eq(int, zg_items_list(store, "", false, COUNT + 1, &goods.items, &goods.count, &err), ZG_OK));
	cr_assert(eq(sz, goods.count, COUNT));
	/* Each piece is looked for in all the goods. */
	for (long i = 0; i < rounds; i++) {
		try_pieces(&goods, goods.items[i % COUNT].name, 4, (unsigned long long)chance.seed);
		try_pieces(&goods, goods.items[i % COUNT].initials, 4, (unsigned long long)chance.seed);
	}
	zg_names_clear(&goods.tried);
	free(goods.items);
	zg_buffer_clear(&text);
}

/* 旺旺芥末 has the pairs of 旺芥 and its first character too; however many there are, none hides what has the piece. */
Test(search, names_that_nearly_start_so_hide_nothing)
{
	struct zg_buffer text = { 0 };
	struct zg_item *items;
	size_t count;

	zg_buffer_add_text(&text, "code,barcodes,name,unit,price,tax_rate,tax_code,kind\n");
	for (int i = 0; i < 300; i++)
		zg_buffer_print(&text, "A%03d,,旺旺芥末 %d,袋,1.00,13%%,,piece\n", i, i);
	zg_buffer_add_text(&text, "Z,,旺芥脆,袋,1.00,13%,,piece\n");
	import_all(zg_buffer_text(&text));

	cr_assert(eq(int, zg_items_search(store, "旺芥", true, 1000, &items, &count, &err), ZG_OK));
	cr_expect(eq(sz, count, 301));
	bool found = false;

	for (size_t i = 0; i < count; i++)
		found |= strcmp(items[i].code, "Z") == 0;
	cr_expect(found);
	free(items);
	zg_buffer_clear(&text);
}

Test(search, a_find_always_has_what_was_typed)
{
	struct chance chance = chance_begin();
	struct zg_buffer text = { 0 };

	goods_by_chance(&chance, 500, &text);
	import_all(zg_buffer_text(&text));
	static const char *const pieces[] = { "农夫", "泉可", "可口可", "乐乐", "吕", "日本", "本の", "𠮷", "한农" };

	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		struct zg_item *items;
		size_t count;

		cr_assert(eq(int, zg_items_search(store, pieces[i], false, 500, &items, &count, &err), ZG_OK));
		for (size_t j = 0; j < count; j++)
			cr_expect(ne(ptr, strstr(items[j].name, pieces[i]), NULL), "ZG_SEED=%llu %s: %s", (unsigned long long)chance.seed,
				  pieces[i], items[j].name);
		free(items);
	}
	zg_buffer_clear(&text);
}
