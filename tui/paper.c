#include "tui/paper.h"

#include "src/base/i18n.h"
#include "src/base/text.h"
#include "src/till/till.h"
#include "tui/desk.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TAIL 16384    /* bytes of the file's end that are looked at: more than a screen of paper */
#define ROW  512      /* bytes of a row that are shown */

/* The file's last bytes, from the start of a row on. Returns how many; 0: there is no paper yet. */
static size_t read_tail(const char *path, char text[TAIL])
{
	struct stat about;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t got = 0;
	bool is_cut = false;

	if (fd < 0)
		return 0;
	if (fstat(fd, &about) == 0 && S_ISREG(about.st_mode)) {
		is_cut = about.st_size > TAIL;
		got = pread(fd, text, TAIL, is_cut ? about.st_size - TAIL : 0);
	}
	close(fd);
	if (got <= 0)
		return 0;
	const char *newline = is_cut ? memchr(text, '\n', (size_t)got) : NULL;
	size_t skip = newline ? (size_t)(newline + 1 - text) : 0;

	memmove(text, text + skip, (size_t)got - skip);
	return (size_t)got - skip;
}

/* Paper is wider than the side: the widest gap of a row gives way, so that the amount at its end stays in sight. */
static void squeeze(char *row, int cells)
{
	int over = zg_screen_width(row) - cells;    /* above zero */
	size_t best = 0, most = 0;

	for (size_t i = 0, run; row[i]; i += run ? run : 1) {
		run = strspn(row + i, " ");
		if (run > most) {
			most = run;
			best = i;
		}
	}
	if (most < 2)
		return;
	size_t gone = (size_t)over < most - 1 ? (size_t)over : most - 1;

	memmove(row + best, row + best + gone, strlen(row + best + gone) + 1);
}

void zg_paper_side(const struct zg_pane *pane, void *context)
{
	const struct zg_desk *desk = context;
	char text[TAIL], clean[ROW];
	size_t end = read_tail(zg_till_config(desk->till)->demo_paper, text);
	int row = pane->rows;

	if (end == 0)
		zg_draw_wrap(pane, 1, 1, pane->columns - 2, 3, ZG_INK_DIM, _("No paper came out of the printer yet."));
	while (end > 0 && text[end - 1] == '\n')
		end--;
	/* from the newest row, at the bottom, upwards */
	while (row > 0 && end > 0) {
		size_t from = end;

		while (from > 0 && text[from - 1] != '\n')
			from--;
		zg_text_clean(clean, sizeof(clean), text + from, end - from);
		if (zg_screen_width(clean) > pane->columns && strspn(clean, "-") == strlen(clean))
			clean[pane->columns] = '\0';    /* a rule ends where the pane does */
		else if (zg_screen_width(clean) > pane->columns)
			squeeze(clean, pane->columns);
		zg_draw_fill(pane, --row, 0, pane->columns, ZG_INK_QR);
		zg_draw_text(pane, row, 0, pane->columns, ZG_INK_QR, clean);
		end = from > 0 ? from - 1 : 0;
	}
}
