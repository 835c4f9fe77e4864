#include "src/shop/line.h"
#include "src/shop/tax.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static const struct zg_item apples = {
	.id = 41, .kind = ZG_ITEM_WEIGHED, .tax_bp = 900, .price_fen = 1298,
	.code = "201", .name = "红富士苹果", .unit = "千克", .tax_code = "1010115",
};

Test(line, begins_with_all_that_its_item_is)
{
	struct zg_line line = zg_line_start(7, &apples, 856, 5);

	cr_expect(eq(int, line.no, 7));
	cr_expect(eq(long, line.item_id, 41));
	cr_expect(eq(int, line.kind, ZG_ITEM_WEIGHED));
	cr_expect(eq(int, line.tax_bp, 900));
	cr_expect(eq(long, line.list_fen, 1298));
	cr_expect(eq(long, line.price_fen, 1298));
	cr_expect(eq(long, line.quantity, 856));
	cr_expect(eq(long, line.removed, 0));
	cr_expect(eq(str, line.code, (char *)apples.code));
	cr_expect(eq(str, line.name, (char *)apples.name));
	cr_expect(eq(str, line.unit, (char *)apples.unit));
	cr_expect(eq(str, line.tax_code, (char *)apples.tax_code));
}

Test(line, an_open_price_is_the_one_that_was_typed)
{
	struct zg_item item = apples;

	item.kind = ZG_ITEM_OPEN_PRICE;
	item.price_fen = 0;
	struct zg_line line = zg_line_start(1, &item, 1000, 990);

	cr_expect(eq(long, line.price_fen, 990));
	cr_expect(eq(long, line.list_fen, 0));
	cr_assert(zg_line_work_out(&line));
	cr_expect(not(line.price_is_set), "it is not \"changed\"");
}

/* Rows come back from a file that anybody may have written to. */
Test(line, what_no_sale_could_hold_is_refused)
{
	for (int i = 0; i <= 19; i++) {
		struct zg_line line = zg_line_start(1, &apples, 856, 0);
		struct zg_error err = { .text = "" };

		line.kind = i == 7 ? ZG_ITEM_PIECE : line.kind;
		switch (i) {
		case 0:  line.code[0] = '\0'; break;
		case 1:  strcpy(line.name, "苹\n果"); break;
		case 2:  strcpy(line.unit, "\x1b[2J"); break;
		case 3:  strcpy(line.tax_code, "1010x"); break;
		case 4:  line.kind = (enum zg_item_kind)3; break;
		case 5:  line.tax_bp = -1; break;
		case 6:  line.tax_bp = ZG_BP_WHOLE + 1; break;
		case 7:  line.quantity = 1500; break;
		case 8:  line.quantity = ZG_MILLI_MAX + 1; break;
		case 9:  line.quantity = -1; break;
		case 10: line.quantity = 0; break;    /* and nothing was taken off: it never was a line */
		case 11: line.removed = -1; break;
		case 12: line.removed = ZG_MILLI_MAX + 1; break;
		case 13: line.quantity = 0; line.removed = ZG_MILLI_MAX + 1; break;
		case 14: line.list_fen = -1; break;
		case 15: line.list_fen = ZG_ITEM_PRICE_MAX + 1; break;
		case 16: line.price_fen = -1; break;
		case 17: line.price_fen = ZG_ITEM_PRICE_MAX + 1; break;
		case 18: line.discount = zg_discount_kept(ZG_BP_WHOLE); break;
		case 19: line.discount = zg_discount_off(0); break;
		}
		cr_expect(eq(int, zg_line_check(&line, &err), ZG_INVALID), "%d", i);
		cr_expect(gt(sz, strlen(err.text), 10), "%d", i);
	}
}

Test(line, the_borders_of_a_line_are_in_a_sale)
{
	for (int i = 0; i <= 6; i++) {
		struct zg_line line = zg_line_start(1, &apples, 856, 0);

		switch (i) {
		case 1: line.price_fen = 0; break;
		case 2: line.price_fen = ZG_ITEM_PRICE_MAX; break;
		case 3: line.list_fen = ZG_ITEM_PRICE_MAX; break;
		case 4: line.quantity = 0; line.removed = 1; break;
		case 5: line.quantity = ZG_MILLI_MAX; line.removed = ZG_MILLI_MAX; break;
		case 6: line.quantity = 1; line.discount = zg_discount_kept(0); break;
		}
		cr_expect(eq(int, zg_line_check(&line, NULL), ZG_OK), "%d", i);
	}
}

Test(line, is_worked_out_from_what_was_rung)
{
	struct zg_line line = zg_line_start(1, &apples, 856, 0);

	line.removed = 500;
	line.discount = zg_discount_kept(9000);
	line.share_fen = line.rounding_fen = 77;    /* of what it was before */
	cr_assert(zg_line_work_out(&line));
	cr_expect(not(line.price_is_set));
	cr_expect(eq(long, line.gross_fen, 1111));
	cr_expect(eq(long, line.removed_fen, 649));
	cr_expect(eq(long, line.discount_fen, 111));
	cr_expect(eq(long, line.share_fen, 0));
	cr_expect(eq(long, line.rounding_fen, 0));

	line.price_fen = 1299;
	cr_assert(zg_line_work_out(&line));
	cr_expect(line.price_is_set);
	line.share_fen = 40;
	line.rounding_fen = 2;
	zg_line_settle(&line);
	cr_expect(eq(long, line.amount_fen, 1112 - 111 - 40));
	cr_expect(eq(long, line.paid_fen, 959));
	cr_expect(eq(long, line.net_fen, 880));
	cr_expect(eq(long, line.tax_fen, 79));
}

/* What is sold is money and must be exact; what was taken off again is only told of. */
Test(line, a_sum_past_its_limit_is_no_line_but_what_was_taken_off_is_cut)
{
	struct zg_line line = zg_line_start(1, &apples, 1000, 0);

	line.price_fen = ZG_ITEM_PRICE_MAX;
	line.removed = ZG_MILLI_MAX;
	cr_assert(zg_line_work_out(&line));
	cr_expect(eq(long, line.gross_fen, ZG_ITEM_PRICE_MAX));
	cr_expect(eq(long, line.removed_fen, ZG_FEN_MAX));
	line.quantity = ZG_MILLI_MAX;
	cr_expect(not(zg_line_work_out(&line)));
}
