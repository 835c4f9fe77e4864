/* Order numbers: of payments, of refunds, of revocations. For src/store, and for the till's own numbers of cancellings. */
#ifndef ZG_STORE_PAYMENT_NUMBER_H
#define ZG_STORE_PAYMENT_NUMBER_H

#include <stdint.h>

/*
 * "P01261125000042K7Q2XW": what it is, the till, the day in the channels' time (GMT+8), the row, six random characters. 22 to 32 of [0-9A-Z]; number
 * has room for ZG_PAYMENT_NUMBER. Two of one row differ in their end.
 */
void zg_payment_number(char number[33], char kind, int till_id, int64_t at, int64_t id);
#endif
