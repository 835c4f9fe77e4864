/* Lakala (拉卡拉), the open platform's V3 interface: the customers' codes of all wallets, and a few that the till shows. */
#ifndef ZG_DRIVERS_PAY_LAKALA_H
#define ZG_DRIVERS_PAY_LAKALA_H

#include "src/io/pay.h"

extern const struct zg_pay_driver zg_pay_lakala;
#endif
