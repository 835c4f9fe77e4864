/* Goods by whatever is typed: never an error, and just the goods whose name or initials have every word, or whose code starts so. */
#include "tests/fuzz/fuzz.h"

#include "src/store/items.h"
#include "src/store/search.h"
#include "tests/unit/shop.h"

#include <stdlib.h>
#include <string.h>

const struct fuzz_limits fuzz_limits = { 2000000, 64 };    /* SQLite's pages and its statements */

static struct shop *shop;

/* Typed as it stands, a name is found; so is each of its characters. */
static void check_name(const struct zg_store *store, const char *name)
{
	struct zg_item *items = NULL;
	size_t count = 0;

	fuzz_check(zg_items_search(store, name, false, 50, &items, &count, NULL) == ZG_OK && count > 0, "%s is not found", name);
	free(items);
}

void fuzz_one(const char *bytes, size_t length)
{
	struct fuzz_input input = { bytes, bytes + length };
	struct zg_item *items = NULL, *few = NULL;
	struct zg_buffer tokens = { 0 };
	struct zg_error err = { .text = "" };
	size_t count = 0, least = 0;

	if (!shop)
		shop = shop_begin(NULL);
	const struct zg_store *store = zg_till_store(shop->till);
	bool active = fuzz_byte(&input) & 1;
	size_t most = fuzz_byte(&input) % 5 + 1;
	char *text = fuzz_text(&input, '\0');
	enum zg_result result = zg_items_search(store, text, active, 50, &items, &count, &err);

	fuzz_check(result == ZG_OK, "\"%s\": %s", text, err.text);
	fuzz_check(count <= 5, "%zu finds among 5", count);
	for (size_t i = 0; i < count; i++) {
		fuzz_check(zg_item_check(&items[i], &err) == ZG_OK, "a find that is no item: %s", err.text);
		for (size_t k = 0; k < i; k++)
			fuzz_check(items[i].id != items[k].id, "%s is found twice", items[i].code);
	}
	fuzz_check(zg_items_search(store, text, active, most, &few, &least, &err) == ZG_OK && least == (count < most ? count : most), "%zu of %zu finds", least, count);
	for (size_t i = 0; i < least; i++)
		fuzz_check(few[i].id == items[i].id, "the best are others when fewer are asked for");
	zg_search_tokens(text, "abc", &tokens);
	check_name(store, "康师傅红烧牛肉面 桶装");
	zg_buffer_clear(&tokens);
	free(few);
	free(items);
	free(text);
}
