/*
 * Payments by phone: wallets, channels, and the states of one attempt.
 *
 * A wallet is what the customer holds (WeChat, Alipay, UnionPay, ...); a channel is the gateway that we ask for the money.
 * A sale owns any number of attempts; an attempt has one order number, which is never used again. Pure.
 */
#ifndef ZG_SHOP_PAY_H
#define ZG_SHOP_PAY_H

#include "src/base/result.h"
#include "src/shop/tender.h"

#include <stdbool.h>
#include <stdint.h>

enum zg_wallet { ZG_WALLET_NONE, ZG_WALLET_WECHAT, ZG_WALLET_ALIPAY, ZG_WALLET_UNIONPAY, ZG_WALLET_ECNY, ZG_WALLET_BESTPAY, ZG_WALLET_SUNING };
#define ZG_WALLETS 7

enum zg_channel { ZG_CHANNEL_WECHAT, ZG_CHANNEL_ALIPAY, ZG_CHANNEL_LAKALA };
#define ZG_CHANNELS 3

/* How the two meet: we scan the customer's code, or the customer scans ours. */
enum zg_pay_way { ZG_WAY_CODE, ZG_WAY_SHOWN };

enum zg_pay_state {
	ZG_PAY_NEW,           /* in the books, nothing was sent */
	ZG_PAY_SENT,          /* the request is under way; found so at a start it is UNKNOWN */
	ZG_PAY_WAITING,       /* verified: the customer is paying, or our code is shown */
	ZG_PAY_UNKNOWN,       /* no answer, or none that proves anything: is asked about, never guessed */
	ZG_PAY_CANCELLING,    /* the channel is being told to take it back, until that is certain */
	ZG_PAY_PAID,          /* final: verified, our merchant, our number, our amount */
	ZG_PAY_REFUSED,       /* final: verified refusal, and a query that agrees */
	ZG_PAY_CANCELLED,     /* final: the channel has closed or reversed it */
	ZG_PAY_MANUAL,        /* final here: the limits have passed, or the amounts differ; people decide, with the bill */
};
#define ZG_PAY_STATES 9

/* "wechat", ...: the words in the store and in JSON. Never NULL. */
const char *zg_wallet_name(enum zg_wallet wallet);
const char *zg_channel_name(enum zg_channel channel);
const char *zg_pay_state_name(enum zg_pay_state state);
bool zg_wallet_parse(const char *name, enum zg_wallet *wallet);
bool zg_channel_parse(const char *name, enum zg_channel *channel);
bool zg_pay_state_parse(const char *name, enum zg_pay_state *state);
/* For people, msgids. */
const char *zg_wallet_title(enum zg_wallet wallet);
const char *zg_channel_title(enum zg_channel channel);
const char *zg_pay_state_title(enum zg_pay_state state);
/* The tender that money from this wallet is. */
enum zg_tender_kind zg_wallet_tender(enum zg_wallet wallet);
/*
 * A customer's payment code of that hash (SHA-256, hex) in a text becomes stars but for its last four digits: channels may say back what they were
 * sent, and no whole code is kept, printed or logged. In place; "" hides nothing.
 */
void zg_pay_hide_code(char *text, const char *code_hash);
/* PAID, REFUSED, CANCELLED and MANUAL. */
bool zg_pay_state_is_final(enum zg_pay_state state);
#endif
