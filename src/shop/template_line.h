/* A template that was read, line by line: shared by the reader (template_parse.c) and the layout (template.c) alone. */
#ifndef ZG_SHOP_TEMPLATE_LINE_H
#define ZG_SHOP_TEMPLATE_LINE_H

#include "src/shop/paper.h"
#include "src/shop/template.h"

#include <stddef.h>

enum zg_line_op {
	ZG_LINE_TEXT, ZG_LINE_RULE, ZG_LINE_EACH, ZG_LINE_IF, ZG_LINE_ELSE, ZG_LINE_END,
	ZG_LINE_BARCODE, ZG_LINE_QR, ZG_LINE_FEED, ZG_LINE_CUT,
};

enum zg_field_format {
	ZG_FIELD_TEXT, ZG_FIELD_MONEY, ZG_FIELD_YUAN, ZG_FIELD_MINUS, ZG_FIELD_QUANTITY, ZG_FIELD_RATE,
	ZG_FIELD_TIME, ZG_FIELD_DATE, ZG_FIELD_HOUR, ZG_FIELD_NUMBER,
};

enum zg_line_test { ZG_TEST_SET, ZG_TEST_NOT, ZG_TEST_MORE, ZG_TEST_LESS, ZG_TEST_SAME, ZG_TEST_OTHER };

enum zg_piece_kind { ZG_PIECE_WORDS, ZG_PIECE_FIELD, ZG_PIECE_BAR };

struct zg_template_piece {
	enum zg_piece_kind kind;
	enum zg_field_format format;
	char *text;                      /* the words, or the field's path; owned; NULL for a bar */
};

struct zg_template_line {
	enum zg_line_op op;
	size_t number;                   /* in the file, from 1 */
	enum zg_align align;
	unsigned style;
	struct zg_template_piece *pieces; /* of ZG_LINE_TEXT; owned */
	size_t count;
	char path[ZG_TEMPLATE_FIELD];    /* of each, if, barcode and qr */
	enum zg_line_test test;
	char word[ZG_TEMPLATE_FIELD];    /* what a test compares with */
	size_t other;                    /* index of the line that ends this part of the block: else or end */
	int lines;                       /* of feed */
	char dash;                       /* of a rule */
};

struct zg_template {
	char *name;
	struct zg_template_line *lines;
	size_t count, room;
};
#endif
