/*
 * What a printer's bytes do: a row of text, a picture, a cut, a drawer that opens.
 *
 * The decoder hands marks out one by one; everything a mark points to is borrowed and lasts
 * only until the callback returns.
 */
#ifndef SIM_MARK_H
#define SIM_MARK_H

#include "contrib/sim/picture.h"
#include "src/base/json.h"

#define SIM_CELL 12    /* dots of a Font A character; a hanzi has two */

enum sim_align { SIM_LEFT, SIM_CENTRE, SIM_RIGHT };

struct sim_style {
	bool bold, underline, inverse, small;    /* small: Font B */
	int width, height;                       /* 1 to 8 times */
};

struct sim_glyph {
	char text[5];                            /* UTF-8 */
	int cells;                               /* 1 or 2, before its width is multiplied */
	struct sim_style style;
};

enum sim_kind {
	SIM_ROW,        /* glyphs; wrapped when the printer broke the line itself; without glyphs it is blank */
	SIM_BAND,       /* part of a picture went through the head; the picture itself comes when it is whole */
	SIM_PICTURE,    /* picture, all its bands; dots is 0, they moved the paper already */
	SIM_BARCODE,    /* name: symbology; text; a: height in dots, b: module in dots, c: 0 to 3 where its digits stand */
	SIM_QR,         /* text; name: level L M Q H; a: module in dots; picture */
	SIM_CUT,        /* name: "full" or "partial"; a: blank dots between the last ink and the cut */
	SIM_DRAWER,     /* a: drawer 1 (pin 2) or 2 (pin 5); b, c: ms on and off */
	SIM_BEEP,       /* a: times */
	SIM_ASK,        /* name: "paper", "drawer", "printer"; a: the command's n. The printer owes an answer */
	SIM_CONFIRM,    /* text: the process id to send back once all before it is printed */
	SIM_AUTO,       /* a: which changes are to be told unasked */
	SIM_KICK_SWITCH, /* a: 1 when the real-time drawer kick works from now on, 0 when not */
	SIM_REALTIME,   /* bytes: a real-time command where it belongs, between commands */
	SIM_RESET,      /* initialised */
	SIM_FAULT,      /* name: what is wrong; bytes */
};

struct sim_mark {
	enum sim_kind kind;
	size_t offset;                      /* of its first byte in all that came */
	int dots;                           /* how far the paper moves */
	enum sim_align align;
	int indent;                         /* cells before the first glyph */
	const struct sim_glyph *glyphs;
	size_t glyph_count;
	bool wrapped;
	const struct sim_picture *picture;
	const char *name, *text;
	const unsigned char *bytes;
	size_t length;
	int a, b, c;
};

/*
 * Appends the mark as lines of the paper file. Rows and symbols stand as on paper, columns
 * cells wide; a wide character is followed by the blanks it covers; the rest is
 *     ✂ ----                 cut
 *     ~ drawer 1 100 ms      the drawer's coil was on that long
 *     ~ beep 2
 *     ~ fault WHY: 1B 7A     bytes that no printer of this kind would understand
 * Marks that leave no trace on paper append nothing.
 */
void sim_mark_write(const struct sim_mark *mark, int columns, struct zg_buffer *out);
/* The mark as a JSON object, as `zhanggui-sim decode --json` prints it. The caller owns it. */
json_t *sim_mark_json(const struct sim_mark *mark);
#endif
