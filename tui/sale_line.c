/*
 * Which line of the sale the keys act on, what can be done to it, and putting back what was taken off.
 * A line that was taken off stays in its place on the screen: it can be chosen, and put back.
 */
#include "src/base/i18n.h"
#include "src/till/till.h"
#include "tui/order.h"
#include "tui/sale_keys.h"
#include "tui/screens.h"

#include <stdio.h>

/* ---- the current line ---- */

static const struct zg_line *last_live(const struct zg_sale *sale)
{
	for (size_t i = zg_sale_line_count(sale); i-- > 0;)
		if (zg_line_is_live(zg_sale_line(sale, i)))
			return zg_sale_line(sale, i);
	return NULL;
}

const struct zg_line *zg_sale_usual(const struct zg_selling *s)
{
	return last_live(zg_till_sale(s->till));
}

const struct zg_line *zg_sale_current(const struct zg_selling *s)
{
	const struct zg_line *line = s->current ? zg_sale_find_line(zg_till_sale(s->till), s->current) : NULL;

	return line ? line : zg_sale_usual(s);
}

void zg_sale_set_mode(struct zg_selling *s, enum zg_enter mode)
{
	const struct zg_line *line = zg_sale_current(s);

	s->mode = mode;
	s->current = line ? line->no : 0;
}

void zg_sale_move(struct zg_selling *s, int step)
{
	const struct zg_line *line = zg_sale_current(s);
	int count = (int)zg_sale_line_count(zg_till_sale(s->till));
	/* with every line taken off there is no bar yet: it comes from below */
	int no = (line ? line->no : count + 1) + step;

	if (count > 0)
		s->current = no < 1 ? 1 : no > count ? count : no;
}

void zg_sale_follow(struct zg_selling *s)
{
	int64_t id = zg_till_sale_id(s->till);

	if (s->sale_id && s->sale_id != id) {
		s->current = s->taken_off = 0;
		s->is_slip = false;
	}
	s->sale_id = id;
}

/* ---- putting back ---- */

static bool has_removed(const struct zg_line *line)
{
	return line && line->removed > 0;
}

/* What would be put back now; NULL: nothing was taken off. */
static const struct zg_line *line_to_restore(const struct zg_selling *s)
{
	const struct zg_sale *sale = zg_till_sale(s->till);
	const struct zg_line *line = zg_sale_current(s);

	if (has_removed(line))
		return line;
	line = s->taken_off ? zg_sale_find_line(sale, s->taken_off) : NULL;
	if (has_removed(line))
		return line;
	for (size_t i = zg_sale_line_count(sale); i-- > 0;)
		if (has_removed(zg_sale_line(sale, i)))
			return zg_sale_line(sale, i);
	return NULL;
}

/* Something was taken off just now, or a line that was is chosen. */
static bool is_wanted(const struct zg_selling *s)
{
	const struct zg_line *line = zg_sale_current(s);

	return s->is_slip || (line && !zg_line_is_live(line));
}

static bool is_possible(const struct zg_selling *s)
{
	return s->mode == ZG_ENTER_CODE && !s->is_searching && line_to_restore(s);
}

bool zg_sale_undo_first(const void *self)
{
	return is_possible(self) && is_wanted(self);
}

bool zg_sale_undo_later(const void *self)
{
	return is_possible(self) && !is_wanted(self);
}

static void restored(struct zg_app *app, const json_t *answer, int64_t data)
{
	struct zg_selling *s = zg_app_self(app, &zg_sale_screen);
	char words[ZG_ERROR_TEXT];

	(void)data;
	if (s) {
		s->current = (int)zg_json_integer(answer, "line", 0);
		s->is_slip = false;
	}
	snprintf(words, sizeof(words), _("Put back: %s"), zg_json_string(answer, "name", ""));
	zg_app_say(app, words);
}

void zg_sale_key_restore(struct zg_app *app, void *self)
{
	struct zg_selling *s = self;
	struct zg_order order = { .act = "sale.restore", .done = restored };
	const struct zg_line *line = line_to_restore(s);

	if (!line)
		return;
	order.args = zg_json_object();
	zg_json_set_integer(order.args, "line", line->no);
	zg_order_send(app, &order);
}

/* ---- the box of a line ---- */

enum { CHOOSE_QUANTITY, CHOOSE_DISCOUNT, CHOOSE_PRICE, CHOOSE_REMOVE, CHOOSE_RESTORE };

static void chosen(struct zg_app *app, void *self, int index)
{
	struct zg_selling *s = self;

	switch (index) {
	case CHOOSE_QUANTITY: zg_sale_set_mode(s, ZG_ENTER_QUANTITY); break;
	case CHOOSE_DISCOUNT: zg_sale_set_mode(s, ZG_ENTER_DISCOUNT); break;
	case CHOOSE_PRICE:    zg_sale_set_mode(s, ZG_ENTER_PRICE); break;
	case CHOOSE_REMOVE:   zg_sale_key_minus(app, s); break;
	case CHOOSE_RESTORE:  zg_sale_key_restore(app, s); break;
	default: break;
	}
}

/* Of a line that was taken off, the only thing that can be done. */
static void chosen_removed(struct zg_app *app, void *self, int index)
{
	if (index == 0)
		zg_sale_key_restore(app, self);
}

void zg_sale_open_line(struct zg_app *app, struct zg_selling *s)
{
	const struct zg_line *line = zg_sale_current(s);
	char text[ZG_ERROR_TEXT], price[ZG_AMOUNT_TEXT], quantity[ZG_AMOUNT_TEXT], amount[ZG_AMOUNT_TEXT];
	const char *choices[] = { _("Another quantity"), _("Discount in yuan"), _("Another price"), _("Take it off"),
		_("Put back what was taken off") };
	struct zg_choice choice = { .title = line->name, .text = text, .choices = choices, .count = line->removed > 0 ? 5 : 4,
		.undo = line->removed > 0 ? CHOOSE_RESTORE + 1 : 0, .done = chosen };

	if (zg_line_is_live(line)) {
		snprintf(text, sizeof(text), _("%s × %s %s, %s"), zg_fen_format(price, line->price_fen),
			 zg_milli_format(quantity, line->quantity), line->unit, zg_fen_format(amount, line->amount_fen));
	} else {
		snprintf(text, sizeof(text), _("%s × %s %s, taken off"), zg_fen_format(price, line->price_fen),
			 zg_milli_format(quantity, line->removed), line->unit);
		choice = (struct zg_choice){ .title = line->name, .text = text, .choices = choices + CHOOSE_RESTORE, .count = 1, .undo = 1,
			.done = chosen_removed };
	}
	zg_app_choose(app, &choice);
}
