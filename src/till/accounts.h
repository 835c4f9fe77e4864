/* What the shop has with each payment channel: [pay] of zhanggui.conf, its key files, and the drivers that hold them. */
#ifndef ZG_TILL_ACCOUNTS_H
#define ZG_TILL_ACCOUNTS_H

#include "src/io/pay.h"
#include "src/store/payments.h"
#include "src/till/config.h"

struct zg_accounts;

/* One channel that is set up. All borrowed from the accounts. */
struct zg_account {
	const struct zg_pay_driver *driver;
	struct zg_pay_keys *keys;
	const char *ca_file, *certificate_file, *key_file, *proxy;
	char merchant[ZG_PAYMENT_MERCHANT];    /* whose contract it is, as payments keep it: "1900000109"; with Lakala "merchant/terminal", with Alipay the app */
	bool has_other_host;       /* a second address is set up */
	bool fetches_keys;         /* the channel's certificates come over the network: no public key of it is set up, and an APIv3 key is */
};

/*
 * Reads the key files of every channel that the configuration names. drivers ends with NULL, borrowed. ZG_USAGE: a key file is missing, open
 * to others, or no such key; err names the first such setting and the cure, its channel is left out and the others are there. A shop without
 * channels has none, which is no fault. *accounts is the caller's in every case.
 */
enum zg_result zg_accounts_read(const struct zg_config *config, const char *home, const struct zg_pay_driver *const *drivers,
				struct zg_accounts **accounts, struct zg_error *err);
void zg_accounts_free(struct zg_accounts *accounts);    /* NULL is allowed */

/* NULL: the shop has nothing with that channel. */
const struct zg_account *zg_accounts_of(const struct zg_accounts *accounts, enum zg_channel channel);
/* The one that this payment was begun with. NULL: its channel, or its merchant there, is not set up any more; nobody else can be asked about it. */
const struct zg_account *zg_accounts_for(const struct zg_accounts *accounts, const struct zg_payment *payment);
/*
 * The channel that takes this wallet's code, or shows one to it: by [pay] route, its own channel first, Lakala for the rest. ZG_USAGE: none does;
 * err is a sentence for the cashier.
 */
enum zg_result zg_accounts_route(const struct zg_accounts *accounts, enum zg_wallet wallet, enum zg_pay_way way, enum zg_channel *channel,
				 struct zg_error *err);

/*
 * True, with a sentence, when the last certificate that the channel's answers can be verified with ends within 30 days, or has ended. One without
 * certificates has none that end.
 */
bool zg_account_is_ending(const struct zg_account *account, int64_t now_ms, char text[ZG_ERROR_TEXT]);
/* How one request goes: the time table's time-outs; what moves money on a connection of its own, so that one that died proves that nothing left. */
struct zg_http_options zg_account_options(const struct zg_account *account, enum zg_pay_way way, enum zg_pay_call call);
void zg_pay_nonce(char nonce[ZG_PAY_NONCE]);    /* fresh */
#endif
