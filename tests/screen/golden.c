#include "tests/screen/golden.h"

#include "src/base/alloc.h"
#include "src/base/buffer.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Only for a person who asks: what the goldens would be today goes to a directory of theirs. */
static void show(const char *directory, const char *name, const char *text)
{
	char *path = zg_print("%s/%s.txt", directory, name);
	FILE *file = fopen(path, "w");

	cr_assert(file != NULL, "%s cannot be written", path);
	fputs(text, file);
	fclose(file);
	free(path);
	cr_skip("shown, not compared");
}

static char *read_golden(const char *path)
{
	struct zg_buffer all = { 0 };
	char bytes[4096];
	size_t got;
	FILE *file = fopen(path, "r");

	cr_assert(file != NULL, "%s is missing: see the README.md beside it", path);
	while ((got = fread(bytes, 1, sizeof(bytes), file)) > 0)
		zg_buffer_add(&all, bytes, got);
	fclose(file);
	return zg_buffer_take(&all);
}

void golden_check(const char *name, const char *text)
{
	const char *directory = getenv("ZG_SHOW_SCREENS");

	if (directory && directory[0]) {
		show(directory, name, text);
		return;
	}
	char *path = zg_print(ZG_SOURCE "/tests/screen/golden/%s.txt", name), *golden = read_golden(path);
	size_t start = 0, line = 1;

	for (size_t at = 0; golden[at] && golden[at] == text[at]; at++) {
		if (golden[at] == '\n') {
			start = at + 1;
			line++;
		}
	}
	cr_expect(strcmp(golden, text) == 0, "%s differs in line %zu: should be\n%.*s\nbut is\n%.*s\nSee the README.md beside it.", path, line,
		  (int)strcspn(golden + start, "\n"), golden + start, (int)strcspn(text + start, "\n"), text + start);
	free(golden);
	free(path);
}

void golden_sizes(struct harness *h, const char *name, const char *language, void (*hide)(char *text))
{
	static const int sizes[][2] = { { 12, 40 }, { 24, 80 }, { 40, 120 } };
	struct zg_buffer all = { 0 };
	char *whole = zg_print("%s.%s", name, language);

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		harness_resize(h, sizes[i][0], sizes[i][1]);
		char *screen = harness_screen(h);

		for (int row = 0; row < sizes[i][0]; row++)
			cr_expect(le(int, harness_width(h, row), sizes[i][1]), "row %d", row);
		zg_buffer_print(&all, "%s== %d×%d ==\n%s", i ? "\n" : "", sizes[i][1], sizes[i][0], screen);
		free(screen);
	}
	char *text = zg_buffer_take(&all);

	if (hide)
		hide(text);
	golden_check(whole, text);
	free(text);
	free(whole);
}
