/*
 * Says the same to the terminal in fewer bytes: what counts on a slow SSH line.
 *
 * curses resets all attributes and sets each anew wherever one changes, also around single blanks. Here they are
 * only noted, and what differs is sent when a character needs it: a blank needs no more than its ground. A move
 * within the row need not name the row, one to the row below is a line feed. Everything else goes through as it
 * came; after a sequence that is not understood nothing is taken for granted. Pure: bytes in, bytes out.
 */
#ifndef ZG_IO_THRIFT_H
#define ZG_IO_THRIFT_H

#include "src/base/buffer.h"

#include <stdbool.h>
#include <stddef.h>

#define ZG_THRIFT_SEQUENCE 48    /* bytes of the longest sequence that is looked at */

/* How characters look. Colours are their SGR numbers (30 to 37, 39, 40 to 47, 49, 90 ...), or 256 and more for one of 256. */
struct zg_look_now {
	int letter, ground;
	bool bold, dim, underline, reverse;
	char set;                /* 'B', or '0' for line drawing */
};

struct zg_thrift {
	struct zg_look_now is, wanted;
	bool is_sure;            /* the terminal looks as `is` says */
	bool is_begun;           /* some look was asked for; before, the terminal is taken to be plain */
	int row;                 /* where the cursor was last sent, from 1; 0: it may have left it */
	bool wraps;              /* the last column's character takes the cursor to the next row at once (am without xenl): set after init */
	bool has_columns;        /* curses has moved within a row by its column alone: this terminal can */
	char sequence[ZG_THRIFT_SEQUENCE];
	size_t length;           /* of the sequence being collected; 0: none */
};

void zg_thrift_init(struct zg_thrift *thrift);
/* Appends what the terminal is to get. A sequence that is cut off waits for its rest. */
void zg_thrift_pass(struct zg_thrift *thrift, const char *bytes, size_t length, struct zg_buffer *out);
/* Sends what was only noted, and a sequence that stays cut off: before the terminal is given back. */
void zg_thrift_end(struct zg_thrift *thrift, struct zg_buffer *out);
#endif
