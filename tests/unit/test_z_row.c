/* A stored Z read back: whoever changed the file, no figure is taken that a till could not have written. */
#include "src/shop/totals.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* One sale of 14.00, its 9.40 of the second rate given back, the drawer 0.10 short. */
static const char stored[] =
	"{\"sales\":1,\"refunds\":1,\"gross_fen\":1500,\"line_discount_fen\":20,\"sale_discount_fen\":30,\"rounding_fen\":50,\"sold_fen\":1400,"
	"\"refunded_fen\":940,\"returned_fen\":985,\"refund_rounding_fen\":45,\"voids\":2,\"void_fen\":300,\"removed_lines\":3,\"removed_fen\":400,"
	"\"no_sales\":4,\"cash_ins\":1,\"cash_outs\":1,\"cash_in_fen\":500,\"cash_out_fen\":500,\"float_fen\":5000,\"counts\":1,\"counted_fen\":5050,"
	"\"over_fen\":-10,\"kept_fen\":{\"cash\":1000,\"wechat\":400,\"alipay\":0,\"unionpay\":0,\"card\":0,\"other\":0},"
	"\"given_fen\":{\"cash\":940,\"wechat\":0,\"alipay\":0,\"unionpay\":0,\"card\":0,\"other\":0},"
	"\"taxes\":[{\"rate_bp\":900,\"gross_fen\":460,\"net_fen\":422,\"tax_fen\":38},{\"rate_bp\":1300,\"gross_fen\":0,\"net_fen\":0,\"tax_fen\":0}]}";

static json_t *a_z(void)
{
	static const char *const younger[] = { "ecny", "bestpay", "suning" };    /* tenders that its version did not know */
	json_t *z = zg_json_parse(stored, strlen(stored));

	cr_assert(ne(ptr, z, NULL));
	for (size_t i = 0; i < COUNT(younger); i++) {
		zg_json_set_integer(json_object_get(z, "kept_fen"), younger[i], 0);
		zg_json_set_integer(json_object_get(z, "given_fen"), younger[i], 0);
	}
	return z;
}

static json_t *row_of(json_t *z, size_t i)
{
	return json_array_get(json_object_get(z, "taxes"), i);
}

static void set_row(json_t *row, int64_t gross, int64_t net)
{
	zg_json_set_integer(row, "gross_fen", gross);
	zg_json_set_integer(row, "net_fen", net);
	zg_json_set_integer(row, "tax_fen", gross - net);
}

/* More was sold: in cash, and taxed in the first row. */
static void set_sold(json_t *z, int64_t sold)
{
	zg_json_set_integer(z, "sold_fen", sold);
	zg_json_set_integer(json_object_get(z, "kept_fen"), "cash", sold - 400);
	set_row(row_of(z, 0), sold - 940, 400);
}

static void expect_read(json_t *z, enum zg_result result, const char *what)
{
	struct zg_totals totals;
	struct zg_error err = { .text = "" };

	cr_expect(eq(int, zg_totals_read(&totals, z, &err), result), "%s", what);
	cr_expect(eq(int, strlen(err.text) == 0, result == ZG_OK), "%s", what);
	json_decref(z);
}

Test(z_row, is_read_as_it_was_stored)
{
	struct zg_totals totals;
	json_t *z = a_z(), *again;

	cr_assert(eq(int, zg_totals_read(&totals, z, NULL), ZG_OK));
	again = zg_totals_json(&totals);
	cr_expect(json_equal(again, z));
	cr_expect(eq(long, totals.over_fen, -10));
	cr_expect(eq(long, zg_totals_expected(&totals), 5060));
	json_decref(again);
	json_decref(z);
}

Test(z_row, no_count_and_no_amount_is_below_zero)
{
	static const char *const alone[] = {
		"sales", "refunds", "voids", "void_fen", "removed_lines", "removed_fen", "no_sales", "cash_ins", "cash_outs", "cash_in_fen",
		"cash_out_fen", "float_fen", "counts", "counted_fen",
	};
	static const struct { const char *name; int64_t sold; } taken_off[] = {
		{ "line_discount_fen", 1420 }, { "sale_discount_fen", 1430 }, { "rounding_fen", 1450 },
	};

	for (int64_t value = 0; value >= -1; value--) {    /* nothing is still a figure */
		enum zg_result result = value < 0 ? ZG_BROKEN : ZG_OK;

		for (size_t i = 0; i < COUNT(alone); i++) {
			json_t *z = a_z();

			if (strcmp(alone[i], "counts") == 0) {
				zg_json_set_integer(z, "counted_fen", 0);
				zg_json_set_integer(z, "over_fen", 0);
			}
			zg_json_set_integer(z, alone[i], value);
			expect_read(z, result, alone[i]);
		}
		for (size_t i = 0; i < COUNT(taken_off); i++) {
			json_t *z = a_z();

			zg_json_set_integer(z, taken_off[i].name, value);
			set_sold(z, taken_off[i].sold - value);
			expect_read(z, result, taken_off[i].name);
		}
		json_t *z = a_z();

		zg_json_set_integer(z, "returned_fen", value);
		zg_json_set_integer(z, "refund_rounding_fen", value - 940);
		expect_read(z, result, "returned_fen");
		z = a_z();
		zg_json_set_integer(json_object_get(z, "kept_fen"), "cash", 1000 - value);
		zg_json_set_integer(json_object_get(z, "kept_fen"), "other", value);
		expect_read(z, result, "kept_fen");
	}
}

/* From before refunds were rounded off: what they took back is what they gave. It still tells who was short. */
Test(z_row, an_old_one_lacks_what_came_later_and_nothing_else)
{
	struct zg_totals totals;
	json_t *z = a_z();

	json_object_del(z, "returned_fen");
	json_object_del(z, "refund_rounding_fen");
	cr_assert(eq(int, zg_totals_read(&totals, z, NULL), ZG_OK));
	cr_expect(eq(long, totals.refunded_fen, 940));
	cr_expect(eq(long, totals.returned_fen, 940));
	cr_expect(eq(long, totals.refund_rounding_fen, 0));
	cr_expect(eq(long, totals.over_fen, -10));
	json_object_del(z, "over_fen");
	expect_read(z, ZG_BROKEN, "over_fen");
	z = a_z();
	json_object_del(z, "refund_rounding_fen");
	expect_read(z, ZG_BROKEN, "one of the two alone");
	z = a_z();
	json_object_del(z, "returned_fen");
	expect_read(z, ZG_BROKEN, "the other alone");
}

Test(z_row, one_with_more_rates_than_there_are_rows_is_not_read)
{
	struct zg_totals totals = zg_totals_start(0), read;
	json_t *object = zg_totals_json(&totals), *taxes = json_object_get(object, "taxes");

	for (int i = 0; i <= ZG_TAX_RATES; i++) {
		json_t *row = zg_json_object();

		zg_json_set_integer(row, "rate_bp", 100 * i);
		zg_json_set_integer(row, "gross_fen", 0);
		zg_json_set_integer(row, "net_fen", 0);
		zg_json_set_integer(row, "tax_fen", 0);
		zg_json_append(taxes, row);
		cr_expect(eq(int, zg_totals_read(&read, object, NULL), i < ZG_TAX_RATES ? ZG_OK : ZG_BROKEN), "%d", i);
	}
	zg_json_set(object, "taxes", zg_json_object());
	cr_expect(eq(int, zg_totals_read(&read, object, NULL), ZG_BROKEN));
	json_decref(object);
}

Test(z_row, one_of_fewer_tenders_is_read_as_none_taken)
{
	struct zg_totals totals;
	json_t *z = a_z(), *again;

	json_object_del(json_object_get(z, "kept_fen"), "other");
	cr_assert(eq(int, zg_totals_read(&totals, z, NULL), ZG_OK));
	again = zg_totals_json(&totals);
	zg_json_set_integer(json_object_get(z, "kept_fen"), "other", 0);
	cr_expect(json_equal(again, z));
	json_decref(again);
	json_decref(z);
}

/* "?" is what a tender of no kind is called. */
Test(z_row, one_with_a_tender_of_no_kind_is_not_read)
{
	static const char *const groups[] = { "kept_fen", "given_fen" };

	for (size_t i = 0; i < COUNT(groups); i++) {
		json_t *z = a_z();

		zg_json_set_integer(json_object_get(z, groups[i]), "?", 0);
		expect_read(z, ZG_BROKEN, groups[i]);
	}
}

Test(z_row, one_whose_sums_pass_their_limit_or_whose_tax_does_not_add_up_is_not_read)
{
	static const char *const groups[] = { "kept_fen", "given_fen" };
	json_t *z = a_z();

	for (size_t i = 0; i < COUNT(groups); i++) {
		json_t *bad = json_deep_copy(z), *group = json_object_get(bad, groups[i]);

		zg_json_set_integer(group, "cash", ZG_TOTALS_MAX);
		zg_json_set_integer(group, "card", ZG_TOTALS_MAX);
		expect_read(bad, ZG_BROKEN, groups[i]);
	}
	json_t *bad = json_deep_copy(z);

	set_row(row_of(bad, 0), ZG_TOTALS_MAX, ZG_TOTALS_MAX);
	set_row(row_of(bad, 1), ZG_TOTALS_MAX, ZG_TOTALS_MAX);
	expect_read(bad, ZG_BROKEN, "taxes");
	zg_json_set_integer(row_of(z, 1), "net_fen", 5);    /* of nothing */
	expect_read(z, ZG_BROKEN, "a row of taxes");
}
