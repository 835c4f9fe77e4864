/* Discounts as they are typed, and as JSON: read, written and read again the same, and never more than the price. */
#include "tests/fuzz/fuzz.h"

#include "src/shop/discount.h"

#include <stdlib.h>
#include <string.h>

const struct fuzz_limits fuzz_limits = { 32768, 200 };

/* "85.5" is 0.855 of the price: the digits behind a point that stands in front of them all. */
static void check_typed(const char *text)
{
	char digits[8] = "", *end;
	zg_bp kept = -1;
	size_t count = 0;

	if (!zg_discount_parse(text, &kept))
		return;
	for (const char *at = text; *at; at++)
		if (*at != '.') {
			fuzz_check(*at >= '0' && *at <= '9' && count < 4, "%s is no discount", text);
			digits[count++] = *at;
		}
	while (count < 4)
		digits[count++] = '0';
	fuzz_check(strtol(digits, &end, 10) == kept && kept >= 1000 && kept < ZG_BP_WHOLE, "%s keeps %d", text, kept);
}

static void check_rule(const struct zg_discount *rule)
{
	struct zg_discount again = { 0 };
	struct zg_error err = { .text = "" };
	json_t *object = zg_discount_json(rule);

	fuzz_check(zg_discount_check(rule, &err) == ZG_OK, "a rule that was read is none: %s", err.text);
	fuzz_check(zg_discount_read(&again, object, &err) == ZG_OK, "a rule that was written is none: %s", err.text);
	fuzz_check(again.kind == rule->kind && again.kept_bp == rule->kept_bp && again.off_fen == rule->off_fen &&
		   strcmp(again.label, rule->label) == 0 && strcmp(again.funder, rule->funder) == 0 && strcmp(again.coupon, rule->coupon) == 0,
		   "written and read, it is another rule");
	for (zg_fen price = 0; price <= ZG_FEN_MAX; price = price * 7 + 1) {
		zg_fen off = zg_discount_amount(rule, price);

		fuzz_check(off >= 0 && off <= price, "%lld off %lld", (long long)off, (long long)price);
	}
	json_decref(object);
}

void fuzz_one(const char *bytes, size_t length)
{
	struct fuzz_input input = { bytes, bytes + length };
	struct zg_discount rule = { 0 };
	char *typed = fuzz_text(&input, '\n');
	json_t *object = zg_json_parse(input.at, (size_t)(input.end - input.at));
	enum zg_discount_kind kind;

	check_typed(typed);
	if (object && zg_discount_read(&rule, object, NULL) == ZG_OK)
		check_rule(&rule);
	if (zg_discount_kind_parse(typed, &kind))
		fuzz_check(strcmp(zg_discount_kind_name(kind), typed) == 0, "%s is called otherwise", typed);
	struct zg_discount off = zg_discount_off((zg_fen)length + 1), kept = zg_discount_kept((zg_bp)(length % ZG_BP_WHOLE));

	check_rule(&off);
	check_rule(&kept);
	json_decref(object);
	free(typed);
}
