/* The state of the selling screen, shared by the files that handle its keys and draw it. */
#ifndef ZG_TUI_SALE_SCREEN_H
#define ZG_TUI_SALE_SCREEN_H

#include "src/shop/item.h"
#include "src/shop/line.h"
#include "tui/app.h"
#include "tui/widget/bigdigits.h"
#include "tui/widget/list.h"

/* What the input line is being typed for. */
enum zg_enter {
	ZG_ENTER_CODE,             /* a code, a name, or a number that a key will use */
	ZG_ENTER_QUANTITY,         /* "* n": of the current line */
	ZG_ENTER_DISCOUNT,         /* "/ n": off the current line */
	ZG_ENTER_SALE_DISCOUNT,    /* "// n": off the whole sale */
	ZG_ENTER_PRICE,            /* ". n": of the current line */
};

struct zg_selling {
	struct zg_till *till;
	struct zg_input input;
	enum zg_enter mode;
	int64_t sale_id;           /* whose lines the next two number */
	int current;               /* no of the line under the bar; 0: the last one that was not taken off */
	int taken_off;             /* no of the line that something was taken off last; 0: none */
	bool is_slip;              /* that was just now: nothing was rung up since */
	int page;                  /* lines in sight */
	zg_milli quantity;         /* of the next item; 0: not given */
	bool is_searching;
	struct zg_item *found;     /* owned */
	size_t found_count;
	struct zg_list list;       /* over found */
	struct zg_item asked;      /* whose weight or price a box asks for */
	zg_milli asked_quantity;
};

/* sale_line.c */
/* The line that keys act on; it may have been taken off, when somebody chose it. NULL: none. */
const struct zg_line *zg_sale_current(const struct zg_selling *s);
/* The one while nobody chooses: the last that was not taken off; NULL: none. */
const struct zg_line *zg_sale_usual(const struct zg_selling *s);
void zg_sale_move(struct zg_selling *s, int step);    /* chooses so many lines further down, or up */
/* Another sale on the screen has other lines: what was chosen in the one before is forgotten. */
void zg_sale_follow(struct zg_selling *s);

/* Forgets what was typed, what was found, the mode and the quantity given beforehand. */
void zg_sale_reset_input(struct zg_selling *s);
/* From now on what is typed is for the current line, whatever is scanned meanwhile. */
void zg_sale_set_mode(struct zg_selling *s, enum zg_enter mode);

/* Rows below the lines, here and while settling: a rule, the total, a rule, the input. */
#define ZG_SALE_FOOT (1 + ZG_BIG_ROWS + 1 + 1)

/* sale_draw.c */
/* A caption and its amount, beside the large one: where both have no room the caption is cut, never the amount. */
void zg_sale_draw_aside(const struct zg_pane *pane, int row, int cells, enum zg_ink ink, const char *text);
int zg_sale_input_cells(int columns);    /* how wide the input line's field is */
void zg_sale_draw(const struct zg_pane *pane, const void *self);
void zg_sale_fit(void *self, int rows, int columns);
#endif
