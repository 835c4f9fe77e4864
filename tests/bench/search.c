/*
 * How long the search takes, kind by kind, in a shop's real books: search HOME TIMES prints a line a kind: its name, searches,
 * p50, p99 and the longest in microseconds of the processor (reads of the file included), which other work on the machine does not
 * change. What is searched for is cut out of the goods' own names, codes and initials, spread over the whole list.
 */
#include "src/base/alloc.h"
#include "src/base/text.h"
#include "src/store/items.h"
#include "src/store/search.h"
#include "src/store/store.h"
#include "tests/unit/chance.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

enum kind { BARCODE, CODE, INITIALS, ONE, TWO, FOUR, NOTHING, KINDS };

static const char *const names[KINDS] = { "a barcode scanned", "the start of a code", "initials, 2 letters", "1 character of a name",
	"2 characters of a name", "4 characters of a name", "what no name has" };

static int64_t spent_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int by_size(const void *a, const void *b)
{
	return (*(const int64_t *)a > *(const int64_t *)b) - (*(const int64_t *)a < *(const int64_t *)b);
}

/* `count` characters of text from a random place. */
static void cut(char *out, size_t size, const char *text, int count, struct chance *chance)
{
	size_t length = strlen(text), at = 0, starts[ZG_NAME_MAX + 1];
	int have = 0;

	while (at < length) {
		uint32_t character;

		starts[have++] = at;
		at += zg_text_next(text + at, length - at, &character, NULL);
	}
	int first = have > count ? (int)chance_between(chance, 0, have - count) : 0;
	size_t end = first + count < have ? starts[first + count] : length;

	snprintf(out, size, "%.*s", (int)(end - starts[first]), text + starts[first]);
}

static void word(char *out, size_t size, enum kind kind, const struct zg_item *item, const char *barcode, struct chance *chance)
{
	switch (kind) {
	case BARCODE:  snprintf(out, size, "%s", barcode); break;
	case CODE:     snprintf(out, size, "%.4s", item->code); break;
	case INITIALS: snprintf(out, size, "%.2s", item->initials); break;
	case ONE:      cut(out, size, item->name, 1, chance); break;
	case TWO:      cut(out, size, item->name, 2, chance); break;
	case FOUR:     cut(out, size, item->name, 4, chance); break;
	case NOTHING:  snprintf(out, size, "鑫淼%c", (char)('a' + chance_between(chance, 0, 25))); break;
	case KINDS:    break;
	}
}

/* Some item of the list; by its code, which the bench's product file counts up from 1000000. */
static bool pick(const struct zg_store *store, int64_t count, struct chance *chance, struct zg_item *item, char barcode[ZG_CODE_MAX + 1])
{
	char code[32], **codes;
	size_t many = 0;

	snprintf(code, sizeof(code), "%lld", (long long)(1000000 + chance_between(chance, 0, count - 1)));
	if (zg_items_find_code(store, code, true, item, NULL) != ZG_OK || zg_items_barcodes(store, item->id, &codes, &many, NULL) != ZG_OK)
		return false;
	snprintf(barcode, ZG_CODE_MAX + 1, "%s", many ? codes[0] : item->code);
	free(codes);
	return true;
}

int main(int argc, char **argv)
{
	struct chance chance = { 7, 7 };    /* the same searches in every run */
	struct zg_store *store;
	struct zg_error err = { 0 };
	int64_t count = 0;
	long times = argc > 2 ? strtol(argv[2], NULL, 10) : 1000;
	int64_t *took = calloc((size_t)times, sizeof(*took));

	setlocale(LC_ALL, "C.UTF-8");
	if (argc < 2 || zg_store_open(argv[1], ZG_STORE_READ, &zg_real_clock, &store, &err) != ZG_OK ||
	    zg_items_count(store, &count, &err) != ZG_OK || count == 0) {
		fprintf(stderr, "search: no goods in %s: %s\n", argc > 1 ? argv[1] : "(no shop named)", argc > 1 ? err.text : "");
		return 1;
	}
	for (enum kind kind = 0; kind < KINDS; kind++) {
		for (long i = 0; i < times; i++) {
			struct zg_item item, *items = NULL;
			char barcode[ZG_CODE_MAX + 1], text[ZG_NAME_MAX + 1];
			size_t found = 0;

			if (!pick(store, count, &chance, &item, barcode))
				return 1;
			word(text, sizeof(text), kind, &item, barcode, &chance);
			int64_t begun = spent_us();
			enum zg_result result = kind == BARCODE ? zg_items_find_code(store, text, true, &item, NULL) :
				zg_items_search(store, text, true, ZG_SEARCH_MOST, &items, &found, NULL);

			took[i] = spent_us() - begun;
			free(items);
			if (result != ZG_OK || (kind != BARCODE && (found > 0) != (kind != NOTHING)))
				return fprintf(stderr, "search: %s: '%s' found %zu\n", names[kind], text, found), 1;
		}
		qsort(took, (size_t)times, sizeof(*took), by_size);
		printf("%s\t%ld\t%lld\t%lld\t%lld\n", names[kind], times, (long long)took[times / 2], (long long)took[times * 99 / 100],
		       (long long)took[times - 1]);
	}
	zg_store_close(store);
	free(took);
	return 0;
}
