/*
 * Search never misses: every product is found by every piece of 1 to 6 characters of its name and of its initials, and nothing
 * is found without a reason. Names are made of hanzi, letters of five scripts, digits, signs that SQL, patterns and the index give a
 * meaning to, characters beyond U+FFFF, and runs of one character; a fifth of them are renamed by a second import. What must be
 * found is worked out by brute force: all pieces of all names are listed with their owners. Each is then typed as a person might:
 * small, capital or full-width. The capitals come from the table below, not from the till's own folding.
 * P37. ZG_COUNT products (300), ZG_SEED.
 */
#include "src/base/alloc.h"
#include "src/base/names.h"
#include "src/store/item_import.h"
#include "src/store/search.h"
#include "src/store/store.h"
#include "tests/fault/tally.h"
#include "tests/unit/chance.h"
#include "tests/unit/scratch.h"

#include <inttypes.h>
#include <locale.h>
#include <string.h>
#include <strings.h>

#define PIECE_MOST 6     /* characters */
#define RENAMED    5     /* one in so many */
#define SIGNS_MOST 40    /* of a name */

/* One character, and how else it may be written in a name or typed. */
struct sign {
	char small[8], capital[8], wide[8];
};

/* Signs with a capital of their own; '=' in its place: none. */
static const char *const others[][2] = {
	{ "é", "É" }, { "å", "Å" }, { "ÿ", "=" }, { "ß", "=" }, { "×", "=" }, { "÷", "=" }, { "þ", "Þ" }, { "à", "À" },
	{ "α", "Α" }, { "ρ", "Ρ" }, { "σ", "Σ" }, { "ς", "=" }, { "ω", "Ω" }, { "а", "А" }, { "я", "Я" }, { "ж", "Ж" }, { "ё", "Ё" }, { "џ", "Џ" },
	{ "の", "=" }, { "カ", "=" }, { "한", "=" }, { "글", "=" }, { "、", "=" }, { "。", "=" }, { "·", "=" }, { "€", "=" }, { "℃", "=" }, { "㎏", "=" },
	{ "𠮷", "=" }, { "𪚥", "=" }, { "𠀀", "=" }, { "😀", "=" }, { "〇", "=" }, { "々", "=" },
};

#define OTHERS (sizeof(others) / sizeof(others[0]))

struct product {
	struct sign signs[SIGNS_MOST];
	size_t count;
	char name[ZG_NAME_MAX + 1];     /* as it stands in the books */
	char plain[ZG_NAME_MAX + 1];    /* all small */
	char initials[ZG_ITEM_INITIALS_MAX + 1];
	char code[ZG_CODE_MAX + 1], barcode[ZG_CODE_MAX + 1];
};

/* A piece has an owner. */
struct owner {
	uint32_t piece, product;
};

struct trial {
	struct tally tally;
	struct chance chance;
	struct zg_store *store;
	struct product *products;
	size_t count;
	struct zg_names pieces;
	const char **texts;    /* of each piece; in `pieces`, once that grows no more */
	struct owner *owners;
	size_t owner_count, owner_room;
	uint32_t *seen;        /* the search that found it last */
	uint64_t finds;
};

/* ---- names ---- */

static void put(char *out, uint32_t character)
{
	out[zg_text_put(out, character)] = '\0';
}

static struct sign ascii_sign(char c)
{
	struct sign sign = { .small = { c } };
	char capital = (char)(c >= 'a' && c <= 'z' ? c - 32 : c);

	sign.capital[0] = capital;
	put(sign.wide, c == ' ' ? 0x3000 : (uint32_t)(chance_next(&(struct chance){ 0, (uint64_t)c }) & 1 ? c : capital) + 0xFEE0);
	return sign;
}

static struct sign pick_sign(struct chance *chance)
{
	static const char marks[] = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ ";
	struct sign sign = { .small = "" };
	int64_t roll = chance_between(chance, 0, 99);

	if (roll < 45) {    /* hanzi: half of them from a few, so that many names share pieces */
		put(sign.small, (uint32_t)(chance_between(chance, 0, 1) ? 0x4E00 + chance_between(chance, 0, 40) * 7 : chance_between(chance, 0x4E00, 0x9FA5)));
	} else if (roll < 65) {
		return ascii_sign((char)chance_between(chance, 'a', roll < 55 ? 'c' : 'z'));
	} else if (roll < 75) {
		return ascii_sign((char)chance_between(chance, '0', '9'));
	} else if (roll < 88) {
		return ascii_sign(marks[chance_between(chance, 0, (int64_t)sizeof(marks) - 2)]);
	} else {
		const char *const *other = others[chance_between(chance, 0, OTHERS - 1)];

		snprintf(sign.small, sizeof(sign.small), "%s", other[0]);
		snprintf(sign.capital, sizeof(sign.capital), "%s", *other[1] == '=' ? other[0] : other[1]);
		memcpy(sign.wide, sign.capital, sizeof(sign.wide));
		return sign;
	}
	memcpy(sign.capital, sign.small, sizeof(sign.small));
	memcpy(sign.wide, sign.small, sizeof(sign.small));
	return sign;
}

static const char *written(struct chance *chance, const struct sign *sign)
{
	int64_t roll = chance_between(chance, 0, 5);

	return roll < 3 ? sign->small : roll < 5 ? sign->capital : sign->wide;
}

/* Characters come again at once now and then. A name neither begins nor ends with a space, as the product file sees to. */
static void make_name(struct trial *t, struct product *product)
{
	int64_t wanted = chance_between(&t->chance, 1, chance_between(&t->chance, 0, 9) ? 12 : SIGNS_MOST);
	size_t used = 0;

	product->name[0] = product->plain[0] = '\0';
	product->count = 0;
	while (product->count < (size_t)wanted && used + 4 <= ZG_NAME_MAX) {
		struct sign sign = pick_sign(&t->chance);

		if (product->count > 0 && chance_between(&t->chance, 0, 5) == 0)
			sign = product->signs[product->count - 1];
		if ((product->count == 0 || product->count + 1 == (size_t)wanted || used + 8 > ZG_NAME_MAX) && sign.small[0] == ' ')
			sign = ascii_sign('x');
		const char *as = sign.small[0] == ' ' ? " " : written(&t->chance, &sign);

		strcat(product->name, as);
		strcat(product->plain, sign.small);
		product->signs[product->count++] = sign;
		used += strlen(as);
	}
	if (chance_between(&t->chance, 0, 3) > 0)
		zg_item_make_initials(product->initials, product->name);
	else
		for (int64_t i = 0, n = chance_between(&t->chance, 0, 9); i <= n; i++)    /* a shop's own */
			product->initials[i] = i == n ? '\0' : (char)(chance_between(&t->chance, 0, 3) ? chance_between(&t->chance, 'a', 'z')
									      : chance_between(&t->chance, '0', '9'));
}

/* ---- the books ---- */

static bool has_code(const void *self, const char *code)
{
	(void)self, (void)code;
	return false;
}

/* Imports every `step`-th product; then all of an older list is tidied away, as in the till's quiet moments. */
static bool import(struct trial *t, size_t step)
{
	struct zg_item_import_parts parts = { .has_code = has_code };
	struct zg_item_import *import;
	struct zg_error err = { .text = "" };
	enum zg_result result = zg_item_import_begin(t->store, &parts, &import, &err);
	bool more = true;
	size_t which;

	for (size_t i = 0; i < t->count && result == ZG_OK; i += step) {
		const struct product *product = &t->products[i];
		struct zg_item item = { .price_fen = 100, .tax_bp = 1300, .active = true };

		snprintf(item.code, sizeof(item.code), "%s", product->code);
		snprintf(item.name, sizeof(item.name), "%s", product->name);
		snprintf(item.initials, sizeof(item.initials), "%s", product->initials);
		result = zg_item_check(&item, &err);
		if (result == ZG_OK)
			result = zg_item_import_add(import, &item, product->barcode, &which, &err);
	}
	if (result == ZG_OK)
		result = zg_item_import_flush(import, &err);
	if (result == ZG_OK)
		result = zg_store_begin(t->store, ZG_SYNC_NORMAL, &err);
	if (result == ZG_OK)
		result = zg_item_import_live(import, &err);
	if (result == ZG_OK)
		result = zg_store_commit(t->store, &err);
	zg_item_import_free(import);
	while (result == ZG_OK && more)
		result = zg_items_tidy(t->store, 500, false, &more, &err);
	return tally_check(&t->tally, result == ZG_OK, "the goods cannot be imported: %s", err.text);
}

static void make_goods(struct trial *t)
{
	t->products = zg_alloc(t->count, sizeof(*t->products));
	for (size_t i = 0; i < t->count; i++) {
		struct product *product = &t->products[i];

		snprintf(product->code, sizeof(product->code), "G%zuQ", i);
		if (i % 3)
			snprintf(product->barcode, sizeof(product->barcode), "69%07zu", i * 7);
		make_name(t, product);
	}
	if (!import(t, 1))
		return;
	for (size_t i = 0; i < t->count; i += RENAMED)
		make_name(t, &t->products[i]);
	import(t, RENAMED);
}

/* ---- brute force: every piece, and whose it is ---- */

static void own(struct trial *t, const char *piece, size_t product)
{
	uint32_t number = (uint32_t)t->pieces.count;

	zg_names_add(&t->pieces, piece, &number);
	t->owners = zg_grow(t->owners, t->owner_count, &t->owner_room, sizeof(*t->owners));
	t->owners[t->owner_count++] = (struct owner){ number, (uint32_t)product };
}

static void list_pieces(struct trial *t)
{
	for (size_t i = 0; i < t->count; i++) {
		const struct product *product = &t->products[i];
		char piece[PIECE_MOST * 8 + 1];

		for (size_t start = 0; start < product->count; start++) {
			piece[0] = '\0';
			for (size_t n = 0; n < PIECE_MOST && start + n < product->count; n++) {
				strcat(piece, product->signs[start + n].small);
				own(t, piece, i);
			}
		}
		for (const char *start = product->initials; *start; start++)
			for (int n = 1; n <= PIECE_MOST && (size_t)n <= strlen(start); n++) {
				snprintf(piece, sizeof(piece), "%.*s", n, start);
				own(t, piece, i);
			}
	}
}

static int by_piece(const void *a, const void *b)
{
	const struct owner *x = a, *y = b;

	return x->piece != y->piece ? x->piece < y->piece ? -1 : 1 : x->product < y->product ? -1 : x->product > y->product;
}

/* ---- looking ---- */

/* As somebody might type it: each character small, capital or full-width. */
static void type(struct trial *t, const char *piece, char *typed)
{
	typed[0] = '\0';
	for (size_t left = strlen(piece), step; left > 0; piece += step, left -= step) {
		struct sign sign = { .small = "" };
		uint32_t c;

		step = zg_text_next(piece, left, &c, NULL);
		memcpy(sign.small, piece, step);
		if (step == 1)
			sign = ascii_sign(*piece);
		else
			memcpy(sign.capital, sign.small, sizeof(sign.small)), memcpy(sign.wide, sign.small, sizeof(sign.small));
		for (size_t i = 0; i < OTHERS; i++)
			if (strcmp(others[i][0], sign.small) == 0 && *others[i][1] != '=')
				snprintf(sign.capital, sizeof(sign.capital), "%s", others[i][1]);
		strcat(typed, written(&t->chance, &sign));
	}
}

/* All words are in the name or the initials, or its code or barcode starts with what was typed. */
static bool has_reason(const struct product *product, const char *piece)
{
	char words[PIECE_MOST * 8 + 1];
	char *rest;

	snprintf(words, sizeof(words), "%s", piece);
	zg_text_trim(words);
	size_t length = strlen(words);

	if (length == 0)
		return strchr(product->plain, ' ');
	if (strncasecmp(product->code, words, length) == 0 || strncmp(product->barcode, words, length) == 0)
		return true;
	for (char *word = strtok_r(words, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
		if (!strstr(product->plain, word) && !strstr(product->initials, word))
			return false;
	return true;
}

static void try_piece(struct trial *t, uint32_t piece, const struct owner *owners, size_t count)
{
	const char *text = t->texts[piece];
	char typed[PIECE_MOST * 8 + 1];
	struct zg_error err = { .text = "" };
	struct zg_item *items;
	size_t found, at;

	type(t, text, typed);
	if (!tally_check(&t->tally, zg_items_search(t->store, typed, false, t->count + 1, &items, &found, &err) == ZG_OK,
			 "\"%s\" cannot be searched: %s", typed, err.text))
		return;
	for (size_t i = 0; i < found; i++) {
		at = strtoul(items[i].code + 1, NULL, 10);
		tally_check(&t->tally, at < t->count && t->seen[at] != piece + 1 && has_reason(&t->products[at], text),
			    "\"%s\" finds \"%s\" twice, or without a reason", typed, items[i].name);
		if (at < t->count)
			t->seen[at] = piece + 1;
	}
	for (size_t i = 0; i < count; i++)
		tally_check(&t->tally, t->seen[owners[i].product] == piece + 1, "\"%s\" does not find \"%s\" (%s)", typed,
			    t->products[owners[i].product].name, t->products[owners[i].product].initials);
	t->finds += found;
	free(items);
}

static void try_all(struct trial *t)
{
	t->texts = zg_alloc(t->pieces.count + 1, sizeof(*t->texts));
	t->seen = zg_alloc(t->count, sizeof(*t->seen));
	/* They lie one behind the other, in the order they came. */
	const char *at = t->pieces.texts.bytes;

	for (size_t i = 0; i < t->pieces.count; i++, at += strlen(at) + 1)
		t->texts[i] = at;
	qsort(t->owners, t->owner_count, sizeof(*t->owners), by_piece);
	for (size_t i = 0, next; i < t->owner_count; i = next) {
		for (next = i + 1; next < t->owner_count && t->owners[next].piece == t->owners[i].piece;)
			next++;
		try_piece(t, t->owners[i].piece, &t->owners[i], next - i);
	}
}

int main(void)
{
	struct trial t = { .chance = chance_begin(), .count = (size_t)chance_rounds(300) };
	char *home = scratch_begin();
	struct zg_error err = { .text = "" };

	setlocale(LC_ALL, "C.UTF-8");
	printf("ZG_SEED=%" PRIu64 " ZG_COUNT=%zu products\n", t.chance.seed, t.count);
	if (tally_check(&t.tally, zg_store_open(home, ZG_STORE_CREATE, &zg_real_clock, &t.store, &err) == ZG_OK, "%s", err.text)) {
		make_goods(&t);
		list_pieces(&t);
		try_all(&t);
		printf("figure: %zu pieces of %zu products, %" PRIu64 " finds, each with a reason\n", t.pieces.count, t.count, t.finds);
		zg_store_close(t.store);
	}
	zg_names_clear(&t.pieces);
	free(t.texts);
	free(t.owners);
	free(t.seen);
	free(t.products);
	scratch_end(home);
	return tally_end(&t.tally);
}
