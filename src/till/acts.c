#include "src/till/acts.h"

#include <string.h>

static const struct zg_act *const acts[] = {
	&zg_act_cash_in, &zg_act_cash_out, &zg_act_drawer_open,
	&zg_act_journal_accept,
	&zg_act_pay_ask, &zg_act_pay_cancel, &zg_act_pay_code, &zg_act_pay_let_go, &zg_act_pay_refund, &zg_act_pay_settle, &zg_act_pay_show, &zg_act_pay_stop,
	&zg_act_print_code, &zg_act_print_drop, &zg_act_print_receipt, &zg_act_print_report, &zg_act_print_retry, &zg_act_print_test,
	&zg_act_product_import,
	&zg_act_sale_add, &zg_act_sale_discount, &zg_act_sale_hang, &zg_act_sale_outside_back, &zg_act_sale_pay, &zg_act_sale_price,
	&zg_act_sale_quantity, &zg_act_sale_refund, &zg_act_sale_remove, &zg_act_sale_restore, &zg_act_sale_take,
	&zg_act_sale_void,
	&zg_act_session_end, &zg_act_session_lock, &zg_act_session_start,
	&zg_act_shift_close, &zg_act_shift_count, &zg_act_shift_open,
	&zg_act_shop_set,
	&zg_act_user_add, &zg_act_user_lock, &zg_act_user_pin, &zg_act_user_unlock,
	NULL
};

const struct zg_act *const *zg_acts(void)
{
	return acts;
}

const struct zg_act *zg_act_find(const char *name)
{
	for (const struct zg_act *const *act = acts; *act; act++)
		if (strcmp((*act)->name, name) == 0)
			return *act;
	return NULL;
}
