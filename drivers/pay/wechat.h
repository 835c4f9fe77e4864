/*
 * WeChat Pay for a direct merchant: payment codes, shown codes, refunds, bills.
 *
 * Two interfaces serve one account. APIv3 (JSON, RSA) does everything but payment codes. Those go by V2 (XML, HMAC-SHA256) unless the account
 * says that it was granted them by v3 (codepay): of a payment by code, the payment itself, its query and its reversal go the same way. Refunds go
 * by v3 for both: it takes a payment by our own number, however it was made, and unlike V2 needs no client certificate.
 *
 * Answers of v3 are signed by WeChat's public key, or by one of its platform certificates that come and go. Both can be known at once; the answer
 * names the one it used. KEYS fetches certificates, which is needed only by an account without a public key.
 * CHECK asks for an order that nobody has made, by the interface that `way` names; each way has credentials of its own.
 */
#ifndef ZG_DRIVERS_PAY_WECHAT_H
#define ZG_DRIVERS_PAY_WECHAT_H

#include "src/io/pay.h"

extern const struct zg_pay_driver zg_pay_wechat;
#endif
