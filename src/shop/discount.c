#include "src/shop/discount.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"

#include <stdio.h>
#include <string.h>

static const char *const kinds[] = {
	[ZG_DISCOUNT_NONE] = "none",
	[ZG_DISCOUNT_KEPT] = "percent",
	[ZG_DISCOUNT_OFF]  = "amount",
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

struct zg_discount zg_discount_kept(zg_bp kept_bp)
{
	return (struct zg_discount){ .kind = ZG_DISCOUNT_KEPT, .kept_bp = kept_bp, .funder = "shop" };
}

struct zg_discount zg_discount_off(zg_fen off_fen)
{
	return (struct zg_discount){ .kind = ZG_DISCOUNT_OFF, .off_fen = off_fen, .funder = "shop" };
}

static bool is_clean(const char *text, size_t size)
{
	size_t length = strnlen(text, size);

	return length < size && zg_text_is_clean(text, length, NULL, NULL);
}

enum zg_result zg_discount_check(const struct zg_discount *discount, struct zg_error *err)
{
	if ((unsigned)discount->kind >= KINDS)
		return zg_fail(err, ZG_INVALID, _("This kind of discount is not known. Give a "
			       "percentage or an amount."));
	if (discount->kind == ZG_DISCOUNT_KEPT && (discount->kept_bp < 0 || discount->kept_bp >= ZG_BP_WHOLE))
		return zg_fail(err, ZG_INVALID, _("The discount must leave less than the whole "
			       "price. Type another one."));
	if (discount->kind == ZG_DISCOUNT_OFF && (discount->off_fen <= 0 || discount->off_fen > ZG_FEN_MAX))
		return zg_fail(err, ZG_INVALID, _("The amount off is not above zero, or too "
			       "large. Type another one."));
	if (!is_clean(discount->label, sizeof(discount->label)) ||
	    !is_clean(discount->funder, sizeof(discount->funder)) ||
	    !is_clean(discount->coupon, sizeof(discount->coupon)))
		return zg_fail(err, ZG_INVALID, _("The discount's text holds characters that "
			       "cannot be shown. "
			       "Type it again."));
	return ZG_OK;
}

zg_fen zg_discount_amount(const struct zg_discount *discount, zg_fen amount)
{
	zg_assert(amount >= 0);
	switch (discount->kind) {
	case ZG_DISCOUNT_KEPT:
		return amount - zg_fen_part(amount, discount->kept_bp, ZG_BP_WHOLE);
	case ZG_DISCOUNT_OFF:
		return discount->off_fen < amount ? discount->off_fen : amount;
	case ZG_DISCOUNT_NONE:
		break;
	}
	return 0;
}

bool zg_discount_parse(const char *text, zg_bp *kept_bp)
{
	size_t whole = strspn(text, "0123456789");

	if (whole < 1 || whole > 2 || text[0] == '0')
		return false;
	const char *decimals = text[whole] == '.' ? text + whole + 1 : text + whole;
	size_t count = strspn(decimals, "0123456789");

	if (decimals[count] != '\0' || (text[whole] == '.' && (count < 1 || count > 2)))
		return false;
	/* One digit counts tenths of the price, two count hundredths; each next digit is a tenth of the one before. */
	zg_bp kept = 0, unit = 1000;

	for (const char *c = text; *c; c++)
		if (*c != '.') {
			kept += (zg_bp)(*c - '0') * unit;
			unit /= 10;
		}
	*kept_bp = kept;
	return true;
}

const char *zg_discount_kind_name(enum zg_discount_kind kind)
{
	return (unsigned)kind < KINDS ? kinds[kind] : "none";
}

bool zg_discount_kind_parse(const char *name, enum zg_discount_kind *kind)
{
	for (size_t i = 0; i < KINDS; i++)
		if (strcmp(kinds[i], name) == 0) {
			*kind = (enum zg_discount_kind)i;
			return true;
		}
	return false;
}

json_t *zg_discount_json(const struct zg_discount *discount)
{
	json_t *object = zg_json_object();

	zg_json_set_string(object, "kind", zg_discount_kind_name(discount->kind));
	if (discount->kind == ZG_DISCOUNT_NONE)
		return object;
	if (discount->kind == ZG_DISCOUNT_KEPT)
		zg_json_set_integer(object, "kept_bp", discount->kept_bp);
	else
		zg_json_set_integer(object, "off_fen", discount->off_fen);
	zg_json_set_string(object, "label", discount->label);
	zg_json_set_string(object, "funder", discount->funder);
	zg_json_set_string(object, "coupon", discount->coupon);
	return object;
}

/* A text that is absent is empty; one that does not fit is refused, never cut. */
static bool read_text(char *text, size_t size, const json_t *object, const char *key)
{
	const char *value = zg_json_string(object, key, "");

	return (size_t)snprintf(text, size, "%s", value) < size;
}

enum zg_result zg_discount_read(struct zg_discount *discount, const json_t *object, struct zg_error *err)
{
	struct zg_discount read = { 0 };

	if (!zg_discount_kind_parse(zg_json_string(object, "kind", ""), &read.kind) ||
	    !read_text(read.label, sizeof(read.label), object, "label") ||
	    !read_text(read.funder, sizeof(read.funder), object, "funder") ||
	    !read_text(read.coupon, sizeof(read.coupon), object, "coupon"))
		return zg_fail(err, ZG_INVALID, _("This discount cannot be read. Give a "
			       "percentage or an amount."));
	/* Absent is -1, which no rule may be; a number too large for the field must not wrap round into it. */
	int64_t kept = zg_json_integer(object, "kept_bp", -1);

	read.kept_bp = kept >= 0 && kept <= ZG_BP_WHOLE ? (zg_bp)kept : -1;
	read.off_fen = zg_json_integer(object, "off_fen", -1);
	if (read.kind != ZG_DISCOUNT_KEPT)
		read.kept_bp = 0;
	if (read.kind != ZG_DISCOUNT_OFF)
		read.off_fen = 0;
	enum zg_result result = zg_discount_check(&read, err);

	if (result == ZG_OK)
		*discount = read.kind == ZG_DISCOUNT_NONE ? (struct zg_discount){ 0 } : read;
	return result;
}
