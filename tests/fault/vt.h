/*
 * A terminal for the tests that run the real program: what it is sent becomes a screen of text.
 *
 * It is strict. It knows what terminfo's xterm-256color lets curses send, and nothing else: any other
 * control, escape sequence, invisible or direction-changing character, or broken UTF-8 is counted and kept
 * as a fault. So the same reader that plays the cashier's eyes also proves that no data reached the
 * terminal as anything but text.
 */
#ifndef ZG_TESTS_FAULT_VT_H
#define ZG_TESTS_FAULT_VT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VT_ROWS    70
#define VT_COLUMNS 220
#define VT_ROW     (VT_COLUMNS * 4 + 1)    /* bytes of a row's text */

struct vt {
	int rows, columns, row, column;
	int top, bottom;                     /* the part that scrolls */
	bool wraps;                          /* the last column was written: the next character goes to the next row */
	uint32_t cells[VT_ROWS][VT_COLUMNS]; /* 0: the right half of a wide character */
	uint32_t last;                       /* for REP */
	bool in_escape, in_csi, in_charset;
	char sequence[48];
	size_t length;
	uint32_t point;                      /* UTF-8 under way */
	int more;
	char answer[32];                     /* to "where is your cursor?": for whoever drives this terminal to send back, and empty */
	uint64_t bytes;
	int beeps, wrapped;                  /* wrapped: characters that the right margin sent to the next row */
	int faults;
	char fault[160];                     /* the first one, in words */
	char text[VT_ROW];
};

void vt_init(struct vt *vt, int rows, int columns);
void vt_feed(struct vt *vt, const char *bytes, size_t length);
/* A row's text, blanks at its end cut off. Lasts until the next call. */
const char *vt_row(struct vt *vt, int row);
/* The first row that has the text; -1: none. */
int vt_find(struct vt *vt, const char *text);
bool vt_has(struct vt *vt, const char *text);
/* The whole screen into text, rows ended by newlines. */
void vt_screen(struct vt *vt, char *text, size_t size);
void vt_print(struct vt *vt);    /* to standard output, for a failure */
#endif
