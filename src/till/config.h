/*
 * zhanggui.conf: the shop's own data and this till's settings. zhanggui.conf(5) describes it.
 *
 * Unknown sections and keys, and values that cannot be, are errors with their line number.
 */
#ifndef ZG_TILL_CONFIG_H
#define ZG_TILL_CONFIG_H

#include "src/base/money.h"
#include "src/base/result.h"
#include "src/base/text.h"
#include "src/shop/pay.h"

#include <stdbool.h>

#define ZG_SETTING_MAX 200    /* bytes of any one value */
#define ZG_ADDRESS_MAX 45     /* of an IP address */

/* What the shop has with one payment channel. Files are named from the shop's keys/ on, or whole. */
struct zg_channel_config {
	char url[ZG_SETTING_MAX + 1];            /* one address, or two with a blank between; "": the channel is not set up */
	char appid[65], merchant[33], terminal[33], serial[65];
	char key[ZG_SETTING_MAX + 1], cert[ZG_SETTING_MAX + 1], ca_file[ZG_SETTING_MAX + 1];
	char public_key[ZG_SETTING_MAX + 1], public_key_id[65];    /* the channel's */
	char platform_cert[ZG_SETTING_MAX + 1];
	char api2_key_file[ZG_SETTING_MAX + 1], api3_key_file[ZG_SETTING_MAX + 1];
	char notify_url[ZG_SETTING_MAX + 1];
	char request_ip[ZG_ADDRESS_MAX + 1];     /* as this till's it is told to the channel; "": 127.0.0.1 */
	char contact[ZG_SETTING_MAX + 1];        /* who answers for the channel when a record is missing; never empty at first */
	bool codepay;
};

struct zg_config {
	/* [shop] */
	char name[ZG_NAME_MAX + 1];
	char tax_number[ZG_CODE_MAX + 1];
	char address[ZG_SETTING_MAX + 1], phone[ZG_CODE_MAX + 1], bank[ZG_SETTING_MAX + 1], account[ZG_CODE_MAX + 1];
	char language[16];            /* "", "zh_CN" or "en": empty follows the locale */
	int day_ends_min;             /* minutes after midnight; day_ends_at = 04:00 is 240 */
	enum zg_rounding rounding;    /* none, jiao, yuan */
	/* [till] */
	int till_id;                  /* 1 to 99 */
	char theme[24];               /* dark, light, high-contrast, mono; "" picks by the terminal */
	char keys[24];                /* default */
	int lock_after_min;           /* auto-lock; 0 never */
	bool ascii_signs;             /* signs = ascii */
	/* [printer] */
	char link[ZG_SETTING_MAX + 1];    /* "" : no printer */
	char profile[48];
	/* [drawer] */
	bool has_drawer;              /* drawer = printer | none */
	int drawer_pin;               /* 0: the profile's; else 2 or 5 */
	int drawer_on_ms;             /* 0: the profile's */
	/* [pay], and [pay.wechat], [pay.alipay], [pay.lakala] */
	char route[ZG_SETTING_MAX + 1];    /* "wechat=lakala alipay=alipay": wallets that do not go the usual way */
	struct zg_channel_config pay[ZG_CHANNELS];
	/* [demo] */
	char demo_paper[ZG_SETTING_MAX + 1];    /* file where the virtual printer shows its paper; "" outside the demo */
	char demo_phone[ZG_SETTING_MAX + 1];    /* where the made-up customer is told what to do; "" outside the demo */
	char demo_logins[ZG_SETTING_MAX + 1];   /* who may sign in there, with PINs, for the login screen to show; "" outside the demo */
};

/* Defaults, then home/zhanggui.conf over them. ZG_USAGE names file, line and cure. A missing file is only defaults. */
enum zg_result zg_config_read(const char *home, struct zg_config *config, struct zg_error *err);
/*
 * Changes single values and keeps every other line, comments too: pairs are "shop.phone", value, ..., NULL.
 * Written to a new file that replaces the old one. ZG_USAGE when the result would not be valid; nothing changed.
 */
enum zg_result zg_config_change(const char *home, const char *const *pairs, struct zg_error *err);
/* The same for a shop being founded: where there is no file yet, it begins with the text of `first`. Whole or not there, after any power cut. */
enum zg_result zg_config_found(const char *home, const char *first, const char *const *pairs, struct zg_error *err);
/* Whether these values could be written into a new file: ZG_OK, or ZG_USAGE with the cure. Nothing is read or written. */
enum zg_result zg_config_try(const char *const *pairs, struct zg_error *err);
/*
 * The two halves of a change, for one that belongs to a journal row: prepare checks it and writes the new file
 * beside the old one; adopt, once the row is committed, only gives it its name. Without adopt nothing has changed.
 */
enum zg_result zg_config_prepare(const char *home, const char *const *pairs, struct zg_error *err);
enum zg_result zg_config_adopt(const char *home, struct zg_error *err);
/* The languages of the documents to print: "zh" or "en". */
const char *zg_config_slip_language(const struct zg_config *config);
#endif
