/* Text at the door: what was cleaned is clean and stays as it is, clean text passes unchanged, and widths add up. */
#include "tests/fuzz/fuzz.h"

#include "src/base/text.h"

#include <stdlib.h>
#include <string.h>

const struct fuzz_limits fuzz_limits = { 16384, 8 };

static void check_characters(const char *bytes, size_t length)
{
	uint32_t character;
	size_t at = 0, step;
	bool valid;

	while ((step = zg_text_next(bytes + at, length - at, &character, &valid)) > 0) {
		char put[4];

		if (valid)
			fuzz_check(zg_text_put(put, character) == step && memcmp(put, bytes + at, step) == 0, "U+%04X is not what stood there", character);
		else
			fuzz_check(step == 1 && character == 0xFFFD, "an invalid byte counts as more than one");
		at += step;
	}
	fuzz_check(at == length, "the characters end before the text");
}

/* Cut at every width, the start is as wide as it says, and never wider than asked. */
static void check_widths(const char *text)
{
	int whole = zg_screen_width(text);

	for (int cells = 0; cells <= whole + 1 && cells < 40; cells++) {
		int used;
		size_t at = zg_screen_cut(text, cells, &used);
		char *start = strndup(text, at);

		fuzz_check(used <= cells && zg_screen_width(start) == used, "%d cells of %d were used, not %d", zg_screen_width(start), cells, used);
		fuzz_check(used + zg_screen_width(text + at) == whole, "the two parts are not as wide as the whole");
		free(start);
	}
}

static void check_clean(const char *bytes, size_t length, size_t size)
{
	char *out = malloc(size), *again = malloc(size);
	size_t changed = zg_text_clean(out, size, bytes, length), at = 0;
	const char *why = NULL;

	fuzz_check(strlen(out) < size, "longer than its place");
	fuzz_check(zg_text_is_clean(out, strlen(out), NULL, NULL), "cleaned, and not clean");
	fuzz_check(zg_text_clean(again, size, out, strlen(out)) == 0 && strcmp(again, out) == 0, "cleaned twice, it is another text");
	if (zg_text_is_clean(bytes, length, &at, &why))
		fuzz_check((changed == 0) == (length < size), "clean text was changed");
	else
		fuzz_check(changed > 0 && at < length && why && *why, "dirty text passed");
	fuzz_check(zg_text_count(out) <= strlen(out), "more characters than bytes");
	check_widths(out);
	zg_text_upper(out);
	zg_text_trim(out);
	fuzz_check(out[0] != ' ' && (!out[0] || out[strlen(out) - 1] != ' '), "a space was left at an end");
	free(again);
	free(out);
}

void fuzz_one(const char *bytes, size_t length)
{
	struct fuzz_input input = { bytes, bytes + length };
	size_t size = fuzz_byte(&input) + 1;

	check_characters(bytes, length);
	check_clean(input.at, (size_t)(input.end - input.at), size);
	check_clean(bytes, length, length + 1);
}
