/* Every act, by the file that has it; acts.c lists them. */
#ifndef ZG_TILL_ACTS_H
#define ZG_TILL_ACTS_H

#include "src/till/act.h"

extern const struct zg_act zg_act_cash_in, zg_act_cash_out, zg_act_drawer_open;                        /* cash_acts.c */
extern const struct zg_act zg_act_journal_accept;                                                     /* accept_act.c */
extern const struct zg_act zg_act_product_import;                                                     /* goods.c */
extern const struct zg_act zg_act_session_start, zg_act_session_end, zg_act_session_lock;             /* people_acts.c */
extern const struct zg_act zg_act_user_add, zg_act_user_lock, zg_act_user_unlock, zg_act_user_pin;    /* people_acts.c */
extern const struct zg_act zg_act_pay_ask, zg_act_pay_cancel, zg_act_pay_code, zg_act_pay_let_go, zg_act_pay_show;    /* phone_acts.c */
extern const struct zg_act zg_act_pay_settle, zg_act_pay_stop;                                        /* settle_acts.c */
extern const struct zg_act zg_act_print_code;                                                         /* print_code.c */
extern const struct zg_act zg_act_print_drop, zg_act_print_receipt, zg_act_print_report;              /* print_acts.c */
extern const struct zg_act zg_act_print_retry, zg_act_print_test;                                     /* print_acts.c */
extern const struct zg_act zg_act_sale_add, zg_act_sale_discount, zg_act_sale_price;                  /* sale_acts.c */
extern const struct zg_act zg_act_sale_quantity, zg_act_sale_remove, zg_act_sale_restore;             /* sale_acts.c */
extern const struct zg_act zg_act_sale_hang, zg_act_sale_take, zg_act_sale_void;                      /* hang_acts.c */
extern const struct zg_act zg_act_sale_outside_back, zg_act_sale_pay;                                  /* pay_acts.c */
extern const struct zg_act zg_act_pay_refund, zg_act_sale_refund;                                     /* refund_acts.c */
extern const struct zg_act zg_act_shift_close, zg_act_shift_count, zg_act_shift_open;                 /* shift_acts.c */
extern const struct zg_act zg_act_shop_set;                                                           /* shop_acts.c */
#endif
