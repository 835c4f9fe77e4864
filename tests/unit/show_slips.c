/*
 * Writes what the goldens of slips would be today into a directory, for a person to compare and, if
 * they are right, to copy: see tests/fixtures/slips/README.md. Never run by the check.
 */
#include "src/base/json.h"
#include "tests/unit/slips.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

static int write_file(const char *directory, const char *folder, enum zg_slip slip, const char *language, const char *profile,
		      const char *ending, struct zg_buffer *text)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s/%s.%s.%s.%s", directory, folder, zg_slip_name(slip), language, profile, ending);
	FILE *file = fopen(path, "w");

	if (!file || fwrite(text->bytes, 1, text->length, file) != text->length || fclose(file) != 0) {
		perror(path);
		return 1;
	}
	zg_buffer_clear(text);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: show_slips DIRECTORY (with slips/ and escpos/ in it)\n");
		return 2;
	}
	setenv("TZ", "Asia/Shanghai", 1);
	setlocale(LC_ALL, "C.UTF-8");
	int failed = 0;

	for (unsigned slip = 0; slip < ZG_SLIPS; slip++) {
		json_t *document = zg_slip_sample((enum zg_slip)slip);

		for (size_t l = 0; l < SLIP_LANGUAGES; l++) {
			for (size_t w = 0; w < SLIP_WIDTHS; w++) {
				struct zg_paper paper;
				struct zg_buffer grid = { 0 }, bytes = { 0 };

				slip_layout((enum zg_slip)slip, slip_languages[l], document, w ? 48 : 32, &paper);
				slip_grid(&paper, &grid);
				slip_bytes(&paper, slip_profiles[w], &bytes);
				failed |= write_file(argv[1], "slips", (enum zg_slip)slip, slip_languages[l], w ? "80" : "58", "txt", &grid);
				failed |= write_file(argv[1], "escpos", (enum zg_slip)slip, slip_languages[l], slip_profiles[w], "hex", &bytes);
				zg_paper_clear(&paper);
			}
		}
		json_decref(document);
	}
	return failed;
}
