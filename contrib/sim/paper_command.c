/* A small viewer that follows a paper file, for a second terminal beside the till. */
#include "contrib/sim/commands.h"

#include "src/base/alloc.h"
#include "src/base/buffer.h"
#include "src/base/text.h"

#include <fcntl.h>
#include <getopt.h>
#include <locale.h>
#include <ncurses.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOOK_MS  150                   /* how often the file is looked at */
#define KEEP     ((size_t)1 << 20)     /* bytes of old paper that stay in memory */

enum { COLOUR_PAPER = 1, COLOUR_EVENT };

struct viewer {
	const char *path;
	int columns;
	off_t read_to;
	ino_t file;
	struct zg_buffer paper;
	int back;              /* lines scrolled back from the end; 0 follows */
};

/* Reads what was added; a file that shrank or was replaced is read anew. True when something changed. */
static bool follow(struct viewer *viewer)
{
	int fd = open(viewer->path, O_RDONLY | O_CLOEXEC);
	struct stat now;
	char piece[8192];
	ssize_t count;
	bool changed = false;

	if (fd < 0)
		return false;
	if (fstat(fd, &now) == 0 && (now.st_ino != viewer->file || now.st_size < viewer->read_to)) {
		zg_buffer_empty(&viewer->paper);
		viewer->read_to = 0;
		viewer->file = now.st_ino;
		changed = true;
	}
	while ((count = pread(fd, piece, sizeof(piece), viewer->read_to)) > 0) {
		zg_buffer_add(&viewer->paper, piece, (size_t)count);
		viewer->read_to += count;
		changed = true;
	}
	close(fd);
	if (viewer->paper.length > 2 * KEEP) {
		const char *from = strchr(viewer->paper.bytes + viewer->paper.length - KEEP, '\n');

		if (from)
			zg_buffer_drop(&viewer->paper, (size_t)(from + 1 - viewer->paper.bytes));
	}
	return changed;
}

static int count_lines(const struct viewer *viewer)
{
	int lines = 0;

	for (const char *at = zg_buffer_text(&viewer->paper); (at = strchr(at, '\n')) != NULL; at++)
		lines++;
	return lines;
}

static bool is_event(const char *line)
{
	return strncmp(line, "~ ", 2) == 0 || strncmp(line, "[raster ", 8) == 0;
}

static void draw_line(int y, int left, int width, const char *line)
{
	bool event = is_event(line);
	chtype colour = (chtype)COLOR_PAIR(event ? COLOUR_EVENT : COLOUR_PAPER);

	attrset((int)(event ? colour | A_DIM : colour));
	mvhline(y, left, ' ' | colour, width);
	if (strncmp(line, "✂", strlen("✂")) == 0) {
		mvhline(y, left, '-' | colour, width);
		mvaddstr(y, left + 1, "✂");
	} else {
		char shown[1024];

		zg_text_clean(shown, sizeof(shown), line, strlen(line));
		shown[zg_screen_cut(shown, width - 2, NULL)] = '\0';
		mvaddstr(y, left + 1, shown);
	}
	attrset(A_NORMAL);
}

static void draw(const struct viewer *viewer)
{
	int width = viewer->columns + 2 < COLS ? viewer->columns + 2 : COLS;
	int left = (COLS - width) / 2, rows = LINES - 1;
	int skip = count_lines(viewer) - rows - viewer->back, y = 0;
	const char *at = zg_buffer_text(&viewer->paper), *end;

	erase();
	for (int line = 0; (end = strchr(at, '\n')) != NULL && y < rows; at = end + 1, line++) {
		if (line < skip)
			continue;
		char *text = zg_copy_bytes(at, (size_t)(end - at));

		draw_line(y++, left, width, text);
		free(text);
	}
	attrset(A_REVERSE);
	mvprintw(LINES - 1, 0, " %s  ", viewer->path);
	addstr(viewer->back ? "End: newest  " : "Up, PgUp: older  ");
	addstr("q: leave ");
	attrset(A_NORMAL);
	refresh();
}

static void scroll_by(struct viewer *viewer, int lines)
{
	int most = count_lines(viewer) - (LINES - 1);

	viewer->back += lines;
	if (viewer->back > most)
		viewer->back = most;
	if (viewer->back < 0)
		viewer->back = 0;
}

static void watch(struct viewer *viewer)
{
	int key = KEY_RESIZE;

	do {
		int before = count_lines(viewer);
		bool changed = follow(viewer);

		if (changed && viewer->back)
			scroll_by(viewer, count_lines(viewer) - before);
		if (key == KEY_UP || key == KEY_DOWN)
			scroll_by(viewer, key == KEY_UP ? 1 : -1);
		else if (key == KEY_PPAGE || key == KEY_NPAGE)
			scroll_by(viewer, key == KEY_PPAGE ? LINES - 2 : 2 - LINES);
		else if (key == KEY_HOME || key == KEY_END)
			scroll_by(viewer, key == KEY_HOME ? 1 << 20 : -(1 << 20));
		if (changed || key != ERR)
			draw(viewer);
		key = getch();
	} while (key != 'q' && key != 'Q' && key != 27);
}

static int help(FILE *out, int code)
{
	fprintf(out,
		"Usage: zhanggui-sim paper [--columns N] FILE\n"
		"Shows the paper that `zhanggui-sim printer --paper FILE` writes, and follows it.\n"
		"Up, Down, PgUp, PgDn, Home, End move; q or Esc leaves.\n");
	return code;
}

int sim_paper_command(const struct zg_clock *clock, int argc, char **argv)
{
	static const struct option options[] = {
		{ "columns", required_argument, NULL, 'c' }, { "help", no_argument, NULL, 'h' }, { 0 },
	};
	struct viewer viewer = { .columns = 48 };
	int option;

	(void)clock;    /* a person looks on, in real time */
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option != 'c')
			return option == 'h' ? help(stdout, 0) : help(stderr, 2);
		viewer.columns = sim_number("columns", optarg, 255);
	}
	if (viewer.columns < 0 || optind + 1 != argc)
		return help(stderr, 2);
	viewer.path = argv[optind];
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || !initscr()) {
		fprintf(stderr, "zhanggui-sim: paper needs a terminal\n");
		return 2;
	}
	cbreak();
	noecho();
	keypad(stdscr, TRUE);
	set_escdelay(25);
	curs_set(0);
	timeout(LOOK_MS);
	if (has_colors()) {
		start_color();
		use_default_colors();
		init_pair(COLOUR_PAPER, COLOR_BLACK, COLOR_WHITE);
		init_pair(COLOUR_EVENT, COLOR_BLUE, COLOR_WHITE);
	}
	watch(&viewer);
	endwin();
	zg_buffer_clear(&viewer.paper);
	return 0;
}
