/* How the selling screen looks: lines, the large total, the input line. See screens.md for the proportions. */
#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/base/text.h"
#include "src/till/till.h"
#include "tui/sale_screen.h"
#include "tui/widget/bigdigits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NARROW 60    /* columns below which price and discount have no column */

/*
 * Columns of the sale's lines, from the right edge; the name gets what is left. The first cell is the sign's. Each
 * column of money has a blank more than the most that can stand in it, so that two numbers never touch.
 */
struct columns {
	int number, name, quantity, price, discount, amount;    /* widths; 0: not shown */
};

static struct columns columns_of(int width)
{
	struct columns c = { .quantity = 8, .amount = 11 };

	if (width >= NARROW)
		c = (struct columns){ .number = 3, .quantity = 11, .price = 11, .discount = 11, .amount = 12 };
	c.name = width - 1 - c.number - c.quantity - c.price - c.discount - c.amount - 1;
	return c;
}

static void draw_head(const struct zg_pane *pane, const struct columns *c)
{
	int at = 1 + c->number;

	if (c->number)
		zg_draw_right(pane, 0, 1, c->number - 1, ZG_INK_DIM, "#");
	zg_draw_text(pane, 0, at, c->name, ZG_INK_DIM, _("Item"));
	at += c->name;
	zg_draw_right(pane, 0, at, c->quantity, ZG_INK_DIM, _("Quantity"));
	at += c->quantity;
	zg_draw_right(pane, 0, at, c->price, ZG_INK_DIM, _("Price"));
	at += c->price;
	zg_draw_right(pane, 0, at, c->discount, ZG_INK_DIM, _("Off"));
	at += c->discount;
	zg_draw_right(pane, 0, at, c->amount, ZG_INK_DIM, _("Amount"));
}

/* The current line has a sign; a bar too once somebody has chosen another than the last. */
enum mark { MARK_NONE, MARK_SIGN, MARK_BAR };

/* What was taken off keeps its place, dim and with a word for its amount, and counts for nothing. */
static void draw_line(const struct zg_pane *pane, int row, const struct columns *c, const struct zg_line *line, enum mark mark)
{
	char text[ZG_AMOUNT_TEXT + ZG_ITEM_UNIT_MAX + 1], number[ZG_AMOUNT_TEXT];
	bool is_live = zg_line_is_live(line);
	enum zg_ink ink = mark == MARK_BAR ? ZG_INK_BAR : is_live ? ZG_INK_TEXT : ZG_INK_DIM;
	zg_fen off = line->discount_fen + line->share_fen;
	int at = 1 + c->number;

	if (mark == MARK_BAR)
		zg_draw_fill(pane, row, 0, pane->columns, ZG_INK_BAR);
	if (mark != MARK_NONE)
		zg_draw_text(pane, row, 0, 1, mark == MARK_BAR ? ink : ZG_INK_DUE, "▸");
	if (c->number) {
		snprintf(text, sizeof(text), "%d", line->no);
		zg_draw_right(pane, row, 1, c->number - 1, ink, text);
	}
	zg_draw_text(pane, row, at, c->name - 1, ink, line->name);
	at += c->name;
	zg_milli_format(number, is_live ? line->quantity : line->removed);
	snprintf(text, sizeof(text), "%s%s", number, line->kind == ZG_ITEM_WEIGHED ? line->unit : "");
	if (zg_screen_width(text) > c->quantity)
		snprintf(text, sizeof(text), "%s", number);
	zg_draw_right(pane, row, at, c->quantity, ink, text);
	at += c->quantity;
	if (c->price) {
		zg_draw_right(pane, row, at, c->price, is_live && line->price_is_set && mark != MARK_BAR ? ZG_INK_WARNING : ink,
			      zg_fen_format(number, line->price_fen));
		at += c->price;
	}
	if (c->discount) {
		if (off > 0)
			zg_draw_right(pane, row, at, c->discount, ink, zg_fen_format(number, -off));
		at += c->discount;
	}
	zg_draw_right(pane, row, at, c->amount, ink, is_live ? zg_fen_format(number, line->amount_fen) : _("taken off"));
}

/* The last rows that fit, scrolled so that the current line is among them. */
static void draw_lines(const struct zg_pane *pane, const struct zg_selling *s)
{
	const struct zg_sale *sale = zg_till_sale(s->till);
	const struct zg_line *current = zg_sale_current(s);
	struct columns c = columns_of(pane->columns);
	int head = c.price ? 1 : 0, room = pane->rows - head, count = (int)zg_sale_line_count(sale);
	int first = count > room ? count - room : 0;

	if (current && current->no - 1 < first)
		first = current->no - 1;
	if (head)
		draw_head(pane, &c);
	for (int row = head, i = first; i < count && row < pane->rows; i++, row++) {
		const struct zg_line *line = zg_sale_line(sale, (size_t)i);

		draw_line(pane, row, &c, line, line != current ? MARK_NONE : line == zg_sale_usual(s) ? MARK_SIGN : MARK_BAR);
	}
	if (first > 0)
		zg_draw_text(pane, head, pane->columns - 1, 1, ZG_INK_KEY, "↑");
	if (first + room < count)
		zg_draw_text(pane, pane->rows - 1, pane->columns - 1, 1, ZG_INK_KEY, "↓");
}

static void find_cell(const void *self, int row, int column, struct zg_cell *cell)
{
	const struct zg_selling *s = self;
	const struct zg_item *item = &s->found[row];
	char number[ZG_AMOUNT_TEXT];

	switch (column) {
	case 0:  snprintf(cell->text, sizeof(cell->text), "%s", item->code); break;
	case 1:  snprintf(cell->text, sizeof(cell->text), "%s", item->name); break;
	case 2:  snprintf(cell->text, sizeof(cell->text), "%s", item->unit); break;
	default: snprintf(cell->text, sizeof(cell->text), "%s", zg_fen_format(number, item->price_fen)); break;
	}
}

static const struct zg_column find_columns[] = {
	{ .title = N_("Code"), .cells = 15, .from = NARROW },
	{ .title = N_("Item"), .cells = 0 },
	{ .title = N_("Unit"), .cells = 8, .from = NARROW },
	{ .title = N_("Price"), .cells = 12, .right = true },
};
#define FIND_COLUMNS ((int)(sizeof(find_columns) / sizeof(find_columns[0])))

static void draw_found(const struct zg_pane *pane, const struct zg_selling *s)
{
	if (s->found_count == 0)
		zg_draw_text(pane, 1, 1, pane->columns - 2, ZG_INK_WARNING, _("Nothing is called so."));
	else
		zg_list_draw(pane, &s->list, find_columns, FIND_COLUMNS, find_cell, s);
}

void zg_sale_draw_aside(const struct zg_pane *pane, int row, int cells, enum zg_ink ink, const char *text)
{
	const char *number = strrchr(text, ' ');
	int width = number ? zg_screen_width(number) : 0;

	if (zg_screen_width(text) <= cells || width >= cells) {
		zg_draw_text(pane, row, 1, cells, ink, text);
		return;
	}
	char *label = zg_copy_bytes(text, (size_t)(number - text));

	zg_text_trim(label);
	zg_draw_text(pane, row, 1, cells - width, ink, label);
	zg_draw_text(pane, row, 1 + cells - width, width, ink, number);
	free(label);
}

/* Cells beside the large amount, or beside the plain one where the large one has no room. */
static int side_of(const struct zg_pane *pane, const char *amount)
{
	int width = zg_big_width(amount);

	return pane->columns - (width > pane->columns ? zg_screen_width(amount) : width) - 2;
}

/* Between customers: what was paid last, so that the change can be counted out in peace. */
static void draw_last(const struct zg_pane *pane, const struct zg_last_sale *last)
{
	char amount[ZG_AMOUNT_TEXT], text[64];

	snprintf(text, sizeof(text), "￥%s", zg_fen_format(amount, last->change_fen));
	int side = side_of(pane, text);

	zg_draw_print(pane, 0, 1, side, ZG_INK_PAID, "✓ %s", _("Paid"));
	zg_draw_text(pane, 1, 1, side, ZG_INK_DIM, last->number);
	if (side > 34)
		zg_draw_text(pane, 0, 26, 8, ZG_INK_DIM, _("Change"));
	if (side > 34)
		zg_draw_print(pane, 2, 1, side, ZG_INK_DIM, _("%s received"), zg_fen_format(amount, last->tendered_fen));
	else
		zg_draw_text(pane, 2, 1, side, ZG_INK_DIM, _("Change"));
	zg_big_draw(pane, 0, ZG_INK_PAID, text);
}

static void draw_count(const struct zg_pane *pane, int cells, const struct zg_sale_totals *t)
{
	char lines[48], pieces[64], number[ZG_AMOUNT_TEXT];

	snprintf(lines, sizeof(lines), P_("%d line", "%d lines", (unsigned long)t->lines), t->lines);
	snprintf(pieces, sizeof(pieces), P_("%s piece", "%s pieces", t->pieces == 1000 ? 1 : 2), zg_milli_format(number, t->pieces));
	zg_draw_print(pane, 0, 1, cells, ZG_INK_DIM, "%s  %s", lines, pieces);
}

static void draw_total(const struct zg_pane *whole, const struct zg_selling *s)
{
	struct zg_pane part = zg_pane_part(whole, 0, 0, whole->rows, whole->columns - 1), *pane = &part;
	const struct zg_sale_totals *t = zg_sale_totals(zg_till_sale(s->till));
	const struct zg_last_sale *last = zg_till_last(s->till);
	zg_fen off = t->line_discount_fen + t->sale_discount_fen;
	char amount[ZG_AMOUNT_TEXT], text[64], words[128];

	if (zg_sale_line_count(zg_till_sale(s->till)) == 0 && last->id) {
		draw_last(pane, last);
		return;
	}
	snprintf(text, sizeof(text), "￥%s", zg_fen_format(amount, t->total_fen));
	int side = side_of(pane, text);

	draw_count(pane, side, t);
	if (off > 0) {
		snprintf(words, sizeof(words), _("Off  %s"), zg_fen_format(amount, -off));
		zg_sale_draw_aside(pane, 1, side, ZG_INK_TEXT, words);
	}
	if (t->lines > 0) {
		snprintf(words, sizeof(words), _("Invoiceable  %s"), zg_fen_format(amount, t->total_fen));
		zg_sale_draw_aside(pane, 2, side, ZG_INK_DIM, words);
	}
	zg_big_draw(pane, 0, ZG_INK_DUE, text);
}

static const char *mode_words(enum zg_enter mode)
{
	switch (mode) {
	case ZG_ENTER_QUANTITY:      return _("Quantity *");
	case ZG_ENTER_DISCOUNT:      return _("Off the line /");
	case ZG_ENTER_SALE_DISCOUNT: return _("Off the sale //");
	case ZG_ENTER_PRICE:         return _("Price .");
	case ZG_ENTER_CODE:          break;
	}
	return "";
}

int zg_sale_input_cells(int columns)
{
	return columns < NARROW ? 18 : 26;
}

static void draw_input(const struct zg_pane *pane, const struct zg_selling *s)
{
	const struct zg_line *line = zg_sale_current(s);
	char words[80], price[ZG_AMOUNT_TEXT], number[ZG_AMOUNT_TEXT];
	int cells = zg_sale_input_cells(pane->columns), at = 1;

	if (s->mode != ZG_ENTER_CODE)
		snprintf(words, sizeof(words), "%s ", mode_words(s->mode));
	else if (s->quantity > 0)
		snprintf(words, sizeof(words), "%s × ", zg_milli_format(number, s->quantity));
	else
		words[0] = '\0';
	at += zg_draw_text(pane, 0, at, 20, ZG_INK_DUE, words);
	zg_input_draw(pane, 0, at, cells, &s->input, true);
	at += cells + 2;
	if (line && !zg_line_is_live(line) && !s->is_searching)
		zg_draw_print(pane, 0, at, pane->columns - at - 1, ZG_INK_DIM, "%s  %s", line->name, _("taken off"));
	else if (line && !s->is_searching)
		zg_draw_print(pane, 0, at, pane->columns - at - 1, ZG_INK_DIM, "%s  %s × %s", line->name,
			      zg_milli_format(number, line->quantity), zg_fen_format(price, line->price_fen));
	else if (!line && s->input.length == 0 && !zg_till_last(s->till)->id)    /* who has sold once knows */
		zg_draw_text(pane, 0, at, pane->columns - at - 1, ZG_INK_DIM, _("Scan, or type a code or a name"));
}

void zg_sale_fit(void *self, int rows, int columns)
{
	struct zg_selling *s = self;

	zg_sale_follow(s);
	s->page = rows - ZG_SALE_FOOT - (columns < NARROW ? 0 : 1);
	if (s->page < 1)
		s->page = 1;
	zg_list_fit(&s->list, rows - ZG_SALE_FOOT - zg_list_head(find_columns, FIND_COLUMNS));
}

void zg_sale_draw(const struct zg_pane *pane, const void *self)
{
	const struct zg_selling *s = self;
	int rows = pane->rows - ZG_SALE_FOOT;
	struct zg_pane top = zg_pane_part(pane, 0, 0, rows, pane->columns);
	struct zg_pane total = zg_pane_part(pane, rows + 1, 0, ZG_BIG_ROWS, pane->columns);
	struct zg_pane line = zg_pane_part(pane, pane->rows - 1, 0, 1, pane->columns);

	if (s->is_searching)
		draw_found(&top, s);
	else
		draw_lines(&top, s);
	zg_draw_rule(pane, rows);
	draw_total(&total, s);
	zg_draw_rule(pane, rows + 1 + ZG_BIG_ROWS);
	draw_input(&line, s);
}
