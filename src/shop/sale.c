#include "src/shop/sale_private.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"

#include <stdlib.h>
#include <string.h>

/* -- changing: try it, and put everything back when the sale refuses it */

static enum zg_result check_open(const struct zg_sale *sale, struct zg_error *err)
{
	if (sale->tender_count > 0)
		return zg_fail(err, ZG_INVALID, _("This sale is paid in part. Take that payment "
			       "back, "
			       "then change the sale."));
	return ZG_OK;
}

/* Without working anything out. */
static enum zg_result push(struct zg_sale *sale, const struct zg_line *line, struct zg_error *err)
{
	if (sale->count == ZG_SALE_LINES)
		return zg_fail(err, ZG_INVALID, _("The sale has %d lines, the most it can hold. "
			       "Settle it, then go on in a new sale."), ZG_SALE_LINES);
	sale->lines = zg_grow(sale->lines, sale->count, &sale->room, sizeof(*sale->lines));
	sale->lines[sale->count++] = *line;
	return ZG_OK;
}

static enum zg_result append(struct zg_sale *sale, const struct zg_line *line, struct zg_error *err)
{
	enum zg_result result = push(sale, line, err);

	if (result != ZG_OK)
		return result;
	result = zg_sale_work_out(sale, err);
	if (result != ZG_OK) {
		sale->count--;
		zg_assert(zg_sale_work_out(sale, NULL) == ZG_OK);
	}
	return result;
}

static enum zg_result change_line(struct zg_sale *sale, struct zg_line *line, const struct zg_line *changed,
				  struct zg_error *err)
{
	struct zg_line before = *line;

	*line = *changed;
	enum zg_result result = zg_sale_work_out(sale, err);

	if (result != ZG_OK) {
		*line = before;
		zg_assert(zg_sale_work_out(sale, NULL) == ZG_OK);
	}
	return result;
}

/* Lines are never taken out, so the number is the place. */
static struct zg_line *line_at(const struct zg_sale *sale, int no)
{
	return no >= 1 && (size_t)no <= sale->count ? &sale->lines[no - 1] : NULL;
}

static enum zg_result find(struct zg_sale *sale, int no, struct zg_line **line, struct zg_error *err)
{
	enum zg_result result = check_open(sale, err);

	if (result != ZG_OK)
		return result;
	*line = line_at(sale, no);
	if (!*line)
		return zg_fail(err, ZG_NOT_FOUND, _("The sale has no such line. Choose another "
			       "one."));
	return ZG_OK;
}

static enum zg_result find_live(struct zg_sale *sale, int no, struct zg_line **line, struct zg_error *err)
{
	enum zg_result result = find(sale, no, line, err);

	if (result == ZG_OK && !zg_line_is_live(*line))
		result = zg_fail(err, ZG_INVALID, _("This line was taken off. Put it back first."));
	return result;
}

struct zg_sale *zg_sale_new(void)
{
	return zg_alloc(1, sizeof(struct zg_sale));
}

void zg_sale_free(struct zg_sale *sale)
{
	if (!sale)
		return;
	free(sale->lines);
	free(sale);
}

/* The last line may take the same item once more; a line that has a story of its own may not. */
static struct zg_line *line_to_raise(struct zg_sale *sale, const struct zg_item *item, zg_milli quantity)
{
	struct zg_line *line = sale->count > 0 ? &sale->lines[sale->count - 1] : NULL;

	if (!line || item->kind != ZG_ITEM_PIECE || line->kind != ZG_ITEM_PIECE)
		return NULL;
	if (line->item_id != item->id || strcmp(line->code, item->code) != 0 || line->tax_bp != item->tax_bp)
		return NULL;
	if (line->list_fen != item->price_fen || line->price_fen != item->price_fen)
		return NULL;
	if (line->removed > 0 || line->discount.kind != ZG_DISCOUNT_NONE)
		return NULL;
	return line->quantity <= ZG_MILLI_MAX - quantity ? line : NULL;
}

enum zg_result zg_sale_add(struct zg_sale *sale, const struct zg_item *item, zg_milli quantity,
			   zg_fen price_fen, int *no, struct zg_error *err)
{
	enum zg_result result = check_open(sale, err);

	if (result == ZG_OK)
		result = zg_item_check(item, err);
	if (result == ZG_OK)
		result = zg_item_check_quantity(item->kind, quantity, err);
	if (result != ZG_OK)
		return result;
	if (!item->active)
		return zg_fail(err, ZG_INVALID, _("This item is no longer sold. Ask who keeps the "
			       "product list."));
	if (item->kind == ZG_ITEM_OPEN_PRICE && (price_fen <= 0 || price_fen > ZG_ITEM_PRICE_MAX))
		return zg_fail(err, ZG_INVALID, _("This item needs a price above zero. Type it."));
	struct zg_line *last = line_to_raise(sale, item, quantity);

	if (last) {
		struct zg_line changed = *last;

		changed.quantity += quantity;
		result = change_line(sale, last, &changed, err);
	} else {
		struct zg_line line = zg_line_start((int)sale->count + 1, item, quantity, price_fen);

		result = append(sale, &line, err);
	}
	if (result == ZG_OK && no)
		*no = sale->lines[sale->count - 1].no;
	return result;
}

enum zg_result zg_sale_set_quantity(struct zg_sale *sale, int no, zg_milli quantity, struct zg_error *err)
{
	struct zg_line *line;
	enum zg_result result = find_live(sale, no, &line, err);

	if (result == ZG_OK)
		result = zg_item_check_quantity(line->kind, quantity, err);
	if (result != ZG_OK)
		return result;
	struct zg_line changed = *line;

	changed.quantity = quantity;
	return change_line(sale, line, &changed, err);
}

enum zg_result zg_sale_remove(struct zg_sale *sale, int no, zg_milli quantity, struct zg_error *err)
{
	struct zg_line *line;
	enum zg_result result = find_live(sale, no, &line, err);

	if (result == ZG_OK)
		result = zg_item_check_quantity(line->kind, quantity, err);
	if (result != ZG_OK)
		return result;
	if (quantity > line->quantity) {
		char has[ZG_AMOUNT_TEXT];

		return zg_fail(err, ZG_INVALID, _("This line has only %s. Type at most that."),
			       zg_milli_format(has, line->quantity));
	}
	struct zg_line changed = *line;

	changed.quantity -= quantity;
	changed.removed += quantity;
	if (changed.removed > ZG_MILLI_MAX)    /* the most that a line of this kind can have: half a piece could not be read back */
		changed.removed = line->kind == ZG_ITEM_WEIGHED ? ZG_MILLI_MAX : ZG_MILLI_MAX / 1000 * 1000;
	return change_line(sale, line, &changed, err);
}

enum zg_result zg_sale_restore(struct zg_sale *sale, int no, struct zg_error *err)
{
	struct zg_line *line;
	enum zg_result result = find(sale, no, &line, err);

	if (result != ZG_OK)
		return result;
	if (line->removed == 0)
		return zg_fail(err, ZG_INVALID, _("Nothing was taken off this line."));
	struct zg_line changed = *line;

	changed.quantity += changed.removed;
	changed.removed = 0;
	result = zg_item_check_quantity(line->kind, changed.quantity, err);
	return result == ZG_OK ? change_line(sale, line, &changed, err) : result;
}

enum zg_result zg_sale_set_price(struct zg_sale *sale, int no, zg_fen price_fen, struct zg_error *err)
{
	struct zg_line *line;
	enum zg_result result = find_live(sale, no, &line, err);

	if (result != ZG_OK)
		return result;
	if (price_fen < 0 || price_fen > ZG_ITEM_PRICE_MAX)
		return zg_fail(err, ZG_INVALID, _("The price is below zero or above 9999999.99. "
			       "Correct it."));
	struct zg_line changed = *line;

	changed.price_fen = price_fen;
	return change_line(sale, line, &changed, err);
}

/* A rule without its kind has nothing else either, so that equal sales are equal byte for byte. */
static struct zg_discount clean_rule(const struct zg_discount *discount)
{
	return discount->kind == ZG_DISCOUNT_NONE ? (struct zg_discount){ 0 } : *discount;
}

enum zg_result zg_sale_discount_line(struct zg_sale *sale, int no, const struct zg_discount *discount,
				     struct zg_error *err)
{
	struct zg_line *line;
	enum zg_result result = find_live(sale, no, &line, err);

	if (result == ZG_OK)
		result = zg_discount_check(discount, err);
	if (result != ZG_OK)
		return result;
	struct zg_line changed = *line;

	changed.discount = clean_rule(discount);
	return change_line(sale, line, &changed, err);
}

enum zg_result zg_sale_discount(struct zg_sale *sale, const struct zg_discount *discount, struct zg_error *err)
{
	enum zg_result result = check_open(sale, err);

	if (result == ZG_OK)
		result = zg_discount_check(discount, err);
	if (result != ZG_OK)
		return result;
	if (sale->count == 0)
		return zg_fail(err, ZG_INVALID, _("There is nothing to discount yet. Scan an item first."));
	sale->discount = clean_rule(discount);
	zg_assert(zg_sale_work_out(sale, NULL) == ZG_OK);    /* a discount makes nothing larger */
	return ZG_OK;
}

/* -- paying */

/* What every tender must keep to, new or read back. */
static enum zg_result check_tender(const struct zg_sale *sale, enum zg_tender_kind kind, zg_fen tendered,
				   struct zg_error *err)
{
	if (zg_sale_is_empty(sale))
		return zg_fail(err, ZG_INVALID, _("Nothing to pay yet. Scan an item first."));
	/* A sale that comes to nothing is paid as it is, and may still have one row that says so. */
	if (sale->totals.due_fen == 0 && (sale->tender_count > 0 || sale->totals.payable_fen > 0 || tendered != 0))
		return zg_fail(err, ZG_INVALID, _("Nothing is due any more. The sale is paid."));
	if (sale->tender_count == ZG_SALE_TENDERS)
		return zg_fail(err, ZG_INVALID, _("The sale has %d payments, the most it can hold. "
			       "Take one back first."), ZG_SALE_TENDERS);
	if ((unsigned)kind >= ZG_TENDER_KINDS)
		return zg_fail(err, ZG_INVALID, _("This way to pay is not known. Choose another "
			       "one."));
	if (tendered < 0 || tendered > ZG_SALE_MAX_FEN)
		return zg_fail(err, ZG_INVALID, _("The amount is below zero or above 9999999.99. "
			       "Type it again."));
	return ZG_OK;
}

static void take(struct zg_sale *sale, const struct zg_tender *tender, zg_fen rounding_fen)
{
	sale->tenders[sale->tender_count++] = *tender;
	sale->rounding_fen = rounding_fen;
	zg_assert(zg_sale_work_out(sale, NULL) == ZG_OK);
}

enum zg_result zg_sale_tender(struct zg_sale *sale, enum zg_tender_kind kind, zg_fen tendered,
			      enum zg_rounding rounding, struct zg_error *err)
{
	enum zg_result result = check_tender(sale, kind, tendered, err);

	if (result != ZG_OK)
		return result;
	zg_fen due = sale->totals.due_fen;
	zg_fen asked = kind == ZG_TENDER_CASH ? zg_round_off(due, rounding) : due;

	if (tendered == 0 && (asked > 0 || kind != ZG_TENDER_CASH))
		return zg_fail(err, ZG_INVALID, _("The amount is zero. Type what the customer "
			       "gives."));
	if (kind != ZG_TENDER_CASH && tendered > due)
		return zg_fail(err, ZG_INVALID, _("That is more than what is due. Only cash gives "
			       "change."));
	struct zg_tender tender = { .kind = kind, .tendered_fen = tendered, .kept_fen = tendered };

	if (tendered >= asked) {
		tender.kept_fen = asked;
		tender.change_fen = tendered - asked;
	}
	take(sale, &tender, tendered >= asked ? due - asked : 0);
	return ZG_OK;
}

void zg_sale_set_reference(struct zg_sale *sale, const char *reference)
{
	zg_assert(sale->tender_count > 0);
	struct zg_tender *last = &sale->tenders[sale->tender_count - 1];

	snprintf(last->reference, sizeof(last->reference), "%s", reference);
}

enum zg_result zg_sale_remove_tender(struct zg_sale *sale, size_t index, struct zg_error *err)
{
	if (index >= sale->tender_count)
		return zg_fail(err, ZG_NOT_FOUND, _("The sale has no such payment. Choose another "
			       "one."));
	sale->tender_count--;
	memmove(&sale->tenders[index], &sale->tenders[index + 1],
		(sale->tender_count - index) * sizeof(sale->tenders[0]));
	sale->rounding_fen = 0;
	zg_assert(zg_sale_work_out(sale, NULL) == ZG_OK);
	return ZG_OK;
}

/* -- reading */

bool zg_sale_is_empty(const struct zg_sale *sale)
{
	return sale->totals.lines == 0;
}

bool zg_sale_is_paid(const struct zg_sale *sale)
{
	return !zg_sale_is_empty(sale) && sale->totals.due_fen == 0;
}

zg_fen zg_sale_due(const struct zg_sale *sale)
{
	return sale->totals.due_fen;
}

zg_fen zg_sale_cash_due(const struct zg_sale *sale, enum zg_rounding rounding)
{
	return zg_round_off(sale->totals.due_fen, rounding);
}

const struct zg_sale_totals *zg_sale_totals(const struct zg_sale *sale)
{
	return &sale->totals;
}

size_t zg_sale_line_count(const struct zg_sale *sale)
{
	return sale->count;
}

const struct zg_line *zg_sale_line(const struct zg_sale *sale, size_t index)
{
	return index < sale->count ? &sale->lines[index] : NULL;
}

const struct zg_line *zg_sale_find_line(const struct zg_sale *sale, int no)
{
	return line_at(sale, no);
}

const struct zg_discount *zg_sale_discount_rule(const struct zg_sale *sale)
{
	return &sale->discount;
}

size_t zg_sale_tender_count(const struct zg_sale *sale)
{
	return sale->tender_count;
}

const struct zg_tender *zg_sale_tender_at(const struct zg_sale *sale, size_t index)
{
	return index < sale->tender_count ? &sale->tenders[index] : NULL;
}

/* -- feeding back what was stored */

static enum zg_result push_stored(struct zg_sale *sale, const struct zg_line *line, struct zg_error *err)
{
	enum zg_result result = zg_line_check(line, err);

	if (result != ZG_OK)
		return result;
	if (line->no != (int)sale->count + 1)
		return zg_fail(err, ZG_INVALID, _("Line %d of a stored sale is missing. Cancel "
			       "the sale and ring it up again."),
			       (int)sale->count + 1);
	struct zg_line copy = *line;

	copy.discount = clean_rule(&line->discount);
	return push(sale, &copy, err);
}

enum zg_result zg_sale_restore_lines(struct zg_sale *sale, const struct zg_line *lines, size_t count, struct zg_error *err)
{
	size_t before = sale->count;
	enum zg_result result = check_open(sale, err);

	for (size_t i = 0; result == ZG_OK && i < count; i++)
		result = push_stored(sale, &lines[i], err);
	if (result == ZG_OK)
		result = zg_sale_work_out(sale, err);    /* once: a long sale that is taken again must not wait for each line */
	if (result != ZG_OK && sale->count > before) {
		sale->count = before;
		zg_assert(zg_sale_work_out(sale, NULL) == ZG_OK);
	}
	return result;
}

enum zg_result zg_sale_restore_tender(struct zg_sale *sale, const struct zg_tender *tender,
				      zg_fen rounding_fen, struct zg_error *err)
{
	enum zg_result result = check_tender(sale, tender->kind, tender->tendered_fen, err);

	if (result != ZG_OK)
		return result;
	bool is_cash = tender->kind == ZG_TENDER_CASH;
	zg_fen due = sale->totals.due_fen;

	/* Each number is in its range before it is taken from another, so nothing can overflow. */
	if (tender->kept_fen < 0 || tender->kept_fen > due || tender->change_fen < 0 ||
	    tender->kept_fen != tender->tendered_fen - tender->change_fen ||
	    (!is_cash && (tender->change_fen != 0 || tender->kept_fen == 0)) ||
	    rounding_fen < 0 || rounding_fen > due || (rounding_fen > 0 && !is_cash) ||
	    (rounding_fen > 0 && tender->kept_fen != due - rounding_fen))
		return zg_fail(err, ZG_INVALID, _("A stored payment does not fit its sale. "
			       "Run the check of the shop's books."));
	take(sale, tender, rounding_fen);
	return ZG_OK;
}
