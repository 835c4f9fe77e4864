/* Slips as the virtual printer reads them, which was written from the manuals without knowing our driver. */
#include "drivers/drivers.h"
#include "src/base/alloc.h"
#include "src/io/data.h"
#include "tests/unit/slips.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the virtual printer puts on its paper; it ends with 1 when a byte means nothing to it. */
static char *decode(const struct zg_buffer *bytes, int columns, const char *what)
{
	char path[] = "/tmp/zg-slip-XXXXXX";
	int fd = mkstemp(path);
	struct zg_buffer out = { 0 };
	char piece[4096];
	size_t got;

	cr_assert(ge(int, fd, 0));
	cr_assert(eq(long, write(fd, bytes->bytes, bytes->length), (long)bytes->length));
	close(fd);
	char *command = zg_print("%s/zhanggui-sim decode --columns %d < %s", ZG_BUILD, columns, path);
	FILE *paper = popen(command, "r");

	cr_assert(paper != NULL);
	while ((got = fread(piece, 1, sizeof(piece), paper)) > 0)
		zg_buffer_add(&out, piece, got);
	int status = pclose(paper);

	bool understood = WIFEXITED(status) && WEXITSTATUS(status) == 0;

	cr_expect(understood, "%s: %s", what, zg_buffer_text(&out));
	remove(path);
	free(command);
	return zg_buffer_take(&out);
}

static size_t trimmed(const char *text, size_t length)
{
	while (length > 0 && text[length - 1] == ' ')
		length--;
	return length;
}

/* Moves *paper past the next line that says `text`; false when none does. */
static bool find_line(const char **paper, const char *text)
{
	size_t length = trimmed(text, strlen(text));

	for (const char *at = *paper; *at;) {
		size_t line = strcspn(at, "\n");
		bool same = trimmed(at, line) == length && memcmp(at, text, length) == 0;

		at += line + (at[line] == '\n');
		if (same) {
			*paper = at;
			return true;
		}
	}
	return false;
}

static bool is_ascii(const char *text)
{
	while (*text && (unsigned char)*text < 0x80)
		text++;
	return !*text;
}

/* Each row of the grid, in order; double-width rows are spread out on the virtual paper and are passed over. */
static void expect_rows(const struct zg_paper *paper, const char *decoded, bool gbk, const char *what)
{
	for (size_t i = 0; i < paper->count; i++) {
		const struct zg_paper_row *row = &paper->rows[i];
		bool plain = row->kind <= ZG_ROW_RULE && !(row->style & ZG_STYLE_WIDE);

		if (!plain || (!gbk && !is_ascii(row->text)))
			continue;
		bool found = find_line(&decoded, row->text);

		cr_assert(found, "%s: \"%s\" is not on the paper", what, row->text);
	}
}

Test(decoded, every_slip_of_every_profile_is_on_the_paper_as_it_was_laid_out)
{
	static const char *const directories[] = { ZG_SOURCE "/data" };
	struct zg_buffer names = { 0 };
	struct zg_gbk *gbk = zg_gbk_new();

	zg_data_profiles(directories, 1, &names);
	for (char *name = strtok(names.bytes, "\n"); name; name = strtok(NULL, "\n")) {
		struct zg_printer_profile profile;

		cr_assert(eq(int, zg_data_profile(directories, 1, name, &profile, NULL), ZG_OK));
		for (unsigned slip = 0; slip < ZG_SLIPS; slip++) {
			json_t *document = zg_slip_sample(slip);

			for (size_t l = 0; l < SLIP_LANGUAGES; l++) {
				struct zg_paper paper;
				struct zg_buffer out = { 0 };
				char *what = zg_print("%s.%s on %s", zg_slip_name(slip), slip_languages[l], name);

				slip_layout(slip, slip_languages[l], document, profile.columns, &paper);
				zg_printer_driver_find(profile.driver)->build(&profile, &paper, gbk, 1, &out);
				char *decoded = decode(&out, profile.columns, what);

				expect_rows(&paper, decoded, profile.gbk, what);
				free(decoded);
				free(what);
				zg_buffer_clear(&out);
				zg_paper_clear(&paper);
			}
			json_decref(document);
		}
	}
	zg_gbk_free(gbk);
	zg_buffer_clear(&names);
}
