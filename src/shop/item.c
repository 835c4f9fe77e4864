#include "src/shop/item.h"

#include "src/base/i18n.h"
#include "src/base/pinyin.h"
#include "src/shop/barcode.h"

#include <stddef.h>
#include <string.h>

static const char *const kinds[] = {
	[ZG_ITEM_PIECE]      = "piece",
	[ZG_ITEM_WEIGHED]    = "weighed",
	[ZG_ITEM_OPEN_PRICE] = "open-price",
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* Fixed arrays that are not ended, or hold what no terminal should see, must not pass. */
static bool is_clean(const char *text, size_t size)
{
	size_t length = strnlen(text, size);

	return length < size && zg_text_is_clean(text, length, NULL, NULL);
}

static bool is_blank(const char *text)
{
	return text[strspn(text, " ")] == '\0';
}

static bool holds_only(const char *text, const char *allowed)
{
	return text[strspn(text, allowed)] == '\0';
}

static enum zg_result check_texts(const struct zg_item *item, struct zg_error *err)
{
	if (!is_clean(item->code, sizeof(item->code)) || !zg_barcode_is_goods(item->code))
		return zg_fail(err, ZG_INVALID, _("The code is empty, too long, or looks like a "
			       "receipt or a payment. "
			       "Use letters, digits and - . _ / + $ %% #."));
	if (!is_clean(item->name, sizeof(item->name)) || is_blank(item->name))
		return zg_fail(err, ZG_INVALID, _("The name is empty or holds characters that "
			       "cannot be shown. "
			       "Type it again."));
	if (!is_clean(item->unit, sizeof(item->unit)))
		return zg_fail(err, ZG_INVALID, _("The unit holds characters that cannot be "
			       "shown. Type it again."));
	if (!is_clean(item->tax_code, sizeof(item->tax_code)) || !holds_only(item->tax_code, "0123456789"))
		return zg_fail(err, ZG_INVALID, _("The tax code is not a number of at most 19 "
			       "digits. Correct it, "
			       "or leave it empty."));
	if (!is_clean(item->initials, sizeof(item->initials)) ||
	    !holds_only(item->initials, "abcdefghijklmnopqrstuvwxyz0123456789"))
		return zg_fail(err, ZG_INVALID, _("The initials hold something other than small "
			       "letters and digits. "
			       "Correct them, or leave them empty."));
	if (!is_clean(item->category, sizeof(item->category)))
		return zg_fail(err, ZG_INVALID, _("The category holds characters that cannot be "
			       "shown. "
			       "Type it again."));
	return ZG_OK;
}

enum zg_result zg_item_check(const struct zg_item *item, struct zg_error *err)
{
	enum zg_result result = check_texts(item, err);

	if (result != ZG_OK)
		return result;
	if ((unsigned)item->kind >= KINDS)
		return zg_fail(err, ZG_INVALID, _("The kind is not one of piece, weighed, "
			       "open-price. Choose one."));
	if (item->price_fen < 0 || item->price_fen > ZG_ITEM_PRICE_MAX)
		return zg_fail(err, ZG_INVALID, _("The price is below zero or above 9999999.99. "
			       "Correct it."));
	if (item->tax_bp < 0 || item->tax_bp > ZG_BP_WHOLE)
		return zg_fail(err, ZG_INVALID, _("The tax rate is not between 0%% and 100%%. "
			       "Correct it."));
	return ZG_OK;
}

const char *zg_item_kind_name(enum zg_item_kind kind)
{
	return (unsigned)kind < KINDS ? kinds[kind] : "?";
}

bool zg_item_kind_parse(const char *name, enum zg_item_kind *kind)
{
	for (size_t i = 0; i < KINDS; i++)
		if (strcmp(kinds[i], name) == 0) {
			*kind = (enum zg_item_kind)i;
			return true;
		}
	return false;
}

enum zg_result zg_item_check_quantity(enum zg_item_kind kind, zg_milli quantity, struct zg_error *err)
{
	if (quantity <= 0)
		return zg_fail(err, ZG_INVALID, _("The quantity is not above zero. Type another "
			       "one."));
	if (quantity > ZG_MILLI_MAX)
		return zg_fail(err, ZG_INVALID, _("The quantity is above 9999.999. Type a smaller "
			       "one."));
	if (kind != ZG_ITEM_WEIGHED && quantity % 1000 != 0)
		return zg_fail(err, ZG_INVALID, _("This item is sold in whole pieces. Type a "
			       "whole number."));
	return ZG_OK;
}

void zg_item_make_initials(char initials[ZG_ITEM_INITIALS_MAX + 1], const char *name)
{
	zg_pinyin_initials(name, initials, ZG_ITEM_INITIALS_MAX + 1);
	for (; *initials; initials++)
		if (*initials >= 'A' && *initials <= 'Z')
			*initials = (char)(*initials - 'A' + 'a');
}
