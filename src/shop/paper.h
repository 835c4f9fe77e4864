/*
 * A slip as it stands on paper: rows of cells, laid out once.
 *
 * The preview draws this grid and a printer driver translates it; neither wraps, aligns or
 * replaces anything, so they cannot disagree. A cell is one half-width character of the printer's
 * Font A; a Chinese character takes two. What GBK lacks is already '?' here, so in a grid's text
 * every ASCII character is one cell, and every other character is two.
 */
#ifndef ZG_SHOP_PAPER_H
#define ZG_SHOP_PAPER_H

#include "src/base/charset.h"

#include <stdbool.h>
#include <stddef.h>

#define ZG_PAPER_COLUMNS_MIN 24
#define ZG_PAPER_COLUMNS_MAX 64
#define ZG_PAPER_ROWS_MAX    20000    /* about 85 m of paper */
#define ZG_PAPER_WRAP_MAX    12       /* rows that one text may take; the rest is cut, and ends in "…" */

enum zg_row_kind {
	ZG_ROW_TEXT,       /* text: the cells, leading spaces included, none at the end; "" is an empty row */
	ZG_ROW_RULE,       /* text: '-' or '=' in every column */
	ZG_ROW_BARCODE,    /* text: what the CODE128 says (ASCII); drawn centred, nothing printed below it */
	ZG_ROW_QR,         /* text: what the QR code says (UTF-8); drawn centred */
	ZG_ROW_FEED,       /* lines: empty lines to feed */
	ZG_ROW_CUT,        /* cut here; the driver feeds as far as its printer needs */
};

/* How a text row looks; or'ed together. */
#define ZG_STYLE_BOLD    1u
#define ZG_STYLE_INVERSE 2u     /* white on black, over the full width */
#define ZG_STYLE_WIDE    4u     /* every cell takes two columns */
#define ZG_STYLE_TALL    8u     /* two lines high */
#define ZG_STYLE_BIG     (ZG_STYLE_WIDE | ZG_STYLE_TALL)

enum zg_align { ZG_ALIGN_LEFT, ZG_ALIGN_CENTRE, ZG_ALIGN_RIGHT };

struct zg_paper_row {
	enum zg_row_kind kind;
	unsigned style;
	int lines;        /* of ZG_ROW_FEED */
	char *text;       /* owned; NULL for feed and cut */
};

/* Zero-initialise by zg_paper_init; plain data to read. */
struct zg_paper {
	int columns;                 /* of normal width */
	struct zg_paper_row *rows;   /* owned */
	size_t count, room;
};

void zg_paper_init(struct zg_paper *paper, int columns);
void zg_paper_clear(struct zg_paper *paper);

/* Cells of a grid's text, by the rule above: no GBK table is needed. Not doubled for ZG_STYLE_WIDE. */
int zg_paper_cells(const char *text);

/* Adds text, cleaned for paper and wrapped between characters (English between words where it can). */
void zg_paper_add_text(struct zg_paper *paper, struct zg_gbk *gbk, const char *text, enum zg_align align, unsigned style);
/*
 * Adds a row of `count` parts (2 to ZG_PAPER_PARTS): the first at the left, the others right-aligned. With two, the
 * right one takes what it needs, and the left one wraps beside it and never enters its columns;
 * with more, each of the others has an equal share of the width. What cannot stand on one row stands below it,
 * right-aligned.
 */
#define ZG_PAPER_PARTS 4
void zg_paper_add_parts(struct zg_paper *paper, struct zg_gbk *gbk, const char *const *parts, size_t count, unsigned style);
void zg_paper_add_rule(struct zg_paper *paper, char dash);
/* Barcode and QR; what CODE128 cannot carry becomes '?'. An empty text adds nothing. */
void zg_paper_add_code(struct zg_paper *paper, enum zg_row_kind kind, const char *text);
void zg_paper_add_feed(struct zg_paper *paper, int lines);
void zg_paper_add_cut(struct zg_paper *paper);

/* The grid as plain text for terminals without a preview, logs and tests: codes as "[CODE128 …]", cut as a dashed line. The caller frees it. */
char *zg_paper_text(const struct zg_paper *paper);
#endif
