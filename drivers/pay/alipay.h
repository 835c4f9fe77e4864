/* Alipay's open gateway, RSA2 in public-key mode: face-to-face payments, refunds, bills. */
#ifndef ZG_DRIVERS_PAY_ALIPAY_H
#define ZG_DRIVERS_PAY_ALIPAY_H

#include "src/io/pay.h"

extern const struct zg_pay_driver zg_pay_alipay;
#endif
