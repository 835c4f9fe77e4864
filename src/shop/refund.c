#include "src/shop/refund.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"

zg_milli zg_refund_left(const struct zg_refundable *line)
{
	return line->refunded < line->sold ? line->sold - line->refunded : 0;
}

zg_fen zg_refund_left_fen(const struct zg_refundable *line)
{
	return line->refunded_fen < line->paid_fen ? line->paid_fen - line->refunded_fen : 0;
}

enum zg_result zg_refund_work_out(const struct zg_refundable *line, zg_milli quantity,
				  struct zg_refund_line *refund, struct zg_error *err)
{
	zg_assert(line->sold > 0 && line->paid_fen >= 0 && line->refunded >= 0 && line->refunded_fen >= 0);
	enum zg_result result = zg_item_check_quantity(line->kind, quantity, err);

	if (result != ZG_OK)
		return result;
	if (zg_refund_left(line) == 0)
		return zg_fail(err, ZG_INVALID, _("This line was refunded before. Nothing is left "
			       "of it."));
	if (quantity > zg_refund_left(line)) {
		char left[ZG_AMOUNT_TEXT];

		return zg_fail(err, ZG_INVALID, _("Only %s is left to refund. Type at most that."),
			       zg_milli_format(left, zg_refund_left(line)));
	}
	zg_fen before = line->refunded_fen;
	zg_fen after = zg_fen_part(line->paid_fen, line->refunded + quantity, line->sold);

	if (after < before)
		after = before;    /* more than the share went back before: nothing is taken from the customer */
	zg_fen net = zg_tax_net(after, line->tax_bp) - zg_tax_net(before, line->tax_bp);

	*refund = (struct zg_refund_line){
		.line_no = line->line_no, .quantity = quantity, .amount_fen = after - before,
		.net_fen = net, .tax_fen = after - before - net,
	};
	return ZG_OK;
}
